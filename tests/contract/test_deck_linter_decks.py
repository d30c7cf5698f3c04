"""The linter on whole decks: ours are clean in every template, pages are looked at, waivers and messages hold."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Inches, Pt

from regulars.base.errors import InputError, SettingsError
from regulars.cli import main
from regulars.render.deck import write_deck
from regulars.render.deck_lint import lint_deck, read_waivers
from regulars.render.deck_lint.finding import findings_of
from regulars.render.deck_lint.printing import printed
from regulars.render.deck_lint.reading import read_deck
from regulars.render.deck_lint.rules import BY_ID, RULES
from regulars.story.slides import deck

ROOT = Path(__file__).parents[2]
CPU_LIMIT = 2.0  # seconds for the full deck, imports included


@pytest.fixture(scope="module")
def ours(cdnow: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ours") / "cdnow.pptx"
    write_deck(deck(cdnow.analysis, cdnow.facts), path, cdnow.facts.currency)
    return path


@pytest.fixture(scope="module")
def brief(cdnow: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five slides and the closing one, for what needs no more."""
    path = tmp_path_factory.mktemp("brief") / "brief.pptx"
    whole = deck(cdnow.analysis, cdnow.facts)
    write_deck(replace(whole, slides=(*whole.slides[:5], whole.slides[-1])), path, cdnow.facts.currency)
    return path


def errors(path: Path, *, rendered: bool = False) -> list[str]:
    return [str(error) for error in lint_deck(path, rendered=rendered).errors]


def four_to_three(path: Path) -> Path:
    Presentation().save(str(path))
    return path


def test_our_deck_has_no_error(ours: Path) -> None:
    assert errors(ours) == []


def test_our_deck_in_a_narrow_template_of_a_client_has_no_error(cdnow: Any, tmp_path: Path) -> None:
    path, template = tmp_path / "deck.pptx", four_to_three(tmp_path / "client.pptx")
    write_deck(deck(cdnow.analysis, cdnow.facts), path, cdnow.facts.currency, template)
    assert errors(path) == []


def test_names_in_the_properties_of_a_template_are_not_carried_over(cdnow: Any, tmp_path: Path) -> None:
    template: Any = Presentation()
    package = template.part.package
    company = b"<Properties><Company>Example Corp</Company><Manager>Ann Example</Manager></Properties>"
    package.part_related_by(RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)._blob = company
    custom = Part(PackURI("/docProps/custom.xml"), "application/xml", package, b"<Properties/>")
    package.relate_to(custom, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    authors = Part(PackURI("/ppt/commentAuthors.xml"), "application/xml", package, b"<a/>")
    template.part.relate_to(authors, RELATIONSHIP_TYPE.COMMENT_AUTHORS)
    template.save(str(tmp_path / "client.pptx"))
    whole, path = deck(cdnow.analysis, cdnow.facts), tmp_path / "deck.pptx"
    short = replace(whole, slides=whole.slides[:1])
    notes = write_deck(short, path, cdnow.facts.currency, tmp_path / "client.pptx")
    assert "the template's own document properties, such as labels, were left out" in notes
    found = {one.rule for one in lint_deck(path).findings}
    assert found & {"METADATA", "COMMENTS", "PACKAGE-ORPHAN", "PACKAGE-CONTENT-TYPE"} == set()
    assert {"METADATA", "COMMENTS"} <= {one.rule for one in lint_deck(tmp_path / "client.pptx").findings}


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("shop", ["cdnow", "superstore"])
@pytest.mark.parametrize("in_a_client_template", [False, True])
def test_the_pages_of_our_decks_have_no_error(
    shop: str, in_a_client_template: bool, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    analysed = request.getfixturevalue(shop)
    template = four_to_three(tmp_path / "client.pptx") if in_a_client_template else None
    path = tmp_path / "deck.pptx"
    write_deck(deck(analysed.analysis, analysed.facts), path, analysed.facts.currency, template)
    assert errors(path, rendered=True) == []


def text_box(slide: Any, place: tuple[float, float, float, float], text: str, *, wraps: bool = True) -> None:
    box = slide.shapes.add_textbox(*(Inches(length) for length in place))
    box.text_frame.word_wrap = wraps
    box.text_frame.text = text
    box.text_frame.paragraphs[0].runs[0].font.size = Pt(20)


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_each_rule_of_the_pages_catches_its_defect_on_a_printed_deck(brief: Path, tmp_path: Path) -> None:
    """One deck, printed once: a page for each defect, and a page without."""
    deck_file: Any = Presentation(str(brief))
    pages = list(deck_file.slides)
    off, over, hit, lost, empty = pages[0], pages[1], pages[3], pages[4], pages[-1]
    text_box(off, (12.6, 6.9, 2, 0.4), "overhanging", wraps=False)
    title = next(one for one in over.shapes if one.name == "Subtitle")
    title.text_frame.text = "printed far below its shape " * 40
    subtitle = next(one for one in hit.shapes if one.name == "Subtitle")
    text_box(
        hit, (subtitle.left / 914_400 - 0.1, subtitle.top / 914_400 - 0.05, 9, 0.4), "lies on other words and hides"
    )
    text_box(lost, (15, 1, 3, 0.4), "vanished")
    empty._element.set("showMasterSp", "0")
    for one in list(empty.shapes):
        one._element.getparent().remove(one._element)
    path = tmp_path / "broken.pptx"
    deck_file.save(str(path))
    made = printed(read_deck(path), path)
    by_rule = {rule.id: {spot.slide for spot in findings_of(rule, made)} for rule in RULES if rule.rendered}
    assert by_rule.pop("RENDER-PAGES") == set()
    assert by_rule.pop("RENDER-OVERFLOW") == {2}
    assert by_rule.pop("RENDER-TEXT-COLLISION") - {2} == {4}  # what runs over lies on the exhibit too
    assert by_rule.pop("RENDER-TEXT-LOST") == {1, 5}  # the letters beyond the edge are lost too
    assert by_rule == {"RENDER-BLANK": {len(pages)}, "RENDER-OFF-PAGE": {1}}
    short = replace(made, pages=(made.pages or ())[:-1])
    assert [one.what for one in findings_of(BY_ID["RENDER-PAGES"], short)] == [
        f"{len(pages)} slides make {len(pages) - 1} pages"
    ]


def test_pages_are_said_to_be_left_out_where_a_program_is_missing(
    brief: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert left("lint-deck", brief, "--rendered") == 0
    said = capsys.readouterr()
    assert "note: the pages were not looked at: soffice, pdftotext, pdftoppm not installed" in said.err
    assert "pages not drawn" in said.out


def test_a_full_deck_takes_less_than_two_seconds_of_processor_time(ours: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from regulars.render.deck_lint import lint_deck;"
        "lint_deck(Path(sys.argv[1])); print(time.process_time())"
    )
    done = subprocess.run([sys.executable, "-c", program, str(ours)], check=True, capture_output=True, text=True)
    assert float(done.stdout) < CPU_LIMIT


def left(*arguments: object) -> int:
    with pytest.raises(SystemExit) as leaving:
        main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


@pytest.fixture
def faulty(brief: Path, tmp_path: Path) -> Path:
    """Our deck with a slide whose text is 8 points small."""
    made: Any = Presentation(str(brief))
    box = made.slides[-1].shapes.add_textbox(Inches(9), Inches(0.1), Inches(3), Inches(0.3))
    box.name, box.text_frame.text = "Remark", "a small remark"
    box.text_frame.paragraphs[0].runs[0].font.size = Pt(8)
    box.text_frame.paragraphs[0].runs[0].font.color.theme_color = 14  # the light one: the closing slide is dark
    path = tmp_path / "faulty.pptx"
    made.save(str(path))
    return path


def test_an_error_is_told_with_its_place_and_remedy_and_leaves_with_one(
    faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "findings.json"
    assert left("lint-deck", faulty, "--json", report) == 1
    said = capsys.readouterr()
    number = len(Presentation(str(faulty)).slides)
    line = f"error FONT-MIN, slide {number}, 'Remark': text of 8 pt; 12 pt is the least. To do: set it larger"
    assert line in said.out
    assert f"the deck '{faulty}' has 1 error" in said.err
    assert "To do: mend what is listed above, or accept it with a reason" in said.err
    told = json.loads(report.read_text(encoding="utf-8"))
    assert (told["schema"], told["errors"], told["rendered"]) == (1, 1, False)
    (error,) = (one for one in told["findings"] if one["severity"] == "error")
    assert (error["rule"], error["slide"], error["shape"]) == ("FONT-MIN", number, "Remark")


def test_a_waiver_with_a_reason_lets_an_error_pass(
    faulty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        '[[waiver]]\nrule = "FONT-MIN"\nshape = "Remark"\nwhy = "the lawyers want it"\n'
        '[[waiver]]\nrule = "OVERLAP"\nslide = 3\nwhy = "meant"\n',
        encoding="utf-8",
    )
    assert left("lint-deck", faulty, "--waivers", waivers) == 0
    said = capsys.readouterr()
    assert "waived FONT-MIN" in said.out
    assert "(the lawyers want it)" in said.out
    assert "note: nothing needs the waiver of OVERLAP on slide 3" in said.err


@pytest.mark.parametrize(
    ("waiver", "said"),
    [
        ('rule = "FONT-MIN"', r"waiver 1 of '.*' \(FONT-MIN\) has no reason\. To do: add why"),
        ('rule = "FONTMIN"\nwhy = "x"', r"which does not exist\. To do: did you mean 'FONT-MIN'\?"),
        ('rule = "FONT-MIN"\nwhy = "x"\npage = 3', "has an unknown key 'page'"),
        ('rule = "FONT-MIN"\nwhy = "x"\nslide = "3"', "slide is a number"),
    ],
)
def test_a_waiver_that_says_something_impossible_is_named(waiver: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(f"[[waiver]]\n{waiver}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        read_waivers(path)


@pytest.mark.parametrize(
    ("name", "blob", "said"),
    [
        ("deck.ppt", b"", "does not end in .pptx"),
        ("deck.pptx", b"no zip", "is damaged or not a PowerPoint file"),
        ("deck.pptx", b"\xd0\xcf\x11\xe0 and so on", "has a password, or is of an old format"),
    ],
)
def test_what_is_no_deck_is_refused_in_a_sentence(name: str, blob: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(blob)
    with pytest.raises(InputError, match=said):
        lint_deck(tmp_path / name)


def test_a_missing_deck_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no deck '.*none\.pptx'"):
        lint_deck(tmp_path / "none.pptx")


def test_a_file_that_is_no_report_is_not_replaced(brief: Path, tmp_path: Path) -> None:
    precious = tmp_path / "orders.json"
    precious.write_text('{"orders": []}', encoding="utf-8")
    assert left("lint-deck", brief, "--json", precious) == 1
    assert precious.read_text(encoding="utf-8") == '{"orders": []}'


def test_the_numbers_of_the_summary_are_facts_and_others_are_named(
    brief: Path, cdnow: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(cdnow.facts.as_json(), encoding="utf-8")
    assert left("lint-deck", brief, "--facts", facts) == 0
    assert "ORPHAN-NUMBER, slide 2," not in capsys.readouterr().out
    facts.write_text('{"facts": {"customers.count": {"value": 77777}}}', encoding="utf-8")
    assert left("lint-deck", brief, "--facts", facts) == 0
    assert "ORPHAN-NUMBER, slide 2," in capsys.readouterr().out
    facts.write_text("{}", encoding="utf-8")
    assert left("lint-deck", brief, "--facts", facts) == 1


def test_the_page_of_rules_is_what_the_code_says() -> None:
    written = runpy.run_path(str(ROOT / "docs/make_deck_linter.py"))["page"]()
    page = (ROOT / "docs/deck-linter.md").read_text(encoding="utf-8")
    assert page == written, "run: python docs/make_deck_linter.py"
