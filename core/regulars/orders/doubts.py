"""What is doubtful about the columns that were taken: guesses by content, empty columns, headers of two rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from regulars.orders.aliases import order_names
from regulars.orders.model import Notice
from regulars.orders.raw import RawSource, RecognisedSource

NAMED = 45.0  # a header that says a field this well is meant to be it
NEEDED = ("customer", "date", "amount", "quantity", "price")
CALCULATE = (
    "if it holds formulas, open the workbook in Excel or LibreOffice and save it, so that their values are in the file"
)


def about_columns(
    source: RecognisedSource, by_name: Mapping[str, int], told: Iterable[str], dropped: str | None
) -> Iterator[Notice]:
    """Yield what the owner should check: columns taken by their content, and better names whose columns are empty.

    `by_name` has the columns that their headers name; `dropped` is the header of amounts that belong to whole orders.
    """
    for field, index in source.columns.items():
        if by_name.get(field) != index and field not in set(told):
            header = source.raw.headers[index]
            yield Notice(
                key="guessed_columns",
                text=f"no header names the {field}: the column '{header}' was taken for it because of what it holds;"
                f' if that is wrong, write --map {field}="…" with the right header',
                rows=0,
                first=source.raw.name,
            )
    yield from _repeated_headers(source, set(told))
    for field, header in empty_columns(source.raw):
        if field in source.columns and _score(source, field) > order_names()[field].score(header):
            continue
        used = (
            f"'{source.header(field)}' was taken for the {field}"
            if field in source.columns
            else _without(field, source)
        )
        yield Notice(
            key="empty_columns",
            text=f"the column '{header}' is empty below its header, so {used}; {CALCULATE}",
            rows=source.raw.cells.num_rows,
            first=source.raw.name,
        )
    if dropped is not None:
        yield Notice(
            key="order_totals",
            text=f"'{dropped}' is the amount of a whole order, written on each of its lines: it was not added up, and"
            " quantity × price was used",
            rows=0,
            first=source.raw.name,
        )


def _repeated_headers(source: RecognisedSource, told: Collection[str]) -> Iterator[Notice]:
    """Yield which of several columns with one header was taken, where nobody said which."""
    raw = source.raw
    for field, index in source.columns.items():
        first = raw.repeated.get(index, index)
        others = [
            one for one in (first, *(at for at, before in raw.repeated.items() if before == first)) if one != index
        ]
        if others and field not in told:
            places = sorted({index, *others})
            yield Notice(
                key="repeated_headers",
                text=f"the header '{raw.headers[first]}' stands over columns {' and '.join(raw.places[at] for at in places)}:"
                f" column {raw.places[index]} was taken for the {field}; if column {raw.places[others[0]]} is meant, write"
                f' --map {field}="{raw.headers[others[0]]}"',
                rows=0,
                first=raw.name,
            )


def empty_columns(raw: RawSource) -> list[tuple[str, str]]:
    """Return field and header of columns that are named as a required field and hold nothing."""
    count = raw.cells.num_rows
    blank = [
        header
        for index, header in enumerate(raw.headers)
        if count and raw.cells.column(f"c{index}").null_count == count
    ]
    found = []
    for header in blank:
        scored = {field: names.score(header) for field, names in order_names().items()}
        field = max(scored, key=lambda one: scored[one])
        if field in NEEDED and scored[field] >= NAMED:
            found.append((field, header))
    return found


def empty_headers(raw: RawSource, missing: Iterable[str]) -> list[str]:
    """Return the headers of empty columns that a required field is missing for."""
    fields = set(missing) | ({"quantity", "price"} if "amount" in set(missing) else set())
    return [header for field, header in empty_columns(raw) if field in fields]


def _score(source: RecognisedSource, field: str) -> float:
    return order_names()[field].score(source.header(field))


def _without(field: str, source: RecognisedSource) -> str:
    if field == "amount":
        return f"'{source.header('quantity')}' × '{source.header('price')}' was used"
    return f"there is no {field}"
