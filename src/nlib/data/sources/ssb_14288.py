"""SSB's population projection of 2024 by age (SSB 14288); a later one is another vintage, not a longer series."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import Count, Dataset, Placed, Raw, column, count
from nlib.data.statbank import StatBank

ALTERNATIVES = {"Hovedalternativet (MMMM)": "main", "Lav nasjonal vekst (LLML)": "low", "Høy nasjonal vekst (HHMH)": "high"}


class Projected(Placed):
    year: int = column("År; tallene gjelder 1. januar", ge=2000, le=2150)
    age: int = column("Alder i hele år; 105 er 105 og eldre", "år", ge=0, le=105)
    main: Count = count("Framskrevet folketall, hovedalternativet (MMMM)", "personer")
    low: Count = count("Framskrevet folketall, lav nasjonal vekst (LLML)", "personer")
    high: Count = count("Framskrevet folketall, høy nasjonal vekst (HHMH)", "personer")


def declared(table: str) -> StatBank:
    """The declaration of a projection: each alternative is a content, known by its name; the sexes are summed by SSB."""
    return StatBank(
        table=table,
        title="Framskrevet folkemengde 1. januar, etter region, kjønn, alder, statistikkvariabel og år",
        keys={"Region": "komm_nr", "Alder": "age"},
        codes={"Alder": ("???*",)},  # single years, 000 to 105 (and over)
        contents=ALTERNATIVES,
        named=("ContentsCode",),
        day="01-01",
    )


def dataset(declaration: StatBank, raw: Raw, made: int) -> Dataset:
    """The table of a projection made in a year, on today's municipalities; its numbers are those of the year it was made in."""

    def build(cells: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
        """Projected population on 1 January by age in three alternatives, on today's municipalities."""
        then = declaration.frame(cells).rename(columns={"year": "ahead"}, errors="raise").assign(year=made)
        register = Register(municipality_codes, municipality_changes)
        carried = register.carry(then, ["komm_nr"], list(ALTERNATIVES.values()), declaration.day)
        return carried.drop(columns="year").rename(columns={"ahead": "year"}).assign(age=carried["age"].str[:3])

    title = f"SSBs befolkningsframskriving fra {made}, etter alder"
    return declaration.dataset(raw, f"population_projection_{made}", title, Projected, build, ahead=True, moment="1. januar")


MADE = 2024
DECLARED = declared("14288")
RAW = DECLARED.raw()
DATASET = dataset(DECLARED, RAW, MADE)
