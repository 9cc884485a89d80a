"""JSON-stat: what is read is what was written, and what does not add up is refused."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlib.core.errors import BadAnswer
from nlib.data.readers import jsonstat

CODE = st.text("0123456789ABCæøå-", min_size=1, max_size=5)
FIGURE = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False))
MARK = st.sampled_from([None, ".", "..", ":"])


def answer(**changes) -> dict:
    """Two municipalities by two years: 1, 2 for 0301 and 3, 4 for 3222."""
    document = {
        "version": "2.0",
        "class": "dataset",
        "updated": "2026-03-01T07:00:00Z",
        "id": ["Region", "Tid"],
        "size": [2, 2],
        "dimension": {
            "Region": {"category": {"index": {"0301": 0, "3222": 1}, "label": {"0301": "Oslo", "3222": "Lørenskog"}}},
            "Tid": {"category": {"index": {"2020": 0, "2021": 1}}},
        },
        "value": [1, 2, 3, 4],
    }
    return document | changes


def encode(document) -> bytes:
    return json.dumps(document).encode()


def region(**category) -> dict:
    return answer()["dimension"] | {"Region": {"category": category}}


@st.composite
def frames(draw) -> pd.DataFrame:
    dims = draw(st.lists(st.sampled_from(["Region", "Alder", "ContentsCode", "Tid"]), min_size=1, max_size=4, unique=True))
    codes = [draw(st.lists(CODE, min_size=1, max_size=3, unique=True)) for _ in dims]
    cells = pd.MultiIndex.from_product(codes, names=dims).to_frame(index=False)
    frame = pd.DataFrame({dim: pd.Categorical(cells[dim], pd.Index(of, dtype="str")) for dim, of in zip(dims, codes, strict=True)})
    frame["value"] = pd.Series(draw(st.lists(FIGURE, min_size=len(frame), max_size=len(frame))), dtype="float64")
    frame["status"] = pd.Series(draw(st.lists(MARK, min_size=len(frame), max_size=len(frame))), dtype="str")
    return frame


def written(frame: pd.DataFrame) -> bytes:
    dims = [column for column in frame if column not in ("value", "status")]
    return jsonstat.write(frame, dims, "Prøvetabell", "00000", "2026-03-01T07:00:00Z")


@given(frames())
def test_what_is_written_is_read_back_the_same(frame):
    pd.testing.assert_frame_equal(jsonstat.read([written(frame)]), frame)


@given(frames())
def test_the_same_cells_in_another_order_give_the_same_bytes(frame):
    assert written(frame.sample(frac=1, random_state=1)) == written(frame)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_frame_or_a_bad_answer(junk):
    with pytest.raises(BadAnswer):
        jsonstat.read([junk])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text(max_size=3) | st.sampled_from(["0301", "2020", 10**400]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["0", "1", "3", "0301", "index", "x"]), inner),
    max_leaves=6,
)


@given(st.sampled_from(["id", "size", "dimension", "value", "status", "updated", "class"]), JSON)
def test_any_part_replaced_by_anything_is_a_frame_or_a_bad_answer(part, replacement):
    try:
        frame = jsonstat.read([encode(answer(**{part: replacement}))])
    except BadAnswer:
        return
    assert len(frame) == 4
    assert list(frame.columns) == ["Region", "Tid", "value", "status"]


@given(JSON)
def test_any_category_is_a_frame_or_a_bad_answer(category):
    try:
        frame = jsonstat.read([encode(answer(dimension=answer()["dimension"] | {"Region": {"category": category}}))])
    except BadAnswer:
        return
    assert len(frame) == 4


@given(st.integers(0, 2000))
def test_an_answer_cut_anywhere_is_a_bad_answer(cut):
    whole = encode(answer())
    with pytest.raises(BadAnswer):
        jsonstat.read([whole[: cut % len(whole)]])


def test_the_last_dimension_runs_fastest():
    frame = jsonstat.read([encode(answer())])
    assert frame.astype({"Region": str, "Tid": str}).iloc[:, :3].to_numpy().tolist() == [
        ["0301", "2020", 1],
        ["0301", "2021", 2],
        ["3222", "2020", 3],
        ["3222", "2021", 4],
    ]


def test_a_code_stands_where_its_place_says_not_where_it_is_written():
    frame = jsonstat.read([encode(answer(dimension=region(index={"3222": 1, "0301": 0})))])
    assert list(frame["Region"]) == ["0301", "0301", "3222", "3222"]


@pytest.mark.parametrize("index", [{"0301": 0, "3222": 1}, ["0301", "3222"]])
@pytest.mark.parametrize("value", [[None, 2, 3, 4], {"1": 2, "2": 3, "3": 4}])
@pytest.mark.parametrize("status", [{"0": ":"}, [":", None, None, None]])
def test_lists_and_sparse_dicts_are_the_same_cells(index, value, status):
    frame = jsonstat.read([encode(answer(dimension=region(index=index), value=value, status=status))])
    assert frame["value"].isna().tolist() == [True, False, False, False]
    assert frame["status"].tolist()[0] == ":"
    assert frame["status"].isna().tolist() == [False, True, True, True]
    assert str(frame["status"].dtype) == "str"


def test_one_mark_for_the_whole_answer_stands_on_every_cell():
    assert set(jsonstat.read([encode(answer(status=".."))])["status"]) == {".."}


def test_a_lone_code_may_stand_in_its_label_only():
    dimension = answer()["dimension"] | {"Region": {"category": {"label": {"3222": "Lørenskog"}}}}
    frame = jsonstat.read([encode(answer(dimension=dimension, size=[1, 2], value=[3, 4]))])
    assert list(frame["Region"]) == ["3222", "3222"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"value": [1, 2, 3]}, "3 verdier, men dimensjonene gir 4 celler"),
        ({"value": [1, 2, 3, 4, 5]}, "5 verdier"),
        ({"value": None}, "ingen verdier"),
        ({"value": [1, 2, 3, "4"]}, "annet enn tall"),
        ({"value": [1, 2, 3, True]}, "annet enn tall"),
        ({"value": [1, 2, 3, [4]]}, "annet enn tall"),
        ({"value": [1, 2, 3, 10**400]}, "for stort"),
        ({"value": {"4": 1}}, "ikke finnes"),
        ({"value": {"-1": 1}}, "annet enn en celle"),
        ({"value": {"": 1}}, "annet enn en celle"),
        ({"value": {"1": 1, "01": 1}}, "annet enn en celle"),
        ({"value": {"1": 1, "3": 1, "03": 1}}, "annet enn en celle"),
        ({"status": {"0": "\ud800"}}, "annet enn tekst"),
        ({"status": {"9": "."}}, "ikke finnes"),
        ({"status": ["."]}, "passer ikke"),
        ({"status": {"0": 1}}, "annet enn tekst"),
        ({"size": [2, 3]}, "size"),
        ({"size": [4]}, "size"),
        ({"id": ["Region"]}, "samme dimensjonene"),
        ({"id": ["Region", "Region"]}, "ulike dimensjoner"),
        ({"id": ["Region", "År"]}, "samme dimensjonene"),
        ({"dimension": region(index={"0301": 0, "3222": 2})}, "plassene"),
        ({"dimension": region(index={"0301": 0, "3222": 0})}, "plassene"),
        ({"dimension": region(index={"0301": False, "3222": True})}, "plassene"),
        ({"dimension": region(index=["0301", "0301"])}, "ulike koder"),
        ({"dimension": region(index=[])}, "ulike koder"),
        ({"dimension": region(index=["0301", "\ud800"])}, "ulike koder"),
        ({"dimension": region(label={"0301": "Oslo", "3222": "Lørenskog"})}, "ulike koder"),
        ({"dimension": region(index=["0301", "3222"], label={"0301": ["Oslo"]})}, "ikke tekst"),
        ({"class": "collection"}, "ikke et JSON-stat-datasett"),
        ({"updated": 2026}, "updated"),
    ],
)
def test_an_answer_that_does_not_add_up_is_refused(changes, says):
    with pytest.raises(BadAnswer, match=says):
        jsonstat.read([encode(answer(**changes))])
    if not {"value", "status"} & set(changes):
        with pytest.raises(BadAnswer, match=says):
            jsonstat.axes(encode(answer(**changes)))


def test_a_dimension_with_the_name_of_a_column_of_ours_is_refused():
    with pytest.raises(BadAnswer, match="heter"):
        jsonstat.read([encode(answer(id=["value", "Tid"]))])


def test_a_few_bytes_cannot_ask_for_a_terabyte():
    codes = [str(code) for code in range(4000)]
    dimension = {dim: {"category": {"index": codes}} for dim in ("Region", "Tid")}
    with pytest.raises(BadAnswer, match="16000000 celler"):
        jsonstat.read([encode(answer(dimension=dimension, size=[4000, 4000], value={}))])


@pytest.mark.parametrize(
    "junk", [b"", b"<!DOCTYPE html>", b"[" * 100_000, b'{"class":"dataset","value":[NaN]}', b"\xff\xfe\x00", b"null"]
)
def test_what_is_not_json_is_refused(junk):
    with pytest.raises(BadAnswer):
        jsonstat.read([junk])


def test_no_answers_are_refused():
    with pytest.raises(BadAnswer):
        jsonstat.read([])


def later(**changes) -> bytes:
    dimension = answer()["dimension"] | {"Tid": {"category": {"index": {"2022": 0, "2023": 1}}}}
    return encode(answer(dimension=dimension, value=[5, 6, 7, 8]) | changes)


def test_answers_are_joined_on_the_codes_of_both():
    frame = jsonstat.read([encode(answer()), later()])
    assert list(frame["Tid"].cat.categories) == ["2020", "2021", "2022", "2023"]
    assert frame.set_index(["Region", "Tid"]).loc[("3222", "2022"), "value"] == 7


def test_answers_whose_dimensions_stand_in_another_order_are_joined_by_name():
    turned = json.loads(later()) | {"id": ["Tid", "Region"], "size": [2, 2], "value": [5, 7, 6, 8]}
    frame = jsonstat.read([encode(answer()), encode(turned)]).set_index(["Region", "Tid"])["value"]
    assert frame[("0301", "2023")] == 6
    assert frame[("3222", "2022")] == 7


def test_answers_that_overlap_are_refused():
    with pytest.raises(BadAnswer, match="samme cellene"):
        jsonstat.read([encode(answer()), encode(answer())])


def test_answers_from_two_versions_of_the_table_are_refused():
    with pytest.raises(BadAnswer, match="oppdatert mens"):
        jsonstat.read([encode(answer()), later(updated="2026-04-01T07:00:00Z")])


def test_answers_with_other_dimensions_are_refused():
    one = answer(id=["Tid"], size=[2], dimension={"Tid": {"category": {"index": ["2022", "2023"]}}}, value=[1, 2])
    with pytest.raises(BadAnswer, match="ulike dimensjoner"):
        jsonstat.read([encode(answer()), encode(one)])


def test_names_of_codes_come_with_the_answer_and_a_code_without_one_is_its_own():
    assert jsonstat.labels(encode(answer())) == {
        "Region": {"0301": "Oslo", "3222": "Lørenskog"},
        "Tid": {"2020": "2020", "2021": "2021"},
    }
    assert jsonstat.updated(encode(answer())) == "2026-03-01T07:00:00Z"


def test_a_combination_without_a_row_is_null_marked_as_one_that_cannot_occur():
    frame = pd.DataFrame({"Region": ["0301", "3222"], "Tid": ["2020", "2021"], "value": [1.0, 2.5]})
    document = json.loads(jsonstat.write(frame, ["Region", "Tid"], "t", "00000", "2026"))
    assert document["value"] == [1, None, None, 2.5]
    assert document["status"] == {"1": ".", "2": "."}


def test_a_cell_given_twice_is_not_written():
    frame = pd.DataFrame({"Region": ["0301", "0301"], "value": [1.0, 2.0]})
    with pytest.raises(ValueError, match="twice"):
        jsonstat.write(frame, ["Region"], "t", "00000", "2026")


def test_an_infinite_value_is_not_written():
    with pytest.raises(ValueError, match="infinite"):
        jsonstat.write(pd.DataFrame({"Region": ["0301"], "value": [np.inf]}), ["Region"], "t", "00000", "2026")


def test_names_units_and_roles_are_written_with_the_codes():
    frame = pd.DataFrame({"Region": ["3222"], "ContentsCode": ["Sysselsatte"], "Tid": ["2021"], "value": [1.0]})
    whole = jsonstat.write(
        frame,
        ["Region", "ContentsCode", "Tid"],
        "Sysselsatte",
        "03321",
        "2026-03-01T07:00:00Z",
        labels={"Region": {"3222": "Lørenskog"}},
        units={"Sysselsatte": {"base": "personer", "decimals": 0}},
        role={"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
    )
    document = json.loads(whole)
    assert document["label"] == "03321: Sysselsatte"
    assert document["role"]["geo"] == ["Region"]
    assert document["dimension"]["ContentsCode"]["category"]["unit"] == {"Sysselsatte": {"base": "personer", "decimals": 0}}
    assert jsonstat.labels(whole)["Region"] == {"3222": "Lørenskog"}


def test_an_answer_of_the_live_service_is_read():
    home = os.environ.get("NLIB_REAL_DATA")
    if not home:
        pytest.skip("NLIB_REAL_DATA er ikke satt: mappen med virkelige tall")
    frame = jsonstat.read([(Path(home) / "pxwebapi" / "12134_data.json").read_bytes()])
    assert frame.set_index("KOKkommuneregion0000")["value"].to_dict() == {"0301": 81240, "4601": 66605, "5001": 62853}
    assert frame["status"].isna().all()


def test_wide_has_a_column_for_each_content_and_no_row_for_what_cannot_occur():
    frame = pd.DataFrame(
        [
            ("0301", "A", "2020", 1, None),
            ("0301", "B", "2020", None, ":"),
            ("3222", "A", "2020", None, "."),
            ("3222", "C", "2020", 1, None),
        ],
        columns=["Region", "ContentsCode", "Tid", "value", "status"],
    )
    table = jsonstat.wide(frame, {"Region": "komm_nr"}, {"A": "births", "B": "deaths"})
    assert list(table.columns) == ["komm_nr", "year", "births", "deaths"]
    assert table[["komm_nr", "year", "births"]].values.tolist() == [["0301", 2020, 1]]
    assert table["deaths"].isna().all()


def test_a_dimension_can_be_read_by_its_names_and_must_be_there():
    assert list(jsonstat.read([encode(answer())], named=["Region"])["Region"]) == ["Oslo", "Oslo", "Lørenskog", "Lørenskog"]
    with pytest.raises(BadAnswer, match="Sektor"):
        jsonstat.read([encode(answer())], named=["Sektor"])
