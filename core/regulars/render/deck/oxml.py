"""The few things that python-pptx has no words for, written as XML. Only this module touches its private parts."""
# ruff: noqa: SLF001

from __future__ import annotations

import copy
import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx.dml.fill import FillFormat
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.shapes.placeholder import ChartPlaceholder, TablePlaceholder
from pptx.util import Pt

from regulars.render.deck.box import Box
from regulars.render.deck.theme import Paint

NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid": the table shows only what we draw
DECORATIVE_URI = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
SIDES = ("a:lnL", "a:lnR", "a:lnT", "a:lnB")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


def clean(text: str) -> str:
    r"""Return the text without control characters, which XML cannot hold.

    >>> clean("a\x00b\x0bc")
    'abc'
    """
    return UNPRINTABLE.sub("", text)


# ---- colours -------------------------------------------------------------------------------------------------------


def scheme_colour(paint: Paint) -> str:
    """Return the XML of a theme colour."""
    alpha = f'<a:alpha val="{round(paint.alpha * 100_000)}"/>' if paint.alpha < 1 else ""
    rest = round((1 - paint.lighter) * 100_000)
    lighter = f'<a:lumMod val="{rest}"/><a:lumOff val="{100_000 - rest}"/>' if paint.lighter else ""
    return f'<a:schemeClr val="{paint.slot}">{lighter}{alpha}</a:schemeClr>'


def fill(target: FillFormat, paint: Paint) -> None:
    """Fill a shape, cell, series or point with a theme colour."""
    target.solid()  # type: ignore[no-untyped-call]
    solid = target._xPr.find(qn("a:solidFill"))
    for child in list(solid):
        solid.remove(child)
    solid.append(parse_xml(scheme_colour(paint).replace("<a:schemeClr", f"<a:schemeClr {nsdecls('a')}", 1)))


def line(target: Any, paint: Paint, width: float) -> None:
    """Draw a line in a theme colour, its width in points."""
    target.width = Pt(width)
    fill(target.fill, paint)


def text_colour(font: Any, slot: str) -> None:
    """Set the colour of text to a theme colour."""
    fill(font.fill, Paint(slot))


# ---- shapes --------------------------------------------------------------------------------------------------------


def set_alt(shape: Any, text: str, name: str) -> None:
    """Name a shape and say in words what it shows."""
    properties = _properties(shape)
    properties.set("descr", clean(text))
    properties.set("name", clean(name))


def set_decorative(shape: Any) -> None:
    """Tell screen readers to pass over a shape."""
    extension = parse_xml(
        f'<a:extLst {nsdecls("a")}><a:ext uri="{DECORATIVE_URI}">'
        f'<adec:decorative xmlns:adec="{DECORATIVE}" val="1"/></a:ext></a:extLst>'
    )
    _properties(shape).append(extension)


def flatten(shape: Any) -> None:
    """Take away the theme's shadow; the reference to its font stays."""
    effect = shape._element.find(f"{qn('p:style')}/{qn('a:effectRef')}")
    if effect is not None:
        effect.set("idx", "0")  # LibreOffice does not heed an empty list of effects


def remove(shape: Any) -> None:
    """Take a shape off its slide."""
    shape._element.getparent().remove(shape._element)


def set_box(shape: Any, box: Box) -> None:
    """Place a shape."""
    shape.left, shape.top, shape.width, shape.height = box.left, box.top, box.width, box.height


def chart_in(placeholder: Any, kind: Any, data: Any) -> Any:
    """Put a chart in a placeholder of any kind and return its frame."""
    return ChartPlaceholder(placeholder._element, placeholder._parent).insert_chart(kind, data)  # type: ignore[no-untyped-call]


def table_in(placeholder: Any, rows: int, columns: int) -> Any:
    """Put a table in a placeholder of any kind and return its frame."""
    return TablePlaceholder(placeholder._element, placeholder._parent).insert_table(rows, columns)  # type: ignore[no-untyped-call]


def plain_table(frame: Any, *, first_row: bool) -> None:
    """Take the ready-made style off a table."""
    properties = frame.table._tbl.tblPr
    style = properties.find(qn("a:tableStyleId"))
    if style is None:
        style = etree.SubElement(properties, qn("a:tableStyleId"))
    style.text = NO_STYLE
    frame.table.horz_banding = False
    frame.table.first_row = first_row


def cell_line(cell: Any, side: str, paint: Paint | None, width: float = 0.5) -> None:
    """Draw one border of a table cell (side L, R, T or B), its width in points; None leaves it out."""
    properties = cell._tc.get_or_add_tcPr()
    tag = f"a:ln{side}"
    for old in properties.findall(qn(tag)):
        properties.remove(old)
    inner = f"<a:solidFill>{scheme_colour(paint)}</a:solidFill>" if paint else "<a:noFill/>"
    border = parse_xml(
        f'<{tag} {nsdecls("a")} w="{Pt(width)}" cap="flat" cmpd="sng" algn="ctr">{inner}<a:prstDash val="solid"/></{tag}>'
    )
    earlier = {qn(other) for other in SIDES[: SIDES.index(tag)]}
    properties.insert(sum(1 for child in properties if child.tag in earlier), border)  # before the fill, in this order


def bullet(paragraph: Any, *, shown: bool) -> None:
    """Show or hide the bullet of a paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    for tag in ("a:buNone", "a:buFont", "a:buChar"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    properties.set("marL", "171450" if shown else "0")
    properties.set("indent", "-171450" if shown else "0")
    if shown:
        properties.append(parse_xml(f'<a:buFont {nsdecls("a")} typeface="Arial"/>'))
        properties.append(parse_xml(f'<a:buChar {nsdecls("a")} char="\N{BULLET}"/>'))
    else:
        properties.append(parse_xml(f"<a:buNone {nsdecls('a')}/>"))


def no_autofit(text_frame: Any) -> None:
    """Keep the program that opens the deck from shrinking text that was measured."""
    body = text_frame._txBody.bodyPr
    for tag in ("a:normAutofit", "a:spAutoFit", "a:noAutofit"):
        for old in body.findall(qn(tag)):
            body.remove(old)
    body.append(parse_xml(f"<a:noAutofit {nsdecls('a')}/>"))


def copy_placeholder(slide: Any, placeholder: Any, text: str | None) -> Any:
    """Put a layout's footer or page number on a slide, which python-pptx leaves out, and return the shape.

    The text replaces the footer's; None keeps the page number's field.
    """
    element = copy.deepcopy(placeholder._element)
    properties = element.find(qn("p:spPr"))
    for child in list(properties):
        properties.remove(child)  # the position is inherited
    body = element.find(qn("p:txBody"))
    style = body.find(qn("a:lstStyle"))
    if style is not None and not len(style):
        _inherit_style(style, placeholder)
    if text is not None:
        for paragraph in body.findall(qn("a:p")):
            body.remove(paragraph)
        body.append(parse_xml(f'<a:p {nsdecls("a")}><a:r><a:rPr lang="en-US"/><a:t/></a:r></a:p>'))
        body.find(f".//{qn('a:t')}").text = clean(text)
    elif body.find(f".//{qn('a:fld')}") is None:
        for paragraph in body.findall(qn("a:p")):
            body.remove(paragraph)
        body.append(page_number())
    tree = slide.shapes._spTree
    element.nvSpPr.cNvPr.set("id", str(max(int(found) for found in tree.xpath(".//p:cNvPr/@id")) + 1))
    tree.append(element)
    return slide.shapes[-1]


def page_number() -> Any:
    """Return a paragraph that shows the slide's number."""
    return parse_xml(
        f'<a:p {nsdecls("a")}><a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
        '<a:rPr lang="en-US"/><a:t>\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}#'
        "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}</a:t></a:fld></a:p>"
    )


def set_page_number(text_frame: Any) -> None:
    """Make a text frame show the slide's number."""
    body = text_frame._txBody
    for paragraph in body.findall(qn("a:p")):
        body.remove(paragraph)
    body.append(page_number())


def _inherit_style(style: Any, placeholder: Any) -> None:
    # LibreOffice does not look in the master for the style of footers and page numbers.
    master = placeholder.part.slide_layout.slide_master
    kind = placeholder.placeholder_format.type
    for candidate in master.placeholders:
        if candidate.placeholder_format.type == kind:
            for level in candidate._element.find(qn("p:txBody")).find(qn("a:lstStyle")):
                style.append(copy.deepcopy(level))
            return


def _properties(shape: Any) -> Any:
    return shape._element.xpath(".//p:cNvPr")[0]
