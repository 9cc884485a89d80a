"""What has changed between two waves of the survey of businesses, where the two may be compared."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from nlib.survey.intervals import difference
from nlib.survey.tabulation import ALL, ANSWER
from nlib.tables import KOMM_NR, Dataset, Table, column

KEY = ["komm_nr", "year", "question", "level", "answer"]
FRAMES_DIFFER = 10.0  # percentage points of the invited that would have to be of another size for two frames to be alike
TARGET, MIX, NO_FRAME, WORDS, ANSWERS = "target", "mix", "no frame", "words", "answers"
CHANGE: dict[str, Any] = {"unit": "prosentpoeng; for score poeng", "ge": -200, "le": 200, "nullable": True}
FIGURE: dict[str, Any] = {"unit": "prosent; for score poeng", "ge": -100, "le": 100, "nullable": True}


class Waves(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("Runden av undersøkelsen", ge=1990, le=2100)
    before: int = column("Runden før", ge=1990, le=2100)
    question: str = column("Spørsmålets navn i kodeboken")
    text: str = column("Spørsmålet som det ble stilt sist")
    kind: str = column("single, multiple, likert eller nps")
    focus_area: str = column("Satsingsområdet i planen som det gjelder, eller tom")
    level: str = column("answer: et svar; side: en skala i tre; score: netto anbefalingsscore")
    answer: str = column("Svaret")
    side: pd.Int64Dtype = column("-1, 0 eller 1: siden av skalaen svaret er på", ge=-1, le=1, nullable=True)
    why_not: str = column(
        "Hvorfor rundene ikke sammenlignes: target (målgruppen), mix (sammensetningen av de inviterte), no frame (rammen mangler), "
        "words (spørsmålet), answers (svarene); tom når de sammenlignes"
    )
    share_pct: float = column("Andel", **FIGURE)
    before_pct: float = column("Andel i runden før", **FIGURE)
    change_pct: float = column("Endring", **CHANGE)
    low_pct: float = column("Nedre grense for endringen, 95 prosent", **CHANGE)
    high_pct: float = column("Øvre grense for endringen, 95 prosent", **CHANGE)
    weighted_change_pct: float = column("Endring, vektet etter rammene", **CHANGE)
    weighted_low_pct: float = column("Nedre grense for endringen, vektet, 95 prosent", **CHANGE)
    weighted_high_pct: float = column("Øvre grense for endringen, vektet, 95 prosent", **CHANGE)


def build(survey_results: pd.DataFrame, survey_response: pd.DataFrame) -> pd.DataFrame:
    """The change in each share since the wave before, with its 95 % interval, for questions asked in both.

    Two waves are compared when both have a frame, were sent to the same kind of businesses, and at most a tenth of the invited
    would have to be of another size for the frames to be alike; and a question when its words and answers are the same.
    """
    whole = survey_results[survey_results["grouping"].eq(ALL)]
    whole = whole[whole["kind"].isin(["single", "multiple"]) | whole["level"].ne(ANSWER)]
    parts = []
    for komm_nr, own in whole.groupby("komm_nr"):
        years = sorted(own["year"].unique())
        response = survey_response[survey_response["komm_nr"] == komm_nr]
        for before, year in pairwise(years):
            why = frames_differ(response[response["year"] == year], response[response["year"] == before])
            parts.append(_compared(own[own["year"] == year], own[own["year"] == before], why))
    return pd.concat(parts, ignore_index=True) if parts else DATASET.empty()


def frames_differ(now: pd.DataFrame, then: pd.DataFrame) -> str:
    """Why two waves cannot be compared, by their rows of `survey_response`: `target`, `mix` or `no frame`; empty where they can."""
    if now["target"].iloc[0].casefold() != then["target"].iloc[0].casefold():
        return TARGET
    sizes = [rows[rows["grouping"] == "size_group"].set_index("group")["invited_pct"].dropna() for rows in (now, then)]
    if any(size.empty for size in sizes):
        return NO_FRAME
    return MIX if sizes[0].sub(sizes[1], fill_value=0).abs().sum() / 2 > FRAMES_DIFFER else ""


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


DATASET = Dataset(
    name="survey_waves",
    title="Endring mellom runder av næringslivsundersøkelsen",
    key=tuple(KEY),
    schema=Waves,
    needs=("survey_results", "survey_response"),
    build=build,
)
