"""A map around a municipality: outlines in classes, or flows to and from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from nlib.charts.form import Box, Form
from nlib.charts.outlines import edge, meets, middle, window
from nlib.charts.scatter import names_beside
from nlib.charts.style import FILL, GROUP, INK, OTHER, OWN, SOFT
from nlib.core.language import number
from nlib.core.translations import _

FLAT = {"antialiased": False, "rasterized": True}
CLASSES = {  # of an outline: a sign, its colours and hatching
    "over": ("■", OWN, OWN, ""),
    "under": ("▨", GROUP, "#e8b48f", "////"),
    "neither": ("□", SOFT, FILL, ""),
}


@dataclass(frozen=True, kw_only=True)
class Map(Form):
    """Outlines (number -> matplotlib Path in metres) around one's own, which has a strong edge.

    rows: by number, with `name` and a value: those that are named on the map. classes: what an outline is (`over`, `under`,
    `neither`); named: what each class is called. flows: whether lines run to the rows, as wide as their values.
    """

    outlines: Mapping
    own: str
    name: str
    rows: pd.DataFrame
    value: tuple[str, str]
    classes: pd.Series = field(default_factory=lambda: pd.Series(dtype=str))
    named: Mapping[str, str] = field(default_factory=dict)
    flows: bool = False
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
        from matplotlib.collections import PathCollection

        top = self.head(box, [(f"{CLASSES[which][0]} {text}", CLASSES[which][1]) for which, text in self.named.items()])
        axis = box.axes(0.06, 0.06, top, 0.06)
        axis.set_axis_off()
        width, height = box.figure.get_size_inches() * axis.get_position().size
        others = self._others
        ends = np.array([middle(self.outlines[nr]) for nr in others.index]).reshape(-1, 2)
        weights = others[self.value[0]].to_numpy(float) if self.flows else np.ones(len(ends))
        frame = window(self.outlines[self.own], ends, weights, width / height)
        axis.set(xlim=frame[:, 0], ylim=frame[:, 1])
        seen = {nr: path for nr, path in self.outlines.items() if meets(path, frame)}
        plain = FILL if self.flows else "white"
        unclassed = [path for nr, path in seen.items() if nr not in self.classes.index]
        axis.add_collection(PathCollection(unclassed, facecolor=plain, edgecolor="white" if self.flows else OTHER, lw=0.5, **FLAT))
        for which, (__, __, face, hatch) in CLASSES.items():
            paths = [seen[nr] for nr in self.classes.index[self.classes == which] if nr in seen]
            axis.add_collection(PathCollection(paths, facecolor=face, edgecolor="white", lw=0.6, hatch=hatch, **FLAT))
        own = {"facecolor": OWN, "alpha": 0.3, "edgecolor": OWN} if self.flows else {"facecolor": "none", "edgecolor": INK}
        axis.add_collection(PathCollection([self.outlines[self.own]], lw=1.6, **own, **FLAT))
        if self.flows:
            self._flows(axis, ends, weights, frame, box)
        else:
            self._names(axis, frame, box)

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
        names_beside(axis, np.vstack([home, ends]), [self.name, *labels], box.size, home)

    def _names(self, axis, frame, box):
        places = {nr: middle(self.outlines[nr]) for nr in dict.fromkeys([self.own, *self._others.index])}
        inside = [nr for nr, place in places.items() if ((place > frame[0]) & (place < frame[1])).all()]
        at = np.array([places[nr] for nr in inside])
        texts = [
            f"{self.rows.at[nr, 'name']} {self.written(self.rows.at[nr, self.value[0]])}" if nr in self.rows.index else self.name
            for nr in inside
        ]
        axis.scatter(*at.T, s=9, color=INK, edgecolor="white", lw=0.6, zorder=5)
        names_beside(axis, at, texts, box.size)

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
        counts = ", ".join(f"{text}: {number(int((self.classes == which).sum()))}" for which, text in self.named.items())
        return _("{name} og {value}: {named}.", name=self.name, value=self.value[1].lower(), named=named) + (
            _(" I landet {counts}.", counts=counts) if counts else ""
        )
