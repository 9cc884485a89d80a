"""The figure that the report opens with: where the municipality stands in a dozen indicators, among those it is compared with."""

import pandas as pd

from nlib.charts.chart import Chart, Lacking, figure
from nlib.charts.others import Others
from nlib.charts.strip import Strip, share_below
from nlib.core.catalogue import CATALOGUE, plain
from nlib.core.language import listed, neuter, with_unit
from nlib.core.translations import _
from nlib.themes.facts import at_once, latest_of_each


def standing(facts: pd.DataFrame, komm_nr: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The indicators of the strip, a row each: the municipality's latest fact, and where it and the nation lie among all.

    `own_pos`, `nation_pos`: the share of comparable municipalities with a lower value, percent. Then the values of all that are
    comparable that year, by number, in a column each.
    """
    asked = CATALOGUE[CATALOGUE["strip"].eq("1")][["indicator", "label", "unit", "source"]]
    own = latest_of_each(facts, komm_nr)
    own = own[own["comparable"]]
    rows = asked.merge(own[["year", "value", "nation", "rank", "n"]], left_on="indicator", right_index=True, validate="1:1")
    values = at_once(facts, own.loc[rows["indicator"]])
    for who, lies in (("own_pos", values.reindex([komm_nr]).iloc[0]), ("nation_pos", rows["nation"])):
        rows[who] = [share_below(values[each], value) for each, value in zip(rows["indicator"], lies, strict=True)]
    return rows.reset_index(drop=True), values


@figure(_("Nøkkeltallene"))
def strip(facts: pd.DataFrame, names: dict[str, str], compare: list[str], komm_nr: str) -> Chart:
    """Where the municipality, those it is compared with, their middle and the nation lie among all municipalities."""
    name = names[komm_nr]
    shown, values = standing(facts, komm_nr)
    if shown.empty:
        raise Lacking(_("Utgaven har ingen nøkkeltall for {name}.", name=name))
    labels = pd.Index(shown["label"].map(_), name=_("Nøkkeltall"))
    rows = shown.assign(
        text=[with_unit(plain(row.indicator, row.value), _(row.unit) if len(row.unit) <= 2 else "") for row in shown.itertuples()],
        unit=shown["unit"].map(_),
        year=shown["year"].astype(str),
        rank=shown["rank"].astype("Int64"),
    ).set_index(labels)
    form = Strip(
        rows=rows,
        marks={"own_pos": (name, "own"), "nation_pos": (_("landet"), "nation")},
        values={"value": (name, "own"), "nation": (_("Landet"), "nation")},
        others=Others(values=values.set_axis(labels, axis=1), own=komm_nr, chosen=compare, names=names, decimals=2),
        among=dict(zip(labels, (values[each] for each in shown["indicator"]), strict=True)),
        ids=list(shown["indicator"]),
        texts="text",
        limits=(0, 100),
        ends=(_("lavest"), _("midten"), _("høyest")),
        decimals=2,
        also={"unit": _("Enhet"), "year": _("År"), "rank": _("Plass"), "n": _("Kommuner")},
    )
    return form.chart(
        strip_sentence(shown, name),
        _(
            "Hver linje er alle kommunene, fra den med lavest tall til den med høyest. Ruten er {name}, ringene kommunene "
            "det sammenlignes med, trekanten medianen av dem der de er minst tre, og streken landet. Høyt er ikke alltid bra.",
            name=name,
        ),
        _("Attraktivitet og verdiskaping er anslag, indeksen henger på vektene; resten er telt."),
        _sources(shown),
    )


def strip_sentence(shown: pd.DataFrame, name: str) -> str:
    """In how many indicators the municipality is among the highest and the lowest tenth: whoever it is compared with."""
    high, low = int((shown["own_pos"] >= 90).sum()), int((shown["own_pos"] < 10).sum())
    many = _("{high} av {shown}", high=neuter(high) if high else _("ingen"), shown=neuter(len(shown)))
    if not high and not low:
        return _("{name} har {many} nøkkeltall i øverste eller nederste tidel", name=name, many=many)
    return _("{name}: {many} nøkkeltall i øverste tidel, {low} nederst", name=name, many=many, low=neuter(low))


def _sources(shown: pd.DataFrame) -> str:
    tables = sorted(set(shown["source"]) - {"nlib"})
    made = [_("nlib, av tabellene i temaene")] if "nlib" in set(shown["source"]) else []
    first, last = shown["year"].min(), shown["year"].max()
    return f"{'; '.join([_('SSB, tabell {tables}', tables=listed(tables)), *made])}. {first}–{last}"
