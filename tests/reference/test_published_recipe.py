"""A published clustering recipe by its own scheme, and what its faulty order value is responsible for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from regulars.base.settings import Settings
from regulars.findings.clusters import dissolved
from regulars.orders.load import load_orders
from regulars.segments import Segmentations, Segments, segment_customers
from regulars.summary import summarise

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return pd.read_csv(DATA / "segments_004.csv").astype({"customer_id": str}).sort_values("customer_id")


@pytest.fixture(scope="module")
def retail() -> Segmentations:
    settings = Settings(returns="drop", scheme="recipe004")
    orders = load_orders([DATA / "online_retail_2009_2010.parquet"], settings)
    customers = summarise(orders).customers
    return segment_customers(customers, settings, orders)


def schemes(retail: Segmentations) -> tuple[Segments, Segments]:
    faulty, corrected = retail.scheme("recipe004"), retail.scheme("recipe004_corrected")
    assert faulty is not None
    assert corrected is not None
    return faulty, corrected


def test_the_recipe_gives_every_customer_the_published_group_and_name(
    retail: Segmentations, published: pd.DataFrame
) -> None:
    """tests/data/README.md, segments_004.csv."""
    faulty, _ = schemes(retail)
    assert retail.lead is faulty
    assert adjusted_rand_score(published["cluster"], faulty.labels) == 1.0
    assert faulty.names().tolist() == published["segment"].tolist()


def test_with_its_order_value_put_right_the_recipe_gives_other_groups(
    retail: Segmentations, published: pd.DataFrame
) -> None:
    _, corrected = schemes(retail)
    assert adjusted_rand_score(published["cluster"], corrected.labels) == pytest.approx(0.656, abs=0.0005)
    assert sorted(corrected.labels.value_counts()) == [418, 645, 677, 1_154, 1_418]


def test_the_bulk_group_dissolves_with_the_fault(retail: Segmentations) -> None:
    faulty, corrected = schemes(retail)
    alike, bulk, groups, largest, part = dissolved(faulty, corrected)
    assert alike == pytest.approx(0.656, abs=0.0005)
    assert (bulk, groups) == (272, 5)
    # No group of the corrected recipe is mainly these customers, and none has the name.
    assert largest < 0.5
    assert part < 0.1
    assert "bulk_wholesale" not in {one.key for one in corrected.definitions}
