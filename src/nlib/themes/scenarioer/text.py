"""The first page of the scenario report: key figures at the horizon, and the findings of its figures."""

import pandas as pd

from nlib.charts.chart import Front, KeyFigure
from nlib.core.language import about, at, number, percent, rounded
from nlib.core.translations import _
from nlib.themes.facts import Drawn, findings
from nlib.themes.scenarioer.figures import HORIZON, LABELS, NEEDS, courses_of

SHOWN = {"population": _("Folketall"), "age_80": _("80 år og eldre"), "jobs": _("Arbeidsplasser"), "dwellings": _("Boliger")}


def front(
    population_scenarios: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    figure: Drawn,
    horizon: int = HORIZON,
) -> Front:
    """Key figures and findings at the horizon, in the course that leads."""
    name = names[komm_nr]
    lead = _(
        "Hva som skjer med folketallet {name} om attraktiviteten blir som før og avtar, om den er ett standardavvik "
        "høyere eller lavere, eller om flyttingen blir som størrelsen tilsier (nøytral). Det forløpet som har truffet "
        "best, leder, men innenfor det som er vanlig vekst. Dette er regnestykker med oppgitte forutsetninger, ikke mål og "
        "ikke spådommer.",
        name=at(name),
    )
    return Front(
        _("Scenarioer for {name} til {horizon}", name=name, horizon=horizon),
        lead,
        key_figures(population_scenarios, komm_nr, horizon),
        findings(
            figure("scenarioer.people", horizon=horizon),
            figure("scenarioer.ages", horizon=horizon),
            figure("scenarioer.record"),
        ),
    )


def key_figures(population_scenarios: pd.DataFrame, komm_nr: str, horizon: int) -> tuple[KeyFigure, ...]:
    """Population, those of 80 and over, jobs and dwellings at the horizon, with the change from now; those that are known."""
    rows = courses_of(population_scenarios, komm_nr, horizon)
    main = rows[rows["leads"]].set_index("year")
    figures = []
    for column in main[list(SHOWN)].dropna(axis=1) if len(main) else ():
        now, then = main[f"{column}_counted" if column in NEEDS else column].iloc[0], main[column].iloc[-1]
        share = f" ({percent(100 * (then / now - 1), 0, sign=True)})" if now > 0 else ""
        since = _("siste telling") if column in NEEDS else main.index[0]
        change = _("{then}{share} fra {index}", then=number(rounded(then - now, then), sign=True), share=share, index=since)
        figures.append(KeyFigure(SHOWN[column], about(then), f"{horizon}, {LABELS[main['course'].iloc[0]]}", change, ""))
    return tuple(figures)
