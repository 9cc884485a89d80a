"""From municipalities and notebooks to pages in reports/: each published whole or not at all, and an index of them all."""

import collections
import contextlib
import functools
import itertools
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from nlib.build import regions
from nlib.core import store
from nlib.core.errors import NlibError, NotebookFailed, UnknownNotebook, WrongUse
from nlib.core.municipalities import slug
from nlib.core.settings import file
from nlib.core.translations import _
from nlib.data.codebooks.blanking import blanked
from nlib.press import enclosure, fork, local
from nlib.press.beside import lying, packed, unpacked
from nlib.press.book import Book, standing
from nlib.press.index import MAIN, Entry, index_html, of_counties
from nlib.press.index_map import Drawing, drawing
from nlib.press.journal import Journal, settled
from nlib.press.loading import ready
from nlib.press.local import IN_PROCESS, KERNEL, Job, about_of, check_parameters, notebooks
from nlib.press.making import made_of
from nlib.press.pdf import chromium, printouts
from nlib.press.real import facts_of, real_of
from nlib.press.render import commit, made_by, page, template
from nlib.press.runs import FAILED, LEFT, MADE, STAND, WITHOUT, Run

ABOUT, NEWS, RUN, DESCRIBED = "om-tallene.html", "nytt.html", "kjoringen.html", "data/datapackage.json"  # among the reports
NO_FIGURES = "kommunen har ingen av tallene, så det er ingen slik side"
MOVED = {"sammendrag.html": "rapport.html", "validering.html": "../kan-tallene-stoles-paa.html"}  # addresses of pages that were


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


def _run(edition: store.Edition, jobs: list[Job], books: dict[Path, Book], workers: int, engine: str, scheduler: str | None = None):
    """Each job with its page or its error, by the engine that is asked for; here, or on the cluster of a scheduler."""
    books = {job.notebook: books[job.notebook] for job in jobs}
    work = functools.partial(made_of, engine=engine, books=books)
    if engine == KERNEL:
        return local.each(jobs, work, workers)
    load = functools.partial(ready, edition, books, frozenset(kind for job in jobs for kind in job.beside))
    if scheduler:
        try:
            from nlib.press import cluster
        except ImportError as error:
            raise WrongUse(f"--scheduler trenger pakken distributed ({error}): pip install distributed") from error
        return cluster.each(jobs, work, load, scheduler, **_elsewhere(edition, books))
    folders = (edition.raw, edition.processed)  # each of them, and those above, may be a link to another disk
    lists = {edition.root / "data", *folders, *(folder.parent for folder in folders), *(notebook.parent for notebook in books)}
    return fork.each(jobs, work, load, workers, fork.Limits(reads=_within(edition, books), lists=tuple(lists)))


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
    compare: Sequence[str] = (),
    run: Run | None = None,
) -> Run:
    """Make the pages of these municipalities (all of them where none is named) and the index; of regions in editions of their own.

    beside: the kinds of files to make beside each page (`nlib.press.beside`); what lies there already is made again with it.
    changed: leave out pages that stand unharmed and were made from the same notebook, tables, parameters and code.
    pdf: print each page that is made, and each that stands without one, as PDF beside it, and a note of two sheets of a report.
    compare: whom they are measured against, by name or number; where nobody is named, those of nlib.toml, else those most alike.
    scheduler: the address of a Dask cluster's scheduler; its workers make the pages in place of this machine.
    run: that these pages are a part of; without one it is a run of its own.
    """
    engine = engine_named(engine, scheduler)
    if pdf:
        chromium()
    if not scheduler:
        for line in [enclosure.KERNEL] if engine == KERNEL else enclosure.lacking():
            say(line)
    found = list(dict.fromkeys(regions.find(edition, text) for text in kommuner))
    whole = [region for region in found if isinstance(region, store.Region)]
    numbers = [number for number in found if isinstance(number, str)]
    how = (names, workers, say, engine, changed, pdf, beside, scheduler, _against(edition, compare, numbers))
    chosen_notebooks(edition, names)  # what cannot be is told before anything is begun
    within = run or Run(edition, "report")
    with within.at("sider"):
        if numbers or not whole:
            _made(within, edition, numbers, *how)
        if whole:
            from nlib.build import pipeline  # loads what makes tables; pages of municipalities do without
        for region in whole:
            say(f"{region.name}: bygges av {len(region.members)} kommuner")
            put_together = regions.edition_of(edition, region)
            pipeline.build(put_together, lambda line: None)
            _made(within, put_together, [region.number], *how)
    if run is None:
        within.end()
    return within


def _against(edition: store.Edition, compare: Sequence[str], places: Iterable[str]) -> Callable[[str], list[str]]:
    """Whom each place is measured against, by its number; none where neither who asks nor nlib.toml names anybody.

    places: those that are named, none of which is measured against itself alone."""

    known = regions.register(edition)
    asked = known.compared(compare, *places)
    standing = {} if asked else regions.standing(known)
    return lambda place: [number for number in asked or standing.get(place, []) if number != place]


def _made(run, edition, numbers, names, workers, say, engine, changed, pdf, beside, scheduler, against) -> None:
    """The pages of places of one edition, all of them where none is named, with its index, told in the run."""
    there = notebooks(edition.root / "notebooks")
    picked = chosen_notebooks(edition, names)
    jobs = _jobs(edition, numbers, picked, beside, against)
    failed, old = {}, list[Path]()
    journal = Journal(edition, picked.values())
    pages = [job.page for job in jobs]
    jobs = [job for job in jobs if not ((changed or (job.page.parent == edition.reports and not names)) and journal.stands(job))]
    run.pages[STAND] += len(pages) - len(jobs)
    run.pages[LEFT] += len(jobs)
    rowless = _without_rows(edition, jobs)
    outcomes = itertools.chain(
        ((job, packed({})) for job in rowless),
        _run(edition, [job for job in jobs if job not in rowless], journal.books, workers, engine, scheduler),
    )
    with ThreadPoolExecutor(1) as aside:  # while the processes that make pages are getting ready
        of_edition, ahead = aside.submit(_of_edition, edition, journal), aside.submit(_ahead, edition, there, pages)
        for done, (job, outcome) in enumerate(outcomes, 1):
            where, became, line = str(job.page.relative_to(edition.reports)), MADE, str(job.page)
            if isinstance(outcome, bytes):
                written, papers = _written(job.page, unpacked(outcome))
                journal.made(job, written)
                old += papers
                if not written:
                    became, line = WITHOUT, f"{where} – {NO_FIGURES}"
            else:
                failed[where] = blanked(str(outcome)) if isinstance(outcome, NotebookFailed) else str(outcome)
                became, line = FAILED, f"{where} – feilet: {outcome}"
            run.page(became)
            say(f"{done} av {len(jobs)}: {line}")
    if not names:
        for folder in {page.parent for page in pages} - {edition.reports}:
            for moved, to in MOVED.items():
                store.write(folder / moved, template("flyttet.html.j2").render(to=to).encode())
    journal.settle({page.parent for page in pages})
    for where, files in of_edition.result().items():
        for name, body in files.items():
            store.write(edition.reports / name, body)
        journal.note(where, standing(edition), files)
    journal.close()
    if old and not pdf:
        first = old[0].relative_to(edition.reports)
        pdfs = "1 PDF var av en side" if len(old) == 1 else f"{len(old)} PDF-er var av sider"
        say(f"{pdfs} som nå er endret, og er tatt bort ({first}): --pdf lager på nytt")
    if pdf:
        failed |= _printed(edition, [page for page in pages if page.is_file()], workers)
    run.failed += [f"{where}: {error}" for where, error in sorted(failed.items())]
    write_index(edition, there, ahead=ahead.result())
    say(f"Oversikt: {edition.reports / 'index.html'}")


def chosen_notebooks(edition: store.Edition, names: Collection[str] = ()) -> dict[str, Path]:
    """The notebooks of these names, all of them where none is named; `UnknownNotebook` where there are none."""
    there = notebooks(edition.root / "notebooks")
    if unknown := [name for name in names if name not in there]:
        raise UnknownNotebook(f"Notatboken «{unknown[0]}» finnes ikke. Velg blant: {', '.join(there) or 'ingen'}")
    if not there:
        raise UnknownNotebook(f"Det er ingen notatbøker i {edition.root / 'notebooks'}: kopier mappen notebooks fra prosjektet dit")
    return {name: there[name] for name in names or there}


def _jobs(edition: store.Edition, numbers: list[str], picked: dict[str, Path], beside: Collection[str], against) -> list[Job]:
    """A page of each notebook for each place, all of them where none is named; of one that is made once, for all of them."""
    places = edition.table("municipalities").set_index("komm_nr")["name"]
    numbers = numbers or list(places.index)
    jobs = []
    for notebook in picked.values():
        once = about_of(notebook).get("once")
        check_parameters(notebook, {"kommune": "", "edition": "", "compare": []})
        if once and edition.regions:
            continue
        for number in [places.index.min()] if once else numbers:
            folder = edition.reports if once else edition.reports / f"{number}-{slug(places[number])}"
            target = folder / f"{once or notebook.stem}.html"
            kinds = tuple(kind for kind, lying_there in lying(target).items() if lying_there or kind in beside)
            parameters = {"kommune": number, "edition": edition.name, "compare": [] if once else against(number)}
            jobs.append(Job(notebook, parameters, target, kinds))
    return jobs


def _without_rows(edition: store.Edition, jobs: list[Job]) -> list[Job]:
    """The jobs whose place has no row in any of the tables that the notebook says that its figures are rows of (`figures_of`)."""
    places = {}
    for notebook in {job.notebook for job in jobs}:
        if needed := about_of(notebook).get("figures_of"):
            tables = [edition.kept(name) for name in needed if edition.holds_table(name)]
            places[notebook] = {number for table in tables for number in table["komm_nr"].unique()}
    return [job for job in jobs if job.parameters["kommune"] not in places.get(job.notebook, [job.parameters["kommune"]])]


def foreseen(
    edition: store.Edition,
    kommuner: Collection[str],
    names: Collection[str] = (),
    changed: bool = False,
    beside: Collection[str] = (),
    compare: Sequence[str] = (),
) -> tuple[int, int]:
    """How many pages `make` would make, and how many of those asked for it would leave as they are."""
    found = [regions.find(edition, text) for text in kommuner]
    numbers = [number for number in found if isinstance(number, str)]
    picked = chosen_notebooks(edition, names)
    jobs = _jobs(edition, numbers, picked, beside, _against(edition, compare, numbers)) if numbers or not found else []
    journal = Journal(edition, picked.values())
    stand = sum(changed and journal.stands(job) for job in jobs)
    return len(jobs) - stand + len(picked) * (len(found) - len(numbers)), stand


def _of_edition(edition: store.Edition, journal: Journal) -> dict[str, dict[str, bytes]]:
    """The pages that an edition has one of, each with what lies beside it, by page: those that do not stand."""
    made = {}
    if not journal.unharmed(ABOUT, standing(edition)):
        from nlib.press.about import about_html

        made[ABOUT] = {ABOUT: about_html(edition).encode()}
    if edition.before and not journal.unharmed(NEWS, standing(edition)):
        from nlib.press import changes

        made[NEWS] = changes.pages(edition)
    return made


@dataclass(frozen=True)
class _Index:
    """An index: what it shows of its edition whatever pages are made, what it tells of the pages, and itself."""

    overview: dict
    pages: dict
    html: str


def _ahead(edition: store.Edition, there: dict[str, Path], coming: Collection[Path]) -> _Index:
    """The index as it will be where these pages come to stand and nothing fails."""
    overview, pages = _overview(edition), _pages(edition, there, coming)
    return _Index(overview, pages, index_html(**overview | pages))


def _overview(edition: store.Edition) -> dict:
    """What the index shows of an edition, whatever pages are made."""
    from nlib.press.changes import news
    from nlib.press.index_figures import key_figures

    return {"news": news(edition), "since": edition.before is not None, "figures": key_figures(edition), "drawing": _drawn(edition)}


def _drawn(edition: store.Edition, numbers: Collection[str] | None = None) -> Drawing | None:
    """The map of an edition's index, or of these municipalities; None where there are no outlines."""
    if not edition.holds_table("boundaries"):
        return None
    outlines = edition.kept("boundaries")
    return drawing(outlines if numbers is None else outlines[outlines["komm_nr"].isin(numbers)])


def _written(page: Path, files: dict[str, bytes]) -> tuple[dict[str, bytes], list[Path]]:
    """Write a page and the files beside it, the page after what it leads to, and take away what was beside the page before.

    Gives the files, and the papers that are gone: those of a page that is the same are its own still."""
    bodies = page.read_bytes() if page.is_file() else b"", files.get(page.name, b"")
    then, now = (settled(body, lambda name: True) for body in bodies)
    papers = [] if then == now else [paper for paper, __ in printouts(page) if paper.is_file()]
    for name in sorted(files, key=lambda name: name == page.name):
        store.write(page.parent / name, files[name])
    before = [path for paths in lying(page).values() for path in paths]
    for path in {page, *before, *papers} - {page.parent / name for name in files}:
        path.unlink(missing_ok=True)
    return files, papers


def _printed(edition: store.Edition, pages: list[Path], workers: int) -> dict[str, str]:
    """Print what these pages lack of papers, `workers` at a time; what failed, by paper."""
    failed = {}
    lacking = [(page, paper, printed) for page in pages for paper, printed in printouts(page) if not paper.is_file()]
    with ThreadPoolExecutor(workers) as pool:
        for paper, printing in {paper: pool.submit(printed, page) for page, paper, printed in lacking}.items():
            try:
                printing.result()
            except NlibError as error:
                failed[str(paper.relative_to(edition.reports))] = str(error)
    return failed


def _elsewhere(edition: store.Edition, books: dict[Path, Book]) -> dict:
    """What another machine must be given to make the pages of these notebooks: files of the home, and environment."""
    tables = {"facts", *(table for book in books.values() for table, __ in book.tables)}  # every page is held against the facts
    files = [*_beside(books), *edition.manifests, *map(edition.file, sorted(tables))]
    if before := edition.before:
        files += [*before.manifests, before.processed / "facts.parquet"]
    environment = {"NLIB_COMMIT": commit(Path(__file__).parent), "NLIB_LANGUAGE": os.environ.get("NLIB_LANGUAGE", "")}
    return {"root": edition.root, "files": [path for path in files if path.is_file()], "environment": environment}


def _within(edition: store.Edition, books: Iterable[Path]) -> tuple[Path, ...]:
    """What the notebooks of an edition read: its tables, what was fetched for it but nothing that came by hand, of the edition
    before what is compared, and one another."""
    there = [path for folder in (edition.raw, edition.processed) if folder.is_dir() for path in folder.iterdir()]
    before = [*edition.before.manifests, edition.before.processed / "facts.parquet"] if edition.before else []
    own = (path for path in there if path != edition.begun and path.name != store.BY_HAND)
    return (*edition.manifests, *own, *before, *_beside(books), *([settings] if (settings := file()) else []))


def _beside(books: Iterable[Path]) -> list[Path]:
    """The notebooks that lie with these, and these: a page leads to those of the others."""
    return [other for folder in sorted({notebook.parent for notebook in books}) for other in notebooks(folder).values()]


def write_run(run: Run, shown: dict[str, pd.DataFrame], stale: Sequence[str] = ()) -> None:
    """The page «Kjøringen» of a yearly run: its summary and these tables by heading; the index leads to it.

    stale: as for `write_index`.
    """
    edition = run.edition
    body = template("kjoringen.html.j2").render(
        summary=run.summary, tables=[(name, rows) for name, rows in shown.items() if len(rows)]
    )
    facts = facts_of(edition, figures_date=run.begun[:10])
    html = page([body], title=_("Kjøringen"), place=_("Alle kommuner"), edition_facts=facts, index="index.html")
    store.write(edition.reports / RUN, html.encode())
    write_index(edition, notebooks(edition.root / "notebooks"), stale)


def write_index(edition: store.Edition, there: dict[str, Path], stale: Sequence[str] = (), ahead: _Index | None = None) -> None:
    """The index of every page in the edition's folder.

    stale: why figures could not be brought up to date, a line each; ahead: the index as it was thought to become, which is used
    where it did.
    """
    old = [_("Ikke oppdatert i siste kjøring, tallene fra før står. {why}", why=why) for why in stale]
    pages = _pages(edition, there)
    overview = ahead.overview if ahead else _overview(edition)
    if ahead and not old and pages == ahead.pages:
        html = ahead.html
    else:
        html = index_html(**overview | pages | {"news": [*old, *overview["news"]]})
    for name, of_county in of_counties(
        pages["entries"], pages["edition_facts"], overview["figures"], functools.partial(_drawn, edition)
    ).items():
        store.write(edition.reports / name, of_county.encode())
    store.write(edition.reports / "index.html", html.encode())


def _pages(edition: store.Edition, there: dict[str, Path], coming: Collection[Path] = ()) -> dict:
    """What the index tells of the pages that stand, and of those that are coming, as `index_html` takes it."""
    books = {name: about_of(path) for name, path in sorted(there.items(), key=lambda named: named[0] != MAIN)}
    titles = {name: _(about["title"]) for name, about in books.items() if "once" not in about}
    once = [(_(about["title"]), f"{about['once']}.html") for name, about in books.items() if "once" in about]
    there_now = collections.defaultdict(set)
    for path in coming:
        there_now[path.parent.name].add(path.name)
    entries = []
    for place in edition.kept("municipalities").itertuples(index=False):
        folder = f"{place.komm_nr}-{slug(place.name)}"
        with contextlib.suppress(FileNotFoundError):
            there_now[folder].update(os.listdir(edition.reports / folder))
        own = tuple((title, f"{folder}/{name}.html") for name, title in titles.items() if f"{name}.html" in there_now[folder])
        lying_there = {"rapport.pdf": "PDF", "notat.pdf": _("Notat"), "tall.xlsx": "Excel"}
        papers = tuple((text, f"{folder}/{name}") for name, text in lying_there.items() if name in there_now[folder])
        county = _("Uten fylke") if pd.isna(place.county) else place.county
        entries.append(Entry(place.komm_nr, place.name, county, own, papers))
    open_only = store.read_json(edition.reports / DESCRIBED).get("nlib", {}).get("open_only", False)
    which = _("Tabellene med åpen lisens") if open_only else _("Hele utgaven")
    downloads = [
        (f"{which} {_('som datapakke (CSV, med beskrivelse av hver kolonne)')}", DESCRIBED),
        (_("Åpne tall om én kommune, her Oslo; bytt ut nummeret (JSON)"), "data/0301.json"),
        (_("Åpne tall for én indikator, her utpendling; bytt ut navnet (CSV)"), "data/out_pct.csv"),
        (_("Alle figurene som små bilder"), "galleri.html"),
    ]
    coming_here = {path.name for path in coming if path.parent == edition.reports}
    return {
        "entries": entries,
        "once": [(text, to) for text, to in once if to in coming_here or (edition.reports / to).is_file()],
        "edition_facts": {"edition": edition.name, "synthetic": edition.synthetic, "real": real_of(edition)} | made_by(),
        "downloads": [(text, to) for text, to in downloads if (edition.reports / to).is_file()],
        "run": RUN if (edition.reports / RUN).is_file() else "",
    }
