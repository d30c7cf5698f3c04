"""Read a chart as its file keeps it, and the cells of the workbook behind it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pptx.oxml.ns import qn

from regulars.render.deck_lint.links import PARSER
from regulars.render.deck_lint.model import Chart, Series

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REFERENCE = re.compile(r"^'?(?P<sheet>[^!]*?)'?!\$?(?P<c1>[A-Z]+)\$?(?P<r1>\d+)(?::\$?(?P<c2>[A-Z]+)\$?(?P<r2>\d+))?$")
Cells = Mapping[tuple[int, int], str | float]  # row and column, from 1


def read_chart(part: Any) -> Chart:
    """Return a chart part's series and workbook."""
    try:
        workbook = part.chart_workbook.xlsx_part
    except KeyError:  # it points to a workbook that is missing
        workbook = None
    root = part._element  # noqa: SLF001  python-pptx has no public name for the element of a part
    area = root.find(f".//{qn('c:plotArea')}")
    series = tuple(
        _series(one, plot.tag.rpartition("}")[2])
        for plot in (area if area is not None else ())
        if plot.tag.endswith("Chart")
        for one in plot.findall(qn("c:ser"))
    )
    return Chart(root, series, workbook.blob if workbook is not None else None)


def read_cells(blob: bytes) -> tuple[Cells, int]:
    """Return the cells of a workbook's first sheet, and how many sheets it has.

    Raises ValueError when the bytes are no workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            names = sorted(name for name in package.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
            shared = _shared(package)
            root = _parsed(package.read(names[0]))
    except (zipfile.BadZipFile, KeyError, IndexError, etree.XMLSyntaxError) as problem:
        raise ValueError("no workbook") from problem
    cells: dict[tuple[int, int], str | float] = {}
    for cell in root.iter(f"{SHEET}c"):
        value = _value(cell, shared)
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", "")).groups()  # type: ignore[union-attr]
        if value is not None:
            cells[int(row), _column(letters)] = value
    return cells, len(names)


def referred(formula: str, cells: Cells) -> list[str | float | None]:
    """Return the cells that a chart's formula points to, row by row."""
    found = REFERENCE.match(formula)
    if found is None:
        return []
    left, top = _column(found["c1"]), int(found["r1"])
    right = _column(found["c2"]) if found["c2"] else left
    bottom = int(found["r2"]) if found["r2"] else top
    return [cells.get((row, column)) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def extent(formula: str) -> tuple[int, int]:
    """Return the last row and column that a formula reaches; noughts where it points nowhere."""
    found = REFERENCE.match(formula)
    if found is None:
        return 0, 0
    return int(found["r2"] or found["r1"]), _column(found["c2"] or found["c1"])


def _series(element: Any, plot: str) -> Series:
    def points(tag: str) -> tuple[list[str | None], str]:
        holder = element.find(qn(tag))
        if holder is None:
            return [], ""
        count = holder.find(f".//{qn('c:ptCount')}")
        texts: list[str | None] = [None] * int(count.get("val") if count is not None else 0)
        # A category of several levels keeps its lowest level first.
        cache = holder.find(f".//{qn('c:lvl')}")
        for point in (cache if cache is not None else holder).iter(qn("c:pt")):
            if int(point.get("idx")) < len(texts):
                texts[int(point.get("idx"))] = point.findtext(qn("c:v"))
        return texts, holder.findtext(f".//{qn('c:f')}") or ""

    names, name_at = points("c:tx")
    scattered = element.find(qn("c:yVal")) is not None
    categories, categories_at = points("c:xVal" if scattered else "c:cat")
    values, values_at = points("c:yVal" if scattered else "c:val")
    if element.find(f"{qn('c:cat')}/{qn('c:multiLvlStrRef')}") is not None:
        categories_at = ""  # levels stand side by side in the workbook, one below the other in the chart
    properties = element.find(qn("c:spPr"))
    solid = properties.find(qn("a:solidFill")) if properties is not None else None
    if solid is None and properties is not None:
        solid = properties.find(f"{qn('a:ln')}/{qn('a:solidFill')}")
    return Series(
        name=names[0] or "" if names else "",
        values=tuple(None if text is None else float(text) for text in values),
        categories=tuple(text or "" for text in categories),
        plot=plot,
        paint=solid,
        element=element,
        references={"name": name_at, "categories": categories_at, "values": values_at},
    )


def _shared(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    root = _parsed(package.read("xl/sharedStrings.xml"))
    return ["".join(text.text or "" for text in entry.iter(f"{SHEET}t")) for entry in root.iter(f"{SHEET}si")]


def _parsed(blob: bytes) -> Any:
    return etree.fromstring(blob, PARSER)


def _value(cell: Any, shared: list[str]) -> str | float | None:
    kind, text = cell.get("t", "n"), cell.findtext(f"{SHEET}v")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{SHEET}t"))
    if text is None:
        return None
    if kind == "s":
        return shared[int(text)]
    return float(text) if kind == "n" else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
