"""What a notebook holds: one municipality in one edition, its tables, its figures and its first page."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import get_args, get_type_hints

import pandas as pd

import nlib.figures
import nlib.findings
from nlib import boundaries, store
from nlib.errors import UnknownTable, WrongParameter
from nlib.figures.chart import Chart, Front, Listing, Missing
from nlib.municipalities import Register

SECTIONS = {Chart, Listing, Missing}


class View:
    """A municipality as its leadership sees it.

    kommune: number or name; edition: its name, the newest where empty; compare: numbers to compare with, the edition's
    comparison group where empty. Figures are asked for by id («pendling.trend»): the module of `nlib.figures` and the
    function in it. What a figure's function takes is found by name: a table of the edition, or one of this object's own
    facts (`komm_nr`, `name`, `compare`, `earlier`, `outlines`, `synthetic`).
    """

    def __init__(self, kommune: str, edition: str = "", compare: list[str] | tuple[str, ...] = ()):
        if not isinstance(kommune, str):
            raise WrongParameter(f'Parameteren kommune må være tekst, for eksempel "0301", ikke {kommune!r}')
        if isinstance(compare, str):
            raise WrongParameter(f'Parameteren compare må være en liste, for eksempel ["0301"], ikke {compare!r}')
        self.edition = store.edition(edition or None)
        self._tables: dict[str, pd.DataFrame] = {}
        self.register = _register(self.edition, *self.edition.digests("municipality_codes", "municipality_changes"))
        self.komm_nr = self.register.find(kommune)
        self._asked = [self.register.find(number) for number in compare]

    def __repr__(self):
        return f"View({self.komm_nr} {self.name}, utgave {self.edition.name})"

    def table(self, name: str) -> pd.DataFrame:
        """A table of the edition; read once."""
        if name not in self._tables:
            self._tables[name] = self.edition.kept(name)
        return self._tables[name]

    @property
    def name(self) -> str:
        current = self.register.current
        return current.loc[current["komm_nr"] == self.komm_nr, "name"].iloc[0]

    @property
    def synthetic(self) -> bool:
        return self.edition.synthetic

    @property
    def compare(self) -> list[str]:
        """The numbers it is compared with, never itself."""
        if self._asked:
            return [number for number in self._asked if number != self.komm_nr]
        groups = self.table("comparison_groups")
        return groups.loc[groups["komm_nr"] == self.komm_nr].sort_values("position")["compare_nr"].tolist()

    @cached_property
    def earlier(self) -> pd.DataFrame | None:
        """The headline figures of the edition before this one, its name in `edition`; None where there is none, or it has none."""
        before = self.edition.before
        if before is None or not before.holds_table("headline_figures"):
            return None
        return before.kept("headline_figures").assign(edition=before.name)

    @cached_property
    def outlines(self) -> dict:
        """The outline of each municipality, by number."""
        return _outlines(self.edition, *self.edition.digests("boundaries"))

    @cached_property
    def figures(self) -> "Figures":
        """Every figure there is, by id: `view.figures["pendling.trend"]` is `view.figure("pendling.trend")`, and Tab completes."""
        return Figures(self)

    def figure(self, id: str, **assumptions) -> Chart | Missing:
        """The figure with this id, drawn from this municipality's figures; `Missing` tells why where it cannot be.

        assumptions: what the notebook's user has set, by the names that the figure's function has for them.
        """
        theme, _, name = id.partition(".")
        drawn = figures(theme)
        if name not in drawn:
            raise UnknownTable(f"Figuren «{id}» finnes ikke. Velg blant: {', '.join(f'{theme}.{n}' for n in drawn)}")
        return self._call(drawn[name], assumptions)

    def front(self, theme: str, **assumptions) -> Front:
        """The first page of a theme: key figures and findings; `assumptions` as for a figure."""
        return self._call(_module(nlib.findings, theme).front, assumptions)

    def _call(self, function, assumptions):
        """The function on what it names: assumptions, own facts and tables; a table with a default may be missing."""
        parameters = inspect.signature(function).parameters
        if unknown := assumptions.keys() - parameters.keys():
            raise WrongParameter(f"{function.__module__}.{function.__name__} tar ikke imot {', '.join(sorted(unknown))}")
        given = dict(assumptions)
        for name, parameter in parameters.items():
            if name in given:
                continue
            if hasattr(self, name):
                given[name] = getattr(self, name)
            elif parameter.default is inspect.Parameter.empty or self.edition.holds_table(name):
                given[name] = self.table(name)
        return function(**given)


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
    return [module.name for module in pkgutil.iter_modules(nlib.findings.__path__)]


def figure_ids() -> list[str]:
    """Every figure there is, «pendling.trend» and the like."""
    return [f"{theme}.{name}" for theme in themes() for name in figures(theme)]


def needs(theme: str) -> set[str]:
    """What the figures and the first page of a theme take, by name: tables, and facts of the view."""
    functions = [*figures(theme).values(), _module(nlib.findings, theme).front]
    return {name for function in functions for name in inspect.signature(function).parameters}


@lru_cache(maxsize=2)
def _register(edition: store.Edition, codes: str, changes: str) -> Register:
    """One for all views of an edition, as long as the two tables are the same (their digests)."""
    return Register(edition.kept("municipality_codes"), edition.kept("municipality_changes"))


@lru_cache(maxsize=2)
def _outlines(edition: store.Edition, digest: str) -> dict:
    return boundaries.paths(edition.kept("boundaries"))


def figures(theme: str) -> dict:
    """The figures of a theme by name: the public functions of its module that give a `Chart`, a `Listing` or `Missing`."""
    module = _module(nlib.figures, theme)
    own = inspect.getmembers(module, lambda f: inspect.isfunction(f) and f.__module__ == module.__name__)
    return {name: f for name, f in own if not name.startswith("_") and "komm_nr" in inspect.signature(f).parameters and _draws(f)}


def _draws(function) -> bool:
    """Whether what a function says that it gives is a section of a page."""
    given = get_type_hints(function).get("return")
    return not SECTIONS.isdisjoint(get_args(given) or (given,))


def _module(package, theme):
    themes = [module.name for module in pkgutil.iter_modules(package.__path__)]
    if theme not in themes:
        raise UnknownTable(f"Temaet «{theme}» finnes ikke. Velg blant: {', '.join(themes)}")
    return importlib.import_module(f"{package.__name__}.{theme}")
