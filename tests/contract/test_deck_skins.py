"""The shipped skins in both formats: whole decks of real and of hard shops have no error, and no shop loses a text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.base.units import MONEY, Currency
from regulars.findings import find_facts
from regulars.orders.load import load_orders
from regulars.render.deck import write_deck
from regulars.render.deck_lint import lint_deck
from regulars.story.slides import deck
from regulars_slides.skins import FILES

DATA = Path(__file__).parents[1] / "data"
SHOPS = {
    "cdnow": ("cdnow_sample.csv", "USD"),
    "superstore": ("superstore.parquet", "USD"),
    "retail": ("online_retail_2009_2010.parquet", "GBP"),
    "messy": ("messy_orders.xlsx", None),
}
LONG = "Wholesale partners, northern district"  # 40 characters with the number before it


@dataclass(frozen=True)
class Told:
    """A shop's analysis and facts."""

    analysis: Analysis
    facts: Facts


def told(analysis: Analysis) -> Told:
    return Told(analysis, find_facts(analysis))


def errors(shop: Any, skin: str, folder: Path, *slides: str, rendered: bool = False) -> list[str]:
    settings = shop.analysis.settings.but(slides=slides or ("short",))
    path = folder / "deck.pptx"
    write_deck(deck(replace(shop.analysis, settings=settings), shop.facts), path, shop.facts.currency, Path(skin))
    return [str(error) for error in lint_deck(path, rendered=rendered).errors]


@pytest.mark.parametrize("skin", ["boardroom", "executive-4x3"])  # all of them in the long grid below
def test_the_deck_of_a_real_shop_has_no_error_in_any_skin(skin: str, cdnow: Any, tmp_path: Path) -> None:
    assert errors(cdnow, skin, tmp_path) == []


def _lines(segments: int, customers: int, amount: float, profit: float | None, name: str) -> list[tuple[Any, ...]]:
    """Orders over two years: customer n orders 1 + n % 7 times, and the first customers order most lately."""
    made = []
    for number in range(customers):
        for order in range(1 + number % 7):
            day = dt.date(2024, 1, 5) + dt.timedelta(days=(number * 37 + order * 83) % 700)
            money = amount * (1 + (number * 13 + order) % 23)
            gain = None if profit is None else money * profit
            label = f"{number % segments + 1:02d} {name}"
            made.append((f"C{number:04d}", day.isoformat(), money, "", None, gain, label))
    return made


@pytest.fixture(scope="module")
def hard(orders_of: Callable[..., Any]) -> Callable[[str], Told]:
    """Shops that are hard on a slide, each analysed once."""
    shops: dict[str, tuple[list[tuple[Any, ...]], dict[str, Any]]] = {
        "twelve_long_names_in_rupiah": (
            _lines(12, 36, 187_500.0, 0.2, LONG),
            {"scheme": "supplied", "currency": "IDR"},
        ),
        "one_segment_in_yen": (_lines(1, 24, 98_000.0, None, "Everybody"), {"scheme": "supplied", "currency": "JPY"}),
        "losses": (_lines(4, 24, 84.0, -0.3, "Group"), {"currency": "EUR"}),
        "no_lifetime_value": (_lines(2, 12, 20.0, None, "Group")[:14], {"currency": "GBP"}),
    }
    done: dict[str, Told] = {}

    def shop(name: str) -> Told:
        if name not in done:
            lines, options = shops[name]
            orders = replace(orders_of(lines), currency=Currency(options["currency"]))
            done[name] = told(analyse(orders, Settings(**options)))
        return done[name]

    return shop


HARD = ["twelve_long_names_in_rupiah", "one_segment_in_yen", "losses", "no_lifetime_value"]


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("skin", ["plain-4x3"])  # the narrowest, in the wider of the two fonts
def test_the_deck_of_a_hard_shop_has_no_error(
    name: str, skin: str, hard: Callable[[str], Told], tmp_path: Path
) -> None:
    assert errors(hard(name), skin, tmp_path) == []


def test_the_hard_shops_are_what_they_are_called(hard: Callable[[str], Told]) -> None:
    twelve, yen, losses, none = (hard(name) for name in HARD)
    names = {segment.name for segment in twelve.analysis.segmentations.lead.definitions}
    assert (len(names), {len(name) for name in names}) == (12, {40})
    assert len(yen.analysis.segmentations.lead.definitions) == 1
    money = [fact.value for fact in losses.facts.values() if fact.unit == MONEY]
    assert min(value for value in money if isinstance(value, float)) < 0
    assert [shop.facts.currency.code for shop in (twelve, yen)] == ["IDR", "JPY"]
    assert none.facts["clv.model"].value == "none"


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("skin", list(FILES))
@pytest.mark.parametrize("name", HARD)
def test_the_full_deck_of_a_hard_shop_prints_without_error(
    name: str, skin: str, hard: Callable[[str], Told], tmp_path: Path
) -> None:
    assert errors(hard(name), skin, tmp_path, "full", rendered=True) == []


@pytest.fixture(scope="module")
def real() -> Callable[[str], Told]:
    done: dict[str, Told] = {}

    def shop(name: str) -> Told:
        if name not in done:
            file, currency = SHOPS[name]
            settings = Settings(sheets="full", currency=currency)
            done[name] = told(analyse(load_orders([DATA / file], settings), settings, clusters=True))
        return done[name]

    return shop


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("skin", list(FILES))
@pytest.mark.parametrize("shop", list(SHOPS))
def test_the_full_deck_of_a_real_shop_prints_without_error(
    shop: str, skin: str, real: Callable[[str], Told], tmp_path: Path
) -> None:
    assert errors(real(shop), skin, tmp_path, "full", rendered=True) == []
