"""k-means: the same shop gives the same groups, named for what they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regulars.segments.clusters import Clusters, cluster_customers, features, named


def shop(seed: int = 3, customers: int = 160) -> pd.DataFrame:
    """Customers as the summary gives them, with the columns that clusters look at."""
    chance = np.random.default_rng(seed)
    orders = chance.geometric(0.4, customers)
    average = chance.lognormal(3, 0.3, customers).round(2)
    span = np.where(orders > 1, chance.integers(1, 300, customers), 0)
    return pd.DataFrame(
        {
            "days_since": chance.integers(0, 360, customers),
            "orders": orders,
            "revenue": (average * orders).round(2),
            "average_order": average,
            "products": chance.integers(1, 9, customers),
            "recency": span,
        }
    )


def clustered(customers: pd.DataFrame, k: int | None = None, seed: int = 42) -> Clusters:
    found = cluster_customers(customers, k, seed)
    assert isinstance(found, Clusters)
    return found


def test_the_same_seed_gives_the_same_labels() -> None:
    one, other = clustered(shop()), clustered(shop())
    assert one.segments.labels.tolist() == other.segments.labels.tolist()
    assert one.evidence == other.evidence


@pytest.mark.parametrize("shuffle", range(3))
def test_the_order_of_the_customers_does_not_move_anybody(shuffle: int) -> None:
    customers = shop()
    shuffled = customers.sample(frac=1, random_state=shuffle)
    one, other = clustered(customers), clustered(shuffled.reset_index(drop=True))
    assert other.segments.labels.tolist() == one.segments.labels[shuffled.index].tolist()
    assert one.evidence.silhouettes == pytest.approx(other.evidence.silhouettes)


def test_equal_customers_are_in_the_same_cluster() -> None:
    twice = pd.concat([shop(customers=60)] * 2, ignore_index=True)
    labels = clustered(twice).segments.labels.tolist()
    assert labels[:60] == labels[60:]


def test_clusters_stand_in_the_order_of_revenue_per_customer() -> None:
    customers = shop()
    segments = clustered(customers).segments
    mean = customers["revenue"].groupby(segments.labels).mean()
    found = [mean[segment.key] for segment in segments.definitions]
    assert found == sorted(found, reverse=True)
    assert len(segments.definitions) == 5


@pytest.mark.parametrize("k", [2, 10])
def test_as_many_clusters_as_were_asked_for(k: int) -> None:
    found = clustered(shop(), k)
    assert len(found.segments.definitions) == found.evidence.k == k
    assert found.evidence.chosen_by == "set in the settings"


def test_the_currency_does_not_decide_the_clusters() -> None:
    pence = shop()
    pence[["revenue", "average_order"]] *= 100
    assert clustered(pence).segments.labels.tolist() == clustered(shop()).segments.labels.tolist()


def test_a_shop_without_products_is_clustered_without_them() -> None:
    assert "products" not in features(shop().assign(products=0)).columns
    assert "products" in clustered(shop()).evidence.features


def test_fewer_than_fifty_customers_are_not_clustered() -> None:
    assert cluster_customers(shop(customers=49), None, 42) == "49 customers are too few for clusters: they need 50"
    assert isinstance(cluster_customers(shop(customers=50), None, 42), Clusters)


def test_there_is_no_wholesale_cluster_where_orders_are_alike() -> None:
    names = {segment.name for segment in clustered(shop().assign(average_order=20.0)).segments.definitions}
    assert not names & {"Bulk / wholesale", "Large one-time"}


def test_a_group_of_large_repeat_orders_is_wholesale() -> None:
    customers = pd.DataFrame(
        {
            "days_since": [10] * 30 + [12] * 30 + [15] * 30,
            "orders": [40] * 30 + [4] * 30 + [2] * 30,
            "revenue": [4000.0] * 30 + [2000.0] * 30 + [40.0] * 30,
            "average_order": [100.0] * 30 + [500.0] * 30 + [20.0] * 30,
        }
    )
    definitions, labels = named(customers, pd.Series([2] * 30 + [0] * 30 + [1] * 30))
    assert [segment.name for segment in definitions] == ["High-value loyal", "Bulk / wholesale", "Growing repeat"]
    assert labels.tolist() == ["high_value_loyal"] * 30 + ["bulk_wholesale"] * 30 + ["growing_repeat"] * 30
