"""`regulars lint-deck`: what stands between a deck and its reader."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regulars.base.errors import InputError, OutputError
from regulars.base.units import counted


def lint_deck(
    deck: Annotated[Path, typer.Argument(metavar="DECK", help="A .pptx, made by regulars or by anybody.")],
    rendered: Annotated[
        bool, typer.Option("--rendered", help="Print the deck with LibreOffice too, and look at its pages.")
    ] = False,
    waivers: Annotated[
        Path | None,
        typer.Option("--waivers", metavar="FILE", help="TOML file with what is accepted as it is, and why."),
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option(
            "--facts", metavar="FILE", help="The JSON facts of the run: every number of the deck must be one of them."
        ),
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="PATH", help="Write the findings as JSON to this path.")
    ] = None,
) -> None:
    """Look at a deck by every rule of docs/deck-linter.md. Exit code 1 when it has errors that nobody waived."""
    from regulars.render.deck_lint import lint_deck as lint  # noqa: PLC0415
    from regulars.render.deck_lint import missing_programs, read_waivers  # noqa: PLC0415

    if json is not None and json.exists() and not _is_report(json):
        raise OutputError(
            f"'{json}' is no report of this command and is not replaced", remedy="give --json another path"
        )
    report = lint(
        deck,
        rendered=rendered,
        waivers=read_waivers(waivers) if waivers is not None else (),
        known=_numbers(facts) if facts is not None else None,
    )
    for finding in report.findings:
        typer.echo(str(finding))
    for waiver in report.idle:
        typer.echo(f"note: nothing needs the waiver of {waiver}", err=True)
    if rendered and not report.rendered:
        lacking = ", ".join(missing_programs())
        typer.echo(f"note: the pages were not looked at: {lacking} not installed", err=True)
    typer.echo(report.summary)
    if json is not None:
        _write(json, report.as_json())
    if report.errors:
        raise InputError(
            f"the deck '{deck}' has {counted(len(report.errors), 'error')}",
            remedy="mend what is listed above, or accept it with a reason in a file for --waivers",
        )


def _numbers(path: Path) -> tuple[float, ...]:
    import json  # noqa: PLC0415

    try:
        facts = json.loads(path.read_text(encoding="utf-8"))["facts"]
        values = [fact["value"] for fact in facts.values()]
    except FileNotFoundError as problem:
        raise InputError(f"there are no facts '{path}'", remedy="check the path given with --facts") from problem
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise InputError(
            f"'{path}' holds no facts", remedy="name the file that 'regulars analyze … --json' wrote"
        ) from problem
    return tuple(float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool))


def _is_report(path: Path) -> bool:
    import json  # noqa: PLC0415

    try:
        return bool({"schema", "deck", "findings"} <= json.loads(path.read_text(encoding="utf-8")).keys())
    except (OSError, ValueError, AttributeError):
        return False


def _write(path: Path, text: str) -> None:
    from regulars.base.files import moved_into_place  # noqa: PLC0415

    with moved_into_place(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
