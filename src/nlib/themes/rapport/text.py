"""The report's answers: for each question the sentences that answer it, made of facts and measures, and the figure that shows them.

A question is a function with `@question`; it takes tables by name, as figures do, and gives sentences; without any it is left
out. A register's count is told without an interval, what is estimated with «mellom a og b (ni av ti)», an index with the band of
its rank.
"""

import functools
from collections.abc import Callable, Sequence

import pandas as pd

from nlib.charts.chart import Answer, Sentence
from nlib.charts.facts import FEWEST as FEWEST_JOBS
from nlib.charts.facts import span
from nlib.charts.others import LEAST
from nlib.core.catalogue import LEAST_BASE, LISTED, compared, held, plain, written
from nlib.core.language import about, at, counted, listed, more, neuter, number, short_name, some
from nlib.core.municipalities import Register
from nlib.core.translations import _
from nlib.methods.survey.tabulation import ALL, PROMOTERS
from nlib.themes.arbeidsplasser.figures import branch_name, more_jobs, new_jobs_sentence
from nlib.themes.composites import placed_areas, unplaced
from nlib.themes.facts import SURE, at_once, between, latest, latest_of_each, place
from nlib.themes.maal.figures import figure_of, with_figures
from nlib.themes.naeringspuls.figures import led, of_wave
from nlib.themes.pendling.figures import at_least, other_parts
from nlib.themes.perspektiv.figures import ADVISED, ENOUGH, latest_results
from nlib.themes.rapport import news
from nlib.themes.scenarioer.figures import courses_of, leading, own_record, seldom_held
from nlib.themes.utdanning.figures import too_wide
from nlib.themes.verdiskaping.figures import ESTIMATE, SHORT, other_kind

Told = Sequence[Sentence | str]  # what a question's function gives
PEOPLE, STRONGEST, WEAKEST = "folketall", "sterkest", "svakest"  # sentences that follow whom a reader chooses
HORIZON = 2035
NINETY = 1.645  # standard deviations either side of a normal mean that hold nine of ten
FEWEST = 5  # years, before it is told how much growth swings
PAGES = {
    "arbeidsplasser": _("Arbeidsplasser"),
    "attraktivitet": _("Attraktivitet"),
    "befolkning": _("Befolkning"),
    "kommune_nm": _("Kommune-NM-lignende indeks"),
    "maal": _("Mål og tiltak"),
    "naeringslivsindeks": _("Næringslivsindeks"),
    "naeringspuls": _("NæringsPuls"),
    "pendling": _("Pendling"),
    "perspektiv": _("Perspektiv"),
    "scenarioer": _("Scenarioer"),
    "utdanning": _("Utdanning"),
    "verdiskaping": _("Verdiskaping"),
}
SERVED = {
    "age_80": _("80 år og eldre"),
    "age_20_66": _("20–66 år"),
    "age_6_15": _("I skolealder (6–15 år)"),
    "age_1_5": _("I barnehagealder (1–5 år)"),
}
SPENT = {
    "net_debt_pct": _("Netto lånegjeld er {value} prosent av inntektene"),
    "free_reserves_pct": _("Disposisjonsfondet er {value} prosent av inntektene"),
    "dwellings_per_1000": _("Det er {value} boliger per 1 000 innbyggere ({year}, SSB, tabell 06265)"),
    "emissions_t": _("Klimagassutslippet er {value} tonn per innbygger ({year}, Miljødirektoratet)"),
}
OF_KINDS = {"per_employee_kr"}  # that municipalities have of several kinds: not of few years where one cannot be compared
PER = 100  # that a share is of
NEAR = 0.2  # of the spread: closer than this is «omtrent som»


def question(heading: str, figure: str = "", page: str = "", without_earlier: str = "", **assumptions) -> Callable:
    """Make a function that gives sentences one that gives the `Answer` to a question; heading may hold {name} and {at}.

    page: the one that goes deeper; those of the facts that are told where none is given.
    without_earlier: the heading where no edition is before this one; assumptions: what the figure is drawn with, by the names that
    its function has for them.
    """

    def asked(function):
        @functools.wraps(function)
        def answered(**given) -> Answer:
            every = [text if isinstance(text, Sentence) else Sentence(text) for text in function(**given)]
            sentences = tuple(sentence for sentence in every if sentence.text or sentence.hooks)
            asked_of = without_earlier if without_earlier and given.get("earlier") is None else heading
            facts = [claim[1] for sentence in sentences for claim in sentence.claims if claim[0] == "fact"]
            deeper = [page] if page else dict.fromkeys(LISTED.loc[facts, "page"])
            pages = tuple((name, PAGES.get(name, name.replace("_", " ").capitalize())) for name in deeper)
            return Answer(f"rapport.{function.__name__}", asked_of, sentences, figure, pages, assumptions)

        answered.heading, answered.figure = heading, figure  # type: ignore[attr-defined]
        return answered

    return asked


# -- what the sentences share


def fact_of(*facts: pd.Series | None) -> tuple[tuple, ...]:
    """That a sentence tells these facts."""
    return tuple(("fact", fact["indicator"], int(fact["year"])) for fact in facts if fact is not None)


def others(facts: pd.DataFrame, fact: pd.Series, compare: list[str]) -> pd.Series:
    """The comparison municipalities' values of the same indicator and year, by number, in the order they are compared in; missing
    where one is not comparable."""
    rows = facts[(facts["indicator"] == fact["indicator"]) & (facts["year"] == fact["year"]) & facts["comparable"]]
    return compared(fact["indicator"], rows.set_index("komm_nr")["value"]).reindex(compare)


def against(facts: pd.DataFrame, fact: pd.Series, compare: list[str], names: pd.Series) -> str:
    """What the comparison and the nation have in the same indicator and year, as `beside` says it; empty where its own can be
    compared with none."""
    if not fact["comparable"]:
        return ""
    return beside(others(facts, fact, compare), fact["nation"], names, functools.partial(plain, fact["indicator"]))


def beside(values: pd.Series, nation: float, names: pd.Series, write: Callable[[float], str]) -> str:
    """What others (by number) and the nation have, after a semicolon: their middle, each by name where they are few, and then who
    has nothing to compare with. `rapport.js` says the same of whom a reader chooses."""
    known = values.dropna()
    few = [place_has(names[number], write(value)) for number, value in known.items()]
    parts = [middle_is(write(known.median()))] if len(known) >= LEAST else few
    parts += [] if pd.isna(nation) else [nation_has(write(nation))]
    unknown = list(values.index[values.isna()])
    both = [listed(parts) if parts else "", none_has(some(unknown, names)) if unknown else ""]
    return "".join(f"; {part}" for part in both if part)


def noise(fact: pd.Series, swing: float) -> float:
    """How far a fact can be from another by chance: half its interval, else nine of ten of its yearly changes, and no less than
    what so few that are counted swing by (0 where unknown)."""
    if pd.notna(fact["low"]):
        return (fact["high"] - fact["low"]) / 2
    return NINETY * max(0.0 if pd.isna(swing) else swing, by_count(fact["indicator"], fact["value"], fact["base"]))


def ranked(fact: pd.Series) -> bool:
    """Whether a fact can be compared and is of enough people or events for a place: of fewer, nothing is strong, weak or news."""
    return bool(fact["comparable"]) and pd.notna(fact["rank"])


def by_count(indicator: str, value: float, base: float) -> float:
    """The standard deviation of a count, of a share of so many (binomial), or of as many to so many; 0 of what is not counted."""
    share = abs(value) / PER
    if LISTED.at[indicator, "quantity"] == "count":
        return float(value**0.5)
    if not base > 0 or LISTED.at[indicator, "unit"] not in ("%", ""):
        return 0.0
    return float(PER * (share * (1 - share if share < 1 else 1) / base) ** 0.5)


def middle_is(value: str) -> str:
    return _("medianen av de andre er {value}", value=value)


def nation_has(value: str) -> str:
    return _("landet {value}", value=value)


def place_has(name: str, value: str) -> str:
    return _("{name} har {value}", name=name, value=value)


def none_has(names: str) -> str:
    return _("{names} har ikke sammenlignbart tall", names=names)


def extreme(word: str, subject: str, value: str, year: str, middle: str) -> str:
    """That an indicator is the strongest or the weakest against the comparison."""
    return _(
        "{word} sammenlignet med de andre: {subject} er {value} i {year}, medianen av dem er {middle}.",
        word=word,
        subject=subject,
        value=value,
        year=year,
        middle=middle,
    )


def subject_of(indicator: str) -> str:
    """What an indicator is called in a sentence that says what is strong and weak: low is told to be good where it is."""
    subject = _(LISTED.at[indicator, "subject"])
    return _("{subject} (lavt regnes som bra)", subject=subject) if LISTED.at[indicator, "direction"] == "-1" else subject


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(municipalities: pd.DataFrame) -> pd.Series:
    return municipalities.set_index("komm_nr")["name"].map(short_name)


# -- the questions, in the order of the report


@question(_("Hvordan går det {at}?"), "rapport.strip")
def standing(
    facts: pd.DataFrame,
    developments: pd.DataFrame,
    municipalities: pd.DataFrame,
    compare: list[str],
    komm_nr: str,
) -> Told:
    """People and jobs, then the strongest and the weakest against the comparison, and the largest change for its kind."""
    names = _short(municipalities)
    return [
        *_people(facts, developments, compare, komm_nr, names),
        *_coverage(facts, developments, komm_nr),
        *_extremes(facts, developments, compare, komm_nr),
        *_largest(facts, developments, komm_nr),
    ]


def _people(facts, developments, compare, komm_nr, names):
    fact = latest(facts, "population", komm_nr)
    if fact is None:
        return
    moved = developments[developments["indicator"] == "population"].set_index("komm_nr")["change"].dropna()
    start = _("Folketallet er {value} i {year}", value=number(fact["value"]), year=fact["year"])
    if komm_nr not in moved.index:
        yield Sentence(f"{start}.", claims=fact_of(fact))
        return
    own = developments[(developments["indicator"] == "population") & (developments["komm_nr"] == komm_nr)].iloc[0]
    before = facts[(facts["indicator"] == "population") & (facts["year"] == own["since"])]["nation"]
    nation = 100 * (fact["nation"] / before.iloc[0] - 1) if len(before) else float("nan")
    way = _("flere") if own["change"] >= 0 else _("færre")
    rest = beside(held(moved, 1).reindex(compare), nation, names, functools.partial(number, decimals=1, sign=True))
    text = _(
        "{start}, {change} prosent {way} enn i {since}",
        start=start,
        change=number(abs(own["change"]), 1),
        way=way,
        since=own["since"],
    )
    yield Sentence(f"{text}{rest}.", hooks=((PEOPLE, rest),), claims=fact_of(fact))


def _coverage(facts, developments, komm_nr):
    """Jobs for those who live here, and whether more have come to commute out than in, or the other way; of its own only."""
    fact = latest(facts, "coverage_pct", komm_nr)
    if fact is None or not fact["comparable"]:
        return
    row = developments[(developments["indicator"] == "coverage_pct") & (developments["komm_nr"] == komm_nr)]
    start = _(
        "Det er {value} arbeidsplasser per 100 sysselsatte som bor her ({year})",
        value=number(fact["value"], 1),
        year=fact["year"],
    )
    if row.empty or pd.isna(row["before"].iloc[0]):
        yield Sentence(f"{start}.", claims=fact_of(fact))
        return
    before, since = row["before"].iloc[0], row["since"].iloc[0]
    was, now = (_("inn"), _("ut")) if before >= 100 else (_("ut"), _("inn"))
    turned = (
        _(": før pendlet flere {was} enn {now}, nå flere {now} enn {was}", was=was, now=now)
        if (before >= 100) != (fact["value"] >= 100)
        else ""
    )
    yield Sentence(
        _("{start}, mot {before} i {since}{turned}.", start=start, before=number(before, 1), since=since, turned=turned),
        claims=fact_of(fact),
    )


def _extremes(facts, developments, compare, komm_nr):
    """The strongest and the weakest of those with a direction, by distance to the middle of the comparison in units of spread."""
    found, own = [], latest_of_each(facts, komm_nr)
    values = at_once(facts, own)
    values = values[values.index.isin(compare)]
    for row in developments[developments["komm_nr"] == komm_nr].itertuples():
        direction, fact = int(LISTED.at[row.indicator, "direction"]), own.loc[row.indicator] if row.indicator in own.index else None
        if direction == 0 or fact is None or not ranked(fact) or not row.spread > 0:
            continue
        middle = values[row.indicator].median()
        apart, seen = fact["value"] - middle, plain(row.indicator, fact["value"]) != plain(row.indicator, middle)
        if seen and values[row.indicator].count() >= LEAST and abs(apart) > max(noise(fact, row.swing), NEAR * row.spread):
            found.append((direction * apart / row.spread, fact, middle))
    found.sort(key=lambda one: one[0])
    for hook, end, word, sign in ((STRONGEST, -1, _("Sterkest"), 1), (WEAKEST, 0, _("Svakest"), -1)):
        text, fact = "", None
        if found and sign * found[end][0] > 0:
            __, fact, middle = found[end]
            indicator = fact["indicator"]
            value, of = written(indicator, fact["value"]), plain(indicator, middle)
            text = extreme(word, subject_of(indicator), value, fact["year"], of)
        yield Sentence(text, hooks=((hook, text),), claims=fact_of(fact))


def _largest(facts, developments, komm_nr):
    """The largest change for its kind of those beyond noise, but for people and jobs, which are told already."""
    own = developments[(developments["komm_nr"] == komm_nr) & (developments["usual_change"] > 0)]
    own = own[~own["indicator"].isin(["population", "coverage_pct"])].dropna(subset="change")
    own = own[[_is_news(row, latest(facts, row["indicator"], komm_nr)) for __, row in own.iterrows()]]
    if own.empty:
        return
    row = own.loc[(own["change"].abs() / own["usual_change"]).idxmax()]
    indicator, before = row["indicator"], row["before"]
    now = before * (1 + row["change"] / 100) if LISTED.at[indicator, "change"] == "percent" else before + row["change"]
    text = _(
        "Størst endring, målt mot hva som er vanlig i kommunene: {value} gikk fra {indicator} i {since} til {indicator2} i {year}.",
        value=_(LISTED.at[indicator, "subject"]),
        indicator=plain(indicator, before),
        since=row["since"],
        indicator2=written(indicator, now),
        year=row["year"],
    )
    yield Sentence(text, claims=fact_of(row))


def _is_news(row, fact):
    """Whether a change is larger than the swings of its years, and than two counts of so many differ by."""
    counted_of = (by_count(row["indicator"], value, fact["base"]) for value in (row["before"], fact["value"]))
    swings = 0.0 if pd.isna(row["swing"]) else row["swing"] * (row["year"] - row["since"]) ** 0.5
    return ranked(fact) and abs(fact["value"] - row["before"]) > NINETY * max(swings, sum(sd**2 for sd in counted_of) ** 0.5)


@question(_("Hvorfor vokser eller krymper {name}?"), "befolkning.yearly_growth", "befolkning")
def growth(population_growth_parts: pd.DataFrame, facts: pd.DataFrame, komm_nr: str) -> Told:
    """The latest year's growth in its parts, which add up to it, and how much growth swings."""
    own = population_growth_parts[(population_growth_parts["komm_nr"] == komm_nr) & population_growth_parts["growth"].notna()]
    if own.empty:
        return []
    last = own.loc[own["year"].idxmax()]
    ways = {
        "birth_surplus": (_("{more} fødte enn døde"), _("{more} døde enn fødte"))
        if abs(last["birth_surplus"]) != 1
        else (_("én mer ble født enn døde"), _("én mer døde enn ble født")),
        "domestic_net": (
            _("{more} flyttet hit fra andre kommuner enn herfra"),
            _("{more} flyttet herfra til andre kommuner enn hit"),
        ),
        "foreign_net": (_("{more} fra utlandet enn til"), _("{more} til utlandet enn fra")),
    }
    parts = [
        ways[part][int(last[part] < 0)].format(more=more(abs(last[part]))) for part in ways if pd.notna(last[part]) and last[part]
    ]
    if pd.notna(last["correction"]) and last["correction"]:
        parts.append(_("{correction} er rettelser i registeret", correction=number(last["correction"], 0, sign=True)))
    text = _("I {year} ble det {growth}", year=last["year"], growth=more(last["growth"])) + (
        f": {listed(parts)}." if parts else "."
    )
    whole_and_parts = last[["growth", *ways, "correction"]]
    sums = (("sum", *map(int, whole_and_parts)),) if whole_and_parts.notna().all() else ()
    first = Sentence(text, claims=sums)
    rates = facts[(facts["indicator"] == "growth_pct") & (facts["komm_nr"] == komm_nr) & facts["comparable"]]
    rates = rates.nlargest(10, "year")["value"]
    if len(rates) < FEWEST:
        return [first]
    low, high = (number(end, 1) for end in (rates.min(), rates.max()))
    return [
        first,
        _(
            "De siste {rates} årene har veksten vært mellom {low} og {high} prosent i året.",
            rates=counted(len(rates)),
            low=low,
            high=high,
        ),
    ]


@question(_("Er {name} attraktiv for folk og bedrifter?"), "attraktivitet.scatter", "attraktivitet", every=False)
def attractive(facts: pd.DataFrame, komm_nr: str) -> Told:
    """Attractiveness to live in and for business, each with interval and place."""
    sentences = []
    if (fact := latest(facts, "bosted", komm_nr)) is not None:
        years = f"{fact['year'] - 2}–{fact['year']}"
        size, way = plain("bosted", abs(fact["value"])), _("flere") if fact["value"] > 0 else _("færre")
        text = (
            _(
                "Flyttingen hit i {years} kan ikke skilles fra det størrelse, arbeidsmarked og jobbvekst tilsier{fact}",
                years=years,
                fact=_apart(fact),
            )
            if _doubtful(fact)
            else _(
                "I {years} flyttet det {size} prosent {way} hit i året enn størrelse, arbeidsmarked og jobbvekst tilsier "
                "{fact}{fact2}",
                years=years,
                size=size,
                way=way,
                fact=_band(fact),
                fact2=_placed(fact),
            )
        )
        sentences.append(Sentence(text, claims=fact_of(fact)))
    if (fact := latest(facts, "naering", komm_nr)) is not None:
        size, way = plain("naering", abs(fact["value"])), _("mer") if fact["value"] > 0 else _("mindre")
        text = (
            _("Veksten i private arbeidsplasser kan ikke skilles fra det bransjene og landet tilsier{fact}", fact=_apart(fact))
            if _doubtful(fact)
            else _(
                "Private arbeidsplasser vokste {size} prosent {way} i året enn bransjene og landet tilsier {fact}{fact2}",
                size=size,
                way=way,
                fact=_band(fact),
                fact2=_placed(fact),
            )
        )
        sentences.append(Sentence(text, claims=fact_of(fact)))
    return sentences


def _doubtful(fact) -> bool:
    """Whether an estimate can be either side of null."""
    return fact["low"] <= 0 <= fact["high"]


def _apart(fact) -> str:
    """How far an estimate that may be null is from it, with its place."""
    apart, band = plain(fact["indicator"], fact["value"], sign=True), between(fact["low"], fact["high"], _decimals(fact))
    return _(": avviket er {apart} prosent i året {band}{fact}", apart=apart, band=band, fact=_placed(fact))


def _decimals(fact) -> int:
    return int(LISTED.at[fact["indicator"], "decimals"])


def _band(fact) -> str:
    """The interval of an estimate that is told without its sign."""
    low, high = (fact["low"], fact["high"]) if fact["value"] > 0 else (-fact["high"], -fact["low"])
    return between(low, high, _decimals(fact))


def _placed(fact) -> str:
    return f". {capital(place(fact))}." if place(fact) else "."


@question(_("Er jobbveksten vår egen?"), "arbeidsplasser.national", "arbeidsplasser")
def jobs(employed_register: pd.DataFrame, komm_nr: str, name: str, new_jobs: pd.DataFrame | None = None) -> Told:
    """The growth in jobs against the nation's, and how much of it is private, as the page of jobs says it."""
    own = employed_register[(employed_register["komm_nr"] == komm_nr) & employed_register["jobs"].notna()].sort_values("year")
    period = span(own, "jobs") if len(own) else None
    if period is None:
        return []
    every = employed_register[employed_register["year"].isin(period)].pivot(index="komm_nr", columns="year", values="jobs")
    ends, nation = every.loc[komm_nr].astype(float), every.astype(float).dropna().sum()
    grown = ends[period[1]] - ends[period[0]]
    follows = ends[period[0]] * (nation[period[1]] / nation[period[0]] - 1)
    return [
        _(
            "{grown} fra {period} til {period2}. Med landets vekst ville det blitt {follows}.",
            grown=capital(more_jobs(grown)),
            period=period[0],
            period2=period[1],
            follows=more(follows),
        ),
        new_jobs_sentence(new_jobs, komm_nr, short_name(name), since=period[0]).strip(),
    ]


@question(_("Hva lever {name} av?"), "arbeidsplasser.branches", "arbeidsplasser")
def industries(specialisation: pd.DataFrame, komm_nr: str) -> Told:
    """The largest branches; which of them stands out from the nation is the finding of the figure."""
    own = specialisation[(specialisation["komm_nr"] == komm_nr) & specialisation["share_pct"].notna()]
    if own.empty:
        return []
    own = own[own["year"] == own["year"].max()].sort_values(["share_pct", "branch"], ascending=[False, True])
    own = own[(own["jobs"] >= FEWEST_JOBS) & own["comparable"]]
    first = [
        _("{branch} ({share_pct} prosent)", branch=branch_name(row.branch), share_pct=number(row.share_pct, 1))
        for row in own.head(3).itertuples()
    ]
    return [_("Flest arbeider i {first} i {value}.", first=listed(first), value=own["year"].iloc[0])] if first else []


@question(_("Hvem deler vi arbeidsmarked med?"), "pendling.partners", "pendling")
def commuters(
    facts: pd.DataFrame,
    commuting_flows: pd.DataFrame,
    municipalities: pd.DataFrame,
    compare: list[str],
    komm_nr: str,
    register: Register | None = None,
) -> Told:
    """The shares that commute out and in, the largest partners, and how many jobs there are for those who live here."""
    out, into, jobs_per = (latest(facts, name, komm_nr) for name in ("out_pct", "in_pct", "coverage_pct"))
    if out is None and into is None:
        return []
    names = _short(municipalities)
    both = [fact for fact in (out, into) if fact is not None]
    year = max(fact["year"] for fact in both)
    parts, doubts = other_parts(register, komm_nr, year), {_unsure(fact, names, register): None for fact in both}
    sentences: list[Sentence | str] = [*doubts]
    for fact, what in (
        (out, _("av de sysselsatte som bor her, arbeider i en annen kommune")),
        (into, _("av arbeidsplassene her har folk fra andre kommuner")),
    ):
        if fact is not None:
            beside, value = against(facts, fact, compare, names), at_least(number(fact["value"], 1), parts)
            text = _("{value} prosent {what} ({year})", value=value, what=what, year=fact["year"])
            sentences.append(Sentence(f"{capital(text)}{beside}.", hooks=((fact["indicator"], beside),), claims=fact_of(fact)))
    if not any(doubts):
        sentences.append(
            _("Pendlerne er telt i et register, så tallet har ingen feilmargin; det kan likevel svinge fra år til år.")
        )
    flows = commuting_flows[(commuting_flows["year"] == year) & (commuting_flows["home_nr"] != commuting_flows["work_nr"])]
    partners: list[str] = []
    for way, mine, theirs in ((_("til"), "home_nr", "work_nr"), (_("fra"), "work_nr", "home_nr")):
        own = flows[flows[mine] == komm_nr]
        if len(own) and own["employed"].max() > 0:
            top = own.loc[own["employed"].idxmax()]
            partners.append(f"{way} {names.get(top[theirs], top[theirs])} ({number(top['employed'])})")
    most = _("Av de kjente pendler flest {partners}.") if parts else _("Flest pendler {partners}.")
    sentences.append(most.format(partners=listed(partners)) if partners else "")
    if jobs_per is not None:
        beside = against(facts, jobs_per, compare, names)
        text = _("Arbeidsplassdekningen er {value} prosent", value=number(jobs_per["value"], 1))
        sentences.append(Sentence(f"{text}{beside}.", hooks=(("coverage_pct", beside),), claims=fact_of(jobs_per)))
    return sentences


def _unsure(fact, names, register):
    """Why a number of commuting cannot be compared, as a sentence; empty where it can."""
    if fact["comparable"]:
        return ""
    if others := other_parts(register, fact["komm_nr"], fact["year"]):
        return _(
            "Tallene for {year} er fra før delingen: de er fordelt etter folketall, uten pendlingen mellom {names}.",
            year=fact["year"],
            names=listed([names[number] for number in (fact["komm_nr"], *others)]),
        )
    return _("Tallene for {year} er usikre: en grense er flyttet siden, eller en nabokommune mangler i kilden.", year=fact["year"])


@question(_("Hva skaper bedriftene?"), "verdiskaping.gap", "verdiskaping")
def value_created(facts: pd.DataFrame, value_creation: pd.DataFrame, komm_nr: str, name: str) -> Told:
    """Value creation per employee against the nation's, and what of the gap follows from the industries that are here."""
    indicator = "per_employee_kr"
    fact = latest(facts, indicator, komm_nr)
    if fact is None:
        return []
    nation = "" if pd.isna(fact["nation"]) else _(", landet {indicator}", indicator=written(indicator, fact["nation"]))
    within = (
        ""
        if pd.isna(fact["low"])
        else _(
            " (mellom {indicator} og {indicator2}, {sure})",
            indicator=plain(indicator, fact["low"]),
            indicator2=plain(indicator, fact["high"]),
            sure=SURE,
        )
    )
    value = written(indicator, fact["value"])
    best = value_creation[(value_creation["komm_nr"] == komm_nr) & value_creation["best_per_employee"]]
    now = best[best["year"] == fact["year"]].iloc[-1]
    if estimated := now["source"] == ESTIMATE:
        if not now["comparable"]:
            return []
        nation = nation if now["gap_sure"] else _("; avstanden til landet hviler på noen få jobber og er for usikker til å sies")
    who = (
        _("Jobbene her") if estimated else _("Foretak registrert {name}", name=at(short_name(name)))
    )  # what is registered is never told with «i»
    made = _("skaper anslagsvis {value} per sysselsatt", value=value) if estimated else _("skaper {value} per ansatt", value=value)
    year = fact["year"] if estimated else _("{year} ({source})", year=fact["year"], source=SHORT[now["source"]])
    text = _("{who} {made}{within} i {year}{nation}.", who=who, made=made, within=within, year=year, nation=nation)
    sentences: list[Sentence | str] = [Sentence(text, claims=fact_of(fact)), Sentence(other_kind(fact, best), figures=False)]
    own = value_creation[(value_creation["komm_nr"] == komm_nr) & value_creation["mix_kr"].notna() & value_creation["usable"]]
    own = own[own["year"] == own["year"].max()]
    if len(own) and own[["parts_sure", "comparable"]].iloc[0].all():
        last = own.iloc[0]
        sentences.append(
            _(
                "Næringene her er av et slag som gir {apart} kr {way} {per} enn i landet ({year}{public}).",
                apart=number(abs(round(last["mix_kr"], -2))),
                way=_("mer") if last["mix_kr"] >= 0 else _("mindre"),
                per=_("per sysselsatt") if last["source"] == ESTIMATE else _("per ansatt"),
                year=last["year"],
                public=_(", med offentlige jobber") if last["source"] == ESTIMATE else "",
            )
        )
    return sentences


@question(_("Hvor står næringslivet?"), "naeringslivsindeks.areas", "naeringslivsindeks")
def index(facts: pd.DataFrame, business_index_areas: pd.DataFrame, komm_nr: str, name: str) -> Told:
    """The index with its place and band, and the areas that pull it up and down."""
    fact = latest(facts, "business_index", komm_nr)
    if fact is None:
        return []
    own = business_index_areas[(business_index_areas["komm_nr"] == komm_nr) & (business_index_areas["year"] == fact["year"])]
    own = placed_areas(own.set_index("area"), business_index_areas.groupby("area")["indicators"].max())
    text = _("{value} poeng i {year} (50 er snittet av kommunene)", value=number(fact["value"], 1), year=fact["year"])
    text += f", {place(fact)}." if place(fact) else "."
    text += f" {unplaced(fact['base'], short_name(name))}" if fact["base"] < LEAST_BASE else ""
    first = Sentence(text, claims=fact_of(fact))
    if len(own) < 2:
        return [first]
    bottom, top = own.index[[0, -1]]
    return [
        first,
        _(
            "{top} står sterkest ({own} poeng), {bottom} svakest ({own2}).",
            top=capital(_(top)),
            own=number(own[top]),
            bottom=_(bottom),
            own2=number(own[bottom]),
        ),
    ]


@question(_("Har vi kompetansen?"), "utdanning.gap", "utdanning")
def skills(
    facts: pd.DataFrame, education_gap: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str
) -> Told:
    """The share with higher education, and what the jobs of those who live there would suggest."""
    fact = latest(facts, "higher_pct", komm_nr)
    if fact is None:
        return []
    beside = against(facts, fact, compare, _short(municipalities))
    text = _("{value} prosent har høyere utdanning ({year})", value=number(fact["value"], 1), year=fact["year"])
    sentences: list[Sentence | str] = [Sentence(f"{text}{beside}.", hooks=(("higher_pct", beside),), claims=fact_of(fact))]
    own = education_gap[education_gap["komm_nr"] == komm_nr].dropna(subset=["expected_pct", "higher_pct"])
    if len(own):
        last = own.loc[own["year"].idxmax()]
        slots = {"year": last["year"], "higher_pct": number(last["higher_pct"], 1)}
        sentences.append(
            _("I {year} var det {higher_pct}. Hva jobbene til så få innbyggere skulle tilsi, er for usikkert til å sies.", **slots)
            if too_wide(last)
            else _(
                "I {year} var det {higher_pct}; med jobbene innbyggerne har, var {expected_pct} ventet {low_pct}.",
                **slots,
                expected_pct=number(last["expected_pct"], 1),
                low_pct=between(last["low_pct"], last["high_pct"], 1),
            )
        )
    return sentences


@question(_("Hvor mange blir vi?"), "scenarioer.people", "scenarioer", told=HORIZON)
def people_ahead(
    population_scenarios: pd.DataFrame,
    population_projection: pd.DataFrame,
    projection_errors: pd.DataFrame,
    komm_nr: str,
    name: str,
) -> Told:
    """The band of the course that leads, SSB's beside, and how much the method has missed by for this municipality."""
    rows = courses_of(population_scenarios, komm_nr, HORIZON)
    if rows.empty or not (lead := leading(rows)):
        return []
    then = rows[(rows["course"] == lead) & (rows["year"] == HORIZON)].iloc[0]
    start = _("{population} i {horizon}", population=about(then["population"]), horizon=HORIZON)
    if pd.notna(then["low"]):
        start = _(
            "Mellom {low} og {high} i {horizon} ({sure})",
            low=about(then["low"]),
            high=about(then["high"]),
            horizon=HORIZON,
            sure=SURE,
        )
    theirs = population_projection[(population_projection["komm_nr"] == komm_nr) & population_projection["latest"]]
    theirs = theirs[theirs["year"] == HORIZON]["main"].dropna()
    sentences = [start + (_("; SSBs hovedalternativ {value}.", value=about(theirs.iloc[0])) if len(theirs) else ".")]
    tried = "trend" if lead == "limited" else lead  # which is the trend, kept within what municipalities of the size have had
    past = projection_errors[(projection_errors["komm_nr"] == komm_nr) & (projection_errors["horizon"] == 5)]
    past = past[past["course"] == tried].dropna(subset=["forecast", "actual"])
    if len(past):
        missed = number((100 * (past["forecast"] / past["actual"] - 1)).abs().mean(), 1)
        sentences.append(
            _(
                "Prøvd på {past} tidligere år har metoden bommet med {missed} prosent på fem år her.",
                past=neuter(len(past)),
                missed=missed,
            )
        )
    return [*sentences, own_record(then, short_name(name))]


@question(_("Hva betyr det for tjenestene?"), "scenarioer.ages", "scenarioer", horizon=HORIZON)
def services(population_ahead_by_age: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Told:
    """The oldest, those of working age and children, now and at the horizon in the course that leads, with their bands."""
    rows = population_ahead_by_age[population_ahead_by_age["komm_nr"] == komm_nr]
    now, then = (rows[rows["year"] == year].set_index("ages") for year in (rows["year"].min(), HORIZON))
    sentences = []
    for ages, who in SERVED.items():
        if ages not in then.index:
            continue
        band = _("(mellom {low} og {high}, {sure})", low=about(then.at[ages, "low"]), high=about(then.at[ages, "high"]), sure=SURE)
        sentences.append(
            _(
                "{who}: fra {now} i {year} til {value} i {horizon}{band}.",
                who=who,
                now=number(now.at[ages, "people"]),
                year=now.at[ages, "year"],
                value=about(then.at[ages, "people"]),
                horizon=HORIZON,
                band=f" {band}" if pd.notna(then.at[ages, "low"]) else "",
            )
        )
    return [*sentences, seldom_held(then, names[komm_nr])]


@question(_("Har vi råd?"), "perspektiv.economy", "perspektiv")
def economy(facts: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str) -> Told:
    """The net operating result with its five years, and what else is spent and saved (`SPENT`) beside the comparison."""
    names = _short(municipalities)
    sentences: list[Sentence | str] = []
    if (fact := latest(facts, "net_operating_result_pct", komm_nr)) is not None:
        own = facts[(facts["indicator"] == "net_operating_result_pct") & (facts["komm_nr"] == komm_nr)]
        same = latest_results(own.set_index("year")["value"])
        mean = _(", {value} i snitt av {own} år", value=number(same.mean(), 1), own=counted(len(same)))
        value = number(fact["value"], 1)
        text = _(
            "Netto driftsresultat er {value} prosent av inntektene i {year}{mean}; TBU anbefaler minst {advice} over tid.",
            value=value,
            year=fact["year"],
            mean=mean if len(same) >= ENOUGH else "",
            advice=number(ADVISED, 2),
        )
        sentences.append(Sentence(text, claims=fact_of(fact)))
    for indicator, sentence in SPENT.items():
        if (fact := latest(facts, indicator, komm_nr)) is not None:
            beside = against(facts, fact, compare, names)
            text = sentence.format(value=plain(indicator, fact["value"]), year=fact["year"])
            sentences.append(Sentence(f"{text}{beside}.", hooks=((indicator, beside),), claims=fact_of(fact)))
    return sentences


@question(_("Hva sier bedriftene?"), "naeringspuls.improve", "naeringspuls")
def businesses(survey_results: pd.DataFrame, survey_response: pd.DataFrame, komm_nr: str) -> Told:
    """How many answered, how many would recommend the municipality, and what most of them want to become better."""
    asked = of_wave(survey_response, komm_nr)
    asked = asked[asked["grouping"] == ALL].dropna(subset="answers")
    if asked.empty:
        return []
    whole_ = asked.iloc[0]
    invited = _(" av {invited} inviterte", invited=number(whole_["invited"])) if pd.notna(whole_["invited"]) else ""
    share = (
        _(" ({response_pct} prosent)", response_pct=number(whole_["response_pct"], 1)) if pd.notna(whole_["response_pct"]) else ""
    )
    sentences: list[Sentence | str] = [
        _(
            "{answers}{invited} svarte i {year}{share}.",
            answers=number(whole_["answers"]),
            invited=invited,
            year=whole_["year"],
            share=share,
        )
    ]
    rows = led(of_wave(survey_results, komm_nr, int(whole_["year"])))
    rows = rows[(rows["grouping"] == ALL) & rows["lead_pct"].notna() & rows["level"].isin(["answer", "side"])]
    for beginning, answer in (("anbefale", PROMOTERS), ("forbedre", "")):
        own = rows[rows["question"].str.startswith(beginning)]
        own = own[own["answer"] == answer] if answer else own
        if own.empty:
            continue
        row = own.loc[own["lead_pct"].idxmax()]
        who = _("Vektet er det") if pd.notna(row["weighted_pct"]) else _("Det er")
        what = (
            _("vil anbefale kommunen (9 eller 10 av 10)") if answer else _("ønsker at «{answer}» blir bedre", answer=row["answer"])
        )
        sure = between(row["lead_low_pct"], row["lead_high_pct"], 0)
        weighted = None if pd.isna(row["weighted_pct"]) else float(row["weighted_pct"])
        led_by = ("led", weighted, float(row["share_pct"]), float(row["lead_pct"]))
        sentences.append(
            Sentence(
                _("{who} {lead_pct} prosent som {what} {sure}.", who=who, lead_pct=number(row["lead_pct"]), what=what, sure=sure),
                claims=(led_by,),
            )
        )
    return sentences


@question(_("Når vi målene våre?"), "maal.progress", "maal")
def goals(goals: pd.DataFrame, goal_progress: pd.DataFrame, komm_nr: str) -> Told:
    """How many goals are reached or on pace, and those that are behind: their latest year's figure, and the pace they need."""
    own = with_figures(goals[goals["komm_nr"] == komm_nr], goal_progress)
    if own.empty:
        return []
    good = int(own["outcome"].isin(["reached", "on_pace"]).sum())
    many = capital(neuter(good))
    sentences = [_("{many} av {own} mål med tall er nådd eller i rute.", many=many, own=neuter(len(own)))]
    for row in own[own["outcome"] == "behind"].dropna(subset=["needed_per_year", "per_year"]).head(2).itertuples():
        needed, had = (number(pace, 2, sign=True) for pace in (row.needed_per_year, row.per_year))
        sentences.append(
            _(
                "{goal}: {value} {unit} i {year}, målet er {target} i {due}. Det trengs {needed} i året, og det har vært {had}.",
                goal=row.name,
                value=figure_of(row.latest_value, row),
                unit=_(row.unit),
                year=row.latest_year,
                target=figure_of(row.target, row),
                due=row.due_year,
                needed=needed,
                had=had,
            )
        )
    return sentences


@question(_("Hva tallene ikke sier, og hva som er nytt"), without_earlier=_("Hva tallene ikke sier"))
def limits(facts: pd.DataFrame, left_out: list[str], komm_nr: str, earlier: pd.DataFrame | None = None) -> Told:
    """What the figures cannot say, what is not comparable here, what is new or corrected, and which questions are left out."""
    own = facts[facts["komm_nr"] == komm_nr]
    last = own.sort_values("year").drop_duplicates("indicator", keep="last")
    apart = list(last.loc[~last["comparable"], "indicator"])
    return [
        _(
            "Tallene sier hva som har skjedd, ikke hvorfor, og ikke om et tiltak virket. Jobber telles der virksomheten er "
            "registrert, som ikke alltid er der folk møter på jobb. Tall for den enkelte næringspark finnes ikke her."
        ),
        Sentence(
            _(
                "En delt kommune, en flyttet grense eller et annet slags tall enn de fleste kommunene har, gjør at dette ikke kan "
                "sammenlignes: {split}.",
                split=listed([_called(name) for name in apart]),
            ),
            figures=False,
        )
        if apart
        else "",
        *_news(facts, earlier, komm_nr),
        (
            _("Ikke med, fordi kommunen har for få år som kan sammenlignes, eller tallene ikke er tatt inn: {asked}", asked=asked)
            if set(apart) - OF_KINDS
            else _("Ikke med, fordi tallene ikke er tatt inn: {asked}", asked=asked)
        )
        if (asked := " ".join(left_out))
        else "",
    ]


def _news(facts, earlier, komm_nr):
    """What the edition before did not have, or had otherwise."""
    if earlier is None or earlier.empty:
        return
    now, then = (table[table["komm_nr"] == komm_nr] for table in (facts, earlier))
    edition, fresh = earlier["edition"].iloc[0], [name for name, (__, before) in news.later(now, then).items() if before]
    moved = news.changed(now, then)
    moved = moved[moved["year"] == moved["indicator"].map(then.groupby("indicator")["year"].max())]
    counted_ = set(news.counted(moved["indicator"]))
    corrected = [
        _(
            "{indicator} i {year} fra {indicator2} til {indicator3}",
            indicator=_called(row.indicator),
            year=row.year,
            indicator2=plain(row.indicator, row.before),
            indicator3=plain(row.indicator, row.value),
        )
        for row in moved.itertuples()
        if row.indicator in counted_
    ]
    if fresh:
        yield _("Nye tall siden utgaven {edition}: {value}.", edition=edition, value=listed([_called(name) for name in fresh]))
    if corrected:
        yield _("Rettet siden utgaven {edition}: {corrected}.", edition=edition, corrected=listed(corrected))
    if estimates := [_called(name) for name in moved["indicator"] if name not in counted_]:
        yield _(
            "Beregnet på nytt siden utgaven {edition}, også for tidligere år: {estimates}.",
            edition=edition,
            estimates=listed(estimates),
        )
    if not fresh and moved.empty:
        yield _("Ingen av tallene her er nye eller rettet siden utgaven {edition}.", edition=edition)


def _called(indicator: str) -> str:
    """What an indicator is called in the middle of a sentence."""
    label = _(LISTED.at[indicator, "label"])
    return label[0].lower() + label[1:]


QUESTIONS = {name: function for name, function in list(globals().items()) if hasattr(function, "heading")}
