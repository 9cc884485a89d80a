"""Numbers and names over time, on the real table of the project and on small invented countries."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import BadAnswer, UnknownMunicipality
from nlib.core.municipalities import Register, fold, komm_nr, resource, spellings, with_figures


@pytest.fixture(scope="module")
def norway():
    return Register(resource("municipalities.csv"), resource("municipality_changes.csv"))


def counts(*rows):
    return pd.DataFrame(rows, columns=["komm_nr", "year", "people"]).astype({"people": "Int64"})


def carried(register, *rows, day="12-31"):
    table = register.carry(counts(*rows), ["komm_nr"], ["people"], day)
    return {(r.komm_nr, r.year): r.people for r in table.itertuples()}


def test_there_are_357_municipalities_today_and_356_in_2021_and_426_in_2017(norway):
    assert (len(norway.current), len(norway.valid("2021-12-31")), len(norway.valid("2017-12-31"))) == (357, 356, 426)


def test_lorenskog_is_followed_through_both_its_changes_of_number(norway):
    assert carried(norway, ("0230", 2019, 7), ("3029", 2020, 8), ("3222", 2024, 9)) == {
        ("3222", 2019): 7,
        ("3222", 2020): 8,
        ("3222", 2024): 9,
    }


def test_the_three_that_became_lillestrom_are_summed(norway):
    assert carried(norway, ("0226", 2019, 1), ("0227", 2019, 10), ("0231", 2019, 100)) == {("3205", 2019): 111}


def test_a_split_is_shared_by_population_and_keeps_the_total(norway):
    parts = carried(norway, ("1507", 2021, 1000))
    assert parts == {("1508", 2021): 862, ("1580", 2021): 138}


def test_figures_already_on_the_parts_are_put_together_and_shared_by_population(norway):
    assert carried(norway, ("1508", 2021, 500), ("1580", 2021, 500)) == {("1508", 2021): 862, ("1580", 2021): 138}


def test_the_day_decides_which_numbers_hold(norway):
    assert carried(norway, ("1507", 2024, 10), day="01-01") == {("1507", 2024): 10}, "1507 ended on 1 January 2024"
    assert sum(carried(norway, ("1507", 2023, 10), day="01-01").values()) == 10


def test_years_before_a_split_are_not_comparable_for_those_it_touched(norway):
    table = norway.comparable([2018, 2019, 2020, 2023, 2024])
    untrue = table[~table["comparable"]].groupby("komm_nr")["year"].apply(list).to_dict()
    assert untrue == {
        "1508": [2018, 2019, 2020, 2023],
        "1580": [2018, 2019, 2020, 2023],
        **{number: [2018, 2019] for number in ("1806", "1875", "5055", "5056", "5059")},
    }


def test_flows_inside_a_split_municipality_stay_inside_its_parts(norway):
    flows = pd.DataFrame({"home": ["1507"], "work": ["1507"], "year": [2021], "employed": pd.array([100], dtype="Int64")})
    table = norway.carry(flows, ["home", "work"], ["employed"])
    assert [(r.home, r.work, r.employed) for r in table.itertuples()] == [("1508", "1508", 86), ("1580", "1580", 14)]


def test_a_sum_of_hidden_cells_is_missing_not_zero(norway):
    assert carried(norway, ("0226", 2019, pd.NA), ("0227", 2019, pd.NA))[("3205", 2019)] is pd.NA


def test_a_sum_with_one_hidden_part_is_missing_not_too_low(norway):
    assert carried(norway, ("0226", 2019, pd.NA), ("0227", 2019, 10), ("0231", 2019, 20))[("3205", 2019)] is pd.NA
    assert carried(norway, ("1508", 2018, pd.NA), ("1580", 2018, 9)) == {("1508", 2018): pd.NA, ("1580", 2018): pd.NA}


def test_what_is_missing_under_a_number_that_did_not_hold_is_no_part_of_a_sum(norway):
    assert carried(norway, ("0226", 2019, 10), ("0227", 2019, 20), ("3205", 2019, pd.NA)) == {("3205", 2019): 30}
    assert carried(norway, ("1507", 2019, 100), ("1508", 2019, pd.NA)) == {("1508", 2019): 86, ("1580", 2019): 14}
    assert carried(norway, ("3205", 2019, pd.NA))[("3205", 2019)] is pd.NA


@pytest.mark.parametrize("hidden", [("0226", "0226"), ("0226", "0227")])
def test_a_hidden_flow_hides_the_flow_inside_what_merged(norway, hidden):
    flows = pd.DataFrame([("0226", "0226", 2019), ("0226", "0227", 2019), ("0227", "0226", 2019)], columns=["home", "work", "year"])
    told = [pd.NA if (home, work) == hidden else 10 for home, work in zip(flows["home"], flows["work"], strict=True)]
    table = norway.carry(flows.assign(employed=pd.array(told, dtype="Int64")), ["home", "work"], ["employed"])
    assert list(zip(table["home"], table["work"], strict=True)) == [("3205", "3205")]
    assert table["employed"].isna().all()


def test_what_is_no_municipality_is_left_out(norway):
    assert carried(norway, ("9999", 2019, 3), ("2111", 2019, 3), ("0301", 2019, 3)) == {("0301", 2019): 3}


def test_a_zero_under_a_number_that_did_not_hold_is_not_a_figure(norway):
    assert carried(norway, ("3205", 2018, 0), ("0226", 2018, 0), ("0301", 2018, 5)) == {("3205", 2018): 0, ("0301", 2018): 5}
    assert carried(norway, ("1160", 1994, 0), ("3222", 2018, 0)) == {}


def test_figures_of_the_parts_from_before_their_origin_are_shared_too(norway):
    assert carried(norway, ("1508", 2018, 500), ("1580", 2018, 500)) == {("1508", 2018): 862, ("1580", 2018): 138}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_totals_are_kept_exactly_and_rows_may_come_in_any_order(norway, data):
    numbers = data.draw(st.lists(st.sampled_from(norway.valid("2017-12-31")), min_size=1, max_size=60, unique=True))
    people = data.draw(st.lists(st.integers(0, 700_000), min_size=len(numbers), max_size=len(numbers)))
    frame = counts(*((number, 2017, n) for number, n in zip(numbers, people, strict=True)))
    once = norway.carry(frame, ["komm_nr"], ["people"])
    assert once["people"].sum() == sum(people)
    again = norway.carry(frame.sample(frac=1, random_state=1), ["komm_nr"], ["people"])
    pd.testing.assert_frame_equal(once, again)


def test_the_shares_of_every_number_add_up_to_one(norway):
    lineage = norway.lineage(range(2017, 2027))
    assert (lineage.groupby(["old_nr", "year"])["share"].sum() - 1).abs().max() < 1e-12
    assert set(lineage["komm_nr"]) == set(norway.current["komm_nr"])


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("3222", "3222"),
        ("0230", "3222"),
        ("3029", "3222"),
        ("LØRENSKOG", "3222"),
        ("  lorenskog ", "3222"),
        ("Skedsmo", "3205"),
        ("Deatnu", "5628"),
        ("Tana", "5628"),
        ("deatnu – tana", "5628"),
        ("Våler (Østfold)", "3114"),
        ("Nes", "3228"),
        ("Ålesund", "1508"),
        ("Haram", "1580"),
    ],
)
def test_a_municipality_is_found_by_number_or_name_old_and_sami_in_any_case(norway, asked, number):
    assert norway.find(asked) == number


@pytest.mark.parametrize("asked", ["Våler", "Herøy", "Tysfjord", "1507"])
def test_an_ambiguous_name_or_number_asks_for_the_number(norway, asked):
    with pytest.raises(UnknownMunicipality, match=r"kan være flere kommuner: \d{4} .*, \d{4} .*Oppgi nummeret"):
        norway.find(asked)


@pytest.mark.parametrize(
    ("asked", "meant"), [("Lørnskog", "Lørenskog (3222)"), ("Lilestrøm", "Lillestrøm (3205)"), ("Bærumm", "Bærum")]
)
def test_a_near_miss_is_suggested(norway, asked, meant):
    with pytest.raises(UnknownMunicipality) as told:
        norway.find(asked)
    assert meant in str(told.value)


@pytest.mark.parametrize("asked", ["", "9999", "0000", "xyzzy", "../..", "3222; rm"])
def test_what_is_no_municipality_is_refused(norway, asked):
    with pytest.raises(UnknownMunicipality):
        norway.find(asked)


def test_names_are_folded_alike_however_they_are_written():
    assert fold("Kåfjord – Gáivuotna") == fold("KAFJORD - GAIVUOTNA")
    assert spellings("Deatnu - Tana") == ["Deatnu - Tana", "Deatnu", "Tana"]
    assert spellings("Våler (Østfold)") == ["Våler (Østfold)", "Våler"]


def test_a_chain_of_split_and_merger_on_an_invented_country():
    periods = [
        ("0001", "A", "1990-01-01", "2000-01-01"),
        ("0002", "B", "1990-01-01", "2000-01-01"),
        ("0003", "C", "2000-01-01", "2010-01-01"),
        ("0004", "D", "2000-01-01", None),
        ("0005", "E", "2010-01-01", None),
    ]
    codes = pd.DataFrame(periods, columns=["komm_nr", "name", "valid_from", "valid_to"])
    changes = pd.DataFrame(
        [
            ("2000-01-01", "0001", "0003"),
            ("2000-01-01", "0001", "0004"),
            ("2000-01-01", "0002", "0003"),
            ("2010-01-01", "0003", "0005"),
        ],
        columns=["date", "old_nr", "new_nr"],
    )
    splits = pd.DataFrame({"old_nr": ["0001", "0001"], "new_nr": ["0003", "0004"], "population": ["30", "10"]})
    register = Register(codes, changes, splits)
    assert register.successors("0001", "1999-12-31") == {"0005": (0.75, True), "0004": (0.25, True)}
    assert register.successors("0002", "1999-12-31") == {"0005": (1.0, False)}
    assert carried(register, ("0001", 1999, 40), ("0002", 1999, 5)) == {("0005", 1999): 35, ("0004", 1999): 10}


def test_every_way_that_ssb_writes_a_number_is_read_and_nothing_else():
    codes = pd.Series(["5001", "K-5001", "K_4001", "K.5603", "0", "03", "030101", "EAK", "K-Rest", "30", "5001x"])
    assert list(komm_nr(codes).fillna("")) == ["5001", "5001", "4001", "5603", *[""] * 7]


def test_one_municipality_under_two_region_codes_is_not_added_to_itself(norway):
    with pytest.raises(BadAnswer, match="3222 står to ganger"):
        carried(norway, ("3222", 2024, 9), ("K-3222", 2024, 9))


def test_a_zero_under_a_number_that_does_not_hold_yet_is_no_figure(norway):
    medians = counts(("3222", 2019, 0), ("0230", 2019, 7), ("3222", 2018, 0), ("3222", 2017, 9))
    assert norway.follow(medians).to_dict("split")["data"] == [["3222", 2019, 7], ["3222", 2017, 9]]


def test_a_figure_that_cannot_be_added_follows_a_number_but_neither_a_merger_nor_a_split(norway):
    medians = counts(("0230", 2019, 7), ("0226", 2019, 1), ("0227", 2019, 2), ("1507", 2022, 3), ("3205", 2024, 4), ("03", 2024, 5))
    assert norway.follow(medians).to_dict("split")["data"] == [["3222", 2019, 7], ["3205", 2024, 4]]


def test_a_moved_border_is_no_split_both_go_on_and_the_last_year_before_it_is_marked():
    codes, changes = resource("municipalities.csv"), resource("municipality_changes.csv")
    moved = pd.DataFrame({"date": "2026-01-01", "old_nr": "3118", "new_nr": ["3207", "3216"]})
    register = Register(codes, pd.concat([changes, moved]))
    assert carried(register, ("3118", 2025, 100), ("3014", 2023, 90)) == {("3118", 2025): 100, ("3118", 2023): 90}
    assert (register.find("3118"), register.heir("3014", "2020-06-01")) == ("3118", "3118")
    table = register.comparable(range(2022, 2028)).query("not comparable and year > 2023")
    assert list(table[["komm_nr", "year"]].itertuples(index=False, name=None)) == [("3118", 2025), ("3207", 2025), ("3216", 2025)]
    borders = register.moved_borders("01-01")
    assert set(borders.itertuples(index=False, name=None)) == {
        (one, other, 2025, "2026-01-01") for one, other in [("3118", "3207"), ("3207", "3118"), ("3118", "3216"), ("3216", "3118")]
    }


def test_a_border_moved_in_the_middle_of_a_year_touches_the_year_it_is_in_on_1_january_and_the_one_before_on_31_december():
    codes = pd.DataFrame({"komm_nr": ["0001", "0002"], "name": ["A", "B"], "valid_from": "1990-01-01", "valid_to": None})
    register = Register(codes, pd.DataFrame({"date": ["2010-07-01"], "old_nr": ["0001"], "new_nr": ["0002"]}))
    assert set(register.moved_borders("01-01")["year"]) == {2010}
    assert set(register.moved_borders("12-31")["year"]) == {2009}


def test_a_new_name_and_a_number_without_another_are_no_changes():
    codes = pd.DataFrame(
        [
            ("0001", "A", "1990-01-01", "2010-01-01"),
            ("0001", "A - Á", "2010-01-01", None),
            ("0002", "B", "1990-01-01", "2005-01-01"),
        ],
        columns=["komm_nr", "name", "valid_from", "valid_to"],
    )
    rows = [("2010-01-01", "0001", "0001"), ("2005-01-01", "0002", None), ("2005-01-01", None, "0001")]
    register = Register(codes, pd.DataFrame(rows, columns=["date", "old_nr", "new_nr"]))
    assert register.changes.empty and register.border_moves.empty
    assert register.comparable([2004, 2009, 2010])["comparable"].all()


def test_a_number_that_goes_on_is_split_where_another_is_carved_out_of_it_alone_and_keeps_it_all_where_a_number_ended_for_it():
    def register(*rows):
        codes = pd.DataFrame(
            [("0001", "A", "1990-01-01", None), ("0002", "B", "1990-01-01", "2010-01-01"), ("0003", "C", "2010-01-01", None)],
            columns=["komm_nr", "name", "valid_from", "valid_to"],
        )
        splits = pd.DataFrame({"old_nr": "0001", "new_nr": ["0001", "0003"], "population": ["3", "1"]})
        return Register(codes, pd.DataFrame(rows, columns=["date", "old_nr", "new_nr"]), splits)

    carved = register(("2010-01-01", "0001", "0003"))
    assert carved.successors("0001", "2009-12-31") == {"0001": (0.75, True), "0003": (0.25, True)}
    joined = register(("2010-01-01", "0001", "0003"), ("2010-01-01", "0002", "0003"))
    assert joined.successors("0001", "2009-12-31") == {"0001": (1.0, False)}
    assert joined.successors("0002", "2009-12-31") == {"0003": (1.0, False)}
    assert set(joined.moved_borders()["komm_nr"]) == {"0001", "0003"}


def test_a_number_is_asked_for_in_the_years_about_those_it_held_in_and_one_that_is_not_known_in_all():
    codes = ["0230", "3029", "3222", "K-3222", "9998", "0", "32"]
    assert with_figures(codes, 2010) == ["0230", "9998", "0", "32"]
    assert with_figures(codes, 2020) == ["0230", "3029", "9998", "0", "32"]
    assert with_figures(codes, 2025) == ["3029", "3222", "K-3222", "9998", "0", "32"]
