"""The habits of the command line: what goes where, how much of it, in what letters, and what is written to a log."""

import io
import json
import os
import pty
import re
import subprocess
import sys

import pytest

from nlib.core.errors import NlibError, printable
from nlib.press import status
from nlib.press.terminal import QUIET, SPARSE, VERBOSE, Terminal, plainer

STEPS = [f"{done} av 200: 3222-lorenskog/pendling.html" for done in range(1, 201)]


def nlib(*words, home, **environment):
    given = {name: value for name, value in os.environ.items() if not name.startswith("NLIB_")}
    command = [sys.executable, "-m", "nlib.cli", *words]
    return subprocess.run(command, env=given | {"NLIB_HOME": str(home)} | environment, cwd=home, capture_output=True, timeout=300)


@pytest.fixture
def home(demo_home, tmp_path):
    (tmp_path / "data").symlink_to(demo_home / "data")
    return tmp_path


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    return Terminal()


def test_in_a_pipe_a_run_is_few_lines_on_stderr_and_what_failed_is_always_told(terminal):
    for step in [*STEPS, "7 av 200: side – feilet: fordi"]:
        terminal.say(step)
    lines = sys.stderr.getvalue().splitlines()
    assert len(lines) == SPARSE + 1 and lines[-2] == STEPS[-1] and "feilet" in lines[-1]
    assert sys.stdout.getvalue() == ""


@pytest.mark.parametrize(("level", "lines"), [(QUIET, 0), (VERBOSE, 200)])
def test_quiet_tells_nothing_of_the_way_and_verbose_all_of_it(terminal, level, lines):
    terminal.level = level
    for step in STEPS:
        terminal.say(step)
    terminal.show("svaret")
    assert (len(sys.stderr.getvalue().splitlines()), sys.stdout.getvalue()) == (lines, "svaret\n")


def test_a_terminal_has_a_bar_and_what_comes_after_begins_on_a_line_of_its_own():
    code = f"from nlib.press.terminal import Terminal\nt = Terminal()\nfor line in {STEPS[:9]}: t.say(line)\nt.fail('galt')"
    parent, child = pty.openpty()
    subprocess.run([sys.executable, "-c", code], stderr=child, timeout=60, check=True)
    os.close(child)
    told = os.read(parent, 65536).decode()
    os.close(parent)
    assert "9/200" in told and "av 200" not in told
    assert told.endswith("galt\r\n")


def test_a_log_has_every_line_with_the_time_whatever_the_terminal_is_told(terminal, tmp_path):
    terminal.level = QUIET
    terminal.log_to(tmp_path / "logger" / "nlib.log")
    for step in STEPS:
        terminal.say(step)
    terminal.fail("to\nlinjer")
    lines = (tmp_path / "logger" / "nlib.log").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 202
    assert all(re.match(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d ", line) for line in lines)
    assert sys.stderr.getvalue() == "to\nlinjer\n"


def test_a_log_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "fil").touch()
    done = nlib("list", "editions", "--log-file", "fil/nlib.log", home=tmp_path)
    assert done.returncode == 2 and b"fil/nlib.log kan ikke skrives" in done.stderr


def test_what_files_that_came_by_hand_are_called_stands_in_no_log(tmp_path):
    (tmp_path / "ola-nordmann.csv").write_text("x", encoding="utf-8")
    done = nlib("--log-file", "nlib.log", "import", "ola-nordmann.csv", home=tmp_path)
    assert done.returncode == 1 and b"ola-nordmann.csv" in done.stderr
    told = (tmp_path / "nlib.log").read_text(encoding="utf-8")
    assert "nlib import" in told and "ola" not in told


def test_what_would_steer_a_terminal_is_shown_and_not_done(terminal):
    name = "\x1b[2Jtall\x07\u202efdp.csv"
    shown = r"\x1b[2Jtall\x07\u202efdp.csv"
    assert printable(name) == str(NlibError(name)) == shown
    assert printable("Lørenskog\n  – «år»\t5") == "Lørenskog\n  – «år»\t5"
    terminal.show(name)
    terminal.say(name)
    terminal.fail(name)
    assert sys.stdout.getvalue() == f"{shown}\n" and sys.stderr.getvalue() == f"{shown}\n{shown}\n"


@pytest.mark.parametrize(
    ("encoding", "text", "written"),
    [
        ("latin-1", "«Lørenskog» 2015–2025, −3 … 20 % av Kárášjohka", "«Lørenskog» 2015-2025, -3 ... 20 % av Kárasjohka"),
        ("ascii", "«Ærø» på Ås → Øst", '"Aero" pa As -> Ost'),
        ("latin-1", "漢", "?"),
    ],
)
def test_an_encoding_that_lacks_a_letter_writes_it_plainer(encoding, text, written):
    import codecs

    codecs.register_error("plainer", plainer)
    assert text.encode(encoding, "plainer").decode(encoding) == written


@pytest.mark.parametrize("what", ["tabeller", "kommuner"])
def test_a_latin_1_terminal_gets_its_lists_readable(home, what):
    done = nlib("list", what, home=home, PYTHONIOENCODING="latin-1")
    text = done.stdout.decode("latin-1")
    assert done.returncode == 0 and "?" not in text
    assert ("2000-20" in text) if what == "tabeller" else ("Lørenskog" in text and "Karasjok" in text)


def test_lists_and_checks_and_status_are_json_for_programs(home):
    municipalities = json.loads(nlib("list", "kommuner", "--json", home=home).stdout)
    assert len(municipalities) == 357 and {"komm_nr": "3222", "name": "Lørenskog", "county": "Akershus"} in municipalities
    tables = {row["name"]: row for row in json.loads(nlib("list", "tabeller", "--json", home=home).stdout)}
    assert tables["commuting"]["built"] and tables["commuting"]["rows"] > 1000
    checked = json.loads(nlib("check", "--json", home=home).stdout)
    assert checked["edition"] == "demo" and checked["faults"] == [] and checked["lines"]


def test_a_status_tells_what_the_last_run_did_and_whether_one_is_going_on(demo_edition, tmp_path):
    from nlib.core import store

    edition = store.new_edition("2026", tmp_path)
    assert status.lines(status.of(edition))[-1] == "Ingen sider er laget ennå."
    run = {"seconds": {"hent": 61.2, "sider": 8}, "begun": "2026-02-02T03:00:00", "failed": ["hent: nede"], "pages": {"laget": 3}}
    store.write_json(edition.reports / "run.json", run)
    with store.alone(tmp_path):
        told = status.of(edition)
        assert told["running"] == os.getpid() and told["failed"] == ["hent: nede"]
        assert status.lines(told)[1].startswith("Siste kjøring 2026-02-02T03:00:00: hent 61 s, sider 8 s")
    assert status.of(edition)["running"] is None
    (tmp_path / "data" / ".lock").write_text("4194305")  # killed: no process has this number
    assert status.of(edition)["running"] is None


def test_a_status_is_a_command_too(home):
    told = json.loads(nlib("status", "--json", home=home).stdout)
    assert told["edition"] == "demo" and told["running"] is None and told["synthetic"] is True


def test_the_common_options_stand_before_and_after_the_command_but_not_against_each_other(home):
    for words in (["-q", "list", "editions"], ["list", "-q", "editions"]):
        assert nlib(*words, home=home).stdout == b"demo\n"
    done = nlib("-q", "list", "editions", "-v", home=home)
    assert done.returncode == 2 and b"--verbose eller --quiet" in done.stderr


def test_verbose_tells_the_way_to_an_error_and_nothing_else_does(home):
    words = ("list", "kommuner", "--edition", "1999")
    assert b"Traceback" not in nlib(*words, home=home).stderr
    assert b"Traceback" in nlib("-v", *words, home=home).stderr
