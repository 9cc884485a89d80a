"""From raw files to tables: finds the datasets, orders them, builds and checks."""

import importlib
import multiprocessing
import pkgutil
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import pandas as pd

import nlib.data.sources
import nlib.indicators
from nlib.build import checks, making
from nlib.build.checks import agreement
from nlib.build.making import Making, marked, register_of
from nlib.core import store
from nlib.core.errors import CheckFailed, NlibError, UnknownTable, many
from nlib.core.language import spans
from nlib.core.meant import near, question
from nlib.core.municipalities import Register
from nlib.core.processes import serve_parent
from nlib.core.store import Edition
from nlib.core.tables import HIDDEN, MARKS, Dataset, Imported, Raw

if TYPE_CHECKING:  # what draws a country has scipy with it
    from nlib.data.synthetic import Norway

Say = Callable[[str], None]
ABSENT = "ikke hentet (valgfri)"


@cache
def datasets() -> dict[str, Dataset]:
    """Every table there is, in an order in which they can be built: the `DATASET` of each module of sources and indicators."""
    found: dict[str, Dataset] = {}
    for package in (nlib.data.sources, nlib.indicators):
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            dataset = getattr(importlib.import_module(module.name), "DATASET", None)
            if dataset is None:
                raise TypeError(f"{module.name} declares no DATASET")
            if dataset.name in found:
                raise TypeError(f"two modules declare the table {dataset.name}")
            found[dataset.name] = dataset
    order = TopologicalSorter({name: dataset.parents for name, dataset in sorted(found.items())}).static_order()
    return {name: found[name] for name in order}


def dataset(name: str) -> Dataset:
    """The table of this name; `UnknownTable` tells which was probably meant, by its name or by words of its title."""
    if name in datasets():
        return datasets()[name]
    titles = {each.name: each.title for each in datasets().values()}
    word = name.casefold()
    like = near(name, titles) or [each for each, title in titles.items() if word in title.casefold()][:3]
    meant = question((f"{each} ({titles[each]})" for each in like), "nlib.tables() og nlib list tabeller lister alle.")
    raise UnknownTable(f"Ingen tabell heter «{name}». {meant}")


@cache
def raws() -> dict[str, Raw]:
    """Every source that is fetched, by name."""
    return {raw.name: raw for dataset in datasets().values() for raw in dataset.raws}


@cache
def imported() -> tuple[Imported, ...]:
    """Every kind of file that comes by hand and that tables are built from, those that stand in for a source too."""
    needs = [need for dataset in datasets().values() for need in dataset.imported]
    return (*dict.fromkeys(needs), *(raw.stand_in for raw in raws().values() if raw.stand_in))


def chosen(only: Iterable[str]) -> dict[str, Raw]:
    """The sources that are named, by source, producer's table number or our table; all of them where none is."""
    only = list(only)
    if not only:
        return raws()
    picked: dict[str, Raw] = {}
    for name in only:
        hits = {
            raw.name: raw
            for raw in raws().values()
            if name in (raw.name, raw.table) or (name in datasets() and raw.name in origins([name]))
        }
        if not hits:
            raise UnknownTable(f"Ingen kilde heter «{name}». Velg blant: {', '.join(raws())}")
        picked |= hits
    return picked


def build(edition: Edition, say: Say = print, accept: Iterable[str] = (), only: Iterable[str] = ()) -> None:
    """Build every table whose inputs have changed, check each at the border and all together, and publish them together.

    A breach of a rule of `nlib.build.checks` stops it, and the tables that stand are kept; a rule in `accept` is broken knowingly,
    which is written in the manifest and on every page. only: these tables and those that they are made of. In an edition of
    regions the rules are not asked: they have been, of the municipalities.
    """
    accept = list(dict.fromkeys(accept))
    checks.Accepted(accept, str)  # a rule that is not there is refused before anything is built
    made = Making(edition, say)
    made.make((with_parents(only) if only else datasets()).values())
    built, hashes = made.built, made.hashes
    invented = made.lineage if edition.synthetic else {}
    if edition.regions:
        there = edition.processed_manifest().get("tables", {})
        before = {name: edition.invented(name) for name in there}
        hashes = {name: entry["inputs"] for name, entry in there.items()} | hashes
        return edition.publish(built, hashes, {}, made.marks, before | invented, made.files, _of_firms())
    if not built and set(edition.processed_manifest().get("accepted", {})) <= set(accept) and not edition.outdated:
        return
    tables = {name: built[name] if name in built else edition.table(name) for name in hashes}
    given = _given(edition, tables, made.absent)
    for name in given.in_part:
        say(f"{name}: {_part(tables[name], tables['municipalities'])}")
    for line in _known_holes(edition, tables):
        say(f"advarsel: {line}")
    register = Register(tables["municipality_codes"], tables["municipality_changes"])
    stopping, accepted = checks.Accepted(accept, register.find).separated(checks.run(given))
    if stopping:
        raise CheckFailed([str(breach) for breach in stopping])
    edition.publish(built, hashes, accepted, made.marks, invented, made.files, _of_firms())


def _of_firms() -> set[str]:
    """The tables of single firms, which no notebook reaches."""
    return {name for name, dataset in datasets().items() if dataset.private}


def with_parents(names: Iterable[str]) -> dict[str, Dataset]:
    """These tables and all that they are made of, by name; each after what it is made of."""
    found: dict[str, Dataset] = {}

    def add(name):
        if name not in found:
            for parent in datasets()[name].parents:
                add(parent)
            found[name] = datasets()[name]

    for name in names:
        add(name)
    return found


def of_regions(edition: Edition, name: str) -> pd.DataFrame:
    """A table of an edition of regions, built now where it is not there."""
    if not edition.holds_table(name):
        build(edition, lambda line: None, only=[name])
    return edition.kept(name)


def demo(edition: Edition, seed: int, say: Say = print) -> None:
    """Write the edition that comes with the project: each source's share of its country, in the producer's own format.

    What is SSB's own is noted for each source. Beside it `truth.csv`: what is true of each municipality, for models to be held
    against.
    """
    from nlib.data.synthetic import Norway

    norway = Norway(seed)
    with edition.anew() as anew:
        _drawn(anew, norway, seed, say)


def _drawn(edition: Edition, norway: "Norway", seed: int, say: Say) -> None:
    """A synthetic country's sources and files by hand, written to an edition."""
    edition.mark_synthetic(seed)
    store.write(edition.raw / "truth.csv", norway.truth().to_csv(index=False).encode())
    for raw, bodies in _answered(norway):
        known = raw.known(norway) if callable(raw.known) else raw.known
        edition.hold(raw, f"seed-{seed}", bodies, norway.updated, known if isinstance(known, bool) else sorted(map(int, known)))
        say(f"{raw.name}: {len(bodies)} svar, {_whose(known, len(bodies))}")
    for need in imported():
        for name, body in need.synthetic(norway) if need.synthetic else ():
            entry = {"when": norway.updated, "producer": need.producer or None, "licence": need.licence or None}
            edition.keep(need.kind, name, body, entry)
            say(f"import/{need.kind}: {name}, oppdiktet")


def _answered(norway: "Norway") -> Iterator[tuple[Raw, list[bytes]]]:
    """The sources of a synthetic country with their answers, in order; as many are written at a time as there are cores."""
    sources = [raw for raw in raws().values() if raw.synthetic is not None]
    names, many = [raw.name for raw in sources], making.at_once()
    _countries.append(norway)
    try:
        if many == 1:
            yield from zip(sources, map(_answers, names), strict=True)
        else:
            with ProcessPoolExecutor(many, multiprocessing.get_context("fork"), serve_parent) as processes:
                yield from zip(sources, processes.map(_answers, names), strict=True)
    except BrokenProcessPool as error:
        raise NlibError("En prosess som laget demodata, ble stoppet. Er det nok minne på maskinen?") from error
    finally:
        _countries.pop()


_countries: "list[Norway]" = []  # the one whose answers are being written, which forked processes have with them


def _answers(name: str) -> list[bytes]:
    draw = raws()[name].synthetic
    assert draw is not None
    return draw(_countries[-1])


def _whose(known: bool | Collection[int], answers: int) -> str:
    """Whose figures a source of the edition that comes with the project has, in words."""
    if known is True or (not isinstance(known, bool) and len(known) == answers):
        return "virkelige"
    return f"virkelige tall for {spans(known)}, resten oppdiktet" if known else "oppdiktet"


def lost(edition: Edition, raw: Raw) -> bool:
    """Whether a source that the edition before had is not here, nor files by hand in its place."""
    if raw.name in edition.raw_manifest().get("sources", {}) or (raw.stand_in and edition.imported_files(raw.stand_in)):
        return False
    before = edition.before
    return bool(before and raw.name in before.raw_manifest().get("sources", {}))


def origins(names: Iterable[str]) -> dict[str, Raw]:
    """The sources that tables come from, through all their parents, by name."""
    return {raw.name: raw for dataset in with_parents(names).values() for raw in dataset.raws}


def files_by_hand(edition: Edition, names: Iterable[str]) -> list[tuple[Imported, dict]]:
    """The imported files that tables come from, through all their parents: what they are, and their entries in the manifest."""
    counted = edition.raw_manifest().get("sources", {})
    found: dict[str, tuple[Imported, dict]] = {}
    for dataset in with_parents(names).values():
        stand_ins = (raw.stand_in for raw in dataset.raws if raw.name not in counted and raw.stand_in)
        for need in (*dataset.imported, *stand_ins):
            found |= {entry["file"]: (need, entry) for entry in edition.imported_files(need) or ()}
    return list(found.values())


def sources_text(edition: Edition, name: str) -> str:
    """Where a table comes from, in words: its sources, what stands in for one that is not here, and files that came by hand."""
    counted = edition.raw_manifest().get("sources", {})
    texts = [raw.source if raw.name in counted else raw.instead for raw in origins([name]).values()]
    texts += [f"{need.source} (egen fil, {entry['when'][:10]})" for need, entry in files_by_hand(edition, [name])]
    return "; ".join(dict.fromkeys(filter(None, texts)))


def listed(edition: Edition, only: Iterable[str] = ()) -> pd.DataFrame:
    """What the built tables are (or those named), a row each, headed in bokmål: of the tables nothing is read."""
    there = edition.processed_manifest().get("tables", {})
    return pd.DataFrame(
        [_about(edition, dataset) for name, dataset in datasets().items() if name in there and name in (only or there)]
    )


def _about(edition: Edition, dataset: Dataset) -> dict:
    counted, years = edition.raw_manifest().get("sources", {}), edition.years(dataset.name)
    fetched = [raw for raw in origins([dataset.name]).values() if raw.name in counted]
    known, by_hand = [counted[raw.name] for raw in fetched], files_by_hand(edition, [dataset.name])
    licences = [raw.licence for raw in fetched] + [need.licence for need, _ in by_hand]
    moments = [source["files"][0]["fetched"] for source in known] + [entry["when"] for _, entry in by_hand]
    return {
        "Tabell": dataset.name,
        "Innhold": dataset.title,
        "Kilde": sources_text(edition, dataset.name),
        "Oppdatert": max((source["updated"][:10] for source in known if source["updated"]), default=""),
        "Hentet": max(moments, default="")[:10],
        "År": f"{years[0]}–{years[-1]}" if years else "",
        "Rader": edition.processed_manifest()["tables"][dataset.name]["rows"],
        "Lisens": "; ".join(dict.fromkeys(filter(None, licences))),
    }


def describe(edition: Edition) -> pd.DataFrame:
    """What the built tables are, and how whole: one row a table, headed in bokmål, for the page «Om tallene».

    Missing cells are counted over all columns that may be missing, municipality-years that cannot be compared by `comparable`;
    hidden ones are the cells of its own sources that the producer has marked so.
    """
    there = edition.processed_manifest().get("tables", {})
    rows = [_described(edition, dataset, edition.table(name)) for name, dataset in datasets().items() if name in there]
    return pd.DataFrame(rows).astype({"Kommuner": "Int64"}) if rows else pd.DataFrame()


def _described(edition: Edition, dataset: Dataset, table: pd.DataFrame) -> dict:
    counted, marks = edition.raw_manifest().get("sources", {}), edition.processed_manifest().get("marks", {})
    about, by_hand = _about(edition, dataset), files_by_hand(edition, [dataset.name])
    own = [raw for raw in dataset.raws if raw.name in counted or any(need is raw.stand_in for need, _ in by_hand)]
    years = sorted(table["year"].unique()) if "year" in table else []
    breaks = sorted({(year, why) for raw in own for year, why in raw.breaks.items() if years and years[0] < year <= years[-1]})
    rows, licences = about.pop("Rader"), about.pop("Lisens")
    return about | {
        "Årganger": len(years),
        "Kommuner": table["komm_nr"].nunique() if "komm_nr" in table else pd.NA,
        "Rader": rows,
        "Manglende tall": int(table.isna().sum().sum()),
        "Skjult hos kilden": sum(marks.get(raw.name, {}).get(HIDDEN, 0) for raw in own),
        "Ikke sammenlignbare": int((~table["comparable"]).sum()) if "comparable" in table else 0,
        "Brudd": _breaks(breaks),
        "Lisens": licences,
        "Lenke": " ".join(dict.fromkeys(raw.page for raw in own)),
    }


def _breaks(breaks: Iterable[tuple[int, str]]) -> str:
    return "; ".join(f"{year}: {why}" for year, why in breaks)


def describe_sources(edition: Edition) -> pd.DataFrame:
    """What the edition was made from: one row a source or file that came by hand, headed in bokmål, for the page «Om tallene»."""
    counted, marks = edition.raw_manifest().get("sources", {}), edition.processed_manifest().get("marks", {})
    rows = [
        {
            "Kilde": raw.source,
            "Innhold": raw.title,
            "Oppdatert": (counted[raw.name]["updated"] or "")[:10],
            "Hentet": counted[raw.name]["files"][0]["fetched"][:10],
            "Lisens": raw.licence,
            "Merket av kilden": _marks_text(marks.get(raw.name, {})).removeprefix(", "),
            "Brudd": _breaks(sorted(raw.breaks.items())),
        }
        for raw in raws().values()
        if raw.name in counted
    ]
    rows += [
        {"Kilde": need.source, "Innhold": f"{need.title} (egen fil)", "Hentet": entry["when"][:10], "Lisens": need.licence}
        for need, entry in files_by_hand(edition, datasets())
    ]
    return pd.DataFrame(rows).fillna("").sort_values(["Kilde", "Innhold"], ignore_index=True)


def check(edition: Edition) -> tuple[list[str], list[str]]:
    """What the edition holds, a line each, and its faults: missing or changed files, missing tables, sums that do not agree."""
    lines, faults = _check_files(edition)
    if not edition.processed_manifest().get("tables"):
        return lines, [*faults, f"Ingen tabeller er bygd ennå: kjør nlib build --edition {edition.name}"]
    tables: dict[str, pd.DataFrame] = {}
    for dataset in datasets().values():
        try:
            table = tables[dataset.name] = dataset.check(edition.table(dataset.name))
            gone = int(table.isna().sum().sum())
            lines.append(f"{dataset.name:28} {many(len(table), 'rad', 'rader')}" + (f", {gone} manglende tall" if gone else ""))
        except NlibError as error:
            faults.append(str(error))
    if {"commuting", "employed_register"} <= set(tables):
        lines += _margins(tables)
    rules, broken = _check_rules(edition, tables)
    return lines + rules, faults + broken


def _check_files(edition: Edition) -> tuple[list[str], list[str]]:
    """The sources and the files that came by hand."""
    lines, faults = [], []
    absent = edition.raw_manifest().get("absent", {})
    for raw in raws().values():
        try:
            found = edition.read_raw(raw)
        except NlibError as error:
            faults.append(str(error))
            continue
        why = f": {absent[raw.name]}" if raw.name in absent else ""
        if found is None:
            lines.append(f"{raw.name:22} {ABSENT}{why}")
            if lost(edition, raw):
                faults.append(f"{raw.name} er tapt: forrige utgave hadde den{why}")
        else:
            failed = f"; siste forsøk feilet{why}" if why else ""
            lines.append(f"{raw.name:22} {many(len(found), 'rad', 'rader')}{_marks_text(marked(found))}{failed}")
    for entry in edition.imports():
        try:
            edition.read_import(entry)
            lines.append(f"import/{entry['kind']}: {entry['name']}, {entry['bytes']} byte, {entry['when'][:10]}")
        except NlibError as error:
            faults.append(str(error))
    return lines, faults


def _margins(tables: dict[str, pd.DataFrame]) -> list[str]:
    """How two sources of commuting agree."""
    margins = agreement.margins(tables["commuting"], tables["employed_register"])
    jobs, residents = margins["jobs_difference"], margins["residents_difference"]
    return [
        f"arbeidsplasser, 03321 mot 11618: {(jobs != 0).sum()} av {len(margins)} avviker",
        f"sysselsatte bosatte, 11618 over 03321: {(residents != 0).sum()} av {len(margins)} avviker, "
        f"til sammen {residents.sum()} personer (arbeidssted i utlandet, på sokkelen eller ukjent)",
    ]


def _check_rules(edition: Edition, tables: dict[str, pd.DataFrame]) -> tuple[list[str], list[str]]:
    """The rules that hold, are broken, or are broken knowingly; and the breaches that are not."""
    given = _given(edition, tables)
    lines = [f"{name}: {_part(tables[name], tables['municipalities'])}" for name in given.in_part if "municipalities" in tables]
    registered = {"municipality_codes", "municipality_changes"} <= set(tables)
    lines += _known_holes(edition, tables) if registered else []
    breaches = checks.run(given)
    broken = {breach.rule for breach in breaches}
    for rule in checks.checks():
        if set(rule.needs) <= set(tables):
            lines.append(f"{rule.name:22} {'brutt' if rule.name in broken else 'holder'}: {rule.title}")
    if registered:
        accepted = edition.processed_manifest().get("accepted", {})
        breaches, through = checks.Accepted(accepted, register_of(edition, tables).find).separated(breaches)
        lines += [f"{text} – godtatt ({spec})" for spec, text in through.items()]
    return lines, [str(breach) for breach in breaches]


def _given(edition: Edition, tables: dict[str, pd.DataFrame], absent: dict[str, pd.DataFrame] | None = None) -> checks.Given:
    """What the rules are asked of: the edition's tables beside those of the edition before, and what they declare of themselves.

    Tables by municipality that are read from files by hand, because their source is not fetched, may hold a part of the country.
    """
    fetched = edition.raw_manifest().get("sources", {})
    stood_in = [(d, raw.stand_in) for d in datasets().values() for raw in d.raws if raw.name not in fetched and raw.stand_in]
    in_part = [d.name for d, files in stood_in if d.name in tables and "komm_nr" in d.key and edition.imported_files(files)]
    before = edition.before
    tables_before = {name: before.table(name) for name in before.processed_manifest().get("tables", {})} if before else {}
    return checks.Given(tables, tables_before, datasets(), in_part, absent or {})


def _known_holes(edition: Edition, tables: dict[str, pd.DataFrame]) -> list[str]:
    """The figures that sources of the edition are known to lack, and do lack, a line each."""
    fetched = edition.raw_manifest().get("sources", {})
    register = register_of(edition, tables)
    return [
        f"{raw.source} mangler {hole.number} i {hole.year}: {hole.reason}"
        for dataset in datasets().values()
        for raw in dataset.raws
        if raw.name in fetched and dataset.name in tables
        for hole in raw.holes
        if _lacks(tables[dataset.name], register.heir(hole.number, f"{hole.year}-12-31"), hole.year)
    ]


def _lacks(table: pd.DataFrame, number: str | None, year: int) -> bool:
    """Whether a table has figures of a year, and none of a municipality."""
    rows = table[table["year"] == year]
    places = [column for column in ("komm_nr", "home_nr", "work_nr") if column in table]
    return len(rows) > 0 and not any((rows[place] == number).any() for place in places)


def _marks_text(marks: dict[str, int]) -> str:
    """The producer's marks with their counts, in words."""
    return "".join(f", {count} {MARKS.get(mark, 'merket')} ({mark})" for mark, count in marks.items())


def _part(table: pd.DataFrame, municipalities: pd.DataFrame) -> str:
    """How much of the nation a table of files by hand holds, in words."""
    return f"{table['komm_nr'].nunique()} av {len(municipalities)} kommuner, fra filer for hånd"
