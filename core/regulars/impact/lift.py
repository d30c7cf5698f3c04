"""Treat and hold out: who is left alone, and the smallest lift that two groups of a size can show."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

POWER = 0.80  # chance of noticing a lift of that size
ALPHA = 0.05  # chance of seeing one where there is none, two-sided
PARTS = 1_000_000


def held_out(customers: Sequence[str], lists: Sequence[str], share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Tell which customers are left alone: `share` of each list, to the nearest customer, half a customer counting as one.

    `lists` names the one list to act on of each customer, so that a customer who is left alone in it is left alone in
    all. Those with the lowest hashes of seed and customer id are drawn: the order of rows decides nothing, and most of
    them are drawn again when others have joined the list.

    >>> held_out(["Ada", "Ben", "Cem", "Dov", "Eve", "Fay"], ["a", "a", "a", "a", "a", "b"], 0.2, 1).sum()
    1
    """
    if not len(customers):
        return np.zeros(0, dtype=bool)
    key = seed.to_bytes(8, "big")
    draws = np.array([_draw(customer, key) for customer in customers], dtype=np.uint64)
    _, group = np.unique(np.asarray(lists, dtype=str), return_inverse=True)
    order = np.lexsort((np.asarray(customers, dtype=str), draws, group))
    sizes = np.bincount(group)
    rank = np.empty(len(draws), dtype=np.int64)
    rank[order] = np.arange(len(draws)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # In whole millionths: 0.1 times 5 is not a half in floating point everywhere.
    held = (2 * sizes * round(share * PARTS) + PARTS) // (2 * PARTS)
    return np.asarray(rank < held[group])


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
