"""Notes from interviews, workshops and café dialogues: what each is about, and the quotes that a person has approved. Other lines
lose their text, names and numbers are blanked, and no message holds any of it."""

import dataclasses

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.data.codebooks.blanking import blanked
from nlib.data.codebooks.codebook import plain
from nlib.data.readers import named_columns
from nlib.data.readers.cells import Cell, Sheet
from nlib.data.readers.kinds import by_headings
from nlib.data.readers.named_columns import Found
from nlib.data.readers.survey_export import written

KIND = "notater"
SOURCES = {
    **dict.fromkeys(("intervju", "dybdeintervju"), "intervju"),
    **dict.fromkeys(("verksted", "workshop", "arbeidsmøte"), "verksted"),
    **dict.fromkeys(("kafédialog", "kafedialog"), "kafédialog"),
    **dict.fromkeys(("undersøkelse", "undersøkelsen"), "undersøkelse"),
}
YES_OR_NO = dict.fromkeys(("ja", "j", "x", "sann", "1"), True) | dict.fromkeys(("nei", "n", "", "usann", "0"), False)
LONGEST_THEME = 60  # signs; what is longer is no theme, but a note in the wrong column


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The notes, a row each, and what a user should know.

    `komm_nr` (text), `year` (of the wave, int64), `source` (`SOURCES`), `theme`, `focus_area` (text, "" where none), `quote` (text,
    missing where it is not both free to quote and approved). `BadAnswer` names rows and columns, never what they hold.
    """
    tables = named_columns.read(KIND, [dataclasses.replace(sheet, formulas={}) for sheet in found])
    names = {name.strip() for table in tables for cell in table.columns.get("names", []) for name in written(cell).split(";")}
    if faults := [fault for table in tables for fault in _faults(table)]:
        raise BadAnswer("Notatene har feil:\n" + "\n".join(f"  - {fault}" for fault in faults[:20]))
    frame = pd.concat([_frame(table, names) for table in tables], ignore_index=True)
    waiting = int(sum(_yes(table, "may_quote").sum() for table in tables)) - int(frame["quote"].notna().sum())
    notes = [note for table in tables for note in table.notes]
    return frame, notes + ([f"{waiting} sitater er ikke godkjent ennå, og vises ikke"] if waiting else [])


def _faults(table: Found) -> list[str]:
    known = {
        "komm_nr": ("et kommunenummer", lambda cell: cell.isascii() and cell.isdecimal() and len(cell) in (3, 4)),
        "year": ("et årstall", lambda cell: cell.isascii() and cell.isdecimal() and cell[:2] in ("19", "20") and len(cell) == 4),
        "source": (f"en av {', '.join(dict.fromkeys(SOURCES.values()))}", lambda cell: plain(cell) in SOURCES),
        "theme": ("et kort tema", lambda cell: 0 < len(cell) <= LONGEST_THEME),
        "focus_area": ("et kort satsingsområde", lambda cell: len(cell) <= LONGEST_THEME),
        "may_quote": ("ja eller nei", lambda cell: plain(cell) in YES_OR_NO),
        "approved": ("ja eller nei", lambda cell: plain(cell) in YES_OR_NO),
    }
    return [
        f"{table.where(at)}: det som skal være {what}, er noe annet"
        for column, (what, right) in known.items()
        for at, cell in enumerate(table.columns.get(column, []))
        if not right(written(cell))
    ]


def _yes(table: Found, column: str) -> pd.Series:
    cells: list[Cell] = table.columns.get(column, [None] * len(table.rows))
    return pd.Series([YES_OR_NO[plain(written(cell))] for cell in cells], dtype=bool)


def _frame(table: Found, names: set[str]) -> pd.DataFrame:
    texts = {name: pd.Series(map(written, cells), dtype="str") for name, cells in table.columns.items()}
    free = _yes(table, "may_quote") & _yes(table, "approved") & texts["text"].ne("")
    short = {name: texts[name].map(lambda text: blanked(text, names)) for name in ("theme", "focus_area") if name in texts}
    return pd.DataFrame(
        {
            "komm_nr": texts["komm_nr"].str.zfill(4),
            "year": texts["year"].astype("int64"),
            "source": texts["source"].map(lambda text: SOURCES[plain(text)]),
            "theme": short["theme"],
            "focus_area": short.get("focus_area", ""),
            "quote": texts["text"].map(lambda text: blanked(text, names)).where(free),
        }
    ).astype(dict.fromkeys(("komm_nr", "source", "theme", "focus_area", "quote"), "str"))


FILE = by_headings(
    KIND, read, lambda frame: f"{len(frame)} notater, {frame['quote'].notna().sum()} godkjente sitater", private=True
)
