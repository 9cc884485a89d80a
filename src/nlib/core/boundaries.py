"""The outlines of municipalities: the project's simplified map of 2020 carried to today's numbers, and Kartverket's own file.

All geometry is land, in metres of UTM 33 (EPSG:25833), which Kartverket and SSB draw the whole country in: tolerances are
metres, neighbours share their edges to the last digit, and nothing is projected when a map is drawn. A map is a frame of
`komm_nr`, `also` (numbers of municipalities that are drawn with it, spaces between; mostly empty) and `geometry`.
Source: Kartverket (CC BY 4.0).
"""

import gzip
import importlib.resources
import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import is_number

if TYPE_CHECKING:  # drawing an edition's map is done without it
    import geopandas
    from matplotlib.path import Path

CRS = 25833
WEST, SOUTH, EAST, NORTH = -300_000, 6_300_000, 1_400_000, 8_200_000  # metres; the municipalities with their waters lie within
NUMBER_FIELDS = ("komm_nr", "kommunenummer", "kommunenr")  # in any case
LARGEST = 1_000_000_000  # bytes that a zipped file may unpack to
TIMES = 100  # its size in the zip that it may unpack to; coordinates become some five times as large
SMALL = 10_000_000  # bytes that any may unpack to
LARGEST_SHAPE = 30_000_000  # bytes of one outline, which becomes thirty times as large while it is read
TOLERANCE = 600  # metres
GAP = 50  # metres: narrower gaps between neighbours are faults
ISLET = 250_000  # square metres
GRID = 10  # metres
WITH_SEA = 360e9  # square metres: the land is 324, so a larger map has the sea in it
ABROAD = "flatene ligger ikke i Norge"


def project() -> "geopandas.GeoDataFrame":
    """The project's own map: the municipalities of 2020, simplified (`scripts/make_boundaries.py`)."""
    body = importlib.resources.files("nlib.core.resources").joinpath("boundaries_2020.geojson.gz").read_bytes()
    return _read(json.loads(gzip.decompress(body), object_hook=_with_shapes))


def carried(map_of_then: "geopandas.GeoDataFrame", changes: pd.DataFrame) -> "geopandas.GeoDataFrame":
    """A map on today's numbers.

    changes: `date`, `old_nr`, `new_nr` (`Register.changes`); those since a number last came into being count. Mergers are
    dissolved. Where a municipality was split its outline stays whole: under its own number if that still holds, else under the
    lowest of its parts; parts that have no outline of their own are in `also`.
    """
    steps = {number: sorted(rows.groupby("date")["new_nr"].agg(set).items()) for number, rows in changes.groupby("old_nr")}
    born = changes[changes["old_nr"] != changes["new_nr"]].groupby("new_nr")["date"].max()

    def ends(number, day):
        date, after = next((step for step in steps.get(number, ()) if step[0] > day), (None, ()))
        return set().union(*(ends(new, date) for new in after)) if after else {number}

    parts = {number: ends(number, born.get(number, "")) for number in map_of_then["komm_nr"]}
    to = {number: number if number in found else min(found) for number, found in parts.items()}
    joined = map_of_then[["geometry"]].assign(komm_nr=map_of_then["komm_nr"].map(to)).dissolve("komm_nr", method="coverage")
    others: dict[str, set[str]] = {place: set() for place in joined.index}
    for number, found in parts.items():
        others[to[number]] |= found - set(joined.index)
    joined["also"] = pd.Series({place: " ".join(sorted(found)) for place, found in others.items()}, dtype="str")
    return joined.reset_index()[["komm_nr", "also", "geometry"]]


def simplified(shapes: np.ndarray, land: shapely.Geometry | None = None) -> np.ndarray:
    """Polygons of neighbours as simple as a map of the country needs, still edge to edge.

    shapes: metres; `land`: what is left of each where the sea is in them. Gaps and overlaps between neighbours are mended, then
    edges simplified together (Visvalingam and Whyatt, 600 m); islets under a quarter of a square kilometre are left out unless
    they are all there is; coordinates are rounded to ten metres. One that has no land or is too small is empty; where all are,
    there is no answer (an empty array).
    """
    shapes = _areas(shapely.make_valid(shapes, method="structure"))
    if land is not None:
        shapes = _areas(shapely.intersection(shapes, land))
    shapes = shapely.coverage_simplify(shapely.coverage_clean(shapes, gap_width=GAP), TOLERANCE)
    shapes = shapely.transform(_areas(shapes, ISLET), lambda points: np.round(points / GRID) * GRID)
    return shapely.coverage_clean(_areas(shapely.make_valid(shapes, method="structure")))  # rounding may cross edges


def read_geojson(bodies: list[bytes]) -> "geopandas.GeoDataFrame":
    """The map in a file of municipality boundaries, GeoJSON, plain or zipped, simplified as the project's own.

    The collections may lie inside another object, as in Kartverket's files; features that are not polygons with a municipality
    number are passed over. Coordinates are longitude and latitude where no `crs` says otherwise. Where the sea is in the
    polygons, it is cut off along the project's map. `BadAnswer` for anything else: no GeoJSON, no numbers, geometry that cannot
    be read or does not lie in Norway, a zip that unpacks beyond 1 GB or a hundred times its size.
    """
    import pyproj.exceptions

    (body,) = bodies
    try:
        content = _unzipped(body) if body[:2] == b"PK" else body
        if max(map(len, content.split(b'"coordinates"'))) > LARGEST_SHAPE:
            raise _unusable(f"et omriss er på over {LARGEST_SHAPE / 10**6:.0f} MB, som er grensen")
        document = json.loads(content, object_hook=_with_shapes)
        with np.errstate(invalid="ignore", over="ignore"):  # of what lies outside the world, which is refused
            frame = _read(document)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _unusable(f"den er ikke hel GeoJSON ({error})") from error
    except (shapely.errors.ShapelyError, pyproj.exceptions.ProjError) as error:
        raise _unusable(f"geometrien lar seg ikke lese ({error})") from error
    if frame.empty:
        raise _unusable("den har ingen flater med kommunenummer")
    west, south, east, north = frame.total_bounds
    if not (WEST <= west <= east <= EAST and SOUTH <= south <= north <= NORTH):
        raise _unusable(ABROAD)
    land = project().union_all(method="coverage") if frame.area.sum() > WITH_SEA else None
    shapes = simplified(np.asarray(frame.geometry.values), land)
    if not len(shapes):
        raise _unusable("flatene er for små til å tegnes")
    frame["geometry"] = shapes
    return frame[~frame.is_empty].reset_index(drop=True)


def paths(boundaries: pd.DataFrame) -> "dict[str, Path]":
    """The outline of each municipality as one matplotlib Path, metres; two that are drawn as one share their outline.

    boundaries: `komm_nr`, `also`, `geometry` (WKB), as the table of an edition has them.
    """
    from matplotlib.path import Path  # what declares tables does without it

    drawn: dict[str, Path] = {}
    shapes = shapely.orient_polygons(shapely.from_wkb(boundaries["geometry"]))
    for number, also, shape in zip(boundaries["komm_nr"], boundaries["also"], shapes, strict=True):
        rings = shapely.get_rings(shapely.get_parts(shape))
        outline = Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))
        drawn |= dict.fromkeys([number, *also.split()], outline)
    return drawn


def frame(boundaries: pd.DataFrame) -> "geopandas.GeoDataFrame":
    """The outlines as geopandas has them, metres of UTM 33: `komm_nr`, `shared`, `geometry`, a row a municipality; where two have
    one outline it stands once for each, and `shared` is true.

    boundaries: as for `paths`.
    """
    import geopandas

    numbers = [[number, *also.split()] for number, also in zip(boundaries["komm_nr"], boundaries["also"], strict=True)]
    whole = boundaries[["geometry"]].assign(komm_nr=numbers, shared=boundaries["also"] != "").explode("komm_nr", ignore_index=True)
    shapes = geopandas.GeoSeries.from_wkb(whole["geometry"], crs=CRS)
    return geopandas.GeoDataFrame(whole[["komm_nr", "shared"]].astype({"komm_nr": "str"}), geometry=shapes)


def _unusable(why: str) -> BadAnswer:
    return BadAnswer(f"Filen kan ikke brukes som kommunegrenser: {why}. Hent den på nytt med nlib fetch --only boundaries")


def _unzipped(body: bytes) -> bytes:
    """The GeoJSON file in a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = [name for name in archive.namelist() if name.casefold().endswith((".geojson", ".json"))]
            if not names:
                raise _unusable("det er ingen GeoJSON-fil i arkivet")
            size, largest = archive.getinfo(names[0]).file_size, min(LARGEST, max(SMALL, TIMES * len(body)))
            if size > largest:
                raise _unusable(f"{names[0]} pakkes ut til {size // 10**6} MB; grensen er {largest // 10**6} MB")
            with archive.open(names[0]) as file:
                return file.read(size)  # never more, whatever is packed behind a size that lies
    # RuntimeError: locked, or packed in a way that is not known
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise _unusable(f"arkivet lar seg ikke pakke ut ({error})") from error


def _with_shapes(part: dict) -> dict | shapely.Geometry:
    """Geometry as it is parsed, so that a large file is never held as lists of numbers."""
    return shapely.from_geojson(json.dumps(part)) if "coordinates" in part else part


def _read(document) -> "geopandas.GeoDataFrame":
    """The polygons of a GeoJSON document by number, metres: `komm_nr`, `geometry`; those with the same number are put together."""
    import geopandas

    frames = [_collection(part) for part in (document, *document.values()) if isinstance(part, dict) and "features" in part]
    found = [frame for frame in frames if not frame.empty]
    if not found:
        return geopandas.GeoDataFrame({"komm_nr": []}, geometry=[], crs=CRS)
    return pd.concat(found).dissolve("komm_nr").reset_index()


def _collection(collection: dict) -> "geopandas.GeoDataFrame":
    import geopandas

    rows = []
    for feature in collection["features"]:
        fields = {name.casefold(): value for name, value in (feature["properties"] or {}).items()}
        number = next((str(fields[name]).zfill(4) for name in NUMBER_FIELDS if name in fields), "")
        shape = feature["geometry"]
        if is_number(number) and isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
            rows.append((number, shapely.make_valid(shapely.force_2d(shape), method="structure")))
    crs = collection.get("crs")
    frame = geopandas.GeoDataFrame(rows, columns=["komm_nr", "geometry"], geometry="geometry")
    frame = frame.set_crs(crs["properties"]["name"] if crs else 4326).to_crs(CRS)
    if not np.isfinite(shapely.get_coordinates(frame.geometry.values)).all():
        raise _unusable(ABROAD)
    return frame


def _areas(shapes: np.ndarray, least: float = 0) -> np.ndarray:
    """The polygons of each shape from an area (square metres) up, and its largest; nothing where it has none."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    area = pd.Series(shapely.area(parts))
    keep = (area > 0) & ((area >= least) | (area == area.groupby(owner).transform("max")))
    return shapely.multipolygons(parts[keep], indices=owner[keep], out=np.full(len(shapes), shapely.MultiPolygon()))
