"""What is new in facts since those of the edition before: later years, and values that are no longer what they were."""

import numpy as np
import pandas as pd

from nlib.core.catalogue import LISTED

KEY = ["indicator", "komm_nr", "year"]
WORTH = -3  # a sum in kroner is written in whole thousands


def changed(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """The facts of both editions that a page would write another value of: `KEY`, `before` and `value`."""
    both = now[[*KEY, "value"]].merge(
        then[[*KEY, "value"]].rename(columns={"value": "before"}, errors="raise"), on=KEY, validate="1:1"
    )
    both = both[(both["value"] - both["before"]).abs() > 0]
    decimals = both["indicator"].map(LISTED["decimals"].astype(int).where(LISTED["unit"] != "kr", WORTH))
    parts = [rows[_as_written(rows, int(places)) > 0] for places, rows in both.groupby(decimals)]
    return pd.concat(parts, ignore_index=True) if parts else both


def _as_written(rows, decimals):
    return np.abs(np.round(rows["value"].to_numpy(), decimals) - np.round(rows["before"].to_numpy(), decimals))


def later(now: pd.DataFrame, then: pd.DataFrame) -> dict[str, tuple[int, int | None]]:
    """The last year of each indicator that has a later one than before: that year and the one before, none where it is new."""
    last, before = (facts.groupby("indicator")["year"].max() for facts in (now, then))
    order = [name for name in LISTED.index if name in last.index and (name not in before.index or last[name] > before[name])]
    return {name: (int(last[name]), int(before[name]) if name in before.index else None) for name in order}


def counted(names) -> list[str]:
    """Those of these indicators that registers count: another value of one is a correction."""
    return [name for name in names if LISTED.at[name, "kind"] == "telling"]
