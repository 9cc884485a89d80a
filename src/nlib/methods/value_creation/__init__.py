"""Value creation on plain tables: of firms, in parts against the nation, by estimate, and which figure is the best there is.

Knows no edition. Value creation of firms is wage costs + operating result, net of depreciation; SSB's value added is gross. What is
put into one call must be of one kind.
"""

from nlib.methods.value_creation.choice import ORDER, best_available
from nlib.methods.value_creation.disclosure import gives_away, hidden
from nlib.methods.value_creation.estimate import errors, estimate, productivity
from nlib.methods.value_creation.firms import concentration, intervals, shared_out
from nlib.methods.value_creation.gap import PARTS, gap_by_industry, gap_decomposition

__all__ = [
    "ORDER",
    "PARTS",
    "best_available",
    "concentration",
    "errors",
    "estimate",
    "gap_by_industry",
    "gap_decomposition",
    "gives_away",
    "hidden",
    "intervals",
    "productivity",
    "shared_out",
]
