"""An owner empties yellow cells: the money shows no error, whichever of them is blank, or all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ironcalc
import pytest

from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets.impact import impact_sheet

SHEET = "Financial impact"
Place = tuple[int, int]


class Money:
    """The sheet Financial impact, calculated afresh as cells are typed over."""

    def __init__(self, path: Path, sheet: Any) -> None:
        """Load the workbook; `sheet` has its cells as they were written."""
        self._model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        self._formulas = [(cell.row, cell.column) for cell in filled if str(cell.value).startswith("=")]
        self.yellow = {(cell.row, cell.column): str(cell.value) for cell in filled if not cell.protection.locked}

    def errors(self, blank: list[Place]) -> list[str]:
        """Return the cells that show an error while some are blank; they are as they were afterwards."""
        for row, column in blank:
            self._model.clear_cell_contents(0, row, column)
        self._model.evaluate()
        found = [
            f"{place}: {shown}"
            for place in self._formulas
            if (shown := self._model.get_formatted_cell_value(0, *place)).startswith("#")
        ]
        for place in blank:
            self._model.set_user_input(0, *place, self.yellow[place])
        return found


@pytest.fixture(scope="module", params=["superstore", "cdnow"])
def money(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, read_back: Callable[..., Any]
) -> Money:
    shop = request.getfixturevalue(request.param)
    path = tmp_path_factory.mktemp("blank") / f"{request.param}.xlsx"
    write_workbook(WorkbookSpec((impact_sheet(shop.analysis, shop.facts),), "The money"), path, shop.facts.currency)
    return Money(path, read_back(path)[SHEET])


def test_no_cell_shows_an_error_whichever_yellow_cell_is_blank(money: Money) -> None:
    assert len(money.yellow) > 50
    wrong = {place: errors[:3] for place in money.yellow if (errors := money.errors([place]))}
    assert not wrong


def test_no_cell_shows_an_error_when_all_yellow_cells_are_blank(money: Money) -> None:
    assert not money.errors(list(money.yellow))
