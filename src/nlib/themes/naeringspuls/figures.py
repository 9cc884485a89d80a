"""The figures of the page on the survey of businesses: reasons, what to improve, focus areas, satisfaction, and change.

Each figure takes contract tables; where it raises `Lacking`, the page tells why. Questions are found by how their names in the
codebook begin (`etablere_for`, `etablere_mot`, `forbedre`, `satsing`, `framtid`, `tilfreds`, `anbefale`). Drawings are headed by
the question as it was asked. `wave` is a year, 0 for the latest.
"""

import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.form import Names, Panels
from nlib.charts.strip import Strip
from nlib.core.errors import WrongUse
from nlib.core.language import NBSP, counted, listed, neuter, number, percent
from nlib.core.translations import _
from nlib.methods.survey.response import ALIKE, LOW_PCT, told_rate
from nlib.methods.survey.tabulation import ALL, OTHERS, UNTOLD

LEVELS = ["score", "side", "answer"]  # in the order of a table
GROUPINGS = ["size_group", "industry"]
NAMES = {
    ("size_group", OTHERS): _("Øvrige størrelser"),
    ("industry", OTHERS): _("Øvrige næringer"),
    ("size_group", UNTOLD): _("Størrelse ikke oppgitt"),
    ("industry", UNTOLD): _("Næring ikke oppgitt"),
}
FOCUS = _("Hva sier bedriftene om satsingsområdene og framtida?")
NO_SURVEY = _("Vises når en undersøkelse er tatt inn.")
UNSEEN = _("De som ikke svarte, kan mene noe annet, og det viser ikke intervallene.")
NOT_DRAWN = _("Der en side ikke er tegnet, er den færre enn fem svar, eller et tall som ville røpet dem.")
PLACES = _("Plassen med intervall står etter tallet; overlapper to, er rekkefølgen usikker.")
WHY_NOT = {
    "mix": _("de inviterte er satt sammen på en annen måte etter størrelse"),
    "no frame": _("det er ikke oppgitt hvem som ble invitert i begge rundene"),
}
LONGEST = 12  # rows of changes that are drawn
INTERVAL = ("lead_low_pct", "lead_high_pct")


@figure(_("Grunner for og mot å etablere seg"))
def reasons(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart:
    """Reasons for and against establishing in the municipality, in general and for one's own firm, ranked."""
    asked = {"etablere_for": _("Oftest grunn for å etablere seg"), "etablere_mot": _("Oftest grunn mot å etablere seg")}
    return _ranked(asked, survey_results, survey_response, names, komm_nr, wave)


@figure(_("Hva bør bli bedre?"))
def improve(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    survey_words: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    wave: int = 0,
) -> Chart:
    """What should become better, ranked; and what came up most in interviews and workshops."""
    tables = (survey_results, survey_response, names, komm_nr, wave)
    themes = of_wave(survey_words, komm_nr, wave)
    themes = themes[(themes["source"] == ALL) & themes["notes"].notna()].sort_values("notes", ascending=False, kind="stable")
    more = ""
    if len(themes):
        theme, notes = themes["theme"].iloc[0], number(themes["notes"].iloc[0])
        more = _(" I samtaler med bedriftene kom «{theme}» oftest opp ({notes} notater).", theme=theme, notes=notes)
    return _ranked({"forbedre": _("Bør bli bedre")}, *tables, more=more)


@figure(FOCUS)
def focus(survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0) -> Chart:
    """What businesses say of the plan's focus areas and of how ready they are for the future, as diverging bars."""
    return _scales(FOCUS, ("satsing", "framtid"), survey_results, survey_response, names, komm_nr, wave)


@figure(_("Hvor fornøyde er bedriftene?"))
def satisfaction(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart:
    """How satisfied businesses are, all of them and by size and industry, as diverging bars."""
    return _scales("", ("tilfreds",), survey_results, survey_response, names, komm_nr, wave)


@figure(_("Vil bedriftene anbefale kommunen?"))
def recommend(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart:
    """Whether businesses would recommend the municipality: the net promoter score of all, and by size and industry."""
    rows, whole = _asked(survey_results, survey_response, komm_nr, wave, ("anbefale",))
    if whole is None:
        raise Lacking(NO_SURVEY)
    scores = rows[rows["level"] == "score"].dropna(subset=["lead_pct"])
    if ALL not in set(scores["grouping"]):
        raise Lacking(_not_asked(rows, whole))
    scores = scores[scores["question"] == scores["question"].iloc[0]]
    all_of_them = scores[scores["grouping"] == ALL].iloc[0]
    form = Strip(
        heading=all_of_them["text"],
        rows=scores.set_index(pd.Index([_with_n(row) for row in scores.itertuples()], name=_("Gruppe"))),
        marks=_marks(scores, _("netto anbefalingsscore")),
        interval=INTERVAL,
        own=_with_n(all_of_them),
        level=0,
        sign=True,
        also={"n": "n"},
    )
    return form.chart(
        score_sentence(all_of_them),
        _(
            "{more} Scoren er andelen som svarer 9–10, minus andelen som svarer 0–6. Grupper vises der det er nok svar.",
            more=promoters_sentence(all_of_them),
        ),
        doubts(whole, all_of_them["n"]),
        _source(whole["year"], names[komm_nr]),
    )


@figure(_("Hva har endret seg siden forrige runde?"))
def waves(survey_waves: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0) -> Chart:
    """What has changed since the wave before, where the two may be compared; else why they may not."""
    own = of_wave(survey_response, komm_nr, wave)
    if own.empty:
        raise Lacking(NO_SURVEY)
    year = int(own["year"].iloc[0])
    rows = survey_waves[(survey_waves["komm_nr"] == komm_nr) & (survey_waves["year"] == year)]
    if rows.empty:
        raise Lacking(_("{year} er den første runden der spørsmålene ble stilt.", year=year))
    before = int(rows["before"].iloc[0])
    changes = led(rows, "change_pct").dropna(subset=["lead_pct"])
    if changes.empty:
        of_all = survey_response[(survey_response["komm_nr"] == komm_nr) & (survey_response["grouping"] == ALL)].set_index("year")
        raise Lacking(not_compared(of_all.loc[year], of_all.loc[before], rows["why_not"].iloc[0]))
    shown = changes[changes["side"].eq(1).fillna(False) & changes["kind"].ne("nps") | changes["level"].eq("score")]
    shown = shown if len(shown) else changes
    shown = shown.loc[shown["lead_pct"].abs().nlargest(LONGEST).index].sort_values("lead_pct", ascending=False, kind="stable")
    form = Strip(
        heading=_("Endring fra {before} til {year}", before=before, year=year),
        rows=shown.set_index(pd.Index([_change_name(row) for row in shown.itertuples()], name=_("Spørsmål"))),
        marks=_marks(shown, _("endring")),
        interval=INTERVAL,
        level=0,
        unit=_("prosentpoeng"),
        sign=True,
        also={"before_pct": _("{before}, prosent", before=before), "share_pct": _("{year}, prosent", year=year)},
        precise={"before_pct": 1, "share_pct": 1},
    )
    other = rows.loc[rows["why_not"].isin(["words", "answers"]), "question"].nunique()
    return form.chart(
        change_sentence(changes, before),
        _("Endring med 90 prosent intervall. Går streken over null, kan endringen være tilfeldig.")
        + (_(" {count} spørsmål er ikke stilt likt og er ikke med.", count=neuter(other).capitalize()) if other else ""),
        _(
            "{changes} svar er sammenlignet. Av ti uendrede ville om lag ett slå ut likevel. {unseen}",
            changes=neuter(len(changes)).capitalize(),
            unseen=UNSEEN,
        ),
        _("{year} og {before}", year=_source(year, names[komm_nr]), before=before),
    )


def _ranked(asked, survey_results, survey_response, names, komm_nr, wave, more=""):
    """Multiple-choice questions whose names have these beginnings, a panel each, their answers by share; `asked` names each."""
    found = {}
    for beginning, label in asked.items():
        rows, whole = _asked(survey_results, survey_response, komm_nr, wave, (beginning,))
        if whole is None:
            raise Lacking(NO_SURVEY)
        answers = rows[rows["grouping"].eq(ALL) & rows["kind"].isin(["multiple", "single"]) & rows["n"].gt(0).fillna(False)]
        if len(answers):
            found[label] = _by_share(answers)
    if not found:
        raise Lacking(_not_asked(rows, whole))
    return Panels(forms=[_of_answers(part) for part in found.values()], across=1).chart(
        reasons_sentence(found),
        PLACES + maybe_first(*found.values()) + more,
        doubts(whole, next(iter(found.values()))["n"].iloc[0]),
        _source(whole["year"], names[komm_nr]),
    )


def _by_share(rows):
    """The answers of the first question by share; `firm_pct` is that of one's own firm (`_egen`), where it is asked too."""
    questions = sorted(rows["question"].unique(), key=lambda question: (question.endswith("_egen"), len(question)))
    parts = [rows[rows["question"] == question].set_index("answer") for question in questions[:2]]
    first = parts[0].sort_values("lead_pct", ascending=False, kind="stable", na_position="last")
    return first.assign(firm_pct=parts[1]["lead_pct"].reindex(first.index) if len(parts) > 1 else pd.NA).reset_index()


def _of_answers(rows):
    """One question's answers as marks with intervals and places."""
    firm = {"firm_pct": (_("egen virksomhet"), "group")} if rows["firm_pct"].notna().any() else {}
    return Strip(
        heading=rows["text"].iloc[0],
        rows=rows.set_index("answer").rename_axis(_("Svar")).assign(place=[_with_rank(row) for row in rows.itertuples()]),
        marks=_marks(rows, _("andel")) | firm,
        interval=INTERVAL,
        texts="place",
        limits=(0, 4 + float(rows[["lead_high_pct", "beside_pct", "firm_pct"]].astype("Float64").max(axis=None, skipna=True))),
        unit="%",
        also={"n": "n", "rank": _("Plass"), "rank_low": _("Beste"), "rank_high": _("Dårligste")},
    )


def _scales(heading, beginnings, survey_results, survey_response, names, komm_nr, wave):
    """Scales whose names have these beginnings, as diverging bars: one question by group, or several for all, a panel a scale."""
    rows, whole = _asked(survey_results, survey_response, komm_nr, wave, beginnings)
    if whole is None:
        raise Lacking(NO_SURVEY)
    three = rows[rows["level"].eq("side") & rows["kind"].eq("likert")]
    of_all = three[three["grouping"].eq(ALL) & three["side"].eq(1) & three["lead_pct"].notna()]
    if of_all.empty:
        raise Lacking(_not_asked(rows, whole))
    single = of_all["question"].nunique() == 1
    upper = three[three["side"].eq(1) & three["lead_pct"].notna()] if single else of_all.sort_values("lead_pct", ascending=False)
    at = ["question", "grouping", "group"]
    lower = three[three["side"].eq(-1)].set_index(at)[["lead_pct", "answer"]].add_prefix("lower_")
    upper = upper.merge(lower, how="left", left_on=at, right_index=True).rename(columns={"lower_lead_pct": "lower_pct"})
    upper = upper.assign(
        label=[_with_n(row) if single else row.text for row in upper.itertuples()],
        written=[
            f"{percent(row.lead_pct, 0)} ({number(row.lead_low_pct)}–{number(row.lead_high_pct)})" for row in upper.itertuples()
        ],
    )
    panels = [
        _of_scale(part, ends, part["text"].iloc[0] if single else heading, single)
        for ends, part in upper.groupby(["answer", "lower_answer"], sort=False)
    ]
    return Panels(forms=panels, across=1).chart(
        side_sentence(upper.iloc[0]) if single else several_sentence(upper),
        _("Stolpen til høyre er den øverste delen av skalaen, den skraverte til venstre den nederste; resten svarte midt på.")
        + ("" if single else least_sentence(upper))
        + (f" {NOT_DRAWN}" if upper["lower_pct"].isna().any() else ""),
        doubts(whole, upper["n"].iloc[0] if single else None),
        _source(whole["year"], names[komm_nr]),
    )


def _of_scale(rows, ends, heading, single):
    """Questions or groups with the same ends of the scale, as diverging bars."""
    marks = _marks(rows, _("andel"))
    led_by = marks.pop("lead_pct")[0]
    return Bars(
        heading=heading,
        more=led_by if marks else "",
        rows=rows.set_index("label").rename_axis(_("Gruppe") if single else _("Spørsmål")),
        parts={"lead_pct": (ends[0], "own"), "lower_pct": (ends[1], "against")},
        below=("lower_pct",),
        marks=marks,
        interval=INTERVAL,
        texts="written",
        own=rows["label"].iloc[0] if single else "",
        unit="%",
        also={"n": "n"},
    )


# -- what the titles and readings say


def rate_sentence(whole: pd.Series) -> str:
    """How many answered, with what it is a share of."""
    return told_rate(int(whole["answers"]), whole["invited"])


def warning(response: pd.DataFrame) -> str:
    """What is to be said of those who did not answer, and of those who did; response: the rows of one wave in `survey_response`."""
    whole = response[response["grouping"] == ALL].iloc[0]
    if pd.isna(whole["invited"]):
        return _(
            "Det er ikke oppgitt hvem som ble invitert, så svarandelen er ukjent, og skjevheter kan ikke testes. {unseen}",
            unseen=UNSEEN,
        )
    low = _("Svarandelen er lav. ") if whole["response_pct"] < LOW_PCT else ""
    p = whole["p_value"]
    if pd.isna(p):
        tested = _("Det er ikke testet om de som svarte, ligner de inviterte.")
    elif p < ALIKE:
        value = _("p under 0,001") if p < 0.001 else f"p = {number(p, 3)}"
        tested = _("De som svarte, ligner ikke de inviterte (kjikvadrattest, {value}){group}.", value=value, group=skewed(response))
    else:
        value = f"p = {number(p, 3 if p < 0.1 else 2)}"
        tested = _("En kjikvadrattest fant ingen klar skjevhet i størrelse og næring ({value}).", value=value)
    return f"{low}{UNSEEN} {tested}"


def skewed(response: pd.DataFrame) -> str:
    """The group whose share of the answers is farthest from its share of the invited, after a colon; empty where none is known."""
    groups = response[response["grouping"].isin(GROUPINGS)].dropna(subset=["answers_pct", "invited_pct"])
    if groups.empty:
        return ""
    most = groups.loc[(groups["answers_pct"] - groups["invited_pct"]).abs().idxmax()]
    answers, invited = (percent(most[column], 0) for column in ("answers_pct", "invited_pct"))
    return _(
        ": «{group}» er {answers} av svarene og {invited} av de inviterte", group=most["group"], answers=answers, invited=invited
    )


def weights_told(whole: pd.Series) -> str:
    """What the weighted figures are, and what they cost."""
    if not whole["weighted_by"]:
        return _("Tallene er ikke vektet.")
    text = _(
        "Vektede tall gir hver gruppe samme plass som blant de inviterte, og er like usikre som {effective_n} uvektede svar.",
        effective_n=number(whole["effective_n"]),
    )
    if whole["uncovered_pct"] <= 0.5:
        return text
    uncovered = percent(whole["uncovered_pct"], 0)
    return text + _(" {uncovered_pct} av de inviterte er i grupper som ingen har svart fra.", uncovered_pct=uncovered)


def doubts(whole: pd.Series, n=None) -> str:
    """What is uncertain in a figure, in short: answers, response, and those who did not answer."""
    of = f"n = {number(n)}. " if n is not None else ""
    unlike = _(" De som svarte, ligner ikke de inviterte.") if whole["p_value"] < ALIKE else ""
    return f"{of}{rate_sentence(whole)}. {UNSEEN}{unlike}"


def reasons_sentence(found: dict[str, pd.DataFrame]) -> str:
    """What most chose, of reasons for and against where both are asked; by what is asked, the answers of one question by share."""
    (label, first), *rest = found.items()
    if rest and first["lead_pct"].iloc[0] > 0 and rest[0][1]["lead_pct"].iloc[0] > 0:
        for_it, not_it = first["answer"].iloc[0], rest[0][1]["answer"].iloc[0]
        return _("«{for_it}» er oftest grunn for, «{not_it}» oftest mot", for_it=for_it, not_it=not_it)
    if not first["lead_pct"].iloc[0] > 0:
        return _("{label}: ingen svar er valgt av så mange at de kan vises", label=label)
    answer, share = first["answer"].iloc[0], percent(first["lead_pct"].iloc[0], 0)
    most = _("{label}: «{answer}» ({share})", label=label, answer=answer, share=share)
    return _("{most}, men forskjellen er usikker", most=most) if maybe_first(first) else most


def maybe_first(*parts: pd.DataFrame) -> str:
    """Which answers but the most chosen can be the first, after a space; empty where none can. parts: a question each, by share."""
    known = [rows.dropna(subset=["lead_pct"]) for rows in parts]
    others = [f"«{answer}»" for rows in known for answer in rows.loc[rows["rank_low"].eq(1).fillna(False), "answer"].iloc[1:]]
    if len(others) > 3:
        return _(" {count} andre svar kan også være først.", count=counted(len(others)).capitalize())
    return _(" Også {others} kan være først.", others=listed(others)) if others else ""


def side_sentence(upper: pd.Series) -> str:
    """The share on each side of a scale, of one question."""
    start = _("{lead_pct} svarte {answer}", lead_pct=percent(upper["lead_pct"], 0), answer=_plain(upper["answer"]))
    lower = upper["lower_pct"]
    return f"{start}, {percent(lower, 0)} {_plain(upper['lower_answer'])}" if pd.notna(lower) else start


def several_sentence(upper: pd.DataFrame) -> str:
    """Which of several scales most answered on the upper side of; rows by share, the highest first."""
    first = upper.iloc[0]
    return _("Mest oppslutning om «{text}»: {lead_pct}", text=first["text"], lead_pct=percent(first["lead_pct"], 0))


def least_sentence(upper: pd.DataFrame) -> str:
    """Which of several scales fewest answered on the upper side of, and whether that is certain, after a space."""
    first, last = upper.iloc[0], upper.iloc[-1]
    apart = "" if first["lead_low_pct"] > last["lead_high_pct"] else _(", men intervallene overlapper")
    share = percent(last["lead_pct"], 0)
    return _(" Minst oppslutning er det om «{text}», {lead_pct}{apart}.", text=last["text"], lead_pct=share, apart=apart)


def score_sentence(row: pd.Series) -> str:
    """The net promoter score with its interval."""
    score, low, high = (number(row[column], 0, sign=True) for column in ("lead_pct", "lead_low_pct", "lead_high_pct"))
    return _("Netto anbefalingsscore er {score}, mellom {low} og {high} (ni av ti)", score=score, low=low, high=high)


def promoters_sentence(row: pd.Series) -> str:
    """Whether more would recommend than not."""
    if row["lead_low_pct"] > 0:
        return _("Flere gir 9–10 enn 0–6.")
    return _("Flere gir 0–6 enn 9–10.") if row["lead_high_pct"] < 0 else _("Det er usikkert om flere gir 9–10 enn 0–6.")


def change_sentence(rows: pd.DataFrame, before: int) -> str:
    """How many of the compared answers have changed more than chance explains."""
    moved = int((rows["lead_low_pct"].gt(0) | rows["lead_high_pct"].lt(0)).sum())
    if not moved:
        return _("Ingen svar har klart endret seg siden {before}", before=before)
    of = _("{moved} av {rows} svar", moved=neuter(moved), rows=neuter(len(rows))).capitalize()
    return _("{of} har endret seg mer siden {before} enn tilfeldigheter forklarer", of=of, before=before)


def not_compared(now: pd.Series, then: pd.Series, why: str) -> str:
    """Why two waves are not compared, from their rows of all, named by their years."""
    why_not = WHY_NOT.get(why, _("spørsmålene eller svarene er ikke de samme"))
    if why == "target":
        why_not = _("den første gikk til {target}, den andre til {target2}", target=then["target"], target2=now["target"])
    return _(
        "Rundene i {year} og {year2} sammenlignes ikke: {why_not}. En forskjell i svarene kan komme av det.",
        year=then.name,
        year2=now.name,
        why_not=why_not,
    )


# -- what is counted from


def of_wave(table: pd.DataFrame, number: str, wave: int = 0) -> pd.DataFrame:
    """A municipality's rows of one wave, the latest where it is 0; one that nobody has answered is a `WrongUse`."""
    own = table[table["komm_nr"] == number]
    if wave and len(own) and wave not in set(own["year"]) and "answers" in table:
        waves = listed([str(year) for year in sorted(own["year"].unique())])
        raise WrongUse(f"Runden {wave} er ikke tatt inn. Velg blant: {waves}")
    return own[own["year"] == (wave or own["year"].max())]


def _asked(survey_results, survey_response, komm_nr, wave, beginnings):
    """The rows of a wave's questions with names of these beginnings, and its response of all; None where there is no wave."""
    own = of_wave(survey_response, komm_nr, wave)
    if own.empty:
        return survey_results.head(0), None
    rows = of_wave(survey_results, komm_nr, int(own["year"].iloc[0]))
    rows = rows[rows["question"].str.startswith(beginnings)]
    order = {group: place for place, group in enumerate(own.sort_values(["grouping", "position"])["group"])}
    order |= {OTHERS: len(order), UNTOLD: len(order) + 1}
    places = {"grouping": [ALL, *GROUPINGS].index, "group": lambda group: order.get(group, len(order)), "level": LEVELS.index}
    columns = ["grouping", "group", "question", "level", "position"]
    rows = rows.sort_values(columns, key=lambda column: column.map(places.get(column.name, lambda value: value)))
    named = [NAMES.get((grouping, group), group) for grouping, group in zip(rows["grouping"], rows["group"], strict=True)]
    return led(rows).assign(group=named), own[own["grouping"] == ALL].iloc[0]


def led(rows: pd.DataFrame, figure: str = "share_pct") -> pd.DataFrame:
    """Rows with the figure that leads, weighted where it is, and the unweighted one beside it, each with its interval: `lead_pct`,
    `lead_low_pct`, `lead_high_pct`, and the same as `beside_`, missing where nothing is weighted. figure: `share_pct` or
    `change_pct`."""
    plain = {"pct": figure, "low_pct": "low_pct", "high_pct": "high_pct"}
    weighted = {name: f"weighted_{column}".replace("share_", "") for name, column in plain.items()}
    own = rows[weighted["pct"]].notna()
    lead = {f"lead_{name}": rows[weighted[name]].where(own, rows[column]) for name, column in plain.items()}
    return rows.assign(**lead, **{f"beside_{name}": rows[column].where(own) for name, column in plain.items()})


def _not_asked(rows, whole):
    if pd.isna(whole["answers"]):
        return _("Færre enn fem svarte i {year}. Da vises ingen svar.", year=whole["year"])
    if rows.empty:
        return _("Det ble ikke spurt om dette i {year}.", year=whole["year"])
    return _("Ingen tok stilling til spørsmålet i {year}, eller så få at svarene er skjult.", year=whole["year"])


def _source(year, name):
    return _("NæringsPuls {year}, {name} kommune", year=year, name=name)


def _marks(rows, called) -> Names:
    """The mark that leads, and the unweighted beside it where it is weighted; called: what an unweighted figure alone is."""
    weighted = rows["beside_pct"].notna()
    if not weighted.any():
        return {"lead_pct": (called, "own")}
    named = _("vektet") if weighted.all() else _("vektet (grupper: uvektet)")
    return {"lead_pct": (named, "own"), "beside_pct": (_("uvektet"), "others")}


def _with_rank(row):
    if pd.isna(row.lead_pct):
        return _("færre enn fem svar")
    if pd.isna(row.rank):
        return percent(row.lead_pct, 0)
    span = f"{row.rank_low}" if row.rank_low == row.rank_high else f"{row.rank_low}–{row.rank_high}"
    return _("{lead_pct}, plass {span}", lead_pct=percent(row.lead_pct, 0), span=span)


def _with_n(row):
    return f"{row.group} (n{NBSP}={NBSP}{number(row.n)})"


def _plain(answer):
    """An answer, or some that are told together, as a sentence has it: «ganske eller svært fornøyd»."""
    parts = [part[:1].lower() + part[1:] for part in answer.split(" / ")]
    ends = {part.rpartition(" ")[2] for part in parts}
    if len(ends) == 1 and len(parts) > 1 and all(" " in part for part in parts):
        parts[:-1] = [part.rpartition(" ")[0] for part in parts[:-1]]
    return _(" eller ").join(parts)


def _change_name(row):
    return f"{row.text} (score)" if row.level == "score" else row.text if row.side == 1 else f"{row.text}: {row.answer}"
