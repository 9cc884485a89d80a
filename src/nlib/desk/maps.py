"""One's own values on the map of today's municipalities."""

from collections.abc import Mapping

import geopandas
import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure

from nlib.charts.style import FILL, OTHER, grammar
from nlib.core import boundaries, store
from nlib.core.errors import UnknownMunicipality, WrongParameter
from nlib.core.language import listed
from nlib.core.meant import near, question

NAMED = 3  # places that an error names


class Map(geopandas.GeoDataFrame):
    """Today's municipalities with a value each; `figure()` draws them."""

    def figure(self) -> Figure:
        """The map coloured by its values, with a scale; those without a value are grey, and an outline that several have, since the
        map is older than a split, is hatched and said to be so."""
        column = self.columns[2]
        with grammar():
            figure = Figure(figsize=(5.2, 6.2), layout="constrained")
            axis = figure.add_subplot()
            own = self.loc[self["komm_nr"].isin(self._on_top).sort_values().index]  # over what is drawn with it
            numbers = pd.api.types.is_numeric_dtype(self[column]) and not pd.api.types.is_bool_dtype(self[column])
            missing = {"color": FILL, "edgecolor": OTHER, "label": "mangler"}
            scale = {"label": column, "shrink": 0.6} if numbers else None
            shown = {"cmap": "cividis_r", "legend_kwds": scale} if numbers else {"categorical": True}
            own.plot(column, ax=axis, legend=True, linewidth=0.2, edgecolor="white", missing_kwds=missing, **shown)
            if together := self.shared:
                own[own["outline"].isin(together)].plot(ax=axis, facecolor="none", edgecolor=OTHER, hatch="/////", linewidth=0.4)
                figure.supxlabel("\n".join(together.values()), fontsize=7)
            axis.set_axis_off()
        return figure

    @property
    def _on_top(self) -> pd.Series:
        """Whose colour each outline has: its own municipality's, or another's with a value where that one has none."""
        known = self[self.columns[2]].notna()
        order = self.assign(known=known, own=self["outline"] == self["komm_nr"]).sort_values(["known", "own"])
        return order.groupby("outline")["komm_nr"].last()

    @property
    def shared(self) -> dict[str, str]:
        """Of each outline that several municipalities have: what a reader must know of it."""
        names = self._on_top.map(self.set_index("komm_nr")["name"])
        having = self.groupby("outline")["name"].agg(list)
        return {
            number: f"Skravert: {listed(found)} har ett omriss i kartet, som er fra før delingen. Fargen gjelder {names[number]}."
            for number, found in having[having.str.len() > 1].items()
        }


def on_map(values: pd.Series, edition: str, names: Mapping[str, str]) -> Map:
    """A row for each of the edition's municipalities: `komm_nr`, `name`, the value, `outline`, `geometry`.

    names: numbers by every way of writing a municipality's name. `WrongParameter` where it is not one value a municipality.
    """
    if values.dropna().empty:
        raise WrongParameter(
            "nlib.map tar én verdi for hver kommune: en pandas Series med kommunen som indeks, for eksempel "
            'nlib.map(tabell.query("year == 2021").set_index("komm_nr")["out_pct"])'
        )
    if pd.api.types.is_bool_dtype(values):
        values = values.map({True: "ja", False: "nei"})
    numbers = pd.to_numeric(values, errors="coerce")
    if np.isinf(numbers).any() or (pd.api.types.is_string_dtype(values) and numbers.notna().any()):
        raise WrongParameter("nlib.map tar tall, ikke uendelig (inf) eller tall skrevet som tekst: pd.to_numeric gjør dem om")
    chosen = store.edition(edition or None)
    places = chosen.kept("municipalities").sort_values("komm_nr", ignore_index=True)[["komm_nr", "name"]]
    found = [_number(each, set(places["komm_nr"]), names) for each in values.index]
    if twice := sorted({number for number in found if found.count(number) > 1}):
        raise WrongParameter(f"Kommunen {twice[0]} har mer enn én verdi: velg ett år, eller ett tall, først")
    called = str(values.name) if values.name not in (None, *places, "outline", "geometry") else "value"
    drawn = chosen.kept("boundaries")
    shapes = pd.Series(shapely.from_wkb(drawn["geometry"]), drawn["komm_nr"])
    of = dict(zip(drawn["komm_nr"], drawn["komm_nr"], strict=True))
    of |= {part: number for number, also in zip(drawn["komm_nr"], drawn["also"], strict=True) for part in also.split()}
    outline = places["komm_nr"].map(of)
    content = places.assign(**{called: places["komm_nr"].map(pd.Series(values.to_numpy(), found)), "outline": outline})
    made = Map(content, geometry=list(outline.map(shapes)), crs=boundaries.CRS)
    made.attrs = dict(values.attrs)
    return made


def _number(written, known: set[str], names: Mapping[str, str]) -> str:
    text = f"{written:.0f}" if isinstance(written, float) else str(written)
    if (number := text.zfill(4) if text.isdigit() else names.get(text, "")) in known:
        return number
    counting = text.isdigit() and len(text) < 3  # the rows, and not municipalities
    old = "Gjelder tallene gamle kommuner, gjør nlib.to_today dem om først"
    todo = 'Kommunen må være indeks: tabell.set_index("komm_nr")["kolonnen"]' if counting else old
    like = question((f"{name} ({names[name]})" for name in near(text, names, NAMED)), todo)
    raise UnknownMunicipality(f"«{text}» er ikke en av dagens kommuner. {like}")
