"""Segments: one label for each customer, and what the labels mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd


class SegmentRole(StrEnum):
    """What a segment is to the shop, whatever its name: it decides which initiative addresses it."""

    BEST = "best"  # bought lately, often, for much
    LOYAL = "loyal"  # bought often
    RISING = "rising"  # bought lately, a few times
    NEW = "new"  # bought lately, once
    WAVERING = "wavering"  # neither lately nor long ago
    LEAVING = "leaving"  # bought often, not lately
    LOST = "lost"  # long ago, seldom


@dataclass(frozen=True)
class Segment:
    """One segment: a stable key, the name people read, its role and its rule in words."""

    key: str
    name: str
    role: SegmentRole
    meaning: str
    group: str = ""  # the name of the coarser group it belongs to, where the scheme has such
    part_of: str = ""  # key of the segment it is a part of: Big Spenders are Active customers


@dataclass(frozen=True)
class Segments:
    """One scheme applied to all customers.

    `labels` holds a segment key for each customer, in the order of the customers' frame. `definitions` stand in the
    order in which people should read them; a segment without customers is kept, with a count of nought.
    """

    scheme: str
    title: str
    how: str  # how customers are assigned, in a sentence
    definitions: tuple[Segment, ...]
    labels: pd.Series

    def __post_init__(self) -> None:
        """Check that every customer has exactly one defined segment."""
        keys = [segment.key for segment in self.definitions]
        if len(set(keys)) != len(keys):
            raise AssertionError(f"the scheme {self.scheme} defines a segment twice: {keys}")
        strangers = set(self.labels.unique()) - set(keys)
        if strangers or bool(self.labels.isna().any()):
            raise AssertionError(f"the scheme {self.scheme} leaves customers without a defined segment: {strangers}")

    def named(self, key: str) -> Segment:
        """Return a segment by key."""
        return next(segment for segment in self.definitions if segment.key == key)

    def names(self) -> pd.Series:
        """Return the name of each customer's segment."""
        return self.labels.map({segment.key: segment.name for segment in self.definitions})


@dataclass(frozen=True)
class Clustering:
    """How k-means came to its clusters: what was clustered, and who was set apart before.

    `matrix` holds the features of the customers who were clustered, by value: evidence for the number of clusters is
    weighed on it.
    """

    k: int
    chosen_by: str
    features: tuple[str, ...]
    matrix: pd.DataFrame
    wholesale: int  # customers set apart before
    wholesale_above: float | None  # their average order lies above it, in the shop's currency
    wholesale_rule: str


@dataclass(frozen=True)
class Segmentations:
    """All schemes side by side. The lead scheme alone drives impact, deck and lists."""

    schemes: tuple[Segments, ...]
    lead: Segments
    scores: pd.DataFrame  # r, f, m: 1 to 5 for each customer
    clusters: Clustering | None = None
    clusters_reason: str | None = None  # why there are no clusters
    lead_reason: str | None = None  # why another scheme leads than was asked for
    supplied_reason: str | None = None  # why the segment column is no scheme, or what is odd about it

    def scheme(self, name: str) -> Segments | None:
        """Return a scheme by its id, or None when it was not computed."""
        return next((segments for segments in self.schemes if segments.scheme == name), None)


def slug(name: str) -> str:
    """Return a key for a name that somebody typed; accents and ligatures are written plainly.

    >>> slug("Home Office / VIP"), slug("Übergröße")
    ('home_office_vip', 'ubergrosse')
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    return re.sub(r"[^0-9a-z]+", "_", plain).strip("_") or "unnamed"
