"""The catalogue of checks between tables and between editions: each a rule with a name, run by every build.

What one table can say of itself (keys, types, ranges) is in its contract. Here is what takes two: sources that must agree,
parts that must add up, and an edition that must not be smaller or of another magnitude than the one before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

Tables = Mapping[str, pd.DataFrame]

LARGEST_RESIDENT_GAP = 0.05  # residents with work abroad, at sea or unknown, as a share of all employed residents
LARGEST_CHANGE = 0.10  # of a national total for the same year between two editions


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold: the table, the rows (at most a few, written out), and how many there are."""

    rule: str
    table: str
    count: int
    examples: tuple[str, ...]

    def __str__(self):
        shown = "; ".join(self.examples)
        return f"{self.rule} ({self.table}): {self.count} rad(er), for eksempel {shown}"


@dataclass(frozen=True)
class Check:
    """A rule: its name, what it says in bokmål, the tables it needs, and a function from them to the rows that break it.

    `rows` is given the tables of this edition and of the one before (an empty mapping where there is none), and returns
    (table, frame) pairs; a frame with no rows means that the rule holds.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    rows: Callable[[Tables, Tables], list[tuple[str, pd.DataFrame]]]


def margins(commuting: pd.DataFrame, employed_register: pd.DataFrame) -> pd.DataFrame:
    """Jobs and employed residents by both tables: those of 03321, and how much more 11618 has (`*_difference`), persons."""
    columns = ["komm_nr", "year", "jobs", "employed_residents"]
    both = commuting[[*columns, "comparable"]].merge(
        employed_register[columns], on=["komm_nr", "year"], suffixes=("", "_11618"), validate="1:1"
    )
    both["jobs_difference"] = both["jobs_11618"] - both["jobs"]
    both["residents_difference"] = both["employed_residents_11618"] - both["employed_residents"]
    return both.drop(columns=["jobs_11618", "employed_residents_11618"])


def _jobs_agree(now, before):
    both = margins(now["commuting"], now["employed_register"])
    return [("commuting", both[both["comparable"] & (both["jobs_difference"] != 0)])]


def _same_last_year(now, before):
    last = {name: now[name]["year"].max() for name in ("commuting", "employed_register")}
    stopped = [(name, pd.DataFrame({"last": [year], "should_be": [max(last.values())]})) for name, year in last.items()]
    return [(name, rows[rows["last"] < rows["should_be"]]) for name, rows in stopped]


def _residents_agree(now, before):
    both = margins(now["commuting"], now["employed_register"])
    gap = both["residents_difference"] / both["employed_residents"]
    return [("commuting", both[both["comparable"] & ((gap < 0) | (gap > LARGEST_RESIDENT_GAP))])]


def _everyone_there(now, before):
    numbers = set(now["municipalities"]["komm_nr"])
    found = []
    for name, table in now.items():
        if {"komm_nr", "year"} <= set(table.columns) and len(table):
            there = set(table.loc[table["year"] == table["year"].max(), "komm_nr"])
            found.append((name, pd.DataFrame({"komm_nr": sorted(numbers - there), "year": table["year"].max()})))
    return found


def _only_todays(now, before):
    numbers = set(now["municipalities"]["komm_nr"])
    return [
        (name, table.loc[~table["komm_nr"].isin(numbers), ["komm_nr", "year"]])
        for name, table in now.items()
        if {"komm_nr", "year"} <= set(table.columns)
    ]


def _nothing_lost(now, before):
    found = []
    for name, table in now.items():
        if name in before and {"komm_nr", "year"} <= set(table.columns):
            keys = ["komm_nr", "year"]
            numbers = set(now["municipalities"]["komm_nr"])
            had = before[name].loc[before[name]["komm_nr"].isin(numbers), keys].drop_duplicates()
            gone = had.merge(table[keys].drop_duplicates(), on=keys, how="left", indicator=True)
            found.append((name, gone.loc[gone["_merge"] == "left_only", keys]))
    return found


def _same_magnitude(now, before):
    found = []
    for name, table in now.items():
        if name in before and "year" in table.columns:
            counts = [c for c in table.columns if str(table[c].dtype) == "Int64" and c in before[name].columns]
            new, old = (t.groupby("year")[counts].sum(min_count=1).stack() for t in (table, before[name]))
            both = pd.DataFrame({"before": old, "now": new}).dropna()
            both = both[(both["before"] != 0) & ((both["now"] / both["before"] - 1).abs() > LARGEST_CHANGE)]
            found.append((name, both.rename_axis(["year", "column"]).reset_index()))
    return found


CHECKS = (
    Check(
        "samme-arbeidsplasser", "Arbeidsplasser i 03321 er de samme som i 11618", ("commuting", "employed_register"), _jobs_agree
    ),
    Check("samme-siste-år", "Tabeller om det samme slutter i samme år", ("commuting", "employed_register"), _same_last_year),
    Check(
        "samme-sysselsatte",
        "Sysselsatte bosatte i 11618 er like mange som i 03321, eller opptil 5 % flere",
        ("commuting", "employed_register"),
        _residents_agree,
    ),
    Check("alle-kommuner", "Siste år har alle dagens kommuner", ("municipalities",), _everyone_there),
    Check("bare-dagens", "Alle tall står på dagens kommunenumre", ("municipalities",), _only_todays),
    Check("ingenting-borte", "Ingen kommune eller årgang fra forrige utgave mangler", ("municipalities",), _nothing_lost),
    Check("samme-størrelse", "Landstallene er innenfor 10 % av forrige utgaves", (), _same_magnitude),
)


def run(now: Tables, before: Tables) -> list[Breach]:
    """Every breach of every rule whose tables are there."""
    breaches = []
    for check in CHECKS:
        if set(check.needs) <= set(now):
            for table, rows in check.rows(now, before):
                if len(rows):
                    examples = tuple(
                        ", ".join(f"{key} {value}" for key, value in row.items()) for row in rows.head(3).to_dict("records")
                    )
                    breaches.append(Breach(check.name, table, len(rows), examples))
    return breaches
