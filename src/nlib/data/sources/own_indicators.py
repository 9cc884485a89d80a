"""The indicators that a user wants Kommune-NM made of, in place of the project's own list (`nlib import`)."""

import pandas as pd

from nlib.core.tables import Dataset, Imported, Table, column
from nlib.data.readers import own_indicators, telemarksforsking

FIGURE = r"^\w+\.\w+(\[\w+=[^\]]+\])?$"


def read(body: bytes) -> pd.DataFrame:
    """A file's indicators, as `nlib.data.readers.own_indicators` gives them, numbered in its order."""
    frame, _ = own_indicators.read(telemarksforsking.unwrapped(body))
    return frame.assign(position=range(1, len(frame) + 1))


IMPORTED = Imported(own_indicators.KIND, "Indikatorer i Kommune-NM, brukerens egne", "", ("indicator",), read)


class Indicators(Table):
    indicator: str = column("Indikatoren, slik den omtales")
    position: int = column("Rekkefølgen i listen", ge=1)
    area: str = column("Området den hører til")
    figure: str = column("Tallet: tabell.kolonne, med [kolonne=verdi|verdi] for radene som legges sammen", str_matches=FIGURE)
    denominator: str = column("Nevneren, eller det raten er målt på; tom der det ikke sies", str_matches=rf"^$|{FIGURE}")
    times: float = column("Tallet delt på nevneren ganges med dette; mangler der tallet er en rate fra før", nullable=True)
    direction: int = column("1: høyt er bra, -1: lavt er bra, 0: teller ikke", isin=[-1, 0, 1])
    weight: float = column("Vekt i området", ge=0)
    area_weight: float = column("Områdets vekt", ge=0)
    unit: str = column("Enhet")
    decimals: int = column("Desimaler verdien skrives med", ge=0, le=4)
    why: str = column("Hvorfor den er med, og hvorfor retningen er som den er")


def build(imported: pd.DataFrame | None) -> pd.DataFrame:
    """The indicators of the user's own list; empty where none is imported, and the project's list is used."""
    return imported


DATASET = Dataset("own_indicators", "Egne indikatorer i Kommune-NM", ("indicator",), Indicators, (IMPORTED,), build)
