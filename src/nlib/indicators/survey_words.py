"""What interviews, workshops and café dialogues were about: notes by theme, in numbers."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import REGISTERS, Count, Placed, column, count, measure
from nlib.data.sources import survey
from nlib.methods.survey.disclosure import hide
from nlib.methods.survey.tabulation import ALL

KEY = ["komm_nr", "year", "theme", "focus_area", "source"]


class Words(Placed):
    year: int = column("Runden av undersøkelsen", ge=1990, le=2100)
    theme: str = column("Temaet")
    focus_area: str = column("Satsingsområdet i planen, eller tom")
    source: str = column("intervju, verksted, kafédialog, undersøkelse, eller Alle")
    notes: Count = count("Notater", "notater")
    hidden: bool = column("Sann når tallet er skjult av hensyn til personvern")


def build(imported: pd.DataFrame | None, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """How many notes are about each theme, by where they come from and together.

    Fewer than five are hidden, and one more where they could be worked out.
    """
    notes = today(imported, Register(municipality_codes, municipality_changes))
    by = ["komm_nr", "year", "theme", "focus_area"]
    whole = notes.groupby(by).size().rename("notes").reset_index().assign(source=ALL)
    whole = hide(whole, [["komm_nr", "year"]], count="notes")
    split = notes.groupby([*by, "source"]).size().rename("notes").reset_index()
    gone = pd.MultiIndex.from_frame(split[by]).isin(pd.MultiIndex.from_frame(whole.loc[whole["hidden"], by]))
    split = split.assign(notes=split["notes"].astype(float).mask(gone))
    return pd.concat([whole, hide(split, [by], count="notes")], ignore_index=True)


def today(notes: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Notes on today's municipality numbers; those of a municipality that has been split since are left out."""
    numbers = notes[["komm_nr", "year"]].drop_duplicates()
    heirs = {(number, year): register.heir(number, f"{year}-12-31") for number, year in numbers.itertuples(index=False)}
    moved = [heirs[of] for of in zip(notes["komm_nr"], notes["year"], strict=True)]
    return notes.assign(komm_nr=pd.Series(moved, notes.index, dtype="str")).dropna(subset=["komm_nr"])


DATASET = measure("Temaer i intervjuer og verksteder", Words, build, key=KEY, needs=(survey.NOTES, *REGISTERS), partial=True)
