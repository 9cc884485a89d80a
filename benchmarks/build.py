"""How long the synthetic edition takes to make and build, table by table, and how much memory.

    python benchmarks/build.py            # in a temporary home

Prints seconds and the peak of memory after each step, the second build with nothing changed, and the whole build against the
plain tool: `json.loads` of the same raw files, which any way of reading them must do.
"""

import json
import resource
import tempfile
import time
from pathlib import Path

from nlib.build import pipeline
from nlib.core import store


def peak() -> float:
    """The most memory the process has held, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Clock:
    """Prints each line it is told, with the seconds since the last."""

    def __init__(self):
        self.start = self.last = time.perf_counter()

    def __call__(self, line):
        now = time.perf_counter()
        print(f"{now - self.last:8.2f} s {peak():8.0f} MiB  {line}")
        self.last = now

    @property
    def seconds(self):
        return time.perf_counter() - self.start


def main():
    with tempfile.TemporaryDirectory() as folder:
        edition = store.new_edition("demo", Path(folder))
        print("nlib demo")
        made = Clock()
        pipeline.demo(edition, 1, made)
        print(f"{made.seconds:8.2f} s in all\nnlib build")
        built = Clock()
        pipeline.build(edition, built)
        whole = built.seconds
        print(f"{whole:8.2f} s in all\nnlib build, nothing changed")
        again = Clock()
        pipeline.build(edition, lambda line: None)
        print(f"{again.seconds:8.2f} s in all")
        plain = Clock()
        size = 0
        for path in edition.raw.rglob("*.json"):
            body = path.read_bytes()
            size += len(body)
            json.loads(body)
        print(f"json.loads of the same {size / 1e6:.1f} MB of raw files: {plain.seconds:.2f} s")
        print(f"the build takes {whole / plain.seconds:.0f} times that")


if __name__ == "__main__":
    main()
