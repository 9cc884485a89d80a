"""The first page of the population report: its key figures, and the findings of three figures."""

import pandas as pd

from nlib.charts.chart import Front
from nlib.core.language import at, number
from nlib.core.translations import _
from nlib.themes.facts import Drawn, cards, findings

OLDEST = 105  # stands for those who are older too


def front(
    facts: pd.DataFrame,
    population: pd.DataFrame,
    population_growth_parts: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    figure: Drawn,
    migration_by_age: pd.DataFrame | None = None,
) -> Front:
    """Key figures and findings of the latest 1 January that the municipality has figures for."""
    name = names[komm_nr]
    title = _("Befolkningen {name}", name=at(name))
    rows = population[(population["komm_nr"] == komm_nr) & population["population"].notna()].sort_values("year")
    if rows.empty:
        return Front(title, _("Tabell 07459 har ikke noe folketall for {name} i denne utgaven.", name=name), (), ())
    growth = population_growth_parts[population_growth_parts["komm_nr"] == komm_nr].dropna(subset=["growth"]).sort_values("year")
    split = "" if rows["comparable"].iloc[-1] else _("Kommunen er berørt av en deling eller grenseendring.")
    return Front(
        title,
        _lead(rows.iloc[-1], growth, name) + moved(migration_by_age, komm_nr),
        cards(facts, komm_nr, "population", "growth_pct", "age_20_34_pct", "old_per_100"),
        findings(*map(figure, ("befolkning.size", "befolkning.yearly_growth", "befolkning.ages")), doubt=split),
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
