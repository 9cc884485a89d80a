"""How far a municipality has come towards its own goals, by nlib's figures, and whether a steady pace would be enough."""

import importlib
import pkgutil

import numpy as np
import pandas as pd

import nlib.data.sources
import nlib.indicators
from nlib.core.catalogue import CATALOGUE
from nlib.core.errors import BadAnswer
from nlib.core.tables import Count, Dataset, Placed, PxQuery, Raw, column, measure
from nlib.data.sources import goals

ALMOST = 1e-9  # what rounding in the machine may take from a pace that is just enough


# every other table there is: a goal may be tied to any that has one figure a municipality and year
NAMES = [f"{p.__name__}.{m.name}" for p in (nlib.data.sources, nlib.indicators) for m in pkgutil.iter_modules(p.__path__)]
DECLARED: list[Dataset] = [importlib.import_module(name).DATASET for name in NAMES if name != __name__]
TABLES = {dataset.name: dataset for dataset in DECLARED}
INDICATORS = goals.indicators(TABLES.values())
FROM = {row.figure: f"SSB, tabell {row.source}" for row in CATALOGUE.itertuples() if row.source.isdigit()}
MEASURED = tuple(sorted({name.partition(".")[0] for name in INDICATORS}))
OUTCOMES = {
    "reached": "måltallet er nådd",
    "on_pace": "farten er nok",
    "behind": "farten er ikke nok",
    "missed": "fristen er ute, måltallet er ikke nådd",
    "unknown": "kan ikke vurderes",
}
LACKS = {
    "no_target": "måltall er ikke oppgitt",
    "no_figures": "utgaven har ingen tall for indikatoren",
    "no_start_year": "startår er ikke oppgitt",
    "no_start": "indikatoren har ikke tall for startåret",
    "too_early": "det er ikke kommet tall etter startåret",
    "not_comparable": "en deling eller flyttet grense gjør at årene ikke kan sammenlignes",
    "break": "tallene måles på en ny måte fra et år etter startåret",
    "past_target": "måltallet var nådd alt i startåret",
    "no_due_year": "år for målet er ikke oppgitt",
}


def _sources(name: str, indicator: str) -> list[str]:
    """What an indicator of a table is from, as a figure names it; the registers of municipalities are left out.

    One that is read and not worked out is of the table that the catalogue says, and not of those that are read with it.
    """
    if indicator in FROM and not _parents(name):
        return [FROM[indicator]]
    by_hand = {need.source for table in (name, *_parents(name)) for need in TABLES[table].imported}
    return sorted({raw.source for raw in _raws(name) if isinstance(raw.query, PxQuery)} | by_hand)


def _parents(name: str) -> list[str]:
    """The tables that a table is built from, all the way."""
    return [found for parent in TABLES[name].parents for found in (parent, *_parents(parent))]


def _raws(name: str) -> list[Raw]:
    """The sources that a table comes from, through all its parents."""
    return [raw for table in (name, *_parents(name)) for raw in TABLES[table].raws]


class Progress(Placed):
    position: int = column("Målets eller tiltakets plass i filen, som i goals", ge=1)
    indicator: str = column("Indikator i nlib, som tabell.kolonne")
    label: str = column("Hva indikatoren er")
    unit: str = column("Indikatorens enhet")
    source: str = column("Hvor indikatoren er fra")
    start_value: float = column("Tallet i startåret, i indikatorens enhet", nullable=True)
    latest_year: Count = column("Siste år med tall, ikke etter målets eget år", "år", nullable=True)
    latest_value: float = column("Tallet det året, i indikatorens enhet", nullable=True)
    way_pct: float = column("Andel av veien fra starttall til måltall som er gått", "prosent", nullable=True)
    steady_pct: float = column("Andel av veien som ville vært gått med like lange steg hvert år", "prosent", nullable=True)
    per_year: float = column("Endring i året fra startåret til nå, i indikatorens enhet", nullable=True)
    needed_per_year: float = column("Endring i året som trengs fra nå til målets år, der det ikke er nådd", nullable=True)
    outcome: str = column("Om måltallet er nådd eller farten er nok", isin=list(OUTCOMES))
    lacks: str = column("Hvorfor veien eller farten ikke er regnet ut", isin=list(LACKS), nullable=True)


def build(goals: pd.DataFrame, *measured: pd.DataFrame) -> pd.DataFrame:
    """Start, latest figure and target of each goal or measure that is tied to an indicator; share of the way gone; pace.

    way = (latest − start) / (target − start). The pace is enough where the change a year so far, (latest − start) / (years since
    start), is at least the change a year that is needed for the rest, (target − latest) / (years left): simple arithmetic, no
    forecast. The latest figure is never one from after the goal's own year. Nothing is measured across a break in the producer's
    series, or over years that are not comparable; `lacks` tells why it is missing. measured: the tables of `MEASURED`.
    """
    tied = goals[goals["indicator"].notna()]
    if unknown := sorted(set(tied["indicator"]) - set(INDICATORS)):
        raise BadAnswer(f"Målfilen har indikatoren {unknown[0]}, som ikke finnes i denne nlib: rett filen og ta den inn på nytt")
    tables = {name: frame[frame["komm_nr"].isin(tied["komm_nr"])] for name, frame in zip(MEASURED, measured, strict=True)}
    rows = [_row(goal, tables) for goal in tied.itertuples(index=False)]
    return pd.DataFrame(rows, columns=list(Progress.to_schema().columns)).astype({"latest_year": "Int64"})


def _row(goal, tables):
    name, _, measure = goal.indicator.partition(".")
    known = INDICATORS[goal.indicator]
    own = tables[name][tables[name]["komm_nr"] == goal.komm_nr].set_index("year").sort_index()
    values = own[measure].dropna().astype(float)
    due = None if pd.isna(goal.due_year) else int(goal.due_year)
    values = values if due is None else values[values.index <= due]
    row = {
        "komm_nr": goal.komm_nr,
        "position": goal.position,
        "indicator": goal.indicator,
        "label": known.label,
        "unit": known.unit,
        "source": "; ".join(_sources(name, goal.indicator)),
        "start_value": values.get(goal.start_year, np.nan) if pd.notna(goal.start_year) else np.nan,
        "latest_year": values.index[-1] if len(values) else pd.NA,
        "latest_value": values.iloc[-1] if len(values) else np.nan,
        "outcome": "unknown",
    }
    if pd.isna(goal.target):
        return row | {"lacks": "no_target"}
    if values.empty:
        return row | {"lacks": "no_figures"}
    sign = 1 if goal.direction == "opp" else -1
    year, latest = int(values.index[-1]), float(values.iloc[-1])
    if sign * (latest - goal.target) >= 0:
        row["outcome"] = "reached"
    elif due is not None and year >= due:
        row["outcome"] = "missed"
    if lacks := _lacks(goal, name, own, values, sign):
        return row | {"lacks": lacks}
    first = int(goal.start_year)
    start = row["start_value"]
    row |= {"way_pct": 100 * (latest - start) / (goal.target - start), "per_year": (latest - start) / (year - first)}
    if due is None:
        return row | {"lacks": "no_due_year"}
    row["steady_pct"] = 100 * (year - first) / (due - first)
    if row["outcome"] == "unknown":  # so the year is before the goal's own
        row["needed_per_year"] = (goal.target - latest) / (due - year)
        row["outcome"] = "on_pace" if row["way_pct"] >= row["steady_pct"] - ALMOST else "behind"
    return row


def _lacks(goal, name, own, values, sign):
    """Why the way from start to target cannot be measured; None where it can."""
    if pd.isna(goal.start_year):
        return "no_start_year"
    first, last = int(goal.start_year), int(values.index[-1])
    if last <= first:
        return "too_early"
    if first not in values.index:
        return "no_start"
    if "comparable" in own and not own.loc[first:last, "comparable"].all():
        return "not_comparable"
    if any(first < year <= last for raw in _raws(name) for year in raw.breaks):
        return "break"
    return "past_target" if sign * (goal.target - values[first]) <= 0 else None


DATASET = measure("Framgang mot kommunens egne mål", Progress, build, key=("komm_nr", "position"), needs=("goals", *MEASURED))
