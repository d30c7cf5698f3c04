"""The blocks of a waterfall: what floats, what is drawn and where the label goes, also below zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LABEL_ROOM = 0.09  # height of the transparent label block, share of the highest value


@dataclass(frozen=True)
class Blocks:
    """Values of the stacked series, one for each step. Parts below zero are negative."""

    base: tuple[float, ...]
    total: tuple[float, ...]
    rise: tuple[float, ...]
    fall: tuple[float, ...]
    rise_below: tuple[float, ...]
    fall_below: tuple[float, ...]
    label: tuple[float, ...]

    @property
    def below_zero(self) -> bool:
        """Say whether a step reaches below zero."""
        return any(value < 0 for value in (*self.rise_below, *self.fall_below, *self.total, *self.base))


def blocks(values: Sequence[float], totals: Sequence[bool]) -> Blocks:
    """Return the blocks of steps and totals; a total stands on zero and sets the level.

    >>> made = blocks([100, 20, -30, 90], [True, False, False, True])
    >>> made.base, made.rise, made.fall
    ((0.0, 100.0, 90.0, 0.0), (0.0, 20.0, 0.0, 0.0), (0.0, 0.0, 30.0, 0.0))

    A step through zero has a part on either side.

    >>> made = blocks([10, -30], [True, False])
    >>> made.fall, made.fall_below
    ((0.0, 10.0), (0.0, -20.0))
    """
    spans: list[tuple[float, float]] = []
    level = 0.0
    for value, total in zip(values, totals, strict=True):
        before, level = (0.0, float(value)) if total else (level, level + value)
        spans.append((before, level))
    room = LABEL_ROOM * (
        max((max(span) for span in spans), default=0.0) - min((min(span) for span in spans), default=0.0)
    )
    upper = [(max(min(span), 0.0), max(*span, 0.0)) for span in spans]
    lower = [(min(max(span), 0.0), min(*span, 0.0)) for span in spans]
    drawn_above = [high - low for low, high in upper]
    drawn_below = [far - near for near, far in lower]
    rising = [not total and value >= 0 for value, total in zip(values, totals, strict=True)]
    falling = [not total and value < 0 for value, total in zip(values, totals, strict=True)]
    only_below = [high <= 0 and far < 0 for (_, high), (_, far) in zip(upper, lower, strict=True)]

    def where(chosen: Sequence[bool], heights: Sequence[float]) -> tuple[float, ...]:
        return tuple(height if here else 0.0 for here, height in zip(chosen, heights, strict=True))

    return Blocks(
        base=tuple(
            0.0 if total else near if below else low
            for total, below, (low, _), (near, _) in zip(totals, only_below, upper, lower, strict=True)
        ),
        total=tuple(float(value) if total else 0.0 for value, total in zip(values, totals, strict=True)),
        rise=where(rising, drawn_above),
        fall=where(falling, drawn_above),
        rise_below=where(rising, drawn_below),
        fall_below=where(falling, drawn_below),
        label=tuple(-room if below else room for below in only_below),
    )
