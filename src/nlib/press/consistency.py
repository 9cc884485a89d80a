"""One fact, one value: what stops a page that contradicts itself, the facts, or the words that figures are written in.

The facts of the place are tried first, then what each answer says that it tells (`Sentence.claims`), the key figures by their
names, and last the words. Each fault names both places: where it stands, and what it is compared with.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nlib.charts import legible
from nlib.charts.chart import CLAIMS
from nlib.core.catalogue import LISTED, plain
from nlib.core.language import number
from nlib.core.translations import _, spoken

if TYPE_CHECKING:
    import nbformat

FACT, SUM, LED = "fact", "sum", "led"  # what a sentence may claim
COUNTS = tuple(LISTED.index[LISTED["kind"] == "telling"])
PROSE = re.compile(r"<(p|li|h2|h3|caption|summary)\b[^>]*>(.*?)</\1>", re.DOTALL)
SECTION = re.compile(r'<(?:figure|section) id="([\w-]+)" class="(\w+)')
FIGURE = re.compile(r'<figure id="([\w-]+)" class="chart"')
DRAWING = re.compile(r'<svg class="(wide|narrow)".*?</svg>', re.DOTALL)
WIDTH = {"wide": "bred", "narrow": "smal"}
KEY = re.compile(
    r'<span class="label">(.*?)</span><span class="value">(.*?)</span><span class="period">(.*?)</span>'
    r'<span class="change">.*?</span><span class="rank">(.*?)</span>'
)
NUMBER = r"[+−]?\d[\d\s,.]*"
PLACED = r"(?<![–\d])(\d+)\s(?:av|of)\s(\d+)"  # as a key figure has it


@dataclass(frozen=True)
class Words:
    """What a language says things with: in a place, that firms are registered, nine of ten, and what a reader is not told.

    rank: a rank without how many there are, in a report, which is argued from; level: another than nine of ten; signed: words that
    do not go with a sign, by the sign.
    """

    inside: str
    registered: str
    sure: str
    rank: str
    level: str
    signed: dict[str, str]


NORWEGIAN = Words(
    inside=r"\b(i|på) [A-ZÆØÅ]",
    registered=r"regist(re|er)",
    sure="ni av ti",
    rank=r"\b[Pp]lass (?>\d[\d –]*\d|\d)(?! av \d| er )",
    level=r"\b(80|95|99) prosents? (konfidens)?intervall|, (åtte|ni og en halv|nitti\w+) av ti\)",
    signed={
        "−": "vokst|vokste|vakse|voks|økte|økt|auka|auke|steg|stige",
        "+": "falt|falle|fall|sank|sunket|søkk|minket|minka|gikk ned|gjekk ned",
    },
)
LANGUAGES = {
    "nb": NORWEGIAN,
    "nn": NORWEGIAN,
    "en": Words(
        inside=r"\b(in|on) [A-ZÆØÅ]",
        registered="regist(er|ra)",
        sure="nine in ten",
        rank=r"\b([Rr]ank|[Pp]lace|[Nn]o\.) (?>\d[\d –]*\d|\d)(?! of \d| is )",
        level=r"\b(80|95|99)( per ?cent|%) (confidence )?interval|, (eight|nine and a half|ninety\S*) (in|of) ten\)",
        signed={"−": "grew|grown|rose|risen|increased|gained", "+": "fell|fallen|sank|sunk|declined|decreased|dropped|shrank"},
    ),
}
NEVER = {  # what no reader is shown, in whatever language
    "en kommando": r"\bnlib (report|build|fetch|import|check|list|export|update|demo|survey|status|config|prune)\b",
    "et kolonnenavn": r"\b[a-z]+\d*(_[a-z0-9æøå]+)+\b",
}


def faults(notebook: "nbformat.NotebookNode", blocks: Sequence[str], facts: pd.DataFrame) -> list[str]:
    """Every contradiction of a page; facts: those of its place, none where it is of all."""
    claims = _claims(notebook)
    found = [*of_facts(facts), *of_claims(claims, facts), *of_keys(blocks, facts), *of_words(blocks, leader=bool(claims))]
    return list(dict.fromkeys([*found, *of_drawings(blocks)]))


def of_facts(facts: pd.DataFrame) -> Iterator[str]:
    """Facts that cannot be: two of one, an interval on a count, a value outside its own band, a rank without N."""
    columns = ("value", "low", "high", "rank", "n")
    value, low, high, rank, n = (facts[column].to_numpy(float, na_value=np.nan) for column in columns)
    band = ~np.isnan(low) | ~np.isnan(high)
    wrong: list[tuple[np.ndarray, Callable[[Any], str]]] = [
        (
            facts.duplicated(["indicator", "komm_nr", "year"]).to_numpy(),
            lambda row: f"to verdier for ett faktum: {_named(row)} står mer enn én gang",
        ),
        (
            band & facts["indicator"].isin(COUNTS).to_numpy(),
            lambda row: f"et intervall på en telling: {_named(row)} har {row.low} til {row.high}, katalogen sier telling",
        ),
        (
            band & ~((low <= value) & (value <= high)),
            lambda row: f"en verdi utenfor sitt eget intervall: {_named(row)} er {row.value}, intervallet {row.low} til {row.high}",
        ),
        (~np.isnan(rank) & ~(rank <= n), lambda row: f"en plass uten hvor mange: {_named(row)} er plass {row.rank} av {row.n}"),
    ]
    for where, fault in wrong:
        if where.any():  # it is asked for every page, and hardly ever so
            yield from map(fault, facts[where].itertuples())


def _known(facts: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Where among the facts of a place each stands, by indicator and year."""
    return {at: place for place, at in enumerate(zip(facts["indicator"], facts["year"], strict=True))}


def of_claims(claims: Sequence[tuple[str, dict]], facts: pd.DataFrame) -> Iterator[str]:
    """Sentences that do not say what they tell of: a fact, a sum of parts, what is weighted."""
    known, language = _known(facts), LANGUAGES[spoken()]
    for where, sentence in claims:
        text, place = sentence["text"], f"«{where}»: «{sentence['text']}»"
        rows = [LISTED.loc[claim[1]] for claim in sentence["claims"] if claim[0] == FACT]
        if rows and language.sure in text and all(row["kind"] == "telling" for row in rows):
            yield f"{place} har et intervall, katalogen sier at tallet er en telling"
        if (
            any(row["scope"] == "registrert" for row in rows)
            and re.search(language.inside, text)
            and not re.search(language.registered, text)
        ):
            yield f"{place} sier «i» om foretak, katalogen sier registrert"
        for kind, *claim in sentence["claims"]:
            if kind == FACT:
                at = known.get((claim[0], claim[1]))
                yield from _otherwise(place, text, None if at is None else facts["value"].iat[at], *claim)
            elif kind == SUM and claim[0] != sum(claim[1:]):
                yield f"{place}: delene er {number(sum(claim[1:]))}, det hele er {number(claim[0])}"
            elif kind == LED and claim[0] is not None and claim[2] != claim[0]:
                yield f"{place} sier {number(claim[2])}, svarene er vektet: {number(claim[0])} (uvektet {number(claim[1])})"


def _otherwise(place, text, value, indicator, year):
    if value is None:
        yield f"{place} forteller om {_called(indicator)} {year}, som ikke er blant faktaene"
        return
    ways = {plain(indicator, value), plain(indicator, abs(value)), plain(indicator, value, sign=True)}
    if not any(re.search(rf"(?<![\d,.]){re.escape(way)}(?!\d|[,.]\d)", text) for way in ways):
        yield f"{place} sier ikke {plain(indicator, value)}, som er {_called(indicator)} {year} i faktaene"


def of_keys(blocks: Sequence[str], facts: pd.DataFrame) -> Iterator[str]:
    """Key figures that are called as a fact of the year is, and have another value or rank than it."""
    labels = {_(label): name for name, label in LISTED["label"].items()}
    known = _known(facts)
    for block in blocks:
        for label, value, period, rank in KEY.findall(block):
            name = labels.get(html.unescape(label).replace("\N{SOFT HYPHEN}", "").partition(", ")[0])  # without its unit
            years = re.findall(r"\b(?:19|20)\d\d\b", period)
            at = (name, int(years[-1]) if years else 0)
            if name is None or at not in known:
                continue
            fact = facts.iloc[known[at]]
            if (shown := _first(html.unescape(value))) != _first(plain(name, fact["value"])):
                yield f"nøkkeltallet {label} {at[1]} er {shown}, faktaene sier {plain(name, fact['value'])}"
            place = re.search(PLACED, rank)
            if place and pd.notna(fact["rank"]) and tuple(map(int, place.groups())) != (fact["rank"], fact["n"]):
                told_rank = f"nøkkeltallet {label} {at[1]} har plass {place[1]} av {place[2]}"
                yield f"{told_rank}, faktaene sier plass {fact['rank']} av {fact['n']}"


def of_words(blocks: Sequence[str], leader: bool = True) -> Iterator[str]:
    """Prose with a command, a column, something set as code, another level than nine of ten, or a word against its sign.

    leader: whether it is the report, where a rank has how many there are, and a question without figures is left out.
    """
    language, where = LANGUAGES[spoken()], ""
    never = (
        NEVER | {"et nivå som ikke er ni av ti": language.level} | ({"en plass uten hvor mange": language.rank} if leader else {})
    )
    for block in blocks:
        if section := SECTION.search(block):
            where = section[1]
            if where.startswith("rapport-") and section[2] == "missing":
                yield f"{where}: et spørsmål uten tall er vist, det skal utelates og nevnes"
        if code := re.search(r"<(code|pre)\b[^>]*>(.*?)</\1>", block, re.DOTALL):
            yield f"{where}: noe skrevet som kode, «{html.unescape(re.sub('<[^>]+>', '', code[2]))[:60]}»"
        for __, inside in PROSE.findall(block):
            text = html.unescape(re.sub(r"<[^>]+>", "", inside)).replace("\N{NO-BREAK SPACE}", " ")
            for what, pattern in never.items():
                if seen := re.search(pattern, text):
                    yield f"{where}: {what}, «{seen[0]}», i «{text[:120]}»"
            for sign, words in language.signed.items():
                if seen := re.search(rf"\b({words}) (?:(?:med|by) )?\{sign}\d+(?:[,.]\d+)*", text):
                    yield f"{where}: ordet «{seen[1]}» mot tallet «{seen[0]}» i «{text[:120]}»"


def of_drawings(blocks: Sequence[str]) -> Iterator[str]:
    """Figures with type that is too small, or that lies over another or outside the drawing, wide or narrow."""
    for block in blocks:
        if figure := FIGURE.search(block):
            for drawing in DRAWING.finditer(block):
                for fault in legible.faults(drawing[0]):
                    yield f"{figure[1]} ({WIDTH[drawing[1]]}): {fault}"


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
