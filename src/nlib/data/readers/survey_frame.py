"""Whom a survey was sent to: how many of each size and industry were invited, from a sheet that the municipality has made."""

import pandas as pd

from nlib.core.errors import BadAnswer, many
from nlib.data.codebooks.dates import is_date
from nlib.data.readers import named_columns
from nlib.data.readers.cells import Date, Sheet
from nlib.data.readers.kinds import by_headings
from nlib.data.readers.named_columns import Found
from nlib.data.readers.survey_export import written

KIND = "ramme"
KEY = ["komm_nr", "year", "size_group", "industry"]


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The frame, and what a user should know: `komm_nr` (text), `year` (of the wave, int64), `size_group`, `industry` (text as the
    codebook's answers), `invited` (Int64)."""
    frame, notes = named_columns.gather(KIND, found, _frame)
    twice = "«{size_group}, {industry}» står to ganger i {year} for {komm_nr}: behold én"
    named_columns.refuse(frame, frame.duplicated(KEY), twice)
    if (blank := frame[["size_group", "industry"]].eq("").any(axis=1) | frame["invited"].isna()).any():
        raise BadAnswer(f"{many(int(blank.sum()), 'rad', 'rader')} mangler størrelse, næring eller antall inviterte")
    return frame, notes


def _frame(table: Found) -> pd.DataFrame:
    _refuse_dates_and_sums(table)
    texts = {name: list(map(written, table.columns[name])) for name in ("size_group", "industry")}
    texts["komm_nr"] = named_columns.numbers(table, "komm_nr", r"\d{3,4}", "kommunenummer", width=4)
    invited = named_columns.counts(table, "invited", "inviterte")
    return pd.DataFrame(texts, dtype="str").assign(year=named_columns.years(table), invited=invited)[[*KEY, "invited"]]


def _refuse_dates_and_sums(table: Found) -> None:
    """`BadAnswer` where a group is a date, which Excel has made of «1-4», or the sum of others: its invited would count twice."""
    for column, what in (("size_group", "størrelse"), ("industry", "næring")):
        for at, cell in enumerate(table.columns[column]):
            if isinstance(cell, Date) or is_date(written(cell)):
                raise BadAnswer(
                    f"«{written(cell)}» er en dato der det skal stå en {what} ({table.where(at, column)}): Excel har gjort for "
                    "eksempel «1-4» til 1. april. Gjør kolonnen til tekst, og skriv gruppene inn på nytt"
                )
            if written(cell).casefold() in (*named_columns.SUMS, "alle"):
                raise BadAnswer(
                    f"«{written(cell)}» er en sum, ikke en gruppe ({table.where(at, column)}): fjern rader med egne summer"
                )


FILE = by_headings(
    KIND,
    read,
    lambda frame: f"{len(frame)} grupper, {frame['invited'].sum()} inviterte",
    before=("telemarksforsking",),  # which has a «Størrelse» too
    private=True,
)
