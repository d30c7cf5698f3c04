"""The same scheme on other customers: what forms its segments again from a customers' frame of an earlier day."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from regulars.base.scheme_ids import CELL_SCHEMES, CLUSTER_SCHEMES, COARSEST
from regulars.base.settings import Settings
from regulars.segments.cells import CellScheme, Scored
from regulars.segments.clusters import OFFERED, cut
from regulars.segments.model import Segments
from regulars.segments.naming import ClusterScheme
from regulars.segments.ranks import Codes
from regulars.segments.scheme import (
    is_path,
    scheme_at,
    shipped_clusters,
    shipped_scheme,
)

FEW_STARTS = 5  # of k-means, which are enough to judge by

# From customers as of a day to the place of each one's segment. Scores may be kept for other schemes of the same frame.
Former = Callable[[pd.DataFrame, Scored], Codes]


def codes_of(segments: Segments) -> Codes:
    """Return the place of each customer's segment in the scheme's definitions."""
    places = {segment.key: place for place, segment in enumerate(segments.definitions)}
    return np.asarray(segments.labels.map(places), dtype=np.int64)


def former_of(segments: Segments, settings: Settings) -> Former | None:
    """Return what forms a scheme anew; None for one that purchase days alone do not decide.

    Rules keep their segments' places; clusters are cut afresh, so their numbers mean nothing from one day to another.
    """
    if segments.scheme in CLUSTER_SCHEMES:
        scheme_of_clusters, k = _clusters(segments.scheme), settings.clusters or OFFERED
        return lambda frame, _: _clustered(scheme_of_clusters, frame, k)
    scheme = _rules(segments.scheme, settings)
    if scheme is None:
        return None
    places, numbers = _places(scheme), [axis.levels for axis in scheme.axes]

    def form(frame: pd.DataFrame, scored: Scored) -> Codes:
        cell = np.zeros(len(frame), dtype=np.int64)
        for axis, levels in zip((axis.known(frame) for axis in scheme.axes), numbers, strict=True):
            if axis not in scored:
                scored[axis] = axis.score(frame)
            cell = cell * levels + (scored[axis] - 1)
        return places[cell]

    return form


def is_of_days(segments: Segments, form: Former, today: pd.DataFrame) -> bool:
    """Tell whether purchase days alone give a scheme's segments of today; products may decide as well."""
    return bool(np.array_equal(form(today, {}), codes_of(segments)))


def _rules(name: str, settings: Settings) -> CellScheme | None:
    if name in {*CELL_SCHEMES, COARSEST}:
        return _shipped(name)
    if is_path(settings.scheme):
        own = scheme_at(Path(settings.scheme))
        return own if own.id == name else None
    return None


@cache
def _shipped(name: str) -> CellScheme:
    return shipped_scheme(name)


def _places(scheme: CellScheme) -> Codes:
    """Return the place of each cell's segment, cells in the order of their scores, the last axis fastest."""
    keys = [segment.key for segment in scheme.definitions]
    return np.array([keys.index(key) for _, key in sorted(scheme.cells.items())], dtype=np.int64)


@cache
def _clusters(name: str) -> ClusterScheme:
    return shipped_clusters(name)


def _clustered(scheme: ClusterScheme, frame: pd.DataFrame, k: int) -> Codes:
    """Return clusters as the schemes cut and name them; the numbers of their segments mean nothing from day to day."""
    _, labels = cut(scheme, frame, k, FEW_STARTS)
    return np.asarray(pd.factorize(labels, sort=True)[0], dtype=np.int64)
