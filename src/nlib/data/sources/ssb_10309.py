"""Establishments by industry in 22 groups and number of employees, 1 January, on today's municipalities (SSB 10309).

Combinations with none are left out.
"""

from nlib.core.tables import Count, Counts, column, count
from nlib.data.statbank import StatBank

INDUSTRIES = (
    "01-03", "05-09", "10-33", "35", "36-39", "41-43", "45-47", "49-53", "55-56", "58-63", "64-66", "68", "69-75", "77-82",
    "84.100-84.399", "85", "86-88", "90-93", "94-96", "97", "99", "00",
)  # fmt: skip
SIZES = {"00": "0", "01": "1-4", "02": "5-9", "03": "10-19", "04": "20-49", "05": "50-99", "15": "100-249", "16": "250+"}

DECLARED = StatBank(
    table="10309",
    title="Bedrifter, etter region, næringshovedgruppe (SN2007), antall ansatte, statistikkvariabel og år",
    keys={"Region": "komm_nr", "NACE2007": "industry", "AntAnsatte": "size"},
    codes={"NACE2007": INDUSTRIES},
    values={"AntAnsatte": SIZES},
    contents={"Bedrifter": "establishments"},
    day="01-01",
    first_year=2009,
)
RAW = DECLARED.raw("establishments_by_size", "population_years")


class Establishments(Counts):
    year: int = column("År; tallene gjelder 1. januar", ge=2009, le=2100)
    industry: str = column("Næringer, SN2007, fra og med – til og med; 00 er uoppgitt", isin=INDUSTRIES)
    size: str = column("Antall ansatte", isin=list(SIZES.values()))
    establishments: Count = count("Virksomheter (bedrifter)", "virksomheter")


TITLE = "Virksomheter etter næring og størrelse"
DATASET = DECLARED.dataset(RAW, "establishments_by_size", TITLE, Establishments, zeros=False, moment="1. januar", partial=True)
