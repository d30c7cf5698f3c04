"""What a linting says: findings with their counts, as lines and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from regulars.base.units import counted
from regulars.render.deck_lint.finding import Finding, Severity, findings_of
from regulars.render.deck_lint.printing import missing_programs, printed
from regulars.render.deck_lint.reading import read_deck
from regulars.render.deck_lint.rules import RULES
from regulars.render.deck_lint.waivers import Waiver, apply

SCHEMA = 1


@dataclass(frozen=True)
class Report:
    """The findings in a deck; `rendered` says whether the rules for the printed pages were looked at too."""

    deck: str
    slides: int
    findings: tuple[Finding, ...]
    rendered: bool
    idle: tuple[Waiver, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the errors that nobody waived."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR and one.waived is None)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Return the warnings that nobody waived."""
        return tuple(one for one in self.findings if one.severity is Severity.WARNING and one.waived is None)

    @property
    def waived(self) -> tuple[Finding, ...]:
        """Return what was accepted."""
        return tuple(one for one in self.findings if one.waived is not None)

    @property
    def summary(self) -> str:
        """Return the counts in a sentence."""
        parts = [
            counted(self.slides, "slide"),
            counted(len(self.errors), "error"),
            counted(len(self.warnings), "warning"),
        ]
        parts += [f"{len(self.waived)} waived"] if self.waived else []
        parts += ["pages drawn and looked at" if self.rendered else "pages not drawn"]
        return f"{self.deck}: {', '.join(parts)}"

    def as_json(self) -> str:
        """Return the report as JSON: a public contract, whose `schema` goes up when a key changes its meaning."""
        counts = {"errors": len(self.errors), "warnings": len(self.warnings), "waived": len(self.waived)}
        document = {
            "schema": SCHEMA,
            "deck": self.deck,
            "slides": self.slides,
            "rendered": self.rendered,
            **counts,
            "findings": [asdict(finding) for finding in self.findings],
        }
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def lint_deck(
    path: Path, *, rendered: bool = False, waivers: Sequence[Waiver] = (), known: Sequence[float] | None = None
) -> Report:
    """Look at a deck by every rule. `rendered` prints it too, where LibreOffice and poppler are installed.

    `known` are the numbers that may be shown; without them ORPHAN-NUMBER is not looked at.
    Raises InputError when the file is no deck that can be read.
    """
    deck = read_deck(path)
    print_it = rendered and not missing_programs()
    if print_it:
        deck = printed(deck, path)
    if known is not None:
        deck = replace(deck, known=tuple(known))
    found = [finding for rule in RULES for finding in findings_of(rule, deck)]
    findings, idle = apply(found, waivers)
    return Report(deck.name, len(deck.slides), findings, print_it, idle)
