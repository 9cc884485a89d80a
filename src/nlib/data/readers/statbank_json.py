"""JSON files that people have by hand: a StatBank table in JSON-stat as the list it is, and what other known JSON files are."""

import json
import math
import re

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.data.readers import jsonstat
from nlib.data.readers.cells import Sheet

INSTEAD = "last ned tabellen som Excel, som semikolonseparert CSV med overskrift eller som JSON-stat"
MOST_VALUES = 4_000_000  # StatBank gives at most 800 000 cells
ASKED = f"Filen er en spørring til Statistikkbanken, ikke tallene den gir: {INSTEAD}"
OTHERS: dict[tuple[str, ...], str] = {  # keys that tell what a file is; the first that fits
    **dict.fromkeys((("query",), ("queryObj",), ("selection",)), ASKED),
    ("columns", "data"): f"Filen er i formatet JSON-PX fra Statistikkbanken: {INSTEAD}",
    ("title", "variables"): f"Filen sier hva en tabell i Statistikkbanken inneholder, men har ingen tall: {INSTEAD}",
    ("error",): "Filen er en feilmelding fra en tjeneste, ikke tall: hent dem på nytt",
    ("title", "status"): "Filen er en feilmelding fra en tjeneste, ikke tall: hent dem på nytt",
    ("arcs", "objects"): "Filen er et kart i TopoJSON: lagre det som GeoJSON",
}


def sheet(content: str) -> Sheet | None:
    """The list of a StatBank table in JSON-stat 1 or 2, a row a cell, headed as StatBank heads lists; None where it is other JSON.
    `BadAnswer` names the known files that hold no table."""
    if content.count(",") > MOST_VALUES:
        raise BadAnswer(f"JSON-filen har mer enn {MOST_VALUES} verdier: del den i flere filer")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, list):
        raise BadAnswer("Filen er en JSON-liste, ikke en tabell: lagre den som CSV eller Excel")
    if not isinstance(document, dict):
        return None
    if (dataset := _dataset(document)) is not None:
        return _listed(dataset)
    keys = {str(key) for key in document}
    if document.get("class") == "collection":
        raise BadAnswer(f"Filen er en samling i JSON-stat, ikke en tabell: {INSTEAD}")
    for known, what in OTHERS.items():
        if keys.issuperset(known):
            raise BadAnswer(what)
    return None


def _dataset(document: dict) -> dict | None:
    """A dataset of JSON-stat 2; one of JSON-stat 1 is put in its form."""
    if document.get("class") == "dataset":
        return document
    bundled = [part for part in document.values() if isinstance(part, dict) and {"dimension", "value"} <= set(part)]
    old = bundled[0] if bundled else document if {"dimension", "value"} <= set(document) else None
    if old is None or not isinstance(dimension := old["dimension"], dict):
        return None
    if len(bundled) > 1:
        raise BadAnswer(f"Filen har {len(bundled)} tabeller i JSON-stat: {INSTEAD}")
    shape = {name: dimension.get(name, old.get(name)) for name in ("id", "size")}
    dimensions = {name: part for name, part in dimension.items() if name not in ("id", "size", "role")}
    return {"version": "2.0", "class": "dataset", **{key: old[key] for key in old if key != "dimension"}, **shape} | {
        "dimension": dimensions
    }


def _listed(dataset: dict) -> Sheet:
    sizes = dataset.get("size")
    if isinstance(sizes, list) and all(isinstance(size, int) for size in sizes) and math.prod(sizes) > MOST_VALUES // 4:
        raise BadAnswer(f"JSON-filen har {math.prod(sizes)} celler; grensen er {MOST_VALUES // 4}: del den i flere filer")
    body = json.dumps(dataset).encode()
    if not dataset.get("value"):
        raise BadAnswer(f"Filen sier hva en tabell i Statistikkbanken inneholder, men har ingen tall: {INSTEAD}")
    frame = jsonstat.read([body])
    names, titles = jsonstat.labels(body), jsonstat.titles(body)
    title = _title(dataset)
    columns: dict[str, pd.Series] = {}
    for dim in titles:
        codes = frame[dim].astype("str")
        if any(code != name for code, name in names[dim].items()):
            columns[f"{titles[dim]}_code"] = codes
        columns[titles[dim]] = codes.map(names[dim])
    if len(columns) < len(titles) or set(columns) & jsonstat.RESERVED:
        raise BadAnswer(f"Dimensjonene i JSON-stat-filen har ikke ulike navn: {INSTEAD}")
    figures = frame["value"].astype(object).where(frame["value"].notna(), None)
    figures = figures.where(frame["status"].isna(), frame["status"].astype(object))
    cells = zip(*(column.tolist() for column in (*columns.values(), figures)), strict=True)
    return Sheet("", [[*columns, title], *map(list, cells)])


def _title(dataset: dict) -> str:
    """The title of the table with its number in front, as StatBank writes it."""
    label = dataset.get("label")
    label = " ".join(label.split()) if isinstance(label, str) else ""
    if re.match(r"\d{5}\s*:", label):
        return label
    extension = dataset.get("extension")
    px = extension.get("px") if isinstance(extension, dict) else None
    number = px.get("tableid") if isinstance(px, dict) else None
    if not re.fullmatch(r"\d{5}", str(number)):
        raise BadAnswer("JSON-stat-filen sier ikke nummeret på tabellen i «label» eller «extension»: last den ned på nytt")
    return f"{number}: {label or 'Tabell'}"
