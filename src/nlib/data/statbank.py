"""A StatBank table as it is declared, once, for four uses: the query of a fetch, the reader of its answers, the way to today's
municipalities, and the form in which the synthetic country writes its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import Register, komm_nr
from nlib.core.tables import REGISTERS, SSB, Counts, Dataset, Hole, PxQuery, Raw, built
from nlib.data.readers import jsonstat

EITHER = "0"  # of a variable that this copy of a table does not have, and so sums over
SINCE_1994 = ("199[4-9]", "2???")  # of years: KLASS tells of no numbers that ended before
PLACES = ("komm_nr", "home_nr", "work_nr")  # our key columns of municipality numbers
MUNICIPALITIES = ("[0-9][0-9][0-9][0-9]",)  # what is asked for of them: not counties, the country, or parts of municipalities


@dataclass(frozen=True)
class StatBank:
    """A table of SSB's StatBank, or a part of it.

    keys: variable -> our key column, the municipality first; `Tid` becomes `year` by itself
    contents: code of `ContentsCode` -> our column
    values: variable of `keys` -> {its code: our value}; other codes (totals) are not read. Without it codes stand as they are.
    named: the variables (`ContentsCode` too) whose codes are not known here; they are asked for and read by what SSB calls them
    codes: variable (`Tid` too) -> patterns of the codes that are asked for, where it is not those of `values`, every municipality
        (of a variable of `PLACES`), or else all. `*` is any signs, `?` one, `[0-9]` a digit
    only: variable -> the one code that is asked for, of a variable that is no key
    if_there: variables that are asked for where the table has them
    quarter: the quarter that stands for the year, such as `K4`, of a table by quarter that counts from New Year
    day: when in a year the figures hold
    through: the figures are of what happened from `day` to the same day of the next year
    closed: the producer has closed the table, and what stands in it is wanted all the same
    first_year, breaks: the producer's first year, and the years from which figures are no longer measured as before, with why
    holes: figures that SSB is known not to have
    """

    table: str
    title: str
    contents: Mapping[str, str]
    keys: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    if_there: tuple[str, ...] = ()
    quarter: str = ""
    day: str = "12-31"
    through: bool = False
    first_year: int | None = None
    breaks: Mapping[int, str] = field(default_factory=dict)
    holes: tuple[Hole, ...] = ()
    optional: bool = True
    closed: bool = False

    @property
    def query(self) -> PxQuery:
        """What is asked for: every key, the contents, every year."""
        asked = {variable: self.codes.get(variable, self._own_codes(variable)) for variable in self.keys}
        asked |= {variable: (code,) for variable, code in self.only.items()}
        asked |= {"ContentsCode": self._own_codes("ContentsCode"), "Tid": self.codes.get("Tid", (f"*{self.quarter}",))}
        labels = {variable: tuple(self._values(variable)) for variable in self.named}
        numbers = tuple(variable for variable, ours in self.keys.items() if ours in PLACES)
        return PxQuery(self.table, asked, {}, self.if_there, labels, numbers, self.closed, self.through)

    def _values(self, variable: str) -> Mapping[str, str]:
        return self.contents if variable == "ContentsCode" else self.values.get(variable, {})

    def _own_codes(self, variable: str) -> tuple[str, ...]:
        if self.keys.get(variable) in PLACES:
            return MUNICIPALITIES
        return tuple(self._values(variable)) if variable not in self.named and self._values(variable) else ("*",)

    def raw(self, figures: str = "", years: str | None = "employment_years") -> Raw:
        """The source. `figures` and `years` name what of a `nlib.data.synthetic.Norway` gives its wide frames, with our names: one
        for each of the years, which is an answer, or one in all where `years` is None. Without them it has no synthetic figures.
        The years in which they are SSB's own are those that the country says are known.
        """

        def synthetic(norway) -> list[bytes]:
            draw = getattr(norway, figures)
            if years is None:
                return [self.answer(draw(), norway.updated)]
            asked = (year for year in getattr(norway, years) if year >= (self.first_year or 0))
            return [self.answer(draw(year).assign(year=year), norway.updated) for year in asked]

        return Raw(
            name=f"ssb_{self.table}",
            producer=SSB,
            table=self.table,
            title=self.title,
            page=f"https://www.ssb.no/statbank/table/{self.table}",
            query=self.query,
            read=partial(jsonstat.read, named=self.named),
            synthetic=synthetic if figures else None,
            known=lambda norway: norway.known_years.get(figures, ()),
            optional=self.optional,
            first_year=self.first_year,
            breaks=self.breaks,
            holes=self.holes,
            absent=self.absent if PLACES[0] in self.keys.values() else None,
        )

    @property
    def figures(self) -> tuple[str, ...]:
        """Our columns of figures."""
        return tuple(self.contents.values())

    def dataset(self, raw: Raw, name: str, title: str, schema, build=None, *, zeros: bool = True, key=(), needs=(), **more):
        """The `Dataset` made of the source and the register of municipalities, by place, year and other keys in its contract.

        Without a `build` it is `today` where the contract is one of counts, else `followed`. zeros: rows of nothing but 0 are kept.
        """
        place, *others = self.keys.values()
        own = (place, "year", *(column for column in others if column in schema.__annotations__))
        carried = self.today if issubclass(schema, Counts) else self.followed

        def whole(*inputs: pd.DataFrame) -> pd.DataFrame:
            table = carried(*inputs)
            return table if zeros else table[~(table[[*self.figures]] == 0).fillna(False).all(axis=1)]

        return Dataset(name, title, key or own, schema, needs or (raw, *REGISTERS), build or built(schema, whole), **more)

    def frame(self, raw: pd.DataFrame) -> pd.DataFrame:
        """A row for each key and year, with our names and values; `BadAnswer` where a value that is read by name is not there."""
        absent = [variable for variable in self.if_there if variable not in raw]
        for variable in self.named:
            if missing := self._values(variable).keys() - set(raw[variable].unique()):
                raise BadAnswer(f"Tabell {self.table} mangler {', '.join(sorted(missing))}: nlib må få vite hva de heter nå")
        rows = raw.assign(Tid=raw["Tid"].astype("str").str.removesuffix(self.quarter)) if self.quarter else raw
        for variable in self.values.keys() - set(absent):
            values = self.values[variable]
            rows = rows[rows[variable].isin(values)]
            rows = rows.assign(**{variable: _named(rows[variable], values)})
        wide = jsonstat.wide(rows, {v: ours for v, ours in self.keys.items() if v not in absent}, self.contents)
        wide = wide.assign(**{self.keys[variable]: EITHER for variable in absent})
        return wide[[*self.keys.values(), "year", *self.figures]]

    def absent(self, raw: pd.DataFrame, register: Register) -> pd.DataFrame:
        """The numbers that were valid and have no row in a year that the table has, `komm_nr` and `year`; not the declared holes.

        A year with figures of fewer than half of the numbers is one of those there are figures for. A number whose figures stand
        under one that came later, as where SSB sums the past on the numbers of today, is there.
        """
        place = next(variable for variable, ours in self.keys.items() if ours == PLACES[0])
        years = raw["Tid"].astype("str").str[:4]
        there = pd.DataFrame({"komm_nr": komm_nr(raw[place]), "year": years.astype(int)}).dropna().drop_duplicates()
        known = {(hole.number, hole.year) for hole in self.holes}
        gone = []
        for year, numbers in there.groupby("year")["komm_nr"]:
            day, here = f"{year}-{self.day}", set(numbers)
            valid = register.valid(day)
            if len(here & set(valid)) > len(valid) / 2:
                past = [(number, spells[-1][0]) for number in here.difference(valid) if (spells := register.spells(number))]
                later = {end for of in past for end in register.successors(*of)}
                lacking = [number for number in valid if number not in here and later.isdisjoint(register.successors(number, day))]
                gone += [(number, year) for number in lacking if (number, year) not in known]
        return pd.DataFrame(gone, columns=["komm_nr", "year"])

    def today(self, raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
        """Counts on today's municipalities, with `comparable`."""
        register = Register(municipality_codes, municipality_changes)
        carried = register.carry(self.frame(raw), ["komm_nr"], list(self.figures), self.day)
        return carried.merge(register.comparable(carried["year"], self.day), on=["komm_nr", "year"], validate="m:1")

    def followed(self, raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
        """Figures that cannot be added up (key figures, medians) on today's municipalities; those of merged ones are left out."""
        return Register(municipality_codes, municipality_changes).follow(self.frame(raw), self.day)

    def answer(self, figures: pd.DataFrame, updated: str) -> bytes:
        """Wide figures with our names as SSB would answer them; a variable of `if_there` may be missing."""
        keys = {variable: ours for variable, ours in self.keys.items() if ours in figures or variable not in self.if_there}
        columns = {variable: figures[ours].astype("category") for variable, ours in keys.items()}
        columns["Tid"] = (figures["year"].astype("str") + self.quarter).astype("category")
        many, contents = len(self.contents), list(self.figures)
        long = {name: pd.Categorical.from_codes(np.tile(of.cat.codes, many), of.cat.categories) for name, of in columns.items()}
        long["ContentsCode"] = pd.Categorical.from_codes(np.repeat(np.arange(many), len(figures)), contents)
        long |= {"value": np.concatenate([figures[ours].to_numpy(float) for ours in contents])}
        labels = {}
        for variable in (*(self.values.keys() & keys.keys()), "ContentsCode"):
            values = self._values(variable)
            codes = {ours: str(place) if variable in self.named else code for place, (code, ours) in enumerate(values.items(), 1)}
            labels[variable] = {codes[ours]: code for code, ours in values.items()} if variable in self.named else {}
            long[variable] = long[variable].rename_categories(codes)
        dims = [*keys, *self.only, "ContentsCode", "Tid"]
        frame = pd.DataFrame(long).assign(**self.only).astype(dict.fromkeys(self.only, "category"))
        frame = frame.assign(**{dim: frame[dim].cat.set_categories(sorted(frame[dim].unique())) for dim in dims})
        return jsonstat.write(frame, dims, title=self.title, table=self.table, updated=updated, labels=labels)


def _named(column: pd.Series, values: Mapping[str, str]) -> pd.Series:
    """A column of codes, each of them in `values`, with our names for them."""
    places, codes = pd.factorize(column)
    found, names = pd.factorize(pd.Series([values[code] for code in codes], dtype="str"), sort=True)
    return pd.Series(pd.Categorical.from_codes(found[places], names), column.index)
