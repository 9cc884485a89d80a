"""The figures of the summary: the municipality beside its comparison group and the nation, what is new, and what is not known.

Each function takes contract tables and gives a Chart, a Listing, or Missing with the reason. `candidates` is the plain table of
facts that they and the rules of `nlib.themes.sammendrag.text` choose from.
"""

import textwrap

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Listing, Missing
from nlib.charts.style import GRID, GROUP, INK, NATION, OWN, SOFT, axes
from nlib.core.language import MISSING, NBSP, counted, listed, number, short_name, with_unit
from nlib.core.municipalities import resource
from nlib.core.translations import tr

NINETY = 1.645  # standard deviations either side of a normal mean that hold nine of ten
SPAN = 5  # years that a change is told over
LEAST_GROUP = 3  # municipalities with a figure before a group has a middle
OLD = 2  # years that a figure may be older than the newest
NO_FIGURES = "Utgaven har ingen nøkkeltall: kjør nlib build, og se i oversikten «Om tallene» hva som mangler."
NEUTRAL = "Høyt er ikke alltid bra, og lavere plass er ikke nødvendigvis tilbakegang."
NONE = "–"
COUNTED = ("ingen", "ett")  # of neuter words, where `counted` says «én»


def _themes() -> dict[str, str]:
    """What a reader calls each theme that a key figure is listed under."""
    listed_figures = resource("headline_figures.csv")
    return dict(zip(listed_figures["chart"].str.split(".").str[0], listed_figures["theme"].map(tr), strict=True))


def candidates(headline_figures: pd.DataFrame, compare: list[str], municipality: str) -> pd.DataFrame:
    """What can be told of a municipality, a row an indicator, in the order of the list: its latest year, group, nation and place.

    group: the median of the comparison group that year, with `group_n` municipalities; missing with fewer than three. own_pct,
    group_pct and nation_pct: share of comparable municipalities with a lower figure, percent. known_pct: how much of what parts
    municipalities is more than chance, 100 spread² / (spread² + (noise / 1.645)²). Otherwise as in `headline_figures`.
    """
    own = headline_figures[headline_figures["komm_nr"] == municipality].sort_values("year")
    facts = own.drop_duplicates("indicator", keep="last").sort_values("position", ignore_index=True)
    wanted = facts[["indicator", "year"]]
    told = headline_figures.merge(wanted, on=["indicator", "year"], validate="m:1")
    told = told[told["comparable"]]
    group = told[told["komm_nr"].isin(set(compare) - {municipality})].groupby("indicator")["value"].agg(["median", "count"])
    group = group.reindex(facts["indicator"])
    facts = facts.assign(
        **{column: facts[column].map(tr) for column in ("label", "subject", "theme")},
        page=facts["chart"].str.split(".").str[0],
        group=group["median"].where(group["count"] >= LEAST_GROUP).to_numpy(),
        group_n=group["count"].fillna(0).astype(int).to_numpy(),
        nation=facts["national_value"],
        change=facts["change_5y"],
        known_pct=100 * facts["spread"] ** 2 / (facts["spread"] ** 2 + (facts["noise"] / NINETY) ** 2),
    )
    facts.loc[facts["kind"] == "count", "group"] = np.nan
    levels = {name: np.sort(values.to_numpy()) for name, values in told.groupby("indicator")["value"]}
    for column, name in (("value", "own_pct"), ("group", "group_pct"), ("nation", "nation_pct")):
        facts[name] = [_lower(levels.get(i), x) for i, x in zip(facts["indicator"], facts[column], strict=True)]
    facts.loc[~facts["comparable"], "own_pct"] = np.nan
    return facts.drop(columns=["komm_nr", "national_value", "change_5y"])


def _lower(levels, value):
    """The share of values that are lower, in percent."""
    return np.nan if levels is None or pd.isna(value) else 100 * np.searchsorted(levels, value) / len(levels)


def told(row, value, sign: bool = False) -> str:
    """A value of an indicator as bokmål writes it, with its unit: «87,2 %», «745 100 kr», «4 698»."""
    unit = {"%-poeng": "prosentpoeng"}.get(row.unit, row.unit)
    text = number(value, row.decimals, sign)
    return text if text == MISSING else with_unit(text, tr(unit))


def told_change(row, change, sign: bool = False) -> str:
    """A change of an indicator, in percent or in its own unit: «10,6 prosent», «1,6 prosentpoeng», «14,8 poeng»."""
    return told_difference(row, change, sign, row.change_unit == "percent")


def told_difference(row, change, sign: bool = False, percent: bool = False) -> str:
    """A difference between two figures of an indicator, in its own unit; one that would be written 0 is «under 0,1»."""
    unit = "prosent" if percent else {"%-poeng": "prosentpoeng", "%": "prosentpoeng"}.get(row.unit, row.unit)
    decimals = 1 if percent else row.decimals
    small = 10.0**-decimals
    text = number(change, decimals, sign)
    if pd.notna(change) and 0 < abs(change) < small / 2:
        text = f"under {number(small, decimals)}"
    return text if text == MISSING else with_unit(text, tr(unit))


def comparison(
    headline_figures: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Where the municipality, the middle of its comparison group and the nation lie among all municipalities, 0 to 100."""
    id, heading = "sammendrag.comparison", "Kommunen, gruppen og landet"
    name = _name(municipalities, komm_nr)
    facts = _by_theme(candidates(headline_figures, compare, komm_nr))
    shown = facts[(facts["kind"] == "rate") & facts["own_pct"].notna()]
    if shown.empty:
        return Missing(id, heading, NO_FIGURES if headline_figures.empty else f"{name} har ingen nøkkeltall som kan sammenlignes.")
    shown = shown.reset_index(drop=True)
    marks = {"own_pct": ("D", 7, OWN, name), "group_pct": ("^", 6.5, GROUP, "gruppen"), "nation_pct": ("|", 11, NATION, "landet")}

    def draw(figure, narrow):
        axis = axes(figure, 1.5 if narrow else 2.75, 0.75 if narrow else 1.1, 0.42, 0.3)
        at = np.arange(len(shown))
        axis.hlines(at, 0, 100, color=GRID, lw=1)
        for column, (marker, size, colour, _) in reversed(marks.items()):
            axis.plot(shown[column].to_numpy(float), at, ls="", marker=marker, ms=size, color=colour, mew=1 + (marker == "|"))
        for row, fact in zip(at, shown.itertuples(), strict=True):
            beside = {"textcoords": "offset points", "va": "center", "size": 7 if narrow else 8, "annotation_clip": False}
            axis.annotate(_beside(fact), (104, row), (0, 0), weight="bold", color=INK, **beside)
        for row in np.flatnonzero(shown["theme"].ne(shown["theme"].shift()))[1:]:
            axis.axhline(row - 0.5, color=SOFT, lw=0.6, ls=(0, (2, 2)))
        axis.set_yticks(
            at, [textwrap.fill(label, 24 if narrow else 44) for label in shown["label"]], color=INK, size=7 if narrow else 8.5
        )
        axis.set(xlim=(-3, 103), ylim=(len(shown) - 0.4, -0.6))
        axis.set_xticks([0, 50, 100], ["0", "50", "100"])
        axis.spines["left"].set_visible(False)
        _legend(axis, narrow, marks)

    return Chart(
        id=id,
        title=comparison_sentence(shown, name),
        reading=f"Hver linje er alle kommunene, fra den med lavest tall (0) til den med høyest (100). Ruten er {name}, trekanten "
        f"midten av sammenligningsgruppen{_group_told(shown)}, og streken landet. Til høyre står tallet for {name}. {NEUTRAL}",
        alt=f"Plassering fra 0 til 100 for {counted(len(shown))} nøkkeltall. "
        + "; ".join(f"{row.label}: {name} {number(row.own_pct)}, {_others(row)}" for row in shown.itertuples())
        + ".",
        uncertainty="Et tall regnes som klart over eller under gruppen når avstanden er større enn tallet kan svinge tilfeldig, "
        "målt på de siste årene eller med tallets eget intervall (90 prosent). Gruppens midte er også usikker, og det er ikke "
        "regnet "
        f"med.{_unknown(shown)}",
        source=sources_told(shown),
        table=_numbers(shown, name),
        draw=draw,
        height=(1.15 + 0.235 * len(shown), 1.2 + 0.285 * len(shown)),
        decimals={"Tall": 2, "Gruppen": 2, "Landet": 2},
        synthetic=synthetic,
    )


def levels(
    headline_figures: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Listing | Missing:
    """Every headline figure of the municipality with the group's, the nation's, its change and its place, as a table to read."""
    id, heading = "sammendrag.levels", "Nøkkeltallene fra alle temaene"
    name = _name(municipalities, komm_nr)
    facts = _by_theme(candidates(headline_figures, compare, komm_nr))
    if facts.empty:
        return Missing(id, heading, NO_FIGURES if headline_figures.empty else f"Utgaven har ingen nøkkeltall for {name}.")
    rows = [
        {
            "part": f"{name} mot gruppen og landet",
            "Nøkkeltall": row.label + (f", {tr(row.unit)}" if row.unit else ""),
            "År": str(row.year),
            "Kommunen": number(row.value, row.decimals),
            "Gruppen": number(row.group, row.decimals) if row.kind == "rate" else NONE,
            "Landet": (number(row.nation, row.decimals) + ("*" if row.national_mean else "")) if row.kind == "rate" else NONE,
            "Fem år": _change_cell(row),
            "Plass": f"{number(row.rank)}{NBSP}av{NBSP}{number(row.n)}" if pd.notna(row.rank) else MISSING,
        }
        for row in facts.itertuples()
    ]
    return Listing(
        id=id,
        title=f"{counted(len(facts)).capitalize()} nøkkeltall for {name} fra {counted(facts['theme'].nunique())} temaer",
        reading=f"Gruppen er midten (medianen) av kommunene {name} sammenlignes med. Med * er landet snittet av kommunene, ellers "
        "landets eget tall; antall holdes ikke mot noen (–). «Fem år» er endringen på fem år, i prosent for antall og ellers i "
        "tallets enhet; i parentes når den er så liten at den kan være tilfeldig. Plass 1 er høyest.",
        uncertainty=f"Tall uten oppgitt endring er brutt, nye eller ikke sammenlignbare over fem år. {NEUTRAL}",
        source=sources_told(facts),
        table=pd.DataFrame(rows),
        by="part",
        synthetic=synthetic,
    )


def news(
    headline_figures: pd.DataFrame,
    earlier: pd.DataFrame | None,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Listing | Missing:
    """What the edition before did not have, or had otherwise, of the municipality's headline figures.

    earlier: `headline_figures` of the edition before, with its name in `edition`; None where there is none.
    """
    id, heading = "sammendrag.news", "Ingenting nytt"
    if earlier is None or earlier.empty:
        return Missing(id, "Ingen eldre utgave", "Det finnes ingen eldre utgave med nøkkeltall å sammenligne med.")
    name, before = _name(municipalities, komm_nr), str(earlier["edition"].iloc[0])
    now = headline_figures[headline_figures["komm_nr"] == komm_nr]
    then = earlier[earlier["komm_nr"] == komm_nr]
    rows = changes(now, then)
    if rows.empty:
        return Missing(id, heading, f"Ingen nøkkeltall for {name} er nye eller rettet siden utgaven {before}.")
    return Listing(
        id=id,
        title=news_sentence(rows, name, before),
        reading="Nye tall gjelder et senere år enn forrige utgave hadde. Rettede tall gjelder samme år, men er ikke lenger de "
        "samme: "
        "kilden eller regnemåten er endret.",
        uncertainty="At et tall er nytt, betyr ikke at utviklingen har snudd. Se figuren i temaet før du legger vekt på ett "
        "års endring.",
        source=f"nlib, utgaven {before} mot denne",
        table=rows,
        by="part",
        synthetic=synthetic,
    )


def changes(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """What parts two editions' headline figures of one municipality: `part`, Nøkkeltall, Før and Nå, in words.

    A figure is new where its latest year is later, corrected where the year that the earlier edition had last is written
    otherwise, added or gone where only one of them has it.
    """
    newest, oldest = (
        t.sort_values("year").drop_duplicates("indicator", keep="last").set_index("indicator", drop=False) for t in (now, then)
    )
    same = now.set_index(["indicator", "year"])
    order = pd.concat([newest, oldest]).drop_duplicates("indicator").sort_values("position", kind="stable")["indicator"]
    rows: list[tuple] = []
    for indicator in order:
        new, old = (t.loc[indicator] if indicator in t.index else None for t in (newest, oldest))
        label = tr(next(row for row in (new, old) if row is not None)["label"])
        written = [None if row is None else f"{told(row, row['value'])} ({row['year']})" for row in (old, new)]
        if old is None or new is None:
            part = "Nye nøkkeltall" if old is None else "Falt bort"
            rows.append((part, label, written[0] or NONE, written[1] or NONE))
            continue
        if new["year"] > old["year"]:
            rows.append(("Nye tall", label, *written))
        key = (indicator, old["year"])
        if key in same.index and told(old, same.at[key, "value"]) != told(old, old["value"]):
            rows.append(("Rettede tall", label, written[0], f"{told(old, same.at[key, 'value'])} ({old['year']})"))
    table = pd.DataFrame(rows, columns=["part", "Nøkkeltall", "Før", "Nå"])
    parts = {part: at for at, part in enumerate(("Nye tall", "Rettede tall", "Nye nøkkeltall", "Falt bort"))}
    return table.sort_values("part", key=lambda column: column.map(parts), kind="stable", ignore_index=True)


def limits(
    headline_figures: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Listing | Missing:
    """What these figures cannot tell of this municipality: what is missing, uncertain, old or not comparable."""
    id, heading = "sammendrag.limits", "Hull i tallene"
    name = _name(municipalities, komm_nr)
    facts = candidates(headline_figures, compare, komm_nr)
    if facts.empty:
        return Missing(id, heading, NO_FIGURES if headline_figures.empty else f"Utgaven har ingen nøkkeltall for {name}.")
    newest = facts["year"].max()
    rest = facts[facts["comparable"]]
    everywhere = headline_figures.drop_duplicates("indicator").sort_values("position")
    everywhere = everywhere.assign(page=everywhere["chart"].str.split(".").str[0], label=everywhere["label"].map(tr))
    rows = {
        "Temaer uten nøkkeltall: kilden er ikke i utgaven": [
            title for theme, title in _themes().items() if theme not in set(everywhere["page"])
        ],
        f"Finnes for andre kommuner, men er ikke oppgitt, skjult eller ikke mulig å regne ut for {name}": everywhere.loc[
            ~everywhere["indicator"].isin(facts["indicator"]), "label"
        ],
        "Berørt av en deling eller grenseendring, så plass og endring oppgis ikke": facts.loc[~facts["comparable"], "label"],
        "Endringen på fem år er ikke større enn tallet vanligvis svinger, så den kan være tilfeldig": rest.loc[
            rest["change"].abs() <= rest["change_noise"], "label"
        ],
        "Usikkerheten er ikke kjent: for få år til å si hvor mye tallet svinger": rest.loc[rest["noise"].isna(), "label"],
        f"Eldre tall: de nyeste nøkkeltallene er fra {newest}": [
            f"{row.label} ({row.year})" for row in facts[facts["year"] < newest - OLD].itertuples()
        ],
    }
    table = pd.DataFrame(
        [(why, ", ".join(labels)) for why, labels in rows.items() if len(labels)], columns=["Forbehold", "Gjelder"]
    )
    if table.empty:
        return Missing(id, heading, f"Utgaven har alle nøkkeltallene for {name}, og usikkerheten er kjent.")
    return Listing(
        id=id,
        title=limits_sentence(facts, name),
        reading="Tabellen sier hvilke nøkkeltall du ikke bør bygge på alene, og hvorfor.",
        uncertainty="Hvor mye et tall svinger tilfeldig, er anslått av de siste årenes endringer. Er de årene uvanlige, er "
        "anslaget det også.",
        source=sources_told(facts),
        table=table.assign(part=f"Nøkkeltallene for {name}"),
        by="part",
        synthetic=synthetic,
    )


# -- what the titles say


def comparison_sentence(shown: pd.DataFrame, name: str) -> str:
    """In how many figures the municipality is clearly over and under its group (the nation where it has none)."""
    level = "group" if shown["group"].notna().any() else "nation"
    whom = "sammenligningsgruppen" if level == "group" else "landet"
    known = shown[shown[level].notna() & shown["noise"].notna()]
    if known.empty:
        return f"Ingen av nøkkeltallene for {name} kan holdes mot {whom}"
    apart = known["value"] - known[level]
    over, under = int((apart > known["noise"]).sum()), int((apart < -known["noise"]).sum())
    alike = len(known) - over - under
    rest = f", og ikke til å skille fra {'den' if level == 'group' else 'det'} i {_neuter(alike)}" if alike else ""
    sure = f"{name} er klart over {whom} i {_neuter(over)} av {counted(len(known))} nøkkeltall"
    return f"{sure}{',' if alike else ' og'} klart under i {_neuter(under)}{rest}"


def news_sentence(rows: pd.DataFrame, name: str, before: str) -> str:
    """How many figures are new, corrected, added or gone since the edition before; rows: as `changes` gives them."""
    count = rows["part"].value_counts()
    told_as = {
        "Nye tall": "har fått nye tall",
        "Rettede tall": "er rettet",
        "Nye nøkkeltall": "er kommet til",
        "Falt bort": "er falt bort",
    }
    parts = [f"{_neuter(count[part])} {words}" for part, words in told_as.items() if part in count]
    parts[0] = parts[0].replace(" ", " nøkkeltall ", 1)
    return f"Siden utgaven {before}: {listed(parts)} for {name}"


def limits_sentence(facts: pd.DataFrame, name: str) -> str:
    """How many of the figures that have a change are distinguishable from chance."""
    changed = facts[facts["change"].notna() & facts["change_noise"].notna()]
    if changed.empty:
        return f"Ingen av nøkkeltallene for {name} har en endring på fem år som kan vurderes"
    sure = int((changed["change"].abs() > changed["change_noise"]).sum())
    return f"For {name} er {_neuter(sure)} av {counted(len(changed))} endringer på fem år større enn tilfeldige svingninger"


def sources_told(facts: pd.DataFrame) -> str:
    """The tables that figures are from, for example «SSB, tabell 03321 og 07459; nlib»; with the years they are of."""
    tables = sorted(set(facts["source"]) - {"nlib"})
    parts = [f"SSB, tabell {listed(tables)}"] if tables else []
    parts += ["nlib, av tabellene i temaet"] if "nlib" in set(facts["source"]) else []
    years = sorted(set(facts["year"]))
    return f"{'; '.join(parts)}. {years[0]}–{years[-1]}" if len(years) > 1 else f"{'; '.join(parts)}. {years[0]}"


def _neuter(count: int) -> str:
    return COUNTED[count] if count < len(COUNTED) else counted(count)


def _name(municipalities, komm_nr):
    return short_name(municipalities.set_index("komm_nr").at[komm_nr, "name"])


def _by_theme(facts):
    """The facts with those of a theme together, the themes and theirs in the order of the list."""
    first = facts.groupby("theme")["position"].transform("min")
    return facts.assign(_first=first).sort_values(["_first", "position"], ignore_index=True).drop(columns="_first")


def _beside(fact):
    """A figure as it stands beside its line: with a unit of two letters or fewer, as there is no room for more."""
    return told(fact, fact.value) if len(fact.unit) <= 2 else number(fact.value, fact.decimals)


def _group_told(shown):
    return f" ({counted(int(shown['group_n'].max()))} kommuner)" if shown["group_n"].max() else ""


def _others(row):
    parts = [
        f"{word} {number(place)}" for word, place in (("gruppen", row.group_pct), ("landet", row.nation_pct)) if pd.notna(place)
    ]
    return " og ".join(parts) or "uten sammenligning"


def _unknown(shown):
    lacking = list(shown.loc[shown["noise"].isna(), "label"])
    return f" Ikke kjent for: {listed(lacking)}." if lacking else ""


def _change_cell(row):
    if pd.isna(row.change):
        return MISSING
    text = number(row.change, 1 if row.change_unit == "percent" else row.decimals, sign=True)
    text = with_unit(text, "%" if row.change_unit == "percent" else "")
    return f"({text})" if not abs(row.change) > row.change_noise else text


def _numbers(shown, name):
    return pd.DataFrame(
        {
            "Nøkkeltall": shown["label"],
            "Tema": shown["theme"],
            "Enhet": shown["unit"],
            "År": shown["year"],
            "Tall": shown["value"],
            "Gruppen": shown["group"],
            "Landet": shown["nation"],
            f"{name}, 0–100": shown["own_pct"],
            "Gruppen, 0–100": shown["group_pct"],
            "Landet, 0–100": shown["nation_pct"],
            "Plass": shown["rank"],
            "Kommuner": shown["n"],
        }
    )


def _legend(axis, narrow, marks):
    """The marks with their names over the lines: where each stands does not depend on the figures."""
    signs = {"D": "◆", "^": "▲", "|": "┃"}
    across = np.linspace(0, 1, 4)[:3] if not narrow else (-0.55, 0.25, 0.85)
    for x, (marker, _, colour, word) in zip(across, marks.values(), strict=True):
        over = {"xycoords": "axes fraction", "textcoords": "offset points", "size": 8, "annotation_clip": False}
        axis.annotate(f"{signs[marker]} {word}", (x, 1), (0, 8), color=colour, weight="bold" if marker == "D" else "normal", **over)
