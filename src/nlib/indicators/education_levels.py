"""Residents by highest level of education, as shares of those whose level is known (SSB 09429)."""

import pandas as pd

from nlib.core.tables import KEY, Count, Counts, column, count, measure

OF_KNOWN = "prosent av dem med kjent utdanning"
KNOWN = ("grunnskole", "videregaende", "fagskole", "kort_hoyere", "lang_hoyere")
HIGHER = ("kort_hoyere", "lang_hoyere")


class Levels(Counts):
    year: int = column("År; tallene gjelder 1. oktober", ge=1970, le=2100)
    known: Count = count("Bosatte 16 år og over med kjent utdanning", "personer")
    grunnskole_pct: float = column("Grunnskole", OF_KNOWN, ge=0, le=100, nullable=True)
    videregaende_pct: float = column("Videregående", OF_KNOWN, ge=0, le=100, nullable=True)
    fagskole_pct: float = column("Fagskole", OF_KNOWN, ge=0, le=100, nullable=True)
    kort_hoyere_pct: float = column("Universitet og høgskole, til og med fire år", OF_KNOWN, ge=0, le=100, nullable=True)
    lang_hoyere_pct: float = column("Universitet og høgskole, over fire år", OF_KNOWN, ge=0, le=100, nullable=True)
    higher_pct: float = column("Universitet og høgskole i alt", OF_KNOWN, ge=0, le=100, nullable=True)


def build(education: pd.DataFrame) -> pd.DataFrame:
    """Shares of residents aged 16 and over at each level of education, 1 October, in % of those whose level is known.

    A hidden level makes the shares missing, since the whole is not known. Nobody with a known level gives missing shares too.
    """
    wide = education.pivot(index=KEY, columns="level", values="persons").reindex(columns=list(KNOWN)).astype("Float64")
    known = wide.sum(axis=1, skipna=False)
    shares = wide.div(known.where(known > 0), axis=0).mul(100).add_suffix("_pct").astype(float)
    shares["higher_pct"] = shares[[f"{level}_pct" for level in HIGHER]].sum(axis=1, skipna=False)
    table = shares.clip(upper=100).assign(known=known.astype("Int64")).reset_index().rename_axis(columns=None)
    return table.merge(education.groupby(KEY)["comparable"].all().reset_index(), on=KEY, validate="1:1")


DATASET = measure("Utdanningsnivå i prosent", Levels, build, moment="1. oktober")
