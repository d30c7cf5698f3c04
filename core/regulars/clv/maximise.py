"""Maximise a log-likelihood of positive parameters, and say how certain the maximum is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.clv.statistics import Floats

Mask = npt.NDArray[np.bool_]
Likelihood = Callable[[Floats], tuple[float, Floats]]

# Parameters are sought between these multiples of their unit.
LOWEST, HIGHEST = 1e-5, 1e5
# Within this factor of a bound the likelihood is so flat that the search may end before the bound itself.
NEAR = 10.0
# Largest slope of the mean log-likelihood, per unit of a log-parameter, at which a maximum counts as reached.
# What is left to gain there is below a thousandth of log-likelihood for a million customers. Newton's steps end far
# below it, except where two parameters at a bound make a ridge: rounding hides what is left of its slope.
FLAT = 1e-5
LEVEL = 1e-10  # slope at which nothing is left to gain
ROUNDING = 1e-13  # of the objective, as a share
MOST_STEPS, LONGEST_STEP = 40, 2.0  # of Newton's method, in log-parameters
STEP = 1e-4  # of the central differences of the exact gradient: error of order STEP², rounding 1e-16 / STEP
# Tried in turn, as multiples of the units, when the first ends at a bound or on a slope.
STARTS = ((1.1, 1.1, 1.1, 1.1), (0.3, 0.1, 0.5, 3.0), (3.0, 3.0, 0.2, 10.0), (0.1, 0.03, 5.0, 5.0))


@dataclass(frozen=True)
class LogNormal:
    """A weak prior on one parameter: its natural logarithm, in the parameter's unit, is normal."""

    parameter: str
    mean: float
    deviation: float


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where the log-likelihood (with a prior: the log-posterior) is highest."""

    params: Floats
    log_likelihood: float  # without the prior
    covariance: Floats | None  # see `maximise`
    at_bound: tuple[str, ...]
    converged: bool
    slope: float  # largest of the mean log-likelihood, per unit of a log-parameter


def maximise(
    likelihood: Likelihood,
    names: Sequence[str],
    units: Sequence[float],
    customers: float,
    *,
    prior: Sequence[LogNormal] = (),
    start: Sequence[float] | None = None,
    information: bool = True,
) -> Maximum:
    """Return the maximum over the parameters between LOWEST and HIGHEST times their units.

    `likelihood` gives the log-likelihood of all customers and its gradient at the natural parameters. Convergence is
    judged by the slope at the end and never by the optimiser's own word: on large data it reports a loss of precision
    at slopes of 1e-7. The covariance is the inverse of the observed information, brought from the logarithms to the
    natural parameters by the delta method; a parameter at a bound is held there (a row and a column of 0). It is None
    where the information is not positive definite, and when `information` is false.
    """
    scale = np.log(np.asarray(units, dtype=np.float64))
    lowest, highest = scale + np.log(LOWEST), scale + np.log(HIGHEST)
    objective = _Objective(likelihood, customers, *_prior_terms(names, scale, prior))
    starts = [np.log(np.asarray(start, dtype=np.float64))] if start is not None else []
    starts += [scale + np.log(multiples[: len(names)]) for multiples in STARTS]
    best: Floats | None = None
    for point in starts:
        found = _descend(objective, np.clip(point, lowest, highest), lowest, highest)
        if best is None or objective(found)[0] < objective(best)[0]:
            best = found
        if _slope(objective, best, lowest, highest) <= FLAT and not _near_bound(best, lowest, highest).any():
            break
    if best is None:
        raise AssertionError("there is always a start")
    hessian = None
    if information or _slope(objective, best, lowest, highest) > FLAT:
        best, hessian = _polish(objective, best, lowest, highest)
    held = _near_bound(best, lowest, highest)
    params = np.exp(best)
    slope = _slope(objective, best, lowest, highest)
    return Maximum(
        params=params,
        log_likelihood=likelihood(params)[0],
        covariance=None if hessian is None or not information else _covariance(hessian * customers, params, ~held),
        at_bound=tuple(name for name, is_held in zip(names, held, strict=True) if is_held),
        converged=slope <= FLAT,
        slope=slope,
    )


@dataclass(frozen=True)
class _Objective:
    """Mean negative log-likelihood of a customer, and its gradient, in log-parameters. The prior counts once."""

    likelihood: Likelihood
    customers: float
    centre: Floats
    precision: Floats

    def __call__(self, point: Floats) -> tuple[float, Floats]:
        params = np.exp(point)
        value, gradient = self.likelihood(params)
        pull = self.precision * (point - self.centre)
        total = -value + 0.5 * float(pull @ (point - self.centre))
        return total / self.customers, (pull - gradient * params) / self.customers


def _prior_terms(names: Sequence[str], scale: Floats, prior: Sequence[LogNormal]) -> tuple[Floats, Floats]:
    centre, precision = scale.copy(), np.zeros(len(names))
    for term in prior:
        place = list(names).index(term.parameter)
        centre[place] += term.mean
        precision[place] = term.deviation**-2
    return centre, precision


def _descend(objective: _Objective, start: Floats, lowest: Floats, highest: Floats) -> Floats:
    from scipy.optimize import minimize  # noqa: PLC0415  slow to import, and predictions do not need it

    found = minimize(
        objective,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(lowest, highest, strict=True)),
        options={"maxiter": 500, "ftol": 1e-14, "gtol": 1e-8},
    )
    return np.asarray(found.x, dtype=np.float64)


def _slope(objective: _Objective, point: Floats, lowest: Floats, highest: Floats) -> float:
    """Return the largest slope, leaving out what points beyond a bound."""
    gradient = objective(point)[1]
    return float(np.abs(np.clip(point - gradient, lowest, highest) - point).max())


def _near_bound(point: Floats, lowest: Floats, highest: Floats) -> Mask:
    edge = np.log(NEAR) + 1e-9
    return np.asarray((point <= lowest + edge) | (point >= highest - edge))


def _hessian(objective: _Objective, point: Floats) -> Floats:
    rows = []
    for place in range(len(point)):
        step = np.zeros(len(point))
        step[place] = STEP
        rows.append((objective(point + step)[1] - objective(point - step)[1]) / (2 * STEP))
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2)


def _polish(objective: _Objective, point: Floats, lowest: Floats, highest: Floats) -> tuple[Floats, Floats]:
    """Take Newton steps until the slope is nothing or no step helps, and return the last point with its Hessian.

    L-BFGS-B gives up on long flat ridges, where two parameters grow together; there the steps go on to the bound.
    """
    hessian = _hessian(objective, point)
    for _ in range(MOST_STEPS):
        value, gradient = objective(point)
        slope = _slope(objective, point, lowest, highest)
        free = ~(((point <= lowest) & (gradient > 0)) | ((point >= highest) & (gradient < 0)))
        if slope <= LEVEL or not free.any():
            break
        step = np.zeros(len(point))
        step[free] = _newton_step(hessian[np.ix_(free, free)], gradient[free])
        for shorter in (1.0, 0.25, 0.05, 0.01):
            better = np.clip(point + shorter * step, lowest, highest)
            if objective(better)[0] < value - ROUNDING * abs(value):
                break
            if _slope(objective, better, lowest, highest) < 0.5 * slope:
                break
        else:
            break
        far = np.abs(better - point).max() > STEP
        point = better
        if far:
            hessian = _hessian(objective, point)
    return point, hessian


def _newton_step(hessian: Floats, gradient: Floats) -> Floats:
    """Return the step to the lowest point of the parabola, downhill also where it bends the other way."""
    eigenvalues, vectors = np.linalg.eigh(hessian)
    bends = np.maximum(np.abs(eigenvalues), 1e-9 * np.abs(eigenvalues).max() + np.finfo(np.float64).tiny)
    step = -vectors @ ((vectors.T @ gradient) / bends)
    return np.asarray(step * min(1.0, LONGEST_STEP / np.abs(step).max()))


def _inverse(matrix: Floats) -> Floats | None:
    """Return the inverse of a positive definite matrix, None for any other."""
    if matrix.size == 0 or not np.isfinite(matrix).all():
        return None
    eigenvalues, vectors = np.linalg.eigh(matrix)
    if eigenvalues[0] <= 1e-10 * eigenvalues[-1]:
        return None
    inverse = (vectors / eigenvalues) @ vectors.T
    return np.asarray((inverse + inverse.T) / 2)


def _covariance(information: Floats, params: Floats, free: Mask) -> Floats | None:
    inverse = _inverse(information[np.ix_(free, free)])
    if inverse is None:
        return None
    whole = np.zeros_like(information)
    whole[np.ix_(free, free)] = inverse
    return np.asarray(whole * np.outer(params, params))
