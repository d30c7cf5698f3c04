"""The answers that real orders are known to give, through the whole way from file to facts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.orders.load import load_orders
from regulars.segments.clusters import partition

DATA = Path(__file__).parents[1] / "data"


def analysed(name: str, **settings: Any) -> tuple[Analysis, Facts]:
    chosen = Settings(**settings)
    analysis = analyse(load_orders([DATA / name], chosen), chosen)
    return analysis, find_facts(analysis)


@pytest.fixture(scope="module")
def retail() -> tuple[Analysis, Facts]:
    return analysed("online_retail_2009_2010.parquet", returns="drop")


def test_online_retail_gives_the_cleaned_lines_customers_orders_and_revenue(retail: tuple[Analysis, Facts]) -> None:
    facts = retail[1]
    assert facts.value("orders.rows_read") == 525_461
    assert facts.value("orders.rows_kept") == 407_664
    assert facts.value("customers.count") == 4_312
    assert facts.value("orders.count") == 19_213
    assert round(facts.number("revenue.total"), 2) == 8_832_003.27


def test_two_sheets_that_overlap_are_counted_once_and_every_row_is_accounted_for() -> None:
    facts = analysed("online_retail_ii_part.xlsx", returns="drop")[1]
    assert facts.value("orders.rows_read") == 34_766
    assert facts.value("orders.set_aside.repeated_across_sources") == 441
    assert facts.value("orders.rows_kept") == 32_959
    assert facts.value("customers.count") == 260
    assert facts.value("orders.count") == 1_417
    assert round(facts.number("revenue.total"), 2) == 1_279_533.03
    assert facts.number("orders.rows_kept") + facts.number("orders.rows_set_aside") == 34_766


def test_cdnow_gives_the_published_parameters() -> None:
    """Fader, Hardie & Lee (2005), table 2; Fader & Hardie, note 025."""
    facts = analysed("cdnow_sample.csv", as_of=dt.date(1997, 9, 30))[1]
    assert facts.value("customers.count") == 2_357
    purchases = [round(facts.number(f"clv.bgnbd.{name}"), 3) for name in ("r", "alpha", "a", "b")]
    assert purchases == [0.243, 4.414, 0.793, 2.426]
    assert round(facts.number("clv.bgnbd.log_likelihood"), 1) == -9_582.4
    assert [round(facts.number(f"clv.gammagamma.{name}"), 2) for name in ("p", "q", "v")] == [6.25, 3.74, 15.44]


def test_superstore_takes_sales_as_the_amount_profit_as_profit_and_segment_as_supplied() -> None:
    analysis, facts = analysed("superstore.parquet")
    assert facts.value("customers.count") == 793
    assert round(facts.number("revenue.total"), 4) == 2_297_200.8603
    assert round(float(analysis.summary.customers.frame["profit"].sum()), 2) == 286_397.02
    assert facts.number("impact.margin") == pytest.approx(286_397.0217 / 2_297_200.8603)
    supplied = analysis.segmentations.scheme("supplied")
    assert supplied is not None
    assert {segment.name for segment in supplied.definitions} == {"Consumer", "Corporate", "Home Office"}
    assert sum(facts.number(f"segments.supplied.{segment.key}.customers") for segment in supplied.definitions) == 793


def test_the_recipe_of_a_published_clustering_is_reproduced(retail: tuple[Analysis, Facts]) -> None:
    """tests/data/README.md, segments_004.csv: the recipe with its own features, the product's k-means."""
    lines = retail[0].orders.lines.select(["customer", "order", "ts", "product", "units", "amount"]).to_pandas()
    quantity = lines["units"] / 10_000
    # The recipe counts distinct products of floating-point numbers: 3 × 0.85 and 1 × 2.55 differ in the last bit.
    lines["revenue"] = quantity * (lines["amount"] / lines["units"]).round(3)
    grouped = lines.groupby("customer")
    reference = lines["ts"].max() + pd.Timedelta(days=1)
    recipe = pd.DataFrame(
        {
            "rec": (reference - grouped["ts"].max()).dt.days.astype(float),
            "freq": grouped["order"].nunique(),
            "mon": grouped["revenue"].sum(),
            # The report divides by distinct line revenues where it means orders: its bug is part of the recipe.
            "aov": grouped["revenue"].sum() / grouped["revenue"].nunique(),
            "units": grouped["units"].sum() / 10_000,
            "skus": grouped["product"].nunique(),
        }
    )
    logged = [name for name in recipe.columns if name != "rec"]
    recipe[logged] = np.log1p(recipe[logged])
    recipe = recipe.loc[sorted(recipe.index, key=int)]
    ours = partition(recipe, k=5, seed=42, starts=20)
    published = pd.read_csv(DATA / "segments_004.csv").sort_values("customer_id")
    assert published["customer_id"].astype(str).tolist() == recipe.index.tolist()
    assert adjusted_rand_score(published["cluster"], ours) == 1.0
