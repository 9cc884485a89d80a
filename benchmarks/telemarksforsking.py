"""The published model of attractiveness (anchor) against Telemarksforsking's own series, and how well nlib's foretells on them.

    NLIB_REAL_DATA=... python -m benchmarks.telemarksforsking

Reads telemarksforsking/components.csv.gz (any number of municipalities, headings as published) and, from StatBank, commuting and
jobs of 2017 (03321, 11618), which stand for all years, and the nation's public jobs (13472), by whose growth each place's are
carried back from 2017. The term of neighbours can be judged only where most of those whom residents work among are in the file.
"""

import functools
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from nlib.methods.attractiveness import attractiveness, backtest, neighbours_job_growth, own_job_growth
from nlib.methods.attractiveness import published as coefficients

COMMUTING_YEAR = "2017"
NAMES = {
    "År": "year",
    "Folketall": "population",
    "Befolkningsvekst": "growth_pct",
    "Fødselsoverskudd": "birth_surplus_pct",
    "Egenvekst Struktur": "industry_structure_pct",
    "Egenvekst Attraktivitet": "business_pct",
    "Egenvekst Offentlig": "public_pct",
    "Nabovekst": "neighbours_pct",
    "Størrelse": "size_pct",
    "Arbeidsmarkedintegrasjon": "integration_pct",
    "Bostedsattraktivitet": "bosted_pct",
    "Private Arbeidsplasser": "private_jobs",
    "Arbeidsplassvekst": "private_growth_pct",
    "Nasjonalt Bidrag": "national_pct",
    "Bransjeeffekt": "mix_pct",
    "Befolkningseffekt": "population_effect_pct",
    "Næringsattraktivitet": "naering_pct",
}
KEY = ["komm_nr", "year"]
PUBLIC = ["6100", "6500.6", "6500.7"]  # state, county, municipality
SAME_BORDERS = {"0805": "4001", "0819": "4018", "0830": "4030"}  # Porsgrunn, Nome, Nissedal
COEFFICIENTS = coefficients()
OLD_LAGS = (0.195, 0.109, 0.099)  # times jobs / population, as nlib had them
NEAR = 0.0200001  # percentage points: what is told with two decimals, and no further apart than this
ADDS_UP = 0.05  # percentage points: eleven figures of two decimals
LARGE = 20_000


def published(data: Path) -> pd.DataFrame:
    """Telemarksforsking's components of municipalities by nlib's names, % of population, as published."""
    table = pd.read_csv(data / "telemarksforsking" / "components.csv.gz")
    table = table[table["Inndeling"] == "Kommune"].rename(columns=NAMES, errors="raise")
    table["immigration_pct"] = table["Innvandringsbidrag"] + table["Konstantledd"]
    table["komm_nr"] = table["Nr"].map("{:04d}".format)
    return table[["komm_nr", "immigration_pct", *NAMES.values()]].sort_values(KEY, ignore_index=True)


def commuting(data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Flows of 2017 (`home_nr`, `work_nr`, `employed`), and by municipality `jobs` and `out_pct` (of employed residents, 11618)."""
    flows = pd.read_csv(data / "statbank" / "03321.csv.gz", dtype="str").query("Tid == @COMMUTING_YEAR")
    names = {"Bokommuen": "home_nr", "ArbstedKomm": "work_nr", "value": "employed"}
    flows = flows.rename(columns=names, errors="raise").astype({"employed": float})[[*names.values()]]
    register = pd.read_csv(data / "statbank" / "11618.csv.gz", dtype={"Region": "str", "Tid": "str"})
    register = register.query("Tid == @COMMUTING_YEAR").pivot(index="Region", columns="ContentsCode", values="value")
    stay = flows[flows["home_nr"] == flows["work_nr"]].set_index("home_nr")["employed"]
    home = (stay / register["SysselBosted"]).dropna()
    places = pd.DataFrame({"jobs": register["SysselArbsted"], "out_pct": 100 * (1 - home)}).dropna()
    return flows, places.rename_axis("komm_nr").reset_index()


def public_growth(data: Path) -> float:
    """The nation's yearly growth in public jobs from the first to the last year before 2017 that SSB 13472 has here, a share."""
    cells = pd.read_csv(data / "statbank" / "13472.csv.gz", dtype={"Region": "str", "Sektor": "str"})
    nation = cells[(cells["Region"].str.strip() == "0") & cells["Sektor"].isin(PUBLIC) & (cells["Tid"] < int(COMMUTING_YEAR))]
    jobs = nation.groupby("Tid")["value"].sum()
    return (jobs.iloc[-1] / jobs.iloc[0]) ** (1 / (jobs.index[-1] - jobs.index[0])) - 1


def jobs(table: pd.DataFrame, places: pd.DataFrame, growth: float) -> pd.DataFrame:
    """What `own_job_growth` takes: private jobs a year before as published, public ones those of 2017 carried back."""
    table = table.merge(places, on="komm_nr", validate="m:1").sort_values(KEY, ignore_index=True)
    by_place = table.groupby("komm_nr")["private_jobs"]
    public = (table["jobs"] - by_place.transform("last")).clip(lower=0)
    years = table["year"] - 1 - table["year"].max()
    before = {"private_jobs_before": by_place.shift(1), "public_jobs_before": public * (1 + growth) ** years}
    return table.assign(**before, public_growth_pct=np.nan)


@functools.cache
def recomputed(data: Path) -> pd.DataFrame:
    """The parts of own job growth and of the neighbours' by nlib's formula, and as published (`_published`), of each year."""
    table = published(data)
    flows, places = commuting(data)
    work = jobs(table, places, public_growth(data))
    ours = own_job_growth(work, work[[*KEY, "out_pct"]])
    drawn = table[["industry_structure_pct", "business_pct", "public_pct"]].sum(axis=1)
    of_others = work[KEY].assign(job_growth_pct=drawn / (1 - work["out_pct"] / 100))
    every = flows.merge(pd.DataFrame({"year": table["year"].unique()}), how="cross")
    every = every[every["home_nr"].isin(table["komm_nr"])]
    ours = ours.drop(columns=["public_pct", "job_growth_pct"]).merge(neighbours_job_growth(every, of_others), on=KEY, how="left")
    return table.merge(ours, on=KEY, suffixes=("_published", ""), validate="1:1")


def series(table: pd.DataFrame) -> dict[str, tuple[pd.Series, pd.Series]]:
    """Ours and theirs of every series: the parts, and bosted and samlet where the published parts add up."""
    pairs = {
        name: (table[name], table[f"{name}_published"]) for name in ("industry_structure_pct", "business_pct", "neighbours_pct")
    }
    theirs = table.drop(columns=list(pairs)).rename(columns={f"{name}_published": name for name in pairs})
    values = attractiveness(theirs, "anchor", period=1).pivot(index=KEY, columns="kind", values="value_pct").reindex(theirs[KEY])
    bosted, business = theirs["bosted_pct"], theirs["business_pct"]
    adds_up = (values["bosted"].to_numpy() - bosted).abs() <= ADDS_UP
    for kind, series in (("bosted", bosted), ("samlet", bosted + business)):
        ours = pd.Series(values[kind].to_numpy(), table.index)
        pairs[kind] = (ours.where(adds_up), series)
    return pairs


def with_fault(data: Path) -> dict[str, pd.Series]:
    """Own job growth as nlib had it: the nation's in the structure, jobs to each inhabitant, and no share who work at home."""
    table = published(data).set_index(KEY)
    before = table["private_jobs"].groupby("komm_nr").shift(1) / table["population"]
    grown = {"industry_structure_pct": table["private_growth_pct"] - table["naering_pct"], "business_pct": table["naering_pct"]}
    return {
        name: sum(c * (figures * before).groupby("komm_nr").shift(lag) for lag, c in enumerate(OLD_LAGS)).reset_index(drop=True)
        for name, figures in grown.items()
    }


def public_part(data: Path) -> pd.DataFrame:
    """Public job growth that the published part rests on, against SSB 13472, with and without the nation's growth, % of all jobs.

    Municipalities whose borders are the same today; the published part is undone year by year (its lags forget where it began).
    """
    _, places = commuting(data)
    home = 1 - places.set_index("komm_nr")["out_pct"] / 100
    cells = pd.read_csv(data / "statbank" / "13472.csv.gz", dtype={"Region": "str", "Sektor": "str"})
    cells["public"] = cells["value"].where(cells["Sektor"].isin(PUBLIC), 0.0)
    cells["Region"] = cells["Region"].str.strip().str.removeprefix("K-")
    sums = cells.groupby(["Region", "Tid"])[["public", "value"]].sum()
    lags = [COEFFICIENTS[f"own_jobs_lag_{lag}"] for lag in range(3)]
    rows = []
    for old, new in SAME_BORDERS.items():
        part = published(data).query("komm_nr == @old").set_index("year")["public_pct"] / home[old]
        grown: dict[int, float] = {}
        for year, value in part.items():
            grown[year] = (value - lags[1] * grown.get(year - 1, 0) - lags[2] * grown.get(year - 2, 0)) / lags[0]
        for year in sorted(set(grown) & {last for last in sums.loc[new].index if (new, last - 1) in sums.index}):
            own, nation = (100 * (sums.at[(at, year), "public"] / sums.at[(at, year - 1), "public"] - 1) for at in (new, "0"))
            share = sums.at[(new, year - 1), "public"] / sums.at[(new, year - 1), "value"]
            rows.append((old, year, grown[year], (own - nation) * share, own * share))
    return pd.DataFrame(rows, columns=[*KEY, "published_pct", "above_nation_pct", "whole_pct"])


def agreement(ours: pd.Series, theirs: pd.Series) -> tuple[float, float, int]:
    """Correlation, the share in % that are within 0.02 percentage points, and of how many."""
    both = pd.DataFrame({"ours": ours.to_numpy(), "theirs": theirs.to_numpy()}).dropna()
    if len(both) < 2:
        return np.nan, np.nan, len(both)
    near = (both["ours"] - both["theirs"]).abs() <= NEAR
    return float(both.corr().iloc[0, 1]), 100 * float(near.mean()), len(both)


@functools.cache
def foretold(data: Path) -> pd.DataFrame:
    """The backtest of nlib's model on the published parts, all municipalities and those of 20 000 and more."""
    record = backtest(published(data))
    return record[record["size_class"].isin(["all", "20000+"])]


def main() -> None:
    folder = os.environ.get("NLIB_REAL_DATA")
    if not folder:
        sys.exit("NLIB_REAL_DATA er ikke satt: mappen med Telemarksforskings og SSBs egne tall")
    data = Path(folder)
    table = recomputed(data)
    print(f"{table['komm_nr'].nunique()} kommuner, {table['year'].min()}-{table['year'].max()}")
    rows = {name: agreement(*pair) for name, pair in series(table).items()}
    for name, faulty in with_fault(data).items():
        rows[f"{name}, før"] = agreement(faulty, table[f"{name}_published"])
    print(pd.DataFrame(rows, index=["r", "innen 0,02 (%)", "n"]).T.round(3).to_string())
    print(public_part(data).round(2).to_string(index=False))
    print(foretold(data).pivot_table(index=["size_class", "origin"], columns="method", values="r2").round(2).to_string())


if __name__ == "__main__":
    main()
