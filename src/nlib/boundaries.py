"""The outlines of municipalities: the project's simplified map of 2020 carried to today's numbers, and Kartverket's own file.

All geometry is in metres, UTM 33 (EPSG:25833). Kartverket's figures are CC BY 4.0.
"""

import gzip
import importlib.resources
import io
import json
import zipfile

import geopandas
import matplotlib.path
import numpy as np
import pandas as pd
import shapely

from nlib.errors import BadAnswer

CRS = 25833
NUMBER_FIELDS = ("komm_nr", "kommunenummer", "id")
LARGEST = 500_000_000  # bytes that a zipped file may unpack to
TOLERANCE = 300  # metres
DAY_OF_PROJECT_MAP = "2020-01-01"


def project() -> geopandas.GeoDataFrame:
    """The project's own map: the municipalities of 2020, simplified (`scripts/make_boundaries.py`); `komm_nr`, `geometry`."""
    body = importlib.resources.files("nlib.resources").joinpath("boundaries_2020.geojson.gz").read_bytes()
    features = json.loads(gzip.decompress(body))["features"]
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    return geopandas.GeoDataFrame({"komm_nr": [f["properties"]["komm_nr"] for f in features]}, geometry=shapes, crs=CRS)


def carried(map_of_2020: geopandas.GeoDataFrame, changes: pd.DataFrame) -> geopandas.GeoDataFrame:
    """The map on today's numbers: `komm_nr`, `also`, `geometry`.

    changes: `date`, `old_nr`, `new_nr`. Mergers are dissolved. The parts of a municipality that was split after 2020 are drawn
    as one, under the number that kept most of the name (the lowest), with the other numbers in `also`, set apart by spaces.
    """
    frame = map_of_2020[["komm_nr", "geometry"]].assign(also="")
    for _, step in changes[changes["date"] > DAY_OF_PROJECT_MAP].groupby("date", sort=True):
        after = step.groupby("old_nr")["new_nr"].agg(sorted)
        to = frame["komm_nr"].map(after)
        told = to.notna()
        frame.loc[told, "also"] = [
            " ".join([*also.split(), *new[1:]]) for also, new in zip(frame["also"][told], to[told], strict=True)
        ]
        frame.loc[told, "komm_nr"] = to[told].str[0]
        if frame["komm_nr"].duplicated().any():
            joined = frame.dissolve("komm_nr", aggfunc={"also": lambda each: " ".join(filter(None, each))}, method="coverage")
            frame = joined.reset_index()
    return frame.sort_values("komm_nr", ignore_index=True)[["komm_nr", "also", "geometry"]]


def read_geojson(bodies: list[bytes]) -> geopandas.GeoDataFrame:
    """Kartverket's municipality boundaries from GeoJSON, plain or zipped: `komm_nr`, `geometry`, simplified to 300 metres.

    BadAnswer for anything else: no GeoJSON inside, no municipality numbers, a zip that unpacks beyond 500 MB.
    """
    (body,) = bodies
    try:
        if body[:2] == b"PK":
            body = _unzipped(body)
        document = json.loads(body)
        while "features" not in document:  # Geonorge wraps a collection for each object type by its name
            document = next(part for name, part in document.items() if name.casefold().startswith("kommune"))
        features = document["features"]
        field = next(f for f in NUMBER_FIELDS if f in features[0]["properties"])
        numbers = [str(feature["properties"][field]).zfill(4) for feature in features]
        shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, StopIteration, shapely.errors.GEOSException) as error:
        raise BadAnswer(
            f"Filen er ikke kommunegrenser i GeoJSON ({type(error).__name__}: {error}). Last den ned på nytt."
        ) from error
    crs = (document.get("crs") or {}).get("properties", {}).get("name", "EPSG:4326")
    frame = geopandas.GeoDataFrame({"komm_nr": numbers}, geometry=shapes, crs=crs).to_crs(CRS)
    frame["geometry"] = frame.make_valid(method="structure")
    frame = frame.dissolve("komm_nr").reset_index()
    whole = shapely.coverage_clean(np.asarray(frame.geometry.values), gap_width=50.0)
    return frame.set_geometry(geopandas.GeoSeries(shapely.coverage_simplify(whole, TOLERANCE), crs=CRS))[["komm_nr", "geometry"]]


def _unzipped(body: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            member = next(m for m in archive.infolist() if m.filename.casefold().endswith((".geojson", ".json")))
            if member.file_size > LARGEST:
                raise BadAnswer(f"{member.filename} pakkes ut til {member.file_size} byte; grensen er {LARGEST}")
            return archive.read(member)
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error


def paths(boundaries: pd.DataFrame) -> dict[str, matplotlib.path.Path]:
    """The outline of each municipality as one matplotlib Path, metres; two that are drawn as one share their outline.

    boundaries: `komm_nr`, `also`, `geometry` (WKB), as the table of an edition has them.
    """
    drawn = {}
    for number, also, shape in zip(
        boundaries["komm_nr"], boundaries["also"], shapely.from_wkb(boundaries["geometry"]), strict=True
    ):
        rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
        outline = matplotlib.path.Path.make_compound_path(
            *(matplotlib.path.Path(shapely.get_coordinates(ring), closed=True) for ring in rings)
        )
        drawn |= dict.fromkeys([number, *also.split()], outline)
    return drawn
