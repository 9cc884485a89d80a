"""An invented report: two charts, a first page and a gap, in a notebook as papermill leaves it."""

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nlib.charts.chart import Chart, Finding, Front, KeyFigure, Missing
from nlib.charts.style import FOOT, OTHER, OWN

HARMFUL = '<script>alert("1")</script><img src=x onerror=alert(1)>&"\''
FACTS = {
    "edition": "2026",
    "synthetic": False,
    "real": "",
    "figures_date": "4. kvartal 2021",
    "sources": [("SSB, tabell 03321: Pendling", "https://www.ssb.no/statbank/table/03321", "CC BY 4.0", "oppdatert 1. juni 2022")],
    "nlib_version": "0.1.0",
    "commit": "0123456789",
    "warnings": [],
    "accepted": "",
}

# what stands higher in its column than what is read before it: reading order is the order seen
ORDER = """(() => {
    const shown = 'h1, h2, h3, p, li, img, .chart > svg, summary, table';
    const read = [...document.querySelectorAll(shown)].filter(e => e.getClientRects().length);
    const wrong = [];
    let [lowest, left] = [0, 0];
    for (const one of read) {
        const box = one.getBoundingClientRect();
        if (box.height < 2 || one.closest('.skip, .hidden')) continue;
        if (box.top < lowest - 2 && box.left <= left) wrong.push(one.textContent.trim().slice(0, 60) || one.tagName);
        [lowest, left] = [box.top, box.left];
    }
    return wrong;
})()"""


def axes(figure, left: float, right: float, top: float, bottom: float = 0.0):
    """Axes with these margins in inches; the bottom margin is counted from above the line of sources."""
    width, height = figure.get_size_inches()
    low = (getattr(figure, "foot", FOOT) + bottom) / height
    return figure.add_axes((left / width, low, 1 - (left + right) / width, 1 - top / height - low))


def shares():
    return pd.DataFrame(
        {
            "Kommune": pd.array(["Lørenskog", "Lillestrøm", "=Oslo"], dtype="str"),
            "År": [2021, 2021, 2021],
            "Utpendling, prosent": [69.34, 68.0, None],
            "Sysselsatte": pd.array([20720, 42131, None], dtype="Int64"),
            "Sammenlignbar": [True, True, False],
        }
    )


def chart(id="pendling.andel", **changes):
    """A bar chart of three invented municipalities."""

    def draw(figure, narrow):
        axis = axes(figure, left=1.0, right=0.2, top=0.3, bottom=0.25)
        axis.barh(["Lørenskog", "Lillestrøm", "Oslo"], [69.34, 68.0, 20.0], color=[OWN, OTHER, OTHER])

    told = {
        "id": id,
        "title": "Sju av ti sysselsatte i Lørenskog arbeider i en annen kommune",
        "reading": "Hver stripe er en kommune. Lengden er andelen av de sysselsatte innbyggerne som pendler ut.",
        "alt": "Stolper for utpendling i 2021: Lørenskog 69,3 prosent, Lillestrøm 68,0 prosent og Oslo 20,0 prosent.",
        "uncertainty": "Folk telles der virksomheten er registrert.",
        "source": "SSB, tabell 03321, oppdatert 1. juni 2022",
        "table": shares(),
        "draw": draw,
        "decimals": {"Utpendling, prosent": 1},
    }
    return Chart(**(told | changes))


def front(**changes):
    told = {
        "title": "Pendling",
        "lead": "Lørenskog er en del av arbeidsmarkedet rundt Oslo: flere pendler ut enn inn.",
        "key_figures": (
            KeyFigure("Arbeidsplasser", "20 720", "4. kvartal 2021", "+402 siden 2017", "plass 31 av 357 (1 er høyest)"),
            KeyFigure("Utpendling", "69,3 %", "4. kvartal 2021", "er om lag uendret siden 2017", "plass 12 av 357 (1 er høyest)"),
            KeyFigure("Innpendling", "70,7 %", "4. kvartal 2021", "er om lag uendret siden 2017", "plass 4 av 357 (1 er høyest)"),
            KeyFigure(
                "Arbeidsplassdekning",
                "95,2 %",
                "4. kvartal 2021",
                "+1,2 prosentpoeng",
                "plass 90 av 357 (1 er høyest)",
            ),
        ),
        "findings": (
            Finding("Sju av ti sysselsatte arbeider i en annen kommune.", "pendling.andel"),
            Finding("Andelen har ligget fast siden 2017.", "pendling.tid"),
        ),
    }
    return Front(**(told | changes))


def shown(id, thing):
    data = {"text/plain": "Chart(...)", "text/html": thing._repr_html_()}
    return new_code_cell("view", id=id, execution_count=1, outputs=[new_output("execute_result", data, execution_count=1)])


def notebook(*extra, charts=None) -> nbformat.NotebookNode:
    """The notebook as it has run, with further cells at its end."""
    first, second = charts or (chart(), chart("pendling.tid", title="Andelen har ligget fast siden 2017"))
    cells = [
        new_code_cell(
            'kommune = "3222"',
            id="parametere",
            metadata={"tags": ["parameters"]},
            outputs=[new_output("stream", text="HEMMELIG LOGG")],
        ),
        shown("forside", front()),
        new_markdown_cell("## Hvem pendler ut?\n\nSe etter *hvor langt* stripen rekker.", id="om-andelen"),
        shown("andelen", first),
        shown("tiden", second),
        new_markdown_cell("## Hva mangler", id="om-mangler"),
        shown("mangler", Missing("pendling.kart", "Kartet kan ikke tegnes", "Grensene finnes ikke i denne utgaven.")),
        *extra,
    ]
    return new_notebook(cells=cells)
