"""Who answered the survey of businesses: response rates, whether those who answered are made up as the invited, and the weights."""

import numpy as np
import pandas as pd

from nlib.municipalities import Register
from nlib.sources import survey
from nlib.survey.disclosure import LEAST, hide
from nlib.survey.intervals import margin
from nlib.survey.response import representative
from nlib.survey.tabulation import ALL, GROUPINGS, UNTOLD, people
from nlib.survey.weights import kish
from nlib.tables import KOMM_NR, Dataset, Table, column

KEY = ["komm_nr", "year", "grouping", "group"]
OF_ALL = "bare for alle under ett"


class Response(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("Runden av undersøkelsen", ge=1990, le=2100)
    grouping: str = column("Alle, størrelse (size_group) eller næring (industry)")
    group: str = column("Gruppen")
    position: int = column("Gruppens plass i kodeboken", ge=0)
    target: str = column("Hvem undersøkelsen er sendt til, som kodeboken sier")
    invited: pd.Int64Dtype = column("Inviterte", "foretak", ge=0, nullable=True)
    answers: pd.Int64Dtype = column("Svar", "foretak", ge=0, nullable=True)
    response_pct: float = column("Svarandel", "prosent av de inviterte", ge=0, nullable=True)
    invited_pct: float = column("Andel av de inviterte", "prosent", ge=0, le=100, nullable=True)
    answers_pct: float = column("Andel av svarene", "prosent", ge=0, le=100, nullable=True)
    hidden: bool = column("Sann når antall svar er skjult av hensyn til personvern")
    margin_pct: float = column(f"Største feilmargin, {OF_ALL}", "prosentpoeng", ge=0, nullable=True)
    chi_square: float = column(f"Kjikvadrat mot rammen, størrelse og næring, {OF_ALL}", ge=0, nullable=True)
    p_value: float = column(f"Hvor ofte tilfeldige svar er minst så skjeve, {OF_ALL}", "0-1", ge=0, le=1, nullable=True)
    outside: pd.Int64Dtype = column(f"Svar uten gruppe i rammen, {OF_ALL}; under fem er skjult", "foretak", ge=0, nullable=True)
    weighted_by: str = column(f"cells, margins eller tom når det ikke er vektet, {OF_ALL}")
    effective_n: float = column(f"Uvektede svar som er like sikre som de vektede (Kish), {OF_ALL}", "svar", ge=0, nullable=True)
    uncovered_pct: float = column(f"Inviterte i grupper som ingen har svart fra, {OF_ALL}", "prosent", ge=0, le=100, nullable=True)
    off_pct: float = column(f"Største avvik fra rammen etter vekting, {OF_ALL}", "prosentpoeng", ge=0, nullable=True)


def build(
    imported: pd.DataFrame | None,
    survey_frame: pd.DataFrame,
    municipality_codes: pd.DataFrame,
    municipality_changes: pd.DataFrame,
) -> pd.DataFrame:
    """Invited, answers and the rate between them, by size and industry, for each wave of the survey.

    What is found by testing and weighting (`nlib.survey.response`, `.weights`) stands in the row of all. Counts of fewer than five
    answers are hidden, and one more where they could be worked out.
    """
    register = Register(municipality_codes, municipality_changes)
    parts = [
        _of_wave(wave, survey_frame[(survey_frame["komm_nr"] == wave.komm_nr) & (survey_frame["year"] == wave.wave)])
        for wave in survey.waves(imported, register)
    ]
    return pd.concat(parts, ignore_index=True) if parts else DATASET.empty()


def _of_wave(wave: survey.Answers, frame: pd.DataFrame) -> pd.DataFrame:
    groups = wave.background.reindex(columns=list(GROUPINGS)).astype("str")
    parts = [
        pd.DataFrame({"grouping": ALL, "group": ALL, "position": 0, "invited": frame["invited"].sum(), "answers": [len(groups)]})
    ]
    for grouping in GROUPINGS:
        labels = [label for asked in wave.questions.loc[wave.questions["question"] == grouping, "labels"] for label in asked]
        invited = frame.groupby(grouping)["invited"].sum()
        names = list(dict.fromkeys([*labels, *invited.index]))
        answers = groups[grouping].fillna(UNTOLD).value_counts()
        names += [UNTOLD] if UNTOLD in answers else []
        told = {"invited": invited.reindex(names), "answers": answers.reindex(names, fill_value=0)}
        part = pd.DataFrame(told, index=names).assign(grouping=grouping, position=range(1, len(names) + 1))
        parts += [part.rename_axis("group").reset_index()] if groups[grouping].notna().any() else []
    table = pd.concat(parts, ignore_index=True)
    table = hide(
        table[(table["answers"] > 0) | (table["invited"] > 0) | (table["grouping"] == ALL)], [["grouping"]], count="answers"
    )
    invited, answers = (table[name].astype("Float64").astype(float) for name in ("invited", "answers"))
    invited = invited if len(frame) else invited * np.nan
    table = table.assign(
        invited=invited.astype("Int64"),
        response_pct=100 * answers / invited.where(invited > 0),
        invited_pct=100 * invited / frame["invited"].sum() if len(frame) else np.nan,
        answers_pct=100 * answers / len(groups) if len(groups) else np.nan,
    )
    tested = _tested(groups, frame, table.loc[table["grouping"] == ALL, "hidden"].any())
    of_all = table["grouping"].eq(ALL)
    for name, value in tested.items():
        table[name] = pd.Series(value, table.index).where(of_all)
    table["outside"] = table["outside"].astype("Int64")
    table["weighted_by"] = table["weighted_by"].fillna("")
    return table.assign(komm_nr=wave.komm_nr, year=wave.wave, target=wave.target)


def _tested(groups: pd.DataFrame, frame: pd.DataFrame, hidden: bool) -> dict:
    """What stands in the row of all: the margin of error, the test against the frame, and the weights."""
    by = [grouping for grouping in GROUPINGS if groups[grouping].notna().any()]
    nothing = dict.fromkeys(("margin_pct", "chi_square", "p_value", "outside", "effective_n", "uncovered_pct", "off_pct"), np.nan)
    if hidden or groups.empty:
        return nothing | {"weighted_by": ""}
    told = nothing | {"margin_pct": float(margin(len(groups), frame["invited"].sum() if len(frame) else np.nan)), "weighted_by": ""}
    if by and len(frame):
        test = representative(groups.value_counts(by), frame.groupby(by)["invited"].sum())
        told |= {"chi_square": test.chi_square, "p_value": test.p}
        told |= {"outside": test.outside if test.outside == 0 or test.outside >= LEAST else np.nan}
    known = people(groups, frame)
    if known.weighting is not None:
        told |= {"weighted_by": known.method, "effective_n": kish(known.weights)}
        told |= {"uncovered_pct": known.weighting.uncovered_pct, "off_pct": known.weighting.off_pct}
    return told


DATASET = Dataset(
    name="survey_response",
    title="Hvem som svarte på næringslivsundersøkelsen",
    key=tuple(KEY),
    schema=Response,
    needs=(survey.ANSWERS, "survey_frame", "municipality_codes", "municipality_changes"),
    build=build,
)
