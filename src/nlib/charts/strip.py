"""A strip: rows of marks on one scale, each with its name before it and a text after it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.form import ROLES, SPOKEN, Box, Names, Rowed, broken, known, labelled, levels
from nlib.charts.others import MIDDLE, Everyone, Others
from nlib.charts.style import FILL, GRID, GROUP, INK, OTHER, OWN, SOFT
from nlib.core.language import number
from nlib.core.translations import _

SCALE = (0, 100)
LEAST_SLOTS = 9  # rows of municipalities that there is room for, whoever is shown
CHOSEN = _("de andre")


def share_below(values, value: float) -> float:
    """How large a share of the values that are known is lower, percent; missing where the value is."""
    known = np.asarray(values, float)
    return np.nan if np.isnan(value) else 100 * (known < value).sum() / np.isfinite(known).sum()


@dataclass(frozen=True, kw_only=True)
class Strip(Rowed):
    """Marks of each row on a shared scale.

    rows: by the name of each; marks: each mark's column, name and role, the last drawn on top; the first is written after the row.
    interval: the columns of an interval around the first mark, or that of `around`.
    dots: a column of several values, drawn as rings; dots_name: what these are.
    texts: what stands after each row instead; own: the row in bold; level: a value that is drawn across all rows.
    shaded: a part of the scale that is shaded; ends: what stands at the ends of the scale instead of numbers; limits: of the scale.
    joined: whether a line runs between a row's marks; values: the columns of the table instead of those of the marks.
    by: a column that the rows are parted by: a line is drawn where it changes.
    others: those that it is compared with, drawn as rings, and their middle.
    among: the values by row that theirs are drawn by their share below, percent, instead of as they are; ids: what the page's
    script calls the rows, where it has their values.
    everyone: whose rows they are, where each is a municipality and a page's script may show others; template: what stands after
    each of these, of its numbers in the order of the table.
    """

    marks: Names
    around: str = ""
    dots: str = ""
    dots_name: str = CHOSEN
    level: float | None = None
    shaded: Sequence[float] = ()
    ends: tuple[str, ...] = ()
    limits: Sequence[float] = ()
    joined: bool = False
    by: str = ""
    values: Names = dataclasses.field(default_factory=dict)  # what the table and the alt text have, where it is not the marks
    others: Others | None = None
    among: Mapping[str, np.ndarray] | None = None
    ids: Sequence[str] = ()
    everyone: Everyone | None = None
    template: str = ""

    @property
    def kind(self) -> str:
        return _("Punktfigur")

    @property
    def shown(self) -> Names:
        shown = self.values or self.marks
        if not self.others:
            return shown
        first = next(iter(shown))
        return {first: shown[first]} | self.others.shown | shown

    @property
    def _signs(self) -> list[tuple[str, str]]:
        marks = [(f"{ROLES[role].sign} {name}", ROLES[role].colour) for name, role in self.marks.values()]
        marks += [(f"{ROLES['chosen'].sign} {self.dots_name}", GROUP)] if self.dots or self.others else []
        marks += [(f"{ROLES['group'].sign} {self.others.called[0]}", GROUP)] if self.others else []
        return marks if len(marks) > 1 else []

    @functools.cached_property
    def whole(self) -> pd.DataFrame:
        return self.others.beside(self.rows) if self.others else self.rows

    @property
    def _slots(self) -> int:
        """Rows that there is room for."""
        return max(len(self.rows), LEAST_SLOTS if self.everyone else 0)

    @property
    def _at(self) -> np.ndarray:
        """Where each row lies, from the top."""
        return (np.arange(len(self.rows)) + 0.5) * self._slots / max(len(self.rows), 1) - 0.5

    def tall(self, narrow: bool, width: float) -> float:
        heads = (0.2 if self.heading else 0) + (0.16 if self.more else 0) + (0.15 if narrow and len(self.more) > 45 else 0)
        length = sum(len(text) + 3 for text, __ in self._signs)
        lines = int(np.ceil(length * (0.062 if narrow else 0.074) / (width - 0.3))) if self._signs else 0
        return 0.46 + heads + 0.17 * lines + self.step(narrow, width) * self._slots

    def after(self) -> list[str]:
        if not (self.everyone and self.template):
            return super().after()
        columns = self.everyone.columns
        return [
            self.template.format(*(number(row[column], places, self.sign) for column, places in columns.items()))
            for __, row in self.rows.iterrows()
        ]

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
        top = self.head(box, self._signs, self._middle_name(box))
        names, texts = (broken(self.rows.index, box.narrow, box.width)), self.after()
        room = box.names(names, self.rows.index == self.own)
        if self.everyone:
            room = max(room, box.letters(self.everyone.held["name"]))
        after = [f"{text} →" for text in texts] if self.everyone else texts  # which one that a reader chooses may need
        axis = box.axes(room + 0.16, box.letters(after) * 1.12 + 0.14, top)
        at = self._at
        low, high = self._scale()
        if self.shaded:
            axis.axvspan(*self.shaded, color=FILL, lw=0)
        moved = {"linjer": [axis.hlines(at, low, high, color=GRID, lw=1.1)]}
        moved["spenn"] = self._between(axis, at)
        if self.dots or self.others:
            moved["valgt"] = self._rings(axis, at, low)
        for place, (column, (__, name)) in reversed(list(enumerate(self.marks.items()))):
            gid = {"gid": box.hook(f"merke{place}")} if self.everyone else {}
            ROLES[name].mark(axis, known(self.rows[column]), at, **gid)
        if self.others:
            self._middle(axis, at, low, self.others.columns, box.hook("midten"))
        if self.level is not None:
            axis.axvline(self.level, color=SOFT, lw=0.9, zorder=0.9)
        if self.by:
            parted = self.rows[self.by].ne(self.rows[self.by].shift()).to_numpy()
            axis.hlines(at[parted][1:] - 0.5, low, high, color=SOFT, lw=0.6, ls=(0, (2, 2)))
        self._frame(axis, at, low, high, names, box)
        edge = 0.0 if self.limits else 0.015 * (high - low)  # a mark that stands at the edge is whole
        followed = ["linjer", "spenn"] if self.everyone else ["valgt"] if self.others else []
        for name in followed:
            for part in moved[name]:
                part.set_gid(box.hook(name, *box.scale(axis), low + edge, high - edge, self._slots))
        for place, (row, text) in enumerate(zip(at, texts, strict=True)):
            own = bool(self.own) and self.rows.index[place] == self.own
            beside: dict = {"va": "center", "size": box.size, "color": INK, "annotation_clip": False}
            beside["weight"] = "bold" if own or not self.own else "normal"
            if self.everyone:
                beside["gid"] = box.hook("tall-eget" if own else "tall", row)
            axis.annotate(text, (1, row), (5, 0), xycoords=("axes fraction", "data"), textcoords="offset points", **beside)

    def _middle_name(self, box) -> dict:
        """How the name of the others' middle is written, which may come and go."""
        if not self.others:
            return {}
        look = {"gid": box.hook("midtens-navn")} | ({} if MIDDLE in self.others.columns else {"alpha": 0})
        return {f"{ROLES['group'].sign} {self.others.called[0]}": look}

    def _place(self, row: str, value):
        """Where a value lies on the scale of its row."""
        if self.among is not None:
            return share_below(self.among[row], value)
        return np.clip(value, self.limits[0], self.limits[1]) if self.limits else value

    def _rings(self, axis, at, low):
        """The values of those that it is compared with, or of `dots`; one that is not seen where there is none."""
        every = [self.others.each[name].dropna() for name in self.rows.index] if self.others else self.rows[self.dots]
        points = [
            (self._place(name, value), row)
            for row, name, values in zip(at, self.rows.index, every, strict=True)
            for value in values
        ]
        look: dict = {"ls": "", "marker": "o", "ms": 4.5, "color": GROUP, "mfc": "white", "mew": 0.9}
        return axis.plot(*zip(*(points or [(low, 0)]), strict=True), **look, alpha=None if points else 0)

    def _middle(self, axis, at, low, columns, gid):
        """The middle of those that it is compared with; one that is not seen where there is none."""
        points = [
            (self._place(name, columns.at[name, MIDDLE]), row)
            for row, name in zip(at, self.rows.index, strict=True)
            if MIDDLE in columns and pd.notna(columns.at[name, MIDDLE])
        ]
        ROLES["group"].mark(axis, *zip(*(points or [(low, 0)]), strict=True), gid=gid, alpha=None if points else 0)

    def _between(self, axis, at):
        """The interval around the first mark, or the line between all of them."""
        if self.interval:
            low, high = (known(self.rows[end]) for end in self.interval)
            strong = self.rows.index == self.own
            colours = [OWN if own or not self.own else OTHER for own in strong]
            return [axis.hlines(at, low, high, color=colours, lw=2.2, alpha=0.7, zorder=2)]
        if self.joined:
            every = np.array([known(self.rows[column]) for column in self.marks])
            seen = np.isfinite(every).any(axis=0)
            least, most = np.nanmin(every[:, seen], axis=0), np.nanmax(every[:, seen], axis=0)
            axis.hlines(at[seen], least, most, color="#c3cbd2", lw=3, zorder=1)
        return []

    def _frame(self, axis, at, low, high, names, box):
        pad = 0.03 * (high - low) if self.limits else 0.0  # a mark at an end is whole
        axis.set(xlim=(low - pad, high + pad), ylim=(self._slots - 0.4, -0.6))
        looks: list[dict] = [{"weight": "bold" if name == self.own else "normal"} for name in self.rows.index]
        if self.everyone:
            for row, look, name in zip(at, looks, self.rows.index, strict=True):
                look["gid"] = box.hook("navn-eget" if name == self.own else "navn", row)
        labelled(axis, "y", at, names, box.size, looks=looks, color=INK, linespacing=1.15)
        axis.spines["left"].set_visible(False)
        if self.ends:
            sides = ["left", *["center"] * (len(self.ends) - 2), "right"]
            looks = [{"ha": side} for side in sides]
            return labelled(axis, "x", np.linspace(low, high, len(sides)), self.ends, box.size, looks=looks)
        levels(axis, "x", box.size, self.decimals, self.sign, 3 if box.narrow or box.width < 4 else 5)

    def follows(self) -> dict:
        if self.everyone:
            return self.everyone.follows() | {"kind": "rows", "marks": len(self.marks), "text": self.template}
        if not self.others:
            return {}
        first = self.headed(next(iter((self.values or self.marks).values()))[0])
        content = {"kind": "strip", "after": first, "head": self.headed("{0}"), "n": len(self.rows)}
        values = (
            {"ids": list(self.ids), "d": self.decimals, "called": list(self.others.called)} if self.ids else self.others.follows()
        )
        return values | content

    def _band(self, row) -> str:
        """The interval of a row, where it has one."""
        ends = [self.written(row[end]) for end in self.interval if pd.notna(row[end])]
        return f" ({_(' til ').join(ends)})" if ends else ""

    def seen(self) -> str:
        if self.texts and self.ends:  # rows of different units
            return "; ".join(f"{name} {row[self.texts]}" for name, row in self.rows.iterrows()) + "."
        shown = self.values or self.marks
        marks = {column: name if len(shown) > 1 else "" for column, (name, __) in shown.items()}
        around = self.around or next(iter(marks))
        parts = []
        rows = self.rows.loc[[self.own]] if self.everyone else self.rows  # those of the others may change
        for name, row in rows.head(SPOKEN).iterrows():
            values = [
                f"{mark} {self.spoken(row[column])}{self._band(row) if column == around else ''}".strip()
                for place, (column, mark) in enumerate(marks.items())
                if place == 0 or pd.notna(row[column])
            ]
            parts.append(f"{name}{': ' if len(marks) > 1 else ' '}{', '.join(values)}")
        left = len(rows) - SPOKEN
        return "; ".join(parts) + (_("; og {left} til.", left=number(left)) if left > 0 else ".")
