"""Patching XML by place: what is not meant to change does not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from regulars.render.graft.archive import write_archive
from regulars.render.graft.markup import MarkupError, appended, apply, parse
from regulars.render.graft.package import FreshNames, Package
from regulars.render.graft.styles import merge_styles

SHEETS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_every_element_knows_its_bytes() -> None:
    content = "\ufeff<a x='1>2'><!-- <b/> --><b y=\"é\"/>\n<c>ü<![CDATA[<d/>]]></c></a>".encode()
    root = parse(content)
    assert [content[child.start : child.end] for child in root.children] == [
        '<b y="é"/>'.encode(),
        "<c>ü<![CDATA[<d/>]]></c>".encode(),
    ]
    assert root.children[1].text == "ü<d/>"
    assert content[root.start : root.end] == content.removeprefix(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<a><n count='1'><x/></n></a>", b'<a><n count="2"><x/><y/></n></a>'),
        (b"<a><n/></a>", b'<a><n count="2"><y/></n></a>'),
        (b'<a><n count = "0" /></a>', b'<a><n count="2"><y/></n></a>'),
        (b"<a><n></n></a>", b'<a><n count="2"><y/></n></a>'),
    ],
)
def test_content_is_put_at_the_end_of_an_element_however_it_is_written(before: bytes, after: bytes) -> None:
    section = parse(before).child("n")
    assert section is not None
    assert apply(before, appended(before, section, b"<y/>", {"count": "2"})) == after


@pytest.mark.parametrize(
    "content",
    [b"<a><b></a>", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "<a/>".encode("utf-16"), b"", b"no markup"],
)
def test_what_cannot_be_patched_safely_is_refused(content: bytes) -> None:
    with pytest.raises(MarkupError):
        parse(content)


def test_an_encoding_other_than_utf8_is_refused() -> None:
    with pytest.raises(MarkupError, match="UTF-8"):
        parse('<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode("latin-1"))


def test_fresh_names_do_not_differ_from_others_by_case_alone() -> None:
    assert FreshNames(["xl/Charts/CHART1.xml"]).give("xl/charts/chart1.xml") == "xl/charts/chart2.xml"


def test_styles_come_in_once_and_sections_are_made_where_they_belong() -> None:
    host = (
        f"<styleSheet {SHEETS}><fonts count='1'><font><sz val='8'/></font></fonts><fills/>"
        "<cellXfs count='1'><xf/></cellXfs><tableStyles/></styleSheet>"
    ).encode()
    donor = (
        f'<styleSheet {SHEETS}><numFmts><numFmt numFmtId="164" formatCode="0&quot;x&quot;"/></numFmts>'
        '<fonts><font><sz val="8"/><scheme val="minor"/></font><font><b/></font></fonts>'
        '<fills><fill><patternFill patternType="none"/></fill></fills><borders><border/></borders>'
        '<cellXfs><xf numFmtId="164" fontId="1" fillId="0" borderId="0"/></cellXfs><dxfs><dxf><font><i/></font></dxf></dxfs>'
        "</styleSheet>"
    ).encode()
    merged = merge_styles(host, donor)
    root = parse(merged.content)
    assert [child.name for child in root.children] == [
        "numFmts",
        "fonts",
        "fills",
        "borders",
        "cellXfs",
        "dxfs",
        "tableStyles",
    ]
    counts = {child.name: (child.attributes.get("count"), len(child.children)) for child in root.children}
    assert counts["fonts"] == ("2", 2), (
        "the equal font is used, and the scheme that follows the theme is not taken along"
    )
    assert counts["cellXfs"] == ("2", 2)
    assert merged.formats == {0: 1}
    again = merge_styles(merged.content, donor)
    assert again.content == merged.content
    assert again.formats == merged.formats
    assert again.differential == merged.differential == {0: 0}


def test_a_number_format_does_not_take_the_number_of_another() -> None:
    host = f'<styleSheet {SHEETS}><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0"/></numFmts></styleSheet>'
    donor = (
        f'<styleSheet {SHEETS}><numFmts count="2"><numFmt numFmtId="164" formatCode="0%"/>'
        '<numFmt numFmtId="165" formatCode="0.0"/></numFmts><fonts><font/></fonts><fills><fill/></fills>'
        '<borders><border/></borders><cellXfs><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="9"/></cellXfs></styleSheet>'
    )
    cells = parse(merge_styles(host.encode(), donor.encode()).content).child("cellXfs")
    assert cells is not None
    assert [cell.attributes["numFmtId"] for cell in cells.children] == ["165", "164", "9"]


def test_entries_are_copied_as_the_compressed_bytes_they_are(tmp_path: Path) -> None:
    host, target = tmp_path / "host.zip", tmp_path / "target.zip"
    with zipfile.ZipFile(host, "w") as archive:
        archive.writestr("plain.txt", b"a" * 5000, zipfile.ZIP_STORED)
        archive.writestr("fest-ü.txt", b"b" * 5000, zipfile.ZIP_DEFLATED, 1)
        archive.writestr("packed.txt", b"c" * 5000, zipfile.ZIP_BZIP2)
        with archive.open("streamed.txt", "w") as part:  # written with a data descriptor
            part.write(b"d" * 5000)
        archive.writestr("changed.txt", b"old")
    with Package(host) as package:
        write_archive(target, host, package.entries, {"changed.txt": b"new"}, {"added.txt": b"more"})
        old = {entry.filename: (entry.CRC, entry.compress_size, entry.date_time) for entry in package.entries}
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        new = {entry.filename: (entry.CRC, entry.compress_size, entry.date_time) for entry in archive.infolist()}
        assert archive.read("changed.txt") == b"new"
        assert archive.read("added.txt") == b"more"
    del old["changed.txt"]
    assert {name: new[name] for name in old} == old
