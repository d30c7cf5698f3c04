"""A scheme of cells: each combination of scores belongs to exactly one segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from regulars.segments.axes import Axis
from regulars.segments.model import Segment, Segments
from regulars.segments.scores import Scores

Cell = tuple[int, ...]  # one score an axis, in the order of the axes
Scored = dict[Axis, Scores]  # scores that another scheme has already asked for


@dataclass(frozen=True)
class CellScheme:
    """A checked scheme: its axes, its segments, and the segment key of each cell."""

    id: str
    title: str
    how: str
    axes: tuple[Axis, ...]
    definitions: tuple[Segment, ...]
    cells: Mapping[Cell, str]

    @property
    def in_money(self) -> bool:
        """Tell whether the scheme has thresholds in money."""
        return any(axis.in_money for axis in self.axes)

    def segment(self, customers: pd.DataFrame, scored: Scored | None = None) -> Segments:
        """Label each customer by the cell of its scores."""
        scored = {} if scored is None else scored
        used = [axis.known(customers) for axis in self.axes]
        place = np.zeros(len(customers), dtype=np.int64)
        for axis in used:
            if axis not in scored:
                scored[axis] = axis.score(customers)
            place = place * axis.levels + (scored[axis] - 1)
        labels = pd.Series(self._by_place()[place], index=customers.index, dtype=object)
        how = " ".join([self.how, *(axis.says for axis in used if axis.says)])
        return Segments(self.id, self.title, how, self.definitions, labels)

    def _by_place(self) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        # Cells in the order of their scores, the last axis fastest: a customer's cell is then a number.
        return np.array([key for _, key in sorted(self.cells.items())], dtype=object)


def shown(cell: Cell, axes: tuple[Axis, ...]) -> str:
    """Return a cell as people write it.

    >>> from regulars.segments.axes import RFM
    >>> shown((5, 1, 2), RFM)
    'R5 F1 M2'
    """
    return " ".join(f"{axis.letter.upper()}{score}" for axis, score in zip(axes, cell, strict=True))
