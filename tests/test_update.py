"""The yearly run: what it makes and leaves, what it says, and the faults that it comes through with nothing lost."""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from statbank_double import Double, Reply, serving

from nlib.build import pipeline
from nlib.core import store
from nlib.core.errors import AlreadyRunning, NlibError, UnknownNotebook
from nlib.data.fetch import Client
from nlib.desk.view import needs
from nlib.press import fork, journal, publish, runs, status, update
from nlib.press.book import EVERY_VIEW
from tests import warm
from tests.editions import ROOT, quiet, with_notebooks
from tests.full_disk import FullDisk
from tests.kept import kept

pytestmark = pytest.mark.skipif(not fork.AVAILABLE, reason="fork finnes bare på Linux")
KEPT = ["3222", "1151", "0301"]


class NoService:
    """A producer that never answers."""

    def plan(self, query):
        from nlib.core.errors import SourceUnavailable

        raise SourceUnavailable("SSB svarer ikke")

    def windows(self, calls):
        return 0, 30, 60.0

    def spent(self):
        return "0 kall"


THEMES = ("rapport", "utdanning")


@pytest.fixture(scope="session")
def few(demo_home, run_folder):
    """The synthetic edition with three municipalities: all rows only in what the pages measure them against."""
    whole = {*EVERY_VIEW, *needs("utdanning"), "municipality_codes", "municipality_changes"} - {"municipalities", "facts"}

    def make(folder):
        shutil.copytree(demo_home / "data" / "processed", folder / "data" / "processed")
        edition = store.Edition("demo", folder)
        edition.raw.mkdir(parents=True)
        shutil.copy(demo_home / "data" / "raw" / "demo" / "manifest.json", edition.raw)  # nothing is to be built again
        manifest = edition.processed_manifest()
        for name, entry in manifest["tables"].items():
            table = edition.table(name)
            if "komm_nr" in table and name not in whole:
                own = table[table["komm_nr"].isin(KEPT)]
                body = own.to_parquet(index=False)
                store.write(edition.file(name), body)
                entry |= {"sha256": store.sha256(body), "rows": len(own)}
        store.write_json(edition.processed / "manifest.json", manifest)
        for theme in THEMES:
            small(folder / "notebooks", theme)

    with kept(run_folder / "few", make) as folder:
        yield folder


@pytest.fixture
def home(few, tmp_path, monkeypatch):
    """A home of one's own with the synthetic edition, three municipalities and two small notebooks."""
    shutil.copytree(few / "data", tmp_path / "data")
    shutil.copytree(few / "notebooks", tmp_path / "notebooks")
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    return tmp_path


ANSWERS = ("parametere", "utsnitt", "skills", "limits")  # of the report


def small(folder: Path, theme: str, *extra: str) -> None:
    """One of the project's notebooks with few figures, with further code after its view is made."""
    folder.mkdir(exist_ok=True)
    book = nbformat.read(ROOT / "notebooks" / f"{theme}.ipynb", as_version=4)
    if theme == "rapport":
        book.cells = [cell for cell in book.cells if cell.cell_type == "markdown" or cell.id in ANSWERS]
    after = [cell.id for cell in book.cells].index("utsnitt") + 1
    book.cells[after:after] = [nbformat.v4.new_code_cell(code, id=f"ekstra-{n}") for n, code in enumerate(extra)]
    nbformat.write(book, folder / f"{theme}.ipynb")


def make(home, names=(), **options):
    return publish.make(store.Edition("demo", home), (), names, 2, quiet, changed=True, **options)


def pages(home, linked: bool = False) -> dict[str, str]:
    """Each page with its hash; `linked`: as it is where all that it links to is there: a run that was cut short hides the rest."""
    folder = home / "reports" / "demo"
    made = sorted(path for path in folder.glob("*/*.html") if path.name not in publish.MOVED)
    bodies = {str(path.relative_to(folder)): path.read_bytes() for path in made}
    shown = {name: journal.settled(body, lambda _: True) if linked else body for name, body in bodies.items()}
    return {name: hashlib.sha256(body).hexdigest() for name, body in shown.items()}


def strays(home) -> list[str]:
    return [str(path) for path in home.rglob(".*.????????") if path.is_file()]


# -- what is made again


def test_a_page_is_made_again_only_when_what_it_is_made_from_has_changed(home):
    first = make(home)
    assert (first.made, first.unchanged, first.failed) == (6, 0, [])
    again = make(home)
    assert (again.made, again.unchanged) == (0, 6)
    small(home / "notebooks", "utdanning", "1 + 1")
    assert (make(home).made, len(pages(home))) == (3, 6)


def test_a_page_that_somebody_has_changed_or_removed_is_made_again_to_the_same_bytes(home):
    make(home)
    whole = pages(home)
    folder = home / "reports" / "demo" / "3222-lorenskog"
    (folder / "rapport.html").write_text("borte")
    (folder / "utdanning.html").unlink()
    assert make(home).made == 2 and pages(home) == whole


@pytest.mark.slow
def test_a_page_is_made_again_when_a_table_of_it_is_another(home):
    make(home)
    edition = store.Edition("demo", home)
    manifest = edition.processed_manifest()
    table = edition.table("education_levels")
    table["known"] += 1
    body = table.to_parquet(index=False)
    store.write(edition.processed / "education_levels.parquet", body)
    manifest["tables"]["education_levels"]["sha256"] = store.sha256(body)
    store.write_json(edition.processed / "manifest.json", manifest)
    assert make(home).made == 3


# -- what a run says


@pytest.mark.slow
def test_both_engines_give_the_same_page_byte_for_byte(home):
    make(home)
    forked = pages(home)
    for name in ("rapport", "utdanning"):  # alone, a page is shared by two processes
        (home / "reports" / "demo" / "3222-lorenskog" / f"{name}.html").unlink()
        publish.make(store.Edition("demo", home), ["3222"], [name], 2, quiet)
        assert pages(home) == forked
    shutil.rmtree(home / "reports")
    publish.make(store.Edition("demo", home), ["3222"], (), 1, quiet, engine="kernel")
    kernel = pages(home)
    assert kernel and kernel == {name: digest for name, digest in forked.items() if name in kernel}


def test_a_run_whose_source_is_down_makes_the_pages_of_what_is_here_and_tells_it(home):
    failed = update.update("demo", NoService(), 2, quiet)
    assert any("SSB svarer ikke" in line for line in failed) and len(pages(home)) == 6
    run = json.loads((home / "reports" / "demo" / "run.json").read_text())
    assert run["pages"] == {"laget": 6, "uendret": 0, "feilet": 0, "uten tall": 0, "igjen": 0} and run["ended"]
    assert any("SSB svarer ikke" in line for line in run["failed"])
    assert "SSB svarer ikke" in (home / "reports" / "demo" / "kjoringen.html").read_text()
    assert not (home / "reports" / "latest").exists()
    index = (home / "reports" / "demo" / "index.html").read_text(encoding="utf-8")
    assert 'href="kjoringen.html"' in index and 'href="data/datapackage.json"' in index
    assert "rapport.html" in index and "utdanning.html" not in index  # which the report leads to
    assert not re.search(r'<a href="(?!utdanning)\w+\.html', (home / "reports/demo/3222-lorenskog/rapport.html").read_text())


def test_a_source_that_never_was_here_and_does_not_come_is_told_where_a_run_is_told(home, monkeypatch):
    def fetch(edition, client, only, say):
        edition.note_absent({"ssb_07984": "Tabell 07984 er ikke slik den er deklarert"})

    monkeypatch.setattr(update.fetching, "fetch", fetch)
    assert update.update("demo", NoService(), 2, quiet, kommuner=["3222"]) == []
    edition = store.Edition("demo", home)
    (lost,) = [lost for lost in status.of(edition)["update"]["lost"] if lost["name"] == "ssb_07984"]
    assert "deklarert" in lost["why"] and any("07984" in line for line in status.lines(status.of(edition)))
    assert "er ikke slik den er deklarert" in (home / "reports" / "demo" / "kjoringen.html").read_text()


def test_a_home_without_notebooks_is_told_before_anything_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    monkeypatch.setattr(update.fetching, "fetch", None)
    with pytest.raises(UnknownNotebook, match=r"ingen notatbøker i .*: kopier"):
        update.update("2026", NoService(), 1, quiet)
    assert not (tmp_path / "data").exists()


def test_a_page_made_by_hand_after_a_run_that_failed_leaves_what_is_told_of_it(home):
    update.update("demo", NoService(), 2, quiet, kommuner=["3222"])
    edition = store.Edition("demo", home)
    night = status.of(edition)["update"]
    publish.make(edition, ["1151"], ["utdanning"], 1, quiet)
    told = status.of(edition)
    assert told["update"] == night and any("SSB svarer ikke" in line for line in night["failed"])
    assert told["report"]["pages"]["laget"] == 1 and told["report"].keys() == night.keys()


def test_a_run_that_is_killed_has_told_how_far_it_came(home, monkeypatch):
    monkeypatch.setattr(runs, "OFTEN", 0)

    def killed(line):
        if line.startswith("2 av 6"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update.update("demo", NoService(), 1, killed)
    run = status.of(store.Edition("demo", home))["update"]
    assert (run["ended"], run["step"], run["pages"]["laget"], run["pages"]["igjen"]) == (None, "sider", 2, 4)
    assert run["failed"], "what its sources said"


def test_a_page_of_a_place_with_none_of_its_figures_is_left_out_before_the_notebook_runs_and_counted_apart(home):
    book = nbformat.read(home / "notebooks" / "utdanning.ipynb", as_version=4)
    book.metadata["nlib"]["figures_of"] = ["education_gap"]
    nbformat.write(book, home / "notebooks" / "utdanning.ipynb")
    table, edition = store.Edition("demo", home).table("education_gap"), store.Edition("demo", home)
    body, manifest = table[table["komm_nr"] != "1151"].to_parquet(index=False), edition.processed_manifest()
    make(home)
    page = next((home / "reports" / "demo").glob("1151-*/utdanning.html"))
    store.write(edition.processed / "education_gap.parquet", body)
    manifest["tables"]["education_gap"]["sha256"] = store.sha256(body)
    store.write_json(edition.processed / "manifest.json", manifest)
    lines = []
    made = publish.make(edition, ["1151", "3222"], ["utdanning"], 2, lines.append)
    assert made.pages == {"laget": 1, "uendret": 0, "feilet": 0, "uten tall": 1, "igjen": 0} and not page.exists()
    assert lines[0].startswith("1 av 2: 1151-") and lines[0].endswith(publish.NO_FIGURES)


@pytest.mark.slow
def test_latest_is_moved_when_it_is_told_so(home):
    update.update("demo", NoService(), 2, quiet, latest=True)
    assert (home / "reports" / "latest" / "index.html").is_file() and os.readlink(home / "reports" / "latest") == "demo"


def test_two_runs_at_once_are_one_too_many(home):
    with store.alone(home), pytest.raises(AlreadyRunning, match=str(os.getpid())):
        update.update("demo", NoService(), 2, quiet)
    assert not (home / "reports").exists()


def test_a_municipality_that_fails_never_stops_the_others_and_is_named(home):
    small(home / "notebooks", "utdanning", "assert kommune != '1151', 'nei'")
    told = make(home)
    assert told.made == 5 and len(told.failed) == 1
    assert told.failed[0].startswith("1151-utsira/utdanning.html: utdanning.ipynb, celle 4: AssertionError: nei")
    assert not (home / "reports" / "demo" / "1151-utsira" / "utdanning.html").exists()


def test_the_page_of_before_stands_where_the_new_one_fails(home):
    make(home)
    before = pages(home)
    small(home / "notebooks", "utdanning", "1 / 0")
    assert len(make(home).failed) == 3 and pages(home) == before


def test_figures_that_moved_are_told_largest_first():
    before = pd.DataFrame(
        {"komm_nr": ["1", "2", "3"], "name": "x", "figure": "Folketall", "year": 2025, "value": [100.0, 100.0, 0.0]}
    )
    now = before.assign(value=[110.0, 50.0, 7.0], year=2026)
    told = update.moved(before, now.sample(frac=1, random_state=1))
    assert [(row["komm_nr"], row["change_pct"]) for row in told] == [("2", -50.0), ("1", 10.0)]
    assert update.moved(before, before) == []


def test_municipalities_that_come_and_go_are_named():
    before, now = pd.DataFrame({"komm_nr": ["1", "2"]}), pd.DataFrame({"komm_nr": ["2", "3"]})
    assert update.come_and_gone(before, now) == (["3"], ["1"])
    assert update.come_and_gone(before.head(0), now) == ([], [])


# -- faults


COMMAND = [sys.executable, "-c", "from nlib.cli import run; run(['report', '--all', '--edition', 'demo', '--changed', '-j', '2'])"]


@pytest.mark.slow
def test_a_run_killed_at_any_moment_is_finished_by_the_next_to_the_same_bytes(home):
    make(home)
    whole, as_linked = pages(home), pages(home, linked=True)
    chance = random.Random(3)
    for victim in ("self", "parent", "self", "worker"):
        shutil.rmtree(home / "reports")
        run = subprocess.Popen(
            COMMAND, env=os.environ | {"NLIB_HOME": str(home)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(1.5, 8))
        for pid in {"self": [run.pid], "parent": family(run.pid)[:1], "worker": family(run.pid)[1:2]}[victim]:
            os.kill(pid, signal.SIGKILL)
        run.wait(120)
        for name, digest in pages(home, linked=True).items():
            assert as_linked[name] == digest  # no half page, whatever happened
        store.clear_aside(store.Edition("demo", home))
        assert make(home).failed == [] and pages(home) == whole and strays(home) == []


def family(pid: int) -> list[int]:
    """The processes below one, its parent of forks first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found += [int(folder.name), *family(int(folder.name))]
    return found


@pytest.mark.slow
def test_a_read_only_reports_folder_is_told_and_nothing_is_lost(home):
    make(home)
    before = pages(home)
    shutil.rmtree(home / "reports" / "demo" / "3222-lorenskog")
    blocked = home / "reports" / "demo" / "3222-lorenskog"
    blocked.write_text("en fil der mappen skulle vært")
    with pytest.raises(OSError):
        make(home)
    blocked.unlink()
    assert make(home).failed == [] and pages(home) == before and strays(home) == []


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="krever rett til å montere en liten disk")
def test_a_full_disk_is_told_and_the_pages_that_stand_are_whole(home, tmp_path):
    make(home)
    whole, as_linked = pages(home), pages(home, linked=True)
    shutil.rmtree(home / "reports")
    (home / "reports").mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(home / "reports")], capture_output=True)
    if mounted.returncode:
        pytest.skip("å montere en disk er ikke tillatt her")
    try:
        with pytest.raises(OSError, match="No space"):
            make(home)
        stand = pages(home, linked=True)  # links are hidden until the run knows that they lead somewhere
        assert stand and all(as_linked[name] == digest for name, digest in stand.items())
        reports = next(path for path in (home / "reports").iterdir() if path.is_dir())
        assert all((reports / name).read_text(encoding="utf-8").rstrip().endswith("</html>") for name in stand)
        assert strays(home) == []
    finally:
        subprocess.run(["umount", str(home / "reports")], check=True)
    assert make(home).failed == [] and pages(home) == whole


@pytest.mark.slow
def test_clock_and_locale_do_not_matter(home):
    make(home)
    whole = pages(home)
    shutil.rmtree(home / "reports")
    odd = os.environ | {"NLIB_HOME": str(home), "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"}
    subprocess.run(COMMAND, env=odd, check=True, capture_output=True)
    assert pages(home) == whole


# -- the source, for a whole run


METADATA = {
    "version": "2.0",
    "class": "dataset",
    "label": "en annen tabell",
    "id": ["Farge", "Tid"],
    "size": [1, 1],
    "dimension": {
        "Farge": {"label": "farge", "category": {"index": {"rød": 0}, "label": {"rød": "rød"}}},
        "Tid": {"label": "år", "category": {"index": {"2025": 0}, "label": {"2025": "2025"}}},
    },
}
SOURCE_FAULTS = {
    "nede": (Reply("", 503), "503"),
    "opptatt": (Reply("", 429), "429"),
    "kuttet": (Reply({"a": 1}, cut=3), "kuttet"),
    "nettside": (Reply("<html>vedlikehold</html>"), "HTML"),
    "feil tabell": (Reply(METADATA), "ikke slik den er deklarert"),
    "borte": (Reply({"title": "Non-existent table"}, 404), "finnes ikke"),
}


@pytest.mark.slow
def test_a_source_that_fails_a_whole_run_leaves_the_pages_of_before_and_they_are_told_to_be_old(home, monkeypatch):
    monkeypatch.setattr(pipeline, "chosen", lambda only: {"ssb_07459": pipeline.raws()["ssb_07459"]})
    (home / "notebooks" / "rapport.ipynb").unlink()
    make(home)
    before = pages(home)
    for fault, (reply, told) in SOURCE_FAULTS.items():
        double = Double()
        double.says("/config", {"maxDataCells": 800000, "maxCallsPerTimeWindow": 1000, "timeWindow": 1})
        double.says("/", reply)
        with serving(double) as address:
            failed = update.update("demo", Client(address, say=quiet, sleep=lambda seconds: None), 1, quiet)
        assert failed[0].startswith("hent: ") and told in failed[0], fault
        assert pages(home) == before and not (home / "reports" / "latest").exists()
        assert "Ikke oppdatert i siste kjøring" in (home / "reports" / "demo" / "index.html").read_text()


@pytest.mark.slow
def test_a_run_that_loses_a_source_names_it_in_its_record_on_its_page_and_last_in_what_it_says_and_leaves_latest(home, monkeypatch):
    monkeypatch.setattr(pipeline, "chosen", lambda only: {"ssb_13472": pipeline.raws()["ssb_13472"]})
    (home / "notebooks" / "rapport.ipynb").unlink()
    small(home / "notebooks", "utdanning", "1 / 0 if kommune == '1151' else 1")
    failed = update.update("demo", NoService(), 1, quiet)
    assert len(failed) == 2 and failed[-1].startswith("hent: ssb_13472: SSB svarer ikke. Det som ble hentet ")
    run = json.loads((home / "reports" / "demo" / "run.json").read_text())
    assert [(lost["name"], lost["source"]) for lost in run["lost"]] == [("ssb_13472", "SSB, tabell 13472")]
    assert "Kilder som ikke kom: SSB, tabell 13472." in run["summary"]
    page = (home / "reports" / "demo" / "kjoringen.html").read_text()
    assert "Kilder som ikke kom</h2>" in page and "SSB, tabell 13472" in page
    assert not (home / "reports" / "latest").exists()


@pytest.mark.slow
def test_a_source_that_is_slow_is_given_up_and_the_rest_of_the_run_goes_on(home, monkeypatch):
    monkeypatch.setattr(pipeline, "chosen", lambda only: {"ssb_07459": pipeline.raws()["ssb_07459"]})
    double, wait = Double(), threading.Event()
    double.says("/config", {"maxDataCells": 800000, "maxCallsPerTimeWindow": 1000, "timeWindow": 1})
    double.says("/", lambda asked: wait.wait(30) and "")
    with serving(double) as address:
        client = Client(address, say=quiet, sleep=lambda seconds: None, timeouts=(0.2, 0.2))
        failed = update.update("demo", client, 2, quiet, kommuner=["3222"])
        wait.set()
    assert "for lang ventetid" in failed[0] and len(pages(home)) == 2


def test_the_first_run_of_a_new_edition_with_its_source_down_says_that_the_pages_of_before_stand(tmp_path, monkeypatch):
    with_notebooks(tmp_path)
    monkeypatch.setenv("NLIB_HOME", str(tmp_path))
    store.write_json(tmp_path / "data" / "processed" / "2025" / "manifest.json", {})
    with pytest.raises(NlibError, match=r"reports/2025 står som de var(.|\n)*SSB svarer ikke"):
        update.update("2026", NoService(), 1, quiet)
    assert "SSB svarer ikke" in (tmp_path / "reports" / "2026" / "run.json").read_text()
    assert not (tmp_path / "reports" / "latest").exists()


# -- what a stopped run leaves to the next


@pytest.mark.slow
def test_what_moved_is_told_until_a_run_is_finished_and_then_no_more(home, monkeypatch):
    told = {"komm_nr": ["3222"], "name": ["Lørenskog"], "figure": ["Folketall"], "year": [2024], "value": [1.0]}
    remembered = home / "reports" / "demo" / update.REMEMBERED
    store.write_json(remembered, told)

    def run_json():
        return json.loads((home / "reports" / "demo" / "run.json").read_text())

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(publish, "write_run", stop)
    with pytest.raises(KeyboardInterrupt):
        update.update("demo", NoService(), 2, quiet, kommuner=["3222"])
    monkeypatch.undo()
    monkeypatch.setenv("NLIB_HOME", str(home))
    update.update("demo", NoService(), 2, quiet, kommuner=["3222"])
    assert [row["komm_nr"] for row in run_json()["changes"]] == ["3222"]
    update.update("demo", NoService(), 2, quiet, kommuner=["3222"])
    assert run_json()["changes"] == []
    remembered.write_text("{")
    assert not any("endringer" in line for line in update.update("demo", NoService(), 2, quiet, kommuner=["3222"]))


def test_another_process_that_runs_is_named_and_left_alone(home):
    held = "import os; from nlib.core import store\nwith store.alone(store.home()):\n  print(os.getpid(), flush=True)\n  input()"
    environment = os.environ | {"NLIB_HOME": str(home)}
    with subprocess.Popen([sys.executable, "-c", held], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        pid = first.stdout.readline().decode().strip()
        second = warm.nlib("update", "--edition", "2026", NLIB_HOME=str(home))
        first.stdin.close()
    assert second.returncode == 1 and f"prosess {pid}" in second.stderr
    assert not (home / "reports").exists()


def test_files_from_the_future_change_nothing(home):
    make(home, names=("utdanning",))
    before = pages(home)
    for path in home.rglob("*"):
        os.utime(path, (4e9, 4e9))
    assert make(home, names=("utdanning",)).made == 0 and pages(home) == before


# -- damage


@pytest.mark.slow
def test_a_corrupt_table_is_told_by_report_and_made_again_from_raw_by_build(demo_home, tmp_path):
    shutil.copytree(demo_home / "data", tmp_path / "data")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    path = tmp_path / "data" / "processed" / "demo" / "municipalities.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:99] + bytes([whole[99] ^ 1]) + whole[100:])

    told = warm.nlib("report", "3222", "--edition", "demo", NLIB_HOME=str(tmp_path))
    assert told.returncode == 1 and "er skadet: kjør nlib build --edition demo" in told.stderr
    done = warm.nlib("build", "--edition", "demo", NLIB_HOME=str(tmp_path))
    assert done.returncode == 0 and path.read_bytes() == whole
    assert "municipalities: 357 rader" in done.stderr and "commuting: uendret" in done.stderr


@pytest.mark.slow
def test_a_disk_that_is_full_at_any_write_of_a_run_is_told_and_every_file_is_whole(home, monkeypatch):
    make(home, names=("utdanning",))
    whole, as_linked, folder = pages(home), pages(home, linked=True), home / "reports" / "demo"
    monkeypatch.setattr(store.os, "fsync", disk := FullDisk())
    for write in range(1, 7):  # report.json, the page, «Om tallene», the journal, the index, report.json
        for page in (folder / "3222-lorenskog" / "utdanning.html", folder / publish.ABOUT):
            page.unlink(missing_ok=True)
        disk.fill(write)
        with pytest.raises(OSError, match="No space"):
            make(home, names=("utdanning",))
        assert strays(home) == [] and pages(home, linked=True).items() <= as_linked.items()
        assert all(path.read_text().rstrip().endswith("</html>") for path in folder.glob("*.html"))
        assert all(json.loads(path.read_bytes()) for path in folder.glob("*.json"))
    disk.fill(0)
    assert make(home, names=("utdanning",)).failed == [] and pages(home) == whole


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="krever rett til å montere")
@pytest.mark.parametrize("part", ["reports", "data"])
def test_a_read_only_folder_is_told_and_nothing_is_changed(home, part):
    make(home, names=("utdanning",))
    before, folder = pages(home), home / part
    if subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True).returncode:
        pytest.skip("å montere er ikke tillatt her")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        told = warm.nlib("update", "3222", "--edition", "2026", NLIB_HOME=str(home), NLIB_API="http://127.0.0.1:9")
        assert told.returncode == 1 and "skrivebeskyttet" in told.stderr
        assert pages(home) == before
    finally:
        subprocess.run(["umount", str(folder)], check=True)
