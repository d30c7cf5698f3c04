"""How much the number of purchases varies around what is expected when the parameters are known.

E[Y(Y − 1)] counts ordered pairs of purchases. Given the rate λ, of a customer alive now, pairs at s < u have the density
λ² (1 − p) exp(−λpu) under BG/NBD and MBG/NBD, and λ² exp(−μu) under Pareto/NBD, so that it is 2 ∫ u λ² … du over the
horizon. The rate has the gamma posterior (r + x, α + T).
"""

# ruff: noqa: N803  T is the literature's symbol, and lower-case t another
from __future__ import annotations

import numpy as np
from scipy.special import betaln

from regulars.clv.statistics import Floats, distinct_rows

NODES, REACH = 41, 3.5  # enough for a variance: four digits
ROWS_AT_ONCE = 2000  # keeps the tables of rows by nodes within the processor's cache
PILED = 0.5
SMALL = 1e-4
LEGENDRE = 32
GONE = 40.0


def betageometric_pairs(params: tuple[float, ...], x: Floats, T: Floats, t: float, first_toss: int) -> Floats:
    """Return E[Y(Y − 1)] in (T, T + t] of customers alive at T, under BG/NBD (first_toss 0) or MBG/NBD (1)."""
    r, alpha, a, b = params
    first, at = distinct_rows(x, T)
    frequency, age = x[first], T[first]
    found = np.empty(len(first))
    for begin in range(0, len(first), ROWS_AT_ONCE):
        part = slice(begin, begin + ROWS_AT_ONCE)
        found[part] = _beta_mean(a, b + frequency[part] + first_toss, r + frequency[part], t / (alpha + age[part]))
    return np.asarray(found[at])


def pareto_pairs(params: tuple[float, ...], x: Floats, T: Floats, t: float) -> Floats:
    """Return E[Y(Y − 1)] in (T, T + t] of customers alive at T, under Pareto/NBD: 2 E[λ²] ∫ u ((β+T)/(β+T+u))^s du."""
    r, alpha, s, beta = params
    first, at = distinct_rows(x, T)
    frequency, age = x[first], T[first]
    nodes, shares = np.polynomial.legendre.leggauss(LEGENDRE)
    # Beyond the cut, S is below exp(−40).
    reach = np.minimum(np.log1p(t / (beta + age)), GONE / max(s - 1, 1e-300))[:, None]
    y = reach * (nodes + 1) / 2  # u = (β + T)(e^y − 1)
    u = (beta + age)[:, None] * np.expm1(y)
    integral = (u * np.exp(-(s - 1) * y) * (beta + age)[:, None] * reach * shares / 2).sum(axis=1)
    rate = (r + frequency) / (alpha + age)
    squared = rate * ((r + frequency + 1) / (alpha + age))
    return np.asarray((2 * squared * integral)[at])


def _beta_mean(a: float, b: Floats, r: Floats, k: Floats) -> Floats:
    """Return E[2(1−p)/p² · (1 − (1+kp)^−r (1 + rkp/(1+kp)))] for p with the beta distribution (a, b).

    By the trapezoidal rule as for the expected purchases: where the density piles up at an end, the straight line
    between the values there, r(r+1)k² at p = 0 and 0 at p = 1, is integrated exactly.
    """
    b, r, k = b[:, None], r[:, None], k[:, None]
    u = np.linspace(-REACH, REACH, NODES)
    width = np.minimum(2.0, np.sqrt(1 / a + 1 / b))
    y = np.log(a / b) + width * np.sinh(u)
    log_p, log_q = -np.logaddexp(0.0, -y), -np.logaddexp(0.0, y)
    p, q = np.maximum(np.exp(log_p), np.finfo(np.float64).tiny), np.exp(log_q)
    never = r * (r + 1) * k**2
    grown = k * p
    with np.errstate(all="ignore"):  # what overflows at the smallest p is replaced by the limit
        pairs = 2 / p**2 * -np.expm1(-r * np.log1p(grown) + np.log1p(r * grown / (1 + grown)))
    value = q * np.where(r * grown < SMALL, never, pairs)
    log_weight = a * log_p + b * log_q + np.log(np.cosh(u))
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    plain = (weight * value).sum(axis=1) / weight.sum(axis=1)
    weight = np.exp(log_weight - betaln(a, b)) * width * (u[1] - u[0])
    rest = (weight * (value - never * q)).sum(axis=1)
    piled = (never * b / (a + b))[:, 0] + rest
    return np.asarray(np.maximum(np.where(np.minimum(a, b[:, 0]) < PILED, piled, plain), 0.0))
