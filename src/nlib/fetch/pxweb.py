"""PxWebApi 2: a selection held against the table's metadata and split into calls that the service accepts."""

import itertools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from functools import partial
from urllib.parse import urlencode

from nlib.errors import BadAnswer, SourceChanged, SourceUnavailable
from nlib.fetch.http import CORRECT, FAULT, Call, Http, Plan
from nlib.readers import jsonstat
from nlib.tables import PxQuery

LIMITS = {"maxDataCells": 800_000, "maxCallsPerTimeWindow": 30, "timeWindow": 60}  # SSB's, for when the service does not say
FORM = "lang=no&outputFormat=json-stat2"

FOUND = 50  # tables of a search
MOST = 12  # codes that are named of a list, for a reader to see what it is about

Axes = dict[str, list[str]]  # variable -> codes
Names = dict[str, dict[str, str]]  # variable -> code -> what it is called


class PxWeb:
    """The service at `{api}/pxwebapi/v2`. Its limits are asked for once, before anything else."""

    def __init__(self, api: str, http: Http):
        self.root, self.http, self.max_cells = f"{api}/pxwebapi/v2", http, 0  # cells of a call; 0 until they are asked for

    def plan(self, query: PxQuery) -> Plan:
        """The calls of a query: metadata first, held against the declaration (`SourceChanged` names every difference at once)."""
        self.max_cells = self.max_cells or self._limits()
        table, metadata = f"{self.root}/tables/{query.table}", self.metadata(query.table)
        names = jsonstat.labels(metadata)
        names |= {variable: self._codelist(name) for variable, name in query.codelists.items() if variable in names}
        if faults := differences(query, names, jsonstat.titles(metadata), jsonstat.eliminable(metadata)):
            listed = "\n".join(f"  - {fault}" for fault in faults)
            raise SourceChanged(f"Tabell {query.table} er ikke slik den er deklarert:\n{listed}\n{CORRECT}")
        axes = {variable: _selected(query, variable, names[variable]) for variable in names if variable in query.select}
        pieces, updated, address = split(axes, self.max_cells), jsonstat.updated(metadata), f"{table}/data?{FORM}"
        calls = tuple(Call.numbered(number, address, _body(query, piece, names), updated) for number, piece in enumerate(pieces))
        expected = {call.name: piece for call, piece in zip(calls, pieces, strict=True)}
        return Plan(updated, calls, metadata, partial(_matches, expected), axes=axes)

    def metadata(self, table: str) -> bytes:
        """What a table is: JSON-stat without figures."""
        return self.http.send(f"{self.root}/tables/{table}/metadata?{FORM}", check=jsonstat.axes)

    def search(self, words: str) -> list[dict]:
        """The first `FOUND` tables that answer to some words, as the service describes them."""
        asked = urlencode({"query": words, "lang": "no", "pageSize": FOUND})
        return _found(self.http.send(f"{self.root}/tables?{asked}", check=_found))

    def _limits(self) -> int:
        """The most cells of one call; the rate goes straight to the session."""
        try:
            told = json.loads(self.http.send(f"{self.root}/config", patience=2 * FAULT))
        except (BadAnswer, SourceChanged, SourceUnavailable) as error:
            if not self.http.has_met(self.root):
                raise
            self.http.say(f"{error} – regner med SSBs vanlige grenser")
            told = {}
        told = told if isinstance(told, dict) else {}
        limits = {name: told[name] if _is_limit(told.get(name)) else usual for name, usual in LIMITS.items()}
        self.http.pace(int(limits["maxCallsPerTimeWindow"]), limits["timeWindow"])
        return int(limits["maxDataCells"])

    def _codelist(self, name: str) -> dict[str, str]:
        return _codelist(self.http.send(f"{self.root}/codelists/{name}?lang=no", check=_codelist))


def differences(query: PxQuery, names: Names, titles: Mapping[str, str], eliminable: set[str]) -> list[str]:
    """What in the declaration the table does not have, with what it has instead, and what it demands that is not declared.

    `names` is what the table calls the codes of each variable, `titles` what it calls the variables.
    """
    faults = []
    for variable in query.select.keys() - names.keys() - set(query.if_there):
        there = [title if title == other else f"{other} ({title})" for other, title in titles.items()]
        faults.append(f"variabelen {variable} finnes ikke; tabellen har {_first(there, len(there))}")
    for variable in query.select.keys() & names.keys():
        called, asked = names[variable], _selected(query, variable, names[variable])
        instead = {code: name for code, name in called.items() if code not in asked} or called
        if gone := [pattern for pattern in query.select[variable] if not _chosen([pattern], called)]:
            missing, has = _listed(gone, most=len(gone)), _instead(gone, {code: code for code in instead}, called)
            faults.append(f"variabelen {variable} har ikke {missing}; tabellen har {has}")
        if nameless := [name for name in query.labels.get(variable, ()) if name not in called.values()]:
            missing, has = _listed(nameless, most=len(nameless)), _instead(nameless, instead, called)
            faults.append(f"variabelen {variable} har ingen verdi som heter {missing}; tabellen har {has}")
    for variable in names.keys() - query.select.keys() - eliminable:
        faults.append(f"variabelen {variable} er ikke deklarert, og kan ikke summeres bort")
    return sorted(faults)


def news(before: bytes, now: bytes) -> list[str]:
    """What has come to a table and gone from it between two sets of its metadata: variables, codes with their names, years."""
    older, newer = jsonstat.labels(before), jsonstat.labels(now)
    told = [f"ny variabel: {variable}" for variable in newer if variable not in older]
    told += [f"variabel borte: {variable}" for variable in older if variable not in newer]
    for variable in (variable for variable in newer if variable in older):
        here, there = newer[variable], older[variable]
        what = "år" if variable == "Tid" else f"koder i {variable}"
        if new := [code for code in here if code not in there]:
            told.append(f"nye {what}: {_listed(new, here)}")
        if gone := [code for code in there if code not in here]:
            told.append(f"{what} borte: {_listed(gone, there)}")
    return told


def split(axes: Axes, limit: int) -> list[Axes]:
    """The selection in parts of at most `limit` cells, every cell in one of them.

    By year (`Tid`) first, so that a part is a year or several, then along the variable with most codes; in even shares.
    """
    cells = math.prod(map(len, axes.values()))
    if cells <= limit:
        return [axes]
    along = "Tid" if len(axes.get("Tid", ())) > 1 else max(axes, key=lambda variable: len(axes[variable]))
    codes = axes[along]
    room = max(1, limit * len(codes) // cells)
    parts = math.ceil(len(codes) / room)
    ends = [len(codes) * part // parts for part in range(parts + 1)]
    shares = [codes[start:end] for start, end in itertools.pairwise(ends)]
    return [piece for share in shares for piece in split(axes | {along: share}, limit)]


def _is_limit(value) -> bool:
    return type(value) in (int, float) and 1 <= value < 1e9


def _chosen(patterns: Iterable[str], codes: Iterable[str]) -> list[str]:
    """The codes that any of the patterns (`*`, `?`) names, in the table's order."""
    return [code for code in codes if any(code == pattern or fnmatchcase(code, pattern) for pattern in patterns)]


def _selected(query: PxQuery, variable: str, names: Mapping[str, str]) -> list[str]:
    """The codes that are asked for of a variable, by code and, where the declaration knows only that, by name."""
    labels = query.labels.get(variable)
    return [code for code in _chosen(query.select[variable], names) if not labels or names[code] in labels]


def _body(query: PxQuery, piece: Axes, names: Names) -> dict:
    selection = []
    for variable, codes in piece.items():
        entry = {"variableCode": variable, "valueCodes": ["*"] if codes == list(names[variable]) else codes}
        if variable in query.codelists:
            entry["codelist"] = query.codelists[variable]
        selection.append(entry)
    return {"selection": selection}


def _matches(expected: dict[str, Axes], call: Call, answer: bytes) -> None:
    """`SourceChanged` when a whole answer has other variables, in another order, or other codes than were asked for."""
    asked, found = expected[call.name], jsonstat.check(answer)
    faults = []
    if list(found) != list(asked):
        faults.append(f"variablene er {', '.join(found)}, ikke {', '.join(asked)}")
    for variable in asked.keys() & found.keys():
        wanted, given = dict.fromkeys(asked[variable]), dict.fromkeys(found[variable])  # sets that keep their order
        if missing := [code for code in wanted if code not in given]:
            faults.append(f"{variable} mangler {_listed(missing)}")
        if extra := [code for code in given if code not in wanted]:
            faults.append(f"{variable} har også {_listed(extra)}")
    if faults:
        raise SourceChanged(f"{call.address} gir noe annet enn det ble spurt om: {'; '.join(sorted(faults))}. {CORRECT}")


def _codelist(answer: bytes) -> dict[str, str]:
    """The codes of a codelist with their names."""
    try:
        return {str(value["code"]): str(value.get("label", value["code"])) for value in json.loads(answer)["values"]}
    except (AttributeError, KeyError, TypeError) as error:
        raise BadAnswer("svaret er ikke en kodeliste") from error


def _found(answer: bytes) -> list[dict]:
    """The tables of a search."""
    try:
        return [{"id": str(table["id"]), "label": str(table["label"])} | table for table in json.loads(answer)["tables"]]
    except (AttributeError, KeyError, TypeError) as error:
        raise BadAnswer("svaret er ikke en liste over tabeller") from error


def _instead(missing: list[str], there: Mapping[str, str], names: Mapping[str, str]) -> str:
    """The codes of a table, those that look most like the missing ones (by what stands for each in `there`) before the others."""

    def likeness(code: str) -> float:
        return max(SequenceMatcher(None, one, there[code], autojunk=False).ratio() for one in missing[:MOST])

    return _listed(sorted(there, key=likeness, reverse=True), names)


def _listed(codes: Sequence[str], names: Mapping[str, str] | None = None, most: int = MOST) -> str:
    """The codes as a reader is told them, with their names, the first of them where they are many."""
    return _first([f"«{code}»" + (f" ({names[code]})" if names and names[code] != code else "") for code in codes], most)


def _first(texts: Sequence[str], most: int) -> str:
    more = f" og {len(texts) - most} til" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more
