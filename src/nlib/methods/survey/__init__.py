"""The survey of businesses (NæringsPuls): what a wave asked, what of it may be shown, and how sure its figures are."""

from nlib.data.codebooks.blanking import LEAST, blanked
from nlib.methods.survey.disclosure import hide
from nlib.methods.survey.intervals import correction, difference, margin, nps, rank_intervals, wilson
from nlib.methods.survey.response import rate, representative, told_rate
from nlib.methods.survey.tabulation import People, people
from nlib.methods.survey.weights import Weighting, kish, post_stratified, raked

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
