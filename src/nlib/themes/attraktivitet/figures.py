"""The figures of the attractiveness page: the two kinds against each other, what growth is made of, and the record.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Attractiveness is in percent of the population
a year (næring: of private jobs a year), a mean over the years of a period. Its values are those of nlib's model; the parts of
growth are by the model that Telemarksforsking has published, and what they leave is not called attractiveness.
"""

import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.facts import PERIOD, SPLIT, attractiveness_of, newly_split, ssb
from nlib.charts.form import Form, Panels
from nlib.charts.lines import Lines
from nlib.charts.others import Everyone
from nlib.charts.scatter import Scatter
from nlib.charts.strip import Strip
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import at, listed, neuter, number, percent, points, years
from nlib.core.translations import _

KINDS = {"bosted": _("bostedsattraktivitet"), "naering": _("næringsattraktivitet"), "samlet": _("samlet attraktivitet")}
PEOPLE = {
    "birth_surplus_pct": _("fødselsoverskudd"),
    "immigration_pct": _("innvandring til landet"),
    "size_pct": _("størrelse"),
    "integration_pct": _("inn- og utpendling"),
    "industry_structure_pct": _("næringsstruktur"),
    "public_pct": _("offentlige jobber"),
    "business_pct": _("private jobber"),
    "neighbours_pct": _("naboenes jobbvekst"),
    "bosted_pct": _("ikke forklart"),
}
JOBS = {
    "national_pct": _("landets vekst"),
    "mix_pct": _("bransjene"),
    "population_effect_pct": _("egen folkevekst"),
    "naering_pct": _("ikke forklart"),
}
METHODS = {
    "national": _("som landet"),
    "persistence": _("som før"),
    "structure": _("bare struktur"),
    "ssb": _("SSBs framskriving"),
    "attractiveness": _("struktur og attraktivitet"),
}
SOURCES = ("06913", "01223", "07459", "03321", "08536", "13472")
ANCHOR = _("Delene er regnet ut med Telemarksforskings modell fra 2017; koeffisientene er gjenskapt av publiserte rapporter.")
OURS, THEIRS = _("Modell: nlib"), _("Modell: Telemarksforsking, 2017")
BASIC = ["birth_surplus_pct", "immigration_pct", "size_pct"]  # parts that do not build on jobs


BOTH = {  # of the table under both kinds
    "naering_low_pct": _("Næring, lav"),
    "naering_high_pct": _("Næring, høy"),
    "bosted_low_pct": _("Bosted, lav"),
    "bosted_high_pct": _("Bosted, høy"),
    "samlet_value_pct": _("Samlet attraktivitet, prosent i året"),
    "samlet_rank": _("Plass i samlet"),
}


@figure(_("Bosted og næring"))
def scatter(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    compare: list[str],
    komm_nr: str,
    every: bool = True,
) -> Chart:
    """Bosteds- against næringsattraktivitet of every municipality, those it is compared with named.

    every: whether the table has them all, and not only those that are named.
    """
    name = names[komm_nr]
    bosted, naering = (attractiveness_of(attractiveness, komm_nr, kind) for kind in ("bosted", "naering"))
    if bosted is None or naering is None:
        lacking = [KINDS[kind] for kind, row in (("bosted", bosted), ("naering", naering)) if row is None]
        why = why_not(attractiveness_components, population, komm_nr)
        reason = _("{lacking} kan ikke beregnes for {name}: {why}", lacking=listed(lacking).capitalize(), name=name, why=why)
        raise Lacking(reason)
    precise = {column: 1 for column in BOTH if column != "samlet_rank"}
    period = years(int(bosted["year"]) - PERIOD + 1, int(bosted["year"]))
    columns = dict.fromkeys(("bosted_value_pct", "naering_value_pct", *precise), 1) | {"samlet_rank": 0}
    rows = _by_kind(attractiveness, bosted["year"])
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
        also=BOTH,
        precise=precise,
        everyone=None if every else everyone,
    )
    return form.chart(
        both_sentence(bosted, naering, name, period),
        _(
            "Lenger opp: flere flytter dit enn struktur og jobber tilsier. Lenger til høyre: private jobber vokser mer enn "
            "bransjer og folkevekst tilsier. {name} er den mørke ruten, trekantene kommunene det sammenlignes med og de grå "
            "prikkene resten av landet; strekene er hvor verdien skal ligge ni av ti ganger.",
            name=name,
        ),
        _(
            "Attraktivitet er det modellen ikke forklarer, og er derfor usikker. Verdiene til små kommuner er trukket mest mot "
            "null, fordi få personer gir store utslag der."
        )
        + few(attractiveness_components, komm_nr),
        _source(period),
    )


def _by_kind(attractiveness: pd.DataFrame, year: int) -> pd.DataFrame:
    """All municipalities that have both kinds in a year: `bosted_value_pct`, `naering_low_pct` and so on."""
    rows = attractiveness[(attractiveness["model"] == "nlib") & (attractiveness["period"] == PERIOD)]
    rows = rows[rows["year"] == year].pivot(index="komm_nr", columns="kind")[["value_pct", "low_pct", "high_pct", "rank"]]
    return rows.set_axis([f"{kind}_{column}" for column, kind in rows], axis=1).dropna(
        subset=["bosted_value_pct", "naering_value_pct"]
    )


@figure(_("Hva veksten består av"))
def growth(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    population: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    largest_employer: pd.DataFrame | None = None,
) -> Chart:
    """What the growth of the population and of private jobs was made of in the latest period: the expected parts, and what is left.

    Where jobs are not known, or are not comparable, the parts of the population's that are known, and the rest as one. What is
    left is told in points only where nlib's own value, which has an interval, can be told from zero. With
    `largest_employer` it is told which side of what is expected the jobs' is on without the firm that has most employees.
    """
    name, lacking = names[komm_nr], ""
    people, parts = _complete(attractiveness_components, komm_nr, [*PEOPLE, "growth_pct"]), PEOPLE
    jobs = _complete(attractiveness_components, komm_nr, [*JOBS, "private_growth_pct"])
    if people.empty:
        people, parts = _what_is_known(attractiveness_components, population, komm_nr)
        lacking = why_not(attractiveness_components, population, komm_nr)
    shown = [
        (_latest(rows), terms, total, what, attractiveness_of(attractiveness, komm_nr, kind))
        for rows, terms, total, what, kind in (
            (people, parts, "growth_pct", _("folketallet"), "bosted"),
            (jobs, JOBS, "private_growth_pct", _("antallet private jobber"), "naering"),
        )
        if len(rows)
    ]
    if not shown:
        raise Lacking(_("Delene av veksten kan ikke beregnes for {name}: {lacking}", name=name, lacking=lacking))
    sentences = [
        growth_of(rows, terms, total, f"{what} {at(name)}", lacking, value is None or sign(value) != 0)
        for rows, terms, total, what, value in shown
    ]
    rows = shown[0][0]
    return Panels(forms=[_waterfall(*each[:4]) for each in shown]).chart(
        sentences[0],
        (
            _("De grå stolpene er delene som er kjent, den blå er resten, og den mørke er veksten.")
            if lacking
            else _("De grå stolpene er det modellen forventer, den blå er det den ikke forklarer, og den mørke er veksten.")
        )
        + "".join(f" {sentence}." for sentence in sentences[1:])
        + (_without_largest(largest_employer, komm_nr, jobs) if len(jobs) and largest_employer is not None else ""),
        ANCHOR
        + (
            _(" Attraktiviteten kan ikke skilles fra resten: {lacking}", lacking=lacking)
            if lacking
            else _(" nlibs verdi for attraktivitet er trukket mot null etter størrelse, og er derfor en annen.")
        )
        + ("" if len(rows) == PERIOD else _(" Tallene er fra {rows} av de tre siste årene.", rows=neuter(len(rows))))
        + few(attractiveness_components, komm_nr),
        _source(years(rows["year"].iloc[0], rows["year"].iloc[-1]), THEIRS),
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


@figure(_("Forventet og faktisk vekst"))
def expected(attractiveness_components: pd.DataFrame, population: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """Growth against what the model expects, year by year: people, and private jobs where they are known."""
    name = names[komm_nr]
    rows = _complete(attractiveness_components, komm_nr, ["growth_pct", "bosted_pct"], comparable=False)
    comparable = rows[rows["comparable"]]
    if len(comparable) < 2:
        why = why_not(attractiveness_components, population, komm_nr)
        raise Lacking(_("Forventet vekst kan ikke beregnes for {name}: {why}", name=name, why=why))
    series = rows.set_index("year").assign(
        people=(rows["growth_pct"] - rows["bosted_pct"]).to_numpy(),
        jobs=(rows["private_growth_pct"] - rows["naering_pct"]).to_numpy(),
    )
    first, last = series.index[0], series.index[-1]
    panels = [("growth_pct", "people", _("Folketallet"))]
    panels += [("private_growth_pct", "jobs", _("Private jobber"))] if series["jobs"].notna().sum() > 1 else []
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
            for actual, model, heading in panels
        ]
    )
    hollow = _(" År som en delt kommune eller en flyttet grense inngår i, telles ikke med.")
    broken = _(" Etter den loddrette streken er jobbene målt på en ny måte.")
    return form.chart(
        years_over(name, int((comparable["bosted_pct"] > 0).sum()), len(comparable)),
        _("Stiplet er det modellen forventer av fødsler, innvandring, størrelse, arbeidsmarked og jobber.")
        + (broken if len(panels) > 1 and first < A_ORDNINGEN <= last else "")
        + (hollow if len(comparable) < len(rows) else ""),
        _("{anchor} Ett år alene sier lite.", anchor=ANCHOR) + few(attractiveness_components, komm_nr),
        _source(years(int(first), int(last)), THEIRS),
    )


@figure(_("Hvor god modellen har vært"))
def record(attractiveness_backtest: pd.DataFrame, komm_nr: str) -> Chart:
    """How well the next three years' growth was foretold from each year: the share of differences explained, by method."""
    tried = attractiveness_backtest[attractiveness_backtest["r2"].notna() & (attractiveness_backtest["size_class"] == "all")]
    if tried.empty:
        raise Lacking(_("Ingen år kan etterprøves ennå: det trengs tre år etter det første modellen kan beregnes for."))
    span = years(int(tried["origin"].min()), int(tried["origin"].max()))
    methods = [method for method in METHODS if method in set(tried["method"])]
    means = tried.groupby("method")[["r2", "mean_abs_error_pct", "coverage_pct"]].mean().reindex(methods)
    each = tried.groupby("method")["r2"].apply(lambda values: values.clip(lower=-1).tolist())
    form = Strip(
        of_all=True,
        heading=_("Andel av vekstforskjellene som er forklart"),
        rows=means.assign(each=each, mark=means["r2"].clip(lower=-1)).set_axis(
            pd.Index([METHODS[method] for method in methods], name=_("Metode"))
        ),
        marks={"mark": (_("snitt"), "own")},
        values={"r2": (_("andel forklart"), "own")},
        dots="each",
        dots_name=_("hvert startår"),
        level=0,
        limits=(-1.05 if tried["r2"].min() < -0.1 else -0.1, 1.08),
        decimals=2,
        also={"mean_abs_error_pct": _("Snittfeil, prosentpoeng"), "coverage_pct": _("Dekning, prosent")},
        precise={"mean_abs_error_pct": 2, "coverage_pct": 0},
    )
    ours = means.loc["attractiveness"]
    return form.chart(
        record_sentence(means["r2"]),
        _(
            "Hver metode er beregnet på tallene fram til et startår, og så prøvd mot veksten de tre neste årene. 1 er fullt "
            "treff, 0 er ikke bedre enn å gjette at alle vokser likt; det som er lavere enn −1, tegnes der. Ruten er snittet av "
            "{origin} startår ({span}), og ringene er de enkelte.",
            origin=neuter(tried["origin"].nunique()),
            span=span,
        ),
        _(
            "Snittfeilen til struktur og attraktivitet er {mean_abs_error_pct} prosentpoeng i året, og intervallet som "
            "skulle dekke ni av ti, dekket {coverage_pct} prosent av kommunene.",
            mean_abs_error_pct=number(ours["mean_abs_error_pct"], 2),
            coverage_pct=number(ours["coverage_pct"]),
        ),
        _source(_("startår {span}", span=span)),
    )


# -- what the titles say


def sign(row) -> int:
    """1 where the whole interval is over zero, -1 where it is under, 0 where it holds zero or is not known."""
    return int(row["low_pct"] > 0) - int(row["high_pct"] < 0) if pd.notna(row["low_pct"]) else 0


def verdict(row) -> str:
    """Whether a value can be told from zero, as a verb phrase."""
    return {1: _("er over null"), -1: _("er under null"), 0: _("kan ikke skilles fra null")}[sign(row)]


def both_sentence(bosted, naering, name: str, span: str) -> str:
    """What the two kinds of attractiveness say in a period, against what was expected."""
    if sign(bosted) == sign(naering) == 0:
        return _("{name} {span}: flytting og jobber ikke sikkert annerledes enn ventet", name=name, span=span)
    moves = {
        1: _("flere flyttet hit enn ventet"),
        -1: _("færre flyttet hit enn ventet"),
        0: _("flytteavviket usikkert"),
    }
    jobs = {
        1: _("jobbveksten over ventet"),
        -1: _("jobbveksten under ventet"),
        0: _("jobbavviket usikkert"),
    }
    return _("{name} {span}: {moves}, {jobs}", name=name, span=span, moves=moves[sign(bosted)], jobs=jobs[sign(naering)])


def growth_sentence(what: str, growth: float, expected: float | None, span: str, sure: bool = True) -> str:
    """How much grew, and how that is against what was expected, where it is known and sure; under 0.05 points is none."""
    when = _("årlig {span}", span=span) if "–" in span else _("i {span}", span=span)
    word = _("vokste") if growth > 0 else _("gikk ned")
    start = (
        _("{what} sto stille i {span}", what=what, span=span)
        if abs(growth) < 0.05
        else _("{what} {word} {growth} {when}", what=what, word=word, growth=percent(abs(growth), 2), when=when)
    )
    if expected is None:
        return _("{start}; attraktiviteten kan ikke beregnes", start=start)
    gap = growth - expected
    if abs(gap) < 0.05:
        return _("{start}, som forventet", start=start)
    if not sure:
        return _("{start}; avviket usikkert", start=start)
    return _("{start}, {gap} {side} forventet", start=start, gap=points(abs(gap), 2), side=_("over") if gap > 0 else _("under"))


def growth_of(rows: pd.DataFrame, parts: dict[str, str], total: str, what: str, lacking: str, sure: bool) -> str:
    """The sentence of a mean growth over the years of `rows`, against the sum of its parts but the last, where none is lacking."""
    means = rows[[*parts, total]].astype(float).mean()
    expected = None if lacking else means[total] - means[list(parts)[-1]]
    span = years(rows["year"].iloc[0], rows["year"].iloc[-1])
    return growth_sentence(f"{what[0].upper()}{what[1:]}", means[total], expected, span, sure)


def record_sentence(r2: pd.Series) -> str:
    """Which method has foretold best, by its mean share explained; r2: by method, for all municipalities."""
    best = r2.idxmax()
    if r2[best] <= 0:
        return _("Ingen metode har truffet bedre enn å gjette på lik vekst")
    shown = _("«{methods}{methods2}»", methods=METHODS[best][0].upper(), methods2=METHODS[best][1:])
    return _(
        "{shown} har truffet best: {value} prosent av vekstforskjellene er forklart", shown=shown, value=number(100 * r2[best])
    )


def years_over(name: str, above: int, of: int) -> str:
    """In how many years the population grew more than expected."""
    if not above:
        return _("I ingen av {of} år vokste {name} mer enn forventet", name=name, of=of)
    if above == of:
        return _("I alle de {of} årene vokste {name} mer enn forventet", name=name, of=of)
    return _("I {above} av {of} år vokste {name} mer enn forventet", name=name, above=above, of=of)


# -- what is drawn from


def why_not(components: pd.DataFrame, population: pd.DataFrame, komm_nr: str) -> str:
    """Why a municipality has no attractiveness, as the end of a sentence after a colon."""
    own = components[(components["komm_nr"] == komm_nr) & components["growth_pct"].notna()].sort_values("year")
    if own.empty:
        return _("utgaven har ingen tall for kommunen.")
    last = own.iloc[-1]
    if newly_split(population, komm_nr) or not last["comparable"]:
        return f"{SPLIT[:1].lower()}{SPLIT[1:]}"
    if last[list(PEOPLE)[:-1]].isna().any():
        return _("utgaven mangler noen av tallene som modellen bygger på, i {year}.", year=last["year"])
    return _("det trengs flere år på rad som kan sammenlignes.")


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
    rest = rows["growth_pct"] - rows[list(known)].sum(axis=1)
    return rows.assign(rest_pct=rest), known | {"rest_pct": _("resten, med attraktivitet")}


def _without_largest(largest_employer, komm_nr, rows):
    """Which side of what is expected the growth in jobs is on without the largest employer, where it may be told of these years."""
    without = largest_employer[(largest_employer["komm_nr"] == komm_nr) & (largest_employer["year"] == rows["year"].max())]
    if without.empty or len(_latest(rows)) < PERIOD:
        return ""
    if without["above"].iloc[0]:
        return _(" Uten den største arbeidsgiveren er veksten over forventet, etter regnskapene.")
    return _(" Uten den største arbeidsgiveren er veksten under forventet, etter regnskapene.")


def few(components: pd.DataFrame, komm_nr: str) -> str:
    """How much one person counts where they are few, as a sentence after a space; else empty."""
    people = components.loc[components["komm_nr"] == komm_nr].sort_values("year")["population"].dropna()
    if people.empty or not 0 < people.iloc[-1] < 1000:
        return ""
    return _(" Tallene er små: én person utgjør {value} prosent av folketallet.", value=number(100 / people.iloc[-1], 2))


def _source(when, model=OURS):
    return ssb(*SOURCES, when=when, more=model)
