"""PxWebApi 2: a selection checked against the table's metadata and split into calls that the service accepts."""

import itertools
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from functools import partial
from typing import TypeGuard
from urllib.parse import urlencode

from nlib.core.errors import BadAnswer, SourceChanged, SourceUnavailable
from nlib.core.municipalities import with_figures
from nlib.core.tables import PxQuery
from nlib.data.fetch.http import CORRECT, FAULT, Call, Http, Plan
from nlib.data.readers import jsonstat

MAX_CELLS, CALLS, WINDOW = 800_000, 30, 60.0  # SSB's limits, for when the service does not say: cells a call, calls in seconds
MOST_CALLS = 1000  # of one table; what needs more is a declaration or a limit that is wrong
STOPPED = 4  # years: a table whose last period is older is asked whether it is closed
FORM = "lang=no&outputFormat=json-stat2"

FOUND = 50  # tables of a search
MOST = 12  # codes that are named of a list, for a reader to see what it is about

Axes = dict[str, list[str]]  # variable -> codes
Names = dict[str, dict[str, str]]  # variable -> code -> what it is called


class PxWeb:
    """The service at an address (`.../pxwebapi/v2`). Its limits are asked for once, before anything else."""

    def __init__(self, root: str, http: Http, today: Callable[[], date]):
        self.root, self.http, self.today = root, http, today
        self.max_cells = 0  # of a call; 0 until the service has been asked
        self.codelists: Names = {}  # those that have been asked for

    def plan(self, query: PxQuery) -> Plan:
        """The calls of a query: metadata first, checked against the declaration (`SourceChanged` lists all differences at once)."""
        self.max_cells = self.max_cells or self._limits()
        metadata = self.metadata(query.table)
        if faults := self.faults(query, metadata):
            listed = "\n".join(f"  - {fault}" for fault in faults)
            raise SourceChanged(f"Tabell {query.table} er ikke slik den er deklarert:\n{listed}\n{CORRECT}")
        names = self._names(query, metadata)
        axes = {variable: _selected(query, variable, names[variable]) for variable in names if variable in query.select}
        updated = jsonstat.updated(metadata)
        if query.through and updated:
            axes["Tid"] = [period for period in axes["Tid"] if period[:4] < updated[:4]]
        pieces = by_year(axes, [variable for variable in query.numbers if variable in axes], self.max_cells)
        if len(pieces) > MOST_CALLS:
            raise SourceChanged(f"Tabell {query.table} ville tatt {len(pieces)} kall à {self.max_cells} celler. {CORRECT}")
        address = f"{self.root}/tables/{query.table}/data?{FORM}"
        calls = tuple(Call.numbered(number, address, _body(query, piece, names), updated) for number, piece in enumerate(pieces))
        expected = {call.name: piece for call, piece in zip(calls, pieces, strict=True)}
        return Plan(updated, calls, metadata, partial(_matches, expected), axes=axes)

    def faults(self, query: PxQuery, metadata: bytes) -> list[str]:
        """What in a query the table does not have, with what it has instead; that it is closed, where that is not known."""
        names = self._names(query, metadata)
        found = differences(query, names, jsonstat.titles(metadata), jsonstat.eliminable(metadata))
        if not query.closed and (last := self._closed(query.table, metadata)):
            found.append(f"tabellen er avsluttet, {last} er siste periode: se hvilken som har tatt over (eller sett closed=True)")
        return found

    def _names(self, query: PxQuery, metadata: bytes) -> Names:
        """What the codes of each variable are called: the table's, or those of the codelists that the query asks by."""
        names = jsonstat.labels(metadata)
        for variable, name in query.codelists.items():
            if variable in names:
                if name not in self.codelists:
                    answer = self.http.send(f"{self.root}/codelists/{name}?lang=no", check=_codelist)
                    self.codelists[name] = _codelist(answer)
                names[variable] = self.codelists[name]
        return names

    def metadata(self, table: str) -> bytes:
        """What a table is: JSON-stat without figures."""
        return self.http.send(f"{self.root}/tables/{table}/metadata?{FORM}", check=jsonstat.axes)

    def search(self, words: str) -> list[dict]:
        """The first `FOUND` tables that answer to some words, as the service describes them."""
        asked = urlencode({"query": words, "lang": "no", "pageSize": FOUND})
        return _found(self.http.send(f"{self.root}/tables?{asked}", check=_found))

    def _limits(self) -> int:
        """The most cells of one call; the rate goes straight to the session. What is not within reason is not believed."""
        try:
            config = json.loads(self.http.send(f"{self.root}/config", patience=2 * FAULT))
        except (BadAnswer, SourceChanged, SourceUnavailable) as error:
            if not self.http.has_met(self.root):
                raise
            self.http.say(f"{error} – regner med SSBs vanlige grenser")
            config = {}
        config = config if isinstance(config, dict) else {}
        cells, calls, window = (config.get(name) for name in ("maxDataCells", "maxCallsPerTimeWindow", "timeWindow"))
        if _is_number(calls) and _is_number(window):
            self.http.pace(calls, window)
        return int(min(cells, MAX_CELLS)) if _is_number(cells) and cells >= 1 else MAX_CELLS

    def _closed(self, table: str, metadata: bytes) -> str | None:
        """The last period of a table that the producer has closed, None of one that goes on. Metadata need not tell: a table that
        stopped years ago is asked for its description, where the service has one."""
        last = next(reversed(jsonstat.axes(metadata).get("Tid", [])), "")
        if jsonstat.is_closed(metadata):
            return last
        if not last[:4].isdecimal() or int(last[:4]) >= self.today().year - STOPPED:
            return None
        try:
            described = json.loads(self.http.send(f"{self.root}/tables/{table}?lang=no"))
        except SourceChanged:
            return None
        return last if isinstance(described, dict) and described.get("discontinued") is True else None


def differences(query: PxQuery, names: Names, titles: Mapping[str, str], eliminable: set[str]) -> list[str]:
    """What in the declaration the table does not have, with what it has instead, and what it demands that is not declared. `names`
    is what the table calls the codes of each variable, `titles` what it calls the variables."""
    faults = []
    for variable in query.select.keys() - names.keys() - set(query.if_there):
        there = [title if title == other else f"{other} ({title})" for other, title in titles.items()]
        faults.append(f"variabelen {variable} finnes ikke; tabellen har {_first(there, len(there))}")
    for variable in query.select.keys() & names.keys():
        called, asked = names[variable], _selected(query, variable, names[variable])
        instead = {code: name for code, name in called.items() if code not in asked} or called
        gone = [pattern for pattern in query.select[variable] if not _chosen([pattern], called)]
        if gone and not (variable == "Tid" and asked):  # a table may begin later, and end sooner, than what is asked for
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
    changes = [f"ny variabel: {variable}" for variable in newer if variable not in older]
    changes += [f"variabel borte: {variable}" for variable in older if variable not in newer]
    for variable in (variable for variable in newer if variable in older):
        here, there = newer[variable], older[variable]
        what = "år" if variable == "Tid" else f"koder i {variable}"
        if new := [code for code in here if code not in there]:
            changes.append(f"nye {what}: {_listed(new, here)}")
        if gone := [code for code in there if code not in here]:
            changes.append(f"{what} borte: {_listed(gone, there)}")
    return changes


def split(axes: Axes, limit: int) -> list[Axes]:
    """The selection in parts of at most `limit` cells, every cell in one of them. By year (`Tid`) first, so that a part is a year
    or several, then along the variable with most codes; in even shares."""
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


def by_year(axes: Axes, numbers: Sequence[str], limit: int) -> list[Axes]:
    """The selection in as few parts of at most `limit` cells as years in a row allow, less what cannot have figures.

    `numbers` are the variables of municipality numbers: where the selection is too large for one call, a part holds those that
    can have figures in one of its years.
    """
    periods = axes.get("Tid", ())
    if math.prod(map(len, axes.values())) <= limit or not numbers or not all(period[:4].isdecimal() for period in periods):
        return split(axes, limit)
    parts: list[Axes] = []
    for period in periods:
        about = {variable: set(with_figures(axes[variable], int(period[:4]))) for variable in numbers}
        if parts:
            longer = {
                variable: [c for c in axes[variable] if c in about[variable] or c in parts[-1][variable]] for variable in numbers
            }
            joined = axes | longer | {"Tid": [*parts[-1]["Tid"], period]}
            if math.prod(map(len, joined.values())) <= limit:
                parts[-1] = joined
                continue
        own = {variable: [code for code in axes[variable] if code in about[variable]] for variable in numbers}
        parts.append(axes | own | {"Tid": [period]})
    return [piece for part in parts if all(part.values()) for piece in split(part, limit)]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9


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


def _matches(expected: dict[str, Axes], call: Call, answer: bytes) -> str | None:
    """When the table that answers was updated; `SourceChanged` when it has other variables, order or codes than were asked for."""
    asked, (found, updated) = expected[call.name], jsonstat.check(answer)
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
    return updated


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
    """The codes in a message, with their names, the first of them where they are many."""
    return _first([f"«{code}»" + (f" ({names[code]})" if names and names[code] != code else "") for code in codes], most)


def _first(texts: Sequence[str], most: int) -> str:
    more = f" og {len(texts) - most} til" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more
