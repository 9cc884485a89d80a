"""Brings the catalogues of nynorsk and English up to date with the texts in the code, the notebooks and the templates.

    python scripts/translations.py            # adds what is new, takes out what is gone, and says what is not translated
    python scripts/translations.py --check    # changes nothing; exit code 1 where something is not translated or is gone

A value in a sentence is named in braces; the comment above a sentence in the catalogue says what each one is in the code.
"""

import ast
import re
import sys
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from nlib.core.translations import DECLARED, LANGUAGES, PAGES, SHARED, VALUE, WRITTEN, message_of, theme_of
from nlib.press.local import RESEARCH

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "nlib"
CATALOGUES = SOURCE / "core" / "translations"
NAME = re.compile(
    r"[a-z0-9_.:#/@%+-]*|(offset|axes|figure) (points|fraction)|[A-Z]|[A-Z][a-z]+64|N{0,2}[A-Z0-9_]{2,}"
)  # columns, colours, codes: not texts
CODE = {"query", "eval", "astype", "compile", "findall", "sub", "fullmatch", "match", "search", "startswith"}
SETTINGS = {"textcoords", "xycoords", "dtype", "how", "on", "validate", "ha", "va", "ls", "marker", "color", "weight", "format"}


def modules() -> list[Path]:
    """The modules whose texts are exchanged: they, or a package they stand in, declare so; how a drawing is written is not text."""
    return [
        path
        for path in sorted(SOURCE.rglob("*.py"))
        if path.stem not in ("__init__", "svg") and any(DECLARED.search(file.read_bytes()) for file in declaring(path))
    ]


def declaring(path: Path) -> list[Path]:
    return [
        path,
        *(
            folder / "__init__.py"
            for folder in path.parents
            if folder.is_relative_to(SOURCE) and (folder / "__init__.py").is_file()
        ),
    ]


def texts(path: Path):
    """The texts of a module that a reader may see, as a catalogue has them, each with what its values are in the code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node, clean=False) is not None:
            left_out.add(id(node.body[0].value))
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            set_aside = node.args if called in CODE else []
            set_aside = [*set_aside, *(word.value for word in node.keywords if word.arg in SETTINGS)]
            left_out |= {id(inner) for part in set_aside for inner in ast.walk(part)}
        elif isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values if isinstance(part, ast.Constant)}
            specs = [part.format_spec for part in node.values if isinstance(part, ast.FormattedValue) and part.format_spec]
            left_out |= {id(inner) for spec in specs for inner in ast.walk(spec)}
        elif isinstance(node, ast.Raise):
            left_out |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.JoinedStr):
            message, values = message_of(node)
            bare = VALUE.sub("", message)
            if _is_text(bare) or bare.strip() == "i":  # where something is, which is another word in another language
                yield message, {name: ast.unparse(value.value) for name, value in values.items()}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_text(node.value):
            yield node.value, {}


def constants(path: Path) -> set[str]:
    """Every text of a module, of readers or not."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _is_text(text: str) -> bool:
    return (
        bool(re.search(r"[^\W\d_]{2}", text))
        and (text == "nr." or not NAME.fullmatch(text))
        and not re.search(r"<|=\"|^data:|^application/", text)
    )


def extracted() -> dict[str, dict[str, dict[str, str]]]:
    """What is to be translated, by catalogue and text, with what each of its values is in the code."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for path in modules():
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        for text, values in texts(path):
            found.setdefault(theme_of(module), {}).setdefault(text, {}).update(values)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        held = nbformat.read(path, as_version=4)
        prose = [
            cell.source for cell in held.cells if cell.cell_type == "markdown" and not RESEARCH & {*cell.metadata.get("tags", [])}
        ]
        found.setdefault(path.stem, {}).update({text: {} for text in (held.metadata["nlib"]["title"], *prose)})
    pages = [path.read_text(encoding="utf-8") for pattern in ("*.j2", "*.py") for path in sorted((SOURCE / "press").glob(pattern))]
    asked = (text for page in pages for text in re.findall(r"\b(?:_|tr)\([\"'](.+?)[\"']\)", page))
    found[PAGES] = {text: {} for text in asked}
    return found


def translated(language: str, name: str) -> set[str]:
    """The texts that a catalogue has a translation of."""
    path = CATALOGUES / language / f"{name}.po"
    return {message.id for message in read_po(path.open("rb")) if message.id and message.string} if path.is_file() else set()


def updated(language: str, name: str, wanted: dict[str, dict[str, str]]) -> tuple[Catalog, list[str], list[str]]:
    """A catalogue with what is wanted in it, what of it is not translated, and what it had that is gone.

    What a person has added is kept: a word of the code that only a person sees is read by others, or a text of the data (with a
    comment, «# data»).
    """
    path = CATALOGUES / language / f"{name}.po"
    held = read_po(path.open("rb")) if path.is_file() else Catalog()
    known = {message.id: message for message in held if message.id}
    days = {"creation_date": held.creation_date, "revision_date": held.creation_date}  # the same texts give the same bytes
    catalogue = Catalog(locale=language, project="nlib", version="0.1", charset="utf-8", fuzzy=False, **days)
    shared = translated(language, SHARED) if name not in (SHARED, PAGES) else set()
    for text, values in wanted.items():
        comments = [f"{{{value}}} = {source}" for value, source in values.items() if value != source]
        told = known[text].string if text in known else ""
        if told or text not in shared:
            catalogue.add(text, told, auto_comments=comments)
    words = set().union(*map(constants, modules()))
    added = [m for m, held in known.items() if m not in wanted and held.string and (m in words or held.user_comments)]
    for text in added:
        catalogue.add(text, known[text].string, user_comments=known[text].user_comments or ["ord i koden"])
    missing = [text for text in wanted if text in catalogue and not catalogue[text].string]
    return catalogue, missing, [text for text in known if text not in wanted and text not in added]


def main(check: bool) -> int:
    faults = 0
    for name, wanted in extracted().items():
        for language in LANGUAGES.keys() - {WRITTEN}:
            catalogue, missing, gone = updated(language, name, wanted)
            if missing or gone:
                faults += len(missing) + len(gone) * check
                print(f"{language}/{name}.po: {len(missing)} av {len(wanted)} er ikke oversatt, {len(gone)} er ikke lenger i bruk")
            if not check:
                path = CATALOGUES / language / f"{name}.po"
                path.parent.mkdir(exist_ok=True)
                with path.open("wb") as file:
                    write_po(file, catalogue, width=0, omit_header=False, ignore_obsolete=True)
    return int(bool(faults) and check)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
