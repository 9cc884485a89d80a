"""Figures that others have published beside ours: hit or miss, and why."""

import pandas as pd

from nlib.core.municipalities import resource
from nlib.core.tables import KEY, KOMM_NR, Table, column, measure
from nlib.data.sources.telemarksforsking_figures import UNSAID
from nlib.methods.composite import TOTAL

FLOWS = ["jobs", "in_commuters", "out_commuters", "in_pct", "out_pct"]
OURS = {  # measure: the table that ours is from
    **dict.fromkeys(FLOWS, "commuting"),
    **dict.fromkeys(("population", "population_change"), "population"),
    **dict.fromkeys(("productivity", "productivity_nation", "gap_mix", "gap_within"), "value_creation"),
}
NAMED = {"commuting": "pendling", "population": "folketall", "value_creation": "verdiskaping"}
# how Telemarksforsking's figures are adjusted is not known
RAW = ("job_growth", "productivity", "profitability", "new_firm_rate", "firm_growth", "size")
BOUGHT = "business_index"  # what Telemarksforsking's own index is called among its figures
ACCOUNTS = "regnskap"  # the kind of value creation that is compared with theirs
IN_KR = 50_000  # value creation per employee is more than this in kr, and less in 1 000 kr
DECIMALS = 1  # of Telemarksforsking's figures but amounts
OTHERS = "Telemarksforsking bygger på andre registre og et annet utvalg av foretak enn utgaven"
FAR = "Avviket er for stort til å være rettelser eller avrunding, så kilden må undersøkes"
LARGE = 0.02  # of a published count or share of a register: more is not a correction
SPLIT = "Kommunen er berørt av en deling, så tallet kan ikke sammenlignes"


class Validation(Table):
    komm_nr: str = column("Kommune, på dagens nummer", str_matches=KOMM_NR)
    year: int = column("Året tallet gjelder", ge=1980, le=2100)
    measure: str = column("Hva som er målt")
    kind: str = column("Publisert i plan eller presse, eller importert fra Telemarksforsking", isin=["publisert", "importert"])
    published: float = column("Tallet som er publisert", "som unit sier")
    ours: float = column("Vårt tall i denne utgaven; mangler der det ikke kan regnes ut", "som unit sier", nullable=True)
    decimals: int = column("Desimaler det er publisert med", ge=0)
    unit: str = column("Enhet")
    hit: pd.BooleanDtype = column(
        "Sann der vårt tall er det publiserte når det rundes av; mangler der vi ikke har noe", nullable=True
    )
    reason: str = column("Hvorfor det er bom eller ikke kan prøves; tom ved treff")
    source: str = column("Hvor det publiserte tallet står")


def build(commuting, population, value_creation, business_indicators, business_index_areas, telemarksforsking) -> pd.DataFrame:
    """Each published figure beside ours: a hit where ours rounds to it, with the reason for every miss.

    `publisert`: the project's table of figures from notes, each with its source. `importert`: what Telemarksforsking gives of the
    business index's indicators and of the index, latest year, beside what this edition gives. Ours are on today's municipalities.
    """
    frames = [_published(commuting, population, value_creation)]
    frames.append(_imported(telemarksforsking, business_indicators, business_index_areas))
    table = pd.concat(frames, ignore_index=True)
    apart = (table["ours"].round(9) - table["published"]).abs()
    hit = (apart <= 0.5 * 10.0 ** -table["decimals"] + 1e-9).astype("boolean").mask(table["ours"].isna())
    far = (apart > LARGE * table["published"].abs()) & table["measure"].map(OURS).isin(["commuting", "population"])
    table["reason"] = table["reason"].mask(far & (table["kind"] == "publisert"), FAR)
    table = table.assign(hit=hit, reason=table["reason"].mask(hit.fillna(False), ""))
    return table[list(Validation.to_schema().columns)]


def _published(commuting, population, value_creation):
    rows = resource("published_figures.csv").astype({"year": int, "published": float, "decimals": int})
    ours = _ours(commuting, population, value_creation)
    rows = rows.merge(ours, on=[*KEY, "measure"], how="left", validate="1:1")
    thousand = rows["unit"] == "1 000 kr"
    rows["ours"] = rows["ours"].mask(thousand, rows["ours"] / 1000)
    accounts = value_creation[value_creation["source"] == ACCOUNTS]
    by_table = {"commuting": commuting, "population": population, "value_creation": accounts}
    why = [_why_not(by_table[OURS[row.measure]], OURS[row.measure], row.komm_nr, row.year) for row in rows.itertuples()]
    reason = rows["differs"].where(rows["ours"].notna(), pd.Series(why, index=rows.index, dtype="str"))
    return rows.assign(kind="publisert", reason=reason)


def _ours(commuting, population, value_creation):
    """Our figures in long form: `komm_nr`, `year`, `measure`, `ours`."""
    commuters = commuting[commuting["comparable"]].set_index(KEY)[FLOWS]
    people = population[population["comparable"]].set_index(KEY)["population"].astype("Float64").astype(float)
    change = people.rename(lambda year: year - 1, level="year") - people
    tables = [commuters.astype("Float64").astype(float), people.rename("population"), change.rename("population_change")]
    made = value_creation[value_creation["source"] == ACCOUNTS].set_index(KEY)
    columns = {"per_employee_kr": "productivity", "nation_per_employee_kr": "productivity_nation"}
    columns |= {"mix_kr": "gap_mix", "within_kr": "gap_within"}
    tables.append(made[list(columns)].rename(columns=columns).astype(float))
    long = [table.to_frame() if isinstance(table, pd.Series) else table for table in tables]
    melted = [table.reset_index().melt(KEY, var_name="measure", value_name="ours") for table in long]
    return pd.concat(melted, ignore_index=True).dropna(subset="ours")


def _why_not(table, name, komm_nr, year):
    """Why we have no figure of our own: the edition lacks the table, the year or the municipality."""
    what = NAMED[name]
    if table.empty:
        return f"Utgaven har ikke tall for {what}"
    if year not in set(table["year"]):
        return f"Utgaven har ikke tall for {what} i {year}"
    own = table[(table["komm_nr"] == komm_nr) & (table["year"] == year)]
    if own.empty:
        return f"Kommunen har ikke tall for {what} i {year}"
    return SPLIT if "comparable" in own and not own["comparable"].all() else "Tallet er skjult eller mangler"


def _imported(telemarksforsking, business_indicators, business_index_areas):
    theirs = telemarksforsking[telemarksforsking["indicator"].isin([*RAW, BOUGHT]) & telemarksforsking["value"].notna()]
    theirs = theirs[theirs["year"] == theirs.groupby("indicator")["year"].transform("max")]
    theirs = theirs.rename(columns={"indicator": "measure", "value": "published"})
    money = theirs["measure"].eq("productivity")
    level = theirs["published"].abs().where(money).groupby(theirs["year"]).transform("median")
    unsaid = money & (theirs["unit"] == UNSAID) & (level < IN_KR)  # so it is in 1 000 kr
    theirs["published"] = theirs["published"].mask(unsaid, 1000 * theirs["published"])
    own = business_indicators.rename(columns={"indicator": "measure", "value": "ours"})[[*KEY, "measure", "ours"]]
    whole = business_index_areas[business_index_areas["area"] == TOTAL].assign(measure=BOUGHT)
    own = pd.concat([own, whole.rename(columns={"score": "ours"})[[*KEY, "measure", "ours"]]], ignore_index=True)
    rows = theirs.merge(own, on=[*KEY, "measure"], how="left", validate="1:1")
    money = rows["measure"].eq("productivity")
    unit = pd.Series("%", index=rows.index, dtype="str").mask(money, "kr").mask(rows["measure"] == BOUGHT, "poeng")
    reason = pd.Series(OTHERS, index=rows.index, dtype="str").mask(rows["ours"].isna(), "Utgaven mangler tallene vårt bygger på")
    decimals = pd.Series(DECIMALS, index=rows.index).mask(money, 0)
    source = "Telemarksforsking, importert fil"
    return rows.assign(
        kind="importert", unit=unit.mask(rows["measure"] == "size", "per 100"), decimals=decimals, reason=reason, source=source
    )


DATASET = measure("Publiserte tall mot våre", Validation, build, by=("measure", "kind"), moment="året", partial=True)
