"""Bosteds-, nærings- and samlet attraktivitet by the published model (anchor) and by nlib's own, for 1, 3, 5 and 10 years."""

import pandas as pd

from nlib.core.tables import Count, Placed, column, measure
from nlib.methods.attractiveness import attractiveness, posteriors, windows
from nlib.methods.attractiveness.models import KINDS, MODES, PERIODS


class Attractiveness(Placed):
    year: int = column("Periodens siste år", ge=1986, le=2100)
    model: str = column(
        "Modell: anchor er Telemarksforskings slik den ble publisert, nlib er beregnet på utgavens tall", isin=MODES
    )
    kind: str = column("Hva slags attraktivitet", isin=KINDS)
    period: int = column("Antall år verdien er snittet av", "år", isin=PERIODS)
    value_pct: float = column("Attraktivitet", "prosent av folketallet i året; naering: av private arbeidsplasser")
    low_pct: float = column("Nedre grense for 90 prosents intervall", "som verdien", nullable=True)
    high_pct: float = column("Øvre grense for 90 prosents intervall", "som verdien", nullable=True)
    p_positive: float = column("Sannsynligheten for at attraktiviteten er over null", "0–1", ge=0, le=1, nullable=True)
    p_top10: float = column("Sannsynligheten for å være blant de ti prosent høyeste", "0–1", ge=0, le=1, nullable=True)
    rank: Count = column("Plass, 1 er høyest", ge=1)
    rank_low: Count = column("Beste plass i 90 prosents intervall", ge=1, nullable=True)
    rank_high: Count = column("Dårligste plass i 90 prosents intervall", ge=1, nullable=True)
    n: int = column("Antall kommuner som er rangert", ge=1)


def build(attractiveness_components: pd.DataFrame, attractiveness_residuals: pd.DataFrame) -> pd.DataFrame:
    """Attractiveness of every municipality by model, kind and period; empty where there are too few years to estimate on."""
    complete = attractiveness_components["bosted_pct"].notna() & attractiveness_components["comparable"]
    if not complete.any():
        return DATASET.empty()
    anchor = attractiveness(attractiveness_components, mode="anchor", period=PERIODS).dropna(subset="value_pct")
    return pd.concat([anchor, posteriors(windows(attractiveness_residuals), PERIODS)], ignore_index=True)


DATASET = measure("Attraktivitet", Attractiveness, build, by=("model", "kind", "period"), moment="året", partial=True)
