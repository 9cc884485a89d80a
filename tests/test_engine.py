"""Papermill's engine «nlib» and the forked processes: what a kernel gives, and nothing that one job does reaches another."""

import contextlib
import functools
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import pytest

from nlib.charts.files import asked
from nlib.core.errors import BadAnswer, InvalidTable, NlibError, NotebookFailed, PageRejected
from nlib.press import fork
from nlib.press.local import IN_PROCESS, KERNEL, execute
from nlib.press.shell import PRINTED, Shell

pytestmark = pytest.mark.skipif(not fork.AVAILABLE, reason="fork finnes bare på Linux")


def written(folder: Path, *cells: str) -> Path:
    """A report notebook of these code cells."""
    parameters = nbformat.v4.new_code_cell('kommune = "0301"\nedition = ""\ncompare = []', metadata={"tags": ["parameters"]})
    book = nbformat.v4.new_notebook(cells=[parameters, *map(nbformat.v4.new_code_cell, cells)])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "prøve.ipynb"
    folder.mkdir(exist_ok=True)
    nbformat.write(book, path)
    return path


def shown(book) -> list:
    """What each cell shows, as comparable values."""
    return [
        [
            (o.output_type, o.get("text"), {k: str(v) for k, v in o.get("data", {}).items() if not k.startswith("image")})
            for o in c.outputs
        ]
        for c in book.cells
        if c.cell_type == "code"
    ]


# -- jobs for the forked processes: functions of a module, as a page's is


def nothing():
    pass


def two_threads():
    import threading

    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


def wrong_from_the_start():
    raise NlibError("utgaven er borte")


def work(job) -> bytes:
    return job(os.getpid())


def echo(text, pid):
    return text.encode()


def cell(path, pid):
    return "".join(str(shown(execute(path, {"kommune": "0301"}, path.parent, IN_PROCESS)))).encode()


def _dirty(pid):
    import matplotlib
    import numpy
    import pandas

    seen = [
        matplotlib.rcParams["lines.linewidth"],
        pandas.get_option("display.width"),
        os.getcwd(),
        os.environ.get("ROT"),
        pandas.ROT,
    ]
    seen += [str(numpy.random.random())]
    matplotlib.rcParams["lines.linewidth"] = 99
    pandas.set_option("display.width", 7)
    pandas.ROT = True
    os.environ["ROT"] = "ja"
    os.chdir("/")
    return repr(seen).encode()


def clean():
    import pandas

    pandas.ROT = False
    import matplotlib  # noqa: F401


def sleep(pid):
    time.sleep(60)


def eat(pid):
    return len(bytearray(10**10)).to_bytes(8, "big")


def stop_itself(pid):
    os.kill(pid, signal.SIGKILL)


def stop_once(mark, pid):
    if not mark.exists():
        mark.touch()
        os.kill(pid, signal.SIGKILL)
    return b"til slutt"


def stop_the_parent_once(mark, pid):
    if not mark.exists():
        mark.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return b"likevel"


def reach_out(pid):
    import socket

    socket.create_connection(("127.0.0.1", 9))


def start_a_program(pid):
    import subprocess

    subprocess.run(["true"])


def say(words, pid):
    """Write this where the outcome is heard, close it, and sleep."""
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}").startswith("pipe:"):
                os.write(int(name), words)
                os.close(int(name))
    time.sleep(60)


class Attack:
    """What, unpickled, leaves a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (open, (self.path, "w"))


def outcomes(jobs, ready=nothing, **limits):
    return dict(fork.each(jobs, work, ready, 2, fork.Limits(**limits)))


# -- the shell


def test_the_engine_is_one_of_papermills():
    assert papermill.engines.papermill_engines.get_engine(IN_PROCESS).__name__ == "InProcess"


def test_cells_show_the_same_in_the_shell_as_in_a_kernel(tmp_path):
    path = written(
        tmp_path,
        "import pandas as pd\nprint('tekst')\npd.DataFrame({'a': [1.5], 'b': ['x']})",
        "from IPython.display import HTML, display\ndisplay(HTML('<b>ja</b>'))\nkommune",
        "x = 1",
        "x + 1;",
        "from datetime import date\ndate(2026, 1, 1)",
    )
    assert shown(execute(path, {"kommune": "3222"}, tmp_path, IN_PROCESS)) == shown(
        execute(path, {"kommune": "3222"}, tmp_path, KERNEL)
    )


@pytest.mark.parametrize("engine", [IN_PROCESS, KERNEL])
def test_a_cell_that_fails_is_named_with_its_error_and_ends_the_run(tmp_path, engine):
    path = written(tmp_path, "1 + 1", "1 / 0", f"open({str(tmp_path / 'etter')!r}, 'w')")
    with pytest.raises(NotebookFailed, match=r"prøve.ipynb, celle 4: ZeroDivisionError: division by zero"):
        execute(path, {"kommune": "3222"}, tmp_path, engine)
    assert not (tmp_path / "etter").exists()


def test_a_parameter_is_data_whatever_is_in_it(tmp_path):
    hostile = "'\"\"\"\n__import__('os')._exit(3)#{}\\"
    book = execute(written(tmp_path, "kommune"), {"kommune": hostile}, tmp_path, IN_PROCESS)
    assert eval(book.cells[-1].outputs[0].data["text/plain"]) == hostile


def test_of_a_hundred_megabytes_of_text_only_the_beginning_is_kept(tmp_path):
    book = execute(written(tmp_path, "for _ in range(100): print('x' * 10**6)"), {"kommune": ""}, tmp_path, IN_PROCESS)
    text = book.cells[-1].outputs[0].text
    assert PRINTED < len(text) < PRINTED + 100 and text.endswith("tegn i alt]")


def test_a_notebook_starts_with_an_empty_namespace(tmp_path):
    execute(written(tmp_path, "igjen = 1"), {"kommune": ""}, tmp_path, IN_PROCESS)
    with pytest.raises(NotebookFailed, match="NameError"):
        execute(written(tmp_path, "igjen"), {"kommune": ""}, tmp_path, IN_PROCESS)
    assert sys.modules["__main__"].__name__ == "__main__" and not hasattr(sys.modules["__main__"], "igjen")
    assert Shell.instance().history_manager.enabled is False


@pytest.mark.slow
def test_a_plot_opens_no_window_and_is_seen_by_the_page_as_a_bare_picture(tmp_path, cold):
    path = written(tmp_path, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    job = functools.partial(cell, path)
    assert b"display_data" in outcomes([job])[job]


@pytest.mark.slow
@pytest.mark.skipif("DISPLAY" in os.environ, reason="her er det en skjerm å åpne vinduer på")
def test_a_notebook_that_asks_for_a_window_gets_none_and_the_next_is_as_before(tmp_path, cold):
    window = "import matplotlib; matplotlib.use('TkAgg', force=True)\nimport matplotlib.pyplot as plt"
    asks = functools.partial(cell, written(tmp_path, window, "plt.show()"))
    shows = functools.partial(cell, written(tmp_path / "b", "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show(block=True)"))
    told = outcomes([asks, shows])
    assert "TkAgg" in str(told[asks]) and isinstance(told[asks], NlibError)
    assert b"display_data" in told[shows]


CHART = """import pandas as pd
from nlib.charts.chart import Chart
Chart("a.b", "t", "r", "1", "u", "s", pd.DataFrame({"Tall": [1]}), lambda figure, narrow: figure.text(0.1, 0.5, "Ås"))"""


def test_a_figure_has_its_pictures_where_somebody_looks_at_it_in_jupyter_and_none_where_a_page_is_made(tmp_path):
    def kinds(engine):
        return set(execute(written(tmp_path, CHART), {"kommune": ""}, tmp_path, engine).cells[-1].outputs[0].data)

    assert kinds(KERNEL) == {"text/plain", "text/html", "image/svg+xml", "image/png"}
    with asked(False):
        assert kinds(KERNEL) == {"text/plain", "text/html"}
    assert kinds(IN_PROCESS) == {"text/plain", "text/html"}


# -- the forked processes


def test_every_job_gets_its_own_answer(cold):
    jobs = [functools.partial(echo, f"{n}") for n in range(25)]
    assert outcomes(jobs) == {job: job.args[0].encode() for job in jobs}


def test_nothing_that_a_job_does_reaches_the_next():
    jobs = [functools.partial(_dirty) for _ in range(6)]
    told = set(outcomes(jobs, clean).values())
    assert len(told) == 1, told  # line width, options, folder, environment, modules and random state, all as they were


def test_a_job_that_takes_too_long_is_stopped_and_the_others_come_through():
    answers = outcomes([sleep, functools.partial(echo, "a"), functools.partial(echo, "b")], seconds=3)
    assert "mer enn 3 sekunder" in str(answers.pop(sleep)) and set(answers.values()) == {b"a", b"b"}


def test_a_job_that_eats_memory_is_told_so():
    assert "mer enn 200 MB minne" in str(outcomes([eat], megabytes=200)[eat])


def test_a_job_whose_process_is_killed_is_tried_again(tmp_path):
    job = functools.partial(stop_once, tmp_path / "drept")
    assert outcomes([job])[job] == b"til slutt"


def test_a_job_that_always_dies_is_named_and_ends():
    assert isinstance(outcomes([stop_itself])[stop_itself], NotebookFailed)


@pytest.mark.slow
def test_jobs_left_by_a_killed_parent_are_done_by_the_next(tmp_path, cold):
    jobs = [functools.partial(stop_the_parent_once, tmp_path / "drept"), *(functools.partial(echo, f"{n}") for n in range(8))]
    answers = outcomes(jobs)
    assert answers.pop(jobs[0]) == b"likevel"
    assert answers == {job: job.args[0].encode() for job in jobs[1:]}


def test_what_a_job_says_is_never_unpickled(tmp_path):
    mark = tmp_path / "kjørt"
    bomb = pickle.dumps(Attack(mark))
    wrong = [(b"E", bomb), (b"E", b'["open", "x"]'), (b"E", b'["NlibError", 1]'), (b"?", b"side")]
    said = [bomb, b"P" + bomb, *(kind + len(words).to_bytes(8, "big") + words for kind, words in wrong)]
    jobs = [functools.partial(say, words) for words in said]
    answers = outcomes(jobs, seconds=20)
    assert all("prosessen ble borte" in str(answers[job]) for job in jobs) and not mark.exists()


def test_a_job_that_closes_its_pipe_or_says_half_of_it_and_sleeps_holds_nobody_up():
    began = time.monotonic()
    jobs = [functools.partial(say, b""), functools.partial(say, b"P<html>"), functools.partial(echo, "a")]
    answers = outcomes(jobs, seconds=20)
    assert answers.pop(jobs[2]) == b"a" and all("prosessen ble borte" in str(answer) for answer in answers.values())
    assert time.monotonic() - began < 20, "it was ended where its pipe was, not where it would have waked"


def test_an_error_keeps_its_name_and_words():
    for error in (BadAnswer("galt svar"), PageRejected("siden er stanset"), InvalidTable("x", ["ett brudd"])):
        answer = fork._outcome(bytearray(fork._form(error)))
        assert (type(answer), str(answer)) == (type(error), str(error))
    assert fork._outcome(bytearray(fork._form(b"side"))) == b"side"


@pytest.mark.parametrize("job", [reach_out, start_a_program])
def test_a_job_may_not_use_network_or_programs(job):
    assert "har ikke lov" in str(outcomes([job])[job])


def test_what_is_wrong_from_the_start_is_told_once(cold):
    with pytest.raises(NlibError, match="utgaven er borte"):
        outcomes([sleep], wrong_from_the_start)


def test_a_parent_with_two_threads_is_refused():
    with pytest.raises(NlibError, match="2 tråder"):
        outcomes([sleep], two_threads)


def test_a_parent_is_kept_for_jobs_that_come_later_and_ends_when_none_do(cold):
    with fork.Parent(work, nothing, 2, fork.Limits(idle=1)) as parent:
        answers = parent.outcomes()
        for name in ("a", "b"):
            parent.ask({name: functools.partial(echo, name)})
            assert next(answers) == (name, name.encode())
        assert list(answers) == [] and parent.process.wait(10) == 0


@pytest.mark.slow
def test_a_parent_that_was_begun_is_the_one_that_is_asked_and_another_environment_has_its_own(monkeypatch, cold):
    fork.begin("tests.test_engine:nothing")
    begun = fork._begun[0][1].process.pid
    with fork.Parent(work, nothing, 1, fork.Limits()) as parent:
        assert parent.process.pid == begun
        parent.ask({0: functools.partial(echo, "her")})
        assert next(parent.outcomes()) == (0, b"her")
    fork.begin("tests.test_engine:nothing")
    begun = fork._begun[0][1].process
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")  # as a library does as it is loaded
    assert fork._same(fork._begun[0][0], dict(os.environ))
    monkeypatch.setenv("NLIB_PRØVE", "1")
    with fork.Parent(work, nothing, 1, fork.Limits()) as parent:
        assert parent.process.pid != begun.pid
    begun.kill()
    begun.wait()


@pytest.mark.slow
def test_what_is_left_out_as_a_parent_loads_is_there_afterwards():
    code = """
from nlib.press.loading import libraries
libraries()
import os, sys, rfc3986_validator
assert "matplotlib.axes" not in sys.modules  # a page is drawn without, and it takes half a second to load
assert "papermill" in sys.modules and len(os.listdir("/proc/self/task")) == 1
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, env=os.environ | fork.ONE_THREAD)


def test_a_parent_that_was_begun_and_has_nothing_to_do_leaves_nothing(tmp_path):
    code = "from nlib.press import fork; fork.begin('tests.test_engine:nothing')"
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60, check=True)
    assert told.stderr == ""
    assert not list(tmp_path.iterdir())
