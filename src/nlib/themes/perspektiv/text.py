"""The first page of the long-term report: four key figures and the findings of its figures, made from the numbers."""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.core.language import MISSING, number, percent, points, rank
from nlib.core.translations import _
from nlib.themes.perspektiv import figures as perspektiv
from nlib.themes.perspektiv.figures import BY, NEW_ACT, SINCE

NO_PLACE = _("Plass oppgis ikke")
MEASURES = {
    "net_operating_result_pct": _("Netto driftsresultat"),
    "net_debt_pct": _("Netto lånegjeld"),
    "free_reserves_pct": _("Fri egenkapital"),
}


def front(
    dwellings: pd.DataFrame,
    dwelling_rates: pd.DataFrame,
    economy_outlook: pd.DataFrame,
    emission_totals: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
    klimanoytral: int | None = None,
    kutt_prosent: float | None = None,
    kutt_aar: int = BY,
    basis_aar: int = SINCE,
    basis_tonn: float | None = None,
    dwelling_construction: pd.DataFrame | None = None,
    private_purchases: pd.DataFrame | None = None,
) -> Front:
    """Key figures of the latest year of each source, and the findings of the figures that there are."""
    name = names[komm_nr]
    goals = (klimanoytral, kutt_prosent, kutt_aar, basis_aar, basis_tonn)
    charts = (
        (perspektiv.dwellings(dwellings, dwelling_rates, names, komm_nr), _("Registertall uten utvalgsfeil.")),
        (perspektiv.economy(economy_outlook, names, compare, komm_nr), _("Enkeltår svinger.")),
        (perspektiv.targets(emission_totals, names, komm_nr, *goals), _("Utslippene er beregnet, ikke målt.")),
    )
    findings = [
        Finding(f"{chart.title}. {doubt}" if isinstance(chart, Chart) else chart.reason, chart.id) for chart, doubt in charts
    ]
    return Front(
        _("Perspektiv for {name}", name=name),
        _(
            "Det en langsiktig melding for {name} ser på: boligene, handlingsrommet i økonomien og utslippene av "
            "klimagasser, med det som trengs for å nå målene. Tallene sier hvor kommunen står, ikke hvor den er på vei.",
            name=name,
        )
        + completed(dwelling_construction, komm_nr)
        + purchases(private_purchases, komm_nr),
        (_dwellings(dwelling_rates, komm_nr), *(_account(economy_outlook, column, komm_nr) for column in MEASURES)),
        tuple(findings),
    )


def completed(dwelling_construction: pd.DataFrame | None, komm_nr: str) -> str:
    """Dwellings completed in the latest year and their mean rate of three years, after a space; empty where there is none."""
    last = _latest(dwelling_construction, "mean_per_1000", komm_nr)
    if last is None:
        return ""
    dwellings = f"{number(last['completed'])} {_('bolig') if last['completed'] == 1 else _('boliger')}"
    return _(
        " I {year} ble det fullført {dwellings}; snittet av tre år er {mean_per_1000} per {value} innbyggere (landet "
        "{nation_mean_per_1000}; SSB, tabell 05940).",
        year=last["year"],
        dwellings=dwellings,
        mean_per_1000=number(last["mean_per_1000"], 1),
        value=number(1000),
        nation_mean_per_1000=number(last["nation_mean_per_1000"], 1),
    )


def purchases(private_purchases: pd.DataFrame | None, komm_nr: str) -> str:
    """The share of operating expenses that buys services of private firms, after a space; empty where there is none."""
    last = _latest(private_purchases, "share_pct", komm_nr)
    if last is None:
        return ""
    return _(
        " I {year} gikk {share_pct} av driftsutgiftene til tjenester kjøpt av private (landet {nation_pct}; SSB, tabell 12367).",
        year=last["year"],
        share_pct=percent(last["share_pct"]),
        nation_pct=percent(last["nation_pct"]),
    )


def _latest(table, column, komm_nr):
    """The row of the latest year in which the municipality has a figure; None where it has none."""
    if table is None:
        return None
    own = table[(table["komm_nr"] == komm_nr) & table[column].notna()].sort_values("year")
    return None if own.empty else own.iloc[-1]


def _dwellings(table, komm_nr):
    label = _("Boliger")
    rows = table[(table["komm_nr"] == komm_nr) & table["dwellings"].notna()].sort_values("year")
    if rows.empty:
        return KeyFigure(label, MISSING, "", _("Tall mangler"), "")
    last = rows.iloc[-1]
    growth = last["growth_10_pct"]
    change = _("Endring oppgis ikke") if pd.isna(growth) else _("{growth} på ti år", growth=percent(growth, 0, sign=True))
    return KeyFigure(
        label,
        number(last["dwellings"]),
        _("1. januar {year}", year=last["year"]),
        change,
        _place(table, "growth_10_pct", last, _("vekst ")),
    )


def _account(table, column, komm_nr):
    """A share of the accounts in the latest year, and its change since the accounts got their present form."""
    label = MEASURES[column]
    rows = table[(table["komm_nr"] == komm_nr) & table[column].notna()].sort_values("year")
    if rows.empty:
        return KeyFigure(label, MISSING, "", _("Tall mangler"), "")
    last = rows.iloc[-1]
    same = rows[rows["year"] >= NEW_ACT] if last["year"] >= NEW_ACT else rows
    change = _("Endring oppgis ikke")
    if len(same) > 1:
        change = _("{last} siden {value}", last=points(last[column] - same[column].iloc[0], sign=True), value=same["year"].iloc[0])
    return KeyFigure(
        label, percent(last[column]), _("{year}, av inntektene", year=last["year"]), change, _place(table, column, last)
    )


def _place(table, column, last, before=""):
    """The place among all who have a figure the same year, 1 for the highest."""
    told = table[(table["year"] == last["year"]) & table[column].notna()].set_index("komm_nr")[column]
    if last["komm_nr"] not in told.index:
        return NO_PLACE
    return before + rank(int(told.rank(ascending=False, method="min")[last["komm_nr"]]), len(told))
