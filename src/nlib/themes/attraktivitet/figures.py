"""The figures of the attractiveness page: the two kinds against each other, what growth is made of, the map and the record.

Each function takes contract tables and gives a Chart, or Missing with the reason. Attractiveness is in percent of the population
a year (næring: of private jobs a year), a mean over the years of a period.
"""

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Missing
from nlib.charts.facts import PERIOD, attractiveness_of, ssb
from nlib.charts.form import Form, Panels
from nlib.charts.lines import Lines
from nlib.charts.maps import Map
from nlib.charts.others import Everyone
from nlib.charts.outlines import middle, same
from nlib.charts.scatter import Scatter
from nlib.charts.strip import Strip
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import at, counted, listed, neuter, number, percent, points, rank, years
from nlib.core.translations import _

KINDS = {"bosted": _("bostedsattraktivitet"), "naering": _("næringsattraktivitet"), "samlet": _("samlet attraktivitet")}
PEOPLE = {
    "birth_surplus_pct": _("fødselsoverskudd"),
    "immigration_pct": _("innvandring til landet"),
    "size_pct": _("størrelse"),
    "integration_pct": _("inn- og utpendling"),
    "industry_structure_pct": _("næringsstruktur"),
    "public_pct": _("offentlige jobber"),
    "business_pct": _("næringsattraktivitet"),
    "neighbours_pct": _("naboenes jobbvekst"),
    "bosted_pct": _("bostedsattraktivitet"),
}
JOBS = {
    "national_pct": _("landets vekst"),
    "mix_pct": _("bransjene"),
    "population_effect_pct": _("egen folkevekst"),
    "naering_pct": _("næringsattraktivitet"),
}
METHODS = {
    "national": _("som landet"),
    "persistence": _("som før"),
    "structure": _("bare struktur"),
    "ssb": _("SSBs framskriving"),
    "attractiveness": _("struktur og attraktivitet"),
}
SIZES = {
    "all": _("alle kommuner"),
    "0-999": _("under 1 000 innbyggere"),
    "1000-4999": _("1 000–4 999 innbyggere"),
    "5000-19999": _("5 000–19 999 innbyggere"),
    "20000+": _("20 000 innbyggere og over"),
}
SHOWN = ("all", "20000+")  # that are drawn; the others stand in the table
SOURCES = ("06913", "01223", "07459", "03321", "08536", "13472")
MODEL = _(
    "Attraktivitet er det modellen ikke forklarer, og er derfor usikker. Intervallene skal dekke den rette verdien ni av "
    "ti ganger. Verdiene til små kommuner er trukket mest mot null, fordi få personer gir store utslag der."
)
ANCHOR = _("Delene er regnet ut med Telemarksforskings modell fra 2017; koeffisientene er gjenskapt av publiserte rapporter.")
BASIC = ["birth_surplus_pct", "immigration_pct", "size_pct"]  # parts that do not build on jobs
REST = _("resten, med attraktivitet")  # what is left where not all parts are known
NEUTRAL = _("Lavere plass er ikke nødvendigvis tilbakegang.")
NEAREST = 12  # municipalities that are named on the map
NEEDS = {  # the figures that each part is made of
    "birth_surplus_pct": _("fødte og døde"),
    "immigration_pct": _("inn- og utvandring"),
    "size_pct": _("folketall"),
    "integration_pct": _("pendling"),
    "industry_structure_pct": _("jobber etter næring og sektor"),
    "public_pct": _("jobber etter næring og sektor"),
    "business_pct": _("jobber etter næring og sektor"),
    "neighbours_pct": _("jobbvekst der innbyggerne pendler til"),
}


def scatter(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
    every: bool = True,
) -> Chart | Missing:
    """Bosteds- against næringsattraktivitet of every municipality, those it is compared with named, and the place in the whole.

    every: whether the table has them all, and not only those that are named.
    """
    id, name = "attraktivitet.scatter", names[komm_nr]
    own = {kind: attractiveness_of(attractiveness, komm_nr, kind) for kind in KINDS}
    bosted, naering, whole = own.values()
    if bosted is None or naering is None:
        lacking = listed([KINDS[kind] for kind in ("bosted", "naering") if own[kind] is None]).capitalize()
        why = _why(attractiveness, attractiveness_components, komm_nr)
        return Missing(
            id, _("Bosted og næring"), _("{lacking} kan ikke beregnes for {name}: {why}", lacking=lacking, name=name, why=why)
        )
    rows = _nlib(attractiveness, bosted["year"]).pivot(index="komm_nr", columns="kind")[
        ["value_pct", "low_pct", "high_pct", "rank"]
    ]
    rows.columns = [f"{kind}_{column}" for column, kind in rows.columns]
    rows = rows.dropna(subset=["bosted_value_pct", "naering_value_pct"])
    also = {
        "naering_low_pct": _("Næring, lav"),
        "naering_high_pct": _("Næring, høy"),
        "bosted_low_pct": _("Bosted, lav"),
        "bosted_high_pct": _("Bosted, høy"),
        "samlet_value_pct": _("Samlet attraktivitet, prosent i året"),
        "samlet_rank": _("Plass i samlet"),
    }
    precise = {column: 1 for column in also if column != "samlet_rank"}
    columns = dict.fromkeys(("bosted_value_pct", "naering_value_pct", *precise), 1) | {"samlet_rank": 0}
    everyone = Everyone(rows=rows, own=komm_nr, chosen=compare, names=names, columns=columns, order="bosted_value_pct")
    form = Scatter(
        rows=everyone.held,
        x=("naering_value_pct", _("næringsattraktivitet, prosent i året")),
        y=("bosted_value_pct", _("bostedsattraktivitet, prosent i året")),
        own=komm_nr,
        chosen=compare,
        intervals=[("naering_low_pct", "naering_high_pct"), ("bosted_low_pct", "bosted_high_pct")],
        zero=True,
        decimals=1,
        also=also,
        precise=precise,
        everyone=None if every else everyone,
    )
    return form.chart(
        id,
        both_sentence(bosted, naering, name),
        _(
            "Hvert punkt er en kommune. Lenger opp: flere flytter dit enn struktur og jobber tilsier. Lenger til høyre: "
            "private jobber vokser mer enn bransjer og folkevekst tilsier. {name} er den mørke ruten, trekantene er dem den "
            "sammenlignes med, og strekene er hvor verdien skal ligge ni av ti ganger. Bosted er i prosent av folketallet, "
            "næring av private jobber.",
            name=name,
        )
        + ("" if whole is None else f" {rank_sentence(whole, name)}{_over_ten(attractiveness, whole)}."),
        f"{MODEL} {NEUTRAL}" + _few(_own(attractiveness_components, komm_nr)),
        _source(_span(bosted["year"])),
    )


def growth(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    largest_employer: pd.DataFrame | None = None,
) -> Chart | Missing:
    """What the growth of the population and of private jobs was made of in the latest period: the expected parts, and what is left.

    Where jobs are not known, or are not comparable, the parts of the population's that are known, and the rest as one. With
    `largest_employer` it is told what is left of the jobs' without the firm that has most employees.
    """
    id, name, lacking = "attraktivitet.growth", names[komm_nr], ""
    people, parts = _complete(attractiveness_components, komm_nr, [*PEOPLE, "growth_pct"]), PEOPLE
    jobs = _complete(attractiveness_components, komm_nr, [*JOBS, "private_growth_pct"])
    if people.empty:
        people, parts = _what_is_known(attractiveness_components, population, komm_nr)
        lacking = _why(attractiveness, attractiveness_components, komm_nr)
    shown = [
        (_latest(rows), terms, total, what)
        for rows, terms, total, what in (
            (people, parts, "growth_pct", _("folketallet")),
            (jobs, JOBS, "private_growth_pct", _("antallet private jobber")),
        )
        if len(rows)
    ]
    if not shown:
        return Missing(
            id,
            _("Hva veksten består av"),
            _("Delene av veksten kan ikke beregnes for {name}: {lacking}", name=name, lacking=lacking),
        )
    told = [growth_of(rows, terms, total, f"{what} {at(name)}", lacking) for rows, terms, total, what in shown]
    rows = shown[0][0]
    form = Panels(forms=[_waterfall(*each) for each in shown])
    return form.chart(
        id,
        told[0],
        _("Årlig vekst i prosent. Hver stolpe begynner der den forrige slutter: de grå er ")
        + (_("de delene som er kjent") if lacking else _("det modellen forventer"))
        + _(", den blå er det som er igjen, og den mørke nederst er veksten.")
        + ("" if lacking else _(" Næringsstruktur, offentlige jobber og næringsattraktivitet er folkeveksten egen jobbvekst gir."))
        + "".join(f" {sentence}." for sentence in told[1:]),
        ANCHOR
        + (_(" Attraktiviteten kan ikke skilles fra resten: {lacking}", lacking=lacking) if lacking else "")
        + ("" if len(rows) == PERIOD else _(" Tallene er fra {rows} av de tre siste årene.", rows=neuter(len(rows))))
        + _few(rows)
        + (_without_largest(largest_employer, komm_nr, jobs) if len(jobs) else ""),
        _source(years(rows["year"].iloc[0], rows["year"].iloc[-1])),
    )


def _waterfall(rows, parts, total, what) -> Form:
    means = rows[[*parts, total]].astype(float).mean()
    return Bars(
        heading=what.capitalize(),
        more=_("prosent i året, {value}", value=years(rows["year"].iloc[0], rows["year"].iloc[-1])),
        rows=pd.DataFrame({"value": means.to_numpy()}, index=pd.Index([*parts.values(), _("vekst i alt")], name=_("Del"))),
        parts={"value": (_("prosent i året"), "own")},
        own=list(parts.values())[-1],
        from_end=True,
        decimals=2,
        sign=True,
    )


def expected(
    attractiveness: pd.DataFrame, attractiveness_components: pd.DataFrame, names: dict[str, str], komm_nr: str
) -> Chart | Missing:
    """Growth against what the model expects, year by year: people, and private jobs where they are known."""
    id, name = "attraktivitet.expected", names[komm_nr]
    rows = _complete(attractiveness_components, komm_nr, ["growth_pct", "bosted_pct"], comparable=False)
    comparable = rows[rows["comparable"]]
    if len(comparable) < 2:
        why = _why(attractiveness, attractiveness_components, komm_nr)
        return Missing(
            id, _("Forventet og faktisk vekst"), _("Forventet vekst kan ikke beregnes for {name}: {why}", name=name, why=why)
        )
    series = rows.set_index("year").assign(
        people=(rows["growth_pct"] - rows["bosted_pct"]).to_numpy(),
        jobs=(rows["private_growth_pct"] - rows["naering_pct"]).to_numpy(),
    )
    first, last = series.index[0], series.index[-1]
    with_jobs = series["jobs"].notna().sum() > 1
    form = Panels(
        forms=[
            Lines(
                heading=heading,
                more=_("vekst i året"),
                rows=series,
                lines={actual: (_("faktisk"), "own"), model: (_("forventet"), "second")},
                broken=model == "jobs",
                level=0,
                unit="%",
                decimals=2,
            )
            for actual, model, heading in (
                ("growth_pct", "people", _("Folketallet")),
                ("private_growth_pct", "jobs", _("Private jobber")),
            )
            if model == "people" or with_jobs
        ]
    )
    marks = [
        _("Etter den loddrette streken er jobbene målt på en ny måte.") if with_jobs and first < A_ORDNINGEN <= last else "",
        _("Hule merker er år som en delt kommune eller en flyttet grense inngår i; de telles ikke med.")
        if len(comparable) < len(rows)
        else "",
        "" if with_jobs else _("Tall for private jobber mangler."),
    ]
    return form.chart(
        id,
        _(
            "Folkeveksten {name} var {bosted_pct}",
            name=at(name),
            bosted_pct=_how_often(int((comparable["bosted_pct"] > 0).sum()), len(comparable)),
        ),
        _(
            "Heltrukket linje er veksten, stiplet er det modellen forventer av fødsler, innvandring, størrelse, "
            "arbeidsmarked og jobber. Avstanden mellom dem er attraktiviteten i året."
        )
        + "".join(f" {mark}" for mark in marks if mark),
        _("{anchor} Ett år alene sier lite.", anchor=ANCHOR) + _few(rows),
        _source(years(int(first), int(last))),
    )


def surroundings(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    names: dict[str, str],
    outlines: dict,
    komm_nr: str,
) -> Chart | Missing:
    """A map of samlet attraktivitet around the municipality, in three classes: over, under and not to be told from zero."""
    id, name = "attraktivitet.surroundings", names[komm_nr]
    own = attractiveness_of(attractiveness, komm_nr, "samlet")
    year = _nlib(attractiveness)["year"].max()
    every = _nlib(attractiveness, year).query("kind == 'samlet'").set_index("komm_nr")
    drawn = every[[nr in outlines for nr in every.index]]
    if komm_nr not in outlines or drawn.empty:
        lacking = _("kommunegrensene er ikke tatt inn.")
        why = _why(attractiveness, attractiveness_components, komm_nr) if komm_nr in outlines else lacking
        return Missing(id, _("Kart over samlet attraktivitet"), _("{name} kan ikke vises: {why}", name=name, why=why))
    home = middle(outlines[komm_nr])
    apart = pd.Series({nr: float(np.hypot(*(middle(outlines[nr]) - home))) for nr in drawn.index if nr != komm_nr}, dtype=float)
    near = [*([komm_nr] if own is not None else []), *apart.sort_values(kind="stable").index[:NEAREST]]
    side = pd.Series({nr: sign(row) for nr, row in drawn.iterrows()})
    over, under = int((side == 1).sum()), int((side == -1).sum())
    both = [names[nr] for nr, path in outlines.items() if nr != komm_nr and nr in names and same(path, outlines[komm_nr])]
    form = Map(
        outlines=outlines,
        own=komm_nr,
        name=name,
        rows=drawn.loc[near].assign(name=[names[nr] for nr in near]),
        value=("value_pct", _("Samlet attraktivitet, prosent i året")),
        classes=side.map({1: "over", -1: "under", 0: "neither"}),
        named={"over": _("over null"), "under": _("under null"), "neither": _("kan ikke skilles fra null")},
        decimals=1,
        sign=True,
        also={"low_pct": _("Lav"), "high_pct": _("Høy"), "rank": _("Plass")},
        precise={"low_pct": 1, "high_pct": 1},
    )
    counts = _(
        " Samlet attraktivitet er over null i {over} {word} og under null i {under}.",
        over=counted(over),
        word=_("kommune") if over == 1 else _("kommuner"),
        under=counted(under),
    )
    return form.chart(
        id,
        surroundings_sentence(own, name),
        _(
            "Kartet viser {name} (svart strek) og kommunene rundt. Tallene er samlet attraktivitet i prosent av folketallet "
            "i året. En kommune er over eller under null bare når hele intervallet er det. Kommuner uten farge har ingen "
            "verdi.",
            name=name,
        )
        + counts,
        MODEL
        + (f" For {name}: {_why(attractiveness, attractiveness_components, komm_nr)}" if own is None else "")
        + (_(" {name} er tegnet sammen med {both}.", name=name, both=listed(both)) if both else ""),
        _source(_span(year), _(" Kart: Kartverket (CC BY 4.0)")),
    )


def models(
    attractiveness: pd.DataFrame, attractiveness_components: pd.DataFrame, names: dict[str, str], komm_nr: str
) -> Chart | Missing:
    """The two models side by side: the published one as it is, and nlib's, shrunken and with its interval, where it is known."""
    id, name = "attraktivitet.models", names[komm_nr]
    own = attractiveness[(attractiveness["komm_nr"] == komm_nr) & (attractiveness["period"] == PERIOD)]
    own = own[own["year"] == own["year"].max()].set_index(["kind", "model"])
    kinds = [kind for kind in KINDS if (kind, "anchor") in own.index]
    lacking = _why(attractiveness, attractiveness_components, komm_nr)
    if not kinds:
        return Missing(id, _("De to modellene"), _("Modellene kan ikke beregnes for {name}: {lacking}", name=name, lacking=lacking))
    span = _span(own["year"].iloc[0])
    both = own[["value_pct", "low_pct", "high_pct", "rank"]].astype(float).unstack().reindex(kinds)
    rows = pd.DataFrame({"theirs": both["value_pct", "anchor"], "their_rank": both["rank", "anchor"]})
    told = ("value_pct", "nlib") in both
    if told:
        rows[["low", "value", "high", "rank"]] = both[[(part, "nlib") for part in ("low_pct", "value_pct", "high_pct", "rank")]]
    ours = {"value": (_("modellen til nlib"), "own")} if told else {}
    form = Strip(
        heading=_("Prosent i året, {span}", span=span),
        rows=rows.set_axis(pd.Index([KINDS[kind].capitalize() for kind in kinds], name=_("Mål"))),
        marks={**ours, "theirs": (_("den publiserte"), "second")},
        interval=("low", "high") if told else (),
        level=0,
        unit="%",
        decimals=1,
        thick=0.36,
        also={**({"rank": _("Plass, nlibs")} if told else {}), "their_rank": _("Plass, den publiserte")},
    )
    return form.chart(
        id,
        models_sentence(own, kinds, name),
        _("Firkanten er modellen Telemarksforsking publiserte i 2017, uten usikkerhet.")
        + (
            _(
                " Ruten er nlibs modell, beregnet på tallene i utgaven og trukket mot null etter størrelse, med streken den "
                "skal ligge på ni av ti ganger."
            )
            if told
            else ""
        ),
        _(
            "Forskjellen har to grunner: nlib beregner koeffisientene på nytt for hvert tiår, og trekker det som er igjen, "
            "mot null så mye som størrelsen på kommunen tilsier. Den publiserte modellen gjør ingen av delene."
        )
        + ("" if told else _(" nlibs verdi mangler: {lacking}", lacking=lacking)),
        _source(span),
    )


def record(attractiveness_backtest: pd.DataFrame, komm_nr: str) -> Chart | Missing:
    """How well the next three years' growth was foretold from each year: the share of differences explained, by method."""
    id = "attraktivitet.record"
    tried = attractiveness_backtest[attractiveness_backtest["r2"].notna()]
    if tried.empty:
        why = _("Ingen år kan etterprøves ennå: det trengs tre år etter det første modellen kan beregnes for.")
        return Missing(id, _("Hvor god modellen har vært"), why)
    span = years(int(tried["origin"].min()), int(tried["origin"].max()))
    means = tried.groupby(["size_class", "method"])[["r2", "mean_abs_error_pct", "coverage_pct"]].mean()
    methods = [method for method in METHODS if method in set(tried["method"])]
    others = (
        means["r2"].unstack("size_class").reindex(columns=[size for size in SIZES if size not in SHOWN]).dropna(axis=1, how="all")
    )
    form = Panels(
        forms=[
            Strip(
                heading=SIZES[size].capitalize(),
                rows=_tried(tried[tried["size_class"] == size], means.loc[size].join(others), methods),
                marks={"mark": (_("snitt"), "own")},
                values={"r2": (_("andel forklart"), "own")},
                dots="each",
                dots_name=_("hvert startår"),
                level=0,
                limits=(-1.05 if tried["r2"].min() < -0.1 else -0.1, 1.08),
                decimals=2,
                also={"mean_abs_error_pct": _("Snittfeil, prosentpoeng"), "coverage_pct": _("Dekning, prosent")}
                | ({other: _("Andel forklart, {sizes}", sizes=SIZES[other]) for other in others} if size == "all" else {}),
                precise={"mean_abs_error_pct": 2, "coverage_pct": 0} | (dict.fromkeys(others, 2) if size == "all" else {}),
            )
            for size in SHOWN
            if size in means.index.get_level_values("size_class")
        ],
    )
    ours = means.loc[("all", "attractiveness")]
    return form.chart(
        id,
        record_sentence(means.loc["all", "r2"]),
        _(
            "Hver metode er beregnet på tallene fram til et startår, og så prøvd mot veksten de tre neste årene. 1 er fullt "
            "treff, 0 er ikke bedre enn å gjette at alle vokser likt, og under 0 er dårligere; det som er lavere enn −1, "
            "tegnes der. Ruten er snittet av {origin} startår ({span}), og ringene er de enkelte. «Som før» er veksten de "
            "tre siste årene.",
            origin=neuter(tried["origin"].nunique()),
            span=span,
        ),
        _(
            "Snittfeilen til struktur og attraktivitet er {mean_abs_error_pct} prosentpoeng i året, og intervallet som "
            "skulle dekke ni av ti, dekket {coverage_pct} prosent av kommunene. At en metode har truffet før, er ikke bevis "
            "for at den treffer neste gang.",
            mean_abs_error_pct=number(ours["mean_abs_error_pct"], 2),
            coverage_pct=number(ours["coverage_pct"]),
        ),
        _source(_("startår {span}", span=span)),
    )


def _tried(tried, means, methods):
    """By method: its mean over the years it was tried from, where it is drawn, and each year's."""
    each = tried.groupby("method")["r2"].apply(lambda values: values.clip(lower=-1).tolist()).reindex(methods)
    rows = means.reindex(methods).assign(each=[values if isinstance(values, list) else [] for values in each])
    return rows.assign(mark=rows["r2"].clip(lower=-1)).set_axis(pd.Index([METHODS[method] for method in methods], name=_("Metode")))


# -- what the titles say


def sign(row) -> int:
    """1 where the whole interval is over zero, -1 where it is under, 0 where it holds zero or is not known."""
    return int(row["low_pct"] > 0) - int(row["high_pct"] < 0) if pd.notna(row["low_pct"]) else 0


def verdict(row) -> str:
    """Whether a value can be told from zero, as a verb phrase."""
    return {1: _("er over null"), -1: _("er under null"), 0: _("kan ikke skilles fra null")}[sign(row)]


def both_sentence(bosted, naering, name: str) -> str:
    """What can be said of the two kinds together."""
    if sign(bosted) == sign(naering) == 0:
        return _("Verken bosteds- eller næringsattraktiviteten {name} kan skilles fra null", name=at(name))
    if sign(bosted) == sign(naering):
        return _("Både bosteds- og næringsattraktiviteten {name} {bosted}", name=at(name), bosted=verdict(bosted))
    return _(
        "Bostedsattraktiviteten {name} {bosted}; næringsattraktiviteten {naering}",
        name=at(name),
        bosted=verdict(bosted),
        naering=verdict(naering),
    )


def surroundings_sentence(own, name: str) -> str:
    """Whether the whole can be told from zero; own: its row, None where it cannot be worked out."""
    if own is None:
        return _("Samlet attraktivitet {name} kan ikke beregnes", name=at(name))
    value = number(own["value_pct"], 1, sign=True)
    return _("Samlet attraktivitet {name} {verdict} ({value} prosent)", name=at(name), verdict=verdict(own), value=value)


def rank_sentence(row, name: str) -> str:
    """The rank with its interval and the count of municipalities."""
    place = _("{name} er på {rank} i samlet attraktivitet", name=name, rank=rank(int(row["rank"]), int(row["n"])))
    if pd.isna(row["rank_low"]) or row["rank_low"] == row["rank_high"]:
        return place
    low, high = int(row["rank_low"]), int(row["rank_high"])
    wide = (high - low) > row["n"] / 2
    return (
        _("{place}, men kan være hvor som helst fra {low} til {high}", place=place, low=low, high=high)
        if wide
        else _("{place}, trolig mellom {low} og {high}", place=place, low=low, high=high)
    )


def growth_sentence(what: str, growth: float, expected: float | None, span: str) -> str:
    """How much grew, and how that is against what was expected, where it is known; under 0.05 points is none."""
    when = _("i året") if "–" in span else _("i {span}", span=span)
    word = _("vokste") if growth > 0 else _("gikk ned")
    said = (
        _("{what} sto stille i {span}", what=what, span=span)
        if abs(growth) < 0.05
        else _("{what} {word} {growth} {when}", what=what, word=word, growth=percent(abs(growth), 2), when=when)
    )
    if expected is None:
        return _("{said}; attraktiviteten kan ikke beregnes", said=said)
    gap = growth - expected
    if abs(gap) < 0.05:
        return _("{said}, som forventet", said=said)
    return _("{said}, {gap} {side} forventet", said=said, gap=points(abs(gap), 2), side=_("over") if gap > 0 else _("under"))


def growth_of(rows: pd.DataFrame, parts: dict[str, str], total: str, what: str, lacking: str) -> str:
    """The sentence of a mean growth over the years of `rows`, against the sum of its parts but the last, where none is lacking."""
    means = rows[[*parts, total]].astype(float).mean()
    expected = None if lacking else means[total] - means[list(parts)[-1]]
    span = years(rows["year"].iloc[0], rows["year"].iloc[-1])
    return growth_sentence(f"{what[0].upper()}{what[1:]}", means[total], expected, span)


def models_sentence(own, kinds: list[str], name: str) -> str:
    """Whether the two models say the same, or the kind they differ most in of those where they do not.

    own: rows by (kind, model); kinds: those of the published model.
    """
    both = [kind for kind in kinds if (kind, "nlib") in own.index]
    theirs = {kind: own.at[(kind, "anchor"), "value_pct"] for kind in kinds}
    if not both:
        return _(
            "Den publiserte modellen gir {name} {kinds} {theirs}; nlibs kan ikke beregnes",
            name=name,
            kinds=KINDS[kinds[-1]],
            theirs=number(theirs[kinds[-1]], 1),
        )
    ours = own.xs("nlib", level="model")
    outside = [kind for kind in both if not ours.at[kind, "low_pct"] <= theirs[kind] <= ours.at[kind, "high_pct"]]
    if not outside:
        return _("Modellene er ikke uenige om {name}: publiserte verdier er innenfor nlibs intervaller", name=name)
    kind = max(outside, key=lambda one: abs(theirs[one] - ours.at[one, "value_pct"]))
    return _(
        "Modellene er uenige om {kind} {name}: {theirs} mot {value} prosent",
        kind=KINDS[kind],
        name=at(name),
        theirs=number(theirs[kind], 1),
        value=number(ours.at[kind, "value_pct"], 1),
    )


def record_sentence(r2: pd.Series) -> str:
    """Which method has foretold best, by its mean share explained; r2: by method, for all municipalities."""
    best = r2.idxmax()
    if r2[best] <= 0:
        return _("Ingen metode har truffet bedre enn å gjette på lik vekst")
    shown = _("«{methods}{methods2}»", methods=METHODS[best][0].upper(), methods2=METHODS[best][1:])
    return _(
        "{shown} har truffet best: {value} prosent av vekstforskjellene er forklart", shown=shown, value=number(100 * r2[best])
    )


def _how_often(above, of):
    if not above:
        return _("ikke høyere enn forventet i noen av de {of} årene", of=of)
    return _(
        "høyere enn forventet i {word}",
        word=_("alle de {of} årene", of=of) if above == of else _("{above} av {of} år", above=above, of=of),
    )


# -- what is drawn from


def _why(attractiveness, components, komm_nr):
    """Why a municipality has no attractiveness, as the end of a sentence after a colon."""
    own = _own(components, komm_nr)
    if own.empty:
        return _("utgaven har ingen tall for kommunen.")
    last = own.iloc[-1]
    if not last["comparable"]:
        return _(
            "en deling eller en flyttet grense inngår i tallene til og med {year}, fordi jobbveksten er målt over flere "
            "år. Tall fra før og etter kan ikke sammenlignes.",
            year=last["year"],
        )
    if lacking := dict.fromkeys(need for part, need in NEEDS.items() if pd.isna(last[part])):
        return _("utgaven mangler tall for {lacking} i {year}.", lacking=listed(list(lacking)), year=last["year"])
    if (attractiveness["model"] == "nlib").any():
        return _("attraktivitet er snittet av tre år på rad, og kommunen har færre som kan sammenlignes.")
    return _("utgaven har for få år til å beregne nlibs modell.")


def _nlib(attractiveness, year=None):
    """The rows of nlib's model over three years, of a year where it is given."""
    held = attractiveness[(attractiveness["model"] == "nlib") & (attractiveness["period"] == PERIOD)]
    return held if year is None else held[held["year"] == year]


def _over_ten(attractiveness, whole):
    """The place in the whole over ten years, as the end of a sentence, where it is known."""
    held = attractiveness[
        (attractiveness["model"] == "nlib") & (attractiveness["kind"] == "samlet") & (attractiveness["period"] == 10)
    ]
    row = held[(held["komm_nr"] == whole["komm_nr"]) & (held["year"] == whole["year"])]
    return _("; over ti år er den på {value}", value=rank(int(row["rank"].iloc[0]), int(row["n"].iloc[0]))) if len(row) else ""


def _own(components, komm_nr):
    return components[(components["komm_nr"] == komm_nr) & components["growth_pct"].notna()].sort_values("year")


def _complete(components, komm_nr, columns, comparable=True):
    rows = components[components["komm_nr"] == komm_nr].sort_values("year")
    return rows[(rows["comparable"] | (not comparable)) & rows[columns].notna().all(axis=1)]


def _latest(rows):
    return rows[rows["year"] > rows["year"].max() - PERIOD]


def _what_is_known(components, population, komm_nr):
    """The latest years whose population is comparable, and the parts of growth known in all of them, the rest as the last.

    Where jobs are not comparable, only what does not build on them: births, immigration and size.
    """
    measured = population.loc[(population["komm_nr"] == komm_nr) & population["comparable"], "year"]
    rows = _complete(components, komm_nr, ["growth_pct", *BASIC], comparable=False)
    rows = _latest(rows[rows["year"].isin(measured)])
    whole = list(PEOPLE)[:-1] if rows["comparable"].all() else BASIC
    known = {part: PEOPLE[part] for part in whole if rows[part].notna().all()}
    return rows.assign(rest_pct=rows["growth_pct"] - rows[list(known)].sum(axis=1)), known | {"rest_pct": REST}


def _without_largest(largest_employer, komm_nr, rows):
    """What næringsattraktivitet is without the largest employer, where accounts of all the years are there."""
    if largest_employer is None:
        return ""
    told = largest_employer[(largest_employer["komm_nr"] == komm_nr) & largest_employer["comparable"]]
    told = told[told["year"].isin(rows["year"]) & (told["year"] > rows["year"].max() - PERIOD)]
    if len(told) < PERIOD:
        return ""
    return _(
        " Uten den største arbeidsgiveren ({share_pct} av de private jobbene) ville næringsattraktiviteten vært "
        "{without_pct} i stedet for {naering_pct}, etter regnskapene som er tatt inn.",
        share_pct=percent(told["share_pct"].mean(), 0),
        without_pct=number(told["without_pct"].mean(), 2, sign=True),
        naering_pct=number(told["naering_pct"].mean(), 2, sign=True),
    )


def _few(rows):
    people = rows["population"].iloc[-1] if len(rows) else np.nan
    return (
        _(" Tallene er små: én person utgjør {value} prosent av folketallet.", value=number(100 / people, 2))
        if 0 < people < 1000
        else ""
    )


def _span(year):
    return years(int(year) - PERIOD + 1, int(year))


def _source(when, more=""):
    return ssb(*SOURCES, when=when, more=_("Modell: nlib.{more}", more=more) if more else _("Modell: nlib"))
