"""Names beside those a workbook has, and what a second graft keeps for the formulas that refer to our sheets."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from regulars.base.units import COUNT, Currency
from regulars.render.graft import GraftReport, Names, graft, taken_names
from regulars.render.graft.host import Host
from regulars.render.graft.package import Package
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import (
    Chart,
    ChartKind,
    Column,
    Figure,
    Figures,
    Formula,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    WorkbookSpec,
)


def sheet(name: str, *, rows: int = 3, listing: bool = True) -> SheetSpec:
    cells = tuple(Row(str(number), (f"  name {number}", float(number))) for number in range(rows))
    table = Table("best", (Column("name", "Name"), Column("value", "Value", COUNT)), cells, listing=listing)
    total = Figure("Sum", Formula("=SUM({best.value})", float(sum(range(rows)))), COUNT, "all")
    chart = Chart(ChartKind.BAR, "Values", "best", "name", ("value",), "They rise.")
    return SheetSpec(name, SheetKind.SUMMARY, f"Title of {name}", "Lead", (Figures((total,)), table, chart))


def result(path: Path, *sheets: SheetSpec) -> Path:
    write_workbook(WorkbookSpec(sheets, "Title", {}), path, Currency())
    return path


def book(path: Path, formulas: dict[str, str] | None = None, *sheets: str) -> Path:
    made = xlsxwriter.Workbook(str(path))
    data = made.add_worksheet("Data")
    for name in sheets:
        made.add_worksheet(name)
    for cell, formula in (formulas or {}).items():
        data.write_formula(cell, formula, None, 0)
    made.close()
    return path


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    before = parts.get(name)
    parts[name] = change(parts.get(name, b""))
    assert parts[name] != before
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in parts.items():
            archive.writestr(entry, content)
    return path


def order_of(path: Path) -> list[tuple[str, int, str | None]]:
    with Package(path) as package:
        return [(sheet.name, sheet.sheet_id, sheet.part) for sheet in Host(package).sheets]


def test_sheets_of_ours_keep_their_names_and_others_get_a_number() -> None:
    names = Names(("SUMMARY", "Mine", "Method (2)", "Method"), {"Segments": "Mine"}, {}, frozenset())
    assert names.for_sheets(["Summary", "Segments", "Method"]) == {
        "Summary": "Summary (2)",
        "Segments": "Mine",
        "Method": "Method (3)",
    }


def test_a_long_name_stays_within_31_letters() -> None:
    long = "x" * 31
    assert Names((long,), {}, {}, frozenset()).for_sheets([long]) == {long: "x" * 27 + " (2)"}


def test_a_new_sheet_does_not_take_the_name_that_another_of_ours_has_today() -> None:
    names = Names(("Segments",), {"Summary": "Segments"}, {}, frozenset())
    assert names.for_sheets(["Segments", "Summary"]) == {"Segments": "Segments (2)", "Summary": "Segments"}


def test_tables_and_names_of_the_user_are_taken_and_those_that_are_replaced_are_free() -> None:
    names = Names(
        ("Data", "Mine"), {"Summary": "Mine"}, {"Orders": "Data", "regulars_best": "Mine"}, frozenset({"Rate"})
    )
    assert names.for_tables(["Mine"]) == {"orders", "rate"}
    assert names.for_tables(["Mine (2)"]) == {"orders", "rate", "regulars_best"}


def test_a_name_that_the_workbook_has_is_an_error_of_the_caller(tmp_path: Path) -> None:
    host = book(tmp_path / "host.xlsx", None, "summary")
    with pytest.raises(ValueError, match="'Summary'"):
        graft(result(tmp_path / "donor.xlsx", sheet("Summary")), host, tmp_path / "target.xlsx")


@pytest.mark.parametrize("name", ['R&D <b> "quoted" it\'s', "It's", "Ünïcode 株式", "a;b,c!d", "#1 + 2"])
def test_any_name_that_a_sheet_can_have_comes_through(tmp_path: Path, name: str, read_back: Callable[..., Any]) -> None:
    donor = result(tmp_path / "donor.xlsx", sheet(name), sheet("Method", listing=False))
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    assert graft(donor, book(tmp_path / "host.xlsx"), once).added == (name, "Method")
    assert taken_names(once).ours == {name: name, "Method": "Method"}
    assert graft(donor, once, twice).replaced == (name, "Method")
    assert read_back(twice).sheetnames == ["Data", name, "Method"]


def test_texts_keep_their_leading_blanks(tmp_path: Path, read_back: Callable[..., Any]) -> None:
    once = tmp_path / "once.xlsx"
    graft(result(tmp_path / "donor.xlsx", sheet("Summary")), book(tmp_path / "host.xlsx"), once)
    texts = [cell.value for row in read_back(once)["Summary"].iter_rows() for cell in row]
    assert "  name 1" in texts


def grafted_twice(tmp_path: Path, host: Path, *second: SheetSpec) -> tuple[Path, Path, GraftReport]:
    first = result(tmp_path / "first.xlsx", sheet("Summary"), sheet("Method", listing=False))
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    graft(first, host, once)
    again = result(tmp_path / "second.xlsx", *(second or (sheet("Summary", rows=5), sheet("Method", listing=False))))
    return once, twice, graft(again, once, twice)


def test_a_second_graft_keeps_place_number_and_relationship_of_every_sheet(tmp_path: Path) -> None:
    once, twice, report = grafted_twice(tmp_path, book(tmp_path / "host.xlsx"))
    assert report == GraftReport((), ("Summary", "Method"), (), recalculates=False)
    assert order_of(once) == order_of(twice)
    listed = re.compile(rb"<sheets>.*</sheets>")
    assert listed.findall(part(once, "xl/workbook.xml")) == listed.findall(part(twice, "xl/workbook.xml"))
    assert part(once, "xl/_rels/workbook.xml.rels") == part(twice, "xl/_rels/workbook.xml.rels")


def test_a_second_graft_brings_the_new_numbers_and_its_own_print_area(
    tmp_path: Path, read_back: Callable[..., Any]
) -> None:
    once, twice, _ = grafted_twice(tmp_path, book(tmp_path / "host.xlsx"))
    areas = [read_back(path)["Summary"].print_area for path in (once, twice)]
    assert areas[0] != areas[1]
    assert "  name 4" in [cell.value for row in read_back(twice)["Summary"].iter_rows() for cell in row]
    assert part(twice, "xl/workbook.xml").count(b"_xlnm.Print_Area") == 2


def test_a_sheet_that_a_later_result_lacks_stays_and_is_named(tmp_path: Path) -> None:
    _, twice, report = grafted_twice(
        tmp_path, book(tmp_path / "host.xlsx"), sheet("Method", listing=False), sheet("New", listing=False)
    )
    assert report == GraftReport(("New",), ("Method",), ("Summary",), recalculates=False)
    assert [name for name, *_ in order_of(twice)] == ["Data", "Summary", "Method", "New"]
    assert len({sheet_id for _, sheet_id, _ in order_of(twice)}) == 4


FIRST = b'<sheet name="Data" sheetId="1" r:id="rId1"/>'


def moved_first(content: bytes) -> bytes:
    """Move the user's sheet behind ours, as Excel writes it: local names follow their sheet."""
    content = content.replace(FIRST, b"").replace(b"</sheets>", FIRST + b"</sheets>")
    return re.sub(rb'localSheetId="(\d)"', lambda found: b'localSheetId="%d"' % (int(found[1]) - 1), content)


def test_a_sheet_that_was_renamed_and_moved_is_found_and_stays_there(tmp_path: Path) -> None:
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    graft(result(tmp_path / "donor.xlsx", sheet("Summary")), book(tmp_path / "host.xlsx"), once)
    with_part(once, "xl/workbook.xml", lambda old: moved_first(old).replace(b"Summary", b"Mine"))
    names = taken_names(once)
    assert names.ours == {"Summary": "Mine"}
    assert names.for_sheets(["Summary"]) == {"Summary": "Mine"}
    assert graft(result(tmp_path / "again.xlsx", sheet("Mine")), once, twice).replaced == ("Mine",)
    assert [name for name, *_ in order_of(twice)] == ["Mine", "Data"]
    assert taken_names(twice).ours == {"Summary": "Mine"}


def test_a_numbered_sheet_is_known_by_the_name_of_the_result(tmp_path: Path) -> None:
    host, once = book(tmp_path / "host.xlsx", None, "Summary"), tmp_path / "once.xlsx"
    final = taken_names(host).for_sheets(["Summary"])["Summary"]
    graft(result(tmp_path / "donor.xlsx", sheet(final)), host, once)
    assert taken_names(once).for_sheets(["Summary"]) == {"Summary": "Summary (2)"}


@pytest.mark.parametrize(
    "formula",
    [
        "=Summary!C6",
        "='Summary'!C6",
        "=SUM(Data:Summary!A1)",
        "=SUM('Data:Summary'!A1)",
        "=summary!C6",
        "=SUM(regulars_best[Value])",
    ],
)
def test_excel_calculates_on_opening_where_the_users_formulas_read_what_was_replaced(
    tmp_path: Path, formula: str
) -> None:
    def without(content: bytes) -> bytes:
        return content.replace(b' fullCalcOnLoad="1"', b"")

    host = with_part(book(tmp_path / "host.xlsx", {"A1": formula}), "xl/workbook.xml", without)
    _, twice, report = grafted_twice(tmp_path, host)
    assert report.recalculates
    assert b'<calcPr calcId="124519" fullCalcOnLoad="1"/>' in part(twice, "xl/workbook.xml")


def test_nothing_is_calculated_where_no_formula_reads_our_sheets(tmp_path: Path) -> None:
    def without(content: bytes) -> bytes:
        return content.replace(b'<calcPr calcId="124519" fullCalcOnLoad="1"/>', b"")

    host = with_part(
        book(tmp_path / "host.xlsx", {"A1": "=SUM(B1:B9)", "A2": '="Summary"'}), "xl/workbook.xml", without
    )
    _, twice, report = grafted_twice(tmp_path, host)
    assert not report.recalculates
    assert b"fullCalcOnLoad" not in part(twice, "xl/workbook.xml")


def test_a_name_of_the_user_that_refers_to_our_sheet_survives_and_counts_as_reading_it(tmp_path: Path) -> None:
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    donor = result(tmp_path / "donor.xlsx", sheet("Summary"))
    graft(donor, book(tmp_path / "host.xlsx"), once)
    own = (
        b'<definedName name="Total">Summary!$C$6</definedName>'
        b'<definedName name="Here" localSheetId="1">Summary!$C$7</definedName></definedNames>'
    )
    with_part(once, "xl/workbook.xml", lambda old: old.replace(b"</definedNames>", own))
    assert graft(donor, once, twice).recalculates
    assert own.removesuffix(b"</definedNames>") in part(twice, "xl/workbook.xml")
    assert taken_names(twice).defined == {"Total"}


def chained(path: Path) -> Path:
    """Add the list of formula cells that Excel keeps."""
    with_part(
        path,
        "xl/calcChain.xml",
        lambda _: (
            b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="A1" i="1"/></calcChain>'
        ),
    )
    link = b'<Relationship Id="rId70" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></Relationships>'
    with_part(path, "xl/_rels/workbook.xml.rels", lambda old: old.replace(b"</Relationships>", link))
    kind = b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>'
    return with_part(path, "[Content_Types].xml", lambda old: old.replace(b"</Types>", kind))


def test_the_list_of_formula_cells_stays_at_first_and_goes_when_sheets_with_formulas_are_replaced(
    tmp_path: Path,
) -> None:
    once, twice, _ = grafted_twice(tmp_path, chained(book(tmp_path / "host.xlsx", {"A1": "=1+1"})))
    with zipfile.ZipFile(once) as archive:
        assert "xl/calcChain.xml" in archive.namelist()
    with zipfile.ZipFile(twice) as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
        assert all(
            b"calcChain" not in archive.read(name) for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
        )


def test_the_sheet_the_user_looks_at_stays_the_one(tmp_path: Path, read_back: Callable[..., Any]) -> None:
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    donor = result(tmp_path / "donor.xlsx", sheet("Summary"))
    graft(donor, book(tmp_path / "host.xlsx"), once)
    views = [worksheet.sheet_view.tabSelected for worksheet in read_back(once).worksheets]
    assert views == [True, None]
    with_part(once, "xl/workbook.xml", lambda old: old.replace(b"<workbookView ", b'<workbookView activeTab="1" '))
    graft(donor, once, twice)
    assert [sheet.sheet_view.tabSelected for sheet in read_back(twice).worksheets][1] is True


def test_tables_get_numbers_that_no_other_table_has(tmp_path: Path) -> None:
    made = xlsxwriter.Workbook(str(tmp_path / "host.xlsx"))
    made.add_worksheet("Data").add_table("A1:B3", {"name": "Orders"})
    made.close()
    _, twice, _ = grafted_twice(tmp_path, tmp_path / "host.xlsx")
    with zipfile.ZipFile(twice) as archive:
        tables = [archive.read(name) for name in archive.namelist() if name.startswith("xl/tables/")]
    assert sorted(re.findall(rb'<table [^>]*? id="(\d+)"', b"".join(tables))) == [b"1", b"2"]


def test_the_same_graft_gives_the_same_bytes(tmp_path: Path) -> None:
    donor, host = result(tmp_path / "donor.xlsx", sheet("Summary")), book(tmp_path / "host.xlsx")
    for name in ("one.xlsx", "two.xlsx"):
        graft(donor, host, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_workbook_saved_by_openpyxl_takes_sheets(tmp_path: Path, read_back: Callable[..., Any]) -> None:
    made = openpyxl.Workbook()
    made.create_sheet("First", 0).append(["=1+1", "text"])
    made.save(tmp_path / "host.xlsx")
    _, twice, _ = grafted_twice(tmp_path, tmp_path / "host.xlsx")
    assert read_back(twice).sheetnames == ["First", "Sheet", "Summary", "Method"]


def test_a_workbook_without_a_window_gets_one_for_our_sheets_to_refer_to(tmp_path: Path) -> None:
    def without(content: bytes) -> bytes:
        return re.sub(rb"<bookViews>.*</bookViews>", b"", content)

    host = with_part(book(tmp_path / "host.xlsx"), "xl/workbook.xml", without)
    _, twice, _ = grafted_twice(tmp_path, host)
    assert part(twice, "xl/workbook.xml").count(b"<bookViews><workbookView/></bookViews><sheets>") == 1


def test_relationships_may_be_declared_on_each_sheet_under_any_prefix(
    tmp_path: Path, read_back: Callable[..., Any]
) -> None:
    def declared_later(content: bytes) -> bytes:
        declaration = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        return content.replace(declaration, b"").replace(b" r:id=", declaration.replace(b":r=", b":q=") + b" q:id=")

    host = with_part(book(tmp_path / "host.xlsx"), "xl/workbook.xml", declared_later)
    _, twice, report = grafted_twice(tmp_path, host)
    assert report.replaced == ("Summary", "Method")
    assert read_back(twice).sheetnames == ["Data", "Summary", "Method"]
