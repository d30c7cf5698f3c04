"""Sheets that come into an open LibreOffice workbook and go again: whole or not at all, and nobody else's with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.live_clicks import OURS, shop

from regulars_addin.click import click
from regulars_addin.libreoffice import sheets
from regulars_addin.libreoffice.restoring import copy_into
from regulars_workbooks.settings_template import SHEET as SETTINGS_SHEET

pytestmark = pytest.mark.office


def pressed(app: Any, button: str, *answers: str) -> list[str]:
    app.impl.alerts.clear()
    app.impl.answers[:] = answers
    click(button, app)
    assert (app.impl.status_bar, app.screen_updating, app.calculation) == (False, True, "automatic")
    return [alert.text for alert in app.impl.alerts]


def test_a_copy_that_breaks_off_leaves_the_workbook_as_it_was(
    app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder := tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    book = app.books.open(shop(tmp_path / "shop.xlsx"))
    copied: list[str] = []

    def breaks(source: Any, target: Any, place: int) -> None:
        copy_into(source, target, place)
        copied.append(source.name)
        if len(copied) == 3:
            raise RuntimeError("the copy broke off")

    monkeypatch.setattr(sheets, "copy_into", breaks)
    (said,) = pressed(app, "analyze")
    assert book.sheet_names == ["Orders"]
    assert "stands in a workbook of its own" in said
    assert "did not copy the sheets (the copy broke off)" in said
    there = sorted(one.name for one in app.books if one.name.startswith(("shop", "regulars")))
    assert there == ["shop.regulars.xlsx", "shop.xlsx"]
    assert not list(folder.iterdir())


def test_a_copy_that_the_owner_made_stays_and_what_was_typed_is_said(app: Any, tmp_path: Path) -> None:
    book = app.books.open(shop(tmp_path / "shop.xlsx"))
    pressed(app, "analyze")
    book.sheets["Summary"].copy(name="Summary in March")
    book.sheets["Segments"].name = "Groups"
    book.sheets["Playbook"]["M3"].value = "ask Ann"
    asked, _ = pressed(app, "analyze", "ok")
    assert "What was added by hand would be lost: 'Playbook' holds 'M3'." in asked
    assert "This replaces 6 sheets of the earlier result: 'Summary', 'Groups', 'Customers'" in asked
    assert set(book.sheet_names) == {"Orders", "Summary in March", "Groups", *OURS} - {"Segments"}
    pressed(app, "remove", "ok")
    assert book.sheet_names == ["Orders", "Summary in March"]


def test_settings_are_read_from_their_sheet_and_hidden_rows_count(app: Any, tmp_path: Path) -> None:
    path = shop(tmp_path / "shop.xlsx", lambda _book, sheet: sheet.set_row(5, None, None, {"hidden": True}))
    book = app.books.open(path)
    pressed(app, "settings")
    sheet = book.sheets[SETTINGS_SHEET]
    cells = sheet.used_range.options(ndim=2).value
    row = next(number for number, line in enumerate(cells, start=1) if "margin" in line)
    column = next(line.index("Your value") + 1 for line in cells if "Your value" in line)
    sheet.range((row, column)).value = 3
    book.sheets["Orders"].activate()
    (said,) = pressed(app, "analyze")
    assert said.startswith(f"{SETTINGS_SHEET}!")
    sheet.range((row, column)).value = 0.3
    (said,) = pressed(app, "analyze")
    assert "1 row of 'shop.xlsx › Orders' is hidden, by a filter or by hand" in said
    assert book.sheet_names == ["Orders", SETTINGS_SHEET, *OURS]
    money = book.sheets["Financial impact"].used_range.options(ndim=2).value
    assert next(line for line in money if "Gross margin" in line[:3])[2] == 0.3
