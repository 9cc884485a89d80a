"""The page on the municipality's own goals: what its titles say, what it shows of a long plan, and what it says of none."""

import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pypdf
import pytest

from nlib.charts import drawing, style
from nlib.charts.chart import Chart, Listing, Missing
from nlib.charts.html import listing_html
from nlib.charts.legible import faults
from nlib.core import store
from nlib.data.sources import goals as source
from nlib.indicators import goal_progress
from nlib.press.render import page
from nlib.themes.maal import figures as maal
from nlib.themes.maal.text import front, key_figures
from nlib.themes.rapport import text
from tests.pages import FACTS, HARMFUL

COLUMNS = list(source.Goals.to_schema().columns)
NAMES = {"1151": "Utsira", "3222": "Lørenskog"}
FIGURES = ("overview", "measures", "progress")


def goals(*rows: dict) -> pd.DataFrame:
    """Lørenskog's plan with these rows; what is not said is missing."""
    plan = {"komm_nr": "3222", "plan": "Næringsplan", "area": "Vekst", "direction": "opp"}
    told = [dict.fromkeys(COLUMNS) | plan | {"position": at} | row for at, row in enumerate(rows, 1)]
    types = {"position": "int64", "due_year": "Int64", "start_year": "Int64", "target": "float64"}
    return pd.DataFrame(told, columns=COLUMNS).astype(dict.fromkeys(COLUMNS, "str") | types)


def measure(status=None, **more) -> dict:
    return {"measure": "Torg", "status": status} | more


def goal(name="Flere", **more) -> dict:
    held = {"indicator": "population.population", "target": 200.0, "due_year": 2030, "start_year": 2020}
    return {"goal": name} | held | more


def progress(plan: pd.DataFrame, latest=140.0, start=100.0) -> pd.DataFrame:
    """What the build makes of a plan where the population was `start` in 2020 and `latest` in 2024."""
    table = pd.DataFrame({"komm_nr": "3222", "year": [2020, 2024], "population": [start, latest], "comparable": True})
    none = pd.DataFrame({"komm_nr": pd.Series(dtype="str"), "year": pd.Series(dtype="int64")})
    tables = [
        table if name == "population" else none.assign(**dict.fromkeys(goal_progress.TABLES[name].columns()["column"][2:]))
        for name in goal_progress.MEASURED
    ]
    return goal_progress.DATASET.check(goal_progress.build(plan, *tables))


def shown(name: str, plan: pd.DataFrame, komm_nr: str = "3222", **more):
    told = (plan,) if name == "overview" else (plan, progress(plan, **more))
    return getattr(maal, name)(*told, *([] if name == "progress" else [NAMES]), komm_nr)


PLAN = goals(
    goal("Flere i arbeid"),
    goal("Nådd", target=140.0),
    goal("Seint", target=500.0),
    goal("For sent", due_year=2024),
    {"goal": "Trivsel"},
    measure("Ferdig", due_year=2025, responsible="Plan"),
    measure("I gang", area="Sentrum", measure="Park"),
    measure(None, area="Sentrum", measure="Kai"),
)


# -- what is said


def test_the_titles_say_what_is_done_and_reached():
    assert shown("overview", PLAN).title == "Ett av tre tiltak er ferdig, og ett er i gang"
    assert shown("measures", PLAN).title == "Planen har to satsingsområder, fem mål og tre tiltak"
    assert shown("progress", PLAN).title == "To av fire mål med tall er nådd eller i rute", "as the report counts them"


def test_the_report_says_which_year_and_figure_a_late_goal_is_read_on_with_its_target_s_decimals():
    plan = goals(goal("Sunt driftsresultat", target=9.75))
    behind = progress(plan).assign(outcome="behind", latest_value=0.8, per_year=0.02, needed_per_year=0.158, unit="prosent")
    told = text.goals(goals=plan, goal_progress=behind, komm_nr="3222").sentences[1].text
    assert told == (
        "Sunt driftsresultat: 0,80 prosent i 2024, målet er 9,75 i 2030. Det trengs +0,16 i året, og det har vært +0,02."
    )


def test_the_parts_of_a_key_figure_of_goals_add_up_to_those_with_figures():
    plan = goals(goal("Nådd", target=140.0), goal("I rute"), goal("Uten år", due_year=None), goal("Uten mål", target=None))
    figure = key_figures(plan, progress(plan))[2]
    assert (figure.value, figure.period) == ("2", "av 4 med indikator")
    assert figure.change == "ett nådd, ett med nok fart"
    assert figure.rank == "ingen for sakte, feil vei eller for sent, to kan ikke vurderes"


def test_the_goals_of_the_demo_edition_are_ones_that_a_municipality_could_have(demo_edition):
    plan, reached = demo_edition.table("goals"), demo_edition.table("goal_progress")
    assert not reached["outcome"].eq("unknown").any()
    assert reached["lacks"].isna().all()
    tied = plan.merge(reached, on=["komm_nr", "position"])
    change = tied["target"] / tied["start_value"]
    assert change[tied["unit"] != "prosent"].between(0.8, 1.4).all()


def told(plan, **more):
    return shown("measures", plan, **more).table["Mål og tiltak"].tolist()


def test_a_goal_stands_with_its_figures_and_whether_the_pace_is_enough():
    figures = told(PLAN)
    assert figures[0] == "Mål: Flere i arbeid. Folketall 1. januar: nå 140 (2024), mål 200: nok fart."
    assert [text.rpartition(": ")[2] for text in figures[1:4]] == ["nådd.", "for sakte.", "ikke nådd innen fristen."]
    assert figures[4:6] == ["Mål: Trivsel", "Torg"]


def test_the_pace_that_is_needed_stands_in_the_table():
    table = shown("progress", PLAN).table.set_index("Mål")
    first = table.loc["Flere i arbeid"]
    assert first[["Gått, prosent", "Jevn fart, prosent", "I året så langt", "Trengs i året"]].tolist() == [40, 40, 10, 10]


def test_what_goes_away_from_the_target_is_said_to_go_the_wrong_way():
    assert told(goals(goal()), latest=90.0) == ["Mål: Flere. Folketall 1. januar: nå 90 (2024), mål 200: feil vei."]
    down = goals(goal(target=50.0, direction="ned"))
    assert told(down) == ["Mål: Flere. Folketall 1. januar: nå 140 (2024), mål 50 eller lavere: feil vei."]
    assert shown("progress", down).table["Gått, prosent"].tolist() == [-80.0]


def test_status_stands_in_words_and_what_is_not_told_is_not_guessed():
    table = shown("measures", PLAN).table
    assert table["Status"].tolist() == ["–"] * 5 + ["Ferdig", "I gang", "Ikke oppgitt"]
    assert table["Ansvarlig"].tolist()[5:] == ["Plan", "–", "–"]
    assert shown("overview", PLAN).table["Ikke oppgitt"].tolist() == [0, 1]


def test_a_goal_whose_measure_has_an_indicator_is_followed():
    plan = goals({"goal": "Flere"}, goal("Flere", measure="Torg"), {"goal": "Trivsel"})
    assert maal.followed(plan).tolist() == [True, True, False]


def test_an_indicator_without_figures_is_told_with_why():
    figures = told(goals(goal(start_year=None), goal("Uten", indicator="commuting.jobs")))
    assert figures[0].endswith(f"nå 140 (2024), mål 200: kan ikke vurderes ({maal.LACKS['no_start_year']}).")
    assert figures[1].endswith(f"ingen tall, mål 200: kan ikke vurderes ({maal.LACKS['no_figures']}).")


def test_a_way_far_past_the_ends_is_drawn_there_and_told_as_it_is():
    chart = shown("progress", goals(goal(target=101.0), goal("Annet")), latest=60.0)
    assert chart.table["Gått, prosent"].tolist() == [-4000.0, -40.0]
    assert chart.alt.startswith("Punktfigur. Flere: gått −4")


def test_the_words_for_outcomes_and_reasons_are_those_of_the_table():
    assert set(maal.OUTCOMES) == set(goal_progress.OUTCOMES)
    assert set(maal.LACKS) == set(goal_progress.LACKS)


def test_a_plan_where_nothing_has_come_far_says_so_without_counting_none():
    far = goals(goal(target=900.0), goal("To", target=800.0))
    assert maal.pace_sentence(progress(far)) == "Ingen av to mål med tall er nådd eller i rute"
    assert maal.status_sentence(goals(measure())) == "Ingen av ett tiltak er ferdige, og ingen er i gang"


# -- the first page


def test_the_first_page_counts_measures_and_goals():
    first = front(PLAN, progress(PLAN), NAMES, "3222")
    assert [figure.value for figure in first.key_figures] == ["1", "1", "2", "1"]
    assert first.lead == "«Næringsplan» for Lørenskog har to satsingsområder, fem mål og tre tiltak."
    assert {finding.chart for finding in first.findings} == {f"maal.{name}" for name in ("overview", "progress")}


def test_a_plan_of_goals_only_has_no_share_of_measures():
    plan = goals({"goal": "Trivsel"})
    figures = key_figures(plan, progress(plan))
    assert [figure.value for figure in figures] == ["..", "..", "..", "1"]


def test_a_municipality_without_a_file_is_told_so():
    first = front(PLAN, progress(PLAN), NAMES, "1151")
    assert "Utsira har ingen fil med mål" in first.lead
    assert "tatt inn" in first.lead and "nlib" not in first.lead
    assert not first.key_figures and not first.findings
    assert all(isinstance(shown(name, PLAN, "1151"), Missing) for name in FIGURES)


@pytest.mark.parametrize("plan", [goals(), goals({"goal": "Trivsel"}), goals(measure()), goals(goal(target=None))])
@pytest.mark.parametrize("name", FIGURES)
def test_a_plan_that_lacks_something_gives_a_figure_or_a_reason(plan, name):
    assert isinstance(shown(name, plan), Chart | Listing | Missing)


# -- what it looks like


def harmful(text: str) -> pd.DataFrame:
    return goals(
        goal(text, area=text, plan=text), measure("Ferdig", measure=text, area=text, responsible=text), {"goal": f"2 {text}"}
    )


@pytest.mark.parametrize("text", [HARMFUL, "$\\frac{", "=1+1", "x" * 300, "%s {0} \\N{DASH}"])
@pytest.mark.parametrize("name", FIGURES)
def test_any_text_is_only_text(text, name):
    block = shown(name, harmful(text))
    html = block._repr_html_()
    assert "<script" not in html
    assert "<img src=x" not in html
    if isinstance(block, Chart):
        assert len(list(ElementTree.fromstring(drawing.svg(block, narrow=True)).iter())) > 3
    else:
        assert "csv;charset=utf-8,%EF%BB%BFSatsingsomr" in html
        assert ";=1" not in html.replace("%3D", "=").replace("%3B", ";")


def long_plan(count: int) -> pd.DataFrame:
    rows = [
        measure(
            "I gang", measure=f"Tiltak nummer {at} med et navn som er langt nok til å gå over flere linjer", area=f"Område {at % 3}"
        )
        for at in range(count)
    ]
    return goals(*rows, *(goal(f"Mål {at}") for at in range(count)))


def test_a_drawing_of_many_goals_says_how_many_it_leaves_out_and_the_list_has_all():
    chart = shown("progress", long_plan(32))
    assert "Her er 30 av 32 mål med tall; listen over mål og tiltak har alle." in chart.reading
    assert (len(chart.table), len(told(long_plan(32)))) == (30, 64)
    assert chart.height[0] < 12


def test_each_focus_area_has_a_table_of_its_own_under_its_name():
    html = listing_html(shown("measures", PLAN))
    assert re.findall(r"<caption>(.*?)</caption>", html) == ["Vekst", "Sentrum"]
    assert 'aria-labelledby="maal-measures-title"' in html


def test_a_list_of_invented_figures_is_called_so_and_no_other():
    listing = shown("measures", PLAN)
    assert style.SYNTHETIC in listing_html(replace(listing, synthetic=True))
    assert style.SYNTHETIC not in listing_html(listing)


@pytest.mark.parametrize("plan", [PLAN, long_plan(3), goals(goal(target=101.0), goal("Et mål med et langt navn og mer til"))])
@pytest.mark.parametrize("name", ["overview", "progress"])
def test_what_is_written_in_every_figure_can_be_read(plan, name):
    chart = shown(name, plan, latest=60.0) if name == "progress" else shown(name, plan)
    if isinstance(chart, Chart):
        assert [fault for narrow in (False, True) for fault in faults(drawing.svg(chart, narrow).decode())] == []


@pytest.mark.browser
def test_a_table_of_thirty_measures_breaks_between_rows_over_pages(browser, tmp_path):
    blocks = ["<h2>Tiltak</h2>", listing_html(shown("measures", long_plan(30).assign(area="Alt")))]
    file = tmp_path / "side.html"
    store.write(file, page(blocks, title="Mål", place="Lørenskog", edition_facts=FACTS).encode())
    opened = browser.new_page()
    opened.goto(file.as_uri())
    sheets = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(opened.pdf(prefer_css_page_size=True))).pages]
    opened.close()
    assert len(sheets) > 1
    assert all("Ansvarlig" in sheet for sheet in sheets if "Tiltak nummer" in sheet), "the headings stand on every page"
    assert sum(len(re.findall(r"Tiltak nummer \d+", sheet)) for sheet in sheets) == 30
