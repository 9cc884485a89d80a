"""The figures of the page that holds published figures against ours: all there are, and those imported.

Each function takes contract tables and gives a Chart, or Missing with the reason.
"""

import textwrap

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.drawing import panel_name
from nlib.charts.style import GROUP, INK, OTHER, OWN, SOFT, axes
from nlib.core.language import NBSP, counted, number, with_unit
from nlib.themes.composites import names

MEASURES = {
    "jobs": "arbeidsplasser",
    "in_commuters": "innpendlere",
    "out_commuters": "utpendlere",
    "in_pct": "innpendling",
    "out_pct": "utpendling",
    "population": "folketall 1. januar",
    "population_change": "folkevekst",
    "productivity": "verdiskaping per ansatt",
    "productivity_nation": "verdiskaping per ansatt, landet",
    "gap_mix": "avstand til landet, bransjer",
    "gap_within": "avstand til landet, innen bransjer",
    "job_growth": "jobbvekst",
    "profitability": "lønnsomhet",
    "new_firm_rate": "nye foretak",
    "firm_growth": "foretaksvekst",
    "size": "private jobber per 100",
    "business_index": "næringslivsindeks",
}
EDGE = 10.0  # percent that a deviation is drawn to
ENOUGH = 10  # municipalities that two sets of figures must share before they are compared
SYNTHETIC = "Tallene i denne utgaven er oppdiktet, så bom er ventet: siden viser bare hvordan prøven ser ut."
ROUNDING = "Treff er at vårt tall er det publiserte når det rundes av like mye. Det prøver regningen, ikke om kilden har rett."


def every(validation: pd.DataFrame, municipalities: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """Every published figure there is, of all municipalities, beside ours."""
    id, heading = "validering.every", "Alle publiserte tall mot våre"
    rows, named = _published(validation), names(municipalities)
    if rows.empty:
        return Missing(id, heading, "Utgaven har ikke tabellen over publiserte tall. Bygg den med nlib build.")
    labels = [f"{named.get(row.komm_nr, row.komm_nr)} {row.year}: {_label(row.measure)}" for row in rows.itertuples()]
    return _deviations(id, every_sentence(rows), rows, labels, synthetic)


def imported(validation: pd.DataFrame, komm_nr: str, synthetic: bool = False) -> Chart | Missing:
    """How alike the order of municipalities is in Telemarksforsking's figures and in ours, measure by measure."""
    id, heading = "validering.imported", "Telemarksforskings tall mot våre"
    rows = validation[(validation["kind"] == "importert") & validation["ours"].notna()]
    table = agreement(rows)
    if table.empty:
        return Missing(
            id, heading, "Utgaven har ikke tall fra Telemarksforsking som våre kan holdes mot. Ta dem inn med nlib import."
        )

    def draw(figure, narrow):
        axis = axes(figure, 1.45 if narrow else 1.95, 0.45, 0.3, 0.3)
        at = np.arange(len(table))
        axis.barh(at, table["agreement"], height=0.55, color=OWN)
        for row, held in zip(at, table["agreement"], strict=True):
            axis.annotate(number(held, 2), (max(held, 0), row), (5, 0), textcoords="offset points", va="center", size=8)
        axis.axvline(0, color=SOFT, lw=0.9)
        labels = [_label(measure) for measure in table.index]
        axis.set_yticks(
            at, [textwrap.fill(text, 22) if narrow else text for text in labels], color=INK, size=7.5 if narrow else 8.5
        )
        axis.set(xlim=(min(-0.1, float(table["agreement"].min()) - 0.1), 1.0), ylim=(len(table) - 0.4, -0.6))
        axis.xaxis.set_major_formatter(lambda level, _: number(level, 1))
        axis.grid(axis="x")
        panel_name(axis, "Rangkorrelasjon" if narrow else "Rangkorrelasjon, 1 er samme rekkefølge")

    year = int(rows["year"].max())
    return Chart(
        id=id,
        title=imported_sentence(table),
        reading="Søylen er rangkorrelasjonen (Spearman) mellom Telemarksforskings tall og våre over kommunene: 1 er samme "
        "rekkefølge, 0 er ingen sammenheng.",
        alt="Stolper: " + "; ".join(f"{_label(row.Index)} {number(row.agreement, 2)}" for row in table.itertuples()) + ".",
        uncertainty="Samme rekkefølge er ikke samme tall: Telemarksforsking bygger på andre registre og andre foretak. "
        + (SYNTHETIC if synthetic else "Ingen av de to er fasit."),
        source=f"Telemarksforsking, importert fil; SSB og foretakenes regnskap. Beregnet av nlib, {year}",
        table=pd.DataFrame(
            {
                "Mål": [_label(measure) for measure in table.index],
                "Rangkorrelasjon": table["agreement"].to_numpy(),
                "Kommuner": table["n"].to_numpy(),
            }
        ),
        draw=draw,
        height=(0.9 + 0.26 * len(table), 0.95 + 0.33 * len(table)),
        decimals={"Rangkorrelasjon": 2},
        synthetic=synthetic,
    )


def agreement(rows: pd.DataFrame) -> pd.DataFrame:
    """Spearman's rank correlation between published and ours by measure, where enough municipalities have both."""
    found = {}
    for measure, held in rows.groupby("measure"):
        if len(held) >= ENOUGH and held["published"].nunique() > 1 and held["ours"].nunique() > 1:
            ranks = held[["published", "ours"]].rank()
            found[measure] = {"agreement": float(ranks["published"].corr(ranks["ours"])), "n": len(held)}
    table = pd.DataFrame.from_dict(found, orient="index", columns=["agreement", "n"])
    return table.sort_values("agreement", ascending=False, kind="stable")


def _deviations(id, title, rows, labels, synthetic):
    apart = 100 * (rows["ours"] - rows["published"]) / rows["published"].abs()
    looks = {"treff": (OWN, "o"), "bom": (GROUP, "X"), "ikke prøvd": (OTHER, "_")}
    told = _told(rows)

    def draw(figure, narrow):
        axis = axes(figure, 1.75 if narrow else 3.1, 0.95 if narrow else 1.75, 0.3, 0.3)
        for at, (row, value, state) in enumerate(zip(rows.itertuples(), apart, told, strict=True)):
            colour, marker = looks[state]
            drawn = 0.0 if np.isnan(value) else float(np.clip(value, -EDGE, EDGE))
            if state != "ikke prøvd":
                axis.hlines(at, min(0, drawn), max(0, drawn), color=colour, lw=1.2)
                axis.plot(drawn, at, ls="", marker=marker, ms=7, color=colour)
            look = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "annotation_clip": False}
            text = f"{state}\n{number(row.ours, row.decimals)}" if narrow else f"{state}: {number(row.ours, row.decimals)}"
            axis.annotate(text if state != "ikke prøvd" else state, (1, at), (6, 0), size=7 if narrow else 8, color=colour, **look)
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.set_yticks(range(len(rows)), [textwrap.fill(text, 30) if narrow else text for text in labels], color=INK)
        axis.tick_params(axis="y", labelsize=6.5 if narrow else 8)
        axis.set(xlim=(-1.08 * EDGE, 1.08 * EDGE), ylim=(len(rows) - 0.4, -0.6))
        axis.set_xticks([-EDGE, 0, EDGE], [with_unit(number(level), "%") for level in (-EDGE, 0, EDGE)])
        axis.grid(axis="y")
        panel_name(axis, "Avvik" if narrow else "Vårt tall mot det publiserte")

    return Chart(
        id=id,
        title=title,
        reading=f"Merket er hvor mye vårt tall avviker fra det publiserte, i prosent; avvik over {number(EDGE)} prosent er tegnet "
        "på kanten. Til høyre står om det er treff eller bom, og vårt tall. Tabellen har det publiserte tallet, kilden og grunnen "
        "til hver bom.",
        alt="Punktfigur: "
        + "; ".join(
            f"{label} publisert {number(row.published, row.decimals)}, vårt {number(row.ours, row.decimals)}, {state}"
            for label, row, state in zip(labels, rows.itertuples(), told, strict=True)
        )
        + ".",
        uncertainty=f"{SYNTHETIC} {ROUNDING}" if synthetic else ROUNDING,
        source="Publiserte tall: se tabellen. Våre: SSB og foretakenes regnskap, beregnet av nlib",
        table=pd.DataFrame(
            {
                "Tall": labels,
                "Publisert": [_written(row.published, row) for row in rows.itertuples()],
                "Vårt": [_written(row.ours, row) for row in rows.itertuples()],
                "Utfall": told,
                "Grunn": rows["reason"].to_numpy(),
                "Kilde": rows["source"].to_numpy(),
            }
        ),
        draw=draw,
        height=(0.9 + 0.22 * len(rows), 0.95 + 0.31 * len(rows)),
        synthetic=synthetic,
    )


# -- what the titles say


def every_sentence(rows: pd.DataFrame) -> str:
    """How many of all published figures ours hit."""
    tried = int(rows["hit"].notna().sum())
    if not tried:
        return f"Ingen av de {counted(len(rows))} publiserte tallene kan prøves med denne utgaven"
    return f"I alt treffer vi {counted(int(rows['hit'].sum()))} av {counted(tried)} publiserte tall{_untried(rows)}"


def imported_sentence(table: pd.DataFrame) -> str:
    """The measure whose order of municipalities is most and least like Telemarksforsking's; table: as `agreement` gives it."""
    first = table.iloc[0]
    most = f"Rekkefølgen av kommuner er mest lik Telemarksforskings i {_label(table.index[0])} ({number(first['agreement'], 2)})"
    if len(table) == 1:
        return most
    return f"{most} og minst lik i {_label(table.index[-1])} ({number(table['agreement'].iloc[-1], 2)})"


def _untried(rows):
    rest = int(rows["hit"].isna().sum())
    return f"; {counted(rest)} kan ikke prøves" if rest else ""


def _published(validation):
    return validation[validation["kind"] == "publisert"].sort_values(["komm_nr", "year", "measure"])


def _told(rows):
    return ["ikke prøvd" if pd.isna(hit) else "treff" if hit else "bom" for hit in rows["hit"]]


def _written(value, row):
    return f"{number(value, row.decimals)}{'' if pd.isna(value) else NBSP + row.unit}"


def _label(measure):
    return MEASURES.get(measure, measure)
