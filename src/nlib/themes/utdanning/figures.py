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
from nlib.core.language import UNCHANGED, at, number, points, rank
from nlib.core.translations import _

LEVELS = {  # what each is called, and its role
    "lang_hoyere_pct": (_("lang høyere"), "own"),
    "kort_hoyere_pct": (_("kort høyere"), "second"),
    "fagskole_pct": (_("fagskole"), "third"),
    "videregaende_pct": (_("videregående"), "total"),
    "grunnskole_pct": (_("grunnskole"), "county"),
}
HIGHER = "higher_pct"
AS_EXPECTED = 1.0  # percentage points
SOURCE, WHEN = "09429", _("1. oktober")
REGISTER = _("Fulltelling i register, uten utvalgsfeil. De med ukjent utdanning, ofte fra utlandet, er ikke med.")
SHARED = _("Kommunen er berørt av en deling: tall fra før er fordelt etter folketall, og årene kan ikke sammenlignes.")


def levels(education_levels: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart | Missing:
    """The share of residents at each level of education, year by year."""
    id, name = "utdanning.levels", names[komm_nr]
    rows = _own(education_levels, komm_nr)
    if rows.empty:
        return Missing(id, _("Utdanningsnivået"), _none(name))
    form = Lines(
        heading=_("Høyeste fullførte utdanning"),
        more=_("prosent av innbyggerne 16 år og over"),
        rows=rows.set_index("year"),
        lines=LEVELS,
        unit="%",
        decimals=1,
        height=3.2,
        also={"known": _("Innbyggere med kjent utdanning")},
    )
    return form.chart(
        id,
        levels_sentence(rows, name),
        _(
            "Hver linje er andelen med dette som høyeste fullførte utdanning. Kort høyere er til og med fire år på "
            "universitet eller høgskole, lang er mer enn fire."
        ),
        _doubts(rows),
        ssb(SOURCE, when=WHEN, period=(rows["year"].iloc[0], rows["year"].iloc[-1])),
    )


def comparison(education_levels: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart | Missing:
    """The share with higher education in the municipality, those it is compared with and the nation, now and ten years before."""
    id, name = "utdanning.comparison", names[komm_nr]
    rows = _own(education_levels, komm_nr)
    if rows.empty:
        return Missing(id, _("Høyere utdanning her og andre steder"), _none(name))
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
    shown.loc[_("Landet"), ["now", "then"]] = [nation, _nation(before)]
    form = Strip(
        heading=_("Universitet eller høgskole"),
        more=_("prosent av innbyggerne 16 år og over"),
        rows=shown.rename_axis(_("Kommune")),
        marks={"now": (f"{year}", "own")} | ({"then": (f"{year - 10}", "before")} if shown["then"].notna().any() else {}),
        own=name,
        joined=True,
        unit="%",
        decimals=1,
        also={"rank": _("Plass")},
    )
    return form.chart(
        id,
        place_sentence(rows.iloc[-1], standing, nation, name),
        _(
            "Ruten er andelen med universitets- eller høgskoleutdanning i {year}, prikken ti år før. Plassene i tabellen er "
            "blant {rank} kommuner, der 1 er høyest.",
            year=year,
            rank=number(shares["rank"].count()),
        )
        + ("" if standing is None else _(" {name} ligger {nation}.", name=name, nation=against_nation(rows.iloc[-1], nation))),
        _("{rows} Lavere plass er ikke nødvendigvis tilbakegang.", rows=_doubts(rows))
        + (
            _(" Siden {since} har plassen vært {best}–{worst}.", since=standing.since, best=standing.best, worst=standing.worst)
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
        why = _("For {name} mangler utdanning, eller næringene innbyggerne arbeider i, i sammenlignbare år.", name=name)
        return Missing(id, _("Utdanning mot det næringene tilsier"), why)
    own = rows.iloc[-1]
    every = education_gap[education_gap["year"] == own["year"]].dropna(subset=["gap_pct"]).set_index("komm_nr")
    columns = dict.fromkeys(("higher_pct", "expected_pct", "low_pct", "high_pct", "gap_pct"), 1)
    everyone = Everyone(rows=every, own=komm_nr, chosen=compare, names=names, columns=columns, order="gap_pct")
    form = Strip(
        heading=_("Høyere utdanning, {year}", year=own["year"]),
        more=_("prosent; i parentes det som er ventet"),
        rows=everyone.shown.set_index(everyone.shown["name"].rename(_("Kommune"))),
        everyone=everyone,
        template="{0} ({1})",
        marks={"higher_pct": (_("andelen"), "own"), "expected_pct": (_("ventet av næringene"), "nation")},
        interval=("low_pct", "high_pct"),
        around="expected_pct",
        own=name,
        unit="%",
        decimals=1,
        also={"gap_pct": _("Forskjell, prosentpoeng")},
        precise={"gap_pct": 1},
    )
    return form.chart(
        id,
        gap_sentence(own, name),
        _(
            "Ruten er andelen med høyere utdanning. Det som er ventet av næringene innbyggerne arbeider i, er slik det er i "
            "kommuner med samme sammensetning; linjen er der andelen skal ligge ni av ti ganger."
        ),
        _(
            "Det ventede er beregnet av nlib for alle kommuner samme år. Det sier hva som er vanlig, ikke hva som er rett, "
            "og alder og avstand til studiested er ikke med. Tallene gjelder dem som bor i kommunen, ikke dem som arbeider "
            "der."
        ),
        ssb(SOURCE, "07984", period=(own["year"], own["year"])),
    )


# -- what the titles say


def levels_sentence(rows: pd.DataFrame, name: str) -> str:
    """The share with higher education, and how much more or less it is than in the first comparable year."""
    last, held = rows.iloc[-1], span(rows, HIGHER, broken=False)
    share = _("{last} prosent {name} har høyere utdanning", last=number(last[HIGHER], 1), name=at(name))
    if held is None:
        return _("{share} i {year}", share=share, year=last["year"])
    change = last[HIGHER] - rows.set_index("year")[HIGHER][held[0]]
    if abs(change) < UNCHANGED:
        return _("{share}, om lag som i {held}", share=share, held=held[0])
    more = _("mer") if change > 0 else _("mindre")
    return _("{share}, {change} {more} enn i {held}", share=share, change=points(abs(change)), more=more, held=held[0])


def place_sentence(last: pd.Series, held, nation: float, name: str) -> str:
    """The place; how far from the nation the share is where there is none."""
    if held is None:
        return _("{name} ligger {nation} i høyere utdanning", name=name, nation=against_nation(last, nation))
    return _("{name} er på {rank} i høyere utdanning", name=name, rank=rank(held.rank, held.n))


def against_nation(last: pd.Series, nation: float) -> str:
    """How far from the nation the share is: «12,2 prosentpoeng over landet»."""
    apart = last[HIGHER] - nation
    if abs(apart) < AS_EXPECTED:
        return _("om lag som landet")
    return _("{apart} {word} landet", apart=points(abs(apart)), word=_("over") if apart > 0 else _("under"))


def gap_sentence(own: pd.Series, name: str) -> str:
    """Whether the share is what the industries suggest: inside the interval it is not said to differ."""
    if own["low_pct"] <= own["higher_pct"] <= own["high_pct"]:
        return _("Utdanningsnivået {name} er innenfor det næringene tilsier", name=at(name))
    side = _("høyere") if own["gap_pct"] > 0 else _("lavere")
    return _(
        "Utdanningsnivået {name} er {side} enn næringene tilsier, {gap_pct}",
        name=at(name),
        side=side,
        gap_pct=points(abs(own["gap_pct"])),
    )


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
    few = _(" Tallene er små: én person er {value}.", value=points(100 / people)) if 0 < people < 500 else ""
    return REGISTER + few + ("" if rows["comparable"].all() else f" {SHARED}")


def _none(name):
    return _("Utgaven har ingen tall for utdanningen {name}.", name=at(name))
