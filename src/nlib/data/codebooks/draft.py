"""A first codebook for an export, to be mended by a person: what each column seems to be, with the reason to look. It holds
headings, codes, and answers that the tool lists or at least five have given in the same words; nothing else that people wrote."""

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import resource
from nlib.data.codebooks import dates
from nlib.data.codebooks.blanking import LEAST, blanked, names_somebody
from nlib.data.codebooks.codebook import SCORE, SEPARATORS, TICKED, compact, plain

DONT_KNOW = (
    *("vet ikke", "ikke aktuelt", "ikke relevant", "ingen mening", "ønsker ikke å svare", "har ikke grunnlag for å svare"),
    *("usikker", "veit ikkje", "ikkje aktuelt", "ikkje relevant", "inga meining", "ynskjer ikkje å svare", "ønskjer ikkje å svare"),
    *("don't know", "don’t know", "do not know", "not sure", "not applicable", "n/a", "no opinion", "prefer not to say"),
    *("prefer not to answer", "vet ikke / ikke aktuelt", "vet ikke/ikke aktuelt", "not relevant"),
)
SCALES = tuple(tuple(tuple(place.split("|")) for place in scale.split("; ")) for scale in resource("survey_scales.csv")["scale"])
COLUMNS = resource("survey_columns.csv").groupby("role")["heading"].agg(set)
ROW_IDS, TIMES = COLUMNS["row_id"], COLUMNS["time"]
NOT_ASKED = re.compile("|".join(heading.replace("*", ".*") for heading in sorted(COLUMNS["other"] | ROW_IDS | TIMES)))
BACKGROUND = {  # the name that the frame's groups have, if any -> words of a heading
    "size_group": re.compile(r"\b(?:ansatte|tilsette)\b|\bstørrelse|\bstorleik|\bsize\b|\bårsverk|\bemployees\b"),
    "industry": re.compile(r"\bnæring(?:en|er|a|ar)?\b|\bbransje|\bindustry\b|\bsector\b"),
    "": re.compile(
        r"\bsektor|\brolle\b|\bstilling|\balder\b|\bkjønn|\bomsetning|\bomsetnad|\bhv?or lenge\b|\betableringsår|\bpostn|"
        r"\bgender\b|\bage\b|\bturnover\b|\brevenue\b|\bhow long\b|\brole\b"
    ),
}
RECOMMEND = re.compile(r"anbefal|tilrå|0 ?(?:-|–|til|to) ?10|recommend|\bnps\b|slider")
PARTS = [re.compile(way) for way in (r"(?=.*\]\Z)(.+?) ?\[(.+)\]", r"(.+)\.([^.]+)", r"(.+?) [-–] (.+)", r"(.+)_([^_]+)")]
CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
SCALE_POINTS = (3, 4, 5, 7)
NUMBER = re.compile(r"-?\d+")
ANSWERED_ALONE = {"ja", "nei", "yes", "no", "j", "n", "y"}  # in one column of a stem they may be an answer, in all of them ticks
TICKED_ALONE = {word for word, ticked in TICKED.items() if ticked and not word.isdecimal()} - ANSWERED_ALONE
PREVIEW = "Survey Preview"  # Qualtrics' word for a test answer
LONGEST_LABEL = 80  # signs
MOST_LABELS = 30
SPANS = {"0": "Ingen", "1..4": "1–4", "5..19": "5–19", "20..99": "20–99", "100..": "100 eller flere"}
HEAD = """\
# Utkast til kodebok, laget av nlib survey draft. Les gjennom og rett:
# - kommune (i anførselstegn), år, målgruppe og periode (det utenfor er prøvesvar)
# - navn, type (ett svar, flere svar, skala, 0-10, fritekst, bakgrunn) og svar på hvert spørsmål
# - svar står fra lavest til høyest; det som ikke hører til i rekkefølgen, står også i «vet ikke»
# - samme navn på samme spørsmål i alle runder; bare de sammenlignes
# - størrelse og næring skal hete size_group og industry, med de samme gruppene som i filen med inviterte
# Svar som færre enn fem har gitt med samme ord, står ikke her: de kan være skrevet av én.
"""


@dataclass(frozen=True)
class Legend:
    """What the tool's own codebook sheet says of a column: the question's words, and code -> label."""

    text: str = ""
    answers: dict[str, str] = field(default_factory=dict)


def codebook(
    columns: Sequence[str], rows: Sequence[Mapping[str, str]], legend: Mapping[str, Legend], headings: tuple[int, int] = (1, 1)
) -> str:
    """The draft, as YAML with comments. `rows` are column -> what stands there, without the blank ones. `BadAnswer` where the
    headings identify people: then they are answers, or about somebody."""
    if odd := [place for place, column in enumerate(columns, 1) if names_somebody(column)]:
        raise BadAnswer(
            f"Overskriften i kolonne {odd[0]} ser ut som et svar, eller nevner en person: filen må ha spørsmålene i en rad øverst, "
            "uten navn, adresser og numre"
        )
    answers = {column: [row[column] for row in rows if row.get(column, "-1") != "-1"] for column in columns}
    row_id = next((c for c in columns if compact(c) in ROW_IDS and 2 * len(set(answers[c])) > len(answers[c])), "")
    time = next((c for c in columns if compact(c) in TIMES and answers[c] and None not in dates.days(answers[c])[0]), "")
    asked_for = {column for column, meant in legend.items() if meant.answers}
    tools = {c for c in columns if c.startswith("$") or NOT_ASKED.fullmatch(compact(c))}  # a time, a name, an address, a state
    unused = [c for c in columns if c not in (row_id, time) and c not in asked_for and (c in tools or not answers[c])]
    readings = dates.days(answers[time]) if time else [[]]
    years = Counter(found[:4] for found in readings[0] if found)
    year = max(years, key=lambda year: years[year], default="")
    wave: dict = {"undersøkelse": "NæringsPuls", "kommune": "", "år": year, "målgruppe": ""}
    wave |= {"rad-id": row_id} if row_id else {}
    wave |= {"tidspunkt": time} if time else {}
    wave |= {"overskrift": "-".join(map(str, dict.fromkeys(headings)))} if headings[1] > 1 else {}
    if tests := [column for column in columns if PREVIEW in answers[column]]:
        wave["prøvesvar"] = {column: [PREVIEW] for column in tests}
    wave |= {"ubesvart": ["-1"]} if any(row.get(c) == "-1" for row in rows for c in columns) else {}
    questions: dict[str, tuple[dict, str]] = {}
    met: Counter[str] = Counter()
    left_out = {row_id, time, *unused}
    asked = [column for column in columns if column not in left_out]
    matrices: dict[str, list[str]] = {}
    for column, texts in answers.items():
        matrices.setdefault(_stem(column), []).extend(texts)
    for text, group in _groups(asked, answers, legend).items():
        first, alone = group[0], len(group) == 1
        meant = legend.get(first, Legend())
        entry, remark = _question(first, _of_matrix(first, answers, matrices), meant) if alone else _boxes(group, legend, answers)
        if entry is None:
            unused += group
            continue
        words = (meant.text if alone else meant.text.rpartition(" - ")[0]) or text
        known = _background(f"{first} {words}") if entry["type"] == "bakgrunn" else None
        questions[_name(known or (first if alone else text), questions, met)] = ({"spørsmål": words} | entry, remark)
    either = "# tidspunktet kan leses på to måter: skriv «datoer: dag først» eller «datoer: måned først»\n"
    parts = [HEAD, either if len(readings) > 1 else "", _yaml(wave | {"navn": [], "brukes ikke": unused}), "spørsmål:\n"]
    for name, (entry, remark) in questions.items():
        parts.append(f"  # {remark}\n" if remark else "")
        parts.append(re.sub(r"^", "  ", _yaml({name: entry}), flags=re.MULTILINE).rstrip(" "))
    return "".join(parts)


def _groups(columns: list[str], answers: Mapping[str, list[str]], legend: Mapping[str, Legend]) -> dict[str, list[str]]:
    """Columns by the question they belong to: boxes, ticked or not, under one stem together, every other column alone."""
    groups: dict[str, list[str]] = {}
    for column in columns:
        stem = _stem(column)
        words = {plain(text) for text in answers[column]}
        together = stem and (words <= set(TICKED) or words == {plain(_label(column, legend))})
        groups.setdefault(stem if together else column, []).append(column)
    alone = {stem for stem, group in groups.items() if len(group) == 1} - set(columns)
    return {(group[0] if stem in alone else stem): group for stem, group in groups.items()}


def _of_matrix(column: str, answers: Mapping[str, list[str]], matrices: Mapping[str, list[str]]) -> list[str]:
    """What is answered in a column, and, of codes, in the other columns of its matrix: they share a scale."""
    stem = _stem(column)
    codes = matrices[stem] if stem else []
    return codes if codes and all(NUMBER.fullmatch(text) for text in codes) else answers[column]


def _stem(column: str) -> str:
    return next((found[1] for pattern in PARTS if (found := pattern.fullmatch(column))), "")


def _part(column: str) -> str:
    return next((found[2] for pattern in PARTS if (found := pattern.fullmatch(column))), column)


def _label(column: str, legend: Mapping[str, Legend]) -> str:
    """What a box is for: the end of its words in the file's own legend, else of its heading."""
    return legend.get(column, Legend()).text.rpartition(" - ")[2] or _part(column)


def _boxes(group: list[str], legend: Mapping[str, Legend], answers: Mapping[str, list[str]]) -> tuple[dict, str]:
    labels = {column: _label(column, legend) for column in group}
    alone = all({plain(text) for text in answers[column]} & ANSWERED_ALONE for column in group)
    remark = "ja eller nei i hver kolonne: er de spørsmål hver for seg, skriv dem som «ett svar»" if alone else ""
    return {"type": "flere svar", "kolonner": labels, "nevner": "de som svarte"}, remark


def _question(column: str, answers: list[str], legend: Legend) -> tuple[dict | None, str]:
    """What a column seems to be, as the codebook tells it, and why to look at it; None where it is nothing that was asked."""
    place, words = {"kolonne": column}, plain(f"{column} {legend.text}")
    background = {"type": "bakgrunn"} if _background(words) is not None else None
    if legend.answers:
        unsure = [label for label in legend.answers.values() if plain(label) in DONT_KNOW]
        ordered = [label for label in legend.answers.values() if label not in unsure]
        kind = background or {"type": "skala" if len(ordered) > 2 and _scale(ordered) else "ett svar"}
        return kind | place | {"svar": legend.answers} | ({"vet ikke": unsure} if unsure else {}), "svarene er fra filens kodeark"
    if answers and all(CLOCK.fullmatch(text) or (dates.is_date(text) and not NUMBER.fullmatch(text)) for text in answers):
        return None, ""
    unsure = list(dict.fromkeys(text for text in answers if plain(text) in DONT_KNOW))
    sure = [text for text in answers if text not in unsure]
    whole = [int(text) for text in sure if NUMBER.fullmatch(text)]
    recommend = bool(RECOMMEND.search(words))
    scores = [SCORE.fullmatch(text) for text in sure]
    numbers = [int(found[1] or found[2]) for found in scores if found]
    with_words = len(whole) < len(sure) == len(numbers) and max(numbers) <= 10
    if with_words and (recommend or _is_score(numbers)):
        return {"type": "0-10"} | place | ({"vet ikke": unsure} if unsure else {}), ""
    if len(whole) == len(sure):
        return _codes(place, whole, background, recommend, unsure)
    if len(ticks := {plain(text) for text in answers}) == 1 and ticks <= TICKED_ALONE:
        return _boxes([column], {}, {column: answers})[0], "ett avkrysningsfelt: det som ikke er krysset av, er blankt"
    if all(re.fullmatch(r"-?\d+[.,]\d+|-?\d+", text) for text in answers):
        return None, ""
    return _words(place, answers, background)


def _is_score(whole: list[int]) -> bool:
    return min(whole) >= 0 and 5 < max(whole) <= 10 and len(set(whole)) > 5


def _codes(place: dict, whole: list[int], background: dict | None, recommend: bool, unsure: list[str]) -> tuple[dict, str]:
    beside = {"vet ikke": unsure} if unsure else {}
    if recommend or (not background and whole and _is_score(whole)):
        return {"type": "0-10"} | place | beside, ""
    if not whole:
        return {"type": "fritekst"} | place, "ingen har svart noe annet enn «vet ikke»"
    if max(whole) > 20 or min(whole) < 0:
        remark = "et tall: del det i grupper som passer, eller flytt kolonnen til «brukes ikke»"
        return {"type": "bakgrunn"} | place | {"svar": SPANS}, remark
    codes = {str(code): f"svar {code}" for code in range(min(1, min(whole)), max(2, *whole) + 1)}
    kind = background or {"type": "skala" if len(codes) in SCALE_POINTS else "ett svar"}
    codes |= {text: text for text in unsure}
    return kind | place | {"svar": codes} | beside, "bare koder i filen: skriv hva hver kode betyr, og om det er en skala"


def _words(place: dict, answers: list[str], background: dict | None) -> tuple[dict, str]:
    parts, separator = _several(answers)
    counts = Counter(parts or answers)
    unsure = list(dict.fromkeys(text for text in counts if plain(text) in DONT_KNOW))
    sure = [text for text in counts if text not in unsure]
    scale = None if parts else _scale(sure) or (None if background else _numbered(sure, counts))
    if scale:
        kind = {"type": "skala"} if len(scale) > 2 else background or {"type": "ett svar"}
        return kind | place | {"svar": scale + unsure} | ({"vet ikke": unsure} if unsure else {}), ""
    made = [text for text in counts if dates.is_date(text)]
    common = [text for text, count in counts.most_common() if count >= LEAST and len(text) <= LONGEST_LABEL and text not in made]
    common = [text for text in common if blanked(text) == text]
    if len(common) < 2 or len(common) > MOST_LABELS or sum(counts[text] for text in common) < 0.5 * counts.total():
        return {"type": "fritekst"} | place, "ser ut som fritekst; er det ikke det, må typen endres og svarene skrives inn"
    kind = {"type": "flere svar"} if parts else background or {"type": "ett svar"}
    entry = kind | place | ({"skilletegn": separator} if parts and separator != ";" else {})
    entry |= {"svar": common + [text for text in unsure if text not in common]} | ({"vet ikke": unsure} if unsure else {})
    left = "; svar som færre enn fem har gitt, mangler: skriv dem inn, eller samle dem i ett med «annet»"
    spoilt = "; noen svar er datoer, som «1-4» blir i Excel: rett dem i filen"
    remark = (left if len(common) + len(made) < len(counts) else "") + (spoilt if made else "")
    return entry, "sett svarene i riktig rekkefølge" + remark


def _several(answers: list[str]) -> tuple[list[str], str]:
    """The answers in cells that hold several, and the sign between them; none where a cell is one answer.

    With a comma between them an answer may have commas in it: what always stands together is one answer. A comma parts answers
    only where most of those that come after one also stand first or alone in other cells, as in a list that is ticked, and not
    as in «Ja, litt» and «Ja, mye».
    """
    for separator in SEPARATORS:
        cells = [[part.strip() for part in text.split(separator) if part.strip()] for text in answers]
        if "," in separator:
            cells = _together(cells, separator)
        parts = [part for cell in cells for part in dict.fromkeys(cell)]
        if len(parts) <= len(answers) or max(map(len, parts)) > LONGEST_LABEL:
            continue
        firsts = {cell[0] for cell in cells if cell}
        frequent = {part for part, count in Counter(parts).items() if count >= LEAST}
        later = {part for cell in cells for part in cell[1:]} & frequent
        if "," not in separator or (later and 2 * len(later & firsts) >= len(later)):
            return parts, separator
    return [], ""


def _together(cells: list[list[str]], separator: str) -> list[list[str]]:
    """The same cells with two parts that never stand without each other made one, until there are none."""
    for _ in range(MOST_LABELS):
        count = Counter(part for cell in cells for part in cell)
        pairs = Counter(pair for cell in cells for pair in itertools.pairwise(cell))
        joined = {pair for pair, times in pairs.items() if times == count[pair[0]] == count[pair[1]] and times >= LEAST}
        if not joined:
            break
        cells = [_joined(cell, joined, separator) for cell in cells]
    return cells


def _joined(cell: list[str], joined: set[tuple[str, str]], separator: str) -> list[str]:
    parts: list[str] = []
    for at, part in enumerate(cell):
        if parts and (cell[at - 1], part) in joined:
            parts[-1] += separator + part
        else:
            parts.append(part)
    return parts


def _background(words: str) -> str | None:
    """The name of a background question by its words: `size_group`, `industry` or «»; None where it is none."""
    return next((name for name, pattern in BACKGROUND.items() if pattern.search(plain(words))), None)


def _scale(answers: list[str]) -> list[str] | None:
    """The whole scale, lowest first, that these answers are on: in their own words, with those that nobody has given. Of several
    the one that they fill most of."""
    given = {plain(answer): answer for answer in answers}
    found = []
    for scale in SCALES if given else ():
        places = [[given[plain(word)] for word in place if plain(word) in given] for place in scale]
        if all(len(place) < 2 for place in places) and sum(map(len, places)) == len(given):
            found.append([place[0] if place else words[0] for place, words in zip(places, scale, strict=True)])
    return min(found, key=len, default=None)


def _numbered(answers: list[str], counts: Mapping[str, int]) -> list[str] | None:
    """The scale that answers with its numbers are on («1 = Helt uenig», «2», «5 = Helt enig»), lowest first; None without one. A
    number that nobody has given stands as itself. Words that few have written are not shown, and so the scale is not known."""
    found = {answer: SCORE.fullmatch(answer) for answer in answers}
    if not all(found.values()) or any(not NUMBER.fullmatch(answer) and counts[answer] < LEAST for answer in answers):
        return None
    places = {int(match[1] or match[2]): answer for answer, match in found.items() if match}
    points = range(min(1, *places), max(places) + 1)
    if len(places) < len(answers) or len(points) not in SCALE_POINTS or len(points) - len(places) > 1:
        return None
    return [places.get(point, str(point)) for point in points]


def _name(words: str, taken: Mapping[str, object], met: Counter[str]) -> str:
    """A short name of a question: the first words of it, or a column's own name, numbered from where the last of that name was."""
    parts = [part for part in re.split(r"[^a-zæøå0-9]+", words.casefold()) if part][:6]
    name = "_".join(parts)[:40].rstrip("_")
    name = name if re.match("[a-zæøå]", name) else f"sp_{name}".rstrip("_")
    while met.update([name]) or (option := f"{name}_{met[name]}" if met[name] > 1 else name) in taken:
        pass
    return option


def _yaml(entry: dict) -> str:
    return yaml.safe_dump(entry, allow_unicode=True, sort_keys=False, width=120)
