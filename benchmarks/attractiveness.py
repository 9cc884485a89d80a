"""How long both modes of attractiveness and the backtest take, and how often their intervals hold the truth.

    python -m benchmarks.attractiveness            # from the checkout; 200 simulated countries
    python -m benchmarks.attractiveness 20         # fewer

Prints seconds on 357 places and 20 years (all periods, all years; the time limit of a build is 30 s), and the coverage of 90 %
intervals, the bias, and the mean error of shrunken and raw values over the countries. The naive alternative is the anchor.
"""

import resource
import sys
import time

import pandas as pd

from nlib.attractiveness import attractiveness, backtest
from tests.attractiveness_panel import panel

YEARS = 10  # of each simulated country: the last window, all periods


def timed(what, call, *arguments, **settings):
    start = time.perf_counter()
    result = call(*arguments, **settings)
    print(f"{time.perf_counter() - start:8.2f} s  {what}: {len(result)} rows")
    return result


def last_year(components, truth, mode):
    """The last year's values beside the truth."""
    table = attractiveness(components, mode, draws=2)
    table = table[(table["year"] == table["year"].max()) & (table["kind"] != "samlet")]
    true = truth.melt("komm_nr", var_name="kind", value_name="truth")
    return table.merge(true, on=["komm_nr", "kind"], validate="m:1").assign(mode=mode)


def main(countries):
    components, _ = panel(years=20)
    for mode in ("anchor", "nlib"):
        timed(mode, attractiveness, components, mode)
    print(timed("backtest", backtest, components).groupby(["method", "size_class"]).mean(numeric_only=True).round(2).to_string())
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MiB at most")

    drawn = [last_year(*panel(seed, years=YEARS), mode) for seed in range(countries) for mode in ("anchor", "nlib")]
    rows = pd.concat(drawn, ignore_index=True)
    rows["coverage_pct"] = 100.0 * rows["truth"].between(rows["low_pct"], rows["high_pct"]).where(rows["low_pct"].notna())
    rows["bias_pct"] = rows["value_pct"] - rows["truth"]
    rows["mean_abs_error_pct"] = rows["bias_pct"].abs()
    print(f"\n{countries} countries of 357 places, last year")
    print(rows.groupby(["mode", "kind", "period"])[["coverage_pct", "bias_pct", "mean_abs_error_pct"]].mean().round(3).to_string())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
