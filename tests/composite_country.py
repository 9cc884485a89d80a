"""A small invented country with an index: values of five areas, known by hand, in the shape of the index's tables."""

import pandas as pd

from nlib.methods.composite import index, placed_by_value

NAMES = {"0001": "Vik", "0002": "Nes", "0003": "Lund", "0004": "<b>Ås & Co</b>", "0005": "Delt"}
NUMBERS = list(NAMES)
PEOPLE = pd.DataFrame(  # the fifth came of a split in 2024
    [
        {"komm_nr": nr, "year": year, "comparable": nr != "0005" or year >= 2024}
        for nr in NUMBERS
        for year in (2022, 2023, 2024, 2025)
    ]
)


def values(cells, indicators, years=(2023, 2024)):
    """A value for each municipality and year in every indicator (`indicator` to `area`): cells[(komm_nr, year)](place, area)."""
    rows = [
        {"komm_nr": nr, "year": year, "indicator": one, "area": area, "value": cells(nr, year, at), "size": 100.0}
        for nr in NUMBERS
        for year in years
        for at, (one, area) in enumerate(indicators.items())
    ]
    return pd.DataFrame(rows).astype({"komm_nr": "str", "value": float})


def tables(told, module, areas_module):
    """The two tables of an index, by contract."""
    found = index(told)
    pair = zip((module, areas_module), (placed_by_value(found.indicators), found.areas), strict=True)
    return tuple(one.DATASET.check(table[list(one.DATASET.schema.to_schema().columns)]) for one, table in pair)
