"""The yearly run, one command that can be left alone: fetch what is new, build what changed, make the pages it affects, and tell.

A source that is down does not stop the pages of what is here already: they stand, and say that they are old. What a run did
is in `reports/<edition>/run.json` and on the page «Kjøringen»; `reports/latest` is moved to an edition when all its pages are made.
"""

from collections.abc import Callable, Collection, Iterable

import pandas as pd

from nlib.build import fetching, pipeline
from nlib.core import store
from nlib.core.errors import NlibError, SourcesLost
from nlib.data.fetch import Client
from nlib.press import export, publish
from nlib.press.changes import news
from nlib.press.index_figures import INDICATORS, label
from nlib.press.runs import Run, told_pages

REMEMBERED, TOLD = "watched.json", "nytt.txt"
NOTHING = {"komm_nr": "str", "name": "str", "figure": "str", "year": "int64", "value": "float64"}
MOVED = 20  # figures that are shown of those that moved most
LOST = {"name": "Navn", "source": "Kilde", "why": "Hvorfor"}
HEADINGS = {
    "komm_nr": "Nummer",
    "name": "Kommune",
    "figure": "Tall",
    "year_before": "År før",
    "value_before": "Før",
    "year": "År",
    "value": "Nå",
    "change_pct": "Endring, prosent",
}


def update(
    name: str,
    client: Client,
    workers: int,
    say: Callable[[str], None] = print,
    engine: str | None = None,
    latest: bool = False,
    scheduler: str | None = None,
    kommuner: Iterable[str] = (),
    beside: Collection[str] = (),
    tell: Callable[[str], None] = print,
) -> list[str]:
    """Fetch, build and make the affected pages of an edition; returns what failed, a line each, sources that did not come last:
    cron mails the end of the log.

    Only one run at a time may have the folders (`AlreadyRunning`). latest: point `reports/latest` here even if something failed.
    scheduler, beside: as for `publish.make`.
    kommuner: whose pages; those of all where none is named.
    tell: is called with what is new in the edition since the one before it, once: cron mails it.
    """
    edition = store.new_edition(name)
    publish.chosen_notebooks(edition)  # before an hour's fetching, that it leads to pages
    with store.alone(edition.root):
        store.clear_aside(edition)
        run = Run(edition, "update")
        _step(run, "hent", lambda: _fetch(run, edition, client, say), say)
        if edition.raw_manifest().get("sources"):
            _step(run, "bygg", lambda: pipeline.build(edition, say), say)
        if not edition.holds_table("municipalities"):
            run.end()
            raise _without_tables(run)
        stale = list(run.failed)
        _step(run, "datapakke", lambda: export.refresh(edition), say)
        publish.make(edition, kommuner, (), workers, say, engine, changed=True, beside=beside, scheduler=scheduler, run=run)
        now = _step(run, "endringer", lambda: _compare(run, edition), say)
        run.summary = summary(run)
        publish.write_run(run, _shown(run), stale)
        run.end()
        if latest or not run.failed:
            store.point(edition.root / "reports" / "latest", edition.name)
        if now is not None:
            store.write_json(edition.reports / REMEMBERED, now.to_dict("list"))
        say(run.summary)
        _tell_news(edition, tell)
        return sorted(run.failed, key=lambda line: line.startswith("hent: "))


def _without_tables(run: Run) -> NlibError:
    """What a run says that got nothing to make pages of: what its sources said, and no more."""
    edition = run.edition
    stands = f" Sidene i reports/{edition.before.name} står som de var." if edition.before else ""
    todo = f"Kjør samme kommando igjen når kilden svarer; nlib check --api --edition {edition.name} spør den."
    lost = fetching.by_reason({lost["name"]: lost["why"] for lost in run.lost})
    lines = [f"{', '.join(names)}: {why}" for why, names in lost.items()] or run.failed
    return NlibError("\n".join([f"Utgaven {edition.name} har ingen tabeller å lage sider av.{stands} {todo}", *lines]))


def _tell_news(edition, tell):
    """What is new, once: it lies in a file beside the pages."""
    lines = "\n".join(news(edition))
    path = edition.reports / TOLD
    if lines and (not path.is_file() or path.read_text(encoding="utf-8") != lines):
        tell(f"Nytt i utgaven {edition.name}:\n{lines}")
        store.write(path, lines.encode())


def _fetch(run, edition, client, say):
    """Fetch, and remember what did not come, whether the edition can do without it or not."""
    lost = {}
    try:
        fetching.fetch(edition, client, (), say)
    except SourcesLost as error:
        lost = error.faults
        raise
    finally:
        sources = pipeline.raws()
        lost = edition.raw_manifest().get("absent", {}) | lost
        run.lost = [{"name": name, "source": sources[name].source, "why": why} for name, why in lost.items() if name in sources]


def _compare(run, edition):
    """What is other than when a run was last finished: however often it was stopped since, nothing of it goes untold.

    Gives the figures as they are now, for the next run to compare with.
    """
    earlier, now = _remembered(edition), _watched(edition)
    run.changes = moved(earlier, now)
    run.came, run.gone = come_and_gone(earlier, now)
    return now


def _step(run, name, work, say):
    """What a step gives; its failure is shown and does not stop the next: what is here from before still stands."""
    try:
        with run.at(name):
            return work()
    except (NlibError, OSError) as error:
        several = [f"{part}: {why}" for part, why in error.faults.items()] if isinstance(error, SourcesLost) else [str(error)]
        run.failed += [f"{name}: {line}" for line in several]
        say(f"{name} feilet: det som var her fra før, står")
        return None


def _watched(edition: store.Edition) -> pd.DataFrame:
    """The newest value of each key figure by municipality: `komm_nr`, `name`, `figure`, `year`, `value`."""
    if not edition.holds_table("facts"):
        return pd.DataFrame(columns=list(NOTHING)).astype(NOTHING)
    facts = edition.table("facts").dropna(subset="value").sort_values("year")
    newest = facts[facts["indicator"].isin(INDICATORS)].drop_duplicates(["komm_nr", "indicator"], keep="last")
    names = edition.table("municipalities")[["komm_nr", "name"]]
    found = names.merge(newest.assign(figure=newest["indicator"].map(label)), on="komm_nr", validate="1:m")
    return found[list(NOTHING)].astype(NOTHING)


def _remembered(edition: store.Edition) -> pd.DataFrame:
    """The key figures as the last finished run of the edition left them; before the first, those of the edition before."""
    try:
        if remembered := store.read_json(edition.reports / REMEMBERED):
            return pd.DataFrame(remembered, columns=list(NOTHING)).astype(NOTHING)
    except NlibError:  # damaged: compared with the edition before, as the first time
        pass
    if edition.before and edition.before.holds_table("municipalities"):
        return _watched(edition.before)
    return pd.DataFrame(columns=list(NOTHING)).astype(NOTHING)


def moved(before: pd.DataFrame, now: pd.DataFrame) -> list[dict]:
    """The figures that differ most between two builds, largest relative change first; both are frames as `_watched` gives.

    The same figure of the same municipality is compared, whatever the years. One that was zero or missing before has no change.
    """
    both = before.merge(now, on=["komm_nr", "figure"], suffixes=("_before", ""), validate="1:1")
    both["change_pct"] = 100 * (both["value"] / both["value_before"].where(both["value_before"].ne(0)) - 1)
    both = both[both["change_pct"].abs() > 0]
    order = both.assign(size=both["change_pct"].abs()).sort_values(["size", "komm_nr", "figure"], ascending=[False, True, True])
    kept = order.head(MOVED)[["komm_nr", "name", "figure", "year_before", "value_before", "year", "value", "change_pct"]]
    return kept.round({"value_before": 2, "value": 2, "change_pct": 1}).to_dict("records")


def come_and_gone(before: pd.DataFrame, now: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The numbers of municipalities that are new, and of those that are no more; none where there was nothing before."""
    then, today = set(before["komm_nr"]), set(now["komm_nr"])
    return (sorted(today - then), sorted(then - today)) if then else ([], [])


def summary(run: Run) -> str:
    """What a run did, in a few lines."""
    lines = [
        f"Utgaven {run.edition.name}: {told_pages(run.pages)}. "
        + ", ".join(f"{step} {seconds:.0f} s" for step, seconds in run.seconds.items())
    ]
    if run.lost:
        lines.append(f"Kilder som ikke kom: {', '.join(lost['source'] for lost in run.lost)}.")
    if run.came or run.gone:
        lines.append(f"Nye kommuner: {', '.join(run.came) or 'ingen'}. Borte: {', '.join(run.gone) or 'ingen'}.")
    if run.changes:
        first = run.changes[0]
        lines.append(f"Mest endret: {first['figure']} i {first['name']}, {first['change_pct']:+.1f} %".replace(".", ","))
    return "\n".join(lines)


def _shown(run: Run) -> dict[str, pd.DataFrame]:
    """The tables of the page on the run, by heading."""
    changes = pd.DataFrame(run.changes).rename(columns=HEADINGS)
    lost = pd.DataFrame(run.lost, columns=list(LOST)).rename(columns=LOST, errors="raise")
    return {
        "Kilder som ikke kom": lost,
        "Det som feilet": pd.DataFrame({"Feil": run.failed}),
        "Tall som har flyttet seg mest": changes,
        "Tid": pd.DataFrame({"Trinn": list(run.seconds), "Sekunder": list(run.seconds.values())}),
    }
