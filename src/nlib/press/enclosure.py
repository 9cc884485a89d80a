"""What the processes that run notebooks cannot reach, by the system's own means: the network, and files that came by hand.

Linux's namespaces (`unshare`) hold for whatever a process does: also for a library in C, a program it starts, or a system call that
Python does not see. Where the system does not let a user have them, a line says so, and only what Python is asked for is
refused (`nlib.press.fork`). Which files a notebook reaches is `nlib.press.landlock`'s, and that it has no socket
`nlib.press.seccomp`'s.
"""

import functools
import glob
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from nlib.core import settings, store
from nlib.press import landlock, seccomp

OPEN = (
    "Maskinen gir nlib verken egne navnerom (unshare) eller seccomp: notatbøkene nektes nett gjennom Python, "
    "men et bibliotek i C er ikke stengt ute."
)
KNOCKING = (
    "Maskinen gir ikke nlib seccomp: en notatbok når tjenester på maskinen som lytter på en socket i en fil utenfor /run "
    "(for eksempel i /tmp)."
)
UNLOCKED = (
    "Kjernen i Linux har ikke Landlock (5.13 eller nyere): en notatbok kan lese og skrive filer utenfor utgaven, "
    "og et bibliotek i C kan starte programmer."
)
UNCOVERED = "Maskinen gir ikke nlib egne navnerom (unshare) heller: en notatbok kan lese svar, regnskap og notater."
KERNEL = (
    "Motoren kernel stenger ingenting ute: notatbøkene når nettet, svar, regnskap og alle filer du selv når. "
    "Kjør bare notatbøker du stoler på, eller bruk motoren nlib."
)
SERVICES = (Path("/run"), Path("/var/run"))
SHOWN = re.compile(  # of the environment, by name
    r"PATH|HOME|USER|LOGNAME|USERPROFILE|SYSTEMROOT|TEMP|TMP|LANG|LANGUAGE|LC_\w+|TZ|VIRTUAL_ENV|CONDA_PREFIX|LD_LIBRARY_PATH|"
    r"DYLD_LIBRARY_PATH|(NLIB|PYTHON|MPL|MATPLOTLIB|XDG|OMP|OPENBLAS|MKL|PROJ|GDAL|COV|COVERAGE|PYTEST)(_?[A-Z]\w*)?"
)
ENCLOSED = "NLIB_ENCLOSED"  # 1 in a process that is
ENTER = ("unshare", "--map-root-user", "--net", "--mount", "sh", "-c")
# each folder is covered by an empty one; then every right to uncover it is given up
INSIDE = f"""\
while [ "$1" != -- ]; do mount -t tmpfs -o ro,mode=0555 none "$1" || exit 1; shift; done; shift
export {ENCLOSED}=1; exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
"""


def shown(environment: Mapping[str, str]) -> dict[str, str]:
    """What of the environment a notebook's process is given: where programs and libraries lie, language, and nlib's settings. The
    rest may be passwords (of a proxy, of a service), and whoever reads a page would read them."""
    return {name: value for name, value in environment.items() if SHOWN.fullmatch(name.upper())}


def words(environment: Mapping[str, str]) -> list[str]:
    """What a command begins with to be run inside; nothing where the system does not allow it."""
    if environment.get(ENCLOSED):  # it is inside, and what it starts is so too
        return []
    enter = [*ENTER, INSIDE, "sh", *covered(environment), "--"]
    return enter if _allowed(tuple(enter)) else []


def lacking() -> list[str]:
    """What the processes that run notebooks here are not kept from, a sentence each; none where they are kept from all of it."""
    inside = bool(words(os.environ) or os.environ.get(ENCLOSED))
    sockets = [] if seccomp.available() else [KNOCKING if inside else OPEN]
    return sockets + ([] if landlock.version() else [UNLOCKED] if inside else [UNLOCKED, UNCOVERED])


def covered(environment: Mapping[str, str]) -> list[str]:
    """The folders of what came by hand in every edition (answers, firms' accounts, notes), of what is built of single firms, and of
    the doors to the system's services, which would start a program or ask the network for who knocks."""
    named = environment.get("NLIB_HOME") or settings.value("home")
    homes = (
        [Path(named)] if named else [Path(__file__).parents[3], Path.cwd()]
    )  # as `nlib.core.store.home`, which has pandas with it
    apart = (f"raw/*/{store.BY_HAND}", f"processed/*/{store.BY_HAND}", "processed/*/.begun")
    found = {path for home in homes for each in apart for path in glob.glob(f"{glob.escape(str(home.resolve()))}/data/{each}")}
    return sorted(found | {str(path) for path in SERVICES if path.is_dir() and not path.is_symlink()})


@functools.cache
def _allowed(enter: tuple[str, ...]) -> bool:
    if sys.platform != "linux":
        return False
    try:
        return subprocess.run([*enter, "true"], capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
