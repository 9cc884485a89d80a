"""The first page of the report on the municipality's own goals: four key figures and the findings of its figures."""

import pandas as pd

from nlib.charts.chart import Front, KeyFigure
from nlib.core.language import MISSING, number, percent
from nlib.core.translations import _
from nlib.themes.facts import findings
from nlib.themes.maal import figures as maal


def front(goals: pd.DataFrame, goal_progress: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Front:
    """Key figures and findings of the municipality's file; that there is none."""
    name, title = names[komm_nr], _("Målene til {name}", name=names[komm_nr])
    own = goals[goals["komm_nr"] == komm_nr]
    if own.empty:
        return Front(title, _("{name} har ingen fil med mål i denne utgaven. {later}", name=name, later=maal.LATER), (), ())
    progress = goal_progress[goal_progress["komm_nr"] == komm_nr]
    plans = own["plan"].dropna()
    called = _("«{value}»", value=plans.iloc[0]) if len(plans) else _("Planen")
    shown = (maal.overview(goals, names, komm_nr), maal.progress(goals, goal_progress, komm_nr))
    lead = _("{called} for {name} har {plan}.", called=called, name=name, plan=maal.plan_told(own))
    return Front(title, lead, key_figures(own, progress), findings(*shown))


def key_figures(own: pd.DataFrame, progress: pd.DataFrame) -> tuple[KeyFigure, ...]:
    """Measures done and under way, goals reached or with pace enough, and goals without an indicator."""
    measures = own[own["measure"].notna()]
    of = _("av {of} tiltak", of=number(len(measures)))
    cards = []
    for label, status in ((_("Tiltak ferdig"), "Ferdig"), (_("Tiltak i gang"), "I gang")):
        count = int((measures["status"] == status).sum())
        share = percent(100 * count / len(measures), 0) if len(measures) else ""
        cards.append(KeyFigure(label, number(count) if len(measures) else MISSING, of, share, ""))
    outcomes = progress["outcome"].value_counts()
    reached, enough, behind, missed, unknown = (int(outcomes.get(one, 0)) for one in maal.OUTCOMES)
    late = _("{late} for sakte, feil vei eller for sent", late=maal.alone(behind + missed))
    return (
        *cards,
        KeyFigure(
            _("Mål nådd eller i rute"),
            number(reached + enough) if len(progress) else MISSING,
            _("av {progress} med indikator", progress=number(len(progress))),
            _("{reached} nådd, {enough} med nok fart", reached=maal.alone(reached), enough=maal.alone(enough)),
            late + (_(", {unknown} kan ikke vurderes", unknown=maal.alone(unknown)) if unknown else ""),
        ),
        KeyFigure(
            _("Mål uten indikator"),
            number(int((own["measure"].isna() & ~maal.followed(own)).sum())),
            _("av {goals} mål", goals=number(int(own["measure"].isna().sum()))),
            _("Kan ikke følges med tall"),
            "",
        ),
    )
