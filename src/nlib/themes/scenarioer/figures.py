"""The figures of the scenario page: people, ages, what change is made of, jobs and dwellings, own assumptions, and the record.

Each function takes contract tables and gives a Chart, or Missing with the reason. Population is that of 1 January, in persons.
`horizon` is the last year shown; `attraktivitet` (percentage points of the population a year above neutral) and `fruktbarhet`
(times today's) are what a reader sets.
"""

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import panel_name, spread
from nlib.charts.style import GRID, GROUP, INK, NATION, OTHER, OWN, SOFT, WIDE, axes
from nlib.core.errors import WrongUse
from nlib.core.language import at, listed, more, number, percent, short_name, years
from nlib.methods.projection import project
from nlib.methods.projection.rates import from_table

HORIZON = 2050
LABELS = {"high": "høy", "trend": "som før", "limited": "avgrenset", "neutral": "nøytral", "low": "lav"}
LOOKS = {"high": {"color": OWN, "lw": 1.2, "ls": "--"}, "low": {"color": OWN, "lw": 1.2, "ls": ":"}}
LEADS, OTHERS = {"color": OWN, "lw": 2.4}, {"color": GROUP, "lw": 1.4, "ls": "-."}
AGES = {"age_0_19": "0–19 år", "age_20_66": "20–66 år", "age_67_79": "67–79 år", "age_80": "80 år og eldre"}
SIZES = {
    "all": "alle kommuner",
    "20000+": "20 000 og over",
    "5000-19999": "5 000–19 999",
    "1000-4999": "1 000–4 999",
    "0-999": "under 1 000",
}
RECORD = {"trend": "som før", "neutral": "nøytral", "unchanged": "uendret folketall"}
LEVEL, FEW = 90, 0.7  # percent of bands that should hold; a municipality whose own have held less often than this is told
IN_TEN, AFTER = 80, 5  # SSB's rule of thumb: error under 5 % after five years in 8 of 10 municipalities
SOURCE = "SSB, tabell 07459, og 06913 der den er hentet. Framskriving: nlib"
PER = {
    "jobs": "arbeidsplasser er like mange for hver innbygger på 20–66 år",
    "dwellings": "boliger like mange for hver på 20 år og over",
}
STEADY = 1.0  # percent; a smaller change over the whole span is «om lag som nå»
MEANING = (
    "Som før er attraktiviteten slik den har vært, avtakende med en tidel i året. Nøytral er attraktivitet null: flyttingen "
    "er den størrelsen på kommunen tilsier. Høy og lav er ett standardavvik over og under det som leder."
)
ASSUMED = (
    "Fruktbarhet er som i de siste fem årene, flytting etter alder som i de siste ti (med flyktningene fra Ukraina), "
    "og dødeligheten "
    "faller 1,2 prosent i året. Det er antakelser, ikke kunnskap."
)


def people(
    population_scenarios: pd.DataFrame,
    population: pd.DataFrame,
    population_projection: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    horizon: int = HORIZON,
    synthetic: bool = False,
) -> Chart | Missing:
    """The population so far and in each course, the band of the one that leads, and SSB's projection where it is there."""
    id, name = "scenarioer.people", _name(municipalities, komm_nr)
    rows = courses_of(population_scenarios, komm_nr, horizon)
    if rows.empty:
        return _no_figures(id, "Folketallet framover", name)
    first = int(rows["year"].min())
    wide = rows.pivot(index="year", columns="course", values="population")
    lead = leading(rows)
    labels, main = labels_of(lead), rows[rows["course"] == lead].set_index("year")
    past = population[(population["komm_nr"] == komm_nr) & population["population"].notna() & (population["year"] <= first)]
    past = past.set_index("year")["population"].astype(float).sort_index()
    theirs = population_projection[(population_projection["komm_nr"] == komm_nr) & population_projection["latest"]]
    theirs = theirs[theirs["year"] <= horizon].dropna(subset="main").set_index("year").sort_index()
    table_nr, theirs = "".join(theirs["table"].head(1)), theirs["main"].astype(float)
    banded = main["low"].notna().all()
    table = wide[list(labels)].join(main[["low", "high"]].add_suffix("_band")).join(theirs).reset_index()

    def draw(figure, narrow):
        axis = axes(figure, 0.62, 1.25 if narrow else 1.5, 0.15, 0.28)
        if banded:
            axis.fill_between(main.index, main["low"], main["high"], color=GRID, lw=0)
        axis.plot(past.index, past, color=INK, lw=2.2)
        ends: list[tuple] = []
        if len(theirs):
            axis.plot(theirs.index, theirs, color=NATION, lw=1.4, ls=(0, (4, 1, 1, 1, 1, 1)))
            ends.append((theirs.iloc[-1], f"SSB {number(theirs.iloc[-1])}", NATION, "normal"))
        for course, label in labels.items():
            look = LEADS if course == lead else LOOKS.get(course, OTHERS)
            axis.plot(wide.index, wide[course], **look)
            weight = "bold" if course == lead else "normal"
            ends.append((wide[course].iloc[-1], f"{label} {number(wide[course].iloc[-1])}", look["color"], weight))
        axis.axvline(first, color=SOFT, lw=0.8, ls=(0, (2, 2)))
        axis.set_xlim(past.index.min() - 0.5, horizon + 0.5)
        axis.set_xticks(_ticks(int(past.index.min()), first, horizon, narrow))
        axis.yaxis.set_major_formatter(lambda value, _: number(value))
        axis.margins(y=0.08)
        axis.grid(axis="y")
        _ends(axis, horizon, ends, 7 if narrow else 8)

    band = f"Det grå båndet skal holde ni av ti ganger: {number(main['low'].iloc[-1])} til {number(main['high'].iloc[-1])} "
    band += f"i {horizon}."
    return Chart(
        id=id,
        title=people_sentence(main, name),
        reading=f"Mørk linje er folketallet til {first}, blå er framskrivingen. {MEANING} "
        + (band if banded else "Det er for få år til å gi et bånd.")
        + (" Den grønne er SSBs hovedalternativ." if len(theirs) else " SSBs egen framskriving er ikke i utgaven."),
        alt=f"Linjefigur for {name}: {number(past.iloc[-1])} innbyggere i {first}. I {horizon}: "
        + "; ".join(f"{label} {number(wide[course].iloc[-1])}" for course, label in labels.items())
        + (f"; SSB {number(theirs.iloc[-1])}" if len(theirs) else "")
        + ".",
        uncertainty=f"{ASSUMED} Båndet er så bredt som feilene til tidligere framskrivinger av kommuner med lik størrelse og "
        "vekst, bredere eller smalere etter kommunens egne, og er trukket ut lenger enn de rekker."
        + own_record(main.iloc[0], name)
        + unusual(rows),
        source=f"{SOURCE}, {years(first, horizon)}" + (f". SSB, tabell {table_nr}" if len(theirs) else ""),
        table=_headed(
            table.assign(year=table["year"].astype(str)),
            year="År",
            **{course: label.capitalize() for course, label in labels.items()},
            low_band="Bånd, nedre",
            high_band="Bånd, øvre",
            main="SSBs hovedalternativ",
        ),
        draw=draw,
        height=(3.3, 3.4),
        decimals=dict.fromkeys([*(label.capitalize() for label in labels.values()), "Bånd, nedre", "Bånd, øvre"], 0),
        synthetic=synthetic,
    )


def ages(
    population_scenarios: pd.DataFrame,
    population_projection: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    horizon: int = HORIZON,
    synthetic: bool = False,
) -> Chart | Missing:
    """How many there are in each age group now and at the horizon: in the course that leads, between low and high, and by SSB."""
    id, name = "scenarioer.ages", _name(municipalities, komm_nr)
    rows = courses_of(population_scenarios, komm_nr, horizon)
    if rows.empty:
        return _no_figures(id, "Alderen framover", name)
    first = int(rows["year"].min())
    lead = leading(rows)
    now = rows[(rows["year"] == first) & (rows["course"] == lead)].iloc[0]
    then = rows[rows["year"] == horizon].set_index("course")
    courses = {"low": "low", "main": lead, "high": "high"}
    table = pd.DataFrame(
        {"group": list(AGES.values()), "now": now[list(AGES)].to_numpy(float)}
        | {name: then.loc[course, list(AGES)].to_numpy(float) for name, course in courses.items()}
    )
    theirs = population_projection[(population_projection["komm_nr"] == komm_nr) & population_projection["latest"]]
    theirs = theirs[(theirs["year"] == horizon) & theirs[list(AGES)].notna().all(axis=1)]
    table["ssb"] = theirs[list(AGES)].iloc[0].to_numpy(float) if len(theirs) else np.nan

    def draw(figure, narrow):
        axis = axes(figure, 1.0, 0.9, 0.36, 0.1)
        at = np.arange(len(table))
        axis.barh(at - 0.19, table["now"], height=0.34, color=OTHER)
        axis.barh(at + 0.19, table["main"], height=0.34, color=OWN)
        axis.hlines(at + 0.19, table["low"], table["high"], color=INK, lw=1.4)
        axis.plot(table["ssb"], at + 0.19, ls="", marker="d", ms=6, color=NATION, markeredgecolor="white")
        for row, (now, then, high) in enumerate(zip(table["now"], table["main"], table[["high", "ssb"]].max(axis=1), strict=True)):
            beside = {"textcoords": "offset points", "va": "center", "size": 7.5}
            axis.annotate(number(now), (now, row - 0.19), (4, 0), color=SOFT, **beside)
            axis.annotate(number(then), (max(then, high), row + 0.19), (4, 0), color=OWN, weight="bold", **beside)
        axis.set_yticks(at, table["group"], color=INK, size=8)
        axis.invert_yaxis()
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        course = "" if narrow else f", {LABELS[lead]}"
        panel_name(axis, f"Grå: {first}. Blå: {horizon}{course}" + (". ◆ SSB" if len(theirs) else ""), strong=True)

    return Chart(
        id=id,
        title=ages_sentence(now, then.loc[lead], name, horizon),
        reading=f"Grå søyle er {first}, blå er {horizon} i forløpet «{LABELS[lead]}». Den tynne streken går fra lav til høy "
        "attraktivitet." + (" Den grønne ruten er SSBs hovedalternativ." if len(theirs) else ""),
        alt=f"Søylefigur for {name}, {first} og {horizon}: "
        + "; ".join(f"{row.group} {number(row.now)} og {number(row.main)}" for row in table.itertuples())
        + ".",
        uncertainty="De som er over 40 år i "
        f"{horizon}, er nesten alle født, så antallet eldre er sikrere enn antallet barn. {ASSUMED}",
        source=f"{SOURCE}, {first} og {horizon}",
        table=_headed(
            table,
            group="Alder",
            now=f"{first}",
            low=f"{horizon}, lav",
            main=f"{horizon}, {LABELS[lead]}",
            high=f"{horizon}, høy",
            **({"ssb": f"{horizon}, SSB"} if len(theirs) else {}),
        ),
        draw=draw,
        height=(2.6, 2.6),
        decimals=dict.fromkeys([f"{horizon}, {label}" for label in ("lav", LABELS[lead], "høy", "SSB")] + [f"{first}"], 0),
        synthetic=synthetic,
    )


def parts(
    population_scenarios: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, horizon: int = HORIZON, synthetic: bool = False
) -> Chart | Missing:
    """Births, deaths and net migration through each year in the course that leads: they add up to the change in population."""
    id, name = "scenarioer.parts", _name(municipalities, komm_nr)
    rows = courses_of(population_scenarios, komm_nr, horizon)
    rows = rows[(rows["course"] == leading(rows)) & rows["migration"].notna() & (rows["year"] < horizon)]
    if rows.empty:
        return _no_figures(id, "Fødte, døde og flytting framover", name)
    table = rows.assign(growth=rows["births"] - rows["deaths"] + rows["migration"])
    lines = (("births", "fødte", OWN, "-"), ("deaths", "døde", INK, "--"), ("migration", "nettoflytting", GROUP, "-."))
    last = table.iloc[-1]

    def draw(figure, narrow):
        axis = axes(figure, 0.5, 1.25 if narrow else 1.4, 0.34, 0.28)
        for column, _, colour, style in lines:
            axis.plot(table["year"], table[column], color=colour, ls=style, lw=1.8)
        ends = [(last[column], f"{label} {number(last[column])}", colour, "bold") for column, label, colour, _ in lines]
        axis.axhline(0, color=SOFT, lw=0.8)
        axis.set_xlim(table["year"].min() - 0.3, last["year"] + 0.3)
        axis.set_xticks(_ticks(int(table["year"].min()), None, int(last["year"]), narrow))
        axis.yaxis.set_major_formatter(lambda value, _: number(value))
        axis.yaxis.get_major_locator().set_params(integer=True)
        axis.grid(axis="y")
        axis.margins(y=0.1)
        _ends(axis, last["year"], ends, 7 if narrow else 8)
        panel_name(axis, "Personer i året")

    return Chart(
        id=id,
        title=parts_sentence(table, name),
        reading="Fødte minus døde pluss nettoflytting (fra andre kommuner og utlandet) er endringen i folketallet fra "
        f"1. januar til neste 1. januar i forløpet «{LABELS[rows['course'].iloc[0]]}».",
        alt=f"Linjefigur for {name}. "
        + " ".join(
            f"{int(row.year)}: fødte {number(row.births)}, døde {number(row.deaths)}, nettoflytting {number(row.migration)}."
            for row in table.iloc[[0, -1]].itertuples()
        ),
        uncertainty=f"{ASSUMED} Dødelighet og nettoflytting er skilt ved en antatt kurve for dødelighet, lik i hele "
        f"landet; summen av dem "
        "er målt. Uten tall for fødte er barn på 0 år regnet som årets fødte.",
        source=f"{SOURCE}, {years(int(table['year'].min()), int(last['year']))}",
        table=_headed(
            table.assign(year=table["year"].astype(str)),
            year="År",
            births="Fødte",
            deaths="Døde",
            migration="Nettoflytting",
            growth="Endring i folketallet",
        ),
        draw=draw,
        height=(2.5, 2.7),
        decimals=dict.fromkeys(("Fødte", "Døde", "Nettoflytting", "Endring i folketallet"), 0),
        synthetic=synthetic,
    )


def needs(
    population_scenarios: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, horizon: int = HORIZON, synthetic: bool = False
) -> Chart | Missing:
    """Jobs and dwellings that each course asks for at the horizon, at today's rates."""
    id, heading, name = "scenarioer.needs", "Arbeidsplasser og boliger framover", _name(municipalities, komm_nr)
    rows = courses_of(population_scenarios, komm_nr, horizon)
    if rows.empty:
        return _no_figures(id, heading, name)
    first = int(rows["year"].min())
    kinds = {"jobs": "arbeidsplasser", "dwellings": "boliger"}
    held = {column: noun for column, noun in kinds.items() if rows[column].notna().all()}
    if not held:
        return Missing(id, heading, f"Tallene mangler arbeidsplasser (tabell 11618) og boliger (tabell 06265) for {name}.")
    lead = leading(rows)
    shown = sorted(labels_of(lead), key=["low", lead, "high", "neutral", "trend"].index)
    now = rows[(rows["year"] == first) & (rows["course"] == lead)].iloc[0]
    then = rows[rows["year"] == horizon].set_index("course")
    labels = [f"{first}", *(LABELS[course] for course in shown)]
    values = {column: [now[column], *then.loc[shown, column]] for column in held}
    lacking = [kinds[column] for column in kinds if column not in held]

    def draw(figure, narrow):
        height = figure.get_size_inches()[1]
        for panel, (column, noun) in enumerate(held.items()):
            if len(held) == 1:
                axis = axes(figure, 0.85, 1.5, 0.32, 0.08)
            elif narrow:
                half = (height - 0.45) / 2
                axis = axes(figure, 0.75, 1.1, 0.32 + panel * half, 0.05 + (1 - panel) * half)
            else:
                axis = axes(figure, 0.75 + panel * 3.45, WIDE - 2.6 - panel * 3.45, 0.32, 0.08)
            figures = np.array(values[column], dtype=float)
            axis.barh(
                range(len(figures)),
                figures,
                height=0.62,
                color=[OTHER, *(OWN if course in (lead, *LOOKS) else GROUP for course in shown)],
            )
            for row, value in enumerate(figures):
                more = "" if row == 0 else f" ({number(value - figures[0], sign=True)})"
                weight = "bold" if shown[row - 1] == lead and row else "normal"
                beside = {"textcoords": "offset points", "va": "center", "size": 7.5, "weight": weight}
                axis.annotate(number(value) + more, (value, row), (4, 0), annotation_clip=False, **beside)
            axis.set_yticks(range(len(figures)), labels, color=INK, size=8)
            axis.invert_yaxis()
            axis.set_xticks([])
            axis.spines["bottom"].set_visible(False)
            panel_name(axis, noun.capitalize())

    table = pd.DataFrame({"label": labels} | {noun.capitalize(): values[column] for column, noun in held.items()})
    return Chart(
        id=id,
        title=needs_sentence(now, then.loc[lead], held, name, horizon),
        reading=f"Øverst er {first} med dagens rater, under er {horizon} i hvert forløp, med endringen i parentes. "
        + listed([PER[column] for column in held]).capitalize()
        + f" som i det siste året som er kjent.{f' Tall for {listed(lacking)} mangler.' if lacking else ''}",
        alt=f"Søylefigur for {name}. "
        + " ".join(
            f"{noun.capitalize()}: "
            + "; ".join(f"{label} {number(value)}" for label, value in zip(labels, values[column], strict=True))
            + "."
            for column, noun in held.items()
        ),
        uncertainty="Dette er hva folketallet ville trenge med dagens rater, ikke hva som kommer: jobber følger ikke "
        "alltid folk, og "
        "hvor mange som bor i hver bolig, endrer seg. " + ASSUMED,
        source="SSB, tabell "
        + listed([{"jobs": "11618", "dwellings": "06265"}[column] for column in held] + ["07459"])
        + f". Framskriving: nlib, {horizon}",
        table=table.rename(columns={"label": "Forløp"}),
        draw=draw,
        height=(2.1, 1.9 if len(held) == 1 else 3.5),
        decimals={noun.capitalize(): 0 for noun in held.values()},
        synthetic=synthetic,
    )


def own(
    projection_rates: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    horizon: int = HORIZON,
    attraktivitet: float = 0.3,
    fruktbarhet: float = 1.0,
    synthetic: bool = False,
) -> Chart | Missing:
    """The reader's own course against the neutral one: so much more attractive a year, so many more births to a woman."""
    id, name = "scenarioer.own", _name(municipalities, komm_nr)
    for what, value in (("attraktivitet", attraktivitet), ("fruktbarhet", fruktbarhet)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise WrongUse(f"Parameteren {what} må være et tall, ikke {value!r}")
    held = projection_rates[projection_rates["komm_nr"] == komm_nr]
    if held.empty or held["population"].isna().any():
        return _no_figures(id, "Egne forutsetninger", name)
    first = int(held["start"].iloc[0])
    ahead = _within(horizon, first) - first
    start, rates = from_table(held)
    made = {
        "neutral": project(start, rates, ahead).totals[:, 0],
        "own": project(start, rates, ahead, attraktivitet, fruktbarhet).totals[:, 0],
    }
    table = pd.DataFrame(made, index=pd.RangeIndex(first, horizon + 1, name="year")).reset_index()
    last = table.iloc[-1]
    apart = last["own"] - last["neutral"]
    said = f"{number(attraktivitet, 1)} prosent høyere attraktivitet" if attraktivitet >= 0 else ""
    said = said or f"{number(-attraktivitet, 1)} prosent lavere attraktivitet"
    given = [said] if attraktivitet or fruktbarhet == 1 else []
    if fruktbarhet != 1:
        given.append(f"fruktbarhet {number(fruktbarhet, 2)} ganger dagens")

    def draw(figure, narrow):
        axis = axes(figure, 0.62, 1.3 if narrow else 1.5, 0.15, 0.28)
        lines = (("neutral", "nøytral", LEADS), ("own", "egen", {"color": GROUP, "lw": 2.4, "ls": "--"}))
        for column, _, look in lines:
            axis.plot(table["year"], table[column], **look)
        axis.fill_between(table["year"], table["neutral"], table["own"], color=GRID, lw=0)
        ends = [(last[column], f"{label} {number(last[column])}", look["color"], "bold") for column, label, look in lines]
        axis.set_xlim(first - 0.3, horizon + 0.3)
        axis.set_xticks(_ticks(first, None, horizon, narrow))
        axis.yaxis.set_major_formatter(lambda value, _: number(value))
        axis.margins(y=0.15)
        axis.grid(axis="y")
        _ends(axis, horizon, ends, 7 if narrow else 8)

    what = "like mange" if abs(apart) < 0.5 else more(apart)
    return Chart(
        id=id,
        title=f"Med {listed(given)} i året blir det {what} innbyggere {at(name)} i {horizon}".replace("dagens i året", "dagens"),
        reading="Heltrukket er det nøytrale forløpet, stiplet er det med forutsetningene som er satt i notatboken: attraktivitet "
        f"{number(attraktivitet, 2, sign=True)} prosent av folketallet i året, fruktbarhet {number(fruktbarhet, 2)} ganger dagens.",
        alt=f"Linjefigur for {name}. {horizon}: nøytral {number(last['neutral'])}, med egne forutsetninger {number(last['own'])} "
        "innbyggere.",
        uncertainty=f"Et regnestykke, ikke en spådom. Attraktiviteten slik den har vært, er "
        f"{number(rates.attractiveness[0], 2, sign=True)} prosent i året, med et standardavvik på {number(rates.deviation[0], 2)}.",
        source=f"{SOURCE}, {years(first, horizon)}",
        table=_headed(table.assign(year=table["year"].astype(str)), year="År", neutral="Nøytral", own="Egen"),
        draw=draw,
        height=(2.2, 2.4),
        decimals={"Nøytral": 0, "Egen": 0},
        synthetic=synthetic,
    )


def record(projection_backtest: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """How often projections were within 5 % after five years, and how often the bands held, by size of municipality."""
    id, heading = "scenarioer.record", "Hvor gode framskrivingene har vært"
    told = projection_backtest[(projection_backtest["horizon"] == AFTER) & (projection_backtest["growth_class"] == "all")]
    if told.empty:
        return Missing(id, heading, "Ingen framskriving kan etterprøves ennå: det trengs ti år med folketall etter alder.")
    means = pd.DataFrame(
        {name: _weighted(told, name) for name in ("within_5_pct", "coverage_pct", "mean_abs_error_pct", "mean_error_pct")}
    )
    origins = sorted(told["origin"].unique())
    sizes = [size for size in SIZES if ("neutral", size) in means.index]
    best = min(("trend", "neutral"), key=lambda course: means.at[(course, "all"), "mean_abs_error_pct"])
    marks = {"trend": (OWN, "^"), "neutral": (GROUP, "D"), "unchanged": (OTHER, "o")}

    def draw(figure, narrow):
        panels = (("within_5_pct", "Feil under 5 % etter fem år", IN_TEN), ("coverage_pct", "90 %-bånd som holdt", LEVEL))
        half = (figure.get_size_inches()[1] - 0.75) / 2
        for panel, (column, title, level) in enumerate(panels):
            if narrow:
                axis = axes(figure, 1.15, 0.2, 0.35 + panel * half, 0.42 + (1 - panel) * half)
            else:
                axis = axes(figure, 1.3 + panel * 3.0, WIDE - 4.05 - panel * 3.0, 0.35, 0.42)
            axis.axvline(level, color=SOFT, lw=1, ls=(0, (2, 2)))
            for course, (colour, marker) in marks.items():
                if column == "coverage_pct" and course == "unchanged":
                    continue
                values = [means.at[(course, size), column] for size in sizes]
                axis.plot(values, range(len(sizes)), ls="", marker=marker, ms=7, color=colour)
            axis.set(xlim=(0 if means[column].min() < 45 else 40, 103), ylim=(len(sizes) - 0.5, -0.6))
            axis.xaxis.set_major_formatter(lambda value, _: number(value))
            axis.grid(axis="x")
            shown = [SIZES[size] for size in sizes] if narrow or panel == 0 else [""] * len(sizes)
            axis.set_yticks(range(len(sizes)), shown, color=INK, size=7.5)
            panel_name(axis, title)
        width = figure.get_size_inches()[0]
        symbols = {"trend": "▲", "neutral": "◆", "unchanged": "●"}
        for place, course in enumerate(marks):
            look = {"color": marks[course][0], "size": 7 if narrow else 8, "weight": "bold"}
            at = (0.15 + place * (1.0 if narrow else 1.4)) / width
            figure.text(at, 0.42 / figure.get_size_inches()[1], f"{symbols[course]} {RECORD[course]}", **look)

    table = means.loc[[(course, size) for course in RECORD for size in sizes]].reset_index()
    table = table.assign(course=table["course"].map(RECORD), size_class=table["size_class"].map(SIZES))
    first = means.loc[(best, "all")]
    return Chart(
        id=id,
        title=record_sentence(first["within_5_pct"]),
        reading=f"For hvert år fra {origins[0]} til {origins[-1]} er det laget en framskriving med det som var kjent "
        f"da, og prøvd mot "
        "folketallet fem år etter. Venstre: andelen kommuner med feil under 5 prosent; SSBs tommelfingerregel for "
        "sine egne er åtte "
        "av ti (prikket). Høyre: andelen av båndene på 90 prosent som holdt. Etter folketall. Forløpet med minst feil leder: "
        f"«{RECORD[best]}».",
        alt="Punktfigur, prosent av kommunene med feil under 5 prosent etter fem år: "
        + "; ".join(
            f"{SIZES[size]} nøytral {number(means.at[('neutral', size), 'within_5_pct'])}, som før "
            f"{number(means.at[('trend', size), 'within_5_pct'])}"
            for size in sizes
        )
        + f". Bånd som holdt: {number(first['coverage_pct'])} prosent.",
        uncertainty=f"Snittfeilen etter fem år er {percent(means.at[('neutral', 'all'), 'mean_abs_error_pct'], 1)} i det nøytrale "
        f"forløpet og {percent(means.at[('trend', 'all'), 'mean_abs_error_pct'], 1)} som før. Startårene overlapper og deler de "
        "samme hendelsene, så treffene er ikke uavhengige: båndene er laget uten kommunens egne senere feil, men med de andres. "
        "Hvor fort attraktiviteten avtar, er valgt på de samme årene.",
        source=f"{SOURCE}, startår {years(int(origins[0]), int(origins[-1]))}",
        table=_headed(
            table,
            course="Forløp",
            size_class="Kommuner",
            within_5_pct="Feil under 5 %, prosent",
            coverage_pct="Bånd som holdt, prosent",
            mean_abs_error_pct="Snittfeil, prosent",
            mean_error_pct="Skjevhet, prosent",
        ),
        draw=draw,
        height=(2.6, 4.6),
        decimals={
            "Feil under 5 %, prosent": 0,
            "Bånd som holdt, prosent": 0,
            "Snittfeil, prosent": 1,
            "Skjevhet, prosent": 1,
        },
        synthetic=synthetic,
    )


# -- what the titles say


def about(value: float) -> str:
    """A projected count as a sentence tells it: three figures that count."""
    digits = max(0, len(str(int(abs(value)))) - 3)
    return number(round(value, -digits))


def changed(before: float, after: float) -> str:
    """What a count does from now on: «vokser 12 prosent», «går ned 5 prosent», «blir om lag som nå»."""
    if not before > 0:
        return f"blir {about(after)}"
    change = 100 * (after / before - 1)
    if abs(change) < STEADY:
        return "blir om lag som nå"
    return f"{'vokser' if change > 0 else 'går ned'} {number(abs(change))} prosent"


def people_sentence(main: pd.DataFrame, name: str) -> str:
    """Where the course that leads goes, and within what."""
    now, then, last = main["population"].iloc[0], main["population"].iloc[-1], main.iloc[-1]
    said = f"Folketallet {at(name)} {changed(now, then)} til {main.index[-1]}"
    return said if pd.isna(last["low"]) else f"{said}, men kan bli fra {about(last['low'])} til {about(last['high'])}"


def own_record(main: pd.Series, name: str) -> str:
    """That the municipality's own bands have seldom held, where they have not; main: a row of the course that leads."""
    if pd.isna(main["tried"]) or main["held"] >= FEW * main["tried"]:
        return ""
    return f" For {name} har båndet bare holdt i {main['held']} av {main['tried']} etterprøvinger fem år fram: vær varsom."


def unusual(rows: pd.DataFrame) -> str:
    """That a course grows as municipalities of that size hardly have, where one does; rows: those of one municipality."""
    first = rows[rows["year"] == rows["year"].min()]
    outside = [LABELS[course] for course in first.loc[~first["usual"], "course"]]
    if not outside:
        return ""
    low, high = (number(first[f"usual_{end}_pct"].iloc[0], 0, sign=True) for end in ("low", "high"))
    return (
        f" Uvanlig vekst på ti år har {listed(outside)}: ni av ti tiår i kommuner på samme størrelse har gitt fra {low} til "
        f"{high} prosent."
    )


def ages_sentence(now: pd.Series, then: pd.Series, name: str, horizon: int) -> str:
    """What the oldest and those of working age do."""
    old = f"Antallet på 80 år og eldre {at(name)} {_from(now['age_80'], then['age_80'])}"
    return f"{old} fram mot {horizon}, mens antallet på 20–66 år {changed(now['age_20_66'], then['age_20_66'])}"


def _from(now, then):
    said = changed(now, then)
    return said if said == "blir om lag som nå" else f"går fra {number(now)} til {about(then)}"


def parts_sentence(table: pd.DataFrame, name: str) -> str:
    """Whether more are born than die, from when they do not, and which way people move."""
    surplus = table.set_index("year")["births"] - table.set_index("year")["deaths"]
    if (surplus > 0).all():
        said = f"Det fødes flere enn det dør {at(name)} i alle år til {surplus.index[-1]}"
    elif (surplus <= 0).all():
        said = f"Det dør minst like mange som det fødes {at(name)} i alle år til {surplus.index[-1]}"
    elif surplus.iloc[0] > 0 and (surplus[surplus.index >= surplus[surplus <= 0].index[0]] <= 0).all():
        said = f"Fra {surplus[surplus <= 0].index[0]} dør det flere enn det fødes {at(name)}"
    else:
        said = f"Fødte og døde {at(name)} er om lag like mange"
    moved = table["migration"].sum()
    yearly = abs(moved) / len(table)
    larger = number(yearly, 0 if yearly >= 10 else 1)
    return f"{said}, og i snitt flytter {larger} flere {'inn enn ut' if moved > 0 else 'ut enn inn'} i året"


def needs_sentence(now: pd.Series, then: pd.Series, held: dict[str, str], name: str, horizon: int) -> str:
    """How many more or fewer the course that leads asks for."""
    said = []
    for column, noun in held.items():
        change = then[column] - now[column]
        said.append(f"{about(abs(change))} {'flere' if change >= 0 else 'færre'} {noun}")
    return f"Med dagens rater trenger {name} {listed(said)} i {horizon}"


def record_sentence(within: float) -> str:
    """Whether the rule of thumb is kept."""
    kept = "flere enn" if within > IN_TEN + 0.5 else "færre enn" if within < IN_TEN - 0.5 else "som"
    return f"Etter fem år var {number(within)} prosent av kommunene innenfor 5 prosent feil, {kept} tommelfingerregelens åtti"


# -- what is drawn from


def courses_of(population_scenarios: pd.DataFrame, komm_nr: str, horizon: int) -> pd.DataFrame:
    """A municipality's rows to the horizon; none where its start is not known. `WrongUse` for a horizon that is not there."""
    own = population_scenarios[(population_scenarios["komm_nr"] == komm_nr) & population_scenarios["population"].notna()]
    if own.empty:
        return own
    _within(horizon, int(own["year"].min()), int(own["year"].max()))
    return own[own["year"] <= horizon].sort_values(["course", "year"], ignore_index=True)


def leading(rows: pd.DataFrame) -> str:
    """The course that leads; rows: those of one municipality. Empty where there are none."""
    return next(iter(rows.loc[rows["leads"], "course"]), "")


def labels_of(lead: str) -> dict[str, str]:
    """The courses that are shown and what they are called, the one that leads between high and low."""
    return {course: LABELS[course] for course in LABELS if course != "limited" or course == lead}


def _within(horizon, first, last=HORIZON):
    if isinstance(horizon, bool) or not isinstance(horizon, int) or not first + 2 <= horizon <= last:
        raise WrongUse(f"Parameteren horizon må være et årstall fra {first + 2} til {last}, ikke {horizon!r}")
    return horizon


def _weighted(told, name):
    """The mean over origins, each counting as its municipalities, by course and size class."""
    held = told[told[name].notna()]
    sums = held.assign(value=held[name] * held["n"]).groupby(["course", "size_class"])[["value", "n"]].sum()
    return sums["value"] / sums["n"]


def _ticks(first, now, last, narrow):
    """A few years to name: the ends, now, and every tenth in between where there is room."""
    named = [year for year in (first, now, last) if year is not None]
    room = (last - first) * (0.19 if narrow else 0.09)
    return sorted({*named, *(year for year in range(first, last) if year % 10 == 0 and min(abs(year - n) for n in named) > room)})


def _ends(axis, at, ends, size):
    """Names at the ends of lines, kept apart."""
    ends = sorted(ends)
    low, high = axis.get_ylim()
    inches = axis.get_position().height * axis.figure.get_size_inches()[1]
    levels = spread([value for value, *_ in ends], (high - low) * 0.165 / inches, high)
    for level, (value, label, colour, weight) in zip(levels, ends, strict=True):
        right = axis.get_xlim()[1]
        axis.plot([at, right], [value, level], color=colour, lw=0.5, clip_on=False, alpha=0.6)
        beside = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
        axis.annotate(label, (right, level), (3, 0), color=colour, size=size, weight=weight, **beside)


def _name(municipalities, komm_nr):
    return short_name(municipalities.set_index("komm_nr").at[komm_nr, "name"])


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)


def _no_figures(id, title, name):
    return Missing(id, title, f"{name} kan ikke framskrives: det trengs folketall etter alder (tabell 07459) for to år på rad.")
