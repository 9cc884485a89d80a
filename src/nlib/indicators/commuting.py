"""Commuting in and out of each municipality."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import OWN_YEAR, Count, Counts, column, count, measure
from nlib.data.sources import ssb_03321


class Commuting(Counts):
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    jobs: Count = count("Sysselsatte etter arbeidssted (J)", "personer")
    employed_residents: Count = count("Sysselsatte etter bosted med kjent arbeidskommune (R)", "personer")
    live_and_work: Count = count("Bor og arbeider i kommunen (T)", "personer")
    in_commuters: Count = count("Innpendlere, J − T", "personer")
    out_commuters: Count = count("Utpendlere, R − T", "personer")
    in_pct: float = column("Andel av arbeidsplassene som innpendlere har, 1 − T/J", "prosent", ge=0, le=100, nullable=True)
    out_pct: float = column("Andel av de sysselsatte som pendler ut, 1 − T/R", "prosent", ge=0, le=100, nullable=True)
    net_commuters: Count = column("Netto innpendling, J − R", "personer", nullable=True)
    coverage_pct: float = column("Arbeidsplassdekning, J/R", "prosent", ge=0, nullable=True)


def commuting(flows: pd.DataFrame, place: dict[str, str] | None = None) -> pd.DataFrame:
    """Jobs, employed residents and commuters of each place and year, from flows between home and work.

    flows: `home_nr`, `work_nr`, `year`, `employed` (persons; pairs that are not listed are 0, a hidden one is missing and
    makes the sums it belongs to missing). `place` maps numbers to larger places (labour-market areas, counties): flows
    inside a place then count as living and working there. Returns `komm_nr`, `year` and the measures of the contract,
    persons and percent; a share of nothing is missing. Definitions: SSB, register-based employment (table 03321).
    """
    frame = flows.rename(columns={"home_nr": "home", "work_nr": "work"}, errors="raise")
    if place is not None:
        frame = frame.assign(home=frame["home"].map(place), work=frame["work"].map(place))
    parts = {"jobs": frame.assign(komm_nr=frame["work"]), "employed_residents": frame.assign(komm_nr=frame["home"])}
    parts["live_and_work"] = parts["jobs"][frame["home"] == frame["work"]]
    table = pd.concat({name: rows.groupby(["komm_nr", "year"])["employed"].sum() for name, rows in parts.items()}, axis=1)
    table = table.astype("Int64").fillna(0)
    for name, rows in parts.items():
        hidden = rows[rows["employed"].isna()].groupby(["komm_nr", "year"]).size()
        table.loc[hidden.index, name] = pd.NA
    jobs, residents, both = table["jobs"], table["employed_residents"], table["live_and_work"]
    table["in_commuters"] = jobs - both
    table["out_commuters"] = residents - both
    table["in_pct"] = percent(table["in_commuters"], jobs)
    table["out_pct"] = percent(table["out_commuters"], residents)
    table["net_commuters"] = jobs - residents
    table["coverage_pct"] = percent(jobs, residents)
    return table.sort_index().reset_index()


def percent(part: pd.Series, whole: pd.Series) -> pd.Series:
    """100 * part / whole; missing where either is, and where the whole is 0."""
    whole = whole.astype("Float64").mask(whole == 0)
    return (100 * part.astype("Float64") / whole).astype("float64")


def beside_nation(table: pd.DataFrame, part: str, whole: str, by=("year",)) -> pd.DataFrame:
    """The table with `share_pct`, part of whole in percent, and `nation_pct`, that of the sum of those whose share is known."""
    table = table.assign(share_pct=percent(table[part], table[whole]))
    nation = table.dropna(subset="share_pct").groupby([*by])[[part, whole]].sum()
    nation_pct = percent(nation[part], nation[whole]).rename("nation_pct").reset_index()
    return table.merge(nation_pct, on=[*by], how="left", validate="m:1")


def build(commuting_flows: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Commuting of every municipality of today, 4th quarter, with the years marked that a split or a hole in 03321 touches.

    Where SSB is known to lack a municipality in a year (`holes`), it has no row, and those that exchange commuters with it have
    too few: they are those that do in the years beside.
    """
    table = commuting(commuting_flows)
    register = Register(municipality_codes, municipality_changes)
    table = table.merge(register.comparable(table["year"]), on=["komm_nr", "year"], validate="1:1")
    for hole in ssb_03321.DECLARED.holes:
        touched = _exchanging(commuting_flows, register.heir(hole.number, f"{hole.year}-12-31"), hole.year)
        table["comparable"] &= ~(table["komm_nr"].isin(touched) & (table["year"] == hole.year))
    return table


def _exchanging(flows: pd.DataFrame, number: str | None, year: int) -> set[str]:
    """Who exchanges commuters with a municipality in the years beside one in which it has no flows; nobody where it has some."""
    of_it = flows[(flows["home_nr"] == number) | (flows["work_nr"] == number)]
    if (of_it["year"] == year).any():
        return set()
    beside = of_it[(of_it["year"] - year).abs().between(1, 2) & (of_it["employed"] > 0).fillna(False)]
    return {*beside["home_nr"], *beside["work_nr"]}


DATASET = measure("Pendling", Commuting, build, moment="4. kvartal", rests={"commuting_flows": OWN_YEAR})
