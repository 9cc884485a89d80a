"""Which group each two-digit industry belongs to: basis, visitor, regional or local (the project's own table)."""

import pandas as pd

from nlib.core.municipalities import resource
from nlib.core.tables import Dataset, Table, column


class Industries(Table):
    nace2: str = column("Næring, SN2007, to sifre", str_matches=r"^\d{2}$")
    name: str = column("Næringens navn, forkortet")
    section: str = column("Næringshovedområde, SN2007", str_matches=r"^[A-U]$")
    group: str = column(
        "Næringsgruppe; prosjektets egen tolkning av Telemarksforskings inndeling", isin=["basis", "besøk", "regional", "lokal"]
    )
    branch: str = column("Bransje i gruppen")


def build() -> pd.DataFrame:
    """The group and branch of each two-digit industry: inferred from the published names of Telemarksforsking's branches."""
    return resource("industries.csv")


DATASET = Dataset("industries", "Næringer og næringsgrupper", ("nace2",), Industries, (), build)
