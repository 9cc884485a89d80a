"""SSB's earlier population projections, from files that someone has kept (`nlib import`)."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import CC_BY, KOMM_NR, SSB, Imported, Table, column
from nlib.data.readers import old_projection, telemarksforsking

AHEAD = 4  # years that the synthetic country's own are made for


def read(body: bytes) -> pd.DataFrame:
    """A file's figures, as `nlib.data.readers.old_projection` gives them."""
    frame, _ = old_projection.read(telemarksforsking.unwrapped(body))
    return frame


def synthetic(norway) -> list[tuple[str, bytes]]:
    """What somebody would have foretold of the synthetic country: half of the growth of the last three years goes on."""
    lines = ["Kommunenr;Framskrevet i;År;Folketall"]
    for made in norway.population_years[-10:-4:2]:
        now, before = (norway.population(year).assign(year=year) for year in (made, made - 3))
        ends = [norway.register.carry(frame, ["komm_nr"], ["population"], "01-01").set_index("komm_nr") for frame in (now, before)]
        rates = (ends[0]["population"] / ends[1]["population"]).astype(float) ** (1 / 6)
        now = now.set_index("komm_nr")["population"]
        rate = pd.Series({number: rates[next(iter(norway.register.successors(number, f"{made}-01-01")))] for number in now.index})
        for ahead in range(AHEAD + 1):
            for number, people in (now * rate**ahead).round().astype(int).items():
                lines.append(f"{number};{made};{made + ahead};{people}")
    return [("framskrivinger.csv", ("\n".join(lines) + "\n").encode("utf-8-sig"))]


IMPORTED = Imported(
    kind=old_projection.KIND,
    title="Tidligere befolkningsframskrivinger",
    producer=SSB,
    licence=CC_BY,
    key=tuple(old_projection.KEY),
    read=read,
    synthetic=synthetic,
)


class Projections(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    made: int = column("Året framskrivingen ble laget", ge=1980, le=2100)
    year: int = column("År", ge=1980, le=2150)
    population: pd.Int64Dtype = column("Framskrevet folketall 1. januar", "personer", ge=0, nullable=True)


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
