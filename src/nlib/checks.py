"""The catalogue of checks between tables and between editions: each a rule with a name, run by every build.

What one table can say of itself (keys, types, ranges) is in its contract. Here is what takes two: sources that must agree,
parts that must add up, and an edition that must not be smaller or of another magnitude than the one before.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import pandas as pd

Tables = Mapping[str, pd.DataFrame]

# tables that need not hold every municipality: of files that came by hand, of what can be compared, and without those of none
NOT_ALL = {
    "attractiveness",
    "business_index",
    "business_index_areas",
    "business_indicators",
    "company_accounts",
    "emission_totals",
    "emissions",
    "employment_bridge",
    "establishments",
    "headline_figures",
    "kommune_nm",
    "kommune_nm_areas",
    "largest_employer",
    "survey_frame",
    "survey_quotes",
    "survey_response",
    "survey_results",
    "survey_waves",
    "survey_words",
    "telemarksforsking",
    "validation",
    "value_creation",
    "value_creation_error",
    "value_creation_estimate",
    "value_creation_gap",
}
AHEAD = {"population_projection", "population_scenarios"}  # begin later in each edition

LARGEST_RESIDENT_GAP = 0.05  # residents with work abroad, at sea or unknown, as a share of all employed residents
LARGEST_CHANGE = 0.10  # of a national total for the same year between two editions
LARGEST_PARTS_GAP = 0.03  # of a municipality's employed persons: 13472 had up to 2.6 % more jobs than 11618 in 2017, none in 2021
LARGEST_CORRECTION = 0.005  # of a population: what births, deaths and moves may leave of a year's growth
LARGEST_GROWTH_GAP = 0.001  # of the nation's population: growth by 06913 against the difference between two 1 Januaries in 07459
LARGEST_ROUNDING = 0.01  # of the nation's employed persons: what rounding 1 and 2 to 0 or 3 may do to a sum of industries


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
    (table, frame) pairs; a frame with no rows means that the rule holds. A rule `of_whole` tables is not given those `in_part`.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    rows: Callable[[Tables, Tables], list[tuple[str, pd.DataFrame]]]
    of_whole: bool = False


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


def _parts_agree(parts: str):
    """A rule that the parts in a table add up to about the jobs and employed residents of 11618, for each municipality."""

    def rows(now, before):
        columns = ["jobs", "employed_residents"]
        sums = now[parts].groupby(["komm_nr", "year"])[columns].sum(skipna=False).reset_index()
        both = now["employed_register"].merge(sums, on=["komm_nr", "year"], suffixes=("", "_parts"), validate="1:1")
        gaps = [(both[f"{c}_parts"] - both[c]).abs() > LARGEST_PARTS_GAP * both[c] for c in columns]
        apart = gaps[0].fillna(False) | gaps[1].fillna(False)
        return [(parts, both[both["comparable"] & apart].drop(columns=["comparable", "population_15_74"]))]

    return rows


def _industries_agree(now, before):
    columns = ["jobs", "employed_residents"]
    whole = now["employed_register"].groupby("year")[columns].sum()
    parts = now["employed_by_industry"].groupby("year")[columns].sum()
    nation = parts.merge(whole, on="year", suffixes=("", "_11618"), validate="1:1")
    apart = pd.concat([(nation[c] / nation[f"{c}_11618"] - 1).abs() > LARGEST_ROUNDING for c in columns], axis=1).any(axis=1)
    return [("employed_by_industry", nation[apart].reset_index())]


def _parts_of_growth(now, before):
    changes = now["population_changes"]
    parts = changes["births"] - changes["deaths"] + changes["immigration"] - changes["emigration"]
    left = changes["growth"] - parts - changes["domestic_in"] + changes["domestic_out"]
    both = changes.assign(correction=left).merge(now["population"][["komm_nr", "year", "population"]], on=["komm_nr", "year"])
    apart = both["comparable"] & (both["correction"].abs() / both["population"] > LARGEST_CORRECTION).fillna(False)
    return [("population_changes", both.loc[apart, ["komm_nr", "year", "growth", "correction"]])]


def _growth_agrees(now, before):
    population = now["population"].groupby("year")["population"].sum()
    growth = now["population_changes"].groupby("year")["growth"].sum()
    nation = pd.DataFrame({"growth": growth, "difference": population.shift(-1) - population, "population": population})
    nation = nation[population.index.to_series().diff(-1) == -1].dropna()
    apart = (nation["growth"] - nation["difference"]).abs() / nation["population"] > LARGEST_GROWTH_GAP
    return [("population_changes", nation[apart].rename_axis("year").reset_index())]


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
        if {"komm_nr", "year"} <= set(table.columns) and len(table) and name not in NOT_ALL:
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
        if name in before and {"komm_nr", "year"} <= set(table.columns) and name not in AHEAD:
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
    Check(
        "samme-sektorer",
        "Sektorene i 13472 er til sammen innenfor 3 % av 11618",
        ("employed_by_sector", "employed_register"),
        _parts_agree("employed_by_sector"),
    ),
    Check(
        "samme-næringsgrupper",
        "Næringene i 07984 er til sammen innenfor 3 % av 11618",
        ("employed_by_industry_group", "employed_register"),
        _parts_agree("employed_by_industry_group"),
    ),
    Check(
        "samme-næringer",
        "Næringene i 08536 er for landet innenfor 1 % av 11618",
        ("employed_by_industry", "employed_register"),
        _industries_agree,
    ),
    Check(
        "deler-av-folkevekst",
        "Fødte, døde og flytting i 06913 er folketilveksten, når rettelser er under 0,5 %",
        ("population_changes", "population"),
        _parts_of_growth,
    ),
    Check(
        "samme-folkevekst",
        "Folketilveksten i 06913 er for landet forskjellen mellom to årganger av 07459",
        ("population_changes", "population"),
        _growth_agrees,
    ),
    Check("alle-kommuner", "Siste år har alle dagens kommuner", ("municipalities",), _everyone_there, of_whole=True),
    Check("bare-dagens", "Alle tall står på dagens kommunenumre", ("municipalities",), _only_todays),
    Check("ingenting-borte", "Ingen kommune eller årgang fra forrige utgave mangler", ("municipalities",), _nothing_lost),
    Check("samme-størrelse", "Landstallene er innenfor 10 % av forrige utgaves", (), _same_magnitude),
)


def run(now: Tables, before: Tables, in_part: Collection[str] = ()) -> list[Breach]:
    """Every breach of every rule whose tables are there. `in_part` names tables of files by hand: they may hold a part."""
    whole = {name: table for name, table in now.items() if name not in in_part}
    breaches = []
    for check in CHECKS:
        if set(check.needs) <= set(now):
            for table, rows in check.rows(whole if check.of_whole else now, before):
                if len(rows):
                    examples = tuple(
                        ", ".join(f"{key} {value}" for key, value in row.items()) for row in rows.head(3).to_dict("records")
                    )
                    breaches.append(Breach(check.name, table, len(rows), examples))
    return breaches
