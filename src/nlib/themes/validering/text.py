"""The first page of the report that holds published figures against ours: hits, misses, and what cannot be tried."""

import pandas as pd

from nlib.charts.chart import Front, KeyFigure
from nlib.core.language import MISSING, neuter, percent
from nlib.core.translations import _
from nlib.themes.facts import findings
from nlib.themes.validering import figures as validering


def front(validation: pd.DataFrame, names: dict[str, str]) -> Front:
    """Key figures and findings of the published figures there are: the same for every municipality."""
    rows = validation[validation["kind"] == "publisert"]
    shown = (validering.every(validation, names), validering.imported(validation))
    what = _("Her holdes tall andre har publisert mot de tallene denne utgaven gir, med grunnen til hver bom.")
    lead = f"{what} {validering.ROUNDING}"
    return Front(_("Kan tallene stoles på?"), lead, (hits(rows), misses(rows)), findings(*shown))


def hits(rows: pd.DataFrame) -> KeyFigure:
    """How many published figures are hit, of those that can be tried."""
    label, tried, hit = _("Treff i alt"), int(rows["hit"].notna().sum()), int(rows["hit"].sum())
    if not tried:
        return KeyFigure(label, MISSING, "", _("Ingen kan prøves"), _("{rows} publiserte tall", rows=neuter(len(rows))))
    of = _("publiserte tall, {value}", value=percent(100 * hit / tried, 0))
    rest = _("{rows} kan ikke prøves", rows=neuter(len(rows) - tried)) if tried < len(rows) else ""
    return KeyFigure(label, _("{hits} av {tried}", hits=hit, tried=tried), of, "", rest)


def misses(rows: pd.DataFrame) -> KeyFigure:
    """The median deviation of the figures that can be tried, percent."""
    label = _("Midterste avvik")
    apart = (100 * (rows["ours"] - rows["published"]) / rows["published"].abs()).abs().dropna()
    if apart.empty:
        return KeyFigure(label, MISSING, "", _("Ingen kan prøves"), "")
    largest = _("størst {apart}", apart=percent(apart.max(), 1))
    return KeyFigure(label, percent(apart.median(), 1), _("av det publiserte tallet"), "", largest)
