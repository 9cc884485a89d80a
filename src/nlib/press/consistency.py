"""One fact, one value: what stops a page that contradicts itself, the facts, or the words that figures are written in.

The facts of the place are tried first, then what each answer says that it tells (`Sentence.claims`), the key figures by their
names, and last the words. Each fault names both places: where it stands, and what it is compared with.
"""

import html
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from nlib.charts.chart import CLAIMS
from nlib.core.catalogue import LISTED, plain
from nlib.core.language import number
from nlib.core.translations import _, spoken

if TYPE_CHECKING:
    import nbformat

FACT, SUM, LED = "fact", "sum", "led"  # what a sentence may claim
PROSE = re.compile(r"<(p|li|h2|h3|caption|summary)\b[^>]*>(.*?)</\1>", re.DOTALL)
SECTION = re.compile(r'<(?:figure|section) id="([\w-]+)" class="(\w+)"')
KEY = re.compile(
    r'<span class="label">(.*?)</span><span class="value">(.*?)</span><span class="period">(.*?)</span>'
    r'<span class="change">.*?</span><span class="rank">(.*?)</span>'
)
NUMBER = r"[+−]?\d[\d  ,.]*"
REPORT = {  # and not in a report, which is argued from
    "en kommando": r"\bnlib (report|build|fetch|import|check|list|export|update|demo)\b",
    "en plass uten hvor mange": r"\b[Pp]lass (?>\d[\d –]*\d|\d)(?! av \d| er )",
}
NEVER = {  # what no reader is shown, by what is wrong with it
    "et kolonnenavn": r"\b[a-z]+\w*_(pct|nr|kr|mnok|t|n)\b",
    "et nivå som ikke er ni av ti": r"\b(80|95|99) prosent(s)? (konfidens)?intervall|, (åtte|ni og en halv|nitti\w+) av ti\)",
}
SIGNED = {  # a word and the sign that it does not go with
    "vokst": "−", "vokste": "−", "økte": "−", "økt": "−", "steg": "−", "falt": "+", "sank": "+", "minket": "+"
}  # fmt: skip


def faults(notebook: "nbformat.NotebookNode", blocks: Sequence[str], facts: pd.DataFrame) -> list[str]:
    """Every contradiction of a page; facts: those of its place, none where it is of all."""
    claims = _claims(notebook)
    found = [*of_facts(facts), *of_claims(claims, facts), *of_keys(blocks, facts), *of_words(blocks, leader=bool(claims))]
    return list(dict.fromkeys(found))


def of_facts(facts: pd.DataFrame) -> Iterator[str]:
    """Facts that cannot be: two of one, an interval on a count, a value outside its own band, a rank without N."""
    for row in facts[facts.duplicated(["indicator", "komm_nr", "year"])].itertuples():
        yield f"to verdier for ett faktum: {_named(row)} står mer enn én gang"
    kind = facts["indicator"].map(LISTED["kind"])
    band = facts["low"].notna() | facts["high"].notna()
    for row in facts[band & kind.eq("telling")].itertuples():
        yield f"et intervall på en telling: {_named(row)} har {row.low} til {row.high}, katalogen sier telling"
    for row in facts[band & ~((facts["low"] <= facts["value"]) & (facts["value"] <= facts["high"]))].itertuples():
        yield f"en verdi utenfor sitt eget intervall: {_named(row)} er {row.value}, intervallet {row.low} til {row.high}"
    for row in facts[facts["rank"].notna() & ~(facts["rank"] <= facts["n"])].itertuples():
        yield f"en plass uten hvor mange: {_named(row)} er plass {row.rank} av {row.n}"


def of_claims(claims: Sequence[tuple[str, dict]], facts: pd.DataFrame) -> Iterator[str]:
    """Sentences that do not say what they tell of: a fact, a sum of parts, what is weighted."""
    known = facts.set_index(["indicator", "year"])
    for where, sentence in claims:
        text, place = sentence["text"], f"«{where}»: «{sentence['text']}»"
        rows = [LISTED.loc[claim[1]] for claim in sentence["claims"] if claim[0] == FACT]
        if rows and "ni av ti" in text and all(row["kind"] == "telling" for row in rows):
            yield f"{place} har et intervall, katalogen sier at tallet er en telling"
        if (
            any(row["scope"] == "registrert" for row in rows)
            and re.search(r"\b(i|på) [A-ZÆØÅ]", text)
            and not re.search("regist(re|er)", text)
        ):
            yield f"{place} sier «i» om foretak, katalogen sier registrert"
        for kind, *claim in sentence["claims"]:
            if kind == FACT:
                yield from _otherwise(place, text, known, *claim)
            elif kind == SUM and claim[0] != sum(claim[1:]):
                yield f"{place}: delene er {number(sum(claim[1:]))}, det hele er {number(claim[0])}"
            elif kind == LED and claim[0] is not None and claim[2] != claim[0]:
                yield f"{place} sier {number(claim[2])}, svarene er vektet: {number(claim[0])} (uvektet {number(claim[1])})"


def _otherwise(place, text, known, indicator, year):
    if (indicator, year) not in known.index:
        yield f"{place} forteller om {_called(indicator)} {year}, som ikke er blant faktaene"
        return
    value = known.loc[[(indicator, year)], "value"].iloc[0]
    ways = {plain(indicator, value), plain(indicator, abs(value)), plain(indicator, value, sign=True)}
    if not any(re.search(rf"(?<![\d,.]){re.escape(way)}(?![\d]|,\d)", text) for way in ways):
        yield f"{place} sier ikke {plain(indicator, value)}, som er {_called(indicator)} {year} i faktaene"


def of_keys(blocks: Sequence[str], facts: pd.DataFrame) -> Iterator[str]:
    """Key figures that are called as a fact of the year is, and have another value or rank than it."""
    labels = {_(label): name for name, label in LISTED["label"].items()}
    known = facts.set_index(["indicator", "year"])
    for block in blocks:
        for label, value, period, rank in KEY.findall(block):
            name, years = labels.get(html.unescape(label)), re.findall(r"\b(?:19|20)\d\d\b", period)
            at = (name, int(years[-1]) if years else 0)
            if name is None or at not in known.index:
                continue
            fact = known.loc[[at]].iloc[0]
            if (shown := _first(html.unescape(value))) != _first(plain(name, fact["value"])):
                yield f"nøkkeltallet {label} {at[1]} er {shown}, faktaene sier {plain(name, fact['value'])}"
            place = re.search(r"plass\s(\d+)\sav\s(\d+)", rank)
            if place and pd.notna(fact["rank"]) and tuple(map(int, place.groups())) != (fact["rank"], fact["n"]):
                yield f"nøkkeltallet {label} {at[1]} har {place[0]}, faktaene sier plass {fact['rank']} av {fact['n']}"


def of_words(blocks: Sequence[str], leader: bool = True) -> Iterator[str]:
    """Prose with a command, a column, another level than nine of ten, a rank without N, or a word against its sign.

    leader: whether it is the report: the pages of themes say what would fill them, and how a place has moved.
    """
    if spoken() == "en":
        return
    where = ""
    for block in blocks:
        if section := SECTION.search(block):
            where = section[1]
            if where.startswith("rapport-") and section[2] == "missing":
                yield f"{where}: et spørsmål uten tall er vist, det skal utelates og nevnes"
        for __, inside in PROSE.findall(block):
            text = html.unescape(re.sub(r"<code>.*?</code>|<[^>]+>", "", inside)).replace("\N{NO-BREAK SPACE}", " ")
            for what, pattern in (NEVER | (REPORT if leader else {})).items():
                if seen := re.search(pattern, text):
                    yield f"{where}: {what}, «{seen[0]}», i «{text[:120]}»"
            for word, sign in SIGNED.items():
                if seen := re.search(rf"\b{word} (?:med )?\{sign}\d[\d,]*", text):
                    yield f"{where}: ordet «{word}» mot tallet «{seen[0]}» i «{text[:120]}»"


def _claims(notebook) -> list[tuple[str, dict]]:
    """What the answers of a notebook say that they tell, each sentence with its question."""
    answers = [o.get("data", {}).get(CLAIMS) for cell in notebook.cells for o in cell.get("outputs", [])]
    return [(answer["question"], sentence) for answer in answers if answer for sentence in answer["sentences"]]


def _first(text: str) -> str:
    """The first number of a text."""
    seen = re.search(NUMBER, text)
    return re.sub(r"^\+|[\s,.]+$", "", seen[0]) if seen else text


def _called(indicator: str) -> str:
    return _(LISTED.at[indicator, "label"])


def _named(row) -> str:
    return f"{_called(row.indicator)} {row.year} for {row.komm_nr}"
