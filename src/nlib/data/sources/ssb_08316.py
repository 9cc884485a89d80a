"""New enterprises of a year by industry, on today's municipalities (SSB 08316); those taken over by a new owner are not new."""

from nlib.core.tables import Count, Counts, column, count
from nlib.data.sources.ssb_07984 import INDUSTRIES
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="08316",
    title="Nyetablerte foretak og overlevelse, etter region, næring (SN2007), organisasjonsform, størrelse og overlevelse",
    keys={"Region": "komm_nr", "NACE2007": "industry"},
    codes={"NACE2007": INDUSTRIES, "Tid": ("2009", "20[1-9]?")},  # establishments, which they are measured against, begin in 2009
    only={"OrgFormer": "Alle", "AntSyss": "999", "OverlevAar": "01", "Overlevelse": "00"},
    contents={"Foretak": "new_enterprises"},
    first_year=2001,
)
RAW = DECLARED.raw("new_enterprises")


class NewEnterprises(Counts):
    year: int = column("År", ge=2001, le=2100)
    industry: str = column("Næringer, SN2007, fra og med – til og med; 00 er uoppgitt", isin=INDUSTRIES)
    new_enterprises: Count = count("Foretak etablert i året", "foretak")


DATASET = DECLARED.dataset(
    RAW, "new_enterprises", "Nye foretak etter næring", NewEnterprises, moment="året", volatile=DECLARED.figures
)
