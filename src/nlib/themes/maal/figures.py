"""The figures of the page on the municipality's own goals: measures by status, the way to each target, and whether pace is enough.

Each function takes contract tables and gives a Chart, a Listing, or Missing with the reason. Goals, measures and status are the
municipality's own words; figures are nlib's.
"""

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Listing, Missing
from nlib.charts.strip import Strip
from nlib.core.language import counted, listed, number, percent
from nlib.core.translations import tr

UNTOLD, NONE = "Ikke oppgitt", "–"
STATUS = {"Ferdig": "own", "I gang": "against", "Planlagt": "others", UNTOLD: "before"}  # and the role of each
OUTCOMES = {
    "reached": "Nådd",
    "on_pace": "Farten er nok",
    "behind": "Farten er ikke nok",
    "missed": "Ikke nådd innen fristen",
    "unknown": "Kan ikke vurderes",
}
WRONG_WAY = "Går feil vei"
SHORT = {  # an outcome beside a mark
    OUTCOMES["reached"]: "nådd",
    OUTCOMES["on_pace"]: "nok fart",
    OUTCOMES["behind"]: "for sakte",
    OUTCOMES["missed"]: "ikke nådd",
    OUTCOMES["unknown"]: "uviss fart",
    WRONG_WAY: "feil vei",
}
LACKS = {
    "no_target": "Måltall er ikke oppgitt.",
    "no_figures": "Utgaven har ingen tall for indikatoren i årene fram til målet.",
    "no_start_year": "Startår er ikke oppgitt i filen.",
    "no_start": "Indikatoren har ikke tall for startåret.",
    "too_early": "Det er ikke kommet tall etter startåret.",
    "not_comparable": "En deling eller flyttet grense gjør at årene ikke kan sammenlignes.",
    "break": "Tallene måles på en ny måte fra et år etter startåret.",
    "past_target": "Måltallet var nådd alt i startåret.",
    "no_due_year": "År for målet er ikke oppgitt, så farten kan ikke vurderes.",
}
SSB_TABLE = "SSB, tabell "
FARTHEST = 130.0  # percent of the way that is drawn, either side of the start
MOST = 30  # goals in one drawing
ARITHMETIC = (
    "Farten er ren regning: like lange steg hvert år fra startåret til målet. Den sier ikke hva som kommer til å skje, og ett års "
    "tall kan svinge. nlib vet ikke om tiltakene er grunn til endringen."
)
OWN_WORDS = "Status er kommunens egen og er ikke kontrollert av nlib."
NO_INDICATOR = "Har ingen indikator."
OPEN_ONLY = "nlib har bare åpne tall for alle kommuner. Egne tellinger og undersøkelser kan følge mål som ikke har tall her."
LATER = "Målene vises når en fil med dem er tatt inn."


def overview(goals: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """How many measures are done, under way and planned in each focus area."""
    id, heading = "maal.overview", "Tiltakene"
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    measures = own[own["measure"].notna()]
    if measures.empty:
        return Missing(id, heading, "Filen har mål, men ingen tiltak.")
    counts = pd.crosstab(measures["area"], measures["status"].fillna(UNTOLD))
    counts = counts.reindex(own["area"].unique(), columns=list(STATUS), fill_value=0).rename_axis("Satsingsområde")
    whole = counts.sum(axis=1)
    form = Bars(
        heading="Tiltak",
        rows=counts.assign(
            whole=whole,
            text=[f"{number(done)} av {number(of)} ferdig" for done, of in zip(counts["Ferdig"], whole, strict=True)],
        ),
        parts={status: (tr(status).lower(), role) for status, role in STATUS.items() if counts[status].sum()},
        texts="text",
        also={"whole": "I alt"},
    )
    return form.chart(
        id,
        status_sentence(measures),
        "Hver søyle er et satsingsområde, og delene er antall tiltak: ferdige, i gang og planlagte.",
        OWN_WORDS,
        _source(own, names[komm_nr]),
    )


def measures(goals: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Listing | Missing:
    """Every goal and measure with who is responsible, its year and its status in words."""
    id, heading = "maal.measures", "Mål og tiltak"
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    table = pd.DataFrame(
        {
            "Satsingsområde": own["area"],
            "Mål og tiltak": np.where(own["measure"].isna(), "Mål: " + own["goal"].fillna(""), own["measure"]),
            "Status": own["status"].where(own["status"].notna() | own["measure"].isna(), UNTOLD).fillna(NONE),
            "År": own["due_year"].astype("str").fillna(NONE),
            "Ansvarlig": own["responsible"].fillna(NONE),
        }
    )
    held = own["measure"].notna().sum()
    return Listing(
        id=id,
        title=f"Planen har {areas_told(own)}, {goals_told(len(own) - held)} og {measures_told(held)}",
        reading="Én tabell for hvert satsingsområde, i planens rekkefølge. Status er Planlagt, I gang eller Ferdig; et mål har "
        "bare status der filen oppgir den. En strek betyr at filen ikke sier noe.",
        uncertainty=OWN_WORDS,
        source=_source(own, names[komm_nr]),
        table=table,
        by="Satsingsområde",
    )


def progress(goals: pd.DataFrame, goal_progress: pd.DataFrame, komm_nr: str) -> Chart | Missing:
    """The share of the way from start to target that each goal has gone, beside where even steps would have brought it."""
    id, heading = "maal.progress", "Veien mot måltallene"
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    tied = _tied(own, goal_progress)
    known = tied[tied["way_pct"].notna()]
    if known.empty:
        return Missing(id, heading, "Ingen av målene har indikator, startår og måltall det kan regnes en vei mellom.")
    drawn = known.head(MOST)
    verdicts = [_verdict(row) for row in drawn.itertuples(index=False)]
    ways = drawn[["way_pct", "steady_pct"]].astype(float).clip(-FARTHEST, FARTHEST)
    form = Strip(
        heading="Prosent av veien fra startåret til måltallet (100)",
        rows=drawn.set_index(drawn["name"].rename("Mål"))
        .astype({"start_year": "str", "latest_year": "str", "due_year": "str"})
        .assign(
            way=ways["way_pct"].to_numpy(),
            steady=ways["steady_pct"].to_numpy(),
            verdict=verdicts,
            text=[f"{percent(way, 0)}, {SHORT[told]}" for way, told in zip(drawn["way_pct"], verdicts, strict=True)],
        ),
        marks={"way": ("gått", "own"), "steady": ("jevn fart til nå", "nation")},
        values={"way_pct": ("gått", "own"), "steady_pct": ("jevn fart", "nation")},
        texts="text",
        joined=True,
        level=100,
        limits=(min(-5.0, float(ways.min(axis=None)) - 5), max(106.0, float(ways.max(axis=None)) + 6)),
        unit="%",
        also={
            "label": "Indikator",
            "start_year": "Startår",
            "start_value": "Starttall",
            "latest_year": "Siste år",
            "latest_value": "Siste tall",
            "target": "Måltall",
            "due_year": "Målår",
            "verdict": "Vurdering",
        },
        precise=dict.fromkeys(("start_value", "latest_value", "target"), 1),
    )
    return form.chart(
        id,
        pace_sentence(tied),
        "Ruten er hvor stor del av veien fra tallet i startåret til måltallet som er gått, streken hvor langt like lange steg "
        "hvert år ville ført. Det som ligger under null, går feil vei."
        + ("" if len(known) <= MOST else f" Figuren viser de {MOST} første av {len(known)} mål; listen under har alle."),
        ARITHMETIC,
        _figures_source(known),
    )


def pace(goals: pd.DataFrame, goal_progress: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Listing | Missing:
    """Start, latest figure and target of every goal, whether the pace is enough in words, and which goals no figure follows."""
    id, heading = "maal.pace", "Tallene og farten"
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    tied = _tied(own, goal_progress)
    without = own[own["measure"].isna() & ~followed(own)]
    if tied.empty and without.empty:
        return Missing(id, heading, "Planen har ingen mål.")
    lines = [
        (
            row.position,
            row.area,
            f"{row.name}. {tr(row.label)}{_in_unit(row.unit)}",
            f"{_from_to(row)}{_target(row)}",
            pace_text(row),
        )
        for row in tied.itertuples(index=False)
    ] + [(row.position, row.area, row.goal, NONE, NO_INDICATOR) for row in without.itertuples(index=False)]
    return Listing(
        id=id,
        title=behind_sentence(tied) if len(tied) else without_sentence(own),
        reading="«Nå» er siste tall i utgaven, eller tallet for målets eget år når det er kommet. Farten så langt er endringen i "
        "året fra startåret; farten som trengs, er det som gjenstår, delt på årene som er igjen."
        + (f" {without_sentence(own)}; et mål kan være riktig uten å kunne måles." if len(without) and len(tied) else ""),
        uncertainty=ARITHMETIC if len(tied) else OPEN_ONLY,
        source=_figures_source(tied) if len(tied) else _source(own, names[komm_nr]),
        table=pd.DataFrame(sorted(lines), columns=["", "Satsingsområde", "Mål", "Start, nå og måltall", "Farten"]).drop(columns=""),
        by="Satsingsområde",
    )


# -- what the titles say


def status_sentence(measures: pd.DataFrame) -> str:
    """How many of the measures are done and under way."""
    counts = measures["status"].value_counts()
    done, begun = (int(counts.get(status, 0)) for status in ("Ferdig", "I gang"))
    of = f"{alone(done)} av {neuter(len(measures))} tiltak er {'ferdig' if done == 1 else 'ferdige'}".capitalize()
    return f"{of}, og {alone(begun)} er i gang"


def pace_sentence(tied: pd.DataFrame) -> str:
    """How many goals with an indicator are reached, and how many have pace enough."""
    if len(tied) == 1:
        return f"Det ene målet med tall: {_verdict(tied.iloc[0]).lower()}"
    held = tied["outcome"].value_counts()
    reached, enough = (int(held.get(outcome, 0)) for outcome in ("reached", "on_pace"))
    more = f"for {neuter(enough)} til er farten nok" if enough else "ingen av de andre har nok fart"
    return f"Av {neuter(len(tied))} mål med tall er {alone(reached)} nådd, og {more}"


def behind_sentence(tied: pd.DataFrame) -> str:
    """How many goals have not pace enough or were not reached in their year."""
    held = tied["outcome"].value_counts()
    behind, missed = (int(held.get(outcome, 0)) for outcome in ("behind", "missed"))
    if not behind + missed:
        return "Ingen mål med tall ligger etter en jevn fart"
    parts = [f"for {goals_told(behind)} går det for sakte eller feil vei"] * bool(behind)
    parts += [f"{goals_told(missed)} ble ikke nådd i tide"] * bool(missed)
    return ", og ".join(parts).capitalize()


def without_sentence(own: pd.DataFrame) -> str:
    """How many goals have no indicator, of how many."""
    goals = own[own["measure"].isna()]
    without = int((~followed(own) & own["measure"].isna()).sum())
    return f"{neuter(without)} av {neuter(len(goals))} mål har ingen indikator".capitalize()


def pace_text(row) -> str:
    """Whether the pace is enough, as arithmetic, for a row of goals with progress."""
    said = f"{_verdict(row)}."
    if pd.notna(row.way_pct):
        said += f" {number(row.way_pct)} prosent av veien er gått"
        said += f"; jevn fart ville vært {number(row.steady_pct)}." if pd.notna(row.steady_pct) else "."
        steps = f" {_value(row.per_year, row, sign=True)} i året så langt"
        said += f"{steps}; {_value(row.needed_per_year, row, sign=True)} trengs." if pd.notna(row.needed_per_year) else f"{steps}."
    return said if pd.isna(row.lacks) else f"{said} {LACKS[row.lacks]}"


# -- what is told from


def _own(goals, komm_nr):
    return goals[goals["komm_nr"] == komm_nr].sort_values("position", ignore_index=True)


def _tied(own, goal_progress):
    """The goals and measures with an indicator, and how far each has come; `name` is what it is called."""
    told = own.assign(name=own["measure"].fillna(own["goal"])).drop(columns="indicator")
    return told.merge(goal_progress, on=["komm_nr", "position"], how="inner", validate="1:1")


def followed(own):
    """Whether a row has an indicator, or is a goal with a measure that has one."""
    tied = own.loc[own["indicator"].notna() & own["goal"].notna(), ["area", "goal"]].apply(tuple, axis=1)
    return own["indicator"].notna() | own[["area", "goal"]].apply(tuple, axis=1).isin(set(tied))


def _verdict(row):
    """Whether the target is reached or the pace is enough, in words; moving away from the target is said so."""
    return WRONG_WAY if row.outcome == "behind" and row.way_pct < 0 else OUTCOMES[row.outcome]


def _from_to(row):
    now = f"nå {_value(row.latest_value, row)} ({row.latest_year})" if pd.notna(row.latest_value) else "ingen tall"
    return f"{_value(row.start_value, row)} ({row.start_year}), {now}" if pd.notna(row.start_value) else now


def _target(row):
    if pd.isna(row.target):
        return ""
    most = "" if row.direction == "opp" else " eller lavere"
    return f"; mål {_value(row.target, row)}{most}" + (f" ({row.due_year})" if pd.notna(row.due_year) else "")


def _value(value, row, sign=False):
    """A figure with as many decimals as its size calls for; whole numbers of people and kroner have none, but their steps have."""
    size = max(abs(v) for v in (row.target, row.latest_value, 0.0) if pd.notna(v))
    decimals = 0 if size >= 1000 else 1 if size >= 10 else 2
    if sign:
        return number(value, 1 if size >= 100 else 2, sign=True)
    return number(value, 0 if float(value).is_integer() else decimals)


def _in_unit(unit):
    return f", {tr(unit)}" if unit else ""


def areas_told(own: pd.DataFrame) -> str:
    """How many focus areas a plan has, in words."""
    count = own["area"].nunique()
    return "ett satsingsområde" if count == 1 else f"{counted(count)} satsingsområder"


def goals_told(count: int) -> str:
    """How many goals, in words."""
    return "ett mål" if count == 1 else f"{counted(int(count))} mål"


def measures_told(count: int) -> str:
    """How many measures, in words."""
    return "ett tiltak" if count == 1 else f"{counted(int(count))} tiltak"


def neuter(count: int) -> str:
    """A count of goals or measures, which are neuter: «ett mål»."""
    return "ett" if count == 1 else counted(int(count))


def alone(count: int) -> str:
    """A count without its noun: none is another word than no in other languages than bokmål."""
    return neuter(count) if count else "ingen"


def _source(own, name):
    plan = own["plan"].dropna()
    return f"{plan.iloc[0]}, {name} kommune" if len(plan) else f"{name} kommunes egen fil"


def _figures_source(tied):
    """What the indicators are from, the producer's tables together."""
    named = sorted({name for source in tied["source"] for name in source.split("; ") if name})
    tables = [name.removeprefix(SSB_TABLE) for name in named if name.startswith(SSB_TABLE)]
    others = [name for name in named if not name.startswith(SSB_TABLE)]
    return "; ".join([f"SSB, tabell {listed(tables)}"] * bool(tables) + others) or "nlib"
