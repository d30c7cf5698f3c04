"""Everything that five published example reports say has a place here, or a sentence that orders cannot tell it.

The reports are not in the repository; tests/data/report_coverage.toml names their headings, table columns, charts,
recommendations and figures. Places are looked up in three full runs: Superstore, a shop with the segment table of
one of the reports, and CDNOW as it follows an earlier result.
"""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.segments.cells import CellScheme
from regulars.segments.model import Segment
from regulars.segments.naming import ClusterScheme
from regulars.segments.scheme import shipped
from regulars.story.sheet_spec import Assumptions, Chart, SheetSpec, Table, Text
from regulars.story.sheets import workbook
from regulars.story.texts import entries, playbook

DATA = Path(__file__).parents[1] / "data" / "report_coverage.toml"
SHOP = {"Standard": (482, 10_417, 749_745.0), "Casual": (354, 7_769, 560_928.0), "VIP": (164, 3_608, 260_175.0)}
START, DAYS = dt.date(2024, 11, 1), 365
KNOWN_OPEN = 0  # what is open must be named here too, so that it never grows in silence


def named() -> dict[str, list[str]]:
    """Every item of every report, and where it is covered."""
    reports = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return {
        f"{report} {kind}: {item}": [places] if isinstance(places, str) else places
        for report, kinds in reports.items()
        for kind, items in kinds.items()
        for item, places in items.items()
    }


ITEMS = named()


@dataclass(frozen=True)
class Full:
    """A full run."""

    analysis: Analysis
    facts: Facts
    sheets: dict[str, SheetSpec]

    def words(self) -> Iterator[str]:
        """Every word that stands in the workbook."""
        for sheet in self.sheets.values():
            yield from (sheet.title, sheet.lead)
            for block in sheet.blocks:
                yield getattr(block, "title", "")
                if isinstance(block, Text):
                    yield from block.sentences
                elif isinstance(block, Table):
                    yield from (block.lead, block.remark)
                    yield from (str(cell) for row in block.rows for cell in row.cells if isinstance(cell, str))


def full(analysis: Analysis, facts: Facts) -> Full:
    return Full(analysis, facts, {sheet.name: sheet for sheet in workbook(analysis, facts).sheets})


@pytest.fixture(scope="module")
def report_shop(orders_of: Callable[..., Any]) -> Full:
    """A shop with the segment table of the first report: its customers, orders and revenue to the cent."""
    chance, lines, first = random.Random(2025), [], 0  # noqa: S311
    for name, (customers, orders, revenue) in SHOP.items():
        who = [*range(customers), *(chance.randrange(customers) for _ in range(orders - customers))]
        money = [chance.lognormvariate(4.0, 0.7) for _ in who]
        total = sum(money)
        cents = [int(one / total * revenue * 100) for one in money]
        cents[0] += round(revenue * 100) - sum(cents)
        for number, (one, cent) in enumerate(zip(who, cents, strict=True)):
            day = START + dt.timedelta(chance.randrange(DAYS))
            lines.append((f"c{first + one:04}", str(day), cent / 100, f"o{name}{number}", None, None, name))
        first += customers
    orders_made = orders_of(lines, end=str(START + dt.timedelta(DAYS - 1)), start=str(START))
    settings = Settings(sheets="full", currency="USD", scheme="supplied", analyst="A. Reader")
    analysis = analyse(orders_made, settings)
    return full(analysis, find_facts(analysis))


@pytest.fixture(scope="module")
def runs(superstore: Any, report_shop: Full, cdnow_followed: Any) -> tuple[Full, ...]:
    followed = full(cdnow_followed.analysis, cdnow_followed.facts)
    return full(superstore.analysis, superstore.facts), report_shop, followed


def stands(place: str, run: Full) -> bool:
    """Tell whether SHEET, SHEET/TABLE, SHEET/TABLE/COLUMN, SHEET/TABLE=HEADER or SHEET/TABLE@ROW is in a run."""
    name, _, rest = place.partition("/")
    sheet = run.sheets.get(name)
    if sheet is None or not rest:
        return sheet is not None
    key, sign, part = next(((*rest.partition(sign),) for sign in "/=@" if sign in rest), (rest, "", ""))
    found = next((block for block in sheet.blocks if isinstance(block, Table) and block.key == key), None)
    if found is None or not found.rows:
        return False
    if sign == "@":
        return any(row.key == part for row in found.rows)
    at = [number for number, one in enumerate(found.columns) if part == (one.title if sign == "=" else one.key)]
    # A column that is empty in every row says nothing.
    return not sign or any(row.cells[number] is not None for number in at for row in found.rows)


def plays(place: str) -> bool:
    """Tell whether a play is printed for the customers of a segment that a shipped scheme may find."""
    told, _, words = place.partition("/")
    name, _, key = told.partition(".")
    scheme = shipped(name)
    found: list[Segment] = []
    if isinstance(scheme, CellScheme):
        found = list(scheme.definitions)
    elif isinstance(scheme, ClusterScheme):
        found = [claim.segment for claim in scheme.claims]
    printed = (playbook(one.key, one.role) for one in found if one.key == key)
    return any(words in str(value) for plays in printed for value in plays.values())


def assumed(key: str, run: Full) -> bool:
    blocks = (block for sheet in run.sheets.values() for block in sheet.blocks)
    return any(cell.key == key for block in blocks if isinstance(block, Assumptions) for cell in block.cells)


def covered(place: str, run: Full) -> bool:
    kind, _, what = place.partition(":")
    if kind == "fact":
        return any(fnmatchcase(key, what) and run.facts.known(key) for key in run.facts)
    if kind == "chart":
        name, _, key = what.partition("/")
        return any(isinstance(block, Chart) and block.table == key for block in run.sheets[name].blocks)
    if kind == "said":
        return any(part in words for part in what.split("|") for words in run.words())
    if kind == "cannot":
        cannot = entries("cannot")
        return f"{what}_text" in cannot and any(cannot[f"{what}_text"] in words for words in run.words())
    if kind == "play":
        return plays(what)
    return {"at": stands, "assume": assumed}[kind](what, run)


def is_open(places: list[str]) -> bool:
    return any(place.startswith("open:") for place in places)


def test_every_item_of_the_reports_has_a_place_or_a_sentence(runs: tuple[Full, ...]) -> None:
    missing = [
        (item, place)
        for item, places in ITEMS.items()
        for place in places
        if not place.startswith("open:") and not any(covered(place, run) for run in runs)
    ]
    open_items = {item: places for item, places in ITEMS.items() if is_open(places)}
    lost = {item for item, _ in missing}
    print(f"{len(ITEMS) - len(lost | set(open_items))} of {len(ITEMS)} items of the reports are covered")  # noqa: T201
    for item, places in open_items.items():
        print(f"open: {item}: {places[0].removeprefix('open:')}")  # noqa: T201
    assert not missing, "\n".join(map(str, missing))
    assert len(open_items) <= KNOWN_OPEN


@pytest.mark.parametrize("place", ["fact:no.such.*", "at:Segments/nowhere", "at:Segments/lead/nothing", "said:zyx"])
def test_a_place_that_is_not_there_does_not_count(place: str, runs: tuple[Full, ...]) -> None:
    assert not any(covered(place, run) for run in runs)


def test_the_shop_of_the_report_returns_its_table(report_shop: Full) -> None:
    facts = report_shop.facts
    for name, (customers, orders, revenue) in SHOP.items():
        key = f"segments.supplied.{name.lower()}"
        assert facts.value(f"{key}.customers") == customers
        assert facts.value(f"{key}.orders") == orders
        assert facts.number(f"{key}.revenue") == pytest.approx(revenue, abs=0.005)
    assert facts.value("performance.baseline") == "Standard"
    assert facts.number("segments.supplied.vip.against_baseline") == pytest.approx(0.0199, abs=5e-5)
    assert facts.number("segments.supplied.casual.against_baseline") == pytest.approx(0.0187, abs=5e-5)
    assert facts.value("segments.supplied.verdict") == "do_not_differ"
