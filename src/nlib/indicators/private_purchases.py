"""What municipalities buy of services from private firms, of their operating expenses and per inhabitant (SSB 12367)."""

import pandas as pd

from nlib.core.tables import KEY, Count, Counts, column, measure
from nlib.indicators.commuting import beside_nation


class Purchases(Counts):
    year: int = column("Regnskapsår", ge=2015, le=2100)
    private_1000_kr: Count = column("Kjøp av tjenester fra andre (private), konsern, løpende", "1 000 kr", nullable=True)
    share_pct: float = column("Av brutto driftsutgifter til tjenestene", "prosent", nullable=True)
    per_inhabitant_kr: float = column("Per innbygger ved årets slutt, løpende", "kr", nullable=True)
    nation_pct: float = column("Landets andel", "prosent", nullable=True)


def build(operating_expenses: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Services bought from private firms in percent of gross operating expenses on services, and in kroner per inhabitant.

    The share is defined as SSB's closed table 08846 had it: KOSTRA's art 370 over gross operating expenses on functions 100-393.
    Inhabitants are those of the 1 January after. The nation is the sum of municipalities whose figures are both known.
    """
    people = population[[*KEY, "population"]].assign(year=population["year"] - 1)
    table = operating_expenses.merge(people, on=KEY, how="left", validate="1:1")
    table = beside_nation(table, "private_1000_kr", "expenses_1000_kr")
    counts = table[["private_1000_kr", "population"]].astype("Float64").astype(float)
    people = counts["population"].where(counts["population"] > 0)
    table["per_inhabitant_kr"] = 1000 * counts["private_1000_kr"] / people
    return table.drop(columns=["expenses_1000_kr", "population"])


DATASET = measure("Kommunens kjøp av tjenester fra private", Purchases, build, moment="året")
