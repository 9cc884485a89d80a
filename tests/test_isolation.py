"""Attacks from a notebook: what its process cannot reach, whatever it calls, and that the door says so where the system cannot."""

import contextlib
import ctypes
import functools
import mmap
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from nlib.core.errors import NlibError
from nlib.press import enclosure, fork, landlock, publish, seccomp

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
    if (handle := LIBC.socket(2, 1, 0)) < 0:
        return os.strerror(ctypes.get_errno())
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
    outcomes = dict(fork.each([connect_without_python, interfaces, program_without_python], work, ready, 1, fork.Limits()))
    assert outcomes[connect_without_python] == (b"Permission denied" if seccomp.available() else b"Network is unreachable")
    assert outcomes[interfaces] == b"['lo']"
    assert outcomes[program_without_python] != b"0"


def test_libraries_in_c_reach_no_service(home):
    outcomes = dict(fork.each([ask_by_gdal, ask_by_arrow], work, ready, 1, fork.Limits()))
    assert {job: b"refused" in outcome for job, outcome in outcomes.items()} == {ask_by_gdal: True, ask_by_arrow: True}


def test_the_answers_are_not_there_and_cannot_be_uncovered_while_the_rest_of_the_edition_is(home):
    assert of(functools.partial(found_in, home / "import")) == "[]"
    assert SECRET not in of(functools.partial(uncover, str(home / "import")))
    assert of(functools.partial(found_in, home)) == "['{}']"
    assert found_in(home / "import") == [SECRET]


def test_a_map_that_is_shared_is_memory_too(home):
    assert "Cannot allocate memory" in of(map_shared, megabytes=256)


# -- sockets that are files, or names in the kernel


def knock(address):
    """As any library does that asks a service of the machine."""
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect(address)
        return ours.recv(100)


def knock_without_python(address):
    """The same by the system's own calls: a new socket, one of a pair, and a pair of letters, which may be sent anywhere."""
    pair = (ctypes.c_int * 2)()
    tries = []
    for kind in (1, 2, 5):
        tries.append(LIBC.socket(1, kind, 0))
        LIBC.socketpair(1, kind, 0, pair)
        tries += list(pair)
    name = (1).to_bytes(2, "little") + os.fsencode(address) + b"\0"
    return [handle for handle in tries if LIBC.connect(handle, name, len(name) - (address[0] == "\0")) == 0]


def by_another_door(_):
    """A ring that the kernel reads what is asked for from."""
    return os.strerror(ctypes.get_errno()) if LIBC.syscall(seccomp.IO_URING, 8, ctypes.create_string_buffer(120)) < 0 else "a ring"


def two_that_know_each_other(_):
    import asyncio

    return asyncio.run(asyncio.sleep(0, "ferdig"))


@pytest.fixture
def services():
    """What listens on a socket that is a file outside /run, and on one that has only a name; each would give the secret."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        addresses = [f"{folder}/tjeneste", f"\0{folder}/tjeneste"]
        for address in addresses:
            listens = stack.enter_context(socket.socket(socket.AF_UNIX))
            listens.bind(address)
            listens.listen()
            threading.Thread(target=_answer_who_knocks, args=[listens], daemon=True).start()
        yield addresses


def _answer_who_knocks(listens):
    with contextlib.suppress(OSError):  # it is closed
        while True:
            theirs, _ = listens.accept()
            with theirs:
                theirs.sendall(SECRET.encode())


@pytest.mark.skipif(not seccomp.available(), reason="this system has no seccomp")
@pytest.mark.parametrize("namespaces", [True, False])
def test_no_service_of_the_machine_is_reached_by_a_socket_of_any_kind_with_namespaces_or_without(
    home, services, namespaces, monkeypatch
):
    assert [knock(address) for address in services] == [SECRET.encode()] * 2
    if not namespaces:
        monkeypatch.setattr(enclosure, "words", lambda environment: [])
    tries = [functools.partial(tried, attack, address) for attack in (knock, knock_without_python) for address in services]
    others = [
        connect_without_python,
        functools.partial(tried, by_another_door, ""),
        functools.partial(tried, two_that_know_each_other, ""),
    ]
    outcomes = dict(fork.each([*tries, *others], work, ready, 1, fork.Limits()))
    assert [outcomes[job].decode() for job in tries] == ["PermissionError: [Errno 13] Permission denied"] * 2 + ["got []"] * 2
    assert [outcomes[job] for job in others] == [b"Permission denied", b"got 'Permission denied'", b"got 'ferdig'"]


# -- what is said where the system cannot


def test_where_the_system_has_neither_namespaces_nor_seccomp_it_is_said_in_a_line_and_notebooks_run(home, monkeypatch):
    monkeypatch.setattr(seccomp, "MACHINES", {})
    assert enclosure.lacking() == [enclosure.KNOCKING]
    monkeypatch.setattr(enclosure, "words", lambda environment: [])
    assert enclosure.lacking() == [enclosure.OPEN]
    seccomp.no_sockets()
    with socket.socket(socket.AF_UNIX):
        pass


def test_where_the_system_has_no_unshare_notebooks_are_run_without_and_nothing_is_said_that_is_kept_out_otherwise(tmp_path):
    told = "from nlib.press import enclosure; print(enclosure.words({}), *enclosure.lacking(), sep='\\n')"
    environment = os.environ | {"PATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "[]"
    assert (enclosure.OPEN in done.stdout, enclosure.UNCOVERED in done.stdout) == (not seccomp.available(), not landlock.version())


def test_where_the_kernel_has_no_landlock_it_is_said_in_a_line_and_notebooks_run(home, monkeypatch):
    monkeypatch.setattr(seccomp, "available", lambda: True)
    assert enclosure.lacking() == []
    monkeypatch.setattr(landlock, "_call", lambda *arguments: -1)
    assert enclosure.lacking() == [enclosure.UNLOCKED]
    monkeypatch.setattr(enclosure, "words", lambda environment: [])
    assert enclosure.lacking() == [enclosure.UNLOCKED, enclosure.UNCOVERED]
    landlock.only([], [], [])
    assert found_in(home / "import") == [SECRET]


def test_a_kernel_says_that_it_keeps_nothing_out(demo_edition, capsys):
    with pytest.raises(NlibError, match="finnes ikke"):
        publish.make(demo_edition, [], ["ingen"], engine="kernel")
    assert capsys.readouterr().out == f"{enclosure.KERNEL}\n"


# -- files


def open_by_python(path):
    return Path(path).read_text()


def open_without_python(path):
    if (handle := LIBC.open(os.fsencode(path), 0)) < 0:
        return os.strerror(ctypes.get_errno())
    return os.read(handle, 100)


def open_by_duckdb(path):
    import duckdb

    return duckdb.sql(f"select content from read_text('{path}')").fetchall()


def open_by_arrow(path):
    from pyarrow import fs

    return fs.LocalFileSystem().open_input_file(str(path)).read()


def open_by_gdal(path):
    import pyogrio

    return pyogrio.read_dataframe(path)


def through_the_parent(path):
    return Path(f"/proc/{os.getppid()}/root{path}").read_text()


def through_a_link(path):
    link = Path(tempfile.gettempdir(), "lenke")
    link.symlink_to(path)
    return link.read_text()


def through_a_program(path):
    """A process by the C library that would run `cat`; what the system says of running programs."""
    if LIBC.fork() == 0:
        words = (ctypes.c_char_p * 3)(b"cat", os.fsencode(path), None)
        LIBC.execv(b"/bin/cat", words)
        os._exit(ctypes.get_errno())
    return os.strerror(os.waitstatus_to_exitcode(os.wait()[1]))


def write_to(path):
    Path(path).write_text("mitt")


def taken_away(path):
    os.unlink(path)


def added_to_the_code(_):
    Path(enclosure.__file__).with_name("mine.py").write_text("")


def extension(_):
    import duckdb

    return duckdb.sql("install httpfs; load httpfs")


def killed(_):
    """The process that the others come from, by a signal that Python is not asked about."""
    return os.strerror(ctypes.get_errno()) if LIBC.kill(os.getppid(), 9) else "gone"


ATTACKS = [open_by_python, open_without_python, open_by_duckdb, open_by_arrow, open_by_gdal, through_the_parent, through_a_link]
ATTACKS += [through_a_program, write_to, taken_away, added_to_the_code, extension, killed]
REFUSED = ("Permission", "not permitted", "no read permission", "No such file", "Failed to", "Could not", "not opened")


def tried(attack, path):
    try:
        return f"got {attack(path)!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.skipif(not landlock.version(), reason="this system has no Landlock")
def test_a_notebook_reads_its_edition_and_writes_in_a_folder_of_its_own_and_no_attack_reaches_another_file(home, tmp_path):
    secret = tmp_path / "passord.txt"
    secret.write_text(SECRET)
    tries = {functools.partial(tried, attack, secret): attack.__name__ for attack in ATTACKS}
    read = functools.partial(open_by_python, home / "manifest.json")
    jobs = [*tries, read, left_behind, found_left]
    outcomes = dict(fork.each(jobs, work, ready, 1, fork.Limits(reads=(home / "manifest.json",))))
    assert (outcomes.pop(read), outcomes.pop(left_behind), outcomes.pop(found_left)) == (b"{}", b"True", b"[]")
    said = {tries[job]: outcome.decode() for job, outcome in outcomes.items()}
    assert [name for name, words in said.items() if SECRET in words or not any(refused in words for refused in REFUSED)] == [], said
    assert len(said) == len(ATTACKS) and secret.read_text() == SECRET


def environments():
    """What can be read of any process's environment."""
    found = [repr(dict(os.environ))]
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            found.append(path.read_text(errors="replace"))
    return found


def test_a_password_in_the_environment_is_not_a_notebooks_to_read(home, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{SECRET}")
    monkeypatch.setenv("LANG", "nb_NO.UTF-8")
    found = of(environments)
    assert SECRET not in found and "nb_NO.UTF-8" in found and "NLIB_HOME" in found


@pytest.mark.skipif(not landlock.version(), reason="this system has no Landlock")
def test_the_answers_are_not_read_where_the_system_has_landlock_and_no_namespaces(home, monkeypatch):
    monkeypatch.setattr(enclosure, "words", lambda environment: [])
    reads = (home / "manifest.json",)
    answers = functools.partial(tried, open_without_python, home / "import" / "svar" / "svar.csv")
    assert of(answers, reads=reads) == "got 'Permission denied'"
    assert of(functools.partial(tried, open_without_python, *reads), reads=reads) == "got b'{}'"


def left_behind():
    Path(tempfile.gettempdir(), "spor").write_text("mitt")
    return Path(tempfile.gettempdir(), "spor").is_file()


def found_left():
    return os.listdir(tempfile.gettempdir())
