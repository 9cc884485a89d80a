"""What of a table rests on figures that are made up, in an edition that has some: by column, the years.

An edition of real figures has none. In the one that comes with the project, SSB's own rows stand among invented ones, and which are
which runs on to every table that is made from them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

ALWAYS = 0  # stands for the year in a table that has none
OWN = "synthetic"  # a column in which a table tells of each row itself


@dataclass(frozen=True)
class Invented:
    """The years in which each column of a table rests on invented figures, and the years that the table has.

    columns: every column that is no key, with its years (none where it never does)
    """

    columns: Mapping[str, frozenset[int]] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @property
    def any(self) -> bool:
        return any(self.columns.values())

    @property
    def whole(self) -> bool:
        """Whether nothing of the table stands without the invented figures."""
        return bool(self.columns) and self.years == self.rows

    @property
    def rows(self) -> frozenset[int]:
        """The years in which every column rests on invented figures."""
        return frozenset.intersection(*self.columns.values()) if self.columns else frozenset()

    def of(self, columns: Iterable[str] = ()) -> frozenset[int]:
        """The years in which any of these columns does; of all columns where none is named."""
        asked = tuple(columns) or tuple(self.columns)
        return frozenset().union(*(self.columns.get(column, frozenset()) for column in asked))

    def left(self, frame: "pd.DataFrame") -> "pd.DataFrame":
        """The table without what is invented: rows that are so in every column are gone, other cells are missing."""
        import pandas as pd  # here, for what only asks whether figures are invented does without

        if OWN in frame:
            return frame[~frame[OWN]]
        year = frame["year"] if "year" in frame else pd.Series(ALWAYS, frame.index)
        frame = frame[~year.isin(self.rows)]
        kept = frame.copy(deep=False)
        for column, years in self.columns.items():
            if (part := year[frame.index].isin(years)).any() and not pd.api.types.is_bool_dtype(frame[column]):
                kept[column] = frame[column].mask(part)
        return kept

    def as_json(self) -> dict:
        """For a manifest: `years`, and `invented`, lists of columns with the years they have in common."""
        together: dict[frozenset[int], list[str]] = {}
        for column, years in self.columns.items():
            together.setdefault(years, []).append(column)
        return {"years": sorted(self.years), "invented": [[names, sorted(years)] for years, names in together.items()]}

    @classmethod
    def from_json(cls, content: dict) -> "Invented":
        columns = {name: frozenset(years) for names, years in content["invented"] for name in names}
        return cls(columns, frozenset(content["years"]))


def years_of(frame: "pd.DataFrame") -> frozenset[int]:
    """The years a table has; `ALWAYS` where it has no such column."""
    return frozenset(int(str(year)[:4]) for year in frame["year"].unique()) if "year" in frame else frozenset([ALWAYS])
