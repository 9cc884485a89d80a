"""What a reader meets, page by page: ours against stock nbconvert of the same papermill runs, measured in Chromium.

    python -m benchmarks.reading [3222] [--vnu vnu.jar]      (NLIB_HOME holds the edition demo, built; prints markdown)

Every report notebook of one municipality is run twice by papermill. Of each run three pages are made: ours; nbconvert's template
`lab` without input; and `lab` with the code. Of the pages of the first run are told:

kB: bytes of the file.  outside: addresses asked for outside the file when it is opened, scripts among them in parentheses.
paint: milliseconds to first contentful paint, median of five, where what is asked for outside is refused at once (the best case:
nothing is waited for); hangs: the same where it never answers (> means not yet then).  axe: elements with a fault against WCAG 2.1
A/AA at 1280, 390 and 320 px with all details open.  html: errors by html5lib, and by the Nu checker where --vnu names its jar (npm
package vnu-jar; Java).  A4: sheets on paper, by the command of `nlib report --pdf`.  tags: tagged PDF, and how many bookmarks.
s: seconds from the notebook that has run to HTML, median of five, in one process with the exporter made beforehand.
same: whether the two runs give the same bytes.
"""

import functools
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import click
import html5lib
import pypdf
from axe_playwright_python.sync_playwright import Axe
from nbconvert import HTMLExporter
from playwright.sync_api import sync_playwright

from nlib.core import store
from nlib.press.book import book_of
from nlib.press.local import IN_PROCESS, execute, notebooks
from nlib.press.pdf import FLAGS, chromium, print_page
from nlib.press.render import render

WIDTHS = (1280, 390, 320)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
TIMES = 5
HEAD = ("side", "laget av", "kB", "outside", "paint", "hangs", "axe", "html", "A4", "tags", "s", "same")
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def makers(edition: store.Edition, notebook: Path, place: str) -> dict:
    """What makes a page of a notebook that has run, by name."""

    @functools.cache
    def exporter(no_input):
        return HTMLExporter(
            template_name="lab", exclude_input=no_input, exclude_input_prompt=no_input, exclude_output_prompt=no_input
        )

    def stock(no_input, run):
        return exporter(no_input).from_notebook_node(run)[0]

    book = book_of(edition, notebook)
    about = {"title": book.title, "municipality": place, "edition_facts": book.facts}
    return {
        "nlib": lambda run: render(run, **about),
        "lab uten kode": functools.partial(stock, True),
        "lab": functools.partial(stock, False),
    }


def timed(make, run) -> tuple[float, str]:
    """Median seconds, and the page."""
    make(run)
    seconds = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        page = make(run)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), page


def paint(browser, page: Path, hang: float | None) -> tuple[float | None, list]:
    """Milliseconds to first contentful paint (None: not within `hang` seconds), and what was asked for outside the file."""
    asked, waiting = [], []
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    tab = context.new_page()

    def answer(route):
        asked.append(route.request.resource_type)
        route.abort() if hang is None else waiting.append(route)

    tab.route(lambda address: not address.startswith(("file:", "data:")), answer)
    tab.goto(page.as_uri(), wait_until="commit")
    until = time.monotonic() + (hang or 60)
    while (seen := tab.evaluate(PAINTED)) is None and time.monotonic() < until:
        tab.wait_for_timeout(50)
    if hang is None:
        tab.wait_for_load_state()
    for route in waiting:
        route.abort()
    context.close()
    return seen, asked


def faults(browser, page: Path, width: int) -> int:
    """Elements with a fault at this width, all details open."""
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)  # axe is a script
    tab = context.new_page()
    tab.route(lambda address: not address.startswith(("file:", "data:")), lambda route: route.abort())
    tab.goto(page.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(tab, options=RULES).response["violations"]
    context.close()
    return sum(len(fault["nodes"]) for fault in found)


def paper(page: Path) -> tuple[int, str]:
    """Sheets of A4, and whether the PDF is tagged, with how many bookmarks."""
    printed = pypdf.PdfReader(print_page(page))
    tagged = "/StructTreeRoot" in printed.trailer["/Root"]
    return len(printed.pages), f"{'ja' if tagged else 'nei'}, {sum(not isinstance(mark, list) for mark in flat(printed.outline))}"


def flat(outline) -> list:
    return [mark for entry in outline for mark in (flat(entry) if isinstance(entry, list) else [entry])]


def errors(pages: list[Path], vnu: Path | None) -> dict[Path, str]:
    """Errors of HTML by html5lib and by the Nu checker."""
    found = {}
    for page in pages:
        parser = html5lib.HTMLParser()
        parser.parse(page.read_text(encoding="utf-8"))
        found[page] = f"{len(parser.errors)}"
    if vnu:
        said = subprocess.run(["java", "-jar", vnu, "--format", "json", *pages], capture_output=True, text=True).stderr
        wrong = [message["url"] for message in json.loads(said)["messages"] if message["type"] == "error"]
        found = {page: f"{count}, {wrong.count(page.as_uri().replace('file:///', 'file:/'))}" for page, count in found.items()}
    return found


def told(cells) -> None:
    click.echo(f"| {' | '.join(cells)} |")


@click.command()
@click.argument("kommune", default="3222")
@click.option("--notebook", "names", multiple=True, help="Only these notebooks.")
@click.option("--hang", default=5.0, show_default=True, help="Seconds that a request outside hangs.")
@click.option("--vnu", type=click.Path(exists=True, path_type=Path), help="The Nu checker's vnu.jar.")
def main(kommune, names, hang, vnu):
    edition = store.edition("demo")
    place = edition.table("municipalities").set_index("komm_nr")["name"][kommune]
    given = {"kommune": kommune, "edition": "demo", "compare": []}
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, notebook in notebooks(edition.root / "notebooks").items():
            if names and name not in names:
                continue
            first, second = (execute(notebook, given, edition.root, IN_PROCESS) for _ in range(2))
            for kind, make in makers(edition, notebook, place).items():
                page = Path(folder) / f"{name}-{kind.replace(' ', '-')}.html"
                seconds, html = timed(make, first)
                page.write_text(html, encoding="utf-8")
                rows[page] = {
                    "side": name,
                    "laget av": kind,
                    "s": f"{seconds:.3f}",
                    "same": "ja" if make(second) == html else "nei",
                }
                rows[page]["kB"] = f"{page.stat().st_size / 1000:.0f}"
            click.echo(f"{name} er laget", err=True)
        for page, count in errors(list(rows), vnu).items():
            rows[page]["html"] = count
        told(HEAD)
        told(["---"] * len(HEAD))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=[flag for flag in FLAGS if "pdf" not in flag])
            for page, row in rows.items():
                painted, asked = zip(*(paint(browser, page, None) for _ in range(TIMES)), strict=True)
                row["outside"] = f"{len(asked[0])} ({asked[0].count('script')})"
                row["paint"] = f"{statistics.median(painted):.0f}"
                waited, _ = paint(browser, page, hang)
                row["hangs"] = f"> {hang * 1000:.0f}" if waited is None else f"{waited:.0f}"
                row["axe"] = " / ".join(str(faults(browser, page, width)) for width in WIDTHS)
                sheets, row["tags"] = paper(page)
                row["A4"] = str(sheets)
                told(row[name] for name in HEAD)
            browser.close()


if __name__ == "__main__":
    main()
