"""The figures of the page on our Kommune-NM: areas, indicators with direction and weight, weights, and development.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Scores are 0-100 among the year's municipalities.
"""

from dataclasses import replace

import pandas as pd

from nlib.charts.chart import Chart
from nlib.charts.chart import figure as declared
from nlib.core.translations import _
from nlib.themes import composites
from nlib.themes.composites import Asked, Measure, figure

SOURCE = _("SSB, NAV og foretakenes regnskap, tabellene i listen nederst. Beregnet av nlib")
DIRECTIONS = {1: _("høyt er bra"), -1: _("lavt er bra"), 0: _("teller ikke")}
AID = _("For de indikatorene der lavt er bra, er poengene snudd. Tabellen har retningen, vekten og regnestykket for hver av dem.")
LACKING = _("tall for næringsliv, arbeidsmarked, demografi, kompetanse og kommunal økonomi er ikke hentet.")
MADE_OF = {"figure": _("Tall"), "denominator": _("Nevner"), "times": _("Gange"), "decimals": _("Desimaler")}


def asked(
    kommune_nm_areas: pd.DataFrame,
    kommune_nm: pd.DataFrame,
    kommune_nm_indicators: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Asked:
    """Whose index is told, and how each indicator of the list is written."""
    listed = kommune_nm_indicators.sort_values("position")
    measures = {row.indicator: Measure(_(row.indicator), _(row.unit), int(row.decimals)) for row in listed.itertuples()}
    tables = (kommune_nm_areas, kommune_nm, population)
    return Asked("kommune_nm", _("den Kommune-NM-lignende indeksen"), komm_nr, names, measures, *tables, SOURCE, LACKING, AID)


@declared("")
def indicators(
    kommune_nm_areas: pd.DataFrame,
    kommune_nm: pd.DataFrame,
    kommune_nm_indicators: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Chart:
    """Every indicator with score, value and rank; the table has direction and weight of each, also of those not counted.

    The files have the figure that each is made of too, so that the list can be changed and imported.
    """
    chart = composites.indicators(asked(kommune_nm_areas, kommune_nm, kommune_nm_indicators, population, names, komm_nr))
    listed = kommune_nm_indicators.sort_values("position")
    listed = listed.assign(
        indicator=listed["indicator"].map(_), area=listed["area"].map(_), direction=listed["direction"].map(DIRECTIONS)
    )
    called = {"indicator": _("Indikator"), "area": _("Område"), "direction": _("Retning")}
    called |= {"weight": _("Vekt"), "area_weight": _("Områdevekt")}
    rest = {"unit": _("Enhet"), "why": _("Begrunnelse")} | MADE_OF
    own = chart.table.drop(columns=_("Område")).rename(columns={_("Kommuner"): "N"})
    table = listed[[*called]].rename(columns=called).merge(own, on=_("Indikator"), how="left", validate="1:1")
    table = table.assign(**{heading: listed[column].to_numpy() for column, heading in rest.items()})
    decimals = chart.decimals | {_("Vekt"): 1, _("Områdevekt"): 1}
    return replace(chart, table=table, decimals=decimals, only_files=tuple(MADE_OF.values()))


areas = figure(composites.areas, asked)
weights = figure(composites.weights, asked)
development = figure(composites.development, asked)
