"""The figure that the report opens with: where the municipality stands in a dozen indicators, among those it is compared with."""

import textwrap

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Missing
from nlib.charts.style import GRID, GROUP, INK, NATION, OWN, axes
from nlib.core.catalogue import CATALOGUE, compared, plain
from nlib.core.language import counted, listed, number, short_name, with_unit
from nlib.core.translations import tr

LEAST_GROUP = 3  # municipalities with a figure, before they have a middle: in the strip, the sentences and the reader's own choice


def standing(facts: pd.DataFrame, compare: list[str], komm_nr: str) -> pd.DataFrame:
    """The indicators of the strip, a row each: the municipality's latest fact, and where it and the others lie among all.

    `own_pos`, `group_pos`, `nation_pos`: the share of comparable municipalities with a lower value, percent; `group`: the middle of
    those that are compared with, missing with fewer than three; `chosen`: the positions of each of them.
    """
    rows = []
    for listed_as in CATALOGUE[CATALOGUE["strip"].eq("1")].itertuples(index=False):
        every = facts[facts["indicator"] == listed_as.indicator]
        own = every[every["komm_nr"] == komm_nr]
        if own.empty:
            continue
        fact = own.loc[own["year"].idxmax()]
        same = every[(every["year"] == fact["year"]) & every["comparable"]]
        if not fact["comparable"]:
            continue
        values = compared(listed_as.indicator, same.set_index("komm_nr")["value"])
        levels = np.sort(values.to_numpy())
        chosen = values[values.index.isin(set(compare) - {komm_nr})]
        group = chosen.median() if len(chosen) >= LEAST_GROUP else np.nan
        lie = {
            f"{who}_pos": np.nan if pd.isna(value) else 100 * np.searchsorted(levels, value) / len(levels)
            for who, value in (("own", values[komm_nr]), ("group", group), ("nation", fact["nation"]))
        }
        positions = tuple(100 * np.searchsorted(levels, chosen.to_numpy()) / len(levels))
        rows.append(
            {name: getattr(listed_as, name) for name in ("indicator", "label", "unit", "source")}
            | {"group": group, "chosen": positions}
            | fact[["year", "value", "nation", "rank", "n"]].to_dict()
            | lie
        )
    return pd.DataFrame(rows)


def strip(
    facts: pd.DataFrame, municipalities: pd.DataFrame, compare: list[str], komm_nr: str, synthetic: bool = False
) -> Chart | Missing:
    """Where the municipality, those it is compared with, their middle and the nation lie among all municipalities."""
    id, heading = "rapport.strip", "Nøkkeltallene"
    names = municipalities.set_index("komm_nr")["name"].map(short_name)
    name = names[komm_nr]
    shown = standing(facts, compare, komm_nr)
    if shown.empty:
        return Missing(id, heading, f"Utgaven har ingen nøkkeltall for {name}.")
    labels = shown["label"].map(tr)
    values = [with_unit(plain(row.indicator, row.value), tr(row.unit) if len(row.unit) <= 2 else "") for row in shown.itertuples()]

    def draw(figure, narrow):
        from nlib.charts.svg import HOOK  # which loads matplotlib

        axis = axes(figure, 1.45 if narrow else 2.3, 0.8 if narrow else 1.0, 0.36, 0.28)
        at = np.arange(len(shown))
        axis.hlines(at, 0, 100, color=GRID, lw=1.2, gid=f"{HOOK}linjer")
        chosen = [(place, row) for row, places in zip(at, shown["chosen"], strict=True) for place in places]
        if chosen:
            x, y = zip(*chosen, strict=True)
            axis.plot(x, y, ls="", marker="o", ms=4, color=GROUP, mfc="white", mew=0.9, gid=f"{HOOK}valgt")
        marks = (
            ("nation_pos", "|", 11, NATION, "landet"),
            ("group_pos", "^", 6, GROUP, "midten av dem"),
            ("own_pos", "D", 7, OWN, name),
        )
        for column, marker, size, colour, _ in marks:
            where = {"gid": f"{HOOK}midten"} if column == "group_pos" else {}
            axis.plot(
                shown[column].to_numpy(float), at, ls="", marker=marker, ms=size, color=colour, mew=1 + (marker == "|"), **where
            )
        for row, text in zip(at, values, strict=True):
            beside = {"textcoords": "offset points", "va": "center", "size": 7.5 if narrow else 8.5, "annotation_clip": False}
            axis.annotate(text, (104, row), (0, 0), weight="bold", color=INK, **beside)
        axis.set_yticks(at, [textwrap.fill(label, 22 if narrow else 40) for label in labels], color=INK, size=7 if narrow else 8.5)
        axis.set(xlim=(-3, 103), ylim=(len(shown) - 0.4, -0.6))
        axis.set_xticks([0, 50, 100], ["lavest", "midten", "høyest"])
        axis.spines["left"].set_visible(False)
        signs = {"D": "◆", "^": "▲", "|": "┃"}
        across = (0, 0.36, 0.78) if not narrow else (-0.9, -0.1, 1.0)
        for left, (_, marker, _, colour, word) in zip(across, reversed(marks), strict=True):
            over: dict = {"xycoords": "axes fraction", "textcoords": "offset points", "size": 8, "annotation_clip": False}
            axis.annotate(
                f"{signs[marker]} {word}", (left, 1), (0, 6), color=colour, weight="bold" if marker == "D" else "normal", **over
            )

    return Chart(
        id=id,
        title=strip_sentence(shown, name),
        reading=f"Hver linje er alle kommunene, fra den med lavest tall til den med høyest. Ruten er {name}, ringene kommunene "
        "det sammenlignes med, trekanten midten av dem, og streken landet. Høyt er ikke alltid bra.",
        alt=f"Plassering blant kommunene for {counted(len(shown))} nøkkeltall, fra 0 til 100: "
        + "; ".join(f"{label} {number(pos)}" for label, pos in zip(labels, shown["own_pos"], strict=True))
        + ".",
        uncertainty="Attraktivitet og verdiskaping er anslag, indeksen henger på vektene; resten er telt.",
        source=_sources(shown),
        table=pd.DataFrame(
            {
                "Nøkkeltall": labels,
                "Enhet": shown["unit"].map(tr),
                "År": shown["year"].astype(str),
                name: shown["value"],
                "Midten av de andre": shown["group"],
                "Landet": shown["nation"],
                "Plass": shown["rank"].astype("Int64"),
                "Kommuner": shown["n"],
            }
        ),
        draw=draw,
        height=(0.95 + 0.215 * len(shown), 1.0 + 0.25 * len(shown)),
        decimals={name: 2, "Midten av de andre": 2, "Landet": 2},
        synthetic=synthetic,
    )


def strip_sentence(shown: pd.DataFrame, name: str) -> str:
    """In how many indicators the municipality is among the highest and the lowest tenth: whoever it is compared with."""
    high, low = int((shown["own_pos"] >= 90).sum()), int((shown["own_pos"] < 10).sum())
    many = f"{counted(high)} av {counted(len(shown))}"
    return f"{name} er blant den høyeste tidelen i {many} nøkkeltall og blant den laveste i {counted(low)}"


def _sources(shown: pd.DataFrame) -> str:
    tables = sorted(set(shown["source"]) - {"nlib"})
    made = ["nlib, av tabellene i temaene"] if "nlib" in set(shown["source"]) else []
    first, last = shown["year"].min(), shown["year"].max()
    return f"{'; '.join([f'SSB, tabell {listed(tables)}', *made])}. {first}–{last}"
