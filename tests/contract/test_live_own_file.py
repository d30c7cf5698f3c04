"""Results in workbooks of their own, from the buttons: told from orders, and replaced only after asking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.live_clicks import HEADS, on_both, pressed, shop

from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.cli import BAD_INPUT, main
from regulars.job import Job
from regulars.run import run
from regulars_addin.click import click
from regulars_addin.messages import yes_to_all


@on_both
def test_a_result_in_a_workbook_of_its_own_is_no_sheet_of_orders(excel: Any, tmp_path: Path) -> None:
    run(Job((shop(tmp_path / "shop.xlsx"),), tmp_path / "shop.regulars.xlsx", Settings()))
    book = excel.books.open(tmp_path / "shop.regulars.xlsx")
    before = book.sheet_names
    for button, command in (("analyze", "refresh"), ("refresh", "refresh"), ("deck", "deck"), ("lists", "")):
        (said,) = pressed(excel, button)
        assert said.startswith("'shop.regulars.xlsx' is a result of regulars, made from 'shop.xlsx'")
        assert "To do: close it; then go to 'shop.xlsx'" in said
        assert (f"regulars {command} shop.regulars.xlsx" in said) == bool(command)
    assert "delete the file" in pressed(excel, "remove")[0]
    assert book.sheet_names == before


def test_orders_that_were_added_to_a_result_are_read(excel: Any, tmp_path: Path, found: list[Facts]) -> None:
    run(Job((shop(tmp_path / "shop.xlsx"),), tmp_path / "shop.regulars.xlsx", Settings()))
    book = excel.books.open(tmp_path / "shop.regulars.xlsx")
    orders = excel.books.open(tmp_path / "shop.xlsx").impl.held[0]
    book.impl.held.append(orders)
    book.activate()
    book.sheets["Orders"].activate()
    pressed(excel, "analyze")
    assert found[0].number("orders.rows_read") == 60


def as_csv(excel: Any, tmp_path: Path) -> Any:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    book.impl.name = "o.csv"
    return book


def test_a_file_beside_is_replaced_after_asking_and_its_yellow_cells_kept(
    excel: Any, tmp_path: Path, found: list[Facts], edit: Any
) -> None:
    book, place = as_csv(excel, tmp_path), tmp_path / "o.regulars.xlsx"
    assert "no result yet" in pressed(excel, "refresh")[0]
    pressed(excel, "analyze")
    excel.books["o.regulars.xlsx"].close()
    book.activate()
    edit(place, {"Gross margin": 0.55})
    written = place.read_bytes()
    (asked,) = pressed(excel, "analyze", "cancel")
    assert f"This replaces the earlier result, the file '{place}'. The new one comes from 60 rows of 'Orders'." in asked
    assert place.read_bytes() == written
    for button in ("analyze", "refresh"):
        book.activate()
        asked, said = pressed(excel, button, "ok")
        assert "yellow cells are kept" in asked
        assert f"a workbook of its own, '{place}'" in said
        assert found[-1].number("impact.margin") == 0.55
        excel.books["o.regulars.xlsx"].close()
    assert not (tmp_path / "o.regulars-2.xlsx").exists()


def test_a_result_that_is_open_stays_and_the_next_says_why_it_has_a_number(excel: Any, tmp_path: Path) -> None:
    book = as_csv(excel, tmp_path)
    pressed(excel, "analyze")
    book.activate()
    (said,) = pressed(excel, "refresh")
    assert "'o.regulars.xlsx', is open, so it cannot be made anew" in said
    (said,) = pressed(excel, "analyze")
    assert "'o.regulars.xlsx' is open, so the result is called 'o.regulars-2.xlsx'" in said
    assert (tmp_path / "o.regulars-2.xlsx").is_file()


@pytest.mark.filterwarnings("ignore::UserWarning")  # openpyxl names what it loses
def test_a_result_whose_record_is_gone_is_not_refreshed(excel: Any, tmp_path: Path) -> None:
    as_csv(excel, tmp_path)
    place = tmp_path / "o.regulars.xlsx"
    run(Job((tmp_path / "shop.xlsx",), place, Settings()))
    book = openpyxl.load_workbook(place)
    del book["Data quality"]
    book.save(place)
    assert "holds no record of its run" in pressed(excel, "refresh")[0]
    asked, said = pressed(excel, "analyze", "ok")
    assert "yellow cells are kept" not in asked
    assert "nothing of it is kept" in said


def test_a_copy_that_breaks_off_replaces_no_file(excel: Any, tmp_path: Path) -> None:
    excel.books.open(shop(tmp_path / "shop.xlsx"))
    run(Job((tmp_path / "shop.xlsx",), tmp_path / "shop.regulars.xlsx", Settings()))
    excel.impl.fails_at = "Customers"
    assert "shop.regulars-2.xlsx" in pressed(excel, "analyze")[0]


def two_sheets(book: Any, _sheet: Any) -> None:
    more = book.add_worksheet("Market")
    more.write_row(0, 0, HEADS)
    for row in range(1, 31):
        more.write_row(row, 0, [f"2025-03-{row:02d}", 9000 + row, f"C{row % 9}", 2, 10])


def test_from_our_own_sheet_the_orders_of_the_last_run_are_analyzed_again(
    excel: Any, tmp_path: Path, found: list[Facts]
) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx", two_sheets))
    pressed(excel, "analyze")
    asked, said = pressed(excel, "analyze", "ok")
    assert "The new one comes from 60 rows of 'Orders'. Your" in asked
    assert "The orders of 'Orders' are analyzed" in said
    assert [facts.number("orders.rows_read") for facts in found] == [60, 60]
    book.sheets["Market"].activate()
    (asked,) = pressed(excel, "analyze", "cancel")
    assert "from 30 rows of 'Market'; the earlier one was made from 'Orders'." in asked


def test_removing_says_what_stays_and_what_goes(excel: Any, tmp_path: Path) -> None:
    book = excel.books.open(shop(tmp_path / "shop.xlsx"))
    pressed(excel, "analyze")
    pressed(excel, "settings")
    asked, said = pressed(excel, "remove", "ok")
    assert "their yellow cells, and notes on them, go too. 'Regulars settings' stays." in asked
    assert "'Regulars settings' stays. To delete it too, right-click its tab" in said
    assert book.sheet_names == ["Orders", "Regulars settings"]


def test_no_is_said_at_the_terminal_and_yes_can_be_given_beforehand(
    excel: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    excel.books.open(shop(tmp_path / "shop.xlsx"))
    pressed(excel, "analyze")
    monkeypatch.setattr("regulars_addin.launch.in_excel", lambda _file: excel)
    monkeypatch.setattr("regulars_addin.cli_live._said", lambda _app: [])  # Excel itself keeps no messages
    for option, code, words in (([], BAD_INPUT, "Nothing was changed."), (["--yes"], 0, "")):
        excel.impl.answers[:] = ["cancel"]
        with pytest.raises(SystemExit) as left:
            main(["live", *option])
        assert left.value.code == code
        assert words in capsys.readouterr().err


def test_yes_to_all_ends_with_its_block(excel: Any, tmp_path: Path) -> None:
    excel.books.open(shop(tmp_path / "shop.xlsx"))
    pressed(excel, "analyze")
    excel.impl.answers[:] = ["cancel"]
    with yes_to_all():
        assert click("remove", excel)
    pressed(excel, "analyze")
    excel.impl.answers[:] = ["cancel"]
    assert not click("remove", excel)
