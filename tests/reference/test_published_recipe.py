"""A published clustering recipe by its own scheme, and what its faulty order value is responsible for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pytest
from sklearn.metrics import adjusted_rand_score

from regulars.base.settings import Settings
from regulars.findings.clusters import dissolved
from regulars.orders.load import load_orders
from regulars.orders.model import Orders
from regulars.segments import Segmentations, Segments, segment_customers
from regulars.segments.form import codes_of
from regulars.segments.judged import judge
from regulars.segments.past import Past, number
from regulars.segments.recipe import recipe_features, recipe_former
from regulars.segments.scheme import shipped_clusters
from regulars.segments.verdict import Result
from regulars.summary import Summary, summarise

DATA = Path(__file__).parents[1] / "data"
SETTINGS = Settings(returns="drop", scheme="recipe004")


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    return pd.read_csv(DATA / "segments_004.csv").astype({"customer_id": str}).sort_values("customer_id")


@pytest.fixture(scope="module")
def orders() -> Orders:
    return load_orders([DATA / "online_retail_2009_2010.parquet"], SETTINGS)


@pytest.fixture(scope="module")
def summary(orders: Orders) -> Summary:
    return summarise(orders)


@pytest.fixture(scope="module")
def retail(orders: Orders, summary: Summary) -> Segmentations:
    return segment_customers(summary.customers, SETTINGS, orders, clusters=False)


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


def test_the_published_sizes_are_those_of_returns_dropped_and_the_sheet_says_so(retail: Segmentations) -> None:
    faulty, _ = schemes(retail)
    assert sorted(faulty.labels.value_counts()) == [272, 606, 761, 1_197, 1_476]
    assert "Here with --returns drop" in faulty.how


@pytest.mark.slow
def test_the_recipe_is_judged_by_the_orders_after_the_day_on_which_it_was_formed(
    retail: Segmentations, summary: Summary, orders: Orders
) -> None:
    past = Past.of(summary)
    found = {one.scheme: one for one in judge(retail, past, SETTINGS, orders)}
    for name in ("recipe004", "recipe004_corrected"):
        assert found[name].result is Result.DIFFER
        assert found[name].reason is None
    everyone = past.customers["customer"]
    form = recipe_former(shipped_clusters("recipe004"), orders, everyone, orders.window.end, SETTINGS)
    assert not isinstance(form, str)
    codes = form(past.as_of(past.end), {})
    np.testing.assert_array_equal(codes, codes_of(retail.lead))


def test_the_recipe_formed_as_of_a_day_knows_nothing_later(summary: Summary, orders: Orders) -> None:
    past = Past.of(summary)
    day = orders.window.end - dt.timedelta(days=91)
    kept = pc.less_equal(orders.lines["day"], day)
    figures = recipe_features(orders, corrected=False, until=day)
    assert len(figures) == len(past.as_of(number(day)))
    assert figures["revenue"].sum() == pytest.approx(
        pc.sum(orders.lines.filter(kept)["amount"]).as_py() / 10_000, rel=1e-3
    )
    assert figures["days_since"].min() == 1
