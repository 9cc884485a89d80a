"""The consumer price index (SSB 14700), which took over after 03013 in 2026."""

import pandas as pd

from nlib.core.tables import Dataset
from nlib.data.sources.ssb_03013 import Prices, build, source

TITLE = "Konsumprisindeks, etter vare- og tjenestegruppe, statistikkvariabel og måned"


def rebased(prices: pd.DataFrame) -> pd.DataFrame:
    """The synthetic country's prices with the mean of 2025 as 100."""
    base = prices.loc[prices["month"].str.startswith("2025"), "cpi"].mean()
    return prices.assign(cpi=(100 * prices["cpi"] / base).round(1))


RAW = source("14700", TITLE, ("VareTjenesteGrp", "00"), rebased)
DATASET = Dataset("consumer_prices_2025", "Konsumprisindeksen, ny serie", ("year",), Prices, (RAW,), build, moment="året")
