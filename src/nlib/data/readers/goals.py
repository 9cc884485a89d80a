"""A municipality's own goals and measures, from a YAML file or a sheet: read whole, or refused with every fault at once. YAML is
composed, never constructed: every value is the text that stands there, and anchors, which could unfold without end, are refused."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd
import yaml

from nlib.core.errors import BadAnswer
from nlib.core.meant import near
from nlib.core.municipalities import is_number
from nlib.data.readers import letters, sheets
from nlib.data.readers.cells import Cell, Sheet, written

KIND = "maal"
MAX_YAML = 300_000  # bytes; a plan with a hundred measures is some 30 000
MAX_DEPTH = 12  # of lists and keys within each other; a plan has nine
MAX_ROWS = 500
LONGEST = 300  # characters of a text
YEARS = (2000, 2100)
STATUSES = ("Planlagt", "I gang", "Ferdig")
DIRECTIONS = ("opp", "ned")
NEAR_THE_TOP = 10  # rows among which a sheet's headings must be
NULLS = {"", "~", "null"}
LINE = re.compile(r" \(linje \d+\)")

# our columns by how they are headed; in YAML some stand above the goals and measures, and those are called `navn`
COLUMNS = {"komm_nr": "kommune", "plan": "plan", "area": "satsingsområde", "goal": "mål", "measure": "tiltak"}
COLUMNS |= {"responsible": "ansvarlig", "due_year": "år", "status": "status", "indicator": "indikator"}
COLUMNS |= {"target": "måltall", "start_year": "startår", "direction": "retning"}
REQUIRED = ("komm_nr", "area", "measure", "status")  # headings that make a sheet one of goals
OF_EACH = tuple(COLUMNS)[5:]
TOP = {"kommune": "komm_nr", "plan": "plan", "startår": "start_year", "satsingsområder": "areas"}
AREA = {"navn": "name", "mål": "goals", "tiltak": "measures"}
MEASURE = {"navn": "name"} | {COLUMNS[column]: column for column in OF_EACH}
GOAL = MEASURE | {"tiltak": "measures"}
FILLED_DOWN = ("komm_nr", "plan", "area")  # merged cells in a sheet hold their value in the first row


@dataclass
class Draft:
    """The rows of a file before they are checked, each with its place; faults found on the way, and what a user should know."""

    rows: list[dict[str, Cell]] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def is_yaml(body: bytes) -> bool:
    """Whether it is a text file with the focus areas of a plan as a key, as the first thing in a line."""
    if len(body) > MAX_YAML or body.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"{")):
        return False
    lines = body.decode("utf-8-sig", "replace").splitlines()
    return any(":" in line and folded(line.split(":")[0]) == folded("satsingsområder") for line in lines)


def recognised(found: list[Sheet]) -> bool:
    """Whether a sheet has the headings that one of goals must have."""
    return any(_headings(sheet) is not None for sheet in found)


def read(
    draft: Draft, indicators: Collection[str] | None = None, numbers: Mapping[str, str | None] | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """The goals and measures, a row each in the file's order, and what a user should know; `BadAnswer` lists every fault.

    indicators: what a goal may be tied to, as `table.column`; numbers: every municipality number there has been -> the one it has
    today (None where it has been split). Neither is checked where it is not given. The frame has `COLUMNS`: text, but for
    `due_year` and `start_year` (Int64) and `target` (float64); a goal has no `measure`, and a missing direction is «opp».
    """
    faults = list(draft.faults)
    if not draft.rows and not faults:
        faults.append("filen har ingen mål eller tiltak")
    if len(draft.rows) > MAX_ROWS:
        faults.append(f"filen har {len(draft.rows)} mål og tiltak; grensen er {MAX_ROWS}")
    given = zip(draft.rows[:MAX_ROWS], draft.where[:MAX_ROWS], strict=True)
    rows = [_checked(row, where, faults, indicators) for row, where in given]
    _check_municipality([row["komm_nr"] for row in rows], numbers, faults)
    _check_duplicates(rows, draft.where, faults)
    if faults:
        listed = [f"  - {fault}" for fault in dict.fromkeys(faults)]
        raise BadAnswer("\n".join([f"Filen med mål har {len(listed)} feil:", *listed]))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    types = dict.fromkeys(COLUMNS, "str") | {"due_year": "Int64", "start_year": "Int64", "target": "float64"}
    return frame.astype(types), draft.notes


# -- containers


def drafted(body: bytes) -> Draft:
    """The rows of a file in any of the forms: a workbook, text with `;` or tabulator in its first line, else YAML."""
    first = body.lstrip().split(b"\n", 1)[0]
    if body.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or b";" in first or b"\t" in first:
        return of_sheets(sheets.read(body))
    return of_yaml(body)


def of_yaml(body: bytes) -> Draft:
    """The rows of a YAML file: focus areas, each with goals (`mål`) and measures (`tiltak`), also under a goal."""
    draft = Draft()
    top = _mapping(_composed(body), TOP, "filen", draft)
    if "areas" not in top:
        draft.faults.append("filen mangler nøkkelen satsingsområder")
    above = {column: _text(top, column, "filen", draft) for column in ("komm_nr", "plan", "start_year")}
    seen: dict[str, int] = {}
    for node in _items(top, "areas", "filen", draft):
        where = _place("", "satsingsområde", node)
        area = _mapping(node, AREA, where, draft)
        name = _text(area, "name", where, draft)
        if name is not None and seen.setdefault(folded(name), _line(node)) != _line(node):
            draft.faults.append(f"{where}: står også i linje {seen[folded(name)]}; slå dem sammen")
        above_goal = above | {"area": name}
        for goal in _items(area, "goals", where, draft):
            item = _add(draft, above_goal, "goal", goal, GOAL, where)
            own = above_goal | {"goal": _text(item, "name", where, draft)}
            for measure in _items(item, "measures", _place(where, "mål", goal), draft):
                _add(draft, own, "measure", measure, MEASURE, where)
        for measure in _items(area, "measures", where, draft):
            _add(draft, above_goal, "measure", measure, MEASURE, where)
    return draft


def _add(draft, above, kind, node, keys, where):
    """Add the row of a goal or measure; gives the nodes under its keys. One that is only a text is its name."""
    place = _place(where, COLUMNS[kind], node)
    item = {"name": node} if isinstance(node, yaml.ScalarNode) else _mapping(node, keys, place, draft)
    row = {"goal": None, "measure": None} | above | {kind: _text(item, "name", place, draft)}
    row |= {column: value for column in OF_EACH if (value := _text(item, column, place, draft)) is not None}
    draft.rows.append(row)
    draft.where.append(place)
    return item


def _place(where, what, node):
    """How a user finds a node: what it is, its name where it has one, its line, and the focus area that it is under."""
    name = node.value if isinstance(node, yaml.ScalarNode) else ""
    if isinstance(node, yaml.MappingNode):
        texts = ((key.value, value.value) for key, value in node.value)
        named = (value for key, value in texts if isinstance(key, str) and folded(key) == "navn" and isinstance(value, str))
        name = next(named, "")
    own = f"{what} «{name[:60]}» (linje {_line(node)})"
    return f"{re.sub(LINE, '', where)}, {own}" if where else own


def of_sheets(found: list[Sheet]) -> Draft:
    """The rows of a workbook or a CSV file: every sheet with the headings; in merged cells the value of the first row holds."""
    draft = Draft()
    for sheet in found:
        at = _headings(sheet)
        if at is None:
            draft.notes.append(f"arket «{sheet.name}» har ikke kolonnene og er ikke lest")
            continue
        columns = _columns(sheet.trusted().rows[at], draft)
        above: dict[str, Cell] = {}
        for number, cells in enumerate(sheet.rows[at + 1 :], at + 2):
            row = {column: cells[place] for column, place in columns.items()}
            if any(cell is not None for cell in row.values()):
                above |= {column: row[column] for column in FILLED_DOWN if row.get(column) is not None}
                draft.rows.append(dict.fromkeys(COLUMNS) | row | above)
                own = next((name for name in ("measure", "goal") if row.get(name) is not None), "measure")
                area, name = (str(cell or "")[:60] for cell in (above.get("area"), row.get(own)))
                draft.where.append(f"satsingsområde «{area}», {COLUMNS[own]} «{name}» (rad {number})")
    if not any(_headings(sheet) is not None for sheet in found):
        headings = ", ".join(COLUMNS[column].capitalize() for column in REQUIRED)
        raise BadAnswer(f"Ingen ark har overskriftene {headings}. De andre er: {', '.join(COLUMNS.values())}")
    return draft


def _headings(sheet: Sheet) -> int | None:
    needed = {folded(COLUMNS[column]) for column in REQUIRED}
    return next((at for at, row in enumerate(sheet.rows[:NEAR_THE_TOP]) if needed <= {folded(cell) for cell in row}), None)


def _columns(headings, draft):
    known = {folded(heading): column for column, heading in COLUMNS.items()}
    columns = {}
    for place, heading in enumerate(headings):
        column = known.get(folded(heading))
        if column in columns:
            draft.faults.append(f"kolonnen «{heading}» står to ganger: behold den ene")
        elif column:
            columns[column] = place
        elif meant := _meant(heading, COLUMNS.values(), 0.75):
            draft.faults.append(f"kolonnen «{heading}» er ukjent: {meant}")
        elif heading is not None:
            draft.notes.append(f"kolonnen «{heading}» er ukjent og ikke lest")
    return columns


def _meant(asked: Cell, words: Iterable[str], alike: float = 0.5) -> str:
    """A question whether the word most like what is written was meant; empty where none is like it."""
    spelt = {folded(word): word for word in words}
    return "".join(f"mente du «{spelt[near]}»?" for near in difflib.get_close_matches(folded(asked), spelt, 1, alike))


def folded(text: Cell) -> str:
    """A key or heading without case, spaces and punctuation, and with å, ø and æ as those write it who lack them."""
    plain = str("" if text is None else text).casefold().translate({ord("å"): "a", ord("ø"): "o", ord("æ"): "ae"})
    return re.sub(r"[\W_]+", "", plain)


# -- YAML


def _composed(body):
    """The file's nodes; `BadAnswer` where it is large, deep, has anchors or tags, or is not YAML."""
    if len(body) > MAX_YAML:
        raise BadAnswer(f"YAML-filen er over {MAX_YAML // 1000} kB")
    content = letters.text(body)
    depth = 0
    try:
        for event in yaml.parse(content, Loader=yaml.SafeLoader):
            line = event.start_mark.line + 1
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise BadAnswer(f"Linje {line} har et anker (&) eller alias (*): skriv det ut, eller sett «» rundt teksten")
            if tag := getattr(event, "tag", None):
                raise BadAnswer(f"Linje {line} har en merkelapp ({tag[:40]}): sett anførselstegn rundt tekst som begynner med !")
            if depth > MAX_DEPTH:
                raise BadAnswer(f"Linje {line} er mer enn {MAX_DEPTH} nivåer dyp")
        return yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"linje {mark.line + 1}, tegn {mark.column + 1}" if mark else "tegn som ikke kan skrives ut"
        raise BadAnswer(
            f"YAML-filen kan ikke leses ({place}): rykk inn med mellomrom, ikke tabulator, og sett anførselstegn rundt tekst "
            "som har kolon i seg"
        ) from error


def _line(node):
    return node.start_mark.line + 1


def _mapping(node, keys, where, draft):
    """What stands under the known keys of a node, by our names; faults for the unknown ones and those that are there twice."""
    if not isinstance(node, yaml.MappingNode):
        draft.faults.append(f"{where}: skal ha nøkler ({', '.join(keys)})")
        return {}
    known = {folded(key): name for key, name in keys.items()}
    found = {}
    for key, value in node.value:
        called = key.value if isinstance(key, yaml.ScalarNode) else "[...]"
        name = known.get(folded(called))
        if name is None:
            hint = _meant(called, keys) or f"velg blant {', '.join(keys)}"
            draft.faults.append(f"{where}, linje {_line(key)}: ukjent nøkkel «{called[:40]}»; {hint}")
        elif name in found:
            draft.faults.append(f"{where}, linje {_line(key)}: nøkkelen «{called}» står to ganger")
        else:
            found[name] = value
    return found


def _items(nodes, name, where, draft):
    node = nodes.get(name)
    if node is None or (isinstance(node, yaml.ScalarNode) and node.value in NULLS):
        return []
    if not isinstance(node, yaml.SequenceNode):
        draft.faults.append(f"{where}: det som står i linje {_line(node)}, skal være en liste, med «- » foran hvert punkt")
        return []
    return node.value


def _text(nodes, name, where, draft):
    node = nodes.get(name)
    if node is None:
        return None
    if not isinstance(node, yaml.ScalarNode):
        draft.faults.append(f"{where}, {COLUMNS.get(name, 'navn')}: skal være en tekst eller et tall, ikke en liste eller nøkler")
        return None
    return None if node.style is None and node.value in NULLS else node.value


# -- checks


def _checked(row, where, faults, indicators):
    """A row in the types of the frame; what is wrong with it is added to the faults."""

    def wrong(column, why):
        faults.append(f"{where}, {COLUMNS[column]}: {why}")

    text = {column: _plain(row.get(column)) for column in COLUMNS}
    for column, value in text.items():
        if value is not None and len(value) > LONGEST:
            wrong(column, f"{len(value)} tegn; grensen er {LONGEST}")
    if text["area"] is None:
        wrong("area", "mangler")
    if text["goal"] is None and text["measure"] is None:
        faults.append(f"{where}: målet eller tiltaket mangler navn")
    years = {column: _year(text[column], partial(wrong, column)) for column in ("due_year", "start_year")}
    if None not in years.values() and years["start_year"] >= years["due_year"] and text["indicator"]:
        wrong("start_year", f"{years['start_year']} er ikke før {years['due_year']}")
    target = _number(row.get("target"), partial(wrong, "target"))
    if text["indicator"] is None and text["target"] is not None:
        wrong("target", "måltall uten indikator: oppgi indikatoren det gjelder, eller skriv tallet i målets navn")
    if text["indicator"] is not None and indicators is not None and text["indicator"] not in indicators:
        wrong("indicator", f"«{text['indicator'][:60]}» finnes ikke; {_near_indicators(text['indicator'], indicators)}")
    status = _one_of(text["status"], STATUSES, partial(wrong, "status"))
    direction = _one_of(text["direction"] or "opp", DIRECTIONS, partial(wrong, "direction"))
    return text | years | {"target": target, "status": status, "direction": direction}


def _plain(cell: Cell) -> str | None:
    """A cell as text without outer or double spaces and without signs that are not seen; None where it is blank."""
    seen = (" " if sign.isspace() else sign for sign in written(cell) if sign.isspace() or unicodedata.category(sign)[0] != "C")
    return " ".join("".join(seen).split()) or None


def _year(text, wrong):
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not YEARS[0] <= int(text) <= YEARS[1]:
        wrong(f"«{text[:40]}» er ikke et år mellom {YEARS[0]} og {YEARS[1]}")
        return None
    return int(text)


def _number(cell, wrong):
    if isinstance(cell, float):
        return cell
    text = _plain(cell)
    if text is None:
        return None
    plain = text.replace("\N{MINUS SIGN}", "-")
    if sheets.AMBIGUOUS.fullmatch(plain):
        whole = plain.replace(".", "").replace(",", "")
        wrong(f"«{text}» kan leses på to måter: skriv {whole}, eller med en annen mengde desimaler")
    elif not sheets.NUMBER.fullmatch(plain) or abs(value := float(plain.replace(" ", "").replace(",", "."))) >= sheets.TOO_LARGE:
        wrong(f"«{text[:40]}» er ikke et tall: skriv bare tallet, uten enhet")
    else:
        return -value if plain.startswith("-") else value
    return None


def _one_of(text, words, wrong):
    if text is None:
        return None
    if (word := next((word for word in words if folded(word) == folded(text)), None)) is None:
        hint = _meant(text, words) or f"velg blant {', '.join(words)}"
        wrong(f"«{text[:40]}» er ukjent; {hint}")
    return word


def _near_indicators(asked: str, indicators: Collection[str]) -> str:
    """What somebody may have meant who asked for an indicator that is not there."""
    table, _, column = asked.partition(".")
    columns = {name: name.partition(".")[2] for name in indicators}
    if own := {columns[name]: name for name in indicators if name.startswith(f"{table}.")}:
        closest = [own[one] for one in near(column, own)] or list(own.values())[:8]
        return f"tabellen {table} har blant annet {', '.join(closest)}"
    found = [name for name in indicators if columns[name] == asked] or near(asked, indicators)
    if found := found or [name for name in indicators if columns[name] == column]:
        return f"mente du {' eller '.join(found[:3])}?"
    return "skriv tabell.kolonne, for eksempel population.population; de som finnes, står på siden «Om tallene»"


def _check_municipality(named, numbers, faults):
    found = list(dict.fromkeys(number for number in named if number is not None))
    if named and not found:
        faults.append('kommune mangler: skriv kommunenummeret, for eksempel kommune: "3222"')
    if len(found) > 1:
        faults.append(f"filen gjelder {len(found)} kommuner ({', '.join(found[:5])}): lag én fil for hver")
    for number in found:
        if not is_number(number):
            faults.append(f"kommune: «{number[:40]}» er ikke et kommunenummer; det har fire sifre (nlib list kommuner)")
        elif numbers is not None and number not in numbers:
            alike = difflib.get_close_matches(number, [old for old, now in numbers.items() if old == now], 3, 0.7)
            faults.append(f"kommune: {number} finnes ikke" + (f"; mente du {' eller '.join(alike)}?" if alike else ""))
        elif numbers is not None and (now := numbers[number]) != number:
            faults.append(f"kommune: {number} er ikke lenger i bruk; {f'den heter nå {now}' if now else 'den er delt'}")


def _check_duplicates(rows, where, faults):
    seen: dict[tuple, str] = {}
    for row, place in zip(rows, where, strict=False):
        key = tuple(folded(row[column]) for column in ("area", "goal", "measure"))
        if key in seen:
            faults.append(f"{place}: står også i {seen[key].rpartition('(')[2].rstrip(')')}; behold ett av dem")
        seen.setdefault(key, place)
