"""A slide's table before it is drawn: shown texts, tints, and the plan of widths, heights and font size.

Widths come from measured words: no word and no number is broken. What does not fit is brief, then optional columns go,
then the rest continues on another slide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from regulars.base.units import MISSING, Currency, Kind, Unit, Value
from regulars.render.deck.measure import Face
from regulars.render.deck.theme import Paint, Theme
from regulars.story.slide_spec import Role, SlideTable

SIZES = (14, 13, 12, 11)
HEADER_SIZE = 12
SIDE = 0.08 * 72  # margin left and right of a cell's text, points
SLACK = 1.5
ABOVE = 0.025 * 72  # smallest margin above and below, points
TALLEST_ROW = 0.56 * 72
TALLEST_HEAT_ROW = 0.8 * 72
HEADER_PADDING = 9.0
STRONGEST_TINT, WEAKEST_TINT, NO_TINT = 0.30, 0.10, 0.02
PALEST_HEAT = 0.06
BRIEF_FROM = 999_500


@dataclass(frozen=True)
class Cell:
    """What a cell shows, in full and in brief, and its tint."""

    text: str
    brief: str
    paint: Paint | None = None


@dataclass(frozen=True)
class GridColumn:
    """A column's heading and how its cells are set."""

    title: str
    unit: Unit
    optional: bool
    heat: bool

    @property
    def numeric(self) -> bool:
        """Say whether the cells are numbers, which stand right."""
        return self.unit.kind is not Kind.TEXT


@dataclass(frozen=True)
class Grid:
    """A table of shown texts."""

    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    alt: str
    title: str
    total: tuple[Cell, ...] | None = None
    roles: tuple[Role | None, ...] = ()


@dataclass(frozen=True)
class Plan:
    """How a grid is drawn, in points: the columns kept, whether money is brief, how many rows come on this slide."""

    size: float
    columns: tuple[int, ...]
    brief: bool
    widths: tuple[float, ...]
    header: float
    rows: tuple[float, ...]
    taken: int

    @property
    def height(self) -> float:
        """Return the height of the whole table."""
        return self.header + sum(self.rows)


def grid_of(table: SlideTable, theme: Theme, currency: Currency) -> Grid:
    """Return the table as shown texts with their tints."""
    columns = tuple(GridColumn(column.title, column.unit, column.optional, column.heat) for column in table.columns)
    paints = tuple(_paints(table, number, theme) for number in range(len(columns)))
    rows = tuple(
        tuple(
            _cell(value, columns[number].unit, currency, paints[number][position]) for number, value in enumerate(row)
        )
        for position, row in enumerate(table.rows)
    )
    total = None
    if table.total is not None:
        total = tuple(
            # A total has no text where a text column has nothing to add up.
            Cell("", "") if value is None and not column.numeric else _cell(value, column.unit, currency, None)
            for value, column in zip(table.total, columns, strict=True)
        )
    return Grid(columns, rows, table.alt, table.title, total, table.roles)


def plan(grid: Grid, face: Face, width: float, height: float) -> Plan | None:
    """Return the best plan for a room in points, or None when the columns or a single row do not fit."""
    optional = [number for number, column in enumerate(grid.columns) if column.optional]
    by_dropped = []
    for unwrapped in (False, True):
        for dropped in range(len(optional) + 1):
            left_out = set(optional[len(optional) - dropped :])
            kept = tuple(number for number in range(len(grid.columns)) if number not in left_out)
            drafts = _drafts(grid, face, width, kept, unwrapped=unwrapped)
            whole = next((draft for draft in drafts if draft.height <= height), None)
            if whole is not None:
                return _spread(whole, grid, height)
            if not unwrapped:
                by_dropped.append(drafts)
    # No choice of columns saves a second slide: then as many of them as possible stay.
    widest = next((drafts for drafts in by_dropped if drafts), None)
    return _split(widest, grid, height) if widest else None


def _drafts(grid: Grid, face: Face, width: float, kept: tuple[int, ...], *, unwrapped: bool = False) -> list[Plan]:
    """Return the plans whose columns fit, the best first: large, then with brief money, then smaller.

    `unwrapped` gives the first column the width that it needs, and the numbers what is left.
    """
    return [
        draft
        for sizes in (SIZES[:3], SIZES[3:])
        for brief in ((False, True) if _has_brief(grid, kept) else (False,))
        for size in sizes
        if (draft := _draft(grid, face, width, size, kept, brief=brief, unwrapped=unwrapped)) is not None
    ]


def rest_of(grid: Grid, taken: int) -> Grid:
    """Return the rows that come on the next slide, with the total."""
    return replace(grid, rows=grid.rows[taken:], roles=grid.roles[taken:])


def columns_of(grid: Grid, numbers: Sequence[int]) -> Grid:
    """Return the grid with some of its columns."""
    total = None if grid.total is None else tuple(grid.total[number] for number in numbers)
    return replace(
        grid,
        columns=tuple(grid.columns[number] for number in numbers),
        rows=tuple(tuple(row[number] for number in numbers) for row in grid.rows),
        total=total,
    )


def split_columns(grid: Grid, face: Face, width: float, height: float) -> tuple[Grid, Grid] | None:
    """Return as many of the first columns as fit, and the others behind the first one; None where not even two fit."""
    for count in range(len(grid.columns) - 1, 1, -1):
        first = columns_of(grid, range(count))
        if plan(first, face, width, height) is not None:
            return first, columns_of(grid, (0, *range(count, len(grid.columns))))
    return None


def _cell(value: Value, unit: Unit, currency: Currency, paint: Paint | None) -> Cell:
    shown = MISSING if value is None else unit.show(value, currency)
    return Cell(shown, unit.show(value, currency, brief=True) if unit.kind is Kind.MONEY else shown, paint)


def _has_brief(grid: Grid, kept: Sequence[int]) -> bool:
    rows = (*grid.rows, *((grid.total,) if grid.total else ()))
    return any(row[number].text != row[number].brief for row in rows for number in kept)


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and value == value else None  # noqa: PLR0124  NaN


def _paints(table: SlideTable, number: int, theme: Theme) -> tuple[Paint | None, ...]:
    column = table.columns[number]
    values = [_number(row[number]) for row in table.rows]
    if column.heat:
        return _heat(values, table, theme)
    if column.tinted:
        return _tint(values, theme)
    return (None,) * len(values)


def _heat(values: list[float | None], table: SlideTable, theme: Theme) -> tuple[Paint | None, ...]:
    # All heat columns share one scale: a matrix is read across.
    shared = [
        found
        for row in table.rows
        for column, value in zip(table.columns, row, strict=True)
        if column.heat and (found := _number(value)) is not None
    ]
    low, high = min(shared, default=0.0), max(shared, default=0.0)
    slot = theme.roles[Role.HIGHLIGHT].slot

    def paint(value: float | None) -> Paint | None:
        if value is None:
            return None
        depth = (value - low) / (high - low) if high > low else 0.0
        return theme.readable(Paint(slot, round(PALEST_HEAT + (1 - PALEST_HEAT) * depth, 4)))

    return tuple(paint(value) for value in values)


def _tint(values: list[float | None], theme: Theme) -> tuple[Paint | None, ...]:
    known = [value for value in values if value is not None]
    if not known:
        return (None,) * len(values)
    mean = math.fsum(known) / len(known)
    farthest = max((abs(value - mean) for value in known), default=0.0)

    def paint(value: float | None) -> Paint | None:
        if value is None or farthest == 0 or abs(value - mean) <= NO_TINT * abs(mean):
            return None
        role = Role.POSITIVE if value > mean else Role.LINE
        alpha = WEAKEST_TINT + (STRONGEST_TINT - WEAKEST_TINT) * abs(value - mean) / farthest
        return theme.readable(Paint(theme.roles[role].slot, round(alpha, 4)))

    return tuple(paint(value) for value in values)


def _texts(grid: Grid, number: int, *, brief: bool) -> list[tuple[str, bool]]:
    """Return a column's cells with whether they are bold."""
    cells = [(row[number], number == 0) for row in grid.rows]
    if grid.total:
        cells.append((grid.total[number], True))
    return [(cell.brief if brief else cell.text, bold) for cell, bold in cells]


def _draft(
    grid: Grid, face: Face, width: float, size: float, kept: tuple[int, ...], *, brief: bool, unwrapped: bool
) -> Plan | None:
    columns = [grid.columns[number] for number in kept]
    texts = [_texts(grid, number, brief=brief) for number in kept]
    limits = [_limits(column, cells, face, size) for column, cells in zip(columns, texts, strict=True)]
    if unwrapped:
        limits = [(limits[0][1], limits[0][1]), *limits[1:]]
    widths = _share(_equal(columns, limits), width) or _share(limits, width)
    if widths is None:
        return None
    inner = [wide - 2 * SIDE for wide in widths]
    line = size * face.line
    header_size = min(size, HEADER_SIZE)
    header_lines = max(face.lines(c.title, header_size, w, bold=True) for c, w in zip(columns, inner, strict=True))
    rows = tuple(
        max(
            face.lines(cells[position][0], size, wide, bold=cells[position][1])
            for cells, wide in zip(texts, inner, strict=True)
        )
        * line
        + 2 * ABOVE
        for position in range(len(texts[0]))
    )
    return Plan(
        size, kept, brief, widths, header_lines * header_size * face.line + HEADER_PADDING, rows, len(grid.rows)
    )


def _limits(column: GridColumn, cells: Sequence[tuple[str, bool]], face: Face, size: float) -> tuple[float, float]:
    """Return the width below which something breaks, and the width at which nothing wraps needlessly."""
    around = 2 * SIDE + SLACK
    heading = min(size, HEADER_SIZE)
    natural = max((face.width(text, size, bold=bold) for text, bold in cells), default=0.0)
    broken = natural if column.numeric else max((face.longest_word(t, size, bold=b) for t, b in cells), default=0.0)
    least = max(broken, face.longest_word(column.title, heading, bold=True)) + around
    return least, max(natural + around, _two_lines(column.title, face, heading) + around, least)


def _two_lines(title: str, face: Face, size: float) -> float:
    words = title.split()
    halves = ((" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words) + 1))
    return min((max(face.width(half, size, bold=True) for half in pair) for pair in halves), default=0.0)


def _equal(columns: Sequence[GridColumn], limits: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the limits with those of numeric columns of one kind made equal."""
    widest: dict[tuple[Kind, int], tuple[float, float]] = {}
    for column, (least, natural) in zip(columns, limits, strict=True):
        before = widest.get((column.unit.kind, column.unit.decimals), (0.0, 0.0))
        widest[column.unit.kind, column.unit.decimals] = (max(before[0], least), max(before[1], natural))
    return [
        widest[column.unit.kind, column.unit.decimals] if column.numeric else limit
        for column, limit in zip(columns, limits, strict=True)
    ]


def _share(limits: Sequence[tuple[float, float]], width: float) -> tuple[float, ...] | None:
    """Return widths that add up to the whole, or None when the smallest do not fit."""
    least = sum(low for low, _ in limits)
    if least > width:
        return None
    wanted = sum(natural - low for low, natural in limits)
    spare = width - least
    if wanted >= spare:
        share = spare / wanted if wanted else 0.0
        return tuple(low + (natural - low) * share for low, natural in limits)
    more = (spare - wanted) / len(limits)
    return tuple(natural + more for _, natural in limits)


def _spread(draft: Plan, grid: Grid, height: float) -> Plan:
    """Return the plan with the free height given to header and rows, up to a comfortable row."""
    heat = any(column.heat for column in grid.columns)
    tallest = TALLEST_HEAT_ROW if heat else TALLEST_ROW
    free = height - draft.height
    header = draft.header + min(free * 0.1, 8)
    spare = (height - header - sum(draft.rows)) / max(len(draft.rows), 1)
    rows = tuple(max(row, min(row + spare, tallest)) for row in draft.rows)
    return replace(draft, header=header, rows=rows)


def _split(drafts: Sequence[Plan], grid: Grid, height: float) -> Plan | None:
    """Return a plan for the first of several slides, with rows shared evenly between them."""
    draft = next((plan for plan in drafts if plan.size <= 12), drafts[-1])
    total = draft.rows[len(grid.rows) :]
    room = height - draft.header - sum(total)
    fitting, used = 0, 0.0
    while fitting < len(grid.rows) and used + draft.rows[fitting] <= room:
        used += draft.rows[fitting]
        fitting += 1
    if fitting == 0:
        return None
    slides = math.ceil(len(grid.rows) / fitting)
    taken = min(fitting, math.ceil(len(grid.rows) / slides))
    short = replace(draft, rows=draft.rows[:taken], taken=taken)
    return _spread(short, grid, height)
