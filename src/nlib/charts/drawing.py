"""Marks that several figures share: lines over years with their names at the end, bars, names that do not overlap."""

import numpy as np

from nlib.charts.style import FILL, INK, OTHER, SOFT
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.language import number


def panel_name(axis, text: str, more: str = "", strong: bool = False) -> None:
    """The name of a panel over it, in bold, and a second line, `strong` where it is a part of the name."""
    over = {"xycoords": "axes fraction", "textcoords": "offset points", "size": 8.5, "annotation_clip": False}
    axis.annotate(text, (0, 1), (0, 17 if more else 6), weight="bold", color=INK, **over)
    if more:
        axis.annotate(more, (0, 1), (0, 5), weight="bold" if strong else "normal", color=INK if strong else SOFT, **over)


def bars(axis, names, values, texts, colours, size: float, rest: bool = False) -> None:
    """Horizontal bars from the top, each with its name before it and its text after it; the `rest`, last, is hatched."""
    drawn = axis.barh(np.arange(len(names)), values.astype("Float64").fillna(0).astype(float), color=colours, height=0.68)
    if rest:
        drawn[-1].set(facecolor=FILL, edgecolor=OTHER, hatch="////")
    for bar, text in zip(drawn, texts, strict=True):
        end = (bar.get_width(), bar.get_y() + bar.get_height() / 2)
        axis.annotate(text, end, (4, 0), textcoords="offset points", va="center", size=size)
    axis.set_yticks(np.arange(len(names)), names, color=INK, size=size)
    axis.invert_yaxis()
    axis.set_xticks([])
    axis.spines["bottom"].set_visible(False)


def yearly(axis, series, lines, also: float | None = None, decimals: int = 0, broken: bool = True) -> None:
    """Lines over every year of the index of `series`, named at their ends where they have a label.

    lines: (column, label, look); those with a marker stand out. A year without figures is a shaded gap, one that is not
    `comparable` has hollow marks, and no line crosses the break in 2015. `also` is a level that is always inside; `decimals`
    are those of the levels at the axis, where the figures are small. Figures that a-ordningen does not touch are not `broken`.
    """
    at = series.index.to_numpy(float)
    comparable = series["comparable"].eq(True).to_numpy()
    cut = [np.searchsorted(at, A_ORDNINGEN)] if broken and at[0] < A_ORDNINGEN <= at[-1] else []
    size = 5.5 if len(at) <= 12 else 3.5
    ends = []
    for column, label, look in lines:
        values = series[column].to_numpy(float, na_value=np.nan)
        held = np.isfinite(values)
        if not held.any():
            continue
        marker = look.get("marker")
        axis.plot(np.insert(at, cut, A_ORDNINGEN - 0.5), np.insert(values, cut, np.nan), **(look | {"marker": ""}))
        if marker:
            for some, face in ((held & comparable, look["color"]), (held & ~comparable, "white")):
                axis.plot(at[some], values[some], ls="", marker=marker, ms=size, color=look["color"], mfc=face, zorder=4)
        if label:
            ends.append((values[held][-1], at[held][-1], label, look["color"], "bold" if marker else "normal"))
    _frame(axis, at, np.concatenate([series[column].dropna() for column, _, _ in lines] + [[also]] * (also is not None)), decimals)
    for year in at[~series["comparable"].notna().to_numpy()]:
        axis.axvspan(year - 0.5, year + 0.5, color=FILL, lw=0, zorder=0.8)
        centred = {"ha": "center", "va": "center", "rotation": 90, "size": 7, "color": SOFT}
        axis.annotate(f"{year:.0f} mangler", (year, 0.5), xycoords=("data", "axes fraction"), **centred)
    if cut:
        axis.axvline(A_ORDNINGEN - 0.5, color=SOFT, lw=0.8, ls=(0, (2, 2)))
    _name_ends(axis, sorted(ends), at[-1] + 0.4)


def _frame(axis, at, values, decimals):
    least, most = values.min(), values.max()
    pad = max(0.12 * (most - least), 2.0 / 10**decimals)
    axis.set(xlim=(at[0] - 0.4, at[-1] + 0.4), ylim=(least - pad if least < 0 else max(0, least - pad), most + pad))
    step = int(np.ceil(len(at) / (5 if axis.get_position().width > 0.3 else 3)))
    axis.set_xticks(at[::-step], [f"{year:.0f}" for year in at[::-step]])
    axis.yaxis.set_major_formatter(lambda value, _: number(value, decimals))
    axis.yaxis.get_major_locator().set_params(integer=not decimals)
    axis.tick_params(axis="x", pad=6)
    axis.grid(axis="y")


def _name_ends(axis, ends, right):
    inches = axis.get_position().height * axis.figure.get_size_inches()[1]
    low, high = axis.get_ylim()
    levels = spread([value for value, *_ in ends], (high - low) * 0.155 / inches, high)
    for level, (value, year, label, colour, weight) in zip(levels, ends, strict=True):
        axis.plot([year, right], [value, level], color=colour, lw=0.5, clip_on=False, alpha=0.6)
        beside = {"textcoords": "offset points", "va": "center", "size": 8, "weight": weight, "annotation_clip": False}
        axis.annotate(label, (right, level), (2, 0), color=colour, **beside)


def spread(values: list[float], gap: float, roof: float) -> list[float]:
    """Ascending levels moved so that they are at least `gap` apart and, all of them, at or under `roof`."""
    levels = list(values)
    for i in range(1, len(levels)):
        levels[i] = max(levels[i], levels[i - 1] + gap)
    for i in reversed(range(len(levels))):
        levels[i] = min(levels[i], roof)
        roof = levels[i] - gap
    return levels
