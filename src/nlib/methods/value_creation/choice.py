"""Which of several figures of one thing is the best there is."""

from collections.abc import Sequence

import pandas as pd

ORDER = ("regnskap", "Telemarksforsking", "beregnet")  # the best first


def best_available(figures: pd.DataFrame, measure: str, order: Sequence[str] = ORDER) -> pd.Series:
    """The best kind of figure a municipality has of a measure: the first in the order that is there and can be used.

    figures: `komm_nr`, `year`, `source`, `usable` and the measure. One source is chosen for all its years, since figures of two
    kinds cannot be compared. Gives the source by `komm_nr`; a municipality with none is not in it.

    >>> figures = pd.DataFrame({"komm_nr": ["0301", "0301", "3222"], "year": 2025, "source": ["beregnet", "regnskap", "beregnet"]})
    >>> best_available(figures.assign(usable=True, value_kr=1.0), "value_kr").to_dict()
    {'0301': 'regnskap', '3222': 'beregnet'}
    """
    there = figures[figures["usable"] & figures[measure].notna() & figures["source"].isin(order)]
    place = there["source"].map({source: at for at, source in enumerate(order)})
    best = place.groupby(there["komm_nr"]).min()
    return best.map(dict(enumerate(order))).astype("str").rename("source")
