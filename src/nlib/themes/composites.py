"""Figures and first page that every composite index has: areas, indicators, weights, and development.

Each function takes an `Asked` (whose index, and how it is told) with the index's tables, as `nlib.methods.composite.index` gives
them; where it raises `Lacking`, the page tells why.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from nlib.charts.chart import Chart, Front, Lacking
from nlib.charts.chart import figure as declared
from nlib.charts.facts import SPLIT, newly_split
from nlib.charts.form import Panels, capital
from nlib.charts.lines import Lines
from nlib.charts.others import Others
from nlib.charts.strip import Strip
from nlib.core.language import at, counted, listed, number, some, with_unit
from nlib.core.translations import _
from nlib.methods.composite import TOTAL
from nlib.themes.facts import Drawn, cards, findings, placed, spanned

SCALE = _(
    "50 er gjennomsnittet av kommunene, og 20 poeng er ett standardavvik. 0 og 100 er 2,5 standardavvik fra snittet, og "
    "ikke dårligst og best i landet."
)
NEUTRAL = _("Lavere plass er ikke nødvendigvis tilbakegang: de andre kan ha gått fram.")
ALIKE = 0.5  # points that nobody would call a change
MEDIAN = 3  # municipalities that a median is told of
ROLES = ("second", "third", "others", "total", "against")  # of the areas over years
CHANGES = {"doubled": "2 ×", "without": _("Uten")}  # of an area's weight


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
        """The value as bokmål writes it, with its unit: «3,7 %», kroner in whole thousands."""
        text = number(round(value, -3) if self.unit == "kr" else value, self.decimals, self.sign)
        return text if pd.isna(value) else with_unit(text, self.unit)


@dataclass(frozen=True)
class Asked:
    """Whose index is told: the figures' theme, what the index is called in a sentence, the municipality, its tables and source.

    `lacking` says what an edition must have when there are no figures, and `aid` how its indicators are read.
    """

    theme: str
    what: str
    komm_nr: str
    names: Mapping[str, str]
    measures: Mapping[str, Measure]
    table: pd.DataFrame  # the areas
    scores: pd.DataFrame  # the indicators
    population: pd.DataFrame
    source: str
    lacking: str
    aid: str

    @property
    def name(self) -> str:
        return self.names[self.komm_nr]

    @cached_property
    def year(self) -> int | None:
        """The latest year with a total for the municipality, else the latest with an area; None where it has neither."""
        own = self.table[(self.table["komm_nr"] == self.komm_nr) & self.table["score"].notna()]
        whole = own[own["area"] == TOTAL]
        return int((whole if len(whole) else own)["year"].max()) if len(own) else None

    @cached_property
    def own(self) -> pd.DataFrame:
        """The municipality's rows of the latest year by area, the total first and then the areas in alphabetical order."""
        own = self.table[(self.table["komm_nr"] == self.komm_nr) & (self.table["year"] == self.year)]
        return own.sort_values("area", key=lambda area: area.where(area != TOTAL, "")).set_index("area")

    @cached_property
    def most(self) -> pd.Series:
        """How many indicators each area has where it has them all, by area."""
        return self.table[self.table["area"] != TOTAL].groupby("area")["indicators"].max()

    @property
    def made_of(self) -> pd.Series:
        """What the municipality's points are made of, by year: the names of the indicators, in one text."""
        own = self.scores[(self.scores["komm_nr"] == self.komm_nr) & self.scores["score"].notna()]
        return own.sort_values("indicator").groupby("year")["indicator"].agg("\n".join)

    @property
    def tied(self) -> pd.Series:
        """How many share the municipality's place in the latest year, by area."""
        of_year = self.table[self.table["year"] == self.year].set_index("area")["rank"]
        return of_year.eq(self.own["rank"].reindex(of_year.index)).groupby(level=0).sum()

    def measure(self, indicator: str) -> Measure:
        return self.measures.get(indicator, Measure(indicator))

    def named(self, indicators) -> str:
        """Some indicators within a sentence, with semicolons: a name may have a comma."""
        return "; ".join(self.measure(one).within for one in indicators)

    @property
    def no_total(self) -> str:
        """Why there is no total in the latest year, or no figures at all; empty where there is one."""
        if self.year is None:
            if self.table["score"].notna().any():
                return _("{name} har ingen av tallene som {what} er laget av.", name=self.name, what=self.what)
            return _("Utgaven mangler tallene som {what} er laget av: {lacking}", what=self.what, lacking=self.lacking)
        if pd.notna(self.own.at[TOTAL, "score"]):
            return ""
        start = _(
            "{what} gis ikke med færre enn fire områder, og i {year} mangler {name} {value}.",
            what=capital(self.what),
            year=self.year,
            name=self.name,
            value=listed([_(area) for area in self.own.index[self.own["score"].isna()] if area != TOTAL]),
        )
        return f"{start} {SPLIT}" if newly_split(self.population, self.komm_nr) else start


def areas(asked: Asked, compare: list[str]) -> Chart:
    """The total and each area from 0 to 100 with rank, the robust score, and the median of those it is compared with."""
    year, own = asked.year, asked.own
    if year is None:
        raise Lacking(asked.no_total, _("{what} etter område", what=capital(asked.what)))
    whom = some(compare, asked.names)
    called = pd.Index([capital(_(area)) for area in own.index], name=_("Område"))
    scores_of = asked.table[asked.table["year"] == year].pivot(index="komm_nr", columns="area", values="score")
    values = scores_of.reindex(columns=own.index).set_axis(called, axis=1)
    form = _of_points(
        heading=_("Poeng"),
        rows=own.assign(text=[_points_and_rank(row) for row in own.assign(tied=asked.tied).itertuples()]).set_axis(called),
        marks={"score": (asked.name, "own"), "robust_score": (_("robust utgave"), "before")},
        others=Others(values=values, own=asked.komm_nr, chosen=compare, names=asked.names, decimals=1),
        texts="text",
        own=capital(_(TOTAL)),
        unit="poeng",
        decimals=1,
        also={"rank": _("Plass"), "n": _("Kommuner"), "robust_rank": _("Plass, robust"), "indicators": _("Indikatorer")},
    )
    return form.chart(
        areas_sentence(own, asked.most, asked.what, asked.name, year),
        _(
            "Poeng og plass blant kommunene i {year} (1 er høyest). {scale} Den robuste utgaven har median i stedet for "
            "snitt, og trekker små kommuner mot snittet.",
            year=year,
            scale=SCALE,
        )
        + (_(" Ringer: {compare}. Trekant: medianen av dem, der de er minst tre.", compare=whom) if compare else ""),
        asked.no_total or f"{NEUTRAL} {absent(asked)}".rstrip() + thin_sentence(own["indicators"], asked.most),
        f"{asked.source}, {year}",
        whom=whom,
    )


def indicators(asked: Asked) -> Chart:
    """Every indicator of the latest year: score, value and rank, area by area."""
    if (year := asked.year) is None:
        raise Lacking(asked.no_total, _("Indikatorene i {what}", what=asked.what))
    of_year = asked.scores[(asked.scores["year"] == year) & asked.scores["score"].notna()]
    order = {one: at for at, one in enumerate(asked.measures)}
    own = of_year[of_year["komm_nr"] == asked.komm_nr].sort_values("indicator", key=lambda one: one.map(order), kind="stable")
    own = own.sort_values("area", kind="stable")
    values = [asked.measure(row.indicator).told(row.value) for row in own.itertuples()]
    form = _of_points(
        heading=_("Poeng, område for område"),
        more=_("verdi, og plass blant {n} kommuner", n="–".join(dict.fromkeys(map(number, (own["n"].min(), own["n"].max()))))),
        rows=own.assign(
            area=own["area"].map(_).map(capital),
            value=values,
            text=[
                value if pd.isna(row.place) else f"{value} ({spanned(row.place, row.tied)})"
                for value, row in zip(values, own.itertuples(), strict=True)
            ],
        ).set_axis(pd.Index([asked.measure(one).name for one in own["indicator"]], name=_("Indikator"))),
        marks={"score": ("poeng", "own")},
        texts="text",
        by="area",
        decimals=1,
        also={"area": _("Område"), "value": _("Verdi"), "place": _("Plass"), "n": _("Kommuner")},
    )
    spread = of_year.groupby("indicator")["value"].agg(["min", "max", "count"])
    same = asked.named(spread.index[(spread["min"] == spread["max"]) & (spread["count"] > 1)])
    return form.chart(
        over_sentence(asked.name, int((own["score"] > 50).sum()), len(own), year),
        _(
            "Hvert merke er poengene for en indikator; etter det står verdi og plass (1 er høyest, 3–5 er en delt plass). {aid}",
            aid=asked.aid,
        ),
        _("Tallene er uten intervall. I små kommuner flytter ett foretak eller noen få personer både verdi og plass.")
        + f" {absent(asked)}".rstrip()
        + (_(" Alle kommuner har samme verdi i {value}, og dermed 50 poeng der.", value=same) if same else ""),
        f"{asked.source}, {year}",
    )


def weights(asked: Asked) -> Chart:
    """The place of the total by the published rule, by the robust one, without each area and with its weight doubled."""
    if asked.no_total or pd.isna(asked.own.at[TOTAL, "rank"]):
        raise Lacking(asked.no_total or unplaced(asked.own.at[TOTAL, "size"], asked.name), _("Hva vektene betyr for plassen"))
    whole, parts = asked.own.loc[TOTAL], asked.own.drop(TOTAL)
    given = {_("Slik den er"): (whole["rank"], whole["score"]), _("Robust utgave"): (whole["robust_rank"], whole["robust_score"])}
    given |= {
        f"{name} {_(area)}": (part[f"rank_{change}"], part[f"score_{change}"])
        for area, part in parts.iterrows()
        for change, name in CHANGES.items()
        if pd.notna(part[f"rank_{change}"])
    }
    rows = pd.DataFrame(given.values(), pd.Index(given, name=_("Vekter")), ["rank", "score"])
    form = Strip(
        heading=_("Plass samlet"),
        more=_("grått: ni av ti tilfeldige vekter"),
        rows=rows,
        marks={"rank": ("plass", "own")},
        own=rows.index[0],
        level=float(whole["rank"]),
        shaded=(float(whole["rank_low"]), float(whole["rank_high"])),
        limits=(1, int(whole["n"])),
        ends=(_("1 er høyest"), number(whole["n"])),
        also={"score": _("Poeng")},
        precise={"score": 1},
    )
    return form.chart(
        weights_sentence(whole, asked.name),
        _(
            "Merkene er plassen med de vektene indeksen har, og når ett område tas ut eller teller dobbelt. Det grå feltet "
            "er plassen i ni av ti av tusen tilfeldige måter å vekte områdene på."
        ),
        _("Feltet viser bare hva valget av vekter betyr, ikke feil i tallene. Vektene er et valg, og ingen av dem er riktige."),
        f"{asked.source}, {asked.year}",
    )


def development(asked: Asked, compare: list[str]) -> Chart:
    """The total year by year with the robust one and the comparison group's median, and each area beside it."""
    heading, table = _("Utviklingen i {what}", what=asked.what), asked.table
    own = table[(table["komm_nr"] == asked.komm_nr) & table["score"].notna()]
    whole = own[own["area"] == TOTAL].set_index("year").sort_index()
    if asked.no_total:
        raise Lacking(asked.no_total, heading)
    if len(whole) < 2:
        few = _("{name} har {what} bare for {year}.", name=asked.name, what=asked.what, year=asked.year)
        raise Lacking(f"{few} {SPLIT}" if newly_split(asked.population, asked.komm_nr) else few, heading)
    made = asked.made_of.reindex(whole.index)
    same = whole[made == made.iloc[-1]]  # years that can be compared: of the indicators of the last
    rows = own.pivot(index="year", columns="area", values="score").loc[whole.index[0] : whole.index[-1]]
    chosen = table[(table["area"] == TOTAL) & table["komm_nr"].isin(compare) & table["score"].notna()].groupby("year")["score"]
    rows = rows.assign(robust=whole["robust_score"], rank=whole["rank"], group=chosen.median().where(chosen.size() >= MEDIAN))
    named = {"group": (_("de andre"), "group")} if rows["group"].notna().any() else {}
    parts = [area for area in rows if area in set(own["area"]) - {TOTAL}]
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
    others = listed([asked.names[nr] for nr in compare if nr in asked.names])
    return form.chart(
        development_sentence(same, asked.what, asked.name),
        _("50 er snittet av kommunene hvert år.")
        + (_(" «De andre» er medianen av {others}.", others=others) if named else "")
        + places_sentence(same)
        + most_moved(rows.loc[same.index, rows.columns.intersection(placed_areas(asked.own, asked.most).index)]),
        _(
            "Poengene måler avstanden til de andre kommunene samme år, ikke framgang i seg selv. I små kommuner flytter "
            "plassen seg mye uten at noe er endret: en plass opp eller ned på ett år sier lite."
        )
        + made_sentence(made),
        f"{asked.source}, {whole.index[0]}–{whole.index[-1]}",
    )


def figure(drawn: Callable[..., Chart], asked: Callable[..., Asked]) -> Callable:
    """A figure of one index: as the theme of the index has it, a function of the tables that its `asked` takes."""
    whose, own = (list(inspect.signature(function).parameters.values()) for function in (asked, drawn))

    def of_tables(**given) -> Chart:
        return drawn(asked(**{each.name: given[each.name] for each in whose}), *(given[each.name] for each in own[1:]))

    of_tables.__name__, of_tables.__doc__, of_tables.__module__ = drawn.__name__, drawn.__doc__, asked.__module__
    of_tables.__signature__ = inspect.Signature([*whose, *own[1:]])  # type: ignore[attr-defined]  # what a page calls it by
    return declared("")(of_tables)  # what is lacking has the index's name in its heading


# -- the first page


def front(asked: Asked, facts: pd.DataFrame, indicator: str, title: str, what: str, figure: Drawn) -> Front:
    """The index as a key figure, and the findings of the latest year; where there is no total, why.

    what: what the index is, in whole sentences.
    """
    if asked.no_total:
        return Front(title, f"{what} {asked.no_total}", (), ())
    shown = (figure(f"{asked.theme}.{name}") for name in ("areas", "weights", "development"))
    lead = _("{what} Plassen avhenger av vektene, og ingen vekter er riktige.", what=what)
    return Front(title, lead, cards(facts, asked.komm_nr, indicator), findings(*shown))


# -- what the titles and readings say


def areas_sentence(own: pd.DataFrame, most: pd.Series, what: str, name: str, year: int) -> str:
    """The strongest and the weakest area of those of enough; own: the rows of one year by area, the total too."""
    parts = placed_areas(own, most)
    if pd.isna(own.at[TOTAL, "score"]):
        return _("For få tall til {what} for {name} i {year}", what=what, name=name, year=year)
    if len(parts) < 2:
        return _("{name} har for få foretak til å sammenligne områdene", name=name)
    if parts.iloc[-1] - parts.iloc[0] < ALIKE:
        return _("{name} har {score} poeng i alle områder", name=name, score=number(own.at[TOTAL, "score"]))
    (worst, least), (best, most) = ((_(parts.index[end]), number(parts.iloc[end])) for end in (0, -1))
    slots = {"best": best, "most": most, "worst": worst, "least": least}
    return _("{name}: sterkest i {best} ({most}), svakest i {worst} ({least})", name=name, **slots)


def over_sentence(name: str, over: int, of: int, year: int) -> str:
    """In how many of the indicators a municipality is over the mean."""
    slots = {"name": name, "of": counted(of), "year": year}
    if not over:
        return _("{name} er ikke over snittet i noen av {of} indikatorer ({year})", **slots)
    return _("{name} er over snittet i {over} av {of} indikatorer ({year})", over=counted(over), **slots)


def placed_areas(own: pd.DataFrame, most: pd.Series) -> pd.Series:
    """The scores of the areas that have a place, the lowest first: the others are of fewer than fifty firms or people, or are
    one indicator of several. most: how many indicators each area has where it has them all."""
    whole = (own["indicators"] > 1) | (most.reindex(own.index) == 1)
    return own.loc[(own.index != TOTAL) & own["rank"].notna() & whole, "score"].dropna().sort_values(kind="stable")


def thin_sentence(counts: pd.Series, most: pd.Series) -> str:
    """The areas that are of one indicator of several, after a space; empty where none is. counts: indicators by area."""
    thin = [_(area) for area in most.index[(most > 1) & (counts.reindex(most.index) == 1)]]
    return _(" Bare en av indikatorene finnes i {areas}, som derfor ikke er med i tittelen.", areas=listed(thin)) if thin else ""


def made_sentence(made: pd.Series) -> str:
    """How many indicators the first year and the last are of, after a space; empty where the years have the same. made: by year."""
    if made.nunique() < 2:
        return ""
    (first, then), (last, now) = ((made.index[end], made.iloc[end].count("\n") + 1) for end in (0, -1))
    slots = {"then": then, "first": first, "now": now, "last": last}
    return _(
        " Poengene er ikke av de samme indikatorene hvert år ({then} i {first}, {now} i {last}): endringer er bare regnet "
        "mellom år som har de samme.",
        **slots,
    )


def unplaced(size: float, name: str) -> str:
    """Why what is measured on so few has no place."""
    return _("{at} er det for få foretak eller folk ({size}) til å rangere.", at=capital(at(name)), size=number(size))


def weights_sentence(whole: pd.Series, name: str) -> str:
    """The place, and between which places other weights would have put it."""
    low, high = int(whole["rank_low"]), int(whole["rank_high"])
    place = _("{name} er på plass\N{NO-BREAK SPACE}{rank} av {n}", name=name, rank=number(whole["rank"]), n=number(whole["n"]))
    if low == high:
        return _("{place}, uansett hvordan områdene vektes", place=place)
    return _("{place}; andre vekter gir {low}–{high}", place=place, low=number(low), high=number(high))


def development_sentence(whole: pd.DataFrame, what: str, name: str) -> str:
    """What the total has done from the first year to the last; whole: `score` by year."""
    first, last = whole.index.min(), whole.index.max()
    if first == last:
        score = number(whole.at[last, "score"], 1)
        return _("{name}: {score} poeng i {last}, av andre indikatorer enn før", name=name, score=score, last=last)
    change = whole.at[last, "score"] - whole.at[first, "score"]
    if abs(change) < ALIKE:
        return _("{name} har om lag samme poengsum i {last} som i {first}", name=name, last=last, first=first)
    slots = {"what": capital(what), "name": name, "change": number(change, 1, sign=True), "first": first}
    return _("{what} for {name}: {change} poeng siden {first}", **slots)


def places_sentence(whole: pd.DataFrame) -> str:
    """What the place was in the first year and is in the last, after a space; whole: `rank` and `n` by year."""
    whole = whole[whole["rank"].notna()]
    if len(whole) < 2:
        return ""
    first, last = whole.index.min(), whole.index.max()
    return _(
        " Plassen var {then} i {first} og er {now} av {of} i {last} (1 er høyest).",
        then=number(whole.at[first, "rank"]),
        first=first,
        now=number(whole.at[last, "rank"]),
        of=number(whole.at[last, "n"]),
        last=last,
    )


def most_moved(parts: pd.DataFrame) -> str:
    """Which area's score changed most since the year before, after a space; empty where none did. parts: areas by year."""
    change = parts.diff().iloc[-1].dropna()
    if len(parts) < 2 or parts.index[-1] - parts.index[-2] > 1 or change.empty or change.abs().max() < ALIKE:
        return ""
    area = change.abs().idxmax()
    return _(
        " Fra {then} til {now} flyttet {area} seg mest ({change} poeng).",
        then=parts.index[-2],
        now=parts.index[-1],
        area=_(area),
        change=number(change[area], 1, sign=True),
    )


def absent(asked: Asked) -> str:
    """Which indicators the municipality lacks in the latest year, as a sentence; empty where it has them all."""
    own = asked.scores[(asked.scores["komm_nr"] == asked.komm_nr) & (asked.scores["year"] == asked.year)]
    own = own[own["score"].isna() & (own.get("direction", pd.Series(1, index=own.index)) != 0)]
    return "" if own.empty else _("Mangler i {year}: {value}.", year=asked.year, value=asked.named(own["indicator"]))


def _of_points(**given):
    """A strip of points, from 0 to 100."""
    return Strip(limits=(0, 100), ends=("0", "50", "100"), level=50, **given)


def _points_and_rank(row):
    if pd.isna(row.score):
        return _("mangler")
    if pd.isna(row.rank):
        return number(row.score)
    place = placed(row.rank, row.tied)
    return _("{score}, {place} av {n}", score=number(row.score), place=place, n=number(row.n))
