"""One click from its beginning to its end: the program is found, and nothing but a message reaches its user."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xlwings


@contextmanager
def prepared() -> Iterator[None]:
    """Make ready for one quick run, before anything heavy is loaded.

    A warning that reaches the error output would pop up in Excel on macOS.
    """
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(library, "1")  # our matrices are small: more threads would wait for each other
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        gc.set_threshold(*before)


def answer(button_id: str) -> None:
    """Do what a button does in the program it was clicked in. Where nobody can be told there, a sentence goes to the log."""
    with prepared():
        from regulars.base.errors import RegularsError  # noqa: PLC0415

        try:
            click(button_id, attached())
        except RegularsError as problem:
            logged(button_id, str(problem))


def attached(arguments: Sequence[str] = sys.argv) -> xlwings.App:
    """Return the program whose button was clicked: the one that the macro names by its window, else the one in front.

    Raises InputError where no program runs.
    """
    import xlwings  # noqa: PLC0415  heavy

    from regulars.base.errors import InputError  # noqa: PLC0415

    window = window_of(arguments)
    if window and sys.platform == "win32":
        return xlwings.App(impl=xlwings.engines["excel"].impl.apps[_process(window)])
    app = xlwings.apps.active if xlwings.engines.active is not None else None
    if app is None:
        raise InputError("no Excel is running", remedy="open the workbook with your orders in Excel, and try again")
    return app


def window_of(arguments: Sequence[str]) -> int:
    """Return the window that the macro names, 0 where it names none.

    >>> window_of(["-c", "--wb=a=b.xlsx", "--from_xl=1", "--app=/Applications", "--hwnd=132456"]), window_of([])
    (132456, 0)
    """
    said = dict(argument.split("=", 1) for argument in arguments if argument.startswith("--") and "=" in argument)
    return int(said["--hwnd"]) if said.get("--hwnd", "").isdigit() else 0


def _process(window: int) -> int:
    import xlwings  # noqa: PLC0415

    return next((app.pid for app in xlwings.apps if app.hwnd == window), xlwings.apps.keys()[0])


def click(button_id: str, app: xlwings.App, declined: Callable[[str], None] = lambda _: None) -> bool:
    """Do what a button does, tell its user how it went, and return whether it went well.

    `declined` is told what that means when the user has answered a question with no.
    Raises ProgramClosedError where nobody can be told any more, since the program was closed in the middle.
    """
    from regulars.base.errors import RegularsError  # noqa: PLC0415
    from regulars_addin.handlers import press  # noqa: PLC0415  heavy
    from regulars_addin.messages import DeclinedError, ProgramClosedError, tell, told  # noqa: PLC0415

    try:
        said = press(button_id, app)
    except ProgramClosedError:
        raise
    except DeclinedError as problem:
        declined(f"{problem.what[:1].upper()}{problem.what[1:]}.")
        return False
    except RegularsError as problem:
        tell(app, told(problem), is_problem=True)
        return False
    except Exception:  # noqa: BLE001  the last edge: a defect becomes a sentence and a log
        log = logged(button_id, traceback.format_exc())
        tell(
            app, f"A defect of ours stopped the run; your sheets stand as they were.\n\nTo do: send us the log '{log}'.",
            is_problem=True,
        )  # fmt: skip
        return False
    if said:
        tell(app, said)
    return True


def logged(button_id: str, trace: str) -> str:
    """Write down what happened for those who mend it, and return where."""
    handle, name = tempfile.mkstemp(prefix="regulars-", suffix=".log", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(f"{dt.datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}  {button_id}  {sys.version}\n\n{trace}")
    return name
