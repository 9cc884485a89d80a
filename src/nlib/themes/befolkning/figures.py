"""The figures of the population page: size, what growth is made of, its place, age structure and dependency.

Each function takes contract tables and gives a Chart, or Missing with the reason. Population is that of 1 January; growth and its
parts are from one 1 January to the next, rates in percent of the population on the first: of several years or municipalities,
the sum of the persons over the sum of the populations.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import panel_name, yearly
from nlib.charts.facts import FEW, place, span
from nlib.charts.style import FILL, GROUP, INK, NATION, OTHER, OWN, SOFT, WIDE, axes
from nlib.core.language import at, counted, listed, more, number, percent, short_name, years
from nlib.core.municipalities import Register

PARTS = {
    "birth_surplus": "fødselsoverskudd",
    "domestic_net": "innenlandsk flytting",
    "foreign_net": "nettoinnvandring",
    "correction": "korreksjon",
}
SIGNS = {"": "■", "////": "▨", "\\\\\\\\": "▧", "xxxx": "▩"}  # a hatching as a letter
STACKED = {  # of a year's growth: name, colour, hatching, and which way it counts
    "births": ("fødte", OWN, "", 1),
    "deaths": ("døde", OWN, "////", -1),
    "domestic_net": ("innenlandsk flytting", GROUP, "", 1),
    "foreign_net": ("nettoinnvandring", NATION, "\\\\\\\\", 1),
    "correction": ("korreksjon", OTHER, "xxxx", 1),
}
AGES = {
    "age_0_5": "0–5 år",
    "age_6_15": "6–15 år",
    "age_16_19": "16–19 år",
    "age_20_34": "20–34 år",
    "age_35_49": "35–49 år",
    "age_50_64": "50–64 år",
    "age_65_79": "65–79 år",
    "age_80": "80 år og over",
}
SPAN = 5  # years that growth is told over
TEN = 10  # years that age groups are compared over
MOVED = 0.005  # of the population: in a year that cannot be compared, a larger correction came with land, not with people
STEADY = 0.5  # percent over all the years; a smaller change in population is «om lag uendret»
COUNTED = "Fulltelling i folkeregisteret, uten utvalgsfeil. Noen som har flyttet uten å melde fra, er registrert der de bodde før."
SHARED = "Kommunen er berørt av en deling eller grenseendring; tall fra før en deling er fordelt etter folketall."
NEUTRAL = "Lavere plass er ikke nødvendigvis tilbakegang."
HIDDEN = "Den innenlandske flyttingen er ukjent eller skjult, og er ikke med."
UNSEEN = "Tabellene 06913 og 01223 er ikke med i utgaven, så delene av veksten og flyttede grenser er ukjent."
PROJECTED = (
    "SSBs framskriving er hva folketallet blir om forutsetningene slår til; avstanden mellom lav og høy er ikke et intervall."
)


def size(
    population: pd.DataFrame,
    population_growth_parts: pd.DataFrame,
    municipalities: pd.DataFrame,
    register: Register,
    compare: list[str],
    komm_nr: str,
    population_projection: pd.DataFrame | None = None,
    synthetic: bool = False,
) -> Chart | Missing:
    """The population over the years, with SSB's projection ahead, and as an index against nation, county and comparison group.

    Reforms that touched the municipality are marked, and years that cannot be compared have hollow marks.
    """
    id, heading = "befolkning.size", "Folketallet"
    names = _names(municipalities)
    name = names[komm_nr]
    rows = _told(population, komm_nr, "population")
    if rows.empty:
        return Missing(id, heading, f"Tabell 07459 har ikke noe folketall for {name}.")
    first, last = int(rows["year"].iloc[0]), rows.iloc[-1]
    base = next((year for year in rows.loc[rows["comparable"], "year"] if year < last["year"]), first)
    projected = rows.iloc[:0].assign(low=0, main=0, high=0) if population_projection is None else population_projection
    projected = projected[projected["latest"]] if "latest" in projected else projected
    ahead = _told(projected, komm_nr, "main").query("year >= @last.year")
    every = pd.RangeIndex(first, last["year"] + 1, name="year")
    own = rows.set_index("year").reindex(every)
    wide = _ahead(own, ahead, last)
    county_nr, county = municipalities.loc[municipalities["komm_nr"] == komm_nr, ["county_nr", "county"]].iloc[0]
    inside = municipalities.loc[municipalities["county_nr"] == county_nr, "komm_nr"]
    index = own[["comparable"]].assign(
        own=100 * own["population"].astype("Float64") / own.at[base, "population"] if own.at[base, "population"] else np.nan,
        nation=_chained(population_growth_parts, base, every),
        county=_chained(population_growth_parts[population_growth_parts["komm_nr"].isin(inside)], base, every),
        group=_chained(_comparable(population_growth_parts, compare), base, every),
    )
    index = index[index.index >= base]
    marks = reforms(register, komm_nr, first, int(last["year"]))
    alone = len(inside) == 1
    end = index.iloc[-1]
    hollow = not rows["comparable"].all()

    def draw(figure, narrow):
        if narrow:
            left, right = axes(figure, 0.55, 0.95, 0.45, 2.75), axes(figure, 0.55, 0.95, 3.1, 0.28)
        else:
            left, right = axes(figure, 0.55, WIDE - 3.35, 0.45, 0.28), axes(figure, 4.75, 0.95, 0.45, 0.28)
        lines = [
            (column, f"{label} {number(ahead[column].iloc[-1])}", {"color": NATION, "lw": lw, "ls": ls})
            for column, label, lw, ls in (("low", "lav", 0.9, ":"), ("main", "SSB", 1.5, "--"), ("high", "høy", 0.9, ":"))
            if len(ahead) and pd.notna(ahead[column].iloc[-1])
        ]
        now = "" if len(lines) else number(last["population"])
        yearly(left, wide, [*lines, ("population", now, {"color": OWN, "marker": "o"})], broken=False)
        left.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        for year, what in marks:
            for axis in (left, right):
                axis.axvline(year, color=SOFT, lw=0.9, ls=(0, (2, 2)), zorder=0.9)
            low, high = left.get_ylim()
            under = own["population"].get(year, low) > (low + high) / 2  # the text keeps off the line
            beside = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "size": 6.5, "color": SOFT}
            spot = {"va": "bottom" if under else "top", "rotation": 90, "ha": "right"}
            left.annotate(f"{what} {year}", (year, 0.02 if under else 1), (-1, 0), **beside, **spot)
        lines = [
            ("nation", f"landet {number(end['nation'])}", {"color": NATION, "lw": 1.3, "ls": "-"}),
            ("county", f"fylket {number(end['county'])}", {"color": SOFT, "lw": 1.2, "ls": ":"}),
            ("group", f"gruppen {number(end['group'])}", {"color": GROUP, "lw": 1.3, "ls": "--"}),
            ("own", f"egen {number(end['own'])}", {"color": OWN, "marker": "o"}),
        ]
        yearly(right, index, [line for line in lines if not (alone and line[0] == "county")], also=100, broken=False)
        panel_name(left, "Folketall 1. januar", "hule merker: ikke sammenlignbare år" if hollow else "")
        panel_name(right, f"Indeks, {base} = 100")

    table = pd.DataFrame(
        {
            "År": [str(year) for year in rows["year"]],
            "Folketall": rows["population"].to_numpy(),
            **{
                heading: [index[column].get(year, np.nan) for year in rows["year"]]
                for heading, column in (
                    ("Indeks", "own"),
                    ("Landet", "nation"),
                    ("Fylket", "county"),
                    ("Gruppen", "group"),
                )
            },
            "Sammenlignbar": ["ja" if held else "nei" for held in rows["comparable"]],
        }
    )
    forecast = (
        f" Stiplet er SSBs framskriving til {ahead['year'].iloc[-1]}: hovedalternativet, og lav og høy nasjonal vekst."
        if len(ahead) > 1
        else ""
    )
    told = f" Merket: {listed([f'{what} {year}' for year, what in marks])}." if marks else ""
    doubts = [
        PROJECTED if forecast else "SSBs framskriving (14746) er ikke med i utgaven.",
        "" if population_growth_parts["birth_surplus"].notna().any() else UNSEEN,
    ]
    projected = f" og {ahead['table'].iloc[0]}" if forecast else ""
    return Chart(
        id=id,
        title=size_sentence(rows, index, name),
        reading=f"Til venstre folketallet.{forecast} Til høyre er folketallet i {base} satt til 100, så linjene viser vekst. "
        + ("" if alone else f"Fylket er {short_name(county)}. ")
        + ("Gruppen er kommunene den sammenlignes med, sett under ett." if pd.notna(end["group"]) else "")
        + told,
        alt=f"Linjefigur for {name}, {years(first, int(last['year']))}. Folketallet var {number(rows['population'].iloc[0])} i "
        f"{first} og {number(last['population'])} i {last['year']}. Indeks i {last['year']}, {base} = 100: {name} "
        f"{number(end['own'], 1)}, landet {number(end['nation'], 1)}, fylket {number(end['county'], 1)}, gruppen "
        f"{number(end['group'], 1)}."
        + (f" SSBs hovedalternativ i {ahead['year'].iloc[-1]}: {number(ahead['main'].iloc[-1])}." if forecast else ""),
        uncertainty=_doubts(rows, *doubts),
        source=f"SSB, tabell 07459{', 06913, 01223' if not doubts[1] else ''}{projected}, 1. januar "
        f"{years(first, int(last['year']))}",
        table=table,
        draw=draw,
        height=(3.0, 5.5),
        decimals=dict.fromkeys(("Indeks", "Landet", "Fylket", "Gruppen"), 1),
        synthetic=synthetic,
    )


def _ahead(own, ahead, last):
    """A municipality's years with those of a projection after them; the lines of the projection begin where its own ends."""
    if len(ahead) < 2:
        return own
    every = pd.RangeIndex(own.index[0], ahead["year"].iloc[-1] + 1, name="year")
    lines = ahead.set_index("year")[["main", "low", "high"]].astype("Float64")
    lines.loc[last["year"]] = float(last["population"])
    wide = own[["population", "comparable"]].reindex(every).join(lines)
    return wide.assign(comparable=wide["comparable"].mask(wide.index > last["year"], True))


def yearly_growth(
    population_growth_parts: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """What the growth of each year is made of: births, deaths, domestic and foreign moves, and a correction; they sum to it."""
    id, heading = "befolkning.yearly_growth", "Hva veksten hvert år består av"
    name = _names(municipalities)[komm_nr]
    rows = _told(population_growth_parts, komm_nr, "growth")
    if rows.empty:
        return Missing(id, heading, f"Folkeveksten {at(name)} er ukjent: den krever folketallet to år på rad.")
    with_land = _with_land(rows)
    shown_rows = rows.assign(
        correction=rows["correction"].mask(with_land & rows["correction"].notna(), 0),
        growth=(rows["growth"] - rows["correction"]).where(with_land, rows["growth"]),
    )
    known = shown_rows.dropna(subset=list(STACKED))
    first, last = int(rows["year"].iloc[0]), int(rows["year"].iloc[-1])
    shown = {part: look for part, look in STACKED.items() if part != "correction" or (known["correction"] != 0).any()}

    def draw(figure, narrow):
        axis = axes(figure, 0.5, 0.12, 0.62 if narrow else 0.42, 0.28)
        up, down = (pd.Series(0.0, index=known["year"]) for _ in range(2))
        for part, (_, colour, hatch, way) in shown.items():
            values = pd.Series(way * known[part].to_numpy(float), index=known["year"])
            start = up.where(values >= 0, down)
            face, edge = (colour, "white") if not hatch else ("white", colour)
            look = {"facecolor": face, "edgecolor": edge, "hatch": hatch, "lw": 0.6}
            axis.bar(values.index, values, bottom=start, width=0.72, **look)
            up, down = up + values.clip(lower=0), down + values.clip(upper=0)
        if known.empty:
            axis.bar(rows["year"], shown_rows["growth"].to_numpy(float, na_value=np.nan), width=0.72, color=OTHER)
        for held, face in ((rows["comparable"], INK), (~rows["comparable"], "white")):
            level = shown_rows["growth"][held].to_numpy(float, na_value=np.nan)
            axis.plot(rows["year"][held], level, ls="", marker="D", ms=4.5, color=INK, mfc=face)
        axis.axhline(0, color=SOFT, lw=0.9)
        axis.set_xlim(first - 0.6, last + 0.6)
        every = range(last, first - 1, -int(np.ceil((last - first + 1) / (5 if narrow else 13))))
        axis.set_xticks(list(every), [str(year) for year in every])
        axis.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        axis.yaxis.set_major_formatter(lambda level, _: number(level))
        axis.grid(axis="y")
        named = [(f"{SIGNS[hatch]} {text}", colour) for text, colour, hatch, _ in shown.values()] if len(known) else []
        _legend(axis, narrow, *named, ("◆ vekst", INK))

    table = rows.assign(
        year=rows["year"].astype(str), deaths=-rows["deaths"], comparable=rows["comparable"].map({True: "ja", False: "nei"})
    )
    without = len(rows) - len(known)
    land = [
        f"{number(change, sign=True)} i {year}"
        for year, change in zip(rows["year"], rows["growth"] - shown_rows["growth"].fillna(0), strict=True)
        if change
    ]
    doubts = [
        _unseen(population_growth_parts)
        if known.empty
        else f"For {counted(without)} av årene er en av delene ukjent eller skjult; der står bare veksten."
        if without
        else "",
        f"Det som fulgte med en delt kommune eller en flyttet grense, er ikke tegnet: {listed(land)}." if land else "",
        _chance(known.iloc[-1]) if len(known) else "",
        "Korreksjonen er det delene ikke gjør rede for, som flyttede grenser og rettelser i registeret." if len(known) else "",
    ]
    latest = rows.iloc[-1]
    return Chart(
        id=id,
        title=yearly_sentence(rows, name),
        reading=("Over null er det som gir flere innbyggere, under null det som gir færre. " if len(known) else "")
        + "Ruten er veksten i året, fra 1. januar til neste 1. januar"
        + (
            ": summen av delene. Nettoinnvandring er innvandring minus utvandring, innenlandsk flytting er netto."
            if len(known)
            else ". Hva den består av, er ukjent i denne utgaven."
        )
        + ("" if rows["comparable"].all() else " Hule ruter er år som ikke kan sammenlignes."),
        alt=f"Søyler for {name}, {years(first, last)}. Vekst i {last}: {number(latest['growth'], sign=True)}"
        + (
            ", av dette " + ", ".join(f"{STACKED[part][0]} {number(STACKED[part][3] * latest[part], sign=True)}" for part in shown)
            if len(known) and known["year"].iloc[-1] == last
            else ""
        )
        + f". Største vekst {number(shown_rows['growth'].max(), sign=True)}, "
        f"minste {number(shown_rows['growth'].min(), sign=True)}.",
        uncertainty=_doubts(rows, *doubts),
        source=f"SSB, tabell {'06913, 01223 og ' if len(known) else ''}07459, {years(first, last)}",
        table=_headed(
            table,
            year="År",
            births="Fødte",
            deaths="Døde",
            domestic_net="Innenlandsk flytting",
            foreign_net="Nettoinnvandring",
            correction="Korreksjon",
            growth="Vekst",
            comparable="Sammenlignbar",
        ),
        draw=draw,
        height=(2.9, 3.3),
        synthetic=synthetic,
    )


def parts(
    population_growth_parts: pd.DataFrame,
    municipalities: pd.DataFrame,
    compare: list[str],
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """Growth by part against the nation and the comparison group, in percent a year: the latest year, and five years together."""
    id, heading = "befolkning.parts", "Delene av veksten mot landet og gruppen"
    name = _names(municipalities)[komm_nr]
    rows = _told(population_growth_parts, komm_nr, "growth")
    if rows.empty:
        return Missing(id, heading, f"Folkeveksten {at(name)} er ukjent: den krever folketallet to år på rad.")
    last = int(rows["year"].iloc[-1])
    long = _window(rows)
    whose = {
        name: rows,
        "landet": population_growth_parts,
        "gruppen": _comparable(population_growth_parts, compare),
    }
    rates = {period: pd.DataFrame({who: _rates(of, *period) for who, of in whose.items()}) for period in {(last, last): 0, long: 0}}
    if rates[last, last][name].isna().all():
        return Missing(id, heading, f"{name} hadde ingen innbyggere 1. januar {last}, så veksten i prosent er ukjent.")
    kept = [part for part in [*PARTS, "growth"] if any(pd.notna(told.at[part, name]) for told in rates.values())]
    labels = {**PARTS, "growth": "vekst i alt"}
    looks = {
        "landet": {"color": NATION, "marker": "o", "ms": 6.5},
        "gruppen": {"color": GROUP, "marker": "^", "ms": 6.5},
        name: {"color": OWN, "marker": "D", "ms": 7},
    }
    told = {period: [who for who in looks if frame[who].notna().any()] for period, frame in rates.items()}

    def draw(figure, narrow):
        each = (figure.get_size_inches()[1] - 0.34) / len(rates)
        values = np.concatenate([[0.0, 0.1], *(frame.loc[kept].to_numpy(float).ravel() for frame in rates.values())])
        least, most = np.nanmin(values), np.nanmax(values)
        room = 0.16 * (most - least)
        for panel, (period, frame) in enumerate(rates.items()):
            if narrow:
                axis = axes(figure, 1.3, 0.2, 0.5 + panel * (each - 0.1), 0.3 + (len(rates) - 1 - panel) * (each - 0.1))
            else:
                wide = (WIDE - 1.6) / len(rates)
                axis = axes(figure, 1.45 + panel * wide, WIDE - 1.25 - (panel + 1) * wide, 0.58, 0.28)
            for row, part in enumerate(kept):
                held = frame.loc[part, told[period]].astype(float)
                axis.hlines(row, held.min(), held.max(), color="#c3cbd2", lw=3, zorder=1)
                for who in told[period]:
                    axis.plot(held[who], row, ls="", zorder=3, **looks[who])
                beside = {"textcoords": "offset points", "ha": "center", "size": 7.5, "weight": "bold", "color": OWN}
                if pd.notna(held[name]):
                    axis.annotate(number(held[name], 2, sign=True), (held[name], row), (0, 6), **beside)
            axis.axvline(0, color=SOFT, lw=0.9, zorder=0.9)
            axis.set(xlim=(least - room, most + room), ylim=(len(kept) - 0.6, -0.75))
            shown = [labels[part].capitalize() for part in kept] if narrow or panel == 0 else [""] * len(kept)
            axis.set_yticks(range(len(kept)), shown, color=INK, size=7.5 if narrow else 8.5)
            axis.get_yticklabels()[-1].set_weight("bold")
            axis.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
            axis.xaxis.set_major_formatter(lambda level, _: number(level, 1))
            axis.grid(axis="x")
            panel_name(axis, f"{years(*period)}, prosent i året")
        _legend(
            axis, narrow, (f"◆ {name}", OWN), ("● landet", NATION), *([("▲ gruppen", GROUP)] if "gruppen" in told[long] else [])
        )

    table = pd.DataFrame({"Del": [labels[part].capitalize() for part in kept]})
    for period, frame in rates.items():
        for who in looks:
            if who in told[period]:
                table[f"{who.capitalize() if who != name else name} {years(*period)}, prosent"] = frame.loc[kept, who].to_numpy(
                    float
                )
    small = rows["population"].iloc[-1]
    lacking = [] if "domestic_net" in kept else [_unseen(population_growth_parts)]
    within = population_growth_parts.query("year >= @long[0] and year <= @long[1]")
    return Chart(
        id=id,
        title=parts_sentence(rates[long], kept, name, long),
        reading=f"Ruten er {name}, rundingen landet og trekanten gruppen den sammenlignes med, sett under ett. Alt er i prosent av "
        "folketallet 1. januar"
        + (f"; for {years(*long)} er det summen av årene over summen av folketallene." if long[0] < long[1] else ".")
        + ("" if lacking else " Innenlandsk flytting er null for landet, fordi den som flytter ut ett sted, flytter inn et annet."),
        alt=f"Punktfigur for {name}. "
        + " ".join(
            f"{years(*period)}: "
            + "; ".join(
                f"{labels[part]} {number(frame.at[part, name], 2, sign=True)} (landet "
                f"{number(frame.at[part, 'landet'], 2, sign=True)})"
                for part in kept
            )
            + "."
            for period, frame in rates.items()
        ),
        uncertainty=_doubts(
            rows[rows["year"] >= long[0]],
            f"Én person er {percent(100 / small, 2)} av folketallet." if 0 < small < FEW else "",
            "Ett år alene sier lite, særlig for en liten kommune.",
            "" if within["growth"].notna().all() else "Kommuner med ukjent vekst er ikke med i landet.",
            *lacking,
        ),
        source=f"SSB, tabell {'07459' if lacking else '06913, 01223 og 07459'}, {years(*long)}",
        table=table,
        draw=draw,
        height=(1.5 + 0.27 * len(kept), 0.5 + len(rates) * (0.75 + 0.28 * len(kept))),
        decimals={column: 2 for column in table if "prosent" in column},
        synthetic=synthetic,
    )


def ranks(
    population_growth_parts: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The place in growth among the municipalities, year by year and over five years, with the band it has been in."""
    id, heading = "befolkning.ranks", "Plassen i folkevekst"
    names = _names(municipalities)
    name = names[komm_nr]
    over = five_years(population_growth_parts)
    end = over["year"].max()
    held = place(over, "growth_pct", komm_nr, end)
    if held is None:
        why = "et av de siste fem årene er ukjent eller berørt av en deling eller grenseendring"
        return Missing(id, heading, f"{name} kan ikke rangeres etter vekst over fem år: {why}.")
    lines = {"five": _ranked(over, komm_nr), "one": _ranked(population_growth_parts, komm_nr)}
    every = pd.RangeIndex(min(line.index.min() for line in lines.values()), end + 1, name="year")
    series = pd.DataFrame({column: line.reindex(every) for column, line in lines.items()})
    now = over[(over["year"] == end) & over["comparable"]].dropna(subset=["growth_pct"]).set_index("komm_nr")["growth_pct"]

    def draw(figure, narrow):
        axis = axes(figure, 0.45, 1.05, 0.15, 0.28)
        axis.axhspan(held.best, held.worst, color=FILL, lw=0, zorder=0.5)
        axis.plot(series.index, series["one"], ls=":", lw=0.9, color=OTHER)
        axis.plot(series.index, series["one"], ls="", marker="o", ms=3, color=OTHER)
        axis.plot(series.index, series["five"], color=OWN, marker="D", ms=4.5)
        axis.set(xlim=(every[0] - 0.4, every[-1] + 0.4), ylim=(held.n + 4, -3))
        axis.set_yticks(
            [1, *range(50, held.n - 15, 50 if held.n < 400 else 100), held.n] if held.n > 65 else [1, held.n],
        )
        years_shown = every[:: -int(np.ceil(len(every) / (4 if narrow else 9)))]
        axis.set_xticks(years_shown, [str(year) for year in years_shown])
        axis.grid(axis="y")
        ends = sorted([(held.rank, f"fem år: plass {held.rank}", OWN, "bold"), *_end(series["one"].dropna())])
        gap = 0.16 * (held.n + 7) / (axis.get_position().height * figure.get_size_inches()[1])
        levels = [level for level, *_ in ends]
        for one, two in pairwise(range(len(levels))):
            levels[two] = max(levels[two], levels[one] + gap)
        for level, (_, text, colour, weight) in zip(levels, ends, strict=True):
            beside = {"textcoords": "offset points", "va": "center", "size": 8, "annotation_clip": False}
            axis.annotate(text, (every[-1] + 0.4, level), (3, 0), color=colour, weight=weight, **beside)

    group = [nr for nr in compare if nr in now.index and nr != komm_nr]
    shown = now.loc[[komm_nr, *group]].sort_values(ascending=False, kind="stable")
    places = now.rank(method="min", ascending=False).astype(int)
    table = pd.DataFrame(
        {
            "Kommune": [names.get(nr, nr) for nr in now.sort_values(ascending=False, kind="stable").index],
            "Plass": places[now.sort_values(ascending=False, kind="stable").index].to_numpy(),
            "Vekst i året, prosent": now.sort_values(ascending=False, kind="stable").to_numpy(float),
        }
    )
    fellows = listed([f"{names.get(nr, nr)} {places[nr]}" for nr in shown.index if nr != komm_nr])
    own = series["one"].dropna()
    swing = f" År for år har plassen vært {int(own.min())}–{int(own.max())}." if len(own) > 1 else ""
    return Chart(
        id=id,
        title=rank_sentence(name, held, now[komm_nr], (int(end) - SPAN + 1, int(end))),
        reading="1 er høyest vekst i prosent. Linjen er plassen etter veksten de siste fem årene, prikkene etter veksten i året. "
        f"Det grå båndet er der plassen over fem år har vært siden {held.since}."
        + (f" Over fem år er plassene i gruppen: {fellows}." if group else ""),
        alt=f"Linjefigur for {name}, {years(int(every[0]), int(every[-1]))}. Plass etter vekst over fem år i {end}: {held.rank} "
        f"av {held.n}; siden {held.since} mellom {held.best} og {held.worst}.{swing}",
        uncertainty=f"{COUNTED}{swing} Båndet viser hvor mye plassen flytter seg, og er ikke et intervall. Kommuner med ukjent "
        f"eller ikke sammenlignbar vekst er ikke rangert. {NEUTRAL}",
        source=f"SSB, tabell 07459, {years(int(every[0]), int(end) + 1)}",
        table=table,
        draw=draw,
        height=(2.5, 2.8),
        decimals={"Vekst i året, prosent": 2},
        synthetic=synthetic,
    )


def _end(ranks):
    """The end of the line of yearly places, to be named, where there is one."""
    return [(ranks.iloc[-1], f"ett år: plass {int(ranks.iloc[-1])}", SOFT, "normal")] if len(ranks) else []


def pyramid(
    population_by_age: pd.DataFrame,
    age_structure: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """The population by five-year age group, in percent of all, against the nation: men and women apart where the table has sex."""
    id, heading = "befolkning.pyramid", "Alderssammensetningen"
    name = _names(municipalities)[komm_nr]
    rows = _told(age_structure, komm_nr, "population").query("population > 0")
    if rows.empty:
        return Missing(id, heading, f"Tabell 07459 har ingen innbyggere for {name}.")
    last = rows.iloc[-1]
    year = int(last["year"])
    now = population_by_age[population_by_age["year"] == year]
    mine = now[now["komm_nr"] == komm_nr]
    apart = mine["sex"].isin(["1", "2"]).all()
    own, nation = (_by_five(held if apart else held.assign(sex="0")) for held in (mine, now))
    nation = nation.reindex(own.index, fill_value=0.0)
    groups = own.index
    sexes = {"1": "menn", "2": "kvinner"} if apart else {"0": "menn og kvinner"}

    def draw(figure, narrow):
        most = 1.1 * max(own.max(axis=None), nation.max(axis=None))
        gap, side = 0.62, 0.25
        width = (figure.get_size_inches()[0] - 2 * side - gap) / 2
        for panel, (sex, text) in enumerate(sexes.items()):
            if apart:
                left, right = (side, gap + side + width) if panel == 0 else (gap + side + width, side)
            else:
                left, right = gap + side, side
            axis = axes(figure, left, right, 0.52, 0.28)
            at = np.arange(len(groups))
            axis.barh(at, own[sex], height=0.78, color=OWN)
            edges = np.concatenate([[-0.5], np.repeat(at[:-1] + 0.5, 2), [len(groups) - 0.5]])
            axis.plot(np.repeat(nation[sex].to_numpy(), 2), edges, color=GROUP, lw=1.6)
            axis.set(xlim=(most, 0) if apart and panel == 0 else (0, most), ylim=(-0.6, len(groups) - 0.4))
            axis.set_yticks([])
            axis.xaxis.set_major_locator(MaxNLocator(4))
            axis.xaxis.set_major_formatter(lambda level, _: number(level, 0 if float(level).is_integer() else 1))
            axis.grid(axis="x")
            for spine in ("left", "right"):
                axis.spines[spine].set_visible(False)
            where = {"xycoords": "axes fraction", "textcoords": "offset points", "size": 8.5, "weight": "bold"}
            outer = apart and panel == 0
            axis.annotate(f"{text.capitalize()}, prosent", (int(outer), 1), (0, 4), ha="right" if outer else "left", **where)
            if panel == len(sexes) - 1:
                for row, group in enumerate(groups):
                    beside = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "size": 7}
                    axis.annotate(group, (0, row), (-gap * 36, 0), ha="center", color=INK, **beside)
        _legend(axis, narrow, (f"■ {name}", OWN), ("▏landet", GROUP))

    counts = _by_five(mine if apart else mine.assign(sex="0"), share=False)
    table = pd.DataFrame({"Alder": [f"{group} år" for group in groups]})
    for sex, text in sexes.items():
        table[f"{text.capitalize()}, personer"] = counts[sex].astype("Int64").to_numpy()
        table[f"{text.capitalize()}, prosent"] = own[sex].to_numpy()
        table[f"Landet, {text}, prosent"] = nation[sex].to_numpy()
    whole = _nation_shares(age_structure, year)
    hidden = int(mine["population"].isna().sum())
    return Chart(
        id=id,
        title=pyramid_sentence(last, whole, name),
        reading=f"Søylene er {name}, streken landet, i prosent av alle innbyggere 1. januar {year}. Hvert trinn er fem år"
        + (", med menn til venstre og kvinner til høyre." if apart else "; tabellen i utgaven har ikke kjønn, så begge er sammen.")
        + " En søyle utenfor streken er en aldersgruppe kommunen har mer av enn landet.",
        alt=f"Befolkningspyramide for {name}, {year}: "
        + ", ".join(f"{text} {number(last[f'{age}_pct'], 1)} % (landet {number(whole[age], 1)} %)" for age, text in AGES.items())
        + ".",
        uncertainty=_doubts(
            rows.tail(1),
            f"Én person er {percent(100 / last['population'], 2)} av folketallet." if last["population"] < FEW else "",
            f"{number(hidden)} aldre er skjult av hensyn til personvern, og gruppene de er i, vises ikke." if hidden else "",
        ),
        source=f"SSB, tabell 07459, 1. januar {year}",
        table=table,
        draw=draw,
        height=(3.5, 3.7),
        decimals={column: 1 for column in table if "prosent" in column},
        synthetic=synthetic,
    )


def ages(age_structure: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """How each age group has grown over ten years, in persons and percent, with the nation's growth in percent beside it."""
    id, heading = "befolkning.ages", "Vekst etter alder"
    name = _names(municipalities)[komm_nr]
    rows = _told(age_structure, komm_nr, "population")
    held = rows[rows["comparable"] & (rows["year"] >= rows["year"].max() - TEN)]
    if len(held) < 2 or held["year"].max() != rows["year"].max():
        return Missing(id, heading, f"Aldersgruppene {at(name)} kan ikke følges over tid: ingen to år kan sammenlignes.")
    first, last = held.iloc[0], held.iloc[-1]
    start, end = int(first["year"]), int(last["year"])
    table = pd.DataFrame(
        {
            "age": list(AGES.values()),
            "before": [first[age] for age in AGES],
            "now": [last[age] for age in AGES],
        },
        index=list(AGES),
    ).astype({"before": "Int64", "now": "Int64"})
    table["change"] = table["now"] - table["before"]
    table["pct"] = 100 * table["change"].astype(float) / table["before"].astype(float).where(table["before"].astype(float) > 0)
    both = _in_both(age_structure, start, end)
    table["nation"] = [100 * (both.at[end, age] / both.at[start, age] - 1) if both.at[start, age] else np.nan for age in AGES]

    def draw(figure, narrow):
        room = 1.35 if narrow else 2.6
        axis = axes(figure, 1.0 if narrow else 1.2, room, 0.3, 0.05)
        values = table["change"].astype("Float64").fillna(0).to_numpy(float)
        at = np.arange(len(values))
        drawn = axis.barh(at, values, height=0.66, color=np.where(values >= 0, OWN, "white"), edgecolor=OWN, lw=0.8)
        for bar, value in zip(drawn, values, strict=True):
            bar.set_hatch("////" if value < 0 else "")
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.set_yticks(at, table["age"], color=INK, size=7.5 if narrow else 9)
        axis.set(ylim=(len(values) - 0.4, -0.6), xticks=[])
        axis.margins(x=0.02)
        axis.spines["bottom"].set_visible(False)
        axis.spines["left"].set_visible(False)
        for row, told in enumerate(table.itertuples()):
            far = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "annotation_clip": False}
            size = 7 if narrow else 8.5
            for text, across, colour, weight in (
                (number(told.change, sign=True), 0.28, OWN, "bold"),
                (percent(told.pct, 0 if narrow else 1, sign=True), 0.62, OWN, "normal"),
                (percent(told.nation, 0 if narrow else 1, sign=True), 1.0, NATION, "normal"),
            ):
                axis.annotate(
                    text, (1, row), (across * (room - 0.1) * 72, 0), ha="right", size=size, color=colour, weight=weight, **far
                )
        for text, across, colour in (("antall", 0.28, OWN), ("vekst", 0.62, OWN), ("landet", 1.0, NATION)):
            over = {"xycoords": "axes fraction", "textcoords": "offset points", "ha": "right", "size": 7 if narrow else 8.5}
            axis.annotate(text, (1, 1), (across * (room - 0.1) * 72, 4), color=colour, annotation_clip=False, **over)

    return Chart(
        id=id,
        title=ages_sentence(table, name, start, end),
        reading=f"Søylene er endringen i antall innbyggere fra 1. januar {start} til 1. januar {end}; skraverte går ned. Til høyre "
        "står antallet, det samme i prosent av gruppen, og landets vekst i prosent.",
        alt=f"Stolper for {name}, {start}–{end}: "
        + "; ".join(
            f"{told.age} {number(told.change, sign=True)} ({percent(told.pct, sign=True)}, "
            f"landet {percent(told.nation, sign=True)})"
            for told in table.itertuples()
        )
        + ".",
        uncertainty=_doubts(
            held,
            "De samme menneskene blir eldre: en gruppe kan vokse uten at noen flytter dit.",
            "Prosenter av små grupper svinger mye." if (table["before"].dropna() < 100).any() else "",
            "Skjulte grupper er vist som .." if table["change"].isna().any() else "",
        ),
        source=f"SSB, tabell 07459, 1. januar {start} og {end}",
        table=_headed(
            table,
            age="Alder",
            before=f"Personer {start}",
            now=f"Personer {end}",
            change="Endring",
            pct="Endring, prosent",
            nation="Landet, prosent",
        ),
        draw=draw,
        height=(2.6, 2.7),
        decimals={"Endring, prosent": 1, "Landet, prosent": 1},
        synthetic=synthetic,
    )


def dependency(
    age_structure: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Young and old per 100 of working age over the years, against the nation and the comparison group."""
    id, heading = "befolkning.dependency", "Unge og eldre per 100 i yrkesaktiv alder"
    name = _names(municipalities)[komm_nr]
    rows = _told(age_structure, komm_nr, "dependants_per_100")
    if rows.empty:
        return Missing(id, heading, f"{name} har ingen i alderen 20–64 år i tallene, eller de er skjult.")
    last = rows.iloc[-1]
    every = pd.RangeIndex(rows["year"].min(), last["year"] + 1, name="year")
    series = rows.set_index("year").reindex(every)
    for who, of in (("nation", age_structure), ("group", _comparable(age_structure, compare))):
        for measure, ratio in _ratios(of).items():
            series[f"{who}_{measure}"] = ratio.reindex(every)
    end = series.iloc[-1]
    with_group = series["group_old"].notna().any()

    def draw(figure, narrow):
        if narrow:
            panels = axes(figure, 0.42, 1.05, 0.3, 2.45), axes(figure, 0.42, 1.05, 2.6, 0.28)
        else:
            panels = axes(figure, 0.42, WIDE - 2.6, 0.3, 0.28), axes(figure, 4.1, 1.05, 0.3, 0.28)
        for axis, measure, text in zip(panels, ("old", "young"), ("Eldre (65 år og over)", "Unge (0–19 år)"), strict=True):
            lines = [
                (f"nation_{measure}", f"landet {number(end[f'nation_{measure}'])}", {"color": NATION, "lw": 1.3, "ls": "-"}),
                (f"group_{measure}", f"gruppen {number(end[f'group_{measure}'])}", {"color": GROUP, "lw": 1.3, "ls": "--"}),
                (f"{measure}_per_100", f"egen {number(last[f'{measure}_per_100'])}", {"color": OWN, "marker": "o"}),
            ]
            yearly(axis, series, [line for line in lines if with_group or not line[0].startswith("group")], broken=False)
            panel_name(axis, f"{text} per 100 i alderen 20–64")

    table = _headed(
        series.reset_index().assign(year=[str(year) for year in series.index]),
        year="År",
        old_per_100="Eldre per 100",
        nation_old="Landet, eldre",
        group_old="Gruppen, eldre",
        young_per_100="Unge per 100",
        nation_young="Landet, unge",
        group_young="Gruppen, unge",
        dependants_per_100="Sammen per 100",
    )
    return Chart(
        id=id,
        title=dependency_sentence(rows, series["nation_old"], name),
        reading="Til venstre hvor mange eldre, til høyre hvor mange unge det er for hver 100 innbyggere i alderen 20–64 år. Sammen "
        f"er det forsørgerbyrden: {number(last['dependants_per_100'])} per 100 i {last['year']}."
        + ("" if rows["comparable"].all() else " Hule merker er år som ikke kan sammenlignes."),
        alt=f"Linjefigur for {name}, {years(int(every[0]), int(every[-1]))}. {last['year']}: "
        f"{number(last['old_per_100'], 1)} eldre og {number(last['young_per_100'], 1)} unge per 100; landet "
        f"{number(end['nation_old'], 1)} og {number(end['nation_young'], 1)}.",
        uncertainty=_doubts(
            rows,
            f"Alder sier ikke hvem som arbeider. Én person i alderen 20–64 år er {percent(100 / last['working'])} av gruppen."
            if last["working"] < FEW
            else "Alder sier ikke hvem som arbeider.",
            "SSBs framskriving er her delt i andre aldersgrupper, så tallene stopper her; temaet «Scenarioer» viser dem.",
        ),
        source=f"SSB, tabell 07459, 1. januar {years(int(every[0]), int(every[-1]))}",
        table=table,
        draw=draw,
        height=(2.5, 4.9),
        decimals={column: 1 for column in table if column != "År"},
        synthetic=synthetic,
    )


def _unseen(population_growth_parts: pd.DataFrame) -> str:
    """Why moves are not there: the edition has none, or else this municipality's are not told."""
    return HIDDEN if population_growth_parts["domestic_net"].notna().any() else UNSEEN


# -- what the titles say


def size_sentence(rows: pd.DataFrame, index: pd.DataFrame, name: str) -> str:
    """What the population has done since the first comparable year, and the nation's; else what it is."""
    last = rows.iloc[-1]
    told = span(rows, "population", broken=False)
    if told is None or pd.isna(index["own"].iloc[-1]):
        return f"{name} hadde {_people(last['population'])} 1. januar {last['year']}"
    change, nation = index["own"].iloc[-1] - 100, index["nation"].iloc[-1] - 100
    alike = change * nation > 0  # both up, or both down
    against = "" if pd.isna(nation) else f", mot {percent(abs(nation) if alike else nation, sign=not alike)} i landet"
    if abs(change) < STEADY:
        return f"Folketallet {at(name)} er om lag uendret siden {told[0]}{against}"
    moved = "økt" if change > 0 else "gått ned"
    return f"Folketallet {at(name)} har {moved} med {percent(abs(change))} siden {told[0]}{against}"


def yearly_sentence(rows: pd.DataFrame, name: str) -> str:
    """What the population has grown by in the latest five years, and which part gave most of it."""
    first, last = _window(rows)
    held = rows[rows["year"] >= first]
    growth, when = held["growth"].sum(), f"i {last}" if first == last else f"i {years(first, last)}"
    if growth == 0:
        return f"{name} hverken vokste eller krympet {when}"
    moved = f"{name} {'vokste' if growth > 0 else 'gikk ned'} med {_people(abs(growth))} {when}"
    sums = held[list(PARTS)].sum(skipna=False).dropna()
    same = sums[np.sign(sums.astype(float)) == np.sign(growth)]
    if len(sums) < len(PARTS) or same.empty:
        return moved
    most = same.astype(float).abs().idxmax()
    against = sums.drop(same.index).astype(float).abs()
    said = f"{_noun(most, same[most])} ({number(same[most], sign=True)})"
    if len(against) and 2 * against.max() >= abs(same[most]):
        least = against.idxmax()
        return f"{moved}: {said} mot {_noun(least, sums[least])} ({number(sums[least], sign=True)})"
    return f"{moved}, mest av {said}"


def parts_sentence(rates: pd.DataFrame, kept: list[str], name: str, period: tuple[int, int]) -> str:
    """The part in which the municipality differs most from the nation; its growth against the nation's where parts are unknown."""
    when = years(*period)
    own, nation = rates[name].astype(float), rates["landet"].astype(float)
    apart = (own - nation)[[part for part in PARTS if part in kept and part != "correction"]].abs().dropna()
    if apart.empty or apart.max() < 0.005:
        growth = [percent(who["growth"], 2, sign=True) for who in (own, nation)]
        return f"Veksten {at(name)} var {growth[0]} i året {when}, mot {growth[1]} i landet"
    part = apart.idxmax()
    return (
        f"{name} skiller seg mest fra landet i {PARTS[part]}: {number(own[part], 2, sign=True)} mot "
        f"{number(nation[part], 2, sign=True)} prosent i året {when}"
    )


def rank_sentence(name: str, held, growth: float, period: tuple[int, int]) -> str:
    """The place in growth over five years, with the band it has been in."""
    band = f", og har vært på plass {held.best}–{held.worst} siden {held.since}" if held.best < held.worst else ""
    return f"{name} er på plass {held.rank} av {held.n} i vekst {years(*period)} ({percent(growth, 2, sign=True)} i året){band}"


def pyramid_sentence(last: pd.Series, nation: pd.Series, name: str) -> str:
    """The age group it has most more of than the nation, and the one it has most less of."""
    apart = pd.Series({age: last[f"{age}_pct"] - nation[age] for age in AGES}, dtype=float).dropna()
    if apart.empty or apart.abs().max() < 0.05:
        return f"{name} har samme alderssammensetning som landet"
    more, less = apart.idxmax(), apart.idxmin()

    def against(age):
        return f"{AGES[age]} ({number(last[f'{age}_pct'], 1)} mot {number(nation[age], 1)} prosent)"

    return f"{name} har mer enn landet av dem i alderen {against(more)} og mindre av dem i alderen {against(less)}"


def ages_sentence(table: pd.DataFrame, name: str, start: int, end: int) -> str:
    """The age group that has grown most, in persons; the one that has shrunk most where none has grown."""
    change = table["change"].dropna().astype(int)
    if change.empty:
        return f"Endringene i aldersgruppene {at(name)} siden {start} er skjult"
    if change.max() > 0:
        most = change.idxmax()
        share = f" ({percent(table.at[most, 'pct'], sign=True)})" if pd.notna(table.at[most, "pct"]) else ""
        return f"Gruppen {table.at[most, 'age']} har vokst mest {at(name)} siden {start}: {number(change[most], sign=True)}{share}"
    if change.min() < 0:
        least = change.idxmin()
        fall = f"{table.at[least, 'age']} har gått mest ned: {number(change[least])}"
        return f"Ingen aldersgruppe har vokst {at(name)} siden {start}; {fall}"
    return f"Ingen aldersgruppe {at(name)} er endret siden {start}"


def dependency_sentence(rows: pd.DataFrame, nation: pd.Series, name: str) -> str:
    """Old to each 100 of working age now, in the nation, and the change since the first comparable year."""
    last = rows.iloc[-1]
    level = last["old_per_100"]
    against = nation.get(last["year"], np.nan)
    said = f"{name} har {number(level)} eldre for hver 100 i alderen 20–64 år"
    country = "" if pd.isna(against) else f"; landet har {number(against)}"
    told = span(rows, "old_per_100", broken=False)
    if told is None:
        return said + country
    change = round(level) - round(rows.set_index("year").at[told[0], "old_per_100"])
    moved = f"{more(change)} enn" if change else "like mange som"
    return f"{said}, {moved} i {told[0]}{country}"


# -- what is drawn from


def reforms(register: Register, komm_nr: str, first: int, last: int) -> list[tuple[int, str]]:
    """The years (1 January) from which the municipality's land or number is another: «deling», «sammenslåing» or «nytt nummer»."""
    lineage = register.lineage(range(first, last + 1), day="01-01")
    own = lineage[lineage["komm_nr"] == komm_nr].groupby("year")
    numbers, split = own["old_nr"].agg(set), own["split"].any()
    marks = []
    for before, year in pairwise(numbers.index):
        if split[before] and not split[year]:
            marks.append((int(year), "deling"))
        elif len(numbers[before]) > len(numbers[year]):
            marks.append((int(year), "sammenslåing"))
        elif numbers[before] != numbers[year]:
            marks.append((int(year), "nytt nummer"))
    return marks


def five_years(growth_parts: pd.DataFrame) -> pd.DataFrame:
    """Growth in percent a year over the five years that end with each, of every municipality: `komm_nr`, `year`, `growth_pct`.

    The sum of the persons over the sum of the populations; missing where any of the five is unknown, and not `comparable` where
    any of them is not.
    """
    frame = growth_parts.sort_values(["komm_nr", "year"])
    frame = frame.assign(held=frame["comparable"].astype(float), whole=frame["population"].astype("Float64").astype(float))
    frame["persons"] = frame["growth"].astype("Float64").astype(float)
    by = frame.groupby("komm_nr")
    sums = by[["persons", "whole", "held"]].rolling(SPAN).sum().droplevel(0)
    straight = by["year"].diff(SPAN - 1).eq(SPAN - 1)
    rates = (100 * sums["persons"] / sums["whole"].where(sums["whole"] > 0)).where(straight)
    return frame[["komm_nr", "year"]].assign(growth_pct=rates, comparable=sums["held"].eq(SPAN) & straight)


def _ranked(table, komm_nr):
    """The municipality's place each year among those whose growth is known and comparable."""
    held = table[table["comparable"] & table["growth_pct"].notna()]
    places = held.groupby("year")["growth_pct"].rank(method="min", ascending=False)
    own = held["komm_nr"] == komm_nr
    return places[own].set_axis(held.loc[own, "year"])


def _chained(growth_parts, base, every):
    """The population of these municipalities as an index over the years, 100 in `base`, chained of the growth of those known."""
    told = growth_parts.dropna(subset=["growth", "population"]).groupby("year")[["growth", "population"]].sum().astype(float)
    steps = 1 + told["growth"] / told["population"].where(told["population"] > 0)
    ratio = steps.reindex(range(int(every[0]), int(every[-1]))).set_axis(range(int(every[0]) + 1, int(every[-1]) + 1))
    after = ratio[ratio.index > base].cumprod(skipna=False)
    return (100 * pd.concat([pd.Series({base: 1.0}), after])).reindex(every)


def _rates(rows, first, last):
    """Each part of growth in percent a year: the persons of all the years over the populations; missing where a year is."""
    held = rows[(rows["year"] >= first) & (rows["year"] <= last)].dropna(subset=["growth", "population"])
    whole = float(held["population"].sum())
    sums = held[[*PARTS, "growth"]].sum(skipna=False, min_count=1)
    return pd.Series({part: 100 * float(value) / whole if whole and pd.notna(value) else np.nan for part, value in sums.items()})


def _window(rows):
    """The first and last of the latest five years in a row of one municipality's growth; all comparable where the last one is."""
    last = int(rows["year"].iloc[-1])
    usable = set(rows["year"] if not rows["comparable"].iloc[-1] else rows.loc[rows["comparable"], "year"])
    first = last
    while first - 1 in usable and last - first < SPAN - 1:
        first -= 1
    return first, last


def _with_land(rows):
    """The years whose growth came with land: a large correction, or the last before a split, in a year that cannot be compared."""
    large = (rows["correction"].abs() > MOVED * rows["population"]).fillna(False)
    step = rows["birth_surplus"].isna() & rows["comparable"].shift(-1, fill_value=False)
    return (large | step).astype(bool) & ~rows["comparable"]


def _comparable(table, numbers):
    """The rows of those municipalities that can be compared in all their years."""
    held = table[table["komm_nr"].isin(numbers)]
    return held[held.groupby("komm_nr")["comparable"].transform("all")]


def _ratios(table):
    """Old and young per 100 of working age by year, of these municipalities together."""
    sums = table.dropna(subset=["young", "working", "old"]).groupby("year")[["young", "working", "old"]].sum().astype(float)
    return {who: 100 * sums[who] / sums["working"].where(sums["working"] > 0) for who in ("old", "young")}


def _in_both(age_structure, start, end):
    """The nation's age groups in two years, of the municipalities that have figures in both."""
    held = age_structure[age_structure["year"].isin([start, end])].dropna(subset=list(AGES))
    held = held[held.groupby("komm_nr")["year"].transform("nunique") == len({start, end})]
    return held.groupby("year")[list(AGES)].sum().astype(float).reindex([start, end])


def _nation_shares(age_structure, year):
    sums = age_structure[age_structure["year"] == year].dropna(subset=list(AGES))[list(AGES)].sum().astype(float)
    return 100 * sums / sums.sum() if sums.sum() else sums


def _by_five(rows, share=True):
    """Persons by five-year age group (rows, the youngest first) and sex (columns), or their share of all in percent."""
    group = (rows["age"] // 5).clip(upper=18)
    sums = rows["population"].groupby([group, rows["sex"]]).sum(skipna=False).unstack().astype("Float64")
    sums = sums.reindex(range(19)).set_axis([f"{5 * step}–{5 * step + 4}" if step < 18 else "90+" for step in range(19)])
    return (100 * sums / sums.sum().sum() if share else sums).astype(float)


def _told(table, komm_nr, column):
    rows = table[(table["komm_nr"] == komm_nr) & table[column].notna()]
    return rows.sort_values("year", ignore_index=True)


def _names(municipalities):
    return {nr: short_name(name) for nr, name in zip(municipalities["komm_nr"], municipalities["name"], strict=True)}


def _people(count):
    return f"{number(count)} {'innbygger' if count == 1 else 'innbyggere'}"


def _noun(part, value):
    """A part of growth as what it was: a surplus of deaths, moves out."""
    signs = {
        "birth_surplus": ("fødselsoverskudd", "fødselsunderskudd"),
        "domestic_net": ("innenlandsk innflytting", "innenlandsk utflytting"),
        "foreign_net": ("nettoinnvandring", "nettoutvandring"),
        "correction": ("korreksjon", "korreksjon"),
    }
    return signs[part][int(value < 0)]


def _chance(year):
    """How far births and deaths of a year move by chance alone (Poisson, 95 %), as a sentence."""
    wide = 1.96 * float(year["births"] + year["deaths"]) ** 0.5
    return (
        f"Fødsler og dødsfall svinger tilfeldig: med {number(year['births'])} fødte og {number(year['deaths'])} døde i året kan "
        f"fødselsoverskuddet være om lag {number(wide)} høyere eller lavere uten at noe er endret."
    )


def _doubts(rows, *more):
    """What is uncertain in these years: the register, a split or moved boundary, and what the figure adds."""
    return " ".join(text for text in (COUNTED, "" if rows["comparable"].all() else SHARED, *more) if text)


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)


def _legend(axis, narrow, *marks):
    """What the marks mean, in rows over the whole figure, in their own colours."""
    width, height = axis.figure.get_size_inches()
    across, down, letter = 0.1, 0.2, 0.063 if narrow else 0.079  # inches: where a text begins, and how much a letter takes
    for text, colour in marks:
        long = letter * len(text) + 0.2
        if across + long > width:
            across, down = 0.1, down + 0.17
        look = {"color": colour, "weight": "bold", "size": 7 if narrow else 8.5}
        axis.figure.text(across / width, 1 - down / height, text, **look)
        across += long
