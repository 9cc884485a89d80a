"""Operating expenses of municipalities, and what of them is services bought from private firms (SSB 12367)."""

import pandas as pd

from nlib.core.tables import Count, Counts, column
from nlib.data.sources.ssb_12134 import NEW_LAW
from nlib.data.statbank import StatBank

KEY = ["komm_nr", "year", "comparable"]
KINDS = {"AGD10": "expenses_1000_kr", "A370": "private_1000_kr"}

DECLARED = StatBank(
    table="12367",
    title="Detaljerte regnskapstall driftsregnskapet, etter region, regnskapsomfang, funksjon, art, statistikkvariabel og år",
    keys={"KOKkommuneregion0000": "komm_nr", "KOKfunksjon0000": "function", "KOKart0000": "kind"},
    codes={"KOKfunksjon0000": ("[123][0-9][0-9]",)},  # the services, 100 to 393; not financing, nor sums of functions
    values={"KOKart0000": KINDS},
    only={"KOKregnskapsomfa0000": "A"},  # the municipality with its own enterprises (konsern)
    contents={"KOSbelop0000": "amount"},
    first_year=2015,
    breaks=NEW_LAW,
)
RAW = DECLARED.raw("expenses")


class Expenses(Counts):
    year: int = column("Regnskapsår", ge=2015, le=2100)
    expenses_1000_kr: Count = column("Brutto driftsutgifter til tjenestene, konsern", "1 000 kr", nullable=True)
    private_1000_kr: Count = column("Kjøp av tjenester fra andre (private), art 370, konsern", "1 000 kr", nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Gross operating expenses on services and what of them is bought from private firms, on today's municipalities.

    Services bought from private firms are those that replace the municipality's own (KOSTRA's art 370), not goods and services
    that go into its own. A function that cannot have a figure (`.`) has no part in the sum; one that SSB does not give (`..`, `:`)
    leaves the sum missing.
    """
    spent = DECLARED.today(raw, municipality_codes, municipality_changes)
    sums = spent.groupby([*KEY, "kind"])["amount"].sum(skipna=False, min_count=1).unstack()
    return sums.reindex(columns=list(KINDS.values())).reset_index()


DATASET = DECLARED.dataset(RAW, "operating_expenses", "Driftsutgifter og kjøp fra private", Expenses, build, moment="året")
