"""How repeat purchases came about over time, beside what was expected."""

from __future__ import annotations

from regulars.clv.model import Holdout

MOST_POINTS = 60  # of the tracking plot


def tracking_points(holdout: Holdout, most: int = MOST_POINTS) -> list[tuple[int, float, float]]:
    """Return week, actual and expected of the tracking plot, every so many weeks and at its end."""
    track = holdout.tracking
    points = list(zip(track.weeks, track.actual, track.expected, strict=True))
    step = -(-len(points) // most)
    return points[::-1][::step][::-1]
