"""The figures of the commuting page: development, partners, map, place and labour-market area.

Each function takes contract tables and gives a Chart, or Missing with the reason. Shares are in percent, 4th quarter.
"""

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Missing
from nlib.charts.facts import employed_years, one_person, place, span, ssb
from nlib.charts.form import Panels, capital
from nlib.charts.lines import Lines
from nlib.charts.maps import Map
from nlib.charts.outlines import same
from nlib.charts.scatter import Scatter
from nlib.charts.strip import Strip
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import at, counted, listed, movement, number, percent, short_name
from nlib.core.translations import _

TOP = 10  # partners shown one by one
MEMBERS = 12  # of a labour-market area, shown one by one
REGISTER = _(
    "Fulltelling i register, uten utvalgsfeil. Noen er registrert i en annen kommune enn der de møter fram, som ved et hovedkontor."
)
SHARED = _(
    "Kommunen er berørt av en kommunedeling eller grenseendring. Tall fra før endringen er fordelt etter folketall, "
    "pendlingen mellom delene er ukjent, og årene kan ikke sammenlignes."
)
BROKEN = _("Fra 2015 bygger tallene på a-ordningen, så endringer over det årsskiftet er ikke målt.")
OPEN = _(" Området er mindre eller mer åpent enn grensene for et arbeidsmarkedsområde.")
NEUTRAL = _("Høy pendling er verken bra eller dårlig i seg selv, og lavere plass er ikke nødvendigvis tilbakegang.")
FLOWS, QUARTER = "03321", _("4. kvartal")


def trend(
    commuting: pd.DataFrame, names: dict[str, str], komm_nr: str, employed_register: pd.DataFrame | None = None
) -> Chart | Missing:
    """The shares that commute in and out, and jobs per 100 employed residents, over the years on today's municipalities.

    With `employed_register` (SSB 11618) its difference in employed residents is told.
    """
    rows, name = employed_years(commuting, komm_nr), names[komm_nr]
    if rows.empty:
        return _no_figures("pendling.trend", _("Utviklingen i pendling"), name)
    every = pd.RangeIndex(commuting["year"].min(), commuting["year"].max() + 1, name="year")
    series = rows.set_index("year").reindex(every).join(_nation(commuting))
    series["jobs"] = series["jobs"].where(series["comparable"].eq(True))  # shares of split places round otherwise than in 11618
    last = rows.iloc[-1]
    broken = every[0] < A_ORDNINGEN <= every[-1]
    hollow = [] if rows["comparable"].all() else [_("hule merker: ikke sammenlignbare år")]
    form = Panels(
        widths=(5, 4),
        forms=[
            Lines(
                heading=_("Andel som pendler, prosent"),
                more=", ".join(hollow + [_("brudd i 2015")] * broken),
                rows=series,
                lines={
                    "out_pct": (_("utpendling"), "own"),
                    "in_pct": (_("innpendling"), "second"),
                    "nation": (_("landet"), "nation"),
                    "median_out": (_("median ut"), "others"),
                    "median_in": (_("median inn"), "county"),
                },
                broken=True,
                unit="%",
                decimals=1,
                also={"jobs": _("Arbeidsplasser"), "employed_residents": _("Sysselsatte innbyggere")},
                height=3.2,
            ),
            Lines(
                heading=_("Arbeidsplasser per 100 sysselsatte innbyggere"),
                rows=series,
                lines={"coverage_pct": (_("dekning"), "own"), "nation_coverage": (_("landet"), "nation")},
                level=100,
                broken=True,
                decimals=1,
                height=3.2,
            ),
        ],
    )
    gaps = listed([str(year) for year in every if year not in set(rows["year"])])
    return form.chart(
        "pendling.trend",
        _trend_sentence(rows, name),
        _(
            "Til venstre hvor stor del av arbeidsplassene innpendlere har, og hvor stor del av de sysselsatte innbyggerne "
            "som pendler ut. Landet er alle som pendler over en kommunegrense; median er den midterste kommunen. Til høyre "
            "er 100 like mange arbeidsplasser som sysselsatte.{word}",
            word=_(" {gaps} mangler og er vist som opphold i linjene.", gaps=gaps) if gaps else "",
        )
        + _moves(rows),
        _doubts(rows, " ".join(filter(None, [_elsewhere(last, employed_register), BROKEN if broken else ""]))),
        ssb(FLOWS, when=QUARTER, period=(rows["year"].iloc[0], last["year"])),
    )


def partners(commuting: pd.DataFrame, commuting_flows: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """The ten municipalities where most out-commuters work, and where most in-commuters live, and the rest together."""
    id, heading = "pendling.partners", _("Hvor folk pendler")
    rows, name = employed_years(commuting, komm_nr), names[komm_nr]
    if rows.empty:
        return _no_figures(id, heading, name)
    last = rows.iloc[-1]
    year = last["year"]
    ways = {
        "out": (
            _("Arbeider i: {} utpendlere"),
            _("sysselsatte innbyggere"),
            last["employed_residents"],
            ("home_nr", "work_nr"),
            "own",
        ),
        "in": (_("Bor i: {} innpendlere"), _("arbeidsplasser"), last["jobs"], ("work_nr", "home_nr"), "second"),
    }
    away = {way: _away(commuting_flows, komm_nr, year, *pair) for way, (__, __, __, pair, __) in ways.items()}
    hidden = sum(int(flow.isna().sum()) for flow in away.values())
    away = {way: flow[flow > 0] for way, flow in away.items() if (flow > 0).any()}
    if not away:
        return Missing(id, heading, _("Ingen pendler ut fra eller inn til {name} i 4. kvartal {year}.", name=name, year=year))
    largest = {way: _largest(flow, names).rename_axis(_("Kommune")) for way, flow in away.items()}
    most = max(table["employed"].max() for table in largest.values())
    panels = []
    for way, table in largest.items():
        title, of, whole, __, role = ways[way]
        flow = away[way]
        table["pct"] = [np.nan if pd.isna(whole) else 100 * count / whole for count in table["employed"]]
        table["text"] = [f"{number(row.employed)} ({percent(row.pct)})" for row in table.itertuples()]
        panels.append(
            Bars(
                heading=title.format(number(flow.sum())),
                rows=table,
                parts={"employed": (_("Personer"), role)},
                texts="text",
                rest=len(flow) > TOP,
                most=float(most),
                also={"pct": _("Prosent av {of}", of=of)},
                precise={"pct": 1},
            )
        )
    larger = max(away, key=lambda way: (away[way].sum(), way == "out"))
    return Panels(forms=panels).chart(
        id,
        _partner_sentence(
            names.get(str(away[larger].index[0]), ""), away[larger].iloc[0], away[larger].sum(), name, larger == "out"
        ),
        _(
            "Til venstre hvor de som bor her, arbeider, til høyre hvor de som arbeider her, bor. I parentes står hvor stor "
            "del det er av de sysselsatte innbyggerne og av arbeidsplassene. I tillegg er det {live_and_work} som både bor "
            "og arbeider i kommunen.",
            live_and_work=number(last["live_and_work"]),
        ),
        _doubts(rows.tail(1), _hidden(hidden)),
        ssb(FLOWS, when=QUARTER, period=(year, year)),
    )


def flow_map(
    commuting: pd.DataFrame, commuting_flows: pd.DataFrame, names: dict[str, str], outlines: dict, komm_nr: str
) -> Chart | Missing:
    """A map of the ten largest flows, both ways together; the width of a line is the number of commuters.

    outlines: number -> matplotlib Path in metres (EPSG:25833); municipalities drawn together share one.
    """
    id, heading = "pendling.flow_map", _("Kart over pendlingen")
    rows, name = employed_years(commuting, komm_nr), names[komm_nr]
    if rows.empty:
        return _no_figures(id, heading, name)
    if komm_nr not in outlines:
        return Missing(id, heading, _("Grensene til {name} mangler i kartet.", name=name))
    year = rows["year"].iloc[-1]
    ways = [_away(commuting_flows, komm_nr, year, *pair) for pair in (("home_nr", "work_nr"), ("work_nr", "home_nr"))]
    both = ways[0].index.union(ways[1].index).rename("komm_nr")
    table = pd.DataFrame({way: flow.reindex(both, fill_value=0) for way, flow in zip(("out", "in"), ways, strict=True)})
    table["both"] = table["out"] + table["in"]
    hidden, table = table["both"].isna().sum(), table[table["both"] > 0]
    table = table.sort_values("both", ascending=False, kind="stable")
    if table.empty:
        return Missing(id, heading, _("Ingen pendler inn til eller ut fra {name} i 4. kvartal {year}.", name=name, year=year))
    table = table.head(TOP).assign(name=lambda top: [names.get(nr, nr) for nr in top.index])
    apart = [nr in outlines and not same(outlines[nr], outlines[komm_nr]) for nr in table.index]
    together = [names.get(nr, nr) for nr in sorted(outlines) if nr != komm_nr and same(outlines[nr], outlines[komm_nr])]
    shared = (
        _(" {name} er tegnet sammen med {together}, og strømmen mellom dem har ingen linje.", name=name, together=listed(together))
        if together
        else ""
    )
    form = Map(
        outlines=outlines,
        own=komm_nr,
        name=name,
        rows=table,
        drawn=table.index[apart],
        value=("both", _("Begge veier")),
        flows=True,
        also={"out": _("Pendler dit"), "in": _("Pendler hit")},
    )
    first = table.iloc[0]
    return form.chart(
        id,
        _(
            "{both} pendler mellom {name} og {name2}, den største strømmen",
            both=number(first["both"]),
            name=name,
            name2=first["name"],
        )
        if len(table) > 1
        else _("All pendling går mellom {name} og {name2}", name=name, name2=first["name"]),
        _(
            "Jo bredere linje, jo flere pendler den ene eller den andre veien. Tallet er begge veier sammen. {name} er fylt, "
            "og linjene går mellom midtpunktene. Kryss og «mot» viser strømmer ut av kartet. Tabellen har alle navn og tall.",
            name=name,
        ),
        _doubts(rows.tail(1), _("Linjene viser ikke hvor folk reiser.{shared}{hidden}", shared=shared, hidden=_hidden(hidden))),
        ssb(FLOWS, when=QUARTER, period=(year, year), more=_("Kart: Kartverket (CC BY 4.0)")),
    )


def position(commuting: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """Where the municipality lies among all, by the shares that commute in and out; those it is compared with are named."""
    id, heading = "pendling.position", _("Plassen blant kommunene")
    rows, name = employed_years(commuting, komm_nr), names[komm_nr]
    last = None if rows.empty else rows.iloc[-1]
    if last is None or pd.isna([last["in_pct"], last["out_pct"]]).any():
        return _no_figures(id, heading, name)
    year = last["year"]
    every = commuting[(commuting["year"] == year) & commuting["in_pct"].notna() & commuting["out_pct"].notna()].set_index("komm_nr")
    places = {way: place(commuting, f"{way}_pct", komm_nr, year) for way in ("out", "in")}
    ranks = {
        f"{way}_rank": every[f"{way}_pct"].where(every["comparable"]).rank(method="min", ascending=False).astype("Int64")
        for way in places
    }
    form = Scatter(
        rows=every.assign(name=[names.get(nr, nr) for nr in every.index], **ranks),
        x=("in_pct", _("Innpendling, prosent av arbeidsplassene")),
        y=("out_pct", _("Utpendling, prosent av de sysselsatte")),
        own=komm_nr,
        chosen=[nr for nr in compare if nr != komm_nr],
        middle=True,
        decimals=1,
        also={
            "coverage_pct": _("Arbeidsplassdekning, prosent"),
            "out_rank": _("Plass utpendling"),
            "in_rank": _("Plass innpendling"),
        },
        precise={"coverage_pct": 1},
    )
    swings = "".join(
        _(
            " Siden {since} har plassen i {way}pendling vært {best}–{worst}.",
            since=held.since,
            way=way,
            best=held.best,
            worst=held.worst,
        )
        for way, held in zip((_("ut"), _("inn")), places.values(), strict=True)
        if held and held.best < held.worst
    )
    return form.chart(
        id,
        _position_sentence(name, places, last, every[["in_pct", "out_pct"]].median()),
        _(
            "Hvert punkt er en kommune: lenger til høyre har innpendlere mer av jobbene, lenger opp pendler flere ut. {name} "
            "er den mørke ruten, trekantene er kommunene det sammenlignes med. Plass 1 er høyest blant {comparable} kommuner "
            "med sammenlignbare tall, og stiplede linjer er medianen.",
            name=name,
            comparable=number(every["comparable"].sum()),
        ),
        _doubts(rows.tail(1), f"{NEUTRAL}{swings}"),
        ssb(FLOWS, when=QUARTER, period=(year, year)),
    )


def area(
    commuting: pd.DataFrame,
    labour_market_areas: pd.DataFrame,
    labour_market_area_figures: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    labour_market_agreement: pd.DataFrame | None = None,
    employed_register: pd.DataFrame | None = None,
) -> Chart | Missing:
    """The municipality's labour-market area: its members with their jobs, and how far those who live there also work there.

    With `labour_market_agreement` it is told how firm the areas of the country are; jobs are those of `employed_register` where
    it is there, as on the page of jobs.
    """
    id, name = "pendling.area", names[komm_nr]
    rows = employed_years(commuting, komm_nr)
    rows = rows[rows["year"].isin(labour_market_areas.loc[labour_market_areas["komm_nr"] == komm_nr, "year"])]
    if rows.empty:
        return _no_figures(id, _("Arbeidsmarkedsområdet"), name)
    last = rows.iloc[-1]
    year = last["year"]
    areas = labour_market_areas[labour_market_areas["year"] == year].set_index("komm_nr")
    members = areas.index[areas["area"] == areas.at[komm_nr, "area"]]
    fellows = areas.index[areas["community"] == areas.at[komm_nr, "community"]]
    region = labour_market_area_figures.set_index(["area", "year"]).loc[(areas.at[komm_nr, "area"], year)]
    area_name = short_name(region["area_name"])
    counted_in = commuting if employed_register is None else employed_register
    jobs = counted_in[counted_in["year"] == year].set_index("komm_nr").reindex(members)
    jobs = jobs.sort_values("jobs", ascending=False, kind="stable").rename(index=names)
    alone = len(members) == 1
    held = _self_contained(last, None if alone else region, name)
    listing = Bars(
        heading=_("Arbeidsplasser: {jobs}", jobs=number(jobs["jobs"].sum(min_count=len(jobs)))),
        rows=_shown_members(jobs, name).rename_axis(_("Kommune")),
        parts={"jobs": (_("Arbeidsplasser"), "own")},
        own=name,
    )
    return (held if alone else Panels(forms=[listing, held])).chart(
        id,
        _area_sentence(name, area_name, len(members), region["supply_pct"]),
        _(
            "Et arbeidsmarkedsområde er kommuner der de fleste både bor og arbeider. Selvforsyning er hvor mange av de "
            "sysselsatte innbyggerne som arbeider der de bor, og hvor mange av de som arbeider et sted, som også bor der."
        )
        + ("" if alone else _(" Stolpene er arbeidsplassene i hver kommune.")),
        _doubts(
            rows.tail(1),
            _community_sentence(name, set(members), set(fellows), names)
            + ("" if region["valid"] else OPEN)
            + _firmness(labour_market_agreement, year),
        ),
        ssb(FLOWS, when=QUARTER, period=(year, year)) + _(", områdene er beregnet"),
    )


def _self_contained(last, region, name) -> Strip:
    """How many of the employed residents and of the jobs stay in the municipality, and in its area where that has others."""
    supply = pd.DataFrame(
        {"own": [100 - last["out_pct"], 100 - last["in_pct"]]}
        | ({} if region is None else {"area": [region["supply_pct"], region["demand_pct"]]}),
        index=pd.Index(
            [_("Sysselsatte innbyggere som arbeider her"), _("De som arbeider her, og bor her også")], name=_("Selvforsyning")
        ),
    )
    return Strip(
        heading=_("Selvforsyning, prosent"),
        rows=supply,
        marks={"own": (name, "own")} | ({} if region is None else {"area": (_("området"), "nation")}),
        limits=(0, 100),
        unit="%",
        decimals=1,
        thick=0.42,
    )


# -- what the titles say


def _trend_sentence(rows, name):
    """What the shares are in the latest year."""
    last = rows.iloc[-1]
    words = {"out_pct": (_("Utpendlingen"), _("fra")), "in_pct": (_("Innpendlingen"), _("til"))}
    levels = [
        _("{noun} {way} {name} er {last} prosent", noun=noun, way=way, name=name, last=number(last[column], 1))
        for column, (noun, way) in words.items()
        if pd.notna(last[column])
    ]
    second = _(" og innpendlingen {in_pct} prosent", in_pct=number(last["in_pct"], 1)) if len(levels) == 2 else ""
    return _("{levels}{second} i {year}", levels=levels[0], second=second, year=last["year"])


def _moves(rows):
    """What the shares have done since the first comparable year, after a space; empty where no years can be compared."""
    held = rows.set_index("year")
    said: list[str] = []
    for column, noun in {"out_pct": _("utpendlingen"), "in_pct": _("innpendlingen")}.items():
        if years := span(rows, column):
            start, end = (held.loc[year, column] for year in years)
            since = _(" siden {start}", start=years[0])
            said.append(f"{noun} {movement(end - start)}{'' if said else since}")
    return f" {capital(', '.join(said))}." if said else ""


def _partner_sentence(partner, count, total, name, out):
    """Who takes or sends most commuters."""
    if count == total == 1:
        return (
            _("Den eneste som pendler ut fra {name}, arbeider {partner}", name=name, partner=at(partner))
            if out
            else _("Den eneste som pendler inn til {name}, bor {partner}", name=name, partner=at(partner))
        )
    if count == total:
        return (
            _("Alle {total} utpendlere fra {name} arbeider {partner}", total=number(total), name=name, partner=at(partner))
            if out
            else _("Alle {total} innpendlere til {name} bor {partner}", total=number(total), name=name, partner=at(partner))
        )
    told = {"total": number(total), "name": name, "count": number(count), "partner": at(partner)}
    return (
        _("Av {total} utpendlere fra {name} arbeider {count} {partner}", **told)
        if out
        else _("Av {total} innpendlere til {name} bor {count} {partner}", **told)
    )


def _position_sentence(name, places, last, median):
    """The places out and in; where the municipality is not ranked, which side of the median it lies on."""
    if places["out"] and places["in"]:
        first, second = places["out"], places["in"]
        into = number(second.rank)
        return _(
            "{name} er på plass\N{NO-BREAK SPACE}{out} av {n} i utpendling, {into} i innpendling",
            name=name,
            out=number(first.rank),
            n=number(first.n),
            into=into if first.n == second.n else _("{into} av {n}", into=into, n=number(second.n)),
        )
    out, into = (_("over") if last[column] > median[column] else _("under") for column in ("out_pct", "in_pct"))
    if out == into:
        return _("{name} ligger {out} medianen både i utpendling og i innpendling", name=name, out=out)
    return _("{name} ligger {out} medianen i utpendling og {into} i innpendling", name=name, out=out, into=into)


def _area_sentence(name, area_name, members, supply_pct):
    """Which area, and how many municipalities it has; how many of its residents work in it where it is alone."""
    if members == 1:
        held = percent(supply_pct, 0)
        return _("{name} er sitt eget arbeidsmarkedsområde: {held} både bor og arbeider der", name=name, held=held)
    if name == area_name:
        return _("{name} er tyngdepunktet i et arbeidsmarkedsområde på {members} kommuner", name=name, members=counted(members))
    return _(
        "{name} hører til arbeidsmarkedsområdet {area_name}, med {members} kommuner",
        name=name,
        area_name=area_name,
        members=counted(members),
    )


def _firmness(agreement, year):
    """How far the two methods agree, and the areas with those of the year before; nothing where it is not known."""
    if agreement is None or year not in set(agreement["year"]):
        return ""
    told = agreement.set_index("year").loc[year]
    since = (
        ""
        if pd.isna(told["previous"])
        else _(
            ", og områdene med dem fra {previous} i {areas_since}",
            previous=int(told["previous"]),
            areas_since=number(told["areas_since"], 2),
        )
    )
    return _(
        " For hele landet er de to metodene enige i {methods}{since} (justert Rand-indeks, 1 er helt like).",
        methods=number(told["methods"], 2),
        since=since,
    )


def _community_sentence(name, members, fellows, names):
    """What another method would say: who would leave the area and who would join it."""
    start = _("Områdene er beregnet, ikke vedtatt. Med en annen metode (Leiden)")
    if members == fellows:
        return _("{start} blir området det samme.", start=start)
    gone, come = sorted(members - fellows), sorted(fellows - members)
    said = [
        f"{listed([names.get(nr, nr) for nr in some]) if len(some) <= 6 else _('{some} kommuner', some=number(len(some)))} {what}"
        for some, what in ((gone, _("ville falt ut")), (come, _("ville kommet til")))
        if some
    ]
    return _(
        "{start} ville {name} hørt til et område på {fellows} kommuner: {said}.",
        start=start,
        name=name,
        fellows=counted(len(fellows)),
        said=_(" og ").join(said),
    )


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
    people = _("{gap} flere sysselsatte innbyggere", gap=number(gap)) if gap > 1 else _("én sysselsatt innbygger mer")
    return _(
        "I {year} har SSBs tabell 11618 {people}: arbeidsstedet er i utlandet, på sokkelen eller ukjent.",
        year=last["year"],
        people=people,
    )


def _hidden(count):
    return _(" {count} strømmer er skjult av hensyn til personvern og er ikke med.", count=number(count)) if count else ""


# -- what is drawn from


def _nation(commuting):
    """By year: the share of all employed who commute, and the median municipality's shares."""
    told = commuting.dropna(subset=["out_commuters", "employed_residents"])
    sums = told.groupby("year")[["out_commuters", "employed_residents"]].sum().astype(float)
    medians = commuting.groupby("year")[["in_pct", "out_pct"]].median().set_axis(["median_in", "median_out"], axis=1)
    jobs = (
        commuting.dropna(subset=["jobs", "employed_residents"]).groupby("year")[["jobs", "employed_residents"]].sum().astype(float)
    )
    return medians.assign(
        nation=100 * sums["out_commuters"] / sums["employed_residents"],
        nation_coverage=100 * jobs["jobs"] / jobs["employed_residents"],
    )


def _away(flows, komm_nr, year, here, there):
    """Commuters between the municipality and each other one, largest first; hidden ones last."""
    rows = flows[(flows["year"] == year) & (flows[here] == komm_nr) & (flows[there] != komm_nr)]
    return rows.sort_values(["employed", there], ascending=[False, True]).set_index(there)["employed"]


def _largest(flow, names):
    """The largest partners by name, and the rest in one row."""
    top = flow.head(TOP).rename("employed").rename(index=names).to_frame()
    if len(flow) > TOP:
        others = len(flow) - TOP
        top.loc[f"{number(others)} {'annen' if others == 1 else 'andre'}"] = flow.iloc[TOP:].sum()
    return top


def _shown_members(jobs, name):
    """The members with most jobs, the municipality itself always among them, and the rest in one row."""
    if len(jobs) <= MEMBERS:
        return jobs[["jobs"]]
    first = list(jobs.index[: MEMBERS - 1])
    kept = first if name in first else [*first[:-1], name]
    rest = jobs.drop(index=kept)
    others = pd.DataFrame({"jobs": [rest["jobs"].sum(min_count=1)]}, index=[_("{rest} andre", rest=number(len(rest)))])
    return pd.concat([jobs.loc[kept, ["jobs"]], others])


def _no_figures(id, title, name):
    return Missing(id, title, _("Tabell 03321 har ingen sysselsatte for {name}.", name=name))
