"""The first page of the report on the survey of businesses: four key figures and three findings, made from the answers."""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.core.language import MISSING, at, number, percent, points
from nlib.core.translations import _
from nlib.themes.naeringspuls import figures as naeringspuls
from nlib.themes.naeringspuls.figures import (
    MARGIN,
    led,
    of_wave,
    promoters_sentence,
    rate_sentence,
    score_sentence,
    side_sentence,
    top_sentence,
    warning,
)


def front(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    survey_waves: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    wave: int = 0,
) -> Front:
    """Key figures and findings of a wave, the latest where it is 0; without a survey, how one is made."""
    name = names[komm_nr]
    own = of_wave(survey_response, komm_nr, wave)
    title = f"NæringsPuls {at(name)}"
    if own.empty:
        return Front(
            title,
            _("Det er ikke tatt inn noen næringslivsundersøkelse for {name}.", name=name),
            (),
            (),
        )
    whole = own[own["grouping"] == naeringspuls.ALL].iloc[0]
    year = int(whole["year"])
    title = f"{title} {year}"
    if pd.isna(whole["answers"]) or not whole["answers"]:
        return Front(
            title, _("Færre enn fem svarte i {year}. Da vises ingen svar, for ikke å røpe hvem som mener hva.", year=year), (), ()
        )
    rows = of_wave(survey_results, komm_nr, year)
    rows = led(rows[rows["grouping"] == naeringspuls.ALL])
    told = (survey_results, survey_response, names, komm_nr, year)
    findings = [
        Finding(f"{row['text'].rstrip('?')}? {sentence} {_weighted(row)}", chart.id)
        for chart, sentence, row in (
            (naeringspuls.reasons(*told), *_reason(rows, "etablere_for")),
            (naeringspuls.improve(*told), *_reason(rows, "forbedre")),
            (naeringspuls.satisfaction(*told), *_side(rows, "tilfreds")),
            (naeringspuls.recommend(*told), *_score(rows, "anbefale")),
        )
        if isinstance(chart, Chart) and row is not None
    ]
    sent = _(" til {target}", target=whole["target"]) if whole["target"] else ""
    return Front(
        title,
        _(
            "Undersøkelsen gikk{sent} i {year}. {whole}. {whole2}",
            sent=sent,
            year=year,
            whole=rate_sentence(whole),
            whole2=warning(whole),
        ),
        (answered(whole), *(key_figure(rows, survey_waves, *of) for of in KEYS)),
        tuple(findings[:3]),
    )


KEYS = (
    (_("Fornøyde"), "tilfreds", "side"),
    (_("Netto anbefalingsscore"), "anbefale", "score"),
    (_("Oftest nevnte grunn for"), "etablere_for", "answer"),
)


def answered(whole: pd.Series) -> KeyFigure:
    """How many answered, of how many, and the largest margin of error."""
    of = (
        _("{year}, av {invited} inviterte", year=whole["year"], invited=number(whole["invited"]))
        if pd.notna(whole["invited"])
        else f"{whole['year']}"
    )
    share = (
        _("Svarandel {response_pct}", response_pct=percent(whole["response_pct"]))
        if pd.notna(whole["response_pct"])
        else _("Svarandelen er ukjent")
    )
    margin = (
        _("Feilmargin inntil {margin_pct} ({margin})", margin_pct=points(whole["margin_pct"]), margin=MARGIN)
        if pd.notna(whole["margin_pct"])
        else ""
    )
    return KeyFigure(_("Svar"), number(whole["answers"]), of, share, margin)


def key_figure(rows: pd.DataFrame, survey_waves: pd.DataFrame, label: str, beginning: str, level: str) -> KeyFigure:
    """A share or score of all who took a stand, weighted where it may be with the unweighted beside it, and its change since the
    wave before where they compare."""
    row = _first(rows, beginning, level)
    if row is None:
        return KeyFigure(label, MISSING, "", _("Ikke spurt, eller for få svar"), "")
    value = number(row["lead_pct"], 0, sign=True) if level == "score" else percent(row["lead_pct"], 0)
    plain = row["beside_pct"]
    beside = (
        _("Ikke vektet")
        if pd.isna(plain)
        else _("Vektet. Uvektet {word}", word=number(plain, 0, sign=True) if level == "score" else percent(plain, 0))
    )
    period = f"{row['year']}, n = {number(row['n'])}"
    if level == "answer":
        return KeyFigure(label, value, f"{row['answer']}, {period}", beside, "")
    return KeyFigure(label, value, period, beside, changed(row, survey_waves))


def changed(row: pd.Series, survey_waves: pd.DataFrame) -> str:
    """The change of a share or score since the wave before, with its interval; else that it is not compared."""
    key = ["komm_nr", "year", "question", "level", "answer"]
    found = survey_waves[(survey_waves[key] == row[key]).all(axis=1)]
    if found.empty:
        return _("Ikke målt før")
    change = led(found, "change_pct").iloc[0]
    if pd.isna(change["lead_pct"]):
        return _("Ikke sammenlignet med {before}", before=change["before"])
    ends = _(
        "{lead_low_pct} til {lead_high_pct}",
        lead_low_pct=number(change["lead_low_pct"], 0, sign=True),
        lead_high_pct=number(change["lead_high_pct"], 0, sign=True),
    )
    return _(
        "{lead_pct} fra {before} ({ends})", lead_pct=number(change["lead_pct"], 0, sign=True), before=change["before"], ends=ends
    )


def _first(rows: pd.DataFrame, beginning: str, level: str) -> pd.Series | None:
    """The row that a key figure tells: the score, the upper side of the scale, or the answer that most gave."""
    own = rows[rows["question"].str.startswith(beginning) & rows["level"].eq(level)].dropna(subset=["lead_pct"])
    own = own[own["question"].eq(own["question"].iloc[0])] if len(own) else own
    own = own[own["side"].eq(1).fillna(False)] if level == "side" else own.sort_values("lead_pct", ascending=False, kind="stable")
    return own.iloc[0] if len(own) else None


def _reason(rows, beginning):
    first = _first(rows, beginning, "answer")
    if first is None:
        return "", None
    asked = rows[rows["question"] == first["question"]]
    return top_sentence(asked.sort_values("lead_pct", ascending=False, kind="stable", na_position="last")), first


def _side(rows, beginning):
    upper = _first(rows, beginning, "side")
    if upper is None:
        return "", None
    lower = rows[rows["question"].eq(upper["question"]) & rows["level"].eq("side") & rows["side"].eq(-1)]
    return side_sentence(upper, lower.iloc[0]), upper


def _score(rows, beginning):
    row = _first(rows, beginning, "score")
    return ("", None) if row is None else (f"{score_sentence(row)}. {promoters_sentence(row)}", row)


def _weighted(row):
    if pd.isna(row["beside_pct"]):
        return _("Ikke vektet.")
    return _(
        "Uvektet: {word}.",
        word=number(row["beside_pct"], 0, sign=True) if row["level"] == "score" else percent(row["beside_pct"], 0),
    )
