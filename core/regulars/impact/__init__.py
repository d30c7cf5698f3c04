"""What acting on the segments would earn: initiatives over disjoint audiences, each gain incremental."""

from regulars.impact.estimate import estimate_impact
from regulars.impact.initiative import Initiative, Lever
from regulars.impact.model import Impact

__all__ = ["Impact", "Initiative", "Lever", "estimate_impact"]
