"""Figures, first pages and gaps as HTML: what a notebook shows and a page is made of. The markup is `sections.html.j2`."""

import csv
import functools
import importlib.resources
import io
import json
import re
import string
from collections.abc import Sequence
from types import SimpleNamespace
from urllib.parse import quote

import jinja2
import numpy as np
import pandas as pd
from markupsafe import Markup

from nlib.charts import drawing, style
from nlib.charts.style import anchor
from nlib.core.catalogue import PRECISE
from nlib.core.language import BETWEEN_CELLS, DECIMAL, MISSING, listed, number
from nlib.core.translations import _, spoken

FORMULA = ("=", "+", "-", "@", "\t", "\r")
YES, NO = _("ja"), _("nei")
DEMO = _("Demotall")
COLUMNS = (_("Hva"), _("Verdi"), _("Gjelder"), _("Endring"), _("Plass"))
PLAIN = frozenset(string.ascii_letters + string.digits + "!'()*,-./:;=?@_~$+")  # what an address may hold
PARTED = re.compile(r"(?<=\w{5})(?=dekning|attraktivitet|skaping)")  # where a name is broken that is wider than a key figure
UNIT = re.compile("\N{NO-BREAK SPACE}(?=[^\\d]+$)")  # before a unit, that may stand under a number which fills the width


def environment() -> jinja2.Environment:
    """What every page and fragment is written in: text is escaped, and what is not given is an error."""
    made = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    made.globals |= {"_": _, "language": spoken(), "anchor": anchor, "synthetic": style.SYNTHETIC}
    made.globals |= {"parted": functools.partial(PARTED.sub, "\N{SOFT HYPHEN}"), "apart": functools.partial(UNIT.sub, " ")}
    made.globals["table"] = lambda rows, caption, decimals=None: Markup(table_html(rows, caption, decimals or {}))
    return made


@functools.cache
def _macros():
    text = importlib.resources.files("nlib.charts").joinpath("sections.html.j2").read_text(encoding="utf-8")
    return environment().from_string(text).module


def _section(macro: str, *content) -> str:
    """What a macro of `sections.html.j2` makes of its content."""
    return str(getattr(_macros(), macro)(*content))


def figure_html(chart, brief: bool = False) -> str:
    """The whole block: finding, reading aid, drawing wide and narrow, what is uncertain, source, and its numbers.

    Of the drawings a page shows the one that fits the screen; where nobody says which, as in a notebook, the wide one is seen. A
    `brief` one has how it is read and what is uncertain closed under it, with its numbers, and follows whom its reader chooses.
    """
    follows = brief and bool(chart.follows)  # what the reader of a report chooses
    before, whom, after = chart.reading.partition(chart.whom) if follows and chart.whom else (chart.reading, "", "")
    return _section(
        "figure",
        chart,
        brief,
        [(before, ""), (whom, "hvem"), (after, "")] if whom else [(chart.reading, "")],
        _drawing(chart, Markup('class="wide"')),
        _drawing(chart, Markup('class="narrow" display="none"'), narrow=True),
        Markup(table_html(chart.table.drop(columns=list(chart.only_files)), chart.title, chart.decimals)),
        _file(chart, chart.decimals),
        _data(chart.follows) if follows else "",
    )


def _drawing(chart, more: Markup, narrow: bool = False) -> Markup:
    """A drawing as a picture with a text that says what is seen, and with these attributes."""
    drawn = drawing.svg(chart, narrow, sourced=False).decode()
    return Markup(drawn.replace("<svg", Markup('<svg {} role="img" aria-label="{}"').format(more, chart.alt), 1))


def listing_html(listing) -> str:
    """A table in words, one a part, with what is uncertain and its source under it."""
    parts = listing.table.groupby(listing.by, sort=False)
    tables = [Markup(table_html(rows.drop(columns=listing.by), str(part), {})) for part, rows in parts]
    return _section("listing", listing, tables, _file(listing, {}))


def _quoted(text: str) -> str:
    """As `urllib.parse.quote`, but a sign at a time in the whole text: there are few kinds, and a drawing is long."""
    for sign in sorted(set(text) - PLAIN, key="%".__ne__):  # the percent sign first: the others become some with it
        text = text.replace(sign, quote(sign, safe=""))
    return text


def table_html(table: pd.DataFrame, caption: str, decimals: dict[str, int]) -> str:
    """A table with caption and headings, numbers in bokmål, in a region of its own that can be scrolled by keyboard."""
    return columns_html(
        [(str(column), is_count(table[column]), cells(table[column], decimals.get(column, 0))) for column in table], caption
    )


def columns_html(columns: Sequence[tuple[str, bool, list[str]]], caption: str) -> str:
    """The same of columns that are written: heading, whether it is of numbers, and cells."""
    heads = [(name, count) for name, count, _cells in columns]
    return _section("columns", heads, list(zip(*(written for *_first, written in columns), strict=True)), caption)


def _file(section, decimals: dict[str, int]) -> SimpleNamespace:
    """The address of a figure's numbers as a file, and how many columns end it that are the same in every row."""
    ends = columns_of_all(section)
    return SimpleNamespace(address=csv_address(section.table.assign(**ends), decimals), ends=len(ends))


def columns_of_all(section) -> dict[str, str]:
    """What a file of a figure's numbers says in every row, for it is read without the page: whose they are, and that they are
    invented."""
    alike = {_("Gjelder"): section.place, _("Merknad"): style.SYNTHETIC if section.synthetic else ""}
    return {column: value for column, value in alike.items() if value and column not in section.table}


def csv_text(table: pd.DataFrame, decimals: dict[str, int]) -> str:
    """The numbers as Excel in Norway opens them: `;`, decimal comma, BOM; a text that would be a formula gets an apostrophe."""
    file = io.StringIO()
    rows = zip(*(_filed(table[column], decimals.get(column, 0) + PRECISE) for column in table), strict=True)
    csv.writer(file, delimiter=BETWEEN_CELLS, lineterminator="\r\n").writerows([map(harmless, table), *rows])
    return f"\N{ZERO WIDTH NO-BREAK SPACE}{file.getvalue()}"


def _filed(column: pd.Series, decimals: int) -> list[str]:
    """A column's cells as a file has them."""
    if pd.api.types.is_float_dtype(column):
        numbers = (np.round(column.to_numpy(float, na_value=np.nan), decimals) + 0.0).tolist()  # no -0
        return [MISSING if value != value else str(value).replace(".", DECIMAL) for value in numbers]
    words = {True: YES, False: NO} if pd.api.types.is_bool_dtype(column) else {}
    return [MISSING if pd.isna(value) else str(harmless(words.get(value, value))) for value in column]


def csv_address(table: pd.DataFrame, decimals: dict[str, int]) -> str:
    return f"data:text/csv;charset=utf-8,{_quoted(csv_text(table, decimals))}"


def harmless(value):
    """A cell as it is, but for a text that a spreadsheet would take for a formula: an apostrophe before it makes it text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def is_count(column) -> bool:
    """Whether a column is of numbers to be counted with; years are names."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column) and column.name != _("År")


def cells(column, decimals: int) -> list[str]:
    """A column's cells as they are written."""
    if is_count(column):
        return [number(value, decimals) for value in column]
    if pd.api.types.is_bool_dtype(column):
        return [MISSING if pd.isna(value) else {True: YES, False: NO}[value] for value in column]
    return [MISSING if pd.isna(value) else _(str(value)) for value in column]


def front_html(front) -> str:
    """The first page: lead, key figures, and findings that link to their figures; what rests on invented ones is marked."""
    return _section("front", front)


def front_table_html(front) -> str:
    """The same for who looks at it in Jupyter: the key figures as a table under a heading, and the findings as a list."""
    keys = pd.DataFrame([(k.label, k.value, k.period, k.change, k.rank) for k in front.key_figures], columns=list(COLUMNS))
    return _section("front_table", front, Markup(table_html(keys, _("Nøkkeltall"), {})) if len(keys) else "")


def comparison_html(comparison) -> str:
    """Whom a report measures its municipality against, and what lets its reader choose others: hidden where no script runs."""
    names = listed([*comparison.names, _("landet")])
    return _section("comparison", names, comparison.groups, _data(comparison.choice) if comparison.choice else "")


def _data(content: dict) -> str:
    """What a page's script takes, as it stands in a block of data."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def answer_html(answer) -> str:
    """A question with its answer and figure; nothing where there is no answer. How a figure is read lies closed under it."""
    if not answer.sentences:
        return ""
    sentences = [(_hooked(sentence), sentence) for sentence in answer.sentences]
    return _section("answer", answer, sentences, Markup(figure_html(answer.chart, brief=True)) if answer.chart else "")


def _hooked(sentence) -> list[tuple[str, str]]:
    """A sentence in parts, those that follow whom a reader chooses with their name; one that is empty stands before the stop."""
    parts = [(sentence.text, "")]
    for name, part in sentence.hooks:
        at = max((place for place, (text, hook) in enumerate(parts) if not hook and part in text), default=0)
        text = parts[at][0]
        before, found, after = text.rpartition(part) if part else (text.removesuffix("."), "", text[-1:])
        parts[at : at + 1] = [(before, ""), (found, name), (after, "")]
    return parts


def missing_html(missing) -> str:
    """A section without figures: what is missing, and why."""
    return _section("missing", missing)
