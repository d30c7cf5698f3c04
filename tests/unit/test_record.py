"""The record of a run: what is written in it is read back, and equal orders have equal fingerprints."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.base.settings import Settings, settings_from
from regulars.impact.assumptions import known_keys
from regulars.orders.fingerprint import fingerprint
from regulars.orders.model import Orders
from regulars.story.sheet_spec import Assumptions, Input, Table
from regulars.story.sheets import workbook
from regulars.story.sheets.impact import impact_sheet
from regulars.story.sheets.record import SETTINGS_ON_SHEET, MadeFrom, assumption_key, chosen, inline, record_table

SAID = st.recursive(
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), SAID, max_size=4))
def test_what_stands_in_a_record_is_read_back_as_it_was(values: dict[str, Any]) -> None:
    assert tomllib.loads(f"entry = {inline(values)}")["entry"] == values


def test_settings_are_recorded_and_read_back() -> None:
    settings = Settings(
        sheet=("A", "B"), map={"customer": 'Client "No"'}, margin=0.35, currency="GBP",
        assumptions={"win_back.reach": 0.8, "confirmed": True, "scenario": "bold"},
    )  # fmt: skip
    written = tomllib.loads(f"entry = {inline(chosen(settings))}")["entry"]
    assert set(written) == {"sheet", "map", "margin", "currency", "assumptions"}
    assert settings_from(written, "the record") == settings


def test_every_yellow_cell_of_the_impact_sheet_is_in_the_record(superstore: Any) -> None:
    sheet = impact_sheet(superstore.analysis, superstore.facts)
    cells = [cell.key for block in sheet.blocks if isinstance(block, Assumptions) for cell in block.cells]
    cells += [
        f"{row.key}.{column.key}"
        for block in sheet.blocks
        if isinstance(block, Table)
        for row in block.rows
        for column, cell in zip(block.columns, row.cells, strict=True)
        if isinstance(cell, Input)
    ]
    assert [cell for cell in cells if assumption_key(cell) is None] == []
    keys = [assumption_key(cell) for cell in cells]
    assert len(set(keys)) == len(keys) > 20
    assert set(keys) <= {*known_keys(), *SETTINGS_ON_SHEET}
    assert set(SETTINGS_ON_SHEET) <= {one.name for one in fields(Settings)}
    record = record_table(superstore.analysis, superstore.facts, MadeFrom(("orders.xlsx",)), [sheet])
    entries = [tomllib.loads(f"entry = {row.cells[1]}")["entry"] for row in record.rows]
    said = {entry["key"] for entry in entries if "key" in entry}
    said |= {f"{entry['of']}.{name}" for entry in entries if "of" in entry for name in entry}
    assert set(keys) <= said


def test_a_workbook_without_files_has_no_record_and_one_with_files_has_it_last(superstore: Any) -> None:
    with_files = workbook(superstore.analysis, superstore.facts, MadeFrom(("orders.xlsx",)))
    without = workbook(superstore.analysis, superstore.facts)
    for spec, has_it in ((with_files, True), (without, False)):
        last = next(sheet for sheet in spec.sheets if sheet.name == "Data quality").blocks[-1]
        assert (isinstance(last, Table) and last.key == "record") == has_it


def moved(orders: Orders, chunk: int) -> Orders:
    """Return the orders as another file would hold them: other names, other rows, memory cut otherwise."""
    table = orders.lines.set_column(0, orders.lines.schema.field(0), pa.array(["elsewhere"] * orders.lines.num_rows))
    cut = [table.slice(start, chunk) for start in range(0, table.num_rows, chunk)]
    return replace(orders, lines=pa.concat_tables(cut))


@pytest.mark.parametrize("chunk", [1, 2, 5])
def test_a_fingerprint_does_not_depend_on_the_file(orders_of: Callable[..., Orders], chunk: int) -> None:
    lines = [
        ("A", "2025-01-01", 10.0, "", None),
        ("B", "2025-01-02", 5.0, "", "P"),
        ("Cé", "2025-02-02", 7.5, "", None),
    ]
    orders = orders_of(lines)
    assert fingerprint(moved(orders, chunk)) == fingerprint(orders)


@pytest.mark.parametrize(
    "other",
    [
        [("A", "2025-01-01", 10.0, "o", None), ("B", "2025-01-02", 5.01, "o", "P")],
        [("A", "2025-01-01", 10.0, "o", "P"), ("B", "2025-01-02", 5.0, "o", None)],
        [("A", "2025-01-01", 10.0, "o", None), ("B", "2025-01-03", 5.0, "o", "P")],
        [("AB", "2025-01-01", 10.0, "o", None), ("", "2025-01-02", 5.0, "o", "P")],
        [("A", "2025-01-01", 10.0, "o", None)],
    ],
)
def test_orders_that_differ_in_anything_have_another_fingerprint(
    orders_of: Callable[..., Orders], other: list[tuple[Any, ...]]
) -> None:
    one = orders_of([("A", "2025-01-01", 10.0, "o", None), ("B", "2025-01-02", 5.0, "o", "P")])
    assert fingerprint(orders_of(other)) != fingerprint(one)
