"""The industries of the synthetic country, and the groups of them that SSB's tables are given in."""

import numpy as np
import pandas as pd

from nlib.core.municipalities import resource
from nlib.data.sources.ssb_07984 import INDUSTRIES as INDUSTRIES_OF_07984

SECTORS = ("stat", "fylkeskommune", "kommune", "offentlig_foretak", "privat")
SIDES = PUBLIC, BUSINESS = SECTORS[:3], SECTORS[3:]  # enterprises that the public owns are business too

# those of SSB 07984 and 13472, by first and last two-digit industry; nobody works in an unspecified one
GROUPS = INDUSTRIES_OF_07984[:-1]

TOTAL, HOUSING, PIPELINES = "Totalt for næringer", "Boligtjenester, egen bolig", "Rørtransport"
ACCOUNTS = resource("synthetic_accounts.csv").fillna("").set_index("industry")["parts"].to_dict()  # of SSB 11713
INDUSTRIES = tuple(ACCOUNTS)


def drawn(random: np.random.Generator) -> pd.DataFrame:
    """Every industry: `nace2`, `section`, its `share` of jobs, `growth` in %, `value` in 1 000 kr a job, and `SECTORS`."""
    table = resource("industries.csv")[["nace2", "section"]]
    sections = resource("synthetic_sections.csv").set_index("section").astype(float).loc[table["section"]].reset_index(drop=True)
    share = sections["jobs"] / table.groupby("section")["nace2"].transform("count") * random.lognormal(0, 0.6, len(table))
    table["share"] = share / share.sum()
    table["growth"] = sections["growth"] + random.normal(0, 0.5, len(table))
    table["value"] = sections["value"] * random.lognormal(0, 0.1, len(table))
    return table.join(sections[list(SECTORS)])


def in_groups(industries: pd.DataFrame, groups: tuple[str, ...] = GROUPS) -> np.ndarray:
    """Which of the groups each industry is in: a row an industry, a column a group (`10-33`, `84.100-84.399`, `35`), 1 or 0."""
    ends = [(group[:2], group.rpartition("-")[2][:2]) for group in groups]
    return np.array([[first <= nace2 <= last for first, last in ends] for nace2 in industries["nace2"]], dtype=int)


def in_accounts(industries: pd.DataFrame) -> np.ndarray:
    """How much of each industry is in each of `INDUSTRIES`: a row an industry; nothing is in the total."""
    shares = [[one.partition("*") for one in of.split()] for of in ACCOUNTS.values()]
    parts = [{code: float(share or 1) for code, _, share in of} for of in shares]
    rows = industries[["nace2", "section"]].itertuples(index=False)
    return np.array([[part.get(nace2, part.get(section, 0.0)) for part in parts] for nace2, section in rows])
