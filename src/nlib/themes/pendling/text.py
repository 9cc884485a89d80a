"""The first page of the commuting report: its key figures, and the findings of three figures."""

import pandas as pd

from nlib.charts.chart import Front
from nlib.charts.facts import own_years
from nlib.core.language import MISSING, more, number
from nlib.core.municipalities import Register
from nlib.core.translations import _
from nlib.themes.facts import Drawn, cards, findings
from nlib.themes.pendling.figures import SHARES, at_least, one_person, other_parts


def front(
    facts: pd.DataFrame,
    commuting: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
    figure: Drawn,
    register: Register | None = None,
) -> Front:
    """Key figures and findings of the latest year that the municipality has figures for."""
    name, rows = names[komm_nr], own_years(commuting, komm_nr, *SHARES)
    title = _("Pendling til og fra {name}", name=name)
    if rows.empty:
        return Front(title, _("Tabell 03321 har ingen sysselsatte for {name}.", name=name), (), ())
    last = rows.iloc[-1]
    split = "" if last["comparable"] else _("Tallene er usikre fordi kommunen er berørt av en deling.")
    return Front(
        title,
        _lead(last, name, other_parts(register, komm_nr, last["year"])),
        cards(facts, komm_nr, "out_pct", "in_pct", "coverage_pct"),
        findings(*map(figure, ("pendling.trend", "pendling.partners", "pendling.area")), doubt=split or one_person(last)),
    )


def _lead(last, name, parts):
    """The commuters of the latest year; jobs are told by their own page."""
    net = last["net_commuters"]
    words = _(
        "I 4. kvartal {year} pendlet {in_commuters} inn til {name} og {out_commuters} ut",
        year=last["year"],
        in_commuters=at_least(number(last["in_commuters"]), parts),
        name=name,
        out_commuters=at_least(number(last["out_commuters"]), parts),
    )
    if pd.isna(net):
        return _("{words}. Tall som mangler, er vist som {missing}", words=words, missing=MISSING)
    if net == 0:
        return _("{words}, like mange hver vei.", words=words)
    return _("{words}, altså {net} {word}.", words=words, net=more(abs(net)), word=_("inn enn ut") if net > 0 else _("ut enn inn"))
