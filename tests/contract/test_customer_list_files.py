"""The files of `regulars lists`: what importers read, and nothing that a spreadsheet program would run."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from regulars.base.errors import OutputError
from regulars.base.settings import Settings
from regulars.cli import main
from regulars.exports import export_lists
from regulars.job import Job
from regulars.story.contacts import CONTACT_HEADERS

CUSTOMERS = [
    "ann@shop.example",
    "ben@shop.example",
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@SUM(A1)",
    "Zoë Ünal",
    "+447700900123",
]


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    day = dt.date(2025, 1, 1)
    lines = ["Customer,Date,Amount"]
    for place, customer in enumerate(CUSTOMERS):
        days = [day + dt.timedelta(days=17 * number + place) for number in range(place + 1)]
        lines += [f'"{customer}",{one},{10 + place}.50' for one in days]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(
        "Customer,Name,Segment\nann@shop.example,Ann Archer,x\nben@shop.example,=HYPERLINK(1) Ben,x\n77,Nobody At All,x\n",
        encoding="utf-8",
    )
    return path


def read(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {
        path.name: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for path in sorted(folder.glob("*.csv"))
    }


def test_every_file_begins_with_the_headers_that_importers_want(orders: Path, tmp_path: Path) -> None:
    done = export_lists(Job((orders,), tmp_path / "lists", Settings()), tmp_path / "lists")
    assert len(done.written) == 13
    for path in done.written:
        content = path.read_bytes()
        assert content.startswith(b'"Email","First Name"'), path.name
        with path.open(encoding="utf-8", newline="") as file:
            assert tuple(next(csv.reader(file))[: len(CONTACT_HEADERS)]) == CONTACT_HEADERS
    empty = [path.name for path in done.written if len(path.read_text(encoding="utf-8").splitlines()) == 1]
    (note,) = done.notes
    assert note == f"files of lists that nobody is on now, with their headings alone: {', '.join(empty)}"


def test_no_cell_is_a_formula_and_ids_stay_recognisable(orders: Path, people: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    export_lists(Job((orders,), folder, Settings(), people), folder)
    found = read(folder)
    rows = [row for rows in found.values() for row in rows]
    for row in rows:
        for value in row.values():
            assert not value.startswith(("=", "@", "\t")), value
            assert not value.startswith(("+", "-")) or value[1:].isdigit()
    ids = {row["Customer ID"] for row in rows}
    assert {"'=1+1", "'+SUM(A1)", "'-2+3", "'@SUM(A1)", "Zoë Ünal", "+447700900123"} <= ids
    names = {row["Email"]: (row["First Name"], row["Last Name"]) for row in rows}
    assert names["ann@shop.example"] == ("Ann", "Archer")
    assert names["ben@shop.example"] == ("'=HYPERLINK(1)", "Ben")


def test_tags_of_a_row_name_its_list_and_its_group(orders: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    export_lists(Job((orders,), folder, Settings(holdout_share=0.5)), folder)
    groups = set()
    for name, rows in read(folder).items():
        for row in rows:
            assert row["Tags"] == f"regulars-{name.removesuffix('.csv')},regulars-{row['Group'].replace(' ', '-')}"
            groups.add((row["Customer ID"], row["Group"]))
    assert len(groups) == len({customer for customer, _ in groups})
    assert {group for _, group in groups} == {"treat", "hold out"}


def test_a_customer_keeps_the_group_when_rows_change_their_order(orders: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    export_lists(Job((orders,), one, Settings()), one)
    head, *lines = orders.read_text(encoding="utf-8").splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([head, *reversed(lines)]) + "\n", encoding="utf-8")
    export_lists(Job((turned,), other, Settings()), other)
    assert read(one) == read(other)


def test_a_file_that_is_not_ours_is_kept_and_ours_are_replaced(orders: Path, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    mine = folder / "win-back.csv"
    mine.write_text("my own notes\n", encoding="utf-8")
    with pytest.raises(OutputError, match=r"win-back\.csv' exists and was not made by regulars"):
        export_lists(Job((orders,), folder, Settings()), folder)
    assert sorted(path.name for path in folder.iterdir()) == ["win-back.csv"]
    assert mine.read_text(encoding="utf-8") == "my own notes\n"
    export_lists(Job((orders,), folder, Settings(), force=True), folder)
    export_lists(Job((orders,), folder, Settings()), folder)
    assert mine.read_bytes().startswith(b'"Email"')


def test_a_folder_that_is_a_file_is_refused(orders: Path, tmp_path: Path) -> None:
    place = tmp_path / "lists"
    place.write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="is a file"):
        export_lists(Job((orders,), place, Settings()), place)


def test_the_command_names_what_it_wrote(orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["lists", str(orders), "--out", str(tmp_path / "out"), "--as-of", "2025-04-01"])
    assert left.value.code == 0
    written = capsys.readouterr().out.splitlines()
    assert len(written) == 13
    assert all(Path(line).is_file() for line in written)
