"""What a researcher who misspelt something is asked: what was meant, where it was looked for, and only what is for users."""

import pytest

import nlib
from nlib.core import store
from nlib.core.errors import UnknownEdition, UnknownMunicipality, UnknownTable
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
