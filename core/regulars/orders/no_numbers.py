"""Columns of money without money: what they hold instead, and which other columns hold numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow.compute as pc

from regulars.base.errors import InputError, listing
from regulars.orders.aliases import order_names
from regulars.orders.content import look_at
from regulars.orders.doubts import NAMED
from regulars.orders.numbers import read_number
from regulars.orders.raw import RawSource, RecognisedSource

MEASURED = ("amount", "price", "quantity")


def refuse_without_numbers(sources: Sequence[RecognisedSource], told: Mapping[str, str]) -> None:
    """Raise InputError where a column that the user named for an amount, price or quantity holds no number at all."""
    for field in MEASURED:
        having = [source for source in sources if field in told and field in source.columns]
        if having and not any(_has_numbers(source.raw, source.columns[field]) for source in having):
            raise without_numbers(having[0].raw, field, having[0].columns[field], having[0].columns)


def named_without_numbers(raw: RawSource, columns: Mapping[str, int]) -> InputError | None:
    """Return the error for a sheet whose header names the amount over a column of texts; None where there is no such."""
    names, used = order_names()["amount"], set(columns.values())
    texts = [
        (-names.score(header), index)
        for index, header in enumerate(raw.headers)
        if index not in used
        and names.score(header) >= NAMED
        and (look := look_at(raw, index)).values
        and not look.numbers
    ]
    return without_numbers(raw, "amount", min(texts)[1], columns) if texts else None


def without_numbers(raw: RawSource, field: str, index: int, columns: Mapping[str, int]) -> InputError:
    """Return the error for a column that should hold numbers: an example of what it holds, and who else has numbers."""
    values = look_at(raw, index).values
    held = f"texts such as '{values[0].strip()[:40]}'" if values else "nothing"
    taken = {column for name, column in columns.items() if name not in MEASURED} | {index}
    others = [
        header
        for other, header in enumerate(raw.headers)
        if other not in taken and look_at(raw, other).values and look_at(raw, other).numbers >= 0.5
    ]
    beside = f"; numbers stand in {listing(others)}" if others else "; no other column holds numbers"
    return InputError(
        f"the column '{raw.headers[index]}' of '{raw.name}' should be the {field}, but holds {held} and not one number{beside}",
        remedy=f'write --map {field}="{others[0] if len(others) == 1 else "…"}" with a column of numbers'
        if others
        else "export the orders again, with their amounts as numbers",
    )


def _has_numbers(raw: RawSource, index: int) -> bool:
    if look_at(raw, index).numbers:
        return True
    return any(text is not None and read_number(text) is not None for text in pc.unique(raw.text(index)).to_pylist())
