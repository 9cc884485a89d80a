"""Numbers, dates, lists and names as bokmål writes them: `1 234,5` with no-break spaces, a true minus, «21. november 2026».

In a process that speaks nynorsk or English (`nlib.core.translations`) they are as that language writes them.
"""

import datetime
import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from nlib.core.municipalities import ON
from nlib.core.translations import _, spoken

ENGLISH = spoken() == "en"
LOCALE = Locale.parse("en_GB" if ENGLISH else spoken())
NBSP = "\N{NO-BREAK SPACE}"
PERCENT = "%" if ENGLISH else f"{NBSP}%"
DECIMAL, BETWEEN_CELLS = (".", ",") if ENGLISH else (",", ";")  # as a spreadsheet of the language reads them
MINUS = "\N{MINUS SIGN}"
NUMERALS = {
    "nb": ("ingen", "én", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"),
    "nn": ("ingen", "ein", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
}
SAMI_FIRST = frozenset(  # the Norwegian names of those that are called by another in KLASS first
    ["Hamarøy", "Hattfjelldal", "Karasjok", "Kautokeino", "Kåfjord", "Lavangen", "Nesseby", "Røyrvik", "Snåsa", "Tana", "Tjeldsund"]
)
MISSING = ".."  # SSB's mark for a figure that is not available
UNCHANGED = 0.5  # percentage points; a smaller change is «om lag uendret»
WORDS = NUMERALS.get(spoken(), NUMERALS["nb"])  # a language that has none of its own yet


def number(value, decimals: int = 0, sign: bool = False) -> str:
    """A number in bokmål with a fixed count of decimals; `..` where it is missing; `sign` writes + before a rise."""
    if pd.isna(value):
        return MISSING
    written = nearest(float(value), decimals)
    before = MINUS if written < 0 else "+" if sign and written > 0 else ""
    return before + _digits(abs(written), decimals)


def nearest(value: float, decimals: int) -> float:
    """A value with so many decimals; a half goes away from zero, also one that a computer has as a little less: 8.25 is 8.3."""
    tens = 10.0**decimals
    size = math.floor(abs(value) * tens + 0.5 + 1e-9) / tens
    return -size if value < 0 and size else size


@functools.lru_cache(10_000)
def _digits(size: float, decimals: int) -> str:
    signs = str.maketrans({",": get_group_symbol(LOCALE), ".": get_decimal_symbol(LOCALE)})
    return f"{size:,.{decimals}f}".translate(signs).replace("\N{NARROW NO-BREAK SPACE}", NBSP)


def percent(value, decimals: int = 1, sign: bool = False) -> str:
    """A share already in percent, for example `69,3 %`."""
    return MISSING if pd.isna(value) else f"{number(value, decimals, sign)}{PERCENT}"


def with_unit(text: str, unit: str) -> str:
    """A written number with its unit: «87,2 %», «745 100 kr», in English «NOK 745,100»; as it is where there is no unit."""
    if unit == "NOK":
        return f"{unit}{NBSP}{text}"
    return f"{text}{PERCENT}" if unit == "%" else f"{text}{NBSP}{unit}" if unit else text


def given(value: float, sign: bool = False) -> str:
    """A number that a reader has set, with the decimals that it has, three at most: «0,25»."""
    return number(value, len(f"{value:.3f}".rstrip("0").partition(".")[2]), sign)


def about(value: float) -> str:
    """What is not known exactly, as a sentence and a label have it: three figures that count."""
    return number(rounded(value, value))


def rounded(change: float, of: float) -> float:
    """A change to what is not known exactly, rounded as that is; a missing one as it is."""
    return change if pd.isna(of) else round(change, 3 - max(3, len(str(int(abs(of))))))


def points(value, decimals: int = 1, sign: bool = False) -> str:
    """A difference between two shares, for example «1,2 prosentpoeng»."""
    return MISSING if pd.isna(value) else _("{value}\N{NO-BREAK SPACE}prosentpoeng", value=number(value, decimals, sign))


def counted(count: int) -> str:
    """A count as a sentence writes it: in words up to tolv, then in figures."""
    return WORDS[count] if count < len(WORDS) else number(count)


def neuter(count: int) -> str:
    """A count of something neuter («år», «tall», «mål») as a sentence writes it: «ett»."""
    return _("ett") if count == 1 else counted(count)


def years(first: int, last: int) -> str:
    """A year, or the first and last of several: «2021», «2017–2021»."""
    return f"{first}" if first == last else f"{first}–{last}"


def spans(years: Iterable[int]) -> str:
    """Years as a sentence lists them, three or more in a row as a span: «2006–2015, 2019 og 2021»."""
    found: list[list[int]] = []
    for year in sorted(years):
        if found and year == found[-1][-1] + 1:
            found[-1].append(year)
        else:
            found.append([year])
    words = [[f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run) for run in found]
    return listed([word for run in words for word in run])


def date(day: datetime.date) -> str:
    """A day, for example «21. november 2026»."""
    return format_date(day, format="long", locale=LOCALE)


def listed(words: Sequence[str], last: str = _("og")) -> str:
    """Words as a sentence lists them: «Oslo, Bærum og Asker»."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def some(numbers: Sequence[str], names: Mapping[str, str], most: int = 4) -> str:
    """Municipalities by name, the last of many as a count: «Oslo, Bærum og 6 til»."""
    shown = [names.get(each, each) for each in numbers]
    if len(shown) <= most:
        return listed(shown)
    return _("{first} og {rest} til", first=", ".join(shown[: most - 1]), rest=number(len(shown) - most + 1))


def alphabetical(name: str) -> str:
    """What a name is sorted by: any case, with æ, ø and å last."""
    return name.casefold().translate(str.maketrans("æøå", "{|}"))


def rank(place: int, of: int, direction: str = _("høyest")) -> str:
    """A rank with its N and direction, for example «plass 12 av 357 (1 er høyest)»; N is never below the place."""
    if not 1 <= place <= of:
        raise ValueError(f"rank {place} of {of}")
    return _(
        "plass\N{NO-BREAK SPACE}{place} av {of} (1\N{NO-BREAK SPACE}er\N{NO-BREAK SPACE}{direction})",
        place=number(place),
        of=number(of),
        direction=direction,
    )


def more(change: float) -> str:
    """How many more or fewer, in whole numbers: «1 200 flere», «én mer», «to færre»."""
    many = counted(round(abs(change)))
    if round(abs(change)) == 1:
        return _("én mer") if change > 0 else _("én færre")
    return _("{many} flere", many=many) if change > 0 else _("{many} færre", many=many)


def at(name: str) -> str:
    """Where something is: «i Lørenskog», «på Utsira»; name: as `short_name` gives it."""
    return _("på {name}", name=name) if name in ON else _("i {name}", name=name)


def short_name(name: str) -> str:
    """A municipality's Norwegian name: «Oslo» of «Oslo - Oslove», «Karasjok» of «Kárášjohka - Karasjok»; the parenthesis that
    tells two apart is kept."""
    county = re.search(r"\s*\(.*\)$", name)
    parts = re.split(r"\s+[-–]\s+", name)
    first = next((part for part in parts if part in SAMI_FIRST), parts[0])
    return first if county is None or first.endswith(county[0]) else first + county[0]
