"""The figures of the attractiveness page: the two kinds against each other, what growth is made of, rank, map and record.

Each function takes contract tables and gives a Chart, or Missing with the reason. Attractiveness is in percent of the population
a year (næring: of private jobs a year), a mean over the years of a period.
"""

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection

from nlib.figures.chart import Chart, Missing
from nlib.figures.drawing import names_beside, panel_name, yearly
from nlib.figures.facts import PERIOD, attractiveness_of
from nlib.figures.outlines import meets, middle, window
from nlib.figures.style import FILL, GROUP, INK, OTHER, OWN, SOFT, WIDE, axes
from nlib.language import counted, number, percent, rank, short_name, years

LIKE = 20_000  # inhabitants: the larger places of the record
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
SOURCE = "SSB, tabell 06913, 07459, 03321, 08536 og 13472, modellen er nlibs"
MODEL = (
    "Attraktivitet er det modellen ikke forklarer, og er derfor usikker: intervallet er 90 prosent, og skal dekke ni av ti ganger. "
    "Små kommuner er trukket mest mot null, fordi mye av utslaget deres er tilfeldig."
)
ANCHOR = "Delene er regnet med koeffisientene Telemarksforsking publiserte i 2017; de er gjenskapt fra rapporter, ikke oppgitt."
NEUTRAL = "Lavere plass er ikke nødvendigvis tilbakegang."


def scatter(
    attractiveness: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Bosteds- against næringsattraktivitet of every municipality, with the comparison group named and its intervals."""
    id, heading = "attraktivitet.scatter", "Bosted og næring"
    names = _names(municipalities)
    name = names[komm_nr]
    held = {kind: attractiveness_of(attractiveness, komm_nr, kind) for kind in ("bosted", "naering")}
    if missing := [KINDS[kind] for kind, row in held.items() if row is None]:
        return Missing(id, heading, f"{name} har ikke {' eller '.join(missing)}: {WHY}")
    year = held["bosted"]["year"]
    every = _nlib(attractiveness, year).pivot(index="komm_nr", columns="kind", values=["value_pct", "low_pct", "high_pct"])
    every = every.dropna(subset=[("value_pct", "bosted"), ("value_pct", "naering")])
    group = [nr for nr in compare if nr in every.index and nr != komm_nr]

    def draw(figure, narrow):
        axis = axes(figure, 0.5, 0.12, 0.12, 0.42)
        x, y = every[("value_pct", "naering")], every[("value_pct", "bosted")]
        axis.axhline(0, color=SOFT, lw=0.8)
        axis.axvline(0, color=SOFT, lw=0.8)
        others = every.index.difference([komm_nr, *group])
        axis.scatter(x[others], y[others], s=8, color=OTHER, alpha=0.4, lw=0, rasterized=True)
        for nr, colour, wide in [*((nr, GROUP, 0.8) for nr in group), (komm_nr, OWN, 1.8)]:
            axis.plot(
                [every.at[nr, ("low_pct", "naering")], every.at[nr, ("high_pct", "naering")]], [y[nr]] * 2, color=colour, lw=wide
            )
            axis.plot(
                [x[nr]] * 2, [every.at[nr, ("low_pct", "bosted")], every.at[nr, ("high_pct", "bosted")]], color=colour, lw=wide
            )
        axis.scatter(x[group], y[group], s=30, color=GROUP, marker="^", lw=0, zorder=3)
        axis.scatter(x[komm_nr], y[komm_nr], s=90, color=OWN, marker="D", edgecolor="white", zorder=4)
        axis.set(xlabel="Næringsattraktivitet, prosent av private jobber i året", ylabel="Bostedsattraktivitet, prosent i året")
        for which in (axis.xaxis, axis.yaxis):
            which.set_major_formatter(lambda value, _: number(value, 1))
        shown = [komm_nr, *group]
        names_beside(axis, np.column_stack([x[shown], y[shown]]).astype(float), [names[nr] for nr in shown], 7 if narrow else 8.5)

    table = pd.DataFrame({"Kommune": [names.get(nr, nr) for nr in every.index]})
    for kind in ("bosted", "naering"):
        table[KINDS[kind].capitalize()] = every[("value_pct", kind)].to_numpy(float)
    table = table.sort_values("Bostedsattraktivitet", ascending=False, kind="stable", ignore_index=True)
    return Chart(
        id=id,
        title=both_sentence(held["bosted"], held["naering"], name),
        reading=f"Hvert punkt er en kommune, {_span(year)}. Lenger opp: flere flytter dit enn struktur og jobber tilsier. Lenger "
        f"til høyre: flere private jobber enn bransjer og folkevekst tilsier. {name} er den mørke ruten, trekantene er "
        "sammenligningsgruppen, og strekene er 90 prosents intervall.",
        alt=f"Spredningsfigur for {len(every)} kommuner, {_span(year)}. {name}: "
        + "; ".join(f"{KINDS[kind]} {interval(row)}" for kind, row in held.items())
        + ".",
        uncertainty=MODEL,
        source=f"{SOURCE}, {_span(year)}",
        table=table,
        draw=draw,
        height=(4.4, 4.2),
        decimals=dict.fromkeys(table.columns[1:], 2),
        synthetic=synthetic,
    )


def group(
    attractiveness: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Samlet attraktivitet of the municipality and its comparison group, stacked of bosted and næring, with rank in parentheses."""
    id, heading = "attraktivitet.group", "Samlet attraktivitet i sammenligningsgruppen"
    names = _names(municipalities)
    name = names[komm_nr]
    own = attractiveness_of(attractiveness, komm_nr, "samlet")
    if own is None:
        return Missing(id, heading, f"{name} har ikke samlet attraktivitet: {WHY}")
    year = own["year"]
    told = _nlib(attractiveness, year).set_index(["komm_nr", "kind"])
    shown = [nr for nr in dict.fromkeys([komm_nr, *compare]) if (nr, "samlet") in told.index and (nr, "bosted") in told.index]
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
        axis.set_yticks(
            at, [f"{row.name} ({row.rank})" for row in table.itertuples(index=False)], color=INK, size=7.5 if narrow else 9
        )
        axis.get_yticklabels()[list(table.index).index(komm_nr)].set_weight("bold")
        axis.invert_yaxis()
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.grid(axis="x")
        axis.xaxis.set_major_formatter(lambda value, _: number(value, 1))
        _legend(axis, narrow, ("■ bosted", OWN), ("▨ næring", GROUP), ("┼ samlet, 90 %", INK))

    return Chart(
        id=id,
        title=rank_sentence(own, name),
        reading=f"Søylene er attraktivitet i året, {_span(year)}, i prosent av folketallet: bosted, og det "
        "næringsattraktivitet gir av folkevekst gjennom egne jobber. Den tynne streken under er samlet verdi med intervall. "
        "I parentes står plassen blant "
        f"{number(own['n'])} kommuner, 1 er høyest.",
        alt=f"Stolper for {counted(len(table))} kommuner, {_span(year)}: "
        + "; ".join(f"{row.name} {number(row.samlet, 2)} (nr. {row.rank})" for row in table.itertuples(index=False))
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
    attractiveness_components: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """What the growth of the population was made of in the latest period: the expected parts and what is left."""
    return _waterfall(attractiveness_components, municipalities, komm_nr, synthetic, "people")


def jobs(
    attractiveness_components: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """What the growth of private jobs was made of in the latest period: the expected parts and what is left."""
    return _waterfall(attractiveness_components, municipalities, komm_nr, synthetic, "jobs")


def _waterfall(components, municipalities, komm_nr, synthetic, which):
    id = f"attraktivitet.{which}"
    parts, total, what = (
        (PEOPLE, "growth_pct", "Folketallet") if which == "people" else (JOBS, "private_growth_pct", "Private jobber")
    )
    heading = f"Hva veksten består av: {what.lower()}"
    name = _names(municipalities)[komm_nr]
    rows = _complete(components, komm_nr, [*parts, total])
    if rows.empty:
        return Missing(id, heading, f"{name} har ikke alle delene i noe år: {WHY}")
    rows = rows.tail(PERIOD)
    span = years(rows["year"].iloc[0], rows["year"].iloc[-1])
    means = rows[[*parts, total]].astype(float).mean()
    residual = list(parts)[-1]
    expected = means[total] - means[residual]
    table = pd.DataFrame({"part": [*parts.values(), "vekst i alt"], "value": [*means[list(parts)], means[total]]})

    def draw(figure, narrow):
        axis = axes(figure, 1.75 if narrow else 2.4, 0.5, 0.15, 0.3)
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
        axis.set_yticks(at, table["part"], color=INK, size=7 if narrow else 8.5)
        for row in (last - 1, last):
            axis.get_yticklabels()[row].set_weight("bold")
        axis.invert_yaxis()
        axis.margins(x=0.14)
        axis.xaxis.set_major_formatter(lambda value, _: number(value, 1))
        axis.grid(axis="x")

    return Chart(
        id=id,
        title=growth_sentence(what, name, means[total], expected, span),
        reading=f"Årlig vekst i prosent, snitt av {span}. Hver søyle begynner der den forrige slutter: de grå er det modellen "
        f"forventer, den blå er det som er igjen, og den mørke nederst er veksten. Sammen er de grå {number(expected, 2)} prosent.",
        alt=f"Fossefall for {name}, {span}: "
        + "; ".join(f"{r.part} {number(r.value, 2, sign=True)}" for r in table.itertuples())
        + ".",
        uncertainty=ANCHOR + ("" if len(rows) == PERIOD else f" Bare {counted(len(rows))} år kan regnes.") + _few(rows),
        source=f"{SOURCE}, {span}",
        table=_headed(table, part="Del", value="Prosent i året"),
        draw=draw,
        height=(0.75 + 0.215 * len(table), 0.75 + 0.25 * len(table)),
        decimals={"Prosent i året": 2},
        synthetic=synthetic,
    )


def expected(
    attractiveness_components: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Growth against what the model expects, year by year: people, and private jobs where they are known."""
    id, heading = "attraktivitet.expected", "Forventet og faktisk vekst"
    name = _names(municipalities)[komm_nr]
    rows = _complete(attractiveness_components, komm_nr, ["growth_pct", "bosted_pct"], comparable=False)
    if len(rows) < 2:
        return Missing(id, heading, f"{name} har ikke to år med alle delene av veksten: {WHY}")
    rows = rows.assign(
        people=rows["growth_pct"] - rows["bosted_pct"],
        jobs=rows["private_growth_pct"] - rows["naering_pct"],
    )
    every = pd.RangeIndex(rows["year"].min(), rows["year"].max() + 1, name="year")
    series = rows.set_index("year").reindex(every)
    last = rows.iloc[-1]
    with_jobs = rows["jobs"].notna().sum() > 1
    above = int((rows["bosted_pct"] > 0).sum())
    table = rows.assign(year=rows["year"].astype(str))[["year", "growth_pct", "people", "private_growth_pct", "jobs"]]

    def draw(figure, narrow):
        if narrow:
            left, right = axes(figure, 0.42, 1.0, 0.55, 2.45), axes(figure, 0.42, 1.0, 3.4, 0.28)
        else:
            left, right = axes(figure, 0.42, WIDE - 2.95, 0.55, 0.28), axes(figure, 4.15, 0.85, 0.55, 0.28)
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
            axis.axhline(0, color=SOFT, lw=0.8)
            panel_name(axis, title)

    return Chart(
        id=id,
        title=f"Folketallet i {name} vokste mer enn forventet i {counted(above)} av {counted(len(rows))} år",
        reading="Heltrukket linje er veksten, stiplet er det modellen forventer av fødsler, innvandring, størrelse, arbeidsmarked "
        "og jobber. Avstanden mellom dem er attraktiviteten i året." + ("" if with_jobs else " Private jobber mangler."),
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
        height=(2.6, 5.4),
        decimals=dict.fromkeys(("Folkevekst, prosent", "Forventet folkevekst, prosent"), 2)
        | dict.fromkeys(("Vekst i private jobber, prosent", "Forventet vekst i private jobber, prosent"), 2),
        synthetic=synthetic,
    )


def ranks(attractiveness: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """The rank in each kind with its interval, over 1, 3, 5 and 10 years."""
    id, heading = "attraktivitet.ranks", "Plassen over ett, tre, fem og ti år"
    name = _names(municipalities)[komm_nr]
    own = attractiveness[(attractiveness["komm_nr"] == komm_nr) & (attractiveness["model"] == "nlib")]
    own = own[own["rank"].notna() & own["rank_low"].notna()]
    if own.empty or "samlet" not in set(own["kind"]):
        return Missing(id, heading, f"{name} har ingen plass: {WHY}")
    own = own[own["year"] == own["year"].max()]
    table = own.assign(kind=pd.Categorical(own["kind"], list(KINDS), ordered=True)).sort_values(["kind", "period"])
    kinds = [kind for kind in KINDS if kind in set(own["kind"])]
    periods, n = sorted(own["period"].unique()), int(own["n"].max())
    three = attractiveness_of(attractiveness, komm_nr, "samlet")
    said = table[table["kind"] == "samlet"].iloc[0] if three is None else three

    def draw(figure, narrow):
        width = (WIDE - 0.75) / len(kinds)
        height = (figure.get_size_inches()[1] - 0.75) / len(kinds)
        for panel, kind in enumerate(kinds):
            if narrow:
                axis = axes(figure, 0.62, 0.3, 0.35 + panel * height, 0.47 + (len(kinds) - 1 - panel) * height)
            else:
                axis = axes(figure, 0.62 + panel * width, WIDE - 0.5 - (panel + 1) * width, 0.5, 0.28)
            rows = table[table["kind"] == kind].set_index("period").reindex(periods)
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
        reading="Ruten er plassen, streken er intervallet den ligger i ni av ti ganger. 1 er høyest. Lange perioder gir kortere "
        "streker når forskjellene er varige.",
        alt=f"Plasser for {name}: "
        + "; ".join(
            f"{KINDS[row.kind]} {row.period} år nr. {int(row.rank)} ({int(row.rank_low)}–{int(row.rank_high)})"
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
        height=(2.2, 5.4),
        decimals={"Verdi, prosent": 2},
        synthetic=synthetic,
    )


def surroundings(
    attractiveness: pd.DataFrame,
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
    if own is None or komm_nr not in outlines:
        why = WHY if own is None else "grensene mangler i kartet. Kjør nlib fetch for å hente dem."
        return Missing(id, heading, f"{name} kan ikke vises: {why}")
    year = own["year"]
    told = _nlib(attractiveness, year).query("kind == 'samlet'").set_index("komm_nr")
    drawn = told[[nr in outlines for nr in told.index]]
    places = {nr: middle(outlines[nr]) for nr in drawn.index}
    apart = pd.Series({nr: float(np.hypot(*(places[nr] - places[komm_nr]))) for nr in drawn.index}).sort_values(kind="stable")
    near = apart.index[: NEAREST + 1]
    state = pd.Series({nr: sign(row) for nr, row in drawn.iterrows()})
    looks = {1: {"facecolor": OWN, "hatch": ""}, -1: {"facecolor": "#e8b48f", "hatch": "////"}, 0: {"facecolor": FILL, "hatch": ""}}

    def draw(figure, narrow):
        axis = axes(figure, 0.08, 0.08, 0.34, 0.04)
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
        texts = [f"{names[nr]} {number(drawn.at[nr, 'value_pct'], 1, sign=True)}" for nr in inside]
        names_beside(axis, np.array([places[nr] for nr in inside]), texts, 6.5 if narrow else 8)
        for text, colour, where in (
            ("■ over null", OWN, 0),
            ("▨ under null", GROUP, 0.3),
            ("□ kan ikke skilles fra null", SOFT, 0.6),
        ):
            look = {"color": colour, "weight": "bold", "size": 7 if narrow else 8.5}
            axis.annotate(text, (where, 1), (0, 6), xycoords="axes fraction", textcoords="offset points", **look)

    counts = state.value_counts()
    table = drawn.loc[near].assign(name=[names[nr] for nr in near])
    return Chart(
        id=id,
        title=f"Samlet attraktivitet er over null i {counted(counts.get(1, 0))} kommuner og under i {counted(counts.get(-1, 0))}; "
        f"den i {name} {verdict(own)}",
        reading=f"Kartet viser {name} (svart strek) og kommunene rundt, {_span(year)}. Tallet er samlet attraktivitet i prosent av "
        "folketallet i året. En kommune er over eller under null bare når hele intervallet er det.",
        alt=f"Kart rundt {name}, {_span(year)}: "
        + "; ".join(f"{row.name} {number(row.value_pct, 2, sign=True)}" for row in table.itertuples(index=False))
        + f". I landet er {counts.get(1, 0)} over null, {counts.get(-1, 0)} under, og {counts.get(0, 0)} kan ikke skilles.",
        uncertainty=MODEL,
        source=f"{SOURCE}, {_span(year)}. Kart: Kartverket (CC BY 4.0)",
        table=_headed(table, name="Kommune", value_pct="Samlet, prosent", low_pct="Lav", high_pct="Høy", rank="Plass"),
        draw=draw,
        height=(3.6, 4.2),
        decimals={"Samlet, prosent": 2, "Lav": 2, "Høy": 2},
        synthetic=synthetic,
    )


def models(attractiveness: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """The two models side by side: the published one as it is, and nlib's, shrunken and with its interval."""
    id, heading = "attraktivitet.models", "De to modellene"
    name = _names(municipalities)[komm_nr]
    own = attractiveness[(attractiveness["komm_nr"] == komm_nr) & (attractiveness["period"] == PERIOD)]
    own = own[own["year"] == own["year"].max()].set_index(["kind", "model"])
    kinds = [kind for kind in KINDS if {(kind, "anchor"), (kind, "nlib")} <= set(own.index)]
    if not kinds:
        return Missing(id, heading, f"{name} har ikke verdier i begge modellene: {WHY}")
    year = own["year"].iloc[0]
    gaps = {kind: own.at[(kind, "nlib"), "value_pct"] - own.at[(kind, "anchor"), "value_pct"] for kind in kinds}

    def draw(figure, narrow):
        axis = axes(figure, 1.45 if narrow else 1.9, 0.3, 0.4, 0.3)
        for row, kind in enumerate(kinds):
            theirs, ours = own.loc[(kind, "anchor")], own.loc[(kind, "nlib")]
            axis.hlines(row + 0.14, ours["low_pct"], ours["high_pct"], color=OWN, lw=2)
            axis.plot(ours["value_pct"], row + 0.14, marker="D", ms=7, color=OWN)
            axis.plot(theirs["value_pct"], row - 0.2, marker="o", ms=7, color=GROUP)
            for value, shift, colour in ((ours["value_pct"], 0.14, OWN), (theirs["value_pct"], -0.2, GROUP)):
                beside = {"textcoords": "offset points", "size": 7.5, "weight": "bold", "color": colour, "ha": "center"}
                axis.annotate(number(value, 2), (value, row + shift), (0, 6), **beside)
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.set_yticks(range(len(kinds)), [KINDS[kind].capitalize() for kind in kinds], color=INK, size=7.5 if narrow else 9)
        axis.set_ylim(len(kinds) - 0.5, -0.65)
        axis.margins(x=0.12)
        axis.grid(axis="x")
        axis.xaxis.set_major_formatter(lambda value, _: number(value, 1))
        _legend(axis, narrow, ("● Telemarksforskings", GROUP), ("◆ nlibs, 90 %", OWN))

    table = own.reset_index().query("kind in @kinds")
    table = table.assign(
        kind=[KINDS[kind] for kind in table["kind"]],
        model=table["model"].map({"anchor": "Telemarksforskings", "nlib": "nlibs"}),
    ).sort_values(["kind", "model"])
    return Chart(
        id=id,
        title=models_sentence(own, gaps, name),
        reading=f"Rundt merke: koeffisientene Telemarksforsking publiserte i 2017, uten usikkerhet. Rute: nlibs modell, beregnet "
        f"på tallene i utgaven og trukket mot null etter størrelse, med 90 prosents intervall. Snitt av {_span(year)}.",
        alt=f"To modeller for {name}, {_span(year)}: "
        + "; ".join(
            f"{KINDS[kind]} {number(own.at[(kind, 'anchor'), 'value_pct'], 2)} og {interval(own.loc[(kind, 'nlib')])}"
            for kind in kinds
        )
        + ".",
        uncertainty="Forskjellen har to grunner: nlib beregner koeffisientene på nytt for hvert tiår, og trekker det som er igjen "
        "mot null så mye som størrelsen på kommunen tilsier. Den publiserte modellen gjør ingen av delene.",
        source=f"{SOURCE}, {_span(year)}",
        table=_headed(
            table,
            kind="Mål",
            model="Modell",
            value_pct="Verdi, prosent",
            low_pct="Lav",
            high_pct="Høy",
            rank="Plass",
            n="Kommuner",
        ),
        draw=draw,
        height=(2.6, 2.8),
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

    def draw(figure, narrow):
        panels = [("all", "Alle kommuner"), ("20000+", "20 000 innbyggere og flere")]
        for place, (size_class, title) in enumerate(panels):
            if narrow:
                axis = axes(figure, 1.35, 0.3, 0.45 + place * 2.05, 0.28 + (1 - place) * 2.05)
            else:
                axis = axes(figure, 1.6 + place * 2.85, WIDE - 4.3 - place * 2.65, 0.45, 0.28)
            some = told[told["size_class"] == size_class]
            for row, method in enumerate(methods):
                each = some.loc[some["method"] == method, "r2"].clip(lower=-1)
                axis.plot(each, np.full(len(each), row), ls="", marker="o", ms=4, color=OTHER, alpha=0.6)
                if len(each):
                    axis.plot(each.mean(), row, marker="D", ms=7, color=OWN)
                    beside = {"textcoords": "offset points", "ha": "center", "size": 7.5, "weight": "bold", "color": OWN}
                    axis.annotate(number(each.mean(), 2), (each.mean(), row), (0, 6), **beside)
            axis.axvline(0, color=SOFT, lw=0.9)
            axis.set(xlim=(-1.05, 1.05), ylim=(len(methods) - 0.5, -0.7))
            axis.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0,5", "0", "0,5", "1"])
            shown = [METHODS[method] for method in methods] if narrow or place == 0 else [""] * len(methods)
            axis.set_yticks(range(len(methods)), shown, color=INK, size=7.5 if narrow else 8.5)
            axis.grid(axis="x")
            panel_name(axis, title)

    best = means.xs("all", level="size_class")["r2"].idxmax()
    ours = means.loc[("attractiveness", "all")]
    table = means.reindex(pd.MultiIndex.from_product([methods, SIZES], names=means.index.names)).dropna(how="all").reset_index()
    table = table.assign(method=table["method"].map(METHODS), size_class=table["size_class"].map(SIZES))
    return Chart(
        id=id,
        title=f"«{METHODS[best].capitalize()}» har truffet best på de neste tre årene: "
        f"{number(100 * means.loc[(best, 'all'), 'r2'])} prosent av forskjellene mellom kommunene er forklart",
        reading="Modellen er beregnet på tallene fram til et år, og så sammenlignet med de tre årene etter. 1 er fullt treff, 0 er "
        f"ikke bedre enn snittet, under 0 er dårligere. Ruten er snittet av {counted(len(origins))} startår "
        f"({years(int(origins[0]), int(origins[-1]))}), prikkene er hvert år.",
        alt="Punktfigur over andel forklart: "
        + "; ".join(
            f"{METHODS[method]} {number(means.loc[(method, size), 'r2'], 2)} ({SIZES[size]})"
            for method in methods
            for size in ("all", "20000+")
            if (method, size) in means.index
        )
        + ".",
        uncertainty="Snittfeilen til struktur og attraktivitet er "
        f"{number(ours['mean_abs_error_pct'], 2)} prosentpoeng i året, "
        f"og intervallet på 90 prosent dekket {number(ours['coverage_pct'])} prosent. "
        "At modellen forklarer fortiden, er ikke bevis for at den treffer.",
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
        height=(2.4, 4.7),
        decimals={"Andel forklart": 2, "Snittfeil": 2, "Dekning, prosent": 0},
        synthetic=synthetic,
    )


def _legend(axis, narrow, *marks):
    """What the marks mean, in a row over the whole figure, in their own colours."""
    width, height = axis.figure.get_size_inches()
    across, letter = 0.1, 0.063 if narrow else 0.082  # inches: where a text begins, and how much a letter takes
    for text, colour in marks:
        look = {"color": colour, "weight": "bold", "size": 7 if narrow else 8.5, "va": "top"}
        axis.figure.text(across / width, 1 - 0.12 / height, text, **look)
        across += letter * len(text) + 0.2


# -- what the titles say


def sign(row) -> int:
    """1 where the whole interval is over zero, -1 where it is under, 0 where it holds zero or is not known."""
    return int(row["low_pct"] > 0) - int(row["high_pct"] < 0) if pd.notna(row["low_pct"]) else 0


def verdict(row) -> str:
    """Whether a value can be told from zero, as a verb phrase."""
    return {1: "er over null", -1: "er under null", 0: "kan ikke skilles fra null"}[sign(row)]


def interval(row) -> str:
    """A value with its interval, «0,21 (−0,10 til 0,52)»."""
    return f"{number(row['value_pct'], 2)} ({number(row['low_pct'], 2)} til {number(row['high_pct'], 2)})"


def both_sentence(bosted, naering, name: str) -> str:
    """What can be said of the two kinds together."""
    if sign(bosted) == sign(naering) == 0:
        return f"Verken bosteds- eller næringsattraktiviteten i {name} kan skilles fra null"
    if sign(bosted) == sign(naering):
        return f"Både bosteds- og næringsattraktiviteten i {name} {verdict(bosted)}"
    return f"Bostedsattraktiviteten i {name} {verdict(bosted)}, næringsattraktiviteten {verdict(naering)}"


def rank_sentence(row, name: str) -> str:
    """The rank with its interval and the count of municipalities."""
    place = f"{name} er {rank(int(row['rank']), int(row['n']))} i samlet attraktivitet"
    if pd.isna(row["rank_low"]):
        return place
    low, high = int(row["rank_low"]), int(row["rank_high"])
    wide = (high - low) > row["n"] / 2
    return f"{place}, men kan være hvor som helst fra {low} til {high}" if wide else f"{place}, trolig mellom {low} og {high}"


def growth_sentence(what: str, name: str, growth: float, expected: float, span: str) -> str:
    """How much grew, and how that is against what was expected; under 0.05 points is as expected."""
    gap = growth - expected
    moved = "vokste" if growth >= 0 else "gikk ned"
    held = (
        "som forventet" if abs(gap) < 0.05 else f"{number(abs(gap), 1)} prosentpoeng {'mer' if gap > 0 else 'mindre'} enn forventet"
    )
    if growth < 0 and abs(gap) >= 0.05:
        held = f"{number(abs(gap), 1)} prosentpoeng {'bedre' if gap > 0 else 'svakere'} enn forventet"
    return f"{what} i {name} {moved} {number(abs(growth), 1)} prosent i året {span}, {held}"


def models_sentence(own, gaps: dict, name: str) -> str:
    """Whether the two models say the same, by the kind they differ most in."""
    kind = max(gaps, key=lambda one: abs(gaps[one]))
    theirs = own.at[(kind, "anchor"), "value_pct"]
    ours = own.loc[(kind, "nlib")]
    if ours["low_pct"] <= theirs <= ours["high_pct"]:
        return f"De to modellene sier ikke ulike ting om {name}: den publiserte verdien er innenfor nlibs intervall"
    both = f"{number(theirs, 2)} i den publiserte, {number(ours['value_pct'], 2)} i nlibs"
    return f"Modellene skiller lag om {KINDS[kind]} i {name}: {both}"


# -- what is drawn from

WHY = "det trengs folkevekst med fødte, døde og flytting, pendling, og jobber etter næring og sektor for sammenlignbare år."
NEAREST = 12


def _names(municipalities):
    return {nr: short_name(name) for nr, name in zip(municipalities["komm_nr"], municipalities["name"], strict=True)}


def _nlib(attractiveness, year, period=PERIOD):
    held = (attractiveness["model"] == "nlib") & (attractiveness["year"] == year) & (attractiveness["period"] == period)
    return attractiveness[held]


def _complete(components, komm_nr, columns, comparable=True):
    rows = components[components["komm_nr"] == komm_nr].sort_values("year")
    return rows[(rows["comparable"] | (not comparable)) & rows[columns].notna().all(axis=1)]


def _few(rows):
    people = rows["population"].iloc[-1]
    return f" Tallene er små: én person er {number(100 / people, 2)} prosent." if pd.notna(people) and 0 < people < 1000 else ""


def _span(year):
    return years(int(year) - PERIOD + 1, int(year))


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)
