"""What is measured: one measure a file. Called, `nlib.indicators()`, the room lists what is published."""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # half a second to load
    import pandas as pd


class _Room(ModuleType):
    def __call__(self) -> "pd.DataFrame":
        """The published indicators, a row each, for `nlib.indicator` to be asked for by name.

        >>> nlib.indicators().loc["out_pct", "label"]
        'Utpendling'
        """
        from nlib.core.catalogue import LISTED

        return LISTED[["label", "page", "unit", "kind", "scope", "source"]].copy()


sys.modules[__name__].__class__ = _Room
