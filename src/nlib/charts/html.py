"""Figures, first pages and gaps as HTML fragments: what a notebook shows and a page is made of. Everything is escaped."""

import csv
import io
import json
import re
import string
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

import numpy as np
import pandas as pd

from nlib.charts import drawing, style
from nlib.charts.style import anchor
from nlib.core.catalogue import PRECISE
from nlib.core.language import BETWEEN_CELLS, DECIMAL, MISSING, listed, number
from nlib.core.translations import _

FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNCERTAIN, SOURCE, TABLE = _("Usikkert:"), _("Kilde:"), _("Tabell:")
NUMBERS, NUMBERS_CSV, LISTING_CSV = _("Tallene i figuren"), _("Last ned tallene som CSV"), _("Last ned tabellen som CSV")
KEYS, FINDINGS, SEE, SEE_OF = _("Nøkkeltall"), _("Hovedfunn"), _("Se figuren"), _("Se figuren til funn")
YES, NO = _("ja"), _("nei")
DEMO = _("Demotall")
MORE, ABOUT = _("Mer om dette:"), _("Om figuren og tallene")
HIDDEN = " hidden"
COMPARED, CHOOSE, OWN_CHOICE = _("Sammenlignet med"), _("Velg hvem vi måles mot"), _("Velg selv")
COLUMNS = (_("Hva"), _("Verdi"), _("Gjelder"), _("Endring"), _("Plass"))
SEARCH = _("Legg til en kommune (én til tolv)")
PLAIN = frozenset(string.ascii_letters + string.digits + "!'()*,-./:;=?@_~$+")  # what an address may hold


PARTED = re.compile(r"(?<=\w{5})(?=dekning|attraktivitet|skaping)")  # where a name is broken that is wider than a key figure
SOFT = "\N{SOFT HYPHEN}"
UNIT = re.compile("\N{NO-BREAK SPACE}(?=[^\\d]+$)")  # before a unit, that may stand under a number which fills the width


def figure_html(chart, brief: bool = False) -> str:
    """The whole block: finding, reading aid, drawing wide and narrow, what is uncertain, source, and its numbers.

    Of the drawings a page shows the one that fits the screen; where nobody says which, as in a notebook, the wide one is seen. A
    `brief` one has how it is read and what is uncertain closed under it, with its numbers, and follows whom its reader chooses.
    """
    name = anchor(chart.id)
    reading_text, whom = escape(chart.reading), escape(chart.whom)
    follows = brief and bool(chart.follows)  # what the reader of a report chooses
    if follows and whom:
        reading_text = reading_text.replace(whom, f'<span data-mot="hvem">{whom}</span>', 1)
    reading = f'<p class="reading">{reading_text}</p>'
    uncertainty = f'<p class="uncertainty"><strong>{UNCERTAIN}</strong> {escape(chart.uncertainty)}</p>'
    invented = f'<span class="demo">{style.SYNTHETIC}.</span> ' if chart.synthetic else ""
    above, below, inside = ("", "", f"{reading}\n{uncertainty}\n") if brief else (f"{reading}\n", f"{uncertainty}\n", "")
    return f"""<figure id="{name}" class="chart" aria-labelledby="{name}-title">
<h3 id="{name}-title">{escape(chart.title)}</h3>
{above}{_drawing(chart, 'class="wide"')}
{_drawing(chart, 'class="narrow" display="none"', narrow=True)}
<figcaption>
{below}<p class="source">{invented}{SOURCE} {escape(chart.source)}</p>
<details><summary>{ABOUT if brief else NUMBERS}</summary>
{inside}{table_html(chart.table.drop(columns=list(chart.only_files)), chart.title, chart.decimals)}
<p>{_download(chart, chart.decimals, NUMBERS_CSV)}</p>
</details>
</figcaption>{_data(chart.follows, "") if follows else ""}
</figure>"""


def _drawing(chart, more: str, narrow: bool = False) -> str:
    """A drawing as a picture with a text that says what is seen, and with these attributes."""
    return (
        drawing.svg(chart, narrow, sourced=False)
        .decode()
        .replace("<svg", f'<svg {more} role="img" aria-label="{escape(chart.alt)}"', 1)
    )


def listing_html(listing) -> str:
    """A table in words, one a part, with what is uncertain and its source under it."""
    name = anchor(listing.id)
    parts = listing.table.groupby(listing.by, sort=False)
    tables = "\n".join(table_html(rows.drop(columns=listing.by), str(part), {}) for part, rows in parts)
    source = f"{style.SYNTHETIC}. {listing.source}" if listing.synthetic else listing.source
    return f"""<section id="{name}" class="listing" aria-labelledby="{name}-title">
<h3 id="{name}-title">{escape(listing.title)}</h3>
<p class="reading">{escape(listing.reading)}</p>
{tables}
<p class="uncertainty"><strong>{UNCERTAIN}</strong> {escape(listing.uncertainty)}</p>
<p class="source">{SOURCE} {escape(source)}</p>
<p>{_download(listing, {}, LISTING_CSV)}</p>
</section>"""


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
    kinds = [' class="number"' if count else "" for _name, count, _cells in columns]
    head = "".join(f'<th scope="col"{kind}>{escape(name)}</th>' for (name, *_rest), kind in zip(columns, kinds, strict=True))
    rows = []
    for first, *rest in zip(*(written for *_first, written in columns), strict=True):
        others = "".join([f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds[1:], rest, strict=True)])
        rows.append(f'<tr><th scope="row"{kinds[0]}>{first}</th>{others}</tr>')
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{TABLE} {escape(caption)}">'
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _download(section, decimals: dict[str, int], text: str) -> str:
    """A link to the numbers of a figure or listing as a file, with how many columns end it that are the same in every row."""
    ends = columns_of_all(section)
    address = csv_address(section.table.assign(**ends), decimals)
    return f'<a class="download" download="{anchor(section.id)}.csv" data-ends="{len(ends)}" href="{address}">{text}</a>'


def columns_of_all(section) -> dict[str, str]:
    """What a file of a figure's numbers says in every row, for it is read without the page: whose they are, and that they are
    invented."""
    said = {_("Gjelder"): section.place, _("Merknad"): style.SYNTHETIC if section.synthetic else ""}
    return {column: value for column, value in said.items() if value and column not in section.table}


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
    return [MISSING if pd.isna(value) else escape(_(str(value))) for value in column]


def front_html(front) -> str:
    """The first page: lead, key figures, and findings that link to their figures; what rests on invented ones is marked."""
    demo = f'<span class="demo">{DEMO}</span> '
    keys = "".join(
        f'<li><span class="label">{escape(PARTED.sub(SOFT, k.label))}</span>'
        f'<span class="value">{escape(UNIT.sub(" ", k.value))}</span>'
        f'<span class="period">{escape(k.period)}</span><span class="change">{escape(k.change)}</span>'
        f'<span class="rank">{escape(k.rank)}</span>{demo if k.synthetic else ""}</li>'
        for k in front.key_figures
    )
    findings = "".join(
        f'<li>{escape(f.sentence)} {demo if f.synthetic else ""}<a href="{escape(f.page and f"{f.page}.html")}#{anchor(f.chart)}" '
        f'aria-label="{SEE_OF} {place}">{SEE}</a></li>'
        for place, f in enumerate(front.findings, 1)
    )
    return f"""<section class="front">
<p class="lead">{escape(front.lead)}{f" {demo}" if front.synthetic else ""}</p>
{f'<h2>{KEYS}</h2><ul class="keys">{keys}</ul>' if keys else ""}
{f'<h2>{FINDINGS}</h2><ol class="findings">{findings}</ol>' if findings else ""}
</section>"""


def front_table_html(front) -> str:
    """The same for who looks at it in Jupyter: the key figures as a table under a heading, and the findings as a list."""
    keys = pd.DataFrame([(k.label, k.value, k.period, k.change, k.rank) for k in front.key_figures], columns=list(COLUMNS))
    findings = "".join(f"<li>{escape(finding.sentence)}</li>" for finding in front.findings)
    return f"""<h3>{escape(front.title)}</h3>
<p>{escape(front.lead)}</p>
{table_html(keys, KEYS, {}) if len(keys) else ""}
{f"<h4>{FINDINGS}</h4><ol>{findings}</ol>" if findings else ""}"""


def comparison_html(comparison) -> str:
    """Whom a report measures its municipality against, and what lets its reader choose others: hidden where no script runs."""
    compared = f'<p class="compared"><strong>{COMPARED}</strong> {escape(listed([*comparison.names, _("landet")]))}.</p>'
    if not comparison.choice:
        return compared
    ready = "".join(
        f'<label><input type="radio" name="mot" value="{key}"> {escape(text)}</label>' for key, text, __ in comparison.groups
    )
    return f"""{compared}
<div id="valg" class="choice" hidden>
<fieldset><legend>{CHOOSE}</legend>
{ready}<label><input type="radio" name="mot" value="selv"> {OWN_CHOICE}</label>
<p class="own" hidden><label for="sok">{SEARCH}</label> <input id="sok" list="kommuner" autocomplete="off"></p>
<datalist id="kommuner"></datalist><ul class="chosen" hidden></ul>
</fieldset>
<p role="status" class="hidden"></p>
</div>
{_data(comparison.choice, 'id="tall"')}"""


def _data(content: dict, more: str) -> str:
    """What a page's script takes, as a block of data with these attributes."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" {more}>{text}</script>'


def answer_html(answer) -> str:
    """A question with its answer and figure; nothing where there is no answer. How a figure is read lies closed under it."""
    if not answer.sentences:
        return ""
    text = "".join(_sentence(sentence) for sentence in answer.sentences)
    drawn = figure_html(answer.chart, brief=True) if answer.chart else ""
    links = " ".join(f'<span><a href="{page}.html">{escape(name)}</a></span>' for page, name in answer.pages)
    more = f'<p class="more">{MORE} {links}</p>' if links else ""
    return f"""<section id="{anchor(answer.id)}" class="answer">
<h2>{escape(answer.question)}</h2>
{text}{drawn}{more}
</section>"""


def _sentence(sentence) -> str:
    """A sentence, with a name on each part that follows whom a reader chooses."""
    text, mark = escape(sentence.text), f' <span class="demo">{DEMO}</span>' if sentence.synthetic else ""
    for name, part in sentence.hooks:
        before, found, after = text.rpartition(escape(part)) if part else (text.removesuffix("."), "", text[-1:])
        text = f'{before}<span data-mot="{name}">{found}</span>{after}'
    return f"<p{HIDDEN if not sentence.text else ''}>{text}{mark}</p>"


def missing_html(missing) -> str:
    """A section without figures: what is missing, and why."""
    return f"""<section id="{anchor(missing.id)}" class="missing">
<h3>{escape(missing.title)}</h3>
<p>{escape(missing.reason)}</p>
</section>"""
