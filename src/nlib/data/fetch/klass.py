"""KLASS 1: the codes of a classification, their changes or their correspondences, from a day until tomorrow."""

import json
from datetime import date, timedelta
from functools import partial

from nlib.core.errors import BadAnswer
from nlib.core.tables import KlassQuery
from nlib.data.fetch.http import Call, Plan
from nlib.data.readers.klass import PARTS


def plan(query: KlassQuery, api: str, today: date) -> Plan:
    """One call. KLASS ends the day before `to`, so that tomorrow is today included."""
    address = f"{api}/klass/v1/classifications/{query.classification}/{query.what}"
    target = f"targetClassificationId={query.target}&" if query.target else ""
    call = Call.numbered(0, f"{address}?{target}from={query.since}&to={today + timedelta(days=1)}")
    return Plan(None, (call,), None, partial(_matches, PARTS[query.what]))


def _matches(part: str, call: Call, answer: bytes) -> None:
    document = json.loads(answer)
    listed = document.get(part) if isinstance(document, dict) else None
    if not isinstance(listed, list) or not listed:
        raise BadAnswer(f"svaret har ingen «{part}»: se om KLASS er nede eller lagt om, og prøv igjen senere")
