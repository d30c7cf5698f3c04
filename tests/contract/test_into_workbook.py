"""`regulars analyze --into`: the result in a workbook of the user, run after run, and everything else as it was."""

from __future__ import annotations

import json
import re
import shutil
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import pytest
import xlsxwriter

from regulars import cli
from regulars.render.graft import our_sheets, taken_names

DATA = Path(__file__).parents[1] / "data"
PATCHED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
NOWHERE = 0xFFFFFFFF
SHORT = ["Summary", "Segments", "Customers", "Financial impact", "Playbook", "Data quality"]
Edit = Callable[[Path, Mapping[str, float | str]], None]


def left(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        cli.main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def facts(path: Path) -> dict[str, Any]:
    return {key: fact["value"] for key, fact in json.loads(path.read_text(encoding="utf-8"))["facts"].items()}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with orders, and nothing of ours."""
    return Path(shutil.copy(DATA / "messy_orders.xlsx", tmp_path / "book.xlsx"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Few orders, for tests that run often."""
    path = tmp_path / "small.csv"
    lines = [f"A{n % 7},2025-{1 + n // 9:02}-{1 + n % 27:02},{n}.50" for n in range(1, 60)]
    path.write_text("\n".join(["Customer,Date,Total", *lines]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory, write_rich_host: Callable[[Path], Path]) -> tuple[Path, Path]:
    """The workbook that has everything, before and after a run put its result into it."""
    folder = tmp_path_factory.mktemp("into")
    host = write_rich_host(folder / "brand.xlsm")
    before = Path(shutil.copy(host, folder / "before.xlsm"))
    assert left("analyze", DATA / "messy_orders.xlsx", "--into", host, "--sheets", "full") == 0
    return before, host


def test_no_part_of_a_rich_workbook_is_lost_and_only_four_that_name_others_change(rich: tuple[Path, Path]) -> None:
    old, new = map(contents, rich)
    assert set(old) <= set(new)
    assert {name for name, content in old.items() if new[name] != content} <= PATCHED


def test_old_and_new_sheets_of_a_rich_workbook_are_read_by_openpyxl_and_fastexcel(rich: tuple[Path, Path]) -> None:
    before, after = rich
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names what it would lose
        old, new = (openpyxl.load_workbook(path, data_only=True) for path in rich)
    for sheet in old.worksheets:
        assert [[cell.value for cell in row] for row in new[sheet.title]] == [
            [cell.value for cell in row] for row in sheet
        ]
        one, other = (
            fastexcel.read_excel(path).load_sheet(sheet.title, header_row=None, dtypes="string").to_arrow()
            for path in (before, after)
        )
        assert one.equals(other)
    reader = fastexcel.read_excel(after)
    for name in our_sheets(after).values():
        assert new[name].max_row > 3
        assert reader.load_sheet(name, header_row=None, dtypes="string").height > 3


@pytest.mark.office
def test_libreoffice_opens_the_rich_workbook_with_old_and_new_sheets(
    rich: tuple[Path, Path], office: Any, read_back: Callable[..., Any]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        afresh = read_back(office.recalculated(rich[1]), values=True)
    assert set(our_sheets(rich[1]).values()) <= set(afresh.sheetnames)
    assert afresh["Data"]["D21"].value == pytest.approx(133.0)
    wrong = [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in afresh.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value in {"#REF!", "#NAME?", "#VALUE!", "#DIV/0!"}
        if sheet.title in our_sheets(rich[1]).values()
    ]
    assert wrong == []


def test_ten_runs_in_a_row_grow_neither_styles_nor_parts(
    tmp_path: Path, small: Path, write_rich_host: Callable[[Path], Path]
) -> None:
    host = write_rich_host(tmp_path / "host.xlsm")
    assert left("analyze", small, "--into", host) == 0
    first = contents(host)
    for _ in range(10):
        assert left("analyze", small, "--into", host) == 0
    last = contents(host)
    first.pop("xl/calcChain.xml")  # it listed cells of the sheets that were replaced
    assert set(last) == set(first)
    assert last["xl/styles.xml"] == first["xl/styles.xml"]


def test_the_orders_of_the_workbook_itself_are_analysed_and_our_sheets_are_not(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = book.with_name("one.json"), book.with_name("two.json")
    assert left("analyze", book, "--into", book, "--json", one) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == str(book)
    assert "not read as orders" not in said.err
    assert left("analyze", book, "--into", book, "--json", two) == 0
    assert "sheets of a result in 'book.xlsx' are not read as orders: 'Summary'" in capsys.readouterr().err
    assert two.read_bytes() == one.read_bytes()
    # From the second run on, Data quality lists our sheets as not read; then nothing changes any more.
    once = book.read_bytes()
    assert left("analyze", book, "--into", book) == 0
    assert book.read_bytes() == once


def test_sheets_and_tables_get_other_names_than_those_there_and_links_follow(tmp_path: Path, small: Path) -> None:
    host = tmp_path / "host.xlsx"
    made = xlsxwriter.Workbook(str(host))
    made.add_worksheet("summary").write("A1", "mine")
    made.add_worksheet("Customers").add_table("A1:B3", {"name": "regulars_customers"})
    made.define_name("margin", "=summary!$A$1")
    made.close()
    assert left("analyze", small, "--into", host) == 0
    names = taken_names(host)
    assert names.sheets[:4] == ("summary", "Customers", "Summary (2)", "Segments")
    assert our_sheets(host)["Customers"] == "Customers (2)"
    assert names.tables["regulars_customers_2"] == "Customers (2)"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = openpyxl.load_workbook(host)
    jumps = {cell.hyperlink.location for sheet in made.worksheets for row in sheet for cell in row if cell.hyperlink}
    assert jumps == {"'Summary (2)'!A1"}
    assert made["Segments"]["B3"].value == "← Summary (2)"
    assert made["summary"]["A1"].value == "mine"


def lock(host: Path) -> None:
    host.with_name(f"~${host.name}").write_bytes(b"")


def draw(host: Path) -> None:
    parts = contents(host)
    name = next(name for name in sorted(parts) if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name))
    end = b"</xdr:wsDr>"
    assert end in parts[name]
    shape = (
        b"<xdr:absoluteAnchor><xdr:pos x='0' y='0'/><xdr:ext cx='9' cy='9'/><xdr:sp macro='' textlink=''><xdr:nvSpPr>"
        b"<xdr:cNvPr id='99' name='Arrow 1'/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp><xdr:clientData/>"
        b"</xdr:absoluteAnchor>"
    )
    parts[name] = parts[name].replace(end, shape + end)
    with zipfile.ZipFile(host, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def protect(host: Path) -> None:
    parts = contents(host)
    text = parts["xl/workbook.xml"].replace(b"<bookViews>", b'<workbookProtection lockStructure="1"/><bookViews>')
    assert b"lockStructure" in text
    with zipfile.ZipFile(host, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in (parts | {"xl/workbook.xml": text}).items():
            archive.writestr(part, content)


def seal(host: Path) -> None:
    host.chmod(0o444)


def replace_by_text(host: Path) -> None:
    host.write_text("a,b\n1,2\n", encoding="utf-8")


def encrypt(host: Path) -> None:
    """Make the file that Excel makes of a workbook with a password: a compound document of two streams."""

    def entry(name: str, kind: int, child: int, sibling: int, start: int, size: int) -> bytes:
        written = (name + "\0").encode("utf-16-le")
        links = struct.pack("<BBIII", kind, 1, NOWHERE, sibling, child)
        return (
            written.ljust(64, b"\0")
            + struct.pack("<H", len(written))
            + links
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    package = host.read_bytes().ljust(4_608, b"\x5a")[:4_608]
    sectors = len(package) // 512
    chain = [*range(3, 2 + sectors), 0xFFFFFFFE]
    table = struct.pack(f"<{2 + len(chain)}I", 0xFFFFFFFD, 0xFFFFFFFE, *chain).ljust(512, b"\xff")
    folder = entry("Root Entry", 5, 1, NOWHERE, 0xFFFFFFFE, 0)
    folder += entry("EncryptedPackage", 2, NOWHERE, 2, 2, len(package)) + entry(
        "EncryptionInfo", 2, NOWHERE, NOWHERE, 0xFFFFFFFE, 0
    )
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    host.write_bytes(head.ljust(512, b"\xff") + table + folder.ljust(512, b"\0") + package)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lock, "is open in another program"),
        (protect, "is protected against added sheets"),
        (draw, "holds what was added by hand ('drawing Arrow 1')"),
        (seal, "is read-only"),
        (replace_by_text, "is no workbook"),
        (encrypt, "is encrypted"),
    ],
)
def test_a_workbook_that_cannot_take_sheets_stays_and_the_result_is_written_beside_it(
    small: Path, tmp_path: Path, spoil: Callable[[Path], None], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    host = tmp_path / "host.xlsx"
    made = xlsxwriter.Workbook(str(host))
    made.add_worksheet("Mine").write("A1", "mine")
    made.close()
    assert left("analyze", small, "--into", host) == 0
    spoil(host)
    before = host.read_bytes()
    capsys.readouterr()
    assert left("analyze", small, "--into", host) == cli.WRITTEN_BESIDE
    said = capsys.readouterr()
    beside = tmp_path / "host.regulars.xlsx"
    assert said.out.splitlines() == [str(beside)]
    assert why in said.err
    assert f"the result was written beside it, to '{beside}'" in said.err
    assert "To do: " in said.err
    assert host.read_bytes() == before
    assert openpyxl.load_workbook(beside, read_only=True).sheetnames == SHORT
    assert {path.name for path in tmp_path.iterdir()} <= {"small.csv", host.name, beside.name, f"~${host.name}"}


def test_a_workbook_that_is_not_there_is_an_error_and_nothing_is_written(small: Path, tmp_path: Path) -> None:
    assert left("analyze", small, "--into", tmp_path / "none.xlsx") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["small.csv"]


def test_a_workbook_that_was_saved_while_we_computed_is_not_replaced(
    small: Path, book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from regulars.analysis import analyse  # noqa: PLC0415

    def meanwhile(*arguments: Any, **named: Any) -> Any:
        with zipfile.ZipFile(book, "a") as archive:
            archive.writestr("docProps/new.txt", "saved by another program")
        return analyse(*arguments, **named)

    monkeypatch.setattr("regulars.result.analyse", meanwhile)
    assert left("analyze", small, "--into", book) == cli.WRITTEN_BESIDE
    assert "was saved by another program in the meantime" in capsys.readouterr().err
    assert "docProps/new.txt" in contents(book)
    assert our_sheets(book) == {}


def test_backup_keeps_every_old_workbook_beside(book: Path, small: Path) -> None:
    first = book.read_bytes()
    assert left("analyze", small, "--into", book, "--backup") == 0
    second = book.read_bytes()
    assert left("analyze", small, "--into", book, "--backup") == 0
    assert book.with_name("book.backup.xlsx").read_bytes() == first
    assert book.with_name("book.backup-2.xlsx").read_bytes() == second


def test_a_link_to_the_workbook_stays_a_link_and_permissions_stay(book: Path, small: Path) -> None:
    book.chmod(0o640)
    link = book.with_name("link.xlsx")
    link.symlink_to(book.name)
    assert left("analyze", small, "--into", link) == 0
    assert link.is_symlink()
    assert our_sheets(book)
    assert stat.S_IMODE(book.stat().st_mode) == 0o640


def test_sheets_that_only_an_earlier_result_had_go_away_and_are_named(
    book: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left("analyze", small, "--into", book, "--sheets", "full") == 0
    capsys.readouterr()
    assert left("analyze", small, "--into", book) == 0
    said = capsys.readouterr().err
    assert "were removed" in said
    assert all(f"'{name}'" in said for name in ("Trends", "Acquisition and cohorts", "Method"))
    old = openpyxl.load_workbook(DATA / "messy_orders.xlsx", read_only=True).sheetnames
    assert openpyxl.load_workbook(book, read_only=True).sheetnames == [*old, *SHORT]
    assert set(our_sheets(book)) == set(SHORT)
    with zipfile.ZipFile(book) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        linked = archive.read("xl/_rels/workbook.xml.rels").decode().count('/worksheet"')
    assert len(sheets) == linked == len(old) + len(SHORT)
    ids = [int(found) for found in re.findall(r'localSheetId="(\d+)"', workbook)]
    assert max(ids) < len(sheets)
    for index, name in enumerate(openpyxl.load_workbook(book, read_only=True).sheetnames):
        areas = re.findall(rf'"_xlnm.Print_Area" localSheetId="{index}">([^<]*)!', workbook)
        assert areas in ([], [name], [f"'{name}'"])
    assert left("analyze", small, "--into", book, "--sheets", "full") == 0


def test_sheets_of_an_earlier_result_that_a_formula_of_the_owner_reads_stay(
    book: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left("analyze", small, "--into", book, "--sheets", "full") == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = openpyxl.load_workbook(book)
    made.create_sheet("Own")["A1"] = "=Trends!B9"
    made.save(book)
    capsys.readouterr()
    assert left("analyze", small, "--into", book) == 0
    assert "stand as they were" in capsys.readouterr().err
    assert "Trends" in openpyxl.load_workbook(book, read_only=True).sheetnames


@pytest.mark.parametrize(
    ("options", "says"),
    [(["--into", "book.xlsx", "--out", "x.xlsx"], "leave --out away"), (["--backup"], "the workbook of --into")],
)
def test_options_that_contradict_each_other_are_refused(
    book: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(book.parent)
    assert left("analyze", book, *options) == 2
    assert says in capsys.readouterr().err.replace("\n", " ").replace("│", "")


def test_what_the_owner_changed_on_the_sheet_is_kept_by_the_next_runs(book: Path, edit: Edit) -> None:
    path = book.with_name("facts.json")
    assert left("analyze", book, "--into", book) == 0
    edit(book, {"Gross margin": 0.61, "Success rate: Win back good customers who left": 0.37})
    for _ in range(2):
        assert left("analyze", book, "--into", book, "--json", path) == 0
        found = facts(path)
        assert found["impact.margin"] == 0.61
        assert found["impact.win_back.success_rate"] == 0.37
    assert left("analyze", book, "--into", book, "--json", path, "--margin", "0.5") == 0
    assert facts(path)["impact.margin"] == 0.5
    assert facts(path)["impact.win_back.success_rate"] == 0.37


@pytest.mark.office
def test_what_the_owner_changed_is_kept_after_another_program_saved_the_workbook(
    book: Path, edit: Edit, office: Any
) -> None:
    path = book.with_name("facts.json")
    assert left("analyze", book, "--into", book) == 0
    edit(book, {"Gross margin": 0.61})
    shutil.copy(office.recalculated(book), book)
    assert left("analyze", book, "--into", book, "--json", path) == 0
    assert facts(path)["impact.margin"] == 0.61
