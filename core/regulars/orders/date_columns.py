"""Columns of dates that hold text: day first or month first, decided by what the column shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from regulars.base.units import counted, verb
from regulars.orders.dates import DateText, excel_serial, read_date
from regulars.orders.model import Notice
from regulars.orders.queries import row, rows
from regulars.orders.raw import RecognisedSource

CLEARLY_BETTER = 0.9  # a reading must shorten the way from row to row by a tenth before it beats day first


@dataclass(frozen=True)
class DateColumn:
    """The texts of one column that are not written as ISO dates."""

    at: int  # which source; -1 is the table of customers
    cell: str
    header: str
    source_name: str
    texts: Mapping[str, int]  # text to the number of its cells
    first_rows: Mapping[str, int]  # text to the row it stands in first
    read: Mapping[str, DateText]
    real_dates: int  # cells written as ISO dates

    @property
    def table(self) -> str:
        """Return the name of the table that says what the texts mean."""
        return f"dates_{self.at}" if self.at >= 0 else "dates_customers"

    @property
    def cells(self) -> str:
        """Return the name of the table the texts stand in."""
        return f"cells_{self.at}" if self.at >= 0 else "cells_customers"

    def proofs(self) -> tuple[int, int]:
        """Return the number of cells that can only be day first, and only month first."""
        proven = [(self.texts[text], date.proves_day_first) for text, date in self.read.items()]
        return sum(cells for cells, first in proven if first), sum(cells for cells, first in proven if first is False)

    def ambiguous(self) -> list[str]:
        """Return the texts that are a different day in each reading."""
        return [text for text, date in self.read.items() if date.ambiguous]


def date_column(
    connection: duckdb.DuckDBPyConnection, at: int, source: RecognisedSource, field: str = "date"
) -> DateColumn:
    """Read the distinct texts of a column that are no ISO dates."""
    cell = f"c{source.columns[field]}"
    cells = f"cells_{at}" if at >= 0 else "cells_customers"
    found = rows(
        connection,
        f"SELECT {cell}, count(*), min(row) FROM {cells} WHERE {cell} IS NOT NULL AND NOT iso({cell}) "  # noqa: S608
        f"AND id_of({cell}) IS NOT NULL GROUP BY 1 ORDER BY 3, 1",
    )
    real = row(connection, f"SELECT count(*) FROM {cells} WHERE iso({cell})")[0]  # noqa: S608  names of ours
    read = {text: date for text, _, _ in found if (date := _read(text, serials=not real)) is not None}
    return DateColumn(
        at=at,
        cell=cell,
        header=source.header(field),
        source_name=source.raw.name,
        texts={text: count for text, count, _ in found},
        first_rows={text: first for text, _, first in found},
        read=read,
        real_dates=real,
    )


def _read(text: str, *, serials: bool) -> DateText | None:
    date = read_date(text)
    if date is None and serials:
        serial = excel_serial(text)
        return None if serial is None else DateText(serial, serial)
    return date


def decide_dates(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[DateColumn], told: bool | None
) -> list[Notice]:
    """Make the table of times for each column, and report dates that nothing in the sheet decides.

    Where a column proves both ways of writing, the way with more proof reads what could be either; a date that is none
    in that way is read in the only way it can be.
    """
    notices: list[Notice] = []
    pooled = [sum(side) for side in zip(*(column.proofs() for column in columns), strict=True)] or [0, 0]
    for column in columns:
        day_first, decided = True, True
        ambiguous = column.ambiguous()
        proofs = column.proofs()
        if told is not None:
            day_first = told
        elif proofs[0] != proofs[1]:
            day_first = proofs[0] > proofs[1]
        elif pooled[0] != pooled[1]:
            day_first = pooled[0] > pooled[1]
        elif ambiguous:
            day_first, decided = _fits_day_first(connection, column), False
        values = {text: date.value(day_first=day_first, told=told is not None) for text, date in column.read.items()}
        _register(connection, column.table, values)
        if proofs[0] and proofs[1]:
            notices.append(_contradiction(column, ambiguous, day_first=day_first))
        elif ambiguous and not decided:
            notices.append(_notice(column, ambiguous, day_first=day_first))
    return notices


def _register(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, dt.datetime | None]) -> None:
    connection.register(
        name,
        pa.table({"text": pa.array(values.keys(), pa.string()), "ts": pa.array(values.values(), pa.timestamp("us"))}),
    )


def _fits_day_first(connection: duckdb.DuckDBPyConnection, column: DateColumn) -> bool:
    """Choose the reading under which rows follow each other more closely, real dates of the column included.

    A sheet is kept in order of time, or nearly: the wrong reading jumps between months from row to row.
    """
    ways: list[float] = []
    for day_first in (True, False):
        name = f"{column.table}_try_{'day' if day_first else 'month'}"
        _register(connection, name, {text: date.value(day_first=day_first) for text, date in column.read.items()})
        ways.append(
            row(
                connection,
                f"SELECT coalesce(sum(abs(day - before)), 0) FROM (SELECT day, lag(day) OVER (ORDER BY row) AS before "  # noqa: S608
                f"FROM (SELECT row, date_diff('day', DATE '1900-01-01', coalesce({name}.ts, "
                f"TRY_CAST({column.cell} AS TIMESTAMP))) AS day FROM {column.cells} "
                f"LEFT JOIN {name} ON {name}.text = {column.cell}) WHERE day IS NOT NULL)",
            )[0]
        )
        connection.unregister(name)
    return not ways[1] < CLEARLY_BETTER * ways[0]


def _contradiction(column: DateColumn, ambiguous: Sequence[str], *, day_first: bool) -> Notice:
    """Say that a column has dates of both ways of writing: two programs or two people filled it."""

    def proof(wanted: bool) -> tuple[int, str, int]:
        texts = [text for text, date in column.read.items() if date.proves_day_first is wanted]
        first = min(texts, key=lambda text: column.first_rows[text])
        return sum(column.texts[text] for text in texts), first, column.first_rows[first]

    days, months = proof(True), proof(False)
    either = sum(column.texts[text] for text in ambiguous)
    doubtful = (
        f"; {counted(either, 'date')} that can be read both ways {verb(either, 'was', 'were')} read"
        f" {'day' if day_first else 'month'} first (set dayfirst = {'false' if day_first else 'true'} if that is wrong)"
        if either
        else ""
    )
    return Notice(
        key="contradictory_dates",
        text=f"the dates in column '{column.header}' contradict each other: {days[0]:,} can only be day first, such as"
        f" '{days[1]}' in row {days[2]}, and {months[0]:,} only month first, such as '{months[1]}' in row {months[2]};"
        f" each of these was read in the only way it can be{doubtful}",
        rows=days[0] + months[0] + either,
        first=f"{column.source_name} row {min(days[2], months[2])}",
    )


def _notice(column: DateColumn, ambiguous: Sequence[str], *, day_first: bool) -> Notice:
    cells = sum(column.texts[text] for text in ambiguous)
    chosen, other = ("day first", "false") if day_first else ("month first", "true")
    return Notice(
        key="ambiguous_dates",
        text=f"{counted(cells, 'date')} in column '{column.header}', such as '{ambiguous[0]}', can be read day first or month"
        f" first; {chosen} was chosen (set dayfirst = {other} if that is wrong)",
        rows=cells,
        first=f"{column.source_name} row {min(column.first_rows[text] for text in ambiguous)}",
    )
