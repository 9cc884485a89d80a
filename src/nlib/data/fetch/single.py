"""Queries that one call answers: a file at an address of its own, and what KLASS 1 has from a day until tomorrow."""

import json
from datetime import date, timedelta
from functools import partial
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from nlib.core.errors import BadAnswer
from nlib.core.tables import FileQuery, KlassQuery
from nlib.data.fetch.http import Call, Plan
from nlib.data.readers.klass import PARTS

LARGEST = 400_000_000  # bytes of a file; Kartverket's map of all municipalities is the largest


def file(query: FileQuery) -> Plan:
    """The file keeps its suffix."""
    suffix = PurePosixPath(urlsplit(query.address).path).suffix
    return Plan(None, (Call.numbered(0, query.address, suffix=suffix),), None, _is_file, accept="*/*", largest=LARGEST)


def _is_file(call: Call, answer: bytes) -> None:
    if not answer:
        raise BadAnswer("filen er tom: se om den er flyttet")
    if answer.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise BadAnswer("fikk en HTML-side i stedet for filen: se om den er flyttet")


def klass(query: KlassQuery, api: str, today: date) -> Plan:
    """The codes of a classification, their changes or their correspondences. KLASS ends the day before `to`."""
    address = f"{api}/klass/v1/classifications/{query.classification}/{query.what}"
    target = f"targetClassificationId={query.target}&" if query.target else ""
    call = Call.numbered(0, f"{address}?{target}from={query.since}&to={today + timedelta(days=1)}")
    return Plan(None, (call,), None, partial(_has_list, PARTS[query.what]))


def _has_list(part: str, call: Call, answer: bytes) -> None:
    document = json.loads(answer)
    listed = document.get(part) if isinstance(document, dict) else None
    if not isinstance(listed, list) or not listed:
        raise BadAnswer(f"svaret har ingen «{part}»: se om KLASS er nede eller lagt om, og prøv igjen senere")
