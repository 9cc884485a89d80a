"""Seconds a page: papermill and nbconvert in a loop, the cells' bare code preloaded and forked, and `nlib report`, in the same run.

    python -m benchmarks.pages [--places 24] [--naive 12]      (NLIB_HOME holds the edition demo, built)

naive: `papermill` and `jupyter nbconvert` as commands, one page after the other, over a sample of the pages: median.
bare: the code of the same notebooks run by exec in processes forked from a loaded parent, two at a time; figures become HTML.
nlib: `nlib report` of the same pages with all that it does: papermill's engine, checks of the page, files written.
"""

import ast
import functools
import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import nbformat

from nlib import store
from nlib.reports import publish
from nlib.run import fork
from nlib.run.local import Job, notebooks


def naive(notebook: Path, parameters: dict) -> float:
    with tempfile.TemporaryDirectory() as folder:
        ran = Path(folder) / notebook.name
        begun = time.monotonic()
        given = [text for name in ("kommune", "edition") for text in ("-r", name, parameters[name])]
        quiet = {"check": True, "capture_output": True}
        subprocess.run([sys.executable, "-m", "papermill", str(notebook), str(ran), *given, "--no-progress-bar"], **quiet)
        subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", str(ran)], **quiet)
        return time.monotonic() - begun


def bare(job: Job) -> bytes:
    """The code of a notebook's cells and the HTML of what they show, no more."""
    cells = [cell.source for cell in nbformat.read(job.notebook, as_version=4).cells if cell.cell_type == "code"]
    names: dict = {}
    exec(cells[0], names)
    names.update(job.parameters)
    shown = []
    for cell in cells[1:]:
        tree = ast.parse(cell)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "celle", "exec"), names)
        if last is not None:
            shown.append(eval(compile(ast.Expression(last.value), "celle", "eval"), names)._repr_html_())
    return "".join(shown).encode()


def timed(run) -> tuple[float, object]:
    begun = time.monotonic()
    result = run()
    return time.monotonic() - begun, result


@click.command()
@click.option("--places", default=24, show_default=True)
@click.option("--naive", "sample", default=12, show_default=True, help="Pages that the naive loop is timed on; 0 leaves it out.")
@click.option("--jobs", default=os.cpu_count() or 1, show_default=True)
def main(places, sample, jobs):
    edition = store.edition("demo")
    numbers = list(edition.table("municipalities")["komm_nr"])
    numbers = numbers[:: max(1, len(numbers) // places)][:places]
    there = notebooks(edition.root / "notebooks")
    parameters = [{"kommune": number, "edition": "demo", "compare": []} for number in numbers]
    pages = [Job(notebook, given, Path("x/x/x/x")) for notebook in there.values() for given in parameters]
    click.echo(f"{len(there)} notatbøker, {len(numbers)} kommuner, {len(pages)} sider, {jobs} om gangen")
    ready = functools.partial(publish.ready, edition, tuple(there.values()))
    bare_seconds, answers = timed(lambda: [answer for _, answer in fork.each(pages, bare, ready, jobs)])
    if wrong := [str(answer) for answer in answers if not isinstance(answer, bytes)]:
        raise click.ClickException(wrong[0])
    ours, made = timed(lambda: publish.make(edition, numbers, (), jobs, lambda line: None))
    if made.failed:
        raise click.ClickException(made.failed[0])
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    click.echo(f"bare celler: {bare_seconds / len(pages):.2f} s en side")
    click.echo(f"nlib:        {ours / len(pages):.2f} s en side ({ours / bare_seconds:.2f} ganger de bare cellene), ", nl=False)
    click.echo(f"største prosess {memory:.0f} MiB")
    if sample:
        picked = list(itertools.islice(itertools.cycle(pages[:: len(numbers)]), sample))  # the notebooks in turn
        loop = statistics.median(naive(job.notebook, job.parameters) for job in picked)
        click.echo(f"naiv løkke:  {loop:.2f} s en side (median av {sample}); nlib er {loop * len(pages) / ours:.1f} ganger så rask")


if __name__ == "__main__":
    from benchmarks.pages import main as run  # under its own name: what is sent to the forked processes is found by it

    run()
