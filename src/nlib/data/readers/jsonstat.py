"""JSON-stat 2.0, the format of PxWebApi: answers to a frame, and back. What does not add up is refused, never a shifted column."""

import itertools
import json
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from nlib.core.errors import BadAnswer
from nlib.core.tables import CANNOT_OCCUR

# In one answer; SSB gives at most 800 000. A sparse answer of a few bytes could ask for any amount of memory. Metadata may be of
# any size: a table has far more cells than are asked for at once.
MAX_CELLS = 10_000_000
RESERVED = {"value", "status"}


def read(answers: Sequence[bytes], named: Sequence[str] = ()) -> pd.DataFrame:
    """The cells of the answers to one selection, one row each, in the order they came.

    One column a dimension with its codes (category, in the order of the answers), then `value` (float64, NaN where there is no
    figure) and `status` (str, the producer's mark such as `.`, `..` or `:`, missing where there is none). Answers whose
    dimensions differ, that overlap, or that come from different versions of the table are refused (`BadAnswer`).
    The dimensions in `named` hold what their codes are called (`str`) instead of the codes.
    """
    if not answers:
        raise BadAnswer("Det er ingen JSON-stat-svar å lese: kjør nlib fetch")
    documents = [_document(answer) for answer in answers]
    blocks = [_axes_of_cells(document) for document in documents]
    _same_table(documents, blocks)
    columns = {dim: union_categoricals([_spread(axes, dim) for axes in blocks]) for dim in blocks[0]}
    cells = [math.prod(map(len, axes.values())) for axes in blocks]
    columns["value"] = np.concatenate(list(map(_values, documents, cells)))
    columns["status"] = union_categoricals(list(map(_statuses, documents, cells))).astype("str")
    for dim in named:
        if dim not in blocks[0]:
            raise _wrong(f"det har ikke dimensjonen {dim}")
        names = {code: name for document in documents for code, name in _names(document, dim).items()}
        columns[dim] = pd.Series(columns[dim].astype("str")).map(names).astype("str")
    return pd.DataFrame(columns)


def wide(frame: pd.DataFrame, columns: Mapping[str, str], contents: Mapping[str, str]) -> pd.DataFrame:
    """A frame of `read` with a row for each key and a column for each of `contents` (code -> our name, float64).

    `columns` renames the other dimensions (their codes as `str`); `Tid` becomes `year` (int). Other contents, and cells that
    cannot occur (`.`), are left out.
    """
    cells = frame[frame["ContentsCode"].isin(contents) & (frame["value"].notna() | frame["status"].ne(CANNOT_OCCUR))]
    keys = [*columns, "Tid"]
    if (twice := cells.duplicated([*keys, "ContentsCode"])).any():
        raise _wrong(f"cellen {cells.loc[twice, keys].iloc[0].to_dict()} er gitt to ganger")
    if len(contents) == 1:
        table = cells[[*keys, "value"]].rename(columns={"value": next(iter(contents))}).sort_values(keys, ignore_index=True)
    else:
        long = cells.astype({"ContentsCode": "str"})
        table = long.pivot(index=keys, columns="ContentsCode", values="value").reindex(columns=list(contents)).reset_index()
    table = table.rename_axis(columns=None).astype(dict.fromkeys(columns, "str") | {"Tid": "str"}).astype({"Tid": "int64"})
    return table.rename(columns={**columns, **contents, "Tid": "year"}, errors="raise")


def axes(answer: bytes) -> dict[str, list[str]]:
    """The dimensions of an answer (or of a table's metadata) in their order, each with its codes in theirs."""
    return _axes(_document(answer))


def check(answer: bytes) -> tuple[dict[str, list[str]], str | None]:
    """The axes and `updated` of an answer whose values and marks fit them in number and kind; anything else is a `BadAnswer`."""
    document = _document(answer)
    found = _axes_of_cells(document)
    cells = math.prod(map(len, found.values()))
    _values(document, cells)
    _statuses(document, cells)
    return found, document.get("updated")


def labels(answer: bytes) -> dict[str, dict[str, str]]:
    """What each code of each dimension is called; the code itself where the answer has no name for it."""
    document = _document(answer)
    return {dim: _names(document, dim) for dim in _axes(document)}


def titles(answer: bytes) -> dict[str, str]:
    """What each dimension is called; the dimension itself where the answer has no name for it."""
    document = _document(answer)
    found = {dim: document["dimension"][dim].get("label") for dim in _axes(document)}
    return {dim: title if _is_text(title) else dim for dim, title in found.items()}


def eliminable(answer: bytes) -> set[str]:
    """The dimensions that the producer sums over when they are left out of a selection."""
    document = _document(answer)
    extensions = {dim: document["dimension"][dim].get("extension") for dim in _axes(document)}
    return {dim for dim, extension in extensions.items() if isinstance(extension, dict) and extension.get("elimination") is True}


def label(answer: bytes) -> str:
    """What the table is called."""
    title = _document(answer).get("label")
    return title if isinstance(title, str) and _is_text(title) else ""


def time(answer: bytes) -> str:
    """The dimension of periods, as the answer says it or by SSB's name; empty where there is none."""
    return _in_role(answer, "time", "Tid")


def metric(answer: bytes) -> str:
    """The dimension of contents, as the answer says it or by SSB's name; empty where there is none."""
    return _in_role(answer, "metric", "ContentsCode")


def _in_role(answer: bytes, role: str, usual: str) -> str:
    document = _document(answer)
    axes, roles = _axes(document), document.get("role")
    given = roles.get(role) if isinstance(roles, dict) else None
    return next((dim for dim in (*(given if isinstance(given, list) else ()), usual) if dim in axes), "")


def units(answer: bytes) -> dict[str, str]:
    """The unit of each of the contents, where the answer tells it."""
    dimension = _document(answer)["dimension"].get(metric(answer), {})
    given = dimension.get("category", {}).get("unit")
    known = given if isinstance(given, dict) else {}
    return {code: str(unit.get("base", "")) for code, unit in known.items() if isinstance(unit, dict)}


def is_closed(answer: bytes) -> bool:
    """Whether the producer says in a table's metadata that it is closed."""
    extension = _document(answer).get("extension")
    return isinstance(extension, dict) and extension.get("discontinued") is True


def updated(answer: bytes) -> str | None:
    """When the producer last changed the table, as it says it itself (ISO 8601), None where it does not."""
    return _document(answer).get("updated")


def write(
    frame: pd.DataFrame,
    dims: Sequence[str],
    title: str,
    table: str,
    updated: str,
    *,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    units: Mapping[str, Mapping] | None = None,
    role: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """The frame as one dense answer, as PxWebApi 2 gives it; the same frame gives the same bytes.

    `frame` holds a row for each cell there is: the columns `dims`, `value`, and `status` where marks are given. Codes come in the
    order of the categories, or sorted where the column is not a category. A combination without a row is null, marked `.`.
    `units` are those of `ContentsCode` ({code: {"base": "personer", "decimals": 0}}), `role` by default what SSB's names say.
    A cell given twice, or an infinite value, is a ValueError.
    """
    columns = [frame[dim].astype("category") for dim in dims]
    size = [len(column.cat.categories) for column in columns]
    at = np.ravel_multi_index([column.cat.codes.to_numpy() for column in columns], size)
    cells = math.prod(size)
    if np.bincount(at, minlength=cells).max(initial=0) > 1:
        raise ValueError(f"{table}: a cell is given twice")
    dense, marks = np.full(cells, np.nan), np.full(cells, CANNOT_OCCUR, object)
    dense[at] = frame["value"]
    if np.isinf(dense).any():
        raise ValueError(f"{table}: a value is infinite")
    marks[at] = frame["status"].astype(object) if "status" in frame else None
    if "status" not in frame:
        marks[at[frame["value"].isna()]] = CANNOT_OCCUR
    document = {
        "version": "2.0",
        "class": "dataset",
        "label": f"{table}: {title}",
        "source": "Statistisk sentralbyrå",
        "updated": updated,
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]} if role is None else {name: list(of) for name, of in role.items()},
        "id": list(dims),
        "size": size,
        "dimension": {dim: _dimension(dim, of, (labels or {}).get(dim, {}), units) for dim, of in zip(dims, columns, strict=True)},
        "extension": {"px": {"tableid": table, "official-statistics": True, "language": "no"}},
        "value": _written(dense),
    }
    if status := {str(place): marks[place] for place in np.flatnonzero(marks != None).tolist() if isinstance(marks[place], str)}:  # noqa: E711
        document["status"] = status
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _written(dense: np.ndarray) -> list:
    """Values as JSON has them: whole ones without decimals, null for a missing one."""
    known = np.isfinite(dense)
    if known.all() and (dense == np.rint(dense)).all() and (np.abs(dense) < 2**53).all():
        return dense.astype("int64").tolist()
    return [None if value != value else int(value) if value.is_integer() else value for value in dense.tolist()]


def _document(answer: bytes) -> dict:
    try:
        document = json.loads(answer, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        start = bytes(answer[:40]).decode("utf-8", "replace")
        raise BadAnswer(f"Svaret er ikke hel JSON, det begynner med «{start}»: hent det på nytt med nlib fetch") from error
    if not isinstance(document, dict) or document.get("class") != "dataset":
        raise BadAnswer("Svaret er JSON, men ikke et JSON-stat-datasett: hent det på nytt med nlib fetch")
    if not isinstance(document.get("updated"), str | None):
        raise _wrong("«updated» er ikke tekst")
    return document


def _no_constant(name):
    raise ValueError(f"{name} er ikke et tall")


def _wrong(what: str) -> BadAnswer:
    return BadAnswer(f"JSON-stat-svaret henger ikke sammen: {what}. Hent det på nytt med nlib fetch")


def _axes(document: dict) -> dict[str, list[str]]:
    """Dimension -> codes, with `id`, `size` and `dimension` checked against each other."""
    ids, sizes, dimensions = (document.get(name) for name in ("id", "size", "dimension"))
    if not (isinstance(ids, list) and ids and all(_is_text(dim) for dim in ids) and len(set(ids)) == len(ids)):
        raise _wrong("«id» er ikke en liste med ulike dimensjoner")
    if RESERVED & set(ids):
        raise _wrong("en dimensjon heter «value» eller «status»")
    if not (isinstance(dimensions, dict) and set(dimensions) == set(ids)):
        raise _wrong("«dimension» beskriver ikke de samme dimensjonene som «id»")
    found = {dim: _codes(dim, dimensions[dim]) for dim in ids}
    if sizes != (lengths := [len(codes) for codes in found.values()]):
        raise _wrong(f"«size» er {str(sizes)[:80]}, mens dimensjonene har {lengths} verdier")
    return found


def _axes_of_cells(document: dict) -> dict[str, list[str]]:
    """The same of an answer with figures: no more cells than can be read."""
    found = _axes(document)
    if (cells := math.prod(map(len, found.values()))) > MAX_CELLS:
        raise _wrong(f"{cells} celler er flere enn {MAX_CELLS}")
    return found


def _codes(dim: str, dimension) -> list[str]:
    """A dimension's codes in their order. `index` is {code: place} or a list; a lone code may stand in `label` only."""
    category = dimension.get("category") if isinstance(dimension, dict) else None
    if not isinstance(category, dict) or not isinstance(names := category.get("label", {}), dict):
        raise _wrong(f"dimensjonen {dim} har ingen kategorier")
    if not all(map(_is_text, names.values())):
        raise _wrong(f"et navn i dimensjonen {dim} er ikke tekst")
    index = category.get("index", list(names) if len(names) == 1 else None)
    if isinstance(index, dict):
        if not all(type(place) is int for place in index.values()) or sorted(index.values()) != list(range(len(index))):
            raise _wrong(f"plassene i dimensjonen {dim} er ikke 0, 1, 2 …")
        index = [code for code, _ in sorted(index.items(), key=lambda item: item[1])]
    if not (isinstance(index, list) and index and all(_is_text(code) for code in index) and len(set(index)) == len(index)):
        raise _wrong(f"dimensjonen {dim} har ikke en liste med ulike koder")
    return index


def _names(document: dict, dim: str) -> dict[str, str]:
    """What each code of a dimension is called; the code itself where the answer has no name for it."""
    dimension = document["dimension"][dim]
    return {code: dimension["category"].get("label", {}).get(code, code) for code in _codes(dim, dimension)}


def _is_text(value) -> bool:
    """Text that can be stored: JSON can write half a character (a lone surrogate), UTF-8 cannot."""
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _values(document: dict, cells: int) -> np.ndarray:
    values = document.get("value")
    if not isinstance(values, list | dict) or (isinstance(values, list) and len(values) != cells):
        size = len(values) if isinstance(values, list) else "ingen"
        raise BadAnswer(f"Svaret har {size} verdier, men dimensjonene gir {cells} celler: hent det på nytt med nlib fetch")
    places, given = _given(values, cells, "value")
    if not set(map(type, given)) <= {int, float, type(None)}:
        raise _wrong("«value» inneholder noe annet enn tall")
    dense = np.full(cells, np.nan)
    try:
        dense[places] = np.array(given, dtype="float64")
    except OverflowError as error:
        raise _wrong("«value» inneholder et tall som er for stort") from error
    if np.isinf(dense).any():
        raise _wrong("«value» inneholder et tall som er for stort")
    return dense


def _statuses(document: dict, cells: int) -> pd.Categorical:
    """The mark of every cell, missing where there is none. JSON-stat writes them as {place: mark}, a list, or one for all."""
    status = document.get("status", {})
    status = [status] * cells if isinstance(status, str) else status
    if not isinstance(status, list | dict) or (isinstance(status, list) and len(status) != cells):
        raise _wrong(f"«status» passer ikke til {cells} celler")
    places, given = _given(status, cells, "status")
    if not set(map(type, given)) <= {str, type(None)}:
        raise _wrong("«status» inneholder noe annet enn tekst")
    codes, marks = pd.factorize(np.array(given, dtype=object))
    if not all(map(_is_text, marks)):
        raise _wrong("«status» inneholder noe annet enn tekst")
    dense = np.full(cells, -1, np.min_scalar_type(-len(marks) - 1))
    dense[places] = codes
    return pd.Categorical.from_codes(dense, pd.Index(marks, dtype="str"))


def _given(figures: list | dict, cells: int, what: str) -> tuple[np.ndarray | slice, list]:
    """Where the figures or marks stand among the cells, and they themselves: all in their order, or some by their place."""
    if isinstance(figures, list):
        return slice(None), figures
    digits, lengths = "".join(figures), set(map(len, figures))
    if figures and not (digits.isascii() and digits.isdigit() and min(lengths) > 0 and max(lengths) <= len(str(cells))):
        raise _wrong(f"«{what}» peker på noe annet enn en celle")
    places = np.fromiter(map(int, figures), np.int64, len(figures))
    if places.max(initial=-1) >= cells:
        raise _wrong(f"«{what}» peker på en celle som ikke finnes")
    if np.bincount(places).max(initial=0) > 1:
        raise _wrong(f"«{what}» gir en celle to ganger")
    return places, list(figures.values())


def _spread(axes: Mapping[str, list[str]], dim: str) -> pd.Categorical:
    """One dimension's code of every cell: the last dimension runs fastest."""
    sizes, place, codes = [len(codes) for codes in axes.values()], list(axes).index(dim), pd.Index(axes[dim], dtype="str")
    each = np.repeat(np.arange(len(codes), dtype=np.min_scalar_type(-len(codes))), math.prod(sizes[place + 1 :]))
    return pd.Categorical.from_codes(np.tile(each, math.prod(sizes[:place])), codes)


def _same_table(documents: list[dict], blocks: list[dict[str, list[str]]]) -> None:
    if len({frozenset(axes) for axes in blocks}) > 1:
        raise BadAnswer("Svarene har ulike dimensjoner og er ikke fra samme uttrekk: hent dem på nytt med nlib fetch")
    if len(versions := {document.get("updated") for document in documents}) > 1:
        found = ", ".join(sorted(map(str, versions)))
        raise BadAnswer(f"Tabellen ble oppdatert mens den ble hentet ({found}): hent den på nytt med nlib fetch")
    sets = [{dim: set(codes) for dim, codes in axes.items()} for axes in blocks]
    for one, other in itertools.combinations(sets, 2):
        if all(not codes.isdisjoint(other[dim]) for dim, codes in one.items()):
            raise BadAnswer("To svar har de samme cellene: hent dem på nytt med nlib fetch")


def _dimension(dim: str, column: pd.Series, names: Mapping[str, str], units: Mapping[str, Mapping] | None) -> dict:
    codes = list(column.cat.categories)
    category = {"index": {code: at for at, code in enumerate(codes)}, "label": {code: names.get(code, code) for code in codes}}
    if dim == "ContentsCode" and units:
        category["unit"] = {code: dict(units[code]) for code in codes if code in units}
    return {"label": {"ContentsCode": "statistikkvariabel", "Tid": "år"}.get(dim, dim), "category": category}
