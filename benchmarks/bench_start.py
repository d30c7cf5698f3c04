"""How fast the command line answers before it has anything to do, and what it leaves unloaded."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from functools import partial
from pathlib import Path

from measure import cost_of, cost_of_call, least
from report import Claim, Report, options, publish

REGULARS = Path(sys.executable).with_name("regulars")
COMMANDS = ("--version", "--help", "analyze --help")
MOST_SECONDS = 0.5
HEAVY = (
    "duckdb",
    "fastexcel",
    "lifetimes",
    "numpy",
    "openpyxl",
    "pandas",
    "pptx",
    "pyarrow",
    "scipy",
    "sklearn",
    "xlsxwriter",
    "xlwings",
)


def nothing() -> None:
    """Start the interpreter and the module that measures: what no command can go below."""


def print_modules(command: str) -> None:
    """Run a command in this process and print which modules it left loaded."""
    from regulars.cli import main  # noqa: PLC0415

    with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.suppress(SystemExit):
        main(command.split())
    if not shown.getvalue().strip():
        sys.exit(f"regulars {command} printed nothing")
    print(json.dumps(sorted(sys.modules)))


def heavy_modules(command: str) -> list[str]:
    """Return the heavy libraries that a command loads."""
    loaded = {name.partition(".")[0] for name in json.loads(cost_of_call(print_modules, command).output)}
    return [name for name in HEAVY if name in loaded]


def report(*, quick: bool) -> Report:
    """Measure each command, and compare with what is claimed."""
    times = 3 if quick else 7
    bare = least(lambda: cost_of_call(nothing), times)
    rows = [("an empty function", f"{bare.cpu:.2f}", f"{bare.wall:.2f}", f"{bare.peak_megabytes:.0f}", "")]
    figures = {"nothing.cpu_seconds": bare.cpu}
    claims = []
    for command in COMMANDS:
        heavy = heavy_modules(command)
        cost = least(partial(cost_of, [REGULARS, *command.split()]), times)
        rows.append(
            (
                f"regulars {command}",
                f"{cost.cpu:.2f}",
                f"{cost.wall:.2f}",
                f"{cost.peak_megabytes:.0f}",
                ", ".join(heavy) or "none",
            )
        )
        key = command.replace("--", "").replace(" ", ".")
        figures[f"{key}.cpu_seconds"] = cost.cpu
        figures[f"{key}.wall_seconds"] = cost.wall
        figures[f"{key}.peak_megabytes"] = cost.peak_megabytes
        figures[f"{key}.heavy_modules"] = len(heavy)
        claims += [
            Claim(
                f"regulars {command} takes {cost.cpu:.2f} CPU s, less than {MOST_SECONDS} s", cost.cpu < MOST_SECONDS
            ),
            Claim(f"regulars {command} loads none of {len(HEAVY)} heavy libraries: {', '.join(HEAVY)}", not heavy),
        ]
    return Report(
        name="start",
        title=f"Start of the command line, least of {times} runs",
        columns=("command", "CPU s", "wall s", "peak MB", "heavy libraries loaded"),
        rows=rows,
        figures=figures,
        claims=claims,
    )


if __name__ == "__main__":
    chosen = options(__doc__ or "")
    sys.exit(publish(report(quick=chosen.quick), chosen))
