"""Kruskal-Wallis on ranks with its effect size, its interval, and the null of all permutations."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, chndtr, chndtrinc

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

DRAWS = 1_999  # permutations drawn where the null's moments leave it close
CLOSE = 10.0  # within this factor of the level
MOST_DRAWN = 20_000  # customers; in larger groups the two agree to the digits shown
LARGE = 10_000.0  # from this H on, the chi distribution is normal to the digits shown
NORMAL_95 = 1.6448536269514722


@dataclass(frozen=True)
class RankTest:
    """How much of the variance of ranks lies between groups: epsilon squared, 0 to 1, with its 90 % interval."""

    effect: float
    low: float
    high: float
    p: float
    size: int  # values tested
    groups: int  # groups with values


def midranks(values: Floats) -> Floats:
    """Return ranks from 1, equal values sharing the mean of theirs.

    >>> midranks(np.array([5.0, 1.0, 5.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    upto = np.cumsum(counts)
    return np.asarray((upto - (counts - 1) / 2)[place], dtype=np.float64)


def rank_test(ranks: Floats, codes: Codes, level: float, least: float, seed: int) -> RankTest | None:
    """Test whether groups differ in rank; None where all values are equal or fewer than two groups have any.

    With N values, epsilon squared = H/(N − 1) (Kruskal & Wallis 1952; Tomczak & Tomczak 2014): the sum of squares
    between groups over that of all ranks, ties included. Under permutation of the labels it has a known mean and
    variance (Pitman 1938), and the beta distribution with these moments is its null (Box & Andersen 1955). Where the
    effect is at least `least` and that p within a factor of ten of `level`, the labels are permuted DRAWS times
    instead. The interval inverts the non-central chi-square distribution of H: it is of the effect behind H, to which
    chance alone adds (groups − 1)/(N − 1) on average, and is stretched to hold the estimate where that lies above it.
    """
    sizes = np.bincount(codes)
    sizes = sizes[sizes > 0]
    size, groups = len(ranks), len(sizes)
    centred = ranks - ranks.mean()
    total = float(centred @ centred)
    if groups < 2 or groups >= size or total <= 0:
        return None
    effect = _between(centred, codes) / total
    p = _beta_tail(effect, *_moments(centred, sizes))
    if effect >= least and size <= MOST_DRAWN and level / CLOSE < p < level * CLOSE:
        p = _drawn(centred, codes, effect * total, seed)
    low, high = interval(effect * (size - 1), groups - 1)
    return RankTest(effect, min(low / (size - 1), effect), max(min(high / (size - 1), 1.0), effect), p, size, groups)


def _between(centred: Floats, codes: Codes) -> float:
    sizes, sums = np.bincount(codes), np.bincount(codes, centred)
    held = sizes > 0
    return float((sums[held] ** 2 / sizes[held]).sum())


def _moments(centred: Floats, sizes: Codes) -> tuple[float, float]:
    """Return mean and variance of epsilon squared over all permutations of the labels.

    Means of products over distinct places follow from the power sums of the ranks; the fourth moment of the groups'
    sums follows from them.
    """
    n = float(len(centred))
    squares = centred**2
    two, four = float(squares.sum()), float((squares**2).sum())
    pairs, threes = n * (n - 1), n * (n - 1) * (n - 2)
    m4, m31, m22 = four / n, -four / pairs, (two**2 - four) / pairs
    m211 = (2 * four - two**2) / threes if n > 2 else 0.0
    m1111 = (3 * two**2 - 6 * four) / (threes * (n - 3)) if n > 3 else 0.0
    g = sizes.astype(np.float64)
    g2 = g * (g - 1)
    g3, g4 = g2 * (g - 2), g2 * (g - 2) * (g - 3)
    own = g * m4 + g2 * (4 * m31 + 3 * m22) + 6 * g3 * m211 + g4 * m1111
    fourth = float((own / g**2).sum())
    ones, rest = len(g), g - 1
    # Over pairs of unlike groups, each divided by both sizes: sums of products, less those of a group with itself.
    both = float(ones**2 - ones)
    one = float(2 * (ones * rest.sum() - rest.sum()))
    none = float(rest.sum() ** 2 - (rest**2).sum())
    fourth += both * m22 + one * m211 + none * m1111
    mean = (len(g) - 1) / (n - 1)
    return mean, fourth / two**2 - mean**2


def _beta_tail(effect: float, mean: float, variance: float) -> float:
    if variance <= 0:
        return 1.0
    scale = mean * (1 - mean) / variance - 1
    if scale <= 0:
        return 1.0
    return float(betainc((1 - mean) * scale, mean * scale, max(1 - effect, 0.0)))


def _drawn(centred: Floats, codes: Codes, between: float, seed: int) -> float:
    """Return the share of permuted labellings that lie at least as far apart, the observed one included."""
    random = np.random.default_rng(seed)
    sizes = np.bincount(codes)
    sizes = sizes[sizes > 0]
    starts = np.cumsum(sizes) - sizes
    shuffled = centred.copy()
    reached = 1
    for _ in range(DRAWS):
        random.shuffle(shuffled)
        sums = np.add.reduceat(shuffled, starts)
        reached += bool((sums**2 / sizes).sum() >= between * (1 - 1e-12))
    return reached / (DRAWS + 1)


def interval(h: float, freedom: int) -> tuple[float, float]:
    """Return the 90 % interval of the non-centrality behind an observed H.

    >>> tuple(round(end, 1) for end in interval(2.0, 2))
    (0.0, 7.8)
    """
    if h > LARGE:
        root = math.sqrt(h)
        return max((root - NORMAL_95) ** 2 - freedom, 0.0), max((root + NORMAL_95) ** 2 - freedom, 0.0)
    low = float(chndtrinc(h, freedom, 0.95)) if chndtr(h, freedom, 0.0) > 0.95 else 0.0
    high = float(chndtrinc(h, freedom, 0.05)) if chndtr(h, freedom, 0.0) > 0.05 else 0.0
    return low, high


def holm(ps: list[float]) -> list[float]:
    """Return p-values corrected for their number (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(ps, kind="stable")
    corrected, running = [0.0] * len(ps), 0.0
    for done, place in enumerate(order):
        running = max(running, min(1.0, (len(ps) - done) * ps[place]))
        corrected[place] = running
    return corrected
