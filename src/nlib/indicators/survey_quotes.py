"""What was said in interviews, workshops and café dialogues: the quotes that a person has approved."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import REGISTERS, Placed, column, measure
from nlib.data.sources import survey
from nlib.indicators.survey_words import today

KEY = ["komm_nr", "year", "theme", "focus_area", "source", "quote"]


class Quotes(Placed):
    year: int = column("Runden av undersøkelsen", ge=1990, le=2100)
    theme: str = column("Temaet")
    focus_area: str = column("Satsingsområdet i planen, eller tom")
    source: str = column("intervju, verksted, kafédialog eller undersøkelse")
    quote: str = column("Sitatet, uten navn og numre")


def build(imported: pd.DataFrame | None, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Quotes that may be used and are approved, each once, with its theme; names and numbers in them are blanked when read."""
    notes = today(imported, Register(municipality_codes, municipality_changes))
    return notes.dropna(subset=["quote"])[KEY].drop_duplicates()


TITLE = "Godkjente sitater fra intervjuer og verksteder"
DATASET = measure(TITLE, Quotes, build, key=KEY, needs=(survey.NOTES, *REGISTERS), partial=True)
