"""The boundaries of municipalities (Kartverket)."""

import pandas as pd
import shapely

from nlib import boundaries
from nlib.tables import KOMM_NR, Dataset, FileQuery, Raw, Table, column

RAW = Raw(
    name="kartverket_kommuner",
    producer="Kartverket",
    table="Administrative enheter: kommuner",
    title="Kommunegrenser",
    page="https://kartkatalog.geonorge.no/metadata/041f1e6e-bdbc-4091-b48f-8a5990f3cc5b",
    query=FileQuery(
        "https://nedlasting.geonorge.no/geonorge/Basisdata/Kommuner/GeoJSON/Basisdata_0000_Norge_4258_Kommuner_GeoJSON.zip"
    ),
    read=boundaries.read_geojson,
    optional=True,
    instead="Kommunegrenser 2020, forenklet og ført fram til dagens numre",
)


class Boundaries(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    also: str = column("Andre kommuner som tegnes sammen med den, med mellomrom mellom")
    geometry: object = column("Omriss, WKB i EPSG:25833", "meter")


def build(raw: pd.DataFrame | None, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """The outline of every municipality: Kartverket's where its file is here, else the project's of 2020; on today's numbers."""
    frame = boundaries.carried(boundaries.project() if raw is None else raw, municipality_changes)
    return pd.DataFrame({"komm_nr": frame["komm_nr"], "also": frame["also"], "geometry": shapely.to_wkb(frame["geometry"])})


DATASET = Dataset(
    name="boundaries",
    title="Kommunegrenser",
    key=("komm_nr",),
    schema=Boundaries,
    needs=(RAW, "municipality_changes"),
    build=build,
)
