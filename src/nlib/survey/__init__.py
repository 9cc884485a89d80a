"""The survey of businesses (NæringsPuls): what a wave asked, what of it may be shown, and how sure its figures are."""

from nlib.survey.disclosure import LEAST, blanked, hide
from nlib.survey.intervals import correction, difference, margin, nps, rank_intervals, wilson
from nlib.survey.response import rate, representative, told_rate
from nlib.survey.tabulation import People, people
from nlib.survey.weights import Weighting, kish, post_stratified, raked

__all__ = [
    "LEAST",
    "People",
    "Weighting",
    "blanked",
    "correction",
    "difference",
    "hide",
    "kish",
    "margin",
    "nps",
    "people",
    "post_stratified",
    "raked",
    "rank_intervals",
    "rate",
    "representative",
    "told_rate",
    "wilson",
]
