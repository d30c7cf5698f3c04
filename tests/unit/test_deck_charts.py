"""Numbers behind charts: waterfall blocks, brief formats that agree with shown facts, round axes, labels apart."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.base.units import COUNT, MONEY, MULTIPLE, SHARE, Currency
from regulars.render.deck.formats import chart_format
from regulars.render.deck.lines import _apart, nice_scale, tick_step
from regulars.render.deck.measure import face
from regulars.render.deck.waterfall import blocks

GBP = Currency("GBP")
STEPS = st.lists(st.integers(-1000, 1000).map(float), min_size=1, max_size=8)


@given(STEPS)
def test_blocks_of_a_step_span_the_level_before_and_after(steps: list[float]) -> None:
    made = blocks(steps, [False] * len(steps))
    level = 0.0
    for number, step in enumerate(steps):
        before, level = level, level + step
        above = made.rise[number] + made.fall[number]
        below = made.rise_below[number] + made.fall_below[number]
        assert above - below == pytest.approx(abs(step))
        top = made.base[number] + above if above else made.base[number]
        if before >= 0 and level >= 0:
            assert top == pytest.approx(max(before, level))
        if before < 0 and level < 0:
            assert made.base[number] + below == pytest.approx(min(before, level))


def test_totals_stand_on_zero_and_set_the_level() -> None:
    made = blocks([100, 50, 400, -10], [True, False, True, False])
    assert made.total == (100.0, 0.0, 400.0, 0.0)
    assert made.base == (0.0, 100.0, 0.0, 390.0)


def test_a_negative_total_hangs_below_zero_with_its_label_under_it() -> None:
    made = blocks([-30.0], [True])
    assert made.total == (-30.0,)
    assert made.label[0] < 0
    assert made.below_zero


def rendered(number_format: str, value: float) -> str:
    """What a spreadsheet shows for a positive value in one of our money formats."""
    for part in number_format.split(";"):
        condition, rest = part[3:].split("]", 1) if part.startswith("[>=") else ("0", part)
        if value >= float(condition):
            break
    prefix, rest = rest.split('"')[1], rest.split('"', 2)[2]
    digits = rest.split('"')[0]
    letter = rest.split('"')[1] if '"' in rest else ""
    scaled = value / 1000 ** (len(digits) - len(digits.rstrip(",")))
    decimals = len(digits.rstrip(",").split(".")[1]) if "." in digits else 0
    grouped = "#,##0" in digits
    return prefix + (f"{scaled:,.{decimals}f}" if grouped else f"{scaled:.{decimals}f}") + letter


@given(st.lists(st.integers(100, 90_000_000_000), min_size=1, max_size=3))
def test_a_chart_label_shows_what_the_texts_show(values: list[int]) -> None:
    made = chart_format(MONEY, GBP, values)
    for value in values:
        # A value on the edge of rounding may be shown half a unit apart by two programs.
        scaled = value / 1000 ** (int(math.log10(value)) // 3) * 10
        if abs(scaled % 1 - 0.5) > 1e-6:
            assert rendered(made, value) == MONEY.show(value, GBP, brief=True)


def test_many_sizes_of_money_keep_to_two_conditions() -> None:
    made = chart_format(MONEY, GBP, [8_832_003, 412_000, 21_310, 48])
    assert made == '[>=999500]"£"0.0,,"M";[>=9950]"£"0,"K";"£"#,##0'


def test_other_units_keep_their_formats() -> None:
    assert chart_format(SHARE, GBP, [0.5]) == "0.0%"
    assert chart_format(COUNT, GBP, [1]) == "#,##0"
    assert chart_format(MULTIPLE, GBP, [1]) == '#,##0.0"x"'


def test_losses_have_a_minus_sign() -> None:
    assert chart_format(MONEY, GBP, [-24_000, 71_000]) == '"£"0.0,"K";−"£"0.0,"K"'


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30))
def test_an_axis_holds_all_values_between_round_ends(values: list[float]) -> None:
    scale = nice_scale(values)
    slack = scale.step * 1e-6
    assert scale.low - slack <= min(values)
    assert max(values) <= scale.high + slack
    assert 1 <= round((scale.high - scale.low) / scale.step) <= 12


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_labels_at_line_ends_do_not_touch_and_keep_their_order(places: list[float]) -> None:
    moved = _apart(places, 0.05)
    ordered = sorted(moved)
    assert all(b - a >= 0.05 - 1e-9 for a, b in pairwise(ordered))
    by_place = sorted(range(len(places)), key=lambda i: places[i])
    assert sorted(by_place, key=lambda i: moved[i]) == by_place


def test_months_of_two_years_are_labelled_each_quarter_or_rarer() -> None:
    assert tick_step([f"2010-{month:02d}" for month in range(1, 25)], 500, face("Calibri")) >= 2
    assert tick_step(["Jan"] * 12, 500, face("Calibri")) == 1
