"""The evidence for a number of clusters: planted groups are found, a cloud is called a cloud."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regulars.segments.evidence import TRIED, weigh


def planted(groups: int, spread: float = 0.25, each: int = 60) -> pd.DataFrame:
    chance = np.random.default_rng(5)
    corners = np.array([[0, 0, 0], [4, 4, 0], [0, 4, 4], [4, 0, 4]])[:groups]
    return pd.DataFrame(np.concatenate([chance.normal(corner, spread, (each, 3)) for corner in corners]))


def cloud(customers: int = 300) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(6).normal(0, 1, (customers, 3)))


@pytest.mark.parametrize("groups", [2, 3, 4])
def test_planted_groups_are_recommended_by_all_measures(groups: int) -> None:
    found = weigh(planted(groups), 42, full=True)
    assert found.by_silhouette == found.by_gap == found.recommended == groups
    assert found.by_stability is not None
    assert found.by_stability >= groups


def test_a_cloud_has_no_recommended_number_and_the_gap_finds_one_group() -> None:
    found = weigh(cloud(), 42, full=True)
    assert found.recommended is None
    assert found.by_gap == 1


def test_the_quick_evidence_is_the_silhouette_alone() -> None:
    found = weigh(planted(3), 42, full=False)
    assert found.by_silhouette == 3
    assert found.recommended is found.by_gap is found.by_stability is None
    assert [one.k for one in found.measures] == list(TRIED)
    assert all(one.gap is one.stability is None for one in found.measures)


def test_the_same_seed_weighs_the_same() -> None:
    assert weigh(cloud(120), 7, full=True) == weigh(cloud(120), 7, full=True)


def test_measures_lie_in_their_ranges() -> None:
    for one in weigh(cloud(), 42, full=True).measures:
        assert one.silhouette is None or -1 <= one.silhouette <= 1
        assert one.stability is None or -0.5 <= one.stability <= 1
        assert one.gap_error is not None
        assert one.gap_error >= 0


def test_few_kinds_of_customers_limit_the_numbers_that_are_tried() -> None:
    found = weigh(pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0] * 20}), 42, full=True)
    assert [one.k for one in found.measures] == [1, 2, 3]
    assert weigh(pd.DataFrame({"a": [1.0] * 60}), 42, full=True).measures == ()
