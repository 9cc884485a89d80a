"""Brings the catalogues of nynorsk and English up to date with the texts in the code, the notebooks, the templates and catalogue.

    python scripts/translations.py            # adds what is new, takes out what is gone, and says what is not translated
    python scripts/translations.py --check    # changes nothing; exit code 1 where something is not translated or is gone

A value in a sentence is named in braces. What other tables than the catalogue hold, and `_(name)` exchanges as it is shown, is
added by hand under «# data».
"""

import ast
import json
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from nlib.core.catalogue import LISTED
from nlib.core.translations import LANGUAGES, WRITTEN
from nlib.press.local import RESEARCH

ROOT = Path(__file__).parents[1]
CATALOGUES = ROOT / "src" / "nlib" / "core" / "translations"
WORDS = {"_": None, "pgettext": ((1, "c"), 2)}


def from_python(file, keywords, comment_tags, options):
    """The texts of `_("...")` and `pgettext("context", "...")`, those within an f-string too."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            told = tuple(each.value if isinstance(each, ast.Constant) else None for each in node.args)
            if told and told[-1]:
                yield node.lineno, node.func.id, told if len(told) > 1 else told[0], []


def from_notebook(file, keywords, comment_tags, options):
    """The title, and each paragraph that a page shows."""
    notebook = json.load(file)
    yield 1, None, notebook["metadata"]["nlib"]["title"], []
    for at, cell in enumerate(notebook["cells"], start=2):
        if cell["cell_type"] == "markdown" and not RESEARCH & {*cell["metadata"].get("tags", [])}:
            yield at, None, "".join(cell["source"]), []


def extracted() -> Catalog:
    """What is to be translated."""
    found = Catalog()
    for folder, method in (
        ("src/nlib", [("**.py", from_python), ("**.j2", "jinja2")]),
        ("notebooks", [("*.ipynb", from_notebook)]),
    ):
        for _file, _line, text, _comments, context in extract_from_dir(ROOT / folder, method, keywords=WORDS):
            found.add(text, context=context)
    for text in sorted({*LISTED["label"], *LISTED["subject"], *LISTED["moment"]} - {""}):
        found.add(text)
    return found


def updated(language: str, wanted: Catalog) -> tuple[Catalog, list[str], list[str]]:
    """The catalogue of a language with what is wanted in it, what of it is not translated, and what it had that is gone."""
    path = CATALOGUES / f"{language}.po"
    known = read_po(path.open("rb")) if path.is_file() else Catalog()
    day = known.creation_date  # the same texts give the same bytes
    catalogue = Catalog(locale=language, project="nlib", header_comment="", creation_date=day, revision_date=day, fuzzy=False)
    for message in wanted:
        if message.id:
            held = known.get(message.id, message.context)
            catalogue.add(message.id, held.string if held else "", context=message.context)
    gone = []
    for message in known:
        if message.id and catalogue.get(message.id, message.context) is None:
            if message.user_comments:
                catalogue.add(message.id, message.string, context=message.context, user_comments=message.user_comments)
            else:
                gone.append(message.id)
    return catalogue, [message.id for message in catalogue if message.id and not message.string], gone


def main(check: bool) -> int:
    wanted, faults = extracted(), 0
    for language in LANGUAGES.keys() - {WRITTEN}:
        catalogue, missing, gone = updated(language, wanted)
        if missing or gone:
            faults += len(missing) + len(gone)
            print(f"{language}.po: {len(missing)} av {len(catalogue)} er ikke oversatt, {len(gone)} er ikke lenger i bruk")
            print(*(f"  {text}" for text in (missing + gone)[:20]), sep="\n")
        if not check:
            with (CATALOGUES / f"{language}.po").open("wb") as file:
                write_po(file, catalogue, width=0, ignore_obsolete=True, sort_output=True)
    return int(bool(faults) and check)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
