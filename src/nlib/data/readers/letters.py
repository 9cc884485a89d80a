"""The letters of a text file: which way of writing æ, ø and å in bytes it uses, and whether they have been ruined on the way."""

import itertools
import re

from nlib.core.errors import BadAnswer

# letters, signs and spaces that Norwegian tables hold; others are odd where a byte may be read in several ways
USUAL = set("æøåÆØÅÁáČčĐđŊŋŠšŦŧŽžÀàÄäÂâÃãÇçÈèÉéÊêËëÍíÏïÑñÓóÒòÔôÕõÖöÚúÜü«»“”„‘’‚–—…•·§°±²³½¼¾µ€£×÷¬´¨¹º\N{NO-BREAK SPACE}")
EIGHT_BITS = ("cp1252", "mac_roman", "cp865")  # Windows and SSB; Mac; DOS
SAMPLE = 50_000  # places with letters beyond ASCII that are looked at to tell these apart
# UTF-8 that has been read as something else and saved again: «Ã¸», «Å¡», «â€“», «├©», «√∏»
TWICE = re.compile("[ÃÂ√├][^\x00-\x7f]|â€[^\x00-\x7f]|ÔÇ[^\x00-\x7f]|Ä[\x80-\x9fŒ‘]|Å[\x80-\x9f¡¦§½¾Š‹]")
TWICE_BEGINS = ("Ã", "Â", "√", "├", "â€", "ÔÇ", "Ä", "Å")
# æ, ø and å of one way read as another, inside a word («L¿renskog», «B¾rum», «L°renskog»), and «år», which most tables have
IN_WORD = re.compile(
    "[A-Za-zæøåÆØÅ][¾¿¯›†µ°∆≈┼\x81\x8f\x9d®¢¥‘][a-zæøå]|[A-Za-z][ÊÂÕ∆][a-z]|[A-Za-z][≈┼]|[≈┼∆¯¿›†ŒÿÏ][A-Za-zæøå]|®[a-z]"
    "|\\b[ÂÕ]r\\b|\N{REPLACEMENT CHARACTER}"
)
NEAR = 1_000_000  # bytes around the first fault that show what the rest is
HIGH = bytes(range(0x80, 0x100))
NOT_TEXT = "Filen er verken tekst eller Excel: lagre den på nytt som CSV (UTF-8) eller .xlsx"


def ruined(cell: str) -> str | None:
    """The signs that show that a text's letters have been ruined; None where they seem whole."""
    found = None if cell.isascii() else TWICE.search(cell) or IN_WORD.search(cell)
    return found and found[0]


def text(body: bytes) -> str:
    """The characters of a text file: UTF-8, UTF-16 or UTF-32, else what Windows, Mac or DOS calls its 8 bits, as its words show.
    `BadAnswer` where it is no text, and where the letters are ruined: read in one way, saved in another."""
    found = _decoded(body).lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    if "\0" in found:
        raise BadAnswer(NOT_TEXT)
    if any(sign in found for sign in TWICE_BEGINS) and (match := TWICE.search(found)):
        line = found.count("\n", 0, match.start()) + 1
        raise BadAnswer(
            f"Bokstavene æ, ø og å er ødelagt (linje {line}: «{match[0]}»), fordi filen er lest på én måte og lagret på en annen: "
            "last den ned på nytt"
        )
    return found.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(body: bytes) -> str:
    wide = _wide(body)
    try:
        return body.decode(wide or "utf-8")
    except UnicodeDecodeError as error:
        broken = error
    if wide:
        raise BadAnswer(f"Filen er tekst i {wide.upper()}, men ikke hel: last den ned på nytt") from broken
    if b"\0" in body:
        raise BadAnswer(NOT_TEXT)
    _refuse_broken(body, broken)
    return _eight_bits(body)


def _wide(body: bytes) -> str | None:
    """The encoding where a character has two or four bytes, as the mark or the zeros among the first bytes say."""
    if body.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = body[:2000]
    zeros = [at for at in range(4) if len(start) >= 8 and start[at::4].count(0) > 0.9 * len(start[at::4])]
    return {"[1, 2, 3]": "utf-32-le", "[0, 1, 2]": "utf-32-be", "[1, 3]": "utf-16-le", "[0, 2]": "utf-16-be"}.get(str(zeros))


def _refuse_broken(body: bytes, error: UnicodeDecodeError) -> None:
    """`BadAnswer` where it is UTF-8 but for some bytes: cut off, or put together of files in different encodings."""
    near = body[max(0, error.start - NEAR) : error.start + NEAR]
    whole = sum(near.count(sign.encode()) for sign in "æøåÆØÅáÁéšč–’«»")
    lost = len(near) - len(near.translate(None, HIGH)) - 2 * whole
    if whole >= max(1, lost):
        line = body.count(b"\n", 0, error.start) + 1
        raise BadAnswer(
            f"Filen er UTF-8, men linje {line} har tegn som ikke er det: den er avkortet, eller satt sammen av filer i ulike "
            "tegnsett. Last den ned på nytt"
        )


def _eight_bits(body: bytes) -> str:
    """The text in the encoding in which its words look Norwegian, Windows' where nothing tells."""
    places = itertools.islice(re.finditer(rb"[\x80-\xff]+", body), SAMPLE)
    sample = b" ".join(body[max(0, place.start() - 2) : place.end() + 2] for place in places)
    odd = {encoding: rank for encoding in EIGHT_BITS if (rank := _odd(sample, encoding)) is not None}
    best = "cp1252" if odd.get("cp1252", (1, 0))[0] == 0 else min(odd, key=lambda encoding: odd[encoding])
    if signs := ruined(sample.decode(best)):
        raise BadAnswer(f"Bokstavene æ, ø og å er ødelagt («{signs}»): last filen ned på nytt, som CSV (UTF-8) eller .xlsx")
    return body.decode(best, "replace")


def _odd(sample: bytes, encoding: str) -> tuple[int, int] | None:
    """How many signs are not usual in a Norwegian table or stand where they cannot («BÊrum», «folkÆ»), then how few are æ, ø or å.
    None where it is no text."""
    try:
        content = sample.decode(encoding)
    except UnicodeDecodeError:
        return None
    unusual = sum(sign > "\x7f" and sign not in USUAL for sign in content)
    misplaced = re.findall("[a-zæøå][ÆØÅÊÂÕ¾¿¯†°µ¹]|[A-Za-zæøå][½¼¾¬·§±•«»‘](?=[a-zæøå])", content)
    return unusual + len(misplaced), -sum(map(content.count, "æøåÆØÅ"))
