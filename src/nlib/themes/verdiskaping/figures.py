"""The figures of the page on value creation: per employee and in all, the gap to the nation, industries, largest firms, the error.

Each function takes contract tables and gives a Chart, or Missing with the reason. A figure shows figures of one kind only, and
names it: firms' wage costs + operating result (accounts or Telemarksforsking's table, net of depreciation), or an estimate of
SSB's gross value added. The first two are of firms registered in the municipality, the estimate of the jobs there.
"""

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Missing
from nlib.charts.form import Panels, capital
from nlib.charts.lines import Lines
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import at, counted, listed, number, percent, years
from nlib.core.translations import _

ACCOUNTS, PUBLISHED, ESTIMATE = "regnskap", "Telemarksforsking", "beregnet"
METHOD = {
    ACCOUNTS: _("Metode: foretakenes regnskap, lønnskostnader pluss driftsresultat (avskrivninger er trukket fra)."),
    PUBLISHED: _("Metode: Telemarksforskings tabell, lønnskostnader pluss driftsresultat (avskrivninger er trukket fra)."),
    ESTIMATE: _(
        "Metode: beregnet anslag på SSBs bruttoprodukt, fylkets verdi per sysselsatt i hver næring ganger sysselsatte her, "
        "privat og offentlig (avskrivninger er ikke trukket fra)."
    ),
}
FROM = {
    ACCOUNTS: _("Foretakenes regnskap (tatt inn)"),
    PUBLISHED: _("Telemarksforsking (tatt inn)"),
    ESTIMATE: _("Beregnet av nlib fra SSB, tabell 11713 og 08536"),
}
SHORT = {ACCOUNTS: _(ACCOUNTS), PUBLISHED: "Telemarksforsking", ESTIMATE: _("beregnet anslag")}
NOTHING = _(
    "Utgaven har ingen tall for verdiskapingen til foretak registrert {at}: regnskap og Telemarksforskings tabell er "
    "ikke tatt inn, og SSBs tall for bruttoprodukt, som et anslag kan regnes av, er ikke hentet."
)
SHOWN = 10  # industries drawn
ALIKE = 500  # kr that nobody would call a difference
COVERED = 0.5  # of the employees must be in industries that are shown, or the accounts are not the ones shown by industry
SIZES = {_("under 50"): (0, 50), "50–199": (50, 200), _("200 og flere"): (200, np.inf)}  # employees in the accounts
HIDDEN = _("vises ikke: færre enn tre foretak, ett foretak som står for nesten alt, eller et tall som ville røpet et slikt")
REST = _("Andre næringer")
COUNTYS = _("Delen innen næringene er her fylkets avstand til landet, ikke kommunens egen: anslaget bruker fylkets tall.")


def per_employee(
    value_creation: pd.DataFrame, value_creation_error: pd.DataFrame, names: dict[str, str], komm_nr: str
) -> Chart | Missing:
    """Value creation per employee against the nation's, and in all in current and in fixed prices, year by year."""
    id, name = "verdiskaping.per_employee", names[komm_nr]
    best = _best(value_creation, komm_nr, "best_per_employee", "per_employee_kr")
    if best.empty:
        return Missing(id, _("Verdiskaping per ansatt"), _none(value_creation, komm_nr, name))
    last, source = best.iloc[-1], best["source"].iloc[0]
    rows = best.set_index("year").assign(
        own=lambda told: told["per_employee_kr"] / 1000,
        nation=lambda told: told["nation_per_employee_kr"] / 1000,
        own_real=lambda told: told["own"] * told["price_factor"],
        nation_real=lambda told: told["nation"] * told["price_factor"],
        real=lambda told: told["value_added_mnok"] * told["price_factor"],
    )
    fixed, whole = rows["own_real"].notna().any(), rows["value_added_mnok"].notna().any()
    decimals = 1 if whole and rows["value_added_mnok"].abs().max() < 20 else 0
    prices = {"own_real": _("Her, faste priser"), "nation_real": _("Landet, faste priser")} if fixed else {}
    share = {"share_pct": _("Andel av landet, prosent")} if rows["share_pct"].notna().any() else {}
    each = Lines(
        heading=_("1 000 kr per {source}, løpende priser", source=_person(source)),
        rows=rows,
        lines={"own": (_("her"), "own"), "nation": (_("landet"), "nation")},
        unit=_("1 000 kr"),
        broken=source == ESTIMATE,
        also=prices,
        precise=dict.fromkeys(prices, 0),
    )
    in_all = Lines(
        heading=_("I alt, mill. kr"),
        rows=rows,
        lines={"value_added_mnok": (_("løpende"), "own"), "real": ("faste", "second")},
        unit=_("mill. kr"),
        decimals=decimals,
        broken=source == ESTIMATE,
        also=share | {"employees": capital(_people(source))},
        precise=dict.fromkeys(share, _decimals(rows["share_pct"].abs().max())) if share else {},
    )
    return Panels(forms=[each, in_all] if whole else [each]).chart(
        id,
        per_employee_sentence(last, name),
        _(
            "{method} Verdiskapingen er delt på antall {source}; {source2}. ",
            method=METHOD[source],
            source=_people(source),
            source2=_nation_of(source, last),
        )
        + (_("Til høyre er den i alt: {last}. ", last=total_sentence(last, _real_growth(rows))) if whole else "")
        + (
            _("Faste priser er {best}-priser (KPI).", best=_price_year(best))
            if fixed
            else _("Faste priser mangler: prisindeksen er ikke hentet.")
        )
        + _(" Skalaen begynner ikke på null."),
        _doubt(last, value_creation_error, value_creation),
        _source(source, best, fixed),
    )


def gap(
    value_creation_gap: pd.DataFrame,
    value_creation: pd.DataFrame,
    value_creation_error: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Chart | Missing:
    """The gap to the nation per employee by year, split in industry mix and within industries; the symmetric split in the table."""
    id, name = "verdiskaping.gap", names[komm_nr]
    told = parts_of(value_creation, komm_nr)
    if told.empty:
        cells = cells_of(value_creation_gap, value_creation, komm_nr)
        return Missing(id, _("Avstanden til landet"), _no_gap(value_creation, cells, komm_nr, name))
    source = told["source"].iloc[0]
    cells = value_creation_gap[(value_creation_gap["komm_nr"] == komm_nr) & (value_creation_gap["source"] == source)]
    shapley = cells.groupby("year")[["mix_shapley_kr", "within_shapley_kr"]].sum(skipna=False)
    split = (told.set_index("year")[["mix_kr", "within_kr"]] / 1000).round(1)  # as written, so that they sum to what is written
    rows = split.join(shapley / 1000)
    rows = rows.assign(gap=rows["mix_kr"] + rows["within_kr"]).join(told.set_index("year")["comparable"])
    both = pd.notna(rows["mix_shapley_kr"].iloc[-1])  # an industry that is not shown leaves the plain one alone
    symmetric = {"mix_shapley_kr": _("Sammensetning, Shapley"), "within_shapley_kr": _("Innen, Shapley")} if both else {}
    whole, mix, within = (1000 * rows[part].iloc[-1] for part in ("gap", "mix_kr", "within_kr"))
    form = Lines(
        heading=_("Avstand til landet, 1 000 kr per {source}", source=_person(source)),
        rows=rows,
        lines={"gap": ("avstand", "own"), "mix_kr": ("sammensetning", "second"), "within_kr": (_("innen næringene"), "third")},
        unit=_("1 000 kr"),
        decimals=1,
        sign=True,
        level=0,
        broken=source == ESTIMATE,
        also=symmetric,
        precise=dict.fromkeys(symmetric, 1),
    )
    return form.chart(
        id,
        gap_sentence(whole, name, source),
        _(
            "Avstanden i {year} er {mix} av sammensetningen og {within} innen næringene. ",
            year=int(rows.index[-1]),
            mix=_signed(mix),
            within=_signed(within),
        )
        + _(
            "{method} Linjen med merker er avstanden til landet. «Sammensetning» er at det er mer eller mindre av næringer "
            "med høy verdiskaping her, «innen» er at verdiskapingen i samme næring er høyere eller lavere enn i landet. De "
            "to summerer til avstanden. ",
            method=METHOD[source],
        )
        + (
            _("Tabellen har også en symmetrisk deling (Shapley), som fordeler samspillet likt.")
            if both
            else _("Symmetrisk deling (Shapley) av næringer {hidden}.", hidden=HIDDEN)
        ),
        (f"{COUNTYS} " if source == ESTIMATE else "") + _doubt(told.iloc[-1], value_creation_error, value_creation),
        _source(source, told),
    )


def pulls(value_creation_gap: pd.DataFrame, value_creation: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """The industries that pull value creation per employee most up and down against the nation, with the part that is within."""
    id, heading, name = "verdiskaping.pulls", _("Næringene som trekker opp og ned"), names[komm_nr]
    cells = cells_of(value_creation_gap, value_creation, komm_nr)
    rows = cells.dropna(subset=["mix_shapley_kr", "within_shapley_kr"])
    if rows.empty:
        return Missing(id, heading, _no_gap(value_creation, cells, komm_nr, name))
    year, source = int(rows["year"].max()), rows["source"].iloc[0]
    everybody = cells.loc[cells["year"] == year, "employees"].sum()
    rows = rows[rows["year"] == year].assign(
        mix=lambda told: told["mix_shapley_kr"] / 1000,
        within=lambda told: told["within_shapley_kr"] / 1000,
        pull=lambda told: told["mix"] + told["within"],
        share=lambda told: 100 * told["employees"] / everybody,
    )
    rows = rows.sort_values(["pull", "industry"], ascending=[False, True], kind="stable")
    shown = pd.concat([rows[rows["pull"] >= 0.5].head(SHOWN // 2), rows[rows["pull"] <= -0.5].tail(SHOWN // 2)])
    if shown.empty:
        return Missing(id, heading, _("Ingen næring {name} skiller seg fra landet i {year}.", name=at(name), year=year))
    sums = ["pull", "mix", "within", "share", "nation_share_pct"]
    table, rest = _named(shown, sums), rows.drop(shown.index)
    table = _and_rest(table, rest[sums].sum()) if len(rest) else table
    written = [f"{number(one.pull, 1, sign=True)} ({number(one.within, 1, sign=True)})" for one in table.itertuples()]
    form = Bars(
        heading=_("Bidrag til avstanden, 1 000 kr (innen næringen)"),
        rows=table.assign(text=written),
        parts={"pull": ("bidrag", "own")},
        marks={"within": (_("av det: innen næringen"), "second")},
        texts="text",
        rest=len(rest) > 0,
        unit=_("1 000 kr"),
        decimals=1,
        sign=True,
        also={"mix": _("Sammensetning"), "share": _("Andel ansatte, prosent"), "nation_share_pct": _("Landet, prosent")},
        precise={"mix": 1, "share": 1, "nation_share_pct": 1},
    )
    return form.chart(
        id,
        pulls_sentence(shown.assign(industry=shown["industry"].map(_))),
        _(
            "{method} Stolpen er hvor mye næringen trekker verdiskapingen per {source} opp eller ned mot landet: både hvor "
            "stor den er her (målt mot landets snitt) og hva den skaper. Merket er den delen som er innen næringen. Delingen "
            "er symmetrisk (Shapley); de som trekker mest, er vist hver for seg.",
            method=METHOD[source],
            source=_person(source),
        ),
        _("Bidragene har ikke noe intervall.") + _not_shown(cells, year) + (f" {COUNTYS}" if source == ESTIMATE else ""),
        _source(source, rows),
    )


def industries(
    value_creation_gap: pd.DataFrame, value_creation: pd.DataFrame, names: dict[str, str], komm_nr: str
) -> Chart | Missing:
    """The industries with most value creation, and what each makes per employee here and in the nation."""
    id, name = "verdiskaping.industries", names[komm_nr]
    cells = cells_of(value_creation_gap, value_creation, komm_nr)
    rows = cells[cells["value_added_mnok"].notna() & (cells["value_added_mnok"] != 0)]
    if rows.empty:
        return Missing(id, _("De største næringene"), _none(value_creation, komm_nr, name, _("etter næring")))
    year, source = int(rows["year"].max()), rows["source"].iloc[0]
    rows = rows[rows["year"] == year].sort_values(["value_added_mnok", "industry"], ascending=[False, True], kind="stable")
    whole = _of(value_creation, komm_nr, source).set_index("year").at[year, "value_added_mnok"]
    rows = rows.assign(
        share=100 * rows["value_added_mnok"] / whole,
        per=1000 * rows["value_added_mnok"] / rows["employees"].where(rows["employees"] > 0),
        nation=rows["nation_per_employee_kr"] / 1000,
    )
    sums = ["value_added_mnok", "share", "employees"]
    table, rest = _named(rows.head(SHOWN), [*sums, "per", "nation"]), rows.iloc[SHOWN:]
    table = _and_rest(table, rest[sums].sum()) if len(rest) else table
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
        rest=len(rest) > 0,
        unit=_("mill. kr"),
        decimals=decimals,
        also={
            "share": _("Andel, prosent"),
            "employees": capital(_people(source)),
            "per": _("1 000 kr per {source}", source=_person(source)),
            "nation": _("Landet, 1 000 kr per {source}", source=_person(source)),
        },
        precise={"share": 1, "per": 0, "nation": 0},
    )
    return form.chart(
        id,
        industries_sentence(rows.assign(industry=rows["industry"].map(_)), whole, name, year, source),
        _(
            "{method} Stolpen er næringens verdiskaping i {year}. I parentes står verdiskapingen per {source} her, og så i "
            "landet, i 1 000 kr.",
            method=METHOD[source],
            year=year,
            source=_person(source),
        ),
        (
            _("Anslaget har ikke noe intervall, og sier ikke om foretakene her gjør det bedre enn fylkets. ")
            if source == ESTIMATE
            else _("Tallene har ikke noe intervall.{cells} ", cells=_not_shown(cells, year))
        )
        + _("Hvilken næring en virksomhet hører til, følger SSBs næringskoder."),
        _source(source, rows),
    )


def concentration(value_creation: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """How many firms the accounts have, whether the three largest have more than half, and value per employee."""
    id, name = "verdiskaping.concentration", names[komm_nr]
    told = _of(value_creation, komm_nr, ACCOUNTS)
    told = told[told["firms"] > 0]
    if told.empty:
        return Missing(
            id,
            _("De største foretakene"),
            _(
                "Regnskap med lønnskostnader, driftsresultat og ansatte for foretak registrert {name} er ikke tatt inn. "
                "Regnskap fra kommuner som siden er delt, kan ikke plasseres.",
                name=at(name),
            ),
        )
    rows = told.set_index("year").assign(
        own=lambda told: told["per_employee_kr"] / 1000,
        three=lambda told: told["three_over_half"].map({True: _("over halvparten"), False: _("halvparten eller mindre")}),
        shared=lambda told: told["much_shared"].map({True: _("over 20 prosent"), False: _("20 prosent eller mindre")}),
    )
    firms = Lines(
        heading=_("Foretak i regnskapene"),
        rows=rows,
        lines={"firms": ("foretak", "second")},
        marked=True,
        also={
            "employees": _("Ansatte"),
            "three": _("De tre største"),
            "value_added_mnok": _("Mill. kr"),
            "shared": _("Fordelt etter ansatte"),
        },
        precise={"value_added_mnok": 1},
    )
    each = Lines(heading=_("1 000 kr per ansatt"), rows=rows, lines={"own": (_("alle"), "own")}, unit=_("1 000 kr"))
    return Panels(forms=[firms, each] if rows["own"].notna().any() else [firms]).chart(
        id,
        concentration_sentence(told.iloc[-1], name),
        _(
            "{method} Antall foretak med fullstendige tall, og verdiskaping per ansatt i dem alle. De tre største er regnet "
            "av foretakene med verdiskaping over null. Hvor mye de har, og tallet uten det største, vises ikke: det ville "
            "røpet ett foretak.",
            method=METHOD[ACCOUNTS],
        )
        + (_(" Verdiskapingen {hidden}.", hidden=HIDDEN) if told.iloc[-1]["hidden"] else ""),
        _of_firms(told.iloc[-1], value_creation),
        _source(ACCOUNTS, told),
    )


def error(value_creation_error: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """How far the method of the estimate misses where firms' accounts are known, by size, against the same figure for everybody."""
    id, name = "verdiskaping.error", names[komm_nr]
    if value_creation_error.empty:
        return Missing(
            id,
            _("Hvor mye anslaget bommer"),
            _(
                "Metoden bak anslaget kan ikke prøves i denne utgaven: det trengs både regnskap og SSBs tall for "
                "bruttoprodukt for samme år."
            ),
        )
    year = int(value_creation_error["year"].max())
    rows = value_creation_error[value_creation_error["year"] == year]
    classes = {_("alle"): (0, np.inf)} | SIZES
    within = {label: rows[(rows["employees"] >= low) & (rows["employees"] < high)] for label, (low, high) in classes.items()}
    table = pd.DataFrame(
        {
            label: {
                "estimate": of["error_pct"].abs().median(),
                "plain": of["plain_error_pct"].abs().median(),
                "ninety": of["error_pct"].abs().quantile(0.9),
                "places": len(of),
            }
            for label, of in within.items()
            if len(of)
        }
    ).T.rename_axis(_("Ansatte i regnskapene"))
    own = rows.loc[rows["komm_nr"] == komm_nr, "error_pct"]
    form = Bars(
        heading=_("Typisk feil (median), etter ansatte"),
        rows=table.assign(
            text=[
                _("{estimate} mot {plain}", estimate=percent(one.estimate, 0), plain=percent(one.plain, 0))
                for one in table.itertuples()
            ]
        ),
        parts={"estimate": ("anslaget", "own")},
        marks={"plain": (_("samme tall for alle"), "nation")},
        texts="text",
        unit="%",
        also={"ninety": _("Ni av ti under, prosent"), "places": _("Kommuner")},
        precise={"ninety": 0},
    )
    return form.chart(
        id,
        error_sentence(table.iloc[0]),
        _(
            "Der det finnes regnskap, er foretakenes verdiskaping holdt skjult for metoden, som bare har fått vite hvor "
            "mange ansatte de har i hver næring. Stolpen er medianen av feilen i kommunene, etter antall ansatte i "
            "regnskapene, {year}; merket er feilen av å gi alle kommuner snittet.",
            year=year,
        )
        + own_error(own.iloc[0] if len(own) else np.nan, name),
        _(
            "Nivåene er gjort like (brutto mot netto), så feilen gjelder forskjellene mellom kommuner. En del av den er få "
            "foretak som svinger. Prøven gjelder foretak; for offentlig sektor er anslaget ikke prøvd. I én av ti kommuner "
            "er feilen over {value}.",
            value=percent(table["ninety"].iloc[0], 0),
        ),
        _("Foretakenes regnskap (tatt inn) og SSB, tabell 11713, {year}. Beregnet av nlib", year=year),
    )


# -- sentences


def whose(source: str, name: str) -> str:
    """Whose value creation it is: firms' by where they are registered, the estimate's by where the jobs are."""
    return _("arbeidsplassene {name}", name=at(name)) if source == ESTIMATE else _("foretak registrert {name}", name=at(name))


def per_employee_sentence(row: pd.Series, name: str) -> str:
    """What is made per employee in the latest year, and in the nation; rounded to 1 000 kr."""
    start = _(
        "{whose} {made} {amount} per {person}",
        whose=capital(whose(row["source"], name)),
        made=_made(row["source"]),
        amount=_kr(row["per_employee_kr"]),
        person=_person(row["source"]),
    )
    nation = row["nation_per_employee_kr"]
    return start if pd.isna(nation) else _("{start} (landet {nation})", start=start, nation=_kr(nation))


def total_sentence(row: pd.Series, growth: tuple[int, float] | None) -> str:
    """Value creation in all in a year, its share of the nation's, and real growth since a year (`growth`: year and percent)."""
    value = row["value_added_mnok"]
    start = _("{value} mill. kr i {year}", value=number(value, 0 if abs(value) >= 20 else 1), year=row["year"])
    if pd.notna(row["share_pct"]):
        start += _(", {share_pct} prosent av landets", share_pct=number(row["share_pct"], _decimals(row["share_pct"])))
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


def gap_sentence(gap: float, name: str, source: str = ACCOUNTS) -> str:
    """How far a municipality is from the nation per employee; kr, rounded to 100."""
    start = f"{capital(whose(source, name))} {_made(source)}"
    far = _("like mye") if abs(gap) < ALIKE else f"{_kr(abs(gap), -2)} {_('mer') if gap > 0 else _('mindre')}"
    than = _("som") if abs(gap) < ALIKE else _("enn")
    return _("{start} {far} per {source} {than} landet", start=start, far=far, source=_person(source), than=than)


def pulls_sentence(shown: pd.DataFrame) -> str:
    """The industry that pulls most up, and the one that pulls most down; shown: `industry` and `pull` (1 000 kr), falling."""
    up, down = shown.iloc[0], shown.iloc[-1]
    rise, fall = (
        {"industry": _lower(one["industry"]), "pull": number(round(1000 * one["pull"], -2), 0, sign=True)} for one in (up, down)
    )
    if up["pull"] <= 0:
        return capital(_("{industry} trekker mest ned ({pull} kr)", **fall))
    said = capital(_("{industry} trekker mest opp ({pull} kr)", **rise))
    return said if down["pull"] >= 0 else _("{said}, {industry} mest ned ({pull})", said=said, **fall)


def industries_sentence(rows: pd.DataFrame, whole: float, name: str, year: int, source: str) -> str:
    """The industry with most value creation of those shown, and its share of the whole (mill. kr); rows fall by value creation."""
    first = rows.iloc[0]
    among = at(name) if source == ESTIMATE else _("blant {source}", source=whose(source, name))
    if first["value_added_mnok"] <= 0 or whole <= 0:
        return _("Ingen næring {among} veier opp tapene i {year}", among=among, year=year)
    guess = _("anslagsvis mest") if source == ESTIMATE else _("mest")
    start = _("{industry} skaper {guess} {among}", industry=capital(first["industry"]), guess=guess, among=among)
    share = first["share"]
    return (
        _("{start}: {share} prosent av alt", start=start, share=number(share))
        if share <= 100
        else _("{start}, mer enn hele summen", start=start)
    )


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
    return _("De tre største foretakene registrert {name} har {much} av verdiskapingen", name=at(name), much=much)


def error_sentence(row: pd.Series) -> str:
    """What the method typically misses by, against the same figure for everybody."""
    return _(
        "Anslaget bommer typisk med {estimate} prosent; samme tall for alle med {plain}",
        estimate=number(row["estimate"]),
        plain=number(row["plain"]),
    )


def own_error(own: float, name: str) -> str:
    """What the method missed by for the municipality itself, after a space; empty where it has not been tried."""
    if pd.isna(own):
        return ""
    if abs(own) < 0.5:
        return _(" For {name} traff det.", name=name)
    word = _("høyt") if own > 0 else _("lavt")
    return _(" For {name} lå det {own} prosent for {word}.", name=name, own=number(abs(own)), word=word)


# -- what is common


def best_row(value_creation: pd.DataFrame, komm_nr: str, best: str, column: str) -> pd.Series | None:
    """The latest row of the best figures a municipality has of a measure; None where it has none."""
    rows = _best(value_creation, komm_nr, best, column)
    return None if rows.empty else rows.iloc[-1]


def _best(value_creation, komm_nr, best, column):
    rows = value_creation[(value_creation["komm_nr"] == komm_nr) & value_creation[best] & value_creation[column].notna()]
    return rows.sort_values("year").reset_index(drop=True)


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
        told = own[(own["source"] == source) & (own["value_added_mnok"].fillna(0) != 0)]
        if len(told):
            return own[own["source"] == source]
    return own[:0]


def _named(rows, columns):
    """Some columns of the rows by the industries' names in the language of the page; the order stays that of bokmål."""
    return rows[columns].set_axis(pd.Index(rows["industry"].map(_), name=_("Næring")))


def _and_rest(table, sums):
    """The table with what the rows not shown have together, last."""
    return pd.concat([table, pd.DataFrame([sums], index=[REST])]).rename_axis(table.index.name)


def _real_growth(series):
    """The first year that is comparable with the last, and the real growth since, in percent; None where it cannot be told.

    The estimate is of register employment, so its growth is not measured across the break of 2015.
    """
    held = series[series["comparable"].eq(True) & (series["real"] > 0)]
    if held["source"].eq(ESTIMATE).any() and series.index[-1] >= A_ORDNINGEN:
        held = held[held.index >= A_ORDNINGEN]
    if len(held) < 2 or held.index[-1] != series.index[-1]:
        return None
    return int(held.index[0]), 100 * (held["real"].iloc[-1] / held["real"].iloc[0] - 1)


def _doubt(row, errors, value_creation):
    """What is uncertain of a municipality's latest figure, by its kind."""
    if row["source"] == ACCOUNTS:
        return _of_firms(row, value_creation)
    away = _hidden_years(value_creation, row["komm_nr"])
    if row["source"] == PUBLISHED:
        unit = (
            ""
            if row["unit_told"]
            else _(" Filen sier ikke enheten; tallene er så små at de er lest som 1 000 kr, eller så store at de er kr.")
        )
        return _(
            "Telemarksforsking oppgir ingen usikkerhet, og få store foretak kan avgjøre tallet i en liten kommune.{unit}{away}",
            unit=unit,
            away=away,
        )
    told = [_missed(errors)]
    if row["from_nation_pct"] >= 0.5:
        told.append(
            _(
                "{from_nation_pct} av verdien er anslått med landets tall, fordi fylkets mangler eller er for lite.",
                from_nation_pct=percent(row["from_nation_pct"], 0),
            )
        )
    if not row["comparable"]:
        told.append(_("En delt kommune inngår: sysselsettingen er fordelt etter folketall, og året kan ikke sammenlignes."))
    told.append(_("Fra 2015 bygger sysselsettingen på a-ordningen, så endringer over det årsskiftet er ikke målt."))
    return " ".join(told) + away


def _missed(errors):
    if errors.empty:
        return _("Anslaget er ikke et målt tall, og er ikke prøvd mot regnskap i denne utgaven.")
    rows = errors[errors["year"] == errors["year"].max()]
    return _(
        "Anslaget er ikke et målt tall: prøvd mot regnskap i {rows} kommuner bommer metoden typisk med {error_pct}.",
        rows=number(len(rows)),
        error_pct=percent(rows["error_pct"].abs().median(), 0),
    )


def _of_firms(row, value_creation):
    """What is uncertain of accounts: how many firms they are, how far luck could move them, and what is shared out."""
    told = [f"{capital(_firms(int(row['firms'])))}."]
    if pd.notna(row["coverage_pct"]):
        told = [
            _(
                "{told}, med ansatte som svarer til {coverage_pct} av de private arbeidsplassene.",
                told=told[0][:-1],
                coverage_pct=percent(row["coverage_pct"], 0),
            )
        ]
    if pd.notna(row["low_kr"]):
        told.append(
            _(
                "Med et annet utvalg av slike foretak kunne tallet per ansatt vært fra {low_kr} til {high_kr} (ni av ti, "
                "bootstrap over foretak).",
                low_kr=_kr(row["low_kr"]),
                high_kr=_kr(row["high_kr"]),
            )
        )
    elif not row["hidden"]:
        told.append(_("Intervall er ikke gitt: det trengs ti foretak, og ingen av dem må stå for mesteparten av spredningen."))
    if row["left_out"] > 0:
        told.append(_("{left_out} mangler et tall og er holdt utenfor.", left_out=capital(_firms(int(row["left_out"])))))
    if pd.notna(row["much_shared"]) and row["much_shared"]:
        told.append(_("Over 20 prosent av verdien er fordelt mellom foretakenes bedrifter etter ansatte."))
    if pd.notna(row["three_over_half"]) and row["three_over_half"]:
        told.append(_("De tre største har over halvparten: tallet sier mer om dem enn om næringslivet."))
    return " ".join(told) + _hidden_years(value_creation, row["komm_nr"])


def _hidden_years(value_creation, komm_nr):
    """The years whose accounts are not shown, and why, with a space before; nothing where all are shown."""
    rows = _of(value_creation, komm_nr, ACCOUNTS)
    told = rows.loc[rows["hidden"], "year"].astype(int).tolist()
    if not told:
        return ""
    which = years(told[0], told[-1]) if told[-1] - told[0] == len(told) - 1 else listed([str(year) for year in told])
    return _(" Regnskap for {which} {hidden}.", which=which, hidden=HIDDEN)


def _not_shown(cells, year):
    """How many industries of a year are not shown, and why, with a space before."""
    count = int((cells["hidden"] & (cells["year"] == year)).sum())
    return f" {capital(counted(count))} {_('næring') if count == 1 else _('næringer')} {HIDDEN}." if count else ""


def _firms(count):
    return _("ett foretak") if count == 1 else _("{count} foretak", count=counted(count))


def _none(value_creation, komm_nr, name, more=""):
    """Why a municipality has no figures: none at all, or accounts that are too few."""
    own = _of(value_creation, komm_nr, ACCOUNTS)
    if len(own) and own["hidden"].iloc[-1]:
        return _(
            "Regnskapene fra {name} for {value} {hidden}. Utgaven har ikke annet.",
            name=name,
            value=own["year"].iloc[-1],
            hidden=HIDDEN,
        )
    if len(own) and not own["usable"].all():
        return _(
            "Regnskapene fra {name} har ansatte som svarer til bare {value} av de private arbeidsplassene, for lite til å "
            "gi verdiskaping{word}, og utgaven har ikke annet.",
            name=name,
            value=percent(own["coverage_pct"].iloc[-1], 0),
            word=f" {more}" if more else "",
        )
    if len(own) and own["value_added_mnok"].notna().any() and not (own["employees"] > 0).any():
        return _("Foretakene i regnskapene fra {name} har ingen ansatte, så verdiskaping per ansatt finnes ikke.", name=name)
    return NOTHING.format(at=at(name))


def _no_gap(value_creation, cells, komm_nr, name):
    if len(cells) and cells["hidden"].all():
        return _("Alle næringene {name} {hidden}.", name=at(name), hidden=HIDDEN)
    if len(cells) and cells["nation_whole_kr"].isna().all():
        return _(
            "Regnskapene ligger i under halvparten av kommunene, så de gir ikke noe tall for landet å holde {name} mot, "
            "og utgaven har ikke SSBs tall, som et anslag kan regnes av.",
            name=name,
        )
    return _none(value_creation, komm_nr, name, _("etter næring"))


def _nation_of(source, row):
    if pd.isna(row["nation_per_employee_kr"]):
        return _("filene har ikke noe tall for landet")
    return {
        ACCOUNTS: _("landet er alle foretak i regnskapene"),
        PUBLISHED: _("landet er som Telemarksforsking oppgir det"),
        ESTIMATE: _("landet er alle kommuner, regnet på samme måte, uten sokkelen"),
    }[source]


def _source(source, rows, prices=False):
    told = f"{FROM[source]}, {years(int(rows['year'].min()), int(rows['year'].max()))}"
    return _("{told}. Priser: SSB, tabell 14700", told=told) if prices else told


def _person(source):
    return _("sysselsatt") if source == ESTIMATE else _("ansatt")


def _people(source):
    return _("sysselsatte") if source == ESTIMATE else _("ansatte")


def _made(source):
    return _("skapte anslagsvis") if source == ESTIMATE else _("skapte")


def _kr(value, rounded=-3):
    return _("{word} kr", word=number(round(value, rounded) if pd.notna(value) else value))


def _signed(value):
    return _("{value} kr", value=number(round(value, -2), 0, sign=True))


def _decimals(share):
    """The decimals that give a share two figures that tell: 12, 1,2, 0,12."""
    return int(np.clip(1 - np.floor(np.log10(abs(share))), 0, 4)) if share else 0


def _price_year(rows):
    return "" if rows["price_year"].isna().all() else f"{int(rows['price_year'].dropna().iloc[0])}"


def _lower(text):
    return text[:1].lower() + text[1:]
