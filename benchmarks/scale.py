"""How index, journal, memory, parent and scheduler hold at thousands of places, and whether a cluster on this machine is as fast.

    python -m benchmarks.scale [--places N]... [--made 300] [--workers 2] [--on here|cluster|both]
    python -m benchmarks.scale --notebook utdanning --made 357 [--workers 2]   (NLIB_HOME holds the edition demo, built)

The municipalities of the edition demo are copied under numbers of their own, with their figures, counties and outlines (side by
side, eastwards), into a home that is taken away in the end. So many light pages are made, and the rest of the places have
copies of one of them, so that the index has them all. `here`: as `nlib report` does it. `cluster`: by a scheduler and workers
on loopback with folders of their own. Memory is that of the parent that children are forked from, half way and in the end, and
of who asks.

With --notebook, the page of that notebook is made of so many municipalities of the edition itself, here and then by the cluster.
"""

import contextlib
import json
import os
import resource
import shutil
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
from nlib.core.municipalities import slug
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
    changed |= {column: frame[column] + f" {copy + 1}" for column in ("name", "county") if column in frame}
    if "geometry" in frame:
        moved = shapely.transform(shapely.from_wkb(frame["geometry"].to_numpy()), lambda points: points + np.array([east, 0]))
        changed |= {"geometry": shapely.to_wkb(moved), "also": ""}
    return frame.assign(**changed)


class Memory(threading.Thread):
    """What the parents that children are forked from hold, in MiB, by samples; the largest where there are several."""

    def __init__(self):
        super().__init__(daemon=True)
        self.held, self.done = [], threading.Event()

    def run(self):
        while not self.done.wait(0.5):
            found = psutil.Process().children(recursive=True)
            held = [rss for process in found if (rss := _parents(process))]
            self.held += [max(held) / 2**20] if held else []


def _parents(process) -> int:
    """The memory of a process that is a parent; 0 for any other."""
    with contextlib.suppress(psutil.Error):
        first = "nlib.press.fork" in process.cmdline() and "nlib.press.fork" not in process.parent().cmdline()
        return process.memory_info().rss if first else 0
    return 0


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


def measured(edition: store.Edition, kommuner: list[str], names: list[str], workers: int, scheduler: str | None) -> dict:
    """What making a page of each of these takes, and the index."""
    memory, moments = Memory(), []
    memory.start()
    begun, own = time.monotonic(), spent(resource.RUSAGE_SELF)
    made = publish.make(edition, kommuner, names, workers, lambda line: moments.append(time.monotonic()), scheduler=scheduler)
    if made.failed:
        raise click.ClickException(made.failed[0])
    seconds = time.monotonic() - begun
    memory.done.set()
    memory.join()
    half = memory.held[: max(1, len(memory.held) // 2)]
    counties = [path.stat().st_size for path in edition.reports.glob("fylke-*.html")]
    return {
        "sider": made.made,
        "sekunder": seconds,
        "ms en side": 1000 * (moments[made.made - 1] - begun) / made.made,
        "oversikten, s": begun + seconds - moments[made.made - 1],
        "den som spør, CPU-s": spent(resource.RUSAGE_SELF) - own,
        "forelder halvveis, MiB": max(half, default=0),
        "forelder til slutt, MiB": max(memory.held, default=0),
        "index.html, kB": (edition.reports / "index.html").stat().st_size / 1000,
        "fylkessider": len(counties),
        "største fylkesside, kB": max(counties, default=0) / 1000,
        "pages.json, kB": (edition.reports / "pages.json").stat().st_size / 1000,
    }


def copied(edition: store.Edition, made: list[str]) -> None:
    """A page for each place that none is made of: a copy of one of those that are."""
    names = edition.table("municipalities").set_index("komm_nr")["name"]
    publish.make(edition, made[:1], (), 1, lambda line: None)
    (page,) = edition.reports.glob(f"{made[0]}-*/utdanning.html")
    for number in names.index.difference(made):
        store.write(edition.reports / f"{number}-{slug(names[number])}" / page.name, page.read_bytes())


def run(edition: store.Edition, kommuner: list[str], names: list[str], workers: int, where: str) -> dict:
    """What is measured on this machine or on a cluster, with the processor's seconds of all that is started for it."""
    before = spent(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        address = running.enter_context(cluster(Path(folder), workers)) if where == "cluster" else None
        found = measured(edition, kommuner, names, workers, address)
        running.close()
    return {"hvor": where} | found | {"de andre, CPU-s": spent(resource.RUSAGE_CHILDREN) - before}


@click.command()
@click.option("--places", multiple=True, type=int, default=[357, 1160, 9000], show_default=True)
@click.option("--made", default=300, show_default=True)
@click.option("--workers", default=os.cpu_count() or 1, show_default=True)
@click.option("--on", "where", type=click.Choice(["here", "cluster", "both"]), default="here", show_default=True)
@click.option("--notebook")
def main(places, made, workers, where, notebook):
    rows = []
    if notebook:
        with tempfile.TemporaryDirectory() as folder:
            edition = store.Edition("demo", Path(folder))
            for name in ("data", "notebooks"):
                (Path(folder) / name).symlink_to(store.home() / name)
            numbers = list(edition.table("municipalities")["komm_nr"])
            for each in ("here", "cluster"):
                rows.append(run(edition, numbers[:made], [notebook], workers, each))
                shutil.rmtree(edition.reports)
        ratio = rows[1]["sekunder"] / rows[0]["sekunder"]  # of what a worker's own processes spend, this one is not told
        click.echo(f"{notebook}: klyngen mot denne maskinen {ratio:.2f} i sekunder")
    else:
        for count in places:
            for each in ("here", "cluster") if where == "both" else (where,):
                with tempfile.TemporaryDirectory() as folder:
                    edition = many(store.edition("demo"), Path(folder), count)
                    numbers = list(edition.table("municipalities")["komm_nr"])
                    if len(numbers) < count:
                        raise click.ClickException(f"fire sifre rekker til {len(numbers)} steder")
                    copied(edition, numbers[:made])
                    rows.append({"steder": count} | run(edition, numbers[:made], [], workers, each))
    for name in rows[0]:
        values = (row[name] if isinstance(row[name], str | int) else f"{row[name]:.{1 if row[name] < 10 else 0}f}" for row in rows)
        click.echo(f"| {name} | {' | '.join(map(str, values))} |")


if __name__ == "__main__":
    from benchmarks.scale import main as begin  # under its own name: what is sent to other processes is found by it

    begin()
