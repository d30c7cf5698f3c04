"""Workbooks of every make: row numbers as their owner sees them, and a clear refusal of what cannot be read."""

import datetime as dt
import re
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from regulars.base.errors import InputError
from regulars.base.files import MARK
from regulars.base.settings import Settings
from regulars.orders import scan
from regulars.orders.load import load_orders
from regulars.orders.raw import RawSource
from regulars.orders.sources import read_sources
from regulars.orders.xlsb import declared

HEADERS = ["Customer ID", "Order Date", "Total"]


def write_orders(path: Path, top: int = 0, left: int = 0, more: Callable[[Any], None] | None = None) -> Path:
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("Orders")
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(top, left, HEADERS)
    for index in range(30):
        sheet.write_number(top + 1 + index, left, 1000 + index % 7)
        sheet.write_datetime(top + 1 + index, left + 1, dt.datetime(2024, 1, 1) + dt.timedelta(index), day)  # noqa: DTZ001  wall-clock time
        sheet.write_number(top + 1 + index, left + 2, 9.5 + index)
    if more:
        more(sheet)
    workbook.close()
    return path


def patched(source: Path, change: Callable[[str, bytes], bytes]) -> Path:
    target = source.with_name(f"patched-{source.name}")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target


def only_source(path: Path, settings: Settings | None = None) -> RawSource:
    (source,) = read_sources([path], settings or Settings()).orders
    return source.raw


def write_ods(path: Path, rows: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
            ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
            ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Orders">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def ods_row(*cells: str, repeated: int = 1) -> str:
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{''.join(cells)}</table:table-row>"


def ods_text(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


ODS_BLANK = "<table:table-cell/>"
ODS_NUMBER = '<table:table-cell office:value-type="float" office:value="9.5"><text:p>9.5</text:p></table:table-cell>'
ODS_DATE = (
    '<table:table-cell office:value-type="date" office:date-value="2024-01-05"><text:p>5/1</text:p></table:table-cell>'
)
ODS_HEADERS = ods_row(ODS_BLANK, *(ods_text(header) for header in HEADERS))
ODS_LINE = ods_row(ODS_BLANK, ods_text("C1"), ODS_DATE, ODS_NUMBER)


def test_cells_are_written_as_one_rule_says(tmp_path: Path) -> None:
    raw = only_source(write_orders(tmp_path / "orders.xlsx"))
    assert raw.name == "orders.xlsx"
    assert raw.headers == tuple(HEADERS)
    assert raw.written().slice(0, 2).to_pylist() == [
        {"row": 2, "c0": "1000", "c1": "2024-01-01 00:00:00", "c2": "9.5"},
        {"row": 3, "c0": "1001", "c1": "2024-01-02 00:00:00", "c2": "10.5"},
    ]
    assert (raw.numeric, raw.dated, raw.error_cells) == (frozenset({0, 2}), frozenset({1}), {})


def test_empty_rows_and_columns_before_the_table_do_not_shift_row_numbers(tmp_path: Path) -> None:
    raw = only_source(write_orders(tmp_path / "orders.xlsx", top=4, left=2))
    assert (raw.header_row, raw.headers) == (5, tuple(HEADERS))
    assert raw.written()["row"].to_pylist() == list(range(6, 36))
    assert (raw.numeric, raw.dated) == (frozenset({0, 2}), frozenset({1}))


def test_empty_rows_before_the_table_do_not_shift_row_numbers_in_opendocument(tmp_path: Path) -> None:
    rows = ods_row(ODS_BLANK, repeated=4) + ODS_HEADERS + ODS_LINE + ods_row(ODS_BLANK, repeated=3) + ODS_LINE
    raw = only_source(write_ods(tmp_path / "orders.ods", rows))
    assert (raw.header_row, raw.headers) == (5, tuple(HEADERS))
    assert raw.written().to_pylist() == [
        {"row": 6, "c0": "C1", "c1": "2024-01-05 00:00:00", "c2": "9.5"},
        {"row": 10, "c0": "C1", "c1": "2024-01-05 00:00:00", "c2": "9.5"},
    ]
    assert (raw.numeric, raw.dated) == (frozenset({2}), frozenset({1}))


@pytest.mark.office
@pytest.mark.parametrize("form", ["xls", "ods"])
def test_what_libreoffice_saves_is_read_like_the_workbook_it_came_from(tmp_path: Path, form: str) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    path = write_orders(tmp_path / "orders.xlsx", top=4, left=2)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    workbook, saved = only_source(path), only_source(tmp_path / f"orders.{form}")
    assert saved.written().equals(workbook.written())
    assert (saved.header_row, saved.headers) == (5, tuple(HEADERS))
    assert (saved.numeric, saved.dated) == (workbook.numeric, workbook.dated)


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = write_orders(tmp_path / "orders.xlsx")
    assert only_source(path.rename(tmp_path / "orders.csv")).written().num_rows == 30


def test_rows_without_any_cell_are_left_out_and_the_others_keep_their_number(tmp_path: Path) -> None:
    def blanks(sheet: Any) -> None:
        for column in range(3):
            sheet.write_string(10, column, "   ")

    raw = only_source(write_orders(tmp_path / "orders.xlsx", more=blanks))
    assert raw.written().num_rows == 29
    assert 11 not in raw.written()["row"].to_pylist()
    assert raw.written()["row"].to_pylist()[-1] == 31


def test_a_text_among_numbers_keeps_its_column_out_of_the_numeric_ones(tmp_path: Path) -> None:
    raw = only_source(write_orders(tmp_path / "orders.xlsx", more=lambda sheet: sheet.write_string(500, 2, "1.234")))
    assert raw.numeric == frozenset({0})
    assert raw.written()["c2"].to_pylist()[-1] == "1.234"


def test_a_long_sheet_is_scanned_in_pieces_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(sheet: Any) -> None:
        for row in range(31, 900):
            sheet.write_row(row, 0, [row, row / 4, row * 2])
        sheet.write_string(880, 2, "1.234")
        sheet.write_formula(890, 0, "=NA()", value="#N/A")
        sheet.write_formula(891, 0, "=NA()", value="#N/A")
        sheet.write_number(895, 4, 7)

    path = write_orders(tmp_path / "orders.xlsx", more=late)
    with zipfile.ZipFile(path) as archive:
        (part,) = scan.sheet_parts(archive)
        whole = scan.scan_xlsx(path, archive, part)
        monkeypatch.setattr(scan, "CHUNK", 700)
        pieces = scan.scan_xlsx(path, archive, part)
    assert pieces.kinds(1) == whole.kinds(1)
    assert whole.kinds(1)[2] == {scan.Kind.NUMBER, scan.Kind.TEXT}
    assert pieces.errors == whole.errors == {0: 2}
    assert pieces.last_row == whole.last_row == 900
    assert pieces.kinds(1)[4] == {scan.Kind.NUMBER}


def test_error_cells_are_blank_and_counted_by_column(tmp_path: Path) -> None:
    def errors(sheet: Any) -> None:
        sheet.write_formula(5, 2, "=NA()", value="#N/A")
        sheet.write_formula(900, 2, "=1/0", value="#DIV/0!")

    raw = only_source(write_orders(tmp_path / "orders.xlsx", left=1, more=errors))
    assert raw.error_cells == {1: 2}


def test_hidden_sheets_are_read_only_when_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    workbook = xlsxwriter.Workbook(path)
    for name in ("2023", "2024"):
        sheet = workbook.add_worksheet(name)
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ["C1", "2024-01-05", 9.5])
    sheet.hide()
    workbook.close()
    assert [source.raw.name for source in read_sources([path], Settings()).orders] == ["orders.xlsx"]
    named = read_sources([path], Settings(sheet=("2024",))).orders
    assert [source.raw.name for source in named] == ["orders.xlsx › 2024"]


def test_sheets_that_were_not_read_are_listed_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    workbook = xlsxwriter.Workbook(path)
    for name in ("2024", "Hidden"):
        sheet = workbook.add_worksheet(name)
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ["C1", "2024-01-05", 9.5])
    sheet.hide()
    workbook.add_worksheet("Blank")
    workbook.add_worksheet("Shelves").write_column(0, 0, ["Shelf", "A", "B"])
    workbook.close()
    orders = load_orders([path], Settings())
    assert dict(orders.passed_over) == {
        "orders.xlsx › Shelves": "no column was recognised as its customer, date or amount",
        "orders.xlsx › Blank": "it has no filled cell",
        "orders.xlsx › Hidden": "it is hidden; --sheet with its name reads it",
    }
    assert [notice.text[:33] for notice in orders.notices] == ["3 sheets were not read as orders:"]
    chosen = load_orders([path], Settings(sheet=("Hidden",)))
    assert {why for _, why in chosen.passed_over} == {"not among the sheets named with --sheet"}
    assert len(chosen.passed_over) == 3
    assert "hidden_sheet" in {notice.key for notice in chosen.notices}


@pytest.mark.parametrize("extra", [0, 900])
def test_hidden_rows_are_read_and_said(tmp_path: Path, extra: int) -> None:
    def hide(sheet: Any) -> None:
        for row in range(extra):
            sheet.write_row(31 + row, 0, [1000, "2024-01-05", 9.5])
        for row in (3, 5, 25 + extra, 5000):  # the last has no cells
            sheet.set_row(row, None, None, {"hidden": True})

    orders = load_orders([write_orders(tmp_path / "orders.xlsx", more=hide)], Settings())
    assert orders.ledger.rows_read == 30 + extra
    (notice,) = [notice for notice in orders.notices if notice.key == "hidden_rows"]
    assert (notice.rows, notice.text) == (
        3,
        "3 rows of 'orders.xlsx' are hidden, by a filter or by hand; they were read like the others",
    )


def test_hidden_rows_of_an_ods_sheet_are_said(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row{hidden}>{''.join(cell.format(text) for text in texts)}</table:table-row>"
        for hidden, texts in (
            ("", HEADERS),
            ("", ["C1", "2024-01-05", "9.5"]),
            (' table:visibility="filter"', ["C2", "2024-01-06", "9.5"]),
        )
    )
    orders = load_orders([write_ods(tmp_path / "orders.ods", rows)], Settings())
    assert [notice.rows for notice in orders.notices if notice.key == "hidden_rows"] == [1]


def test_a_result_of_this_program_is_no_workbook_of_orders(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(tmp_path / "result.xlsx")
    workbook.set_properties({"comments": MARK})
    workbook.add_worksheet("Summary").write_row(0, 0, HEADERS)
    workbook.close()
    with pytest.raises(InputError, match=r"'result.xlsx' is a result of regulars"):
        read_sources([tmp_path / "result.xlsx"], Settings())


@pytest.mark.parametrize(
    ("part", "kind"), [("ppt/presentation.xml", "a PowerPoint presentation"), ("word/document.xml", "a Word document")]
)
def test_documents_of_other_programs_are_called_by_their_names(tmp_path: Path, part: str, kind: str) -> None:
    with zipfile.ZipFile(tmp_path / "orders.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    with pytest.raises(InputError, match=f"'orders.xlsx' is {kind}, not a workbook"):
        read_sources([tmp_path / "orders.xlsx"], Settings())


def test_an_unknown_sheet_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'there is no sheet \'Ordres\'; there are \'Orders\'.*--sheet "Orders"'):
        read_sources([write_orders(tmp_path / "orders.xlsx")], Settings(sheet=("Ordres",)))


def test_a_named_sheet_without_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    workbook = xlsxwriter.Workbook(path)
    workbook.add_worksheet("2023").write_row(0, 0, HEADERS)
    workbook.add_worksheet("2024")
    workbook.close()
    with pytest.raises(InputError, match=r"sheet '2024' of 'orders.xlsx' has no filled cell"):
        read_sources([path], Settings(sheet=("2023", "2024")))


def test_sheets_are_named_without_regard_to_case(tmp_path: Path) -> None:
    assert only_source(write_orders(tmp_path / "orders.xlsx"), Settings(sheet=("orders",))).written().num_rows == 30


def test_files_of_the_same_name_are_told_apart_by_their_folder(tmp_path: Path) -> None:
    paths = []
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        paths.append(write_orders(tmp_path / folder / "orders.xlsx"))
    names = [source.raw.name for source in read_sources(paths, Settings()).orders]
    assert names == ["north/orders.xlsx", "south/orders.xlsx"]


def test_a_strict_workbook_is_read_like_any_other(tmp_path: Path) -> None:
    def strict(_name: str, content: bytes) -> bytes:
        for old, new in (
            (b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"),
            (
                b"schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        ):
            content = content.replace(old, new)
        return content

    path = write_orders(tmp_path / "orders.xlsx")
    assert only_source(patched(path, strict)).written().equals(only_source(path).written())


def test_a_sheet_with_prefixed_tags_is_typed_like_any_other(tmp_path: Path) -> None:
    def prefixed(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        tags = rb"<(/?)(c|row|v|sheetData|worksheet|dimension)\b"
        return re.sub(tags, rb"<\1x:\2", content).replace(b"xmlns=", b"xmlns:x=")

    raw = only_source(patched(write_orders(tmp_path / "orders.xlsx"), prefixed))
    assert (raw.written().num_rows, raw.numeric, raw.dated) == (30, frozenset({0, 2}), frozenset({1}))


def test_a_stray_cell_far_away_is_refused_by_its_address(tmp_path: Path) -> None:
    path = write_orders(tmp_path / "orders.xlsx", more=lambda sheet: sheet.write(1_048_575, 16_383, "x"))
    with pytest.raises(
        InputError, match=r"sheet 'Orders' of 'orders.xlsx' is in use down to cell XFD1048576.*stray cell"
    ):
        read_sources([path], Settings())


def test_a_stray_cell_far_away_is_refused_in_opendocument(tmp_path: Path) -> None:
    far = ods_row('<table:table-cell table:number-columns-repeated="16383"/>', ods_text("x"))
    rows = ODS_HEADERS + ODS_LINE + ods_row(ODS_BLANK, repeated=1_048_573) + far
    with pytest.raises(InputError, match=r"cell XFD1048576"):
        read_sources([write_ods(tmp_path / "orders.ods", rows)], Settings())


def test_the_extent_of_a_binary_sheet_is_read_from_its_first_records() -> None:
    begin, dimension = bytes([0x81, 0x01, 0x00]), bytes([0x94, 0x01, 0x10])
    assert declared(begin + dimension + struct.pack("<4I", 0, 1_048_575, 0, 16_383)) == (1_048_576, 16_384)
    assert declared(begin) is None


def test_a_table_of_texts_that_claims_too_much_is_refused_before_the_parser_reserves_memory(tmp_path: Path) -> None:
    def boast(_name: str, content: bytes) -> bytes:
        return re.sub(rb'count="\d+" uniqueCount="\d+"', b'count="99999999999" uniqueCount="99999999999"', content)

    with pytest.raises(InputError, match=r"claims more entries than it can hold"):
        read_sources([patched(write_orders(tmp_path / "orders.xlsx"), boast)], Settings())


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    def bomb(name: str, content: bytes) -> bytes:
        document = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'
        return content.replace(b"<worksheet", document, 1) if name.endswith("sheet1.xml") else content

    with pytest.raises(InputError, match=r"declares a document type"):
        read_sources([patched(write_orders(tmp_path / "orders.xlsx"), bomb)], Settings())


def test_a_sheet_that_ends_in_the_middle_is_called_damaged(tmp_path: Path) -> None:
    def half(name: str, content: bytes) -> bytes:
        return content[: len(content) // 2] if name.endswith("sheet1.xml") else content

    with pytest.raises(InputError, match=r"is damaged or incomplete"):
        read_sources([patched(write_orders(tmp_path / "orders.xlsx"), half)], Settings())


def test_a_file_cut_short_and_one_with_wrong_bytes_are_called_damaged(tmp_path: Path) -> None:
    content = write_orders(tmp_path / "orders.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(content[: len(content) // 2])
    (tmp_path / "wrong.xlsx").write_bytes(content[:60] + bytes(30) + content[90:])
    for name in ("cut.xlsx", "wrong.xlsx"):
        with pytest.raises(InputError, match=f"'{name}' is damaged or incomplete"):
            read_sources([tmp_path / name], Settings())


def test_a_sheet_that_unpacks_out_of_proportion_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "spreadsheetml")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(210):
                part.write(b" " * 2**20)
    with pytest.raises(InputError, match=r"too much for a workbook of orders"):
        read_sources([path], Settings())


COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("locked.xlsx", COMPOUND + "EncryptedPackage".encode("utf-16-le"), "is encrypted .protected with a password"),
        ("letter.xls", COMPOUND + "WordDocument".encode("utf-16-le"), "is an Office document but no workbook"),
        ("broken.xls", COMPOUND + "Workbook".encode("utf-16-le") + bytes(900), "is damaged or incomplete"),
        ("page.xls", b"<html><table><tr><td>Date", "is a web page with the name of a table"),
        ("orders.xml", b'<?xml version="1.0"?><orders/>', "is an XML file"),
        ("orders.pdf", b"%PDF-1.4 ...", "is a PDF document, not a table"),
        ("orders.bin", bytes(range(256)), "is not a file of a known kind"),
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n\n ,\n", "has no filled cell"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_sources([tmp_path / name], Settings())


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "orders.xlsx", "w") as archive:
        archive.writestr("orders.csv", "customer,date,total")
    with pytest.raises(InputError, match=r"is a zip archive but no workbook.*unpack it"):
        read_sources([tmp_path / "orders.xlsx"], Settings())


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no file"):
        read_sources([tmp_path / "orders.xlsx"], Settings())
    with pytest.raises(InputError, match=r"is a folder, not a file"):
        read_sources([tmp_path], Settings())
