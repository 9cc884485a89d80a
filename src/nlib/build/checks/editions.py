"""An edition must not be smaller than the one before, nor of another magnitude."""

import pandas as pd

from nlib.build.checks import Given, rule

LARGEST_CHANGE = 0.10  # of a national total for the same year between two editions
KEYS = ["komm_nr", "year"]


@rule("ingenting-borte", "Ingen kommune eller årgang fra forrige utgave mangler", ("municipalities",))
def nothing_lost(given: Given):
    """Municipality-years of today's municipalities that the edition before has and this one has not."""
    numbers = set(given.now["municipalities"]["komm_nr"])
    for name, table in given.now.items():
        if name in given.before and set(KEYS) <= set(table.columns) and not given.declares(name, "ahead"):
            before = given.before[name]
            had = before.loc[before["komm_nr"].isin(numbers), KEYS].drop_duplicates()
            gone = had.merge(table[KEYS].drop_duplicates(), on=KEYS, how="left", indicator=True)
            yield name, gone.loc[gone["_merge"] == "left_only", KEYS]


@rule("samme-størrelse", "Landstallene er innenfor 10 % av forrige utgaves")
def same_magnitude(given: Given):
    """National totals of counts that differ from those of the edition before for the same year."""
    for name, table in given.now.items():
        if name in given.before and "year" in table.columns:
            before = given.before[name]
            counts = [c for c in table.columns if str(table[c].dtype) == "Int64" and c in before.columns]
            new, old = (t.groupby("year")[counts].sum(min_count=1).stack() for t in (table, before))
            both = pd.DataFrame({"before": old, "now": new}).dropna()
            change = (both["now"] / both["before"].where(both["before"] != 0) - 1).abs().astype(float)
            apart = both.assign(change=change)[change > LARGEST_CHANGE].sort_values("change", ascending=False)
            yield name, apart.drop(columns="change").rename_axis(["year", "column"]).reset_index()
