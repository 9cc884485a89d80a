"""The index of an edition: every municipality by county, what is made, what is not and why; works from a file share."""

from dataclasses import dataclass

from nlib.errors import PageRejected
from nlib.language import alphabetical
from nlib.municipalities import fold
from nlib.reports.render import check_page, policy, resource, template


@dataclass(frozen=True)
class Entry:
    """A municipality in the index, with the pages it has: (title, address from the index)."""

    number: str
    name: str
    county: str
    pages: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """What a search looks in."""
        return fold(f"{self.number} {self.name} {self.county}")


def index_html(entries: list[Entry], edition_facts: dict, failures: list[tuple[str, str]] = (), news: list[str] = ()) -> str:
    """The index as one page; `failures` are (what, why), `news` what has changed since the last edition."""
    css = resource("page.css") + resource("index.css")
    script = resource("index.js")
    counties = {}
    for entry in sorted(entries, key=lambda e: (alphabetical(e.county), alphabetical(e.name), e.number)):
        counties.setdefault(entry.county, []).append(entry)
    page = template("index.html.j2").render(
        facts=edition_facts,
        entries=entries,
        made=sum(bool(entry.pages) for entry in entries),
        counties=list(counties.items()),
        failures=failures,
        news=news,
        css=css,
        script=script,
        policy=policy(css, script),
    )
    if faults := check_page(page, scripts=1):
        raise PageRejected("Oversikten bryter regler:\n" + "\n".join(f"  - {fault}" for fault in faults))
    return page
