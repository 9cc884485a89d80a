"""Which of what is drawn stands without the invented figures: what comes out the same when they are taken away."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from nlib.charts.chart import Chart, Front, Listing, Missing

CANNOT = (LookupError, ValueError, TypeError, AttributeError)  # what a function meets where the figures it needs are gone


def told(function: Callable, given: Mapping, left: Mapping[str, pd.DataFrame]) -> Chart | Listing | Missing | Front:
    """What a function makes of an edition with invented figures, marked `synthetic` but for what it makes of the real ones alone.

    left: the tables among `given` that have invented figures, without these
    """
    real = dict(given) | ({"synthetic": False} if "synthetic" in given else {})
    if not left:
        return function(**real)
    alone = _alone(function, real | left)
    if alone is not None and _same(made := function(**real), alone):
        return made
    made = function(**given)
    if isinstance(made, Front):
        return _front(made, alone)
    return made if isinstance(made, Missing) else replace(made, synthetic=True)


def _alone(function, real):
    """What a function makes of the real figures; None where it cannot be made without the others."""
    if any(frame.empty for name, frame in real.items() if isinstance(frame, pd.DataFrame)):
        return None
    try:
        return function(**real)
    except CANNOT:
        return None


def _same(made, alone) -> bool:
    """Whether two figures say the same: their texts and their numbers."""
    if type(made) is not type(alone) or isinstance(made, Missing):
        return made == alone
    if isinstance(made, Front):
        return made == alone
    texts = ("id", "title", "reading", "uncertainty", "source", *(["alt"] if isinstance(made, Chart) else []))
    return all(getattr(made, text) == getattr(alone, text) for text in texts) and made.table.equals(alone.table)


def _front(made: Front, alone: Front | None) -> Front:
    """A first page with its key figures and findings marked, but for those that are the same on one of real figures alone."""
    keys = alone.key_figures if alone else ()
    findings = alone.findings if alone else ()
    return replace(
        made,
        key_figures=tuple(key if key in keys else replace(key, synthetic=True) for key in made.key_figures),
        findings=tuple(finding if finding in findings else replace(finding, synthetic=True) for finding in made.findings),
    )
