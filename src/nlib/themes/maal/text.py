"""The first page of the report on the municipality's own goals: four key figures and the findings of its figures."""

import pandas as pd

from nlib.charts.chart import Finding, Front, KeyFigure, Missing
from nlib.core.language import MISSING, neuter, number, percent
from nlib.core.translations import _
from nlib.themes.maal import figures as maal


def front(goals: pd.DataFrame, goal_progress: pd.DataFrame, names: dict[str, str], komm_nr: str) -> Front:
    """Key figures and findings of the municipality's file; how to make one where there is none."""
    name = names[komm_nr]
    title = _("Målene til {name}", name=name)
    own = goals[goals["komm_nr"] == komm_nr]
    if own.empty:
        return Front(title, _("{name} har ingen fil med mål i denne utgaven. {later}", name=name, later=maal.LATER), (), ())
    progress = goal_progress[goal_progress["komm_nr"] == komm_nr]
    sections = (
        (maal.overview(goals, names, komm_nr), maal.OWN_WORDS),
        (maal.progress(goals, goal_progress, komm_nr), _("Regnet med like lange steg hvert år; ikke en prognose.")),
        (maal.pace(goals, goal_progress, names, komm_nr), _("Ett års tall kan svinge.") if len(progress) else maal.OPEN_ONLY),
    )
    findings = [Finding(f"{shown.title}. {doubt}", shown.id) for shown, doubt in sections if not isinstance(shown, Missing)]
    return Front(title, lead(own, name), key_figures(own, progress), tuple(findings))


def lead(own: pd.DataFrame, name: str) -> str:
    """What the plan is called and holds."""
    plans = own["plan"].dropna()
    called = _("«{value}»", value=plans.iloc[0]) if len(plans) else _("Planen")
    goals = int(own["measure"].isna().sum())
    return _(
        "{called} for {name} har {own}, {goals} og {own2}. Her er status for tiltakene, og hva tallene sier om målene.",
        called=called,
        name=name,
        own=maal.areas_told(own),
        goals=maal.goals_told(goals),
        own2=maal.measures_told(len(own) - goals),
    )


def key_figures(own: pd.DataFrame, progress: pd.DataFrame) -> tuple[KeyFigure, ...]:
    """Measures done and under way, goals reached or with pace enough, and goals without an indicator."""
    measures = own[own["measure"].notna()]
    untold = int(measures["status"].isna().sum())
    also = _("{untold} uten oppgitt status", untold=neuter(untold)) if untold else _("alle har status")
    done, begun = (_share(int((measures["status"] == status).sum()), len(measures), _("tiltak")) for status in ("Ferdig", "I gang"))
    held = progress["outcome"].value_counts()
    reached, enough = (int(held.get(outcome, 0)) for outcome in ("reached", "on_pace"))
    late = int(held.get("behind", 0) + held.get("missed", 0))
    goals = int(own["measure"].isna().sum())
    without = int((own["measure"].isna() & ~maal.followed(own)).sum())
    return (
        KeyFigure(_("Tiltak ferdig"), *done, also, ""),
        KeyFigure(_("Tiltak i gang"), *begun, also, ""),
        KeyFigure(
            _("Mål nådd eller med nok fart"),
            number(reached + enough) if len(progress) else MISSING,
            _("av {progress} med indikator", progress=number(len(progress))),
            _("{reached} nådd, {enough} med nok fart", reached=maal.alone(reached), enough=maal.alone(enough)),
            _("{late} for sakte, feil vei eller for sent", late=maal.alone(late)),
        ),
        KeyFigure(
            _("Mål uten indikator"), number(without), _("av {goals} mål", goals=number(goals)), _("Kan ikke følges med tall"), ""
        ),
    )


def _share(count: int, of: int, what: str) -> tuple[str, str]:
    return (
        (number(count), _("av {of} {what}, {value}", of=number(of), what=what, value=percent(100 * count / of, 0)))
        if of
        else (MISSING, _("ingen {what}", what=what))
    )
