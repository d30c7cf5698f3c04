"""The shipped skins are what their builder writes, and a file that cannot be used says why and what to do."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from regulars.base.errors import TemplateError
from regulars.render.deck.layouts import Purpose, choose, slots_of
from regulars.render.deck.template import open_template
from regulars.render.deck.theme import READABLE, contrast
from regulars.story.slide_spec import Role
from regulars_slides.build import build, parts
from regulars_slides.skins import FILES

NAMES = (
    "Title Slide",
    "Section",
    "Executive Summary",
    "Title and Chart + Callout",
    "Title and Chart",
    "Title and Table",
    "Two Content",
    "Title Only",
    "Closing",
)


@pytest.mark.parametrize("skin", list(FILES))
def test_each_committed_skin_is_what_the_builder_writes(skin: str) -> None:
    with zipfile.ZipFile(io.BytesIO(files("regulars_slides").joinpath(f"{skin}.pptx").read_bytes())) as package:
        committed = {name: package.read(name).decode() for name in package.namelist()}
    assert committed == parts(skin)


def test_building_twice_gives_the_same_bytes() -> None:
    assert build("plain") == build("plain")


def test_a_skin_carries_no_baggage() -> None:
    with zipfile.ZipFile(io.BytesIO(build("boardroom"))) as package:
        names = package.namelist()
    assert [name for name in names if "thumbnail" in name or "printerSettings" in name] == []
    assert Presentation(io.BytesIO(build("boardroom"))).core_properties.author == ""


@pytest.mark.parametrize("skin", list(FILES))
def test_each_skin_has_nine_named_layouts_and_no_slide(skin: str) -> None:
    template = open_template(Path(skin))
    assert template.own
    assert tuple(layout.name for layout in template.layouts) == NAMES
    assert len(template.presentation.slides) == 0
    assert round(template.width / template.height, 2) == (1.33 if skin.endswith("4x3") else 1.78)


@pytest.mark.parametrize("skin", list(FILES))
def test_the_colours_of_a_skin_can_be_read_and_told_apart(skin: str) -> None:
    theme = open_template(Path(skin)).theme
    paper = theme.colours["bg1"]
    pale = [role for role, paint in theme.roles.items()
            if role not in {Role.LINE, Role.NEUTRAL} and contrast(theme.rgb(paint), paper) < READABLE]  # fmt: skip
    assert pale == []
    assert len({theme.rgb(paint) for paint in theme.roles.values()}) == len(Role)


@pytest.mark.parametrize(
    ("purpose", "name"),
    [
        (Purpose.TITLE, "Title Slide"),
        (Purpose.CLOSING, "Closing"),
        (Purpose.PANEL, "Title and Chart + Callout"),
        (Purpose.CHART, "Title and Chart"),
        (Purpose.TABLE, "Title and Table"),
        (Purpose.TWO, "Two Content"),
        (Purpose.ONLY, "Title Only"),
    ],
)
def test_each_purpose_has_its_layout(purpose: Purpose, name: str) -> None:
    assert choose(open_template(None), purpose).name == name


def test_content_layouts_have_every_slot() -> None:
    template = open_template(None)
    slots = slots_of(choose(template, Purpose.TWO), template)
    assert all(slot is not None for slot in (slots.title, slots.subtitle, slots.source, slots.footer, slots.page))
    assert [shape.name for shape in slots.contents] == ["Left content", "Right content"]
    assert [shape.name for shape in slots.headings] == ["Left heading", "Right heading"]


@pytest.mark.parametrize("language", ["Titel und Inhalt", "Titre et contenu", "Título y objetos", "Titolo e contenuto"])
def test_layouts_are_found_by_their_names_even_without_a_type(language: str, tmp_path: Path) -> None:
    presentation: Any = Presentation()
    for number, layout in enumerate(presentation.slide_layouts):
        layout._element.attrib.pop("type", None)
        layout._element.cSld.set("name", language if number == 1 else f"Layout {number}")
    presentation.save(tmp_path / "client.pptx")
    assert choose(open_template(tmp_path / "client.pptx"), Purpose.CHART).name == language


def test_layouts_without_known_names_or_types_are_found_by_their_placeholders(tmp_path: Path) -> None:
    presentation: Any = Presentation()
    for number, layout in enumerate(presentation.slide_layouts):
        layout._element.attrib.pop("type", None)
        layout._element.cSld.set("name", f"Layout {number}")
    presentation.save(tmp_path / "client.pptx")
    template = open_template(tmp_path / "client.pptx")
    assert choose(template, Purpose.TWO).name == "Layout 3"
    assert len(slots_of(choose(template, Purpose.CHART), template).contents) == 1
    assert slots_of(choose(template, Purpose.ONLY), template).contents == ()


@pytest.mark.parametrize("name", ["old.ppt", "macros.pptm", "notes.docx"])
def test_other_formats_are_refused_with_a_remedy(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"whatever")
    with pytest.raises(TemplateError, match="save it as a PowerPoint presentation"):
        open_template(tmp_path / name)


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"there is no template '.*absent\.pptx'"):
        open_template(tmp_path / "absent.pptx")


@pytest.mark.parametrize("kept", [0, 40, 400, 5000, 20_000])
def test_a_damaged_template_is_refused(kept: int, tmp_path: Path) -> None:
    path = tmp_path / "client.pptx"
    path.write_bytes(build("executive")[:kept])
    with pytest.raises(TemplateError, match="damaged"):
        open_template(path)


def test_a_zip_that_is_not_a_presentation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "client.pptx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("readme.txt", "not a deck")
    with pytest.raises(TemplateError, match="damaged"):
        open_template(path)


def test_macros_under_a_harmless_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "client.pptx"
    with zipfile.ZipFile(io.BytesIO(build("executive"))) as package, zipfile.ZipFile(path, "w") as relabelled:
        for name in package.namelist():
            text = package.read(name).decode()
            relabelled.writestr(
                name, text.replace("presentationml.presentation.main", "ms-powerpoint.macroEnabled.main")
            )
    with pytest.raises(TemplateError, match="macros"):
        open_template(path)


def client(path: Path, change: Any = None) -> Path:
    presentation: Any = Presentation()
    if change is not None:
        change(presentation)
    presentation.save(str(path))
    return path


def without_titles(presentation: Any) -> None:
    master = presentation.slide_masters[0]
    for shapes in (master.shapes, *(layout.shapes for layout in master.slide_layouts)):
        for slot in shapes._spTree.xpath(".//p:sp[.//p:ph[@type='title' or @type='ctrTitle']]"):
            slot.getparent().remove(slot)


def without_layouts(presentation: Any) -> None:
    for layout in list(presentation.slide_layouts):
        presentation.slide_layouts.remove(layout)


@pytest.mark.parametrize(
    ("change", "said"),
    [(without_titles, "has a placeholder for the title"), (without_layouts, "has no slide layouts")],
)
def test_a_template_that_cannot_carry_a_story_is_refused_and_a_skin_offered(
    change: Any, said: str, tmp_path: Path
) -> None:
    with pytest.raises(TemplateError, match=said) as refused:
        open_template(client(tmp_path / "client.pptx", change))
    assert "or take one of ours: --template executive, boardroom or plain" in refused.value.remedy


def test_a_password_is_named(tmp_path: Path) -> None:
    (tmp_path / "client.pptx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on")
    with pytest.raises(TemplateError, match="has a password") as refused:
        open_template(tmp_path / "client.pptx")
    assert "one of ours" in refused.value.remedy


def test_a_part_that_is_missing_is_named(tmp_path: Path) -> None:
    whole, broken = client(tmp_path / "whole.pptx"), tmp_path / "client.pptx"
    with zipfile.ZipFile(whole) as package, zipfile.ZipFile(broken, "w") as target:
        for name in package.namelist():
            if name != "ppt/slideLayouts/slideLayout3.xml":
                target.writestr(name, package.read(name))
    with pytest.raises(
        TemplateError, match=r"points to parts that are not in the file \(.*slideLayout3\.xml"
    ) as refused:
        open_template(broken)
    assert "let it repair the file" in refused.value.remedy


def test_a_misspelt_skin_is_guessed() -> None:
    with pytest.raises(TemplateError, match="did you mean boardroom"):
        open_template(Path("bordroom"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[layout]\ntitle = 1", "unknown key 'layout'. To do: did you mean 'layouts'"),
        ('[layouts]\nchart = "Nowhere"', "names the layout 'Nowhere', which"),
        ("[layouts]\nchart = 99", "names the layout '99', which"),
        ('[slots."Title and Content"]\ncontents = [77]', "names placeholder 77 of the layout 'Title and Content'"),
        ('[slots."Title and Content"]\ncontents = 1', "give it a list of placeholder numbers"),
        ('[colours]\nnegative = "red"', "give it one of tx1, tx2, accent1"),
        ("master = 2", "names the master '2', which"),
        ("[layouts", "cannot be read"),
    ],
)
def test_a_map_that_says_something_impossible_is_named(line: str, said: str, tmp_path: Path) -> None:
    client(tmp_path / "client.pptx")
    (tmp_path / "client.toml").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(TemplateError) as refused:
        open_template(tmp_path / "client.pptx")
    assert said in str(refused.value)


def test_a_map_without_a_template_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alone.toml").write_text("master = 1\n", encoding="utf-8")
    with pytest.raises(TemplateError, match="does not say which template it is for"):
        open_template(tmp_path / "alone.toml")


def test_a_map_beside_the_template_beats_what_is_found(tmp_path: Path) -> None:
    client(tmp_path / "client.pptx")
    (tmp_path / "client.toml").write_text(
        '[layouts]\nchart = "Two Content"\n[slots."Two Content"]\ncontents = [2]\n[colours]\nhighlight = "accent6"\n',
        encoding="utf-8",
    )
    template = open_template(tmp_path / "client.pptx")
    layout = choose(template, Purpose.CHART)
    assert layout.name == "Two Content"
    assert [shape.placeholder_format.idx for shape in slots_of(layout, template).contents] == [2]
    assert template.theme.roles[Role.HIGHLIGHT].slot == "accent6"
