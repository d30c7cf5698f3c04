"""The storyline: which slides a deck has, and what every slide of it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from regulars.base.errors import SettingsError
from regulars.base.facts import Facts
from regulars.base.settings import Settings, read_settings, settings_from
from regulars.findings import find_facts
from regulars.impact import estimate_impact
from regulars.render.deck import write_deck
from regulars.render.deck_lint import lint_deck
from regulars.story.slide_spec import Chart, DeckSpec, SlideSpec
from regulars.story.slides import FULL, SHORT, SLIDES, chosen_slides, deck, shows_clusters

APPENDIX = {
    "quality",
    "method",
    "clusters",
    "validation",
    "sensitivity",
    "table_behaviour",
    "table_money",
    "definitions",
}
HOLES = re.compile(r"\{[a-z_.~]+\}|\bnan\b|\bNone\b|\binf\b")


def told(analysed: Any, *slides: str) -> DeckSpec:
    settings = replace(analysed.analysis.settings, slides=slides)
    return deck(replace(analysed.analysis, settings=settings), analysed.facts)


def keys(spec: DeckSpec) -> list[str]:
    return [slide.key for slide in spec.slides]


@pytest.fixture(scope="module")
def full(superstore: Any, cdnow: Any) -> dict[str, DeckSpec]:
    return {"superstore": told(superstore, FULL), "cdnow": told(cdnow, FULL)}


def texts(slide: SlideSpec) -> Iterator[str]:
    yield from (slide.title, slide.subtitle, slide.source, slide.notes, *slide.so_what)
    yield from (part.alt for part in slide.exhibits if hasattr(part, "alt"))


def test_the_short_deck_has_twelve_to_eighteen_slides_and_the_full_one_twenty_or_more(
    superstore: Any, cdnow: Any, full: dict[str, DeckSpec]
) -> None:
    for analysed in (superstore, cdnow):
        assert 12 <= len(told(analysed, SHORT).slides) <= 18
    assert all(len(spec.slides) >= 20 for spec in full.values())
    assert Settings().slides == (SHORT,)


def test_the_full_deck_has_the_short_one_in_its_order_and_the_appendix_at_its_end(cdnow: Any, full: Any) -> None:
    short, whole = keys(told(cdnow, SHORT)), keys(full["cdnow"])
    assert [key for key in whole if key in short] == short
    assert set(whole[whole.index("closing") + 1 :]) == APPENDIX
    assert not APPENDIX & set(short)


def test_there_is_a_page_for_each_segment_with_customers(full: dict[str, DeckSpec], cdnow: Any) -> None:
    pages = [slide for slide in full["cdnow"].slides if slide.key.startswith("page_")]
    assert len(pages) == cdnow.facts.number("segments.filled")
    for page in pages:
        part: Any = page.exhibits[0]
        leads = [row.lead.removesuffix(", without budget") for row in part.rows]
        assert leads == ["Who", "Why", "Do", "Do not", "Number to watch", "Money"]
        assert all(row.text for row in part.rows)
        assert len(part.tiles) == 4


def test_every_slide_has_a_title_notes_and_source_and_every_exhibit_its_message(full: dict[str, DeckSpec]) -> None:
    for spec in full.values():
        assert len({slide.title for slide in spec.slides}) == len(spec.slides)
        assert len(set(keys(spec))) == len(spec.slides)
        for slide in spec.slides:
            assert slide.title, slide.key
            assert slide.notes, slide.key
            assert slide.source or slide.key == "closing", slide.key
            assert not [words for words in texts(slide) if HOLES.search(words)], slide.key
            for part in slide.exhibits:
                alt = getattr(part, "alt", None)
                assert alt is None or len(alt) >= 20, slide.key
                if isinstance(part, Chart):
                    assert re.search(r"\d", part.alt), slide.key


@pytest.mark.parametrize("shop", ["superstore", "cdnow"])
def test_the_full_deck_has_no_error_titles_of_two_lines_and_is_under_a_megabyte(
    full: dict[str, DeckSpec], superstore: Any, cdnow: Any, shop: str, tmp_path: Path
) -> None:
    facts: Facts = {"superstore": superstore, "cdnow": cdnow}[shop].facts
    path = tmp_path / "full.pptx"
    write_deck(full[shop], path, facts.currency)
    assert [str(error) for error in lint_deck(path).errors] == []
    assert path.stat().st_size < 1_000_000
    slides = Presentation(str(path)).slides
    assert len(slides) >= len(full[shop].slides)
    assert all(slide.has_notes_slide for slide in slides)


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("shop", ["superstore", "cdnow"])
def test_the_full_deck_is_printed_without_an_error(
    full: dict[str, DeckSpec], superstore: Any, cdnow: Any, shop: str, tmp_path: Path
) -> None:
    facts: Facts = {"superstore": superstore, "cdnow": cdnow}[shop].facts
    write_deck(full[shop], tmp_path / "full.pptx", facts.currency)
    report = lint_deck(tmp_path / "full.pptx", rendered=True)
    assert report.rendered
    assert [str(error) for error in report.errors] == []


def test_a_list_chooses_slides_and_their_order(cdnow: Any) -> None:
    assert keys(told(cdnow, "closing", "tiers", "title", "tiers")) == ["closing", "tiers", "title"]
    longer = keys(told(cdnow, SHORT, "tiers"))
    assert longer[-1] == "tiers"
    assert longer[:-1] == keys(told(cdnow, SHORT))


@pytest.mark.parametrize(
    ("written", "near"), [("tires", "write 'tiers'"), ("ful", "write 'full'"), ("xyzzy", "use short, full or keys of")]
)
def test_a_slide_that_nobody_knows_is_refused_with_the_nearest(written: str, near: str) -> None:
    with pytest.raises(SettingsError, match=f"there is no slide '{written}'") as refusal:
        chosen_slides(Settings(slides=("title", written)))
    assert near in str(refusal.value.remedy)


def test_no_slides_at_all_are_refused() -> None:
    with pytest.raises(SettingsError, match="empty list"):
        chosen_slides(Settings(slides=()))


def test_the_settings_file_takes_one_word_or_a_list(tmp_path: Path) -> None:
    assert settings_from({"slides": "full"}, "shop.toml").slides == (FULL,)
    (tmp_path / "shop.toml").write_text('slides = ["title", "summary"]\n', encoding="utf-8")
    assert read_settings(tmp_path / "shop.toml").slides == ("title", "summary")
    with pytest.raises(SettingsError, match="not a list of texts"):
        settings_from({"slides": 3}, "shop.toml")


def test_a_slide_that_was_asked_for_and_cannot_be_carried_is_named(superstore: Any) -> None:
    whole = superstore.analysis
    out = {f"{one.key}.in_plan": False for one in whole.impact.initiatives}
    settings = replace(whole.settings, assumptions=out)
    impact = estimate_impact(whole.summary, whole.segmentations.lead, whole.lifetime, settings)
    without = replace(whole, settings=settings, impact=impact)
    assert not impact.moves
    planless = replace(superstore, analysis=without, facts=find_facts(without))
    spec = told(planless, "title", "sensitivity")
    assert keys(spec) == ["title"]
    assert spec.left_out == ("sensitivity",)
    assert keys(told(planless, "sensitivity")) == ["title"]  # no deck is empty
    assert told(planless, FULL).left_out == ()  # nobody asked for each of them by name


def test_every_key_is_one_slide_and_clusters_are_looked_for_only_where_they_are_shown() -> None:
    assert len({slide.key for slide in SLIDES}) == len(SLIDES)
    assert not {SHORT, FULL} & {slide.key for slide in SLIDES}
    assert not shows_clusters(Settings())
    assert shows_clusters(Settings(slides=(FULL,)))
    assert shows_clusters(Settings(slides=("title", "clusters")))


def test_the_short_deck_is_the_same_whether_clusters_were_found_or_not(cdnow: Any) -> None:
    found = cdnow.analysis
    without = replace(
        found,
        settings=replace(found.settings, slides=(FULL,)),
        segmentations=replace(found.segmentations, clusters=None, clusters_reason="not asked for"),
    )
    blind = Facts([fact for key, fact in cdnow.facts.items() if not key.startswith("clusters.")], cdnow.facts.currency)
    whole, other = told(cdnow, FULL), deck(without, blind)
    assert keys(other) == [key for key in keys(whole) if key != "clusters"]
    assert [slide for slide in whole.slides if slide.key != "clusters"] == list(other.slides)
