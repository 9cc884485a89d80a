"""Our Kommune-NM's areas and total, with ranks, a robust version and a band of ranks."""

import pandas as pd

from nlib.core.tables import column, measure
from nlib.indicators import business_index_areas
from nlib.methods.composite import index


class Areas(business_index_areas.Areas):
    year: int = column("År", ge=1980, le=2100)
    area: str = column("Området i indeksen, eller samlet")
    area_weight: float = column("Områdets vekt", ge=0)


def build(kommune_nm: pd.DataFrame) -> pd.DataFrame:
    """The weighted mean of each area's scores, and of the areas'; at least four areas are needed, or all where there are fewer.

    Weights are equal unless the list of indicators gives others (`nlib.methods.composite.index`).
    """
    areas = kommune_nm.loc[kommune_nm["area_weight"] > 0, "area"].nunique()
    return index(kommune_nm, enough=min(4, max(areas, 1))).areas[list(Areas.to_schema().columns)]


DATASET = measure("Kommune-NM-lignende indeks, områder og samlet", Areas, build, by=("area",), moment="året", partial=True)
