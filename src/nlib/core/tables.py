"""What a table is: its name, key, contract, inputs and how it is built. Knows no folder, clock or network."""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import signature
from types import SimpleNamespace

import pandas as pd
import pandera.errors
import pandera.pandas as pa
import pandera.typing

from nlib.core.errors import FilesDisagree, InvalidTable
from nlib.core.municipalities import KOMM_NR as KOMM_NR

# pandera asks of each contract whether its columns are dask's, and where dask is installed loads all of it to ask: a third of what
# a command takes to begin. No contract here has such columns; who imports pandera.typing.dask gets it all the same.
vars(pandera.typing).setdefault("dask", SimpleNamespace(DASK_INSTALLED=False))

SSB = "Statistisk sentralbyrå"
KEY = ["komm_nr", "year"]  # of most tables
REGISTERS = ("municipality_codes", "municipality_changes")  # the tables that a `Register` is made of
CC_BY = "CC BY 4.0"
CANNOT_OCCUR, HIDDEN = ".", ":"
MARKS = {  # SSB's, in the place of a figure
    CANNOT_OCCUR: "kan ikke forekomme",
    "..": "finnes ikke eller er for usikkert til å vises",
    "...": "ikke klart ennå",
    HIDDEN: "skjult av hensyn til personvern",
}


@dataclass(frozen=True)
class PxQuery:
    """A selection from a StatBank table (PxWebApi v2).

    `select` holds every variable that is asked for with its value patterns (`*` for all of them);
    a variable of the table that is left out must be one that SSB can sum over (elimination).
    Those in `if_there` are asked for where the table has them. `labels` names, for variables whose codes are not known here,
    what the values that are asked for are called: those and no others. `numbers` are the variables whose codes are municipality
    numbers: of a selection that takes several calls, each asks for those that can have figures of its years. A table that the
    producer has closed is asked for where `closed` says that it is known. Where the figures are `through` the year, one that had
    not ended when the table was updated is not asked for: what stands in it is not of a year.
    """

    table: str
    select: Mapping[str, tuple[str, ...]]
    codelists: Mapping[str, str] = field(default_factory=dict)
    if_there: tuple[str, ...] = ()
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    closed: bool = False
    through: bool = False


@dataclass(frozen=True)
class KlassQuery:
    """Codes, changes of codes, or correspondences to the codes of another (`target`), of a KLASS classification since a day."""

    classification: str
    what: str  # "codes", "changes" or "corresponds"
    since: str  # ISO date
    target: str = ""


@dataclass(frozen=True)
class FileQuery:
    """One file at an address of its own."""

    address: str


@dataclass(frozen=True)
class Imported:
    """Files of one kind that came by hand (`nlib import`), as a table needs them.

    `read` takes the bytes of one file and gives its frame. What the files of an edition tell about one `key` they must tell alike,
    but for the columns in `loose` (how a name is written); `finish`, where there is one, makes the frame that a table is handed.
    `table` is the producer's table number, for a kind that holds many tables (exports from the StatBank).
    `producer` is empty where files of the kind may be anybody's. `synthetic` takes a `nlib.data.synthetic.Norway` and gives a list
    of (file name, bytes).
    """

    kind: str
    title: str
    producer: str
    key: tuple[str, ...]
    read: Callable[[bytes], pd.DataFrame]
    licence: str = ""
    loose: tuple[str, ...] = ()
    finish: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    table: str = ""
    synthetic: Callable | None = None

    @property
    def source(self) -> str:
        """Whose it is and what, for example «SSB, tabell 13472»."""
        producer = "SSB" if self.producer == SSB else self.producer
        return ", ".join(part for part in (producer, f"tabell {self.table}" if self.table else self.title) if part)

    def together(self, files: Sequence[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
        """The rows of these files (name, frame), one under the other in this order; what two of them tell alike is there once.

        `FilesDisagree` names two files that tell the same key differently; a missing figure differs from one that is there.
        """
        name, whole = files[0]
        whole = whole.assign(_file=name)
        for name, frame in files[1:]:
            again, before = self._shared(frame, whole), self._shared(whole, frame)
            columns = [column for column in frame if column not in self.loose]
            mine, theirs = (part[columns].sort_values(columns, ignore_index=True) for part in (frame[again], whole[before]))
            if not mine.equals(theirs):
                both = pd.concat([mine, theirs])
                odd = both.loc[~both.duplicated(keep=False), list(self.key)]
                example = (odd if len(odd) else mine[list(self.key)]).iloc[[0]]
                raise FilesDisagree(name, whole.loc[self._shared(whole, example), "_file"].iloc[0], example.iloc[0].to_dict())
            whole = pd.concat([whole, frame[~again].assign(_file=name)], ignore_index=True)
        whole = whole.drop(columns="_file")
        return whole if self.finish is None else self.finish(whole)

    def dataset(self, name: str, title: str, schema, build: Callable[..., pd.DataFrame], *, key=(), **more) -> "Dataset":
        """The table made of such files and the register of municipalities; its key is theirs where none is given."""
        return Dataset(name, title, key or self.key, schema, (self, *REGISTERS), build, **more)

    def _shared(self, frame: pd.DataFrame, other: pd.DataFrame):
        """Which rows of a frame have a key that another frame has."""
        ours, theirs = (pd.MultiIndex.from_frame(part[list(self.key)]) for part in (frame, other))
        return ours.isin(theirs)


@dataclass(frozen=True)
class Hole:
    """Figures that a producer's table is known to lack: the municipality number, the year, and why (bokmål)."""

    number: str
    year: int
    reason: str


@dataclass(frozen=True)
class Raw:
    """A producer's table as it comes: what is fetched, from whom, under which licence, and how its bytes are read.

    `read` takes the list of raw answers (bytes, in the order of the plan) and gives one frame.
    `synthetic` takes a `nlib.data.synthetic.Norway` and gives the same list in the producer's format; `known` tells in which years
    that is the producer's own figures (True: all of it).
    An `optional` one may be missing: a table that has no other source is then empty, unless `instead` tells a reader what is
    used in its place, and then its `build` is handed None. Files that came by hand, of the kind `stand_in`, are read where it
    is not fetched.
    `first_year` is the producer's first, `breaks` the years from which figures are not measured as before, each with why.
    `absent` takes what was read and a `Register`, and gives the municipalities and years that are not there, but for the `holes`,
    which are known not to be there; `successor` is the number of the table that took over a closed one.
    """

    name: str
    producer: str
    table: str
    title: str
    page: str
    query: PxQuery | KlassQuery | FileQuery
    read: Callable[[list[bytes]], pd.DataFrame]
    synthetic: Callable | None = None
    known: Callable[..., Collection[int] | bool] | bool = False
    licence: str = CC_BY
    optional: bool = False
    instead: str = ""
    first_year: int | None = None
    breaks: Mapping[int, str] = field(default_factory=dict)
    holes: tuple[Hole, ...] = ()
    absent: Callable | None = None
    successor: str = ""
    stand_in: Imported | None = None

    @property
    def source(self) -> str:
        """How a figure names it, for example «SSB, tabell 03321»."""
        producer = "SSB" if self.producer == SSB else self.producer
        return f"{producer}, tabell {self.table}" if isinstance(self.query, PxQuery) else f"{producer}, {self.table}"


@dataclass(frozen=True)
class Rests:
    """What a table takes of one of its inputs, so that it is known which of its cells rest on which of the input's.

    of: the columns of the input that are read (all where none is named)
    into: the columns of the table that rest on them (all where none is named)
    years: of the input, counted from the row's own (0, and 1 for the year after); `LAST` is its latest; all of them where not given
    """

    of: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    years: tuple[int, ...] | str | None = None


LAST = "last"
OWN_YEAR = Rests(years=(0,))


class Lineage:
    """What `build` is given for `LINEAGE` among a table's needs: `nlib.core.invented.Invented` of its parents, by name."""


LINEAGE = Lineage()


@dataclass(frozen=True)
class Dataset:
    """A table of an edition.

    `needs` lists what `build` is given, in order: a `Raw` arrives as read, an `Imported` as its files together (None where no
    such file is here), a name as that built table.
    `build` is pure: tables in, one table out. `moment` is when in a year the figures hold, as a reader is shown it
    («4. kvartal», «1. januar»). A `partial` table need not hold every municipality; one that is `ahead` is of years to come, and
    begins later in each edition; `volatile` are figures that may be many times another year's. A `private` one is of single firms,
    and never stands among reports. `rests` says of an input, by name, where not everything rests on all of it.
    """

    name: str
    title: str
    key: tuple[str, ...]
    schema: type[pa.DataFrameModel]
    needs: tuple[Raw | Imported | Lineage | str, ...]
    build: Callable[..., pd.DataFrame]
    moment: str = ""
    partial: bool = False
    ahead: bool = False
    volatile: tuple[str, ...] = ()
    private: bool = False
    rests: Mapping[str, Rests] = field(default_factory=dict)

    @property
    def raws(self) -> tuple[Raw, ...]:
        return tuple(need for need in self.needs if isinstance(need, Raw))

    @property
    def imported(self) -> tuple[Imported, ...]:
        return tuple(need for need in self.needs if isinstance(need, Imported))

    @property
    def parents(self) -> tuple[str, ...]:
        return tuple(need for need in self.needs if isinstance(need, str))

    def empty(self) -> pd.DataFrame:
        """The table without rows, as it is where none of its sources were fetched or imported."""
        return self.check(pd.DataFrame(columns=list(self.schema.to_schema().columns)))

    def lacks_all(self, inputs: Sequence[pd.DataFrame | None]) -> bool:
        """Whether it has sources of its own, none of them is among the inputs, and there is nothing to use in their place."""
        missing = [given is None for need, given in zip(self.needs, inputs, strict=True) if not isinstance(need, str | Lineage)]
        return bool(missing) and all(missing) and not any(raw.instead for raw in self.raws)

    def check(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame in the contract's columns, types and order of rows; `InvalidTable` names every breach at once."""
        faults = []
        try:
            frame = self.schema.validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            cases = errors.failure_cases
            for (column, check), rows in cases.groupby(["column", "check"], dropna=False, sort=False):
                examples = ", ".join(map(str, rows["failure_case"].unique()[:3]))
                faults.append(f"{column}: {check} – {len(rows)} tilfelle(r), for eksempel {examples}")
        if set(self.key) <= set(frame.columns) and (twice := frame.duplicated(list(self.key))).any():
            example = frame.loc[twice, list(self.key)].iloc[0].to_dict()
            faults.append(f"nøkkelen {self.key} står {int(twice.sum())} gang(er) for mye, for eksempel {example}")
        if faults:
            raise InvalidTable(self.name, faults)
        columns = list(self.schema.to_schema().columns)
        return frame[columns].sort_values(list(self.key), ignore_index=True)

    def columns(self) -> pd.DataFrame:
        """What each column means: `column`, `dtype`, `unit`, `meaning`."""
        rows = [
            {"column": name, "dtype": str(c.dtype), "unit": (c.metadata or {}).get("unit", ""), "meaning": c.description or ""}
            for name, c in self.schema.to_schema().columns.items()
        ]
        return pd.DataFrame(rows)


def column(meaning: str, unit: str = "", **checks):
    """A column of a contract: its meaning and unit beside its checks (`ge`, `le`, `nullable`, `str_matches`, ...)."""
    return pa.Field(description=meaning, metadata={"unit": unit}, **checks)


Count = pd.Int64Dtype  # the type of whole numbers that may be missing


def count(meaning: str, unit: str = ""):
    """A column of whole numbers of at least 0, missing where the producer gives none."""
    return column(meaning, unit, ge=0, nullable=True)


class Table(pa.DataFrameModel):
    """The base of every contract: exactly the declared columns, of the declared types."""

    class Config:
        strict = True
        coerce = True


class Placed(Table):
    """The base of contracts of municipalities: the number comes first."""

    komm_nr: str = column("Kommune", str_matches=KOMM_NR)


class Counts(Placed):
    """The base of contracts of counts on today's municipalities: last comes whether they are comparable."""

    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")

    @classmethod
    def to_schema(cls):
        schema = super().to_schema()
        schema.columns["comparable"] = schema.columns.pop("comparable")
        return schema


def measure(title: str, schema: type[Table], build: Callable[..., pd.DataFrame], *, by=(), key=(), needs=(), **more) -> Dataset:
    """The `Dataset` of a module that makes one measure: it has the module's name, and where nothing else is given its key is the
    municipality, the year and what it is `by`, and it needs the tables that `build` names its arguments by."""
    name = build.__module__.rpartition(".")[2]
    return Dataset(name, title, tuple(key) or (*KEY, *by), schema, needs or tuple(signature(build).parameters), build, **more)


def built(schema: type[Table], build: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """A way of building that several tables share, as the `build` of one: the docstring of the contract's module defines it."""

    def own(*inputs: pd.DataFrame) -> pd.DataFrame:
        return build(*inputs)

    own.__module__, own.__doc__ = schema.__module__, sys.modules[schema.__module__].__doc__
    return own
