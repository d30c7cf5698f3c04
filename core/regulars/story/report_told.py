"""What a report says without a text of its own: findings, the verdict, and each segment, group and move in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.impact.initiative import Initiative
from regulars.segments.model import Segment, Segments
from regulars.story.outlines.names import facts_in, known_names
from regulars.story.plays import own, play
from regulars.story.sheets.summary import actions, findings, warnings
from regulars.story.sheets.verdict import verdict_text
from regulars.story.texts import entries
from regulars.story.verdicts import together_sentence, verdict_on
from regulars.story.words import fact_key, filled

SEGMENT, GROUP, MOVE = ("each.segment", "each.group", "each.move")


@dataclass(frozen=True)
class Item:
    """One segment, group or move: the words of its heading, and what can be said of it by part."""

    words: Mapping[str, str]
    parts: Mapping[str, Callable[[], tuple[str, ...]]]


def sayable(template: str, facts: Facts, words: Mapping[str, str] | None = None) -> bool:
    """Tell whether every fact that a sentence names is known."""
    return all(facts.known(key) for key in facts_in(template) if key not in (words or {}))


def sentence(key: str, facts: Facts, **words: str) -> str | None:
    """Return a text of the report filled with facts and words; None where the data cannot say one of them."""
    template = known_names().texts[key]
    return facts.say(template, **words) if sayable(template, facts, words) else None


def told(name: str, analysis: Analysis, facts: Facts) -> tuple[str, ...]:
    """Return the sentences of a finding by name."""
    lead = analysis.segmentations.lead
    if name == "segments":
        return tuple(f"{one.name}: {line}" for one in filled(lead) for line in _of(lead, one, facts, "figures"))
    if name == "together":
        line = together_sentence(analysis, facts, verdict_on(analysis, lead.scheme))
        return (line,) if line else ()
    if name == "untold":
        cannot = entries("cannot")
        return tuple(f"{cannot[key]}: {cannot[f'{key}_text']}" for key in cannot if f"{key}_text" in cannot)
    if name == "verdict":
        return verdict_text(analysis, facts).sentences
    return {"findings": findings, "actions": actions, "warnings": warnings}[name](analysis, facts)


def cannot_tell(key: str) -> tuple[str, str]:
    """Return what orders cannot tell, and why."""
    cannot = entries("cannot")
    return cannot[key], cannot[f"{key}_text"]


def items(each: str, analysis: Analysis, facts: Facts) -> Iterator[Item]:
    """Yield the segments of the lead scheme, its groups, or the initiatives with an audience."""
    lead = analysis.segmentations.lead
    if each == "segment":
        found = [_segment(lead, one, facts) for one in filled(lead)]
    elif each == "group":
        names = list(dict.fromkeys(one.group for one in filled(lead) if one.group))
        found = [_group(lead, name, facts) for name in names] or [_segment(lead, one, facts) for one in filled(lead)]
    else:
        moves = [one for one in analysis.impact.initiatives if one.audience]
        found = [_move(analysis, one, facts) for one in sorted(moves, key=lambda one: not one.planned)]
    for number, one in enumerate(found, start=1):
        yield Item({"number": str(number), **one.words}, one.parts)


def _of(lead: Segments, segment: Segment, facts: Facts, name: str) -> tuple[str, ...]:
    """Return a sentence on a segment, or nothing where the data cannot say it."""
    template = own(known_names().texts[f"{SEGMENT}.{name}"], lead, segment)
    return (facts.say(template),) if sayable(template, facts) else ()


def _segment(lead: Segments, segment: Segment, facts: Facts) -> Item:
    plan = play(lead, segment, facts)
    lines: dict[str, tuple[str, ...]] = {
        "meaning": (_full_stop(segment.meaning),),
        "why": (plan.why,),
        "aim": (_full_stop(plan.aim),),
        "do": plan.do,
        "avoid": plan.avoid,
        "discount": (plan.discount,),
        "channel": (_full_stop(plan.channel),),
        "soon": (_full_stop(plan.soon),),
        "next": (_full_stop(plan.next),),
        "later": (_full_stop(plan.later),),
        "watch": (_full_stop(plan.watch),),
    }
    lines |= {name: _of(lead, segment, facts, name) for name in ("figures", "behaviour", "value")}
    parts: dict[str, Callable[[], tuple[str, ...]]] = {name: partial(tuple, told) for name, told in lines.items()}
    group = {"segments": "meaning", "parts": "behaviour"}  # where a scheme without groups is gone through by group
    parts |= {name: parts[instead] for name, instead in group.items()}
    return Item({"name": segment.name, "customers": facts.show(fact_key(lead, segment, "customers"))}, parts)


def _group(lead: Segments, name: str, facts: Facts) -> Item:
    members = [one for one in filled(lead) if one.group == name]
    key = f"groups.{lead.scheme}.{name.lower().replace(' ', '_')}"

    def figures() -> tuple[str, ...]:
        template = known_names().texts[f"{GROUP}.figures"].replace("{group.", f"{{{key}.")
        return (facts.say(template),) if sayable(template, facts) else ()

    def of_each(*parts: str) -> tuple[str, ...]:
        lines = [(one, [line for part in parts for line in _of(lead, one, facts, part)]) for one in members]
        return tuple(f"{one.name}: {' '.join(told)}" for one, told in lines if told)

    def of_plays(part: str) -> tuple[str, ...]:
        return tuple(f"{one.name}: {'; '.join(getattr(play(lead, one, facts), part))}." for one in members)

    return Item(
        {"name": name, "customers": facts.show(f"{key}.customers")},
        {
            "figures": figures,
            "segments": lambda: of_each("figures", "behaviour"),
            "parts": lambda: tuple(line for one in members if one.part_of for line in _part(lead, one, facts)),
            "do": lambda: of_plays("do"),
            "avoid": lambda: of_plays("avoid"),
        },
    )


def _part(lead: Segments, segment: Segment, facts: Facts) -> Iterator[str]:
    words = {
        "name": segment.name,
        "whole": lead.named(segment.part_of).name,
        "share": facts.show(fact_key(lead, segment, "share_within")),
        "least": facts.show(fact_key(lead, segment, "average_order_least")),
    }
    line = sentence("each.group.part", facts, **words)
    if line:
        yield line


def _move(analysis: Analysis, move: Initiative, facts: Facts) -> Item:
    lead = analysis.segmentations.lead
    addressed = [one for one in filled(lead) if move.taken_from.get(one.key, 0)]
    names = ", ".join(one.name for one in addressed)
    plays = [play(lead, one, facts) for one in addressed]

    def lines(*keys: str) -> tuple[str, ...]:
        templates = [known_names().texts[f"{MOVE}.{key}"].replace("{move.", f"{{impact.{move.key}.") for key in keys]
        return tuple(facts.say(one, segments=names) for one in templates if sayable(one, facts, {"segments": names}))

    return Item(
        {"name": move.name},
        {
            "goal": lambda: lines("goal"),
            "why": lambda: tuple(f"{one.segment.name}: {one.why}" for one in plays),
            "do": lambda: tuple(dict.fromkeys((_full_stop(move.action), *(line for one in plays for line in one.do)))),
            "impact": lambda: lines("impact" if move.planned else "impact_not_planned"),
            "odds": lambda: lines("break_even", "payback"),
        },
    )


def _full_stop(line: str) -> str:
    return line if not line or line.endswith((".", "!", "?")) else f"{line}."
