"""Establishments by two-digit industry (SN2007), 1 January, on today's municipalities (SSB 07091); those with none left out."""

from nlib.core.tables import Count, Counts, column, count
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="07091",
    title="Bedrifter, etter region, næring (SN2007), antall ansatte, statistikkvariabel og år",
    keys={"Region": "komm_nr", "NACE2007": "nace2"},
    codes={"NACE2007": ("??",)},
    only={"AntAnsatte": "99"},
    contents={"Bedrifter": "establishments"},
    day="01-01",
    first_year=2009,
)
RAW = DECLARED.raw("establishments", "population_years")


class Establishments(Counts):
    year: int = column("År; tallene gjelder 1. januar", ge=2009, le=2100)
    nace2: str = column("Næring, SN2007, to sifre; 00 er uoppgitt", str_matches=r"^\d{2}$")
    establishments: Count = count("Virksomheter (bedrifter)", "virksomheter")


DATASET = DECLARED.dataset(
    RAW, "establishments", "Virksomheter etter næring", Establishments, zeros=False, moment="1. januar", partial=True
)
