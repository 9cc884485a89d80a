"""The first page of the report on jobs: four key figures and three findings, made from the numbers.

A finding is the title of the figure that shows it, with what is uncertain in words: growth against that of the nation, what
private growth is made of, and the employment rate. One that cannot be shown gives way to branches.
"""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.charts.facts import place, span
from nlib.core.language import MISSING, at, number, percent, points, rank
from nlib.core.translations import _
from nlib.themes.arbeidsplasser import figures as arbeidsplasser

FINDINGS = 3


def front(
    employed_register: pd.DataFrame,
    employed_by_sector: pd.DataFrame,
    employment_rates: pd.DataFrame,
    shift_share: pd.DataFrame,
    jobs_by_branch: pd.DataFrame,
    specialisation: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
) -> Front:
    """Key figures and findings of the latest year that the municipality has figures for."""
    name = names[komm_nr]
    charts = (
        (arbeidsplasser.national(employed_register, names, compare, komm_nr), _("Avstanden sier ikke hvorfor.")),
        (arbeidsplasser.parts(shift_share, jobs_by_branch, names, komm_nr), _("Delene er beregnet, uten intervall.")),
        (arbeidsplasser.rates(employment_rates, names, compare, komm_nr), _("Fulltelling, uten utvalgsfeil.")),
        (arbeidsplasser.branches(specialisation, names, komm_nr), _("Fulltelling, uten utvalgsfeil.")),
    )
    told = [Finding(f"{chart.title}. {doubt}", chart.id) for chart, doubt in charts if isinstance(chart, Chart)]
    private = _shares(employed_by_sector)
    figures = (
        key_figure(_("Arbeidsplasser"), employed_register, "jobs", komm_nr, number, _("flest")),
        key_figure(_("Private av arbeids\N{SOFT HYPHEN}plassene"), private, "private_pct", komm_nr, percent),
        key_figure(_("Sysselsatte av innbyggerne"), employment_rates, "employed_pct", komm_nr, percent),
        key_figure(_("Arbeidsplasser per 100 innbyggere"), employment_rates, "jobs_per_100", komm_nr, _one),
    )
    return Front(
        _("Arbeidsplassene {name}", name=at(name)), lead(employed_register, komm_nr, name), figures, tuple(told[:FINDINGS])
    )


def key_figure(label: str, table: pd.DataFrame, column: str, komm_nr: str, written, direction: str = _("høyest")) -> KeyFigure:
    """A measure in the latest year that has it, its change on this side of the break of 2015, and its place.

    table: `komm_nr`, `year`, `comparable` and the measure; `written` writes it in bokmål.
    """
    rows = table[(table["komm_nr"] == komm_nr) & table[column].notna()].sort_values("year")
    if rows.empty:
        return KeyFigure(label, MISSING, "", _("Tall mangler"), "")
    last = rows.iloc[-1]
    held = place(table, column, komm_nr, int(last["year"]))
    return KeyFigure(
        label,
        written(last[column]),
        _("4. kvartal {year}", year=last["year"]),
        change(rows, column),
        rank(held.rank, held.n, direction) if held else _("Plass oppgis ikke"),
    )


def change(rows: pd.DataFrame, column: str) -> str:
    """The change since the first year it is measured from, in persons (and percent), points or per 100; else why there is none."""
    years = span(rows, column)
    if years is None:
        return _("Endring oppgis ikke: ingen tidligere sammenlignbare år")
    first, now = rows.set_index("year")[column].astype(float).loc[list(years)]
    if column == "jobs":
        relative = f" ({percent(100 * (now - first) / first, sign=True)})" if first else ""
        return _(
            "{now} siden\N{NO-BREAK SPACE}{years}{relative}", now=number(now - first, sign=True), years=years[0], relative=relative
        )
    moved = number(now - first, 1, sign=True) if column == "jobs_per_100" else points(now - first, sign=True)
    return _("{moved} siden\N{NO-BREAK SPACE}{years}", moved=moved, years=years[0])


def lead(employed_register: pd.DataFrame, komm_nr: str, name: str) -> str:
    """How many work and how many employed live in the municipality in the latest year, and what is not told."""
    rows = employed_register[(employed_register["komm_nr"] == komm_nr) & employed_register["jobs"].notna()].sort_values("year")
    if rows.empty:
        return _("Utgaven har ingen tall for arbeidsplasser {name}.", name=at(name))
    last = rows.iloc[-1]
    return _(
        "{jobs} arbeidet {name} i 4. kvartal {year}, og {employed_residents} sysselsatte bodde der. En arbeidsplass er "
        "her en sysselsatt person, telt der jobben er.",
        jobs=number(last["jobs"]),
        name=at(name),
        year=last["year"],
        employed_residents=number(last["employed_residents"]),
    )


def _one(value):
    return number(value, 1)


def _shares(employed_by_sector):
    """The private share of jobs, percent, by municipality and year."""
    shares = arbeidsplasser.sides(employed_by_sector)
    whole = shares["private"] + shares["public"]
    shares["private_pct"] = 100 * shares["private"] / whole.where(whole > 0)
    comparable = employed_by_sector.groupby(["komm_nr", "year"])["comparable"].all().reset_index()
    return shares.merge(comparable, on=["komm_nr", "year"], validate="1:1")
