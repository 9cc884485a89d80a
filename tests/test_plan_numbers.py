"""Numbers that municipal plans ask for: by published figures, by hand, by what must always hold, and by what is no such file."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import BadAnswer, InvalidTable
from nlib.data.readers.telemarksforsking import unwrapped
from nlib.data.sources import industry_groups, nho_ranks, ssb_12367, ssb_13255
from nlib.indicators import (
    dwelling_construction,
    industry_group_jobs,
    migration_by_age,
    new_jobs,
    nho_comparison,
    private_purchases,
    youth_outside,
)
from nlib.methods.composite import TOTAL
from nlib.themes.arbeidsplasser import figures as arbeidsplasser
from nlib.themes.befolkning import text as befolkning
from nlib.themes.kommune_nm.text import nhos_own
from nlib.themes.perspektiv import text as perspektiv
from nlib.themes.utdanning import text as utdanning

NUMBERS = ("0301", "3222", "1151")
FEW = settings(max_examples=20)
COUNT = st.one_of(st.none(), st.integers(0, 5000))


def table(columns, *rows, **same):
    """Rows under these headings; whole numbers may be missing."""
    frame = pd.DataFrame(rows, columns=columns.split()).assign(**same)
    counts = [name for name in frame if name not in ("komm_nr", "sector", "nace2", "group", "area", "kind") and name != "year"]
    return frame.astype({name: "Int64" for name in counts if not frame[name].map(type).eq(bool).all()})


# -- the private share of new jobs

SECTORS = ("stat", "fylkeskommune", "kommune", "offentlig_foretak", "privat")


def sectors(**of_year):
    """Jobs by sector (in the order of SECTORS) of one municipality, by year («y2016»)."""
    rows = [("3222", int(year[1:]), sector, n) for year, jobs in of_year.items() for sector, n in zip(SECTORS, jobs, strict=True)]
    return table("komm_nr year sector jobs", *rows, employed_residents=0, comparable=True)


def grown(frame):
    return new_jobs.DATASET.check(new_jobs.build(frame)).set_index(["year", "span"])


def test_the_private_share_of_new_jobs_is_that_of_ssbs_figures_for_the_country():
    # SSB 13472, the whole country, 4th quarter 2016 and 2017
    before, after = (296821, 44706, 478441, 115267, 1678419), (298104, 44983, 488718, 112865, 1702626)
    row = grown(sectors(y2016=before, y2017=after)).loc[2017, 1]
    assert row[["growth", "private_growth", "owned_growth", "public_growth"]].tolist() == [33642, 24207, -2402, 11837]
    assert row["private_share_pct"] == pytest.approx(71.95, abs=0.005)
    assert row["nation_share_pct"] == row["private_share_pct"]


def test_no_share_is_given_where_jobs_have_not_become_more_and_none_over_the_break_of_2015():
    table = grown(sectors(y2014=(0, 0, 10, 0, 90), y2015=(0, 0, 10, 0, 95), y2016=(0, 0, 10, 0, 90)))
    assert table.loc[(2016, 1), "growth"] == -5
    assert pd.isna(table.loc[(2016, 1), "private_share_pct"])
    assert table.loc[(2015, 1), ["growth", "private_growth", "private_share_pct"]].isna().all()


def test_a_hidden_sector_leaves_its_part_and_the_share_missing():
    row = grown(sectors(y2016=(5, 5, 10, 0, 90), y2017=(5, None, 10, 0, 95))).loc[2017, 1]
    assert row[["growth", "public_growth", "private_share_pct"]].isna().all()
    assert row["private_growth"] == 5


@FEW
@given(st.lists(st.lists(st.integers(0, 9000), min_size=5, max_size=5), min_size=2, max_size=2))
def test_the_parts_of_growth_add_up_and_the_share_is_between_0_and_100_where_all_of_them_grow(counts):
    row = grown(sectors(y2020=counts[0], y2021=counts[1])).loc[2021, 1]
    assert row["growth"] == sum(counts[1]) - sum(counts[0])
    parts = row[list(new_jobs.PARTS)]
    assert parts.sum() == row["growth"]
    if (parts >= 0).all() and row["growth"] > 0:
        assert 0 <= row["private_share_pct"] <= 100


# -- knowledge-intensive and own groups of industries


def employed(*rows):
    return table("komm_nr year nace2 jobs", *rows, employed_residents=0, comparable=True)


def groups(*rows):
    return pd.DataFrame(rows, columns=["group", "nace2"]).assign(own=True)


def shares(industries, given_groups):
    built = industry_group_jobs.DATASET.check(industry_group_jobs.build(industries, given_groups))
    return built.set_index(["komm_nr", "group"])


def test_jobs_in_a_group_and_its_share_are_those_counted_by_hand():
    # 30 of 100 known jobs in Lørenskog, 50 of 200 in the two: 25 percent
    industries = employed(
        ("3222", 2025, "62", 20), ("3222", 2025, "72", 10), ("3222", 2025, "47", 70), ("3222", 2025, "00", 5),
        ("0301", 2025, "62", 20), ("0301", 2025, "47", 80),
    )  # fmt: skip
    told = shares(industries, groups(("kunnskap", "62"), ("kunnskap", "72"), ("fiske", "03")))
    assert told.loc[("3222", "kunnskap"), ["jobs", "share_pct", "nation_pct"]].tolist() == [30, 30, 25]
    assert told.loc[("3222", "kunnskap"), "quotient"] == pytest.approx(1.2)
    assert told.loc[("3222", "fiske"), ["jobs", "share_pct"]].tolist() == [0, 0], "nobody, and not unknown"


def test_a_hidden_industry_leaves_its_groups_and_all_shares_missing():
    told = shares(employed(("3222", 2025, "62", None), ("3222", 2025, "47", 70)), groups(("a", "62"), ("b", "47"))).loc["3222"]
    assert pd.isna(told.loc["a", "jobs"]) and told.loc["b", "jobs"] == 70
    assert told["share_pct"].isna().all()


@FEW
@given(st.lists(st.integers(0, 900), min_size=4, max_size=4))
def test_groups_that_part_the_industries_have_all_jobs_between_them(counts):
    industries = employed(*(("3222", 2025, nace2, n) for nace2, n in zip(("10", "47", "62", "86"), counts, strict=True)))
    told = shares(industries, groups(("a", "10"), ("a", "47"), ("b", "62"), ("b", "86")))
    assert told["jobs"].sum() == sum(counts)
    if sum(counts):
        assert told["share_pct"].sum() == pytest.approx(100)


def test_eurostats_knowledge_intensive_services_follow_and_a_file_takes_the_place_of_a_group():
    usual = industry_groups.DATASET.check(industry_groups.build(None))
    of = usual.groupby("group")["nace2"].apply(set)
    assert {"62", "64", "72", "85", "86"} <= of["kunnskapsintensive tjenester"]
    assert not of["kunnskapsintensive tjenester"] & {"47", "49", "68", "77", "81"}
    assert of["kunnskapsintensive markedstjenester"] < of["kunnskapsintensive tjenester"]
    assert of["høyteknologisk industri"] == {"20", "21", "26", "27", "28", "29", "30"}
    own = industry_groups.build(industry_groups.IMPORTED.read("Gruppe;NACE\nhøyteknologisk industri;26\n".encode()))
    assert own.loc[own["group"] == "høyteknologisk industri", "nace2"].tolist() == ["26"]


def test_codes_of_a_group_are_read_one_by_one_and_in_ranges():
    read = industry_groups.IMPORTED.read("Gruppe;Næringskoder\nIKT;58 – 63, 26\nMat;1\nMat;10\n".encode())
    assert read.groupby("group")["nace2"].apply(list).to_dict() == {
        "IKT": ["58", "59", "60", "61", "62", "63", "26"],
        "Mat": ["01", "10"],
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("IKT;6201", "rad 2"),
        ("IKT;J", "to sifre"),
        ("IKT;04", "Ingen næring"),
        (";62", "ingen rader"),
        ("IKT;63-58", "Ingen næring"),
    ],
)
def test_what_is_no_industry_code_is_an_error_that_names_the_row(line, told):
    with pytest.raises(BadAnswer, match=told):
        industry_groups.IMPORTED.read(f"Gruppe;Næringskoder\n{line}\n".encode())


# -- NHO's published ranks


def ranked(text):
    return nho_ranks.IMPORTED.together([("nho.csv", nho_ranks.IMPORTED.read(text.encode()))])


def test_nhos_rank_stands_with_what_it_has_moved_and_our_place_in_the_latest_year_before():
    ranks = table("komm_nr year area rank n", ("3222", 2024, "samlet", 20, 357), ("3222", 2025, "samlet", 15, 357))
    rows = [("3222", 2023, TOTAL, 30, 350), ("3222", 2024, TOTAL, 31, 350), ("3222", 2025, TOTAL, 32, 350)]
    ours = table("komm_nr year area rank n", *rows)
    row = nho_comparison.DATASET.check(nho_comparison.build(ranks, ours)).set_index("year").loc[2025]
    assert row[["nho_rank", "moved", "our_year", "our_rank", "our_n"]].tolist() == [15, 5, 2024, 31, 350]


def test_an_area_that_is_not_ours_has_no_place_of_ours():
    ranks = table("komm_nr year area rank n", ("3222", 2025, "omstilling", 15, 357))
    row = nho_comparison.DATASET.check(nho_comparison.build(ranks, table("komm_nr year area rank n"))).iloc[0]
    assert row["nho_rank"] == 15 and pd.isna(row["our_rank"]) and pd.isna(row["moved"])


@FEW
@given(st.lists(st.integers(1, 357), min_size=2, max_size=5))
def test_what_a_rank_has_moved_adds_up_to_the_way_from_the_first_year_to_the_last(places):
    ranks = table("komm_nr year area rank n", *(("3222", 2019 + at, "samlet", place, 357) for at, place in enumerate(places)))
    told = nho_comparison.build(ranks, table("komm_nr year area rank n"))
    assert told["moved"].sum() == places[0] - places[-1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Kommunenr;År;Plassering\n3222;2025;0\n", "plass 1 er best"),
        ("Kommunenr;År;Plassering\n3222;2025;4\n3222;2025;5\n", "to ganger"),
        ("Kommunenr;År;Plassering\n3222;2025;4,5\n", "ikke et antall plasser"),
        ("Kommunenr;År;Poeng\n3222;2025;4\n", "Plassering"),
        ("Kommunenr;År;Plassering\n3222;2025;480\n", "så mange kommuner er det ikke"),
    ],
)
def test_what_is_no_rank_is_an_error(text, told):
    with pytest.raises(BadAnswer, match=told):
        ranked(text)


# -- purchases from private firms


def purchases(*rows, people=1000):
    expenses = table("komm_nr year expenses_1000_kr private_1000_kr", *rows, comparable=True)
    inhabitants = table("komm_nr year population", *((row[0], row[1] + 1, people) for row in rows))
    return private_purchases.DATASET.check(private_purchases.build(expenses, inhabitants)).set_index("komm_nr")


def test_purchases_are_measured_on_expenses_and_on_inhabitants_at_the_end_of_the_year():
    rates = purchases(("3222", 2024, 200_000, 30_000), ("0301", 2024, 600_000, 50_000))
    assert rates.loc["3222", ["share_pct", "per_inhabitant_kr", "nation_pct"]].tolist() == [15, 30_000, 10]


def test_a_municipality_that_has_not_reported_is_missing_and_not_in_the_nation():
    rates = purchases(("3222", 2024, None, None), ("0301", 2024, 500_000, 50_000))
    assert rates.loc["3222", ["private_1000_kr", "share_pct", "per_inhabitant_kr"]].isna().all()
    assert rates["nation_pct"].tolist() == [10, 10]


@FEW
@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=3, max_size=3))
def test_the_nations_share_lies_between_those_of_the_municipalities(amounts):
    rates = purchases(*((number, 2024, *pair) for number, pair in zip(NUMBERS, amounts, strict=True)))
    assert rates["share_pct"].min() - 1e-9 <= rates["nation_pct"].iloc[0] <= rates["share_pct"].max() + 1e-9


def cells(declaration, *rows):
    columns = [*declaration.keys.values(), "year", *declaration.contents.values()]
    return declaration.raw().read([declaration.answer(pd.DataFrame(rows, columns=columns), "2026-01-01T00:00:00Z")])


CODES = pd.DataFrame([("3222", "Lørenskog", "2024-01-01", None)], columns=["komm_nr", "name", "valid_from", "valid_to"])
CHANGES = pd.DataFrame(columns=["date", "old_nr", "new_nr"])


def test_functions_are_summed_and_one_without_a_figure_leaves_the_sum_missing():
    rows = [("3222", "120", "expenses_1000_kr", 2024, 10), ("3222", "202", "expenses_1000_kr", 2024, 30)]
    rows += [("3222", "120", "private_1000_kr", 2024, 4), ("3222", "202", "private_1000_kr", 2024, 1)]
    raw = cells(ssb_12367.DECLARED, *rows)
    row = ssb_12367.DATASET.check(ssb_12367.build(raw, CODES, CHANGES)).iloc[0]
    assert (row["expenses_1000_kr"], row["private_1000_kr"]) == (40, 5)
    late, never = (
        raw.assign(value=raw["value"].mask(raw["value"] == 4), status=raw["status"].mask(raw["value"] == 4, mark))
        for mark in ("..", ".")
    )
    row = ssb_12367.build(late, CODES, CHANGES).iloc[0]
    assert row["expenses_1000_kr"] == 40 and pd.isna(row["private_1000_kr"])
    assert ssb_12367.build(never, CODES, CHANGES).iloc[0]["private_1000_kr"] == 1, "what cannot occur is no gap"


# -- moves by age

AGES = ((0, 19), (20, 66), (67, 105))


def moves(*rows):
    return table("komm_nr year first_age last_age moved_in moved_out", *rows, comparable=True)


def people(counts, year=2024):
    rows = [(number, year, age, n) for number in counts for age, n in counts[number].items()]
    return table("komm_nr year age population", *rows)


def moved(*given_tables):
    return migration_by_age.DATASET.check(migration_by_age.build(*given_tables)).set_index(["komm_nr", "first_age"])


def test_net_moves_are_measured_on_those_of_the_age():
    rates = moved(
        moves(("3222", 2024, 0, 19, 30, 20), ("3222", 2024, 20, 105, 50, 90), ("0301", 2024, 0, 19, 10, 30)),
        people({"3222": {0: 40, 19: 60, 20: 900, 105: 100}, "0301": {5: 300}}),
    )
    assert rates.loc[("3222", 0), ["net", "net_per_1000"]].tolist() == [10, 100]
    assert rates.loc[("3222", 20), ["net", "net_per_1000"]].tolist() == [-40, -40]
    assert rates.loc[("3222", 0), "nation_per_1000"] == pytest.approx(1000 * (10 - 20) / 400)


def test_a_hidden_move_is_missing_and_a_hidden_age_leaves_the_rate_missing():
    rates = moved(
        moves(("3222", 2024, 0, 19, None, 20), ("3222", 2024, 20, 105, 50, 90)), people({"3222": {0: 40, 20: None, 30: 100}})
    )
    assert pd.isna(rates.loc[("3222", 0), "net"])
    assert rates.loc[("3222", 20), "net"] == -40 and pd.isna(rates.loc[("3222", 20), "net_per_1000"])


@FEW
@given(st.lists(st.tuples(COUNT, COUNT), min_size=3, max_size=3))
def test_net_is_what_came_less_what_left_or_missing(pairs):
    rates = moved(
        moves(*(("3222", 2024, *ages, *pair) for ages, pair in zip(AGES, pairs, strict=True))),
        people({"3222": {5: 10, 40: 10, 80: 10}}),
    )
    for (first, _), (came, left) in zip(AGES, pairs, strict=True):
        net = rates.loc[("3222", first), "net"]
        assert pd.isna(net) if None in (came, left) else net == came - left


def test_age_groups_are_read_by_their_names_and_all_ages_together_left_out():
    labels = ["Alle aldre", "0–5 år", "6-66 år", "67 år eller eldre"]
    raw = cells(ssb_13255.DECLARED, *(("3222", label, 2024, n, n) for n, label in enumerate(labels)))
    rates = ssb_13255.DATASET.check(ssb_13255.build(raw, CODES, CHANGES))
    assert rates[["first_age", "last_age", "moved_in"]].to_numpy().tolist() == [[0, 5, 1], [6, 66, 2], [67, 105, 3]]


@pytest.mark.parametrize(
    "labels", [["Alle aldre"], ["0-5 år", "5-66 år", "67 år og over"], ["0-5 år", "6-66 år"], ["I alt", "Barn"]]
)
def test_age_groups_that_overlap_or_leave_ages_out_are_an_error(labels):
    raw = cells(ssb_13255.DECLARED, *(("3222", label, 2024, 1, 1) for label in labels))
    with pytest.raises(BadAnswer, match="alle aldre én gang"):
        ssb_13255.build(raw, CODES, CHANGES)


# -- dwellings completed


def built(*rows):
    construction = table("komm_nr year completed started", *((*row[:3], row[2]) for row in rows), comparable=True)
    inhabitants = table("komm_nr year population", *((row[0], row[1], row[3]) for row in rows))
    rates = dwelling_construction.DATASET.check(dwelling_construction.build(construction, inhabitants))
    return rates.set_index(["komm_nr", "year"])


def test_oslos_completed_dwellings_to_each_thousand_are_those_of_ssbs_figures():
    # SSB 05940 (completed) and 07459 (1 January), Oslo
    rates = built(("0301", 2023, 3239, 709037), ("0301", 2024, 3076, 717710), ("0301", 2025, 2122, 724290)).loc["0301"]
    assert rates["per_1000"].round(2).tolist() == [4.57, 4.29, 2.93]
    assert rates.loc[2025, "mean_per_1000"] == pytest.approx(3.92, abs=0.005)
    assert rates.loc[[2023, 2024], "mean_per_1000"].isna().all(), "three years are not known"


def test_a_missing_year_leaves_the_means_it_is_in_missing():
    rates = built(*(("3222", 2020 + at, n, 1000) for at, n in enumerate((3, 3, None, 3, 3, 3)))).loc["3222"]
    assert rates["mean_per_1000"].notna().tolist() == [False, False, False, False, False, True]


def test_a_gap_of_years_is_not_measured_across():
    rates = built(("3222", 2018, 3, 1000), ("3222", 2019, 3, 1000), ("3222", 2022, 3, 1000)).loc["3222"]
    assert rates["mean_per_1000"].isna().all()


@FEW
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 90_000)), min_size=3, max_size=3))
def test_the_mean_lies_between_the_years_it_is_of(years):
    rates = built(*(("3222", 2020 + at, n, inhabitants) for at, (n, inhabitants) in enumerate(years))).loc["3222"]
    low, high = rates["per_1000"].min(), rates["per_1000"].max()
    assert low - 1e-9 <= rates.loc[2022, "mean_per_1000"] <= high + 1e-9
    assert rates.loc[2022, "nation_mean_per_1000"] == pytest.approx(rates.loc[2022, "mean_per_1000"])


def test_plans_are_given_their_numbers_in_a_sentence_each_and_none_where_there_is_no_figure():
    by_age = moved(
        moves(("3222", 2024, 0, 19, 30, 20), ("3222", 2024, 20, 66, 50, 90), ("3222", 2024, 67, 105, 5, 9)),
        people({"3222": {0: 100, 20: 900, 70: 100}}),
    ).reset_index()
    assert befolkning.moved(by_age, "3222") == (
        " I 2024 kom det netto flest i alderen 0–19 år (+10), og det dro netto flest i alderen 20–66 år (−40; SSB, tabell 13255)."
    )
    assert befolkning.moved(by_age, "0301") == befolkning.moved(None, "3222") == ""
    completed = built(*(("3222", 2020 + at, n, 1000) for at, n in enumerate((3, 3, 6)))).reset_index()
    assert perspektiv.completed(completed, "3222") == (
        " I 2022 ble det fullført 6 boliger; snittet av tre år er 4,0 per 1 000 innbyggere (landet 4,0; SSB, tabell 05940)."
    )
    bought = purchases(("3222", 2024, 200_000, 30_000), ("0301", 2024, 600_000, 50_000)).reset_index()
    assert perspektiv.purchases(bought, "3222") == (
        " I 2024 gikk 15,0 % av driftsutgiftene til tjenester kjøpt av private (landet 10,0 %; SSB, tabell 12367)."
    )
    assert perspektiv.completed(None, "3222") == perspektiv.purchases(bought, "1151") == ""


def test_a_rate_is_comparable_where_its_own_year_is_though_three_are_not_known():
    rates = built(("3222", 2000, 3, 1000), ("3222", 2001, 3, 1000))
    assert rates["comparable"].all() and rates["mean_per_1000"].isna().all()


# -- the young outside work and education


def outside(*rows):
    counts = table("komm_nr year young outside", *rows, comparable=True)
    return youth_outside.DATASET.check(youth_outside.build(counts)).set_index("komm_nr")


def test_the_share_outside_is_of_all_of_the_age_and_a_hidden_count_is_missing():
    told = outside(("3222", 2024, 8000, 640), ("0301", 2024, 2000, 360), ("1151", 2024, 30, None))
    assert told.loc["3222", ["share_pct", "nation_pct"]].tolist() == [8, 10]
    assert pd.isna(told.loc["1151", "share_pct"])


@FEW
@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 100)), min_size=3, max_size=3))
def test_the_nations_share_outside_lies_between_those_of_the_municipalities(counts):
    told = outside(*((number, 2024, young, young * pct // 100) for number, (young, pct) in zip(NUMBERS, counts, strict=True)))
    assert told["share_pct"].between(0, 100).all()
    assert told["share_pct"].min() - 1e-9 <= told["nation_pct"].iloc[0] <= told["share_pct"].max() + 1e-9


def test_more_outside_than_there_are_is_refused():
    with pytest.raises(InvalidTable, match="share_pct"):
        outside(("3222", 2024, 100, 120))


def test_a_file_of_groups_and_one_of_ranks_are_known_by_their_headings():
    from nlib.data.readers import kinds

    for text, kind in (("Gruppe;Næringskoder\nIKT;62\n", "naeringsgrupper"), ("Kommunenr;År;Plassering\n3222;2025;4\n", "nho")):
        assert kinds.recognise(kinds.File(text.encode())).name == kind
        assert len(unwrapped(text.encode())) == 1


# -- as a reader meets them


def plain(text):
    """A sentence with ordinary spaces and minus."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def test_the_private_share_is_told_of_the_longest_span_up_to_five_years_and_only_where_it_is_a_part_of_the_growth():
    before, after = (10, 10, 100, 30, 850), (10, 10, 170, 30, 990)
    told = new_jobs.build(sectors(y2016=before, y2021=after))
    said = plain(arbeidsplasser.new_jobs_sentence(told, "3222", "Lørenskog"))
    assert said == (
        " Arbeidsplassene i Lørenskog økte med 210 på fem år (2016–2021), og 140 av økningen er i privat sektor uten offentlig "
        "eide foretak (67 %, landet 67 %; SSB, tabell 13472)."
    )
    fewer = new_jobs.build(sectors(y2016=before, y2021=(10, 10, 170, 30, 840)))
    assert "%" not in arbeidsplasser.new_jobs_sentence(fewer, "3222", "Lørenskog"), "no part of it: they have become fewer"
    assert arbeidsplasser.new_jobs_sentence(told, "0301", "Oslo") == arbeidsplasser.new_jobs_sentence(None, "3222", "") == ""


def test_knowledge_intensive_services_and_own_groups_are_told_with_the_nation():
    industries = employed(("3222", 2025, "62", 30), ("3222", 2025, "47", 70), ("0301", 2025, "47", 100))
    mine = pd.DataFrame([(arbeidsplasser.KNOWLEDGE, "62", False), ("Handel", "47", True)], columns=["group", "nace2", "own"])
    told = industry_group_jobs.build(industries, mine)
    assert plain(arbeidsplasser.groups_sentence(told, "3222", 2025, "Lørenskog")) == (
        " Av arbeidsplassene i Lørenskog er 30,0 % i kunnskapsintensive tjenester (landet 15,0 %) og 70,0 % i «Handel» "
        "(landet 85,0 %)."
    )
    assert arbeidsplasser.groups_sentence(told, "3222", 2024, "Lørenskog") == ""


def test_nhos_rank_is_called_nhos_and_told_with_what_it_has_moved():
    ranks = table("komm_nr year area rank n", ("3222", 2024, "samlet", 20, 357), ("3222", 2025, "samlet", 18, 357))
    told = nho_comparison.build(ranks, table("komm_nr year area rank n"))
    assert plain(nhos_own(told, "3222", "Lørenskog")) == (
        " NHOs egen Kommune-NM i 2025 har Lørenskog på plass 18 av 357 (1 er best), to bedre enn året før."
    )
    assert nhos_own(told, "0301", "Oslo") == nhos_own(None, "3222", "") == ""


def test_the_young_outside_are_told_with_the_nation_and_not_where_ssb_hides_them():
    told = outside(("3222", 2024, 8000, 640), ("0301", 2024, 2000, 360), ("1151", 2024, 30, None)).reset_index()
    assert "var 8,0 % av dem mellom 15 og 29 år utenfor" in plain(utdanning.outside(told, "3222"))
    assert "(landet 10,0 %" in plain(utdanning.outside(told, "3222"))
    assert utdanning.outside(told, "1151") == ""
