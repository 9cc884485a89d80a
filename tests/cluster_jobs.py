"""Jobs for the workers of a cluster, in a module that loads next to nothing there."""

import os
import time
from pathlib import Path

from nlib.core.errors import NlibError


def nothing():
    pass


def wrong_from_the_start():
    raise NlibError("utgaven er borte")


def read(path: Path) -> bytes:
    return path.read_bytes()


def run(job) -> bytes:
    return job()


def echo(text: str) -> bytes:
    time.sleep(0.2)
    return text.encode()


def parent() -> bytes:
    return str(os.getppid()).encode()


def where() -> bytes:
    return f"{os.environ['NLIB_HOME']} {os.environ['NLIB_COMMIT']}".encode()


def fail() -> bytes:
    raise ValueError("ikke slik")


def sleep() -> bytes:
    time.sleep(600)
    return b""
