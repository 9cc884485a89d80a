"""The figures of the page on the municipality's own goals: measures by status, every goal and measure, and the way to each target.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Goals, measures and status are the
municipality's own words; figures are nlib's.
"""

import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Lacking, Listing, figure
from nlib.charts.strip import Strip
from nlib.core.language import counted, listed, neuter, number, percent
from nlib.core.translations import _, pgettext

UNTOLD, NONE = _("Ikke oppgitt"), "–"
STATUS = {"Ferdig": "own", "I gang": "against", "Planlagt": "others", UNTOLD: "before"}  # and the role of each
OUTCOMES = {
    "reached": _("nådd"),
    "on_pace": _("nok fart"),
    "behind": _("for sakte"),
    "missed": _("ikke nådd innen fristen"),
    "unknown": _("kan ikke vurderes"),
}
LACKS = {
    "no_target": _("måltall er ikke oppgitt"),
    "no_figures": _("utgaven har ingen tall for indikatoren i årene fram til målet"),
    "no_start_year": _("startår er ikke oppgitt"),
    "no_start": _("indikatoren har ikke tall for startåret"),
    "too_early": _("det er ikke kommet tall etter startåret"),
    "not_comparable": _("en deling eller flyttet grense gjør at årene ikke kan sammenlignes"),
    "break": _("tallene måles på en ny måte fra et år etter startåret"),
    "past_target": _("måltallet var nådd alt i startåret"),
    "no_due_year": _("år for målet er ikke oppgitt"),
}
SSB_TABLE = "SSB, tabell "
FARTHEST = 130.0  # percent of the way that is drawn, either side of the start
MOST = 30  # goals in one drawing
OWN_WORDS = _("Status er kommunens egen og er ikke kontrollert av nlib.")
LATER = _("Målene vises når en fil med dem er tatt inn.")


@figure(_("Tiltakene"))
def overview(goals: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """How many measures are done, under way and planned in each focus area."""
    own = _own(goals, komm_nr)
    measures = own[own["measure"].notna()]
    if measures.empty:
        raise Lacking(LATER if own.empty else _("Filen har mål, men ingen tiltak."))
    counts = pd.crosstab(measures["area"], measures["status"].fillna(UNTOLD))
    counts = counts.reindex(own["area"].unique(), columns=list(STATUS), fill_value=0).rename_axis(_("Satsingsområde"))
    whole = counts.sum(axis=1)
    texts = [_("{done} av {of} ferdig", done=number(a), of=number(b)) for a, b in zip(counts["Ferdig"], whole, strict=True)]
    form = Bars(
        heading=_("Tiltak"),
        rows=counts.assign(whole=whole, text=texts),
        parts={status: (_(status).lower(), role) for status, role in STATUS.items() if counts[status].sum()},
        texts="text",
        also={"whole": _("I alt")},
    )
    return form.chart(
        status_sentence(measures),
        _("Hver stolpe er et satsingsområde, og delene er antall tiltak."),
        OWN_WORDS,
        _source(own, names[komm_nr]),
    )


@figure(_("Mål og tiltak"))
def measures(goals: pd.DataFrame, goal_progress: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Listing:
    """Every goal and measure with who is responsible, its year, its status in words, and its figures where it has an indicator."""
    own = _own(goals, komm_nr)
    if own.empty:
        raise Lacking(LATER)
    figures = {row.position: f". {figures_told(row)}." for row in with_figures(own, goal_progress).itertuples(index=False)}
    texts = own["measure"].fillna(_("Mål: ") + own["goal"].fillna(""))
    table = pd.DataFrame(
        {
            _("Satsingsområde"): own["area"],
            _("Mål og tiltak"): [f"{text}{figures.get(at, '')}" for text, at in zip(texts, own["position"], strict=True)],
            "Status": own["status"].where(own["status"].notna() | own["measure"].isna(), UNTOLD).fillna(NONE),
            _("År"): own["due_year"].astype("str").fillna(NONE),
            _("Ansvarlig"): own["responsible"].fillna(NONE),
        }
    )
    return Listing(
        id="",
        title=_("Planen har {plan}", plan=plan_told(own)),
        reading=_("En strek betyr at filen ikke sier noe. Tallene er de siste i utgaven."),
        uncertainty=OWN_WORDS,
        source=_source(own, names[komm_nr]),
        table=table,
        by=_("Satsingsområde"),
    )


COLUMNS = {  # of the table under the ways
    "label": _("Indikator"),
    "start_year": _("Startår"),
    "start_value": _("Starttall"),
    "latest_year": _("Siste år"),
    "latest_value": _("Siste tall"),
    "target": _("Måltall"),
    "due_year": _("Målår"),
    "per_year": _("I året så langt"),
    "needed_per_year": _("Trengs i året"),
}


@figure(_("Veien mot måltallene"))
def progress(goals: pd.DataFrame, goal_progress: pd.DataFrame, komm_nr: str) -> Chart:
    """The share of the way from start to target that each goal has gone, beside where even steps would have brought it."""
    own = _own(goals, komm_nr)
    if own.empty:
        raise Lacking(LATER)
    tied = with_figures(own, goal_progress)
    known = tied[tied["way_pct"].notna()]
    if known.empty:
        raise Lacking(_("Ingen av målene har indikator, startår og måltall det kan regnes en vei mellom."))
    drawn = known.head(MOST).astype({"start_year": "str", "latest_year": "str", "due_year": "str"})
    verdicts = [_verdict(row) for row in drawn.itertuples(index=False)]
    ways = drawn[["way_pct", "steady_pct"]].astype(float).clip(-FARTHEST, FARTHEST)
    form = Strip(
        heading=_("Prosent av veien fra startåret til måltallet (100)"),
        rows=drawn.assign(
            way=ways["way_pct"],
            steady=ways["steady_pct"],
            verdict=verdicts,
            text=[f"{percent(way, 0)}, {verdict}" for way, verdict in zip(drawn["way_pct"], verdicts, strict=True)],
        ).set_index(drawn["name"].rename(pgettext("goal", "Mål"))),
        marks={"way": (_("gått"), "own"), "steady": (_("jevn fart til nå"), "nation")},
        values={"way_pct": (_("gått"), "own"), "steady_pct": (_("jevn fart"), "nation")},
        texts="text",
        joined=True,
        level=100,
        limits=(min(-5.0, float(ways.min(axis=None)) - 5), max(106.0, float(ways.max(axis=None)) + 6)),
        unit="%",
        also=COLUMNS,
        precise=dict.fromkeys(("start_value", "latest_value", "target", "per_year", "needed_per_year"), 2),
    )
    reading = _(
        "Streken er hvor langt like lange steg hvert år ville ført. Hvert mål er lest av på sitt siste år alene; tabellen har "
        "året, tallet og farten som trengs."
    )
    if len(drawn) < len(tied):
        reading += _(
            " Her er {drawn} av {tied} mål med tall; listen over mål og tiltak har alle.",
            drawn=neuter(len(drawn)),
            tied=neuter(len(tied)),
        )
    return form.chart(
        pace_sentence(tied),
        reading,
        _(
            "Farten er ren regning, og sier ikke hva som kommer til å skje; ett års tall kan svinge. nlib vet ikke om "
            "tiltakene er grunn til endringen."
        ),
        _figures_source(known),
    )


# -- what the titles say


def status_sentence(measures: pd.DataFrame) -> str:
    """How many of the measures are done and under way."""
    done, begun = (int((measures["status"] == status).sum()) for status in ("Ferdig", "I gang"))
    of = _(
        "{done} av {measures} tiltak er {word}",
        done=alone(done),
        measures=neuter(len(measures)),
        word=_("ferdig") if done == 1 else _("ferdige"),
    ).capitalize()
    return _("{of}, og {begun} er i gang", of=of, begun=alone(begun))


def pace_sentence(tied: pd.DataFrame) -> str:
    """How many goals with an indicator are reached or have pace enough, as the report counts them."""
    good = int(tied["outcome"].isin(["reached", "on_pace"]).sum())
    return _("{many} av {own} mål med tall er nådd eller i rute", many=alone(good), own=neuter(len(tied))).capitalize()


def plan_told(own: pd.DataFrame) -> str:
    """How many focus areas, goals and measures a plan has, in words."""
    areas, goals = own["area"].nunique(), int(own["measure"].isna().sum())
    measures = len(own) - goals
    counts = [
        _("ett satsingsområde") if areas == 1 else _("{count} satsingsområder", count=counted(areas)),
        _("ett mål") if goals == 1 else _("{count} mål", count=counted(goals)),
        _("ett tiltak") if measures == 1 else _("{count} tiltak", count=counted(measures)),
    ]
    return listed(counts)


def figures_told(row) -> str:
    """The latest figure of a goal with an indicator and its target, and whether the pace is enough, or why that cannot be told."""
    now = _("ingen tall")
    if pd.notna(row.latest_value):
        now = _("nå {value} ({year})", value=figure_of(row.latest_value, row), year=row.latest_year)
    target = ""
    if pd.notna(row.target):
        most = "" if row.direction == "opp" else _(" eller lavere")
        target = _(", mål {target}{most}", target=figure_of(row.target, row), most=most)
    why = f" ({LACKS[row.lacks]})" if row.outcome == "unknown" and pd.notna(row.lacks) else ""
    return f"{_(row.label)}: {now}{target}: {_verdict(row)}{why}"


def alone(count: int) -> str:
    """A count without its noun: none is another word than no in other languages than bokmål."""
    return neuter(count) if count else _("ingen")


# -- what is drawn from


def _own(goals, komm_nr):
    return goals[goals["komm_nr"] == komm_nr].sort_values("position", ignore_index=True)


def with_figures(own, goal_progress):
    """The goals and measures with an indicator, and how far each has come; `name` is what it is called."""
    named = own.assign(name=own["measure"].fillna(own["goal"])).drop(columns="indicator")
    return named.merge(goal_progress, on=["komm_nr", "position"], how="inner", validate="1:1")


def followed(own):
    """Whether a row has an indicator, or is a goal with a measure that has one."""
    tied = own.loc[own["indicator"].notna() & own["goal"].notna(), ["area", "goal"]].apply(tuple, axis=1)
    return own["indicator"].notna() | own[["area", "goal"]].apply(tuple, axis=1).isin(set(tied))


def _verdict(row):
    """Whether the target is reached or the pace is enough, in words; moving away from the target is said so."""
    return _("feil vei") if row.outcome == "behind" and row.way_pct < 0 else OUTCOMES[row.outcome]


def figure_of(value, row):
    """A figure with as many decimals as its size calls for; a whole number has none."""
    size = max(abs(v) for v in (row.target, row.latest_value, 0.0) if pd.notna(v))
    return number(value, 0 if float(value).is_integer() or size >= 1000 else 1 if size >= 10 else 2)


def _source(own, name):
    plan = own["plan"].dropna()
    return _("{value}, {name} kommune", value=plan.iloc[0], name=name) if len(plan) else _("{name} kommunes egen fil", name=name)


def _figures_source(tied):
    """What the indicators are from, the producer's tables together."""
    named = sorted({name for source in tied["source"] for name in source.split("; ") if name})
    tables = [name.removeprefix(SSB_TABLE) for name in named if name.startswith(SSB_TABLE)]
    others = [name for name in named if not name.startswith(SSB_TABLE)]
    return "; ".join([_("SSB, tabell {tables}", tables=listed(tables))] * bool(tables) + others) or "nlib"
