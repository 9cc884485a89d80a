"""Everybody is there: every municipality in every year, on today's numbers, unless the absence is declared beside the reader.

A figure that the producer marks as missing or hidden (`..`, `:`) is a row without a figure: it is counted, and stops nothing.
"""

import pandas as pd

from nlib.build.checks import Given, rule
from nlib.core.municipalities import Register

FEWEST = 0.25  # of the municipalities: in a year with fewer a table is one of those there are figures for, not of all


@rule("alle-kommuner", "Alle dagens kommuner er der i hvert år, og alle numre som gjaldt, hos kilden", ("municipalities",))
def everyone_there(given: Given):
    """Municipality-years that a table lacks between its first year and its last, and numbers that a source lacks."""
    numbers = set(given.now["municipalities"]["komm_nr"])
    for name, table in given.now.items():
        if name in given.absent and name not in given.in_part:
            yield name, given.absent[name]
        in_part = name in given.in_part or given.declares(name, "partial")
        if {"komm_nr", "year"} <= set(table.columns) and len(table) and not in_part:
            there = table[["komm_nr", "year"]].drop_duplicates()
            years = there["year"].value_counts()
            whole = sorted(years[years > FEWEST * len(numbers)].index)
            first = there.groupby("komm_nr")["year"].min()
            last = max(whole, default=0)
            wanted = pd.MultiIndex.from_product([sorted(numbers), whole], names=["komm_nr", "year"])
            begun = wanted.get_level_values("year") >= wanted.get_level_values("komm_nr").map(first).fillna(0)
            gone = wanted[begun | (wanted.get_level_values("year") == last)].difference(pd.MultiIndex.from_frame(there))
            excused = _holes(given, name) | (set() if "comparable" in table else _nobodys(given, whole))
            missing = [pair for pair in gone if pair not in excused]
            yield name, pd.DataFrame(missing, columns=["komm_nr", "year"]).sort_values(["year", "komm_nr"])


def _holes(given: Given, name: str) -> set[tuple[str, int]]:
    """The municipality-years that the table's sources, by way of others too, are declared to lack."""
    waiting, found = [name], set()
    while waiting:
        if dataset := given.declared.get(waiting.pop()):
            waiting += dataset.parents
            found |= {(hole.number, hole.year) for raw in dataset.raws for hole in raw.holes}
    return found


def _nobodys(given: Given, years: list[int]) -> set[tuple[str, int]]:
    """The municipality-years that a figure which cannot be added up is nobody's of: those of merged and split municipalities."""
    if not {"municipality_codes", "municipality_changes"} <= set(given.now):
        return set()
    lineage = Register(given.now["municipality_codes"], given.now["municipality_changes"]).lineage(years)
    mixed = lineage[lineage["split"] | lineage.duplicated(["komm_nr", "year"], keep=False)]
    return set(mixed[["komm_nr", "year"]].itertuples(index=False, name=None))


@rule("bare-dagens", "Alle tall står på dagens kommunenumre", ("municipalities",))
def only_todays(given: Given):
    """Rows under a number that is no municipality's today."""
    numbers = set(given.now["municipalities"]["komm_nr"])
    return [
        (name, table.loc[~table["komm_nr"].isin(numbers), ["komm_nr", "year"]])
        for name, table in given.now.items()
        if {"komm_nr", "year"} <= set(table.columns)
    ]
