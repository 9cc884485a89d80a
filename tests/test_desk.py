"""What a researcher types: names that complete, tables that say what they are, figures to change, SQL that only reads."""

import os
import subprocess
import sys

import jupyter_client
import numpy as np
import pandas as pd
import pytest

import nlib
from nlib.charts.chart import Missing
from nlib.core import store
from nlib.core.errors import InvalidTable, UnknownMunicipality, UnknownTable, WrongParameter, WrongUse
from nlib.desk import completion
from nlib.themes.sammenligning import figures as sammenligning


@pytest.fixture(autouse=True)
def at_home(demo_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))


@pytest.fixture(scope="module")
def kernel(demo_home):
    """A kernel as Jupyter starts one, with nlib imported."""
    manager, client = jupyter_client.manager.start_new_kernel(
        kernel_name="python3", startup_timeout=120, env=os.environ | {"NLIB_HOME": str(demo_home)}
    )
    client.execute_interactive("import nlib; view = nlib.view('Lørenskog')", timeout=300, output_hook=lambda message: None)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def completed(kernel, code):
    return kernel.complete(code, reply=True, timeout=120)["content"]["matches"]


def test_importing_nlib_loads_nothing_else():
    code = "import sys, nlib; print({'pandas', 'numpy', 'nlib.desk'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_what_is_published_is_listed_by_the_name_of_its_room():
    listed = nlib.indicators()
    assert listed.loc["out_pct"].tolist() == ["Utpendling", "pendling", "%", "telling", "bosatt", "03321"]
    assert all(len(nlib.indicator(name)) for name in listed.index[:3])


def test_tables_are_listed_without_being_read(monkeypatch):
    read = nlib.table("commuting")
    monkeypatch.setattr(store, "read_table", lambda *given: pytest.fail("a table was read"))
    tables = nlib.tables()
    about = tables.loc["commuting"]
    assert (about["rows"], about["years"]) == (len(read), f"{read['year'].min()}–{read['year'].max()}")
    assert tables.loc["municipalities", "years"] == "" and "population" in tables.index


def test_sql_shows_the_tables_and_ones_own():
    mine = pd.DataFrame({"n": [1]})
    for query in ("show tables", "SHOW ALL TABLES ;"):
        shown = nlib.sql(query, egne=mine)["name"].tolist()
        assert shown == sorted([*nlib.tables().index, "egne"])


def test_everything_that_is_promised_is_there():
    assert set(nlib.__all__) < set(dir(nlib))
    assert all(getattr(nlib, name).__doc__ for name in nlib.__all__)
    with pytest.raises(AttributeError, match="nope"):
        _ = nlib.nope


# completion, as a kernel gives it


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("nlib.komm", "kommuner"),
        ('nlib.kommuner["Lør', "Lørenskog"),
        ('nlib.kommuner["32', "3222"),
        ("nlib.kommuner.Lør", "Lørenskog"),
        ("nlib.kommuner.Vål", "Våler_Innlandet"),
        ('view.figures["pendling.tr', "pendling.trend"),
        ('nlib.view("Lørenskog").figure("', "pendling.trend"),
        ('chart = nlib.kommuner["Lørenskog"].figure("pendling.tr', "pendling.trend"),
        ("nlib.kommuner.Lørenskog.figure('pendling.tr", "pendling.trend"),
        ("view.figure(id='pendling.tr", "pendling.trend"),
        ('view.front("pend', "pendling"),
        ('view.table("commuting_', "commuting_flows"),
        ('nlib.table("', "commuting"),
        ('nlib.describe("Commuting_f', "commuting_flows"),
        ('nlib.compare(nlib.table("comm', "commuting"),
        ('nlib.view("Lør', "Lørenskog"),
    ],
)
def test_tab_completes(kernel, code, expected):
    matches = completed(kernel, code)
    assert any(match.endswith((expected, f'{expected}"', f'{expected}"]')) for match in matches), matches


def test_what_is_completed_for_a_name_that_two_share_tells_them_apart(kernel):
    matches = completed(kernel, 'nlib.kommuner["Våler')
    assert len(matches) == 2
    assert all("(" in match for match in matches)


def test_what_is_completed_takes_the_place_of_what_is_typed_and_nothing_else(kernel):
    code = 'view.figure("pendling.tr'
    told = kernel.complete(code, reply=True, timeout=120)["content"]
    assert code[told["cursor_start"] : told["cursor_end"]] == "pendling.tr"
    assert set(told["matches"]) == {"pendling.trend"}
    assert not any(match.startswith("%") for match in completed(kernel, 'nlib.table("'))


def test_other_calls_complete_as_before(kernel):
    kernel.execute_interactive("import matplotlib.pyplot as plt; frame = nlib.table('commuting')", timeout=300)
    for code in ('plt.figure("', 'frame.groupby("komm_nr").agg("', 'nlib.table("commuting", "', 'print("view.figure('):
        assert not {"commuting", "pendling.trend"} & set(completed(kernel, code))
    assert completion.completions("frame('comm", {"frame": nlib.table("commuting")})[0] == []


@pytest.mark.parametrize(
    "line", ["", "(", "figure('p", "view.figure(", "view.missing('x", "view().figure('p", "1.figure('p", "x[.figure('"]
)
def test_a_line_that_is_no_call_of_ours_completes_nothing(line):
    assert completion.completions(line, {"view": nlib.view("Lørenskog"), "nlib": nlib})[0] == []


def test_nothing_that_is_typed_is_run_to_complete_it():
    ran = []

    def view(number):
        ran.append(number)

    assert completion.completions("view(1).figure('pend", {"view": view})[0] == []
    assert completion.completions("nlib.view(view(1)).figure('pendling.tr", {"view": view, "nlib": nlib})[0] == ["pendling.trend"]
    assert ran == []


def test_without_an_edition_names_are_not_completed_and_nothing_fails(monkeypatch, tmp_path):
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    assert completion.completions("nlib.view('Lør", {"nlib": nlib}) == ([], "Lør")
    assert "commuting" in completion.completions("nlib.table('comm", {"nlib": nlib})[0]


# faults, as a kernel shows them


def shown(kernel, code):
    outputs = []
    kernel.execute_interactive(code, timeout=300, output_hook=outputs.append, allow_stdin=False)
    return [message["content"] for message in outputs if message["msg_type"] == "error"]


def test_a_fault_is_a_message_of_what_to_do_and_the_way_there_is_asked_for(kernel):
    (told,) = shown(kernel, "nlib.table('comuting')")
    message = "Ingen tabell heter «comuting». Mente du commuting (Pendling)?"
    assert (told["ename"], told["evalue"]) == ("UnknownTable", message)
    assert told["traceback"] == [f"UnknownTable: {message}", "", "Hvor i koden det skjedde: %tb"]
    (whole,) = shown(kernel, "%tb")
    assert "research.py" in "".join(whole["traceback"])
    assert len("".join(whole["traceback"]).splitlines()) > 10


def test_other_faults_are_shown_as_before(kernel):
    (told,) = shown(kernel, "nlib.table('commuting')['nothing']")
    assert told["ename"] == "KeyError"
    assert "Traceback" in "".join(told["traceback"])


# municipalities


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3222", "3222"),
        ("Lørens", "3222"),
        ("lorensk", "3222"),
        ("0230", "3222"),
        ("Os", "3430"),
        ("Tana", "5628"),
        ("Våler (Innlandet)", "3419"),
    ],
)
def test_a_number_a_name_or_an_unambiguous_beginning_finds_the_municipality(text, number):
    assert nlib.kommuner[text].komm_nr == number


@pytest.mark.parametrize(
    ("text", "told"), [("Våler", r"Østfold.*Innlandet"), ("Herøy", "1515.*1818"), ("L", "og .* til"), ("", "og .* til")]
)
def test_an_ambiguous_beginning_names_those_that_it_may_be(text, told):
    with pytest.raises(UnknownMunicipality, match=told):
        _ = nlib.kommuner[text]


@pytest.mark.parametrize(("text", "error"), [("Xyz", UnknownMunicipality), (301, WrongParameter), (None, WrongParameter)])
def test_what_is_no_municipality_is_refused(text, error):
    with pytest.raises(error):
        _ = nlib.kommuner[text]


def test_a_name_that_is_no_attribute_is_an_attribute_error_as_python_asks():
    assert not hasattr(nlib.kommuner, "Våler")
    assert not hasattr(nlib.kommuner, "_repr_html_")


def test_every_municipality_is_there_once_and_every_name_leads_to_it():
    names = list(nlib.kommuner)
    assert len(names) == len(set(names)) == len(nlib.kommuner) == len(nlib.table("municipalities"))
    register = nlib.kommuner["3222"].register
    assert all(register.find(name) for name in names)
    assert all(name.isidentifier() for name in dir(nlib.kommuner))


# tables


def test_a_table_says_what_it_is():
    frame = nlib.table("commuting")
    assert frame.attrs["title"] == "Pendling"
    assert "03321" in frame.attrs["source"]
    assert frame.attrs["licence"] == "CC BY 4.0"
    assert (frame.attrs["edition"], frame.attrs["synthetic"]) == ("demo", True)
    assert set(frame.attrs["columns"]) == set(frame.columns)
    assert frame.query("year == 2020").attrs == frame.attrs


def test_what_is_done_to_a_table_is_not_seen_in_the_next():
    frame = nlib.table("commuting")
    frame["out_pct"] = 0.0
    frame.attrs["columns"]["out_pct"]["unit"] = "eple"
    again = nlib.table("commuting")
    assert again["out_pct"].max() > 0
    assert again.attrs["columns"]["out_pct"]["unit"] == "prosent"


@pytest.mark.parametrize("none", [[], pd.Series(dtype="str"), pd.Index([])])
def test_nobody_is_not_everybody(none):
    for ask in (lambda: nlib.table("commuting", kommune=none), lambda: nlib.indicator("out_pct", none, years=2021)):
        with pytest.raises(WrongParameter, match="kommune er en tom liste"):
            ask()


def test_the_nation_is_beside_a_municipality_and_a_number_needs_no_first_0():
    for text in ("Norge", "landet", "0000"):
        with pytest.raises(UnknownMunicipality, match="beside=True"):
            nlib.table("commuting", kommune=text)
    assert set(nlib.table("commuting", kommune="301")["komm_nr"]) == {"0301"}


def test_a_median_of_the_county_or_the_nation_is_not_made_of_those_of_municipalities(demo_edition):
    beside = nlib.table("income", kommune="Lørenskog", beside=True).query("komm_nr != '3222'")
    assert beside[["median_income_kr", "median_after_tax_kr"]].isna().all(axis=None) and beside["households"].notna().any()
    facts = demo_edition.table("facts")
    assert facts.loc[facts["indicator"] == "median_after_tax_kr", "nation"].isna().all()


def test_an_unknown_table_is_answered_with_those_that_look_like_it():
    for ask in (nlib.table, nlib.describe):
        with pytest.raises(UnknownTable, match=r"Mente du commuting \(Pendling\)\?"):
            ask("comuting")


def test_the_list_has_a_row_for_every_table(demo_edition):
    listed = nlib.tables()
    assert set(listed.index) == set(demo_edition.processed_manifest()["tables"])
    assert listed.loc["commuting", "rows"] == len(nlib.table("commuting"))
    assert listed.loc["commuting", "years"].startswith("2006–")


def test_an_edition_can_be_named():
    assert nlib.view("3222", "demo").edition.name == "demo"
    with pytest.raises(WrongUse, match="1999"):
        nlib.tables("1999")


# SQL


def test_sql_gives_what_the_tables_hold():
    frame, commuting = (
        nlib.sql("SELECT komm_nr, year, out_pct, jobs FROM Commuting ORDER BY komm_nr, year"),
        nlib.table("commuting"),
    )
    assert list(frame["komm_nr"]) == list(commuting["komm_nr"])
    assert np.array_equal(frame["out_pct"], commuting["out_pct"], equal_nan=True)
    assert frame["jobs"].isna().sum() == commuting["jobs"].isna().sum()


def test_tables_can_be_joined_and_named_anew():
    rows = nlib.sql(
        "with x as (select * from commuting) select m.name from x join municipalities m using (komm_nr) where year = 2020"
    )
    assert "Lørenskog" in set(rows["name"])


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("drop table commuting", "leser"),
        ("create table mine as select 1", "leser"),
        ("insert into commuting select * from commuting", "leser"),
        ("copy (select 1) to '{outside}'", "leser"),
        ("attach '{outside}'", "leser"),
        ("set enable_external_access = true", "leser"),
        ("install httpfs", "leser"),
        ("select 1; select 2", "leser"),
        ("", "leser"),
        ("select * from read_text('{inside}')", "stengt"),
        ("select * from read_csv('/etc/passwd')", "stengt"),
        ("select * from read_parquet('{parquet}')", "stengt"),
        ("select * from glob('/*')", "stengt"),
        ("select * from '{parquet}'", "stengt"),
        ("select * from frame", "Ingen tabell heter «frame»"),
        ("select * from comuting", "Mente du commuting"),
        ("select nothing from commuting", "nlib.describe"),
        ("selec 1", "skrevet feil"),
        ("select cast('a' as int)", "gjøres om"),
    ],
)
def test_sql_only_reads_and_only_the_editions_tables(query, told, demo_edition, tmp_path):
    frame = pd.DataFrame({"secret": [1]})
    paths = {
        "inside": demo_edition.processed / "manifest.json",
        "outside": tmp_path / "x",
        "parquet": demo_edition.processed / "*.parquet",
    }
    with pytest.raises(WrongUse, match=told):
        nlib.sql(query.format(**paths))
    assert len(frame) == 1
    assert not list(tmp_path.iterdir())


# figures


def test_a_view_gives_its_figures_by_id():
    view = nlib.view("Lørenskog")
    assert "pendling.trend" in list(view.figures)
    assert view.figures["pendling.trend"].title == view.figure("pendling.trend").title
    assert "pendling.trend" in repr(view.figures)
    assert nlib.kommune("Lørenskog").komm_nr == view.komm_nr


@pytest.mark.parametrize("name", ["figure.svg", "figure.png", "figure.pdf"])
def test_a_figure_is_saved_as_matplotlib_saves_them(name, tmp_path):
    nlib.view("Lørenskog").figure("pendling.trend").figure().savefig(tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith((b"<?xml", b"<svg", b"\x89PNG", b"%PDF"))


FIGURES = pd.DataFrame(
    {
        "komm_nr": ["0001", "0001", "0002", "0002"],
        "year": [2020, 2021, 2020, 2021],
        "rate": [10.0, 20.0, np.nan, 30.0],
    }
)
NAMES = {"0001": "Her", "0002": "Der"}


def test_a_comparison_tells_the_last_figures_and_shows_them_all():
    chart = sammenligning.lines(FIGURES, "rate", NAMES)
    assert chart.title == "rate: Her 20,0 i 2021, Der 30,0"
    assert chart.table["Der"].isna().tolist() == [True, False]
    assert len(chart.figure().axes) == len(chart.figure(narrow=True).axes) == 1


def test_a_comparison_keeps_to_the_years_that_are_asked_for():
    chart = nlib.compare(nlib.table("commuting"), "out_pct", "Lørenskog", years=(2020, 2030))
    said = [text.get_text() for text in chart.figure().texts]
    assert "Andel av de sysselsatte som pendler ut, 1 − T/R, prosent" in " ".join(said).replace("\n", " "), said
    assert chart.table["År"].tolist() == ["2020", "2021"]


def test_a_municipality_without_figures_is_missing_and_not_zero():
    told = sammenligning.lines(FIGURES.query("year == 2020"), "rate", {"0002": "Der", "0001": "Her"})
    assert isinstance(told, Missing)
    assert "Der" in told.reason


def test_a_table_that_cannot_be_compared_is_refused_with_the_reason():
    with pytest.raises(InvalidTable, match="nothing"):
        sammenligning.lines(FIGURES, "nothing", NAMES)
    with pytest.raises(InvalidTable, match="flere rader"):
        sammenligning.lines(pd.concat([FIGURES, FIGURES]), "rate", NAMES)
    with pytest.raises(WrongUse, match="høyst 9"):
        sammenligning.lines(FIGURES, "rate", {f"{number:04}": "x" for number in range(10)})


def test_a_comparison_is_with_the_comparison_group_where_nobody_is_named():
    chart = nlib.compare(nlib.table("commuting"), "out_pct", "Lørenskog")
    assert len(chart.table.columns) == 3 + len(
        nlib.view("Lørenskog").compare
    )  # the year before, and whether it is comparable after
    assert chart.synthetic


def test_the_break_of_2015_is_known_to_tables_of_register_employment_only():
    assert 2015 in nlib.table("commuting").attrs["breaks"]
    assert not nlib.table("population_by_age").attrs["breaks"]


def test_a_figure_is_drawn_of_a_table_that_is_given_in_place_of_the_editions():
    view = nlib.view("Lørenskog")
    flows = view.table("commuting_flows")
    known = view.figure("pendling.partners", commuting_flows=flows)
    to_oslo = (flows["home_nr"] == "3222") & (flows["work_nr"] == "0301") & (flows["year"] == flows["year"].max())
    fewer = view.figure("pendling.partners", commuting_flows=flows.assign(employed=flows["employed"].mask(to_oslo, 700)))
    assert known.table.equals(view.figure("pendling.partners").table)
    assert (known.table != fewer.table).sum().sum() and "700" in fewer.alt
    assert fewer.source.endswith("Tegnet av en egen utgave av commuting_flows") and "egen" not in known.source
    with pytest.raises(WrongParameter, match="commuting_flows, mangler kolonnene employed"):
        view.figure("pendling.partners", commuting_flows=flows.drop(columns="employed"))


def test_a_figure_is_drawn_of_what_is_worked_out_for_its_place():
    view = nlib.view("Lørenskog")
    shares = view.rows("commuting").set_index("year")[["out_pct", "in_pct"]]
    known = view.figure("pendling.trend")
    assert view.figure("pendling.trend", commuting=shares + 1e-12)._repr_html_() == known._repr_html_()
    higher = view.figure("pendling.trend", commuting=shares[["out_pct"]] + 1.5)
    assert higher.source == f"{known.source}. Tegnet av en egen utgave av commuting"
    last, before = higher.table.iloc[-1], known.table.iloc[-1]
    assert last["Utpendling, prosent"] == pytest.approx(before["Utpendling, prosent"] + 1.5)
    assert last["Innpendling, prosent"] == before["Innpendling, prosent"] and last["Landet, prosent"] == before["Landet, prosent"]
    by_branch = view.rows("specialisation").query("year == year.max()").set_index(["group", "branch"])
    twice = view.figure("arbeidsplasser.branches", specialisation=2 * by_branch[["lq"]])
    assert twice.table["Ganger landet"].max() == pytest.approx(2 * by_branch["lq"].max())
    nothing = view.figure("pendling.trend", commuting=shares.head(0))
    assert nothing._repr_html_() == known._repr_html_()


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (lambda shares: shares.rename(columns={"out_pct": "ut_pct"}), "har ikke kolonnen ut_pct. Mente du out_pct"),
        (lambda shares: shares.rename(index={2019: 1919}), "har ingen rad for year = 1919"),
        (lambda shares: shares.reset_index(drop=True), "mangler kolonnene comparable, .*sett år, og det ellers som skiller radene"),
        (lambda shares: pd.concat([shares, shares]), "year skiller ikke radene i commuting fra hverandre"),
        (lambda shares: shares.astype("str") + "x", "har ikke tall i kolonnen out_pct"),
    ],
)
def test_what_is_worked_out_and_cannot_be_put_in_is_told_why(changed, fault):
    view = nlib.view("Lørenskog")
    with pytest.raises(WrongParameter, match=fault):
        view.figure("pendling.trend", commuting=changed(view.rows("commuting").set_index("year")[["out_pct"]]))


def test_an_index_that_does_not_tell_rows_apart_is_told():
    view = nlib.view("Lørenskog")
    with pytest.raises(WrongParameter, match="group skiller ikke radene i specialisation fra hverandre"):
        view.figure("arbeidsplasser.branches", specialisation=view.rows("specialisation").set_index("group")[["lq"]])


def test_a_figure_is_made_once_and_its_table_is_the_callers_own(monkeypatch):
    view, made = nlib.view("Lørenskog"), []
    monkeypatch.setattr(view, "_call", lambda function, given, call=view._call: made.append(function) or call(function, given))
    first = view.figure("pendling.trend")
    first.table.iloc[0, 0] = "endret"
    assert view.figure("pendling.trend").table.iloc[0, 0] != "endret"
    assert view.front("pendling").findings[0].sentence.startswith(first.title)
    assert [function.__name__ for function in made].count("trend") == 1


def test_one_that_a_place_is_compared_with_may_be_a_name_alone_and_a_comparison_takes_a_table():
    assert nlib.view("Haram", compare="Ålesund").compare == ["1508"]
    with pytest.raises(WrongParameter, match="table må være en tabell"):
        nlib.compare("commuting", "out_pct", "Lørenskog", ["Oslo"])


def test_a_place_is_compared_with_others_and_no_more_than_a_page_can_hold():
    with pytest.raises(WrongUse, match="høyst 12 andre, ikke 14"):
        nlib.view("Haram", compare=list(nlib.kommuner)[:14])
    with pytest.raises(WrongUse, match="Kommunen 1580 kan ikke måles mot seg selv"):
        nlib.view("Haram", compare="Haram")
    assert nlib.view("Haram", compare=["Haram", "Oslo"]).compare == ["0301"]


def test_commuters_of_a_municipality_that_was_split_are_said_to_be_uncertain():
    told = " ".join(sentence.text for sentence in nlib.view("Haram").answer("commuters").sentences)
    assert "uten pendlingen mellom Haram og Ålesund" in told and "ingen feilmargin" not in told
