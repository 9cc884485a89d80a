"""A page's drawing, written as SVG as it is drawn: the forms draw on a `Sheet` as on a matplotlib Figure, in a tenth of its time.

A `Sheet` and its `Plot` take the calls that `nlib.charts.form` and the forms make of a Figure and its Axes, under the same names,
and put everything where matplotlib does (tests/test_drawn.py holds them to it).
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from types import SimpleNamespace
from typing import Any

import numpy as np

from nlib.charts.legible import long
from nlib.charts.style import FAMILY, INK, MORE, NBSP, OTHER

ASCENT = 0.82  # how far under the top of a line its letters stand, of its size: their middle is then that of the line
MITRE = ' stroke-linejoin="miter"'
DASHES = {"--": (3.7, 1.6), ":": (1.0, 1.65), "-.": (6.4, 1.6, 1.0, 1.6)}  # of a line's width, as matplotlib's
HATCHES = {"////": "M0 6L6 0M-1 1L1 -1M5 7L7 5", "\\\\\\\\": "M0 0L6 6M-1 5L1 7M5 -1L7 1", "xxxx": "M0 6L6 0M0 0L6 6"}
MARKERS: dict[str, Sequence[tuple[float, float]]] = {  # corners, of its size
    "D": ((0, -0.707), (0.707, 0), (0, 0.707), (-0.707, 0)),
    "d": ((0, -0.707), (0.424, 0), (0, 0.707), (-0.424, 0)),
    "s": ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "^": ((0, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "v": ((0, 0.5), (0.5, -0.5), (-0.5, -0.5)),
    "X": tuple(
        (a / 4, b / 4)
        for a, b in ((-1, 2), (0, 1), (1, 2), (2, 1), (1, 0), (2, -1), (1, -2), (0, -1), (-1, -2), (-2, -1), (-1, 0), (-2, 1))
    ),
}
RING = {1: "M", 2: "L", 79: "z"}  # what a corner of a matplotlib Path does
SIDES = {"left": (0.0, "start"), "center": (0.5, "middle"), "right": (1.0, "end")}


def short(value: float, places: int = 1) -> str:
    """A number as it is written in SVG."""
    return f"{value:.{places}f}".rstrip("0").rstrip(".")


@dataclass
class Part:
    """Something that is drawn: how near it is, what SVG it becomes, and the gid by which a page's script finds it."""

    zorder: float
    written: Callable[[], str]
    gid: str = ""

    def set_gid(self, gid: str) -> None:
        self.gid = gid

    def svg(self) -> str:
        inside = self.written()
        if not self.gid:
            return inside
        name, __, scale = self.gid.partition(" ")
        return f'<g data-mal="{name}"' + (f' data-akse="{scale}"' if scale else "") + f">{inside}</g>"


@dataclass
class Sheet:
    """A drawing of so many inches; names in it begin with `prefix`, so that several can stand in one page."""

    width: float
    height: float
    prefix: str
    foot: float = 0.0
    axes: list[Plot] = field(default_factory=list)
    texts: list[Part] = field(default_factory=list)
    defined: dict[str, str] = field(default_factory=dict)  # what has a name, by what it is

    def get_size_inches(self) -> np.ndarray:
        return np.array([self.width, self.height])

    def add_axes(self, place: tuple[float, float, float, float]) -> Plot:
        left, low, width, height = place
        across, up = 72 * self.width, 72 * self.height
        self.axes.append(Plot(self, left * across, up * (1 - low - height), width * across, height * up))
        return self.axes[-1]

    def text(self, x: float, y: float, text: str, *, gid: str = "", **look) -> None:
        at = 72 * self.width * x, 72 * self.height * (1 - y)
        self.texts.append(Part(3, functools.partial(_text, *at, text, **look), gid))

    def named(self, what: str) -> str:
        """The name of a definition: a pattern, a marker or a room outside which nothing is seen."""
        return self.defined.setdefault(what, f"{self.prefix}{len(self.defined)}")

    def svg(self) -> str:
        """The drawing: what is nearer over what is not, and of the same in the order it was drawn."""
        parts = [part for plot in self.axes for part in sorted(plot.parts, key=lambda part: part.zorder)] + self.texts
        inside = "".join([part.svg() for part in parts])
        width, height = 72 * self.width, 72 * self.height
        named = "".join([what.replace(" ", f' id="{name}" ', 1) for what, name in self.defined.items()])
        defined = f"<defs>{named}</defs>" if named else ""
        size = f'width="{96 * self.width:.0f}" height="{96 * self.height:.0f}" viewBox="0 0 {width:.6g} {height:.6g}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FAMILY}" stroke-linejoin="round">{defined}'
            f'<path d="M0 0H{short(width)}V{short(height)}H0z" fill="#ffffff"/>{inside}</svg>'
        )


class Plot:
    """Where values are drawn on a `Sheet`, in points from its upper left corner. Limits may be set after what they place."""

    def __init__(self, sheet: Sheet, left: float, top: float, width: float, height: float):
        self.sheet, self.left, self.top, self.width, self.height = sheet, left, top, width, height
        self.x, self.y = (0.0, 1.0), (0.0, 1.0)
        self.parts: list[Part] = []
        self.spines = {side: Spine() for side in ("left", "bottom")}
        self._part(2.5, self._edges)

    # limits, and where values lie

    def set(self, **given) -> None:
        for name, value in given.items():
            getattr(self, f"set_{name}")(value)

    def set_xlim(self, low, high=None) -> None:
        self.x = (float(low), float(high)) if high is not None else (float(low[0]), float(low[1]))

    def set_ylim(self, low, high=None) -> None:
        self.y = (float(low), float(high)) if high is not None else (float(low[0]), float(low[1]))

    def set_xticks(self, ticks) -> None:
        """There are none: what stands at an axis is written there."""

    set_yticks = set_xticks

    def get_xlim(self) -> tuple[float, float]:
        return self.x

    def get_ylim(self) -> tuple[float, float]:
        return self.y

    def get_position(self) -> SimpleNamespace:
        across, up = 72 * self.sheet.width, 72 * self.sheet.height
        x0, y1 = self.left / across, 1 - self.top / up
        return SimpleNamespace(x0=x0, y1=y1, width=self.width / across, height=self.height / up)

    def _across(self, values) -> np.ndarray:
        low, high = self.x
        return self.left + (np.asarray(values, dtype=float) - low) / (high - low or 1.0) * self.width

    def _down(self, values) -> np.ndarray:
        low, high = self.y
        return self.top + (high - np.asarray(values, dtype=float)) / (high - low or 1.0) * self.height

    def _part(self, zorder: float, written: Callable[[], str], gid: str = "") -> Part:
        self.parts.append(Part(zorder, written, gid))
        return self.parts[-1]

    def _clipped(self, x: np.ndarray, y: np.ndarray, clip: bool = True) -> str:
        """What keeps a part within the plot, where it would reach outside."""
        across, down = x[np.isfinite(x)] - self.left, y[np.isfinite(y)] - self.top
        if not clip or (_inside(across, self.width) and _inside(down, self.height)):
            return ""
        room = f'x="{short(self.left)}" y="{short(self.top)}" width="{short(self.width)}" height="{short(self.height)}"'
        name = self.sheet.named(f"<clipPath ><rect {room}/></clipPath>")
        return f' clip-path="url(#{name})"'

    # lines and marks

    def plot(
        self,
        x,
        y,
        *,
        color: str = INK,
        ls: Any = "-",
        lw: float = 1.8,
        marker: str = "",
        ms: float = 6,
        mec: str = "",
        mfc: str = "",
        mew: float = 1.0,
        alpha: float | None = None,
        zorder: float = 2,
        clip_on: bool = True,
        solid_capstyle: str = "square",
        gid: str = "",
    ) -> list[Part]:
        x, y = np.atleast_1d(np.asarray(x, dtype=float)), np.atleast_1d(np.asarray(y, dtype=float))

        def written() -> str:
            across, down = self._across(x), self._down(y)
            line = ""
            if ls:
                look = _stroke(color, lw, ls, alpha, solid_capstyle if ls == "-" else "")
                line = f'<path d="{_path(across, down)}"{self._clipped(across, down, clip_on)} fill="none"{look}/>'
            return line + (self._marks(across, down, marker, ms, (mfc or color, mec or color, mew, alpha)) if marker else "")

        return [self._part(zorder, written, gid)]

    def _marks(self, across, down, marker, size, look) -> str:
        fill, edge, wide, alpha = look
        seen = np.isfinite(across) & np.isfinite(down)
        if not seen.any():
            return ""
        if marker == ".":  # many small ones: a line of no length each
            dots = "".join([f"M{short(x)} {short(y)}h0" for x, y in zip(across[seen].tolist(), down[seen].tolist(), strict=True)])
            return f'<path d="{dots}" fill="none"{_stroke(fill, size / 2, "-", alpha, "round")}/>'
        if marker == "o":
            shape = f'<circle r="{short(size / 2, 2)}"/>'
        elif marker == "|":
            shape = f'<path d="M0 {short(-size / 2, 2)}V{short(size / 2, 2)}"/>'
        else:
            corners = "L".join(f"{short(a * size, 2)} {short(b * size, 2)}" for a, b in MARKERS[marker])
            shape = f'<path d="M{corners}z"{MITRE}/>'
        name = self.sheet.named(shape)
        places = zip(across[seen].tolist(), down[seen].tolist(), strict=True)
        uses = "".join([f'<use href="#{name}" x="{short(x, 2)}" y="{short(y, 2)}"/>' for x, y in places])
        opacity = "" if alpha is None else f' fill-opacity="{alpha:g}"'
        return f'<g fill="{fill}"{opacity}{_stroke(edge, wide, "-", alpha)}{self._clipped(across[seen], down[seen])}>{uses}</g>'

    def hlines(self, y, left, right, color=INK, lw: float = 1.8, ls: Any = "-", alpha=None, zorder: float = 2) -> Part:
        return self._segments(
            lambda: (self._across(left), self._down(y), self._across(right), self._down(y)), color, lw, ls, alpha, zorder
        )

    def vlines(self, x, low, high, color=INK, lw: float = 1.8, ls: Any = "-", alpha=None, zorder: float = 2) -> Part:
        return self._segments(
            lambda: (self._across(x), self._down(low), self._across(x), self._down(high)), color, lw, ls, alpha, zorder
        )

    def _segments(self, ends, color, lw, ls, alpha, zorder) -> Part:
        """Lines, an element each: where they begin and end, once that is known."""

        def written() -> str:
            x, y, right, low = np.broadcast_arrays(*map(np.atleast_1d, ends()))
            colours = itertools.cycle([color] if isinstance(color, str) else color)
            kept = self._clipped(np.concatenate([x, right]), np.concatenate([y, low]))
            lines = "".join(
                [
                    f'<path d="M{short(a)} {short(b)}L{short(c)} {short(d)}" stroke="{colour}"/>'
                    for a, b, c, d, colour in zip(x.tolist(), y.tolist(), right.tolist(), low.tolist(), colours, strict=False)
                    if math.isfinite(a + b + c + d)
                ]
            )
            return f'<g fill="none"{_stroke("", lw, ls, alpha)}{kept}>{lines}</g>' if lines else ""

        return self._part(zorder, written)

    def axhline(self, y: float, color: str = INK, lw: float = 1.8, ls: Any = "-", zorder: float = 2) -> None:
        self._part(
            zorder, lambda: self._straight(f"M{short(self.left)} {short(float(self._down(y)))}h{short(self.width)}", color, lw, ls)
        )

    def axvline(self, x: float, color: str = INK, lw: float = 1.8, ls: Any = "-", zorder: float = 2) -> None:
        self._part(
            zorder,
            lambda: self._straight(f"M{short(float(self._across(x)))} {short(self.top)}v{short(self.height)}", color, lw, ls),
        )

    def _straight(self, path, color, lw, ls) -> str:
        return f'<path d="{path}" fill="none"{_stroke(color, lw, ls)}/>'

    def _edges(self) -> str:
        path = f"M{short(self.left)} {short(self.top)}V{short(self.top + self.height)}" if self.spines["left"].visible else ""
        if self.spines["bottom"].visible:
            path += f"M{short(self.left)} {short(self.top + self.height)}h{short(self.width)}"
        return f'<path d="{path}" fill="none"{_stroke(OTHER, 0.8, "-", None, "square")}/>' if path else ""

    # areas

    def axvspan(self, left: float, right: float, color: str = INK, lw: float = 0, zorder: float = 1) -> None:
        def written() -> str:
            across = np.clip(self._across([left, right]), self.left, self.left + self.width)
            return _area(np.array([[*across, self.top, self.top + self.height]]), [color], ["none"], [""], 0)

        self._part(zorder, written)

    def fill_between(self, x, low, high, color: str = INK, lw: float = 0) -> None:
        x, low, high = (np.asarray(values, dtype=float) for values in (x, low, high))

        def written() -> str:
            across, over, under = self._across(x), self._down(high), self._down(low)
            seen = np.isfinite(over) & np.isfinite(under)
            runs = [list(run) for is_seen, run in itertools.groupby(np.arange(len(x)), key=lambda at: seen[at]) if is_seen]
            paths = [
                _path(np.concatenate([across[run], across[run[::-1]]]), np.concatenate([over[run], under[run[::-1]]])) + "z"
                for run in runs
            ]
            kept = self._clipped(np.tile(across[seen], 2), np.concatenate([over[seen], under[seen]]))
            return f'<path d="{"".join(paths)}" fill="{color}"{kept}/>'

        self._part(1, written)

    def outlines(self, rings, fill: str, edge: str, lw: float, alpha: float | None) -> None:
        """Areas, each by its corners and what each of them does, as a matplotlib Path has them."""

        def written() -> str:
            paths = []
            for corners, codes in rings:
                signs = ["M", *"L" * (len(corners) - 1)] if codes is None else [RING[code] for code in codes]
                places = zip(signs, self._across(corners[:, 0]).tolist(), self._down(corners[:, 1]).tolist(), strict=True)
                paths.append("".join(["z" if sign == "z" else f"{sign}{short(x)} {short(y)}" for sign, x, y in places]) + "z")
            kept = self._clipped(np.array([self.left - 1]), np.array([self.top - 1]))
            opacity = "" if alpha is None else f' fill-opacity="{alpha:g}"'
            return (
                f'<g fill="{fill}"{opacity}{_stroke(edge, lw, "-", alpha)}{kept}>'
                + "".join(f'<path d="{d}"/>' for d in paths)
                + "</g>"
            )

        self._part(1, written)

    def barh(self, y, width, left, height, color, edgecolor, lw, hatch) -> None:
        y, width, left = (np.asarray(values, dtype=float) for values in (y, width, left))

        def written() -> str:
            ends = [self._across(left), self._across(left + width), self._down(y - height / 2), self._down(y + height / 2)]
            return self._bars(np.column_stack(ends), color, edgecolor, hatch, lw)

        self._part(1, written)

    def bar(self, x, height, bottom, width, color, edgecolor, lw, hatch) -> None:
        x, height, bottom = (np.asarray(values, dtype=float) for values in (x, height, bottom))

        def written() -> str:
            ends = [self._across(x - width / 2), self._across(x + width / 2), self._down(bottom), self._down(bottom + height)]
            return self._bars(np.column_stack(ends), color, edgecolor, hatch, lw)

        self._part(1, written)

    def _bars(self, ends, fills, edges, hatches, lw) -> str:
        every: Any = (
            itertools.repeat(values) if isinstance(values, str) or values is None else values for values in (fills, edges, hatches)
        )
        looks = list(zip(range(len(ends)), *every, strict=False))
        patterns = [self._hatch(hatch, fill, edge) if hatch else fill for __, fill, edge, hatch in looks]
        kept = self._clipped(ends[:, :2].ravel(), ends[:, 2:].ravel())
        return _area(ends, patterns, [edge for __, __, edge, __ in looks], [kept] * len(ends), lw)

    def _hatch(self, hatch: str, ground: str, colour: str) -> str:
        drawn = f'<rect width="6" height="6" fill="{ground}"/><path d="{HATCHES[hatch]}" stroke="{colour}" fill="none"/>'
        name = self.sheet.named(f'<pattern patternUnits="userSpaceOnUse" width="6" height="6">{drawn}</pattern>')
        return f"url(#{name})"

    # texts

    def annotate(
        self,
        text: str,
        xy: tuple[float, float],
        xytext: tuple[float, float] = (0, 0),
        *,
        xycoords: Any = ("data", "data"),
        textcoords: str = "",
        annotation_clip: bool = False,
        bbox: dict | None = None,
        gid: str = "",
        zorder: float = 3,
        **look,
    ) -> None:
        """A text at a place, moved by so many points; of each of its coordinates a value, or a share of the plot. `bbox`: it has a
        light edge, where matplotlib draws a ground."""
        kinds = (xycoords, xycoords) if isinstance(xycoords, str) else xycoords

        def written() -> str:
            x = self._across(xy[0]) if kinds[0] == "data" else self.left + xy[0] * self.width
            y = self._down(xy[1]) if kinds[1] == "data" else self.top + (1 - xy[1]) * self.height
            return _text(float(x) + xytext[0], float(y) - xytext[1], text, **look, edged=bbox is not None)

        self._part(zorder, written, gid)


@dataclass
class Spine:
    """An edge of a plot."""

    visible: bool = True

    def set_visible(self, visible: bool) -> None:
        self.visible = visible


def _inside(values: np.ndarray, end: float) -> bool:
    """Whether values lie between zero and an end, but for a tenth of a point."""
    return not len(values) or (values.min() > -0.1 and values.max() < end + 0.1)


def _path(x: np.ndarray, y: np.ndarray) -> str:
    """A line through these points, parted where one is missing."""
    parts, pen = [], False
    for across, down in zip(x.tolist(), y.tolist(), strict=True):
        there = math.isfinite(across) and math.isfinite(down)
        if there:
            parts.append(f"{'L' if pen else 'M'}{short(across)} {short(down)}")
        pen = there
    return "".join(parts)


def _stroke(colour: str, wide: float, ls: Any = "-", alpha: float | None = None, cap: str = "") -> str:
    dashes = DASHES.get(ls, ()) if isinstance(ls, str) else ls[1]
    dashed = f' stroke-dasharray="{",".join(short(dash * wide, 2) for dash in dashes)}"' if dashes else ""
    opacity = "" if alpha is None else f' stroke-opacity="{alpha:g}"'
    named = f' stroke="{colour}"' if colour else ""
    return f'{named} stroke-width="{short(wide, 2)}"{dashed}{opacity}' + (f' stroke-linecap="{cap}"' if cap else "")


def _area(ends: np.ndarray, fills: Sequence[str], edges: Sequence[str], kept: Sequence[str], wide: float) -> str:
    """Rectangles: left, right, and two levels of each; those that look alike are one path."""
    paths: dict[tuple[str, str, str], list[str]] = {}
    for (left, right, one, two), look in zip(ends.tolist(), zip(fills, edges, kept, strict=True), strict=True):
        if math.isfinite(left + right + one + two):
            paths.setdefault(look, []).append(f"M{short(left)} {short(one)}H{short(right)}V{short(two)}H{short(left)}z")
    return "".join(
        [
            f'<path d="{"".join(drawn)}" fill="{fill}"{_stroke(edge, wide) + MITRE if edge != "none" else ""}{clip}/>'
            for (fill, edge, clip), drawn in paths.items()
        ]
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: float = 9.0,
    color: str = INK,
    weight: str = "normal",
    ha: str = "left",
    va: str = "baseline",
    rotation: float = 0.0,
    linespacing: float = 1.2,
    alpha: float | None = None,
    edged: bool = False,
) -> str:
    """A text of one line or several, an element each, placed as matplotlib places it."""
    lines = text.split("\n")
    step = size * linespacing
    tall = step * len(lines)
    look = f' font-size="{short(size, 2)}" fill="{color}"' + (' font-weight="700"' if weight == "bold" else "")
    look += "" if alpha is None else f' opacity="{alpha:g}"'
    look += ' stroke="#ffffff" stroke-width="2" stroke-opacity="0.8" paint-order="stroke"' if edged else ""
    share, anchor = SIDES[ha]
    if rotation:
        return "".join(_turned(x, y, lines, look, (size, weight == "bold", rotation, ha, va, step, tall)))
    under = size * ASCENT + (step - size) / 2
    first = y + under - {"top": 0.0, "center": tall / 2, "bottom": tall, "baseline": under + tall - step}[va]
    look += f' text-anchor="{anchor}"' if share else ""
    return "".join(
        [f'<text x="{short(x, 2)}" y="{short(first + step * at, 2)}"{look}>{_shown(line)}</text>' for at, line in enumerate(lines)]
    )


def _turned(x: float, y: float, lines: list[str], look: str, how: tuple) -> Iterable[str]:
    """Lines of a text that is turned: the box around it, as it lies, stands at the place."""
    size, bold, rotation, ha, va, step, tall = how
    angle = math.radians(rotation)
    wide = [long(line, bold) * size for line in lines]
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])  # of (across, down)
    corners = np.array([(0, 0), (max(wide), 0), (0, tall), (max(wide), tall)]) @ turn.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    share = np.array([SIDES[ha][0], {"top": 0.0, "center": 0.5, "bottom": 1.0}[va]])
    origin = np.array([x, y]) - low - share * (high - low)
    for at, (line, length) in enumerate(zip(lines, wide, strict=True)):
        start = origin + turn @ [SIDES[ha][0] * (max(wide) - length), size * ASCENT + (step - size) / 2 + step * at]
        place = f"translate({short(start[0], 2)} {short(start[1], 2)}) rotate({short(-rotation, 2)})"
        yield f'<text transform="{place}"{look}>{_shown(line)}</text>'


def _shown(line: str) -> str:
    return MORE.sub(NBSP, escape(line, quote=False))
