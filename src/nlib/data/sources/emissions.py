"""Greenhouse-gas emissions of municipalities by sector, from files that someone has kept (`nlib import`).

The sectors are those of Miljødirektoratet's municipal figures, or of SSB's table 13931; land use is no part of either's total.
"""

import re

import numpy as np
import pandas as pd

from nlib.core.errors import BadAnswer, many
from nlib.core.municipalities import Register
from nlib.core.tables import Count, Counts, Imported, column, count
from nlib.data.readers import named_columns, sheets
from nlib.data.readers.cells import Sheet
from nlib.data.readers.kinds import by_headings, of_bytes, rows, saved
from nlib.data.readers.named_columns import Found

KIND = "utslipp"
PLACE = ["komm_nr", "year"]
KEY = (*PLACE, "sector")
TOTAL = "i alt"
SECTORS = (
    *("annen mobil forbrenning", "avfall og avløp", "energiforsyning", "industri, olje og gass", "jordbruk", "luftfart"),
    *("oppvarming", "sjøfart", "veitrafikk"),
    # SSB's, where they are others
    *("olje- og gassutvinning", "industri og bergverk", "oppvarming i andre næringer og husholdninger"),
    *("luftfart, sjøfart, fiske, motorredskaper m.m.", "andre kilder"),
)
TOTALS = (TOTAL, "alle kilder", "alle sektorer", "sum", "totalt", "total", "totale utslipp")
LAND = ("skog og arealbruk", "arealbruk", "skog og annen arealbruk", "arealbruk og skog")
OTHER_UNIT = re.compile(r"\b(?:kt|kg|kilo|gram|kilo-?tonn|k-?tonn|mega-?tonn|mt)\b", re.IGNORECASE)
THOUSANDS = re.compile(r"\b(?:1[ .\u00a0\u202f]?000 ?tonn|kt)\b", re.IGNORECASE)  # SSB's table 13931 is in these
ROUNDING = 0.005  # of a total: what its sectors may be more, rounded as they are
YEARS = (2009, 2011, 2013, *range(2015, 2025))  # as Miljødirektoratet's series has them
SYNTHETIC = {  # tonnes an inhabitant in the first year, and the yearly change, %
    "veitrafikk": (1.9, -2.0),
    "jordbruk": (0.9, -0.3),
    "industri, olje og gass": (0.8, -1.5),
    "annen mobil forbrenning": (0.5, -0.5),
    "sjøfart": (0.5, 0.5),
    "oppvarming": (0.4, -9.0),
    "avfall og avløp": (0.35, -4.0),
}


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """Emissions, a row for each municipality, year and sector, and what a user should know.

    A heading may say tonnes or thousand tonnes. The frame: `komm_nr` (text), `year` (int64), `sector` (one of SECTORS, or TOTAL),
    `emissions_t` (whole tonnes of CO2 equivalents, Int64, missing where the file has none). A sector that is not known is a
    `BadAnswer`: left out, it would make the total too low. Land use is left out, with a note.
    """
    frame, notes = named_columns.gather(KIND, found, _frame)
    if (land := frame["sector"].isin(LAND)).any():
        notes.append(
            f"{many(int(land.sum()), 'rad', 'rader')} for arealbruk er ikke lest: kommunens samlede utslipp er uten arealbruk"
        )
        frame = frame[~land].reset_index(drop=True)
    twice = "Kommunen {komm_nr} har mer enn én rad for {sector} i {year}: legg sammen kilder og gasser, så hver sektor står én gang"
    named_columns.refuse(frame, frame.duplicated(KEY), twice)
    _hold_together(frame)
    return frame, notes


def _frame(table: Found) -> pd.DataFrame:
    if other := [text for text in table.above if OTHER_UNIT.search(text) or THOUSANDS.search(text)]:
        raise BadAnswer(f"«{other[0][:60]}»: utslippene skal være i tonn CO2-ekvivalenter. Regn dem om, og ta bort linjen")
    frame = named_columns.placed(table)
    sectors = [_sector(cell, table.where(at, "sector")) for at, cell in enumerate(table.columns["sector"])]
    cells = table.columns["emissions_t"]
    figures, _ = sheets.figures(cells, lambda at: table.where(at, "emissions_t"))
    tonnes = np.multiply(figures, 1000 if THOUSANDS.search(table.headings["emissions_t"][0]) else 1)
    for at, (sector, value) in enumerate(zip(sectors, tonnes, strict=True)):
        if value < 0 and sector not in LAND:
            raise BadAnswer(f"«{cells[at]}» er ikke et utslipp: bare arealbruk kan være under 0 ({table.where(at, 'emissions_t')})")
    emissions = pd.array(np.round(tonnes), dtype="Float64").astype("Int64")
    return frame.assign(sector=pd.Series(sectors, dtype="str"), emissions_t=emissions)


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
    parts = frame[frame["sector"] != TOTAL].groupby(PLACE)["emissions_t"].sum().rename("parts")
    whole = frame[frame["sector"] == TOTAL].set_index(PLACE)["emissions_t"].rename("whole")
    both = pd.concat([parts, whole], axis=1, join="inner").astype("Float64").dropna()
    over = both[both["parts"] > (1 + ROUNDING) * both["whole"] + len(SECTORS)]
    if len(over):
        (number, year), (sectors, total) = over.index[0], over.iloc[0]
        raise BadAnswer(
            f"Sektorene i {number} i {year} er {sectors:.0f} tonn, mer enn {total:.0f} i alt: "
            "delsummer kan ikke stå sammen med det de er summer av"
        )


def synthetic(norway) -> list[tuple[str, bytes]]:
    """The emissions of the synthetic country, on today's municipalities as Miljødirektoratet writes the whole of its series."""
    people = norway.population(norway.population_years[-1]).set_index("komm_nr")["population"]
    random = norway.draw("emissions")
    index = pd.MultiIndex.from_product([people.index, YEARS], names=PLACE)
    tonnes = pd.DataFrame(index=index)
    for sector, (level, trend) in SYNTHETIC.items():
        usual = level * people.to_numpy() * random.lognormal(0, 0.5, len(people))
        course = (1 + (trend + random.normal(0, 1, len(people))) / 100)[:, None] ** (np.array(YEARS) - YEARS[0])
        tonnes[sector] = (usual[:, None] * course * random.lognormal(0, 0.03, course.shape)).ravel().round(1)
    cells = tonnes.rename_axis(columns="sector").stack().reset_index(name="tonnes")
    headings = ["Kommunenummer", "År", "Sektor", "Utslipp (tonn CO2-ekvivalenter)"]
    return saved("utslipp.csv", cells, decimal=",", header=headings)


FILE = by_headings(KIND, read, rows("emissions_t"))
IMPORTED = Imported(KIND, "Klimagassutslipp i kommuner etter sektor", "", KEY, of_bytes(read), synthetic=synthetic)


class Emissions(Counts):
    year: int = column("År", ge=1980, le=2100)
    sector: str = column("Sektor, eller «i alt» der filen har det", isin=[*SECTORS, TOTAL])
    emissions_t: Count = count("Utslipp av klimagasser", "tonn CO2-ekvivalenter")


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Greenhouse-gas emissions by sector, tonnes of CO2 equivalents, on today's municipalities.

    A number of today that was not in use in the year stands as it is: whoever wrote it has worked the year out for today's
    municipality. Other numbers are those of their year, and mergers are added up, but only where every municipality that has
    merged is there: without one, the sum would be too low. `BadAnswer` where a year is given both ways.
    """
    register = Register(municipality_codes, municipality_changes)
    parts = register.lineage(imported["year"])
    given, valid = (pd.MultiIndex.from_frame(frame) for frame in (imported[PLACE], parts[["old_nr", "year"]]))
    recast = ~given.isin(valid) & imported["komm_nr"].isin(register.current["komm_nr"]).to_numpy()
    parts["there"] = valid.isin(given)
    parts["itself"] = parts["there"] & (parts["old_nr"] == parts["komm_nr"])
    known = parts.groupby(PLACE).agg(some=("there", "any"), every=("there", "all"), itself=("itself", "any"))
    partly = known.index[known["some"] & ~known["every"] & ~known["itself"]]
    carried = register.carry(imported[~recast], ["komm_nr"], ["emissions_t"])
    carried = carried[~pd.MultiIndex.from_frame(carried[PLACE]).isin(partly)]
    if len(twice := carried.merge(imported.loc[recast, PLACE].drop_duplicates(), on=PLACE, validate="m:1")):
        number, year = twice.loc[0, PLACE]
        raise BadAnswer(f"Utslippene i {number} i {year} står både på dagens og på tidligere kommuner: behold dem på dagens")
    carried = carried.merge(register.comparable(imported["year"]), on=PLACE, validate="m:1")
    return pd.concat([carried, imported[recast].assign(comparable=True)], ignore_index=True)


DATASET = IMPORTED.dataset("emissions", "Klimagassutslipp etter sektor", Emissions, build, moment="året", partial=True)
