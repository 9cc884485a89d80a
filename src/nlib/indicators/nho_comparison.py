"""NHO's own Kommune-NM beside ours: the published rank, what it has moved, and where our index puts the municipality."""

import pandas as pd

from nlib.core.tables import KEY, Count, Placed, column, count, measure
from nlib.methods.composite import TOTAL


class Comparison(Placed):
    year: int = column("Året NHO ga ut kåringen", ge=2010, le=2100)
    area: str = column("Området; «samlet» er alle")
    nho_rank: Count = column("Plassen NHO har gitt, 1 er best", ge=1, nullable=True)
    nho_n: int = column("Kommuner som NHO har gitt plass", ge=1)
    moved: Count = column("Plasser bedre enn året før hos NHO; under 0 er dårligere", nullable=True)
    our_year: Count = column("Året vår indeks gjelder: det siste før kåringen", nullable=True)
    our_rank: Count = column("Plassen i vår Kommune-NM-lignende indeks, 1 er best", ge=1, nullable=True)
    our_n: Count = count("Kommuner som vår indeks har gitt plass")


def build(nho_ranks: pd.DataFrame, kommune_nm_areas: pd.DataFrame) -> pd.DataFrame:
    """NHO's published rank of each municipality, its change from the year before, and our index's for the same area.

    The two are different measures: NHO has indicators and weights that it does not publish. Our year is the latest before NHO's,
    whose figures are from the years before it is given out (inferred). An area that is not among ours has no rank of ours.
    """
    table = nho_ranks.rename(columns={"rank": "nho_rank", "n": "nho_n"}, errors="raise")
    before = table[[*KEY, "area", "nho_rank"]].assign(year=table["year"] + 1).rename(columns={"nho_rank": "before"})
    table = table.merge(before, on=[*KEY, "area"], how="left", validate="1:1")
    table["moved"] = table.pop("before") - table["nho_rank"]
    ours = kommune_nm_areas.dropna(subset="rank").assign(area=kommune_nm_areas["area"].replace(TOTAL, "samlet"))
    ours = ours[[*KEY, "area", "rank", "n"]].set_axis(["komm_nr", "our_year", "area", "our_rank", "our_n"], axis=1)
    ours = ours.astype({"komm_nr": "str", "area": "str", "our_year": "int64"}).sort_values("our_year")
    joined = pd.merge_asof(
        table.sort_values("year"), ours, left_on="year", right_on="our_year", by=["komm_nr", "area"], allow_exact_matches=False
    )
    return joined.astype({"our_year": "Int64", "our_n": "Int64"})


DATASET = measure("NHOs Kommune-NM ved siden av vår indeks", Comparison, build, by=("area",), moment="året")
