"""What code a table is made by: its own module and all of the house that it imports. A change in any of it rebuilds the table."""

import hashlib
import importlib.util
import re
from functools import cache
from pathlib import Path

import nlib.core

IMPORT = re.compile(r"^\s*import (nlib[\w.]*)", re.MULTILINE)
FROM = re.compile(r"^\s*from (nlib[\w.]*) import (\([^)]*\)|[^\n]+)", re.MULTILINE)
NAME = re.compile(r"\w+")


@cache
def code_hash(module: str) -> str:
    """The hash of a module, of every module of nlib that it imports, by way of others too, and of the resources."""
    digest = hashlib.sha256(_resources())
    for name in sorted(_reached(module)):
        digest.update(name.encode() + b"\0" + _source(name) + b"\0")
    return digest.hexdigest()


def _reached(module: str) -> set[str]:
    found: set[str] = set()
    waiting = [module]
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += _imports(name)
    return found


@cache
def _imports(module: str) -> frozenset[str]:
    """The modules of nlib that a module names in its imports, anywhere in it, and the packages that are loaded with them."""
    source = _source(module).decode()
    named = set(IMPORT.findall(source))
    for package, names in FROM.findall(source):
        inner = {f"{package}.{name}" for name in NAME.findall(re.sub(r"\bas \w+|#.*", "", names))}
        named |= {package} | {name for name in inner if _path(name)}
    packages = {name.rsplit(".", up)[0] for name in named for up in range(1, name.count(".") + 1)}
    return frozenset(named | packages) - {"nlib"}


@cache
def _path(module: str) -> Path | None:
    """Where a module is; None for a name that is none."""
    try:
        spec = importlib.util.find_spec(module)
    except (ModuleNotFoundError, AttributeError):  # what should hold it is a module, not a package
        return None
    return Path(spec.origin) if spec and spec.origin else None


def _source(module: str) -> bytes:
    path = _path(module)
    return path.read_bytes() if path else b""


@cache
def _resources() -> bytes:
    folder = Path(nlib.core.__path__[0]) / "resources"
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return hashlib.sha256(b"\0".join(path.name.encode() + path.read_bytes() for path in files)).digest()
