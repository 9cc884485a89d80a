"""Median income of households (SSB 06944)."""

import pandas as pd

from nlib.core.tables import KOMM_NR, Table, column
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


class Income(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("Inntektsår", ge=2004, le=2100)
    households: pd.Int64Dtype = column("Husholdninger, alle typer", "husholdninger", ge=0, nullable=True)
    median_income_kr: float = column("Median samlet inntekt per husholdning, løpende kroner", "kr", nullable=True)
    median_after_tax_kr: float = column("Median inntekt etter skatt per husholdning, løpende kroner", "kr", nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Median income of households in nominal kroner; a municipality that has merged begins after it: medians cannot be added up."""
    return DECLARED.followed(raw, municipality_codes, municipality_changes)


DATASET = DECLARED.dataset(RAW, "income", "Husholdningenes inntekt", Income, build, moment="året")
