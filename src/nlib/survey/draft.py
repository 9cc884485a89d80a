"""A first codebook for an export, to be read through and mended by a person: what each column seems to be, with the reason to look.

It holds headings, codes, answers that the survey tool itself lists, and answers that at least five have given in the same words;
nothing else that people have written, and no counts.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from nlib.errors import BadAnswer
from nlib.survey.codebook import day, plain
from nlib.survey.disclosure import LEAST, blanked

DONT_KNOW = ("vet ikke", "ikke aktuelt", "ikke relevant", "ingen mening", "ønsker ikke å svare", "har ikke grunnlag for å svare")
SCALES = tuple(
    tuple(scale.split("; "))
    for scale in (
        "Helt uenig; Litt uenig; Verken eller; Litt enig; Helt enig",
        "Helt uenig; Delvis uenig; Verken enig eller uenig; Delvis enig; Helt enig",
        "Svært uenig; Uenig; Verken eller; Enig; Svært enig",
        "Svært misfornøyd; Misfornøyd; Verken eller; Fornøyd; Svært fornøyd",
        "Svært misfornøyd; Ganske misfornøyd; Verken eller; Ganske fornøyd; Svært fornøyd",
        "Svært dårlig; Dårlig; Middels; God; Svært god",
        "Svært dårlig; Ganske dårlig; Verken eller; Ganske godt; Svært godt",
        "I svært liten grad; I liten grad; I noen grad; I stor grad; I svært stor grad",
        "Ikke i det hele tatt; I liten grad; I noen grad; I stor grad; I svært stor grad",
        "Ikke viktig; Litt viktig; Viktig; Svært viktig",
        "Aldri; Sjelden; Av og til; Ofte; Svært ofte",
        "Nei; Ja",
    )
)
ROW_IDS = {"$submission_id", "id", "respondent id", "respondent-id", "respondentid", "respid", "responseid", "svar-id"}
TIMES = {
    "$created",
    "fullføringstidspunkt",
    "completion time",
    "tidsmerke",
    "tidsstempel",
    "timestamp",
    "created",
    "dato",
    "svart",
    "submitted",
}
NOT_ASKED = re.compile(
    r"\$.*|(start|slutt|fullførings)?tidspunkt|start time|language|språk|e-?post(adresse)?|email( address)?|navn|name|"
    r"last modified time|tidspunkt for siste endring|ip-?adresse|attachment.*|vedlegg.*"
)
BACKGROUND = {  # the name that the frame's groups have, if any -> words of a heading
    "size_group": re.compile(r"\bansatte\b|\bstørrelse|\bsize\b|\bårsverk"),
    "industry": re.compile(r"\bnæring(?:en|er)?\b|\bbransje|\bindustry\b"),
    "": re.compile(r"\bsektor|\brolle\b|\bstilling|\balder\b|\bkjønn|\bomsetning|\bhvor lenge\b|\betableringsår|\bpostn"),
}
RECOMMEND = re.compile(r"anbefal|0 ?(?:-|–|til) ?10|recommend|\bnps\b|slider")
PARTS = (re.compile(r"(.+?) ?\[(.+)\]"), re.compile(r"(.+)\.([^.]+)"), re.compile(r"(.+?) [-–] (.+)"), re.compile(r"(.+)_([^_]+)"))
WHEN = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}( .*)?|\d{1,2}:\d{2}(:\d{2})?")
NUMBER = re.compile(r"-?\d+")
BOX = {"0", "1"}
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


def codebook(columns: Sequence[str], rows: Sequence[Mapping[str, str]], legend: Mapping[str, Legend], heading: int = 1) -> str:
    """The draft, as YAML with comments. `rows` are column -> what stands there, without the blank ones.

    `BadAnswer` where the headings are answers: they hold what identifies people.
    """
    if odd := [place for place, column in enumerate(columns, 1) if blanked(column) != column]:
        raise BadAnswer(f"Overskriften i kolonne {odd[0]} ser ut som et svar: filen må ha spørsmålene i en rad øverst")
    said = {column: [row[column] for row in rows if row.get(column, "-1") != "-1"] for column in columns}
    row_id, time = (next((c for c in columns if plain(c) in names), "") for names in (ROW_IDS, TIMES))
    unused = [c for c in columns if c not in (row_id, time) and c not in legend and (NOT_ASKED.fullmatch(plain(c)) or not said[c])]
    years = Counter(found[:4] for text in said.get(time, []) if (found := day(text)))
    wave: dict = {
        "undersøkelse": "NæringsPuls",
        "kommune": "",
        "år": max(years, key=lambda year: years[year], default=""),
        "målgruppe": "",
    }
    wave |= {"rad-id": row_id} if row_id else {}
    wave |= {"tidspunkt": time} if time else {}
    wave |= {"overskrift": str(heading)} if heading > 1 else {}
    wave |= {"ubesvart": ["-1"]} if any(row.get(c) == "-1" for row in rows for c in columns) else {}
    questions: dict[str, tuple[dict, str]] = {}
    asked = [column for column in columns if column not in (row_id, time, *unused)]
    for text, group in _groups(asked, said).items():
        told, remark = (
            _boxes(group, legend)
            if len(group) > 1
            else _question(group[0], _of_matrix(group[0], said), legend.get(group[0], Legend()))
        )
        if told is None:
            unused += group
        else:
            words = legend[group[0]].text if len(group) == 1 and group[0] in legend else text
            known = _background(f"{group[0]} {words}") if told["type"] == "bakgrunn" else None
            name = _name(known or (group[0] if len(group) == 1 else text), questions)
            questions[name] = ({"spørsmål": words or text} | told, remark)
    parts = [HEAD, _yaml(wave | {"navn": [], "brukes ikke": unused}), "spørsmål:\n"]
    for name, (told, remark) in questions.items():
        parts.append(f"  # {remark}\n" if remark else "")
        parts.append(re.sub(r"^", "  ", _yaml({name: told}), flags=re.MULTILINE).rstrip(" "))
    return "".join(parts)


def _groups(columns: list[str], said: dict[str, list[str]]) -> dict[str, list[str]]:
    """Columns by the question they belong to: boxes of 0 and 1 under one stem together, every other column alone."""
    groups: dict[str, list[str]] = {}
    for column in columns:
        stem = _stem(column)
        together = stem and (set(said[column]) <= BOX or {plain(text) for text in said[column]} == {plain(_part(column))})
        groups.setdefault(stem if together else column, []).append(column)
    return groups


def _of_matrix(column: str, said: dict[str, list[str]]) -> list[str]:
    """What is said in a column, and, of codes, in the other columns of its matrix: they share a scale."""
    stem = _stem(column)
    alike = [texts for other, texts in said.items() if stem and _stem(other) == stem]
    codes = [text for texts in alike for text in texts]
    return codes if codes and all(NUMBER.fullmatch(text) for text in codes) else said[column]


def _stem(column: str) -> str:
    return next((found[1] for pattern in PARTS if (found := pattern.fullmatch(column))), "")


def _part(column: str) -> str:
    return next((found[2] for pattern in PARTS if (found := pattern.fullmatch(column))), column)


def _boxes(group: list[str], legend: Mapping[str, Legend]) -> tuple[dict, str]:
    labels = {column: (legend[column].text if column in legend else "") or _part(column) for column in group}
    return {"type": "flere svar", "kolonner": labels, "nevner": "de som svarte"}, ""


def _question(column: str, said: list[str], legend: Legend) -> tuple[dict | None, str]:
    """What a column seems to be, as the codebook tells it, and why to look at it; None where it is nothing that was asked."""
    place, words = {"kolonne": column}, plain(f"{column} {legend.text}")
    background = {"type": "bakgrunn"} if _background(words) is not None else None
    whole = [int(text) for text in said if NUMBER.fullmatch(text)]
    if legend.answers:
        unsure = [label for label in legend.answers.values() if plain(label) in DONT_KNOW]
        kind = background or {"type": "skala" if _is_scale([x for x in legend.answers.values() if x not in unsure]) else "ett svar"}
        return kind | place | {"svar": legend.answers} | ({"vet ikke": unsure} if unsure else {}), "svarene er fra filens kodeark"
    if said and all(WHEN.fullmatch(text) for text in said):
        return None, ""
    if len(whole) == len(said):
        return _codes(place, whole, background, bool(RECOMMEND.search(words)))
    if all(re.fullmatch(r"-?\d+[.,]\d+|-?\d+", text) for text in said):
        return None, ""
    return _words(place, said, background)


def _codes(place: dict, whole: list[int], background: dict | None, recommend: bool) -> tuple[dict, str]:
    if recommend or (not background and min(whole) >= 0 and 5 < max(whole) <= 10 and len(set(whole)) > 5):
        return {"type": "0-10"} | place, ""
    if max(whole) > 20 or min(whole) < 0:
        return {"type": "bakgrunn"} | place | {
            "svar": SPANS
        }, "et tall: del det i grupper som passer, eller flytt kolonnen til «brukes ikke»"
    codes = {str(code): f"svar {code}" for code in range(min(1, min(whole)), max(2, *whole) + 1)}
    kind = background or {"type": "skala" if len(codes) in (3, 4, 5, 7) else "ett svar"}
    return kind | place | {"svar": codes}, "bare koder i filen: skriv hva hver kode betyr, og om det er en skala"


def _words(place: dict, said: list[str], background: dict | None) -> tuple[dict, str]:
    parts = [part.strip() for text in said for part in set(text.split(";")) if part.strip()]
    several = len(parts) > len(said) and max(map(len, parts)) <= LONGEST_LABEL
    counts = Counter(parts if several else said)
    unsure = list(dict.fromkeys(text for text in counts if plain(text) in DONT_KNOW))
    known = {plain(text) for text in counts} - set(DONT_KNOW)
    scale = next((list(scale) for scale in SCALES if known and known <= set(map(plain, scale))), None)
    if scale and not several:
        kind = {"type": "skala"} if len(scale) > 2 else background or {"type": "ett svar"}
        return kind | place | {"svar": scale + unsure} | ({"vet ikke": unsure} if unsure else {}), ""
    common = [
        text for text, count in counts.most_common() if count >= LEAST and len(text) <= LONGEST_LABEL and blanked(text) == text
    ]
    if len(common) < 2 or len(common) > MOST_LABELS or sum(counts[text] for text in common) < 0.5 * counts.total():
        return {"type": "fritekst"} | place, "ser ut som fritekst; er det ikke det, må typen endres og svarene skrives inn"
    kind = {"type": "flere svar"} if several else background or {"type": "ett svar"}
    told = (
        kind | place | {"svar": common + [text for text in unsure if text not in common]} | ({"vet ikke": unsure} if unsure else {})
    )
    left = (
        "; svar som færre enn fem har gitt, mangler: skriv dem inn, eller samle dem i ett med «annet»"
        if len(common) < len(counts)
        else ""
    )
    return told, "sett svarene i riktig rekkefølge" + left


def _background(words: str) -> str | None:
    """The name of a background question by its words: `size_group`, `industry` or «»; None where it is none."""
    return next((name for name, pattern in BACKGROUND.items() if pattern.search(plain(words))), None)


def _is_scale(labels: list[str]) -> bool:
    return len(labels) > 2 and any({plain(label) for label in labels} <= set(map(plain, scale)) for scale in SCALES)


def _name(words: str, taken: Mapping[str, object]) -> str:
    """A short name of a question: the first words of it, or a column's own name."""
    parts = [part for part in re.split(r"[^a-zæøå0-9]+", words.casefold()) if part][:6]
    name = "_".join(parts)[:40].rstrip("_")
    name = name if re.match("[a-zæøå]", name) else f"sp_{name}".rstrip("_")
    return next(option for option in (name, *(f"{name}_{at}" for at in range(2, 10**4))) if option not in taken)


def _yaml(told: dict) -> str:
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=120)
