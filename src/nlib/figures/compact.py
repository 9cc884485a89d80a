"""matplotlib's SVG in about half the bytes: a page holds some fifteen drawings and has a megabyte for them all."""

import re
import xml.etree.ElementTree as xml

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
REFERENCE = re.compile(r"url\(#([^)]+)\)")
LONG = re.compile(r"(-?\d+\.\d\d)\d+")
GLYPH, COARSE = "scale(0.015625)", 4  # what matplotlib draws a glyph at, and how much larger steps do as well: 1/400 of its height
TRANSLATE = re.compile(r"translate\((-?[\d.]+) 0\)")


def compact(svg: bytes) -> bytes:
    """The same drawing: short names, no empty groups, coordinates to a hundredth, glyphs in coarser, relative steps."""
    root = xml.fromstring(svg)
    for element in root.iter():
        if (link := element.attrib.pop(f"{XLINK}href", None)) is not None:
            element.set("href", link)
    used = {link[1:] for e in root.iter() if (link := e.get("href", "")).startswith("#")}
    used |= {name for e in root.iter() for value in e.attrib.values() for name in REFERENCE.findall(value)}
    names = {name: _short(number) for number, name in enumerate(sorted(used))}
    for element in root.iter():
        _shorten(element, names)
    for metadata in root.findall(f"{SVG}metadata"):
        root.remove(metadata)
    _unwrap(root)
    xml.register_namespace("", SVG[1:-1])
    text = xml.tostring(root, encoding="unicode")
    return re.sub(r">\s+<", "><", text).replace(" />", "/>").encode()


def _short(number):
    digits = "abcdefghijklmnopqrstuvwxyz"
    return (_short(number // 26 - 1) if number >= 26 else "") + digits[number % 26]


def _shorten(element, names):
    if (name := element.attrib.pop("id", None)) in names:
        element.set("id", names[name])
    for key, value in element.attrib.items():
        if key == "href" and value.startswith("#"):
            element.set(key, f"#{names[value[1:]]}")
        elif key == "d":
            element.set(key, _path(value, COARSE if element.get("transform") == GLYPH else 1))
        elif key == "style":
            element.set(
                key, LONG.sub(r"\1", REFERENCE.sub(lambda m: f"url(#{names[m[1]]})", value)).replace("; ", ";").replace(": ", ":")
            )
        elif key != "transform" and not value.startswith("data:"):  # a scale cut to hundredths shrinks every glyph
            element.set(key, LONG.sub(r"\1", REFERENCE.sub(lambda m: f"url(#{names[m[1]]})", value)))
    if element.get("transform") == GLYPH:
        element.set("transform", f"scale({float(GLYPH[6:-1]) * COARSE})")
    if element.tag == f"{SVG}use" and (moved := TRANSLATE.fullmatch(element.get("transform", ""))):
        del element.attrib["transform"]
        element.set("x", f"{float(moved[1]):.0f}")  # hundredths of the type's size


def _path(text, coarse=1):
    """A path's commands with as few characters as keep its shape; one of whole numbers (a glyph) in relative, `coarse` steps.

    Numbers are parted by commas, which may stand in an address as they are; a space takes three characters there.
    """
    parts = re.findall(r"[MLQCz]|-?[\d.]+", text)
    if any("." in part for part in parts):
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


def _unwrap(parent):
    """Put the children of groups that say nothing in the groups' place."""
    children = []
    for child in list(parent):
        _unwrap(child)
        if child.tag == f"{SVG}g" and not child.attrib:
            children += list(child)
        elif not (child.tag in (f"{SVG}g", f"{SVG}defs") and not len(child)):
            children.append(child)
    parent[:] = children
