"""The figures of the page on our Kommune-NM: areas, indicators with direction and weight, weights, development, small places.

Each function takes contract tables and gives a Chart, or Missing with the reason. Scores are 0-100 among the year's municipalities.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.strip import Strip
from nlib.core.language import counted, number
from nlib.core.translations import _
from nlib.methods.composite import TOTAL
from nlib.themes import composites
from nlib.themes.composites import Asked, Measure

THEME, WHAT = "kommune_nm", _("den Kommune-NM-lignende indeksen")
SOURCE = _("SSB, NAV og foretakenes regnskap, tabellene i listen nederst. Beregnet av nlib")
DIRECTIONS = {1: _("høyt er bra"), -1: _("lavt er bra"), 0: _("teller ikke")}
SIZES = {_("under 1 000"): 0, _("1 000–4 999"): 1000, _("5 000–19 999"): 5000, _("20 000 og over"): 20_000}
AID = _("For de indikatorene der lavt er bra, er poengene snudd. Tabellen har retningen, vekten og regnestykket for hver av dem.")
LACKING = _("tall for næringsliv, arbeidsmarked, demografi, kompetanse og kommunal økonomi er ikke hentet.")


def areas(
    kommune_nm_areas: pd.DataFrame,
    kommune_nm: pd.DataFrame,
    kommune_nm_indicators: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
) -> Chart | Missing:
    """The index and its areas with rank, the robust version, and those it is compared with."""
    return composites.areas(_asked(kommune_nm_indicators, names, komm_nr), kommune_nm_areas, kommune_nm, compare)


def indicators(
    kommune_nm_areas: pd.DataFrame,
    kommune_nm: pd.DataFrame,
    kommune_nm_indicators: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Chart | Missing:
    """Every indicator with score, value and rank; the table has direction and weight of each, also of those not counted.

    The files have the figure that each is made of too, so that the list can be changed and imported.
    """
    chart = composites.indicators(_asked(kommune_nm_indicators, names, komm_nr), kommune_nm_areas, kommune_nm)
    if isinstance(chart, Missing):
        return chart
    listed = kommune_nm_indicators.sort_values("position")
    table = pd.DataFrame(
        {
            _("Indikator"): listed["indicator"].map(_),
            _("Område"): listed["area"].map(_),
            _("Retning"): listed["direction"].map(DIRECTIONS),
            _("Vekt"): listed["weight"],
            _("Områdevekt"): listed["area_weight"],
        }
    )
    told = chart.table.drop(columns=_("Område")).rename(columns={_("Kommuner"): "N"})
    table = table.merge(told, on=_("Indikator"), how="left", validate="1:1")
    made_of = {_("Tall"): "figure", _("Nevner"): "denominator", _("Gange"): "times", _("Desimaler"): "decimals"}
    rest = {_("Enhet"): "unit", _("Begrunnelse"): "why"} | made_of
    table = table.assign(**{heading: listed[column].to_numpy() for heading, column in rest.items()})
    return replace(chart, table=table, decimals=chart.decimals | {_("Vekt"): 1, _("Områdevekt"): 1}, only_files=tuple(made_of))


def weights(
    kommune_nm_areas: pd.DataFrame, kommune_nm_indicators: pd.DataFrame, names: dict[str, str], komm_nr: str
) -> Chart | Missing:
    """The place with other weights on the areas, and by the robust version."""
    return composites.weights(_asked(kommune_nm_indicators, names, komm_nr), kommune_nm_areas)


def development(
    kommune_nm_areas: pd.DataFrame,
    kommune_nm_indicators: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
) -> Chart | Missing:
    """The index and its areas year by year."""
    return composites.development(_asked(kommune_nm_indicators, names, komm_nr), kommune_nm_areas, compare)


def moved(
    kommune_nm_areas: pd.DataFrame,
    kommune_nm: pd.DataFrame,
    kommune_nm_indicators: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Chart | Missing:
    """What moved the index since the year before, and how much of it was the municipality's own."""
    return composites.movement(_asked(kommune_nm_indicators, names, komm_nr), kommune_nm_areas, kommune_nm)


def restless(
    kommune_nm_areas: pd.DataFrame,
    kommune_nm_indicators: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Chart | Missing:
    """How many places the rank moves from year to year, by the size of the municipality, by both versions of the index."""
    id, heading = f"{THEME}.restless", _("Hvor mye plassen flytter seg fra år til år")
    table = leaps(kommune_nm_areas, population)
    if len(table) < 2:
        nothing = _("Utgaven har ikke to år på rad med samlet indeks for kommuner av ulik størrelse.")
        asked = _asked(kommune_nm_indicators, names, komm_nr)
        return Missing(
            id, heading, nothing if kommune_nm_areas["score"].notna().any() else composites.none(asked, kommune_nm_areas)
        )
    form = Strip(
        heading=_("Plasser i året, etter innbyggertall"),
        rows=table.rename_axis(_("Innbyggere")),
        marks={"rank": (_("vanlig utgave"), "own"), "robust_rank": (_("robust utgave"), "second")},
        own=_size_of(population, komm_nr),
        joined=True,
        level=0,
        decimals=1,
        also={"n": _("Kommuneår")},
    )
    return form.chart(
        id,
        restless_sentence(table),
        _(
            "Snittet av hvor mange plasser en kommune flytter seg fra ett år til det neste, etter innbyggertall. Uthevet er "
            "størrelsen {names} har.",
            names=names[komm_nr],
        ),
        _(
            "At plassen flytter seg, kan være virkelige endringer eller noen få personer og foretak; at de små flytter seg "
            "mest, tyder på mye av det siste. En plass opp eller ned på ett år sier lite om en liten kommune."
        ),
        f"{SOURCE}, {int(table.attrs['first'])}–{int(table.attrs['last'])}",
    )


def leaps(kommune_nm_areas: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """The mean number of places that a total's rank moves from a year to the next, by inhabitants: `rank`, `robust_rank`, `n`."""
    whole = kommune_nm_areas[(kommune_nm_areas["area"] == TOTAL) & kommune_nm_areas["rank"].notna()]
    whole = whole[["komm_nr", "year", "rank", "robust_rank"]].astype({"rank": float, "robust_rank": float})
    before = whole.assign(year=whole["year"] + 1)
    both = whole.merge(before, on=["komm_nr", "year"], suffixes=("", "_before"), validate="1:1")
    people = population[["komm_nr", "year", "population"]].dropna()
    both = both.merge(people, on=["komm_nr", "year"], validate="1:1")
    size = pd.cut(both["population"].astype(float), [*SIZES.values(), np.inf], right=False, labels=list(SIZES))
    moves = {name: (both[name] - both[f"{name}_before"]).abs() for name in ("rank", "robust_rank")}
    table = pd.DataFrame(moves).assign(n=1).groupby(size, observed=True).agg({"rank": "mean", "robust_rank": "mean", "n": "sum"})
    table.index = table.index.astype("str").rename("size")
    table.attrs = {"first": both["year"].min() - 1, "last": both["year"].max()} if len(both) else {}
    return table


def restless_sentence(table: pd.DataFrame) -> str:
    """How much more the places of the smallest municipalities move than those of the largest; table: as `leaps` gives it."""
    small, large = (number(table["rank"].iloc[end], 1) for end in (0, -1))
    return _("De minste kommunene flytter seg {small} plasser i året, de største {large}", small=small, large=large)


def uncounted(kommune_nm_indicators: pd.DataFrame) -> str:
    """How many indicators are counted and how many only shown, as a sentence."""
    held = (kommune_nm_indicators["direction"] != 0) & (kommune_nm_indicators["weight"] > 0)
    shown = int((~held).sum())
    rest = _(", og {shown} er vist uten å telle fordi retningen er uklar", shown=counted(shown)) if shown else ""
    return _("Indeksen har {held} indikatorer som teller{rest}.", held=counted(int(held.sum())), rest=rest)


def _size_of(population, komm_nr):
    own = population[(population["komm_nr"] == komm_nr) & population["population"].notna()].sort_values("year")
    if own.empty:
        return ""
    return [name for name, least in SIZES.items() if own["population"].iloc[-1] >= least][-1]


def _asked(kommune_nm_indicators, names, komm_nr):
    """Whose index is told, and how each indicator of the list is written."""
    listed = kommune_nm_indicators.sort_values("position")
    measures = {row.indicator: Measure(_(row.indicator), _(row.unit), int(row.decimals)) for row in listed.itertuples()}
    return Asked(THEME, WHAT, komm_nr, names, measures, SOURCE, LACKING, AID)
