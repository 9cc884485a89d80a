"""What a run does, in a file beside the pages from its first moment: one that is killed has told how far it came."""

import contextlib
import datetime
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nlib.core import store
from nlib.core.errors import many
from nlib.press.render import made_by

FILES = {"update": "run.json", "report": "report.json"}  # by command: neither is written over by the other
MADE, STAND, FAILED, WITHOUT, LEFT = "laget", "uendret", "feilet", "uten tall", "igjen"  # what becomes of pages
OFTEN = 1.0  # seconds between writings while pages are made


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


@dataclass
class Run:
    """A run of a command for an edition: its process, when it began, and when it ended (None until then, also where it was killed).

    step: what it is at; seconds: of each step that is done; pages: how many became what, and are still to come; failed: what
    failed, a line each. The rest is of a yearly run: what is other than when the one before it was finished.
    """

    edition: store.Edition
    command: str
    process: int = field(default_factory=os.getpid)
    begun: str = field(default_factory=_now)
    ended: str | None = None
    step: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=lambda: dict.fromkeys((MADE, STAND, FAILED, WITHOUT, LEFT), 0))
    failed: list[str] = field(default_factory=list)
    changes: list[dict] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    lost: list[dict] = field(default_factory=list)
    summary: str = ""
    _written: float = 0.0

    @property
    def made(self) -> int:
        return self.pages[MADE]

    @property
    def unchanged(self) -> int:
        return self.pages[STAND]

    @contextlib.contextmanager
    def at(self, step: str) -> Iterator[None]:
        """A step of the run, timed."""
        self.step, begun = step, time.monotonic()
        self.write()
        try:
            yield
        finally:
            self.seconds[step] = round(self.seconds.get(step, 0.0) + time.monotonic() - begun, 1)

    def page(self, became: str) -> None:
        """Count a page that is done with; written down where it is a while since it was last."""
        self.pages[became] += 1
        self.pages[LEFT] -= 1
        if time.monotonic() - self._written > OFTEN:
            self.write()

    def end(self) -> None:
        self.step, self.ended = "", _now()
        self.write()

    def write(self) -> None:
        content = {name: value for name, value in vars(self).items() if not name.startswith("_")}
        store.write_json(file(self.edition, self.command), content | {"edition": self.edition.name} | made_by())
        self._written = time.monotonic()


def file(edition: store.Edition, command: str) -> Path:
    """Where the last run of a command for an edition is told, whatever the language of its pages."""
    return edition.root / "reports" / edition.name / FILES[command]


def told_pages(pages: dict[str, int]) -> str:
    """How many pages became what, in words: those that were made, and what else there was."""
    others = [f"{pages[of]} {of}" for of in (STAND, FAILED, WITHOUT, LEFT) if pages[of]]
    return ", ".join([f"{many(pages[MADE], 'side', 'sider')} {MADE}", *others])
