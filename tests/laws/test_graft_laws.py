"""What holds for any names and any run of grafts."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.base.units import Currency
from regulars.render.graft import Names, graft, taken_names
from regulars.render.graft.host import referred_sheet
from regulars.render.graft.markup import Edit, apply, escaped, parse, start_tag
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import SheetKind, SheetSpec, Text, WorkbookSpec

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="[]:*?/\\")
SHEET_NAMES = st.text(LETTERS, min_size=1, max_size=31).filter(
    lambda name: name.strip() == name and not name.startswith("'") and not name.endswith("'")
)
RESULTS = st.lists(
    st.lists(st.sampled_from(["Summary", "Segments", "R&D <'x'> y"]), unique=True, min_size=1, max_size=3),
    min_size=1,
    max_size=4,
)


@given(SHEET_NAMES)
def test_a_sheet_is_found_again_by_its_reference(name: str) -> None:
    doubled = name.replace("'", "''")
    assert referred_sheet(f"'{doubled}'!$A$1") == name


@given(st.text(LETTERS, max_size=60))
def test_any_text_comes_back_from_a_tag(text: str) -> None:
    content = start_tag("a", {"b": text}) + escaped(text).encode() + b"</a>"
    element = parse(content)
    assert element.attributes["b"] == text
    assert element.text == text
    assert (element.start, element.end) == (0, len(content))


@given(
    st.binary(max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.binary(max_size=5)), max_size=6),
)
def test_edits_that_do_not_meet_are_all_made_and_the_rest_stays(content: bytes, wanted: list[Any]) -> None:
    edits, place = [], 0
    for start, length, new in sorted(wanted, key=lambda edit: edit[0]):
        if place <= start and start + length <= len(content):
            edits.append(Edit(start, start + length, new))
            place = start + length + 1
    slow = bytearray(content)
    for edit in reversed(edits):
        slow[edit.start : edit.end] = edit.content
    assert apply(content, edits) == bytes(slow)


@given(st.lists(SHEET_NAMES, max_size=6), st.lists(SHEET_NAMES, max_size=6, unique_by=str.casefold))
def test_final_names_are_free_unlike_each_other_and_short_enough(there: list[str], wanted: list[str]) -> None:
    final = list(Names(tuple(there), {}, {}, frozenset()).for_sheets(wanted).values())
    folded = [name.casefold() for name in final]
    assert len(set(folded)) == len(wanted)
    assert not set(folded) & {name.casefold() for name in there}
    assert all(0 < len(name) <= 31 for name in final)


def _host(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Data").write_column("A1", [1, 2, 3])
    book.add_worksheet("Summary").write("A1", "the user's own")
    book.close()
    return path


def _donor(path: Path, names: list[str], text: str) -> Path:
    sheets = tuple(SheetSpec(name, SheetKind.SUMMARY, f"{name} of {text}", "Lead", (Text((text,)),)) for name in names)
    write_workbook(WorkbookSpec(sheets, "Title", {}), path, Currency())
    return path


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RESULTS)
def test_after_any_run_of_grafts_each_sheet_says_what_the_last_result_with_it_said(
    read_back: Callable[..., Any], results: list[list[str]]
) -> None:
    said: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = host = _host(folder / "host.xlsx")
        for number, keys in enumerate(results):
            final = taken_names(path).for_sheets(keys)
            donor = _donor(folder / f"donor{number}.xlsx", [final[key] for key in keys], f"run {number}")
            target = folder / f"target{number}.xlsx"
            graft(donor, path, target)
            path = target
            said |= {final[key]: f"{final[key]} of run {number}" for key in keys}
        book = read_back(path)
        assert {sheet: book[sheet]["B1"].value for sheet in said} == said
        assert sorted(book.sheetnames) == sorted(["Data", "Summary", *said])
        assert book["Summary"]["A1"].value == "the user's own"
        with zipfile.ZipFile(host) as old, zipfile.ZipFile(path) as new:
            users = [part for part in old.namelist() if part.startswith("xl/worksheets/")]
            assert all(old.getinfo(part).CRC == new.getinfo(part).CRC for part in users)
