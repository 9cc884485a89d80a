"""A declared StatBank table: what it asks for, what it reads, how it is carried to today's municipalities."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import Register, resource
from nlib.data.readers import jsonstat
from nlib.data.statbank import EITHER, MUNICIPALITIES, StatBank

DECLARED = StatBank(
    table="00000",
    title="Personer, etter region, kjønn, status og år",
    keys={"Region": "komm_nr", "Kjonn": "sex", "Status": "status"},
    values={"Kjonn": {"1": "1", "2": "2"}, "Status": {"I arbeid": "work", "Andre": "rest"}},
    named=("Status",),
    only={"Alder": "15+"},
    if_there=("Kjonn",),
    contents={"Personer1": "persons"},
    first_year=2019,
)
REGISTER = resource("municipalities.csv"), resource("municipality_changes.csv")


def figures(numbers=("0230",), year=2019):
    rows = [(number, sex, status, year) for number in numbers for sex in "12" for status in ("work", "rest")]
    return pd.DataFrame(rows, columns=["komm_nr", "sex", "status", "year"]).assign(persons=range(10, 10 + len(rows)))


def read(frame=None, declared=DECLARED):
    return declared.raw("x").read([declared.answer(figures() if frame is None else frame, "2026-01-01T00:00:00Z")])


def test_it_asks_for_its_own_codes_and_for_names_where_codes_are_not_known():
    query = DECLARED.query
    assert query.select == {
        "Region": MUNICIPALITIES,
        "Kjonn": ("1", "2"),
        "Status": ("*",),
        "Alder": ("15+",),
        "ContentsCode": ("Personer1",),
        "Tid": ("*",),
    }
    assert query.labels == {"Status": ("I arbeid", "Andre")}
    assert query.if_there == ("Kjonn",)
    assert query.numbers == ("Region",)


def test_counties_parts_of_municipalities_and_years_are_asked_for_where_the_declaration_says_so():
    codes = {"Region": ("0", *MUNICIPALITIES), "Tid": ("202?",)}
    assert replace(DECLARED, codes=codes).query.select | codes == replace(DECLARED, codes=codes).query.select


def test_values_are_read_as_ours_and_totals_are_left_out():
    raw = read()
    total = raw[raw["Kjonn"] == "1"].assign(Kjonn="0")
    frame = DECLARED.frame(pd.concat([raw.astype({"Kjonn": "str"}), total.astype({"Kjonn": "str"})]))
    assert list(frame.columns) == ["komm_nr", "sex", "status", "year", "persons"]
    assert frame["persons"].sum() == figures()["persons"].sum()


def test_a_variable_that_this_copy_lacks_is_read_as_either():
    without = StatBank(**{**vars(DECLARED), "keys": {"Region": "komm_nr", "Status": "status"}, "values": {
        "Status": DECLARED.values["Status"]}, "if_there": ()})  # fmt: skip
    raw = read(figures().query("sex == '1'").drop(columns="sex"), without)
    assert set(DECLARED.frame(raw)["sex"]) == {EITHER}


def test_a_name_that_is_gone_is_said():
    raw = read()
    with pytest.raises(BadAnswer, match="Tabell 00000 mangler Andre"):
        DECLARED.frame(raw[raw["Status"] != "Andre"])


def test_counts_are_added_up_on_todays_municipality_and_a_sum_with_a_hidden_part_of_nothing_else_is_missing():
    frame = figures(("0226", "0227", "0231"))
    table = DECLARED.today(read(frame), *REGISTER)
    assert set(table["komm_nr"]) == {"3205"}
    assert table["persons"].sum() == frame["persons"].sum()
    assert table["comparable"].all()
    raw = read(frame)
    hidden = raw.assign(value=float("nan"), status=":")
    assert DECLARED.today(hidden, *REGISTER)["persons"].isna().all()


def test_figures_that_cannot_be_added_are_followed_only_where_the_municipality_is_the_same():
    table = DECLARED.followed(read(figures(("0226", "0227", "0231", "0230"))), *REGISTER)
    assert set(table["komm_nr"]) == {"3222"}


def test_the_synthetic_country_answers_a_year_at_a_time_from_the_first_there_is():
    norway = SimpleNamespace(updated="2026-01-01T00:00:00Z", years=range(2018, 2021), persons=lambda year: figures())
    answers = DECLARED.raw("persons", "years").synthetic(norway)
    assert [jsonstat.axes(answer)["Tid"] for answer in answers] == [["2019"], ["2020"]]


def lacking(numbers, year):
    """The numbers of 1 January that are told to be lacking from a table with rows of these."""
    declared = StatBank(table="0", title="", keys={"Region": "komm_nr"}, contents={"Personer1": "persons"}, day="01-01")
    return declared.absent(pd.DataFrame({"Region": numbers, "Tid": str(year)}), Register(*REGISTER))["komm_nr"].tolist()


def test_figures_under_a_number_that_came_later_are_there_for_the_one_that_held():
    held = Register(*REGISTER).valid("2021-01-01")
    assert lacking(held, 2021) == []
    today = [{"3029": "3222", "3001": "3101"}.get(number, number) for number in held]
    assert lacking(today, 2021) == []


def test_a_number_that_has_figures_neither_under_itself_nor_under_one_that_came_later_is_lacking():
    held = Register(*REGISTER).valid("2021-01-01")
    assert lacking([number for number in held if number not in ("3029", "1103")], 2021) == ["1103", "3029"]
    assert lacking([{"3029": "3222"}.get(number, number) for number in held if number != "3001"], 2021) == ["3001"]
