"""The command line as a user meets it: exit codes, what it says, and what is left on disk."""

import json
import os
import re
import subprocess
import sys

import click
import nbformat
import pytest

from nlib import cli
from nlib.core import store
from nlib.press import journal, publish
from nlib.press.local import declared, execute
from tests import warm
from tests.editions import NOTEBOOKS, ONCE, SERVED, statbank, with_notebooks
from tests.made_reports import LACKING

NOBODY = "http://127.0.0.1:9"


def nlib(*words, home, api=NOBODY):
    return warm.nlib(*words, NLIB_HOME=str(home), NLIB_API=api)


def nlib_as_a_user_starts_it(*words, home):
    environment = os.environ | {"NLIB_HOME": str(home), "NLIB_API": NOBODY}
    return subprocess.run([sys.executable, "-m", "nlib.cli", *words], env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture
def home(demo_home, tmp_path):
    """A home of the test's own, with the synthetic edition in it by link."""
    with_notebooks(tmp_path)
    (tmp_path / "data").symlink_to(demo_home / "data")
    return tmp_path


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


NAMED = ("rapport", "pendling", "validering")


@pytest.mark.slow
def test_a_report_is_a_page_of_each_notebook_an_index_and_a_log_of_the_run_and_two_runs_give_the_same_bytes(home, reports):
    """Of three notebooks; `reports` has them all, and so links to more."""
    done = nlib_as_a_user_starts_it("report", "Lørenskog", "1580", *(word for name in NAMED for word in ("-n", name)), home=home)
    assert done.returncode == 0, done.stderr
    folders = ("1580-haram", "3222-lorenskog")
    pages = [f"demo/{folder}/{notebook}.html" for folder in folders for notebook in NAMED if notebook not in ONCE]
    pages += [f"demo/{name}.html" for name in ONCE.values()]
    beside = [f"demo/{name}" for name in ("index.html", "om-tallene.html", "pages.json", "report.json")]
    assert files(home / "reports") == sorted([*pages, *beside])
    made = {str(path.relative_to(reports.parent)) for path in reports.glob("*/*.html") if path.name not in publish.MOVED}
    lacking = {f"demo/1580-haram/{notebook}.html" for notebook in LACKING}
    assert made == {f"demo/{folder}/{notebook}.html" for folder in folders for notebook in NOTEBOOKS} - lacking
    for name in pages:
        page = (home / "reports" / name).read_text(encoding="utf-8")
        assert re.search('class="banner">Demodata – ikke (bare )?virkelige tall', page)
        assert page.count("<figure") + page.count('class="listing"') >= 3 or "3222" not in name
        first, again = (journal.settled((root / name).read_bytes(), lambda _: True) for root in (reports.parent, home / "reports"))
        assert first == again, name


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["report", "Lørnskog"], 2, "Mente du Lørenskog (3222)"),
        (["report", "Våler"], 2, "Oppgi nummeret"),
        (["report"], 2, "Oppgi enten kommuner eller --all"),
        (["fetch", "--edition", "demo"], 2, "lages med nlib demo"),
        (["update", "--edition", "demo"], 2, "lages med nlib demo"),
        (["report", "3222", "--all"], 2, "Oppgi enten kommuner eller --all"),
        (["report", "Lørenskog", "--compare", "Oslo", "Haram"], 2, "Haram står etter --compare"),
        (["report", "Lørenskog", "--pdf", "--compare=Oslo", "Haram", "Asker"], 2, "Haram, Asker står etter --compare"),
        (["report", "Haram", "Oslo", "--compare", "1580"], 2, "1580 kan ikke måles mot seg selv"),
        (["report", "3222", "--edition", "1999"], 2, "Utgaven «1999» finnes ikke"),
        (["report", "3222", "-n", "finnes-ikke"], 2, f"Velg blant: {', '.join(sorted([*NOTEBOOKS, *ONCE]))}"),
        (["build", "--edition", "1999"], 2, "Utgaven «1999» finnes ikke"),
        (["list", "byer"], 2, "byer"),
        (["fetch", "--only", "99999"], 2, "Ingen kilde heter «99999»"),
        (["tull"], 2, "Feil: Ingen kommando heter «tull».\n"),
        (["demo", "--seed", "-1"], 2, "-1 er ikke innenfor x>=0"),
        (["demo", "--seed", "x"], 2, "«x» er ikke et helt tall"),
        (["list"], 2, "Det mangler noe: '{kommuner|"),
        (["import", "finnes-ikke"], 2, "finnes-ikke finnes ikke"),
        (["report", "--compar", "X"], 2, "Ikke noe valg heter «--compar». Mente du '--compare'?"),
        (["report", "--jobs"], 2, "Valget --jobs trenger en verdi."),
        (["fetch", "mer"], 2, "Dette er det ikke plass til: mer"),
        (["export", "--open", "-t", "commuting", "--dry-run"], 2, "--open gjelder datapakken"),
    ],
)
def test_wrong_use_is_told_in_a_line_and_leaves_nothing(home, words, code, told):
    done = nlib(*words, home=home)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "reports").exists()


def test_what_click_says_by_itself_is_in_bokmaal_for_every_command():
    for name, command in {"": cli.main, **cli.main.commands, **cli.survey.commands}.items():
        text = command.get_help(click.Context(command, info_name=f"nlib {name}".strip()))
        assert text.startswith("Bruk: nlib") and "Valg:\n" in text and "Vis denne hjelpen." in text
        assert not re.search(r"\b(Usage|OPTIONS|Options|Commands?|COMMAND|ARGS|Show|INTEGER|TEXT|default|required)\b", text), name


@pytest.mark.slow
def test_an_export_is_foreseen_as_it_is_made(home):
    words = ["export", "Lørenskog", "-t", "commuting", "--edition", "demo"]
    ahead = nlib(*words, "--dry-run", home=home)
    assert ahead.stdout.startswith("Utgaven demo: 2 Excel-bøker skrives. Omtrent 6 sekunder\n") and not (home / "reports").exists()
    assert [line.strip() for line in ahead.stdout.splitlines()[1:]] == nlib(*words, home=home).stdout.split()
    package = nlib("export", "--edition", "demo", "--dry-run", home=home).stdout
    assert re.match(r"Utgaven demo: \d+ tabeller skrives som CSV i .*/reports/demo/data\.", package) and "\n  facts\n" in package


def test_a_service_that_does_not_answer_is_told_and_exits_1(tmp_path):
    done = nlib("fetch", "--edition", "2026", home=with_notebooks(tmp_path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Får ikke svar" in done.stderr
    assert [path.name for path in (tmp_path / "data").rglob("*")] == [".lock"]


@pytest.mark.parametrize("what", ["kommuner", "tabeller", "indikatorer", "notebooks", "editions"])
def test_list_shows_what_there_is(home, what):
    done = nlib("list", what, home=home)
    assert done.returncode == 0
    told = {
        "kommuner": "3222  Lørenskog",
        "tabeller": "commuting",
        "indikatorer": "out_pct",
        "notebooks": "pendling",
        "editions": "demo",
    }
    assert told[what] in done.stdout
    if what == "kommuner":
        assert len(done.stdout.splitlines()) == 357


@pytest.mark.parametrize(("words", "code"), [(["list", "kommuner"], 0), (["list", "byer"], 2)])
def test_a_command_says_the_same_however_its_process_is_started(home, words, code):
    ours, theirs = nlib(*words, home=home), nlib_as_a_user_starts_it(*words, home=home)
    assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)
    assert ours.returncode == code


@pytest.mark.slow
def test_check_finds_the_synthetic_edition_whole_and_is_json_for_programs(home):
    done = nlib("check", "--json", home=home)
    assert done.returncode == 0, done.stderr
    checked = json.loads(done.stdout)
    assert checked["edition"] == "demo" and checked["faults"] == []
    assert "commuting_flows" in done.stdout
    assert any("arbeidsplasser, 03321 mot 11618" in line for line in checked["lines"])


def notebook(*cells, about=True):
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "p", "language": "python"}})
    if about:
        made.metadata["nlib"] = {"title": "Prøve", "tables": ["commuting"]}
    for source, tags in cells:
        made.cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": tags}))
    return made


PARAMETERS = ('kommune = ""\nedition = ""\ncompare = []', ["parameters"])


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([("1", [])], "har 0 celler merket «parameters»"),
        ([PARAMETERS, PARAMETERS], "har 2 celler merket «parameters»"),
        ([('kommun = ""', ["parameters"])], "har ikke parameteren"),
        ([PARAMETERS, ("1 / 0", [])], "ZeroDivisionError"),
        ([PARAMETERS, ("import os; os._exit(3)", [])], "kunne ikke kjøres"),
    ],
)
def test_a_notebook_that_cannot_be_a_report_is_told_and_leaves_no_half_page(home, cells, told):
    nbformat.write(notebook(*cells), home / "notebooks" / "prove.ipynb")
    done = nlib("report", "3222", "-n", "prove", home=home)
    assert done.returncode in (1, 2)
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not [name for name in files(home) if "prove.html" in name]


def test_one_failed_page_does_not_stop_the_others_and_keeps_the_one_from_before(home):
    nbformat.write(notebook(PARAMETERS, ("assert kommune == '1151'", [])), home / "notebooks" / "prove.ipynb")
    before = home / "reports/demo/0301-oslo/prove.html"
    before.parent.mkdir(parents=True)
    before.write_text("forrige")
    done = nlib("report", "0301", "1151", "3222", "-n", "prove", "--jobs", "2", home=home)
    assert done.returncode == 1
    assert "0301-oslo/prove.html" in done.stderr
    assert before.read_text() == "forrige"
    assert (home / "reports/demo/1151-utsira/prove.html").exists()
    index = (home / "reports/demo/index.html").read_text(encoding="utf-8")
    assert 'href="0301-oslo/prove.html"' in index and 'href="1151-utsira/prove.html"' in index
    assert "3222-lorenskog/prove.html" not in index and "3222-lorenskog/prove.html" in done.stderr


def test_a_misspelt_parameter_is_refused_before_anything_runs(home):
    path = home / "notebooks" / "pendling.ipynb"
    assert set(declared(path)) == {"kommune", "edition", "compare"}
    with pytest.raises(Exception, match="har ikke parameteren komune"):
        execute(path, {"komune": "3222"}, home)


def test_a_raw_file_that_is_missing_or_changed_stops_the_build_and_keeps_the_tables(tmp_path, demo_home):
    import shutil

    shutil.copytree(demo_home / "data", tmp_path / "data")
    edition = store.edition("demo", tmp_path)
    before = files(edition.processed)
    victim = next((edition.raw / "ssb_11618").rglob("000.json"))
    victim.write_bytes(victim.read_bytes().replace(b"1", b"2", 1))
    (edition.processed / "employed_register.parquet").unlink()
    done = nlib("build", home=tmp_path)
    assert done.returncode == 1
    assert "er endret siden den ble hentet" in done.stderr
    victim.unlink()
    done = nlib("build", home=tmp_path)
    assert done.returncode == 1
    assert "nlib fetch --only ssb_11618" in done.stderr
    assert set(files(edition.processed)) == set(before) - {"employed_register.parquet"}


@pytest.mark.slow
def test_a_fetch_with_faults_and_one_killed_half_way_give_the_same_tables(real_edition, tmp_path):
    faulty = ["--fail", "0.2", "--cut", "0.1", "--calls", "20", "--window", "3", "--slow", "0.3"]
    with statbank(*faulty) as api:
        environment = os.environ | {"NLIB_HOME": str(tmp_path), "NLIB_API": api}
        words = ["fetch", "--edition", "2026", *(word for name in SERVED for word in ("--only", name))]
        command = [sys.executable, "-m", "nlib.cli", *words]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as first:
            for line in first.stderr:
                if line.startswith("ssb_03321: 1 av"):
                    first.kill()
                    break
        again = nlib(*words, home=tmp_path, api=api)
    assert again.returncode == 0, again.stderr
    assert "(fra før)" in again.stderr
    assert nlib("build", home=tmp_path).returncode == 0
    edition = store.edition("2026", tmp_path)
    ours, theirs = (e.processed_manifest()["tables"] for e in (edition, real_edition))
    assert {name: entry["sha256"] for name, entry in ours.items()} == {name: entry["sha256"] for name, entry in theirs.items()}
