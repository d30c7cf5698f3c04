"""Charts as SVG, drawn from the same specs as the workbook's native charts: bars, columns, lines, waterfall, tornado."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from regulars.base.units import Currency, Unit
from regulars.render.report.axis import Axis, axis_over
from regulars.render.report.cells import shown
from regulars.story.sheet_spec import Chart, ChartKind, Column, Table
from regulars_workbooks.theme import SHIPPED

COLOURS: Mapping[str, str] = SHIPPED.values["colours"]
PAINTS = tuple(COLOURS[name] for name in ("cobalt", "teal", "amber", "slate", "brick"))
UP, DOWN, SUM, QUIET = COLOURS["teal"], COLOURS["brick"], COLOURS["navy"], COLOURS["slate_tint"]
WIDTH, HEIGHT = 720.0, 300.0
TOP, BOTTOM, RIGHT = 26.0, 40.0, 18.0
LETTER, SMALL = 5.6, 4.6  # width of a letter at the size of labels and of small ones, on average
SIZE = 10.5
ROW = 24.0  # height of a bar with its gap
LONGEST = 34  # letters of a category; what is longer is cut, and whole in the table
MANY = 14  # categories up to which each is named, in two lines if need be


@dataclass(frozen=True)
class Series:
    """One series of numbers, with what it is called and how it is shown."""

    name: str
    values: tuple[float, ...]
    unit: Unit


@dataclass(frozen=True)
class Data:
    """What a chart draws."""

    categories: tuple[str, ...]
    keys: tuple[str, ...]
    series: tuple[Series, ...]
    currency: Currency
    highlight: str

    def label(self, value: float, series: int = 0) -> str:
        """Return a number as it stands at its mark."""
        return shown(value, self.series[series].unit, self.currency, brief=True)


def svg(chart: Chart, table: Table, currency: Currency) -> str:
    """Return a chart as an SVG element; an empty text where there is nothing to draw."""
    data = _data(chart, table, currency)
    if not data.categories or not any(value for one in data.series for value in one.values):
        return ""
    height, marks = DRAWN[chart.kind](data)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(WIDTH)} {_n(height)}" role="img" '
        f'aria-label="{escape(chart.alt or chart.title)}" font-family="system-ui, sans-serif" font-size="{SIZE}" '
        f'fill="{COLOURS["ink"]}">{"".join(marks)}</svg>'
    )


def _data(chart: Chart, table: Table, currency: Currency) -> Data:
    place = {column.key: number for number, column in enumerate(table.columns)}
    first = place[chart.categories]

    def number(value: object) -> float:
        known = isinstance(value, int | float) and value == value  # noqa: PLR0124  NaN is the only value unlike itself
        return float(value) if known and isinstance(value, int | float) else 0.0

    def of(column: Column) -> Series:
        return Series(column.title, tuple(number(row.cells[place[column.key]]) for row in table.rows), column.unit)

    return Data(
        tuple(str(row.cells[first]) for row in table.rows),
        tuple(row.key for row in table.rows),
        tuple(of(table.columns[place[key]]) for key in chart.series),
        currency,
        chart.highlight,
    )


def _bars(data: Data) -> tuple[float, list[str]]:
    """Draw bars to the right of their names, one colour but for the bar that carries the message."""
    left = _room(data.categories)
    count = len(data.series)
    thick = ROW * (1 if count == 1 else 0.75) * 0.72
    step = ROW if count == 1 else thick * count + 8
    top = TOP if count > 1 else 6.0
    axis = axis_over([value for one in data.series for value in one.values], left, WIDTH - RIGHT - 60)
    marks = _legend(data) if count > 1 else []
    for row, name in enumerate(data.categories):
        y = top + row * step
        marks.append(_text(left - 8, y + step / 2 - 1, _cut(name), anchor="end"))
        for number, one in enumerate(data.series):
            value, at = one.values[row], y + (step - thick * count) / 2 + number * thick
            paint = PAINTS[number]
            if count == 1 and data.highlight and data.keys[row] != data.highlight:
                paint = QUIET
            marks.append(_rect(min(axis.at(0), axis.at(value)), at, abs(axis.at(value) - axis.at(0)), thick, paint))
            marks.append(_text(max(axis.at(value), axis.at(0)) + 5, at + thick / 2, data.label(value, number)))
    height = top + step * len(data.categories) + 6
    marks.append(_line(axis.at(0), top, axis.at(0), height - 6, COLOURS["slate"]))
    return height, marks


def _columns(data: Data) -> tuple[float, list[str]]:
    return _standing(data, stacked=False)


def _stacked(data: Data) -> tuple[float, list[str]]:
    return _standing(data, stacked=True)


def _standing(data: Data, *, stacked: bool) -> tuple[float, list[str]]:
    sums = [sum(one.values[at] for one in data.series) for at in range(len(data.categories))]
    values = sums if stacked else [value for one in data.series for value in one.values]
    axis, left, marks = _frame(data, values)
    step = (WIDTH - RIGHT - left) / len(data.categories)
    count = 1 if stacked else len(data.series)
    thick = min(step * 0.78 / count, 46.0)
    for place, key in enumerate(data.keys):
        middle, base = left + step * (place + 0.5), 0.0
        for number, one in enumerate(data.series):
            value = one.values[place]
            x = middle - thick * count / 2 + (0 if stacked else number * thick)
            quiet = len(data.series) == 1 and data.highlight and key != data.highlight
            low, high = sorted((axis.at(base), axis.at(base + value)))
            marks.append(_rect(x, low, thick, high - low, QUIET if quiet else PAINTS[number]))
            room = thick if count > 1 else step
            if not stacked and SMALL * len(data.label(value, number)) <= room + 4:
                small = room < LETTER * len(data.label(value, number))
                marks.append(_text(x + thick / 2, low - 7, data.label(value, number), anchor="middle", small=small))
            base += value if stacked else 0.0
    return HEIGHT, marks + _names(data, left, step)


def _pareto(data: Data) -> tuple[float, list[str]]:
    """Draw columns of the first series, and the second as a line; both are shares and have one axis."""
    columns, line = data.series
    axis, left, marks = _frame(data, [*columns.values, *line.values], (PAINTS[0], PAINTS[2]))
    step = (WIDTH - RIGHT - left) / len(data.categories)
    thick = min(step * 0.7, 46.0)
    points = []
    for place in range(len(data.categories)):
        middle, value = left + step * (place + 0.5), columns.values[place]
        marks.append(_rect(middle - thick / 2, axis.at(value), thick, axis.at(0) - axis.at(value), PAINTS[0]))
        marks.append(_text(middle, axis.at(value) - 7, data.label(value), anchor="middle"))
        points.append((middle, axis.at(line.values[place])))
    marks.append(_path(points, PAINTS[2]))
    for place, (x, y) in enumerate(points):
        marks.append(_dot(x, y, PAINTS[2]))
        # Where the line is near the column, its number would stand in the column's.
        if place and axis.at(columns.values[place]) - y > 26:
            marks.append(_text(x, y - 7, data.label(line.values[place], 1), anchor="middle"))
    return HEIGHT, marks + _names(data, left, step)


def _lines(data: Data) -> tuple[float, list[str]]:
    """Draw lines; one alone has its lowest and highest value at it, several their last."""
    axis, left, marks = _frame(data, [value for one in data.series for value in one.values])
    step = (WIDTH - RIGHT - 30 - left) / max(len(data.categories) - 1, 1)
    for number, one in enumerate(data.series):
        points = [(left + step * place, axis.at(value)) for place, value in enumerate(one.values)]
        marks.append(_path(points, PAINTS[number]))
        last = len(points) - 1
        said = {last} if len(data.series) > 1 else {*_extremes(one.values)}
        for place in sorted(said):
            x, y = points[place]
            marks.append(_dot(x, y, PAINTS[number]))
            if len(data.series) > 1 and one.values[last] == data.series[0].values[last] and number:
                continue
            above = -8 if one.values[place] >= sum(one.values) / len(one.values) else 12
            marks.append(_text(x, y + above, data.label(one.values[place], number), anchor="middle"))
    return HEIGHT, marks + _names(data, left - step / 2, step)


def _extremes(values: tuple[float, ...]) -> tuple[int, int]:
    return values.index(max(values)), values.index(min(values))


def _waterfall(data: Data) -> tuple[float, list[str]]:
    """Draw floating steps over an unseen first series: up, down, total."""
    below, up, down, total = data.series
    ends = [sum(one.values[at] for one in data.series) for at in range(len(data.categories))]
    shown_at = [at for at in range(len(ends)) if up.values[at] or down.values[at] or total.values[at]]
    kept = Data(
        tuple(data.categories[at] for at in shown_at), tuple(data.keys[at] for at in shown_at), data.series,
        data.currency, data.highlight,
    )  # fmt: skip
    axis, left, marks = _frame(kept, [ends[at] for at in shown_at] + [total.values[at] for at in shown_at], paints=())
    step = (WIDTH - RIGHT - left) / len(shown_at)
    thick = min(step * 0.7, 56.0)
    for place, at in enumerate(shown_at):
        x = left + step * (place + 0.5) - thick / 2
        size = up.values[at] or down.values[at] or total.values[at]
        start = below.values[at]
        paint = UP if up.values[at] else DOWN if down.values[at] else SUM
        low, high = sorted((axis.at(start), axis.at(start + size)))
        sign = -1 if down.values[at] else 1
        marks.append(_rect(x, low, thick, high - low, paint))
        marks.append(_text(x + thick / 2, low - 7, data.label(sign * size), anchor="middle"))
    return HEIGHT, marks + _names(kept, left, step)


def _tornado(data: Data) -> tuple[float, list[str]]:
    """Draw bars to both sides of nought, the widest first; what swings nothing is left out."""
    rows = [at for at in range(len(data.categories)) if any(one.values[at] for one in data.series)]
    left = _room(tuple(data.categories[at] for at in rows)) + 50
    axis = axis_over([one.values[at] for one in data.series for at in rows], left, WIDTH - RIGHT - 50)
    marks = []
    for row, at in enumerate(rows):
        y = 6 + row * ROW
        marks.append(_text(left - 58, y + ROW / 2 - 1, _cut(data.categories[at]), anchor="end"))
        for number, one in enumerate(data.series):
            value = one.values[at]
            x = min(axis.at(0), axis.at(value))
            marks.append(_rect(x, y + 3, abs(axis.at(value) - axis.at(0)), ROW * 0.7, UP if value > 0 else DOWN))
            side, anchor = (5, "start") if value > 0 else (-5, "end")
            if value:
                marks.append(_text(axis.at(value) + side, y + 3 + ROW * 0.35, data.label(value, number), anchor=anchor))
    height = 12 + ROW * len(rows)
    marks.append(_line(axis.at(0), 4, axis.at(0), height - 4, COLOURS["slate"]))
    return height, marks


def _frame(data: Data, values: list[float], paints: tuple[str, ...] = PAINTS) -> tuple[Axis, float, list[str]]:
    """Return the upright axis, where its area begins, and gridlines with their labels."""
    axis = axis_over(values, HEIGHT - BOTTOM, TOP + 12)
    labels = [data.label(tick) for tick in axis.ticks]
    left = 12 + max(len(label) for label in labels) * LETTER
    marks = _legend(data, paints) if paints and len(data.series) > 1 else []
    for tick, label in zip(axis.ticks, labels, strict=True):
        y = axis.at(tick)
        marks.append(_line(left, y, WIDTH - RIGHT, y, COLOURS["slate"] if tick == 0 else COLOURS["hairline"]))
        marks.append(_text(left - 6, y, label, anchor="end", quiet=True))
    return axis, left, marks


def _names(data: Data, left: float, step: float) -> list[str]:
    """Return the categories under an area: each where there is room for all, else every so many."""
    longest = max(len(name) for name in data.categories)
    room = max(int(step / LETTER), 1)
    if longest > room and len(data.categories) <= MANY:
        return [
            _text(left + step * (place + 0.5), HEIGHT - BOTTOM + 15 + 12 * line, part, anchor="middle", small=True)
            for place, name in enumerate(data.categories)
            for line, part in enumerate(_broken(name, room + 2))
        ]
    every = -(-min(longest + 2, LONGEST) // room) if longest > room else 1
    return [
        _text(left + step * (place + 0.5), HEIGHT - BOTTOM + 15, _cut(name), anchor="middle", quiet=True)
        for place, name in enumerate(data.categories)
        if place % every == 0
    ]


def _broken(name: str, room: int) -> Iterator[str]:
    """Yield a name in two lines at most, cut where it is longer still."""
    first, words = "", name.split()
    while words and len(f"{first} {words[0]}".strip()) <= room:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    yield first or _cut(rest, room)
    if first and rest:
        yield _cut(rest, room)


def _legend(data: Data, paints: tuple[str, ...] = PAINTS) -> list[str]:
    marks, x = [], 12.0
    for number, one in enumerate(data.series):
        marks += [_rect(x, 5, 10, 10, paints[number]), _text(x + 15, 10, one.name)]
        x += 34 + len(one.name) * LETTER
    return marks


def _room(categories: tuple[str, ...]) -> float:
    return 16 + max(len(_cut(name)) for name in categories) * LETTER


def _cut(name: str, most: int = LONGEST) -> str:
    return name if len(name) <= most else f"{name[: max(most - 1, 1)].rstrip()}…"


def _n(value: float) -> str:
    """Return a coordinate with two decimals at most, so that the same chart is the same text everywhere."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _rect(x: float, y: float, width: float, height: float, paint: str) -> str:
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(max(height, 0))}" fill="{paint}"/>'


def _line(x: float, y: float, to_x: float, to_y: float, paint: str) -> str:
    return f'<line x1="{_n(x)}" y1="{_n(y)}" x2="{_n(to_x)}" y2="{_n(to_y)}" stroke="{paint}"/>'


def _path(points: list[tuple[float, float]], paint: str) -> str:
    told = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return f'<polyline points="{told}" fill="none" stroke="{paint}" stroke-width="2.2" stroke-linejoin="round"/>'


def _dot(x: float, y: float, paint: str) -> str:
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3.2" fill="{paint}"/>'


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", quiet: bool = False, small: bool = False
) -> str:  # fmt: skip
    look = f' text-anchor="{anchor}"' if anchor != "start" else ""
    look += f' fill="{COLOURS["slate"]}"' if quiet else ""
    look += ' font-size="8.5"' if small else ""
    return f'<text x="{_n(x)}" y="{_n(y + 3.5)}"{look}>{escape(text)}</text>'


DRAWN: Mapping[ChartKind, Callable[[Data], tuple[float, list[str]]]] = {
    ChartKind.BAR: _bars,
    ChartKind.COLUMN: _columns,
    ChartKind.STACKED: _stacked,
    ChartKind.LINE: _lines,
    ChartKind.PARETO: _pareto,
    ChartKind.WATERFALL: _waterfall,
    ChartKind.TORNADO: _tornado,
}
