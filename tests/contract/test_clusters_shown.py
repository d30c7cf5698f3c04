"""Clusters are looked for where somebody sees them, and what sheets and slides show never depends on --json."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from regulars.analysis import Analysis, analyse
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.orders.load import load_orders
from regulars.orders.model import Orders
from regulars.story.sheet_spec import Table
from regulars.story.sheets import workbook
from regulars.story.slides import deck

CDNOW = Path(__file__).parents[1] / "data" / "cdnow_sample.csv"
SETTINGS = Settings(as_of=dt.date(1997, 9, 30))


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Orders:
    """Every fourth customer of CDNOW."""
    head, *lines = CDNOW.read_text(encoding="utf-8").splitlines()
    few = tmp_path_factory.mktemp("few") / "orders.csv"
    kept = (line for line in lines if int(line.partition(",")[0]) % 4 == 0)
    few.write_text("\n".join([head, *kept]), encoding="utf-8")
    return load_orders([few], SETTINGS)


def names(analysis: Analysis) -> set[str]:
    return {segments.scheme for segments in analysis.segmentations.schemes}


def test_a_run_that_shows_no_clusters_does_not_load_the_library_that_finds_them(tmp_path: Path) -> None:
    code = (
        "import sys; from regulars.cli import main; "
        f"sys.argv = ['regulars', 'analyze', {str(CDNOW)!r}, '--out', {str(tmp_path / 'out.xlsx')!r}]\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "assert 'sklearn' not in sys.modules and 'scipy.stats' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=300)
    assert (tmp_path / "out.xlsx").exists()


def test_the_short_sheets_and_the_deck_are_the_same_with_and_without_facts(orders: Orders) -> None:
    without, with_them = (analyse(orders, SETTINGS, clusters=found) for found in (False, True))
    assert "kmeans5" in names(with_them)
    assert "kmeans5" not in names(without)
    told = [(workbook(one, find_facts(one)), deck(one, find_facts(one))) for one in (without, with_them)]
    assert told[0] == told[1]


@pytest.mark.parametrize("asked", [{"sheets": "full"}, {"clusters": 4}, {"scheme": "kmeans5"}])
def test_clusters_are_shown_where_somebody_asks_for_them(orders: Orders, asked: dict[str, object]) -> None:
    analysis = analyse(orders, Settings(as_of=SETTINGS.as_of, **asked))  # type: ignore[arg-type]
    assert analysis.shows("kmeans5")
    sheet = next(sheet for sheet in workbook(analysis, find_facts(analysis)).sheets if sheet.name == "Segments")
    shown = "lead" if "scheme" in asked else "kmeans5"
    tables = {block.key: block for block in sheet.blocks if isinstance(block, Table)}
    assert "k-means" in tables[shown].lead
    assert "stand in the full set" not in str(sheet)
