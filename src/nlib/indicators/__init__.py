"""What is measured: one measure a file. Called, `nlib.indicators()`, the room lists what is published."""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # half a second to load
    import pandas as pd


class _Room(ModuleType):
    def __call__(self, page: str = "") -> "pd.DataFrame":
        """The published indicators, a row each, for `nlib.indicator` to be asked for by name; page: only those of this page.

        >>> nlib.indicators().loc["out_pct", "label"]
        'Utpendling'
        """
        from nlib.core.catalogue import LISTED
        from nlib.core.errors import UnknownTable
        from nlib.core.language import listed
        from nlib.core.meant import near, question

        there = LISTED["page"].unique()
        if not isinstance(page, str) or page not in ("", *there):
            raise UnknownTable(f"Ingen side heter «{page}». {question(near(str(page), there), f'Velg blant: {listed(there)}')}")
        rows = LISTED[LISTED["page"] == page] if page else LISTED
        return rows[["label", "page", "unit", "kind", "scope", "source"]].copy()


sys.modules[__name__].__class__ = _Room
