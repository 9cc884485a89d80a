"""Fetching: a declared query becomes a plan of calls, and each call an answer that has been checked."""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

from nlib.errors import WrongUse
from nlib.fetch import file, klass
from nlib.fetch.http import Answer, Call, Http, Plan
from nlib.fetch.pxweb import LIMITS, PxWeb
from nlib.tables import FileQuery, KlassQuery, PxQuery

__all__ = ["Answer", "Call", "Client", "Plan", "service"]

SSB_API = "https://data.ssb.no/api"


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Client:
    """The producers' services behind one address, `api` (what stands before /pxwebapi/v2 and /klass/v1).

    Calls go out one at a time, at the service's own rate. `say` is given a line when something is waited for.
    """

    def __init__(
        self,
        api: str,
        *,
        say: Callable[[str], None] = tell,
        timeouts: tuple[float, float] = (10, 120),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        today: Callable[[], date] = date.today,
    ):
        if not api.startswith(("http://", "https://")):
            raise WrongUse(f"NLIB_API er «{api}»: skal være en adresse, for eksempel https://data.ssb.no/api")
        self.api, self.today = api.rstrip("/"), today
        self.http = Http(say, timeouts, clock, sleep, LIMITS["maxCallsPerTimeWindow"], LIMITS["timeWindow"])
        self.pxweb = PxWeb(self.api, self.http)

    def plan(self, query: PxQuery | KlassQuery | FileQuery) -> Plan:
        """The calls that answer a query, none above the service's limits; `SourceChanged` if the declaration no longer holds."""
        match query:
            case PxQuery():
                return self.pxweb.plan(query)
            case KlassQuery():
                return klass.plan(query, self.api, self.today())
            case FileQuery():
                return file.plan(query)

    def get(self, call: Call, plan: Plan) -> Answer:
        """The answer to one call of the plan, whole and checked; see `Http.send` for what can go wrong."""
        body = self.http.send(call.address, call.body, accept=plan.accept, check=partial(plan.check, call))
        return Answer(call, body, datetime.now(UTC).isoformat(timespec="seconds"))

    def look(self, query: PxQuery | KlassQuery | FileQuery) -> Plan:
        """The plan of a query whose source has answered, without figures: metadata, a list of codes, or the head of a file."""
        plan = self.plan(query)
        match query:
            case KlassQuery():
                self.get(plan.calls[0], plan)
            case FileQuery():
                self.http.send(query.address, accept=plan.accept, check=bytes, method="HEAD")
        return plan


def service(say: Callable[[str], None] = tell) -> Client:
    """The services at `NLIB_API`, or SSB's own."""
    return Client(os.environ.get("NLIB_API", SSB_API), say=say)
