"""The first page of the population report: four key figures and the findings of its figures, made from the numbers.

The findings are the titles of three figures, with what is uncertain in words: the size, what growth was made of (where its parts
are unknown, the place in growth), and the old to each 100 of working age.
"""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.charts.facts import place, span
from nlib.core.language import at, number, percent, rank
from nlib.core.municipalities import Register
from nlib.core.translations import _
from nlib.themes.befolkning import figures as befolkning

OLDEST = 105  # stands for those who are older too


def front(
    population: pd.DataFrame,
    population_growth_parts: pd.DataFrame,
    age_structure: pd.DataFrame,
    municipalities: pd.DataFrame,
    names: dict[str, str],
    register: Register,
    compare: list[str],
    komm_nr: str,
    migration_by_age: pd.DataFrame | None = None,
) -> Front:
    """Key figures and findings of the latest 1 January that the municipality has figures for."""
    name = names[komm_nr]
    title = _("Befolkningen {name}", name=at(name))
    rows = population[(population["komm_nr"] == komm_nr) & population["population"].notna()].sort_values("year")
    if rows.empty:
        return Front(title, _("Tabell 07459 har ikke noe folketall for {name} i denne utgaven.", name=name), (), ())
    growth = population_growth_parts[population_growth_parts["komm_nr"] == komm_nr].dropna(subset=["growth"]).sort_values("year")
    parts_known = growth["birth_surplus"].notna().any()
    charts = (
        (
            befolkning.size(population, population_growth_parts, municipalities, names, register, compare, komm_nr),
            _("Folketallet er en fulltelling uten utvalgsfeil."),
        ),
        (
            befolkning.yearly_growth(population_growth_parts, names, komm_nr),
            _("Fødsler, dødsfall og flytting svinger fra år til år."),
        )
        if parts_known
        else (
            befolkning.parts(population_growth_parts, names, compare, komm_nr),
            _("Ett år alene sier lite, særlig for en liten kommune."),
        ),
        (
            befolkning.dependency(age_structure, names, compare, komm_nr),
            _("Alder sier ikke hvem som arbeider."),
        ),
    )
    return Front(
        title,
        _lead(rows.iloc[-1], growth, name) + moved(migration_by_age, komm_nr),
        key_figures(population, population_growth_parts, age_structure, komm_nr),
        tuple(Finding(f"{chart.title}. {_doubt(rows)}{doubt}", chart.id) for chart, doubt in charts if isinstance(chart, Chart)),
    )


def moved(migration_by_age: pd.DataFrame | None, komm_nr: str) -> str:
    """Which ages net moves brought and took most of in the latest year, after a space; empty where SSB has no moves by age."""
    if migration_by_age is None:
        return ""
    own = migration_by_age[(migration_by_age["komm_nr"] == komm_nr) & migration_by_age["net"].notna()]
    latest = own[own["year"] == own["year"].max()].sort_values("net", kind="stable")
    if latest.empty:
        return ""
    most, least, year = latest.iloc[-1], latest.iloc[0], latest["year"].iloc[0]
    came, left = f"{_ages(most)} ({number(most['net'], sign=True)}", f"{_ages(least)} ({number(least['net'], sign=True)}"
    if most["net"] > 0 > least["net"]:
        return _(
            " I {year} kom det netto flest i alderen {came}), og det dro netto flest i alderen {left}; SSB, tabell 13255).",
            year=year,
            came=came,
            left=left,
        )
    if most["net"] > 0:
        return _(" I {year} kom det netto flest i alderen {came}; SSB, tabell 13255).", year=year, came=came)
    return (
        _(" I {year} dro det netto flest i alderen {left}; SSB, tabell 13255).", year=year, left=left) if least["net"] < 0 else ""
    )


def _ages(row):
    return (
        _("{first_age} år og over", first_age=row["first_age"])
        if row["last_age"] == OLDEST
        else _("{first_age}–{last_age} år", first_age=row["first_age"], last_age=row["last_age"])
    )


def _rate(value: float) -> str:
    return number(value, 1)


def key_figures(
    population: pd.DataFrame, population_growth_parts: pd.DataFrame, age_structure: pd.DataFrame, komm_nr: str
) -> tuple[KeyFigure, ...]:
    """Population, growth through the latest year, and young and old per 100 of working age; those that have a figure."""
    measures = (
        (population, "population", _("Folketall"), number, _("1. januar {}"), _("flest")),
        (
            population_growth_parts,
            "growth_pct",
            _("Folkevekst"),
            lambda value: percent(value, 2, sign=True),
            _("gjennom {}"),
            _("høyest"),
        ),
        (
            age_structure,
            "young_per_100",
            _("Unge per 100 i yrkesaktiv alder"),
            _rate,
            _("1. januar {}"),
            _("høyest"),
        ),
        (
            age_structure,
            "old_per_100",
            _("Eldre per 100 i yrkesaktiv alder"),
            _rate,
            _("1. januar {}"),
            _("høyest"),
        ),
    )
    figures = []
    for table, column, label, written, period, direction in measures:
        rows = table[(table["komm_nr"] == komm_nr) & table[column].notna()].sort_values("year")
        if rows.empty:
            continue
        last = rows.iloc[-1]
        held = place(table, column, komm_nr, last["year"])
        figures.append(
            KeyFigure(
                label,
                written(last[column]),
                period.format(last["year"]) + ("" if last["comparable"] else _(", fordelt etter folketall")),
                change(rows, column),
                rank(held.rank, held.n, direction) if held else _("Plass oppgis ikke"),
            )
        )
    return tuple(figures)


def change(rows: pd.DataFrame, column: str) -> str:
    """What a measure was or has changed by, since the first comparable year; else why that is not told.

    rows: the municipality's own years, sorted. Growth is held against the year before.
    """
    last = rows.iloc[-1]
    if column == "growth_pct":
        before = rows[(rows["year"] == last["year"] - 1) & rows["comparable"]]
        held = len(before) and last["comparable"]
        return (
            _("{value} i {year}", value=percent(before[column].iloc[0], 2, sign=True), year=last["year"] - 1)
            if held
            else _("Endring oppgis ikke")
        )
    told = span(rows, column, broken=False)
    if told is None:
        return _("Endring oppgis ikke")
    first = rows.set_index("year").at[told[0], column]
    relative = f" ({percent(100 * (last[column] - first) / first, sign=True)})" if column == "population" and first else ""
    moved = round(last[column]) - round(first)
    return _(
        "{word} siden {told}{word2}",
        word=number(moved, sign=True) if moved else _("Uendret"),
        told=told[0],
        word2=relative if moved else "",
    )


def _lead(last, growth, name):
    """The population now, and what it grew by in the latest year, in two sentences."""
    noun = _("innbygger") if last["population"] == 1 else _("innbyggere")
    people = _(
        "{name} hadde {population} {noun} 1. januar {year}.",
        name=name,
        population=number(last["population"]),
        noun=noun,
        year=last["year"],
    )
    if growth.empty:
        return people
    latest = growth.iloc[-1]
    moved = _(
        "{people} Gjennom {year} var veksten {growth}",
        people=people,
        year=latest["year"],
        growth=number(latest["growth"], sign=True),
    )
    if pd.isna(latest[["birth_surplus", "domestic_net", "foreign_net"]]).any():
        return f"{moved}."
    return _(
        "{moved}: fødselsoverskudd {birth_surplus}, innenlandsk flytting {domestic_net} og nettoinnvandring {foreign_net}.",
        moved=moved,
        birth_surplus=number(latest["birth_surplus"], sign=True),
        domestic_net=number(latest["domestic_net"], sign=True),
        foreign_net=number(latest["foreign_net"], sign=True),
    )


def _doubt(rows):
    return "" if rows["comparable"].iloc[-1] else _("Kommunen er berørt av en deling eller grenseendring. ")
