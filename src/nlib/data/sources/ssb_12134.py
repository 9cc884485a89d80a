"""Key figures of the municipal accounts, nominal (SSB 12134).

A municipality that has merged begins after it: figures cannot be added. «Fri egenkapital drift» is disposisjonsfond and the year's
surplus not yet disposed of, less accumulated deficits.
"""

from nlib.core.tables import Placed, column
from nlib.data.statbank import StatBank

NEW_LAW = {2020: "ny kommunelov, flere enheter i konsernet"}
DECLARED = StatBank(
    table="12134",
    title="Utvalgte nøkkeltall for kommuneregnskap, kommunekonsern, etter region, statistikkvariabel og år",
    keys={"KOKkommuneregion0000": "komm_nr"},
    contents={"KOSAG110000": "free_income_kr", "KOSKG210000": "free_reserves_pct"},
    first_year=2015,
    breaks=NEW_LAW,
)
RAW = DECLARED.raw("economy")


class KeyFigures(Placed):
    year: int = column("Regnskapsår", ge=2000, le=2100)
    free_income_kr: float = column("Frie inntekter (skatt og rammetilskudd) per innbygger", "kr", nullable=True)
    free_reserves_pct: float = column("Fri egenkapital drift, av brutto driftsinntekter", "prosent", nullable=True)


TITLE, VOLATILE = "Utvalgte nøkkeltall for kommuneregnskap", ("free_reserves_pct",)
DATASET = DECLARED.dataset(RAW, "municipal_key_figures", TITLE, KeyFigures, moment="året", volatile=VOLATILE)
