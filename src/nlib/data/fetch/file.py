"""One file at an address of its own."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from nlib.core.errors import BadAnswer
from nlib.core.tables import FileQuery
from nlib.data.fetch.http import Call, Plan

LARGEST = 400_000_000  # bytes; Kartverket's map of all municipalities is the largest


def plan(query: FileQuery) -> Plan:
    """One call; the file keeps its suffix."""
    suffix = PurePosixPath(urlsplit(query.address).path).suffix
    return Plan(None, (Call.numbered(0, query.address, suffix=suffix),), None, _matches, accept="*/*", largest=LARGEST)


def _matches(call: Call, answer: bytes) -> None:
    if not answer:
        raise BadAnswer("filen er tom: se om den er flyttet")
    if answer.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise BadAnswer("fikk en HTML-side i stedet for filen: se om den er flyttet")
