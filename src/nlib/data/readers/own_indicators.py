"""A list of the indicators that an index is made of, as somebody has written it: area, figure, direction and weight of each."""

from functools import partial

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.data.readers import named_columns, sheets
from nlib.data.readers.kinds import by_headings
from nlib.data.readers.named_columns import Found
from nlib.data.readers.sheets import Sheet

KIND = "indikatorer"
DIRECTIONS = {"høyt er bra": 1, "lavt er bra": -1, "teller ikke": 0, "1": 1, "+1": 1, "-1": -1, "\N{MINUS SIGN}1": -1, "0": 0}
TEXTS = ("area", "indicator", "figure", "denominator", "unit", "why")
NUMBERS = {"times": float("nan"), "weight": 1.0, "area_weight": 1.0, "decimals": 1.0}  # what a blank cell means


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The indicators in the order of the file, and what a user should know.

    The frame: `area`, `indicator`, `figure`, `denominator`, `unit`, `why` (text, empty where blank), `direction` (1, -1, 0),
    `times` (NaN where blank), `weight`, `area_weight` and `decimals` (1 where blank).
    """
    tables = named_columns.read(KIND, found)
    frame = pd.concat([_frame(table) for table in tables], ignore_index=True)
    if (twice := frame.duplicated("indicator")).any():
        raise BadAnswer(f"Indikatoren «{frame.loc[twice, 'indicator'].iloc[0]}» står to ganger: behold den ene raden")
    if (uneven := frame.groupby("area")["area_weight"].nunique() > 1).any():
        raise BadAnswer(f"Området {uneven.index[uneven][0]} har flere områdevekter: skriv den samme på alle radene")
    return frame, [line for table in tables for line in table.told]


def _frame(table: Found) -> pd.DataFrame:
    blank = [None] * len(table.rows)
    texts = {name: ["" if cell is None else str(cell) for cell in table.columns.get(name, blank)] for name in TEXTS}
    for name in ("area", "indicator", "figure"):
        if "" in texts[name]:
            raise BadAnswer(f"{table.where(texts[name].index(''))} mangler {name}")
    numbers = {}
    for name, usual in NUMBERS.items():
        values, _ = sheets.figures(table.columns.get(name, blank), partial(table.where, column=name))
        numbers[name] = pd.Series(values, dtype=float).fillna(usual)
        if name != "times" and (numbers[name] < 0).any():
            raise BadAnswer(f"{name} er under 0 ({table.where(int((numbers[name] < 0).idxmax()), name)})")
    directions = [_direction(cell, table.where(at, "direction")) for at, cell in enumerate(table.columns["direction"])]
    return pd.DataFrame(texts, dtype="str").assign(direction=directions, **numbers).astype({"decimals": int})


def _direction(cell, where):
    written = f"{cell:.0f}" if isinstance(cell, float) else str(cell or "").casefold()
    if written not in DIRECTIONS:
        raise BadAnswer(f"«{cell}» er ikke en retning ({where}): skriv «høyt er bra», «lavt er bra» eller «teller ikke»")
    return DIRECTIONS[written]


FILE = by_headings(KIND, read, lambda frame: f"{len(frame)} indikatorer i {frame['area'].nunique()} områder")
