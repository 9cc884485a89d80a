"""The first page of the report on the business index: four key figures and three findings, made from the numbers."""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure, Missing
from nlib.core.language import MISSING, number
from nlib.core.translations import tr
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
        (naeringslivsindeks.areas(*told[:3], compare, komm_nr), "Plassen avhenger av vektene."),
        (naeringslivsindeks.moved(*told), "I små kommuner flytter noen få foretak eller personer mye."),
        (naeringslivsindeks.weights(business_index_areas, names, komm_nr), "Ingen vekter er riktige."),
        (naeringslivsindeks.indicators(*told), "Tallene er uten intervall."),
    )
    findings = [Finding(f"{chart.title}. {doubt}", chart.id) for chart, doubt in charts if isinstance(chart, Chart)]
    if not findings:
        findings = [Finding(chart.reason, chart.id) for chart, _ in charts[:1] if isinstance(chart, Missing)]
    return Front(
        f"Næringslivsindeksen for {name}",
        lead(business_index_areas, komm_nr, name),
        key_figures(business_index_areas, komm_nr),
        tuple(findings[:FINDINGS]),
    )


def key_figures(table: pd.DataFrame, komm_nr: str) -> tuple[KeyFigure, ...]:
    """The total, its robust version, and the strongest and the weakest area of the latest year; those missing are said so.

    table: the areas of an index, as `nlib.methods.composite.index` gives them.
    """
    labels = ("Samlet indeks", "Robust utgave", "Sterkeste område", "Svakeste område")
    year = composites.latest(table, komm_nr)
    if year is None:
        return tuple(KeyFigure(label, MISSING, "", "Tall mangler", "") for label in labels)
    own = composites.standing_of(table, komm_nr, year)
    parts = own.drop(TOTAL)[own.drop(TOTAL)["score"].notna()].sort_values("score", kind="stable")
    robust = own.loc[TOTAL].drop(["score", "rank"]).rename({"robust_score": "score", "robust_rank": "rank"})
    figures = [_key(labels[0], own.loc[TOTAL], year, since(table, komm_nr, TOTAL, year))]
    figures.append(_key(labels[1], robust, year, "median, og små kommuner trukket mot snittet"))
    for label, area in ((labels[2], parts.index[-1]), (labels[3], parts.index[0])):
        figures.append(_key(label, parts.loc[area], f"{tr(area)} {year}", since(table, komm_nr, area, year)))
    return tuple(figures)


def since(table: pd.DataFrame, komm_nr: str, area: str, year: int) -> str:
    """The change of an area's score since the year before; that it is not told, where it is missing in one of them."""
    own = table[(table["komm_nr"] == komm_nr) & (table["area"] == area)].set_index("year")["score"].reindex([year - 1, year])
    if own.isna().any():
        return "Endring oppgis ikke"
    return f"{number(own.iloc[1] - own.iloc[0], 1, sign=True)} poeng fra året før"


def lead(table: pd.DataFrame, komm_nr: str, name: str) -> str:
    """What the index is and what it says of the municipality, in two sentences."""
    what = "Næringslivsindeksen er snittet av fem områder, der 50 poeng er gjennomsnittet av kommunene."
    year = composites.latest(table, komm_nr)
    if year is None:
        return f"{what} For {name} kan den ikke beregnes med tallene i denne utgaven."
    whole = composites.standing_of(table, komm_nr, year).loc[TOTAL]
    if pd.isna(whole["score"]):
        return f"{what} I {year} har {name} tall for færre enn fire av dem, og da gis det ingen samlet indeks."
    side = "over" if whole["score"] > 50 else "under"
    return f"{what} {name} hadde {number(whole['score'], 1)} poeng i {year}, {side} snittet. Den måler plass, ikke framgang."


def _key(label, row, period, change):
    value = MISSING if pd.isna(row["score"]) else number(row["score"], 1)
    return KeyFigure(label, value, f"poeng, {period}", change, composites.key_rank(row))
