"""What a chart is drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from regulars.base.units import Currency
from regulars.render.deck.box import Box
from regulars.render.deck.theme import Theme


@dataclass(frozen=True)
class Pen:
    """Slide, placeholder or None, place, theme and currency."""

    slide: Any
    placeholder: Any
    box: Box
    theme: Theme
    currency: Currency

    @property
    def label_size(self) -> float:
        """Return the size of value labels in points: smaller on half a slide."""
        return 14 if self.box.width_points > 480 else 12
