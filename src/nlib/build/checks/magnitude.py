"""National figures lie where such figures can: a file in another unit is a thousand times out, in every year of it."""

from dataclasses import dataclass

import pandas as pd

from nlib.build.checks import Given, rule


@dataclass(frozen=True)
class Span:
    """Where a national figure lies: the sum of `figure` (table.column) over that of `by`, or its median where `by` is empty."""

    figure: str
    low: float
    high: float
    by: str = ""


PEOPLE = "population_by_age.population"
SPANS = (  # Norway since 1990 lies well inside each
    Span("population_by_age.population", 3e6, 9e6, by="1"),
    Span("employed_register.population_15_74", 0.6, 0.9, by=PEOPLE),
    Span("employed_register.employed_residents", 0.35, 0.65, by=PEOPLE),
    Span("employed_register.jobs", 0.35, 0.65, by=PEOPLE),
    Span("commuting_flows.employed", 0.35, 0.65, by=PEOPLE),
    Span("employed_by_industry.jobs", 0.35, 0.65, by=PEOPLE),
    Span("employed_by_sector.jobs", 0.35, 0.65, by=PEOPLE),
    Span("employed_by_industry_group.jobs", 0.35, 0.65, by=PEOPLE),
    Span("labour_force_status.persons", 0.5, 0.9, by=PEOPLE),
    Span("education.persons", 0.6, 0.95, by=PEOPLE),
    Span("dwellings.dwellings", 0.3, 0.7, by=PEOPLE),
    Span("construction.completed", 0.0005, 0.03, by=PEOPLE),
    Span("construction.started", 0.0005, 0.03, by=PEOPLE),
    Span("moves_by_age.moved_in", 0.005, 0.25, by=PEOPLE),
    Span("moves_by_age.moved_out", 0.005, 0.25, by=PEOPLE),
    Span("operating_expenses.expenses_1000_kr", 15, 500, by=PEOPLE),
    Span("operating_expenses.private_1000_kr", 0.3, 100, by=PEOPLE),
    Span("income.households", 0.3, 0.6, by=PEOPLE),
    Span("income.median_income_kr", 150_000, 3_000_000),
    Span("income.median_after_tax_kr", 150_000, 2_000_000),
    Span("establishments.establishments", 0.04, 0.3, by=PEOPLE),
    Span("establishments_by_size.establishments", 0.04, 0.3, by=PEOPLE),
    Span("new_enterprises.new_enterprises", 0.003, 0.04, by=PEOPLE),
    Span("county_accounts.employed_thousand", 0.0004, 0.0025, by=PEOPLE),  # of all industries, and of what these are parts of
    Span("county_accounts.value_added_mnok", 300, 5_000, by="county_accounts.employed_thousand"),
    Span("municipal_key_figures.free_income_kr", 15_000, 250_000),
    Span("municipal_key_figures.free_reserves_pct", -10, 80),
    Span("municipal_balance.net_debt_pct", 5, 300),
    Span("municipal_results.net_operating_result_pct", -15, 20),
    Span("consumer_prices.cpi", 10, 400),
    Span("population_projection.main", 3e6, 12e6, by="1"),
)


MANY = 100  # what a limit is set for; less is of few, and may be anything
LIMITS = {  # to each inhabitant, in any municipality: no place in Norway has come near
    "construction.completed": 0.1,
    "construction.started": 0.1,
    "moves_by_age.moved_in": 0.4,
    "moves_by_age.moved_out": 0.4,
    "new_enterprises.new_enterprises": 0.06,
    "population_changes.births": 0.04,
    "population_changes.deaths": 0.06,
    "operating_expenses.expenses_1000_kr": 900,
    "operating_expenses.private_1000_kr": 200,
}


@rule("riktig-størrelse", "Landets tall er av en størrelse som slike tall kan ha")
def in_span(given: Given):
    """Years in which a national figure lies outside its span."""
    people = _people(given)
    for span in SPANS:
        table, _, column = span.figure.partition(".")
        if table in given.now and table not in given.in_part and column in given.now[table]:
            values = _national(given, span, people)
            apart = values[(values < span.low) | (values > span.high)].dropna()
            rows = pd.DataFrame({"year": apart.index, "column": column, "value": apart.to_numpy()})
            yield table, rows.assign(low=span.low, high=span.high)


@rule("kommunens-størrelse", "Ingen kommune har mer per innbygger av det som svinger, enn noen kommune kan ha")
def in_limit(given: Given):
    """Municipality-years in which a figure that swings is many times what any place has to each inhabitant."""
    people = _people(given).set_index(["komm_nr", "year"])["population_by_age.population".partition(".")[2]]
    for figure, limit in LIMITS.items():
        table, _, column = figure.partition(".")
        if table not in given.now or column not in given.now[table]:
            continue
        value = (
            given.now[table].groupby(["komm_nr", "year"], observed=True)[column].sum(min_count=1).astype("Float64").astype(float)
        )
        apart = (value >= MANY) & (value > limit * people.reindex(value.index).astype("Float64").astype(float))
        rows = value[apart].rename("value").reset_index().assign(column=column, high=limit)
        yield table, rows.sort_values("value", ascending=False)


def _people(given: Given) -> pd.DataFrame:
    """Inhabitants by municipality and year, all ages."""
    table, _, column = PEOPLE.partition(".")
    if table not in given.now:
        return pd.DataFrame(columns=["komm_nr", "year", column])
    return given.now[table].groupby(["komm_nr", "year"], observed=True)[column].sum(min_count=1).reset_index()


def _national(given: Given, span: Span, people: pd.DataFrame) -> pd.Series:
    table, _, column = span.figure.partition(".")
    frame = _municipal(given.now[table])
    by_year = frame.groupby("year")[column]
    if not span.by:
        return by_year.median().astype(float)
    whole = by_year.sum(min_count=1).astype(float)
    if span.by == "1":
        return whole
    other, _, denominator = span.by.partition(".")
    if other not in given.now:
        return whole.iloc[:0]
    rows = frame[frame[column].notna()] if other == table else people
    if other != table and "komm_nr" in frame and "komm_nr" in rows:  # of the municipalities that have all their figures
        known = frame[column].notna().groupby([frame["komm_nr"], frame["year"]], observed=True).transform("all")
        whole = frame[known].groupby("year")[column].sum(min_count=1).astype(float)
        there = frame.loc[known, ["komm_nr", "year"]].drop_duplicates()
        rows = rows.merge(there, on=["komm_nr", "year"], validate="m:1")
    return whole / _municipal(rows).groupby("year")[denominator].sum(min_count=1).astype(float)


def _municipal(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the rows of the whole nation, where the table has them beside those of counties, and of the latest vintage alone."""
    frame = frame[frame["latest"]] if "latest" in frame else frame
    return frame[frame["county_nr"] != "0"] if "county_nr" in frame else frame
