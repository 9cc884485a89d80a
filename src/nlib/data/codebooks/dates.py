"""The days that a column of times tells, read as one since tools write day and month in either order; and what Excel has made a
date of («1-4», a year), to be refused where something else should be."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

MONTHS = (
    *("januar jan january", "februar feb february", "mars mar march", "april apr", "mai may", "juni jun june"),
    *("juli jul july", "august aug", "september sep sept", "oktober okt oct october", "november nov", "desember des dec december"),
)
MONTH = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
CLOCK = re.compile(r"(?:kl\.? ?)?\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?,? +", re.IGNORECASE)  # a time that stands before the day
WEEKDAY = re.compile(r"[^\W\d]{2,9}\.?,? +(?=\d|[^\W\d]{3,9}\.? +\d{1,2}\b)")
YEAR_FIRST = re.compile(r"((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
NUMBERS = re.compile(r"(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?![\d./-])")
DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[. -]{1,2}([^\W\d]{3,9})[.,]?[ -](\d{4}|\d{2})(?!\d)")
NAMED_DAY = re.compile(r"([^\W\d]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?!\d),?.*?\b((?:19|20)\d\d)\b")
SERIAL = re.compile(r"([34]\d{4}|5[0-4]\d{3})(?:[.,]\d+)?")  # Excel's count of days, from 1982 to 2050
NO_YEAR = re.compile(r"(\d{1,2})[. -]{1,2}([^\W\d]{3,9})\.?|([^\W\d]{3,9})[. -]{1,2}(\d{1,2})")  # how Excel shows what was «1-4»


@dataclass(frozen=True)
class _Read:
    """What a cell tells: a year, and two numbers of which the sign between them and the column decide which is the month."""

    year: int
    first: int
    second: int
    sign: str  # «» where the cell itself says which is which: then `first` is the day


def days(times: Sequence[str], day_first: bool | None = None) -> list[list[str | None]]:
    """The ISO days of a column: one list, or two (day before month, month before day) where the whole column allows both.

    None for a cell that is no date, in whichever order most cells are dates. With points between the numbers the day stands first,
    if the column allows it. day_first: what is known of the order.

    >>> days(["4/5/2024 10:00", "4/25/2024 11:30"])
    [['2024-04-05', '2024-04-25']]
    >>> days(["4/5/2024", "4/12/2024"])
    [['2024-05-04', '2024-12-04'], ['2024-04-05', '2024-04-12']]
    """
    found = [_read(time) for time in times]
    orders = [True, False] if day_first is None else [day_first]
    readings = [[_day(cell, order) for cell in found] for order in orders]
    most = max(sum(day is not None for day in reading) for reading in readings)
    readings = [reading for reading in readings if sum(day is not None for day in reading) == most]
    if len(readings) == 2 and (readings[0] == readings[1] or {cell.sign for cell in found if cell} <= {"", "."}):
        return readings[:1]
    return readings


def mixed(times: Sequence[str]) -> bool:
    """Whether some cells of a column say themselves which number is the month and others do not: Excel has then made dates of those
    that could be one, perhaps with day and month swapped, and left the others."""
    signs = {cell.sign for time in times if (cell := _read(time))}
    return "" in signs and bool(signs & {"/", "-"})


def is_date(text: str) -> bool:
    """Whether a text is a day as Excel writes what it has taken for one: «2024-04-01», «01.apr», «4-Jan», «01.04.2024».

    >>> [is_date(text) for text in ("2024-04-01", "01.apr", "1-4", "5-19", "2020-2024", "10 000")]
    [True, True, False, False, False, False]
    """
    if found := NO_YEAR.fullmatch(text.strip()):
        return (found[2] or found[3]).casefold() in MONTH
    cell = None if SERIAL.fullmatch(text) else _read(text)
    return cell is not None and any(_day(cell, order) for order in (True, False))


def _read(text: str) -> _Read | None:
    text = CLOCK.sub("", text.strip(), count=1) if CLOCK.match(text.strip()) else text.strip()
    if found := YEAR_FIRST.match(text):
        return _Read(int(found[1]), int(found[3]), int(found[2]), "")
    if SERIAL.fullmatch(text):
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(text[:5]))
        return _Read(day.year, day.day, day.month, "")
    text = WEEKDAY.sub("", text, count=1) if WEEKDAY.match(text) and text.split()[0].strip(".,").casefold() not in MONTH else text
    if found := NUMBERS.match(text):
        return _Read(_whole(found[4]), int(found[1]), int(found[3]), found[2])
    if (found := DAY_NAMED.match(text)) and found[2].casefold() in MONTH:
        return _Read(_whole(found[3]), int(found[1]), MONTH[found[2].casefold()], "")
    if (found := NAMED_DAY.match(text)) and found[1].casefold() in MONTH:
        return _Read(int(found[3]), int(found[2]), MONTH[found[1].casefold()], "")
    return None


def _whole(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _day(cell: _Read | None, day_first: bool) -> str | None:
    if cell is None:
        return None
    day, month = (cell.first, cell.second) if day_first or not cell.sign else (cell.second, cell.first)
    try:
        return datetime.date(cell.year, month, day).isoformat()
    except ValueError:
        return None
