"""Evidence for a number of clusters: silhouette, gap statistic and stability, side by side, and what they say together."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.segments.clusters import fit, one_thread

TRIED = range(2, 11)
SAMPLE = 1_000  # customers: the silhouette is quadratic in them
REFERENCES = 10  # uniform data sets that the gap is measured against
RESAMPLES = 20  # of the bootstrap
STARTS = 3  # the same for data, references and resamples: otherwise effort, not structure, would be compared
STABLE = 0.75  # mean adjusted Rand index from which a partition counts as found again
SEPARATE = 0.5  # silhouette from which groups stand apart
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """What the measures say of k clusters; None where they were not computed."""

    k: int
    silhouette: float | None  # mean, −1 to 1 (Rousseeuw 1987)
    gap: float | None = None  # expected log dispersion of data without groups − that of the data
    gap_error: float | None = None  # standard error of the gap, for the simulation too
    stability: float | None = None  # mean adjusted Rand index of clusterings of resampled customers


@dataclass(frozen=True)
class Evidence:
    """The measures of each k that was tried, and the number that they recommend together."""

    measures: tuple[Measure, ...]
    full: bool  # gap and stability too
    by_silhouette: int | None
    by_gap: int | None  # 1: no groups at all
    by_stability: int | None  # the largest k that is found again
    recommended: int | None  # None: cuts of a continuum, no number is better than another


def weigh(matrix: pd.DataFrame, seed: int, *, full: bool) -> Evidence:
    """Weigh 2 to 10 clusters of a feature matrix, on a sample of at most SAMPLE customers.

    The silhouette always; with `full` also the gap statistic (Tibshirani, Walther & Hastie 2001) and the stability under
    the bootstrap (Ben-Hur et al. 2002, with the adjusted Rand index). A number is recommended only when groups stand
    apart: the k of the highest silhouette, if that is SEPARATE at least or the gap finds groups, and found again.
    """
    if len(matrix) > SAMPLE:
        matrix = matrix.iloc[np.linspace(0, len(matrix) - 1, SAMPLE).astype(np.int64)]
    values = matrix.to_numpy(float)
    deviation = values.std(axis=0)
    values = (values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    kinds = len(np.unique(values, axis=0))
    tried = [k for k in TRIED if k < kinds]
    labels = {k: _labels(values, k, seed) for k in tried}
    shape = _silhouettes(values, labels)
    gaps = _gaps(values, labels, seed) if full and tried else {}
    stable = {k: _stability(values, k, labels[k], seed) for k in tried} if full else {}
    measures = tuple(
        Measure(k, shape.get(k), gaps[k][0] if k in gaps else None, gaps[k][1] if k in gaps else None, stable.get(k))
        for k in ([1] if gaps else []) + tried
    )
    by_silhouette = max(shape, key=lambda k: shape[k]) if shape else None
    by_gap = _by_gap(gaps) if gaps else None
    by_stability = max((k for k, value in stable.items() if value >= STABLE), default=None)
    recommended = None
    if full and by_silhouette is not None and stable.get(by_silhouette, 0.0) >= STABLE:
        apart = shape[by_silhouette] >= SEPARATE
        recommended = by_silhouette if apart and by_gap != 1 else None
    return Evidence(measures, full, by_silhouette, by_gap, by_stability, recommended)


def _labels(values: Values, k: int, seed: int) -> npt.NDArray[np.int64]:
    return _assigned(values, values, k, seed)


def _assigned(learned: Values, values: Values, k: int, seed: int) -> npt.NDArray[np.int64]:
    return fit(pd.DataFrame(learned), k, seed, STARTS).assign(pd.DataFrame(values))


def _silhouettes(values: Values, labels: dict[int, npt.NDArray[np.int64]]) -> dict[int, float]:
    from sklearn.metrics import pairwise_distances, silhouette_score  # noqa: PLC0415

    with one_thread():
        distances = pairwise_distances(values)  # once: every number of clusters asks for the same
        return {
            k: float(silhouette_score(distances, found, metric="precomputed"))
            for k, found in labels.items()
            if len(np.unique(found)) == k
        }


def _dispersion(values: Values, labels: npt.NDArray[np.int64]) -> float:
    """Return the logarithm of the squared distances from the means of the clusters."""
    total = sum(
        float(((group - group.mean(axis=0)) ** 2).sum())
        for group in (values[labels == one] for one in np.unique(labels))
    )
    return float(np.log(max(total, np.finfo(float).tiny)))


def _gaps(values: Values, labels: dict[int, npt.NDArray[np.int64]], seed: int) -> dict[int, tuple[float, float]]:
    """Return gap and standard error of 1 cluster and of each k: reference data fill the box of the principal axes."""
    random = np.random.default_rng(seed)
    _, _, axes = np.linalg.svd(values, full_matrices=False)
    turned = values @ axes.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    references = [random.uniform(low, high, size=turned.shape) for _ in range(REFERENCES)]
    gaps = {}
    for k in (1, *labels):
        own = np.zeros(len(values), dtype=np.int64) if k == 1 else labels[k]
        expected = [
            _dispersion(one, np.zeros(len(one), dtype=np.int64) if k == 1 else _labels(one, k, seed))
            for one in references
        ]
        error = float(np.std(expected)) * np.sqrt(1 + 1 / REFERENCES)
        gaps[k] = (float(np.mean(expected)) - _dispersion(values, own), float(error))
    return gaps


def _by_gap(gaps: dict[int, tuple[float, float]]) -> int | None:
    """Return the smallest k whose gap reaches that of k + 1 less its error; None when it never does."""
    numbers = sorted(gaps)
    for k, after in itertools.pairwise(numbers):
        if gaps[k][0] >= gaps[after][0] - gaps[after][1]:
            return k
    return None


def _stability(values: Values, k: int, own: npt.NDArray[np.int64], seed: int) -> float:
    """Return how alike clusterings of resampled customers are to the one of all, by the mean adjusted Rand index."""
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415

    random = np.random.default_rng(seed)
    found = []
    for _ in range(RESAMPLES):
        drawn = values[random.integers(0, len(values), len(values))]
        if len(np.unique(drawn, axis=0)) >= k:
            found.append(float(adjusted_rand_score(own, _assigned(drawn, values, k, seed))))
    return float(np.mean(found)) if found else 0.0
