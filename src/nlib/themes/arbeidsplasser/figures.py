"""The figures of the page on jobs: sectors, growth against the nation, branches, shift-share, one-sidedness and rates.

Each function takes contract tables and gives a Chart, or Missing with the reason. Jobs are persons employed in the municipality in
the 4th quarter. No change is measured across the break of 2015.
"""

import textwrap

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import panel_name, yearly
from nlib.charts.facts import FEW, span
from nlib.charts.style import GROUP, INK, NATION, OTHER, OWN, SOFT, WIDE, axes
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import at, counted, listed, number, percent, points, short_name, years
from nlib.core.translations import tr

SECTORS = {
    "privat": "privat",
    "offentlig_foretak": "offentlig eid foretak",
    "kommune": "kommune",
    "stat": "stat",
    "fylkeskommune": "fylkeskommune",
}
PRIVATE = ("privat", "offentlig_foretak")
BRANCHES = {  # the others are told by their names
    "aktivitet": "kultur og fritid",
    "annet": "kraft, vann, avfall og annet",
    "handel": "butikk- og bilhandel",
    "teknisk og vitenskapelig": "teknikk og forskning",
}
PARTS = {"national": "som landet", "mix": "bransjesammensetning", "local": "lokal del"}
YEARS = 5  # that growth by branch is told over
SHOWN = 12  # branches drawn
KNOWLEDGE = "kunnskapsintensive tjenester"  # the group of industry_groups that is told of
ALIKE = 0.5  # percent, or percentage points, that nobody would call a difference
OWN_LINE = {"color": OWN, "marker": "o"}
GROUP_LINE, NATION_LINE = {"color": GROUP, "lw": 1.4, "ls": "--"}, {"color": NATION, "lw": 1.4}
REGISTER = (
    "Fulltelling i register, uten utvalgsfeil, så det er ikke noe intervall. Noen er registrert i en annen kommune enn der de "
    "møter fram, som ved et hovedkontor."
)
BROKEN = "Fra 2015 bygger tallene på a-ordningen, så endringer over det årsskiftet er ikke målt."
SHARED = "kommunen er berørt av en deling, og det er for få år som kan sammenlignes."
INFERRED = (
    "SSB gir sektor og næring hver for seg. Hvor mange som er private i hver bransje, er beregnet, og hvilken bransje en næring "
    "hører til, er nlibs tolkning."
)
OWNED = "Offentlig eide foretak er regnet med til det private."


def sectors(
    employed_by_sector: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    new_jobs: pd.DataFrame | None = None,
    synthetic: bool = False,
) -> Chart | Missing:
    """Jobs by the employer's sector, year by year: the private and the public ones."""
    id, heading = "arbeidsplasser.sectors", "Arbeidsplasser etter sektor"
    name = _names(municipalities)[komm_nr]
    rows = _by_sector(employed_by_sector, komm_nr)
    if rows.empty:
        return Missing(id, heading, _none(employed_by_sector, name, "arbeidsplasser etter sektor", "13472"))
    series = _every_year(rows)
    last, broken = rows.iloc[-1], series.index[0] < A_ORDNINGEN <= series.index[-1]
    looks = {
        "privat": OWN_LINE,
        "offentlig_foretak": {"color": SOFT, "lw": 1.2, "ls": ":"},
        "kommune": {"color": GROUP, "marker": "s"},
        "stat": {"color": NATION, "lw": 1.4, "ls": "--"},
        "fylkeskommune": {"color": OTHER, "lw": 1.4, "ls": "-."},
    }

    def draw(figure, narrow):
        if narrow:
            panels = axes(figure, 0.55, 1.35, 0.5, 2.45), axes(figure, 0.55, 1.35, 2.96, 0.28)
        else:
            panels = axes(figure, 0.55, WIDE - 2.65, 0.5, 0.28), axes(figure, 4.3, 1.4, 0.5, 0.28)
        for axis, title, shown in zip(
            panels, ("Private, personer", "Offentlige, personer"), (PRIVATE, list(SECTORS)[2:]), strict=True
        ):
            lines = [(one, _lines_end(tr(SECTORS[one]), last[one], narrow), looks[one]) for one in shown]
            if not rows[list(shown)].isna().all(axis=None):
                yearly(axis, series, lines, also=0)
            panel_name(axis, title, "brudd i 2015" if broken else "")

    return Chart(
        id=id,
        title=sectors_sentence(rows, name),
        reading="Hver linje er antallet som arbeider i kommunen i 4. kvartal, etter hvem som eier arbeidsgiveren. Skalaen er "
        "ikke den samme i de to delene."
        + (" Hule merker er år som en delt kommune inngår i." if not rows["comparable"].all() else "")
        + new_jobs_sentence(new_jobs, komm_nr, name),
        alt=f"Linjefigur for {name}, {years(int(rows['year'].iloc[0]), int(last['year']))}. "
        + " ".join(
            f"{row['year']}: " + ", ".join(f"{tr(text)} {number(row[one])}" for one, text in SECTORS.items()) + "."
            for _, row in rows.iloc[sorted({0, len(rows) - 1})].iterrows()
        ),
        uncertainty=" ".join(filter(None, [REGISTER, BROKEN if broken else "", _few(last[list(SECTORS)].sum())])),
        source=_source("13472", rows),
        table=_headed(
            rows.assign(year=rows["year"].astype(str)), year="År", **{one: tr(text).capitalize() for one, text in SECTORS.items()}
        ),
        draw=draw,
        height=(2.4, 5.0),
        synthetic=synthetic,
    )


def growth(
    employed_by_sector: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Private and public jobs against the nation's and the comparison group's, the first comparable year being 100."""
    id, heading = "arbeidsplasser.growth", "Privat og offentlig vekst"
    name = _names(municipalities)[komm_nr]
    rows = _by_sector(employed_by_sector, komm_nr)
    if rows.empty:
        return Missing(id, heading, _none(employed_by_sector, name, "arbeidsplasser etter sektor", "13472"))
    period = span(rows, "private")
    if period is None:
        return Missing(id, heading, f"Veksten {at(name)} kan ikke måles: {SHARED}")
    every = employed_by_sector[employed_by_sector["year"].between(*period)]
    columns = ["private", "public"]
    nation, _ = _together(sides(every), set(every["komm_nr"]), columns)
    group, members = _together(sides(every[every["comparable"]]), compare, columns)
    own = rows[rows["year"].between(*period)].set_index("year")[["private", "public", "comparable"]]
    series = pd.DataFrame({"comparable": own["comparable"]}, index=pd.RangeIndex(period[0], period[1] + 1, name="year"))
    for column in ("private", "public"):
        for whose, counts in (("own", own), ("group", group), ("nation", nation)):
            told = counts[column].reindex(series.index).astype("Float64").astype(float)
            base = told.iloc[0] if len(told) else np.nan
            series[f"{column}_{whose}"] = 100 * told / base if base and base > 0 else np.nan
    if series[["private_own", "public_own"]].isna().all(axis=None):
        return Missing(id, heading, f"{name} hadde ingen arbeidsplasser i {period[0]} å måle veksten fra.")
    last = series.iloc[-1]

    def draw(figure, narrow):
        if narrow:
            panels = axes(figure, 0.42, 1.05, 0.3, 2.3), axes(figure, 0.42, 1.05, 2.61, 0.28)
        else:
            panels = axes(figure, 0.42, WIDE - 2.7, 0.3, 0.28), axes(figure, 4.1, 1.05, 0.3, 0.28)
        for axis, side, title in zip(panels, ("private", "public"), ("Private", "Offentlige"), strict=True):
            lines = [
                (f"{side}_nation", f"landet {number(last[f'{side}_nation'])}", NATION_LINE),
                (f"{side}_group", f"gruppen {number(last[f'{side}_group'])}", GROUP_LINE),
                (f"{side}_own", f"her {number(last[f'{side}_own'])}", OWN_LINE),
            ]
            if np.isfinite(last[f"{side}_own"]):
                yearly(axis, series, lines, also=100)
                axis.axhline(100, color=SOFT, lw=0.8)
            panel_name(axis, f"{title}, {period[0]} = 100")

    told = {"own": name, "nation": "landet", "group": "gruppen"}
    return Chart(
        id=id,
        title=growth_sentence(last - 100, name, period[0]),
        reading=f"Antallet i {period[0]} er satt til 100. Heltrukket med merker er {name}, tynn heltrukket er landet, og "
        f"stiplet er sammenligningsgruppen under ett ({_of_group(members)}). {OWNED}",
        alt=f"Linjefigur, {years(*period)}, {period[0]} er 100. I {period[1]}: "
        + "; ".join(
            f"{text} private {number(last[f'private_{who}'], 1)}, offentlige {number(last[f'public_{who}'], 1)}"
            for who, text in told.items()
        )
        + ".",
        uncertainty=" ".join(filter(None, [REGISTER, BROKEN, _few(rows.iloc[-1][["private", "public"]].sum())])),
        source=_source("13472", series.reset_index()),
        table=_headed(
            series.reset_index().assign(year=series.index.astype(str)),
            year="År",
            **{
                f"{side}_{who}": f"{text}, {whose}"
                for side, text in (("private", "Private"), ("public", "Offentlige"))
                for who, whose in (("own", name), ("group", "gruppen"), ("nation", "landet"))
            },
        ),
        draw=draw,
        height=(2.35, 4.7),
        decimals={f"{text}, {whose}": 1 for text in ("Private", "Offentlige") for whose in (name, "gruppen", "landet")},
        synthetic=synthetic,
    )


def national(
    employed_register: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """All jobs against what they would be had they grown at the nation's rate, and at the comparison group's."""
    id, heading = "arbeidsplasser.national", "Hva veksten ville vært med nasjonal vekst"
    name = _names(municipalities)[komm_nr]
    rows = _own(employed_register, komm_nr, ["jobs"])
    if rows.empty:
        return Missing(id, heading, _none(employed_register, name, "arbeidsplasser", "11618"))
    period = span(rows, "jobs")
    if period is None or not rows.set_index("year").at[period[0], "jobs"]:
        return Missing(id, heading, f"Veksten {at(name)} kan ikke måles: {SHARED}")
    every = employed_register[employed_register["year"].between(*period)]
    series = _every_year(rows[rows["year"].between(*period)])[["jobs", "comparable"]]
    series["jobs"] = series["jobs"].astype("Float64").astype(float)
    nation, _ = _together(every, set(every["komm_nr"]), ["jobs"])
    group, members = _together(every[every["comparable"]], compare, ["jobs"])
    for column, counts in (("nation", nation["jobs"]), ("group", group["jobs"])):
        series[column] = series["jobs"].iloc[0] * counts.reindex(series.index) / counts.get(period[0], np.nan)
    first, last = series.iloc[0], series.iloc[-1]
    change, expected = last["jobs"] - first["jobs"], last["nation"] - first["jobs"]
    table = series.reset_index().astype({"year": str})
    table = table.assign(since=table["jobs"] - first["jobs"], follows=table["nation"] - first["jobs"])

    def draw(figure, narrow):
        axis = axes(figure, 0.6, 1.35 if narrow else 1.75, 0.3, 0.28)
        long = "" if narrow else " vekst"
        yearly(
            axis,
            series,
            [
                ("nation", f"landets{long} {number(last['nation'])}", NATION_LINE),
                ("group", f"gruppens{long} {number(last['group'])}", GROUP_LINE),
                ("jobs", f"faktisk {number(last['jobs'])}", OWN_LINE),
            ],
        )
        panel_name(axis, "Arbeidsplasser, personer")

    return Chart(
        id=id,
        title=national_sentence(change, expected, name, *period),
        reading=f"Linjen med merker er antallet arbeidsplasser. De andre viser hva det ville vært om det siden {period[0]} "
        f"hadde vokst i takt med landet, og med sammenligningsgruppen under ett ({_of_group(members)}). Skalaen begynner ikke "
        "på null.",
        alt=f"Linjefigur for {name}, {years(*period)}. Fra {number(first['jobs'])} til {number(last['jobs'])} arbeidsplasser; "
        f"med landets vekst {number(last['nation'])}, med gruppens {number(last['group'])}.",
        uncertainty=" ".join(
            filter(None, [REGISTER, "Avstanden til landet sier ikke hvorfor: se hvilke bransjer kommunen har.", _few(last["jobs"])])
        ),
        source=_source("11618", series.reset_index()),
        table=_headed(
            table,
            year="År",
            jobs="Arbeidsplasser",
            since=f"Vekst siden {period[0]}",
            follows="Veksten med landets rate",
            nation="Antall med landets rate",
            group="Antall med gruppens rate",
        ),
        draw=draw,
        height=(2.35, 2.6),
        synthetic=synthetic,
    )


def branches(
    specialisation: pd.DataFrame,
    municipalities: pd.DataFrame,
    komm_nr: str,
    industry_group_jobs: pd.DataFrame | None = None,
    synthetic: bool = False,
) -> Chart | Missing:
    """The largest branches with their location quotients and intervals, the most special at the top."""
    id, heading = "arbeidsplasser.branches", "Arbeidsplasser etter bransje"
    name = _names(municipalities)[komm_nr]
    rows = specialisation[(specialisation["komm_nr"] == komm_nr) & specialisation["lq"].notna()]
    if rows.empty:
        hidden = " Der ett tall er skjult, er ingen andeler kjent." if komm_nr in set(specialisation["komm_nr"]) else ""
        return Missing(id, heading, _none(specialisation, name, "arbeidsplasser etter næring", "08536") + hidden)
    rows = rows[rows["year"] == rows["year"].max()].assign(name=lambda told: [branch_name(one) for one in told["branch"]])
    rows = rows.sort_values(["lq", "name"], ascending=[False, True], kind="stable")
    year, total = int(rows["year"].iloc[0]), rows["jobs"].sum()
    shown = rows[rows["jobs"] > 0].nlargest(SHOWN, "jobs").sort_values("lq", ascending=False, kind="stable")
    least, most = max(0.05, shown["lq_low"].min() / 1.15), shown["lq_high"].max() * 1.15

    def draw(figure, narrow):
        axis = axes(figure, 1.75 if narrow else 2.4, 0.3, 0.3, 0.28)
        at = np.arange(len(shown))
        for row, one in zip(at, shown.itertuples(index=False), strict=True):
            apart = one.lq_low > 1 or one.lq_high < 1
            axis.hlines(row, max(one.lq_low, least), one.lq_high, color=OWN if apart else OTHER, lw=2)
            axis.plot(one.lq, row, marker="D" if apart else "o", ms=6, color=OWN if apart else OTHER, mfc=OWN if apart else "white")
        axis.axvline(1, color=SOFT, lw=0.9)
        axis.set_xscale("log")
        steps = {0.0625: "1/16", 0.25: "1/4", 1: "1", 4: "4", 16: "16", 64: "64"} | (
            {} if narrow else {0.125: "1/8", 0.5: "1/2", 2: "2", 8: "8", 32: "32"}
        )
        axis.set_xticks(list(steps), list(steps.values()))
        axis.set_xticks([], minor=True)
        axis.set(xlim=(min(least, 0.9), max(most, 1.1)), ylim=(len(shown) - 0.4, -0.6))
        texts = [f"{one.name} ({number(one.jobs)})" for one in shown.itertuples(index=False)]
        axis.set_yticks(at, [textwrap.fill(text, 26) for text in texts] if narrow else texts, color=INK, size=7 if narrow else 8.5)
        axis.grid(axis="x")
        panel_name(axis, "Andel mot landets" if narrow else "Andel mot landets; 1 er som landet")

    return Chart(
        id=id,
        title=branches_sentence(rows, name),
        reading=f"Merket er bransjens andel av arbeidsplassene {at(name)} delt på andelen i landet (lokaliseringskvotient), "
        f"{year}; streken er intervallet på 90 prosent. Fylt rute: skiller seg fra landet. I parentes står antallet "
        f"arbeidsplasser, private og offentlige. {'De største bransjene er' if len(rows) > len(shown) else 'Alle er'} vist; "
        "tabellen har resten, og avstandene er på en logaritmisk skala."
        + groups_sentence(industry_group_jobs, komm_nr, year, name),
        alt=f"Punktfigur for {name}, {year}: "
        + "; ".join(
            f"{one.name} {number(one.lq, 2)} ({number(one.lq_low, 2)} til {number(one.lq_high, 2)})"
            for one in shown.itertuples(index=False)
        )
        + ".",
        uncertainty="Intervallet er eksakt for antallet (Clopper og Pearson) og viser hvor mye kvotienten kan skyldes hvilke "
        f"jobber som tilfeldigvis er her; telling er det ingen feil i. Av {counted(len(rows))} bransjer vil et par skille seg "
        "ut ved slump. SSB gjør 1 og 2 om til 0 eller 3, så de minste tallene er omtrentlige. Hvilken bransje en næring hører "
        f"til, er nlibs tolkning.{_few(total)}",
        source=f"SSB, tabell 08536, 4. kvartal {year}",
        table=_headed(
            rows,
            name="Bransje",
            jobs="Arbeidsplasser",
            share_pct="Andel, prosent",
            nation_pct="Landet, prosent",
            lq="Kvotient",
            lq_low="Lav",
            lq_high="Høy",
        ),
        draw=draw,
        height=(0.85 + 0.2 * len(shown), 0.9 + 0.27 * len(shown)),
        decimals={"Andel, prosent": 1, "Landet, prosent": 1, "Kvotient": 2, "Lav": 2, "Høy": 2},
        synthetic=synthetic,
    )


def one_sided(
    diversity: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """How unlike the nation's the mix of branches is (Krugman), and how many equal branches it is like (Herfindahl), by year."""
    id, heading = "arbeidsplasser.one_sided", "Hvor ensidig næringslivet er"
    name = _names(municipalities)[komm_nr]
    rows = _own(diversity, komm_nr, ["krugman"])
    if rows.empty:
        return Missing(id, heading, _none(diversity, name, "arbeidsplasser etter næring", "08536"))
    rows = rows.merge(_medians(diversity, "median"), on="year", how="left", validate="1:1")
    rows = rows.merge(_medians(diversity[diversity["komm_nr"].isin(compare)], "group"), on="year", how="left", validate="1:1")
    series, last = _every_year(rows), rows.iloc[-1]
    broken = series.index[0] < A_ORDNINGEN <= series.index[-1]

    def draw(figure, narrow):
        if narrow:
            panels = axes(figure, 0.5, 1.2, 0.5, 2.45), axes(figure, 0.5, 1.2, 2.96, 0.28)
        else:
            panels = axes(figure, 0.5, WIDE - 2.75, 0.5, 0.28), axes(figure, 4.25, 1.2, 0.5, 0.28)
        for axis, column, decimals, title in (
            (panels[0], "krugman", 2, "Ulikhet fra landet, 0–2"),
            (panels[1], "branches", 1, "Like store bransjer"),
        ):
            lines = [
                (f"{column}_median", f"median {number(last[f'{column}_median'], decimals)}", NATION_LINE),
                (f"{column}_group", f"gruppen {number(last[f'{column}_group'], decimals)}", GROUP_LINE),
                (column, f"her {number(last[column], decimals)}", OWN_LINE),
            ]
            if column == "krugman":
                chance = f"slump {number(last['krugman_chance'], 2)}"
                lines.append(("krugman_chance", chance, {"color": SOFT, "lw": 1.1, "ls": ":"}))
            yearly(axis, series, [line for line in lines if series[line[0]].notna().any()], decimals=decimals)
            panel_name(axis, title, "brudd i 2015" if broken else "")

    return Chart(
        id=id,
        title=one_sided_sentence(last, name),
        reading="Til venstre (Krugmans indeks): summen av avstandene mellom bransjenes andeler her og i landet, 0 er likt. Den "
        "prikkede linjen er hva slump alene ville gitt med så mange jobber. Til høyre: hvor mange like store bransjer "
        "arbeidsplassene svarer til (1 delt på Herfindahls indeks); færre er mer ensidig. Median er den midterste kommunen, "
        "gruppen er medianen i sammenligningsgruppen.",
        alt=f"Linjefigur for {name}, {years(int(rows['year'].iloc[0]), int(last['year']))}. I {last['year']}: ulikhet "
        f"{number(last['krugman'], 2)}, median {number(last['krugman_median'], 2)}, slump {number(last['krugman_chance'], 2)}; "
        f"like store bransjer {number(last['branches'], 1)}, median {number(last['branches_median'], 1)}.",
        uncertainty="Fulltelling, uten intervall. Små kommuner er mer ulike landet allerede ved slump: hold linjen mot den "
        f"prikkede. Ensidig er verken bra eller dårlig i seg selv.{_few(last['jobs'])}",
        source=_source("08536", rows),
        table=_headed(
            rows.assign(year=rows["year"].astype(str)),
            year="År",
            krugman="Ulikhet fra landet",
            krugman_chance="Ventet ved slump",
            krugman_group="Ulikhet, gruppen",
            krugman_median="Ulikhet, median",
            herfindahl="Herfindahl",
            branches="Like store bransjer",
            branches_group="Bransjer, gruppen",
            branches_median="Bransjer, median",
        ),
        draw=draw,
        height=(2.5, 5.0),
        decimals=dict.fromkeys(("Ulikhet fra landet", "Ventet ved slump", "Ulikhet, gruppen", "Ulikhet, median"), 2)
        | {"Herfindahl": 3}
        | dict.fromkeys(("Like store bransjer", "Bransjer, gruppen", "Bransjer, median"), 1),
        synthetic=synthetic,
    )


def parts(
    shift_share: pd.DataFrame, jobs_by_branch: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The growth of private jobs over the latest five years: what follows the nation, what the branches, and what is local."""
    id, heading = "arbeidsplasser.parts", "Hva den private veksten består av"
    name = _names(municipalities)[komm_nr]
    rows = _run(shift_share, komm_nr)
    if rows.empty:
        return Missing(id, heading, _no_growth(shift_share, jobs_by_branch, komm_nr, name))
    sums, first, last = rows[["growth", *PARTS]].sum(), int(rows["year"].min()) - 1, int(rows["year"].max())
    local = rows.groupby("year")["local"].sum()
    table = pd.DataFrame({"part": [*PARTS.values(), "vekst i alt"], "value": [*sums[list(PARTS)], sums["growth"]]})

    def draw(figure, narrow):
        axis = axes(figure, 1.6 if narrow else 2.3, 0.5, 0.15, 0.3)
        values = table["value"].to_numpy(float)
        ends = np.cumsum(values[:-1])
        starts = np.array([0.0, *ends[:-1], 0.0])
        axis.barh(np.arange(4), values, left=starts, height=0.6, color=[OTHER, OTHER, OWN, INK])
        for row, end in enumerate(ends):
            axis.plot([end] * 2, [row + 0.3, row + 0.7], color=SOFT, lw=0.7)
        for row, (start, value) in enumerate(zip(starts, values, strict=True)):
            beside = {"textcoords": "offset points", "va": "center", "size": 8, "weight": "bold" if row > 1 else "normal"}
            axis.annotate(number(value, 0, sign=True), (max(start, start + value), row), (4, 0), **beside)
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.set_yticks(np.arange(4), table["part"], color=INK, size=7.5 if narrow else 9)
        axis.invert_yaxis()
        axis.margins(x=0.14)
        axis.xaxis.get_major_locator().set_params(nbins=3 if narrow else 6, integer=True)
        axis.xaxis.set_major_formatter(lambda level, _: number(level))
        axis.grid(axis="x")

    return Chart(
        id=id,
        title=parts_sentence(sums, name, first, last),
        reading=f"Vekst i private arbeidsplasser, 4. kvartal {first} til 4. kvartal {last}, i personer. «Som landet» er veksten "
        "med landets rate, «bransjesammensetning» er at kommunen har bransjer som vokste mer eller mindre enn andre, og den "
        f"lokale delen er det som er igjen. Hver søyle begynner der den forrige slutter. {OWNED}",
        alt=f"Fossefall for {name}, {first}–{last}: "
        + "; ".join(f"{row.part} {number(row.value, 0, sign=True)}" for row in table.itertuples())
        + ".",
        uncertainty=f"{INFERRED} Delene har ikke noe intervall. Den lokale delen har gått fra "
        f"{number(local.min(), 0, sign=True)} til {number(local.max(), 0, sign=True)} i enkeltår, og én bedrift kan utgjøre alt."
        + _few(rows.loc[rows["year"] == last, "before"].sum()),
        source=f"SSB, tabell 08536 og 13472, {first}–{last}. Beregnet av nlib, år for år",
        table=_headed(table, part="Del", value="Personer"),
        draw=draw,
        height=(1.65, 1.75),
        decimals={"Personer": 1},
        synthetic=synthetic,
    )


def carriers(
    shift_share: pd.DataFrame, jobs_by_branch: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The branches that have gained and lost most private jobs over the latest five years, with the local part of each."""
    id, heading = "arbeidsplasser.carriers", "Bransjer som bærer og taper"
    name = _names(municipalities)[komm_nr]
    rows = _run(shift_share, komm_nr)
    if rows.empty:
        return Missing(id, heading, _no_growth(shift_share, jobs_by_branch, komm_nr, name))
    first, last = int(rows["year"].min()) - 1, int(rows["year"].max())
    table = rows.groupby("branch")[["growth", *PARTS]].sum()
    before = rows[rows["year"] == first + 1].groupby("branch")["before"].sum()
    table = table.assign(before=before.reindex(table.index, fill_value=0.0), name=[branch_name(one) for one in table.index])
    table = table.sort_values(["growth", "name"], ascending=[False, True], kind="stable")
    gain, loss = table[table["growth"] >= 0.5].head(SHOWN // 2), table[table["growth"] <= -0.5].tail(SHOWN // 2)
    shown = pd.concat([gain, loss])
    if shown.empty:
        why = f"Ingen bransje {at(name)} har fått eller mistet private arbeidsplasser fra {first} til {last}."
        return Missing(id, heading, why)

    def draw(figure, narrow):
        axis = axes(figure, 1.75 if narrow else 2.5, 0.35, 0.3, 0.12)
        at = np.arange(len(shown))
        values, local = shown["growth"].to_numpy(float), shown["local"].to_numpy(float)
        axis.barh(at, values, height=0.6, color=np.where(values > 0, OWN, "white"), edgecolor=OWN, hatch="")
        for bar, value in zip(axis.patches, values, strict=True):
            bar.set_hatch("" if value > 0 else "////")
        axis.plot(local, at, ls="", marker="D", ms=6, color=GROUP, mec="white", zorder=4)
        for row, (value, own) in enumerate(zip(values, local, strict=True)):
            right = value > 0
            far = max(value, own, 0) if right else min(value, own, 0)
            beside = {"textcoords": "offset points", "va": "center", "size": 7.5, "ha": "left" if right else "right"}
            axis.annotate(number(value, 0, sign=True), (far, row), (7 if right else -7, 0), **beside)
        axis.axvline(0, color=SOFT, lw=0.9)
        names = [textwrap.fill(text, 26) for text in shown["name"]] if narrow else shown["name"]
        axis.set_yticks(at, names, size=7 if narrow else 8.5)
        axis.tick_params(axis="y", labelcolor=INK)
        least, most = min(values.min(), local.min(), 0), max(values.max(), local.max(), 0)
        room = (0.22 if narrow else 0.1) * (most - least)  # for the numbers beside the bars
        axis.set(ylim=(len(shown) - 0.4, -0.6), xlim=(least - room, most + room))
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        panel_name(axis, "Personer; ◆ er lokal del" if narrow else "Endring i personer (søyle) og den lokale delen (◆)")

    return Chart(
        id=id,
        title=carriers_sentence(shown, name, first, last),
        reading=f"Søylen er endringen i private arbeidsplasser i bransjen fra {first} til {last}; fylt er vekst, skravert er "
        "nedgang. Ruten (◆) er den lokale delen: det som ikke følger av landets vekst i bransjen. En bransje kan vokse og "
        f"likevel ha en lokal del under null. De som har endret seg mest, er vist. {OWNED}",
        alt=f"Stolpefigur for {name}, {first}–{last}: "
        + "; ".join(
            f"{one.name} {number(one.growth, 0, sign=True)}, lokal del {number(one.local, 0, sign=True)}"
            for one in shown.itertuples(index=False)
        )
        + ".",
        uncertainty=f"{INFERRED} Tallene har ikke noe intervall; i små bransjer kan en enkelt bedrift eller en ny næringskode "
        "utgjøre hele endringen.",
        source=f"SSB, tabell 08536 og 13472, {first}–{last}. Beregnet av nlib, år for år",
        table=_headed(
            table,
            name="Bransje",
            before=f"Private i {first}",
            growth="Endring",
            national="Som landet",
            mix="Bransjen",
            local="Lokal del",
        ),
        draw=draw,
        height=(0.75 + 0.2 * len(shown), 0.8 + 0.27 * len(shown)),
        decimals=dict.fromkeys(("Endring", "Som landet", "Bransjen", "Lokal del"), 1),
        synthetic=synthetic,
    )


def rates(
    employment_rates: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """The employment rate over the next 1 January and by the older practice, and jobs per 100 inhabitants, by year."""
    id, heading = "arbeidsplasser.rates", "Sysselsettingsgrad og arbeidsplasser per innbygger"
    name = _names(municipalities)[komm_nr]
    rows = _own(employment_rates, komm_nr, ["employed_pct", "jobs_per_100"])
    if rows.empty:
        return Missing(id, heading, _none(employment_rates, name, "sysselsatte og folketall året etter", "11618 og 07459"))
    rows = rows.merge(_ratios(employment_rates), on="year", how="left", validate="1:1")
    group = _ratios(employment_rates[employment_rates["komm_nr"].isin(compare) & employment_rates["comparable"]])
    rows = rows.merge(group, on="year", how="left", suffixes=("_nation", "_group"), validate="1:1")
    series, last = _every_year(rows), rows.iloc[-1]
    broken = series.index[0] < A_ORDNINGEN <= series.index[-1]
    first = rows.iloc[0]

    def draw(figure, narrow):
        if narrow:
            panels = axes(figure, 0.42, 1.35, 0.5, 2.45), axes(figure, 0.42, 1.35, 2.96, 0.28)
        else:
            panels = axes(figure, 0.42, WIDE - 2.7, 0.5, 0.28), axes(figure, 4.25, 1.2, 0.5, 0.28)
        for axis, column, told, title in (
            (panels[0], "employed_pct", "employed", "Sysselsatte, prosent av innbyggerne"),
            (panels[1], "jobs_per_100", "per_100", "Arbeidsplasser per 100 innbyggere"),
        ):
            lines = [
                (f"{told}_nation", f"landet {number(last[f'{told}_nation'], 1)}", NATION_LINE),
                (f"{told}_group", f"gruppen {number(last[f'{told}_group'], 1)}", GROUP_LINE),
                (column, f"her {number(last[column], 1)}", OWN_LINE),
            ]
            if told == "employed":
                older = f"eldre mål {number(last['employed_same_year_pct'], 1)}"
                lines.append(("employed_same_year_pct", older, {"color": SOFT, "lw": 1.1, "ls": ":"}))
            yearly(axis, series, [line for line in lines if series[line[0]].notna().any()])
            panel_name(axis, title, "brudd i 2015" if broken else "")

    return Chart(
        id=id,
        title=rates_sentence(last, name),
        reading="Til venstre: sysselsatte 15–74 år i 4. kvartal av alle innbyggere 1. januar etter. Den prikkede linjen er det "
        "eldre målet, av alle innbyggere 1. januar samme år; det er høyere der folketallet vokser. Til høyre: arbeidsplasser i "
        f"kommunen per 100 innbyggere 1. januar etter. Av dem som er 15–74 år, var {percent(last['employed_15_74_pct'])} "
        f"sysselsatte i {last['year']}.",
        alt=f"Linjefigur for {name}, {years(int(first['year']), int(last['year']))}. "
        + " ".join(
            f"{row['year']}: sysselsatte {percent(row['employed_pct'])} (eldre mål {percent(row['employed_same_year_pct'])}), "
            f"{number(row['jobs_per_100'], 1)} arbeidsplasser per 100."
            for _, row in rows.iloc[sorted({0, len(rows) - 1})].iterrows()
        )
        + f" Landet i {last['year']}: {percent(last['employed_nation'])} og {number(last['per_100_nation'], 1)}.",
        uncertainty=" ".join(
            filter(
                None,
                [
                    "Fulltelling i register, uten utvalgsfeil, så det er ikke noe intervall. Andelen av alle avhenger av "
                    "alderen på innbyggerne: mange barn og eldre gir en lavere andel.",
                    BROKEN if broken else "",
                    _few(last["employed_residents"]),
                ],
            )
        ),
        source=_source("11618 og 07459", rows),
        table=_headed(
            rows.assign(year=rows["year"].astype(str)),
            year="År",
            employed_pct="Av alle 1. januar etter, prosent",
            employed_group="Gruppen, prosent",
            employed_nation="Landet, prosent",
            employed_same_year_pct="Av alle 1. januar samme år, prosent",
            employed_15_74_pct="Av 15–74 år, prosent",
            jobs_per_100="Arbeidsplasser per 100",
            per_100_group="Gruppen, per 100",
            per_100_nation="Landet, per 100",
        ),
        draw=draw,
        height=(2.5, 5.0),
        decimals=dict.fromkeys(
            [
                "Av alle 1. januar etter, prosent",
                "Gruppen, prosent",
                "Landet, prosent",
                "Av alle 1. januar samme år, prosent",
                "Av 15–74 år, prosent",
                "Arbeidsplasser per 100",
                "Gruppen, per 100",
                "Landet, per 100",
            ],
            1,
        ),
        synthetic=synthetic,
    )


# -- what the titles say


def moved(count: float) -> str:
    """What a count of jobs has done: «økte med 525», «gikk ned med 30», «var uendret»."""
    if abs(count) < 0.5:
        return "var uendret"
    return f"{'økte' if count > 0 else 'gikk ned'} med {number(abs(count))}"


def sectors_sentence(rows: pd.DataFrame, name: str) -> str:
    """The share of jobs that are private, and how it has moved. rows: the municipality's own, with `private` and `public`."""
    shares = rows.assign(share=100 * rows["private"] / (rows["private"] + rows["public"]))
    last = shares.iloc[-1]
    if pd.isna(last["share"]):
        return f"Fordelingen på sektorer {at(name)} er ikke kjent i {last['year']}: noen av tallene er skjult"
    said = f"{percent(last['share'], 0)} av arbeidsplassene {at(name)} er private"
    period = span(shares, "share")
    if period is None:
        return said
    change = last["share"] - shares.set_index("year").at[period[0], "share"]
    if abs(change) < ALIKE:
        return f"{said}, om lag som i {period[0]}"
    return f"{said}, {points(abs(change))} {'mer' if change > 0 else 'mindre'} enn i {period[0]}"


def new_jobs_sentence(new_jobs: pd.DataFrame | None, komm_nr: str, name: str) -> str:
    """How many of the new jobs of the longest span that is known are private, after a space; empty where none are known."""
    if new_jobs is None:
        return ""
    own = new_jobs[(new_jobs["komm_nr"] == komm_nr) & new_jobs["comparable"] & new_jobs["growth"].notna()]
    own = own[(own["year"] == own["year"].max()) & (own["span"] <= YEARS)]
    if own.empty:
        return ""
    last = own.loc[own["span"].idxmax()]
    said = f" Arbeidsplassene {at(name)} {moved(last['growth'])} fra {last['year'] - last['span']} til {last['year']}"
    private = last["private_growth"]
    if pd.isna(private):
        return f"{said}."
    if last["growth"] > 0 and 0 <= private <= last["growth"] and pd.notna(last["nation_share_pct"]):
        share, nation = percent(last["private_share_pct"], 0), percent(last["nation_share_pct"], 0)
        return f"{said}, og {number(private)} av økningen er i privat sektor ({share}, landet {nation})."
    return f"{said}, og de i privat sektor {moved(private)}."


def growth_sentence(growth: pd.Series, name: str, first: int) -> str:
    """How private and public jobs have grown against the nation's; growth: percent, by `private_own`, `private_nation`, ..."""
    whose = f"arbeidsplasser {at(name)} "
    said: list[str] = []
    for side, text in {"private": "private ", "public": "offentlige "}.items():
        if pd.notna(growth[f"{side}_own"]):
            nation = percent(growth[f"{side}_nation"], 1, sign=True)
            said.append(f"{text}{'' if said else whose}{'har ' if said else ''}{_grew(growth[f'{side}_own'])} (landet {nation})")
    return f"Siden {first} har {', og '.join(said)}"


def national_sentence(change: float, expected: float, name: str, first: int, last: int) -> str:
    """How many jobs have come, and how many would have with the nation's rate."""
    here = f"Antallet arbeidsplasser {at(name)} {moved(change)} fra {first} til {last}"
    if abs(change - expected) < 0.5:
        return f"{here}, som landet"
    if abs(expected) < 0.5:
        return f"{here}; med landets vekst ville det vært det samme"
    if (change >= 0.5) == (expected > 0) and abs(change) >= 0.5:
        return f"{here}; med landets vekst ville {'økningen' if expected > 0 else 'nedgangen'} vært {number(abs(expected))}"
    return f"{here}; med landets vekst ville det {'økt' if expected > 0 else 'gått ned'} med {number(abs(expected))}"


def branches_sentence(rows: pd.DataFrame, name: str) -> str:
    """The branch that most surely is larger than in the nation, by the lower end of its interval; none where none is."""
    apart = rows[rows["lq_low"] > 1]
    if apart.empty:
        return f"Ingen bransje {at(name)} er sikkert større enn i landet"
    top = apart.loc[apart["lq_low"].idxmax()]
    more = len(apart) - 1
    times = f"{number(top['lq'], 1)} ganger så stor del"
    branch = branch_name(top["branch"])
    said = f"{branch[0].upper()}{branch[1:]} er {times} av arbeidsplassene {at(name)} som i landet"
    if not more:
        return said
    return f"{said}, og {counted(more)} {'annen bransje' if more == 1 else 'andre bransjer'} er også sikkert større"


def groups_sentence(industry_group_jobs: pd.DataFrame | None, komm_nr: str, year: int, name: str) -> str:
    """The share of jobs in knowledge-intensive services and in own groups, after a space; empty where it is not known."""
    if industry_group_jobs is None:
        return ""
    told = industry_group_jobs
    told = told[(told["komm_nr"] == komm_nr) & (told["year"] == year) & told["share_pct"].notna()]
    known = told[told["group"] == KNOWLEDGE]
    said = "".join(
        f" {percent(one.share_pct)} av arbeidsplassene {at(name)} er i kunnskapsintensive tjenester, etter Eurostats inndeling "
        f"(landet {percent(one.nation_pct)})."
        for one in known.itertuples(index=False)
    )
    own = [f"{one.group} {percent(one.share_pct)} (landet {percent(one.nation_pct)})" for one in told[told["own"]].itertuples()]
    return f"{said} I egne næringsgrupper: {listed(own)}." if own else said


def one_sided_sentence(last: pd.Series, name: str) -> str:
    """Whether the mix of branches is more or less unlike the nation's than in the median municipality, and than by chance."""
    gap = last["krugman"] - last["krugman_median"]
    values = f"{number(last['krugman'], 2)} mot {number(last['krugman_median'], 2)}"
    how = "om lag like ulikt" if abs(gap) < 0.02 else "mer ulikt" if gap > 0 else "mindre ulikt"
    than = "som" if abs(gap) < 0.02 else "enn"
    said = f"Næringslivet {at(name)} er {how} landets {than} i den midterste kommunen: {values}"
    close = last["krugman"] < 1.5 * last["krugman_chance"]
    return f"{said}; mye av det kan være slump" if close else said


def parts_sentence(sums: pd.Series, name: str, first: int, last: int) -> str:
    """How private jobs have grown, and how many of them follow the nation and the branches, and how many are local."""
    expected = sums["national"] + sums["mix"]
    said = f"Private arbeidsplasser {at(name)} {moved(sums['growth'])} fra {first} til {last}"
    own = "ingen er lokale" if abs(sums["local"]) < 0.5 else f"den lokale delen er {number(sums['local'], 0, sign=True)}"
    return f"{said}: landet og bransjene tilsa {number(expected, 0, sign=True)}, og {own}"


def carriers_sentence(table: pd.DataFrame, name: str, first: int, last: int) -> str:
    """The branch that has gained most and the one that has lost most; table: `name` and `growth`, sorted, not empty."""
    top, bottom = table.iloc[0], table.iloc[-1]
    gain = f"{top['name']} har gitt flest nye private arbeidsplasser {at(name)} ({number(top['growth'], 0, sign=True)})"
    loss = f"{bottom['name']} har mistet flest ({number(bottom['growth'])})"
    if bottom["growth"] > 0:
        said = f"{gain}, og ingen av bransjene har mistet noen"
    elif top["growth"] < 0:
        said = f"ingen bransje {at(name)} har fått flere private arbeidsplasser, og {loss}"
    else:
        said = f"{gain}, og {loss}"
    return f"{said[0].upper()}{said[1:]} fra {first} til {last}"


def rates_sentence(last: pd.Series, name: str) -> str:
    """The employment rate of the latest year against the nation's; where it is not known, jobs per 100 inhabitants."""
    if pd.isna(last["employed_pct"]):
        return f"Det var {number(last['jobs_per_100'], 1)} arbeidsplasser per 100 innbyggere {at(name)} i {last['year']}"
    said = f"{percent(last['employed_pct'])} av innbyggerne {at(name)} var sysselsatte i {last['year']}"
    gap = last["employed_pct"] - last["employed_nation"]
    if abs(gap) < ALIKE:
        return f"{said}, om lag som i landet"
    return f"{said}, {points(abs(gap))} {'mer' if gap > 0 else 'mindre'} enn i landet"


def _grew(growth):
    if abs(growth) < 0.05:
        return "stått stille"
    return f"{'økt' if growth > 0 else 'gått ned'} med {percent(abs(growth), 1)}"


# -- what is drawn from


def _run(shift_share, komm_nr):
    """A municipality's parts by branch in the latest years on end that are comparable, five at most."""
    own = shift_share[shift_share["komm_nr"] == komm_nr]
    told, last = set(own.loc[own["comparable"], "year"]), own["year"].max()
    kept: list[int] = []
    while len(kept) < YEARS and last - len(kept) in told:
        kept.append(last - len(kept))
    return own[own["year"].isin(kept)]


def _ratios(employment_rates):
    """By year, those of several municipalities together: employed in percent of all inhabitants, and jobs per 100 of them."""
    counts = ["employed_residents", "jobs", "population_next"]
    told = employment_rates.dropna(subset=counts).groupby("year")[counts].sum().astype(float)
    people = told["population_next"].where(told["population_next"] > 0)
    return pd.DataFrame(
        {"employed": 100 * told["employed_residents"] / people, "per_100": 100 * told["jobs"] / people}
    ).reset_index()


def sides(employed_by_sector: pd.DataFrame) -> pd.DataFrame:
    """Private and public jobs by municipality and year; a hidden sector leaves its side unknown."""
    side = np.where(employed_by_sector["sector"].isin(PRIVATE), "private", "public")
    keyed = employed_by_sector.assign(side=side).groupby(["komm_nr", "year", "side"])["jobs"].sum(skipna=False)
    return keyed.unstack("side").reindex(columns=["private", "public"]).astype("Float64").astype(float).reset_index()


def _by_sector(employed_by_sector, komm_nr):
    """One municipality's jobs by sector, a row a year, with `private`, `public` and `comparable`."""
    own = employed_by_sector[employed_by_sector["komm_nr"] == komm_nr]
    wide = own.pivot(index="year", columns="sector", values="jobs").reindex(columns=list(SECTORS))
    wide = wide.astype("Float64").astype(float)
    wide = wide.join(sides(own).set_index("year")[["private", "public"]])
    wide = wide.join(own.groupby("year")["comparable"].all())
    return wide[wide[list(SECTORS)].notna().any(axis=1)].sort_index().reset_index()


def _own(table, komm_nr, columns):
    rows = table[(table["komm_nr"] == komm_nr) & table[columns].notna().any(axis=1)]
    return rows.sort_values("year").reset_index(drop=True)


def _every_year(rows):
    """The rows by every year from the first to the last."""
    if rows.empty:
        return rows.set_index("year")
    return rows.set_index("year").reindex(pd.RangeIndex(rows["year"].min(), rows["year"].max() + 1, name="year"))


def _together(table, numbers, columns):
    """The sums by year of those of the numbers whose figures are told in every year of the table, and which they are."""
    told = table[table["komm_nr"].isin(numbers)].dropna(subset=columns)
    each = told.groupby("komm_nr")["year"].nunique()
    members = each.index[each == table["year"].nunique()]
    return told[told["komm_nr"].isin(members)].groupby("year")[columns].sum().astype(float), members


def _medians(diversity, whose):
    medians = diversity[diversity["comparable"]].groupby("year")[["krugman", "branches"]].median()
    return medians.add_suffix(f"_{whose}").reset_index()


def _none(table, name, what, ids):
    """Why a municipality has no figures: the edition has none at all, or none of it."""
    if table.empty:
        return f"Utgaven har ingen tall for {what} (SSB, tabell {ids}). Hent dem med nlib fetch, og bygg med nlib build."
    return f"SSB, tabell {ids}, har ingen tall for {what} {at(name)}."


def _no_growth(shift_share, jobs_by_branch, komm_nr, name):
    """Why the growth of private jobs cannot be parted."""
    what = "arbeidsplasser etter næring og sektor"
    own = jobs_by_branch[jobs_by_branch["komm_nr"] == komm_nr]
    if own.empty:
        return _none(jobs_by_branch, name, what, "08536 og 13472")
    if not own["private_jobs"].any():
        return f"{name} har ingen private arbeidsplasser."
    if komm_nr in set(shift_share["komm_nr"]):
        return f"Veksten {at(name)} kan ikke måles: {SHARED}"
    return f"Veksten {at(name)} kan ikke måles: det er ingen år på rad med tall for {what}."


def _few(jobs):
    return f" Tallene er små: én arbeidsplass utgjør {percent(100 / jobs, 1)}." if 0 < jobs < FEW else ""


def _of_group(members):
    return "én kommune" if len(members) == 1 else f"{counted(len(members))} kommuner"


def branch_name(branch):
    return tr(BRANCHES.get(branch, branch))


def _lines_end(text, value, narrow):
    return f"{textwrap.shorten(text, 14, placeholder='') if narrow else text} {number(value)}"


def _source(tables, rows):
    return f"SSB, tabell {tables}, 4. kvartal {years(int(rows['year'].min()), int(rows['year'].max()))}"


def _names(municipalities):
    return {nr: short_name(name) for nr, name in zip(municipalities["komm_nr"], municipalities["name"], strict=True)}


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)
