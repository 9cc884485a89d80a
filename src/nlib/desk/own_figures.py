"""Figures that are the researcher's own: a table of the StatBank that the project does not declare, and frames with old numbers."""

import hashlib
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

import pandas as pd

from nlib.build import fetching
from nlib.core import store
from nlib.core.errors import WrongUse
from nlib.core.municipalities import Register, resource
from nlib.core.tables import CANNOT_OCCUR, CC_BY, SSB, PxQuery, Raw
from nlib.data import fetch
from nlib.data.readers import jsonstat, sheets
from nlib.data.statbank import MUNICIPALITIES

EVERY = "kommuner"  # in place of codes: every municipality's number
NOT_COUNTS = re.compile(r"prosent|promille|andel|median|gjennomsnitt|indeks|per innbygger|percent|median|average|index", re.I)
Values = str | int | Sequence[str | int]
Codes = Mapping[str, tuple[str, ...]]


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


def to_today(
    df: pd.DataFrame,
    number: str = "kommunenr",
    year: str = "aar",
    counts: Sequence[str] = (),
    rates: Sequence[str] = (),
    day: str = "12-31",
    edition: str = "",
) -> pd.DataFrame:
    """Own figures on old municipality numbers, or names, on today's numbers; with `comparable`.

    >>> old = pd.DataFrame({"kommunenr": ["0226", "0227", "0231"], "aar": 2019, "antall": [10, 20, 30]})
    >>> nlib.to_today(old, counts=["antall"])[["kommunenr", "aar", "antall"]].values.tolist()
    [['3205', 2019, 60]]

    number, year: the columns of numbers (with or without their first 0) or names, and of years. A name is looked up for its year.
    counts: columns that are added up where municipalities have merged, and shared by population where one was split. A warning
        says which municipalities of the year a sum lacks.
    rates: columns that cannot be added up: left out where the municipality is no longer the same.
    Figures may be text as Norwegian files have them («1 200», «5,5», «:»). All other columns tell rows of a municipality and year
    apart, and stand as they are: a warning says where they leave one with several rows. The frame that is given is not changed.
    `WrongUse` names rows that are no municipality's or are there twice, `UnknownMunicipality` a name that several answer to.
    """
    if not (counts or rates):
        raise WrongUse("Nevn kolonnene med tall: counts (kan legges sammen) eller rates (kan ikke)")
    register = _register(edition)
    frame = _with_numbers(register, df, number, year, [*counts, *rates], day)
    gaps = _gaps(register, frame, day) if counts else {}
    keys = [column for column in frame if column not in (*counts, *rates)]
    parts = []
    if counts:
        parts.append(register.carry(frame[[*keys, *counts]], ["komm_nr"], list(counts), day))
    if rates:
        texts = {column: frame[column].astype("str") for column in keys if column not in ("komm_nr", "year")}
        followed = register.follow(frame[[*keys, *rates]].assign(**texts), day)
        types = {column: frame[column].dtype for column in texts}
        parts.append(followed.astype(types))
    whole = parts[0] if len(parts) == 1 else parts[0].merge(parts[1], on=keys, how="left", validate="1:1")
    whole = whole.merge(register.comparable(whole["year"], day), on=["komm_nr", "year"], how="left", validate="m:1")
    _warn(register, frame, whole, gaps, keys)
    whole = whole.rename(columns={"komm_nr": number, "year": year}, errors="raise")
    return whole[[*df.columns, "comparable"]].sort_values([number, year], ignore_index=True)


def _gaps(register: Register, frame: pd.DataFrame, day: str) -> dict[tuple[str, int], list[str]]:
    """The municipalities of today and years of which the frame has a part and lacks another, with the numbers of those it lacks.

    `WrongUse` where it has both a municipality and one that it became later, in the same year: they would be counted twice.
    """
    lineage = register.lineage(frame["year"].unique(), day)
    given = set(frame[["komm_nr", "year"]].itertuples(index=False, name=None))
    parts = lineage.groupby(["komm_nr", "year"])["old_nr"].agg(list)
    later: dict[tuple[str, int], str] = {}
    valid = set(lineage[["old_nr", "year"]].itertuples(index=False, name=None))
    for number, year in sorted(given - valid):
        if heir := register.heir(number, f"{year}-{day}"):
            if twice := [part for part in parts.get((heir, year), []) if (part, year) in given]:
                raise WrongUse(f"{twice[0]} og {number} står begge i {year}, og den ene er en del av den andre: ta ut den ene")
            later[heir, year] = number
    gaps = {}
    for place, numbers in parts.items():
        lacking = [number for number in numbers if (number, place[1]) not in given]
        if lacking and len(lacking) < len(numbers) and place not in later:
            gaps[place] = lacking
    return gaps


def _warn(register: Register, frame: pd.DataFrame, whole: pd.DataFrame, gaps: Mapping, keys: Sequence[str]) -> None:
    """Tells of sums that lack a part, and of columns that leave a municipality with several rows in a year."""
    names = dict(zip(register.current["komm_nr"], register.current["name"], strict=True))
    if gaps:
        (place, year), lacking = next(iter(gaps.items()))
        more = f", og {len(gaps) - 1} til" if len(gaps) > 1 else ""
        warnings.warn(f"{names[place]} i {year} er ikke hele kommunen: {', '.join(lacking)} er ikke med{more}", stacklevel=3)
    columns = [column for column in keys if column not in ("komm_nr", "year")]
    rows = whole.duplicated(["komm_nr", "year"])
    if columns and rows.any() and not frame.duplicated(["komm_nr", "year"]).any():
        row = whole[rows].iloc[0]
        warnings.warn(
            f"{names[row['komm_nr']]} har flere rader i {row['year']}, for {', '.join(columns)} skiller dem: er det navn eller "
            "annet som følger av nummeret, så ta kolonnen ut først",
            stacklevel=3,
        )


def _register(edition: str) -> Register:
    """The municipalities of an edition, or of the project's own table where there is no edition with tables."""
    if edition or store.editions():
        chosen = store.edition(edition or None)
        if chosen.holds_table("municipality_codes"):
            return Register(chosen.kept("municipality_codes"), chosen.kept("municipality_changes"))
    return Register(resource("municipalities.csv"), resource("municipality_changes.csv"))


def _with_numbers(register, df, number, year, figures, day) -> pd.DataFrame:
    """The frame with `komm_nr` and `year` for its own columns, each number one that was valid in its year."""
    if missing := [column for column in (number, year, *figures) if column not in df]:
        raise WrongUse(f"Tabellen har ikke {', '.join(missing)}; den har {', '.join(map(str, df.columns))}")
    df = df.assign(**{name: _figures(df[name]) for name in figures if not pd.api.types.is_numeric_dtype(df[name])})
    forgotten = [c for c in df if c not in (number, year, *figures) and pd.api.types.is_float_dtype(df[c])]
    if forgotten:
        raise WrongUse(
            f"Kolonnen {', '.join(forgotten)} er desimaltall: nevn den i counts (kan legges sammen) eller rates (kan ikke)"
        )
    years = pd.to_numeric(df[year], errors="coerce")
    if (odd := years.isna() | years.mod(1).ne(0) | ~years.between(1000, 2999)).any():
        raise WrongUse(f"«{df.loc[odd, year].iloc[0]}» i kolonnen {year} er ikke et år")
    written = df[number].map(lambda text: f"{text:.0f}" if isinstance(text, float) else str(text).strip())
    frame = df.rename(columns={number: "komm_nr", year: "year"}, errors="raise").assign(year=years.astype("int64"))
    pairs = pd.DataFrame({"text": written, "year": frame["year"]})
    different = pairs.drop_duplicates().itertuples(index=False, name=None)
    found = {(text, of): _as_of(register, text, of, day) for text, of in different}
    if unknown := list(dict.fromkeys(text for (text, _), answer in found.items() if answer is None)):
        some = ", ".join(f"«{text}»" for text in unknown[:12]) + (f" og {len(unknown) - 12} til" if len(unknown) > 12 else "")
        raise WrongUse(f"{some} i kolonnen {number} er ikke kommuner: ta radene ut først")
    frame["komm_nr"] = [found[pair] for pair in pairs.itertuples(index=False, name=None)]
    keys = [column for column in frame if column not in figures]
    if (twice := frame.duplicated(keys, keep=False)).any():
        row = frame.loc[twice, keys].iloc[0]
        row_text = ", ".join(f"{key} {row[key]}" for key in keys)
        raise WrongUse(
            f"{int(twice.sum())} rader gjelder det samme, for eksempel {row_text}: legg dem sammen først, eller ta den ene ut"
        )
    return frame


def _figures(column: pd.Series) -> pd.Series:
    """The figures of a column of text; whole ones where all are."""
    cells = [None if pd.isna(cell) else float(cell) if isinstance(cell, int | float) else str(cell) for cell in column]
    values, _ = sheets.figures(cells, lambda at: f"rad {at + 1}, kolonnen «{column.name}»")
    read = pd.Series(values, index=column.index, dtype="float64")
    return read.astype("Int64") if read.dropna().mod(1).eq(0).all() else read


def _as_of(register: Register, text: str, year: int, day: str) -> str | None:
    """The number that a number or name of a year is to be carried from; None where it is no municipality's.

    A number that had ended by then (old numbers are used long) is today's, where it became one.
    """
    if re.fullmatch(r"\d{1,2}|\d{5,}|", text):
        return None
    number = register.number_of(text, f"{year}-{day}")
    spells = register.spells(number)
    if not spells:
        return None
    if spells[-1][1] > f"{year}-{day}":
        return number
    if heir := register.heir(number, spells[-1][0]):
        return heir
    ends = ", ".join(sorted(register.successors(number, spells[-1][0])))
    raise WrongUse(f"{number} i {year} er et nummer som tok slutt {spells[-1][1]} og ble delt: skriv {ends}")


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
    register, followed = _register(edition), [name for name in contents if name not in added]
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
