"""A column of shares shows shares in every row, whatever else its rows count."""

from __future__ import annotations

from typing import Any

from regulars.base.units import COUNT, MONEY, SHARE, Currency
from regulars.render.report.cells import rows_shown
from regulars.story.report_spec import Grid
from regulars.story.sheet_spec import Column, Row, Table
from regulars.story.sheets.projection import projection_table


def test_a_row_has_its_own_unit_but_where_the_column_says_that_its_unit_holds() -> None:
    people = Row("people", (1, 2), unit=COUNT)
    assert Column("last", "Last", MONEY).unit_in(people) is COUNT
    assert Column("change", "Change", SHARE, fixed=True).unit_in(people) is SHARE
    assert Column("last", "Last", MONEY).unit_in(None) is MONEY


def test_the_change_of_customers_who_order_is_a_share(cdnow: Any) -> None:
    table = projection_table(cdnow.analysis, cdnow.facts)
    assert table.columns[-1].fixed
    plain = Table("t", table.columns[-1:], (Row("customers", (0.363,), unit=COUNT),), "")
    assert rows_shown(Grid(plain), Currency()) == [["36.3%"]]
