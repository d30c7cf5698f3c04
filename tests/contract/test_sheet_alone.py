"""Every sheet stands alone: copied by itself into a workbook with our sheets' names, its numbers stay what they are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from regulars.base.units import Currency
from regulars.render.graft import graft, taken_names
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets import renamed, workbook

TRAP = 19_064.87  # what any reference that leaves its sheet would find
NAMES = (
    "margin", "factor", "discount_rate", "low", "high", "scenario", "confirmed", "new_customers", "acquisition_ratio",
    "Revenue", "Customers", "Segment", "uplift", "reach", "success_rate",
)  # fmt: skip


@dataclass(frozen=True)
class Copied:
    """A result, and a host for each of its sheets into which that sheet came alone."""

    result: Path
    hosts: Mapping[str, tuple[Path, str]]  # the sheet's name in the result: the workbook, and its name there


def write_host(path: Path, sheets: tuple[str, ...]) -> None:
    """Write a workbook with sheets of the given names, full of one number, and names for that number."""
    book = xlsxwriter.Workbook(str(path))
    for name in sheets:
        sheet = book.add_worksheet(name)
        for row in range(25):
            sheet.write_row(row, 0, [TRAP] * 8)
    for name in NAMES:
        book.define_name(name, f"='{sheets[0]}'!$A$1")
        book.define_name(f"'{sheets[1]}'!{name}", f"='{sheets[1]}'!$B$2")
    book.close()


def with_one_sheet(donor: Path, place: int, path: Path) -> None:
    """Write the donor again with one of its sheets, whose own part stays as it was."""
    with zipfile.ZipFile(donor) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name).decode()
            if name == "xl/workbook.xml":
                sheets = re.findall(r"<sheet [^>]*/>", content)
                content = re.sub(r"(?s)<sheets>.*</sheets>", f"<sheets>{sheets[place]}</sheets>", content)
                content = re.sub(
                    r'<definedName name="[^"]*" localSheetId="(\d+)".*?</definedName>',
                    lambda found: (
                        re.sub(r'localSheetId="\d+"', 'localSheetId="0"', found[0]) if int(found[1]) == place else ""
                    ),
                    content,
                )
                content = content.replace("<definedNames></definedNames>", "")
            target.writestr(name, content)


@pytest.fixture(scope="module")
def copied(superstore: Any, tmp_path_factory: pytest.TempPathFactory) -> Copied:
    folder = tmp_path_factory.mktemp("alone")
    spec: WorkbookSpec = workbook(superstore.analysis, superstore.facts)
    names = tuple(sheet.name for sheet in spec.sheets)
    host = folder / "host.xlsx"
    write_host(host, names)
    final = taken_names(host).for_sheets(names)
    assert not set(final.values()) & set(names)
    currency: Currency = superstore.facts.currency
    write_workbook(spec, folder / "result.xlsx", currency)
    write_workbook(renamed(spec, final), folder / "donor.xlsx", currency)
    hosts = {}
    for place, name in enumerate(names):
        with_one_sheet(folder / "donor.xlsx", place, folder / "one.xlsx")
        hosts[name] = (folder / f"{place}.xlsx", final[name])
        report = graft(folder / "one.xlsx", host, hosts[name][0])
        assert report.added == (final[name],)
    return Copied(folder / "result.xlsx", hosts)


def numbers(sheet: Any) -> dict[str, float]:
    return {
        cell.coordinate: cell.value
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    }


def formulas(sheet: Any) -> dict[str, str]:
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}


def test_a_sheet_that_came_alone_reads_no_other_sheet_no_name_and_no_other_file(
    copied: Copied, read_back: Callable[..., Any]
) -> None:
    seen = 0
    for path, name in copied.hosts.values():
        with zipfile.ZipFile(path) as archive:
            parts = {part: archive.read(part) for part in archive.namelist()}
        assert not [part for part in parts if "externalLink" in part]
        assert not [part for part, content in parts.items() if b'TargetMode="External"' in content]
        for text in formulas(read_back(path)[name]).values():
            seen += 1
            plain = re.sub(r'"[^"]*"', "", text)
            assert not re.search(r"[!\[\]{}]", plain), text
            words = re.findall(r"(?<![A-Za-z_$.])[A-Za-z_][A-Za-z_.]*(?![\w(.$])", plain)
            assert set(words) <= {"TRUE", "FALSE"}, text
        for part, content in parts.items():
            if part.startswith("xl/charts/"):
                quoted = f"'{name}'!"
                found = re.findall(r"<c:f>([^<]+)</c:f>", content.decode())
                assert found
                assert all(reference.startswith(quoted) for reference in found)
    assert seen > 100


@pytest.mark.office
def test_every_number_of_a_sheet_that_came_alone_is_right_after_a_hard_recalculation(
    copied: Copied, office: Any, read_back: Callable[..., Any]
) -> None:
    live, result = read_back(copied.result), read_back(copied.result, values=True)
    calculated = [name for name in copied.hosts if formulas(live[name])]
    assert "Financial impact" in calculated
    for name in calculated:
        path, final = copied.hosts[name]
        afresh = read_back(office.recalculated(path), values=True)
        want, found = numbers(result[name]), numbers(afresh[final])
        assert want
        assert set(want) == set(found), name
        for cell, value in want.items():
            assert found[cell] == pytest.approx(value, rel=1e-9, abs=1e-9), (name, cell)
        assert not [cell.coordinate for row in afresh[final].iter_rows() for cell in row if cell.data_type == "e"]
        assert afresh[name]["C3"].value == TRAP


def test_numbers_that_nothing_calculates_arrive_as_they_were(copied: Copied, read_back: Callable[..., Any]) -> None:
    result = read_back(copied.result, values=True)
    for name, (path, final) in copied.hosts.items():
        assert numbers(read_back(path, values=True)[final]) == numbers(result[name])
