"""The commands, as one program. A new command is one file and its name in a tuple.

Those of the add-in come by name: `regulars.cli.added` says how.
"""

from __future__ import annotations

from typing import Annotated

import typer

from regulars.cli.added import added_commands
from regulars.cli.analyze import analyze
from regulars.cli.batch import batch
from regulars.cli.deck import deck
from regulars.cli.demo import demo
from regulars.cli.lint_deck import lint_deck
from regulars.cli.lists import lists
from regulars.cli.profile_template import profile_template
from regulars.cli.refresh import refresh
from regulars.cli.report import report
from regulars.cli.sample import sample
from regulars.cli.template import template

COMMANDS = (analyze, refresh, deck, report, lint_deck, batch, lists, demo, sample, template, profile_template)

app = typer.Typer(
    name="regulars",
    help="Know your regulars: from a sheet of orders to segments, lifetime value, money at stake and a deck. Nothing leaves this machine.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (*COMMANDS, *added_commands()):
    if isinstance(command, typer.Typer):
        app.add_typer(command)
    else:
        app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        from regulars import __version__  # noqa: PLC0415

        typer.echo(f"regulars {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Hold the options that come before a command."""
