"""The exploring notebooks run on the synthetic edition, and say so where a service does not answer."""

import json
from pathlib import Path

import papermill
import pytest
from nbclient.exceptions import CellTimeoutError
from statbank_double import Double, serving

FOLDER = Path(__file__).parents[1] / "notebooks" / "utforsk"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
STATBANK = "ny_ssb_tabell"
NOBODY = "http://127.0.0.1:9"


def run(name, home, tmp_path, monkeypatch, api=NOBODY):
    """All that the notebook shows, after a run in a kernel as it stands."""
    monkeypatch.setenv("NLIB_HOME", str(home))
    monkeypatch.setenv("NLIB_API", api)
    given = {"kernel_name": "python3", "progress_bar": False, "cwd": tmp_path}
    notebook, written = FOLDER / f"{name}.ipynb", tmp_path / "out.ipynb"
    try:
        done = papermill.execute_notebook(notebook, written, execution_timeout=25, **given)
    except CellTimeoutError:  # nbclient loses the answer of a cell with widgets in one of three runs; the kernel is done and idle
        done = papermill.execute_notebook(notebook, written, execution_timeout=90, **given)
    shown = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    drawn = done.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    return json.dumps([shown, [model["state"].get("outputs") for model in drawn.values()]], ensure_ascii=False)


def test_there_are_notebooks_to_explore_with():
    wanted = {"foerste_steg", "sammenlign_kommuner", "egen_indeks", "egne_komponenter", "pendlingsnettverk", "velg_selv"}
    wanted |= {"vekting", "ti_oppgaver", STATBANK}
    assert wanted == set(NOTEBOOKS)
    first = (FOLDER / "foerste_steg.ipynb").read_text(encoding="utf-8")
    assert [name for name in NOTEBOOKS if f"({name}.ipynb)" not in first] == ["foerste_steg"], "the first page says what is there"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "shows"),
    [
        ("foerste_steg", ["Pendling", "Utpendlingen fra Lørenskog", "image/png"]),
        ("sammenlign_kommuner", ["Lillestrøm", "Rælingen", "Oslo"]),
        ("egen_indeks", ["samlet", "rank_low"]),
        ("egne_komponenter", ["dwellings_pct", "rank_own"]),
        ("pendlingsnettverk", ["pendling-flow-map", "Lørenskog"]),
        ("velg_selv", ["Andel av de sysselsatte som pendler ut"]),
        ("ti_oppgaver", ["<td>0000</td>", "per_tusen", "<td>3205</td>", "image/png", "pendling.dta"]),
        ("vekting", ["inviterte svarte", "effektivt", "fasit", "skjevhet", "image/png"]),
    ],
)
def test_it_runs_on_any_edition_and_shows_what_it_promises(name, shows, own_home, tmp_path, monkeypatch):
    shown = run(name, own_home, tmp_path, monkeypatch)
    assert '"output_type": "error"' not in shown  # a widget keeps the error of what it draws, and goes on
    assert [text for text in shows if text not in shown] == []


def test_a_new_table_comes_from_search_to_a_series_on_todays_municipalities(small_statbank, demo_home, tmp_path, monkeypatch):
    api, double = small_statbank
    shown = run(STATBANK, demo_home, tmp_path, monkeypatch, api)
    assert "query=befolkning" in double.paths("/tables?")[0].path
    assert "Lørenskog 1\\u00a0000" in shown.replace("\u00a0", "\\u00a0")
    assert "SSB, tabell 07459" in shown


def test_without_a_network_it_stops_and_says_so(monkeypatch):
    import nlib
    from nlib.core.errors import SourceUnavailable

    monkeypatch.setenv("NLIB_API", NOBODY)
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # between the attempts
    with pytest.raises(SourceUnavailable, match=f"Får ikke svar fra {NOBODY}"):
        nlib.ssb_search("folketall")


def test_a_search_that_is_answered_with_something_else_is_refused(monkeypatch):
    import nlib
    from nlib.core.errors import BadAnswer

    double = Double()
    double.says("/tables?", {"hits": []})
    with serving(double) as api, pytest.raises(BadAnswer, match="ikke en liste"):
        monkeypatch.setenv("NLIB_API", api)
        nlib.ssb_search("folketall")
