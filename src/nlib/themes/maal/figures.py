"""The figures of the page on the municipality's own goals: measures by status, the way to each target, and what is not followed.

Each function takes contract tables and gives a Chart, a Listing, or Missing with the reason. Goals, measures and status are the
municipality's own words; figures are nlib's.
"""

import textwrap

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Listing, Missing
from nlib.charts.style import FILL, GROUP, INK, NATION, OWN, SOFT, axes
from nlib.core.language import counted, listed, number, percent, short_name
from nlib.core.translations import tr

UNTOLD, NONE = "Ikke oppgitt", "–"
OUTCOMES = {
    "reached": "Nådd",
    "on_pace": "Farten er nok",
    "behind": "Farten er ikke nok",
    "missed": "Ikke nådd innen fristen",
    "unknown": "Kan ikke vurderes",
}
LACKS = {
    "no_target": "Måltall er ikke oppgitt.",
    "no_figures": "Utgaven har ingen tall for indikatoren i årene fram til målet.",
    "no_start_year": "Startår er ikke oppgitt i filen.",
    "no_start": "Indikatoren har ikke tall for startåret.",
    "too_early": "Det er ikke kommet tall etter startåret.",
    "not_comparable": "En deling eller flyttet grense gjør at årene ikke kan sammenlignes.",
    "break": "Tallene måles på en ny måte fra et år etter startåret.",
    "past_target": "Måltallet var nådd alt i startåret.",
    "no_due_year": "År for målet er ikke oppgitt, så farten kan ikke vurderes.",
}
SSB_TABLE = "SSB, tabell "
FARTHEST = 130.0  # percent of the way that is drawn, either side of the ends
MOST = 30  # goals in one drawing
ARITHMETIC = (
    "Farten er ren regning: like lange steg hvert år fra startåret til målet. Den sier ikke hva som kommer til å skje, og ett års "
    "tall kan svinge. nlib vet ikke om tiltakene er grunn til endringen."
)
OWN_WORDS = "Status er kommunens egen og er ikke kontrollert av nlib."
HOW = (
    "Lag en fil med satsingsområder, mål og tiltak, i YAML eller Excel, og ta den "
    "inn med «nlib import FIL --as maal», «nlib build» og «nlib report». Eksempler ligger i docs/examples, og nederst på siden "
    "står en kort fil du kan begynne med."
)
LATER = "Vises når en fil med kommunens mål er tatt inn. Nederst på siden står det hvordan den lages."


def overview(goals: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """How many measures are done, under way and planned in each focus area."""
    id, heading = "maal.overview", "Tiltakene"
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    measures = own[own["measure"].notna()]
    if measures.empty:
        return Missing(id, heading, "Filen har mål, men ingen tiltak.")
    counts = _by_status(measures).reindex(own["area"].unique(), fill_value=0)
    looks = {"Ferdig": (OWN, ""), "I gang": ("white", "////"), "Planlagt": ("white", ""), UNTOLD: (FILL, "....")}
    shown = [status for status in looks if counts[status].sum()]

    def draw(figure, narrow):
        axis = axes(figure, 1.45 if narrow else 2.6, 0.2, 0.4, 0.1)
        at, start = np.arange(len(counts)), np.zeros(len(counts))
        for status in shown:
            face, hatch = looks[status]
            values = counts[status].to_numpy(float)
            axis.barh(at, values, left=start, height=0.62, facecolor=face, hatch=hatch, edgecolor=OWN, lw=0.9)
            for row in np.flatnonzero(values):
                inside = {"ha": "center", "va": "center", "size": 8, "weight": "bold", "color": "white" if face == OWN else INK}
                behind = {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1}} if hatch else {}
                axis.text(start[row] + values[row] / 2, row, f"{values[row]:.0f}", **inside, **behind)
            start += values
        axis.set_yticks(at, _wrapped(counts.index, 20 if narrow else 34), color=INK, size=7.5 if narrow else 8.5, parse_math=False)
        axis.invert_yaxis()
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        marks = {"Ferdig": "■", "I gang": "▨", "Planlagt": "□", UNTOLD: "▒"}
        legend = "   ".join(f"{marks[status]} {tr(status).lower()}" for status in shown)
        axis.figure.text(0.02, 0.985, legend, size=7.5 if narrow else 8.5, weight="bold", color=INK, va="top")

    table = counts[shown].assign(whole=counts.sum(axis=1)).rename_axis("Satsingsområde").reset_index()
    return Chart(
        id=id,
        title=status_sentence(measures),
        reading="Hver søyle er et satsingsområde. Tallene i søylen er antall tiltak: ferdige, i gang og planlagte.",
        alt="Søyler for tiltak i hvert satsingsområde: "
        + "; ".join(
            f"{area}: " + ", ".join(f"{row[status]} {tr(status).lower()}" for status in shown)
            for area, row in counts.to_dict("index").items()
        )
        + ".",
        uncertainty=OWN_WORDS,
        source=_source(own, municipalities, komm_nr),
        table=table.rename(columns={"whole": "I alt"} | {status: tr(status) for status in shown}),
        draw=draw,
        height=(0.85 + 0.36 * len(counts), 0.95 + 0.42 * len(counts)),
        synthetic=synthetic,
    )


def measures(goals: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Listing | Missing:
    """Every goal and measure with who is responsible, its year and its status in words."""
    id, heading = "maal.measures", "Mål og tiltak"
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    names = np.where(own["measure"].isna(), "Mål: " + own["goal"].fillna(""), own["measure"])
    table = pd.DataFrame(
        {
            "Satsingsområde": own["area"],
            "Mål og tiltak": names,
            "Status": own["status"].where(own["status"].notna() | own["measure"].isna(), UNTOLD).fillna(NONE),
            "År": own["due_year"].astype("str").fillna(NONE),
            "Ansvarlig": own["responsible"].fillna(NONE),
        }
    )
    held = own["measure"].notna().sum()
    return Listing(
        id=id,
        title=f"Planen har {areas_told(own)}, {goals_told(len(own) - held)} og {measures_told(held)}",
        reading="Én tabell for hvert satsingsområde, i planens rekkefølge. Status er Planlagt, I gang eller Ferdig; et mål har "
        "bare status der filen oppgir den. En strek betyr at filen ikke sier noe.",
        uncertainty=OWN_WORDS,
        source=_source(own, municipalities, komm_nr),
        table=table,
        by="Satsingsområde",
        synthetic=synthetic,
    )


def progress(
    goals: pd.DataFrame, goal_progress: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The share of the way from start to target that each goal has gone, beside where even steps would have brought it."""
    id, heading = "maal.progress", "Veien mot måltallene"
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    tied = _tied(own, goal_progress)
    known = tied[tied["way_pct"].notna()]
    if known.empty:
        return Missing(id, heading, "Ingen av målene har indikator, startår og måltall det kan regnes en vei mellom.")
    drawn = known.head(MOST)

    def draw(figure, narrow):
        axis = axes(figure, 1.35 if narrow else 2.7, 0.9 if narrow else 1.35, 0.42, 0.28)
        at = np.arange(len(drawn))
        ways = drawn["way_pct"].clip(-FARTHEST, FARTHEST).to_numpy(float)
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.axvline(100, color=INK, lw=1.2)
        colours = [NATION if outcome in ("reached", "on_pace") else GROUP for outcome in drawn["outcome"]]
        axis.barh(at, ways, height=0.5, color=colours)
        axis.plot(drawn["steady_pct"].clip(upper=FARTHEST), at, ls="", marker="|", ms=13, mew=2, color=INK)
        between = "\n" if narrow else ", "
        for row, goal in enumerate(drawn.itertuples(index=False)):
            told = f"{percent(goal.way_pct, 0)}{between}{_verdict(goal).lower()}"
            place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "annotation_clip": False}
            axis.annotate(told, (1, row), (4, 0), va="center", size=5.8 if narrow else 7, **place)
        labels = _wrapped(drawn["name"], 22 if narrow else 38)
        axis.set_yticks(at, labels, color=INK, size=7 if narrow else 8, parse_math=False)
        axis.set_ylim(len(drawn) - 0.4, -0.6)
        axis.set_xlim(min(-5.0, ways.min() - 8), max(106.0, ways.max() + 6))
        axis.set_xticks([0, 50, 100], ["start", "" if narrow else "halvveis", "måltall"])
        axis.grid(axis="x")
        axis.figure.text(0.02, 0.985, "■ gått   | jevn fart til nå", size=8, weight="bold", color=INK, va="top")

    return Chart(
        id=id,
        title=pace_sentence(tied),
        reading="Hver søyle er et mål: hvor stor del av veien fra tallet i startåret til måltallet som er gått. Den svarte streken "
        "viser hvor langt like lange steg hvert år ville ført. Søyler til venstre for start går feil vei."
        + ("" if len(known) <= MOST else f" Figuren viser de {MOST} første av {len(known)} mål; tabellen har alle."),
        alt="Søyler for andel av veien som er gått: "
        + "; ".join(f"{row.name} {percent(row.way_pct, 0)}" for row in drawn.itertuples(index=False))
        + ".",
        uncertainty=ARITHMETIC,
        source=_figures_source(known),
        table=pd.DataFrame(
            {
                "Mål": known["name"],
                "Indikator": known["label"],
                "Startår": known["start_year"].astype("str"),
                "Starttall": known["start_value"],
                "Siste år": known["latest_year"].astype("str"),
                "Siste tall": known["latest_value"],
                "Måltall": known["target"],
                "Målår": known["due_year"].astype("str"),
                "Gått, prosent": known["way_pct"],
                "Jevn fart, prosent": known["steady_pct"],
                "Vurdering": [_verdict(row) for row in known.itertuples(index=False)],
            }
        ),
        draw=draw,
        height=(0.95 + 0.34 * len(drawn), 1.0 + 0.42 * len(drawn)),
        decimals={"Starttall": 1, "Siste tall": 1, "Måltall": 1},
        synthetic=synthetic,
    )


def pace(
    goals: pd.DataFrame, goal_progress: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Listing | Missing:
    """Start, latest figure and target of every goal with an indicator, and whether the pace is enough, in words."""
    id, heading = "maal.pace", "Tallene og farten"
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    tied = _tied(own, goal_progress)
    if tied.empty:
        return Missing(id, heading, "Ingen av målene har en indikator i nlib.")
    table = pd.DataFrame(
        {
            "Satsingsområde": tied["area"],
            "Mål": [f"{row.name}. {tr(row.label)}{_in_unit(row.unit)}" for row in tied.itertuples(index=False)],
            "Start, nå og måltall": [f"{_from_to(row)}{_target(row)}" for row in tied.itertuples(index=False)],
            "Farten": [pace_text(row) for row in tied.itertuples(index=False)],
        }
    )
    return Listing(
        id=id,
        title=behind_sentence(tied),
        reading="«Nå» er siste tall i utgaven, eller tallet for målets eget år når det er kommet. Farten så langt er endringen i "
        "året fra startåret; farten som trengs, er det som gjenstår, delt på årene som er igjen.",
        uncertainty=ARITHMETIC,
        source=_figures_source(tied),
        table=table,
        by="Satsingsområde",
        synthetic=synthetic,
    )


def gaps(
    goals: pd.DataFrame, goal_progress: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Listing | Missing:
    """The goals that no figure follows, and why: no indicator, or one without figures to measure the way by."""
    id, heading = "maal.gaps", "Mål uten tall"
    own = _own(goals, komm_nr)
    if own.empty:
        return Missing(id, heading, LATER)
    rows = own[own["measure"].isna() & ~followed(own)].assign(why="Har ingen indikator.")
    lacking = _tied(own, goal_progress)
    lacking = lacking[lacking["way_pct"].isna() & lacking["lacks"].notna() & (lacking["lacks"] != "past_target")]
    lacking = lacking.assign(why=lacking["lacks"].map(LACKS))
    table = pd.concat([rows.assign(name=rows["goal"]), lacking])[["position", "area", "name", "why"]].sort_values("position")
    if table.empty:
        return Missing(id, heading, "Alle målene i planen har en indikator med tall å måle mot.")
    headed = {"area": "Satsingsområde", "name": "Mål", "why": "Hva som mangler"}
    return Listing(
        id=id,
        title=gaps_sentence(own),
        reading="Et mål kan være riktig uten å kunne måles. Har det en indikator, legges den inn i filen som tabell.kolonne; alle "
        "står på siden «Om tallene».",
        uncertainty="nlib har bare åpne tall for alle kommuner. Egne tellinger og undersøkelser kan følge mål som ikke står her.",
        source=_source(own, municipalities, komm_nr),
        table=table[list(headed)].rename(columns=headed),
        by="Satsingsområde",
        synthetic=synthetic,
    )


# -- what the titles say


def status_sentence(measures: pd.DataFrame) -> str:
    """How many of the measures are done and under way."""
    counts = measures["status"].value_counts()
    done, begun = (int(counts.get(status, 0)) for status in ("Ferdig", "I gang"))
    of = f"{alone(done)} av {neuter(len(measures))} tiltak er {'ferdig' if done == 1 else 'ferdige'}".capitalize()
    return f"{of}, og {alone(begun)} er i gang"


def pace_sentence(tied: pd.DataFrame) -> str:
    """How many goals with an indicator are reached, and how many have pace enough."""
    if len(tied) == 1:
        return f"Det ene målet med tall: {_verdict(tied.iloc[0]).lower()}"
    held = tied["outcome"].value_counts()
    reached, enough = (int(held.get(outcome, 0)) for outcome in ("reached", "on_pace"))
    more = f"for {neuter(enough)} til er farten nok" if enough else "ingen av de andre har nok fart"
    return f"Av {neuter(len(tied))} mål med tall er {alone(reached)} nådd, og {more}"


def behind_sentence(tied: pd.DataFrame) -> str:
    """How many goals have not pace enough or were not reached in their year."""
    held = tied["outcome"].value_counts()
    behind, missed = (int(held.get(outcome, 0)) for outcome in ("behind", "missed"))
    if not behind + missed:
        return "Ingen mål med tall ligger etter en jevn fart"
    parts = [f"for {goals_told(behind)} går det for sakte eller feil vei"] * bool(behind)
    parts += [f"{goals_told(missed)} ble ikke nådd i tide"] * bool(missed)
    return ", og ".join(parts).capitalize()


def gaps_sentence(own: pd.DataFrame) -> str:
    """How many goals have no indicator, of how many."""
    goals = own[own["measure"].isna()]
    without = int((~followed(own) & own["measure"].isna()).sum())
    if not without:
        return "Alle målene har en indikator, men ikke alle har tall å måle mot"
    return f"{neuter(without)} av {neuter(len(goals))} mål har ingen indikator".capitalize()


def pace_text(row) -> str:
    """Whether the pace is enough, as arithmetic, for a row of goals with progress."""
    said = f"{_verdict(row)}."
    if pd.notna(row.way_pct):
        said += f" {number(row.way_pct)} prosent av veien er gått"
        said += f"; jevn fart ville vært {number(row.steady_pct)}." if pd.notna(row.steady_pct) else "."
        steps = f" {_value(row.per_year, row, sign=True)} i året så langt"
        said += f"{steps}; {_value(row.needed_per_year, row, sign=True)} trengs." if pd.notna(row.needed_per_year) else f"{steps}."
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


def _by_status(measures):
    counts = pd.crosstab(measures["area"], measures["status"].fillna(UNTOLD))
    return counts.reindex(columns=["Ferdig", "I gang", "Planlagt", UNTOLD], fill_value=0)


def _verdict(row):
    """Whether the target is reached or the pace is enough, in words; moving away from the target is said so."""
    return "Går feil vei" if row.outcome == "behind" and row.way_pct < 0 else OUTCOMES[row.outcome]


def _from_to(row):
    now = f"nå {_value(row.latest_value, row)} ({row.latest_year})" if pd.notna(row.latest_value) else "ingen tall"
    return f"{_value(row.start_value, row)} ({row.start_year}), {now}" if pd.notna(row.start_value) else now


def _target(row):
    if pd.isna(row.target):
        return ""
    most = "" if row.direction == "opp" else " eller lavere"
    return f"; mål {_value(row.target, row)}{most}" + (f" ({row.due_year})" if pd.notna(row.due_year) else "")


def _value(value, row, sign=False):
    """A figure with as many decimals as its size calls for; whole numbers of people and kroner have none, but their steps have."""
    size = max(abs(v) for v in (row.target, row.latest_value, 0.0) if pd.notna(v))
    decimals = 0 if size >= 1000 else 1 if size >= 10 else 2
    if sign:
        return number(value, 1 if size >= 100 else 2, sign=True)
    return number(value, 0 if float(value).is_integer() else decimals)


def _in_unit(unit):
    return f", {tr(unit)}" if unit else ""


def _wrapped(texts, width):
    """Names on at most two lines."""
    return [textwrap.fill(text, width, max_lines=2, placeholder=" …") for text in texts]


def areas_told(own: pd.DataFrame) -> str:
    """How many focus areas a plan has, in words."""
    count = own["area"].nunique()
    return "ett satsingsområde" if count == 1 else f"{counted(count)} satsingsområder"


def goals_told(count: int) -> str:
    """How many goals, in words."""
    return "ett mål" if count == 1 else f"{counted(int(count))} mål"


def measures_told(count: int) -> str:
    """How many measures, in words."""
    return "ett tiltak" if count == 1 else f"{counted(int(count))} tiltak"


def neuter(count: int) -> str:
    """A count of goals or measures, which are neuter: «ett mål»."""
    return "ett" if count == 1 else counted(int(count))


def alone(count: int) -> str:
    """A count without its noun: none is another word than no in other languages than bokmål."""
    return neuter(count) if count else "ingen"


def _source(own, municipalities, komm_nr):
    plan = own["plan"].dropna()
    name = short_name(municipalities.loc[municipalities["komm_nr"] == komm_nr, "name"].iloc[0])
    return f"{plan.iloc[0]}, {name} kommune" if len(plan) else f"{name} kommunes egen fil"


def _figures_source(tied):
    """What the indicators are from, the producer's tables together."""
    named = sorted({name for source in tied["source"] for name in source.split("; ") if name})
    tables = [name.removeprefix(SSB_TABLE) for name in named if name.startswith(SSB_TABLE)]
    others = [name for name in named if not name.startswith(SSB_TABLE)]
    return "; ".join([f"SSB, tabell {listed(tables)}"] * bool(tables) + others) or "nlib"
