"""What each indicator has done in a municipality up to its latest year: the change over five years, and how much it swings."""

import numpy as np
import pandas as pd

from nlib.core.catalogue import CATALOGUE
from nlib.core.tables import KOMM_NR, Count, Table, column, measure

SPAN, LEAST_SPAN = 5, 3  # years that a change is measured over; the fewest, where earlier ones cannot be compared with the latest
SWINGS = 10  # of the latest years that tell how much an indicator swings
FEWEST = 5  # of them, before it is shown


class Developments(Table):
    indicator: str = column("Indikatorens navn i katalogen", isin=list(CATALOGUE["indicator"]))
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("Siste år", ge=1950, le=2100)
    since: Count = column("Året endringen er målt fra", nullable=True)
    before: float = column("Verdien det året", "som katalogen sier", nullable=True)
    change: float = column("Endringen siden da", "prosent, eller indikatorens egen enhet", nullable=True)
    usual_change: float = column("Vanlig størrelse på endringen: median av kommunene", "som change", ge=0, nullable=True)
    lowest: float = column("Laveste verdi de siste ti årene", "som katalogen sier", nullable=True)
    highest: float = column("Høyeste verdi de siste ti årene", "som katalogen sier", nullable=True)
    swing: float = column(
        "Standardavviket til endringene fra år til år de siste ti årene", "som katalogen sier", ge=0, nullable=True
    )
    spread: float = column(
        "Typisk forskjell mellom kommuner siste år (kvartilavstand / 1,349)", "som katalogen sier", ge=0, nullable=True
    )
    synthetic: bool = column("Sann når noe av det bygger på oppdiktede tall")


def build(facts: pd.DataFrame) -> pd.DataFrame:
    """A row for each indicator and municipality with a value in the indicator's latest year.

    The change is from the year five years before, or from the earliest of the latest three to five that can be compared with the
    latest: comparable, on the same side of the break where there is one, and not a real figure against an invented.
    In percent of the value then, or in the indicator's own unit; missing where the catalogue has none. The swing is of the
    latest ten comparable values, where there are at least five.
    """
    found = [_of(row, facts[facts["indicator"] == row.indicator]) for row in CATALOGUE.itertuples(index=False)]
    there = [rows for rows in found if len(rows)]
    return pd.concat(there, ignore_index=True) if there else pd.DataFrame(columns=list(Developments.to_schema().columns))


def _of(row, facts: pd.DataFrame) -> pd.DataFrame:
    if facts.empty:
        return facts
    last = facts["year"].max()
    value = facts.pivot(index="komm_nr", columns="year", values="value").reindex(columns=range(facts["year"].min(), last + 1))
    known = facts[facts["comparable"]].pivot(index="komm_nr", columns="year", values="value").reindex_like(value)
    invented = facts.groupby("year")["synthetic"].any().reindex(value.columns, fill_value=False)
    now = value[last].dropna()
    alike = [year for year in value.columns if invented[year] == invented[last] and not year < int(row.broken) <= last]
    since = min((year for year in alike if LEAST_SPAN <= last - year <= SPAN), default=None)
    recent = known[[year for year in alike if last - year < SWINGS]]
    enough = recent.notna().sum(axis=1) >= FEWEST
    quartiles = known[last].quantile([0.25, 0.75])
    rows = pd.DataFrame({"indicator": row.indicator, "komm_nr": now.index, "year": last}).set_index("komm_nr", drop=False)
    rows["since"] = pd.array([since if row.change != "none" else None] * len(rows), "Int64")
    rows["before"] = known[since] if since and row.change != "none" else np.nan
    change = known[last] - rows["before"]
    rows["change"] = 100 * change / rows["before"].where(rows["before"] > 0) if row.change == "percent" else change
    rows["usual_change"] = rows["change"].abs().median()
    rows["lowest"], rows["highest"] = recent.min(axis=1).where(enough), recent.max(axis=1).where(enough)
    rows["swing"] = recent.diff(axis=1).std(axis=1).where(enough)
    rows["spread"] = (quartiles.loc[0.75] - quartiles.loc[0.25]) / 1.349
    rows.loc[rows["change"].isna(), ["since", "before"]] = [pd.NA, np.nan]
    return rows.assign(synthetic=bool(invented[last])).reset_index(drop=True)


TITLE = "Utviklingen i hver indikator fram til siste år"
DATASET = measure(TITLE, Developments, build, key=("indicator", "komm_nr"), moment="årene til og med", partial=True)
