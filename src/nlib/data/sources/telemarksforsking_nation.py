"""Telemarksforsking's figures of the whole country, from the same files as those of the municipalities."""

import pandas as pd

from nlib.core.tables import Dataset, Imported, Table, column
from nlib.data.readers import named_columns, telemarksforsking
from nlib.data.sources.telemarksforsking_figures import UNSAID

KEY = ["year", "indicator"]


def read(body: bytes) -> pd.DataFrame:
    """A file's figures of the country, amounts in kr: `year`, `indicator`, `unit`, `value`; none where it has no such row."""
    frame, _ = telemarksforsking.read(telemarksforsking.unwrapped(body))
    frame = frame[frame["level"] == "land"].rename(columns={"measure": "indicator"})
    in_kr = frame["value"] * frame["unit"].map(named_columns.UNITS).astype(float).fillna(1.0)
    unit = pd.Series("kr", index=frame.index, dtype="str").where(frame["unit"].notna(), UNSAID)
    return frame.assign(value=in_kr, unit=unit)[[*KEY, "unit", "value"]].reset_index(drop=True)


IMPORTED = Imported(telemarksforsking.KIND, "Tall for næringsliv og befolkning", "Telemarksforsking", tuple(KEY), read)


class Nation(Table):
    year: int = column("År", ge=1990, le=2100)
    indicator: str = column("Hva som er målt, med nlibs navn (import_columns.csv)")
    unit: str = column("kr for beløp, der filen sier enheten", isin=["kr", UNSAID])
    value: float = column("Verdien for landet, som Telemarksforsking gir den", "kr, prosent eller poeng", nullable=True)


def build(imported: pd.DataFrame | None) -> pd.DataFrame:
    """Telemarksforsking's figures of the whole country, amounts in kr where the file says its unit."""
    return imported


DATASET = Dataset("telemarksforsking_nation", "Telemarksforskings tall for landet", tuple(KEY), Nation, (IMPORTED,), build)
