"""Settings: what a user says once, in the environment or in a file `nlib.toml`, and not with every command.

An option of a command goes before the environment, the environment before the file, and the file before what is usual. The file is
the one that `NLIB_CONFIG` names, or `nlib.toml` in the folder one stands in, or in the project's.
"""

import functools
import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from nlib.core.errors import WrongUse
from nlib.core.translations import LANGUAGES

FILE = "nlib.toml"
COMPARE = "compare"  # the table of the file that says whom municipalities are always measured against
ENVIRONMENT, USUAL = "miljøet", "standard"


@dataclass(frozen=True)
class Setting:
    """A setting: its name in the file, what it is, what it is where it is not given, and what it must be where it is; a path may be
    relative to the file that it stands in."""

    name: str
    meaning: str
    usual: str
    must: str = ""
    fits: Callable[[str], object] = bool
    path: bool = False

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"NLIB_{self.name.upper()}"


def _can_be_a_folder(path: str) -> bool:
    """Whether it is one, or can be made where it is to lie."""
    return os.path.isdir(path if os.path.exists(path) else os.path.dirname(os.path.abspath(path)))


FOLDER = ("en mappe, eller navnet på en ny i en mappe som finnes", _can_be_a_folder)
ADDRESS = ("en adresse som begynner med http:// eller https://", re.compile(r"https?://[^/\s]\S*").fullmatch)
ENGINE = ("nlib eller kernel", ("nlib", "kernel").__contains__)
PORT = ("en adresse med port, for eksempel tcp://10.0.0.1:8786", re.compile(r"\S+:\d+").fullmatch)
SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("home", "mappen med data/, notebooks/ og reports/", "prosjektmappen", *FOLDER, path=True),
        Setting("api", "adressen foran /pxwebapi/v2 og /klass/v1", "https://data.ssb.no/api", *ADDRESS),
        Setting("language", "språket på sidene: nb, nn eller en", "nb", " eller ".join(LANGUAGES), LANGUAGES.__contains__),
        Setting("jobs", "så mange sider om gangen", "antall kjerner", "et helt tall fra 1", re.compile("0*[1-9][0-9]*").fullmatch),
        Setting("engine", "hva notatbøkene kjøres med: nlib eller kernel", "nlib der det går", *ENGINE),
        Setting("scheduler", "adressen til planleggeren for en Dask-klynge", "ingen, på denne maskinen", *PORT),
        Setting("log_file", "filen som alt som sies, skrives til med klokkeslett", "ingen", path=True),
    )
}


def given(name: str) -> str:
    """A setting as it is given in the environment or in the file; empty where it is in neither."""
    return os.environ.get(SETTINGS[name].variable) or in_file().get(name, "")


def value(name: str) -> str:
    """A setting as it is given; `WrongUse` for one that cannot be, with where it stands."""
    if why := fault(name):
        raise WrongUse(why)
    return given(name)


def fault(name: str) -> str:
    """What is wrong with a setting; empty where nothing is."""
    value = given(name)
    if not value or SETTINGS[name].fits(value):
        return ""
    return f"{source(name)}: {name} kan ikke være «{value}». Det må være {SETTINGS[name].must}"


def source(name: str) -> str:
    """Where a setting comes from, as a user sees it."""
    if os.environ.get(SETTINGS[name].variable):
        return f"{ENVIRONMENT} ({SETTINGS[name].variable})"
    return str(file()) if name in in_file() else USUAL


def file() -> Path | None:
    """The file of settings; None where there is none. `WrongUse` where one is named that is not there."""
    if named := os.environ.get("NLIB_CONFIG"):
        if not Path(named).is_file():
            raise WrongUse(f"NLIB_CONFIG er «{named}»: det er ingen fil der")
        return Path(named).resolve()
    project = os.environ.get("NLIB_HOME") or Path(__file__).parents[3]
    return next((path.resolve() for path in (Path(FILE), Path(project, FILE)) if path.is_file()), None)


def comparisons() -> dict[str, list[str]]:
    """Whom municipalities are always measured against: the file's table `[compare]`, names or numbers by name or number."""
    table = _given(file()).get(COMPARE, {})
    found = {place: [whom] if isinstance(whom, str) else whom for place, whom in table.items()} if isinstance(table, dict) else {}
    if not isinstance(table, dict) or not all(
        isinstance(whom, list) and all(isinstance(x, str) for x in whom) for whom in found.values()
    ):
        raise WrongUse(f'{file()}: under [{COMPARE}] skal det stå en kommune og hvem den måles mot: 3222 = ["3205", "Oslo"]')
    return found


def _given(path: Path | None) -> dict:
    """What the file holds; nothing where there is none."""
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not TOML, or not UTF-8
        raise WrongUse(f"{path} kan ikke leses: {error}") from error


@functools.cache
def in_file() -> dict[str, str]:
    """The settings of the file, read once in a process. `WrongUse` where it is not TOML, or has what is no setting."""
    path = file()
    if path is None:
        return {}
    found = {}
    for name, entry in _given(path).items():
        if name == COMPARE:
            continue
        if name not in SETTINGS:
            near = get_close_matches(name, SETTINGS, 1)
            meant = f"Mente du {near[0]}?" if near else f"Innstillingene er {', '.join(SETTINGS)}."
            raise WrongUse(f"{path}: «{name}» er ingen innstilling. {meant}")
        if not isinstance(entry, str | int) or isinstance(entry, bool):
            raise WrongUse(f"{path}: {name} må være tekst eller et helt tall")
        found[name] = str(path.parent / str(entry)) if SETTINGS[name].path else str(entry)
    return found
