"""What settings and options say wrong is said with its place and the nearest right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from regulars import cli
from regulars.base.errors import SettingsError
from regulars.base.scheme_ids import CHOSEN
from regulars.base.settings import Settings, settings_from
from regulars.cli.settings import chosen_settings, pairs
from regulars.orders.words import currency_signs
from regulars.story.sheet_spec import Formula


def test_a_field_that_is_mapped_twice_is_named_with_both_headers(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        cli.main(["analyze", "orders.xlsx", "--map", "date=Ordered", "--map", "date=Shipped"])
    assert leaving.value.code == 2
    assert "'date' is given twice, as 'Ordered' and as 'Shipped'" in " ".join(capsys.readouterr().err.split())
    assert pairs(["date=Ordered", "date=Ordered"]) == {"date": "Ordered"}


def test_a_currency_that_is_none_is_answered_with_the_nearest_codes() -> None:
    with pytest.raises(SettingsError, match="'GPB' is no currency") as error:
        Settings(currency="GPB")
    assert "'GBP'" in error.value.remedy
    assert Settings(currency="DEM").currency == "DEM"


def test_a_currency_may_be_written_in_lower_case() -> None:
    assert settings_from({"currency": "eur"}, "shop.toml").currency == "EUR"


def test_every_currency_that_cells_may_name_is_one() -> None:
    for code in set(currency_signs().values()):
        assert Settings(currency=code).currency == code


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '[assumptions]\n"win_bak.reach" = 0.5',
            r"'win_bak.reach' is no assumption \(in \[assumptions\] of .*shop.toml\)",
        ),
        (
            "[assumptions.win_back]\nreach = 20",
            r"win_back.reach = 20 is out of range \(in \[assumptions\] of .*shop.toml\)",
        ),
        ("margin = 4.0", r"margin = 4.0 is not a share of revenue \(in .*shop.toml\)"),
    ],
)
def test_what_a_settings_file_says_wrong_is_said_with_its_name(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        chosen_settings(path)


def test_the_help_lists_every_scheme_that_may_lead(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["analyze", "--help"])
    said = capsys.readouterr().out
    assert all(name in said for name in CHOSEN)


def test_a_formula_has_no_negative_nought() -> None:
    assert str(Formula("=-{x}", -0.0).value) == "0.0"
