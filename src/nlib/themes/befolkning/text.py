"""The first page of the population report: four key figures and the findings of its figures, made from the numbers.

The findings are the titles of three figures, with what is uncertain in words: the size, what growth was made of (where its parts
are unknown, the place in growth), and the old to each 100 of working age.
"""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.charts.facts import place, span
from nlib.core.language import at, number, percent, rank
from nlib.core.municipalities import Register
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
    title = f"Befolkningen {at(name)}"
    rows = population[(population["komm_nr"] == komm_nr) & population["population"].notna()].sort_values("year")
    if rows.empty:
        return Front(title, f"Tabell 07459 har ikke noe folketall for {name} i denne utgaven.", (), ())
    growth = population_growth_parts[population_growth_parts["komm_nr"] == komm_nr].dropna(subset=["growth"]).sort_values("year")
    parts_known = growth["birth_surplus"].notna().any()
    charts = (
        (
            befolkning.size(population, population_growth_parts, municipalities, names, register, compare, komm_nr),
            "Folketallet er en fulltelling uten utvalgsfeil.",
        ),
        (
            befolkning.yearly_growth(population_growth_parts, names, komm_nr),
            "Fødsler, dødsfall og flytting svinger fra år til år.",
        )
        if parts_known
        else (
            befolkning.parts(population_growth_parts, names, compare, komm_nr),
            "Ett år alene sier lite, særlig for en liten kommune.",
        ),
        (
            befolkning.dependency(age_structure, names, compare, komm_nr),
            "Alder sier ikke hvem som arbeider.",
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
        return f" I {year} kom det netto flest i alderen {came}), og det dro netto flest i alderen {left}; SSB, tabell 13255)."
    if most["net"] > 0:
        return f" I {year} kom det netto flest i alderen {came}; SSB, tabell 13255)."
    return f" I {year} dro det netto flest i alderen {left}; SSB, tabell 13255)." if least["net"] < 0 else ""


def _ages(row):
    return f"{row['first_age']} år og over" if row["last_age"] == OLDEST else f"{row['first_age']}–{row['last_age']} år"


def _rate(value: float) -> str:
    return number(value, 1)


def key_figures(
    population: pd.DataFrame, population_growth_parts: pd.DataFrame, age_structure: pd.DataFrame, komm_nr: str
) -> tuple[KeyFigure, ...]:
    """Population, growth through the latest year, and young and old per 100 of working age; those that have a figure."""
    measures = (
        (population, "population", "Folketall", number, "1. januar {}", "flest"),
        (population_growth_parts, "growth_pct", "Folkevekst", lambda value: percent(value, 2, sign=True), "gjennom {}", "høyest"),
        (
            age_structure,
            "young_per_100",
            "Unge per 100 i yrkesaktiv alder",
            _rate,
            "1. januar {}",
            "høyest",
        ),
        (
            age_structure,
            "old_per_100",
            "Eldre per 100 i yrkesaktiv alder",
            _rate,
            "1. januar {}",
            "høyest",
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
                period.format(last["year"]) + ("" if last["comparable"] else ", fordelt etter folketall"),
                change(rows, column),
                rank(held.rank, held.n, direction) if held else "Plass oppgis ikke",
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
        return f"{percent(before[column].iloc[0], 2, sign=True)} i {last['year'] - 1}" if held else "Endring oppgis ikke"
    told = span(rows, column, broken=False)
    if told is None:
        return "Endring oppgis ikke"
    first = rows.set_index("year").at[told[0], column]
    relative = f" ({percent(100 * (last[column] - first) / first, sign=True)})" if column == "population" and first else ""
    moved = round(last[column]) - round(first)
    return f"{number(moved, sign=True) if moved else 'Uendret'} siden {told[0]}{relative if moved else ''}"


def _lead(last, growth, name):
    """The population now, and what it grew by in the latest year, in two sentences."""
    noun = "innbygger" if last["population"] == 1 else "innbyggere"
    people = f"{name} hadde {number(last['population'])} {noun} 1. januar {last['year']}."
    if growth.empty:
        return people
    latest = growth.iloc[-1]
    moved = f"{people} Gjennom {latest['year']} var veksten {number(latest['growth'], sign=True)}"
    if pd.isna(latest[["birth_surplus", "domestic_net", "foreign_net"]]).any():
        return f"{moved}."
    return (
        f"{moved}: fødselsoverskudd {number(latest['birth_surplus'], sign=True)}, innenlandsk flytting "
        f"{number(latest['domestic_net'], sign=True)} og nettoinnvandring {number(latest['foreign_net'], sign=True)}."
    )


def _doubt(rows):
    return "" if rows["comparable"].iloc[-1] else "Kommunen er berørt av en deling eller grenseendring. "
