"""The figures of the page that holds published figures against ours: all there are, and those imported.

Each figure takes contract tables and is the same for every municipality; where it raises `Lacking`, the page tells why.
"""

import pandas as pd

from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.form import capital
from nlib.charts.strip import Strip
from nlib.core.language import neuter, number, with_unit
from nlib.core.translations import _

MEASURES = {
    "jobs": _("arbeidsplasser"),
    "in_commuters": _("innpendlere"),
    "out_commuters": _("utpendlere"),
    "in_pct": _("innpendling"),
    "out_pct": _("utpendling"),
    "population": _("folketall 1. januar"),
    "population_change": _("folkevekst"),
    "productivity": _("verdiskaping per ansatt"),
    "productivity_nation": _("verdiskaping per ansatt, landet"),
    "gap_mix": _("avstand til landet, bransjer"),
    "gap_within": _("avstand til landet, innen bransjer"),
    "job_growth": _("jobbvekst"),
    "profitability": _("lønnsomhet"),
    "new_firm_rate": _("nye foretak"),
    "firm_growth": _("foretaksvekst"),
    "size": _("private jobber per 100"),
    "business_index": _("næringslivsindeks"),
}
EDGE = 10.0  # percent that a deviation is drawn to
ENOUGH = 10  # municipalities that two sets of figures must share before they are compared
ROUNDING = _("Treff er at vårt tall er det publiserte når det rundes av like mye. Det prøver regningen, ikke om kilden har rett.")


@figure(_("Alle publiserte tall mot våre"))
def every(validation: pd.DataFrame, names: dict[str, str], komm_nr: str = "") -> Chart:
    """Every published figure there is, of all municipalities, beside ours."""
    rows = validation[validation["kind"] == "publisert"].sort_values(["komm_nr", "year", "measure"])
    if rows.empty:
        raise Lacking(_("Tabellen over publiserte tall er ikke med i utgaven."))
    apart = 100 * (rows["ours"] - rows["published"]) / rows["published"].abs()
    outcome = rows["hit"].map({True: _("treff"), False: _("bom")}).fillna(_("ikke prøvd")).to_numpy()
    shown = rows.assign(
        hit=apart.where(rows["hit"].eq(True)),
        miss=apart.clip(-EDGE, EDGE).where(rows["hit"].eq(False)),
        apart=apart,
        outcome=outcome,
        ours=[_written(row.ours, row) for row in rows.itertuples()],
        published=[_written(row.published, row) for row in rows.itertuples()],
        text=[
            verdict if pd.isna(row.hit) else f"{verdict}: {number(row.ours, row.decimals)}"
            for verdict, row in zip(outcome, rows.itertuples(), strict=True)
        ],
    )
    labels = [f"{names.get(row.komm_nr, row.komm_nr)} {row.year}: {MEASURES[row.measure]}" for row in rows.itertuples()]
    form = Strip(
        heading=_("Vårt tall mot det publiserte, avvik"),
        rows=shown.set_axis(pd.Index(labels, name=_("Tall"))),
        marks={"miss": (_("bom"), "second"), "hit": (_("treff"), "own")},
        values={"apart": (_("avvik"), "own")},
        texts="text",
        level=0,
        limits=(-1.08 * EDGE, 1.08 * EDGE),
        ends=(with_unit(number(-EDGE), "%"), "0", with_unit(number(EDGE), "%")),
        unit="%",
        decimals=1,
        sign=True,
        also={"published": _("Publisert"), "ours": _("Vårt"), "outcome": _("Utfall"), "reason": _("Grunn"), "source": _("Kilde")},
    )
    tried = int(rows["hit"].notna().sum())
    title = _("Ingen av de {rows} publiserte tallene kan prøves med denne utgaven", rows=neuter(len(rows)))
    if tried:
        title = _("Vi treffer {hit} av {tried} publiserte tall", hit=neuter(int(rows["hit"].sum())), tried=neuter(tried))
        title += _("; {rest} kan ikke prøves", rest=neuter(len(rows) - tried)) if tried < len(rows) else ""
    return form.chart(
        title,
        _("Avvik over {edge} prosent er tegnet på kanten. Tabellen har kilden og grunnen til hver bom.", edge=number(EDGE)),
        ROUNDING,
        _("Publiserte tall: se tabellen. Våre: SSB og foretakenes regnskap, beregnet av nlib"),
    )


@figure(_("Telemarksforskings tall mot våre"))
def imported(validation: pd.DataFrame, komm_nr: str = "") -> Chart:
    """How alike the order of municipalities is in Telemarksforsking's figures and in ours, measure by measure."""
    rows = validation[(validation["kind"] == "importert") & validation["ours"].notna()]
    table = agreement(rows)
    if table.empty:
        raise Lacking(_("Tall fra Telemarksforsking, som våre kan holdes mot, er ikke tatt inn."))
    lowest = 0 if table["agreement"].min() >= 0 else -1
    form = Strip(
        of_all=True,
        heading=_("Rangkorrelasjon, 1 er samme rekkefølge"),
        rows=table.set_axis(pd.Index([capital(MEASURES[measure]) for measure in table.index], name=_("Mål"))),
        marks={"agreement": ("rangkorrelasjon", "own")},
        limits=(lowest, 1),
        ends=tuple(number(level, 1) for level in (lowest, (lowest + 1) / 2, 1)),
        decimals=2,
        also={"n": _("Kommuner")},
    )
    (most, alike), (least, unlike) = ((MEASURES[table.index[end]], number(table["agreement"].iloc[end], 2)) for end in (0, -1))
    slots = {"most": most, "alike": alike, "least": least, "unlike": unlike}
    return form.chart(
        _("Rangkorrelasjonen med Telemarksforskings tall er {alike} i {most}", most=most, alike=alike)
        if len(table) == 1
        else _("Rekkefølgen er mest lik Telemarksforskings i {most} ({alike}), minst i {least} ({unlike})", **slots),
        _("Merket er rangkorrelasjonen (Spearman) over kommunene: 1 er samme rekkefølge, 0 er ingen sammenheng."),
        _("Samme rekkefølge er ikke samme tall: Telemarksforsking bygger på andre registre og foretak. Ingen av de to er fasit."),
        _("Telemarksforsking, importert fil; SSB og foretakenes regnskap. Beregnet av nlib, {year}", year=int(rows["year"].max())),
    )


def agreement(rows: pd.DataFrame) -> pd.DataFrame:
    """Spearman's rank correlation between published and ours by measure, where enough municipalities have both."""
    found = {}
    for measure, both in rows.groupby("measure"):
        if len(both) >= ENOUGH and both["published"].nunique() > 1 and both["ours"].nunique() > 1:
            ranks = both[["published", "ours"]].rank()
            found[measure] = {"agreement": float(ranks["published"].corr(ranks["ours"])), "n": len(both)}
    table = pd.DataFrame.from_dict(found, orient="index", columns=["agreement", "n"])
    return table.sort_values("agreement", ascending=False, kind="stable")


def _written(value, row):
    if pd.isna(value) or not row.unit[:1].isdigit():
        return with_unit(number(value, row.decimals), "" if pd.isna(value) else row.unit)
    return f"{number(value, row.decimals)} ({row.unit})"  # a number of thousands
