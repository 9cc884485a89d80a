"""A Dask cluster on loopback that shares no folder with us: real scheduler, real workers, killed, late, unlike or not there."""

import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from distributed import Client

from nlib.core import store
from nlib.core.errors import ClusterUnavailable, DifferentVersions, NlibError, WrongUse
from nlib.press import cluster, fork, publish
from tests.cluster_jobs import echo, fail, nothing, parent, read, run, sleep, where, wrong_from_the_start
from tests.editions import ROOT, quiet
from tests.test_update import pages, small

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not fork.AVAILABLE, reason="fork finnes bare på Linux")]
DASK = [sys.executable, "-m", "dask"]
PATHS = f"{ROOT}:{ROOT / 'src'}"  # where workers find the jobs here
SECONDS = 120  # that anything here may take


# -- clusters


class Cluster:
    """A scheduler and the workers that it is given, each a process with a folder of its own."""

    def __init__(self, folder: Path, environment: dict):
        self.folder, self.environment = folder, os.environ | {"PYTHONPATH": PATHS, "NLIB_HOME": "/finnes/ikke"} | environment
        self.processes: dict[str, subprocess.Popen] = {}
        self.told = folder / "scheduler.json"
        self.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self.told))

    def start(self, name, *words, **environment):
        (self.folder / name).mkdir()
        self.processes[name] = subprocess.Popen(
            [*DASK, *words, "--no-dashboard", "--dashboard-address", "127.0.0.1:0"],
            cwd=self.folder / name,
            env=self.environment | environment,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / name / "log").open("w"),
        )

    @property
    def address(self) -> str:
        until = time.monotonic() + SECONDS
        while not (self.told.is_file() and self.told.read_text()):
            assert time.monotonic() < until, (self.folder / "scheduler" / "log").read_text()
            time.sleep(0.05)
        return json.loads(self.told.read_text())["address"]

    def work(self, name, *words, **environment):
        """Start a worker."""
        local = ["--local-directory", str(self.folder / name), "--name", name]
        self.start(name, "worker", self.address, "--nworkers", "1", "--nthreads", "1", *local, *words, **environment)

    def wait(self, count):
        """Until so many workers are there."""
        with Client(self.address, timeout=SECONDS, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=SECONDS)

    def kill(self, name):
        os.kill(self.processes.pop(name).pid, signal.SIGKILL)

    def kept(self, name) -> dict[str, int]:
        """The files that a worker keeps, by hash, with when they came."""
        return {path.name: path.stat().st_mtime_ns for path in (self.folder / name).rglob("nlib/*") if path.is_file()}

    def stop(self):
        for process in reversed(self.processes.values()):  # the scheduler last: a worker that ends waits for its answer
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def started(folder: Path, *workers: str, **environment):
    folder.mkdir()
    it = Cluster(folder, environment)
    try:
        for name in workers:
            it.work(name, "--no-nanny")
        if workers:
            it.wait(len(workers))
        yield it
    finally:
        it.stop()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A scheduler with two workers."""
    with started(tmp_path_factory.mktemp("klynge") / "dask", "a", "b") as it:
        yield it


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    monkeypatch.setattr(cluster, "CONNECT", 2)


def each(it, jobs, root=Path("/her"), files=(), work=run, ready=nothing, environment=None):
    return cluster.each(jobs, work, ready, it.address, root, files, environment)


# -- jobs


def test_every_job_gets_its_own_answer_and_one_that_fails_is_named(two):
    jobs = [functools.partial(echo, f"{n}") for n in range(12)]
    answers = dict(each(two, [*jobs, fail]))
    assert str(answers.pop(fail)) == "ValueError: ikke slik"
    assert answers == {job: job.args[0].encode() for job in jobs}


def test_no_worker_forks_and_its_parent_is_kept_for_the_next_job(two):
    jobs = [functools.partial(parent) for _ in range(8)]
    parents = {int(answer) for _, answer in each(two, jobs)}
    assert len(parents) <= 2 and not parents & {process.pid for process in two.processes.values()}
    assert {int(answer) for _, answer in each(two, [functools.partial(parent) for _ in range(8)])} <= parents


def test_files_come_to_a_home_on_the_worker_and_only_those_it_lacks_are_written(two, tmp_path):
    first, second, third = (tmp_path / "hjem" / name for name in ("a/en.txt", "b/to.txt", "tre.txt"))
    for path in (first, second, third):
        store.write(path, path.name.encode())
    assert dict(each(two, [first, second], tmp_path / "hjem", [first, second], read)) == {first: b"en.txt", second: b"to.txt"}
    before = {name: two.kept(name) for name in "ab"}
    store.write(second, b"endret")
    assert dict(each(two, [second, third], tmp_path / "hjem", [second, third], read)) == {second: b"endret", third: b"tre.txt"}
    for name in "ab":
        kept = two.kept(name)
        assert before[name].items() <= kept.items()
        assert kept.keys() - before[name].keys() == {store.digest(second), store.digest(third)}


def test_the_home_and_the_environment_of_a_job_are_those_that_are_sent(two, tmp_path):
    answer = dict(each(two, [where], environment={"NLIB_COMMIT": "0123456789"}))[where]
    assert answer == b"/finnes/ikke 0123456789"


def test_what_is_wrong_from_the_start_is_told_once(two):
    with pytest.raises(NlibError, match="utgaven er borte"):
        list(each(two, [parent], ready=wrong_from_the_start))


def test_a_killed_workers_jobs_are_done_by_another_that_comes_later_and_its_parent_ends(tmp_path):
    with started(tmp_path / "dask", "a") as it:
        jobs = [parent, *(functools.partial(echo, f"{n}") for n in range(10))]
        answers = {}
        for job, answer in each(it, jobs):
            answers[job] = answer
            if len(answers) == 3:
                it.kill("a")
                it.work("b")
        left = Path(f"/proc/{int(answers.pop(parent))}")
        assert answers == {job: job.args[0].encode() for job in jobs[1:]}
        until = time.monotonic() + SECONDS
        while left.exists() and time.monotonic() < until:
            time.sleep(0.1)
        assert not left.exists()


@contextlib.contextmanager
def killing_who_has_long(it):
    """Workers that have had a job for five seconds are killed; the job itself reaches no other process."""
    stop = threading.Event()

    def kill():
        with Client(it.address, timeout=SECONDS, set_as_default=False) as client:
            before: set = set()
            while not stop.wait(5):
                has = {(worker, job) for worker, jobs in client.processing().items() for job in jobs}
                for worker in {worker for worker, job in has & before}:
                    with contextlib.suppress(Exception):  # it may be gone already
                        os.kill(client.run(os.getpid, workers=[worker])[worker], signal.SIGKILL)
                before = has

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_job_that_its_workers_are_killed_by_is_named_and_those_beside_it_are_done(tmp_path):
    with started(tmp_path / "dask", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as it:
        it.work("a")  # with a nanny, that starts it again
        it.work("b")
        it.wait(2)
        jobs = [sleep, *(functools.partial(echo, f"{n}") for n in range(4))]
        with killing_who_has_long(it):
            answers = dict(each(it, jobs))
    assert "ble borte 1 ganger" in str(answers.pop(sleep))
    assert answers == {job: job.args[0].encode() for job in jobs[1:]}


# -- clusters that cannot be used


def test_another_version_is_refused_before_any_job_with_the_difference(tmp_path):
    other = tmp_path / "andre" / "pandas-0.1.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n")
    path = tmp_path / "laget"
    with started(tmp_path / "dask") as it:
        it.work("a", "--no-nanny", PYTHONPATH=f"{other.parent}:{PATHS}")
        it.wait(1)
        with pytest.raises(DifferentVersions, match=r"pandas er 0\.1 der og \d[\d.]* her") as refused:
            list(each(it, [functools.partial(path.touch)]))
    assert "samme låser" in str(refused.value)
    assert not path.exists()


def test_a_scheduler_that_is_not_there_is_told_in_seconds(impatient):
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    begun = time.monotonic()
    with pytest.raises(ClusterUnavailable, match="svarer ikke"):
        list(cluster.each([parent], run, nothing, address, Path("/her"), ()))
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("address", ["tull", "tcp://127.0.0.1", "ftp://127.0.0.1:1", "tcp://127.0.0.1:port", ""])
def test_what_is_no_address_is_wrong_use(address):
    with pytest.raises(WrongUse, match="planlegger"):
        list(cluster.each([parent], run, nothing, address, Path("/her"), ()))


def test_a_cluster_without_workers_is_told_so(tmp_path, impatient):
    with started(tmp_path / "dask") as it, pytest.raises(ClusterUnavailable, match="har ingen arbeidere"):
        list(each(it, [parent]))


def test_a_scheduler_that_goes_away_ends_the_run_with_what_to_do(tmp_path, impatient):
    with started(tmp_path / "dask", "a") as it:
        answers = each(it, [functools.partial(echo, f"{n}") for n in range(50)])
        next(answers)
        it.kill("scheduler")
        with pytest.raises(ClusterUnavailable, match="--changed"):
            list(answers)


def test_a_kernel_on_a_cluster_is_wrong_use():
    with pytest.raises(WrongUse, match="--engine kernel"):
        publish.engine_named("kernel", "tcp://127.0.0.1:8786")


# -- pages


@pytest.fixture(scope="module")
def home(demo_home, tmp_path_factory):
    """A home with the synthetic edition, and three notebooks of which one fails."""
    home = tmp_path_factory.mktemp("hjem")
    (home / "data").symlink_to(demo_home / "data")
    for theme in ("rapport", "maal"):
        small(home / "notebooks", theme)
    small(home / "notebooks", "utdanning", "1 / 0 if kommune == '0301' else None")
    return home


def test_the_pages_of_a_cluster_that_loses_a_worker_are_byte_for_byte_those_of_one_machine(home, tmp_path):
    edition, numbers = store.Edition("demo", home), ["3222", "1151", "0301", "1508"]
    here = publish.make(edition, numbers, (), 2, quiet)
    expected = pages(home)
    shutil.rmtree(home / "reports")
    with started(tmp_path / "dask", "a", "b") as it:

        def say(line):
            if line.startswith("4 av"):
                it.kill("a")

        there = publish.make(edition, numbers, (), 2, say, scheduler=it.address)
        came = pages(home)
        alone = publish.make(edition, numbers[:1], ["utdanning"], 2, quiet, scheduler=it.address)
    assert (
        there.failed == here.failed == ["0301-oslo/utdanning.html: utdanning.ipynb, celle 4: ZeroDivisionError: division by zero"]
    )
    assert (alone.made, alone.failed) == (1, []), "what pages are held against is sent though no notebook asks for it"
    assert len(expected) == 8 and came == expected  # three have no goals, and no page of them
    assert pages(home) == expected, "and a page of one notebook leads to those of the others"
