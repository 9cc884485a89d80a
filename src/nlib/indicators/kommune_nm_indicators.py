"""Which indicators Kommune-NM is made of: the user's own list where one is imported, else the project's."""

import pandas as pd

from nlib.core.catalogue import CATALOGUE
from nlib.core.municipalities import resource
from nlib.core.tables import measure
from nlib.data.sources.own_indicators import Indicators

TEXTS = ["denominator", "unit", "why"]
DECLARED = {"label": "indicator", "direction": "direction", "unit": "unit", "decimals": "decimals"}  # in the catalogue


def build(own_indicators: pd.DataFrame) -> pd.DataFrame:
    """Area, figure, direction and weight of each indicator, in the order of the list; what the catalogue has, is taken from it."""
    if len(own_indicators):
        return own_indicators
    listed = resource("kommune_nm.csv").set_index("figure")
    declared = CATALOGUE.set_index("figure")[list(DECLARED)].rename(columns=DECLARED)
    listed = listed.fillna(declared).fillna(dict.fromkeys(TEXTS, "")).reset_index()
    return listed.assign(position=range(1, len(listed) + 1)).astype({"direction": int, "decimals": int})


DATASET = measure("Indikatorene i Kommune-NM, med retning og vekt", Indicators, build, key=("indicator",))
