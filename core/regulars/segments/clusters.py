"""k-means on log-scaled behaviour, with clusters named by their profile and ordered by value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.segments.model import ClusterEvidence, Segment, SegmentRole, Segments, slug

OFFERED = 5  # the number of clusters that reports of this kind work with
SMALLEST_SHOP = 50  # customers; below that five averages are five anecdotes
TRIED = range(2, 9)
SAMPLE = 1_000  # the silhouette is quadratic in customers
STARTS = 5
CLEARLY = 1.3  # times the average of all customers, before a cluster is named for it
REPEATS = 2  # orders on average, before a cluster counts as coming again


@dataclass(frozen=True)
class Clusters:
    """Clusters as segments, with the evidence for their number."""

    segments: Segments
    evidence: ClusterEvidence


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
    return money / median if median > 0 else money


def partition(matrix: pd.DataFrame, k: int, seed: int, starts: int = STARTS) -> npt.NDArray[np.int64]:
    """Return a cluster number for each row of a feature matrix, standardised column by column.

    The seed draws from the rows as they stand: sort them by value where their order must decide nothing.
    """
    from sklearn.cluster import KMeans  # noqa: PLC0415  the slowest import of a run: paid only here
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    model = KMeans(n_clusters=k, random_state=seed, n_init=starts)
    # A few thousand customers do not feed several threads: they would wait for each other, busily.
    with threadpool_limits(1):
        return np.asarray(model.fit_predict(standardised(matrix)), dtype=np.int64)


def standardised(matrix: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return columns with mean 0 and deviation 1; a constant column becomes 0."""
    values = matrix.to_numpy(float)
    deviation = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0))


def silhouettes(matrix: pd.DataFrame, seed: int, most: int) -> dict[int, float]:
    """Return the mean silhouette for each number of clusters, on a sample of at most SAMPLE customers."""
    from sklearn.metrics import pairwise_distances, silhouette_score  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    if len(matrix) > SAMPLE:
        chosen = np.random.default_rng(seed).choice(len(matrix), SAMPLE, replace=False)
        matrix = matrix.iloc[np.sort(chosen)]
    found = {}
    with threadpool_limits(1):
        distances = pairwise_distances(standardised(matrix))  # once: every number of clusters asks for the same
        for k in (k for k in TRIED if k <= most):
            labels = partition(matrix, k, seed, starts=1)
            if len(np.unique(labels)) == k:
                found[k] = float(silhouette_score(distances, labels, metric="precomputed"))
    return found


def cluster_customers(customers: pd.DataFrame, k: int | None, seed: int) -> Clusters | str:
    """Cut customers into k clusters (five unless told otherwise), or say in a sentence why that is not done."""
    matrix = features(customers)
    kinds = len(matrix.drop_duplicates())
    if len(customers) < SMALLEST_SHOP:
        return f"{len(customers)} customers are too few for clusters: they need {SMALLEST_SHOP}"
    wanted = k or OFFERED
    if kinds < wanted:
        return f"customers buy in too few different ways ({kinds}) for {wanted} clusters"
    # By value, so that neither a customer's number nor the order of the sheet moves anybody.
    matrix = matrix.sort_values(list(matrix.columns))
    numbers = pd.Series(partition(matrix, wanted, seed), index=matrix.index).loc[customers.index]
    definitions, labels = named(customers, numbers)
    evidence = ClusterEvidence(
        k=wanted,
        chosen_by="set in the settings" if k else "the number such reports work with; see the silhouettes beside it",
        silhouettes=silhouettes(matrix, seed, most=min(kinds - 1, len(customers) - 1)),
        features=tuple(matrix.columns),
    )
    how = (
        f"k-means with k = {wanted} on the logarithms of {', '.join(matrix.columns)}, each scaled to deviation 1; "
        "named by their averages, ordered by revenue per customer"
    )
    return Clusters(Segments("kmeans5", "Clusters", how, definitions, labels), evidence)


@dataclass(frozen=True)
class Profile:
    """The averages of a cluster, or of all customers."""

    number: int
    days_since: float
    orders: float
    revenue: float
    average_order: float


NamedAs = tuple[str, SegmentRole]


def named(customers: pd.DataFrame, numbers: pd.Series) -> tuple[tuple[Segment, ...], pd.Series]:
    """Name clusters by their profile and order them by revenue per customer, so that a new seed renames nothing.

    Each name is given to the cluster that deserves it most among those still unnamed, and only where the profile
    bears it out: there is no wholesale cluster where no group's orders are large.
    """
    overall = _profile(-1, customers)
    profiles = [_profile(number, customers[numbers == number]) for number in sorted(numbers.unique())]
    profiles.sort(key=lambda profile: (-profile.revenue, -profile.orders, profile.number))
    names = _names(profiles, overall)
    definitions: list[Segment] = []
    keys: dict[int, str] = {}
    for profile in profiles:
        name, role = names[profile.number]
        namesakes = sum(segment.name.startswith(name) for segment in definitions)
        shown = f"{name} {namesakes + 1}" if namesakes else name
        meaning = (
            f"On average {profile.orders:.1f} orders of {profile.average_order:,.0f}, "
            f"the last one {profile.days_since:.0f} days ago"
        )
        keys[profile.number] = slug(shown)
        definitions.append(Segment(slug(shown), shown, role, meaning))
    return tuple(definitions), numbers.map(keys).astype(object)


def _profile(number: int, customers: pd.DataFrame) -> Profile:
    means = (float(customers[name].mean()) for name in ("days_since", "orders", "revenue", "average_order"))
    return Profile(int(number), *means)


def _names(profiles: list[Profile], overall: Profile) -> dict[int, NamedAs]:
    """Return name and role by cluster number; `profiles` begin with the most revenue per customer."""
    first, *rest = profiles
    loyal = first.orders > overall.orders
    names: dict[int, NamedAs] = {
        first.number: ("High-value loyal", SegmentRole.BEST) if loyal else ("High-value occasional", SegmentRole.LOYAL)
    }
    claims: tuple[tuple[Callable[[Profile], float], Callable[[Profile], NamedAs | None]], ...] = (
        (lambda one: one.days_since, lambda one: _churned(one, overall)),
        (lambda one: one.average_order, lambda one: _large(one, overall)),
        (lambda one: one.orders, _repeating),
    )
    for measure, name in claims:
        if rest:
            strongest = max(rest, key=measure)
            given = name(strongest)
            if given is not None:
                names[strongest.number] = given
                rest.remove(strongest)
    for one in rest:
        once = one.orders < REPEATS
        role = SegmentRole.NEW if once else SegmentRole.WAVERING
        late = one.days_since > overall.days_since
        names[one.number] = ("Low-value one-time" if once else "Occasional", SegmentRole.LOST if late else role)
    return names


def _churned(one: Profile, overall: Profile) -> NamedAs | None:
    return ("At-risk / churned", SegmentRole.LOST) if one.days_since > CLEARLY * overall.days_since else None


def _large(one: Profile, overall: Profile) -> NamedAs | None:
    if one.average_order <= CLEARLY * overall.average_order:
        return None
    return ("Bulk / wholesale", SegmentRole.LOYAL) if one.orders >= REPEATS else ("Large one-time", SegmentRole.NEW)


def _repeating(one: Profile) -> NamedAs | None:
    return ("Growing repeat", SegmentRole.RISING) if one.orders >= REPEATS else None
