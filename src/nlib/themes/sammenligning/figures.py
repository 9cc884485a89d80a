"""A municipality beside others that the user has chosen, in any measure that has a figure a year."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.lines import Lines
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.errors import InvalidTable, WrongUse
from nlib.core.language import number
from nlib.core.meant import near, question
from nlib.core.translations import _

MOST = 9
LOOKS = ("group", "nation", "others", "county", "second", "third", "chosen", "against")  # of the others, in order


def lines(table: pd.DataFrame, column: str, names: Mapping[str, str]) -> Chart | Missing:
    """The figures of a column year by year, a line for each of the municipalities in `names` (number -> name), the first in front.

    table: `komm_nr`, `year`, `column`, perhaps `comparable`, a row for each municipality and year; what `attrs` tells of meaning,
    unit, source and breaks is told. `InvalidTable` where it is another table, `WrongUse` for more than nine.
    """
    if lacking := [each for each in ("komm_nr", "year", column) if each not in table]:
        faults = [_("kolonnen {each} mangler. {each2}", each=each, each2=question(near(each, table))).rstrip() for each in lacking]
        raise InvalidTable(table.attrs.get("table", "sammenligning"), faults)
    if len(names) > MOST:
        raise WrongUse(f"Velg høyst {MOST} kommuner, ikke {len(names)}: flere linjer kan ikke skilles")
    rows = table[table["komm_nr"].isin(names)]
    if rows.duplicated(["komm_nr", "year"]).any():
        fault = _("flere rader for samme kommune og år: velg ut én av dem, eller summer, først")
        raise InvalidTable(table.attrs.get("table", "sammenligning"), [fault])
    own, *others = names
    about = table.attrs.get("columns", {}).get(column, {})
    meaning, unit = about.get("meaning") or column, about.get("unit", "")
    wide = rows.astype({column: "float64"}).pivot(index="year", columns="komm_nr", values=column).reindex(columns=list(names))
    wide = wide.dropna(how="all")
    if wide.empty or wide[own].isna().all():
        return Missing("sammenligning", meaning, _("{names} har ingen tall i de valgte årene.", names=names[own]))
    decimals = 1 if unit.startswith("prosent") or wide.abs().max(axis=None) < 100 else 0
    last = wide[own].last_valid_index()
    comparable = rows.get("comparable", pd.Series(True, rows.index)).groupby(rows["year"]).all()
    roles = {own: (names[own], "own")} | {nr: (names[nr], role) for nr, role in zip(others, LOOKS, strict=False)}
    form = Lines(
        rows=wide.assign(comparable=comparable.reindex(wide.index)),
        lines=roles,
        heading=f"{meaning}, {unit}" if unit and unit not in meaning else meaning,
        decimals=decimals,
        broken=A_ORDNINGEN in table.attrs.get("breaks", {}),
        height=3.6,
    )
    group = wide.loc[last, others].dropna()
    low, high = number(group.min(), decimals), number(group.max(), decimals)
    among = (
        _(", de andre fra {low} til {high}", low=low, high=high)
        if len(group) > 1
        else f", {names[group.index[0]]} {low}"
        if len(group)
        else ""
    )
    level = f"{number(wide.loc[last, own], decimals)}{f' {unit}' if unit else ''}"
    chart = form.chart(
        _("{meaning}: {name} {level} i {year}{among}", meaning=meaning, name=names[own], level=level, year=last, among=among),
        _("En linje for hver kommune; den du har valgt, har merker. Hule merker er år der en av kommunene er berørt av en deling."),
        _("Tallene er vist slik tabellen har dem, uten usikkerhet."),
        table.attrs.get("source") or _("Egen beregning"),
    )
    return replace(
        chart, id="sammenligning", synthetic=not set(wide.index).isdisjoint(table.attrs.get("invented", {}).get(column, ()))
    )
