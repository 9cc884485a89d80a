"""The first page of the scenario report: four key figures and three findings, made from the numbers.

A finding is the title of the figure that shows it, with what is uncertain in words.
"""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.core.language import MISSING, at, number, percent, rank
from nlib.core.translations import _
from nlib.themes.scenarioer import figures as scenarioer
from nlib.themes.scenarioer.figures import HORIZON, LABELS, about, courses_of

NO_PLACE = _("Plass oppgis ikke")


def front(
    population_scenarios: pd.DataFrame,
    population: pd.DataFrame,
    population_projection: pd.DataFrame,
    projection_backtest: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    horizon: int = HORIZON,
) -> Front:
    """Key figures and findings at the horizon, in the course that leads."""
    name, told = names[komm_nr], (names, komm_nr, horizon)
    people = scenarioer.people(population_scenarios, population, population_projection, *told)
    charts = (
        (people, _("Båndet skal holde ni av ti ganger.")),
        (scenarioer.ages(population_scenarios, population_projection, *told), _("Antallet eldre er sikrere enn antallet barn.")),
        (scenarioer.record(projection_backtest, komm_nr), _("Framskrivinger langt fram er mye mer usikre.")),
    )
    findings = [Finding(f"{chart.title}. {doubt}", chart.id) for chart, doubt in charts if isinstance(chart, Chart)]
    if not isinstance(people, Chart):
        findings.insert(0, Finding(people.reason, people.id))
    figures = key_figures(population_scenarios, komm_nr, horizon)
    return Front(_("Scenarioer for {name} til {horizon}", name=name, horizon=horizon), lead(name), figures, tuple(findings))


def key_figures(population_scenarios: pd.DataFrame, komm_nr: str, horizon: int) -> tuple[KeyFigure, ...]:
    """Population, those of 80 and over, jobs and dwellings at the horizon, with the change from now."""
    rows = courses_of(population_scenarios, komm_nr, horizon)
    main = rows[rows["leads"]].set_index("year")
    labels = {"population": _("Folketall"), "age_80": _("80 år og eldre"), "jobs": _("Arbeidsplasser"), "dwellings": _("Boliger")}
    figures = []
    for column, label in labels.items():
        if main.empty or pd.isna(main[column].iloc[-1]):
            figures.append(KeyFigure(label, MISSING, "", _("Tall mangler"), ""))
            continue
        now, then = main[column].iloc[0], main[column].iloc[-1]
        share = f" ({percent(100 * (then / now - 1), 0, sign=True)})" if now > 0 else ""
        change = _("{then}{share} fra {index}", then=number(then - now, sign=True), share=share, index=main.index[0])
        held = _place(population_scenarios, column, komm_nr, horizon)
        figures.append(KeyFigure(label, about(then), f"{horizon}, {LABELS[main['course'].iloc[0]]}", change, held))
    return tuple(figures)


def _place(population_scenarios, column, komm_nr, horizon):
    """The place of the change in percent among all municipalities."""
    told = population_scenarios[population_scenarios["leads"]].set_index(["year", "komm_nr"])[column]
    now, then = told.loc[told.index.get_level_values("year").min()], told.loc[horizon]
    change = (then / now.where(now > 0)).dropna()
    if komm_nr not in change.index:
        return NO_PLACE
    return _("vekst ") + rank(int(change.rank(ascending=False, method="min")[komm_nr]), len(change))


def lead(name: str) -> str:
    """What scenarios are."""
    return _(
        "Hva som skjer med folketallet {name} om attraktiviteten blir som før og avtar, om den er ett standardavvik "
        "høyere eller lavere, eller om flyttingen blir som størrelsen tilsier (nøytral). Det forløpet som har truffet "
        "best, leder. Dette er regnestykker med oppgitte forutsetninger, ikke mål og ikke spådommer.",
        name=at(name),
    )
