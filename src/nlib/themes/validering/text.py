"""The first page of the report that holds published figures against ours: hits, misses, and what cannot be tried."""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.core.language import MISSING, counted, number, percent
from nlib.themes.validering import figures as validering


def front(validation: pd.DataFrame, names: dict[str, str]) -> Front:
    """Key figures and findings of the published figures there are: the same for every municipality."""
    charts = (validering.every(validation, names), validering.imported(validation))
    doubt = " Et treff prøver regningen, ikke kilden."
    findings = [Finding(f"{c.title}.{doubt}" if isinstance(c, Chart) else c.reason, c.id) for c in charts]
    published = validation[validation["kind"] == "publisert"]
    figures = (tried("Treff i alt", published), misses(published), order(validation))
    what = "Her holdes tall andre har publisert mot de tallene denne utgaven gir, med grunnen til hver bom."
    return Front("Kan tallene stoles på?", f"{what} {validering.ROUNDING}", figures, tuple(findings))


def tried(label: str, rows: pd.DataFrame) -> KeyFigure:
    """How many published figures are hit, of those that can be tried."""
    held = int(rows["hit"].notna().sum())
    if not held:
        return KeyFigure(label, MISSING, "", "Ingen kan prøves", f"{counted(len(rows))} publiserte tall")
    hits = int(rows["hit"].sum())
    return KeyFigure(
        label,
        f"{hits} av {held}",
        f"publiserte tall, {percent(100 * hits / held, 0)}",
        "",
        f"{counted(len(rows) - held)} kan ikke prøves",
    )


def misses(rows: pd.DataFrame) -> KeyFigure:
    """The median deviation of the figures that can be tried, percent."""
    apart = (100 * (rows["ours"] - rows["published"]) / rows["published"].abs()).abs().dropna()
    if apart.empty:
        return KeyFigure("Midterste avvik", MISSING, "", "Ingen kan prøves", "")
    return KeyFigure(
        "Midterste avvik", percent(apart.median(), 1), "av det publiserte tallet", "", f"størst {percent(apart.max(), 1)}"
    )


def order(validation: pd.DataFrame) -> KeyFigure:
    """How alike the order of municipalities is in Telemarksforsking's figures and ours, the median of the measures."""
    table = validering.agreement(validation[(validation["kind"] == "importert") & validation["ours"].notna()])
    label = "Lik rekkefølge som Telemarks\N{SOFT HYPHEN}forsking"
    if table.empty:
        return KeyFigure(label, MISSING, "", "Ingen tall er importert", "")
    return KeyFigure(
        label, number(table["agreement"].median(), 2), "rangkorrelasjon, midterste mål", "", f"{counted(len(table))} mål"
    )
