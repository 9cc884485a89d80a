"""Groups of industries that somebody has made: which two-digit industries (or ranges of them) are in each."""

import re

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import resource
from nlib.data.readers import named_columns
from nlib.data.readers.kinds import by_headings
from nlib.data.readers.named_columns import Found
from nlib.data.readers.sheets import Sheet

KIND = "naeringsgrupper"
CODES = re.compile(r"(\d{2})(?:-(\d{2}))?")  # «62», «58-63»


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The groups, a row for each industry in each, and what a user should know. The frame: `group`, `nace2` (text).

    A cell has one or more codes: «62», «58-63» or «58-63, 72». An industry may be in several groups.
    """
    tables = named_columns.read(KIND, found)
    rows = [row for table in tables for row in _rows(table)]
    frame = pd.DataFrame(rows, columns=["group", "nace2"], dtype="str").drop_duplicates(ignore_index=True)
    return frame, [line for table in tables for line in table.told]


def _rows(table: Found):
    known = set(resource("industries.csv")["nace2"])
    for at, (group, codes) in enumerate(zip(table.columns["group"], table.columns["nace"], strict=True)):
        written = f"{codes:.0f}" if isinstance(codes, float) and codes.is_integer() else str(codes or "")
        for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", written.strip())):
            match = CODES.fullmatch(part.zfill(2))  # Excel has taken the zero in front
            if match is None:
                raise BadAnswer(f"«{written}» er ikke næringskoder med to sifre, som «62» eller «58-63, 72» ({table.where(at)})")
            first, last = int(match[1]), int(match[2] or match[1])
            held = [f"{code:02}" for code in range(first, last + 1) if f"{code:02}" in known]
            if not held:
                raise BadAnswer(f"Ingen næring i SN2007 har koden «{part}» ({table.where(at)})")
            yield from ((" ".join(str(group).split()), nace2) for nace2 in held)


FILE = by_headings(KIND, read, lambda frame: f"{frame['group'].nunique()} grupper av {frame['nace2'].nunique()} næringer")
