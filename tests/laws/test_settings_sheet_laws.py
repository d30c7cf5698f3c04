"""A law of the settings sheet: whatever settings it can show, it gives back."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.base.iso4217 import CODES
from regulars.base.scheme_ids import CHOSEN
from regulars.base.settings import LATEST_YEAR, Settings, settings_from
from regulars.orders.raw import ORDER_FIELDS
from regulars_addin.settings_sheet import read
from regulars_workbooks.settings_template import settings_bytes

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn"), exclude_characters="\ufffe\uffff")
WORDS = st.text(LETTERS, min_size=1, max_size=12)
NAMES = st.lists(WORDS, min_size=1, max_size=3, unique=True).map(tuple)
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(LATEST_YEAR, 12, 31))
SHARES = st.integers(1, 9_999).map(lambda count: count / 10_000)
SHOWN = st.fixed_dictionaries(
    {},
    optional={
        "sheet": NAMES,
        "map": st.dictionaries(st.sampled_from(ORDER_FIELDS), WORDS, min_size=1),
        "since": DAYS.filter(lambda day: day.year < 2100),
        "until": DAYS.filter(lambda day: day.year >= 2100),
        "as_of": DAYS,
        "horizon_months": st.integers(1, 60),
        "margin": SHARES | st.just(1.0),
        "scheme": st.sampled_from(CHOSEN),
        "sheets": st.sampled_from(("short", "full")),
        "returns": st.sampled_from(("net", "drop", "keep")),
        "repeats": st.sampled_from(("keep", "drop")),
        "currency": st.sampled_from(sorted(CODES)),
        "dayfirst": st.booleans(),
        "paid": NAMES,
        "slides": st.sampled_from((("short",), ("full",), ("title", "summary"))),
        "analyst": WORDS,
        "lapsed_days": st.integers(1, 36_500),
        "holdout_share": st.integers(0, 5_000).map(lambda count: count / 10_000),
        "playbook_discount": SHARES,
    },
)


@settings(deadline=None, max_examples=40)
@given(SHOWN)
def test_what_the_sheet_shows_is_what_is_read(said: dict[str, Any]) -> None:
    told = Settings(**said)
    sheet = openpyxl.load_workbook(io.BytesIO(settings_bytes(told))).worksheets[0]
    cells = list(sheet.iter_rows(values_only=True))
    assert settings_from(read(cells), "the sheet") == told
