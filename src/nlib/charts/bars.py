"""Bars: of one part or several stacked, beside names or over years, with marks over them and an interval where there is one."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from nlib.charts.form import (
    HATCHED,
    ROLES,
    SPOKEN,
    YEAR,
    Box,
    Names,
    Rowed,
    broken,
    comparable,
    known,
    labelled,
    levels,
    with_comparable,
)
from nlib.charts.style import FILL, INK, OTHER, OWN, SOFT
from nlib.core.language import number
from nlib.core.translations import _


@dataclass(frozen=True, kw_only=True)
class Bars(Rowed):
    """A bar a row, from the top; `upright` a bar a year, from the left.

    rows: by the name of each bar; the name of the index is the table's first heading.
    parts: each part's column, name and role; several are stacked, what is negative on the other side of zero.
    below: parts on the other side of zero though they are not negative. marks: points over the bars, in the same way; interval:
    the columns of an interval of the first part.
    texts: what stands after each bar instead of its number; own: the row in bold; rest: whether the last row is what is left
    of the others; from_end: whether each bar begins where the one before it ends, and the last at zero (a waterfall).
    """

    parts: Names
    marks: Names = field(default_factory=dict)
    rest: bool = False
    upright: bool = False
    from_end: bool = False
    mirrored: bool = False
    bare: bool = False  # without the names of the rows, where a panel beside it has them
    below: Sequence[str] = ()
    most: float | None = None  # the end of the axis, where panels share one

    @property
    def kind(self) -> str:
        return _("Stolper")

    @property
    def _signs(self) -> list[tuple[str, str]]:
        if len(self.parts) + len(self.marks) < 2:
            return []
        bars = [(f"{HATCHED[ROLES[role].hatch]} {name}", ROLES[role].colour) for name, role in self.parts.values() if name]
        return bars + [(f"{ROLES[role].sign} {name}", ROLES[role].colour) for name, role in self.marks.values()]

    @property
    def shown(self) -> Names:
        return self.parts | self.marks

    @property
    def hollow(self) -> bool:
        return self.upright and bool(self.rows.loc[~comparable(self.rows), [*self.marks]].notna().any(axis=None))

    @property
    def key(self) -> str:
        return YEAR if self.upright else super().key

    def tall(self, narrow: bool, width: float) -> float:
        if self.upright:
            return 2.6
        letters = sum(len(text) + 3 for text, __ in self._signs)
        lines = int(np.ceil(letters * (0.062 if narrow else 0.074) / (width - 0.3)))
        heads = (0.2 if self.heading else 0) + (0.16 if self.more else 0) + (0.12 if narrow and self.more else 0)
        return 0.3 + heads + 0.16 * lines + self.step(narrow, width) * len(self.rows) + 0.12 * (not self._plain)

    @property
    def _plain(self) -> bool:
        """Whether each bar has its number, so that no axis is needed."""
        return len(self.parts) == 1

    @functools.cached_property
    def _aside(self) -> bool:
        """Whether what is written stands in a column at the side: where a mark would stand between it and its bar, and where
        bars go both ways and texts are long.
        """
        both = bool(self.texts) and bool((known(self.rows[next(iter(self.parts))]) < 0).any())
        return self.from_end or bool(self.marks) or both

    def within(self, box: Box) -> None:
        if self.upright:
            return self._over_years(box)
        top = self.head(box, self._signs)
        names = [""] * len(self.rows) if self.bare else broken(self.rows.index, box.narrow, box.width)
        left = 0.08 if self.bare else box.names(names, self.rows.index == self.own) + 0.14
        texts = self.after() if self.texts or self._plain else []
        values, starts = self._stacks()
        ends = np.concatenate([[0.0], *[start + value for start, value in zip(starts, values, strict=True)], *self._points()])
        after = box.names(texts, self.rows.index == self.own) + 0.1 if texts else 0.12
        sides = (after, left) if self.mirrored else (left + 0.05, after)
        axis = box.axes(*sides, top, 0.02 if self._plain else 0.26)
        at = np.arange(len(self.rows))
        for (__, role), value, start in zip(self.parts.values(), values, starts, strict=True):
            self._bars(axis, at, value, start, ROLES[role])
        for column, (__, role) in self.marks.items():
            ROLES[role].mark(axis, known(self.rows[column]), at)
        if self.interval:
            low, high = (known(self.rows[end]) for end in self.interval)
            axis.hlines(at, low, high, color=INK, lw=1.3, zorder=3)
            axis.plot(np.concatenate([low, high]), np.tile(at, 2), ls="", marker="|", ms=5, color=INK, zorder=3)
        self._frame(axis, at, names, ends, box, after if texts and not self._aside and not self.below else 0.0)
        self._write(axis, at, texts, values, starts, box)

    def _stacks(self):
        """Each part's values and where its bars begin."""
        values = [np.nan_to_num(known(self.rows[column])) * (-1 if column in self.below else 1) for column in self.parts]
        if self.from_end:
            ends = np.cumsum(values[0][:-1])
            return values, [np.append(np.concatenate([[0.0], ends[:-1]]), 0.0)]
        up, down = np.zeros(len(self.rows)), np.zeros(len(self.rows))
        starts = []
        for value in values:
            starts.append(np.where(value >= 0, up, down))
            up, down = up + np.clip(value, 0, None), down + np.clip(value, None, 0)
        return values, starts

    def _points(self):
        return [known(self.rows[column]) for column in [*self.marks, *self.interval]]

    def _bars(self, axis, at, value, start, role):
        face = "white" if role.hatch else role.colour
        colours = np.full(len(at), face, dtype=object)
        edges = np.full(len(at), role.colour if role.hatch or len(self.parts) == 1 else "white", dtype=object)  # white parts them
        if self.from_end:
            colours[:-2] = edges[:-2] = OTHER
            colours[-1] = edges[-1] = INK
        elif self.own and len(self.parts) == 1:
            other = self.rows.index != self.own
            colours[other] = edges[other] = OTHER
        hatches = [role.hatch] * len(at)
        if self.rest:
            colours[-1], edges[-1], hatches[-1] = FILL, OTHER, "////"
        axis.barh(at, value, left=start, height=0.66, color=list(colours), edgecolor=list(edges), lw=0.6, hatch=hatches)

    def _frame(self, axis, at, names, ends, box, text):
        least, most = min(0.0, np.nanmin(ends)), max(0.0, np.nanmax(ends)) if self.most is None else self.most
        pad = 0.02 * (most - least or 1)
        wide = box.inches(axis)[0]
        beside = text / max(0.3, wide - text) * (most - least)  # what is written beside a bar to the left keeps off the names
        low, high = least - max(pad, beside) * (least < 0), most + pad
        axis.set(xlim=(high, low) if self.mirrored else (low, high), ylim=(len(at) - 0.4, -0.6))
        looks = [{"weight": "bold" if name == self.own else "normal"} for name in self.rows.index]
        labelled(axis, "y", at, [] if self.bare else names, box.size, looks=looks, color=INK, linespacing=1.15)
        axis.spines["left"].set_visible(False)
        if least < 0:
            axis.axvline(0, color=SOFT, lw=0.9)
        if self._plain:
            axis.spines["bottom"].set_visible(False)
            return
        levels(axis, "x", box.size, self.decimals, self.sign, 3 if box.narrow else 5, bare=bool(self.below), lines=True)

    def _write(self, axis, at, texts, values, starts, box):
        for row, text in zip(at, texts, strict=False):
            reach = [start[row] + value[row] for start, value in zip(starts, values, strict=True)] + [0.0]
            if self.from_end:
                reach.append(starts[0][row])
            reach += [points[row] for points in self._points() if np.isfinite(points[row])]
            if self._aside and not self.from_end:
                reach = [max(axis.get_xlim())]
            negative = not self._aside and not self.below and sum(value[row] for value in values) < 0
            end = min(reach) if negative else max(reach)
            left = negative != self.mirrored
            strong = self.rows.index[row] == self.own
            look = {"va": "center", "ha": "right" if left else "left", "size": box.size, "weight": "bold" if strong else "normal"}
            axis.annotate(
                text,
                (end, row),
                (-4 if left else 4, 0),
                textcoords="offset points",
                color=OWN if strong else INK,
                annotation_clip=False,
                **look,
            )

    def _over_years(self, box: Box) -> None:
        top = self.head(box, self._signs)
        values, starts = self._stacks()
        ends = np.concatenate([[0.0], *[start + value for start, value in zip(starts, values, strict=True)], *self._points()])
        least, most = np.nanmin(ends), np.nanmax(ends)
        ticks = [number(level, self.decimals, self.sign) for level in (least, most)]
        axis = box.axes(box.letters(ticks) + 0.18, 0.1, top)
        at = self.rows.index.to_numpy(float)
        for (__, name), value, start in zip(self.parts.values(), values, starts, strict=True):
            role = ROLES[name]
            face = "white" if role.hatch else role.colour
            axis.bar(
                at,
                value,
                bottom=start,
                width=0.72,
                color=face,
                edgecolor=role.colour if role.hatch else "white",
                hatch=role.hatch or None,
                lw=0.6,
            )
        same = comparable(self.rows)
        for column, (__, name) in self.marks.items():
            role, level = ROLES[name], known(self.rows[column])
            for some, face in ((same, role.colour), (~same, "white")):
                axis.plot(at[some], level[some], ls="", marker=role.marker, ms=5, color=role.colour, mfc=face)
        axis.axhline(0, color=SOFT, lw=0.9)
        pad = 0.05 * (most - least or 1)
        axis.set(xlim=(at.min() - 0.6, at.max() + 0.6), ylim=(least - pad * (least < 0), most + pad * (most > 0)))
        kept = np.arange(at.max(), at.min() - 1, -int(np.ceil((at.max() - at.min() + 1) / (5 if box.narrow else 12))))
        labelled(axis, "x", kept, [f"{year:.0f}" for year in kept], box.size)
        levels(axis, "y", box.size, self.decimals, self.sign, lines=True)

    def table(self) -> pd.DataFrame:
        return with_comparable(super().table(), self.rows) if self.upright else super().table()

    def seen(self) -> str:
        shown = self.shown
        rows = self.rows.iloc[[0, -1]] if self.upright and len(self.rows) > 1 else self.rows.head(SPOKEN)
        parts = []
        for name, row in rows.iterrows():
            values = [
                f"{part} {self.spoken(row[column])}" if len(shown) > 1 else self.spoken(row[column])
                for column, (part, __) in shown.items()
                if column in self.parts or pd.notna(row[column])
            ]
            parts.append(f"{name}: {', '.join(values)}" if len(shown) > 1 else f"{name} {values[0]}")
        left = len(self.rows) - SPOKEN
        return "; ".join(parts) + (_("; og {left} til.", left=number(left)) if left > 0 and not self.upright else ".")
