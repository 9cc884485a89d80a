"""The first page of the report on our Kommune-NM: its key figure, and the findings of three figures."""

from dataclasses import replace

import pandas as pd

from nlib.charts.chart import Front
from nlib.core.language import counted, rank
from nlib.core.translations import _
from nlib.themes import composites
from nlib.themes.facts import Drawn
from nlib.themes.kommune_nm.figures import asked


def front(
    facts: pd.DataFrame,
    kommune_nm_areas: pd.DataFrame,
    kommune_nm: pd.DataFrame,
    kommune_nm_indicators: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    figure: Drawn,
    nho_comparison: pd.DataFrame | None = None,
) -> Front:
    """The key figure and the findings of the latest year that the municipality has the index for."""
    name = names[komm_nr]
    what = _("Dette er ikke NHOs Kommune-NM, men ligner: områdene er de samme, og valget av indikatorer er vårt.")
    whose = asked(kommune_nm_areas, kommune_nm, kommune_nm_indicators, population, names, komm_nr)
    title = _("{name} i vår utgave av Kommune-NM", name=name)
    page = composites.front(whose, facts, "kommune_nm", title, f"{what} {uncounted(kommune_nm_indicators)}", figure)
    return replace(page, lead=page.lead + nhos_own(nho_comparison, komm_nr, name))


def uncounted(kommune_nm_indicators: pd.DataFrame) -> str:
    """How many indicators are counted and how many only shown, as a sentence."""
    counts = int(((kommune_nm_indicators["direction"] != 0) & (kommune_nm_indicators["weight"] > 0)).sum())
    shown = len(kommune_nm_indicators) - counts
    rest = _(", og {shown} er vist uten å telle fordi retningen er uklar", shown=counted(shown)) if shown else ""
    return _("Indeksen har {counts} indikatorer som teller{rest}.", counts=counted(counts), rest=rest)


def nhos_own(nho_comparison: pd.DataFrame | None, komm_nr: str, name: str) -> str:
    """The latest rank that NHO itself has published, where it is imported, after a space; empty where it is not."""
    if nho_comparison is None:
        return ""
    own = nho_comparison[(nho_comparison["komm_nr"] == komm_nr) & (nho_comparison["area"] == "samlet")]
    own = own[own["nho_rank"].notna()].sort_values("year")
    if own.empty:
        return ""
    last = own.iloc[-1]
    place = rank(last["nho_rank"], last["nho_n"], _("best"))
    start = _(" NHOs egen Kommune-NM i {year} har {name} på {nho_rank}", year=last["year"], name=name, nho_rank=place)
    if pd.isna(last["moved"]) or not last["moved"]:
        return f"{start}."
    places = counted(abs(last["moved"]))
    if last["moved"] > 0:
        return _("{start}, {places} bedre enn året før.", start=start, places=places)
    return _("{start}, {places} dårligere enn året før.", start=start, places=places)
