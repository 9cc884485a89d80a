"""The figures of the long-term page: dwellings, the municipality's accounts, emissions, and the way to the targets for them.

Each function takes contract tables and gives a Chart, or Missing with the reason. Dwellings are those of 1 January, shares of the
accounts are in percent of gross operating income, emissions in tonnes of CO2 equivalents a year. A reader sets the targets:
`klimanoytral` (the year of no emissions), `kutt_prosent` (the cut), `kutt_aar` (by when), `basis_aar` (since when) and
`basis_tonn` (the emissions of that year, where the series does not have them).
"""

import textwrap
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import panel_name, spread, yearly
from nlib.charts.style import GROUP, INK, NATION, OTHER, OWN, SOFT, axes
from nlib.core.errors import WrongUse
from nlib.core.language import MINUS, at, listed, more, number, percent, points, short_name, years
from nlib.core.translations import tr

TYPES = {
    "enebolig": "Enebolig",
    "tomannsbolig": "Tomannsbolig",
    "rekkehus": "Rekkehus",
    "blokk": "Blokk",
    "bofellesskap": "Bofellesskap",
    "annet": "Andre bygg",
}
SPAN = 10  # years that growth in dwellings is told over
NEW_ACT = 2020  # from this year the accounts are by another law, with more units in the group: no change is told across it
ADVISED = 1.75  # percent; the net operating result that TBU advises municipalities to have over time
ENOUGH = 4  # years that a mean is held against the advice, which is for the long run
STEADY = 1.0  # percent; a smaller change in a count is «om lag uendret»
NEAR = 5.0  # dwellings per 1 000 inhabitants, or percentage points of the accounts for debt
TOTAL = "i alt"
REST = 0.01  # of all emissions; what no sector has is told from here
NEUTRAL, CUT, BY, SINCE = 2030, 50.0, 2030, 1991
REGISTER = "Registertall uten utvalgsfeil."
SHARED = " Kommunen er berørt av en deling: tall fra før er fordelt etter folketall, og årene kan ikke sammenlignes."
ACCOUNTED = "Regnskapstall, uten utvalgsfeil; enkeltår svinger med skatt, pensjon og avkastning."
ACROSS = f" Stiplet: fra {NEW_ACT} er flere enheter med, og ingen endring sies på tvers."
ESTIMATED = "Utslipp i kommuner er beregnet, ikke målt, og usikkerheten er ikke oppgitt i filen."
ARITHMETIC = "Takten er et regnestykke fra siste år til målet, ikke en framskriving."


# -- dwellings


def dwellings(
    dwellings: pd.DataFrame, dwelling_rates: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Dwellings of each type now and ten years before."""
    id, heading, name = "perspektiv.dwellings", "Boligene", _names(municipalities)[komm_nr]
    own = dwellings[dwellings["komm_nr"] == komm_nr]
    if not own["dwellings"].notna().any():
        return Missing(id, heading, f"Tabell 06265 har ingen boliger for {name} i denne utgaven.")
    wide = own.pivot(index="year", columns="type", values="dwellings").reindex(columns=list(TYPES)).astype("Float64")
    last = int(wide.index[wide.notna().any(axis=1)].max())
    compared = own.groupby("year")["comparable"].all()
    begun = last - SPAN
    first = begun if begun in compared.index and compared[begun] and compared[last] else None
    table = pd.DataFrame({"type": list(TYPES.values()), "now": wide.loc[last].to_numpy(float, na_value=np.nan)})
    table["then"] = wide.loc[first].to_numpy(float, na_value=np.nan) if first else np.nan
    table["change"] = table["now"] - table["then"]
    rates = dwelling_rates[dwelling_rates["komm_nr"] == komm_nr].set_index("year")
    total = rates["dwellings"].get(last)
    table["share"] = 100 * table["now"] / (float(total) if pd.notna(total) and total > 0 else np.nan)
    table = table[table[["now", "then"]].fillna(1).sum(axis=1) > 0].reset_index(drop=True)
    hidden = table["now"].isna().any() or (first is not None and table["then"].isna().any())

    def draw(figure, narrow):
        axis = axes(figure, 1.0 if narrow else 1.2, 1.05, 0.36, 0.05)
        at = np.arange(len(table))
        if first:
            axis.barh(at - 0.19, table["then"], height=0.34, color=OTHER)
        axis.barh(at + (0.19 if first else 0), table["now"], height=0.34 if first else 0.6, color=OWN)
        for row, (now, then) in enumerate(zip(table["now"], table["then"], strict=True)):
            beside = {"textcoords": "offset points", "va": "center", "size": 7.5}
            if first:
                axis.annotate(number(then), (np.nan_to_num(then), row - 0.19), (4, 0), color=SOFT, **beside)
            place = (np.nan_to_num(now), row + (0.19 if first else 0))
            axis.annotate(number(now), place, (4, 0), color=OWN, weight="bold", **beside)
        axis.set_yticks(at, table["type"], color=INK, size=8)
        axis.invert_yaxis()
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        panel_name(axis, f"Grå: {first}. Blå: {last}. Boliger" if first else f"Boliger, {last}", strong=True)

    heads = {"type": "Type", "now": f"{last}", "share": "Andel, prosent"}
    heads |= {"then": f"{first}", "change": "Endring"} if first else {}
    grown = rates.reindex([last]).iloc[0]
    return Chart(
        id=id,
        title=dwellings_sentence(total, grown["growth_10_pct"], grown["population_growth_10_pct"], name),
        reading=("Grå søyle er for ti år siden, blå er nå. " if first else "Søylen er antallet nå. ")
        + "Alle boliger er med, bebodde og ubebodde, men ikke fritidsboliger."
        + (" To prikker er et tall som er skjult eller mangler." if hidden else ""),
        alt=f"Søylefigur for {name}, boliger i {f'{first} og ' if first else ''}{last}: "
        + "; ".join(
            f"{row.type.lower()} {f'{number(row.then)} og ' if first else ''}{number(row.now)}" for row in table.itertuples()
        )
        + ".",
        uncertainty=f"{REGISTER} Bygg som skifter bruk eller får rettet type, ser ut som vekst."
        + ("" if compared.all() else SHARED if not first else "")
        + (f" Uten sammenlignbare tall for {last - SPAN} sies ingen endring." if not first else ""),
        source=f"SSB, tabell 06265, 1. januar {f'{first} og ' if first else ''}{last}",
        table=_headed(table, **heads),
        draw=draw,
        height=(0.85 + 0.32 * len(table), 0.9 + 0.36 * len(table)),
        decimals={"Andel, prosent": 1, f"{last}": 0} | ({f"{first}": 0, "Endring": 0} if first else {}),
        synthetic=synthetic,
    )


def density(
    dwelling_rates: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Dwellings for each 1 000 inhabitants, beside the medians of the comparison group and of all municipalities."""
    id, name = "perspektiv.density", _names(municipalities)[komm_nr]
    series = _beside(dwelling_rates, "per_1000", komm_nr, compare)
    if series.empty:
        return Missing(id, "Boliger per innbygger", f"Boliger (tabell 06265) eller folketall mangler for {name} i denne utgaven.")
    return Chart(
        id=id,
        title=density_sentence(series, name),
        reading="Boliger per 1 000 innbyggere 1. januar. Stiger tallet, bygges det mer enn folketallet vokser, eller flere bor i "
        f"små husholdninger. {_lines(series)}",
        alt=_told(series, name, "boliger per 1 000 innbyggere", 0),
        uncertainty=f"{REGISTER} Ubebodde boliger er med, og studenter er ofte folkeregistrert hjemme, så hyttekommuner og "
        "studiesteder får andre tall enn det bor folk til." + (SHARED if series["comparable"].eq(False).any() else ""),
        source=f"SSB, tabell 06265 og 07459, 1. januar {years(int(series.index[0]), int(series.index[-1]))}",
        table=_series_table(series, "Boliger per 1 000 innbyggere"),
        draw=_course(series, "Boliger per 1 000 innbyggere", 0),
        height=(2.6, 2.9),
        decimals=_decimals("Boliger per 1 000 innbyggere", 0),
        synthetic=synthetic,
    )


# -- the accounts


def result(
    economy_outlook: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The net operating result year by year, against what TBU advises over time, and the medians."""
    id, name = "perspektiv.result", _names(municipalities)[komm_nr]
    series = _beside(economy_outlook, "net_operating_result_pct", komm_nr, compare)
    if series.empty:
        return Missing(id, "Netto driftsresultat", _no_accounts("12143", name))
    return _accounts(
        id,
        series,
        name,
        "12143",
        "Netto driftsresultat, prosent av inntektene",
        result_sentence(series["own"], name),
        "Det som er igjen av driftsinntektene når drift, renter og avdrag er betalt. Prikket linje er rådet fra Teknisk "
        f"beregningsutvalg (TBU): minst {number(ADVISED, 2)} prosent i snitt over tid for kommuner. Ett år under er ikke et brudd.",
        synthetic,
        ADVISED,
    )


def debt(
    economy_outlook: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Net debt year by year beside the medians; there is no official limit for it."""
    id, name = "perspektiv.debt", _names(municipalities)[komm_nr]
    series = _beside(economy_outlook, "net_debt_pct", komm_nr, compare)
    if series.empty:
        return Missing(id, "Netto lånegjeld", _no_accounts("12143", name))
    return _accounts(
        id,
        series,
        name,
        "12143",
        "Netto lånegjeld, prosent av inntektene",
        standing_sentence(series, name, "Netto lånegjeld", NEAR),
        "Lån som kommunen selv skal betale, uten det som er lånt videre, av brutto driftsinntekter. Det finnes ingen offisiell "
        "grense for hvor høy den kan være: kommunen setter sine egne måltall (kommuneloven § 14-2).",
        synthetic,
    )


def reserves(
    economy_outlook: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Free reserves less what is to be covered, year by year beside the medians; there is no official limit for them."""
    id, name = "perspektiv.reserves", _names(municipalities)[komm_nr]
    series = _beside(economy_outlook, "free_reserves_pct", komm_nr, compare)
    if series.empty:
        return Missing(id, "Disposisjonsfond", _no_accounts("12134", name))
    return _accounts(
        id,
        series,
        name,
        "12134",
        "Fri egenkapital, prosent av inntektene",
        standing_sentence(series, name, "Fri egenkapital", 1.0),
        "Disposisjonsfond minus merforbruk som skal dekkes inn: det kommunen kan møte et dårlig år med. "
        "Heller ikke her finnes det en offisiell grense.",
        synthetic,
    )


# -- emissions


def emissions(emissions: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """Emissions by sector in the latest year, and in the first."""
    id, heading, name = "perspektiv.emissions", "Klimagassutslippene", _names(municipalities)[komm_nr]
    own = emissions[(emissions["komm_nr"] == komm_nr) & (emissions["sector"] != TOTAL)]
    if not own["emissions_t"].notna().any():
        whole = (emissions["komm_nr"] == komm_nr).any()
        return Missing(id, heading, f"Filen har ingen tall etter sektor for {name}." if whole else _no_emissions(name))
    wide = own.pivot(index="year", columns="sector", values="emissions_t").astype("Float64").astype(float)
    wide = wide[wide.notna().any(axis=1)]
    last = int(wide.index[-1])
    compared = own.groupby("year")["comparable"].all()
    earlier = [year for year in wide.index[:-1] if compared[year]] if compared[last] else []
    first = int(earlier[0]) if earlier else None
    table = pd.DataFrame({"now": wide.loc[last], "then": wide.loc[first] if first else np.nan})
    table["change_pct"] = 100 * (table["now"] / table["then"].where(table["then"] > 0) - 1)
    table = table[table[["now", "then"]].fillna(1).sum(axis=1) > 0].sort_values("now", ascending=False, kind="stable").reset_index()
    table["sector"] = table["sector"].map(tr).str.capitalize()
    whole = emissions[(emissions["komm_nr"] == komm_nr) & (emissions["sector"] == TOTAL) & (emissions["year"] == last)]
    total = float(whole["emissions_t"].astype("Float64").fillna(np.nan).iloc[0]) if len(whole) else table["now"].sum(skipna=False)
    apart = total - table["now"].sum()

    def draw(figure, narrow):
        axis = axes(figure, 1.5 if narrow else 2.3, 1.0, 0.36, 0.05)
        at = np.arange(len(table))
        axis.barh(at, table["now"], height=0.62, color=OWN)
        axis.plot(table["then"], at, ls="", marker="|", ms=13, mew=2, color=GROUP)
        for row in table.itertuples():
            change = "" if pd.isna(row.change_pct) else f" ({percent(row.change_pct, 0, sign=True)})"
            end = (np.nanmax([row.now, row.then, 0.0]), row.Index)
            axis.annotate(number(row.now) + change, end, (6, 0), textcoords="offset points", va="center", size=7 if narrow else 8)
        names = [textwrap.fill(sector, 20) if narrow else sector for sector in table["sector"]]
        axis.set_yticks(at, names, color=INK, size=7 if narrow else 8)
        axis.invert_yaxis()
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        panel_name(axis, f"Blå: {last}. Strek: {first}. Tonn" if first else f"Tonn, {last}", strong=True)

    heads = {"sector": "Sektor", "now": f"{last}, tonn"}
    heads |= {"then": f"{first}, tonn", "change_pct": "Endring, prosent"} if first else {}
    return Chart(
        id=id,
        title=sectors_sentence(table, total, name),
        reading="Søylen er utslippet i tonn CO₂-ekvivalenter i siste år"
        + (f", streken {first}, og i parentes står endringen." if first else ".")
        + " Utslipp som skjer i kommunen er med, ikke det innbyggerne kjøper andre steder; opptak i skog er ikke trukket fra."
        + (" To prikker er et tall som er skjult eller mangler." if table["now"].isna().any() else "")
        + (f" {number(apart)} av {number(total)} tonn er ikke fordelt på sektor." if apart > REST * total else ""),
        alt=f"Søylefigur for {name}, tonn CO₂-ekvivalenter i {last}: "
        + "; ".join(f"{row.sector.lower()} {number(row.now)}" for row in table.itertuples())
        + ".",
        uncertainty=f"{ESTIMATED} Sektorer der landets utslipp er fordelt med nøkler, sier lite om hva kommunen selv har gjort."
        + ("" if compared.all() else SHARED),
        source=_source(f"{first} og {last}" if first else f"{last}"),
        table=_headed(table, **heads),
        draw=draw,
        height=(0.8 + 0.26 * len(table), 0.85 + 0.3 * len(table)),
        decimals=dict.fromkeys(list(heads.values())[1:], 0),
        synthetic=synthetic,
    )


@dataclass(frozen=True)
class Way:
    """The way from the latest emissions to a target: `t` tonnes a year and `pct` percent a year (missing where it ends in zero).

    `goal` is what to do, as a sentence goes on after «for å»; `level` the target in tonnes, `left` the years to it. Both paces
    are 0 where the target is reached, and missing where its year is past.
    """

    label: str
    goal: str
    year: int
    level: float
    left: int
    t: float
    pct: float


def targets(
    emission_totals: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    klimanoytral: int = NEUTRAL,
    kutt_prosent: float = CUT,
    kutt_aar: int = BY,
    basis_aar: int = SINCE,
    basis_tonn: float | None = None,
    synthetic: bool = False,
) -> Chart | Missing:
    """Emissions so far, and the straight way from the latest year to each target, with the pace it takes."""
    id, heading, name = "perspektiv.targets", "Veien til klimamålene", _names(municipalities)[komm_nr]
    _assumed(klimanoytral, kutt_prosent, kutt_aar, basis_aar, basis_tonn)
    own = emission_totals[(emission_totals["komm_nr"] == komm_nr)].set_index("year").sort_index()
    told = own["emissions_t"].dropna().astype(float)
    if told.empty:
        hidden = f"Samlet utslipp {at(name)} kan ikke regnes: en sektor er skjult eller mangler i alle år, og filen har ingen sum."
        return Missing(id, heading, hidden if len(own) else _no_emissions(name))
    kept = told[own.loc[told.index, "comparable"]]
    last, now = int(told.index[-1]), float(told.iloc[-1])
    base_year, base = base_of(kept, basis_aar, basis_tonn)
    ways = [way_to("klimanøytral", "bli klimanøytral", last, now, klimanoytral, 0.0)]
    if base is not None:
        share = number(kutt_prosent, 0 if kutt_prosent % 1 == 0 else 1)
        cut = (f"{MINUS}{share} % fra {base_year}", f"kutte {share} prosent fra {base_year}")
        ways.append(way_to(*cut, last, now, kutt_aar, base * (1 - kutt_prosent / 100)))
    first = int(kept.index[0]) if len(kept) and kept.index[0] < last else None
    past = (float(kept.iloc[0]) - now) / (last - first) if first and own.at[last, "comparable"] else np.nan
    absent = [year for year in range(int(told.index[0]), last) if year not in told.index]
    shown = [(basis_aar, basis_tonn)] if basis_tonn is not None else []

    def draw(figure, narrow):
        axis = axes(figure, 0.62, 1.3 if narrow else 1.7, 0.34, 0.28)
        series = told.reindex(range(int(told.index[0]), last + 1))
        axis.plot(series.index, series, color=OWN, lw=1.8)
        marks = own["comparable"].reindex(told.index)
        for some, face in ((marks, OWN), (~marks, "white")):
            axis.plot(told.index[some], told[some], ls="", marker="o", ms=4.5, color=OWN, mfc=face, zorder=4)
        axis.plot([year for year, _ in shown], [tonnes for _, tonnes in shown], ls="", marker="D", ms=6, color=INK)
        ends = []
        for way, colour, style in zip(ways, (NATION, GROUP), ("--", "-."), strict=False):
            if way.year > last:
                axis.plot([last, way.year], [now, way.level], color=colour, lw=1.6, ls=style)
            axis.plot([way.year], [way.level], ls="", marker="*", ms=9, color=colour, zorder=5, clip_on=False)
            ends.append((way.level, f"{way.label}\n{number(way.level)} t, {way.year}", colour))
        right = max([last, *(way.year for way in ways)])
        top = max([told.max(), *(way.level for way in ways), *(tonnes for _, tonnes in shown)])
        left = min([int(told.index[0]), *(year for year, _ in shown)])
        axis.set(xlim=(left - 0.6, right + 0.6), ylim=(0, 1.08 * max(top, 1.0)))
        ticks = sorted({left, last, right})
        axis.set_xticks(ticks, [f"{year}" for year in ticks])
        axis.yaxis.set_major_formatter(lambda value, _: number(value))
        axis.grid(axis="y")
        ends.sort(key=lambda end: end[0])
        gap = axis.get_ylim()[1] * 0.33 / (axis.get_position().height * figure.get_size_inches()[1])
        for level, (value, text, colour) in zip(
            spread([max(end[0], gap / 2) for end in ends], gap, axis.get_ylim()[1]), ends, strict=True
        ):
            axis.plot([right + 0.2, right + 0.6], [value, level], color=colour, lw=0.5, clip_on=False)
            beside = {"textcoords": "offset points", "va": "center", "size": 7, "annotation_clip": False, "linespacing": 1.1}
            axis.annotate(text, (right + 0.6, level), (3, 0), color=colour, weight="bold", **beside)
        panel_name(axis, "Tonn CO₂-ekvivalenter i året")

    table = pd.DataFrame([vars(way) for way in ways])
    table["share"] = 100 * table["t"] / now if now > 0 else np.nan
    return Chart(
        id=id,
        title=pace_sentence(ways, past, first, name),
        reading="Linjen er samlet utslipp; strekene går rett fra siste år til hvert mål. "
        + " ".join(way_sentence(way, now) for way in ways)
        + (f" Siden {first} har utslippene {course_told(past)}." if pd.notna(past) else ""),
        alt=f"Linjefigur for {name}: tonn i året {_year_by_year(told)}. "
        + "; ".join(f"{way.label}, i {way.year}: {number(way.level)} tonn" for way in ways)
        + ".",
        uncertainty=" ".join(
            part
            for part in (
                ESTIMATED,
                base_sentence(base_year, base, basis_aar, basis_tonn, first or last),
                "Klimanøytral er lest som null utslipp: kvoter og opptak i skog er ikke regnet inn.",
                f"År uten tall: {listed([str(year) for year in absent])}." if absent else "",
                ARITHMETIC,
            )
            if part
        )
        + ("" if own["comparable"].all() else SHARED),
        source=_source(years(int(told.index[0]), last)),
        table=_headed(
            table.assign(year=table["year"].astype(str)),
            label="Mål",
            year="År",
            level="Utslipp i målåret, tonn",
            left="År igjen",
            t="Kutt i året, tonn",
            share=f"Kutt i året, prosent av {last}",
            pct="Kutt i året, prosent av året før",
        ),
        draw=draw,
        height=(2.8, 2.9),
        decimals={
            "Utslipp i målåret, tonn": 0,
            "År igjen": 0,
            "Kutt i året, tonn": 0,
            f"Kutt i året, prosent av {last}": 1,
            "Kutt i året, prosent av året før": 1,
        },
        synthetic=synthetic,
    )


# -- what the titles say


def dwellings_sentence(total, growth: float, people: float, name: str) -> str:
    """How dwellings and people have grown in ten years, %; how many dwellings there are where the growth is not known."""
    if pd.isna(growth):
        return f"Boligene {at(name)} etter type" if pd.isna(total) else f"Det er {number(total)} boliger {at(name)}"
    said = f"Antallet boliger {at(name)} {_grown(growth)} på ti år"
    return said if pd.isna(people) else f"{said}, mens folketallet {_grown(people)}"


def _grown(change):
    if abs(change) < STEADY:
        return "er om lag uendret"
    return f"har {'økt' if change > 0 else 'gått ned'} {number(abs(change))} prosent"


def density_sentence(series: pd.DataFrame, name: str) -> str:
    """How many dwellings there are for 1 000 inhabitants, and how far that is from the median municipality."""
    own, nation = series[["own", "nation"]].iloc[-1]
    said = f"Det er {number(own)} boliger per 1 000 innbyggere {at(name)}"
    if pd.isna(nation):
        return said
    apart = own - nation
    if abs(apart) < NEAR:
        return f"{said}, om lag som i en vanlig kommune"
    return f"{said}, {more(apart)} enn i en vanlig kommune"


def result_sentence(own: pd.Series, name: str) -> str:
    """The mean since the accounts got their present form, against what TBU advises; a single year is only told."""
    told = own.dropna()
    same = told[told.index >= NEW_ACT] if told.index[-1] >= NEW_ACT else told
    if len(same) < ENOUGH:
        return f"Netto driftsresultat {at(name)} var {number(same.iloc[-1], 1)} prosent i {same.index[-1]}, for få år til et snitt"
    mean, advised = same.mean(), f"rådet på {number(ADVISED, 2)}"
    apart = mean - ADVISED
    side = "om lag som" if abs(apart) < 0.1 else "over" if apart > 0 else "under"
    return f"Netto driftsresultat {at(name)} har i snitt vært {number(mean, 1)} prosent siden {same.index[0]}, {side} {advised}"


def standing_sentence(series: pd.DataFrame, name: str, what: str, near: float) -> str:
    """What share of income it is in the latest year, and how far that is from the median municipality."""
    own, nation = series[["own", "nation"]].iloc[-1]
    said = f"{what} {at(name)} er {number(own, 1)} prosent av inntektene"
    if pd.isna(nation):
        return said
    apart = own - nation
    if abs(apart) < near:
        return f"{said}, om lag som i en vanlig kommune"
    return f"{said}, {points(abs(apart))} {'over' if apart > 0 else 'under'} en vanlig kommune"


def sectors_sentence(table: pd.DataFrame, total: float, name: str) -> str:
    """The largest sector, and its share where all emissions are known."""
    largest = table.iloc[0]
    size = f"{number(largest['now'])} tonn"
    if pd.notna(total) and total > 0:
        size = f"{number(100 * largest['now'] / total)} prosent av utslippene"
    return f"{largest['sector']} er den største kilden til klimagasser {at(name)}, {size}"


def pace_sentence(ways: list[Way], past: float, first: int | None, name: str) -> str:
    """The pace that the first target not reached takes, beside the pace so far."""
    asked = next((way for way in ways if not way.t <= 0), None)
    if asked is None:
        return f"Utslippene {at(name)} er innenfor de oppgitte målene"
    if pd.isna(asked.t):
        return f"Målåret {asked.year} er passert uten at {name} har nådd målet om å {asked.goal}"
    said = f"For å {asked.goal} innen {asked.year} må utslippene {at(name)} ned {_tonnes(asked.t)} tonn i året"
    if pd.isna(past):
        return said
    return f"{said}, mot {_tonnes(past)} siden {first}" if past > 0 else f"{said}, men siden {first} har de ikke gått ned"


def way_sentence(way: Way, now: float) -> str:
    """What one target takes, in tonnes and in percent a year."""
    if way.t == 0:
        return f"Målet om å {way.goal} er nådd."
    if pd.isna(way.t):
        return f"Målåret {way.year} for å {way.goal} er passert."
    said = f"Å {way.goal} innen {way.year} er {_tonnes(way.t)} tonn mindre hvert år, {percent(100 * way.t / now)} av utslippet nå"
    return f"{said}, eller {percent(way.pct)} fra år til år." if pd.notna(way.pct) else f"{said}."


def course_told(past: float) -> str:
    """What emissions have done, by how much they have gone down a year: «gått ned 800 tonn i året i snitt»."""
    if _tonnes(abs(past)) == _tonnes(0):
        return "i snitt vært uendret"
    return f"{'gått ned' if past > 0 else 'økt'} {_tonnes(abs(past))} tonn i året i snitt"


def base_sentence(base_year: int | None, base: float | None, asked: int, given: float | None, first: int | None) -> str:
    """What the cut is measured from, and that it is another target where the year asked for is not in the series."""
    if base is None:
        return "Uten et år som kan sammenlignes, kan kuttet ikke regnes."
    if given is not None:
        return f"Kuttet er målt fra {number(base)} tonn i {asked}, som er oppgitt for hånd og kan være regnet på en annen måte."
    if base_year == asked:
        return f"Kuttet er målt fra {number(base)} tonn i {base_year}."
    lacking = f"Serien begynner i {first}" if first is not None and asked < first else f"Serien har ikke {asked}"
    return (
        f"{lacking}, så målet fra {asked} kan ikke sammenlignes: kuttet er målt fra {base_year} ({number(base)} tonn), "
        f"og det er et annet mål. Sett basis_tonn der utslippet i {asked} er kjent."
    )


def _year_by_year(told):
    return "; ".join(f"{year} {number(value)}" for year, value in told.items())


def _tonnes(value):
    return number(value, 0 if abs(value) >= 10 else 1)


# -- what is drawn from


def base_of(told: pd.Series, asked: int, given: float | None) -> tuple[int | None, float | None]:
    """The year and the tonnes that a cut is measured from: what is given, else the year asked for, else the first there is.

    told: tonnes by year, those that can be compared.
    """
    if given is not None:
        return asked, float(given)
    if told.empty:
        return None, None
    year = asked if asked in told.index else int(told.index[0])
    return year, float(told[year])


def way_to(label: str, goal: str, last: int, now: float, year: int, level: float) -> Way:
    """The way from `now` tonnes in the year `last` to a level: as many tonnes each year, or the same percent of the year before."""
    left = max(year - last, 0)
    if now <= level:
        return Way(label, goal, year, level, left, 0.0, 0.0)
    if not left:
        return Way(label, goal, year, level, left, np.nan, np.nan)
    pct = 100 * (1 - (level / now) ** (1 / left)) if level > 0 else np.nan
    return Way(label, goal, year, level, left, (now - level) / left, pct)


def _assumed(klimanoytral, kutt_prosent, kutt_aar, basis_aar, basis_tonn):
    """`WrongUse` for a target that cannot be."""
    for name, year in {"klimanoytral": klimanoytral, "kutt_aar": kutt_aar, "basis_aar": basis_aar}.items():
        if isinstance(year, bool) or not isinstance(year, int) or not 1950 <= year <= 2100:
            raise WrongUse(f"Parameteren {name} må være et årstall fra 1950 til 2100, ikke {year!r}")
    if basis_aar >= kutt_aar:
        raise WrongUse(f"Parameteren basis_aar ({basis_aar}) må være før kutt_aar ({kutt_aar})")
    for name, value, most in (("kutt_prosent", kutt_prosent, 100), ("basis_tonn", basis_tonn, np.inf)):
        if value is None and name == "basis_tonn":
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most or value == np.inf:
            raise WrongUse(f"Parameteren {name} må være et tall over 0{' og høyst 100' if most == 100 else ''}, ikke {value!r}")


def _beside(table, column, komm_nr, compare):
    """A measure year by year: `own`, the medians of the `group` and of the `nation`, how many are in each, and `comparable`."""
    told = table[table[column].notna()]
    own = told[told["komm_nr"] == komm_nr].set_index("year")
    if own.empty:
        return pd.DataFrame()
    others = told[told["comparable"]] if "comparable" in told else told
    group = others[others["komm_nr"].isin(compare)].groupby("year")[column].agg(["median", "size"])
    nation = others.groupby("year")[column].agg(["median", "size"])
    every = pd.RangeIndex(own.index.min(), own.index.max() + 1, name="year")
    columns = {
        "own": own[column],
        "group": group["median"],
        "nation": nation["median"],
        "n_group": group["size"],
        "n": nation["size"],
    }
    series = pd.DataFrame({name: values.reindex(every) for name, values in columns.items()}, index=every)
    kept = own["comparable"] if "comparable" in own else pd.Series(True, own.index)
    return series.assign(comparable=kept.astype(object).reindex(every))


def _course(series, heading, decimals, advised=None, cut=None):
    """What draws a measure beside its medians; no line crosses the year `cut`."""
    last = series.iloc[-1]
    looks = {
        "own": ("kommunen", {"color": OWN, "marker": "o"}),
        "group": ("gruppen", {"color": GROUP, "ls": "--", "lw": 1.4}),
        "nation": ("landet", {"color": NATION, "ls": "-.", "lw": 1.4}),
    }
    after = pd.Series(series.index >= (cut or 0), series.index)
    both = series.assign(
        **{name: series[name].where(after) for name in looks}, **{f"{name}_before": series[name].mask(after) for name in looks}
    )
    named = {name: f"{label} {number(last[name], decimals)}" for name, (label, _) in looks.items()}
    late = bool(after.iloc[-1])
    lines = [
        (f"{name}{part}", named[name] if late == (part == "") else "", look)
        for name, (_, look) in looks.items()
        for part in ("", "_before")
        if both[f"{name}{part}"].notna().any()
    ]

    def draw(figure, narrow):
        axis = axes(figure, 0.45, 1.15 if narrow else 1.5, 0.34, 0.28)
        yearly(axis, both, lines, also=advised, decimals=decimals, broken=False)
        if cut is not None and _crosses(series, cut):
            axis.axvline(cut - 0.5, color=SOFT, lw=0.8, ls=(0, (2, 2)))
        if advised is not None:
            axis.axhline(advised, color=INK, lw=1, ls=":")
        panel_name(axis, heading)

    return draw


def _accounts(id, series, name, table, heading, title, reading, synthetic, advised=None):
    """A chart of one share of the accounts."""
    return Chart(
        id=id,
        title=title,
        reading=f"{reading} {_lines(series)}",
        alt=_told(series, name, heading[0].lower() + heading[1:], 1),
        uncertainty=ACCOUNTED
        + (ACROSS if _crosses(series, NEW_ACT) else "")
        + ("" if series["own"].notna().all() else " År uten tall er ikke null: regnskapet mangler."),
        source=f"SSB, tabell {table} (kommunekonsern), {years(int(series.index[0]), int(series.index[-1]))}",
        table=_series_table(series, heading),
        draw=_course(series, heading, 0 if advised is None and series["own"].abs().max() >= 20 else 1, advised, NEW_ACT),
        height=(2.6, 2.9),
        decimals=_decimals(heading, 1),
        synthetic=synthetic,
    )


def _crosses(series, cut):
    return series.index[0] < cut <= series.index[-1]


def _lines(series):
    """What the medians are of, in the latest year."""
    last = series.iloc[-1]
    group = f"medianen av {number(last['n_group'])} kommuner i sammenligningsgruppen" if last["n_group"] > 0 else ""
    nation = f"medianen av {number(last['n'])} kommuner" if last["n"] > 0 else ""
    named = [part for part in (group and f"«gruppen» {group}", nation and f"«landet» {nation}") if part]
    return f"De andre linjene er {listed(named)}." if named else ""


def _told(series, name, what, decimals):
    last, year = series.iloc[-1], series.index[-1]
    own = "; ".join(f"{at} {number(value, decimals)}" for at, value in series["own"].dropna().items())
    return (
        f"Linjefigur for {name}, {what}: {own}. "
        f"I {year} er gruppen {number(last['group'], decimals)} og landet {number(last['nation'], decimals)}."
    )


def _series_table(series, heading):
    table = series.reset_index().assign(year=series.index.astype(str))
    return _headed(table, year="År", own=heading, group="Gruppen, median", nation="Landet, median")


def _decimals(heading, decimals):
    return dict.fromkeys((heading, "Gruppen, median", "Landet, median"), decimals)


def _names(municipalities):
    return {nr: short_name(name) for nr, name in zip(municipalities["komm_nr"], municipalities["name"], strict=True)}


def _no_accounts(table, name):
    return f"Tabell {table} har ingen tall for {name} i denne utgaven."


def _no_emissions(name):
    return (
        f"Utslipp er ikke tatt inn for {name}: hent kommunefordelte utslipp hos Miljødirektoratet, og ta filen inn med nlib import."
    )


def _source(when):
    return f"Klimagassutslipp tatt inn for hånd (Miljødirektoratets form), {when}"


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)
