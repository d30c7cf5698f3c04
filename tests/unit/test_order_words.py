from __future__ import annotations

from typing import Any

import pytest

from regulars.orders.words import has_total_word, is_total_label, months, status_kind, words


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("paid", "paid"),
        ("Bezahlt", "paid"),
        ("PAYÉE", "paid"),
        ("partially_refunded", "paid"),
        ("unpaid", "unpaid"),
        ("not paid", "unpaid"),
        ("Non payé", "unpaid"),
        ("no pagado", "unpaid"),
        ("on-hold", "unpaid"),
        ("in attesa di pagamento", "unpaid"),
        ("Storniert (Kunde)", "cancelled"),
        ("geannuleerd", "cancelled"),
        ("cancelada", "cancelled"),
        ("refunded", "returned"),
        ("rimborsato", "returned"),
        ("blue", None),
        ("", None),
    ],
)
def test_a_status_is_understood_in_seven_languages(text: Any, kind: Any) -> None:
    assert status_kind(text) == kind


def test_no_status_word_means_two_things() -> None:
    kinds = [set(kind) for kind in words()["statuses"].values()]
    assert sum(map(len, kinds)) == len(set().union(*kinds))


@pytest.mark.parametrize(
    "text",
    [
        "Total",
        "GRAND TOTAL",
        "Subtotal December 2009",
        "Zwischensumme Mai",
        "Gesamtsumme:",
        "Total général",
        "Totaal 2010",
        "Sous-total",
        "Total do mês",
    ],
)
def test_a_label_of_a_sum_is_known(text: Any) -> None:
    assert is_total_label(text)


@pytest.mark.parametrize("text", ["Total lamp", "SUMMER HAT", "Somme mug", "17850", "totally", ""])
def test_a_product_is_no_label_of_a_sum(text: Any) -> None:
    assert not is_total_label(text)


def test_excels_own_subtotals_end_with_the_word() -> None:
    assert has_total_word("17850 Total")


def test_every_list_of_months_has_twelve() -> None:
    assert all(len(names) == 12 for names in words()["months"].values())
    assert months()["juil"] == 7
    assert "jui" not in months()  # juin or juillet
