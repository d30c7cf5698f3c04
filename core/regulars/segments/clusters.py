"""k-means on log-scaled behaviour, with clusters named by their profile and ordered by value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.segments.model import ClusterEvidence, Segment, SegmentRole, Segments, slug

OFFERED = 5  # the number of clusters that reports of this kind work with
SMALLEST_SHOP = 50  # customers; below that five averages are five anecdotes
TRIED = range(2, 9)
SAMPLE = 3_000  # the silhouette is quadratic in customers
STARTS = 10


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
    """Return a cluster number for each row of a feature matrix, standardised column by column."""
    from sklearn.cluster import KMeans  # noqa: PLC0415  the slowest import of a run: paid only here

    model = KMeans(n_clusters=k, random_state=seed, n_init=starts)
    return np.asarray(model.fit_predict(standardised(matrix)), dtype=np.int64)


def standardised(matrix: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return columns with mean 0 and deviation 1; a constant column becomes 0."""
    values = matrix.to_numpy(float)
    deviation = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0))


def silhouettes(matrix: pd.DataFrame, seed: int, most: int) -> dict[int, float]:
    """Return the mean silhouette for each number of clusters, on a sample of at most SAMPLE customers."""
    from sklearn.metrics import silhouette_score  # noqa: PLC0415

    if len(matrix) > SAMPLE:
        chosen = np.random.default_rng(seed).choice(len(matrix), SAMPLE, replace=False)
        matrix = matrix.iloc[np.sort(chosen)]
    scaled = standardised(matrix)
    found = {}
    for k in TRIED:
        if k <= most:
            labels = partition(matrix, k, seed, starts=3)
            if len(np.unique(labels)) == k:
                found[k] = float(silhouette_score(scaled, labels))
    return found


def cluster_customers(customers: pd.DataFrame, k: int | None, seed: int) -> Clusters | str:
    """Cut customers into k clusters (five unless told otherwise), or say in a sentence why that is not done."""
    matrix = features(customers)
    kinds = len(matrix.drop_duplicates())
    if len(customers) < SMALLEST_SHOP:
        return f"{len(customers)} customers are too few for clusters: they need {SMALLEST_SHOP}"
    wanted = k or OFFERED
    if kinds < wanted:
        return f"all customers buy in {kinds} ways only: too few for {wanted} clusters"
    numbers = pd.Series(partition(matrix, wanted, seed), index=customers.index)
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


def named(customers: pd.DataFrame, numbers: pd.Series) -> tuple[tuple[Segment, ...], pd.Series]:
    """Name clusters by their profile and order them by revenue per customer, so that a new seed renames nothing.

    Each name is given to the cluster that deserves it most among those still unnamed, and only where the profile
    bears it out: there is no wholesale cluster where no group's orders are large.
    """
    columns = ["days_since", "orders", "revenue", "average_order"]
    profile = customers.groupby(numbers)[columns].mean().sort_values(["revenue", "orders"], ascending=False)
    overall = customers[columns].mean()
    names: dict[int, tuple[str, SegmentRole]] = {}

    def rest() -> pd.DataFrame:
        return profile.drop(index=list(names))

    names[int(profile.index[0])] = (
        ("High-value loyal", SegmentRole.BEST)
        if profile["orders"].iloc[0] > overall["orders"]
        else ("High-value occasional", SegmentRole.LOYAL)
    )
    oldest = int(str(rest()["days_since"].idxmax()))
    if profile.loc[oldest, "days_since"] > 1.3 * overall["days_since"]:
        names[oldest] = ("At-risk / churned", SegmentRole.LOST)
    if len(rest()) and rest()["average_order"].max() > 1.3 * overall["average_order"]:
        largest = int(str(rest()["average_order"].idxmax()))
        bulk = profile.loc[largest, "orders"] >= 2
        names[largest] = ("Bulk / wholesale", SegmentRole.LOYAL) if bulk else ("Large one-time", SegmentRole.NEW)
    if len(rest()) and rest()["orders"].max() >= 2:
        names[int(str(rest()["orders"].idxmax()))] = ("Growing repeat", SegmentRole.RISING)
    for number in rest().index:
        once = profile.loc[number, "orders"] < 2
        late = profile.loc[number, "days_since"] > overall["days_since"]
        role = SegmentRole.LOST if late else SegmentRole.NEW if once else SegmentRole.WAVERING
        names[int(number)] = ("Low-value one-time" if once else "Occasional", role)
    return _defined(profile, names, numbers)


def _defined(
    profile: pd.DataFrame, names: dict[int, tuple[str, SegmentRole]], numbers: pd.Series
) -> tuple[tuple[Segment, ...], pd.Series]:
    definitions: list[Segment] = []
    keys: dict[int, str] = {}
    for number, row in profile.iterrows():
        name, role = names[int(str(number))]
        namesakes = sum(segment.name.startswith(name) for segment in definitions)
        shown = f"{name} {namesakes + 1}" if namesakes else name
        meaning = (
            f"On average {row['orders']:.1f} orders of {row['average_order']:,.0f}, "
            f"the last one {row['days_since']:.0f} days ago"
        )
        keys[int(str(number))] = slug(shown)
        definitions.append(Segment(slug(shown), shown, role, meaning))
    return tuple(definitions), numbers.map(keys).astype(object)
