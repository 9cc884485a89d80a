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
from nlib.core.translations import _
from nlib.methods.composite import TOTAL, moved, sensitivity

SCALE = _(
    "50 er gjennomsnittet av kommunene, og 20 poeng er ett standardavvik. 0 og 100 er 2,5 standardavvik fra snittet, og "
    "ikke dårligst og best i landet."
)
NEUTRAL = _("Lavere plass er ikke nødvendigvis tilbakegang: de andre kan ha gått fram.")
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
        return Missing(id, _("{what} etter område", what=capital(asked.what)), none(asked, table))
    own = standing_of(table, asked.komm_nr, year)
    whom = some(compare, asked.names)
    rows = own.assign(text=[_points_and_rank(row) for row in own.itertuples()])
    called = pd.Index([capital(_(area)) for area in own.index], name=_("Område"))
    scores_of = table[table["year"] == year].pivot(index="komm_nr", columns="area", values="score")
    values = scores_of.reindex(columns=own.index).set_axis(called, axis=1)
    form = _of_points(
        heading=_("Poeng"),
        rows=rows.set_axis(called),
        marks={"score": (asked.name, "own"), "robust_score": (_("robust utgave"), "before")},
        others=Others(values=values, own=asked.komm_nr, chosen=compare, names=asked.names, decimals=1),
        texts="text",
        own=capital(_(TOTAL)),
        unit="poeng",
        decimals=1,
        also={"rank": _("Plass"), "n": _("Kommuner"), "robust_rank": _("Plass, robust"), "indicators": _("Indikatorer")},
    )
    return form.chart(
        id,
        areas_sentence(own, asked.what, asked.name, year),
        _(
            "Poeng og plass blant kommunene i {year} (1 er høyest). {scale} Den robuste utgaven har median i stedet for "
            "snitt, og trekker små kommuner mot snittet.",
            year=year,
            scale=SCALE,
        )
        + place_sentence(own.loc[TOTAL], asked.what, asked.name)
        + (_(" Ringene er {compare}; trekanten er midten av dem der de er minst tre.", compare=whom) if compare else ""),
        " ".join(filter(None, [band_sentence(own), NEUTRAL, absent(asked, scores, year)])),
        f"{asked.source}, {year}",
        whom=whom,
    )


def indicators(asked: Asked, table: pd.DataFrame, scores: pd.DataFrame) -> Chart | Missing:
    """Every indicator of the latest year: score, value and rank, area by area."""
    id = f"{asked.theme}.indicators"
    year = latest(table, asked.komm_nr)
    if year is None:
        return Missing(id, _("Indikatorene i {what}", what=asked.what), none(asked, table))
    own = scores[(scores["komm_nr"] == asked.komm_nr) & (scores["year"] == year) & scores["score"].notna()]
    own = own.assign(order=own["indicator"].map({one: at for at, one in enumerate(asked.measures)})).sort_values(["area", "order"])
    values = [asked.measure(row.indicator).told(row.value) for row in own.itertuples()]
    rows = own.assign(
        area=own["area"].map(_).map(capital),
        value=values,
        text=[
            _("{value}, plass {place}", value=value, place=number(place)) for value, place in zip(values, own["rank"], strict=True)
        ],
    )
    form = _of_points(
        heading=_("Poeng, område for område"),
        more=_("verdi, og plass blant {n} kommuner", n=_between(own["n"])),
        rows=rows.set_axis(pd.Index([asked.measure(one).name for one in own["indicator"]], name=_("Indikator"))),
        marks={"score": ("poeng", "own")},
        texts="text",
        by="area",
        decimals=1,
        also={"area": _("Område"), "value": _("Verdi"), "rank": _("Plass"), "n": _("Kommuner")},
    )
    return form.chart(
        id,
        indicators_sentence(asked, own, year),
        _(
            "Hvert merke er poengene for en indikator i {year}; etter det står verdi og plass (1 er flest poeng). "
            "Indikatorer i samme område står mellom to streker. {aid}",
            year=year,
            aid=asked.aid,
        ),
        " ".join(
            filter(
                None,
                [
                    _("Tallene er uten intervall. I små kommuner flytter ett foretak eller noen få personer både verdi og plass."),
                    absent(asked, scores, year),
                    constant(asked, scores, year),
                ],
            )
        ),
        f"{asked.source}, {year}",
    )


def weights(asked: Asked, table: pd.DataFrame) -> Chart | Missing:
    """The place of the total by the published rule, by the robust one, without each area and with its weight doubled."""
    id, heading = f"{asked.theme}.weights", _("Hva vektene betyr for plassen")
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
    ways = {"dobbelt": "2 ×", "uten": _("Uten")}
    texts = [_("Slik den er"), _("Robust utgave"), *(f"{ways[row.change]} {_(row.area)}" for row in changed.itertuples())]
    rows = pd.DataFrame(
        {
            "rank": [whole["rank"], whole["robust_rank"], *changed["rank"]],
            "score": [whole["score"], whole["robust_score"], *changed["score"]],
        },
        index=pd.Index(texts, name=_("Vekter")),
    )
    n = int(whole["n"])
    form = Strip(
        heading=_("Plass samlet"),
        more=_("grått: ni av ti tilfeldige vekter"),
        rows=rows,
        marks={"rank": ("plass", "own")},
        own=texts[0],
        level=float(whole["rank"]),
        shaded=(float(whole["rank_low"]), float(whole["rank_high"])),
        limits=(1, n),
        ends=(_("1 er høyest"), number(n)),
        also={"score": _("Poeng")},
        precise={"score": 1},
    )
    return form.chart(
        id,
        weights_sentence(whole, asked.name),
        _(
            "Merkene er plassen med de vektene indeksen har, og når ett område tas ut eller teller dobbelt. Det grå feltet "
            "er plassen i ni av ti av tusen tilfeldige måter å vekte områdene på."
        ),
        _(
            "Feltet viser bare hva valget av vekter betyr, ikke feil i tallene. Vektene er et valg, og ingen av dem er "
            "riktige. {neutral}",
            neutral=NEUTRAL,
        ),
        f"{asked.source}, {year}",
    )


def development(asked: Asked, table: pd.DataFrame, compare: list[str]) -> Chart | Missing:
    """The total year by year with the robust one and the comparison group's median, and each area beside it."""
    id, heading = f"{asked.theme}.development", _("Utviklingen i {what}", what=asked.what)
    own = table[(table["komm_nr"] == asked.komm_nr) & table["score"].notna()]
    whole = own[own["area"] == TOTAL].set_index("year").sort_index()
    if len(whole) < 2:
        year = latest(table, asked.komm_nr)
        if year is None:
            return Missing(id, heading, none(asked, table))
        few = _(
            "{name} har {what} bare for {year}, og det trengs to år for å vise utviklingen.",
            name=asked.name,
            what=asked.what,
            year=year,
        )
        return Missing(id, heading, few if len(whole) else too_few(asked, standing_of(table, asked.komm_nr, year), year))
    parts = [area for area in sorted(own["area"].unique()) if area != TOTAL]
    rows = own.pivot(index="year", columns="area", values="score").loc[whole.index[0] : whole.index[-1]]
    rows = rows.assign(
        robust=whole["robust_score"], rank=whole["rank"], group=_group(table[table["area"] == TOTAL], "year", compare)
    )
    named = {"group": (_("de andre"), "group")} if rows["group"].notna().any() else {}
    form = Panels(
        forms=[
            Lines(
                heading=_("Samlet, poeng"),
                rows=rows,
                lines={TOTAL: (_("her"), "own"), "robust": ("robust", "before")} | named,
                level=50,
                decimals=1,
                also={"rank": _("Plass")},
            ),
            Lines(
                heading=_("Områdene, poeng"),
                rows=rows,
                lines={area: (_(area), ROLES[at % len(ROLES)]) for at, area in enumerate(parts)},
                level=50,
                decimals=1,
            ),
        ]
    )
    return form.chart(
        id,
        development_sentence(whole, asked.what, asked.name),
        _("Til venstre er samlet indeks, med den robuste utgaven")
        + (_(" og medianen av de andre: {asked}", asked=_names(asked, compare)) if named else "")
        + _(". 50 er snittet av kommunene hvert år.")
        + places_sentence(whole),
        _(
            "Poengene måler avstanden til de andre kommunene samme år. De sier ikke om det har gått framover eller bakover i "
            "seg selv, og hvilke indikatorer som er kjent, kan skifte fra år til år. "
        )
        + NEUTRAL,
        f"{asked.source}, {whole.index[0]}–{whole.index[-1]}",
    )


def movement(asked: Asked, table: pd.DataFrame, scores: pd.DataFrame) -> Chart | Missing:
    """What each indicator has added to the change of the total since the year before, and how much of it is the place's own."""
    id, heading = f"{asked.theme}.moved", _("Hva som har flyttet {what}", what=asked.what)
    year = latest(table, asked.komm_nr)
    if year is None:
        return Missing(id, heading, none(asked, table))
    parts = moved(scores, year - 1, year)
    parts = parts[parts["komm_nr"] == asked.komm_nr]
    if parts.empty:
        return Missing(
            id,
            heading,
            _(
                "{name} har ikke {what} både i {year} og i {year2}, så endringen kan ikke deles opp.",
                name=asked.name,
                what=asked.what,
                year=year - 1,
                year2=year,
            ),
        )
    names = pd.Index([asked.measure(one).name for one in parts["indicator"]], name=_("Indikator"))
    parts = parts.assign(_size=parts["change"].abs().round(9), name=names)
    parts = parts[parts["_size"] > 0].sort_values(["_size", "name"], ascending=[False, True]).set_index("name")
    columns = ["change", "own", "others"]
    sums = (
        {capital(_("{parts} andre", parts=counted(len(parts) - SHOWN))): parts[columns].iloc[SHOWN:]} if len(parts) > SHOWN else {}
    )
    sums |= {_("I alt"): parts[columns]}
    added = pd.DataFrame({name: some.sum(skipna=False) for name, some in sums.items()}).T
    shown = pd.concat([parts[["score_then", "score_now", *columns]].head(SHOWN), added])
    written = [" (".join(number(value, 1, sign=True) for value in pair) + ")" for pair in shown[["change", "own"]].to_numpy(float)]
    form = Bars(
        heading=_("Poeng, {year}–{year2} (egen del)", year=year - 1, year2=year),
        rows=shown.assign(text=written).rename_axis(_("Indikator")),
        parts={"change": (_("flyttet indeksen"), "own")},
        marks={"own": (_("kommunens egen del"), "second")},
        texts="text",
        own=_("I alt"),
        decimals=1,
        sign=True,
        also={"score_then": _("Poeng {year}", year=year - 1), "score_now": _("Poeng {year}", year=year), "others": _("De andre")},
        precise={"score_then": 1, "score_now": 1, "others": 1},
    )
    return form.chart(
        id,
        moved_sentence(parts.reset_index(), added.at[_("I alt"), "change"], asked, year),
        _(
            "Hver stolpe er hvor mange poeng indikatoren har flyttet den samlede indeksen fra {year} til {year2}; de "
            "summerer til endringen. Merket er det den ville flyttet om de andre kommunene hadde stått stille; avstanden fra "
            "merket til enden av stolpen er det de andre har gjort.",
            year=year - 1,
            year2=year,
        ),
        _(
            "Oppdelingen er regning og har ingen usikkerhet, men tallene den bygger på, svinger, mest i små kommuner. En "
            "indikator som bare er kjent det ene året, har ingen egen del."
        ),
        f"{asked.source}, {year - 1}–{year}",
    )


# -- what the titles say


def areas_sentence(own: pd.DataFrame, what: str, name: str, year: int) -> str:
    """The strongest and the weakest area; own: the rows of one year by area, the total too."""
    parts = own.drop(TOTAL)["score"].dropna().sort_values(kind="stable")
    if parts.empty or pd.isna(own.at[TOTAL, "score"]):
        return _("For få tall til {what} for {name} i {year}", what=what, name=name, year=year)
    if parts.iloc[-1] - parts.iloc[0] < ALIKE:
        return _("{name} har {score} poeng i alle områder", name=name, score=number(own.at[TOTAL, "score"]))
    (worst, least), (best, most) = ((_(parts.index[end]), number(parts.iloc[end])) for end in (0, -1))
    return _(
        "{name} er sterkest i {best} ({most} poeng), svakest i {worst} ({least})",
        name=name,
        best=best,
        most=most,
        worst=worst,
        least=least,
    )


def place_sentence(whole: pd.Series, what: str, name: str) -> str:
    """The place, after a space; empty where there is none."""
    if pd.isna(whole["rank"]):
        return ""
    return _(" {name} er på {rank} i {what}.", name=name, rank=rank(whole["rank"], whole["n"]), what=what)


def indicators_sentence(asked: Asked, told: pd.DataFrame, year: int) -> str:
    """How many indicators are over the mean; told: those that have a score."""
    over = int((told["score"] > 50).sum())
    return _(
        "{name} er over snittet i {over} av {told} indikatorer i {year}",
        name=asked.name,
        over=counted(over),
        told=counted(len(told)),
        year=year,
    )


def weights_sentence(whole: pd.Series, name: str) -> str:
    """The place, and between which places other weights would have put it."""
    low, high = int(whole["rank_low"]), int(whole["rank_high"])
    place = _("{name} er på plass\N{NO-BREAK SPACE}{rank} av {n}", name=name, rank=number(whole["rank"]), n=number(whole["n"]))
    if low == high:
        return _("{place}, uansett hvordan områdene vektes", place=place)
    return _("{place}; andre vekter gir {low}–{high}", place=place, low=number(low), high=number(high))


def band_sentence(own: pd.DataFrame) -> str:
    """The band of the total's places over random weights, where it has one."""
    whole = own.loc[TOTAL]
    if pd.isna(whole["rank_low"]):
        return ""
    return _(
        "Med tilfeldige vekter på områdene ligger plassen i ni av ti tilfeller mellom {rank_low} og {rank_high}.",
        rank_low=number(whole["rank_low"]),
        rank_high=number(whole["rank_high"]),
    )


def development_sentence(whole: pd.DataFrame, what: str, name: str) -> str:
    """What the total has done from the first year to the last; whole: `score` by year."""
    first, last = whole.index.min(), whole.index.max()
    change = whole.at[last, "score"] - whole.at[first, "score"]
    if abs(change) < ALIKE:
        return _("{name} har om lag samme poengsum i {last} som i {first}", name=name, last=last, first=first)
    return _(
        "{what} for {name} har {done} {change} poeng siden {first}",
        what=capital(what),
        name=name,
        done=_("steget") if change > 0 else _("gått ned"),
        change=number(abs(change), 1),
        first=first,
    )


def places_sentence(whole: pd.DataFrame) -> str:
    """What the place was in the first year and is in the last, after a space; whole: `rank` and `n` by year."""
    first, last = whole.index.min(), whole.index.max()
    then, now = (number(whole.at[year, "rank"]) for year in (first, last))
    of = number(whole.at[last, "n"])
    if then == now:
        return _(" Plassen er {now} av {of} i {last}, som i {first} (1 er høyest).", now=now, of=of, last=last, first=first)
    return _(
        " Plassen har gått fra {then} i {first} til {now} av {of} i {last} (1 er høyest).",
        then=then,
        first=first,
        now=now,
        of=of,
        last=last,
    )


def moved_sentence(parts: pd.DataFrame, change: float, asked: Asked, year: int) -> str:
    """What the total has done since the year before, and the indicator that has moved it most; parts: sorted by size."""
    if abs(change) < ALIKE:
        return _("{name} har om lag samme poengsum i {last} som i {first}", name=asked.name, last=year, first=year - 1)
    most = parts[np.sign(parts["change"]) == np.sign(change)].iloc[0]
    return _(
        "{name} {word} {change} poeng i {year}, mest på {most}",
        name=asked.name,
        word=_("steg") if change > 0 else _("falt"),
        change=number(abs(change), 1),
        year=year,
        most=Measure(most["name"]).within,
    )


# -- what is missing


def none(asked: Asked, table: pd.DataFrame) -> str:
    """Why a municipality has no figures at all."""
    if table["score"].notna().any():
        return _("{name} har ingen av tallene som {what} er laget av.", name=asked.name, what=asked.what)
    return _("Utgaven mangler tallene som {what} er laget av: {lacking}", what=asked.what, lacking=asked.lacking)


def too_few(asked: Asked, own: pd.DataFrame, year: int) -> str:
    """That there are too few areas for a total, and which are missing; own: the rows of one year by area."""
    missing = list(own.drop(TOTAL).index[own.drop(TOTAL)["score"].isna()])
    return _(
        "{what} gis ikke med færre enn fire områder, og i {year} mangler {name} {value}.",
        what=capital(asked.what),
        year=year,
        name=asked.name,
        value=listed([_(area) for area in missing]),
    )


def absent(asked: Asked, scores: pd.DataFrame, year: int) -> str:
    """Which indicators the municipality lacks in a year, as a sentence; empty where it has them all."""
    own = scores[(scores["komm_nr"] == asked.komm_nr) & (scores["year"] == year) & scores["score"].isna()]
    own = own[own.get("direction", pd.Series(1, index=own.index)) != 0]
    if own.empty:
        return ""
    return _("Mangler i {year}: {value}.", year=year, value=listed([asked.measure(one).within for one in own["indicator"]]))


def constant(asked: Asked, scores: pd.DataFrame, year: int) -> str:
    """Which indicators are the same in all municipalities that year, so that all have 50 points; empty where none is."""
    told = scores[(scores["year"] == year) & scores["score"].notna()].groupby("indicator")["value"].agg(["min", "max", "count"])
    same = told.index[(told["min"] == told["max"]) & (told["count"] > 1)]
    if not len(same):
        return ""
    return _(
        "Alle kommuner har samme verdi i {value}, og dermed 50 poeng der.",
        value=listed([asked.measure(one).within for one in same]),
    )


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
    return (
        _("mangler")
        if pd.isna(row.score)
        else _("{score}, plass {rank} av {n}", score=number(row.score), rank=number(row.rank), n=number(row.n))
    )


def key_rank(row: pd.Series) -> str:
    """The place of an area's or a total's row, as a key figure says it."""
    return _("Plass oppgis ikke") if pd.isna(row["rank"]) else rank(int(row["rank"]), int(row["n"]))
