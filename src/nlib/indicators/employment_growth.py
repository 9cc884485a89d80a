"""Growth in employed persons from one 4th quarter to the next, chained over the break of 2015 where SSB's bridged figures are."""

import pandas as pd

from nlib.core.tables import Placed, column, measure
from nlib.data.sources.ssb_11618 import DECLARED

GROWTH = {"jobs": "jobs_growth_pct", "employed_residents": "residents_growth_pct"}
BREAKS = list(DECLARED.breaks)


class Growth(Placed):
    year: int = column("År; veksten er fra 4. kvartal året før til 4. kvartal dette året", ge=1986, le=2100)
    jobs_growth_pct: float = column("Vekst i sysselsatte etter arbeidssted", "prosent", ge=-100, nullable=True)
    residents_growth_pct: float = column("Vekst i sysselsatte etter bosted", "prosent", ge=-100, nullable=True)
    bridged: bool = column("Sann når veksten er regnet til tall målt som før a-ordningen (2014–2015)")
    comparable: bool = column("Usann når en delt kommune inngår i et av de to årene")


def build(employed_register: pd.DataFrame, employment_bridge: pd.DataFrame) -> pd.DataFrame:
    """Growth in employed persons by workplace and by residence from the 4th quarter of the year before, in %.

    Never across the break of 2015: growth to that year is from 2014 to 2015 as measured before, and missing where there is no
    such figure. Missing too where the year before is not there, or nobody was employed in it.
    """
    key = ["komm_nr", "year"]
    own = employed_register[[*key, *GROWTH, "comparable"]]
    before = own.assign(year=own["year"] + 1)
    frame = own.merge(before, on=key, how="left", suffixes=("", "_before"), validate="1:1")
    frame = frame.merge(employment_bridge[[*key, *GROWTH]], on=key, how="left", suffixes=("", "_bridge"), validate="1:1")
    broken = frame["year"].isin(BREAKS)
    for count, growth in GROWTH.items():
        now, then = frame[count].mask(broken, frame[f"{count}_bridge"]), frame[f"{count}_before"]
        frame[growth] = (100 * (now / then.mask(then == 0) - 1)).astype("Float64").to_numpy("float64", na_value=float("nan"))
    return frame.assign(
        bridged=broken & frame[list(GROWTH.values())].notna().any(axis=1),
        comparable=frame["comparable"] & frame["comparable_before"].ne(False),
    )[list(Growth.to_schema().columns)]


DATASET = measure("Vekst i sysselsatte", Growth, build, moment="4. kvartal")
