"""What of a survey may be shown: no cell of a few respondents, none that could be worked out from the others, no person's name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

LEAST = 5  # respondents in a cell that is shown
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]")  # what could part the digits or letters of a name
GAP = "[ .\\-\u00a0/]"
EMAIL = re.compile(r"[\w.+'-]+(?:@|\s?[(\[{]\s?(?:at|krøllalfa)\s?[)\]}]\s?)[\w-]+(?:\.[\w-]+)*", re.IGNORECASE)
BIRTH = re.compile(rf"(?<!\d)\d\d{GAP}?\d\d{GAP}?\d\d{GAP}?\d{{3}}{GAP}?\d\d(?!\d)")
ORGANISATION = re.compile(rf"(?<!\d)\d{{3}}{GAP}?\d{{3}}{GAP}?\d{{3}}(?!\d)")
GROUPED = (  # as Norwegian phone numbers are written; no dates, two years or round amounts
    rf"\d\d(?:{GAP}\d\d){{3}}",
    rf"\d{{3}}{GAP}\d\d{GAP}\d{{3}}",
    rf"(?!(?:19|20)\d\d{GAP}(?:19|20)\d\d)\d{{4}}{GAP}\d{{4}}",
    rf"\d\d{GAP}\d{{3}}{GAP}(?!000)\d{{3}}",
)
PHONE = re.compile(rf"(?<![\d+])(?:{'|'.join(GROUPED)}|\d{{8}})(?!\d)")
ABROAD = re.compile(rf"(?:\+|(?<!\d)00)\d{{1,3}}(?:{GAP}?\d){{6,12}}(?!\d)")
LONG = re.compile(r"\d{8,}")  # a number wrongly written is still somebody's
FORMS = {"as", "asa", "enk", "sa", "ans", "da", "ba", "kf", "iks", "nuf", "sf", "stiftelse", "og"}
FIRST_CONTROL = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND_CONTROL = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
ORGANISATION_CONTROL = (3, 2, 7, 6, 5, 4, 3, 2, 1)


def hide(table: pd.DataFrame, by: Sequence[str | Sequence[str]], count: str = "respondents", least: int = LEAST) -> pd.DataFrame:
    """The table with `count` missing in cells of 1 to `least` - 1 respondents, and in as many more as keep those from being known.

    A cell a row. `by` lists groupings (a column or several) whose sums a reader knows: within a group, what is hidden adds up to at
    least `least`, and no hidden cell follows from the sums, of all groupings together. The smallest cells that are shown are
    the ones that go. A cell of nobody is shown as 0; with `by` empty no sums are known. The column `hidden` (bool) tells which are
    hidden, so that shares made of them can be blanked; `count` becomes Int64. A group whose own sum is below `least` is hidden
    whole: its sum must be hidden too, where it is a cell of another table.

    >>> cells = pd.DataFrame({"question": "a", "answer": ["ja", "nei", "kanskje"], "respondents": [20, 8, 3]})
    >>> hide(cells, ["question"])["respondents"].tolist()
    [20, <NA>, <NA>]
    """
    counts = table[count].to_numpy(float, na_value=np.nan)
    hidden = np.isnan(counts) | ((counts > 0) & (counts < least))
    groups = [
        np.flatnonzero(part)
        for grouping in by
        for part in _members(table, [grouping] if isinstance(grouping, str) else list(grouping))
    ]
    while (found := _exposed(counts, hidden, groups, least)) is not None:
        hidden[found] = True
    return table.assign(**{count: pd.array(np.where(hidden, np.nan, counts), "Int64"), "hidden": hidden})


def _members(table: pd.DataFrame, grouping: list[str]) -> Iterable[np.ndarray]:
    codes = table.groupby(grouping, dropna=False, sort=False).ngroup().to_numpy()
    return (codes == code for code in range(codes.max(initial=-1) + 1))


def _exposed(counts: np.ndarray, hidden: np.ndarray, groups: list[np.ndarray], least: int) -> int | None:
    """The cell to hide next, the smallest shown one in a group that gives a hidden one away; None where none does."""
    touched = [group for group in groups if hidden[group].any()]
    for group in touched:
        inside = hidden[group]
        few = inside.sum() == 1 or np.nansum(counts[group][inside]) < least
        if few and (cell := _smallest(counts, hidden, group)) is not None:
            return cell
    for cell in _determined(hidden, touched):
        for group in touched:
            if cell in group and (next_cell := _smallest(counts, hidden, group)) is not None:
                return next_cell
    return None


def _smallest(counts: np.ndarray, hidden: np.ndarray, group: np.ndarray) -> int | None:
    there = group[~hidden[group] & (counts[group] > 0)]
    return int(there[np.argmin(counts[there])]) if len(there) else None


def _determined(hidden: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """The hidden cells that the sums of the groups give exactly: those that cannot change while all sums stay as they are."""
    cells = np.flatnonzero(hidden)
    if not len(groups):
        return cells[:0]
    sums = np.array([np.isin(cells, group) for group in groups], float)
    _, strength, directions = np.linalg.svd(sums)
    free = directions[(strength > 1e-9).sum() :]
    return cells[(np.abs(free) < 1e-9).all(axis=0)]


def blanked(text: str, names: Iterable[str] = ()) -> str:
    """A text with e-mail addresses, phone, birth and organisation numbers and these names replaced by what they were.

    A name goes whole in any case and spacing, and its parts where they are written as names; companies only lose their form (AS)
    from the parts. What is written as a birth number goes with wrong
    control digits too, and so do eight digits or more in a row. Nothing else is changed but invisible characters.

    >>> blanked("Ring Kari på 99 88 77 66 eller kari@firma.no", ["Kari Nordmann"])
    'Ring [navn] på [telefon] eller [e-post]'
    """
    text = UNSEEN.sub("", unicodedata.normalize("NFC", text))
    text = EMAIL.sub("[e-post]", text)
    text = BIRTH.sub(lambda found: "[fødselsnummer]" if is_birth_number(found[0]) else "[nummer]", text)
    text = ORGANISATION.sub(lambda found: "[organisasjonsnummer]" if is_organisation_number(found[0]) else found[0], text)
    text = LONG.sub("[nummer]", PHONE.sub("[telefon]", ABROAD.sub("[telefon]", text)))
    for name in sorted({" ".join(unicodedata.normalize("NFC", name).split()) for name in names} - {""}, key=len, reverse=True):
        text = _without(text, name, re.IGNORECASE)
        for part in re.split(r"[\s,]+", name):
            if len(part) > 1 and part.casefold() not in FORMS:
                for spelling in {part[:1].upper() + part[1:], part.upper()}:
                    text = _without(text, spelling)
    return text


def _without(text: str, name: str, flags: int = 0) -> str:
    words = r"\s+".join(map(re.escape, name.split()))
    return re.sub(rf"(?<!\w){words}(?:['’]?s)?(?!\w)", "[navn]", text, flags=flags)


def is_birth_number(text: str) -> bool:
    """Whether the eleven digits in a text have the two control digits (modulo 11) of a birth number, D-number or test number."""
    digits = _digits(text)
    controls = (FIRST_CONTROL, SECOND_CONTROL)
    return len(digits) == 11 and all(sum(map(int.__mul__, digits, weights)) % 11 == 0 for weights in controls)


def is_organisation_number(text: str) -> bool:
    """Whether the nine digits in a text have the control digit (modulo 11) of an organisation number."""
    digits = _digits(text)
    return len(digits) == 9 and sum(map(int.__mul__, digits, ORGANISATION_CONTROL)) % 11 == 0


def _digits(text: str) -> list[int]:
    return [int(sign) for sign in text if sign.isdecimal()]
