"""A roadmap from native shapes: workstreams down, phases across, a bar for each step with its text inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from regulars.render.deck import oxml
from regulars.render.deck.box import Box, inches, points
from regulars.render.deck.fit import Setting, largest_size
from regulars.render.deck.frame import too_long
from regulars.render.deck.shapes import rectangle
from regulars.render.deck.text import Look, prepare, text_box, write
from regulars.render.deck.theme import Theme
from regulars.story.slide_spec import Bar, Roadmap, Role, Workstream

PHASE_HEIGHT = inches(0.5)
BELOW_PHASES = inches(0.14)
SHARES = {3: (0.26, 0.37, 0.37)}  # the first phase is the shortest
GAP = inches(0.06)
BAR_HEIGHT = inches(0.46)
MOST_BAR = inches(0.7)  # a plan of two initiatives has rows that a bar must not fill
BAR_INSET = inches(0.1)
NAME_SIZES = (14, 13, 12, 11)
BAR_SIZES = (13, 12, 11)
SMALLEST_BAR = inches(0.12)


def draw_roadmap(slide: Any, box: Box, roadmap: Roadmap, theme: Theme, key: str) -> None:
    """Draw the roadmap as one group with an alternative text.

    Raises TemplateError when a name or a bar's text fits neither in nor beside its bar.
    """
    label_width = round(box.width * 0.21)
    phases = _phases(Box(box.left + label_width, box.top, box.width - label_width, PHASE_HEIGHT), len(roadmap.phases))
    group = slide.shapes.add_group_shape()
    _draw_phases(group, phases, roadmap, theme, key)
    top = box.top + PHASE_HEIGHT + BELOW_PHASES
    height = (box.bottom - top) // max(len(roadmap.workstreams), 1)
    for number, stream in enumerate(roadmap.workstreams):
        row = Box(box.left, top + number * height, box.width, height)
        line = group.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, row.left, row.top, row.right, row.top)
        oxml.flatten(line)
        oxml.line(line.line, theme.rule, 0.5)
        line.name = f"Row line {number + 1}"
        _draw_name(group, Box(row.left, row.top, label_width - BAR_INSET, row.height), stream, theme, key)
        _draw_bars(group, row, phases, stream, theme, key)
    oxml.set_alt(group, roadmap.alt, "Roadmap")


def _phases(box: Box, count: int) -> tuple[Box, ...]:
    return box.columns(SHARES.get(count, (1.0,) * max(count, 1)), 0)


def _draw_phases(group: Any, phases: Sequence[Box], roadmap: Roadmap, theme: Theme, key: str) -> None:
    base = theme.roles[Role.BASE]
    texts = [f"**{phase.text}**  {phase.lead}" if phase.text else f"**{phase.lead}**" for phase in roadmap.phases]
    rooms = [((box.width - GAP - inches(0.35)) / points(1), PHASE_HEIGHT / points(1)) for box in phases]
    for size in BAR_SIZES:
        if all(largest_size([text], theme.minor, (size,), room) for text, room in zip(texts, rooms, strict=True)):
            break
    else:
        raise too_long("roadmap's phases", key, "; ".join(texts))
    for number, (box, text) in enumerate(zip(phases, texts, strict=True), start=1):
        shape = rectangle(group.shapes, Box(box.left, box.top, box.width - GAP, box.height), base, MSO_SHAPE.PENTAGON)
        shape.adjustments[0] = 0.25
        shape.name = f"Phase {number}"
        frame = prepare(shape, (inches(0.1), 0, inches(0.15), 0), MSO_ANCHOR.MIDDLE)
        write(frame, [text], Look(size, theme.text_on(base), align=PP_ALIGN.CENTER))


def _draw_name(group: Any, box: Box, stream: Workstream, theme: Theme, key: str) -> None:
    paragraphs = [f"**{stream.name}**", *([stream.value] if stream.value else [])]
    room = (box.width_points, box.height_points)
    size = largest_size(paragraphs, theme.minor, NAME_SIZES, room, Setting(between=0))
    if size is None:
        raise too_long("roadmap's workstream", key, " ".join(paragraphs))
    text_box(group.shapes, box, paragraphs, Look(size, "tx1"), f"Workstream {stream.name}", MSO_ANCHOR.MIDDLE)


def _draw_bars(group: Any, row: Box, phases: Sequence[Box], stream: Workstream, theme: Theme, key: str) -> None:
    lanes = _lanes(stream.bars)
    count = max(lanes, default=0) + 1
    lane_height = row.height // count
    for bar, lane in zip(stream.bars, lanes, strict=True):
        height = min(max(BAR_HEIGHT, round(lane_height * 0.62)), lane_height - inches(0.06), MOST_BAR)
        top = row.top + lane * lane_height + (lane_height - height) // 2
        left, right = _at(bar.start, phases), _at(bar.end, phases)
        box = Box(left, top, max(right - left - GAP, SMALLEST_BAR), height)
        free = [
            _at(other.start, phases)
            for other, at in zip(stream.bars, lanes, strict=True)
            if at == lane and other.start >= bar.end
        ]
        end = min(free, default=phases[-1].right)
        _draw_bar(group, bar, box, end, theme, key)


def _draw_bar(group: Any, bar: Bar, box: Box, end: int, theme: Theme, key: str) -> None:
    paint = theme.readable(theme.roles[bar.role])
    shape = rectangle(group.shapes, box, paint)
    shape.name = f"Bar {bar.text}"
    room = ((box.width - 2 * BAR_INSET) / points(1), box.height_points)
    words = theme.minor.longest_word(bar.text, BAR_SIZES[-1])
    size = largest_size([bar.text], theme.minor, BAR_SIZES, room) if words <= room[0] else None
    if size is not None:
        frame = prepare(shape, (BAR_INSET, 0, BAR_INSET, 0), MSO_ANCHOR.MIDDLE)
        write(frame, [bar.text], Look(size, theme.text_on(paint), align=PP_ALIGN.LEFT))
        return
    beside = Box(box.right + GAP, box.top, max(end - box.right - 2 * GAP, 0), box.height)
    size = largest_size([bar.text], theme.minor, BAR_SIZES, (beside.width_points, beside.height_points))
    if size is None or theme.minor.longest_word(bar.text, size) > beside.width_points:
        raise too_long("roadmap's bar", key, bar.text)
    text_box(group.shapes, beside, [bar.text], Look(size, "tx1"), f"Label {bar.text}", MSO_ANCHOR.MIDDLE)


def _at(time: float, phases: Sequence[Box]) -> int:
    """Return where a time stands: 1.5 is the middle of the second phase."""
    phase = min(max(int(time), 0), len(phases) - 1)
    inside = min(max(time - phase, 0.0), 1.0)
    return phases[phase].left + round(phases[phase].width * inside)


def _lanes(bars: Sequence[Bar]) -> list[int]:
    """Return a lane for each bar so that bars of one lane do not overlap in time."""
    ends: list[float] = []
    lanes = []
    for bar in bars:
        lane = next((number for number, end in enumerate(ends) if end <= bar.start), len(ends))
        if lane == len(ends):
            ends.append(bar.end)
        else:
            ends[lane] = bar.end
        lanes.append(lane)
    return lanes
