"""The texts that readers see in nynorsk and English: figures and findings are written in bokmål, and exchanged as they are loaded.

Code is written with its sentences in place: `f"{name} har {number(jobs)} arbeidsplasser"`. The catalogues beside this file (PO
files of gettext, one a theme and language) have the same sentence as `{name} har {jobs} arbeidsplasser` and what it is in the other
language. In a process that speaks another language than bokmål, a module that declares `TRANSLATED = True`, or stands in a package
that does, is loaded with its texts exchanged; nothing else of it is touched, so the numbers are the same. A translation
moves values about, and never holds code.
"""

import ast
import functools
import importlib.abc
import importlib.machinery
import importlib.resources
import importlib.util
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from nlib.core.errors import WrongUse

LANGUAGES = {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"}
WRITTEN = "nb"  # what the code is written in
VARIABLE = "NLIB_LANGUAGE"
SHARED = "felles"  # the catalogue of what is not of one theme
PAGES = "sider"  # the catalogue of the templates, and of what tables hold, for `tr` alone
VALUE = re.compile(r"\{(\w+)\}")
DECLARED = re.compile(rb"^TRANSLATED = True\b", re.MULTILINE)


def spoken() -> str:
    """The language of this process and those it starts: «nb», «nn» or «en». WrongUse where it is asked for another."""
    language = os.environ.get(VARIABLE) or WRITTEN
    if language not in LANGUAGES:
        raise WrongUse(f"{VARIABLE}={language}: språket må være {', '.join(LANGUAGES)}")
    return language


def speak(language: str) -> None:
    """Make this process, and those it starts, speak this language; before a figure is loaded, for it is loaded in one language."""
    if language == spoken():
        return
    if loaded := [name for name, module in sys.modules.items() if name.startswith("nlib.") and hasattr(module, "TRANSLATED")]:
        raise WrongUse(f"Språket må velges før figurene er lastet ({loaded[0]}): sett {VARIABLE}={language} før Python startes")
    os.environ[VARIABLE] = language
    install()


def install() -> None:
    """See to it that modules are loaded in the language of this process; nothing where that is the one they are written in."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    if spoken() != WRITTEN:
        sys.meta_path.insert(0, _Finder())


def tr(text: str, theme: str = PAGES) -> str:
    """A whole text (a heading, a cell of a table, a paragraph of a notebook) in the language of this process, as it is where the
    catalogue does not have it."""
    return text if spoken() == WRITTEN else catalogue(spoken(), theme).get(text, text)


@functools.cache
def catalogue(language: str, theme: str = SHARED) -> dict[str, str]:
    """What is translated, by text in bokmål: the shared catalogue, and the theme's own before it."""
    from babel.messages.pofile import read_po  # a process that speaks bokmål has no use for it

    found = {} if theme in (SHARED, PAGES) else dict(catalogue(language))
    path = importlib.resources.files(__name__).joinpath(language, f"{theme}.po")
    if path.is_file():
        with path.open("rb") as file:
            found |= {str(message.id): str(message.string) for message in read_po(file) if message.id and message.string}
    return found


def theme_of(module: str) -> str:
    """The catalogue of a module: that of its theme, where the theme has a text of its own."""
    package, parts = module.rpartition(".")[0], module.split(".")
    themed = len(parts) == 4 and parts[1] == "themes" and importlib.util.find_spec(f"{package}.text")
    return parts[2] if themed else SHARED


def message_of(text: ast.JoinedStr) -> tuple[str, dict[str, ast.FormattedValue]]:
    """A sentence of code as a catalogue has it, with a name for each value, and the values by name."""
    names: dict[str, str] = {}
    values: dict[str, ast.FormattedValue] = {}
    message = ""
    for part in text.values:
        if not isinstance(part, ast.FormattedValue):
            message += ast.literal_eval(part)
            continue
        source = ast.unparse(part)
        if source not in names:
            base = name = _short(part.value)
            while name in values:
                name = f"{base}{sum(held.startswith(base) for held in values) + 1}"
            names[source], values[name] = name, part
        message += f"{{{names[source]}}}"
    return message, values


def _short(value: ast.expr) -> str:
    """What a value is called in a catalogue: the last name in it that says what it is."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            found = name
        case ast.Call(args=[first, *_]):
            return _short(first)
        case ast.Call(func=ast.Attribute(value=inner)) | ast.Subscript(value=inner) | ast.UnaryOp(operand=inner):
            return _short(inner)
        case ast.BinOp(left=left):
            return _short(left)
        case ast.IfExp(test=test):
            return f"if_{_short(test)}"
        case ast.Compare(left=left):
            return _short(left)
        case _:
            found = "verdi"
    return re.sub(r"\W+", "_", found).strip("_") or "verdi"


class Exchanged(ast.NodeTransformer):
    """A module with its texts exchanged by `told` (a text in bokmål -> what it is, None where it is to stay)."""

    def __init__(self, told: Callable[[str], str | None]):
        self.told = told

    def visit_Constant(self, node):
        if isinstance(node.value, str) and (text := self.told(node.value)) is not None:
            return ast.copy_location(ast.Constant(text), node)
        return node

    def visit_JoinedStr(self, node):
        message, values = message_of(node)
        text = self.told(message)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = self.visit(part.value)
        if text is None:
            return node
        parts = VALUE.split(text)  # text, name, text, name, … text
        node.values = [
            values[part] if at % 2 else ast.copy_location(ast.Constant(part), node)
            for at, part in enumerate(parts)
            if at % 2 or part
        ]
        return node


def is_translated(module: str, source: bytes) -> bool:
    """Whether a module's texts are exchanged: it, or a package that it stands in (and that is loaded before it), declares so."""
    packages = [module.rsplit(".", up)[0] for up in range(1, module.count("."))]
    return DECLARED.search(source) is not None or any(hasattr(sys.modules.get(name), "TRANSLATED") for name in packages)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        spec = importlib.machinery.PathFinder.find_spec(fullname, path) if fullname.startswith("nlib.") else None
        found = spec.loader if spec else None
        source = isinstance(found, importlib.machinery.SourceFileLoader) and Path(found.path)
        if spec and source and is_translated(fullname, source.read_bytes()):
            spec.loader = _Loader(fullname, str(source))
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    """Compiles a module with its texts exchanged; what Python keeps compiled is in bokmål, and is not used."""

    def get_code(self, fullname):
        texts = catalogue(spoken(), theme_of(self.name))
        tree = Exchanged(texts.get).visit(ast.parse(self.get_data(self.path)))
        return compile(ast.fix_missing_locations(tree), self.path, "exec", dont_inherit=True)
