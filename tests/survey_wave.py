"""Waves of a survey without files: answers that a test writes out, and draws of the synthetic one with its known population."""

import numpy as np
import pandas as pd

from nlib.data.readers.survey_export import Answers
from nlib.data.synthetic import survey

LIST = ["question", "text", "kind", "labels", "dont_know", "denominator", "focus_area"]
OF_BACKGROUND = [
    ("size_group", "Hvor mange ansatte?", "background", list(survey.SIZES), [], "answered", ""),
    ("industry", "Hvilken næring?", "background", list(survey.INDUSTRIES), [], "answered", ""),
]


def asked(*questions) -> pd.DataFrame:
    """Questions as `Answers` has them, each (name, text, kind, labels), with size and industry after them."""
    rows = [(*question, ["Vet ikke"], "answered", "") for question in questions]
    return pd.DataFrame([*rows, *OF_BACKGROUND], columns=LIST)


def given(people: pd.DataFrame, questions: pd.DataFrame, year: int = 2024, target: str = "alle foretak") -> Answers:
    """A wave from a row a respondent: a label, a list of labels or None by question, and `size_group` and `industry`."""
    lines = []
    for question in questions[questions["kind"] != "background"].itertuples(index=False):
        for respondent, answer in enumerate(people[question.question], 1):
            labels = answer if isinstance(answer, list) else [] if answer is None else [answer]
            lines += [(respondent, question.question, label, np.nan) for label in labels]
    answers = pd.DataFrame(lines, columns=["respondent", "question", "answer", "score"])
    answers = answers.astype({"respondent": "int64", "question": "str", "answer": "str", "score": "float64"})
    background = people.reindex(columns=["size_group", "industry"]).astype("str").reset_index(drop=True)
    background.insert(0, "respondent", range(1, len(people) + 1))
    return Answers("3222", year, "NæringsPuls", target, questions, answers, background)


def synthetic(year: int, seed: int, answered: tuple[int, ...] | None = None, target: str = "alle foretak", only=()) -> Answers:
    """A draw of the synthetic survey, or of some of its questions: the same population each time, other answers."""
    people = survey.drawn(year, np.random.default_rng(seed), answered)
    rows = [
        (i.name, i.text, i.kind, list(i.labels), ["Vet ikke"], "answered", i.focus_area)
        for i in survey.ITEMS
        if not only or i.name in only
    ]
    return given(people, pd.DataFrame([*rows, *OF_BACKGROUND], columns=LIST), year, target)


def imported(*waves: Answers) -> pd.DataFrame:
    """Waves as the tables are handed them."""
    rows = [{"komm_nr": wave.komm_nr, "year": wave.wave, "answers": wave} for wave in waves]
    return pd.DataFrame(rows).astype({"komm_nr": "str"})


def frame(*years: int, of: int | None = None) -> pd.DataFrame:
    """Whom the synthetic waves were sent to (all years as `of`, where it is given), as the table `survey_frame` has it."""
    parts = [survey.frame(of or year).assign(komm_nr="3222", year=year) for year in years]
    return pd.concat(parts, ignore_index=True).astype({"invited": "Int64"})
