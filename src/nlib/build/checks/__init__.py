"""Rules that stop wrong figures: between tables, inside a series, and between editions; run by every build.

What one table can say of itself (keys, types, ranges) is in its contract. A rule is a function in a module here, declared by `rule`
with the tables it needs; it is found by that.
"""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from nlib.core.errors import WrongUse
from nlib.core.tables import Dataset

Tables = Mapping[str, pd.DataFrame]
EXAMPLES = 5  # rows of a breach that are written out, the largest deviations


@dataclass(frozen=True)
class Given:
    """What rules are asked of: the tables of an edition, those of the edition before (none where there is none), what each table
    declares of itself, the tables of files by hand (which may hold a part), and rows that a source lacks, by table."""

    now: Tables
    before: Tables = field(default_factory=dict)
    declared: Mapping[str, Dataset] = field(default_factory=dict)
    in_part: Collection[str] = ()
    absent: Tables = field(default_factory=dict)

    def declares(self, name: str, what: str):
        """What a table declares of itself (`partial`, `ahead`, `volatile`); nothing where it is not known."""
        return getattr(self.declared.get(name), what, ())

    def breaks(self, name: str) -> set[int]:
        """The years from which a table is not measured as before."""
        raws = self.declared[name].raws if name in self.declared else ()
        return {year for raw in raws for year in raw.breaks}


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold: the table, and the rows that break it, the largest deviations first."""

    rule: str
    table: str
    rows: pd.DataFrame

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def examples(self) -> tuple[str, ...]:
        head = self.rows.head(EXAMPLES).to_dict("records")
        return tuple(", ".join(f"{key} {_written(value)}" for key, value in row.items()) for row in head)

    def __str__(self):
        more = f" og {self.count - EXAMPLES} til" if self.count > EXAMPLES else ""
        return f"{self.rule} ({self.table}): {'; '.join(self.examples)}{more}"


def _written(value) -> str:
    return f"{value:.4g}" if isinstance(value, float) and not value.is_integer() else str(value)


@dataclass(frozen=True)
class Check:
    """A rule: its name, what it says in bokmål, the tables it needs, and a function from what is given to rows that break it."""

    name: str
    title: str
    needs: tuple[str, ...]
    rows: Callable[[Given], Iterable[tuple[str, pd.DataFrame]]]


def rule(name: str, title: str, needs: tuple[str, ...] = ()):
    """Declare a function as a rule: it gives (table, frame of the rows that break it) pairs."""

    def declared(rows):
        rows.check = Check(name, title, needs, rows)
        return rows

    return declared


@cache
def checks() -> tuple[Check, ...]:
    """Every rule there is, in the order of their modules and names."""
    found: dict[str, Check] = {}
    for module in pkgutil.iter_modules(__path__, __name__ + "."):
        for function in vars(importlib.import_module(module.name)).values():
            check = getattr(function, "check", None)
            if isinstance(check, Check) and found.setdefault(check.name, check) is not check:
                raise TypeError(f"two rules are called {check.name}")
    return tuple(found.values())


def run(given: Given) -> list[Breach]:
    """Every breach of every rule whose tables are there."""
    return [
        Breach(check.name, table, rows)
        for check in checks()
        if set(check.needs) <= set(given.now)
        for table, rows in check.rows(given)
        if len(rows)
    ]


class Accepted:
    """What a user has accepted: rules, `RULE`, `RULE:KOMMUNE` or `RULE:KOMMUNE:YEAR`, and no more than they name.

    find: from a municipality's number or name to its number. `WrongUse` where there is no such rule or year.
    """

    def __init__(self, specs: Iterable[str], find: Callable[[str], str]):
        self.specs: dict[str, tuple[str, str | None, int | None]] = {}
        names = [check.name for check in checks()]
        for spec in specs:
            name, _, rest = spec.partition(":")
            place, _, year = rest.partition(":")
            if name not in names:
                raise WrongUse(f"Ingen regel heter {name}. Velg blant: {', '.join(names)}")
            if year and not year.isdigit():
                raise WrongUse(f"«{spec}»: skriv REGEL, REGEL:KOMMUNE eller REGEL:KOMMUNE:ÅR, med året som fire siffer")
            self.specs[spec] = (name, find(place) if place else None, int(year) if year else None)

    def separated(self, breaches: list[Breach]) -> tuple[list[Breach], dict[str, str]]:
        """The breaches that are left, and what each accepted spec let through, by spec."""
        left: list[Breach] = []
        through: dict[str, str] = {}
        for breach in breaches:
            rows = breach.rows
            for spec, (name, number, year) in self.specs.items():
                if name == breach.rule:
                    named = self._named(rows, number, year)
                    if named.any():
                        text = str(Breach(breach.rule, breach.table, rows[named]))
                        through[spec] = "; ".join(filter(None, [through.get(spec), text]))
                    rows = rows[~named]
            if len(rows):
                left.append(Breach(breach.rule, breach.table, rows))
        return left, through

    @staticmethod
    def _named(rows: pd.DataFrame, number: str | None, year: int | None) -> pd.Series:
        named = pd.Series(True, index=rows.index)
        if number is not None:
            named &= rows["komm_nr"].eq(number) if "komm_nr" in rows else False
        if year is not None:
            named &= rows["year"].eq(year) if "year" in rows else False
        return named
