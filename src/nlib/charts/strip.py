"""A strip: rows of marks on one scale, each with its name before it and a text after it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.form import ROLES, TOLD, Box, Names, Rowed, broken, known, levels
from nlib.charts.style import FILL, GRID, INK, OTHER, OWN, SOFT
from nlib.core.language import number
from nlib.core.translations import _

SCALE = (0, 100)


@dataclass(frozen=True, kw_only=True)
class Strip(Rowed):
    """Marks of each row on a shared scale.

    rows: by the name of each; marks: each mark's column, name and role, the last drawn on top; the first is written after the row.
    interval: the columns of an interval around the first mark, or that of `around`.
    dots: a column of several values, drawn as rings.
    texts: what stands after each row instead; own: the row in bold; level: a value that is drawn across all rows.
    shaded: a part of the scale that is shaded; ends: what stands at the ends of the scale instead of numbers; limits: of the scale.
    joined: whether a line runs between a row's marks; values: the columns of the table instead of those of the marks.
    by: a column that the rows are parted by: a line is drawn where it changes.
    hooks: parts that a page's script may move, by name.
    """

    marks: Names
    around: str = ""
    dots: str = ""
    level: float | None = None
    shaded: Sequence[float] = ()
    ends: tuple[str, ...] = ()
    limits: Sequence[float] = ()
    joined: bool = False
    by: str = ""
    values: Names = dataclasses.field(default_factory=dict)  # what the table and the alt text have, where it is not the marks
    hooks: bool = False
    dots_name: str = ""

    @property
    def kind(self) -> str:
        return _("Punktfigur")

    @property
    def shown(self) -> Names:
        return self.values or self.marks

    @property
    def _signs(self) -> list[tuple[str, str]]:
        marks = [(f"{ROLES[role].sign} {name}", ROLES[role].colour) for name, role in self.marks.values()]
        marks += [(f"○ {self.dots_name}", ROLES["chosen"].colour)] if self.dots else []
        return marks if len(marks) > 1 else []

    def tall(self, narrow: bool, width: float) -> float:
        heads = (0.2 if self.heading else 0) + (0.16 if self.more else 0) + (0.15 if narrow and len(self.more) > 45 else 0)
        length = sum(len(text) + 3 for text, __ in self._signs)
        lines = int(np.ceil(length * (0.062 if narrow else 0.074) / (width - 0.3))) if self._signs else 0
        return 0.46 + heads + 0.17 * lines + self.step(narrow, width) * len(self.rows)

    def _scale(self) -> tuple[float, float]:
        if self.limits:
            return self.limits[0], self.limits[1]
        columns = [*self.marks, *self.interval]
        values = np.concatenate(
            [known(self.rows[column]) for column in columns] + [[self.level if self.level is not None else np.nan]]
        )
        if self.dots:
            values = np.concatenate([values, *[np.asarray(each, dtype=float) for each in self.rows[self.dots]]])
        least, most = (np.nanmin(values), np.nanmax(values)) if np.isfinite(values).any() else SCALE
        pad = 0.06 * (most - least) or 1.0
        return least - pad, most + pad

    def within(self, box: Box) -> None:
        top = self.head(box, self._signs, self._group_name())
        names, texts = (broken(self.rows.index, box.narrow, box.width)), self.after()
        axis = box.axes(box.names(names, self.rows.index == self.own) + 0.16, box.letters(texts) * 1.12 + 0.14, top)
        at = np.arange(len(self.rows))
        low, high = self._scale()
        if self.shaded:
            axis.axvspan(*self.shaded, color=FILL, lw=0)
        axis.hlines(at, low, high, color=GRID, lw=1.1, **self._hook("linjer"))
        self._between(axis, at)
        if self.dots:
            chosen = [(value, row) for row, values in zip(at, self.rows[self.dots], strict=True) for value in values]
            if chosen:
                look: dict = {"ls": "", "marker": "o", "ms": 4.5, "color": ROLES["chosen"].colour, "mfc": "white", "mew": 0.9}
                axis.plot(*zip(*chosen, strict=True), **look, **self._hook("valgt"))
        for column, (__, name) in reversed(list(self.marks.items())):
            ROLES[name].mark(axis, known(self.rows[column]), at, **(self._hook("midten") if name == "group" else {}))
        if self.level is not None:
            axis.axvline(self.level, color=SOFT, lw=0.9, zorder=0.9)
        if self.by:
            parted = self.rows[self.by].ne(self.rows[self.by].shift()).to_numpy()
            axis.hlines(at[parted][1:] - 0.5, low, high, color=SOFT, lw=0.6, ls=(0, (2, 2)))
        self._frame(axis, at, low, high, names, box)
        for row, text in zip(at, texts, strict=True):
            strong = "bold" if not self.own or self.rows.index[row] == self.own else "normal"
            beside: dict = {"va": "center", "size": box.size, "weight": strong, "color": INK, "annotation_clip": False}
            axis.annotate(text, (1, row), (5, 0), xycoords=("axes fraction", "data"), textcoords="offset points", **beside)

    def _group_name(self) -> dict:
        """How the name of the group's mark is written where it may move: not seen where there is no mark."""
        of = next((column for column, (__, role) in self.marks.items() if role == "group"), None)
        if not self.hooks or of is None:
            return {}
        unseen = {"alpha": 0} if self.rows[of].isna().all() else {}
        return {f"{ROLES['group'].sign} {self.marks[of][0]}": self._hook("midtens-navn") | unseen}

    def _hook(self, name: str) -> dict:
        from nlib.charts.svg import HOOK  # which loads matplotlib

        return {"gid": f"{HOOK}{name}"} if self.hooks else {}

    def _between(self, axis, at):
        """The interval around the first mark, or the line between all of them."""
        if self.interval:
            low, high = (known(self.rows[end]) for end in self.interval)
            strong = self.rows.index == self.own
            axis.hlines(at, low, high, color=[OWN if own or not self.own else OTHER for own in strong], lw=2.2, alpha=0.7, zorder=2)
        if self.joined:
            every = np.array([known(self.rows[column]) for column in self.marks])
            seen = np.isfinite(every).any(axis=0)
            least, most = np.nanmin(every[:, seen], axis=0), np.nanmax(every[:, seen], axis=0)
            axis.hlines(at[seen], least, most, color="#c3cbd2", lw=3, zorder=1)

    def _frame(self, axis, at, low, high, names, box):
        pad = 0.03 * (high - low) if self.limits else 0.0  # a mark at an end is whole
        axis.set(xlim=(low - pad, high + pad), ylim=(len(at) - 0.4, -0.6))
        axis.set_yticks(at if names else [], names, size=box.size, color=INK)
        for label, name in zip(axis.get_yticklabels(), self.rows.index, strict=False):
            label.set(weight="bold" if name == self.own else "normal", linespacing=1.0)
        axis.spines["left"].set_visible(False)
        axis.tick_params(labelsize=box.size)
        if self.ends:
            axis.set_xticks(np.linspace(low, high, len(self.ends)), list(self.ends))
            sides = ["left", *["center"] * (len(self.ends) - 2), "right"]
            for label, side in zip(axis.get_xticklabels(), sides, strict=True):
                label.set_horizontalalignment(side)
            return
        levels(axis.xaxis, self.decimals, self.sign, 3 if box.narrow or box.width < 4 else 5)

    def _band(self, row) -> str:
        """The interval of a row, where it has one."""
        ends = [self.written(row[end]) for end in self.interval if pd.notna(row[end])]
        return f" ({_(' til ').join(ends)})" if ends else ""

    def seen(self) -> str:
        if self.texts and self.ends:  # rows of different units
            return "; ".join(f"{name} {row[self.texts]}" for name, row in self.rows.iterrows()) + "."
        marks = {column: name if len(self.shown) > 1 else "" for column, (name, __) in self.shown.items()}
        around = self.around or next(iter(marks))
        told = []
        for name, row in self.rows.head(TOLD).iterrows():
            values = [
                f"{mark} {self.told(row[column])}{self._band(row) if column == around else ''}".strip()
                for place, (column, mark) in enumerate(marks.items())
                if place == 0 or pd.notna(row[column])
            ]
            told.append(f"{name}{': ' if len(marks) > 1 else ' '}{', '.join(values)}")
        left = len(self.rows) - TOLD
        return "; ".join(told) + (_("; og {left} til.", left=number(left)) if left > 0 else ".")
