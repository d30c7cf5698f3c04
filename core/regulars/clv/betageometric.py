"""What BG/NBD and MBG/NBD share: a gamma purchase rate, and after purchases a beta chance of dropping out.

The two differ in one thing: when a customer may first drop out. In BG/NBD it is after the first repeat purchase, in
MBG/NBD after the very first. A customer who is alive after x repeat purchases has survived `tosses` = x or x + 1 of
these moments. With survived tosses n the likelihood of both is

    Γ(r+x)/Γ(r) α^r [ B(a, b+n)/B(a, b) (α+T)^−(r+x) + δ B(a+1, b+n−1)/B(a, b) (α+t_x)^−(r+x) ]

where δ = 0 when n = 0. Fader, Hardie & Lee (2005a), eq. (6), for n = x; Batislam, Denizel & Filiztekin (2007), eq. (3),
and Hoppe & Wagner (2007) for n = x + 1.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1

from regulars.clv.statistics import Floats, PurchaseStatistics, distinct_pairs

# Around a = 1 and around a + b + n = 1 the closed form is 0/0: it is taken from beside, where it loses few digits.
AROUND_ONE = 5e-4
BESIDE_ONE = 1e-3 * np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])
AROUND_POLE = 1e-7
BESIDE_POLE = 1e-6
NODES = 64


def log_likelihood(params: Floats, statistics: PurchaseStatistics, first_toss: int) -> tuple[float, Floats]:
    """Return the log-likelihood of all customers and its gradient in r, alpha, a, b.

    `first_toss` is 0 for BG/NBD and 1 for MBG/NBD. Gamma functions are evaluated once for each distinct x, logarithms
    once for each distinct time.
    """
    r, alpha, a, b = params
    x, by_x = statistics.x.values, statistics.weights_by_x()
    customers = statistics.customers
    tosses = x + first_toss
    # The part that depends on x alone.
    shared = gammaln(r + x) - gammaln(r) + betaln(a, b + tosses) - betaln(a, b)
    total = by_x @ shared + customers * r * np.log(alpha)
    in_r = by_x @ (digamma(r + x) - digamma(r)) + customers * np.log(alpha)
    in_alpha = customers * r / alpha
    both, both_seen = digamma(a + b), digamma(a + b + tosses)
    in_a = by_x @ (both - both_seen)
    in_b = by_x @ (both - both_seen + digamma(b + tosses) - digamma(b))
    # The bracket: alive at T, or dropped out at t_x. `odds` is the logarithm of dropped to alive.
    at_x, at_last, at_end = statistics.x.at, statistics.t_x.at, statistics.T.at
    end, last = alpha + statistics.T.values, alpha + statistics.t_x.values
    log_end, log_last = np.log(end)[at_end], np.log(last)[at_last]
    power = (r + x)[at_x]
    tossed = tosses > 0
    before = np.where(tossed, b + tosses - 1, 1.0)
    odds = np.where(tossed, np.log(a / before), -np.inf)[at_x] + power * (log_end - log_last)
    small = np.exp(-np.abs(odds))
    dropped = np.where(odds >= 0, 1.0, small) / (1.0 + small)
    weights = statistics.weights
    total += weights @ (np.maximum(odds, 0.0) + np.log1p(small) - power * log_end)
    weight_dropped = weights * dropped
    weight_alive = weights - weight_dropped
    in_r -= weight_alive @ log_end + weight_dropped @ log_last
    in_alpha -= (weight_alive * power) @ (1 / end)[at_end] + (weight_dropped * power) @ (1 / last)[at_last]
    in_a += weight_dropped.sum() / a
    in_b -= weight_dropped @ (1 / before)[at_x]
    return float(total), np.array([in_r, in_alpha, in_a, in_b])


def alive(params: tuple[float, ...], x: Floats, t_x: Floats, T: Floats, first_toss: int) -> Floats:
    """Return the probability of being alive at T: the first term of the likelihood's bracket as a share of both."""
    r, alpha, a, b = params
    tosses = x + first_toss
    tossed = tosses > 0
    odds = np.log(a) - np.log(np.where(tossed, b + tosses - 1, 1.0)) + (r + x) * np.log1p((T - t_x) / (alpha + t_x))
    return np.asarray(np.where(tossed, expit(-odds), 1.0))


def chance_while_alive(params: tuple[float, ...], x: Floats, T: Floats, t: float) -> Floats:
    """Return the probability of a purchase in (T, T + t] of a customer alive at T: 1 − ((α+T)/(α+T+t))^(r+x).

    The rate has the gamma posterior (r + x, α + T), and nobody drops out before the next purchase.
    """
    r, alpha, *_ = params
    return np.asarray(-np.expm1(-(r + x) * np.log1p(t / (alpha + T))))


def orders_while_alive(params: tuple[float, ...], x: Floats, T: Floats, t: float, first_toss: int) -> Floats:
    """Return the expected purchases in (T, T + t] of a customer alive at T, evaluated once for each distinct (x, T)."""
    r, alpha, a, b = params
    distinct_x, distinct_age, at = distinct_pairs(x.ravel(), T.ravel())
    found = expected_until_dropout(a, b + distinct_x + first_toss, r + distinct_x, t / (alpha + distinct_age))
    return np.asarray(found[at].reshape(x.shape))


def expected_until_dropout(a: float, b: Floats, r: Floats, k: Floats) -> Floats:
    """Return E[(1 − (1 + k p)^−r) / p] for p with the beta distribution (a, b): purchases until dropout or the end.

    Given p and a rate λ it is (1 − exp(−λ p t))/p; λ has the gamma distribution (r, t/k). Fader, Hardie & Lee (2005a),
    eq. (9) and (10), give the closed form; by Euler's transformation, with z = k/(1 + k) and c = a + b − 1, it is

        c/(a−1) · [1 − (1−z)^(a−1) · 2F1(a−1, c−r; c; z)]

    whose arguments stay small when x grows. Finite for all positive arguments.

    >>> expected_until_dropout(1.0, np.array([1.0]), np.array([1.0]), np.array([1.0])).round(12).tolist()   # ln 2
    [0.69314718056]
    """
    b, r, k = np.broadcast_arrays(b, r, k)
    found = _near_one(a, b, r, k) if abs(a - 1) < AROUND_ONE else _closed_form(a, b, r, k)
    lowest, highest = -np.expm1(-r * np.log1p(k)), r * k
    slack = 1e-9 * highest
    doubtful = ~((found >= lowest - slack) & (found <= highest + slack))
    if doubtful.any():
        found = found.copy()
        found[doubtful] = _by_quadrature(a, b[doubtful], r[doubtful], k[doubtful])
    return np.asarray(np.clip(found, lowest, np.maximum(lowest, highest)))


def _near_one(a: float, b: Floats, r: Floats, k: Floats) -> Floats:
    """Return the value at a from the polynomial through six values beside a = 1."""
    found = np.zeros_like(k)
    for place, step in enumerate(BESIDE_ONE):
        others = np.delete(BESIDE_ONE, place)
        weight = np.prod((a - 1 - others) / (step - others))
        found += weight * _closed_form(1 + step, b, r, k)
    return found


def _closed_form(a: float, b: Floats, r: Floats, k: Floats) -> Floats:
    pole = np.abs(a + b - 1) < AROUND_POLE * b
    if pole.any():
        either = [_hypergeometric(a, np.where(pole, b * (1 + side), b), r, k) for side in (BESIDE_POLE, -BESIDE_POLE)]
        return np.asarray(np.where(pole, (either[0] + either[1]) / 2, either[0]))
    return _hypergeometric(a, b, r, k)


def _hypergeometric(a: float, b: Floats, r: Floats, k: Floats) -> Floats:
    c = a + b - 1
    with np.errstate(all="ignore"):  # an overflow here is met by the check in `expected_until_dropout`
        shrunk = np.exp((1 - a) * np.log1p(k)) * hyp2f1(a - 1, c - r, c, k / (1 + k))
        return np.asarray(c / (a - 1) * (1 - shrunk))


def _by_quadrature(a: float, b: Floats, r: Floats, k: Floats) -> Floats:
    """Return the same expectation by Gauss-Jacobi quadrature over p."""
    found = np.empty(len(b))
    for each in np.unique(b):
        rows = b == each
        p, weights = beta_nodes(a, float(each))
        until = -np.expm1(-r[rows, None] * np.log1p(k[rows, None] * p)) / p
        found[rows] = until @ weights
    return found


def beta_nodes(a: float, b: float) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss quadrature for the beta distribution (a, b). Weights sum to 1.

    Golub & Welsch (1969), from the recurrence of the Jacobi polynomials on (0, 1); unlike a library's rule it does not
    multiply by the beta function, which underflows at large a and b.

    >>> p, weights = beta_nodes(2.0, 3.0)
    >>> round(float(weights @ p), 12), round(float(weights @ p**2), 12)
    (0.4, 0.2)
    """
    n = np.arange(NODES, dtype=np.float64)
    one, other = b - 1, a - 1  # exponents of 1 − p and p
    twice = 2 * n + one + other
    with np.errstate(all="ignore"):
        middle = (other**2 - one**2) / (twice * (twice + 2))
    middle[0] = (other - one) / (one + other + 2)
    step = n[1:]
    ends = 2 * step + one + other
    with np.errstate(all="ignore"):
        square = 4 * step * (step + one) * (step + other) * (step + one + other) / (ends**2 * (ends + 1) * (ends - 1))
    square[0] = 4 * (1 + one) * (1 + other) / ((2 + one + other) ** 2 * (3 + one + other))
    beside = np.sqrt(square) / 2
    p, vectors = np.linalg.eigh(np.diag((1 + middle) / 2) + np.diag(beside, 1) + np.diag(beside, -1))
    return np.clip(p, np.finfo(np.float64).tiny, 1.0), vectors[0] ** 2
