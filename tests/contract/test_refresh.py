"""`regulars refresh` and `regulars deck`: a result is read back, and its owner's assumptions are kept."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pptx import Presentation

from regulars import cli
from regulars.render.readback import read_result

DATA = Path(__file__).parents[1] / "data"
THEN, END = "1998-01-31", "1998-06-30"
EACH = 4  # every fourth customer of CDNOW: enough for a forecast that can be compared
Edit = Callable[[Path, Mapping[str, float | str]], None]


def left(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        cli.main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


def facts(path: Path) -> dict[str, Any]:
    return {key: fact["value"] for key, fact in json.loads(path.read_text(encoding="utf-8"))["facts"].items()}


@cache
def lines_of_cdnow() -> tuple[str, ...]:
    """Return the head and the lines of every fourth customer."""
    head, *lines = (DATA / "cdnow_sample.csv").read_text(encoding="utf-8").splitlines()
    return head, *(line for line in lines if int(line.partition(",")[0]) % EACH == 0)


def until(day: str) -> str:
    """Return the orders up to a day."""
    head, *lines = lines_of_cdnow()
    return "\n".join([head, *(line for line in lines if line.split(",")[1] <= day)]) + "\n"


def comes_up_to_date(orders: Path) -> None:
    """Put all orders where there were those up to a day."""
    orders.write_text(until(END), encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with orders up to a day, and their result."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "orders.csv").write_text(until(THEN), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert left("analyze", "orders.csv", "--currency", "USD", "--json", "then.json") == 0
    return folder


@pytest.fixture
def result(made: Path, tmp_path: Path) -> Path:
    """The result in a folder of its own, with its orders beside it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "orders.regulars.xlsx"


@pytest.fixture
def orders(result: Path) -> Path:
    return result.with_name("orders.csv")


def cells(path: Path, sheet: str) -> list[list[Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True, read_only=True)  # the one sheet is all that is read
        rows = [[cell for cell in row if cell is not None] for row in book[sheet].iter_rows(values_only=True)]
    book.close()
    return rows


def beside(path: Path, label: str) -> Any:
    return next(row[row.index(label) + 1] for row in cells(path, "Financial impact") if label in row)


def test_a_result_says_what_it_was_made_from(result: Path, orders: Path) -> None:
    earlier = read_result(result)
    assert earlier is not None
    then = facts(orders.with_name("then.json"))
    assert earlier.orders == ("orders.csv",)
    assert earlier.settings.currency == "USD"
    assert str(earlier.promise.end) == then["window.end"] == THEN
    assert earlier.promise.total == pytest.approx(then["clv.total"])
    assert (dict(earlier.changed), earlier.added, earlier.notes) == ({}, (), ())


def test_later_orders_keep_the_owners_figures_and_settings(result: Path, orders: Path, edit: Edit) -> None:
    edit(result, {"Gross margin": 0.61, "Success rate: Win back good customers who left": 0.37})
    comes_up_to_date(orders)
    assert left("refresh", result) == 0
    assert beside(result, "Gross margin") == 0.61
    again = read_result(result)
    assert again is not None
    assert again.settings.currency == "USD"
    assert dict(again.settings.assumptions) == {"margin": 0.61, "win_back.success_rate": 0.37}
    assert not again.changed
    assert left("refresh", result) == 0
    assert beside(result, "Gross margin") == 0.61


def test_a_confirmed_plan_keeps_its_initiatives_whatever_the_margin_becomes(result: Path, edit: Edit) -> None:
    def plan() -> dict[str, Any]:
        rows = cells(result, "Financial impact")
        head = next(number for number, row in enumerate(rows) if row[:2] == ["Initiative", "In the plan"])
        last = next(number for number, row in enumerate(rows) if number > head and row[0] == "The plan")
        return {row[0]: row[1] for row in rows[head + 1 : last]}

    before = plan()
    assert "yes" in before.values()
    edit(result, {"I have checked these assumptions": "yes", "Gross margin": 0.005})
    assert left("refresh", result) == 0
    assert plan() == before
    edit(result, {"I have checked these assumptions": "no", "Gross margin": 0.004})
    assert left("refresh", result) == 0
    assert plan() == before  # a choice stays one


def test_the_summary_shows_the_scenario_that_the_owner_chose(
    result: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(result, {"Scenario": " Careful ", "Gross margin": "61%", "Discount rate a year": ""})
    assert left("refresh", result) == 0
    said = capsys.readouterr().err
    assert "Gross margin: '61%' is 61%" in said
    assert "nothing is kept of them and the default stands: 'Discount rate a year'" in said
    assert "discount_rate" not in said
    assert beside(result, "Gross margin") == 0.61
    quality = str(cells(result, "Data quality"))
    assert "were read as meant" in quality
    assert "nothing is kept of them" in quality
    sheet, summary = cells(result, "Financial impact"), cells(result, "Summary")
    at = next(number for number, row in enumerate(sheet) if row[:1] == ["Extra gross profit of the plan"])
    there = next(number for number, row in enumerate(summary) if "Extra gross profit of the plan" in row)
    place = summary[there].index("Extra gross profit of the plan")
    assert summary[there + 1][place] == pytest.approx(sheet[at + 1][0], abs=1e-3)
    assert "careful case" in summary[there + 2][place]


def test_what_was_expected_then_stands_beside_what_came_since(
    result: Path, orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    then = facts(orders.with_name("then.json"))
    comes_up_to_date(orders)
    capsys.readouterr()
    assert left("refresh", result) == 0
    assert "was expected (80% range" in capsys.readouterr().err
    # CDNOW ends on 30 June: four whole months have passed, which end on 1 June.
    came = [
        (line[0], float(line[3]))
        for line in (row.split(",") for row in until("1998-06-01").splitlines()[1:])
        if line[1] > THEN
    ]
    known = {row.split(",")[0] for row in until(THEN).splitlines()[1:]}
    actual = sum(money for customer, money in came if customer in known)
    rows = cells(result, "Then and now")
    total = next(row for row in rows if row and row[0] == "All customers")
    assert total[1] == then["customers.count"]
    assert total[2] == len({customer for customer, _ in came} & known)
    assert total[4] == pytest.approx(actual)
    assert 0 < total[3] < then["clv.total"]
    segments = rows[rows.index(next(row for row in rows if row and row[0] == "Segment")) + 1 : rows.index(total)]
    for place in (1, 2, 3, 4):
        assert sum(row[place] for row in segments) == pytest.approx(total[place])
    assert not any("are not those of the earlier result" in str(row) for row in rows)


@pytest.mark.slow
def test_a_comparison_stays_when_the_same_orders_are_analysed_again(
    result: Path, orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comes_up_to_date(orders)
    assert left("refresh", result) == 0
    once = cells(result, "Then and now")
    capsys.readouterr()
    assert left("refresh", result) == 0
    assert "the orders are those that 'orders.regulars.xlsx' was made from" in capsys.readouterr().err
    assert cells(result, "Then and now") == once


def test_orders_that_do_not_reach_back_are_said_to_be_no_comparison(result: Path, tmp_path: Path) -> None:
    head, *lines = lines_of_cdnow()
    later = tmp_path / "later.csv"
    later.write_text("\n".join([head, *(line for line in lines if line.split(",")[1] > THEN)]), encoding="utf-8")
    assert left("refresh", result, later, "--force") == 0
    assert "There is nothing to compare yet: the orders do not reach back" in str(cells(result, "Then and now")[1])


@pytest.mark.slow
def test_orders_changed_in_the_past_are_said_to_give_another_forecast(result: Path, orders: Path) -> None:
    text = lines_of_cdnow()
    orders.write_text("\n".join([text[0], *text[200:]]), encoding="utf-8")
    assert left("refresh", result) == 0
    assert "are not those of the earlier result" in str(cells(result, "Then and now"))


def test_orders_that_are_gone_are_named_and_can_be_given(
    result: Path, orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = orders.rename(orders.with_name("moved.csv"))
    before = result.read_bytes()
    for command in ("refresh", "deck"):
        assert left(command, result) == 1
        said = capsys.readouterr().err
        assert "are not found: 'orders.csv'" in said
        assert f"regulars {command} {result} ORDERS.xlsx" in said
    assert result.read_bytes() == before
    assert left("refresh", result, elsewhere) == 0
    assert left("deck", result, elsewhere) == 0


def test_the_deck_of_a_result_has_its_owners_figures(result: Path, edit: Edit) -> None:
    edit(result, {"Gross margin": 0.61})
    before = result.read_bytes()
    assert left("deck", result) == 0
    made = result.with_suffix(".pptx")
    words = "\n".join(
        shape.text_frame.text
        for slide in Presentation(str(made)).slides
        for shape in slide.shapes
        if shape.has_text_frame
    )
    assert "61.0%" in words
    assert result.read_bytes() == before


def test_the_deck_goes_where_it_is_asked_to_and_takes_a_template(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Presentation().save(str(tmp_path / "client.pptx"))
    board = tmp_path / "board.pptx"
    assert left("deck", result, "--template", tmp_path / "client.pptx", "--out", board) == 0
    assert board.is_file()
    capsys.readouterr()
    assert left("deck", result, "--out", tmp_path / "board.pdf") == 1
    assert "does not end in .pptx" in capsys.readouterr().err


def test_a_deck_of_other_orders_than_those_of_the_result_says_so(
    result: Path, orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comes_up_to_date(orders)
    assert left("deck", result) == 0
    assert "the orders are not those that 'orders.regulars.xlsx' was made from" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["refresh", "deck"])
def test_a_file_without_a_record_is_refused(
    command: str, tmp_path: Path, orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = shutil.copy(DATA / "messy_orders.xlsx", tmp_path / "book.xlsx")
    for path, says in ((book, "no record"), (orders, "no record"), (tmp_path / "none.xlsx", "there is no file")):
        assert left(command, path) == 1
        assert says in capsys.readouterr().err


def test_a_sheet_that_is_one_chart_does_not_hide_that_there_is_no_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Orders", 0).append(["Customer", "Date", "Total"])
    book.create_chartsheet("Picture")
    book.save(tmp_path / "book.xlsx")
    assert left("refresh", tmp_path / "book.xlsx") == 1
    said = capsys.readouterr().err
    assert "no record" in said
    assert "attribute" not in said


def test_a_spoilt_record_is_said_to_be_one(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(result)
    cell = next(cell for row in book["Data quality"] for cell in row if str(cell.value).startswith("{ files"))
    cell.value = "{ files = "
    book.save(result)
    assert left("refresh", result) == 1
    assert "was changed and cannot be read back" in capsys.readouterr().err


def test_analyze_does_not_write_over_figures_that_the_owner_changed(
    result: Path, orders: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left("analyze", orders) == 0
    edit(result, {"Gross margin": 0.61})
    before = result.read_bytes()
    assert left("analyze", orders) == 1
    said = capsys.readouterr().err
    assert "assumptions that were changed by hand ('margin')" in said
    assert f"regulars refresh {result}" in said
    assert result.read_bytes() == before
    assert left("analyze", orders, "--force") == 0


@pytest.mark.parametrize("command", [["refresh"], ["analyze"]])
def test_a_result_with_sheets_of_the_owner_is_not_replaced(
    command: list[str], result: Path, orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(result)
    book.create_sheet("Notes")["A1"] = "mine"
    book.save(result)
    assert left(*command, orders if command == ["analyze"] else result) == 1
    assert "holds sheets that were added by hand ('Notes')" in capsys.readouterr().err
    assert "Notes" in openpyxl.load_workbook(result, read_only=True).sheetnames


def test_a_workbook_with_our_sheets_is_refreshed_in_its_place(tmp_path: Path, edit: Edit) -> None:
    book = Path(shutil.copy(DATA / "messy_orders.xlsx", tmp_path / "book.xlsx"))
    assert left("analyze", book, "--into", book) == 0
    edit(book, {"Gross margin": 0.61})
    assert left("refresh", book, "--backup") == 0
    assert beside(book, "Gross margin") == 0.61
    assert book.with_name("book.backup.xlsx").is_file()
    assert left("deck", book) == 0
    assert book.with_name("book.regulars.pptx").is_file()


@pytest.mark.office
def test_a_result_that_another_program_saved_is_read_back(result: Path, edit: Edit, office: Any) -> None:
    edit(result, {"Gross margin": 0.61, "In the plan: Win back good customers who left": "no"})
    saved = read_result(office.recalculated(result))
    before = read_result(result)
    assert saved is not None
    assert before is not None
    assert dict(saved.changed) == dict(before.changed) == {"margin": 0.61, "win_back.in_plan": False}
    assert (saved.orders, saved.settings, saved.promise) == (before.orders, before.settings, before.promise)
