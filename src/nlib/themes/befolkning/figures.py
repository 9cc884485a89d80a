"""The figures of the population page: size, what growth is made of, and ages.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Population is that of 1 January; growth and its
parts are from one 1 January to the next.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.facts import own_years, projected, shared, span, ssb, the_others
from nlib.charts.form import Panels
from nlib.charts.lines import Lines
from nlib.core.language import at, counted, listed, number, percent, short_name, years
from nlib.core.municipalities import Register
from nlib.core.translations import _

PARTS = ("birth_surplus", "domestic_net", "foreign_net", "correction")
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
SPAN = 5  # years that the title adds growth over
TEN = 10  # years that age groups are compared over
MOVED = 0.005  # of the population: in a year that cannot be compared, a larger correction came with land, not with people
STEADY = 0.5  # percent over all the years; a smaller change in population is «om lag uendret»
COUNTED = _(
    "Fulltelling i folkeregisteret, uten utvalgsfeil. Noen som har flyttet uten å melde fra, er registrert der de bodde før."
)
WHEN = _("1. januar")
SEXES = {"1": _("menn"), "2": _("kvinner")}


@figure(_("Folketallet"))
def size(
    population: pd.DataFrame,
    population_growth_parts: pd.DataFrame,
    municipalities: pd.DataFrame,
    names: dict[str, str],
    register: Register,
    compare: list[str],
    komm_nr: str,
    population_projection: pd.DataFrame | None = None,
) -> Chart:
    """The population over the years, with SSB's projection ahead, and as an index against nation, county and comparison group.

    Reforms that touched the municipality are marked, and years that cannot be compared have hollow marks.
    """
    name = names[komm_nr]
    none = _("Tabell 07459 har ikke noe folketall for {name}.", name=name)
    rows = own_years(population, komm_nr, "population", lacking=none)
    first, last = int(rows["year"].iloc[0]), int(rows["year"].iloc[-1])
    base = next((int(year) for year in rows.loc[rows["comparable"], "year"] if year < last), first)
    own = rows.set_index("year").reindex(pd.RangeIndex(first, last + 1, name="year"))
    ahead = _ahead(population_projection, komm_nr, rows.iloc[-1])
    county_nr, county = municipalities.loc[municipalities["komm_nr"] == komm_nr, ["county_nr", "county"]].iloc[0]
    inside = municipalities.loc[municipalities["county_nr"] == county_nr, "komm_nr"]
    index = index_of(population_growth_parts, own, base, inside if len(inside) > 1 else [], compare)
    unseen = population_growth_parts["birth_surplus"].isna().all()  # so that no moved boundary is known
    return _size_form(own, ahead, index, base, last, reforms(register, komm_nr, first, last)).chart(
        size_sentence(rows, index, name),
        _("Der folketallet i {base} er satt til 100, viser linjene vekst.", base=base)
        + (_(" Fylket er {county}.", county=short_name(county)) if len(inside) > 1 else "")
        + the_others(compare if index["group"].notna().any() else [], names),
        COUNTED
        + shared(rows["comparable"])
        + (
            _(" SSBs framskriving er hva folketallet blir om forutsetningene slår til; lav og høy er ikke et intervall.")
            if len(ahead)
            else ""
        ),
        ssb("07459", *([] if unseen else ["06913", "01223"]), *(["14746"] if len(ahead) else []), when=WHEN, period=(first, last)),
    )


def _size_form(own, ahead, index, base, last, events) -> Panels:
    """The population with what is projected, and the index."""
    return Panels(
        widths=(4, 5),
        forms=[
            Lines(
                heading=_("Folketall 1. januar"),
                rows=own[["population", "comparable"]].join(ahead, how="outer"),
                lines={
                    "population": ("", "own"),
                    "low": (_("lav"), "county"),
                    "main": ("SSB", "nation"),
                    "high": (_("høy"), "county"),
                },
                since=last if len(ahead) else None,
                events=events,
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


@figure(_("Hva veksten hvert år består av"))
def yearly_growth(population_growth_parts: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """What the growth of each year is made of: births, deaths, domestic and foreign moves, and a correction; they sum to it."""
    name = names[komm_nr]
    none = _("Folkeveksten {at} er ukjent: den krever folketallet to år på rad.", at=at(name))
    rows = own_years(population_growth_parts, komm_nr, "growth", lacking=none)
    with_land = _with_land(rows)
    shown = rows.assign(
        counted=rows["growth"],
        growth=(rows["growth"] - rows["correction"]).where(with_land, rows["growth"]),
        correction=rows["correction"].mask(with_land & rows["correction"].notna(), 0),
        deaths=-rows["deaths"],
    ).set_index("year")
    land = shown["counted"] - shown["growth"].fillna(0)
    known = shown[list(STACKED)].notna().all(axis=1)
    shown[list(STACKED)] = shown[list(STACKED)].where(known)
    kept = {part: look for part, look in STACKED.items() if part != "correction" or (shown[part].fillna(0) != 0).any()}
    form = Bars(
        heading=_("Personer i året"),
        rows=shown,
        parts=kept if known.any() else {"growth": (_("vekst"), "others")},
        marks={"growth": (_("vekst"), "total")},
        upright=True,
        sign=True,
        also={"counted": _("Vekst i alt")} if with_land.any() else {},
    )
    without, alike = int((~known).sum()), known.to_numpy() & rows["comparable"].to_numpy(bool)
    swing = (rows["births"] - rows["deaths"])[alike].tail(10)
    came = listed([_("{change} i {year}", change=number(change, sign=True), year=year) for year, change in land[land != 0].items()])
    doubts = [
        _(" Det som fulgte med en delt kommune eller en flyttet grense, er ikke tegnet: {land}.", land=came) if came else "",
        _(
            " Fødselsoverskuddet svinger fra år til år: de siste {years} årene mellom {low} og {high}.",
            years=counted(len(swing)),
            low=number(swing.min()),
            high=number(swing.max()),
        )
        if swing.nunique() > 1
        else "",
        _(" I år med bare vekst er en av delene ukjent eller skjult.") if without and known.any() else "",
        _(" Tabellene 06913 og 01223 er ikke med i utgaven, så delene av veksten og flyttede grenser er ukjent.")
        if without and population_growth_parts["domestic_net"].isna().all()
        else "",
    ]
    return form.chart(
        yearly_sentence(rows, name),
        _("Ruten er veksten i året, fra 1. januar til neste 1. januar")
        + (
            _(": summen av delene. Korreksjonen er det delene ikke gjør rede for, som flyttede grenser og rettelser i registeret.")
            if known.any()
            else _(". Hva den består av, er ukjent i denne utgaven.")
        ),
        COUNTED + shared(rows["comparable"]) + "".join(doubts),
        ssb(*(["06913", "01223"] if known.any() else []), "07459", period=(rows["year"].iloc[0], rows["year"].iloc[-1])),
    )


@figure(_("Alderssammensetningen"))
def pyramid(population_by_age: pd.DataFrame, age_structure: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """The population by five-year age group, in percent of all, against the nation: men and women apart where the table has sex."""
    name = names[komm_nr]
    rows = own_years(age_structure, komm_nr, "population").query("population > 0")
    if rows.empty:
        raise Lacking(_("Tabell 07459 har ingen innbyggere for {name}.", name=name))
    last, year = rows.iloc[-1], int(rows["year"].iloc[-1])
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
                most=1.05 * float(own.join(nation.add_prefix("nation_")).max(axis=None)),
                unit="%",
                decimals=1,
                thick=0.135,
            )
            for code, sex in (SEXES if apart else {"0": _("menn og kvinner")}).items()
        ],
    )
    hidden = int(mine["population"].isna().sum())
    return form.chart(
        pyramid_sentence(last, _nation_shares(age_structure, year), name),
        _("Stolpene er {name}, merkene landet, i prosent av alle innbyggere 1. januar {year}.", name=name, year=year)
        + dependency_sentence(last),
        COUNTED
        + shared(rows["comparable"].tail(1))
        + (_(" {hidden} aldre er skjult, og gruppene de er i, vises ikke.", hidden=number(hidden)) if hidden else ""),
        ssb("07459", when=WHEN, period=(year, year)),
    )


@figure(_("Vekst etter alder"))
def ages(age_structure: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """How each age group has grown over ten years, in persons and percent, with the nation's growth in percent beside it."""
    name = names[komm_nr]
    rows = own_years(age_structure, komm_nr, "population")
    compared = rows[rows["comparable"] & (rows["year"] >= rows["year"].max() - TEN)]
    if len(compared) < 2 or compared["year"].max() != rows["year"].max():
        raise Lacking(_("Aldersgruppene {name} kan ikke følges over tid: ingen to år kan sammenlignes.", name=at(name)))
    start, end = (int(compared["year"].iloc[end]) for end in (0, -1))
    table = growth_by_age(age_structure, compared, start, end)
    table["text"] = [
        f"{number(row.change, sign=True)} ({percent(row.pct, sign=True)}; {percent(row.nation, sign=True)})"
        for row in table.itertuples()
    ]
    form = Bars(
        heading=_("Endring {start}–{end}, personer (prosent; landet)", start=start, end=end),
        rows=table.set_axis(pd.Index(AGES.values(), name=_("Alder"))),
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
        ages_sentence(table["change"], name, start),
        _("De samme menneskene blir eldre: en gruppe kan vokse uten at noen flytter dit."),
        COUNTED + (_(" Prosenter av små grupper svinger mye.") if (table["before"].dropna() < 100).any() else ""),
        _("SSB, tabell 07459, 1. januar {start} og {end}", start=start, end=end),
    )


# -- what the titles say


def size_sentence(rows: pd.DataFrame, index: pd.DataFrame, name: str) -> str:
    """What the population has done since the first comparable year, and the nation's; else what it is."""
    last, period = rows.iloc[-1], span(rows, "population", broken=0)
    if period is None or pd.isna(index["own"].iloc[-1]):
        return _("{name} hadde {population} 1. januar {year}", name=name, population=_people(last["population"]), year=last["year"])
    change, nation = index["own"].iloc[-1] - 100, index["nation"].iloc[-1] - 100
    against = "" if pd.isna(nation) else _(" (landet {nation})", nation=percent(nation, sign=True))
    if abs(change) < STEADY:
        return _("Folketallet {name} er om lag uendret siden {since}{against}", name=at(name), since=period[0], against=against)
    return _(
        "Folketallet {name} har {moved} {change} siden {since}{against}",
        name=at(name),
        moved=_("økt") if change > 0 else _("falt"),
        change=percent(abs(change)),
        since=period[0],
        against=against,
    )


def yearly_sentence(rows: pd.DataFrame, name: str) -> str:
    """What the population has grown by in the latest five years, and which part gave most of it."""
    recent = rows[rows["year"] >= _since(rows)]
    growth, when = recent["growth"].sum(), _("i {first}", first=years(recent["year"].iloc[0], recent["year"].iloc[-1]))
    if growth == 0:
        return _("{name} hverken vokste eller krympet {when}", name=name, when=when)
    moved = _(
        "{name} {word} {growth} {when}",
        name=name,
        word=_("vokste med") if growth > 0 else _("mistet"),
        growth=_people(abs(growth)),
        when=when,
    )
    sums = recent[list(PARTS)].sum(skipna=False).dropna().astype(float)
    same = sums[np.sign(sums) == np.sign(growth)]
    if len(sums) < len(PARTS) or same.empty:
        return moved
    part = same.abs().idxmax()
    return _("{moved}, mest {part}", moved=moved, part=f"{_noun(part, same[part])} ({number(same[part], sign=True)})")


def pyramid_sentence(last: pd.Series, nation: pd.Series, name: str) -> str:
    """The age group it has most more of than the nation."""
    apart = pd.Series({age: last[f"{age}_pct"] - nation[age] for age in AGES}, dtype=float).dropna()
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


def dependency_sentence(last: pd.Series) -> str:
    """Old and young to each 100 of working age, after a space; empty where nobody is of working age or they are hidden."""
    if last[["old_per_100", "young_per_100"]].isna().any():
        return ""
    old, young = number(last["old_per_100"]), number(last["young_per_100"])
    return _(" Per 100 i alderen 20–64 år er det {old} eldre (65 år og over) og {young} unge (0–19 år).", old=old, young=young)


def ages_sentence(change: pd.Series, name: str, start: int) -> str:
    """The age group that has grown most, in persons; that none has where none has grown. change: by age."""
    known = change.dropna().astype(int)
    if known.empty:
        return _("Endringene i aldersgruppene {name} siden {start} er skjult", name=at(name), start=start)
    if known.max() <= 0:
        return _("Ingen aldersgruppe har vokst {name} siden {start}", name=at(name), start=start)
    age = known.idxmax()
    return _("Antallet på {age} har økt mest {name}: {change}", age=AGES[age], name=at(name), change=number(known[age], sign=True))


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
    people = own["population"].astype("Float64").astype(float)
    others = growth_parts[growth_parts["komm_nr"].isin(compare)]
    others = others[others.groupby("komm_nr")["comparable"].transform("all")]
    index = own[["comparable"]].assign(
        own=100 * people / people.where(people > 0)[base],
        nation=_chained(growth_parts, base, own.index),
        county=_chained(growth_parts[growth_parts["komm_nr"].isin(county)], base, own.index) if len(county) else np.nan,
        group=_chained(others, base, own.index) if len(others) else np.nan,
    )
    return index[index.index >= base]


def _ahead(projection, komm_nr, last):
    """SSB's latest projection by year, from the last known population on; nothing where there is none."""
    columns = ["low", "main", "high"]
    if projection is None:
        return pd.DataFrame(columns=columns, index=pd.Index([], dtype=int, name="year"))
    ahead = projected(projection, komm_nr, 2100)[columns].astype(float).loc[last["year"] + 1 :]
    start = pd.DataFrame(float(last["population"]), index=[last["year"]] if len(ahead) else [], columns=columns)
    return pd.concat([start, ahead]).rename_axis("year")


def growth_by_age(age_structure, compared, start, end) -> pd.DataFrame:
    """By age group: persons before and now, the change, in percent, and the nation's in percent; `compared`: the own rows."""
    table = pd.DataFrame({"before": compared.iloc[0][list(AGES)], "now": compared.iloc[-1][list(AGES)]}).astype("Int64")
    table["change"] = table["now"] - table["before"]
    before = table["before"].astype("Float64").astype(float)
    table["pct"] = 100 * table["change"].astype("Float64").astype(float) / before.where(before > 0)
    both = age_structure[age_structure["year"].isin([start, end])].dropna(subset=list(AGES))
    both = both[both.groupby("komm_nr")["year"].transform("nunique") == 2].groupby("year")[list(AGES)].sum().astype(float)
    table["nation"] = 100 * (both.loc[end] / both.loc[start].where(both.loc[start] > 0) - 1)
    return table


def _chained(growth_parts, base, every):
    """The population of these municipalities as an index over the years, 100 in `base`, chained of the growth of those known."""
    sums = growth_parts.dropna(subset=["growth", "population"]).groupby("year")[["growth", "population"]].sum().astype(float)
    steps = 1 + sums["growth"] / sums["population"].where(sums["population"] > 0)
    ratio = steps.reindex(range(int(every[0]), int(every[-1]))).set_axis(range(int(every[0]) + 1, int(every[-1]) + 1))
    after = ratio[ratio.index > base].cumprod(skipna=False)
    return (100 * pd.concat([pd.Series({base: 1.0}), after])).reindex(every)


def _since(rows):
    """The first of the latest five years in a row of one municipality's growth; all comparable where the last one is."""
    usable = set(rows["year"] if not rows["comparable"].iloc[-1] else rows.loc[rows["comparable"], "year"])
    first = last = int(rows["year"].iloc[-1])
    while first - 1 in usable and last - first < SPAN - 1:
        first -= 1
    return first


def _with_land(rows):
    """The years whose growth came with land: a large correction, or the last before a split, in a year that cannot be compared."""
    large = (rows["correction"].abs() > MOVED * rows["population"]).fillna(False)
    step = rows["birth_surplus"].isna() & rows["comparable"].shift(-1, fill_value=False)
    return (large | step).astype(bool) & ~rows["comparable"]


def _nation_shares(age_structure, year):
    sums = age_structure[age_structure["year"] == year].dropna(subset=list(AGES))[list(AGES)].sum().astype(float)
    return 100 * sums / sums.sum() if sums.sum() else sums


def _by_five(rows, share=True):
    """Persons by five-year age group (rows, the youngest first) and sex (columns), or their share of all in percent."""
    group = (rows["age"] // 5).clip(upper=18)
    sums = rows["population"].groupby([group, rows["sex"]]).sum(skipna=False).unstack().astype("Float64")
    sums = sums.reindex(range(19)).set_axis([f"{5 * step}–{5 * step + 4}" if step < 18 else "90+" for step in range(19)])
    return (100 * sums / sums.sum().sum() if share else sums).astype(float)


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
