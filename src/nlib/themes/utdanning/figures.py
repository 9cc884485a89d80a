"""The figures of the education page: levels over time, and what the industries would suggest.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Shares are in percent of residents aged 16 and
over whose level of education is known, 1 October.
"""

import pandas as pd

from nlib.charts.chart import Chart, figure
from nlib.charts.facts import few, own_years, shared, span, ssb
from nlib.charts.lines import Lines
from nlib.charts.others import Everyone
from nlib.charts.strip import Strip
from nlib.core.language import UNCHANGED, at, percent, points
from nlib.core.translations import _

LEVELS = {  # what each is called, and its role
    "lang_hoyere_pct": (_("lang høyere"), "own"),
    "kort_hoyere_pct": (_("kort høyere"), "second"),
    "fagskole_pct": (_("fagskole"), "third"),
    "videregaende_pct": (_("videregående"), "total"),
    "grunnskole_pct": (_("grunnskole"), "county"),
}
HIGHER = "higher_pct"
WIDE = 50  # percentage points: an interval as wide as this tells nothing of a share
SOURCE, WHEN = "09429", _("1. oktober")


@figure(_("Utdanningsnivået"))
def levels(education_levels: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Chart:
    """The share of residents at each level of education, year by year."""
    name = names[komm_nr]
    none = _("Utgaven har ingen tall for utdanningen {name}.", name=at(name))
    rows = own_years(education_levels, komm_nr, HIGHER, lacking=none)
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
        levels_sentence(rows, name),
        _(
            "Kort høyere er til og med fire år på universitet eller høgskole, lang er mer enn fire. I landet har {nation} "
            "høyere utdanning.",
            nation=percent(_nation(education_levels[education_levels["year"] == rows["year"].iloc[-1]])),
        ),
        _("Fulltelling i register, uten utvalgsfeil. De med ukjent utdanning, ofte fra utlandet, er ikke med.")
        + f" {few(rows['known'].iloc[-1])}".rstrip()
        + shared(rows["comparable"]),
        ssb(SOURCE, when=WHEN, period=(rows["year"].iloc[0], rows["year"].iloc[-1])),
    )


@figure(_("Utdanning mot det næringene tilsier"))
def gap(education_gap: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart:
    """The share with higher education against what the industries of those who live there would suggest, with its interval."""
    name = names[komm_nr]
    none = _("For {name} mangler utdanning, eller næringene innbyggerne arbeider i, i sammenlignbare år.", name=name)
    own = own_years(education_gap, komm_nr, HIGHER, lacking=none).iloc[-1]
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


def levels_sentence(rows: pd.DataFrame, name: str) -> str:
    """The share with higher education, and how much more or less it is than in the first comparable year."""
    last, period = rows.iloc[-1], span(rows, HIGHER, broken=0)
    share = _("{last} {name} har høyere utdanning", last=percent(last[HIGHER]), name=at(name))
    if period is None:
        return _("{share} i {year}", share=share, year=last["year"])
    change = last[HIGHER] - rows.set_index("year").at[period[0], HIGHER]
    if abs(change) < UNCHANGED:
        return _("{share}, om lag som i {since}", share=share, since=period[0])
    return _("{share}, {change} siden {since}", share=share, change=points(change, sign=True), since=period[0])


def too_wide(own: pd.Series) -> bool:
    """Whether what is expected can be anything, so that nothing is said of it."""
    return own["high_pct"] - own["low_pct"] > WIDE


def gap_sentence(own: pd.Series, name: str) -> str:
    """Whether the share is what the industries suggest: inside the interval it is not said to differ."""
    if too_wide(own):
        return _("Hva næringene {name} tilsier for utdanningen, er for usikkert", name=at(name))
    if own["low_pct"] <= own["higher_pct"] <= own["high_pct"]:
        return _("Utdanningsnivået {name} er innenfor det næringene tilsier", name=at(name))
    side = _("høyere") if own["gap_pct"] > 0 else _("lavere")
    return _(
        "Utdanningsnivået {name} er {side} enn næringene tilsier, {gap_pct}",
        name=at(name),
        side=side,
        gap_pct=points(abs(own["gap_pct"])),
    )


def _nation(rows: pd.DataFrame) -> float:
    """The share with higher education of all whose level is known, %."""
    known = rows.dropna(subset=[HIGHER, "known"]).astype({"known": float})
    return float((known[HIGHER] * known["known"]).sum() / known["known"].sum())
