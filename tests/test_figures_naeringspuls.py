"""The page on the survey of businesses: what it says, what it will not say, and when there is little or nothing to show."""

import inspect
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nlib.charts import drawing
from nlib.charts.chart import Chart, Missing
from nlib.charts.html import figure_html
from nlib.charts.legible import faults
from nlib.core.errors import WrongUse
from nlib.core.municipalities import resource
from nlib.desk.view import figures
from nlib.indicators import survey_response, survey_results, survey_waves, survey_words
from nlib.themes.naeringspuls import figures as naeringspuls
from nlib.themes.naeringspuls import text as findings
from tests.survey_wave import asked, frame, given, imported, synthetic

NAMES = ("survey_results", "survey_response", "survey_waves", "survey_words")
EMPTY = dict(
    zip(
        NAMES,
        (m.DATASET.empty() for m in (survey_results, survey_response, survey_waves, survey_words)),
        strict=True,
    )
)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def built(*waves, invited):
    """The tables of a survey without notes."""
    codes = resource("municipalities.csv"), resource("municipality_changes.csv")
    results = survey_results.DATASET.check(survey_results.build(imported(*waves), invited, *codes))
    response = survey_response.DATASET.check(survey_response.build(imported(*waves), invited, *codes))
    changes = survey_waves.DATASET.check(survey_waves.build(results, response, invited))
    return EMPTY | {"survey_results": results, "survey_response": response, "survey_waves": changes}


@pytest.fixture(scope="module")
def tables():
    two = synthetic(2018, 5, target="bedrifter med ansatte"), synthetic(2024, 5)
    return built(*two, invited=frame(2018, 2024))


def drawn(tables, wave=0, names=None):
    own = {"names": {"3222": "Lørenskog"}, "komm_nr": "3222", "wave": wave}
    found = {}
    for name, function in figures("naeringspuls").items():
        if names is None or name in names:
            needs = inspect.signature(function).parameters
            found[name] = function(**{key: value for key, value in (tables | own).items() if key in needs})
    return found


def front(tables, wave=0):
    held = {name: tables[name] for name in NAMES}
    return findings.front(**held, names={"3222": "Lørenskog"}, komm_nr="3222", wave=wave)


def said(section):
    parts = ("title", "reading", "alt", "uncertainty", "reason", "lead")
    return " ".join(str(getattr(section, part, "")) for part in parts)


@pytest.mark.parametrize("wave", [2018, 2024])
def test_every_figure_tells_its_question_answers_and_what_is_uncertain(tables, wave):
    charts = drawn(tables, wave)
    for name in ("reasons", "improve", "focus", "satisfaction", "recommend"):
        chart = charts[name]
        assert isinstance(chart, Chart), name
        assert chart.id == f"naeringspuls.{name}"
        assert any(letter.isdigit() for letter in chart.alt)
        assert "nan" not in said(chart).lower().split()
        assert "<NA>" not in said(chart)
        assert "ikke svarte" in chart.uncertainty
        for narrow in (False, True):
            assert faults(drawing.svg(chart, narrow).decode()) == [], (name, narrow)
    headed = charts["reasons"].table["Hva"].unique()
    assert headed[0] == "Hva er de viktigste grunnene til å etablere virksomhet i kommunen?" and len(headed) == 2
    assert "Egen virksomhet, prosent" in charts["reasons"].table


@pytest.mark.parametrize("wave", [2018, 2024])
def test_no_page_calls_the_answers_representative(tables, wave):
    texts = [said(section) for section in drawn(tables, wave).values()]
    texts += [front(tables, wave).lead, *(finding.sentence for finding in front(tables, wave).findings)]
    assert not any("representativ" in text.lower() or "signifikan" in text.lower() for text in texts)


def test_the_weighted_figure_stands_beside_the_unweighted(tables):
    for name, chart in drawn(tables, 2024).items():
        if isinstance(chart, Chart):
            columns = list(chart.table.columns)
            beside = next(place for place, column in enumerate(columns) if column.startswith("Uvektet"))
            assert columns[beside - 1].startswith("Vektet") or "vektet" in chart.alt, name
            assert "uvektet" in chart.alt


def test_two_frames_that_differ_are_not_compared_and_the_page_says_so(tables):
    told = drawn(tables, 2024, ["waves"])["waves"]
    assert isinstance(told, Missing)
    assert plain(told.reason).startswith(
        "Rundene i 2018 og 2024 sammenlignes ikke: den første gikk til bedrifter med ansatte, den andre til alle"
    )
    assert all(figure.rank == "Ikke sammenlignet med 2018" for figure in front(tables, 2024).key_figures[1:3])
    assert "første runden" in drawn(tables, 2018, ["waves"])["waves"].reason


def test_two_waves_alike_are_compared_with_intervals():
    few = ("forbedre", "tilfreds", "anbefale")
    then, now = replace(synthetic(2024, 1, only=few), wave=2022), synthetic(2024, 2, only=few)
    tables = built(then, now, invited=frame(2022, 2024, of=2024))
    chart = drawn(tables, 0, ["waves"])["waves"]
    assert isinstance(chart, Chart)
    assert faults(drawing.svg(chart, narrow=True).decode()) == []
    assert (chart.table["Lav, prosentpoeng"] < chart.table["Høy, prosentpoeng"]).all()
    assert "av ti " in chart.uncertainty.lower()
    assert "fra 2022" in front(tables).key_figures[1].rank
    others = tables["survey_waves"].assign(why_not="words", change_pct=np.nan, weighted_change_pct=np.nan)
    assert "ikke de samme" in drawn(tables | {"survey_waves": others}, 0, ["waves"])["waves"].reason


def test_a_wave_that_is_not_there_is_refused(tables):
    with pytest.raises(WrongUse, match="2018 og 2024"):
        drawn(tables, 2020)


def test_without_a_survey_the_page_says_that_none_is_taken_in():
    assert all(isinstance(section, Missing) and section.reason for section in drawn(EMPTY).values())
    told = front(EMPTY)
    assert "tatt inn" in told.lead and "nlib" not in told.lead
    assert not told.key_figures
    assert not told.findings


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_survey_that_few_answered_shows_no_answers(count):
    people = pd.DataFrame({"tilfreds": ["Ja"] * count})
    tables = built(given(people, asked(("tilfreds", "Fornøyd?", "likert", ["Nei", "Ja"]))), invited=frame(2024))
    charts = drawn(tables)
    assert all(isinstance(section, Missing) for section in charts.values())
    assert "Færre enn fem" in front(tables).lead


def one(answers, kind="likert", labels=("Nei", "Ja"), name="tilfreds", **background):
    people = pd.DataFrame({name: pd.Series(answers, dtype=object)} | background)
    return built(given(people, asked((name, "Hva mener du?", kind, list(labels)))), invited=frame(2024).head(0))


def test_where_all_answer_dont_know_the_figure_says_so():
    tables = one(["Vet ikke"] * 12)
    assert "Ingen tok stilling" in drawn(tables, 0, ["satisfaction"])["satisfaction"].reason
    assert front(tables).key_figures[1].value == ".."


def test_where_all_answer_alike_it_is_drawn():
    tables = one(["Ja"] * 12)
    chart = drawn(tables, 0, ["satisfaction"])["satisfaction"]
    assert plain(chart.title) == "100 % svarte ja, 0 % nei"
    assert figure_html(chart)


def test_without_a_frame_the_rate_is_unknown_and_nothing_is_weighted():
    tables = one(["Ja"] * 12 + ["Nei"] * 9)
    chart = drawn(tables, 0, ["satisfaction"])["satisfaction"]
    assert "ikke oppgitt hvor mange" in chart.uncertainty
    assert "vektet" not in chart.alt
    assert "Ikke vektet" in front(tables).key_figures[1].change
    assert "skjevheter kan ikke testes" in front(tables).lead


def test_html_in_an_answer_is_shown_as_text():
    tables = one([["<script>alert(1)</script>"]] * 12, "multiple", ["<script>alert(1)</script>", "b"], "forbedre")
    block = figure_html(drawn(tables, 0, ["improve"])["improve"])
    assert "<script>" not in block
    assert "&lt;script&gt;" in block


def test_scales_with_other_ends_have_a_panel_of_their_own():
    people = pd.DataFrame({"satsing_a": ["Enig"] * 8 + ["Uenig"] * 6, "framtid_b": ["God"] * 7 + ["Dårlig"] * 7})
    questions = asked(("satsing_a", "Viktig?", "likert", ["Uenig", "Enig"]), ("framtid_b", "Rustet?", "likert", ["Dårlig", "God"]))
    tables = built(given(people, questions), invited=frame(2024).head(0))
    chart = drawn(tables, 0, ["focus"])["focus"]
    assert plain(chart.title) == "Mest oppslutning om «Viktig?»: 57 %"
    assert {"Enig", "Uenig", "God", "Dårlig"} <= {column.split(",")[0] for column in chart.table}


def test_what_came_up_most_in_talks_is_told_with_what_should_be_better():
    words = pd.DataFrame(
        [("3222", 2024, "Støy", "", "Alle", pd.NA, True), ("3222", 2024, "Areal", "By", "Alle", 14, False)],
        columns=["komm_nr", "year", "theme", "focus_area", "source", "notes", "hidden"],
    )
    tables = one([["a"]] * 12, "multiple", ["a", "b"], "forbedre") | {"survey_words": words}
    told = drawn(tables, 0, ["improve"])["improve"]
    assert told.reading.endswith(" I samtaler med bedriftene kom «Areal» oftest opp (14 notater).")
    assert "samtaler" not in drawn(tables | {"survey_words": words.head(1)}, 0, ["improve"])["improve"].reading


# -- sentences


def whole(**more):
    told = {"year": 2024, "answers": 196, "invited": 3900, "response_pct": 5.03, "p_value": 0.0001, "margin_pct": 6.8, "target": ""}
    return pd.Series(told | {"weighted_by": "margins", "effective_n": 119.6, "uncovered_pct": 0.0} | more)


def groups(**more):
    """The response of a wave: all, and two sizes."""
    rows = [("Alle", "Alle", 100.0, 100.0), ("size_group", "Små", 38.0, 77.0), ("size_group", "Store", 62.0, 23.0)]
    table = pd.DataFrame(rows, columns=["grouping", "group", "answers_pct", "invited_pct"])
    return table.assign(**whole(**more))


def test_a_low_response_is_warned_of_in_plain_words_with_the_group_that_is_most_amiss():
    assert plain(naeringspuls.warning(groups())) == (
        "Svarandelen er lav. De som ikke svarte, kan mene noe annet, og det viser ikke intervallene. "
        "De som svarte, ligner ikke de inviterte (kjikvadrattest, p under 0,001): «Små» er 38 % av svarene og 77 % av de inviterte."
    )
    assert "lav" not in naeringspuls.warning(groups(response_pct=60.0))
    assert "ikke testet" in naeringspuls.warning(groups(p_value=np.nan))
    assert "p = 0,043" in naeringspuls.warning(groups(p_value=0.043))
    assert "ingen klar skjevhet" in naeringspuls.warning(groups(p_value=0.65))
    assert naeringspuls.skewed(groups().head(1)) == ""


def test_weights_tell_what_they_cost_and_whom_they_do_not_reach():
    assert "120 uvektede svar" in naeringspuls.weights_told(whole())
    assert "20 % av de inviterte" in plain(naeringspuls.weights_told(whole(uncovered_pct=20.0)))
    assert naeringspuls.weights_told(whole(weighted_by="")) == "Tallene er ikke vektet."


def ranked(*lows):
    rows = [(f"svar {place}", 60.0 - 5 * place, low) for place, low in enumerate(lows, 1)]
    return pd.DataFrame(rows, columns=["answer", "lead_pct", "rank_low"]).astype({"rank_low": "Int64"})


def test_the_most_chosen_answer_is_only_called_first_where_it_surely_is():
    assert plain(naeringspuls.reasons_sentence({"Best": ranked(1, 2, 3)})) == "Best: «svar 1» (55 %)"
    assert plain(naeringspuls.reasons_sentence({"Best": ranked(1, 1, 3)})) == "Best: «svar 1» (55 %), men forskjellen er usikker"
    assert naeringspuls.maybe_first(ranked(1, 2, 3)) == ""
    assert naeringspuls.maybe_first(ranked(1, 1, 3)) == " Også «svar 2» kan være først."
    assert naeringspuls.maybe_first(ranked(1, 1, 1, 1, 1)) == " Fire andre svar kan også være først."


def test_what_most_chose_for_and_against_is_the_title_where_both_are_asked():
    told = naeringspuls.reasons_sentence({"For": ranked(1, 2), "Mot": ranked(1, 2).assign(answer="svar mot")})
    assert told == "«svar 1» er oftest grunn for, «svar mot» oftest mot"
    hidden = ranked(1).assign(lead_pct=np.nan)
    assert plain(naeringspuls.reasons_sentence({"For": ranked(1, 2), "Mot": hidden})) == "For: «svar 1» (55 %)"
    assert "ingen svar er valgt av så mange" in naeringspuls.reasons_sentence({"For": hidden})


def test_a_question_that_was_not_asked_is_told_so_without_names_of_the_codebook():
    tables = one(["Ja"] * 12)
    assert drawn(tables, 0, ["improve"])["improve"].reason == "Det ble ikke spurt om dette i 2024."


@pytest.mark.parametrize(("low", "high", "word"), [(2, 20, "Flere gir 9–10"), (-20, -2, "Flere gir 0–6"), (-9, 9, "usikkert")])
def test_a_score_says_which_side_is_larger_only_where_the_interval_does(low, high, word):
    row = pd.Series({"lead_pct": (low + high) / 2, "lead_low_pct": low, "lead_high_pct": high})
    assert word in naeringspuls.promoters_sentence(row)
    assert "(ni av ti)" in naeringspuls.score_sentence(row)


def test_a_change_is_counted_only_outside_chance():
    rows = pd.DataFrame({"lead_low_pct": [1.0, -5.0, -9.0], "lead_high_pct": [9.0, 5.0, -1.0]})
    assert naeringspuls.change_sentence(rows, 2022) == "To av tre svar har endret seg mer siden 2022 enn tilfeldigheter forklarer"
    assert naeringspuls.change_sentence(rows.iloc[[1]], 2022) == "Ingen svar har klart endret seg siden 2022"
    assert naeringspuls.change_sentence(rows.iloc[:2], 2022).startswith("Ett av to svar")
