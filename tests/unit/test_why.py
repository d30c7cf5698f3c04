"""A sentence, the next step and its date for each customer, from their own purchase days."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from regulars.analysis import analyse
from regulars.base.settings import Settings
from regulars.impact.assumptions import defaults
from regulars.story.sheets.customers import customer_list, customers_sheet
from regulars.story.texts import sentences
from regulars.story.why import IN_TIME, LATE, LEFT_ALREADY, why
from regulars.summary.habits import habits

Orders = Callable[..., Any]
MOST_COLUMNS = 20


def told(orders: Any) -> dict[str, str]:
    analysis = analyse(orders, Settings())
    return dict(zip(analysis.summary.customers.frame["customer"], why(analysis)["why"], strict=True))


def test_each_way_of_buying_has_a_true_sentence_without_a_lifetime_model(orders_of: Orders) -> None:
    said = told(
        orders_of(
            [
                ("once", "2025-03-01", 50.0),
                ("today", "2025-06-30", 50.0),
                ("day", "2025-03-01", 20.0, "o1"),
                ("day", "2025-03-01", 30.5, "o2"),
                ("twice", "2025-06-01", 10.0),
                ("twice", "2025-06-21", 10.0),
                ("past", "2025-01-01", 10.0),
                ("past", "2025-01-21", 10.0),
                ("daily", "2025-06-28", 5.0),
                ("daily", "2025-06-29", 5.0),
                ("daily", "2025-06-30", 5.0),
                ("habit", "2025-05-01", 100.0),
                ("habit", "2025-05-11", 100.0),
                ("habit", "2025-05-31", 100.0),
            ]
        )
    )
    assert said == {
        "once": "One order, on 2025-03-01, for 50, 121 days ago.",
        "today": "One order, on 2025-06-30, for 50.",
        "day": "2 orders on one day, 2025-03-01, for 50.50 in all, 121 days ago.",
        "twice": "Came back once, after 20 days; next due about 2025-07-11; worth 20 so far.",
        "past": "Came back once, after 20 days; 140 days past that; worth 20 so far.",
        "daily": "Buys every day, next due about 2025-07-01; worth 15 so far.",
        "habit": "Buys every 15 days, 15 days past that; worth 300 so far.",
    }


def test_a_year_is_that_up_to_the_last_order_and_compares_only_with_a_whole_one(orders_of: Orders) -> None:
    days = [("2022-01-01", 40.0), ("2023-06-01", 100.0), ("2024-01-10", 300.0), ("2024-06-01", 200.0)]
    said = told(orders_of([("Ada", day, amount) for day, amount in days], end="2024-06-10"))
    # 365 days up to 2024-06-01 begin on 2023-06-03: 300 + 200; the 365 before them hold 100.
    assert said["Ada"].endswith("worth 500 a year, 5.0x the year before.")
    said = told(orders_of([("Ada", day, amount) for day, amount in days[1:]], end="2024-06-10"))
    assert said["Ada"].endswith("worth 500 a year.")


def test_late_customers_are_told_by_the_lifetime_model_and_asked_at_once(cdnow: Any) -> None:
    analysis = cdnow.analysis
    told_, late = why(analysis), analysis.lifetime.frame["late"] == 1
    frame = analysis.summary.customers.frame
    assert told_["why"][late].str.contains(" days? late; ").all()
    assert not told_["why"][~late].str.contains(" days? late; ").any()
    asked = told_["action"] == sentences("why")["instead"]["late"]
    assert asked.any()
    assert late[asked].all()
    start = pd.Timestamp(analysis.summary.customers.window.end) + pd.Timedelta(days=1)
    assert (told_["date"][asked] == start).all()
    gap = habits(analysis.summary.customers, analysis.summary.days)["gap"]
    over = frame["days_since"] - gap.round()
    first = told_.index[late][0]
    assert f"now {over[first]:,.0f} days late" in told_["why"][first]


def test_nobody_is_to_be_acted_on_in_the_past_and_a_due_day_is_waited_for(superstore: Any) -> None:
    analysis = superstore.analysis
    told_ = why(analysis)
    start = pd.Timestamp(analysis.summary.customers.window.end) + pd.Timedelta(days=1)
    assert (told_["date"] >= start).all()
    waits = told_[told_["action"] == sentences("why")["instead"]["in_time"]]
    assert len(waits)
    for row in waits.itertuples():
        due = re.search(r"next due about (\d{4}-\d\d-\d\d)", row.why)
        assert due is not None
        assert row.date == max(pd.Timestamp(due[1]), start)


@pytest.mark.parametrize("name", ["superstore", "cdnow"])
def test_who_is_not_yet_late_is_not_asked_why_they_stopped(request: pytest.FixtureRequest, name: str) -> None:
    told_ = why(request.getfixturevalue(name).analysis)
    early = told_["why"].str.contains("not yet late")
    assert early.any()
    assert not told_["action"][early].str.contains("stopped").any()
    assert (told_["action"] == sentences("why")["instead"]["past"])[early].any()


def test_every_initiative_has_an_action_and_every_sentence_is_said_somewhere() -> None:
    words = sentences("why")
    assert set(words["action"]) == {entry["key"] for entry in defaults()["initiative"]} | {"none"}
    assert set(words["action"]) >= LEFT_ALREADY
    assert set(words["sentence"]) >= LATE | IN_TIME
    source = Path(__file__).parents[2] / "core" / "regulars" / "story"
    kinds = set(re.findall(r'"(\w+)"', (source / "why.py").read_text(encoding="utf-8")))
    file = tomllib.loads((source / "texts" / "why.en.toml").read_text(encoding="utf-8"))
    assert set(file["sentence"]) | set(file["part"]) <= kinds


@pytest.mark.parametrize("name", ["superstore", "cdnow"])
def test_sentences_are_short_and_whole(request: pytest.FixtureRequest, name: str) -> None:
    told_ = why(request.getfixturevalue(name).analysis)
    assert told_["why"].str.fullmatch(r"[A-Z0-9][^{}]*[^ ]\.").all()
    assert not told_["why"].str.contains(r"nan|NaT|None|  ").any()
    assert told_["why"].str.len().max() <= 130
    assert told_["action"].notna().all()


@pytest.mark.parametrize("name", ["superstore", "cdnow"])
def test_the_customers_sheet_stays_printable(request: pytest.FixtureRequest, name: str) -> None:
    analysed = request.getfixturevalue(name)
    (table,) = customers_sheet(analysed.analysis, analysed.facts).blocks
    titles = [column.title for column in table.columns]  # type: ignore[union-attr]
    assert len(titles) <= MOST_COLUMNS
    assert {"Why", "Next action", "Act on", "RFM"} <= set(titles)


def test_equal_customers_are_told_the_same_whatever_their_place(orders_of: Orders) -> None:
    lines = [(name, day, 10.0) for name in ("b", "a", "c") for day in ("2025-01-01", "2025-01-31", "2025-03-02")]
    said, again = told(orders_of(lines)), told(orders_of(lines[::-1]))
    assert said == again
    assert len(set(said.values())) == 1


def test_the_list_of_customers_has_dates_as_dates(superstore: Any) -> None:
    listed = customer_list(superstore.analysis)
    assert all(type(day) is dt.date for day in listed["Act on"])
    assert listed["RFM"].between(111, 555).all()
