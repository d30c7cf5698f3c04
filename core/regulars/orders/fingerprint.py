"""A fingerprint of orders: equal for equal orders, whatever file they came in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regulars.orders.model import Orders

_PLACES = frozenset({"source", "row"})  # where a line stands, not what it says


def fingerprint(orders: Orders) -> str:
    """Return the SHA-256 of what the kept lines and the rows set aside say, as 64 hexadecimal digits.

    Names of files and sheets and row numbers are left out: orders that are moved to another file keep their fingerprint.
    """
    found = hashlib.sha256()
    for table in (orders.lines, orders.set_aside):
        for name in table.column_names:
            if name not in _PLACES:
                found.update(f"{name}:{table.num_rows};".encode())
                for piece in _pieces(table[name]):
                    found.update(piece)
    return found.hexdigest()


def _pieces(column: pa.ChunkedArray) -> Iterator[bytes]:
    """Yield what a column says. Where its chunks end, and what memory holds under a null, must not count."""
    before = 0
    for chunk in column.chunks:
        if chunk.null_count:
            yield (np.flatnonzero(pc.is_null(chunk).to_numpy(zero_copy_only=False)) + before).tobytes()
        before += len(chunk)
    known = [chunk.drop_null() for chunk in column.chunks]
    if not pa.types.is_string(column.type):
        for chunk in known:
            yield chunk.to_numpy(zero_copy_only=False).tobytes()
        return
    for chunk in known:
        yield pc.binary_length(chunk).to_numpy(zero_copy_only=False).tobytes()
    for chunk in known:
        _, offsets, texts = chunk.buffers()
        if len(chunk) and texts is not None:
            ends = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
            yield memoryview(texts)[ends[0] : ends[-1]].tobytes()
