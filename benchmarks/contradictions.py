"""Whether any page of any municipality contradicts itself, in one language: what stops a page, tried on all without drawing them.

    NLIB_HOME=... NLIB_LANGUAGE=nn python -m benchmarks.contradictions [--edition demo] [--theme rapport] [--every 1] [--drawn]

The answers, first pages and figures of every place are written as a page has them and held to `nlib.press.consistency`, as
`nlib report` does it. Drawings take nearly all of the time that pages take, and are made only where `drawn`: then their type is
tried too. Told: a line for each kind of fault with how many places have it and the first of them, and seconds a place.
"""

import re
import time
from collections import defaultdict
from types import SimpleNamespace

import click

from nlib.charts import html, style
from nlib.charts.chart import Answer
from nlib.core import store
from nlib.desk.view import View, figure_ids, themes
from nlib.press import consistency
from nlib.themes.rapport.text import QUESTIONS

EMPTY = b'<svg role="img"></svg>'


def shown(view: View, theme: str) -> list:
    """What the page of a theme shows of a place."""
    if theme == "rapport":
        return [view.answer(name) for name in QUESTIONS]
    return [view.front(theme), *(view.figure(id) for id in figure_ids() if id.startswith(f"{theme}."))]


def faults(view: View, theme: str, facts) -> list[str]:
    parts = shown(view, theme)
    told = [part._repr_mimebundle_() for part in parts if isinstance(part, Answer)]
    run = SimpleNamespace(cells=[{"outputs": [{"data": bundle} for bundle in told]}])
    return consistency.faults(run, [part._repr_html_() for part in parts], facts)


@click.command()
@click.option("--edition", "name", default="demo")
@click.option("--theme", "chosen", multiple=True)
@click.option("--every", default=1)
@click.option("--drawn", is_flag=True)
def main(name, chosen, every, drawn):
    edition = store.edition(name)
    facts = edition.table("facts")
    places = edition.table("municipalities").set_index("komm_nr")["name"]
    if not drawn:
        html.style.svg = lambda chart, narrow=False: EMPTY
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    begun, pages = time.process_time(), 0
    for number in places.index[::every]:
        view, own = View(number, name), facts[facts["komm_nr"] == number]
        for theme in chosen or themes():
            pages += 1
            for fault in faults(view, theme, own):
                found[theme, re.sub(r"\d[\d\s.,]*", "N ", fault.replace(places[number], "X"))[:110]].append(f"{number}: {fault}")
    for (theme, _), told in sorted(found.items(), key=lambda item: -len(item[1])):
        print(f"{len(told):5} {theme}: {told[0]}", flush=True)
    print(f"{pages} sider, {sum(map(len, found.values()))} feil, {(time.process_time() - begun) / max(pages, 1):.2f} s en side")


if __name__ == "__main__":
    assert style.svg is html.style.svg
    main()
