"""Attacks from a notebook: what its process cannot reach, whatever it calls, and that the door says so where the system cannot."""

import ctypes
import functools
import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nlib.press import enclosure, fork

HELD = enclosure.words({"NLIB_HOME": "/nobody"})
pytestmark = pytest.mark.skipif(not HELD, reason="this system gives an ordinary user no namespaces")
SECRET = "kari.nordmann@firma.no"


def work(job):
    return str(job()).encode()


def ready():
    import numpy  # noqa: F401  as whatever runs notebooks has loaded it


@pytest.fixture
def home(tmp_path, monkeypatch, cold):
    """A home with answers in it, where notebooks are run in processes that are started as a user's are."""
    raw = tmp_path / "et hus" / "data" / "raw" / "2026"
    (raw / "import" / "svar").mkdir(parents=True)
    (raw / "import" / "svar" / "svar.csv").write_text(SECRET)
    (raw / "manifest.json").write_text("{}")
    monkeypatch.setenv("NLIB_HOME", str(tmp_path / "et hus"))
    return raw


def of(job, **limits):
    """What the job gave, or the error it met, in a process of its own."""
    outcome = dict(fork.each([job], work, ready, 1, fork.Limits(**limits)))[job]
    return outcome.decode() if isinstance(outcome, bytes) else str(outcome)


LIBC = ctypes.CDLL(None, use_errno=True)


def connect_without_python():
    """A socket by the system's own calls, which Python is not asked about; gives what the system says."""
    address = (2).to_bytes(2, "little") + (80).to_bytes(2) + bytes((192, 0, 2, 1)) + bytes(8)
    handle = LIBC.socket(2, 1, 0)
    return os.strerror(ctypes.get_errno()) if LIBC.connect(handle, address, 16) else "connected"


def ask_by_gdal():
    import pyogrio

    try:
        return pyogrio.read_dataframe("/vsicurl/http://127.0.0.1:9/kart.geojson")
    except Exception as error:
        return f"refused {type(error).__name__}"


def ask_by_arrow():
    from pyarrow import fs

    try:
        return fs.S3FileSystem(endpoint_override="127.0.0.1:9", connect_timeout=2, request_timeout=2).get_file_info("a/b")
    except Exception as error:
        return f"refused {type(error).__name__}"


def interfaces():
    return sorted(line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:])


def found_in(folder):
    return [path.read_text() for path in Path(folder).rglob("*") if path.is_file()]


def uncover(folder):
    """Every way to take the cover off: as one is, in a space of one's own, and around by another process."""
    said = [LIBC.umount2(os.fsencode(folder), 2)]
    LIBC.unshare(0x10000000 | 0x00020000)
    said.append(LIBC.umount2(os.fsencode(folder), 2))
    for pid in (1, os.getppid(), *(int(name) for name in os.listdir("/proc") if name.isdigit())):
        try:
            said += found_in(f"/proc/{pid}/root{folder}")
        except OSError:
            continue
    return [*said, *found_in(folder)]


def program_without_python():
    """A program by the C library: it is started, and is inside as what started it is."""
    return LIBC.system(b"cat /proc/net/dev | grep -q eth0")


def map_shared():
    mmap.mmap(-1, 20 * 2**30)


def test_what_python_does_not_see_has_no_network_either(home):
    assert of(connect_without_python) == "Network is unreachable"
    assert of(interfaces) == "['lo']"
    assert of(program_without_python) != "0"


@pytest.mark.parametrize("job", [ask_by_gdal, ask_by_arrow])
def test_libraries_in_c_reach_no_service(home, job):
    assert "refused" in of(job)


def test_the_answers_are_not_there_and_cannot_be_uncovered_while_the_rest_of_the_edition_is(home):
    assert of(functools.partial(found_in, home / "import")) == "[]"
    assert SECRET not in of(functools.partial(uncover, str(home / "import")))
    assert of(functools.partial(found_in, home)) == "['{}']"
    assert found_in(home / "import") == [SECRET]


def test_a_map_that_is_shared_is_memory_too(home):
    assert "Cannot allocate memory" in of(map_shared, megabytes=256)


def test_where_the_system_has_no_namespaces_it_is_said_once_and_notebooks_run(tmp_path):
    told = "from nlib.press import enclosure; print(enclosure.words({}), enclosure.words({}))"
    environment = os.environ | {"PATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[] []\n"
    assert done.stderr.count(enclosure.OPEN) == 1
