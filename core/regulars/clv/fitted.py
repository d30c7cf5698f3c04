"""A fitted model: its parameters, how certain they are, and the forecasts they give. Or the reason why there is none."""

# ruff: noqa: N803  T is the literature's symbol, and lower-case t another
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from regulars.clv.maximise import Maximum
from regulars.clv.statistics import Floats, PurchaseStatistics


@dataclass(frozen=True)
class NoFit:
    """There is no model of these customers, and why."""

    reason: str


class Parameters(Protocol):
    """The parameters of a model, in the order of `names`."""

    names: ClassVar[tuple[str, ...]]


class PurchaseParameters(Parameters, Protocol):
    """Known parameters of a purchase model, and what follows from them. Times are in the unit the model was fitted in."""

    def expected_orders(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return the expected number of purchases in (T, T + t]."""

    def alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Return the probability that the customer has not dropped out by T."""

    def chance_of_purchase(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return the probability of at least one purchase in (T, T + t]."""

    def expected_purchases(self, t: npt.ArrayLike) -> Floats:
        """Return the expected number of repeat purchases of a new customer in (0, t]."""


AnyParameters = TypeVar("AnyParameters", bound=Parameters)
AnyPurchaseParameters = TypeVar("AnyPurchaseParameters", bound=PurchaseParameters)


@dataclass(frozen=True, eq=False)
class Fitted(Generic[AnyParameters]):
    """Parameters found by maximum likelihood. Vectors and matrices are in the order of `params.names`."""

    params: AnyParameters
    log_likelihood: float  # sum over the customers, on the time or money scale of the data, without a prior
    covariance: Floats | None  # of the natural parameters; 0 for one held at a bound; None: information not definite
    at_bound: tuple[str, ...]
    converged: bool
    customers: float

    @classmethod
    def at(cls, params: AnyParameters, maximum: Maximum, customers: float) -> Self:
        """Return the fit at a maximum."""
        return cls(params, maximum.log_likelihood, maximum.covariance, maximum.at_bound, maximum.converged, customers)

    @property
    def standard_errors(self) -> tuple[float | None, ...]:
        """Return the standard error of each parameter; None for one at a bound, and where there is no covariance."""
        if self.covariance is None:
            return (None,) * len(self.params.names)
        errors = np.sqrt(np.diag(self.covariance))
        return tuple(
            None if name in self.at_bound else float(error)
            for name, error in zip(self.params.names, errors, strict=True)
        )


@dataclass(frozen=True, eq=False)
class FittedPurchases(Fitted[AnyPurchaseParameters]):
    """A fitted purchase model. Times are in the unit of the statistics it was fitted on."""

    def expected_orders(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return the expected number of purchases in (T, T + t]."""
        return self.params.expected_orders(x, t_x, T, t)

    def alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Return the probability that the customer has not dropped out by T."""
        return self.params.alive(x, t_x, T)

    def chance_of_purchase(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, t: float) -> Floats:
        """Return the probability of at least one purchase in (T, T + t]."""
        return self.params.chance_of_purchase(x, t_x, T, t)

    def expected_purchases(self, t: npt.ArrayLike) -> Floats:
        """Return the expected number of repeat purchases of a new customer in (0, t]."""
        return self.params.expected_purchases(t)


def unfit(statistics: PurchaseStatistics) -> NoFit | None:
    """Return why no purchase model can be fitted, None when one can be tried."""
    if not statistics.customers:
        return NoFit("there is no customer")
    if not statistics.repeaters:
        return NoFit("no customer purchased again")
    return None


def as_floats(*columns: npt.ArrayLike) -> list[Floats]:
    """Return the columns as floats of one common shape."""
    return [np.asarray(column) for column in np.broadcast_arrays(*(np.asarray(c, dtype=np.float64) for c in columns))]
