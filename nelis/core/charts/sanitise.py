"""Sanitise the SVG of a chart: only shapes and text, colours as classes, unique ids."""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from defusedxml.ElementTree import fromstring

from nelis.core.charts.theme import FILLS, TOKENS

_SVG = "{http://www.w3.org/2000/svg}"
#: The elements and attributes allowed: no scripts, styles or links, nothing that is fetched.
ELEMENTS = {"svg", "g", "path", "line", "rect", "text", "tspan", "circle", "defs", "clipPath"}
ATTRIBUTES = {
    *("d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "transform", "id"),
    *("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-miterlimit", "stroke-linecap", "stroke-linejoin"),
    *("fill-opacity", "stroke-opacity", "opacity", "clip-path"),
    *("text-anchor", "font-size", "font-weight", "font-style", "dy", "dx", "viewBox"),
}
_BY_COLOUR = {colour: token for token, colour in TOKENS.items()}
_LOCAL = re.compile(r"url\(#([\w-]+)\)")
_LONG = re.compile(r"(\d+\.\d{2})\d+")


def sanitise_svg(svg: str, prefix: str) -> str:
    """Return ``svg`` fit for a page. ``prefix`` begins every id, so that those of two drawings differ.

    Raise ValueError for a colour that is no token: it would not follow the colour scheme.
    """
    root = fromstring(svg)
    ids: dict[str, str] = {}
    patterns: set[str] = set()
    copy = _copy(root, ids, patterns, prefix)
    if copy is None:
        raise ValueError("There is nothing in this drawing.")
    for element in copy.iter():
        _rename(element, ids, prefix)
    copy.attrib = {"viewBox": root.get("viewBox", "")}
    _define(copy, patterns, prefix)
    indent(copy, space="")
    return tostring(copy, encoding="unicode").replace("\n", "")


def _copy(element: Element, ids: dict[str, str], patterns: set[str], prefix: str) -> Element | None:
    """Copy the element without what isn't visible or isn't allowed; None when nothing is left."""
    tag = element.tag.removeprefix(_SVG)
    if tag not in ELEMENTS or element.get("display") == "none" or element.get("opacity") == "0":
        return None
    new = Element(tag, {name: _short(value) for name, value in element.attrib.items() if name in ATTRIBUTES})
    if tag == "text" or tag == "tspan":
        new.text = element.text
    for child in element:
        if (copied := _copy(child, ids, patterns, prefix)) is not None:
            new.append(copied)
    if _is_empty(tag, new, element):
        return None
    if "id" in new.attrib:
        ids[new.attrib["id"]] = f"{prefix}-{len(ids) + 1}"
    _colour(new, patterns, prefix)
    return new


def _is_empty(tag: str, new: Element, old: Element) -> bool:
    if tag in ("g", "defs", "clipPath"):
        return len(new) == 0
    if tag in ("text", "tspan"):
        return not (new.text or len(new))
    # Backgrounds of groups without a fill.
    return "background" in old.get("class", "").split() and not {"fill", "stroke"} & set(new.attrib)


def _short(value: str) -> str:
    """Cut numbers to two decimals."""
    return _LONG.sub(r"\1", value)


def _colour(element: Element, patterns: set[str], prefix: str) -> None:
    """Add a class for the token of each colour. The colour itself stays, for use without the style sheet."""
    classes = []
    for name in ("fill", "stroke"):
        value = element.get(name)
        if value in (None, "none", "transparent"):
            continue
        if value in FILLS:
            patterns.add(value)
            element.set(name, f"url(#{prefix}-{FILLS[value][0]})")
        elif value in _BY_COLOUR:
            classes.append(f"{name[0]}-{_BY_COLOUR[value]}")
        else:
            raise ValueError(f"{value} is no colour of ours.")
    if classes:
        element.set("class", " ".join(classes))


def _rename(element: Element, ids: dict[str, str], prefix: str) -> None:
    if "id" in element.attrib:
        element.set("id", ids[element.attrib["id"]])
    if (clip := element.get("clip-path")) and (found := _LOCAL.fullmatch(clip)):
        if found[1] in ids:
            element.set("clip-path", f"url(#{ids[found[1]]})")
        else:
            del element.attrib["clip-path"]


def _define(svg: Element, patterns: set[str], prefix: str) -> None:
    """Add the definitions of the patterns used."""
    if not patterns:
        return
    defs = Element("defs")
    svg.insert(0, defs)
    for key in sorted(patterns):
        kind, token = FILLS[key]
        colour = TOKENS[token]
        box = {"id": f"{prefix}-{kind}", "width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
        pattern = SubElement(defs, "pattern", box)
        SubElement(pattern, "rect", {"width": "8", "height": "8", "fill": TOKENS["ground"], "class": "f-ground"})
        if kind == "dots":
            SubElement(pattern, "circle", {"cx": "4", "cy": "4", "r": "1.5", "fill": colour, "class": f"f-{token}"})
            continue
        path = "M-2,10L10,-2M-2,2L2,-2M6,10L10,6" if kind == "rising" else "M-2,-2L10,10M-2,6L2,10M6,-2L10,2"
        SubElement(pattern, "path", {"d": path, "stroke": colour, "stroke-width": "3", "class": f"s-{token}"})
