"""How long both modes of attractiveness and the backtest take, and how often their intervals hold the truth.

    python -m benchmarks.attractiveness                                        # from the checkout
    python -m benchmarks.attractiveness --panels 20 --countries 10 --workers 2 # fewer, on two processors

Seconds on 357 places and 20 years (all periods, all years; the time limit of a build is 30 s). Then the last year's values against
what was true: in simulated panels of components, which keep the model to the letter, and on whole synthetic countries, whose
population, changes, industries, sectors and flows go through the indicators that `nlib build` has. Coverage is of 90 % intervals,
and what is claimed of it is 87-93 %; raw is the published model's residual (anchor), shrunken is nlib's.

nlib's attractiveness is relative to the year's mean. So truth is taken less its mean difference from the values, country by
country; `shift_pct` tells that difference.

Known bias of bosted on whole countries: attractiveness that lasts has made places large, which the size term takes a part of (its
coefficient comes out a fifth too high), so that large places are told a little too low, and small ones too high.
"""

import argparse
import resource
import time
from multiprocessing import Pool

import numpy as np
import pandas as pd

from nlib.core.municipalities import resource as facts
from nlib.data.synthetic import Norway
from nlib.indicators import attractiveness_components, commuting, jobs_by_branch, population
from nlib.methods.attractiveness import attractiveness, backtest
from nlib.methods.attractiveness.backtest import SIZES
from nlib.methods.attractiveness.models import PERIODS, WINDOW
from tests.attractiveness_panel import panel

LAST = Norway.industry_years[-1]
MODELLED = range(LAST - WINDOW + 1, LAST + 1)  # one window
COUNTED = range(MODELLED[0] - 3, LAST + 1)  # job growth of its first year, and of the two years before that
BROKEN = 2015  # from when employment is measured anew
BY_COUNTRY = ["seed", "mode", "kind", "period"]


def timed(what, call, *arguments, **settings):
    start = time.perf_counter()
    result = call(*arguments, **settings)
    print(f"{time.perf_counter() - start:8.2f} s  {what}: {len(result)} rows")
    return result


def carried(norway, what, keys, years=COUNTED, day="12-31"):
    """A synthetic country's figures of some years on today's municipalities, as the sources carry them, but rows of nothing."""
    figures = pd.concat([getattr(norway, what)(year).assign(year=year) for year in years], ignore_index=True)
    counts = [column for column in figures if column not in (*keys, "year")]
    figures = figures[(figures[counts] != 0).any(axis=1)]
    figures = norway.register.carry(figures, [key for key in keys if key.endswith("_nr")], counts, day)
    if "komm_nr" in figures:
        figures = figures.merge(norway.register.comparable(years, day), on=["komm_nr", "year"], validate="m:1")
    return figures


def components_of(norway):
    """The table `attractiveness_components` of a synthetic country, its last window."""
    codes = facts("municipalities.csv"), facts("municipality_changes.csv")
    on_1_january = range(COUNTED[0], LAST + 2)
    changes = carried(norway, "changes", ["komm_nr"], day="01-01")
    people = population.build(carried(norway, "population", ["komm_nr"], on_1_january, "01-01"), changes, *codes)
    flows = carried(norway, "flows", ["home_nr", "work_nr"])
    commuters = commuting.build(flows, *codes)
    industries = carried(norway, "by_industry", ["komm_nr", "nace2"])
    sectors = carried(norway, "by_sector", ["komm_nr", "sector"])
    jobs = jobs_by_branch.build(industries, sectors, facts("industries.csv"))
    measured = commuters.loc[commuters["year"] == BROKEN, ["komm_nr", "year", "jobs"]]  # no otherwise before than after
    table = attractiveness_components.build(people, changes, jobs, measured, measured, commuters, flows)
    return table[table["year"].isin(MODELLED)]


def country(seed):
    """The last year's values on a synthetic country beside the truth."""
    norway = Norway(seed)
    truth = norway.truth().rename(columns={"bosted_pct": "bosted", "naering_pct": "naering"}, errors="raise")
    return last_year(components_of(norway), truth[["komm_nr", "bosted", "naering"]], seed)


def simulated(seed):
    """The last year's values on a simulated panel beside the truth."""
    return last_year(*panel(seed, years=WINDOW), seed)


def last_year(components, truth, seed):
    tables = [attractiveness(components, mode, draws=2).assign(mode=mode) for mode in ("anchor", "nlib")]
    table = pd.concat(tables, ignore_index=True)
    last = table["year"] == components["year"].max()
    true = truth.melt("komm_nr", var_name="kind", value_name="truth")
    inhabitants = components.loc[components["year"] == components["year"].max(), ["komm_nr", "population"]]
    table = table[last].merge(true, on=["komm_nr", "kind"], validate="m:1").merge(inhabitants, on="komm_nr", validate="m:1")
    return table[["komm_nr", "mode", "kind", "period", "value_pct", "low_pct", "high_pct", "truth", "population"]].assign(seed=seed)


def judged(rows):
    """Errors and coverage of every value, with the mean difference of its country taken from the truth."""
    shift = (rows["value_pct"] - rows["truth"]).groupby([rows[key] for key in BY_COUNTRY]).transform("mean")
    truth = rows["truth"] + shift
    size = pd.cut(rows["population"], [*SIZES.values(), np.inf], right=False, labels=list(SIZES))
    covered = 100 * truth.between(rows["low_pct"], rows["high_pct"]).astype(float).where(rows["low_pct"].notna())
    bias = rows["value_pct"] - truth
    return rows.assign(size_class=size, shift_pct=shift, coverage_pct=covered, bias_pct=bias, mean_abs_error_pct=bias.abs())


def told(rows, what):
    """Prints coverage, bias and errors of all countries, and by size class."""
    rows = judged(rows)
    by_country = rows.groupby(BY_COUNTRY)[["coverage_pct", "shift_pct", "mean_abs_error_pct"]].mean()
    table = by_country.groupby(BY_COUNTRY[1:]).mean()
    coverage = by_country["coverage_pct"].groupby(BY_COUNTRY[1:])
    table["lowest_tenth"], table["highest_tenth"] = coverage.quantile(0.1), coverage.quantile(0.9)
    print(f"\n{rows['seed'].nunique()} {what}, {len(rows)} values of the last year; tenths are of the countries' coverage")
    print(table.round(3).to_string())
    sizes = rows.pivot_table(
        index=["kind", "period", "size_class"],
        columns="mode",
        values=["coverage_pct", "bias_pct", "mean_abs_error_pct"],
        observed=True,
    )
    print(sizes.round(3).to_string())


def main():
    parser = argparse.ArgumentParser(description="Time and coverage of attractiveness.")
    parser.add_argument("--panels", type=int, default=200, help="simulated panels of components (default 200)")
    parser.add_argument("--countries", type=int, default=200, help="whole synthetic countries (default 200)")
    parser.add_argument("--workers", type=int, default=1, help="processes (default 1)")
    asked = parser.parse_args()
    components, _ = panel(years=20)
    for mode in ("anchor", "nlib"):
        timed(mode, attractiveness, components, mode, PERIODS)
    print(timed("backtest", backtest, components).groupby(["method", "size_class"]).mean(numeric_only=True).round(2).to_string())
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MiB at most")
    for call, count, what in ((simulated, asked.panels, "panels"), (country, asked.countries, "synthetic countries")):
        if count:
            start = time.perf_counter()
            with Pool(asked.workers, maxtasksperchild=20) as pool:
                rows = list(pool.imap(call, range(1, count + 1)))
            told(pd.concat(rows, ignore_index=True), what)
            print(f"{time.perf_counter() - start:8.1f} s, {asked.workers} process(es)", flush=True)


if __name__ == "__main__":
    main()
