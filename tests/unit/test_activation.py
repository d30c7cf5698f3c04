"""Activation: who of those that signed up has ordered, by the segments of the customers table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from regulars.analysis import Analysis, analyse
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.findings.activation import activations
from regulars.orders.load import load_orders
from regulars.story.sheet_spec import Table
from regulars.story.sheets import workbook

PEOPLE = """customer,signed up,segment
a,2025-01-05,Trade
b,2025-01-07,trade
c,2025-09-01,Private
d,2025-10-01,Private
e,2025-02-01,
"""


@pytest.fixture
def shop(tmp_path: Path) -> Analysis:
    orders, people = tmp_path / "orders.csv", tmp_path / "people.csv"
    lines = [f"{who},o{n}{who},2025-{n:02}-10,{n * 10}" for n in range(1, 13) for who in "acx"]
    orders.write_text("\n".join(["customer,order,date,amount", *lines, "a,last,2025-12-31,5"]), encoding="utf-8")
    people.write_text(PEOPLE, encoding="utf-8")
    settings = Settings(sheets="full")
    return analyse(load_orders([orders], settings, people), settings)


def test_activation_is_told_by_the_segments_of_the_customers_table(shop: Analysis) -> None:
    found = activations(shop)
    assert found is not None
    told = found[["signed_up", "ordered", "recent", "recent_ordered"]].T.to_dict("list")
    assert told == {
        "segment.no_segment": [1, 0, 0, 0],
        "segment.private": [2, 1, 2, 1],
        "segment.trade": [2, 1, 0, 0],
        "total": [5, 2, 2, 1],
    }


def test_the_sheet_shows_the_table_with_its_facts(shop: Analysis) -> None:
    facts = find_facts(shop)
    assert facts.value("activation.segment.trade.share") == facts.value("activation.segment.private.share") == 0.5
    assert facts.value("activation.segment.trade.recent_share") is None
    assert facts.value("activation.total.recent_share") == 0.5
    sheet = next(sheet for sheet in workbook(shop, facts).sheets if sheet.name == "Acquisition and cohorts")
    (table,) = (block for block in sheet.blocks if isinstance(block, Table) and block.key == "activation")
    assert [row.cells[:4] for row in table.rows if row.cells[0] == "Private"] == [("Private", 2, 1, 0.5)]
    assert table.total is not None
    assert table.total.cells == ("All customers", 5, 2, 0.4, 2, 1, 0.5)


def test_without_a_customers_table_there_is_no_activation(superstore: Any) -> None:
    assert activations(superstore.analysis) is None
