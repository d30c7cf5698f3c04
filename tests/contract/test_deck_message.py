"""What the deck argues: its titles say what matters most in this shop, and none of them contradicts another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.base.units import TEN_THOUSANDTHS
from regulars.findings import find_facts
from regulars.story.case import BEFORE_ANY_PLAN, Case, case_of
from regulars.story.sheets.summary import actions, findings
from regulars.story.slide_spec import Chart, SlideSpec, SlideTable, Statements
from regulars.story.slides import SLIDES, deck

OF_THE_PLAN = {slide.key for slide in SLIDES if slide.plans}
Line = tuple[Any, ...]


@dataclass(frozen=True)
class Told:
    """A shop with its facts and its full deck, by slide."""

    analysis: Analysis
    facts: Facts
    slides: dict[str, SlideSpec]

    def title(self, key: str) -> str:
        return self.slides[key].title

    def words(self, *keys: str) -> str:
        """Everything that slides say, the whole deck without keys."""
        return "\n".join(text for key in (keys or self.slides) for text in _texts(self.slides[key]))


def _texts(slide: SlideSpec) -> list[str]:
    found = [slide.title, slide.subtitle, slide.source, slide.notes, *slide.so_what]
    for part in slide.exhibits:
        if isinstance(part, Statements):
            found += [f"{row.lead}: {row.text}" for row in part.rows] + [f"{t.shown} {t.label}" for t in part.tiles]
        elif isinstance(part, SlideTable):
            found += [str(cell) for row in part.rows for cell in row]
    return found


def told_of(analysis: Analysis, facts: Facts | None = None) -> Told:
    full = replace(analysis, settings=replace(analysis.settings, slides=("full",)))
    facts = facts or find_facts(full)
    return Told(full, facts, {slide.key: slide for slide in deck(full, facts).slides})


def shop(customers: int, *, orders: int = 3, profit: float | None = None, segment: str | None = None) -> list[Line]:
    """Customers who order every so many days; some stopped, some came late."""
    lines: list[Line] = []
    for one in range(customers):
        for number in range(1 + one % orders):
            month, day = 1 + (one + 3 * number) % 12, 1 + (7 * one + number) % 28
            amount = 20.0 + 7 * (one % 11)
            share = None if profit is None else amount * profit
            lines.append((f"C{one:03}", f"2025-{month:02}-{day:02}", amount, "", None, share, segment))
    return lines


@pytest.fixture(scope="module")
def tell(orders_of: Callable[..., Any]) -> Callable[..., Told]:
    def tell(lines: list[Line], unmatched: float = 0.0, **options: Any) -> Told:
        orders = orders_of(lines, end="2025-12-31", start="2025-01-01")
        ledger = replace(orders.ledger, returns_unmatched=int(unmatched * TEN_THOUSANDTHS))
        return told_of(analyse(replace(orders, ledger=ledger), Settings(**options)))

    return tell


@pytest.fixture(scope="module")
def full_superstore(superstore: Any) -> Told:
    return told_of(superstore.analysis, superstore.facts)


@pytest.fixture(scope="module")
def full_cdnow(cdnow: Any) -> Told:
    return told_of(cdnow.analysis, cdnow.facts)


def test_a_shop_that_loses_money_says_so_first_and_shows_no_plan(tell: Callable[..., Told]) -> None:
    losing = tell(shop(80, profit=-0.2))
    assert case_of(losing.analysis, losing.facts) is Case.LOSS
    loss = losing.facts.show("profit.loss", brief=True)
    assert losing.title("summary").startswith(f"These orders lost {loss} on ")
    assert loss in losing.title("closing")
    assert loss in losing.title("risks")
    assert not (OF_THE_PLAN | {"tiers"}) & set(losing.slides)
    assert "could add" not in losing.words()
    assert findings(losing.analysis, losing.facts)[0].startswith("By their own profit or cost column")
    assert actions(losing.analysis, losing.facts)[0].startswith("First find where")


def test_an_owner_who_says_a_margin_has_a_plan_again(tell: Callable[..., Told]) -> None:
    said = tell(shop(80, profit=-0.2), margin=0.3)
    assert case_of(said.analysis, said.facts) not in BEFORE_ANY_PLAN


def test_returns_that_outweigh_purchases_are_the_message(tell: Callable[..., Told]) -> None:
    taken = tell(shop(80), unmatched=-20_000.0)
    net = taken.facts.show("revenue.net_of_all_returns", brief=True)
    assert taken.facts.number("revenue.net_of_all_returns") < 0
    assert net in taken.title("summary")
    assert not OF_THE_PLAN & set(taken.slides)
    some = tell(shop(80), unmatched=-1_000.0)
    assert case_of(some.analysis, some.facts) is not Case.RETURNS
    assert some.facts.show("revenue.net_of_all_returns", brief=True) in some.words("summary")


def test_fewer_than_ten_customers_get_no_pilot_and_no_plan(tell: Callable[..., Told]) -> None:
    few = tell(shop(9))
    assert not OF_THE_PLAN & set(few.slides)
    assert "pilot with a group left alone" not in few.words()
    assert "9 customers" in few.title("closing")


def test_a_healthy_shop_is_not_told_that_its_orders_are_incomplete(tell: Callable[..., Told]) -> None:
    once = tell(shop(120, orders=1))
    assert case_of(once.analysis, once.facts) is Case.ONCE
    one_segment = tell(shop(120, segment="Everyone"), scheme="supplied")
    for healthy in (once, one_segment):
        said = healthy.words("summary", "closing")
        assert "signs are turned" not in said
        assert "orders are complete" not in said
    assert "nobody came back" in once.title("summary")
    assert "value" not in one_segment.slides


def test_one_customer_who_carries_the_shop_stands_wherever_an_average_holds_them(tell: Callable[..., Told]) -> None:
    lines = shop(80) + [("BIG", f"2025-{month:02}-20", 900.0) for month in range(1, 13)]
    carried = tell(lines)
    facts = carried.facts
    share = facts.show("concentration.top_customer_share")
    assert facts.value("largest.carries") == "yes"
    assert f"One customer (BIG) alone brings **{share}**" in carried.words("summary")
    assert share in carried.title("concentration")
    assert facts.show("largest.segment_each_without") in carried.title("scorecard")
    assert "BIG" in carried.words("value")
    assert "BIG" in carried.words("risks")
    assert facts.show("largest.segment_each_without") in " ".join(findings(carried.analysis, facts))
    assert facts.value("largest.cell") == facts.value("rfm.best_cell")
    known = facts.known("largest.cell_each_without")
    assert (facts.show("largest.cell_each_without") if known else "one customer alone") in carried.title("heat")
    assert tell(shop(80)).facts.value("largest.carries") == "no"


def test_averages_without_the_largest_customer_are_those_of_the_others(tell: Callable[..., Told]) -> None:
    facts = tell([*shop(40), ("BIG", "2025-12-20", 9_000.0)]).facts
    each, without, share = (facts.value(f"largest.segment_{name}") for name in ("each", "each_without", "share"))
    assert isinstance(each, float)
    assert isinstance(share, float)
    if without is None:
        assert share == 1
    else:
        count = 9_000.0 / share / each
        assert without == pytest.approx((each * count - 9_000.0) / (count - 1))


def test_a_test_that_would_bring_more_than_the_plan_is_in_title_decision_and_portfolio(full_superstore: Told) -> None:
    profit = full_superstore.facts.show("impact.plan.price.gross_profit", brief=True)
    assert full_superstore.facts.number("impact.plan.price.gross_profit") > full_superstore.facts.number(
        "impact.plan.gross_profit"
    )
    assert profit in full_superstore.title("summary")
    assert "test a price rise" in full_superstore.title("closing")
    assert "Test, not in the plan: a price rise" in full_superstore.words("portfolio")
    assert profit in full_superstore.words("priority")


def test_the_decision_starts_with_what_the_roadmap_starts_with(full_cdnow: Told) -> None:
    named = re.compile("“(.+?)”")
    first = named.search(full_cdnow.title("roadmap"))
    assert first is not None
    assert first[1] in full_cdnow.title("closing")
    plan = sorted(full_cdnow.analysis.impact.plan, key=lambda one: (one.start_month, -one.gross_profit()))
    assert plan[0].name == first[1]


def test_only_segments_that_later_orders_bear_out_are_said_to_last(full_superstore: Told, full_cdnow: Told) -> None:
    assert "whether it lasts is open" in full_superstore.title("scorecard")
    assert "Whether these segments differ is open" in full_superstore.slides["scorecard"].so_what[1]
    assert "whether it lasts is open" in full_superstore.title("tiers")
    assert "later orders bear it out" in full_cdnow.title("scorecard")
    assert "spend follows value" not in full_superstore.words() + full_cdnow.words()


def test_a_forecast_that_missed_its_test_says_so_in_the_title_of_the_short_deck(
    full_superstore: Told, full_cdnow: Told
) -> None:
    facts = full_superstore.facts
    assert {"lifetime"} <= {slide.key for slide in SLIDES if slide.short}
    assert facts.show("clv.holdout.actual") in full_superstore.title("lifetime")
    assert "the test missed" in full_superstore.title("lifetime")
    assert "by chance alone" in full_superstore.slides["lifetime"].so_what[0]
    assert "the test missed" not in full_cdnow.title("lifetime")


def test_portfolio_says_when_money_is_back_and_a_slide_shows_the_spread_of_lifetime_value(full_cdnow: Told) -> None:
    table: Any = full_cdnow.slides["portfolio"].exhibits[0]
    place = [column.title for column in table.columns].index("Payback, month")
    known = [one for one in full_cdnow.analysis.impact.plan if one.payback_month]
    assert known
    assert {row[place] for row in table.rows} >= {one.payback_month for one in known}
    chart: Any = full_cdnow.slides["distribution"].exhibits[0]
    assert sum(chart.series[0].values) == full_cdnow.facts.number("customers.count")


def test_retention_shows_months_with_enough_new_customers(full_superstore: Told) -> None:
    table: Any = full_superstore.slides["retention"].exhibits[0]
    assert all(row[1] >= 10 for row in table.rows)
    assert any(row[2] for row in table.rows)
    assert "blank" not in full_superstore.slides["retention"].subtitle


def test_the_alternative_text_names_months_of_the_chart(full_superstore: Told) -> None:
    chart = full_superstore.slides["trend"].exhibits[0]
    assert isinstance(chart, Chart)
    named = re.findall(r"in ([A-Z][a-z]{2}) \d\d(\d\d)", chart.alt)
    assert len(named) == 2
    assert {f"{month} {year}" for month, year in named} <= set(chart.categories)


def test_falling_revenue_is_called_falling(full_cdnow: Told) -> None:
    assert full_cdnow.title("trend").startswith("Monthly revenue fell from ")


def test_definitions_say_what_the_scheme_does(full_cdnow: Told) -> None:
    said = full_cdnow.words("definitions")
    assert "90, 180 and 365 days" in said
    assert "The score is 1 for one order" in said
    assert full_cdnow.analysis.segmentations.lead.how.count("90, 180 and 365 days") == 1


def test_without_a_lifetime_model_no_slide_speaks_of_what_is_expected(tell: Callable[..., Told]) -> None:
    without = tell(shop(60, orders=1))
    assert not without.facts.known("clv.total")
    assert " by none" not in without.words()
    assert "expected to bring" not in without.words("table_money")
    assert "80% range" not in without.words("table_money")


def test_a_page_outside_the_plan_says_so_and_why(full_superstore: Told, full_cdnow: Told) -> None:
    seen = set()
    for told in (full_superstore, full_cdnow):
        lead, impact = told.analysis.segmentations.lead, told.analysis.impact
        for segment in lead.definitions:
            key = f"page_{segment.key}"
            if key not in told.slides:
                continue
            pays = any(one.planned and one.taken_from.get(segment.key) for one in impact.initiatives)
            said = told.words(key)
            assert ("no budget yet" not in told.title(key)) == pays
            assert ("Do, without budget" not in said) == pays
            assert pays or "Money: Not in the plan" in said or "No initiative addresses them first" in said
            assert "bring only" not in said
            seen.add(pays)
    assert seen == {True, False}


def test_client_slides_name_no_option_and_no_program(full_superstore: Told, full_cdnow: Told) -> None:
    for told in (full_superstore, full_cdnow):
        assert not re.search(r"--[a-z]|\bregulars\b|this product|the setting [a-z]", told.words())


def test_the_cover_says_what_this_shop_is(full_superstore: Told, full_cdnow: Told) -> None:
    assert full_superstore.title("title") != full_cdnow.title("title")
    assert full_superstore.facts.show("revenue.total", brief=True) in full_superstore.title("title")


def test_notes_are_sentences(full_superstore: Told, full_cdnow: Told) -> None:
    for told in (full_superstore, full_cdnow):
        for slide in told.slides.values():
            assert slide.notes[:1].isupper() or not slide.notes[:1].isalpha(), (slide.key, slide.notes[:60])
            assert not re.search(r"\.\s+[a-z]{3,}", slide.notes.replace("e.g. ", "")), (slide.key, slide.notes)
