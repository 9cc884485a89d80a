"""The figures of the long-term page: dwellings, the municipality's accounts, emissions, and the way to the targets for them.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Dwellings are those of 1 January, shares of the
accounts are in percent of gross operating income, emissions in tonnes of CO2 equivalents a year. A municipality's targets are
those that are given: `klimanoytral` (the year of no emissions), `kutt_prosent` (the cut), `kutt_aar` (by when), `basis_aar`
(since when) and `basis_tonn` (the emissions of that year, where the series does not have them).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.facts import own_years, shared, ssb, the_others
from nlib.charts.form import Panels
from nlib.charts.lines import Fan, Lines
from nlib.charts.others import Others
from nlib.core.catalogue import LISTED
from nlib.core.errors import WrongUse
from nlib.core.language import MINUS, at, given, number, percent, some, years
from nlib.core.translations import _

TYPES = {
    "enebolig": _("Enebolig"),
    "tomannsbolig": _("Tomannsbolig"),
    "rekkehus": _("Rekkehus"),
    "blokk": _("Blokk"),
    "bofellesskap": _("Bofellesskap"),
    "annet": _("Andre bygg"),
}
SPAN = 10  # years that growth in dwellings is measured over
NEW_ACT = int(
    LISTED.at["net_operating_result_pct", "broken"]
)  # from this year the accounts are by another law, with more units in the group: no change is measured across it
ADVISED = 1.75  # percent; the net operating result that TBU advises municipalities to have over time
RESULTS = 5  # years of results that a mean is of
ENOUGH = 4  # years that a mean is of before it is set beside the advice, which is for the long run
TOTAL = _("i alt")
REST = 0.01  # of all emissions; what no sector has is mentioned from here
BY, SINCE = 2030, 1991
HIDDEN = _(" To prikker er et tall som er skjult eller mangler.")
ESTIMATED = _("Utslipp i kommuner er beregnet, ikke målt, og usikkerheten er ikke oppgitt i filen.")
NO_EMISSIONS = _("Utslippene fra Miljødirektoratet er ikke tatt inn for {name}.")
IMPORTED = _("Klimagassutslipp tatt inn for hånd (Miljødirektoratets form), {when}")
ACCOUNTS = {  # of the accounts: SSB's table, and what it is called
    "net_operating_result_pct": ("12143", _("Netto driftsresultat")),
    "net_debt_pct": ("12143", _("Netto lånegjeld")),
    "free_reserves_pct": ("12134", _("Disposisjonsfond")),
}


@figure(_("Boligene"))
def dwellings(dwellings: pd.DataFrame, dwelling_rates: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """Dwellings of each type now and ten years before."""
    name = names[komm_nr]
    own = dwellings[dwellings["komm_nr"] == komm_nr]
    if not own["dwellings"].notna().any():
        raise Lacking(_("Tabell 06265 har ingen boliger for {name} i denne utgaven.", name=name))
    wide = own.pivot(index="year", columns="type", values="dwellings").reindex(columns=list(TYPES)).astype("Float64")
    last, compared = int(wide.index[wide.notna().any(axis=1)].max()), own.groupby("year")["comparable"].all()
    first = last - SPAN if compared.get(last - SPAN, False) and compared[last] else None
    table = pd.DataFrame({"now": wide.loc[last], "then": wide.loc[first] if first else np.nan}).astype("Float64").astype(float)
    table = table.set_axis(pd.Index(TYPES.values(), name="Type"))
    table = table[table.fillna(1).sum(axis=1) > 0].assign(change=lambda rows: rows["now"] - rows["then"])
    rates = dwelling_rates[dwelling_rates["year"] == last].set_index("komm_nr")
    mine = rates.reindex([komm_nr]).iloc[0]
    form = Bars(
        heading=_("Boliger 1. januar {last}", last=last),
        rows=table,
        parts={"now": (f"{last}", "own")},
        marks={"then": (f"{first}", "nation")} if first else {},
        also={"change": _("Endring")} if first else {},
    )
    return form.chart(
        dwellings_sentence(mine["dwellings"], mine["growth_10_pct"], mine["population_growth_10_pct"], name),
        per_person_sentence(mine["per_1000"], rates.loc[rates["comparable"], "per_1000"].median(), name)
        + _("Alle boliger er med, bebodde og ubebodde, men ikke fritidsboliger.")
        + (HIDDEN if table["now"].isna().any() or (first and table["then"].isna().any()) else ""),
        _("Registertall uten utvalgsfeil. Bygg som skifter bruk eller får rettet type, ser ut som vekst.")
        + ("" if first else shared(compared)),
        _("SSB, tabell 06265, 1. januar {word}{last}", word=_("{first} og ", first=first) if first else "", last=last),
    )


@figure(_("Handlingsrommet"))
def economy(economy_outlook: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart:
    """The net operating result against what TBU advises over time, net debt and free reserves, year by year beside the medians."""
    name = names[komm_nr]
    series = {column: _beside(economy_outlook, column, komm_nr) for column in ACCOUNTS}
    series = {column: rows for column, rows in series.items() if len(rows)}
    if not series:
        raise Lacking(_("Utgaven har ikke regnskapet til {name}.", name=name))
    first, last = min(rows.index[0] for rows in series.values()), max(rows.index[-1] for rows in series.values())
    every = pd.RangeIndex(first, last + 1, name="year")
    (leads, rows), *__ = series.items()
    advised = leads == "net_operating_result_pct"
    form = Panels(
        across=3,
        forms=[
            Lines(
                heading=ACCOUNTS[column][1],
                more=_("prosent av inntektene")
                + (_("; TBU: minst {advised}", advised=number(ADVISED, 2)) if column == leads and advised else ""),
                rows=beside.reindex(every),
                lines={"own": (_("her"), "own"), "nation": (_("landsmedianen"), "nation")},
                others=_others(economy_outlook, column, komm_nr, compare, names, every),
                level=ADVISED if column == leads and advised else None,
                broken=NEW_ACT,
                unit="%",
                decimals=1,
            )
            for column, beside in series.items()
        ],
    )
    return form.chart(
        result_sentence(rows["own"], name) if advised else standing_sentence(rows, name, ACCOUNTS[leads][1]),
        _(
            "Teknisk beregningsutvalg (TBU) anbefaler et netto driftsresultat på minst {advised} prosent i snitt over tid; for "
            "lånegjeld og disposisjonsfond finnes ingen offisiell grense.",
            advised=number(ADVISED, 2),
        )
        + (f" {standing_sentence(series['net_debt_pct'], name, _('Netto lånegjeld'))}." if "net_debt_pct" in series else "")
        + the_others(compare, names),
        _("Regnskapstall, uten utvalgsfeil; enkeltår svinger med skatt, pensjon og avkastning.")
        + (
            _(" Stiplet strek: fra {new_act} er flere enheter med, og ingen endring sies på tvers.", new_act=NEW_ACT)
            if first < NEW_ACT <= last
            else ""
        )
        + (
            _(" År uten tall er ikke null: regnskapet mangler.")
            if any(rows["own"].isna().any() for rows in series.values())
            else ""
        ),
        ssb(*sorted({ACCOUNTS[column][0] for column in series}), when=_("kommunekonsern"), period=(first, last)),
        whom=some(compare, names),
    )


@figure(_("Klimagassutslippene"))
def emissions(emissions: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """Emissions by sector in the latest year, and in the first."""
    name = names[komm_nr]
    every = emissions[emissions["komm_nr"] == komm_nr].astype({"emissions_t": "Float64"}).astype({"emissions_t": float})
    own = every[every["sector"] != TOTAL]
    if not own["emissions_t"].notna().any():
        raise Lacking((_("Filen har ingen tall etter sektor for {name}.") if len(every) else NO_EMISSIONS).format(name=name))
    wide = own.pivot(index="year", columns="sector", values="emissions_t").dropna(how="all")
    last, compared = int(wide.index[-1]), own.groupby("year")["comparable"].all()
    first = next((int(year) for year in wide.index[:-1] if compared[year]), None) if compared[last] else None
    table = pd.DataFrame({"now": wide.loc[last], "then": wide.loc[first] if first else np.nan})
    table["change_pct"] = 100 * (table["now"] / table["then"].where(table["then"] > 0) - 1)
    table = table[table[["now", "then"]].fillna(1).sum(axis=1) > 0].sort_values("now", ascending=False, kind="stable")
    changes = ["" if pd.isna(change) else f" ({percent(change, 0, sign=True)})" for change in table["change_pct"]]
    table["text"] = [f"{number(now)}{change}" for now, change in zip(table["now"], changes, strict=True)]
    table.index = pd.Index([_(sector).capitalize() for sector in table.index], name=_("Sektor"))
    whole = every[(every["sector"] == TOTAL) & (every["year"] == last)]["emissions_t"]
    total = float(whole.iloc[0]) if len(whole) else table["now"].sum(skipna=False)
    apart = total - table["now"].sum()
    rest = _(" {apart} av {total} tonn er ikke fordelt på sektor.", apart=number(apart), total=number(total))
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
        sectors_sentence(table, total, name),
        _("Utslipp som skjer i kommunen, er med, ikke det innbyggerne kjøper andre steder; opptak i skog er ikke trukket fra.")
        + (HIDDEN if table["now"].isna().any() else "")
        + (rest if apart > REST * total else ""),
        ESTIMATED
        + _(" Sektorer der landets utslipp er fordelt med nøkler, sier lite om hva kommunen selv har gjort.")
        + shared(compared),
        IMPORTED.format(when=_("{first} og {last}", first=first, last=last) if first else f"{last}"),
    )


@dataclass(frozen=True)
class Way:
    """The way from the latest emissions to a target: `t` tonnes a year, 0 where it is reached and missing where its year is past.

    `goal` is what to do, as a sentence goes on after «for å»; `level` the target in tonnes.
    """

    label: str
    goal: str
    year: int
    level: float
    t: float


@figure(_("Veien til klimamålene"))
def targets(
    emission_totals: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    klimanoytral: int | None = None,
    kutt_prosent: float | None = None,
    kutt_aar: int = BY,
    basis_aar: int = SINCE,
    basis_tonn: float | None = None,
) -> Chart:
    """Emissions so far, and the straight way from the latest year to each target that is given, with the pace it takes."""
    name = names[komm_nr]
    _assumed(klimanoytral, kutt_prosent, kutt_aar, basis_aar, basis_tonn)
    own = emission_totals[(emission_totals["komm_nr"] == komm_nr)].set_index("year").sort_index()
    total = own["emissions_t"].dropna().astype(float)
    if total.empty:
        hidden = _(
            "Samlet utslipp {name} kan ikke regnes: en sektor er skjult eller mangler i alle år, og filen har ingen sum.",
            name=at(name),
        )
        raise Lacking(hidden if len(own) else NO_EMISSIONS.format(name=name))
    kept = total[own.loc[total.index, "comparable"]]
    last, now = int(total.index[-1]), float(total.iloc[-1])
    base_year, base = base_of(kept, basis_aar, basis_tonn)
    ways = ways_to(last, now, base_year, base, klimanoytral, kutt_prosent, kutt_aar)
    first = int(kept.index[0]) if len(kept) and kept.index[0] < last else None
    past = (float(kept.iloc[0]) - now) / (last - first) if first and own.at[last, "comparable"] else np.nan
    straight = {
        f"way_{place}": pd.Series(np.linspace(now, way.level, way.year - last + 1), range(last, way.year + 1))
        for place, way in enumerate(ways)
        if way.year > last
    }
    rows = pd.DataFrame({"own": total, "comparable": own["comparable"].reindex(total.index)})
    form = (Fan if straight else Lines)(
        heading=_("Tonn CO₂-ekvivalenter i året"),
        rows=rows.join(pd.DataFrame(straight), how="outer").rename_axis("year"),
        lines={"own": (_("utslipp"), "own")}
        | {key: (ways[int(key[4:])].label, role) for key, role in zip(straight, ("nation", "group"), strict=False)},
        level=0,
        height=3.0,
        since=last if straight else None,
    )
    return form.chart(
        pace_sentence(ways, past, first, name),
        " ".join(way_sentence(way, now) for way in ways)
        if ways
        else _("Linjen er samlet utslipp. Kommunens egne klimamål er ikke oppgitt."),
        " ".join(
            [ESTIMATED]
            + ([base_sentence(base_year, base, basis_aar, basis_tonn)] if kutt_prosent is not None else [])
            + ([_("Klimanøytral er lest som null utslipp: kvoter og opptak i skog er ikke regnet inn.")] if klimanoytral else [])
            + ([_("Takten er et regnestykke fra siste år til målet, ikke en framskriving.")] if ways else [])
        )
        + shared(own["comparable"]),
        IMPORTED.format(when=years(int(total.index[0]), last)),
    )


def ways_to(last, now, base_year, base, klimanoytral, kutt_prosent, kutt_aar) -> list[Way]:
    """The way to each target that is given: to no emissions, and to a cut from the base where there is one."""
    ways = [] if klimanoytral is None else [way_to(_("klimanøytral"), _("bli klimanøytral"), last, now, klimanoytral, 0.0)]
    if kutt_prosent is not None and base is not None:
        share = given(kutt_prosent)
        cut = (
            _("{minus}{share} % fra {base_year}", minus=MINUS, share=share, base_year=base_year),
            _("kutte {share} prosent fra {base_year}", share=share, base_year=base_year),
        )
        ways.append(way_to(*cut, last, now, kutt_aar, base * (1 - kutt_prosent / 100)))
    return ways


# -- what the titles say


def dwellings_sentence(total, growth: float, people: float, name: str) -> str:
    """How dwellings and people have grown in ten years, %; how many dwellings there are where the growth is not known."""
    if pd.isna(growth) and pd.isna(total):
        return _("Boligene {name} etter type", name=at(name))
    if pd.isna(growth):
        return _("Det er {total} boliger {name}", total=number(total), name=at(name))
    start = _("Boligtallet {name}: {growth} på ti år", name=at(name), growth=percent(growth, 0, sign=True))
    return start if pd.isna(people) else _("{start} (folketallet {people})", start=start, people=percent(people, 0, sign=True))


def per_person_sentence(own: float, median: float, name: str) -> str:
    """How many dwellings there are for 1 000 inhabitants, and in the median municipality, with a space after; else empty."""
    if pd.isna(own):
        return ""
    start = _("{name} har {own} boliger per 1 000 innbyggere", name=name, own=number(own))
    return f"{start}. " if pd.isna(median) else _("{start} (medianen av kommunene {nation}). ", start=start, nation=number(median))


def latest_results(own: pd.Series) -> pd.Series:
    """The latest five known years of net operating results by year, none of accounts of an older form than the last of them."""
    known = own.dropna()
    return (known[known.index >= NEW_ACT] if known.index[-1] >= NEW_ACT else known).sort_index().tail(RESULTS)


def result_sentence(own: pd.Series, name: str) -> str:
    """The mean of the latest years, and what TBU advises; of few years, the latest alone."""
    same = latest_results(own)
    if len(same) < ENOUGH:
        return _(
            "Netto driftsresultat {name} var {value} prosent i {index}",
            name=at(name),
            value=number(same.iloc[-1], 1),
            index=same.index[-1],
        )
    return _(
        "Netto driftsresultat {name}: {mean} i snitt {period} (anbefalt {advised})",
        name=at(name),
        mean=percent(same.mean()),
        period=years(same.index[0], same.index[-1]),
        advised=number(ADVISED, 2),
    )


def standing_sentence(series: pd.DataFrame, name: str, what: str) -> str:
    """What share of income it is in the latest year, and in the median municipality."""
    own, nation = series[["own", "nation"]].iloc[-1]
    start = _("{what} {name} er {own} prosent av inntektene", what=what, name=at(name), own=number(own, 1))
    return start if pd.isna(nation) else _("{start} (medianen av kommunene {nation})", start=start, nation=number(nation, 1))


def sectors_sentence(table: pd.DataFrame, total: float, name: str) -> str:
    """The largest sector, and its share where all emissions are known."""
    largest, sector = table["now"].iloc[0], table.index[0]
    size = _("{now} tonn", now=number(largest))
    if pd.notna(total) and total > 0:
        size = percent(100 * largest / total, 0)
    return _("Mest klimagass {name}: {sector} ({size})", name=at(name), sector=sector[:1].lower() + sector[1:], size=size)


def pace_sentence(ways: list[Way], past: float, first: int | None, name: str) -> str:
    """The pace that the first target not reached takes, beside the pace so far: how much emissions have gone down a year."""
    if not ways and pd.isna(past):
        return _("Utslippene {name} er ikke målt mot noe mål: det er ikke oppgitt", name=at(name))
    if not ways:
        slots = {"name": at(name), "past": _tonnes(abs(past)), "first": first, "way": _("falt") if past > 0 else _("økt")}
        return _("Utslippene {name} har {way} {past} tonn årlig siden {first}", **slots)
    asked = next((way for way in ways if not way.t <= 0), None)
    if asked is None:
        return _("Utslippene {name} er innenfor de oppgitte målene", name=at(name))
    if pd.isna(asked.t):
        return _("Målåret {year} er passert uten at {name} har nådd målet", year=asked.year, name=name)
    start = _("Utslippene {name} må ned {t} tonn i året", name=at(name), t=_tonnes(asked.t))
    if pd.isna(past):
        return start
    return (
        _("{start}, hittil {past}", start=start, past=_tonnes(past))
        if past > 0
        else _("{start}, men har ikke gått ned", start=start)
    )


def way_sentence(way: Way, now: float) -> str:
    """What one target takes, in tonnes and in percent of the emissions now."""
    if way.t == 0:
        return _("Målet om å {goal} er nådd.", goal=way.goal)
    if pd.isna(way.t):
        return _("Målåret {year} for å {goal} er passert.", year=way.year, goal=way.goal)
    return _(
        "Å {goal} innen {year} er {t} tonn mindre hvert år, {value} av utslippet nå.",
        goal=way.goal,
        year=way.year,
        t=_tonnes(way.t),
        value=percent(100 * way.t / now),
    )


def base_sentence(base_year: int | None, base: float | None, asked: int, given: float | None) -> str:
    """What the cut is measured from, and that it is another target where the year asked for is not in the series."""
    if base is None:
        return _("Uten et år som kan sammenlignes, kan kuttet ikke regnes.")
    start = _("Kuttet er målt fra {base} tonn i {base_year}", base=number(base), base_year=base_year)
    if given is not None:
        return _("{start}, som er oppgitt for hånd.", start=start)
    if base_year == asked:
        return f"{start}."
    return _("{start}, for serien har ikke {asked}; det er et annet mål enn et kutt fra {asked}.", start=start, asked=asked)


def _tonnes(value):
    return number(value, 0 if abs(value) >= 10 else 1)


# -- what is drawn from


def base_of(known: pd.Series, asked: int, given: float | None) -> tuple[int | None, float | None]:
    """The year and the tonnes that a cut is measured from: what is given, else the year asked for, else the first there is.

    known: tonnes by year, those that can be compared.
    """
    if given is not None:
        return asked, float(given)
    if known.empty:
        return None, None
    year = asked if asked in known.index else int(known.index[0])
    return year, float(known[year])


def way_to(label: str, goal: str, last: int, now: float, year: int, level: float) -> Way:
    """The way from `now` tonnes in the year `last` to a level, as many tonnes each year."""
    t = 0.0 if now <= level else (now - level) / (year - last) if year > last else np.nan
    return Way(label, goal, year, level, t)


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
    """A measure by every year of its own: `own` and the median of the `nation`."""
    own = own_years(table, komm_nr, column).set_index("year")[column]
    every = pd.RangeIndex(own.index.min(), own.index.max() + 1, name="year") if len(own) else own.index
    return pd.DataFrame({"own": own.reindex(every), "nation": table.groupby("year")[column].median().reindex(every)})


def _others(table, column, komm_nr, compare, names, every) -> Others:
    """Those that it is compared with, by year."""
    values = table.pivot(index="komm_nr", columns="year", values=column).reindex(columns=every)
    return Others(values=values, own=komm_nr, chosen=compare, names=names, decimals=1)
