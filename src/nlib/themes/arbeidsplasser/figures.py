"""The figures of the page on jobs: growth by sector and against the nation, branches, shift-share, one-sidedness and rates.

Each function takes contract tables and gives a Chart, or Missing with the reason. Jobs are persons employed in the municipality in
the 4th quarter. No change is measured across the break of 2015.
"""

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Missing
from nlib.charts.facts import FEW, span, ssb
from nlib.charts.form import Form, Panels, capital
from nlib.charts.lines import Lines
from nlib.charts.others import Others
from nlib.core.language import at, counted, listed, number, percent, points, some
from nlib.core.translations import _

SECTORS = {
    "privat": "privat",
    "offentlig_foretak": _("offentlig eid foretak"),
    "kommune": "kommune",
    "stat": "stat",
    "fylkeskommune": "fylkeskommune",
}
PRIVATE = ("privat", "offentlig_foretak")
BRANCHES = {  # the others are told by their names
    "aktivitet": _("kultur og fritid"),
    "annet": _("kraft, vann, avfall og annet"),
    "handel": _("butikk- og bilhandel"),
    "teknisk og vitenskapelig": _("teknikk og forskning"),
}
PARTS = {"national": _("som landet"), "mix": _("bransjene"), "local": _("lokal del")}
YEARS = 5  # that growth by branch is told over
SHOWN = 10  # branches drawn
KNOWLEDGE = "kunnskapsintensive tjenester"  # the group of industry_groups that is told of
ALIKE = 0.5  # percent, or percentage points, that nobody would call a difference
REGISTER = _(
    "Fulltelling i register, uten utvalgsfeil, så det er ikke noe intervall. Noen er registrert i en annen kommune enn "
    "der de møter fram, som ved et hovedkontor."
)
BROKEN = _("Fra 2015 bygger tallene på a-ordningen, så endringer over det årsskiftet er ikke målt.")
SHARED = _("kommunen er berørt av en deling, og det er for få år som kan sammenlignes.")
INFERRED = _(
    "SSB gir sektor og næring hver for seg. Hvor mange som er private i hver bransje, er beregnet, og hvilken bransje en "
    "næring hører til, er nlibs tolkning."
)
OWNED = _("Offentlig eide foretak er regnet med til det private.")
QUARTER = _("4. kvartal")


def growth(
    employed_by_sector: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
    new_jobs: pd.DataFrame | None = None,
) -> Chart | Missing:
    """Private and public jobs against the nation's and those it is compared with, the first comparable year being 100."""
    id, heading, name = "arbeidsplasser.growth", _("Privat og offentlig vekst"), names[komm_nr]
    rows = _by_sector(employed_by_sector, komm_nr)
    if rows.empty:
        return Missing(id, heading, _none(employed_by_sector, name, _("arbeidsplasser etter sektor")))
    period = span(rows, "private")
    if period is None:
        return Missing(id, heading, _("Veksten {name} kan ikke måles: {shared}", name=at(name), shared=SHARED))
    every = employed_by_sector[employed_by_sector["year"].between(*period)]
    nation, __ = _together(sides(every), every["komm_nr"].unique(), ["private", "public"])
    group, members = _together(sides(every[every["comparable"]]), compare, ["private", "public"])
    series = rows[rows["year"].between(*period)].set_index("year")
    for side in ("private", "public"):
        for whose, counts in (("own", series), ("group", group), ("nation", nation)):
            known = counts[side].reindex(series.index).astype("Float64").astype(float)
            series[f"{side}_{whose}"] = 100 * known / known.iloc[0] if known.iloc[0] > 0 else np.nan
    shown = {
        side: text
        for side, text in {"private": "Private", "public": _("Offentlige")}.items()
        if series[f"{side}_own"].notna().any()
    }
    if not shown:
        return Missing(
            id, heading, _("{name} hadde ingen arbeidsplasser i {period} å måle veksten fra.", name=name, period=period[0])
        )
    form = Panels(
        forms=[
            Lines(
                heading=text,
                more=f"{period[0]} = 100",
                rows=series,
                lines=_lines(f"{side}_own", f"{side}_nation", f"{side}_group"),
                level=100,
                decimals=1,
                also={one: _("{sector}, personer", sector=capital(_(sector))) for one, sector in SECTORS.items()}
                if side == min(shown)
                else {},
            )
            for side, text in shown.items()
        ]
    )
    return form.chart(
        id,
        growth_sentence(series.iloc[-1] - 100, name, period[0]),
        _(
            "Antallet i {period} er satt til 100. {members}{owned} {rows}.",
            period=period[0],
            members=_whom(members, names),
            owned=OWNED,
            rows=sectors_sentence(rows, name),
        )
        + new_jobs_sentence(new_jobs, komm_nr, name),
        f"{REGISTER} {BROKEN}{_few(rows.iloc[-1][['private', 'public']].sum())}",
        ssb("13472", when=QUARTER, period=period),
    )


def national(employed_register: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """All jobs against what they would be had they grown at the nation's rate, and at that of those it is compared with."""
    id, heading, name = "arbeidsplasser.national", _("Hva veksten ville vært med nasjonal vekst"), names[komm_nr]
    rows = _own(employed_register, komm_nr, ["jobs"])
    if rows.empty:
        return Missing(id, heading, _none(employed_register, name, "arbeidsplasser"))
    period = span(rows, "jobs")
    if period is None or not rows.set_index("year").at[period[0], "jobs"]:
        return Missing(id, heading, _("Veksten {name} kan ikke måles: {shared}", name=at(name), shared=SHARED))
    every = employed_register[employed_register["year"].between(*period)]
    series = rows[rows["year"].between(*period)].set_index("year")[["jobs", "comparable"]].astype({"jobs": float})
    nation, __ = _together(every, every["komm_nr"].unique(), ["jobs"])
    first, counts = series["jobs"].iloc[0], nation["jobs"]
    series["nation"] = first * counts.reindex(series.index) / counts.get(period[0], np.nan)
    last = series.iloc[-1]
    values = every[every["comparable"]].pivot(index="komm_nr", columns="year", values="jobs").reindex(columns=series.index)
    called = (_("som de andre"), _("som {0}"))
    form = Lines(
        heading=_("Arbeidsplasser"),
        more=_("personer; skalaen begynner ikke på null"),
        rows=series.assign(since=series["jobs"] - first, follows=series["nation"] - first),
        lines={"jobs": (_("faktisk"), "own"), "nation": (_("som landet"), "nation")},
        others=Others(values=values, own=komm_nr, chosen=compare, names=names, called=called, whole=first),
        also={"since": _("Vekst siden {period}", period=period[0]), "follows": _("Veksten med landets rate")},
    )
    return form.chart(
        id,
        national_sentence(last["jobs"] - first, last["nation"] - first, name, period[0]),
        _(
            "Linjen med merker er antallet arbeidsplasser. De uten viser hva det ville vært om det siden {period} hadde vokst "
            "som i landet, og som i kommunene det sammenlignes med.",
            period=period[0],
        )
        + dashed(compare, names),
        _(
            "{register} Avstanden til landet sier ikke hvorfor: se hvilke bransjer kommunen har.{jobs}",
            register=REGISTER,
            jobs=_few(last["jobs"]),
        ),
        ssb("11618", when=QUARTER, period=period),
        whom=some(compare, names),
    )


def branches(
    specialisation: pd.DataFrame, names: dict[str, str], komm_nr: str, industry_group_jobs: pd.DataFrame | None = None
) -> Chart | Missing:
    """The largest branches: their share of the jobs here, in the nation, and the one over the other (the location quotient)."""
    id, heading, name = "arbeidsplasser.branches", _("Arbeidsplasser etter bransje"), names[komm_nr]
    rows = specialisation[(specialisation["komm_nr"] == komm_nr) & specialisation["lq"].notna()]
    if rows.empty:
        hidden = _(" Der ett tall er skjult, er ingen andeler kjent.") if komm_nr in set(specialisation["komm_nr"]) else ""
        return Missing(id, heading, _none(specialisation, name, _("arbeidsplasser etter næring")) + hidden)
    rows = rows[rows["year"] == rows["year"].max()].assign(name=lambda told: [branch_name(one) for one in told["branch"]])
    rows = (
        rows.sort_values(["share_pct", "branch"], ascending=[False, True], kind="stable")
        .set_index("name")
        .rename_axis(_("Bransje"))
    )
    year, total = int(rows["year"].iloc[0]), rows["jobs"].sum()
    largest, others = rows[rows["jobs"] > 0].head(SHOWN), rows[rows["jobs"] > 0].iloc[SHOWN:]
    shown = largest.assign(text=[f"{percent(row.share_pct)} ({number(row.lq, 1)})" for row in largest.itertuples()])
    if len(others):
        sums = others[["jobs", "share_pct", "nation_pct"]].sum()
        shown = shown.astype({"jobs": float}).reindex([*shown.index, _("andre bransjer")]).rename_axis(_("Bransje"))
        shown.loc[_("andre bransjer"), [*sums.index, "text"]] = [*sums, percent(sums["share_pct"])]
    form = Bars(
        heading=_("Andel av arbeidsplassene {name}, {year}", name=at(name), year=year),
        more=_("i parentes: ganger landet"),
        rows=shown,
        parts={"share_pct": (_("her"), "own")},
        marks={"nation_pct": (_("landet"), "nation")},
        texts="text",
        rest=len(others) > 0,
        unit="%",
        decimals=1,
        also={"jobs": _("Arbeidsplasser"), "lq": _("Ganger landet")},
        precise={"lq": 2},
    )
    return form.chart(
        id,
        branches_sentence(rows.reset_index(), name),
        _(
            "Stolpen er bransjens andel av arbeidsplassene her, private og offentlige, og streken er andelen i landet. "
            "«Ganger landet» er den ene delt på den andre (lokaliseringskvotient)."
        )
        + larger_too(rows)
        + groups_sentence(industry_group_jobs, komm_nr, year, name),
        _(
            "Fulltelling, uten intervall. En bransje regnes som klart større bare der den er så stor at noen få jobber fra "
            "eller til ikke ville endret det. SSB gjør 1 og 2 om til 0 eller 3, så de minste tallene er omtrentlige. Hvilken "
            "bransje en næring hører til, er nlibs tolkning.{total}",
            total=_few(total),
        ),
        ssb("08536", when=QUARTER, period=(year, year)),
    )


def one_sided(diversity: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """How unlike the nation's the mix of branches is (Krugman), and how many equal branches it is like (Herfindahl), by year."""
    id, name = "arbeidsplasser.one_sided", names[komm_nr]
    rows = _own(diversity, komm_nr, ["krugman"])
    if rows.empty:
        return Missing(id, _("Hvor ensidig næringslivet er"), _none(diversity, name, _("arbeidsplasser etter næring")))
    rows = rows.merge(_medians(diversity, "median"), on="year", how="left", validate="1:1")
    rows = rows.merge(_medians(diversity[diversity["komm_nr"].isin(compare)], "group"), on="year", how="left", validate="1:1")
    last = rows.iloc[-1]
    form = Panels(
        forms=[
            Lines(
                heading=text,
                more=more,
                rows=rows.set_index("year"),
                lines={
                    column: (_("her"), "own"),
                    f"{column}_median": ("median", "nation"),
                    f"{column}_group": (_("de andre"), "group"),
                    **({"krugman_chance": (_("av størrelsen"), "before")} if column == "krugman" else {}),
                },
                broken=True,
                decimals=decimals,
                also={} if column == "krugman" else {"herfindahl": "Herfindahl"},
                precise={} if column == "krugman" else {"herfindahl": 3},
            )
            for column, text, more, decimals in (
                ("krugman", _("Ulikhet fra landet"), _("0 er likt, 2 er helt ulikt"), 2),
                ("branches", _("Like store bransjer"), _("færre er mer ensidig"), 1),
            )
        ]
    )
    return form.chart(
        id,
        one_sided_sentence(last, name),
        _(
            "Til venstre (Krugmans indeks): summen av avstandene mellom bransjenes andeler her og i landet. «Av størrelsen» "
            "er hva så få eller mange jobber alene ville gitt. Til høyre: hvor mange like store bransjer arbeidsplassene "
            "svarer til (1 delt på Herfindahls indeks). Median er den midterste kommunen."
        )
        + (_(" Mye av ulikheten følger av at det er få jobber.") if last["krugman"] < 1.5 * last["krugman_chance"] else "")
        + (_(" De andre er medianen av {compare}.", compare=some(compare, names)) if rows["krugman_group"].notna().any() else ""),
        _(
            "Fulltelling, uten intervall. Små kommuner er mer ulike landet fordi de har få jobber å fordele: hold linjen mot "
            "den prikkede. Ensidig er verken bra eller dårlig i seg selv.{jobs}",
            jobs=_few(last["jobs"]),
        ),
        ssb("08536", when=QUARTER, period=(rows["year"].min(), rows["year"].max())),
    )


def parts(shift_share: pd.DataFrame, jobs_by_branch: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """The growth of private jobs over the latest five years: what follows the nation and the branches, what is local, and where."""
    id, name = "arbeidsplasser.parts", names[komm_nr]
    rows = _run(shift_share, komm_nr)
    if rows.empty:
        return Missing(id, _("Hva den private veksten består av"), _no_growth(shift_share, jobs_by_branch, komm_nr, name))
    sums, first, last = rows[["growth", *PARTS]].sum(), int(rows["year"].min()) - 1, int(rows["year"].max())
    local = rows.groupby("year")["local"].sum()
    shown = _moved_most(rows, first)
    whole = Bars(
        heading=_("Private arbeidsplasser"),
        more=_("personer, {first}–{last}", first=first, last=last),
        rows=pd.DataFrame(
            {"growth": [*sums[list(PARTS)], sums["growth"]]}, index=pd.Index([*PARTS.values(), _("vekst i alt")], name=_("Del"))
        ),
        parts={"growth": (_("endring"), "own")},
        own=PARTS["local"],
        from_end=True,
        sign=True,
    )
    forms: list[Form] = [whole]
    if len(shown):
        forms.append(
            Bars(
                heading=_("De som har endret seg mest"),
                rows=shown,
                parts={"growth": (_("endring"), "own")},
                marks={"local": (_("lokal del"), "second")},
                sign=True,
                also={"before": _("Private i {first}", first=first), "national": _("Som landet"), "mix": _("Bransjen")},
            )
        )
    return Panels(forms=forms, widths=(4, 5) if len(forms) > 1 else ()).chart(
        id,
        parts_sentence(sums, name, first),
        _(
            "Vekst i private arbeidsplasser, 4. kvartal {first} til 4. kvartal {last}, i personer. «Som landet» er veksten "
            "med landets rate, «bransjene» er at kommunen har bransjer som vokste mer eller mindre enn andre, og den lokale "
            "delen er det som er igjen. Hver stolpe begynner der den forrige slutter.",
            first=first,
            last=last,
        )
        + (f" {carriers_sentence(shown, name, first, last)}." if len(shown) else "")
        + f" {OWNED}",
        _(
            "{inferred} Delene har ikke noe intervall. Den lokale delen har gått fra {local} til {local2} i enkeltår, og én "
            "bedrift eller en ny næringskode kan utgjøre alt.",
            inferred=INFERRED,
            local=number(local.min(), 0, sign=True),
            local2=number(local.max(), 0, sign=True),
        )
        + _few(rows.loc[rows["year"] == last, "before"].sum()),
        ssb("08536", "13472", period=(first, last), more=_("Beregnet av nlib, år for år")),
    )


def _moved_most(rows, first):
    """The branches that have gained and lost most private jobs, by name, the most first."""
    table = rows.groupby("branch")[["growth", *PARTS]].sum()
    before = rows[rows["year"] == first + 1].groupby("branch")["before"].sum().reindex(table.index, fill_value=0.0)
    table = table.assign(before=before).set_axis(pd.Index([branch_name(one) for one in table.index], name=_("Del")))
    table = table.sort_values("growth", ascending=False, kind="stable")
    return pd.concat([table[table["growth"] >= 0.5].head(SHOWN // 2), table[table["growth"] <= -0.5].tail(SHOWN // 2)])


def rates(employment_rates: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """The employment rate over the next 1 January and by the older practice, and jobs per 100 inhabitants, by year."""
    id, name = "arbeidsplasser.rates", names[komm_nr]
    rows = _own(employment_rates, komm_nr, ["employed_pct", "jobs_per_100"])
    if rows.empty:
        heading = _("Sysselsettingsgrad og arbeidsplasser per innbygger")
        return Missing(id, heading, _none(employment_rates, name, _("sysselsatte og folketall året etter")))
    rows = rows.merge(_ratios(employment_rates), on="year", how="left", validate="1:1")
    group = _ratios(employment_rates[employment_rates["komm_nr"].isin(compare) & employment_rates["comparable"]])
    rows = rows.merge(group, on="year", how="left", suffixes=("_nation", "_group"), validate="1:1")
    last, series = rows.iloc[-1], rows.set_index("year")
    form = Panels(
        forms=[
            Lines(
                heading=_("Sysselsatte av innbyggerne"),
                rows=series,
                lines=_lines("employed_pct", "employed_nation", "employed_group")
                | {"employed_same_year_pct": (_("eldre mål"), "before")},
                broken=True,
                unit="%",
                decimals=1,
                also={"employed_15_74_pct": _("Av 15–74 år, prosent")},
                precise={"employed_15_74_pct": 1},
            ),
            Lines(
                heading=_("Arbeidsplasser per 100 innbyggere"),
                rows=series,
                lines=_lines("jobs_per_100", "per_100_nation", "per_100_group"),
                broken=True,
                decimals=1,
            ),
        ]
    )
    known = [nr for nr in compare if nr in set(employment_rates["komm_nr"])]
    return form.chart(
        id,
        rates_sentence(last, name),
        _(
            "Til venstre: sysselsatte 15–74 år i 4. kvartal av alle innbyggere 1. januar etter. Den prikkede linjen er det "
            "eldre målet, av alle innbyggere 1. januar samme år; det er høyere der folketallet vokser. Til høyre: "
            "arbeidsplasser i kommunen per 100 innbyggere 1. januar etter. Av dem som er 15–74 år, var {employed_15_74_pct} "
            "sysselsatte i {year}. {known}",
            employed_15_74_pct=percent(last["employed_15_74_pct"]),
            year=last["year"],
            known=_whom(known, names),
        ).strip(),
        _(
            "Fulltelling i register, uten utvalgsfeil, så det er ikke noe intervall. Andelen av alle avhenger av alderen på "
            "innbyggerne: mange barn og eldre gir en lavere andel. {broken}{employed_residents}",
            broken=BROKEN,
            employed_residents=_few(last["employed_residents"]),
        ),
        ssb("11618", "07459", when=QUARTER, period=(rows["year"].min(), rows["year"].max())),
    )


def _lines(own, nation, group):
    return {own: (_("her"), "own"), nation: (_("landet"), "nation"), group: (_("de andre"), "group")}


def _whom(numbers, names):
    """Who the line of the others is, as a sentence with a space after it; empty where there are none."""
    return _("De andre er {numbers}, sett under ett. ", numbers=some(numbers, names)) if len(numbers) else ""


# -- what the titles say


def moved(count: float) -> str:
    """What a count of jobs has done: «økte med 525», «gikk ned med 30», «var uendret»."""
    if abs(count) < 0.5:
        return _("var uendret")
    return _("{word} med {count}", word=_("økte") if count > 0 else _("gikk ned"), count=number(abs(count)))


def gained(count: float, name: str, first: int, private: bool = False) -> str:
    """How many more or fewer jobs a municipality has than in a year: «Utsira har fått 18 færre arbeidsplasser siden 2015»."""
    many = number(abs(count))
    if many == "0":
        jobs = _("private arbeidsplasser") if private else _("arbeidsplasser")
        return _("{name} har like mange {jobs} som i {first}", name=name, jobs=jobs, first=first)
    if many == "1":
        job, more = _("privat arbeidsplass") if private else _("arbeidsplass"), _("mer") if count > 0 else _("mindre")
        return _("{name} har fått én {job} {more} siden {first}", name=name, job=job, more=more, first=first)
    more, jobs = _("flere") if count > 0 else _("færre"), _("private arbeidsplasser") if private else _("arbeidsplasser")
    return _("{name} har fått {many} {more} {jobs} siden {first}", name=name, many=many, more=more, jobs=jobs, first=first)


def sectors_sentence(rows: pd.DataFrame, name: str) -> str:
    """The share of jobs that are private, and how it has moved. rows: the municipality's own, with `private` and `public`."""
    shares = rows.assign(share=100 * rows["private"] / (rows["private"] + rows["public"]))
    last = shares.iloc[-1]
    if pd.isna(last["share"]):
        return _(
            "Fordelingen på sektorer {name} er ikke kjent i {year}: noen av tallene er skjult", name=at(name), year=last["year"]
        )
    said = _("{share} av arbeidsplassene {name} er private", share=percent(last["share"], 0), name=at(name))
    period = span(shares, "share")
    if period is None:
        return said
    change = last["share"] - shares.set_index("year").at[period[0], "share"]
    if abs(change) < ALIKE:
        return _("{said}, om lag som i {period}", said=said, period=period[0])
    return _(
        "{said}, {change} {word} enn i {period}",
        said=said,
        change=points(abs(change)),
        word=_("mer") if change > 0 else _("mindre"),
        period=period[0],
    )


def new_jobs_sentence(new_jobs: pd.DataFrame | None, komm_nr: str, name: str) -> str:
    """How many of the new jobs of the longest span that is known are private, after a space; empty where none are known."""
    if new_jobs is None:
        return ""
    own = new_jobs[(new_jobs["komm_nr"] == komm_nr) & new_jobs["comparable"] & new_jobs["growth"].notna()]
    own = own[(own["year"] == own["year"].max()) & (own["span"] <= YEARS)]
    if own.empty:
        return ""
    last = own.loc[own["span"].idxmax()]
    said = _(
        " Arbeidsplassene {name} {growth} fra {year} til {year2}",
        name=at(name),
        growth=moved(last["growth"]),
        year=last["year"] - last["span"],
        year2=last["year"],
    )
    private = last["private_growth"]
    if pd.isna(private):
        return f"{said}."
    if last["growth"] > 0 and 0 <= private <= last["growth"] and pd.notna(last["nation_share_pct"]):
        share, nation = percent(last["private_share_pct"], 0), percent(last["nation_share_pct"], 0)
        return _(
            "{said}, og {private} av økningen er i privat sektor uten offentlig eide foretak ({share}, landet {nation}).",
            said=said,
            private=number(private),
            share=share,
            nation=nation,
        )
    return _("{said}, og de i privat sektor uten offentlig eide foretak {private}.", said=said, private=moved(private))


def dashed(compare: list[str], names: dict[str, str]) -> str:
    """Whom the dashed lines are of, after a space: each, or the middle of three or more; empty where none is compared with."""
    if not compare:
        return ""
    if len(compare) < 3:
        return _(" Stiplet er {compare}.", compare=some(compare, names))
    return _(" Stiplet er {compare}, sett under ett.", compare=some(compare, names))


def growth_sentence(growth: pd.Series, name: str, first: int) -> str:
    """How private and public jobs have grown; growth: percent, by `private_own` and `public_own`."""
    grown = {text: growth[f"{side}_own"] for side, text in {"private": "private", "public": _("offentlige")}.items()}
    (text, change), *others = ((text, change) for text, change in grown.items() if pd.notna(change))
    said = _("Siden {first} har {text} arbeidsplasser {name} {change}", first=first, text=text, name=at(name), change=_grew(change))
    for other, its in others:
        alike = change * its > 0 and min(abs(change), abs(its)) >= 0.05
        said = _("{said}, {other} {its}", said=said, other=other, its=percent(abs(its)) if alike else _grew(its))
    return said


def national_sentence(change: float, expected: float, name: str, first: int) -> str:
    """How many jobs have come, and how many would have with the nation's rate."""
    said = gained(change, name, first)
    if abs(change - expected) < 0.5:
        return _("{said}, som landets vekst tilsa", said=said)
    return _("{said}; landets vekst tilsa {expected}", said=said, expected=number(expected, 0, sign=True))


def branches_sentence(rows: pd.DataFrame, name: str) -> str:
    """The branch that most surely is larger than in the nation, by the lower end of its interval; none where none is."""
    apart = rows[rows["lq_low"] > 1]
    if apart.empty:
        return _("Ingen bransje {name} er klart større enn i landet", name=at(name))
    top = apart.loc[apart["lq_low"].idxmax()]
    return _(
        "{name} har {lq} ganger landets andel jobber i {branch}",
        name=name,
        lq=number(top["lq"], 1),
        branch=branch_name(top["branch"]),
    )


def larger_too(rows: pd.DataFrame) -> str:
    """How many other branches are clearly larger than in the nation, after a space; empty where none is."""
    more = int((rows["lq_low"] > 1).sum()) - 1
    if more < 1:
        return ""
    word = _("annen bransje") if more == 1 else _("andre bransjer")
    return _(" {more} {word} er også klart større her enn i landet.", more=capital(counted(more)), word=word)


def groups_sentence(industry_group_jobs: pd.DataFrame | None, komm_nr: str, year: int, name: str) -> str:
    """The share of jobs in knowledge-intensive services and in own groups, after a space; empty where it is not known."""
    if industry_group_jobs is None:
        return ""
    told = industry_group_jobs
    told = told[(told["komm_nr"] == komm_nr) & (told["year"] == year) & told["share_pct"].notna()]
    known = told[told["group"] == KNOWLEDGE]
    said = "".join(
        _(
            " {share_pct} av arbeidsplassene {name} er i kunnskapsintensive tjenester, etter Eurostats inndeling (landet "
            "{nation_pct}).",
            share_pct=percent(one.share_pct),
            name=at(name),
            nation_pct=percent(one.nation_pct),
        )
        for one in known.itertuples(index=False)
    )
    own = [
        _(
            "{group} {share_pct} (landet {nation_pct})",
            group=one.group,
            share_pct=percent(one.share_pct),
            nation_pct=percent(one.nation_pct),
        )
        for one in told[told["own"]].itertuples()
    ]
    return _("{said} I egne næringsgrupper: {own}.", said=said, own=listed(own)) if own else said


def one_sided_sentence(last: pd.Series, name: str) -> str:
    """Whether the mix of branches is more or less like the nation's than in the median municipality."""
    gap = last["krugman"] - last["krugman_median"]
    how = _("om lag som") if abs(gap) < 0.02 else _("mindre enn") if gap > 0 else _("mer enn")
    return _(
        "Næringslivet {name} ligner landets {how} vanlig ({krugman} mot {median})",
        name=at(name),
        how=how,
        krugman=number(last["krugman"], 2),
        median=number(last["krugman_median"], 2),
    )


def parts_sentence(sums: pd.Series, name: str, first: int) -> str:
    """How private jobs have grown, and how much of it is local."""
    said = gained(sums["growth"], name, first, private=True)
    return _("{said}; lokal del {local}", said=said, local=number(sums["local"], 0, sign=True))


def carriers_sentence(table: pd.DataFrame, name: str, first: int, last: int) -> str:
    """The branch that has gained most and the one that has lost most; table: `growth` by name, sorted, not empty."""
    (top, most), (bottom, least) = ((table.index[end], table["growth"].iloc[end]) for end in (0, -1))
    gain = _(
        "{top} har gitt flest nye private arbeidsplasser {name} ({most})", top=top, name=at(name), most=number(most, 0, sign=True)
    )
    loss = _("{bottom} har mistet flest ({least})", bottom=bottom, least=number(least))
    if least > 0:
        said = _("{gain}, og ingen av bransjene har mistet noen", gain=gain)
    elif most < 0:
        said = _("ingen bransje {name} har fått flere private arbeidsplasser, og {loss}", name=at(name), loss=loss)
    else:
        said = _("{gain}, og {loss}", gain=gain, loss=loss)
    return _("{said} fra {first} til {last}", said=capital(said), first=first, last=last)


def rates_sentence(last: pd.Series, name: str) -> str:
    """The employment rate of the latest year and the nation's; where it is not known, jobs per 100 inhabitants."""
    if pd.isna(last["employed_pct"]):
        return _(
            "Det var {jobs_per_100} arbeidsplasser per 100 innbyggere {name} i {year}",
            jobs_per_100=number(last["jobs_per_100"], 1),
            name=at(name),
            year=last["year"],
        )
    return _(
        "{employed_pct} av innbyggerne {name} var sysselsatte i {year} (landet {nation})",
        employed_pct=percent(last["employed_pct"]),
        name=at(name),
        year=last["year"],
        nation=percent(last["employed_nation"]),
    )


def _grew(growth):
    if abs(growth) < 0.05:
        return _("stått stille")
    return _("{word} {growth}", word=_("økt") if growth > 0 else _("gått ned"), growth=percent(abs(growth)))


# -- what is drawn from


def _run(shift_share, komm_nr):
    """A municipality's parts by branch in the latest years on end that are comparable, five at most."""
    own = shift_share[shift_share["komm_nr"] == komm_nr]
    told, last = set(own.loc[own["comparable"], "year"]), own["year"].max()
    kept: list[int] = []
    while len(kept) < YEARS and last - len(kept) in told:
        kept.append(last - len(kept))
    return own[own["year"].isin(kept)]


def _ratios(employment_rates):
    """By year, those of several municipalities together: employed in percent of all inhabitants, and jobs per 100 of them."""
    counts = ["employed_residents", "jobs", "population_next"]
    told = employment_rates.dropna(subset=counts).groupby("year")[counts].sum().astype(float)
    people = told["population_next"].where(told["population_next"] > 0)
    return pd.DataFrame(
        {"employed": 100 * told["employed_residents"] / people, "per_100": 100 * told["jobs"] / people}
    ).reset_index()


def sides(employed_by_sector: pd.DataFrame) -> pd.DataFrame:
    """Private and public jobs by municipality and year; a hidden sector leaves its side unknown."""
    side = np.where(employed_by_sector["sector"].isin(PRIVATE), "private", "public")
    keyed = employed_by_sector.assign(side=side).groupby(["komm_nr", "year", "side"])["jobs"].sum(skipna=False)
    return keyed.unstack("side").reindex(columns=["private", "public"]).astype("Float64").astype(float).reset_index()


def _by_sector(employed_by_sector, komm_nr):
    """One municipality's jobs by sector, a row a year, with `private`, `public` and `comparable`."""
    own = employed_by_sector[employed_by_sector["komm_nr"] == komm_nr]
    wide = own.pivot(index="year", columns="sector", values="jobs").reindex(columns=list(SECTORS))
    wide = wide.astype("Float64").astype(float)
    wide = wide.join(sides(own).set_index("year")[["private", "public"]])
    wide = wide.join(own.groupby("year")["comparable"].all())
    return wide[wide[list(SECTORS)].notna().any(axis=1)].sort_index().reset_index()


def _own(table, komm_nr, columns):
    rows = table[(table["komm_nr"] == komm_nr) & table[columns].notna().any(axis=1)]
    return rows.sort_values("year").reset_index(drop=True)


def _together(table, numbers, columns):
    """The sums by year of those of the numbers whose figures are told in every year of the table, and which they are."""
    told = table[table["komm_nr"].isin(numbers)].dropna(subset=columns)
    each = told.groupby("komm_nr")["year"].nunique()
    members = each.index[each == table["year"].nunique()]
    sums = told[told["komm_nr"].isin(members)].groupby("year")[columns].sum().astype(float)
    return sums, [number for number in numbers if number in members]


def _medians(diversity, whose):
    medians = diversity[diversity["comparable"]].groupby("year")[["krugman", "branches"]].median()
    return medians.add_suffix(f"_{whose}").reset_index()


def _none(table, name, what):
    """Why a municipality has no figures: the edition has none at all, or none of it."""
    return (
        _("{what} er ikke tatt inn i utgaven.", what=capital(what))
        if table.empty
        else _("SSB har ingen tall for {what} {name}.", what=what, name=at(name))
    )


def _no_growth(shift_share, jobs_by_branch, komm_nr, name):
    """Why the growth of private jobs cannot be parted."""
    what = _("arbeidsplasser etter næring og sektor")
    own = jobs_by_branch[jobs_by_branch["komm_nr"] == komm_nr]
    if own.empty:
        return _none(jobs_by_branch, name, what)
    if not own["private_jobs"].any():
        return _("{name} har ingen private arbeidsplasser.", name=name)
    if komm_nr in set(shift_share["komm_nr"]):
        return _("Veksten {name} kan ikke måles: {shared}", name=at(name), shared=SHARED)
    return _("Veksten {name} kan ikke måles: det er ingen år på rad med tall for {what}.", name=at(name), what=what)


def _few(jobs):
    return _(" Tallene er små: én arbeidsplass utgjør {value}.", value=percent(100 / jobs, 1)) if 0 < jobs < FEW else ""


def branch_name(branch):
    return _(BRANCHES.get(branch, branch))
