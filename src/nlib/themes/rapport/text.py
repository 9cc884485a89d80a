"""The report's answers: for each question the sentences that answer it, made of facts and measures, and the figure that shows them.

A question is a function with `@question`; it takes tables by name, as figures do, and gives sentences; without any it is left out. A register's count is told without an interval, what is estimated with
«mellom a og b (ni av ti)», an index with the band of its rank.
"""

import functools
from collections.abc import Callable

import pandas as pd

from nlib.charts.chart import Answer, Sentence
from nlib.charts.facts import span
from nlib.core.language import MINUS, NBSP, at, counted, listed, number, short_name, spans, with_unit
from nlib.core.translations import tr
from nlib.core.catalogue import CATALOGUE
from nlib.themes.arbeidsplasser.figures import sides
from nlib.themes.naeringspuls.figures import led, of_wave
from nlib.themes.scenarioer.figures import courses_of, leading

HORIZON = 2035
NINETY = 1.645  # standard deviations either side of a normal mean that hold nine of ten
SURE = "ni av ti"
ADVICE = 1.75  # percent of income that a municipality's net operating result should be over time (TBU)
LISTED = CATALOGUE.set_index("indicator")
LEAST_GROUP = 3  # municipalities with a figure, before they have a middle
NEAR = 0.2  # of the spread: closer than this is «omtrent som»


def question(heading: str, figure: str = "", page: str = "", **assumptions) -> Callable:
    """Make a function that gives sentences one that gives the `Answer` to a question; heading may hold {name} and {at}.

    assumptions: what the figure is drawn with, by the names that its function has for them.
    """

    def asked(function):
        @functools.wraps(function)
        def answered(**given) -> Answer:
            sentences = tuple(Sentence(text) for text in function(**given) if text)
            return Answer(f"rapport.{function.__name__}", heading, sentences, figure, page, assumptions)

        answered.heading = heading  # type: ignore[attr-defined]
        return answered

    return asked


# -- what the sentences share


def latest(facts: pd.DataFrame, indicator: str, komm_nr: str) -> pd.Series | None:
    """A municipality's fact of the latest year; None where it has none."""
    own = facts[(facts["indicator"] == indicator) & (facts["komm_nr"] == komm_nr)]
    return None if own.empty else own.loc[own["year"].idxmax()]


def written(indicator: str, value: float, sign: bool = False) -> str:
    """A value of an indicator as every sentence writes it: «70,5 prosent», «945 000 kr», «50 013»."""
    row = LISTED.loc[indicator]
    unit = {"%": "prosent", "%-poeng": "prosentpoeng"}.get(row["unit"], row["unit"])
    if row["unit"] == "kr":
        value = round(value, -3)
    return with_unit(number(value, int(row["decimals"]), sign), tr(unit))


def plain(indicator: str, value: float) -> str:
    """A value without its unit, beside one that has it."""
    return number(round(value, -3) if LISTED.at[indicator, "unit"] == "kr" else value, int(LISTED.at[indicator, "decimals"]))


def between(low: float, high: float, decimals: int) -> str:
    """The interval of an estimate: «(mellom 0,8 og 1,5, ni av ti)»."""
    return f"(mellom {number(low, decimals)} og {number(high, decimals)}, {SURE})"


def place(fact: pd.Series) -> str:
    """A rank with its N and direction, its band where it has one, or that it is shared; empty where none is told."""
    if pd.isna(fact["rank"]):
        return ""
    first, last, n = int(fact["rank"]), int(fact["rank"]) + int(fact["tied"]) - 1, number(fact["n"])
    if pd.notna(fact["rank_low"]):
        kind = LISTED.at[fact["indicator"], "kind"]
        band = f"{number(fact['rank_low'])}–{number(fact['rank_high'])}"
        told = f"med andre vekter {band}" if kind == "sammensatt" else f"{band} er like rimelig"
        return f"plass {number(first)} av {n} (1 er høyest); {told}"
    return f"delt plass {number(first)}–{number(last)} av {n} (1 er høyest)" if last > first else f"plass {number(first)} av {n} (1 er høyest)"


def others(facts: pd.DataFrame, fact: pd.Series, compare: list[str]) -> pd.Series:
    """The comparison municipalities' values of the same indicator and year, by number."""
    rows = facts[(facts["indicator"] == fact["indicator"]) & (facts["year"] == fact["year"]) & facts["comparable"]]
    return rows[rows["komm_nr"].isin(compare)].set_index("komm_nr")["value"]


def against(facts: pd.DataFrame, fact: pd.Series, compare: list[str], names: pd.Series) -> str:
    """What the comparison and the nation have: the middle of those that are compared with, each by name where they are few."""
    held, indicator = others(facts, fact, compare), fact["indicator"]
    nation = [] if pd.isna(fact["nation"]) else [f"landet {plain(indicator, fact['nation'])}"]
    if len(held) >= LEAST_GROUP:
        return listed([f"midten av dem vi måles mot er {plain(indicator, held.median())}", *nation])
    return listed([*(f"{names[nr]} har {plain(indicator, value)}" for nr, value in held.items()), *nation])


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def more(count: float, what: str = "") -> str:
    """A change in a count: «1 825 flere», «12 færre»."""
    return f"{number(abs(count))} {'flere' if count >= 0 else 'færre'}{what}"


def _short(municipalities: pd.DataFrame) -> pd.Series:
    return municipalities.set_index("komm_nr")["name"].map(short_name)


# -- the questions, in the order of the report


@question("Hvordan går det {at}?", "rapport.strip", "befolkning")
def standing(
    facts: pd.DataFrame, developments: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str
) -> list[str]:
    """People and jobs, then the strongest and the weakest against the comparison, and the largest change for its kind."""
    names = _short(municipalities)
    return [
        *_people(facts, developments, compare, komm_nr, names),
        *_coverage(facts, developments, komm_nr),
        *_extremes(facts, developments, compare, komm_nr),
        *_largest(developments, komm_nr),
    ]


def _people(facts, developments, compare, komm_nr, names):
    fact = latest(facts, "population", komm_nr)
    if fact is None:
        return
    moved = developments[developments["indicator"] == "population"].set_index("komm_nr")
    own = moved.loc[komm_nr] if komm_nr in moved.index else None
    told = f"Folketallet er {number(fact['value'])}"
    if own is None or pd.isna(own["change"]):
        yield f"{told}."
        return
    before = facts[(facts["indicator"] == "population") & (facts["year"] == own["since"])]["nation"]
    rest = [f"{names[nr]} {number(moved.at[nr, 'change'], 1)}" for nr in compare[:2] if nr in moved.index and pd.notna(moved.at[nr, "change"])]
    if len(before):
        rest.append(f"landet {number(100 * (fact['nation'] / before.iloc[0] - 1), 1)}")
    direction = "flere" if own["change"] >= 0 else "færre"
    yield f"{told}, {number(abs(own['change']), 1)} prosent {direction} enn i {own['since']}" + (f"; {listed(rest)}." if rest else ".")


def _coverage(facts, developments, komm_nr):
    fact = latest(facts, "coverage_pct", komm_nr)
    if fact is None:
        return
    row = developments[(developments["indicator"] == "coverage_pct") & (developments["komm_nr"] == komm_nr)]
    told = f"Det er {number(fact['value'], 1)} arbeidsplasser for hver 100 sysselsatte som bor her ({fact['year']})"
    if row.empty or pd.isna(row["before"].iloc[0]):
        yield f"{told}."
        return
    before, since = row["before"].iloc[0], row["since"].iloc[0]
    turned = (before >= 100) != (fact["value"] >= 100)
    ways = ("flere pendlet inn enn ut", "flere pendler ut enn inn") if before >= 100 else ("flere pendlet ut enn inn", "flere pendler inn enn ut")
    yield f"{told}, mot {number(before, 1)} i {since}" + (f": {ways[0]} da, nå {ways[1]}." if turned else ".")


def _extremes(facts, developments, compare, komm_nr):
    """The strongest and the weakest of those with a direction, by distance to the middle of the comparison in units of spread."""
    found = []
    for row in developments[developments["komm_nr"] == komm_nr].itertuples():
        listed_as, fact = LISTED.loc[row.indicator], latest(facts, row.indicator, komm_nr)
        if int(listed_as["direction"]) == 0 or fact is None or not fact["comparable"] or not row.spread > 0:
            continue
        held = others(facts, fact, compare)
        if len(held) < LEAST_GROUP:
            continue
        noise = (fact["high"] - fact["low"]) / 2 if pd.notna(fact["low"]) else NINETY * (0.0 if pd.isna(row.swing) else row.swing)
        apart = fact["value"] - held.median()
        if abs(apart) > max(noise, NEAR * row.spread):
            found.append((int(listed_as["direction"]) * apart / row.spread, fact, held.median()))
    found.sort(key=lambda one: one[0])
    for (distance, fact, middle), word in [(found[-1], "Sterkest"), (found[0], "Svakest")] if found else []:
        if (distance > 0) == (word == "Sterkest"):
            subject, indicator = tr(LISTED.at[fact["indicator"], "subject"]), fact["indicator"]
            yield (
                f"{word} mot dem vi måles mot står {subject}: {written(indicator, fact['value'])} i {fact['year']}, midten av dem er "
                f"{plain(indicator, middle)}."
            )


def _largest(developments, komm_nr):
    """The largest change for its kind, but for people and jobs, which are told already."""
    own = developments[(developments["komm_nr"] == komm_nr) & (developments["usual_change"] > 0)]
    own = own[~own["indicator"].isin(["population", "coverage_pct"])].dropna(subset="change")
    own = own[own["change"].abs() > (NINETY * own["swing"] * (own["year"] - own["since"].astype(float)) ** 0.5).fillna(0)]
    if own.empty:
        return
    row = own.loc[(own["change"].abs() / own["usual_change"]).idxmax()]
    now = row["before"] * (1 + row["change"] / 100) if LISTED.at[row["indicator"], "change"] == "percent" else row["before"] + row["change"]
    subject = capital(tr(LISTED.at[row["indicator"], "subject"]))
    yield (
        f"Størst endring, målt mot hva som er vanlig i kommunene: {subject} gikk fra {plain(row['indicator'], row['before'])} i "
        f"{row['since']} til {written(row['indicator'], now)} i {row['year']}."
    )


@question("Hvorfor vokser eller krymper {name}?", "befolkning.yearly_growth", "befolkning")
def growth(population_growth_parts: pd.DataFrame, facts: pd.DataFrame, komm_nr: str) -> list[str]:
    """The latest year's growth in its parts, which add up to it, and how much growth swings."""
    own = population_growth_parts[(population_growth_parts["komm_nr"] == komm_nr) & population_growth_parts["growth"].notna()]
    if own.empty:
        return []
    last = own.loc[own["year"].idxmax()]
    ways = {
        "birth_surplus": ("flere fødte enn døde", "flere døde enn fødte"),
        "domestic_net": ("flere flyttet hit fra andre kommuner enn herfra", "flere flyttet herfra til andre kommuner enn hit"),
        "foreign_net": ("flere fra utlandet enn til", "flere til utlandet enn fra"),
    }
    parts = [f"{number(abs(last[part]))} {ways[part][int(last[part] < 0)]}" for part in ways if pd.notna(last[part]) and last[part]]
    if pd.notna(last["correction"]) and last["correction"]:
        parts.append(f"{number(last['correction'], 0, sign=True)} er rettelser i registeret")
    told = f"I {last['year']} ble det {more(last['growth'])}" + (f": {listed(parts)}." if parts else ".")
    rates = facts[(facts["indicator"] == "growth_pct") & (facts["komm_nr"] == komm_nr)].nlargest(10, "year")["value"]
    swing = f"De siste {counted(len(rates))} årene har veksten vært mellom {number(rates.min(), 1, sign=True)} og {number(rates.max(), 1, sign=True)} prosent i året." if len(rates) > 4 else ""
    return [told, swing]


@question("Er {name} attraktiv for folk og bedrifter?", "attraktivitet.scatter", "attraktivitet")
def attractive(facts: pd.DataFrame, komm_nr: str) -> list[str]:
    """Attractiveness to live in and for business, each with interval and place."""
    sentences = []
    if (fact := latest(facts, "bosted", komm_nr)) is not None:
        way = "flere hit" if fact["value"] >= 0 else "færre hit"
        sentences.append(
            f"I {fact['year'] - 2}–{fact['year']} flyttet det {number(abs(fact['value']), 1)} prosent {way} i året enn størrelse, "
            f"arbeidsmarked og jobbvekst tilsier {_band(fact)}. {_doubtful(fact)}"
        )
    if (fact := latest(facts, "naering", komm_nr)) is not None:
        way = "mer" if fact["value"] >= 0 else "mindre"
        sentences.append(
            f"Private arbeidsplasser vokste {number(abs(fact['value']), 1)} prosent {way} i året enn bransjene og landet tilsier "
            f"{_band(fact)}. {_doubtful(fact)}"
        )
    return sentences


def _band(fact):
    """The interval of an estimate that is told without its sign: the ends are told with theirs where the value is negative."""
    if fact["value"] >= 0:
        return between(fact["low"], fact["high"], 1)
    return between(-fact["high"], -fact["low"], 1)


def _doubtful(fact):
    """The place, or that the estimate can be either side of null."""
    if fact["low"] <= 0 <= fact["high"]:
        return f"Avstanden kan like gjerne være null: {place(fact)}." if place(fact) else "Avstanden kan like gjerne være null."
    return f"{capital(place(fact))}." if place(fact) else ""


@question("Er jobbveksten vår egen?", "arbeidsplasser.national", "arbeidsplasser")
def jobs(employed_register: pd.DataFrame, komm_nr: str, employed_by_sector: pd.DataFrame | None = None) -> list[str]:
    """The growth in jobs against the nation's, and how much of it is private."""
    own = employed_register[(employed_register["komm_nr"] == komm_nr) & employed_register["jobs"].notna()].sort_values("year")
    period = span(own, "jobs") if len(own) else None
    if period is None:
        return []
    at_ends = own.set_index("year")["jobs"].astype(float)[list(period)]
    whole = employed_register[employed_register["year"].isin(period)].pivot(index="komm_nr", columns="year", values="jobs").astype(float).dropna().sum()
    grown, follows = at_ends.diff().iloc[1], at_ends.iloc[0] * (whole[period[1]] / whole[period[0]] - 1)
    told = (
        f"{capital(more(grown))} arbeidsplasser fra {period[0]} til {period[1]}. Med landets vekst ville det blitt {more(follows)}."
    )
    return [told, _private(employed_by_sector, komm_nr, grown, *period)]


def _private(employed_by_sector, komm_nr, grown, first, last):
    """How many of the new jobs are private, where the sectors are known in both years."""
    if employed_by_sector is None or employed_by_sector.empty or grown <= 0:
        return ""
    own = sides(employed_by_sector[employed_by_sector["komm_nr"] == komm_nr]).set_index("year").reindex([first, last])
    if own.isna().any(axis=None):
        return ""
    private, public = own["private"].diff().iloc[1], own["public"].diff().iloc[1]
    if private < 0 or public < 0:
        return f"Private: {number(private, 0, sign=True)}, offentlige: {number(public, 0, sign=True)}."
    return f"{number(private)} av de nye er private, altså {number(100 * private / (private + public))} prosent."


@question("Hva lever {name} av?", "arbeidsplasser.branches", "arbeidsplasser")
def industries(specialisation: pd.DataFrame, komm_nr: str) -> list[str]:
    """The largest branches, and the one that stands out most from the nation."""
    own = specialisation[(specialisation["komm_nr"] == komm_nr) & specialisation["share_pct"].notna()]
    if own.empty:
        return []
    own = own[own["year"] == own["year"].max()].sort_values(["share_pct", "branch"], ascending=[False, True])
    year = own["year"].iloc[0]
    first = [f"{tr(row.branch)} ({number(row.share_pct, 1)} prosent)" for row in own.head(3).itertuples()]
    told = f"Flest arbeider i {listed(first)} ({year})."
    special = own[(own["lq_low"] > 1) & (own["share_pct"] >= 1)]
    if special.empty:
        return [told]
    row = special.loc[special["lq"].idxmax()]
    return [
        told,
        f"{capital(tr(row['branch']))} er {number(row['lq'], 1)} ganger så stor del av jobbene her som i landet "
        f"({number(row['share_pct'], 1)} mot {number(row['nation_pct'], 1)} prosent).",
    ]


@question("Hvem deler vi arbeidsmarked med?", "pendling.flow_map", "pendling")
def commuters(
    facts: pd.DataFrame, commuting_flows: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str
) -> list[str]:
    """The shares that commute out and in, the largest partners, and how many jobs there are for those who live here."""
    out, into, jobs_per = (latest(facts, name, komm_nr) for name in ("out_pct", "in_pct", "coverage_pct"))
    if out is None and into is None:
        return []
    names = _short(municipalities)
    told = [] if out is None else [f"{number(out['value'], 1)} prosent av de sysselsatte som bor her, arbeider i en annen kommune"]
    told += [] if into is None else [f"{number(into['value'], 1)} prosent av arbeidsplassene her har folk fra andre kommuner"]
    year = (into if out is None else out)["year"]
    sentences = [f"{'; '.join(told)} ({year})."]
    flows = commuting_flows[(commuting_flows["year"] == year) & (commuting_flows["home_nr"] != commuting_flows["work_nr"])]
    partners = []
    for way, mine, theirs in (("til", "home_nr", "work_nr"), ("fra", "work_nr", "home_nr")):
        own = flows[flows[mine] == komm_nr]
        if len(own) and own["employed"].max() > 0:
            top = own.loc[own["employed"].idxmax()]
            partners.append(f"{way} {names.get(top[theirs], top[theirs])} ({number(top['employed'])})")
    sentences.append(f"Flest pendler {listed(partners)}." if partners else "")
    if jobs_per is not None:
        sentences.append(f"Arbeidsplassdekningen er {number(jobs_per['value'], 1)} prosent; {against(facts, jobs_per, compare, names)}.")
    return sentences


@question("Hva skaper bedriftene?", "verdiskaping.gap", "verdiskaping")
def value_created(facts: pd.DataFrame, value_creation: pd.DataFrame, komm_nr: str, name: str) -> list[str]:
    """Value creation per employee against the nation's, what of the gap follows from industries, and how many firms it hangs on."""
    fact = latest(facts, "per_employee_kr", komm_nr)
    if fact is None:
        return []
    nation = "" if pd.isna(fact["nation"]) else f", landet {written('per_employee_kr', fact['nation'])}"
    within = "" if pd.isna(fact["low"]) else f" (mellom {plain('per_employee_kr', fact['low'])} og {plain('per_employee_kr', fact['high'])}, {SURE})"
    sentences = [f"Foretak registrert {at(name)} skaper {written('per_employee_kr', fact['value'])} per ansatt{within} i {fact['year']}{nation}."]
    own = value_creation[(value_creation["komm_nr"] == komm_nr) & value_creation["mix_kr"].notna() & value_creation["usable"]]
    if len(own):
        last = own[own["year"] == own["year"].max()].iloc[0]
        way = "mer" if last["mix_kr"] >= 0 else "mindre"
        sentences.append(
            f"Næringene kommunen har, ga i {last['year']} {number(abs(round(last['mix_kr'], -3)))} kr {way} per sysselsatt enn landets, "
            "regnet med samme verdiskaping i hver næring."
        )
    return sentences


@question("Hvor står næringslivet?", "naeringslivsindeks.areas", "naeringslivsindeks")
def index(facts: pd.DataFrame, business_index_areas: pd.DataFrame, komm_nr: str) -> list[str]:
    """The index with its place and band, and the areas that pull it up and down."""
    fact = latest(facts, "business_index", komm_nr)
    if fact is None:
        return []
    own = business_index_areas[(business_index_areas["komm_nr"] == komm_nr) & (business_index_areas["year"] == fact["year"])]
    own = own[(own["area"] != "samlet") & own["score"].notna()].set_index("area")["score"]
    told = f"{number(fact['value'], 1)} poeng i {fact['year']} (50 er snittet av kommunene)" + (f", {place(fact)}." if place(fact) else ".")
    if len(own) < 2:
        return [told]
    top, bottom = own.idxmax(), own.idxmin()
    return [told, f"{capital(tr(top))} står sterkest ({number(own[top])} poeng), {tr(bottom)} svakest ({number(own[bottom])})."]


@question("Har vi kompetansen?", "utdanning.gap", "utdanning")
def skills(
    facts: pd.DataFrame, education_gap: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str
) -> list[str]:
    """The share with higher education, and what the jobs of those who live there would suggest."""
    fact = latest(facts, "higher_pct", komm_nr)
    if fact is None:
        return []
    sentences = [f"{number(fact['value'], 1)} prosent har høyere utdanning ({fact['year']}); {against(facts, fact, compare, _short(municipalities))}."]
    own = education_gap[education_gap["komm_nr"] == komm_nr].dropna(subset=["expected_pct", "higher_pct"])
    if len(own):
        last = own.loc[own["year"].idxmax()]
        sentences.append(
            f"I {last['year']} var det {number(last['higher_pct'], 1)}; med jobbene innbyggerne har, var "
            f"{number(last['expected_pct'], 1)} ventet {between(last['low_pct'], last['high_pct'], 1)}."
        )
    return sentences


@question("Hvor mange blir vi?", "scenarioer.people", "scenarioer")
def people_ahead(
    population_scenarios: pd.DataFrame, population_projection: pd.DataFrame, projection_errors: pd.DataFrame, komm_nr: str
) -> list[str]:
    """The band of the course that leads, SSB's beside, and how much the method has missed by for this municipality."""
    rows = courses_of(population_scenarios, komm_nr, HORIZON)
    if rows.empty or not (lead := leading(rows)):
        return []
    then = rows[(rows["course"] == lead) & (rows["year"] == HORIZON)].iloc[0]
    told = f"{_hundreds(then['population'])} i {HORIZON}"
    if pd.notna(then["low"]):
        told = f"Mellom {_hundreds(then['low'])} og {_hundreds(then['high'])} i {HORIZON} ({SURE})"
    theirs = population_projection[(population_projection["komm_nr"] == komm_nr) & population_projection["latest"]]
    theirs = theirs[theirs["year"] == HORIZON]["main"].dropna()
    sentences = [told + (f"; SSBs hovedalternativ {_hundreds(theirs.iloc[0])}." if len(theirs) else ".")]
    past = projection_errors[(projection_errors["komm_nr"] == komm_nr) & (projection_errors["horizon"] == 5) & (projection_errors["course"] == lead)]
    past = past.dropna(subset=["forecast", "actual"])
    if len(past):
        missed = (100 * (past["forecast"] / past["actual"] - 1)).abs().mean()
        sentences.append(f"Prøvd på {counted(len(past))} tidligere år har metoden bommet med {number(missed, 1)} prosent på fem år her.")
        tried = then["tried"]
        if pd.notna(tried) and tried and then["held"] < 0.5 * tried:
            sentences.append(f"Båndet har bare holdt i {number(then['held'])} av {number(tried)} prøver: vær varsom.")
    return sentences


def _hundreds(people: float) -> str:
    """People in whole hundreds, or tens in a small municipality: an estimate is not told to the last person."""
    return number(round(people, -2 if people >= 2000 else -1))


@question("Hva betyr det for tjenestene?", "scenarioer.ages", "scenarioer", horizon=HORIZON)
def services(population_scenarios: pd.DataFrame, komm_nr: str) -> list[str]:
    """Children, those of working age and those over 80 now and at the horizon, between low and high."""
    rows = courses_of(population_scenarios, komm_nr, HORIZON)
    if rows.empty or not (lead := leading(rows)):
        return []
    now = rows[(rows["course"] == lead) & (rows["year"] == rows["year"].min())].iloc[0]
    then = rows[rows["year"] == HORIZON].set_index("course")
    sentences = []
    for ages, who in (("age_80", "80 år og eldre"), ("age_20_66", "20–66 år"), ("age_0_19", "barn og unge under 20 år")):
        change = then.at[lead, ages] - now[ages]
        ends = sorted(then.loc[[course for course in ("low", "high") if course in then.index], ages] - now[ages])
        if pd.isna(change) or len(ends) < 2:
            continue
        told = [f"{'+' if end > 0 else ''}{_tens(end)}" for end in ends]
        sentences.append(
            f"{capital(who)}: {'+' if change > 0 else ''}{_tens(change)} fra {now['year']} til {HORIZON}, fra {number(now[ages])}; "
            f"{told[0]} med lav og {told[1]} med høy attraktivitet."
        )
    return sentences


def _tens(people: float) -> str:
    return number(round(people, -1))


@question("Har vi råd?", "perspektiv.result", "perspektiv")
def economy(facts: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str) -> list[str]:
    """The net operating result with its five years, and debt and reserves beside the comparison."""
    names, sentences = _short(municipalities), []
    if (fact := latest(facts, "net_operating_result_pct", komm_nr)) is not None:
        own = facts[(facts["indicator"] == "net_operating_result_pct") & (facts["komm_nr"] == komm_nr)].nlargest(5, "year")
        mean = f", {number(own['value'].mean(), 1)} i snitt av {counted(len(own))} år" if len(own) > 1 else ""
        sentences.append(f"Netto driftsresultat er {number(fact['value'], 1)} prosent av inntektene i {fact['year']}{mean}; rådet er {number(ADVICE, 2)}.")
    for indicator, what in (("net_debt_pct", "Netto lånegjeld"), ("free_reserves_pct", "Disposisjonsfondet")):
        if (fact := latest(facts, indicator, komm_nr)) is not None:
            beside = against(facts, fact, compare, names)
            sentences.append(f"{what} er {number(fact['value'], 1)} prosent av inntektene" + (f"; {beside}." if beside else "."))
    return sentences


@question("Hva sier bedriftene?", "naeringspuls.improve", "naeringspuls")
def businesses(survey_results: pd.DataFrame, survey_response: pd.DataFrame, komm_nr: str) -> list[str]:
    """How many answered, how many would recommend the municipality, and what would make it better."""
    asked = of_wave(survey_response, komm_nr)
    asked = asked[asked["grouping"] == "Alle"].dropna(subset="answers")
    if asked.empty:
        return []
    whole = asked.iloc[0]
    share = f" ({number(whole['response_pct'], 1)} prosent)" if pd.notna(whole["response_pct"]) else ""
    of = f" av {number(whole['invited'])} inviterte" if pd.notna(whole["invited"]) else ""
    sentences = [f"{number(whole['answers'])}{of} svarte i {whole['year']}{share}."]
    rows = led(of_wave(survey_results, komm_nr, int(whole["year"])))
    rows = rows[(rows["grouping"] == "Alle") & rows["lead_pct"].notna()]
    for beginning, answers, ending in (("anbefale", ["9–10"], "vil anbefale kommunen (9 eller 10 av 10)"), ("forbedre", None, "vil ha")):
        own = rows[rows["question"].str.startswith(beginning) & rows["level"].isin(["answer", "side"])]
        own = own[own["answer"].isin(answers)] if answers else own
        if own.empty:
            continue
        row = own.loc[own["lead_pct"].idxmax()]
        what = ending if answers else f"nevner «{row['answer']}» når de blir spurt om hva som bør bli bedre"
        weighted = "Vektet er det" if pd.notna(row["weighted_pct"]) else "Det er"
        sentences.append(
            f"{weighted} {number(row['lead_pct'])} prosent som {what} {between(row['lead_low_pct'], row['lead_high_pct'], 0)}."
        )
    return sentences


@question("Når vi målene våre?", "maal.progress", "maal")
def goals(goal_progress: pd.DataFrame, komm_nr: str) -> list[str]:
    """How many goals are reached or on pace, and those that are farthest behind."""
    own = goal_progress[goal_progress["komm_nr"] == komm_nr]
    if own.empty:
        return []
    good = int(own["outcome"].isin(["reached", "on_pace"]).sum())
    many = "Ett" if good == 1 else capital(counted(good))
    sentences = [f"{many} av {counted(len(own))} mål med tall er nådd eller i rute."]
    for row in own[own["outcome"] == "behind"].head(2).itertuples():
        if pd.notna(row.needed_per_year) and pd.notna(row.per_year):
            sentences.append(
                f"{row.label}: {number(row.latest_value, 1)} i {row.latest_year}; trenger {number(row.needed_per_year, 2, sign=True)} i året, har hatt "
                f"{number(row.per_year, 2, sign=True)}."
            )
    return sentences


@question("Hva tallene ikke sier, og hva som er nytt")
def limits(
    facts: pd.DataFrame, municipalities: pd.DataFrame, left_out: list[str], komm_nr: str, earlier: pd.DataFrame | None = None
) -> list[str]:
    """What the figures cannot say, what is not comparable here, what is new or corrected, and which questions are left out."""
    own = facts[facts["komm_nr"] == komm_nr]
    last = own.sort_values("year").drop_duplicates("indicator", keep="last")
    split = [tr(LISTED.at[name, "label"]).lower() for name in last.loc[~last["comparable"], "indicator"]]
    return [
        "Tallene sier hva som har skjedd, ikke hvorfor, og ikke om et tiltak virket. Jobber telles der virksomheten er registrert, "
        "som ikke alltid er der folk møter på jobb. Tall for den enkelte næringspark finnes ikke her.",
        f"En delt kommune eller en flyttet grense gjør at dette ikke kan sammenlignes med andre år: {listed(split)}." if split else "",
        *_news(facts, earlier, komm_nr),
        f"Ikke med, fordi tallene ikke er tatt inn: {' '.join(left_out)}" if left_out else "",
    ]


def _news(facts, earlier, komm_nr):
    """What the edition before did not have, or had otherwise."""
    if earlier is None or earlier.empty:
        return
    keys = ["indicator", "year"]
    now, then = (table[table["komm_nr"] == komm_nr].set_index(keys)["value"] for table in (facts, earlier))
    newest = now.reset_index().groupby("indicator")["year"].max()
    before = then.reset_index().groupby("indicator")["year"].max()
    later = [name for name in newest.index if name in before.index and newest[name] > before[name]]
    both = now.index.intersection(then.index)
    corrected = [
        f"{tr(LISTED.at[name, 'label']).lower()} i {year} er rettet fra {plain(name, then[name, year])} til {plain(name, now[name, year])}"
        for name, year in both
        if year == before[name] and plain(name, then[name, year]) != plain(name, now[name, year])
    ]
    edition = earlier["edition"].iloc[0]
    if later:
        yield f"Nye tall siden utgaven {edition}: {listed([tr(LISTED.at[name, 'label']).lower() for name in later])}."
    if corrected:
        yield f"Rettet siden utgaven {edition}: {listed(corrected)}."
    if not later and not corrected:
        yield f"Ingen tall i katalogen er nye eller rettet siden utgaven {edition}."


QUESTIONS = {name: function for name, function in list(globals().items()) if hasattr(function, "heading")}
