"""Sources that tell of the same must agree, and parts must add up to the whole."""

import pandas as pd

from nlib.build.checks import Given, rule

LARGEST_RESIDENT_GAP = (
    0.10  # residents with work abroad, at sea or unknown, of all employed; 5 % seen in 11618, more in border towns
)
LARGEST_PARTS_GAP = (
    0.06  # of a municipality's employed: 13472 had up to 2.6 % more jobs than 11618 in 2017, of whole municipalities
)
LEAST_PARTS_GAP = 30  # persons: what rounding of 1 and 2 to 0 or 3 in many industries may do to a small municipality
LARGEST_CORRECTION = 0.02  # of a population: what births, deaths and moves may leave of a year's growth
LEAST_CORRECTION = 30  # persons: in the tiniest places single corrections are several percent (06913 from 1951)
LARGEST_GROWTH_GAP = 0.002  # of the nation's population: growth by 06913 against the difference between two 1 Januaries in 07459
LARGEST_ROUNDING = 0.01  # of the nation's employed persons: what rounding 1 and 2 to 0 or 3 may do to a sum of industries
YEARS_BEHIND = 2  # that one of two tables of the same may lag


def margins(commuting: pd.DataFrame, employed_register: pd.DataFrame) -> pd.DataFrame:
    """Jobs and employed residents by both tables: those of 03321, and how much more 11618 has (`*_difference`), persons."""
    columns = ["komm_nr", "year", "jobs", "employed_residents"]
    both = commuting[[*columns, "comparable"]].merge(
        employed_register[columns], on=["komm_nr", "year"], suffixes=("", "_11618"), validate="1:1"
    )
    both["jobs_difference"] = both["jobs_11618"] - both["jobs"]
    both["residents_difference"] = both["employed_residents_11618"] - both["employed_residents"]
    return both.drop(columns=["jobs_11618", "employed_residents_11618"])


@rule("samme-arbeidsplasser", "Arbeidsplasser i 03321 er de samme som i 11618", ("commuting", "employed_register"))
def jobs_agree(given: Given):
    """Jobs by 03321 and by 11618, of the municipality-years that are compared."""
    now = given.now
    both = margins(now["commuting"], now["employed_register"])
    apart = both[both["comparable"] & (both["jobs_difference"] != 0).fillna(False)]
    return [("commuting", apart.sort_values("jobs_difference", key=abs, ascending=False))]


@rule("samme-næringer", "Næringene i 08536 er for landet innenfor 1 % av 11618", ("employed_by_industry", "employed_register"))
def industries_agree(given: Given):
    """The sum of industries in 08536 against 11618, for the nation."""
    now = given.now
    columns = ["jobs", "employed_residents"]
    whole = now["employed_register"].groupby("year")[columns].sum()
    parts = now["employed_by_industry"].groupby("year")[columns].sum()
    nation = parts.merge(whole, on="year", suffixes=("", "_11618"), validate="1:1")
    apart = pd.concat([(nation[c] / nation[f"{c}_11618"] - 1).abs() > LARGEST_ROUNDING for c in columns], axis=1).any(axis=1)
    return [("employed_by_industry", nation[apart].reset_index())]


@rule(
    "samme-siste-år",
    "Tabeller om det samme slutter i samme år, eller inntil to år fra hverandre",
    ("commuting", "employed_register"),
)
def same_last_year(given: Given):
    """The last years of 03321 and 11618."""
    last = {name: given.now[name]["year"].max() for name in ("commuting", "employed_register")}
    stopped = [(name, pd.DataFrame({"last": [year], "should_be": [max(last.values())]})) for name, year in last.items()]
    return [(name, rows[rows["should_be"] - rows["last"] > YEARS_BEHIND]) for name, rows in stopped]


@rule(
    "samme-sysselsatte",
    "Sysselsatte bosatte i 11618 er like mange som i 03321, eller opptil 10 % flere",
    ("commuting", "employed_register"),
)
def residents_agree(given: Given):
    """Employed residents by 11618 and by 03321, which lacks those who work abroad, at sea or at an unknown place."""
    both = margins(given.now["commuting"], given.now["employed_register"])
    gap = (both["residents_difference"] / both["employed_residents"]).astype("Float64")
    both = both.assign(gap_pct=(100 * gap).astype(float))
    apart = both["comparable"] & ((gap < 0) | (gap > LARGEST_RESIDENT_GAP)).fillna(False)
    return [("commuting", both[apart].sort_values("gap_pct", key=abs, ascending=False))]


def _parts_agree(given: Given, parts: str):
    """Rows where the parts in a table do not add up to about the jobs and employed residents of 11618."""
    columns = ["jobs", "employed_residents"]
    sums = given.now[parts].groupby(["komm_nr", "year"])[columns].sum(skipna=False).reset_index()
    both = given.now["employed_register"].merge(sums, on=["komm_nr", "year"], suffixes=("", "_parts"), validate="1:1")
    gaps = pd.concat([(both[f"{c}_parts"] - both[c]).abs().astype(float) for c in columns], axis=1, keys=columns)
    allowed = (LARGEST_PARTS_GAP * both[columns].astype(float)).clip(lower=LEAST_PARTS_GAP)
    apart = (gaps > allowed).any(axis=1) & both["comparable"]
    rows = both[apart].assign(gap=gaps.max(axis=1)[apart]).sort_values("gap", ascending=False)
    return [(parts, rows.drop(columns=["comparable", "population_15_74", "gap"]))]


@rule("samme-sektorer", "Sektorene i 13472 er til sammen innenfor 6 % av 11618", ("employed_by_sector", "employed_register"))
def sectors_agree(given: Given):
    """The sum of sectors in 13472 against 11618."""
    return _parts_agree(given, "employed_by_sector")


@rule(
    "samme-næringsgrupper",
    "Næringene i 07984 er til sammen innenfor 6 % av 11618",
    ("employed_by_industry_group", "employed_register"),
)
def industry_groups_agree(given: Given):
    """The sum of industries in 07984 against 11618."""
    return _parts_agree(given, "employed_by_industry_group")


@rule(
    "deler-av-folkevekst",
    "Fødte, døde og flytting er folketilveksten, når rettelser er under 2 % eller 30 personer",
    ("population_changes", "population"),
)
def parts_of_growth(given: Given):
    """What births, deaths and moves leave of a year's growth."""
    changes = given.now["population_changes"]
    parts = changes["births"] - changes["deaths"] + changes["immigration"] - changes["emigration"]
    left = changes["growth"] - parts - changes["domestic_in"] + changes["domestic_out"]
    both = changes.assign(correction=left).merge(
        given.now["population"][["komm_nr", "year", "population"]], on=["komm_nr", "year"], validate="1:1"
    )
    allowed = (LARGEST_CORRECTION * both["population"].astype(float)).clip(lower=LEAST_CORRECTION)
    apart = both["comparable"] & (both["correction"].abs().astype(float) > allowed)
    rows = both.loc[apart, ["komm_nr", "year", "growth", "correction"]]
    return [("population_changes", rows.sort_values("correction", key=abs, ascending=False))]


@rule(
    "samme-folkevekst",
    "Folketilveksten er for landet forskjellen mellom to årganger av 07459",
    ("population_changes", "population"),
)
def growth_agrees(given: Given):
    """The nation's growth by the changes against the difference between two 1 Januaries, in the years that both have whole."""
    people = given.now["population"].groupby("year")["population"].sum(min_count=1)
    growth = given.now["population_changes"].groupby("year")["growth"].agg(lambda growth: growth.sum(skipna=False))
    nation = pd.DataFrame({"growth": growth, "population": people, "following": people.rename(lambda year: year - 1)}).dropna()
    nation["difference"] = nation["following"] - nation["population"]
    apart = (nation["growth"] - nation["difference"]).abs() / nation["population"] > LARGEST_GROWTH_GAP
    return [("population_changes", nation.loc[apart, ["growth", "difference"]].rename_axis("year").reset_index())]
