"""A scatter of all municipalities: one's own, those it is compared with by name, and the others as dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import textalloc

from nlib.charts.form import ROLES, Box, Form, capital, levels
from nlib.charts.style import INK, OTHER, OWN, SOFT
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
    height: float = 3.7

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
        if self.intervals:
            for number_, colour, wide in [*((nr, ROLES["group"].colour, 0.7) for nr in chosen), *((nr, OWN, 1.8) for nr in own)]:
                row = self.rows.loc[number_]
                (left, right), (low, high) = self.intervals
                axis.plot([row[left], row[right]], [row[y]] * 2, color=colour, lw=wide)
                axis.plot([row[x]] * 2, [row[low], row[high]], color=colour, lw=wide)
        group = self.rows.loc[chosen]
        axis.scatter(group[x], group[y], s=34, color=ROLES["group"].colour, marker="^", lw=0, zorder=3)
        axis.scatter(self.rows.loc[own, x], self.rows.loc[own, y], s=95, color=OWN, marker="D", edgecolor="white", zorder=4)
        self._frame(axis, across, up, box)
        if self._named:
            places = self.rows.loc[self._named, [x, y]].to_numpy(float)
            names_beside(axis, places, [str(self.rows.at[nr, "name"]) for nr in self._named], box.size)

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
        axis.set_xlabel(across, size=box.size, wrap=True)
        axis.set_ylabel(up, size=box.size)
        axis.tick_params(labelsize=box.size)
        for which in (axis.xaxis, axis.yaxis):
            levels(which, self.decimals, self.sign)

    def table(self) -> pd.DataFrame:
        rows = self.rows.sort_values(self.order or self.y[0], ascending=False, kind="stable")
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
            for __, row in self.rows.loc[self._named].iterrows()
        ]
        return _("{rows} kommuner. {named}.", rows=number(len(self.rows)), named="; ".join(named))


def names_beside(axis, places: np.ndarray, texts: list[str], size: float, home: np.ndarray | None = None) -> None:
    """Names beside their points without overlap, the first in bold; the same input always gives the same places.

    Where lines run from `home`, the first point, to the others, names keep off them and stand beyond the ends. One that
    has no room near its point is left out: the figure's table has them all.
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
    textalloc.allocate(
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
    )
