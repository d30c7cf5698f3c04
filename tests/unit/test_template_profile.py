"""`profile-template`: the map says what was found, the preview shows it, the report names gaps, and edits are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from regulars.cli import main
from regulars.render.deck.layouts import Purpose, choose, slots_of
from regulars.render.deck.template import open_template


def left(*arguments: object) -> int:
    with pytest.raises(SystemExit) as leaving:
        main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


@pytest.fixture
def client(tmp_path: Path) -> Path:
    presentation: Any = Presentation()
    presentation.slide_layouts[4]._element.cSld.set("name", "Two Content")  # a second one of that name
    presentation.save(str(tmp_path / "client.pptx"))
    return tmp_path / "client.pptx"


def test_the_written_map_says_what_is_found_without_it(client: Path, tmp_path: Path) -> None:
    before = open_template(client)
    found = {purpose: choose(before, purpose).part.partname for purpose in Purpose}
    assert left("profile-template", client) == 0
    mapped = open_template(tmp_path / "client.toml")
    assert mapped.map.origin.endswith("client.toml")
    assert {purpose: choose(mapped, purpose).part.partname for purpose in Purpose} == found
    for purpose in Purpose:
        one, other = (slots_of(choose(template, purpose), template) for template in (before, mapped))
        for name in ("title", "subtitle", "source", "callout", "footer", "page"):
            assert (getattr(one, name) is None) is (getattr(other, name) is None)
        numbers = [[shape.placeholder_format.idx for shape in slots.contents] for slots in (one, other)]
        assert numbers[0] == numbers[1]
    assert mapped.theme.roles == before.theme.roles


def test_the_preview_shows_every_layout_and_the_number_of_every_placeholder(client: Path, tmp_path: Path) -> None:
    assert left("profile-template", client, "--out", tmp_path / "look") == 0
    preview: Any = Presentation(str(tmp_path / "look" / "client.preview.pptx"))
    assert len(preview.slides) == len(preview.slide_layouts)
    for slide in preview.slides:
        outlined = {shape.name for shape in slide.shapes}
        assert outlined >= {f"Placeholder {slot.placeholder_format.idx}" for slot in slide.slide_layout.placeholders}
    banners = [shape.text_frame.text for slide in preview.slides for shape in slide.shapes if shape.name == "Layout"]
    assert banners[1].startswith("Layout 2: Title and Content  serves closing")
    assert banners[6].endswith("is not used")


def test_the_report_names_what_is_drawn_and_which_names_are_doubled(client: Path, tmp_path: Path) -> None:
    left("profile-template", client)
    report = (tmp_path / "client.gaps.md").read_text(encoding="utf-8")
    assert "| chart | Title and Content | its name | subtitle, source |" in report
    assert "layouts with the same name are told apart by their numbers: Two Content" in report
    assert "| two_exhibits | 4 |" in report


def test_a_map_into_another_folder_finds_its_template_from_there(client: Path, tmp_path: Path) -> None:
    left("profile-template", client, "--out", tmp_path / "maps")
    assert 'template = "../client.pptx"' in (tmp_path / "maps" / "client.toml").read_text(encoding="utf-8")
    assert open_template(tmp_path / "maps" / "client.toml").map.origin


def test_an_edited_map_is_kept_and_shown(client: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left("profile-template", client)
    edited = (tmp_path / "client.toml").read_text(encoding="utf-8").replace("title_only = ", "title_only = 7  # ")
    (tmp_path / "client.toml").write_text(edited, encoding="utf-8")
    capsys.readouterr()
    assert left("profile-template", tmp_path / "client.toml") == 0
    assert "client.toml' was read" in capsys.readouterr().err
    assert (tmp_path / "client.toml").read_text(encoding="utf-8") == edited
    assert "| title_only | Blank | the map | title, subtitle, source |" in (tmp_path / "client.gaps.md").read_text(
        encoding="utf-8"
    )


def test_files_of_others_are_not_replaced(client: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "client.gaps.md").write_text("my notes\n", encoding="utf-8")
    assert left("profile-template", client) == 1
    assert "was not made by regulars" in capsys.readouterr().err
    assert left("profile-template", client, "--force") == 0


def test_a_skin_of_ours_needs_no_map(capsys: pytest.CaptureFixture[str]) -> None:
    assert left("profile-template", "boardroom") == 1
    assert "is a skin of ours and needs no map" in capsys.readouterr().err
