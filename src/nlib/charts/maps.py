"""A map around a municipality, with flows to and from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.form import Box, Form
from nlib.charts.outlines import edge, meets, middle, window
from nlib.charts.scatter import AWAY, WINDS, beside
from nlib.charts.sheet import Plot
from nlib.charts.style import FILL, GROUP, OWN
from nlib.core.translations import _


@dataclass(frozen=True, kw_only=True)
class Map(Form):
    """Outlines (number -> matplotlib Path in metres) around one's own, and lines to others, as wide as their values.

    rows: by number, with `name` and a value: those that have a line and a name on the map.
    """

    outlines: Mapping
    own: str
    name: str
    rows: pd.DataFrame
    value: tuple[str, str]
    drawn: Sequence[str] | None = None  # the numbers that have a line or a name of their own; all where nothing is given
    key: str = _("Kommune")

    @property
    def kind(self) -> str:
        return _("Kart")

    @property
    def _others(self) -> pd.DataFrame:
        shown = self.rows if self.drawn is None else self.rows.loc[list(self.drawn)]
        return shown[shown.index != self.own]

    def tall(self, narrow: bool, width: float) -> float:
        return 4.1

    def within(self, box: Box) -> None:
        axis = box.axes(0.06, 0.06, self.head(box), 0.06)
        for spine in axis.spines.values():
            spine.set_visible(False)
        width, height = box.inches(axis)
        others = self._others
        ends = np.array([middle(self.outlines[nr]) for nr in others.index]).reshape(-1, 2)
        weights = others[self.value[0]].to_numpy(float)
        frame = window(self.outlines[self.own], ends, weights, width / height)
        axis.set(xlim=frame[:, 0], ylim=frame[:, 1])
        seen = [path for path in self.outlines.values() if meets(path, frame)]
        _outlined(axis, seen, fill=FILL, edge="white", lw=0.5)
        _outlined(axis, [self.outlines[self.own]], fill=OWN, edge=OWN, lw=1.6, alpha=0.3)
        self._flows(axis, ends, weights, frame, box)

    def _flows(self, axis, ends, flows, frame, box):
        home = middle(self.outlines[self.own])
        inside = ((ends > frame[0]) & (ends < frame[1])).all(axis=1)
        ends = np.array([end if near else edge(home, end, frame) for end, near in zip(ends, inside, strict=True)]).reshape(-1, 2)
        for end, flow, near in zip(ends, flows, inside, strict=True):
            wide = max(0.7, 9 * flow / flows.max())
            axis.plot(*zip(home, end, strict=True), color=GROUP, lw=wide, alpha=0.75, solid_capstyle="round")
            axis.plot(*end, color=GROUP, marker="o" if near else "X", ms=4.5, mec="white", mew=0.6)
        axis.plot(*home, color=OWN, marker="D", ms=7, mec="white", zorder=7)
        labels = [
            f"{'' if near else _('mot ')}{name}{'' if box.narrow else f' {self.written(flow)}'}"
            for name, flow, near in zip(self._others["name"], flows, inside, strict=True)
        ]
        (ax, bx, ay, by), places = box.scale(axis), np.vstack([home, ends])
        points = np.column_stack([ax + bx * places[:, 0], ay + by * places[:, 1]])
        outward = points - points[0]
        outward[0] = -outward.sum(axis=0)
        winds = [sorted(WINDS, key=lambda wind: -np.dot(wind, way) / np.hypot(*wind)) for way in outward]
        along = np.linspace(0.15, 0.95, 24)[:, None, None] * outward[None, 1:] + points[0]
        spans = np.concatenate([along.reshape(-1, 2) - 2, along.reshape(-1, 2) + 2], axis=1)
        beside(axis, box, points, [self.name, *labels], [True] + [False] * len(labels), spans, winds, AWAY[:2])

    def table(self) -> pd.DataFrame:
        table = pd.DataFrame({self.key: self.rows["name"].astype(str).to_numpy()})
        table[self.value[1]] = self.rows[self.value[0]].to_numpy()
        for column, name in self.also.items():
            table[name] = self.rows[column].to_numpy()
        return table

    def places(self) -> dict[str, int]:
        return {self.value[1]: self.decimals} | self.further()

    def seen(self) -> str:
        named = "; ".join(f"{row['name']} {self.written(row[self.value[0]])}" for __, row in self.rows.iterrows())
        return _("{name} og {value}: {named}.", name=self.name, value=self.value[1].lower(), named=named)


def _outlined(axis, paths, fill: str, edge: str, lw: float, alpha: float | None = None) -> None:
    """Draw outlines, each closed, with what is inside them."""
    if isinstance(axis, Plot):
        axis.outlines([(path.vertices, path.codes) for path in paths], fill, edge, lw, alpha)
        return
    from matplotlib.collections import PathCollection

    axis.add_collection(PathCollection(paths, facecolor=fill, edgecolor=edge, lw=lw, alpha=alpha))
