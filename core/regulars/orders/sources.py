"""Files, sheets and ranges as recognised sources: the one door by which orders come in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from regulars.base.errors import InputError, SettingsError, listing, nearest
from regulars.base.settings import Settings
from regulars.orders.aliases import compact
from regulars.orders.doubts import about_columns
from regulars.orders.gate import Format, sniff
from regulars.orders.grid import Grid
from regulars.orders.header import raw_from_grid
from regulars.orders.hidden import NO_CELLS, about_passed_over
from regulars.orders.model import Notice
from regulars.orders.no_numbers import refuse_without_numbers
from regulars.orders.raw import CUSTOMER_FIELDS, ORDER_FIELDS, RawSource, Recognised, RecognisedSource
from regulars.orders.recognise import (
    amount_of_orders,
    customer_columns,
    find_header,
    is_customer_table,
    missing_fields,
    order_columns,
)
from regulars.orders.unrecognised import MISNAMED, not_recognised

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_CUSTOMER_SHEETS = frozenset(
    {"customer", "customers", "customerlist", "customertable", "client", "clients", "clientlist", "kunden", "kundenliste",
     "kundenstamm", "clienti", "clientes", "klanten", "buyers", "members"}
)  # fmt: skip


def read_sources(
    paths: Sequence[Path],
    settings: Settings,
    customers: Path | None = None,
    left_out: Mapping[Path, Collection[str]] | None = None,
) -> Recognised:
    """Read every order sheet of the files, and the table of customers when there is one.

    `left_out` names sheets that are not read, by file; sheets that the settings name are read all the same.

    Raises InputError for files that cannot be read, sheets that do not exist and required fields without a column,
    SettingsError for a map of fields that do not exist.
    """
    if not paths:
        raise InputError("no file of orders is given", remedy="name a workbook, a CSV or a Parquet file")
    forms = {path: sniff(path) for path in paths}
    wanted = _wanted_sheets(forms, settings.sheet)
    barred = left_out or {}
    read = [_read(path, forms[path], wanted.get(path), settings, barred.get(path, ())) for path in paths]
    table = [] if customers is None else _tables_of(customers, paths, settings, barred.get(customers, ()))
    apart = [_named_apart(place, paths, found.raws) for place, found in enumerate(read)]
    return recognised(apart, settings, table, [sheet for found in read for sheet in found.passed_over])


def _tables_of(
    customers: Path, paths: Sequence[Path], settings: Settings, left_out: Collection[str]
) -> list[RawSource]:
    """Return the sheets among which the table of customers is; those of the orders themselves are none.

    Raises InputError when the file is one of the orders and has no other sheet.
    """
    raws = _read(customers, sniff(customers), None, settings, left_out).raws
    if not any(customers.samefile(path) for path in paths):
        return raws
    others = [raw for raw in raws if missing_fields(order_columns(raw, settings.map))]
    if not others:
        raise InputError(
            f"'{customers}' is given as the orders and as the table of customers, and has no sheet of customers",
            remedy="leave --customers away, or name the file that has one row for each customer",
        )
    return others


def recognised(
    raws: Sequence[Sequence[RawSource]],
    settings: Settings,
    customers: Sequence[RawSource] = (),
    unread: Sequence[tuple[str, str]] = (),
) -> Recognised:
    """Recognise sources that are already read, one inner sequence for each file or workbook.

    `unread` names the sheets of which nothing was read, each with the reason.

    Raises InputError and SettingsError as `read_sources` does.
    """
    _check_map(settings.map, [raw for group in (*raws, customers) for raw in group])
    orders: list[RecognisedSource] = []
    tables: list[RecognisedSource] = []
    notices: list[Notice] = []
    for group in raws:
        found = _recognised_group(group, settings)
        orders += found.orders
        tables += found.tables
        notices += found.notices
    if not orders:
        raise not_recognised([raw for group in raws for raw in group], settings.map)
    refuse_without_numbers(orders, settings.map)
    table = _given_table(customers, settings) if customers else _clear_choice(tables)
    used = {source.raw.name for source in (*orders, *([table] if table else []))}
    rest = [(raw.name, _why_not(raw, settings, tables)) for group in raws for raw in group if raw.name not in used]
    passed_over = (*rest, *unread)
    return Recognised(tuple(orders), table, passed_over, (*notices, *about_passed_over(passed_over)))


def _why_not(raw: RawSource, settings: Settings, tables: Sequence[RecognisedSource]) -> str:
    """Return why a sheet is neither orders nor the table of customers."""
    if not raw.cells.num_rows:
        return "it has no rows below its first one"
    if any(table.raw is raw for table in tables):
        return "it may be a table of customers, but is not the only one; --customers names the right one"
    missing = missing_fields(order_columns(raw, settings.map))
    return f"no column was recognised as its {' or '.join([', '.join(missing[:-1]), missing[-1]]) if missing[1:] else missing[0]}"


@dataclass(frozen=True)
class _Group:
    orders: list[RecognisedSource]
    tables: list[RecognisedSource]
    notices: list[Notice]


def _recognised_group(group: Sequence[RawSource], settings: Settings) -> _Group:
    """Recognise the sheets of one file: by names, and by content only when no sheet has all names."""
    named = [RecognisedSource(raw, order_columns(raw, settings.map)) for raw in group]
    orders = [source for source in named if not missing_fields(source.columns)]
    if not orders:
        looked = [RecognisedSource(raw, order_columns(raw, settings.map, by_content=True)) for raw in group]
        orders = [source for source in looked if not missing_fields(source.columns)]
    if settings.sheet and len(orders) < len(group):
        taken = {source.raw.name for source in orders}
        raise not_recognised([raw for raw in group if raw.name not in taken], settings.map)
    taken = {source.raw.name for source in orders}
    tables = []
    for source in named:
        columns = None if source.raw.name in taken else customer_columns(source.raw, settings.map)
        if columns is not None and is_customer_table(source.raw, columns, source.columns):
            tables.append(RecognisedSource(source.raw, columns))
    if not orders and not tables:
        raise not_recognised(group, settings.map)
    by_name = {source.raw.name: source.columns for source in named}
    notices = [
        notice
        for source in orders
        for notice in (
            *source.raw.notices,
            *about_columns(
                source, by_name[source.raw.name], settings.map, amount_of_orders(source.raw, source.columns)
            ),
        )
    ]
    return _Group(orders, tables, notices)


@dataclass(frozen=True)
class _Read:
    raws: list[RawSource]
    passed_over: list[tuple[str, str]]


def _read(path: Path, form: Format, sheets: list[str] | None, settings: Settings, left_out: Collection[str]) -> _Read:
    """Return the sources of one file.

    Raises InputError when it has no cells at all.
    """
    found: list[str | None] = []
    read = _Read([], [])
    for grid in _grids(path, form, sheets, left_out):
        raw = raw_from_grid(grid, settings.map.values())
        if raw is not None:
            found.append(grid.sheet)
            read.raws.append(_said_of_its_name(raw, path) if form is Format.TEXT else raw)
        elif grid.sheet is not None:
            read.passed_over.append((grid.name, grid.passed_over or NO_CELLS))
    blank = [sheet for sheet in sheets or () if sheet not in found]
    if blank:
        raise InputError(
            f"sheet {listing(blank)} of '{path.name}' has no filled cell", remedy="leave it out of --sheet"
        )
    if not found:
        beside = "; ".join(f"'{name}': {why}" for name, why in read.passed_over if why != NO_CELLS)
        raise InputError(
            f"'{path.name}' has no filled cell in a visible sheet" + (f" ({beside})" if beside else ""),
            remedy="check that this is the right file",
        )
    return read


def _said_of_its_name(raw: RawSource, path: Path) -> RawSource:
    """Say of text whether its file has the name of a workbook."""
    if path.suffix.lower() not in WORKBOOKS:
        return raw
    text = f"'{path.name}' is a text file with the name of a workbook; it was read as delimited text"
    return replace(raw, notices=(*raw.notices, Notice(MISNAMED, text, 0, path.name)))


def _grids(path: Path, form: Format, sheets: list[str] | None, left_out: Collection[str]) -> Iterator[Grid]:
    # Each reader brings its library; a run pays for those it needs.
    if form is Format.PARQUET:
        from regulars.orders.read_parquet import read_parquet  # noqa: PLC0415

        yield read_parquet(path)
    elif form is Format.TEXT:
        from regulars.orders.read_text import read_text  # noqa: PLC0415

        yield read_text(path)
    else:
        from regulars.orders.read_excel import read_workbook  # noqa: PLC0415

        yield from read_workbook(path, form, sheets, left_out if sheets is None else ())


def _wanted_sheets(forms: Mapping[Path, Format], asked: Iterable[str]) -> dict[Path, list[str]]:
    """Return the sheets to read of each workbook; nothing when none were asked for by name."""
    asked = list(asked)
    if not asked:
        return {}
    from regulars.orders.read_excel import sheet_names  # noqa: PLC0415  a CSV does not pay for it

    books = {path: form for path, form in forms.items() if form not in {Format.TEXT, Format.PARQUET}}
    existing = {path: sheet_names(path, form) for path, form in books.items()}
    folded = {name.strip().casefold() for name in asked}
    known = [name for names in existing.values() for name in names]
    for name in asked:
        if name.strip().casefold() not in {one.strip().casefold() for one in known}:
            near = nearest(name, known)
            there = f"; there are {listing(known)}" if known else "; the given files have no sheets"
            raise InputError(
                f"there is no sheet '{name}'{there}",
                remedy=f'write --sheet "{near}"' if near else "name one of the sheets with --sheet, or leave it out",
            )
    wanted = {path: [name for name in names if name.strip().casefold() in folded] for path, names in existing.items()}
    for path, names in wanted.items():
        if not names:
            raise InputError(
                f"'{path.name}' has none of the sheets {listing(asked)}; it has {listing(existing[path])}",
                remedy="name its sheet with another --sheet, or leave the file out",
            )
    return wanted


def _named_apart(place: int, paths: Sequence[Path], raws: Sequence[RawSource]) -> list[RawSource]:
    """Add the folder to the names of files that are called alike, and a number where that is not enough."""
    path = paths[place]
    alike = [other for other in paths if other.name == path.name]
    if len(alike) < 2:
        return list(raws)
    folders = [other.parent.name for other in alike]
    prefix = f"{path.parent.name}/" if path.parent.name and len(set(folders)) == len(folders) else ""
    suffix = "" if prefix else f" ({place + 1})"
    return [_renamed(raw, f"{prefix}{raw.name}{suffix}") for raw in raws]


def _renamed(raw: RawSource, name: str) -> RawSource:
    told = (replace(one, first=one.first and one.first.replace(raw.name, name, 1)) for one in raw.notices)
    return replace(raw, name=name, notices=tuple(told))


def _check_map(told: Mapping[str, str], raws: Sequence[RawSource]) -> None:
    known = sorted({*ORDER_FIELDS, *CUSTOMER_FIELDS})
    for field, header in told.items():
        if field not in known:
            near = nearest(field, known)
            raise SettingsError(
                f"'{field}' in map is no field; the fields are {listing(known, most=30)}",
                remedy=f'write --map {near}="{header}"' if near else "use one of these fields",
            )
        if all(find_header(raw, header) is None for raw in raws):
            headers = list(dict.fromkeys(one for raw in raws for one in raw.headers))
            near = nearest(header, headers)
            raise InputError(
                f"no sheet has a column '{header}'; there are {listing(headers, most=40)}",
                remedy=f'write --map {field}="{near}"' if near else f'name one of these columns with --map {field}="…"',
            )


def _given_table(raws: Sequence[RawSource], settings: Settings) -> RecognisedSource:
    """Return the table of customers that the user named a file for."""
    found = []
    for raw in raws:
        columns = customer_columns(raw, settings.map)
        if columns is not None:
            found.append(RecognisedSource(raw, columns))
    # The file may be the workbook of the orders itself.
    tables = [one for one in found if missing_fields(order_columns(one.raw, settings.map))] or found
    chosen = tables[0] if len(tables) == 1 else _clear_choice(tables)
    if chosen is None:
        names = listing([one.raw.name for one in tables])
        headers = "; ".join(f"'{raw.name}' has {listing(raw.headers, most=30)}" for raw in raws[:5])
        raise InputError(
            f"several sheets could be the table of customers: {names}"
            if tables
            else f"no table of customers: {headers}",
            remedy="keep one sheet with a column such as 'Customer ID' and one of sign-up date, segment, channel or name",
        )
    return chosen


def _clear_choice(tables: Sequence[RecognisedSource]) -> RecognisedSource | None:
    """Return the one table of customers, or among several the only one whose sheet is called so."""
    if len(tables) == 1:
        return tables[0]
    called = [table for table in tables if compact(table.raw.name.rsplit(" › ", 1)[-1]) in _CUSTOMER_SHEETS]
    return called[0] if len(called) == 1 else None
