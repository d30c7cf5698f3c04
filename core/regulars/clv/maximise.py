"""Maximise a log-likelihood of positive parameters, and say how certain the maximum is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regulars.clv.statistics import Floats

Mask = npt.NDArray[np.bool_]
# The log-likelihood of all customers, its gradient and its matrix of second derivatives, at natural parameters.
Likelihood = Callable[[Floats], tuple[float, Floats, Floats]]

# Parameters are sought between these multiples of their unit.
LOWEST, HIGHEST = 1e-5, 1e5
# Within this factor of a bound the likelihood is so flat that the search may end before the bound itself.
NEAR = 10.0
# Largest slope of the mean log-likelihood, per unit of a log-parameter, at which a maximum counts as reached.
# What is left to gain there is below a thousandth of log-likelihood for a million customers. Newton's steps end far
# below it, except where two parameters at a bound make a ridge: rounding hides what is left of its slope.
FLAT = 1e-5
LEVEL = 1e-8  # slope at which nothing is left to gain
ROUGH = 1e-6  # the same, where the search only wants a start
SAME = 1e-10  # of two values, as a share
TINY = float(np.finfo(np.float64).tiny)
ROUNDING = 1e-13  # of the objective, as a share
MOST_STEPS, LONGEST_STEP = 40, 2.0  # of Newton's method, in log-parameters
SHORTER = (1.0, 0.25, 0.05, 0.01)  # shares of a step, tried in turn until one helps
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
    roughly: Likelihood | None = None,
    information: bool = True,
) -> Maximum:
    """Return the maximum over the parameters between LOWEST and HIGHEST times their units.

    Newton's method looks for it from `start`, first on `roughly`, a likelihood that is nearly the same and quicker.
    Where it ends on a slope, at a bound or where there is no top, the search begins anew from several places.

    Convergence is judged by the slope at the end. The covariance is the inverse of the observed information, brought
    from the logarithms to the natural parameters by the delta method; a parameter at a bound is held there (a row and a
    column of 0). It is None where the information is not positive definite, and when `information` is false.
    """
    scale = np.log(np.asarray(units, dtype=np.float64))
    box = _Box(scale + np.log(LOWEST), scale + np.log(HIGHEST))
    terms = _prior_terms(names, scale, prior)
    objective = _Objective(likelihood, customers, *terms)
    starts = [scale + np.log(multiples[: len(names)]) for multiples in STARTS]
    first = starts[0]
    if start is not None:
        first = np.log(np.asarray(start, dtype=np.float64))
        starts.insert(0, first)
    if roughly is not None:
        found = _newton(_Objective(roughly, customers, *terms), box, first, ROUGH)
        first = found.point if _is_top(found, box) else first
    best = _newton(objective, box, first, LEVEL)
    if not _is_top(best, box):
        best = _newton(objective, box, _lowest_of(objective, box, starts, best), LEVEL)
    held = box.nears(best.point)
    params, slope = np.exp(best.point), box.slope(best)
    return Maximum(
        params=params,
        log_likelihood=best.log_likelihood,
        covariance=_covariance(best.hessian * customers, params, ~held) if information else None,
        at_bound=tuple(name for name, is_held in zip(names, held, strict=True) if is_held),
        converged=slope <= FLAT,
        slope=slope,
    )


@dataclass(frozen=True, eq=False)
class _Here:
    """The mean negative log-likelihood of a customer at a point of log-parameters, its gradient and its curvature."""

    point: Floats
    value: float
    gradient: Floats
    hessian: Floats
    log_likelihood: float  # of all customers, without a prior


@dataclass(frozen=True, eq=False)
class _Objective:
    """What is made least. The prior counts once."""

    likelihood: Likelihood
    customers: float
    centre: Floats
    precision: Floats

    def at(self, point: Floats) -> _Here:
        """Evaluate it in log-parameters: d/d ln θ = θ d/dθ."""
        params = np.exp(point)
        log_likelihood, gradient, hessian = self.likelihood(params)
        gradient = gradient * params
        pull = self.precision * (point - self.centre)
        value = 0.5 * float(pull @ (point - self.centre)) - log_likelihood
        curvature = -hessian * params * params[:, None]
        curvature.flat[:: len(point) + 1] += self.precision - gradient
        return _Here(
            point,
            value / self.customers,
            (pull - gradient) / self.customers,
            curvature / self.customers,
            float(log_likelihood),
        )

    def value_and_gradient(self, point: Floats) -> tuple[float, Floats]:
        """Return what a search without second derivatives asks for."""
        here = self.at(point)
        return here.value, here.gradient


@dataclass(frozen=True, eq=False)
class _Box:
    """Where the logarithms of the parameters are sought."""

    lowest: Floats
    highest: Floats

    def clip(self, point: Floats) -> Floats:
        return np.asarray(np.minimum(np.maximum(point, self.lowest), self.highest))

    def slope(self, here: _Here) -> float:
        """Return the largest slope, leaving out what points beyond a bound."""
        return float(np.abs(self.clip(here.point - here.gradient) - here.point).max())

    def free(self, here: _Here) -> Mask:
        """Return which parameters are not held at a bound by the slope."""
        at_lowest = (here.point <= self.lowest) & (here.gradient > 0)
        return np.asarray(~(at_lowest | ((here.point >= self.highest) & (here.gradient < 0))))

    def nears(self, point: Floats) -> Mask:
        edge = np.log(NEAR) + 1e-9
        return np.asarray((point <= self.lowest + edge) | (point >= self.highest - edge))


def _is_top(here: _Here, box: _Box) -> bool:
    """Return whether the search ended where it should: flat, away from bounds, and lower on all sides."""
    return box.slope(here) <= FLAT and not box.nears(here.point).any() and _inverse(here.hessian) is not None


def _prior_terms(names: Sequence[str], scale: Floats, prior: Sequence[LogNormal]) -> tuple[Floats, Floats]:
    centre, precision = scale.copy(), np.zeros(len(names))
    for term in prior:
        place = list(names).index(term.parameter)
        centre[place] += term.mean
        precision[place] = term.deviation**-2
    return centre, precision


def _lowest_of(objective: _Objective, box: _Box, starts: Sequence[Floats], best: _Here) -> Floats:
    """Return the lowest point that L-BFGS-B finds from several starts, or the one that is known."""
    from scipy.optimize import minimize  # noqa: PLC0415  slow to import, and hardly ever needed

    for number, start in enumerate(starts):
        found = minimize(
            objective.value_and_gradient,
            box.clip(start),
            jac=True,
            method="L-BFGS-B",
            bounds=list(zip(box.lowest, box.highest, strict=True)),
            options={"maxiter": 500, "ftol": 1e-14, "gtol": 1e-8},
        )
        here = objective.at(np.asarray(found.x, dtype=np.float64))
        # Ways from two places that end equally low have met: more of them cost, and add nothing.
        has_met = number > 0 and abs(here.value - best.value) <= SAME * abs(best.value)
        if here.value < best.value:
            best = here
        if has_met or (box.slope(best) <= FLAT and not box.nears(best.point).any()):
            break
    return best.point


def _newton(objective: _Objective, box: _Box, start: Floats, level: float) -> _Here:
    """Take Newton steps until the slope is nothing or no step helps.

    L-BFGS-B gives up on long flat ridges, where two parameters grow together; there these steps go on to the bound.
    """
    here = objective.at(box.clip(start))
    for _ in range(MOST_STEPS):
        slope = box.slope(here)
        if slope <= level or not np.isfinite(here.hessian).all():
            break
        step = _newton_step(here, box.free(here))
        for share in SHORTER:
            there = objective.at(box.clip(here.point + share * step))
            if there.value < here.value - ROUNDING * abs(here.value) or box.slope(there) < 0.5 * slope:
                break
        else:
            break
        here = there
    return here


def _newton_step(here: _Here, free: Mask) -> Floats:
    """Return the step to the lowest point of the parabola, downhill also where it bends the other way.

    Parameters that are not free stay where they are.
    """
    eigenvalues, vectors = np.linalg.eigh(here.hessian[np.ix_(free, free)])
    sizes = np.abs(eigenvalues)
    bends = np.maximum(sizes, 1e-9 * sizes.max() + TINY)
    step = np.zeros(len(free))
    step[free] = -vectors @ ((vectors.T @ here.gradient[free]) / bends)
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
