"""What a notebook holds: one municipality in one edition, its tables, its figures and its first page."""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import numpy as np
import pandas as pd

import nlib.themes
from nlib.build import regions
from nlib.charts.chart import Answer, Chart, Comparison, Front, Missing
from nlib.charts.html import table_html
from nlib.charts.others import brief
from nlib.core import boundaries, store
from nlib.core.errors import UnknownTable, WrongParameter
from nlib.core.language import at, listed, short_name
from nlib.core.meant import near, question
from nlib.core.translations import _
from nlib.desk.asking import checked, told, wrong
from nlib.desk.genuine import marked

if TYPE_CHECKING:
    import geopandas


def _show_figures() -> None:
    """Let a notebook show a matplotlib Figure as pictures are shown, also one that pyplot has not made."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    from matplotlib.figure import Figure

    try:
        shell.display_formatter.formatters["image/png"].lookup_by_type(Figure)
    except KeyError:
        from IPython.core.pylabtools import select_figure_formats

        select_figure_formats(shell, {"png"})


_show_figures()

WHERE = "nummer eller navn"


class Names(dict):
    """The names of places by number; the number itself where an edition does not have the place."""

    def __missing__(self, number: str) -> str:
        return number


class View:
    """A municipality as its leadership sees it.

    kommune: number or name, of a county too, or the file of a region (`nlib.build.regions`); a whole number has its zeros put
    back, for papermill makes 301 of 0301. edition: its name, the newest where empty; compare: numbers to compare with, the
    edition's comparison group where empty. Figures are asked for by id
    («pendling.trend»): the theme's folder in `nlib.themes` and the function in its `figures.py`. What a figure's function takes
    is found by name: a table of the edition, or one of this object's own facts (`komm_nr`, `name`, `compare`, `earlier`,
    `outlines`, `synthetic`).
    """

    @checked
    def __init__(self, kommune: Annotated[str | int | store.Region, WHERE], edition: str = "", compare: Sequence[str | int] = ()):
        self.edition = store.edition(edition or None)
        if self.edition.outdated:
            raise UnknownTable(
                f"Utgaven {self.edition.name} er bygd av en annen versjon av nlib: kjør nlib build --edition {self.edition.name}, "
                "så bygges den på nytt fra det som er hentet"
            )
        found = kommune if isinstance(kommune, store.Region) else regions.find(self.edition, _number(kommune))
        if isinstance(found, store.Region):
            self.edition, found = regions.edition_of(self.edition, found), found.number
        self.komm_nr = found
        self._tables: dict[str, pd.DataFrame] = {}
        self._made: dict[str, Chart | Missing] = {}
        for name in regions.CODES:
            self.table(name)
        self.register = regions.register(self.edition)
        self.left_out: list[str] = []  # the questions of the report that had nothing to answer with
        self._asked = self.register.compared([_number(number) for number in compare], self.komm_nr)

    def __repr__(self):
        return f"View({self.komm_nr} {self.name}, utgave {self.edition.name})"

    def _repr_html_(self) -> str:
        """Which place and edition it is, for who looks at it in Jupyter."""
        edition = self.edition.name
        names = self.register.current.set_index("komm_nr")["name"]
        counties = self.table("municipalities").set_index("komm_nr")["county"]
        rows = {
            "Nummer": self.komm_nr,
            "Fylke": counties.get(self.komm_nr, ""),
            "Utgave": f"{edition}, med oppdiktede tall" if self.synthetic else edition,
            "Sammenlignes med": listed([short_name(names.get(number, number)) for number in self.compare]),
        }
        return table_html(pd.DataFrame({"Sted": list(rows), self.name: list(rows.values())}), "Stedet og utgaven", {})

    @checked
    def table(self, name: str) -> pd.DataFrame:
        """A table of the edition; read once."""
        if name not in self._tables:
            if not self.edition.holds_table(name):
                from nlib.build import pipeline  # loaded where something is wrong, and not for a page of a municipality

                pipeline.dataset(name)
            self._tables[name] = self.edition.kept(name) if self._standing(name) else _built(self.edition, name)
        return self._tables[name]

    @checked
    def rows(self, name: str) -> pd.DataFrame:
        """The rows of a table that are this place's own; `WrongParameter` where the table is not of places."""
        table = self.table(name)
        if "komm_nr" not in table:
            raise WrongParameter(f'Tabellen {name} har ingen kolonne komm_nr: se nlib.describe("{name}")')
        return table[table["komm_nr"] == self.komm_nr].reset_index(drop=True)

    def _standing(self, name: str) -> bool:
        """Whether a table is read as it stands; those of a region are built when they are asked for."""
        return not self.edition.regions or self.edition.holds_table(name)

    @property
    def name(self) -> str:
        current = self.register.current
        return current.loc[current["komm_nr"] == self.komm_nr, "name"].iloc[0]

    @cached_property
    def names(self) -> dict[str, str]:
        """The short name of each municipality by number, as figures and sentences have them."""
        municipalities = self.table("municipalities")
        own = municipalities["komm_nr"] == self.komm_nr  # on its own page «Herøy» is no other
        short = municipalities["name"].map(short_name).mask(own, lambda names: names.map(brief))
        return Names(zip(municipalities["komm_nr"], short, strict=True))

    @property
    def synthetic(self) -> bool:
        """Whether some of the edition's figures are invented."""
        return self.edition.synthetic

    @property
    def compare(self) -> list[str]:
        """The numbers it is compared with, never itself."""
        return [number for number in self._asked if number != self.komm_nr] if self._asked else self._alike

    @cached_property
    def _alike(self) -> list[str]:
        """Its comparison group."""
        groups = self.table("comparison_groups")
        return groups.loc[groups["komm_nr"] == self.komm_nr].sort_values("position")["compare_nr"].tolist()

    @property
    def compared(self) -> Comparison:
        """Whom it is compared with, by name, and what lets the reader of a page choose others."""
        names = self.table("municipalities").set_index("komm_nr")["name"].map(short_name)
        shown = tuple(names[number] for number in self.compare if number in names.index)
        if self.edition.regions:
            return Comparison(shown)
        offered = importlib.import_module("nlib.themes.rapport.choice")
        municipalities = self.table("municipalities")
        near = _neighbours(self.edition, *self.edition.digests("boundaries")).get(self.komm_nr, ())
        groups = offered.groups(municipalities, self._alike, near, self.komm_nr)
        choice = offered.choice(self.table("facts"), self.table("developments"), municipalities, self.compare, self.komm_nr)
        return Comparison(shown, groups, choice | {"groups": {name: numbers for name, _, numbers in groups}})

    @cached_property
    def earlier(self) -> pd.DataFrame | None:
        """The facts of the edition before this one, its name in `edition`; None where there is none, or it has none."""
        before = self.edition.before
        return before.kept("facts").assign(edition=before.name) if before and before.holds_table("facts") else None

    @cached_property
    def outlines(self) -> dict:
        """The outline of each municipality, by number."""
        if not self._standing("boundaries"):
            return boundaries.paths(self.table("boundaries"))
        return _outlines(self.edition, *self.edition.digests("boundaries"))

    def boundaries(self) -> "geopandas.GeoDataFrame":
        """The outlines of all municipalities as geopandas has them, with their names; see `nlib.core.boundaries.frame`.

        >>> outlines = nlib.view("Lørenskog").boundaries()
        >>> len(outlines), outlines.crs.to_epsg()
        (357, 25833)
        """
        outlines = boundaries.frame(self.table("boundaries"))
        names = self.table("municipalities")[["komm_nr", "name"]]
        return outlines.merge(names, on="komm_nr", how="left", validate="1:1")[["komm_nr", "name", "shared", "geometry"]]

    @cached_property
    def figures(self) -> "Figures":
        """Every figure there is, by id: `view.figures["pendling.trend"]` is `view.figure("pendling.trend")`, and Tab completes."""
        return Figures(self)

    @checked
    def figure(self, id: str, **assumptions) -> Chart | Missing:
        """The figure with this id, drawn from this municipality's figures; `Missing` tells why where it cannot be.

        assumptions: what the notebook's user has set, by the names that the figure's function has for them; also a table of one's
        own in place of the edition's, with all its columns: `view.figure("pendling.partners", commuting_flows=flows)`; or what is
        worked out for this place, by year: `view.figure("pendling.trend", commuting=shares)`.
        """
        theme, __, name = id.partition(".")
        drawn = figures(theme) if theme in _with("figures") else {}
        if name not in drawn:
            own = [f"{theme}.{figure}" for figure in drawn]
            every = f"Velg blant: {', '.join(own)}" if own else "view.figures lister alle."
            like = [f"{theme}.{each}" for each in near(name, drawn)] if drawn else near(id, figure_ids())
            raise UnknownTable(f"Figuren «{id}» finnes ikke. {question(like, every)}")
        _taken(drawn[name], assumptions)
        given = {table: self._put_in(table, value) for table, value in assumptions.items() if isinstance(value, pd.DataFrame)}
        if own := [table for table, frame in given.items() if frame is not self.table(table)]:
            made = self._call(drawn[name], assumptions | given)
            if isinstance(made, Missing):
                return made
            return replace(made, source=_("{source}. Tegnet av en egen utgave av {tables}", source=made.source, tables=listed(own)))
        assumptions = {name: value for name, value in assumptions.items() if name not in given}
        asked = f"{id} {self.compare} {sorted(assumptions.items())}"
        if asked not in self._made:
            self._made[asked] = self._call(drawn[name], assumptions)
        made = self._made[asked]  # a first page asks for figures that the page shows later: they are made once
        if isinstance(made, Missing):
            return made
        of_all = isinstance(made, Chart) and made.of_all
        return replace(made, table=made.table.copy(deep=False), place="" if of_all else self.name)

    def _put_in(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """The table that a frame is given for, with what the frame has; the edition's own where that is nothing else.

        A frame with all its columns stands for the whole table. One with some of them, whose index tells which of this place's own
        rows it is of (`year`, or `year` and `area`; without a year, of the latest), takes their places in these.
        """
        table, keys = self.table(name), set(frame.index.names)
        if set(table) <= set(frame) or not keys <= set(table) or "komm_nr" not in table:
            _stands_for(frame, name, table)
            same = frame is table or frame.equals(table) or ("komm_nr" in table and frame.equals(self.rows(name)))
            return table if same else frame
        own = table[table["komm_nr"] == self.komm_nr]
        if "year" in table and "year" not in keys:
            own = own[own["year"] == own["year"].max()]
        return _with_values(table, own, frame.dropna(how="all"), name)

    @checked
    def front(self, theme: str, **assumptions) -> Front:
        """The first page of a theme: key figures and findings; `assumptions` as for a figure."""
        return self._call(_module(theme, "text").front, assumptions)

    @checked
    def answer(self, name: str, **assumptions) -> Answer:
        """The report's answer to a question, with its figure; empty where there are no figures to answer with (see `left_out`)."""
        known = _module("rapport", "text").QUESTIONS
        if name not in known:
            raise UnknownTable(
                f"Spørsmålet «{name}» finnes ikke. {question(near(name, known), f'Velg blant: {listed(list(known))}')}"
            )
        answer = self._call(known[name], assumptions)
        chart = self.figure(answer.figure, **answer.assumptions) if answer.figure and answer.sentences else None
        named = answer.question.format(name=(place := short_name(self.name)), at=at(place))
        if not answer.sentences:
            self.left_out.append(named)
        return replace(answer, question=named, chart=None if isinstance(chart, Missing) else chart)

    def _call(self, function, assumptions):
        """The function on what it names: assumptions, own facts and tables; a table with a default may be missing."""
        parameters = inspect.signature(function).parameters
        _taken(function, assumptions)
        given = dict(assumptions)
        for name, parameter in parameters.items():
            if name in given:
                if isinstance(given[name], pd.DataFrame):
                    _stands_for(given[name], name, self.table(name))
                continue
            if hasattr(self, name):
                given[name] = getattr(self, name)
            elif parameter.default is inspect.Parameter.empty or self._there(name):
                given[name] = self.table(name)
        if not self.synthetic:
            return function(**given)
        return marked(function, given, self._real_of(given, parameters))

    def _there(self, name: str) -> bool:
        """Whether the edition has the table, or makes it for its regions."""
        if self.edition.holds_table(name) or not self.edition.regions:
            return self.edition.holds_table(name)
        from nlib.build import pipeline  # what makes tables; a page of a municipality does without

        return name in pipeline.datasets()

    def _real_of(self, given, parameters):
        """What a function is given, without what is invented; nor a table that may be left out, where all of it is so."""
        real = dict(given)
        for name in [name for name, value in given.items() if isinstance(value, pd.DataFrame)]:
            invented = self.edition.invented(name)
            if invented.whole and parameters[name].default is not inspect.Parameter.empty:
                del real[name]
            elif invented.any:
                real[name] = self._real(name)
        return real

    def _real(self, name: str) -> pd.DataFrame:
        """A table of the edition without what rests on invented figures."""
        if self._standing(name):
            return self.edition.kept(name, real=True)
        return self.edition.invented(name).left(self.table(name))


@checked
def view(kommune: Annotated[str | int, WHERE], edition: str = "", compare: str | Sequence[str | int] = ()) -> View:
    """A municipality, by number or name, with its figures as the reports draw them.

    >>> nlib.view("Lørenskog").figure("pendling.trend").figure().get_size_inches().round(2).tolist()
    [7.2, 3.94]

    `.figure(id)` gives a `Chart`, and its `.figure()` a matplotlib Figure to change further; `.figure("<TAB>` completes the ids.
    """
    return View(kommune, edition, (compare,) if isinstance(compare, str) else tuple(compare))


def _number(given: str | int) -> str:
    """A municipality's number, or that of a county, as text with its zeros, where it is given as a whole number."""
    return given if isinstance(given, str) else f"{given:0{2 if given < 100 else 4}}"


def _stands_for(frame: pd.DataFrame, name: str, table: pd.DataFrame) -> None:
    """`WrongParameter` where a frame lacks a column of the table that it is given for, or has no numbers where that has."""
    if lacking := set(table) - set(frame):
        some = (
            " (med bare noen av dem: sett år, og det ellers som skiller radene fra hverandre, som indeks)"
            if "year" in table
            else ""
        )
        raise WrongParameter(f"Tabellen som gis i stedet for {name}, mangler kolonnene {', '.join(sorted(lacking))}{some}")
    numbers = [column for column in table if pd.api.types.is_numeric_dtype(table[column])]
    if other := [column for column in numbers if not pd.api.types.is_numeric_dtype(frame[column])]:
        raise WrongParameter(f"Tabellen som gis i stedet for {name}, har ikke tall i kolonnen {other[0]}")


def _with_values(table: pd.DataFrame, own: pd.DataFrame, frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table with the values of a frame in some of its own rows, those that its index tells; itself where it has them already.

    `WrongParameter` for a column or a row that the table does not have, and where the index does not tell rows apart.
    """
    if strange := [column for column in frame if column not in table]:
        raise WrongParameter(f"Tabellen {name} har ikke kolonnen {strange[0]}. {question(near(strange[0], table))}".rstrip())
    if text := [column for column in frame if not pd.api.types.is_numeric_dtype(frame[column])]:
        raise WrongParameter(f"Det som gis for {name}, har ikke tall i kolonnen {text[0]}")
    keys = list(frame.index.names)
    labels = pd.Series(own.index, own.set_index(keys).index)
    if labels.index.has_duplicates or frame.index.has_duplicates:
        raise WrongParameter(
            f"{' og '.join(keys)} skiller ikke radene i {name} fra hverandre: ta flere av kolonnene med i indeksen"
        )
    at = labels.reindex(frame.index)
    if at.isna().any():
        raise WrongParameter(f"Tabellen {name} har ingen rad for {' og '.join(keys)} = {frame.index[at.isna()][0]}")
    changed = {}
    for column, values in frame.astype("Float64").set_axis(at.astype(table.index.dtype)).items():
        before = table.loc[values.index, column].to_numpy(float, na_value=np.nan)
        if not np.allclose(before, values.to_numpy(float, na_value=np.nan), rtol=1e-9, atol=1e-9, equal_nan=True):
            kind = table[column].dtype
            parts = pd.api.types.is_integer_dtype(kind) and bool((values % 1).any())
            new = table[column].astype("Float64").mask(table.index.isin(values.index), values)
            changed[column] = new if parts else new.astype(kind)
    return table.assign(**changed) if changed else table


def _taken(function, assumptions: dict) -> None:
    """`WrongParameter` for what a figure, a first page or an answer does not take, or not as it is given."""
    parameters = inspect.signature(function).parameters
    called = f"{function.__module__.removeprefix('nlib.themes.')}.{function.__name__}"
    for name, value in assumptions.items():
        if name not in parameters:
            meant = question(near(name, parameters), f"Den tar {listed(list(parameters))}.")
            raise WrongParameter(f"{called} tar ikke imot {name}. {meant}")
        if must := wrong(value, parameters[name].annotation):
            raise WrongParameter(f"{called}: {name} må være {must}, ikke {told(value)}")


class Figures:
    """The figures of a municipality by id («pendling.trend»), each drawn when it is asked for."""

    def __init__(self, view: View):
        self._view = view

    def __getitem__(self, id: str) -> Chart | Missing:
        return self._view.figure(id)

    def __iter__(self) -> Iterator[str]:
        return iter(figure_ids())

    def __repr__(self):
        return "\n".join(self)

    def _ipython_key_completions_(self):
        return list(self)


def themes() -> list[str]:
    """The themes that have figures and a first page."""
    return _with("text")


def figure_ids() -> list[str]:
    """Every figure there is, «pendling.trend» and the like."""
    return [f"{theme}.{name}" for theme in themes() for name in figures(theme)]


def needs(theme: str) -> set[str]:
    """What the figures and the first page of a theme take, by name: tables, and facts of the view."""
    text = _module(theme, "text")
    asked = text.QUESTIONS.values() if hasattr(text, "QUESTIONS") else [text.front]
    functions = [*figures(theme).values(), *asked]
    return {name for function in functions for name in inspect.signature(function).parameters}


def answers(name: str) -> tuple[list[str], set[str]]:
    """The themes that the report's answer to a question is of, its figure's too, and what it takes, by name."""
    asked = _module("rapport", "text").QUESTIONS.get(name)
    if asked is None:
        return ["rapport"], set()
    theme, _, figure = asked.figure.partition(".")
    functions = [asked, *([figures(theme)[figure]] if theme else [])]
    taken = {name for function in functions for name in inspect.signature(function).parameters}
    return [*dict.fromkeys(["rapport", *([theme] if theme else [])])], taken


def _built(edition: store.Edition, name: str) -> pd.DataFrame:
    """A table of a region, built now with what it is made of; a page never comes here, for its edition is built before."""
    from nlib.build import pipeline

    return pipeline.of_regions(edition, name)


@lru_cache(maxsize=2)
def _outlines(edition: store.Edition, digest: str) -> dict:
    return boundaries.paths(edition.kept("boundaries"))


@lru_cache(maxsize=2)
def _neighbours(edition: store.Edition, digest: str | None) -> dict[str, tuple[str, ...]]:
    if not edition.holds_table("boundaries"):
        return {}
    return importlib.import_module("nlib.themes.rapport.choice").neighbours(edition.kept("boundaries"))


def figures(theme: str) -> dict:
    """The figures of a theme by name: what its module declares (`nlib.charts.chart.figure`)."""
    module = _module(theme, "figures")
    return {
        name: made for name, made in sorted(vars(module).items()) if hasattr(made, "heading") and made.__module__ == module.__name__
    }


def _with(part: str) -> list[str]:
    """The themes that have a module of this name, `text` or `figures`."""
    return _lying(part, tuple(nlib.themes.__path__))


@lru_cache
def _lying(part: str, folders: tuple[str, ...]) -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(folders) if module.ispkg)
    return [theme for theme in found if any((Path(folder) / theme / f"{part}.py").is_file() for folder in folders)]


def _module(theme: str, part: str) -> ModuleType:
    if theme not in _with(part):
        every = ", ".join(themes())
        raise UnknownTable(f"Temaet «{theme}» finnes ikke. {question(near(theme, themes()), f'Velg blant: {every}')}")
    return importlib.import_module(f"nlib.themes.{theme}.{part}")
