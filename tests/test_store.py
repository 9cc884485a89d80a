"""Editions on disk: nothing half there, nothing changed unseen, nothing lost."""

import datetime
import json
import stat

import pandas as pd
import pytest

from nlib.core import store
from nlib.core.errors import NlibError, RawFileChanged, RawFileMissing, UnknownEdition, UnknownTable, WrongUse
from nlib.core.tables import FileQuery, Raw
from tests.full_disk import FullDisk

RAW = Raw(
    name="src",
    producer="P",
    table="T",
    title="En kilde",
    page="https://example.org",
    query=FileQuery("https://example.org/x"),
    read=lambda bodies: pd.DataFrame({"n": [len(body) for body in bodies]}),
)


@pytest.fixture
def edition(tmp_path):
    return store.new_edition("2026", tmp_path)


def received(edition, plan="p1", bodies=(b"one", b"three")):
    names = [f"{number}.json" for number in range(len(bodies))]
    for name, body in zip(names, bodies, strict=True):
        edition.receive(RAW, plan, name, body, {"address": "a", "query": None, "fetched": "2026-01-01T00:00:00Z"})
    edition.count(RAW, plan, names, "2026-01-01")


def test_what_is_received_counts_only_when_the_plan_is_finished(edition):
    edition.receive(RAW, "p1", "0.json", b"one", {"address": "a", "query": None, "fetched": "f"})
    with pytest.raises(RawFileMissing, match="nlib fetch --only src"):
        edition.read_raw(RAW)
    assert set(edition.received(RAW, "p1")) == {"0.json"}


def test_raw_files_are_read_in_the_order_of_the_plan_with_manifest_beside(edition):
    received(edition)
    assert edition.read_raw(RAW)["n"].tolist() == [3, 5]
    entry = json.loads((edition.raw / "manifest.json").read_text())["sources"]["src"]
    assert {"producer", "licence", "query", "updated", "files"} <= set(entry)
    assert {"address", "query", "fetched", "sha256", "bytes"} <= set(entry["files"][0])


def test_a_new_plan_takes_the_place_of_the_old_and_leaves_no_stray_files(edition):
    received(edition)
    received(edition, "p2", (b"fourteen chars",))
    assert edition.read_raw(RAW)["n"].tolist() == [14]
    assert [path.name for path in (edition.raw / "src").iterdir()] == ["p2"]


def test_a_raw_file_changed_on_disk_is_refused_by_its_hash(edition):
    received(edition)
    (edition.raw / "src" / "p1" / "0.json").write_bytes(b"onE")
    with pytest.raises(RawFileChanged, match="sha256"):
        edition.read_raw(RAW)
    assert set(edition.received(RAW, "p1")) == {"1.json"}, "a fetch asks for the harmed one again"


def test_a_raw_file_gone_from_disk_says_what_to_do(edition):
    received(edition)
    (edition.raw / "src" / "p1" / "1.json").unlink()
    with pytest.raises(RawFileMissing, match="nlib fetch --only src"):
        edition.read_raw(RAW)


def test_a_damaged_manifest_is_an_error_not_an_empty_edition(edition):
    received(edition)
    (edition.raw / "manifest.json").write_text("{")
    with pytest.raises(NlibError, match="skadet"):
        edition.read_raw(RAW)


def test_tables_come_back_as_they_were_and_stale_ones_are_cleared(edition):
    frame = pd.DataFrame({"komm_nr": ["0301"], "n": pd.array([None], dtype="Int64")})
    edition.publish({"a": frame, "b": frame}, {"a": "1", "b": "1"})
    pd.testing.assert_frame_equal(edition.table("a"), frame)
    assert edition.has_table("a", "1")
    assert not edition.has_table("a", "2")
    edition.publish({}, {"a": "1"})
    assert not (edition.processed / "b.parquet").exists()
    with pytest.raises(UnknownTable, match="nlib build"):
        edition.table("b")


def test_a_table_of_single_firms_lies_apart_and_is_its_owners_alone(edition):
    frame = pd.DataFrame({"n": [1]})
    edition.publish({"a": frame}, {"a": "1"})  # as an earlier version had it
    edition.publish({"a": frame, "b": frame}, {"a": "1", "b": "1"}, apart={"a"})
    assert edition.file("a").parent == edition.processed / store.BY_HAND and not (edition.processed / "a.parquet").exists()
    assert stat.S_IMODE(edition.file("a").parent.stat().st_mode) == 0o700
    assert edition.has_table("a", "1") and edition.table("a")["n"].tolist() == [1]
    edition.publish({}, {"b": "1"})
    assert not edition.file("a").exists() and not (edition.processed / store.BY_HAND / "a.parquet").exists()


def test_a_corrupt_table_is_seen_and_said_to_need_a_build(edition):
    edition.publish({"a": pd.DataFrame({"n": [1]})}, {"a": "1"})
    path = edition.processed / "a.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert not edition.has_table("a", "1")
    with pytest.raises(NlibError, match="skadet"):
        edition.table("a")


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    store.write(path, b"before")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.write(path, b"after")
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_is_full_at_any_write_of_a_build_leaves_the_tables_of_before(edition, monkeypatch):
    before, after = ({name: pd.DataFrame({"n": [number]}) for name in "abc"} for number in (1, 2))
    edition.publish(before, dict.fromkeys("abc", "1"))
    monkeypatch.setattr(store.os, "fsync", disk := FullDisk())
    for write in (1, 2, 3, 4):
        disk.fill(write)
        with pytest.raises(OSError, match="No space"):
            edition.publish(after, dict.fromkeys("abc", "2"))
        assert [edition.table(name)["n"].tolist() for name in "abc"] == [[1], [1], [1]]
        assert {path.name for path in edition.processed.iterdir()} == {"a.parquet", "b.parquet", "c.parquet", "manifest.json"}
    disk.fill(0)
    edition.publish(after, dict.fromkeys("abc", "2"))
    assert edition.table("c")["n"].tolist() == [2]


def test_a_build_killed_before_its_manifest_is_written_is_seen_by_the_next(edition):
    edition.publish({"a": pd.DataFrame({"n": [1]})}, {"a": "1"})
    store.write(edition.processed / "a.parquet", pd.DataFrame({"n": [2]}).to_parquet(index=False))
    store.write(edition.processed / "b.parquet", b"")
    store.clear_aside(edition)
    assert not edition.has_table("a", "1")
    assert not (edition.processed / "b.parquet").exists()


def test_an_edition_that_is_begun_anew_stands_as_it_was_until_all_is_written(edition, monkeypatch):
    edition.mark_synthetic(1)
    with pytest.raises(OSError, match="No space"), edition.anew() as anew:
        anew.mark_synthetic(2)
        raise OSError(28, "No space left on device")
    assert edition.raw_manifest()["seed"] == 1 and [path.name for path in edition.raw.parent.iterdir()] == [edition.name]
    with edition.anew() as anew:
        anew.mark_synthetic(2)
        assert store.editions(edition.root) == [edition.name] and edition.raw_manifest()["seed"] == 1
    assert edition.raw_manifest() == {"edition": edition.name, "synthetic": True, "seed": 2, "sources": {}}


def test_what_a_killed_run_was_writing_is_taken_away_and_a_folder_it_was_replacing_is_put_back(edition):
    edition.publish({"a": pd.DataFrame({"n": [1]})}, {"a": "1"})
    received(edition)
    edition.receive(RAW, "p2", "0.json", b"half a plan", {"address": "a", "query": None, "fetched": "f"})
    for folder in (".data.abcd1234", ".data.abcd1234.before", ".excel.abcd1234.before", "excel"):
        (edition.reports / folder).mkdir(parents=True)
        (edition.reports / folder / "fil").write_text(folder)
    (edition.raw / "src" / "p1" / ".0.json.abcd1234").write_text("half")
    (edition.root / "reports" / ".latest.aside").symlink_to("2026")
    store.clear_aside(edition)
    assert (edition.reports / "data" / "fil").read_text() == ".data.abcd1234.before"
    assert (edition.reports / "excel" / "fil").read_text() == "excel"
    assert not [path for path in edition.root.rglob(".*") if path.name.startswith((".0", ".data", ".excel", ".latest"))]
    assert set(edition.received(RAW, "p2")) == {"0.json"}, "what is fetched of a plan is kept for the next"


def test_a_fetch_killed_before_it_had_cleared_is_cleared_by_the_next(edition):
    received(edition)
    edition.receive(RAW, "p0", "0.json", b"old", {"address": "a", "query": None, "fetched": "f"})
    edition.clear_plans(RAW, "p1")
    assert [path.name for path in (edition.raw / "src").iterdir()] == ["p1"]


def test_a_folder_that_cannot_take_the_place_of_another_leaves_it_there(tmp_path, monkeypatch):
    (tmp_path / "pakke").mkdir()
    (tmp_path / "pakke" / "fil").write_text("før")
    real, calls = store.os.replace, []

    def second_fails(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(store.os, "replace", second_fails)
    with pytest.raises(OSError, match="No space"), store.whole_folder(tmp_path / "pakke") as folder:
        (folder / "fil").write_text("etter")
    assert [path.name for path in tmp_path.iterdir()] == ["pakke"]
    assert (tmp_path / "pakke" / "fil").read_text() == "før"


def test_a_clock_that_has_gone_back_does_not_begin_an_old_edition(tmp_path):
    assert store.this_year(tmp_path) == str(datetime.date.today().year)
    store.write_json(tmp_path / "data" / "raw" / str(datetime.date.today().year + 2) / "manifest.json", {})
    with pytest.raises(WrongUse, match=r"still klokken, eller oppgi --edition"):
        store.this_year(tmp_path)


def test_the_newest_edition_is_the_default_and_the_synthetic_one_the_last_resort(tmp_path):
    with pytest.raises(UnknownEdition, match="nlib demo"):
        store.edition(None, tmp_path)
    for name in ("demo", "2025", "2026"):
        store.write_json(tmp_path / "data" / "raw" / name / "manifest.json", {})
    (tmp_path / "data" / "raw" / "2027" / "ssb_03321").mkdir(parents=True)  # of a fetch in which nothing came whole
    assert store.editions(tmp_path) == ["2026", "2025", "demo"]
    assert store.edition(None, tmp_path).name == "2026"
    with pytest.raises(UnknownEdition, match=r"2026, 2025, demo"):
        store.edition("2024", tmp_path)


@pytest.mark.parametrize("name", ["", "..", "a/b", "/etc", ".hidden"])
def test_an_edition_cannot_be_a_path(tmp_path, name):
    with pytest.raises(WrongUse):
        store.new_edition(name, tmp_path)
