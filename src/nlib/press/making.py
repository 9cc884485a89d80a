"""What runs in the processes that make pages: one notebook after another, each to a page and what lies beside it, as bytes."""

from pathlib import Path

from nlib.charts.files import asked
from nlib.core import store
from nlib.core.errors import PageRejected
from nlib.core.translations import _
from nlib.press.beside import CODE, FILES, KEPT, figure_files, packed
from nlib.press.book import Book
from nlib.press.local import Job, execute
from nlib.press.render import blocks, figureless, know, render


def made_of(job: Job, engine: str, books: dict[Path, Book]) -> bytes:
    """Run one notebook and give an archive of its page, whole and checked, and of what is to lie beside it; nothing is written.

    The archive is empty where the municipality has none of the figures that the page was to show: there is no such page.
    """
    edition = store.edition(job.parameters["edition"], _home(job.page))
    with asked(FILES in job.beside):
        run = execute(job.notebook, job.parameters, edition.root, engine, exploring=not {CODE, KEPT}.isdisjoint(job.beside))
    book = books[job.notebook]
    know(book.prose)
    about = {"title": book.title, "facts": book.facts}
    places = edition.kept("municipalities").set_index("komm_nr")["name"]
    once, shown = job.page.parent == edition.reports, blocks(run)
    if figureless(shown) and not once:
        return packed({})
    place = _("Alle kommuner") if once else places[job.parameters["kommune"]]
    name, stem = job.page.name, job.page.stem
    files = figure_files(run, stem, place, about) if FILES in job.beside else {}
    if CODE in job.beside:
        from nlib.press.code import research_files

        files |= research_files(run, stem, place, about, book.tables)
    if KEPT in job.beside:
        from nlib.press.code import as_run

        files |= {f"{stem}.ipynb": as_run(run, book.facts)}
    links = {f"{FILES}/{stem}/{stem}.xlsx": _("Tallene i figurene (Excel)"), f"{CODE}/{name}": _("Forskerutgaven, med koden")}
    links |= {f"{stem}.ipynb": _("Notatboken slik den ble kjørt (Jupyter)")}
    if faults := contradictions(run, shown, job, edition, once):
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise PageRejected(f"Siden «{book.title}» for {place} motsier seg selv {len(faults)} steder:\n{lines}")
    html = render(
        run,
        title=book.title,
        municipality=place,
        edition_facts=book.facts,
        files=files,
        index="index.html" if once else "../index.html",
        topics=() if once else book.topics,
        beside=[(text, to) for to, text in links.items() if to in files],
    )
    return packed({name: html.encode()} | files)


def _home(page: Path) -> Path:
    """The home that a page is to lie in: the folder above reports/."""
    return next(folder.parent for folder in page.parents if folder.name == "reports")


def contradictions(run, shown: list[str], job: Job, edition: store.Edition, once: bool) -> list[str]:
    """What a page that has run says against itself or the facts of its place."""
    from nlib.press import consistency

    facts = edition.kept("facts") if edition.holds_table("facts") else None
    if facts is None:
        return []
    own = facts[facts["komm_nr"] == ("" if once else job.parameters["kommune"])]
    return consistency.faults(run, shown, own)
