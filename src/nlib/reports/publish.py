"""From municipalities and notebooks to pages in reports/: each published whole or not at all, and an index of them all."""

import datetime
import functools
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from pathlib import Path

import nbformat
import pandas as pd

from nlib import __version__, pipeline, store
from nlib.errors import NlibError, NotebookFailed, UnknownNotebook, WrongUse
from nlib.figures.chart import Chart
from nlib.figures.files import asked
from nlib.figures.html import anchor, table_html
from nlib.language import date
from nlib.municipalities import Register, fold
from nlib.reports.beside import CODE, FILES, figure_files, lying, packed, unpacked
from nlib.reports.changes import news
from nlib.reports.code import research_files
from nlib.reports.index import MAIN, Entry, index_html
from nlib.reports.index_figures import key_figures
from nlib.reports.index_map import drawing
from nlib.reports.links import leads_to, settled
from nlib.reports.pdf import chromium, print_page
from nlib.reports.render import blocks, page, render, template
from nlib.run import cluster, fork, local
from nlib.run.local import IN_PROCESS, KERNEL, Job, at_home, check_parameters, execute, notebooks
from nlib.tables import MARKS
from nlib.translations import WRITTEN, spoken, tr
from nlib.view import View, needs, themes

OLDEST = 2  # years
RUN, DESCRIBED = "kjoringen.html", "data/datapackage.json"  # among the reports
EVERY_VIEW = ("boundaries", "comparison_groups", "municipalities", "municipality_changes", "municipality_codes")
OVERVIEW = {"Innhold": "Innhold", "Tabell": "Tabell", "År": "År", "Kommuner": "Kommuner", "Manglende tall": "Mangler"}
OVERVIEW |= {"Ikke sammenlignbare": "Ikke like"}
OVERVIEW_TEXT = "Mangler: tall som ikke finnes. Ikke like: kommuneår som ikke kan sammenlignes med andre år"


def slug(name: str) -> str:
    """A name as part of a folder's name: plain letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")


@functools.cache
def commit(root: Path) -> str:
    """The commit that the checkout is at, or «ukjent» outside one; `NLIB_COMMIT` tells it to a machine that has none."""
    if told := os.environ.get("NLIB_COMMIT"):
        return told
    if shutil.which("git") is None:
        return "ukjent"
    answer = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=root, capture_output=True, text=True)
    return answer.stdout.strip() or "ukjent"


def facts(edition: store.Edition, notebook: Path) -> dict:
    """What a page says of its figures: edition, date, sources, version (from the tables that the notebook's metadata names)."""
    about = about_of(notebook)
    moments = {name: moment for name in about["tables"] if (moment := pipeline.datasets()[name].moment)}
    tables = {name: edition.table(name)["year"] for name in moments}
    years = {name: int(held.max()) for name, held in tables.items() if len(held)}  # an optional source may not be there
    latest = [f"{tr(moments[name])} {years[name]}" for name in years]
    return {
        "edition": edition.name,
        "synthetic": edition.synthetic,
        "figures_date": latest[0] if latest else "",
        "sources": sources_of(edition, about["tables"]),
        "nlib_version": __version__,
        "commit": commit(Path(__file__).parent),
        "warnings": warnings_of(edition) + old(edition, list(years.values())),
    }


def warnings_of(edition: store.Edition) -> list[str]:
    """What must be told on every page: the rules that are broken knowingly."""
    return [f"{tr('Godtatt brudd på en kontroll:')} {text}" for text in edition.processed_manifest().get("accepted", {}).values()]


def old(edition: store.Edition, years: list[int]) -> list[str]:
    """A word of warning where the newest figures are more than two years older than the edition's name says it is."""
    newest = max(years, default=None)
    if newest is None or not edition.name.isdigit() or int(edition.name) - newest <= OLDEST:
        return []
    told = tr("Gamle tall: de nyeste er fra {newest}, og utgaven er fra {edition}. Se etter om kilden har stoppet.")
    return [told.format(newest=newest, edition=edition.name)]


def sources_of(edition: store.Edition, tables) -> list[tuple[str, str, str, str]]:
    """Where tables come from: text, address, licence, and when; what stands in for a source that is not here is told too."""
    counted = edition.raw_manifest()["sources"]
    raws = pipeline.origins(tables).values()
    here = [
        (f"{raw.source}: {raw.title}", raw.page, raw.licence, updated_text(counted[raw.name]))
        for raw in raws
        if raw.name in counted
    ]
    absent = [raw for raw in raws if raw.name not in counted and raw.instead]
    by_hand = [
        (
            f"{need.source}: nlib import {entry['name']}",
            "",
            need.licence or tr("ikke oppgitt"),
            f"{tr('tatt inn')} {day_of(entry['when'])}",
        )
        for need, entry in pipeline.files_by_hand(edition, tables)
    ]
    return here + [(f"{raw.producer}: {raw.instead}", raw.page, raw.licence, tr("følger nlib")) for raw in absent] + by_hand


def updated_text(source: dict) -> str:
    """When the producer last changed the table, as a reader is told it; when it was fetched where the producer does not say."""
    told = source["updated"] or source["files"][0]["fetched"]
    word = tr("oppdatert") if source["updated"] else tr("hentet")
    return f"{word} {day_of(told)}"


def day_of(moment: str) -> str:
    """The day of an ISO time, in words."""
    return date(datetime.date.fromisoformat(moment[:10]))


def about_of(notebook: Path) -> dict:
    """What a report notebook says of itself in its metadata: `title` and the `tables` its figures come from."""
    about = nbformat.read(notebook, as_version=4).metadata.get("nlib", {})
    if missing := {"title", "tables"} - set(about):
        raise NotebookFailed(
            f"{notebook.name} mangler {', '.join(sorted(missing))} under «nlib» i metadata (Edit, Edit Notebook Metadata)"
        )
    return about


def write_about(edition: store.Edition) -> None:
    """The page «Om tallene»: where each table of the edition is from, what it covers, what is missing, and what it means."""
    told = {
        "edition": edition.name,
        "synthetic": edition.synthetic,
        "figures_date": "",
        "sources": sources_of(edition, pipeline.datasets()),
        "nlib_version": __version__,
        "commit": commit(Path(__file__).parent),
        "warnings": warnings_of(edition),
    }
    tables = pipeline.describe(edition)
    overview = tables[list(OVERVIEW)].rename(columns=OVERVIEW).sort_values("Innhold")
    sources = pipeline.describe_sources(edition).drop(columns="Lisens")
    marks = (
        "I SSBs tabeller kan et tegn stå der et tall mangler: "
        + "; ".join(f"«{mark}» {what}" for mark, what in MARKS.items())
        + "."
    )
    parts = [
        "<p class='lead'>Hver tabell i utgaven, hvor den kommer fra, hvilke år og kommuner den har, og hva som mangler.</p>",
        "<p>Alle tall står på dagens kommuner: sammenslåtte er lagt sammen, delte er fordelt etter folketall og regnet som ikke "
        "sammenlignbare. Et tall som mangler, er aldri regnet som null. Hvor en serie er brutt, står ved tabellen.</p>",
        f"<p>{escape(marks)}</p>",
        f"<h2>Tabellene</h2>{table_html(overview, OVERVIEW_TEXT, {})}",
        f"<h2>Kildene</h2>{table_html(sources, 'Hva som er hentet, og hvor seriene er brutt', {})}",
        "<h2>Kolonnene</h2>",
    ]
    for row in tables.sort_values("Innhold").to_dict("records"):
        dataset = pipeline.datasets()[row["Tabell"]]
        columns = dataset.columns()[["column", "unit", "meaning"]]
        columns = columns.rename(columns={"column": "Kolonne", "unit": "Enhet", "meaning": "Betydning"})
        shown = table_html(columns, f"{dataset.title} ({dataset.name})", {})
        links = ", ".join(f"<a href='{escape(link)}'>{escape(link)}</a>" for link in row["Lenke"].split())
        above = f"<p>Kilde: {escape(row['Kilde'] or 'nlib')}{f' ({links})' if links else ''}</p>"
        parts.append(f"<details id='{anchor(dataset.name)}'><summary>{escape(dataset.title)}</summary>{above}{shown}</details>")
    if spoken() != WRITTEN:
        parts = [f"<div lang='{WRITTEN}'>", *parts, "</div>"]  # the tables are described in bokmål only
    html = page(parts, title=tr("Om tallene"), place=tr("Alle kommuner"), edition_facts=told, index="index.html")
    store.write(edition.reports / "om-tallene.html", html.encode())


def made_of(job: Job, engine: str) -> bytes:
    """Run one notebook and give an archive of its page, whole and checked, and of what is to lie beside it; nothing is written."""
    edition = store.edition(job.parameters["edition"], _home(job.page))
    with asked(FILES in job.beside):
        run = execute(job.notebook, job.parameters, edition.root, engine)
    about = _about(edition, job.notebook, *_stamp(edition, job.notebook))
    place = about["names"][job.parameters["kommune"]]
    name, stem = job.page.name, job.page.stem
    files = figure_files(run, stem, place, about) if FILES in job.beside else {}
    if CODE in job.beside:
        tables = [(table, pipeline.datasets()[table].title) for table in _tables(edition, job.notebook)]
        files |= research_files(run, stem, place, about, tables)
    links = {f"{FILES}/{stem}/{stem}.xlsx": tr("Tallene i figurene (Excel)"), f"{CODE}/{name}": tr("Forskerutgaven, med koden")}
    html = render(
        run,
        title=about["title"],
        municipality=place,
        edition_facts=about["facts"],
        theme=job.notebook.stem,
        files=files,
        beside=[(text, to) for to, text in links.items() if to in files],
    )
    return packed({name: html.encode()} | files)


def _home(page: Path) -> Path:
    """The home that a page is to lie in: the folder above reports/."""
    return next(folder.parent for folder in page.parents if folder.name == "reports")


def _stamp(edition: store.Edition, notebook: Path) -> tuple[str, ...]:
    """What a page's facts hang on: the edition's two manifests and the notebook."""
    return tuple(store.digest(path) for path in (*edition.manifests, notebook))


@functools.lru_cache(maxsize=64)
def _about(edition: store.Edition, notebook: Path, *stamp: str) -> dict:
    """What is the same for every municipality's page of a notebook: its title, the edition's facts, and names by number."""
    names = dict(edition.kept("municipalities")[["komm_nr", "name"]].to_numpy())
    return {"title": tr(about_of(notebook)["title"], notebook.stem), "facts": facts(edition, notebook), "names": names}


def ready(edition: store.Edition, themes: tuple[Path, ...]) -> None:
    """Load what the pages of these notebooks use, so that no process forked from this one need do it: libraries, tables,
    outlines, fonts and templates. No notebook is run."""
    with at_home(edition.root):
        _ = View(edition.kept("municipalities")["komm_nr"].iloc[0], edition.name).outlines
    for notebook in themes:
        _about(edition, notebook, *_stamp(edition, notebook))
        for table in _tables(edition, notebook):
            edition.kept(table)
    Chart("klar", "Klar", "", "1", "", "", pd.DataFrame({"År": ["2026"], "Tall": [1.0]}), _sample)._repr_html_()
    with tempfile.TemporaryDirectory() as folder:
        blank = Path(folder) / "klar.ipynb"
        set_here = nbformat.v4.new_code_cell("kommune = ''", metadata={"tags": ["parameters"]})
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        cells = [set_here, nbformat.v4.new_markdown_cell("# Klar")]
        nbformat.write(nbformat.v4.new_notebook(metadata=kernel, cells=cells), blank)
        blocks(execute(blank, {"kommune": ""}, edition.root, IN_PROCESS))
    template("page.html.j2")


def _sample(figure, narrow):
    axis = figure.add_axes((0.2, 0.2, 0.6, 0.6))
    axis.plot([1, 2], [1, 2], marker="o")
    axis.set_title("Klar ABCÆØÅabcæøå 0123456789", weight="bold")


def engine_named(name: str | None, scheduler: str | None = None) -> str:
    """papermill's name of the engine that a user calls «nlib» or «kernel»; without a name the fastest that runs here.

    scheduler: of the cluster that is to do it, if one is; its workers have only the engine nlib.
    """
    if scheduler:
        if name == "kernel":
            raise WrongUse("En klynge kjører notatbøkene med motoren nlib: ta bort --engine kernel, eller ta bort --scheduler")
        return IN_PROCESS
    if name == "nlib" and not fork.AVAILABLE:
        raise WrongUse("Motoren nlib trenger et system som kan dele prosesser (Linux): bruk --engine kernel")
    return KERNEL if name == "kernel" or not fork.AVAILABLE else IN_PROCESS


def _run(edition: store.Edition, jobs: list[Job], workers: int, engine: str, scheduler: str | None = None):
    """Each job with its page or its error, by the engine that is asked for; here, or on the cluster of a scheduler."""
    if engine == KERNEL:
        return local.each(jobs, functools.partial(made_of, engine=KERNEL), workers)
    themes = tuple(dict.fromkeys(job.notebook for job in jobs))
    work, load = functools.partial(made_of, engine=IN_PROCESS), functools.partial(ready, edition, themes)
    if scheduler:
        return cluster.each(jobs, work, load, scheduler, **_elsewhere(edition, themes))
    return fork.each(jobs, work, load, workers)


@dataclass(frozen=True)
class Made:
    """What became of the pages that were asked for: counts, what failed (a line each), and seconds."""

    made: int
    unchanged: int
    failed: list[str]
    seconds: float


def make(
    edition: store.Edition,
    kommuner,
    names=(),
    workers: int = 1,
    say=print,
    engine: str | None = None,
    changed: bool = False,
    pdf: bool = False,
    beside: Collection[str] = (),
    scheduler: str | None = None,
) -> Made:
    """Make the pages of these municipalities (all of them where none is named) and the index.

    beside: the kinds of files to make beside each page (`nlib.reports.beside`); what lies there already is made again with it.
    changed: leave out pages that stand unharmed and were made from the same notebook, tables, parameters and code.
    pdf: print each page that is made, and each that stands without one, as PDF beside it.
    scheduler: the address of a Dask cluster's scheduler; its workers make the pages in place of this machine.
    """
    engine = engine_named(engine, scheduler)
    if pdf:
        chromium()
    register = Register(edition.table("municipality_codes"), edition.table("municipality_changes"))
    places = edition.table("municipalities").set_index("komm_nr")["name"]
    numbers = list(dict.fromkeys(register.find(k) for k in kommuner)) or list(places.index)
    there = notebooks(edition.root / "notebooks")
    if unknown := [name for name in names if name not in there]:
        raise UnknownNotebook(f"Notatboken «{unknown[0]}» finnes ikke. Velg blant: {', '.join(there) or 'ingen'}")
    picked = {name: there[name] for name in names or there}
    if not picked:
        raise UnknownNotebook(f"Det er ingen notatbøker i {edition.root / 'notebooks'}")
    jobs = []
    for notebook in picked.values():
        about_of(notebook)
        check_parameters(notebook, {"kommune": "", "edition": "", "compare": []})
        for number in numbers:
            target = edition.reports / f"{number}-{slug(places[number])}" / f"{notebook.stem}.html"
            kinds = tuple(kind for kind, held in lying(target).items() if held or kind in beside)
            jobs.append(Job(notebook, {"kommune": number, "edition": edition.name, "compare": []}, target, kinds))
    failed = {}
    begun = time.monotonic()
    journal = Journal(edition, picked.values())
    pages = [job.page for job in jobs]
    jobs = [job for job in jobs if not (changed and journal.stands(job))]
    for done, (job, outcome) in enumerate(_run(edition, jobs, workers, engine, scheduler), 1):
        where = str(job.page.relative_to(edition.reports))
        if isinstance(outcome, bytes):
            journal.made(job, _written(job.page, unpacked(outcome)))
        else:
            failed[where] = str(outcome)
        say(f"{done} av {len(jobs)}: {f'{where} – feilet: {outcome}' if where in failed else job.page}")
    journal.settle({page.parent for page in pages})
    journal.close()
    if pdf:
        failed |= _printed(edition, [page for page in pages if page.is_file() and not page.with_suffix(".pdf").is_file()], workers)
    write_about(edition)
    seconds = time.monotonic() - begun
    write_index(edition, there, failed, seconds)
    say(f"Oversikt: {edition.reports / 'index.html'}")
    told = [f"{where}: {error}" for where, error in sorted(failed.items())]
    return Made(len(jobs) - len(failed), len(pages) - len(jobs), told, round(seconds, 1))


def _written(page: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """Write a page and the files beside it, the page after what it leads to, and take away what was beside the page before."""
    for name in sorted(files, key=lambda name: name == page.name):
        store.write(page.parent / name, files[name])
    before = [path for paths in lying(page).values() for path in paths]
    for path in {*before, page.with_suffix(".pdf")} - {page.parent / name for name in files}:
        path.unlink(missing_ok=True)
    return files


def _printed(edition: store.Edition, pages: list[Path], workers: int) -> dict[str, str]:
    """Print these pages, `workers` at a time; what failed, by page."""
    failed = {}
    with ThreadPoolExecutor(workers) as pool:
        for page, printing in {page: pool.submit(print_page, page) for page in pages}.items():
            try:
                printing.result()
            except NlibError as error:
                failed[str(page.with_suffix(".pdf").relative_to(edition.reports))] = str(error)
    return failed


class Journal:
    """What each page of an edition was made from, in pages.json: a hash of its inputs, and of the page and each file beside it.

    A page that is there but not in the journal, or is not what it says, is made again; so the journal may be old but never wrong.
    """

    EVERY = 50  # pages between writings

    def __init__(self, edition: store.Edition, notebooks):
        self.edition, self.path = edition, edition.reports / "pages.json"
        try:
            self.entries = store.read_json(self.path)
        except NlibError:  # damaged: every page is made again
            self.entries = {}
        self.inputs = {notebook: _inputs(edition, notebook) for notebook in notebooks}
        self.unsaved = 0

    def _inputs(self, job: Job) -> str:
        return store.sha256(json.dumps([self.inputs[job.notebook], job.parameters, job.beside], sort_keys=True).encode())

    def stands(self, job: Job) -> bool:
        entry = self.entries.get(str(job.page.relative_to(self.edition.reports)))
        if not entry or entry["inputs"] != self._inputs(job):
            return False
        return all(store.digest(job.page.parent / name) == digest for name, digest in entry["files"].items())

    def made(self, job: Job, files: dict[str, bytes]) -> None:
        """Note a page that is made, with the files beside it."""
        digests = {name: store.sha256(body) for name, body in files.items()}
        where = str(job.page.relative_to(self.edition.reports))
        links = [name for name, body in files.items() if name.endswith(".html") and leads_to(body)]
        self.entries[where] = {"inputs": self._inputs(job), "files": digests, "links": links}
        self.unsaved += 1
        if self.unsaved >= self.EVERY:
            self.close()

    def settle(self, folders: set[Path]) -> None:
        """Show the links on the pages of these folders that lead to what stands, and hide those that do not."""
        for where, entry in self.entries.items():
            folder = (self.edition.reports / where).parent
            for name in entry.get("links", []) if folder in folders else []:
                entry["files"][name] = _settle(folder / name, entry["files"][name])

    def close(self) -> None:
        store.write_json(self.path, self.entries)
        self.unsaved = 0


def _settle(page: Path, digest: str) -> str:
    """Settle a page's links if it is what its digest says; gives its digest afterwards."""
    if store.digest(page) != digest:
        return digest
    body = page.read_bytes()
    shown = settled(body, lambda name: (page.parent / name).is_file())
    if shown != body:
        store.write(page, shown)
    return store.sha256(shown)


def _inputs(edition: store.Edition, notebook: Path) -> list:
    """What every page of a notebook hangs on: the notebook, its tables, what is said of them, the edition before it, and the code.
    Which commit the code is from is left out: the same code makes the same page, but for that word."""
    told = {name: value for name, value in facts(edition, notebook).items() if name != "commit"}
    before = store.digest(edition.before.manifests[1]) if edition.before else ""
    digests = edition.digests(*_tables(edition, notebook))
    return [store.digest(notebook), store.code(), digests, before, json.dumps(told, sort_keys=True, default=str)]


def _tables(edition: store.Edition, notebook: Path) -> list[str]:
    """The tables that a notebook's pages are made from: those of the figures it asks for, and what every view holds.

    All of the edition's where it does more than ask for figures.
    """
    code = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    asked = re.findall(r"^view\.(?:figure|front)\(\s*\"(\w+)", "\n".join(code), re.MULTILINE)
    held = set(edition.processed_manifest().get("tables", {}))
    if len(asked) + 2 < len(code) or not set(asked) <= set(themes()):
        return sorted(held)
    return sorted(held & {*EVERY_VIEW, *about_of(notebook)["tables"], *(need for theme in asked for need in needs(theme))})


def _elsewhere(edition: store.Edition, themes: tuple[Path, ...]) -> dict:
    """What another machine must be given to make the pages of these notebooks: files of the home, and environment."""
    tables = {table for notebook in themes for table in _tables(edition, notebook)}
    files = [*themes, *edition.manifests, *(edition.processed / f"{table}.parquet" for table in sorted(tables))]
    if before := edition.before:
        files += [*before.manifests, before.processed / "headline_figures.parquet"]
    environment = {"NLIB_COMMIT": commit(Path(__file__).parent), "NLIB_LANGUAGE": os.environ.get("NLIB_LANGUAGE", "")}
    return {"root": edition.root, "files": [path for path in files if path.is_file()], "environment": environment}


def write_run(edition: store.Edition, run: dict, shown: dict[str, pd.DataFrame], stale: Sequence[str] = ()) -> None:
    """What a yearly run did: added to run.json, and the page «Kjøringen» of these tables by heading, which the index leads to.

    stale: as for `write_index`.
    """
    parts = [f"<p class='lead'>{escape(run['summary'])}</p>"]
    parts += [f"<h2>{escape(name)}</h2>{table_html(table, name, {})}" for name, table in shown.items() if len(table)]
    told = {
        "edition": edition.name,
        "synthetic": edition.synthetic,
        "figures_date": run["begun"][:10],
        "sources": [],
        "nlib_version": __version__,
        "commit": commit(Path(__file__).parent),
        "warnings": [],
    }
    html = page(parts, title=tr("Kjøringen"), place=tr("Alle kommuner"), edition_facts=told, index="index.html")
    store.write(edition.reports / RUN, html.encode())
    made = store.read_json(edition.reports / "run.json")
    write_index(edition, notebooks(edition.root / "notebooks"), made["failed"], made["seconds"], stale)
    store.write_json(edition.reports / "run.json", made | run)


def write_index(
    edition: store.Edition, there: dict[str, Path], failed: dict[str, str], seconds: float, stale: Sequence[str] = ()
) -> None:
    """The index of every page in the edition's folder, and run.json: what ran, with which versions, and what failed.

    stale: why figures could not be brought up to date, a line each.
    """
    titles = {name: tr(about_of(path)["title"], name) for name, path in sorted(there.items(), key=lambda held: held[0] != MAIN)}
    entries = []
    for place in edition.table("municipalities").itertuples(index=False):
        folder = f"{place.komm_nr}-{slug(place.name)}"
        pages = tuple(
            (title, f"{folder}/{name}.html")
            for name, title in titles.items()
            if (edition.reports / folder / f"{name}.html").is_file()
        )
        if (edition.reports / folder / "tall.xlsx").is_file():
            pages += ((tr("Alle tallene i Excel"), f"{folder}/tall.xlsx"),)
        entries.append(Entry(place.komm_nr, place.name, tr("Uten fylke") if pd.isna(place.county) else place.county, pages))
    told = {
        "edition": edition.name,
        "synthetic": edition.synthetic,
        "nlib_version": __version__,
        "commit": commit(Path(__file__).parent),
    }
    open_only = store.read_json(edition.reports / DESCRIBED).get("nlib", {}).get("open_only", False)
    which = tr("Tabellene med åpen lisens") if open_only else tr("Hele utgaven")
    downloads = [
        (f"{which} {tr('som datapakke (CSV, med beskrivelse av hver kolonne)')}", DESCRIBED),
        (tr("Alle figurene som små bilder"), "galleri.html"),
    ]
    html = index_html(
        entries,
        told,
        failures=sorted(failed.items()),
        news=[
            *(tr("Ikke oppdatert i siste kjøring, tallene fra før står. {why}").format(why=why) for why in stale),
            *news(edition),
        ],
        figures=key_figures(edition),
        drawing=drawing(edition.kept("boundaries")) if edition.holds_table("boundaries") else None,
        downloads=[(text, to) for text, to in downloads if (edition.reports / to).is_file()],
        run=RUN if (edition.reports / RUN).is_file() else "",
    )
    store.write(edition.reports / "index.html", html.encode())
    tables = {name: entry["sha256"] for name, entry in edition.processed_manifest()["tables"].items()}
    versions = {name: importlib.metadata.version(name) for name in ("pandas", "matplotlib", "papermill", "nbconvert")}
    run = told | {"seconds": round(seconds, 1), "failed": failed, "tables": tables, "versions": versions}
    store.write_json(edition.reports / "run.json", run)
