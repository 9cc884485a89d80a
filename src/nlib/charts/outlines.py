"""What a map needs of the outlines of municipalities (matplotlib Paths in metres): middles, and the window that is shown."""

import numpy as np
from matplotlib.path import Path

NEAR = 60_000  # metres: ends within this are always in the window
LEAST = 12_000  # metres: a window is never narrower to any side than this


def same(path: Path, other: Path) -> bool:
    """Whether two municipalities are drawn with one outline."""
    return path is other or np.array_equal(path.vertices, other.vertices)


def middle(path: Path) -> np.ndarray:
    """The centroid of the largest ring of an outline."""

    def crossed(ring: np.ndarray) -> np.ndarray:
        x, y = (ring - ring[0]).T
        return x[:-1] * y[1:] - x[1:] * y[:-1]

    ring = max(map(np.asarray, path.to_polygons()), key=lambda ring: abs(crossed(ring).sum()))
    cross = crossed(ring)
    local = ring - ring[0]
    return ring[0] + ((local[:-1] + local[1:]) * cross[:, None]).sum(axis=0) / (3 * cross.sum())


def window(own: Path, ends: np.ndarray, flows: np.ndarray, ratio: float) -> np.ndarray:
    """The lower left and upper right corner of a map whose width is `ratio` times its height.

    It holds the whole municipality, all ends that are near, and, from the nearest, ends with three quarters of the flow.
    """
    apart = np.hypot(*(ends - middle(own)).T)
    order = np.argsort(apart, kind="stable")
    enough = np.searchsorted(np.cumsum(flows[order]), 0.75 * flows.sum()) + 1
    corners = np.vstack([ends[order[: max(enough, (apart < NEAR).sum())]], own.get_extents().get_points()])
    low, high = corners.min(axis=0), corners.max(axis=0)
    across, up = np.maximum(1.3 * (high - low) / 2, LEAST)
    half = np.array([max(across, up * ratio), max(up, across / ratio)])
    return (low + high) / 2 + np.array([-half, half])


def meets(path: Path, box: np.ndarray) -> bool:
    """Whether an outline can be seen in a window."""
    low, high = path.get_extents().get_points()
    return bool((high > box[0]).all() and (low < box[1]).all())


def edge(home: np.ndarray, end: np.ndarray, box: np.ndarray) -> np.ndarray:
    """The end itself, or, where it lies outside the window, where the line to it leaves the window's inner 94 %."""
    inset = 0.03 * (box[1] - box[0])
    wall = np.where(end > home, box[1] - inset, box[0] + inset)
    step = end - home
    reach = np.divide(wall - home, step, out=np.full(2, np.inf), where=step != 0)
    return home + step * min(1.0, reach.min())
