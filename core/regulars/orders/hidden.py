"""What is not seen on the screen: hidden sheets, hidden rows, and sheets that are passed over; all of it is said."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from regulars.base.units import counted, verb
from regulars.orders.grid import Grid
from regulars.orders.model import Notice

PASSED_OVER = "sheets_passed_over"  # the key of their notice
NO_CELLS = "it has no filled cell"
EARLIER_RUN = "a result of an earlier run"


def why_not(wanted: Collection[str] | None) -> str:
    """Return why a sheet was not read, given the sheets that were asked for by name."""
    return (
        "it is hidden; --sheet with its name reads it" if wanted is None else "not among the sheets named with --sheet"
    )


def unread(path: Path, name: str, why: str) -> Grid:
    """Return a sheet of which nothing was read."""
    return Grid(f"{path.name} › {name}", (), sheet=name, passed_over=why)


def about_hidden(title: str, rows: int, *, visible: bool) -> tuple[Notice, ...]:
    """Return what to say of hidden things that were read like all others."""
    notices = []
    if not visible:
        notices.append(
            Notice("hidden_sheet", f"'{title}' is a hidden sheet; it was read because --sheet names it", 0, title)
        )
    if rows:
        notices.append(
            Notice(
                "hidden_rows",
                f"{counted(rows, 'row')} of '{title}' {verb(rows, 'is', 'are')} hidden, by a filter or by hand;"
                f" {verb(rows, 'it was', 'they were')} read like the others",
                rows,
                title,
            )
        )
    return tuple(notices)


def about_passed_over(passed_over: Collection[tuple[str, str]]) -> tuple[Notice, ...]:
    """Return what to say of sheets that were not read as orders; each stands with its reason in a list of its own."""
    if not passed_over:
        return ()
    count = len(passed_over)
    text = f"{counted(count, 'sheet')} {verb(count, 'was', 'were')} not read as orders: " + "; ".join(
        f"'{name}' ({why})" for name, why in list(passed_over)[:5]
    )
    return (Notice(PASSED_OVER, text + ("; and others" if count > 5 else ""), 0),)
