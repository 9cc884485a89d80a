"""What of people's words may be shown: no e-mail, phone, birth or organisation number, and no name that is listed."""

import re
import unicodedata
from collections.abc import Iterable

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
