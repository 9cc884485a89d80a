"""The first page of the report on the business index: four key figures and three findings, made from the numbers."""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure, Missing
from nlib.core.language import MISSING, number
from nlib.core.translations import _
from nlib.methods.composite import TOTAL
from nlib.themes import composites
from nlib.themes.naeringslivsindeks import figures as naeringslivsindeks

FINDINGS = 3


def front(
    business_index_areas: pd.DataFrame,
    business_index: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
) -> Front:
    """Key figures and findings of the latest year that the municipality has the index for."""
    name = names[komm_nr]
    told = (business_index_areas, business_index, names, komm_nr)
    charts = (
        (naeringslivsindeks.areas(*told[:3], compare, komm_nr), _("Plassen avhenger av vektene.")),
        (naeringslivsindeks.moved(*told), _("I små kommuner flytter noen få foretak eller personer mye.")),
        (naeringslivsindeks.weights(business_index_areas, names, komm_nr), _("Ingen vekter er riktige.")),
        (naeringslivsindeks.indicators(*told), _("Tallene er uten intervall.")),
    )
    findings = [Finding(f"{chart.title}. {doubt}", chart.id) for chart, doubt in charts if isinstance(chart, Chart)]
    if not findings:
        findings = [Finding(chart.reason, chart.id) for chart, __ in charts[:1] if isinstance(chart, Missing)]
    return Front(
        _("Næringslivsindeksen for {name}", name=name),
        lead(business_index_areas, komm_nr, name),
        key_figures(business_index_areas, komm_nr),
        tuple(findings[:FINDINGS]),
    )


def key_figures(table: pd.DataFrame, komm_nr: str) -> tuple[KeyFigure, ...]:
    """The total, its robust version, and the strongest and the weakest area of the latest year; those missing are said so.

    table: the areas of an index, as `nlib.methods.composite.index` gives them.
    """
    labels = (_("Samlet indeks"), _("Robust utgave"), _("Sterkeste område"), _("Svakeste område"))
    year = composites.latest(table, komm_nr)
    if year is None:
        return tuple(KeyFigure(label, MISSING, "", _("Tall mangler"), "") for label in labels)
    own = composites.standing_of(table, komm_nr, year)
    parts = own.drop(TOTAL)[own.drop(TOTAL)["score"].notna()].sort_values("score", kind="stable")
    robust = own.loc[TOTAL].drop(["score", "rank"]).rename({"robust_score": "score", "robust_rank": "rank"})
    figures = [_key(labels[0], own.loc[TOTAL], year, since(table, komm_nr, TOTAL, year))]
    figures.append(_key(labels[1], robust, year, _("median, og små kommuner trukket mot snittet")))
    for label, area in ((labels[2], parts.index[-1]), (labels[3], parts.index[0])):
        figures.append(_key(label, parts.loc[area], f"{_(area)} {year}", since(table, komm_nr, area, year)))
    return tuple(figures)


def since(table: pd.DataFrame, komm_nr: str, area: str, year: int) -> str:
    """The change of an area's score since the year before; that it is not told, where it is missing in one of them."""
    own = table[(table["komm_nr"] == komm_nr) & (table["area"] == area)].set_index("year")["score"].reindex([year - 1, year])
    if own.isna().any():
        return _("Endring oppgis ikke")
    return _("{value} poeng fra året før", value=number(own.iloc[1] - own.iloc[0], 1, sign=True))


def lead(table: pd.DataFrame, komm_nr: str, name: str) -> str:
    """What the index is and what it says of the municipality, in two sentences."""
    what = _("Næringslivsindeksen er snittet av fem områder, der 50 poeng er gjennomsnittet av kommunene.")
    year = composites.latest(table, komm_nr)
    if year is None:
        return _("{what} For {name} kan den ikke beregnes med tallene i denne utgaven.", what=what, name=name)
    whole = composites.standing_of(table, komm_nr, year).loc[TOTAL]
    if pd.isna(whole["score"]):
        return _(
            "{what} I {year} har {name} tall for færre enn fire av dem, og da gis det ingen samlet indeks.",
            what=what,
            year=year,
            name=name,
        )
    side = _("over") if whole["score"] > 50 else _("under")
    return _(
        "{what} {name} hadde {score} poeng i {year}, {side} snittet. Den måler plass, ikke framgang.",
        what=what,
        name=name,
        score=number(whole["score"], 1),
        year=year,
        side=side,
    )


def _key(label, row, period, change):
    value = MISSING if pd.isna(row["score"]) else number(row["score"], 1)
    return KeyFigure(label, value, _("poeng, {period}", period=period), change, composites.key_rank(row))
