"""What a rule is, and what it finds: rule, slide, shape, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from regulars.render.deck_lint.model import Deck, Page, Slide

Said = tuple[str, str]  # name of the shape, or nothing, and what is wrong with it
WHOLE_DECK = 0  # the slide of a finding that concerns all of them


class Severity(StrEnum):
    """An error stops a deck from being sent; a warning is for somebody to look at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Spot:
    """Where something is wrong. Slide 0 is the whole deck."""

    slide: int
    shape: str
    what: str


@dataclass(frozen=True)
class Rule:
    """One thing that must hold in a deck."""

    id: str
    severity: Severity
    holds: str  # what must hold, for the page of rules
    remedy: str  # what to do where it does not
    check: Callable[[Deck], Iterable[Spot]]
    rendered: bool = False


@dataclass(frozen=True)
class Finding:
    """A place where a rule does not hold; `waived` is the reason why that is accepted."""

    rule: str
    severity: Severity
    slide: int
    shape: str
    what: str
    remedy: str
    waived: str | None = None

    def __str__(self) -> str:
        where = f"slide {self.slide}" if self.slide else "deck"
        shape = f", '{self.shape}'" if self.shape else ""
        level = "waived" if self.waived is not None else self.severity.value
        why = f" ({self.waived})" if self.waived is not None else ""
        return f"{level} {self.rule}, {where}{shape}: {self.what}. To do: {self.remedy}.{why}"


def deck_rule(
    name: str, severity: Severity, holds: str, remedy: str
) -> Callable[[Callable[[Deck], Iterable[Spot]]], Rule]:
    """Make a rule of a function that looks at a whole deck."""
    return lambda check: Rule(name, severity, holds, remedy, check)


def slide_rule(
    name: str, severity: Severity, holds: str, remedy: str
) -> Callable[[Callable[[Deck, Slide], Iterable[Said]]], Rule]:
    """Make a rule of a function that looks at one slide."""

    def made(check: Callable[[Deck, Slide], Iterable[Said]]) -> Rule:
        def every(deck: Deck) -> Iterable[Spot]:
            for slide in deck.slides:
                for shape, what in check(deck, slide):
                    yield Spot(slide.number, shape, what)

        return Rule(name, severity, holds, remedy, every)

    return made


def page_rule(
    name: str, severity: Severity, holds: str, remedy: str
) -> Callable[[Callable[[Deck, Slide, Page], Iterable[Said]]], Rule]:
    """Make a rule of a function that looks at a slide and its printed page."""

    def made(check: Callable[[Deck, Slide, Page], Iterable[Said]]) -> Rule:
        def every(deck: Deck) -> Iterable[Spot]:
            shown = (slide for slide in deck.slides if not slide.hidden)  # hidden slides are not printed
            for slide, page in zip(shown, deck.pages or (), strict=False):
                for shape, what in check(deck, slide, page):
                    yield Spot(slide.number, shape, what)

        return Rule(name, severity, holds, remedy, every, rendered=True)

    return made


def findings_of(rule: Rule, deck: Deck) -> list[Finding]:
    """Return what a rule finds in a deck, each thing once."""
    spots = dict.fromkeys(rule.check(deck))
    return [Finding(rule.id, rule.severity, spot.slide, spot.shape, spot.what, rule.remedy) for spot in spots]


def accepted(finding: Finding, why: str) -> Finding:
    """Return the finding as waived for a reason."""
    return replace(finding, waived=why)
