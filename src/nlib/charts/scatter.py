"""A scatter of all municipalities: one's own, those it is compared with by name, and the others as dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import textalloc

from nlib.charts.form import Box, Form, capital, known, levels
from nlib.charts.others import Everyone
from nlib.charts.style import GROUP, INK, OTHER, OWN, SOFT
from nlib.core.language import number
from nlib.core.translations import _

for _module in (textalloc, textalloc.non_overlapping_boxes):
    setattr(_module, "tqdm", lambda steps, disable: steps)  # noqa: B010  its progress bar is never shown, and starts a thread
MEDIAN = "median"
WINDS = np.array(["east", "northeast", "north", "northwest", "west", "southwest", "south", "southeast"])


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

    @property
    def measured(self) -> bool:
        return True  # names are laid where there is room

    @property
    def kind(self) -> str:
        return _("Spredningsfigur")

    @property
    def _named(self) -> list[str]:
        return [number for number in dict.fromkeys([self.own, *self.chosen]) if number in self.rows.index]

    def tall(self, narrow: bool, width: float) -> float:
        return self.height

    def within(self, box: Box) -> None:
        top = self.head(box)
        (x, across), (y, up) = self.x, self.y
        ticks = [self._tick(value) for value in (self.rows[y].min(), self.rows[y].max())]
        beside, over = (box.letters([MEDIAN]) + 0.1, 0.14) if self.middle else (0.1, 0.0)
        axis = box.axes(box.letters(ticks) + 0.36, beside, top + over, 0.46)
        own, chosen = [nr for nr in self._named if nr == self.own], [nr for nr in self._named if nr != self.own]
        others = self.rows.index.difference(self._named)
        axis.scatter(self.rows.loc[others, x], self.rows.loc[others, y], s=8, color=OTHER, alpha=0.45, lw=0, rasterized=True)
        self._lines(axis, x, y, box)
        moved: dict = {}

        def unseen(some) -> dict:
            return {} if some else {"alpha": 0}

        if self.intervals:
            for some, colour, wide in ((chosen, GROUP, 0.7), (own, OWN, 1.8)):
                rows = self.rows.loc[some or own]  # what is not seen may come to be
                (left, right), (low, high) = ((known(rows[one]), known(rows[two])) for one, two in self.intervals)
                lines = axis.hlines(known(rows[y]), left, right, color=colour, lw=wide, zorder=2, **unseen(some))
                moved |= {} if some is own else {"vannrett": lines}
                lines = axis.vlines(known(rows[x]), low, high, color=colour, lw=wide, zorder=2, **unseen(some))
                moved |= {} if some is own else {"loddrett": lines}
        group = self.rows.loc[chosen or own]
        moved["merker"] = axis.scatter(group[x], group[y], s=34, color=GROUP, marker="^", lw=0, zorder=3, **unseen(chosen))
        axis.scatter(self.rows.loc[own, x], self.rows.loc[own, y], s=95, color=OWN, marker="D", edgecolor="white", zorder=4)
        self._frame(axis, across, up, box)
        texts: list = []
        led: list = []
        if self._named:
            places = self.rows.loc[self._named, [x, y]].to_numpy(float)
            texts, led = names_beside(axis, places, [str(self.rows.at[nr, "name"]) for nr in self._named], box.size)
        if self.everyone:
            self._hook(axis, moved, texts, led, box)

    def _hook(self, axis, moved, texts, led, box):
        """Let a page's script find what it may move."""
        for name, part in moved.items():
            part.set_gid(box.hook(name, *box.scale(axis), *axis.get_xlim(), *axis.get_ylim()))
        for number_, text in zip(self._named, texts, strict=True):
            if text is not None:
                text.set_gid(box.hook("navn-eget" if number_ == self.own else "navn", box.letters([text.get_text()]) * 72))
        for line in led:
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
        axis.margins(0.05)
        low, left = (levels(axis, way, box.size, self.decimals, self.sign) for way in ("x", "y"))
        axis.set_xlabel(across, size=box.size, wrap=True, labelpad=7.5 + 1.2 * box.size * bool(low))
        axis.set_ylabel(up, size=box.size, labelpad=7.5 + 72 * box.letters(left))

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


def names_beside(axis, places: np.ndarray, texts: list[str], size: float, home: np.ndarray | None = None) -> tuple[list, list]:
    """Names beside their points without overlap, the first in bold; the same input always gives the same places.

    Where lines run from `home`, the first point, to the others, names keep off them and stand beyond the ends. One that
    has no room near its point is left out: the figure's table has them all. What is drawn: the names, None where one is left out,
    and the lines from them to their points.
    """
    x, y = places.T
    lines: dict = {}
    if home is not None:
        away = places - home
        away[0] = -away.sum(axis=0)
        turn = np.round(np.arctan2(away[:, 1], away[:, 0]) / (np.pi / 4)).astype(int) % len(WINDS)
        starts = home + 0.3 * away  # the first name stands close to where the lines meet, over them
        lines = {
            "x_lines": [np.array(line) for line in zip(starts[1:, 0], x[1:], strict=True)],
            "y_lines": [np.array(line) for line in zip(starts[1:, 1], y[1:], strict=True)],
            "direction": list(WINDS[turn]),
        }
    written, led = textalloc.allocate(
        axis,
        x,
        y,
        texts,
        x_scatter=x,
        y_scatter=y,
        textsize=size,
        fontweight=["bold"] + ["normal"] * (len(texts) - 1),
        textcolor=INK,
        linecolor=SOFT,
        linewidth=0.6,
        max_distance=0.2 if home is None else 0.08,
        draw_all=False,
        bbox={"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 0.8},  # an outline would write each letter twice
        zorder=6,
        **lines,
    )[2:]
    return written, [line for line in led if line is not None]
