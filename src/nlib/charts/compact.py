"""matplotlib's SVG in about half the bytes: a page holds some fifteen drawings and has a megabyte for them all.

matplotlib's renderer writes to a tree of elements, which is made small and turned into text once. What is the same from drawing to
drawing, the outlines of letters, how wide a text is and where its letters stand, is remembered: half the time of a page went there.
"""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from matplotlib import cbook
from matplotlib._path import convert_to_string  # type: ignore[attr-defined]
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG, _generate_css, _generate_transform, _short_float_fmt
from matplotlib.colors import rgb2hex
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

REFERENCE = re.compile(r"url\(#([^)]+)\)")
LONG = re.compile(r"(-?\d+\.\d\d)\d+")
COARSE = 4  # how much larger steps than matplotlib's do as well for a glyph: 1/400 of its height
FINE_GLYPH, GLYPH = "scale(0.015625)", f"scale({COARSE / 64})"
TRANSLATE = re.compile(r"translate\((-?[\d.]+) 0\)")
TEXTS = 50_000  # that are remembered
LETTERS = TextToPath()


class Canvas(FigureCanvasSVG):
    """A figure's canvas that saves small SVG, without date or maker."""

    def print_svg(self, filename, *, bbox_inches_restore=None, **others):
        dpi, self.figure.dpi = self.figure.dpi, 72
        width, height = self.figure.get_size_inches()
        tree = _Tree()
        renderer = _Renderer(self.figure, width * 72, height * 72, tree, image_dpi=dpi)
        mixed: Any = MixedModeRenderer(self.figure, width, height, dpi, renderer, bbox_inches_restore=bbox_inches_restore)
        self.figure.draw(mixed)
        renderer.finalize()
        with cbook.open_file_cm(filename, "w", encoding="utf-8") as file:
            file.write(tree.text() if cbook.file_requires_unicode(file) else tree.text().encode())


class _Element:
    __slots__ = ("attributes", "inside", "tag", "text")

    def __init__(self, tag, attributes):
        self.tag, self.attributes, self.inside, self.text = tag, attributes, [], ""


class _Letters(tuple):
    """The letters of a line of text: each the name of its glyph, and attributes for where it stands, before and after the name."""


class _Glyphs(tuple):
    """The names of glyphs whose outlines stand here."""


class _Tree:
    """What matplotlib's renderer writes to, in place of its writer of text."""

    def __init__(self):
        self.open = [_Element("", {})]

    def write(self, text):
        """What comes before the drawing is left out, and so are comments."""

    def comment(self, comment):
        """As above."""

    def flush(self):
        """Nothing is held back."""

    def start(self, tag, attrib=None, **extra):
        element = _Element(tag, {name: value for name, value in ((attrib or {}) | extra).items() if value})
        self.open[-1].inside.append(element)
        self.open.append(element)
        return len(self.open) - 1

    def end(self, tag=None, indent=True):
        self.open.pop()

    def close(self, id):
        del self.open[id:]

    def element(self, tag, text=None, attrib=None, **extra):
        self.start(tag, attrib, **extra)
        self.open.pop().text = text or ""

    def text(self) -> str:
        """The whole drawing: short names, no empty groups, coordinates to a hundredth."""
        names = {name: _short(number) for number, name in enumerate(sorted(_used(self.open[0], set())))}
        return "".join(_written(element, names) for element in self.open[0].inside)


class _Renderer(RendererSVG):
    """matplotlib's own, but for text, which is drawn from what is remembered, in glyphs of coarser, relative steps."""

    writer: Any

    def __init__(self, figure, width, height, tree, image_dpi):
        super().__init__(width, height, tree, image_dpi=image_dpi)
        self.figure = figure
        self.writer = tree
        wide, high = _short_float_fmt(width), _short_float_fmt(height)
        size = {"width": f"{wide}pt", "height": f"{high}pt", "viewBox": f"0 0 {wide} {high}"}
        self._start_id = tree.start("svg", xmlns="http://www.w3.org/2000/svg", **size, version="1.1")
        self._write_default_style()

    def get_text_width_height_descent(self, s, prop, ismath):
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        scale = prop.get_size_in_points() / LETTERS.FONT_SCALE
        width, height, descent = _extent(s, _face(prop))
        return width * scale, height * scale, descent * scale

    def _get_font_height_metrics(self, prop):
        """What matplotlib otherwise reads from the font's file for every text: its ascent, descent and gap between lines."""
        if (told := _heights(_face(prop))) is None:
            return None, None, None
        unit, ascent, descent, gap = told
        scale = 1 / unit * prop.get_size_in_points() * self.figure.dpi / 72
        return ascent * scale, descent * scale, gap * scale

    def _draw_text_as_path(self, gc, x, y, s, prop, angle, ismath, mtext=None):
        if ismath or mtext is None or mtext.get_fontfeatures() or mtext.get_language():
            super()._draw_text_as_path(gc, x, y, s, prop, angle, ismath, mtext)
            return
        colour, alpha = rgb2hex(gc.get_rgb()), gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
        style = ({"fill": colour} if colour != "#000000" else {}) | ({"opacity": _short_float_fmt(alpha)} if alpha != 1 else {})
        scale = prop.get_size_in_points() / LETTERS.FONT_SCALE
        placed = [("translate", (x, y)), ("rotate", (-angle,)), ("scale", (scale, -scale))]
        self.writer.start("g", style=_generate_css(style), transform=_generate_transform(placed))
        letters = _letters(s, _face(prop))
        if fresh := [name for name in dict.fromkeys(name for name, _, _ in letters) if name not in self._glyph_map]:
            self._glyph_map |= dict.fromkeys(fresh)
            self.writer.open[-1].inside.append(_Glyphs(fresh))
        self.writer.open[-1].inside.append(letters)
        self.writer.end("g")


def _face(prop: FontProperties) -> tuple:
    """What a font is found by, whatever its size."""
    return tuple(prop.get_family()), prop.get_style(), prop.get_variant(), prop.get_weight(), prop.get_stretch(), prop.get_file()


def _prop(face: tuple) -> FontProperties:
    family, style, variant, weight, stretch, file = face
    like = {"style": style, "variant": variant, "weight": weight, "stretch": stretch, "fname": file}
    return FontProperties(family=list(family), size=LETTERS.FONT_SCALE, **like)


@lru_cache
def _files(face: tuple) -> list:
    return fontManager._find_fonts_by_props(_prop(face))


def _font(face: tuple):
    """The font at the size that glyphs are drawn in; it is one for all, and others may have set its size."""
    font = get_font(_files(face))
    font.set_size(LETTERS.FONT_SCALE, LETTERS.DPI)
    return font


@lru_cache
def _heights(face: tuple) -> tuple[float, float, float, float] | None:
    """Units per em, and in those the ascent, descent and line gap that a font's designer gave it; None where it does not say."""
    font = get_font(_files(face))
    head, table = font.get_sfnt_table("head"), font.get_sfnt_table("OS/2")
    if head is None or table is None:
        return None
    return head["unitsPerEm"], table["sTypoAscender"], -table["sTypoDescender"], table["sTypoLineGap"]


@lru_cache(TEXTS)
def _extent(text: str, face: tuple) -> tuple[float, float, float]:
    """Width, height and descent of a line of text at the size that glyphs are drawn in."""
    font = _font(face)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width, height = font.get_width_height()
    return width / 64, height / 64, font.get_descent() / 64


@lru_cache(TEXTS)
def _letters(text: str, face: tuple) -> _Letters:
    return _Letters((_glyph(item), *_place(item.x, item.y)) for item in _font(face)._layout(text, LoadFlags.NO_HINTING))


def _glyph(item) -> str:
    """The name of a glyph, whose outline is remembered."""
    name = quote(f"{item.ft_object.postscript_name}-{item.glyph_index:x}")
    if name not in _outlines:
        item.ft_object.load_glyph(item.glyph_index, flags=LoadFlags.NO_HINTING)
        points, codes = item.ft_object.get_path()
        path = convert_to_string(Path(points * 64, codes), None, None, False, None, 6, [b"M", b"L", b"Q", b"C", b"z"], False)
        _outlines[name] = _path(path.decode(), COARSE)
    return name


_outlines: dict[str, str] = {}  # of glyphs, by name


def _place(x, y):
    if y:
        return f' transform="{_generate_transform([("translate", (x, y))])}"', ""
    return "", f' x="{float(_short_float_fmt(x)):.0f}"' if x else ""  # hundredths of the type's size


def _used(parent, found):
    """The names that something in the drawing refers to."""
    for element in parent.inside:
        if type(element) is _Letters:
            found.update(name for name, _, _ in element)
        elif type(element) is _Element:
            for key, value in element.attributes.items():
                if key == "xlink:href" and value.startswith("#"):
                    found.add(value[1:])
                elif "url(" in value:
                    found.update(REFERENCE.findall(value))
            _used(element, found)
    return found


def _short(number):
    digits = "abcdefghijklmnopqrstuvwxyz"
    return (_short(number // 26 - 1) if number >= 26 else "") + digits[number % 26]


def _written(element, names) -> str:
    """An element as text; groups that say nothing give way to what is in them, and empty ones are left out."""
    if type(element) is _Letters:
        return "".join([f'<use{before} href="#{names[name]}"{after}/>' for name, before, after in element])
    if type(element) is _Glyphs:
        shown = [(f' d="{path}"' if (path := _outlines[name]) else "", names[name]) for name in element]
        return "".join(["<defs>", *[f'<path{path} transform="{GLYPH}" id="{name}"/>' for path, name in shown], "</defs>"])
    tag, attributes = element.tag, _attributes(element, names)
    inside = escape(element.text) + "".join([_written(part, names) for part in element.inside])
    if inside:
        return inside if tag == "g" and not attributes else f"<{tag}{attributes}>{inside}</{tag}>"
    return "" if tag in ("g", "defs") else f"<{tag}{attributes}/>"


def _attributes(element, names) -> str:
    told = dict(element.attributes)
    link, name = told.pop("xlink:href", ""), told.pop("id", "")
    if fine := told.get("transform") == FINE_GLYPH:
        told["transform"] = GLYPH
    for key, value in told.items():
        if key == "d":
            told[key] = _path(value, COARSE if fine else 1)
        elif key != "transform":  # a scale cut to hundredths shrinks every glyph
            told[key] = _hundredths(REFERENCE.sub(lambda m: f"url(#{names[m[1]]})", value) if "url(" in value else value, key)
    if link:
        told["href"] = f"#{names[link[1:]]}" if link.startswith("#") else link.replace("\n", " ")
    if name in names:
        told["id"] = names[name]
    if element.tag == "use" and (moved := TRANSLATE.fullmatch(told.get("transform", ""))):
        del told["transform"]
        told["x"] = f"{float(moved[1]):.0f}"
    return "".join([f' {key}="{value}"' for key, value in told.items()])


@lru_cache(TEXTS)
def _hundredths(value, key):
    value = escape(LONG.sub(r"\1", value), {'"': "&quot;"})
    return value.replace("; ", ";").replace(": ", ":") if key == "style" else value


def _path(text, coarse=1):
    """A path's commands with as few characters as keep its shape; one of whole numbers (a glyph) in relative, `coarse` steps.

    Numbers are parted by commas, which may stand in an address as they are; a space takes three characters there.
    """
    parts = text.split()
    if "." in text:
        return re.sub(r",?([MLQCz]),?", r"\1", LONG.sub(r"\1", ",".join(parts)))
    shown, at, start, i = [], (0, 0), (0, 0), 0
    points = {"M": 1, "L": 1, "Q": 2, "C": 3}
    while i < len(parts):
        command = parts[i]
        i += 1
        if command == "z":
            shown.append("z")
            at = start
            continue
        numbers = [round(int(part) / coarse) for part in parts[i : i + 2 * points[command]]]
        i += len(numbers)
        steps = [number - at[k % 2] for k, number in enumerate(numbers)]
        at = (numbers[-2], numbers[-1])
        start = at if command == "M" else start
        shown.append(command.lower() + ",".join(map(str, steps)))
    return "".join(shown).replace(",-", "-")
