"""The deck linter: rules that a .pptx must keep before it is sent. It reads the file and knows nothing of the run."""

from regulars.render.deck_lint.printing import missing_programs
from regulars.render.deck_lint.report import Report, lint_deck
from regulars.render.deck_lint.waivers import Waiver, read_waivers

__all__ = ["Report", "Waiver", "lint_deck", "missing_programs", "read_waivers"]
