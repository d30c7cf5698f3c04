"""Mutations: a good deck has no finding; each defect planted in it is caught by its rule, and by no other."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree  # type: ignore[import-untyped]
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Inches, Pt

from regulars.base.units import COUNT, MONEY, SHARE, TEXT, Currency
from regulars.render.deck import write_deck
from regulars.render.deck.measure import face
from regulars.render.deck_lint import lint_deck
from regulars.render.deck_lint.rules import RULES
from regulars.story.slide_spec import (
    Chart,
    ChartKind,
    DeckSpec,
    Role,
    Series,
    SlideColumn,
    SlideKind,
    SlideSpec,
    SlideTable,
    Statement,
    Statements,
    Tile,
)

SOURCE = "Source: orders.xlsx, 397,884 order lines. Revenue net of returns."
NAMES = ("Champions", "Loyal customers", "At risk", "Lost")
REVENUE = (4_412_000.0, 1_804_000.0, 521_000.0, 81_000.0)
CUSTOMERS = (633, 742, 503, 68)
ROLES = (Role.HIGHLIGHT, Role.EXTRA, Role.NEGATIVE, Role.NEUTRAL)
SO_WHAT = ("**Protect them:** one group carries the shop.", "**Call them first,** before any campaign is built.")
TITLE_3 = "Champions bring £4.4M, more than all the other groups of customers together"
BARS = Chart(
    ChartKind.BAR,
    NAMES,
    (Series("Revenue", REVENUE, MONEY),),
    alt="Bars: Champions £4.4M, Loyal customers £1.8M",
    highlights=("Champions",),
)
SHARES = Chart(
    ChartKind.STACKED_100,
    ("Customers", "Revenue"),
    tuple(
        Series(name, (count / sum(CUSTOMERS), money / sum(REVENUE)), SHARE, role)
        for name, count, money, role in zip(NAMES, CUSTOMERS, REVENUE, ROLES, strict=True)
    ),
    alt="Stacked columns: Champions are 32.5% of customers and 64.7% of revenue",
)


def content(key: str, title: str, exhibit: Any, so_what: tuple[str, ...] = ()) -> SlideSpec:
    return SlideSpec(key, SlideKind.CONTENT, title, "Revenue, £", (exhibit,), so_what, SOURCE, f"Say: {title}")


GOOD = DeckSpec(
    "Where the revenue comes from",
    "Harbour Gifts Ltd",
    (
        SlideSpec("title", SlideKind.TITLE, "Where the revenue of the shop comes from", "Harbour Gifts", notes="Hello"),
        content(
            "summary",
            "One group brings £4.4M of revenue, and 503 customers are at risk of leaving",
            Statements(
                (Statement("Situation", "Champions bring **64.7%** of revenue."), Statement("Decision", "Call them.")),
                (Tile("£4.4M", "revenue of Champions"), Tile("503", "customers at risk", Role.NEGATIVE)),
            ),
        ),
        content("bars", TITLE_3, BARS, SO_WHAT),
        content(
            "table",
            "Champions and Loyal customers bring £6.2M with 1,375 of the customers",
            SlideTable(
                (
                    SlideColumn("Segment"),
                    SlideColumn("Customers", COUNT),
                    SlideColumn("% of customers", SHARE),
                    SlideColumn("Revenue", MONEY),
                    SlideColumn("Play", TEXT),
                ),
                tuple(
                    (name, count, count / sum(CUSTOMERS), money, "Grow")
                    for name, count, money in zip(NAMES, CUSTOMERS, REVENUE, strict=True)
                ),
                alt="Segments: Champions £4,412,000, Loyal customers £1,804,000",
                total=("Total", sum(CUSTOMERS), 1.0, sum(REVENUE), None),
                roles=ROLES,
            ),
            so_what=("**Together:** £6.2M come from 1,375 customers.",),
        ),
        content("shares", "Champions are 32.5% of customers and bring 64.7% of revenue", SHARES, SO_WHAT),
        SlideSpec(
            "closing",
            SlideKind.CLOSING,
            "Decision requested: start with 503 customers",
            exhibits=(Statements((Statement("Approve", "the pilot."), Statement("Start", "this month."))),),
            notes="Ask for the decision.",
        ),
    ),
)
KNOWN = (*REVENUE, *CUSTOMERS, 397_884.0, 6_216_000.0, 1_375.0, sum(REVENUE), sum(CUSTOMERS), 1.0)
SHARES_KNOWN = tuple(value for series in SHARES.series for value in series.values if value is not None)
BLACK = RGBColor(0, 0, 0)  # type: ignore[no-untyped-call]
Plant = Callable[[Any], None]
Tamper = Callable[[dict[str, bytes]], None]
IN_SLIDES: dict[str, Plant] = {}
IN_FILE: dict[str, Tamper] = {}
IMPLIED = {"FONT-COUNT": {"HARD-CODED-FONT"}}  # a third typeface cannot come from a theme with two


def slides(rule: str) -> Callable[[Plant], Plant]:
    return lambda plant: IN_SLIDES.setdefault(rule, plant)


def file(rule: str) -> Callable[[Tamper], Tamper]:
    return lambda tamper: IN_FILE.setdefault(rule, tamper)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "deck.pptx"
    write_deck(GOOD, path, Currency("GBP"))
    return path


def found(path: Path, known: Sequence[float] | None = None) -> set[str]:
    return {finding.rule for finding in lint_deck(path, known=known).findings}


def test_the_good_deck_has_no_finding(good: Path) -> None:
    assert found(good, (*KNOWN, *SHARES_KNOWN)) == set()


def test_every_rule_has_a_defect_that_it_must_catch() -> None:
    static = {rule.id for rule in RULES if not rule.rendered}
    assert {*IN_SLIDES, *IN_FILE} == static
    assert len(static) == sum(not rule.rendered for rule in RULES)


@pytest.mark.parametrize("rule", [rule.id for rule in RULES if not rule.rendered])
def test_a_defect_is_caught_by_its_rule_and_by_no_other(rule: str, good: Path, tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    if rule in IN_SLIDES:
        deck: Any = Presentation(str(good))
        IN_SLIDES[rule](deck)
        deck.save(str(path))
    else:
        with zipfile.ZipFile(good) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        IN_FILE[rule](parts)
        with zipfile.ZipFile(path, "w") as package:
            for name, blob in parts.items():
                package.writestr(name, blob)
    known = (*KNOWN, *SHARES_KNOWN) if rule == "ORPHAN-NUMBER" else None
    assert found(path, known) == {rule, *IMPLIED.get(rule, set())}


def shape(deck: Any, number: int, name: str) -> Any:
    return next(one for one in deck.slides[number - 1].shapes if one.name == name)


def retitle(deck: Any, number: int, title: str) -> None:
    frame = shape(deck, number, "Title").text_frame
    frame.text, frame.margin_right = title, 0


def callout(deck: Any) -> Any:
    return shape(deck, 3, "Callout")


def runs(one: Any) -> list[Any]:
    return [run for paragraph in one.text_frame.paragraphs for run in paragraph.runs]


def lead(deck: Any) -> Any:
    return runs(callout(deck))[0]


def say(deck: Any, text: str) -> None:
    runs(callout(deck))[1].text = f" {text}"


def chart(deck: Any, number: int = 3) -> Any:
    return shape(deck, number, "Chart").chart


def cell(deck: Any, row: int, column: int) -> Any:
    return shape(deck, 4, "Table").table.cell(row, column)


def write_cell(deck: Any, row: int, column: int, text: str) -> None:
    cell(deck, row, column).text_frame.paragraphs[0].runs[0].text = text


def drop(deck: Any, number: int, name: str) -> None:
    element = shape(deck, number, name)._element
    element.getparent().remove(element)


def properties(one: Any) -> Any:
    return one._element.xpath(".//p:cNvPr")[0]


slides("TITLE-MISSING")(lambda deck: retitle(deck, 3, ""))
slides("TITLE-LINES")(lambda deck: retitle(deck, 3, "Champions bring £4.4M and so do the others, " * 5))
slides("TITLE-TOPIC")(lambda deck: retitle(deck, 3, "Revenue £4.4M"))
slides("TITLE-NO-NUMBER")(lambda deck: retitle(deck, 3, "Champions bring more than all the others together"))
slides("TITLE-DUPLICATE")(lambda deck: retitle(deck, 4, TITLE_3))
slides("TITLE-PROVEN")(lambda deck: retitle(deck, 3, "Champions bring £9.9M, more than all the others"))
slides("SOURCE-MISSING")(lambda deck: drop(deck, 3, "Source"))
slides("PAGE-NUMBER-MISSING")(lambda deck: drop(deck, 3, "Slide Number"))
slides("HIDDEN-SLIDE")(lambda deck: deck.slides[2]._element.set("show", "0"))
slides("JARGON")(lambda deck: say(deck, "leverage what they like."))
slides("ABBREVIATION")(lambda deck: say(deck, "see the QZX."))
slides("TEMPLATE-LEFTOVER")(lambda deck: say(deck, "lorem ipsum."))
slides("LOCALE")(lambda deck: say(deck, "they are worth 3,5 times as much."))
slides("ORPHAN-NUMBER")(lambda deck: say(deck, "they came 7,777 times."))
slides("OFF-SLIDE")(lambda deck: setattr(shape(deck, 3, "Callout rule"), "left", Inches(-0.5)))
slides("OVERFLOW")(lambda deck: setattr(callout(deck), "height", Inches(0.8)))
slides("EMPTY-PLACEHOLDER")(lambda deck: setattr(shape(deck, 3, "Subtitle").text_frame, "text", ""))
slides("FONT-LADDER")(lambda deck: setattr(lead(deck).font, "size", Pt(15)))
slides("HARD-CODED-FONT")(lambda deck: setattr(lead(deck).font, "name", "Georgia"))
slides("HARD-CODED-COLOUR")(lambda deck: setattr(lead(deck).font.color, "rgb", BLACK))
slides("CONTRAST")(lambda deck: setattr(lead(deck).font.color, "theme_color", MSO_THEME_COLOR.BACKGROUND_1))
slides("TABLE-WORD-BROKEN")(lambda deck: setattr(shape(deck, 4, "Table").table.columns[1], "width", Inches(0.65)))
slides("TABLE-GROWS-OFF")(lambda deck: write_cell(deck, 1, 4, "Call each of them. " * 12))
slides("TABLE-ROWS-TALLER-THAN-FRAME")(lambda deck: setattr(shape(deck, 4, "Table"), "height", Inches(1.5)))
slides("TOTAL-FOOTS")(lambda deck: write_cell(deck, 5, 1, "2,946"))
slides("SHARES-TOTAL")(lambda deck: write_cell(deck, 1, 2, "42.5%"))
slides("PRECISION")(lambda deck: write_cell(deck, 1, 2, "33%"))
slides("CHART-ZERO-BASE")(lambda deck: setattr(chart(deck).value_axis, "minimum_scale", 50_000))
slides("ALT-MISSING")(lambda deck: properties(shape(deck, 3, "Chart")).attrib.pop("descr"))
slides("ALT-QUALITY")(lambda deck: properties(shape(deck, 3, "Chart")).set("descr", "A chart of revenue by segment"))
slides("METADATA")(lambda deck: setattr(deck.core_properties, "last_modified_by", "Ann Example"))
slides("HYPERLINK")(lambda deck: setattr(lead(deck).hyperlink, "address", "https://example.org"))
slides("EXTERNAL-LINK")(
    lambda deck: deck.slides[2].part.relate_to("https://example.org/p.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
)
slides("LEGEND-REDUNDANT")(lambda deck: setattr(chart(deck), "has_legend", True))
slides("NOTES-EMPTY")(lambda deck: setattr(deck.slides[2].notes_slide.notes_text_frame, "text", ""))


@slides("TITLE-WIDOW")
def widow(deck: Any) -> None:
    title, width = "Champions bring £4.4M", shape(deck, 3, "Title").width / 12_700
    while face("Calibri").width(f"{title} and", 26, bold=True) < width * 0.99:
        title += " and"
    retitle(deck, 3, f"{title} everything")
    for run in runs(shape(deck, 3, "Title")):
        run.font.size = Pt(26)


@slides("TITLE-POSITION")
def moved_title(deck: Any) -> None:
    title = shape(deck, 5, "Title")
    left, top, width, height = title.left, title.top, title.width, title.height
    title.left, title.top, title.width, title.height = left, top - Inches(0.1), width, height


@slides("WORDS")
def wordy(deck: Any) -> None:
    frame = shape(deck, 6, "Next steps").text_frame
    frame.text = "word " * 100
    frame.paragraphs[0].runs[0].font.size = Pt(12)


@slides("BULLETS")
def many_bullets(deck: Any) -> None:
    say(deck, "call.")
    first = callout(deck).text_frame.paragraphs[0]._p
    for _ in range(5):
        first.addnext(copy.deepcopy(first))


@slides("OVERLAP")
def overlay(deck: Any) -> None:
    box = deck.slides[2].shapes.add_textbox(Inches(3), Inches(4), Inches(2), Inches(0.4))
    box.text_frame.text = "A note"
    box.text_frame.paragraphs[0].runs[0].font.size = Pt(14)


@slides("AUTOFIT")
def shrunk(deck: Any) -> None:
    body = callout(deck).text_frame._txBody.bodyPr
    body.remove(body.find("{*}noAutofit"))
    etree.SubElement(body, f"{{{body.nsmap['a']}}}normAutofit").set("fontScale", "90000")


@slides("MARGINS")
def into_margin(deck: Any) -> None:
    frame = shape(deck, 3, "Chart")
    frame.left, frame.width = frame.left - Inches(0.3), frame.width + Inches(0.3)


@slides("GRID")
def off_grid(deck: Any) -> None:
    frame = shape(deck, 3, "Chart")
    frame.left, frame.width = frame.left + Inches(0.05), frame.width - Inches(0.05)


@slides("READING-ORDER")
def title_last(deck: Any) -> None:
    element = shape(deck, 3, "Title")._element
    element.getparent().append(element)


@slides("DUPLICATE-SHAPE-ID")
def same_number(deck: Any) -> None:
    properties(shape(deck, 3, "Source")).set("id", properties(shape(deck, 3, "Chart")).get("id"))


@slides("FONT-MIN")
def tiny(deck: Any) -> None:
    for run in runs(callout(deck)):
        run.font.size = Pt(10)


@slides("SIZE-COUNT")
def many_sizes(deck: Any) -> None:
    for row, size in ((1, 11), (2, 13), (3, 16), (4, 18)):
        cell(deck, row, 4).text_frame.paragraphs[0].runs[0].font.size = Pt(size)


@slides("FONT-COUNT")
def many_fonts(deck: Any) -> None:
    for run, name in zip(runs(callout(deck)), ("Georgia", "Verdana"), strict=False):
        run.font.name = name


@slides("CHART-LABEL-CONTRAST")
def pale_labels(deck: Any) -> None:
    labels = chart(deck, 5).plots[0].series[3].data_labels
    labels.font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1


@slides("SEGMENT-COLOUR")
def other_colour(deck: Any) -> None:
    fill = chart(deck, 5).plots[0].series[0].format.fill
    fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_2


@slides("CHART-NO-WORKBOOK")
def no_workbook(deck: Any) -> None:
    external = chart(deck)._chartSpace.find("{*}externalData")
    external.getparent().remove(external)


@slides("CHART-CACHE")
def stale(deck: Any) -> None:
    chart(deck)._chartSpace.findall(".//{*}val//{*}v")[2].text = "777000"


@slides("EMBEDDED-ROWS")
def customers_inside(deck: Any) -> None:
    workbook = chart(deck).part.chart_workbook
    book: Any = openpyxl.load_workbook(io.BytesIO(workbook.xlsx_part.blob))
    book.properties.creator = ""
    for number in range(9):
        book.active.append([f"customer {number}", 10 * number])
    stream = io.BytesIO()
    book.save(stream)
    workbook.update_from_xlsx_blob(stream.getvalue())


def data_of(names: Sequence[str], number_format: str = "#,##0") -> Any:
    data: Any = CategoryChartData(number_format=number_format)  # type: ignore[no-untyped-call]
    data.categories = names
    data.add_series("Revenue", [REVENUE[0], *(1000.0 * number for number in range(1, len(names)))])
    return data


@slides("CHART-DENSE")
def dense(deck: Any) -> None:
    chart(deck).replace_data(data_of([f"Group {letter}" for letter in "ABCDEFGHIJKLM"]))


@slides("PIE")
def pie(deck: Any) -> None:
    old = shape(deck, 3, "Chart")
    place = (old.left, old.top, old.width, old.height)
    new = deck.slides[2].shapes.add_chart(XL_CHART_TYPE.PIE, *place, data_of(list("ABCDEF")))
    properties(new).set("descr", old._element.xpath(".//p:cNvPr")[0].get("descr"))
    new.chart.has_legend = new.chart.has_title = False
    deck.slides[2].part.drop_rel(old._element.xpath(".//c:chart/@r:id")[0])
    old._element.getparent().replace(old._element, new._element)


@slides("UNITS")
def no_format(deck: Any) -> None:
    chart(deck).replace_data(data_of(NAMES, "General"))
    labels = chart(deck).plots[0].series[0].data_labels
    labels.number_format = "General"


RELATION = b'<Relationship Id="rId99" Type="http://x/%b" Target="%b"/></Relationships>'


def relate(parts: dict[str, bytes], kind: bytes, target: bytes) -> None:
    name = "ppt/slides/_rels/slide3.xml.rels"
    parts[name] = parts[name].replace(b"</Relationships>", RELATION % (kind, target))


@file("PACKAGE-RELATIONSHIP")
def dangling(parts: dict[str, bytes]) -> None:
    relate(parts, b"image", b"../media/lost.png")


@file("PACKAGE-ORPHAN")
def unused(parts: dict[str, bytes]) -> None:
    parts["ppt/media/unused.xml"] = b"<a/>"


@file("PACKAGE-CONTENT-TYPE")
def nameless(parts: dict[str, bytes]) -> None:
    name = "[Content_Types].xml"
    override = b'<Override PartName="/ppt/slides/slide99.xml" ContentType="application/xml"/></Types>'
    parts[name] = parts[name].replace(b"</Types>", override)


@file("COMMENTS")
def commented(parts: dict[str, bytes]) -> None:
    parts["ppt/comments/comment1.xml"] = b"<a/>"
    relate(parts, b"comments", b"../comments/comment1.xml")


@file("SIZE")
def heavy(parts: dict[str, bytes]) -> None:
    parts["ppt/presProps.xml"] += b"<!--" + b"x" * 5_000_000 + b"-->"
