"""Every number that a deck shows is a fact of the run: in titles, texts, tables, charts, alternative texts and notes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from regulars.base.facts import PLACEHOLDER, Facts
from regulars.base.units import WHOLE_SHARE, Kind
from regulars.render.deck import write_deck
from regulars.story.slide_spec import Chart, DeckSpec
from regulars.story.slides import deck
from regulars.story.words import sources

SYMBOL = r"(?:[A-Z]{3}\N{NO-BREAK SPACE}|[A-Z]{0,2}[£€$¥₹])?"
NUMBER = re.compile(rf"(?<![\w.,]){SYMBOL}\d[\d,]*(?:\.\d+)?(?:[KMB]\b|x\b|%)?")
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# What has digits and is no number of the run: days and months, the scores that a rule or cell names, spans of a tenth,
# bins, weeks and classes along an axis.
NO_NUMBERS = (
    re.compile(r"\d{4}-\d{2}-\d{2}"),
    re.compile(rf"\b(?:\d{{1,2}} )?(?:{MONTHS})[a-z]* \d{{2,4}}\b"),
    re.compile(r"\b[RFM][ \N{NO-BREAK SPACE}]\d(?:[–-]\d)?"),
    re.compile(r"\d0–\d+0%|0–10%"),
)
# The names of bubbles' fields stand at points of their own; a waterfall's steps stand on blocks that nobody sees.
FIELDS = {"Do first", "Plan carefully", "Do besides", "Do last, or not"}
Place = tuple[str, str, str]  # slide, shape, number


def numbers(text: str) -> list[str]:
    for pattern in NO_NUMBERS:
        text = pattern.sub(" ", text)
    return [found[0].rstrip(",") for found in NUMBER.finditer(text)]


def facts_as_shown(facts: Facts) -> set[str]:
    """Every number of every fact as `Unit.show` writes it, in full, in brief, and shares in whole per cent."""
    found: set[str] = set()
    for fact in facts.values():
        units = (fact.unit, WHOLE_SHARE) if fact.unit.kind is Kind.SHARE else (fact.unit,)
        for unit in units:
            for brief in (False, True):
                found |= set(numbers(unit.show(fact.value, facts.currency, brief=brief)))
    return found


def written_by_hand(analysis: Any) -> set[str]:
    """Numbers that stand in our texts, or in the rules of a scheme, whatever the orders: "80%", "within 90 days"."""
    found: set[str] = set()

    def collect(node: Any) -> None:
        if isinstance(node, str):
            found.update(numbers(PLACEHOLDER.sub(" ", node)))
        elif isinstance(node, dict):
            for one in node.values():
                collect(one)
        elif isinstance(node, list):
            for one in node:
                collect(one)

    for source in files("regulars.story").joinpath("texts").iterdir():
        if source.name.endswith(".toml"):
            collect(tomllib.loads(source.read_text(encoding="utf-8")))
    lead = analysis.segmentations.lead
    collect([lead.how, *(segment.meaning for segment in lead.definitions)])
    return found


def texts(slide: Any) -> Iterator[tuple[str, str]]:
    for shape in slide.shapes:
        if shape.has_text_frame and "Slide Number" not in shape.name:
            yield shape.name, shape.text_frame.text
        if shape.has_table:
            yield from ((shape.name, cell.text) for row in shape.table.rows for cell in row.cells)
        if shape.has_chart:
            yield shape.name, "\n".join(series.name for plot in shape.chart.plots for series in plot.series)
        yield f"alt of {shape.name}", shape._element.xpath(".//p:cNvPr")[0].get("descr") or ""
    if slide.has_notes_slide:
        yield "notes", slide.notes_slide.notes_text_frame.text


def orphans(spec: DeckSpec, analysis: Any, facts: Facts, path: Path) -> list[Place]:
    """The numbers of a deck, written and read back, that are neither facts nor written by hand."""
    write_deck(spec, path, facts.currency)
    known = facts_as_shown(facts) | written_by_hand(analysis)
    names = [sources(analysis), *_fact_texts(facts), *_along_axes(spec)]
    named = re.compile("|".join(re.escape(name) for name in names))
    found: list[Place] = []
    for slide_spec, slide in zip(spec.slides, Presentation(str(path)).slides, strict=True):
        for name, text in texts(slide):
            found += [(slide_spec.key, name, one) for one in numbers(named.sub(" ", text)) if one not in known]
        for shape in slide.shapes:
            if shape.has_chart:
                found += [(slide_spec.key, shape.name, one) for one in _of_nobody(shape.chart, facts)]
    return found


def _along_axes(spec: DeckSpec) -> list[str]:
    """Names of categories along axes, which alternative texts repeat: bins, with the edges that bound them."""
    charts = [part for slide in spec.slides for part in slide.exhibits if isinstance(part, Chart)]
    return sorted(
        {name for chart in charts for name in chart.categories if "–" in name or name[:5] == "over "}, key=len
    )[::-1]


def _fact_texts(facts: Facts) -> list[str]:
    """Facts that are sentences or names: what stands in them is theirs."""
    said = [str(fact.value) for fact in facts.values() if isinstance(fact.value, str)]
    return sorted((one for one in said if re.search(r"\d", one)), key=len, reverse=True)


def _of_nobody(chart: Any, facts: Facts) -> Iterator[str]:
    values = [abs(fact.value) for fact in facts.values() if isinstance(fact.value, int | float)]
    for plot in chart.plots:
        for series in plot.series:
            if series.name in FIELDS or series.name.endswith("(hidden)"):
                continue
            for value in series.values:
                if value and not any(abs(abs(value) - one) <= 1e-9 * max(abs(value), 1) for one in values):
                    yield f"{series.name}: {value}"


@pytest.fixture(params=["superstore", "cdnow"])
def shop(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def told(shop: Any) -> DeckSpec:
    return deck(replace(shop.analysis, settings=shop.analysis.settings.but(slides=("full",))), shop.facts)


def test_every_number_of_a_full_deck_is_a_fact_of_the_run(shop: Any, tmp_path: Path) -> None:
    assert orphans(told(shop), shop.analysis, shop.facts, tmp_path / "deck.pptx") == []


def test_a_number_that_nobody_computed_is_found_in_title_cell_note_and_chart(cdnow: Any, tmp_path: Path) -> None:
    spec = told(cdnow)
    place, slide = next((number, one) for number, one in enumerate(spec.slides) if one.key == "value")
    chart: Any = slide.exhibits[0]
    series = chart.series[0]
    wrong = replace(
        slide,
        title=f"{slide.title}, or 123,457",
        notes=f"{slide.notes} 77.77%",
        exhibits=(replace(chart, series=(replace(series, values=(0.123457, *series.values[1:])), *chart.series[1:])),),
    )
    score = next(one for one in spec.slides if one.key == "scorecard")
    table: Any = score.exhibits[0]
    planted = replace(table, rows=((table.rows[0][0], 987_654, *table.rows[0][2:]), *table.rows[1:]))
    swapped = {place: wrong, spec.slides.index(score): replace(score, exhibits=(planted,))}
    slides = tuple(swapped.get(number, one) for number, one in enumerate(spec.slides))
    found = orphans(replace(spec, slides=slides), cdnow.analysis, cdnow.facts, tmp_path / "deck.pptx")
    assert {number for _, _, number in found} == {"123,457", "77.77%", "987,654", f"{series.name}: 0.123457"}


def test_what_is_written_by_hand_is_little_and_no_money(cdnow: Any) -> None:
    written = written_by_hand(cdnow.analysis)
    assert not [one for one in written if re.search(r"[£€$¥₹KMBx]", one)]
    assert len(written) < 60
