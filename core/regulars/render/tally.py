"""What a column held, in few words: enough to name the few cells that hold something else today, in whatever order.

Checksums fall into buckets, of which the number and the sum are kept. A bucket with one more than it had gives that one's
checksum away, and by it the cell.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Buckets = Mapping[int, tuple[int, int]]  # number and sum of the checksums in each

_BITS = 30  # of a checksum
_FEW = 48  # things of a column that are kept nearly one by one
_MOST_BUCKETS, _LEAST_BUCKETS = 1 << 16, 32
_SPREAD = 2_654_435_761  # Knuth's multiplicative hash: neighbouring numbers fall into buckets far apart
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def of_texts(checksums: Sequence[int]) -> Any:
    """Return the checksums of texts as they are tallied: an array of whole numbers."""
    return _spread(np.asarray(checksums, dtype=np.uint64))


def of_numbers(numbers: array[float]) -> Any:
    """Return checksums of numbers, whose last digits programs write differently: an array of whole numbers."""
    rounded = np.asarray(numbers, dtype=np.float64).astype(np.float32) + np.float32(0)
    return _spread(rounded.view(np.uint32).astype(np.uint64))


def _spread(numbers: Any) -> Any:
    return ((numbers * np.uint64(_SPREAD)) & np.uint64(0xFFFFFFFF)) >> np.uint64(32 - _BITS)


def tallied(checksums: Any, held: int | None = None) -> Buckets:
    """Return checksums by bucket; `held` is how many the column had when it was written, if it is another number.

    >>> sum(count for count, _ in tallied(of_texts([1, 2, 3, 3])).values())
    4
    """
    buckets = _buckets(checksums, len(checksums) if held is None else held)
    found: dict[int, tuple[int, int]] = {}
    places, inverse = np.unique(buckets, return_inverse=True)
    counts = np.bincount(inverse, minlength=len(places))
    # Sums of a million numbers below 2**30 are exact among floats.
    sums = np.bincount(inverse, weights=checksums.astype(np.float64), minlength=len(places))
    for place, count, total in zip(places.tolist(), counts.tolist(), sums.tolist(), strict=True):
        found[place] = (count, int(total))
    return found


def strangers(written: Buckets, checksums: Any) -> list[int]:
    """Return the places of those that were not written, as far as they can be told.

    >>> strangers(tallied(of_texts([5, 6, 7])), of_texts([7, 8, 5]))
    [1]
    """
    held = sum(count for count, _ in written.values())
    buckets = _buckets(checksums, held)
    found: list[int] = []
    for bucket, (count, total) in tallied(checksums, held).items():
        before, sum_before = written.get(bucket, (0, 0))
        inside = np.flatnonzero(buckets == bucket)
        if before == 0:
            found += inside.tolist()
        elif count == before + 1:
            found += inside[checksums[inside] == total - sum_before][:1].tolist()
        elif count == before == 1 and total != sum_before:
            found += inside.tolist()
    return sorted(found)


def _buckets(checksums: Any, held: int) -> Any:
    number = _MOST_BUCKETS if held <= _FEW else _LEAST_BUCKETS
    return (checksums * np.uint64(number)) >> np.uint64(_BITS)


def written(buckets: Buckets) -> str:
    """Return a tally as text: "sum" for a single one, "bucket.number.sum" for several."""
    return ",".join(
        _digits(total)
        if count == 1 and _is_at(total, bucket)
        else f"{_digits(bucket)}.{_digits(count)}.{_digits(total)}"
        for bucket, (count, total) in sorted(buckets.items())
    )


def _is_at(checksum: int, bucket: int) -> bool:
    """Tell whether a checksum on its own says its bucket: those of columns with few things do."""
    return (checksum * _MOST_BUCKETS) >> _BITS == bucket


def read(text: str) -> Buckets:
    """Return the tally that a text holds. Raises ValueError when it holds none.

    >>> few, many = tallied(of_texts([5, 6, 6])), tallied(of_texts(range(100)))
    >>> read(written(few)) == few, read(written(many)) == many
    (True, True)
    """
    found: dict[int, tuple[int, int]] = {}
    for part in text.split(","):
        said = [int(one, 36) for one in part.split(".")]
        if len(said) == 1:
            found[(said[0] * _MOST_BUCKETS) >> _BITS] = (1, said[0])
        else:
            bucket, count, total = said
            found[bucket] = (count, total)
    return found


def _digits(number: int) -> str:
    """Return a number to base 36."""
    found = ""
    while number >= len(_DIGITS):
        number, last = divmod(number, len(_DIGITS))
        found = _DIGITS[last] + found
    return _DIGITS[number] + found
