"""The figures of the page on jobs: growth against the nation, what private growth is made of, branches, and rates.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Jobs are persons employed in the municipality in
the 4th quarter. No change is measured across the break of 2015.
"""

import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.facts import FEWEST, ROUNDED, few, must_be_own, own_years, span, ssb, the_others
from nlib.charts.form import Panels, capital
from nlib.charts.lines import Lines
from nlib.charts.others import Others
from nlib.core.language import at, listed, more, neuter, number, percent, some, years
from nlib.core.translations import _

BRANCHES = {  # the others are called what they are in the tables
    "aktivitet": _("kultur og fritid"),
    "annet": _("kraft, vann, avfall og annet"),
    "handel": _("butikk- og bilhandel"),
    "teknisk og vitenskapelig": _("teknikk og forskning"),
}
PARTS = {"national": _("som landet"), "mix": _("bransjene"), "local": _("lokal del")}
YEARS = 5  # that growth by branch is measured over
SHOWN = 10  # branches drawn
KNOWLEDGE = "kunnskapsintensive tjenester"  # the group of industry_groups that a sentence is about
REGISTER = _(
    "Fulltelling i register, uten utvalgsfeil, så det er ikke noe intervall. Noen er registrert i en annen kommune enn "
    "der de møter fram, som ved et hovedkontor."
)
UNMEASURED = _("Veksten {name} kan ikke måles: det er ikke to år på rad å sammenligne, etter en deling eller der tall er skjult.")
QUARTER = _("4. kvartal")


@figure(_("Hva veksten ville vært med nasjonal vekst"))
def national(employed_register: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart:
    """All jobs against what they would be had they grown at the nation's rate, and at that of those it is compared with."""
    name = names[komm_nr]
    rows = own_years(employed_register, komm_nr, "jobs", lacking=_none(employed_register, name, _("arbeidsplasser")))
    period = span(rows, "jobs")
    if period is None or not rows.set_index("year").at[period[0], "jobs"]:
        raise Lacking(UNMEASURED.format(name=at(name)))
    series = rows[rows["year"].between(*period)].set_index("year")[["jobs", "comparable"]].astype({"jobs": float})
    every = employed_register.pivot(index="komm_nr", columns="year", values="jobs").reindex(columns=series.index)
    nation = every.dropna().sum().astype(float)
    first = series["jobs"].iloc[0]
    series["nation"] = first * nation / nation.iloc[0]
    last = series.iloc[-1]
    compared = employed_register[employed_register["comparable"]].pivot(index="komm_nr", columns="year", values="jobs")
    form = Lines(
        heading=_("Arbeidsplasser"),
        more=_("personer; skalaen begynner ikke på null"),
        rows=series,
        lines={"jobs": (_("faktisk"), "own"), "nation": (_("som landet"), "nation")},
        others=Others(
            values=compared.reindex(columns=series.index),
            own=komm_nr,
            chosen=compare,
            names=names,
            called=(_("som de andre"), _("som {0}")),
            whole=first,
        ),
    )
    return form.chart(
        national_sentence(last["jobs"] - first, last["nation"] - first, name, period[0]),
        _(
            "Linjene uten merker viser hva antallet ville vært om det siden {period} hadde vokst som i landet, og som i kommunene "
            "det sammenlignes med.",
            period=period[0],
        )
        + the_others(compare, names),
        REGISTER
        + _(" Avstanden til landet sier ikke hvorfor: se hvilke bransjer kommunen har.")
        + f" {few(last['jobs'])}".rstrip(),
        ssb("11618", when=QUARTER, period=period),
        whom=some(compare, names),
    )


@figure(_("Arbeidsplasser etter bransje"))
def branches(
    specialisation: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    industry_group_jobs: pd.DataFrame | None = None,
    diversity: pd.DataFrame | None = None,
    employed_register: pd.DataFrame | None = None,
) -> Chart:
    """The largest branches: their share of the jobs here, in the nation, and the one over the other (the location quotient)."""
    name = names[komm_nr]
    hidden = _(" Der ett tall er skjult, er ingen andeler kjent.") if komm_nr in set(specialisation["komm_nr"]) else ""
    none = _none(specialisation, name, _("arbeidsplasser etter næring"))
    rows = own_years(specialisation, komm_nr, "lq", lacking=none + hidden)
    must_be_own(rows, name)
    year = int(rows["year"].max())
    rows = rows[rows["year"] == year].sort_values(["share_pct", "branch"], ascending=[False, True], kind="stable")
    shown = rows.set_axis(pd.Index([branch_name(one) for one in rows["branch"]], name=_("Bransje")))
    shown = shown[shown["jobs"] > 0].astype({"jobs": float})
    shown["text"] = [
        f"{percent(row.share_pct)} ({number(row.lq, 1)})" if row.jobs >= FEWEST else _("{jobs} jobber", jobs=number(row.jobs))
        for row in shown.itertuples()
    ]
    drawn = shown.index[:SHOWN]
    if (top := standing_out(rows)) is not None and branch_name(top["branch"]) not in drawn:  # what the title names is seen
        drawn = drawn[:-1].append(pd.Index([branch_name(top["branch"])]))
    shown, others = shown.loc[drawn], shown.drop(index=drawn)
    if len(others):
        sums = others[["jobs", "share_pct", "nation_pct"]].sum()
        rest = pd.DataFrame({**sums, "text": percent(sums["share_pct"])}, index=[_("andre bransjer")])
        shown = pd.concat([shown, rest])
    form = Bars(
        heading=_("Andel av arbeidsplassene {name}, {year}", name=at(name), year=year),
        more=_("i parentes: ganger landet"),
        rows=shown.rename_axis(_("Bransje")),
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
        branches_sentence(rows, name),
        _("«Ganger landet» er andelen her delt på andelen i landet (lokaliseringskvotient).")
        + one_sided_sentence(diversity, komm_nr, year)
        + groups_sentence(industry_group_jobs, komm_nr, year, name),
        _(
            "Fulltelling, uten intervall. En bransje regnes som klart større bare der den er så stor at noen få jobber fra "
            "eller til ikke ville endret det. Hvilken bransje en næring hører til, er nlibs tolkning."
        )
        + f" {ROUNDED}{_in_all(rows, employed_register)} {few(rows['jobs'].sum())}".rstrip(),
        ssb("08536", when=QUARTER, period=(year, year)),
    )


def _in_all(rows, employed_register):
    """How many jobs the branches add up to where another table has another number, after a space."""
    if employed_register is None:
        return ""
    last, total = rows.iloc[0], rows["jobs"].sum()
    same = (employed_register["komm_nr"] == last["komm_nr"]) & (employed_register["year"] == last["year"])
    jobs = employed_register.loc[same, "jobs"].sum(min_count=1)
    if pd.isna(jobs) or jobs == total:
        return ""
    return _(" Bransjene er {total} jobber til sammen; i alt er det {jobs} (tabell 11618).", total=number(total), jobs=number(jobs))


@figure(_("Hva den private veksten består av"))
def parts(
    shift_share: pd.DataFrame,
    jobs_by_branch: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    new_jobs: pd.DataFrame | None = None,
) -> Chart:
    """The growth of private jobs over the latest five years: what follows the nation and the branches, what is local, and where."""
    name = names[komm_nr]
    rows = _run(shift_share, komm_nr)
    if rows.empty:
        raise Lacking(_no_growth(jobs_by_branch, komm_nr, name))
    sums, first, last = rows[["growth", *PARTS]].sum(), int(rows["year"].min()) - 1, int(rows["year"].max())
    shown, local = _moved_most(rows, first), rows.groupby("year")["local"].sum()
    steps = pd.Series([*sums[list(PARTS)], sums["growth"]], pd.Index([*PARTS.values(), _("vekst i alt")], name=_("Del")))
    whole = Bars(
        heading=_("Private arbeidsplasser"),
        more=_("personer på {span} år, {period}", span=neuter(last - first), period=years(first, last)),
        rows=steps.to_frame("growth"),
        parts={"growth": (_("endring"), "own")},
        own=PARTS["local"],
        from_end=True,
        sign=True,
    )
    most = Bars(
        heading=_("De som har endret seg mest"),
        rows=shown,
        parts={"growth": (_("endring"), "own")},
        marks={"local": (_("lokal del"), "second")},
        sign=True,
        also={"before": _("Private i {first}", first=first), "national": _("Som landet"), "mix": _("Bransjen")},
    )
    return Panels(forms=[whole, most] if len(shown) else [whole], widths=(4, 5)).chart(
        parts_sentence(sums, name, first),
        _(
            "«Som landet» er veksten med landets rate, «bransjene» at bransjene her vokste mer eller mindre enn andre, og den "
            "lokale delen er det som er igjen."
        )
        + carriers_sentence(shown["growth"])
        + new_jobs_sentence(new_jobs, komm_nr, name),
        _(
            "SSB gir sektor og næring hver for seg: hvor mange som er private i hver bransje, er beregnet uten intervall, med "
            "offentlig eide foretak blant dem. {rounded} Den lokale delen har gått fra {low} til {high} i enkeltår, og én bedrift "
            "eller en ny næringskode kan utgjøre alt.",
            rounded=ROUNDED,
            low=number(local.min(), 0),
            high=number(local.max(), 0),
        )
        + f" {few(rows.loc[rows['year'] == last, 'before'].sum())}".rstrip(),
        ssb("08536", "13472", period=(first, last), more=_("Beregnet av nlib, år for år")),
    )


def _moved_most(rows, first):
    """The branches that have gained and lost most private jobs, by name, the most first."""
    table = rows.groupby("branch")[["growth", *PARTS]].sum()
    before = rows[rows["year"] == first + 1].groupby("branch")["before"].sum().reindex(table.index, fill_value=0.0)
    table = table.assign(before=before).set_axis(pd.Index([branch_name(one) for one in table.index], name=_("Del")))
    table = table.sort_values("growth", ascending=False, kind="stable")
    return pd.concat([table[table["growth"] >= 0.5].head(SHOWN // 2), table[table["growth"] <= -0.5].tail(SHOWN // 2)])


@figure(_("Sysselsettingsgrad og arbeidsplasser per innbygger"))
def rates(employment_rates: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart:
    """The employment rate of those aged 15-74 and jobs per 100 inhabitants, by year."""
    name = names[komm_nr]
    none = _none(employment_rates, name, _("sysselsatte og folketall året etter"))
    rows = own_years(employment_rates, komm_nr, *RATES, lacking=none)
    must_be_own(rows, name)
    series = rows.set_index("year")
    group = employment_rates[employment_rates["komm_nr"].isin(compare) & employment_rates["comparable"]]
    for rate, (count, of) in RATES.items():
        series[f"{rate}_nation"], series[f"{rate}_group"] = (_ratio(table, count, of) for table in (employment_rates, group))
    form = Panels(
        forms=[
            Lines(
                heading=heading,
                rows=series,
                lines={
                    rate: (_("her"), "own"),
                    f"{rate}_nation": (_("landet"), "nation"),
                    f"{rate}_group": (_("de andre"), "group"),
                },
                broken=True,
                unit=unit,
                decimals=1,
            )
            for rate, heading, unit in (
                ("employed_15_74_pct", _("Sysselsatte av 15–74 år"), "%"),
                ("jobs_per_100", _("Arbeidsplasser per 100 innbyggere"), _("per 100 innbyggere")),
            )
        ]
    )
    return form.chart(
        rates_sentence(series.iloc[-1], name),
        _("Sysselsatte er telt der de bor, arbeidsplassene i kommunen, per 100 innbyggere 1. januar etter.")
        + the_others(compare if len(group) else [], names),
        REGISTER
        + _(" Fra 2015 bygger tallene på a-ordningen, så endringer over det årsskiftet er ikke målt.")
        + f" {few(series['employed_residents'].iloc[-1])}".rstrip(),
        ssb("11618", "07459", when=QUARTER, period=(rows["year"].min(), rows["year"].max())),
    )


RATES = {  # each: what is counted, and of what
    "employed_15_74_pct": ("employed_residents", "population_15_74"),
    "jobs_per_100": ("jobs", "population_next"),
}


def _ratio(table, count, of):
    """By year, what is counted in several municipalities in percent of what they have together."""
    sums = table.dropna(subset=[count, of]).groupby("year")[[count, of]].sum().astype(float)
    return 100 * sums[count] / sums[of].where(sums[of] > 0)


# -- what the titles say


def gained(count: float, name: str, first: int, private: bool = False) -> str:
    """How many more or fewer jobs a municipality has than in a year: «Utsira: 18 færre arbeidsplasser siden 2015»."""
    if not round(count):
        jobs = _("private arbeidsplasser") if private else _("arbeidsplasser")
        return _("{name} har like mange {jobs} som i {first}", name=name, jobs=jobs, first=first)
    return _("{name}: {jobs} siden {first}", name=name, jobs=more_jobs(count, private), first=first)


def more_jobs(count: float, private: bool = False) -> str:
    """A change in jobs: «18 færre arbeidsplasser», «én privat arbeidsplass mer»."""
    if round(abs(count)) == 1:
        job = _("privat arbeidsplass") if private else _("arbeidsplass")
        return _("én {job} mer", job=job) if count > 0 else _("én {job} mindre", job=job)
    return f"{more(count)} {_('private arbeidsplasser') if private else _('arbeidsplasser')}"


def new_jobs_sentence(new_jobs: pd.DataFrame | None, komm_nr: str, name: str, since: int = 0) -> str:
    """How many of the new jobs of the longest span that is known are private, after a space; empty where none are known.

    since: the year of jobs that are told already, of which only the private part is then told.
    """
    if new_jobs is None:
        return ""
    own = new_jobs[(new_jobs["komm_nr"] == komm_nr) & new_jobs["comparable"] & new_jobs["growth"].notna()]
    own = own[(own["year"] == own["year"].max()) & ((own["year"] - own["span"] == since) if since else own["span"] <= YEARS)]
    if own.empty:
        return ""
    last = own.loc[own["span"].idxmax()]
    private, growth = last["private_growth"], last["growth"]
    part = ""
    if last[["private_growth", "nation_share_pct"]].notna().all() and 0 <= private <= growth and growth >= FEWEST:
        part = _(
            "{private} av økningen er i privat sektor uten offentlig eide foretak ({share}, landet {nation}; SSB, tabell 13472).",
            private=number(private),
            share=percent(last["private_share_pct"], 0),
            nation=percent(last["nation_share_pct"], 0),
        )
    if since:
        return f" {part}".rstrip()
    start = _(
        " Arbeidsplassene {name} {word} med {growth} på {span} år ({period})",
        name=at(name),
        word=_("økte") if growth >= 0 else _("gikk ned"),
        growth=number(abs(growth)),
        span=neuter(last["span"]),
        period=years(last["year"] - last["span"], last["year"]),
    )
    return _("{start}, og {part}", start=start, part=part) if part else f"{start}."


def national_sentence(change: float, expected: float, name: str, first: int) -> str:
    """How many jobs have come, and how many would have with the nation's rate."""
    start = gained(change, name, first)
    if abs(change - expected) < 0.5:
        return _("{start}, som landets vekst tilsa", start=start)
    return _("{start}; landets vekst tilsa {expected}", start=start, expected=number(expected, 0, sign=True))


def standing_out(rows: pd.DataFrame) -> pd.Series | None:
    """The branch that most surely is larger than in the nation, by the lower end of its interval; None where none is."""
    apart = rows[rows["lq_low"] > 1]
    return None if apart.empty else apart.loc[apart["lq_low"].idxmax()]


def branches_sentence(rows: pd.DataFrame, name: str) -> str:
    """Which branch stands out from the nation, and by how much."""
    top = standing_out(rows)
    if top is None:
        return _("Ingen bransje {name} er klart større enn i landet", name=at(name))
    lq, branch = number(top["lq"], 1), branch_name(top["branch"])
    return _("{name}: {lq} ganger landet i {branch}", name=name, lq=lq, branch=branch)


def one_sided_sentence(diversity: pd.DataFrame | None, komm_nr: str, year: int) -> str:
    """How many branches of one size the jobs are like, and in the median municipality, after a space; empty where not known."""
    if diversity is None or (own := own_years(diversity[diversity["year"] == year], komm_nr, "branches")).empty:
        return ""
    return _(
        " Jobbene er så samlet som om de var i {own} like store bransjer; medianen av kommunene er {median}.",
        own=number(own["branches"].iloc[0], 1),
        median=number(diversity.loc[diversity["comparable"] & (diversity["year"] == year), "branches"].median(), 1),
    )


def groups_sentence(industry_group_jobs: pd.DataFrame | None, komm_nr: str, year: int, name: str) -> str:
    """The share of jobs in knowledge-intensive services and in own groups, after a space; empty where it is not known."""
    if industry_group_jobs is None:
        return ""
    rows = own_years(industry_group_jobs[industry_group_jobs["year"] == year], komm_nr, "share_pct")
    shares = [
        _(
            "{share} i {group} (landet {nation})",
            share=percent(row.share_pct),
            group=_("kunnskapsintensive tjenester") if row.group == KNOWLEDGE else _("«{name}»", name=row.group),
            nation=percent(row.nation_pct),
        )
        for row in rows[rows["own"] | (rows["group"] == KNOWLEDGE)].sort_values("own", kind="stable").itertuples()
        if row.jobs >= FEWEST
    ]
    return _(" Av arbeidsplassene {name} er {shares}.", name=at(name), shares=listed(shares)) if shares else ""


def parts_sentence(sums: pd.Series, name: str, first: int) -> str:
    """How private jobs have grown, and how much of it is local."""
    start = gained(sums["growth"], name, first, private=True)
    return _("{start}; lokal del {local}", start=start, local=number(sums["local"], 0, sign=True))


def carriers_sentence(growth: pd.Series) -> str:
    """The branch that has gained most and the one that has lost most, after a space; growth: by name, sorted."""
    ends = [
        _("flest nye kom i {branch} ({change})", branch=branch, change=number(change, 0, sign=True))
        if change > 0
        else _("flest ble borte i {branch} ({change})", branch=branch, change=number(change))
        for branch, change in [*growth[growth >= FEWEST].head(1).items(), *growth[growth <= -FEWEST].tail(1).items()]
    ]
    return f" {capital(listed(ends))}." if ends else ""


def rates_sentence(last: pd.Series, name: str) -> str:
    """The employment rate of the latest year and the nation's; where it is not known, jobs per 100 inhabitants."""
    if pd.isna(last["employed_15_74_pct"]):
        return _("{jobs} arbeidsplasser per 100 innbyggere {name}", jobs=number(last["jobs_per_100"], 1), name=at(name))
    return _(
        "{employed_pct} av 15–74-åringene {name} var sysselsatte ({year}; landet {nation})",
        employed_pct=percent(last["employed_15_74_pct"]),
        name=at(name),
        year=last.name,
        nation=percent(last["employed_15_74_pct_nation"]),
    )


# -- what is drawn from


def _run(shift_share, komm_nr):
    """A municipality's parts by branch in the latest years on end that are comparable, five at most."""
    own = shift_share[shift_share["komm_nr"] == komm_nr]
    known, last = set(own.loc[own["comparable"], "year"]), own["year"].max()
    kept: list[int] = []
    while len(kept) < YEARS and last - len(kept) in known:
        kept.append(last - len(kept))
    return own[own["year"].isin(kept)]


def _none(table, name, what):
    """Why a municipality has no figures: the edition has none at all, or none of it."""
    if table.empty:
        return _("{what} er ikke tatt inn i utgaven.", what=capital(what))
    return _("SSB har ingen tall for {what} {name}.", what=what, name=at(name))


def _no_growth(jobs_by_branch, komm_nr, name):
    """Why the growth of private jobs cannot be parted."""
    own = jobs_by_branch[jobs_by_branch["komm_nr"] == komm_nr]
    if own.empty:
        return _none(jobs_by_branch, name, _("arbeidsplasser etter næring og sektor"))
    if not own["private_jobs"].any():
        return _("{name} har ingen private arbeidsplasser.", name=name)
    return UNMEASURED.format(name=at(name))


def branch_name(branch):
    return _(BRANCHES.get(branch, branch))
