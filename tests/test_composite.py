"""Composite indices on plain tables: scores by hand, what must always hold, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import InvalidTable
from nlib.data.sources import telemarksforsking_figures
from nlib.indicators import business_indicators
from nlib.methods.composite import TOTAL, adjusted, index, moved, rank_band, robust_score, score, sensitivity, shrunken, totals

AREAS = ("jobb", "produktivitet", "lønnsomhet", "nye", "størrelse")
numbers = st.lists(st.integers(-1000, 1000), min_size=1, max_size=12)


def plain(values, **more):
    return pd.DataFrame({"komm_nr": [f"{1000 + at}" for at in range(len(values))], "year": 2024, "value": values} | more)


def table(rows, areas=AREAS):
    """Rows of five values (a municipality each), one indicator an area."""
    cells = [
        {"komm_nr": f"{1000 + at}", "year": 2024, "indicator": area, "area": area, "value": value}
        for at, row in enumerate(rows)
        for area, value in zip(areas, row, strict=True)
    ]
    return pd.DataFrame(cells)


panels = st.lists(st.lists(st.integers(-50, 50) | st.none(), min_size=5, max_size=5), min_size=2, max_size=8).map(
    lambda rows: table(rows).astype({"value": float})
)


# -- the published rule


def test_scores_worked_out_by_hand():
    # mean 5, sd 2 (ddof 0): the textbook's 2 4 4 4 5 5 7 9
    scored = score(plain([2, 4, 4, 4, 5, 5, 7, 9]))
    assert scored["score"].tolist() == pytest.approx([20, 40, 40, 40, 50, 50, 70, 90])
    assert scored["rank"].tolist() == [8, 5, 5, 5, 3, 3, 2, 1]
    assert set(scored["n"]) == {8}
    assert (scored["mean"].iloc[0], scored["sd"].iloc[0]) == (5, 2)


def test_a_score_is_cut_at_two_and_a_half_standard_deviations():
    scored = score(plain([0] * 99 + [1000]))  # 9.95 standard deviations above the mean
    assert scored["score"].iloc[-1] == 100
    scored = score(plain([0] * 99 + [-1000]))
    assert scored["score"].iloc[-1] == 0


def test_a_low_value_scores_high_where_low_is_good_and_nothing_where_neither_is():
    assert score(plain([1, 3], direction=-1))[["score", "rank"]].to_numpy().tolist() == [[70, 1], [30, 2]]
    neither = score(plain([1, 3], direction=0))
    assert neither["score"].isna().all()
    assert neither["rank"].isna().all()


def test_a_constant_indicator_scores_50_for_all_and_says_so():
    scored = score(plain([0.1] * 7))
    assert set(scored["score"]) == {50.0}
    assert set(scored["sd"]) == {0.0}
    assert set(scored["rank"]) == {1}


def test_one_municipality_is_the_mean():
    assert score(plain([17.0])).loc[0, ["score", "rank", "n"]].tolist() == [50, 1, 1]


def test_a_missing_value_has_no_score_and_does_not_count():
    scored = score(plain([1.0, np.nan, 3.0]))
    assert scored["score"].tolist() == pytest.approx([30, np.nan, 70], nan_ok=True)
    assert scored["rank"].tolist() == [2, pd.NA, 1]
    assert set(scored["n"]) == {2}


def test_years_and_indicators_are_scored_apart():
    values = pd.concat(
        [plain([1, 3], indicator="a"), plain([10, 70], indicator="b"), plain([5, 5], indicator="a").assign(year=2025)]
    )
    assert score(values)["score"].tolist() == [30, 70, 30, 70, 50, 50]
    assert score(values.rename(columns={"year": "period"}), by="period")["score"].tolist() == [30, 70, 30, 70, 50, 50]


@given(numbers)
def test_the_order_of_rows_does_not_matter(values):
    values = plain(values)
    turned = score(values.iloc[::-1]).set_index("komm_nr")[["score", "rank"]]
    straight = score(values).set_index("komm_nr")[["score", "rank"]]
    pd.testing.assert_frame_equal(turned.loc[straight.index], straight)


@given(numbers, st.integers(-10_000, 10_000), st.integers(1, 1000))
def test_shift_and_scale_do_not_matter(values, shift, scale):
    straight, moved_ = score(plain(values)), score(plain([shift + scale * value for value in values]))
    assert moved_["score"].to_numpy() == pytest.approx(straight["score"].to_numpy(), abs=1e-6)
    assert moved_["rank"].tolist() == straight["rank"].tolist()


@given(numbers)
def test_ranks_are_within_n_and_follow_the_scores(values):
    scored = score(plain(values))
    assert scored["rank"].between(1, scored["n"]).all()
    ordered = scored.sort_values("rank")
    assert ordered["score"].is_monotonic_decreasing
    assert (ordered["value"].diff().fillna(0) <= 0).all()


@given(numbers)
def test_turning_the_direction_turns_the_score(values):
    up, down = score(plain(values, direction=1)), score(plain(values, direction=-1))
    assert (up["score"] + down["score"]).to_numpy() == pytest.approx(np.full(len(values), 100.0))


# -- the robust version


def test_robust_scores_worked_out_by_hand():
    # median 4, deviations 3 2 0 1 96: MAD 2
    scored = robust_score(plain([1.0, 2, 4, 5, 100]))
    assert scored["score"].tolist() == pytest.approx([50 - 60 / 2.9652, 50 - 40 / 2.9652, 50, 50 + 20 / 2.9652, 100])


@given(st.integers(100, 10**9))
def test_an_outlier_does_not_move_the_others(far):
    near, out = (robust_score(plain([1.0, 2, 4, 5, last]))["score"].tolist()[:4] for last in (100, far))
    assert out == pytest.approx(near)


def test_where_most_are_the_same_the_others_still_differ():
    scored = robust_score(plain([3.0, 3, 3, 3, 5]))
    assert scored["score"].tolist()[:4] == [50] * 4
    assert 50 < scored["score"].iloc[-1] <= 100


def test_a_small_place_is_drawn_towards_the_mean_and_a_large_one_is_not():
    random = np.random.default_rng(3)
    size = np.repeat([20.0, 20_000.0], 100)
    true = random.normal(0, 1, 200)
    values = plain(true + random.normal(0, 20, 200) / np.sqrt(size), size=size)
    kept = shrunken(values)
    left = (kept - kept.mean()).abs() / (values["value"] - values["value"].mean()).abs()
    assert left[100:].median() > 0.9
    assert left[:100].median() < 0.5
    assert ((kept - true) ** 2).mean() < ((values["value"] - true) ** 2).mean()


@given(numbers, st.integers(1, 50))
def test_equal_sizes_change_no_ranks(values, size):
    assert robust_score(plain(values, size=float(size)))["rank"].tolist() == robust_score(plain(values))["rank"].tolist()


def test_a_place_without_a_size_is_taken_as_a_typical_one():
    values = plain([1.0, 2, 3, 9, 5], size=[10.0, 20, 30, np.nan, 0])
    assert shrunken(values).notna().all()


# -- areas, totals and weights


def test_areas_and_total_worked_out_by_hand():
    values = pd.concat([table([[1, 1, 1, 1, 1], [3, 3, 3, 3, 3]]), table([[9] * 5, [1] * 5]).iloc[[0, 5]].assign(indicator="to")])
    whole = totals(score(values)).set_index(["area", "komm_nr"])
    assert whole.loc[("jobb", "1000"), ["score", "indicators"]].tolist() == [50, 2]  # 30 and 70
    assert whole.at[(TOTAL, "1000"), "score"] == pytest.approx((50 + 4 * 30) / 5)
    assert whole.loc[(TOTAL, "1001"), ["rank", "n", "indicators"]].tolist() == [1, 2, 6]


def test_weights_within_and_between_areas_count():
    values = table([[1, 3, 1, 1, 1], [3, 1, 3, 3, 3]])
    values["area_weight"] = np.where(values["area"] == "produktivitet", 4.0, 1.0)
    whole = totals(score(values)).set_index(["area", "komm_nr"])
    assert whole.at[(TOTAL, "1000"), "score"] == pytest.approx((4 * 70 + 4 * 30) / 8)
    both = pd.concat([values, values[values["area"] == "jobb"].assign(indicator="tom", value=[3, 1], weight=3.0)])
    scored = score(both.assign(weight=both["weight"].fillna(1.0)))
    assert totals(scored).set_index(["area", "komm_nr"]).at[("jobb", "1000"), "score"] == pytest.approx((30 + 3 * 70) / 4)


def test_no_total_with_fewer_than_four_areas_and_an_area_without_indicators_has_none():
    whole = totals(score(table([[1, 2, 3, 4, 5], [2, 3, np.nan, 5, 6], [3, 4, np.nan, np.nan, 7]])))
    whole = whole.set_index(["area", "komm_nr"])
    assert whole.loc[TOTAL, "score"].notna().tolist() == [True, True, False]
    assert pd.isna(whole.at[("lønnsomhet", "1001"), "score"])
    assert whole.at[("lønnsomhet", "1001"), "indicators"] == 0
    assert whole.loc[TOTAL, "n"].tolist() == [2, 2, 2]
    assert pd.isna(whole.at[(TOTAL, "1002"), "rank"])


def test_equal_totals_share_the_better_place():
    whole = totals(score(table([[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [0, 0, 0, 0, 0]])))
    assert whole.loc[whole["area"] == TOTAL, "rank"].tolist() == [1, 1, 3]


@given(panels)
@settings(max_examples=40)
def test_totals_lie_between_their_areas_and_ranks_within_n(values):
    whole = totals(score(values))
    areas = whole[whole["area"] != TOTAL].groupby("komm_nr")["score"]
    own = whole[whole["area"] == TOTAL].set_index("komm_nr")
    given_ = own[own["score"].notna()]
    assert (given_["score"] >= areas.min()[given_.index] - 1e-9).all()
    assert (given_["score"] <= areas.max()[given_.index] + 1e-9).all()
    assert given_["rank"].between(1, given_["n"]).all()
    assert (areas.count()[given_.index] >= 4).all()
    assert (areas.count()[own.index[own["score"].isna()]] < 4).all()


def test_the_band_is_one_place_where_no_weighting_changes_the_order_and_wide_where_it_does():
    first = rank_band(totals(score(table([[3] * 5, [2] * 5, [1] * 5]))))
    assert first[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [2, 2], [3, 3]]
    turned = rank_band(totals(score(table([[9, 0, 0, 0, 0], [0, 9, 0, 0, 0], [0, 0, 9, 0, 0]]))))
    assert turned[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 3]] * 3


@given(panels)
@settings(max_examples=20)
def test_the_band_holds_the_rank_and_is_the_same_every_time(values):
    whole = totals(score(values))
    band = rank_band(whole, draws=100)
    pd.testing.assert_frame_equal(band, rank_band(whole, draws=100))
    both = band.merge(whole, on=["komm_nr", "year", "area"])
    assert (both["rank_low"] <= both["rank"]).all()
    assert (both["rank"] <= both["rank_high"]).all()
    assert both["rank_high"].le(both["n"]).all()


def test_sensitivity_worked_out_by_hand():
    changed = sensitivity(totals(score(table([[3, 1, 1, 1, 1], [1, 3, 3, 3, 3]])))).set_index(["area", "change", "komm_nr"])
    assert changed.at[("jobb", "uten", "1000"), "score"] == pytest.approx(30)
    assert changed.at[("jobb", "dobbelt", "1000"), "score"] == pytest.approx((2 * 70 + 4 * 30) / 6)
    assert changed.at[("jobb", "dobbelt", "1001"), "rank"] == 1


def test_what_moved_the_total_worked_out_by_hand():
    # 1000 goes from 30 to 70 in one of five areas, with the other's value unchanged
    then, now = table([[1, 1, 1, 1, 1], [3, 3, 3, 3, 3]]), table([[5, 1, 1, 1, 1], [3, 3, 3, 3, 3]]).assign(year=2025)
    parts = moved(pd.concat([then, now]), 2024, 2025).set_index(["komm_nr", "indicator"])
    assert parts.at[("1000", "jobb"), "change"] == pytest.approx(8)
    assert parts.at[("1000", "jobb"), "own"] == pytest.approx((100 - 30) / 5)  # 3 sd over the mean of 2024: cut at 100
    assert parts.at[("1000", "jobb"), "others"] == pytest.approx(8 - 14)
    assert parts.at[("1001", "jobb"), "own"] == 0


@given(panels, panels)
@settings(max_examples=40)
def test_the_parts_add_up_exactly_to_the_change(then, now):
    both = pd.concat([then, now.assign(year=2025)], ignore_index=True)
    whole = totals(score(both))
    whole = whole[whole["area"] == TOTAL].pivot(index="komm_nr", columns="year", values="score").dropna()
    parts = moved(both, 2024, 2025)
    sums = parts.groupby("komm_nr")["change"].sum()
    assert sorted(sums.index) == sorted(whole.index if len(whole.columns) == 2 else [])
    assert sums.to_numpy() == pytest.approx((whole[2025] - whole[2024])[sums.index].to_numpy() if len(sums) else [], abs=1e-9)
    held = parts.dropna(subset=["own"])
    assert (held["own"] + held["others"]).to_numpy() == pytest.approx(held["change"].to_numpy())


# -- adjusted for industry


def test_an_adjusted_rate_worked_out_by_hand():
    rows = [("0001", "a", 2, 10), ("0001", "b", 1, 30), ("0002", "a", 4, 10), ("0002", "b", 5, 30), (None, "a", 0, 10)]
    parts = pd.DataFrame(rows, columns=["komm_nr", "industry", "part", "whole"]).assign(year=2024)
    rates = adjusted(parts).set_index("komm_nr")
    # the nation: a 6/30 = 0.2, b 6/60 = 0.1; both have the mix 10, 30: expected (2 + 3) / 40
    assert rates["value"].tolist() == pytest.approx([3 / 40, 9 / 40])
    assert rates["expected"].tolist() == pytest.approx([0.125, 0.125])
    assert rates["adjusted"].tolist() == pytest.approx([-0.05, 0.1])


def test_a_hidden_cell_leaves_the_municipality_without_a_rate_and_nobody_else():
    rows = [("0001", "a", None, 10), ("0001", "b", 1, 30), ("0002", "a", 4, 10), ("0003", "a", 0, 0)]
    rates = adjusted(pd.DataFrame(rows, columns=["komm_nr", "industry", "part", "whole"]).assign(year=2024)).set_index("komm_nr")
    assert rates["value"].isna().tolist() == [True, False, True]
    assert rates.at["0002", "adjusted"] == pytest.approx(0)


@given(st.lists(st.tuples(st.sampled_from("123"), st.sampled_from("ab"), st.integers(0, 50), st.integers(1, 50)), min_size=1))
def test_adjusted_rates_weigh_out_to_nothing_in_the_nation(rows):
    rates = adjusted(pd.DataFrame(rows, columns=["komm_nr", "industry", "part", "whole"]).assign(year=1))
    assert (rates["adjusted"] * rates["size"]).sum() == pytest.approx(0, abs=1e-8)


# -- an index that somebody has bought

BOUGHT = """Nr;Inndeling;År;Arbeidsplassvekst;Bransjejustert arbeidsplassvekst;Produktivitet (1 000 kr);\
Bransjejustert produktivitet (1 000 kr);Lønnsomhet;Bransjejustert lønnsomhet;Positiv egenkapital;Etableringsfrekvens;\
Bransjejustert etableringsfrekvens;Vekst i antall foretak;Bransjejustert vekst i antall foretak;Størrelse;Næringsindeks
0301;Kommune;2024;3,0;1,0;900;50;70;2;80;9;1;3;0,5;60;{}
3222;Kommune;2024;1,0;0,0;700;-50;66;-1;78;7;0;1;-0,5;40;{}
1151;Kommune;2024;-2,0;-1,0;800;0;62;-1;70;5;-1;-1;0,0;20;{}
"""


def by_hand(column):
    middle = sum(column) / len(column)
    deviation = (sum((value - middle) ** 2 for value in column) / len(column)) ** 0.5
    return [min(100, max(0, 50 + 20 * (value - middle) / deviation)) for value in column]


def test_a_bought_index_is_reproduced_within_a_tenth_of_a_point():
    columns = [[float(cell.replace(",", ".")) for cell in row.split(";")[3:15]] for row in BOUGHT.splitlines()[1:]]
    scores = list(zip(*map(by_hand, zip(*columns, strict=True)), strict=True))
    spans = ((0, 2), (2, 4), (4, 7), (7, 11), (11, 12))
    published = [sum(sum(row[a:b]) / (b - a) for a, b in spans) / 5 for row in scores]
    file = BOUGHT.format(*(f"{value:.1f}".replace(".", ",") for value in published))
    figures = telemarksforsking_figures.IMPORTED.read(file.encode("utf-8-sig"))
    theirs = figures[figures["indicator"] == "business_index"].set_index("komm_nr")["value"]
    values = figures[figures["indicator"].isin(list(business_indicators.AREAS))].assign(
        area=lambda rows: rows["indicator"].map(business_indicators.AREAS)
    )
    whole = index(values).areas
    whole = whole[whole["area"] == TOTAL].set_index("komm_nr")["score"]
    assert whole[theirs.index].to_numpy() == pytest.approx(theirs.to_numpy(), abs=0.1)


# -- what is refused


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        (pd.DataFrame({"year": [2024]}), "kolonnen value mangler"),
        (pd.DataFrame({"value": [1.0]}), "kolonnen year mangler"),
        (plain([1.0, np.inf]), "uendelig"),
        (plain([1.0, 2.0], direction=2), "direction"),
    ],
)
def test_a_table_that_cannot_be_scored_is_refused(values, fault):
    with pytest.raises(InvalidTable, match=fault):
        score(values)


def test_totals_refuse_an_indicator_told_twice_and_weights_under_0():
    values = score(table([[1, 2, 3, 4, 5], [2, 3, 4, 5, 6]]))
    with pytest.raises(InvalidTable, match="flere ganger"):
        totals(pd.concat([values, values]))
    with pytest.raises(InvalidTable, match="under 0"):
        totals(values.assign(weight=-1.0))
    with pytest.raises(InvalidTable, match="area mangler"):
        totals(values.drop(columns="area"))


def test_an_empty_table_gives_empty_tables():
    values = table([[1, 2, 3, 4, 5]]).head(0).astype({"value": float})
    found = index(values)
    assert len(found.indicators) == len(found.areas) == len(sensitivity(found.areas)) == len(moved(values, 2023, 2024)) == 0


def test_what_fewer_than_fifty_lie_under_has_no_place_nor_has_a_total_that_too_few_areas_of_enough_carry():
    values = table([[1, 2, 3, 4, 5], [2, 3, 4, 5, 6]]).assign(size=200.0)
    small = values["komm_nr"] == values["komm_nr"].iloc[0]
    first, second = values["area"].unique()[:2]
    one = index(values.assign(size=values["size"].mask(small & (values["area"] == first), 13.0))).areas
    own = one[one["komm_nr"] == values["komm_nr"].iloc[0]].set_index("area")
    assert own.loc[own["rank"].isna()].index.tolist() == [first]
    assert own["score"].notna().all() and own.at[TOTAL, "size"] == 200
    two = index(values.assign(size=values["size"].mask(small & values["area"].isin([first, second]), 13.0))).areas
    own = two[two["komm_nr"] == values["komm_nr"].iloc[0]].set_index("area")
    assert own.at[TOTAL, "size"] == 13
    assert own.loc[TOTAL, ["rank", "robust_rank", "rank_low", "rank_high"]].isna().all()
    assert two.loc[two["komm_nr"] != values["komm_nr"].iloc[0], "rank"].notna().all()
