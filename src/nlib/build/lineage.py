"""Which cells of a table rest on invented figures, worked out from those of what it is made of."""

from collections.abc import Mapping

import pandas as pd

from nlib.core.invented import ALWAYS, OWN, Invented, years_of
from nlib.core.tables import LAST, OWN_YEAR, Dataset, Raw, Rests

EVERY = ""  # stands for all the columns of a source


def of_source(frame: pd.DataFrame, known: bool | list[int]) -> Invented:
    """What of a source is invented, where the producer's own figures are in these years (True: all of it)."""
    if known is True:
        return Invented()
    years = years_of(frame.rename(columns={"Tid": "year"})) if "year" in frame or "Tid" in frame else frozenset([ALWAYS])
    return Invented({EVERY: years - frozenset(known or ())}, years)


def of_table(dataset: Dataset, frame: pd.DataFrame, inputs: Mapping[str, Invented]) -> Invented:
    """What of a table is invented. inputs: what is so of its sources, files and tables, by name; those without are all real.

    A row of a source's table rests on the source's rows of the same year; of other inputs, a cell rests on every row and column
    unless `Dataset.rests` says less. A table that tells of each row itself (a column `synthetic`) is taken at its word.
    """
    years, columns = years_of(frame), [column for column in frame if column not in dataset.key]
    if OWN in frame:
        return Invented(dict.fromkeys(columns, years_of(frame[frame[OWN]])), years)
    found: dict[str, frozenset[int]] = dict.fromkeys(columns, frozenset())
    for need in dataset.needs:
        name = need if isinstance(need, str) else getattr(need, "name", getattr(need, "kind", ""))
        if (given := inputs.get(name)) is None or not given.any:
            continue
        rests = dataset.rests.get(name, OWN_YEAR if isinstance(need, Raw) else Rests())
        touched = _touched(given, rests, years)
        for column in rests.into or columns:
            found[column] |= touched
    return Invented(found, years)


def _touched(given: Invented, rests: Rests, years: frozenset[int]) -> frozenset[int]:
    """Which of a table's years rest on what is invented of an input."""
    invented = given.of(rests.of)
    if rests.years == LAST:
        return years if max(given.years) in invented else frozenset()
    if not invented or rests.years is None or ALWAYS in invented or ALWAYS in years:
        return years if invented else frozenset()
    return frozenset(year for year in years if any(year + int(step) in invented for step in rests.years))
