"""Commands from the floors above: the one place where the core loads something that it may not import.

The add-in stands above the command line and knows it, never the other way round. Its commands belong to the same
program all the same. So they are found by the name of their module when the program is put together, and left out where the
package is not installed. A module named here must be quick to import: `regulars --help` loads it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable

import typer

MODULES = ("regulars_addin.cli",)


def added_commands(modules: tuple[str, ...] = MODULES) -> tuple[Callable[..., None] | typer.Typer, ...]:
    """Return what the installed ones of these modules hold in COMMANDS: functions, and groups of functions.

    Raises ImportError where a package is there and its module cannot be imported: that is a defect, not a missing add-in.

    >>> added_commands(("regulars_unheard_of.cli",))
    ()
    """
    found = [name for name in modules if importlib.util.find_spec(name.partition(".")[0])]
    return tuple(command for name in found for command in importlib.import_module(name).COMMANDS)
