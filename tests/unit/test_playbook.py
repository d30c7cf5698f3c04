"""Playbooks: every segment of every scheme has one, every fact in it exists, and every text fits its slide."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from regulars.base.scheme_ids import EVERY
from regulars.findings.playbook import discount_net
from regulars.impact import Initiative, Lever
from regulars.segments import SegmentRole
from regulars.segments.cells import CellScheme
from regulars.segments.model import Segment
from regulars.segments.naming import ClusterScheme
from regulars.segments.scheme import shipped
from regulars.story.plays import LIMITS, discount_words, own, play
from regulars.story.sheets.playbook import playbook_sheet
from regulars.story.texts import playbook

PLAYS = tomllib.loads(files("regulars.story.texts").joinpath("playbook.en.toml").read_text(encoding="utf-8"))
PARTS = {"why", "aim", "do", "avoid", "discount", "channel", "soon", "next", "later", "watch", "when"}


def definitions() -> Iterator[tuple[str, Segment]]:
    for name in EVERY:
        scheme = shipped(name)
        if isinstance(scheme, CellScheme):
            yield from ((name, one) for one in scheme.definitions)
        elif isinstance(scheme, ClusterScheme):
            yield from ((name, claim.segment) for claim in scheme.claims)


ALL = list(definitions())


@pytest.mark.parametrize("role", SegmentRole)
def test_every_role_has_a_whole_playbook(role: SegmentRole) -> None:
    plays = playbook("a name nobody knows", role)
    assert set(plays) >= PARTS
    assert all(plays[part] for part in PARTS)


@pytest.mark.parametrize(("scheme", "segment"), ALL, ids=[f"{scheme} {one.key}" for scheme, one in ALL])
def test_every_segment_of_every_scheme_has_a_playbook_that_fits_its_slide(scheme: str, segment: Segment) -> None:
    plays = playbook(segment.key, segment.role)
    assert plays["discount"] in {"never", "if it pays"}, scheme
    if plays["discount"] == "never":
        assert plays["no_discount"]
    for part, most in LIMITS.items():
        texts = plays.get(part, "")
        for text in texts if isinstance(texts, list) else [texts]:
            assert len(text) <= most + (60 if part == "why" else 0), (segment.key, part, len(text))


@pytest.mark.parametrize("key", PLAYS["segment"])
def test_a_play_for_a_segment_belongs_to_one_and_says_more_than_its_role_does(key: str) -> None:
    roles = {one.role for _, one in ALL if one.key == key}
    assert roles, f"no scheme has a segment '{key}'"
    for role in roles:
        assert all(PLAYS["role"][role].get(part) != words for part, words in PLAYS["segment"][key].items())


def test_a_segment_that_must_not_be_discounted_is_not_told_to_discount() -> None:
    for _, segment in ALL:
        plays = playbook(segment.key, segment.role)
        if plays["discount"] == "never":
            told = " ".join([*plays["do"], plays["soon"], plays["next"], plays["later"]]).lower()
            assert "discount" not in told.replace("rewards that are no discounts", ""), segment.key


@pytest.fixture(params=["superstore", "cdnow"])
def shop(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_every_fact_in_a_playbook_exists_for_every_scheme(shop: Any) -> None:
    for segments in shop.analysis.segmentations.schemes:
        for segment in segments.definitions:
            why = own(playbook(segment.key, segment.role)["why"], segments, segment)
            named = {name.partition("?")[0] for name in re.findall(r"\{([^{}]*)\}", why) if "." in name}
            assert named <= set(shop.facts), (segments.scheme, segment.key)


def test_a_filled_play_fits_and_has_no_holes(shop: Any) -> None:
    lead = shop.analysis.segmentations.lead
    for segment in lead.definitions:
        if not (lead.labels == segment.key).any():
            continue
        one = play(lead, segment, shop.facts)
        assert len(one.why) <= LIMITS["why"], one.why
        texts = [
            one.why,
            one.aim,
            one.discount,
            one.channel,
            one.soon,
            one.next,
            one.later,
            one.watch,
            *one.do,
            *one.avoid,
        ]
        assert not [text for text in texts if "{" in text or "–" in text.replace("0–30", "") or not text]


def test_the_sheet_holds_every_part_for_every_segment_and_the_rules_for_conflicts(shop: Any) -> None:
    what, when, rules = playbook_sheet(shop.analysis, shop.facts).blocks
    held = shop.facts.value("segments.filled")
    assert len(what.rows) == len(when.rows) == held  # type: ignore[union-attr]
    assert all(cell not in {None, ""} for table in (what, when) for row in table.rows for cell in row.cells)  # type: ignore[union-attr]
    assert len(rules.sentences) == 5  # type: ignore[union-attr]


INITIATIVE = Initiative(
    key="win_back", name="Win back", short="Win back", lever=Lever.WIN_BACK, action="Write", segments=("At Risk",),
    eligible=100, audience=100, expected=20.0, value=120.0, reach=1.0, success_rate=0.1, contact_cost=0.5,
    fixed_cost=0.0, margin=0.4, source="assumption",
)  # fmt: skip


def test_a_discount_is_weighed_with_what_is_given_to_those_who_would_come_anyway() -> None:
    # 10 % of an order of 50 is 5. Won: 0.1 × (100 × 0.4 − 5) = 3.5. Given away: 20 / 50 × 5 = 2. Contact: 0.5.
    assert discount_net(INITIATIVE, 50.0, 0.10) == pytest.approx(1.0)


def test_a_discount_never_pays_without_a_margin_or_without_a_gain() -> None:
    assert discount_net(replace(INITIATIVE, margin=0.0), 50.0, 0.10) < 0
    assert discount_net(replace(INITIATIVE, value=20.0), 50.0, 0.10) < 0
    assert discount_net(INITIATIVE, 50.0, 0.30) < discount_net(INITIATIVE, 50.0, 0.10)


def test_the_words_on_discounts_follow_the_gate(shop: Any) -> None:
    lead = shop.analysis.segmentations.lead
    for segment in lead.definitions:
        words, key = discount_words(segment, shop.facts), f"playbook.{segment.key}.discount_net"
        if playbook(segment.key, segment.role)["discount"] == "never":
            assert words.startswith("No: ")
            assert "this run" not in words
        elif shop.facts.known(key):
            assert words.startswith("Only within the message to each, up to 10.0%") == (shop.facts.number(key) > 0)
            assert "−" not in words
