"""A scatter of all municipalities: one's own, those it is compared with by name, and the others as dots."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.form import Box, Form, capital, known, levels
from nlib.charts.legible import long
from nlib.charts.others import Everyone
from nlib.charts.style import GROUP, INK, LETTER, OTHER, OWN, SOFT
from nlib.core.language import number
from nlib.core.translations import _

MEDIAN = "median"
WINDS = [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)]  # where a name may stand from its point: right, ...
AWAY = (6, 14, 24, 36)  # points between them; those that are more than the first are led to
GROUND = {"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 0.8}


@dataclass(frozen=True, kw_only=True)
class Scatter(Form):
    """A point a municipality.

    rows: by number, with `name`; x, y: the columns and what their axes are called; own: the number of the one that is meant;
    chosen: the numbers that are named beside it. intervals: the columns (low, high) of x and of y, drawn for these.
    everyone: whose rows they are, where the table has those that are named alone, and a page's script may show others.
    zero: whether both axes cross at zero; middle: whether the medians are drawn; order: the column that the table falls by.
    """

    rows: pd.DataFrame
    x: tuple[str, str]
    y: tuple[str, str]
    own: str
    chosen: Sequence[str] = ()
    intervals: Sequence[tuple[str, str]] = ()
    zero: bool = False
    middle: bool = False
    order: str = ""
    key: str = _("Kommune")
    everyone: Everyone | None = None
    height: float = 3.7
    low: float = 3.0  # inches where it is narrow: with its title it has room in what is left of a sheet's column

    @property
    def kind(self) -> str:
        return _("Spredningsfigur")

    @property
    def _named(self) -> list[str]:
        return [number for number in dict.fromkeys([self.own, *self.chosen]) if number in self.rows.index]

    def tall(self, narrow: bool, width: float) -> float:
        return self.low if narrow else self.height

    def within(self, box: Box) -> None:
        top = self.head(box)
        (x, across), (y, up) = self.x, self.y
        ticks = [self._tick(value) for value in (self.rows[y].min(), self.rows[y].max())]
        beside, over = (box.letters([MEDIAN]) + 0.1, 0.14) if self.middle else (0.1, 0.0)
        axis = box.axes(box.letters(ticks) + 0.36, beside, top + over, 0.46)
        own, chosen = [nr for nr in self._named if nr == self.own], [nr for nr in self._named if nr != self.own]
        others = self.rows.loc[self.rows.index.difference(self._named)]
        axis.plot(known(others[x]), known(others[y]), ls="", marker=".", ms=5.6, mew=0, color=OTHER, alpha=0.45, zorder=1)
        self._lines(axis, x, y, box)
        moved: dict = {}
        if self.intervals:
            for some, colour, wide in ((chosen, GROUP, 0.7), (own, OWN, 1.8)):
                rows = self.rows.loc[some or own]  # what is not seen may come to be
                look: dict = {"color": colour, "lw": wide, "zorder": 2, "alpha": None if some else 0}
                (left, right), (low, high) = ((known(rows[one]), known(rows[two])) for one, two in self.intervals)
                lines = axis.hlines(known(rows[y]), left, right, **look), axis.vlines(known(rows[x]), low, high, **look)
                moved |= {} if some is own else dict(zip(("vannrett", "loddrett"), lines, strict=True))
        group, mine = self.rows.loc[chosen or own], self.rows.loc[own]
        look = {"ls": "", "zorder": 3, "mew": 0, "alpha": None if chosen else 0}
        moved["merker"] = axis.plot(known(group[x]), known(group[y]), marker="^", ms=5.8, color=GROUP, **look)[0]
        axis.plot(known(mine[x]), known(mine[y]), ls="", marker="D", ms=9.7, color=OWN, mec="white", mew=1.0, zorder=4)
        self._frame(axis, across, up, box)
        if self._named:
            self._names(axis, x, y, box)
        if self.everyone:
            for name, part in moved.items():
                part.set_gid(box.hook(name, *box.scale(axis), *axis.get_xlim(), *axis.get_ylim()))

    def _names(self, axis, x, y, box) -> None:
        """Write the names beside their points, as a page's script does for others; without those that have no room."""
        rows, (ax, bx, ay, by) = self.rows.loc[self._named], box.scale(axis)
        points = np.column_stack([ax + bx * known(rows[x]), ay + by * known(rows[y])])
        spans = np.zeros((0, 4))
        if self.intervals:
            left, right, low, high = (known(rows[end]) for ends in self.intervals for end in ends)
            (px, py), thin = points.T, np.ones(len(rows))
            level = np.column_stack([ax + bx * left, py - thin, ax + bx * right, py + thin])
            spans = np.vstack([level, np.column_stack([px - thin, ay + by * high, px + thin, ay + by * low])])
        names, bold = [str(name) for name in rows["name"]], [nr == self.own for nr in rows.index]
        hooks = [box.hook("navn-eget" if own else "navn") if self.everyone else "" for own in bold]
        led = beside(axis, box, points, names, bold, spans, hooks=hooks)
        if self.everyone and not led:
            led = axis.plot([0, 0], [0, 0], color=SOFT, lw=0.6, alpha=0)
        for line in led if self.everyone else ():
            line.set_gid(box.hook("snor"))

    def follows(self) -> dict:
        if not self.everyone:
            return {}
        columns = list(self.everyone.columns)
        return self.everyone.follows() | {
            "kind": "scatter",
            "ends": [[columns.index(end) for end in ends] for ends in self.intervals],
        }

    def _lines(self, axis, x, y, box):
        if self.zero:
            axis.axhline(0, color=SOFT, lw=0.8)
            axis.axvline(0, color=SOFT, lw=0.8)
        if self.middle:
            look = {"color": SOFT, "lw": 0.8, "ls": (0, (4, 3)), "zorder": 0}
            axis.axvline(self.rows[x].median(), **look)
            axis.axhline(self.rows[y].median(), **look)
            beside = {"textcoords": "offset points", "size": box.size, "color": SOFT, "annotation_clip": False}
            over = {"xycoords": ("data", "axes fraction"), "ha": "center", "va": "bottom"}
            axis.annotate(MEDIAN, (self.rows[x].median(), 1), (0, 2), **over, **beside)
            after = {"xycoords": ("axes fraction", "data"), "ha": "left", "va": "center"}
            axis.annotate(MEDIAN, (1, self.rows[y].median()), (3, 0), **after, **beside)

    def _tick(self, value) -> str:
        return number(value, self.decimals, self.sign)

    def _frame(self, axis, across, up, box):
        drawn = self.rows.loc[self._named]
        for way, (column, ends) in zip(
            "xy", itertools.zip_longest((self.x[0], self.y[0]), self.intervals, fillvalue=()), strict=True
        ):
            values = np.concatenate([known(self.rows[column]), *[known(drawn[end]) for end in ends], [0.0] * self.zero])
            low, high = (np.nanmin(values), np.nanmax(values)) if np.isfinite(values).any() else (0.0, 1.0)
            pad = 0.05 * (high - low or 1.0)
            axis.set(**{f"{way}lim": (low - pad, high + pad)})
        low, left = (levels(axis, way, box.size, self.decimals, self.sign) for way in ("x", "y"))
        look = {
            "textcoords": "offset points",
            "xycoords": "axes fraction",
            "size": box.size,
            "color": SOFT,
            "annotation_clip": False,
        }
        words = textwrap.wrap(across, int(0.95 * box.inches(axis)[0] / (LETTER * box.size / 72)))
        axis.annotate("\n".join(words), (0.5, 0), (0, -7.5 - 1.2 * box.size * bool(low)), ha="center", va="top", **look)
        axis.annotate(up, (0, 0.5), (-7.5 - 72 * box.letters(left), 0), ha="right", va="center", rotation=90, **look)

    def table(self) -> pd.DataFrame:
        whole = self.rows.sort_values(self.order or self.y[0], ascending=False, kind="stable")
        rows = self.everyone.shown if self.everyone else whole
        table = pd.DataFrame({self.key: rows["name"].astype(str).to_numpy()})
        for column, name in (self.y, self.x):
            table[capital(name)] = rows[column].to_numpy()
        for column, name in self.also.items():
            table[name] = rows[column].to_numpy()
        return table

    def places(self) -> dict[str, int]:
        drawn = dict.fromkeys((capital(self.y[1]), capital(self.x[1])), self.decimals)
        return drawn | self.further()

    def seen(self) -> str:
        (x, across), (y, up) = self.x, self.y
        named = [
            f"{row['name']}: {across.lower()} {self._tick(row[x])}, {up.lower()} {self._tick(row[y])}"
            for __, row in self.rows.loc[[self.own] if self.everyone else self._named].iterrows()  # those of the others may change
        ]
        return _("{rows} kommuner. {named}.", rows=number(len(self.rows)), named="; ".join(named))


def beside(
    axis,
    box: Box,
    points: np.ndarray,
    names: Sequence[str],
    bold: Sequence[bool],
    spans: np.ndarray,
    winds: Sequence[Sequence[tuple[int, int]]] = (),
    away: Sequence[float] = AWAY,
    hooks: Sequence[str] = (),
) -> list:
    """Write names beside their points (in points of the drawing, downwards), the bold ones first: where they lie over no point or
    name, and over no span (left, top, right, bottom) if that can be. One that has no room is left out: the table has them all.

    winds: by name, the order in which the places around its point are tried. Gives the lines from points to names that are far.
    """
    size, (ax, bx, ay, by) = box.size, box.scale(axis)
    (left, right), (low, high) = (
        sorted(ends) for ends in (ax + bx * np.array(axis.get_xlim()), ay + by * np.array(axis.get_ylim()))
    )
    taken, led = [(x - 4, y - 4, x + 4, y + 4) for x, y in points], []
    for at in sorted(range(len(names)), key=lambda at: not bold[at]):
        (x, y), wide = points[at], long(names[at], bold[at]) * size
        free = []
        for far, (dx, dy) in itertools.product(away, winds[at] if winds else WINDS):
            start, level = x + dx * far * (0.7 if dy else 1) - wide * (1 - dx) / 2, y + dy * (far * 0.7 + size / 2)
            room = (start, level - size * 0.6, start + wide, level + size * 0.6)
            inside = room[0] > left and room[2] < right and room[1] > low and room[3] < high
            if inside and not any(_over(room, other) for other in taken):
                free.append((room, far))
        if not free:
            continue
        room, far = next((found for found in free if not any(_over(found[0], span) for span in spans)), free[0])
        taken.append(room)
        if far > AWAY[0]:
            nearest = np.clip(x, room[0], room[2]), np.clip(y, room[1], room[3])
            ends = np.array([(x, y), nearest])
            led += axis.plot((ends[:, 0] - ax) / bx, (ends[:, 1] - ay) / by, color=SOFT, lw=0.6)
        look = {
            "weight": "bold" if bold[at] else "normal",
            "gid": hooks[at] if hooks else "",
            "annotation_clip": False,
            "bbox": GROUND,
        }
        middle = (room[0] - ax) / bx, ((room[1] + room[3]) / 2 - ay) / by
        axis.annotate(names[at], middle, color=INK, size=size, va="center", zorder=6, **look)
    return led


def _over(one, other) -> bool:
    """Whether two rectangles lie over each other."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
