"""Figures that every composite index has: areas, indicators, weights, development, and what moved it.

Each function takes an `Asked` (whose index, and how it is told) and the index's tables, as `nlib.methods.composite.index` gives
them, and gives a Chart, or Missing with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Missing
from nlib.charts.form import Panels, capital
from nlib.charts.lines import Lines
from nlib.charts.others import Others
from nlib.charts.strip import Strip
from nlib.core.language import counted, listed, number, rank, some, with_unit
from nlib.core.translations import tr
from nlib.methods.composite import TOTAL, moved, sensitivity

SCALE = (
    "50 er gjennomsnittet av kommunene, og 20 poeng er ett standardavvik. 0 og 100 er 2,5 standardavvik fra snittet, og ikke "
    "dårligst og best i landet."
)
NEUTRAL = "Lavere plass er ikke nødvendigvis tilbakegang: de andre kan ha gått fram."
ALIKE = 0.5  # points that nobody would call a change
SHOWN = 8  # indicators drawn among those that moved an index
MEDIAN = 3  # municipalities that a median is told of
ROLES = ("second", "third", "others", "total", "against")  # of the areas over years


@dataclass(frozen=True)
class Measure:
    """How an indicator is told: its name, unit (empty where there is none) and decimals; `sign` writes + before a rise."""

    name: str
    unit: str = ""
    decimals: int = 1
    sign: bool = False

    @property
    def within(self) -> str:
        """Its name within a sentence."""
        return self.name if self.name[1:2].isupper() else self.name[:1].lower() + self.name[1:]

    def told(self, value) -> str:
        """The value as bokmål writes it, with its unit: «3,7 %», «517 800 kr»."""
        text = number(value, self.decimals, self.sign)
        return text if pd.isna(value) else with_unit(text, self.unit)


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

    @property
    def name(self) -> str:
        return self.names[self.komm_nr]

    def measure(self, indicator: str) -> Measure:
        return self.measures.get(indicator, Measure(indicator))


def latest(table: pd.DataFrame, komm_nr: str) -> int | None:
    """The latest year with a total for the municipality, else the latest with an area; None where it has neither."""
    own = table[(table["komm_nr"] == komm_nr) & table["score"].notna()]
    years = own.loc[own["area"] == TOTAL, "year"] if (own["area"] == TOTAL).any() else own["year"]
    return int(years.max()) if len(years) else None


def standing_of(table: pd.DataFrame, komm_nr: str, year: int) -> pd.DataFrame:
    """The municipality's rows of a year by area, the total first and then the areas in alphabetical order."""
    own = table[(table["komm_nr"] == komm_nr) & (table["year"] == year)]
    return own.assign(_last=own["area"] != TOTAL).sort_values(["_last", "area"]).drop(columns="_last").set_index("area")


def areas(asked: Asked, table: pd.DataFrame, scores: pd.DataFrame, compare: list[str]) -> Chart | Missing:
    """The total and each area from 0 to 100 with rank, the robust score, and the median of those it is compared with."""
    id = f"{asked.theme}.areas"
    year = latest(table, asked.komm_nr)
    if year is None:
        return Missing(id, f"{capital(asked.what)} etter område", none(asked, table))
    own = standing_of(table, asked.komm_nr, year)
    rows = own.assign(text=[_points_and_rank(row) for row in own.itertuples()])
    called = pd.Index([capital(tr(area)) for area in own.index], name="Område")
    scores_of = table[table["year"] == year].pivot(index="komm_nr", columns="area", values="score")
    values = scores_of.reindex(columns=own.index).set_axis(called, axis=1)
    form = _of_points(
        heading="Poeng",
        rows=rows.set_axis(called),
        marks={"score": (asked.name, "own"), "robust_score": ("robust utgave", "before")},
        others=Others(values=values, own=asked.komm_nr, chosen=compare, names=asked.names, decimals=1),
        texts="text",
        own=capital(tr(TOTAL)),
        unit="poeng",
        decimals=1,
        also={"rank": "Plass", "n": "Kommuner", "robust_rank": "Plass, robust", "told": "Indikatorer"},
    )
    return form.chart(
        id,
        areas_sentence(own, asked.what, asked.name, year),
        f"Poeng og plass blant kommunene i {year} (1 er høyest). {SCALE} Den robuste utgaven har median i stedet for snitt, og "
        "trekker små kommuner mot snittet."
        + (f" Ringene er {some(compare, asked.names)}; trekanten er midten av dem der de er minst tre." if compare else ""),
        " ".join(filter(None, [band_sentence(own), NEUTRAL, absent(asked, scores, year)])),
        f"{asked.source}, {year}",
        whom=some(compare, asked.names),
    )


def indicators(asked: Asked, table: pd.DataFrame, scores: pd.DataFrame) -> Chart | Missing:
    """Every indicator of the latest year: score, value and rank, area by area."""
    id = f"{asked.theme}.indicators"
    year = latest(table, asked.komm_nr)
    if year is None:
        return Missing(id, f"Indikatorene i {asked.what}", none(asked, table))
    own = scores[(scores["komm_nr"] == asked.komm_nr) & (scores["year"] == year) & scores["score"].notna()]
    own = own.assign(order=own["indicator"].map({one: at for at, one in enumerate(asked.measures)})).sort_values(["area", "order"])
    values = [asked.measure(row.indicator).told(row.value) for row in own.itertuples()]
    rows = own.assign(
        area=own["area"].map(tr).map(capital),
        value=values,
        text=[f"{value}, plass {number(place)}" for value, place in zip(values, own["rank"], strict=True)],
    )
    form = _of_points(
        heading="Poeng, område for område",
        more=f"verdi, og plass blant {_between(own['n'])} kommuner",
        rows=rows.set_axis(pd.Index([asked.measure(one).name for one in own["indicator"]], name="Indikator")),
        marks={"score": ("poeng", "own")},
        texts="text",
        by="area",
        decimals=1,
        also={"area": "Område", "value": "Verdi", "rank": "Plass", "n": "Kommuner"},
    )
    return form.chart(
        id,
        indicators_sentence(asked, own, year),
        f"Hvert merke er poengene for en indikator i {year}; etter det står verdi og plass (1 er flest poeng). Indikatorer i samme "
        f"område står mellom to streker. {asked.aid}",
        " ".join(
            filter(
                None,
                [
                    "Tallene er uten intervall. I små kommuner flytter ett foretak eller noen få personer både verdi og plass.",
                    absent(asked, scores, year),
                    constant(asked, scores, year),
                ],
            )
        ),
        f"{asked.source}, {year}",
    )


def weights(asked: Asked, table: pd.DataFrame) -> Chart | Missing:
    """The place of the total by the published rule, by the robust one, without each area and with its weight doubled."""
    id, heading = f"{asked.theme}.weights", "Hva vektene betyr for plassen"
    year = latest(table, asked.komm_nr)
    if year is None:
        return Missing(id, heading, none(asked, table))
    own = standing_of(table, asked.komm_nr, year)
    whole = own.loc[TOTAL]
    if pd.isna(whole["rank"]):
        return Missing(id, heading, too_few(asked, own, year))
    given = table[table["year"] == year]
    changed = sensitivity(given if "area_weight" in given else given.assign(area_weight=1.0))
    changed = changed[(changed["komm_nr"] == asked.komm_nr) & changed["rank"].notna()].sort_values(["area", "change"])
    ways = {"dobbelt": "2 ×", "uten": "Uten"}
    texts = ["Slik den er", "Robust utgave", *(f"{ways[row.change]} {tr(row.area)}" for row in changed.itertuples())]
    rows = pd.DataFrame(
        {
            "rank": [whole["rank"], whole["robust_rank"], *changed["rank"]],
            "score": [whole["score"], whole["robust_score"], *changed["score"]],
        },
        index=pd.Index(texts, name="Vekter"),
    )
    n = int(whole["n"])
    form = Strip(
        heading="Plass samlet",
        more="grått: ni av ti tilfeldige vekter",
        rows=rows,
        marks={"rank": ("plass", "own")},
        own=texts[0],
        level=float(whole["rank"]),
        shaded=(float(whole["rank_low"]), float(whole["rank_high"])),
        limits=(1, n),
        ends=("1 er høyest", number(n)),
        also={"score": "Poeng"},
        precise={"score": 1},
    )
    return form.chart(
        id,
        weights_sentence(whole, asked.what, asked.name),
        "Merkene er plassen med de vektene indeksen har, og når ett område tas ut eller teller dobbelt. "
        "Det grå feltet er plassen i ni av ti av tusen tilfeldige måter å vekte områdene på.",
        "Feltet viser bare hva valget av vekter betyr, ikke feil i tallene. Vektene er et valg, og ingen av dem er "
        f"riktige. {NEUTRAL}",
        f"{asked.source}, {year}",
    )


def development(asked: Asked, table: pd.DataFrame, compare: list[str]) -> Chart | Missing:
    """The total year by year with the robust one and the comparison group's median, and each area beside it."""
    id, heading = f"{asked.theme}.development", f"Utviklingen i {asked.what}"
    own = table[(table["komm_nr"] == asked.komm_nr) & table["score"].notna()]
    whole = own[own["area"] == TOTAL].set_index("year").sort_index()
    if len(whole) < 2:
        year = latest(table, asked.komm_nr)
        if year is None:
            return Missing(id, heading, none(asked, table))
        few = f"{asked.name} har {asked.what} bare for {year}, og det trengs to år for å vise utviklingen."
        return Missing(id, heading, few if len(whole) else too_few(asked, standing_of(table, asked.komm_nr, year), year))
    parts = [area for area in sorted(own["area"].unique()) if area != TOTAL]
    rows = own.pivot(index="year", columns="area", values="score").loc[whole.index[0] : whole.index[-1]]
    rows = rows.assign(
        robust=whole["robust_score"], rank=whole["rank"], group=_group(table[table["area"] == TOTAL], "year", compare)
    )
    named = {"group": ("gruppen", "group")} if rows["group"].notna().any() else {}
    form = Panels(
        forms=[
            Lines(
                heading="Samlet, poeng",
                rows=rows,
                lines={TOTAL: ("her", "own"), "robust": ("robust", "before")} | named,
                level=50,
                decimals=1,
                also={"rank": "Plass"},
            ),
            Lines(
                heading="Områdene, poeng",
                rows=rows,
                lines={area: (tr(area), ROLES[at % len(ROLES)]) for at, area in enumerate(parts)},
                level=50,
                decimals=1,
            ),
        ]
    )
    return form.chart(
        id,
        development_sentence(whole, asked.what, asked.name),
        "Til venstre er samlet indeks, med den robuste utgaven"
        + (f" og medianen av gruppen: {_names(asked, compare)}" if named else "")
        + ". 50 er snittet av kommunene hvert år.",
        "Poengene måler avstanden til de andre kommunene samme år. De sier ikke om det har gått framover eller bakover "
        "i seg selv, og hvilke indikatorer som er kjent, kan skifte fra år til år. " + NEUTRAL,
        f"{asked.source}, {whole.index[0]}–{whole.index[-1]}",
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
    names = pd.Index([asked.measure(one).name for one in parts["indicator"]], name="Indikator")
    parts = parts.assign(_size=parts["change"].abs().round(9), name=names)
    parts = parts[parts["_size"] > 0].sort_values(["_size", "name"], ascending=[False, True]).set_index("name")
    columns = ["change", "own", "others"]
    sums = {capital(f"{counted(len(parts) - SHOWN)} andre"): parts[columns].iloc[SHOWN:]} if len(parts) > SHOWN else {}
    sums |= {"I alt": parts[columns]}
    added = pd.DataFrame({name: some.sum(skipna=False) for name, some in sums.items()}).T
    shown = pd.concat([parts[["score_then", "score_now", *columns]].head(SHOWN), added])
    written = [" (".join(number(value, 1, sign=True) for value in pair) + ")" for pair in shown[["change", "own"]].to_numpy(float)]
    form = Bars(
        heading=f"Poeng, {year - 1}–{year} (egen del)",
        rows=shown.assign(text=written).rename_axis("Indikator"),
        parts={"change": ("flyttet indeksen", "own")},
        marks={"own": ("kommunens egen del", "second")},
        texts="text",
        own="I alt",
        decimals=1,
        sign=True,
        also={"score_then": f"Poeng {year - 1}", "score_now": f"Poeng {year}", "others": "De andre"},
        precise={"score_then": 1, "score_now": 1, "others": 1},
    )
    return form.chart(
        id,
        moved_sentence(parts.reset_index(), added.at["I alt", "change"], asked, year),
        f"Hver stolpe er hvor mange poeng indikatoren har flyttet den samlede indeksen fra {year - 1} til {year}; de "
        "summerer til endringen. Merket er det den ville flyttet om de andre kommunene hadde stått stille; avstanden fra "
        "merket til enden av stolpen er det de andre har gjort.",
        "Oppdelingen er regning og har ingen usikkerhet, men tallene den bygger på, svinger, mest i små kommuner. En indikator "
        "som bare er kjent det ene året, har ingen egen del.",
        f"{asked.source}, {year - 1}–{year}",
    )


# -- what the titles say


def areas_sentence(own: pd.DataFrame, what: str, name: str, year: int) -> str:
    """The total with its place, and the strongest and weakest area; own: the rows of one year by area, the total too."""
    parts = own.drop(TOTAL)["score"].dropna().sort_values(kind="stable")
    if parts.empty or pd.isna(own.at[TOTAL, "score"]):
        few = "ett område" if len(parts) == 1 else f"{counted(len(parts))} områder"
        return f"{capital(what)} kan ikke gis for {name} i {year}: bare {few} har tall"
    place = f"{name} er på {rank(own.at[TOTAL, 'rank'], own.at[TOTAL, 'n'])} i {what} for {year}"
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
    most, least = (asked.measure(one["indicator"]).within for one in (best, worst))
    return f"{what}, med flest poeng for {most} og færrest for {least}"


def weights_sentence(whole: pd.Series, what: str, name: str) -> str:
    """The place, and between which places other weights would have put it."""
    low, high = int(whole["rank_low"]), int(whole["rank_high"])
    place = f"{name} er på {rank(whole['rank'], whole['n'])} i {what}"
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
    then, now = (number(whole.at[year, "rank"]) for year in (first, last))
    of = f" av {number(whole.at[last, 'n'])}"
    if abs(change) < ALIKE:
        return f"{name} har om lag like mange poeng i {what} i {last} som i {first} (plass {then} den gang, {now}{of} nå)"
    done = "økt" if change > 0 else "gått ned"
    places = f"fra plass {then} til {now}{of}" if then != now else f"men plassen er fortsatt {now}{of}"
    return f"{capital(what)} for {name} har {done} med {number(abs(change), 1)} poeng fra {first} til {last}, {places}"


def moved_sentence(parts: pd.DataFrame, change: float, asked: Asked, year: int) -> str:
    """What the total has done since the year before, and the indicator that has moved it most; parts: sorted by size."""
    what, since = f"{capital(asked.what)} for {asked.name}", f"fra {year - 1} til {year}"
    if parts.empty:
        return f"{what} er uendret {since}"
    same = parts[np.sign(parts["change"]) == np.sign(change)] if abs(change) >= ALIKE else parts
    most = same.iloc[0]
    why = f"{Measure(most['name']).within} ({number(most['change'], 1, sign=True)})"
    if abs(change) < ALIKE:
        return f"{what} er om lag uendret {since}; mest flyttet av {why}"
    return f"{what} {'økte' if change > 0 else 'gikk ned'} med {number(abs(change), 1)} poeng {since}, mest på grunn av {why}"


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
    return f"Mangler i {year}: {listed([asked.measure(one).within for one in own['indicator']])}."


def constant(asked: Asked, scores: pd.DataFrame, year: int) -> str:
    """Which indicators are the same in all municipalities that year, so that all have 50 points; empty where none is."""
    told = scores[(scores["year"] == year) & scores["score"].notna()].groupby("indicator")["value"].agg(["min", "max", "count"])
    same = told.index[(told["min"] == told["max"]) & (told["count"] > 1)]
    if not len(same):
        return ""
    return f"Alle kommuner har samme verdi i {listed([asked.measure(one).within for one in same])}, og dermed 50 poeng der."


# -- what is common


def _of_points(**given):
    """A strip of points, from 0 to 100."""
    return Strip(limits=(0, 100), ends=("0", "50", "100"), level=50, **given)


def _between(counts):
    least, most = int(counts.min()), int(counts.max())
    return number(most) if least == most else f"{number(least)}–{number(most)}"


def _group(table, by, compare):
    """The median score of those it is compared with; nothing where they are too few."""
    rows = table[table["komm_nr"].isin(compare) & table["score"].notna()].groupby(by)["score"]
    return rows.median().where(rows.size() >= MEDIAN)


def _names(asked, compare):
    return listed([asked.names[nr] for nr in compare if nr in asked.names])


def _points_and_rank(row):
    return "mangler" if pd.isna(row.score) else f"{number(row.score)}, plass {number(row.rank)} av {number(row.n)}"


def key_rank(row: pd.Series) -> str:
    """The place of an area's or a total's row, as a key figure says it."""
    return "Plass oppgis ikke" if pd.isna(row["rank"]) else rank(int(row["rank"]), int(row["n"]))
