"""The figures of the page on value creation: per employee and in all, the gap to the nation, industries, and the largest firms.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. A figure shows figures of one kind only, and
names it: firms' wage costs + operating result (accounts or Telemarksforsking's table, net of depreciation), or an estimate of
SSB's gross value added. The first two are of firms registered in the municipality, the estimate of the jobs there.
"""

import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.facts import ROUNDED, must_be_own
from nlib.charts.form import Panels, capital
from nlib.charts.lines import Lines
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.catalogue import LEAST_BASE
from nlib.core.language import at, counted, listed, number, percent, years
from nlib.core.translations import _

ACCOUNTS, PUBLISHED, ESTIMATE = "regnskap", "Telemarksforsking", "beregnet"
SHORT = {ACCOUNTS: _(ACCOUNTS), PUBLISHED: "Telemarksforsking", ESTIMATE: _("anslag")}
METHOD = {
    ACCOUNTS: _(
        "Foretakenes regnskap: lønnskostnader pluss driftsresultat, etter avskrivninger. Landet er alle foretak i regnskapene."
    ),
    PUBLISHED: _(
        "Telemarksforskings tabell: lønnskostnader pluss driftsresultat, etter avskrivninger. Landet er som de oppgir det."
    ),
    ESTIMATE: _(
        "Anslag på SSBs bruttoprodukt, før avskrivninger: fylkets verdi per sysselsatt i hver næring ganger sysselsatte her, "
        "privat og offentlig. Landet er alle kommuner, regnet likt, uten sokkelen."
    ),
}
FROM = {
    ACCOUNTS: _("Foretakenes regnskap (tatt inn)"),
    PUBLISHED: _("Telemarksforsking (tatt inn)"),
    ESTIMATE: _("Beregnet av nlib fra SSB, tabell 11713 og 08536"),
}
NOTHING = _(
    "Utgaven har ikke tall nok for verdiskapingen til foretak registrert {at}: den bygger på regnskap, Telemarksforskings "
    "tabell eller SSBs tall for bruttoprodukt."
)
SHOWN = 10  # industries drawn
ALIKE = 500  # kr that nobody would call a difference
COVERED = 0.5  # of the employees must be in industries that are shown, or the accounts are not the ones shown by industry
HIDDEN = _("vises ikke: færre enn tre foretak, ett foretak som står for nesten alt, eller et tall som ville røpet et slikt")


@figure(_("Verdiskaping per ansatt"))
def per_employee(value_creation: pd.DataFrame, value_creation_error: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """Value creation per employee against the nation's, and in all in current and in fixed prices, year by year."""
    name = names[komm_nr]
    best = best_of(value_creation, komm_nr, "best_per_employee", "per_employee_kr")
    if best.empty:
        raise Lacking(_none(value_creation, komm_nr, name))
    must_be_own(best, name)
    last, source = best.iloc[-1], best["source"].iloc[0]
    rows = best.set_index("year").assign(
        own=lambda table: table["per_employee_kr"] / 1000,
        nation=lambda table: table["nation_per_employee_kr"] / 1000,
        real=lambda table: table["value_added_mnok"] * table["price_factor"],
    )
    each = Lines(
        heading=_("1 000 kr per {source}, løpende priser", source=_person(source)),
        rows=rows,
        lines={"own": (_("her"), "own"), "nation": (_("landet"), "nation")},
        unit=_("1 000 kr"),
        broken=source == ESTIMATE,
    )
    in_all = Lines(
        heading=_("I alt, mill. kr"),
        rows=rows,
        lines={"value_added_mnok": (_("løpende"), "own"), "real": ("faste", "second")},
        unit=_("mill. kr"),
        decimals=1 if rows["value_added_mnok"].abs().max() < 20 else 0,
        broken=source == ESTIMATE,
    )
    few = source == ESTIMATE and last["employees_sure"] < LEAST_BASE  # then the growth may be what SSB has rounded
    whole, prices = rows["value_added_mnok"].notna().any(), best["price_year"].dropna()
    total = _(" I alt: {last}.", last=total_sentence(last, None if few else _real_growth(rows))) if whole else ""
    fixed = _(" Faste priser er {year}-priser (KPI).", year=int(prices.iloc[0])) if whole and len(prices) else ""
    return Panels(forms=[each, in_all] if whole else [each]).chart(
        per_employee_sentence(last, name),
        f"{METHOD[source]}{total}{fixed}",
        _doubt(last, value_creation_error, value_creation),
        _source(source, best) + (_(". Priser: SSB, tabell 14700") if fixed else ""),
    )


@figure(_("Avstanden til landet"))
def gap(
    value_creation_gap: pd.DataFrame,
    value_creation: pd.DataFrame,
    value_creation_error: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Chart:
    """The gap to the nation per employee by year, split in industry mix and within industries."""
    name = names[komm_nr]
    parts = parts_of(value_creation, komm_nr)
    if parts.empty:
        cells = cells_of(value_creation_gap, value_creation, komm_nr)
        raise Lacking(_none(value_creation, komm_nr, name, cells))
    must_be_own(parts, name)
    source, last = parts["source"].iloc[0], parts.iloc[-1]
    rows = (parts.set_index("year")[["mix_kr", "within_kr"]] / 1000).round(1)  # as written, so that they sum to what is written
    rows = rows.assign(gap=rows["mix_kr"] + rows["within_kr"]).join(parts.set_index("year")["comparable"])
    whole, mix, within = (1000 * rows[part].iloc[-1] for part in ("gap", "mix_kr", "within_kr"))
    form = Lines(
        heading=_("Avstand til landet, 1 000 kr per {source}", source=_person(source)),
        rows=rows,
        lines={
            "gap": (_("avstand"), "own"),
            "mix_kr": (_("sammensetning"), "second"),
            "within_kr": (_("innen næringene"), "third"),
        },
        unit=_("1 000 kr"),
        decimals=1,
        sign=True,
        level=0,
        broken=source == ESTIMATE,
    )
    countys = _("Delen innen næringene er fylkets avstand til landet, ikke kommunens egen: anslaget bruker fylkets tall. ")
    countys = countys if source == ESTIMATE and not _whole_county(names, komm_nr) else ""
    return form.chart(
        gap_sentence(whole, name, source, last["gap_sure"]),
        (
            _(
                "Avstanden i {year} er {mix} fordi næringene her er andre enn i landet («sammensetning»), og {within} fordi de "
                "samme næringene skaper {more} her («innen»). ",
                year=int(rows.index[-1]),
                mix=_signed(mix),
                within=_signed(within),
                more=_("mer") if within >= 0 else _("mindre"),
            )
            if last["parts_sure"]
            else ""
        )
        + METHOD[source],
        countys + _doubt(last, value_creation_error, value_creation),
        _source(source, parts),
    )


@figure(_("De største næringene"))
def industries(value_creation_gap: pd.DataFrame, value_creation: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """The industries with most value creation, and what each makes per employee here and in the nation."""
    name = names[komm_nr]
    cells = cells_of(value_creation_gap, value_creation, komm_nr)
    rows = cells[cells["value_added_mnok"].notna() & (cells["value_added_mnok"] != 0)]
    if rows.empty:
        raise Lacking(_none(value_creation, komm_nr, name, cells))
    year, source = int(rows["year"].max()), rows["source"].iloc[0]
    of_year = _of(value_creation, komm_nr, source).set_index("year", drop=False).loc[[year]]
    must_be_own(of_year, name)
    rows = rows[rows["year"] == year].sort_values(["value_added_mnok", "industry"], ascending=[False, True], kind="stable")
    whole = of_year.at[year, "value_added_mnok"]
    rows = rows.assign(
        industry=rows["industry"].map(_),  # after the order, which is that of bokmål
        share=100 * rows["value_added_mnok"] / whole,
        per=1000 * rows["value_added_mnok"] / rows["employees"].where(rows["employees"] > 0),
        nation=rows["nation_per_employee_kr"] / 1000,
    )
    table = rows.set_index("industry").rename_axis(_("Næring"))[["value_added_mnok", "share", "per", "nation"]]
    if len(table) > SHOWN:
        rest = table.iloc[SHOWN:][["value_added_mnok", "share"]].sum().to_frame(_("Andre næringer")).T
        table = pd.concat([table.head(SHOWN), rest]).rename_axis(table.index.name)
    decimals = 0 if rows["value_added_mnok"].max() >= 20 else 1
    form = Bars(
        heading=_("Mill. kr (1 000 kr per {source}; landet)", source=_person(source)),
        rows=table.assign(
            text=[
                number(one.value_added_mnok, decimals) + ("" if pd.isna(one.per) else f" ({number(one.per)}; {number(one.nation)})")
                for one in table.itertuples()
            ]
        ),
        parts={"value_added_mnok": ("verdiskaping", "own")},
        texts="text",
        rest=len(rows) > SHOWN,
        unit=_("mill. kr"),
        decimals=decimals,
        also={
            "share": _("Andel, prosent"),
            "per": _("1 000 kr per {source}", source=_person(source)),
            "nation": _("Landet, 1 000 kr per {source}", source=_person(source)),
        },
        precise={"share": 1, "per": 0, "nation": 0},
    )
    hidden = int((cells["hidden"] & (cells["year"] == year)).sum())
    return form.chart(
        industries_sentence(rows, whole, name, year, source),
        _("I parentes står verdiskapingen per {source} her, og så i landet, i 1 000 kr. ", source=_person(source))
        + pulls_sentence(rows, source)
        + METHOD[source],
        _doubts_of_industries(source, hidden, _whole_county(names, komm_nr)),
        _source(source, rows),
    )


def _doubts_of_industries(source: str, hidden: int, whole_county: bool) -> str:
    """What is uncertain in industries of this source, so many of which are hidden."""
    doubts = [_("Tallene har ikke noe intervall."), ROUNDED if source == ESTIMATE else ""]
    if source == ESTIMATE and not whole_county:
        doubts.append(_("Anslaget sier ikke om foretakene her gjør det bedre enn fylkets."))
    if hidden:
        doubts.append(f"{capital(counted(hidden))} {_('næring') if hidden == 1 else _('næringer')} {HIDDEN}.")
    return " ".join(filter(None, doubts))


@figure(_("De største foretakene"))
def concentration(value_creation: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """How many firms the accounts have, whether the three largest have more than half, and value per employee."""
    name = names[komm_nr]
    accounts = _of(value_creation, komm_nr, ACCOUNTS)
    accounts = accounts[accounts["firms"] > 0]
    if accounts.empty:
        raise Lacking(
            _(
                "Regnskap for foretak registrert {name} er ikke tatt inn, eller er fra en kommune som siden er delt.",
                name=at(name),
            )
        )
    last = accounts.iloc[-1]
    rows = accounts.set_index("year").assign(
        own=lambda accounts: accounts["per_employee_kr"] / 1000,
        three=lambda accounts: accounts["three_over_half"].map({True: _("over halvparten"), False: _("halvparten eller mindre")}),
    )
    firms = Lines(
        heading=_("Foretak i regnskapene"),
        rows=rows,
        lines={"firms": ("foretak", "second")},
        marked=True,
        also={"three": _("De tre største"), "value_added_mnok": _("Mill. kr")},
        precise={"value_added_mnok": 1},
    )
    each = Lines(heading=_("1 000 kr per ansatt"), rows=rows, lines={"own": (_("alle"), "own")}, unit=_("1 000 kr"))
    return Panels(forms=[firms, each] if rows["own"].notna().any() else [firms]).chart(
        concentration_sentence(last, name),
        _(
            "De tre største er regnet av foretakene med verdiskaping over null. Hvor mye de har, og tallet uten det største, "
            "vises ikke: det ville røpet ett foretak."
        )
        + (_(" Verdiskapingen {hidden}.", hidden=HIDDEN) if last["hidden"] else ""),
        _of_firms(last),
        _source(ACCOUNTS, accounts),
    )


# -- sentences


def whose(source: str, name: str) -> str:
    """Whose value creation it is: firms' by where they are registered, the estimate's by where the jobs are."""
    return _("arbeidsplassene {name}", name=at(name)) if source == ESTIMATE else _("foretak registrert {name}", name=at(name))


def per_employee_sentence(row: pd.Series, name: str) -> str:
    """What is made per employee in the latest year, and in the nation where the distance is sure; rounded to 1 000 kr."""
    start = _(
        "{whose} {amount} per {person}",
        whose=_made(row["source"], name),
        amount=_kr(row["per_employee_kr"]),
        person=_person(row["source"]),
    )
    nation = row["nation_per_employee_kr"]
    if not row["gap_sure"]:
        return gap_sentence(0, name, row["source"], sure=False)
    return start if pd.isna(nation) else _("{start} (landet {nation})", start=start, nation=_kr(nation))


def total_sentence(row: pd.Series, growth: tuple[int, float] | None) -> str:
    """Value creation in all in a year, and real growth since a year (`growth`: year and percent)."""
    value = row["value_added_mnok"]
    start = _("{value} mill. kr i {year}", value=number(value, 0 if abs(value) >= 20 else 1), year=row["year"])
    if growth is None:
        return start
    since, change = growth
    if abs(change) < 0.5:
        return _("{start}; uten prisstigning er den som i {since}", start=start, since=since)
    return _(
        "{start}; uten prisstigning er den {change} prosent {word} enn i {since}",
        start=start,
        change=number(abs(change)),
        word=_("høyere") if change > 0 else _("lavere"),
        since=since,
    )


def gap_sentence(gap: float, name: str, source: str = ACCOUNTS, sure: bool = True) -> str:
    """How far a municipality is from the nation per employee; kr, rounded to 100; or that it may be over or under."""
    if not sure:
        return _("Verdi per sysselsatt {at} kan ikke skilles fra landets", at=at(name))
    start = _made(source, name)
    far = _("like mye") if abs(gap) < ALIKE else f"{_kr(abs(gap), -2)} {_('mer') if gap > 0 else _('mindre')}"
    than = _("som") if abs(gap) < ALIKE else _("enn")
    return _("{start} {far} per {source} {than} landet", start=start, far=far, source=_person(source), than=than)


def pulls_sentence(rows: pd.DataFrame, source: str) -> str:
    """Which industries pull value per employee most up and down against the nation, by the symmetric split, before a space.

    Empty where none does, where the split is not known, or where one of the two is mostly of industries of 3 or fewer.
    rows: `industry`, `employees`, `employees_sure` and the two parts of the split, kr.
    """
    pull = rows.set_index("industry")[["mix_shapley_kr", "within_shapley_kr"]].sum(axis=1, skipna=False).dropna()
    if pull.empty or pull.max() < ALIKE or pull.min() > -ALIKE:
        return ""
    surely = rows.set_index("industry")["employees_sure"] >= rows.set_index("industry")["employees"] / 2
    if not surely[[pull.idxmax(), pull.idxmin()]].all():
        return ""
    up, down = (f"{name[:1].lower()}{name[1:]} ({_signed(pull[name])})" for name in (pull.idxmax(), pull.idxmin()))
    return _("Mot landet trekker {up} mest opp, {down} mest ned (per {person}). ", up=up, down=down, person=_person(source))


def industries_sentence(rows: pd.DataFrame, whole: float, name: str, year: int, source: str) -> str:
    """The industry with most value creation of those shown, and its share of the whole (mill. kr); rows fall by value creation."""
    first, fewest = rows.iloc[0], rows["value_added_mnok"] * rows["employees_sure"] / rows["employees"].where(rows["employees"] > 0)
    among = at(name) if source == ESTIMATE else _("blant {source}", source=whose(source, name))
    if first["value_added_mnok"] <= 0 or whole <= 0:
        return _("Ingen næring {among} veier opp tapene i {year}", among=among, year=year)
    if (fewest.fillna(rows["value_added_mnok"]).iloc[0] < rows["value_added_mnok"].iloc[1:]).any():
        return _("Ingen næring skaper klart mest {among}", among=among)
    start = _("{industry} skaper mest {among}", industry=capital(first["industry"]), among=among)
    if first["share"] > 100:
        return _("{start}, mer enn hele summen", start=start)
    share = percent(first["share"], 0)
    return _("{start}, anslagsvis {share}", start=start, share=share) if source == ESTIMATE else f"{start}: {share}"


def concentration_sentence(row: pd.Series, name: str) -> str:
    """Whether the three largest firms have more than half of the value creation in the accounts, or that it is not shown."""
    firms = whose(ACCOUNTS, name)
    if row["hidden"]:
        return _("Verdiskapingen i {firms} i {year} vises ikke", firms=firms, year=row["year"])
    if pd.isna(row["three_over_half"]):
        return _("Ingen {firms} hadde verdiskaping over null i {year}", firms=firms, year=row["year"])
    if row["firms"] == 3:
        return _("Regnskapene har bare tre {firms}", firms=firms)
    much = _("over halvparten") if row["three_over_half"] else _("høyst halvparten")
    return _("Tre av {firms} foretak i regnskapene har {much} av verdiskapingen", firms=counted(int(row["firms"])), much=much)


def other_kind(fact: pd.Series, best: pd.DataFrame) -> str:
    """That a municipality's value per employee is of another kind than most have, and has no place; empty where it is not.

    fact: its latest; best: the rows of its best figures.
    """
    kind = best[best["year"] == fact["year"]]
    if fact["comparable"] or not kind["comparable"].all():
        return ""
    return _("De fleste kommunene har tall av et annet slag, så det sammenlignes ikke med dem og får ingen plass.")


# -- what is common


def best_of(value_creation: pd.DataFrame, komm_nr: str, best: str, column: str) -> pd.DataFrame:
    """The rows of the best figures a municipality has of a measure, by year."""
    rows = value_creation[(value_creation["komm_nr"] == komm_nr) & value_creation[best] & value_creation[column].notna()]
    return rows.sort_values("year").reset_index(drop=True)


def _whole_county(names, komm_nr) -> bool:
    """Whether a municipality is its county, so that the county's figures are its own."""
    return sum(number[:2] == komm_nr[:2] for number in names) == 1


def _of(value_creation, komm_nr, source):
    rows = value_creation[(value_creation["komm_nr"] == komm_nr) & (value_creation["source"] == source)]
    return rows.sort_values("year").reset_index(drop=True)


def parts_of(value_creation: pd.DataFrame, komm_nr: str) -> pd.DataFrame:
    """The municipality's years with a mix and a within part, of the best kind: usable accounts, the estimate, other accounts."""
    accounts, estimate = (
        _of(value_creation, komm_nr, source).dropna(subset=["mix_kr", "within_kr"]) for source in (ACCOUNTS, ESTIMATE)
    )
    return accounts if len(accounts) and (accounts["usable"].all() or estimate.empty) else estimate


def cells_of(value_creation_gap: pd.DataFrame, value_creation: pd.DataFrame, komm_nr: str) -> pd.DataFrame:
    """The municipality's rows by industry of the best kind that has them: usable accounts, the estimate, other accounts.

    Accounts where less than half of the latest year's employees are in industries that are shown, give way to the estimate.
    """
    own = value_creation_gap[value_creation_gap["komm_nr"] == komm_nr]
    last = own[own["source"] == ACCOUNTS]
    last = last[last["year"] == last["year"].max()]
    shown = last.loc[last["value_added_mnok"].notna(), "employees"].sum()
    thin = not _of(value_creation, komm_nr, ACCOUNTS)["usable"].all() or shown < COVERED * last["employees"].sum()
    for source in (ESTIMATE, ACCOUNTS) if thin else (ACCOUNTS, ESTIMATE):
        rows = own[own["source"] == source]
        if rows["value_added_mnok"].fillna(0).ne(0).any():
            return rows
    return own[:0]


def _real_growth(series):
    """The first year that is comparable with the last, and the real growth since, in percent; None where it cannot be told.

    The estimate is of register employment, so its growth is not measured across the break of 2015.
    """
    known = series[series["comparable"].eq(True) & (series["real"] > 0)]
    if known["source"].eq(ESTIMATE).any() and series.index[-1] >= A_ORDNINGEN:
        known = known[known.index >= A_ORDNINGEN]
    if len(known) < 2 or known.index[-1] != series.index[-1]:
        return None
    return int(known.index[0]), 100 * (known["real"].iloc[-1] / known["real"].iloc[0] - 1)


def _doubt(row, errors, value_creation):
    """What is uncertain of a municipality's latest figure, by its kind, and which years' accounts are not shown."""
    if row["source"] == ACCOUNTS:
        doubt = _of_firms(row)
    elif row["source"] == PUBLISHED:
        doubt = _("Telemarksforsking oppgir ingen usikkerhet, og få store foretak kan avgjøre tallet i en liten kommune.")
    else:
        doubt = f"{missed(errors)} {ROUNDED}"
        if not row["gap_sure"]:
            doubt += _(" Uten næringene med 3 eller færre kan avstanden til landet bli den motsatte.")
    rows = _of(value_creation, row["komm_nr"], ACCOUNTS)
    away = rows.loc[rows["hidden"], "year"].astype(int).tolist()
    if not away:
        return doubt
    which = years(away[0], away[-1]) if away[-1] - away[0] == len(away) - 1 else listed([str(year) for year in away])
    return doubt + _(" Regnskap for {which} {hidden}.", which=which, hidden=HIDDEN)


def missed(errors: pd.DataFrame) -> str:
    """What the method of the estimate typically misses by, against the same figure for everybody, where it has been tried."""
    if errors.empty:
        return _("Anslaget er ikke et målt tall, og er ikke prøvd mot regnskap i denne utgaven.")
    rows = errors[errors["year"] == errors["year"].max()]
    return _(
        "Anslaget er ikke et målt tall: prøvd mot regnskap i {rows} kommuner bommer det typisk med {error_pct} (samme tall for "
        "alle: {plain}).",
        rows=number(len(rows)),
        error_pct=percent(rows["error_pct"].abs().median(), 0),
        plain=percent(rows["plain_error_pct"].abs().median(), 0),
    )


def _of_firms(row):
    """What is uncertain of accounts: how many firms they are, how far luck could move them, and what is shared out."""
    doubt = capital(_("ett foretak") if row["firms"] == 1 else _("{count} foretak", count=counted(int(row["firms"]))))
    if pd.notna(row["coverage_pct"]):
        covered = percent(row["coverage_pct"], 0)
        doubt += _(", med ansatte som svarer til {coverage_pct} av de private arbeidsplassene", coverage_pct=covered)
    if pd.notna(row["low_kr"]):
        doubt += _(
            ". Med et annet utvalg av slike foretak kunne tallet per ansatt vært fra {low_kr} til {high_kr} (ni av ti, "
            "bootstrap over foretak)",
            low_kr=_kr(row["low_kr"]),
            high_kr=_kr(row["high_kr"]),
        )
    elif not row["hidden"]:
        doubt += _(". Intervall er ikke gitt: det trengs ti foretak, og ingen av dem må stå for mesteparten av spredningen")
    if pd.notna(row["much_shared"]) and row["much_shared"]:
        doubt += _(". Over 20 prosent av verdien er fordelt mellom foretakenes bedrifter etter ansatte")
    return f"{doubt}."


def _none(value_creation, komm_nr, name, cells=None):
    """Why a municipality has no figures: accounts that are not shown, or too little of anything."""
    if cells is not None and len(cells) and cells["hidden"].all():
        return _("Alle næringene {name} {hidden}.", name=at(name), hidden=HIDDEN)
    own = _of(value_creation, komm_nr, ACCOUNTS)
    if len(own) and own["hidden"].iloc[-1]:
        year = own["year"].iloc[-1]
        return _("Regnskapene fra {name} for {value} {hidden}. Utgaven har ikke annet.", name=name, value=year, hidden=HIDDEN)
    return NOTHING.format(at=at(name))


def _source(source, rows):
    return f"{FROM[source]}, {years(int(rows['year'].min()), int(rows['year'].max()))}"


def _person(source):
    return _("sysselsatt") if source == ESTIMATE else _("ansatt")


def _made(source, name):
    whom = capital(whose(source, name))
    return _("{whose}: anslagsvis", whose=whom) if source == ESTIMATE else f"{whom}:"


def _kr(value, rounded=-3):
    return _("{word}\N{NO-BREAK SPACE}kr", word=number(round(value, rounded)))


def _signed(value):
    return _("{value} kr", value=number(round(value, -2), 0, sign=True))
