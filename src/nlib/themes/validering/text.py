"""The first page of the report that holds published figures against ours: hits, misses, and what cannot be tried."""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.core.language import MISSING, neuter, number, percent
from nlib.core.translations import _
from nlib.themes.validering import figures as validering


def front(validation: pd.DataFrame, names: dict[str, str]) -> Front:
    """Key figures and findings of the published figures there are: the same for every municipality."""
    charts = (validering.every(validation, names), validering.imported(validation))
    doubt = _(" Et treff prøver regningen, ikke kilden.")
    findings = [Finding(f"{c.title}.{doubt}" if isinstance(c, Chart) else c.reason, c.id) for c in charts]
    published = validation[validation["kind"] == "publisert"]
    figures = (tried(_("Treff i alt"), published), misses(published), order(validation))
    what = _("Her holdes tall andre har publisert mot de tallene denne utgaven gir, med grunnen til hver bom.")
    return Front(_("Kan tallene stoles på?"), f"{what} {validering.ROUNDING}", figures, tuple(findings))


def tried(label: str, rows: pd.DataFrame) -> KeyFigure:
    """How many published figures are hit, of those that can be tried."""
    held = int(rows["hit"].notna().sum())
    if not held:
        return KeyFigure(label, MISSING, "", _("Ingen kan prøves"), _("{rows} publiserte tall", rows=neuter(len(rows))))
    hits = int(rows["hit"].sum())
    return KeyFigure(
        label,
        _("{hits} av {held}", hits=hits, held=held),
        _("publiserte tall, {value}", value=percent(100 * hits / held, 0)),
        "",
        _("{rows} kan ikke prøves", rows=neuter(len(rows) - held)),
    )


def misses(rows: pd.DataFrame) -> KeyFigure:
    """The median deviation of the figures that can be tried, percent."""
    apart = (100 * (rows["ours"] - rows["published"]) / rows["published"].abs()).abs().dropna()
    if apart.empty:
        return KeyFigure(_("Midterste avvik"), MISSING, "", _("Ingen kan prøves"), "")
    return KeyFigure(
        _("Midterste avvik"),
        percent(apart.median(), 1),
        _("av det publiserte tallet"),
        "",
        _("størst {apart}", apart=percent(apart.max(), 1)),
    )


def order(validation: pd.DataFrame) -> KeyFigure:
    """How alike the order of municipalities is in Telemarksforsking's figures and ours, the median of the measures."""
    table = validering.agreement(validation[(validation["kind"] == "importert") & validation["ours"].notna()])
    label = _("Lik rekkefølge som Telemarks\N{SOFT HYPHEN}forsking")
    if table.empty:
        return KeyFigure(label, MISSING, "", _("Ingen tall er importert"), "")
    return KeyFigure(
        label,
        number(table["agreement"].median(), 2),
        _("rangkorrelasjon, midterste mål"),
        "",
        _("{table} mål", table=neuter(len(table))),
    )
