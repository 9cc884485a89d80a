"""The indicators that a user wants Kommune-NM made of, in place of the project's own list (`nlib import`)."""

from functools import partial

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.tables import Dataset, Imported, Table, column
from nlib.data.readers import named_columns, sheets
from nlib.data.readers.cells import Sheet
from nlib.data.readers.kinds import by_headings, of_bytes
from nlib.data.readers.named_columns import Found

KIND = "indikatorer"
DIRECTIONS = {"høyt er bra": 1, "lavt er bra": -1, "teller ikke": 0, "1": 1, "+1": 1, "-1": -1, "\N{MINUS SIGN}1": -1, "0": 0}
TEXTS = ("area", "indicator", "figure", "denominator", "unit", "why")
NUMBERS = {"times": float("nan"), "weight": 1.0, "area_weight": 1.0, "decimals": 1.0}  # what a blank cell means
FIGURE = r"^\w+\.\w+(\[\w+=[^\]]+\])?$"


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The indicators in the order of the file, and what a user should know.

    The frame: `area`, `indicator`, `figure`, `denominator`, `unit`, `why` (text, empty where blank), `direction` (1, -1, 0),
    `times` (NaN where blank), `weight`, `area_weight` and `decimals` (1 where blank), `position` (from 1).
    """
    frame, notes = named_columns.gather(KIND, found, _frame)
    twice = frame.duplicated("indicator")
    named_columns.refuse(frame, twice, "Indikatoren «{indicator}» står to ganger: behold den ene raden")
    if (uneven := frame.groupby("area")["area_weight"].nunique() > 1).any():
        raise BadAnswer(f"Området {uneven.index[uneven][0]} har flere områdevekter: skriv den samme på alle radene")
    return frame.assign(position=range(1, len(frame) + 1)), notes


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
IMPORTED = Imported(KIND, "Indikatorer i Kommune-NM, brukerens egne", "", ("indicator",), of_bytes(read))


class Indicators(Table):
    indicator: str = column("Indikatoren, slik den omtales")
    position: int = column("Rekkefølgen i listen", ge=1)
    area: str = column("Området den hører til")
    figure: str = column("Tallet: tabell.kolonne, med [kolonne=verdi|verdi] for radene som legges sammen", str_matches=FIGURE)
    denominator: str = column("Nevneren, eller det raten er målt på; tom der det ikke sies", str_matches=rf"^$|{FIGURE}")
    times: float = column("Tallet delt på nevneren ganges med dette; mangler der tallet er en rate fra før", nullable=True)
    direction: int = column("1: høyt er bra, -1: lavt er bra, 0: teller ikke", isin=[-1, 0, 1])
    weight: float = column("Vekt i området", ge=0)
    area_weight: float = column("Områdets vekt", ge=0)
    unit: str = column("Enhet")
    decimals: int = column("Desimaler verdien skrives med", ge=0, le=4)
    why: str = column("Hvorfor den er med, og hvorfor retningen er som den er")


def build(imported: pd.DataFrame | None) -> pd.DataFrame:
    """The indicators of the user's own list; empty where none is imported, and the project's list is used."""
    return imported


DATASET = Dataset("own_indicators", "Egne indikatorer i Kommune-NM", ("indicator",), Indicators, (IMPORTED,), build)
