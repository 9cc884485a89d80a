"""The first page of the attractiveness report: four key figures and three findings, made from the numbers.

A finding is the title of the figure that shows it, with what is uncertain in words: the two kinds, what growth was made of, and the
place with its interval. Where attractiveness is not there, the first finding says why, and the rest are those that can be shown.
"""

import re

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.charts.facts import PERIOD, attractiveness_of, place
from nlib.core.language import MISSING, number, percent, points, rank, years
from nlib.core.translations import _
from nlib.themes.attraktivitet import figures as attraktivitet
from nlib.themes.attraktivitet.figures import KINDS, verdict


def front(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
) -> Front:
    """Key figures and findings of the latest period that the municipality has figures for."""
    name, told = names[komm_nr], (attractiveness, attractiveness_components)
    kinds = attraktivitet.scatter(*told, names, compare, komm_nr)
    parts = attraktivitet.growth(*told, population, names, komm_nr)
    whole = attractiveness_of(attractiveness, komm_nr, "samlet")
    findings = [
        Finding(
            _("{title}. Intervallene skal holde ni av ti ganger.", title=kinds.title) if isinstance(kinds, Chart) else kinds.reason,
            kinds.id,
        )
    ]
    if isinstance(parts, Chart):
        findings.append(Finding(_("{title}. Modellens koeffisienter er gjenskapt, ikke oppgitt.", title=parts.title), parts.id))
    if isinstance(kinds, Chart) and whole is not None:
        findings.append(Finding(f"{attraktivitet.rank_sentence(whole, name)}. {attraktivitet.NEUTRAL}", kinds.id))
    figures = tuple(key_figure(attractiveness, komm_nr, kind) for kind in KINDS)
    title = _("Attraktiviteten til {name}", name=name)
    return Front(title, lead(attractiveness, komm_nr, name), (growth(population, komm_nr), *figures), tuple(findings))


def key_figure(attractiveness: pd.DataFrame, komm_nr: str, kind: str) -> KeyFigure:
    """A kind's value over the latest three years, its interval, and its place with the interval of that."""
    label = re.sub(r"\Battraktivitet", "\N{SOFT HYPHEN}attraktivitet", KINDS[kind].capitalize())
    row = attractiveness_of(attractiveness, komm_nr, kind)
    if row is None:
        return KeyFigure(label, MISSING, "", _("Kan ikke beregnes"), "")
    period = years(int(row["year"]) - PERIOD + 1, int(row["year"]))
    within = _("usikkert: {low_pct} til {high_pct}", low_pct=number(row["low_pct"], 1), high_pct=percent(row["high_pct"], 1))
    held = rank(int(row["rank"]), int(row["n"]))
    if pd.notna(row["rank_low"]):
        held += _(", trolig {rank_low}–{rank_high}", rank_low=int(row["rank_low"]), rank_high=int(row["rank_high"]))
    return KeyFigure(label, percent(row["value_pct"], 1, sign=True), _("i året, {period}", period=period), within, held)


def growth(population: pd.DataFrame, komm_nr: str) -> KeyFigure:
    """The growth of the population in the latest year that has it, against the year before, and its place that year.

    A year that is not comparable has no place, and no change is told to or from it.
    """
    counts = population[["population", "growth"]].astype("Float64").astype(float)
    rates = population.assign(growth_pct=100 * counts["growth"] / counts["population"].where(counts["population"] > 0))
    own = rates[(rates["komm_nr"] == komm_nr) & rates["growth_pct"].notna()].set_index("year").sort_index()
    if own.empty:
        return KeyFigure(_("Folkevekst"), MISSING, "", _("Tall mangler"), "")
    year, last = int(own.index[-1]), own.iloc[-1]
    change = _("Endring oppgis ikke")
    if own["comparable"].reindex([year - 1, year]).eq(True).all():
        change = _("{growth_pct} fra året før", growth_pct=points(last["growth_pct"] - own.at[year - 1, "growth_pct"], sign=True))
    held = place(rates, "growth_pct", komm_nr, year)
    rated = rank(held.rank, held.n) if held else _("Plass oppgis ikke")
    period = _("{year}, av {population} innbyggere", year=year, population=number(last["population"]))
    return KeyFigure(_("Folkevekst"), percent(last["growth_pct"], 1, sign=True), period, change, rated)


def lead(attractiveness: pd.DataFrame, komm_nr: str, name: str) -> str:
    """What attractiveness is and how sure the value is, in two sentences."""
    row = attractiveness_of(attractiveness, komm_nr, "samlet")
    what = _("Attraktivitet er vekst ut over det størrelse, arbeidsmarked, bransjer og landets utvikling skulle tilsi.")
    if row is None:
        return _("{what} For {name} kan den ikke beregnes med tallene i denne utgaven.", what=what, name=name)
    sure = _("{what} Den samlede verdien for {name} {row}", what=what, name=name, row=verdict(row))
    if pd.isna(row["p_positive"]):
        return f"{sure}."
    chance = 100 * row["p_positive"]
    told = _("under 1") if chance < 1 else _("over 99") if chance > 99 else number(chance)
    return _("{sure}; sannsynligheten for at den er over null, er {told} prosent.", sure=sure, told=told)
