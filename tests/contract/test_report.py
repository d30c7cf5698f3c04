"""The written report: every heading, column and chart of five published reports, and only numbers of the run."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.outline_ids import OUTLINES
from regulars.base.settings import Settings
from regulars.base.units import MONEY, SHARE
from regulars.findings import find_facts
from regulars.job import Job
from regulars.orders.load import load_orders
from regulars.orders.model import Orders
from regulars.render.marks import is_ours
from regulars.render.report import html, markdown
from regulars.result import seen_in_full
from regulars.run import run
from regulars.segments.evidence import Evidence, weigh
from regulars.story.outlines import read_outline, shipped_outline, shows_clusters
from regulars.story.report import written_report
from regulars.story.report_spec import Report
from regulars.story.sheet_spec import Assumptions, Figures, Table, Text, WorkbookSpec
from regulars.story.sheets import workbook

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "workbook_templates" / "regulars_workbooks" / "sample_orders.xlsx"
PLACES = tomllib.loads((ROOT / "tests/data/report_outlines.toml").read_text(encoding="utf-8"))
COVERAGE = tomllib.loads((ROOT / "tests/data/report_coverage.toml").read_text(encoding="utf-8"))
KINDS = ("headings", "columns", "charts", "figures")
KNOWN_OPEN = 1  # what is open must be named here too, so that it never grows in silence
VOID = {"meta", "rect", "line", "polyline", "circle", "br"}
BAD = re.compile(r"(?<![\w.])[-−+]?(nan|inf|NaN|Inf|None|NaT)(?![\w])|\{[a-z_.~]+\}")
GROWING = 240  # customers of the shop with segments of its own
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0 [x](http://evil.example) *b* `c` | \"q\" www.evil.example"


@dataclass
class Page(HTMLParser):
    """An HTML report, read back; a tag that is not closed where it should be is an error."""

    headings: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    tables: list[tuple[str, list[list[str]]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._said: list[str] = []
        self._rows: list[list[str]] = []
        self._caption = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self._rows, self._caption = [], ""
        if tag == "tr":
            self._rows.append([])
        if tag in {"p", "li", "td", "th", "caption", "figcaption", "h1", "h2", "h3", "h4", "strong"}:
            self._said = [] if tag != "strong" else self._said
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.errors.append(f"</{tag}> closes nothing")
        words = " ".join("".join(self._said).split())
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(words)
        elif tag == "figcaption":
            self.captions.append(words)
        elif tag == "caption":
            self._caption = words
        elif tag in {"td", "th"}:
            self._rows[-1].append(words)
        elif tag == "table":
            self.tables.append((self._caption, self._rows))
        if tag in {"p", "li", "td", "th"}:
            self.texts.append(words)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in {"style", "title"}:
            self._said.append(data)


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    return page


def growing_shop(folder: Path) -> tuple[Path, Path]:
    """Two years and two months of a shop with segments of its own, newcomers, a weak February, and sign-ups."""
    chance, orders, signed = random.Random(7), [], []  # noqa: S311
    first, days = dt.date(2023, 1, 1), 790
    season = {2: 0.25, 11: 1.9, 12: 2.2}
    for number in range(GROWING):
        segment, each = (("VIP", 30), ("Casual", 14), ("Standard", 8))[number % 3]
        began = chance.randrange(days - 10) if number % 2 else 0
        ordered = number % 20 != 19
        day = first + dt.timedelta(began)
        signed.append(f"c{number},{day},{segment}")
        for nth in range(each + chance.randrange(8) if ordered else 0):
            on = first + dt.timedelta(began + (0 if nth == 0 else chance.randrange(days - began)))
            if nth and chance.random() * 2.2 > season.get(on.month, 1.0):
                continue
            orders.append(f"c{number},{on},o{number}-{nth},{round(chance.lognormvariate(3.6, 0.6), 2)},{segment}")
    paths = folder / "orders.csv", folder / "customers.csv"
    for path, head, lines in zip(
        paths, ("Customer,Date,Order,Amount,Segment", "Customer,Signup date,Segment"), (orders, signed), strict=True
    ):
        path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return growing_shop(tmp_path_factory.mktemp("growth"))


@pytest.fixture(scope="module")
def sample() -> Orders:
    return load_orders([SAMPLE], Settings(currency="GBP"))


@pytest.fixture(scope="module")
def analysed(sample: Orders, growing: tuple[Path, Path]) -> Callable[[str], tuple[Analysis, Facts]]:
    """A shop that has everything an outline speaks of; each scheme is analysed once."""
    found: dict[str, tuple[Analysis, Facts]] = {}

    def of(name: str) -> tuple[Analysis, Facts]:
        scheme = read_outline(name).scheme or "lifecycle6"
        if scheme not in found:
            settings = Settings(sheets="full", currency="GBP", analyst="A. Reader", scheme=scheme)
            orders = load_orders([growing[0]], settings, growing[1]) if name == "growth" else sample
            analysis = analyse(orders, settings)
            found[scheme] = analysis, find_facts(analysis)
        return found[scheme]

    return of


@pytest.fixture(scope="module")
def reports(analysed: Callable[[str], tuple[Analysis, Facts]]) -> Callable[[str], Report]:
    return lambda name: written_report(read_outline(name), *analysed(name))


@pytest.fixture(scope="module", autouse=True)
def weighed_once() -> Iterator[None]:
    """The evidence for a number of clusters does not depend on the scheme that leads: one weighing serves them all.

    It is shown by reports of the sample only; those of smaller shops do with silhouettes.
    """
    found: dict[tuple[bytes, int, bool], Evidence] = {}

    def weighed(matrix: pd.DataFrame, seed: int, *, full: bool) -> Evidence:
        key = matrix.to_numpy().tobytes(), seed, full
        if key not in found:
            found[key] = weigh(matrix, seed, full=full and len(matrix) > GROWING)
        return found[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regulars.findings.clusters.weigh", weighed)
        yield


def stands(place: str, page: Page) -> bool:
    """Tell whether a place of tests/data/report_outlines.toml is on a page."""
    kind, _, what = place.partition(":")
    if kind == "h":
        return any(fnmatchcase(one, what) for one in page.headings)
    if kind == "f":
        return any(fnmatchcase(one, what) for one in page.captions)
    if kind == "p":
        return any(fnmatchcase(one, what) for one in page.texts)
    caption, _, column = what.rpartition("/")
    for title, (head, *rows) in page.tables:
        at = [number for number, one in enumerate(head) if fnmatchcase(one, column)]
        if fnmatchcase(title, caption) and any(row[number] for row in rows for number in at):
            return True
    return False


def items(name: str) -> Iterator[tuple[str, list[str]]]:
    for kind in KINDS:
        for item, places in PLACES[name].get(kind, {}).items():
            yield f"{kind}: {item}", [places] if isinstance(places, str) else places


@pytest.mark.parametrize("name", PLACES)
def test_every_heading_column_and_chart_of_a_published_report_stands_in_ours(
    name: str, reports: Callable[[str], Report]
) -> None:
    page = read(html(reports(name)))
    asked = dict(items(name))
    open_items = [item for item, places in asked.items() if any(place.startswith("open:") for place in places)]
    lost = [
        (item, one) for item, told in asked.items() if item not in open_items for one in told if not stands(one, page)
    ]
    found = len(asked) - len({item for item, _ in lost} | set(open_items))
    print(f"{name}: {found} of {len(asked)} items of {PLACES[name]['report']} stand in the report")  # noqa: T201
    assert not lost, "\n".join(map(str, lost))
    assert len(open_items) <= KNOWN_OPEN


@pytest.mark.parametrize("name", PLACES)
def test_the_items_are_those_that_the_published_report_has(name: str) -> None:
    wanted = COVERAGE[PLACES[name]["report"]]
    for kind in KINDS:
        if kind != "figures" or name != "growth":
            assert set(PLACES[name].get(kind, {})) == set(wanted.get(kind, {})), kind


@pytest.mark.parametrize("place", ["h:No such heading", "f:No chart", "t:RFM*/No column", "p:zyx*"])
def test_a_place_that_is_not_there_does_not_count(place: str, reports: Callable[[str], Report]) -> None:
    assert not stands(place, read(html(reports("behaviour"))))


@pytest.mark.parametrize("name", OUTLINES)
def test_a_report_is_well_formed_and_needs_nothing_but_itself(name: str, reports: Callable[[str], Report]) -> None:
    text = html(reports(name))
    page = read(text)
    assert page.errors == []
    assert not {"script", "link", "img", "iframe", "object", "a"} & {tag for tag, _ in page.tags}
    held = [value for _, attributes in page.tags for key, value in attributes.items() if key in {"src", "href"}]
    assert held == []
    assert set(re.findall(r"https?://\S+", text)) <= {'http://www.w3.org/2000/svg"'}
    assert "@import" not in text
    assert "url(" not in text
    assert len(text) < 200_000
    for said in (text, markdown(reports(name))):
        assert not BAD.search(re.sub(r"<style>.*?</style>", "", said, flags=re.DOTALL))


@pytest.mark.parametrize("name", OUTLINES)
def test_no_section_is_empty_and_levels_do_not_jump(name: str, reports: Callable[[str], Report]) -> None:
    text = markdown(reports(name))
    levels = [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert not re.search(r"^(#+) [^\n]*\n\n\1 ", text, re.MULTILINE)


@pytest.mark.parametrize("name", OUTLINES)
def test_markdown_has_the_headings_tables_and_sentences_of_the_html(
    name: str, reports: Callable[[str], Report]
) -> None:
    report = reports(name)
    ours, theirs = read(html(report)), read(_rendered(markdown(report)))
    assert theirs.headings == ours.headings
    wanted = [rows for _, rows in ours.tables if len(rows[0]) > 1 and rows[0][0] in _heads(report)]
    for rows in wanted:
        assert rows in [other for _, other in theirs.tables]


def _heads(report: Report) -> set[str]:
    return {part.table.columns[0].title for part in report.parts if hasattr(part, "table") and hasattr(part, "brief")}


def _rendered(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def test_texts_of_others_are_shown_and_never_run(orders_of: Callable[..., Any]) -> None:
    lines = [
        (f"c{number % 30}", f"2024-{1 + number % 12:02}-{1 + number % 27:02}", 10.0 + number, f"o{number}", HOSTILE, None, HOSTILE)
        for number in range(300)
    ]  # fmt: skip
    settings = Settings(sheets="full", scheme="supplied", analyst=HOSTILE)
    analysis = analyse(orders_of(lines), settings)
    report = written_report(read_outline("growth"), analysis, find_facts(analysis))
    page = read(html(report))
    shown = " ".join(HOSTILE.split())
    assert page.errors == []
    assert "script" not in {tag for tag, _ in page.tags}
    assert any(row and row[0] == shown for _, rows in page.tables for row in rows)
    rendered = read(_rendered(markdown(report)))
    assert not {"script", "a", "code"} & {tag for tag, _ in rendered.tags}
    assert any(row and row[0] == shown for _, rows in rendered.tables for row in rows)


@pytest.mark.parametrize("name", OUTLINES)
def test_every_number_of_a_report_is_a_fact_or_stands_in_the_workbook(
    name: str, analysed: Callable[[str], tuple[Analysis, Facts]], reports: Callable[[str], Report]
) -> None:
    analysis, facts = analysed(name)
    known = {
        token for key in facts for brief in (False, True) for token in NUMBER.findall(facts.show(key, brief=brief))
    }  # fmt: skip
    known |= {token for value in cells(workbook(analysis, facts)) for token in forms(value)}
    # Numbers of the sentences themselves, such as "the best 10%", and those that recommendations are counted by.
    texts = (ROOT / "core/regulars/story").rglob("*.toml")
    said = {token for path in texts for token in NUMBER.findall(path.read_text(encoding="utf-8"))}
    page = read(html(reports(name)))
    strange = {
        (token, one) for one in (*page.texts, *page.headings) for token in NUMBER.findall(one)
        if token.rstrip(",") not in known | said
    }  # fmt: skip
    assert len(known) > 1_000
    assert not strange


def test_a_report_without_clusters_says_the_same_whether_or_not_they_were_looked_for(cdnow: Any) -> None:
    settings = Settings(sheets="short", currency="USD")
    unlooked = seen_in_full(analyse(cdnow.analysis.orders, settings, clusters=False))
    looked = seen_in_full(replace(cdnow.analysis, settings=settings))
    plain = [name for name in OUTLINES if not shows_clusters(shipped_outline(name))]
    assert plain
    for name in plain:
        both = [written_report(shipped_outline(name), one, find_facts(one)) for one in (looked, unlooked)]
        assert both[0] == both[1]


def cells(book: WorkbookSpec) -> Iterator[Any]:
    """Every value of the workbook: of tables, key figures, assumptions and sentences."""
    for sheet in book.sheets:
        yield sheet.lead
        for block in sheet.blocks:
            if isinstance(block, Table):
                rows = (*block.rows, *([block.total] if block.total is not None else []))
                yield from (cell for row in rows for cell in row.cells)
                yield from (block.title, block.lead, block.remark, *(column.title for column in block.columns))
            elif isinstance(block, Text):
                yield from block.sentences
            elif isinstance(block, Figures):
                yield from (part for one in block.figures for part in (one.value, one.scope))
            elif isinstance(block, Assumptions):
                yield from (part for one in block.cells for part in (one.value, one.source, one.note))


def forms(cell: Any) -> set[str]:
    """The numbers of a cell as they may be shown."""
    value = getattr(cell, "value", cell)
    value = getattr(value, "value", value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        size = abs(float(value))
        shown = [MONEY.show(size), MONEY.show(size, brief=True), SHARE.show(size)]
        return {*NUMBER.findall(" ".join(shown)), *(f"{size:,.{digits}f}" for digits in (0, 1, 2))}
    return set(NUMBER.findall(str(value)))


def test_a_report_changes_nothing_in_the_workbook(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    lines = [f"c{n % 23},2024-{1 + n % 12:02}-{1 + n % 28:02},o{n},{5 + n % 40}.25" for n in range(200)]
    orders.write_text("\n".join(["Customer,Date,Order,Amount", *lines]), encoding="utf-8")
    plain, told = tmp_path / "plain.xlsx", tmp_path / "told.xlsx"
    places = tmp_path / "report.md", tmp_path / "report.html"
    run(Job((orders,), plain, Settings()))
    outcome = run(Job((orders,), told, Settings(), reports=places))
    assert outcome.written == (told, *places)
    assert plain.read_bytes() == told.read_bytes()
    assert all(is_ours(place) for place in places)


@pytest.mark.slow
def test_the_same_orders_give_the_same_bytes(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    job = Job((SAMPLE,), tmp_path / "result.xlsx", Settings(), reports=(place,), outline="forecast")
    first, second = (
        run(job) and place.read_bytes() for _ in range(2)
    )  # the second over our own file, which is no loss
    assert first == second
