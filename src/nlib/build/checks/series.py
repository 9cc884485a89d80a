"""Each municipality against its own years: a jump that is not usual for it, a year that is the year before, two that are swapped.

Asked of the tables that come straight from a source, year by year, of what can be compared. A change is known from chance by the
municipality's own usual change, by the nation's change of that year, and by what small counts swing.
"""

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from nlib.build.checks import Given, rule

JUMP = 0.36  # log of a change that no municipality has from one year to the next (43 percent), beyond the nation's
BACK = 0.25  # log of one that goes back the year after (28 percent)
USUAL = 8.0  # times a municipality's own usual change
CHANCE = 6.0  # standard deviations of a count of so many
NATIONAL = 0.25  # log of a change of the nation's total (28 percent)
LEAST = 20  # in a cell that tells whether a year is the year before
SAME = 0.9  # of the cells that are not small: the year is the year before
CELLS = 30  # that are many: so many must be known before a year can be the year before
MOVE, MANY_MOVE = 0.10, 0.03  # log of a move that may be a swap: of few cells, and of many
ODD = 6.0  # times a municipality's own usual move
APART = 3.0  # times nearer to the other's year before than to its own: two are swapped


def _series(given: Given) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Every figure of a source by place and year, as (table, place column, frame with `place`, `year` and the figures)."""
    for name, table in given.now.items():
        dataset = given.declared.get(name)
        if dataset is None or not dataset.raws or "year" not in dataset.key or dataset.ahead or name in given.in_part:
            continue
        places = [column for column in dataset.key if column in ("komm_nr", "county_nr", "home_nr", "work_nr")]
        frame = table[table["comparable"]] if "comparable" in table else table
        for place in places or [""]:
            yield name, place, _compared(given, frame, place)


def _compared(given: Given, frame: pd.DataFrame, place: str) -> pd.DataFrame:
    """Flows of the municipality-years that commuting can be compared in; the other tables say it themselves."""
    if place not in ("home_nr", "work_nr") or "commuting" not in given.now:
        return frame
    commuting = given.now["commuting"]
    pairs = pd.MultiIndex.from_frame(commuting.loc[commuting["comparable"], ["komm_nr", "year"]])
    return frame[pd.MultiIndex.from_frame(frame[[place, "year"]]).isin(pairs)]


def _figures(given: Given, name: str, frame: pd.DataFrame) -> list[str]:
    """The figures of a table that move slowly: not its keys, nor those that it declares to swing."""
    return _numeric([*given.declared[name].key, *(given.declares(name, "volatile") or ())], frame)


def _numeric(skipped: Collection[str], frame: pd.DataFrame) -> list[str]:
    return [column for column in frame if column not in skipped and str(frame[column].dtype) in ("Int64", "float64")]


def _squares(given: Given, name: str, place: str, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each figure as places by years, summed over what else is in the key; missing where a part is."""
    for column in _figures(given, name, frame):
        keys = [place, "year"] if place else ["year"]
        counts = frame[column].astype(float)
        summed = counts.groupby([frame[key] for key in keys], observed=True).agg(["sum", "count", "size"])
        whole = summed["sum"].where(summed["count"] == summed["size"])
        yield column, whole.unstack("year") if place else whole.to_frame().T


def _steps(square: pd.DataFrame, breaks: set[int]) -> pd.DataFrame:
    """The log of each change from the year before, missing over a gap or a break; a figure gone to nothing is half of one."""
    years = square.columns.to_series()
    logged = np.log(square.where(square > 0).fillna(square.where(square != 0, 0.5)).where(square >= 0))
    return logged.diff(axis=1).loc[:, :].where((years.diff() == 1) & ~years.isin(breaks), axis=1)


@rule("egen-endring", "Ingen kommune endrer seg på ett år som den aldri ellers gjør")
def own_change(given: Given):
    """Municipality-years that jump, beyond the nation's change, the municipality's own usual change and chance."""
    for name, place, frame in _series(given):
        if place not in ("komm_nr", "home_nr", "work_nr"):
            continue
        found = []
        for column, square in _squares(given, name, place, frame):
            if (square < 0).any(axis=None):  # a percentage that can be below nothing has no usual change
                continue
            steps = _steps(square, given.breaks(name))
            large = square.median(axis=1) > square.median(axis=1).median()
            beyond = steps.sub(steps[large].median(), axis=1)
            usual = 1.4826 * beyond.abs().median(axis=1)
            counted = str(frame[column].dtype) == "Int64"
            chance = np.sqrt(1 / square.clip(lower=0.5) + 1 / square.shift(axis=1).clip(lower=0.5)) if counted else square * 0
            swing = np.maximum(CHANCE * chance, USUAL * usual.to_numpy()[:, None])
            back = -beyond.shift(-1, axis=1)
            returns = np.minimum(beyond.abs(), back.abs()).where(np.sign(beyond) == np.sign(back), 0) > np.maximum(BACK, swing)
            apart = (beyond.abs() > np.maximum(JUMP, swing)) | returns
            hits = beyond.where(apart).stack().dropna()
            rows = hits.rename("log").rename_axis(["komm_nr", "year"]).reset_index()
            before = square.shift(axis=1).stack()
            now = square.stack()
            index = pd.MultiIndex.from_frame(rows[["komm_nr", "year"]])
            found.append(rows.assign(column=column, before=before.reindex(index).to_numpy(), now=now.reindex(index).to_numpy()))
        if found:
            rows = pd.concat(found, ignore_index=True)
            rows = rows.assign(times=np.exp(rows["log"])).sort_values("log", key=abs, ascending=False)
            yield name, rows.drop(columns="log").drop_duplicates(["komm_nr", "year"])


@rule("landet-hopper", "Landets tall hopper ikke fra ett år til det neste")
def national_change(given: Given):
    """Years in which the total of those who are there in both has jumped, or the median of a figure that is no count."""
    for name, place, frame in _series(given):
        for column, square in _squares(given, name, place, frame):
            if (square < 0).any(axis=None) or square.empty:
                continue
            before, now = square.shift(axis=1), square
            both = before.notna() & now.notna()
            if str(frame[column].dtype) == "Int64" or not place:
                ratio = now.where(both).sum(min_count=1) / before.where(both).sum(min_count=1)
            else:
                ratio = (now / before.where(before > 0)).median()
            years = square.columns.to_series()
            change = np.log(ratio.where(ratio > 0)).where((years.diff() == 1) & ~years.isin(given.breaks(name)))
            usual = 1.4826 * (change - change.median()).abs().median()
            apart = change[change.abs() > max(NATIONAL, USUAL * (usual if len(change.dropna()) > 4 else 0))]
            rows = pd.DataFrame({"year": apart.index, "column": column, "times": np.exp(apart).to_numpy()})
            yield name, rows.sort_values("times", key=lambda times: np.log(times).abs(), ascending=False)


@rule("lik-året-før", "Ingen årgang er lik den før")
def copied_year(given: Given):
    """Years that are the year before, cell for cell, in the whole table; small municipalities alone may stand still."""
    for name, place, frame in _series(given):
        dataset = given.declared[name]
        others = [column for column in dataset.key if column != "year"]
        figures = _numeric(dataset.key, frame)  # those that swing too: none of them is the year before, cell for cell
        if not figures or place not in ("komm_nr", "home_nr"):
            continue
        earlier = frame[[*others, "year", *figures]].assign(year=frame["year"] + 1)
        both = frame[[*others, "year", *figures]].merge(earlier, on=[*others, "year"], suffixes=("", "_before"), validate="1:1")
        known = pd.DataFrame({column: (both[column] >= LEAST) & both[f"{column}_before"].notna() for column in figures}).fillna(
            False
        )
        same = pd.DataFrame({column: both[column] == both[f"{column}_before"] for column in figures}).fillna(False) & known
        cells = pd.DataFrame({"year": both["year"], "known": known.sum(axis=1), "same": same.sum(axis=1)})
        whole = cells.groupby("year")[["known", "same"]].sum()
        years = whole[(whole["known"] >= CELLS) & (whole["same"] >= SAME * whole["known"])]
        yield name, years.reset_index().rename(columns={"known": "cells"})


@rule("byttet", "Ingen to kommuner har byttet tall i et år")
def swapped(given: Given):
    """Pairs of municipalities whose year is the other's: each is much nearer to the other's year before than to its own."""
    for name, place, frame in _series(given):
        if place not in ("komm_nr", "home_nr", "work_nr"):
            continue
        cells = _cells(given, name, place, frame)
        moves = {
            year: _beyond(cells[year], cells[year - 1])
            for year in sorted(cells)
            if year - 1 in cells and year not in given.breaks(name)
        }
        if not moves:
            continue
        usual = pd.DataFrame({year: _medians(move) for year, move in moves.items()}).median(axis=1)
        found = [(*pair, year) for year, move in moves.items() for pair in _pairs(cells[year - 1], cells[year], move, usual)]
        rows = pd.DataFrame(found, columns=["komm_nr", "other_nr", "log", "year"]).sort_values("log", ascending=False)
        yield name, rows.drop(columns="log").drop_duplicates(["komm_nr", "other_nr"])


def _cells(given: Given, name: str, place: str, frame: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Logs of the counts of each place, a column a figure and group, by year; cells of few are left out."""
    groups = [key for key in given.declared[name].key if key not in (place, "year", "home_nr", "work_nr")]
    figures = [column for column in _figures(given, name, frame) if str(frame[column].dtype) == "Int64"]
    if not figures or frame.empty:
        return {}
    summed = frame.groupby(["year", place, *groups], observed=True)[figures].sum(min_count=1).astype(float)
    wide = summed.unstack(groups) if groups else summed
    logged = np.log(wide.where(wide >= LEAST))
    return {int(year): rows.droplevel("year") for year, rows in logged.groupby(level="year")}


def _beyond(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """What each cell has moved from the year before, beyond what it has moved for the median municipality."""
    move = now - before.reindex(now.index)
    return move.sub(move.median(), axis=1)


def _pairs(before: pd.DataFrame, now: pd.DataFrame, move: pd.DataFrame, usual: pd.Series) -> Iterator[tuple[str, str, float]]:
    """The pairs that are swapped from one year to the next, and how far the first is from its own year before.

    A median of k cells that move by chance alone, each of some n people, is 0.67 sqrt(2/n), give or take 1.2/sqrt(k) of it.
    """
    own = _medians(move)
    cells = move.notna().sum(axis=1)
    chance = (
        _medians(np.sqrt(np.exp(-now) + np.exp(-before.reindex(now.index))))
        * 0.67
        * (1 + 1.2 * CHANCE / np.sqrt(cells.clip(lower=1)))
    )
    least = np.maximum(MANY_MOVE if move.shape[1] >= CELLS else MOVE, chance)
    odd = own.index[own > np.maximum(least, ODD * usual.reindex(own.index))].intersection(before.index, sort=False)
    nation = (now - before.reindex(now.index)).median()
    here, there, far = (now.loc[odd] - nation), before.loc[odd], own.loc[odd]
    crossed = pd.DataFrame({one: _medians(there - here.loc[one]) for one in odd})  # a column's own year against a row's before
    near = APART * crossed.to_numpy() < far.to_numpy()
    for one, other in zip(*np.nonzero(np.triu(near & near.T, 1)), strict=True):
        yield odd[one], odd[other], float(far.iloc[one])


def _medians(frame: pd.DataFrame) -> pd.Series:
    """The median size of each row, of the cells that are there; missing where none is."""
    ordered = np.sort(frame.abs().to_numpy(), axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    rows, ordered = np.arange(len(ordered)), np.column_stack([ordered, np.full(len(ordered), np.nan)])
    low, high = ordered[rows, np.maximum(count - 1, 0) // 2], ordered[rows, np.minimum(count // 2, ordered.shape[1] - 1)]
    return pd.Series(np.where(count > 0, (low + high) / 2, np.nan), frame.index)
