"""What the pages say of the button: every button explained, nothing claimed that nobody has signed, every licence kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from regulars_addin.build import ADDIN, FALLBACK
from regulars_addin.buttons import BUTTONS, Button

ROOT = Path(__file__).parents[2]


def _page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: button.id)
def test_the_owner_finds_every_button_explained_and_the_tester_tries_it(button: Button) -> None:
    assert f"\n- **{button.label}**: " in _page("docs/owner.md")
    assert f"**{button.label}**" in _page("docs/smoke-test.md")


def test_the_smoke_test_counts_the_buttons_and_names_the_files() -> None:
    page = _page("docs/smoke-test.md")
    numbers = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    large = sum(button.large for button in BUTTONS)
    assert f"{numbers[len(BUTTONS)]} buttons, {numbers[large]} of them large" in page
    assert f"`{ADDIN}`" in page
    assert f"`{FALLBACK}`" in page


def test_the_steps_of_the_smoke_test_are_numbered_and_each_says_what_to_expect() -> None:
    steps = re.split(r"^(\d+)\. ", _page("docs/smoke-test.md").partition("## Signed")[0], flags=re.MULTILINE)[1:]
    assert [int(number) for number in steps[::2]] == list(range(1, len(steps) // 2 + 1))
    assert all("**expect**" in text.lower() for text in steps[1::2])


def test_until_the_smoke_test_is_signed_the_readme_says_that_nothing_ran_in_excel() -> None:
    signatures = re.findall(r"^\| (?:Date|Name) \|(.*)\|(.*)\|$", _page("docs/smoke-test.md"), re.MULTILINE)
    assert len(signatures) == 2
    signed = all(cell.strip() for row in signatures for cell in row)
    said = "**Nothing has yet been run in Excel or PowerPoint, on Windows or on macOS.**" in _page("README.md")
    assert said != signed
    assert "](docs/smoke-test.md)" in _page("README.md")


def test_the_notice_keeps_the_licences_of_what_the_add_in_holds() -> None:
    notice = _page("NOTICE")
    assert "Zoomer Analytics" in notice
    assert "Redistributions in binary form must reproduce the above copyright notice" in notice
    assert "Copyright (c) 2017 Tim Hall" in notice
    assert "addin/regulars_addin/files" in notice
