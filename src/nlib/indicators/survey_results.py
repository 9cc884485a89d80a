"""What businesses answered to the survey: shares with intervals, unweighted and weighted, for all and by size and industry."""

from typing import Any

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import REGISTERS, Count, Placed, column, count, measure
from nlib.data.sources import survey
from nlib.methods.survey import tabulation

KEY = ["komm_nr", "year", "question", "grouping", "group", "level", "position"]
SHARE: dict[str, Any] = {"unit": "prosent av n; for score poeng fra -100 til 100", "ge": -100, "le": 100, "nullable": True}


class Results(Placed):
    year: int = column("Runden av undersøkelsen", ge=1990, le=2100)
    question: str = column("Spørsmålets navn i kodeboken; likt i runder som kan sammenlignes")
    text: str = column("Spørsmålet som det ble stilt")
    kind: str = column("single, multiple, likert eller nps", isin=list(tabulation.KINDS))
    focus_area: str = column("Satsingsområdet i planen som det gjelder, eller tom")
    grouping: str = column("Alle, størrelse (size_group) eller næring (industry)")
    group: str = column("Gruppen; de med færre enn ti svar er slått sammen til Øvrige")
    level: str = column("answer: et svar; side: en skala i tre; score: netto anbefalingsscore", isin=["answer", "side", "score"])
    position: int = column("Svarets plass i kodeboken, lavest først", ge=0)
    answer: str = column("Svaret")
    side: Count = column("-1, 0 eller 1: siden av skalaen svaret er på", ge=-1, le=1, nullable=True)
    n: Count = count("De som tok stilling («Vet ikke» er ikke med)", "foretak")
    respondents: Count = count("De som ga svaret", "foretak")
    share_pct: float = column("Andel; i hele prosent der n er under hundre, ellers med én desimal", **SHARE)
    low_pct: float = column("Nedre grense, 90 prosent", **SHARE)
    high_pct: float = column("Øvre grense, 90 prosent", **SHARE)
    weighted_pct: float = column("Andel av alle, vektet etter rammen, i hele prosent; den som leder der den er", **SHARE)
    weighted_low_pct: float = column("Nedre grense, vektet, 90 prosent", **SHARE)
    weighted_high_pct: float = column("Øvre grense, vektet, 90 prosent", **SHARE)
    rank: Count = column("Plass blant svarene, 1 for det flest valgte", ge=1, nullable=True)
    rank_low: Count = column("Beste plass, 90 prosent", ge=1, nullable=True)
    rank_high: Count = column("Dårligste plass, 90 prosent", ge=1, nullable=True)
    hidden: bool = column("Sann når tallet er skjult av hensyn til personvern")


def build(imported, survey_frame, municipality_codes, municipality_changes) -> pd.DataFrame:
    """The share of those who took a stand that gave each answer, with 90 % intervals, for each wave of the survey.

    Intervals are Wilson's, the score's an adjusted Wald, with the finite-population correction of the frame. Weighted shares are of
    all respondents and missing without a frame. A wave of fewer than five answers has no rows, and what is hidden cannot be
    worked out from what is told; see `nlib.methods.survey.tabulation`.
    """
    parts = []
    for wave in survey.waves(imported, Register(municipality_codes, municipality_changes)):
        frame = survey_frame[(survey_frame["komm_nr"] == wave.komm_nr) & (survey_frame["year"] == wave.wave)]
        known = tabulation.people(wave.background, frame)
        table = tabulation.tabulated(wave.answers, wave.questions, wave.background, known)
        parts.append(table.assign(komm_nr=wave.komm_nr, year=wave.wave))
    return pd.concat(parts, ignore_index=True) if any(len(part) for part in parts) else DATASET.empty()


TITLE = "Svarene på næringslivsundersøkelsen"
DATASET = measure(TITLE, Results, build, key=KEY, needs=(survey.ANSWERS, "survey_frame", *REGISTERS), partial=True)
