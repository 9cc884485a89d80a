"""How index, journal, memory, disk, parent and scheduler hold at thousands of pages: a light one for each of many synthetic places.

    python -m benchmarks.scale [--places 5000] [--workers 2] [--on both]      (NLIB_HOME holds the edition demo, built)

The municipalities of the edition demo are copied under numbers of their own, with their figures and outlines (side by side,
eastwards), into a home that is taken away in the end. Each gets one page without a drawing, so that what is around the pages is
seen. `here`: as `nlib report` does it. `cluster`: by a scheduler and workers on loopback with folders of their own. Told: pages,
seconds, CPU-seconds, most memory at once (shared pages counted once), the largest process, bytes, and what this process spends.
"""

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import click
import nbformat
import numpy as np
import pandas as pd
import psutil
import shapely
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nlib.core import store
from nlib.core.errors import PageRejected
from nlib.press import publish

TABLES = (
    *("boundaries", "commuting", "comparison_groups", "education_levels", "employment_growth"),
    *("municipalities", "municipality_changes", "municipality_codes", "population"),
)
NUMBERS = ("komm_nr", "compare_nr")


def many(source: store.Edition, home: Path, places: int) -> store.Edition:
    """An edition of so many municipalities: those of the source again and again, under numbers that have never been used."""
    tables = {name: source.table(name) for name in TABLES}
    ours = list(tables["municipalities"]["komm_nr"])
    free = iter(sorted({f"{n:04}" for n in range(101, 9999)} - set(tables["municipality_codes"]["komm_nr"])))
    copies = {name: [frame[frame["komm_nr"].isin(ours)] if "komm_nr" in frame else frame] for name, frame in tables.items()}
    copies["municipality_codes"] = [tables["municipality_codes"]]
    west, _, east, _ = shapely.total_bounds(shapely.from_wkb(tables["boundaries"]["geometry"].to_numpy()))
    for copy in range(1, -(-places // len(ours))):
        numbers = dict(zip(ours, free, strict=False))
        for name, frame in tables.items():
            if name != "municipality_changes":
                copies[name].append(again(frame, numbers, copy, (east - west) * copy))
    joined = {name: pd.concat(frames, ignore_index=True) for name, frames in copies.items()}
    joined["municipalities"] = joined["municipalities"].head(places)
    edition = store.Edition(source.name, home)
    store.write(edition.manifests[0], source.manifests[0].read_bytes())
    edition.publish(joined, dict.fromkeys(joined, ""))
    cells = [
        new_code_cell('kommune = ""\nedition = ""\ncompare = []', metadata={"tags": ["parameters"]}),
        new_code_cell("from nlib.desk.view import View\n\nview = View(kommune, edition, compare)"),
        new_markdown_cell("## Arbeidsplassene"),
        new_code_cell('view.figure("utdanning.levels")'),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    told = {"title": "Utdanning", "tables": ["education_levels", "municipalities"]}
    (home / "notebooks").mkdir()
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel, "nlib": told}), home / "notebooks" / "utdanning.ipynb")
    return edition


def again(frame: pd.DataFrame, numbers: dict[str, str], copy: int, east: float) -> pd.DataFrame:
    """A table of the municipalities under other numbers, their outlines moved east."""
    frame = frame[frame["komm_nr"].isin(numbers)]
    if "valid_to" in frame:
        frame = frame[frame["valid_to"].isna()]
    changed = {column: frame[column].map(numbers) for column in NUMBERS if column in frame}
    if "name" in frame:
        changed["name"] = frame["name"] + f" {copy + 1}"
    if "geometry" in frame:
        moved = shapely.transform(shapely.from_wkb(frame["geometry"].to_numpy()), lambda points: points + np.array([east, 0]))
        changed |= {"geometry": shapely.to_wkb(moved), "also": ""}
    return frame.assign(**changed)


class Memory(threading.Thread):
    """The most memory that this process and those it has started have held at once, and the largest of them; by samples."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.largest, self.done = 0, 0, threading.Event()

    def run(self):
        while not self.done.wait(5):
            held = []
            for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    held.append(process.memory_full_info().pss)
            self.most, self.largest = max(self.most, sum(held)), max(self.largest, *held)


@contextlib.contextmanager
def cluster(folder: Path, workers: int):
    """A scheduler on loopback with so many workers of one thread, each with a folder of its own; gives its address."""
    told = folder / "scheduler.json"
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    started = [subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told)], **quiet)]
    while not (told.is_file() and told.read_text()):
        time.sleep(0.1)
    address = json.loads(told.read_text())["address"]
    for n in range(workers):
        one = ["--nworkers", "1", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder / f"{n}")]
        started.append(subprocess.Popen([*dask, "worker", address, *one], env=os.environ | {"NLIB_HOME": "/"}, **quiet))
    try:
        yield address
    finally:
        for process in reversed(started):  # the scheduler last: a worker whose scheduler is gone is slow to end
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


def spent(who) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def measured(edition: store.Edition, workers: int, scheduler: str | None) -> list[str]:
    """What making all the pages takes."""
    memory, moments, asking = Memory(), [], []

    def say(line):
        moments.append(time.monotonic())
        asking.append(spent(resource.RUSAGE_SELF))

    memory.start()
    begun, own = time.monotonic(), spent(resource.RUSAGE_SELF)
    index = "oversikten ble laget"
    try:
        if (made := publish.make(edition, (), (), workers, say, scheduler=scheduler)).failed:
            raise click.ClickException(made.failed[0])
    except PageRejected as error:
        index = str(error)
    seconds = time.monotonic() - begun
    memory.done.set()
    pages = [path.stat().st_size for path in edition.reports.glob("*/*.html")]
    journal = (edition.reports / "pages.json").stat().st_size
    moments = moments[: len(pages)]
    first, last = moments[0], moments[-1]
    half = len(pages) // 2
    early, late = (1000 * (asking[to] - asking[since]) / (to - since) for since, to in ((0, half), (half, len(pages) - 1)))
    return [
        f"{len(pages)} sider på {seconds:.0f} s ({1000 * seconds / len(pages):.0f} ms en side), {sum(pages) / 1e6:.0f} MB sider",
        f"første side etter {first - begun:.0f} s, siste etter {last - begun:.0f} s, så oversikten {begun + seconds - last:.0f} s",
        f"den som spør brukte {spent(resource.RUSAGE_SELF) - own:.0f} CPU-s; en side tok den {early:.1f} ms i første halvdel og "
        f"{late:.1f} ms i andre",
        f"mest minne på én gang {memory.most / 2**20:.0f} MiB, største prosess {memory.largest / 2**20:.0f} MiB",
        f"pages.json {journal / 1e6:.1f} MB; {index}",
    ]


@click.command()
@click.option("--places", default=5000, show_default=True)
@click.option("--workers", default=os.cpu_count() or 1, show_default=True)
@click.option("--on", "where", type=click.Choice(["here", "cluster", "both"]), default="both", show_default=True)
def main(places, workers, where):
    for named in ("here", "cluster") if where == "both" else (where,):
        with tempfile.TemporaryDirectory() as folder:
            edition = many(store.edition("demo"), Path(folder) / "home", places)
            before = spent(resource.RUSAGE_CHILDREN)
            with contextlib.ExitStack() as running:
                (Path(folder) / "dask").mkdir()
                address = running.enter_context(cluster(Path(folder) / "dask", workers)) if named == "cluster" else None
                lines = measured(edition, workers, address)
            used = spent(resource.RUSAGE_CHILDREN) - before
            whose = "de andre prosessene" if named == "here" else "planlegger og arbeidere, uten dem som lager sidene,"
            lines.append(f"{whose} brukte {used:.0f} CPU-s: {1000 * used / places:.0f} ms en side")
            click.echo("\n".join([f"{named}, {workers} om gangen", *(f"  {line}" for line in lines)]))


if __name__ == "__main__":
    from benchmarks.scale import main as run  # under its own name: what is sent to other processes is found by it

    run()
