"""The grammar of figures: what all forms have in common.

A form (`Lines`, `Fan`, `Bars`, `Strip`, `Scatter`, `Map`) is a specification: rows, which columns are shown, what each is called
and which role it plays. It draws itself wide and narrow, and gives the table, its decimals and the alt text from the same rows.
`Panels` puts several beside each other, under each other on a phone. Nothing here reads, analyses or knows an indicator.
"""

from __future__ import annotations

import functools
import itertools
import re
import textwrap
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart
from nlib.charts.html import NO, YES
from nlib.charts.legible import advance
from nlib.charts.style import FOOT, GRID, GROUP, INK, LETTER, NARROW, NATION, OTHER, OWN, SOFT, TYPE, WIDE
from nlib.core.language import MISSING, NBSP, number, with_unit
from nlib.core.translations import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Role:
    """How what plays a part in a figure looks, so that no two are distinguished by colour alone: the same in every figure."""

    colour: str
    marker: str = "o"
    sign: str = "●"  # the marker as a letter
    line: Any = "-"
    wide: float = 1.4
    hatch: str = ""
    strong: bool = False

    def mark(self, axis, x, y, **more) -> None:
        """Draw its marker: one with a light edge, and a stroke over a light one, so that it is seen over a bar too."""
        look = {"ls": "", "marker": self.marker, "zorder": 4}
        if self.marker == "|":
            axis.plot(x, y, color="white", ms=12, mew=4, **look, **more)
            axis.plot(x, y, color=self.colour, ms=11, mew=2.2, **look, **more)
        else:
            axis.plot(x, y, color=self.colour, ms=7 if self.strong else 6, mec="white", mew=0.5, **look, **more)


ROLES = {
    "own": Role(OWN, "D", "◆", wide=2.0, strong=True),
    "chosen": Role(GROUP, "o", "○", "--", 0.9),
    "group": Role(GROUP, "^", "▲", "--"),
    "one": Role(GROUP, "o", "– –", "--"),  # of two that have no middle
    "two": Role(GROUP, "o", "···", ":"),
    "nation": Role(NATION, "|", "┃", "-", 1.3, "\\\\\\\\"),
    "county": Role(SOFT, "v", "▼", ":", 1.2, "xxxx"),
    "others": Role(OTHER, "o", "●", ":", 1.0, "xxxx"),
    "second": Role(GROUP, "s", "■", "--", 1.6),  # a part beside the first, of the same place
    "third": Role(NATION, "^", "▲", "-.", 1.4, "\\\\\\\\"),
    "against": Role(OWN, "o", "○", ":", 1.2, "////"),  # the first part, the other way
    "total": Role(INK, "d", "◆", "-", 1.6),
    "before": Role(OTHER, "o", "●", ":", 1.2),
}
HATCHED = {"": "■", "////": "▨", "\\\\\\\\": "▧", "xxxx": "▩"}  # a bar as a letter
YEAR, COMPARABLE, LOW, HIGH = _("År"), _("Sammenlignbar"), _("Lav"), _("Høy")  # headings
Names = dict[str, tuple[str, str]]  # a column: what it is called, and its role


@dataclass(frozen=True)
class Box:
    """A part of a figure, in inches from its lower left corner."""

    figure: Figure
    left: float
    low: float
    width: float
    height: float
    narrow: bool
    part: int = 0  # which panel it is

    @property
    def size(self) -> float:
        """Points of the type that is read in it."""
        return TYPE[self.narrow]

    def letters(self, texts: Iterable[str]) -> float:
        """How wide the longest line of some texts is, in inches."""
        lines = [line for text in texts for line in text.split("\n")]
        return max((sum(map(advance, line)) for line in lines), default=0.0) * self.size / 72

    def names(self, names: Sequence[str], strong: Iterable[bool]) -> float:
        """How wide the names of rows are, in inches; one that is `strong` stands in bold."""
        return max((self.letters([name]) * (1.14 if bold else 1) for name, bold in zip(names, strong, strict=False)), default=0.0)

    def axes(self, left: float, right: float, top: float, bottom: float = 0.3) -> Axes:
        width, height = self.figure.get_size_inches()
        across, up = max(0.4, self.width - left - right), max(0.2, self.height - top - bottom)
        axis = self.figure.add_axes(((self.left + left) / width, (self.low + bottom) / height, across / width, up / height))
        axis.set(xticks=[], yticks=[])  # what stands at an axis is written: of the five things in a tick one would be seen
        return axis

    def hook(self, name: str, *scale: float) -> str:
        """The gid of a part that a page's script may move, by the name it is found by; scale: what the script is to know of it."""
        return " ".join([f"{self.part}{name}", *(f"{number_:.10g}" for number_ in scale)])

    def inches(self, axis: Axes) -> tuple[float, float]:
        """How wide and tall the axes are."""
        place, (width, height) = axis.get_position(), self.figure.get_size_inches()
        return place.width * width, place.height * height

    def scale(self, axis: Axes) -> tuple[float, float, float, float]:
        """Where values lie in the drawing, in points: that of zero and the step of one, for x and for y."""
        place, (across, up) = axis.get_position(), 72 * self.figure.get_size_inches()
        (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
        step, down = place.width * across / (right - left), place.height * up / (low - high)
        return place.x0 * across - left * step, step, (1 - place.y1) * up - high * down, down

    def write(self, x: float, y: float, text: str, **look) -> None:
        """A text whose upper left corner lies so far from the box's, in inches."""
        width, height = self.figure.get_size_inches()
        shown: dict = {"size": self.size, "va": "top", "linespacing": 1.15} | look
        self.figure.text((self.left + x) / width, (self.low + self.height - y) / height, text, **shown)


@dataclass(frozen=True, kw_only=True)
class Form(ABC):
    """What every form has: a heading over it, a second line under that, and the unit and decimals of what it shows."""

    heading: str = ""
    more: str = ""
    unit: str = ""
    decimals: int = 0
    of_all: bool = False  # of all municipalities together, whoever's page it is on
    sign: bool = False
    also: Mapping[str, str] = field(default_factory=dict)  # further columns of the table: what they are called
    precise: Mapping[str, int] = field(default_factory=dict)  # decimals of further columns, where they are not whole

    # what a form tells of itself

    @property
    @abstractmethod
    def kind(self) -> str:
        """What it is, as the alt text begins."""

    @abstractmethod
    def tall(self, narrow: bool, width: float) -> float:
        """Its height in inches where it is so wide."""

    @abstractmethod
    def within(self, box: Box) -> None:
        """Draw it in a part of a figure."""

    @abstractmethod
    def table(self) -> pd.DataFrame:
        """Its numbers under their headings."""

    @abstractmethod
    def seen(self) -> str:
        """What is seen, with numbers, for who does not see it."""

    @abstractmethod
    def places(self) -> dict[str, int]:
        """Decimals by heading of the table."""

    # what follows from it

    @property
    def hollow(self) -> bool:
        """Whether some of its marks are of years that cannot be compared."""
        return False

    def follows(self) -> dict:
        """What a page's script is to know, to show those that a reader chooses; nothing where the form does not follow them."""
        return {}

    def chart(self, title: str, reading: str, uncertainty: str, source: str, whom: str = "") -> Chart:
        """The figure: the form with its finding, how it is read, what is uncertain, and where its numbers are from.

        whom: those it is compared with, as `reading` names them.
        """
        return Chart(
            id="",
            title=title,
            reading=reading,
            alt=f"{self.kind}. {self.seen()}",
            uncertainty=uncertainty,
            source=source,
            table=self.table(),
            draw=self.draw,
            height=(self.tall(False, WIDE) + FOOT, self.tall(True, NARROW) + FOOT),
            decimals=self.places(),
            follows=self.follows(),
            whom=whom,
            formed=True,
            of_all=self.of_all,
        )

    def draw(self, figure: Figure, narrow: bool) -> None:
        width, height = figure.get_size_inches()
        foot = getattr(figure, "foot", FOOT)
        self.within(Box(figure, 0, foot, width, height - foot, narrow))

    def written(self, value) -> str:
        """A value as it stands in the figure."""
        text = number(value, self.decimals, self.sign)
        return text if text == MISSING else with_unit(text, self.unit if len(self.unit) <= 2 else "")

    def spoken(self, value) -> str:
        """A value as the alt text has it: who hears it gets no two dots."""
        return self.written(value) if pd.notna(value) else NOT_SHOWN

    def head(self, box: Box, names: Iterable[tuple[str, str]] = (), looks: Mapping[str, dict] | None = None) -> float:
        """Write the heading and what each mark means; how far down they reach, in inches.

        names: sign and text, and colour; looks: more of how one is written.
        """
        step, down = box.size * 1.32 / 72, 0.06
        room = int((box.width - 0.1) / (LETTER * box.size / 72))
        under = ", ".join(filter(None, (self.more, _("hule merker: ikke sammenlignbare år") if self.hollow else "")))
        for text, look in ((self.heading, {"weight": "bold", "color": INK}), (under, {"color": SOFT})):
            whole = BEFORE_NUMBER.sub(NBSP, text)  # a number is not broken from its word
            if lines := textwrap.wrap(whole, room if look["color"] == SOFT else int(room * 0.92)):
                box.write(0.06, down, "\n".join(lines), linespacing=1.32, **look)  # one text, that is known whole
                down += step * len(lines)
        across = 0.06
        for text, colour in names:
            long = box.letters([text]) * 1.1 + 0.16
            if across > 0.06 and across + long > box.width:
                across, down = 0.06, down + step
            box.write(across, down, text, color=colour, weight="bold", **(looks or {}).get(text, {}))
            across += long
        return down + (step if across > 0.06 else 0) + 0.08

    def further(self) -> dict[str, int]:
        """Decimals of the further columns of the table, by heading."""
        return {self.also[column]: decimals for column, decimals in self.precise.items()}

    def headed(self, name: str) -> str:
        """What a column of the table is called, with its unit."""
        unit = {"%": "prosent"}.get(self.unit, self.unit)
        return capital(f"{name}, {_(unit)}" if unit and unit not in name else name)


@dataclass(frozen=True, kw_only=True)
class Rowed(Form):
    """What forms of named rows have: a bar or a strip each, an interval, a text after each, one row in bold.

    rows: by the name of each; the name of the index is the table's first heading. interval: the columns of its ends. texts: what
    stands after each row instead of its number; own: the row in bold; thick: inches a row, where it is not as its name needs.
    """

    rows: pd.DataFrame
    interval: Sequence[str] = ()
    texts: str = ""
    own: str = ""
    thick: float = 0.0

    @property
    @abstractmethod
    def shown(self) -> Names:
        """The columns that the table and the alt text have, the first of them the one that is written."""

    @property
    def whole(self) -> pd.DataFrame:
        """The rows with all columns that the table has."""
        return self.rows

    @property
    def key(self) -> str:
        """The heading of the rows' names."""
        return self.rows.index.name or ""

    def step(self, narrow: bool, width: float) -> float:
        """Inches from a row to the next."""
        lines = max((name.count("\n") + 1 for name in broken(self.rows.index, narrow, width)), default=1)
        return self.thick or (0.1 + 0.115 * lines)

    def after(self) -> list[str]:
        """What stands after each row."""
        column = self.texts or next(iter(self.shown))
        return [str(value) if self.texts else self.written(value) for value in self.rows[column]]

    def table(self) -> pd.DataFrame:
        rows = self.whole
        table = pd.DataFrame({self.key: [str(name) for name in rows.index]})
        ends = dict(zip(self.interval, (LOW, HIGH), strict=False))
        for column, name in ({column: name for column, (name, __) in self.shown.items()} | ends).items():
            table[self.headed(name)] = rows[column].to_numpy()
        return table.assign(**{name: rows[column].to_numpy() for column, name in self.also.items()})

    def places(self) -> dict[str, int]:
        drawn = [name for name, __ in self.shown.values()] + ([LOW, HIGH] if self.interval else [])
        return {self.headed(name): self.decimals for name in drawn} | self.further()


@dataclass(frozen=True, kw_only=True)
class Panels(Form):
    """Several forms in one figure, beside each other (`across` in a row), under each other on a phone. widths: their shares."""

    forms: Sequence[Form] = ()
    across: int = 2
    widths: Sequence[float] = ()

    @property
    def kind(self) -> str:
        return self.forms[0].kind

    def _rows(self, narrow: bool, width: float) -> list[list[tuple[Form, float]]]:
        """The panels by row, each with its width."""
        in_a_row = 1 if narrow else self.across
        rows = [self.forms[at : at + in_a_row] for at in range(0, len(self.forms), in_a_row)]
        shares = [self.widths if len(self.widths) == len(row) > 1 else [1.0] * len(row) for row in rows]
        return [
            [(form, width * wide / sum(shared)) for form, wide in zip(row, shared, strict=True)]
            for row, shared in zip(rows, shares, strict=True)
        ]

    def tall(self, narrow: bool, width: float) -> float:
        return sum(max(form.tall(narrow, wide) for form, wide in row) for row in self._rows(narrow, width))

    def within(self, box: Box) -> None:
        top, part = box.low + box.height, 0
        for row in self._rows(box.narrow, box.width):
            left, heights = box.left, [form.tall(box.narrow, wide) for form, wide in row]
            for (form, wide), tall in zip(row, heights, strict=True):
                form.within(Box(box.figure, left, top - tall, wide, tall, box.narrow, part))
                left, part = left + wide, part + 1
            top -= max(heights)

    def table(self) -> pd.DataFrame:
        """Beside each other where the rows are the same, else under each other with the panel's heading before."""
        tables = self._tables
        if not self._same:
            named = [table.assign(**{HEADING: form.heading}) for form, table in zip(self.forms, tables, strict=True)]
            return pd.concat(named, ignore_index=True)[[HEADING, *dict.fromkeys(name for table in tables for name in table)]]
        shared = set(tables[0]) - {name for form in self.forms for name in form.places()}
        parts = [table.drop(columns=[] if place == 0 else shared & set(table)) for place, table in enumerate(tables)]
        return pd.concat([part.rename(columns=names) for part, names in zip(parts, self._apart(), strict=True)], axis=1)

    @functools.cached_property
    def _tables(self) -> list[pd.DataFrame]:
        """Those of the panels; where a page's script may change their columns, all of the same rows."""
        tables = [form.table() for form in self.forms]
        if not all(self._followed):
            return tables
        key = tables[0].columns[0]
        every = pd.Index(sorted(set().union(*(table[key] for table in tables))), name=key)
        return [table.set_index(key).reindex(every).reset_index() for table in tables]

    @property
    def _followed(self) -> list[bool]:
        """Which panels a page's script may change."""
        return [getattr(form, "others", None) is not None for form in self.forms]

    def _apart(self) -> list[dict[str, str]]:
        """What columns that several panels have are called in each of them, beside each other."""
        counted = Counter(name for form in self.forms for name in form.places())
        return [
            {name: f"{form.heading}: {name}" for name in form.places() if counted[name] > 1 or alike}
            for form, alike in zip(self.forms, self._followed, strict=True)
        ]

    def follows(self) -> dict:
        parts = [form.follows() for form in self.forms]
        if not any(parts):
            return {}
        for part, names, form in zip(parts, self._apart(), self.forms, strict=True):
            part |= {"after": names.get(part["after"], part["after"]), "head": f"{form.heading}: {part['head']}"}
        return {"parts": parts}

    @property
    def _same(self) -> bool:
        """Whether the panels have the same rows."""
        tables = self._tables
        key = tables[0].columns[0]
        return all(table.columns[0] == key and table[key].equals(tables[0][key]) for table in tables)

    def seen(self) -> str:
        return " ".join(f"{form.heading}: {form.seen()}" if form.heading else form.seen() for form in self.forms)

    def places(self) -> dict[str, int]:
        if not self._same:
            return {name: decimals for form in self.forms for name, decimals in form.places().items()}
        each = zip(self.forms, self._apart(), strict=True)
        return {names.get(name, name): decimals for form, names in each for name, decimals in form.places().items()}


HEADING = _("Hva")
BEFORE_NUMBER = re.compile(r" (?=[+−]?\d+[.,]\d)")
SPOKEN = 14  # rows that the alt text has
NOT_SHOWN = _("vises ikke")


def labelled(
    axis: Axes, way: str, at: Iterable[float], names: Iterable[str], size: float, pad=3.5, looks: Iterable[dict] = (), **look
) -> None:
    """Write names under an axis («x») or before it («y»), each where it belongs; looks: more of how each one is written."""
    under: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "va": "top", "ha": "center"}
    before: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "va": "center", "ha": "right"}
    given = {"textcoords": "offset points", "annotation_clip": False, "size": size, "color": SOFT} | look
    for place, name, own in zip(at, names, [*looks] or itertools.repeat({}), strict=False):
        where, moved = ((place, 0), (0, -pad)) if way == "x" else ((0, place), (-pad, 0))
        axis.annotate(name, where, moved, **(under if way == "x" else before) | given | own)


def levels(
    axis: Axes, way: str, size: float, decimals: int, sign: bool = False, most: int = 5, bare: bool = False, lines: bool = False
) -> list[str]:
    """Write the levels at an axis: few, round, with no more decimals than they need; `bare` without their minus, `lines` with a
    line across at each. Gives them as written."""
    from matplotlib.ticker import MaxNLocator

    low, high = sorted(axis.get_xlim() if way == "x" else axis.get_ylim())
    found = MaxNLocator(most, integer=not decimals, steps=[1, 2, 5, 10]).tick_values(low, high)
    at = [level for level in (round(float(level), 9) for level in found) if low <= level <= high]
    shown = next((few for few in range(decimals) if all(level == round(level, few) for level in at)), decimals)
    names = [number(abs(level) if bare else level, shown, sign) for level in at]
    labelled(axis, way, at, names, size)
    if lines:
        for level in at:
            (axis.axvline if way == "x" else axis.axhline)(level, color=GRID, lw=0.8, zorder=0.5)
    return names


def broken(names: Iterable, narrow: bool, width: float) -> list[str]:
    """Names before the rows of a form that is so wide, broken where they are long: they take less than half of it."""
    most = int(0.42 * width / (LETTER * TYPE[narrow] / 72))
    return [textwrap.fill(str(name), max(10, most), break_long_words=False) for name in names]


def capital(text: str) -> str:
    """The text with a capital first letter, and the others as they are."""
    return text[:1].upper() + text[1:]


def known(values) -> np.ndarray:
    """Numbers as matplotlib takes them, a missing one as NaN."""
    return pd.Series(values).to_numpy(float, na_value=np.nan)


def comparable(rows: pd.DataFrame) -> np.ndarray:
    """Which rows can be compared: all, where nothing is told of it."""
    return rows["comparable"].eq(True).to_numpy() if "comparable" in rows else np.ones(len(rows), dtype=bool)


def with_comparable(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """A table with which of its rows can be compared, where that is told."""
    return table.assign(**{COMPARABLE: np.where(comparable(rows), YES, NO)}) if "comparable" in rows else table


def spread(levels: Sequence[float], gaps: Sequence[float], roof: float) -> list[float]:
    """Ascending levels moved so that each is at least half its own and half the next one's gap from it, all at or under `roof`."""
    moved = list(levels)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + (gaps[i - 1] + gaps[i]) / 2)
    for i in reversed(range(len(moved))):
        moved[i] = min(moved[i], roof)
        roof = moved[i] - (gaps[i] + gaps[i - 1]) / 2 if i else roof
    return moved
