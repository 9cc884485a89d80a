"""Import as a user meets it: recognised, told, kept byte for byte, and never half."""

import hashlib
import io
import json
import os
import re
import zipfile
from pathlib import Path

import pytest

from nlib import cli
from nlib.build import imports, pipeline
from nlib.core import store
from nlib.core.errors import WrongUse
from nlib.core.municipalities import Register, resource
from nlib.data.readers import kinds

SAMPLES = Path(__file__).parent / "samples_by_hand"
KINDS = {
    "statbank_heading.csv": "statbank",
    "statbank_saved_by_excel.csv": "statbank",
    "telemarksforsking.csv": "telemarksforsking",
    "telemarksforsking.js": "telemarksforsking",
    "telemarksforsking.json": "telemarksforsking",
    "regnskap.csv": "regnskap",
    "bro_2015.csv": "bro",
    "statbank_13472.csv": "statbank",
    "statbank_11713.csv": "statbank",
}
NUMBERS = Register(resource("municipalities.csv"), resource("municipality_changes.csv")).current["komm_nr"].tolist()


def outlines(numbers: list[str], without: tuple[str, ...] = ()) -> bytes:
    """A map with a square for each number, and nothing for those in `without`."""
    features = []
    for at, number in enumerate(numbers):
        west, south = 5 + at % 20 * 0.5, 58 + at // 20 * 0.4
        corners = [(0, 0), (0.2, 0), (0.2, 0.1), (0, 0.1), (0, 0)]
        shape = {"type": "Polygon", "coordinates": [[[west + east, south + north] for east, north in corners]]}
        shape = None if number in without else shape
        features.append({"type": "Feature", "properties": {"kommunenummer": number}, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


MAP = outlines(NUMBERS)


@pytest.fixture
def nlib(tmp_path, monkeypatch, capsys):
    """The command line in a home of its own: words in, exit code and what was said out."""
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))

    def run(*words) -> tuple[int, str]:
        code = 0
        try:
            cli.run([str(word) for word in words])
        except SystemExit as done:
            code = done.code
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def edition(home) -> store.Edition:
    return store.edition(None, home)


def saved(folder: Path, name: str, body: bytes) -> Path:
    path = folder / name
    path.write_bytes(body)
    return path


def test_every_sample_is_tested():
    assert {path.name for path in SAMPLES.iterdir()} == set(KINDS)


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_a_file_is_recognised_and_kept_as_it_came(nlib, tmp_path, name, kind):
    code, said = nlib("import", SAMPLES / name)
    assert code == 0, said
    assert said.startswith(f"{name}: {kind}, ")
    (entry,) = edition(tmp_path).imports()
    body = (SAMPLES / name).read_bytes()
    assert entry["sha256"] == hashlib.sha256(body).hexdigest()
    called = f"{kind}-{entry['sha256'][:8]}.csv" if kinds.kinds()[kind].private else name
    assert entry["file"] == f"import/{kind}/{entry['sha256'][:12]}/{called}"
    assert edition(tmp_path).read_import(entry) == body
    assert {"kind", "name", "bytes", "when", "producer", "licence"} <= set(entry)


def test_rows_missing_figures_and_unknown_columns_are_told(nlib, tmp_path):
    table = (SAMPLES / "telemarksforsking.csv").read_bytes().replace(b"Etableringsfrekvens", b"Noe annet")
    code, said = nlib("import", SAMPLES / "statbank_heading.csv", saved(tmp_path, "endret.csv", table))
    assert code == 0, said
    assert "statbank, tabell 99001, 12 rader, 4 manglende tall" in said
    assert "kolonnen «Noe annet» er ukjent og ikke lest" in said


def test_a_file_imported_twice_is_recognised_under_any_name(nlib, tmp_path):
    nlib("import", SAMPLES / "regnskap.csv")
    before = (tmp_path / "data/raw" / edition(tmp_path).name / "manifest.json").read_bytes()
    code, said = nlib("import", saved(tmp_path, "kopi.csv", (SAMPLES / "regnskap.csv").read_bytes()))
    assert (code, "er tatt inn fra før, som regnskap" in said) == (0, True)
    assert (tmp_path / "data/raw" / edition(tmp_path).name / "manifest.json").read_bytes() == before


def test_a_damaged_copy_is_found_by_check_and_mended_by_another_import(nlib, tmp_path):
    nlib("import", SAMPLES / "regnskap.csv")
    (entry,) = edition(tmp_path).imports()
    (edition(tmp_path).raw / entry["file"]).write_bytes(b"changed")
    assert any("er endret siden den ble tatt inn" in fault for fault in pipeline.check(edition(tmp_path))[1])
    nlib("import", SAMPLES / "regnskap.csv")
    assert len(edition(tmp_path).imports()) == 1
    lines, faults = pipeline.check(edition(tmp_path))
    assert any(re.match(r"import/regnskap: regnskap-\w{8}\.csv, ", line) for line in lines)
    assert not any("tatt inn" in fault for fault in faults)
    unbuilt = [fault for fault in faults if "nlib build" in fault]
    assert unbuilt == [f"Ingen tabeller er bygd ennå: kjør nlib build --edition {edition(tmp_path).name}"], "said once"


def test_a_file_that_fails_is_named_and_the_others_are_imported(nlib, tmp_path):
    page = saved(tmp_path, "tabell.xlsx", b"<!DOCTYPE html><html><body>Logg inn</body></html>")
    notes = saved(tmp_path, "notat.csv", b"a;b\n1;2\n")
    code, said = nlib("import", page, SAMPLES / "regnskap.csv", notes)
    assert code == 1
    assert "2 av 3 filer ble ikke tatt inn" in said
    assert "tabell.xlsx: Filen er en HTML- eller XML-side" in said
    assert "notat.csv: Kjenner ikke igjen filen" in said
    assert [entry["kind"] for entry in edition(tmp_path).imports()] == ["regnskap"]
    assert "Traceback" not in said


def test_a_file_that_fails_leaves_nothing(nlib, tmp_path):
    assert nlib("import", saved(tmp_path, "notat.csv", b"a;b\n1;2\n"))[0] == 1
    assert {path.name for path in (tmp_path / "data").rglob("*")} <= {".lock"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["import"], "FIL"),
        (["import", "finnes-ikke.csv"], "finnes-ikke.csv"),
        (["import", SAMPLES], "samples_by_hand"),
        (["import", SAMPLES / "regnskap.csv", "--as", "bilder"], "bilder"),
        (["import", SAMPLES / "regnskap.csv", "--edition", "../ute"], "kan ikke være navnet"),
        (["import", SAMPLES / "regnskap.csv", "--edition", "demo"], "syntetisk"),
    ],
)
def test_wrong_use_exits_2(nlib, tmp_path, words, told):
    code, said = nlib(*words)
    assert (code, told in said) == (2, True), said
    assert {path.name for path in (tmp_path / "data").rglob("*")} <= {".lock"}


def test_a_file_told_to_be_what_it_is_not_says_what_it_lacks(nlib):
    code, said = nlib("import", SAMPLES / "telemarksforsking.csv", "--as", "regnskap")
    assert code == 1
    assert "orgnr: Orgnr, Organisasjonsnummer" in said


def test_an_unknown_kind_lists_those_there_are(nlib):
    code, said = nlib("import", SAMPLES / "telemarksforsking.csv", "--as", "regneark")
    assert code == 2
    assert all(kind in said for kind in ("bro", "indikatorer", "kommunegrenser", "maal", "notater", "ramme", "statbank", "svar"))


def zipped(body: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parts:
        parts.writestr("Basisdata_Kommuner.geojson", body)
    return archive.getvalue()


@pytest.mark.parametrize(("name", "pack"), [("kommuner.geojson", bytes), ("kommuner.zip", zipped), ("journal.json", bytes)])
def test_boundaries_count_as_the_source_that_is_fetched(nlib, tmp_path, name, pack):
    code, said = nlib("import", saved(tmp_path, name, pack(MAP)))
    assert (code, said) == (0, f"{name}: kommunegrenser, 357 kommuner\n")
    raw = pipeline.raws()["kartverket_kommuner"]
    assert edition(tmp_path).read_raw(raw)["komm_nr"].tolist() == NUMBERS
    assert edition(tmp_path).raw_manifest()["sources"][raw.name]["files"][0]["address"] == f"nlib import {name}"


def test_a_map_that_lacks_some_municipalities_says_which_and_one_of_a_part_of_the_country_is_refused(nlib, tmp_path):
    code, said = nlib("import", saved(tmp_path, "kommuner.geojson", outlines(NUMBERS, without=("0301", "3222"))))
    assert (code, "kartet har ingen flate for 2 av dagens 357 kommuner (0301, 3222)" in said) == (0, True), said
    code, said = nlib("import", saved(tmp_path, "noen.geojson", outlines(["0301", "3222"], without=("0301",))))
    assert (code, "ingen flate for 356 av dagens 357 kommuner (0301, 1101" in said) == (1, True), said


def test_a_zip_with_anything_else_is_refused(nlib, tmp_path):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parts:
        parts.writestr("les.txt", "hei")
    code, said = nlib("import", saved(tmp_path, "alt.zip", archive.getvalue()))
    assert (code, "ikke en Excel-fil" in said) == (1, True)


def test_files_go_to_the_newest_edition_with_real_figures(tmp_path):
    store.new_edition("demo", tmp_path).mark_synthetic(1)
    assert imports.edition(None, tmp_path).name.isdigit()
    for name in ("2024", "2025"):
        store.write_json(tmp_path / "data/raw" / name / "manifest.json", {})
    assert imports.edition(None, tmp_path).name == "2025"
    with pytest.raises(WrongUse, match="syntetisk"):
        imports.edition("demo", tmp_path)


def test_a_later_fetch_keeps_what_was_imported(tmp_path):
    chosen = store.new_edition("2026", tmp_path)
    assert imports.load(chosen, [SAMPLES / "regnskap.csv"], say=lambda line: None) == []
    raw = pipeline.raws()["ssb_03321"]
    chosen.receive(raw, "p", "0.json", b"{}", {"address": "a", "query": None, "fetched": "f"})
    chosen.count(raw, "p", ["0.json"], None)
    assert [entry["kind"] for entry in chosen.imports()] == ["regnskap"]


def test_every_real_file_is_imported(nlib):
    data = os.environ.get("NLIB_REAL_DATA")
    if not data:
        pytest.skip("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    code, said = nlib("import", *sorted((Path(data) / "exports").iterdir()), Path(data) / "kommuner_2024.geojson")
    assert code == 0, said
    assert "11713.xlsx: statbank, tabell 11713, 13608 rader, 895 manglende tall" in said
    assert "kommuner_2024.geojson: kommunegrenser, 357 kommuner" in said
