"""Plays: what to do with a segment, as texts filled with the figures of this shop."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.base.facts import Facts
from regulars.segments.model import Segment, Segments
from regulars.story.texts import playbook, text
from regulars.story.words import fact_key

# Characters that a text may have, so that its slide holds eleven segments; the last three stand on the sheet only.
LIMITS = {
    "aim": 46, "soon": 60, "avoid": 66, "channel": 60, "watch": 52,
    "next": 66, "later": 66, "do": 66, "no_discount": 60, "why": 190,
}  # fmt: skip


@dataclass(frozen=True)
class Play:
    """The play for one segment; every text is filled."""

    segment: Segment
    why: str
    aim: str
    do: tuple[str, ...]
    avoid: tuple[str, ...]
    discount: str
    channel: str
    soon: str  # days 0 to 30
    next: str  # months 1 to 6
    later: str  # months 6 to 12
    watch: str


def play(segments: Segments, segment: Segment, facts: Facts) -> Play:
    """Return the play for a segment of the lead scheme: its own texts where there are any, else those of its role."""
    plays = playbook(segment.key, segment.role)

    def filled(name: str) -> str:
        return facts.say(own(str(plays[name]), segments, segment))

    # Where all revenue is nought, no segment has a share of it, and the sentence would have holes.
    known = facts.known(fact_key(segments, segment, "revenue_share"))
    return Play(
        segment=segment,
        why=filled("why") if known else filled("aim"),
        aim=filled("aim"),
        do=tuple(plays["do"]),
        avoid=tuple(plays["avoid"]),
        discount=discount_words(segment, facts),
        channel=filled("channel"),
        soon=filled("soon"),
        next=filled("next"),
        later=filled("later"),
        watch=filled("watch"),
    )


def own(template: str, segments: Segments, segment: Segment) -> str:
    """Return a text in which `{segment.x}` is the key of the segment's own fact."""
    return template.replace("{segment.", f"{{segments.{segments.scheme}.{segment.key}.")


def discount_words(segment: Segment, facts: Facts) -> str:
    """Return whether a discount is offered to a segment, and why."""
    plays = playbook(segment.key, segment.role)
    if plays["discount"] == "never":
        return text("playbook.discount_never", facts, reason=str(plays["no_discount"]))
    key = f"playbook.{segment.key}.discount_net"
    if not facts.known(key):
        return text("playbook.discount_unknown", facts)
    pays = facts.number(key) > 0
    return text("playbook.discount_pays" if pays else "playbook.discount_loses", facts, net=facts.show(key).lstrip("−"))
