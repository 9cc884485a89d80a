"""Jobs per 100 inhabitants and employment rates, each with its denominator, from SSB 11618 and the population."""

import pandas as pd

from nlib.core.tables import KEY, OWN_YEAR, Placed, Rests, column, measure


class Rates(Placed):
    year: int = column("År; sysselsatte og arbeidsplasser gjelder 4. kvartal", ge=1986, le=2100)
    jobs: pd.Int64Dtype = column("Sysselsatte 15–74 år etter arbeidssted", "personer", ge=0, nullable=True)
    employed_residents: pd.Int64Dtype = column("Sysselsatte 15–74 år etter bosted", "personer", ge=0, nullable=True)
    population: pd.Int64Dtype = column("Folketall 1. januar samme år", "personer", ge=0, nullable=True)
    population_next: pd.Int64Dtype = column("Folketall 1. januar året etter", "personer", ge=0, nullable=True)
    population_15_74: pd.Int64Dtype = column("Bosatte 15–74 år i 4. kvartal", "personer", ge=0, nullable=True)
    jobs_per_100: float = column("Arbeidsplasser per 100 innbyggere 1. januar året etter", "personer", ge=0, nullable=True)
    employed_pct: float = column("Sysselsatte av alle innbyggere 1. januar året etter", "prosent", ge=0, nullable=True)
    employed_same_year_pct: float = column(
        "Sysselsatte av alle innbyggere 1. januar samme år, slik det var vanlig før", "prosent", ge=0, nullable=True
    )
    employed_15_74_pct: float = column("Sysselsatte av innbyggerne 15–74 år", "prosent", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, eller grensen er flyttet i året")


def build(employed_register: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Employed persons aged 15-74 in the 4th quarter by workplace and by residence, over the inhabitants; missing if a count is.

    `employed_pct` and `jobs_per_100` are over everybody on the 1 January that follows, six weeks after the count;
    `employed_same_year_pct` over everybody on the 1 January ten months before it, the older practice, which tells growing
    places too high; `employed_15_74_pct` over residents of the same ages in the same quarter (SSB 11618).
    """
    people = population[[*KEY, "population", "comparable"]].rename(columns={"comparable": "unmoved"})
    following = people[[*KEY, "population"]].assign(year=people["year"] - 1).rename(columns={"population": "population_next"})
    frame = employed_register.merge(people, on=KEY, how="left", validate="1:1").merge(following, on=KEY, how="left", validate="1:1")
    rates = {
        "jobs_per_100": ("jobs", "population_next"),
        "employed_pct": ("employed_residents", "population_next"),
        "employed_same_year_pct": ("employed_residents", "population"),
        "employed_15_74_pct": ("employed_residents", "population_15_74"),
    }
    named = sorted({name for both in rates.values() for name in both})
    counts = frame[named].astype("Float64").astype(float)
    for rate, (count, of) in rates.items():
        frame[rate] = 100 * counts[count] / counts[of].where(counts[of] > 0)
    return frame.assign(comparable=frame["comparable"] & frame.pop("unmoved").ne(False))


TITLE = "Sysselsatte og arbeidsplasser etter folketall"
RESTS = {"employed_register": OWN_YEAR, "population": Rests(of=("population", "comparable"), years=(0, 1))}
DATASET = measure(TITLE, Rates, build, moment="4. kvartal", rests=RESTS)
