from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.base.errors import InputError
from regulars.base.settings import Settings
from regulars.orders.clean import clean
from regulars.orders.model import Orders, Reason
from regulars.orders.numbers import read_number
from regulars.orders.raw import RawSource, Recognised, RecognisedSource

FIELDS = ("order", "customer", "date", "product", "quantity", "price")
slowly = settings(deadline=None, max_examples=20)


def source(lines: Any, name: Any = "orders.csv") -> Any:
    cells = {"row": pa.array(range(2, len(lines) + 2), pa.int64())}
    for index in range(len(FIELDS)):
        cells[f"c{index}"] = pa.array([line[index] for line in lines], pa.string())
    return RecognisedSource(
        RawSource(name, 1, FIELDS, pa.table(cells)), {field: index for index, field in enumerate(FIELDS)}
    )


def cleaned(*sheets: Any, **options: Any) -> Orders | None:
    """Clean; None where no line is left."""
    recognised = Recognised(tuple(source(lines, f"{at}") for at, lines in enumerate(sheets)))
    try:
        return clean(recognised, Settings(**options))
    except InputError as error:
        assert "no order line is left" in str(error)  # noqa: PT017  any other refusal fails the law
    return None


def total(orders: Any) -> Any:
    return sum(orders.lines["amount"].to_pylist())


messy_line = st.tuples(
    st.sampled_from(["1", "2", "3", "C4", "Subtotal", None]),
    st.sampled_from(["A", "B", " A", "guest", None]),
    st.sampled_from(["2025-01-01", "02/01/2025", "2025-01-03 10:00:00", "soon", None]),
    st.sampled_from(["mug", "cup", None]),
    st.sampled_from(["1", "2", "-1", "-2", "0", "(3)", "many", None]),
    st.sampled_from(["3", "£2.50", "2,50", "0", "-1", "ask", None]),
)
options = st.fixed_dictionaries(
    {"returns": st.sampled_from(["net", "drop", "keep"]), "repeats": st.sampled_from(["keep", "drop"])}
)


@slowly
@given(st.lists(messy_line, min_size=1, max_size=12), st.lists(messy_line, min_size=1, max_size=8), options)
def test_every_row_and_its_money_is_accounted_for(one: Any, two: Any, told: Any) -> None:
    orders = cleaned(one, two, **told)
    if orders is None:
        return
    ledger = orders.ledger
    places = orders.lines.select(["source", "row"]).to_pylist() + orders.set_aside.select(["source", "row"]).to_pylist()
    written = [("0", row) for row in range(2, len(one) + 2)] + [("1", row) for row in range(2, len(two) + 2)]
    assert sorted((place["source"], place["row"]) for place in places) == written
    assert ledger.rows_read == len(written) == orders.lines.num_rows + orders.set_aside.num_rows
    money_aside: dict[str, int] = defaultdict(int)
    for row in orders.set_aside.to_pylist():
        money_aside[row["reason"]] += row["amount"] or 0
    assert {reason: money_aside[reason] for reason in Reason} == ledger.revenue_by_reason
    assert ledger.returns_unmatched <= 0 <= ledger.revenue_taken_off
    assert all(units > 0 for units in orders.lines["units"].to_pylist()) or told["returns"] == "keep"


purchase_or_return = st.tuples(
    st.sampled_from(["A", "B"]),
    st.integers(0, 6),  # hour
    st.sampled_from(["mug", "cup"]),
    st.integers(-6, 6).filter(bool),
    st.integers(1, 9),  # price
)


def as_cells(events: Any) -> Any:
    return [
        (str(at), customer, f"2025-01-01 {hour:02d}:00:00", product, str(units), str(price))
        for at, (customer, hour, product, units, price) in enumerate(events, 1000)
    ]


def by_hand(events: Any) -> Any:
    """Net returns one unit at a time: each takes the latest earlier unit of the same customer and product."""
    stacks: dict[tuple[str, str], list[int]] = defaultdict(list)
    unmatched = 0
    ordered = sorted(enumerate(events, 1000), key=lambda one: (one[1][1], one[1][3] < 0, one[1][4], str(one[0])))
    for at, (customer, _, product, units, price) in ordered:
        stack = stacks[customer, product]
        if units > 0:
            stack += [at] * units
            continue
        for _ in range(-units):
            if stack:
                stack.pop()
            else:
                unmatched -= price
    left: dict[int, int] = defaultdict(int)
    for stack in stacks.values():
        for at in stack:
            left[at] += 1
    return dict(left), unmatched


@slowly
@given(st.lists(st.lists(purchase_or_return, min_size=1, max_size=14), min_size=3, max_size=3))
def test_netting_equals_taking_units_back_one_by_one(groups: Any) -> None:
    """Three groups of customers in one sheet: what one group returns takes nothing off another."""
    events = [(f"{customer}{at}", *event) for at, group in enumerate(groups) for customer, *event in group]
    left, unmatched = by_hand(events)
    orders = cleaned(as_cells(events))
    if orders is None:
        assert not left
        return
    found = dict(zip(orders.lines["order"].to_pylist(), orders.lines["units"].to_pylist(), strict=True))
    assert found == {str(at): units * 10_000 for at, units in left.items()}
    assert orders.ledger.returns_unmatched == unmatched * 10_000


@slowly
@given(st.lists(purchase_or_return, min_size=1, max_size=14), st.randoms(use_true_random=False), options)
def test_the_order_of_rows_does_not_matter_for_totals(events: Any, chance: random.Random, told: Any) -> None:
    lines = as_cells(events)
    shuffled = chance.sample(lines, len(lines))
    one, two = cleaned(lines, **told), cleaned(shuffled, **told)
    if one is None or two is None:
        assert one is two
        return
    assert total(one) == total(two)
    assert one.ledger == two.ledger
    assert one.window == two.window


@slowly
@given(st.lists(purchase_or_return, min_size=1, max_size=14).map(lambda events: [(*event[:4], 5) for event in events]))
def test_where_prices_agree_net_and_unmatched_are_sales_less_all_returns(events: Any) -> None:
    net = cleaned(as_cells(events))
    written = sum(units * price * 10_000 for *_, units, price in events)
    if net is not None:
        assert total(net) + net.ledger.returns_unmatched == written


STYLES = {
    "plain": lambda n: f"{n:.2f}",
    "pound": lambda n: ("-" if n < 0 else "") + f"£{abs(n):,.2f}",
    "code first": lambda n: f"GBP {n:,.2f}",
    "code last": lambda n: f"{n:,.2f} USD",
    "german": lambda n: f"{n:,.2f} €".translate(str.maketrans(",.", ".,")),
    "french": lambda n: f"{n:,.2f}".translate(str.maketrans(",.", "\u202f,")),
    "swiss": lambda n: f"CHF {n:,.2f}".replace(",", "'"),
    "brackets": lambda n: f"({abs(n):,.2f})" if n < 0 else f"{n:,.2f}",
    "minus behind": lambda n: f"{abs(n):,.2f}-" if n < 0 else f"{n:,.2f}",
    "true minus": lambda n: f"{n:,.2f}".replace("-", "−"),
}


@pytest.mark.parametrize("style", STYLES)
@settings(deadline=None)
@given(pence=st.integers(-(10**10), 10**10))
def test_what_is_written_in_a_style_is_read_back(style: Any, pence: Any) -> None:
    number = pence / 100
    read = read_number(STYLES[style](number))
    assert read is not None
    assert read.value() == pytest.approx(number, abs=1e-6)


@settings(deadline=None)
@given(percent=st.integers(0, 1000))
def test_percentages_are_read_back(percent: Any) -> None:
    read = read_number(f"{percent / 10} %")
    assert read is not None
    assert read.value(".") == pytest.approx(percent / 1000)
