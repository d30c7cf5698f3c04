"""The commands of the add-in. `regulars.cli.added` finds this module by its name and takes what stands in COMMANDS.

A group of commands is a `typer.Typer(name=…, help=…)`. Nothing heavy is imported here: `regulars --help` loads this module.
"""

from __future__ import annotations

from collections.abc import Callable

import typer

from regulars_addin.cli_addin import addin
from regulars_addin.cli_live import live

COMMANDS: tuple[Callable[..., None] | typer.Typer, ...] = (live, addin)
