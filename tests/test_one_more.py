"""A source, a measure, a rule, a kind of file, a theme and a language more: a file each, in a copy of nlib."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nlib

PACKAGE = Path(nlib.__file__).parent
SOURCE = '''
"""Trees (SSB 99999)."""

import pandas as pd

from nlib.core.tables import KOMM_NR, Table, column
from nlib.data.statbank import StatBank

DECLARED = StatBank("99999", "Trær, etter region og år", keys={"Region": "komm_nr"}, contents={"Traer": "trees"})
RAW = DECLARED.raw()


class Trees(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År", ge=2000, le=2100)
    trees: pd.Int64Dtype = column("Trær", "trær", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Trees on today's municipalities."""
    return DECLARED.today(raw, municipality_codes, municipality_changes)


DATASET = DECLARED.dataset(RAW, "trees", "Trær", Trees, build)
'''
MEASURE = '''
"""Trees for each inhabitant."""

import pandas as pd

from nlib.core.tables import KOMM_NR, Dataset, Table, column


class TreesEach(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År", ge=2000, le=2100)
    trees_each: float = column("Trær per innbygger", "trær", ge=0)


def build(trees: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Trees divided by the population of 1 January."""
    both = trees.merge(population, on=["komm_nr", "year"], validate="1:1")
    return both.assign(trees_each=both["trees"] / both["population"])[["komm_nr", "year", "trees_each"]]


DATASET = Dataset("trees_each", "Trær per innbygger", ("komm_nr", "year"), TreesEach, ("trees", "population"), build)
'''
RULE = '''
"""Nobody has a thousand trees."""

from nlib.build.checks import Given, rule


@rule("for-mange-traer", "Ingen har tusen trær hver", ("trees_each",))
def too_many(given: Given):
    """Municipality-years with more than a thousand trees each."""
    table = given.now["trees_each"]
    yield "trees_each", table[table["trees_each"] > 1000]
'''
KIND = '''
"""A file of trees: its first word is «trær»."""

from nlib.data.readers.kinds import Contents, FileKind

FILE = FileKind("traer", lambda file: file.body.startswith("trær".encode()), lambda file: Contents(["1 fil med trær"]))
'''
TEXT = '''
"""The first page on trees."""

from nlib.charts.chart import Front
from nlib.core.translations import _


def front(komm_nr: str) -> Front:
    """A title in the language of the process."""
    return Front(_("Trær i kommunen"), _("Mange trær"), (), ())
'''
CATALOGUE = """
msgid "Trær i kommunen"
msgstr "Trær i kommunerne"
"""
ASKED = """
import json
import pandas as pd
from nlib.build import checks, pipeline
from nlib.cli import main
from nlib.core.translations import LANGUAGES
from nlib.data.readers.kinds import File, recognise
from nlib.desk import view

order = list(pipeline.datasets())
population = pd.DataFrame({"komm_nr": ["3222", "0301"], "year": 2025, "population": [10, 100]})
trees = population[["komm_nr", "year"]].assign(trees=[20_000, 10])
each = pipeline.dataset("trees_each").build(trees, population)
front = view._module("traer", "text").front("3222")
print(json.dumps({
    "fetched": pipeline.raws()["ssb_99999"].optional,
    "order": order.index("trees") < order.index("trees_each"),
    "each": each["trees_each"].tolist(),
    "breaches": [str(breach) for breach in checks.run(checks.Given({"trees_each": each}))],
    "kind": recognise(File("trær".encode())).name,
    "themes": [theme for theme in view.themes() if theme == "traer"],
    "languages": list(LANGUAGES),
    "title": front.title,
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    root = tmp_path_factory.mktemp("en-til")
    package = root / "nlib"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    files = {
        "data/sources/ssb_99999.py": SOURCE,
        "indicators/trees_each.py": MEASURE,
        "build/checks/trees.py": RULE,
        "data/readers/trees.py": KIND,
        "themes/traer/__init__.py": "",
        "themes/traer/text.py": TEXT,
        "core/translations/da.po": CATALOGUE,
    }
    for name, text in files.items():
        path = package / name
        assert not path.exists()
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    languages = package / "core/translations/__init__.py"
    row = '"en": "engelsk"'
    written = languages.read_text(encoding="utf-8")
    assert row in written
    languages.write_text(written.replace(row, f'{row}, "da": "dansk"'), encoding="utf-8")
    return root


def asked(root, **environment):
    command = [sys.executable, "-c", ASKED]
    told = os.environ | {"PYTHONPATH": str(root)} | environment
    done = subprocess.run(command, env=told, cwd=root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_source_a_measure_a_rule_a_kind_of_file_and_a_theme_more_are_a_file_each(copy):
    found = asked(copy)
    assert found["fetched"] and found["order"]
    assert found["each"] == [2000.0, 0.1]
    assert found["breaches"] == ["for-mange-traer (trees_each): komm_nr 3222, year 2025, trees_each 2000.0"]
    assert found["kind"] == "traer" and found["themes"] == ["traer"]
    assert found["title"] == "Trær i kommunen"


def test_a_language_more_is_a_row_and_a_catalogue(copy):
    found = asked(copy, NLIB_LANGUAGE="da")
    assert found["languages"] == ["nb", "nn", "en", "da"]
    assert found["title"] == "Trær i kommunerne"
