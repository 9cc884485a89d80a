"""The figures of the page on value creation: per employee, in all, the gap to the nation, industries, the largest firms, the error.

Each function takes contract tables and gives a Chart, or Missing with the reason. A figure shows figures of one kind only, and
names it: firms' wage costs + operating result (accounts or Telemarksforsking's table, net of depreciation), or an estimate of
SSB's gross value added.
"""

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import panel_name, yearly
from nlib.charts.style import GROUP, INK, NATION, OTHER, OWN, SOFT, WIDE, axes
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import at, counted, listed, number, percent, short_name, years
from nlib.core.translations import tr

ACCOUNTS, PUBLISHED, ESTIMATE = "regnskap", "Telemarksforsking", "beregnet"
METHOD = {
    ACCOUNTS: "Metode: foretakenes regnskap, lønnskostnader pluss driftsresultat (avskrivninger er trukket fra).",
    PUBLISHED: "Metode: Telemarksforskings tabell, lønnskostnader pluss driftsresultat (avskrivninger er trukket fra).",
    ESTIMATE: "Metode: beregnet anslag på SSBs bruttoprodukt, fylkets verdi per sysselsatt i hver næring ganger sysselsatte her, "
    "privat og offentlig (avskrivninger er ikke trukket fra).",
}
FROM = {
    ACCOUNTS: "Foretakenes regnskap (tatt inn)",
    PUBLISHED: "Telemarksforsking (tatt inn)",
    ESTIMATE: "Beregnet av nlib fra SSB, tabell 11713 og 08536",
}
SHORT = {ACCOUNTS: tr(ACCOUNTS), PUBLISHED: "Telemarksforsking", ESTIMATE: "beregnet anslag"}
NOTHING = (
    "Utgaven har ingen tall for verdiskaping {at}. Ta inn regnskap eller en tabell fra Telemarksforsking med nlib import, "
    "eller hent SSB, tabell 11713 og 08536, med nlib fetch, og bygg med nlib build."
)
SHOWN = 10  # industries drawn
ALIKE = 500  # kr that nobody would call a difference
COVERED = 0.5  # of the employees must be in industries that are shown, or the accounts are not the ones shown by industry
SIZES = {"under 50": (0, 50), "50–199": (50, 200), "200 og flere": (200, np.inf)}  # employees in the accounts
OWN_LINE = {"color": OWN, "marker": "o"}
NATION_LINE = {"color": NATION, "lw": 1.4}
OTHER_LINE = {"color": GROUP, "lw": 1.4, "ls": "--"}
HIDDEN = "vises ikke: færre enn tre foretak, ett foretak som står for nesten alt, eller et tall som ville røpet et slikt"


def per_employee(
    value_creation: pd.DataFrame,
    value_creation_error: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """Value creation per employee against the nation's, year by year, in current and in fixed prices."""
    id, heading = "verdiskaping.per_employee", "Verdiskaping per ansatt"
    name = _names(municipalities)[komm_nr]
    rows = _best(value_creation, komm_nr, "best_per_employee", "per_employee_kr")
    if rows.empty:
        return Missing(id, heading, _none(value_creation, komm_nr, name))
    last, source = rows.iloc[-1], rows["source"].iloc[0]
    series = _every_year(rows)
    for whose, column in (("own", "per_employee_kr"), ("nation", "nation_per_employee_kr")):
        series[whose] = series[column] / 1000
        series[f"{whose}_real"] = series[whose] * series["price_factor"]
    fixed = series["own_real"].notna().any()

    def draw(figure, narrow):
        panels = _panels(figure, narrow, 0.55, 1.1, 0.3) if fixed else [axes(figure, 0.55, 1.1, 0.3, 0.28)]
        titles = ["1 000 kr, løpende priser", f"1 000 kr, {_price_year(rows)}-priser"]
        for axis, end, title in zip(panels, ("", "_real"), titles, strict=False):
            lines = [(f"nation{end}", f"landet {_end(series[f'nation{end}'])}", NATION_LINE)]
            lines = lines if series[f"nation{end}"].notna().any() else []
            yearly(axis, series, [*lines, (f"own{end}", f"her {_end(series[f'own{end}'])}", OWN_LINE)], broken=source == ESTIMATE)
            panel_name(axis, title)

    return Chart(
        id=id,
        title=per_employee_sentence(last, name),
        reading=f"{METHOD[source]} Verdiskapingen er delt på antall {_people(source)}; {_nation_of(source, last)}. "
        f"{'Til venstre i løpende kroner, til høyre' if fixed else 'Faste priser mangler: tabellen over'} "
        f"{f'uten prisstigning (KPI, {_price_year(rows)}-priser)' if fixed else 'konsumpriser (SSB 14700) er ikke hentet'}. "
        "Skalaen begynner ikke på null.",
        alt=f"Linjefigur for {name}, {years(int(rows['year'].iloc[0]), int(last['year']))}. Verdiskaping per {_person(source)} i "
        f"{last['year']}: {_kr(last['per_employee_kr'])} her, {_kr(last['nation_per_employee_kr'])} i landet.",
        uncertainty=_doubt(last, value_creation_error, value_creation),
        source=_source(source, rows, fixed),
        table=_headed(
            series.reset_index().assign(year=series.index.astype(str)),
            year="År",
            own=f"{name}, 1 000 kr",
            nation="Landet, 1 000 kr",
            own_real=f"{name}, faste priser",
            nation_real="Landet, faste priser",
        ),
        draw=draw,
        height=(2.35, 4.7) if fixed else (2.35, 2.5),
        decimals=dict.fromkeys((f"{name}, 1 000 kr", "Landet, 1 000 kr", f"{name}, faste priser", "Landet, faste priser"), 1),
        synthetic=synthetic,
    )


def total(
    value_creation: pd.DataFrame,
    value_creation_error: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """Value creation in all, in current and in fixed prices, and its share of the nation's, year by year."""
    id, heading = "verdiskaping.total", "Samlet verdiskaping"
    name = _names(municipalities)[komm_nr]
    rows = _best(value_creation, komm_nr, "best_total", "value_added_mnok")
    if rows.empty:
        return Missing(id, heading, _none(value_creation, komm_nr, name, "samlet "))
    last, source = rows.iloc[-1], rows["source"].iloc[0]
    series = _every_year(rows)
    series["real"] = series["value_added_mnok"] * series["price_factor"]
    shares, fixed = series["share_pct"].notna().any(), series["real"].notna().any()
    share_decimals = _decimals(series["share_pct"].abs().max()) if shares else 0
    decimals = 0 if series["value_added_mnok"].abs().max() >= 20 else 1

    def draw(figure, narrow):
        panels = _panels(figure, narrow, 0.6, 1.15, 0.3) if shares else [axes(figure, 0.6, 1.15, 0.3, 0.28)]
        current = f"løpende {_end(series['value_added_mnok'], decimals)}"
        lines: list[tuple[str, str, dict]] = [("value_added_mnok", current, OWN_LINE)]
        if fixed:
            lines.insert(0, ("real", f"faste {_end(series['real'], decimals)}", OTHER_LINE))
        yearly(panels[0], series, lines, decimals=decimals, broken=source == ESTIMATE)
        panel_name(panels[0], "Verdiskaping, mill. kr")
        if shares:
            end = f"her {_end(series['share_pct'], share_decimals)}"
            yearly(panels[1], series, [("share_pct", end, OWN_LINE)], decimals=share_decimals, broken=source == ESTIMATE)
            panel_name(panels[1], "Andel av landet, prosent")

    return Chart(
        id=id,
        title=total_sentence(last, _real_growth(series), name),
        reading=f"{METHOD[source]} "
        + (f"Linjen med merker er i løpende kroner, den stiplede i {_price_year(rows)}-priser (KPI). " if fixed else "")
        + ("Til høyre er andelen av landets, av samme slags tall." if shares else _no_share(source)),
        alt=f"Linjefigur for {name}, {years(int(rows['year'].iloc[0]), int(last['year']))}. I {last['year']}: "
        f"{number(last['value_added_mnok'], decimals)} mill. kr, {percent(last['share_pct'], share_decimals or 1)} av landets.",
        uncertainty=_doubt(last, value_creation_error, value_creation),
        source=_source(source, rows, fixed),
        table=_headed(
            series.reset_index().assign(year=series.index.astype(str)),
            year="År",
            value_added_mnok="Mill. kr",
            real="Mill. kr, faste priser",
            share_pct="Andel av landet, prosent",
            employees=_people(source).capitalize(),
        ),
        draw=draw,
        height=(2.35, 4.7) if shares else (2.35, 2.5),
        decimals={"Mill. kr": 1, "Mill. kr, faste priser": 1, "Andel av landet, prosent": max(2, share_decimals)},
        synthetic=synthetic,
    )


def gap(
    value_creation_gap: pd.DataFrame,
    value_creation: pd.DataFrame,
    value_creation_error: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """The gap to the nation per employee by year, split in industry mix and within industries, plain and symmetric (Shapley)."""
    id, heading = "verdiskaping.gap", "Avstanden til landet"
    name = _names(municipalities)[komm_nr]
    told = _parts(value_creation, komm_nr)
    if told.empty:
        return Missing(id, heading, _no_gap(value_creation, _cells(value_creation_gap, value_creation, komm_nr), komm_nr, name))
    source = told["source"].iloc[0]
    cells = value_creation_gap[(value_creation_gap["komm_nr"] == komm_nr) & (value_creation_gap["source"] == source)]
    shapley = cells.groupby("year")[["mix_shapley_kr", "within_shapley_kr"]].sum(skipna=False)
    rows = told.set_index("year")[["mix_kr", "within_kr"]].join(shapley) / 1000
    rows = rows.assign(gap=rows["mix_kr"] + rows["within_kr"]).join(told.set_index("year")["comparable"])
    both = pd.notna(rows["mix_shapley_kr"].iloc[-1])  # an industry that is not shown leaves the plain one alone
    series = rows.reindex(pd.RangeIndex(rows.index.min(), rows.index.max() + 1, name="year"))
    year, last = int(rows.index[-1]), rows.iloc[-1]

    def draw(figure, narrow):
        panels = _panels(figure, narrow, 0.5, 1.4, 0.3) if both else [axes(figure, 0.5, 1.4, 0.3, 0.28)]
        for axis, end, title in zip(panels, ("_kr", "_shapley_kr"), ("Enkel deling", "Symmetrisk (Shapley)"), strict=False):
            lines = [
                (f"mix{end}", f"sammensetning {number(last[f'mix{end}'], 0, sign=True)}", OTHER_LINE),
                (f"within{end}", f"innen {number(last[f'within{end}'], 0, sign=True)}", NATION_LINE),
                ("gap", f"avstand {number(last['gap'], 0, sign=True)}", OWN_LINE),
            ]
            yearly(axis, series, lines, also=0, broken=source == ESTIMATE)
            axis.axhline(0, color=SOFT, lw=0.8)
            panel_name(axis, f"{title}, 1 000 kr")

    return Chart(
        id=id,
        title=gap_sentence(1000 * last["gap"], 1000 * last["mix_kr"], 1000 * last["within_kr"], name, year, source),
        reading=f"{METHOD[source]} Linjen med merker er avstanden til landet per {_person(source)}. «Sammensetning» er at kommunen "
        "har mer eller mindre av næringer med høy verdiskaping, «innen» er at verdiskapingen i samme næring er høyere eller lavere "
        "enn i landet. "
        + (
            "Begge delinger summerer til avstanden; den symmetriske fordeler samspillet likt."
            if both
            else f"De to summerer til avstanden. Symmetrisk deling (Shapley) av næringer {HIDDEN}."
        ),
        alt=f"Linjefigur for {name}, {years(int(rows.index[0]), year)}. I {year}, i 1 000 kr per {_person(source)}: avstand "
        f"{number(last['gap'], 1, sign=True)}; enkel deling: sammensetning {number(last['mix_kr'], 1, sign=True)}, innen "
        f"{number(last['within_kr'], 1, sign=True)}"
        + (
            f"; Shapley: sammensetning {number(last['mix_shapley_kr'], 1, sign=True)}, innen "
            f"{number(last['within_shapley_kr'], 1, sign=True)}."
            if both
            else "."
        ),
        uncertainty=(
            "Delen innen næringene er her fylkets avstand til landet, ikke kommunens egen: anslaget bruker fylkets tall. "
            if source == ESTIMATE
            else ""
        )
        + _doubt(told.iloc[-1], value_creation_error, value_creation),
        source=_source(source, rows.reset_index()),
        table=_headed(
            rows.reset_index().assign(year=rows.index.astype(str)),
            year="År",
            gap="Avstand, 1 000 kr",
            mix_kr="Sammensetning",
            within_kr="Innen næringene",
            **({"mix_shapley_kr": "Sammensetning, Shapley", "within_shapley_kr": "Innen, Shapley"} if both else {}),
        ),
        draw=draw,
        height=(2.35, 4.7) if both else (2.35, 2.5),
        decimals=dict.fromkeys(
            ("Avstand, 1 000 kr", "Sammensetning", "Innen næringene", "Sammensetning, Shapley", "Innen, Shapley"), 1
        ),
        synthetic=synthetic,
    )


def pulls(
    value_creation_gap: pd.DataFrame,
    value_creation: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """The industries that pull value creation per employee most up and down against the nation, with the part that is within."""
    id, heading = "verdiskaping.pulls", "Næringene som trekker opp og ned"
    name = _names(municipalities)[komm_nr]
    cells = _cells(value_creation_gap, value_creation, komm_nr)
    rows = cells.dropna(subset=["mix_shapley_kr", "within_shapley_kr"]) if len(cells) else cells
    if rows.empty:
        return Missing(id, heading, _no_gap(value_creation, cells, komm_nr, name))
    year, source = int(rows["year"].max()), rows["source"].iloc[0]
    everybody = cells.loc[cells["year"] == year, "employees"].sum()
    rows = rows[rows["year"] == year].assign(
        pull=lambda told: (told["mix_shapley_kr"] + told["within_shapley_kr"]) / 1000,
        mix=lambda told: told["mix_shapley_kr"] / 1000,
        within=lambda told: told["within_shapley_kr"] / 1000,
    )
    rows = rows.sort_values(["pull", "industry"], ascending=[False, True], kind="stable").assign(industry=_told_industries)
    up, down = rows[rows["pull"] >= 0.5].head(SHOWN // 2), rows[rows["pull"] <= -0.5].tail(SHOWN // 2)
    shown = pd.concat([up, down])
    if shown.empty:
        return Missing(id, heading, f"Ingen næring {at(name)} skiller seg fra landet i {year}.")

    def draw(figure, narrow):
        axis = axes(figure, 1.75 if narrow else 2.2, 0.35, 0.3, 0.12)
        at = np.arange(len(shown))
        values, within = shown["pull"].to_numpy(float), shown["within"].to_numpy(float)
        for bar, value in zip(
            axis.barh(at, values, height=0.6, color=np.where(values > 0, OWN, "white"), edgecolor=OWN), values, strict=True
        ):
            bar.set_hatch("" if value > 0 else "////")
        axis.plot(within, at, ls="", marker="D", ms=6, color=GROUP, mec="white", zorder=4)
        for row, (value, inside) in enumerate(zip(values, within, strict=True)):
            far = max(value, inside, 0) if value > 0 else min(value, inside, 0)
            beside = {"textcoords": "offset points", "va": "center", "size": 7.5, "ha": "left" if value > 0 else "right"}
            axis.annotate(number(value, 0, sign=True), (far, row), (7 if value > 0 else -7, 0), **beside)
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.set_yticks(at, shown["industry"], size=7 if narrow else 8.5)
        axis.tick_params(axis="y", labelcolor=INK)
        least, most = min(values.min(), within.min(), 0), max(values.max(), within.max(), 0)
        room = (0.32 if narrow else 0.12) * (most - least)  # for the numbers beside the bars
        axis.set(ylim=(len(shown) - 0.4, -0.6), xlim=(least - room, most + room))
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        panel_name(axis, "1 000 kr; ◆ er innen" if narrow else "Bidrag i 1 000 kr (søyle), og det som er innen næringen (◆)")

    return Chart(
        id=id,
        title=pulls_sentence(shown, name, year),
        reading=f"{METHOD[source]} Søylen er hvor mye næringen trekker verdiskapingen per {_person(source)} opp (fylt) eller ned "
        "(skravert) mot landet: både hvor stor den er her (målt mot landets snitt) og hva den skaper. Ruten (◆) er den delen som "
        "skyldes verdiskapingen innen næringen. Symmetrisk deling (Shapley); de som trekker mest, er vist.",
        alt=f"Stolpefigur for {name}, {year}, 1 000 kr per {_person(source)}: "
        + "; ".join(
            f"{one.industry} {number(one.pull, 0, sign=True)}, innen næringen {number(one.within, 0, sign=True)}"
            for one in shown.itertuples(index=False)
        )
        + ".",
        uncertainty="Bidragene har ikke noe intervall."
        + _not_shown(cells, year)
        + (" Det innen næringen er fylkets avstand til landet, ikke kommunens egen." if source == ESTIMATE else ""),
        source=_source(source, rows),
        table=_headed(
            rows.assign(share=100 * rows["employees"] / everybody),
            industry="Næring",
            pull="Bidrag, 1 000 kr",
            mix="Sammensetning",
            within="Innen næringen",
            share="Andel ansatte, prosent",
            nation_share_pct="Landet, prosent",
        ),
        draw=draw,
        height=(0.75 + 0.2 * len(shown), 0.8 + 0.27 * len(shown)),
        decimals=dict.fromkeys(
            ("Bidrag, 1 000 kr", "Sammensetning", "Innen næringen", "Andel ansatte, prosent", "Landet, prosent"), 1
        ),
        synthetic=synthetic,
    )


def industries(
    value_creation_gap: pd.DataFrame,
    value_creation: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """The industries with most value creation, and what each makes per employee here and in the nation."""
    id, heading = "verdiskaping.industries", "De største næringene"
    name = _names(municipalities)[komm_nr]
    cells = _cells(value_creation_gap, value_creation, komm_nr)
    rows = cells[cells["value_added_mnok"].notna() & (cells["value_added_mnok"] != 0)] if len(cells) else cells
    if rows.empty:
        return Missing(id, heading, _none(value_creation, komm_nr, name, "", "etter næring"))
    year, source = int(rows["year"].max()), rows["source"].iloc[0]
    rows = rows[rows["year"] == year].sort_values(["value_added_mnok", "industry"], ascending=[False, True], kind="stable")
    whole = _of(value_creation, komm_nr, source).set_index("year").at[year, "value_added_mnok"]
    rows = rows.assign(
        share=100 * rows["value_added_mnok"] / whole,
        per=1000 * rows["value_added_mnok"] / rows["employees"].where(rows["employees"] > 0),
        nation=rows["nation_per_employee_kr"] / 1000,
        industry=_told_industries,
    )
    shown = rows.head(SHOWN)
    decimals = 0 if rows["value_added_mnok"].max() >= 20 else 1

    def draw(figure, narrow):
        left, low = (1.65, 0.1) if narrow else (2.0, 0.1)
        axis = axes(figure, left, 0.55 if narrow else 2.75, 0.3, low)
        at = np.arange(len(shown))
        axis.barh(at, shown["value_added_mnok"], height=0.6, color=OWN)
        for row, value in enumerate(shown["value_added_mnok"]):
            beside = {"textcoords": "offset points", "va": "center", "size": 7.5, "ha": "left"}
            axis.annotate(number(value, decimals), (max(value, 0), row), (4, 0), **beside)
        axis.set_yticks(at, shown["industry"], size=7 if narrow else 8.5)
        axis.tick_params(axis="y", labelcolor=INK)
        axis.axvline(0, color=SOFT, lw=0.8)
        axis.set(ylim=(len(shown) - 0.4, -0.6))
        axis.margins(x=0.16)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        panel_name(axis, "Verdiskaping, mill. kr")
        if narrow:
            return
        beside = axes(figure, 4.95, 0.35, 0.3, low)
        for row, (own, nation) in enumerate(zip(shown["per"], shown["nation"], strict=True)):
            beside.plot([own, nation], [row, row], color=OTHER, lw=1.2)
        beside.plot(shown["nation"], at, ls="", marker="D", ms=8, color=NATION, mfc="white")
        beside.plot(shown["per"], at, ls="", marker="o", ms=4.5, color=OWN)
        beside.set(ylim=(len(shown) - 0.4, -0.6))
        beside.set_yticks([])
        beside.margins(x=0.08)
        beside.xaxis.get_major_locator().set_params(nbins=4)
        beside.xaxis.set_major_formatter(lambda value, _: number(value))
        beside.xaxis.tick_top()
        beside.tick_params(axis="x", labelsize=7, pad=-1)
        beside.grid(axis="x")
        beside.annotate(
            f"1 000 kr per {_person(source)}: ● her, ◇ landet",
            (1, 0),
            (22, -10),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            size=7,
            color=SOFT,
        )

    return Chart(
        id=id,
        title=industries_sentence(rows, whole, name, year, source),
        reading=f"{METHOD[source]} Søylen er næringens verdiskaping i {year}. I den brede figuren og i tabellen står "
        f"verdiskapingen per {_person(source)} her og i landet."
        + (" De største er vist; tabellen har resten." if len(rows) > len(shown) else ""),
        alt=f"Stolpefigur for {name}, {year}: "
        + "; ".join(
            f"{one.industry} {number(one.value_added_mnok, decimals)} mill. kr, {number(one.per)} 1 000 kr per {_person(source)}"
            for one in shown.itertuples(index=False)
        )
        + ".",
        uncertainty=(
            "Anslaget har ikke noe intervall, og sier ikke om foretakene her gjør det bedre enn fylkets. "
            if source == ESTIMATE
            else f"Tallene har ikke noe intervall.{_not_shown(cells, year)} "
        )
        + "Hvilken næring en virksomhet hører til, følger SSBs næringskoder.",
        source=_source(source, rows),
        table=_headed(
            rows,
            industry="Næring",
            value_added_mnok="Mill. kr",
            share="Andel, prosent",
            employees=_people(source).capitalize(),
            per="1 000 kr per ansatt" if source == ACCOUNTS else "1 000 kr per sysselsatt",
            nation="Landet",
        ),
        draw=draw,
        height=(0.95 + 0.2 * len(shown), 0.8 + 0.26 * len(shown)),
        decimals={
            "Mill. kr": 1,
            "Andel, prosent": 1,
            "1 000 kr per ansatt": 0,
            "1 000 kr per sysselsatt": 0,
            "Landet": 0,
        },
        synthetic=synthetic,
    )


def concentration(
    value_creation: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """How many firms the accounts have, whether the three largest have more than half, and value per employee."""
    id, heading = "verdiskaping.concentration", "De største foretakene"
    name = _names(municipalities)[komm_nr]
    rows = _of(value_creation, komm_nr, ACCOUNTS)
    rows = rows[rows["firms"] > 0]
    if rows.empty:
        return Missing(
            id,
            heading,
            f"Utgaven har ingen regnskap fra {name} med lønnskostnader, driftsresultat og ansatte. Ta dem inn med nlib import. "
            "Regnskap fra kommuner som siden er delt, kan ikke plasseres.",
        )
    series = _every_year(rows)
    series["own"] = series["per_employee_kr"] / 1000
    last = rows.iloc[-1]
    each = series["own"].notna().any()

    def draw(figure, narrow):
        panels = _panels(figure, narrow, 0.5, 1.25, 0.3) if each else [axes(figure, 0.5, 1.25, 0.3, 0.28)]
        yearly(
            panels[0], series.astype({"firms": float}), [("firms", f"foretak {_end(series['firms'])}", OTHER_LINE)], broken=False
        )
        panel_name(panels[0], "Foretak i regnskapene")
        if each:
            yearly(panels[1], series, [("own", f"alle {_end(series['own'])}", OWN_LINE)], broken=False)
            panel_name(panels[1], "1 000 kr per ansatt")

    told = series.assign(
        three=series["three_over_half"].map({True: tr("over halvparten"), False: tr("halvparten eller mindre")}),
        shared=series["much_shared"].map({True: tr("over 20 prosent"), False: tr("20 prosent eller mindre")}),
    )
    return Chart(
        id=id,
        title=concentration_sentence(last, name),
        reading=f"{METHOD[ACCOUNTS]} Antall foretak med fullstendige tall, og verdiskaping per ansatt i dem alle. De tre største "
        "er regnet av foretakene med verdiskaping over null. Hvor mye de har, og tallet uten det største, vises ikke: det ville "
        "røpet ett foretak.",
        alt=f"Linjefigur for {name}, {years(int(rows['year'].iloc[0]), int(last['year']))}. I {last['year']}: "
        f"{_firms(int(last['firms']))}; per ansatt {_kr(last['per_employee_kr'])}.",
        uncertainty=_of_firms(last, value_creation),
        source=_source(ACCOUNTS, rows),
        table=_headed(
            told.reset_index().assign(year=series.index.astype(str)),
            year="År",
            firms="Foretak",
            employees="Ansatte",
            three="De tre største",
            value_added_mnok="Mill. kr",
            own="1 000 kr per ansatt",
            shared="Fordelt etter ansatte",
        ),
        draw=draw,
        height=(2.35, 4.7) if each else (2.35, 2.5),
        decimals=dict.fromkeys(("Mill. kr", "1 000 kr per ansatt"), 1),
        synthetic=synthetic,
    )


def error(
    value_creation_error: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """How far the method of the estimate misses where firms' accounts are known, by size, against the same figure for everybody."""
    id, heading = "verdiskaping.error", "Hvor mye anslaget bommer"
    name = _names(municipalities)[komm_nr]
    if value_creation_error.empty:
        return Missing(
            id,
            heading,
            "Metoden bak anslaget kan ikke prøves i denne utgaven: det trengs både regnskap (nlib import) og SSB, tabell 11713, "
            "for samme år.",
        )
    year = int(value_creation_error["year"].max())
    rows = value_creation_error[value_creation_error["year"] == year]
    classes = [(label, rows[(rows["employees"] >= low) & (rows["employees"] < high)]) for label, (low, high) in SIZES.items()]
    classes = [("alle", rows), *classes]
    table = pd.DataFrame(
        [
            (
                label,
                len(of),
                of["error_pct"].abs().median(),
                of["error_pct"].abs().quantile(0.9),
                of["plain_error_pct"].abs().median(),
            )
            for label, of in classes
            if len(of)
        ],
        columns=["size", "places", "estimate", "ninety", "plain"],
    )
    own = rows.loc[rows["komm_nr"] == komm_nr, "error_pct"]

    def draw(figure, narrow):
        axis = axes(figure, 1.0 if narrow else 1.35, 0.55, 0.3, 0.12)
        at = np.arange(len(table))
        for values, offset, colour, hatch in ((table["estimate"], -0.19, OWN, ""), (table["plain"], 0.19, OTHER, "////")):
            bars = axis.barh(at + offset, values, height=0.34, color=colour if not hatch else "white", edgecolor=colour)
            for bar, value in zip(bars, values, strict=True):
                bar.set_hatch(hatch)
                end = (bar.get_width(), bar.get_y() + bar.get_height() / 2)
                axis.annotate(percent(value, 0), end, (4, 0), textcoords="offset points", va="center", size=7.5)
        axis.set_yticks(at, table["size"], size=7.5 if narrow else 8.5)
        axis.tick_params(axis="y", labelcolor=INK)
        axis.set(ylim=(len(table) - 0.4, -0.6))
        axis.margins(x=0.14)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        panel_name(
            axis, "Typisk feil; fylt er anslaget" if narrow else "Typisk feil (median): anslaget (fylt) og samme tall for alle"
        )

    return Chart(
        id=id,
        title=error_sentence(table.iloc[0], name, own.iloc[0] if len(own) else np.nan),
        reading="Der det finnes regnskap, er foretakenes verdiskaping holdt skjult for metoden, som bare har fått vite hvor mange "
        f"ansatte de har i hver næring. Søylen er medianen av feilen i kommunene, etter antall ansatte i regnskapene, {year}; "
        "skravert er feilen av å gi alle kommuner snittet.",
        alt=f"Stolpefigur, {year}. "
        + "; ".join(
            f"{one.size}: {one.places} kommuner, anslaget {percent(one.estimate)}, samme tall for alle {percent(one.plain)}"
            for one in table.itertuples(index=False)
        )
        + ".",
        uncertainty="Nivåene er gjort like (brutto mot netto), så feilen gjelder forskjellene mellom kommuner. En del av den er "
        f"tilfeldigheter i få foretak. Prøven gjelder foretak; for offentlig sektor er anslaget ikke prøvd. I én av ti kommuner er "
        f"feilen over {percent(table['ninety'].iloc[0], 0)}.",
        source=f"Foretakenes regnskap (tatt inn) og SSB, tabell 11713, {year}. Beregnet av nlib",
        table=_headed(
            table,
            size="Ansatte i regnskapene",
            places="Kommuner",
            estimate="Anslaget, prosent",
            ninety="Ni av ti under, prosent",
            plain="Samme tall for alle, prosent",
        ),
        draw=draw,
        height=(1.0 + 0.34 * len(table), 1.0 + 0.36 * len(table)),
        decimals=dict.fromkeys(("Anslaget, prosent", "Ni av ti under, prosent", "Samme tall for alle, prosent"), 1),
        synthetic=synthetic,
    )


# -- sentences


def per_employee_sentence(row: pd.Series, name: str) -> str:
    """What is made per employee in a year, and how that compares with the nation; rounded to 1 000 kr."""
    guess = row["source"] == ESTIMATE
    start = (
        f"Verdiskapingen per {_person(row['source'])} {at(name)} {'er anslått til' if guess else 'var'} "
        f"{_kr(row['per_employee_kr'])} i {row['year']}"
    )
    if pd.isna(row["nation_per_employee_kr"]):
        return f"{start}; tall for landet mangler"
    own, nation = (round(row[column], -3) for column in ("per_employee_kr", "nation_per_employee_kr"))
    if own == nation:
        return f"{start}, som i landet"
    return f"{start}, {_kr(abs(own - nation))} {'over' if own > nation else 'under'} landet ({_kr(nation)})"


def total_sentence(row: pd.Series, growth: tuple[int, float] | None, name: str) -> str:
    """Value creation in all in a year, its share of the nation's, and real growth since a year (`growth`: year and percent)."""
    value = row["value_added_mnok"]
    amount = f"{number(value, 0 if abs(value) >= 20 else 1)} mill. kr"
    start = f"Verdiskapingen {at(name)} {'er anslått til' if row['source'] == ESTIMATE else 'var'} {amount} i {row['year']}"
    if pd.notna(row["share_pct"]):
        start += f", {number(row['share_pct'], _decimals(row['share_pct']))} prosent av landets"
    if growth is None:
        return start
    since, change = growth
    if abs(change) < 0.5:
        return f"{start}; uten prisstigning er den som i {since}"
    return f"{start}; uten prisstigning er den {number(abs(change))} prosent {'høyere' if change > 0 else 'lavere'} enn i {since}"


def gap_sentence(gap: float, mix: float, within: float, name: str, year: int, source: str = ACCOUNTS) -> str:
    """How far a municipality is from the nation per employee, and what of it is mix and within; kr, rounded to 100."""
    if abs(gap) < ALIKE:
        return (
            f"{name} skaper like mye per {_person(source)} som landet i {year}: {_signed(mix)} av sammensetningen av næringer og "
            + (f"{_signed(within)} innen næringene")
        )
    where = "over" if gap > 0 else "under"
    return (
        f"{name} ligger {_kr(abs(gap), -2)} {where} landet per {_person(source)} i {year}: {_signed(mix)} av sammensetningen av "
        f"næringer og {_signed(within)} innen næringene"
    )


def pulls_sentence(shown: pd.DataFrame, name: str, year: int) -> str:
    """The industry that pulls most up, and the one that pulls most down; shown: `industry` and `pull` (1 000 kr), falling."""
    up, down = shown.iloc[0], shown.iloc[-1]
    rise = f"{_lower(up['industry'])} trekker verdiskapingen {at(name)} mest opp ({_signed(1000 * up['pull'])})"
    fall = f"{_lower(down['industry'])} {{}}mest ned ({_signed(1000 * down['pull'])})"
    if up["pull"] <= 0:
        return _upper(f"{fall.format(f'trekker verdiskapingen {at(name)} ')} mot landet i {year}")
    if down["pull"] >= 0:
        return _upper(f"{rise} mot landet i {year}")
    return _upper(f"{rise} mot landet i {year}, og {fall.format('')}")


def industries_sentence(rows: pd.DataFrame, whole: float, name: str, year: int, source: str) -> str:
    """The industry with most value creation of those shown, and its share of the whole (mill. kr); rows fall by value creation."""
    first = rows.iloc[0]
    if first["value_added_mnok"] <= 0 or whole <= 0:
        return f"Ingen næring {at(name)} har samlet verdiskaping som veier opp tapene i {year}"
    value = first["value_added_mnok"]
    amount = f"{number(value, 0 if value >= 20 else 1)} mill. kr"
    guess = " etter anslaget" if source == ESTIMATE else " i regnskapene"
    start = f"{_upper(first['industry'])} skaper mest {at(name)}{guess}: {amount} i {year}"
    share = first["share"]
    return f"{start}, {number(share)} prosent av alt" if share <= 100 else f"{start}, mer enn hele summen, siden andre har tap"


def concentration_sentence(row: pd.Series, name: str) -> str:
    """Whether the three largest firms have more than half of the value creation in the accounts, or that it is not shown."""
    if row["hidden"]:
        return f"Verdiskapingen i regnskapene for {name} i {row['year']} {HIDDEN}"
    if pd.isna(row["three_over_half"]):
        return f"Ingen av foretakene i regnskapene for {name} hadde verdiskaping over null i {row['year']}"
    much = "over halvparten" if row["three_over_half"] else "halvparten eller mindre"
    if row["firms"] == 3:
        return f"Regnskapene har bare tre foretak {at(name)}, så hvert av dem avgjør tallet"
    return f"De tre største av {number(row['firms'])} foretak har {much} av verdiskapingen {at(name)}"


def error_sentence(row: pd.Series, name: str, own: float) -> str:
    """What the method typically misses by, against the same figure for everybody, and for the municipality itself."""
    start = f"Der regnskapene er kjent, bommer anslaget typisk med {number(row['estimate'])} prosent"
    against = f"; samme tall for alle ville bommet med {number(row['plain'])}"
    if pd.isna(own):
        return start + against
    here = "traff det" if abs(own) < 0.5 else f"lå det {number(abs(own))} prosent for {'høyt' if own > 0 else 'lavt'}"
    return f"{start}{against}. For {name} {here}"


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


def _parts(value_creation, komm_nr):
    """The municipality's years with a mix and a within part, of the best kind: usable accounts, the estimate, other accounts."""
    accounts, estimate = (
        _of(value_creation, komm_nr, source).dropna(subset=["mix_kr", "within_kr"]) for source in (ACCOUNTS, ESTIMATE)
    )
    return accounts if len(accounts) and (accounts["usable"].all() or estimate.empty) else estimate


def _cells(value_creation_gap, value_creation, komm_nr):
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


def _told_industries(rows):
    """The names of the industries in the language of the page; rows are in order before, so the order is that of bokmål."""
    return rows["industry"].map(tr)


def _every_year(rows):
    """The rows by every year from the first to the last."""
    return rows.set_index("year").reindex(pd.RangeIndex(rows["year"].min(), rows["year"].max() + 1, name="year"))


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


def _panels(figure, narrow, left, right, top):
    """Two panels: beside each other, or one under the other on a phone."""
    if narrow:
        half = (figure.get_size_inches()[1] - 0.34) / 2
        return axes(figure, left, right, top, half + 0.28), axes(figure, left, right, half + top, 0.28)
    return axes(figure, left, WIDE / 2 + right - 0.1, top, 0.28), axes(figure, WIDE / 2 + left + 0.1, right, top, 0.28)


def _doubt(row, errors, value_creation):
    """What is uncertain of a municipality's latest figure, by its kind."""
    if row["source"] == ACCOUNTS:
        return _of_firms(row, value_creation)
    away = _hidden_years(value_creation, row["komm_nr"])
    if row["source"] == PUBLISHED:
        unit = (
            ""
            if row["unit_told"]
            else " Filen sier ikke enheten; tallene er så små at de er lest som 1 000 kr, eller så store at de er kr."
        )
        return f"Telemarksforsking oppgir ingen usikkerhet, og få store foretak kan avgjøre tallet i en liten kommune.{unit}{away}"
    told = [_missed(errors)]
    if row["from_nation_pct"] >= 0.5:
        told.append(
            f"{percent(row['from_nation_pct'], 0)} av verdien er anslått med landets tall, fordi fylkets mangler eller er for lite."
        )
    if not row["comparable"]:
        told.append("En delt kommune inngår: sysselsettingen er fordelt etter folketall, og året kan ikke sammenlignes.")
    told.append("Fra 2015 bygger sysselsettingen på a-ordningen, så endringer over det årsskiftet er ikke målt.")
    return " ".join(told) + away


def _missed(errors):
    if errors.empty:
        return "Anslaget er ikke et målt tall, og er ikke prøvd mot regnskap i denne utgaven."
    rows = errors[errors["year"] == errors["year"].max()]
    return (
        f"Anslaget er ikke et målt tall: prøvd mot regnskap i {number(len(rows))} kommuner bommer metoden typisk med "
        f"{percent(rows['error_pct'].abs().median(), 0)}."
    )


def _of_firms(row, value_creation):
    """What is uncertain of accounts: how many firms they are, how far luck could move them, and what is shared out."""
    told = [f"{_upper(_firms(int(row['firms'])))}."]
    if pd.notna(row["coverage_pct"]):
        told = [f"{told[0][:-1]}, med ansatte som svarer til {percent(row['coverage_pct'], 0)} av de private arbeidsplassene."]
    if pd.notna(row["low_kr"]):
        told.append(
            f"Med et annet utvalg av slike foretak kunne tallet per ansatt vært fra {_kr(row['low_kr'])} til {_kr(row['high_kr'])} "
            "(intervall på 90 prosent, bootstrap over foretak)."
        )
    elif not row["hidden"]:
        told.append("Intervall er ikke gitt: det trengs ti foretak, og ingen av dem må stå for mesteparten av spredningen.")
    if row["left_out"] > 0:
        told.append(f"{_upper(_firms(int(row['left_out'])))} mangler et tall og er holdt utenfor.")
    if pd.notna(row["much_shared"]) and row["much_shared"]:
        told.append("Over 20 prosent av verdien er fordelt mellom foretakenes bedrifter etter ansatte.")
    if pd.notna(row["three_over_half"]) and row["three_over_half"]:
        told.append("De tre største har over halvparten: tallet sier mer om dem enn om næringslivet.")
    return " ".join(told) + _hidden_years(value_creation, row["komm_nr"])


def _hidden_years(value_creation, komm_nr):
    """The years whose accounts are not shown, and why, with a space before; nothing where all are shown."""
    rows = _of(value_creation, komm_nr, ACCOUNTS)
    told = rows.loc[rows["hidden"], "year"].astype(int).tolist()
    if not told:
        return ""
    which = years(told[0], told[-1]) if told[-1] - told[0] == len(told) - 1 else listed([str(year) for year in told])
    return f" Regnskap for {which} {HIDDEN}."


def _not_shown(cells, year):
    """How many industries of a year are not shown, and why, with a space before."""
    count = int((cells["hidden"] & (cells["year"] == year)).sum())
    return f" {_upper(counted(count))} {'næring' if count == 1 else 'næringer'} {HIDDEN}." if count else ""


def _firms(count):
    return "ett foretak" if count == 1 else f"{counted(count)} foretak"


def _none(value_creation, komm_nr, name, what="", more=""):
    """Why a municipality has no figures: none at all, or accounts that are too few."""
    own = _of(value_creation, komm_nr, ACCOUNTS)
    if len(own) and own["hidden"].iloc[-1]:
        return f"Regnskapene fra {name} for {own['year'].iloc[-1]} {HIDDEN}. Utgaven har ikke annet."
    if len(own) and not own["usable"].all():
        return (
            f"Regnskapene fra {name} har ansatte som svarer til bare {percent(own['coverage_pct'].iloc[-1], 0)} av de private "
            f"arbeidsplassene, for lite til å gi {what}verdiskaping{f' {more}' if more else ''}, og utgaven har ikke annet."
        )
    if len(own) and own["value_added_mnok"].notna().any() and not (own["employees"] > 0).any():
        return f"Foretakene i regnskapene fra {name} har ingen ansatte, så verdiskaping per ansatt finnes ikke."
    return NOTHING.format(at=at(name))


def _no_gap(value_creation, cells, komm_nr, name):
    if len(cells) and cells["hidden"].all():
        return f"Alle næringene {at(name)} {HIDDEN}."
    if len(cells) and cells["nation_whole_kr"].isna().all():
        return (
            f"Regnskapene ligger i under halvparten av kommunene, så de gir ikke noe tall for landet å holde {name} mot, og "
            "utgaven har ikke SSB, tabell 11713 og 08536."
        )
    return _none(value_creation, komm_nr, name, "", "etter næring")


def _no_share(source):
    if source == ACCOUNTS:
        return "Andel av landet er ikke gitt: regnskapene har under halvparten av landets private arbeidsplasser."
    return "Andel av landet er ikke kjent."


def _nation_of(source, row):
    if pd.isna(row["nation_per_employee_kr"]):
        return "filene har ikke noe tall for landet"
    return {
        ACCOUNTS: "landet er alle foretak i regnskapene",
        PUBLISHED: "landet er som Telemarksforsking oppgir det",
        ESTIMATE: "landet er alle kommuner, regnet på samme måte, uten sokkelen",
    }[source]


def _source(source, rows, prices=False):
    told = f"{FROM[source]}, {years(int(rows['year'].min()), int(rows['year'].max()))}"
    return f"{told}. Priser: SSB, tabell 14700" if prices else told


def _person(source):
    return "sysselsatt" if source == ESTIMATE else "ansatt"


def _people(source):
    return "sysselsatte" if source == ESTIMATE else "ansatte"


def _kr(value, rounded=-3):
    return f"{number(round(value, rounded) if pd.notna(value) else value)} kr"


def _signed(value):
    return f"{number(round(value, -2), 0, sign=True)} kr"


def _end(series, decimals=0):
    told = series.dropna()
    return number(told.iloc[-1] if len(told) else np.nan, decimals)


def _decimals(share):
    """The decimals that give a share two figures that tell: 12, 1,2, 0,12."""
    return int(np.clip(1 - np.floor(np.log10(abs(share))), 0, 4)) if share else 0


def _price_year(rows):
    return "" if rows["price_year"].isna().all() else f"{int(rows['price_year'].dropna().iloc[0])}"


def _upper(text):
    return text[:1].upper() + text[1:]


def _lower(text):
    return text[:1].lower() + text[1:]


def _names(municipalities):
    return {nr: short_name(name) for nr, name in zip(municipalities["komm_nr"], municipalities["name"], strict=True)}


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)
