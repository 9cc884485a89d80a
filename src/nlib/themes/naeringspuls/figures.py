"""The figures of the page on the survey of businesses: who answered, reasons, focus areas, satisfaction, waves and words.

Each function takes contract tables and gives a Chart, a Listing, or Missing with the reason. Questions are found by how their names
in the codebook begin (`etablere_for`, `etablere_mot`, `forbedre`, `satsing`, `tilfreds`, `anbefale`, `framtid`); those of
other names are in a table of their own. Drawings are headed by the question as it was asked. `wave` is a year, 0 for the latest.
"""

import pandas as pd

from nlib.charts.bars import Bars
from nlib.charts.chart import Chart, Listing, Missing
from nlib.charts.form import Names, Panels
from nlib.charts.strip import Strip
from nlib.core.errors import WrongUse
from nlib.core.language import NBSP, counted, listed, neuter, number, percent, points
from nlib.core.translations import _
from nlib.methods.survey.response import ALIKE, LOW_PCT, told_rate
from nlib.methods.survey.tabulation import ALL, OTHERS, UNTOLD

BEGINNINGS = ("etablere_for", "etablere_mot", "forbedre", "satsing", "tilfreds", "anbefale", "framtid")
LEVELS = ["score", "side", "answer"]  # in the order of a table
GROUPINGS = {"size_group": _("Størrelse"), "industry": _("Næring")}
NAMES = {
    ("size_group", OTHERS): _("Øvrige størrelser"),
    ("industry", OTHERS): _("Øvrige næringer"),
    ("size_group", UNTOLD): _("Størrelse ikke oppgitt"),
    ("industry", UNTOLD): _("Næring ikke oppgitt"),
}
NO_SURVEY = _("Vises når en undersøkelse er tatt inn.")
UNSEEN = _("De som ikke svarte, kan mene noe annet, og det viser ikke intervallene.")
MARGIN = _("normaltilnærmet, 95 prosent")  # another figure than the intervals of the shares
FEW_HIDDEN = _("«..» er færre enn fem svar, eller et tall som ville røpet dem.")
NOT_DRAWN = _("Der en side ikke er tegnet, er den færre enn fem svar, eller et tall som ville røpet dem.")
PLACES = _("Plassen med intervall står etter tallet; overlapper to, er rekkefølgen usikker.")
WHY_NOT = {
    "mix": _("de inviterte er satt sammen på en annen måte etter størrelse"),
    "no frame": _("det er ikke oppgitt hvem som ble invitert i begge rundene"),
}
MAY_FOLLOW = _("En forskjell i svarene kan komme av det.")
LONGEST = 12  # rows of changes that are drawn
INTERVAL = ("lead_low_pct", "lead_high_pct")


def response(survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0) -> Chart | Missing:
    """Who answered: each size's and industry's share of the answers against its share of the invited."""
    id, heading = "naeringspuls.response", _("Hvem svarte?")
    own = of_wave(survey_response, komm_nr, wave)
    if own.empty:
        return Missing(id, heading, NO_SURVEY)
    whole = own[own["grouping"] == ALL].iloc[0]
    if pd.isna(whole["answers"]) or not whole["answers"]:
        return Missing(id, heading, _("Færre enn fem svarte i {year}. Da vises ingen svar.", year=whole["year"]))
    held = own[own["grouping"].isin(GROUPINGS)]
    if held.empty:
        return Missing(id, heading, _("{whole}. Størrelse og næring er ikke spurt om.", whole=rate_sentence(whole)))
    framed = pd.notna(whole["invited"])
    form = Panels(
        forms=[
            Strip(
                heading=GROUPINGS[grouping],
                rows=held[held["grouping"] == grouping].sort_values("position").set_index("group").rename_axis(_("Gruppe")),
                marks={"answers_pct": (_("av svarene"), "own")}
                | ({"invited_pct": (_("av de inviterte"), "others")} if framed else {}),
                joined=framed,
                limits=(-2, max(40.0, held[["invited_pct", "answers_pct"]].max(axis=None) + 4)),
                unit="%",
                also={"invited": _("Inviterte"), "answers": _("Svar"), "response_pct": _("Svarandel, prosent")},
                precise={"response_pct": 1},
            )
            for grouping in GROUPINGS
            if (held["grouping"] == grouping).any()
        ]
    )
    return form.chart(
        id,
        rate_sentence(whole),
        (_("Ligger ruten til høyre for prikken, svarte gruppen oftere enn de andre. ") if framed else "")
        + _(
            "Undersøkelsen gikk til {value} i {year}. {few_hidden}",
            value=whole["target"] or _("bedrifter i kommunen"),
            year=whole["year"],
            few_hidden=FEW_HIDDEN,
        ),
        f"{warning(whole)} {weights_told(whole)}",
        _source(whole["year"], names[komm_nr]),
    )


def reasons(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart | Missing:
    """Reasons for and against establishing in the municipality, in general and for one's own firm, ranked."""
    asked = {"for": "etablere_for", _("mot"): "etablere_mot"}
    return _ranked("reasons", _("Grunner for og mot å etablere seg"), asked, survey_results, survey_response, names, komm_nr, wave)


def improve(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart | Missing:
    """What should become better, ranked."""
    told = (survey_results, survey_response, names, komm_nr, wave)
    return _ranked("improve", _("Hva bør bli bedre?"), {"": "forbedre"}, *told)


def focus(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart | Missing:
    """What businesses say of the plan's focus areas, as diverging bars."""
    told = (survey_results, survey_response, names, komm_nr, wave)
    return _scales("focus", _("Hva sier bedriftene om satsingsområdene i planen?"), "satsing", *told)


def future(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart | Missing:
    """How ready businesses say they are for what is coming, as diverging bars."""
    told = (survey_results, survey_response, names, komm_nr, wave)
    return _scales("future", _("Hvor godt rustet er bedriftene for framtida?"), "framtid", *told)


def satisfaction(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart | Missing:
    """How satisfied businesses are, all of them and by size and industry, as diverging bars."""
    told = (survey_results, survey_response, names, komm_nr, wave)
    return _scales("satisfaction", _("Hvor fornøyde er bedriftene?"), "tilfreds", *told)


def recommend(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart | Missing:
    """Whether businesses would recommend the municipality: the net promoter score of all, and by size and industry."""
    id, heading = "naeringspuls.recommend", _("Vil bedriftene anbefale kommunen?")
    rows, whole = _asked(survey_results, survey_response, komm_nr, wave, "anbefale")
    if whole is None:
        return Missing(id, heading, NO_SURVEY)
    scores = rows[rows["level"] == "score"].dropna(subset=["lead_pct"])
    if scores.empty or ALL not in set(scores["grouping"]):
        return Missing(id, heading, _not_asked(rows, whole))
    scores = scores[scores["question"] == scores["question"].iloc[0]]
    all_of_them = scores[scores["grouping"] == ALL].iloc[0]
    scores, shares = _with_shares(scores.assign(label=[_with_n(row) for row in scores.itertuples()]), rows)
    form = Strip(
        heading=all_of_them["text"],
        rows=scores.set_index("label").rename_axis(_("Gruppe")),
        marks=_marks(scores, _("netto anbefalingsscore")),
        interval=INTERVAL,
        own=_with_n(all_of_them),
        level=0,
        sign=True,
        also=shares | {"n": "n"},
    )
    return form.chart(
        id,
        score_sentence(all_of_them),
        _(
            "{more} Scoren er andelen som svarer 9–10, minus andelen som svarer 0–6, fra {value} til {value2}. Grupper vises der "
            "det er nok svar.",
            more=promoters_sentence(all_of_them),
            value=number(-100),
            value2=number(100, sign=True),
        ),
        doubts(whole, all_of_them["n"]),
        _source(whole["year"], names[komm_nr]),
    )


def waves(
    survey_waves: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Chart | Missing:
    """What has changed since the wave before, where the two may be compared; else why they may not."""
    id, heading = "naeringspuls.waves", _("Hva har endret seg siden forrige runde?")
    own = of_wave(survey_response, komm_nr, wave)
    if own.empty:
        return Missing(id, heading, NO_SURVEY)
    year = int(own["year"].iloc[0])
    rows = survey_waves[(survey_waves["komm_nr"] == komm_nr) & (survey_waves["year"] == year)]
    earlier = survey_response[(survey_response["komm_nr"] == komm_nr) & (survey_response["year"] < year)]
    if rows.empty:
        more = (
            _(" Ingen av spørsmålene ble stilt i runden før.")
            if len(earlier)
            else _(" {year} er den første runden som er tatt inn.", year=year)
        )
        return Missing(id, heading, _("Det er ingenting å sammenligne med.{more}", more=more))
    before = int(rows["before"].iloc[0])
    then = earlier[(earlier["year"] == before) & (earlier["grouping"] == ALL)].iloc[0]
    told = led(rows, "change_pct").dropna(subset=["lead_pct"])
    if told.empty:
        return Missing(id, heading, not_compared(own[own["grouping"] == ALL].iloc[0], then, rows["why_not"].iloc[0]))
    shown = told[told["side"].eq(1).fillna(False) & told["kind"].ne("nps") | told["level"].eq("score")]
    shown = shown if len(shown) else told
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
    return form.chart(
        id,
        change_sentence(told, before),
        _(
            "Endring fra {before} til {year} med 90 prosent intervall. Går streken over null, kan endringen være tilfeldig.",
            before=before,
            year=year,
        )
        + told_apart(rows),
        _(
            "{told} svar er sammenlignet. Av ti uendrede ville om lag ett slå ut likevel. Noen kan ha svart i begge rundene; "
            "da er intervallene heller for brede enn for smale. ",
            told=neuter(len(told)).capitalize(),
        )
        + UNSEEN,
        _("{year} og {before}", year=_source(year, names[komm_nr]), before=before),
    )


def others(
    survey_results: pd.DataFrame, survey_response: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Listing | Missing:
    """The questions that no figure shows, with each answer's share."""
    id, heading = "naeringspuls.others", _("Andre spørsmål")
    rows, whole = _asked(survey_results, survey_response, komm_nr, wave, "")
    if whole is None:
        return Missing(id, heading, NO_SURVEY)
    rows = rows[~rows["question"].str.startswith(BEGINNINGS) & rows["grouping"].eq(ALL) & rows["level"].ne("score")]
    every = rows.loc[rows["level"] == "answer", "question"]
    rows = rows[rows["level"].eq("answer") | ~rows["question"].isin(every)]
    if rows.empty:
        return Missing(id, heading, _("Alle spørsmålene i undersøkelsen er vist over."))
    table = pd.DataFrame(
        {
            _("Spørsmål"): [f"{row.text} (n = {number(row.n)})" for row in rows.itertuples()],
            _("Svar"): rows["answer"],
            _("Vektet") if rows["weighted_pct"].notna().any() else _("Andel"): [
                f"{percent(row.lead_pct, 0)} ({_interval(row)})" if pd.notna(row.lead_pct) else ".." for row in rows.itertuples()
            ],
            _("Uvektet"): [percent(value, 0) for value in rows["share_pct"]],
        }
    )
    return Listing(
        id=id,
        title=heading,
        reading=_("Andel av dem som tok stilling, i parentes 90 prosent intervall. {few_hidden}", few_hidden=FEW_HIDDEN),
        uncertainty=doubts(whole),
        source=_source(whole["year"], names[komm_nr]),
        table=table.reset_index(drop=True),
        by=_("Spørsmål"),
    )


def words(
    survey_words: pd.DataFrame, survey_quotes: pd.DataFrame, names: dict[str, str], komm_nr: str, wave: int = 0
) -> Listing | Missing:
    """What interviews, workshops and café dialogues were about: themes by count of notes, with quotes that are approved."""
    id, heading = "naeringspuls.words", _("Hva sa bedriftene i intervjuer og verksteder?")
    own = of_wave(survey_words, komm_nr, wave)
    if own.empty:
        return Missing(id, heading, _("Ingen notater fra intervjuer, verksteder eller kafédialog er tatt inn."))
    themes = own[own["source"] == ALL].sort_values("notes", ascending=False, kind="stable", na_position="last")
    year = int(themes["year"].iloc[0])
    quotes = of_wave(survey_quotes, komm_nr, year)
    lines = []
    for theme in themes.itertuples():
        said = quotes[(quotes["theme"] == theme.theme) & (quotes["focus_area"] == theme.focus_area)]
        head = f"{theme.theme}{f' ({theme.focus_area})' if theme.focus_area else ''}: {theme_count(theme.notes)}"
        lines += [(head, f"«{quote.quote}»", quote.source) for quote in said.itertuples()] or [
            (head, _("Ingen godkjente sitater"), "")
        ]
    return Listing(
        id=id,
        title=heading,
        reading=_("Temaene med flest notater står først. Bare sitater som noen har godkjent, er med, uten navn og numre."),
        uncertainty=_(
            "Notatene er skrevet og sortert av dem som holdt samtalene. Deltakerne er ikke trukket tilfeldig, så antallet "
            "sier hva som kom opp, ikke hvor mange bedrifter som mener det. Færre enn fem notater telles ikke."
        ),
        source=_("Intervjuer, verksteder og kafédialog, {names} kommune, {year}", names=names[komm_nr], year=year),
        table=pd.DataFrame(lines, columns=[_("Tema"), _("Sitat"), _("Fra")]),
        by=_("Tema"),
    )


def _ranked(figure_name, heading, asked, survey_results, survey_response, names, komm_nr, wave):
    """Multiple-choice questions whose names have these beginnings, a panel each, their answers by share."""
    id = f"naeringspuls.{figure_name}"
    answered = [_asked(survey_results, survey_response, komm_nr, wave, beginning) for beginning in asked.values()]
    rows, whole = answered[0]
    if whole is None:
        return Missing(id, heading, NO_SURVEY)
    found = {}
    for way, (told, __) in zip(asked, answered, strict=True):
        held = told[told["grouping"].eq(ALL) & told["kind"].isin(["multiple", "single"]) & told["n"].gt(0).fillna(False)]
        if len(held):
            found[way] = _by_share(held)
    if not found:
        return Missing(id, heading, _not_asked(rows, whole))
    first = next(iter(found.values()))
    said = " ".join(_("Grunner {way}: {part}", way=way, part=top_sentence(part)) for way, part in found.items() if len(found) > 1)
    said = said or top_sentence(first) * bool(_most_chosen(first)[1])
    return Panels(forms=[_of_answers(part) for part in found.values()], across=1).chart(
        id,
        reasons_sentence(*found.values()),
        f"{said} {PLACES}".lstrip(),
        doubts(whole, first["n"].iloc[0]),
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


def _scales(figure_name, heading, beginning, survey_results, survey_response, names, komm_nr, wave):
    """Scales whose names have this beginning, as diverging bars: one question by group, or several for all respondents."""
    id = f"naeringspuls.{figure_name}"
    rows, whole = _asked(survey_results, survey_response, komm_nr, wave, beginning)
    if whole is None:
        return Missing(id, heading, NO_SURVEY)
    three = rows[rows["level"].eq("side") & rows["kind"].eq("likert")]
    of_all = three[three["grouping"].eq(ALL) & three["side"].eq(1) & three["lead_pct"].notna()]
    if of_all.empty:
        return Missing(id, heading, _not_asked(rows, whole))
    single = of_all["question"].nunique() == 1
    upper = three[three["side"].eq(1) & three["lead_pct"].notna()] if single else of_all.sort_values("lead_pct", ascending=False)
    at = ["question", "grouping", "group"]
    lower = three[three["side"].eq(-1)].set_index(at).reindex(pd.MultiIndex.from_frame(upper[at]))
    ends = three[three["question"] == upper["question"].iloc[0]].drop_duplicates("side").set_index("side")["answer"]
    upper, shares = _with_shares(
        upper.assign(
            lower_pct=lower["lead_pct"].to_numpy(),
            label=[_with_n(row) if single else row.text for row in upper.itertuples()],
            told=[f"{percent(row.lead_pct, 0)} ({_interval(row)})" for row in upper.itertuples()],
        ),
        rows[rows["level"] == "answer"],
    )
    marks = _marks(upper, _("andel"))
    led_by = marks.pop("lead_pct")[0]
    form = Bars(
        heading=upper["text"].iloc[0] if single else heading,
        more=led_by if marks else "",
        rows=upper.set_index("label").rename_axis(_("Gruppe") if single else _("Spørsmål")),
        parts={"lead_pct": (ends[1], "own"), "lower_pct": (ends[-1], "against")},
        below=("lower_pct",),
        marks=marks,
        interval=INTERVAL,
        texts="told",
        own=upper["label"].iloc[0] if single else "",
        unit="%",
        also=shares | {"n": "n"},
    )
    return form.chart(
        id,
        side_sentence(upper.iloc[0], lower.iloc[0]).rstrip(".") if single else several_sentence(upper),
        _(
            "Den fylte stolpen til høyre er den øverste delen av skalaen, den skraverte til venstre den nederste; resten "
            "svarte midt på. Tallet er den fylte siden, {led_by}, med intervall.",
            led_by=led_by,
        )
        + ("" if single else ends_sentence(upper))
        + (f" {NOT_DRAWN}" if upper["lower_pct"].isna().any() else ""),
        doubts(whole, upper["n"].iloc[0] if single else None),
        _source(whole["year"], names[komm_nr]),
    )


# -- what the titles and readings say


def rate_sentence(whole: pd.Series) -> str:
    """How many answered, with what it is a share of."""
    return told_rate(int(whole["answers"]), whole["invited"])


def warning(whole: pd.Series) -> str:
    """What is to be said of those who did not answer; `whole` is the row of all in `survey_response`."""
    if pd.isna(whole["invited"]):
        return _(
            "Det er ikke oppgitt hvem som ble invitert, så svarandelen er ukjent, og skjevheter kan ikke testes. {unseen}",
            unseen=UNSEEN,
        )
    return f"{silent(whole)} {test_sentence(whole['p_value'])}"


def silent(whole: pd.Series) -> str:
    """How many did not answer, and what that means."""
    if pd.isna(whole["response_pct"]):
        return UNSEEN
    low = _("Svarandelen er lav: ") if whole["response_pct"] < LOW_PCT else ""
    share = percent(100 - whole["response_pct"], 0)
    return _("{low}{share} svarte ikke. De kan mene noe annet, og det viser ikke intervallene.", low=low, share=share)


def test_sentence(p: float) -> str:
    """Whether those who answered are made up as the invited, by the test; a test that was not made is said so."""
    if pd.isna(p):
        return _("Det er ikke testet om de som svarte, ligner de inviterte.")
    value = _("p under 0,001") if p < 0.001 else f"p = {number(p, 3 if p < 0.1 else 2)}"
    if p < ALIKE:
        return _("De som svarte, ligner ikke de inviterte i størrelse og næring (kjikvadrattest, {value}).", value=value)
    return _(
        "En kjikvadrattest fant ingen klar skjevhet i størrelse og næring ({value}). Med få svar ser den bare store skjevheter.",
        value=value,
    )


def weights_told(whole: pd.Series) -> str:
    """What the weighted figures are, and what they cost."""
    if not whole["weighted_by"]:
        return _("Tallene er ikke vektet.")
    how = _("celler av størrelse og næring") if whole["weighted_by"] == "cells" else _("størrelse og næring hver for seg")
    told = _("Vektede tall gir hver gruppe samme plass som blant de inviterte ({how})", how=how)
    told += _(
        " og er like usikre som om lag {effective_n} uvektede svar. Grupper er ikke vektet.",
        effective_n=number(whole["effective_n"]),
    )
    if whole["uncovered_pct"] > 0.5:
        told += _(
            " {uncovered_pct} av de inviterte er i grupper som ingen har svart fra.",
            uncovered_pct=percent(whole["uncovered_pct"], 0),
        )
    return told


def doubts(whole: pd.Series, n=None) -> str:
    """What is uncertain in a figure, in short: answers, response, margin, and those who did not answer."""
    of = f"n = {number(n)}. " if n is not None else ""
    margin = (
        _("Største feilmargin er {margin_pct} ({margin}). ", margin_pct=points(whole["margin_pct"], 1), margin=MARGIN)
        if pd.notna(whole["margin_pct"])
        else ""
    )
    test = whole["p_value"]
    skewed = "" if pd.isna(test) or test >= ALIKE else _(" De som svarte, ligner ikke de inviterte.")
    return f"{of}{rate_sentence(whole)}. {margin}{silent(whole)}{skewed}"


def top_sentence(rows: pd.DataFrame) -> str:
    """What most chose, and whether it is certain that it is the first; rows of one question, the most chosen first."""
    most, others = _most_chosen(rows)
    if not others:
        return f"{most}."
    if len(others) > 2:
        return _("{most}, men {tops} svar kan være først.", most=most, tops=counted(len(others) + 1))
    return _("{most}, men {others} kan også være først.", most=most, others=listed([f"«{answer}»" for answer in others]))


def _most_chosen(rows):
    """What most chose, as the beginning of a sentence, and the other answers that can be first."""
    told = rows.dropna(subset=["lead_pct"])
    if told.empty or not told["lead_pct"].iloc[0]:
        return _("Ingen svar er valgt av så mange at de kan vises"), []
    first = told.iloc[0]
    tops = told.loc[told["rank_low"].eq(1).fillna(False), "answer"]
    most = _("Flest valgte «{answer}» ({lead_pct})", answer=first["answer"], lead_pct=percent(first["lead_pct"], 0))
    return most, [answer for answer in tops if answer != first["answer"]] if len(tops) > 1 else []


def reasons_sentence(first: pd.DataFrame, against: pd.DataFrame | None = None) -> str:
    """What most chose, of reasons for and against where both are asked; the answers of one question by share."""
    if against is None or not (first["lead_pct"].iloc[0] > 0 and against["lead_pct"].iloc[0] > 0):
        most, others = _most_chosen(first)
        return _("{most}, men forskjellen er usikker", most=most) if others else most
    for_it, not_it = first["answer"].iloc[0], against["answer"].iloc[0]
    return _("«{for_it}» er oftest grunn for, «{not_it}» oftest mot", for_it=for_it, not_it=not_it)


def side_sentence(upper: pd.Series, lower: pd.Series) -> str:
    """The share on each side of a scale, of one question."""
    said = _("{lead_pct} svarte {answer}", lead_pct=percent(upper["lead_pct"], 0), answer=_plain(upper["answer"]))
    return f"{said}, {percent(lower['lead_pct'], 0)} {_plain(lower['answer'])}." if pd.notna(lower["lead_pct"]) else f"{said}."


def several_sentence(upper: pd.DataFrame) -> str:
    """Which of several scales most answered on the upper side of; rows by share, the highest first."""
    first = upper.iloc[0]
    return _("Mest oppslutning om «{text}»: {lead_pct}", text=first["text"], lead_pct=percent(first["lead_pct"], 0))


def ends_sentence(upper: pd.DataFrame) -> str:
    """What the shares are of, which of several scales fewest answered on the upper side of, and whether that is certain."""
    first, last = upper.iloc[0], upper.iloc[-1]
    apart = "" if first["lead_low_pct"] > last["lead_high_pct"] else _(", men intervallene overlapper")
    return _(
        " Oppslutning er å ha svart {answer}. Minst er den om «{text}», {lead_pct}{apart}.",
        answer=_plain(first["answer"]),
        text=last["text"],
        lead_pct=percent(last["lead_pct"], 0),
        apart=apart,
    )


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
    of = _("{moved} av {rows} svar", moved=neuter(moved), rows=neuter(len(rows))).capitalize()
    if not moved:
        return (
            _("Ingen av {rows} svar har klart endret seg siden {before}", rows=neuter(len(rows)), before=before)
            if len(rows) > 1
            else _("Svaret er ikke klart endret")
        )
    return _("{of} har endret seg mer siden {before} enn tilfeldigheter forklarer", of=of, before=before)


def not_compared(now: pd.Series, then: pd.Series, why: str) -> str:
    """Why two waves are not compared, from their rows of all."""
    both = _("Rundene i {year} og {year2} sammenlignes ikke", year=then["year"], year2=now["year"])
    if why == "target":
        sent = [
            _("til {target}", target=row["target"]) + (f" ({number(row['invited'])})" if pd.notna(row["invited"]) else "")
            for row in (then, now)
        ]
        return _(
            "{both}: i {year} gikk undersøkelsen {sent}, i {year2} {sent2}. {may_follow}",
            both=both,
            year=then["year"],
            sent=sent[0],
            year2=now["year"],
            sent2=sent[1],
            may_follow=MAY_FOLLOW,
        )
    return f"{both}: {WHY_NOT.get(why, _('spørsmålene eller svarene er ikke de samme'))}. {MAY_FOLLOW}"


def told_apart(rows: pd.DataFrame) -> str:
    """How many questions are left out of a comparison because they were asked otherwise."""
    count = rows.loc[rows["why_not"].isin(["words", "answers"]), "question"].nunique()
    if not count:
        return ""
    return _(" {count} spørsmål er ikke stilt likt i de to rundene og er ikke med.", count=neuter(count).capitalize())


def theme_count(notes) -> str:
    """How many notes a theme has, in words."""
    return _("færre enn fem notater") if pd.isna(notes) else _("{notes} notater", notes=number(notes))


# -- what is told from


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


def _not_asked(rows, whole):
    if pd.isna(whole["answers"]):
        return _("Færre enn fem svarte i {year}. Da vises ingen svar.", year=whole["year"])
    if rows.empty:
        return _("Det ble ikke spurt om dette i {year}.", year=whole["year"])
    return _("Ingen tok stilling til spørsmålet i {year}, eller så få at svarene er skjult.", year=whole["year"])


def _with_shares(rows, answers):
    """Rows by question and group with the share that gave each answer beside them, and what those columns are called."""
    at = ["question", "grouping", "group"]
    answers = answers[answers["level"].ne("score") & answers["question"].isin(rows["question"])]
    wide = answers.drop_duplicates([*at, "answer"]).pivot(index=at, columns="answer", values="lead_pct")
    wide = wide[answers.sort_values("position")["answer"].unique()].add_prefix("answer_")
    return rows.merge(wide, how="left", left_on=at, right_index=True), {f"answer_{answer}": answer for answer in answers["answer"]}


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


def _interval(row):
    return f"{number(row.lead_low_pct)}–{number(row.lead_high_pct)}"


def _plain(answer):
    """An answer, or some that are told together, as a sentence has it: «ganske eller svært fornøyd»."""
    parts = [part[:1].lower() + part[1:] for part in answer.split(" / ")]
    ends = {part.rpartition(" ")[2] for part in parts}
    if len(ends) == 1 and len(parts) > 1 and all(" " in part for part in parts):
        parts[:-1] = [part.rpartition(" ")[0] for part in parts[:-1]]
    return _(" eller ").join(parts)


def _change_name(row):
    return f"{row.text} (score)" if row.level == "score" else row.text if row.side == 1 else f"{row.text}: {row.answer}"
