"""The first page of the report on jobs: its key figures, and the findings of its figures."""

import pandas as pd

from nlib.charts.chart import Front
from nlib.charts.facts import own_years
from nlib.core.language import at, number, percent
from nlib.core.translations import _
from nlib.themes.facts import Drawn, cards, findings

PRIVATE = ("privat", "offentlig_foretak")


def front(
    facts: pd.DataFrame,
    employed_register: pd.DataFrame,
    employed_by_sector: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    figure: Drawn,
) -> Front:
    """Key figures and findings of the latest year that the municipality has figures for."""
    name, rows = names[komm_nr], own_years(employed_register, komm_nr, "jobs")
    title = _("Arbeidsplassene {name}", name=at(name))
    if rows.empty:
        return Front(title, _("Utgaven har ingen tall for arbeidsplasser {name}.", name=at(name)), (), ())
    last = rows.iloc[-1]
    lead = _(
        "{jobs} arbeidet {name} i 4. kvartal {year}, og {employed_residents} sysselsatte bodde der, medregnet dem som arbeider i "
        "utlandet, på sokkelen eller på et ukjent sted; arbeidsplassdekningen er uten dem. En arbeidsplass er her en sysselsatt "
        "person, telt der jobben er.",
        jobs=number(last["jobs"]),
        name=at(name),
        year=last["year"],
        employed_residents=number(last["employed_residents"]),
    )
    return Front(
        title,
        lead + private(employed_by_sector, komm_nr),
        cards(facts, komm_nr, "jobs", "employed_15_74_pct", "coverage_pct", "median_after_tax_kr"),
        findings(*map(figure, ("arbeidsplasser.national", "arbeidsplasser.parts", "arbeidsplasser.rates"))),
    )


def private(employed_by_sector: pd.DataFrame, komm_nr: str) -> str:
    """The share of jobs that are private in the latest year, after a space; empty where a sector is hidden or none has jobs."""
    own = own_years(employed_by_sector, komm_nr, "comparable")
    jobs = own[own["year"] == own["year"].max()].set_index("sector")["jobs"].astype("Float64")
    if jobs.isna().any() or not jobs.sum():
        return ""
    share = percent(100 * jobs.reindex(PRIVATE).sum() / jobs.sum(), 0)
    return _(" {share} av arbeidsplassene er private, medregnet offentlig eide foretak.", share=share)
