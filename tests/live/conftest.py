"""A LibreOffice of the tests' own, started once, and an app of xlwings that drives it."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from regulars_addin.click import click, prepared
from regulars_addin.libreoffice import engine, soffice
from regulars_addin.libreoffice.bridge import BridgeMissingError

DATA = Path(__file__).parent.parent / "data"
Lines = list[tuple[str, dt.date, int, float]]


@pytest.fixture(scope="session")
def office() -> Iterator[soffice.Soffice]:
    """The process, headless, with a profile and a port of its own; ended afterwards."""
    try:
        started = soffice.start()
    except BridgeMissingError as missing:
        pytest.skip(f"the live tests drive LibreOffice: {missing}")
    yield started
    soffice.stop(started)


@pytest.fixture
def app(office: soffice.Soffice) -> Iterator[Any]:
    """The program, in which every workbook that a test opens is closed afterwards; its messages stand in `app.impl.alerts`, its status texts in `app.impl.statuses`.

    `app.impl.answers` takes the answers to its questions; without, the first button is pressed.
    """
    attached = engine.attach(office.port, headless=True)
    before = list(attached.impl.books)
    yield attached
    for book in attached.impl.books:
        if not any(book.document == other.document for other in before):
            book.close()


@pytest.fixture
def press(app: Any) -> Callable[..., str]:
    """Press a button as the ribbon does, and return what its user is told; questions get yes unless told otherwise."""

    def pressed(button: str, *, answer: str = "ok", well: bool = True) -> str:
        app.impl.alerts.clear()
        app.impl.answers[:] = [answer]
        with prepared():
            assert click(button, app) is well, app.impl.alerts
        app.impl.answers.clear()
        return "\n".join(alert.text for alert in app.impl.alerts)

    return pressed


@pytest.fixture(scope="session")
def small_orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of somebody else: a sheet of 1,500 orders of CDNOW's customers, and a sheet of notes."""
    path = tmp_path_factory.mktemp("small") / "small.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Orders")
        sheet.write_row(0, 0, ["Customer", "Order date", "Units", "Amount"])
        for number, row in enumerate(_cdnow(1500), start=1):
            sheet.write_row(number, 0, row)
        sheet.set_column(1, 1, 12)
        notes = book.add_worksheet("Notes")
        notes.write_column(0, 0, ["Ask Ada about the returns.", "Prices with tax."])
    return path


@pytest.fixture(scope="session")
def order_lines() -> Callable[[int], Lines]:
    """Give the first order lines of the CDNOW sample: customer, day, units, dollars."""
    return _cdnow


def _cdnow(most: int) -> Lines:
    with (DATA / "cdnow_sample.csv").open(encoding="utf-8") as file:
        rows = itertools.islice(csv.DictReader(file), most)
        return [
            (row["customer_id"], dt.date.fromisoformat(row["date"]), int(row["cds"]), float(row["amount"]))
            for row in rows
        ]
