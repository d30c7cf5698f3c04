"""Where a run may not write, the remedy names the option that says where that output goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from regulars.base.errors import OutputError
from regulars.base.settings import Settings
from regulars.job import Job
from regulars.standing import refuse_unless_free


@pytest.mark.parametrize(("writes_workbook", "option"), [(True, "--deck"), (False, "--out")])
def test_a_deck_alone_goes_where_out_says(tmp_path: Path, writes_workbook: bool, option: str) -> None:
    deck = tmp_path / "mine.pptx"
    deck.write_bytes(b"somebody else's")
    job = Job((tmp_path / "orders.csv",), tmp_path / "o.xlsx", Settings(), deck=deck, writes_workbook=writes_workbook)
    with pytest.raises(OutputError) as refusal:
        refuse_unless_free(deck, job)
    assert f"choose another place with {option}" in str(refusal.value.remedy)
