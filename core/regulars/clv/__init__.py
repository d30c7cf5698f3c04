"""What each customer is likely to spend from now on: purchase models, a spend model, and the evidence for them."""

from regulars.clv.estimate import estimate_lifetime
from regulars.clv.model import Lifetime

__all__ = ["Lifetime", "estimate_lifetime"]
