"""Read a .pptx into the deck that the rules look at."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.oxml.ns import qn

from regulars.base.errors import InputError
from regulars.render.deck.box import EMU_PER_POINT, Box
from regulars.render.deck.colour import colour_of, fill_of
from regulars.render.deck.layouts import NAMES, SOURCES, Purpose
from regulars.render.deck.oxml import NO_STYLE
from regulars.render.deck.theme import Rgb, Theme, read_theme
from regulars.render.deck_lint.chart_file import read_chart
from regulars.render.deck_lint.colour import (
    Area,
    background_of,
    ground_at,
    mapping_of,
    painted,
)
from regulars.render.deck_lint.links import links, without
from regulars.render.deck_lint.model import TITLES, Cell, Deck, Kind, Shape, Slide, Table
from regulars.render.deck_lint.style import Lineage, paragraphs_of

REMEDY = "open it in PowerPoint and save it as a PowerPoint presentation (.pptx)"
ENCRYPTED = b"\xd0\xcf\x11\xe0"  # an old or an encrypted Office file
UNREADABLE = (PythonPptxError, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError, etree.XMLSyntaxError)
COVER_TYPES = {"title", "secHead"}
COVER_NAMES = {*NAMES[Purpose.TITLE], *NAMES[Purpose.CLOSING], "section"}
STYLES = {"title": "p:titleStyle", "ctrTitle": "p:titleStyle", "ftr": "p:otherStyle", "sldNum": "p:otherStyle", "dt": "p:otherStyle"}  # fmt: skip
THICK = 3 * EMU_PER_POINT
WHITE: Rgb = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Frame:
    """What all shapes of a slide share."""

    slide: Any
    theme: Theme
    colours: Mapping[str, Rgb]
    defaults: tuple[Any, ...]
    background: Rgb | None
    areas: list[Area]


def read_deck(path: Path) -> Deck:
    """Return the deck in a file.

    Raises InputError for a missing or damaged file, for another format, and for one with macros or a password.
    """
    blob = _bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            parts = {name: package.read(name) for name in package.namelist() if not name.endswith("/")}
        presentation = Presentation(io.BytesIO(_without_dangling(blob, parts)))
        slides = tuple(_slide(one, number, presentation) for number, one in enumerate(presentation.slides, start=1))
    except UNREADABLE as problem:
        raise InputError(f"the deck '{path}' is damaged or not a PowerPoint file", remedy=REMEDY) from problem
    return Deck(
        path.name, len(blob), int(presentation.slide_width or 0), int(presentation.slide_height or 0), slides, parts
    )


def _bytes(path: Path) -> bytes:
    if path.suffix.casefold() != ".pptx":
        raise InputError(f"the deck '{path}' does not end in .pptx", remedy=REMEDY)
    try:
        blob = path.read_bytes()
    except FileNotFoundError as problem:
        raise InputError(f"there is no deck '{path}'", remedy="check the path") from problem
    except OSError as problem:
        raise InputError(
            f"the deck '{path}' cannot be read ({problem.strerror})", remedy="close it and check its permissions"
        ) from problem
    if blob.startswith(ENCRYPTED):
        raise InputError(f"the deck '{path}' has a password, or is of an old format", remedy=REMEDY)
    return blob


def _without_dangling(blob: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the package without relationships to parts that are missing, which python-pptx would stumble over."""
    dangling = {(link.home, link.key) for link in links(parts) if not link.outside and link.target not in parts}
    if not dangling:
        return blob
    patched = io.BytesIO()
    with zipfile.ZipFile(patched, "w") as package:
        for name, content in parts.items():
            keys = {key for home, key in dangling if home == name}
            package.writestr(name, without(content, keys) if keys else content)
    return patched.getvalue()


def _slide(slide: Any, number: int, presentation: Any) -> Slide:
    layout, master = slide.slide_layout, slide.slide_layout.slide_master
    theme = read_theme(master)
    colours = mapping_of((slide.element, layout.element), theme.colours)
    background = background_of((slide.element, layout.element, master.element), colours)
    styles = presentation.element.find(qn("p:defaultTextStyle"))
    frame = Frame(slide, theme, colours, (styles,) if styles is not None else (), background, [])
    for parent in (master, layout):
        for shape in parent.shapes:
            if not shape.is_placeholder:
                _paint(frame, shape.element, _box(shape))
    shapes = tuple(_shape(shape, frame, _Shift()) for shape in slide.shapes)
    leaves = tuple(leaf for shape in shapes for leaf in shape.leaves())
    name = layout.name.strip().casefold()
    return Slide(
        number=number,
        layout=layout.name,
        cover=layout.element.get("type") in COVER_TYPES or name in COVER_NAMES,
        shapes=shapes,
        leaves=leaves,
        title=_title(leaves, int(presentation.slide_height or 0)),
        source=next((leaf for leaf in leaves if _is_source(leaf)), None),
        notes=_notes(slide),
        major=theme.major,
        minor=theme.minor,
        element=slide.element,
        theme=colours,
        background=background,
        part=str(slide.part.partname).lstrip("/"),
        hidden=slide.element.get("show") in {"0", "false"},
    )


def _notes(slide: Any) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return str(frame.text) if frame is not None else ""


def _title(leaves: tuple[Shape, ...], height: int) -> Shape | None:
    drawn = (leaf for leaf in leaves if leaf.slot is None and leaf.name == "Title" and leaf.box.top < height / 2)
    return next((leaf for leaf in leaves if leaf.is_title), next(drawn, None))


def _is_source(leaf: Shape) -> bool:
    named = leaf.name.strip().casefold().startswith(SOURCES)
    return leaf.written and (named or leaf.text.strip().casefold().startswith((*SOURCES, "note")))


@dataclass(frozen=True)
class _Shift:
    """How a group places what it holds."""

    across: float = 1.0
    down: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def place(self, box: Box) -> Box:
        return Box(
            round(box.left * self.across + self.left),
            round(box.top * self.down + self.top),
            round(box.width * self.across),
            round(box.height * self.down),
        )

    def inside(self, group: Any) -> _Shift:
        transform = group.find(f"{qn('p:grpSpPr')}/{qn('a:xfrm')}")
        if transform is None:
            return self
        at, extent, child_at, child_extent = (
            transform.find(qn(f"a:{tag}")) for tag in ("off", "ext", "chOff", "chExt")
        )
        width, height = int(child_extent.get("cx")), int(child_extent.get("cy"))
        across = int(extent.get("cx")) / width if width else 1.0
        down = int(extent.get("cy")) / height if height else 1.0
        return _Shift(
            self.across * across,
            self.down * down,
            self.left + self.across * (int(at.get("x")) - int(child_at.get("x")) * across),
            self.top + self.down * (int(at.get("y")) - int(child_at.get("y")) * down),
        )


def _shape(shape: Any, frame: Frame, shift: _Shift) -> Shape:
    element = shape.element
    raw = _box(shape)
    box = shift.place(raw)
    properties = element.xpath(".//p:cNvPr")[0]
    made = Shape(
        name=properties.get("name", ""),
        kind=_kind(element),
        box=box,
        element=element,
        slot=_slot(element),
        alt=properties.get("descr", ""),
        decorative=bool(properties.xpath(".//*[local-name()='decorative' and (@val='1' or @val='true')]")),
    )
    if made.kind is Kind.GROUP:
        inner = shift.inside(element)
        return replace(made, children=tuple(_shape(child, frame, inner) for child in shape.shapes))
    if made.kind is Kind.TABLE:
        return replace(made, table=_table(element, frame))
    if made.kind is Kind.CHART:
        return replace(made, chart=read_chart(shape.chart.part))
    ground = _paint(frame, element, box, _ancestors(shape))
    body = element.find(qn("p:txBody"))
    return made if body is None else _with_text(made, shape, body, ground, frame)


def _box(shape: Any) -> Box:
    # A shape without a place of its own and of its ancestors has none at all.
    return Box(*(int(value or 0) for value in (shape.left, shape.top, shape.width, shape.height)))


def _with_text(made: Shape, shape: Any, body: Any, ground: Rgb | None, frame: Frame) -> Shape:
    ancestors = _ancestors(shape)
    bodies = [found for one in ancestors if (found := one.find(qn("p:txBody"))) is not None]
    lists = frame.defaults
    if made.slot is not None:
        styles = shape.part.slide_layout.slide_master.element.find(qn("p:txStyles"))
        kind = styles.find(qn(STYLES.get(made.slot, "p:bodyStyle"))) if styles is not None else None
        lists = (*(() if kind is None else (kind,)), *frame.defaults)
    reference = made.element.find(f"{qn('p:style')}/{qn('a:fontRef')}")
    lineage = Lineage((body, *bodies), lists, reference)
    left, top, right, bottom = (lineage.inset(name) for name in ("lIns", "tIns", "rIns", "bIns"))
    fit = lineage.autofit()
    prompt = bodies[0].xpath("string(.)") if bodies else ""
    return replace(
        made,
        paragraphs=paragraphs_of(body, lineage, frame.colours, frame.colours.get("tx1")),
        room=(
            (made.box.width - left - right) / EMU_PER_POINT,
            (made.box.height - top - bottom) / EMU_PER_POINT,
        ),
        wraps=lineage.wraps(),
        grows=fit is not None and fit.tag == qn("a:spAutoFit"),
        shrinks=fit is not None and fit.tag == qn("a:normAutofit"),
        prompt=prompt.strip(),
        ground=ground,
        has_field=body.find(f".//{qn('a:fld')}") is not None,
    )


def _ancestors(shape: Any) -> list[Any]:
    """Return the layout's and the master's placeholder that a slide's placeholder inherits from, as elements."""
    if not getattr(shape, "is_placeholder", False):
        return []
    layout = shape.part.slide_layout
    idx, kind = shape.placeholder_format.idx, _slot(shape.element)
    on_layout = next((one for one in layout.placeholders if one.placeholder_format.idx == idx), None)
    if on_layout is None:
        return []
    wanted = "title" if kind in TITLES else kind if kind in {"ftr", "sldNum", "dt"} else "body"
    on_master = next((one for one in layout.slide_master.placeholders if _slot(one.element) == wanted), None)
    return [one.element for one in (on_layout, on_master) if one is not None]


def _paint(frame: Frame, element: Any, box: Box, ancestors: list[Any] | None = None) -> Rgb | None:
    """Return the colour behind a shape's text, and remember the area that it paints."""
    below = ground_at(box, frame.areas, frame.background)
    if element.tag == qn("p:pic"):
        frame.areas.append(Area(box, None))
        return None
    fills = (fill_of(one.find(qn("p:spPr"))) for one in (element, *(ancestors or ())))
    fill = next((found for found in fills if found is not None), None)
    reference = element.find(f"{qn('p:style')}/{qn('a:fillRef')}")
    if fill is None and reference is not None and reference.get("idx", "0") != "0":
        covered, colour = True, colour_of(reference, frame.colours, below)
    else:
        covered, colour = painted(fill, frame.colours, below)
    if covered:
        frame.areas.append(Area(box, colour))
    return colour


def _table(element: Any, frame: Frame) -> Table:
    table = element.find(f".//{qn('a:tbl')}")
    style = table.findtext(f"{qn('a:tblPr')}/{qn('a:tableStyleId')}")
    plain = style is None or style == NO_STYLE
    widths = [int(column.get("w")) / EMU_PER_POINT for column in table.iter(qn("a:gridCol"))]
    rows = table.findall(qn("a:tr"))
    cells = tuple(
        tuple(_cells(row, number, widths, frame, plain=plain)) for number, row in enumerate(rows)
    )  # fmt: skip
    return Table(cells, tuple(int(row.get("h")) / EMU_PER_POINT for row in rows), plain)


def _cells(row: Any, number: int, widths: list[float], frame: Frame, *, plain: bool) -> Iterator[Cell]:
    for column, cell in enumerate(row.findall(qn("a:tc"))):
        properties = cell.find(qn("a:tcPr"))
        left, right, top, bottom = (
            int((properties.get(name) if properties is not None else None) or default) / EMU_PER_POINT
            for name, default in (("marL", 91_440), ("marR", 91_440), ("marT", 45_720), ("marB", 45_720))
        )
        fill = fill_of(properties)
        below = frame.background if plain or fill is not None else None
        span = int(cell.get("gridSpan", "1"))
        body = cell.find(qn("a:txBody"))
        default = frame.colours.get("tx1") if plain else None
        yield Cell(
            number,
            column,
            paragraphs_of(body, Lineage((body,), frame.defaults), frame.colours, default) if body is not None else (),
            sum(widths[column : column + span]) - left - right,
            top + bottom,
            painted(fill, frame.colours, below)[1],
            _marker(properties),
        )


def _marker(properties: Any) -> str:
    line = properties.find(qn("a:lnL")) if properties is not None else None
    if line is None or int(line.get("w", "0")) < THICK:
        return ""
    slot = line.find(f"{qn('a:solidFill')}/{qn('a:schemeClr')}")
    return str(slot.get("val")) if slot is not None else ""


def _kind(element: Any) -> Kind:
    if element.tag == qn("p:grpSp"):
        return Kind.GROUP
    if element.tag == qn("p:pic"):
        return Kind.PICTURE
    if element.tag == qn("p:cxnSp"):
        return Kind.LINE
    if element.tag == qn("p:graphicFrame"):
        if element.find(f".//{qn('a:tbl')}") is not None:
            return Kind.TABLE
        return Kind.CHART if element.find(f".//{qn('c:chart')}") is not None else Kind.OTHER
    return Kind.TEXT


def _slot(element: Any) -> str | None:
    found = element.xpath("./*[1]/p:nvPr/p:ph")
    return str(found[0].get("type", "body")) if found else None
