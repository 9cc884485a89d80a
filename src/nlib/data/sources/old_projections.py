"""SSB's earlier population projections, from files that someone has kept (`nlib import`): what was foretold, and when.

The StatBank has the latest projection; models are measured against the earlier ones.
"""

from functools import partial

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import CC_BY, SSB, Count, Imported, Placed, column, count
from nlib.data.readers import named_columns, projection_vintages
from nlib.data.readers.cells import Sheet
from nlib.data.readers.kinds import by_headings, of_bytes, rows, saved

KIND = "framskriving"
KEY = ("komm_nr", "made", "year")
AHEAD = 4  # years that the synthetic country's own are made for


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The projected figures, a row for each municipality, projection and year, and what a user should know. The frame: `komm_nr`
    (text), `made` (the year the projection was made, int64), `year` (int64), `population` (1 January, Int64)."""
    if not named_columns.recognised(KIND, found) and named_columns.recognised(projection_vintages.KIND, found):
        frame, notes = projection_vintages.read(found)
    else:
        figures = partial(named_columns.placed, figures=("population",), periods=("made", "year"))
        frame, notes = named_columns.gather(KIND, found, figures)
    twice = "Kommunen {komm_nr} står to ganger i {year}, framskrevet i {made}: behold den ene raden"
    early = "Kommunen {komm_nr} er framskrevet til {year}, før framskrivingen ble laget ({made})"
    named_columns.refuse(frame, frame.duplicated(KEY), twice)
    named_columns.refuse(frame, frame["year"] < frame["made"], early)
    return frame, notes


def synthetic(norway) -> list[tuple[str, bytes]]:
    """What somebody would have foretold of the synthetic country: half of the growth of the last three years goes on."""
    parts = []
    for made in norway.population_years[-10:-4:2]:
        now, before = (norway.population(year).assign(year=year) for year in (made, made - 3))
        ends = [norway.register.carry(frame, ["komm_nr"], ["population"], "01-01").set_index("komm_nr") for frame in (now, before)]
        rates = (ends[0]["population"] / ends[1]["population"]).astype(float) ** (1 / 6)
        now = now.set_index("komm_nr")["population"]
        rate = pd.Series({number: rates[next(iter(norway.register.successors(number, f"{made}-01-01")))] for number in now.index})
        for ahead in range(AHEAD + 1):
            people = (now * rate**ahead).round().astype(int)
            parts.append(pd.DataFrame({"Kommunenr": people.index, "Framskrevet i": made, "År": made + ahead, "Folketall": people}))
    return saved("framskrivinger.csv", pd.concat(parts))


FILE = by_headings(KIND, read, rows("population"), also=(projection_vintages.KIND,), producer=SSB, licence=CC_BY)
TITLE = "Tidligere befolkningsframskrivinger"
IMPORTED = Imported(KIND, TITLE, SSB, KEY, of_bytes(read), licence=CC_BY, synthetic=synthetic)


class Projections(Placed):
    made: int = column("Året framskrivingen ble laget", ge=1980, le=2100)
    year: int = column("År", ge=1980, le=2150)
    population: Count = count("Framskrevet folketall 1. januar", "personer")


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Population on 1 January as it was projected in earlier years, on today's municipalities.

    Numbers are those of the year that a projection was made in; municipalities that have merged since are added up.
    """
    register = Register(municipality_codes, municipality_changes)
    then = imported.rename(columns={"year": "ahead", "made": "year"}, errors="raise")
    carried = register.carry(then, ["komm_nr"], ["population"], day="01-01")
    return carried.rename(columns={"year": "made", "ahead": "year"}, errors="raise")


DATASET = IMPORTED.dataset(
    "old_projections", "Tidligere framskrivinger av folketallet", Projections, build, moment="1. januar", partial=True
)
