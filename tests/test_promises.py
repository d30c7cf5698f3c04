"""A promise has a checker: settings, reasons, commands, options and the public keys of the facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
import typer.main

from regulars.base.settings import Settings, settings_from
from regulars.cli import app
from regulars.findings import find_facts
from regulars.orders.model import Reason
from regulars.story.sheet_spec import Table
from regulars.story.sheets.method import method_sheet
from regulars.story.texts import entries

COMMANDS: dict[str, Any] = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
# Options that say where to read and write, and in what form, and so are no settings of the analysis.
PLACES = {
    "customers",
    "settings",
    "out",
    "into",
    "backup",
    "deck",
    "template",
    "json",
    "report",
    "outline",
    "force",
    "help",
}
PUBLIC = [
    "orders.rows_read",
    "orders.rows_kept",
    "orders.rows_set_aside",
    "orders.count",
    "customers.count",
    "revenue.total",
    "revenue.returns_unmatched",
    "revenue.net_of_all_returns",
    "window.start",
    "window.end",
    "clusters.k",
    "segments.rfm11.verdict",
    "segments.rfm11.effect",
    "movement.scheme",
    "movement.left_top",
    "trend.last_month_complete",
    "data.no_churn",
    "clv.model",
    "clv.reason",
    "clv.bgnbd.r",
    "clv.bgnbd.alpha",
    "clv.bgnbd.a",
    "clv.bgnbd.b",
    "clv.bgnbd.log_likelihood",
    "clv.gammagamma.p",
    "clv.gammagamma.q",
    "clv.gammagamma.v",
    "clv.total",
    "clv.gross_profit_total",
    "impact.total.investment",
    "impact.total.gross_profit",
    "impact.total.gross_multiple",
    "impact.total.net_roi",
]


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda one: one.name)
def test_a_setting_is_explained_in_a_sentence(setting: Any) -> None:
    explained = setting.metadata["explained"]
    assert explained.endswith(".")
    assert explained[0].isupper()


def test_every_setting_stands_on_the_method_sheet_with_what_it_means(superstore: Any) -> None:
    sheet = method_sheet(superstore.analysis, superstore.facts)
    table = next(block for block in sheet.blocks if isinstance(block, Table) and block.key == "settings")
    shown = {str(row.cells[0]): str(row.cells[1]) for row in table.rows}
    assert set(shown) == {one.name for one in fields(Settings)}
    for one in fields(Settings):
        assert one.metadata["explained"] in shown[one.name]
    assert shown["currency"].startswith("USD")


def test_every_reason_has_a_text_in_the_order_in_which_reasons_apply() -> None:
    assert list(entries("reason")) == [reason.value for reason in Reason]
    assert all(entries("reason").values())


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_and_so_does_each_option(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        if parameter.name != "help":
            assert parameter.help, parameter.name


def test_an_option_of_analyze_is_a_setting_of_the_same_name() -> None:
    options = {
        name.removeprefix("--").replace("-", "_")
        for parameter in COMMANDS["analyze"].params
        if parameter.param_type_name == "option"
        for name in parameter.opts
    }
    known = {one.name for one in fields(Settings)}
    assert len(options - PLACES) >= 13
    assert options - PLACES <= known
    assert not PLACES & known


@pytest.mark.parametrize("name", [one.name for one in fields(Settings)])
def test_every_setting_can_be_written_in_a_file_with_either_kind_of_hyphen(name: str) -> None:
    default = getattr(Settings(), name)
    value = {
        "map": {}, "margin": 0.4, "clusters": 4, "dayfirst": True, "currency": "GBP", "analyst": "Ada", "theme": "own.toml",
        "since": dt.date(2024, 1, 1), "until": dt.date(2025, 1, 1), "as_of": dt.date(2025, 1, 1),
    }.get(name)  # fmt: skip
    chosen = value if value is not None else list(default) if isinstance(default, tuple) else default
    assert settings_from({name.replace("_", "-"): chosen}, "shop.toml") == settings_from({name: chosen}, "shop.toml")


@pytest.mark.parametrize("key", PUBLIC)
def test_a_public_key_exists_whatever_the_shop(
    superstore: Any, cdnow: Any, orders_of: Callable[..., Any], key: str
) -> None:
    for facts in (superstore.facts, cdnow.facts, _smallest(orders_of)):
        assert key in facts


def test_every_reason_has_its_rows_and_its_revenue_zero_included(superstore: Any) -> None:
    for reason in Reason:
        assert isinstance(superstore.facts.value(f"orders.set_aside.{reason.value}"), int)
        assert isinstance(superstore.facts.value(f"revenue.set_aside.{reason.value}"), float)


def test_every_segment_of_every_scheme_has_its_customers_and_revenue(superstore: Any) -> None:
    schemes = superstore.analysis.segmentations.schemes
    assert [segments.scheme for segments in schemes] == [
        "rfm11", "rfm9", "lifecycle6", "behaviour4", "kmeans5", "kmeans5_value", "supplied",
    ]  # fmt: skip
    for segments in schemes:
        held = [
            superstore.facts.number(f"segments.{segments.scheme}.{one.key}.customers") for one in segments.definitions
        ]
        money = [
            superstore.facts.number(f"segments.{segments.scheme}.{one.key}.revenue") for one in segments.definitions
        ]
        assert sum(held) == superstore.facts.value("customers.count")
        assert sum(money) == pytest.approx(superstore.facts.number("revenue.total"))


CLV_NUMBERS = [key for key in PUBLIC if key.startswith("clv.") and key not in {"clv.model", "clv.reason"}]


def test_a_withheld_model_has_a_reason_and_no_numbers_and_a_shown_one_the_reverse(
    cdnow: Any, orders_of: Callable[..., Any]
) -> None:
    withheld = _smallest(orders_of)
    assert withheld.value("clv.model") == "none"
    assert withheld.known("clv.reason")
    assert not [key for key in CLV_NUMBERS if withheld.known(key)]
    assert cdnow.facts.value("clv.model") != "none"
    assert not cdnow.facts.known("clv.reason")
    assert [key for key in CLV_NUMBERS if cdnow.facts.known(key)] == CLV_NUMBERS


def test_where_no_model_passes_the_test_a_rule_is_used_and_named(superstore: Any) -> None:
    facts, lifetime = superstore.facts, superstore.analysis.lifetime
    assert not lifetime.is_model
    assert facts.value("clv.gate") == "flagged"
    assert lifetime.forecast_name in str(facts.value("clv.model"))
    assert f"'{lifetime.forecast_name}'" in str(facts.value("clv.verdict"))
    assert "simple rule" in lifetime.cautions[0]
    assert facts.number("clv.total_low") < facts.number("clv.total") < facts.number("clv.total_high")
    assert not superstore.analysis.impact.outlook.from_model


def _smallest(orders_of: Callable[..., Any]) -> Any:
    from regulars.analysis import analyse  # noqa: PLC0415

    return find_facts(analyse(orders_of([("A", "2025-01-01")]), Settings()))
