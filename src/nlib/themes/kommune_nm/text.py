"""The first page of the report on our Kommune-NM: four key figures and three findings, made from the numbers."""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, Missing
from nlib.core.language import counted, number, rank
from nlib.core.translations import _
from nlib.methods.composite import TOTAL
from nlib.themes import composites
from nlib.themes.kommune_nm import figures as figures
from nlib.themes.naeringslivsindeks.text import FINDINGS, key_figures


def front(
    kommune_nm_areas: pd.DataFrame,
    kommune_nm: pd.DataFrame,
    kommune_nm_indicators: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
    nho_comparison: pd.DataFrame | None = None,
) -> Front:
    """Key figures and findings of the latest year that the municipality has the index for."""
    name, listed = names[komm_nr], kommune_nm_indicators
    charts = (
        (figures.areas(kommune_nm_areas, kommune_nm, listed, names, compare, komm_nr), _("Plassen avhenger av vektene.")),
        (figures.weights(kommune_nm_areas, listed, names, komm_nr), _("Ingen vekter er riktige.")),
        (
            figures.restless(kommune_nm_areas, listed, population, names, komm_nr),
            _("En plass opp eller ned på ett år sier lite."),
        ),
    )
    findings = [Finding(f"{chart.title}. {doubt}", chart.id) for chart, doubt in charts if isinstance(chart, Chart)]
    if not findings:
        findings = [Finding(chart.reason, chart.id) for chart, __ in charts[:1] if isinstance(chart, Missing)]
    return Front(
        _("{name} i vår utgave av Kommune-NM", name=name),
        lead(kommune_nm_areas, kommune_nm_indicators, komm_nr, name) + nhos_own(nho_comparison, komm_nr, name),
        key_figures(kommune_nm_areas, komm_nr),
        tuple(findings[:FINDINGS]),
    )


def nhos_own(nho_comparison: pd.DataFrame | None, komm_nr: str, name: str) -> str:
    """The latest rank that NHO itself has published, where it is imported, after a space; empty where it is not."""
    if nho_comparison is None:
        return ""
    own = nho_comparison[(nho_comparison["komm_nr"] == komm_nr) & (nho_comparison["area"] == "samlet")]
    own = own[own["nho_rank"].notna()].sort_values("year")
    if own.empty:
        return ""
    last = own.iloc[-1]
    said = _(
        " NHOs egen Kommune-NM i {year} har {name} på {nho_rank}",
        year=last["year"],
        name=name,
        nho_rank=rank(last["nho_rank"], last["nho_n"], _("best")),
    )
    if pd.isna(last["moved"]) or not last["moved"]:
        return f"{said}."
    places = counted(abs(last["moved"]))
    return (
        _("{said}, {places} bedre enn året før.", said=said, places=places)
        if last["moved"] > 0
        else _("{said}, {places} dårligere enn året før.", said=said, places=places)
    )


def lead(kommune_nm_areas: pd.DataFrame, kommune_nm_indicators: pd.DataFrame, komm_nr: str, name: str) -> str:
    """What the index is and is not, and what it says of the municipality."""
    what = _("Dette er ikke NHOs Kommune-NM, men ligner: områdene er de samme, og valget av indikatorer er vårt.")
    what += f" {figures.uncounted(kommune_nm_indicators)}"
    year = composites.latest(kommune_nm_areas, komm_nr)
    if year is None:
        return _("{what} For {name} kan den ikke beregnes med tallene i denne utgaven.", what=what, name=name)
    whole = composites.standing_of(kommune_nm_areas, komm_nr, year).loc[TOTAL]
    if pd.isna(whole["score"]):
        return _(
            "{what} I {year} har {name} tall for færre enn fire områder, og da gis det ingen samlet indeks.",
            what=what,
            year=year,
            name=name,
        )
    return _(
        "{what} {name} hadde {score} poeng i {year}; 50 er snittet av kommunene.",
        what=what,
        name=name,
        score=number(whole["score"], 1),
        year=year,
    )
