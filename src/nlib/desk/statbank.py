"""SSB's StatBank, and any PxWebApi v2: what tables it has, and one of them with its municipalities on today's numbers."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pandas as pd

from nlib.build import fetching
from nlib.core import store
from nlib.core.errors import WrongUse
from nlib.core.tables import CANNOT_OCCUR, CC_BY, SSB, PxQuery, Raw
from nlib.data import fetch
from nlib.data.readers import jsonstat
from nlib.data.statbank import MUNICIPALITIES, StatBank
from nlib.desk.asking import checked
from nlib.desk.own_figures import registered

EVERY = "kommuner"  # in place of codes: every municipality's number
NOT_COUNTS = re.compile(r"prosent|promille|andel|median|gjennomsnitt|indeks|per innbygger|percent|median|average|index", re.I)
Values = str | int | Sequence[str | int]
Codes = Mapping[str, tuple[str, ...]]


@checked
def statbank(
    table: str,
    *,
    counts: bool | Sequence[str] = True,
    day: str = "12-31",
    edition: str = "",
    refresh: bool = False,
    **select: Values,
) -> pd.DataFrame:
    """A table of SSB's StatBank, or of any PxWebApi v2, in one line, with its municipalities carried to today's numbers.

    >>> nlib.statbank("07459", Region="kommuner", Tid=["2018", "2026"], day="01-01").columns.tolist()
    ['komm_nr', 'year', 'Personer1', 'comparable']

    table: its number, or an address with the selection in it (`https://data.ssb.no/api/pxwebapi/v2/tables/07459/data?...`).
    select: variable -> code, name of a value, or a list of them; `*` is all, `?` one sign. `"kommuner"` is every municipality,
        which becomes `komm_nr`. Contents and time are all where they are left out; other variables are then summed over.
    counts: whether figures can be added up where municipalities have merged: `True`, `False` (medians, per cent: followed as long
        as the municipality is the same), or the contents that can.
    day: when in a year the figures hold, `01-01` for 1 January.

    A column for each of the contents, the other variables by code; names, units and source are in `.attrs`. The answer is kept
    among the edition's raw files and read from there the next time; `refresh` asks whether the source has another. `WrongUse` tells
    what the table has in place of what it does not have.
    """
    chosen = store.edition(edition or None)
    root, number, given, codelists = _address(table)
    asked = given | {variable: _listed(values) for variable, values in select.items()}
    client = fetch.service(root=root)
    raw = _raw(client.pxweb.root, number, asked, codelists)
    if refresh or raw.name not in chosen.raw_manifest().get("sources", {}):
        metadata = client.pxweb.metadata(number)
        query = _query(number, metadata, asked, codelists)
        if faults := client.pxweb.faults(query, metadata):
            listed = "\n".join(f"  - {fault}" for fault in faults)
            raise WrongUse(f'Tabell {number} kan ikke spørres slik:\n{listed}\nSe nlib.ssb_variables("{number}")')
        raw = replace(raw, query=query, title=jsonstat.label(metadata))
        with store.alone(chosen.root):
            fetching.bring(chosen, client, raw, client.plan(query), client.http.say)
    source = chosen.raw_manifest()["sources"][raw.name]
    metadata = (chosen.plan_folder(raw, source["plan"]) / "metadata.json").read_bytes()
    numbers = _query(number, metadata, asked, codelists).numbers
    cells = _wide(chosen.read_raw(raw), metadata)
    frame = _carried(cells, numbers, metadata, counts, day, edition)
    if frame.empty:
        raise WrongUse(
            f"Tabell {number} har ingen tall for dette utvalget. Et kommunenummer har bare tall i årene det gjaldt: "
            f'Region="{EVERY}" gir alle kommunene, ført til dagens numre'
        )
    about = {"title": source["title"], "source": raw.source, "updated": source["updated"] or "", "page": raw.page}
    frame.attrs = about | {"labels": jsonstat.labels(metadata), "units": jsonstat.units(metadata)}
    return frame


@checked
def ssb_search(words: str) -> pd.DataFrame:
    """The tables of SSB's StatBank that answer to some words, a row each: `title`, `first`, `last`, `variables`.

    >>> "07459" in nlib.ssb_search("befolkning").index
    True

    Asks `NLIB_API`, or SSB. `SourceUnavailable` where there is no answer.
    """
    found = {
        row["id"]: {
            "title": row["label"].removeprefix(f"{row['id']}: "),
            "first": row.get("firstPeriod", ""),
            "last": row.get("lastPeriod", ""),
            "variables": ", ".join(row.get("variableNames", ())),
        }
        for row in fetch.service().pxweb.search(words)
    }
    return pd.DataFrame.from_dict(found, orient="index", columns=["title", "first", "last", "variables"]).rename_axis("table")


@checked
def ssb_variables(table: str) -> pd.DataFrame:
    """The variables of a StatBank table, a row each: `title`, `codes` (how many), `examples`, `eliminable` (SSB sums over it).

    >>> "Region" in nlib.ssb_variables("07459").index
    True
    """
    metadata = fetch.service().pxweb.metadata(table)
    titles, eliminable = jsonstat.titles(metadata), jsonstat.eliminable(metadata)
    rows = {
        variable: {
            "title": titles[variable],
            "codes": len(names),
            "examples": ", ".join(f"{code} ({name})" if name != code else code for code, name in list(names.items())[:3]),
            "eliminable": variable in eliminable,
        }
        for variable, names in jsonstat.labels(metadata).items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("variable")


@checked
def ssb_series(declared: StatBank, edition: str = "") -> pd.DataFrame:
    """A StatBank table's counts on today's municipalities, `komm_nr`, `year`, figures and `comparable`, straight from SSB.

    declared: which table and variables, and what we call them. Nothing is kept: to have it in every edition, put the
    declaration in a module of `nlib.data.sources`. Municipalities and their changes are the edition's.

    >>> from nlib.data.statbank import StatBank
    >>> declared = StatBank(
    ...     table="07459", title="Folketall", keys={"Region": "komm_nr"}, contents={"Personer1": "population"}, day="01-01"
    ... )
    >>> nlib.ssb_series(declared).columns.tolist()
    ['komm_nr', 'year', 'population', 'comparable']
    """
    client, chosen = fetch.service(), store.edition(edition or None)
    plan = client.plan(declared.query)
    raw = jsonstat.read([client.get(call, plan).body for call in plan.calls], declared.named)
    frame = declared.today(raw, chosen.kept("municipality_codes"), chosen.kept("municipality_changes"))
    frame.attrs = {"title": declared.title, "source": f"SSB, tabell {declared.table}", "updated": plan.updated or ""}
    return frame


def _listed(values: Values) -> tuple[str, ...]:
    return (str(values),) if isinstance(values, str | int) else tuple(map(str, values))


def _address(table: str) -> tuple[str, str, dict[str, tuple[str, ...]], dict[str, str]]:
    """The service's address (empty for the usual one), the table's number, and the codes and codelists that an address asks for."""
    if "://" not in table:
        return "", table, {}, {}
    url = urlsplit(table)
    found = re.fullmatch(r"(.*)/tables/([^/]+)(?:/.*)?", unquote(url.path))
    if not found or url.scheme not in ("http", "https"):
        raise WrongUse(f"«{table}» er ikke adressen til en tabell i PxWebApi v2: den har formen https://…/tables/NUMMER/data?…")
    codes, codelists = {}, {}
    for name, (text, *_) in parse_qs(url.query).items():
        if picked := re.fullmatch(r"(?i)(valuecodes|codelist)\[(.+)\]", name):
            if picked[1].casefold() == "codelist":
                codelists[picked[2]] = text
            else:
                codes[picked[2]] = tuple(code.strip("[]") for code in text.split(","))
    return f"{url.scheme}://{url.netloc}{found[1]}", found[2], codes, codelists


def _raw(root: str, number: str, asked: Codes, codelists: Mapping[str, str]) -> Raw:
    """The source that a selection is; the same selection of the same table has the same name."""
    digest = hashlib.sha256(repr((root, number, sorted(asked.items()), sorted(codelists.items()))).encode()).hexdigest()[:10]
    host = urlsplit(root).hostname or ""
    return Raw(
        name=f"egen_{re.sub('[^A-Za-z0-9_-]', '-', number)}_{digest}",
        producer=SSB if root == fetch.service().pxweb.root or host == "data.ssb.no" else host,
        table=number,
        title="",
        page=f"{root}/tables/{number}",
        query=PxQuery(number, {}),
        read=jsonstat.read,
        licence=CC_BY if host == "data.ssb.no" else "",
        optional=True,
    )


def _query(number: str, metadata: bytes, asked: Codes, codelists: Mapping[str, str]) -> PxQuery:
    """The query of a selection, with variables and values as the table's metadata writes them."""
    names, titles = jsonstat.labels(metadata), jsonstat.titles(metadata)
    known = {text.casefold(): variable for variable in names for text in (titles[variable], variable)}
    time, metric = jsonstat.time(metadata), jsonstat.metric(metadata)
    select: dict[str, tuple[str, ...]] = {variable: ("*",) for variable in (time, metric) if variable}
    lists = {known.get(variable.casefold(), variable): name for variable, name in codelists.items()}
    numbers = []
    for given, values in asked.items():
        variable = known.get(given.casefold(), given)
        labels = {label.casefold(): code for code, label in names.get(variable, {}).items()}
        if values == (EVERY,):
            numbers.append(variable)
            values = ("*",) if variable in lists else MUNICIPALITIES
        there = names.get(variable, {})
        select[variable] = tuple(value if value in there else labels.get(value.casefold(), value) for value in values)
    return PxQuery(number, select, codelists=lists, numbers=tuple(numbers), closed=True)


def _wide(cells: pd.DataFrame, metadata: bytes) -> pd.DataFrame:
    """A row for each key and time, a column for each of the contents; cells that cannot occur are left out."""
    time, metric = jsonstat.time(metadata), jsonstat.metric(metadata)
    rows = cells[cells["value"].notna() | cells["status"].ne(CANNOT_OCCUR)]
    keys = [column for column in cells if column not in ("value", "status", metric)]
    rows = rows.astype(dict.fromkeys(keys, "str"))
    if metric in cells:
        contents = list(cells[metric].cat.categories)
        long = rows.astype({metric: "str"})
        rows = long.pivot(index=keys, columns=metric, values="value").reindex(columns=contents).reset_index()
        rows = rows.rename_axis(columns=None)
    else:
        rows = rows[[*keys, "value"]]
    if time not in rows:
        return rows
    years = rows[time].str[:4]
    if not years.str.fullmatch(r"\d{4}").all():
        return rows
    whole = rows.drop(columns=time) if rows[time].str.len().eq(4).all() else rows
    return whole.assign(year=years.astype("int64"))


def _carried(frame, numbers, metadata, counts, day, edition) -> pd.DataFrame:
    """The frame on today's municipalities, where it has any; a column of numbers is `komm_nr` where it is the only one."""
    contents = [column for column in frame.columns if pd.api.types.is_float_dtype(frame[column])]
    keys = [column for column in frame.columns if column not in contents]
    if not numbers:
        return frame[[*keys, *contents]].sort_values(keys, ignore_index=True)
    if "year" not in frame:
        raise WrongUse('Uten år kan ikke kommunene føres til dagens numre: be om kommunene med Region="*" i stedet')
    added = contents if counts is True else [] if counts is False else list(counts)
    if unknown := [name for name in added if name not in contents]:
        raise WrongUse(f"counts nevner {', '.join(unknown)}; uttrekket har {', '.join(contents)}")
    _refuse_rates(added, metadata, by_name=counts is True)
    ours = dict.fromkeys(numbers, "komm_nr") if len(numbers) == 1 else {}
    places = [ours.get(variable, variable) for variable in numbers]
    frame = frame.rename(columns=ours, errors="raise")
    keys = [ours.get(key, key) for key in keys]
    register, followed = registered(edition), [name for name in contents if name not in added]
    parts = [register.carry(frame[[*keys, *added]], places, added, day)] if added else []
    if followed:
        if len(places) > 1:
            raise WrongUse(f"{', '.join(followed)} kan ikke følges mellom to kommuner: be om bare det som kan legges sammen")
        parts.append(register.follow(frame[[*keys, *followed]], day))
    whole = parts[0] if len(parts) == 1 else parts[0].merge(parts[1], on=keys, how="left", validate="1:1")
    whole = whole[[*keys, *contents]]
    if len(places) == 1:
        whole = whole.merge(register.comparable(whole["year"], day), on=["komm_nr", "year"], validate="m:1")
    first = [*places, *(key for key in keys if key not in (*places, "year")), "year"]
    rest = [column for column in whole if column not in first]
    return whole[[*first, *rest]].sort_values(first, ignore_index=True)


def _refuse_rates(added: Sequence[str], metadata: bytes, by_name: bool) -> None:
    """`WrongUse` where contents that would be added up are per cent, medians or the like by what the producer calls them."""
    labels, units = jsonstat.labels(metadata).get(jsonstat.metric(metadata), {}), jsonstat.units(metadata)
    odd = [name for name in added if NOT_COUNTS.search(f"{labels.get(name, '')} {units.get(name, '')}")]
    if by_name and odd:
        named = ", ".join(f"{name} ({labels.get(name, name)}, {units.get(name, '')})" for name in odd)
        raise WrongUse(f"{named} kan ikke legges sammen: sett counts=False, eller nevn dem som kan, counts=[…]")
