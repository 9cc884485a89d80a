"""Units of money in headings and banners: kr, thousands, millions and milliards, however spelt, on either side of the currency."""

import re

UNITS = {"kr": 1.0, "1 000 kr": 1_000.0, "mill. kr": 1_000_000.0, "mrd. kr": 1_000_000_000.0}
UNCLEAR = "uklar enhet"  # in place of a unit: two at once, or other money than kroner
CURRENCY = r"(?:norske )?(?:kroner|kronar|kr|nok)\b\.?"
GROUP = r"[ .,'’]?000"
SIZES = {
    "mrd. kr": r"(?:mrd\.?|milliard(?:er|ar)?|billions?|bn)(?!\w)",
    "mill. kr": rf"(?:1{GROUP}{GROUP}|mill(?:ion(?:er|ar|s)?)?\.?|mln\.?)(?!\w)",
    "1 000 kr": rf"(?:1{GROUP}|['’]?000s?|tusen(?:er|lapper)?|thousands?)(?!\w)",
}
SIZE = rf"(?<![\d.,])(?<!\d )(?:{'|'.join(SIZES.values())})"
SHORT = {  # «tkr», «NOK m»
    "mrd. kr": r"mrd\.?(?:kr|nok)",
    "mill. kr": r"mkr|mnok|mill\.?(?:kr|nok)|(?:kr|nok) ?m",
    "1 000 kr": r"[tk]kr|[tk]nok|1000(?:kr|nok)|(?:kr|nok) ?[tk]",
}
BETWEEN = r"[\s\-x×*/(]{0,3}(?:(?:i|in|of|av|hele|heile|whole) ){0,3}"
SPELT = re.compile(
    r"(?:\b(?:i|in|hele|heile) ){0,2}(?:"
    rf"\b{CURRENCY}{BETWEEN}{SIZE}|{SIZE}{BETWEEN}{CURRENCY}"  # «NOK 1000», «kr i tusen»; «1 000 kr», «millions of NOK»
    rf"|\b(?:{'|'.join(SHORT.values())})\b"
    rf"|\b(?:i|in) (?:hele |heile |whole )?{SIZE}"  # «tall i 1000»
    r"|\b(?:tusen|thousands?|millioner|millionar|millions?|mill\.?|milliarder|mrd\.?)(?!\w)"
    rf"|(?<!\d )(?<!\d)\b(?:(?:19|20)\d\d-)?{CURRENCY}(?: (?:19|20)\d\d\b)?(?! ?\d)"  # «kr», «2015-kroner», but no amount
    r")"
)
OTHER = re.compile(
    r"\b(?:hundre(?:ds?)?|usd|eur|euro|gbp|sek|dkk|chf|isk|dollars?|pund|(?:svenske|danske|islandske) kroner)\b|[$€£]"
)
NUMBERS = {"1": "kr", "1000": "1 000 kr", "1000000": "mill. kr", "1000000000": "mrd. kr"}  # a column may tell the unit so


def unit(text: str) -> str | None:
    """The unit of money that a text names: «kr», «1 000 kr», «mill. kr» or «mrd. kr»; None where it names none. UNCLEAR where it
    names two, hundreds, or other money than kroner."""
    plain = " ".join(text.casefold().split())
    if OTHER.search(plain):
        return UNCLEAR
    found = set()
    for match in SPELT.finditer(plain):
        sizes = (name for name, size in SIZES.items() if re.search(rf"(?<![\d.,])(?<!\d ){size}|\b(?:{SHORT[name]})\b", match[0]))
        found.add(next(sizes, "kr"))
    larger = found - {"kr"}
    return larger.pop() if len(larger) == 1 else UNCLEAR if larger else "kr" if found else None


def of_cell(cell: str | float | None) -> str | None:
    """The unit that a cell in a column of units names, in words or as the number to multiply by."""
    if cell is None:
        return None
    digits = re.sub(r"[ .,]", "", f"{cell:.0f}" if isinstance(cell, float) else str(cell))
    return NUMBERS.get(digits) or unit(str(cell))


def without_unit(text: str) -> str:
    """A text without the units that it names, in lower case."""
    return SPELT.sub("", " ".join(text.casefold().split()))
