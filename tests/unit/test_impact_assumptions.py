"""The owner's word: known keys, possible values, and what each of them changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from regulars.base.errors import SettingsError
from regulars.base.settings import Settings, read_settings
from regulars.impact import Impact, estimate_impact
from regulars.impact.assumptions import OwnerAssumptions, defaults, known_keys


def impact_of(shop: Any, **said: float | str | bool) -> Impact:
    analysis = shop.analysis
    settings = Settings(assumptions={key.replace("__", "."): value for key, value in said.items()})
    return estimate_impact(analysis.summary, analysis.segmentations.lead, analysis.lifetime, settings)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("win_back.sucess_rate", 0.2, "write 'win_back.success_rate'"),
        ("win_back.success_rate", 1.2, "from 0 to 1"),
        ("win_back.success_rate", "much", "from 0 to 1"),
        ("win_back.success_rate", True, "from 0 to 1"),
        ("win_back.contact_cost", -1, "from 0 to"),
        ("scenario", "wild", "'careful', 'base', 'bold'"),
        ("confirmed", 1, "true or false"),
        ("price.volume", 1.5, "from 0 to 1"),
    ],
)
def test_what_cannot_be_an_assumption_is_refused_with_what_can(key: str, value: Any, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        OwnerAssumptions({key: value})
    assert said in str(refused.value)
    assert key in str(refused.value)


def test_every_initiative_and_both_tests_can_be_set() -> None:
    keys = known_keys()
    assert len(set(keys)) == len(keys)
    assert {f"{entry['key']}.success_rate" for entry in defaults()["initiative"]} <= set(keys)
    assert {"price.rise", "dip.recovered", "margin", "confirmed"} <= set(keys)


def test_assumptions_are_read_from_a_table_of_the_settings_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text("[assumptions]\nconfirmed = true\n[assumptions.win_back]\nsuccess_rate = 0.2\n", encoding="utf-8")
    assert read_settings(path).assumptions == {"confirmed": True, "win_back.success_rate": 0.2}


def test_an_owners_rate_replaces_the_default_and_is_named_as_the_source(superstore: Any) -> None:
    before, after = impact_of(superstore), impact_of(superstore, win_back__success_rate=0.5)
    old, new = (next(one for one in impact.initiatives if one.key == "win_back") for impact in (before, after))
    assert (old.success_rate, new.success_rate) == (0.1, 0.5)
    assert (old.source, new.source) == ("assumption", "set by the owner")
    assert new.gross_profit() == pytest.approx(5 * old.gross_profit())


def test_the_owners_choice_decides_what_is_in_the_plan(superstore: Any) -> None:
    assert not any(one.key == "win_back" for one in impact_of(superstore).plan)
    chosen = impact_of(superstore, win_back__in_plan=True, order_value__in_plan=False, price__in_plan=True)
    assert [move.key for move in chosen.moves] == ["win_back", "price"]
    assert chosen.gross_profit() == pytest.approx(sum(move.gross_profit() for move in chosen.moves))
    assert chosen.investment == pytest.approx(sum(move.investment for move in chosen.moves))


def test_an_owners_margin_holds_for_all_and_one_of_an_initiative_for_that_alone(superstore: Any) -> None:
    assert any(one.own_margin for one in impact_of(superstore).initiatives)
    impact = impact_of(superstore, margin=0.3, upgrade__margin=0.5)
    assert (impact.margin, impact.margin_source, impact.margin_is_assumed) == (0.3, "set by the owner", False)
    assert {one.key: one.margin for one in impact.initiatives} == {
        one.key: 0.5 if one.key == "upgrade" else 0.3 for one in impact.initiatives
    }
    assert {margin for margin, _ in impact.margins.values()} == {0.3}


def test_the_margin_that_the_orders_say_leaves_each_audience_its_own(superstore: Any) -> None:
    plain = impact_of(superstore)
    said = impact_of(superstore, margin=plain.margin)
    assert [one.margin for one in said.initiatives] == [one.margin for one in plain.initiatives]


def test_the_defaults_stand_beside_what_the_owner_said(superstore: Any) -> None:
    plain, said = impact_of(superstore), impact_of(superstore, margin=0.3, scenario="bold", price__rise=0.1)
    assert plain.shipped is None
    assert (said.defaults.margin, said.defaults.scenario, said.defaults.price.rise) == (plain.margin, "base", 0.05)
    assert said.defaults.gross_profit() == plain.gross_profit()


def test_months_are_whole(superstore: Any) -> None:
    with pytest.raises(SettingsError, match=r"win_back\.start_month = 1\.5 is no whole number of months"):
        impact_of(superstore, win_back__start_month=1.5)
    assert impact_of(superstore, win_back__start_month=2.0).initiatives[0].start_month == 2


def test_a_scenario_scales_the_success_rates_and_leaves_the_base_case_alone(superstore: Any) -> None:
    base, bold = impact_of(superstore), impact_of(superstore, scenario="bold")
    assert (base.case, bold.case) == (1.0, 1.5)
    assert base.gross_profit() == bold.gross_profit()


def test_a_confirmed_run_no_longer_calls_its_gains_illustrative(superstore: Any) -> None:
    assert not impact_of(superstore).confirmed
    assert impact_of(superstore, confirmed=True).confirmed


def test_the_settings_page_names_every_assumption() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", page))
    general = {key for key in known_keys() if "." not in key}
    assert general <= named
    assert {key.partition(".")[0] for key in known_keys() if "." in key} <= named
    assert {key.partition(".")[2] for key in known_keys() if "." in key} <= named
