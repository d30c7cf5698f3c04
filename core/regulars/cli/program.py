"""The program: arguments in, an exit code out, and errors as a sentence in between."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import NoReturn

import typer

from regulars.base.errors import RegularsError, SettingsError
from regulars.cli.commands import app
from regulars.cli.exits import BAD_INPUT, DEFECT, WRONG_USAGE
from regulars.cli.options import AUTO

PRESENTATIONS = (".pptx", ".ppt", ".pptm", ".potx", ".pps", ".ppsx", ".odp", ".key", ".pdf")


def spelled_out(arguments: Sequence[str]) -> list[str]:
    """Give `--deck` its default value unless the next word is the name of a presentation: then it takes that.

    >>> spelled_out(["analyze", "--deck", "orders.xlsx"])
    ['analyze', '--deck=auto', 'orders.xlsx']
    """
    if "batch" in arguments[:1]:
        return list(arguments)
    spelled = []
    for number, word in enumerate(arguments):
        following = arguments[number + 1] if number + 1 < len(arguments) else ""
        bare = word == "--deck" and not following.lower().endswith(PRESENTATIONS)
        spelled.append(f"--deck={AUTO}" if bare else word)
    return spelled


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        # Our matrices are small: more threads would only wait for each other, and a batch has its own processes.
        os.environ.setdefault(library, "1")
    # A run makes few cycles and many objects: looking for the former every 700 of the latter took a twentieth of it.
    gc.set_threshold(50_000, 20, 20)
    try:
        app(args=spelled_out(sys.argv[1:] if arguments is None else arguments), prog_name="regulars")
    except SettingsError as error:
        _leave(error, WRONG_USAGE)
    except RegularsError as error:
        _leave(error, BAD_INPUT)
    except Exception:  # noqa: BLE001  the last edge: a defect becomes a sentence and a log
        handle, name = tempfile.mkstemp(prefix="regulars-", suffix=".log", text=True)
        with os.fdopen(handle, "w", encoding="utf-8") as log:
            log.write(f"{dt.datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}  {sys.argv}\n\n{traceback.format_exc()}")
        typer.echo(f"regulars: a defect of ours stopped the run. To do: send us the log '{name}'.", err=True)
        sys.exit(DEFECT)
    sys.exit(0)


def _leave(error: RegularsError, code: int) -> NoReturn:
    typer.echo(f"regulars: {error.what}", err=True)
    typer.echo(f"To do: {error.remedy}.", err=True)
    sys.exit(code)


def entry() -> NoReturn:
    """Run the command line as a program of its own, and leave without tidying up.

    Python frees half a gigabyte of orders piece by piece when it ends; the system does it at once.
    """
    code: object = DEFECT
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)
