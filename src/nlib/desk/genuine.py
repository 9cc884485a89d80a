"""Which of what is drawn stands without the invented figures: what comes out the same when they are taken away."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from nlib.charts.chart import Answer, Chart, Front, Listing, Missing

CANNOT = (LookupError, ValueError, TypeError, AttributeError)  # what a function meets where the figures it needs are gone


def marked(function: Callable, given: dict[str, Any], real: dict[str, Any]) -> Chart | Listing | Missing | Front | Answer:
    """What a function makes of an edition with invented figures, marked `synthetic` but for what it makes of the real ones alone.

    given: what the function takes. real: the same where nothing of the tables is invented; an optional table may be left out, and
    is then not drawn together with real figures only.
    """
    quiet = {"synthetic": False} if "synthetic" in given else {}
    changed = [name for name, value in real.items() if isinstance(value, pd.DataFrame) and value is not given[name]]
    if not changed and len(real) == len(given):
        return function(**given | quiet)
    alone = _alone(function, real | quiet)
    made = function(**{name: given[name] for name in real} | quiet)
    if alone is not None and _same(alone, made):
        return alone
    made = made if len(real) == len(given) and not quiet else function(**given)
    if isinstance(made, Front):
        return _front(made, alone)
    if isinstance(made, Answer):
        genuine = alone.sentences if alone else ()
        shown = [each if each in genuine or not each.figures else replace(each, synthetic=True) for each in made.sentences]
        return replace(made, sentences=tuple(shown))
    if isinstance(made, Chart):
        return replace(made, synthetic=True, invented=alone is None or alone.title != made.title)
    return made if isinstance(made, Missing) else replace(made, synthetic=True)


def _alone(function, real):
    """What a function makes of the real figures; None where there is nothing to show without the others."""
    try:
        made = function(**real)
    except CANNOT:
        return None
    return None if isinstance(made, Missing) else made


def _same(alone, made) -> bool:
    """Whether two figures, or two first pages, say the same: the finding, what is seen, and the numbers."""
    if type(made) is not type(alone) or isinstance(made, Missing | Front | Answer):
        return made == alone
    seen = not isinstance(made, Chart) or made.alt == alone.alt
    return seen and made.title == alone.title and made.table.equals(alone.table)


def _front(made: Front, alone: Front | None) -> Front:
    """A first page whose key figures are those of the real figures alone, where the same are there, and which else are marked.

    A key figure is the same where label, value and period are: its change and place are then of real figures only.
    """
    keys = {(key.label, key.value, key.period): key for key in alone.key_figures} if alone else {}
    findings = alone.findings if alone else ()
    return replace(
        made,
        key_figures=tuple(keys.get((key.label, key.value, key.period), replace(key, synthetic=True)) for key in made.key_figures),
        synthetic=alone is None or made.lead != alone.lead,
        findings=tuple(finding if finding in findings else replace(finding, synthetic=True) for finding in made.findings),
    )
