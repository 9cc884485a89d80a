"""The first page of the education report: four key figures and the findings of its figures, made from the numbers."""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.charts.facts import place, span
from nlib.core.language import at, number, percent, points, rank
from nlib.themes.utdanning import figures as utdanning

MEASURES = {
    "higher_pct": "Høyere utdanning",
    "lang_hoyere_pct": "Lang høyere utdanning",
    "fagskole_pct": "Fagskole",
    "grunnskole_pct": "Bare grunnskole",
}


def front(
    education_levels: pd.DataFrame,
    education_gap: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
    youth_outside: pd.DataFrame | None = None,
) -> Front:
    """Key figures and findings of the latest year that the municipality has figures for."""
    name = names[komm_nr]
    title = f"Utdanning {at(name)}"
    rows = education_levels[(education_levels["komm_nr"] == komm_nr) & education_levels["higher_pct"].notna()].sort_values("year")
    if rows.empty:
        return Front(title, f"Utgaven har ingen tall for utdanningen {at(name)}.", (), ())
    charts = (
        utdanning.levels(education_levels, names, komm_nr),
        utdanning.comparison(education_levels, names, compare, komm_nr),
        utdanning.gap(education_gap, names, compare, komm_nr),
    )
    doubts = ("Registertall uten utvalgsfeil.", "Lavere plass er ikke nødvendigvis tilbakegang.", "Det ventede er beregnet.")
    last = rows.iloc[-1]
    return Front(
        title,
        f"1. oktober {last['year']} hadde {number(last['known'])} innbyggere på 16 år og over kjent utdanning. "
        f"{percent(last['higher_pct'])} av dem hadde fullført universitet eller høgskole." + outside(youth_outside, komm_nr),
        tuple(key_figure(education_levels, rows, column) for column in MEASURES),
        tuple(
            Finding(f"{chart.title}. {doubt}", chart.id)
            for chart, doubt in zip(charts, doubts, strict=True)
            if isinstance(chart, Chart)
        ),
    )


def outside(youth_outside: pd.DataFrame | None, komm_nr: str) -> str:
    """The share of the young outside work and education in the latest year that has it, after a space; empty where none has."""
    if youth_outside is None:
        return ""
    own = youth_outside[(youth_outside["komm_nr"] == komm_nr) & youth_outside["share_pct"].notna()].sort_values("year")
    if own.empty:
        return ""
    last = own.iloc[-1]
    return (
        f" I november {last['year']} var {percent(last['share_pct'])} av dem mellom 15 og 29 år utenfor arbeid, utdanning og "
        f"arbeidsmarkedstiltak (landet {percent(last['nation_pct'])}; SSB, tabell 13563)."
    )


def key_figure(table: pd.DataFrame, rows: pd.DataFrame, column: str) -> KeyFigure:
    """A level's share in the latest year, its change and its place. rows: the municipality's own years, sorted."""
    last, years, held = (
        rows.iloc[-1],
        span(rows, column, broken=False),
        place(table, column, rows.iloc[-1]["komm_nr"], rows.iloc[-1]["year"]),
    )
    change = "Endring oppgis ikke"
    if years:
        first = rows.set_index("year").at[years[0], column]
        change = f"{points(last[column] - first, sign=True)} siden {years[0]}"
    standing = rank(held.rank, held.n) if held else "Plass oppgis ikke"
    return KeyFigure(MEASURES[column], percent(last[column]), f"1. oktober {last['year']}", change, standing)
