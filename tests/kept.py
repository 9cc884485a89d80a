"""Folders that are dear to make: made once by the process that comes first, kept on disk as long as what makes them is the same."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

KEPT = 12  # of each kind; the ones used last
READY = "ready"


def cache_folder() -> Path:
    """The folder that outlives a run: NLIB_TEST_CACHE, or nlib-tests in the user's cache folder; never in the repository."""
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("NLIB_TEST_CACHE") or user / "nlib-tests")


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """A hash of the files under the paths, of Python's and all installed libraries' versions, and of what more is given."""
    digest = hashlib.sha256("\0".join([_libraries(), *more]).encode())
    for path in paths:
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        for file in files:
            if "__pycache__" not in file.parts:
                digest.update(f"\0{file.relative_to(path.parent)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:20]


@cache
def _libraries() -> str:
    """A hash of the versions of Python and of every library there is."""
    versions = sorted({f"{one.metadata['Name']} {one.version}" for one in metadata.distributions()})
    return hashlib.sha256("\0".join([sys.version, *versions]).encode()).hexdigest()


@contextlib.contextmanager
def kept(folder: Path, make: Callable[[Path], None]) -> Iterator[Path]:
    """The folder, made where it is not there; nobody removes it while it is in use, and whoever changes it is told so.

    What is killed or fails while it makes one leaves a `.half`, which is never used. A folder that was changed is made anew.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _in_use(folder, make):
        was = _files(folder)
        yield folder
        if changed := sorted(str(path) for path, _ in _files(folder) ^ was):
            (folder / READY).unlink(missing_ok=True)
            raise AssertionError(f"{folder} is shared and must be copied before it is changed: {', '.join(dict.fromkeys(changed))}")


@contextlib.contextmanager
def _in_use(folder, make):
    while True:
        with open(_lock(folder), "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            if _ready(folder) and _is_at(lock, _lock(folder)):
                os.utime(folder / READY)
                yield
                return
            fcntl.flock(lock, fcntl.LOCK_EX)  # lets go of the shared lock first: two that ask for it do not wait for each other
            if not _ready(folder) and _is_at(lock, _lock(folder)):
                _make(folder, make)


def _make(folder, make):
    clear(folder)
    half = _half(folder)
    shutil.rmtree(half, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    half.mkdir()
    make(half)
    (half / READY).write_text(_libraries())
    half.rename(folder)


def clear(folder: Path) -> None:
    """Take away the oldest folders of the same kind, and what was left half made, unless they are in use."""
    kind = folder.name.rpartition("-")[0]
    others = [Path(lock).with_suffix("") for lock in folder.parent.glob(f"{kind}-*.lock") if lock != _lock(folder)]
    others.sort(key=lambda other: (other / READY).stat().st_mtime if _ready(other) else 0, reverse=True)
    for other in [other for number, other in enumerate(others) if number >= KEPT - 1 or not _ready(other)]:
        with open(_lock(other), "a") as lock, contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for gone in (other, _half(other)):
                shutil.rmtree(gone, ignore_errors=True)
            _lock(other).unlink(missing_ok=True)


def newest(kind: str) -> Path | None:
    """The folder of a kind that was made with the same libraries and used last, to begin another from; None where there is none."""
    there = [folder for folder in cache_folder().glob(f"{kind}-*") if _ready(folder)]
    there = [folder for folder in there if (folder / READY).read_text() == _libraries()]
    return max(there, key=lambda folder: (folder / READY).stat().st_mtime, default=None)


def _lock(folder):
    return folder.with_name(folder.name + ".lock")


def _half(folder):
    return folder.with_name(folder.name + ".half")


def _ready(folder):
    return (folder / READY).is_file()


def _is_at(lock, path):
    """Whether the open lock is still the file of that name, and not one that was taken away meanwhile."""
    return path.exists() and os.path.samestat(os.fstat(lock.fileno()), path.stat())


def _files(folder):
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != READY]
    return {(path.relative_to(folder), (path.stat().st_size, path.stat().st_mtime_ns)) for path in files}
