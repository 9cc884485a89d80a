"""Who answered the survey of businesses: response rates, whether those who answered are made up as the invited, and the weights."""

import numpy as np
import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import REGISTERS, Count, Placed, column, count, measure
from nlib.data.codebooks.blanking import LEAST
from nlib.data.sources import survey
from nlib.methods.survey.intervals import margin
from nlib.methods.survey.response import representative, together
from nlib.methods.survey.tabulation import ALL, GROUPINGS, OTHERS, UNTOLD, frame_by, merged, people

KEY = ["komm_nr", "year", "grouping", "group"]
OF_ALL = "bare for alle under ett"


class Response(Placed):
    year: int = column("Runden av undersøkelsen", ge=1990, le=2100)
    grouping: str = column("Alle, størrelse (size_group) eller næring (industry)")
    group: str = column("Gruppen")
    position: int = column("Gruppens plass i kodeboken", ge=0)
    target: str = column("Hvem undersøkelsen er sendt til, som kodeboken sier")
    invited: Count = count("Inviterte", "foretak")
    answers: Count = count("Svar", "foretak")
    response_pct: float = column("Svarandel", "prosent av de inviterte", ge=0, nullable=True)
    invited_pct: float = column("Andel av de inviterte", "prosent", ge=0, le=100, nullable=True)
    answers_pct: float = column("Andel av svarene", "prosent", ge=0, le=100, nullable=True)
    hidden: bool = column("Sann når antall svar er skjult av hensyn til personvern")
    margin_pct: float = column(
        f"Største feilmargin, normaltilnærmet, 90 prosent, {OF_ALL}; intervallet for hver andel er et annet (Wilson)",
        "prosentpoeng",
        ge=0,
        nullable=True,
    )
    chi_square: float = column(
        f"Kjikvadrat mot rammen, størrelse og næring hver for seg og lagt sammen, av tallene i tabellen, {OF_ALL}",
        ge=0,
        nullable=True,
    )
    p_value: float = column(f"Hvor ofte tilfeldige svar er minst så skjeve, {OF_ALL}", "0-1", ge=0, le=1, nullable=True)
    outside: Count = column(
        f"Svar uten gruppe i rammen, {OF_ALL}; under fem er skjult, og det er mangler der ingen grupper er like",
        "foretak",
        ge=0,
        nullable=True,
    )
    weighted_by: str = column(f"cells, margins eller tom når det ikke er vektet, {OF_ALL}")
    effective_n: float = column(
        f"Uvektede svar som er like sikre som de vektede (Kish), i hele fem, {OF_ALL}", "svar", ge=0, nullable=True
    )
    uncovered_pct: float = column(f"Inviterte i grupper som ingen har svart fra, {OF_ALL}", "prosent", ge=0, le=100, nullable=True)
    off_pct: float = column(f"Største avvik fra rammen etter vekting, {OF_ALL}", "prosentpoeng", ge=0, nullable=True)


def build(imported, survey_frame, municipality_codes, municipality_changes) -> pd.DataFrame:
    """Invited, answers and the rate between them, by size and industry, for each wave of the survey.

    Groups that fewer than five have answered from are put together as «Øvrige», so that none has to be hidden; where fewer than
    five answered in all, nothing of them is told. What is found by testing and weighting (`nlib.methods.survey.response`,
    `.weights`) stands in the row of all, and is made of the groups as they are told, or told so coarsely that it says no more.
    """
    register = Register(municipality_codes, municipality_changes)
    parts = [
        _of_wave(wave, survey_frame[(survey_frame["komm_nr"] == wave.komm_nr) & (survey_frame["year"] == wave.wave)])
        for wave in survey.waves(imported, register)
    ]
    return pd.concat(parts, ignore_index=True) if parts else DATASET.empty()


def _of_wave(wave: survey.Answers, frame: pd.DataFrame) -> pd.DataFrame:
    groups = wave.background.reindex(columns=list(GROUPINGS)).astype("str")
    whole = {"grouping": ALL, "group": ALL, "position": 0, "invited": frame["invited"].sum(), "answers": [len(groups)]}
    parts = [pd.DataFrame(whole).assign(mixed=False)]
    for grouping in (grouping for grouping in GROUPINGS if groups[grouping].notna().any()):
        labels = [label for asked in wave.questions.loc[wave.questions["question"] == grouping, "labels"] for label in asked]
        parts.append(_by(grouping, groups, labels, frame))
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["answers"] > 0) | (table["invited"] > 0) | (table["grouping"] == ALL)].reset_index(drop=True)
    few = 0 < len(groups) < LEAST
    answers = table["answers"].astype(float) * (np.nan if few else 1)
    invited = table["invited"].astype("Float64").astype(float) * (1 if len(frame) else np.nan)
    table = table.assign(
        invited=invited.astype("Int64"),
        answers=answers.astype("Int64"),
        hidden=few,
        response_pct=(100 * answers / invited.where(invited > 0)).mask(table["mixed"]),
        invited_pct=100 * invited / frame["invited"].sum() if len(frame) else np.nan,
        answers_pct=100 * answers / len(groups) if len(groups) else np.nan,
    )
    of_all = table["grouping"].eq(ALL)
    for name, value in _tested(groups, frame, table).items():
        table[name] = pd.Series(value, table.index).where(of_all)
    table["outside"] = table["outside"].astype("Int64")
    table["weighted_by"] = table["weighted_by"].fillna("")
    return table.drop(columns="mixed").assign(komm_nr=wave.komm_nr, year=wave.wave, target=wave.target)


def _by(grouping: str, groups: pd.DataFrame, labels: list[str], frame: pd.DataFrame) -> pd.DataFrame:
    """Invited and answers by one grouping, in the codebook's order; `mixed`: those who did not say are among «Øvrige»."""
    given = groups[grouping].fillna(UNTOLD)
    shown = merged(given.value_counts(), LEAST)
    invited, answers = frame_by(frame, grouping, shown), given.map(shown).value_counts()
    known = dict.fromkeys(shown.get(name, name) for name in [*labels, *frame[grouping].unique(), *shown])
    last = (OTHERS, UNTOLD)
    names = [*(name for name in known if name not in last), *(name for name in last if name in answers)]
    counts = {"invited": invited.reindex(names), "answers": answers.reindex(names, fill_value=0)}
    part = pd.DataFrame(counts, index=names).assign(grouping=grouping, position=range(1, len(names) + 1))
    part = part.rename_axis("group").reset_index()
    return part.assign(mixed=part["group"].eq(OTHERS) & (shown.get(UNTOLD) == OTHERS))


def _tested(groups: pd.DataFrame, frame: pd.DataFrame, table: pd.DataFrame) -> dict:
    """What stands in the row of all: the margin of error, the test against the frame, and the weights."""
    nothing = dict.fromkeys(("margin_pct", "chi_square", "p_value", "outside", "effective_n", "uncovered_pct", "off_pct"), np.nan)
    if table["hidden"].any() or groups.empty:
        return nothing | {"weighted_by": ""}
    found = nothing | {
        "margin_pct": float(margin(len(groups), frame["invited"].sum() if len(frame) else np.nan)),
        "weighted_by": "",
    }
    rows = [of.set_index("group") for grouping, of in table.groupby("grouping") if grouping != ALL]
    rows = [of.astype({"invited": "float64", "answers": "float64"}) for of in rows]
    tests = [representative(of["answers"], of["invited"].dropna()) for of in rows if of.loc[of["invited"] > 0, "answers"].sum() > 0]
    if tests:
        test = together(tests)
        found |= {"chi_square": test.chi_square, "p_value": test.p}
        found |= {"outside": test.outside if test.outside == 0 or test.outside >= LEAST else np.nan}
    known = people(groups, frame)
    if known.weighting is not None:
        found |= {"weighted_by": known.method, "effective_n": known.effective}
        found |= {"uncovered_pct": round(known.weighting.uncovered_pct), "off_pct": round(known.weighting.off_pct)}
    return found


TITLE = "Hvem som svarte på næringslivsundersøkelsen"
DATASET = measure(TITLE, Response, build, key=KEY, needs=(survey.ANSWERS, "survey_frame", *REGISTERS), partial=True)
