"""The habits of the command line: what goes where, how much of it, in what letters, and what is written to a log."""

import codecs
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from nlib import cli
from nlib.core import store
from nlib.core.errors import NlibError, UnknownEdition, printable
from nlib.press import status
from nlib.press.runs import FILES, Run
from nlib.press.terminal import QUIET, SPARSE, VERBOSE, Terminal, plainer

STEPS = [f"{done} av 200: 3222-lorenskog/pendling.html" for done in range(1, 201)]


@pytest.fixture
def home(demo_home, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    return demo_home


@pytest.fixture
def nlib(capfdbinary, monkeypatch):
    """Calls the command line in this process; gives its exit code and the bytes of stdout and stderr."""

    def call(*words):
        code = 0
        try:
            cli.run(list(words))
        except SystemExit as done:
            code = done.code
        return (code, *capfdbinary.readouterr())

    yield call
    cli.terminal.stop_log()


@pytest.fixture
def terminal():
    return Terminal()


def test_in_a_pipe_a_run_is_few_lines_on_stderr_and_what_failed_is_always_told(terminal, capsys):
    for step in [*STEPS, "7 av 200: side – feilet: fordi"]:
        terminal.say(step)
    shown = capsys.readouterr()
    lines = shown.err.splitlines()
    assert len(lines) == SPARSE + 1 and lines[-2] == STEPS[-1] and "feilet" in lines[-1]
    assert shown.out == ""


@pytest.mark.parametrize(("level", "lines"), [(QUIET, 0), (VERBOSE, 200)])
def test_quiet_tells_nothing_of_the_way_and_verbose_all_of_it(terminal, capsys, level, lines):
    terminal.level = level
    for step in STEPS:
        terminal.say(step)
    terminal.show("svaret")
    shown = capsys.readouterr()
    assert (len(shown.err.splitlines()), shown.out) == (lines, "svaret\n")


def test_a_terminal_has_a_bar_and_what_comes_after_begins_on_a_line_of_its_own():
    code = f"from nlib.press.terminal import Terminal\nt = Terminal()\nfor line in {STEPS[:9]}: t.say(line)\nt.fail('galt')"
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    subprocess.run([sys.executable, "-c", code], stderr=child, timeout=60, check=True)
    os.close(child)
    told = os.read(parent, 65536).decode()
    os.close(parent)
    assert "9/200" in told and "av 200" not in told
    assert told.endswith("galt\r\n")


def test_a_log_has_every_line_with_the_time_whatever_the_terminal_is_told(terminal, capsys, tmp_path):
    terminal.level = QUIET
    terminal.log_to(tmp_path / "logger" / "nlib.log")
    for step in STEPS:
        terminal.say(step)
    terminal.fail("to\nlinjer")
    lines = (tmp_path / "logger" / "nlib.log").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(STEPS) + 2
    assert all(re.match(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d ", line) for line in lines)
    assert capsys.readouterr().err == "to\nlinjer\n"


def test_a_log_that_cannot_be_written_is_told(nlib, tmp_path):
    (tmp_path / "fil").touch()
    code, _, told = nlib("list", "editions", "--log-file", str(tmp_path / "fil" / "nlib.log"))
    assert code == 2 and b"fil/nlib.log kan ikke skrives" in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_log_on_a_full_disk_is_told_once_and_nothing_is_left_undone(nlib):
    code, shown, told = nlib("list", "indikatorer", "--log-file", "/dev/full")
    assert code == 0 and b"out_pct" in shown
    assert told.decode() == "nlib: loggen /dev/full kan ikke skrives (No space left on device): går videre uten\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals of this kind")
def test_a_command_that_is_asked_to_end_says_so_and_ends_with_a_code_of_its_own(nlib, monkeypatch):
    monkeypatch.setattr(status, "listed", lambda what, edition: os.kill(os.getpid(), signal.SIGTERM))
    code, _, told = nlib("list", "editions")
    assert code == 143 and "avbrutt. Kjør kommandoen igjen" in told.decode()


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("words", ["--log-file LOG import FIL", "import --log-file LOG FIL", "import FIL --log-file LOG"])
def test_what_files_that_came_by_hand_are_called_stands_in_no_log(nlib, tmp_path, monkeypatch, words, there):
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    named = tmp_path / "ola-nordmann.csv"
    if there:
        named.write_text("x", encoding="utf-8")
    places = {"LOG": str(tmp_path / "nlib.log"), "FIL": str(named)}
    code, _, told = nlib(*(places.get(word, word) for word in words.split()))
    assert code == 2 - there and b"ola-nordmann.csv" in told
    logged = (tmp_path / "nlib.log").read_text(encoding="utf-8")
    assert "nlib import" in logged and "ola" not in logged


def test_what_a_file_of_answers_is_called_stands_in_no_log_of_a_draft_of_its_codebook(nlib, tmp_path):
    code, _, told = nlib("survey", "draft", "ola-nordmann.csv", "--log-file", str(tmp_path / "nlib.log"))
    assert code == 2 and b"ola-nordmann.csv" in told
    assert "ola" not in (tmp_path / "nlib.log").read_text(encoding="utf-8")


def test_what_would_steer_a_terminal_is_shown_and_not_done(terminal, capsys):
    name = "\x1b[2Jtall\x07\u202efdp.csv"
    shown = r"\x1b[2Jtall\x07\u202efdp.csv"
    assert printable(name) == str(NlibError(name)) == shown
    assert printable("Lørenskog\n  – «år»\t5") == "Lørenskog\n  – «år»\t5"
    terminal.show(name)
    terminal.say(name)
    terminal.fail(name)
    assert capsys.readouterr() == (f"{shown}\n", f"{shown}\n{shown}\n")


@pytest.mark.parametrize(
    ("encoding", "text", "written"),
    [
        ("latin-1", "«Lørenskog» 2015–2025, −3 … 20 % av Kárášjohka", "«Lørenskog» 2015-2025, -3 ... 20 % av Kárásjohka"),
        ("ascii", "«Ærø» på Ås → Øst", '"Aero" pa As -> Ost'),
        ("latin-1", "漢", "?"),
    ],
)
def test_an_encoding_that_lacks_a_letter_writes_it_plainer(encoding, text, written):
    codecs.register_error("plainer", plainer)
    assert text.encode(encoding, "plainer").decode(encoding) == written


def test_a_latin_1_terminal_gets_its_lists_readable(home):
    for what, there in {"tabeller": "2006-20", "kommuner": "Lørenskog"}.items():
        given = os.environ | {"PYTHONIOENCODING": "latin-1"}
        done = subprocess.run([sys.executable, "-m", "nlib.cli", "list", what], env=given, capture_output=True, timeout=300)
        text = done.stdout.decode("latin-1")
        assert done.returncode == 0 and there in text and "?" not in text


def test_lists_and_status_are_json_for_programs(nlib, home):
    municipalities = json.loads(nlib("list", "kommuner", "--json")[1])
    assert len(municipalities) == 357 and {"komm_nr": "3222", "name": "Lørenskog", "county": "Akershus"} in municipalities
    tables = {row["name"]: row for row in json.loads(nlib("list", "tabeller", "--json")[1])}
    assert tables["commuting"]["built"] and tables["commuting"]["rows"] > 1000
    run = json.loads(nlib("status", "--json")[1])
    assert run["edition"] == "demo" and run["running"] is None and run["synthetic"] is True
    assert run.keys() == {"edition", "synthetic", "running", "built", *FILES} and run["update"] is None


def test_a_list_on_a_terminal_is_no_wider_than_it_is(home, monkeypatch):
    row = status.listed("tabeller", store.edition("demo", home))[0]
    whole = status.line("tabeller", row)
    monkeypatch.setenv("COLUMNS", "60")
    assert status.line("tabeller", row) == whole and len(whole) > 60
    monkeypatch.setattr(status.sys.stdout, "isatty", lambda: True)
    assert status.line("tabeller", row) == f"{whole[:59]}…"


def test_a_list_with_nothing_in_it_is_empty_and_where_it_was_looked_for_is_told_beside_it(nlib, tmp_path, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    for what, word in (("editions", "utgaver ennå"), ("notebooks", "notebooks")):
        assert nlib("list", what) == (0, b"", f"{tmp_path} har ingen {word}\n".encode())
        assert nlib("list", what, "--json") == (0, b"[]\n", b"")


def run_of(edition, command, **what):
    """A run of a command, told as one is."""
    run = Run(edition, command)
    vars(run).update(what)
    run.write()
    return run


def test_a_status_tells_what_the_last_run_did_and_whether_one_is_going_on(tmp_path):
    edition = store.new_edition("2026", tmp_path)
    assert status.lines(status.of(edition))[-1] == "Ingen sider er laget ennå."
    pages = {"laget": 1, "uendret": 2, "feilet": 0, "uten tall": 3, "igjen": 0}
    run = run_of(edition, "update", seconds={"hent": 61.2, "sider": 8}, failed=["hent: nede"], pages=pages)
    run.end()
    with store.alone(tmp_path):
        told = status.of(edition)
        assert told["running"] == os.getpid() and told["update"]["failed"] == ["hent: nede"]
        first, second, third = status.lines(told)[1:]
        assert first == f"nlib update {run.begun}, ferdig {run.ended}: hent 61 s, sider 8 s."
        assert second.startswith("  1 side laget, 2 uendret, 3 uten tall. 1 ting feilet. nlib ") and third == "  - hent: nede"
    assert status.of(edition)["running"] is None
    (tmp_path / "data" / ".lock").write_text("4194305")  # killed: no process has this number
    assert status.of(edition)["running"] is None


def test_a_run_that_was_killed_is_told_with_when_it_began_and_how_far_it_came_and_one_that_goes_on_is_not(tmp_path):
    edition = store.new_edition("2026", tmp_path)
    pages = {"laget": 34, "uendret": 0, "feilet": 0, "uten tall": 0, "igjen": 323}
    run = run_of(edition, "update", step="sider", pages=pages)
    assert f"nlib update {run.begun}: pågår nå (prosess {os.getpid()}), i trinnet «sider»." in status.lines(status.of(edition))
    run_of(edition, "update", step="sider", pages=pages, begun=run.begun, process=4194305)
    stopped, came = status.lines(status.of(edition))[1:]
    assert stopped.startswith(f"nlib update {run.begun} gikk ikke til ende: den ble stanset i trinnet «sider».")
    assert came.startswith("  34 sider laget, 323 igjen. 0 ting feilet.")


def test_the_status_is_of_the_last_run_also_where_it_got_no_figures_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    built = store.new_edition("2025", tmp_path)
    built.publish({}, {})
    for name, failed in (("2025", []), ("2026", ["hent: SSB svarer ikke"])):
        run_of(store.Edition(name, tmp_path), "update", failed=failed)
        os.utime(tmp_path / "reports" / name / "run.json", (int(name), int(name)))
    last, named = (status.of(status.last(name))["update"]["failed"] for name in (None, "2026"))
    assert last == named == ["hent: SSB svarer ikke"]
    assert status.of(status.last("2025"))["update"]["failed"] == []
    with pytest.raises(UnknownEdition):
        status.last("2027")


def test_a_process_that_has_asked_in_sql_and_runs_a_command_ends_in_silence(home):
    code = "import nlib\nfrom nlib import cli\nnlib.sql('select 1')\ncli.run(['list', 'editions'])"
    done = subprocess.run([sys.executable, "-c", code], env=dict(os.environ), capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "demo\n", "")


def test_the_common_options_stand_before_and_after_the_command_but_not_against_each_other(nlib, home):
    for words in (["-q", "list", "editions"], ["list", "-q", "editions"]):
        assert nlib(*words)[1] == b"demo\n"
    code, _, told = nlib("-q", "list", "editions", "-v")
    assert code == 2 and b"--verbose eller --quiet" in told


def test_verbose_tells_the_way_to_an_error_and_nothing_else_does(nlib, home):
    words = ("list", "kommuner", "--edition", "1999")
    assert b"Traceback" not in nlib(*words)[2]
    assert b"Traceback" in nlib("-v", *words)[2]


def test_a_dry_run_tells_how_much_there_is_to_do_and_does_nothing(nlib, home):
    before = sorted(home.rglob("*"))
    assert "ingen tabeller er endret" in nlib("build", "--dry-run")[1].decode()
    assert "1 side lages, 0 er uendret" in nlib("report", "Oslo", "-n", "pendling", "--changed", "--dry-run")[1].decode()
    assert sorted(home.rglob("*")) == before
