"""The figures of the scenario page: people, ages, own assumptions, and the record.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Population is that of 1 January, in persons.
`horizon` is the last year shown; `attraktivitet` (percentage points of the population a year above neutral) and `fruktbarhet`
(times today's) are what a reader sets.
"""

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.facts import projected
from nlib.charts.form import Panels, capital
from nlib.charts.lines import Fan
from nlib.charts.strip import Strip
from nlib.core.errors import WrongUse
from nlib.core.language import about, at, given, listed, more, number, percent, rounded, years
from nlib.core.translations import _
from nlib.methods.projection import project
from nlib.methods.projection.rates import from_table

HORIZON = 2050
LABELS = {"high": _("høy"), "trend": _("som før"), "limited": _("avgrenset"), "neutral": _("nøytral"), "low": _("lav")}
LOOKS = {"high": "against", "low": "against", "trend": "second", "neutral": "others"}  # but for the one that leads
AGES = {
    "age_1_5": _("1–5 år"),
    "age_6_15": _("6–15 år"),
    "age_20_66": _("20–66 år"),
    "age_67_79": _("67–79 år"),
    "age_80": _("80 år og eldre"),
}
SIZES = {
    "all": _("alle kommuner"),
    "20000+": _("20 000 og over"),
    "5000-19999": _("5 000–19 999"),
    "1000-4999": _("1 000–4 999"),
    "0-999": _("under 1 000"),
}
RECORD = {"trend": (_("som før"), "own"), "neutral": (_("nøytral"), "group"), "unchanged": (_("uendret folketall"), "others")}
LEVEL, FEW = 90, 0.7  # percent of bands that should hold; a municipality whose own have held less often than this is warned of
IN_TEN, AFTER = 80, 5  # SSB's rule of thumb: error under 5 % after five years in 8 of 10 municipalities
SOURCE = _("SSB, tabell 07459 og 06913. Framskriving: nlib")
NO_FIGURES = _("{name} kan ikke framskrives: det trengs folketall etter alder for to år på rad.")
NEEDS = {
    "jobs": _("{change} arbeidsplasser (til dem på 20–66 år)"),
    "dwellings": _("{change} boliger (til dem på 20 år og over)"),
}
STEADY = 1.0  # percent; a smaller change over the whole span is «om lag som nå»
ASSUMED = _(
    "Fruktbarhet er som i de siste fem årene, flytting etter alder som i de siste ti (med flyktningene fra Ukraina), og "
    "dødeligheten faller 1,2 prosent i året. Det er antakelser, ikke kunnskap."
)


@figure(_("Folketallet framover"))
def people(
    population_scenarios: pd.DataFrame,
    population: pd.DataFrame,
    population_projection: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    horizon: int = HORIZON,
    told: int | None = None,
) -> Chart:
    """The population so far and in each course, the band of the one that leads, and SSB's projection where it is there.

    told: the year that the title is of, where it is not the horizon.
    """
    name = names[komm_nr]
    rows = courses_of(population_scenarios, komm_nr, horizon)
    if rows.empty:
        raise Lacking(NO_FIGURES.format(name=name))
    first, lead = int(rows["year"].min()), leading(rows)
    labels, main = labels_of(lead), rows[rows["course"] == lead].set_index("year")
    own = population[(population["komm_nr"] == komm_nr) & (population["year"] <= first)].set_index("year").sort_index()
    past, latest = own["population"], own.reindex(columns=["births", "deaths"]).dropna().tail(1)
    theirs = projected(population_projection, komm_nr, horizon)
    table = rows.pivot(index="year", columns="course", values="population")[list(labels)]
    table = table.join([main[["low", "high"]].add_suffix("_band"), theirs["main"].rename("ssb")])
    banded = main["low"].notna().all()
    form = Fan(
        heading=_("Folketall 1. januar"),
        more=_("skyggen er båndet (ni av ti)") if banded else "",
        rows=table.join(past.dropna().astype(float).rename("past"), how="outer"),
        lines={"past": (_("folketall"), "total"), "ssb": ("SSB", "nation")}
        | {course: (label, "own" if course == lead else LOOKS[course]) for course, label in labels.items()},
        band=("low_band", "high_band") if banded else (),
        band_names=(_("Ni av ti, nedre"), _("Ni av ti, øvre")),
        since=first,
    )
    return form.chart(
        people_sentence(main.loc[:told], name),
        _(
            "Den tykke linjen, «{lead}», er hovedforløpet; høy og lav er ett standardavvik i attraktivitet over og under, og "
            "nøytral er flyttingen størrelsen tilsier. ",
            lead=LABELS[lead],
        )
        + (_("«Avgrenset» er «som før», holdt innenfor det vanlige. ") if lead == "limited" else "")
        + (_("Båndet skal holde ni av ti ganger.") if banded else _("Det er for få år til å gi et bånd."))
        + outside_sentence(main, theirs["main"])
        + births_sentence(main[main["births"].notna()], bool((latest["deaths"] > latest["births"]).any()))
        + needs_sentence(main.iloc[-1], int(main.index[-1])),
        ASSUMED
        + _(
            " Båndet er så bredt som feilene til tidligere framskrivinger av kommuner med lik størrelse og vekst, "
            "bredere eller smalere etter kommunens egne, og er trukket ut lenger enn de rekker."
        )
        + f" {own_record(main.iloc[0], name)}".rstrip()
        + unusual(rows),
        f"{SOURCE}, {years(first, horizon)}"
        + (_(". SSBs hovedalternativ: tabell {table}", table=theirs["table"].iloc[0]) if len(theirs) else ""),
    )


@figure(_("Alderen framover"))
def ages(
    population_ahead_by_age: pd.DataFrame,
    population_projection: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    horizon: int = HORIZON,
) -> Chart:
    """How many there are in each age group now and at the horizon in the course that leads, with its band, and by SSB."""
    name = names[komm_nr]
    rows = population_ahead_by_age[population_ahead_by_age["komm_nr"] == komm_nr]
    if rows.empty:
        raise Lacking(NO_FIGURES.format(name=name))
    first = int(rows["year"].min())
    now, then = (rows[rows["year"] == year].set_index("ages") for year in (first, _within(horizon, first, int(rows["year"].max()))))
    theirs = projected(population_projection, komm_nr, horizon).dropna(subset=list(AGES)).reindex([horizon]).iloc[0]
    columns = {"now": now["people"], "main": then["people"], "low": then["low"], "high": then["high"], "ssb": theirs}
    table = pd.DataFrame({column: row[list(AGES)].astype(float) for column, row in columns.items()})
    table["text"] = [f"{number(row.now)} → {about(row.main)}" for row in table.itertuples()]
    banded = table["low"].notna().all()
    form = Bars(
        heading=_("Innbyggere {first} og {horizon}", first=first, horizon=horizon),
        rows=table.set_axis(pd.Index(AGES.values(), name=_("Alder"))),
        parts={"main": (f"{horizon}", "own")},
        marks={"now": (f"{first}", "before")} | ({"ssb": (f"{horizon} (SSB)", "nation")} if table["ssb"].notna().all() else {}),
        interval=("low", "high") if banded else (),
        texts="text",
    )
    return form.chart(
        ages_sentence(now["people"], then["people"], name, horizon),
        _("Stolpene er hovedforløpet. ")
        + (_("Den tynne streken er båndet (ni av ti). ") if banded else "")
        + _("Antallet på 20–66 år {change}.", change=changed(table.at["age_20_66", "now"], table.at["age_20_66", "main"])),
        _(
            "Båndene er så brede som feilene da samme aldersgruppe ble framskrevet før, i kommuner med lik størrelse og vekst; de "
            "som ikke er født, er mest usikre. "
        )
        + f"{seldom_held(then, name)} ".lstrip()
        + ASSUMED,
        _("{source}, {first} og {horizon}", source=SOURCE, first=first, horizon=horizon),
    )


@figure(_("Egne forutsetninger"))
def own(
    projection_rates: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    horizon: int = HORIZON,
    attraktivitet: float = 0.3,
    fruktbarhet: float = 1.0,
) -> Chart:
    """The reader's own course against the neutral one: so much more attractive a year, so many more births to a woman."""
    name = names[komm_nr]
    for what, value in (("attraktivitet", attraktivitet), ("fruktbarhet", fruktbarhet)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise WrongUse(f"Parameteren {what} må være et tall, ikke {value!r}")
    rows = projection_rates[projection_rates["komm_nr"] == komm_nr]
    if rows.empty or rows["population"].isna().any():
        raise Lacking(NO_FIGURES.format(name=name))
    first = int(rows["start"].iloc[0])
    ahead = _within(horizon, first) - first
    start, rates = from_table(rows)
    table = pd.DataFrame(
        {
            "own": project(start, rates, ahead, attraktivitet, fruktbarhet).totals[:, 0],
            "neutral": project(start, rates, ahead).totals[:, 0],
        },
        index=pd.RangeIndex(first, horizon + 1, name="year"),
    )
    lines = {"own": (_("egen"), "own"), "neutral": (_("nøytral"), "second")}
    return Fan(heading=_("Folketall 1. januar"), rows=table, lines=lines, since=first, height=2.6).chart(
        own_sentence(table.iloc[-1], name, horizon),
        _(
            "«Egen» er forløpet med attraktivitet {attraktivitet} prosent av folketallet i året og en fruktbarhet som er "
            "{fruktbarhet} av dagens.",
            attraktivitet=given(attraktivitet, sign=True),
            fruktbarhet=percent(100 * fruktbarhet, 0),
        ),
        _(
            "Et regnestykke, ikke en spådom. Attraktiviteten har vært {attractiveness} prosent i året, i snitt over inntil ti "
            "år, med et standardavvik på {deviation}.",
            attractiveness=number(rates.attractiveness[0], 1, sign=True),
            deviation=number(rates.deviation[0], 1),
        ),
        f"{SOURCE}, {years(first, horizon)}",
    )


@figure(_("Hvor gode framskrivingene har vært"))
def record(projection_backtest: pd.DataFrame, komm_nr: str) -> Chart:
    """How often projections were within 5 % after five years, and how often the bands held, by size of municipality."""
    tried = projection_backtest[(projection_backtest["horizon"] == AFTER) & (projection_backtest["growth_class"] == "all")]
    if tried.empty:
        raise Lacking(_("Ingen framskriving kan etterprøves ennå: det trengs ti år med folketall etter alder."))
    means = {name: _weighted(tried, name) for name in ("within_5_pct", "coverage_pct", "mean_abs_error_pct")}
    error = means["mean_abs_error_pct"].loc["all"]
    best = error[["trend", "neutral"]].idxmin()
    panels = {
        "within_5_pct": (_("Feil under 5 % etter fem år"), IN_TEN, list(RECORD)),
        "coverage_pct": (_("Bånd som holdt"), LEVEL, ["trend", "neutral"]),
    }
    sizes = {size: text for size, text in SIZES.items() if size in means["within_5_pct"].index}
    parts = {name: means[name].loc[list(sizes), courses] for name, (*__, courses) in panels.items()}
    lowest = min(40.0, *(float(part.min(axis=None)) for part in parts.values()))
    form = Panels(
        of_all=True,
        forms=[
            Strip(
                heading=text,
                rows=parts[name].set_axis(pd.Index(sizes.values(), name=_("Kommuner"))),
                marks={course: RECORD[course] for course in sorted(courses, key=best.__ne__)},
                level=level,
                limits=(lowest, 100),
                unit="%",
            )
            for name, (text, level, courses) in panels.items()
        ],
    )
    first, last = int(tried["origin"].min()), int(tried["origin"].max())
    return form.chart(
        record_sentence(means["within_5_pct"].at["all", best]),
        _(
            "Framskrivinger fra hvert år i {origins}, laget med det som var kjent da, er prøvd mot folketallet fem år etter. "
            "Streken for feilen er SSBs tommelfingerregel for sine egne, åtte av ti kommuner; av båndene skal ni av ti holde. "
            "«{best}» har minst feil: {error} i snitt.",
            origins=years(first, last),
            best=capital(RECORD[best][0]),
            error=percent(error[best], 1),
        ),
        _(
            "Startårene overlapper og deler de samme hendelsene, så treffene er ikke uavhengige. Båndene er laget uten "
            "kommunens egne senere feil, men med de andres; hvor fort attraktiviteten avtar, er valgt på de samme årene."
        ),
        _("{source}, startår {origins}", source=SOURCE, origins=years(first, last)),
    )


# -- what the titles say


def changed(before: float, after: float) -> str:
    """What a count does from now on: «vokser 12 prosent», «går ned 5 prosent», «blir om lag som nå»."""
    if not before > 0:
        return _("blir {after}", after=about(after))
    change = 100 * (rounded(after, after) / before - 1)  # as both are told
    if abs(change) < STEADY:
        return _("blir om lag som nå")
    return _("{word} {change} prosent", word=_("vokser") if change > 0 else _("går ned"), change=number(abs(change)))


def people_sentence(main: pd.DataFrame, name: str) -> str:
    """Within what the population is likely to be, with a warning where bands have not held here or have not been tried, or where
    the course that leads goes where that has no band."""
    now, then, last = main["population"].iloc[0], main["population"].iloc[-1], main.iloc[-1]
    if pd.isna(last["low"]):
        return _("Folketallet {name} {now} til {index}", name=at(name), now=changed(now, then), index=main.index[-1])
    slots = {"name": at(name), "low": about(last["low"]), "high": about(last["high"]), "year": main.index[-1]}
    if pd.isna(last["tried"]):
        return _("Folketallet {name} i {year}: {low}–{high} med uprøvd metode", **slots)
    if last["held"] < FEW * last["tried"]:
        return _("Folketallet {name} i {year}: {low}–{high}; slike bånd svikter ofte", **slots)
    return _("Folketallet {name} blir trolig {low}–{high} i {year}", **slots)


def outside_sentence(main: pd.DataFrame, theirs: pd.Series) -> str:
    """From when SSB's projection lies outside the band, after a space; empty where it does not. Both by year."""
    beside = main[["low", "high"]].join(theirs.rename("ssb"), how="inner").dropna()
    outside = beside.index[~beside["ssb"].between(beside["low"], beside["high"])]
    return _(" SSBs hovedalternativ er utenfor båndet fra {year}.", year=outside[0]) if len(outside) else ""


def births_sentence(main: pd.DataFrame, already: bool) -> str:
    """From when more die than are born to the end, after a space; empty where that is not so. main: by year; already: whether it is
    so in the last year that is known."""
    last = main.index[~(main["deaths"] > main["births"])].max()
    after = main.index if pd.isna(last) else main.index[main.index > last]
    if already and len(after) == len(main):
        return _(" Det dør flere enn det fødes, også framover.")
    return _(" Fra {year} dør det flere enn det fødes.", year=after[0]) if len(after) else ""


def own_record(main: pd.Series, name: str) -> str:
    """How often the municipality's own bands have held, with a warning where it is seldom, or that none is tried; empty without a
    band.

    main: a row of the course that leads.
    """
    if pd.isna(main["low"]):
        return ""
    if pd.isna(main["tried"]):
        return _(
            "Metoden er ikke prøvd på {name}, som har for få år med egne tall: båndet er det som har holdt i kommuner av samme "
            "størrelse.",
            name=name,
        )
    return _(
        "For {name} har båndet holdt i {held} av {tried} etterprøvinger fem år fram{doubt}.",
        name=name,
        held=number(main["held"]),
        tried=number(main["tried"]),
        doubt=_(": vær varsom") if main["held"] < FEW * main["tried"] else "",
    )


def unusual(rows: pd.DataFrame) -> str:
    """That a course grows as municipalities of that size hardly have, where one does; rows: those of one municipality."""
    first = rows[rows["year"] == rows["year"].min()]
    outside = [_("«{name}»", name=LABELS[course]) for course in first.loc[~first["usual"], "course"]]
    if not outside:
        return ""
    low, high = (number(first[f"usual_{end}_pct"].iloc[0], 0) for end in ("low", "high"))
    return _(
        " De første ti årene i {outside} er utenfor det vanlige: ni av ti ganger har folketallet i kommuner av samme størrelse "
        "endret seg mellom {low} og {high} prosent på ti år.",
        outside=listed(outside),
        low=low,
        high=high,
    )


def ages_sentence(now: pd.Series, then: pd.Series, name: str, horizon: int) -> str:
    """How many of the oldest there will be, and are."""
    return _(
        "Minst 80 år {name}: {then} i {horizon} (nå {now})",
        horizon=horizon,
        then=about(then["age_80"]),
        name=at(name),
        now=number(now["age_80"]),
    )


def seldom_held(rows: pd.DataFrame, name: str) -> str:
    """The age groups whose bands have held too seldom in the municipality; empty where there are none. rows: by age group."""
    seldom = (rows["held"] < FEW * rows["tried"]).reindex(list(AGES)).fillna(False)
    seldom = [AGES[ages] for ages in seldom.index[seldom]]
    return _("For {name} har båndene for {ages} holdt sjeldnere enn de skal.", name=name, ages=listed(seldom)) if seldom else ""


def needs_sentence(then: pd.Series, horizon: int) -> str:
    """How many more or fewer jobs and dwellings than were last counted the people of then need, after a space; those known."""
    needed = []
    for each, noun in NEEDS.items():
        change = rounded(then[each] - then[f"{each}_counted"], then[each])
        if pd.notna(change) and round(change):
            needed.append(noun.format(change=f"{number(abs(change))} {_('flere') if change > 0 else _('færre')}"))
    if not needed:
        return ""
    return _(
        " Med så mange til hver innbygger som ved siste telling trengs {needed} i {horizon}.",
        needed=listed(needed),
        horizon=horizon,
    )


def own_sentence(last: pd.Series, name: str, horizon: int) -> str:
    """How many more or fewer the reader's assumptions give than the neutral course; last: `own` and `neutral` at the horizon."""
    apart = last["own"] - last["neutral"]
    what = _("like mange som") if abs(apart) < 0.5 else _("{more} enn", more=more(rounded(apart, last["own"])))
    return _("Egne forutsetninger gir {name} {what} «nøytral» i {horizon}", name=name, what=what, horizon=horizon)


def record_sentence(within: float) -> str:
    """How often the error was small, which the rule of thumb is about."""
    return _("Etter fem år var feilen høyst {most} i {within} av kommunene", most=percent(5, 0), within=percent(within, 0))


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


def _weighted(tried, name):
    """The mean over origins, each counting as its municipalities, by size class (rows) and course."""
    known = tried[tried[name].notna()]
    sums = known.assign(value=known[name] * known["n"]).groupby(["size_class", "course"])[["value", "n"]].sum()
    return (sums["value"] / sums["n"]).unstack().reindex(columns=list(RECORD))
