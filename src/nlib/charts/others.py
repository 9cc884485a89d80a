"""Those that a figure's municipality is compared with: their middle, or each of them where they are few.

A figure that has `Others` holds everybody's values for the page's script (`press/rapport.js`), which shows those that a reader
chooses in the same way.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.core.catalogue import PRECISE, held
from nlib.core.translations import _

LEAST = 3  # municipalities with a figure, before they have a middle: in figures, in sentences and in a reader's own choice
MIDDLE = "middle"
SIGNS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", dtype=np.uint8)
NONE = ord("!")
ALONE = ("one", "two")  # the roles of those that are shown each by itself


@dataclass(frozen=True, kw_only=True)
class Others:
    """values: by the number of every municipality, a column a row of the form; own: the number of the figure's; chosen: of those
    it is compared with; names: of all; called: what their middle is called, and each of them.

    whole: what the figure's own had first, where theirs are shown as its growth had it been as all of them together.
    """

    values: pd.DataFrame
    own: str
    chosen: Sequence[str]
    names: Mapping[str, str]
    decimals: int = 0
    called: tuple[str, str] = (_("medianen av de andre"), "{0}")
    whole: float | None = None

    @functools.cached_property
    def held(self) -> pd.DataFrame:
        """Everybody's values, no finer than a page holds them."""
        return held(self.values.reindex(_places(self.names, self.own)).astype(float), self.decimals)

    @functools.cached_property
    def each(self) -> pd.DataFrame:
        """The values of those that it is compared with, a row each; those without any are left out."""
        content = self.held.reindex([number for number in self.chosen if number in self.held.index])
        if self.whole is None:
            return content.dropna(how="all")
        content = content.dropna()
        return content[content.iloc[:, 0] > 0]

    @functools.cached_property
    def columns(self) -> pd.DataFrame:
        """What is shown of them beside the figure's own, a column each: by number, or `MIDDLE`."""
        each = self.each
        if len(each) < LEAST:
            shown = each.T
        elif self.whole is None:
            shown = each.median().where(each.count() >= LEAST).to_frame(MIDDLE)
        else:
            shown = each.sum().to_frame(MIDDLE)
        return shown if self.whole is None or not len(shown) else self.whole * shown / shown.iloc[0]

    @property
    def shown(self) -> dict[str, tuple[str, str]]:
        """The columns, what each is called and its role."""
        middle, one = self.called
        return {
            column: (middle, "group") if column == MIDDLE else (one.format(self.names[column]), role)
            for column, role in zip(self.columns, ALONE, strict=False)
        }

    @property
    def longest(self) -> list[str]:
        """What they may be called at their longest."""
        return [self.called[0], self.called[1].format(max(map(brief, self.names.values()), key=len, default=""))]

    def beside(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows with these columns."""
        return rows.join(self.columns)

    def follows(self) -> dict:
        """What a page holds of them."""
        content = {"v": packed(self.held, self.decimals + PRECISE), "d": self.decimals, "called": list(self.called)}
        return content | ({} if self.whole is None else {"whole": float(self.whole)})


def _places(names: Mapping[str, str], own: str) -> list[str]:
    """All other places, in the order that a page has them in."""
    return sorted(set(names) - {own})


def brief(name: str) -> str:
    """A name where there is little room: «Herøy» of «Herøy (Nordland)»."""
    return name.partition(" (")[0]


def packed(values: pd.DataFrame, most: int) -> list:
    """Numbers with at most so many decimals as a page holds them: how many decimals they have, and their digits in a text.

    Row by row: the first as it is, each other as what it differs from the one before it that is known; signs folded in (zigzag),
    five bits a letter, the least first, 32 added where there is more; «!» is a missing one.
    """
    numbers = values.to_numpy(float, na_value=np.nan)
    there = np.isfinite(numbers)
    few = next(
        (few for few in range(most) if np.array_equal(np.round(numbers[there], few), numbers[there])),
        most,
    )
    whole = np.where(there, np.round(np.nan_to_num(numbers) * 10**few), 0).astype(np.int64)
    known = pd.DataFrame(np.where(there, whole.astype(float), np.nan)).ffill(axis=1).shift(1, axis=1).fillna(0)
    apart = (whole - known.to_numpy().astype(np.int64)).ravel()
    folded, missing = np.where(apart < 0, -2 * apart - 1, 2 * apart), ~there.ravel()
    folded[missing] = 0
    places = np.arange(0, 60, 5)
    left = folded[:, None] >> places
    letters = SIGNS[(left & 31) | np.where(left >> 5 > 0, 32, 0)]
    letters[missing, 0] = NONE
    kept = left > 0
    kept[:, 0] = True
    return [few, letters[kept].tobytes().decode("ascii")]


@dataclass(frozen=True, kw_only=True)
class Everyone:
    """Municipalities that a figure shows by name, of all: its own and those it is compared with.

    rows: by number, those without a name left out; own: the number of the figure's; chosen: of those it is compared with; names: of
    all; columns: those that a page holds, in the order of the table, and their decimals; order: the one that they fall by.
    """

    rows: pd.DataFrame
    own: str
    chosen: Sequence[str]
    names: Mapping[str, str]
    columns: Mapping[str, int]
    order: str

    @functools.cached_property
    def held(self) -> pd.DataFrame:
        """Everybody's rows by number with `name`, no finer than a page holds them."""
        rows = self.rows[[number in self.names for number in self.rows.index]]
        floats = [column for column in self.columns if pd.api.types.is_float_dtype(rows[column].dtype)]
        rows = rows.assign(**{column: held(rows[column], self.columns[column]) for column in floats})
        return rows.assign(name=[self.names[number] for number in rows.index]).sort_index()

    @functools.cached_property
    def shown(self) -> pd.DataFrame:
        """The rows of the figure's own and those it is compared with."""
        named = self.held[self.held.index.isin([self.own, *self.chosen])]
        return named.sort_values(self.order, ascending=False, kind="stable")

    def follows(self) -> dict:
        """What a page holds of them."""
        all_values = self.held.reindex(_places(self.names, self.own))
        content = {
            "cols": [[*packed(all_values[[column]], decimals + PRECISE), decimals] for column, decimals in self.columns.items()],
            "whole": [place for place, column in enumerate(self.columns) if pd.api.types.is_integer_dtype(self.rows[column].dtype)],
            "order": list(self.columns).index(self.order),
        }
        own = self.held.loc[self.own, list(self.columns)]
        return content | {"own": [None if pd.isna(value) else float(value) for value in own]}
