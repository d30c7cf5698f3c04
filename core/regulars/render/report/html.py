"""A report as one HTML file that needs nothing else: styles and charts stand inside it, and it prints on A4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from math import isnan

from regulars.base.files import MARK
from regulars.base.units import Currency
from regulars.render.report.cells import is_number, rows_shown, shown
from regulars.render.report.svg import svg
from regulars.story.report_spec import Bullets, Grid, Heading, KeyFigures, Paragraph, Part, Picture, Report
from regulars.story.sheet_spec import Heat, Row, Table, Tone
from regulars_workbooks.theme import SHIPPED

WIDE = 9  # columns from which a table is set smaller
SHORT, WORDY = 14, 1_500  # rows and letters of text up to which a table stays on one page
CLASSES = {Tone.WARNING: "warning", Tone.SMALL: "small", Tone.FINDING: "finding", Tone.PLAIN: ""}
COLOURS: Mapping[str, str] = SHIPPED.values["colours"]
STYLE = """
@page { size: A4; margin: 18mm 16mm 18mm 16mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  color: INK; background: WHITE; max-width: 60rem; margin: 2rem auto; padding: 0 1.25rem; }
h1, h2, h3, h4 { color: NAVY; line-height: 1.25; break-after: avoid; page-break-after: avoid; }
h1 { font-size: 21pt; margin: 0 0 .2em; }
h2 { font-size: 15pt; margin: 1.8em 0 .5em; padding-bottom: .2em; border-bottom: 1px solid HAIRLINE; }
h3 { font-size: 12pt; margin: 1.4em 0 .4em; }
h4 { font-size: 10.5pt; margin: 1.2em 0 .3em; }
p, ul, ol { margin: .4em 0 .7em; }
li { margin: .2em 0; }
.subtitle { color: SLATE; font-size: 12pt; margin: 0 0 .6em; }
.small, footer { color: SLATE; font-size: 9pt; }
.warning { border-left: 3px solid AMBER; background: AMBER_TINT; padding: .5em .9em .5em 1em; }
ul.warning { padding-left: 2em; }
.figures { margin: 1em 0; width: 100%; border-collapse: separate; border-spacing: 6px; table-layout: fixed; }
.figures td { background: MIST; border: 0; padding: .6em .7em; width: 25%; }
.figures b { display: block; font-size: 15pt; color: COBALT; font-variant-numeric: tabular-nums; }
.figures span { display: block; font-size: 8.5pt; color: SLATE; }
table { border-collapse: collapse; margin: .6em 0 1em; font-size: 9pt; width: 100%; }
table.wide { font-size: 7.5pt; }
caption { text-align: left; font-weight: 600; color: NAVY; padding: .3em 0; break-after: avoid; }
th, td { padding: .3em .5em; border-bottom: 1px solid HAIRLINE; vertical-align: top; text-align: left; }
thead th { background: NAVY; color: WHITE; font-weight: 600; vertical-align: bottom; }
thead { display: table-header-group; }
table.short { break-inside: avoid; page-break-inside: avoid; }
tr { break-inside: avoid; page-break-inside: avoid; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
thead .n { white-space: normal; }
tr.strong td, tr.strong th { font-weight: 600; border-top: 1px solid NAVY; }
tbody th { font-weight: 500; }
figure { margin: 1em 0; break-inside: avoid; page-break-inside: avoid; }
figcaption { font-weight: 600; color: NAVY; font-size: 9.5pt; }
figure p { color: SLATE; font-size: 9pt; margin: .2em 0 0; }
svg { width: 100%; height: auto; display: block; }
footer { border-top: 1px solid HAIRLINE; margin-top: 2.5em; padding-top: .6em; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""


def html(report: Report) -> str:
    """Return the report as one HTML text, without scripts and without links to anything outside."""
    author = f'<meta name="author" content="{escape(report.author)}">\n' if report.author else ""
    body = "\n".join(line for part in report.parts for line in _part(part, report.currency))
    foot = "".join(f"<p>{escape(line)}</p>" for line in report.footer)
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="generator" content="{MARK}">\n{author}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.title)}</title>\n<style>{_style()}</style>\n</head>\n<body>\n<main>\n"
        f'<header><h1>{escape(report.title)}</h1>\n<p class="subtitle">{escape(report.subtitle)}</p></header>\n'
        f"{body}\n</main>\n<footer>{foot}</footer>\n</body>\n</html>\n"
    )


def _style() -> str:
    style = STYLE
    for name in sorted(COLOURS, key=len, reverse=True):
        style = style.replace(name.upper(), COLOURS[name])
    return style


def _part(part: Part, currency: Currency) -> Iterator[str]:
    if isinstance(part, Heading):
        yield f"<h{part.level}>{escape(part.text)}</h{part.level}>"
    elif isinstance(part, Paragraph):
        label = f"<strong>{escape(part.label)}{'' if part.label.endswith('?') else ':'}</strong> " if part.label else ""
        yield f"<p{_class(CLASSES[part.tone])}>{label}{escape(part.text)}</p>"
    elif isinstance(part, Bullets):
        tag = "ol" if part.numbered else "ul"
        items = "".join(f"<li>{escape(item)}</li>" for item in part.items)
        yield f"<{tag}{_class(CLASSES[part.tone])}>{items}</{tag}>"
    elif isinstance(part, KeyFigures):
        yield _figures(part, currency)
    elif isinstance(part, Picture):
        picture = svg(part.chart, part.table, currency)
        if picture:
            yield (
                f"<figure><figcaption>{escape(part.chart.title)}</figcaption>{picture}"
                f"<p>{escape(part.chart.alt)}</p></figure>"
            )
    else:
        yield from _grid(part, currency)


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _figures(part: KeyFigures, currency: Currency) -> str:
    cells = [
        f"<td><b>{escape(shown(one.value, one.unit, currency))}</b>{escape(one.label)}<span>{escape(one.scope)}</span></td>"
        for one in part.figures
    ]
    rows = "".join(f"<tr>{''.join(cells[at : at + 4])}</tr>" for at in range(0, len(cells), 4))
    return f'<table class="figures" role="presentation"><tbody>{rows}</tbody></table>'


def _grid(grid: Grid, currency: Currency) -> Iterator[str]:
    table = grid.table
    if table.lead:
        yield f"<p>{escape(table.lead)}</p>"
    heads = "".join(
        f'<th scope="col"{_class("n" if is_number(column) else "")}>{escape(column.title)}</th>'
        for column in table.columns
    )
    rows = [*table.rows, *([table.total] if table.total is not None else [])]
    body = [
        _row(row, cells, table, total=row is table.total)
        for row, cells in zip(rows, rows_shown(grid, currency), strict=True)
    ]
    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    words = sum(len(cell) for row in table.rows for cell in row.cells if isinstance(cell, str))
    kinds = ("wide" if len(table.columns) >= WIDE else "", "short" if len(rows) <= SHORT and words < WORDY else "")
    size = " ".join(kind for kind in kinds if kind)
    yield f"<table{_class(size)}>{caption}<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    if table.remark:
        yield f'<p class="small">{escape(table.remark)}</p>'


def _row(row: Row, cells: list[str], table: Table, *, total: bool) -> str:
    made = []
    for place, (text, column) in enumerate(zip(cells, table.columns, strict=True)):
        number = is_number(column) and (row.unit is None or is_number(type(column)("", "", row.unit)))
        value = row.cells[place]
        numeric = number and isinstance(value, int | float)
        shade = "" if total else _shade(place, value if numeric else None, table)
        tag = 'th scope="row"' if place == 0 else "td"
        made.append(f"<{tag}{_class('n' if number else '')}{shade}>{escape(text)}</{tag.split(maxsplit=1)[0]}>")
    return f"<tr{_class('strong' if row.strong or total else '')}>{''.join(made)}</tr>"


def _shade(place: int, value: object, table: Table) -> str:
    """Return the colour behind a cell of a heat map: the larger, the darker, over all columns that are coloured."""
    if table.columns[place].heat is not Heat.SCALE or not isinstance(value, int | float):
        return ""
    unit = table.columns[place].unit
    like = [at for at, column in enumerate(table.columns) if column.heat is Heat.SCALE and column.unit == unit]
    values = [
        cell for row in table.rows for at in like if isinstance(cell := row.cells[at], int | float) and not isnan(cell)
    ]
    least, most = min(values), max(values)
    part = (value - least) / (most - least) if most > least else 0.0
    return f' style="background:{mixed(COLOURS["white"], COLOURS["cobalt_tint"], part)}"'


def mixed(light: str, dark: str, part: float) -> str:
    """Return a colour between two.

    >>> mixed("#FFFFFF", "#000000", 0.5)
    '#808080'
    """
    pairs = zip(_channels(light), _channels(dark), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * part):02X}" for one, other in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


__all__ = ["html", "mixed"]
