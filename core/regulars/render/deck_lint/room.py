"""How much room text needs, by the shipped table of widths."""

from __future__ import annotations

from regulars.render.deck.measure import Face, Run
from regulars.render.deck_lint.model import Cell, Paragraph, Shape, Slide

MOST_TITLE_LINES = 2
ROUNDING = 1.0  # points: programs round heights of lines


def lines_of(paragraph: Paragraph, face: Face, width: float) -> int:
    """Return the number of lines that a paragraph takes in a column, in points."""
    wide = width - paragraph.indent
    return sum(face.lines_of_runs(line, paragraph.size, wide) for line in split_lines(paragraph))


def split_lines(paragraph: Paragraph) -> list[tuple[Run, ...]]:
    """Return the paragraph's text and weights between its line breaks."""
    lines: list[list[Run]] = [[]]
    for run in paragraph.runs:
        if run.text == "\n":
            lines.append([])
        else:
            lines[-1].append((run.text, run.bold))
    return [tuple(line) for line in lines]


def title_lines(slide: Slide, title: Shape) -> int:
    """Return the number of lines that a title takes."""
    return sum(lines_of(one, slide.face(title, one), title.room[0]) for one in title.paragraphs)


def height_of(slide: Slide, shape: Shape) -> float:
    """Return the height in points that the text of a shape needs."""
    width = shape.room[0] if shape.wraps else float("inf")
    total = 0.0
    for number, one in enumerate(shape.paragraphs):
        face = slide.face(shape, one)
        before = one.before if number else 0.0
        total += before + lines_of(one, face, width) * one.size * face.line * one.spacing
        total += one.after if number + 1 < len(shape.paragraphs) else 0.0
    return total


def width_of(slide: Slide, shape: Shape) -> float:
    """Return the width in points of the widest word, or of the widest line where text does not wrap."""
    widest = 0.0
    for one in shape.paragraphs:
        face = slide.face(shape, one)
        for line in split_lines(one):
            marked = "".join(f"**{text}**" if bold else text for text, bold in line if text)
            wide = face.longest_word(marked, one.size) if shape.wraps else face.width_of_runs(line, one.size)
            widest = max(widest, wide + one.indent)
    return widest


def cell_height(slide: Slide, cell: Cell) -> float:
    """Return the height in points that a table cell needs."""
    text = sum(
        lines_of(one, slide.minor, cell.width) * one.size * slide.minor.line * one.spacing for one in cell.paragraphs
    )
    return text + cell.margins


def row_heights(slide: Slide, shape: Shape) -> list[float]:
    """Return the heights in points that the rows of a table will have: no row is lower than its text."""
    if shape.table is None:
        return []
    return [
        max(least, *(cell_height(slide, cell) for cell in row), 0.0)
        for row, least in zip(shape.table.cells, shape.table.heights, strict=True)
    ]
