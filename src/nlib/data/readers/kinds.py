"""Kinds of files that people have by hand. Each declares itself as `FILE` in the module that owns it, and is found by that."""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

import nlib.data.readers
import nlib.data.sources
from nlib.core.errors import BadAnswer, many
from nlib.core.tables import Dataset
from nlib.data.readers import named_columns, workbook
from nlib.data.readers.cells import Sheet
from nlib.data.readers.telemarksforsking import unwrapped


class File:
    """A file as it came: its bytes, its sheets (read once, when asked for), and every table there is, for what it may name."""

    def __init__(self, body: bytes, datasets: Collection[Dataset] = ()):
        self.body, self.datasets = body, datasets

    @property
    def sheets(self) -> list[Sheet]:
        if isinstance(self._sheets, str):
            raise BadAnswer(self._sheets)
        return self._sheets

    @cached_property
    def _sheets(self) -> list[Sheet] | str:
        """The sheets, or why there are none: each kind asks, and a large file must not be read again by each."""
        try:
            return unwrapped(self.body)
        except BadAnswer as error:
            return str(error)


@dataclass(frozen=True)
class Contents:
    """What is in a file: lines for who imports it, the first with the counts, and what it is alone in telling of. own: a
    municipality, or a municipality and a wave; a later file with the same takes its place."""

    lines: Sequence[str]
    own: dict = field(default_factory=dict)


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its name in `--as`, what a file is known by, and what reads it whole (`BadAnswer` where it cannot).

    producer and licence: whose it is, where every file of the kind is theirs; before: kinds that look like it and that it goes
    before; private: it has people's answers or a single firm's figures: what it is called may tell of somebody, and so it is
    kept under a name of its kind; source: the fetched source whose place it takes; resembles: says what is wrong
    (`BadAnswer`) with a file that is of no kind, but that should have been of this.
    """

    name: str
    recognised: Callable[[File], bool]
    contents: Callable[[File], Contents]
    producer: str | None = None
    licence: str | None = None
    before: tuple[str, ...] = ()
    private: bool = False
    source: str = ""
    resembles: Callable[[File], None] = lambda file: None


Read = Callable[[list[Sheet]], tuple[pd.DataFrame, list[str]]]


def by_headings(name: str, read: Read, counted: Callable[[pd.DataFrame], str], also: tuple[str, ...] = (), **declared) -> FileKind:
    """A kind that is known by its headings (`import_columns.csv`: its own, or those of `also`), with the line that counts what is
    in it."""

    def contents(file: File) -> Contents:
        frame, notes = read(file.sheets)
        return Contents([counted(frame), *notes])

    def recognised(file: File) -> bool:
        return any(named_columns.recognised(kind, file.sheets) for kind in (name, *also))

    return FileKind(name, recognised, contents, **declared)


def of_bytes(read: Read) -> Callable[[bytes], pd.DataFrame]:
    """What reads a file of a kind to a frame, as an `Imported` wants it."""
    return lambda body: read(unwrapped(body))[0]


def saved(name: str, frame: pd.DataFrame, **how) -> list[tuple[str, bytes]]:
    """A frame as a file that somebody has saved: `;` between the cells, UTF-8 with its mark."""
    return [(name, frame.to_csv(sep=";", index=False, lineterminator="\n", **how).encode("utf-8-sig"))]


def rows(*figures: str) -> Callable[[pd.DataFrame], str]:
    """How many rows a frame has, and how many of these figures are missing in it."""
    return lambda frame: f"{many(len(frame), 'rad', 'rader')}, {int(frame[list(figures)].isna().sum().sum())} manglende tall"


def kinds() -> dict[str, FileKind]:
    """Every kind there is, by name."""
    found: dict[str, FileKind] = {}
    for package in (nlib.data.readers, nlib.data.sources):
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            kind = getattr(importlib.import_module(module.name), "FILE", None)
            if kind is not None:
                if kind.name in found:
                    raise TypeError(f"two modules declare the kind of file «{kind.name}»")
                found[kind.name] = kind
    return dict(sorted(found.items()))


def recognise(file: File) -> FileKind:
    """The kind that a file is; `BadAnswer` where it is none, or may be several."""
    known = kinds()
    hits, unread = [], None
    for kind in known.values():
        try:
            hits += [kind] if kind.recognised(file) else []
        except BadAnswer as error:  # it has no sheets: then it is a kind that is known without, or it cannot be read
            unread = error
    if unread and not hits:
        raise unread
    beaten = {name for kind in hits for name in kind.before}
    hits = [kind for kind in hits if kind.name not in beaten]
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise BadAnswer(f"Filen kan være {' eller '.join(kind.name for kind in hits)}: si hva den er med --as")
    for kind in known.values():
        kind.resembles(file)
    for sheet in file.sheets:
        sheet.trusted(formulas=False, rows=range(named_columns.NEAR_THE_TOP))  # headings with ruined letters are no headings
    lacks = {name: named_columns.lacking(name, file.sheets) for name in named_columns.kinds()}
    closest = max(lacks, key=lambda name: lacks[name][0] - len(lacks[name][1]))
    has, missing = lacks[closest]
    like = f"Den ligner mest på {closest}, men mangler {'; '.join(missing)}. " if has >= max(2, len(missing)) else ""
    hidden = [f"{line[0].upper()}{line[1:]}. " for sheet in file.sheets for line in sheet.notes if line.startswith(workbook.HIDDEN)]
    raise BadAnswer(
        "Kjenner ikke igjen filen som tabell fra Statistikkbanken, Telemarksforsking, regnskap, utslipp, bro eller kommunegrenser. "
        f"{''.join(hidden)}{like}Si hva den er med --as ({', '.join(known)}), så sies det hva den mangler"
    )
