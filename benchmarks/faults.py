"""A small yearly run that is killed at random moments: what was tried, what was survived, what was lost.

    python -m benchmarks.faults [--kills 50] [--disks 10] [--seed 1]

The run is `nlib update` as it is, on the tables behind two notebooks and for three municipalities, fetched from a made-up service
that answers at once. Half of the runs begin with nothing, half with the pages of a finished run on other figures. `kill -9` hits
the run itself, or the disk (a small tmpfs) is full, and then the run is started again, once; or it hits the parent of its forks or
one of those, and the run must come through by itself.
Survived: every file is byte for byte that of a run that nobody disturbed, and none is there besides. Until then each page is
either that of before or the new one, whole. Times, and what they stand in, are left out of the comparison.
"""

import collections
import contextlib
import hashlib
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest.mock
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from nlib.build import pipeline
from nlib.core import store
from nlib.core.catalogue import TABLES
from nlib.core.errors import SourceUnavailable
from nlib.core.tables import LINEAGE, Dataset
from nlib.data.fetch import Answer, Call, Plan
from nlib.data.synthetic import Norway
from nlib.desk.view import needs
from nlib.indicators import facts
from nlib.press import update
from nlib.press.book import EVERY_VIEW
from nlib.press.local import about_of, notebooks

ROOT = Path(__file__).parents[1]
EDITION = store.DEMO
PLACES = ("3222", "1151", "0301")
NOTEBOOKS = ("utdanning", "pendling")
YEARS = range(2016, 2022)  # the last of jobs
EMPTY, FINISHED = "fra ingenting", "fra en ferdig kjøring"
RUN, PARENT, WORKER = "kjøringen", "forelderen", "en arbeider"
TIMED = {"begun", "ended", "process", "seconds", "pages", "summary"}  # of run.json
LONGEST = {RUN: 6.0, PARENT: 2.0, WORKER: 0.8}  # seconds from what is waited for to the kill
KINDS = {RUN: "kill -9 av kjøringen", PARENT: "kill -9 av forelderen", WORKER: "kill -9 av en arbeider", "disk": "full disk"}


def few(themes: Sequence[str]) -> dict:
    """The tables that these notebooks need, and all that those are made from, in the order of the house."""
    every = pipeline.datasets()
    wanted = [*EVERY_VIEW, *(need for theme in themes for need in needs(theme) if need in every)]
    wanted += [table for theme in themes for table in about_of(ROOT / "notebooks" / f"{theme}.ipynb")["tables"]]
    found: set[str] = set()
    while wanted:
        if (name := wanted.pop()) not in found:
            found.add(name)
            wanted += () if name == facts.DATASET.name else every[name].parents
    held = {name: dataset for name, dataset in every.items() if name in found}
    return held | (
        {facts.DATASET.name: _facts_of([name for name in TABLES if name in found])} if facts.DATASET.name in found else {}
    )


def _facts_of(there: Sequence[str]) -> Dataset:
    """The facts of these tables alone, as where the others were never fetched."""
    every = pipeline.datasets()

    def build(*given):
        tables = dict(zip(there, given, strict=False))
        return facts.build(*(tables.get(name, every[name].empty()) for name in TABLES), *given[len(there) :])

    return replace(facts.DATASET, needs=(*there, LINEAGE), build=build)


@contextlib.contextmanager
def small_house(themes: Sequence[str]):
    """nlib with those tables and no others."""
    every, held = pipeline.datasets, few(themes)
    pipeline.datasets = lambda: held
    _forget()
    try:
        yield
    finally:
        pipeline.datasets = every
        _forget()


def _forget() -> None:
    """What was found among the tables of the other house."""
    pipeline.raws.cache_clear()
    pipeline.imported.cache_clear()


class Service:
    """A client that gives an edition's own files, as if they were fetched."""

    def __init__(self, home: Path):
        self.edition = store.edition(EDITION, home)
        self.sources = self.edition.raw_manifest()["sources"]
        self.names = {repr(raw.query): raw.name for raw in pipeline.raws().values()}

    def plan(self, query):
        name = self.names[repr(query)]
        if name not in self.sources:
            raise SourceUnavailable(f"{name} svarer ikke")
        calls = tuple(Call(f"{entry['sha256'][:10]}.json", entry["name"]) for entry in self.sources[name]["files"])
        return Plan(self.sources[name]["updated"], calls, None, lambda call, body: None)

    def get(self, call, plan):
        return Answer(call, (self.edition.raw / call.address).read_bytes(), self.sources["klass_131_codes"]["updated"])

    def windows(self, calls):
        return 1, max(calls, 1), 0.0

    def spent(self):
        return "ingen kall over nettet"


def produce(home: Path, seed: int, themes: Sequence[str]) -> Path:
    """What a service has to give: the synthetic country's answers, of the last years."""
    with small_house(themes), unittest.mock.patch.multiple(Norway, flow_years=YEARS, industry_years=YEARS):
        pipeline.demo(store.new_edition(EDITION, home), seed, lambda line: None)
    return home


def begin(home: Path, themes: Sequence[str]) -> Path:
    """A home with these notebooks and no figures."""
    (home / "notebooks").mkdir(parents=True)
    for theme in themes:
        shutil.copy(ROOT / "notebooks" / f"{theme}.ipynb", home / "notebooks")
    store.new_edition(EDITION, home).mark_synthetic(0)
    return home


def start(home: Path, service: Path, temporary: Path) -> subprocess.Popen:
    """The run, in a process of its own."""
    temporary.mkdir(exist_ok=True)
    environment = os.environ | {"NLIB_HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "benchmarks.faults", "--only-run", str(service)]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def below(pid: int) -> list[int]:
    """The Python processes below one, those that it started itself first."""
    found, deeper = [], []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            python = b"nlib.press.fork" in (folder / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid and python:
            found.append(int(folder.name))
            deeper += below(int(folder.name))
    return found + deeper


def files(home: Path) -> dict[str, str]:
    """Every file that a run leaves, with the hash of what in it does not hang on the time."""
    told = {}
    for path in sorted(p for top in ("data", "reports") for p in (home / top).rglob("*") if p.is_file() and not p.is_symlink()):
        body = path.read_bytes()
        if path.name == "run.json":
            body = json.dumps({key: value for key, value in json.loads(body).items() if key not in TIMED}, sort_keys=True).encode()
        if path.name in ("kjoringen.html", ".lock"):
            body = b""
        told[str(path.relative_to(home))] = hashlib.sha256(body).hexdigest()
    return told


def pages(told: dict[str, str]) -> dict[str, str]:
    return {
        name: digest
        for name, digest in told.items()
        if name.startswith("reports/") and name.count("/") == 3 and name.endswith(".html")
    }


def ended(home: Path, service: Path, temporary: Path) -> tuple[int, int]:
    """A run left alone: its exit code, and the lines that it said."""
    run = start(home, service, temporary)
    told = run.communicate(timeout=900)[0]
    return run.returncode, told.count(b"\n")


def hit(run: subprocess.Popen, victim: str, lines: int, moment: float) -> bool:
    """Kill the victim some seconds after the run has said so many lines and the victim is there; False where it was over first."""
    place = {RUN: 0, PARENT: 1, WORKER: 2}[victim]
    for _ in range(lines):
        run.stdout.readline()
    while run.poll() is None and len(family := [run.pid, *below(run.pid)]) <= place:
        time.sleep(0.02)
    with contextlib.suppress(subprocess.TimeoutExpired):
        run.wait(moment)
    family = [run.pid, *below(run.pid)]
    if run.poll() is not None or len(family) <= place:
        return False
    try:
        os.kill(family[place], signal.SIGKILL)
    except ProcessLookupError:  # that worker was done just now
        return False
    return True


def faults_of(home: Path, temporary: Path, whole: dict, again: int) -> list[str]:
    """What is not as after a run that nobody disturbed."""
    now = files(home)
    told = [f"utgangskode {again}"] if again else []
    told += [f"{name} er borte" for name in whole if name not in now]
    told += [f"{name} er til overs" for name in now if name not in whole]
    told += [f"{name} er en annen" for name in whole if name in now and now[name] != whole[name]]
    return told + [f"{path} er igjen" for path in temporary.iterdir()]


def halves(home: Path, before: dict, whole: dict) -> list[str]:
    """The pages that are neither those of before nor the new ones."""
    known = pages(before), pages(whole)
    return [name for name, digest in pages(files(home)).items() if digest not in (held.get(name) for held in known)]


@contextlib.contextmanager
def small_disk(folder: Path, kilobytes: int):
    """A disk of that size where the folder is, with what is in it; in the end all of it is on the large one again."""
    aside = folder.with_name(f"{folder.name}-stor")
    os.replace(folder, aside)
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)], check=True)
    try:
        shutil.copytree(aside, folder, dirs_exist_ok=True, symlinks=True)
        yield
        shutil.rmtree(aside)
        shutil.copytree(folder, aside, symlinks=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()
        os.replace(aside, folder)


def size(home: Path) -> int:
    """Kilobytes on a tmpfs, which gives whole pages of memory."""
    return sum(4 * -(-path.stat().st_size // 4096) + 4 for path in home.rglob("*") if not path.is_symlink())


class Trials:
    """The undisturbed runs that the others are held against, in a folder, and what became of those."""

    def __init__(self, folder: Path, themes: Sequence[str] = NOTEBOOKS, begun: Sequence[str] = (EMPTY, FINISHED)):
        self.folder, self.tried, self.survived, self.lost = folder, collections.Counter(), collections.Counter(), []
        self.new = produce(folder / "tjeneste-ny", 2, themes)
        self.before = {name: begin(folder / name, themes) for name in begun}
        if FINISHED in begun and ended(self.before[FINISHED], produce(folder / "tjeneste-før", 1, themes), folder / "tmp")[0]:
            raise click.ClickException("En kjøring som ingen forstyrret, feilet")
        self.whole, self.seconds, self.lines = {}, {}, {}
        for name, home in self.before.items():
            begun = time.monotonic()
            done = shutil.copytree(home, folder / "hel", symlinks=True)
            failed, self.lines[name] = ended(done, self.new, folder / "tmp")
            if failed:
                raise click.ClickException("En kjøring som ingen forstyrret, feilet")
            self.seconds[name], self.whole[name] = time.monotonic() - begun, files(done)
            self.grown = size(done)
            shutil.rmtree(done)

    def try_one(self, number: int, victim: str, chance: random.Random) -> list[str]:
        """One run with a fault, and the next; gives what was lost."""
        name = chance.choice(list(self.before))
        home = shutil.copytree(self.before[name], self.folder / f"forsøk-{number}", symlinks=True)
        temporary = self.folder / f"tmp-{number}"
        before, whole = files(home), self.whole[name]
        if victim == "disk":
            room = chance.randint(0, max(1, self.grown - size(home)))
            with small_disk(home, size(home) + room):
                struck, moment = ended(home, self.new, temporary)[0] != 0, f"{room} kB igjen"
        else:
            lines, seconds = chance.randint(0, self.lines[name]) if victim == RUN else 0, chance.uniform(0, LONGEST[victim])
            run = start(home, self.new, temporary)
            struck, moment = hit(run, victim, lines, seconds), f"{seconds:.1f} s etter linje {lines}"
            run.communicate(timeout=900)
            struck = struck and (victim != RUN or files(home) != whole)  # else all was done already
        lost = [f"{page} er halv" for page in halves(home, before, whole)]
        if struck:
            comes_through = victim in (PARENT, WORKER)  # in the same run: no other is started
            code = run.returncode if comes_through else ended(home, self.new, temporary)[0]
            lost += faults_of(home, temporary, whole, code)
            self.tried[victim, name] += 1
            self.survived[victim, name] += not lost
        self.lost += lost
        shutil.rmtree(home)
        shutil.rmtree(temporary)
        click.echo(f"{number}: {KINDS[victim]}, {name}, {moment}: {'; '.join(lost) or ('overlevd' if struck else 'for sent')}")
        return lost

    def table(self) -> str:
        rows = ["| feil | begynte | prøvd | overlevd | tapt |", "|---|---|---:|---:|---:|"]
        for (victim, name), tried in sorted(self.tried.items()):
            survived = self.survived[victim, name]
            rows.append(f"| {KINDS[victim]} | {name} | {tried} | {survived} | {tried - survived} |")
        survived, tried = self.survived.total(), self.tried.total()
        return "\n".join([*rows, f"| **til sammen** | | **{tried}** | **{survived}** | **{tried - survived}** |"])


@click.command()
@click.option("--kills", default=50, show_default=True, help="Kjøringer som blir drept.")
@click.option("--disks", default=10, show_default=True, help="Kjøringer på en disk som blir full (krever rett til å montere).")
@click.option("--seed", default=1, show_default=True)
@click.option("--only-run", type=click.Path(path_type=Path), hidden=True)
def main(kills, disks, seed, only_run):
    if only_run:
        with small_house(list(notebooks(store.home() / "notebooks"))):
            sys.exit(bool(update.update(EDITION, Service(only_run), 2, kommuner=PLACES)))
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(Path(folder))
        told = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in trials.seconds.items())
        click.echo(f"uforstyrret: {told}; {len(pages(trials.whole[EMPTY]))} sider")
        number = 0
        killed = itertools.islice(itertools.cycle((RUN, RUN, RUN, PARENT, WORKER)), kills)
        for already, victim in enumerate([*killed, *["disk"] * disks]):
            while trials.tried.total() == already:  # a kill that came too late is tried again
                number += 1
                trials.try_one(number, victim, chance)
    click.echo(trials.table())
    sys.exit(bool(trials.lost))


if __name__ == "__main__":
    main()
