"""k-means on log-scaled behaviour. Wholesale customers are set apart first, so that outliers do not rule."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.base.units import counted
from regulars.segments.axes import usual_gap
from regulars.segments.model import Clustering, Segment, Segments
from regulars.segments.naming import STARTS, ClusterScheme
from regulars.segments.scores import settled

OFFERED = 5  # the number of clusters that reports of this kind work with
SMALLEST_SHOP = 50  # customers; below that five averages are five anecdotes
LEARNED_ON = 50_000  # customers; the rest join the nearest cluster, and the cost stays linear
TRIED_ON = 5_000  # customers on whom the starts are tried; the best one goes on to LEARNED_ON
STREAM = 0  # of the starts: not the seed of the settings, which is to rename and move nobody
NO_GAP = 60.0  # days that stand in for the usual gap of a shop to which hardly anybody came again
FENCE = 1.5  # interquartile ranges of the logarithm (Tukey 1977)
LARGE = 5.0  # times the median order value: where orders are all alike, the fence alone would be near
FEWEST_APART = 5  # customers; fewer are no group
WHOLESALE_RULE = (
    f"average order above the upper quartile by more than {FENCE:g} interquartile ranges, both of its logarithm "
    f"(Tukey's fence), and above {LARGE:g} times the median; {FEWEST_APART} customers at least are a group of their own"
)
Values = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Clusters:
    """The schemes of clusters, with how they came about."""

    schemes: tuple[Segments, ...]
    clustering: Clustering


@dataclass(frozen=True, eq=False)
class Fit:
    """Cluster centres in standardised features."""

    mean: Values
    deviation: Values
    centres: Values

    def assign(self, matrix: pd.DataFrame) -> Numbers:
        """Return the nearest centre's number for each row."""
        values = (matrix.to_numpy(float) - self.mean) / self.deviation
        # |x − c|² without |x|², which is the same for all centres.
        distance = (self.centres**2).sum(axis=1) - 2 * values @ self.centres.T
        return np.asarray(distance.argmin(axis=1), dtype=np.int64)


def features(customers: pd.DataFrame) -> pd.DataFrame:
    """Return what clusters are cut by, one row a customer: logs of recency, orders, money, variety and span.

    Money is divided by its median first, so that the unit of the currency does not decide how far log(1 + x) bends.
    Product variety is left out where no product is known.
    """
    columns = {
        "days since last order": customers["days_since"],
        "orders": customers["orders"],
        "revenue": _by_median(customers["revenue"]),
        "average order": _by_median(customers["average_order"]),
        "products": customers["products"],
        "span of days": customers["recency"],
    }
    if not (customers["products"] > 0).any():
        del columns["products"]
    return pd.DataFrame({name: np.log1p(column.clip(lower=0)) for name, column in columns.items()})


def _by_median(money: pd.Series) -> pd.Series:
    median = float(money[money > 0].median())
    return settled(money / median) if median > 0 else money


def wholesale(customers: pd.DataFrame) -> tuple[pd.Series, float | None]:
    """Return who orders far more at a time than all others (WHOLESALE_RULE), and above which average order.

    Nobody and None where no order value is above nought, or nobody is that far out. They take no part in finding clusters,
    however few they are; FEWEST_APART of them are a group.
    """
    average = settled(customers["average_order"])
    known = average[average > 0]
    nobody = pd.Series(False, index=customers.index)
    if not len(known):
        return nobody, None
    low, median, high = (float(known.quantile(share)) for share in (0.25, 0.5, 0.75))
    above = max(high * (high / low) ** FENCE, LARGE * median)
    apart = average > above
    return (apart, above) if apart.any() else (nobody, None)


def one_thread() -> AbstractContextManager[object]:
    """Hold the libraries below to one thread: a few thousand customers feed no more, they would wait, busily."""
    held: AbstractContextManager[object] = _controller().limit(limits=1)
    return held


@cache
def _controller() -> Any:
    # Finding the libraries takes longer than a small clustering: once is enough, after all of them are loaded.
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415

    return ThreadpoolController()


def fit(matrix: pd.DataFrame, k: int, seed: int, starts: int = STARTS) -> Fit:
    """Return k centres of a feature matrix, standardised column by column.

    The seed draws from the rows as they stand: sort them by value where their order must decide nothing.
    """
    from sklearn.cluster import KMeans  # noqa: PLC0415  the slowest import of a run: paid only here

    values = _part(matrix, LEARNED_ON).to_numpy(float)
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    model = KMeans(n_clusters=k, random_state=seed, n_init=starts)
    with one_thread():
        model.fit((values - mean) / deviation)
    return Fit(mean, deviation, np.asarray(model.cluster_centers_, dtype=np.float64))


def best_fit(matrix: pd.DataFrame, k: int, starts: int = STARTS) -> Fit:
    """Return the k centres with the smallest squared distances of many starts, tried on a part and refined on all.

    No seed decides: the starts come from a stream of their own. Rows must stand by value, as for `fit`.
    """
    from sklearn.cluster import KMeans  # noqa: PLC0415

    values = _part(matrix, LEARNED_ON).to_numpy(float)
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    values = (values - mean) / deviation
    tried = _part(pd.DataFrame(values), TRIED_ON).to_numpy()
    with one_thread():
        found = KMeans(n_clusters=k, random_state=STREAM, n_init=starts).fit(tried).cluster_centers_
        # Until nobody moves: a tolerance would leave the last few customers to the start.
        model = KMeans(n_clusters=k, init=found, n_init=1, tol=0.0).fit(values)
    return Fit(mean, deviation, np.asarray(model.cluster_centers_, dtype=np.float64))


def _part(matrix: pd.DataFrame, most: int) -> pd.DataFrame:
    if len(matrix) <= most:
        return matrix
    return matrix.iloc[np.linspace(0, len(matrix) - 1, most).astype(np.int64)]


def partition(matrix: pd.DataFrame, k: int, seed: int, starts: int = STARTS) -> Numbers:
    """Return a cluster number for each row of a feature matrix."""
    return fit(matrix, k, seed, starts).assign(matrix)


def cluster_customers(customers: pd.DataFrame, schemes: Sequence[ClusterScheme], k: int | None) -> Clusters | str:
    """Cut customers into k clusters (five unless told otherwise), or say in a sentence why that is not done."""
    if len(customers) < SMALLEST_SHOP:
        return (
            f"{counted(len(customers), 'customer is', 'customers are')} too few for clusters: they need {SMALLEST_SHOP}"
        )
    wanted, matrix = k or OFFERED, features(customers)
    apart, above = wholesale(customers)
    rest = clustered(matrix, apart)
    kinds = len(rest.drop_duplicates())
    if kinds < wanted:
        return f"customers buy in too few different ways ({kinds}) for {wanted} clusters"
    clustering = Clustering(
        k=wanted,
        chosen_by="set in the settings" if k else "the number such reports work with; see the evidence beside it",
        features=tuple(matrix.columns),
        matrix=rest,
        wholesale=int(apart.sum()),
        wholesale_above=above,
        wholesale_rule=WHOLESALE_RULE,
    )
    found = tuple(_scheme(scheme, customers, clustering) for scheme in schemes)
    return Clusters(found, clustering)


def cut(
    scheme: ClusterScheme, customers: pd.DataFrame, k: int, starts: int = STARTS
) -> tuple[tuple[Segment, ...], pd.Series]:
    """Return the segments of a scheme cut into k clusters, and the segment key of each customer.

    Wholesale customers take no part in finding the clusters; they are a cluster of their own, or join the nearest one.
    """
    matrix, apart = features(customers), wholesale(customers)[0]
    own = _is_group(scheme, int(apart.sum()), k)
    groups = k - 1 if own else k
    numbers = pd.Series(best_fit(clustered(matrix, apart), groups, starts).assign(matrix), index=matrix.index)
    numbers = numbers.mask(apart, groups) if own else numbers
    in_time = (customers["days_since"] <= gap_or_usual(customers)).to_numpy()
    return scheme.name(customers, numbers, groups if own else None, in_time)


def clustered(matrix: pd.DataFrame, apart: pd.Series) -> pd.DataFrame:
    """Return the rows that clusters are found in, by value: neither a customer's number nor the sheet's order decides."""
    rest = matrix[~apart]
    return rest.sort_values(list(rest.columns))


def gap_or_usual(customers: pd.DataFrame) -> float:
    """Return the shop's usual gap between orders in days, NO_GAP where it has none."""
    return usual_gap(customers) or NO_GAP


def _is_group(scheme: ClusterScheme, large: int, k: int) -> bool:
    # With two clusters, a wholesale group would leave all others undivided.
    return scheme.wholesale is not None and large >= FEWEST_APART and k > 2


def _scheme(scheme: ClusterScheme, customers: pd.DataFrame, made: Clustering) -> Segments:
    definitions, labels = cut(scheme, customers, made.k)
    return Segments(scheme.id, scheme.title, _how(scheme, made, gap_or_usual(customers)), definitions, labels)


def _how(scheme: ClusterScheme, made: Clustering, gap: float) -> str:
    how = (
        f"k-means with k = {made.k} on the logarithms of {', '.join(made.features)}, each scaled to deviation 1; "
        f"named by their averages, ordered by revenue per customer. Of a cluster named for its long silence, those "
        f"who ordered within the usual gap of {gap:.0f} days stand apart, as new or one-time customers."
    )
    if _is_group(scheme, made.wholesale, made.k):
        how += f" Wholesale is one of the {made.k}, set apart first: {made.wholesale_rule}."
    elif made.wholesale:
        who = counted(made.wholesale, "wholesale customer")
        few = f", fewer than {FEWEST_APART}," if made.wholesale < FEWEST_APART else ""
        how += f" {who}{few} took no part in finding the clusters, and joined the nearest one."
    return f"{scheme.how} {how}" if scheme.how else how
