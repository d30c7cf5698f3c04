"""A report as Markdown with the tables of GitHub. A chart stands as the table that it draws: the file needs no pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from regulars.base.files import MARK
from regulars.base.units import Currency
from regulars.render.report.cells import is_number, rows_shown, shown
from regulars.story.report_spec import Bullets, Grid, Heading, KeyFigures, Paragraph, Part, Picture, Report
from regulars.story.sheet_spec import ChartKind, Table, Tone

SPECIAL = re.compile(r"([\\`*_\[\]<>|#~@])|(?<=:)(//)|(?<=www)(\.)|&(?=#?\w+;)")
AT_START = re.compile(r"^(\s*)([-+=>]|\d+(?=[.)](?:\s|$)))")
COMMENT = f"<!-- {MARK} -->"


def markdown(report: Report) -> str:
    r"""Return the report as one Markdown text.

    >>> from regulars.story.report_spec import Report
    >>> print(markdown(Report("Shops | 1", "in all", ())))
    <!-- Made by regulars -->
    <BLANKLINE>
    # Shops \| 1
    <BLANKLINE>
    *in all*
    <BLANKLINE>
    """
    blocks = [COMMENT, f"# {escaped(report.title)}"]
    if report.subtitle:
        blocks.append(f"*{escaped(report.subtitle)}*")
    tables = [_columns(part, report.currency) for part in report.parts if isinstance(part, Grid)]
    for part in report.parts:
        blocks += _part(part, report.currency, tables)
    if report.footer:
        blocks += ["---", *(f"<sub>{escaped(line)}</sub>" for line in report.footer)]
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    r"""Return a text that Markdown shows as it is, whoever wrote it: no markup, no link, one line.

    >>> escaped("*A* [b](http://c.example) <script>"), escaped("- 1|2"), escaped("3. x")
    ('\\*A\\* \\[b\\](http:\\/\\/c.example) \\<script\\>', '\\- 1\\|2', '3\\. x')
    """
    line = " ".join(text.split())
    line = SPECIAL.sub(_guarded, line)
    start = AT_START.match(line)
    if start is None:
        return line
    before, sign = start.groups()
    # Of a number at the start, the sign after it makes the list.
    return f"{before}{sign}\\{line[start.end() :]}" if sign.isdigit() else f"{before}\\{line[len(before) :]}"


def _guarded(match: re.Match[str]) -> str:
    special, slashes, dot = match.groups()
    return r"\/\/" if slashes else f"\\{special or dot}" if special or dot else "&amp;"


def _columns(grid: Grid, currency: Currency) -> set[tuple[str, ...]]:
    """Return the columns of a table as they are shown, without the total."""
    rows = rows_shown(grid, currency)[: len(grid.table.rows)]
    return set(zip(*rows, strict=True))


def _part(part: Part, currency: Currency, tables: list[set[tuple[str, ...]]]) -> Iterator[str]:
    if isinstance(part, Heading):
        yield f"{'#' * part.level} {escaped(part.text)}"
    elif isinstance(part, Paragraph):
        yield _paragraph(part)
    elif isinstance(part, Bullets):
        marks = (f"{number}." if part.numbered else "-" for number in range(1, len(part.items) + 1))
        yield "\n".join(f"{mark} {escaped(item)}" for mark, item in zip(marks, part.items, strict=True))
    elif isinstance(part, KeyFigures):
        yield "\n".join(
            f"- **{escaped(shown(one.value, one.unit, currency))}** {escaped(one.label)}"
            + (f" ({escaped(one.scope)})" if one.scope else "")
            for one in part.figures
        )
    elif isinstance(part, Picture):
        yield from _picture(part, currency, tables)
    else:
        yield from _grid(part, currency)


def _paragraph(part: Paragraph) -> str:
    label = f"**{escaped(part.label)}{'' if part.label.endswith('?') else ':'}**" if part.label else ""
    text = escaped(part.text)
    if part.tone is Tone.WARNING:
        text = f"> {text}"
    elif part.tone is Tone.SMALL and text:
        text = f"<sub>{text}</sub>"
    return " ".join(one for one in (label, text) if one)


def _picture(part: Picture, currency: Currency, tables: list[set[tuple[str, ...]]]) -> Iterator[str]:
    """Yield a chart as its message and the table that it draws; where a table has the same columns, it is enough."""
    yield " ".join(escaped(one) for one in (f"{part.chart.title}.", part.chart.alt) if one)
    keys = (part.chart.categories, *part.chart.series)
    places = [number for number, column in enumerate(part.table.columns) if column.key in keys]
    if part.chart.kind is ChartKind.WATERFALL:
        # Its series only carry the floating bars; the amounts stand in the column before them.
        places = places[:1] + [number for number in range(1, len(part.table.columns)) if number not in places][:1]
    rows = tuple(replace(row, cells=tuple(row.cells[place] for place in places)) for row in part.table.rows)
    drawn = Grid(Table(part.table.key, tuple(part.table.columns[place] for place in places), rows))
    if not any(_columns(drawn, currency) <= one for one in tables):
        yield from _grid(drawn, currency)


def _grid(grid: Grid, currency: Currency) -> Iterator[str]:
    table = grid.table
    lines = [_line([escaped(column.title) for column in table.columns])]
    lines.append(_line(["---:" if is_number(column) else "---" for column in table.columns]))
    shown_rows = [[escaped(cell) for cell in row] for row in rows_shown(grid, currency)]
    strong = [row.strong for row in table.rows] + ([True] if table.total is not None else [])
    for cells, is_strong in zip(shown_rows, strong, strict=True):
        lines.append(_line([f"**{cell}**" if is_strong and cell else cell for cell in cells]))
    if table.title:
        yield f"**{escaped(table.title)}**"
    if table.lead:
        yield escaped(table.lead)
    yield "\n".join(lines)
    if table.remark:
        yield f"<sub>{escaped(table.remark)}</sub>"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
