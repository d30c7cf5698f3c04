"""`regulars addin`: put the button into Excel, take it out, look what is wrong, and build the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from regulars_addin.install import Done

addin = typer.Typer(
    name="addin",
    help="Put the tab Regulars into Excel, take it out, or look what is wrong with it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@addin.command()
def install(
    one_button: Annotated[
        bool, typer.Option("--one-button", help="Install the plain variant: one button, macros of xlwings only.")
    ] = False,
    no_compile: Annotated[
        bool, typer.Option("--no-compile", help="Do not compile the libraries now; every click is slower then.")
    ] = False,
) -> None:
    """Put the tab Regulars into Excel, for you alone, and a way without macros beside it."""
    import sys  # noqa: PLC0415
    import sysconfig  # noqa: PLC0415

    from regulars_addin.install import check_python, compile_libraries, planned  # noqa: PLC0415
    from regulars_addin.install import install as put  # noqa: PLC0415
    from regulars_addin.places import our_places  # noqa: PLC0415

    where = our_places()
    check_python(where, Path(sys.base_prefix))
    done = put(where, planned(where, Path(sys.executable), one_button=one_button))
    _tell(done)
    if not no_compile:
        typer.echo("Compiling the libraries, once …")
        compile_libraries(Path(sysconfig.get_path(name)) for name in ("purelib",))
    typer.echo("Done. Close Excel if it is open, start it again, and look for the tab Regulars.")


@addin.command()
def uninstall() -> None:
    """Remove what 'addin install' wrote, and nothing else."""
    from regulars_addin.install import uninstall as remove  # noqa: PLC0415
    from regulars_addin.places import our_places  # noqa: PLC0415

    done = remove(our_places())
    _tell(done)
    if not (done.removed or done.left):
        typer.echo("Nothing was installed.")


@addin.command()
def doctor() -> None:
    """Look at everything that a click in Excel needs, and say what to do."""
    from regulars_addin.doctor import examine, has_failed  # noqa: PLC0415
    from regulars_addin.machine import this_machine  # noqa: PLC0415
    from regulars_addin.places import NoExcelError, our_places  # noqa: PLC0415

    try:
        where = our_places()
    except NoExcelError:
        where = None
    checks = examine(this_machine(), where)
    for check in checks:
        typer.echo(str(check))
    if has_failed(checks):
        raise typer.Exit(1)


@addin.command()
def build(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to put the built files.")],
) -> None:
    """Build the add-in from the template of xlwings, for developers."""
    import hashlib  # noqa: PLC0415

    from regulars_addin.build import build as make  # noqa: PLC0415

    out.mkdir(parents=True, exist_ok=True)
    for made in make():
        (out / made.name).write_bytes(made.data)
        typer.echo(f"{hashlib.sha256(made.data).hexdigest()}  {out / made.name}")


def _tell(done: Done) -> None:
    for said, paths in (("wrote", done.written), ("removed", done.removed)):
        for path in paths:
            typer.echo(f"{said} {path}")
    for path in done.left:
        typer.echo(f"left {path}: it was changed since it was installed. Delete it yourself if you do not need it.")
