"""What every table that is handed in must be: its columns there, each row once, no infinite figures."""

import numpy as np
import pandas as pd

from nlib.core.errors import InvalidTable

KEY = ["komm_nr", "year"]


def required(
    frame: pd.DataFrame, table: str, figures: list[str], key: list[str] = KEY, positive: tuple[str, ...] = ()
) -> pd.DataFrame:
    """The frame with its figures as float64, sorted by its key; `InvalidTable` lists everything that is wrong with it.

    Missing figures are allowed; a `positive` one must be above 0 where it is there. `comparable` is True where it is not given.
    """
    lacking = [column for column in [*key, *figures] if column not in frame.columns]
    if lacking:
        raise InvalidTable(table, [f"kolonnen {column} mangler" for column in lacking])
    faults = []
    if (twice := frame.duplicated(key)).any():
        faults.append(f"nøkkelen {key} står flere ganger, for eksempel {frame.loc[twice, key].iloc[0].to_dict()}")
    if frame[key].isna().any(axis=None):
        faults.append(f"nøkkelen {key} mangler i {int(frame[key].isna().any(axis=1).sum())} rad(er)")
    values = {}
    for column in figures:
        try:
            values[column] = frame[column].astype("Float64").to_numpy(float, na_value=np.nan)
        except (TypeError, ValueError):
            faults.append(f"{column} er ikke tall")
            continue
        if np.isinf(values[column]).any():
            faults.append(f"{column} har uendelige tall")
        if column in positive and (values[column] <= 0).any():
            faults.append(f"{column} må være over 0")
    if faults:
        raise InvalidTable(table, faults)
    comparable = frame["comparable"].fillna(False).astype(bool) if "comparable" in frame.columns else True
    return frame.assign(**values, comparable=comparable).sort_values(key, ignore_index=True)


def later(frame: pd.DataFrame | pd.Series, years: int = 1) -> pd.DataFrame | pd.Series:
    """Figures by `komm_nr` and `year` (the index), moved to the year that comes `years` later."""
    return frame.rename(lambda year: year + years, level="year")
