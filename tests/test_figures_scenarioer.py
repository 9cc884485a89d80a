"""The scenario page: what its titles say, what its figures hold, and when there is none."""

import numpy as np
import pandas as pd
import pytest

from nlib.charts import drawing
from nlib.charts.chart import Chart, Missing
from nlib.charts.legible import faults
from nlib.core.errors import WrongUse
from nlib.core.language import short_name
from nlib.themes.scenarioer import figures as scenarioer
from nlib.themes.scenarioer import text as findings
from nlib.themes.scenarioer.figures import (
    about,
    ages_sentence,
    births_sentence,
    changed,
    needs_sentence,
    outside_sentence,
    own_record,
    own_sentence,
    people_sentence,
    record_sentence,
    seldom_held,
)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


@pytest.fixture(scope="module")
def tables(demo_edition):
    scenarios = ("population_scenarios", "population_ahead_by_age", "population_projection")
    names = (*scenarios, "projection_rates", "projection_backtest", "population")
    places = demo_edition.table("municipalities")
    short = dict(zip(places["komm_nr"], places["name"].map(short_name), strict=True))
    return {name: demo_edition.table(name) for name in names} | {"names": short}


def drawn(tables, komm_nr, horizon=2050, **own):
    scenarios, names = tables["population_scenarios"], tables["names"]
    return {
        "people": scenarioer.people(scenarios, tables["population"], tables["population_projection"], names, komm_nr, horizon),
        "ages": scenarioer.ages(tables["population_ahead_by_age"], tables["population_projection"], names, komm_nr, horizon),
        "own": scenarioer.own(tables["projection_rates"], names, komm_nr, horizon, **own),
        "record": scenarioer.record(tables["projection_backtest"], komm_nr),
    }


def front_of(tables, charts, **horizon):
    by_id = {chart.id: chart for chart in charts.values()}
    return findings.front(tables["population_scenarios"], tables["names"], "3222", lambda id, **__: by_id[id], **horizon)


@pytest.mark.parametrize("komm_nr", ["3222", "0301", "1151", "1580"])
def test_every_figure_can_be_read_wide_and_narrow_and_has_numbers_in_its_alt(tables, komm_nr):
    for name, chart in drawn(tables, komm_nr).items():
        assert isinstance(chart, Chart), name
        assert chart.id == f"scenarioer.{name}"
        assert any(letter.isdigit() for letter in chart.alt)
        assert "nan" not in (chart.title + chart.reading + chart.alt + chart.uncertainty).lower()
        for narrow in (False, True):
            assert faults(drawing.svg(chart, narrow).decode()) == [], (name, narrow)


def test_a_nearer_horizon_ends_every_figure_there(tables):
    charts = drawn(tables, "3222", 2035)
    for name in ("people", "own"):
        assert charts[name].table["År"].iloc[-1] == "2035"
    assert "2035" in charts["ages"].title


@pytest.mark.parametrize("horizon", [2026, 2051, "2040", True, 2040.5])
def test_a_horizon_that_is_not_there_is_refused(tables, horizon):
    with pytest.raises(WrongUse, match="horizon"):
        drawn(tables, "3222", horizon)


@pytest.mark.parametrize("own", [{"attraktivitet": "mye"}, {"fruktbarhet": float("nan")}, {"fruktbarhet": -1.0}])
def test_an_assumption_that_is_not_a_number_is_refused(tables, own):
    with pytest.raises(WrongUse, match=r"ruktbarhet|attraktivitet"):
        drawn(tables, "3222", **own)


def test_own_assumptions_move_the_people_their_way(tables):
    same, more, fewer = (
        drawn(tables, "3222", **own)["own"].table.iloc[-1]
        for own in ({"attraktivitet": 0.0}, {"attraktivitet": 0.5}, {"attraktivitet": 0.0, "fruktbarhet": 0.5})
    )
    assert same["Egen"] == pytest.approx(same["Nøytral"])
    assert more["Egen"] > more["Nøytral"]
    assert fewer["Egen"] < fewer["Nøytral"]
    neutral = drawn(tables, "3222")["people"].table["Nøytral"].iloc[-1]
    assert same["Nøytral"] == pytest.approx(neutral), "the page has one neutral course"


def test_without_figures_the_reason_is_told(tables):
    bare = {name: table if name == "names" else table.head(0) for name, table in tables.items()}
    charts = drawn(bare, "3222")
    assert all(isinstance(chart, Missing) and chart.reason for chart in charts.values())
    front = front_of(bare, charts)
    assert front.findings == front.key_figures == ()


def test_what_is_needed_is_said_of_what_was_counted():
    then = pd.Series({"jobs": 90.0, "jobs_counted": 100.0, "dwellings": 99.0, "dwellings_counted": 80.0})
    assert needs_sentence(then, 2050) == (
        " Med så mange til hver innbygger som ved siste telling trengs 10 færre arbeidsplasser (til dem på 20–66 år) og "
        "19 flere boliger (til dem på 20 år og over) i 2050."
    )
    then["dwellings"] = 80.0  # none fewer and none more are not needed
    assert needs_sentence(then, 2050).endswith("trengs 10 færre arbeidsplasser (til dem på 20–66 år) i 2050.")
    then["jobs_counted"] = np.nan
    assert needs_sentence(then, 2050) == ""


def test_a_front_has_four_key_figures_and_three_findings_that_link(tables):
    front = front_of(tables, drawn(tables, "3222", 2040), horizon=2040)
    assert len(front.key_figures) == 4
    assert [finding.chart for finding in front.findings] == ["scenarioer.people", "scenarioer.ages", "scenarioer.record"]
    assert "2040" in front.title


def test_a_course_that_few_have_grown_as_is_told_and_so_is_a_band_that_has_seldom_held(tables):
    scenarios = tables["population_scenarios"]
    own = scenarios["komm_nr"] == "3222"
    told = scenarios.assign(usual=scenarios["usual"] & ~(own & (scenarios["course"] == "neutral")))
    told = told.assign(tried=told["tried"].mask(own & told["leads"], 10), held=told["held"].mask(own & told["leads"], 4))
    doubt = plain(drawn(tables | {"population_scenarios": told}, "3222")["people"].uncertainty)
    assert "er utenfor det vanlige: ni av ti ganger" in doubt and "«nøytral»" in doubt
    assert "For Lørenskog har båndet holdt i 4 av 10 etterprøvinger fem år fram: vær varsom." in doubt
    often = told.assign(held=told["tried"], usual=True)
    doubt = plain(drawn(tables | {"population_scenarios": often}, "3222")["people"].uncertainty)
    assert "utenfor det vanlige" not in doubt and "har båndet holdt i 10 av 10 etterprøvinger fem år fram." in doubt


def test_the_title_is_of_the_year_that_is_asked_for_and_the_fan_goes_on(tables):
    given = {name: tables[name] for name in ("population_scenarios", "population", "population_projection", "names")}
    chart = scenarioer.people(**given, komm_nr="3222", told=2035)
    assert "i 2035" in chart.title and chart.table["År"].iloc[-1] == "2050"


def test_the_course_that_leads_is_the_one_that_figures_and_key_figures_tell(tables):
    scenarios = tables["population_scenarios"]
    lead = scenarios[(scenarios["komm_nr"] == "3222") & scenarios["leads"] & (scenarios["year"] == 2050)].iloc[0]
    charts = drawn(tables, "3222")
    ends = charts["people"].table.iloc[-1]
    assert ends[scenarioer.LABELS[lead["course"]].capitalize()] == lead["population"]
    assert (ends["Ni av ti, nedre"], ends["Ni av ti, øvre"]) == (lead["low"], lead["high"])
    assert charts["ages"].table["2050"].tolist() == pytest.approx(lead[list(scenarioer.AGES)].tolist())


# -- sentences


def test_counts_are_told_with_three_figures():
    assert [plain(about(value)) for value in (189.4, 1234, 62_948, 1_021_508)] == ["189", "1 230", "62 900", "1 020 000"]


def test_a_change_is_told_in_words():
    assert changed(100, 112) == "vokser 12 prosent"
    assert changed(100, 95) == "går ned 5 prosent"
    assert changed(1000, 1004) == "blir om lag som nå"
    assert changed(0, 3) == "blir 3"


def test_titles_tell_the_finding():
    main = pd.DataFrame({"population": [1000.0, 1100.0], "low": [1000, 950.0], "high": [1000, 1270.0]}, index=[2026, 2050])
    said = [
        plain(people_sentence(main.assign(tried=tried, held=held), "Vik")) for tried, held in ((10, 7), (10, 6), (pd.NA, pd.NA))
    ]
    assert said == [
        "Folketallet i Vik blir trolig 950–1 270 i 2050",
        "Folketallet i Vik i 2050: 950–1 270; slike bånd svikter ofte",
        "Folketallet i Vik i 2050: 950–1 270 med uprøvd metode",
    ]
    assert own_record(pd.Series({"low": 950.0, "tried": pd.NA}), "Vik").startswith("Metoden er ikke prøvd på Vik")
    theirs = pd.Series([1000.0, 1280.0], index=[2026, 2050])
    assert outside_sentence(main, theirs) == " SSBs hovedalternativ er utenfor båndet fra 2050."
    assert outside_sentence(main, theirs.head(1)) == outside_sentence(main, theirs.head(0)) == ""
    assert people_sentence(main.assign(low=np.nan), "Vik") == "Folketallet i Vik vokser 10 prosent til 2050"
    said = ages_sentence(pd.Series({"age_80": 50.0}), pd.Series({"age_80": 90.0}), "Vik", 2050)
    assert said == "Minst 80 år i Vik: 90 i 2050 (nå 50)"


def test_age_groups_whose_bands_have_held_too_seldom_are_named():
    rows = pd.DataFrame({"tried": 10, "held": [10, 7, 6]}, index=["age_1_5", "age_6_15", "age_80"]).astype("Int64")
    assert seldom_held(rows, "Vik") == "For Vik har båndene for 80 år og eldre holdt sjeldnere enn de skal."
    assert seldom_held(rows.assign(held=[6, 6, 9]), "Vik").startswith("For Vik har båndene for 1–5 år og 6–15 år holdt")
    assert seldom_held(rows.assign(held=10), "Vik") == seldom_held(rows.assign(tried=pd.NA, held=pd.NA), "Vik") == ""


@pytest.mark.parametrize(
    ("surplus", "said"),
    [
        ([2, 1, 1], ""),
        ([-1, -1, -1], " Fra 2026 dør det flere enn det fødes."),
        ([1, -1, -1], " Fra 2027 dør det flere enn det fødes."),
        ([1, -1, 1], ""),
    ],
)
def test_it_is_said_from_when_more_die_than_are_born(surplus, said):
    main = pd.DataFrame({"births": np.array(surplus) + 5.0, "deaths": 5.0}, index=[2026, 2027, 2028])
    assert births_sentence(main, already=False) == said


def test_that_more_die_than_are_born_is_no_news_where_they_do_already():
    main = pd.DataFrame({"births": [5.0, 5.0], "deaths": [6.0, 6.0]}, index=[2026, 2027])
    assert births_sentence(main, already=True) == " Det dør flere enn det fødes, også framover."
    assert births_sentence(main.assign(births=[7.0, 5.0]), already=True) == " Fra 2027 dør det flere enn det fødes."


def test_a_key_figure_and_the_text_tell_the_same_change(tables):
    charts = drawn(tables, "3222")
    front = front_of(tables, charts)
    dwellings = next(key for key in front.key_figures if key.label == "Boliger")
    change = dwellings.change.split(" (")[0].removeprefix("+")
    assert plain(f"{change} flere boliger") in plain(charts["people"].reading)


def test_own_assumptions_are_told_with_what_they_give():
    last = pd.Series({"own": 90.0, "neutral": 100.0})
    assert own_sentence(last, "Vik", 2040) == "Egne forutsetninger gir Vik ti færre enn «nøytral» i 2040"
    same = pd.Series({"own": 90.0, "neutral": 90.0})
    assert own_sentence(same, "Vik", 2040) == "Egne forutsetninger gir Vik like mange som «nøytral» i 2040"
    grown = pd.Series({"own": 1234.0, "neutral": 1000.0})
    assert plain(own_sentence(grown, "Vik", 2040)) == "Egne forutsetninger gir Vik 230 flere enn «nøytral» i 2040"


def test_the_record_is_how_often_the_error_was_small():
    assert plain(record_sentence(84.0)) == "Etter fem år var feilen høyst 5 % i 84 % av kommunene"
