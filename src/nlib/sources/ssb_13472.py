"""Jobs by sector (SSB 13472).

The names of the sectors and the code of the figure are those of SSB's own export; the sectors' codes are not known here, so
sectors are read by name. That the other variables are `Region` and `Tid` is from memory.
"""

from functools import partial

import pandas as pd

from nlib.errors import BadAnswer
from nlib.municipalities import Register
from nlib.readers import jsonstat
from nlib.tables import KOMM_NR, SSB, Dataset, PxQuery, Raw, Table, column

TITLE = "Sysselsatte per 4. kvartal, etter region, sektor, statistikkvariabel og år"
CONTENTS = {"SysselEtterArbste": "jobs"}
SECTORS = {
    "Statsforvaltningen": "state",
    "Fylkeskommunal forvaltning": "county",
    "Kommunal forvaltning": "municipal",
    "Offentlige eide foretak": "public_enterprise",
    "Privat sektor": "private",
}


def synthetic(norway) -> list[bytes]:
    """The synthetic country's jobs by sector, on the numbers of each year."""
    wide = pd.concat([norway.by_sector(year).assign(Tid=str(year)) for year in norway.employment_years])
    codes = {ours: str(number) for number, ours in enumerate(SECTORS.values(), 1)}
    long = wide.rename(columns=codes | {"komm_nr": "Region"}, errors="raise").melt(["Region", "Tid"], var_name="Sektor")
    dims = ["Region", "Sektor", "ContentsCode", "Tid"]
    labels = {"Sektor": {codes[ours]: name for name, ours in SECTORS.items()}}
    frame = long.assign(ContentsCode="SysselEtterArbste")
    return [jsonstat.write(frame, dims, title=TITLE, table="13472", updated=norway.updated, labels=labels)]


RAW = Raw(
    name="ssb_13472",
    producer=SSB,
    table="13472",
    title=TITLE,
    page="https://www.ssb.no/statbank/table/13472",
    query=PxQuery("13472", {"Region": ("*",), "Sektor": ("*",), "ContentsCode": tuple(CONTENTS), "Tid": ("*",)}),
    read=partial(jsonstat.read, named=("Sektor",)),
    synthetic=synthetic,
    optional=True,
)


class Sectors(Table):
    komm_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    state: pd.Int64Dtype = column("Arbeidsplasser i statsforvaltningen", "personer", ge=0, nullable=True)
    county: pd.Int64Dtype = column("Arbeidsplasser i fylkeskommunal forvaltning", "personer", ge=0, nullable=True)
    municipal: pd.Int64Dtype = column("Arbeidsplasser i kommunal forvaltning", "personer", ge=0, nullable=True)
    public_enterprise: pd.Int64Dtype = column("Arbeidsplasser i offentlig eide foretak", "personer", ge=0, nullable=True)
    private: pd.Int64Dtype = column("Arbeidsplasser i privat sektor", "personer", ge=0, nullable=True)
    private_jobs: pd.Int64Dtype = column(
        "Private arbeidsplasser: privat sektor og offentlig eide foretak", "personer", ge=0, nullable=True
    )
    public_jobs: pd.Int64Dtype = column(
        "Offentlige arbeidsplasser: stat, fylkeskommune og kommune", "personer", ge=0, nullable=True
    )
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Jobs by sector of the employer, 4th quarter, on today's municipalities.

    Publicly owned enterprises count as private, as in the figures for business; a sum with a hidden part is missing.
    """
    if missing := SECTORS.keys() - set(raw["Sektor"]):
        raise BadAnswer(f"Tabell 13472 mangler sektoren(e) {', '.join(sorted(missing))}: nlib må få vite hva de heter nå")
    register = Register(municipality_codes, municipality_changes)
    long = jsonstat.wide(raw[raw["Sektor"].isin(SECTORS)], {"Region": "komm_nr", "Sektor": "sector"}, CONTENTS)
    carried = register.carry(long, ["komm_nr"], ["jobs"])
    wide = carried.pivot(index=["komm_nr", "year"], columns="sector", values="jobs").astype("Int64")
    wide = wide.rename(columns=SECTORS, errors="raise").reset_index().rename_axis(columns=None)
    wide["private_jobs"] = wide["private"] + wide["public_enterprise"]
    wide["public_jobs"] = wide["state"] + wide["county"] + wide["municipal"]
    return wide.merge(register.comparable(wide["year"]), on=["komm_nr", "year"], validate="1:1")


DATASET = Dataset(
    name="jobs_by_sector",
    title="Arbeidsplasser etter sektor",
    key=("komm_nr", "year"),
    schema=Sectors,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="4. kvartal",
)
