"""From scores to areas and a total, with their ranks; what weights do to them, and what has moved them since a year before."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.core.catalogue import LEAST_BASE
from nlib.core.errors import InvalidTable
from nlib.methods.composite.scoring import MIDDLE, ranked, robust_score, score, standing

TOTAL = "samlet"
ENOUGH = 4  # areas that a total must have
DRAWS, SEED = 1000, 2017
BAND = (0.05, 0.95)
CHANGES = {"uten": 0.0, "dobbelt": 2.0}
CALLED = {"dobbelt": "doubled", "uten": "without"}  # in the columns of an index
PLACES = ("rank", "robust_rank", "rank_low", "rank_high", "rank_doubled", "rank_without")  # that few have none of
EVEN = 9  # decimals that scores are equal to, when they are ranked


@dataclass(frozen=True)
class Index:
    """An index: `indicators`, the values with their scores and ranks, and `areas`, a row for each area and for the total.

    Columns of `areas`: `score`, `rank`, `n`, `indicators` (how many the score is made of), `robust_score`, `robust_rank`; for the
    total `rank_low` and `rank_high`; and for each area what the total and its rank are without it (`score_without`,
    `rank_without`) and with its weight doubled (`score_doubled`, `rank_doubled`). `size` is the fewest that an indicator of the
    area is measured on, and of the total what as many areas as it needs have; under fifty there is no rank.
    """

    indicators: pd.DataFrame
    areas: pd.DataFrame


def index(values: pd.DataFrame, by: str = "year", enough: int = ENOUGH) -> Index:
    """Every indicator scored, areas, total, ranks, the robust version and the band of ranks over random weights.

    values: `komm_nr`, `by`, `indicator`, `area`, `value`; `direction`, `weight`, `area_weight` and `size` where they are given.

    >>> values = pd.DataFrame({"komm_nr": ["0301", "3222"] * 2, "year": 2025, "area": list("aabb"), "value": [1, 2, 5, 9]})
    >>> areas = index(values.assign(indicator=values["area"]), enough=2).areas
    >>> areas[areas["area"] == TOTAL].set_index("komm_nr")[["score", "rank", "rank_low", "rank_high"]].loc["3222"].tolist()
    [70.0, 1.0, 1.0, 1.0]
    """
    scored = score(values, by)
    table = totals(scored, by, enough)
    robust = totals(robust_score(values, by), by, enough)[["komm_nr", by, "area", "score", "rank"]]
    robust = robust.rename(columns={"score": "robust_score", "rank": "robust_rank"}, errors="raise")
    table = table.merge(robust, on=["komm_nr", by, "area"], validate="1:1")
    keys = ["komm_nr", by, "area"]
    changed = sensitivity(table, by).pivot(index=keys, columns="change", values=["score", "rank"])
    wide = {f"{what}_{name}": changed.get((what, change), np.nan) for what in ("score", "rank") for change, name in CALLED.items()}
    wide = pd.DataFrame(wide, changed.index).astype({f"rank_{name}": "Int64" for name in CALLED.values()}).reset_index()
    for more in (rank_band(table, by), wide):
        table = table.merge(more, on=keys, how="left", validate="1:1")
    table = table.merge(_sizes(scored, keys, enough), on=keys, how="left", validate="1:1")
    return Index(scored, table.assign(**{place: table[place].mask(table["size"] < LEAST_BASE) for place in PLACES}))


def _sizes(scored, keys, enough):
    """The fewest that the known indicators of an area are measured on, and what `enough` areas have; missing where nobody says."""
    known = scored[scored["score"].notna() & (scored.get("weight", pd.Series(1.0, scored.index)) > 0)]
    sizes = known.assign(size=known.get("size", np.nan)).groupby(keys)["size"].min().reset_index()
    ordered = sizes.assign(size=sizes["size"].fillna(np.inf)).sort_values("size", ascending=False)
    whole = ordered.groupby(keys[:2])["size"].nth(enough - 1)
    whole = ordered.loc[whole.index].assign(area=TOTAL).replace(np.inf, np.nan)
    return pd.concat([sizes, whole], ignore_index=True)


def totals(scored: pd.DataFrame, by: str = "year", enough: int = ENOUGH) -> pd.DataFrame:
    """The score of an area is the mean of its indicators' scores, and the total (`samlet`) the mean of the areas', 0-100.

    Means are weighted where `weight` (of an indicator in its area) and `area_weight` are given, over what is known. The total is
    not given with fewer than `enough` areas. Rows: each municipality, year, and area of the table, and the total; `indicators`
    counts those that have a score; equal scores share the better rank.

    >>> values = pd.DataFrame({"komm_nr": ["0301", "3222"] * 2, "year": 2025, "area": list("aabb"), "value": [1, 2, 8, 7]})
    >>> table = totals(score(values.assign(indicator=values["area"])), enough=2)
    >>> table[table["area"] == TOTAL].set_index("komm_nr")["score"].tolist()
    [50.0, 50.0]
    """
    scored, keys = _weighted(scored, by), ["komm_nr", by, "area"]
    mean, indicators = _mean(scored, keys, "weight")
    weight = scored.groupby(keys, sort=False)["area_weight"].first()
    table = pd.DataFrame({"score": mean, "indicators": indicators, "area_weight": weight}).reset_index()
    table = pd.concat([table, _total(table, ["komm_nr", by], enough)], ignore_index=True)
    return ranked(table, [by, "area"], table["score"].round(EVEN))


def rank_band(table: pd.DataFrame, by: str = "year", draws: int = DRAWS, seed: int = SEED) -> pd.DataFrame:
    """The ranks that a total has with nine of ten random weightings of the areas: `rank_low` (best) and `rank_high` (worst).

    Weights are drawn from the flat Dirichlet distribution: every way to share 1 between the areas is as likely as another. The
    same seed gives the same. The band is widened to hold the rank with the index's own weights. table: as `totals` gives it.

    >>> values = pd.DataFrame({"komm_nr": ["0301", "3222"] * 2, "year": 2025, "area": list("aabb"), "value": [1, 2, 8, 7]})
    >>> band = rank_band(totals(score(values.assign(indicator=values["area"])), enough=2))
    >>> band[["rank_low", "rank_high"]].to_numpy().tolist()
    [[1, 2], [1, 2]]
    """
    found = []
    for year, rows in table.groupby(by):
        shares, rank = _wide(rows)
        if not len(shares):
            continue
        weights = np.random.default_rng(seed).dirichlet(np.ones(shares.shape[1]), draws)
        there = shares.notna().to_numpy(float)
        drawn = (weights @ shares.fillna(0.0).to_numpy().T) / (weights @ there.T)
        ends = [round(end * (draws - 1)) for end in BAND]
        ranks = np.partition(np.ascontiguousarray(_ranks(drawn).T), ends, axis=1)
        low, high = (ranks[:, end].astype(int) for end in ends)
        band = {"rank_low": np.minimum(low, rank), "rank_high": np.maximum(high, rank)}
        found.append(pd.DataFrame({"komm_nr": shares.index, by: year, "area": TOTAL} | band))
    if not found:
        return table[["komm_nr", by, "area"]].head(0).assign(rank_low=pd.array([], "Int64"), rank_high=pd.array([], "Int64"))
    return pd.concat(found, ignore_index=True).astype({"rank_low": "Int64", "rank_high": "Int64"})


def sensitivity(table: pd.DataFrame, by: str = "year") -> pd.DataFrame:
    """The total and its rank without each area (`uten`) and with its weight doubled (`dobbelt`).

    table: as `totals` gives it. Gives `komm_nr`, `by`, `area`, `change`, `score`, `rank` and `n`, for those that have a total.

    >>> values = pd.DataFrame({"komm_nr": ["0301", "3222"] * 2, "year": 2025, "area": list("aabb"), "value": [1, 2, 8, 7]})
    >>> found = sensitivity(totals(score(values.assign(indicator=values["area"])), enough=2))
    >>> found[found["komm_nr"] == "3222"].set_index(["area", "change"])["score"].round(1).to_dict()
    {('a', 'uten'): 30.0, ('a', 'dobbelt'): 56.7, ('b', 'uten'): 70.0, ('b', 'dobbelt'): 43.3}
    """
    areas = table[table["area"] != TOTAL]
    given = table.loc[(table["area"] == TOTAL) & table["score"].notna(), ["komm_nr", by]]
    areas = areas.merge(given, on=["komm_nr", by], validate="m:1")
    each = [areas.head(0).assign(changed="", change="")]
    for area in areas["area"].unique():
        for change, factor in CHANGES.items():
            weight = areas["area_weight"].where(areas["area"] != area, factor * areas["area_weight"])
            each.append(areas.assign(area_weight=weight, changed=area, change=change))
    table = _total(pd.concat(each, ignore_index=True), ["komm_nr", by, "changed", "change"], 1)
    table = table.assign(area=table["changed"])[["komm_nr", by, "area", "change", "score"]]
    return ranked(table, [by, "area", "change"], table["score"].round(EVEN))


def moved(values: pd.DataFrame, first: int, last: int, by: str = "year", enough: int = ENOUGH) -> pd.DataFrame:
    """What each indicator has added to the change of the total between two years, points; they add up exactly to the change.

    An indicator's contribution is its share of the weights times (score - 50), so that one that is missing counts as nothing.
    `change` is the contribution of `last` less that of `first`; `own` is what it would be had the other municipalities stood
    still (the value of `last` compared with the mean and sd of `first`), and `others` the rest: what the others' figures and the
    weights have done. Both are missing where the indicator is missing in one of the years. For those that have a total in both.

    >>> values = pd.DataFrame({"komm_nr": ["0301", "3222"] * 2, "year": [2020, 2020, 2025, 2025], "value": [1, 2, 2, 1]})
    >>> found = moved(values.assign(indicator="a", area="a"), 2020, 2025, enough=1)
    >>> found.set_index("komm_nr")[["change", "own", "others"]].loc["3222"].tolist()
    [-40.0, -40.0, 0.0]
    """
    scored = score(values[values[by].isin([first, last])], by)
    table = totals(scored, by, enough)
    whole = table[(table["area"] == TOTAL) & table["score"].notna()].groupby("komm_nr")[by].nunique()
    scored = _shares(scored[scored["komm_nr"].isin(whole.index[whole == 2])], by)
    columns = ["komm_nr", "area", "indicator", "value", "mean", "sd", "score", "share", "contribution", "direction"]
    then, now = (scored.loc[scored[by] == year, columns] for year in (first, last))
    both = then.merge(now, on=columns[:3], how="outer", suffixes=("_then", "_now"), validate="1:1")
    both["change"] = both["contribution_now"].fillna(0.0) - both["contribution_then"].fillna(0.0)
    alone = standing(both["value_now"], both["mean_then"], both["sd_then"], both["direction_now"])
    both["own"] = both["share_now"] * (alone - both["score_then"])
    both["others"] = both["change"] - both["own"]
    return both[[*columns[:3], "value_then", "value_now", "score_then", "score_now", "change", "own", "others"]]


def _weighted(scored, by):
    """The table with `weight` and `area_weight`, 1 where they are not given; `InvalidTable` where it is not one to sum."""
    faults = [f"kolonnen {column} mangler" for column in ("komm_nr", by, "indicator", "area", "score") if column not in scored]
    if not faults and scored.duplicated(["komm_nr", by, "indicator"]).any():
        faults.append("samme indikator står flere ganger for en kommune og et år")
    weights = {column: scored.get(column, 1.0) for column in ("weight", "area_weight")}
    scored = scored.assign(**weights)
    if (scored[list(weights)] < 0).any(axis=None):
        faults.append("vekter kan ikke være under 0")
    if faults:
        raise InvalidTable("totals", faults)
    return scored


def _shares(scored, by):
    """The table with each score's share of the total's weights (0 where it has none), and its contribution."""
    scored = _weighted(scored, by)
    direction = scored.get("direction", 1)
    weight = scored["weight"].where(scored["score"].notna(), 0.0)
    inside = weight.groupby([scored["komm_nr"], scored[by], scored["area"]]).transform("sum")
    area = scored["area_weight"].where(inside > 0, 0.0)
    first = (
        ~scored.assign(_known=weight > 0).sort_values("_known", ascending=False).duplicated(["komm_nr", by, "area"]).sort_index()
    )
    whole = area.where(first, 0.0).groupby([scored["komm_nr"], scored[by]]).transform("sum")
    share = weight / inside.where(inside > 0) * area / whole.where(whole > 0)
    contribution = (share * (scored["score"] - MIDDLE)).fillna(0.0)
    return scored.assign(direction=direction, share=share.fillna(0.0), contribution=contribution)


def _total(areas, keys, enough):
    """A row for each of the keys (municipality, year): the weighted mean of the areas that have a score, where they are enough."""
    mean, count = _mean(areas, keys, "area_weight")
    figures = {"score": mean.where(count >= enough)}
    if "indicators" in areas:
        figures["indicators"] = areas.groupby(keys, sort=False)["indicators"].sum()
    return pd.DataFrame(figures).reset_index().assign(area=TOTAL, area_weight=1.0)


def _mean(rows, keys, weight):
    """The mean of the scores of each of the keys, weighted, over those that are known; and how many these are."""
    known = rows["score"].notna() & (rows[weight] > 0)
    sums = rows.assign(_sum=rows[weight] * rows["score"].where(known, 0.0), _weight=rows[weight].where(known, 0.0), _known=known)
    sums = sums.groupby(keys, sort=False)[["_sum", "_weight", "_known"]].sum()
    return sums["_sum"] / sums["_weight"].where(sums["_weight"] > 0), sums["_known"]


def _wide(rows):
    """The areas' scores, a row a municipality that has a total, and its rank."""
    whole = rows[(rows["area"] == TOTAL) & rows["score"].notna()].set_index("komm_nr")["rank"]
    parts = rows[(rows["area"] != TOTAL) & rows["komm_nr"].isin(whole.index) & (rows["area_weight"] > 0)]
    shares = parts.pivot(index="komm_nr", columns="area", values="score").sort_index(axis=1).reindex(whole.index)
    return shares, whole.to_numpy(int)


def _ranks(values):
    """The rank within each row of its values, 1 for the highest; those that are equal share the better one."""
    values = values.round(EVEN)
    order = np.argsort(-values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    at = np.broadcast_to(np.arange(1, values.shape[1] + 1, dtype=np.int32), values.shape).copy()
    at[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    ranks = np.empty_like(at)
    np.put_along_axis(ranks, order, np.maximum.accumulate(at, axis=1), axis=1)
    return ranks
