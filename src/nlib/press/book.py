"""What is the same for every municipality's page of a report notebook: its title, the facts of its figures, and its tables."""

import ast
import json
from dataclasses import dataclass
from pathlib import Path

from nlib.core import store
from nlib.core.translations import _
from nlib.press.local import EXPLORING, about_of, read
from nlib.press.render import made_by, prose

FIGURES, READ = ("figure", "front"), ("table", "rows")  # what a view is asked for: by the name of a figure or theme, or of a table
FACTS = ("komm_nr", "edition", "register")  # of a view, set as it is made
COUNTING = ("numpy", "pandas", "matplotlib", "seaborn", "statsmodels", "geopandas")  # what reads no table of its own
UNKNOWN = "?"
REPORT = "rapport"  # the page that the others lie behind
EVERY_VIEW = ("boundaries", "comparison_groups", "municipalities", "municipality_changes", "municipality_codes")


@dataclass(frozen=True)
class Book:
    """A report notebook as its pages need it.

    title: in the language of the process, as all texts; facts: what a page says of its figures, with nlib's version and commit;
    themes: whose figures it asks for; tables: what its pages are made from, by name and title; prose: what its paragraphs are as
    HTML; topics: the other pages of a place, as (title, address); made_from: the hash of all that a page hangs on but the commit,
    for the same code makes the same page.
    """

    title: str
    facts: dict
    themes: list[str]
    tables: list[tuple[str, str]]
    prose: dict[str, str]
    topics: list[tuple[str, str]]
    made_from: str


def standing(edition: store.Edition, *others: str) -> str:
    """The hash of all that an edition's own pages hang on: its manifests, those of the one before it, and the code."""
    before = store.digest(edition.before.manifests[1]) if edition.before else ""
    return store.sha256(json.dumps([*map(store.digest, edition.manifests), before, store.code(), *others]).encode())


def book_of(edition: store.Edition, notebook: Path, remembered: dict | None = None) -> Book:
    """A report notebook's `Book`. remembered: what was found before, by notebook, which is used where it stands and put right."""
    key = standing(edition, store.digest(notebook))
    found = (remembered or {}).get(notebook.stem, {})
    if found.get("key") != key:
        from nlib.press.about import facts, titles

        texts = [_(cell["source"]) for cell in read(notebook)["cells"] if cell["cell_type"] == "markdown"]
        found = {
            "key": key,
            "facts": facts(edition, notebook),
            "themes": _themes(notebook),
            "tables": titles(_tables(edition, notebook)),
            "prose": {text: prose(text) for text in texts},
        }
        if remembered is not None:
            remembered[notebook.stem] = found
    digests = edition.digests(*(name for name, __ in found["tables"]))
    before = store.digest(edition.before.manifests[1]) if edition.before else ""
    others = _topics(notebook)
    hangs_on = [store.digest(notebook), store.code(), digests, before, found["facts"], others]
    made_from = store.sha256(json.dumps(hangs_on, sort_keys=True).encode())
    title = _(about_of(notebook)["title"])
    return Book(title, found["facts"] | made_by(), found["themes"], found["tables"], found["prose"], others, made_from)


def _topics(notebook: Path) -> list[tuple[str, str]]:
    """The other pages there may be of a municipality, the report first: each as (title, address), as this one's page sees them."""
    others = [other for other in notebook.parent.glob("*.ipynb") if other != notebook]
    found = [(other.stem, _(about_of(other)["title"]), about_of(other).get("once")) for other in others]
    found.sort(key=lambda topic: (topic[0] != REPORT, topic[2] is not None, topic[1]))
    return [(title, f"../{once}.html" if once else f"{stem}.html") for stem, title, once in found]


def _themes(notebook: Path) -> list[str]:
    """The themes of the figures, answers and first pages that a notebook asks for, in order."""
    from nlib.desk.view import answers, themes

    asked = [(kind, name) for kind, name in _asked(notebook) if kind in FIGURES or kind == "answer"]
    found = [theme for kind, name in asked for theme in (answers(name)[0] if kind == "answer" else [name.partition(".")[0]])]
    return [theme for theme in dict.fromkeys(found) if theme in themes()]


def _asked(notebook: Path) -> list[tuple[str, str]]:
    """What the cells that a page runs ask the view and nlib for, each with the name that it is asked for by; `UNKNOWN` for what
    may read any table."""
    found = []
    for cell in read(notebook)["cells"]:
        if cell["cell_type"] == "code" and EXPLORING not in cell["metadata"].get("tags", []):
            try:
                nodes = list(ast.walk(ast.parse(cell["source"])))
            except SyntaxError:  # what IPython alone understands, or what fails when it is run
                return [(UNKNOWN, "")]
            called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
            found += [asked for node in nodes if (asked := _ask(node, id(node) in called))]
    return found


def _ask(node: ast.AST, called: bool) -> tuple[str, str] | None:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="view" | "nlib"), attr=kind), args=arguments):
            name = arguments[0].value if arguments and isinstance(arguments[0], ast.Constant) else UNKNOWN
            return kind, str(name)
        case ast.Attribute(value=ast.Name(id="view" | "nlib"), attr=kind) if not called:
            return kind, UNKNOWN
        case ast.Import(names=names):
            plain = all(alias.name.partition(".")[0] in {"nlib", *COUNTING} for alias in names)
            return None if plain else (UNKNOWN, "")
        case ast.ImportFrom(module=module):
            plain = module == "nlib.desk.view" or (module or "").partition(".")[0] in COUNTING
            return None if plain else (UNKNOWN, "")
        case ast.Name(id="open" | "exec" | "eval" | "getattr" | "__import__"):
            return UNKNOWN, ""
        case ast.Attribute(attr=attr) if attr.startswith("read_"):
            return UNKNOWN, ""
    return None


def _tables(edition: store.Edition, notebook: Path) -> list[str]:
    """The tables that a notebook's pages are made from: those that it and its figures and answers ask for, and what every view
    holds. All of the edition's where it may read others.
    """
    from nlib.desk.view import View, answers, needs, themes

    entries, known = edition.processed_manifest().get("tables", {}), themes()
    there = {name for name, entry in entries.items() if not entry.get("apart")}
    tables = {*EVERY_VIEW, *about_of(notebook)["tables"]}
    for kind, name in _asked(notebook):
        if kind in FIGURES and name.partition(".")[0] in known:
            tables |= needs(name.partition(".")[0])
        elif kind == "answer":
            tables |= answers(name)[1]
        elif kind in READ and name in there:
            tables.add(name)
        elif kind == "compared":
            tables |= {"facts", "developments"}
        elif kind != "view" and kind not in FACTS and (kind in {*FIGURES, *READ, "figures"} or not hasattr(View, kind)):
            return sorted(there)
    return sorted(there & tables)
