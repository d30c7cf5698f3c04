"""What the verdict and the movement say: facts, sentences, sheets and the slide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.orders.model import Orders
from regulars.segments.past import months_before, number
from regulars.segments.ranks import RankTest
from regulars.segments.verdict import Comparison, Measure, Period, Result, Verdict
from regulars.story.moved import against_chance
from regulars.story.sheet_spec import SheetSpec, Table, Text
from regulars.story.sheets.movement import MOST_NAMED, movement_sheet
from regulars.story.sheets.segments import segments_sheet
from regulars.story.slide_spec import SlideSpec
from regulars.story.slides.movement import movement_slide
from regulars.story.slides.value import scorecard_slide
from regulars.story.verdicts import doubts_of_segments, together_sentence, verdict_on, verdict_sentence


def table(sheet: SheetSpec, key: str) -> Table:
    return next(block for block in sheet.blocks if isinstance(block, Table) and block.key == key)


def said(analysed: Any, result: Result | None, scheme: str = "supplied", differing: tuple[str, ...] = ()) -> str:
    """Return the sentence for a verdict of that result, where the named schemes alone differ."""
    analysis: Analysis = analysed.analysis
    strong = Comparison(Measure.SPEND, Period.LATER, RankTest(0.3, 0.2, 0.4, 1e-9, 500, 3), 1e-8)
    verdicts = tuple(
        replace(
            one,
            result=Result.DIFFER
            if one.scheme in differing
            else result
            if one.scheme == scheme
            else Result.INCONCLUSIVE,
            comparisons=(strong,) if one.scheme in differing else (),
            reason="of a reason",
        )
        for one in analysis.verdicts
    )
    other = replace(analysis, verdicts=verdicts)
    return verdict_sentence(other, analysed.facts, verdict_on(other, scheme))


def test_segments_that_differ_are_said_to_differ_in_what_they_do(superstore: Any) -> None:
    assert said(superstore, Result.DIFFER, "rfm11", ("rfm11",)) == "These segments differ in how much they spend."


def test_supplied_segments_that_do_not_differ_send_the_reader_to_those_that_do(superstore: Any) -> None:
    sentence = said(superstore, Result.DO_NOT_DIFFER, differing=("rfm9",))
    assert sentence.startswith("These segments do not differ: customers were not grouped by how they buy. Use ")
    assert sentence.endswith(" instead.")
    assert next(one.title for one in superstore.analysis.verdicts if one.scheme == "rfm9") in sentence


def test_where_no_scheme_differs_none_is_recommended(superstore: Any) -> None:
    sentence = said(superstore, Result.DO_NOT_DIFFER)
    assert "one plan for all customers" in sentence
    assert not any(one.title in sentence for one in superstore.analysis.verdicts)


def test_a_verdict_that_cannot_be_given_says_why(superstore: Any) -> None:
    for result in (Result.TOO_FEW, None):
        assert said(superstore, result) == "These segments cannot be judged: of a reason."


def test_every_scheme_has_its_verdict_and_effect_as_facts(superstore: Any) -> None:
    for segments in superstore.analysis.segmentations.schemes:
        assert superstore.facts.value(f"segments.{segments.scheme}.verdict") in set(Result)
        assert 0 <= superstore.facts.number(f"segments.{segments.scheme}.effect") <= 1


def test_the_segments_sheet_opens_with_the_verdict_and_ends_with_all(superstore: Any) -> None:
    blocks = segments_sheet(superstore.analysis, superstore.facts).blocks
    text, verdicts = blocks[0], blocks[-1]
    assert isinstance(text, Text)
    assert isinstance(verdicts, Table)
    assert [row.key for row in verdicts.rows] == [one.scheme for one in superstore.analysis.segmentations.schemes]
    lead = superstore.analysis.segmentations.lead
    assert text.sentences[0].startswith(f"{lead.title}: ")
    for row in verdicts.rows:
        assert row.cells[2] == superstore.facts.value(f"segments.{row.key}.effect")


def test_the_scorecard_says_where_segments_do_not_differ(superstore: Any) -> None:
    def slide(result: Result) -> SlideSpec:
        lead = superstore.analysis.segmentations.lead.scheme
        verdicts = [replace(one, result=result) if one.scheme == lead else one for one in superstore.analysis.verdicts]
        found = scorecard_slide(replace(superstore.analysis, verdicts=tuple(verdicts)), superstore.facts)
        assert found is not None
        return found

    alike, apart = slide(Result.DO_NOT_DIFFER), slide(Result.DIFFER)
    assert "buy alike" in alike.title
    assert any("do not differ" in one for one in alike.so_what)
    assert "do not differ" in alike.notes
    assert "later orders bear it out" in apart.title
    assert "do not differ" not in apart.notes


def test_a_shop_with_few_customers_is_not_judged(orders_of: Callable[..., Orders]) -> None:
    lines = [(f"c{one}", f"2025-{1 + one % 9:02d}-{1 + day:02d}", 20.0) for one in range(40) for day in range(3)]
    analysis = analyse(orders_of(lines, end="2025-12-31"), Settings())
    facts = find_facts(analysis)
    assert facts.value("segments.rfm11.verdict") == "too_few"
    assert facts.value("segments.rfm11.effect") is None
    assert "a verdict needs 100" in facts.show("segments.rfm11.verdict_reason")


def test_a_shop_nobody_leaves_is_doubted_and_one_that_many_leave_is_not(superstore: Any, cdnow: Any) -> None:
    assert superstore.facts.value("data.no_churn") == "yes"
    assert any("pre-filtered" in one for one in doubts_of_segments(superstore.analysis, superstore.facts))
    assert cdnow.facts.value("data.no_churn") == "no"
    assert cdnow.facts.number("data.silence_ratio") > 1.3
    assert not any("pre-filtered" in one for one in doubts_of_segments(cdnow.analysis, cdnow.facts))


def test_a_customers_table_in_which_everybody_ordered_is_doubted(superstore: Any) -> None:
    def warned(without: int | None) -> tuple[bool, float | None]:
        orders = superstore.analysis.orders
        ledger = replace(orders.ledger, customers_without_orders=without)
        analysis = replace(superstore.analysis, orders=replace(orders, ledger=ledger))
        facts = find_facts(analysis)
        activation = facts.value("data.activation")
        assert activation is None or isinstance(activation, float)
        return any("activation" in one for one in doubts_of_segments(analysis, facts)), activation

    assert warned(0) == (True, 1.0)
    assert warned(793) == (False, 0.5)
    assert warned(None) == (False, None)


def monthly(orders_of: Callable[..., Orders], split: Callable[[int, int], str]) -> Analysis:
    """Analyse a shop of two segments over twelve months; `split` says whose month it is."""
    lines: list[tuple[Any, ...]] = []
    for month in range(1, 13):
        for one in range(120):
            segment = "AB"[one % 2]
            orders = 3 if split(month, one % 2) == "high" else 1
            lines += [
                (f"c{one}", f"2025-{month:02d}-{1 + 3 * at + one % 3:02d}", 20.0 + one % 7, "", None, None, segment)
                for at in range(orders)
            ]
    return analyse(orders_of(lines, start="2025-01-01", end="2025-12-31"), Settings())


def test_segments_that_rise_and_fall_together_are_named(orders_of: Callable[..., Orders]) -> None:
    analysis = monthly(orders_of, lambda month, _: "high" if month in {3, 4, 9, 10} else "low")
    facts = find_facts(analysis)
    sentence = together_sentence(analysis, facts, verdict_on(analysis, "supplied"))
    assert sentence is not None
    assert "A and B rise and fall together" in sentence or "B and A rise and fall together" in sentence
    assert facts.value("segments.supplied.moving_together") == 2


def test_segments_with_seasons_of_their_own_are_not(orders_of: Callable[..., Orders]) -> None:
    analysis = monthly(orders_of, lambda month, part: "high" if (month < 7) == (part == 0) else "low")
    assert together_sentence(analysis, find_facts(analysis), verdict_on(analysis, "supplied")) is None


def test_the_movement_facts_are_the_matrix_and_add_up(superstore: Any) -> None:
    facts: Facts = superstore.facts
    for prefix, one in [("movement.rfm11", superstore.analysis.movements.main)] + [
        (f"movement.rfm11.{step.step.key}", step)
        for step in superstore.analysis.movements.steps
        if step is not superstore.analysis.movements.main
    ]:
        keys = {segment.key for segment in one.definitions}
        found = {
            key: facts.number(key)
            for key in facts
            if key.startswith(f"{prefix}.") and key.count(".") == prefix.count(".") + 3 and key.split(".")[-2] in keys
        }
        customers = sum(value for key, value in found.items() if key.endswith(".customers"))
        revenue = sum(value for key, value in found.items() if key.endswith(".revenue"))
        assert customers == facts.number("customers.count")
        assert revenue == pytest.approx(facts.number("revenue.total"))


def test_the_last_months_completeness_is_a_fact(superstore: Any, cdnow: Any) -> None:
    assert superstore.facts.value("trend.last_month_complete") == "no"
    assert cdnow.facts.value("trend.last_month_complete") == "yes"


def test_the_movement_sheet_shows_matrix_names_and_churn(superstore: Any) -> None:
    sheet = movement_sheet(superstore.analysis, superstore.facts)
    main = superstore.analysis.movements.main
    matrix = table(sheet, "matrix_customers")
    assert matrix.total is not None
    assert matrix.total.cells[-1] == superstore.facts.value("customers.count")
    assert [row.cells[-1] for row in matrix.rows] == main.customers.sum(axis=1).tolist()
    assert table(sheet, "matrix_revenue").total.cells[-1] == pytest.approx(  # type: ignore[union-attr]
        superstore.facts.number("revenue.total")
    )
    fallers = table(sheet, "fallers")
    assert len(fallers.rows) == min(MOST_NAMED, len(main.fallers()))
    assert fallers.rows[0].cells[0] == superstore.analysis.summary.customers.frame["customer"].iloc[main.fallers()[0]]
    assert len(table(sheet, "churn").columns) == 8
    assert len(table(sheet, "steps").rows) == 3


def test_the_movement_sheet_of_a_young_shop_says_why_it_is_empty(orders_of: Callable[..., Orders]) -> None:
    analysis = analyse(orders_of([("A", "2025-01-01"), ("B", "2025-01-20")]), Settings(sheets="full"))
    facts = find_facts(analysis)
    (block,) = movement_sheet(analysis, facts).blocks
    assert "the orders begin" in block.sentences[0]  # type: ignore[union-attr]
    assert movement_slide(analysis, facts) is None


def test_the_movement_slide_is_titled_by_what_moved_and_does_not_depend_on_the_sheets(superstore: Any) -> None:
    analysis, facts = superstore.analysis, superstore.facts
    slide = movement_slide(analysis, facts)
    assert slide is not None
    assert facts.show("movement.left_top") in slide.title
    assert facts.show("movement.left_top_by_chance") in slide.title
    grid: Any = slide.exhibits[0]
    for row in grid.rows:
        _, then, stayed, _, went, came, new, now = row
        assert then == stayed + went
        assert now == stayed + came + new
    assert movement_slide(replace(analysis, settings=Settings()), facts) == slide


@pytest.mark.parametrize(("count", "chance", "expected"), [(100, 100, 0), (170, 100, 1), (40, 100, -1), (120, 100, 0)])
def test_a_count_beyond_chance_is_clear_and_notable(count: int, chance: int, expected: int, superstore: Any) -> None:
    known = superstore.facts["movement.left_top"]
    facts = Facts(
        [replace(known, value=count), replace(known, key="movement.left_top_by_chance", value=chance)],
    )
    assert against_chance(facts, "movement.left_top", 1_000) == expected


def test_a_month_before_the_end_of_march_is_the_end_of_february() -> None:
    assert months_before(number(dt.date(2024, 3, 31)), 1) == number(dt.date(2024, 2, 29))
    assert months_before(number(dt.date(2024, 2, 29)), 12) == number(dt.date(2023, 2, 28))


def test_verdicts_stand_in_the_order_of_the_schemes(superstore: Any) -> None:
    verdicts: tuple[Verdict, ...] = superstore.analysis.verdicts
    assert [one.scheme for one in verdicts] == [one.scheme for one in superstore.analysis.segmentations.schemes]
