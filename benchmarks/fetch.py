"""How long SSB's figures take to fetch and build and files by hand to import, and how much memory.

    NLIB_REAL_DATA=../shared/data python benchmarks/fetch.py

Starts the StatBank beside that folder, without its rate limit, fetches every source that it serves and builds; then imports each of
the folder's exports, and its boundaries, by `nlib import` in a process of its own. Prints calls, bytes, seconds and the peak of
memory, and, to compare, the same calls with bare requests, and nlib started for nothing.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
from build import Clock

from nlib.build import fetching, pipeline
from nlib.core import store
from nlib.core.tables import FileQuery
from nlib.data.fetch import Client

# The peak is asked for from within: what the parent holds would else count as the child's.
MEASURED = """
import atexit
from pathlib import Path
from nlib.cli import run
atexit.register(lambda: print(next(l for l in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in l).split()[1]))
run()
"""


def quiet(line):
    """Where the progress goes."""


def fetch(api: str, edition: store.Edition) -> None:
    """Fetch source by source, a line each, then make the same calls bare."""
    client, answers = Client(api, say=quiet), []
    client.http.session.hooks["response"].append(lambda answer, **_: answers.append(answer))
    print(f"nlib fetch\n{'source':24}{'calls':>6}{'MB':>8}{'s':>8}")
    calls, seconds = [], 0.0
    for raw in pipeline.raws().values():
        if isinstance(raw.query, FileQuery):
            continue  # not at this address
        start = time.perf_counter()
        fetching.fetch(edition, client, [raw.name], quiet)
        took = time.perf_counter() - start
        if raw.name in edition.raw_manifest().get("sources", {}):
            print(f"{raw.name:24}{len(answers):6}{sum(len(a.content) for a in answers) / 1e6:8.2f}{took:8.2f}")
            calls += [answer.request for answer in answers]
            seconds += took
        answers.clear()
    bare, start = requests.Session(), time.perf_counter()
    size = sum(len(bare.send(call).content) for call in calls)
    plain = time.perf_counter() - start
    print(f"{'in all':24}{len(calls):6}{size / 1e6:8.2f}{seconds:8.2f}\nthe same calls bare{'':19}{plain:8.2f}")


def run(home: Path, *words: str) -> None:
    """A line about one nlib command: seconds, the peak of its memory, and the first it said."""
    start, environment = time.perf_counter(), os.environ | {"NLIB_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", MEASURED, *words], env=environment, capture_output=True, text=True)
    *said, peak = done.stdout.splitlines()
    print(f"{time.perf_counter() - start:8.2f} s {int(peak) / 1024:8.0f} MiB  {(said or done.stderr.splitlines())[0][:100]}")


def main():
    if not (given := os.environ.get("NLIB_REAL_DATA")):
        sys.exit("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    data = Path(given).resolve()
    program = data.parent / "tools" / "statbank.py"
    command = [sys.executable, str(program), "--port", "0", "--data", str(data), "--calls", "0"]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                api = server.stdout.readline().strip().removesuffix("/pxwebapi/v2")
                fetch(api, store.new_edition("2026", home))
            finally:
                server.terminate()
        print("nlib build")
        built = Clock()
        pipeline.build(store.edition("2026", home), built)
        print(f"{built.seconds:8.2f} s in all")
        print("nlib import, a process each, its start included")
        for path in [*sorted((data / "exports").iterdir()), *sorted(data.glob("*.geojson"))]:
            run(home, "import", "--edition", "2026", str(path))
        run(home, "list", "editions")


if __name__ == "__main__":
    main()
