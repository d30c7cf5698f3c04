"""A workbook that has everything, for tests of what is left of it when our sheets come in.

It is made with XlsxWriter, and with parts added by hand that no library for Python writes. They follow the schemas, but
Excel did not make them; the macro part is a stub.
"""

from __future__ import annotations

import io
import re
import struct
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from regulars.base.facts import Facts
from regulars.render.graft.markup import Element, parse
from regulars.result import result_of

USERS = ["Data", "Extras", "Lists", "ChartSheet"]
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
X14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
THREADS = f"{MICROSOFT}/spreadsheetml/2018/threadedcomments"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PERSON = "{11111111-1111-1111-1111-111111111111}"
PIVOT_VERSIONS = 'createdVersion="6" updatedVersion="6" minRefreshableVersion="3"'

# ruff: noqa: S608  a connection in XML is no query
# Part, its content, its type (none: by its ending), and the links that lead to it: source, id, kind.
BY_HAND: tuple[tuple[str, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "xl/pivotCache/pivotCacheDefinition1.xml",
        (
            f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1" refreshedBy="x" refreshedDate="45000"'
            ' createdVersion="6" refreshedVersion="6" minRefreshableVersion="3" recordCount="2"><cacheSource type="worksheet">'
            '<worksheetSource ref="A1:B3" sheet="Data"/></cacheSource><cacheFields count="2"><cacheField name="Name"'
            ' numFmtId="0"><sharedItems count="2"><s v="Cust 0"/><s v="Cust 1"/></sharedItems></cacheField><cacheField'
            ' name="Value" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1"'
            ' minValue="0" maxValue="3.5"/></cacheField></cacheFields></pivotCacheDefinition>'
        ),
        f"{SHEET_TYPE}.pivotCacheDefinition+xml",
        (
            ("xl/workbook.xml", "rId101", f"{OFFICE}/pivotCacheDefinition"),
            ("xl/pivotTables/pivotTable1.xml", "rId1", f"{OFFICE}/pivotCacheDefinition"),
        ),
    ),
    (
        "xl/pivotCache/pivotCacheRecords1.xml",
        (
            f'<pivotCacheRecords xmlns="{MAIN}" count="2"><r><x v="0"/><n v="0"/></r><r><x v="1"/><n v="3.5"/></r>'
            "</pivotCacheRecords>"
        ),
        f"{SHEET_TYPE}.pivotCacheRecords+xml",
        (("xl/pivotCache/pivotCacheDefinition1.xml", "rId1", f"{OFFICE}/pivotCacheRecords"),),
    ),
    (
        "xl/pivotTables/pivotTable1.xml",
        (
            f'<pivotTableDefinition xmlns="{MAIN}" name="PivotTable1" cacheId="7" dataCaption="Values" {PIVOT_VERSIONS}'
            ' indent="0" outline="1" outlineData="1"><location ref="A10:B13" firstHeaderRow="1" firstDataRow="1"'
            ' firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow" showAll="0"><items count="3"><item x="0"/>'
            '<item x="1"/><item t="default"/></items></pivotField><pivotField dataField="1" showAll="0"/></pivotFields>'
            '<rowFields count="1"><field x="0"/></rowFields><rowItems count="3"><i><x/></i><i><x v="1"/></i><i t="grand"><x/>'
            '</i></rowItems><colItems count="1"><i/></colItems><dataFields count="1"><dataField name="Sum of Value" fld="1"'
            ' baseField="0" baseItem="0"/></dataFields></pivotTableDefinition>'
        ),
        f"{SHEET_TYPE}.pivotTable+xml",
        (("xl/worksheets/sheet2.xml", "rId91", f"{OFFICE}/pivotTable"),),
    ),
    (
        "xl/slicerCaches/slicerCache1.xml",
        (
            f'<slicerCacheDefinition xmlns="{X14}" name="Slicer_Name" sourceName="Name"><pivotTables><pivotTable tabId="2"'
            ' name="PivotTable1"/></pivotTables><data><tabular pivotCacheId="7"><items count="2"><i x="0" s="1"/>'
            '<i x="1" s="1"/></items></tabular></data></slicerCacheDefinition>'
        ),
        "application/vnd.ms-excel.slicerCache+xml",
        (("xl/workbook.xml", "rId102", f"{MICROSOFT}/2007/relationships/slicerCache"),),
    ),
    (
        "xl/slicers/slicer1.xml",
        f'<slicers xmlns="{X14}"><slicer name="Name" cache="Slicer_Name" caption="Name" rowHeight="241300"/></slicers>',
        "application/vnd.ms-excel.slicer+xml",
        (("xl/worksheets/sheet2.xml", "rId92", f"{MICROSOFT}/2007/relationships/slicer"),),
    ),
    (
        "xl/printerSettings/printerSettings1.bin",
        "PRINTER" * 50,
        f"{SHEET_TYPE}.printerSettings",
        (("xl/worksheets/sheet2.xml", "rId93", f"{OFFICE}/printerSettings"),),
    ),
    (
        "xl/threadedComments/threadedComment1.xml",
        (
            f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="A2" dT="2024-01-01T00:00:00.00" personId="{PERSON}"'
            ' id="{22222222-2222-2222-2222-222222222222}"><text>hello</text></threadedComment></ThreadedComments>'
        ),
        "application/vnd.ms-excel.threadedcomments+xml",
        (("xl/worksheets/sheet1.xml", "rId94", f"{MICROSOFT}/2017/10/relationships/threadedComment"),),
    ),
    (
        "xl/persons/person.xml",
        (
            f'<personList xmlns="{THREADS}"><person displayName="Bob" id="{PERSON}" userId="bob" providerId="None"/>'
            "</personList>"
        ),
        "application/vnd.ms-excel.person+xml",
        (("xl/workbook.xml", "rId103", f"{MICROSOFT}/2017/10/relationships/person"),),
    ),
    (
        "xl/connections.xml",
        (
            f'<connections xmlns="{MAIN}"><connection id="1" keepAlive="1" name="Query - Q1" type="5" refreshedVersion="8">'
            '<dbPr connection="Provider=Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location=Q1"'
            ' command="SELECT * FROM [Q1]"/></connection></connections>'
        ),
        f"{SHEET_TYPE}.connections+xml",
        (("xl/workbook.xml", "rId104", f"{OFFICE}/connections"),),
    ),
    (
        "customXml/item1.xml",
        '<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAAABcDAABQSwMEFAACAAgA</DataMashup>',
        "",
        (("xl/workbook.xml", "rId105", f"{OFFICE}/customXml"),),
    ),
    (
        "xl/externalLinks/externalLink1.xml",
        (
            f'<externalLink xmlns="{MAIN}" xmlns:r="{OFFICE}"><externalBook r:id="rId1"><sheetNames><sheetName val="Sheet1"/>'
            '</sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>42</v></cell></row></sheetData>'
            "</sheetDataSet></externalBook></externalLink>"
        ),
        f"{SHEET_TYPE}.externalLink+xml",
        (("xl/workbook.xml", "rId106", f"{OFFICE}/externalLink"),),
    ),
    (
        "xl/calcChain.xml",
        f'<calcChain xmlns="{MAIN}">' + "".join(f'<c r="D{row}" i="1"/>' for row in range(2, 22)) + "</calcChain>",
        f"{SHEET_TYPE}.calcChain+xml",
        (("xl/workbook.xml", "rId107", f"{OFFICE}/calcChain"),),
    ),
    (
        "xl/vbaProject.bin",
        "V" * 2000,
        "application/vnd.ms-office.vbaProject",
        (("xl/workbook.xml", "rId108", f"{MICROSOFT}/2006/relationships/vbaProject"),),
    ),
    (
        "docMetadata/LabelInfo.xml",
        f'<clbl:labelList xmlns:clbl="{MICROSOFT}/2020/mipLabelMetadata"/>',
        "application/vnd.ms-office.classificationlabels+xml",
        (("", "rId99", f"{MICROSOFT}/2020/02/relationships/classificationlabels"),),
    ),
    (
        "customUI/customUI14.xml",
        f'<customUI xmlns="{MICROSOFT}/2009/07/customui"><ribbon/></customUI>',
        "",
        (("", "rId98", f"{MICROSOFT}/2007/relationships/ui/extensibility"),),
    ),
)

MARGINS = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
# Part, what is sought in it, and what takes its place.
INSERTED = (
    ("xl/worksheets/sheet2.xml", MARGINS, f'{MARGINS}<pageSetup orientation="landscape" r:id="rId93"/>'),
    (
        "xl/worksheets/sheet2.xml",
        "</worksheet>",
        (
            f'<extLst><ext xmlns:x14="{X14}" uri="{{A8765BA9-456A-4dab-B4F3-ACF838C121DE}}"><x14:slicerList>'
            '<x14:slicer r:id="rId92"/></x14:slicerList></ext></extLst></worksheet>'
        ),
    ),
    (
        "xl/worksheets/sheet1.xml",
        "</extLst></worksheet>",
        (
            f'<ext xmlns:x14="{X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations'
            f' xmlns:xm="{MICROSOFT}/excel/2006/main" count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1>'
            "<xm:f>Lists!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>K2:K20</xm:sqref></x14:dataValidation>"
            "</x14:dataValidations></ext></extLst></worksheet>"
        ),
    ),
    (
        "xl/workbook.xml",
        "</sheets>",
        '</sheets><externalReferences><externalReference r:id="rId106"/></externalReferences>',
    ),
    (
        "xl/workbook.xml",
        "</workbook>",
        (
            '<pivotCaches><pivotCache cacheId="7" r:id="rId101"/></pivotCaches>'
            f'<extLst><ext xmlns:x14="{X14}" uri="{{BBE1A952-AA13-448e-AADC-164F8A28A991}}"><x14:slicerCaches>'
            '<x14:slicerCache r:id="rId102"/></x14:slicerCaches></ext></extLst></workbook>'
        ),
    ),
    ("xl/workbook.xml", ' fullCalcOnLoad="1"', ""),
    ("[Content_Types].xml", f"{SHEET_TYPE}.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
)


def _picture() -> io.BytesIO:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = zlib.compress(b"\0\xc8\x1e\x1e" * 3)
    head = struct.pack(">IIBBBBB", 1, 3, 8, 2, 0, 0, 0)
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b""))


def _write_plain_host(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    data, extras, lists = (book.add_worksheet(name) for name in USERS[:3])
    bold, italic = book.add_format({"bold": 1, "font_color": "red"}), book.add_format({"italic": 1})
    money = book.add_format({"num_format": '#,##0.00 "€"'})
    for row in range(1, 21):
        data.write_row(row, 0, [f"Cust {row - 1}", (row - 1) * 3.5, (row - 1) % 4])
        data.write_formula(row, 3, f"=B{row + 1}*2", money, (row - 1) * 7.0)
    headers = [{"header": header} for header in ("Name", "Value", "Group", "Double")]
    data.add_table("A1:D21", {"name": "tblData", "columns": headers, "style": "Table Style Medium 4"})
    data.write_dynamic_array_formula("F1:F4", "=UNIQUE(C2:C21)", None, 0)
    data.write_rich_string("H1", "plain ", bold, "bold red ", italic, "italic")
    data.conditional_format("B2:B21", {"type": "data_bar", "data_bar_2010": True, "bar_negative_color": "#FF0000"})
    data.conditional_format("C2:C21", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    data.conditional_format("A2:A21", {"type": "formula", "criteria": "=$C2=1", "format": bold})
    data.data_validation("I2:I20", {"validate": "list", "source": "=Lists!$A$1:$A$3"})
    data.add_sparkline("J2", {"range": "Data!B2:B21"})
    data.write_comment("A2", "a note", {"author": "Bob"})
    data.insert_image(
        "L2", "p.png", {"image_data": _picture(), "description": "alt text", "url": "https://example.com"}
    )
    data.insert_textbox("L8", "a shape", {"fill": {"color": "yellow"}})
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "categories": "=Data!$A$2:$A$21",
            "values": "=Data!$B$2:$B$21",
            "data_labels": {"value": True, "custom": [{"value": "hello"}]},
            "trendline": {"type": "linear"},
        }
    )
    data.insert_chart("L12", chart)
    chart_sheet = book.add_chartsheet(USERS[3])
    round_chart = book.add_chart({"type": "doughnut"})
    round_chart.add_series({"values": "=Data!$B$2:$B$6"})
    chart_sheet.set_chart(round_chart)
    data.set_header("&C&G", {"image_center": "p.png", "image_data_center": _picture()})
    extras.embed_image("D2", "p.png", {"image_data": _picture()})
    extras.insert_button("F2", {"macro": "x", "caption": "Press"})
    extras.write("A1", "pivot host")
    extras.write_url("A5", "https://example.org", string="link")
    extras.protect("secret")
    lists.write_column("A1", ["a", "b", "c"])
    data.freeze_panes(1, 1)
    data.repeat_rows(0)
    data.print_area("A1:D21")
    book.define_name("MyName", "=Data!$B$2:$B$21")
    book.define_name("Data!LocalName", "=Data!$A$1")
    book.set_custom_property("Client", "ACME")
    book.close()


def _write_rich_host(path: Path) -> Path:
    _write_plain_host(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for part, content, kind, links in BY_HAND:
        parts[part] = content.encode() if part.endswith(".bin") else (XML + content).encode()
        if kind:
            override = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
            parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())
        for source, key, relation in links:
            folder, _, name = source.rpartition("/")
            where = f"{folder}/_rels/{name}.rels".lstrip("/")
            empty = f'{XML}<Relationships xmlns="{PACKAGE}"></Relationships>'.encode()
            link = f'<Relationship Id="{key}" Type="{relation}" Target="/{part}"/></Relationships>'
            parts[where] = parts.get(where, empty).replace(b"</Relationships>", link.encode())
    outside = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" Target="other.xlsx" TargetMode="External"/></Relationships>'
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (XML + outside).encode()
    for place, sought, new in INSERTED:
        assert sought.encode() in parts[place], (place, sought)
        parts[place] = parts[place].replace(sought.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in parts.items():
            archive.writestr(entry, data)
    return path


@pytest.fixture(scope="session")
def write_rich_host() -> Callable[[Path], Path]:
    """Write the workbook to a path and return it."""
    return _write_rich_host


def _edit(path: Path, changes: Mapping[str, float | str]) -> None:
    """Write into cells as their owner would, and change nothing else.

    A cell is named by the label left of it, or, in a table, by "column: first cell of the row".
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names what it would lose
        book = openpyxl.load_workbook(path)
    sheet = next(one for one in book.worksheets if one.title.startswith("Financial impact"))
    link = {item.attributes["name"]: item.attributes[f"{OFFICE} id"] for item in _sheets(path)}[sheet.title]
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    links = parse(parts["xl/_rels/workbook.xml.rels"]).all("Relationship")
    target = next(item.attributes["Target"] for item in links if item.attributes["Id"] == link)
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    for label, value in changes.items():
        cell = _cell(sheet, label)
        pattern = re.compile(rb'<c r="%b"( s="\d+")?[^>]*?(?:/>|>.*?</c>)' % cell.encode())
        content = b"<v>%b</v>" % str(value).encode()
        kind = b""
        if isinstance(value, str):
            kind, content = b' t="inlineStr"', b"<is><t>%b</t></is>" % value.encode()
        found = pattern.findall(parts[part])
        assert len(found) == 1, label
        parts[part] = pattern.sub(b'<c r="%b"%b%b>%b</c>' % (cell.encode(), found[0], kind, content), parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def _sheets(path: Path) -> list[Element]:
    with zipfile.ZipFile(path) as archive:
        found = parse(archive.read("xl/workbook.xml")).child("sheets")
    assert found is not None
    return found.children


def _cell(sheet: Any, label: str) -> str:
    column, _, row = label.partition(": ")
    cells = [cell for line in sheet.iter_rows() for cell in line]
    if not row:
        found = next(cell for cell in cells if cell.value == label)
        return str(sheet.cell(found.row, found.column + 1).coordinate)
    head = next(cell for cell in cells if cell.value == column)
    at = next(cell for cell in cells if cell.value == row and cell.row > head.row)
    return str(sheet.cell(at.row, head.column).coordinate)


@pytest.fixture(scope="session")
def edit() -> Callable[[Path, Mapping[str, float | str]], None]:
    """Write into the yellow cells of a result."""
    return _edit


@pytest.fixture
def excel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A running double of Excel, on Windows unless a test asks for another, and a home of the test's own."""
    import xlwings  # noqa: PLC0415  heavy, as what follows
    from tests import live_clicks, live_double, live_double_cells  # noqa: PLC0415

    before, shape = xlwings.engines.active, getattr(request, "param", live_double_cells.COM)
    monkeypatch.setattr(sys, "platform", "darwin" if shape == live_double_cells.APPLESCRIPT else "win32")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr("regulars_addin.session.show_file", live_clicks.shown.append)
    (tmp_path / "home").mkdir()
    live_clicks.shown.clear()
    yield live_double.started(shape)
    xlwings.engines.active = before


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Facts]:
    """The facts of every click, in order."""
    facts: list[Facts] = []

    def kept(*args: Any, **named: Any) -> Any:
        result = result_of(*args, **named)
        facts.append(result.facts)
        return result

    monkeypatch.setattr("regulars_addin.handlers.result_of", kept)
    return facts
