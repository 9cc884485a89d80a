"""The figures of the education page: levels over time, place, change, and what the industries would suggest.

Each function takes contract tables and gives a Chart, or Missing with the reason. Shares are in percent of residents aged 16 and
over whose level of education is known, 1 October.
"""

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.facts import place, span, ssb
from nlib.charts.lines import Lines
from nlib.charts.others import Everyone
from nlib.charts.strip import Strip
from nlib.core.language import at, movement, number, points, rank

LEVELS = {  # what each is called, and its role
    "lang_hoyere_pct": ("lang høyere", "own"),
    "kort_hoyere_pct": ("kort høyere", "second"),
    "fagskole_pct": ("fagskole", "third"),
    "videregaende_pct": ("videregående", "total"),
    "grunnskole_pct": ("grunnskole", "county"),
}
HIGHER = "higher_pct"
AS_EXPECTED = 1.0  # percentage points
SOURCE, WHEN = "09429", "1. oktober"
REGISTER = "Fulltelling i register, uten utvalgsfeil. De med ukjent utdanning, ofte fra utlandet, er ikke med."
SHARED = "Kommunen er berørt av en deling: tall fra før er fordelt etter folketall, og årene kan ikke sammenlignes."


def levels(education_levels: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """The share of residents at each level of education, year by year."""
    id, name = "utdanning.levels", names[komm_nr]
    rows = _own(education_levels, komm_nr)
    if rows.empty:
        return Missing(id, "Utdanningsnivået", _none(name))
    form = Lines(
        heading="Høyeste fullførte utdanning",
        more="prosent av innbyggerne 16 år og over",
        rows=rows.set_index("year"),
        lines=LEVELS,
        unit="%",
        decimals=1,
        height=3.2,
        also={"known": "Innbyggere med kjent utdanning"},
    )
    return form.chart(
        id,
        levels_sentence(rows, name),
        "Hver linje er andelen med dette som høyeste fullførte utdanning. Kort høyere er til og med fire år på universitet "
        "eller høgskole, lang er mer enn fire.",
        _doubts(rows),
        ssb(SOURCE, when=WHEN, period=(rows["year"].iloc[0], rows["year"].iloc[-1])),
    )


def comparison(education_levels: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """The share with higher education in the municipality, those it is compared with and the nation, now and ten years before."""
    id, name = "utdanning.comparison", names[komm_nr]
    rows = _own(education_levels, komm_nr)
    if rows.empty:
        return Missing(id, "Høyere utdanning her og andre steder", _none(name))
    year = int(rows["year"].iloc[-1])
    standing = place(education_levels, HIGHER, komm_nr, year)
    now, before = (education_levels[education_levels["year"] == when] for when in (year, year - 10))
    shares = pd.DataFrame(
        {
            "now": now.set_index("komm_nr")[HIGHER],
            "then": before[before["comparable"]].set_index("komm_nr")[HIGHER],
            "rank": now[now["comparable"]].set_index("komm_nr")[HIGHER].rank(method="min", ascending=False),
        }
    ).astype(float)
    shown = shares.loc[[nr for nr in dict.fromkeys([komm_nr, *compare]) if nr in shares.index]].dropna(subset=["now"])
    shown = shown.set_axis([names[nr] for nr in shown.index]).sort_values("now", ascending=False, kind="stable")
    nation = _nation(now)
    shown.loc["Landet", ["now", "then"]] = [nation, _nation(before)]
    form = Strip(
        heading="Universitet eller høgskole",
        more="prosent av innbyggerne 16 år og over",
        rows=shown.rename_axis("Kommune"),
        marks={"now": (f"{year}", "own")} | ({"then": (f"{year - 10}", "before")} if shown["then"].notna().any() else {}),
        own=name,
        joined=True,
        unit="%",
        decimals=1,
        also={"rank": "Plass"},
    )
    return form.chart(
        id,
        place_sentence(rows.iloc[-1], standing, nation, name),
        f"Ruten er andelen med universitets- eller høgskoleutdanning i {year}, prikken ti år før. Plassene i tabellen er blant "
        f"{number(shares['rank'].count())} kommuner, der 1 er høyest.",
        f"{_doubts(rows)} Lavere plass er ikke nødvendigvis tilbakegang."
        + (
            f" Siden {standing.since} har plassen vært {standing.best}–{standing.worst}."
            if standing and standing.best < standing.worst
            else ""
        ),
        ssb(SOURCE, when=WHEN, period=(year - 10, year)),
    )


def gap(education_gap: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """The share with higher education against what the industries of those who live there would suggest, with its interval."""
    id, name = "utdanning.gap", names[komm_nr]
    rows = education_gap[education_gap["komm_nr"] == komm_nr].sort_values("year")
    if rows.empty:
        why = f"For {name} mangler utdanning, eller næringene innbyggerne arbeider i, i sammenlignbare år."
        return Missing(id, "Utdanning mot det næringene tilsier", why)
    own = rows.iloc[-1]
    every = education_gap[education_gap["year"] == own["year"]].dropna(subset=["gap_pct"]).set_index("komm_nr")
    columns = dict.fromkeys(("higher_pct", "expected_pct", "low_pct", "high_pct", "gap_pct"), 1)
    everyone = Everyone(rows=every, own=komm_nr, chosen=compare, names=names, columns=columns, order="gap_pct")
    form = Strip(
        heading=f"Høyere utdanning, {own['year']}",
        more="prosent; i parentes det som er ventet",
        rows=everyone.shown.set_index(everyone.shown["name"].rename("Kommune")),
        everyone=everyone,
        template="{0} ({1})",
        marks={"higher_pct": ("andelen", "own"), "expected_pct": ("ventet av næringene", "nation")},
        interval=("low_pct", "high_pct"),
        around="expected_pct",
        own=name,
        unit="%",
        decimals=1,
        also={"gap_pct": "Forskjell, prosentpoeng"},
        precise={"gap_pct": 1},
    )
    return form.chart(
        id,
        gap_sentence(own, name),
        "Ruten er andelen med høyere utdanning. Det som er ventet av næringene innbyggerne arbeider i, er slik det er i kommuner "
        "med samme sammensetning; linjen er der andelen skal ligge ni av ti ganger.",
        "Det ventede er beregnet av nlib for alle kommuner samme år. Det sier hva som er vanlig, ikke hva som er rett, "
        "og alder og avstand til studiested er ikke med. Tallene gjelder dem som bor i kommunen, ikke dem som arbeider der.",
        ssb(SOURCE, "07984", period=(own["year"], own["year"])),
    )


# -- what the titles say


def levels_sentence(rows: pd.DataFrame, name: str) -> str:
    """What the share with higher education has done between the years that can be compared; else what it is."""
    last, held = rows.iloc[-1], span(rows, HIGHER, broken=False)
    share = f"{number(last[HIGHER], 1)} prosent av innbyggerne {at(name)} har høyere utdanning"
    if held is None:
        return f"{share} i {last['year']}"
    moved = movement(last[HIGHER] - rows.set_index("year")[HIGHER][held[0]])
    return f"{share}, og andelen {moved} siden {held[0]}"


def place_sentence(last: pd.Series, held, nation: float, name: str) -> str:
    """The place, and how far from the nation the share is."""
    apart = last[HIGHER] - nation
    near = "om lag som landet" if abs(apart) < AS_EXPECTED else f"{points(abs(apart))} {'over' if apart > 0 else 'under'} landet"
    if held is None:
        return f"{name} ligger {near} i høyere utdanning"
    return f"{name} er på {rank(held.rank, held.n)} i høyere utdanning, {near}"


def gap_sentence(own: pd.Series, name: str) -> str:
    """Whether the share is what the industries suggest: inside the interval it is not said to differ."""
    if own["low_pct"] <= own["higher_pct"] <= own["high_pct"]:
        return f"Utdanningsnivået {at(name)} er innenfor det næringene tilsier"
    side = "høyere" if own["gap_pct"] > 0 else "lavere"
    return f"Utdanningsnivået {at(name)} er {side} enn næringene tilsier, {points(abs(own['gap_pct']))}"


# -- what is drawn from


def _own(table, komm_nr):
    rows = table[(table["komm_nr"] == komm_nr) & table[HIGHER].notna()]
    return rows.sort_values("year", ignore_index=True)


def _nation(rows):
    """The share of all whose level is known, %."""
    told = rows.dropna(subset=[HIGHER, "known"])
    known = told["known"].astype(float)
    return float((told[HIGHER] * known).sum() / known.sum()) if known.sum() else np.nan


def _doubts(rows):
    people = rows["known"].iloc[-1]
    few = f" Tallene er små: én person er {points(100 / people)}." if 0 < people < 500 else ""
    return REGISTER + few + ("" if rows["comparable"].all() else f" {SHARED}")


def _none(name):
    return f"Utgaven har ingen tall for utdanningen {at(name)}."
