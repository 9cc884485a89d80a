"""Ranks in NHO's Kommune-NM as NHO has published them, from files that somebody has made of them (`nlib import`)."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import KOMM_NR, Imported, Table, column
from nlib.data.readers import nho_ranks, telemarksforsking

AREAS = (nho_ranks.WHOLE, "næringsliv", "arbeidsmarked", "demografi", "kompetanse", "kommunal økonomi")


def read(body: bytes) -> pd.DataFrame:
    """A file's ranks, as `nlib.data.readers.nho_ranks` gives them."""
    frame, _ = nho_ranks.read(telemarksforsking.unwrapped(body))
    return frame


def synthetic(norway) -> list[tuple[str, bytes]]:
    """Ranks that somebody would have given the municipalities of the synthetic country in its last years."""
    lines = ["Kommunenr;År;Område;Plassering"]
    lines += [";".join(map(str, row)) for row in norway.ranks(AREAS).itertuples(index=False)]
    return [("nho_kommune_nm.csv", ("\n".join(lines) + "\n").encode("utf-8-sig"))]


IMPORTED = Imported(nho_ranks.KIND, "NHOs Kommune-NM", "NHO", ("komm_nr", "year", "area"), read, synthetic=synthetic)


class Ranks(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("Året NHO ga ut kåringen", ge=2010, le=2100)
    area: str = column("Området; «samlet» er alle")
    rank: pd.Int64Dtype = column("Plassen NHO har gitt, 1 er best", ge=1, nullable=True)
    n: int = column("Kommuner som NHO har gitt plass, i filene", ge=1)


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """NHO's own ranks on today's municipalities; those of municipalities that have merged or split since are left out.

    `n` is counted before any are left out.
    """
    counts = imported.dropna(subset="rank").groupby(["year", "area"]).size().rename("n").reset_index()
    ranked = imported.merge(counts, on=["year", "area"], validate="m:1")
    return Register(municipality_codes, municipality_changes).follow(ranked, "01-01")


DATASET = IMPORTED.dataset("nho_ranks", "NHOs Kommune-NM, slik NHO har publisert den", Ranks, build, moment="året")
