"""Greenhouse-gas emissions of municipalities by year and sector, from a sheet that someone has kept.

The sectors are those of Miljødirektoratet's municipal figures, or of SSB's table 13931; land use is no part of either's total.
"""

import re

import numpy as np
import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.data.readers import named_columns, sheets
from nlib.data.readers.kinds import by_headings, rows
from nlib.data.readers.named_columns import Found
from nlib.data.readers.sheets import Sheet

KIND = "utslipp"
KEY = ["komm_nr", "year", "sector"]
TOTAL = "i alt"
SECTORS = (
    "annen mobil forbrenning",
    "avfall og avløp",
    "energiforsyning",
    "industri, olje og gass",
    "jordbruk",
    "luftfart",
    "oppvarming",
    "sjøfart",
    "veitrafikk",
    # SSB's, where they are others
    "olje- og gassutvinning",
    "industri og bergverk",
    "oppvarming i andre næringer og husholdninger",
    "luftfart, sjøfart, fiske, motorredskaper m.m.",
    "andre kilder",
)
TOTALS = (TOTAL, "alle kilder", "alle sektorer", "sum", "totalt", "total", "totale utslipp")
LAND = ("skog og arealbruk", "arealbruk", "skog og annen arealbruk", "arealbruk og skog")
OTHER_UNIT = re.compile(r"\b(?:kt|kg|kilo|gram|kilo-?tonn|k-?tonn|mega-?tonn|mt)\b", re.IGNORECASE)
THOUSANDS = re.compile(r"\b(?:1[ .\u00a0\u202f]?000 ?tonn|kt)\b", re.IGNORECASE)  # SSB's table 13931 is in these
ROUNDING = 0.005  # of a total: what its sectors may be more, rounded as they are


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """Emissions, a row for each municipality, year and sector, and what a user should know.

    A heading may say tonnes or thousand tonnes. The frame: `komm_nr` (text), `year` (int64), `sector` (one of SECTORS, or TOTAL),
    `emissions_t` (whole tonnes of CO2 equivalents, Int64, missing where the file has none). A sector that is not known is a
    `BadAnswer`: left out, it would make the total too low. Land use is left out, and told of.
    """
    tables = named_columns.read(KIND, found)
    if other := [text for table in tables for text in table.above if OTHER_UNIT.search(text) or THOUSANDS.search(text)]:
        raise BadAnswer(f"«{other[0][:60]}»: utslippene skal være i tonn CO2-ekvivalenter. Regn dem om, og ta bort linjen")
    frame = pd.concat([_frame(table) for table in tables], ignore_index=True)
    told = [line for table in tables for line in table.told]
    if (land := frame["sector"].isin(LAND)).any():
        told.append(f"{int(land.sum())} rader for arealbruk er ikke lest: de er ikke en del av kommunens samlede utslipp")
        frame = frame[~land].reset_index(drop=True)
    if (twice := frame.duplicated(KEY)).any():
        row = frame[twice].iloc[0]
        raise BadAnswer(
            f"Kommunen {row['komm_nr']} har mer enn én rad for {row['sector']} i {row['year']}: "
            "legg sammen kilder og gasser, slik at hver sektor står én gang"
        )
    _hold_together(frame)
    return frame, told


def _frame(table: Found) -> pd.DataFrame:
    numbers = pd.Series(named_columns.municipalities(table), dtype="str")
    sectors = [_sector(cell, table.where(at, "sector")) for at, cell in enumerate(table.columns["sector"])]
    cells = table.columns["emissions_t"]
    figures, _ = sheets.figures(cells, lambda at: table.where(at, "emissions_t"))
    tonnes = np.multiply(figures, 1000 if THOUSANDS.search(table.headings["emissions_t"][0]) else 1)
    for at, (sector, value) in enumerate(zip(sectors, tonnes, strict=True)):
        if value < 0 and sector not in LAND:
            raise BadAnswer(f"«{cells[at]}» er ikke et utslipp: bare arealbruk kan være under 0 ({table.where(at, 'emissions_t')})")
    return pd.DataFrame(
        {"komm_nr": numbers, "year": named_columns.years(table), "sector": pd.Series(sectors, dtype="str")}
        | {"emissions_t": pd.array(np.round(tonnes), dtype="Float64").astype("Int64")}
    )


def _sector(cell, where: str) -> str:
    """The sector as it is named here: any case, without a code in front; BadAnswer where none is called that."""
    name = re.sub(r"^\d+(?:\.\d+)*\s+", "", str(cell if cell is not None else "").casefold())
    if name in TOTALS:
        return TOTAL
    if name not in (*SECTORS, *LAND):
        raise BadAnswer(f"«{str(cell)[:60]}» er ikke en sektor ({where}). Sektorene er {'; '.join((*SECTORS, TOTAL))}")
    return name


def _hold_together(frame: pd.DataFrame) -> None:
    """`BadAnswer` where sectors are more than the total that stands beside them."""
    place = ["komm_nr", "year"]
    parts = frame[frame["sector"] != TOTAL].groupby(place)["emissions_t"].sum().rename("parts")
    whole = frame[frame["sector"] == TOTAL].set_index(place)["emissions_t"].rename("whole")
    both = pd.concat([parts, whole], axis=1, join="inner").astype("Float64").dropna()
    over = both[both["parts"] > (1 + ROUNDING) * both["whole"] + len(SECTORS)]
    if len(over):
        (number, year), (sectors, total) = over.index[0], over.iloc[0]
        raise BadAnswer(
            f"Sektorene i {number} i {year} er {sectors:.0f} tonn, mer enn {total:.0f} i alt: "
            "delsummer kan ikke stå sammen med det de er summer av"
        )


FILE = by_headings(KIND, read, rows("emissions_t"))
