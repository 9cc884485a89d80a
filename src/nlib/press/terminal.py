"""What a user sees of a command: results on stdout, progress and errors on stderr, and all of it in a log where one is asked for.

Progress is a bar on a terminal, and few lines in a pipe. A terminal that cannot write a character is given one that it can.
"""

import codecs
import contextlib
import datetime
import json
import re
import sys
import traceback
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import click

import nlib.core
from nlib.core.errors import WrongUse, printable

STEP = re.compile(r"(?:[\w./-]+: )?(\d+) av (\d+)\b")  # how far a run says that it is
SPARSE = 20  # lines of a run's steps in a pipe
QUIET, PLAIN, VERBOSE = -1, 0, 1
PLAINER = {
    **dict.fromkeys("–—‒−‐‑", "-"),
    **dict.fromkeys("‘’‚′", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict(zip("æÆøØđĐŋŊŧŦ×·•", ("ae", "Ae", *"oOdDnNtTx.*"), strict=True)),
    **dict(zip("…→≥≤", ("...", "->", ">=", "<="), strict=True)),
}


def speak_bokmaal() -> None:
    """Have click say what it says by itself in bokmål: it asks gettext, which has no catalogue of its texts."""
    texts = json.loads(Path(nlib.core.__file__).with_name("resources").joinpath("click.json").read_bytes())
    functions: dict[str, Callable] = {
        "_": lambda text: texts.get(text, text),
        "ngettext": lambda one, many, n: texts.get(one, one) if n == 1 else texts.get(many, many),
    }
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "click":
            vars(module).update({name: function for name, function in functions.items() if hasattr(module, name)})


def plainer(error: UnicodeError) -> tuple[str, int]:
    """What an encoding that lacks a character writes in its place: the letter without its mark, or one that looks like it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_plainer(character, error.encoding) for character in lacking), error.end


def _plainer(character: str, encoding: str) -> str:
    if unicodedata.category(character) == "Zs":
        return " "
    bare = unicodedata.normalize("NFKD", PLAINER.get(character, character))
    return bare.encode(encoding, "ignore").decode(encoding) or "?"


class Terminal:
    """Where a command writes: how much (`QUIET`, `PLAIN`, `VERBOSE`), and the log that has it all."""

    def __init__(self) -> None:
        self.level = PLAIN
        self._log: TextIO | None = None
        self._bar: Any = None

    def open(self) -> None:
        """Begin a command: nothing is known of how much or where to, and what this terminal cannot write is written plainer."""
        self.level = PLAIN
        self.stop_log()
        codecs.register_error("plainer", plainer)
        for stream in (sys.stdout, sys.stderr):
            if reconfigure := getattr(stream, "reconfigure", None):
                reconfigure(errors="plainer")

    @property
    def logging(self) -> bool:
        """Whether a log is written."""
        return self._log is not None

    def log_to(self, path: Path) -> None:
        """Write everything from now on to the end of this file too."""
        if self._log is not None:
            self._log.close()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._log = path.open("a", encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise WrongUse(f"Loggen {path} kan ikke skrives: {error.strerror or error}") from error

    def stop_log(self) -> None:
        """Write no more to the log: what files that came by hand are called stands nowhere but on the terminal of who has them."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def note(self, text: str) -> None:
        """A line of the log and of nothing else."""
        if self._log is not None:
            now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
            try:
                self._log.writelines(f"{now} {line}\n" for line in printable(text).splitlines())
                self._log.flush()
            except OSError as error:  # a full disk is no reason to do no more
                log, self._log = self._log, None
                with contextlib.suppress(OSError):
                    log.close()
                click.echo(f"nlib: loggen {log.name} kan ikke skrives ({error.strerror or error}): går videre uten", err=True)

    def show(self, text: object) -> None:
        """What was asked for, on stdout."""
        self.note(str(text))
        click.echo(printable(str(text)))

    def say(self, text: str) -> None:
        """How far a run is, on stderr: every line where there is room for it, and nothing where quiet was asked for."""
        self.note(text)
        if self.level == QUIET:
            return
        text, step = printable(text), STEP.match(text)
        failed = "feilet" in text
        if not sys.stderr.isatty():
            if not step or failed or self.level == VERBOSE or int(step[1]) % max(1, int(step[2]) // SPARSE) == 0:
                click.echo(text, err=True)
            return
        if step:
            self._move(int(step[1]), int(step[2]))
        if not step or failed or self.level == VERBOSE:
            self._above(text)

    def fail(self, text: str) -> None:
        """What went wrong, on stderr, with the way there through the code where VERBOSE was asked for."""
        self.close_bar()
        self.note(text)
        if self.level == VERBOSE:
            text = f"{traceback.format_exc()}{text}"
        click.echo(printable(text), err=True)

    def _move(self, done: int, total: int) -> None:
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(file=sys.stderr, dynamic_ncols=True, leave=False)
        self._bar.total, self._bar.n = total, done
        self._bar.refresh()

    def _above(self, text: str) -> None:
        if self._bar is None:
            click.echo(text, err=True)
        else:
            self._bar.write(text, file=sys.stderr)

    def close_bar(self) -> None:
        """Take the bar away, for what comes after it."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
