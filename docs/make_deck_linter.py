"""Write docs/deck-linter.md from the code, so that the page cannot say anything else: `python docs/make_deck_linter.py`."""  # noqa: INP001  a script

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from regulars.render.deck_lint.finding import Rule, Severity
from regulars.render.deck_lint.rules import RULES

PAGE: Final = Path(__file__).with_name("deck-linter.md")
INTRODUCTION: Final = """# The deck linter

<!-- Written by docs/make_deck_linter.py from the code. Change the code, then run it again. -->

`regulars lint-deck board.pptx` looks at a deck by the rules below, whoever made it, and prints one line for each
finding: rule, slide, shape, what is wrong and what to do. Nothing in the deck is changed. The exit code is 0 without
errors and 1 with errors that nobody waived; warnings are for somebody to look at and leave it at 0.

Sizes and widths of text are measured with a table that ships with the program, so the result is the same on every
machine. It knows Calibri, Carlito, Arial, Helvetica and Liberation Sans; other fonts are taken to be a little wider than Arial.

- `--rendered` prints the deck with LibreOffice as well and looks at the pages. Where LibreOffice or poppler are not
  installed, a line that begins with `note:` says so, and the rules of the pages are left out.
- `--json` writes the findings to a path, with rule, severity, slide, shape, what, remedy and the reason of a waiver.
- `--facts` names the JSON that `regulars analyze` wrote with `--json`: then every number of the deck must be one of its numbers.
- `--waivers` names a TOML file with what is accepted as it is. Every waiver needs a reason; without `slide` it holds on
  every slide, without `shape` for every shape. A waiver that nothing needs is named in a `note:`.

```toml
# waivers.toml
[[waiver]]
rule = "TITLE-NO-NUMBER"
slide = 4
why = "the client's own wording"
```

Not looked at: spelling, pictures and gradients behind text, text in SmartArt, animations, and whether the slides say
everything that was meant. PowerPoint itself is not asked.
"""


def page() -> str:
    """Return the page as it should be."""
    static = [rule for rule in RULES if not rule.rendered]
    errors = [rule for rule in static if rule.severity is Severity.ERROR]
    warnings = [rule for rule in static if rule.severity is Severity.WARNING]
    return "\n".join(
        [
            INTRODUCTION,
            "## Errors",
            "",
            *_table(errors),
            "",
            "## Warnings",
            "",
            *_table(warnings),
            "",
            "## Errors on the printed pages, with `--rendered`",
            "",
            *_table(rule for rule in RULES if rule.rendered),
            "",
        ]
    )


def _table(rules: Iterable[Rule]) -> list[str]:
    rows = [f"| `{rule.id}` | {rule.holds} | {rule.remedy[0].upper()}{rule.remedy[1:]}. |" for rule in rules]
    return ["| Rule | What must hold | What to do |", "| --- | --- | --- |", *rows]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
