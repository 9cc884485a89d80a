"""What of people's words may be shown: no e-mail, phone, birth or organisation number, and no name that is listed."""

import re
import unicodedata
from collections.abc import Iterable

from stdnum.no import fodselsnummer, orgnr

from nlib.core.municipalities import resource

LEAST = 5  # respondents in a cell that is shown
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff]")  # what could part the digits or letters of a name
# every space, dash, dot and line that somebody may part digits with
BETWEEN = "[ .\\-_/\t\u00a0\u2000-\u200a\u2010-\u2015\u2212\u3000\ufe58\ufe63\uff0d\u00b7\u2022]"
GAP, ANY_GAP = f"{BETWEEN}{{1,3}}", f"{BETWEEN}{{0,3}}"
ENDING = r"(?:no|com|org|net|eu|se|dk)\b"
AT = "|".join(
    [
        r"\s*[@＠﹫]\s*",
        r"\s*[(\[{<]\s*(?:at|krøllalfa|alfakrøll)\s*[)\]}>]\s*",
        r"\s+(?:krøllalfa|alfakrøll)\s+",
        rf"\s+at\s+(?=[\w-]+\.{ENDING})",
    ]
)
DOT = rf"\.|\s*[(\[{{]\s*(?:dot|punktum|prikk)\s*[)\]}}]\s*|\s+(?:dot|punktum|prikk)\s+(?={ENDING})|\s*\.\s?(?={ENDING})"
EMAIL = re.compile(rf"[\w.+'-]+(?:{AT})[\w-]+(?:(?:{DOT})[\w-]+)*", re.IGNORECASE)
BIRTH = re.compile(rf"(?<!\d)\d\d{ANY_GAP}\d\d{ANY_GAP}\d\d{ANY_GAP}\d{{3}}{ANY_GAP}\d\d(?!\d)")
ORGANISATION = re.compile(rf"(?<!\d)[89]\d\d{ANY_GAP}\d{{3}}{ANY_GAP}\d{{3}}(?!\d)")
GROUPED = (  # as Norwegian phone numbers are written; no dates, two years or round amounts
    rf"[2-9]\d(?:{GAP}\d\d){{3}}",
    rf"[2-9]\d\d{GAP}\d\d{GAP}(?!000)\d{{3}}",
    rf"(?!(?:19|20)\d\d{GAP}(?:19|20)\d\d)\d{{4}}{GAP}\d{{4}}",
    rf"\d\d{GAP}\d{{3}}{GAP}(?!000)\d{{3}}",
    rf"\d{{5}}{GAP}(?!000)\d{{3}}",
    rf"(?!(?:19|20)\d\d)\d{{4}}{GAP}\d\d{GAP}\d\d",
    rf"\d\d{GAP}(?!000)\d{{6}}",
)
PHONE = re.compile(rf"(?<![\d+])(?:{'|'.join(GROUPED)}|\d{{8}})(?!\d)")
ABROAD = re.compile(rf"(?:\+|(?<!\d)00(?=[1-9]))\d{{1,3}}(?:{ANY_GAP}\d){{6,12}}(?!\d)")
LONG = re.compile(r"\d{8,}")  # a number wrongly written is still somebody's
FORMS = {"as", "asa", "enk", "sa", "ans", "da", "ba", "kf", "iks", "nuf", "sf", "stiftelse", "og"}
CALLED = frozenset(resource("first_names.csv")["name"].str.casefold())  # that begin a person's name where another name comes after
WRITTEN_NAME = re.compile(r"(?<!\w)([A-ZÆØÅ][\w'’-]+)\s+(?=[A-ZÆØÅ][\w'’-])")


def blanked(text: str, names: Iterable[str] = ()) -> str:
    """A text with e-mail addresses, phone, birth and organisation numbers and these names replaced by what they were.

    A name goes whole in any case and spacing, and its parts where they are written as names; companies only lose their form (AS)
    from the parts. What is written as a birth number goes with wrong control digits too, and so do eight digits or more in a row.
    Nothing else is changed but invisible characters.

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


def names_somebody(text: str) -> bool:
    """Whether a text holds what `blanked` takes away, or a common first name with another name after it.

    >>> names_somebody("Hvor fornøyd er du med Kari Nordmann?"), names_somebody("Hvor fornøyd er du med Kari?")
    (True, False)
    """
    text = UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return blanked(text) != text or any(found[1].split("-")[0].casefold() in CALLED for found in WRITTEN_NAME.finditer(text))


def _without(text: str, name: str, flags: int = 0) -> str:
    words = r"\s+".join(map(re.escape, name.split()))
    return re.sub(rf"(?<!\w){words}(?:['’]?s)?(?!\w)", "[navn]", text, flags=flags)


def is_birth_number(text: str) -> bool:
    """Whether the eleven digits in a text have the two control digits of a birth number, D-number or test number."""
    digits = _digits(text)
    controls = fodselsnummer.calc_check_digit1, fodselsnummer.calc_check_digit2
    return len(digits) == 11 and digits[9:] == "".join(control(digits) for control in controls)


def is_organisation_number(text: str) -> bool:
    """Whether the nine digits in a text have the control digit of an organisation number."""
    return orgnr.is_valid(_digits(text))


def _digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())
