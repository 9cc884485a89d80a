"""Value added and employed persons by county and industry (SSB 11713)."""

from dataclasses import replace
from functools import partial

import pandas as pd

from nlib.core.tables import HIDDEN, Table, column
from nlib.data.readers import jsonstat, statbank_export
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="11713",
    title="Fylkesfordelt nasjonalregnskap, etter region, næring, statistikkvariabel og år",
    keys={"Region": "county_nr", "NACE": "industry"},
    contents={
        "Bruttoprodukt i basisverdi. Løpende priser (mill. kr)": "value_added_mnok",
        "Sysselsatte personer (1 000 personer)": "employed_thousand",
    },
    named=("ContentsCode",),
    first_year=2008,
)
DIMENSIONS = {"region": "Region", "næring": "NACE", "statistikkvariabel": "ContentsCode", "år": "Tid"}
WHOLE = partial(statbank_export.filled, labels={"ContentsCode": list(DECLARED.contents)})
EXPORT = statbank_export.stand_in(DECLARED.table, "Fylkesfordelt nasjonalregnskap", DIMENSIONS, WHOLE)
READ = partial(jsonstat.read, named=("NACE", "ContentsCode"))
RAW = replace(DECLARED.raw("county_accounts", "industry_years"), read=READ, stand_in=EXPORT)


class Accounts(Table):
    county_nr: str = column("Fylke, med nummeret fra året; 0 er hele landet", str_matches=r"^(0|\d{2})$")
    year: int = column("År", ge=2008, le=2100)
    industry: str = column("Næring, slik SSB kaller den; «Totalt for næringer» er alle")
    value_added_mnok: float = column("Bruttoprodukt i basisverdi, løpende priser", "mill. kr", nullable=True)
    employed_thousand: float = column("Sysselsatte personer", "1 000 personer", ge=0, nullable=True)
    hidden: int = column("Så mange av radens tall som SSB skjuler (:); andre som mangler, finnes ikke", "tall", ge=0, le=2)


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """Value added in current prices and employed persons by county and industry, as SSB gives them; `0` is the nation.

    Counties stand as they were in their year and are not carried to today's: those of 2020 were merged and split again across
    their borders, and the figures of an industry cannot be shared out. A hidden figure (`:`) is missing and counted in `hidden`;
    one that is missing for another reason (`..`) is not counted. The nation is more than the sum of the counties: the shelf and
    Svalbard are in it.
    """
    raw = raw[raw["Region"].astype("str").str.fullmatch(r"0|\d{2}")]
    frame = DECLARED.frame(raw)
    hidden = raw[raw["status"].eq(HIDDEN) & raw["ContentsCode"].isin(DECLARED.contents)].astype({"Tid": "int64"})
    counted = hidden.astype({"Region": "str", "NACE": "str"}).value_counts(["Region", "NACE", "Tid"]).rename("hidden")
    counted = counted.rename_axis(["county_nr", "industry", "year"]).reset_index()
    frame = frame.merge(counted, on=["county_nr", "industry", "year"], how="left", validate="1:1")
    return frame.assign(industry=frame["industry"].str.lstrip("¬ "), hidden=frame["hidden"].fillna(0).astype("int64"))


DATASET = DECLARED.dataset(
    RAW, "county_accounts", "Fylkesfordelt nasjonalregnskap", Accounts, build, needs=(RAW,), volatile=("hidden",)
)
