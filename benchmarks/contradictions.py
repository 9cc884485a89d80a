"""Whether any page of any municipality contradicts itself, in one language: what stops a page, tried on all without drawing them.

    NLIB_HOME=... NLIB_LANGUAGE=nn python -m benchmarks.contradictions [--edition demo] [--theme rapport] [--most 1000] [--drawn]

The answers, first pages and figures of every place are written as a page has them and held to `nlib.press.consistency`, as
`nlib report` does it. Drawings take nearly all of the time that pages take, and are made only where `drawn`: then their type is
tried too. Told: the first place of each kind of fault as it is found, at the end how many places have it, and seconds a page.
"""

import re
import time
from collections import Counter
from functools import cached_property
from types import SimpleNamespace

import click

from nlib.charts import html
from nlib.charts.chart import Answer, Missing
from nlib.core import store
from nlib.core.language import short_name
from nlib.desk.view import View, figure_ids, themes
from nlib.press import consistency
from nlib.themes.rapport.text import QUESTIONS

REPORT = "rapport"
EMPTY = b'<svg role="img"></svg>'


class Told(View):
    """A place without the marks of invented figures, which everything is made twice for, and answers without their figures."""

    @cached_property
    def synthetic(self) -> bool:
        return False

    def answer(self, name, **assumptions):
        self.figure = lambda *id, **more: Missing("", "", "")  # type: ignore[method-assign]
        try:
            return super().answer(name, **assumptions)
        finally:
            del self.figure


def shown(view: View, theme: str) -> list:
    """What the page of a theme shows of a place."""
    if theme == REPORT:
        return [view.answer(name) for name in QUESTIONS]
    return [view.front(theme), *(view.figure(id) for id in figure_ids() if id.startswith(f"{theme}."))]


def faults(view: View, theme: str, facts) -> list[str]:
    parts = shown(view, theme)
    told = [part._repr_mimebundle_() for part in parts if isinstance(part, Answer)]
    run = SimpleNamespace(cells=[{"outputs": [{"data": bundle} for bundle in told]}])
    return consistency.faults(run, [part._repr_html_() for part in parts], facts)


def kind_of(fault: str, name: str) -> str:
    """A fault without what is of one place: its name and its numbers."""
    return re.sub(r"[+−]?\d[\d\s.,]*", "N ", fault.replace(name, "X"))[:100]


@click.command()
@click.option("--edition", "name", default="demo")
@click.option("--theme", "chosen", multiple=True)
@click.option("--most", default=1000, help="places to try, from all over the country")
@click.option("--drawn", is_flag=True)
def main(name, chosen, most, drawn):
    edition = store.edition(name)
    facts = edition.table("facts")
    places = edition.table("municipalities").set_index("komm_nr")["name"]
    if not drawn:
        html.drawing.svg = lambda chart, narrow=False, sourced=True: EMPTY
    found: Counter[tuple[str, str]] = Counter()
    begun, pages, tried = time.process_time(), 0, sorted(places.index, key=lambda number: number[::-1])[:most]
    for at, number in enumerate(tried, 1):
        view, own = (View if drawn else Told)(number, name), facts[facts["komm_nr"] == number]
        for theme in chosen or themes():
            pages += 1
            for fault in faults(view, theme, own):
                kind = theme, kind_of(fault, short_name(places[number]))
                found[kind] += 1
                if found[kind] == 1:
                    print(f"{theme} {number}: {fault}", flush=True)
        if at % 25 == 0:
            print(f"{at} av {len(tried)} kommuner", flush=True)
    for (theme, kind), count in found.most_common():
        print(f"{count:5} {theme}: {kind}")
    print(f"{pages} sider, {found.total()} feil, {(time.process_time() - begun) / max(pages, 1):.2f} s en side")


if __name__ == "__main__":
    main()
