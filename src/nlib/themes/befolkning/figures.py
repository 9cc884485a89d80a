"""The figures of the population page: size, what growth is made of, age structure and dependency.

Each function takes contract tables and gives a Chart, or Missing with the reason. Population is that of 1 January; growth and its
parts are from one 1 January to the next, rates in percent of the population on the first: of several years or municipalities,
the sum of the persons over the sum of the populations.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Missing
from nlib.charts.facts import FEW, span, ssb
from nlib.charts.form import Panels
from nlib.charts.lines import Lines
from nlib.charts.strip import Strip
from nlib.core.language import at, counted, listed, more, neuter, number, percent, short_name, some, years
from nlib.core.municipalities import Register
from nlib.core.translations import _

PARTS = {
    "birth_surplus": _("fødselsoverskudd"),
    "domestic_net": _("innenlandsk flytting"),
    "foreign_net": _("nettoinnvandring"),
    "correction": _("korreksjon"),
}
STACKED = {  # of a year's growth: name and role; deaths count down
    "births": (_("fødte"), "own"),
    "deaths": (_("døde"), "against"),
    "domestic_net": (_("innenlandsk flytting"), "second"),
    "foreign_net": (_("nettoinnvandring"), "third"),
    "correction": (_("korreksjon"), "others"),
}
AGES = {
    "age_0_5": _("0–5 år"),
    "age_6_15": _("6–15 år"),
    "age_16_19": _("16–19 år"),
    "age_20_34": _("20–34 år"),
    "age_35_49": _("35–49 år"),
    "age_50_64": _("50–64 år"),
    "age_65_79": _("65–79 år"),
    "age_80": _("80 år og over"),
}
SPAN = 5  # years that growth is told over
TEN = 10  # years that age groups are compared over
MOVED = 0.005  # of the population: in a year that cannot be compared, a larger correction came with land, not with people
STEADY = 0.5  # percent over all the years; a smaller change in population is «om lag uendret»
COUNTED = _(
    "Fulltelling i folkeregisteret, uten utvalgsfeil. Noen som har flyttet uten å melde fra, er registrert der de bodde før."
)
SHARED = _("Kommunen er berørt av en deling eller grenseendring; tall fra før en deling er fordelt etter folketall.")
HIDDEN = _("Den innenlandske flyttingen er ukjent eller skjult, og er ikke med.")
UNSEEN = _("Tabellene 06913 og 01223 er ikke med i utgaven, så delene av veksten og flyttede grenser er ukjent.")
PROJECTED = _(
    "SSBs framskriving er hva folketallet blir om forutsetningene slår til; avstanden mellom lav og høy er ikke et intervall."
)
UNKNOWN_GROWTH = _("Folkeveksten {at} er ukjent: den krever folketallet to år på rad.")
PROJECTION = "14746"
SEXES = {"1": _("menn"), "2": _("kvinner")}


def size(
    population: pd.DataFrame,
    population_growth_parts: pd.DataFrame,
    municipalities: pd.DataFrame,
    names: dict[str, str],
    register: Register,
    compare: list[str],
    komm_nr: str,
    population_projection: pd.DataFrame | None = None,
) -> Chart | Missing:
    """The population over the years, with SSB's projection ahead, and as an index against nation, county and comparison group.

    Reforms that touched the municipality are marked, and years that cannot be compared have hollow marks.
    """
    id, name = "befolkning.size", names[komm_nr]
    rows = _of(population, komm_nr, "population")
    if rows.empty:
        return Missing(id, _("Folketallet"), _("Tabell 07459 har ikke noe folketall for {name}.", name=name))
    first, last = int(rows["year"].iloc[0]), rows.iloc[-1]
    base = next((year for year in rows.loc[rows["comparable"], "year"] if year < last["year"]), first)
    own = rows.set_index("year").reindex(pd.RangeIndex(first, last["year"] + 1, name="year"))
    ahead = _projected(population_projection, komm_nr, last)
    county_nr, county = municipalities.loc[municipalities["komm_nr"] == komm_nr, ["county_nr", "county"]].iloc[0]
    inside = municipalities.loc[municipalities["county_nr"] == county_nr, "komm_nr"]
    index = index_of(population_growth_parts, own, base, inside if len(inside) > 1 else [], compare)
    marks = reforms(register, komm_nr, first, int(last["year"]))
    doubts = [
        PROJECTED if len(ahead) else _("SSBs framskriving (14746) er ikke med i utgaven."),
        "" if population_growth_parts["birth_surplus"].notna().any() else UNSEEN,
    ]
    return _size_form(rows, own, ahead, index, base, marks).chart(
        id,
        size_sentence(rows, index, name),
        _("Til venstre folketallet")
        + (
            _(", med SSBs framskriving til {index}: hovedalternativet, og lav og høy nasjonal vekst", index=ahead.index[-1])
            if len(ahead)
            else ""
        )
        + _(". Til høyre er folketallet i {base} satt til 100, så linjene viser vekst. ", base=base)
        + (_("Fylket er {county}. ", county=short_name(county)) if len(inside) > 1 else "")
        + _whom(index["group"], compare, names),
        _doubts(rows, *doubts),
        ssb(
            "07459",
            *([] if doubts[1] else ["06913", "01223"]),
            *([PROJECTION] if len(ahead) else []),
            when=_("1. januar"),
            period=(first, last["year"]),
        ),
    )


def _size_form(rows, own, ahead, index, base, marks) -> Panels:
    """The population with what is projected, and the index."""
    return Panels(
        widths=(4, 5),
        forms=[
            Lines(
                heading=_("Folketall 1. januar"),
                more="" if rows["comparable"].all() else _("hule merker: ikke sammenlignbare år"),
                rows=own[["population", "comparable"]].join(ahead, how="outer"),
                lines={
                    "population": ("", "own"),
                    "low": (_("lav"), "county"),
                    "main": ("SSB", "nation"),
                    "high": (_("høy"), "county"),
                },
                since=int(rows["year"].iloc[-1]) if len(ahead) else None,
                events=marks,
            ),
            Lines(
                heading=_("Indeks, {base} = 100", base=base),
                rows=index,
                lines={
                    "own": (_("her"), "own"),
                    "nation": (_("landet"), "nation"),
                    "county": (_("fylket"), "county"),
                    "group": (_("de andre"), "group"),
                },
                level=100,
                decimals=1,
            ),
        ],
    )


def yearly_growth(population_growth_parts: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """What the growth of each year is made of: births, deaths, domestic and foreign moves, and a correction; they sum to it."""
    id, name = "befolkning.yearly_growth", names[komm_nr]
    rows = _of(population_growth_parts, komm_nr, "growth")
    if rows.empty:
        return Missing(id, _("Hva veksten hvert år består av"), UNKNOWN_GROWTH.format(at=at(name)))
    with_land = _with_land(rows)
    shown = rows.assign(
        correction=rows["correction"].mask(with_land & rows["correction"].notna(), 0),
        growth=(rows["growth"] - rows["correction"]).where(with_land, rows["growth"]),
        deaths=-rows["deaths"],
    ).set_index("year")
    known = shown[list(STACKED)].notna().all(axis=1)
    shown[list(STACKED)] = shown[list(STACKED)].where(known)
    kept = {
        part: role for part, role in STACKED.items() if known.any() and (part != "correction" or (shown[part].fillna(0) != 0).any())
    }
    table = shown.assign(counted=rows.set_index("year")["growth"], left=rows.set_index("year")["correction"].where(known))
    form = Bars(
        heading=_("Personer i året"),
        rows=table,
        parts=kept or {"growth": (_("vekst"), "others")},
        marks={"growth": (_("vekst"), "total")},
        upright=True,
        sign=True,
        also=({"left": _("Korreksjon")} if known.any() and "correction" not in kept else {})
        | ({"counted": _("Vekst i alt")} if with_land.any() else {}),
    )
    return form.chart(
        id,
        yearly_sentence(rows, name),
        (_("Over null er det som gir flere innbyggere, under null det som gir færre. ") if known.any() else "")
        + _("Ruten er veksten i året, fra 1. januar til neste 1. januar")
        + (
            _(": summen av delene. Nettoinnvandring er innvandring minus utvandring, innenlandsk flytting er netto.")
            if known.any()
            else _(". Hva den består av, er ukjent i denne utgaven.")
        )
        + ("" if rows["comparable"].all() else _(" Hule ruter er år som ikke kan sammenlignes.")),
        _doubts(rows, *_growth_doubts(population_growth_parts, rows, shown, known)),
        ssb(*(["06913", "01223"] if known.any() else []), "07459", period=(rows["year"].iloc[0], rows["year"].iloc[-1])),
    )


def _growth_doubts(population_growth_parts, rows, shown, known):
    """What a reader of the growth by year must know: unknown parts, land that came or went, the swings, the correction."""
    without = int((~known).sum())
    land = rows.set_index("year")["growth"] - shown["growth"].fillna(0)
    land = listed([_("{change} i {year}", change=number(change, sign=True), year=year) for year, change in land[land != 0].items()])
    few = _("For {without} av årene er en av delene ukjent eller skjult; der står bare veksten.", without=neuter(without))
    yield (few if known.any() else _unseen(population_growth_parts)) if without else ""
    yield _("Det som fulgte med en delt kommune eller en flyttet grense, er ikke tegnet: {land}.", land=land) if land else ""
    if known.any():
        yield _swing(rows[known.to_numpy()])
        yield _("Korreksjonen er det delene ikke gjør rede for, som flyttede grenser og rettelser i registeret.")


def parts(population_growth_parts: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """Growth by part against the nation and the comparison group, in percent a year: the latest year, and five years together."""
    id, heading, name = "befolkning.parts", _("Delene av veksten mot landet og de andre"), names[komm_nr]
    rows = _of(population_growth_parts, komm_nr, "growth")
    if rows.empty:
        return Missing(id, heading, UNKNOWN_GROWTH.format(at=at(name)))
    last, long = int(rows["year"].iloc[-1]), _window(rows)
    whose = {"own": rows, "nation": population_growth_parts, "group": _comparable(population_growth_parts, compare)}
    rates = {period: pd.DataFrame({who: _rates(of, *period) for who, of in whose.items()}) for period in {(last, last): 0, long: 0}}
    if rates[last, last]["own"].isna().all():
        return Missing(
            id, heading, _("{name} hadde ingen innbyggere 1. januar {last}, så veksten i prosent er ukjent.", name=name, last=last)
        )
    labels = {**PARTS, "growth": _("vekst i alt")}
    kept = [part for part in labels if any(pd.notna(frame.at[part, "own"]) for frame in rates.values())]
    looks = {"own": (name, "own"), "nation": (_("landet"), "nation"), "group": (_("de andre"), "group")}
    seen = {who: look for who, look in looks.items() if rates[long][who].notna().any()}
    shown = {
        period: frame.loc[kept].set_axis(pd.Index([labels[part].capitalize() for part in kept], name=_("Del")))
        for period, frame in rates.items()
    }
    every = pd.concat(list(shown.values()))[list(seen)].to_numpy(float)
    ends = min(0.0, float(np.nanmin(every))), max(0.1, float(np.nanmax(every)))
    room = 0.08 * (ends[1] - ends[0])
    form = Panels(
        forms=[
            Strip(
                heading=years(*period),
                more=_("prosent i året"),
                rows=frame,
                marks=seen,
                own=_("Vekst i alt"),
                joined=True,
                level=0,
                limits=(ends[0] - room, ends[1] + room),
                unit="%",
                decimals=2,
                sign=True,
            )
            for period, frame in shown.items()
        ]
    )
    lacking = [] if "domestic_net" in kept else [_unseen(population_growth_parts)]
    within = population_growth_parts.query("year >= @long[0] and year <= @long[1]")
    return form.chart(
        id,
        parts_sentence(rates[long], kept, name),
        _("Ruten er {name}, streken landet og trekanten de andre. Alt er i prosent av folketallet 1. januar", name=name)
        + (_("; for {value} er det summen av årene over summen av folketallene.", value=years(*long)) if long[0] < long[1] else ".")
        + (
            ""
            if lacking
            else _(" Innenlandsk flytting er null for landet, fordi den som flytter ut ett sted, flytter inn et annet.")
        )
        + f" {_whom(rates[long]['group'], compare, names)}".rstrip(),
        _doubts(
            rows[rows["year"] >= long[0]],
            _one_person(rows["population"].iloc[-1]),
            _("Ett år alene sier lite, særlig for en liten kommune."),
            "" if within["growth"].notna().all() else _("Kommuner med ukjent vekst er ikke med i landet."),
            *lacking,
        ),
        ssb(*([] if lacking else ["06913", "01223"]), "07459", period=long),
    )


def pyramid(population_by_age: pd.DataFrame, age_structure: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """The population by five-year age group, in percent of all, against the nation: men and women apart where the table has sex."""
    id, name = "befolkning.pyramid", names[komm_nr]
    rows = _of(age_structure, komm_nr, "population").query("population > 0")
    if rows.empty:
        return Missing(id, _("Alderssammensetningen"), _("Tabell 07459 har ingen innbyggere for {name}.", name=name))
    last = rows.iloc[-1]
    year = int(last["year"])
    now = population_by_age[population_by_age["year"] == year]
    mine = now[now["komm_nr"] == komm_nr]
    apart = mine["sex"].isin(["1", "2"]).all()
    own, nation, counts = (
        _by_five(of if apart else of.assign(sex="0"), share) for of, share in ((mine, True), (now, True), (mine, False))
    )
    shown = own.join(nation.add_prefix("nation_")).join(counts.add_prefix("count_"))[::-1]
    form = Panels(
        forms=[
            Bars(
                heading=_("{sex}, prosent", sex=sex.capitalize()),
                rows=shown.rename_axis(_("Alder")),
                parts={code: (sex if apart else name, "own")},
                marks={f"nation_{code}": (_("landet, {sex}", sex=sex) if apart else _("landet"), "nation")},
                also={f"count_{code}": _("{sex}, personer", sex=sex.capitalize())},
                mirrored=apart and code == "1",
                bare=apart and code == "1",
                texts="",
                most=1.05 * float(shown.drop(columns=counts.add_prefix("count_").columns).max(axis=None)),
                unit="%",
                decimals=1,
                thick=0.135,
            )
            for code, sex in (SEXES if apart else {"0": _("menn og kvinner")}).items()
        ],
    )
    hidden = int(mine["population"].isna().sum())
    return form.chart(
        id,
        pyramid_sentence(last, _nation_shares(age_structure, year), name),
        _(
            "Stolpene er {name}, merkene landet, i prosent av alle innbyggere 1. januar {year}. Hvert trinn er fem år",
            name=name,
            year=year,
        )
        + (
            _(", med menn til venstre og kvinner til høyre.")
            if apart
            else _("; tabellen i utgaven har ikke kjønn, så begge er sammen.")
        )
        + _(" En stolpe forbi merket er en aldersgruppe kommunen har mer av enn landet.")
        + fewest_sentence(last, _nation_shares(age_structure, year)),
        _doubts(
            rows.tail(1),
            _one_person(last["population"]),
            _("{hidden} aldre er skjult av hensyn til personvern, og gruppene de er i, vises ikke.", hidden=number(hidden))
            if hidden
            else "",
        ),
        ssb("07459", when=_("1. januar"), period=(year, year)),
    )


def ages(age_structure: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """How each age group has grown over ten years, in persons and percent, with the nation's growth in percent beside it."""
    id, name = "befolkning.ages", names[komm_nr]
    rows = _of(age_structure, komm_nr, "population")
    compared = rows[rows["comparable"] & (rows["year"] >= rows["year"].max() - TEN)]
    if len(compared) < 2 or compared["year"].max() != rows["year"].max():
        return Missing(
            id,
            _("Vekst etter alder"),
            _("Aldersgruppene {name} kan ikke følges over tid: ingen to år kan sammenlignes.", name=at(name)),
        )
    start, end = (int(compared["year"].iloc[end]) for end in (0, -1))
    table = growth_by_age(age_structure, compared, start, end)
    written = [
        _(
            "{change} ({pct}; landet {nation})",
            change=number(row.change, sign=True),
            pct=percent(row.pct, sign=True),
            nation=percent(row.nation, sign=True),
        )
        for row in table.itertuples()
    ]
    form = Bars(
        heading=_("Endring {start}–{end}, personer (prosent; landet)", start=start, end=end),
        rows=table.set_index(table["age"].rename(_("Alder"))).assign(text=written),
        parts={"change": (_("endring"), "own")},
        texts="text",
        sign=True,
        also={
            "before": _("Personer {start}", start=start),
            "now": _("Personer {end}", end=end),
            "pct": _("Endring, prosent"),
            "nation": _("Landet, prosent"),
        },
        precise={"pct": 1, "nation": 1},
    )
    return form.chart(
        id,
        ages_sentence(table, name, start),
        _(
            "Stolpene er endringen i antall innbyggere fra 1. januar {start} til 1. januar {end}. I parentes står det samme i "
            "prosent av aldersgruppen, og landets vekst i prosent.",
            start=start,
            end=end,
        ),
        _doubts(
            compared,
            _("De samme menneskene blir eldre: en gruppe kan vokse uten at noen flytter dit."),
            _("Prosenter av små grupper svinger mye.") if (table["before"].dropna() < 100).any() else "",
            _("Skjulte grupper er vist som ..") if table["change"].isna().any() else "",
        ),
        _("SSB, tabell 07459, 1. januar {start} og {end}", start=start, end=end),
    )


def dependency(age_structure: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """Young and old per 100 of working age over the years, against the nation and the comparison group."""
    id, name = "befolkning.dependency", names[komm_nr]
    rows = _of(age_structure, komm_nr, "dependants_per_100")
    if rows.empty:
        why = _("{name} har ingen i alderen 20–64 år i tallene, eller de er skjult.", name=name)
        return Missing(id, _("Unge og eldre per 100 i yrkesaktiv alder"), why)
    last, series = rows.iloc[-1], rows.set_index("year")
    for who, of in (("nation", age_structure), ("group", _comparable(age_structure, compare))):
        for measure, ratio in _ratios(of).items():
            series[f"{who}_{measure}"] = ratio.reindex(series.index)
    form = Panels(
        forms=[
            Lines(
                heading=_("{text} per 100 i alderen 20–64", text=text),
                rows=series,
                lines={
                    f"{measure}_per_100": (_("her"), "own"),
                    f"nation_{measure}": (_("landet"), "nation"),
                    f"group_{measure}": (_("de andre"), "group"),
                },
                decimals=1,
                also={"dependants_per_100": _("Sammen per 100")} if measure == "young" else {},
                precise={"dependants_per_100": 1} if measure == "young" else {},
            )
            for measure, text in (("old", _("Eldre (65 år og over)")), ("young", _("Unge (0–19 år)")))
        ]
    )
    return form.chart(
        id,
        dependency_sentence(rows, series["nation_old"], name),
        _(
            "Til venstre hvor mange eldre, til høyre hvor mange unge det er for hver 100 innbyggere i alderen 20–64 år. "
            "Sammen er det forsørgerbyrden: {dependants_per_100} per 100 i {year}.",
            dependants_per_100=number(last["dependants_per_100"]),
            year=last["year"],
        )
        + since_first(rows)
        + ("" if rows["comparable"].all() else _(" Hule merker er år som ikke kan sammenlignes."))
        + f" {_whom(series['group_old'], compare, names)}".rstrip(),
        _doubts(
            rows,
            _(
                "Alder sier ikke hvem som arbeider. Én person i alderen 20–64 år er {value} av aldersgruppen.",
                value=percent(100 / last["working"]),
            )
            if last["working"] < FEW
            else _("Alder sier ikke hvem som arbeider."),
            _("SSBs framskriving er her delt i andre aldersgrupper, så tallene stopper her; temaet «Scenarioer» viser dem."),
        ),
        ssb("07459", when=_("1. januar"), period=(rows["year"].iloc[0], last["year"])),
    )


def _whom(group: pd.Series, compare: list[str], names: dict[str, str]) -> str:
    """Who the others are, where they have figures."""
    return _("De andre er {compare}, sett under ett.", compare=some(compare, names)) if group.notna().any() else ""


def _unseen(population_growth_parts: pd.DataFrame) -> str:
    """Why moves are not there: the edition has none, or else this municipality's are not told."""
    return HIDDEN if population_growth_parts["domestic_net"].notna().any() else UNSEEN


# -- what the titles say


def size_sentence(rows: pd.DataFrame, index: pd.DataFrame, name: str) -> str:
    """What the population has done since the first comparable year, and the nation's; else what it is."""
    last = rows.iloc[-1]
    told = span(rows, "population", broken=False)
    if told is None or pd.isna(index["own"].iloc[-1]):
        return _("{name} hadde {population} 1. januar {year}", name=name, population=_people(last["population"]), year=last["year"])
    change, nation = index["own"].iloc[-1] - 100, index["nation"].iloc[-1] - 100
    against = "" if pd.isna(nation) else _(" (landet {nation})", nation=percent(nation, sign=True))
    if abs(change) < STEADY:
        return _("Folketallet {name} er om lag uendret siden {told}{against}", name=at(name), told=told[0], against=against)
    return _(
        "Folketallet {name} har {moved} {change} siden {told}{against}",
        name=at(name),
        moved=_("økt") if change > 0 else _("gått ned"),
        change=percent(abs(change)),
        told=told[0],
        against=against,
    )


def yearly_sentence(rows: pd.DataFrame, name: str) -> str:
    """What the population has grown by in the latest five years, and which part gave most of it."""
    first, last = _window(rows)
    held = rows[rows["year"] >= first]
    growth, when = held["growth"].sum(), _("i {last}", last=last) if first == last else _("i {first}", first=years(first, last))
    if growth == 0:
        return _("{name} hverken vokste eller krympet {when}", name=name, when=when)
    moved = _(
        "{name} {word} med {growth} {when}",
        name=name,
        word=_("vokste") if growth > 0 else _("gikk ned"),
        growth=_people(abs(growth)),
        when=when,
    )
    sums = held[list(PARTS)].sum(skipna=False).dropna()
    same = sums[np.sign(sums.astype(float)) == np.sign(growth)]
    if len(sums) < len(PARTS) or same.empty:
        return moved
    most = same.astype(float).abs().idxmax()
    said = f"{_noun(most, same[most])} ({number(same[most], sign=True)})"
    return _("{moved}, mest av {said}", moved=moved, said=said)


def parts_sentence(rates: pd.DataFrame, kept: list[str], name: str) -> str:
    """The part in which the municipality differs most from the nation; its growth against the nation's where parts are unknown."""
    own, nation = rates["own"].astype(float), rates["nation"].astype(float)
    apart = (own - nation)[[part for part in PARTS if part in kept and part != "correction"]].abs().dropna()
    if apart.empty or apart.max() < 0.005:
        growth = [percent(who["growth"], 2, sign=True) for who in (own, nation)]
        return _("Veksten {name} var {growth} i året (landet {nation})", name=at(name), growth=growth[0], nation=growth[1])
    part = apart.idxmax()
    return _(
        "{name} skiller seg mest fra landet i {parts}: {own} mot {nation}",
        name=name,
        parts=PARTS[part],
        own=number(own[part], 2, sign=True),
        nation=percent(nation[part], 2, sign=True),
    )


def pyramid_sentence(last: pd.Series, nation: pd.Series, name: str) -> str:
    """The age group it has most more of than the nation."""
    apart = _apart(last, nation)
    if apart.empty or apart.abs().max() < 0.05:
        return _("{name} har samme alderssammensetning som landet", name=name)
    age = apart.idxmax()
    return _(
        "{share} av innbyggerne {name} er {age} (landet {nation})",
        share=percent(last[f"{age}_pct"]),
        name=at(name),
        age=AGES[age],
        nation=percent(nation[age]),
    )


def fewest_sentence(last: pd.Series, nation: pd.Series) -> str:
    """The age group it has most less of than the nation, after a space; empty where there is none."""
    apart = _apart(last, nation)
    if apart.empty or apart.abs().max() < 0.05:
        return ""
    age = apart.idxmin()
    return _(
        " Lengst under landet ligger aldersgruppen {age}: {share} mot {nation}.",
        age=AGES[age],
        share=percent(last[f"{age}_pct"]),
        nation=percent(nation[age]),
    )


def _apart(last, nation):
    return pd.Series({age: last[f"{age}_pct"] - nation[age] for age in AGES}, dtype=float).dropna()


def ages_sentence(table: pd.DataFrame, name: str, start: int) -> str:
    """The age group that has grown most, in persons; that none has where none has grown."""
    change = table["change"].dropna().astype(int)
    if change.empty:
        return _("Endringene i aldersgruppene {name} siden {start} er skjult", name=at(name), start=start)
    if change.max() > 0:
        most = change.idxmax()
        return _(
            "Antallet på {age} har økt mest {name}: {change}",
            age=table.at[most, "age"],
            name=at(name),
            change=number(change[most], sign=True),
        )
    if change.min() < 0:
        return _("Ingen aldersgruppe har vokst {name} siden {start}", name=at(name), start=start)
    return _("Ingen aldersgruppe {name} er endret siden {start}", name=at(name), start=start)


def dependency_sentence(rows: pd.DataFrame, nation: pd.Series, name: str) -> str:
    """Old to each 100 of working age now, and in the nation."""
    last = rows.iloc[-1]
    against = nation.get(last["year"], np.nan)
    country = "" if pd.isna(against) else _(" (landet {nation})", nation=number(against))
    said = _("{name} har {level} eldre per 100 i alderen 20–64 år", name=name, level=number(last["old_per_100"]))
    return said + country


def since_first(rows: pd.DataFrame) -> str:
    """How the old to each 100 of working age have changed since the first comparable year, after a space."""
    told = span(rows, "old_per_100", broken=False)
    if told is None:
        return ""
    change = round(rows.iloc[-1]["old_per_100"]) - round(rows.set_index("year").at[told[0], "old_per_100"])
    if not change:
        return _(" Det er like mange eldre per 100 som i {first}.", first=told[0])
    return _(" Det er {change} eldre per 100 enn i {first}.", change=more(change), first=told[0])


# -- what is drawn from


def reforms(register: Register, komm_nr: str, first: int, last: int) -> list[tuple[int, str]]:
    """The years (1 January) from which the municipality's land or number is another: «deling», «sammenslåing» or «nytt nummer»."""
    lineage = register.lineage(range(first, last + 1), day="01-01")
    own = lineage[lineage["komm_nr"] == komm_nr].groupby("year")
    numbers, split = own["old_nr"].agg(set), own["split"].any()
    marks = []
    for before, year in pairwise(numbers.index):
        if split[before] and not split[year]:
            marks.append((int(year), _("deling")))
        elif len(numbers[before]) > len(numbers[year]):
            marks.append((int(year), _("sammenslåing")))
        elif numbers[before] != numbers[year]:
            marks.append((int(year), _("nytt nummer")))
    return marks


def index_of(growth_parts, own, base, county, compare) -> pd.DataFrame:
    """The population as an index, 100 in `base`, of the municipality, the nation, its county and those it is compared with.

    own: the municipality's `population` and `comparable` by every year; county, compare: numbers.
    """
    every = own.index
    nobody = pd.isna(own.at[base, "population"]) or not own.at[base, "population"]
    index = own[["comparable"]].assign(
        own=np.nan if nobody else 100 * own["population"].astype("Float64") / own.at[base, "population"],
        nation=_chained(growth_parts, base, every),
        county=_chained(growth_parts[growth_parts["komm_nr"].isin(county)], base, every) if len(county) else np.nan,
        group=_chained(_comparable(growth_parts, compare), base, every),
    )
    return index[index.index >= base]


def _projected(projection, komm_nr, last):
    """SSB's latest projection by year, from the last known population on; nothing where there is none."""
    if projection is None:
        return pd.DataFrame(columns=["low", "main", "high"], index=pd.Index([], dtype=int, name="year"))
    rows = _of(projection[projection["latest"]] if "latest" in projection else projection, komm_nr, "main")
    ahead = rows[rows["year"] > last["year"]].set_index("year")[["low", "main", "high"]].astype(float)
    if ahead.empty:
        return ahead
    return pd.concat(
        [pd.DataFrame([[float(last["population"])] * 3], index=[last["year"]], columns=ahead.columns), ahead]
    ).rename_axis("year")


def growth_by_age(age_structure, compared, start, end) -> pd.DataFrame:
    """By age group: persons before and now, the change, in percent, and the nation's in percent; `compared`: the own rows."""
    before, now = compared.iloc[0], compared.iloc[-1]
    counts = {"age": list(AGES.values()), "before": [before[age] for age in AGES], "now": [now[age] for age in AGES]}
    table = pd.DataFrame(counts, index=list(AGES)).astype({"before": "Int64", "now": "Int64"})
    table["change"] = table["now"] - table["before"]
    start_of = table["before"].astype(float)
    table["pct"] = 100 * table["change"].astype(float) / start_of.where(start_of > 0)
    both = _in_both(age_structure, start, end)
    table["nation"] = [100 * (both.at[end, age] / both.at[start, age] - 1) if both.at[start, age] else np.nan for age in AGES]
    return table


def _one_person(people):
    return _("Én person er {value} av folketallet.", value=percent(100 / people, 2)) if 0 < people < FEW else ""


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


def _of(table, komm_nr, column):
    rows = table[(table["komm_nr"] == komm_nr) & table[column].notna()]
    return rows.sort_values("year", ignore_index=True)


def _people(count):
    return f"{number(count)} {_('innbygger') if count == 1 else _('innbyggere')}"


def _noun(part, value):
    """A part of growth as what it was: a surplus of deaths, moves out."""
    signs = {
        "birth_surplus": (_("fødselsoverskudd"), _("fødselsunderskudd")),
        "domestic_net": (_("innenlandsk innflytting"), _("innenlandsk utflytting")),
        "foreign_net": (_("nettoinnvandring"), _("nettoutvandring")),
        "correction": (_("korreksjon"), _("korreksjon")),
    }
    return signs[part][int(value < 0)]


def _swing(rows):
    """How far the birth surplus has swung over the ten latest years, as a sentence; empty where it has not."""
    surplus = (rows["births"] - rows["deaths"]).tail(10)
    if surplus.nunique() < 2:
        return ""
    return _(
        "Fødselsoverskuddet svinger fra år til år: de siste {years} årene mellom {low} og {high}.",
        years=counted(len(surplus)),
        low=number(surplus.min(), sign=True),
        high=number(surplus.max(), sign=True),
    )


def _doubts(rows, *more):
    """What is uncertain in these years: the register, a split or moved boundary, and what the figure adds."""
    return " ".join(text for text in (COUNTED, "" if rows["comparable"].all() else SHARED, *more) if text)
