"""XML parts of a slide template: placeholders, layouts, master and theme, written from a description."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

EMU_PER_INCH = 914_400
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:a="{A}" xmlns:r="{R}" xmlns:p="{P}"'
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Inches4 = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True)
class TextStyle:
    """The first level of a placeholder's text: points, theme colour and paragraph."""

    size: float
    colour: str
    bold: bool = False
    align: str = "l"
    bullet: bool = False
    space_before: float = 0


@dataclass(frozen=True)
class Placeholder:
    """A slot for a title, text, chart, table, footer or page number. Insets: left, top, right, bottom in inches."""

    name: str
    kind: str | None
    idx: int | None
    box: Inches4
    prompt: str = ""
    style: TextStyle | None = None
    anchor: str = "t"
    insets: Inches4 = (0.0, 0.0, 0.0, 0.0)
    fill: str | None = None


@dataclass(frozen=True)
class Rectangle:
    """A decoration in a theme colour."""

    name: str
    box: Inches4
    colour: str


Shape = Placeholder | Rectangle


@dataclass(frozen=True)
class Layout:
    """A layout with its type, which programs in every language understand."""

    name: str
    kind: str
    shapes: tuple[Shape, ...]
    background: str | None = field(default=None)


def emu(inches: float) -> int:
    """Return English Metric Units, of which an inch has 914,400.

    >>> emu(0.5)
    457200
    """
    return round(inches * EMU_PER_INCH)


def layout_xml(layout: Layout) -> str:
    """Return a slideLayout part."""
    return (
        f'{HEADER}<p:sldLayout {NAMESPACES} type={quoteattr(layout.kind)} preserve="1" userDrawn="1">'
        f"{_common(layout.shapes, layout.name, layout.background)}"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def master_xml(shapes: tuple[Shape, ...], layouts: int, title: TextStyle, body: TextStyle) -> str:
    """Return the slideMaster part, whose layouts have the relationships rId1 to rIdN."""
    colours = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
    mapped = {**colours, **{f"accent{number}": f"accent{number}" for number in range(1, 7)}}
    mapping = " ".join(
        f'{name}="{slot}"' for name, slot in {**mapped, "hlink": "hlink", "folHlink": "folHlink"}.items()
    )
    ids = "".join(f'<p:sldLayoutId id="{2147483649 + i}" r:id="rId{i + 1}"/>' for i in range(layouts))
    return (
        f'{HEADER}<p:sldMaster {NAMESPACES} preserve="1">{_common(shapes, None, "bg1")}<p:clrMap {mapping}/>'
        f"<p:sldLayoutIdLst>{ids}</p:sldLayoutIdLst>"
        f"<p:txStyles><p:titleStyle>{_title_level(title)}</p:titleStyle>"
        f"<p:bodyStyle>{''.join(_body_level(body, level) for level in range(1, 10))}</p:bodyStyle>"
        f"<p:otherStyle>{''.join(_other_level(level) for level in range(1, 10))}</p:otherStyle></p:txStyles></p:sldMaster>"
    )


def theme_xml(name: str, palette: dict[str, str], font: str) -> str:
    """Return the theme part: colours, one font and flat fills, lines and effects."""
    colours = "".join(f'<a:{slot}><a:srgbClr val="{value}"/></a:{slot}>' for slot, value in palette.items())
    typeface = f'<a:latin typeface={quoteattr(font)}/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    lines = "".join(
        f'<a:ln w="{width}" cap="flat" cmpd="sng" algn="ctr">{fill}<a:prstDash val="solid"/></a:ln>'
        for width in (6350, 12700, 19050)
    )
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'{HEADER}<a:theme xmlns:a="{A}" name={quoteattr(name)}><a:themeElements>'
        f"<a:clrScheme name={quoteattr(name)}>{colours}</a:clrScheme>"
        f"<a:fontScheme name={quoteattr(name)}><a:majorFont>{typeface}</a:majorFont>"
        f"<a:minorFont>{typeface}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Flat"><a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{lines}</a:lnStyleLst>'
        f"<a:effectStyleLst>{effects}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme>"
        "</a:themeElements><a:objectDefaults/><a:extraClrSchemeLst/></a:theme>"
    )


def _common(shapes: tuple[Shape, ...], name: str | None, background: str | None) -> str:
    painted = (
        f'<p:bg><p:bgPr><a:solidFill><a:schemeClr val="{background}"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>'
        if background
        else ""
    )
    named = f" name={quoteattr(name)}" if name else ""
    tree = "".join(_shape(shape, number) for number, shape in enumerate(shapes, start=2))
    return (
        f"<p:cSld{named}>{painted}<p:spTree><p:nvGrpSpPr>"
        '<p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
        f"{tree}</p:spTree></p:cSld>"
    )


def _shape(shape: Shape, number: int) -> str:
    return _placeholder(shape, number) if isinstance(shape, Placeholder) else _rectangle(shape, number)


def _placeholder(shape: Placeholder, number: int) -> str:
    kind = f' type="{shape.kind}"' if shape.kind else ""
    idx = "" if shape.idx is None else f' idx="{shape.idx}"'
    size = ' sz="quarter"' if shape.kind in {"ftr", "sldNum"} else ""
    prompt = ' hasCustomPrompt="1"' if shape.prompt else ""
    fill = f'<a:solidFill><a:schemeClr val="{shape.fill}"/></a:solidFill>' if shape.fill else ""
    left, top, right, bottom = (emu(inset) for inset in shape.insets)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(shape.name)}/>'
        '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f"<p:nvPr><p:ph{kind}{size}{idx}{prompt}/></p:nvPr></p:nvSpPr><p:spPr>{_xfrm(shape.box)}{fill}</p:spPr>"
        f'<p:txBody><a:bodyPr lIns="{left}" tIns="{top}" rIns="{right}" bIns="{bottom}" anchor="{shape.anchor}">'
        f"<a:noAutofit/></a:bodyPr><a:lstStyle>{_level(shape.style, shape.kind)}</a:lstStyle>{_paragraph(shape)}</p:txBody></p:sp>"
    )


def _paragraph(shape: Placeholder) -> str:
    if shape.kind == "sldNum":
        return (
            '<a:p><a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-US"/>'
            "<a:t>\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}#\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}</a:t>"
            "</a:fld></a:p>"
        )
    if not shape.prompt:
        return '<a:p><a:endParaRPr lang="en-US"/></a:p>'
    return f'<a:p><a:pPr lvl="0"/><a:r><a:rPr lang="en-US"/><a:t>{escape(shape.prompt)}</a:t></a:r></a:p>'


def _rectangle(shape: Rectangle, number: int) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(shape.name)}><a:extLst>'
        '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
        'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
        '</p:cNvPr><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr>{_xfrm(shape.box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="{shape.colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en-US"/></a:p></p:txBody></p:sp>'
    )


def _xfrm(box: Inches4) -> str:
    left, top, width, height = (emu(side) for side in box)
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def _level(style: TextStyle | None, kind: str | None) -> str:
    if style is None:
        return ""
    indent = 'marL="171450" indent="-171450"' if style.bullet else 'marL="0" indent="0"'
    bullet = '<a:buFont typeface="Arial"/><a:buChar char="\N{BULLET}"/>' if style.bullet else "<a:buNone/>"
    return (
        f'<a:lvl1pPr {indent} algn="{style.align}"><a:spcBef><a:spcPts val="{round(style.space_before * 100)}"/></a:spcBef>'
        f'{bullet}<a:defRPr sz="{round(style.size * 100)}" b="{int(style.bold)}">'
        f'<a:solidFill><a:schemeClr val="{style.colour}"/></a:solidFill>{_font(_face(kind))}</a:defRPr></a:lvl1pPr>'
    )


FLOW = 'defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1"'


def _title_level(style: TextStyle) -> str:
    return (
        f'<a:lvl1pPr algn="l" {FLOW}><a:lnSpc><a:spcPct val="95000"/></a:lnSpc><a:spcBef><a:spcPct val="0"/></a:spcBef>'
        f"<a:buNone/>{_run(style, '+mj')}</a:lvl1pPr>"
    )


def _body_level(style: TextStyle, level: int) -> str:
    bullet = "\N{BULLET}" if level % 2 else "\N{EN DASH}"
    smaller = TextStyle(style.size if level == 1 else style.size - 2, style.colour)
    return (
        f'<a:lvl{level}pPr marL="{171450 * level}" indent="-171450" algn="l" {FLOW}>'
        f'<a:spcBef><a:spcPts val="{600 if level == 1 else 300}"/></a:spcBef>'
        f'<a:buFont typeface="Arial"/><a:buChar char="{bullet}"/>{_run(smaller, "+mn")}</a:lvl{level}pPr>'
    )


def default_text_xml() -> str:
    """Return the text style of shapes and text boxes: the theme's font."""
    return f"<p:defaultTextStyle>{''.join(_other_level(level) for level in range(1, 10))}</p:defaultTextStyle>"


def _other_level(level: int) -> str:
    plain = TextStyle(18, "tx1")
    return f'<a:lvl{level}pPr marL="{457200 * (level - 1)}" algn="l" {FLOW}>{_run(plain, "+mn")}</a:lvl{level}pPr>'


def _run(style: TextStyle, font: str) -> str:
    return (
        f'<a:defRPr sz="{round(style.size * 100)}" b="{int(style.bold)}" kern="1200">'
        f'<a:solidFill><a:schemeClr val="{style.colour}"/></a:solidFill>'
        f"{_font(font)}</a:defRPr>"
    )


def _face(kind: str | None) -> str:
    return "+mj" if kind in {"title", "ctrTitle"} else "+mn"


def _font(font: str) -> str:
    return f'<a:latin typeface="{font}-lt"/><a:ea typeface="{font}-ea"/><a:cs typeface="{font}-cs"/>'
