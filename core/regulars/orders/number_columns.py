"""Columns of numbers that hold text: which decimal mark they use, and what each text means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from regulars.base.units import counted, verb
from regulars.orders.model import Notice
from regulars.orders.numbers import LARGEST, LARGEST_MONEY, Evidence, evidence_of, numbers, read_number
from regulars.orders.queries import row, rows
from regulars.orders.raw import RecognisedSource

MONEY_FIELDS = frozenset({"price", "amount", "list_price", "cost", "profit"})


@dataclass(frozen=True)
class NumberColumn:
    """The texts of one column that are no plain numbers, or could be read in two ways."""

    at: int  # which source
    cell: str
    field: str
    header: str
    source_name: str
    texts: Mapping[str, int]  # text to the number of its cells
    first_rows: Mapping[str, int]  # text to the row it stands in first
    plain_dots: int  # cells that are plain numbers with a decimal dot

    @property
    def table(self) -> str:
        """Return the name of the table that says what the texts mean."""
        return f"numbers_{self.at}_{self.field}"

    @property
    def evidence(self) -> Evidence:
        """Return what the texts prove, plain numbers left out."""
        return evidence_of(self.texts)

    @property
    def currencies(self) -> Counter[str]:
        """Return the currencies that money texts name, with their number of cells."""
        found: Counter[str] = Counter()
        if self.field in MONEY_FIELDS:
            for text, cells in self.texts.items():
                number = read_number(text)
                if number is not None and number.currency is not None:
                    found[number.currency] += cells
        return found


def number_column(connection: duckdb.DuckDBPyConnection, at: int, source: RecognisedSource, field: str) -> NumberColumn:
    """Collect the distinct texts of a column that a cast must not decide."""
    cell = f"c{source.columns[field]}"
    found = rows(
        connection,
        f"SELECT {cell}, count(*), min(row) FROM cells_{at} WHERE {cell} IS NOT NULL "  # noqa: S608  names of ours
        f"AND (NOT plain({cell}) OR either({cell})) AND text_of({cell}) IS NOT NULL GROUP BY 1 ORDER BY 3, 1",
    )
    dots = row(
        connection,
        f"SELECT count(*) FROM cells_{at} WHERE plain({cell}) AND contains({cell}, '.') AND NOT either({cell})",  # noqa: S608
    )[0]
    return NumberColumn(
        at=at,
        cell=cell,
        field=field,
        header=source.header(field),
        source_name=source.raw.name,
        texts={text: cells for text, cells, _ in found},
        first_rows={text: first for text, _, first in found},
        plain_dots=dots,
    )


def decide_numbers(connection: duckdb.DuckDBPyConnection, columns: Sequence[NumberColumn]) -> list[Notice]:
    """Make the table of values for each column, and report the texts that could be read in two ways.

    The column's own texts decide; where they prove nothing, its plain numbers, then the other columns of its source.
    Texts that look like plain numbers follow the plain numbers first: those were never text in the sheet.
    """
    notices: list[Notice] = []
    for column in columns:
        own = column.evidence
        plain = Evidence(dot=column.plain_dots)
        beside = sum(
            (other.evidence + Evidence(dot=other.plain_dots) for other in columns if other.at == column.at), Evidence()
        )
        unproven = "," if _dots_group_thousands(column) else "."
        for_texts = _first_that_proves(own, plain, beside, unproven=unproven)
        for_plain = _first_that_proves(plain, own, beside, unproven=unproven)
        looks_plain = {text: cells for text, cells in column.texts.items() if _looks_plain(text)}
        others = {text: cells for text, cells in column.texts.items() if text not in looks_plain}
        most = LARGEST_MONEY if column.field in MONEY_FIELDS else LARGEST
        values = numbers(others, for_texts, most) | numbers(looks_plain, for_plain, most)
        connection.register(
            column.table,
            pa.table({"text": pa.array(values.keys(), pa.string()), "value": pa.array(values.values(), pa.float64())}),
        )
        if own.either and not (own + plain).decided:
            notices.append(_notice(column, own.either, for_texts))
        notices += _without_currency(connection, column, others)
    return notices


def _without_currency(
    connection: duckdb.DuckDBPyConnection, column: NumberColumn, others: Mapping[str, int]
) -> list[Notice]:
    """Say how many numbers have no currency beside them in a column where others have."""
    named = column.currencies
    if len(named) != 1:
        return []
    bare = sum(
        cells for text, cells in others.items() if (number := read_number(text)) is not None and not number.currency
    )
    bare += row(connection, f"SELECT count(*) FROM cells_{column.at} WHERE plain({column.cell})")[0]  # noqa: S608
    if not bare:
        return []
    ((code, cells),) = named.items()
    text = (
        f"{counted(bare, 'cell')} in column '{column.header}' {verb(bare, 'names', 'name')} no currency,"
        f" {counted(cells, 'cell')} {verb(cells, 'names', 'name')} {code}; all were taken to be of one currency"
    )
    return [Notice("cells_without_currency", text, bare, column.source_name)]


def _first_that_proves(*kinds: Evidence, unproven: str) -> str:
    return next((evidence.decimal for evidence in kinds if evidence.dot or evidence.comma), unproven)


def _dots_group_thousands(column: NumberColumn) -> bool:
    """Tell whether a column of money has many amounts such as 1.048, and none with another number of decimals.

    A price list in three decimals throughout is rarer than one in whole thousands with a point between.
    """
    cells = sum(count for text, count in column.texts.items() if _THOUSANDS.fullmatch(text))
    dotted = sum(count for text, count in column.texts.items() if "." in text)
    return column.field in _MONEY and cells >= _ENOUGH and cells == dotted


_MONEY = frozenset({"price", "amount", "cost", "profit", "list_price"})
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+")
_ENOUGH = 10  # cells


def _looks_plain(text: str) -> bool:
    return text.isascii() and text.lstrip("-").replace(".", "", 1).isdigit()


def _notice(column: NumberColumn, cells: int, decimal: str) -> Notice:
    text, first = next(
        (text, column.first_rows[text])
        for text in column.texts
        if (number := read_number(text)) is not None and number.mark == "?"
    )
    mark = "point" if decimal == "." else "comma"
    return Notice(
        key="ambiguous_numbers",
        text=f"{counted(cells, 'number')} in column '{column.header}', such as '{text}', can be read in two ways;"
        f" the decimal mark was taken to be a {mark}",
        rows=cells,
        first=f"{column.source_name} row {first}",
    )
