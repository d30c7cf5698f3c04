"""Write the shipped skins from their descriptions: `python -m regulars_slides.build`. The same bytes every time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from regulars_slides.layouts import layouts_of, master_of
from regulars_slides.parts import (
    HEADER,
    NAMESPACES,
    TextStyle,
    default_text_xml,
    emu,
    layout_xml,
    master_xml,
    theme_xml,
)
from regulars_slides.skins import FILES, Canvas, Skin

FOLDER = Path(__file__).parent
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip archive can say
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def parts(name: str) -> dict[str, str]:
    """Return the parts of a skin, such as `executive` or `plain-4x3`, by their names in the archive."""
    skin, canvas = FILES[name]
    layouts = {
        f"ppt/slideLayouts/slideLayout{number}.xml": layout_xml(layout)
        for number, layout in enumerate(layouts_of(skin, canvas), start=1)
    }
    count = len(layouts)
    title = TextStyle(skin.title_size, skin.title_colour, bold=True)
    master = master_xml(master_of(canvas), count, title, TextStyle(16, "tx1"))
    to_layouts = [("slideLayout", f"../slideLayouts/slideLayout{i}.xml") for i in range(1, count + 1)]
    written = {
        "_rels/.rels": _relationships(
            [("officeDocument", "ppt/presentation.xml"), ("extended-properties", "docProps/app.xml")],
            extra=(f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/app.xml": _app(),
        "docProps/core.xml": _core(skin),
        "ppt/presentation.xml": _presentation(canvas),
        "ppt/_rels/presentation.xml.rels": _relationships(
            [
                ("slideMaster", "slideMasters/slideMaster1.xml"),
                ("presProps", "presProps.xml"),
                ("viewProps", "viewProps.xml"),
                ("theme", "theme/theme1.xml"),
                ("tableStyles", "tableStyles.xml"),
            ]
        ),
        "ppt/presProps.xml": f"{HEADER}<p:presentationPr {NAMESPACES}/>",
        "ppt/viewProps.xml": f"{HEADER}<p:viewPr {NAMESPACES}/>",
        "ppt/tableStyles.xml": (
            f'{HEADER}<a:tblStyleLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
            'def="{2D5ABB26-0587-4C30-8999-92F81FD0307C}"/>'
        ),
        "ppt/theme/theme1.xml": theme_xml(skin.theme, skin.palette, skin.font),
        "ppt/slideMasters/slideMaster1.xml": master,
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": _relationships([*to_layouts, ("theme", "../theme/theme1.xml")]),
        **layouts,
        **{
            f"ppt/slideLayouts/_rels/slideLayout{i}.xml.rels": _relationships(
                [("slideMaster", "../slideMasters/slideMaster1.xml")]
            )
            for i in range(1, count + 1)
        },
    }
    return {"[Content_Types].xml": _content_types(count), **written}


def build(name: str) -> bytes:
    """Return a skin as a file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        for part, text in parts(name).items():
            entry = zipfile.ZipInfo(part, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same on every system
            package.writestr(entry, text.encode())
    return archive.getvalue()


def _relationships(targets: list[tuple[str, str]], extra: tuple[str, str] | None = None) -> str:
    full = [(f"{TYPES}/{kind}", target) for kind, target in targets] + ([extra] if extra else [])
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(full, start=1)
    )
    return f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _content_types(layouts: int) -> str:
    slides = f"{OFFICE}.presentationml"
    overrides = {
        "/docProps/app.xml": f"{OFFICE}.extended-properties+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/ppt/presentation.xml": f"{slides}.presentation.main+xml",
        "/ppt/presProps.xml": f"{slides}.presProps+xml",
        "/ppt/viewProps.xml": f"{slides}.viewProps+xml",
        "/ppt/tableStyles.xml": f"{slides}.tableStyles+xml",
        "/ppt/theme/theme1.xml": f"{OFFICE}.theme+xml",
        "/ppt/slideMasters/slideMaster1.xml": f"{slides}.slideMaster+xml",
        **{f"/ppt/slideLayouts/slideLayout{i}.xml": f"{slides}.slideLayout+xml" for i in range(1, layouts + 1)},
    }
    inner = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    return (
        f'{HEADER}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inner}</Types>'
    )


def _app() -> str:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return f'{HEADER}<Properties xmlns="{space}"><Application>Microsoft Office PowerPoint</Application></Properties>'


def _core(skin: Skin) -> str:
    date = '<dcterms:{0} xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:{0}>'
    return (
        f'{HEADER}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{skin.theme}</dc:title><dc:creator></dc:creator>"
        f"{date.format('created')}{date.format('modified')}</cp:coreProperties>"
    )


def _presentation(canvas: Canvas) -> str:
    return (
        f'{HEADER}<p:presentation {NAMESPACES} saveSubsetFonts="1"><p:sldMasterIdLst>'
        '<p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst>'
        f'<p:sldSz cx="{emu(canvas.width)}" cy="{emu(canvas.height)}"/><p:notesSz cx="6858000" cy="9144000"/>'
        f"{default_text_xml()}"
        "</p:presentation>"
    )


if __name__ == "__main__":
    for skin_name in FILES:
        (FOLDER / f"{skin_name}.pptx").write_bytes(build(skin_name))
