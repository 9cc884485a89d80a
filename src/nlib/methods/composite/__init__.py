"""Composite indices on plain tables: scores, areas, totals, and how much they lean on outliers, small places and weights.

Knows no edition. A plain table is long: `komm_nr`, `year`, `indicator`, `area`, `value`, and where they are given `direction`,
`weight`, `area_weight` and `size`.
"""

from nlib.methods.composite.adjusting import adjusted
from nlib.methods.composite.scoring import placed_by_value, robust_score, score, shrunken
from nlib.methods.composite.totals import TOTAL, Index, index, moved, rank_band, sensitivity, totals

__all__ = [
    "TOTAL",
    "Index",
    "adjusted",
    "index",
    "moved",
    "placed_by_value",
    "rank_band",
    "robust_score",
    "score",
    "sensitivity",
    "shrunken",
    "totals",
]
