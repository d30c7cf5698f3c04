"""Names in formula templates become references."""

from __future__ import annotations

import pytest

from regulars.base.units import COUNT
from regulars.render.workbook.formulas import Names, TablePlace
from regulars.story.sheet_spec import Column, Row, Table

TABLE = Table(
    "initiatives",
    (Column("name", "Initiative"), Column("reach", "Reach", COUNT), Column("gain", "Gain", COUNT)),
    (Row("winback", ("Win back", 1, 2)), Row("keep", ("Keep", 3, 4))),
    total=Row("sum", ("All", 4, 6)),
)
NAMES = Names({"margin": (4, 2)}, {"initiatives": TablePlace(TABLE, left=1, header=8, first=9, last=10, total=11)})


@pytest.mark.parametrize(
    ("template", "formula"),
    [
        ("={margin}*2", "=$C$5*2"),
        ("={.reach}*{margin}", "=C10*$C$5"),
        ("=SUM({initiatives.gain})", "=SUM($D$10:$D$11)"),
        ("={initiatives.gain@keep}", "=$D$11"),
        ("={initiatives.gain@sum}-{ margin }", "=$D$12-$C$5"),
    ],
)
def test_every_form_of_a_name_is_a_plain_reference(template: str, formula: str) -> None:
    assert NAMES.resolve(template, "initiatives", 9) == formula


def test_the_column_of_a_table_with_one_row_is_one_cell() -> None:
    names = Names({}, {"one": TablePlace(TABLE, left=1, header=0, first=1, last=1)})
    assert names.resolve("=SUM({one.gain})") == "=SUM($D$2)"


@pytest.mark.parametrize(
    ("template", "known"),
    [
        ("={margn}", "margin"),
        ("={initiatives.gains}", "gain"),
        ("={initiatives.gain@winbck}", "winback"),
        ("={plans.gain}", "initiatives"),
        ("={.nothing}", "reach"),
    ],
)
def test_an_unknown_name_is_refused_with_the_names_there_are(template: str, known: str) -> None:
    with pytest.raises(ValueError, match=f"the formula .*{known}"):
        NAMES.resolve(template, "initiatives", 9)


def test_a_key_figure_has_no_row_of_its_own() -> None:
    with pytest.raises(ValueError, match="only a cell of a table"):
        NAMES.resolve("={.gain}")
