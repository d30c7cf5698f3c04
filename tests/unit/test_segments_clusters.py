"""k-means: the same shop gives the same groups, named for what they are; wholesale does not rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from regulars.base.scheme_ids import CLUSTER_SCHEMES
from regulars.base.settings import Settings
from regulars.orders.load import load_orders
from regulars.segments.clusters import (
    FEWEST_APART,
    Clusters,
    best_fit,
    cluster_customers,
    cut,
    features,
    gap_or_usual,
    wholesale,
)
from regulars.segments.model import SegmentRole, Segments
from regulars.segments.scheme import shipped_clusters
from regulars.segments.segment import label_customers
from regulars.summary import summarise

DATA = Path(__file__).parents[1] / "data"
SCHEMES = [shipped_clusters(name) for name in CLUSTER_SCHEMES]


def shop(seed: int = 3, customers: int = 160, large: int = 0) -> pd.DataFrame:
    """Customers as the summary gives them, with the columns that clusters look at; the last ones order in bulk."""
    chance = np.random.default_rng(seed)
    orders = chance.geometric(0.4, customers)
    average = chance.lognormal(3, 0.3, customers).round(2)
    average[customers - large :] *= 40
    span = np.where(orders > 1, chance.integers(1, 300, customers), 0)
    return pd.DataFrame(
        {
            "days_since": chance.integers(0, 360, customers),
            "orders": orders,
            "revenue": (average * orders).round(2),
            "average_order": average,
            "products": chance.integers(1, 9, customers),
            "recency": span,
            "frequency": orders - 1,
        }
    )


def made(customers: pd.DataFrame, k: int | None = None) -> Clusters:
    found = cluster_customers(customers, SCHEMES, k)
    assert isinstance(found, Clusters)
    return found


def clustered(customers: pd.DataFrame, k: int | None = None, scheme: int = 0) -> Segments:
    return made(customers, k).schemes[scheme]


def test_the_same_customers_get_the_same_labels() -> None:
    for scheme in (0, 1):
        one, other = clustered(shop(), scheme=scheme), clustered(shop(), scheme=scheme)
        assert one.labels.tolist() == other.labels.tolist()
        assert one.definitions == other.definitions


@pytest.mark.parametrize("shuffle", range(3))
def test_the_order_of_the_customers_does_not_move_anybody(shuffle: int) -> None:
    customers = shop(large=6)
    shuffled = customers.sample(frac=1, random_state=shuffle)
    for scheme in (0, 1):
        one = clustered(customers, scheme=scheme)
        other = clustered(shuffled.reset_index(drop=True), scheme=scheme)
        assert other.labels.tolist() == one.labels[shuffled.index].tolist()


def test_equal_customers_are_in_the_same_cluster() -> None:
    twice = pd.concat([shop(customers=60, large=5)] * 2, ignore_index=True)
    labels = clustered(twice).labels.tolist()
    assert labels[:60] == labels[60:]


@pytest.mark.parametrize("scheme", [0, 1])
def test_clusters_stand_in_the_order_of_revenue_per_customer(scheme: int) -> None:
    customers = shop()
    segments = clustered(customers, scheme=scheme)
    mean = customers["revenue"].groupby(segments.labels).mean()
    found = [mean[segment.key] for segment in segments.definitions]
    assert found == sorted(found, reverse=True)
    assert len(segments.definitions) in (5, 6)  # one more for those of a lost cluster who are in time


def groups(seed: int = 0) -> pd.DataFrame:
    """Five ways to buy that no seed could mistake for each other."""
    chance = np.random.default_rng(seed)
    parts = []
    for days, orders, average, span in (
        (8, 30, 60, 340),
        (20, 6, 40, 200),
        (30, 1, 25, 0),
        (150, 5, 45, 100),
        (330, 1, 20, 0),
    ):
        noise = chance.uniform(0.9, 1.1, (40, 3))
        placed = np.maximum(np.round(orders * noise[:, 0]), 1)
        value = (average * noise[:, 1]).round(2)
        parts.append(
            pd.DataFrame(
                {
                    "days_since": (days * noise[:, 2]).round(), "orders": placed, "average_order": value,
                    "revenue": (placed * value).round(2), "products": placed, "recency": float(span), "frequency": placed - 1,
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def real() -> dict[str, pd.DataFrame]:
    files = {
        "retail": "online_retail_2009_2010.parquet",
        "cdnow": "cdnow_sample.csv",
        "superstore": "superstore.parquet",
    }
    return {name: summarise(load_orders([DATA / file], Settings())).customers.frame for name, file in files.items()}


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("name", ["retail", "cdnow", "superstore"])
def test_ten_draws_of_the_starts_give_the_same_names_and_nearly_the_same_customers(
    monkeypatch: pytest.MonkeyPatch, real: dict[str, pd.DataFrame], name: str, scheme: int
) -> None:
    one, first = cut(SCHEMES[scheme], real[name], 5)
    for stream in range(1, 10):
        monkeypatch.setattr("regulars.segments.clusters.STREAM", stream)
        other, labels = cut(SCHEMES[scheme], real[name], 5)
        assert [segment.key for segment in other] == [segment.key for segment in one]
        assert (labels == first).mean() > 0.97


def test_no_seed_of_the_settings_moves_anybody(real: dict[str, pd.DataFrame]) -> None:
    frame = real["superstore"]
    found = [label_customers(frame, Settings(seed=seed)).schemes for seed in (42, 1)]
    for one, other in zip(*found, strict=True):
        assert one.labels.tolist() == other.labels.tolist()
        assert one.definitions == other.definitions


@pytest.mark.parametrize("name", ["retail", "superstore"])
def test_nobody_who_ordered_within_the_usual_gap_is_called_lost(real: dict[str, pd.DataFrame], name: str) -> None:
    frame = real[name]
    in_time = frame["days_since"] <= gap_or_usual(frame)
    for scheme in SCHEMES:
        definitions, labels = cut(scheme, frame, 5)
        lost = {segment.key for segment in definitions if segment.role is SegmentRole.LOST}
        assert lost
        assert not (labels.isin(lost) & in_time).any()


def test_online_retail_has_the_published_names(real: dict[str, pd.DataFrame]) -> None:
    own, value = ({segment.key for segment in cut(scheme, real["retail"], 5)[0]} for scheme in SCHEMES)
    assert own == {
        "bulk_wholesale", "high_value_loyal", "large_now_and_then", "growing_repeat", "low_value_one_time",
        "at_risk_churned",
    }  # fmt: skip
    assert {"vip_customers", "loyal_regulars", "new_prospects", "lost_customers"} <= value


def test_both_vocabularies_name_five_clear_groups_as_published() -> None:
    names = [one.name for one in clustered(groups()).definitions]
    assert names == ["High-value loyal", "Growing repeat", "Occasional", "Low-value / one-time", "At-risk / churned"]
    value = clustered(groups(), scheme=1).definitions
    assert [one.name for one in value] == [
        "VIP Customers", "Loyal Regulars", "At-Risk Valuable", "New Prospects", "Lost Customers",
    ]  # fmt: skip


@pytest.mark.parametrize("k", [2, 10])
@pytest.mark.parametrize("large", [0, 8])
def test_as_many_clusters_as_were_asked_for(k: int, large: int) -> None:
    found = made(shop(large=large), k)
    for one in found.schemes:
        # Those in time of lost clusters are one segment more; a cluster that is wholly in time is one less.
        assert k - 2 <= len(one.definitions) <= k + 1
    assert found.clustering.k == k
    assert found.clustering.chosen_by == "set in the settings"


def test_the_currency_does_not_decide_the_clusters() -> None:
    pence = shop(large=6)
    pence[["revenue", "average_order"]] *= 100
    assert clustered(pence).labels.tolist() == clustered(shop(large=6)).labels.tolist()


def test_a_shop_without_products_is_clustered_without_them() -> None:
    assert "products" not in features(shop().assign(products=0)).columns
    assert "products" in made(shop()).clustering.features


def test_fewer_than_fifty_customers_are_not_clustered() -> None:
    assert cluster_customers(shop(customers=49), SCHEMES, None) == "49 customers are too few for clusters: they need 50"
    assert isinstance(cluster_customers(shop(customers=50), SCHEMES, None), Clusters)


def test_wholesale_is_set_apart_and_its_rule_is_said() -> None:
    customers = shop(large=8)
    found = made(customers)
    segments = found.schemes[0]
    assert segments.labels[-8:].tolist() == ["bulk_wholesale"] * 8
    assert (segments.labels == "bulk_wholesale").sum() == found.clustering.wholesale == 8
    assert found.clustering.wholesale_rule in segments.how
    assert found.clustering.wholesale_above is not None
    assert customers["average_order"].nlargest(9).iloc[-1] <= found.clustering.wholesale_above


def test_wholesale_customers_do_not_move_the_others() -> None:
    small = shop(customers=152)
    with_large = pd.concat([small, small.tail(8).assign(average_order=9_000.0, revenue=90_000.0)], ignore_index=True)
    one = best_fit(made(small, 4).clustering.matrix, 4).assign(features(small))
    other = clustered(with_large).labels[:152]
    # Only the median of money has moved a little, which is a shift of a logarithm.
    alike = pd.crosstab(one, other.to_numpy()).max(axis=1).sum() / 152
    assert alike > 0.9


def test_a_few_large_customers_are_no_group_and_alike_orders_have_none() -> None:
    found = made(shop(large=FEWEST_APART - 1))
    assert found.clustering.wholesale == FEWEST_APART - 1
    assert "4 wholesale customers, fewer than 5, took no part in finding the clusters" in found.schemes[0].how
    assert not wholesale(shop().assign(average_order=20.0))[0].any()
    assert not wholesale(shop().assign(average_order=0.0))[0].any()


def test_three_large_customers_do_not_rule_three_hundred() -> None:
    small = shop(customers=300)
    few = small.tail(3).assign(average_order=50_000.0, revenue=500_000.0)
    with_large = pd.concat([small, few], ignore_index=True)
    assert few["revenue"].sum() > 0.6 * with_large["revenue"].sum()
    for scheme in (0, 1):
        one, other = clustered(small, scheme=scheme), clustered(with_large, scheme=scheme)
        assert len(other.labels[300:].unique()) < 3
        assert other.labels.value_counts().min() > 3
        alike = pd.crosstab(one.labels, other.labels[:300]).max(axis=1).sum() / 300
        assert alike > 0.9


def test_there_is_no_wholesale_cluster_where_orders_are_alike() -> None:
    names = {segment.name for segment in clustered(shop().assign(average_order=20.0)).definitions}
    assert not names & {"Bulk / wholesale", "Large one-time"}


def test_a_group_of_large_repeat_orders_is_wholesale_by_its_profile() -> None:
    customers = pd.DataFrame(
        {
            "days_since": [10] * 30 + [12] * 30 + [15] * 30,
            "orders": [40] * 30 + [4] * 30 + [2] * 30,
            "revenue": [4000.0] * 30 + [2000.0] * 30 + [40.0] * 30,
            "average_order": [100.0] * 30 + [500.0] * 30 + [20.0] * 30,
        }
    )
    numbers = pd.Series([2] * 30 + [0] * 30 + [1] * 30)
    definitions, labels = SCHEMES[0].name(customers, numbers)
    assert [segment.name for segment in definitions] == ["High-value loyal", "Bulk / wholesale", "Occasional"]
    assert labels.tolist() == ["high_value_loyal"] * 30 + ["bulk_wholesale"] * 30 + ["occasional"] * 30
    assert "4.0 orders of 500, the last one 12 days ago" in definitions[1].meaning


def test_clusters_that_share_a_name_are_numbered() -> None:
    customers = pd.DataFrame(
        {"days_since": [20.0] * 6, "orders": [2] * 6, "revenue": [9.0, 8, 7, 6, 5, 4], "average_order": [4.0] * 6}
    )
    definitions, _ = SCHEMES[0].name(customers, pd.Series([3, 1, 0, 2, 5, 4]))
    assert len({one.key for one in definitions}) == len({one.name for one in definitions}) == 6
    assert {"Occasional", "Occasional 2"} <= {one.name for one in definitions}


def test_many_customers_are_learned_on_a_part_and_all_are_assigned(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = clustered(groups())
    monkeypatch.setattr("regulars.segments.clusters.LEARNED_ON", 100)
    assert clustered(groups()).labels.tolist() == whole.labels.tolist()
