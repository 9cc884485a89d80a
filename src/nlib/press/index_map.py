"""The map of the index: each municipality's outline as the path of an inline SVG, so coarse that all of them weigh little."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

UNIT = 250  # metres a unit of the drawing, which is written in whole ones
TOLERANCE = 2_000  # metres
ISLET = 4e6  # square metres
SMALL = 60e6  # square metres: such a place gets a dot that can be hit
DOT = 44  # units
EDGE = 60  # units around the map


@dataclass(frozen=True)
class Outline:
    """A municipality as it is drawn: its number, those drawn with it, an SVG path, and the middle of a dot where it is small."""

    number: str
    also: tuple[str, ...]
    path: str
    dot: tuple[int, int] | None


@dataclass(frozen=True)
class Drawing:
    """The outlines of all municipalities in a window of this width and height, in units; north is up."""

    width: int
    height: int
    outlines: tuple[Outline, ...] = ()


def drawing(boundaries: pd.DataFrame) -> Drawing | None:
    """The map of an edition's `boundaries` (`komm_nr`, `also`, `geometry` as WKB, metres); None where there are none.

    Neighbours stay edge to edge; islets under four square kilometres are left out unless they are all a municipality has.
    """
    if boundaries.empty:
        return None
    whole = shapely.from_wkb(boundaries["geometry"].to_numpy())
    west, south, east, north = shapely.total_bounds(whole)
    parts, owner = shapely.get_parts(shapely.coverage_simplify(whole, TOLERANCE), return_index=True)
    area = pd.Series(shapely.area(parts))
    seen = (area >= ISLET) | (area == area.groupby(owner).transform("max"))
    paths = [""] * len(whole)
    for part, place in zip(parts[seen], owner[seen], strict=True):
        for ring in shapely.get_rings(part):
            points = np.round((shapely.get_coordinates(ring) - (west, north)) * (1, -1) / UNIT).astype(int) + EDGE
            paths[place] += _path(points)
    dots = [
        (round((point.x - west) / UNIT) + EDGE, round((north - point.y) / UNIT) + EDGE) if size < SMALL else None
        for point, size in zip(shapely.point_on_surface(whole), shapely.area(whole), strict=True)
    ]
    drawn = zip(boundaries["komm_nr"], boundaries["also"], paths, dots, strict=True)
    outlines = tuple(Outline(number, tuple(also.split()), path, dot) for number, also, path, dot in drawn)
    return Drawing(round((east - west) / UNIT) + 2 * EDGE, round((north - south) / UNIT) + 2 * EDGE, outlines)


def _path(points: np.ndarray) -> str:
    """A closed ring as an SVG path, relative to its first point; nothing where rounding has left no area."""
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)][:-1]  # the last one closes the ring: z does
    if len(steps) < 2:
        return ""
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps.tolist()).replace(" -", "-") + "z"
