"""Tables before they are drawn: widths by measured words, brief money, optional columns, split rows, readable tints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.base.units import COUNT, MONEY, SHARE, Currency, Value
from regulars.render.deck.grid import SIDE, Grid, Plan, grid_of, plan
from regulars.render.deck.template import open_template
from regulars.render.deck.theme import READABLE, Paint, contrast, roles_of
from regulars.story.slide_spec import Role, SlideColumn, SlideTable

THEME = open_template(None).theme
FACE = THEME.minor
GBP = Currency("GBP")


def grid(rows: int = 3, *, optional: int = 0, money: float = 1_234_567.0) -> Grid:
    columns = (
        SlideColumn("Segment"),
        SlideColumn("Customers", COUNT),
        SlideColumn("Revenue", MONEY),
        SlideColumn("Revenue before", MONEY),
        *(SlideColumn(f"Extra measure {number}", SHARE, optional=True) for number in range(optional)),
    )
    row: tuple[Value, ...] = ("Potential Loyalists", 517, money, money / 3, *(0.5 for _ in range(optional)))
    return grid_of(SlideTable(columns, (row,) * rows, "Table of segments", total=row), THEME, GBP)


def planned(made: Grid, width: float, height: float) -> Plan:
    found = plan(made, FACE, width, height)
    assert found is not None
    return found


def test_a_table_with_room_is_set_large_and_fills_the_width() -> None:
    found = planned(grid(), 870, 330)
    assert found.size == 14
    assert sum(found.widths) == pytest.approx(870)


def test_numeric_columns_of_one_kind_are_equally_wide() -> None:
    widths = planned(grid(), 870, 330).widths
    assert widths[2] == pytest.approx(widths[3])


@given(st.floats(330, 900))
def test_no_word_and_no_number_is_broken(width: float) -> None:
    made = grid()
    found = planned(made, width, 400)
    texts = ["Potential", "Loyalists", *(cell.brief if found.brief else cell.text for cell in made.rows[0][1:])]
    columns = [0, 0, 1, 2, 3]
    for text, column in zip(texts, columns, strict=True):
        assert FACE.width(text, found.size, bold=column == 0) <= found.widths[column] - 2 * SIDE + 0.01


def test_money_is_brief_before_it_is_tiny() -> None:
    assert not planned(grid(), 600, 330).brief
    tight = planned(grid(), 248, 330)
    assert tight.brief
    assert tight.size >= 12


def test_optional_columns_go_from_the_right_when_space_is_short() -> None:
    made = grid(optional=3)
    assert len(planned(made, 870, 330).columns) == 7
    kept = planned(made, 360, 330).columns
    assert kept == tuple(range(len(kept)))
    assert 4 <= len(kept) < 7


def test_a_table_that_cannot_fit_has_no_plan() -> None:
    assert plan(grid(), FACE, 100, 330) is None
    assert plan(grid(), FACE, 870, 30) is None


@given(st.integers(1, 120), st.floats(100, 400))
def test_a_split_table_never_exceeds_its_room_and_always_moves_on(rows: int, height: float) -> None:
    found = planned(grid(rows), 870, height)
    assert 1 <= found.taken <= rows
    assert found.height <= height + 0.01


def test_rows_are_shared_evenly_between_slides() -> None:
    found = planned(grid(30), 870, 330)
    assert found.taken == 15


def test_cells_above_and_below_the_mean_are_tinted_and_the_mean_is_not() -> None:
    table = SlideTable(
        (SlideColumn("S"), SlideColumn("Index", SHARE, tinted=True)), (("a", 1.5), ("b", 1.0), ("c", 0.5)), "x"
    )
    high, mean, low = (row[1].paint for row in grid_of(table, THEME, GBP).rows)
    assert high is not None
    assert low is not None
    assert mean is None
    assert (high.slot, low.slot) == (THEME.roles[Role.POSITIVE].slot, THEME.roles[Role.LINE].slot)


def test_heat_grows_with_the_value_and_text_on_it_can_always_be_read() -> None:
    columns = (SlideColumn("R"), *(SlideColumn(f"F{number}", MONEY, heat=True) for number in range(11)))
    values = tuple(float(number * 10) for number in range(11))
    cells = grid_of(SlideTable(columns, (("R1", *values),), "Heat"), THEME, GBP).rows[0][1:]
    paints = [cell.paint for cell in cells]
    alphas = [paint.alpha for paint in paints if paint is not None]
    assert len(alphas) == 11
    assert alphas == sorted(alphas)
    for paint in paints:
        assert paint is not None
        assert contrast(THEME.rgb(paint), THEME.colours[THEME.text_on(paint)]) >= READABLE


def test_our_fills_carry_readable_labels_and_our_text_colours_are_readable() -> None:
    for role, paint in THEME.roles.items():
        assert contrast(THEME.rgb(paint), THEME.colours[THEME.text_on(paint)]) >= READABLE, role
        slot = THEME.text_in(role, 12)
        assert contrast(THEME.colours[slot], THEME.colours["bg1"]) >= READABLE, role


def test_a_theme_without_red_shows_losses_in_the_text_colour() -> None:
    blues = {f"accent{number}": (0.1 * number, 0.3, 0.8) for number in range(1, 7)}
    colours = {"bg1": (1.0, 1.0, 1.0), "tx1": (0.0, 0.0, 0.0), "tx2": (0.1, 0.1, 0.3), **blues}
    assert roles_of(colours)[Role.NEGATIVE] == Paint("tx1")


def test_a_missing_value_is_a_dash_and_an_empty_total_text_is_empty() -> None:
    table = SlideTable(
        (SlideColumn("S"), SlideColumn("N", COUNT), SlideColumn("Play")), (("a", None, "x"),), "x", ("Total", 1, None)
    )
    made = grid_of(table, THEME, GBP)
    assert made.rows[0][1].text == "–"
    assert made.total is not None
    assert made.total[2].text == ""
