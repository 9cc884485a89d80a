"""What a researcher who misspelt something is asked: what was meant, where it was looked for, and only what is for users."""

import contextlib

import pandas as pd
import pytest

import nlib
from nlib.core import store
from nlib.core.errors import NlibError, UnknownEdition, UnknownMunicipality, UnknownTable, WrongParameter
from nlib.core.meant import near, question


@pytest.fixture
def at_the_desk(demo_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    return nlib.view("Lørenskog")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda view: view.figure("trend"), "Figuren «trend» finnes ikke. Mente du pendling.trend?"),
        (lambda view: view.figure("pendling.tren"), "Mente du pendling.trend?"),
        (lambda view: view.figure("pendlin.trend"), "Mente du pendling.trend?"),
        (lambda view: view.figure("pendling.qqq"), "Velg blant: pendling.area, "),
        (lambda view: view.figure("qqq"), "view.figures lister alle"),
        (lambda view: view.front("pendlin"), "Mente du pendling?"),
        (lambda view: view.table("pendling"), "commuting (Pendling)"),
        (lambda view: nlib.table("pendling"), "commuting (Pendling)"),
        (lambda view: nlib.table("comuting"), "Mente du commuting (Pendling)?"),
        (lambda view: nlib.describe("qqq"), "nlib list tabeller"),
        (lambda view: nlib.sql("select * from comuting"), "Mente du commuting (Pendling)?"),
    ],
)
def test_a_misspelt_figure_or_table_is_answered_with_what_was_meant(at_the_desk, asked, told):
    with pytest.raises(UnknownTable) as refused:
        asked(at_the_desk)
    assert told in str(refused.value)
    assert not {"sammenligning", "drawing", "duckdb", "pg_catalog"} & set(str(refused.value).lower().split())


@pytest.mark.parametrize("name", ["Lørenskg", "Lørnskog", "lorenskgo"])
def test_a_misspelt_municipality_is_answered_with_the_one_that_is_like_it(at_the_desk, name):
    with pytest.raises(UnknownMunicipality, match=r"Mente du Lørenskog \(3222\)\?$"):
        nlib.view(name)


def test_a_misspelt_name_of_nlib_or_of_its_municipalities_is_answered(at_the_desk):
    with pytest.raises(AttributeError, match=r"Mente du nlib\.table"):
        nlib.tabel  # noqa: B018
    with pytest.raises(AttributeError, match=r"Mente du nlib\.kommuner\.Lørenskog\?"):
        nlib.kommuner.Lørenskg  # noqa: B018


def test_where_there_is_no_edition_it_is_told_where_it_was_looked_for_and_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    with pytest.raises(UnknownEdition) as refused:
        store.edition()
    assert str(tmp_path / "data") in str(refused.value) and "nlib demo" in str(refused.value)
    store.write_json(tmp_path / "data" / "raw" / "2026" / "manifest.json", {})
    with pytest.raises(UnknownEdition, match=r"Mente du 2026\?"):
        store.edition("2025")


def test_an_install_without_the_projects_folder_is_told_to_name_it(tmp_path, monkeypatch):
    monkeypatch.delenv("NLIB_HOME", raising=False)
    monkeypatch.setattr(store, "home", lambda: tmp_path)
    with pytest.raises(UnknownEdition, match=r"installert uten prosjektmappen.*sett NLIB_HOME"):
        store.edition()


def test_the_like_are_few_and_the_best_comes_first():
    names = ["pendling.trend", "pendling.area", "befolkning.trend", "utdanning.levels"]
    assert near("trend", names) == ["pendling.trend", "befolkning.trend"]
    assert near("PENDLING.TREN", names) == ["pendling.trend"]
    assert near("Commuting", ["commuting_flows", "commuting"])[0] == "commuting"
    assert near("", names) == near("qqqq", names) == near("a", []) == []
    assert question(["a", "b", "c"]) == "Mente du a, b eller c?" and question(["a"]) == "Mente du a?" and question([], "x") == "x"


FRAME = pd.DataFrame({"x": [1]})
SERIES = (pd.Series([1]), pd.Series(dtype=float))
ODD = (None, "", "tull og tøys", ["3222", None], [], {"a": 1}, 7, 1.5, pd.DataFrame(), FRAME, *SERIES)
READING = ("describe", "indicator", "indicators", "table", "tables", "sql", "view")
MAKING = ("compare", "map", "save", "to_today")
SERVICE = ("statbank", "ssb_search", "ssb_series", "ssb_variables")


@pytest.mark.parametrize("name", [*READING, *MAKING, *SERVICE, "View.figure", "View.front"])
def test_whatever_is_given_for_an_argument_is_taken_or_refused_by_an_error_of_the_house(at_the_desk, tmp_path, name):
    commuting = nlib.table("commuting", years=2017)
    good = {
        "compare": {"table": commuting, "column": "out_pct", "kommune": "Lørenskog", "others": ["Oslo"], "years": 2017},
        "describe": {"name": "commuting"},
        "indicator": {"name": "out_pct", "kommune": "Lørenskog", "edition": "", "years": 2017},
        "indicators": {"page": "pendling"},
        "map": {"values": commuting.set_index("komm_nr")["out_pct"], "edition": ""},
        "save": {"frame": commuting, "path": tmp_path / "tall.dta"},
        "sql": {"query": "select 1", "edition": "", "egne": FRAME},
        "table": {"name": "commuting", "edition": "", "kommune": "Lørenskog", "years": 2017},
        "tables": {"edition": ""},
        "to_today": {"df": FRAME, "number": "x", "year": "x", "counts": ["x"], "rates": [], "day": "12-31", "edition": ""},
        "view": {"kommune": "Lørenskog", "edition": "", "compare": ["Oslo"]},
        "statbank": {"table": "x", "counts": True, "day": "x", "edition": "", "Region": "*"},
        "ssb_search": {"words": "x"},
        "ssb_series": {"declared": "x", "edition": ""},
        "ssb_variables": {"table": "x"},
        "View.figure": {"id": "pendling.trend", "commuting": commuting},
        "View.front": {"theme": "pendling", "commuting": commuting},
    }[name]
    called = getattr(at_the_desk if "." in name else nlib, name.rpartition(".")[2])
    for argument in good:
        for value in ODD:
            if name in SERVICE and isinstance(value, str):  # it would be asked
                continue
            with contextlib.suppress(NlibError):
                called(**good | {argument: value})


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda view: nlib.table(FRAME), 'nlib.table: name må være tekst, ikke en tabell. For eksempel: nlib.table("commuting")'),
        (lambda view: nlib.table("commuting", edition=2026), "edition må være tekst, ikke 2026"),
        (lambda view: nlib.table("commuting", yers=2017), "nlib.table tar ikke imot yers. Mente du years?"),
        (lambda view: nlib.table(), "nlib.table må få name."),
        (lambda view: nlib.map("Lørenskog"), "nlib.map: values må være en pandas Series, ikke 'Lørenskog'"),
        (lambda view: nlib.indicator("out_pct", 1.5), "kommune må være nummer eller navn, ett eller en liste, ikke 1.5"),
        (lambda view: nlib.region("3222", "To"), "nlib.region: kommuner må være en liste av tekst, ikke '3222'"),
        (lambda view: nlib.region(["3222", "3205"], None), "nlib.region: name må være tekst, ikke None"),
        (lambda view: nlib.sql(None), "nlib.sql: query må være tekst, ikke None"),
        (lambda view: nlib.sql("select 1", egne=[1]), "egne må være en tabell (pandas DataFrame), ikke [1]"),
        (lambda view: view.figure("pendling.trend", table=FRAME), "pendling.figures.trend tar ikke imot table"),
        (lambda view: view.figure("pendling.trend", comuting=FRAME), "tar ikke imot comuting. Mente du commuting?"),
        (lambda view: view.figure("pendling.trend", commuting="x"), "commuting må være en tabell (pandas DataFrame), ikke 'x'"),
        (lambda view: view.figure(["pendling.trend"]), "view.figure: id må være tekst"),
    ],
)
def test_a_call_that_cannot_be_is_answered_with_what_each_argument_must_be(at_the_desk, call, told):
    with pytest.raises(WrongParameter) as refused:
        call(at_the_desk)
    assert told in str(refused.value)


def test_the_indicators_of_a_page_are_had_by_its_name_and_a_misspelt_one_is_answered(at_the_desk):
    assert set(nlib.indicators("pendling")["page"]) == {"pendling"} and len(nlib.indicators("pendling")) < len(nlib.indicators())
    with pytest.raises(UnknownTable, match=r"Mente du pendling\?"):
        nlib.indicators("pendlin")
