"""PxWebApi 2: a selection held against the table's metadata and split into calls that the service accepts."""

import itertools
import json
import math
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import partial

from nlib.errors import BadAnswer, SourceChanged, SourceUnavailable
from nlib.fetch.http import CORRECT, FAULT, Call, Http, Plan
from nlib.readers import jsonstat
from nlib.tables import PxQuery

LIMITS = {"maxDataCells": 800_000, "maxCallsPerTimeWindow": 30, "timeWindow": 60}  # SSB's, for when the service does not say
FORM = "lang=no&outputFormat=json-stat2"

Axes = dict[str, list[str]]  # variable -> codes


class PxWeb:
    """The service at `{api}/pxwebapi/v2`. Its limits are asked for once, before anything else."""

    def __init__(self, api: str, http: Http):
        self.root, self.http, self.max_cells = f"{api}/pxwebapi/v2", http, None

    def plan(self, query: PxQuery) -> Plan:
        """The calls of a query: metadata first, held against the declaration (`SourceChanged` names every difference at once)."""
        self.max_cells = self.max_cells or self._limits()
        table = f"{self.root}/tables/{query.table}"
        metadata = self.http.send(f"{table}/metadata?{FORM}", check=jsonstat.axes)
        whole = jsonstat.axes(metadata)
        whole |= {variable: self._codelist(name) for variable, name in query.codelists.items() if variable in whole}
        if faults := differences(query, whole, jsonstat.eliminable(metadata)):
            listed = "\n".join(f"  - {fault}" for fault in faults)
            raise SourceChanged(f"Tabell {query.table} er ikke slik den er deklarert:\n{listed}\n{CORRECT}")
        selected = {variable: _chosen(query.select[variable], whole[variable]) for variable in whole if variable in query.select}
        pieces, updated, address = split(selected, self.max_cells), jsonstat.updated(metadata), f"{table}/data?{FORM}"
        calls = tuple(Call.numbered(number, address, _body(query, piece, whole), updated) for number, piece in enumerate(pieces))
        expected = {call.name: piece for call, piece in zip(calls, pieces, strict=True)}
        return Plan(updated, calls, metadata, partial(_matches, expected))

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

    def _codelist(self, name: str) -> list[str]:
        return _listed(self.http.send(f"{self.root}/codelists/{name}?lang=no", check=_listed))


def differences(query: PxQuery, axes: Axes, eliminable: set[str]) -> list[str]:
    """What in the declaration the table (`axes`) does not have, and what the table demands that the declaration leaves out."""
    faults = [
        f"variabelen {variable} finnes ikke; tabellen har {', '.join(axes)}" for variable in query.select if variable not in axes
    ]
    for variable in query.select.keys() & axes.keys():
        gone = [pattern for pattern in query.select[variable] if not _chosen([pattern], axes[variable])]
        if gone:
            faults.append(f"variabelen {variable} har ikke {_examples(gone)}")
    for variable in axes.keys() - query.select.keys() - eliminable:
        faults.append(f"variabelen {variable} er ikke deklarert, og kan ikke summeres bort")
    return sorted(faults)


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


def _chosen(patterns: Sequence[str], codes: list[str]) -> list[str]:
    """The codes that any of the patterns (`*`, `?`) names, in the table's order."""
    return [code for code in codes if any(code == pattern or fnmatchcase(code, pattern) for pattern in patterns)]


def _body(query: PxQuery, piece: Axes, whole: Axes) -> dict:
    selection = []
    for variable, codes in piece.items():
        entry = {"variableCode": variable, "valueCodes": ["*"] if codes == whole[variable] else codes}
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
            faults.append(f"{variable} mangler {_examples(missing)}")
        if extra := [code for code in given if code not in wanted]:
            faults.append(f"{variable} har også {_examples(extra)}")
    if faults:
        raise SourceChanged(f"{call.address} gir noe annet enn det ble spurt om: {'; '.join(sorted(faults))}. {CORRECT}")


def _listed(answer: bytes) -> list[str]:
    """The codes of a codelist."""
    try:
        return [str(value["code"]) for value in json.loads(answer)["values"]]
    except (KeyError, TypeError) as error:
        raise BadAnswer("svaret er ikke en kodeliste") from error


def _examples(codes: list[str]) -> str:
    more = f" og {len(codes) - 5} til" if len(codes) > 5 else ""
    return ", ".join(f"«{code}»" for code in codes[:5]) + more
