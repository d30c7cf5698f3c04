"""`regulars live`: press a button in the program that has the orders open, where macros are blocked or missing."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from regulars_addin.buttons import BUTTONS
from regulars_addin.libreoffice.bridge import PORT

IDS = tuple(button.id for button in BUTTONS)


def _button(name: str) -> str:
    from regulars.base.errors import nearest  # noqa: PLC0415

    wanted = name.strip().lower().replace("-", "_")
    if wanted in IDS:
        return wanted
    meant = nearest(wanted, IDS)
    hint = f"; did you mean '{meant}'?" if meant else ""
    raise typer.BadParameter(f"there is no button '{name}'{hint} They are {', '.join(IDS)}.")


def live(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="WORKBOOK", help="A workbook to open first; without, the one in front is taken."),
    ] = None,
    do: Annotated[
        str, typer.Option("--do", metavar="BUTTON", help=f"Which button to press: {', '.join(IDS)}.", callback=_button)
    ] = IDS[0],
    libreoffice: Annotated[
        bool, typer.Option("--libreoffice", help="Work in LibreOffice Calc; without, in Excel.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", metavar="N", help="Port on which that LibreOffice listens.", min=1, max=65535)
    ] = PORT,
    yes: Annotated[
        bool, typer.Option("--yes", help="Answer every question with yes, such as whether to replace a result.")
    ] = False,
) -> None:
    """Do in the open workbook what a button of the tab Regulars does, without a macro."""
    from regulars_addin.click import click, prepared  # noqa: PLC0415

    with prepared():
        from regulars_addin.launch import in_excel, in_libreoffice  # noqa: PLC0415  loads xlwings
        from regulars_addin.messages import yes_to_all  # noqa: PLC0415

        app = in_libreoffice(file, port) if libreoffice else in_excel(file)
        refused: list[str] = []
        with yes_to_all() if yes else nullcontext():
            went_well = click(do, app, refused.append)
    for text in (*_said(app), *refused):
        typer.echo(text, err=not went_well)
    if not went_well:
        raise typer.Exit(1)


def _said(app: Any) -> list[str]:
    """Return the messages that the program was asked to show, for whoever looks at the terminal instead."""
    return [alert.text for alert in getattr(app.impl, "alerts", ())]
