"""The municipality's own goals and measures, from a file that it has made of its plan (`nlib import`)."""

import functools
import importlib.resources
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import Register, resource
from nlib.core.tables import Count, Dataset, Imported, Placed, column
from nlib.data.readers import goals
from nlib.data.readers.goals import DIRECTIONS, KIND, STATUSES
from nlib.data.readers.kinds import Contents, File, FileKind

EXAMPLE = "goals_example.yaml"
KEY = ("komm_nr", "year")  # of a table that a goal may be tied to: one figure a municipality and year
NOT_MEASURED = {"population_projection", "employment_bridge"}  # what is foretold, and what only carries across a break
TODAY = "9999-01-01"  # any day after the last change of numbers


@dataclass(frozen=True)
class Indicator:
    """A figure of nlib that a goal may be tied to: what it is, its unit, and when in a year it holds."""

    label: str
    unit: str
    moment: str


def indicators(datasets: Iterable[Dataset]) -> dict[str, Indicator]:
    """Every figure that these tables have one of for each municipality and year, by `table.column`."""
    return {
        f"{dataset.name}.{row.column}": Indicator(row.meaning, row.unit, dataset.moment)
        for dataset in datasets
        if dataset.key == KEY and dataset.name not in NOT_MEASURED
        for row in dataset.columns().itertuples()
        if row.column not in KEY and row.dtype in ("Int64", "int64", "float64")
    }


def read(body: bytes) -> pd.DataFrame:
    """A file's goals and measures, as `nlib.data.readers.goals` gives them."""
    return goals.read(goals.drafted(body))[0]


def inspected(body: bytes, datasets: Iterable[Dataset]) -> tuple[pd.DataFrame, list[str]]:
    """The same, checked against the indicators and municipalities there are, with what a user should know."""
    return goals.read(goals.drafted(body), indicators(datasets), _heirs())


@functools.cache
def _heirs() -> dict[str, str | None]:
    """Every municipality number there has been, and the one of today that it has become."""
    register = Register(resource("municipalities.csv"), resource("municipality_changes.csv"))
    return {number: register.heir(number, TODAY) for number in register.codes["komm_nr"].unique()}


def synthetic(norway) -> list[tuple[str, bytes]]:
    """The example that follows the project: an invented plan for Lørenskog with six focus areas."""
    return [("maal_seks_omraader.yaml", importlib.resources.files("nlib.core.resources").joinpath(EXAMPLE).read_bytes())]


IMPORTED = Imported(KIND, "Kommunens egne mål og tiltak", "", ("komm_nr",), read, synthetic=synthetic)


class Goals(Placed):
    position: int = column("Plass i filen, fra 1", ge=1)
    plan: str = column("Planens navn", nullable=True)
    area: str = column("Satsingsområde")
    goal: str = column("Mål; mangler for tiltak som ikke hører til et bestemt mål", nullable=True)
    measure: str = column("Tiltak; mangler der raden er et mål", nullable=True)
    responsible: str = column("Ansvarlig", nullable=True)
    due_year: Count = column("Året målet eller tiltaket skal være nådd", "år", ge=2000, le=2100, nullable=True)
    status: str = column("Status", isin=STATUSES, nullable=True)
    indicator: str = column("Indikator i nlib, som tabell.kolonne", nullable=True)
    target: float = column("Måltall, i indikatorens enhet", nullable=True)
    start_year: Count = column("Året framgangen måles fra", "år", ge=2000, le=2100, nullable=True)
    direction: str = column("Om tallet skal opp eller ned", isin=DIRECTIONS)


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """The goals and measures of municipalities' own plans, in the order of their files, on today's numbers.

    A row with a `measure` is a measure, one without a goal; either may be tied to an indicator with a target. A number that has
    been split since, or is no municipality's, is a `BadAnswer`.
    """
    register = Register(municipality_codes, municipality_changes)
    heirs = {number: register.heir(number, TODAY) for number in imported["komm_nr"].unique()}
    if lost := [number for number, heir in heirs.items() if heir is None]:
        raise BadAnswer(f"Målfilen gjelder kommunen {lost[0]}, som ikke finnes lenger: ta inn en ny fil med dagens nummer")
    frame = imported.assign(komm_nr=imported["komm_nr"].map(heirs))
    return frame.assign(position=frame.groupby("komm_nr").cumcount() + 1)


DATASET = IMPORTED.dataset("goals", "Kommunens egne mål og tiltak", Goals, build, key=("komm_nr", "position"))


def _contents(file: File) -> Contents:
    frame, notes = inspected(file.body, file.datasets)
    number = frame["komm_nr"].iloc[0]
    count = f"{frame['measure'].isna().sum()} mål og {frame['measure'].notna().sum()} tiltak for kommune {number}"
    return Contents([f"{count}, {frame['indicator'].notna().sum()} med indikator", *notes], own={"komm_nr": number})


# a plan is followed by changing its file and importing it again: it takes the place of the one the municipality had
FILE = FileKind(KIND, lambda file: goals.is_yaml(file.body) or goals.recognised(file.sheets), _contents)
