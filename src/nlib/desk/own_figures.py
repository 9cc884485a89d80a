"""Frames of the researcher's own, with old numbers or names of municipalities: on today's numbers."""

import re
import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from nlib.core import store
from nlib.core.errors import WrongUse, many
from nlib.core.municipalities import Register, resource
from nlib.data.readers import sheets
from nlib.desk.asking import checked

DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")  # of a year
FIRST, LAST = 1838, 2150  # years that there are municipalities in, by the formannskap laws, and that anything is projected to
NAMED = 5  # municipalities that a warning names


@checked
def to_today(
    df: pd.DataFrame,
    number: str = "kommunenr",
    year: str = "aar",
    counts: Sequence[str] = (),
    rates: Sequence[str] = (),
    day: str = "12-31",
    edition: str = "",
) -> pd.DataFrame:
    """Own figures on old municipality numbers, or names, on today's numbers; with `comparable`.

    >>> old = pd.DataFrame({"kommunenr": ["0226", "0227", "0231"], "aar": 2019, "antall": [10, 20, 30]})
    >>> nlib.to_today(old, counts=["antall"])[["kommunenr", "aar", "antall"]].values.tolist()
    [['3205', 2019, 60]]

    number, year: the columns of numbers (with or without their first 0) or names, and of years. A name is looked up for its year.
    counts: columns that are added up where municipalities have merged, and shared by population where one was split. A warning
        says which municipalities of the year a sum lacks.
    rates: columns that cannot be added up: left out where the municipality is no longer the same, and a warning says of whom.
    `comparable` is False where land was split or moved, where a sum lacks a part, and in years that no municipality is known of.
    Figures may be text as Norwegian files have them («1 200», «5,5», «:»). All other columns tell rows of a municipality and year
    apart, and stand as they are: a warning says where they leave one with several rows. The frame that is given is not changed.
    `WrongUse` names rows that are no municipality's or are there twice, `UnknownMunicipality` a name that several answer to.
    """
    counts, rates = list(counts), list(rates)
    if not (counts or rates):
        raise WrongUse("Nevn kolonnene med tall: counts (kan legges sammen) eller rates (kan ikke)")
    if both := [column for column in counts if column in rates]:
        raise WrongUse(f"Kolonnen {both[0]} står både i counts (kan legges sammen) og i rates (kan ikke): velg ett av dem")
    df = df.drop(columns="comparable", errors="ignore")  # that of figures which were on today's numbers already
    if not DAY.fullmatch(day):
        raise WrongUse(f"day må være en måned og en dag, for eksempel 12-31, ikke «{day}»")
    register = registered(edition)
    frame = _with_numbers(register, df, number, year, [*counts, *rates], day)
    gaps = _gaps(register, frame, day) if counts else {}
    keys = [column for column in frame if column not in (*counts, *rates)]
    parts = []
    if counts:
        parts.append(register.carry(frame[[*keys, *counts]], ["komm_nr"], list(counts), day))
    if rates:
        texts = {column: frame[column].astype("str") for column in keys if column not in ("komm_nr", "year")}
        rows = [str(at) for at in range(len(frame))]
        followed = register.follow(frame[[*keys, *rates]].assign(**texts, _row=rows), day)
        types = {column: frame[column].dtype for column in texts}
        parts.append(followed.drop(columns="_row").astype(types))
        _warn_of_rates(frame["komm_nr"][~pd.Series(rows, frame.index).isin(followed["_row"])])
    whole = parts[0] if len(parts) == 1 else parts[0].merge(parts[1], on=keys, how="left", validate="1:1")
    whole = whole.merge(register.comparable(whole["year"], day), on=["komm_nr", "year"], how="left", validate="m:1")
    pairs = pd.MultiIndex.from_frame(whole[["komm_nr", "year"]])
    known = pd.MultiIndex.from_frame(register.lineage(whole["year"].unique(), day)[["komm_nr", "year"]])
    whole["comparable"] &= pairs.isin(known) & ~pairs.isin(list(gaps))
    _warn(register, frame, whole, gaps, keys)
    whole = whole.rename(columns={"komm_nr": number, "year": year}, errors="raise")
    return whole[[*df.columns, "comparable"]].sort_values([number, year], ignore_index=True)


def _gaps(register: Register, frame: pd.DataFrame, day: str) -> dict[tuple[str, int], list[str]]:
    """The municipalities of today and years of which the frame has a part and lacks another, with the numbers of those it lacks.

    `WrongUse` where it has both a municipality and one that it became later, in the same year: they would be counted twice.
    """
    lineage = register.lineage(frame["year"].unique(), day)
    given = set(frame[["komm_nr", "year"]].itertuples(index=False, name=None))
    parts = lineage.groupby(["komm_nr", "year"])["old_nr"].agg(list)
    later: dict[tuple[str, int], str] = {}
    valid = set(lineage[["old_nr", "year"]].itertuples(index=False, name=None))
    for number, year in sorted(given - valid):
        if heir := register.heir(number, f"{year}-{day}"):
            if twice := [part for part in parts.get((heir, year), []) if (part, year) in given]:
                raise WrongUse(f"{twice[0]} og {number} står begge i {year}, og den ene er en del av den andre: ta ut den ene")
            later[heir, year] = number
    gaps = {}
    for place, numbers in parts.items():
        lacking = [number for number in numbers if (number, place[1]) not in given]
        if lacking and len(lacking) < len(numbers) and place not in later:
            gaps[place] = lacking
    return gaps


def _warn(register: Register, frame: pd.DataFrame, whole: pd.DataFrame, gaps: Mapping, keys: Sequence[str]) -> None:
    """Tells of sums that lack a part, and of columns that leave a municipality with several rows in a year."""
    names = dict(zip(register.current["komm_nr"], register.current["name"], strict=True))
    if gaps:
        (place, year), lacking = next(iter(gaps.items()))
        more = f", og {len(gaps) - 1} til" if len(gaps) > 1 else ""
        warnings.warn(f"{names[place]} i {year} er ikke hele kommunen: {', '.join(lacking)} er ikke med{more}", stacklevel=4)
    columns = [column for column in keys if column not in ("komm_nr", "year")]
    rows = whole.duplicated(["komm_nr", "year"])
    if columns and rows.any() and not frame.duplicated(["komm_nr", "year"]).any():
        row = whole[rows].iloc[0]
        warnings.warn(
            f"{names[row['komm_nr']]} har flere rader i {row['year']}, for {', '.join(columns)} skiller dem: er det navn eller "
            "annet som følger av nummeret, så ta kolonnen ut først",
            stacklevel=4,
        )


def _warn_of_rates(gone: pd.Series) -> None:
    """Tells of figures that are left out; gone: the numbers that they stood under."""
    if numbers := list(dict.fromkeys(gone)):
        more = f" og {len(numbers) - NAMED} til" if len(numbers) > NAMED else ""
        left_out = f"{many(len(gone), 'rad', 'rader')} under {', '.join(numbers[:NAMED])}{more} er ikke med i rates"
        warnings.warn(f"{left_out}: kommunen er slått sammen eller delt siden, og tallet er ingens i dag", stacklevel=4)


def registered(edition: str) -> Register:
    """The municipalities of an edition, or of the project's own table where there is no edition with tables."""
    if edition or store.editions():
        chosen = store.edition(edition or None)
        if chosen.holds_table("municipality_codes"):
            return Register(chosen.kept("municipality_codes"), chosen.kept("municipality_changes"))
    return Register(resource("municipalities.csv"), resource("municipality_changes.csv"))


def _with_numbers(register, df, number, year, figures, day) -> pd.DataFrame:
    """The frame with `komm_nr` and `year` for its own columns, each number one that was valid in its year."""
    if missing := [column for column in (number, year, *figures) if column not in df]:
        raise WrongUse(f"Tabellen har ikke {', '.join(missing)}; den har {', '.join(map(str, df.columns))}")
    if (twice := df.columns[df.columns.duplicated()]).size:
        raise WrongUse(f"To kolonner heter {twice[0]}: gi dem hvert sitt navn først")
    df = df.assign(**{name: _figures(df[name]) for name in figures if not pd.api.types.is_numeric_dtype(df[name])})
    forgotten = [c for c in df if c not in (number, year, *figures) and pd.api.types.is_float_dtype(df[c])]
    if forgotten:
        raise WrongUse(
            f"Kolonnen {', '.join(forgotten)} er desimaltall: nevn den i counts (kan legges sammen) eller rates (kan ikke)"
        )
    for name in figures:
        if np.isinf(df[name].astype(float)).any():
            raise WrongUse(f"Kolonnen {name} har et uendelig tall (inf): gjør det om til et tall eller til ingenting først")
    years = pd.to_numeric(df[year], errors="coerce")
    if (odd := years.isna() | years.mod(1).ne(0) | ~years.between(FIRST, LAST)).any():
        raise WrongUse(f"«{df.loc[odd, year].iloc[0]}» i kolonnen {year} er ikke et år fra {FIRST} til {LAST}")
    if (nameless := df[number].isna()).any():
        raise WrongUse(f"Rad {int(nameless.to_numpy().argmax()) + 1} har ingen kommune i kolonnen {number}: ta den ut først")
    written = df[number].map(lambda text: f"{text:.0f}" if isinstance(text, float) else re.sub(r"\.0$", "", str(text).strip()))
    frame = df.rename(columns={number: "komm_nr", year: "year"}, errors="raise").assign(year=years.astype("int64"))
    pairs = pd.DataFrame({"text": written, "year": frame["year"]})
    different = pairs.drop_duplicates().itertuples(index=False, name=None)
    found = {(text, of): _as_of(register, text, of, day) for text, of in different}
    if unknown := list(dict.fromkeys(text for (text, _), answer in found.items() if answer is None)):
        some = ", ".join(f"«{text}»" for text in unknown[:12]) + (f" og {len(unknown) - 12} til" if len(unknown) > 12 else "")
        what = "en kommune" if len(unknown) == 1 else "kommuner"
        raise WrongUse(f"{some} i kolonnen {number} er ikke {what}: ta radene ut først")
    frame["komm_nr"] = [found[pair] for pair in pairs.itertuples(index=False, name=None)]
    keys = [column for column in frame if column not in figures]
    if (twice := frame.duplicated(keys, keep=False)).any():
        row = frame.loc[twice, keys].iloc[0]
        row_text = ", ".join(f"{key} {row[key]}" for key in keys)
        raise WrongUse(
            f"{int(twice.sum())} rader gjelder det samme, for eksempel {row_text}: legg dem sammen først, eller ta den ene ut"
        )
    return frame


def _figures(column: pd.Series) -> pd.Series:
    """The figures of a column of text; whole ones where all are."""
    cells = [None if pd.isna(cell) else float(cell) if isinstance(cell, int | float) else str(cell) for cell in column]
    values, _ = sheets.figures(cells, lambda at: f"rad {at + 1}, kolonnen «{column.name}»")
    read = pd.Series(values, index=column.index, dtype="float64")
    return read.astype("Int64") if read.dropna().mod(1).eq(0).all() else read


def _as_of(register: Register, text: str, year: int, day: str) -> str | None:
    """The number that a number or name of a year is to be carried from; None where it is no municipality's.

    A number that had ended by then (old numbers are used long) is today's, where it became one.
    """
    if re.fullmatch(r"\d{1,2}|\d{5,}|", text):
        return None
    number = register.number_of(text, f"{year}-{day}")
    spells = register.spells(number)
    if not spells:
        return None
    if spells[-1][1] > f"{year}-{day}":
        return number
    if heir := register.heir(number, spells[-1][0]):
        return heir
    ends = ", ".join(sorted(register.successors(number, spells[-1][0])))
    raise WrongUse(f"{number} i {year} er et nummer som tok slutt {spells[-1][1]} og ble delt: skriv {ends}")
