"""Value creation of each municipality by each kind of figures there is, and which of them is the best."""

import numpy as np
import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.tables import KEY, Count, Placed, column, count, measure
from nlib.data.sources.telemarksforsking_figures import UNSAID
from nlib.indicators.value_creation_gap import NOWHERE, by_cell, firms, not_shown, spread
from nlib.methods.value_creation import ORDER, best_available, concentration, gap_by_industry, gap_decomposition, intervals
from nlib.methods.value_creation.disclosure import ALL
from nlib.methods.value_creation.firms import totals

PRIVATE = ("privat", "offentlig_foretak")
HALF = 50.0  # percent: more that three firms have is said
MUCH_SHARED = 20.0  # percent: more that is shared out by employees is said
LEAST_COVERED = 50.0  # percent of the private jobs that accounts must have before they are a municipality's figure
SURE = ["gap_sure", "parts_sure"]
OF_VALUE = ["value_added_mnok", "per_employee_kr", "share_pct", "mix_kr", "within_kr", "low_kr", "high_kr"]  # not of a hidden sum
IN_KR = (50_000, 20_000_000)  # what value creation per employee can be, as the middle municipality of a year; in 1 000 kr it cannot


class ValueCreation(Placed):
    year: int = column("År", ge=1900, le=2100)
    source: str = column("Hva tallet bygger på, det beste først", isin=list(ORDER))
    value_added_mnok: float = column("Verdiskaping, løpende priser", "mill. kr", nullable=True)
    employees: float = column("Ansatte, eller sysselsatte der tallet er beregnet", "personer", ge=0, nullable=True)
    employees_sure: float = column("Av dem i næringer med flere enn 3, der tallet er beregnet", "personer", ge=0, nullable=True)
    per_employee_kr: float = column("Verdiskaping per ansatt, løpende priser", "kr", nullable=True)
    nation_per_employee_kr: float = column("Verdiskaping per ansatt i landet, samme slags tall", "kr", nullable=True)
    share_pct: float = column("Andel av landets verdiskaping, samme slags tall", "prosent", nullable=True)
    mix_kr: float = column("Av avstanden til landet: sammensetningen av næringer", "kr per ansatt", nullable=True)
    within_kr: float = column("Av avstanden til landet: innen næringene", "kr per ansatt", nullable=True)
    price_factor: float = column("Hva et beløp ganges med for å få prisene i price_year (KPI)", gt=0, nullable=True)
    price_year: Count = column("Året som faste priser regnes i", nullable=True)
    low_kr: float = column("Nedre grense, 90 prosents intervall (bootstrap over foretak)", "kr per ansatt", nullable=True)
    high_kr: float = column("Øvre grense, 90 prosents intervall (bootstrap over foretak)", "kr per ansatt", nullable=True)
    firms: Count = count("Foretak med fullstendige tall", "foretak")
    left_out: Count = count("Foretak som er holdt utenfor fordi et tall mangler", "foretak")
    coverage_pct: float = column("Ansatte i regnskapene mot private arbeidsplasser", "prosent", ge=0, nullable=True)
    much_shared: pd.BooleanDtype = column(
        "Sann der over 20 prosent er fordelt mellom et foretaks bedrifter etter ansatte", nullable=True
    )
    three_over_half: pd.BooleanDtype = column(
        "Sann der de tre største har over halvparten, av foretakene med verdiskaping over null", nullable=True
    )
    hidden: bool = column("Sann der regnskapstallet ikke vises: det ville røpet et foretak, alene eller sammen med andre tall")
    from_nation_pct: float = column("Verdi anslått med landets tall fordi fylkets mangler", "prosent", nullable=True)
    usable: bool = column("Usann for regnskap som dekker under halvparten av de private arbeidsplassene, eller er skjult siste år")
    best_total: bool = column("Sann for det beste kommunen har av samlet verdiskaping")
    best_per_employee: bool = column("Sann for det beste kommunen har av verdiskaping per ansatt")
    unit_told: bool = column("Usann når enheten ikke står i filen, men er lest av tallenes størrelse")
    gap_sure: bool = column("Usann der næringer med 3 eller færre, som SSB kan ha skrevet for 1 og 2, kan snu avstanden til landet")
    parts_sure: bool = column("Usann der de kan snu en av delene av den")
    comparable: bool = column("Usann når en delt kommune inngår")


def build(
    company_accounts,
    telemarksforsking,
    telemarksforsking_nation,
    value_creation_estimate,
    employed_by_sector,
    consumer_prices,
    municipalities,
) -> pd.DataFrame:
    """Value creation in all and per employee, a row for each kind of figures a municipality has in a year, marked with the best.

    «regnskap»: wage costs + operating result of the firms in the accounts, net of depreciation; those of a firm that tells one sum
    are shared out by employees, and firms that lack a figure are counted in `left_out`. They are `usable` as the municipality's
    figure where they have at least half of its private jobs in the latest year and that year's may be shown: a sum that gives a
    firm away is `hidden`, and others where it would follow from them (`nlib.methods.value_creation.disclosure`). The total without
    the largest firm, and how much the largest have, are not given, since either tells the firm's own. «Telemarksforsking»: its
    productivity, of the same kind, but none where ours is hidden; where the file does not say the unit, the size of the figures
    does, since no year's middle municipality makes 50 000 kr or 20 mill. kr an employee, and a unit that cannot be is refused
    (`BadAnswer`). «beregnet»: the estimate of gross value added in all sectors. One kind is never put together with another, and
    each has a nation of its own kind: all firms where they lie in at least half of the municipalities, and a share of the nation
    where they have half of its private jobs. The best is the first of these three that can be used, one for all of a
    municipality's years. Prices: SSB 03013.
    """
    accounts = _of_accounts(company_accounts, employed_by_sector, municipalities)
    theirs = _of_telemarksforsking(telemarksforsking, telemarksforsking_nation)
    kinds = [accounts, _without_secrets(theirs, accounts), _of_estimate(value_creation_estimate)]
    kinds = [kind for kind in kinds if len(kind)]
    if not kinds:
        return DATASET.empty()
    frame = pd.concat(kinds, ignore_index=True).reindex(columns=list(DATASET.schema.to_schema().columns))
    for name, best in (("value_added_mnok", "best_total"), ("per_employee_kr", "best_per_employee")):
        frame[best] = frame["komm_nr"].map(best_available(frame, name)).eq(frame["source"]).fillna(False).astype(bool)
    prices = consumer_prices.set_index("year")["cpi"]
    year = prices.index.max() if len(prices) else pd.NA
    factor = prices[year] / prices if len(prices) else prices
    frame["hidden"] = frame["hidden"].eq(True)  # of accounts only
    frame[SURE] = frame[SURE].ne(False)  # but for the estimate
    frame["employees_sure"] = frame["employees_sure"].fillna(frame["employees"])
    return frame.assign(price_factor=frame["year"].map(factor).astype(float), price_year=pd.array([year] * len(frame), "Int64"))


def _of_accounts(company_accounts, employed_by_sector, municipalities):
    established = firms(company_accounts)
    placed = established[established["komm_nr"].notna()]
    rows = totals(placed).merge(concentration(placed), on=KEY, how="left", validate="1:1")
    rows = rows.merge(intervals(placed), on=KEY, how="left", validate="1:1")
    private = employed_by_sector[employed_by_sector["sector"].isin(PRIVATE)]
    jobs = private.groupby(KEY)["jobs"].sum(skipna=False).astype("Float64").astype(float).rename("private")
    rows = rows.merge(jobs.reset_index(), on=KEY, how="left", validate="1:1")
    rows["coverage_pct"] = 100 * rows["employees"] / rows["private"].where(rows["private"] > 0)
    last = rows["year"] == rows.groupby("komm_nr")["year"].transform("max")
    away = not_shown(established, municipalities)
    rows["hidden"] = pd.MultiIndex.from_frame(rows[KEY]).isin(_keys(away[(away["industry"] == ALL) & (away["komm_nr"] != ALL)]))
    unfit = rows.loc[last & ((rows["coverage_pct"] < LEAST_COVERED) | rows["hidden"]), "komm_nr"]
    known = established.dropna(subset=["value_added_kr", "employees"])
    nation = known.groupby("year")[["value_added_kr", "employees"]].sum().astype(float)
    secret = set(away.loc[(away["industry"] == ALL) & (away["komm_nr"] == ALL), "year"])
    nation = nation.where(spread(known, municipalities) & ~nation.index.isin(secret))
    covered = 100 * nation["employees"] / jobs.groupby("year").sum(min_count=1).reindex(nation.index)
    share = 100 * rows["value_added_kr"] / rows["year"].map(nation["value_added_kr"].where(covered >= LEAST_COVERED))
    per_employee = nation["value_added_kr"] / nation["employees"].where(nation["employees"] > 0)
    rows = rows.assign(
        source="regnskap",
        firms=rows["firms"].fillna(0).astype("Int64"),
        left_out=rows["left_out"].astype("Int64"),
        value_added_mnok=rows["value_added_kr"] / 1e6,
        nation_per_employee_kr=rows["year"].map(per_employee),
        share_pct=share,
        mix_kr=_mix(established, away, rows),
        low_kr=rows["low_kr"].round(-3),
        high_kr=rows["high_kr"].round(-3),
        much_shared=_over(rows["shared_pct"], MUCH_SHARED),
        three_over_half=_over(rows["largest_pct"], HALF),
        usable=~rows["komm_nr"].isin(unfit),
        unit_told=True,
        comparable=True,
    )
    rows["within_kr"] = rows["per_employee_kr"] - rows["nation_per_employee_kr"] - rows["mix_kr"]
    return rows.assign(**{name: rows[name].mask(rows["hidden"]) for name in OF_VALUE})


def _mix(established, away, rows):
    """The mix part of firms: of employees, which are public, and the nation's by industry; missing where one of these is hidden."""
    cells = by_cell(established)
    if cells.empty:
        return np.nan
    value = cells.rename(columns={"value_added_kr": "value_added"})[[*KEY, "industry", "value_added"]]
    mix = gap_decomposition(value, cells[[*KEY, "industry", "employees"]]).set_index(KEY)["mix"]
    secret = away.loc[(away["komm_nr"] == ALL) & (away["industry"] != ALL), ["year", "industry"]]
    lies = cells[(cells["komm_nr"] != NOWHERE) & (cells["employees"] > 0)].merge(secret, on=["year", "industry"])
    own = pd.MultiIndex.from_frame(rows[KEY])
    mix = pd.Series(mix.reindex(own).to_numpy(), index=rows.index).mask(own.isin(_keys(lies)))
    return mix


def _keys(frame):
    return pd.MultiIndex.from_frame(frame[KEY])


def _over(percent, limit):
    return (percent > limit).astype("boolean").mask(percent.isna())


def _of_telemarksforsking(figures, nation):
    own = figures[(figures["indicator"] == "productivity") & figures["value"].notna()]
    whole = nation[nation["indicator"] == "productivity"]
    if own.empty:
        return pd.DataFrame()
    stated = bool((own["unit"] != UNSAID).all())
    middle = own.groupby("year")["value"].median()
    times = 1.0 if stated or middle.median() >= IN_KR[0] else 1000.0
    if wrong := [year for year, value in (times * middle).items() if not IN_KR[0] <= value <= IN_KR[1]]:
        raise BadAnswer(
            f"Telemarksforskings produktivitet i {wrong[0]} er {times * middle[wrong[0]]:.0f} kr per ansatt i den midterste "
            "kommunen, og det kan den ikke være: se etter om overskriften i filen sier rett enhet, for eksempel "
            "«Produktivitet (1 000 kr)»"
        )
    country = whole.set_index("year")["value"] * times
    return own[KEY].assign(
        source="Telemarksforsking",
        per_employee_kr=own["value"] * times,
        nation_per_employee_kr=own["year"].map(country).astype(float),
        usable=True,
        unit_told=stated,
        comparable=True,
    )


def _without_secrets(theirs, accounts):
    """Telemarksforsking's figures but for those whose accounts are hidden, then or in the latest year: of the same firms."""
    if theirs.empty or accounts.empty:
        return theirs
    last = accounts.sort_values("year").groupby("komm_nr")["hidden"].last()
    secret = _keys(theirs).isin(_keys(accounts[accounts["hidden"]])) | theirs["komm_nr"].isin(last.index[last])
    return theirs[~secret]


def _of_estimate(estimate):
    if estimate.empty:
        return pd.DataFrame()
    by = estimate.assign(of_nation=estimate["value_added_mnok"].where(estimate["from_nation"], 0.0)).groupby(KEY)
    sums = by[["value_added_mnok", "jobs", "jobs_sure", "of_nation"]].sum(skipna=False).astype(float)
    sums["comparable"] = by["comparable"].all()
    nation = sums.dropna().groupby("year")[["value_added_mnok", "jobs"]].sum().reindex(sums.index, level="year")
    sums["from_nation_pct"] = 100 * sums.pop("of_nation") / sums["value_added_mnok"].where(sums["value_added_mnok"] > 0)
    sums["per_employee_kr"] = 1e6 * sums["value_added_mnok"] / sums["jobs"].where(sums["jobs"] > 0)
    sums["share_pct"] = 100 * sums["value_added_mnok"] / nation["value_added_mnok"].where(nation["value_added_mnok"] > 0)
    sums["nation_per_employee_kr"] = 1e6 * nation["value_added_mnok"] / nation["jobs"].where(nation["jobs"] > 0)
    cells = estimate.rename(columns={"jobs": "employees"})
    value = cells[[*KEY, "industry"]].assign(value_added=1e6 * cells["value_added_mnok"])
    parts = gap_decomposition(value, cells[[*KEY, "industry", "employees"]]).set_index(KEY)
    sums = sums.assign(mix_kr=parts["mix"], within_kr=parts["within"]).join(_sure(cells, value, parts))
    rows = sums.rename(columns={"jobs": "employees", "jobs_sure": "employees_sure"}).replace([np.inf, -np.inf], np.nan)
    return rows.reset_index().assign(source="beregnet", usable=True, unit_told=True)


def _sure(cells, value, parts):
    """Whether the gap and its parts keep their signs without the industries of 3 or fewer, which SSB may have printed for 1 and 2:
    each takes with it what its jobs make more or less than the mean, and together they do it as independent errors."""
    each = gap_by_industry(value, cells[[*KEY, "industry", "employees"]]).merge(cells[[*KEY, "industry", "jobs_sure"]], how="left")
    each, kept = each.set_index(KEY), {}
    few, jobs = each["employees"] - each["jobs_sure"].astype("Float64").astype(float), each.groupby(KEY)["employees"].sum()
    per = each["per_employee"].fillna(0.0)
    for part, one in {"gap": per, "mix": each["nation_per_employee"], "within": per - each["nation_per_employee"]}.items():
        mean = (each["employees"] * one).groupby(KEY).sum() / jobs.where(jobs > 0)
        moved = few * (one - mean.reindex(each.index)) / (jobs.reindex(each.index) - few)
        kept[part] = (moved**2).groupby(KEY).sum() ** 0.5 <= parts[part].abs()
    return pd.DataFrame({"gap_sure": kept["gap"], "parts_sure": kept["mix"] & kept["within"]})


DATASET = measure("Verdiskaping", ValueCreation, build, by=("source",), moment="året", partial=True)
