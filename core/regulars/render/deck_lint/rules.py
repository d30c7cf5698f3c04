"""Every rule, in the order in which findings are told. A new rule is one function and its name in its module's tuple."""

from __future__ import annotations

from regulars.render.deck_lint import charts, geometry, letters, package, paints, rendered, tables, titles, words
from regulars.render.deck_lint.finding import Rule

RULES: tuple[Rule, ...] = (
    *titles.RULES,
    *words.RULES,
    *geometry.RULES,
    *letters.RULES,
    *paints.RULES,
    *tables.RULES,
    *charts.RULES,
    *package.RULES,
    *rendered.RULES,
)
BY_ID = {rule.id: rule for rule in RULES}
