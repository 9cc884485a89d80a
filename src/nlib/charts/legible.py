"""Whether what is written in a drawing can be read: large enough, inside it, and not over another text.

It is asked of the SVG that a page holds, whose texts are text: how wide one is, is the sum of its letters in the font that the page
has with it. So it costs a few milliseconds a drawing, and every page is held to it before it is published.
"""

import functools
import math
import re
from html import unescape

import numpy as np

from nlib.charts.style import TYPE, WIDE
from nlib.core.translations import _

TEXT = re.compile(r"<text([^>]*)>([^<]*)")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
PLACE = re.compile(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)")
TURNED = re.compile(r"rotate\(([-\d.]+)")
ABOVE, BELOW = 0.73, 0.2  # how far letters reach from the line they stand on, of their size
SLACK = 1.0  # point that texts may share, and stand outside
ANCHORED = {"middle": 0.5, "end": 1.0}


@functools.cache
def advance(sign: str, bold: bool = False) -> float:
    """How wide a sign of the type is, of its size."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    font.set_size(100, 72)
    return font.load_char(ord(sign)).linearHoriAdvance / 65536 / 100


@functools.lru_cache(10_000)
def long(text: str, bold: bool = False) -> float:
    """How wide a line of text is, of its size."""
    return sum(advance(sign, bold) for sign in text)


def faults(svg: str) -> list[str]:
    """What cannot be read in a drawing, a line each: text that is too small, that runs out of it, or that lies over another."""
    size = SIZE.search(svg)
    width, height = (float(side) for side in size.groups()) if size else (math.inf, math.inf)
    least = TYPE[width < WIDE * 72 - 0.5]
    found, names, boxes = [], [], []
    for attributes, inside in TEXT.findall(svg):
        text = unescape(inside)
        look = dict(ATTRIBUTE.findall(attributes))
        if not text.strip() or "opacity" in look:  # the mark of invented figures lies under them all; 0 may come to be seen
            continue
        points, name = float(look.get("font-size", 9)), f"«{' '.join(text.split())[:40]}»"
        if points < least - 0.05:
            found.append(_("liten skrift ({points} pt): {name}", points=f"{points:.1f}", name=name))
        names.append(name)
        boxes.append(_box(text, points, look))
    if not boxes:
        return found
    left, top, right, bottom = np.array(boxes).T
    out = (left < -SLACK) | (top < -SLACK) | (right > width + SLACK) | (bottom > height + SLACK)
    found += [_("utenfor figuren: {names}", names=names[at]) for at in np.flatnonzero(out)]
    across = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    up = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    over = np.argwhere(np.triu((across > SLACK) & (up > SLACK), 1))
    return found + [_("over hverandre: {names} og {names2}", names=names[one], names2=names[other]) for one, other in over]


def _box(text: str, points: float, look: dict[str, str]) -> tuple[float, float, float, float]:
    """The corners of a text: left, top, right and bottom, in points of the drawing."""
    wide = long(text, look.get("font-weight") in ("700", "bold")) * points
    start = -ANCHORED.get(look.get("text-anchor", ""), 0.0) * wide
    moved, turned = PLACE.search(look.get("transform", "")), TURNED.search(look.get("transform", ""))
    x, y = (float(moved[1]), float(moved[2])) if moved else (float(look["x"]), float(look["y"]))
    angle = math.radians(float(turned[1])) if turned else 0.0
    corners = [(across, up) for across in (start, start + wide) for up in (-ABOVE * points, BELOW * points)]
    xs = [x + across * math.cos(angle) - up * math.sin(angle) for across, up in corners]
    ys = [y + across * math.sin(angle) + up * math.cos(angle) for across, up in corners]
    return min(xs), min(ys), max(xs), max(ys)
