"""What a newcomer waits for when the libraries are installed: from a clone to the first figure in a notebook.

    python -m benchmarks.newcomer

Clones the project, makes and builds the edition `demo` as `make lab` does, asks for the first table in Python, and runs the first
notebook of `utforsk` in a kernel of its own until a figure is there. Prints the seconds since the clone, at
most 90 is the goal, and those of a core, which are the same on a machine that does other things too.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbclient
import nbformat

ROOT = Path(__file__).parents[1]
GOAL = 90
DRAWN = {"image/png", "image/svg+xml"}


class Drawn(Exception):
    """A cell has shown a figure."""


def stop_where_drawn(cell, cell_index, execute_reply):
    """What the notebook's client calls after each cell."""
    if any(DRAWN & set(output.get("data", {})) for output in cell["outputs"]):
        raise Drawn(cell.get("id", cell_index))


def first_figure(clone: Path, environment: dict[str, str]) -> str:
    """Run the first notebook until a cell shows a figure; gives that cell's name."""
    book = nbformat.read(clone / "notebooks" / "utforsk" / "foerste_steg.ipynb", 4)
    client = nbclient.NotebookClient(book, resources={"metadata": {"path": str(clone / "notebooks" / "utforsk")}})
    client.on_cell_executed = stop_where_drawn
    try:
        client.execute(env=environment)
    except Drawn as drawn:
        return f"the cell {drawn}"
    raise SystemExit("the notebook showed no figure")


def main():
    """Print each step with the seconds since the clone, and whether the goal is held."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "nlib"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        begun = time.monotonic()
        without = {name: value for name, value in os.environ.items() if not name.startswith("NLIB_")}
        environment = without | {"PYTHONPATH": str(clone / "src")}

        def told(what):
            spent = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(f"{time.monotonic() - begun:6.1f} s  {spent.ru_utime + spent.ru_stime:6.1f} s of a core  {what}", flush=True)

        def run(*words):
            subprocess.run([sys.executable, *words], cwd=clone, env=environment, check=True, capture_output=True)

        run("-m", "nlib.cli", "demo")
        told("nlib demo")
        run("-m", "nlib.cli", "build", "--edition", "demo")
        told("nlib build --edition demo")
        run("-c", "import nlib; assert len(nlib.table('commuting'))")
        told("the first table of import nlib")
        where = first_figure(clone, environment)
        told(f"the first figure in foerste_steg.ipynb ({where})")
        seconds = time.monotonic() - begun
        print(f"{'held' if seconds <= GOAL else 'not held'}: {seconds:.1f} s of {GOAL}")
        sys.exit(seconds > GOAL)


if __name__ == "__main__":
    main()
