"""Groups of industries that jobs are counted in: knowledge-intensive ones, and those of a file (`nlib import`)."""

import re

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import resource
from nlib.core.tables import Dataset, Imported, Table, column
from nlib.data.readers import named_columns
from nlib.data.readers.cells import Sheet, written
from nlib.data.readers.kinds import by_headings, of_bytes
from nlib.data.readers.named_columns import Found

KIND = "naeringsgrupper"
KEY = ("group", "nace2")
CODES = re.compile(r"(\d{2})(?:-(\d{2}))?")  # «62», «58-63»


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The groups, a row for each two-digit industry in each, and what a user should know. The frame: `group`, `nace2` (text). A
    cell has one or more codes: «62», «58-63» or «58-63, 72». An industry may be in several groups."""
    frame, notes = named_columns.gather(KIND, found, lambda table: pd.DataFrame(_rows(table), columns=KEY, dtype="str"))
    return frame.drop_duplicates(ignore_index=True), notes


def _rows(table: Found):
    known = set(resource("industries.csv")["nace2"])
    for at, (group, codes) in enumerate(zip(table.columns["group"], table.columns["nace"], strict=True)):
        for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", written(codes).strip())):
            match = CODES.fullmatch(part.zfill(2))  # Excel has taken the zero in front
            if match is None:
                what = "er ikke næringskoder med to sifre, som «62» eller «58-63, 72»"
                raise BadAnswer(f"«{written(codes)}» {what} ({table.where(at)})")
            codes_between = {f"{code:02}" for code in range(int(match[1]), int(match[2] or match[1]) + 1)}
            if not known & codes_between:
                raise BadAnswer(f"Ingen næring i SN2007 har koden «{part}» ({table.where(at)})")
            yield from ((" ".join(str(group).split()), nace2) for nace2 in sorted(known & codes_between))


FILE = by_headings(KIND, read, lambda frame: f"{frame['group'].nunique()} grupper av {frame['nace2'].nunique()} næringer")
IMPORTED = Imported(KIND, "Egne næringsgrupper", "", KEY, of_bytes(read))


class Groups(Table):
    group: str = column("Gruppens navn")
    nace2: str = column("Næring, SN2007, to sifre", str_matches=r"^\d{2}$")
    own: bool = column("Sann når gruppen er fra en fil, usann når den følger nlib")


def build(imported: pd.DataFrame | None) -> pd.DataFrame:
    """The industries of each group: Eurostat's knowledge-intensive and high-technology ones, and those of the files.

    A group of a file takes the place of one of the same name.
    """
    usual = resource("industry_groups.csv").assign(own=False)
    if imported is None:
        return usual
    return pd.concat([usual[~usual["group"].isin(imported["group"])], imported.assign(own=True)], ignore_index=True)


DATASET = Dataset("industry_groups", "Kunnskapsintensive og egne næringsgrupper", KEY, Groups, (IMPORTED,), build)
