"""The centrality class of each municipality (KLASS 128, its correspondence to 131)."""

import pandas as pd

from nlib.core.tables import Dataset, Placed, column
from nlib.data.readers import klass

RAW = klass.groups_of_municipalities("128", "Standard for sentralitet", "centrality", 6, "{:02d}")


class Groups(Placed):
    centrality: str = column("Sentralitetsklasse; 1 er mest sentral, 6 minst", str_matches=r"^[1-6]$")
    name: str = column("Hva gruppen heter")
    valid_from: str = column("Første dag kommunen er i gruppen")
    valid_to: str = column("Første dag den ikke lenger er der", nullable=True)


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """The group of every municipality number since 2020, one row a period; `valid_to` is missing while it holds."""
    return raw.assign(centrality=raw["centrality"].str.lstrip("0")).drop_duplicates()


DATASET = Dataset("centrality_classes", "Kommunenes sentralitet", ("komm_nr", "valid_from"), Groups, (RAW,), build)
