"""The Movement sheet and its facts: every rule scheme has its cells, and rounded rows add up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.analysis import analyse
from regulars.base.scheme_ids import CELL_SCHEMES
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.segments.discounts import discounts_of
from regulars.segments.past import Past, number
from regulars.story.sheet_spec import SheetSpec, Table
from regulars.story.sheets.movement import movement_sheet, whole


def table(sheet: SheetSpec, key: str) -> Table:
    return next(block for block in sheet.blocks if isinstance(block, Table) and block.key == key)


@given(st.lists(st.floats(0, 500), min_size=1, max_size=12))
def test_rounded_cells_add_up_to_the_rounded_sum(cells: list[float]) -> None:
    found = whole(np.array(cells))
    assert sum(found) == round(sum(cells))
    assert all(abs(one - cell) < 1 for one, cell in zip(found, cells, strict=True))


@pytest.mark.parametrize("name", ["superstore", "cdnow"])
def test_rows_of_the_matrix_by_chance_add_up(request: pytest.FixtureRequest, name: str) -> None:
    analysed = request.getfixturevalue(name)
    sheet = movement_sheet(analysed.analysis, analysed.facts)
    chance, seen = table(sheet, "matrix_chance"), table(sheet, "matrix_customers")
    for row, counted in zip(chance.rows, seen.rows, strict=True):
        *cells, total = (cell or 0 for cell in row.cells[1:])
        assert sum(cells) == total == counted.cells[-1]  # type: ignore[arg-type]


def test_every_scheme_of_rules_has_facts_of_its_movement(superstore: Any) -> None:
    customers = len(superstore.analysis.summary.customers)
    for scheme in CELL_SCHEMES:
        segments = superstore.analysis.segmentations.scheme(scheme)
        keys = {segment.key for segment in segments.definitions}
        cells = [
            superstore.facts.value(key)
            for key in superstore.facts
            if key.startswith(f"movement.{scheme}.")
            and key.endswith(".customers")
            and key.split(".")[3] in keys
            and len(key.split(".")) == 5
        ]
        assert sum(cells) == customers, scheme
    assert "no counterpart" in superstore.facts.value("movement.kmeans5.reason")


def test_discounts_as_of_an_earlier_day_are_those_of_the_lines_up_to_it(superstore: Any) -> None:
    orders, frame = superstore.analysis.orders, superstore.analysis.summary.customers.frame
    found = discounts_of(orders, frame["customer"])
    assert found is not None
    day = orders.window.end - dt.timedelta(days=400)
    lines = orders.lines.to_pandas()
    early = lines[(lines["day"] <= day) & (lines["discount"] < 1) & (lines["amount"] > 0)]
    listed = early["amount"] / (1 - early["discount"])
    share = (listed * early["discount"]).groupby(early["customer"]).sum() / listed.groupby(early["customer"]).sum()
    np.testing.assert_allclose(found.shares(number(day)), share.reindex(frame["customer"]).to_numpy())
    past = Past.of(superstore.analysis.summary, found)
    np.testing.assert_array_equal(past.as_of(past.end)["discount_share"], found.shares())


def test_the_short_run_does_not_pay_for_schemes_that_it_does_not_show(cdnow: Any) -> None:
    assert analyse(cdnow.analysis.orders, Settings(), clusters=False).crossings == ()


def test_a_lead_without_an_earlier_day_says_whose_movement_is_shown(drawn_orders: Callable[..., Any]) -> None:
    analysis = analyse(drawn_orders(), Settings(scheme="supplied"))
    facts = find_facts(analysis)
    assert str(facts.value("movement.instead_of")).startswith(
        "RFM segments (rfm11) instead of Your segments (supplied): your column is read as it stands"
    )
    lead = movement_sheet(analysis, facts).lead
    assert lead.startswith("This is the movement of RFM segments, not of Your segments, which leads: your column")


@pytest.fixture
def drawn_orders(orders_of: Callable[..., Any]) -> Callable[..., Any]:
    def make() -> Any:
        random = np.random.default_rng(4)
        lines: list[Any] = []
        for who in range(60):
            for month in random.integers(1, 13, 4).tolist():
                day = f"2025-{month:02}-{int(random.integers(1, 28)):02}"
                lines.append((f"c{who}", day, 10.0, f"o{len(lines)}", None, None, "AB"[who % 2]))
        return orders_of(lines, start="2025-01-01", end="2025-12-31")

    return make
