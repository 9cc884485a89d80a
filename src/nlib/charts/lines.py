"""Lines over years, with their names at their ends; a fan is lines into what is not known, with a band."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.form import (
    HIGH,
    LOW,
    ROLES,
    YEAR,
    Box,
    Form,
    Names,
    Role,
    comparable,
    known,
    labelled,
    levels,
    spread,
    with_comparable,
)
from nlib.charts.others import Others, brief
from nlib.charts.style import FILL, GRID, GROUP, SOFT
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import number, rounded, with_unit, years
from nlib.core.translations import _

UNSEEN = Role(GROUP)  # a name that may come to be seen
OTHERS = [ROLES[role] for role in ("group", "one", "two")] + [UNSEEN]
SMALL = 2.9  # inches: in a panel that is less wide, the names of lines stand over it
NAMED = 22  # letters of a name at the end of a line, before it is broken
DRAWN = {"-": "—", "--": "– –", ":": "···", "-.": "– ·"}  # a line as letters
STROKE = 0.2  # years to either side of a value that has none beside it: a line of it would not be seen
PANEL = 0.6  # of a panel's width that years are written in, whatever stands before and after them: the same in each


@dataclass(frozen=True, kw_only=True)
class Lines(Form):
    """Lines over every year from the first to the last of `rows`.

    rows: by year; a column `comparable` (a year that is not has hollow marks) where it matters.
    lines: each line's column, name and role; marks stand on those whose role is strong, or on all or none by `marked`.
    band: the columns of an interval, shaded; band_names: what its ends are called, where a line is called low or high.
    level: a value that is always inside, drawn across; broken: the year that no line crosses, True for the break of 2015;
    events: years (1 January) and what happened; since: the last year that is known, in a fan.
    others: those that it is compared with, who have lines after `lines`, by every year of `rows`.
    """

    rows: pd.DataFrame
    lines: Names
    band: Sequence[str] = ()
    band_names: Sequence[str] = (LOW, HIGH)
    level: float | None = None
    broken: bool | int = False
    events: Sequence[tuple[int, str]] = ()
    marked: bool | None = None
    height: float = 2.6
    since: int | None = None
    others: Others | None = None

    @property
    def kind(self) -> str:
        return _("Linjefigur")

    @functools.cached_property
    def own(self) -> dict[str, tuple[str, str]]:
        """The lines that have a figure, but for those of the others."""
        return {column: line for column, line in self.lines.items() if column in self.rows and self.rows[column].notna().any()}

    @functools.cached_property
    def shown(self) -> dict[str, tuple[str, str]]:
        """The lines that have a figure."""
        return self.own | (self.others.shown if self.others else {})

    @property
    def hollow(self) -> bool:
        strong = [column for column, (__, role) in self.own.items() if ROLES[role].strong and self._marked(ROLES[role])]
        return bool(self.rows.loc[~comparable(self.rows), strong].notna().any(axis=None))

    @functools.cached_property
    def whole(self) -> pd.DataFrame:
        """The rows with those of the others."""
        return self.others.beside(self.rows) if self.others else self.rows

    @property
    def every(self) -> pd.DataFrame:
        """The rows by every year from the first to the last."""
        span = pd.RangeIndex(int(self.rows.index.min()), int(self.rows.index.max()) + 1, name="year")
        return self.whole.reindex(span)

    def tall(self, narrow: bool, width: float) -> float:
        return self.height

    def within(self, box: Box) -> None:
        rows, shown = self.every, self.shown
        ends = self._ends(rows, shown, box)
        values = np.concatenate(
            [known(rows[column]) for column in [*shown, *self.band]] + [[np.nan if self.level is None else self.level]]
        )
        if not np.isfinite(values).any():
            return
        least, most = np.nanmin(values), np.nanmax(values)
        ticks = [self._tick(least), self._tick(most)]
        small = self._small(box)
        named = [(f"{self._sign(role)} {name}", ROLES[role].colour) for name, role in self.own.values() if name]
        top = self.head(box, named if small else ())
        if small and self.others:
            top = self._name_others(self.others, box, top)
        room = [text for __, __, text, _ in ends]
        if self.others:
            room += [self._end(name, self.written(most), box) for name in self.others.longest]
        axis = box.axes(box.letters(ticks) + 0.16, box.letters(room) + 0.2, top)
        at = rows.index.to_numpy(float)
        year = A_ORDNINGEN if self.broken is True else int(self.broken)
        cut = [np.searchsorted(at, year)] if at[0] < year <= at[-1] else []
        if self.band:
            low, high = (known(rows[end]) for end in self.band)
            axis.fill_between(at, low, high, color=GRID, lw=0)
        followed = self._follow(self.others.shown, axis, at, rows, cut, year - 0.5) if self.others else None
        for column, (__, name) in self.own.items():
            self._line(axis, at, rows, column, ROLES[name], cut, year - 0.5)
        self._frame(axis, at, least, most, box)
        self._gaps(axis, rows, shown, box)
        if cut:
            axis.axvline(year - 0.5, color=SOFT, lw=0.8, ls=(0, (2, 2)))
        for when, what in self.events:
            self._event(axis, rows, when, what, box)
        if self.since is not None:
            axis.axvline(self.since, color=SOFT, lw=0.8, ls=(0, (2, 2)))
        if followed:
            scale = [*box.scale(axis), *axis.get_ylim()]
            for line in followed:
                line.set_gid(box.hook("linje", *scale))
        _name_ends(axis, ends, at[-1] + 0.4, box, self.others is not None)

    def _small(self, box) -> bool:
        return not box.narrow and box.width < SMALL

    def _sign(self, role) -> str:
        """What stands for a line where its name is over it: its mark, where it has marks."""
        return ROLES[role].sign if self._marked(ROLES[role]) else DRAWN[ROLES[role].line]

    def _marked(self, role) -> bool:
        return role.strong if self.marked is None else self.marked

    def _name_others(self, others, box, top) -> float:
        """Write the names of the others' lines under those of the own ones, where they may be two."""
        slot = (box.width - 0.1) / 2
        names = [(f"{DRAWN[ROLES[role].line]} {brief(name)}", ROLES[role].colour) for name, role in others.shown.values()]
        for place, (text, colour) in enumerate(names or [("–", GROUP)]):
            unseen = {} if names else {"alpha": 0}
            box.write(0.06 + place * slot, top - 0.08, text, color=colour, gid=box.hook("tegn", slot * 72), **unseen)
        return top + box.size * 1.32 / 72

    def _follow(self, shown, axis, at, rows, cut, between):
        """The lines of the others, which a page's script may draw again; one that is not seen where there is none."""
        if not shown:
            return axis.plot([at[0], at[-1]], [np.nanmin(known(rows[next(iter(self.own))]))] * 2, alpha=0)
        drawn = []
        for column, (__, name) in shown.items():
            values, role = known(rows[column]), ROLES[name]
            drawn += axis.plot(*_pen(at, values, cut, between), color=role.colour, ls=role.line, lw=role.wide)
        return drawn

    def _line(self, axis, at, rows, column, role, cut, between):
        values = known(rows[column])
        axis.plot(*_pen(at, values, cut, between), color=role.colour, ls=role.line, lw=role.wide)
        if not self._marked(role):
            return
        present = np.isfinite(values)
        same = comparable(rows) if role.strong else present
        size = 5.5 if len(at) <= 12 else 3.5
        for some, face in ((present & same, role.colour), (present & ~same, "white")):
            axis.plot(at[some], values[some], ls="", marker=role.marker, ms=size, color=role.colour, mfc=face, zorder=4)

    def _frame(self, axis, at, least, most, box):
        pad = max(0.12 * (most - least), 1.0 / 10**self.decimals)
        axis.set_ylim(least - pad if least < 0 else max(0, least - pad), most + pad)
        axis.set_xlim(at[0] - 0.4, at[-1] + 0.4)
        levels(axis, "y", box.size, self.decimals, self.sign, lines=True)
        panel = box.width < box.figure.get_size_inches()[0]
        room = int(max(2, (PANEL * box.width if panel else box.inches(axis)[0]) / (6.5 * box.size * 0.56 / 72)))
        kept = at[:: -int(np.ceil(len(at) / room))]
        labelled(axis, "x", kept, [f"{year:.0f}" for year in kept], box.size, pad=6)
        if self.level is not None:
            axis.axhline(self.level, color=SOFT, lw=0.8)

    def _tick(self, value) -> str:
        return number(value, self.decimals, self.sign)

    def _gaps(self, axis, rows, shown, box):
        for year in rows.index[rows[list(shown)].isna().all(axis=1)]:
            axis.axvspan(year - 0.5, year + 0.5, color=FILL, lw=0, zorder=0.8)
            look = {"ha": "center", "va": "center", "rotation": 90, "size": box.size, "color": SOFT}
            axis.annotate(_("{year} mangler", year=year), (year, 0.5), xycoords=("data", "axes fraction"), **look)

    def _event(self, axis, rows, year, what, box):
        axis.axvline(year, color=SOFT, lw=0.9, ls=(0, (2, 2)), zorder=0.9)
        text, (wide, tall), (low, high) = f"{what} {year}", box.inches(axis), axis.get_ylim()
        long = 0.04 + box.letters([text]) / tall
        over = np.linspace(year - 1.4 * box.size / 72 / wide * np.ptp(axis.get_xlim()), year, 12)  # that the text stands over
        lines = [rows[column].dropna() for column in self.shown]
        heights = [(np.interp(over, line.index, line, np.nan, np.nan) - low) / (high - low) for line in lines]
        crossed = [np.sum([(at > end - long) & (at < end) for at in heights]) for end in (1, long)]
        under = crossed[1] < crossed[0]
        look = {"va": "bottom" if under else "top", "rotation": 90, "ha": "right", "size": box.size, "color": SOFT}
        where = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        axis.annotate(text, (year, 0.02 if under else 0.98), (-1, 0), **where, **look)

    def _ends(self, rows, shown, box):
        """Where each line ends, and its name with its last value."""
        ends = []
        for column, (name, role) in shown.items():
            last = rows[column].dropna()
            text = self._end(name, self._told(last.iloc[-1], last.index[-1]), box)
            ends.append((float(last.iloc[-1]), float(last.index[-1]), text, ROLES[role]))
        return ends

    def _told(self, value, year) -> str:
        return self.written(value)

    def _end(self, name, value, box) -> str:
        """What stands at the end of a line."""
        if self._small(box):
            return value
        if self.others:
            return f"{brief(name)}{chr(10) if box.narrow else ' '}{value}"
        return _broken_name(f"{name} {value}".strip(), box.narrow)

    def table(self) -> pd.DataFrame:
        rows = self.whole
        table = pd.DataFrame({YEAR: [str(year) for year in rows.index]})
        for column, (name, __) in self.shown.items():
            table[self.headed(name or self.heading)] = rows[column].to_numpy()
        for column, name in zip(self.band, self.band_names, strict=False):
            table[self.headed(name)] = rows[column].to_numpy()
        for column, name in self.also.items():
            table[name] = rows[column].to_numpy()
        return with_comparable(table, rows)

    def places(self) -> dict[str, int]:
        drawn = [name or self.heading for name, __ in self.shown.values()]
        content = {self.headed(name): self.decimals for name in [*drawn, *(self.band_names if self.band else [])]}
        return content | self.further()

    def follows(self) -> dict:
        if not self.others:
            return {}
        last = self.headed([name or self.heading for name, __ in self.own.values()][-1])
        cut = A_ORDNINGEN if self.broken is True else int(self.broken)
        unit = with_unit("", self.unit if len(self.unit) <= 2 else "")
        content = {
            "kind": "lines",
            "years": [int(year) for year in self.rows.index],
            "cut": cut,
            "unit": unit,
            "after": last,
            "head": self.headed("{0}"),
        }
        return self.others.follows() | content

    def seen(self) -> str:
        if self.rows.empty or not self.own:
            return _("Ingen tall.")
        ends = []
        for column, (name, __) in self.own.items():
            values = self.rows[column].dropna()
            first, last = values.index[0], values.index[-1]
            content = {first: values.iloc[0], last: values.iloc[-1]}
            ends.append(
                f"{name or self.heading} "
                + ", ".join(_("{value} i {year}", value=self._told(value, year), year=year) for year, value in content.items())
            )
        return f"{years(int(self.rows.index.min()), int(self.rows.index.max()))}. {'; '.join(ends)}."


@dataclass(frozen=True, kw_only=True)
class Fan(Lines):
    """Lines into what is not known: `since` is the last year that is known, `band` holds nine of ten.

    Those that reach the last year have their names there; the heading says what is known.
    """

    height: float = 3.3
    marked: bool | None = False

    @property
    def kind(self) -> str:
        return _("Vifte av linjer")

    def _told(self, value, year) -> str:
        """What is not known yet with three figures, as sentences have it."""
        return self.written(value if self.since is None or year <= self.since else rounded(value, value))

    def _ends(self, rows, shown, box):
        return [end for end in super()._ends(rows, shown, box) if end[1] == rows.index[-1]]


def _pen(at, values, cut, between):
    """The points of a line that is broken where it is cut; a value with none beside it is a short stroke."""
    present = np.isfinite(values)
    joined = np.concatenate([[False], present[1:] & present[:-1], [False]])
    joined[cut] = False
    alone = present & ~joined[1:] & ~joined[:-1]
    x = np.concatenate([at, np.full(len(cut), between), at[alone] - STROKE, at[alone] + STROKE])
    order = np.argsort(x)
    return x[order], np.concatenate([values, np.full(len(cut), np.nan), values[alone], values[alone]])[order]


def _broken_name(text, narrow):
    return "\n".join(textwrap.wrap(text, NAMED - 6 if narrow else NAMED, break_long_words=False)).replace("\N{NO-BREAK SPACE}", " ")


def _name_ends(axis, ends, right, box, followed=False):
    """The names of lines at their ends, apart from each other; `followed` by a page's script, which may move them."""
    inches = box.inches(axis)[1]
    low, high = sorted(axis.get_ylim())
    line = (high - low) * box.size * 1.22 / 72 / inches
    ends = sorted(ends, key=lambda end: end[0])
    apart = spread([end[0] for end in ends], [line * (end[2].count("\n") + 1) for end in ends], high)
    if followed and not any(role in OTHERS for *_, role in ends):
        apart, ends = [*apart, high], [*ends, (high, right, "–\n–" if box.narrow else "–", UNSEEN)]
    for level, (value, year, text, role) in zip(apart, ends, strict=True):
        look: dict = {"size": box.size, "weight": "bold" if role.strong else "normal", "va": "center", "linespacing": 1.1}
        drawn = axis.plot([year, right], [value, level], color=role.colour, lw=0.5, clip_on=False, alpha=0.6 * (role is not UNSEEN))
        if followed:
            who = "andres" if role in OTHERS else "fast"
            drawn[0].set_gid(box.hook(f"{who}-strek"))
            look |= {"gid": box.hook(f"{who}-navn", value, year, level)} | ({"alpha": 0} if role is UNSEEN else {})
        axis.annotate(text, (right, level), (3, 0), textcoords="offset points", color=role.colour, annotation_clip=False, **look)
