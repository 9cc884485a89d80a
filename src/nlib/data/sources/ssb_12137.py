"""Debt of municipalities in kroner per inhabitant (SSB 12137), beside their debt in percent of income."""

import pandas as pd

from nlib.core.tables import KEY, REGISTERS, Placed, column
from nlib.data.sources import ssb_12143
from nlib.data.sources.ssb_12134 import NEW_LAW
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="12137",
    title="Finansielle nøkkeltall i kroner per innbygger, kommunekonsern, etter region, regnskapsbegrep og år",
    keys={"KOKkommuneregion0000": "komm_nr"},
    only={"KOKartkap0000": "KG31"},
    contents={"KOSbelopprinnb0000": "net_debt_kr"},
    first_year=2015,
    breaks=NEW_LAW,
)
RAW = DECLARED.raw("economy")


class Balance(Placed):
    year: int = column("Regnskapsår", ge=2000, le=2100)
    net_debt_pct: float = column("Netto lånegjeld, av brutto driftsinntekter", "prosent", nullable=True)
    net_debt_kr: float = column("Netto lånegjeld per innbygger", "kr", nullable=True)


def build(kroner, percent, municipality_codes, municipality_changes) -> pd.DataFrame:
    """Debt in the municipal accounts, nominal; a municipality that has merged begins after it: figures cannot be added.

    Percent is that of 12143, kroner that of 12137; the column of the one that is not in the edition is missing.
    """
    registers = municipality_codes, municipality_changes
    tables = [
        pd.DataFrame(columns=[*KEY, name]).astype({"year": "int64"}) if cells is None else read(cells, *registers)
        for cells, name, read in ((percent, "net_debt_pct", ssb_12143.build), (kroner, "net_debt_kr", DECLARED.followed))
    ]
    return tables[0].merge(tables[1], on=KEY, how="outer", validate="1:1")[[*KEY, "net_debt_pct", "net_debt_kr"]]


NEEDS = (RAW, ssb_12143.RAW, *REGISTERS)
DATASET = DECLARED.dataset(RAW, "municipal_balance", "Netto lånegjeld", Balance, build, needs=NEEDS, moment="året")
