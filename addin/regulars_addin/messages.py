"""What the user is told and asked: one short message in the words of somebody who sees buttons and sheets, not options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import xlwings

from regulars.base.errors import RegularsError

TITLE = "regulars"
MOST_LETTERS = 900  # a message box of Excel cuts off after 1,023
SETTINGS = "Settings"  # the button
# Options of the command line, as messages of core name them.
_PLACE = re.compile(r",? or choose another place with --out|choose another place with --out(?:, or )?")
_REPLACE = re.compile(r",? or (?:replace it|use these alone) with --force")
_MAP = re.compile(r'--map ([a-z_]+)="([^"]*)"')
_MAPS = re.compile(r'name the column with (--map [a-z_]+="[^"]*"(?: --map [a-z_]+="[^"]*")*)')
_OPTION = re.compile(r'--([a-z][a-z-]*)(?:(?: ([a-z_]+))?(?:=| )("[^"]*"|full|short|keep|drop|net))?')
_YES: ContextVar[bool] = ContextVar("yes to every question", default=False)


class ProgramClosedError(RegularsError):
    """The program, or the workbook in it, was closed while we worked."""


class DeclinedError(RegularsError):
    """The user was asked and said no."""


def told(problem: RegularsError) -> str:
    """Return an error as a message of two lines: what is wrong, and what to do.

    >>> from regulars.base.errors import InputError
    >>> print(told(InputError("no column for the order date", remedy='name it with --map date="Day"')))
    No column for the order date.
    <BLANKLINE>
    To do: name it with the setting 'Order date' = "Day" (button Settings).
    """
    remedy = in_clicks(problem.remedy) or "free that place, and click the button again"
    return shortened(f"{_capital(problem.what)}.\n\nTo do: {remedy}.")


def in_clicks(text: str) -> str:
    """Return a text that names options of the command line as one that names settings.

    >>> in_clicks("name the currency with --currency, or in a column")
    "name the currency with the setting 'Currency', or in a column (button Settings)"
    >>> in_clicks("close it in the program that has it open, or choose another place with --out")
    'close it in the program that has it open'
    >>> print(in_clicks('name the column with --map customer="…" --map date="Day"'))
    write the headings of your columns beside 'Customer' and 'Order date' (perhaps "Day") of the settings (button Settings)
    """
    text = _MAPS.sub(_columns, text)
    said, count = _OPTION.subn(_setting, _PLACE.sub("", _REPLACE.sub("", text)))
    return f"{said.replace('another the setting', 'another setting')} (button {SETTINGS})" if count else said


def _columns(found: re.Match[str]) -> str:
    """Return the options of several columns as one phrase with the names of their settings."""
    places = [
        f"'{_name(f'map.{field}')}'" + ("" if header == "…" else f' (perhaps "{header}")')
        for field, header in _MAP.findall(found[1])
    ]
    headings = "headings of your columns" if len(places) > 1 else "heading of your column"
    return f"write the {headings} beside {' and '.join(places)} of the settings (button {SETTINGS})"


def _setting(found: re.Match[str]) -> str:
    key = f"{found[1]}.{found[2]}" if found[2] else found[1].replace("-", "_")
    return f"the setting '{_name(key)}'{f' = {found[3]}' if found[3] else ''}"


def _name(key: str) -> str:
    from regulars_workbooks.settings_rows import rows  # noqa: PLC0415  few messages need it

    return next((row.name for row in rows() if row.key == key), key)


def shortened(text: str) -> str:
    """Return a text that a message box shows whole."""
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 2].rsplit(' ', 1)[0]} …"


def told_with_notes(done: str, notes: Sequence[str]) -> str:
    """Return what was done, and below it what the user should know."""
    if not notes:
        return shortened(done)
    known = "\n".join(f"• {in_clicks(_capital(note))}" for note in dict.fromkeys(notes))
    return shortened(f"{done}\n\nGood to know:\n{known}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def tell(app: xlwings.App, text: str, *, is_problem: bool = False) -> None:
    """Show a message."""
    app.alert(text, TITLE, "ok", "critical" if is_problem else "info")


@contextmanager
def yes_to_all() -> Iterator[None]:
    """Take every question as answered with yes: nobody is asked."""
    before = _YES.set(True)
    try:
        yield
    finally:
        _YES.reset(before)


def ask(app: xlwings.App, question: str) -> None:
    """Ask whether to go on. Raises DeclinedError when the user does not want to."""
    if not _YES.get() and app.alert(shortened(question), TITLE, "ok_cancel") != "ok":
        raise DeclinedError("nothing was changed", remedy="click the button again whenever you like")
