"""Operating result and debt of municipal accounts, in percent of gross operating income (SSB 12143)."""

import pandas as pd

from nlib.core.tables import Placed, column
from nlib.data.sources.ssb_12134 import NEW_LAW
from nlib.data.statbank import StatBank

CONCEPTS = {"AGD23": "net_operating_result_pct", "KG31": "net_debt_pct"}
DECLARED = StatBank(
    table="12143",
    title="Finansielle nøkkeltall i prosent av brutto driftsinntekter, kommunekonsern, etter region, regnskapsbegrep og år",
    keys={"KOKkommuneregion0000": "komm_nr", "KOKartkap0000": "concept"},
    values={"KOKartkap0000": CONCEPTS},
    contents={"KOSbelopbrinv0000": "share_pct"},
    first_year=2015,
    breaks=NEW_LAW,
)
RAW = DECLARED.raw("accounts_pct")


class Results(Placed):
    year: int = column("Regnskapsår", ge=2000, le=2100)
    net_operating_result_pct: float = column("Netto driftsresultat, av brutto driftsinntekter", "prosent", nullable=True)
    net_debt_pct: float = column("Netto lånegjeld, av brutto driftsinntekter", "prosent", nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Figures of municipal accounts in percent; a municipality that has merged begins after it: figures cannot be added."""
    results = DECLARED.followed(raw, municipality_codes, municipality_changes)
    wide = results.pivot(index=["komm_nr", "year"], columns="concept", values="share_pct")
    return wide.reindex(columns=list(CONCEPTS.values())).reset_index()


TITLE, VOLATILE = "Finansielle nøkkeltall i prosent av driftsinntektene", tuple(CONCEPTS.values())
DATASET = DECLARED.dataset(RAW, "municipal_results", TITLE, Results, build, moment="året", volatile=VOLATILE)
