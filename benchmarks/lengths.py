"""How long the reports of an edition are: words, figures, bytes and sheets of A4 of each municipality, and the longest.

    python -m benchmarks.lengths [--edition demo] [--all] [--sheets 5]        (NLIB_HOME holds the reports)

Words are those that are read without opening anything: answers, headings and captions. Sheets are counted of the reports with
most bytes and most words, as Chromium prints them, for a print takes seconds. `--all` has a line for every municipality.
"""

import re
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import click
import pypdf

from nlib.core import store
from nlib.press.pdf import print_page

CLOSED = re.compile(r"<svg.*?</svg>|<(details|script|style)\b.*?</\1>", re.DOTALL)
READ = re.compile(r"<(p|h2|h3)\b(?![^>]* hidden)[^>]*>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True)
class Length:
    """How long one report is."""

    page: Path
    words: int
    figures: int
    size: int

    def told(self, *more) -> str:
        cells = [self.page.parent.name, self.words, self.figures, round(self.size / 1000), *more]
        return f"| {' | '.join(map(str, cells))} |"


def length(page: Path) -> Length:
    html = page.read_text(encoding="utf-8")
    main = CLOSED.sub("", html[html.index("<main") : html.index("</main>")])
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", text)) for _, text in READ.findall(main))
    return Length(page, len(said.split()), html.count('<svg class="wide"'), len(html.encode()))


def sheets(page: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return len(pypdf.PdfReader(print_page(page, Path(folder) / "rapport.pdf")).pages)


@click.command()
@click.option("--edition", "name", default="demo")
@click.option("--all", "every", is_flag=True)
@click.option("--sheets", "printed", default=5)
def main(name, every, printed):
    found = [length(page) for page in sorted(store.edition(name).reports.glob("*/rapport.html"))]
    if not found:
        raise click.ClickException("Ingen rapporter: nlib report --all --notebook rapport")
    if every:
        print("\n".join(each.told() for each in found))
    for what in ("words", "figures", "size"):
        numbers = sorted(getattr(each, what) for each in found)
        print(f"{what}: {numbers[0]} to {numbers[-1]}, median {numbers[len(numbers) // 2]}, of {len(found)} reports")
    longest = sorted(found, key=lambda each: -each.size)[:printed] + sorted(found, key=lambda each: -each.words)[:printed]
    for each in dict.fromkeys(longest):
        print(each.told(f"{sheets(each.page)} sheets"), flush=True)


if __name__ == "__main__":
    main()
