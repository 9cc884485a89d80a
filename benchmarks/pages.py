"""What a page costs: papermill and nbconvert in a loop, the cells' bare code preloaded and forked, and `nlib report`, in one run.

    python -m benchmarks.pages [--places 24] [--naive 12]      (NLIB_HOME holds the edition demo, built; pages are written there)
    python -m benchmarks.pages --cold                          (one municipality's page, from a new process: medians of 3)
    python -m benchmarks.pages --linear [--notebook pendling]  (seconds a page for 10 and for all municipalities)
    python -m benchmarks.pages --memory minne.csv              (with any of them: PSS of all its processes, every fifth second)

naive: `papermill` and `jupyter nbconvert` as commands, one page after the other, over a sample of the pages: median.
bare: the code of the same notebooks run by exec in processes forked from a loaded parent, two at a time, for at most 24 of the
    municipalities; figures become HTML.
nlib: `nlib report` of the same pages with all that it does: papermill's engine, checks of the page, files written.

Seconds are of the wall clock, core seconds those that the processes used (which a busy machine stretches less).
"""

import ast
import contextlib
import csv
import functools
import itertools
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import click
import nbformat

from nlib.charts.files import ASKED
from nlib.core import store
from nlib.press import fork, publish
from nlib.press.book import book_of
from nlib.press.loading import ready
from nlib.press.local import EXPLORING, Job, notebooks

TIMES = 3  # that a cold start is timed
BARE = 24  # municipalities that bare cells are timed on
EVERY = 5  # seconds between looks at the memory


@dataclass(frozen=True)
class Cost:
    """What a run took: wall clock and core seconds, its own and its processes'."""

    wall: float
    cores: float

    def told(self, pages: int) -> str:
        return f"{self.wall / pages:6.2f} s, {self.cores / pages:5.2f} kjernesekunder en side"


def cost_of(run) -> tuple[Cost, object]:
    def used():
        both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(told.ru_utime + told.ru_stime for told in both)

    begun, before = time.monotonic(), used()
    result = run()
    return Cost(time.monotonic() - begun, used() - before), result


def commands(notebook: Path, parameters: dict) -> None:
    """A page as a user makes it: the two commands."""
    with tempfile.TemporaryDirectory() as folder:
        ran = Path(folder) / notebook.name
        given = [text for name in ("kommune", "edition") for text in ("-r", name, parameters[name])]
        quiet = {"check": True, "capture_output": True, "env": os.environ | {ASKED: "0"}}  # no pictures besides what the page shows
        subprocess.run([sys.executable, "-m", "papermill", str(notebook), str(ran), *given, "--no-progress-bar"], **quiet)
        subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", str(ran)], **quiet)


def bare(job: Job) -> bytes:
    """The code of a notebook's cells and the HTML of what they show, no more."""
    every = nbformat.read(job.notebook, as_version=4).cells
    cells = [c.source for c in every if c.cell_type == "code" and EXPLORING not in c.metadata.get("tags", [])]
    names: dict = {}
    exec(cells[0], names)
    names.update(job.parameters)
    shown = []
    for cell in cells[1:]:
        tree = ast.parse(cell)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "celle", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "celle", "eval"), names)
            shown.append(value._repr_html_() if hasattr(value, "_repr_html_") else "")
    return "".join(shown).encode()


class Watch(threading.Thread):
    """Writes the PSS of this process and all below it, with how many pages are made, and keeps the highest."""

    def __init__(self, target: Path):
        super().__init__(daemon=True)
        self.target, self.pages, self.highest = target, 0, 0.0
        self._done = threading.Event()

    def run(self):
        begun = time.monotonic()
        with self.target.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["seconds", "pages", "pss_mib"])
            while not self._done.wait(EVERY):
                held = sum(map(pss, family(os.getpid()))) / 1024
                self.highest = max(self.highest, held)
                rows.writerow([round(time.monotonic() - begun, 1), self.pages, round(held)])
                file.flush()

    def close(self):
        self._done.set()
        self.join()
        click.echo(f"minne: høyest {self.highest:.0f} MiB (PSS av denne prosessen og alle under den), {self.target}")


def family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        below = []
    return [pid, *(other for child in below for other in family(int(child)))]


def pss(pid: int) -> int:
    """kB of memory that a process has, with its part of what it shares; nothing where it is gone."""
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(found[1]) if found else 0


def made(edition, numbers, names, jobs, watch) -> int:
    """Pages that `nlib report` makes of these; those that fail are named."""

    def count(line):
        if watch and " av " in line:
            watch.pages += 1

    done = publish.make(edition, numbers, names, jobs, count)
    for line in done.failed:
        click.echo(f"feilet: {line}")
    return done.made


@click.command()
@click.option("--places", default=24, show_default=True)
@click.option("--naive", "sample", default=12, show_default=True, help="Pages that the naive loop is timed on; 0 leaves it out.")
@click.option("--jobs", default=os.cpu_count() or 1, show_default=True)
@click.option("--notebook", "names", multiple=True, help="Only this notebook; may be repeated.")
@click.option("--cold", is_flag=True, help="One municipality's page from a new process.")
@click.option("--linear", is_flag=True, help="Seconds a page for 10 municipalities and for all.")
@click.option("--memory", type=click.Path(dir_okay=False, path_type=Path), help="Write memory over time to this file.")
def main(places, sample, jobs, names, cold, linear, memory):
    edition = store.edition("demo")
    numbers = list(edition.table("municipalities")["komm_nr"])
    there = {name: path for name, path in notebooks(edition.root / "notebooks").items() if name in names or not names}
    watch = Watch(memory) if memory else None
    with contextlib.ExitStack() as after:
        if watch:
            watch.start()
            after.callback(watch.close)
        if cold:
            cold_start(edition, there["pendling"])
        elif linear:
            in_line(edition, numbers, tuple(names) or ("pendling",), jobs, watch)
        else:
            against(edition, spread(numbers, places), there, sample, jobs, watch)


def spread(numbers: list[str], count: int) -> list[str]:
    """So many of the municipalities, evenly over the country."""
    return numbers[:: max(1, len(numbers) // count)][:count]


def against(edition, numbers, there, sample, jobs, watch):
    def asked(some):
        return [
            Job(notebook, {"kommune": number, "edition": "demo", "compare": []}, Path("x/x/x/x"))
            for notebook in there.values()
            for number in some
        ]

    pages, few = asked(numbers), asked(spread(numbers, BARE))
    click.echo(f"{len(there)} notatbøker, {len(numbers)} kommuner, {len(pages)} sider, {jobs} om gangen")
    load = functools.partial(ready, edition, {notebook: book_of(edition, notebook) for notebook in there.values()})
    cells, answers = cost_of(lambda: [answer for _, answer in fork.each(few, bare, load, jobs)])
    if wrong := [str(answer) for answer in answers if not isinstance(answer, bytes)]:
        raise click.ClickException(wrong[0])
    click.echo(f"bare celler: {cells.told(len(few))} ({len(few)} sider)")
    ours, _ = cost_of(lambda: made(edition, numbers, tuple(there), jobs, watch))
    wall, cores = (ours.wall / len(pages)) / (cells.wall / len(few)), (ours.cores / len(pages)) / (cells.cores / len(few))
    ratios = f"{wall:.2f} ganger de bare cellene, {cores:.2f} i kjernesekunder"
    click.echo(f"nlib:        {ours.told(len(pages))} ({ratios}); {len(pages) / ours.wall:.2f} sider i sekundet")
    if sample:
        picked = list(itertools.islice(itertools.cycle(pages[:: len(numbers)]), sample))  # the notebooks in turn
        loop = [cost_of(lambda job=job: commands(job.notebook, job.parameters))[0] for job in picked]
        wall, cores = statistics.median(cost.wall for cost in loop), statistics.median(cost.cores for cost in loop)
        click.echo(f"naiv løkke:  {Cost(wall, cores).told(1)} (median av {sample}); ", nl=False)
        click.echo(f"nlib er {wall * len(pages) / ours.wall:.1f} ganger så rask")


def cold_start(edition, notebook):
    """One municipality's page by `nlib report` and by the two commands, in turn."""
    number = "3222"
    report = [sys.executable, "-m", "nlib.cli", "report", number, "--notebook", notebook.stem, "--edition", edition.name]
    runs = {
        "nlib report": lambda: subprocess.run(report, check=True, capture_output=True),
        "papermill og nbconvert": lambda: commands(notebook, {"kommune": number, "edition": edition.name}),
    }
    costs = {name: [] for name in runs}
    for _ in range(TIMES):
        for name, run in runs.items():
            costs[name].append(cost_of(run)[0])
    medians = {
        name: Cost(*(statistics.median(getattr(c, of) for c in told) for of in ("wall", "cores"))) for name, told in costs.items()
    }
    for name, cost in medians.items():
        click.echo(f"{name:23}{cost.told(1)} (median av {TIMES})")
    ours, theirs = medians.values()
    click.echo(f"nlib report tar {ours.wall / theirs.wall:.2f} av tiden, {ours.cores / theirs.cores:.2f} av kjernesekundene")


def in_line(edition, numbers, names, jobs, watch):
    """Seconds a page of 10 municipalities and of all."""
    seconds = []
    for some in (spread(numbers, 10), numbers):
        cost, count = cost_of(lambda some=some: made(edition, some, names, jobs, watch))
        seconds.append(cost.wall / count)
        click.echo(f"{', '.join(names)}, {len(some):3} kommuner: {cost.told(count)}")
    click.echo(f"en side av {len(numbers)} koster {seconds[1] / seconds[0]:.2f} ganger en av 10")


if __name__ == "__main__":
    from benchmarks.pages import main as run  # under its own name: what is sent to the forked processes is found by it

    run()
