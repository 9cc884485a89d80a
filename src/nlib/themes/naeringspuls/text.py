"""The first page of the report on the survey of businesses: who answered, four key figures, and the findings of three figures."""

import pandas as pd

from nlib.charts.chart import Front, KeyFigure
from nlib.core.language import MISSING, at, number, percent, points
from nlib.core.translations import _
from nlib.themes.facts import SURE, findings
from nlib.themes.naeringspuls import figures as naeringspuls
from nlib.themes.naeringspuls.figures import ALL, led, of_wave, rate_sentence, warning, weights_told

KEYS = (
    (_("Fornøyde"), "tilfreds", "side"),
    (_("Netto anbefalingsscore"), "anbefale", "score"),
    (_("Den grunnen flest har til å etablere seg"), "etablere_for", "answer"),
)


def front(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    survey_waves: pd.DataFrame,
    survey_words: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    wave: int = 0,
) -> Front:
    """Key figures and findings of a wave, the latest where it is 0; without a survey, that there is none."""
    name = names[komm_nr]
    own = of_wave(survey_response, komm_nr, wave)
    title = f"NæringsPuls {at(name)}"
    if own.empty:
        return Front(title, _("Det er ikke tatt inn noen næringslivsundersøkelse for {name}.", name=name), (), ())
    whole = own[own["grouping"] == ALL].iloc[0]
    year = int(whole["year"])
    title = f"{title} {year}"
    if pd.isna(whole["answers"]) or not whole["answers"]:
        few = _("Færre enn fem svarte i {year}. Da vises ingen svar, for ikke å røpe hvem som mener hva.", year=year)
        return Front(title, few, (), ())
    rows = of_wave(survey_results, komm_nr, year)
    rows = led(rows[rows["grouping"] == ALL])
    asked = (names, komm_nr, year)
    shown = (
        naeringspuls.reasons(survey_results, survey_response, *asked),
        naeringspuls.improve(survey_results, survey_response, survey_words, *asked),
        naeringspuls.satisfaction(survey_results, survey_response, *asked),
    )
    sent = _(" til {target}", target=whole["target"]) if whole["target"] else ""
    lead = _(
        "Undersøkelsen gikk{sent} i {year}. {whole}. {more}", sent=sent, year=year, whole=rate_sentence(whole), more=warning(own)
    )
    keys = tuple(key_figure(rows, survey_waves, *of) for of in KEYS)
    return Front(title, f"{lead} {weights_told(whole)}", (answered(whole), *keys), findings(*shown))


def answered(whole: pd.Series) -> KeyFigure:
    """How many answered, of how many, and the largest margin of error."""
    of, share, margin = f"{whole['year']}", _("Svarandelen er ukjent"), ""
    if pd.notna(whole["invited"]):
        of = _("{year}, av {invited} inviterte", year=whole["year"], invited=number(whole["invited"]))
    if pd.notna(whole["response_pct"]):
        share = _("Svarandel {response_pct}", response_pct=percent(whole["response_pct"]))
    if pd.notna(whole["margin_pct"]):
        margin = _("Feilmargin inntil {margin_pct} ({sure})", margin_pct=points(whole["margin_pct"]), sure=SURE)
    return KeyFigure(_("Svar"), number(whole["answers"]), of, share, margin)


def key_figure(rows: pd.DataFrame, survey_waves: pd.DataFrame, label: str, beginning: str, level: str) -> KeyFigure:
    """A share or score of all who took a stand, weighted where it may be with the unweighted beside it, and its change since the
    wave before where they compare."""
    row = _first(rows, beginning, level)
    if row is None:
        return KeyFigure(label, MISSING, "", _("Ikke spurt, eller for få svar"), "")
    value, plain = (
        number(row[column], 0, sign=True) if level == "score" else percent(row[column], 0) for column in ("lead_pct", "beside_pct")
    )
    beside = _("Ikke vektet") if pd.isna(row["beside_pct"]) else _("Vektet. Uvektet {word}", word=plain)
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
    now, low, high = (number(change[f"lead_{part}"], 0, sign=True) for part in ("pct", "low_pct", "high_pct"))
    return _("{now} fra {before} ({low} til {high})", now=now, before=change["before"], low=low, high=high)


def _first(rows: pd.DataFrame, beginning: str, level: str) -> pd.Series | None:
    """The row that a key figure tells: the score, the upper side of the scale, or the answer that most gave."""
    own = rows[rows["question"].str.startswith(beginning) & rows["level"].eq(level)].dropna(subset=["lead_pct"])
    own = own[own["question"].eq(own["question"].iloc[0])] if len(own) else own
    own = own[own["side"].eq(1).fillna(False)] if level == "side" else own.sort_values("lead_pct", ascending=False, kind="stable")
    return own.iloc[0] if len(own) else None
