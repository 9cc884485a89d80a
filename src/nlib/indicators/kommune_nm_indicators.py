"""Which indicators Kommune-NM is made of: the user's own list where one is imported, else the project's."""

import pandas as pd

from nlib.core.municipalities import resource
from nlib.core.tables import Dataset
from nlib.data.sources.own_indicators import Indicators

TEXTS = ["denominator", "unit", "why"]


def build(own_indicators: pd.DataFrame) -> pd.DataFrame:
    """Area, figure, direction and weight of each indicator, in the order of the list."""
    if len(own_indicators):
        return own_indicators
    listed = resource("kommune_nm.csv")
    return listed.fillna(dict.fromkeys(TEXTS, "")).assign(position=range(1, len(listed) + 1))


DATASET = Dataset(
    name="kommune_nm_indicators",
    title="Indikatorene i Kommune-NM, med retning og vekt",
    key=("indicator",),
    schema=Indicators,
    needs=("own_indicators",),
    build=build,
)
