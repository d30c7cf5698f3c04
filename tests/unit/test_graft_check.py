"""The check before a grafted file may take the old one's place: damage of any kind stops it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from regulars.base.errors import OutputError
from regulars.base.units import Currency
from regulars.render.graft import archive, graft, join
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import SheetKind, SheetSpec, Text, WorkbookSpec

Parts = dict[str, bytes]


@pytest.fixture
def host(tmp_path: Path) -> Path:
    path = tmp_path / "host.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Data").write_column("A1", ["one", "two"])
    book.close()
    return path


@pytest.fixture
def donor(tmp_path: Path) -> Path:
    path = tmp_path / "donor.xlsx"
    sheet = SheetSpec("Summary", SheetKind.SUMMARY, "Title", "Lead", (Text(("One.", "Two.")),))
    write_workbook(WorkbookSpec((sheet,), "Title", {}), path, Currency())
    return path


def damaging(change: Callable[[Parts], None]) -> Callable[..., None]:
    """Return a writer that does its work, and then damages what it wrote."""

    def write(target: Path, *arguments: object) -> None:
        archive.write_archive(target, *arguments)  # type: ignore[arg-type]  # passed on as they come
        with zipfile.ZipFile(target) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        before = dict(parts)
        change(parts)
        assert parts != before
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
            for name, content in parts.items():
                package.writestr(name, content)

    return write


def replaced(part: str, old: bytes, new: bytes) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts[part] = parts[part].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (replaced("xl/sharedStrings.xml", b"one", b"two"), "parts that must stay differ: 'xl/sharedStrings.xml'"),
        (lambda parts: parts.pop("docProps/app.xml"), "parts that must stay differ: 'docProps/app.xml'"),
        (replaced("xl/worksheets/sheet2.xml", b"One.", b"Won."), "openpyxl reads other cells on sheet 'Summary'"),
        (replaced("xl/styles.xml", b"</styleSheet>", b""), "openpyxl cannot read it"),
        (replaced("xl/_rels/workbook.xml.rels", b"sheet2.xml", b"sheet9.xml"), "cannot read it"),
    ],
)
def test_a_file_that_was_written_wrong_is_not_accepted(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    host: Path,
    donor: Path,
    change: Callable[[Parts], None],
    reason: str,
) -> None:
    before = host.read_bytes()
    monkeypatch.setattr(join, "write_archive", damaging(change))
    with pytest.raises(OutputError, match=reason):
        graft(donor, host, tmp_path / "target.xlsx")
    assert host.read_bytes() == before


def test_a_full_disk_is_told_as_such(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: Path, donor: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(join, "write_archive", full)
    with pytest.raises(OutputError, match="No space left on device"):
        graft(donor, host, tmp_path / "target.xlsx")


def test_a_workbook_beyond_four_gigabytes_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: Path, donor: Path
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    with pytest.raises(OutputError, match="too large"):
        graft(donor, host, tmp_path / "target.xlsx")
