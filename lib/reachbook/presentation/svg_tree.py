"""The elements of a drawing: as few as draw the same picture, because a browser pays for each of them."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.dom.minidom import Document, Element, Node, parseString

_ALONE = {"x", "y", "xlink:href"}
"""What a `<use>` says of itself rather than of the look of what it repeats."""
_SEEN_THROUGH = {"opacity", "fill-opacity", "stroke-opacity"}
_REFERENCE = re.compile(r'(?:url\(|href=")#([^)"]+)')
_AXIS = re.compile(r"matplotlib\.axis_\d+$")
_POINT = re.compile(r"(-?[\d.]+) (-?[\d.]+)")
_ABSOLUTE = re.compile(r"[MLCQz\d.\s-]+")
_LINE = re.compile(r"M [-\d.]+ [-\d.]+\s+L [-\d.]+ [-\d.]+")
_CIRCLE = re.compile(r"M 0 ([\d.]+)\s+(?:C[^A-Za-z]+){8}z")
_NO_TURN = re.compile(r"rotate\(-?0 [^)]*\)")


def thinned(drawing: str) -> str:
    """Write the drawing with fewer elements, one a line.

    Parameters
    ----------
    drawing : str
        One well-formed `<svg>` element whose look is said in attributes, not in styles.

    Notes
    -----
    Groups that say nothing go, and so does what paints nothing. Marks of one look become one path: those that follow
    each other where they are opaque and of one colour, so that overlaps look as before, and the ticks and grid lines of
    one axis, which lie beside each other.
    """
    document = parseString(drawing)
    root = document.documentElement
    assert root is not None
    _clean(root)
    shapes = _definitions(document, root)
    for group in [each for each in root.getElementsByTagName("g") if _AXIS.search(each.getAttribute("id"))]:
        _unwrap(group, _referred(root))
        _join(_by_look(group), shapes, parallel=True)
    _unwrap(root, _referred(root))
    for parent in [root, *root.getElementsByTagName("g")]:
        _join(_neighbours(parent), shapes)
    _forget(root, _referred(root))
    bare = root.cloneNode(deep=False)
    assert bare is not None
    head, body = bare.toxml(), "\n".join(each.toxml() for each in root.childNodes)
    return f"{head.removesuffix('/>')}>\n{body}\n</svg>"


def _elements(parent: Element) -> list[Element]:
    return [each for each in parent.childNodes if isinstance(each, Element)]


def _looks(element: Element) -> dict[str, str]:
    return {name: value for name, value in element.attributes.items() if name != "d"}


def _clean(root: Element) -> None:
    """Drop blank text, comments, turns by nothing, and paths that paint nothing."""
    for element in [root, *root.getElementsByTagName("*")]:
        for child in list(element.childNodes):
            blank = child.nodeType == Node.TEXT_NODE and element.tagName not in ("text", "tspan")
            if blank or child.nodeType == Node.COMMENT_NODE or (isinstance(child, Element) and _unseen(child)):
                element.removeChild(child)
        if _NO_TURN.fullmatch(element.getAttribute("transform")):
            element.removeAttribute("transform")


def _unseen(path: Element) -> bool:
    """Whether a path has no fill and nobody, itself or a group around it, gives it a stroke."""
    if path.tagName != "path" or path.hasAttribute("id") or path.getAttribute("fill") != "none":
        return False
    around: Node | None = path
    while isinstance(around, Element):
        if around.getAttribute("stroke") not in ("", "none") or around.tagName in ("clipPath", "defs"):
            return False
        around = around.parentNode
    return True


def _definitions(document: Document, root: Element) -> dict[str, Element]:
    """Gather all definitions in one `<defs>` on top; returned are they by id."""
    found = list(root.getElementsByTagName("defs"))
    one = document.createElement("defs")
    for each in found:
        for child in _elements(each):
            one.appendChild(child)
        _remove(each)
    root.insertBefore(one, root.firstChild)
    return {each.getAttribute("id"): each for each in _elements(one)}


def _referred(root: Element) -> set[str]:
    return set(_REFERENCE.findall(root.toxml()))


def _unwrap(top: Element, referred: set[str]) -> None:
    """Replace each group below `top` that says nothing, and is not referred to, by what it holds."""
    for group in list(top.getElementsByTagName("g")):
        said = {name for name, value in group.attributes.items() if name != "id" or value in referred}
        if said and group.hasChildNodes():
            continue
        parent = group.parentNode
        assert isinstance(parent, Element)
        for child in list(group.childNodes):
            parent.insertBefore(child, group)
        _remove(group)


def _remove(element: Element) -> None:
    assert element.parentNode is not None
    element.parentNode.removeChild(element)


def _kind(element: Element) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What two marks must share to be drawn as one."""
    own = _ALONE if element.tagName == "use" else set()
    looks = {name: value for name, value in _looks(element).items() if name not in own}
    return element.tagName, element.getAttribute("xlink:href"), tuple(sorted(looks.items()))


def _neighbours(parent: Element) -> Iterator[list[Element]]:
    return (list(run) for _, run in groupby(_elements(parent), _kind))


def _by_look(parent: Element) -> Iterable[list[Element]]:
    found: dict[object, list[Element]] = {}
    for each in _elements(parent):
        found.setdefault(_kind(each), []).append(each)
    return list(found.values())


def _join(runs: Iterable[list[Element]], shapes: dict[str, Element], parallel: bool = False) -> None:
    """Draw each run as one path if that looks the same and is no longer; `parallel` marks never overlap."""
    for run in runs:
        one = _joined(run, shapes, parallel) if len(run) > 1 else None
        if one is None or len(one.toxml()) > sum(len(each.toxml()) for each in run):
            continue
        parent = run[0].parentNode
        assert parent is not None
        parent.insertBefore(one, run[0])
        for each in run:
            _remove(each)


def _joined(run: list[Element], shapes: dict[str, Element], parallel: bool) -> Element | None:
    """One path for the run; None where it would not look the same."""
    first = run[0]
    if first.tagName == "use":
        shape = shapes.get(first.getAttribute("xlink:href")[1:])
        return _repeated(run, shape, parallel) if shape and shape.tagName == "path" else None
    looks = _looks(first)
    if first.tagName != "path" or first.hasAttribute("id") or looks.get("fill") != "none" or not _fits(looks, parallel):
        return None  # of filled shapes that overlap, one path would paint a hole where they turn in opposite ways
    return _path([each.getAttribute("d").strip() for each in run], looks)


def _repeated(run: list[Element], shape: Element, parallel: bool) -> Element | None:
    """One path for a shape drawn at several places."""
    outline = shape.getAttribute("d").strip()
    looks = {name: value for name, value in _looks(run[0]).items() if name not in _ALONE}
    looks |= {name: value for name, value in _looks(shape).items() if name != "id"}
    if looks.get("fill-opacity") == "0" or _LINE.fullmatch(outline):
        looks.pop("fill-opacity", None)
        looks["fill"] = "none"
    if not _fits(looks, parallel) or not _ABSOLUTE.fullmatch(outline):
        return None
    places = [(float(each.getAttribute("x")), float(each.getAttribute("y"))) for each in run]
    circle = _CIRCLE.fullmatch(outline)
    if circle and looks.get("fill") != "none":
        return _path([f"M {_number(x)} {_number(y)} h 0" for x, y in places], _dotted(looks, float(circle[1])))
    return _path([_moved(outline, x, y) for x, y in places], looks)


def _fits(looks: dict[str, str], parallel: bool) -> bool:
    """Whether marks of this look may overlap within one path and look as they did one by one."""
    fill, stroke = looks.get("fill", "black"), looks.get("stroke", "none")
    one_colour = "none" in (fill, stroke) or fill == stroke
    return "transform" not in looks and one_colour and (parallel or not _SEEN_THROUGH & set(looks))


def _dotted(looks: dict[str, str], radius: float) -> dict[str, str]:
    """The look of lines of no length with round ends, which are filled circles of this radius."""
    around = float(looks.get("stroke-width", "1")) if looks.get("stroke", "none") != "none" else 0.0
    other = {name: value for name, value in looks.items() if not name.startswith(("fill", "stroke"))}
    width = _number(2 * radius + around)
    return {**other, "fill": "none", "stroke": looks["fill"], "stroke-linecap": "round", "stroke-width": width}


def _moved(outline: str, x: float, y: float) -> str:
    return _POINT.sub(lambda at: f"{_number(float(at[1]) + x)} {_number(float(at[2]) + y)}", outline)


def _number(value: float) -> str:
    """A coordinate to a millionth of a point, as Matplotlib writes it."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _path(marks: list[str], looks: dict[str, str]) -> Element:
    path = Document().createElement("path")
    for name, value in {"d": " ".join(marks), **looks}.items():
        path.setAttribute(name, value)
    return path


def _forget(root: Element, referred: set[str]) -> None:
    """Drop definitions that nothing refers to."""
    for each in _elements(root):
        for definition in _elements(each) if each.tagName == "defs" else ():
            if definition.getAttribute("id") not in referred:
                each.removeChild(definition)
        if each.tagName == "defs" and not each.hasChildNodes():
            root.removeChild(each)
