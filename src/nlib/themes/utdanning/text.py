"""The first page of the education report: four key figures and the findings of its figures, made from the numbers."""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.charts.facts import place, span
from nlib.core.language import at, number, percent, points, rank
from nlib.core.translations import _
from nlib.themes.utdanning import figures as utdanning

MEASURES = {
    "higher_pct": _("Høyere utdanning"),
    "lang_hoyere_pct": _("Lang høyere utdanning"),
    "fagskole_pct": _("Fagskole"),
    "grunnskole_pct": _("Bare grunnskole"),
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
    title = _("Utdanning {name}", name=at(name))
    rows = education_levels[(education_levels["komm_nr"] == komm_nr) & education_levels["higher_pct"].notna()].sort_values("year")
    if rows.empty:
        return Front(title, _("Utgaven har ingen tall for utdanningen {name}.", name=at(name)), (), ())
    charts = (
        utdanning.levels(education_levels, names, komm_nr),
        utdanning.gap(education_gap, names, compare, komm_nr),
    )
    doubts = (
        _("Registertall uten utvalgsfeil."),
        _("Det ventede er beregnet."),
    )
    last = rows.iloc[-1]
    return Front(
        title,
        _(
            "1. oktober {year} hadde {known} innbyggere på 16 år og over kjent utdanning. {higher_pct} av dem hadde fullført "
            "universitet eller høgskole.",
            year=last["year"],
            known=number(last["known"]),
            higher_pct=percent(last["higher_pct"]),
        )
        + outside(youth_outside, komm_nr),
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
    return _(
        " I november {year} var {share_pct} av dem mellom 15 og 29 år utenfor arbeid, utdanning og arbeidsmarkedstiltak "
        "(landet {nation_pct}; SSB, tabell 13563).",
        year=last["year"],
        share_pct=percent(last["share_pct"]),
        nation_pct=percent(last["nation_pct"]),
    )


def key_figure(table: pd.DataFrame, rows: pd.DataFrame, column: str) -> KeyFigure:
    """A level's share in the latest year, its change and its place. rows: the municipality's own years, sorted."""
    last, years, held = (
        rows.iloc[-1],
        span(rows, column, broken=False),
        place(table, column, rows.iloc[-1]["komm_nr"], rows.iloc[-1]["year"]),
    )
    change = _("Endring oppgis ikke")
    if years:
        first = rows.set_index("year").at[years[0], column]
        change = _("{last} siden {years}", last=points(last[column] - first, sign=True), years=years[0])
    standing = rank(held.rank, held.n) if held else _("Plass oppgis ikke")
    return KeyFigure(MEASURES[column], percent(last[column]), _("1. oktober {year}", year=last["year"]), change, standing)
