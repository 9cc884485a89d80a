"""Jobs, employed residents and commuting of each labour-market area."""

import pandas as pd

from nlib.core.tables import KOMM_NR, OWN_YEAR, Count, Table, column, count, measure
from nlib.indicators.commuting import commuting, percent
from nlib.indicators.labour_market_areas import validity


class LabourMarketAreaFigures(Table):
    area: str = column("Arbeidsmarkedsområde: nummeret til kommunen der med flest arbeidsplasser", str_matches=KOMM_NR)
    area_name: str = column("Navnet på den kommunen")
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    members: int = column("Kommuner i området", "kommuner", ge=1)
    jobs: Count = count("Sysselsatte etter arbeidssted (J)", "personer")
    employed_residents: Count = count("Sysselsatte etter bosted med kjent arbeidskommune (R)", "personer")
    live_and_work: Count = count("Bor og arbeider i området (T)", "personer")
    in_commuters: Count = count("Innpendlere til området, J − T", "personer")
    out_commuters: Count = count("Utpendlere fra området, R − T", "personer")
    in_pct: float = column("Andel av arbeidsplassene som innpendlere har, 1 − T/J", "prosent", ge=0, le=100, nullable=True)
    out_pct: float = column("Andel av de sysselsatte som pendler ut, 1 − T/R", "prosent", ge=0, le=100, nullable=True)
    net_commuters: Count = column("Netto innpendling, J − R", "personer", nullable=True)
    coverage_pct: float = column("Arbeidsplassdekning, J/R", "prosent", ge=0, nullable=True)
    supply_pct: float = column(
        "Selvforsyning, bosatte: andel av de sysselsatte som arbeider i området, T/R", "prosent", nullable=True
    )
    demand_pct: float = column("Selvforsyning, arbeidsplasser: andel som bosatte i området har, T/J", "prosent", nullable=True)
    valid: bool = column("Usann når området er for lite eller for åpent og ikke lot seg slå sammen med et annet")


def build(commuting_flows: pd.DataFrame, labour_market_areas: pd.DataFrame) -> pd.DataFrame:
    """Commuting of every labour-market area and year: sums over its members, with flows inside the area as self-contained.

    An area with a hidden flow has no known self-containment, and is not called valid.
    """
    years = []
    for year, members in labour_market_areas.groupby("year"):
        flows = commuting_flows[commuting_flows["year"] == year]
        figures = commuting(flows, members.set_index("komm_nr")["area"].to_dict())
        areas = members.groupby(["area", "area_name", "year"]).size().rename("members").reset_index()
        years.append(areas.merge(figures.rename(columns={"komm_nr": "area"}), on=["area", "year"], how="left", validate="1:1"))
    table = pd.concat(years)
    table["supply_pct"] = percent(table["live_and_work"], table["employed_residents"])
    table["demand_pct"] = percent(table["live_and_work"], table["jobs"])
    residents = table["employed_residents"].astype("float64")
    table["valid"] = validity(residents, table[["supply_pct", "demand_pct"]].min(axis=1, skipna=False)) >= 1
    return table


TITLE = "Arbeidsmarkedsområdene i tall"
RESTS = {"commuting_flows": OWN_YEAR, "labour_market_areas": OWN_YEAR}
DATASET = measure(TITLE, LabourMarketAreaFigures, build, key=("area", "year"), moment="4. kvartal", rests=RESTS)
