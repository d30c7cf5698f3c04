"""Names for clusters, by their profile and not by their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from regulars.segments.model import Segment

PROFILED = ("days_since", "orders", "revenue", "average_order")
STARTS = 50  # of k-means, from different centres: then the best of them is all but the same for any draw
Conditions = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Claim:
    """What a cluster must be to get a segment's name.

    With `most` or `least`, only the unnamed cluster with the highest or lowest average of that measure may have it, and
    one cluster at most; without, every cluster that is left and fits. `over` and `under` are multiples of the average of
    all customers, `at_least` and `below` bounds of the cluster's own average.
    """

    segment: Segment
    most: str | None = None
    least: str | None = None
    over: Conditions = ()
    under: Conditions = ()
    at_least: Conditions = ()
    below: Conditions = ()
    unless: str | None = None  # key of a segment that must not have been given
    in_time: str | None = None  # key of the segment for those of the cluster who ordered within the usual gap

    @property
    def single(self) -> bool:
        """Tell whether one cluster at most has the name."""
        return self.most is not None or self.least is not None

    @property
    def free(self) -> bool:
        """Tell whether any cluster fits."""
        return not (self.single or self.over or self.under or self.at_least or self.below or self.unless)

    def strongest(self, profiles: pd.DataFrame) -> int:
        """Return the cluster that the name is meant for; the earlier one where two are equal."""
        values = profiles[self.most or self.least].to_numpy(float)
        return int(profiles.index.to_numpy()[values.argmax() if self.most else values.argmin()])

    def fits(self, profile: Mapping[Any, float], overall: Mapping[str, float]) -> bool:
        """Tell whether a profile bears the name out."""
        return (
            all(profile[measure] > times * overall[measure] for measure, times in self.over)
            and all(profile[measure] < times * overall[measure] for measure, times in self.under)
            and all(profile[measure] >= bound for measure, bound in self.at_least)
            and all(profile[measure] < bound for measure, bound in self.below)
        )


@dataclass(frozen=True)
class ClusterScheme:
    """A checked scheme of clusters: how they are made, and the claims by which they are named, in their order."""

    id: str
    title: str
    how: str
    claims: tuple[Claim, ...]
    wholesale: str | None = None  # key of the segment of those who are set apart before; None: nobody is
    features: str = "behaviour"
    starts: int = STARTS

    def name(
        self,
        customers: pd.DataFrame,
        numbers: pd.Series,
        apart: int | None = None,
        in_time: npt.NDArray[np.bool_] | None = None,
    ) -> tuple[tuple[Segment, ...], pd.Series]:
        """Return the segments, by revenue per customer, and the segment key of each customer.

        `customers` has the columns of PROFILED, `numbers` a cluster for each of them; `apart` is the number of those who
        were set apart before. `in_time` tells who ordered within the usual gap: claims that say so hand them on.
        """
        overall = {str(name): float(value) for name, value in customers[list(PROFILED)].mean().items()}
        claims = self._given(_profiles(customers, numbers), overall, apart)
        numbers, given = self._in_time(numbers, claims, in_time)
        profiles = _profiles(customers, numbers)
        definitions: list[Segment] = []
        keys: dict[int, str] = {}
        for number, profile in zip(profiles.index.tolist(), profiles.to_dict("records"), strict=True):
            segment = _numbered(given[number], definitions)
            # Revenue by orders, as the column beside it has it: a mean of means, or a recipe's own idea of an order's
            # value, would be another figure under the same name.
            size = profile["revenue"] / profile["orders"] if profile["orders"] else 0.0
            meaning = (
                f"On average {profile['orders']:.1f} orders of {size:,.0f}, "
                f"the last one {profile['days_since']:.0f} days ago"
            )
            definitions.append(replace(segment, meaning=meaning))
            keys[number] = segment.key
        labels = pd.Series(numbers.map(keys).to_numpy(), index=customers.index, dtype=object)
        return tuple(definitions), labels

    def _in_time(
        self, numbers: pd.Series, claims: Mapping[int, Claim], in_time: npt.NDArray[np.bool_] | None
    ) -> tuple[pd.Series, dict[int, Segment]]:
        """Hand on who ordered within the usual gap: a cluster is called lost for its average, they are not."""
        given = {number: claim.segment for number, claim in claims.items()}
        named = {segment.key: number for number, segment in reversed(given.items())}
        for number, claim in claims.items():
            if claim.in_time is None or in_time is None:
                continue
            other = named.setdefault(claim.in_time, max(given) + 1)
            given.setdefault(other, self._claim(claim.in_time).segment)
            numbers = numbers.mask((numbers.to_numpy() == number) & in_time, other)
        return numbers, given

    def _claim(self, key: str | None) -> Claim:
        return next(claim for claim in self.claims if claim.segment.key == key)

    def _given(self, profiles: pd.DataFrame, overall: Mapping[str, float], apart: int | None) -> dict[int, Claim]:
        given: dict[int, Claim] = {}
        if apart is not None:
            given[apart] = self._claim(self.wholesale)
        for claim in self._open(apart):
            unnamed = profiles.drop(index=list(given))
            if not len(unnamed) or claim.unless in {other.segment.key for other in given.values()}:
                continue
            by_number = dict(zip(unnamed.index.tolist(), unnamed.to_dict("records"), strict=True))
            for number in [claim.strongest(unnamed)] if claim.single else by_number:
                if claim.fits(by_number[number], overall):
                    given[number] = claim
        return given

    def _open(self, apart: int | None) -> Iterable[Claim]:
        return (claim for claim in self.claims if apart is None or claim.segment.key != self.wholesale)


def _profiles(customers: pd.DataFrame, numbers: pd.Series) -> pd.DataFrame:
    """Return averages by cluster, in an order that its numbers do not decide: equal claims are settled alike."""
    profiles = customers[list(PROFILED)].groupby(numbers.to_numpy()).mean()
    return profiles.sort_values(["revenue", "orders", "days_since", "average_order"], ascending=False)


def _numbered(segment: Segment, before: list[Segment]) -> Segment:
    """Return the segment, numbered where clusters before it have the same name."""
    namesakes = sum(one.name == segment.name or one.name.startswith(f"{segment.name} ") for one in before)
    if not namesakes:
        return segment
    return replace(segment, key=f"{segment.key}_{namesakes + 1}", name=f"{segment.name} {namesakes + 1}")
