"""Workbooks that are not to be changed from outside: each is refused with its reason and what to do instead."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from regulars.base.errors import OutputError
from regulars.base.units import Currency
from regulars.render.graft import graft, refuse_unless_graftable, taken_names
from regulars.render.graft.refusals import OWN_FILE
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import Chart, ChartKind, Column, Row, SheetKind, SheetSpec, Table, WorkbookSpec

Patch = Callable[[dict[str, bytes]], None]
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OVERRIDE = b'<Override PartName="/%s" ContentType="%s"/></Types>'


def book(path: Path) -> Path:
    made = xlsxwriter.Workbook(str(path))
    made.add_worksheet("Data").write_column("A1", [1, 2, 3])
    made.close()
    return path


def donor(path: Path) -> Path:
    rows = tuple(Row(str(number), (f"name {number}", float(number))) for number in range(3))
    table = Table("best", (Column("name", "Name"), Column("value", "Value")), rows, listing=True)
    chart = Chart(ChartKind.BAR, "Values", "best", "name", ("value",), "They rise.")
    sheet = SheetSpec("Summary", SheetKind.SUMMARY, "Title", "Lead", (table, chart))
    write_workbook(WorkbookSpec((sheet,), "Title", {}), path, Currency())
    return path


def patched(path: Path, patch: Patch) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before = dict(parts)
    patch(parts)
    assert parts != before, "the patch must change something"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def replaced(part: str, old: bytes, new: bytes) -> Patch:
    def patch(parts: dict[str, bytes]) -> None:
        parts[part] = parts[part].replace(old, new, 1)

    return patch


def prefixed(part: str, name: bytes) -> Patch:
    def patch(parts: dict[str, bytes]) -> None:
        text = re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1x:", parts[part])
        parts[part] = text.replace(b"<x:%s xmlns=" % name, b"<x:%s xmlns:x=" % name)

    return patch


def signed(parts: dict[str, bytes]) -> None:
    parts["_xmlsignatures/origin.sigs"] = b""


def shared(parts: dict[str, bytes]) -> None:
    parts["xl/revisions/revisionHeaders.xml"] = b"<headers/>"


def many_formats(parts: dict[str, bytes]) -> None:
    xf = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    parts["xl/styles.xml"] = re.sub(
        rb"<cellXfs.*</cellXfs>",
        b'<cellXfs count="64001">' + xf * 64_001 + b"</cellXfs>",
        parts["xl/styles.xml"],
        flags=re.DOTALL,
    )


def no_styles(parts: dict[str, bytes]) -> None:
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = re.sub(rb'<Relationship [^>]*/styles"[^>]*/>', b"", parts[links])


STRICT = replaced("xl/workbook.xml", MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
LOCKED = replaced("xl/workbook.xml", b"<bookViews>", b'<workbookProtection lockStructure="1"/><bookViews>')
TEMPLATE = replaced("[Content_Types].xml", b"sheet.main+xml", b"template.main+xml")
DTD = replaced("xl/workbook.xml", b"<workbook", b'<!DOCTYPE workbook [<!ENTITY x "y">]><workbook')


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        (STRICT, "Strict Open XML"),
        (replaced("xl/workbook.xml", b"<workbook ", b'<workbook conformance="strict" '), "Strict Open XML"),
        (LOCKED, "protected against added sheets"),
        (replaced("xl/workbook.xml", b"<bookViews>", b'<workbookProtection lockStructure="true"/><bookViews>'), "protected"),
        (prefixed("xl/workbook.xml", b"workbook"), "prefixes"),
        (prefixed("xl/styles.xml", b"styleSheet"), "prefixes"),
        (prefixed("[Content_Types].xml", b"Types"), "prefixes|no workbook"),
        (signed, "digital signature"),
        (shared, "shared with tracked changes"),
        (many_formats, "64,001 cell formats"),
        (no_styles, "no styles part"),
        (TEMPLATE, "template"),
        (replaced("xl/workbook.xml", b"<workbookPr ", b'<workbookPr date1904="1" '), "from 1904"),
        (DTD, "document type"),
        (replaced("xl/workbook.xml", b"</workbook>", b""), "cannot be read"),
        (lambda parts: parts.update({"XL/Workbook.xml": b""}), "a part twice"),
    ],
)  # fmt: skip
def test_a_workbook_that_cannot_take_sheets_is_refused_with_reason_and_remedy(
    tmp_path: Path, patch: Patch, reason: str
) -> None:
    host = patched(book(tmp_path / "host.xlsx"), patch)
    before = host.read_bytes()
    with pytest.raises(OutputError, match=reason) as refused:
        refuse_unless_graftable(host)
    assert OWN_FILE in refused.value.remedy
    with pytest.raises(OutputError, match=reason):
        graft(donor(tmp_path / "donor.xlsx"), host, tmp_path / "target.xlsx")
    assert host.read_bytes() == before
    assert not (tmp_path / "target.xlsx").exists()


@pytest.mark.parametrize("lock", ["~$host.xlsx", ".~lock.host.xlsx#"])
def test_a_workbook_that_is_open_elsewhere_is_refused(tmp_path: Path, lock: str) -> None:
    host = book(tmp_path / "host.xlsx")
    refuse_unless_graftable(host)
    (tmp_path / lock).write_bytes(b"")
    with pytest.raises(OutputError, match="is open in another program"):
        refuse_unless_graftable(host)


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "EncryptedPackage".encode("utf-16-le")


def old_xls() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "Workbook".encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (encrypted(), "password"),
        (old_xls(), "old .xls workbook"),
        (b"a;b\n1;2\n", "no workbook"),
        (b"", "empty"),
        (b"PK\x03\x04 and then nothing", "damaged"),
    ],
)
def test_files_of_other_kinds_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    host = tmp_path / "host.xlsx"
    host.write_bytes(content)
    with pytest.raises(OutputError, match=reason) as refused:
        taken_names(host)
    assert OWN_FILE in refused.value.remedy


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}, ".ods"),
        ({"[Content_Types].xml": "spreadsheetml", "xl/workbook.bin": "x"}, ".xlsb"),
    ],
)
def test_other_kinds_of_zipped_spreadsheets_are_refused(tmp_path: Path, parts: dict[str, str], reason: str) -> None:
    host = tmp_path / "host.xlsx"
    with zipfile.ZipFile(host, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(OutputError, match=reason):
        refuse_unless_graftable(host)


def test_a_missing_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no file"):
        refuse_unless_graftable(tmp_path / "host.xlsx")


def linked(source: str, kind: str, target: str) -> Patch:
    """Let a part lead to a new one, as a program does that adds something to a sheet."""

    def patch(parts: dict[str, bytes]) -> None:
        folder, _, name = source.rpartition("/")
        links = f"{folder}/_rels/{name}.rels"
        new = (
            f'<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
            f' Target="/{target}"/></Relationships>'
        )
        empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        parts[links] = parts.get(links, empty).replace(b"</Relationships>", new.encode())
        parts[target] = b"<x/>"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            b"</Types>", OVERRIDE % (target.encode(), b"application/xml")
        )

    return patch


OURS = "xl/worksheets/sheet2.xml"
DRAWING = "xl/drawings/drawing1.xml"
SHAPE = b'<xdr:oneCellAnchor><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="9" name="TextBox 8"/></xdr:nvSpPr></xdr:sp></xdr:oneCellAnchor></xdr:wsDr>'


def second_chart(parts: dict[str, bytes]) -> None:
    found = re.search(rb"<xdr:twoCellAnchor.*</xdr:twoCellAnchor>", parts[DRAWING], re.DOTALL)
    assert found is not None
    parts[DRAWING] = parts[DRAWING].replace(b"</xdr:wsDr>", found[0] + b"</xdr:wsDr>")


@pytest.mark.parametrize(
    ("patch", "what"),
    [
        (replaced(DRAWING, b"</xdr:wsDr>", SHAPE), "TextBox 8"),
        (replaced(DRAWING, b'name="Regulars chart 1"', b'name="Chart 5"'), "Chart 5"),
        (second_chart, "Regulars chart 1"),
        (linked(OURS, "comments", "xl/comments1.xml"), "comments"),
        (linked(OURS, "pivotTable", "xl/pivotTables/pivotTable1.xml"), "pivotTable"),
        (linked(DRAWING, "image", "xl/media/image1.png"), "image"),
        (linked("xl/charts/chart1.xml", "chartUserShapes", "xl/drawings/drawing9.xml"), "chartUserShapes"),
        (replaced("xl/tables/table1.xml", b'displayName="regulars_best"', b'displayName="Table1"'), "Table1"),
    ],
)
def test_a_sheet_of_ours_that_its_owner_drew_on_is_not_replaced(tmp_path: Path, patch: Patch, what: str) -> None:
    once = tmp_path / "once.xlsx"
    graft(donor(tmp_path / "donor.xlsx"), book(tmp_path / "host.xlsx"), once)
    refuse_unless_graftable(once)
    patched(once, patch)
    with pytest.raises(OutputError, match=f"added by hand.*{what}"):
        refuse_unless_graftable(once)


@pytest.mark.parametrize(
    "patch",
    [
        linked(OURS, "printerSettings", "xl/printerSettings/printerSettings1.bin"),
        linked("xl/charts/chart1.xml", "chartStyle", "xl/charts/style1.xml"),
    ],
)
def test_what_excel_adds_by_itself_does_not_stand_in_the_way_and_goes_with_the_sheet(
    tmp_path: Path, patch: Patch
) -> None:
    once, twice = tmp_path / "once.xlsx", tmp_path / "twice.xlsx"
    result = donor(tmp_path / "donor.xlsx")
    graft(result, book(tmp_path / "host.xlsx"), once)
    with zipfile.ZipFile(once) as archive:
        before = set(archive.namelist())
    graft(result, patched(once, patch), twice)
    with zipfile.ZipFile(twice) as archive:
        assert set(archive.namelist()) == before
        assert b"printerSettings1" not in archive.read("[Content_Types].xml")
        assert b"style1" not in archive.read("[Content_Types].xml")
