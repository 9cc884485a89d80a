"""The industries of the synthetic country, and the groups of them that SSB's tables are given in."""

import numpy as np
import pandas as pd

from nlib.core.municipalities import resource

SECTORS = ("stat", "fylkeskommune", "kommune", "offentlig_foretak", "privat")
SIDES = PUBLIC, BUSINESS = SECTORS[:3], SECTORS[3:]  # enterprises that the public owns are business too

# section: jobs of a thousand, yearly growth in %, jobs by sector (SECTORS), value added in 1 000 kr a job
SECTIONS = {
    "A": (25, -1.0, (0, 0, 0, 0, 1), 600),
    "B": (22, 1.0, (0, 0, 0, 0.2, 0.8), 6000),
    "C": (85, -0.3, (0, 0, 0, 0.02, 0.98), 950),
    "D": (6, 1.5, (0, 0, 0, 0.8, 0.2), 4000),
    "E": (6, 1.5, (0, 0, 0.2, 0.5, 0.3), 1100),
    "F": (85, 2.0, (0, 0, 0, 0, 1), 800),
    "G": (135, 0.1, (0, 0, 0, 0.02, 0.98), 650),
    "H": (52, 0.3, (0, 0, 0, 0.25, 0.75), 850),
    "I": (36, 2.0, (0, 0, 0, 0, 1), 420),
    "J": (38, 2.5, (0, 0, 0, 0.05, 0.95), 1200),
    "K": (18, 0.0, (0, 0, 0, 0.02, 0.98), 2500),
    "L": (11, 2.0, (0, 0, 0.05, 0.1, 0.85), 1500),
    "M": (54, 2.2, (0.1, 0, 0, 0.02, 0.88), 1000),
    "N": (50, 1.6, (0, 0, 0, 0, 1), 600),
    "O": (62, 0.9, (0.6, 0.05, 0.35, 0, 0), 750),
    "P": (83, 1.0, (0.18, 0.18, 0.52, 0, 0.12), 650),
    "Q": (203, 1.4, (0.18, 0, 0.58, 0.02, 0.22), 600),
    "R": (20, 1.8, (0.05, 0.02, 0.23, 0, 0.7), 550),
    "S": (19, 0.8, (0, 0, 0, 0, 1), 500),
    "T": (0, 0.0, (0, 0, 0, 0, 1), 300),
    "U": (0, 0.0, (0, 0, 0, 0, 1), 300),
}

# the 16 groups of SSB 07984 and 13472, by first and last two-digit industry
GROUPS = (
    "01-03", "05-09", "10-33", "35-39", "41-43", "45-47", "49-53", "55-56", "58-63", "64-66", "68-75", "77-82", "84", "85", "86-88",
    "90-99",
)  # fmt: skip

# the industries of SSB 11713: the sections or two-digit industries in them, a part of one after a `*`
TOTAL, HOUSING, PIPELINES = "Totalt for næringer", "Boligtjenester, egen bolig", "Rørtransport"
ACCOUNTS = {
    TOTAL: "",
    "Jordbruk og skogbruk": "01 02",
    "Fiske, fangst og akvakultur": "03",
    "Bergverksdrift": "05 07 08",
    "Utvinning av råolje og naturgass, inkl. tjenester": "06 09",
    "Industri": "C",
    "Elektrisitets-, gass- og varmtvannsforsyning": "D",
    "Vannforsyning, avløp og renovasjon": "E",
    "Bygge- og anleggsvirksomhet": "F",
    "Varehandel og reparasjon av motorvogner": "G",
    PIPELINES: "49*0.01",
    "Utenriks sjøfart": "50*0.5",
    "Transport utenom utenriks sjøfart": "49*0.99 50*0.5 51 52",
    "Post og distribusjonsvirksomhet": "53",
    "Overnattings- og serveringsvirksomhet": "I",
    "Informasjon og kommunikasjon": "J",
    "Finansierings- og forsikringsvirksomhet": "K",
    "Omsetning og drift av fast eiendom": "L",
    HOUSING: "",
    "Faglig, vitenskapelig og teknisk tjenesteyting": "M",
    "Forretningsmessig tjenesteyting": "N",
    "Offentlig administrasjon og forsvar": "O",
    "Undervisning": "P",
    "Helse- og omsorgstjenester": "Q",
    "Kultur, underholdning og annen tjenesteyting": "R S T U",
}
INDUSTRIES = tuple(ACCOUNTS)


def drawn(random: np.random.Generator) -> pd.DataFrame:
    """Every industry: `nace2`, `section`, its `share` of jobs, `growth` in %, `value` in 1 000 kr a job, and `SECTORS`."""
    table = resource("industries.csv")[["nace2", "section"]]
    jobs, growth, sectors, value = (np.array(column) for column in zip(*table["section"].map(SECTIONS), strict=True))
    share = jobs / table.groupby("section")["nace2"].transform("count") * random.lognormal(0, 0.6, len(table))
    table["share"] = share / share.sum()
    table["growth"] = growth + random.normal(0, 0.5, len(table))
    table["value"] = value * random.lognormal(0, 0.1, len(table))
    table[list(SECTORS)] = sectors
    return table


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
