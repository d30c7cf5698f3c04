"""Lines over time: a value axis with round ends, labels at the last points that do not touch, thinned categories."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from regulars.base.units import Currency
from regulars.render.deck.box import Box
from regulars.render.deck.formats import chart_format
from regulars.render.deck.measure import Face
from regulars.story.slide_spec import Chart

LABEL_SIZE = 12
THIN_FROM = 13
TOP, BOTTOM = 0.04, 0.10  # shares of the chart above and below the plot
CLEAR_OF_AXIS = 0.6  # lines of text between the middle of the lowest label and the axis
FLAT = 0.6  # lines that stay above this share of their highest value may leave zero out


@dataclass(frozen=True)
class Scale:
    """The ends and the step of a value axis."""

    low: float
    high: float
    step: float

    def ticks(self) -> tuple[float, ...]:
        """Return the values that the axis shows."""
        return tuple(self.low + self.step * number for number in range(round((self.high - self.low) / self.step) + 1))


@dataclass(frozen=True)
class EndLabel:
    """The point that carries a series' name, and how far down the label moves, as a share of the chart's height."""

    position: int
    down: float
    number_format: str


@dataclass(frozen=True)
class EndLabels:
    """One label a series (None without values), and the plot area that leaves room for them, in shares."""

    labels: tuple[EndLabel | None, ...]
    left: float
    top: float
    width: float
    height: float


def nice_scale(values: Sequence[float], steps: int = 5) -> Scale:
    """Return a scale with round numbers that holds all values.

    >>> nice_scale([0, 870_000])
    Scale(low=0.0, high=1000000.0, step=200000.0)
    """
    low, high = min(values, default=0.0), max(values, default=1.0)
    flat = high - low <= 1e-9 * max(abs(low), abs(high))
    if flat or (low >= 0 and low < high * FLAT):
        low, high = min(low, 0.0), max(high, 0.0)
    span = high - low or 1.0
    rough = span / steps
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    bottom, top = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Scale(bottom, max(top, bottom + step), step)


def tick_step(categories: Sequence[str], width: float, face: Face) -> int:
    """Return how many categories share one label, so that labels in a width of points do not touch.

    >>> from regulars.render.deck.measure import face
    >>> tick_step(["Jan", "Feb"], 400, face("Calibri")), tick_step(["2024-01"] * 24, 600, face("Calibri"))
    (1, 2)
    """
    if len(categories) < THIN_FROM:
        return 1
    widest = max(face.width(category, LABEL_SIZE) for category in categories) + 8
    needed = math.ceil(widest * len(categories) / width)
    floor = math.ceil(len(categories) / 12)
    return next((step for step in (2, 3, 4, 6, 12, 24) if step >= max(needed, floor)), max(needed, floor))


def end_labels(chart: Chart, scale: Scale, box: Box, face: Face, currency: Currency) -> EndLabels:
    """Return where the names of the series stand, right of their last points and apart from one another."""
    height = 1 - TOP - BOTTOM
    line = LABEL_SIZE * face.line * 1.05 / box.height_points
    last: list[tuple[int, int, float]] = []
    for number, series in enumerate(chart.series):
        known = [position for position, value in enumerate(series.values) if value is not None]
        if known:
            value = series.values[known[-1]] or 0.0
            last.append((number, known[-1], TOP + height * (scale.high - value) / (scale.high - scale.low)))
    # The lowest label keeps off the names of the categories, which stand right below the axis.
    places = _above(_apart([where for _, _, where in last], line), TOP + height - line * CLEAR_OF_AXIS, line)
    shown: list[EndLabel | None] = [None] * len(chart.series)
    widest = 0.0
    for (number, position, where), place in zip(last, places, strict=True):
        series = chart.series[number]
        number_format = chart_format(series.unit, currency, series.values[position : position + 1])
        shown[number] = EndLabel(position, place - where, number_format)
        text = f"{series.name}  {series.unit.show(series.values[position], currency, brief=True)}"
        widest = max(widest, face.width(text, LABEL_SIZE, bold=True))
    ticks = [chart.series[0].unit.show(tick, currency, brief=True) for tick in scale.ticks()]
    left = (max(face.width(tick, LABEL_SIZE) for tick in ticks) + 10) / box.width_points
    right = (widest + 14) / box.width_points
    return EndLabels(tuple(shown), left, TOP, max(1 - left - right, 0.3), height)


def _above(places: Sequence[float], lowest: float, least: float) -> list[float]:
    """Return the places with those below the lowest moved up to it, and neighbours still apart.

    >>> [round(place, 2) for place in _above([0.2, 0.95, 1.05], 0.9, 0.1)]
    [0.2, 0.8, 0.9]
    """
    moved = list(places)
    for index in sorted(range(len(places)), key=lambda number: -places[number]):
        moved[index] = min(moved[index], lowest)
        lowest = moved[index] - least
    return moved


def _apart(places: Sequence[float], least: float) -> list[float]:
    """Return the places moved as little as possible until neighbours are at least so far from one another.

    >>> [round(place, 2) for place in _apart([0.5, 0.5, 0.9], 0.1)]
    [0.45, 0.55, 0.9]
    """
    groups = [([index], place) for index, place in sorted(enumerate(places), key=lambda pair: pair[1])]
    merged: list[tuple[list[int], float]] = []
    for members, centre in groups:
        merged.append((members, centre))
        while len(merged) > 1:
            (upper, above), (lower, below) = merged[-2:]
            if below - above >= least * (len(upper) + len(lower)) / 2 - 1e-12:
                break
            together = upper + lower
            merged[-2:] = [(together, (above * len(upper) + below * len(lower)) / len(together))]
    moved = list(places)
    for members, centre in merged:
        for nth, index in enumerate(members):
            moved[index] = centre + least * (nth - (len(members) - 1) / 2)
    return moved
