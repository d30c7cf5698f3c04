"""A theme of one's own: its colours, font, formats and logo reach the workbook, and what it cannot mean is refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from regulars.base.errors import SettingsError
from regulars.base.units import Currency
from regulars.cli import WRONG_USAGE, main
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import WorkbookSpec
from regulars_workbooks.theme import SHIPPED, read_theme

OWN = """
[font]
name = "Arial"
[colours]
navy = "#112233"
cobalt = "#AA5500"
[formats]
date = "dd.mm.yyyy"
negative = "-"
listing = "Table Style Medium 3"
[logo]
file = "logo.png"
"""


def theme_file(folder: Path, text: str = OWN) -> Path:
    Image.new("RGB", (300, 100), "#AA5500").save(folder / "logo.png")
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def parts(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".vml")))


def test_every_colour_of_the_shipped_theme_is_another_so_that_each_can_be_replaced() -> None:
    colours = [colour.upper() for colour in SHIPPED.values["colours"].values()]
    assert len(set(colours)) == len(colours)


def test_a_theme_of_ones_own_replaces_the_look_and_no_content(
    sample_workbook: WorkbookSpec, tmp_path: Path, read_back: Callable[..., Any]
) -> None:
    pounds = Currency("GBP")
    write_workbook(sample_workbook, tmp_path / "plain.xlsx", pounds)
    write_workbook(sample_workbook, tmp_path / "own.xlsx", pounds, own=read_theme(theme_file(tmp_path)))
    plain, own = parts(tmp_path / "plain.xlsx"), parts(tmp_path / "own.xlsx")
    for old, new in (("0A2540", "112233"), ("1F5FA8", "AA5500"), ("yyyy\\-mm\\-dd", "dd.mm.yyyy")):
        assert (old in plain) or (old.replace("\\", "") in plain)
        assert old not in own
        assert old.replace("\\", "") not in own
        assert new in own
        assert new not in plain
    assert 'val="Calibri"' not in own.replace('<name val="Calibri"/><family val="2"/><scheme val="minor"/>', "")
    assert "[Red]-[" in plain
    assert "[Red]-[" not in own
    assert 'name="Table Style Medium 3"'.replace(" ", "") in own.replace(" ", "")
    one, other = (read_back(tmp_path / name) for name in ("plain.xlsx", "own.xlsx"))
    for sheet in one.worksheets:
        assert [[cell.value for cell in row] for row in sheet] == [
            [cell.value for cell in row] for row in other[sheet.title]
        ]


def test_the_logo_stands_in_the_first_row_of_the_first_sheet_and_nowhere_else(
    sample_workbook: WorkbookSpec, tmp_path: Path, read_back: Callable[..., Any]
) -> None:
    write_workbook(sample_workbook, tmp_path / "own.xlsx", Currency("GBP"), own=read_theme(theme_file(tmp_path)))
    first, *others = read_back(tmp_path / "own.xlsx").worksheets
    (picture,) = first._images
    start, end = picture.anchor._from, picture.anchor.to
    assert (start.row, end.row) == (0, 0)
    merged = next(area for area in first.merged_cells.ranges if area.min_row == 1)
    assert merged.max_col <= start.col, "the title ends before the logo"
    assert first.row_dimensions[1].height * 4 / 3 >= SHIPPED.logo_height
    assert not any(sheet._images for sheet in others)
    write_workbook(sample_workbook, tmp_path / "again.xlsx", Currency("GBP"), own=read_theme(tmp_path / "own.toml"))
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "own.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("text", "says", "remedy"),
    [
        ("[colors]\nnavy = '#112233'", "[colors]", "write 'colours'"),
        ("[colours]\nnavvy = '#112233'", "'navvy' of [colours]", "write 'navy'"),
        ("[colours]\nnavy = 'blue'", "navy = 'blue'", 'navy = "#0A2540"'),
        ("[font]\nname = ''", "name = ''", 'name = "Calibri"'),
        ("[font]\nname = 'A\"&8'", "name = ", 'name = "Calibri"'),
        ("[formats]\ndate = 'yyyy;mm'", "date = 'yyyy;mm'", 'date = "yyyy-mm-dd"'),
        ("[formats]\ndate = '[[bad'", "date = '[[bad'", 'date = "yyyy-mm-dd"'),
        ("[formats]\ndate = 'dd \"of'", "date = ", 'date = "yyyy-mm-dd"'),
        ("[formats]\nnegative = '[Red'", "negative = '[Red'", 'negative = "[Red]-"'),
        ("[formats]\nnegative = 'minus'", "negative = 'minus'", 'negative = "[Red]-"'),
        ("[logo]\nheight = 4000", "height = 4000", "16 to 120 pixels"),
        ("[logo]\nfile = 'none.png'", "there is no logo", "beside the theme file"),
        ("[logo]\nfile = 'own.toml'", "no PNG or JPEG", "save it as PNG"),
        ("font = 'Arial'", "'font'", "write [font]"),
        ("[font", "is not valid TOML", "mend that line"),
    ],
)
def test_a_theme_that_cannot_be_meant_is_refused_with_what_to_write(
    tmp_path: Path, text: str, says: str, remedy: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read_theme(theme_file(tmp_path, text))
    assert says in refused.value.what
    assert "own.toml" in refused.value.what
    assert remedy in refused.value.remedy


def test_analyze_takes_a_theme_and_says_what_is_wrong_with_it_before_it_reads_orders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = tmp_path / "orders.csv"
    lines = [f"A{n % 7},2025-{1 + n // 9:02}-{1 + n % 27:02},{n}.50" for n in range(1, 60)]
    orders.write_text("\n".join(["Customer,Date,Total", *lines]), encoding="utf-8")
    for theme, code in ((tmp_path / "missing.toml", WRONG_USAGE), (theme_file(tmp_path), 0)):
        with pytest.raises(SystemExit) as left:
            main(["analyze", str(orders), "--theme", str(theme)])
        assert left.value.code == code
        assert ("there is no theme file" in capsys.readouterr().err) == bool(code)
        assert (tmp_path / "orders.regulars.xlsx").exists() != bool(code)
    assert "112233" in parts(tmp_path / "orders.regulars.xlsx")
