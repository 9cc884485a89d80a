"""The figures of the education page: levels over time, place, change, and what the industries would suggest.

Each function takes contract tables and gives a Chart, or Missing with the reason. Shares are in percent of residents aged 16 and
over whose level of education is known, 1 October.
"""

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import panel_name, yearly
from nlib.charts.facts import place, span
from nlib.charts.style import GRID, GROUP, INK, NATION, OTHER, OWN, SOFT, axes
from nlib.core.language import at, movement, number, percent, points, rank, short_name, years

LEVELS = {
    "grunnskole_pct": "grunnskole",
    "videregaende_pct": "videregående",
    "fagskole_pct": "fagskole",
    "kort_hoyere_pct": "kort høyere",
    "lang_hoyere_pct": "lang høyere",
}
HIGHER = "higher_pct"
AS_EXPECTED = 1.0  # percentage points
REGISTER = "Fulltelling i register, uten utvalgsfeil. De med ukjent utdanning, ofte fra utlandet, er ikke med."
SHARED = "Kommunen er berørt av en deling: tall fra før er fordelt etter folketall, og årene kan ikke sammenlignes."


def levels(education_levels: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """The share of residents at each level of education, year by year."""
    id, heading = "utdanning.levels", "Utdanningsnivået"
    name = _names(municipalities)[komm_nr]
    rows = _own(education_levels, komm_nr)
    if rows.empty:
        return Missing(id, heading, _none(name))
    every = pd.RangeIndex(rows["year"].min(), rows["year"].max() + 1, name="year")
    series, last = rows.set_index("year").reindex(every), rows.iloc[-1]
    looks = {
        "grunnskole_pct": {"color": SOFT, "lw": 1.2, "ls": ":"},
        "videregaende_pct": {"color": OTHER, "lw": 1.4, "ls": "--"},
        "fagskole_pct": {"color": NATION, "lw": 1.2, "ls": "-."},
        "kort_hoyere_pct": {"color": GROUP, "marker": "s"},
        "lang_hoyere_pct": {"color": OWN, "marker": "o"},
    }

    def draw(figure, narrow):
        axis = axes(figure, 0.42, 1.35 if narrow else 1.7, 0.45, 0.28)
        yearly(
            axis, series, [(column, f"{LEVELS[column]} {number(last[column], 1)}", look) for column, look in looks.items()], also=0
        )
        panel_name(axis, "Prosent av innbyggerne 16 år og over")

    return Chart(
        id=id,
        title=levels_sentence(rows, name),
        reading="Hver linje er andelen med dette som høyeste fullførte utdanning. Kort høyere er til og med fire år på universitet "
        "eller høgskole, lang er mer enn fire.",
        alt=f"Linjefigur for {name}, {years(int(every[0]), int(every[-1]))}. I {last['year']}: "
        + ", ".join(f"{text} {percent(last[column])}" for column, text in LEVELS.items())
        + ".",
        uncertainty=_doubts(rows),
        source=_source(rows["year"].iloc[0], last["year"]),
        table=_headed(
            rows.assign(year=rows["year"].astype(str)),
            year="År",
            known="Innbyggere med kjent utdanning",
            **{column: f"{text.capitalize()}, prosent" for column, text in LEVELS.items()},
        ),
        draw=draw,
        height=(3.2, 3.6),
        decimals={f"{text.capitalize()}, prosent": 1 for text in LEVELS.values()},
        synthetic=synthetic,
    )


def comparison(
    education_levels: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The share with higher education in the municipality, its comparison group and the nation, now and ten years before."""
    id, heading = "utdanning.comparison", "Høyere utdanning i sammenligningsgruppen"
    names = _names(municipalities)
    name = names[komm_nr]
    rows = _own(education_levels, komm_nr)
    if rows.empty:
        return Missing(id, heading, _none(name))
    year = rows["year"].iloc[-1]
    told = education_levels[education_levels["year"] == year].set_index("komm_nr")
    held = place(education_levels, HIGHER, komm_nr, year)
    shown = [nr for nr in dict.fromkeys([komm_nr, *compare]) if nr in told.index and pd.notna(told.at[nr, HIGHER])]
    ranks = told.loc[told["comparable"], HIGHER].rank(method="min", ascending=False)
    then = education_levels[education_levels["year"] == year - 10].set_index("komm_nr")
    then = then.loc[then["comparable"], HIGHER]
    table = pd.DataFrame({"now": told.loc[shown, HIGHER], "then": then.reindex(shown), "rank": ranks.reindex(shown)})
    table["name"] = [names.get(nr, nr) for nr in shown]
    table = table.sort_values("now", ascending=False, kind="stable")
    nation = [_nation(education_levels[education_levels["year"] == at]) for at in (year, year - 10)]
    table.loc["landet"] = {"now": nation[0], "then": nation[1], "rank": np.nan, "name": "Landet"}
    mine = list(table.index).index(komm_nr)

    def draw(figure, narrow):
        axis = axes(figure, 1.6 if narrow else 2.1, 0.4, 0.42, 0.28)
        at = np.arange(len(table))
        axis.hlines(at, table["then"], table["now"], color=GRID, lw=4)
        colours = [OWN if nr == komm_nr else NATION if nr == "landet" else OTHER for nr in table.index]
        axis.scatter(table["then"], at, s=26, facecolor="white", edgecolor=colours, zorder=3)
        axis.scatter(table["now"], at, s=[70 if nr == komm_nr else 34 for nr in table.index], color=colours, marker="D", zorder=4)
        for row, value in enumerate(table["now"]):
            beside = {"textcoords": "offset points", "va": "center", "size": 7.5, "weight": "bold" if row == mine else "normal"}
            axis.annotate(number(value, 1), (value, row), (7, 0), **beside)
        texts = [
            f"{row.name}{'' if pd.isna(row.rank) else f' ({int(row.rank)})'}"
            for row in table[["name", "rank"]].itertuples(index=False)
        ]
        axis.set_yticks(at, texts, color=INK, size=7.5 if narrow else 9)
        axis.get_yticklabels()[mine].set_weight("bold")
        axis.invert_yaxis()
        axis.margins(x=0.16)
        axis.grid(axis="x")
        axis.xaxis.set_major_formatter(lambda value, _: number(value))
        axis.figure.text(0.02, 0.985, f"◆ {year}   ○ {year - 10}", size=8, weight="bold", color=INK, va="top")

    n = int(told["comparable"].sum())
    return Chart(
        id=id,
        title=place_sentence(rows.iloc[-1], held, nation[0], name),
        reading=f"Ruten er andelen med universitets- eller høgskoleutdanning i {year}, ringen ti år før. I parentes står plassen "
        f"blant {number(n)} kommuner, 1 er høyest.",
        alt=f"Punktfigur, {year} og {year - 10}: "
        + "; ".join(f"{row.name} {percent(row.now)} (før {percent(row.then)})" for row in table.itertuples(index=False))
        + ".",
        uncertainty=_doubts(rows) + " Lavere plass er ikke nødvendigvis tilbakegang." + _band(held),
        source=_source(year - 10, year),
        table=_headed(table, name="Kommune", now=f"{year}, prosent", then=f"{year - 10}, prosent", rank="Plass"),
        draw=draw,
        height=(0.95 + 0.25 * len(table), 1.0 + 0.27 * len(table)),
        decimals={f"{year}, prosent": 1, f"{year - 10}, prosent": 1, "Plass": 0},
        synthetic=synthetic,
    )


def gap(
    education_gap: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The share with higher education against what the industries of those who live there would suggest, with its interval."""
    id, heading = "utdanning.gap", "Utdanning mot det næringene tilsier"
    names = _names(municipalities)
    name = names[komm_nr]
    rows = education_gap[education_gap["komm_nr"] == komm_nr].sort_values("year")
    if rows.empty:
        return Missing(id, heading, f"For {name} mangler utdanning, eller næringene innbyggerne arbeider i, i sammenlignbare år.")
    own = rows.iloc[-1]
    told = education_gap[education_gap["year"] == own["year"]].set_index("komm_nr")
    table = told.loc[[nr for nr in dict.fromkeys([komm_nr, *compare]) if nr in told.index]].copy()
    table["name"] = [names.get(nr, nr) for nr in table.index]
    table = table.sort_values("gap_pct", ascending=False, kind="stable")
    mine = list(table.index).index(komm_nr)

    def draw(figure, narrow):
        axis = axes(figure, 1.45 if narrow else 1.9, 0.35, 0.42, 0.28)
        at = np.arange(len(table))
        axis.hlines(at, table["low_pct"], table["high_pct"], color=OTHER, lw=1.6)
        axis.plot(table["expected_pct"], at, ls="", marker="|", ms=10, color=OTHER)
        colours = [OWN if row == mine else GROUP for row in at]
        axis.scatter(table["higher_pct"], at, s=[75 if row == mine else 34 for row in at], color=colours, marker="D", zorder=4)
        for row, value in enumerate(table["higher_pct"]):
            beside = {"textcoords": "offset points", "ha": "center", "size": 7.5, "weight": "bold" if row == mine else "normal"}
            axis.annotate(number(value, 1), (value, row), (0, 7), **beside)
        axis.set_yticks(at, table["name"], color=INK, size=7.5 if narrow else 9)
        axis.get_yticklabels()[mine].set_weight("bold")
        axis.set_ylim(len(table) - 0.5, -0.8)
        axis.grid(axis="x")
        axis.xaxis.set_major_formatter(lambda value, _: number(value))
        axis.figure.text(0.02, 0.985, "◆ andelen   ─┼─ ventet, 90 %", size=8, weight="bold", color=INK, va="top")

    return Chart(
        id=id,
        title=gap_sentence(own, name),
        reading=f"Ruten er andelen med høyere utdanning i {own['year']}. Streken er det som er ventet av næringene innbyggerne "
        "arbeider i, slik det er i kommuner med samme sammensetning, med intervall.",
        alt=f"Punktfigur, {own['year']}: "
        + "; ".join(
            f"{row.name} {percent(row.higher_pct)}, ventet {number(row.low_pct, 1)}–{number(row.high_pct, 1)}"
            for row in table.itertuples(index=False)
        )
        + ".",
        uncertainty="Det ventede er beregnet av nlib for alle kommuner samme år. Det sier hva som er vanlig, ikke hva som er rett, "
        "og alder og avstand til studiested er ikke med.",
        source=f"SSB, tabell 09429 og 07984, {own['year']}",
        table=_headed(
            table,
            name="Kommune",
            higher_pct="Høyere utdanning, prosent",
            expected_pct="Ventet, prosent",
            low_pct="Lav",
            high_pct="Høy",
            gap_pct="Forskjell, prosentpoeng",
        ),
        draw=draw,
        height=(1.0 + 0.3 * len(table), 1.0 + 0.32 * len(table)),
        decimals=dict.fromkeys(["Høyere utdanning, prosent", "Ventet, prosent", "Lav", "Høy", "Forskjell, prosentpoeng"], 1),
        synthetic=synthetic,
    )


def workplaces(municipalities: pd.DataFrame, komm_nr: str) -> Missing:
    """Education among the jobs, which no source of the edition has."""
    name = _names(municipalities)[komm_nr]
    return Missing(
        "utdanning.workplaces",
        "Utdanning blant dem som arbeider i kommunen",
        f"SSBs tabell 09429 gjelder bosatte. Utdanningen til dem som arbeider {at(name)}, er ikke blant kildene i utgaven.",
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


def _names(municipalities):
    return {nr: short_name(name) for nr, name in zip(municipalities["komm_nr"], municipalities["name"], strict=True)}


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


def _band(held):
    return f" Siden {held.since} har plassen vært {held.best}–{held.worst}." if held and held.best < held.worst else ""


def _none(name):
    return f"Tabell 09429 har ingen tall for {name} i denne utgaven."


def _source(first, last):
    return f"SSB, tabell 09429, 1. oktober {years(int(first), int(last))}"


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)
