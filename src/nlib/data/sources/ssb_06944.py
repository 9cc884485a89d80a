"""Households and their median income in nominal kroner (SSB 06944).

A municipality that has merged begins after it: medians cannot be added up.
"""

from nlib.core.tables import Count, Placed, column, count
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="06944",
    title="Inntekt for husholdninger, etter region, husholdningstype, statistikkvariabel og år",
    keys={"Region": "komm_nr"},
    only={"HusholdType": "0000"},
    contents={"AntallHushold": "households", "SamletInntekt": "median_income_kr", "InntSkatt": "median_after_tax_kr"},
    first_year=2005,
)
RAW = DECLARED.raw("income")


class Income(Placed):
    year: int = column("Inntektsår", ge=2004, le=2100)
    households: Count = count("Husholdninger, alle typer", "husholdninger")
    median_income_kr: float = column("Median samlet inntekt per husholdning, løpende kroner", "kr", nullable=True)
    median_after_tax_kr: float = column("Median inntekt etter skatt per husholdning, løpende kroner", "kr", nullable=True)


DATASET = DECLARED.dataset(RAW, "income", "Husholdningenes inntekt", Income, moment="året")
