"""The figures of the attractiveness page: the two kinds against each other, what growth is made of, rank, map and record.

Each function takes contract tables and gives a Chart, or Missing with the reason. Attractiveness is in percent of the population
a year (næring: of private jobs a year), a mean over the years of a period.
"""

import textwrap
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection
from matplotlib.ticker import MaxNLocator

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import panel_name, yearly
from nlib.charts.facts import PERIOD, attractiveness_of
from nlib.charts.outlines import meets, middle, same, window
from nlib.charts.scatter import names_beside
from nlib.charts.style import FILL, GROUP, INK, OTHER, OWN, SOFT, WIDE, axes
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import at, counted, listed, number, percent, rank, short_name, years

KINDS = {"bosted": "bostedsattraktivitet", "naering": "næringsattraktivitet", "samlet": "samlet attraktivitet"}
PEOPLE = {
    "birth_surplus_pct": "fødselsoverskudd",
    "immigration_pct": "innvandring til landet",
    "size_pct": "størrelse",
    "integration_pct": "arbeidsmarkedsintegrasjon",
    "industry_structure_pct": "jobbvekst: næringsstruktur",
    "public_pct": "jobbvekst: offentlig",
    "business_pct": "jobbvekst: næringsattraktivitet",
    "neighbours_pct": "naboenes jobbvekst",
    "bosted_pct": "bostedsattraktivitet",
}
JOBS = {
    "national_pct": "landets vekst",
    "mix_pct": "bransjesammensetning",
    "population_effect_pct": "egen folkevekst",
    "naering_pct": "næringsattraktivitet",
}
METHODS = {
    "national": "som landet",
    "persistence": "som før",
    "structure": "bare struktur",
    "ssb": "SSBs framskriving",
    "attractiveness": "struktur og attraktivitet",
}
SIZES = {
    "all": "alle",
    "0-999": "under 1 000",
    "1000-4999": "1 000–4 999",
    "5000-19999": "5 000–19 999",
    "20000+": "20 000 og over",
}
SOURCE = "SSB, tabell 06913, 01223, 07459, 03321, 08536 og 13472. Modell: nlib"
MODEL = (
    "Attraktivitet er det modellen ikke forklarer, og er derfor usikker. Intervallene skal dekke den rette verdien ni av ti "
    "ganger. Verdiene til små kommuner er trukket mest mot null, fordi mye av utslaget deres er tilfeldig."
)
ANCHOR = "Delene er regnet ut med Telemarksforskings modell fra 2017; koeffisientene er gjenskapt av publiserte rapporter."
BASIC = ["birth_surplus_pct", "immigration_pct", "size_pct"]  # parts that do not build on jobs
REST = "resten, med attraktivitet"  # what is left where not all parts are known
NEUTRAL = "Lavere plass er ikke nødvendigvis tilbakegang."


def scatter(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    municipalities: pd.DataFrame,
    compare: list[str],
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """Bosteds- against næringsattraktivitet of every municipality, with the comparison group named and its intervals."""
    id, heading = "attraktivitet.scatter", "Bosted og næring"
    names = _names(municipalities)
    name = names[komm_nr]
    held = {kind: attractiveness_of(attractiveness, komm_nr, kind) for kind in ("bosted", "naering")}
    known = {kind: row for kind, row in held.items() if row is not None}
    if missing := [KINDS[kind] for kind in held if kind not in known]:
        why = _why(attractiveness, attractiveness_components, komm_nr)
        return Missing(id, heading, f"{listed(missing).capitalize()} kan ikke beregnes for {name}: {why}")
    year = known["bosted"]["year"]
    every = _nlib(attractiveness, year).pivot(index="komm_nr", columns="kind", values=["value_pct", "low_pct", "high_pct"])
    every = every.dropna(subset=[("value_pct", "bosted"), ("value_pct", "naering")])
    group = [nr for nr in compare if nr in every.index and nr != komm_nr]

    def draw(figure, narrow):
        axis = axes(figure, 0.64, 0.12, 0.12, 0.42)
        x, y = every[("value_pct", "naering")], every[("value_pct", "bosted")]
        axis.axhline(0, color=SOFT, lw=0.8)
        axis.axvline(0, color=SOFT, lw=0.8)
        others = every.index.difference([komm_nr, *group])
        axis.scatter(x[others], y[others], s=8, color=OTHER, alpha=0.4, lw=0, rasterized=True)
        for nr, colour, wide in [*((nr, GROUP, 0.6) for nr in group), (komm_nr, OWN, 1.8)]:
            low, high = (every.loc[nr, end] for end in ("low_pct", "high_pct"))
            axis.plot([low["naering"], high["naering"]], [y[nr]] * 2, color=colour, lw=wide)
            axis.plot([x[nr]] * 2, [low["bosted"], high["bosted"]], color=colour, lw=wide)
        axis.scatter(x[group], y[group], s=30, color=GROUP, marker="^", lw=0, zorder=3)
        axis.scatter(x[komm_nr], y[komm_nr], s=90, color=OWN, marker="D", edgecolor="white", zorder=4)
        axis.set(xlabel="Næringsattraktivitet, prosent i året", ylabel="Bostedsattraktivitet, prosent i året")
        for which in (axis.xaxis, axis.yaxis):
            _levels(which)
        shown = [komm_nr, *group]
        names_beside(axis, np.column_stack([x[shown], y[shown]]).astype(float), [names[nr] for nr in shown], 7 if narrow else 8.5)

    table = pd.DataFrame({"Kommune": [names.get(nr, nr) for nr in every.index]})
    for kind in ("bosted", "naering"):
        table[KINDS[kind].capitalize()] = every[("value_pct", kind)].to_numpy(float)
    table = table.sort_values("Bostedsattraktivitet", ascending=False, kind="stable", ignore_index=True)
    return Chart(
        id=id,
        title=both_sentence(known["bosted"], known["naering"], name),
        reading=f"Hvert punkt er en kommune, {_span(year)}. Lenger opp: flere flytter dit enn struktur og jobber tilsier. Lenger "
        f"til høyre: private jobber vokser mer enn bransjer og folkevekst tilsier. {name} er den mørke ruten, trekantene er "
        "sammenligningsgruppen, og strekene er intervaller på 90 prosent. Bosted er i prosent av folketallet, næring av private "
        "jobber.",
        alt=f"Spredningsfigur for {len(every)} kommuner, {_span(year)}. {name}: "
        + "; ".join(f"{KINDS[kind]} {interval(row)}" for kind, row in held.items())
        + ".",
        uncertainty=MODEL + _few(_own(attractiveness_components, komm_nr)),
        source=f"{SOURCE}, {_span(year)}",
        table=table,
        draw=draw,
        height=(4.1, 4.2),
        decimals=dict.fromkeys(table.columns[1:], 2),
        synthetic=synthetic,
    )


def group(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    municipalities: pd.DataFrame,
    compare: list[str],
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """Samlet attraktivitet of the municipality and its comparison group, stacked of bosted and næring, with rank in parentheses."""
    id, heading = "attraktivitet.group", "Samlet attraktivitet i sammenligningsgruppen"
    names = _names(municipalities)
    name = names[komm_nr]
    own = attractiveness_of(attractiveness, komm_nr, "samlet")
    if own is None:
        why = _why(attractiveness, attractiveness_components, komm_nr)
        return Missing(id, heading, f"Samlet attraktivitet kan ikke beregnes for {name}: {why}")
    year = own["year"]
    told = _nlib(attractiveness, year).set_index(["komm_nr", "kind"])
    shown = [nr for nr in dict.fromkeys([komm_nr, *compare]) if (nr, "samlet") in told.index and (nr, "bosted") in told.index]
    if len(shown) < 2:
        return Missing(id, heading, f"Ingen kommuner som {name} sammenlignes med, har samlet attraktivitet.")
    table = pd.DataFrame(
        {
            "name": [names.get(nr, nr) for nr in shown],
            "bosted": [told.at[(nr, "bosted"), "value_pct"] for nr in shown],
            "samlet": [told.at[(nr, "samlet"), "value_pct"] for nr in shown],
            "low": [told.at[(nr, "samlet"), "low_pct"] for nr in shown],
            "high": [told.at[(nr, "samlet"), "high_pct"] for nr in shown],
            "rank": [int(told.at[(nr, "samlet"), "rank"]) for nr in shown],
        },
        index=shown,
    ).sort_values("samlet", ascending=False, kind="stable")
    table["business"] = table["samlet"] - table["bosted"]

    def draw(figure, narrow):
        axis = axes(figure, 1.65 if narrow else 2.1, 0.25, 0.42, 0.3)
        at = np.arange(len(table))
        for column, colour, hatch in (("bosted", OWN, ""), ("business", GROUP, "////")):
            values = table[column].to_numpy(float)
            other = table["business" if column == "bosted" else "bosted"].to_numpy(float)
            start = np.where((column == "business") & (np.sign(values) == np.sign(other)), other, 0.0)
            axis.barh(
                at, values, left=start, height=0.5, color=colour if not hatch else "white", edgecolor=colour, hatch=hatch, lw=0.8
            )
        axis.hlines(at + 0.36, table["low"], table["high"], color=INK, lw=0.9)
        axis.plot(table["samlet"], at + 0.36, ls="", marker="|", ms=7, color=INK)
        shown = [textwrap.fill(f"{row.name} ({row.rank})", 22) for row in table.itertuples(index=False)]
        axis.set_yticks(at, shown, color=INK, size=7.5 if narrow else 9)
        axis.get_yticklabels()[list(table.index).index(komm_nr)].set_weight("bold")
        axis.invert_yaxis()
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.grid(axis="x")
        _levels(axis.xaxis, 4 if narrow else 7)
        _legend(axis, narrow, ("■ bosted", OWN), ("▨ næring", GROUP), ("| samlet, 90 %", INK))

    return Chart(
        id=id,
        title=group_sentence(own, table["samlet"].drop(komm_nr), name),
        reading=f"Søylene er attraktivitet i året, {_span(year)}, i prosent av folketallet: bosted, og den folkeveksten som "
        "næringsattraktiviteten gir gjennom egne jobber. Den tynne streken under er samlet verdi med intervall. I parentes står "
        f"plassen blant alle {number(own['n'])} kommuner, 1 er høyest.",
        alt=f"Stolper for {counted(len(table))} kommuner, {_span(year)}: "
        + "; ".join(f"{row.name} {number(row.samlet, 2)} (plass {row.rank})" for row in table.itertuples(index=False))
        + ".",
        uncertainty=f"{MODEL} {NEUTRAL}",
        source=f"{SOURCE}, {_span(year)}",
        table=_headed(
            table,
            name="Kommune",
            bosted="Bosted, prosent",
            business="Næring, prosent",
            samlet="Samlet, prosent",
            low="Lav",
            high="Høy",
            rank="Plass",
        ),
        draw=draw,
        height=(1.05 + 0.26 * len(table), 1.1 + 0.3 * len(table)),
        decimals={"Bosted, prosent": 2, "Næring, prosent": 2, "Samlet, prosent": 2, "Lav": 2, "Høy": 2},
        synthetic=synthetic,
    )


def people(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    population: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """What the growth of the population was made of in the latest period: the expected parts and what is left.

    Where jobs are not known, or are not comparable, the parts that are known, and the rest as one.
    """
    id, heading = "attraktivitet.people", "Hva folkeveksten består av"
    name = _names(municipalities)[komm_nr]
    rows, parts, why = _complete(attractiveness_components, komm_nr, [*PEOPLE, "growth_pct"]), PEOPLE, ""
    if rows.empty:
        rows, parts = _what_is_known(attractiveness_components, population, komm_nr)
        why = _why(attractiveness, attractiveness_components, komm_nr)
    if rows.empty:
        return Missing(id, heading, f"Delene av veksten kan ikke beregnes for {name}: {why}")
    return _waterfall(id, rows, parts, "growth_pct", f"Folketallet {at(name)}", name, synthetic, why)


def jobs(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    largest_employer: pd.DataFrame | None = None,
    synthetic: bool = False,
) -> Chart | Missing:
    """What the growth of private jobs was made of in the latest period: the expected parts and what is left.

    With `largest_employer` it is told what is left without the firm that has most employees.
    """
    id, heading = "attraktivitet.jobs", "Hva veksten i private jobber består av"
    name = _names(municipalities)[komm_nr]
    rows = _complete(attractiveness_components, komm_nr, [*JOBS, "private_growth_pct"])
    if rows.empty:
        why = _why(attractiveness, attractiveness_components, komm_nr)
        return Missing(id, heading, f"Delene av veksten kan ikke beregnes for {name}: {why}")
    chart = _waterfall(id, rows, JOBS, "private_growth_pct", f"Antallet private jobber {at(name)}", name, synthetic)
    return replace(chart, uncertainty=chart.uncertainty + _without_largest(largest_employer, komm_nr, rows))


def _waterfall(id, rows, parts, total, what, name, synthetic, lacking=""):
    rows = rows[rows["year"] > rows["year"].max() - PERIOD]
    span = years(rows["year"].iloc[0], rows["year"].iloc[-1])
    means = rows[[*parts, total]].astype(float).mean()
    residual = list(parts)[-1]
    expected = means[total] - means[residual]
    table = pd.DataFrame({"part": [*parts.values(), "vekst i alt"], "value": [*means[list(parts)], means[total]]})

    def draw(figure, narrow):
        axis = axes(figure, 1.85 if narrow else 2.9, 0.5, 0.15, 0.3)
        values = table["value"].to_numpy(float)
        ends = np.cumsum(values[:-1])
        starts = np.append(np.concatenate([[0], ends[:-1]]), 0.0)
        last = len(values) - 1
        colours = [OTHER] * (last - 1) + [OWN, INK]
        at = np.arange(len(values))
        axis.barh(at, values, left=starts, height=0.62, color=colours)
        for row in range(last):
            axis.plot([ends[row]] * 2, [row + 0.31, row + 0.69], color=SOFT, lw=0.7)
        for row, (start, value) in enumerate(zip(starts, values, strict=True)):
            right = max(start, start + value)
            strong = "bold" if row >= last - 1 else "normal"
            beside = {"textcoords": "offset points", "va": "center", "size": 7.5, "weight": strong}
            axis.annotate(number(value, 2, sign=True), (right, row), (4, 0), **beside)
        axis.axvline(0, color=SOFT, lw=0.9)
        shown = [textwrap.fill(part, 26) for part in table["part"]] if narrow else table["part"]
        axis.set_yticks(at, shown, color=INK, size=7 if narrow else 8.5)
        for row in (last - 1, last):
            axis.get_yticklabels()[row].set_weight("bold")
        axis.invert_yaxis()
        axis.margins(x=0.14)
        _levels(axis.xaxis, 3 if narrow else 6)
        axis.grid(axis="x")

    return Chart(
        id=id,
        title=growth_sentence(what, means[total], None if lacking else expected, span),
        reading=f"Årlig vekst i prosent, snitt av {span}. Hver søyle begynner der den forrige slutter: de grå er "
        + ("de delene som er kjent" if lacking else "det modellen forventer")
        + f", den blå er det som er igjen, og den mørke nederst er veksten. Sammen er de grå {number(expected, 2)} prosent.",
        alt=f"Fossefall for {name}, {span}: "
        + "; ".join(f"{r.part} {number(r.value, 2, sign=True)}" for r in table.itertuples())
        + ".",
        uncertainty=ANCHOR
        + (f" Attraktiviteten kan ikke skilles fra resten: {lacking}" if lacking else "")
        + ("" if len(rows) == PERIOD else f" Tallene er fra {counted(len(rows))} av de tre siste årene.")
        + _few(rows),
        source=f"{SOURCE}, {span}",
        table=_headed(table, part="Del", value="Prosent i året"),
        draw=draw,
        height=(0.78 + 0.205 * len(table), 0.78 + 0.25 * len(table)),
        decimals={"Prosent i året": 2},
        synthetic=synthetic,
    )


def expected(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """Growth against what the model expects, year by year: people, and private jobs where they are known."""
    id, heading = "attraktivitet.expected", "Forventet og faktisk vekst"
    name = _names(municipalities)[komm_nr]
    rows = _complete(attractiveness_components, komm_nr, ["growth_pct", "bosted_pct"], comparable=False)
    held = rows[rows["comparable"]]
    if len(held) < 2:
        why = _why(attractiveness, attractiveness_components, komm_nr)
        return Missing(id, heading, f"Forventet vekst kan ikke beregnes for {name}: {why}")
    rows = rows.assign(
        people=rows["growth_pct"] - rows["bosted_pct"],
        jobs=rows["private_growth_pct"] - rows["naering_pct"],
    )
    every = pd.RangeIndex(rows["year"].min(), rows["year"].max() + 1, name="year")
    series = rows.set_index("year").reindex(every)
    last = rows.iloc[-1]
    with_jobs = rows["jobs"].notna().sum() > 1
    above, of = int((held["bosted_pct"] > 0).sum()), len(held)
    marks = [
        "Etter den prikkede loddrette streken er jobbene målt på en ny måte." if every[0] < A_ORDNINGEN <= every[-1] else "",
        "Hule merker er år som en delt kommune eller en flyttet grense inngår i; de telles ikke med." if of < len(rows) else "",
        "" if with_jobs else "Tall for private jobber mangler.",
    ]
    table = rows.assign(year=rows["year"].astype(str))[["year", "growth_pct", "people", "private_growth_pct", "jobs"]]

    def draw(figure, narrow):
        if narrow:
            left, right = axes(figure, 0.42, 1.0, 0.3, 2.42), axes(figure, 0.42, 1.0, 2.42, 0.28)
        else:
            left, right = axes(figure, 0.42, WIDE - 2.9, 0.3, 0.28), axes(figure, 4.2, 0.9, 0.3, 0.28)
        for axis, actual, model, title in (
            (left, "growth_pct", "people", "Folketall, prosent i året"),
            (right, "private_growth_pct", "jobs", "Private jobber, prosent i året"),
        ):
            if model == "jobs" and not with_jobs:
                axis.set_axis_off()
                continue
            lines = [
                (model, f"forventet {number(last[model], 1)}", {"color": GROUP, "lw": 1.4, "ls": "--"}),
                (actual, f"faktisk {number(last[actual], 1)}", {"color": OWN, "marker": "o"}),
            ]
            yearly(axis, series, lines, also=0, decimals=1)
            _levels(axis.yaxis, 5)
            axis.axhline(0, color=SOFT, lw=0.8)
            panel_name(axis, title)

    return Chart(
        id=id,
        title=f"Folkeveksten {at(name)} var {_how_often(above, of)}",
        reading="Heltrukket linje er veksten, stiplet er det modellen forventer av fødsler, innvandring, størrelse, arbeidsmarked "
        "og jobber. Avstanden mellom dem er attraktiviteten i året. " + " ".join(mark for mark in marks if mark),
        alt=f"Linjefigur for {name}, {years(int(every[0]), int(every[-1]))}. "
        + " ".join(
            f"{row.year}: folketall {percent(row.growth_pct, 2)}, forventet {percent(row.people, 2)}."
            for row in rows.iloc[[0, -1]].itertuples()
        ),
        uncertainty=f"{ANCHOR} Ett år alene sier lite." + _few(rows),
        source=f"{SOURCE}, {years(int(every[0]), int(every[-1]))}",
        table=_headed(
            table,
            year="År",
            growth_pct="Folkevekst, prosent",
            people="Forventet folkevekst, prosent",
            private_growth_pct="Vekst i private jobber, prosent",
            jobs="Forventet vekst i private jobber, prosent",
        ),
        draw=draw,
        height=(2.25, 4.7),
        decimals=dict.fromkeys(("Folkevekst, prosent", "Forventet folkevekst, prosent"), 2)
        | dict.fromkeys(("Vekst i private jobber, prosent", "Forventet vekst i private jobber, prosent"), 2),
        synthetic=synthetic,
    )


def ranks(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """The rank in each kind with its interval, over 1, 3, 5 and 10 years."""
    id, heading = "attraktivitet.ranks", "Plassen over ett, tre, fem og ti år"
    name = _names(municipalities)[komm_nr]
    own = attractiveness[(attractiveness["komm_nr"] == komm_nr) & (attractiveness["model"] == "nlib")]
    own = own[own["rank"].notna() & own["rank_low"].notna()]
    own = own[own["year"] == own["year"].max()]  # the parts may have a year that the whole has not
    if own.empty or "samlet" not in set(own["kind"]):
        why = _why(attractiveness, attractiveness_components, komm_nr)
        return Missing(id, heading, f"{name} kan ikke rangeres: {why}")
    table = own.assign(kind=pd.Categorical(own["kind"], list(KINDS), ordered=True)).sort_values(["kind", "period"])
    kinds = [kind for kind in KINDS if kind in set(own["kind"])]
    periods = sorted(own["period"].unique())
    three = attractiveness_of(attractiveness, komm_nr, "samlet")
    said = table[table["kind"] == "samlet"].iloc[0] if three is None else three

    def draw(figure, narrow):
        width = (WIDE - 0.75) / len(kinds)
        height = (figure.get_size_inches()[1] - 0.7) / len(kinds)
        for panel, kind in enumerate(kinds):
            if narrow:
                axis = axes(figure, 0.62, 0.3, 0.3 + panel * height, 0.47 + (len(kinds) - 1 - panel) * height)
            else:
                axis = axes(figure, 0.62 + panel * width, WIDE - 0.5 - (panel + 1) * width, 0.3, 0.28)
            rows = table[table["kind"] == kind].set_index("period").reindex(periods)
            n = int(rows["n"].max())
            for row, (_, held) in enumerate(rows.iterrows()):
                if pd.isna(held["rank"]):
                    axis.annotate("for få år", (n / 2, row), ha="center", va="center", size=7, color=SOFT)
                    continue
                place, low, high = (int(held[column]) for column in ("rank", "rank_low", "rank_high"))
                axis.hlines(row, low, high, color=OWN, lw=2.2)
                axis.plot(place, row, marker="D", ms=6, color=OWN)
                mid = min(max((low + high) / 2, 0.25 * n), 0.75 * n)
                axis.annotate(f"{place} ({low}–{high})", (mid, row), (0, 6), textcoords="offset points", ha="center", size=7)
            axis.set(xlim=(0, n + 1), ylim=(len(periods) - 0.5, -0.7))
            axis.set_xticks([1, n], ["1 er høyest", f"{n}"])
            for tick, side in zip(axis.get_xticklabels(), ("left", "right"), strict=True):
                tick.set_horizontalalignment(side)
            shown = [f"{period} år" for period in periods] if narrow or panel == 0 else [""] * len(periods)
            axis.set_yticks(range(len(periods)), shown, color=INK, size=8)
            panel_name(axis, KINDS[kind].capitalize())

    return Chart(
        id=id,
        title=rank_sentence(said, name),
        reading="Ruten er plassen, og streken er intervallet den skal ligge i ni av ti ganger; 1 er høyest. Forskjeller som varer, "
        "gir kortere streker jo lengre perioden er.",
        alt=f"Plasser for {name}: "
        + "; ".join(
            f"{KINDS[row.kind]} {row.period} år plass {int(row.rank)} ({int(row.rank_low)}–{int(row.rank_high)})"
            for row in table.itertuples()
        )
        + ".",
        uncertainty=f"{MODEL} {NEUTRAL}",
        source=f"{SOURCE}, til og med {own['year'].max()}",
        table=_headed(
            table.assign(kind=[KINDS[kind] for kind in table["kind"]]),
            kind="Mål",
            period="Periode, år",
            value_pct="Verdi, prosent",
            rank="Plass",
            rank_low="Plass, best",
            rank_high="Plass, dårligst",
            n="Kommuner",
        ),
        draw=draw,
        height=(2.0, 5.4),
        decimals={"Verdi, prosent": 2},
        synthetic=synthetic,
    )


def surroundings(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    municipalities: pd.DataFrame,
    outlines: dict,
    compare: list[str],
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """A map of samlet attraktivitet around the municipality, in three classes: over, under and not to be told from zero."""
    id, heading = "attraktivitet.surroundings", "Kart over samlet attraktivitet"
    names = _names(municipalities)
    name = names[komm_nr]
    own = attractiveness_of(attractiveness, komm_nr, "samlet")
    year = _nlib(attractiveness)["year"].max()
    told = _nlib(attractiveness, year).query("kind == 'samlet'").set_index("komm_nr")
    drawn = told[[nr in outlines for nr in told.index]]
    if komm_nr not in outlines or drawn.empty:
        lacking = "grensene mangler i utgaven. Kjør nlib fetch for å hente dem."
        why = _why(attractiveness, attractiveness_components, komm_nr) if komm_nr in outlines else lacking
        return Missing(id, heading, f"{name} kan ikke vises: {why}")
    places = {nr: middle(outlines[nr]) for nr in dict.fromkeys([komm_nr, *drawn.index])}
    apart = pd.Series({nr: float(np.hypot(*(places[nr] - places[komm_nr]))) for nr in drawn.index}, dtype=float)
    near = [komm_nr, *apart.drop(komm_nr, errors="ignore").sort_values(kind="stable").index[:NEAREST]]
    state = pd.Series({nr: sign(row) for nr, row in drawn.iterrows()})
    looks = {1: {"facecolor": OWN, "hatch": ""}, -1: {"facecolor": "#e8b48f", "hatch": "////"}, 0: {"facecolor": FILL, "hatch": ""}}

    def draw(figure, narrow):
        axis = axes(figure, 0.08, 0.08, 0.34, 0.12)
        axis.set_axis_off()
        width, height = figure.get_size_inches() * axis.get_position().size
        ends = np.array([places[nr] for nr in near[1:]]).reshape(-1, 2)
        box = window(outlines[komm_nr], ends, np.ones(len(ends)), width / height)
        axis.set(xlim=box[:, 0], ylim=box[:, 1])
        unseen = [path for nr, path in outlines.items() if nr not in state.index and meets(path, box)]
        flat = {"antialiased": False, "rasterized": True}
        axis.add_collection(PathCollection(unseen, facecolor="white", edgecolor=OTHER, lw=0.4, **flat))
        for which, look in looks.items():
            paths = [outlines[nr] for nr in state.index[state == which] if meets(outlines[nr], box)]
            axis.add_collection(PathCollection(paths, edgecolor="white", lw=0.6, **look, **flat))
        axis.add_collection(PathCollection([outlines[komm_nr]], facecolor="none", edgecolor=INK, lw=1.8, rasterized=True))
        inside = [nr for nr in near if ((places[nr] > box[0]) & (places[nr] < box[1])).all()]
        at = np.array([places[nr] for nr in inside])
        texts = [
            f"{names[nr]} {number(drawn.at[nr, 'value_pct'], 1, sign=True)}" if nr in drawn.index else names[nr] for nr in inside
        ]
        axis.scatter(*at.T, s=9, color=INK, edgecolor="white", lw=0.6, zorder=5)
        names_beside(axis, at, texts, 6.5 if narrow else 8)
        _legend(axis, narrow, ("■ over null", OWN), ("▨ under null", GROUP), ("□ kan ikke skilles fra null", SOFT))

    with_value = [nr for nr in near if nr in drawn.index]
    table = drawn.loc[with_value].assign(name=[names[nr] for nr in with_value])
    over, under = int((state == 1).sum()), int((state == -1).sum())
    both = [names[nr] for nr, path in outlines.items() if nr != komm_nr and nr in names and same(path, outlines[komm_nr])]
    here = "kan den ikke beregnes" if own is None else verdict(own, "den")
    counts = f"over null i {_municipalities(over)} og under null i {counted(under)}"
    return Chart(
        id=id,
        title=f"Samlet attraktivitet er {counts}; {at(name)} {here}",
        reading=f"Kartet viser {name} (svart strek) og kommunene rundt, {_span(year)}. Tallene er samlet attraktivitet i prosent "
        "av folketallet i året. En kommune er over eller under null bare når hele intervallet er det. Kommuner uten "
        "farge har ingen verdi.",
        alt=f"Kart rundt {name}, {_span(year)}: "
        + "; ".join(f"{row.name} {number(row.value_pct, 2, sign=True)}" for row in table.itertuples(index=False))
        + f". I landet er {over} over null, {under} under null, og {len(state) - over - under} kan ikke skilles fra null.",
        uncertainty=MODEL
        + (f" For {name}: {_why(attractiveness, attractiveness_components, komm_nr)}" if own is None else "")
        + (f" {name} er tegnet sammen med {listed(both)}." if both else ""),
        source=f"{SOURCE}, {_span(year)}. Kart: Kartverket (CC BY 4.0)",
        table=_headed(table, name="Kommune", value_pct="Samlet, prosent", low_pct="Lav", high_pct="Høy", rank="Plass"),
        draw=draw,
        height=(3.6, 4.2),
        decimals={"Samlet, prosent": 2, "Lav": 2, "Høy": 2},
        synthetic=synthetic,
    )


def models(
    attractiveness: pd.DataFrame,
    attractiveness_components: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    synthetic: bool = False,
) -> Chart | Missing:
    """The two models side by side: the published one as it is, and nlib's, shrunken and with its interval, where it is known."""
    id, heading = "attraktivitet.models", "De to modellene"
    name = _names(municipalities)[komm_nr]
    own = attractiveness[(attractiveness["komm_nr"] == komm_nr) & (attractiveness["period"] == PERIOD)]
    own = own[own["year"] == own["year"].max()].set_index(["kind", "model"])
    kinds = [kind for kind in KINDS if (kind, "anchor") in own.index]
    if not kinds:
        why = _why(attractiveness, attractiveness_components, komm_nr)
        return Missing(id, heading, f"Modellene kan ikke beregnes for {name}: {why}")
    year = own["year"].iloc[0]
    ours = own.reset_index("kind").loc[lambda rows: rows.index == "nlib"].set_index("kind")

    def draw(figure, narrow):
        axis = axes(figure, 1.45 if narrow else 1.9, 0.3, 0.34, 0.3)
        for row, kind in enumerate(kinds):
            marks = [(own.at[(kind, "anchor"), "value_pct"], row - 0.14, "o", GROUP, 6)]
            if kind in ours.index:
                axis.hlines(row + 0.14, ours.at[kind, "low_pct"], ours.at[kind, "high_pct"], color=OWN, lw=2)
                marks.append((ours.at[kind, "value_pct"], row + 0.14, "D", OWN, -6))
            for value, level, marker, colour, off in marks:
                axis.plot(value, level, marker=marker, ms=7, color=colour)
                beside = {"textcoords": "offset points", "size": 7.5, "weight": "bold", "color": colour, "ha": "center"}
                beside["bbox"] = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.4}
                axis.annotate(number(value, 2), (value, level), (0, off), va="bottom" if off > 0 else "top", **beside)
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.set_yticks(range(len(kinds)), [KINDS[kind].capitalize() for kind in kinds], color=INK, size=7.5 if narrow else 9)
        axis.set_ylim(len(kinds) - 0.3, -0.65)
        axis.margins(x=0.12)
        axis.grid(axis="x")
        _levels(axis.xaxis, 4 if narrow else 6)
        _legend(axis, narrow, ("● den publiserte", GROUP), *([("◆ nlibs, 90 %", OWN)] if len(ours) else []))

    table = own.reset_index().query("kind in @kinds")
    table = table.assign(kind=pd.Categorical(table["kind"], kinds, ordered=True)).sort_values(["kind", "model"])
    table["model"] = table["model"].map({"anchor": "den publiserte", "nlib": "nlibs"})
    lacking = _why(attractiveness, attractiveness_components, komm_nr) if ours.empty else ""
    return Chart(
        id=id,
        title=models_sentence(own, kinds, name),
        reading="Rundt merke: modellen Telemarksforsking publiserte i 2017, uten usikkerhet. Rute: nlibs modell, beregnet på "
        f"tallene i utgaven og trukket mot null etter størrelse, med intervall på 90 prosent. Snitt av {_span(year)}.",
        alt=f"To modeller for {name}, {_span(year)}, den publiserte og nlibs: "
        + "; ".join(
            f"{KINDS[kind]} {number(own.at[(kind, 'anchor'), 'value_pct'], 2)} og "
            + (interval(ours.loc[kind]) if kind in ours.index else "ingen verdi")
            for kind in kinds
        )
        + ".",
        uncertainty="Forskjellen har to grunner: nlib beregner koeffisientene på nytt for hvert tiår, og trekker det som er igjen, "
        "mot null så mye som størrelsen på kommunen tilsier. Den publiserte modellen gjør ingen av delene."
        + (f" nlibs verdi mangler: {lacking}" if lacking else ""),
        source=f"{SOURCE}, {_span(year)}",
        table=_headed(
            table.assign(kind=[KINDS[kind] for kind in table["kind"]]),
            kind="Mål",
            model="Modell",
            value_pct="Verdi, prosent",
            low_pct="Lav",
            high_pct="Høy",
            rank="Plass",
            n="Kommuner",
        ),
        draw=draw,
        height=(3.0, 3.2),
        decimals={"Verdi, prosent": 2, "Lav": 2, "Høy": 2},
        synthetic=synthetic,
    )


def record(attractiveness_backtest: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """How well the next three years' growth was foretold from each year: the share of differences explained, by method."""
    id, heading = "attraktivitet.record", "Hvor god modellen har vært"
    told = attractiveness_backtest[attractiveness_backtest["r2"].notna()]
    if told.empty:
        return Missing(id, heading, "Ingen år kan etterprøves ennå: det trengs tre år etter det første modellen kan beregnes for.")
    origins = sorted(told["origin"].unique())
    means = told.groupby(["method", "size_class"])[["r2", "mean_abs_error_pct", "coverage_pct"]].mean()
    methods = [method for method in METHODS if method in set(told["method"])]
    shown = told[told["size_class"].isin(["all", "20000+"])]
    least = -1.05 if shown["r2"].min() < -0.1 else -0.1

    def draw(figure, narrow):
        panels = [("all", "Alle kommuner"), ("20000+", "20 000 innbyggere og flere")]
        for place, (size_class, title) in enumerate(panels):
            if narrow:
                axis = axes(figure, 1.4, 0.3, 0.3 + place * 2.07, 0.28 + (1 - place) * 2.07)
            else:
                axis = axes(figure, 1.7 + place * 2.75, WIDE - 4.25 - place * 2.75, 0.3, 0.28)
            some = told[told["size_class"] == size_class]
            for row, method in enumerate(methods):
                each = some.loc[some["method"] == method, "r2"].clip(lower=-1)
                axis.plot(each, np.full(len(each), row), ls="", marker="o", ms=4, color=OTHER, alpha=0.6)
                if len(each):
                    axis.plot(each.mean(), row, marker="D", ms=7, color=OWN)
                    beside = {"textcoords": "offset points", "ha": "center", "size": 7.5, "weight": "bold", "color": OWN}
                    axis.annotate(number(each.mean(), 2), (each.mean(), row), (0, 6), **beside)
            axis.axvline(0, color=SOFT, lw=0.9)
            axis.set(xlim=(least, 1.08), ylim=(len(methods) - 0.5, -0.7))
            axis.set_xticks([level for level in (-1, -0.5, 0, 0.5, 1) if level > least])
            axis.xaxis.set_major_formatter(lambda level, _: number(level, int(level % 1 != 0)))
            shown = [METHODS[method] for method in methods] if narrow or place == 0 else [""] * len(methods)
            axis.set_yticks(range(len(methods)), shown, color=INK, size=7.5 if narrow else 8.5)
            axis.grid(axis="x")
            panel_name(axis, title)

    ours = means.loc[("attractiveness", "all")]
    table = means.reindex(pd.MultiIndex.from_product([methods, SIZES], names=means.index.names)).dropna(how="all").reset_index()
    table = table.assign(method=table["method"].map(METHODS), size_class=table["size_class"].map(SIZES))
    return Chart(
        id=id,
        title=record_sentence(means["r2"].xs("all", level="size_class")),
        reading="Hver metode er beregnet på tallene fram til et startår, og så prøvd mot veksten de tre neste årene. 1 er fullt "
        "treff, 0 er ikke bedre enn å gjette at alle vokser likt, og under 0 er dårligere. Ruten er snittet av "
        f"{counted(len(origins))} startår ({years(int(origins[0]), int(origins[-1]))}), og prikkene er de enkelte startårene. "
        "«Som før» er veksten de tre siste årene.",
        alt="Punktfigur over andel forklart: "
        + "; ".join(
            f"{METHODS[method]} {number(means.loc[(method, size), 'r2'], 2)} ({SIZES[size]})"
            for method in methods
            for size in ("all", "20000+")
            if (method, size) in means.index
        )
        + ".",
        uncertainty=f"Snittfeilen til struktur og attraktivitet er {number(ours['mean_abs_error_pct'], 2)} prosentpoeng i året, og "
        f"intervallet på 90 prosent dekket {number(ours['coverage_pct'])} prosent av kommunene. At en metode har truffet før, "
        "er ikke bevis for at den treffer neste gang.",
        source=f"{SOURCE}, startår {years(int(origins[0]), int(origins[-1]))}",
        table=_headed(
            table,
            method="Metode",
            size_class="Kommuner",
            r2="Andel forklart",
            mean_abs_error_pct="Snittfeil",
            coverage_pct="Dekning, prosent",
        ),
        draw=draw,
        height=(0.95 + 0.33 * len(methods), 4.6),
        decimals={"Andel forklart": 2, "Snittfeil": 2, "Dekning, prosent": 0},
        synthetic=synthetic,
    )


def _legend(axis, narrow, *marks):
    """What the marks mean, in a row over the whole figure, in their own colours."""
    width, height = axis.figure.get_size_inches()
    across, letter = 0.1, 0.063 if narrow else 0.082  # inches: where a text begins, and how much a letter takes
    for text, colour in marks:
        look = {"color": colour, "weight": "bold", "size": 7 if narrow else 8.5}
        axis.figure.text(across / width, 1 - 0.24 / height, text, **look)
        across += letter * len(text) + 0.2


def _levels(which, most: int = 6):
    """Round levels on an axis, with the decimals they need: 0,25 is not told as 0,2."""

    def shown(level, _):
        levels = which.get_majorticklocs()
        return number(level, next((d for d in (0, 1) if np.allclose(levels, np.round(levels, d), atol=1e-6)), 2))

    which.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    which.set_major_formatter(shown)


# -- what the titles say


def sign(row) -> int:
    """1 where the whole interval is over zero, -1 where it is under, 0 where it holds zero or is not known."""
    return int(row["low_pct"] > 0) - int(row["high_pct"] < 0) if pd.notna(row["low_pct"]) else 0


def verdict(row, subject: str = "") -> str:
    """Whether a value can be told from zero, as a verb phrase; a `subject` stands after the verb («i Oslo er den»)."""
    verb, rest = {1: ("er", "over null"), -1: ("er", "under null"), 0: ("kan", "ikke skilles fra null")}[sign(row)]
    return f"{verb} {subject} {rest}" if subject else f"{verb} {rest}"


def interval(row) -> str:
    """A value with its interval, «0,21 (−0,10 til 0,52)»."""
    return f"{number(row['value_pct'], 2)} ({number(row['low_pct'], 2)} til {number(row['high_pct'], 2)})"


def both_sentence(bosted, naering, name: str) -> str:
    """What can be said of the two kinds together."""
    if sign(bosted) == sign(naering) == 0:
        return f"Verken bosteds- eller næringsattraktiviteten {at(name)} kan skilles fra null"
    if sign(bosted) == sign(naering):
        return f"Både bosteds- og næringsattraktiviteten {at(name)} {verdict(bosted)}"
    return f"Bostedsattraktiviteten {at(name)} {verdict(bosted)}, mens næringsattraktiviteten {verdict(naering)}"


def rank_sentence(row, name: str) -> str:
    """The rank with its interval and the count of municipalities."""
    place = f"{name} er på {rank(int(row['rank']), int(row['n']))} i samlet attraktivitet"
    if pd.isna(row["rank_low"]) or row["rank_low"] == row["rank_high"]:
        return place
    low, high = int(row["rank_low"]), int(row["rank_high"])
    wide = (high - low) > row["n"] / 2
    return f"{place}, men kan være hvor som helst fra {low} til {high}" if wide else f"{place}, trolig mellom {low} og {high}"


def group_sentence(own, others: pd.Series, name: str) -> str:
    """The place in the comparison group, and how many of the others can be told from it: their values are outside its interval."""
    held = rank(1 + int((others > own["value_pct"]).sum()), 1 + len(others))
    place = f"{name} er på {held} i samlet attraktivitet i sammenligningsgruppen"
    apart = int(((others < own["low_pct"]) | (others > own["high_pct"])).sum())
    told = "ingen av de" if not apart else "alle de" if apart == len(others) else f"{counted(apart)} av de"
    return f"{place}; {told} {counted(len(others))} andre ligger utenfor intervallet" if len(others) > 1 else place


def growth_sentence(what: str, growth: float, expected: float | None, span: str) -> str:
    """How much grew, and how that is against what was expected, where it is known; under 0.05 points is none."""
    still = abs(growth) < 0.05
    moved = "sto stille" if still else f"{'vokste' if growth > 0 else 'gikk ned'} med {number(abs(growth), 1)} prosent"
    said = f"{what} {moved} i {span}" if still or "–" not in span else f"{what} {moved} i året i {span}"
    if expected is None:
        return f"{said}, men hvor mye som er attraktivitet, kan ikke beregnes"
    gap = growth - expected
    if abs(gap) < 0.05:
        return f"{said}, som forventet"
    better, worse = ("mer", "mindre") if growth >= 0.05 else ("bedre", "svakere")
    return f"{said}, {number(abs(gap), 1)} prosentpoeng {better if gap > 0 else worse} enn forventet"


def models_sentence(own, kinds: list[str], name: str) -> str:
    """Whether the two models say the same, or the kind they differ most in of those where they do not.

    own: rows by (kind, model); kinds: those of the published model.
    """
    both = [kind for kind in kinds if (kind, "nlib") in own.index]
    theirs = {kind: own.at[(kind, "anchor"), "value_pct"] for kind in kinds}
    if not both:
        return f"Den publiserte modellen gir {name} {KINDS[kinds[-1]]} {number(theirs[kinds[-1]], 2)}; nlibs kan ikke beregnes"
    ours = own.xs("nlib", level="model")
    outside = [kind for kind in both if not ours.at[kind, "low_pct"] <= theirs[kind] <= ours.at[kind, "high_pct"]]
    if not outside:
        return f"De to modellene er ikke uenige om {name}: de publiserte verdiene er innenfor nlibs intervaller"
    kind = max(outside, key=lambda one: abs(theirs[one] - ours.at[one, "value_pct"]))
    values = f"{number(theirs[kind], 2)} i den publiserte, {number(ours.at[kind, 'value_pct'], 2)} i nlibs"
    return f"Modellene er uenige om {_definite(kind)} {at(name)}: {values}"


def record_sentence(r2: pd.Series) -> str:
    """Which method has foretold best, by its mean share explained; r2: by method, for all municipalities."""
    best = r2.idxmax()
    if r2[best] <= 0:
        return "Ingen metode har truffet bedre enn å gjette at alle kommuner vokser likt"
    shown = f"«{METHODS[best][0].upper()}{METHODS[best][1:]}»"
    return f"{shown} har truffet best: {number(100 * r2[best])} prosent av forskjellene i vekst de neste tre årene er forklart"


def _how_often(above, of):
    if not above:
        return f"ikke høyere enn forventet i noen av de {of} årene"
    return f"høyere enn forventet i {f'alle de {of} årene' if above == of else f'{above} av {of} år'}"


def _definite(kind):
    return "den samlede attraktiviteten" if kind == "samlet" else f"{KINDS[kind]}en"


def _municipalities(count):
    return f"{counted(count)} {'kommune' if count == 1 else 'kommuner'}"


# -- what is drawn from

NEAREST = 12
NEEDS = {  # the figures that each part is made of
    "birth_surplus_pct": "fødte og døde",
    "immigration_pct": "inn- og utvandring",
    "size_pct": "folketall",
    "integration_pct": "pendling",
    "industry_structure_pct": "jobber etter næring og sektor",
    "public_pct": "jobber etter næring og sektor",
    "business_pct": "jobber etter næring og sektor",
    "neighbours_pct": "jobbvekst der innbyggerne pendler til",
}


def _why(attractiveness, components, komm_nr):
    """Why a municipality has no attractiveness, as the end of a sentence after a colon."""
    own = _own(components, komm_nr)
    if own.empty:
        return "utgaven har ingen tall for kommunen."
    last = own.iloc[-1]
    if not last["comparable"]:
        return (
            f"en deling eller en flyttet grense inngår i tallene til og med {last['year']}, fordi jobbveksten er målt over flere "
            "år. Tall fra før og etter kan ikke sammenlignes."
        )
    if lacking := dict.fromkeys(need for part, need in NEEDS.items() if pd.isna(last[part])):
        return f"utgaven mangler tall for {listed(list(lacking))} i {last['year']}."
    if (attractiveness["model"] == "nlib").any():
        return "attraktivitet er snittet av tre år på rad, og kommunen har færre som kan sammenlignes."
    return "utgaven har for få år til å beregne nlibs modell."


def _names(municipalities):
    return {nr: short_name(name) for nr, name in zip(municipalities["komm_nr"], municipalities["name"], strict=True)}


def _nlib(attractiveness, year=None):
    """The rows of nlib's model over three years, of a year where it is given."""
    held = attractiveness[(attractiveness["model"] == "nlib") & (attractiveness["period"] == PERIOD)]
    return held if year is None else held[held["year"] == year]


def _own(components, komm_nr):
    return components[(components["komm_nr"] == komm_nr) & components["growth_pct"].notna()].sort_values("year")


def _complete(components, komm_nr, columns, comparable=True):
    rows = components[components["komm_nr"] == komm_nr].sort_values("year")
    return rows[(rows["comparable"] | (not comparable)) & rows[columns].notna().all(axis=1)]


def _what_is_known(components, population, komm_nr):
    """The latest years whose population is comparable, and the parts of growth known in all of them, the rest as the last.

    Where jobs are not comparable, only what does not build on them: births, immigration and size.
    """
    measured = population.loc[(population["komm_nr"] == komm_nr) & population["comparable"], "year"]
    rows = _complete(components, komm_nr, ["growth_pct", *BASIC], comparable=False)
    rows = rows[rows["year"].isin(measured)]
    rows = rows[rows["year"] > rows["year"].max() - PERIOD]
    whole = list(PEOPLE)[:-1] if rows["comparable"].all() else BASIC
    known = {part: PEOPLE[part] for part in whole if rows[part].notna().all()}
    return rows.assign(rest_pct=rows["growth_pct"] - rows[list(known)].sum(axis=1)), known | {"rest_pct": REST}


def _without_largest(largest_employer, komm_nr, rows):
    """What næringsattraktivitet is without the largest employer, where accounts of all the years are there."""
    if largest_employer is None:
        return ""
    told = largest_employer[(largest_employer["komm_nr"] == komm_nr) & largest_employer["comparable"]]
    told = told[told["year"].isin(rows["year"]) & (told["year"] > rows["year"].max() - PERIOD)]
    if len(told) < PERIOD:
        return ""
    return (
        f" Uten den største arbeidsgiveren ({percent(told['share_pct'].mean(), 0)} av de private jobbene) ville "
        f"næringsattraktiviteten vært {number(told['without_pct'].mean(), 2, sign=True)} i stedet for "
        f"{number(told['naering_pct'].mean(), 2, sign=True)}, etter regnskapene som er tatt inn."
    )


def _few(rows):
    people = rows["population"].iloc[-1] if len(rows) else np.nan
    return f" Tallene er små: én person utgjør {number(100 / people, 2)} prosent av folketallet." if 0 < people < 1000 else ""


def _span(year):
    return years(int(year) - PERIOD + 1, int(year))


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)
