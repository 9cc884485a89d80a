"""Maps of municipalities: the project's own, carried over the years, other files read, and all that a file can be instead."""

import io
import json
import os
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from nlib.core import boundaries
from nlib.core.errors import BadAnswer
from nlib.core.municipalities import Register, resource
from nlib.data.sources import kartverket_boundaries

CODES, CHANGES = resource("municipalities.csv"), resource("municipality_changes.csv")
TODAY = set(Register(CODES, CHANGES).current["komm_nr"])
INLAND = (10.0, 61.0)  # longitude and latitude, far from the sea


def square(x, y, size=10_000):
    return shapely.box(x, y, x + size, y + size)


def a_map(**shapes):
    frame = {"komm_nr": [name.removeprefix("nr") for name in shapes]}
    return geopandas.GeoDataFrame(frame, geometry=list(shapes.values()), crs=boundaries.CRS)


def changes(*rows):
    return pd.DataFrame(rows, columns=["date", "old_nr", "new_nr"])


def feature(number, west=0.0, south=0.0, field="kommunenummer", size=0.2):
    west, south = INLAND[0] + west, INLAND[1] + south
    return {
        "type": "Feature",
        "properties": {field: number},
        "geometry": json.loads(shapely.to_geojson(shapely.box(west, south, west + size, south + size))),
    }


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features), **more}


def read(document):
    return boundaries.read_geojson([json.dumps(document).encode()])


def packed(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("_", "."), body)
    return file.getvalue()


@pytest.fixture(scope="module")
def project():
    return boundaries.project()


def test_the_projects_map_has_the_356_municipalities_of_2020_edge_to_edge_on_land(project):
    shapes = np.asarray(project.geometry.values)
    assert len(project) == project["komm_nr"].nunique() == 356
    assert project.crs.to_epsg() == 25833
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(323_800e6, rel=0.01)  # Norway without Svalbard and Jan Mayen
    assert project.set_index("komm_nr").area["3029"] == pytest.approx(70.5e6, rel=0.02)  # Lørenskog


def test_on_todays_numbers_only_haram_has_no_outline_and_is_drawn_with_alesund(project):
    today = boundaries.carried(project, CHANGES).set_index("komm_nr")
    assert TODAY - set(today.index) == {"1580"}
    assert set(today.index) <= TODAY
    assert today.loc[today["also"] != "", "also"].to_dict() == {"1508": "1580"}
    assert today.area.sum() == pytest.approx(project.area.sum())


def test_mergers_become_one_outline():
    then = a_map(nr0001=square(0, 0), nr0002=square(10_000, 0), nr0003=square(20_000, 0))
    now = boundaries.carried(then, changes(("2024-01-01", "0001", "0009"), ("2024-01-01", "0002", "0009"))).set_index("komm_nr")
    assert now.index.tolist() == ["0003", "0009"]
    assert now.geometry["0009"].equals(shapely.box(0, 0, 20_000, 10_000))


def test_changes_are_followed_through_the_years_and_a_change_of_name_is_none():
    steps = changes(("2020-01-01", "0001", "0002"), ("2022-01-01", "0002", "0002"), ("2024-01-01", "0002", "0003"))
    assert boundaries.carried(a_map(nr0001=square(0, 0)), steps)["komm_nr"].tolist() == ["0003"]


def test_a_number_that_came_back_is_not_what_became_of_it_before():
    steps = changes(("2002-01-01", "0001", "0002"), ("2024-01-01", "0005", "0001"))
    assert boundaries.carried(a_map(nr0001=square(0, 0)), steps)["komm_nr"].tolist() == ["0001"]


@pytest.mark.parametrize(
    ("steps", "own", "also"),
    [
        ((("2024-01-01", "0001", "0007"), ("2024-01-01", "0001", "0008")), "0007", "0008"),
        ((("2024-01-01", "0001", "0001"), ("2024-01-01", "0001", "0000")), "0001", "0000"),
        ((("2024-01-01", "0001", "0002"), ("2024-01-01", "0001", "0008")), "0002", "0008"),
        ((("2024-01-01", "0001", "0001"), ("2024-01-01", "0001", "0002")), "0001", ""),
    ],
)
def test_a_split_municipality_stays_whole_and_names_the_parts_without_an_outline(steps, own, also):
    now = boundaries.carried(a_map(nr0001=square(0, 0), nr0002=square(10_000, 0)), changes(*steps)).set_index("komm_nr")
    assert now.loc[own, "also"] == also
    assert now.geometry[own].contains(shapely.Point(5_000, 5_000))


def test_neighbours_share_their_edges_after_simplification_and_islets_go_unless_they_are_all_there_is():
    random = np.random.default_rng(1)
    border = [(10_000 + random.normal(0, 100), y) for y in range(0, 10_001, 200)]
    islet, islands = square(-2_000, 0, 300), square(30_000, 0, 300)
    west = shapely.union(shapely.Polygon([(0, 0), *border, (0, 10_000)]), islet)
    east = shapely.Polygon([(20_000, 0), *border, (20_000, 10_000)])
    left, right, alone = boundaries.simplified(np.array([west, east, islands]))
    assert shapely.coverage_is_valid([left, right])
    assert shapely.get_num_coordinates(left) < 20
    assert shapely.length(shapely.intersection(left, right)) > 9_000
    assert left.geom_type == "Polygon"
    assert not alone.is_empty


def test_gaps_and_overlaps_between_neighbours_are_mended():
    left, right = boundaries.simplified(np.array([shapely.box(0, 0, 10_020, 9_000), shapely.box(10_000, 0, 20_000, 9_000)]))
    assert shapely.coverage_is_valid([left, right])
    assert shapely.area([left, right]).sum() == pytest.approx(20_000 * 9_000)


def test_the_sea_is_cut_off_along_the_land():
    inland, coast, water = square(0, 0), square(10_000, 0), square(20_000, 0)
    shapes = boundaries.simplified(np.array([inland, coast, water]), shapely.box(0, 0, 15_000, 10_000))
    assert shapely.area(shapes).tolist() == [100e6, 50e6, 0]


@pytest.mark.slow
def test_a_national_file_with_the_sea_in_it_comes_out_on_land(project):
    others = project[project["komm_nr"] != "1151"].union_all(method="coverage")
    whole = project.copy()
    whole.loc[whole["komm_nr"] == "1151", "geometry"] = shapely.difference(
        shapely.box(-250_000, 6_400_000, 50_000, 6_700_000), others
    )
    document = json.loads(whole.to_crs(4326).to_json(drop_id=True))
    found = read(document).set_index("komm_nr")
    assert len(found) == 356
    assert found.area.sum() == pytest.approx(project.area.sum(), rel=0.001)
    assert found.area["3029"] == pytest.approx(project.set_index("komm_nr").area["3029"], rel=0.05)


@pytest.mark.parametrize("field", ["kommunenummer", "KOMMUNENUMMER", "komm_nr", "kommunenr"])
def test_the_number_is_found_under_its_several_names_as_text_or_as_a_number(field):
    found = read(collection(feature("3222", field=field), feature(301, west=0.2, field=field)))
    assert found["komm_nr"].tolist() == ["0301", "3222"]
    assert found.crs.to_epsg() == 25833


def test_collections_inside_an_object_are_read_and_lines_passed_over_as_in_kartverkets_file():
    line = {
        "type": "Feature",
        "properties": {"objtype": "Kommunegrense"},
        "geometry": {"type": "LineString", "coordinates": [[10, 61], [11, 61]]},
    }
    nothing = {"type": "Feature", "properties": None, "geometry": None}
    found = read(
        {"administrative_enheter.kommune": collection(feature("3222"), nothing), "administrative_enheter.grense": collection(line)}
    )
    assert found["komm_nr"].tolist() == ["3222"]


def test_coordinates_are_those_that_the_file_names():
    told = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}
    metres = json.loads(shapely.to_geojson(square(250_000, 6_700_000)))
    found = read(collection({"type": "Feature", "properties": {"komm_nr": "3222"}, "geometry": metres}, crs=told))
    assert found.total_bounds.tolist() == [250_000, 6_700_000, 260_000, 6_710_000]


def test_polygons_with_one_number_are_put_together():
    found = read(collection(feature("3222"), feature("3222", west=0.2)))
    assert found["komm_nr"].tolist() == ["3222"]
    assert found.geometry[0].geom_type == "Polygon"


def test_a_zipped_file_is_read():
    body = json.dumps(collection(feature("3222"))).encode()
    assert boundaries.read_geojson([packed(les_txt=b"", kommuner_geojson=body)])["komm_nr"].tolist() == ["3222"]


def test_a_zip_that_unpacks_beyond_the_limit_is_refused_unpacked(monkeypatch):
    monkeypatch.setattr(boundaries, "LARGEST", 1_000_000)
    with pytest.raises(BadAnswer, match="pakkes ut til 2 MB; grensen er 1 MB"):
        boundaries.read_geojson([packed(kommuner_geojson=b" " * 2_000_000)])


def test_a_zip_that_unpacks_to_a_hundred_times_its_size_is_refused_unpacked(monkeypatch):
    monkeypatch.setattr(boundaries, "SMALL", 1_000_000)
    with pytest.raises(BadAnswer, match=r"kommuner\.geojson pakkes ut til 2 MB; grensen er 1 MB"):
        boundaries.read_geojson([packed(kommuner_geojson=b" " * 2_000_000)])


def test_an_outline_beyond_the_limit_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(boundaries, "LARGEST_SHAPE", 1_000_000)
    ring = b"[10.0,60.0]," * 100_000 + b"[10.0,60.0]"
    with pytest.raises(BadAnswer, match="et omriss er på over 1 MB"):
        boundaries.read_geojson([b'{"features":[{"geometry":{"type":"Polygon","coordinates":[[' + ring + b"]]}}]}"])


def test_a_zip_that_lies_about_its_size_is_never_unpacked_further():
    body = packed(kommuner_geojson=b" " * 5_000_000)
    honest, lie = (5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    with pytest.raises(BadAnswer, match="Hent den på nytt"):
        boundaries.read_geojson([body.replace(honest, lie)])


SWAPPED = collection(feature("3222"))
SWAPPED["features"][0]["geometry"]["coordinates"] = [[[61, 10], [62, 10], [62, 11], [61, 10]]]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "ikke hel GeoJSON"),
        (json.dumps(collection(feature("3222"))).encode()[:-40], "ikke hel GeoJSON"),
        (b"[]", "ikke hel GeoJSON"),
        (b"[" * 100_000, "ikke hel GeoJSON"),
        (json.dumps(collection()).encode(), "ingen flater med kommunenummer"),
        (json.dumps(collection(feature("Oslo"), feature("٣٢٢٢"))).encode(), "ingen flater"),
        (json.dumps(SWAPPED).encode(), "ligger ikke i Norge"),
        (json.dumps(collection(feature("3222"), crs={"properties": {"name": "EPSG:0"}})).encode(), "lar seg ikke lese"),
        (b"PK\x03\x04 not a zip", "arkivet"),
        (packed(les_txt=b"nothing here"), "ingen GeoJSON-fil"),
    ],
)
def test_any_other_file_is_refused_with_what_is_wrong_and_what_to_do(body, told):
    with pytest.raises(BadAnswer, match=told) as caught:
        boundaries.read_geojson([body])
    assert "nlib fetch --only boundaries" in str(caught.value)


@pytest.mark.parametrize("far", [59e9, 1e300, 95, -95])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_corner_outside_the_world_is_refused_without_a_word_from_the_libraries(far, axis, recwarn):
    document = collection(feature("3222"), feature("3222"))
    document["features"][0]["geometry"]["coordinates"][0][2][axis] = far
    with pytest.raises(BadAnswer, match="ligger ikke i Norge"):
        read(document)
    assert [str(warning.message) for warning in recwarn] == []


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["Polygon", "Point", "3222", "EPSG:4326"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "features", "properties", "geometry", "coordinates", "kommunenummer", "crs", "name"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


def reads_or_refuses(body):
    try:
        found = boundaries.read_geojson([body])
    except BadAnswer:
        return
    assert found["komm_nr"].str.fullmatch(r"\d{4}").all()
    assert found.is_valid.all()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail))
def test_any_bytes_are_read_or_refused(body):
    reads_or_refuses(body)


@settings(max_examples=200, deadline=None)
@given(json_values)
@example({"features": [{"properties": {"kommunenummer": "3222"}, "geometry": {"type": "Polygon", "coordinates": []}}]})
def test_any_json_is_read_or_refused(document):
    reads_or_refuses(json.dumps(document).encode())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(9, 12), st.floats(60, 62)), min_size=3, max_size=8),
    st.sampled_from([4326, 4258, 25833, 25832, 5973]),
)
def test_a_polygon_of_any_shape_is_read_or_refused(corners, epsg):
    shape = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    crs = {"type": "name", "properties": {"name": f"EPSG:{epsg}"}}
    reads_or_refuses(json.dumps(collection({"properties": {"komm_nr": 301}, "geometry": shape}, crs=crs)).encode())


def test_a_path_is_shared_by_those_drawn_together_and_leaves_holes_open():
    ring = shapely.difference(square(0, 0), square(4_000, 4_000, 2_000))
    table = pd.DataFrame(
        {"komm_nr": ["0001", "0002"], "also": ["", "0003 0004"], "geometry": shapely.to_wkb([ring, square(20_000, 0)])}
    )
    paths = boundaries.paths(table)
    assert list(paths) == ["0001", "0002", "0003", "0004"]
    assert paths["0002"] is paths["0004"]
    figure = Figure((1, 1), dpi=100)
    axis = figure.add_axes((0, 0, 1, 1), xlim=(0, 10_000), ylim=(0, 10_000))
    axis.set_axis_off()
    axis.add_patch(PathPatch(paths["0001"], facecolor="black"))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., 0]
    assert (pixels[10, 10], pixels[50, 50]) == (0, 255)


def test_the_table_is_kartverkets_map_where_it_is_here_else_the_projects(project):
    check = kartverket_boundaries.DATASET.check
    ours = check(kartverket_boundaries.build(None, CODES, CHANGES))
    assert len(ours) == 356
    theirs = check(kartverket_boundaries.build(a_map(nr3029=square(0, 0), nr1580=square(20_000, 0)), CODES, CHANGES))
    assert theirs["komm_nr"].tolist() == ["1580", "3222"], "an old file is carried too"
    assert set(boundaries.paths(ours)) == TODAY


def test_a_file_of_2024_has_every_municipality_of_today_and_agrees_with_the_projects_map(project):
    folder = os.environ.get("NLIB_REAL_DATA")
    if not folder:
        pytest.skip("NLIB_REAL_DATA, the folder of real figures, is not set")
    found = boundaries.read_geojson([(Path(folder) / "kommuner_2024.geojson").read_bytes()])
    now = boundaries.carried(found, CHANGES)
    assert set(now["komm_nr"]) == TODAY
    assert (now["also"] == "").all()
    both = (
        now.set_index("komm_nr")
        .geometry.to_frame("theirs")
        .join(boundaries.carried(project, CHANGES).set_index("komm_nr").geometry)
    )
    shared = shapely.area(shapely.intersection(both["theirs"], both["geometry"])) / shapely.area(
        shapely.union(both["theirs"], both["geometry"])
    )
    assert pd.Series(shared).median() > 0.98
