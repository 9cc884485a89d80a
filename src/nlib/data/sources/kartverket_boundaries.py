"""The boundaries of municipalities (Kartverket)."""

import pandas as pd
import shapely

from nlib.core import boundaries
from nlib.core.errors import BadAnswer
from nlib.core.municipalities import Register, resource
from nlib.core.tables import REGISTERS, Dataset, FileQuery, Placed, Raw, column
from nlib.data.readers import workbook
from nlib.data.readers.kinds import Contents, FileKind

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


class Boundaries(Placed):
    also: str = column("Andre kommuner som tegnes sammen med den, med mellomrom mellom")
    geometry: object = column("Omriss, WKB i EPSG:25833", "meter")


def build(raw: pd.DataFrame | None, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """The outline of every municipality: Kartverket's where its file is here, else the project's of 2020; on today's numbers."""
    changes = Register(municipality_codes, municipality_changes).changes
    frame = boundaries.carried(boundaries.project() if raw is None else raw, changes)
    return pd.DataFrame({"komm_nr": frame["komm_nr"], "also": frame["also"], "geometry": shapely.to_wkb(frame["geometry"])})


DATASET = Dataset("boundaries", "Kommunegrenser", ("komm_nr",), Boundaries, (RAW, *REGISTERS), build)


FEW = 10  # municipalities that a map of the country may lack: their pages have no map


def _is_geojson(body: bytes) -> bool:
    """Whether it is GeoJSON, plain or in a zip."""
    if not body.startswith(b"PK"):
        return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"FeatureCollection"' in body
    return any(name.casefold().endswith((".geojson", ".json")) for name in workbook.members(body))


def _counted(outlines: pd.DataFrame) -> list[str]:
    """How many municipalities a map has, and which of today's it lacks; `BadAnswer` where it is not of the whole country."""
    codes, changes = resource("municipalities.csv"), resource("municipality_changes.csv")
    drawn = build(outlines, codes, changes)
    today = Register(codes, changes).current["komm_nr"]
    missing = sorted(set(today) - set(drawn["komm_nr"]) - set(" ".join(drawn["also"]).split()))
    gaps = f"kartet har ingen flate for {len(missing)} av dagens {len(today)} kommuner ({', '.join(missing[:10])})"
    if len(missing) > FEW:
        raise BadAnswer(f"Filen kan ikke brukes som kommunegrenser: {gaps}, og det skal tegne hele landet")
    return [f"{len(outlines)} kommuner", *([gaps] if missing else [])]


FILE = FileKind(
    "kommunegrenser",
    lambda file: _is_geojson(file.body),
    lambda file: Contents(_counted(RAW.read([file.body]))),
    producer=RAW.producer,
    licence=RAW.licence,
    source=RAW.name,
)
