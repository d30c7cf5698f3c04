"""One run: from files of orders to a workbook, and a deck and the facts if they are wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from regulars.analysis import Analysis, Progress, analyse
from regulars.base.errors import OutputError
from regulars.base.facts import Facts
from regulars.base.files import moved_into_place
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.orders.load import load_orders
from regulars.render.lists import write_customers, write_set_aside
from regulars.render.marks import is_ours
from regulars.story.sheets.customers import MOST, customer_list
from regulars.story.sheets.quality import MOST_ROWS


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

    @property
    def outputs(self) -> tuple[Path, ...]:
        """Return every file the job certainly writes."""
        return tuple(path for path in (self.workbook, self.deck, self.json) if path is not None)


@dataclass(frozen=True)
class Outcome:
    """What a run wrote and found."""

    written: tuple[Path, ...]
    facts: Facts
    notes: tuple[str, ...]  # what the deck's template lacks, and the like


def result_path(first_input: Path, out: Path | None, suffix: str = ".xlsx") -> Path:
    """Return where the result goes: beside the first input unless told otherwise.

    >>> result_path(Path("inbox/orders.xlsx"), None).as_posix()
    'inbox/orders.regulars.xlsx'
    """
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


def run(job: Job, progress: Progress = lambda _: None) -> Outcome:
    """Do a job. Inputs are never changed; outputs are written to temporary files and moved into place.

    Raises a RegularsError that says what to do, whenever the inputs or the places of the outputs do not serve.
    """
    _refuse_one_place_for_two(job.outputs)
    for path in job.outputs:
        refuse_unless_free(path, job)
    if job.deck is not None and job.template is not None:
        _check_template(job.template)
    progress(f"Reading {', '.join(path.name for path in job.inputs)}")
    orders = load_orders(job.inputs, job.settings, job.customers)
    analysis = analyse(orders, job.settings, progress)
    progress("Collecting the facts")
    facts = find_facts(analysis)
    return write(analysis, facts, job, progress)


def write(analysis: Analysis, facts: Facts, job: Job, progress: Progress) -> Outcome:
    """Write all outputs of a finished analysis."""
    written: list[Path] = []
    notes: list[str] = []

    def put(path: Path, step: str, writer: Callable[[Path], object]) -> None:
        refuse_unless_free(path, job)
        progress(step)
        with moved_into_place(path) as temporary:
            writer(temporary)
        written.append(path)

    put(job.workbook, "Writing the workbook", lambda path: _workbook(analysis, facts, path))
    if job.deck is not None:
        put(job.deck, "Writing the deck", lambda path: notes.extend(_deck(analysis, facts, path, job.template)))
    if job.json is not None:
        put(job.json, "Writing the facts", lambda path: path.write_text(facts.as_json(), encoding="utf-8"))
    beside = job.workbook.with_suffix("")
    if len(analysis.summary.customers) > MOST:
        listed = customer_list(analysis)
        put(Path(f"{beside}.customers.csv"), "Writing the customers", lambda path: write_customers(listed, path))
    if analysis.orders.set_aside.num_rows > MOST_ROWS:
        rows = analysis.orders.set_aside
        put(Path(f"{beside}.set_aside.csv"), "Writing the rows set aside", lambda path: write_set_aside(rows, path))
    return Outcome(tuple(written), facts, tuple(notes))


def _workbook(analysis: Analysis, facts: Facts, path: Path) -> None:
    from regulars.render.workbook import write_workbook  # noqa: PLC0415
    from regulars.story.sheets import workbook  # noqa: PLC0415

    write_workbook(workbook(analysis, facts), path, facts.currency)


def _deck(analysis: Analysis, facts: Facts, path: Path, template: Path | None) -> tuple[str, ...]:
    from regulars.render.deck import write_deck  # noqa: PLC0415  a run without a deck does not pay for its library
    from regulars.story.slides import deck  # noqa: PLC0415

    return write_deck(deck(analysis, facts), path, facts.currency, template)


def _refuse_one_place_for_two(outputs: tuple[Path, ...]) -> None:
    places = [path.resolve() for path in outputs]
    for path, place in zip(outputs, places, strict=True):
        if places.count(place) > 1:
            raise OutputError(f"two outputs would be written to '{path}'", remedy="give each output a name of its own")


def _check_template(template: Path) -> None:
    """Find a template that does not serve before anything is written."""
    from regulars.render.deck.template import open_template  # noqa: PLC0415

    open_template(template)


def refuse_unless_free(path: Path, job: Job) -> None:
    """Refuse to write over an input, or over a file that is not ours unless forced to."""
    inputs = [*job.inputs, *(extra for extra in (job.customers, job.template) if extra is not None)]
    if any(_same(path, one) for one in inputs):
        raise OutputError(f"the output '{path}' is one of the inputs", remedy="choose another place with --out")
    if path.is_dir():
        raise OutputError(f"the output '{path}' is a folder", remedy="give the name of a file")
    if path.exists() and not job.force and not is_ours(path):
        raise OutputError(
            f"'{path}' exists and was not made by regulars",
            remedy="choose another place with --out, or replace it with --force",
        )


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))
