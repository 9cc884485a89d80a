"""Births, deaths and moves through the year, moves abroad and within the country apart (SSB 06913 and 01223)."""

import pandas as pd

from nlib.core.tables import KEY, Count, Counts, column, count, measure


class Changes(Counts):
    year: int = column("År; endringene er fra 1. januar til neste 1. januar", ge=1950, le=2100)
    births: Count = count("Levendefødte", "personer")
    deaths: Count = count("Døde", "personer")
    in_migration: Count = count("Innflyttinger, fra utlandet og andre kommuner", "personer")
    out_migration: Count = count("Utflyttinger, til utlandet og andre kommuner", "personer")
    immigration: Count = count("Innvandring fra utlandet; fra 1997", "personer")
    emigration: Count = count("Utvandring til utlandet; fra 1997", "personer")
    domestic_in: Count = count("Innflytting fra andre kommuner; fra 1997", "personer")
    domestic_out: Count = count("Utflytting til andre kommuner; fra 1997", "personer")
    growth: Count = column("Folketilvekst slik SSB fører den, uten grenseendringer", "personer", nullable=True)


def build(changes_by_year: pd.DataFrame, changes_by_quarter: pd.DataFrame) -> pd.DataFrame:
    """Births, deaths and moves through each year, on today's municipalities.

    Births, deaths, all moves and growth are those of 06913. Moves abroad and within the country are those of 01223, and so is
    what 06913 has no figure of in a municipality-year; all moves are then the sum of the two.
    Moves between municipalities that have merged since are counted in both directions: gross moves are too many in the years
    before a merger, the difference between them is right.
    """
    quarterly = changes_by_quarter.assign(
        in_migration=changes_by_quarter["immigration"] + changes_by_quarter["domestic_in"],
        out_migration=changes_by_quarter["emigration"] + changes_by_quarter["domestic_out"],
    )
    return changes_by_year.set_index(KEY).combine_first(quarterly.set_index(KEY)).reset_index()


DATASET = measure("Fødte, døde og flytting", Changes, build, moment="året")
