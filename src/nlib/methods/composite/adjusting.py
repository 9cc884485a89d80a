"""A rate beside what the industries alone would give: how much of it is the place's own."""

import pandas as pd

from nlib.core.errors import InvalidTable

COLUMNS = ["komm_nr", "industry", "part", "whole"]


def adjusted(parts: pd.DataFrame, by: str = "year") -> pd.DataFrame:
    """The rate adjusted for industry is the rate less what the nation's rate in each industry would give with the local mix.

    parts: `komm_nr`, `by`, `industry`, `part` (of the rate above the line, for example new firms) and `whole` (below it, firms).
    Rows without a municipality count in the nation only. Gives a row a municipality and year: `value` (sum of part / sum of
    whole), `expected` (sum of whole times the nation's rate, / sum of whole), `adjusted` = value - expected, and `size` = sum of
    whole. One hidden cell leaves the municipality without a rate, and is not in the nation's. Direct standardisation.

    >>> parts = pd.DataFrame({"komm_nr": ["0301", "3222"], "year": 2025, "industry": "F", "part": [1, 3], "whole": [10, 10]})
    >>> adjusted(parts)[["value", "expected", "adjusted"]].round(2).to_numpy().tolist()
    [[0.1, 0.2, -0.1], [0.3, 0.2, 0.1]]
    """
    if lacking := [column for column in (*COLUMNS, by) if column not in parts]:
        raise InvalidTable("adjusted", [f"kolonnen {column} mangler" for column in lacking])
    parts = parts.astype({"part": float, "whole": float})
    known = parts["part"].notna() & parts["whole"].notna()
    nation = parts[known].groupby([by, "industry"])[["part", "whole"]].sum()
    rate = (nation["part"] / nation["whole"].where(nation["whole"] > 0)).fillna(0.0).rename("rate")
    parts = parts.join(rate, on=[by, "industry"])
    parts = parts.assign(expected=(parts["whole"] * parts.pop("rate").fillna(0.0)).where(known)).dropna(subset="komm_nr")
    sums = parts.groupby(["komm_nr", by])[["part", "whole", "expected"]].sum()
    complete = known[parts.index].groupby([parts["komm_nr"], parts[by]]).all()
    whole = sums["whole"].where(complete & (sums["whole"] > 0))
    rates = pd.DataFrame({"value": sums["part"] / whole, "expected": sums["expected"] / whole, "size": whole})
    return rates.assign(adjusted=rates["value"] - rates["expected"]).reset_index()
