"""The figures of the commuting page: development, partners, map, place, comparison and labour-market area.

Each function takes contract tables and gives a Chart, or Missing with the reason. Shares are in percent, 4th quarter.
"""

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import bars, panel_name, yearly
from nlib.charts.facts import employed_years, one_person, place, span
from nlib.charts.outlines import edge, meets, middle, same, window
from nlib.charts.scatter import names_beside
from nlib.charts.style import FILL, GRID, GROUP, INK, NATION, OTHER, OWN, SOFT, WIDE, axes
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import counted, listed, movement, number, percent, short_name, years

OUT, IN = {"color": OWN, "marker": "o"}, {"color": GROUP, "marker": "s"}
TOP = 10  # partners shown one by one
LABEL = 30  # percentage points that a label takes of the line of self-containment
REGISTER = (
    "Fulltelling i register, uten utvalgsfeil. Noen er registrert i en annen kommune enn der de møter fram, som ved et hovedkontor."
)
SHARED = (
    "Kommunen er berørt av en kommunedeling eller grenseendring. Tall fra før endringen er fordelt etter folketall, "
    "pendlingen mellom delene er ukjent, og årene kan ikke sammenlignes."
)
BROKEN = "Fra 2015 bygger tallene på a-ordningen, så endringer over det årsskiftet er ikke målt."
OPEN = " Området er mindre eller mer åpent enn grensene for et arbeidsmarkedsområde."
NEUTRAL = "Høy pendling er verken bra eller dårlig i seg selv, og lavere plass er ikke nødvendigvis tilbakegang."


def trend(
    commuting: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    employed_register: pd.DataFrame | None = None,
    synthetic: bool = False,
) -> Chart | Missing:
    """The shares that commute in and out, and jobs per 100 employed residents, over the years on today's municipalities.

    With `employed_register` (SSB 11618) its difference in employed residents is told.
    """
    rows, name = employed_years(commuting, komm_nr), _names(municipalities)[komm_nr]
    if rows.empty:
        return _no_figures("pendling.trend", "Utviklingen i pendling", name)
    nation = _nation(commuting)
    every = pd.RangeIndex(commuting["year"].min(), commuting["year"].max() + 1, name="year")
    series = rows.set_index("year").reindex(every).join(nation)
    gaps = [year for year in every if year not in set(rows["year"])]
    hollow = not rows["comparable"].all()
    broken = every[0] < A_ORDNINGEN <= every[-1]
    last = rows.iloc[-1]
    table = rows.merge(nation, left_on="year", right_index=True, validate="1:1")
    table = _headed(
        table.assign(year=table["year"].astype(str), comparable=table["comparable"].map({True: "ja", False: "nei"})),
        year="År",
        jobs="Arbeidsplasser",
        employed_residents="Sysselsatte innbyggere",
        in_pct="Innpendling, prosent",
        out_pct="Utpendling, prosent",
        coverage_pct="Arbeidsplassdekning, prosent",
        nation="Landet, prosent",
        median_in="Median innpendling, prosent",
        median_out="Median utpendling, prosent",
        comparable="Sammenlignbar",
    )

    def draw(figure, narrow):
        if narrow:
            shares, cover = axes(figure, 0.42, 1.2, 0.55, 2.3), axes(figure, 0.42, 1.2, 3.85, 0.28)
        else:
            shares, cover = axes(figure, 0.42, WIDE - 3.4, 0.55, 0.28), axes(figure, 5.1, 0.62, 0.55, 0.28)
        lines = [
            ("nation", f"landet {number(nation['nation'].loc[last['year']], 1)}", {"color": SOFT, "lw": 0.9, "ls": "-"}),
            ("median_in", "median inn", {"color": GROUP, "lw": 0.9, "ls": ":"}),
            ("median_out", "median ut", {"color": OWN, "lw": 0.9, "ls": ":"}),
            ("in_pct", f"innpendling {number(last['in_pct'], 1)}", IN | {"ls": "--"}),
            ("out_pct", f"utpendling {number(last['out_pct'], 1)}", OUT),
        ]
        yearly(shares, series, lines)
        yearly(cover, series, [("coverage_pct", number(last["coverage_pct"], 1), OUT | {"marker": "D"})], also=100)
        cover.axhline(100, color=SOFT, lw=0.9)
        aside = ["hule merker: ikke sammenlignbare år"] * hollow + ["brudd i 2015"] * broken
        panel_name(shares, "Andel som pendler, prosent", ", ".join(aside))
        panel_name(cover, "Arbeidsplasser per", "100 sysselsatte innbyggere", strong=True)

    missing = f" {listed([str(year) for year in gaps])} mangler og er vist som opphold i linjene." if gaps else ""
    return Chart(
        id="pendling.trend",
        title=_trend_sentence(rows, name),
        reading="Linjene til venstre viser hvor stor del av arbeidsplassene innpendlere har, og hvor stor del av de sysselsatte "
        "innbyggerne som pendler ut. Landet er alle som pendler over en kommunegrense; median er den midterste kommunen. "
        f"Til høyre er 100 like mange arbeidsplasser som sysselsatte.{missing}",
        alt=f"Linjefigur for {name}, {years(rows['year'].iloc[0], last['year'])}. "
        + " ".join(
            f"{row.year}: inn {percent(row.in_pct)}, ut {percent(row.out_pct)}, arbeidsplassdekning {percent(row.coverage_pct)}."
            for row in rows.iloc[sorted({0, len(rows) - 1})].itertuples()
        )
        + f" Landet i {last['year']}: {percent(nation['nation'].loc[last['year']])}.{missing}",
        uncertainty=_doubts(rows, " ".join(filter(None, [_elsewhere(last, employed_register), BROKEN if broken else ""]))),
        source=_source(rows["year"].iloc[0], last["year"]),
        table=table,
        draw=draw,
        height=(3.3, 5.7),
        decimals={column: 1 for column in table if "prosent" in column},
        synthetic=synthetic,
    )


def partners_out(
    commuting: pd.DataFrame, commuting_flows: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The ten municipalities where most residents work who do not work at home, and the rest together."""
    return _partners(commuting, commuting_flows, municipalities, komm_nr, synthetic, out=True)


def partners_in(
    commuting: pd.DataFrame, commuting_flows: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The ten municipalities where most of those live who have a job here but live elsewhere, and the rest together."""
    return _partners(commuting, commuting_flows, municipalities, komm_nr, synthetic, out=False)


def _partners(commuting, flows, municipalities, komm_nr, synthetic, out):
    id, heading = (
        ("pendling.partners_out", "Hvor utpendlerne arbeider") if out else ("pendling.partners_in", "Hvor innpendlerne bor")
    )
    rows, names = employed_years(commuting, komm_nr), _names(municipalities)
    name = names[komm_nr]
    if rows.empty:
        return _no_figures(id, heading, name)
    last = rows.iloc[-1]
    year = last["year"]
    of, whole = ("sysselsatte innbyggere", last["employed_residents"]) if out else ("arbeidsplasser", last["jobs"])
    here, there = ("home_nr", "work_nr") if out else ("work_nr", "home_nr")
    partners = _away(flows, komm_nr, year, here, there).rename("employed").rename_axis("komm_nr").reset_index()
    hidden, partners = partners["employed"].isna().sum(), partners[partners["employed"] > 0]
    if partners.empty:
        return Missing(id, heading, f"Ingen pendler {'ut fra' if out else 'inn til'} {name} i 4. kvartal {year}.")
    total = partners["employed"].sum()
    table = partners.head(TOP).assign(name=lambda top: top["komm_nr"].map(names).fillna(top["komm_nr"]))[["name", "employed"]]
    if others := len(partners) - TOP if len(partners) > TOP else 0:
        rest = f"{number(others)} {'annen' if others == 1 else 'andre'}"
        table.loc[len(table)] = [rest, total - table["employed"].sum()]
    table["pct"] = [np.nan if pd.isna(whole) else 100 * count / whole for count in table["employed"]]

    def draw(figure, narrow):
        axis = axes(figure, 1.3 if narrow else 1.75, 1.05 if narrow else 1.6, 0.1, 0.05)
        texts = [f"{number(count)} ({percent(share)})" for count, share in zip(table["employed"], table["pct"], strict=True)]
        bars(axis, table["name"], table["employed"], texts, OUT["color"] if out else IN["color"], 7.5 if narrow else 9, others > 0)

    first = table.iloc[0]
    listing = listed([f"{row.name} {number(row.employed)}" for row in table.itertuples(index=False)])
    return Chart(
        id=id,
        title=_partner_sentence(first["name"], first["employed"], total, name, out),
        reading=f"Hver stolpe er antall personer som {'bor her og arbeider i' if out else 'arbeider her og bor i'} kommunen, "
        f"og i parentes hvor stor del det er av alle {of} ({number(whole)}). I tillegg er det {number(last['live_and_work'])} "
        "som både bor og arbeider i kommunen.",
        alt=f"Stolper for {number(total)} {'ut' if out else 'inn'}pendlere, {year}: {listing}.",
        uncertainty=_doubts(rows.tail(1), _hidden(hidden)),
        source=_source(year, year),
        table=_headed(table, name="Kommune", employed="Personer", pct=f"Prosent av {of}"),
        draw=draw,
        height=(0.55 + 0.26 * len(table), 0.55 + 0.26 * len(table)),
        decimals={f"Prosent av {of}": 1},
        synthetic=synthetic,
    )


def flow_map(
    commuting: pd.DataFrame,
    commuting_flows: pd.DataFrame,
    municipalities: pd.DataFrame,
    outlines: dict,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """A map of the ten largest flows, both ways together; the width of a line is the number of commuters.

    outlines: number -> matplotlib Path in metres (EPSG:25833); municipalities drawn together share one.
    """
    id, heading = "pendling.flow_map", "Kart over pendlingen"
    rows, names = employed_years(commuting, komm_nr), _names(municipalities)
    name = names[komm_nr]
    if rows.empty:
        return _no_figures(id, heading, name)
    if komm_nr not in outlines:
        return Missing(id, heading, f"Grensene til {name} mangler i kartet. Kjør nlib fetch for å hente dem.")
    last = rows.iloc[-1]
    ways = [_away(commuting_flows, komm_nr, last["year"], *pair) for pair in (("home_nr", "work_nr"), ("work_nr", "home_nr"))]
    partners = ways[0].index.union(ways[1].index).rename("komm_nr")
    table = pd.DataFrame({way: flow.reindex(partners, fill_value=0) for way, flow in zip(("out", "in"), ways, strict=True)})
    table["both"] = table["out"] + table["in"]
    hidden, table = table["both"].isna().sum(), table[table["both"] > 0]
    table = table.sort_values("both", ascending=False, kind="stable").reset_index()
    if table.empty:
        return Missing(id, heading, f"Ingen pendler inn til eller ut fra {name} i 4. kvartal {last['year']}.")
    whole = table["both"].sum()
    table = table.head(TOP).assign(name=lambda top: top["komm_nr"].map(names).fillna(top["komm_nr"]))
    together = [names.get(nr, nr) for nr in sorted(outlines) if nr != komm_nr and same(outlines[nr], outlines[komm_nr])]
    drawn = table[[nr in outlines and not same(outlines[nr], outlines[komm_nr]) for nr in table["komm_nr"]]]

    def draw(figure, narrow):
        axis = axes(figure, 0.08, 0.08, 0.08, 0.04)
        axis.set_axis_off()
        width, height = figure.get_size_inches() * axis.get_position().size
        own = outlines[komm_nr]
        home = middle(own)
        ends = np.array([middle(outlines[nr]) for nr in drawn["komm_nr"]]).reshape(-1, 2)
        flows = drawn["both"].to_numpy(float)
        box = window(own, ends, flows, width / height)
        axis.set(xlim=box[:, 0], ylim=box[:, 1])
        seen = [path for path in outlines.values() if meets(path, box)]
        axis.add_collection(PathCollection(seen, facecolor=FILL, edgecolor="white", lw=0.6, antialiased=False, rasterized=True))
        axis.add_collection(
            PathCollection([own], facecolor=OWN, alpha=0.3, edgecolor=OWN, lw=1.2, antialiased=False, rasterized=True)
        )
        inside = ((ends > box[0]) & (ends < box[1])).all(axis=1)
        ends = np.array([end if near else edge(home, end, box) for end, near in zip(ends, inside, strict=True)]).reshape(-1, 2)
        for end, flow, near in zip(ends, flows, inside, strict=True):
            wide = max(0.7, 9 * flow / flows.max())
            axis.plot(*zip(home, end, strict=True), color=GROUP, lw=wide, alpha=0.75, solid_capstyle="round")
            axis.plot(*end, color=GROUP, marker="o" if near else "X", ms=4.5, mec="white", mew=0.6)
        axis.plot(*home, color=OWN, marker="D", ms=7, mec="white", zorder=7)
        labels = [name] + [
            f"{'' if near else 'mot '}{row.name}{'' if narrow else f' {number(row.both)}'}"
            for row, near in zip(drawn.itertuples(index=False), inside, strict=True)
        ]
        names_beside(axis, np.vstack([home, ends]), labels, 7 if narrow else 8.5, home)

    first = table.iloc[0]
    shared = f" {name} er tegnet sammen med {listed(together)}, og strømmen mellom dem har ingen linje." if together else ""
    return Chart(
        id=id,
        title=f"{number(first['both'])} pendler mellom {name} og {first['name']}, den største strømmen"
        if len(table) > 1
        else f"All pendling går mellom {name} og {first['name']}",
        reading=f"Jo bredere linje, jo flere pendler den ene eller den andre veien. Tallet er begge veier sammen. {name} er fylt, "
        "og linjene går mellom midtpunktene. Kryss og «mot» viser strømmer ut av kartet. Tabellen har alle navn og tall.",
        alt=f"Kart over de {counted(len(table))} største pendlingsstrømmene for {name}, begge veier, {last['year']}: "
        + listed([f"{row.name} {number(row.both)}" for row in table.itertuples(index=False)])
        + f". I alt {number(whole)}.",
        uncertainty=_doubts(rows.tail(1), f"Linjene viser ikke hvor folk reiser.{shared}{_hidden(hidden)}"),
        source=_source(last["year"], last["year"]) + ". Kart: Kartverket (CC BY 4.0)",
        table=_headed(table, name="Kommune", out="Pendler dit", **{"in": "Pendler hit"}, both="Begge veier"),
        draw=draw,
        height=(4.6, 4.2),
        synthetic=synthetic,
    )


def position(
    commuting: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Where the municipality lies among all, by the shares that commute in and out; the comparison group is named."""
    id, heading = "pendling.position", "Plassen blant kommunene"
    rows, names = employed_years(commuting, komm_nr), _names(municipalities)
    name = names[komm_nr]
    last = None if rows.empty else rows.iloc[-1]
    if last is None or pd.isna([last["in_pct"], last["out_pct"]]).any():
        return _no_figures(id, heading, name)
    year = last["year"]
    told = commuting[(commuting["year"] == year) & commuting["in_pct"].notna() & commuting["out_pct"].notna()].set_index("komm_nr")
    places = {way: place(commuting, f"{way}_pct", komm_nr, year) for way in ("out", "in")}
    median = told[["in_pct", "out_pct"]].median()
    group = told.loc[[nr for nr in compare if nr in told.index and nr != komm_nr]]

    def draw(figure, narrow):
        axis = axes(figure, 0.55, 0.1, 0.12, 0.42)
        others = told.drop(index=[komm_nr, *group.index])
        axis.scatter(others["in_pct"], others["out_pct"], s=9, color=OTHER, alpha=0.45, lw=0, rasterized=True)
        for line, value in ((axis.axvline, median["in_pct"]), (axis.axhline, median["out_pct"])):
            line(value, color=SOFT, lw=0.8, ls=(0, (4, 3)), zorder=0)
        axis.scatter(group["in_pct"], group["out_pct"], s=32, color=GROUP, marker="^", lw=0)
        axis.scatter(last["in_pct"], last["out_pct"], s=110, color=OWN, marker="D", edgecolor="white", zorder=4)
        axis.margins(0.05)
        axis.set_xlabel("Innpendling, prosent av arbeidsplassene")
        axis.set_ylabel("Utpendling, prosent av de sysselsatte" if narrow else "Utpendling, prosent av de sysselsatte innbyggerne")
        named = np.vstack([[last["in_pct"], last["out_pct"]], group[["in_pct", "out_pct"]].to_numpy(float)])
        labels = [name, *(names.get(nr, nr) for nr in group.index)]
        names_beside(axis, named, labels, 7 if narrow else 8.5)
        small = {"textcoords": "offset points", "size": 7, "color": SOFT}
        axis.annotate("median", (median["in_pct"], 1), (3, -8), xycoords=("data", "axes fraction"), **small)
        axis.annotate("median", (1, median["out_pct"]), (0, 2), xycoords=("axes fraction", "data"), ha="right", **small)

    table = told.assign(
        name=[names.get(nr, nr) for nr in told.index],
        out_rank=told["out_pct"].where(told["comparable"]).rank(method="min", ascending=False).astype("Int64"),
        in_rank=told["in_pct"].where(told["comparable"]).rank(method="min", ascending=False).astype("Int64"),
    ).sort_values("out_pct", ascending=False, kind="stable")
    seen = "".join(
        f" Siden {held.since} har plassen i {way}pendling vært {held.best}–{held.worst}."
        for way, held in zip(("ut", "inn"), places.values(), strict=True)
        if held and held.best < held.worst
    )
    return Chart(
        id=id,
        title=_position_sentence(name, places, last, median),
        reading="Hvert punkt er en kommune: lenger til høyre har innpendlere mer av jobbene, lenger opp pendler flere ut. "
        f"{name} er den mørke ruten, trekantene er sammenligningsgruppen. Nr. 1 er høyest blant "
        f"{number(told['comparable'].sum())} kommuner med sammenlignbare tall, og stiplede linjer er medianen.",
        alt=f"Spredningsfigur for {len(told)} kommuner, {year}. {name}: innpendling {percent(last['in_pct'])}, utpendling "
        f"{percent(last['out_pct'])}. Median: {percent(median['in_pct'])} og {percent(median['out_pct'])}.",
        uncertainty=_doubts(rows.tail(1), f"{NEUTRAL}{seen}"),
        source=_source(year, year),
        table=_headed(
            table,
            name="Kommune",
            out_pct="Utpendling, prosent",
            out_rank="Plass utpendling",
            in_pct="Innpendling, prosent",
            in_rank="Plass innpendling",
        ),
        draw=draw,
        height=(4.2, 4.0),
        decimals={"Utpendling, prosent": 1, "Innpendling, prosent": 1},
        synthetic=synthetic,
    )


def comparison(
    commuting: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The shares that commute in and out in the municipality, its comparison group and the median municipality."""
    id, heading = "pendling.comparison", "Sammenligningsgruppen"
    rows, names = employed_years(commuting, komm_nr), _names(municipalities)
    name = names[komm_nr]
    if rows.empty:
        return _no_figures(id, heading, name)
    last = rows.iloc[-1]
    told = commuting[commuting["year"] == last["year"]].set_index("komm_nr")
    group = told.loc[[nr for nr in compare if nr in told.index and nr != komm_nr]]
    if group.empty:
        return Missing(id, heading, f"{name} har ingen sammenligningsgruppe, fordi noen av tallene den velges etter, mangler.")
    measures = ["in_pct", "out_pct", "coverage_pct"]
    shown = pd.concat([told.loc[[komm_nr]], group])[measures]
    shown = shown.assign(name=[names.get(nr, nr) for nr in shown.index]).sort_values("out_pct", ascending=False, kind="stable")
    median = told[measures].median().to_frame("median").T.assign(name=f"Median av {told['out_pct'].notna().sum()}")
    shown = pd.concat([shown, median])

    def draw(figure, narrow):
        axis = axes(figure, 1.3 if narrow else 1.75, 0.3, 0.42, 0.28)
        low = np.arange(len(shown))
        least, most = shown[["in_pct", "out_pct"]].min(axis=1), shown[["in_pct", "out_pct"]].max(axis=1)
        own = shown.index == komm_nr
        axis.hlines(low, least, most, color=np.where(own, OWN, OTHER), lw=np.where(own, 3, 1.2))
        for column, mark in (("in_pct", IN), ("out_pct", OUT)):
            axis.scatter(shown[column], low, s=np.where(own, 75, 34), zorder=3, **mark)
        for row, (left, right) in enumerate(zip(least, most, strict=True)):
            look = {"size": 7.5, "weight": "bold" if own[row] else "normal", "va": "center", "textcoords": "offset points"}
            if pd.notna(left):
                axis.annotate(number(left), (left, row), (-7, 0), ha="right", **look)
                axis.annotate(number(right), (right, row), (7, 0), ha="left", **look)
        axis.set_yticks(low, shown["name"], color=INK, size=7.5 if narrow else 9)
        axis.get_yticklabels()[int(own.argmax())].set_weight("bold")
        axis.axhline(len(shown) - 1.5, color=GRID)
        axis.set_ylim(len(shown) - 0.5, -0.6)
        axis.margins(x=0.22 if narrow else 0.1)
        axis.xaxis.set_major_formatter(lambda value, _: number(value))
        axis.grid(axis="x")
        for text, mark, where in (("■ innpendling", IN, 0), ("● utpendling", OUT, 0.55 if narrow else 0.25)):
            look = {"color": mark["color"], "weight": "bold", "size": 7.5 if narrow else 8.5}
            axis.annotate(text, (where, 1), (0, 8), xycoords="axes fraction", textcoords="offset points", **look)

    table = _headed(
        shown.reset_index(drop=True),
        name="Kommune",
        in_pct="Innpendling, prosent",
        out_pct="Utpendling, prosent",
        coverage_pct="Arbeidsplassdekning, prosent",
    )
    return Chart(
        id=id,
        title=_comparison_sentence(last, group, name),
        reading=f"For hver kommune viser streken avstanden mellom innpendling og utpendling, i prosent. {name} er uthevet. "
        f"Gruppen er de {counted(len(group))} kommunene som ligner mest i antall sysselsatte og pendling, om ikke andre er valgt. "
        "Median er den midterste kommunen i landet.",
        alt=f"Punktfigur, {last['year']}: "
        + "; ".join(f"{row.name} inn {percent(row.in_pct)}, ut {percent(row.out_pct)}" for row in shown.itertuples(index=False))
        + ".",
        uncertainty=_doubts(rows.tail(1), f"Gruppen er valgt etter de samme tallene, så forskjellene i den er små. {NEUTRAL}"),
        source=_source(last["year"], last["year"]),
        table=table,
        draw=draw,
        height=(1.0 + 0.27 * len(shown), 1.0 + 0.27 * len(shown)),
        decimals={column: 1 for column in table if column != "Kommune"},
        synthetic=synthetic,
    )


def area(
    commuting: pd.DataFrame,
    labour_market_areas: pd.DataFrame,
    labour_market_area_figures: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    labour_market_agreement: pd.DataFrame | None = None,
    synthetic: bool = False,
) -> Chart | Missing:
    """The municipality's labour-market area: its members with their jobs, and how far those who live there also work there.

    With `labour_market_agreement` it is told how firm the areas of the country are.
    """
    id, heading = "pendling.area", "Arbeidsmarkedsområdet"
    names = _names(municipalities)
    name = names[komm_nr]
    rows = employed_years(commuting, komm_nr)
    rows = rows[rows["year"].isin(labour_market_areas.loc[labour_market_areas["komm_nr"] == komm_nr, "year"])]
    if rows.empty:
        return _no_figures(id, heading, name)
    last = rows.iloc[-1]
    year = last["year"]
    areas = labour_market_areas[labour_market_areas["year"] == year].set_index("komm_nr")
    members = areas.index[areas["area"] == areas.at[komm_nr, "area"]]
    fellows = areas.index[areas["community"] == areas.at[komm_nr, "community"]]
    region = labour_market_area_figures.set_index(["area", "year"]).loc[(areas.at[komm_nr, "area"], year)]
    area_name = short_name(region["area_name"])
    told = commuting[commuting["year"] == year].set_index("komm_nr").reindex(members)
    told = told.assign(name=[names.get(nr, nr) for nr in members]).sort_values("jobs", ascending=False, kind="stable")
    shown = _shown_members(told, komm_nr)
    alone = len(members) == 1
    supply, demand = 100 - last["out_pct"], 100 - last["in_pct"]
    held = [
        ("av de sysselsatte innbyggerne arbeider her", supply, region["supply_pct"]),
        ("av de som arbeider her, bor her også", demand, region["demand_pct"]),
    ]

    def draw(figure, narrow):
        if alone:
            shares = axes(figure, 0.3, 0.3, 0.3, 0.28)
        elif narrow:
            jobs, shares = axes(figure, 1.3, 0.7, 0.3, 2.35), axes(figure, 0.2, 0.3, figure.get_size_inches()[1] - 2.4, 0.28)
        else:
            jobs, shares = axes(figure, 1.5, WIDE - 3.7, 0.3, 0.1), axes(figure, 4.5, 0.3, 0.3, 0.28)
        if not alone:
            colours = [OWN if nr == komm_nr else OTHER for nr in shown.index]
            bars(jobs, shown["name"], shown["jobs"], [number(count) for count in shown["jobs"]], colours, 7.5 if narrow else 8.5)
            jobs.get_yticklabels()[list(shown.index).index(komm_nr)].set_weight("bold")
            panel_name(jobs, "Arbeidsplasser")
        for row, (text, own, whole) in enumerate(held):
            marks = [(own, name, {"color": OWN, "marker": "D"})] + [(whole, "området", {"color": NATION, "marker": "o"})] * (
                not alone
            )
            shares.plot([own, whole], [row, row], color=GRID, lw=4, zorder=1)
            shares.annotate(text, (0, row), (0, 12), textcoords="offset points", size=7.5, color=SOFT)
            below = {"textcoords": "offset points", "va": "top", "size": 7.5, "weight": "bold"}
            close = abs(own - whole) < LABEL
            for value, who, look in marks:
                if pd.notna(value):
                    lower = close and value == min(own, whole) and look["color"] == (OWN if own <= whole else NATION)
                    beside = min(value, max(own, whole) - LABEL / 2) if lower else value
                    shares.plot(value, row, ms=9, **look)
                    shares.annotate(
                        f"{who}\n{percent(value, 0)}",
                        (beside, row),
                        (0, -8),
                        ha="right" if lower else "center",
                        color=look["color"],
                        **below,
                    )
        shares.set(xlim=(0, 100), ylim=(len(held) - 0.4, -0.75), yticks=[], xticks=[0, 50, 100])
        shares.spines["left"].set_visible(False)
        panel_name(shares, "Selvforsyning, prosent")

    told = told[["name", "jobs", "employed_residents", "coverage_pct"]]
    whole = region.to_frame().T.assign(name=f"{area_name} i alt")[list(told.columns)].astype(told.dtypes)
    table = pd.concat([told, whole])
    size = 0.0 if alone else 0.27 * len(shown)
    return Chart(
        id=id,
        title=_area_sentence(name, area_name, len(members), region["supply_pct"])
        + ("" if last["comparable"] else ", slik tallene er fordelt"),
        reading="Et arbeidsmarkedsområde er kommuner der de fleste både bor og arbeider. Selvforsyning er hvor mange av de "
        "sysselsatte innbyggerne som arbeider der de bor, og hvor mange av de som arbeider et sted, som også bor der."
        + ("" if alone else " Stolpene er arbeidsplassene i hver kommune."),
        alt=f"{area_name}, {year}: {counted(len(members))} {'kommune' if alone else 'kommuner'}, "
        f"{number(region['jobs'])} arbeidsplasser, arbeidsplassdekning {percent(region['coverage_pct'])}. Selvforsyning av "
        f"sysselsatte: {name} {percent(supply)}, området {percent(region['supply_pct'])}. Av arbeidsplasser: {name} "
        f"{percent(demand)}, området {percent(region['demand_pct'])}.",
        uncertainty=_doubts(
            rows.tail(1),
            _community_sentence(name, set(members), set(fellows), names)
            + ("" if region["valid"] else OPEN)
            + _firmness(labour_market_agreement, year),
        ),
        source=_source(year, year) + ", områdene er beregnet",
        table=_headed(
            table,
            name="Kommune",
            jobs="Arbeidsplasser",
            employed_residents="Sysselsatte innbyggere",
            coverage_pct="Arbeidsplassdekning, prosent",
        ),
        draw=draw,
        height=(max(2.6, 0.8 + size), 3.3 + size if size else 2.6),
        decimals={"Arbeidsplassdekning, prosent": 1},
        synthetic=synthetic,
    )


# -- what the titles say


def _trend_sentence(rows, name):
    """What the shares have done since the first comparable year, the larger change first; else what they are."""
    last = rows.iloc[-1]
    words = {"out_pct": ("Utpendlingen", "fra"), "in_pct": ("Innpendlingen", "til")}
    words = {column: words[column] for column in words if pd.notna(last[column])}
    spans = {column: years for column in words if (years := span(rows, column))}
    if len(spans) < len(words):
        levels = [f"{noun} {way} {name} er {number(last[column], 1)} prosent" for column, (noun, way) in words.items()]
        second = f" og innpendlingen {number(last['in_pct'], 1)} prosent" if len(levels) == 2 else ""
        return f"{levels[0]}{second} i {last['year']}{'' if last['comparable'] else ', fordelt etter folketall'}"
    held = rows.set_index("year")
    change = {column: held.loc[end, column] - held.loc[start, column] for column, (start, end) in spans.items()}
    order = sorted(words, key=lambda column: -abs(change[column]))
    said = [movement(change[column]) for column in order]
    (noun, way), since = words[order[0]], f"siden {spans[order[0]][0]}"
    if len(said) == 1:
        return f"{noun} {way} {name} {said[0]} {since}"
    if said[0] == said[1]:
        return f"Både ut- og innpendlingen for {name} {said[0]} {since}"
    joint = "og" if said[0].split(" med ")[0] == said[1].split(" med ")[0] else "mens"
    return f"{noun} {way} {name} {said[0]} {since}, {joint} {words[order[1]][0].lower()} {said[1]}"


def _partner_sentence(partner, count, total, name, out):
    """Who takes or sends most commuters."""
    if count == total:
        who = "den eneste" if total == 1 else f"alle {number(total)}"
        return (
            f"{partner} tar imot {who} som pendler ut fra {name}"
            if out
            else f"Fra {partner} kommer {who} som pendler inn til {name}"
        )
    some = f"{number(count)} av de {number(total)}"
    return (
        f"{partner} tar imot {some} som pendler ut fra {name}" if out else f"Fra {partner} kommer {some} som pendler inn til {name}"
    )


def _comparison_sentence(last, group, name):
    """How many of the group the municipality lies above, out and in."""
    if pd.isna([last["out_pct"], last["in_pct"]]).any():
        return f"{name} og {counted(len(group))} kommuner som ligner"

    def above(column):
        told = group[column].dropna()
        if (told < last[column]).all() or (told > last[column]).all():
            side = "over" if (told < last[column]).all() else "under"
            return f"{side} alle {counted(len(told))}" if len(told) > 1 else f"{side} den ene"
        return f"over {counted((told < last[column]).sum())} av {counted(len(told))}"

    doubt = "" if last["comparable"] else f", men tallene for {name} er fordelt etter folketall"
    return f"I utpendling ligger {name} {above('out_pct')} i sammenligningsgruppen, i innpendling {above('in_pct')}{doubt}"


def _position_sentence(name, places, last, median):
    """The places out and in; where the municipality is not ranked, which side of the median it lies on."""
    if places["out"] and places["in"]:
        first, second = places["out"], places["in"]
        out, into = number(first.rank), number(second.rank)
        return f"{name} er på plass {out} av {number(first.n)} i utpendling og plass {into} i innpendling"
    out, into = ("over" if last[column] > median[column] else "under" for column in ("out_pct", "in_pct"))
    if out == into:
        return f"{name} ligger {out} medianen både i utpendling og i innpendling"
    return f"{name} ligger {out} medianen i utpendling og {into} i innpendling"


def _area_sentence(name, area_name, members, supply_pct):
    """Which area, how many municipalities, and how many of its residents work in it."""
    held = percent(supply_pct, 0)
    if members == 1:
        return f"{name} er sitt eget arbeidsmarkedsområde: {held} av de sysselsatte både bor og arbeider der"
    if name == area_name:
        return f"{name} er tyngdepunktet i et arbeidsmarkedsområde på {counted(members)} kommuner, der {held} arbeider i området"
    return f"{name} hører til arbeidsmarkedsområdet {area_name}, {counted(members)} kommuner der {held} arbeider i området"


def _firmness(agreement, year):
    """How far the two methods agree, and the areas with those of the year before; nothing where it is not known."""
    if agreement is None or year not in set(agreement["year"]):
        return ""
    told = agreement.set_index("year").loc[year]
    since = (
        "" if pd.isna(told["previous"]) else f", og områdene med dem fra {int(told['previous'])} i {number(told['areas_since'], 2)}"
    )
    return f" For hele landet er de to metodene enige i {number(told['methods'], 2)}{since} (justert Rand-indeks, 1 er helt like)."


def _community_sentence(name, members, fellows, names):
    """What another method would say: who would leave the area and who would join it."""
    start = "Områdene er beregnet, ikke vedtatt. Med en annen metode (Leiden)"
    if members == fellows:
        return f"{start} blir området det samme."
    gone, come = sorted(members - fellows), sorted(fellows - members)
    said = [
        f"{listed([names.get(nr, nr) for nr in some]) if len(some) <= 6 else f'{number(len(some))} kommuner'} {what}"
        for some, what in ((gone, "ville falt ut"), (come, "ville kommet til"))
        if some
    ]
    return f"{start} ville {name} hørt til et område på {counted(len(fellows))} kommuner: {' og '.join(said)}."


def _doubts(rows, more=""):
    """What is uncertain in these years: the register, a split, how much one person counts, and what the figure adds."""
    return " ".join(
        text.strip() for text in (REGISTER, "" if rows["comparable"].all() else SHARED, one_person(rows.iloc[-1]), more) if text
    )


def _elsewhere(last, employed_register):
    """How many more employed residents table 11618 has than the flows; nothing where that is not known or not so."""
    if employed_register is None:
        return ""
    same = (employed_register["komm_nr"] == last["komm_nr"]) & (employed_register["year"] == last["year"])
    gap = employed_register.loc[same, "employed_residents"].sum(min_count=1) - last["employed_residents"]
    if pd.isna(gap) or gap <= 0:
        return ""
    people = f"{number(gap)} flere sysselsatte innbyggere" if gap > 1 else "én sysselsatt innbygger mer"
    return f"I {last['year']} har SSBs tabell 11618 {people}: arbeidsstedet er i utlandet, på sokkelen eller ukjent."


def _hidden(count):
    return f" {number(count)} strømmer er skjult av hensyn til personvern og er ikke med." if count else ""


# -- what is drawn from


def _names(municipalities):
    return {nr: short_name(name) for nr, name in zip(municipalities["komm_nr"], municipalities["name"], strict=True)}


def _nation(commuting):
    """By year: the share of all employed who commute, and the median municipality's shares."""
    told = commuting.dropna(subset=["out_commuters", "employed_residents"])
    sums = told.groupby("year")[["out_commuters", "employed_residents"]].sum().astype(float)
    medians = commuting.groupby("year")[["in_pct", "out_pct"]].median().set_axis(["median_in", "median_out"], axis=1)
    return medians.assign(nation=100 * sums["out_commuters"] / sums["employed_residents"])


def _away(flows, komm_nr, year, here, there):
    """Commuters between the municipality and each other one, largest first; hidden ones last."""
    rows = flows[(flows["year"] == year) & (flows[here] == komm_nr) & (flows[there] != komm_nr)]
    return rows.sort_values(["employed", there], ascending=[False, True]).set_index(there)["employed"]


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)


def _shown_members(table, komm_nr, most=12):
    """The members with most jobs, the municipality itself always among them, and the rest in one row."""
    if len(table) <= most:
        return table
    kept = table.index[: most - 1] if komm_nr in table.index[: most - 1] else [*table.index[: most - 2], komm_nr]
    rest = table.drop(index=kept)
    others = pd.DataFrame({"name": [f"{number(len(rest))} andre"], "jobs": [rest["jobs"].sum(min_count=1)]}, index=["andre"])
    return pd.concat([table.loc[kept], others])


def _source(first, last):
    return f"SSB, tabell 03321, 4. kvartal {years(first, last)}"


def _no_figures(id, title, name):
    return Missing(id, title, f"Tabell 03321 har ingen sysselsatte for {name}.")
