"""What each customer is likely to spend from now on: purchase models, a spend model, and the evidence for them.

For Python programs: `from regulars.clv import fit, summarise`. Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regulars.clv.api import FitError, FittedCustomers, fit, summarise
    from regulars.clv.estimate import estimate_lifetime
    from regulars.clv.model import Lifetime

__all__ = ["FitError", "FittedCustomers", "Lifetime", "estimate_lifetime", "fit", "summarise"]

_HOMES = {
    "FitError": "api", "FittedCustomers": "api", "fit": "api", "summarise": "api",
    "estimate_lifetime": "estimate", "Lifetime": "model",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'regulars.clv' has no attribute '{name}'")
    return getattr(import_module(f"regulars.clv.{_HOMES[name]}"), name)
