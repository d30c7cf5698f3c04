"""Odd shops through the whole pipeline: nothing crashes, divides by nought, warns, or shows a number that is none."""

from __future__ import annotations

import csv
import datetime as dt
import math
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from regulars.analysis import Analysis, analyse
from regulars.base.errors import InputError
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.orders.load import load_orders
from regulars.render.deck import write_deck
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import Formula, SheetSpec, WorkbookSpec
from regulars.story.sheets import workbook
from regulars.story.slide_spec import DeckSpec
from regulars.story.slides import deck

BAD = re.compile(r"(?<![\w.])[-−+]?(nan|inf|NaN|Inf|None|NaT)(?!\w)|\{[a-z_]+(\.[a-z_]+)*~?\}")
HEAD = ("order", "customer", "date", "product", "quantity", "price")
LIKE_A_FACT = "{customers.count}"
ODD_NAMES = ("=cmd()", '🦊 "Fox"', "x" * 300, LIKE_A_FACT, "'q", "a<b>&c", "@x", "+1")
Shop = tuple[Analysis, Facts, WorkbookSpec, DeckSpec]
Told = Callable[..., Shop]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Write a CSV file, analyse it, word it and write workbook and deck; check every number and sentence on the way."""

    def tell(rows: Iterable[tuple[Any, ...]], head: tuple[str, ...] = HEAD, **options: Any) -> Shop:
        path = tmp_path / "shop.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *rows])
        settings = Settings(sheets="full", **options)
        analysis = analyse(load_orders([path], settings), settings)
        facts = find_facts(analysis)
        assert "NaN" not in facts.as_json()
        assert all(math.isfinite(fact.value) for fact in facts.values() if isinstance(fact.value, float))
        sheets, slides = workbook(analysis, facts), deck(analysis, facts)
        ours = [sheet for sheet in sheets.sheets if sheet.name not in {"Customers", "Rows set aside"}]
        for value in _values((ours, slides)):
            assert not isinstance(value, float) or math.isfinite(value)
            # A name may look like a placeholder; it is its owner's.
            assert not isinstance(value, str) or not BAD.search(value.replace(LIKE_A_FACT, "")), value
        write_workbook(sheets, tmp_path / "shop.xlsx", facts.currency)
        write_deck(slides, tmp_path / "shop.pptx", facts.currency)
        return analysis, facts, sheets, slides

    return tell


def _values(node: Any) -> Iterator[Any]:
    if isinstance(node, Formula):
        yield node.value
    elif is_dataclass(node):
        for field in fields(node):
            yield from _values(getattr(node, field.name))
    elif isinstance(node, tuple | list):
        for one in node:
            yield from _values(one)
    else:
        yield node


def year(count: int, customers: int, **changes: Callable[[int], Any]) -> list[tuple[Any, ...]]:
    """Orders spread over 2025; a change says what stands in a column of row n."""
    plain: dict[str, Callable[[int], Any]] = {
        "order": lambda n: n,
        "customer": lambda n: f"C{n % customers:03}",
        "date": lambda n: f"2025-{1 + n % 12:02}-{1 + n % 27:02}",
        "product": lambda n: f"p{n % 4}",
        "quantity": lambda _: 1,
        "price": lambda n: 3 + n % 9,
    }
    return [tuple((plain | changes)[name](n) for name in HEAD) for n in range(count)]


def keys(slides: DeckSpec) -> set[str]:
    return {slide.key for slide in slides.slides}


def sheet(book: WorkbookSpec, name: str) -> SheetSpec:
    return next(one for one in book.sheets if one.name == name)


def test_one_customer_with_one_order(told: Told) -> None:
    _, facts, _, slides = told([("1", "Ada", "2025-01-01", "mug", 1, 3)])
    assert (facts.value("customers.count"), facts.value("revenue.total")) == (1, 3.0)
    assert facts.value("customers.usual_gap") is None
    assert {"title", "summary", "closing"} <= keys(slides)
    assert not {"trend", "retention", "lifetime"} & keys(slides)


def test_twelve_customers(told: Told) -> None:
    _, facts, _, _ = told(year(40, 12))
    assert facts.value("clusters.reason") == "12 customers are too few for clusters: they need 50"
    assert facts.value("clv.model") == "none"


def test_no_order_costs_anything(told: Told) -> None:
    rows = [(n, f"C{n % 12}", f"2025-{1 + n % 6:02}-{1 + n % 27:02}", 0) for n in range(40)]
    _, facts, book, slides = told(rows, ("order", "customer", "date", "amount"))
    assert facts.value("revenue.total") == 0
    assert facts.value("impact.total.net_roi") is None
    assert not {"value", "scorecard", "concentration", "heat"} & keys(slides)
    assert any("no segment has a share" in str(value) for value in _values(sheet(book, "Summary")))


def test_every_order_is_returned_and_counted(told: Told) -> None:
    _, facts, _, _ = told(year(5, 5, quantity=lambda _: -1), returns="keep")
    assert facts.number("revenue.total") < 0
    assert facts.number("impact.total.investment") >= 0


def test_only_returns_are_no_orders(told: Told) -> None:
    with pytest.raises(InputError, match="no order line is left: all 5 rows were set aside"):
        told(year(5, 5, quantity=lambda _: -1))


@pytest.mark.parametrize("worse", [2, 30])
def test_customers_in_the_red_where_returns_count(told: Told, worse: int) -> None:
    analysis, facts, _, _ = told(year(300, 70, quantity=lambda n: -worse if n % 70 < 16 else 1), returns="keep")
    assert (analysis.summary.customers.frame["revenue"] < 0).sum() == 16
    assert (facts.number("revenue.total") < 0) == (worse == 30)
    assert all(one.investment >= 0 for one in analysis.impact.initiatives)


def test_one_product_at_one_price(told: Told) -> None:
    analysis, *_ = told(year(300, 80, product=lambda _: "mug", price=lambda _: 3))
    assert len(analysis.summary.products.frame) == 1


def test_a_window_of_one_day(told: Told) -> None:
    _, facts, _, slides = told(year(100, 60, date=lambda _: "2025-05-05"))
    assert facts.value("window.days") == 1
    assert facts.value("months.complete") == 0
    assert "trend" not in keys(slides)


def test_ten_years_of_orders(told: Told) -> None:
    chance = random.Random(1)  # noqa: S311  no secret
    start = dt.date(2015, 1, 1)
    rows = [
        (
            n,
            f"C{int(chance.paretovariate(0.5)) % 400}",
            start + dt.timedelta(chance.randrange(3650)),
            "p",
            1,
            5 + n % 50,
        )
        for n in range(3000)
    ]
    _, facts, book, slides = told(rows)
    assert facts.number("months.complete") >= 118
    assert facts.known("months.year_change")
    assert {"trend", "retention"} <= keys(slides)
    assert sheet(book, "Acquisition and cohorts").blocks


def test_huge_amounts(told: Told) -> None:
    _, facts, _, _ = told(year(200, 60, quantity=lambda _: 1000, price=lambda n: 10_000_000 * (1 + n % 3)))
    assert facts.value("revenue.total") == 3_990_000_000_000


@pytest.mark.parametrize("scheme", ["rfm11", "supplied"])
def test_names_that_are_formulas_signs_and_very_long(told: Told, scheme: str) -> None:
    rows = [(*row, ODD_NAMES[row[0] % 5]) for row in year(90, 8, customer=lambda n: ODD_NAMES[n % 8])]
    rows = [(*row[:3], ODD_NAMES[(row[0] + 3) % 8], *row[4:]) for row in rows]
    analysis, facts, _, _ = told(rows, (*HEAD, "segment"), scheme=scheme)
    assert set(analysis.summary.customers.frame["customer"]) == set(ODD_NAMES)
    # Eight customers cannot fill eleven segments.
    assert facts.value("segments.lead") == ("lifecycle6" if scheme == "rfm11" else scheme)


def test_a_slide_shortens_a_long_segment_name_and_a_sheet_does_not(told: Told) -> None:
    rows = [(*row, "Bought at the fair in spring, twice or more") for row in year(20, 5)]
    _, _, book, slides = told(rows, (*HEAD, "segment"), scheme="supplied")
    assert "Bought at the fair in spring, t…" in list(_values(slides))
    assert "Bought at the fair in spring, twice or more" in list(_values(sheet(book, "Segments")))


def test_a_day_to_look_from_long_after_the_last_order(told: Told) -> None:
    rows = year(300, 80, date=lambda n: f"2025-{1 + n % 3:02}-{1 + n % 27:02}")
    _, facts, _, _ = told(rows, as_of=dt.date(2025, 8, 15))
    assert facts.value("months.complete") == 7
    assert facts.value("months.dip_revenue") == 0
    assert facts.value("retention.month_6") == 0


def test_all_customers_equal(told: Told) -> None:
    _, facts, _, slides = told(year(100, 100, date=lambda _: "2025-03-03", product=lambda _: "p", price=lambda _: 3))
    assert facts.value("segments.filled") == 1
    assert "scorecard" in keys(slides)
    assert "value" not in keys(slides)  # one segment has nothing to be compared with


def test_a_cost_column_that_leaves_a_loss(told: Told) -> None:
    rows = [(n, f"C{n % 80}", f"2025-{1 + n % 12:02}-{1 + n % 27:02}", 10, -1) for n in range(300)]
    _, facts, _, _ = told(rows, ("order", "customer", "date", "amount", "profit"))
    assert facts.value("impact.margin") == 0.4
    assert "assumption" in str(facts.value("impact.margin_source"))


def test_ten_clusters_lead(told: Told) -> None:
    _, facts, _, _ = told(year(300, 80, quantity=lambda n: 1 + n % 7), clusters=10, scheme="kmeans5")
    assert facts.value("clusters.k") == 10


FOR_GROUPS = {"value", "scorecard", "concentration", "heat", "lifetime", "retention", "movement"}


@pytest.mark.parametrize("customers", [1, 3])
def test_a_deck_of_few_customers_says_nothing_of_groups(told: Told, customers: int) -> None:
    _, facts, book, slides = told(year(40, customers))
    assert facts.value("concentration.top_10_share") is None
    assert not FOR_GROUPS & keys(slides)
    assert {"title", "summary", "trend", "playbook", "risks", "closing"} <= keys(slides)
    assert not any("best 10%" in str(value) for value in _values((sheet(book, "Summary"), slides)))


@pytest.mark.parametrize("worse", [-1, -3])
def test_returns_that_outweigh_orders_leave_no_share_lifetime_plan_or_rate(told: Told, worse: int) -> None:
    rows = year(300, 70, quantity=lambda n: 1 if n % 2 and worse < -1 else worse)
    analysis, facts, book, slides = told(rows, returns="keep")
    assert facts.number("revenue.total") < 0
    assert not any(
        facts.known(key) for key in ("concentration.top_10_share", "concentration.top_customer_share", "clv.total")
    )
    assert analysis.impact.plan == ()
    assert not (FOR_GROUPS | {"waterfall", "portfolio", "roadmap", "playbook"}) & keys(slides)
    said = [str(value) for value in _values((sheet(book, "Summary"), slides))]
    assert any("nothing can be said of value" in value for value in said)
    assert not any("break-even" in value or "breaks even" in value for value in said)


def test_a_plan_of_one_initiative_brings_the_gain_and_has_no_roadmap(told: Told) -> None:
    chosen = {
        f"{key}.in_plan": key == "upgrade" for key in ("win_back", "keep_best", "second_order", "upgrade", "wake_up")
    }
    chosen |= {f"{key}.in_plan": False for key in ("frequency", "order_value", "last_try")}
    analysis, _, _, slides = told(year(300, 70, price=lambda n: 1 + n % 40), assumptions=chosen)
    assert [one.key for one in analysis.impact.plan] == ["upgrade"]
    assert "roadmap" not in keys(slides)
    said = [value for value in _values(slides) if isinstance(value, str)]
    assert any(re.search(r"loyal ones \([^)]*\) brings the \*\*", value) for value in said)
    assert not any("most of the" in value for value in said)
