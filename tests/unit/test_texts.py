"""Every sentence is used, every key that is used has a sentence, and every fact in a sentence exists."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import regulars.story
from regulars.story.case import BEFORE_ANY_PLAN, Case
from regulars.story.texts import entries, text
from regulars.story.words import segment_words

STORY = Path(inspect.getfile(regulars.story)).parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(STORY.rglob("*.py"))}
TABLES = ("reason", "definition", "impact.phases", "cannot", "clv_parameter")  # read whole, with entries()
IMPACT_CELLS = {
    "scenario", "confirmed", "margin", "discount_rate", "low", "high", "acquisition_ratio", "new_customers",
    "new_customer_revenue", "price_plan", "price_rise", "price_items", "price_volume", "price_cost", "price_start",
    "dip_plan", "dip_recovered", "dip_cost",
}  # fmt: skip
CASES = {str(case) for case in Case}
TESTED = {"plan_test", "no_plan_test", "nothing_test"}
BEFORE = {str(case) for case in (*BEFORE_ANY_PLAN, Case.ONCE)}
# f-strings that are filled with a name: what each may become.
FAMILIES = {
    "impact.how_*": {
        "gain",
        "expected",
        "levers",
        "revenue",
        "profit",
        "ratio",
        "payback",
        "price",
        "mix",
        "discount",
    },
    "impact.cell_*": IMPACT_CELLS,
    "impact.cell_*_note": IMPACT_CELLS,
    "impact.cell_*_unit": IMPACT_CELLS - {"new_customer_revenue", "price_cost", "dip_cost"},  # these are money
    "impact.unit_*": {"plan", "reach", "success", "uplift", "start", "months", "margin"},
    "impact.tier_*": {"premium", "growth", "base"},
    "impact.*_short": {"price", "dip"},
    "impact.swing_*": {"margin", "costs"},
    "impact.swing_*_of": {"success", "volume", "recovered"},
    "impact.swing_*_change": {"margin", "costs", "success", "volume", "recovered"},
    "warning.*": {"confirmed", "margin", "rates"},
    "definition.*_text": {key for key in entries("definition") if not key.endswith("_text")},
    "quality.returns_*": {"net", "drop", "keep"},
    "slide.summary.title_*": CASES | TESTED,
    "slide.summary.decision_*": CASES | TESTED,
    "slide.summary.resolution_*": CASES,
    "slide.summary.subtitle*": {"", "_bare"},
    "slide.closing.title_*": CASES | TESTED,
    "slide.closing.step_1_*": BEFORE,
    "slide.closing.step_2_*": BEFORE,
    "finding.*": {"no_plan", "no_gain"},
    "slide.risks.title*": {"", "_all"},
    "slide.risks.assumed_*": {"margin", "rates", "confirmed", "loss", "returns", "few"},
    "slide.risks.*": {"data", "margin", "rates", "model", "window"},
    "slide.risks.*_text": {"data", "margin", "rates", "model", "window"},
    "slide.waterfall.*": {"total", "cost", "net"},
    "slide.roadmap.phase_*": {"1", "2", "3"},
    "slide.roadmap.phase_*_text": {"1", "2", "3"},
    "slide.roadmap.title_*": {"1", "2", "3"},
    "slide.trend.title_*": {"up", "down", "flat", "fell", "rose"},
    "slide.concentration.title_*": {"concentrated", "spread", "one"},
    "slide.scorecard.subtitle*": {"", "_no_clv"},
    "slide.scorecard.title*": {"", "_same", "_one", "_carried", "_open", "_few"},
    "slide.tiers.title_*": {"differ", "same", "open"},
    "slide.tiers.notes_*": {"own", "one"},
    "slide.tiers.so_what_*": {"premium", "growth", "base"},
    "slide.priority.across*": {"", "_tens"},
    "slide.priority.up*": {"", "_tens"},
    "slide.priority.*": {"first", "planned", "besides", "last"},
    "slide.priority.title_*": {"none", "no_plan"},
    "slide.priority.so_what_*": {"out", "none"},
    "slide.sensitivity.title_*": {"holds", "loses", "negative"},
    "slide.sensitivity.so_what_*": {"margin", "costs", "rate"},
    "slide.sensitivity.the_*": {"margin", "costs", "price", "dip"},
    "slide.page.title_*": {"all", "more", "less", "share"},
    "slide.page.tile_*": {"customers", "revenue", "each", "expected", "order"},
    "slide.page.money_*": {"plan", "out", "never", "nothing", "loss", "returns"},
    "slide.quality.*": {"rows", "returns", "window"},
    "slide.quality.returns_*": {"net", "drop", "keep"},
    "slide.clusters.title_*": {"apart", "none"},
    "slide.validation.title_*": {"inside", "outside"},
    "slide.tables.money*": {"", "_no_clv"},
    "slide.lifetime.title*": {"", "_missed"},
    "slide.risks.data_text*": {"", "_all"},
    "slide.risks.one_text*": {"", "_ahead"},
    "slide.tables.subtitle_*": {"behaviour", "money", "money_no_clv"},
}
PLACEHOLDER = re.compile(r"\{([A-Za-z_][^{}?]*)(?:\?[^{}|]+\|[^{}|]+)?\}")
COUNTED = re.compile(r"\{([a-z_.0-9]+~?)\} (?:good )?(?:customers|orders|rows|initiatives|months)\b")


def leaves(table: Any, before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{before}{key}.")
        else:
            yield before + key, value


TEXTS = dict(leaves(tomllib.loads((STORY / "texts" / "texts.en.toml").read_text(encoding="utf-8"))))


def pattern(joined: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in joined.values)


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "text":
                yield path, node


def constants(node: ast.expr) -> Iterator[str]:
    """The keys that a first argument may be; the test of a choice is none of them."""
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, ast.Constant):
        yield str(node.value)


def families() -> set[str]:
    return {pattern(call.args[0]) for _, call in calls() if isinstance(call.args[0], ast.JoinedStr)}


def words() -> set[str]:
    given = {keyword.arg for _, call in calls() for keyword in call.keywords if keyword.arg}
    # action.line's money is filled from a family of facts; a segment's words come from one function.
    given |= {"gross_profit", "investment", "rate", "break_even"}
    source = ast.parse(inspect.getsource(segment_words))
    return given | {
        str(key.value)
        for node in ast.walk(source)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }


def test_every_key_that_is_used_has_a_text() -> None:
    asked = {key for _, call in calls() for key in constants(call.args[0])}
    assert len(asked) > 80
    assert asked <= set(TEXTS), asked - set(TEXTS)


def test_every_family_of_keys_is_told_here_and_has_its_texts() -> None:
    assert families() == set(FAMILIES)
    wanted = {family.replace("*", name) for family, names in FAMILIES.items() for name in names}
    assert wanted <= set(TEXTS), wanted - set(TEXTS)


def test_every_text_is_used() -> None:
    strings = {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    made = {family.replace("*", name) for family, names in FAMILIES.items() for name in names}
    idle = {key for key in TEXTS if key not in strings | made and not key.startswith(tuple(f"{t}." for t in TABLES))}
    assert not idle


def test_every_fact_in_a_text_exists(superstore: Any, cdnow: Any, cdnow_followed: Any) -> None:
    named = {name.removesuffix("~") for one in TEXTS.values() for name in PLACEHOLDER.findall(one)}
    facts = {name for name in named if "." in name}
    assert len(facts) > 40
    since = {name for name in facts if name.startswith("since.")}  # told only where a run follows an earlier result
    for analysed in (superstore, cdnow):
        assert facts - since <= set(analysed.facts), facts - since - set(analysed.facts)
    assert facts <= set(cdnow_followed.facts), facts - set(cdnow_followed.facts)


def test_every_word_in_a_text_is_given_by_some_page() -> None:
    named = {name for one in TEXTS.values() for name in PLACEHOLDER.findall(one) if "." not in name}
    assert named <= words(), named - words()


def test_no_page_gives_a_word_that_its_text_does_not_have() -> None:
    for path, call in calls():
        keys = list(constants(call.args[0]))
        given = {keyword.arg for keyword in call.keywords if keyword.arg}
        if keys and given:
            holes = {name for key in keys for name in PLACEHOLDER.findall(TEXTS[key])}
            assert given <= holes, (path.name, keys, given - holes)


def test_a_key_without_a_text_is_refused_by_name(superstore: Any) -> None:
    with pytest.raises(KeyError, match=r"no text 'summary\.titel'"):
        text("summary.titel", superstore.facts)


def test_a_noun_goes_with_its_number() -> None:
    """Write "{n} {n?customer|customers}", so that nobody reads "1 customers"."""
    assert not {key: found for key, one in TEXTS.items() if (found := COUNTED.findall(one))}


def test_texts_are_sentences_without_double_blanks() -> None:
    for key, one in TEXTS.items():
        assert one == one.strip(), key
        assert "  " not in one.replace("  |  ", " | "), key
