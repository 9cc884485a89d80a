"""The comparison group of each municipality: those that are most like it in size and commuting."""

import numpy as np
import pandas as pd

from nlib.core.tables import KOMM_NR, LAST, Placed, Rests, column, measure

MEMBERS = 8
TRAITS = ("ln_residents", "out_pct", "in_pct")


class ComparisonGroups(Placed):
    compare_nr: str = column("Kommune den sammenlignes med", str_matches=KOMM_NR)
    position: int = column("1 er den likeste", ge=1)
    distance: float = column("Avstand i standardavvik", ge=0)


def nearest(traits: pd.DataFrame, members: int = MEMBERS) -> pd.DataFrame:
    """The `members` nearest places of each place by Euclidean distance between standardised traits.

    traits: numbers, indexed by `komm_nr`; a place that lacks one has no group and is in none. A trait that does not vary
    counts for nothing. Ties go to the lower number. Returns `komm_nr`, `compare_nr`, `position` (1 = nearest), `distance`.
    """
    known = traits.dropna().sort_index()
    spread = known.std(ddof=0)
    scores = ((known - known.mean()) / spread.where(spread > 0, np.inf)).to_numpy()
    apart = np.sqrt(((scores[:, None, :] - scores[None, :, :]) ** 2).sum(axis=2)).round(9)
    np.fill_diagonal(apart, np.inf)
    members = min(members, len(known) - 1)
    order = np.argsort(apart, axis=1, kind="stable")[:, :members]
    numbers = known.index.to_numpy()
    return pd.DataFrame(
        {
            "komm_nr": np.repeat(numbers, members),
            "compare_nr": numbers[order].ravel(),
            "position": np.tile(np.arange(1, members + 1), len(known)),
            "distance": np.take_along_axis(apart, order, axis=1).ravel(),
        }
    ).astype({"komm_nr": "str", "compare_nr": "str"})


def build(commuting: pd.DataFrame) -> pd.DataFrame:
    """Groups by the logarithm of employed residents and the shares that commute out and in, in the latest year."""
    latest = commuting[commuting["year"] == commuting["year"].max()].set_index("komm_nr")
    residents = latest["employed_residents"].astype("float64")
    return nearest(latest.assign(ln_residents=np.log(residents.where(residents > 0)))[list(TRAITS)])


TITLE = "Sammenligningsgrupper"
DATASET = measure(TITLE, ComparisonGroups, build, key=("komm_nr", "position"), rests={"commuting": Rests(years=LAST)})
