"""The result's sheets under other names: its links and its sentences follow, what the user's orders hold does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from regulars.story.sheet_spec import (
    Assumptions,
    Block,
    Cell,
    Chart,
    Figures,
    Input,
    Link,
    Row,
    SheetSpec,
    Table,
    Text,
    WorkbookSpec,
)


def renamed(spec: WorkbookSpec, names: Mapping[str, str]) -> WorkbookSpec:
    """Return the workbook with its sheets under other names, and every link and every sentence with them."""
    others = {old: new for old, new in names.items() if old != new}
    if not others:
        return spec
    renaming = Renaming(others)
    return replace(spec, sheets=tuple(renaming.sheet(sheet) for sheet in spec.sheets))


@dataclass(frozen=True)
class Renaming:
    """New names of sheets by their old ones."""

    names: Mapping[str, str]

    def said(self, sentence: str) -> str:
        """Return a sentence with the sheets that it names under their new names: as "the sheet X" or "the X sheet".

        >>> Renaming({"CLV": "CLV (2)", "Money": "Ours"}).said("The sheets CLV and Money say it, not the sheet CLVs; CLV")
        'The sheets CLV (2) and Ours say it, not the sheet CLVs; CLV'
        """
        if "sheet" not in sentence:
            return sentence
        name = "|".join(re.escape(one) for one in sorted(self.names, key=len, reverse=True))
        any_name = rf"(?<!\w)(?:{name})(?!\w)"
        # Of several sheets in a row, any may keep its name.
        listed = rf"\bsheets? (?:(?:[A-Z][\w ]*?(?:, | and ))*?{any_name})(?:(?:, | and ){any_name})*"
        return re.sub(
            rf"{listed}|\bthe {any_name}(?= sheets?\b)",
            lambda found: re.sub(any_name, lambda one: self.names[one[0]], found[0]),
            sentence,
        )

    def sheet(self, sheet: SheetSpec) -> SheetSpec:
        """Return a sheet under its new name, with all that it says."""
        return replace(
            sheet,
            name=self.names.get(sheet.name, sheet.name),
            lead=self.said(sheet.lead),
            blocks=tuple(self._block(block) for block in sheet.blocks),
        )

    def _block(self, block: Block) -> Block:
        said = self.said
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Text):
            return replace(block, title=said(block.title), sentences=tuple(map(said, block.sentences)))
        if isinstance(block, Assumptions):
            cells = (replace(cell, note=said(cell.note), source=said(cell.source)) for cell in block.cells)
            return replace(block, lead=said(block.lead), cells=tuple(cells))
        if isinstance(block, Figures):
            return replace(block, figures=tuple(replace(one, scope=said(one.scope)) for one in block.figures))
        if isinstance(block, Chart):
            return replace(block, title=said(block.title), alt=said(block.alt))
        return block

    def _table(self, table: Table) -> Table:
        # The texts of long lists are the user's own, and those of the record are read by the program.
        own = table.listing or table.record
        return replace(
            table,
            lead=self.said(table.lead),
            remark=self.said(table.remark),
            columns=tuple(replace(one, note=self.said(one.note)) if one.note else one for one in table.columns),
            rows=tuple(self._row(row, own=own) for row in table.rows),
            total=None if table.total is None else self._row(table.total, own=own),
        )

    def _row(self, row: Row, *, own: bool) -> Row:
        cells = tuple(self._cell(cell, own=own) for cell in row.cells)
        return row if all(new is old for new, old in zip(cells, row.cells, strict=True)) else replace(row, cells=cells)

    def _cell(self, cell: Cell | Input, *, own: bool) -> Cell | Input:
        if isinstance(cell, str):
            return cell if own else self.said(cell)
        if not isinstance(cell, Link) or cell.sheet not in self.names:
            return cell
        name = self.names[cell.sheet]
        return Link(name if cell.text == cell.sheet else self.said(cell.text), name)
