"""What each customer is likely to spend from now on: BG/NBD for orders, Gamma-Gamma for their size."""

from regulars.clv.estimate import estimate_lifetime
from regulars.clv.model import Lifetime

__all__ = ["Lifetime", "estimate_lifetime"]
