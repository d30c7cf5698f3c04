"""The orders template: it says what it accepts, its examples are no orders, and what is filled in is analysed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from regulars.cli import main
from regulars_workbooks.orders_template import GUIDE, HEADINGS, SHEET, STATUSES, template_bytes


def left(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    assert left("template", tmp_path / "orders.xlsx") == 0
    return tmp_path / "orders.xlsx"


def fill(path: Path) -> int:
    """Fill the template with 60 orders of 12 customers, a return and a cancelled order; return the rows."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    start = dt.date(2025, 1, 1)
    bought = [
        (start + dt.timedelta(days=4 * n), f"{n:06}", f"00{n % 12}", "Mug", 2, 6.5, "France", "web", "paid")
        for n in range(60)
    ]
    day, _, customer, *_ = bought[-1]
    rows = [
        *bought,
        (day, "000100", customer, "Mug", -1, 6.5, "France", "web", None),
        (day, "000101", "003", "Tea", 1, 500.0, "Spain", "shop", "cancelled"),
    ]
    for row in rows:
        sheet.append(row)
    book.save(path)
    return len(rows)


def test_what_is_filled_in_is_analysed_and_the_examples_are_not(template: Path) -> None:
    rows = fill(template)
    found = template.with_name("facts.json")
    assert left("analyze", template, "--json", found) == 0
    facts = {key: fact["value"] for key, fact in json.loads(found.read_text(encoding="utf-8"))["facts"].items()}
    assert facts["orders.rows_read"] == rows
    assert facts["orders.set_aside.cancelled"] == 1
    assert facts["orders.set_aside.returned"] == 1
    assert (facts["customers.count"], facts["orders.count"]) == (12, 60)
    assert facts["revenue.total"] == pytest.approx(60 * 13.0 - 6.5)
    result = openpyxl.load_workbook(template.with_name("orders.regulars.xlsx"), read_only=True)
    customers = {row[1] for row in result["Customers"].iter_rows(values_only=True)}
    assert {f"00{n}" for n in range(12)} <= customers, "leading zeros stay"


def test_an_empty_template_is_refused_with_what_to_do(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert left("analyze", template) == 1
    said = capsys.readouterr().err
    assert f"'orders.xlsx › {SHEET}' has one row only" in said
    assert "no orders below it" in said
    assert "To do: " in said


def test_every_heading_is_validated_or_explained_and_has_examples_on_the_guide(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == [SHEET, GUIDE]
    sheet, guide = book[SHEET], book[GUIDE]
    assert [cell.value for cell in sheet[1]] == [heading.title for heading in HEADINGS]
    assert sheet.max_row == 1
    assert sheet.freeze_panes == "A2"
    rules = {str(rule.sqref).partition("2:")[0]: rule for rule in sheet.data_validations.dataValidation}
    for place, heading in enumerate(HEADINGS):
        rule = rules["ABCDEFGHIJKL"[place]]
        assert rule.prompt == heading.explained
        assert len(heading.explained) <= 255
    assert rules["A"].type == "date"
    assert rules["E"].type == rules["F"].type == "decimal"
    assert rules["I"].formula1 == f'"{",".join(STATUSES)}"'
    shown = [[cell.value for cell in row[1:7]] for row in guide.iter_rows()]
    for heading in HEADINGS:
        needed = "needed" if heading.is_needed else "optional"
        assert [heading.title, needed, heading.explained, *heading.examples] in shown


def test_the_template_is_the_same_each_time_and_no_filled_one_is_overwritten(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert template.read_bytes() == template_bytes()
    assert left("template", template) == 0
    fill(template)
    before = template.read_bytes()
    assert left("template", template) == 1
    assert "exists already" in capsys.readouterr().err
    assert template.read_bytes() == before
    assert left("template", template.with_name("orders.csv")) == 1
