"""From the producers to raw files: every source compared with its declaration, then fetched, and what did not come named."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping

from nlib.build import pipeline
from nlib.build.pipeline import Say
from nlib.core import store
from nlib.core.errors import BadAnswer, NlibError, SourceChanged, SourcesLost, SourceUnavailable
from nlib.core.store import Edition
from nlib.core.tables import PxQuery, Raw
from nlib.data.fetch import Client, Plan, pxweb

FAULTS = (SourceUnavailable, SourceChanged, BadAnswer)
TIMES = 3  # that a table which is updated while it is fetched is begun on


def fetch(edition: Edition, client: Client, only: Iterable[str] = (), say: Say = print) -> None:
    """Fetch what is new into the edition; what an earlier, interrupted fetch brought home is not asked for again.

    Every source is compared with its declaration before any figures are asked for, and one that fails stops no other. At the end
    `SourcesLost` names all that did not come and that the edition cannot do without: those that are not optional, and those that
    it or the edition before it had. One that never came is named, and noted in the manifest.
    """
    sources = pipeline.chosen(only)
    plans, faults = _planned(sources, client, say)
    _foretell(edition, client, plans, say)
    for raw, plan in plans:
        try:
            bring(edition, client, raw, plan, say)
        except FAULTS as error:
            faults[raw.name] = error
            say(f"{raw.name}: ikke hentet: {error}")
    say(client.spent())
    reasons = {name: _line(error) for name, error in faults.items()}
    edition.note_absent(dict.fromkeys(sources, "") | reasons)
    if lost := {name: why + _stands(edition, sources[name]) for name, why in reasons.items() if _needed(edition, sources[name])}:
        raise SourcesLost(lost)


def _line(error: NlibError) -> str:
    """What an error says, on one line."""
    return " ".join(str(error).replace("\n  - ", " – ").split())


def _needed(edition: Edition, raw: Raw) -> bool:
    """Whether an edition is poorer without a source: it cannot be built, or it or the edition before had it."""
    return not raw.optional or raw.name in edition.raw_manifest().get("sources", {}) or pipeline.lost(edition, raw)


def _stands(edition: Edition, raw: Raw) -> str:
    """What there is of a source that did not come, in words."""
    for of, words in ((edition, "Det som ble hentet {}, står"), (edition.before, "Forrige utgave har det som ble hentet {}")):
        if of and (source := of.raw_manifest().get("sources", {}).get(raw.name)):
            return ". " + words.format(source["files"][0]["fetched"][:10])
    return ""


def _planned(sources: dict[str, Raw], client: Client, say: Say) -> tuple[list[tuple[Raw, Plan]], dict[str, NlibError]]:
    """The plan of each source, and what is wrong with those that have none."""
    plans: list[tuple[Raw, Plan]] = []
    faults: dict[str, NlibError] = {}
    for raw in sources.values():
        try:
            plans.append((raw, client.plan(raw.query)))
        except FAULTS as error:
            faults[raw.name] = error
    for why, names in by_reason(faults).items():
        say(f"{', '.join(names)}: ikke hentet: {why}")
    return plans, faults


def by_reason(faults: Mapping[str, object]) -> dict[str, list[str]]:
    """The sources that did not come by why they did not: without a network all of them have one."""
    found: dict[str, list[str]] = {}
    for name, why in faults.items():
        found.setdefault(str(why), []).append(name)
    return found


def _foretell(edition: Edition, client: Client, plans: list[tuple[Raw, Plan]], say: Say) -> None:
    """Say how many calls are ahead, and how many of the service's windows they take at the least."""
    ahead = {raw.name: len(_lacking(edition, raw, plan)) for raw, plan in plans}
    limited = sum(ahead[raw.name] for raw, _ in plans if isinstance(raw.query, PxQuery))
    windows, most, seconds = client.windows(limited)
    wait = f", minst {windows} vinduer à {most} kall på {seconds:.0f} s" if windows > 1 else ""
    say(f"{sum(ahead.values())} kall gjenstår i {sum(map(bool, ahead.values()))} av {len(plans)} kilder{wait}")


def foreseen(edition: Edition, client: Client, only: Iterable[str] = ()) -> tuple[dict[str, int], float, dict[str, str]]:
    """What `fetch` would do: the calls by source, the seconds that the service's windows make of them at the least, and the faults.

    Asks the producers what their tables have, and for no figures.
    """
    plans, faults = _planned(pipeline.chosen(only), client, lambda line: None)
    ahead = {raw.name: len(_lacking(edition, raw, plan)) for raw, plan in plans}
    windows, _, seconds = client.windows(sum(ahead[raw.name] for raw, _ in plans if isinstance(raw.query, PxQuery)))
    return ahead, windows * seconds, {name: str(error) for name, error in faults.items()}


def _lacking(edition: Edition, raw: Raw, plan: Plan) -> set[str]:
    """The names of a plan's calls whose answers are not here."""
    return {call.name for call in plan.calls} - set(edition.received(raw, _fingerprint(plan)))


def _fingerprint(plan: Plan) -> str:
    """What tells one plan from another: the version of the table, and the calls."""
    content = json.dumps([plan.updated, [call.name for call in plan.calls]])
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def bring(edition: Edition, client: Client, raw: Raw, plan: Plan, say: Say) -> None:
    """A source whole and of one version: one that is updated between two calls is fetched again from the first."""
    for _ in range(TIMES):
        if _fetched_whole(edition, client, raw, plan, say):
            return
        edition.discard(raw, _fingerprint(plan))
        say(f"{raw.name}: oppdatert hos kilden mens den ble hentet; hentes om igjen")
        plan = client.plan(raw.query)
    raise BadAnswer(f"{raw.source} ble oppdatert {TIMES} ganger mens den ble hentet: prøv igjen senere med nlib fetch")


def _fetched_whole(edition: Edition, client: Client, raw: Raw, plan: Plan, say: Say) -> bool:
    """Whether all answers of a plan came, and are of the same version; then they count."""
    fingerprint, names = _fingerprint(plan), [call.name for call in plan.calls]
    here = edition.received(raw, fingerprint)
    if edition.holds(raw, fingerprint) and set(names) <= set(here):
        edition.clear_plans(raw, fingerprint)  # where a run was killed before it had done so
        say(f"{raw.name}: uendret siden {plan.updated or 'forrige henting'}")
        return True
    versions = {here[name].get("version") for name in names if name in here}
    for number, call in enumerate(plan.calls, 1):
        if call.name not in here:
            try:
                answer = client.get(call, plan)
            except SourceChanged:
                if _fingerprint(client.plan(raw.query)) != fingerprint:
                    return False  # the table is another than when it was planned
                raise
            versions.add(answer.version)
            if len(versions) > 1:
                return False
            asked = {"address": call.address, "query": call.body, "fetched": answer.fetched, "version": answer.version}
            edition.receive(raw, fingerprint, call.name, answer.body, asked)
        say(f"{raw.name}: {number} av {len(plan.calls)}" + (" (fra før)" if call.name in here else ""))
    if plan.metadata is not None:
        store.write(edition.plan_folder(raw, fingerprint) / "metadata.json", plan.metadata)
    edition.count(raw, fingerprint, names, plan.updated)
    return True


def api_check(edition: Edition | None, client: Client) -> tuple[list[str], list[str]]:
    """What the producers have now, a line a source and below it what is new since the edition was fetched; and the faults.

    A fault is a source that is not as it is declared, or that does not answer. No figures are asked for.
    """
    lines, faults = [], []
    for raw in pipeline.raws().values():
        try:
            plan = client.look(raw.query)
            lines.append(f"{raw.name:22} {raw.source}{_extent(plan)}")
            years = (plan.axes or {}).get("Tid", [])
            if raw.first_year and years and int(years[0][:4]) != raw.first_year:
                lines.append(f"  begynner i {years[0][:4]}, deklarert fra {raw.first_year}")
            if plan.metadata and edition and (before := _metadata(edition, raw)):
                lines += [f"  {line}" for line in pxweb.news(before, plan.metadata)]
        except FAULTS as error:
            faults.append(f"{raw.name}: {error}")
    return lines, faults


def _metadata(edition: Edition, raw: Raw) -> bytes | None:
    """A source's metadata from when it was fetched."""
    fetched = edition.raw_manifest().get("sources", {}).get(raw.name)
    path = fetched and edition.plan_folder(raw, fetched["plan"]) / "metadata.json"
    return path.read_bytes() if path and path.is_file() else None


def _extent(plan: Plan) -> str:
    """How much a plan would fetch: when it was updated, its years, cells and calls."""
    if plan.axes is None:
        return ": svarer"
    years, cells = plan.axes.get("Tid", []), math.prod(map(len, plan.axes.values()))
    span = f"{years[0]}–{years[-1]}, " if years else ""
    return f": oppdatert {(plan.updated or 'ukjent')[:10]}, {span}{cells} celler i {len(plan.calls)} kall"
