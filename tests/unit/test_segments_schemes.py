"""Schemes, scores and supplied segments of shops made by hand."""

from __future__ import annotations

import itertools
import tomllib
from collections import Counter
from collections.abc import Callable
from importlib.resources import files

import pandas as pd
import pytest

from regulars.base.errors import SettingsError
from regulars.base.settings import Settings
from regulars.orders.model import Orders
from regulars.segments import SegmentRole, segment_customers
from regulars.segments.scheme import SHIPPED, parse_scheme, shipped_scheme
from regulars.segments.scores import rfm_scores, score_down, score_up
from regulars.segments.supplied import NAMELESS, supplied_segments
from regulars.story.texts import playbook
from regulars.summary import summarise

OrdersOf = Callable[..., Orders]
RFM11 = files("regulars.segments").joinpath("schemes", "rfm11.toml").read_text(encoding="utf-8")


def test_one_time_buyers_score_one_also_where_they_are_85_of_100() -> None:
    scores = score_up(pd.Series([1] * 85 + [2] * 10 + [9] * 5))
    assert scores.tolist() == [1] * 85 + [5] * 15


def test_a_single_customer_scores_lowest_for_amounts_and_highest_for_recency() -> None:
    assert score_up(pd.Series([3])).tolist() == [1]
    assert score_down(pd.Series([0])).tolist() == [5]


def test_customers_who_are_all_equal_share_one_segment(orders_of: OrdersOf) -> None:
    customers = summarise(orders_of([(f"C{n}", "2025-01-01") for n in range(60)])).customers
    found = segment_customers(customers, Settings())
    assert len(set(found.lead.labels)) == 1
    assert found.clusters is None
    assert found.clusters_reason == "customers buy in too few different ways (1) for 5 clusters"


def test_twelve_different_customers_are_spread_over_all_scores(orders_of: OrdersOf) -> None:
    lines = [(f"C{n:02}", f"2025-{month:02}-01", 10 + n) for n in range(12) for month in range(1, n + 2)]
    scores = rfm_scores(summarise(orders_of(lines)).customers.frame)
    assert all(set(scores[name]) == {1, 2, 3, 4, 5} for name in "rfm")


def test_sums_that_differ_in_the_last_bit_score_equal(orders_of: OrdersOf) -> None:
    lines = [("A", "2025-01-01", 0.1, str(n)) for n in range(3)] + [("B", "2025-01-01", 0.3, "9")]
    scores = rfm_scores(summarise(orders_of(lines)).customers.frame)
    assert len(set(scores["m"])) == 1


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scheme_names_each_of_the_125_cells_once(name: str) -> None:
    scheme = shipped_scheme(name)
    assert set(scheme.cells) == set(itertools.product(range(1, 6), repeat=3))
    assert set(scheme.cells.values()) == {segment.key for segment in scheme.definitions}


def test_there_are_eleven_segments_of_which_champions_hold_the_best_cell_and_lost_the_worst() -> None:
    cells = shipped_scheme("rfm11").cells
    assert len(set(cells.values())) == 11
    assert (cells[5, 5, 5], cells[1, 1, 1], cells[1, 5, 5], cells[5, 1, 1]) == (
        "champions",
        "lost",
        "cannot_lose",
        "new",
    )


def test_the_rule_in_words_names_the_scores_of_the_cells() -> None:
    cells = Counter(shipped_scheme("rfm11").cells.values())
    assert cells["champions"] == 2 * 2 * 2
    assert sum(cells.values()) == 125


def test_a_scheme_that_leaves_a_cell_out_is_refused_by_the_cells_name() -> None:
    text = RFM11.replace('{ r = "1", f = "1", m = "1-5" }', '{ r = "1", f = "1", m = "1-4" }')
    with pytest.raises(SettingsError, match=r"in my\.toml 1 cells have no segment: 'R1 F1 M5'"):
        parse_scheme(text, "my.toml")


def test_a_scheme_that_names_a_cell_twice_is_refused_by_the_cells_name() -> None:
    text = RFM11.replace('[{ r = "5", f = "1", m = "1-5" }]', '[{ r = "5", f = "1-2", m = "1-5" }]')
    with pytest.raises(SettingsError, match="5 cells have more than one: 'R5 F2 M1', 'R5 F2 M2'"):
        parse_scheme(text, "my.toml")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('f = "4-5"', 'f = "4-6"'),
        ('f = "4-5"', 'f = "5-4"'),
        ('role = "best"', 'role = "king"'),
        ('id = "rfm11"', ""),
        ('id = "rfm11"', "id = "),
    ],
)
def test_a_scheme_that_cannot_be_read_names_its_place(old: str, new: str) -> None:
    with pytest.raises(SettingsError, match=r"my\.toml cannot be read") as found:
        parse_scheme(RFM11.replace(old, new, 1), "my.toml")
    assert "rfm11.toml" in found.value.remedy


@pytest.mark.parametrize("role", SegmentRole)
def test_every_role_has_a_playbook(role: SegmentRole) -> None:
    plays = playbook("a name nobody knows", role)
    assert all(plays[part] for part in ("aim", "do", "avoid", "watch", "when"))


PLAYS = tomllib.loads(files("regulars.story.texts").joinpath("playbook.en.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", PLAYS["segment"])
def test_a_play_for_a_segment_belongs_to_one_and_says_more_than_its_role_does(key: str) -> None:
    segment = next(one for name in SHIPPED for one in shipped_scheme(name).definitions if one.key == key)
    of_role = PLAYS["role"][segment.role]
    assert all(of_role[part] != play for part, play in PLAYS["segment"][key].items())


def supplied(orders_of: OrdersOf, *names: str | None) -> pd.DataFrame:
    lines = [(f"C{n:03}", "2025-01-01", 10 * (n + 1), "", None, None, name) for n, name in enumerate(names)]
    return summarise(orders_of(lines)).customers.frame


def test_supplied_names_that_differ_in_signs_only_stay_apart(orders_of: OrdersOf) -> None:
    frame = supplied(orders_of, "A 3", "A!", "a", "A", "a?")
    found = supplied_segments(frame)
    assert found is not None
    assert found.names().tolist() == ["A 3", "A!", "a", "A", "a?"]
    assert found.labels.nunique() == 5


def test_names_without_a_latin_letter_stay_apart(orders_of: OrdersOf) -> None:
    found = supplied_segments(supplied(orders_of, "株", "東", "🦊"))
    assert found is not None
    assert found.labels.nunique() == 3


def test_customers_without_a_segment_are_shown_as_such(orders_of: OrdersOf) -> None:
    found = supplied_segments(supplied(orders_of, "Gold", None))
    assert found is not None
    assert found.names().tolist() == ["Gold", NAMELESS]


def test_supplied_segments_stand_in_the_order_of_their_revenue(orders_of: OrdersOf) -> None:
    found = supplied_segments(supplied(orders_of, "Small", "Middle", "Large"))
    assert found is not None
    assert [segment.name for segment in found.definitions] == ["Large", "Middle", "Small"]


def test_a_column_of_more_than_thirty_texts_is_no_scheme_and_cannot_lead(orders_of: OrdersOf) -> None:
    customers = summarise(orders_of([(f"C{n}", "2025-01-01", 1, "", None, None, f"S{n}") for n in range(31)])).customers
    assert segment_customers(customers, Settings()).scheme("supplied") is None
    with pytest.raises(SettingsError, match="holds 31 different texts, and a scheme has 30 at most"):
        segment_customers(customers, Settings(scheme="supplied"))


def test_thirty_texts_are_a_scheme(orders_of: OrdersOf) -> None:
    found = supplied_segments(supplied(orders_of, *(f"S{n}" for n in range(30))))
    assert found is not None
    assert len(found.definitions) == 30


@pytest.mark.parametrize(
    ("scheme", "what", "remedy"),
    [
        ("supplied", "needs a segment column", "--map segment"),
        ("kmeans5", "2 customers are too few for clusters: they need 50", "lead with rfm11"),
        ("rfm1", "there is no scheme 'rfm1'", "use 'rfm11'"),
        ("deciles", "there is no scheme 'deciles'", "use one of 'rfm11'"),
    ],
)
def test_a_scheme_that_cannot_lead_says_what_to_do(orders_of: OrdersOf, scheme: str, what: str, remedy: str) -> None:
    customers = summarise(orders_of([("A", "2025-01-01"), ("B", "2025-01-02")])).customers
    with pytest.raises(SettingsError) as found:
        segment_customers(customers, Settings(scheme=scheme))
    assert what in found.value.what
    assert remedy in found.value.remedy
