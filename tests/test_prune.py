"""Old editions: which go, which stay, and what of a killed run or another version is seen at the next start."""

import json
import os
import subprocess
import sys

import pytest

from nlib.core import store
from nlib.press import prune
from nlib.press.local import _as_it_is
from tests.editions import ROOT


@pytest.fixture
def home(tmp_path):
    for name in ("2021", "2022", "2023", "2024", "demo"):
        store.write_json(tmp_path / "data" / "raw" / name / "manifest.json", {"edition": name, "sources": {}})
        store.write(tmp_path / "data" / "processed" / name / "t.parquet", b"tall")
        store.write(tmp_path / "reports" / name / "index.html", b"side")
    return tmp_path


def nlib(*words, home):
    given = os.environ | {"NLIB_HOME": str(home), "NLIB_API": "http://127.0.0.1:9"}
    return subprocess.run([sys.executable, "-m", "nlib.cli", *words], env=given, capture_output=True, text=True, timeout=300)


def test_the_newest_two_what_latest_points_at_and_demo_stay(home):
    store.point(home / "reports" / "latest", "2021")
    assert prune.latest(home) == "2021"
    assert [each.edition.name for each in prune.old(home)] == ["2022"]
    (home / "reports" / "latest").unlink()
    assert [each.edition.name for each in prune.old(home)] == ["2022", "2021"]


def test_a_system_without_links_has_latest_in_a_text_file(home):
    (home / "reports" / "latest.txt").write_text("2022\n", encoding="utf-8")
    assert prune.latest(home) == "2022" and [each.edition.name for each in prune.old(home)] == ["2021"]


def test_what_goes_is_told_with_its_size_and_the_files_that_came_by_hand_before_anything_goes(home):
    manifest = home / "data" / "raw" / "2021" / "manifest.json"
    store.write_json(manifest, {"imports": [{"name": "a.csv"}, {"name": "b.csv"}]})
    told = str(prune.old(home)[1])
    assert told == "2021: 0 MB, med 2 filer tatt inn for hånd"
    done = nlib("prune", "--dry-run", home=home)
    assert done.returncode == 0 and told in done.stdout and manifest.is_file()


def test_an_edition_that_goes_is_gone_whole_and_nothing_else_is(home):
    assert nlib("prune", "--yes", home=home).returncode == 0
    assert store.editions(home) == ["2024", "2023", "demo"]
    assert sorted(path.name for path in (home / "reports").iterdir()) == ["2023", "2024", "demo"]
    assert "Ingen utgaver" in nlib("prune", home=home).stdout


def test_an_edition_that_another_version_built_is_known_and_one_of_this_version_is_not_taken_for_it(tmp_path):
    edition = store.new_edition("2026", tmp_path)
    assert not edition.outdated  # nothing is built
    store.write_json(edition.processed / "manifest.json", {"edition": "2026", "tables": {}})
    assert edition.outdated
    edition.publish({}, {})
    assert not edition.outdated
    told = json.loads((edition.processed / "manifest.json").read_text(encoding="utf-8"))
    store.write_json(edition.processed / "manifest.json", told | {"nlib": "0.0.1"})
    assert edition.outdated


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["fetch", "--edition", "2026"], "2026"),  # no service answers there
        (["build", "--edition", "2026"], "2026"),  # there is nothing to build from
        (["import", __file__, "--edition", "2026"], "2026"),  # which is no table
        (["update", "--edition", "2026"], "2026"),
        pytest.param(["demo"], "demo", marks=pytest.mark.slow),
    ],
)
def test_what_a_killed_run_had_begun_on_is_gone_at_the_next_start_of(tmp_path, monkeypatch, words, name):
    raw, processed, reports = (tmp_path / part / name for part in ("data/raw", "data/processed", "reports"))
    left = [
        raw / ".manifest.json.abcd1234",
        processed / ".t.parquet.abcd1234",
        reports / ".index.html.abcd1234",
        processed / "t.parquet",
    ]
    replaced, before = reports / "data", reports / ".data.abcd1234.before"
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    store.write(before / "tall.csv", b"tall")
    store.write(reports / ".bilder.abcd1234" / "halv.png", b"")
    store.write_json(raw / "manifest.json", {"edition": name, "sources": {}})
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    assert nlib(*words, home=tmp_path).returncode == (words != ["demo"])
    assert not [path for path in [*left, before, reports / ".bilder.abcd1234"] if path.exists()]
    assert (replaced / "tall.csv").read_bytes() == b"tall"  # what was to be replaced is whole, and stays


def test_an_import_waits_for_nobody_and_takes_nothing_where_another_has_the_folders(tmp_path):
    (tmp_path / "tall.csv").write_text("x", encoding="utf-8")
    with store.alone(tmp_path):
        done = nlib("import", str(tmp_path / "tall.csv"), home=tmp_path)
    assert done.returncode == 1 and f"prosess {os.getpid()}" in done.stderr
    assert store.holder(tmp_path) is None  # given back


def test_braces_in_a_path_are_its_own_and_no_parameters():
    assert _as_it_is("/tmp/{y}/pendling.ipynb").format(kommune="3222") == "/tmp/{y}/pendling.ipynb"
