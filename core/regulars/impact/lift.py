"""Treat and hold out: who is left alone, and the smallest lift that two groups of a size can show."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

POWER = 0.80  # chance of noticing a lift of that size
ALPHA = 0.05  # chance of seeing one where there is none, two-sided
_DRAWS = 2**64


def held_out(customers: Iterable[str], share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Tell which customers are left alone: about `share` of any group of them.

    The draw is a hash of seed and customer id, so it depends neither on the order of rows nor on who else is there,
    and a customer who is left alone in one list is left alone in all.

    >>> one, other = held_out(["Ada", "Ben"], 0.5, 1), held_out(["Ben", "Ada"], 0.5, 1)
    >>> bool((one == other[::-1]).all())
    True
    """
    limit = round(share * _DRAWS)
    key = seed.to_bytes(8, "big")
    return np.array([_draw(customer, key) < limit for customer in customers], dtype=bool)


def _draw(customer: str, key: bytes) -> int:
    digest = hashlib.blake2b(customer.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
    return int.from_bytes(digest, "big")


def smallest_lift(treated: int, held: int, base: float, power: float = POWER, alpha: float = ALPHA) -> float | None:
    """Return the smallest rise of a share that a test of two proportions notices with the given power, or None.

    `base` is the share among those left alone. With p1 = base + lift and the pooled share p, it is the p1 at which
    p1 − base = z(1 − alpha/2) · sqrt(p(1 − p)(1/n1 + 1/n0)) + z(power) · sqrt(p1(1 − p1)/n1 + base(1 − base)/n0).
    Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., section 4.3, for groups of
    unequal size, without continuity correction. None: a group is empty, or even a share of 1 would go unnoticed.

    >>> round(0.5 + smallest_lift(77, 77, 0.5, power=0.9), 2)  # the example of R's power.prop.test: n = 76.7 for 0.50 and 0.75
    0.75
    """
    if not (treated and held and 0 <= base < 1):
        return None
    certain, noticed = NormalDist().inv_cdf(1 - alpha / 2), NormalDist().inv_cdf(power)

    def missing(lift: float) -> float:
        share = base + lift
        pooled = (treated * share + held * base) / (treated + held)
        null = math.sqrt(pooled * (1 - pooled) * (1 / treated + 1 / held))
        true = math.sqrt(share * (1 - share) / treated + base * (1 - base) / held)
        return certain * null + noticed * true - lift

    low, high = 0.0, 1.0 - base
    if missing(high) > 0:
        return None
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if missing(middle) > 0 else (low, middle)
    return high
