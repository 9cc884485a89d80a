"""What a figure of nlib is: its drawing with everything a reader needs to trust and reuse it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.figure import Figure


CLAIMS = "application/vnd.nlib.claims+json"  # what an answer tells, among what a notebook keeps of it


@dataclass(frozen=True, repr=False)
class Chart:
    """A figure: title (the finding), reading aid, drawing (wide and narrow), uncertainty, source and its numbers.

    `draw(figure, narrow)` draws on an empty matplotlib Figure of the right size; it never reads, saves or changes
    global state. `table` holds the numbers shown, raw, under headings in bokmål; `decimals` says how each is written.
    `alt` says what is seen, with numbers. All texts are plain text: whoever makes HTML of them escapes them.
    """

    id: str  # of a theme's, by `figure`
    title: str
    reading: str
    alt: str
    uncertainty: str
    source: str
    table: pd.DataFrame
    draw: Callable[[Figure, bool], None]
    height: tuple[float, float] = (3.6, 3.6)  # inches, wide and narrow
    decimals: dict[str, int] = field(default_factory=dict)
    synthetic: bool = False
    invented: bool = False  # whether its title rests on invented figures
    only_files: tuple[str, ...] = ()  # columns that a page leaves to the files: what a table needs to be imported again
    follows: dict = field(default_factory=dict)  # what a report's script takes, to show those that its reader chooses
    whom: str = ""  # those it is compared with, as `reading` names them
    formed: bool = False  # whether a form draws it, on a `Sheet` too
    of_all: bool = False  # of all municipalities together
    place: str = ""  # whose it is, which a file of its numbers says in every row

    def figure(self, narrow: bool = False) -> Figure:
        """The drawing as a matplotlib Figure, 7.2 inches wide, or 3.5 for a phone, with the finding above it and its source."""
        from nlib.charts.drawing import titled

        return titled(self, narrow)

    def _repr_html_(self) -> str:
        from nlib.charts.html import figure_html

        return figure_html(self)

    def __repr__(self) -> str:
        return f"<{self.id}: {self.title}>"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        from nlib.charts.files import bundle

        return bundle(self)


@dataclass(frozen=True, repr=False)
class Listing:
    """A section that is read rather than seen: title, reading aid, and a table in words, parted by the values of its column `by`.

    All texts are plain text: whoever makes HTML of them escapes them. On paper it breaks over pages between rows.
    """

    id: str
    title: str
    reading: str
    uncertainty: str
    source: str
    table: pd.DataFrame
    by: str
    synthetic: bool = False
    place: str = ""

    def _repr_html_(self) -> str:
        from nlib.charts.html import listing_html

        return listing_html(self)

    def __repr__(self) -> str:
        return f"<{self.id}: {self.title}>"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        from nlib.charts.files import bundle

        return bundle(self)


@dataclass(frozen=True)
class KeyFigure:
    """One of the four numbers on a first page: value, what and when, change, and place among N (written out in bokmål)."""

    label: str
    value: str
    period: str
    change: str
    rank: str
    synthetic: bool = False


@dataclass(frozen=True)
class Finding:
    """A sentence made from the numbers, with the id of the figure that shows it; `page` names its theme where that is another."""

    sentence: str
    chart: str
    page: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Front:
    """The first page of a theme: title, lead, date of the figures, four key figures and three findings."""

    title: str
    lead: str
    key_figures: tuple[KeyFigure, ...]
    findings: tuple[Finding, ...]
    synthetic: bool = False  # whether the lead rests on invented figures

    def _repr_html_(self) -> str:
        from nlib.charts.html import front_html

        return front_html(self)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        from nlib.charts.shown import of_front

        return of_front(self)


@dataclass(frozen=True)
class Comparison:
    """Whom a report measures its municipality against, by name; and what a page needs to let its reader choose others.

    groups: ready ones, as (name in the address, what a reader sees, numbers); choice: what `rapport.js` takes, as JSON holds it.
    """

    names: tuple[str, ...]
    groups: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    choice: dict = field(default_factory=dict)

    def _repr_html_(self) -> str:
        from nlib.charts.html import comparison_html

        return comparison_html(self)


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer.

    hooks: parts of it that follow whom a reader chooses, as (name, part); claims: what it tells, which a page is compared with
    before it is published: ("fact", indicator, year), ("sum", whole, *parts), ("led", weighted, unweighted, the one that is shown);
    figures: whether it tells any, which may be invented.
    """

    text: str
    synthetic: bool = False
    hooks: tuple[tuple[str, str], ...] = ()
    claims: tuple[tuple, ...] = ()
    figures: bool = True


@dataclass(frozen=True, repr=False)
class Answer:
    """What a report says to one question: sentences made of facts, the figure that shows them, and the theme that goes deeper.

    `figure` is the figure's id, `chart` the figure itself; without sentences there is no answer, and nothing is shown.
    """

    id: str
    question: str
    sentences: tuple[Sentence, ...]
    figure: str = ""
    pages: tuple[tuple[str, str], ...] = ()  # those that go deeper, and what each is called
    assumptions: dict = field(default_factory=dict)  # that the figure is drawn with
    chart: Chart | None = None

    def _repr_html_(self) -> str:
        from nlib.charts.html import answer_html

        return answer_html(self)

    def __repr__(self) -> str:
        return "\n".join([self.question, *(sentence.text for sentence in self.sentences)])

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        from nlib.charts.files import bundle

        sentences = [{"text": sentence.text, "claims": [list(claim) for claim in sentence.claims]} for sentence in self.sentences]
        return (bundle(self.chart) if self.chart else {}) | {CLAIMS: {"question": self.question, "sentences": sentences}}


@dataclass(frozen=True)
class Missing:
    """A section that has no figures: what is missing and why, told on the page in place of the figure."""

    id: str
    title: str
    reason: str

    def _repr_html_(self) -> str:
        from nlib.charts.html import missing_html

        return missing_html(self)


class Lacking(Exception):
    """That a figure cannot be drawn: why, as a page tells it, and what is missing where that is not the figure's own heading."""

    def __init__(self, reason: str, heading: str = ""):
        super().__init__(reason)
        self.reason, self.heading = reason, heading


Drawing = Callable[..., Chart | Listing]


def figure(heading: str) -> Callable[[Drawing], Callable[..., Chart | Listing | Missing]]:
    """Declare a figure of the theme that its function stands in: `partners` in `themes/pendling/figures.py` is «pendling.partners».

    The function takes tables and facts of a view by their names. Where it raises `Lacking`, what is shown is `Missing`, under this
    heading.
    """

    def declared(draw: Drawing) -> Callable[..., Chart | Listing | Missing]:
        id = f"{draw.__module__.split('.')[-2]}.{draw.__name__}"

        @functools.wraps(draw)
        def drawn(*tables, **given) -> Chart | Listing | Missing:
            try:
                return replace(draw(*tables, **given), id=id)
            except Lacking as lacking:
                return Missing(id, lacking.heading or heading, lacking.reason)

        drawn.__dict__["heading"] = heading
        return drawn

    return declared
