"""A realistic deck in our template, in python-pptx's and in a simulated German one: what every reader may rely on."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE

from regulars.base.errors import TemplateError
from regulars.base.units import COUNT, DAYS, MONEY, MULTIPLE, SHARE, TEXT, Currency, Unit
from regulars.render.deck import write_deck
from regulars.render.deck.fit import Setting, text_height
from regulars.render.deck.layouts import inherited
from regulars.render.deck.measure import Face, face, plain
from regulars.render.deck_lint import lint_deck
from regulars.story.slide_spec import (
    Bar,
    Chart,
    ChartKind,
    DeckSpec,
    Roadmap,
    Role,
    Series,
    SlideColumn,
    SlideKind,
    SlideSpec,
    SlideTable,
    Statement,
    Statements,
    Tile,
    Workstream,
)

GBP = Currency("GBP")
SOURCE = "Source: orders.xlsx, 397,884 order lines, 1 Dec 2010 to 9 Dec 2011. Revenue net of returns."
SEGMENTS = (
    ("Champions", 633, 4_412_870.0, 12.4, 9, Role.HIGHLIGHT),
    ("Loyal Customers", 742, 1_804_310.0, 6.1, 34, Role.EXTRA),
    ("Potential Loyalists", 517, 598_244.0, 2.6, 22, Role.POSITIVE),
    ("Cannot Lose Them", 92, 461_902.0, 8.2, 153, Role.NEGATIVE),
    ("At Risk", 503, 521_377.0, 3.4, 141, Role.NEGATIVE),
    ("Need Attention", 270, 312_940.0, 3.1, 62, Role.LINE),
    ("New Customers", 54, 21_310.0, 1.0, 11, Role.POSITIVE),
    ("Promising", 101, 38_977.0, 1.0, 27, Role.POSITIVE),
    ("About to Sleep", 343, 187_255.0, 1.4, 58, Role.LINE),
    ("Hibernating", 1_015, 392_016.0, 1.2, 214, Role.NEUTRAL),
    ("Lost", 68, 80_802.0, 1.1, 371, Role.NEUTRAL),
)
NAMES = tuple(row[0] for row in SEGMENTS)
REVENUE = sum(row[2] for row in SEGMENTS)
CUSTOMERS = sum(row[1] for row in SEGMENTS)
MONTHS = tuple(f"{year}-{month:02d}" for year in (2010, 2011) for month in range(1, 13))


def running_shares() -> tuple[float, ...]:
    total, shares = 0.0, []
    for row in sorted(SEGMENTS, key=lambda row: -row[2]):
        total += row[2]
        shares.append(total / REVENUE)
    return tuple(shares)


def content(key: str, title: str, subtitle: str, *exhibits: Any, so_what: tuple[str, ...] = ()) -> SlideSpec:
    notes = f"Say first: {title}."
    return SlideSpec(key, SlideKind.CONTENT, title, subtitle, exhibits, so_what, SOURCE, notes)


def stack(name: str, role: Role, *shares: float) -> Series:
    return Series(name, shares, SHARE, role)


BY_VALUE = sorted(SEGMENTS, key=lambda row: -row[2])
BY_CLV = (
    ("Cannot Lose Them", 3_156.0),
    ("Champions", 2_847.0),
    ("Loyal Customers", 1_923.0),
    ("At Risk", 1_234.0),
    ("Need Attention", 1_102.0),
    ("Potential Loyalists", 980.0),
    ("New Customers", 847.0),
    ("Promising", 402.0),
    ("About to Sleep", 311.0),
    ("Hibernating", 122.0),
    ("Lost", 48.0),
)

SAMPLE = DeckSpec(
    title="Where customer value comes from",
    footer="Customer segmentation  |  Northwind Gifts Ltd  |  Confidential",
    analyst="A. Analyst",
    currency_code="GBP",
    slides=(
        SlideSpec(
            "title",
            SlideKind.TITLE,
            "Where customer value comes from, and five moves worth £412K a year",
            "Northwind Gifts Ltd: customer segmentation and lifetime value",
            source="9 December 2011  |  A. Analyst  |  Draft for decision",
        ),
        content(
            "summary",
            "15% of customers bring half of revenue, and 595 of the best are slipping away: £983K is exposed",
            "Executive summary  |  4,338 customers, 18,532 orders, 1 Dec 2010 to 9 Dec 2011",
            Statements(
                rows=(
                    Statement(
                        "Situation",
                        "633 Champions, **15% of customers**, bring 50% of revenue and order 12.4 times a year.",
                    ),
                    Statement(
                        "Complication",
                        "**595 customers** in At Risk and Cannot Lose Them have not ordered for five months; they spent £983K in the "
                        "last 12 months, and a third of new customers never come back.",
                    ),
                    Statement(
                        "Resolution",
                        "Five moves, in this order: **protect (£186K), win back (£98K), second order (£71K)**.",
                    ),
                    Statement(
                        "Decision", "Release **£60K** and start with the 92 customers in Cannot Lose Them this month."
                    ),
                ),
                tiles=(
                    Tile("£8.8M", "revenue, last 12 months"),
                    Tile("4,338", "customers with an order"),
                    Tile("£983K", "revenue to date of customers at risk or too good to lose", Role.NEGATIVE),
                    Tile("£412K", "gross profit a year, illustrative", Role.HIGHLIGHT),
                ),
            ),
        ),
        content(
            "clv",
            "“Cannot Lose Them” are worth £3,156 each, 1.1 times a Champion, and have been silent for 153 days",
            "Expected revenue per customer in the next 12 months, £",
            Chart(
                ChartKind.BAR,
                tuple(name for name, _ in BY_CLV),
                (Series("Expected revenue per customer", tuple(value for _, value in BY_CLV), MONEY),),
                alt="Bars: Cannot Lose Them £3,156, Champions £2,847, Loyal Customers £1,923, Lost £48",
                highlights=("Champions",),
                negatives=("Cannot Lose Them",),
            ),
            so_what=(
                "**92 customers** sit in “Cannot Lose Them”: call them before any campaign is built.",
                "**Champions** deserve early access and service; both groups together cover £4.9M.",
                "**Win back** the 503 At Risk next: a success rate of 8% pays for it.",
            ),
        ),
        content(
            "segments",
            "Champions and Loyal Customers bring 70% of revenue with 32% of customers",
            "Segments by the RFM scheme of 11 segments, last 12 months, £",
            SlideTable(
                (
                    SlideColumn("Segment"),
                    SlideColumn("Customers", COUNT),
                    SlideColumn("% of customers", SHARE),
                    SlideColumn("Revenue", MONEY),
                    SlideColumn("% of revenue", SHARE),
                    SlideColumn("Orders per customer", MULTIPLE, optional=True),
                    SlideColumn("Revenue per customer", MONEY),
                    SlideColumn("Days since last order", DAYS, optional=True),
                    SlideColumn("Value index", MULTIPLE, tinted=True),
                    SlideColumn("Play", TEXT),
                ),
                tuple(
                    (
                        name,
                        count,
                        count / CUSTOMERS,
                        revenue,
                        revenue / REVENUE,
                        orders,
                        round(revenue / count),
                        days,
                        (revenue / REVENUE) / (count / CUSTOMERS),
                        "Protect" if role is Role.NEGATIVE else "Grow",
                    )
                    for name, count, revenue, orders, days, role in SEGMENTS
                ),
                alt="Segments: Champions bring 50% of revenue with 15% of customers",
                total=("Total", CUSTOMERS, 1.0, REVENUE, 1.0, 4.3, round(REVENUE / CUSTOMERS), None, 1.0, None),
                roles=tuple(row[5] for row in SEGMENTS),
            ),
            so_what=(
                "**So what:** unit value, not headcount, separates segments: a Champion is worth 3.4 times the average.",
            ),
        ),
        content(
            "pareto",
            "Three of eleven segments bring 77% of revenue: service and stock go there first",
            "Revenue by segment, last 12 months, £, and running share of all revenue",
            Chart(
                ChartKind.PARETO,
                tuple(row[0] for row in BY_VALUE),
                (
                    Series("Revenue", tuple(row[2] for row in BY_VALUE), MONEY),
                    Series("Running share of revenue", running_shares(), SHARE, Role.LINE),
                ),
                alt="Pareto: Champions £4.4M, 50%; Loyal Customers £1.8M, 70%; Potential Loyalists £598K, 77%",
                highlights=tuple(row[0] for row in BY_VALUE[:3]),
            ),
        ),
        content(
            "heat",
            "Value sits in one corner: recent and frequent customers are worth 11 times the rest",
            "Revenue per customer by recency and frequency score, and customers by expected value, £",
            SlideTable(
                (SlideColumn("Recency"), *(SlideColumn(f"F{score}", MONEY, heat=True) for score in range(1, 6))),
                tuple(
                    (f"R{recency}", *(120.0 + 90 * recency * frequency for frequency in range(1, 6)))
                    for recency in range(5, 0, -1)
                ),
                alt="Heat map: from £210 at R1 F1 to £2,370 at R5 F5",
                title="Revenue per customer, recency by frequency",
            ),
            Chart(
                ChartKind.HISTOGRAM,
                ("0–250", "250–500", "500–1k", "1k–2k", "2k–4k", "over 4k"),
                (Series("Customers", (1420, 1115, 790, 590, 301, 122), COUNT, Role.HIGHLIGHT),),
                alt="Histogram: 1,420 customers below £250, 122 above £4,000",
                title="Customers by expected value in the next 12 months, £",
            ),
        ),
        content(
            "shares",
            "15% of customers bring 50% of revenue and 55% of expected value",
            "Share of customers, revenue and expected value by segment group, %",
            Chart(
                ChartKind.STACKED_100,
                ("Customers\n(4,338)", "Revenue\n(£8.8M)", "Expected value\n(£6.1M)"),
                (
                    stack("Hibernating and Lost", Role.NEUTRAL, 0.25, 0.053, 0.03),
                    stack("At Risk and Cannot Lose Them", Role.NEGATIVE, 0.137, 0.111, 0.10),
                    stack("New and promising", Role.LINE, 0.155, 0.075, 0.06),
                    stack("Loyal Customers", Role.POSITIVE, 0.308, 0.261, 0.26),
                    stack("Champions", Role.HIGHLIGHT, 0.15, 0.501, 0.55),
                ),
                alt="Stacked columns: Champions are 15% of customers, 50% of revenue and 55% of expected value",
            ),
            so_what=(
                "**Half of revenue** depends on 633 people: know them by name.",
                "**A quarter of customers** are gone and bring 5%: stop spending on them.",
                "**Next:** move 1 in 10 Loyal Customers up.",
            ),
        ),
        content(
            "waterfall",
            "Five moves lift gross profit from £3.5M to £3.9M a year; contact costs take £60K of it",
            "Gross profit a year at 40% margin, £; illustrative until the owner confirms success rates",
            Chart(
                ChartKind.WATERFALL,
                ("Today", "Protect", "Win back", "Second order", "Upgrade", "Bundles", "Contact costs", "Plan"),
                (
                    Series(
                        "Gross profit",
                        (3_532_800, 186_000, 98_000, 71_000, 42_000, 15_000, -60_000, 3_884_800),
                        MONEY,
                    ),
                ),
                alt="Waterfall from £3.5M today over five increases and £60K of costs to £3.9M",
                totals=("Today", "Plan"),
            ),
        ),
        content(
            "below",
            "The win-back test loses £21K in its first quarter and earns £64K by the end of the year",
            "Running gross profit of the test, £",
            Chart(
                ChartKind.WATERFALL,
                ("Set-up", "Contact", "First orders", "Repeat orders", "Year one"),
                (Series("Gross profit", (-24_000, -15_000, 32_000, 71_000, 64_000), MONEY),),
                alt="Waterfall below and above zero: from −£24K to £64K",
                totals=("Year one",),
            ),
        ),
        content(
            "trend",
            "Champions grew 38% in two years while Loyal Customers stood still and At Risk halved",
            "Revenue a month by segment, January 2010 to December 2011, £",
            Chart(
                ChartKind.LINE,
                MONTHS,
                (
                    Series(
                        "Champions",
                        tuple(280_000 + 4_600 * i + (i % 12) * 3_000 for i in range(24)),
                        MONEY,
                        Role.HIGHLIGHT,
                    ),
                    Series("Loyal Customers", tuple(150_000 + (i % 6) * 4_000 for i in range(24)), MONEY, Role.NEUTRAL),
                    Series("At Risk", tuple(290_000 - 5_400 * i for i in range(24)), MONEY, Role.NEGATIVE),
                ),
                alt="Lines: Champions from £280K to £419K a month, Loyal Customers level, At Risk from £290K to £166K",
            ),
            so_what=("**Growth is narrow:** one segment carries it.", "**At Risk** loses £5K a month."),
        ),
        content(
            "roadmap",
            "Protect £983K in 30 days, test the levers by month six and automate by month twelve",
            "Work by phase; bars show when it runs; money is gross profit a year, illustrative",
            Roadmap(
                (
                    Statement("0–30 days", "Protect"),
                    Statement("30–180 days", "Test"),
                    Statement("180–365 days", "Automate"),
                ),
                (
                    Workstream(
                        "Cannot Lose Them",
                        "£186K",
                        (Bar(0, 0.9, "Call 92 customers", Role.NEGATIVE), Bar(1, 2, "Account care")),
                    ),
                    Workstream(
                        "At Risk", "£98K", (Bar(0.3, 2, "Win back 503 customers in three waves", Role.NEGATIVE),)
                    ),
                    Workstream(
                        "Second order", "£71K", (Bar(1, 2.4, "Offer at day 30 against a control group", Role.POSITIVE),)
                    ),
                    Workstream("Upgrade", "£42K", (Bar(1, 3, "Thresholds for free delivery", Role.HIGHLIGHT),)),
                    Workstream(
                        "Scoring each month", "", (Bar(2, 3, "Refresh segments and expected value", Role.EXTRA),)
                    ),
                ),
                alt="Roadmap: five workstreams over 30, 180 and 365 days",
            ),
        ),
        SlideSpec(
            "closing",
            SlideKind.CLOSING,
            "Decision requested: release £60K and start with “Cannot Lose Them” this month",
            exhibits=(
                Statements(
                    (
                        Statement("Approve", "£60K of contact costs and one owner for each move."),
                        Statement("Start", "with the 92 customers in Cannot Lose Them; report after 30 days."),
                        Statement("Confirm", "margin and success rates, so that the figures stop being illustrative."),
                    )
                ),
            ),
            notes="Ask for the decision before questions.",
        ),
    ),
)

POINT = 12_700
BULLET_INDENT = 13.5
GERMAN_LAYOUTS = (
    "Titelfolie",
    "Titel und Inhalt",
    "Abschnittsüberschrift",
    "Zwei Inhalte",
    "Vergleich",
    "Nur Titel",
    "Leer",
    "Inhalt mit Überschrift",
    "Bild mit Überschrift",
    "Titel und vertikaler Text",
    "Vertikaler Titel und Text",
)
GERMAN_COLOURS = {
    "dk2": "143D2B",
    "accent1": "00693E",
    "accent2": "8DB600",
    "accent3": "F2A900",
    "accent4": "A4343A",
    "accent5": "8C8C8C",
    "accent6": "5B2C6F",
}


def german_client(path: Path) -> Path:
    """A 4:3 template with German names, Arial, its own colours, a title at the left and a sample slide."""
    presentation: Any = Presentation()
    for layout, name in zip(presentation.slide_layouts, GERMAN_LAYOUTS, strict=True):
        layout._element.cSld.set("name", name)
    master = presentation.slide_masters[0]
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode()
    for slot, colour in GERMAN_COLOURS.items():
        text = re.sub(
            rf"<a:{slot}>.*?</a:{slot}>", f'<a:{slot}><a:srgbClr val="{colour}"/></a:{slot}>', text, flags=re.DOTALL
        )
    theme._blob = text.replace('typeface="Calibri"', 'typeface="Arial"').encode()
    level = master._element.find(".//{*}titleStyle/{*}lvl1pPr")
    level.set("algn", "l")
    level.find("{*}defRPr").set("sz", "2400")
    level.find("{*}defRPr").set("b", "1")
    sample = presentation.slides.add_slide(presentation.slide_layouts[1])
    sample.shapes.title.text = "Musterfolie"
    presentation.save(path)
    return path


def plain_template(path: Path) -> Path:
    Presentation().save(str(path))
    return path


MAKERS: dict[str, Callable[[Path], Path | None]] = {
    "ours": lambda _: None,
    "python-pptx": plain_template,
    "german": german_client,
}


@pytest.fixture(scope="module", params=list(MAKERS))
def deck(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deck")
    path = folder / "deck.pptx"
    write_deck(SAMPLE, path, GBP, MAKERS[request.param](folder / "template.pptx"))
    return path


def opened(path: Path) -> Any:
    return Presentation(str(path))


def sheet_of(chart: Any) -> Any:
    return load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active


def shapes_of(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        yield shape
        if shape.shape_type is not None and "GROUP" in str(shape.shape_type):
            yield from shapes_of(shape.shapes)


def charts_of(deck: Path) -> list[Any]:
    return [s.chart for slide in opened(deck).slides for s in shapes_of(slide.shapes) if s.has_chart]


def xml_parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}


def written(path: Path) -> str:
    """Every text of slides, charts and notes: paragraphs on lines of their own, without breaks between runs."""
    paragraphs = []
    for name, xml in xml_parts(path).items():
        if name.startswith(("ppt/slides/", "ppt/charts/", "ppt/notesSlides/")):
            paragraphs += [
                "".join(re.findall(r"<a:t>([^<]*)</a:t>", paragraph))
                for paragraph in re.findall(r"<a:p>.*?</a:p>|<a:p .*?</a:p>", xml, flags=re.DOTALL)
            ]
            paragraphs += re.findall(r"<c:v>([^<]*)</c:v>", xml)
    text = "\n".join(paragraphs)
    return text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def texts_of(spec: Any, *, skip: tuple[str, ...] = ("key", "alt", "currency_code")) -> Iterator[str]:
    """Every text of a spec that a reader of the slides should meet."""
    if isinstance(spec, Enum | Unit):
        return
    if isinstance(spec, str):
        yield from (plain(line) for line in spec.split("\n") if line)
    elif isinstance(spec, tuple):
        for item in spec:
            yield from texts_of(item)
    elif is_dataclass(spec):
        left_out = (
            *skip,
            *(("title",) if isinstance(spec, DeckSpec) else ()),
            *(("analyst",) if isinstance(spec, DeckSpec) else ()),
        )
        if isinstance(spec, SlideColumn) and spec.optional:
            return
        for field in fields(spec):
            if field.name not in left_out:
                yield from texts_of(getattr(spec, field.name))


def test_every_text_of_the_spec_is_in_the_deck(deck: Path) -> None:
    text = written(deck)
    missing = [expected for expected in texts_of(SAMPLE) if expected not in text]
    assert missing == []


def test_sample_slides_of_a_template_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    write_deck(SAMPLE, path, GBP, german_client(tmp_path / "template.pptx"))
    assert "Musterfolie" not in written(path)
    assert len(opened(path).slides) == len(SAMPLE.slides)


def test_every_chart_table_and_drawing_says_in_words_what_it_shows(deck: Path) -> None:
    wordless = [
        shape.name
        for slide in opened(deck).slides
        for shape in slide.shapes
        if (shape.has_chart or shape.has_table or "GROUP" in str(shape.shape_type))
        and len(shape._element.xpath(".//p:cNvPr")[0].get("descr", "")) < 20
    ]
    assert wordless == []


def test_the_linter_finds_no_error(deck: Path) -> None:
    assert [str(error) for error in lint_deck(deck).errors] == []


def test_no_shape_leaves_the_slide(deck: Path) -> None:
    presentation = opened(deck)
    outside = [
        (number, shape.name)
        for number, slide in enumerate(presentation.slides, start=1)
        for shape in shapes_of(slide.shapes)
        if shape.left < 0
        or shape.top < 0
        or shape.left + shape.width > presentation.slide_width + POINT
        or shape.top + shape.height > presentation.slide_height + POINT
    ]
    assert outside == []


def test_exhibits_and_texts_do_not_lie_on_one_another(deck: Path) -> None:
    for number, slide in enumerate(opened(deck).slides, start=1):
        solid = [s for s in slide.shapes if s.name != "Callout rule"]
        for place, one in enumerate(solid):
            for other in solid[place + 1 :]:
                across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
                down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
                assert across <= POINT or down <= POINT, f"slide {number}: {one.name} lies on {other.name}"


def font_of(deck: Path) -> Face:
    master = next(xml for name, xml in xml_parts(deck).items() if name.endswith("theme/theme1.xml"))
    found = re.search(r"<a:minorFont>\s*<a:latin typeface=\"([^\"]*)\"", master)
    assert found is not None
    return face(found[1])


def overflow(shape: Any, used: Face) -> float:
    """By how many points the text of a shape is higher than the shape, measured from what the file says."""
    frame = shape.text_frame
    on_layout = None
    if shape.is_placeholder:
        idx = shape.placeholder_format.idx
        on_layout = next(p for p in shape.part.slide_layout.placeholders if p.placeholder_format.idx == idx)
    look = inherited(on_layout) if on_layout is not None else None
    body = frame._txBody.bodyPr
    names = ("lIns", "tIns", "rIns", "bIns")
    default = look.insets if look else (91440, 45720, 91440, 45720)
    left, top, right, bottom = (int(body.get(name) or inset) for name, inset in zip(names, default, strict=True))
    width = (shape.width - left - right) / POINT
    spacing = (
        0.95
        if shape.is_placeholder and "Title" in shape.name and used.name == "Calibri" and look and look.bold
        else 1.0
    )
    height = 0.0
    for paragraph in frame.paragraphs:
        if not paragraph.text:
            continue
        size = max((r.font.size.pt for r in paragraph.runs if r.font.size), default=look.size if look else 18.0)
        marked = "".join(f"**{r.text}**" if r.font.bold else r.text for r in paragraph.runs).replace("****", "")
        indent = BULLET_INDENT if paragraph._p.find(".//{*}buChar") is not None else 0.0
        setting = Setting(indent=indent, spacing=spacing, bold=bool(look and look.bold))
        height += text_height([marked], used, size, width, setting)
    return float(height - (shape.height - top - bottom) / POINT)


def test_no_text_is_higher_than_its_shape(deck: Path) -> None:
    used = font_of(deck)
    over = [
        (number, shape.name, round(too_much, 1))
        for number, slide in enumerate(opened(deck).slides, start=1)
        for shape in shapes_of(slide.shapes)
        if shape.has_text_frame and shape.text_frame.text.strip() and (too_much := overflow(shape, used)) > 1.5
    ]
    assert over == []


def test_no_word_of_a_table_is_broken_and_no_row_grows(deck: Path) -> None:
    used = font_of(deck)
    for slide in opened(deck).slides:
        for shape in slide.shapes:
            if not shape.has_table:
                continue
            table = shape.table
            for row in table.rows:
                for column, cell in zip(table.columns, row.cells, strict=True):
                    width = (column.width - cell.margin_left - cell.margin_right) / POINT
                    for paragraph in cell.text_frame.paragraphs:
                        if not paragraph.text:
                            continue
                        size = paragraph.runs[0].font.size.pt
                        text = "".join(f"**{r.text}**" if r.font.bold else r.text for r in paragraph.runs)
                        assert used.longest_word(text, size) <= width + 0.1, cell.text_frame.text
                        needed = used.lines(text, size, width) * size * used.line
                        assert needed + (cell.margin_top + cell.margin_bottom) / POINT <= row.height / POINT + 0.5
            assert sum(row.height for row in table.rows) <= shape.height + POINT


def test_every_chart_has_its_workbook_with_the_same_numbers(deck: Path) -> None:
    charts = charts_of(deck)
    assert len(charts) == 7
    for chart in charts:
        sheet = sheet_of(chart)
        for plot in chart.plots:
            for series in plot.series:
                reference = series._element.find(".//{*}tx//{*}f").text
                column = reference.removeprefix("Sheet1!$").removesuffix("$1")
                assert sheet[f"{column}1"].value == series.name
                cells = [sheet[f"{column}{row}"].value for row in range(2, 2 + len(series.values))]
                assert cells == list(series.values)


def test_a_name_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    chart = Chart(ChartKind.BAR, ("=1+1", "@home"), (Series("+sum", (1.0, 2.0)),), alt="Bars of two odd names, 1 and 2")
    odd = content("odd", "Names that look like formulas stay names in two cells", "", chart)
    path = tmp_path / "deck.pptx"
    write_deck(DeckSpec("Odd", "", (odd,)), path, GBP)
    sheet = sheet_of(charts_of(path)[0])
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["B1"].value) == ("=1+1", "s", "+sum")


def test_colours_are_the_themes_and_fonts_are_inherited(deck: Path) -> None:
    drawn = {n: x for n, x in xml_parts(deck).items() if n.startswith(("ppt/slides/slide", "ppt/charts/chart"))}
    assert [name for name, xml in drawn.items() if "srgbClr" in xml or "sysClr" in xml] == []
    faces = {found for xml in drawn.values() for found in re.findall(r'<a:latin typeface="([^"]*)"', xml)}
    assert faces <= {"+mn-lt", "+mj-lt"}


def test_shape_numbers_are_unique_on_each_slide(deck: Path) -> None:
    for slide in opened(deck).slides:
        ids = slide.shapes._spTree.xpath(".//p:cNvPr/@id")
        assert len(ids) == len(set(ids))


def test_no_placeholder_is_left_empty(deck: Path) -> None:
    empty = [
        (slide.slide_layout.name, p.name)
        for slide in opened(deck).slides
        for p in slide.placeholders
        if p.has_text_frame and not p.text_frame.text.strip() and p._element.find(".//{*}fld") is None
    ]
    assert empty == []


def test_content_slides_have_footer_and_page_number(deck: Path) -> None:
    slides = list(opened(deck).slides)
    for spec, slide in zip(SAMPLE.slides, slides, strict=True):
        fields_found = slide._element.findall(".//{*}fld")
        assert bool(fields_found) is (spec.kind is SlideKind.CONTENT)
        assert (SAMPLE.footer in [s.text_frame.text for s in slide.shapes if s.has_text_frame]) is bool(fields_found)


def test_speaker_notes_are_carried_over(deck: Path) -> None:
    slides = list(opened(deck).slides)
    said = [slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "" for slide in slides]
    assert said == [spec.notes for spec in SAMPLE.slides]


def test_properties_name_the_analyst_and_no_day(deck: Path) -> None:
    properties = opened(deck).core_properties
    assert (properties.title, properties.author) == (SAMPLE.title, "A. Analyst")
    assert f"{properties.created:%Y-%m-%d} {properties.modified:%Y-%m-%d}" == "2000-01-01 2000-01-01"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.pptx", tmp_path / "other.pptx"
    write_deck(SAMPLE, one, GBP)
    write_deck(SAMPLE, other, GBP)
    assert one.read_bytes() == other.read_bytes()


def test_our_own_template_lacks_nothing(tmp_path: Path) -> None:
    assert write_deck(SAMPLE, tmp_path / "deck.pptx", GBP) == ()


def test_what_a_client_template_lacks_is_drawn_and_said(tmp_path: Path) -> None:
    template = german_client(tmp_path / "client.pptx")
    notes = write_deck(SAMPLE, tmp_path / "deck.pptx", GBP, template)
    assert "layout 'Nur Titel' has no place for subtitle, source: drawn" in notes
    assert any(note.startswith("slide 'segments': no room for the optional columns") for note in notes)


def test_german_layouts_are_found_for_their_purposes(tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    write_deck(SAMPLE, path, GBP, german_client(tmp_path / "client.pptx"))
    chosen = [slide.slide_layout.name for slide in opened(path).slides]
    by_key = dict(zip((slide.key for slide in SAMPLE.slides), chosen, strict=True))
    assert by_key["title"] == "Titelfolie"
    assert by_key["summary"] == by_key["roadmap"] == "Nur Titel"
    assert by_key["clv"] == by_key["segments"] == by_key["closing"] == "Titel und Inhalt"
    assert by_key["heat"] == "Zwei Inhalte"


def test_a_potx_template_is_accepted(tmp_path: Path) -> None:
    source, template = german_client(tmp_path / "client.pptx"), tmp_path / "client.potx"
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(template, "w") as relabelled:
        for name in package.namelist():
            blob = package.read(name)
            relabelled.writestr(name, blob.replace(b"presentation.main+xml", b"template.main+xml"))
    path = tmp_path / "deck.pptx"
    write_deck(SAMPLE, path, GBP, template)
    assert len(opened(path).slides) == len(SAMPLE.slides)
    assert "template.main+xml" not in xml_parts(path)["[Content_Types].xml"]


def test_a_long_table_continues_on_another_slide_with_all_rows_and_one_total(tmp_path: Path) -> None:
    rows = tuple((f"Segment number {number}", number * 10) for number in range(1, 41))
    table = SlideTable(
        (SlideColumn("Segment"), SlideColumn("Customers", COUNT)), rows, "Forty segments", ("Total", 8200)
    )
    long = content(
        "long", "Forty segments need more than one slide to be read", "Customers", table, so_what=("**One** strip.",)
    )
    path = tmp_path / "deck.pptx"
    write_deck(DeckSpec("Long", "Footer", (long,)), path, GBP)
    slides = list(opened(path).slides)
    tables = [s.table for slide in slides for s in slide.shapes if s.has_table]
    names = [row.cells[0].text_frame.text for table in tables for row in table.rows]
    assert [name for name in names if name.startswith("Segment n")] == [row[0] for row in rows]
    assert names.count("Total") == 1
    assert names[-1] == "Total"
    assert [slide.shapes.title.text for slide in slides[1:3]] == [
        f"{long.title} (continued)",
        f"{long.title} (continued 2)",
    ]
    assert written(path).count("One strip.") == 1


def test_a_wide_table_and_a_chart_that_cannot_stand_side_by_side_have_a_slide_each(tmp_path: Path) -> None:
    by_key = {spec.key: spec for spec in SAMPLE.slides}
    wide = replace(by_key["segments"], exhibits=(*by_key["segments"].exhibits, *by_key["clv"].exhibits))
    path = tmp_path / "deck.pptx"
    write_deck(replace(SAMPLE, slides=(wide,)), path, GBP)
    first, second = opened(path).slides
    assert [s.has_table for s in first.shapes if s.has_table or s.has_chart] == [True]
    assert [s.has_chart for s in second.shapes if s.has_table or s.has_chart] == [True]
    assert second.shapes.title.text == f"{wide.title} (continued)"


def test_statements_that_do_not_fit_continue_on_another_slide(tmp_path: Path) -> None:
    sentence = (
        "A risk that takes a whole line and a half to tell, with its owner, its date and what is done about it. " * 3
    )
    rows = tuple(Statement(f"Risk {number}", sentence.strip()) for number in range(1, 15))
    risks = content("risks", "Fourteen risks are named with an owner each and a date", "", Statements(rows))
    path = tmp_path / "deck.pptx"
    write_deck(DeckSpec("Risks", "", (risks,)), path, GBP)
    assert len(opened(path).slides) > 1
    leads = [
        row.cells[0].text_frame.text
        for s in opened(path).slides
        for t in s.shapes
        if t.has_table
        for row in t.table.rows
    ]
    assert leads == [row.lead for row in rows]


def test_key_figures_stand_on_one_line_however_long_their_labels(deck: Path) -> None:
    slide = opened(deck).slides[1]
    tiles = [s for s in shapes_of(slide.shapes) if s.name.startswith("Key figure ")]
    assert len(tiles) == 4
    assert len({(s.top, s.text_frame.margin_top, str(s.text_frame.vertical_anchor)) for s in tiles}) == 1
    assert len({s.text_frame.paragraphs[0].runs[0].font.size for s in tiles}) == 1


def test_the_first_bar_is_on_top_and_the_pareto_line_has_a_name(deck: Path) -> None:
    bars = charts_of(deck)[0]
    assert bars.category_axis.reverse_order
    assert not bars.value_axis.visible
    pareto = charts_of(deck)[1]
    assert pareto.has_legend
    assert pareto.plots[1].series[0].name == "Running share of revenue"


def test_lines_are_named_at_their_last_points_and_months_are_thinned(deck: Path) -> None:
    chart = charts_of(deck)[-1]
    assert not chart.has_legend
    for series in chart.plots[0].series:
        label = series._element.find(".//{*}dLbl")
        assert label.find("{*}idx").get("val") == "23"
        assert label.find("{*}showSerName").get("val") == "1"
    assert int(chart._chartSpace.find(".//{*}tickLblSkip").get("val")) >= 2


@pytest.mark.office
@pytest.mark.parametrize("maker", list(MAKERS))
def test_libreoffice_draws_every_slide_with_its_title_inside_the_page(maker: str, tmp_path: Path, office: Any) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler (pdftotext) is not installed")
    path = tmp_path / "deck.pptx"
    write_deck(SAMPLE, path, GBP, MAKERS[maker](tmp_path / "template.pptx"))
    printed = subprocess.run(
        ["pdftotext", "-bbox", str(office.pdf(path)), "-"], check=True, capture_output=True, text=True, timeout=120
    ).stdout
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', printed, flags=re.DOTALL)
    assert len(pages) == len(SAMPLE.slides)
    for spec, (width, height, inner) in zip(SAMPLE.slides, pages, strict=True):
        words = re.findall(r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">([^<]*)<', inner)
        shown = {word[4].replace("&amp;", "&") for word in words}
        assert set(spec.title.split()) <= shown
        for left, top, right, bottom, word in words:
            inside = (
                float(left) >= 0 and float(top) >= 0 and float(right) <= float(width) and float(bottom) <= float(height)
            )
            assert inside, f"slide '{spec.key}': '{word}' leaves the page"


def test_a_spec_with_one_text_too_long_names_the_slide(tmp_path: Path) -> None:
    endless = replace(SAMPLE.slides[2], title="Far too long " * 60)
    with pytest.raises(TemplateError, match="title of slide 'clv' does not fit"):
        write_deck(replace(SAMPLE, slides=(endless,)), tmp_path / "deck.pptx", GBP)
    assert not (tmp_path / "deck.pptx").exists()
