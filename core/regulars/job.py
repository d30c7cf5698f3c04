"""A job: what to read and what to write, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from regulars.base.errors import InputError, OutputError, RegularsError
from regulars.base.facts import Facts
from regulars.base.outline_ids import DEFAULT_OUTLINE, OUTLINES
from regulars.base.settings import Settings
from regulars.render.readback import EarlierResult
from regulars.segments.scheme import is_path
from regulars.story.sheets.record import MadeFrom


@dataclass(frozen=True)
class Job:
    """What to read and what to write. Paths of outputs are final: defaults are filled in by `job_for`."""

    inputs: tuple[Path, ...]
    workbook: Path
    settings: Settings
    customers: Path | None = None
    deck: Path | None = None
    template: Path | None = None
    json: Path | None = None
    force: bool = False
    into: Path | None = None  # a workbook that takes the sheets; `workbook` is written where it cannot
    backup: bool = False  # keep the workbook that is replaced as it was, beside it
    margin_given: bool = False  # with this run: such a margin beats the cell of an earlier result
    earlier: EarlierResult | None = None  # whose assumptions are kept
    looks_back: bool = False  # compare what the earlier result expected with what came
    writes_workbook: bool = True
    settings_file: Path | None = None
    reports: tuple[Path, ...] = ()  # each .md or .html
    outline: str = DEFAULT_OUTLINE  # of the reports: the name of a shipped one, or the path of a TOML file

    @property
    def read_besides(self) -> tuple[Path, ...]:
        """Return every file that the job reads beside the orders."""
        files = (self.customers, self.template, self.into, self.settings_file)
        own = self.outline if self.reports and self.outline not in OUTLINES else None
        named = (self.settings.scheme if is_path(self.settings.scheme) else None, self.settings.theme, own)
        return (*(file for file in files if file is not None), *(Path(name) for name in named if name))

    @property
    def outputs(self) -> tuple[Path, ...]:
        """Return every file the job certainly writes."""
        workbook = (self.into or self.workbook) if self.writes_workbook else None
        return tuple(path for path in (workbook, self.deck, self.json, *self.reports) if path is not None)

    @property
    def made_from(self) -> MadeFrom:
        """Return the inputs as the user named them."""
        return MadeFrom(tuple(map(str, self.inputs)), str(self.customers) if self.customers else None)


@dataclass(frozen=True)
class Outcome:
    """What a run wrote and found."""

    written: tuple[Path, ...]
    facts: Facts
    notes: tuple[str, ...]  # what the deck's template lacks, and the like
    refused: RegularsError | None = None  # why the sheets stand beside the workbook that they should go into


def result_path(first_input: Path, out: Path | None, suffix: str = ".xlsx") -> Path:
    """Return where the result goes: beside the first input unless told otherwise.

    >>> result_path(Path("inbox/orders.xlsx"), None).as_posix()
    'inbox/orders.regulars.xlsx'
    """
    if not first_input.name:
        raise InputError(
            f"'{first_input}' is a folder, not a file of orders", remedy="name the file, or use regulars batch for many"
        )
    name = f"{first_input.stem}.regulars{suffix}"
    if out is None:
        return first_input.with_name(name)
    if out.is_dir():
        return out / name
    if out.suffix.lower() != suffix:
        raise OutputError(
            f"the result '{out}' does not end in {suffix}", remedy=f"give --out a name such as {out.stem}{suffix}"
        )
    return out
