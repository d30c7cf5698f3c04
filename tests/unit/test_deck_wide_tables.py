"""Tables with more columns than a slide is wide: the columns go on on another slide, and none is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from regulars.base.errors import TemplateError
from regulars.base.units import MONEY, Currency, Value
from regulars.render.deck import write_deck
from regulars.story.slide_spec import DeckSpec, SlideColumn, SlideKind, SlideSpec, SlideTable

IDR = Currency("IDR")


def wide(columns: int, rows: int) -> DeckSpec:
    heads = (SlideColumn("Segment"), *(SlideColumn(f"Measure {number}", MONEY) for number in range(columns)))
    cells: tuple[tuple[Value, ...], ...] = tuple(
        (f"Segment {row}", *(float(10**6 * row + number) for number in range(columns))) for row in range(rows)
    )
    table = SlideTable(heads, cells, "A wide table", total=("All", *(1.0 for _ in range(columns))))
    slide = SlideSpec("wide", SlideKind.CONTENT, "All of 1 table", exhibits=(table,), so_what=("**So** what.",))
    return DeckSpec("Wide", "", (slide,))


def tables(path: Path) -> list[list[list[str]]]:
    shapes: list[Any] = [shape for slide in Presentation(str(path)).slides for shape in slide.shapes if shape.has_table]
    return [[[cell.text for cell in row.cells] for row in shape.table.rows] for shape in shapes]


@pytest.mark.parametrize("rows", [3, 40])
def test_columns_that_do_not_fit_continue_on_another_slide(rows: int, tmp_path: Path) -> None:
    spec, path = wide(24, rows), tmp_path / "deck.pptx"
    notes = write_deck(spec, path, IDR)
    assert "slide 'wide': columns of the table continue on another slide" in notes
    made = tables(path)
    assert {head for table in made for head in table[0]} == {"Segment", *(f"Measure {n}" for n in range(24))}
    seen = {(row[0], head) for table in made for row in table[1:] for head in table[0][1:]}
    assert len(seen) == 24 * (rows + 1)  # with the total
    assert all(table[0][0] == "Segment" for table in made)
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(str(path)).slides]
    assert len(set(titles)) == len(titles)


def test_a_column_wider_than_a_slide_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    endless = "w" * 400
    table = SlideTable((SlideColumn("Segment"), SlideColumn("Text")), ((endless, endless),), "Endless")
    slide = SlideSpec("endless", SlideKind.CONTENT, "All of 1 table", exhibits=(table,))
    with pytest.raises(TemplateError, match="does not fit") as told:
        write_deck(DeckSpec("Wide", "", (slide,)), tmp_path / "deck.pptx", IDR)
    assert told.value.remedy
