"""Fixtures that many tests share: LibreOffice as a second opinion, and a rich sample workbook."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import settings

from regulars.analysis import Analysis, analyse
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.base.units import COUNT, DATE, DAYS, MONEY, MONEY_EXACT, MULTIPLE, SHARE, WHOLE_SHARE, Currency
from regulars.findings import find_facts
from regulars.hindsight import Promise, look_back, settings_of_then
from regulars.orders.load import load_orders
from regulars.orders.model import LINES, SET_ASIDE, Ledger, Orders, Reason, Source, Window
from regulars.segments.evidence import Evidence, weigh
from regulars.story.sheet_spec import (
    Assumption,
    Assumptions,
    Chart,
    ChartKind,
    Column,
    Figure,
    Figures,
    Formula,
    Heat,
    Input,
    Link,
    Row,
    SheetKind,
    SheetSpec,
    Table,
    Text,
    Tone,
    WorkbookSpec,
)

# LibreOffice keeps cached values it finds, wrong ones too, unless its profile says to calculate on load.
_RECALCULATE = (
    '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<item oor:path="/org.openoffice.Office.Calc/Formula/Load">'
    '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>'
)

# A law that fails for one case in a million must not stop a landing that has nothing to do with it.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@dataclass(frozen=True)
class Office:
    """LibreOffice with a profile of its own, so that runs side by side do not meet."""

    folder: Path
    profile: Path

    def recalculated(self, path: Path) -> Path:
        """Return a copy of a workbook with every formula calculated afresh."""
        return self._converted(path, "xlsx")

    def pdf(self, path: Path) -> Path:
        """Return the printed pages of a workbook or deck."""
        return self._converted(path, "pdf")

    def pictures(self, path: Path, resolution: int = 70) -> list[Path]:
        """Return one picture a printed page, in order."""
        if shutil.which("pdftoppm") is None:
            pytest.skip("poppler (pdftoppm) is not installed")
        printed = self.pdf(path)
        stem = printed.with_suffix("")
        self._run("pdftoppm", "-r", str(resolution), "-png", str(printed), str(stem))
        return sorted(printed.parent.glob(f"{stem.name}-*.png"))

    def _converted(self, path: Path, suffix: str) -> Path:
        settings = self.profile / "user" / "registrymodifications.xcu"
        if not settings.exists():
            settings.parent.mkdir(parents=True)
            settings.write_text(_RECALCULATE, encoding="utf-8")
        out = self.folder / suffix
        self._run(
            "soffice",
            "--headless",
            f"-env:UserInstallation={self.profile.resolve().as_uri()}",
            "--convert-to",
            suffix,
            "--outdir",
            str(out),
            str(path),
        )
        made = out / f"{path.stem}.{suffix}"
        assert made.exists(), f"LibreOffice made no {made.name}"
        return made

    @staticmethod
    def _run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, timeout=300)


@pytest.fixture(scope="session")
def office_profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile of this worker: LibreOffice takes a second to make one."""
    return tmp_path_factory.mktemp("office")


@pytest.fixture
def office(tmp_path: Path, office_profile: Path) -> Office:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    return Office(tmp_path / "office", office_profile)


def _read_back(path: Path, *, values: bool = False) -> Any:
    with warnings.catch_warnings():
        # Data bars of 2010 stand in an extension that openpyxl does not keep; nothing is saved with it here.
        warnings.filterwarnings("ignore", message="(Unknown|Conditional Formatting) extension")
        return openpyxl.load_workbook(path, data_only=values)


@pytest.fixture(scope="session")
def read_back() -> Callable[..., Any]:
    """Read a workbook with openpyxl: formulas, or with `values=True` the cached values."""
    return _read_back


SEGMENTS = (
    ("champions", "Champions", 412, 3_912_440.5, 0.443, 9.4, 18),
    ("loyal", "Loyal customers", 688, 2_204_118.0, 0.2496, 5.1, 34),
    ("potential", "Potential loyalists", 903, 951_203.25, 0.1077, 2.3, 41),
    ("new", "New customers", 254, 108_440.0, 0.0123, 1.0, 12),
    ("cannot_lose_them", "Cannot lose them", 96, 640_010.75, 0.0725, 6.2, 188),
    ("at_risk", "At risk", 811, 820_400.0, 0.0929, 3.0, 171),
    ("hibernating", "Hibernating", 1148, 195_390.77, 0.0221, 1.1, 268),
)


def _months() -> tuple[Row, ...]:
    revenue = [512, 498, 577, 601, 560, 655, 622, 640, 702, 768, 931, 1004, None]
    rows = []
    for place, thousands in enumerate(revenue):
        day = dt.date(2009 + (11 + place) // 12, (11 + place) % 12 + 1, 1)
        money = None if thousands is None else thousands * 1000.0
        rows.append(Row(f"{day:%Y-%m}", (day, 900 + 37 * place, money, None if money is None else money / 1_100_000)))
    return tuple(rows)


def _summary() -> SheetSpec:
    revenue = sum(segment[3] for segment in SEGMENTS)
    return SheetSpec(
        "Summary",
        SheetKind.SUMMARY,
        "Nearly half of revenue comes from one customer in ten",
        "Orders of Harbour Gifts Ltd, 2009-12-01 to 2010-12-09, as the orders say; money before margin.",
        (
            Figures(
                (
                    Figure("Revenue", revenue, MONEY, "2009-12-01 to 2010-12-09"),
                    Figure("Customers", 4312, COUNT, "with a kept order"),
                    Figure("Average order value", 458.2345, MONEY_EXACT, "19,278 orders"),
                    Figure("Bought again", 0.6731, SHARE, "of customers, within the window"),
                    Figure("Value at risk", -1_460_410.75, MONEY, "exposure, not a gain"),
                )
            ),
            Text(
                (
                    (
                        "Champions are 9.6% of customers and bring 44.3% of revenue: whatever is done, it is done for them"
                        " first. They bought 18 days ago at the median, so nothing suggests that they are leaving."
                    ),
                    "96 customers who used to buy often have been silent for half a year; they were worth £640,011.",
                    "November stands out: £931,000 against £640,000 in an ordinary month.",
                ),
                "What stands out",
                Tone.FINDING,
            ),
            Text(
                (
                    "The last month ends on 9 December, so it is not compared with whole months.",
                    (
                        "12.4% of rows carry no customer number. Their revenue is in the total and in no segment; the sheet"
                        " 'Rows set aside' lists them by the row numbers of your own sheet, so that you can look them up."
                    ),
                ),
                "Read with care",
                Tone.WARNING,
            ),
            Table(
                "segments",
                (
                    Column("name", "Segment"),
                    Column("customers", "Customers", COUNT),
                    Column("revenue", "Revenue to date", MONEY),
                    Column("share", "Share of revenue", SHARE, note="revenue of the segment divided by all revenue"),
                ),
                tuple(Row(key, (name, count, money, share)) for key, name, count, money, share, *_ in SEGMENTS),
                title="Where the revenue comes from",
                total=Row(
                    "all",
                    (
                        "All",
                        Formula("=SUM({segments.customers})", 4312),
                        Formula("=SUM({segments.revenue})", revenue),
                        1.0,
                    ),
                    strong=True,
                ),
            ),
            Chart(
                ChartKind.BAR,
                "Revenue by segment, £, 2009-12-01 to 2010-12-09",
                "segments",
                "name",
                ("revenue",),
                "Champions bring £3.9M of £8.8M.",
                highlight="champions",
                beside=True,
            ),
            Table(
                "months",
                (
                    Column("month", "Month", DATE),
                    Column("orders", "Orders", COUNT),
                    Column("revenue", "Revenue", MONEY),
                    Column("cumulative", "Cumulative share", SHARE),
                ),
                _months(),
                title="Month by month",
                lead="Months are calendar months; the last is not whole.",
                remark="A month without a number has not ended yet.",
            ),
            Chart(ChartKind.LINE, "Revenue by month, £", "months", "month", ("revenue",), "Revenue rises in autumn."),
            Table(
                "contents",
                (Column("sheet", "Sheet"), Column("shows", "What it shows")),
                (
                    Row("1", (Link("Segments", "Segments"), "Every segment side by side")),
                    Row("2", (Link("Customers", "Customers"), "Every customer with segment and value")),
                ),
                title="In this workbook",
            ),
        ),
    )


def _segments() -> SheetSpec:
    cumulative = 0.0
    rows = []
    for key, name, count, money, share, orders, days in SEGMENTS:
        cumulative += share
        what = "Keep: service and early access, no discount. Call the ten largest before the season begins."
        rows.append(Row(key, (name, count, money, share, min(cumulative, 1.0), orders, days, what)))
    return SheetSpec(
        "Segments",
        SheetKind.SEGMENTS,
        "Segments",
        "How the customers divide, by how lately, how often and for how much they bought.",
        (
            Table(
                "scheme",
                (
                    Column("name", "Segment"),
                    Column("customers", "Customers", COUNT, heat=Heat.BAR),
                    Column("revenue", "Revenue to date", MONEY, heat=Heat.SCALE),
                    Column("share", "Share of revenue", SHARE, note="of all revenue with a customer number"),
                    Column("cumulative", "Cumulative share", SHARE),
                    Column("orders", "Orders a customer", MULTIPLE),
                    Column("days", "Days since last order (median)", DAYS, heat=Heat.SCALE),
                    Column("what", "What to do"),
                ),
                tuple(rows),
                title="Eleven segments by recency, frequency and money",
                total=Row("all", ("All customers", 4312, 8_832_003.27, 1.0, None, None, None, ""), strong=True),
                remark="Segments are mutually exclusive.",
            ),
            Chart(
                ChartKind.PARETO,
                "Revenue by segment and its cumulative share",
                "scheme",
                "name",
                ("revenue", "cumulative"),
                "Two segments bring 69% of revenue.",
            ),
            Chart(
                ChartKind.COLUMN,
                "Customers by segment",
                "scheme",
                "name",
                ("customers",),
                "Hibernating is the largest.",
                highlight="hibernating",
            ),
            Table(
                "retention",
                (
                    Column("quarter", "Quarter"),
                    Column("new", "New", MONEY),
                    Column("known", "Returning", MONEY),
                    Column("back", "Won back", MONEY),
                ),
                tuple(
                    Row(q, (q, 400_000.0 + 9000 * i, 700_000.0 + 70_000 * i, 60_000.0)) for i, q in enumerate("ABCD")
                ),
                title="Revenue by kind of customer",
            ),
            Chart(
                ChartKind.STACKED,
                "Revenue by kind of customer, £",
                "retention",
                "quarter",
                ("new", "known", "back"),
                "Returning customers bring most of the growth.",
                beside=True,
            ),
        ),
    )


def _customers() -> SheetSpec:
    names = ("Ada Ltd", "=cmd|' /C calc'!A0", "+44 Trading", "-", "@home", "Ünïcode & <Söhne>", "00123", "株式会社東京")
    rows = []
    for place in range(500):
        segment = SEGMENTS[place % len(SEGMENTS)]
        rows.append(
            Row(
                f"c{place}",
                (
                    f"{place:05d}",
                    names[place % len(names)],
                    segment[1],
                    1 + place % 17,
                    round(9000 / (1 + place) - 20, 2),
                    dt.date(2010, 1 + place % 12, 1 + place % 28),
                    None if place % 9 == 0 else place % 300,
                    float("nan") if place % 5 == 0 else 0.9 - place / 1000,
                    place % 2 == 0,
                ),
            )
        )
    return SheetSpec(
        "Customers",
        SheetKind.LISTS,
        "Customers",
        "Every customer, by revenue. Filter and sort with the buttons in the header.",
        (
            Table(
                "customers",
                (
                    Column("id", "Customer"),
                    Column("name", "Name"),
                    Column("segment", "Segment"),
                    Column("orders", "Orders", COUNT),
                    Column("revenue", "Revenue", MONEY_EXACT, heat=Heat.BAR),
                    Column("last", "Last order", DATE),
                    Column("days", "Days since last order", DAYS),
                    Column("alive", "Chance of buying again", WHOLE_SHARE),
                    Column("vip", "VIP"),
                ),
                tuple(rows),
                listing=True,
                remark="Money to date.",
            ),
        ),
    )


def _impact() -> SheetSpec:
    margin, cost = 0.4, 1.25
    plan = (
        ("winback", "Win back customers at risk", 811, 0.08, 1011.6, 2000.0),
        ("keep", "Keep champions close", 412, 0.05, 9496.2, 5000.0),
        ("second", "Second order of new customers", 254, 0.12, 426.9, 800.0),
    )
    gains = [count * rate * value * margin for _, _, count, rate, value, _ in plan]
    costs = [count * cost + budget for _, _, count, _, _, budget in plan]
    rows = tuple(
        Row(
            key,
            (
                name,
                count,
                Input(rate, low=0, high=1),
                value,
                Input(budget, low=0),
                Formula("={.customers}*{.rate}*{.value}*{margin}", gain),
                Formula("={.customers}*{contact_cost}+{.budget}", spent),
                Formula('=IF({.cost}=0,"",{.gain}/{.cost})', gain / spent),
                Formula("={.gain}/SUM({initiatives.gain})", gain / sum(gains)),
                Input("next quarter", choices=("now", "next quarter", "later")),
            ),
        )
        for (key, name, count, rate, value, budget), gain, spent in zip(plan, gains, costs, strict=True)
    )
    return SheetSpec(
        "Financial impact",
        SheetKind.MONEY,
        "What acting could bring in the next 12 months",
        "Yellow cells are yours: edit them and every number on this sheet follows.",
        (
            Figures(
                (
                    Figure(
                        "Gross profit gained", Formula("=SUM({initiatives.gain})", sum(gains)), MONEY, "next 12 months"
                    ),
                    Figure(
                        "Net of cost",
                        Formula("=SUM({initiatives.gain})-SUM({initiatives.cost})", sum(gains) - sum(costs)),
                        MONEY,
                        "illustrative until you confirm the inputs",
                    ),
                    Figure(
                        "Largest single gain",
                        Formula("={initiatives.gain@keep}", gains[1]),
                        MONEY,
                        "keep champions close",
                    ),
                )
            ),
            Assumptions(
                "Assumptions",
                (
                    Assumption(
                        "margin",
                        "Gross margin",
                        margin,
                        SHARE,
                        "assumption",
                        "Share of revenue left after goods.",
                        0,
                        1,
                    ),
                    Assumption("contact_cost", "Cost of one contact", cost, MONEY_EXACT, "assumption", low=0),
                    Assumption(
                        "basis",
                        "Value basis",
                        "gross profit",
                        COUNT,
                        "assumption",
                        "Which money is compared with the cost of an initiative; gross profit is the careful choice,"
                        " because revenue has to pay for the goods first and leaves only the margin behind.",
                        choices=("gross profit", "revenue"),
                    ),
                ),
                "Defaults come from the product until you replace them.",
            ),
            Table(
                "initiatives",
                (
                    Column("name", "Initiative"),
                    Column("customers", "Customers", COUNT),
                    Column("rate", "Success rate", SHARE),
                    Column("value", "Value of one", MONEY),
                    Column("budget", "Budget", MONEY),
                    Column("gain", "Gain", MONEY, note="customers × success rate × value of one × gross margin"),
                    Column("cost", "Cost", MONEY),
                    Column("multiple", "Gross multiple", MULTIPLE),
                    Column("share", "Share of gain", SHARE),
                    Column("when", "When"),
                ),
                rows,
                title="Initiatives",
                total=Row(
                    "sum",
                    (
                        "All",
                        Formula("=SUM({initiatives.customers})", 1477),
                        None,
                        None,
                        Formula("=SUM({initiatives.budget})", 7800.0),
                        Formula("=SUM({initiatives.gain})", sum(gains)),
                        Formula("=SUM({initiatives.cost})", sum(costs)),
                        Formula("={.gain}/{.cost}", sum(gains) / sum(costs)),
                        Formula("=SUM({initiatives.share})", 1.0),
                        None,
                    ),
                    strong=True,
                ),
            ),
            Table(
                "overview",
                (Column("name", "Measure"), Column("value", "Value")),
                (
                    Row(
                        "a",
                        (
                            "Break-even success rate",
                            Formula("={initiatives.cost@winback}/811/1011.6/{margin}", costs[0] / 811 / 1011.6 / 0.4),
                        ),
                        SHARE,
                    ),
                    Row("b", ("Gain of all", Formula("={initiatives.gain@sum}", sum(gains))), MONEY),
                    Row(
                        "c",
                        (
                            "Is it worth it?",
                            Formula('=IF({initiatives.gain@sum}>{initiatives.cost@sum},"yes","no")', "yes"),
                        ),
                    ),
                    Row("d", ("Not yet known", None)),
                    Row("e", ("Loss if nothing comes of it", Formula("=-SUM({initiatives.cost})", -sum(costs))), MONEY),
                ),
                title="Checks",
            ),
        ),
    )


def _method() -> SheetSpec:
    return SheetSpec(
        "Method & limits",
        SheetKind.QUALITY,
        "Method and limits",
        "How the numbers come about, and what they cannot tell.",
        (
            Text(
                (
                    (
                        "Recency counts whole days from a customer's last order to the end of the window. Frequency counts"
                        " orders, not lines. Money is the sum of kept lines after returns are taken off."
                    ),
                    "Scores are fifths of the customers; equal customers always get equal scores.",
                ),
                "Segments",
            ),
            Text(
                ("Orders cannot tell why somebody left.", "They cannot tell what a visit cost."), "Limits", Tone.FINDING
            ),
            Table(
                "reasons",
                (Column("reason", "Reason"), Column("rows", "Rows", COUNT), Column("revenue", "Revenue", MONEY)),
                (),
                title="Rows set aside",
            ),
            Chart(ChartKind.COLUMN, "Rows set aside", "reasons", "reason", ("rows",), "None."),
            Text(("All amounts are in pounds sterling.",), tone=Tone.SMALL),
        ),
        landscape=False,
    )


@pytest.fixture(scope="session")
def sample_workbook() -> WorkbookSpec:
    """Every kind of block, cell and chart, with the texts and gaps that real orders have."""
    return WorkbookSpec(
        (_summary(), _segments(), _customers(), _impact(), _method()),
        "Customers of Harbour Gifts Ltd",
        {"author": "regulars", "subject": "2009-12-01 to 2010-12-09", "window": "2009-12-01/2010-12-09"},
    )


@dataclass(frozen=True)
class _Line:
    """One order line of a shop made by hand. Money in units of the currency; an order is a customer's day unless named."""

    customer: str
    day: str
    amount: float = 10.0
    order: str = ""
    product: str | None = None
    profit: float | None = None
    segment: str | None = None


def _orders_of(told: Iterable[tuple[Any, ...]], end: str | None = None, start: str | None = None) -> Orders:
    lines = [_Line(*line) for line in told]
    none = [None] * len(lines)
    amounts = [round(line.amount * 10_000) for line in lines]
    days = [dt.date.fromisoformat(line.day) for line in lines]
    columns: dict[str, list[Any]] = dict.fromkeys(LINES.names, none)
    columns |= {
        "source": ["hand"] * len(lines),
        "row": list(range(2, len(lines) + 2)),
        "customer": [line.customer for line in lines],
        "order": [line.order or f"{line.customer} {line.day}" for line in lines],
        "ts": [dt.datetime.combine(day, dt.time()) for day in days],
        "day": list(days),
        "product": [line.product for line in lines],
        "segment": [line.segment for line in lines],
        "units": [10_000] * len(lines),
        "amount": amounts,
        "written_amount": amounts,
        "profit": [None if line.profit is None else round(line.profit * 10_000) for line in lines],
    }
    nought = dict.fromkeys(Reason, 0)
    return Orders(
        pa.table(columns, LINES),
        SET_ASIDE.empty_table(),
        Ledger(len(lines), len(lines), nought, nought, sum(amounts), 0, 0, None, None),
        Window(dt.date.fromisoformat(start) if start else min(days), dt.date.fromisoformat(end) if end else max(days)),
        Currency(),
        (Source("hand", 1, len(lines), {}, ()),),
        frozenset(),
    )


@pytest.fixture(scope="session")
def orders_of() -> Callable[..., Orders]:
    """Make clean orders by hand from (customer, day, amount, order, product, profit, segment); the last ones may lack."""
    return _orders_of


class _Weighed:
    """What was weighed in this process, by customers, seed and effort. It is a third of a run that shows clusters."""

    def __init__(self) -> None:
        self.afresh = False
        self._found: dict[tuple[object, ...], Evidence] = {}

    def __call__(self, matrix: pd.DataFrame, seed: int, *, full: bool) -> Evidence:
        values = matrix.to_numpy(float)
        key = (values.tobytes(), values.shape, seed, full)
        if self.afresh or key not in self._found:
            self._found[key] = weigh(matrix, seed, full=full)
        return self._found[key]


@pytest.fixture(scope="session", autouse=True)
def weighing() -> Iterator[_Weighed]:
    """Runs on the same orders weigh numbers of clusters once; that weighing twice says the same, its own test says."""
    weighed = _Weighed()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("regulars.findings.clusters.weigh", weighed)
        yield weighed


@pytest.fixture
def computed_afresh(weighing: _Weighed) -> Iterator[None]:
    """For tests that compare one run with another: nothing is taken from an earlier one."""
    weighing.afresh = True
    yield
    weighing.afresh = False


@dataclass(frozen=True)
class Analysed:
    """A finished analysis with its facts."""

    analysis: Analysis
    facts: Facts


@pytest.fixture(scope="session")
def superstore() -> Analysed:
    """The Superstore orders, analysed once: four years, a profit column and a segment column."""
    return _analysed("superstore.parquet")


@pytest.fixture(scope="session")
def cdnow() -> Analysed:
    """The CDNOW sample, analysed once: a lifetime model that holds, no profit, no products."""
    return _analysed("cdnow_sample.csv")


def _analysed(name: str) -> Analysed:
    settings = Settings(sheets="full", currency="USD")
    analysis = analyse(load_orders([Path(__file__).parent / "data" / name], settings), settings)
    return Analysed(analysis, find_facts(analysis))


@pytest.fixture(scope="session")
def cdnow_followed(cdnow: Analysed) -> Analysed:
    """The CDNOW sample as it follows a result of 31 January 1998."""
    promise = Promise(dt.date(1998, 1, 31), 12, None)
    settings = settings_of_then(cdnow.analysis.settings, promise)
    then = load_orders([Path(__file__).parent / "data" / "cdnow_sample.csv"], settings)
    analysis = replace(cdnow.analysis, hindsight=look_back(then, cdnow.analysis.summary, settings, promise))
    return Analysed(analysis, find_facts(analysis))
