"""Thirteen templates as clients have them, made here: nothing of the story is lost, nothing overlaps or overflows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from regulars.base.units import Unit
from regulars.render.deck import write_deck
from regulars.render.deck.measure import plain
from regulars.render.deck.template import open_template
from regulars.render.deck_lint import lint_deck
from regulars.story.slide_spec import DeckSpec, SlideTable
from regulars.story.slides import deck
from regulars_slides.build import build

GERMAN = (
    "Titelfolie",
    "Titel und Inhalt",
    "Abschnittsüberschrift",
    "Zwei Inhalte",
    "Vergleich",
    "Nur Titel",
    "Leer",
    "Inhalt mit Überschrift",
    "Bild mit Überschrift",
    "Titel und vertikaler Text",
    "Vertikaler Titel und Text",
)
FRENCH = (
    "Diapositive de titre",
    "Titre et contenu",
    "Titre de section",
    "Deux contenus",
    "Comparaison",
    "Titre seul",
    "Vide",
    "Contenu avec légende",
    "Image avec légende",
    "Titre et texte vertical",
    "Titre vertical et texte",
)
UNSAID = {"key", "alt", "currency_code", "left_out", "highlights", "negatives", "totals"}
BRIEF = ("title", "summary", "value", "scorecard", "heat", "lifetime", "portfolio", "roadmap", "closing")
FEET = {"ftr", "sldNum", "dt"}
GREENS = {"dk2": "143D2B", "accent1": "00693E", "accent2": "8DB600", "accent3": "F2A900", "accent4": "A4343A"}
PALE = {"accent1": "9AD1E8", "accent2": "C7E59B", "accent3": "FFE08A", "accent4": "FF9C8F", "accent5": "BBD0E0"}


def blank(names: tuple[str, ...] | None = None, *, width: float = 10.0, height: float = 7.5) -> Any:
    """Return python-pptx's own template, stretched to a size and named in a language."""
    made: Any = Presentation()
    across, down = Inches(width) / made.slide_width, Inches(height) / made.slide_height
    made.slide_width, made.slide_height = Inches(width), Inches(height)
    master = made.slide_masters[0]
    for shapes in (master.shapes, *(layout.shapes for layout in master.slide_layouts)):
        for transform in shapes._spTree.iter(qn("a:xfrm")):
            for child, pair in (("a:off", ("x", "y")), ("a:ext", ("cx", "cy"))):
                found = transform.find(qn(child))
                for name, factor in zip(pair, (across, down), strict=True):
                    found.set(name, str(round(int(found.get(name)) * factor)))
    for layout, name in zip(master.slide_layouts, names or (), strict=bool(names)):
        layout._element.cSld.set("name", name)
    return made


def theme(made: Any, colours: dict[str, str], font: str = "") -> None:
    part = made.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = part.blob.decode()
    for slot, colour in colours.items():
        inner = f'<a:{slot}><a:srgbClr val="{colour}"/></a:{slot}>'
        text = re.sub(rf"<a:{slot}>.*?</a:{slot}>", inner, text, flags=re.DOTALL)
    part._blob = (text.replace('typeface="Calibri"', f'typeface="{font}"') if font else text).encode()


def titles_at_left(made: Any, size: int, **more: str) -> None:
    level = made.slide_masters[0]._element.find(".//{*}titleStyle/{*}lvl1pPr")
    level.set("algn", "l")
    for name, value in {"sz": str(size * 100), "b": "1", **more}.items():
        level.find("{*}defRPr").set(name, value)


def without(made: Any, kinds: set[str]) -> None:
    master = made.slide_masters[0]
    for shapes in (master.shapes, *(layout.shapes for layout in master.slide_layouts)):
        for element in list(shapes._spTree):
            slot = element.find(".//{*}nvPr/{*}ph")
            if slot is not None and slot.get("type") in kinds:
                shapes._spTree.remove(element)


def keep_layouts(made: Any, *kept: int) -> None:
    layouts = made.slide_masters[0].slide_layouts
    for number, layout in reversed(list(enumerate(layouts))):
        if number not in kept:
            layouts.remove(layout)


def painted(made: Any, fill: str) -> None:
    """Paint the master's background, and its texts in the colour of the paper."""
    master = made.slide_masters[0]._element
    common = master.find(qn("p:cSld"))
    for old in common.findall(qn("p:bg")):
        common.remove(old)
    ground = f"<p:bg {nsdecls('p', 'a', 'r')}><p:bgPr>{fill}<a:effectLst/></p:bgPr></p:bg>"
    common.insert(0, parse_xml(ground))
    for colour in master.find(qn("p:txStyles")).iter(qn("a:schemeClr")):
        colour.set("val", {"tx1": "bg1"}.get(colour.get("val"), colour.get("val")))


def picture(part: Any, tree: Any, box: tuple[float, float, float, float], colour: str = "#7090B0") -> None:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "PNG")
    stream.seek(0)
    _, number = part.get_or_add_image_part(stream)
    left, top, width, height = (Inches(side) for side in box)
    tree.append(
        parse_xml(
            f'<p:pic {nsdecls("p", "a", "r")}><p:nvPicPr><p:cNvPr id="{900 + len(tree)}" name="Picture" descr=""/><p:cNvPicPr/><p:nvPr/>'
            f'</p:nvPicPr><p:blipFill><a:blip r:embed="{number}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm>'
            f'<a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            "</p:spPr></p:pic>"
        )
    )


def german() -> Any:
    made = blank(GERMAN)
    theme(made, GREENS, "Arial")
    titles_at_left(made, 24)
    return made


def french() -> Any:
    made = blank(FRENCH, width=13.333)
    for layout in made.slide_layouts:
        layout._element.attrib.pop("type", None)
    titles_at_left(made, 32)
    return made


def dark_by_mapping() -> Any:
    made = blank(width=13.333)
    mapping = made.slide_masters[0]._element.find(qn("p:clrMap"))
    for name, slot in {"bg1": "dk1", "tx1": "lt1", "bg2": "dk2", "tx2": "lt2"}.items():
        mapping.set(name, slot)
    return made


def dark_by_paint() -> Any:
    made = blank(width=13.333)
    theme(made, {"dk2": "10233F"})
    painted(made, '<a:solidFill><a:schemeClr val="tx2"/></a:solidFill>')
    return made


def dark_by_gradient() -> Any:
    made = blank(width=13.333)
    theme(made, {"dk2": "10233F"})
    stops = '<a:gs pos="0"><a:srgbClr val="0A1830"/></a:gs><a:gs pos="100000"><a:schemeClr val="tx2"/></a:gs>'
    painted(made, f'<a:gradFill><a:gsLst>{stops}</a:gsLst><a:lin ang="5400000"/></a:gradFill>')
    return made


def dark_by_picture() -> Any:
    made = blank(width=13.333)
    theme(made, {"dk2": "10233F"})
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "#14284A").save(stream, "PNG")
    stream.seek(0)
    _, number = made.slide_masters[0].part.get_or_add_image_part(stream)
    painted(
        made, f'<a:blipFill><a:blip r:embed="{number}"/><a:stretch><a:fillRect/></a:stretch></a:blipFill>'
    )  # fmt: skip
    return made


def no_footer() -> Any:
    made = blank(width=13.333)
    without(made, FEET)
    theme(made, PALE)
    return made


def one_layout() -> Any:
    made = blank()
    keep_layouts(made, 1)
    return made


def title_only() -> Any:
    made = blank(width=13.333)
    keep_layouts(made, 5)
    return made


def one_name_for_all() -> Any:
    made = blank(width=13.333)
    for layout in made.slide_layouts:
        layout._element.cSld.set("name", "Layout")
        layout._element.attrib.pop("type", None)
    return made


def full_of_pictures() -> Any:
    made = blank(width=13.333)
    master = made.slide_masters[0]
    picture(master.part, master.shapes._spTree, (12.2, 0.15, 1.0, 0.6))
    picture(master.part, master.shapes._spTree, (11.9, 6.8, 1.3, 0.6), "#B07050")
    for number in (1, 3, 5):
        layout = made.slide_layouts[number]
        picture(layout.part, layout.shapes._spTree, (0.0, 1.8, 2.6, 4.9), "#90A080")
    without(made, FEET)
    return made


def with_sample_slides() -> Any:
    made = blank(width=13.333)
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["A", "B"]
    data.add_series("Sample series", (1, 2))
    for layout in made.slide_layouts:
        slide = made.slides.add_slide(layout)
        slide.notes_slide.notes_text_frame.text = "Sample notes"
        for shape in slide.placeholders:
            if shape.has_text_frame:
                shape.text_frame.text = "Sample text"
        slide.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, Inches(2), Inches(2), data)
    return made


def unknown_font() -> Any:
    made = blank(width=13.333)
    theme(made, {}, "Frutiger Next")
    titles_at_left(made, 30, cap="all")
    return made


def small_and_wide() -> Any:
    made = blank(width=10.0, height=5.625)
    band = made.slide_masters[0].shapes
    titles_at_left(made, 28)
    shape = made.slides.add_slide(made.slide_layouts[6]).shapes.add_shape(
        MSO_SHAPE.RECTANGLE, 0, 0, Inches(0.3), Inches(5.625)
    )
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor(0x20, 0x40, 0x60)  # type: ignore[no-untyped-call]
    band._spTree.append(shape._element)
    return made


def two_masters() -> bytes:
    """A master with two poor layouts, and one of ours as the second."""
    first = blank(width=13.333)
    keep_layouts(first, 0, 6)
    stream = io.BytesIO()
    first.save(stream)
    with zipfile.ZipFile(stream) as package:
        parts = {name: package.read(name).decode("latin-1") for name in package.namelist()}
    with zipfile.ZipFile(io.BytesIO(build("boardroom"))) as package:
        ours = {name: package.read(name).decode() for name in package.namelist()}
    moved = {
        "slideMaster1": "slideMaster2",
        "theme1": "theme9",
        **{f"slideLayout{n}": f"slideLayout{n + 40}" for n in range(1, 10)},
    }
    types = []
    for name, text in ours.items():
        if not name.startswith(("ppt/slideMasters", "ppt/slideLayouts", "ppt/theme")):
            continue
        for old, new in moved.items():
            name = name.replace(f"{old}.xml", f"{new}.xml")  # noqa: PLW2901
            text = text.replace(f"/{old}.xml", f"/{new}.xml")  # noqa: PLW2901
        parts[name] = text.replace("Regulars Boardroom", "Second brand").encode().decode("latin-1")
        kind = (
            "theme"
            if "theme" in name
            else "presentationml.slideMaster"
            if "Master" in name
            else "presentationml.slideLayout"
        )
        if not name.endswith(".rels"):
            types.append(
                f'<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
            )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", "".join(types) + "</Types>")
    link = f'<Relationship Id="rId99" Type="{RELATIONSHIP_TYPE.SLIDE_MASTER}" Target="slideMasters/slideMaster2.xml"/>'
    links = "ppt/_rels/presentation.xml.rels"
    parts[links] = parts[links].replace("</Relationships>", link + "</Relationships>")
    main = "ppt/presentation.xml"
    parts[main] = parts[main].replace(
        "</p:sldMasterIdLst>", '<p:sldMasterId id="2147484000" r:id="rId99"/></p:sldMasterIdLst>'
    )
    for number in range(9):  # numbers of masters and layouts are unique in a file
        parts["ppt/slideMasters/slideMaster2.xml"] = parts["ppt/slideMasters/slideMaster2.xml"].replace(
            f'id="{2147483649 + number}"', f'id="{2147484001 + number}"'
        )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text.encode("latin-1"))
    return made.getvalue()


CLIENTS: dict[str, Callable[[], Any]] = {
    "german": german,
    "french": french,
    "dark_by_mapping": dark_by_mapping,
    "dark_by_paint": dark_by_paint,
    "dark_by_gradient": dark_by_gradient,
    "dark_by_picture": dark_by_picture,
    "no_footer": no_footer,
    "one_layout": one_layout,
    "title_only": title_only,
    "one_name_for_all": one_name_for_all,
    "two_masters": two_masters,
    "full_of_pictures": full_of_pictures,
    "with_sample_slides": with_sample_slides,
    "unknown_font": unknown_font,
    "small_and_wide": small_and_wide,
}


def client(name: str, folder: Path) -> Path:
    made, path = CLIENTS[name](), folder / f"{name}.pptx"
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        made.save(str(path))
    return path


def texts_of(told: Any) -> Iterator[str]:
    """Every text that a reader of the slides or of the notes should meet; optional columns may go."""
    if isinstance(told, SlideTable):
        kept = [number for number, column in enumerate(told.columns) if not column.optional]
        yield told.title
        yield from (told.columns[number].title for number in kept)
        for row in (*told.rows, *([told.total] if told.total else [])):
            yield from (str(row[number]) for number in kept if isinstance(row[number], str))
    elif isinstance(told, Enum | Unit):
        return
    elif isinstance(told, str):
        yield told
    elif isinstance(told, tuple):
        for one in told:
            yield from texts_of(one)
    elif is_dataclass(told):
        for one in fields(told):
            if one.name not in UNSAID and not (isinstance(told, DeckSpec) and one.name in {"title", "analyst"}):
                yield from texts_of(getattr(told, one.name))


def lost(spec: DeckSpec, path: Path) -> list[str]:
    """Return the texts of a story that are nowhere in its deck."""
    found = []
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.startswith(("ppt/slides/slide", "ppt/charts/chart", "ppt/notesSlides/notes")):
                xml = package.read(name).decode()
                found += ["".join(re.findall(r"<a:t>([^<]*)</a:t>", part)) for part in re.split(r"</a:p>|<a:br/>", xml)]
                found += re.findall(r"<c:v>([^<]*)</c:v>", xml)
    written = unescape("\n".join(found)).casefold()
    lines = (line for text in texts_of(spec) for line in plain(text).split("\n"))
    return [line for line in lines if line.strip() and line.casefold() not in written]


def errors(path: Path, *, rendered: bool = False) -> list[str]:
    return [str(error) for error in lint_deck(path, rendered=rendered).errors]


def brief(told: Any) -> DeckSpec:
    """A slide of each kind, for what needs no more: every recipe of a layout is in it."""
    whole = deck(told.analysis, told.facts)
    return replace(whole, slides=tuple(slide for slide in whole.slides if slide.key in BRIEF))


@pytest.mark.parametrize("name", list(CLIENTS))
def test_a_story_in_a_clients_template_loses_no_text_and_has_no_error(name: str, cdnow: Any, tmp_path: Path) -> None:
    spec, path = brief(cdnow), tmp_path / "deck.pptx"
    write_deck(spec, path, cdnow.facts.currency, client(name, tmp_path))
    assert lost(spec, path) == []
    assert errors(path) == []


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("name", list(CLIENTS))
@pytest.mark.parametrize("shop", ["cdnow", "superstore"])
def test_the_full_story_printed_in_a_clients_template_has_no_error(
    name: str, shop: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    told = request.getfixturevalue(shop)
    analysis = replace(told.analysis, settings=told.analysis.settings.but(slides=("full",)))
    spec, path = deck(analysis, told.facts), tmp_path / "deck.pptx"
    write_deck(spec, path, told.facts.currency, client(name, tmp_path))
    assert lost(spec, path) == []
    # Where its font is not installed, a page is printed in another and wider one: only measuring tells.
    assert errors(path, rendered=name != "unknown_font") == []


def test_nothing_of_sample_slides_is_left(cdnow: Any, tmp_path: Path) -> None:
    spec, path = brief(cdnow), tmp_path / "deck.pptx"
    write_deck(
        replace(spec, slides=spec.slides[:2]), path, cdnow.facts.currency, client("with_sample_slides", tmp_path)
    )
    with zipfile.ZipFile(path) as package:
        left = [name for name in package.namelist() if name.startswith("ppt/") and b"Sample" in package.read(name)]
        charts = [name for name in package.namelist() if "chart" in name]
    assert left == charts == []


def test_the_master_whose_layouts_serve_best_is_used(tmp_path: Path) -> None:
    assert open_template(client("two_masters", tmp_path)).theme.name == "Second brand"


def test_logos_stay_clear_of_titles_and_exhibits(cdnow: Any, tmp_path: Path) -> None:
    spec, path = brief(cdnow), tmp_path / "deck.pptx"
    write_deck(spec, path, cdnow.facts.currency, client("full_of_pictures", tmp_path))
    covered = []
    for number, slide in enumerate(Presentation(str(path)).slides, start=1):
        pictures = [shape for shapes in (slide.slide_layout.shapes, slide.slide_layout.slide_master.shapes)
                    for shape in shapes if "PICTURE" in str(shape.shape_type)]  # fmt: skip
        for shape in slide.shapes:
            for one in pictures:
                across = min(shape.left + shape.width, one.left + one.width) - max(shape.left, one.left)
                down = min(shape.top + shape.height, one.top + one.height) - max(shape.top, one.top)
                if min(across, down) > Inches(0.02):
                    covered.append((number, shape.name))
    assert covered == []


@pytest.mark.parametrize("name", ["dark_by_paint", "dark_by_gradient", "dark_by_picture"])
def test_text_on_a_background_painted_dark_is_light(name: str, tmp_path: Path) -> None:
    colours = open_template(client(name, tmp_path)).theme.colours
    assert (colours["bg1"], colours["tx1"]) == (colours["dk2"], colours["lt1"])
