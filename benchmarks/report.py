"""What a benchmark says: a table for readers, figures by key for machines, and claims that hold or fail."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("regulars", "duckdb", "fastexcel", "lifetimes", "numpy", "openpyxl", "pandas", "pyarrow", "scikit-learn")
FAILED = 1


@dataclass(frozen=True)
class Options:
    """What a benchmark may be told."""

    quick: bool
    json: Path | None


@dataclass(frozen=True)
class Claim:
    """A sentence about the figures, and whether they bear it out."""

    text: str
    holds: bool


@dataclass(frozen=True)
class Report:
    """The result of a benchmark. Seconds and megabytes are keyed as such in `figures`."""

    name: str
    title: str
    columns: Sequence[str]  # the first names what was measured, the others are numbers
    rows: Sequence[Sequence[str]]
    figures: Mapping[str, float]
    claims: Sequence[Claim] = ()
    notes: Sequence[str] = ()


def options(explained: str) -> Options:
    """Read the command line that all benchmarks share."""
    parser = argparse.ArgumentParser(description=explained)
    parser.add_argument("--quick", action="store_true", help="less data and fewer runs: under a minute")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the figures by key")
    given = parser.parse_args()
    return Options(quick=given.quick, json=given.json)


def publish(report: Report, chosen: Options) -> int:
    """Print the table and the claims, write the JSON if it is wanted, and return the exit code."""
    from rich.console import Console  # noqa: PLC0415  the process that measures stays small
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=f"{report.title}{' (quick)' if chosen.quick else ''}", title_justify="left")
    for number, column in enumerate(report.columns):
        table.add_column(column, justify="right" if number else "left", overflow="fold")
    for row in report.rows:
        table.add_row(*row)
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    for note in report.notes:
        console.print(note, markup=False, highlight=False)
    for claim in report.claims:
        console.print(f"{'PASS' if claim.holds else 'FAIL'}  {claim.text}", markup=False, highlight=False)
    if chosen.json is not None:
        chosen.json.write_text(_as_json(report, chosen), encoding="utf-8")
    return 0 if all(claim.holds for claim in report.claims) else FAILED


def _as_json(report: Report, chosen: Options) -> str:
    document = {
        "benchmark": report.name,
        "quick": chosen.quick,
        "machine": {"system": platform.platform(), "processors": os.cpu_count(), "python": platform.python_version()},
        "versions": {name: version(name) for name in LIBRARIES},
        "figures": dict(report.figures),
        "claims": [{"text": claim.text, "holds": claim.holds} for claim in report.claims],
    }
    return json.dumps(document, indent=2) + "\n"
