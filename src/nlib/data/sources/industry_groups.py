"""Groups of industries that jobs are counted in: knowledge-intensive ones, and those of a file (`nlib import`)."""

import pandas as pd

from nlib.core.municipalities import resource
from nlib.core.tables import Dataset, Imported, Table, column
from nlib.data.readers import industry_groups, telemarksforsking


def read(body: bytes) -> pd.DataFrame:
    """A file's groups, as `nlib.data.readers.industry_groups` gives them."""
    frame, _ = industry_groups.read(telemarksforsking.unwrapped(body))
    return frame


IMPORTED = Imported(industry_groups.KIND, "Egne næringsgrupper", "", ("group", "nace2"), read)


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


DATASET = Dataset("industry_groups", "Kunnskapsintensive og egne næringsgrupper", ("group", "nace2"), Groups, (IMPORTED,), build)
