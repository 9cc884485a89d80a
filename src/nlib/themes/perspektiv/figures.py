"""The figures of the long-term page: dwellings, the municipality's accounts, emissions, and the way to the targets for them.

Each function takes contract tables and gives a Chart, or Missing with the reason. Dwellings are those of 1 January, shares of the
accounts are in percent of gross operating income, emissions in tonnes of CO2 equivalents a year. A municipality's targets are
those that are given: `klimanoytral` (the year of no emissions), `kutt_prosent` (the cut), `kutt_aar` (by when), `basis_aar`
(since when) and `basis_tonn` (the emissions of that year, where the series does not have them).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Missing
from nlib.charts.facts import ssb
from nlib.charts.form import Panels
from nlib.charts.lines import Fan, Lines
from nlib.charts.others import Others
from nlib.core.errors import WrongUse
from nlib.core.language import MINUS, at, listed, number, percent, some, years
from nlib.core.translations import _

TYPES = {
    "enebolig": _("Enebolig"),
    "tomannsbolig": _("Tomannsbolig"),
    "rekkehus": _("Rekkehus"),
    "blokk": _("Blokk"),
    "bofellesskap": _("Bofellesskap"),
    "annet": _("Andre bygg"),
}
SPAN = 10  # years that growth in dwellings is told over
NEW_ACT = 2020  # from this year the accounts are by another law, with more units in the group: no change is told across it
ADVISED = 1.75  # percent; the net operating result that TBU advises municipalities to have over time
ENOUGH = 4  # years that a mean is held against the advice, which is for the long run
STEADY = 1.0  # percent; a smaller change in a count is «om lag uendret»
NEAR = 5.0  # dwellings per 1 000 inhabitants, or percentage points of the accounts for debt
TOTAL = _("i alt")
REST = 0.01  # of all emissions; what no sector has is told from here
BY, SINCE = 2030, 1991
REGISTER = _("Registertall uten utvalgsfeil.")
SHARED = _(" Kommunen er berørt av en deling: tall fra før er fordelt etter folketall, og årene kan ikke sammenlignes.")
ACCOUNTED = _("Regnskapstall, uten utvalgsfeil; enkeltår svinger med skatt, pensjon og avkastning.")
ACROSS = _(" Stiplet strek: fra {new_act} er flere enheter med, og ingen endring sies på tvers.", new_act=NEW_ACT)
ESTIMATED = _("Utslipp i kommuner er beregnet, ikke målt, og usikkerheten er ikke oppgitt i filen.")
NO_EMISSIONS = _("Utslippene fra Miljødirektoratet er ikke tatt inn for {name}.")
IMPORTED = _("Klimagassutslipp tatt inn for hånd (Miljødirektoratets form), {when}")
ARITHMETIC = _("Takten er et regnestykke fra siste år til målet, ikke en framskriving.")
ACCOUNTS = {  # of the accounts: SSB's table, what it is called, and the one that TBU advises on
    "net_operating_result_pct": ("12143", _("Netto driftsresultat")),
    "net_debt_pct": ("12143", _("Netto lånegjeld")),
    "free_reserves_pct": ("12134", _("Disposisjonsfond (fritt)")),
}


# -- dwellings


def dwellings(dwellings: pd.DataFrame, dwelling_rates: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """Dwellings of each type now and ten years before."""
    id, name = "perspektiv.dwellings", names[komm_nr]
    own = dwellings[dwellings["komm_nr"] == komm_nr]
    if not own["dwellings"].notna().any():
        return Missing(id, _("Boligene"), _("Tabell 06265 har ingen boliger for {name} i denne utgaven.", name=name))
    wide = own.pivot(index="year", columns="type", values="dwellings").reindex(columns=list(TYPES)).astype("Float64")
    last = int(wide.index[wide.notna().any(axis=1)].max())
    compared = own.groupby("year")["comparable"].all()
    first = last - SPAN if compared.get(last - SPAN, False) and compared[last] else None
    rates = dwelling_rates[dwelling_rates["komm_nr"] == komm_nr].set_index("year").reindex([last]).iloc[0]
    total = rates["dwellings"]
    table = pd.DataFrame({"now": wide.loc[last].to_numpy(float, na_value=np.nan)}, index=pd.Index(TYPES.values(), name="Type"))
    table["then"] = wide.loc[first].to_numpy(float, na_value=np.nan) if first else np.nan
    table["change"] = table["now"] - table["then"]
    table["share"] = 100 * table["now"] / (float(total) if pd.notna(total) and total > 0 else np.nan)
    table = table[table[["now", "then"]].fillna(1).sum(axis=1) > 0]
    hidden = table["now"].isna().any() or (first is not None and table["then"].isna().any())
    form = Bars(
        heading=_("Boliger 1. januar {last}", last=last),
        rows=table,
        parts={"now": (f"{last}", "own")},
        marks={"then": (f"{first}", "nation")} if first else {},
        also={"share": _("Andel, prosent")} | ({"change": _("Endring")} if first else {}),
        precise={"share": 1},
    )
    return form.chart(
        id,
        dwellings_sentence(total, rates["growth_10_pct"], rates["population_growth_10_pct"], name),
        (_("Stolpen er nå, streken er for ti år siden. ") if first else _("Stolpen er antallet nå. "))
        + _("Alle boliger er med, bebodde og ubebodde, men ikke fritidsboliger.")
        + (_(" To prikker er et tall som er skjult eller mangler.") if hidden else ""),
        _("{register} Bygg som skifter bruk eller får rettet type, ser ut som vekst.", register=REGISTER)
        + ("" if compared.all() or first else SHARED)
        + (_(" Uten sammenlignbare tall for {last} sies ingen endring.", last=last - SPAN) if not first else ""),
        _("SSB, tabell 06265, 1. januar {word}{last}", word=_("{first} og ", first=first) if first else "", last=last),
    )


def density(dwelling_rates: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """Dwellings for each 1 000 inhabitants, beside the medians of the comparison group and of all municipalities."""
    id, name = "perspektiv.density", names[komm_nr]
    series = _beside(dwelling_rates, "per_1000", komm_nr)
    if series.empty:
        return Missing(
            id,
            _("Boliger per innbygger"),
            _("Boliger (tabell 06265) eller folketall mangler for {name} i denne utgaven.", name=name),
        )
    others = _others(dwelling_rates, "per_1000", komm_nr, compare, names, series)
    return _lines(_("Boliger per 1 000 innbyggere"), series, others=others).chart(
        id,
        density_sentence(series, name),
        _(
            "Boliger per 1 000 innbyggere 1. januar. Stiger tallet, bygges det mer enn folketallet vokser, eller flere bor i "
            "små husholdninger. {series}",
            series=f"{_dashed(compare, names)} {_median(series)}".strip(),
        ),
        _(
            "{register} Ubebodde boliger er med, og studenter er ofte folkeregistrert hjemme, så hyttekommuner og "
            "studiesteder får andre tall enn det bor folk til.",
            register=REGISTER,
        )
        + (SHARED if series["comparable"].eq(False).any() else ""),
        ssb("06265", "07459", when=_("1. januar"), period=(series.index[0], series.index[-1])),
    )


# -- the accounts


def economy(economy_outlook: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """The net operating result against what TBU advises over time, net debt and free reserves, year by year beside the medians."""
    id, name = "perspektiv.economy", names[komm_nr]
    series = {column: _beside(economy_outlook, column, komm_nr) for column in ACCOUNTS}
    series = {column: rows for column, rows in series.items() if len(rows)}
    if not series:
        return Missing(id, _("Handlingsrommet"), _("Utgaven har ikke regnskapet til {name}.", name=name))
    result, debt = series.get("net_operating_result_pct"), series.get("net_debt_pct")
    form = Panels(
        across=3,
        forms=[
            _lines(
                ACCOUNTS[column][1],
                rows,
                more=_("prosent av inntektene")
                + (_("; rådet er {advised}", advised=number(ADVISED, 2)) if column == "net_operating_result_pct" else ""),
                level=ADVISED if column == "net_operating_result_pct" else None,
                broken=NEW_ACT,
                unit="%",
                decimals=1,
                others=_others(economy_outlook, column, komm_nr, compare, names, rows, 1),
            )
            for column, rows in series.items()
        ],
    )
    first, last = min(rows.index[0] for rows in series.values()), max(rows.index[-1] for rows in series.values())
    crosses, gaps = first < NEW_ACT <= last, any(rows["own"].isna().any() for rows in series.values())
    return form.chart(
        id,
        result_sentence(result["own"], name)
        if result is not None
        else standing_sentence(next(iter(series.values())), name, ACCOUNTS[next(iter(series))][1]),
        _(
            "Netto driftsresultat er det som er igjen av driftsinntektene når drift, renter og avdrag er betalt; rådet fra "
            "Teknisk beregningsutvalg (TBU) er minst {advised} prosent i snitt over tid. Netto lånegjeld er lån kommunen "
            "selv skal betale, og disposisjonsfondet er det den kan møte et dårlig år med; for dem finnes ingen offisiell "
            "grense. ",
            advised=number(ADVISED, 2),
        )
        + (mean_sentence(result["own"]) if result is not None else "")
        + (f"{standing_sentence(debt, name, _('Netto lånegjeld'))}. " if debt is not None and result is not None else "")
        + f"{_dashed(compare, names)} {_median(next(iter(series.values())))}".strip(),
        ACCOUNTED + (ACROSS if crosses else "") + (_(" År uten tall er ikke null: regnskapet mangler.") if gaps else ""),
        ssb(*sorted({ACCOUNTS[column][0] for column in series}), when="kommunekonsern", period=(first, last)),
        whom=some(compare, names),
    )


# -- emissions


def emissions(emissions: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """Emissions by sector in the latest year, and in the first."""
    id, heading, name = "perspektiv.emissions", _("Klimagassutslippene"), names[komm_nr]
    own = emissions[(emissions["komm_nr"] == komm_nr) & (emissions["sector"] != TOTAL)]
    if not own["emissions_t"].notna().any():
        whole = (emissions["komm_nr"] == komm_nr).any()
        return Missing(
            id, heading, _("Filen har ingen tall etter sektor for {name}.", name=name) if whole else NO_EMISSIONS.format(name=name)
        )
    wide = own.pivot(index="year", columns="sector", values="emissions_t").astype("Float64").astype(float)
    wide = wide[wide.notna().any(axis=1)]
    last, compared = int(wide.index[-1]), own.groupby("year")["comparable"].all()
    first = next((int(year) for year in wide.index[:-1] if compared[year]), None) if compared[last] else None
    table = pd.DataFrame({"now": wide.loc[last], "then": wide.loc[first] if first else np.nan})
    table["change_pct"] = 100 * (table["now"] / table["then"].where(table["then"] > 0) - 1)
    table = table[table[["now", "then"]].fillna(1).sum(axis=1) > 0].sort_values("now", ascending=False, kind="stable")
    changes = ["" if pd.isna(change) else f" ({percent(change, 0, sign=True)})" for change in table["change_pct"]]
    table["text"] = [f"{number(now)}{change}" for now, change in zip(table["now"], changes, strict=True)]
    table.index = pd.Index([_(sector).capitalize() for sector in table.index], name=_("Sektor"))
    whole = emissions[(emissions["komm_nr"] == komm_nr) & (emissions["sector"] == TOTAL) & (emissions["year"] == last)]
    total = float(whole["emissions_t"].astype("Float64").fillna(np.nan).iloc[0]) if len(whole) else table["now"].sum(skipna=False)
    apart = total - table["now"].sum()
    form = Bars(
        heading=_("Tonn CO₂-ekvivalenter i {last}", last=last) + (_(" (endring siden {first})", first=first) if first else ""),
        rows=table,
        parts={"now": (f"{last}", "own")},
        marks={"then": (f"{first}", "nation")} if first else {},
        texts="text",
        unit="tonn",
        also={"change_pct": _("Endring, prosent")} if first else {},
    )
    return form.chart(
        id,
        sectors_sentence(table, total, name),
        _("Stolpen er utslippet i tonn CO₂-ekvivalenter i siste år")
        + (_(", streken {first}, og i parentes står endringen.", first=first) if first else ".")
        + _(" Utslipp som skjer i kommunen er med, ikke det innbyggerne kjøper andre steder; opptak i skog er ikke trukket fra.")
        + (_(" To prikker er et tall som er skjult eller mangler.") if table["now"].isna().any() else "")
        + (
            _(" {apart} av {total} tonn er ikke fordelt på sektor.", apart=number(apart), total=number(total))
            if apart > REST * total
            else ""
        ),
        _(
            "{estimated} Sektorer der landets utslipp er fordelt med nøkler, sier lite om hva kommunen selv har gjort.",
            estimated=ESTIMATED,
        )
        + ("" if compared.all() else SHARED),
        IMPORTED.format(when=_("{first} og {last}", first=first, last=last) if first else f"{last}"),
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
    names: dict[str, str],
    komm_nr: str,
    klimanoytral: int | None = None,
    kutt_prosent: float | None = None,
    kutt_aar: int = BY,
    basis_aar: int = SINCE,
    basis_tonn: float | None = None,
) -> Chart | Missing:
    """Emissions so far, and the straight way from the latest year to each target that is given, with the pace it takes."""
    id, heading, name = "perspektiv.targets", _("Veien til klimamålene"), names[komm_nr]
    _assumed(klimanoytral, kutt_prosent, kutt_aar, basis_aar, basis_tonn)
    own = emission_totals[(emission_totals["komm_nr"] == komm_nr)].set_index("year").sort_index()
    total = own["emissions_t"].dropna().astype(float)
    if total.empty:
        hidden = _(
            "Samlet utslipp {name} kan ikke regnes: en sektor er skjult eller mangler i alle år, og filen har ingen sum.",
            name=at(name),
        )
        return Missing(id, heading, hidden if len(own) else NO_EMISSIONS.format(name=name))
    kept = total[own.loc[total.index, "comparable"]]
    last, now = int(total.index[-1]), float(total.iloc[-1])
    base_year, base = base_of(kept, basis_aar, basis_tonn)
    ways = ways_to(last, now, base_year, base, klimanoytral, kutt_prosent, kutt_aar)
    first = int(kept.index[0]) if len(kept) and kept.index[0] < last else None
    past = (float(kept.iloc[0]) - now) / (last - first) if first and own.at[last, "comparable"] else np.nan
    gaps = listed([str(year) for year in range(int(total.index[0]), last) if year not in total.index])
    ahead = any(way.year > last for way in ways)
    return _ways_form(total, own["comparable"], ways).chart(
        id,
        pace_sentence(ways, past, first, name),
        _("Linjen er samlet utslipp")
        + (_("; strekene går rett fra siste år til hvert mål.") if ahead else ".")
        + ("" if ways else _(" Kommunens egne klimamål er ikke oppgitt."))
        + "".join(f" {way_sentence(way, now)}" for way in ways)
        + (_(" Siden {first} har utslippene {past}.", first=first, past=course_sentence(past)) if pd.notna(past) else ""),
        " ".join(
            part
            for part in (
                ESTIMATED,
                base_sentence(base_year, base, basis_aar, basis_tonn, first or last) if kutt_prosent is not None else "",
                _("Klimanøytral er lest som null utslipp: kvoter og opptak i skog er ikke regnet inn.") if klimanoytral else "",
                _("År uten tall: {gaps}.", gaps=gaps) if gaps else "",
                ARITHMETIC if ways else "",
            )
            if part
        )
        + ("" if own["comparable"].all() else SHARED),
        IMPORTED.format(when=years(int(total.index[0]), last)),
    )


def _ways_form(total, comparable, ways) -> Lines:
    """Emissions by year, and the straight way to each target whose year is ahead."""
    last, now = int(total.index[-1]), float(total.iloc[-1])
    rows = pd.DataFrame({"own": total, "comparable": comparable.reindex(total.index)})
    straight = {
        f"way_{place}": pd.Series(np.linspace(now, way.level, way.year - last + 1), range(last, way.year + 1))
        for place, way in enumerate(ways)
        if way.year > last
    }
    return (Fan if straight else Lines)(
        heading=_("Tonn CO₂-ekvivalenter i året"),
        rows=rows.join(pd.DataFrame(straight), how="outer").rename_axis("year"),
        lines={"own": (_("utslipp"), "own")}
        | {key: (ways[int(key[4:])].label, role) for key, role in zip(straight, ("nation", "group"), strict=False)},
        level=0,
        height=3.0,
        since=last if straight else None,
    )


def ways_to(last, now, base_year, base, klimanoytral, kutt_prosent, kutt_aar) -> list[Way]:
    """The way to each target that is given: to no emissions, and to a cut from the base where there is one."""
    ways = [] if klimanoytral is None else [way_to(_("klimanøytral"), _("bli klimanøytral"), last, now, klimanoytral, 0.0)]
    if kutt_prosent is not None and base is not None:
        share = number(kutt_prosent, 0 if kutt_prosent % 1 == 0 else 1)
        cut = (
            _("{minus}{share} % fra {base_year}", minus=MINUS, share=share, base_year=base_year),
            _("kutte {share} prosent fra {base_year}", share=share, base_year=base_year),
        )
        ways.append(way_to(*cut, last, now, kutt_aar, base * (1 - kutt_prosent / 100)))
    return ways


# -- what the titles say


def dwellings_sentence(total, growth: float, people: float, name: str) -> str:
    """How dwellings and people have grown in ten years, %; how many dwellings there are where the growth is not known."""
    if pd.isna(growth):
        return (
            _("Boligene {name} etter type", name=at(name))
            if pd.isna(total)
            else _("Det er {total} boliger {name}", total=number(total), name=at(name))
        )
    said = _("Boligtallet {name} {growth} på ti år", name=at(name), growth=_grown(growth))
    return said if pd.isna(people) else _("{said} (folketallet {people})", said=said, people=percent(people, 0, sign=True))


def _grown(change):
    if abs(change) < STEADY:
        return _("er om lag uendret")
    return _("har {word} {change}", word=_("økt") if change > 0 else _("gått ned"), change=percent(abs(change), 0))


def density_sentence(series: pd.DataFrame, name: str) -> str:
    """How many dwellings there are for 1 000 inhabitants, and in the median municipality."""
    own, nation = series[["own", "nation"]].iloc[-1]
    said = _("{name} har {own} boliger per 1 000 innbyggere", name=name, own=number(own))
    return said if pd.isna(nation) else _("{said} (median {nation})", said=said, nation=number(nation))


def result_sentence(own: pd.Series, name: str) -> str:
    """The mean since the accounts got their present form, and what TBU advises; a single year is only told."""
    same = _of_one_act(own)
    if len(same) < ENOUGH:
        return _(
            "Netto driftsresultat {name} var {value} prosent i {index}",
            name=at(name),
            value=number(same.iloc[-1], 1),
            index=same.index[-1],
        )
    return _(
        "Netto driftsresultat {name} er i snitt {mean} prosent (rådet er {advised})",
        name=at(name),
        mean=number(same.mean(), 1),
        advised=number(ADVISED, 2),
    )


def mean_sentence(own: pd.Series) -> str:
    """Which years the mean is of, or that there are too few, with a space after it."""
    same = _of_one_act(own)
    if len(same) < ENOUGH:
        return _("Det er for få år til et snitt. ")
    return _("Snittet er av {span}. ", span=years(same.index[0], same.index[-1]))


def _of_one_act(own):
    """The years of the present form of the accounts, where the latest is one."""
    told = own.dropna()
    return told[told.index >= NEW_ACT] if told.index[-1] >= NEW_ACT else told


def standing_sentence(series: pd.DataFrame, name: str, what: str) -> str:
    """What share of income it is in the latest year, and in the median municipality."""
    own, nation = series[["own", "nation"]].iloc[-1]
    said = _("{what} {name} er {own} prosent av inntektene", what=what, name=at(name), own=number(own, 1))
    return said if pd.isna(nation) else _("{said} (median {nation})", said=said, nation=number(nation, 1))


def sectors_sentence(table: pd.DataFrame, total: float, name: str) -> str:
    """The largest sector, and its share where all emissions are known."""
    largest, sector = table.iloc[0], table.index[0]
    size = _("{now} tonn", now=number(largest["now"]))
    if pd.notna(total) and total > 0:
        size = _("{value} prosent", value=number(100 * largest["now"] / total))
    sector = sector[:1].lower() + sector[1:]
    return _("Mest klimagass {name} kommer fra {sector}: {size}", name=at(name), sector=sector, size=size)


def pace_sentence(ways: list[Way], past: float, first: int | None, name: str) -> str:
    """The pace that the first target not reached takes, beside the pace so far."""
    if not ways:
        course = (
            _(" har {past} siden {first}", past=course_sentence(past), first=first)
            if pd.notna(past)
            else _(" er ikke målt mot noe mål: det er ikke oppgitt")
        )
        return _("Utslippene {name}{course}", name=at(name), course=course)
    asked = next((way for way in ways if not way.t <= 0), None)
    if asked is None:
        return _("Utslippene {name} er innenfor de oppgitte målene", name=at(name))
    if pd.isna(asked.t):
        return _("Målåret {year} er passert uten at {name} har nådd målet", year=asked.year, name=name)
    said = _("Utslippene {name} må ned {t} tonn i året", name=at(name), t=_tonnes(asked.t))
    if pd.isna(past):
        return said
    return _("{said}, hittil {past}", said=said, past=_tonnes(past)) if past > 0 else _("{said}, men har ikke gått ned", said=said)


def way_sentence(way: Way, now: float) -> str:
    """What one target takes, in tonnes and in percent a year."""
    if way.t == 0:
        return _("Målet om å {goal} er nådd.", goal=way.goal)
    if pd.isna(way.t):
        return _("Målåret {year} for å {goal} er passert.", year=way.year, goal=way.goal)
    said = _(
        "Å {goal} innen {year} er {t} tonn mindre hvert år, {value} av utslippet nå",
        goal=way.goal,
        year=way.year,
        t=_tonnes(way.t),
        value=percent(100 * way.t / now),
    )
    return _("{said}, eller {pct} fra år til år.", said=said, pct=percent(way.pct)) if pd.notna(way.pct) else f"{said}."


def course_sentence(past: float) -> str:
    """What emissions have done, by how much they have gone down a year: «gått ned 800 tonn i året»."""
    if _tonnes(abs(past)) == _tonnes(0):
        return _("i snitt vært uendret")
    return _("{word} {past} tonn i året", word=_("gått ned") if past > 0 else _("økt"), past=_tonnes(abs(past)))


def base_sentence(base_year: int | None, base: float | None, asked: int, given: float | None, first: int | None) -> str:
    """What the cut is measured from, and that it is another target where the year asked for is not in the series."""
    if base is None:
        return _("Uten et år som kan sammenlignes, kan kuttet ikke regnes.")
    if given is not None:
        return _(
            "Kuttet er målt fra {base} tonn i {asked}, som er oppgitt for hånd og kan være regnet på en annen måte.",
            base=number(base),
            asked=asked,
        )
    if base_year == asked:
        return _("Kuttet er målt fra {base} tonn i {base_year}.", base=number(base), base_year=base_year)
    lacking = (
        _("Serien begynner i {first}", first=first)
        if first is not None and asked < first
        else _("Serien har ikke {asked}", asked=asked)
    )
    return _(
        "{lacking}, så målet fra {asked} kan ikke sammenlignes: kuttet er målt fra {base_year} ({base} tonn), og det er "
        "et annet mål.",
        lacking=lacking,
        asked=asked,
        base_year=base_year,
        base=number(base),
    )


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
        if year is None and name == "klimanoytral":
            continue
        if isinstance(year, bool) or not isinstance(year, int) or not 1950 <= year <= 2100:
            raise WrongUse(f"Parameteren {name} må være et årstall fra 1950 til 2100, ikke {year!r}")
    if basis_aar >= kutt_aar:
        raise WrongUse(f"Parameteren basis_aar ({basis_aar}) må være før kutt_aar ({kutt_aar})")
    for name, value, most in (("kutt_prosent", kutt_prosent, 100), ("basis_tonn", basis_tonn, np.inf)):
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most or value == np.inf:
            raise WrongUse(f"Parameteren {name} må være et tall over 0{' og høyst 100' if most == 100 else ''}, ikke {value!r}")


def _beside(table, column, komm_nr):
    """A measure year by year: `own`, the median of the `nation`, how many are in it, and `comparable`."""
    told = table[table[column].notna()]
    own = told[told["komm_nr"] == komm_nr].set_index("year")
    if own.empty:
        return pd.DataFrame()
    nation = _comparable(told).groupby("year")[column].agg(["median", "size"])
    every = pd.RangeIndex(own.index.min(), own.index.max() + 1, name="year")
    columns = {"own": own[column], "nation": nation["median"], "n": nation["size"]}
    series = pd.DataFrame({name: values.reindex(every) for name, values in columns.items()}, index=every)
    kept = own["comparable"] if "comparable" in own else pd.Series(True, own.index)
    return series.assign(comparable=kept.astype(object).reindex(every))


def _comparable(table):
    return table[table["comparable"]] if "comparable" in table else table


def _others(table, column, komm_nr, compare, names, series, decimals=0) -> Others:
    """Those that it is compared with, by the years of `series`."""
    values = _comparable(table).pivot(index="komm_nr", columns="year", values=column).reindex(columns=series.index)
    return Others(values=values, own=komm_nr, chosen=compare, names=names, decimals=decimals, called=(_("de andre"), "{0}"))


def _lines(heading, series, **more) -> Lines:
    """A measure beside the median of all, and those it is compared with."""
    return Lines(heading=heading, rows=series, lines={"own": (_("her"), "own"), "nation": (_("landet"), "nation")}, **more)


def _dashed(compare, names):
    """Whose the dashed lines are; empty where it is compared with nobody."""
    told = _("De stiplede linjene er {compare}; midten av dem der de er minst tre.", compare=some(compare, names))
    return told if compare else ""


def _median(series):
    """What the nation's median is of, in the latest year."""
    last = series.iloc[-1]
    return _("Landet er medianen av {n} kommuner.", n=number(last["n"])) if last["n"] > 0 else ""
