"""The figures of the page on the survey of businesses: who answered, reasons, focus areas, satisfaction, waves and words.

Each function takes contract tables and gives a Chart, a Listing, or Missing with the reason. Questions are found by how their names
in the codebook begin (`etablere_for`, `etablere_mot`, `forbedre`, `satsing`, `tilfreds`, `anbefale`, `framtid`); those of
other names are in a table of their own. The titles are the questions as they were asked. `wave` is a year, 0 for the latest.
"""

import textwrap

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Listing, Missing
from nlib.charts.drawing import panel_name
from nlib.charts.style import GRID, GROUP, INK, OTHER, OWN, SOFT, WIDE, axes
from nlib.core.errors import WrongUse
from nlib.core.language import NBSP, counted, listed, number, percent, points, short_name
from nlib.methods.survey.response import ALIKE, LOW_PCT, told_rate
from nlib.methods.survey.tabulation import ALL, OTHERS, UNTOLD

BEGINNINGS = ("etablere_for", "etablere_mot", "forbedre", "satsing", "tilfreds", "anbefale", "framtid")
LEVELS = ["score", "side", "answer"]  # in the order of a table
GROUPINGS = {"size_group": "Størrelse", "industry": "Næring"}
NAMES = {
    ("size_group", OTHERS): "Øvrige størrelser",
    ("industry", OTHERS): "Øvrige næringer",
    ("size_group", UNTOLD): "Størrelse ikke oppgitt",
    ("industry", UNTOLD): "Næring ikke oppgitt",
}
NO_SURVEY = "Vises når en undersøkelse er tatt inn. Nederst på siden står det hvordan den lages."
HOW = (
    "Spør bedriftene i Nettskjema, Forms eller et annet verktøy, og last ned svarene. «nlib survey draft FIL» lager en kodebok som "
    "du retter, og «nlib import» tar inn svar og kodebok, de inviterte og notater. Nederst på siden står det trinn for trinn."
)
UNSEEN = "De som ikke svarte, kan mene noe annet, og det viser ikke intervallene."
MARGIN = "normaltilnærmet, 95 prosent"  # another figure than the intervals of the shares
FEW_HIDDEN = "«..» er færre enn fem svar, eller et tall som ville røpet dem."
WHY_NOT = {
    "mix": "de inviterte er satt sammen på en annen måte etter størrelse",
    "no frame": "det er ikke oppgitt hvem som ble invitert i begge rundene",
}
MAY_FOLLOW = "En forskjell i svarene kan komme av det."
LONGEST = 12  # rows of changes that are drawn


def response(survey_response: pd.DataFrame, name: str, komm_nr: str, wave: int = 0, synthetic: bool = False) -> Chart | Missing:
    """Who answered: each size's and industry's share of the answers against its share of the invited."""
    id, heading = "naeringspuls.response", "Hvem svarte?"
    own = of_wave(survey_response, komm_nr, wave)
    if own.empty:
        return Missing(id, heading, NO_SURVEY)
    whole = own[own["grouping"] == ALL].iloc[0]
    if pd.isna(whole["answers"]) or not whole["answers"]:
        return Missing(id, heading, f"Færre enn fem svarte i {whole['year']}. Da vises ingen svar.")
    parts = [own[own["grouping"] == grouping].sort_values("position") for grouping in GROUPINGS]
    parts = [part for part in parts if len(part)]
    if not parts:
        return Missing(id, heading, f"{rate_sentence(whole)}. Størrelse og næring er ikke spurt om.")
    rows = max(len(part) for part in parts)
    framed = pd.notna(whole["invited"])

    def draw(figure, narrow):
        left, height = (1.55, 0.24 * rows + 0.74) if narrow else (1.75, 0)
        for place, part in enumerate(parts):
            if narrow:
                axis = axes(figure, left, 0.35, 0.62 + place * height, 0.12 + (len(parts) - 1 - place) * height)
            else:
                axis = axes(figure, left + place * WIDE / 2, 0.35 + (1 - place) * WIDE / 2 * (len(parts) > 1), 0.62, 0.12)
            at = np.arange(len(part))
            axis.hlines(at, part["invited_pct"], part["answers_pct"], color=GRID, lw=4)
            axis.plot(part["invited_pct"], at, ls="", marker="o", ms=6, mfc="white", color=OTHER)
            axis.plot(part["answers_pct"], at, ls="", marker="D", ms=6, color=OWN)
            axis.set_yticks(at, _wrapped(part["group"], 26 if narrow else 28), size=7, color=INK)
            axis.set_ylim(rows - 0.5, -0.6)
            axis.set_xlim(-2, max(40, own[["invited_pct", "answers_pct"]].iloc[1:].max(axis=None) + 4))
            axis.grid(axis="x")
            panel_name(axis, GROUPINGS[part["grouping"].iloc[0]])
        marks = "◆ av svarene   ○ av de inviterte, prosent" if framed else "◆ av svarene, prosent"
        figure.text(0.02, 0.985, marks, size=8, weight="bold", color=INK, va="top")

    told = pd.concat(parts)
    return Chart(
        id=id,
        title=rate_sentence(whole),
        reading=("Ligger ruten til høyre for ringen, svarte gruppen oftere enn de andre. " if framed else "")
        + f"Undersøkelsen gikk til {whole['target'] or 'bedrifter i kommunen'} i {whole['year']}. {FEW_HIDDEN}",
        alt=f"Punktfigur, {whole['year']}: "
        + "; ".join(
            f"{row.group} {percent(row.answers_pct, 0)} av svarene"
            + (f", {percent(row.invited_pct, 0)} av de inviterte" if pd.notna(row.invited_pct) else "")
            for row in told.itertuples(index=False)
        )
        + ".",
        uncertainty=f"{warning(whole)} {weights_told(whole)}",
        source=_source(whole["year"], name),
        table=_headed(
            pd.concat([own[own["grouping"] == ALL], told]),
            group="Gruppe",
            invited="Inviterte",
            answers="Svar",
            response_pct="Svarandel, prosent",
            invited_pct="Av de inviterte, prosent",
            answers_pct="Av svarene, prosent",
        ),
        draw=draw,
        height=(1.15 + 0.23 * rows, 0.62 + len(parts) * (0.24 * rows + 0.74)),
        decimals=dict.fromkeys(("Svarandel, prosent", "Av de inviterte, prosent", "Av svarene, prosent"), 1),
        synthetic=synthetic,
    )


def reasons_for(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    name: str,
    komm_nr: str,
    wave: int = 0,
    synthetic: bool = False,
) -> Chart | Missing:
    """Reasons to establish in the municipality, in general and for one's own firm, ranked."""
    told = (survey_results, survey_response, name, komm_nr, wave, synthetic)
    return _ranked("reasons_for", "Grunner til å etablere seg", "etablere_for", *told)


def reasons_against(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    name: str,
    komm_nr: str,
    wave: int = 0,
    synthetic: bool = False,
) -> Chart | Missing:
    """Reasons not to establish in the municipality, in general and for one's own firm, ranked."""
    told = (survey_results, survey_response, name, komm_nr, wave, synthetic)
    return _ranked("reasons_against", "Grunner til ikke å etablere seg", "etablere_mot", *told)


def improve(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    name: str,
    komm_nr: str,
    wave: int = 0,
    synthetic: bool = False,
) -> Chart | Missing:
    """What should become better, ranked."""
    return _ranked("improve", "Hva bør bli bedre?", "forbedre", survey_results, survey_response, name, komm_nr, wave, synthetic)


def focus(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    name: str,
    komm_nr: str,
    wave: int = 0,
    synthetic: bool = False,
) -> Chart | Missing:
    """What businesses say of the plan's focus areas, as diverging bars."""
    told = (survey_results, survey_response, name, komm_nr, wave, synthetic)
    return _scales("focus", "Hva sier bedriftene om satsingsområdene i planen?", "satsing", *told)


def future(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    name: str,
    komm_nr: str,
    wave: int = 0,
    synthetic: bool = False,
) -> Chart | Missing:
    """How ready businesses say they are for what is coming, as diverging bars."""
    told = (survey_results, survey_response, name, komm_nr, wave, synthetic)
    return _scales("future", "Hvor godt rustet er bedriftene for framtida?", "framtid", *told)


def satisfaction(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    name: str,
    komm_nr: str,
    wave: int = 0,
    synthetic: bool = False,
) -> Chart | Missing:
    """How satisfied businesses are, all of them and by size and industry, as diverging bars."""
    told = (survey_results, survey_response, name, komm_nr, wave, synthetic)
    return _scales("satisfaction", "Hvor fornøyde er bedriftene?", "tilfreds", *told)


def recommend(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    name: str,
    komm_nr: str,
    wave: int = 0,
    synthetic: bool = False,
) -> Chart | Missing:
    """Whether businesses would recommend the municipality: the net promoter score of all, and by size and industry."""
    id, heading = "naeringspuls.recommend", "Vil bedriftene anbefale kommunen?"
    rows, whole = _asked(survey_results, survey_response, komm_nr, wave, "anbefale")
    if whole is None:
        return Missing(id, heading, NO_SURVEY)
    scores = rows[rows["level"] == "score"].dropna(subset=["lead_pct"])
    if scores.empty or ALL not in set(scores["grouping"]):
        return Missing(id, heading, _not_asked(rows, whole, "en skala fra 0 til 10 med et navn som begynner på «anbefale»"))
    scores = scores[scores["question"] == scores["question"].iloc[0]]
    all_of_them = scores[scores["grouping"] == ALL].iloc[0]

    def draw(figure, narrow):
        axis = axes(figure, 1.75 if narrow else 2.4, 0.55 if narrow else 1.1, 0.4, 0.28)
        _points(axis, scores, narrow, [_with_n(row) for row in scores.itertuples()], lambda row: number(row.lead_pct, 0, sign=True))
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.xaxis.set_major_formatter(lambda value, _: number(value, sign=True))
        figure.text(0.02, 0.985, _marks(scores, "score"), size=8, weight="bold", color=INK, va="top")

    return Chart(
        id=id,
        title=all_of_them["text"],
        reading=f"{score_sentence(all_of_them)} Scoren er andelen som svarer 9–10, minus andelen som svarer 0–6, fra "
        f"{number(-100)} til {number(100, sign=True)}. Grupper vises der det er nok svar.",
        alt=f"Punktfigur, netto anbefalingsscore i {whole['year']}: "
        + "; ".join(
            f"{row.group} {number(row.lead_pct, 0, sign=True)}" + _beside_alt(row, sign=True) for row in scores.itertuples()
        )
        + ".",
        uncertainty=doubts(whole, all_of_them["n"]),
        source=_source(whole["year"], name),
        table=_table(rows, ("group", "Gruppe"), ("answer", "Svar")),
        draw=draw,
        height=(0.95 + 0.24 * len(scores), 0.95 + 0.27 * len(scores)),
        decimals=DECIMALS,
        synthetic=synthetic,
    )


def waves(
    survey_waves: pd.DataFrame, survey_response: pd.DataFrame, name: str, komm_nr: str, wave: int = 0, synthetic: bool = False
) -> Chart | Missing:
    """What has changed since the wave before, where the two may be compared; else why they may not."""
    id, heading = "naeringspuls.waves", "Hva har endret seg siden forrige runde?"
    own = of_wave(survey_response, komm_nr, wave)
    if own.empty:
        return Missing(id, heading, NO_SURVEY)
    year = int(own["year"].iloc[0])
    rows = survey_waves[(survey_waves["komm_nr"] == komm_nr) & (survey_waves["year"] == year)]
    earlier = survey_response[(survey_response["komm_nr"] == komm_nr) & (survey_response["year"] < year)]
    if rows.empty:
        more = " Ingen av spørsmålene ble stilt i runden før." if len(earlier) else f" {year} er den første runden som er tatt inn."
        return Missing(id, heading, f"Det er ingenting å sammenligne med.{more}")
    before = int(rows["before"].iloc[0])
    then = earlier[(earlier["year"] == before) & (earlier["grouping"] == ALL)].iloc[0]
    told = led(rows, "change_pct").dropna(subset=["lead_pct"])
    if told.empty:
        return Missing(id, heading, not_compared(own[own["grouping"] == ALL].iloc[0], then, rows["why_not"].iloc[0]))
    shown = told[told["side"].eq(1).fillna(False) & told["kind"].ne("nps") | told["level"].eq("score")]
    shown = (shown if len(shown) else told).sort_values("lead_pct", ascending=False).head(LONGEST)
    labels = [_change_name(row) for row in shown.itertuples()]
    left_out = told_apart(rows)

    def draw(figure, narrow):
        axis = axes(figure, 1.75 if narrow else 3.1, 0.6 if narrow else 0.9, 0.4, 0.28)
        _points(axis, shown, narrow, _wrapped(labels, 30 if narrow else 50), lambda row: number(row.lead_pct, 0, sign=True))
        axis.axvline(0, color=SOFT, lw=0.9)
        axis.xaxis.set_major_formatter(lambda value, _: number(value, sign=True))
        figure.text(0.02, 0.985, _marks(shown, "endring, prosentpoeng"), size=8, weight="bold", color=INK, va="top")

    return Chart(
        id=id,
        title=change_sentence(told, before),
        reading=f"Endring fra {before} til {year} med 90 prosent intervall. Går streken over null, kan endringen være tilfeldig."
        + left_out,
        alt=f"Punktfigur, endring fra {before} til {year}: "
        + "; ".join(f"{label} {number(row.lead_pct, 0, sign=True)}" for label, row in zip(labels, shown.itertuples(), strict=True))
        + ".",
        uncertainty=f"{neuter(len(told)).capitalize()} svar er sammenlignet. Av ti uendrede ville om lag ett slå ut likevel. "
        "Noen kan ha svart i begge rundene; da er intervallene heller for brede enn for smale. " + UNSEEN,
        source=f"{_source(year, name)} og {before}",
        table=_headed(
            told.assign(answer=told["answer"].where(told["level"] != "score", "Score, poeng")),
            text="Spørsmål",
            answer="Svar",
            weighted_change_pct="Vektet endring",
            weighted_low_pct="Vektet, lav",
            weighted_high_pct="Vektet, høy",
            before_pct=f"{before}, prosent",
            share_pct=f"{year}, prosent",
            change_pct="Endring",
            low_pct="Lav",
            high_pct="Høy",
        ),
        draw=draw,
        height=(0.95 + 0.27 * len(shown), 0.95 + 0.33 * len(shown)),
        decimals=DECIMALS | {f"{before}, prosent": 1, f"{year}, prosent": 1},
        synthetic=synthetic,
    )


def others(
    survey_results: pd.DataFrame,
    survey_response: pd.DataFrame,
    name: str,
    komm_nr: str,
    wave: int = 0,
    synthetic: bool = False,
) -> Listing | Missing:
    """The questions that no figure shows, with each answer's share."""
    id, heading = "naeringspuls.others", "Andre spørsmål"
    rows, whole = _asked(survey_results, survey_response, komm_nr, wave, "")
    if whole is None:
        return Missing(id, heading, NO_SURVEY)
    rows = rows[~rows["question"].str.startswith(BEGINNINGS) & rows["grouping"].eq(ALL) & rows["level"].ne("score")]
    every = rows.loc[rows["level"] == "answer", "question"]
    rows = rows[rows["level"].eq("answer") | ~rows["question"].isin(every)]
    if rows.empty:
        return Missing(id, heading, "Alle spørsmålene i kodeboken er vist over.")
    weighted = rows["weighted_pct"].notna().any()
    table = rows.assign(
        said=[f"{percent(row.lead_pct, 0)} ({_interval(row)})" if pd.notna(row.lead_pct) else ".." for row in rows.itertuples()],
        plain=[percent(value, 0) for value in rows["share_pct"]],
        text=[f"{row.text} (n = {number(row.n)})" for row in rows.itertuples()],
    )
    return Listing(
        id=id,
        title=heading,
        reading=f"Andel av dem som tok stilling, i parentes 90 prosent intervall. {FEW_HIDDEN}",
        uncertainty=doubts(whole),
        source=_source(whole["year"], name),
        table=_headed(table, text="Spørsmål", answer="Svar", said="Vektet" if weighted else "Andel", plain="Uvektet"),
        by="Spørsmål",
        synthetic=synthetic,
    )


def words(
    survey_words: pd.DataFrame, survey_quotes: pd.DataFrame, name: str, komm_nr: str, wave: int = 0, synthetic: bool = False
) -> Listing | Missing:
    """What interviews, workshops and café dialogues were about: themes by count of notes, with quotes that are approved."""
    id, heading = "naeringspuls.words", "Hva sa bedriftene i intervjuer og verksteder?"
    own = of_wave(survey_words, komm_nr, wave)
    if own.empty:
        return Missing(id, heading, "Ingen notater fra intervjuer, verksteder eller kafédialog er tatt inn.")
    themes = own[own["source"] == ALL].sort_values("notes", ascending=False, kind="stable", na_position="last")
    year = int(themes["year"].iloc[0])
    quotes = of_wave(survey_quotes, komm_nr, year)
    lines = []
    for theme in themes.itertuples():
        said = quotes[(quotes["theme"] == theme.theme) & (quotes["focus_area"] == theme.focus_area)]
        head = f"{theme.theme}{f' ({theme.focus_area})' if theme.focus_area else ''}: {theme_count(theme.notes)}"
        lines += [(head, f"«{quote.quote}»", quote.source) for quote in said.itertuples()] or [
            (head, "Ingen godkjente sitater", "")
        ]
    return Listing(
        id=id,
        title=heading,
        reading="Temaene med flest notater står først. Bare sitater som noen har godkjent, er med, uten navn og numre.",
        uncertainty="Notatene er skrevet og sortert av dem som holdt samtalene. Deltakerne er ikke trukket tilfeldig, så antallet "
        "sier hva som kom opp, ikke hvor mange bedrifter som mener det. Færre enn fem notater telles ikke.",
        source=f"Intervjuer, verksteder og kafédialog, {short_name(name)} kommune, {year}",
        table=pd.DataFrame(lines, columns=["Tema", "Sitat", "Fra"]),
        by="Tema",
        synthetic=synthetic,
    )


def _ranked(figure_name, heading, beginning, survey_results, survey_response, name, komm_nr, wave, synthetic):
    """Multiple-choice questions whose names have this beginning (two are drawn beside each other), answers by their share."""
    id = f"naeringspuls.{figure_name}"
    rows, whole = _asked(survey_results, survey_response, komm_nr, wave, beginning)
    if whole is None:
        return Missing(id, heading, NO_SURVEY)
    of_all = rows[rows["grouping"].eq(ALL) & rows["kind"].isin(["multiple", "single"]) & rows["n"].gt(0).fillna(False)]
    if of_all.empty:
        return Missing(id, heading, _not_asked(rows, whole, f"svar å velge mellom, med et navn som begynner på «{beginning}»"))
    asked = list(dict.fromkeys(sorted(of_all["question"], key=lambda question: (question.endswith("_egen"), len(question)))))[:2]
    parts = [of_all[of_all["question"] == question] for question in asked]
    first = parts[0].sort_values("lead_pct", ascending=False, kind="stable", na_position="last")
    order = list(dict.fromkeys(answer for part in [first, *parts[1:]] for answer in part["answer"]))
    parts = [part.set_index("answer").reindex(order) for part in parts]
    names = ["Generelt", "Egen virksomhet"] if len(parts) == 2 else [""]
    top = 0.62 if len(parts) == 2 else 0.36
    table = _beside(rows[rows["question"].isin(asked)], ranks=True)

    def draw(figure, narrow):
        left, height = 1.55 if narrow else 1.95, 0.31 * len(order) + 0.62
        for place, part in enumerate(parts):
            if narrow:
                axis = axes(figure, left, 0.75, top + place * height, 0.25 + (len(parts) - 1 - place) * height)
            else:
                wide = (WIDE - left - 0.1) / len(parts)
                axis = axes(figure, left + place * wide, 0.75 + (len(parts) - 1 - place) * wide + 0.1, top, 0.25)
            labels = _wrapped(order, 24 if narrow else 32) if narrow or not place else [""] * len(order)
            _points(axis, part, narrow, labels, _with_rank)
            axis.set_xlim(0, 100)
            panel_name(axis, names[place] + f" (n = {number(part['n'].max())})" if names[place] else "")
        figure.text(0.02, 0.985, _marks(of_all, "prosent"), size=8, weight="bold", color=INK, va="top")

    more = f" Til høyre: «{parts[1]['text'].dropna().iloc[0]}» " if len(parts) == 2 else " "
    return Chart(
        id=id,
        title=first["text"].iloc[0],
        reading=f"{top_sentence(first)}{more}Plassen med intervall står etter tallet; overlapper to, er rekkefølgen usikker.",
        alt=f"Punktfigur, {whole['year']}. "
        + " ".join(
            f"{part['text'].dropna().iloc[0]} "
            + "; ".join(
                f"{row.Index} {percent(row.lead_pct, 0)}{_beside_alt(row)}" for row in part.dropna(subset=["lead_pct"]).itertuples()
            )
            + "."
            for part in parts
        ),
        uncertainty=doubts(whole, first["n"].iloc[0]),
        source=_source(whole["year"], name),
        table=table,
        draw=draw,
        height=(top + 0.4 + 0.27 * len(order), 0.8 + len(parts) * (0.31 * len(order) + 0.62)),
        decimals=DECIMALS | dict.fromkeys(table.columns[table.columns.str.contains("n inntil", regex=False)], 1),
        synthetic=synthetic,
    )


def _scales(figure_name, heading, beginning, survey_results, survey_response, name, komm_nr, wave, synthetic):
    """Scales whose names have this beginning, as diverging bars: one question by group, or several for all respondents."""
    id = f"naeringspuls.{figure_name}"
    rows, whole = _asked(survey_results, survey_response, komm_nr, wave, beginning)
    if whole is None:
        return Missing(id, heading, NO_SURVEY)
    three = rows[rows["level"].eq("side") & rows["kind"].eq("likert")]
    of_all = three[three["grouping"].eq(ALL) & three["side"].eq(1) & three["lead_pct"].notna()]
    if of_all.empty:
        return Missing(id, heading, _not_asked(rows, whole, f"en skala med et navn som begynner på «{beginning}»"))
    single = of_all["question"].nunique() == 1
    upper = three[three["side"].eq(1) & three["lead_pct"].notna()] if single else of_all.sort_values("lead_pct", ascending=False)
    at = ["question", "grouping", "group"]
    lower = three[three["side"].eq(-1)].set_index(at).reindex(pd.MultiIndex.from_frame(upper[at]))
    ends = three[three["question"] == upper["question"].iloc[0]].drop_duplicates("side").set_index("side")["answer"]
    labels = [_with_n(row) if single else row.text for row in upper.itertuples()]
    weighted = upper["weighted_pct"].notna().any()
    own = rows[rows["question"].isin(upper["question"])]
    table = _table(own, ("group", "Gruppe"), ("answer", "Svar")) if single else _beside(own)

    high = 0.2 if weighted else 0.0  # over the narrow figure: the marks' line above the three of the sides

    def draw(figure, narrow):
        axis = axes(figure, 1.65 if narrow else 2.75, 0.1 if narrow else 1.75, 0.62 + (high if narrow else 0.0), 0.12)
        _diverging(axis, lower, upper, _wrapped(labels, 26 if narrow else 44), ends, narrow)
        if not narrow:
            head = "andel (90 %)" + (", uvektet" if weighted else "")
            axis.annotate(head, (1, 1), (6, 6), xycoords="axes fraction", textcoords="offset points", size=7.5, color=SOFT)
        if weighted:
            figure.text(0.02, 0.985, _marks(upper, "andel", filled="▬"), size=8, weight="bold", color=INK, va="top")

    return Chart(
        id=id,
        title=upper["text"].iloc[0] if single else heading,
        reading=(side_sentence(upper.iloc[0], lower.iloc[0]) if single else several_sentence(upper))
        + " Resten svarte midt på. Tallet til høyre er andelen på den fylte siden med intervall.",
        alt=f"Divergerende søyler, {whole['year']}: "
        + "; ".join(
            f"{label} {_plain(ends[1])} {percent(row.lead_pct, 0)}{_beside_alt(row)}"
            + (f", {_plain(ends[-1])} {percent(under, 0)}" if pd.notna(under) else "")
            for label, row, under in zip(labels, upper.itertuples(), lower["lead_pct"], strict=True)
        )
        + ".",
        uncertainty=doubts(whole, upper["n"].iloc[0] if single else None),
        source=_source(whole["year"], name),
        table=table,
        draw=draw,
        height=(
            1.05 + (0.19 if single and len(upper) > 6 else 0.27) * len(upper),
            1.15 + high + (0.34 if single else 0.42) * len(upper),
        ),
        decimals=DECIMALS | dict.fromkeys(table.columns[table.columns.str.contains("n inntil", regex=False)], 1),
        synthetic=synthetic,
    )


# -- what is drawn


def _points(axis, rows, narrow, labels, written):
    """Shares with intervals from the top, each with its text, and the unweighted as a ring under a weighted one."""
    at = np.arange(len(rows))
    axis.hlines(at, rows["lead_low_pct"], rows["lead_high_pct"], color=OWN, lw=1.6)
    axis.plot(rows["lead_pct"], at, ls="", marker="D", ms=5.5, color=OWN, zorder=3)
    axis.hlines(at + 0.26, rows["beside_low_pct"], rows["beside_high_pct"], color=GROUP, lw=0.8, ls=(0, (2, 1)))
    axis.plot(rows["beside_pct"], at + 0.26, ls="", marker="o", ms=4.5, mfc="white", color=GROUP, zorder=3)
    ends = rows[["lead_high_pct", "beside_high_pct"]].max(axis=1)
    for row, (end, one) in enumerate(zip(ends, rows.itertuples(), strict=True)):
        text = written(one) if pd.notna(one.lead_pct) else "færre enn fem" if narrow else "færre enn fem svar"
        beside = {"textcoords": "offset points", "va": "center", "size": 7.5, "annotation_clip": False}
        axis.annotate(text, (end if pd.notna(end) else 0, row), (5, 0), weight="bold" if pd.notna(end) else "normal", **beside)
    axis.set_yticks(at, labels, color=INK, size=7 if narrow else 8)
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.grid(axis="x")
    axis.xaxis.get_major_locator().set_params(nbins=4 if narrow else 5)
    axis.xaxis.set_major_formatter(lambda value, _: number(value))


def _diverging(axis, lower, upper, labels, ends, narrow):
    """One side of a scale to the left, hatched, and the other to the right, filled, with their shares in them."""
    at = np.arange(len(upper))
    right, left = upper["lead_pct"].to_numpy(float), lower["lead_pct"].to_numpy(float)
    axis.barh(at, right, height=0.62, color=OWN)
    axis.barh(at, -np.nan_to_num(left), height=0.62, facecolor="white", edgecolor=GROUP, hatch="////", lw=0.9)
    axis.plot(upper["beside_pct"], at, ls="", marker="o", ms=5.5, mfc="white", mew=1.2, color=GROUP, zorder=4)
    reach = max(60.0, np.nanmax(right) + 6, (np.nanmax(left) if np.isfinite(left).any() else 0) + 12)
    middle = {"va": "center", "size": 7.5, "weight": "bold"}
    for row, (over, under) in enumerate(zip(right, left, strict=True)):
        axis.text(2, row, number(over), color="white" if over > 8 else INK, **middle)
        told = number(under) if np.isfinite(under) else ".."
        axis.text(-np.nan_to_num(under) - 2, row, told, ha="right", color=INK, **middle)
    axis.axvline(0, color=INK, lw=0.9)
    axis.set(xlim=(-min(reach, 80), reach), ylim=(len(upper) - 0.5, -0.6))
    axis.set_yticks(at, labels, color=INK, size=7 if narrow else 8)
    axis.set_xticks([])
    axis.spines[["left", "bottom"]].set_visible(False)
    over = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "size": 7 if narrow else 7.5, "color": INK}
    width = 15 if narrow else 22
    axis.annotate(textwrap.fill(ends[-1], width), (0, 1), (-5, 4), ha="right", va="bottom", annotation_clip=False, **over)
    axis.annotate(textwrap.fill(ends[1], width), (0, 1), (5, 4), ha="left", va="bottom", weight="bold", **over)
    if not narrow:
        for row, one in enumerate(upper.itertuples()):
            text = f"{number(one.lead_pct)} ({_interval(one)})"
            text += f", {number(one.beside_pct)}" if pd.notna(one.beside_pct) else ""
            beside = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "size": 8}
            axis.annotate(text, (1, row), (6, 0), color=INK, annotation_clip=False, **beside)


# -- what the titles and readings say


def rate_sentence(whole: pd.Series) -> str:
    """How many answered, with what it is a share of."""
    return told_rate(int(whole["answers"]), whole["invited"])


def warning(whole: pd.Series) -> str:
    """What is to be said of those who did not answer; `whole` is the row of all in `survey_response`."""
    if pd.isna(whole["invited"]):
        return f"Det er ikke oppgitt hvem som ble invitert, så svarandelen er ukjent, og skjevheter kan ikke testes. {UNSEEN}"
    return f"{silent(whole)} {test_sentence(whole['p_value'])}"


def silent(whole: pd.Series) -> str:
    """How many did not answer, and what that means."""
    if pd.isna(whole["response_pct"]):
        return UNSEEN
    low = "Svarandelen er lav: " if whole["response_pct"] < LOW_PCT else ""
    share = percent(100 - whole["response_pct"], 0)
    return f"{low}{share} svarte ikke. De kan mene noe annet, og det viser ikke intervallene."


def test_sentence(p: float) -> str:
    """Whether those who answered are made up as the invited, by the test; a test that was not made is said so."""
    if pd.isna(p):
        return "Det er ikke testet om de som svarte, ligner de inviterte."
    value = "p under 0,001" if p < 0.001 else f"p = {number(p, 3 if p < 0.1 else 2)}"
    if p < ALIKE:
        return f"De som svarte, ligner ikke de inviterte i størrelse og næring (kjikvadrattest, {value})."
    return f"En kjikvadrattest fant ingen klar skjevhet i størrelse og næring ({value}). Med få svar ser den bare store skjevheter."


def weights_told(whole: pd.Series) -> str:
    """What the weighted figures are, and what they cost."""
    if not whole["weighted_by"]:
        return "Tallene er ikke vektet."
    how = "celler av størrelse og næring" if whole["weighted_by"] == "cells" else "størrelse og næring hver for seg"
    told = f"Vektede tall gir hver gruppe samme plass som blant de inviterte ({how})"
    told += f" og er like usikre som om lag {number(whole['effective_n'])} uvektede svar. Grupper er ikke vektet."
    if whole["uncovered_pct"] > 0.5:
        told += f" {percent(whole['uncovered_pct'], 0)} av de inviterte er i grupper som ingen har svart fra."
    return told


def doubts(whole: pd.Series, n=None) -> str:
    """What is uncertain in a figure, in short: answers, response, margin, and those who did not answer."""
    of = f"n = {number(n)}. " if n is not None else ""
    margin = f"Største feilmargin er {points(whole['margin_pct'], 1)} ({MARGIN}). " if pd.notna(whole["margin_pct"]) else ""
    test = whole["p_value"]
    skewed = "" if pd.isna(test) or test >= ALIKE else " De som svarte, ligner ikke de inviterte."
    return f"{of}{rate_sentence(whole)}. {margin}{silent(whole)}{skewed}"


def top_sentence(rows: pd.DataFrame) -> str:
    """What most chose, and whether it is certain that it is the first; rows of one question, the most chosen first."""
    told = rows.dropna(subset=["lead_pct"])
    if told.empty or not told["lead_pct"].iloc[0]:
        return "Ingen svar er valgt av så mange at de kan vises."
    first = told.iloc[0]
    tops = told.loc[told["rank_low"].eq(1).fillna(False), "answer"]
    most = f"Flest valgte «{first['answer']}», {percent(first['lead_pct'], 0)}"
    if len(tops) < 2:
        return f"{most}."
    if len(tops) > 3:
        return f"{most}, men {counted(len(tops))} svar kan være først."
    others = listed([f"«{answer}»" for answer in tops if answer != first["answer"]])
    return f"{most}, men {others} kan også være først."


def side_sentence(upper: pd.Series, lower: pd.Series) -> str:
    """The share on each side of a scale, of one question."""
    said = f"{percent(upper['lead_pct'], 0)} svarte {_plain(upper['answer'])}"
    return f"{said}, {percent(lower['lead_pct'], 0)} {_plain(lower['answer'])}." if pd.notna(lower["lead_pct"]) else f"{said}."


def several_sentence(upper: pd.DataFrame) -> str:
    """Which of several scales most and fewest answered on the upper side of; rows by share, the highest first."""
    first, last = upper.iloc[0], upper.iloc[-1]
    apart = "" if first["lead_low_pct"] > last["lead_high_pct"] else ", men intervallene overlapper"
    return (
        f"Flest svarte {_plain(first['answer'])} til «{first['text']}», {percent(first['lead_pct'], 0)}, og færrest til "
        f"«{last['text']}», {percent(last['lead_pct'], 0)}{apart}."
    )


def score_sentence(row: pd.Series) -> str:
    """The net promoter score with its interval, and whether more would recommend than not."""
    span = f"fra {number(row['lead_low_pct'], 0, sign=True)} til {number(row['lead_high_pct'], 0, sign=True)}"
    more = "flere gir 9–10 enn 0–6" if row["lead_low_pct"] > 0 else "flere gir 0–6 enn 9–10" if row["lead_high_pct"] < 0 else ""
    more = more or "det er usikkert om flere gir 9–10 enn 0–6"
    return f"Netto anbefalingsscore er {number(row['lead_pct'], 0, sign=True)} ({span}): {more}."


def change_sentence(rows: pd.DataFrame, before: int) -> str:
    """How many of the compared answers have changed more than chance explains."""
    moved = int((rows["lead_low_pct"].gt(0) | rows["lead_high_pct"].lt(0)).sum())
    of = f"{neuter(moved)} av {neuter(len(rows))} svar".capitalize()
    if not moved:
        return (
            f"Ingen av {neuter(len(rows))} svar har klart endret seg siden {before}"
            if len(rows) > 1
            else "Svaret er ikke klart endret"
        )
    return f"{of} har endret seg mer siden {before} enn tilfeldigheter forklarer"


def not_compared(now: pd.Series, then: pd.Series, why: str) -> str:
    """Why two waves are not compared, from their rows of all."""
    both = f"Rundene i {then['year']} og {now['year']} sammenlignes ikke"
    if why == "target":
        sent = [
            f"til {row['target']}" + (f" ({number(row['invited'])})" if pd.notna(row["invited"]) else "") for row in (then, now)
        ]
        return f"{both}: i {then['year']} gikk undersøkelsen {sent[0]}, i {now['year']} {sent[1]}. {MAY_FOLLOW}"
    return f"{both}: {WHY_NOT.get(why, 'spørsmålene eller svarene er ikke de samme')}. {MAY_FOLLOW}"


def told_apart(rows: pd.DataFrame) -> str:
    """How many questions are left out of a comparison because they were asked otherwise."""
    count = rows.loc[rows["why_not"].isin(["words", "answers"]), "question"].nunique()
    if not count:
        return ""
    return f" {neuter(count).capitalize()} spørsmål er ikke stilt likt i de to rundene og er ikke med."


def neuter(count: int) -> str:
    """A count of answers, which are neuter: «ett»."""
    return "ett" if count == 1 else counted(count)


def theme_count(notes) -> str:
    """How many notes a theme has, in words."""
    return "færre enn fem notater" if pd.isna(notes) else f"{number(notes)} notater"


# -- what is told from

FIGURES = {
    "n": "n",
    "weighted_pct": "Vektet",
    "weighted_low_pct": "Vektet, lav",
    "weighted_high_pct": "Vektet, høy",
    "share_pct": "Uvektet",
    "low_pct": "Lav",
    "high_pct": "Høy",
}
DECIMALS = dict.fromkeys(
    ("Uvektet", "Lav", "Høy", "Vektet", "Vektet, lav", "Vektet, høy", "Endring", "Vektet endring"),
    1,
)


def of_wave(table: pd.DataFrame, number: str, wave: int = 0) -> pd.DataFrame:
    """A municipality's rows of one wave, the latest where it is 0; one that nobody has answered is a `WrongUse`."""
    own = table[table["komm_nr"] == number]
    if wave and len(own) and wave not in set(own["year"]) and "answers" in table:
        held = listed([str(year) for year in sorted(own["year"].unique())])
        raise WrongUse(f"Runden {wave} er ikke tatt inn. Velg blant: {held}")
    return own[own["year"] == (wave or own["year"].max())]


def _asked(survey_results, survey_response, komm_nr, wave, beginning):
    """The rows of a wave's questions with names of this beginning, and the row of all in its response, None where there is none."""
    own = of_wave(survey_response, komm_nr, wave)
    if own.empty:
        return survey_results.head(0), None
    rows = of_wave(survey_results, komm_nr, int(own["year"].iloc[0]))
    rows = rows[rows["question"].str.startswith(beginning)]
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


def _not_asked(rows, whole, what):
    if pd.isna(whole["answers"]):
        return f"Færre enn fem svarte i {whole['year']}. Da vises ingen svar."
    if rows.empty:
        return f"Kodeboken for {whole['year']} har ikke {what}."
    return f"Ingen tok stilling til spørsmålet i {whole['year']}, eller så få at svarene er skjult."


def _table(rows, *columns):
    """The numbers of a figure, unweighted and weighted beside each other, with groups under all."""
    return _headed(rows.assign(answer=rows["answer"].where(rows["level"] != "score", "Score, poeng")), **dict(columns), **FIGURES)


def _beside(rows, ranks=False):
    """The numbers of all respondents, and the share in each group that has any beside them; `n` of a group is that of its most."""
    key = ["question", "level", "position"]
    of_all, others = rows[rows["grouping"] == ALL], rows[rows["grouping"].isin(GROUPINGS)].dropna(subset=["share_pct"])
    shares = others.pivot(index=key, columns=["grouping", "group"], values="share_pct")
    shares = shares[others[["grouping", "group"]].drop_duplicates().itertuples(index=False, name=None)]
    most = others.groupby(["grouping", "group"])["n"].max()
    shares.columns = [f"{group} (n inntil {number(most[grouping, group])})" for grouping, group in shares.columns]
    ranked = {"rank": "Plass", "rank_low": "Beste", "rank_high": "Dårligste"} if ranks else {}
    asked = {"text": "Spørsmål"} if of_all["question"].nunique() > 1 else {}
    told = of_all.merge(shares.reset_index(), on=key, how="left", validate="1:1") if len(shares) else of_all
    return _headed(told, **asked, answer="Svar", **FIGURES, **ranked, **{name: name for name in shares.columns})


def _headed(table, **headings):
    return table[list(headings)].rename(columns=headings).reset_index(drop=True)


def _source(year, name):
    return f"NæringsPuls {year}, {short_name(name)} kommune"


def _marks(rows, unit, filled="◆"):
    weighted = rows["weighted_pct" if "weighted_pct" in rows else "weighted_change_pct"].notna()
    kinds = f"{filled} vektet   ○ uvektet" if weighted.any() else f"{filled} uvektet"
    return f"{kinds}, {unit}" + (f" (grupper: {filled} uvektet)" if weighted.any() and not weighted.all() else "")


def _with_rank(row):
    if pd.isna(row.rank):
        return number(row.lead_pct)
    span = f"{row.rank_low}" if row.rank_low == row.rank_high else f"{row.rank_low}–{row.rank_high}"
    return f"{number(row.lead_pct)} · plass {span}"


def _with_n(row):
    return f"{row.group} (n{NBSP}={NBSP}{number(row.n)})"


def _interval(row):
    return f"{number(row.lead_low_pct)}–{number(row.lead_high_pct)}"


def _beside_alt(row, sign=False):
    return "" if pd.isna(row.beside_pct) else f" (uvektet {number(row.beside_pct, 0, sign)})"


def _plain(answer):
    """An answer, or some that are told together, as a sentence has it."""
    return " eller ".join(part[:1].lower() + part[1:] for part in answer.split(" / "))


def _change_name(row):
    return f"{row.text} (score)" if row.level == "score" else row.text if row.side == 1 else f"{row.text}: {row.answer}"


def _wrapped(texts, width):
    return [textwrap.fill(text, width, max_lines=2, placeholder=" …") for text in texts]
