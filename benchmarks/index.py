"""How long the business index takes for all municipalities and years, against a plain groupby-apply on the same figures.

    python -m benchmarks.index                # from the checkout
    python -m benchmarks.index --years 30 --places 400

Random values with a tenth of them missing: twelve indicators in five areas. The published score, areas, total and ranks both ways
(their greatest difference is printed), then everything that `nlib build` makes: the robust version and the bands of ranks too.
"""

import argparse
import time

import numpy as np
import pandas as pd

from nlib.indicators.business_indicators import AREAS
from nlib.methods.composite import TOTAL, index, score, totals


def figures(places, years, seed=1):
    """Values of every indicator by municipality and year, a tenth of them missing, with sizes from 200 to 700 000."""
    random = np.random.default_rng(seed)
    numbers = [f"{1000 + at}" for at in range(places)]
    rows = pd.MultiIndex.from_product([numbers, range(2026 - years, 2026), AREAS], names=["komm_nr", "year", "indicator"])
    table = rows.to_frame(index=False)
    size = dict(zip(numbers, np.exp(random.uniform(np.log(200), np.log(700_000), places)), strict=True))
    table = table.assign(area=table["indicator"].map(AREAS), size=table["komm_nr"].map(size))
    value = random.normal(0, 1, len(table)) * (1 + 20 / np.sqrt(table["size"]))
    return table.assign(value=pd.Series(value).where(random.random(len(table)) > 0.1))


def groupby_apply(table):
    """The published index as it is often written: a function for each group."""

    def scored(group):
        value = group["value"]
        return group.assign(
            score=(50 + 20 * (value - value.mean()) / value.std(ddof=0)).clip(0, 100), rank=value.rank(ascending=False)
        )

    def total(group):
        means = group.groupby("area")["score"].mean()
        return means.mean() if means.count() >= 4 else np.nan

    scores = pd.concat([scored(group) for _, group in table.groupby(["year", "indicator"])])
    return scores.groupby(["komm_nr", "year"]).apply(total, include_groups=False)


def timed(what, call, *arguments):
    start = time.perf_counter()
    result = call(*arguments)
    print(f"{time.perf_counter() - start:8.2f} s  {what}: {len(result)} rows")
    return result


def main():
    parser = argparse.ArgumentParser(description="Time of the business index.")
    parser.add_argument("--places", type=int, default=357, help="municipalities (default 357)")
    parser.add_argument("--years", type=int, default=26, help="years (default 26)")
    asked = parser.parse_args()
    table = figures(asked.places, asked.years)
    print(f"{asked.places} municipalities, {asked.years} years, {len(AREAS)} indicators: {len(table)} values")
    plain = timed("published index, plain groupby-apply", groupby_apply, table)
    ours = timed("published index, nlib.methods.composite", lambda values: totals(score(values)), table)
    ours = ours[ours["area"] == TOTAL].set_index(["komm_nr", "year"])["score"]
    print(f"{(ours - plain).abs().max():10.1e} points at most between them")
    timed("with the robust version and the bands of ranks", lambda values: index(values).areas, table)


if __name__ == "__main__":
    main()
