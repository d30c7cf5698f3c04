"""Which sheets of a workbook are ours: by their footers, and by the names that earlier versions left."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from regulars.base.units import Currency
from regulars.render.graft import graft, our_sheets, taken_names
from regulars.render.sheet_mark import SheetMark, keys_of, read_mark
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import SheetKind, SheetSpec, Text, WorkbookSpec

Parts = dict[str, bytes]
Change = Callable[[Parts], Mapping[str, bytes]]
LETTERS = st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="[]:*?/\\")
NAMES = st.text(LETTERS, min_size=1, max_size=31).map(str.strip).filter(lambda name: name and " · " not in name)


def donor(path: Path, *names: str) -> Path:
    sheets = tuple(SheetSpec(name, SheetKind.SUMMARY, f"Title of {name}", "Lead", (Text(("A",)),)) for name in names)
    write_workbook(WorkbookSpec(sheets, "Title", {}), path, Currency())
    return path


def host(path: Path, *names: str) -> Path:
    book = xlsxwriter.Workbook(str(path))
    for name in ("Data", *names):
        book.add_worksheet(name).write("A1", 1)
    book.close()
    return path


@pytest.fixture
def once(tmp_path: Path) -> Path:
    """A workbook of the user with two sheets of ours."""
    path = tmp_path / "once.xlsx"
    graft(donor(tmp_path / "donor.xlsx", "Summary", "R&D"), host(tmp_path / "host.xlsx"), path)
    return path


def patched(path: Path, change: Change) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed = change(parts)
    assert changed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **changed}.items():
            archive.writestr(name, content)
    return path


def copied(name: str, twin: str) -> Change:
    """Copy a sheet as Excel does: all that stands on it, footer included, under a name and a number of its own."""

    def change(parts: Parts) -> Mapping[str, bytes]:
        workbook, links = parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"]
        link = re.search(rf'<sheet name="{name}" sheetId="\d+" r:id="(\w+)"'.encode(), workbook)
        assert link is not None
        part = re.search(rb'Id="%b" Type="[^"]*" Target="([^"]*)"' % link[1], links)
        assert part is not None
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
        new = f'<sheet name="{twin}" sheetId="99" r:id="rId99"/></sheets>'.encode()
        return {
            "xl/worksheets/twin.xml": parts[f"xl/{part[1].decode()}"],
            "xl/workbook.xml": workbook.replace(b"</sheets>", new),
            "xl/_rels/workbook.xml.rels": links.replace(
                b"</Relationships>",
                part[0]
                .replace(link[1], b"rId99")
                .replace(part[1], b"worksheets/twin.xml")
                .join((b"<Relationship ", b"/></Relationships>")),
            ),
            "[Content_Types].xml": parts["[Content_Types].xml"].replace(
                b"</Types>", b'<Override PartName="/xl/worksheets/twin.xml" ContentType="%b"/></Types>' % kind
            ),
        }

    return change


def renamed(name: str, other: str) -> Change:
    def change(parts: Parts) -> Mapping[str, bytes]:
        old = f'<sheet name="{name}"'.encode()
        assert old in parts["xl/workbook.xml"]
        return {"xl/workbook.xml": parts["xl/workbook.xml"].replace(old, f'<sheet name="{other}"'.encode())}

    return change


def without(name: str) -> Change:
    def change(parts: Parts) -> Mapping[str, bytes]:
        content = re.sub(rf'<sheet name="{name}"[^>]*/>'.encode(), b"", parts["xl/workbook.xml"])
        return {"xl/workbook.xml": re.sub(rb"<definedNames>.*</definedNames>", b"", content)}

    return change


def said_at_left(path: Path, sheet: str) -> str | None:
    footer: Any = openpyxl.load_workbook(path)[sheet].oddFooter
    text: str | None = footer.left.text
    return text


@given(NAMES, NAMES)
def test_any_mark_is_read_from_the_footer_that_prints_it(key: str, name: str) -> None:
    mark = SheetMark(key, name)
    read = read_mark([f'&L&"Calibri,Regular"&9&K596673{mark.code}&RPage &P of &N'])
    assert read is not None
    assert read.name == name
    assert read.text == mark.text


@pytest.mark.parametrize("text", ["", "regulars", "Page 1", "from regulars · Summary", "&L&A&RPage &P of &N"])
def test_other_footers_are_no_marks(text: str) -> None:
    assert read_mark([text]) is None


def test_sheets_come_in_with_a_footer_that_says_whose_they_are_and_without_names(once: Path) -> None:
    assert our_sheets(once) == {"Summary": "Summary", "R&D": "R&D"}
    assert [said_at_left(once, name) for name in ("Data", "Summary", "R&D")] == [
        None,
        "regulars · Summary",
        "regulars · R&&D",
    ]
    assert list(openpyxl.load_workbook(once).defined_names) == []


def test_a_result_of_its_own_carries_no_mark_so_that_a_sheet_taken_from_it_is_the_users(tmp_path: Path) -> None:
    assert our_sheets(donor(tmp_path / "result.xlsx", "Summary")) == {}


@pytest.mark.parametrize("twin", ["Summary (2)", "Summary_2", "Summary Copy", "January"])
def test_a_copy_of_our_sheet_is_the_users(once: Path, tmp_path: Path, twin: str) -> None:
    patched(once, copied("Summary", twin))
    assert taken_names(once).ours == {"Summary": "Summary", "R&D": "R&D"}
    again = donor(tmp_path / "again.xlsx", "Summary", "R&D")
    assert graft(again, once, tmp_path / "twice.xlsx").replaced == ("Summary", "R&D")
    with zipfile.ZipFile(once) as before, zipfile.ZipFile(tmp_path / "twice.xlsx") as after:
        assert before.read("xl/worksheets/twin.xml") == after.read("xl/worksheets/twin.xml")


def test_of_a_renamed_sheet_and_its_copy_the_copy_is_the_users(once: Path) -> None:
    patched(patched(once, copied("Summary", "Summary (2)")), renamed("Summary", "Mine"))
    assert taken_names(once).ours == {"Summary": "Mine", "R&D": "R&D"}


@pytest.mark.parametrize("twin", ["Summary (2)", "Summary_2"])
def test_a_copy_whose_original_was_deleted_is_the_users(once: Path, twin: str) -> None:
    patched(patched(once, copied("Summary", twin)), without("Summary"))
    assert taken_names(once).ours == {"R&D": "R&D"}


def test_of_several_renamed_sheets_none_is_replaced(once: Path) -> None:
    patched(patched(once, copied("Summary", "January")), renamed("Summary", "Mine"))
    assert taken_names(once).ours == {"R&D": "R&D"}


def test_a_sheet_whose_footer_was_written_anew_has_become_the_users(once: Path) -> None:
    def change(parts: Parts) -> Mapping[str, bytes]:
        old = "regulars · Summary".encode()
        return {name: text.replace(old, b"My shop") for name, text in parts.items() if old in text}

    patched(once, change)
    assert taken_names(once).ours == {"R&D": "R&D"}


def test_a_numbered_sheet_and_one_that_was_renamed_twice_stay_known(tmp_path: Path) -> None:
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    book = host(tmp_path / "host.xlsx", "Summary")
    graft(donor(tmp_path / "donor.xlsx", "Summary (2)"), book, once)
    assert taken_names(once).ours == {"Summary": "Summary (2)"}
    patched(once, renamed("Summary (2)", "Mine"))
    graft(donor(tmp_path / "again.xlsx", "Mine"), once, twice)
    assert said_at_left(twice, "Mine") == "regulars · Summary · Mine"
    assert taken_names(patched(twice, copied("Mine", "Mine (2)"))).ours == {"Summary": "Mine"}
    assert taken_names(patched(twice, renamed("Mine", "Yours"))).ours == {"Summary": "Yours"}


def test_marks_survive_openpyxl(once: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        openpyxl.load_workbook(once).save(tmp_path / "saved.xlsx")
    assert our_sheets(tmp_path / "saved.xlsx") == our_sheets(once)


@pytest.mark.office
def test_marks_survive_libreoffice_and_openpyxl_in_turns(once: Path, tmp_path: Path, office: Any) -> None:
    path = once
    for turn in range(2):
        saved = office.recalculated(path)
        assert our_sheets(saved) == our_sheets(once)
        path = tmp_path / f"turn{turn}.xlsx"
        openpyxl.load_workbook(saved).save(path)
        assert our_sheets(path) == our_sheets(once)


def test_a_long_sheet_of_ours_is_found_and_a_long_one_of_the_users_is_not_read_to_its_end(
    once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regulars.render.graft import host as module  # noqa: PLC0415

    monkeypatch.setattr(module, "_SMALL", 0)
    assert taken_names(once).ours == {"Summary": "Summary", "R&D": "R&D"}
    old = "regulars · Summary".encode()
    patched(once, lambda parts: {name: text.replace(b"fitToPage", b"x") for name, text in parts.items() if old in text})
    assert taken_names(once).ours == {"R&D": "R&D"}


def named(*marks: tuple[str, int, str]) -> Change:
    """Mark sheets as earlier versions did: by names, and not by the footer."""

    def change(parts: Parts) -> Mapping[str, bytes]:
        names = "".join(
            f'<definedName name="_regulars.sheet" localSheetId="{index}" hidden="1">"{key}"</definedName>'
            f'<definedName name="_regulars.sheet.{number}" hidden="1">{reference}</definedName>'
            for number, (key, index, reference) in enumerate(marks, 1)
        )
        workbook = parts["xl/workbook.xml"].replace(b"</definedNames>", f"{names}</definedNames>".encode())
        sheets = {
            name: re.sub("regulars · [^&]*".encode(), b"&amp;A", text)
            for name, text in parts.items()
            if name.startswith("xl/worksheets/sheet")
        }
        return {**sheets, "xl/workbook.xml": workbook}

    return change


def test_sheets_that_an_earlier_version_marked_by_names_are_known_and_lose_the_names_when_replaced(
    once: Path, tmp_path: Path
) -> None:
    patched(once, named(("Summary", 1, "Summary!$A$1"), ("R&amp;D", 2, "'R&amp;D'!$A$1")))
    assert taken_names(once).ours == {"Summary": "Summary", "R&D": "R&D"}
    half, whole = tmp_path / "half.xlsx", tmp_path / "whole.xlsx"
    assert graft(donor(tmp_path / "one.xlsx", "Summary"), once, half).left == ("R&D",)
    assert taken_names(half).ours == {"Summary": "Summary", "R&D": "R&D"}
    graft(donor(tmp_path / "both.xlsx", "Summary", "R&D"), half, whole)
    assert taken_names(whole).ours == {"Summary": "Summary", "R&D": "R&D"}
    with zipfile.ZipFile(whole) as archive:
        assert b"_regulars" not in archive.read("xl/workbook.xml")


def test_a_name_of_an_earlier_version_that_points_elsewhere_marks_nothing_and_goes(once: Path, tmp_path: Path) -> None:
    patched(once, named(("Summary", 1, "Data!$B$7"), ("R&amp;D", 2, "'R&amp;D'!$A$1")))
    names = taken_names(once)
    assert names.ours == {"R&D": "R&D"}
    assert names.for_sheets(["Summary"]) == {"Summary": "Summary (2)"}
    graft(donor(tmp_path / "again.xlsx", "Summary (2)"), once, tmp_path / "twice.xlsx")
    with zipfile.ZipFile(tmp_path / "twice.xlsx") as archive:
        assert b"Data!$B$7" not in archive.read("xl/workbook.xml")


@given(st.dictionaries(NAMES, st.builds(SheetMark, st.sampled_from(["A", "B"]), NAMES), max_size=6))
def test_no_key_is_given_twice_and_no_sheet_without_its_mark(marked: dict[str, SheetMark]) -> None:
    found = keys_of(marked)
    assert len(set(found.values())) == len(found)
    assert all(marked[name].key == key for name, key in found.items())
