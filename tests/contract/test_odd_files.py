"""Files and options that are not what they seem: read all the same, or refused in a sentence with a remedy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from regulars import cli

DATA = Path(__file__).parents[1] / "data"


def left(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        cli.main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


@pytest.mark.parametrize("ending", ["xls", "ods", "xlsb"])
def test_a_workbook_under_another_ending_is_read_by_its_content(ending: str, tmp_path: Path) -> None:
    facts = {}
    for name in ("right.xlsx", f"wrong.{ending}"):
        orders = Path(shutil.copy(DATA / "messy_orders.xlsx", tmp_path / name))
        assert left("analyze", orders, "--json", tmp_path / "facts.json") == 0
        facts[name] = json.loads((tmp_path / "facts.json").read_text(encoding="utf-8"))["facts"]
    right, wrong = facts.values()
    for key in ("orders.rows_read", "orders.rows_kept", "customers.count", "revenue.total"):
        assert wrong[key]["value"] == right[key]["value"], key


@pytest.mark.parametrize(
    "content", [b"\x7fELF\x02\x01" + bytes(range(256)) * 40, "Customer,Date\na,b\n".encode("utf-16")[:-1]]
)
def test_bytes_that_are_no_text_are_refused(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "orders.csv").write_bytes(content)
    assert left("analyze", tmp_path / "orders.csv") == 1
    said = capsys.readouterr().err
    assert "orders.csv" in said
    assert "To do: " in said


def test_a_date_that_stands_for_no_end_is_no_order(tmp_path: Path) -> None:
    lines = ["Customer,Date,Amount", *(f"c{n % 5},2024-0{1 + n % 9}-10,{n + 5}" for n in range(30)), "c1,9999-12-31,7"]
    (tmp_path / "orders.csv").write_text("\n".join(lines), encoding="utf-8")
    assert left("analyze", tmp_path / "orders.csv", "--json", tmp_path / "facts.json") == 0
    facts = json.loads((tmp_path / "facts.json").read_text(encoding="utf-8"))["facts"]
    assert facts["orders.set_aside.bad_date"]["value"] == 1
    assert facts["window.end"]["value"] == "2024-09-10"


def test_a_day_too_far_ahead_is_a_wrong_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders = shutil.copy(DATA / "messy_orders.xlsx", tmp_path / "orders.xlsx")
    assert left("analyze", orders, "--as-of", "9998-01-01") == 2
    assert "2199" in capsys.readouterr().err


@pytest.mark.parametrize("named", [".", ""])
def test_a_folder_is_no_file_of_orders(named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert left("analyze", named) == 1
    assert "is a folder" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "text"), [("--settings", "margin = 0.3\n"), ("--scheme", 'id = "mine"\n')])
def test_a_file_that_the_run_reads_is_not_written_over(option: str, text: str, tmp_path: Path) -> None:
    orders = shutil.copy(DATA / "messy_orders.xlsx", tmp_path / "orders.xlsx")
    read = tmp_path / "read.toml"
    read.write_text(text, encoding="utf-8")
    assert left("analyze", orders, option, read, "--json", read, "--force") == 1
    assert read.read_text(encoding="utf-8") == text
