"""What is kept between runs: made once, whole or not at all, and never taken from whoever uses it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests import kept
from tests.editions import ROOT

MAKER = """
import sys, time
from pathlib import Path
from tests.kept import kept

def make(folder):
    with open(folder.parent / "made", "a") as made:
        made.write("x")
    (folder / "part").touch()
    time.sleep(float(sys.argv[2]))
    (folder / "rest").touch()

with kept(Path(sys.argv[1]), make) as folder:
    print(*sorted(path.name for path in folder.iterdir()))
"""


@pytest.fixture
def maker():
    """Starts a process that makes a folder in so many seconds."""
    running = []

    def start(folder, seconds):
        command = [sys.executable, "-c", MAKER, str(folder), str(seconds)]
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for one in running:
        one.kill()
        one.wait()


def test_of_processes_that_come_at_once_one_makes_it_and_the_others_have_the_whole(maker, tmp_path):
    at_once = [maker(tmp_path / "demo-1", 0.3) for _ in range(3)]
    assert [one.communicate()[0].split() for one in at_once] == [["part", "ready", "rest"]] * 3
    assert (tmp_path / "made").read_text() == "x"


def test_what_was_killed_half_made_is_never_used(maker, tmp_path):
    first = maker(tmp_path / "demo-1", 60)
    while not (tmp_path / "demo-1.half" / "part").exists():
        assert first.poll() is None
        time.sleep(0.01)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert not (tmp_path / "demo-1").exists()
    assert maker(tmp_path / "demo-1", 0).communicate()[0].split() == ["part", "ready", "rest"]
    assert not (tmp_path / "demo-1.half").exists()


def test_one_that_cannot_be_made_leaves_nothing_to_be_used(tmp_path):
    def fails(folder):
        raise OSError("full")

    for _ in range(2):  # the second as the first: nothing of it stands in the way
        with pytest.raises(OSError, match="full"), kept.kept(tmp_path / "demo-1", fails):
            pass
    assert not (tmp_path / "demo-1").exists()


def test_who_changes_what_is_shared_is_told_and_it_is_made_anew(tmp_path):
    def make(folder):
        (folder / "table").write_text("as made")

    with (
        pytest.raises(AssertionError, match="must be copied before it is changed: table"),
        kept.kept(tmp_path / "demo-1", make) as one,
    ):
        (one / "table").write_text("changed")
    with kept.kept(tmp_path / "demo-1", make) as one:
        assert (one / "table").read_text() == "as made"


def test_the_oldest_go_when_a_new_one_is_made_but_never_one_in_use(tmp_path):
    def make(folder):
        pass

    with kept.kept(tmp_path / "demo-used", make), kept.kept(tmp_path / "real-1", make):
        os.utime(tmp_path / "demo-used" / "ready", (1, 1))
        for number in range(kept.KEPT + 2):
            with kept.kept(tmp_path / f"demo-{number}", make) as folder:
                os.utime(folder / "ready", (2 + number, 2 + number))
        there = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert there == {"demo-used", "real-1", *(f"demo-{number}" for number in range(2, kept.KEPT + 2))}


def test_the_name_changes_with_a_byte_of_the_code_a_file_s_name_and_what_else_is_given(tmp_path):
    code = tmp_path / "code"
    code.mkdir()
    (code / "one.py").write_text("1")
    was = [kept.fingerprint([code]), kept.fingerprint([code], "other code")]
    (code / "one.py").write_text("2")
    was.append(kept.fingerprint([code]))
    (code / "one.py").rename(code / "two.py")
    was.append(kept.fingerprint([code]))
    assert len(set(was)) == 4
    assert kept.fingerprint([code]) == was[-1]
