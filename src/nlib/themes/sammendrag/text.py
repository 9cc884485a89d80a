"""The first page of the summary: four key figures and three findings, chosen from all themes by stated rules.

The rules take the plain table of facts that `nlib.themes.sammendrag.figures.candidates` gives, and give the name of one of its
indicators. Equal facts are chosen between by the order of the list, so the order of the rows never matters.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from nlib.charts.chart import Finding, Front, KeyFigure
from nlib.core.language import MINUS, counted, rank, short_name
from nlib.themes.naeringspuls import text as naeringspuls
from nlib.themes.sammendrag.figures import NO_FIGURES, SPAN, candidates, told, told_change, told_difference

KEYS = 4
RULES = (
    "Funnene er valgt av faste regler: den største endringen på fem år målt mot hva som er vanlig i kommunene, det tallet som "
    "er lengst "
    "fra sammenligningsgruppen målt mot hvor ulike kommunene er, og det tallet vi vet sikrest. Det som kan være tilfeldig, er "
    "ikke med."
)


def front(
    headline_figures: pd.DataFrame,
    compare: list[str],
    komm_nr: str,
    name: str,
    survey_results: pd.DataFrame | None = None,
    survey_response: pd.DataFrame | None = None,
    survey_waves: pd.DataFrame | None = None,
) -> Front:
    """Key figures and findings of the municipality's latest years; what its businesses say stands last, where they were asked."""
    name = short_name(name)
    title = f"Sammendrag for {name}"
    facts = candidates(headline_figures, compare, komm_nr)
    if facts.empty:
        return Front(title, NO_FIGURES if headline_figures.empty else f"Utgaven har ingen nøkkeltall for {name}.", (), ())
    rows = facts.set_index("indicator", drop=False)
    findings = []
    for rule, indicator in three(facts).items():
        fact = rows.loc[indicator]
        findings.append(Finding(WHAT[rule][1](fact, name), fact["chart"], fact["page"]))
    key_figures = tuple(key_figure(rows.loc[i]) for i in keys(facts))
    said = () if survey_results is None else voices(survey_results, survey_response, survey_waves, komm_nr, name)
    return Front(title, lead(facts, name, len(findings)), key_figures, (*findings, *said))


def voices(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, survey_waves: pd.DataFrame, komm_nr: str, name: str
) -> tuple[Finding, ...]:
    """The first finding of the municipality's newest survey of businesses, with how many answered; none where there is no survey.

    It is what some of those who were asked have said, so it stands apart from the findings that the rules choose.
    """
    page = naeringspuls.front(survey_results, survey_response, survey_waves, komm_nr, name)
    if not page.key_figures:
        return ()
    answered = page.key_figures[0]
    return tuple(
        replace(
            finding,
            sentence=f"Bedriftene selv ({answered.value} svar i {answered.period}): {finding.sentence}",
            page="naeringspuls",
        )
        for finding in page.findings[:1]
    )


# -- the rules


def largest_change(facts: pd.DataFrame) -> str | None:
    """The indicator with the largest change for its kind, |change| / usual_change, among those larger than chance can make."""
    sure = facts[(facts["change"].abs() > facts["change_noise"]) & (facts["usual_change"] > 0)]
    return _first(sure, sure["change"].abs() / sure["usual_change"])


def furthest(facts: pd.DataFrame) -> str | None:
    """The indicator furthest from the comparison group, |value − group| / spread, among those farther than chance can make."""
    apart = (facts["value"] - facts["group"]).abs()
    sure = facts[(apart > facts["noise"]) & (facts["spread"] > 0) & facts["comparable"]]
    return _first(sure, apart[sure.index] / sure["spread"])


def best_known(facts: pd.DataFrame) -> str | None:
    """The indicator that is best known, with the highest known_pct, among rates that swing less than what parts municipalities."""
    sure = facts[(facts["kind"] == "rate") & facts["comparable"] & (facts["noise"] < facts["spread"])]
    return _first(sure, sure["known_pct"])


def three(facts: pd.DataFrame) -> dict[str, str]:
    """The indicator that each rule chooses: `change`, `distance` and `known`, in that order; a rule that finds none is left out.

    No two are of the same theme where a rule finds any of another, and no indicator is chosen twice.
    """
    chosen: dict[str, str] = {}
    for name, (rule, _) in WHAT.items():
        left = facts[~facts["indicator"].isin(chosen.values())]
        themes = facts.loc[facts["indicator"].isin(chosen.values()), "theme"]
        if indicator := rule(left[~left["theme"].isin(themes)]) or rule(left):
            chosen[name] = indicator
    return chosen


def keys(facts: pd.DataFrame) -> list[str]:
    """The first four indicators of different themes in the order of the list; of the same themes too where those are few."""
    listed = facts.sort_values("position")
    again = listed.duplicated("theme")
    return list(pd.concat([listed[~again], listed[again]])["indicator"].head(KEYS))


def _first(facts, by):
    """The indicator with the highest measure; of equal ones the first in the list."""
    if facts.empty:
        return None
    order = np.lexsort((facts["position"].to_numpy(), -by.to_numpy(float)))
    return facts["indicator"].iloc[order[0]]


# -- what is said


def change_sentence(fact: pd.Series, name: str) -> str:
    """That this is the largest change, from what to what, what is usual, and what may be chance."""
    before = fact["value"] / (1 + fact["change"] / 100) if fact["change_unit"] == "percent" else fact["value"] - fact["change"]
    moved = "økt" if fact["change"] > 0 else "gått ned"
    return (
        f"Størst endring: I {name} har {fact['subject']} {moved} med {told_change(fact, abs(fact['change']))}, fra "
        f"{told(fact, before)} i {fact['year'] - SPAN} til {told(fact, fact['value'])} i {fact['year']}. Vanlig i kommunene er en "
        f"endring på {told_change(fact, fact['usual_change'])}, og inntil {told_change(fact, fact['change_noise'])} kan være "
        "tilfeldig."
    )


def distance_sentence(fact: pd.Series, name: str) -> str:
    """That this is furthest from the group, with both figures, and what may be chance."""
    side = "over" if fact["value"] > fact["group"] else "under"
    return (
        f"Lengst fra sammenligningsgruppen: I {name} er {fact['subject']} {told(fact, fact['value'])} i {fact['year']}, {side} "
        f"gruppens {told(fact, fact['group'])}. Tallet kan svinge tilfeldig med {_swing(fact)}."
    )


def known_sentence(fact: pd.Series, name: str) -> str:
    """That this is known best, with the nation's figure, and how little it swings beside what parts municipalities."""
    against = "" if pd.isna(fact["nation"]) else f", mot {told(fact, fact['nation'])} {_whose(fact)}"
    return (
        f"Det vi vet sikrest: I {name} er {fact['subject']} {told(fact, fact['value'])} i {fact['year']}{against}. Tallet kan "
        "svinge "
        f"tilfeldig med {_swing(fact)}, mens kommuner gjerne skiller seg med {told_difference(fact, fact['spread'])}."
    )


def key_figure(fact: pd.Series) -> KeyFigure:
    """An indicator as one of the four numbers: value, year, change with whether it may be chance, and place."""
    since = fact["year"] - SPAN
    change = "Endring oppgis ikke"
    if pd.notna(fact["change"]):
        moved = told_change(fact, fact["change"], sign=True)
        change = f"{'Om lag uendret' if moved.startswith(('under', '0')) else moved} siden {since}"
        if not abs(fact["change"]) > fact["change_noise"] and moved.startswith(("+", MINUS)):
            change += ", kan være tilfeldig"
    placed = rank(int(fact["rank"]), int(fact["n"]), fact["highest"]) if pd.notna(fact["rank"]) else "Plass oppgis ikke"
    return KeyFigure(fact["label"], told(fact, fact["value"]), str(fact["year"]), change, placed)


def lead(facts: pd.DataFrame, name: str, found: int) -> str:
    """How much the summary is of, and how its findings were chosen."""
    themes = facts["theme"].nunique()
    size = len(facts)
    many = f"{counted(size).capitalize()} nøkkeltall fra {counted(themes)} temaer" if size > 1 else "Ett nøkkeltall"
    if not found:
        return f"{many} for {name}. Ingen av dem er så sikre at reglene for funn velger dem."
    fewer = f" Her fant bare {counted(found)} av {counted(len(WHAT))} regler noe som er sikkert nok." if found < len(WHAT) else ""
    return f"{many} for {name}. {RULES}{fewer}"


def _whose(fact):
    return "i snitt for kommunene" if fact["national_mean"] else "i landet"


def _swing(fact):
    return told_difference(fact, fact["noise"])


WHAT = {
    "change": (largest_change, change_sentence),
    "distance": (furthest, distance_sentence),
    "known": (best_known, known_sentence),
}
