"""What is the same for every municipality's page of a report notebook: its title, what is said of its figures, and its tables."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from nlib.core import store
from nlib.core.translations import tr
from nlib.press.local import about_of, read
from nlib.press.render import made_by, prose

EVERY_VIEW = ("boundaries", "comparison_groups", "municipalities", "municipality_changes", "municipality_codes")


@dataclass(frozen=True)
class Book:
    """A report notebook as its pages need it.

    title: in the language of the process, as all texts; facts: what a page says of its figures, with nlib's version and commit;
    themes: whose figures it asks for; tables: what its pages are made from, by name and title; prose: what its paragraphs are as
    HTML; made_from: the hash of all that a page hangs on but the commit, for the same code makes the same page.
    """

    title: str
    facts: dict
    themes: list[str]
    tables: list[tuple[str, str]]
    prose: dict[str, str]
    made_from: str


def standing(edition: store.Edition, *others: str) -> str:
    """The hash of what all that is told of an edition hangs on: its manifests, those of the one before it, and the code."""
    before = store.digest(edition.before.manifests[1]) if edition.before else ""
    return store.sha256(json.dumps([*map(store.digest, edition.manifests), before, store.code(), *others]).encode())


def book_of(edition: store.Edition, notebook: Path, remembered: dict | None = None) -> Book:
    """A report notebook's `Book`. remembered: what was found before, by notebook, which is used where it stands and put right."""
    key = standing(edition, store.digest(notebook))
    told = (remembered or {}).get(notebook.stem, {})
    if told.get("key") != key:
        from nlib.press.about import facts, titles

        texts = [tr(cell["source"], notebook.stem) for cell in read(notebook)["cells"] if cell["cell_type"] == "markdown"]
        told = {
            "key": key,
            "facts": facts(edition, notebook),
            "themes": _themes(notebook),
            "tables": titles(_tables(edition, notebook)),
            "prose": {text: prose(text) for text in texts},
        }
        if remembered is not None:
            remembered[notebook.stem] = told
    digests = edition.digests(*(name for name, _ in told["tables"]))
    before = store.digest(edition.before.manifests[1]) if edition.before else ""
    hangs_on = [store.digest(notebook), store.code(), digests, before, told["facts"]]
    made_from = store.sha256(json.dumps(hangs_on, sort_keys=True).encode())
    title = tr(about_of(notebook)["title"], notebook.stem)
    return Book(title, told["facts"] | made_by(), told["themes"], told["tables"], told["prose"], made_from)


def _themes(notebook: Path) -> list[str]:
    """The themes of the figures, answers and first pages that a notebook asks for, in order."""
    from nlib.desk.view import answers, themes

    found = [theme for kind, name in _asked(_code(notebook)) for theme in (answers(name)[0] if kind == "answer" else [name])]
    return [theme for theme in dict.fromkeys(found) if theme in themes()]


def _code(notebook: Path) -> list[str]:
    return [cell["source"] for cell in read(notebook)["cells"] if cell["cell_type"] == "code"]


def _asked(code: list[str]) -> list[tuple[str, str]]:
    """What each cell asks for: the theme of a figure or first page, the name of an answer, or whom a report compares with."""
    return re.findall(r"^view\.(figure|front|answer|compared)(?:\(\s*\"(\w+))?", "\n".join(code), re.MULTILINE)


def _tables(edition: store.Edition, notebook: Path) -> list[str]:
    """The tables that a notebook's pages are made from: those of the figures and answers it asks for, and what every view holds.

    All of the edition's where it does more than ask for them.
    """
    from nlib.desk.view import answers, needs, themes

    code = _code(notebook)
    asked = _asked(code)
    held = set(edition.processed_manifest().get("tables", {}))
    known = {theme for kind, theme in asked if kind in ("figure", "front")} <= set(themes())
    if len(asked) + 2 < len(code) or not known:
        return sorted(held)
    needed = {"answer": lambda name: answers(name)[1], "compared": lambda name: {"facts", "developments"}}
    tables = {table for kind, name in asked for table in needed.get(kind, needs)(name)}
    return sorted(held & {*EVERY_VIEW, *about_of(notebook)["tables"], *tables})
