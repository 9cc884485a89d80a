"""Labour-force status of residents (SSB 13563).

Statuses are asked for and read by name, since their codes are not known here; the names and the other codes are from memory, and a
fetch holds them against the live table.
"""

import pandas as pd

from nlib.statbank import StatBank
from nlib.tables import KOMM_NR, Dataset, Table, column

STATUSES = {
    "Sysselsatte": "sysselsatt",
    "Registrert arbeidsledige": "ledig",
    "Deltakere på arbeidsmarkedstiltak": "tiltak",
    "Mottakere av arbeidsavklaringspenger": "aap",
    "Mottakere av uføretrygd": "ufor",
    "Under utdanning": "utdanning",
    "Mottakere av AFP eller alderspensjon": "pensjon",
    "Andre": "ovrige",
}

DECLARED = StatBank(
    table="13563",
    title="Befolkningens tilknytning til arbeidsmarkedet, etter region, kjønn, alder, status, statistikkvariabel og år",
    keys={"Region": "komm_nr", "HovArbStyrkStatus": "status"},
    values={"HovArbStyrkStatus": STATUSES},
    named=("HovArbStyrkStatus",),
    only={"Kjonn": "0", "Alder": "15+"},
    contents={"Bosatte": "persons"},
    first_year=2015,
)
RAW = DECLARED.raw("labour_force")


class Status(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder november", ge=2008, le=2100)
    status: str = column("Prioritert arbeidsstyrkestatus", isin=list(STATUSES.values()))
    persons: pd.Int64Dtype = column("Bosatte 15 år og over", "personer", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Residents aged 15 and over by labour-force status, each person in the first that holds, on today's municipalities."""
    return DECLARED.today(raw, municipality_codes, municipality_changes)


DATASET = Dataset(
    name="labour_force_status",
    title="Tilknytning til arbeidsmarkedet",
    key=("komm_nr", "year", "status"),
    schema=Status,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="november",
)
