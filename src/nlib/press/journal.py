"""What each page was made from, and its links to what may or may not be made: other pages of the municipality, and tables as CSV.

Such a link is shown while what it leads to stands and hidden while it does not. A page is made with all of them shown.
"""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from nlib.core import store
from nlib.core.errors import NlibError
from nlib.press.book import book_of
from nlib.press.local import Job

LINK = re.compile(rb'<a (?:hidden data-)?href="((?:\.\./(?!index))?[\w.-]+\.html|[./]+/data/[\w./-]+\.csv)([#"])')


def leads_to(page: bytes) -> list[str]:
    """What a page has such links to, as the page sees it, shown or hidden."""
    return sorted({name.decode() for name, _ in LINK.findall(page)})


def settled(page: bytes, stands: Callable[[str], bool]) -> bytes:
    """The page with each such link shown where what it leads to stands, hidden where it does not; nothing else is changed."""

    def shown(found):
        return b'<a %shref="%s%s' % (b"" if stands(found[1].decode()) else b"hidden data-", found[1], found[2])

    return LINK.sub(shown, page)


class Journal:
    """What each page of an edition was made from, in pages.json: a hash of its inputs, and of the page and each file beside it; and
    what was found of each notebook.

    A page that is there but not in the journal, or is not what it says, is made again; so the journal may be old but never wrong.
    """

    EVERY = 50  # pages between writings

    def __init__(self, edition: store.Edition, notebooks: Iterable[Path]):
        self.edition, self.path = edition, edition.reports / "pages.json"
        try:
            journal = store.read_json(self.path)
        except NlibError:  # damaged: every page is made again
            journal = {}
        self.pages, self.notebooks = journal.get("pages", {}), journal.get("notebooks", {})
        self.books = {notebook: book_of(edition, notebook, self.notebooks) for notebook in notebooks}
        self.unsaved = 0

    def _inputs(self, job: Job) -> str:
        return store.sha256(json.dumps([self.books[job.notebook].made_from, job.parameters, job.beside], sort_keys=True).encode())

    def stands(self, job: Job) -> bool:
        """Whether a page and what lies beside it are there unharmed, and would be made from the same."""
        return self.unharmed(str(job.page.relative_to(self.edition.reports)), self._inputs(job))

    def unharmed(self, where: str, inputs: str) -> bool:
        """Whether a page, by its name among the reports, was made from these inputs and is as it was."""
        entry, folder = self.pages.get(where), (self.edition.reports / where).parent
        if not entry or entry["inputs"] != inputs:
            return False
        return all(store.digest(folder / name) == digest for name, digest in entry["files"].items())

    def made(self, job: Job, files: dict[str, bytes]) -> None:
        """Note a page that is made, with the files beside it."""
        self.note(str(job.page.relative_to(self.edition.reports)), self._inputs(job), files)
        self.unsaved += 1
        if self.unsaved >= self.EVERY:
            self.close()

    def note(self, where: str, inputs: str, files: dict[str, bytes]) -> None:
        """Note what a page, by its name among the reports, was made from."""
        digests = {name: store.sha256(body) for name, body in files.items()}
        links = [name for name, body in files.items() if name.endswith(".html") and leads_to(body)]
        self.pages[where] = {"inputs": inputs, "files": digests, "links": links}

    def settle(self, folders: set[Path]) -> None:
        """Show the links on the pages of these folders that lead to what stands, and hide those that do not."""
        names = {str(folder.relative_to(self.edition.reports)) for folder in folders}
        for where, entry in self.pages.items():
            folder = where.rpartition("/")[0]
            for name in entry.get("links", []) if folder in names else []:
                entry["files"][name] = _settle(self.edition.reports / folder / name, entry["files"][name])

    def close(self) -> None:
        store.write_json(self.path, {"pages": self.pages, "notebooks": self.notebooks})
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
