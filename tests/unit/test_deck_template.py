"""The shipped skin is what its builder writes, and a file that cannot be used says why and what to do."""

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
from regulars_slides import executive
from regulars_slides.build import build, parts


def test_the_committed_template_is_what_the_builder_writes() -> None:
    with zipfile.ZipFile(io.BytesIO(files("regulars_slides").joinpath("executive.pptx").read_bytes())) as package:
        committed = {name: package.read(name).decode() for name in package.namelist()}
    assert committed == parts()


def test_building_twice_gives_the_same_bytes() -> None:
    assert build() == build()


def test_the_template_carries_no_baggage() -> None:
    with zipfile.ZipFile(io.BytesIO(build())) as package:
        names = package.namelist()
    assert [name for name in names if "thumbnail" in name or "printerSettings" in name] == []
    assert Presentation(io.BytesIO(build())).core_properties.author == ""


def test_the_template_has_nine_named_layouts_and_no_slide() -> None:
    template = open_template(None)
    assert template.own
    assert [layout.name for layout in template.layouts] == [layout.name for layout in executive.LAYOUTS]
    assert len(template.layouts) == 9
    assert len(template.presentation.slides) == 0


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
    path.write_bytes(build()[:kept])
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
    with zipfile.ZipFile(io.BytesIO(build())) as package, zipfile.ZipFile(path, "w") as relabelled:
        for name in package.namelist():
            text = package.read(name).decode()
            relabelled.writestr(
                name, text.replace("presentationml.presentation.main", "ms-powerpoint.macroEnabled.main")
            )
    with pytest.raises(TemplateError, match="macros"):
        open_template(path)
