"""The figures of the commuting page: development, partners, map and labour-market area.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Shares are in percent, 4th quarter.
"""

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.facts import FEW, own_years, ssb
from nlib.charts.form import Panels
from nlib.charts.lines import Lines
from nlib.charts.maps import Map
from nlib.charts.outlines import same
from nlib.charts.strip import Strip
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import at, counted, listed, number, percent, points, short_name
from nlib.core.municipalities import Register
from nlib.core.translations import _

SHARES = ("in_pct", "out_pct")  # a year in which one of them is known has employed
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
OPEN = _("Området er mindre eller mer åpent enn grensene for et arbeidsmarkedsområde.")
NO_FIGURES = _("Tabell 03321 har ingen sysselsatte for {name}.")
FLOWS, QUARTER = "03321", _("4. kvartal")
OUT = ("home_nr", "work_nr")


@figure(_("Utviklingen i pendling"))
def trend(
    commuting: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    employed_register: pd.DataFrame | None = None,
    register: Register | None = None,
) -> Chart:
    """The shares that commute in and out, and jobs per 100 employed residents, over the years on today's municipalities.

    With `employed_register` (SSB 11618) its difference in employed residents is told.
    """
    name = names[komm_nr]
    rows = own_years(commuting, komm_nr, *SHARES, lacking=NO_FIGURES.format(name=name))
    every = pd.RangeIndex(commuting["year"].min(), commuting["year"].max() + 1, name="year")
    series = rows.set_index("year").reindex(every).join(_nation(commuting))
    series["jobs"] = series["jobs"].where(series["comparable"].eq(True))  # shares of split places round otherwise than in 11618
    broken = every[0] < A_ORDNINGEN <= every[-1]
    form = Panels(
        widths=(5, 4),
        forms=[
            Lines(
                heading=_("Andel som pendler, prosent"),
                more=_("brudd i 2015") if broken else "",
                rows=series,
                lines={
                    "out_pct": (_("utpendling"), "own"),
                    "in_pct": (_("innpendling"), "second"),
                    "nation": (_("landet"), "nation"),
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
        _trend_sentence(rows, name, other_parts(register, komm_nr, rows["year"].iloc[-1])),
        _(
            "Innpendlingen er målt i arbeidsplassene, utpendlingen i de sysselsatte innbyggerne; landet er alle som pendler "
            "over en kommunegrense. 100 arbeidsplasser per 100 er like mange arbeidsplasser som sysselsatte."
        )
        + (_(" {gaps} mangler.", gaps=gaps) if gaps else ""),
        _doubts(rows, _elsewhere(rows.iloc[-1], employed_register), BROKEN if broken else ""),
        ssb(FLOWS, when=QUARTER, period=(rows["year"].iloc[0], rows["year"].iloc[-1])),
    )


@figure(_("Hvor folk pendler"))
def partners(
    commuting: pd.DataFrame,
    commuting_flows: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    register: Register | None = None,
) -> Chart:
    """The ten municipalities where most out-commuters work, and where most in-commuters live, and the rest together."""
    rows, name = own_years(commuting, komm_nr, *SHARES), names[komm_nr]
    rows = rows[rows["year"].isin(commuting_flows["year"].unique())]  # who has a part of the flows has their last year
    if rows.empty:
        raise Lacking(NO_FIGURES.format(name=name))
    last = rows.iloc[-1]
    year = last["year"]
    ways = {  # what it is called, of whom its share is, how many they are, where the municipality stands, how it is drawn
        "out": (_("Arbeider i: {} utpendlere"), _("sysselsatte innbyggere"), "employed_residents", OUT, "own"),
        "in": (_("Bor i: {} innpendlere"), _("arbeidsplasser"), "jobs", OUT[::-1], "second"),
    }
    flows = {way: _away(commuting_flows, komm_nr, year, *pair) for way, (*__, pair, _role) in ways.items()}
    hidden = sum(int(flow.isna().sum()) for flow in flows.values())
    flows = {way: flow[flow > 0] for way, flow in flows.items() if (flow > 0).any()}
    if not flows:
        raise Lacking(_("Ingen pendler ut fra eller inn til {name} i 4. kvartal {year}.", name=name, year=year))
    largest = {way: _largest(flow, names).rename_axis(_("Kommune")) for way, flow in flows.items()}
    panels = []
    for way, table in largest.items():
        title, of, whole, *__, role = ways[way]
        table["pct"] = 100 * table["employed"].astype(float) / (np.nan if pd.isna(last[whole]) else last[whole])
        table["text"] = [f"{number(row.employed)} ({percent(row.pct)})" for row in table.itertuples()]
        panels.append(
            Bars(
                heading=title.format(number(flows[way].sum())),
                rows=table,
                parts={"employed": (_("Personer"), role)},
                texts="text",
                rest=len(flows[way]) > _shown(flows[way]),
                most=float(max(shown["employed"].max() for shown in largest.values())),
                also={"pct": _("Prosent av {of}", of=of)},
                precise={"pct": 1},
            )
        )
    larger = max(flows, key=lambda way: (flows[way].sum(), way == "out"))
    partner, count, total = names.get(str(flows[larger].index[0]), ""), flows[larger].iloc[0], flows[larger].sum()
    return Panels(forms=panels).chart(
        _partner_sentence(partner, count, total, name, larger == "out", other_parts(register, komm_nr, year)),
        _(
            "I parentes står hvor stor del det er av de sysselsatte innbyggerne og av arbeidsplassene. {live_and_work} både bor "
            "og arbeider i kommunen.",
            live_and_work=at_most(number(last["live_and_work"]), other_parts(register, komm_nr, year)),
        ),
        _doubts(rows.tail(1), _hidden(hidden)),
        ssb(FLOWS, when=QUARTER, period=(year, year)),
    )


@figure(_("Kart over pendlingen"))
def flow_map(commuting: pd.DataFrame, commuting_flows: pd.DataFrame, names: dict[str, str], outlines: dict, komm_nr: str) -> Chart:
    """A map of the ten largest flows, both ways together; the width of a line is the number of commuters.

    outlines: number -> matplotlib Path in metres (EPSG:25833); municipalities drawn together share one.
    """
    name = names[komm_nr]
    rows = own_years(commuting, komm_nr, *SHARES, lacking=NO_FIGURES.format(name=name))
    if komm_nr not in outlines:
        raise Lacking(_("Grensene til {name} mangler i kartet.", name=name))
    year = rows["year"].iloc[-1]
    ways = [_away(commuting_flows, komm_nr, year, *pair) for pair in (OUT, OUT[::-1])]
    both = ways[0].index.union(ways[1].index).rename("komm_nr")
    table = pd.DataFrame({way: flow.reindex(both, fill_value=0) for way, flow in zip(("out", "in"), ways, strict=True)})
    table["both"] = table["out"] + table["in"]
    hidden, table = table["both"].isna().sum(), table[table["both"] > 0]
    table = table.sort_values("both", ascending=False, kind="stable")
    if table.empty:
        raise Lacking(_("Ingen pendler inn til eller ut fra {name} i 4. kvartal {year}.", name=name, year=year))
    table = table.head(TOP).assign(name=lambda top: [names.get(nr, nr) for nr in top.index])
    apart = [nr in outlines and not same(outlines[nr], outlines[komm_nr]) for nr in table.index]
    together = [names.get(nr, nr) for nr in sorted(outlines) if nr != komm_nr and same(outlines[nr], outlines[komm_nr])]
    shared = (
        _("{name} er tegnet sammen med {together}, og strømmen mellom dem har ingen linje.", name=name, together=listed(together))
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
        also={"out": _("Pendler dit"), "in": _("Pendler hit")},
    )
    first = table.iloc[0]
    slots = {"both": number(first["both"]), "name": name, "name2": first["name"]}
    return form.chart(
        (
            _("{both} pendler mellom {name} og {name2}, den største strømmen", **slots)
            if not hidden and rows.iloc[-1]["comparable"]
            else _("{both} pendler mellom {name} og {name2}, den største kjente strømmen", **slots)
        )
        if len(table) > 1
        else _("All pendling går mellom {name} og {name2}", name=name, name2=first["name"]),
        _("Jo bredere linje, jo flere pendler; tallet er begge veier sammen. «Mot» viser strømmer ut av kartet."),
        _doubts(rows.tail(1), _("Linjene viser ikke hvor folk reiser."), shared, _hidden(hidden)),
        ssb(FLOWS, when=QUARTER, period=(year, year), more=_("Kart: Kartverket (CC BY 4.0)")),
    )


@figure(_("Arbeidsmarkedsområdet"))
def area(
    commuting: pd.DataFrame,
    labour_market_areas: pd.DataFrame,
    labour_market_area_figures: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    employed_register: pd.DataFrame | None = None,
) -> Chart:
    """The municipality's labour-market area: its members with their jobs, and how far those who live there also work there.

    Jobs are those of `employed_register` where it is there, as on the page of jobs.
    """
    name = names[komm_nr]
    rows = own_years(commuting, komm_nr, *SHARES)
    rows = rows[rows["year"].isin(labour_market_areas.loc[labour_market_areas["komm_nr"] == komm_nr, "year"])]
    if rows.empty:
        raise Lacking(NO_FIGURES.format(name=name))
    last = rows.iloc[-1]
    year = last["year"]
    if not last["comparable"]:
        reason = _("Området til {name} kan ikke regnes ut: pendlingen mellom delene av en delt kommune er ikke kjent.", name=name)
        raise Lacking(reason)
    areas = labour_market_areas[labour_market_areas["year"] == year].set_index("komm_nr")
    members = areas.index[areas["area"] == areas.at[komm_nr, "area"]]
    fellows = areas.index[areas["community"] == areas.at[komm_nr, "community"]]
    region = labour_market_area_figures.set_index(["area", "year"]).loc[(areas.at[komm_nr, "area"], year)]
    area_name = short_name(region["area_name"])
    counted_in = commuting if employed_register is None else employed_register
    jobs = counted_in[counted_in["year"] == year].set_index("komm_nr").reindex(members)
    jobs = jobs.sort_values("jobs", ascending=False, kind="stable").rename(index=names)
    alone = len(members) == 1
    supply = _self_contained(last, None if alone else region, name)
    listing = Bars(
        heading=_("Arbeidsplasser: {jobs}", jobs=number(jobs["jobs"].sum(min_count=len(jobs)))),
        rows=_shown_members(jobs, name).rename_axis(_("Kommune")),
        parts={"jobs": (_("Arbeidsplasser"), "own")},
        own=name,
    )
    return (supply if alone else Panels(forms=[listing, supply])).chart(
        _area_sentence(name, area_name, len(members), region["supply_pct"]),
        _(
            "Et arbeidsmarkedsområde er kommuner der de fleste både bor og arbeider. Selvforsyning er hvor mange av de "
            "sysselsatte innbyggerne som arbeider der de bor, og hvor mange av dem som arbeider et sted, som også bor der."
        )
        + ("" if alone else _(" Stolpene er arbeidsplassene i hver kommune.")),
        _doubts(
            rows.tail(1),
            _community_sentence(set(members), set(fellows)),
            "" if region["valid"] else OPEN,
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


def one_person(year: pd.Series) -> str:
    """How much one person counts in a year's shares out and in, as a sentence, where those are of few; else empty."""
    of = {_("utpendlingen"): year["employed_residents"], _("innpendlingen"): year["jobs"]}
    shares = [
        _("{points} av {what}", points=points(100 / count), what=what)
        for what, count in of.items()
        if pd.notna(count) and 0 < count < FEW
    ]
    return _("Tallene er små: én person utgjør {value}.", value=listed(shares)) if shares else ""


# -- what the titles say


def other_parts(register: Register | None, komm_nr: str, year: int) -> list[str]:
    """The municipalities that were one with this one in the 4th quarter of a year, so that commuting between them is not known."""
    if register is None:
        return []
    split = register.lineage([year]).query("split")
    mine = split.loc[split["komm_nr"] == komm_nr, "old_nr"]
    return sorted(set(split.loc[split["old_nr"].isin(mine), "komm_nr"]) - {komm_nr})


def at_least(count: str, parts: list[str]) -> str:
    """A number of commuters, which is the least there can be where those to the other parts of a split are not known."""
    return _("minst {count}", count=count) if parts else count


def at_most(count: str, parts: list[str]) -> str:
    """A number that live and work here, at the start of a sentence: the most there can be, where some work in the other parts."""
    return _("Høyst {count}", count=count) if parts else count


def _trend_sentence(rows, name, parts):
    """What the shares are in the latest year."""
    last = rows.iloc[-1]
    words = {"out_pct": (_("Utpendlingen"), _("fra")), "in_pct": (_("Innpendlingen"), _("til"))}
    levels = [
        _("{noun} {way} {name} er {last} prosent", noun=noun, way=way, name=name, last=at_least(number(last[column], 1), parts))
        for column, (noun, way) in words.items()
        if pd.notna(last[column])
    ]
    second = _(", innpendlingen {in_pct}", in_pct=at_least(number(last["in_pct"], 1), parts)) if len(levels) == 2 else ""
    return _("{levels}{second} i {year}", levels=levels[0], second=second, year=last["year"])


def _partner_sentence(partner, count, total, name, out, parts):
    """Who takes or sends most commuters, of those that are known."""
    if parts:
        return (
            _("Flest kjente utpendlere fra {name} arbeider {partner}: {count}", name=name, partner=at(partner), count=number(count))
            if out
            else _(
                "Flest kjente innpendlere til {name} bor {partner}: {count}", name=name, partner=at(partner), count=number(count)
            )
        )
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
    slots = {"total": number(total), "name": name, "count": number(count), "partner": at(partner)}
    return (
        _("Av {total} utpendlere fra {name} arbeider {count} {partner}", **slots)
        if out
        else _("Av {total} innpendlere til {name} bor {count} {partner}", **slots)
    )


def _area_sentence(name, area_name, members, supply_pct):
    """Which area, and how many municipalities it has; how many of its residents work in it where it is alone."""
    if members == 1:
        share = percent(supply_pct, 0)
        return _("{name} er sitt eget arbeidsmarkedsområde: {share} både bor og arbeider der", name=name, share=share)
    if name == area_name:
        return _("{name} er tyngdepunktet i et arbeidsmarkedsområde på {members} kommuner", name=name, members=counted(members))
    return _(
        "{name} hører til arbeidsmarkedsområdet {area_name}, med {members} kommuner",
        name=name,
        area_name=area_name,
        members=counted(members),
    )


def _community_sentence(members, fellows):
    """What another method would say."""
    start, now, other = _("Området er beregnet, ikke vedtatt. Med en annen metode (Leiden)"), len(members), counted(len(fellows))
    if members == fellows:
        return _("{start} blir det det samme.", start=start)
    if now == len(fellows):
        return _("{start} har det like mange kommuner, men ikke de samme.", start=start)
    return _("{start} har det {other} kommuner, ikke {now}.", start=start, other=other, now=counted(now))


def _doubts(rows, *more):
    """What is uncertain in these years: the register, a split, how much one person counts, and what the figure adds."""
    return " ".join(
        text for text in (REGISTER, "" if rows["comparable"].all() else SHARED, one_person(rows.iloc[-1]), *more) if text
    )


def _elsewhere(last, employed_register):
    """How many more employed residents table 11618 has than the flows; nothing where that is not known or not so."""
    if employed_register is None:
        return ""
    same = (employed_register["komm_nr"] == last["komm_nr"]) & (employed_register["year"] == last["year"])
    gap = employed_register.loc[same, "employed_residents"].sum(min_count=1) - last["employed_residents"]
    if pd.isna(gap) or gap <= 0:
        return ""
    people = _("{gap} sysselsatte innbyggere til", gap=number(gap)) if gap > 1 else _("Én sysselsatt innbygger til")
    return _(
        "{people} i {year} er med i SSBs tabell 11618: arbeidsstedet er i utlandet, på sokkelen eller ukjent.",
        year=last["year"],
        people=people,
    )


def _hidden(count):
    return _("{count} strømmer er skjult av hensyn til personvern og er ikke med.", count=number(count)) if count else ""


# -- what is drawn from


def _nation(commuting):
    """By year: the share of all employed who commute, and jobs per 100 employed residents."""
    counts = ["out_commuters", "jobs", "employed_residents"]
    sums = commuting.dropna(subset=counts).groupby("year")[counts].sum().astype(float)
    shares = pd.DataFrame({"nation": sums["out_commuters"], "nation_coverage": sums["jobs"]})
    return shares.mul(100 / sums["employed_residents"], axis=0)


def _away(flows, komm_nr, year, here, there):
    """Commuters between the municipality and each other one, largest first; hidden ones last."""
    rows = flows[(flows["year"] == year) & (flows[here] == komm_nr) & (flows[there] != komm_nr)]
    return rows.sort_values(["employed", there], ascending=[False, True]).set_index(there)["employed"]


def _largest(flow, names):
    """The largest partners by name, and the rest in one row."""
    top = flow.head(_shown(flow)).rename("employed").rename(index=names).to_frame()
    if len(flow) > len(top):
        top.loc[_("{rest} andre", rest=number(len(flow) - len(top)))] = flow.iloc[len(top) :].sum()
    return top


def _shown(flow):
    """How many partners are shown one by one: no fewer than two are put together."""
    return TOP if len(flow) > TOP + 1 else len(flow)


def _shown_members(jobs, name):
    """The members with most jobs, the municipality itself always among them, and the rest in one row."""
    if len(jobs) <= MEMBERS:
        return jobs[["jobs"]]
    first = list(jobs.index[: MEMBERS - 1])
    kept = first if name in first else [*first[:-1], name]
    rest = jobs.drop(index=kept)
    others = pd.DataFrame({"jobs": [rest["jobs"].sum(min_count=1)]}, index=[_("{rest} andre", rest=number(len(rest)))])
    return pd.concat([jobs.loc[kept, ["jobs"]], others])
