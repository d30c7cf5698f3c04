"""The command line: a thin skin that turns options into a job and errors into a sentence and an exit code."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from regulars.base.errors import RegularsError, SettingsError
from regulars.base.settings import Settings, read_settings, settings_from

if TYPE_CHECKING:
    from regulars.run import Job

BAD_INPUT, WRONG_USAGE, DEFECT, SOME_FAILED = 1, 2, 3, 4
AUTO = "auto"  # --deck without a path

app = typer.Typer(
    name="regulars",
    help="Know your regulars: from a sheet of orders to segments, lifetime value, money at stake and a deck. Nothing leaves this machine.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Orders = Annotated[
    list[Path],
    typer.Argument(metavar="ORDERS...", help="Workbooks or text files with orders; several count as one set."),
]
Sheet = Annotated[
    list[str] | None,
    typer.Option("--sheet", metavar="NAME", help="Sheet that holds orders; may be given several times."),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=HEADER",
        help='Column for a field, such as customer="Client No"; may be given several times.',
    ),
]
CustomersFile = Annotated[
    Path | None,
    typer.Option("--customers", metavar="FILE", help="Table of customers: id, sign-up date, segment, channel."),
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE", help="TOML file with any of these options.")
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="PATH", help="The result workbook; default is <first input>.regulars.xlsx beside it."
    ),
]
Deck = Annotated[
    str | None,
    typer.Option(
        "--deck",
        metavar="[PATH]",
        help="Write a PowerPoint deck too; PATH must end in .pptx, default is beside the workbook.",
    ),
]
Template = Annotated[
    Path | None, typer.Option("--template", metavar="PPTX", help="PowerPoint template to write the deck into.")
]
Json = Annotated[Path | None, typer.Option("--json", metavar="PATH", help="Write every number as JSON too.")]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="First day that counts, such as 2025-01-01.")
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day that counts.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Day the analysis looks from, inclusive; default is the last order's day."
    ),
]
Horizon = Annotated[
    int | None,
    typer.Option(
        "--horizon-months", metavar="N", help="Months ahead that lifetime value and impact cover.  [default: 12]"
    ),
]
Margin = Annotated[
    float | None, typer.Option("--margin", metavar="SHARE", help="Gross margin, such as 0.4; beats a profit column.")
]
Scheme = Annotated[
    str | None,
    typer.Option(
        "--scheme", metavar="ID", help="Segment scheme that leads: rfm11, kmeans5 or supplied.  [default: rfm11]"
    ),
]
Sheets = Annotated[
    str | None,
    typer.Option("--sheets", metavar="short|full", help="Which result sheets are written.  [default: short]"),
]
Returns = Annotated[
    str | None, typer.Option("--returns", metavar="net|drop|keep", help="What a return does.  [default: net]")
]
Repeats = Annotated[
    str | None,
    typer.Option("--repeats", metavar="keep|drop", help="What an identical line in one sheet is.  [default: keep]"),
]
ClvEngine = Annotated[
    str | None,
    typer.Option("--clv-engine", metavar="own|lifetimes", help="What fits the lifetime models.  [default: own]"),
]
CurrencyCode = Annotated[
    str | None, typer.Option("--currency", metavar="CODE", help="Currency when no column says it, such as GBP.")
]
Analyst = Annotated[
    str | None, typer.Option("--analyst", metavar="NAME", help="Name on the title slide and the Summary sheet.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace existing files that regulars did not make.")]


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


@app.command()
def analyze(
    orders: Orders,
    sheet: Sheet = None,
    mapped: Map = None,
    customers: CustomersFile = None,
    settings: SettingsFile = None,
    out: Out = None,
    deck: Deck = None,
    template: Template = None,
    json: Json = None,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    horizon_months: Horizon = None,
    margin: Margin = None,
    scheme: Scheme = None,
    sheets: Sheets = None,
    returns: Returns = None,
    repeats: Repeats = None,
    clv_engine: ClvEngine = None,
    currency: CurrencyCode = None,
    analyst: Analyst = None,
    force: Force = False,
) -> None:
    """Turn orders into a workbook of segments, lifetime value and impact, and into a deck if wanted."""
    chosen = _settings(
        settings,
        sheet=tuple(sheet) if sheet else None,
        map=_pairs(mapped),
        since=_day("--since", since),
        until=_day("--until", until),
        as_of=_day("--as-of", as_of),
        horizon_months=horizon_months,
        margin=margin,
        scheme=scheme,
        sheets=sheets,
        returns=returns,
        repeats=repeats,
        clv_engine=clv_engine,
        currency=currency.upper() if currency else None,
        analyst=analyst,
    )
    _finish(_job(orders, chosen, customers, out, deck, template, json, force=force))


@app.command()
def batch(
    patterns: Annotated[
        list[str], typer.Argument(metavar="PATTERN...", help="Workbooks, such as 'inbox/*.xlsx' in quotes.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the results; it mirrors the folders of the inputs.")
    ],
    settings: SettingsFile = None,
    deck: Annotated[bool, typer.Option("--deck", help="Write a deck for each workbook too.")] = False,
    template: Template = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes at a time; default is one a processor.")
    ] = None,
    force: Force = False,
) -> None:
    """Analyze many workbooks; one that fails does not stop the rest. Exit code 4 when some failed."""
    from regulars.batch import (  # noqa: PLC0415
        DONE,
        Fate,
        find_inputs,
        jobs_for,
        refuse_foreign_results,
        run_batch,
        write_results,
    )
    from regulars.run import Job  # noqa: PLC0415

    chosen = _settings(settings)
    inputs, base = find_inputs(patterns, out)
    if template is not None and not deck:
        raise typer.BadParameter("a template needs --deck", param_hint="--template")
    if not force:
        refuse_foreign_results(out / "results.csv")
    shape = Job((), Path(), chosen, template=template, force=force)
    work = jobs_for(inputs, base, out, shape, deck=deck)
    with _steps() as progress:
        count = 0

        def reached(fate: Fate) -> None:
            nonlocal count
            count += 1
            progress(f"{count} of {len(work)}: {fate.input} {fate.status}")

        fates = run_batch(work, jobs or os.cpu_count() or 1, reached)
    results = out / "results.csv"
    write_results(fates, results)
    for fate in fates:
        if fate.status != DONE:
            typer.echo(f"{fate.input}: {fate.reason}. To do: {fate.remedy}.", err=True)
    failed = sum(fate.status != DONE for fate in fates)
    typer.echo(f"{len(fates) - failed} of {len(fates)} workbooks done, {failed} failed")
    typer.echo(str(results))
    if failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the sample, the workbook and the deck.")
    ] = Path("demo"),
) -> None:
    """Analyze a sample of real orders, with all sheets, a deck and the facts, into a folder."""
    from regulars_workbooks.sample import write_sample  # noqa: PLC0415

    orders = out / "orders.xlsx"
    write_sample(orders)
    chosen = Settings(sheets="full", currency="GBP")
    _finish(_job([orders], chosen, None, None, AUTO, None, out / "orders.regulars.json", force=False))


@app.command()
def sample(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Where to put the sample workbook of real orders.")],
) -> None:
    """Write the sample workbook of real orders, to try things with."""
    from regulars_workbooks.sample import write_sample  # noqa: PLC0415

    write_sample(path)
    typer.echo(str(path))


def _job(
    orders: Sequence[Path], settings: Settings, customers: Path | None, out: Path | None, deck: str | None,
    template: Path | None, json: Path | None, *, force: bool,
) -> Job:  # fmt: skip
    from regulars.run import Job, result_path  # noqa: PLC0415

    workbook = result_path(orders[0], out)
    place = None
    if deck is not None:
        place = workbook.with_suffix(".pptx") if deck == AUTO else Path(deck)
    elif template is not None:
        raise typer.BadParameter("a template needs --deck", param_hint="--template")
    return Job(tuple(orders), workbook, settings, customers, place, template, json, force=force)


def _finish(job: Job) -> None:
    from regulars.run import run  # noqa: PLC0415

    with _steps() as progress:
        outcome = run(job, progress)
    for note in outcome.notes:
        typer.echo(f"note: {note}", err=True)
    for path in outcome.written:
        typer.echo(str(path))


def _settings(path: Path | None, **options: Any) -> Settings:
    """Return the settings: option beats file beats default."""
    base = read_settings(path) if path else settings_from({}, "the defaults")
    given = options.pop("map", None)
    settings = base.but(**options)
    return settings.but(map={**settings.map, **given}) if given else settings


def _pairs(mapped: list[str] | None) -> dict[str, str] | None:
    if not mapped:
        return None
    pairs = {}
    for one in mapped:
        field, sign, header = one.partition("=")
        if not sign or not field.strip() or not header.strip():
            raise typer.BadParameter(f"'{one}' is not FIELD=HEADER, such as customer=\"Client No\"", param_hint="--map")
        pairs[field.strip()] = header.strip()
    return pairs


def _day(option: str, text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a date such as 2025-12-31", param_hint=option) from None


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """Show the name of the running step on a terminal; stay quiet when piped."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status("Starting") as status:
        yield status.update


def spelled_out(arguments: Sequence[str]) -> list[str]:
    """Give `--deck` its default value unless the next word ends in .pptx: then it takes that.

    >>> spelled_out(["analyze", "--deck", "orders.xlsx"])
    ['analyze', '--deck=auto', 'orders.xlsx']
    """
    if "batch" in arguments[:1]:
        return list(arguments)
    spelled = []
    for number, word in enumerate(arguments):
        following = arguments[number + 1] if number + 1 < len(arguments) else ""
        bare = word == "--deck" and not following.lower().endswith(".pptx")
        spelled.append(f"--deck={AUTO}" if bare else word)
    return spelled


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        # Our matrices are small: more threads would only wait for each other, and a batch has its own processes.
        os.environ.setdefault(library, "1")
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


if __name__ == "__main__":
    entry()
