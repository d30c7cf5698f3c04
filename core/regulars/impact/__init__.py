"""What acting on the segments would earn: initiatives over disjoint audiences, each gain incremental."""

from regulars.impact.estimate import estimate_impact
from regulars.impact.model import Impact, Initiative, Lever

__all__ = ["Impact", "Initiative", "Lever", "estimate_impact"]
