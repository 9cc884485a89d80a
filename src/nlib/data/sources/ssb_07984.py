"""Employed persons aged 15-74 by industry in 16 groups and unspecified, 4th quarter, on today's municipalities (SSB 07984).

The groups, `Sysselsatte` and `Kjonn` 0, `Alder` 15-74 are in public queries.
"""

from nlib.core.breaks import BREAKS
from nlib.core.tables import Count, Counts, column, count
from nlib.data.statbank import StatBank

INDUSTRIES = (
    "01-03", "05-09", "10-33", "35-39", "41-43", "45-47", "49-53", "55-56", "58-63", "64-66", "68-75", "77-82", "84", "85", "86-88",
    "90-99", "00",
)  # fmt: skip

GROUP_OF = {f"{nace2:02}": group for group in INDUSTRIES for nace2 in range(int(group[:2]), int(group[-2:]) + 1)}

DECLARED = StatBank(
    table="07984",
    title="Sysselsatte per 4. kvartal, etter region, næring (SN2007), kjønn, alder, statistikkvariabel og år",
    keys={"Region": "komm_nr", "NACE2007": "industry"},
    codes={"NACE2007": INDUSTRIES},
    only={"Kjonn": "0", "Alder": "15-74"},
    contents={"Sysselsatte": "employed_residents", "SysselsatteArb": "jobs"},
    first_year=2008,
    breaks=BREAKS,
)
RAW = DECLARED.raw("by_section", "industry_years")


class Employed(Counts):
    year: int = column("År; tallene gjelder 4. kvartal", ge=2008, le=2100)
    industry: str = column("Næringer, SN2007, fra og med – til og med; 00 er uoppgitt", isin=INDUSTRIES)
    employed_residents: Count = count("Sysselsatte 15–74 år etter bosted", "personer")
    jobs: Count = count("Sysselsatte 15–74 år etter arbeidssted", "personer")


DATASET = DECLARED.dataset(RAW, "employed_by_industry_group", "Sysselsatte etter næring, i grupper", Employed, moment="4. kvartal")
