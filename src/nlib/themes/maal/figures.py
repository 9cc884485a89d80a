"""The figures of the page on the municipality's own goals: measures by status, the way to each target, and whether pace is enough.

Each function takes contract tables and gives a Chart, a Listing, or Missing with the reason. Goals, measures and status are the
municipality's own words; figures are nlib's.
"""

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Listing, Missing
from nlib.charts.form import capital
from nlib.charts.strip import Strip
from nlib.core.language import counted, listed, neuter, number, percent
from nlib.core.translations import _, pgettext

UNTOLD, NONE = _("Ikke oppgitt"), "–"
STATUS = {"Ferdig": "own", "I gang": "against", "Planlagt": "others", UNTOLD: "before"}  # and the role of each
OUTCOMES = {
    "reached": _("Nådd"),
    "on_pace": _("Farten er nok"),
    "behind": _("Farten er ikke nok"),
    "missed": _("Ikke nådd innen fristen"),
    "unknown": _("Kan ikke vurderes"),
}
WRONG_WAY = _("Går feil vei")
SHORT = {  # an outcome beside a mark
    OUTCOMES["reached"]: _("nådd"),
    OUTCOMES["on_pace"]: _("nok fart"),
    OUTCOMES["behind"]: _("for sakte"),
    OUTCOMES["missed"]: _("ikke nådd"),
    OUTCOMES["unknown"]: _("uviss fart"),
    WRONG_WAY: _("feil vei"),
}
LACKS = {
    "no_target": _("Måltall er ikke oppgitt."),
    "no_figures": _("Utgaven har ingen tall for indikatoren i årene fram til målet."),
    "no_start_year": _("Startår er ikke oppgitt i filen."),
    "no_start": _("Indikatoren har ikke tall for startåret."),
    "too_early": _("Det er ikke kommet tall etter startåret."),
    "not_comparable": _("En deling eller flyttet grense gjør at årene ikke kan sammenlignes."),
    "break": _("Tallene måles på en ny måte fra et år etter startåret."),
    "past_target": _("Måltallet var nådd alt i startåret."),
    "no_due_year": _("År for målet er ikke oppgitt, så farten kan ikke vurderes."),
}
SSB_TABLE = "SSB, tabell "
FARTHEST = 130.0  # percent of the way that is drawn, either side of the start
MOST = 30  # goals in one drawing
ARITHMETIC = _(
    "Farten er ren regning: like lange steg hvert år fra startåret til målet. Den sier ikke hva som kommer til å skje, "
    "og ett års tall kan svinge. nlib vet ikke om tiltakene er grunn til endringen."
)
OWN_WORDS = _("Status er kommunens egen og er ikke kontrollert av nlib.")
NO_INDICATOR = _("Har ingen indikator.")
OPEN_ONLY = _("nlib har bare åpne tall for alle kommuner. Egne tellinger og undersøkelser kan følge mål som ikke har tall her.")
LATER = _("Målene vises når en fil med dem er tatt inn.")


def overview(goals: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """How many measures are done, under way and planned in each focus area."""
    id, heading = "maal.overview", _("Tiltakene")
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    measures = own[own["measure"].notna()]
    if measures.empty:
        return Missing(id, heading, _("Filen har mål, men ingen tiltak."))
    counts = pd.crosstab(measures["area"], measures["status"].fillna(UNTOLD))
    counts = counts.reindex(own["area"].unique(), columns=list(STATUS), fill_value=0).rename_axis(_("Satsingsområde"))
    whole = counts.sum(axis=1)
    form = Bars(
        heading=_("Tiltak"),
        rows=counts.assign(
            whole=whole,
            text=[
                _("{done} av {of} ferdig", done=number(done), of=number(of))
                for done, of in zip(counts["Ferdig"], whole, strict=True)
            ],
        ),
        parts={status: (_(status).lower(), role) for status, role in STATUS.items() if counts[status].sum()},
        texts="text",
        also={"whole": _("I alt")},
    )
    return form.chart(
        id,
        status_sentence(measures),
        _("Hver stolpe er et satsingsområde, og delene er antall tiltak: ferdige, i gang og planlagte."),
        OWN_WORDS,
        _source(own, names[komm_nr]),
    )


def measures(goals: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Listing | Missing:
    """Every goal and measure with who is responsible, its year and its status in words."""
    id, heading = "maal.measures", _("Mål og tiltak")
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    table = pd.DataFrame(
        {
            _("Satsingsområde"): own["area"],
            _("Mål og tiltak"): np.where(own["measure"].isna(), _("Mål: ") + own["goal"].fillna(""), own["measure"]),
            "Status": own["status"].where(own["status"].notna() | own["measure"].isna(), UNTOLD).fillna(NONE),
            _("År"): own["due_year"].astype("str").fillna(NONE),
            _("Ansvarlig"): own["responsible"].fillna(NONE),
        }
    )
    held = own["measure"].notna().sum()
    return Listing(
        id=id,
        title=_(
            "Planen har {own}, {own2} og {held}", own=areas_told(own), own2=goals_told(len(own) - held), held=measures_told(held)
        ),
        reading=_(
            "Én tabell for hvert satsingsområde, i planens rekkefølge. Status er Planlagt, I gang eller Ferdig; et mål har "
            "bare status der filen oppgir den. En strek betyr at filen ikke sier noe."
        ),
        uncertainty=OWN_WORDS,
        source=_source(own, names[komm_nr]),
        table=table,
        by=_("Satsingsområde"),
    )


def progress(goals: pd.DataFrame, goal_progress: pd.DataFrame, komm_nr: str) -> Chart | Missing:
    """The share of the way from start to target that each goal has gone, beside where even steps would have brought it."""
    id, heading = "maal.progress", _("Veien mot måltallene")
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    tied = _tied(own, goal_progress)
    known = tied[tied["way_pct"].notna()]
    if known.empty:
        return Missing(id, heading, _("Ingen av målene har indikator, startår og måltall det kan regnes en vei mellom."))
    drawn = known.head(MOST)
    verdicts = [_verdict(row) for row in drawn.itertuples(index=False)]
    ways = drawn[["way_pct", "steady_pct"]].astype(float).clip(-FARTHEST, FARTHEST)
    form = Strip(
        heading=_("Prosent av veien fra startåret til måltallet (100)"),
        rows=drawn.set_index(drawn["name"].rename(pgettext("goal", "Mål")))
        .astype({"start_year": "str", "latest_year": "str", "due_year": "str"})
        .assign(
            way=ways["way_pct"].to_numpy(),
            steady=ways["steady_pct"].to_numpy(),
            verdict=verdicts,
            text=[f"{percent(way, 0)}, {SHORT[told]}" for way, told in zip(drawn["way_pct"], verdicts, strict=True)],
        ),
        marks={"way": (_("gått"), "own"), "steady": (_("jevn fart til nå"), "nation")},
        values={"way_pct": (_("gått"), "own"), "steady_pct": (_("jevn fart"), "nation")},
        texts="text",
        joined=True,
        level=100,
        limits=(min(-5.0, float(ways.min(axis=None)) - 5), max(106.0, float(ways.max(axis=None)) + 6)),
        unit="%",
        also={
            "label": _("Indikator"),
            "start_year": _("Startår"),
            "start_value": _("Starttall"),
            "latest_year": _("Siste år"),
            "latest_value": _("Siste tall"),
            "target": _("Måltall"),
            "due_year": _("Målår"),
            "verdict": _("Vurdering"),
        },
        precise=dict.fromkeys(("start_value", "latest_value", "target"), 1),
    )
    return form.chart(
        id,
        pace_sentence(tied),
        _(
            "Ruten er hvor stor del av veien fra tallet i startåret til måltallet som er gått, streken hvor langt like lange "
            "steg hvert år ville ført. Det som ligger under null, går feil vei."
        )
        + (
            ""
            if len(known) <= MOST
            else _(" Figuren viser de {most} første av {known} mål; listen under har alle.", most=MOST, known=len(known))
        ),
        ARITHMETIC,
        _figures_source(known),
    )


def pace(goals: pd.DataFrame, goal_progress: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Listing | Missing:
    """Start, latest figure and target of every goal, whether the pace is enough in words, and which goals no figure follows."""
    id, heading = "maal.pace", _("Tallene og farten")
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    tied = _tied(own, goal_progress)
    without = own[own["measure"].isna() & ~followed(own)]
    if tied.empty and without.empty:
        return Missing(id, heading, _("Planen har ingen mål."))
    lines = [
        (
            row.position,
            row.area,
            f"{row.name}. {_(row.label)}{_in_unit(row.unit)}",
            f"{_from_to(row)}{_target(row)}",
            pace_text(row),
        )
        for row in tied.itertuples(index=False)
    ] + [(row.position, row.area, row.goal, NONE, NO_INDICATOR) for row in without.itertuples(index=False)]
    return Listing(
        id=id,
        title=behind_sentence(tied) if len(tied) else without_sentence(own),
        reading=_(
            "«Nå» er siste tall i utgaven, eller tallet for målets eget år når det er kommet. Farten så langt er endringen i "
            "året fra startåret; farten som trengs, er det som gjenstår, delt på årene som er igjen."
        )
        + (
            _(" {own}; et mål kan være riktig uten å kunne måles.", own=without_sentence(own)) if len(without) and len(tied) else ""
        ),
        uncertainty=ARITHMETIC if len(tied) else OPEN_ONLY,
        source=_figures_source(tied) if len(tied) else _source(own, names[komm_nr]),
        table=pd.DataFrame(
            sorted(lines), columns=["", _("Satsingsområde"), pgettext("goal", "Mål"), _("Start, nå og måltall"), _("Farten")]
        ).drop(columns=""),
        by=_("Satsingsområde"),
    )


# -- what the titles say


def status_sentence(measures: pd.DataFrame) -> str:
    """How many of the measures are done and under way."""
    counts = measures["status"].value_counts()
    done, begun = (int(counts.get(status, 0)) for status in ("Ferdig", "I gang"))
    of = _(
        "{done} av {measures} tiltak er {word}",
        done=alone(done),
        measures=neuter(len(measures)),
        word=_("ferdig") if done == 1 else _("ferdige"),
    ).capitalize()
    return _("{of}, og {begun} er i gang", of=of, begun=alone(begun))


def pace_sentence(tied: pd.DataFrame) -> str:
    """How many goals with an indicator are reached, and how many have pace enough."""
    if len(tied) == 1:
        return _("Det ene målet med tall: {value}", value=_verdict(tied.iloc[0]).lower())
    held = tied["outcome"].value_counts()
    reached, enough = (int(held.get(outcome, 0)) for outcome in ("reached", "on_pace"))
    more = _("for {enough} til er farten nok", enough=neuter(enough)) if enough else _("ingen andre har nok fart")
    said = _("{reached} av {tied} tallfestede mål er nådd", reached=alone(reached), tied=neuter(len(tied)))
    return _("{said}; {more}", said=capital(said), more=more)


def behind_sentence(tied: pd.DataFrame) -> str:
    """How many goals have not pace enough or were not reached in their year."""
    held = tied["outcome"].value_counts()
    behind, missed = (int(held.get(outcome, 0)) for outcome in ("behind", "missed"))
    if not behind + missed:
        return _("Ingen mål med tall ligger etter en jevn fart")
    parts = [_("for {behind} går det for sakte eller feil vei", behind=goals_told(behind))] * bool(behind)
    parts += [_("{missed} ble ikke nådd i tide", missed=goals_told(missed))] * bool(missed)
    return _(", og ").join(parts).capitalize()


def without_sentence(own: pd.DataFrame) -> str:
    """How many goals have no indicator, of how many."""
    goals = own[own["measure"].isna()]
    without = int((~followed(own) & own["measure"].isna()).sum())
    return _("{without} av {goals} mål har ingen indikator", without=neuter(without), goals=neuter(len(goals))).capitalize()


def pace_text(row) -> str:
    """Whether the pace is enough, as arithmetic, for a row of goals with progress."""
    said = f"{_verdict(row)}."
    if pd.notna(row.way_pct):
        said += _(" {way_pct} prosent av veien er gått", way_pct=number(row.way_pct))
        said += _("; jevn fart ville vært {steady_pct}.", steady_pct=number(row.steady_pct)) if pd.notna(row.steady_pct) else "."
        steps = _(" {per_year} i året så langt", per_year=_value(row.per_year, row, sign=True))
        said += (
            _("{steps}; {needed_per_year} trengs.", steps=steps, needed_per_year=_value(row.needed_per_year, row, sign=True))
            if pd.notna(row.needed_per_year)
            else f"{steps}."
        )
    return said if pd.isna(row.lacks) else f"{said} {LACKS[row.lacks]}"


# -- what is told from


def _own(goals, komm_nr):
    return goals[goals["komm_nr"] == komm_nr].sort_values("position", ignore_index=True)


def _tied(own, goal_progress):
    """The goals and measures with an indicator, and how far each has come; `name` is what it is called."""
    told = own.assign(name=own["measure"].fillna(own["goal"])).drop(columns="indicator")
    return told.merge(goal_progress, on=["komm_nr", "position"], how="inner", validate="1:1")


def followed(own):
    """Whether a row has an indicator, or is a goal with a measure that has one."""
    tied = own.loc[own["indicator"].notna() & own["goal"].notna(), ["area", "goal"]].apply(tuple, axis=1)
    return own["indicator"].notna() | own[["area", "goal"]].apply(tuple, axis=1).isin(set(tied))


def _verdict(row):
    """Whether the target is reached or the pace is enough, in words; moving away from the target is said so."""
    return WRONG_WAY if row.outcome == "behind" and row.way_pct < 0 else OUTCOMES[row.outcome]


def _from_to(row):
    now = (
        _("nå {latest_value} ({latest_year})", latest_value=_value(row.latest_value, row), latest_year=row.latest_year)
        if pd.notna(row.latest_value)
        else _("ingen tall")
    )
    return f"{_value(row.start_value, row)} ({row.start_year}), {now}" if pd.notna(row.start_value) else now


def _target(row):
    if pd.isna(row.target):
        return ""
    most = "" if row.direction == "opp" else _(" eller lavere")
    return _("; mål {target}{most}", target=_value(row.target, row), most=most) + (
        f" ({row.due_year})" if pd.notna(row.due_year) else ""
    )


def _value(value, row, sign=False):
    """A figure with as many decimals as its size calls for; whole numbers of people and kroner have none, but their steps have."""
    size = max(abs(v) for v in (row.target, row.latest_value, 0.0) if pd.notna(v))
    decimals = 0 if size >= 1000 else 1 if size >= 10 else 2
    if sign:
        return number(value, 1 if size >= 100 else 2, sign=True)
    return number(value, 0 if float(value).is_integer() else decimals)


def _in_unit(unit):
    return f", {_(unit)}" if unit else ""


def areas_told(own: pd.DataFrame) -> str:
    """How many focus areas a plan has, in words."""
    count = own["area"].nunique()
    return _("ett satsingsområde") if count == 1 else _("{count} satsingsområder", count=counted(count))


def goals_told(count: int) -> str:
    """How many goals, in words."""
    return _("ett mål") if count == 1 else _("{count} mål", count=counted(int(count)))


def measures_told(count: int) -> str:
    """How many measures, in words."""
    return _("ett tiltak") if count == 1 else _("{count} tiltak", count=counted(int(count)))


def alone(count: int) -> str:
    """A count without its noun: none is another word than no in other languages than bokmål."""
    return neuter(count) if count else _("ingen")


def _source(own, name):
    plan = own["plan"].dropna()
    return _("{value}, {name} kommune", value=plan.iloc[0], name=name) if len(plan) else _("{name} kommunes egen fil", name=name)


def _figures_source(tied):
    """What the indicators are from, the producer's tables together."""
    named = sorted({name for source in tied["source"] for name in source.split("; ") if name})
    tables = [name.removeprefix(SSB_TABLE) for name in named if name.startswith(SSB_TABLE)]
    others = [name for name in named if not name.startswith(SSB_TABLE)]
    return "; ".join([_("SSB, tabell {tables}", tables=listed(tables))] * bool(tables) + others) or "nlib"
