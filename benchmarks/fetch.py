"""What a first fetch of everything asks of SSB: calls, bytes, seconds, and what is waited for; then the build, and files by hand.

    NLIB_REAL_DATA=../shared/data python benchmarks/fetch.py [--calls 30] [--window 60] [--imports]

Starts the StatBank beside that folder with every table and with SSB's limit (0 calls: without), fetches every source, a line each,
and builds. `--imports`: then each of the folder's exports and its boundaries by `nlib import`, in a process of its own. Prints the
peak of memory too.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from build import Clock

from nlib.build import fetching, pipeline
from nlib.core import store
from nlib.core.tables import FileQuery, KlassQuery
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
    """Fetch source by source, a line each."""
    client, begun = Client(api, say=quiet), time.perf_counter()
    print(f"nlib fetch\n{'source':24}{'calls':>6}{'MB':>8}{'s':>8}{'waited':>8}")
    for raw in pipeline.raws().values():
        if isinstance(raw.query, FileQuery):
            continue  # not at this address
        calls, size, waited, start = *_spent(client), time.perf_counter()
        fetching.fetch(edition, client, [raw.name], quiet)
        after, more, rested = _spent(client)
        seconds = time.perf_counter() - start
        print(f"{raw.name:24}{after - calls:6}{(more - size) / 1e6:8.2f}{seconds:8.2f}{rested - waited:8.2f}", flush=True)
    calls, size, waited = _spent(client)
    windows, most, window = client.windows(calls - sum(isinstance(raw.query, KlassQuery) for raw in pipeline.raws().values()))
    print(f"{'in all':24}{calls:6}{size / 1e6:8.2f}{time.perf_counter() - begun:8.2f}{waited:8.2f}")
    print(f"windows of {most} calls in {window:.0f} s that so many calls take at the least: {windows}\n{client.spent()}")


def _spent(client: Client) -> tuple[int, int, float]:
    """Calls, bytes and seconds of waiting so far."""
    return client.http.spent.calls, client.http.session.bytes, sum(client.http.spent.waited.values())


def run(home: Path, *words: str) -> None:
    """A line about one nlib command: seconds, the peak of its memory, and the first it said."""
    start, environment = time.perf_counter(), os.environ | {"NLIB_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", MEASURED, *words], env=environment, capture_output=True, text=True)
    *said, peak = done.stdout.splitlines()
    print(f"{time.perf_counter() - start:8.2f} s {int(peak) / 1024:8.0f} MiB  {(said or done.stderr.splitlines())[0][:100]}")


def main():
    if not (given := os.environ.get("NLIB_REAL_DATA")):
        sys.exit("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    wanted = argparse.ArgumentParser()
    wanted.add_argument("--calls", default="30")
    wanted.add_argument("--window", default="60")
    wanted.add_argument("--imports", action="store_true")
    chosen = wanted.parse_args()
    data = Path(given).resolve()
    program = data.parent / "tools" / "statbank.py"
    limits = ["--calls", chosen.calls, "--window", chosen.window]
    command = [sys.executable, str(program), "--port", "0", "--data", str(data), "--tables", "all", *limits]
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
        if chosen.imports:
            print("nlib import, a process each, its start included")
            for path in [*sorted((data / "exports").iterdir()), *sorted(data.glob("*.geojson"))]:
                run(home, "import", "--edition", "2026", str(path))
            run(home, "list", "editions")


if __name__ == "__main__":
    main()
