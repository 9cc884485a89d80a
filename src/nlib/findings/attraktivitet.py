"""The first page of the attractiveness report: four key figures and three findings, made from the numbers.

A finding is the title of the figure that shows it, with what is uncertain in words: the two kinds, what growth was made of, and the
place with its interval. Where the figures are not there, its finding is left out.
"""

import pandas as pd

from nlib.figures import attraktivitet
from nlib.figures.attraktivitet import KINDS, sign
from nlib.figures.chart import Chart, Finding, Front, KeyFigure
from nlib.figures.facts import PERIOD, attractiveness_of
from nlib.language import MISSING, number, percent, points, rank, short_name, years

DIRECTION = "høyest"


def front(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    municipalities: pd.DataFrame,
    compare: list[str],
    komm_nr: str,
    name: str,
) -> Front:
    """Key figures and findings of the latest period that the municipality has figures for."""
    name = short_name(name)
    title = f"Attraktiviteten til {name}"
    charts = (
        (attraktivitet.scatter(attractiveness, municipalities, compare, komm_nr), "Intervallet er 90 prosent."),
        (attraktivitet.people(attractiveness_components, municipalities, komm_nr), "Delene bygger på gjenskapte koeffisienter."),
        (attraktivitet.ranks(attractiveness, municipalities, komm_nr), "Lavere plass er ikke nødvendigvis tilbakegang."),
    )
    findings = tuple(Finding(f"{chart.title}. {doubt}", chart.id) for chart, doubt in charts if isinstance(chart, Chart))
    figures = tuple(key_figure(attractiveness, komm_nr, kind) for kind in KINDS)
    return Front(title, lead(attractiveness, komm_nr, name), (growth(attractiveness_components, komm_nr), *figures), findings)


def key_figure(attractiveness: pd.DataFrame, komm_nr: str, kind: str) -> KeyFigure:
    """A kind's value over the latest three years, its interval, and its place with the interval of that."""
    label = KINDS[kind].capitalize().replace("sattraktivitet", "s\N{SOFT HYPHEN}attraktivitet")
    row = attractiveness_of(attractiveness, komm_nr, kind)
    if row is None:
        return KeyFigure(label, MISSING, "", "Tall mangler", "")
    period = years(int(row["year"]) - PERIOD + 1, int(row["year"]))
    within = f"90 %: {number(row['low_pct'], 1)} til {number(row['high_pct'], 1)}"
    place = rank(int(row["rank"]), int(row["n"]), DIRECTION) + f", trolig {int(row['rank_low'])}–{int(row['rank_high'])}"
    return KeyFigure(label, percent(row["value_pct"], 1, sign=True), f"i året, {period}", within, place)


def growth(components: pd.DataFrame, komm_nr: str) -> KeyFigure:
    """The growth of the population in the latest year, against the year before; ranks stand at the kinds."""
    rows = components[(components["komm_nr"] == komm_nr) & components["growth_pct"].notna()].sort_values("year")
    if rows.empty:
        return KeyFigure("Folkevekst", MISSING, "", "Tall mangler", "")
    last = rows.iloc[-1]
    before = rows[rows["year"] == last["year"] - 1]
    change = f"{points(last['growth_pct'] - before['growth_pct'].iloc[0], sign=True)} fra året før" if len(before) else ""
    people = f"av {number(last['population'])} innbyggere" if pd.notna(last["population"]) else ""
    return KeyFigure("Folkevekst", percent(last["growth_pct"], 1, sign=True), str(int(last["year"])), change, people)


def lead(attractiveness: pd.DataFrame, komm_nr: str, name: str) -> str:
    """What attractiveness is and how sure the value is, in two sentences."""
    row = attractiveness_of(attractiveness, komm_nr, "samlet")
    what = "Attraktivitet er vekst ut over det størrelse, arbeidsmarked, bransjer og landets utvikling skulle tilsi."
    if row is None:
        return f"{what} For {name} kan den ikke beregnes med tallene i denne utgaven."
    sure = "er for usikker til å skilles fra null" if sign(row) == 0 else "er tydelig forskjellig fra null"
    return f"{what} Den samlede verdien for {name} {sure}."
