"""The room a municipality has in its accounts: net operating result, net debt and free reserves (SSB 12134, 12137, 12143)."""

import pandas as pd

from nlib.core.tables import KEY, Placed, column, measure


class Outlook(Placed):
    year: int = column("Regnskapsår", ge=2000, le=2100)
    net_operating_result_pct: float = column("Netto driftsresultat, av brutto driftsinntekter", "prosent", nullable=True)
    net_debt_pct: float = column("Netto lånegjeld, av brutto driftsinntekter", "prosent", nullable=True)
    free_reserves_pct: float = column("Disposisjonsfond og merforbruk, av brutto driftsinntekter", "prosent", nullable=True)


def build(municipal_results: pd.DataFrame, municipal_balance: pd.DataFrame, municipal_key_figures: pd.DataFrame) -> pd.DataFrame:
    """Three figures of the municipal accounts side by side, in % of gross operating income, group (konsern) included.

    A year that one of the tables does not have is missing in its column; one that none of them has is not there. A municipality
    that reported late has a row without figures.
    """
    table = municipal_results[[*KEY, "net_operating_result_pct"]]
    for other, name in ((municipal_balance, "net_debt_pct"), (municipal_key_figures, "free_reserves_pct")):
        table = table.merge(other[[*KEY, name]], on=KEY, how="outer", validate="1:1")
    figures = table.set_index("year").drop(columns="komm_nr").notna().any(axis=1)
    return table[table["year"].isin(figures.index[figures])]


DATASET = measure("Driftsresultat, gjeld og fond", Outlook, build, moment="året")
