"""The facts of a few small tables, made as the build makes them."""

import pandas as pd

from nlib.build import pipeline
from nlib.core.catalogue import TABLES
from nlib.indicators import facts


def built(invented: dict | None = None, **tables: pd.DataFrame) -> pd.DataFrame:
    """The facts where only these tables are there, by name."""
    given = [tables.get(name, pipeline.datasets()[name].empty()) for name in TABLES]
    return facts.DATASET.check(facts.build(*given, invented or {}))
