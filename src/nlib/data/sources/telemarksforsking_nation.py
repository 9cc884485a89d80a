"""Telemarksforsking's figures of the whole country, from the same files as those of the municipalities."""

from functools import partial

import pandas as pd

from nlib.core.tables import Dataset, Imported, Table, column
from nlib.data.readers import telemarksforsking
from nlib.data.sources.telemarksforsking_figures import TITLE, UNSAID, of_level

KEY = ["year", "indicator"]
READ = partial(of_level, level="land", key=KEY)
IMPORTED = Imported(telemarksforsking.KIND, TITLE, "Telemarksforsking", tuple(KEY), READ)


class Nation(Table):
    year: int = column("År", ge=1990, le=2100)
    indicator: str = column("Hva som er målt, med nlibs navn (import_columns.csv)")
    unit: str = column("kr for beløp, der filen sier enheten", isin=["kr", UNSAID])
    value: float = column("Verdien for landet, som Telemarksforsking gir den", "kr, prosent eller poeng", nullable=True)


def build(imported: pd.DataFrame | None) -> pd.DataFrame:
    """Telemarksforsking's figures of the whole country, amounts in kr where the file says its unit."""
    return imported


DATASET = Dataset("telemarksforsking_nation", "Telemarksforskings tall for landet", tuple(KEY), Nation, (IMPORTED,), build)
