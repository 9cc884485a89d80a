"""Fetching: a declared query becomes a plan of calls, and each call an answer that has been checked."""

import math
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from nlib.core import settings
from nlib.core.errors import WrongUse
from nlib.core.tables import FileQuery, KlassQuery, PxQuery
from nlib.data.fetch import pxweb, single
from nlib.data.fetch.http import Answer, Call, Http, Plan
from nlib.data.fetch.pxweb import PxWeb

__all__ = ["Answer", "Call", "Client", "Plan", "service"]

SSB_API = "https://data.ssb.no/api"


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Client:
    """The producers' services behind one address, `api` (what stands before /pxwebapi/v2 and /klass/v1).

    Calls go out one at a time, at the service's own rate. `say` is given a line when something is waited for. `root` is the address
    of another PxWebApi v2 than the one behind `api`.
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
        root: str = "",
    ):
        if not api.startswith(("http://", "https://")):
            raise WrongUse(f"NLIB_API er «{api}»: skal være en adresse, for eksempel https://data.ssb.no/api")
        self.api, self.today = api.rstrip("/"), today
        root = root.rstrip("/") or f"{self.api}/pxwebapi/v2"
        self.http = Http(say, timeouts, clock, sleep, root, pxweb.CALLS, pxweb.WINDOW)
        self.pxweb = PxWeb(root, self.http, today)

    def plan(self, query: PxQuery | KlassQuery | FileQuery) -> Plan:
        """The calls that answer a query, none above the service's limits; `SourceChanged` if the declaration no longer holds."""
        match query:
            case PxQuery():
                return self.pxweb.plan(query)
            case KlassQuery():
                return single.klass(query, self.api, self.today())
            case FileQuery():
                return single.file(query)

    def get(self, call: Call, plan: Plan) -> Answer:
        """The answer to one call of the plan, whole and checked; see `Http.send` for what can go wrong."""
        versions: list[str | None] = []

        def check(body: bytes) -> None:
            versions.append(plan.check(call, body))

        body = self.http.send(call.address, call.body, accept=plan.accept, check=check, largest=plan.largest)
        return Answer(call, body, datetime.now(UTC).isoformat(timespec="seconds"), versions[-1])

    def windows(self, calls: int) -> tuple[int, int, float]:
        """In how many windows so many calls to the StatBank can be made at the least, how many a window takes, and its seconds."""
        most = self.http.times.maxlen or 1
        return math.ceil(calls / most), most, self.http.window

    def spent(self) -> str:
        """What has been asked of the services so far, and what was waited for, in words."""
        waited = ", ".join(f"{seconds:.0f} s på {why}" for why, seconds in self.http.waited.items() if seconds >= 1)
        size = f"{self.http.session.bytes / 1e6:.1f} MB".replace(".", ",")
        return f"{self.http.calls} kall, {size}; ventet {waited or 'ikke'}"

    def look(self, query: PxQuery | KlassQuery | FileQuery) -> Plan:
        """The plan of a query whose source has answered, without figures: metadata, a list of codes, or the head of a file."""
        plan = self.plan(query)
        match query:
            case KlassQuery():
                self.get(plan.calls[0], plan)
            case FileQuery():
                self.http.send(query.address, accept=plan.accept, check=bytes, method="HEAD")
        return plan


def service(say: Callable[[str], None] = tell, root: str = "") -> Client:
    """The services at the address that the setting `api` gives, or SSB's own; with the PxWebApi at `root` where one is given."""
    return Client(settings.value("api") or SSB_API, say=say, root=root)
