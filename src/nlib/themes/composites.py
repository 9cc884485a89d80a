"""Figures that every composite index has: areas, indicators, weights, development, what moved it, and the comparison group.

Each function takes an `Asked` (whose index, and how it is told) and the index's tables, as `nlib.methods.composite.index` gives
them, and gives a Chart, or Missing with the reason.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import panel_name, yearly
from nlib.charts.style import FILL, GROUP, INK, NATION, OTHER, OWN, SOFT, WIDE, axes
from nlib.core.language import NBSP, counted, listed, number, rank, short_name, with_unit
from nlib.core.translations import tr
from nlib.methods.composite import TOTAL, moved, sensitivity

SCALE = (
    "50 er gjennomsnittet av kommunene, og 20 poeng er ett standardavvik. 0 og 100 er 2,5 standardavvik fra snittet, og ikke "
    "dårligst og best i landet."
)
NEUTRAL = "Lavere plass er ikke nødvendigvis tilbakegang: de andre kan ha gått fram."
ALIKE = 0.5  # points that nobody would call a change
SHOWN = 8  # indicators drawn among those that moved an index
LINES = (
    {"color": GROUP, "lw": 1.5},
    {"color": NATION, "lw": 1.5, "ls": "--"},
    {"color": OTHER, "lw": 1.4, "ls": "-."},
    {"color": INK, "lw": 1.4, "ls": ":"},
    {"color": GROUP, "lw": 1.2, "ls": (0, (1, 1))},
)


@dataclass(frozen=True)
class Measure:
    """How an indicator is told: its name, unit (empty where there is none) and decimals; `sign` writes + before a rise."""

    name: str
    unit: str = ""
    decimals: int = 1
    sign: bool = False

    def told(self, value, narrow: bool = False) -> str:
        """The value as bokmål writes it, with its unit: «3,7 %», «517 800 kr»; a long unit is left out where it is `narrow`."""
        text = number(value, self.decimals, self.sign)
        return text if pd.isna(value) or (narrow and len(self.unit) > 2) else with_unit(text, self.unit)


@dataclass(frozen=True)
class Asked:
    """Whose index is told: the figures' theme, what the index is called in a sentence, the municipality, measures and source.

    `lacking` says what an edition must have when there are no figures, and `aid` how its indicators are read.
    """

    theme: str
    what: str
    komm_nr: str
    names: Mapping[str, str]
    measures: Mapping[str, Measure]
    source: str
    lacking: str
    aid: str
    synthetic: bool = False

    @property
    def name(self) -> str:
        return self.names[self.komm_nr]

    def measure(self, indicator: str) -> Measure:
        return self.measures.get(indicator, Measure(indicator))


def capital(text: str) -> str:
    """The text with a capital first letter, and the others as they are."""
    return text[:1].upper() + text[1:]


def names(municipalities: pd.DataFrame) -> dict[str, str]:
    """The short name of each municipality by number."""
    return {nr: short_name(name) for nr, name in zip(municipalities["komm_nr"], municipalities["name"], strict=True)}


def latest(table: pd.DataFrame, komm_nr: str) -> int | None:
    """The latest year with a total for the municipality, else the latest with an area; None where it has neither."""
    own = table[(table["komm_nr"] == komm_nr) & table["score"].notna()]
    years = own.loc[own["area"] == TOTAL, "year"] if (own["area"] == TOTAL).any() else own["year"]
    return int(years.max()) if len(years) else None


def standing_of(table: pd.DataFrame, komm_nr: str, year: int) -> pd.DataFrame:
    """The municipality's rows of a year by area, the total first and then the areas in alphabetical order."""
    own = table[(table["komm_nr"] == komm_nr) & (table["year"] == year)]
    return own.assign(_last=own["area"] != TOTAL).sort_values(["_last", "area"]).drop(columns="_last").set_index("area")


def areas(asked: Asked, table: pd.DataFrame, scores: pd.DataFrame) -> Chart | Missing:
    """The total and each area as bars from 0 to 100, with rank and the robust score beside."""
    id, heading = f"{asked.theme}.areas", f"{capital(asked.what)} etter område"
    year = latest(table, asked.komm_nr)
    if year is None:
        return Missing(id, heading, none(asked, table))
    own = standing_of(table, asked.komm_nr, year)
    labels = [tr(area).capitalize() for area in own.index]

    def draw(figure, narrow):
        axis = axes(figure, 1.3 if narrow else 1.75, 0.95 if narrow else 1.95, 0.3, 0.3)
        _bars(axis, own["score"], labels, [OWN, *[OTHER] * (len(own) - 1)], narrow)
        axis.plot(
            own["robust_score"].to_numpy(float),
            np.arange(len(own)),
            ls="",
            marker="D",
            ms=5,
            mfc="white",
            mec=INK,
            zorder=4,
            clip_on=False,
        )
        for at, row in enumerate(own.itertuples()):
            _beside(axis, at, _points_and_rank(row, narrow), at == 0, narrow)
        panel_name(axis, "Poeng; ruten er robust utgave")

    return Chart(
        id=id,
        title=areas_sentence(own, asked.what, asked.name, year),
        reading=f"Søylene er poeng i {year}, og tallene er poeng og plass blant kommunene (1 er høyest). {SCALE} Den hvite ruten "
        "er den robuste utgaven: median i stedet for snitt, og små kommuner trukket mot snittet.",
        alt=f"Stolper for {asked.name}, {year}: "
        + "; ".join(f"{row.Index} {_points_and_rank(row)}" for row in own.itertuples())
        + ".",
        uncertainty=" ".join(filter(None, [band_sentence(own), NEUTRAL, absent(asked, scores, year)])),
        source=f"{asked.source}, {year}",
        table=_headed(
            own.assign(area=labels),
            area="Område",
            score="Poeng",
            rank="Plass",
            n="Kommuner",
            robust_score="Poeng, robust",
            robust_rank="Plass, robust",
            told="Indikatorer",
        ),
        draw=draw,
        height=(0.95 + 0.28 * len(own), 1.0 + 0.32 * len(own)),
        decimals={"Poeng": 1, "Poeng, robust": 1},
        synthetic=asked.synthetic,
    )


def indicators(asked: Asked, table: pd.DataFrame, scores: pd.DataFrame) -> Chart | Missing:
    """Every indicator of the latest year: score, value and rank, area by area."""
    id, heading = f"{asked.theme}.indicators", f"Indikatorene i {asked.what}"
    year = latest(table, asked.komm_nr)
    if year is None:
        return Missing(id, heading, none(asked, table))
    own = scores[(scores["komm_nr"] == asked.komm_nr) & (scores["year"] == year)]
    own = own.assign(order=own["indicator"].map({one: at for at, one in enumerate(asked.measures)})).sort_values(["area", "order"])
    told = own[own["score"].notna()].reset_index(drop=True)
    first = ~told.duplicated("area")

    def draw(figure, narrow):
        axis = axes(figure, 1.45 if narrow else 2.35, 0.95 if narrow else 2.05, 0.3, 0.3)
        labels = [asked.measure(one).name for one in told["indicator"]]
        _bars(axis, told["score"], labels, [OWN if area % 2 else OTHER for area in first.cumsum()], narrow)
        for at, row in enumerate(told.itertuples()):
            value = asked.measure(row.indicator).told(row.value, narrow)
            text = f"{value}\nplass {number(row.rank)}" if narrow else f"{number(row.score)}, plass {number(row.rank)} ({value})"
            _beside(axis, at, text, False, narrow)
        for at in np.flatnonzero(first)[1:]:
            axis.axhline(at - 0.5, color=SOFT, lw=0.6, ls=(0, (2, 2)))
        panel_name(axis, "Poeng" if narrow else "Poeng, område for område")

    shown = own.assign(
        area=own["area"].map(tr).str.capitalize(),
        name=[asked.measure(one).name for one in own["indicator"]],
        value=[asked.measure(row.indicator).told(row.value) for row in own.itertuples()],
    )
    return Chart(
        id=id,
        title=indicators_sentence(asked, told, year),
        reading=f"Hver søyle er en indikator i {year}. Etter søylen står poeng, plass og verdi. Indikatorer i samme område står "
        f"sammen, i samme farge. {asked.aid}",
        alt=f"Stolper for {asked.name}, {year}: "
        + "; ".join(
            f"{asked.measure(row.indicator).name} {asked.measure(row.indicator).told(row.value)}, {number(row.score)} poeng, "
            f"plass {number(row.rank)} av {number(row.n)}"
            for row in told.itertuples()
        )
        + ".",
        uncertainty=" ".join(
            filter(
                None,
                [
                    "Tallene er uten intervall. I små kommuner flytter ett foretak eller noen få personer både verdi og plass.",
                    absent(asked, scores, year),
                    constant(asked, scores, year),
                ],
            )
        ),
        source=f"{asked.source}, {year}",
        table=_headed(shown, area="Område", name="Indikator", value="Verdi", score="Poeng", rank="Plass", n="Kommuner"),
        draw=draw,
        height=(0.85 + 0.215 * len(told), 0.95 + 0.29 * len(told)),
        decimals={"Poeng": 1},
        synthetic=asked.synthetic,
    )


def weights(asked: Asked, table: pd.DataFrame) -> Chart | Missing:
    """The place of the total by the published rule, by the robust one, without each area and with its weight doubled."""
    id, heading = f"{asked.theme}.weights", "Hva vektene betyr for plassen"
    year = latest(table, asked.komm_nr)
    own = None if year is None else standing_of(table, asked.komm_nr, year)
    if year is None or own is None:
        return Missing(id, heading, none(asked, table))
    if pd.isna(own.at[TOTAL, "rank"]):
        return Missing(id, heading, too_few(asked, own, year))
    whole = own.loc[TOTAL]
    changed = sensitivity(_given_weights(table[table["year"] == year]))
    changed = changed[(changed["komm_nr"] == asked.komm_nr) & changed["rank"].notna()].sort_values(["area", "change"])
    rows = pd.DataFrame(
        {
            "text": ["lik vekt", "robust utgave"] + [f"{tr(row.change)} {tr(row.area)}" for row in changed.itertuples()],
            "rank": [whole["rank"], whole["robust_rank"], *changed["rank"]],
            "score": [whole["score"], whole["robust_score"], *changed["score"]],
        }
    )
    rows.loc[0, "text"] = "slik den er"
    rows["text"] = rows["text"].str.replace("dobbelt ", "dobbel vekt på ")

    def draw(figure, narrow):
        axis = axes(figure, 1.55 if narrow else 2.35, 0.45, 0.3, 0.3)
        at, n = np.arange(len(rows)), int(whole["n"])
        axis.axvspan(float(whole["rank_low"]), float(whole["rank_high"]), color=FILL, lw=0)
        axis.axvline(float(whole["rank"]), color=OWN, lw=1)
        place = rows["rank"].to_numpy(float)
        axis.plot(place[1:], at[1:], ls="", marker="o", ms=5, color=GROUP)
        axis.plot(place[0], 0, ls="", marker="D", ms=7, color=OWN)
        for row, held in zip(at, place, strict=True):
            axis.annotate(number(held), (held, row), (6, 0), textcoords="offset points", va="center", size=7.5)
        axis.set_yticks(at, [text.replace("dobbel vekt på", "2 ×") if narrow else text for text in rows["text"]], color=INK)
        axis.tick_params(axis="y", labelsize=7 if narrow else 8.5)
        axis.get_yticklabels()[0].set_weight("bold")
        axis.set(xlim=(0, n + 1), ylim=(len(rows) - 0.4, -0.6))
        axis.set_xticks([1, n], ["1 er høyest", number(n)])
        for tick, side in zip(axis.get_xticklabels(), ("left", "right"), strict=True):
            tick.set_horizontalalignment(side)
        axis.grid(axis="y")
        panel_name(axis, "Plass" if narrow else "Plass samlet; det grå feltet er tilfeldige vekter")

    return Chart(
        id=id,
        title=weights_sentence(whole, asked.what, asked.name),
        reading="Ruten er plassen med de vektene indeksen har, og punktene er plassen når ett område tas ut eller teller dobbelt. "
        "Det grå feltet er plassen i ni av ti av tusen tilfeldige måter å vekte områdene på.",
        alt=f"Punktfigur for {asked.name}, {year}: "
        + "; ".join(f"{row.text} plass {number(row.rank)}" for row in rows.itertuples())
        + f". Feltet går fra plass {number(whole['rank_low'])} til {number(whole['rank_high'])} av {number(whole['n'])}.",
        uncertainty="Feltet viser bare hva valget av vekter betyr, ikke feil i tallene. Vektene er et valg, og ingen av dem er "
        f"riktige. {NEUTRAL}",
        source=f"{asked.source}, {year}",
        table=_headed(rows, text="Vekter", score="Poeng", rank="Plass"),
        draw=draw,
        height=(0.85 + 0.19 * len(rows), 0.9 + 0.25 * len(rows)),
        decimals={"Poeng": 1},
        synthetic=asked.synthetic,
    )


def development(asked: Asked, table: pd.DataFrame, compare: list[str]) -> Chart | Missing:
    """The total year by year with the robust one and the comparison group's median, and each area beside it."""
    id, heading = f"{asked.theme}.development", f"Utviklingen i {asked.what}"
    own = table[(table["komm_nr"] == asked.komm_nr) & table["score"].notna()]
    years = sorted(own.loc[own["area"] == TOTAL, "year"])
    if len(years) < 2:
        year = latest(table, asked.komm_nr)
        if year is None:
            return Missing(id, heading, none(asked, table))
        few = f"{asked.name} har {asked.what} bare for {year}, og det trengs to år for å vise utviklingen."
        return Missing(id, heading, few if years else too_few(asked, standing_of(table, asked.komm_nr, year), year))
    span = pd.RangeIndex(years[0], years[-1] + 1, name="year")
    wide = own.pivot(index="year", columns="area", values="score").reindex(span)
    whole = own[own["area"] == TOTAL].set_index("year")
    group = table[table["komm_nr"].isin(compare) & (table["area"] == TOTAL)].groupby("year")["score"].median()
    series = wide.assign(
        robust=whole["robust_score"].reindex(span),
        group=group.reindex(span),
        comparable=wide[TOTAL].notna().mask(wide[TOTAL].isna()),
    )
    parts = [area for area in wide.columns if area != TOTAL]
    last = series.iloc[-1]

    def draw(figure, narrow):
        if narrow:
            panels = axes(figure, 0.4, 1.5, 0.3, 2.5), axes(figure, 0.4, 1.5, 2.7, 0.28)
        else:
            panels = axes(figure, 0.4, WIDE - 2.6, 0.3, 0.28), axes(figure, 3.95, 1.4, 0.3, 0.28)
        lines = [
            ("group", f"gruppen {number(last['group'])}", {"color": GROUP, "lw": 1.4, "ls": "--"}),
            ("robust", f"robust {number(last['robust'])}", {"color": SOFT, "lw": 1.2, "ls": ":"}),
            (TOTAL, f"her {number(last[TOTAL])}", {"color": OWN, "marker": "o"}),
        ]
        yearly(panels[0], series, lines, also=50, broken=False)
        looks = (LINES[at % len(LINES)] for at in range(len(parts)))
        lines = [(area, f"{tr(area)} {number(last[area])}", look) for area, look in zip(parts, looks, strict=False)]
        yearly(panels[1], series, lines, also=50, broken=False)
        for axis, text in zip(panels, ("Samlet, poeng", "Områdene, poeng"), strict=True):
            axis.axhline(50, color=SOFT, lw=0.7)
            panel_name(axis, text)

    return Chart(
        id=id,
        title=development_sentence(whole, asked.what, asked.name),
        reading="Linjen med merker er samlet indeks, den prikkede er den robuste utgaven, og den stiplede er medianen i "
        "sammenligningsgruppen. 50 er snittet av kommunene hvert år.",
        alt=f"Linjefigur for {asked.name}: "
        + "; ".join(
            f"{year} {number(whole.at[year, 'score'])} poeng, plass {number(whole.at[year, 'rank'])}"
            for year in (years[0], years[-1])
        )
        + ".",
        uncertainty="Poengene måler avstanden til de andre kommunene samme år. De sier ikke om det har gått framover eller bakover "
        "i seg selv, og hvilke indikatorer som er kjent, kan skifte fra år til år. " + NEUTRAL,
        source=f"{asked.source}, {years[0]}–{years[-1]}",
        table=_headed(
            series.reset_index().assign(year=span.astype(str), rank=whole["rank"].reindex(span).to_numpy()),
            year="År",
            **{TOTAL: "Samlet", "rank": "Plass", "robust": "Samlet, robust", "group": "Gruppen, median"},
            **{area: tr(area).capitalize() for area in parts},
        ),
        draw=draw,
        height=(2.5, 5.1),
        decimals=dict.fromkeys(["Samlet", "Samlet, robust", "Gruppen, median", *(tr(area).capitalize() for area in parts)], 1),
        synthetic=asked.synthetic,
    )


def movement(asked: Asked, table: pd.DataFrame, scores: pd.DataFrame) -> Chart | Missing:
    """What each indicator has added to the change of the total since the year before, and how much of it is the place's own."""
    id, heading = f"{asked.theme}.moved", f"Hva som har flyttet {asked.what}"
    year = latest(table, asked.komm_nr)
    if year is None:
        return Missing(id, heading, none(asked, table))
    parts = moved(scores, year - 1, year)
    parts = parts[parts["komm_nr"] == asked.komm_nr]
    if parts.empty:
        return Missing(
            id, heading, f"{asked.name} har ikke {asked.what} både i {year - 1} og i {year}, så endringen kan ikke deles opp."
        )
    parts = parts.assign(name=[asked.measure(one).name for one in parts["indicator"]], _size=parts["change"].abs().round(9))
    parts = parts[parts["_size"] > 0].sort_values(["_size", "name"], ascending=[False, True])
    shown, rest = parts.head(SHOWN), parts.iloc[SHOWN:]
    rows = shown[["name", "change", "own"]]
    if len(rest):
        left = {"name": f"{counted(len(rest))} andre", "change": rest["change"].sum(), "own": rest["own"].sum(min_count=len(rest))}
        rows = pd.concat([rows, pd.DataFrame([left])])
    change = parts["change"].sum()
    rows = pd.concat([rows, pd.DataFrame([{"name": "i alt", "change": change, "own": parts["own"].sum(min_count=len(parts))}])])

    def draw(figure, narrow):
        axis = axes(figure, 1.5 if narrow else 2.35, 0.5, 0.3, 0.3)
        at, value = np.arange(len(rows)), rows["change"].to_numpy(float)
        axis.barh(at, value, height=0.62, color=[*[OTHER] * (len(rows) - 1), OWN])
        own = rows["own"].to_numpy(float)
        axis.plot(own, at, ls="", marker="D", ms=5, mfc="white", mec=INK, zorder=4, clip_on=False)
        for row, held in zip(at, value, strict=True):
            right = np.nanmax([held, own[row], 0.0])
            text = {"textcoords": "offset points", "va": "center", "size": 7.5, "weight": "bold" if row == at[-1] else "normal"}
            axis.annotate(number(held, 1, sign=True), (right, row), (6, 0), **text)
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.set_yticks(at, [textwrap.fill(text, 24) if narrow else text for text in rows["name"]], color=INK)
        axis.tick_params(axis="y", labelsize=7 if narrow else 8.5)
        axis.get_yticklabels()[-1].set_weight("bold")
        axis.invert_yaxis()
        axis.margins(x=0.14)
        axis.xaxis.get_major_locator().set_params(nbins=3 if narrow else 6)
        axis.xaxis.set_major_formatter(lambda level, _: number(level, 0 if float(level).is_integer() else 1))
        axis.grid(axis="x")
        panel_name(axis, "Poeng" if narrow else "Poeng; ruten er kommunens egen del")

    return Chart(
        id=id,
        title=moved_sentence(parts, change, asked.what, asked.name, year),
        reading=f"Hver søyle er hvor mange poeng indikatoren har flyttet den samlede indeksen fra {year - 1} til {year}; de "
        "summerer nøyaktig til endringen. Ruten er det den ville flyttet om de andre kommunene hadde stått stille; avstanden fra "
        "ruten til enden av søylen er det de andre har gjort.",
        alt=f"Stolper for {asked.name}, {year - 1}–{year}: "
        + "; ".join(f"{row.name} {number(row.change, 1, sign=True)}" for row in rows.itertuples(index=False))
        + ".",
        uncertainty="Oppdelingen er regning og har ingen usikkerhet, men tallene den bygger på, svinger. Mye av det som flytter "
        "små kommuner fra år til år, er tilfeldig. En indikator som bare er kjent det ene året, har ingen egen del.",
        source=f"{asked.source}, {year - 1}–{year}",
        table=_headed(
            parts.assign(area=parts["area"].map(tr).str.capitalize()),
            area="Område",
            name="Indikator",
            score_then=f"Poeng {year - 1}",
            score_now=f"Poeng {year}",
            change="Flyttet indeksen",
            own="Egen del",
            others="De andre",
        ),
        draw=draw,
        height=(0.9 + 0.22 * len(rows), 0.95 + 0.29 * len(rows)),
        decimals={f"Poeng {year - 1}": 1, f"Poeng {year}": 1, "Flyttet indeksen": 2, "Egen del": 2, "De andre": 2},
        synthetic=asked.synthetic,
    )


def group(asked: Asked, table: pd.DataFrame, compare: list[str]) -> Chart | Missing:
    """The total of the municipality and its comparison group, highest first, with rank and its band over random weights."""
    id, heading = f"{asked.theme}.group", "Sammenligningsgruppen"
    year = latest(table, asked.komm_nr)
    if year is None:
        return Missing(id, heading, none(asked, table))
    rows = table[(table["year"] == year) & (table["area"] == TOTAL) & table["score"].notna()]
    rows = rows[rows["komm_nr"].isin([asked.komm_nr, *compare])].sort_values(["score", "komm_nr"], ascending=[False, True])
    if asked.komm_nr not in set(rows["komm_nr"]) or len(rows) < 2:
        return Missing(id, heading, f"{asked.name} og kommunene den sammenlignes med, har ikke {asked.what} samme år.")
    rows = rows.assign(name=[asked.names.get(nr, nr) for nr in rows["komm_nr"]])
    own = rows["komm_nr"].eq(asked.komm_nr).to_numpy()

    def draw(figure, narrow):
        axis = axes(figure, 1.3 if narrow else 1.75, 0.95 if narrow else 1.95, 0.3, 0.3)
        _bars(axis, rows["score"], list(rows["name"]), np.where(own, OWN, OTHER), narrow)
        axis.plot(
            rows["robust_score"].to_numpy(float),
            np.arange(len(rows)),
            ls="",
            marker="D",
            ms=5,
            mfc="white",
            mec=INK,
            zorder=4,
            clip_on=False,
        )
        axis.get_yticklabels()[0].set_weight("normal")
        axis.get_yticklabels()[int(np.flatnonzero(own)[0])].set_weight("bold")
        for at, row in enumerate(rows.itertuples()):
            _beside(axis, at, _points_and_rank(row, narrow), own[at], narrow)
        panel_name(axis, "Poeng; ruten er robust utgave")

    return Chart(
        id=id,
        title=group_sentence(rows, asked.komm_nr, asked.what, asked.name),
        reading=f"Samlet indeks i {year} for {asked.name} og kommunene som ligner mest. Plassen er blant alle kommuner. {SCALE}",
        alt=f"Stolper, {year}: " + "; ".join(f"{row.name} {_points_and_rank(row)}" for row in rows.itertuples()) + ".",
        uncertainty="Noen få poeng mellom to kommuner sier lite: andre vekter ville ofte byttet om på dem. Tabellen har plassene "
        f"med tilfeldige vekter. {NEUTRAL}",
        source=f"{asked.source}, {year}",
        table=_headed(
            rows,
            name="Kommune",
            score="Poeng",
            rank="Plass",
            rank_low="Plass, best",
            rank_high="Plass, dårligst",
            robust_score="Poeng, robust",
            robust_rank="Plass, robust",
        ),
        draw=draw,
        height=(0.85 + 0.24 * len(rows), 0.95 + 0.3 * len(rows)),
        decimals={"Poeng": 1, "Poeng, robust": 1},
        synthetic=asked.synthetic,
    )


# -- what the titles say


def areas_sentence(own: pd.DataFrame, what: str, name: str, year: int) -> str:
    """The total with its place, and the strongest and weakest area; own: the rows of one year by area, the total too."""
    parts = own.drop(TOTAL)["score"].dropna().sort_values(kind="stable")
    if parts.empty or pd.isna(own.at[TOTAL, "score"]):
        return f"{capital(what)} kan ikke gis for {name} i {year}: bare {counted(len(parts))} områder har tall"
    place = f"{name} er på plass{NBSP}{number(own.at[TOTAL, 'rank'])} av {number(own.at[TOTAL, 'n'])} i {what} for {year}"
    if parts.iloc[-1] - parts.iloc[0] < ALIKE:
        return f"{place}, med {number(own.at[TOTAL, 'score'])} poeng og like mange i alle områder"
    best, worst = (f"{tr(parts.index[at])} ({number(parts.iloc[at])}" for at in (-1, 0))
    return f"{place}, sterkest i {best} poeng) og svakest i {worst})"


def indicators_sentence(asked: Asked, told: pd.DataFrame, year: int) -> str:
    """How many indicators are over and under the mean, and the highest and lowest; told: those that have a score."""
    over, under = int((told["score"] > 50).sum()), int((told["score"] < 50).sum())
    best, worst = told.loc[told["score"].idxmax()], told.loc[told["score"].idxmin()]
    what = f"{asked.name} er over snittet i {counted(over)} av {counted(len(told))} indikatorer"
    if not over or not under:
        return f"{what} i {year}"
    most, least = (asked.measure(one["indicator"]).name for one in (best, worst))
    return f"{what}, med flest poeng for {most} og færrest for {least}"


def weights_sentence(whole: pd.Series, what: str, name: str) -> str:
    """The place, and between which places other weights would have put it."""
    low, high = int(whole["rank_low"]), int(whole["rank_high"])
    place = f"{name} er på plass{NBSP}{number(whole['rank'])} av {number(whole['n'])} i {what}"
    if low == high:
        return f"{place}, uansett hvordan områdene vektes"
    return f"{place}; med andre vekter ville plassen oftest ligget mellom {number(low)} og {number(high)}"


def band_sentence(own: pd.DataFrame) -> str:
    """The band of the total's places over random weights, where it has one."""
    whole = own.loc[TOTAL]
    if pd.isna(whole["rank_low"]):
        return ""
    return (
        f"Med tilfeldige vekter på områdene ligger plassen i ni av ti tilfeller mellom {number(whole['rank_low'])} og "
        f"{number(whole['rank_high'])}."
    )


def development_sentence(whole: pd.DataFrame, what: str, name: str) -> str:
    """What the total has done from the first year to the last; whole: `score` and `rank` by year."""
    first, last = whole.index.min(), whole.index.max()
    change = whole.at[last, "score"] - whole.at[first, "score"]
    then, now = (f"plass{NBSP}{number(whole.at[year, 'rank'])}" for year in (first, last))
    if abs(change) < ALIKE:
        return f"{name} har om lag like mange poeng i {what} i {last} som i {first} ({then} den gang, {now} nå)"
    done = "økt" if change > 0 else "gått ned"
    places = f"fra {then} til {now}" if then != now else f"men plassen er fortsatt {now}"
    return f"{capital(what)} for {name} har {done} med {number(abs(change), 1)} poeng fra {first} til {last}, {places}"


def moved_sentence(parts: pd.DataFrame, change: float, what: str, name: str, year: int) -> str:
    """What the total has done since the year before, and the indicator that has moved it most; parts: sorted by size."""
    since = f"fra {year - 1} til {year}"
    if parts.empty:
        return f"{capital(what)} for {name} er uendret {since}"
    same = parts[np.sign(parts["change"]) == np.sign(change)] if abs(change) >= ALIKE else parts
    most = same.iloc[0]
    why = f"{most['name']} ({number(most['change'], 1, sign=True)})"
    if abs(change) < ALIKE:
        return f"{capital(what)} for {name} er om lag uendret {since}; mest flyttet av {why}"
    done = "økte" if change > 0 else "gikk ned"
    return f"{capital(what)} for {name} {done} med {number(abs(change), 1)} poeng {since}, mest på grunn av {why}"


def group_sentence(rows: pd.DataFrame, komm_nr: str, what: str, name: str) -> str:
    """The place of the municipality among those it is compared with; rows: `komm_nr` and `score`."""
    own = rows.loc[rows["komm_nr"] == komm_nr, "score"].iloc[0]
    above = int((rows["score"] > own + ALIKE).sum())
    others = len(rows) - 1
    if not above:
        return f"Ingen av de {counted(others)} kommunene {name} sammenlignes med, er klart høyere i {what}"
    return f"{counted(above).capitalize()} av de {counted(others)} kommunene {name} sammenlignes med, er høyere i {what}"


# -- what is missing


def none(asked: Asked, table: pd.DataFrame) -> str:
    """Why a municipality has no figures at all."""
    if table["score"].notna().any():
        return f"{asked.name} har ingen av tallene som {asked.what} er laget av."
    return f"Utgaven mangler tallene som {asked.what} er laget av: {asked.lacking}"


def too_few(asked: Asked, own: pd.DataFrame, year: int) -> str:
    """That there are too few areas for a total, and which are missing; own: the rows of one year by area."""
    missing = list(own.drop(TOTAL).index[own.drop(TOTAL)["score"].isna()])
    return (
        f"{capital(asked.what)} gis ikke med færre enn fire områder, og i {year} mangler {asked.name} "
        f"{listed([tr(area) for area in missing])}."
    )


def absent(asked: Asked, scores: pd.DataFrame, year: int) -> str:
    """Which indicators the municipality lacks in a year, as a sentence; empty where it has them all."""
    own = scores[(scores["komm_nr"] == asked.komm_nr) & (scores["year"] == year) & scores["score"].isna()]
    own = own[own.get("direction", pd.Series(1, index=own.index)) != 0]
    if own.empty:
        return ""
    return f"Mangler i {year}: {listed([asked.measure(one).name for one in own['indicator']])}."


def constant(asked: Asked, scores: pd.DataFrame, year: int) -> str:
    """Which indicators are the same in all municipalities that year, so that all have 50 points; empty where none is."""
    told = scores[(scores["year"] == year) & scores["score"].notna()].groupby("indicator")["value"].agg(["min", "max", "count"])
    same = told.index[(told["min"] == told["max"]) & (told["count"] > 1)]
    if not len(same):
        return ""
    return f"Alle kommuner har samme verdi i {listed([asked.measure(one).name for one in same])}, og dermed 50 poeng der."


# -- parts of the drawings and tables


def _given_weights(table):
    return table if "area_weight" in table else table.assign(area_weight=1.0)


def _bars(axis, values, labels, colours, narrow):
    at = np.arange(len(labels))
    axis.barh(at, values.fillna(0.0).to_numpy(float), height=0.62, color=colours)
    axis.axvline(50, color=SOFT, lw=0.9)
    axis.set_yticks(at, [textwrap.fill(text, 22) if narrow else text for text in labels], color=INK, size=7 if narrow else 8.5)
    if len(labels):
        axis.get_yticklabels()[0].set_weight("bold" if labels[0] == TOTAL.capitalize() else "normal")
    axis.set(xlim=(0, 100), ylim=(len(labels) - 0.4, -0.6))
    axis.set_xticks([0, 50, 100], ["0", "50" if narrow else "50 = snittet", "100"])


def _beside(axis, at, text, strong, narrow):
    look = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "annotation_clip": False}
    axis.annotate(text, (1, at), (6, 0), size=6.8 if narrow else 8, weight="bold" if strong else "normal", color=INK, **look)


def _points_and_rank(row, narrow=False):
    if pd.isna(row.score):
        return "mangler"
    return (
        f"{number(row.score)}, plass {number(row.rank)}"
        if narrow
        else f"{number(row.score)} poeng, plass {number(row.rank)} av {number(row.n)}"
    )


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)


def key_rank(row: pd.Series) -> str:
    """The place of an area's or a total's row, as a key figure says it."""
    return "Plass oppgis ikke" if pd.isna(row["rank"]) else rank(int(row["rank"]), int(row["n"]))
