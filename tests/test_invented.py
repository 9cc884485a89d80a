"""What rests on invented figures is known of every cell, through the build to the page."""

import inspect

import pandas as pd
import pytest

from nlib.build import lineage, pipeline
from nlib.charts.chart import Answer, Chart, Front, KeyFigure, Missing, Sentence
from nlib.core.invented import Invented
from nlib.core.tables import LAST, OWN_YEAR, Dataset, Imported, Lineage, Raw, Rests
from nlib.desk.genuine import marked
from nlib.desk.view import View
from nlib.press.real import real_of
from nlib.themes.facts import findings

YEARS = frozenset({2020, 2021, 2022})


def table(name="rates", needs=("counts",), **rests):
    return Dataset(name=name, title="", key=("komm_nr", "year"), schema=None, needs=needs, build=None, rests=rests)


def frame(years=(2020, 2021, 2022)):
    return pd.DataFrame({"komm_nr": "3222", "year": years, "jobs": 1, "rate": 0.5})


def invented(**columns):
    return Invented({name: frozenset(years) for name, years in columns.items()}, YEARS)


def years(told, column):
    return sorted(told.columns[column])


def test_a_table_rests_on_all_of_what_it_is_made_of_where_nothing_else_is_said():
    told = lineage.of_table(table(), frame(), {"counts": invented(jobs=[2020])})
    assert years(told, "jobs") == years(told, "rate") == [2020, 2021, 2022]
    assert told.whole


def test_a_table_of_real_inputs_is_real():
    assert not lineage.of_table(table(), frame(), {"counts": invented(jobs=[])}).any
    assert not lineage.of_table(table(), frame(), {}).any


@pytest.mark.parametrize(
    ("rests", "expected"),
    [
        (OWN_YEAR, [2021]),
        (Rests(years=(0, 1)), [2020, 2021]),
        (Rests(years=(0, -1)), [2021, 2022]),
        (Rests(years=LAST), []),
        (Rests(of=("people",)), []),
    ],
)
def test_a_row_rests_on_the_years_and_columns_that_are_said(rests, expected):
    told = lineage.of_table(table(counts=rests), frame(), {"counts": invented(jobs=[2021], people=[])})
    assert years(told, "jobs") == expected


def test_an_input_that_only_some_columns_rest_on_leaves_the_others_real():
    told = lineage.of_table(table(counts=Rests(into=("rate",))), frame(), {"counts": invented(jobs=YEARS)})
    assert years(told, "jobs") == [] and years(told, "rate") == [2020, 2021, 2022]
    assert told.any and not told.whole


def test_a_source_is_invented_in_the_years_that_are_not_known():
    cells = pd.DataFrame({"Region": "3222", "Tid": ["2020", "2021"]})
    assert lineage.of_source(cells, [2021]).of() == {2020}
    assert not lineage.of_source(cells, True).any
    assert lineage.of_source(cells, False).whole


def test_a_table_that_tells_of_each_row_itself_is_taken_at_its_word():
    told = lineage.of_table(table(), frame().assign(synthetic=[True, False, False]), {"counts": invented(jobs=YEARS)})
    assert told.of() == {2020}


def test_what_is_left_is_the_real_rows_with_the_invented_cells_missing():
    left = invented(jobs=[2020], rate=[2020, 2021]).left(frame())
    assert list(left["year"]) == [2021, 2022]
    assert left["jobs"].tolist() == [1, 1] and left["rate"].isna().tolist() == [True, False]


def test_what_is_told_in_a_manifest_is_read_back():
    told = invented(jobs=[2020], rate=[2020], people=[])
    assert Invented.from_json(told.as_json()) == told


# the edition that comes with the project


def test_population_by_age_is_real_and_commuting_in_the_known_years(demo_edition):
    assert not demo_edition.invented("population_by_age").any
    for name in ("commuting_flows", "commuting", "employed_register"):
        assert demo_edition.invented(name).of() == {*range(2006, 2017), 2019}
    assert demo_edition.invented("population_changes").whole
    assert demo_edition.invented("population").of(["population"]) == set()
    assert demo_edition.invented("population").of(["births"]) == set(range(2006, 2025))
    assert not demo_edition.invented("comparison_groups").any, "of the latest commuting"


DECLARED = [dataset.name for dataset in pipeline.datasets().values() if dataset.rests]


@pytest.mark.parametrize("name", DECLARED)
def test_what_is_not_marked_comes_out_the_same_without_the_invented_figures(demo_edition, name):
    dataset = pipeline.datasets()[name]
    assert not any(isinstance(need, Raw | Imported | Lineage) for need in dataset.needs), "sources are of their own year"
    left = [demo_edition.invented(need).left(demo_edition.table(need)) for need in dataset.parents]
    alone, built, told = dataset.build(*left), demo_edition.table(name), demo_edition.invented(name)
    alone = built[[*dataset.key]].merge(dataset.check(alone), on=list(dataset.key), how="left", validate="1:1")
    year = built["year"] if "year" in built else pd.Series(0, built.index)
    real = {column: ~year.isin(told.of([column])) for column in built if column not in dataset.key}
    assert any(rows.any() for rows in real.values())
    for column, rows in real.items():
        pd.testing.assert_series_equal(alone.loc[rows, column], built.loc[rows, column], check_dtype=False, obj=column)


def test_figures_of_ssbs_rows_alone_have_no_mark_and_others_have(demo_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    view = View("3222", "demo")
    real = ("pendling.partners", "pendling.flow_map", "befolkning.size", "befolkning.pyramid")
    for id in real:
        chart = view.figure(id)
        assert not chart.synthetic, id
        assert chart.source.startswith("SSB, tabell 0")
    for id in ("pendling.trend", "befolkning.yearly_growth", "arbeidsplasser.national", "attraktivitet.growth"):
        assert view.figure(id).synthetic, id
    keys = {key.label: key for key in view.front("befolkning").key_figures}
    assert not keys["Folketall"].synthetic


def test_the_banner_says_which_figures_are_real(demo_edition):
    told = real_of(demo_edition)
    assert told.startswith("Demodata")
    assert "Befolkning 2006–2025 (SSB, tabell 07459)" in told
    assert "2017, 2018, 2020 og 2021 (SSB, tabell 03321)" in told
    assert real_of(demo_edition, ["ssb_12134"]) == ""


# what a function makes of tables some of which are invented


def chart(table, synthetic):
    return Chart("t.f", "", "", "", "", "", table, print, synthetic=synthetic)


def by_year(counts, year, synthetic=False):
    return chart(counts[counts["year"] == year][["jobs"]].reset_index(drop=True), synthetic)


@pytest.mark.parametrize(("year", "made"), [(2020, True), (2022, False)])
def test_a_figure_is_marked_where_it_is_another_without_the_invented_rows(year, made):
    counts = frame()
    left = invented(jobs=[2020], rate=[2020]).left(counts)
    given = {"counts": counts, "year": year, "synthetic": True}
    assert marked(by_year, given, given | {"counts": left}).synthetic is made


def test_a_finding_is_marked_where_the_title_of_its_figure_is_another_and_not_where_only_the_drawing_is():
    def latest(counts, synthetic=False):
        return Chart("t.f", f"Til {counts['year'].iloc[-1]}", "", "", "", "", counts, print, synthetic=synthetic)

    def first(counts, synthetic=False):
        return Chart("t.f", f"Fra {counts['year'].iloc[0]}", "", "", "", "", counts, print, synthetic=synthetic)

    given = {"counts": frame(), "synthetic": True}
    made = [marked(of, given, given | {"counts": frame().iloc[1:]}) for of in (latest, first)]
    assert [chart.synthetic for chart in made] == [True, True]
    assert [finding.synthetic for finding in findings(*made)] == [False, True]


def test_a_sentence_that_tells_no_figure_is_not_marked():
    def answer(counts):
        told = f"Ikke med: {len(counts)}."
        return Answer("t", "", (Sentence(told), Sentence(told, figures=False)))

    made = marked(answer, {"counts": frame()}, {"counts": frame().iloc[1:]})
    assert [sentence.synthetic for sentence in made.sentences] == [True, False]


def test_a_figure_that_cannot_be_drawn_without_the_invented_rows_is_marked():
    def first(counts, synthetic=False):
        return by_year(counts, counts["year"].iloc[0])

    given = {"counts": frame(), "synthetic": True}
    assert marked(first, given, given | {"counts": frame().iloc[:0]}).synthetic


def test_a_figure_that_is_missing_without_an_optional_invented_table_is_drawn_and_marked():
    def answers(survey=None, synthetic=False):
        return Missing("t.f", "", "Ingen svar") if survey is None else chart(survey, synthetic)

    assert marked(answers, {"survey": frame(), "synthetic": True}, {"synthetic": True}).synthetic


def test_a_key_figure_that_is_the_same_is_told_by_the_real_figures_only():
    def front(counts):
        span = f"siden {counts['year'].min()}"
        keys = (KeyFigure("Jobber", "1", "2022", span, ""), KeyFigure("Spenn", span, "2022", "", ""))
        return Front("", "", keys, ())

    given = {"counts": frame()}
    made = marked(front, given, {"counts": invented(jobs=[2020], rate=[2020]).left(frame())})
    assert made.key_figures == (
        KeyFigure("Jobber", "1", "2022", "siden 2021", ""),
        KeyFigure("Spenn", "siden 2020", "2022", "", "", synthetic=True),
    )


def test_an_optional_table_that_is_wholly_invented_is_left_out_of_a_figure_of_real_ones(demo_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    view = View("3222", "demo")
    from nlib.themes.befolkning.figures import size

    assert inspect.signature(size).parameters["population_projection"].default is None
    assert "SSB" not in view.figure("befolkning.size").table.columns.str.cat(sep=" ")
