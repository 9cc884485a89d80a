"""What has changed between two waves of the survey of businesses, where the two may be compared."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from nlib.core.tables import Count, Placed, column, measure
from nlib.methods.survey.intervals import difference
from nlib.methods.survey.tabulation import ALL, ANSWER

KEY = ["komm_nr", "year", "question", "level", "answer"]
FRAMES_DIFFER = 10.0  # percentage points of the invited that would have to be of another size for two frames to be alike
TARGET, MIX, NO_FRAME, WORDS, ANSWERS = "target", "mix", "no frame", "words", "answers"
CHANGE: dict[str, Any] = {"unit": "prosentpoeng; for score poeng", "ge": -200, "le": 200, "nullable": True}
FIGURE: dict[str, Any] = {"unit": "prosent; for score poeng", "ge": -100, "le": 100, "nullable": True}


class Waves(Placed):
    year: int = column("Runden av undersøkelsen", ge=1990, le=2100)
    before: int = column("Runden før", ge=1990, le=2100)
    question: str = column("Spørsmålets navn i kodeboken")
    text: str = column("Spørsmålet som det ble stilt sist")
    kind: str = column("single, multiple, likert eller nps")
    focus_area: str = column("Satsingsområdet i planen som det gjelder, eller tom")
    level: str = column("answer: et svar; side: en skala i tre; score: netto anbefalingsscore")
    answer: str = column("Svaret")
    side: Count = column("-1, 0 eller 1: siden av skalaen svaret er på", ge=-1, le=1, nullable=True)
    why_not: str = column(
        "Hvorfor rundene ikke sammenlignes: target (målgruppen), mix (sammensetningen av de inviterte), no frame (rammen mangler), "
        "words (spørsmålet), answers (svarene); tom når de sammenlignes"
    )
    share_pct: float = column("Andel", **FIGURE)
    before_pct: float = column("Andel i runden før", **FIGURE)
    change_pct: float = column("Endring", **CHANGE)
    low_pct: float = column("Nedre grense for endringen, 90 prosent", **CHANGE)
    high_pct: float = column("Øvre grense for endringen, 90 prosent", **CHANGE)
    weighted_change_pct: float = column("Endring, vektet etter rammene", **CHANGE)
    weighted_low_pct: float = column("Nedre grense for endringen, vektet, 90 prosent", **CHANGE)
    weighted_high_pct: float = column("Øvre grense for endringen, vektet, 90 prosent", **CHANGE)


def build(survey_results: pd.DataFrame, survey_response: pd.DataFrame, survey_frame: pd.DataFrame) -> pd.DataFrame:
    """The change in each share since the wave before, with its 90 % interval, for questions asked in both.

    Two waves are compared when both have a frame, were sent to the same kind of businesses, and at most a tenth of the invited
    would have to be of another size for the frames to be alike; and a question when its words and answers are the same.
    """
    whole = survey_results[survey_results["grouping"].eq(ALL)]
    whole = whole[whole["kind"].isin(["single", "multiple"]) | whole["level"].ne(ANSWER)]
    parts = []
    for komm_nr, own in whole.groupby("komm_nr"):
        years = sorted(own["year"].unique())
        of_all = survey_response[(survey_response["komm_nr"] == komm_nr) & (survey_response["grouping"] == ALL)]
        targets = of_all.set_index("year")["target"]
        frame = survey_frame[survey_frame["komm_nr"] == komm_nr]
        for before, year in pairwise(years):
            sizes = [frame[frame["year"] == of].groupby("size_group")["invited"].sum() for of in (year, before)]
            why = frames_differ(targets[year], targets[before], *sizes)
            parts.append(_compared(own[own["year"] == year], own[own["year"] == before], why))
    return pd.concat(parts, ignore_index=True) if parts else DATASET.empty()


def frames_differ(target: str, then: str, invited: pd.Series, invited_then: pd.Series) -> str:
    """Why two waves cannot be compared, by whom they were sent to and how many of each size were invited: `target`, `mix` or
    `no frame`; empty where they can."""
    if target.casefold() != then.casefold():
        return TARGET
    shares = [100 * of.astype(float) / of.sum() for of in (invited, invited_then)]
    if any(share.dropna().empty for share in shares):
        return NO_FRAME
    return MIX if shares[0].sub(shares[1], fill_value=0).abs().sum() / 2 > FRAMES_DIFFER else ""


def _compared(now: pd.DataFrame, then: pd.DataFrame, why: str) -> pd.DataFrame:
    both = now.merge(then, on=["komm_nr", "question", "level", "answer"], suffixes=("", "_then"), how="left", validate="1:1")
    both = both[both["question"].isin(then["question"])]
    asked = both.groupby("question")
    words = both["text"].ne(both["text_then"]) & both["text_then"].notna() | both["kind"].ne(both["kind_then"])
    answers = asked["year_then"].transform(lambda years: years.isna().any())
    answers |= asked["level"].transform("size").ne(both["question"].map(then.groupby("question").size()))
    reason = np.select([bool(why), answers, words.groupby(both["question"]).transform("any")], [why or "", ANSWERS, WORDS], "")
    table = both.assign(why_not=reason, before=int(then["year"].iloc[0]), before_pct=both["share_pct_then"])
    for weighted, share in (("weighted_", "weighted_pct"), ("", "share_pct")):
        low, high = f"{weighted}low_pct", f"{weighted}high_pct"
        change = difference(*([both[f"{name}{wave}"].where(reason == "") for name in (share, low, high)] for wave in ("", "_then")))
        table = table.assign(**dict(zip((f"{weighted}change_pct", low, high), change, strict=True)))
    return table[list(Waves.to_schema().columns)]


DATASET = measure("Endring mellom runder av næringslivsundersøkelsen", Waves, build, key=KEY, partial=True)
