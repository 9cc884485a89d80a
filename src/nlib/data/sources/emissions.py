"""Greenhouse-gas emissions of municipalities by sector, from files that someone has kept (`nlib import`)."""

import numpy as np
import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import Register
from nlib.core.tables import KOMM_NR, Imported, Table, column
from nlib.data.readers import emissions, telemarksforsking

PLACE = ["komm_nr", "year"]
YEARS = (2009, 2011, 2013, *range(2015, 2025))  # as Miljødirektoratet's series has them
SYNTHETIC = {  # tonnes an inhabitant in the first year, and the yearly change, %
    "veitrafikk": (1.9, -2.0),
    "jordbruk": (0.9, -0.3),
    "industri, olje og gass": (0.8, -1.5),
    "annen mobil forbrenning": (0.5, -0.5),
    "sjøfart": (0.5, 0.5),
    "oppvarming": (0.4, -9.0),
    "avfall og avløp": (0.35, -4.0),
}


def read(body: bytes) -> pd.DataFrame:
    """A file's figures, as `nlib.data.readers.emissions` gives them."""
    frame, _ = emissions.read(telemarksforsking.unwrapped(body))
    return frame


def synthetic(norway) -> list[tuple[str, bytes]]:
    """The emissions of the synthetic country, on today's municipalities as Miljødirektoratet writes the whole of its series."""
    people = norway.population(norway.population_years[-1]).set_index("komm_nr")["population"]
    random = norway.draw("emissions")
    index = pd.MultiIndex.from_product([people.index, YEARS], names=PLACE)
    tonnes = pd.DataFrame(index=index)
    for sector, (level, trend) in SYNTHETIC.items():
        usual = level * people.to_numpy() * random.lognormal(0, 0.5, len(people))
        course = (1 + (trend + random.normal(0, 1, len(people))) / 100)[:, None] ** (np.array(YEARS) - YEARS[0])
        tonnes[sector] = (usual[:, None] * course * random.lognormal(0, 0.03, course.shape)).ravel().round(1)
    told = tonnes.rename_axis(columns="sector").stack().reset_index(name="tonnes")
    headings = "Kommunenummer;År;Sektor;Utslipp (tonn CO2-ekvivalenter)\n"
    text = headings + told.to_csv(sep=";", decimal=",", index=False, header=False, lineterminator="\n")
    return [("utslipp.csv", text.encode("utf-8-sig"))]


IMPORTED = Imported(emissions.KIND, "Klimagassutslipp i kommuner etter sektor", "", tuple(emissions.KEY), read, synthetic=synthetic)


class Emissions(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År", ge=1980, le=2100)
    sector: str = column("Sektor, eller «i alt» der filen har det", isin=[*emissions.SECTORS, emissions.TOTAL])
    emissions_t: pd.Int64Dtype = column("Utslipp av klimagasser", "tonn CO2-ekvivalenter", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Greenhouse-gas emissions by sector, tonnes of CO2 equivalents, on today's municipalities.

    A number of today that did not hold in the year stands as it is: whoever wrote it has worked the year out for today's
    municipality. Other numbers are those of their year, and mergers are added up, but only where every municipality that has
    merged is there: without one, the sum would be too low. `BadAnswer` where a year is told both ways.
    """
    register = Register(municipality_codes, municipality_changes)
    parts = register.lineage(imported["year"])
    told, held = (pd.MultiIndex.from_frame(frame) for frame in (imported[PLACE], parts[["old_nr", "year"]]))
    recast = ~told.isin(held) & imported["komm_nr"].isin(register.current["komm_nr"]).to_numpy()
    parts["there"] = held.isin(told)
    parts["itself"] = parts["there"] & (parts["old_nr"] == parts["komm_nr"])
    known = parts.groupby(PLACE).agg(some=("there", "any"), every=("there", "all"), itself=("itself", "any"))
    partly = known.index[known["some"] & ~known["every"] & ~known["itself"]]
    carried = register.carry(imported[~recast], ["komm_nr"], ["emissions_t"])
    carried = carried[~pd.MultiIndex.from_frame(carried[PLACE]).isin(partly)]
    if len(twice := carried.merge(imported.loc[recast, PLACE].drop_duplicates(), on=PLACE, validate="m:1")):
        number, year = twice.loc[0, PLACE]
        raise BadAnswer(f"Utslippene i {number} i {year} står både på dagens og på tidligere kommuner: behold dem på dagens")
    carried = carried.merge(register.comparable(imported["year"]), on=PLACE, validate="m:1")
    return pd.concat([carried, imported[recast].assign(comparable=True)], ignore_index=True)


DATASET = IMPORTED.dataset("emissions", "Klimagassutslipp etter sektor", Emissions, build, moment="året", partial=True)
