"""One run: from files of orders to a workbook, and a deck and the facts if they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from regulars.analysis import Analysis, Progress, analyse
from regulars.base.errors import InputError, OutputError, RegularsError, listing
from regulars.base.facts import Facts
from regulars.base.files import backed_up, moved_into_place
from regulars.base.outline_ids import DEFAULT_OUTLINE, OUTLINES
from regulars.base.settings import Settings
from regulars.base.units import counted
from regulars.findings import find_facts
from regulars.hindsight import Hindsight, Promise, look_back, settings_of_then
from regulars.orders.fingerprint import fingerprint
from regulars.orders.load import load_orders
from regulars.orders.model import Notice, Orders
from regulars.render.graft import look_at_result, our_sheets
from regulars.render.into import Host, open_host, put_into
from regulars.render.lists import write_customers, write_set_aside
from regulars.render.marks import is_ours
from regulars.render.readback import EarlierResult, read_result
from regulars.render.report import write_report
from regulars.segments.scheme import is_path
from regulars.segments.segment import clusters_are_shown
from regulars.story.alarms import alarms
from regulars.story.outlines import read_outline
from regulars.story.report_spec import Report
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets.customers import MOST, customer_list
from regulars.story.sheets.quality import MOST_ROWS
from regulars.story.sheets.record import MadeFrom
from regulars.story.sheets.since import verdict
from regulars_workbooks.theme import SHIPPED, Theme, read_theme

FAR_FEWER = 0.5  # of the customers of a result: orders of fewer, and of later days only, are a part of its history


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


@dataclass
class _Course:
    """What a run learns on its way."""

    host: Host | None = None
    refused: RegularsError | None = None
    earlier: EarlierResult | None = None
    written: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


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


def run(job: Job, progress: Progress = lambda _: None) -> Outcome:
    """Do a job. Inputs are never changed; outputs are written to temporary files and moved into place.

    Only the workbook that a job names in `into` gets sheets; where it cannot take them, they are written beside it and
    the outcome says why. Raises a RegularsError that says what to do, whenever the inputs or the places of the outputs
    do not serve.
    """
    _refuse_one_place_for_two(job.outputs)
    course = _begun(job)
    for path in job.outputs:
        if path != job.into:
            refuse_unless_free(path, job)
    if course.refused is not None:
        refuse_unless_free(job.workbook, job)
    if job.deck is not None and job.template is not None:
        _check_template(job.template)
    earlier = course.earlier
    if earlier is not None:
        job = replace(job, settings=earlier.kept(job.settings, margin_given=job.margin_given))
    _theme(job)  # what is wrong with it is said before anything is computed
    _check_slides(job)
    if job.reports:
        read_outline(job.outline)
    progress(f"Reading {', '.join(path.name for path in job.inputs)}")
    left_out = _our_sheets(job, course)
    orders = load_orders(job.inputs, job.settings, job.customers, left_out)
    if earlier is not None:
        orders = replace(
            orders, notices=(*orders.notices, *(Notice("yellow_cells", note, 0) for note in earlier.notes))
        )
    _refuse_far_fewer(job, orders)
    clusters = (
        job.json is not None or clusters_are_shown(job.settings) or _deck_shows_clusters(job) or bool(job.reports)
    )
    analysis = analyse(orders, job.settings, progress, clusters=clusters)
    if job.looks_back and earlier is not None:
        progress("Comparing with what was expected")
        is_same = fingerprint(orders) == earlier.fingerprint
        promise = earlier.before if is_same else earlier.promise
        if promise is not None:
            analysis = replace(analysis, hindsight=_hindsight(job, analysis, promise, left_out))
    if earlier is not None:
        course.notes += _about_earlier(job, earlier, orders)
    progress("Collecting the facts")
    facts = find_facts(_in_full(analysis) if job.reports else analysis)
    if analysis.hindsight is not None:
        course.notes.append(verdict(facts))
    course.notes += alarms(analysis, facts)
    return _written(analysis, facts, job, course, progress)


def _begun(job: Job) -> _Course:
    """Look at what stands where the result goes, before anything is computed."""
    course = _Course(earlier=job.earlier)
    if job.into is None:
        if job.writes_workbook:
            _refuse_to_lose(job)
        return course
    if not job.into.exists():
        raise OutputError(
            f"there is no workbook '{job.into}' to put sheets into",
            remedy="name one that exists, or leave --into away: the result is then a workbook of its own",
        )
    try:
        if course.earlier is None and our_sheets(job.into):
            course.earlier = read_result(job.into)
            if course.earlier is None:
                course.notes.append(f"the result in '{job.into.name}' has no record, so nothing of it is kept")
        course.host = open_host(job.into, force=job.force)
    except RegularsError as refusal:
        course.refused = refusal
    return course


def _refuse_to_lose(job: Job) -> None:
    """Refuse to write over a result of ours that its owner has worked in."""
    place = job.workbook
    if job.force or not place.is_file() or not is_ours(place):
        return
    try:
        found = job.earlier or read_result(place)
    except InputError:
        return  # it is ours and damaged: writing it anew is the remedy
    if found is None:
        return
    worked_in = look_at_result(place)
    elsewhere = "choose another place with --out" if job.earlier is None else "move them to a workbook of your own"
    added = [name for name in found.added if name not in worked_in.renamed]
    if added:
        raise OutputError(
            f"'{place}' holds sheets that were added by hand ({listing(added)}), and would lose them",
            remedy=f"{elsewhere}, or replace it with --force",
        )
    for sheet, things in worked_in.added.items():
        raise OutputError(
            f"sheet '{sheet}' of '{place}' holds what was added by hand ({listing(things)}), and would lose it",
            remedy=f"{elsewhere}, or replace it with --force",
        )
    if found.changed and job.earlier is None:
        raise OutputError(
            f"'{place}' holds assumptions that were changed by hand ({listing(found.changed)}), and would lose them",
            remedy=f"keep them with: regulars refresh {place}; or replace it with --force",
        )


def _refuse_far_fewer(job: Job, orders: Orders) -> None:
    """Refuse to make a whole history anew from its last months: the customers of the others would be gone."""
    if job.earlier is None or not job.looks_back or job.force:
        return
    before = look_at_result(job.earlier.path).extent
    if before is None:
        return
    import pyarrow.compute as pc  # noqa: PLC0415  only here

    customers, first = pc.count_distinct(orders.lines["customer"]).as_py(), pc.min(orders.lines["day"]).as_py()
    if first > before.first and customers < FAR_FEWER * before.customers:
        names = " ".join(map(str, job.inputs))
        raise InputError(
            f"these orders are of {counted(customers, 'customer')} from {first} on; '{job.earlier.path.name}' was made from"
            f" {counted(before.customers, 'customer')} from {before.first} on, and would lose the others",
            remedy=f"give the earlier orders too: regulars refresh {job.earlier.path} EARLIER.xlsx {names}; or use these"
            " alone with --force",
        )


def _our_sheets(job: Job, course: _Course) -> Mapping[Path, tuple[str, ...]]:
    """Return the sheets of earlier results in the inputs: they are no orders."""
    found = {}
    for path in dict.fromkeys((*job.inputs, *((job.customers,) if job.customers else ()))):
        names = tuple(our_sheets(path).values())
        if names:
            found[path] = names
            course.notes.append(f"sheets of a result in '{path.name}' are not read as orders: {listing(names)}")
    return found


def _hindsight(job: Job, analysis: Analysis, promise: Promise, left_out: Mapping[Path, tuple[str, ...]]) -> Hindsight:
    settings = settings_of_then(job.settings, promise)
    try:
        then = load_orders(job.inputs, settings, job.customers, left_out)
    except InputError as problem:
        return Hindsight(promise, None, f"the orders do not reach back before {promise.end} ({problem.what})")
    return look_back(then, analysis.summary, settings, promise)


def _about_earlier(job: Job, earlier: EarlierResult, orders: Orders) -> list[str]:
    notes = list(earlier.notes)
    kept = [key for key, value in earlier.changed.items() if value is not None]
    if kept:
        notes.append(f"kept from the yellow cells of '{earlier.path.name}': {', '.join(kept)}")
    is_same = fingerprint(orders) == earlier.fingerprint
    if job.looks_back and is_same:
        notes.append(f"the orders are those that '{earlier.path.name}' was made from")
    if not job.writes_workbook and not is_same:
        notes.append(
            f"the orders are not those that '{earlier.path.name}' was made from: the deck shows them as they are now"
            f" (the workbook follows with: regulars refresh {earlier.path})"
        )
    return notes


def _written(analysis: Analysis, facts: Facts, job: Job, course: _Course, progress: Progress) -> Outcome:
    """Write all outputs of a finished analysis."""

    def put(path: Path, step: str, writer: Callable[[Path], object]) -> None:
        refuse_unless_free(path, job)
        progress(step)
        kept = None
        with moved_into_place(path) as temporary:
            writer(temporary)
            if job.backup and job.into is None and path == job.workbook and path.exists():
                kept = backed_up(path)
        course.written += [path, *([kept] if kept else [])]

    if job.writes_workbook:
        spec = _workbook(analysis, facts, job)
        if course.host is not None:
            progress(f"Putting the sheets into {course.host.path.name}")
            _put_into(spec, facts, job, course.host, course)
        if job.into is None or course.refused is not None:
            put(job.workbook, "Writing the workbook", lambda path: _write_workbook(spec, facts, path, _theme(job)))
    if job.deck is not None:
        put(job.deck, "Writing the deck", lambda path: course.notes.extend(_deck(analysis, facts, path, job.template)))
    if job.reports:
        report = _report(analysis, facts, job)
        for place in job.reports:
            put(place, "Writing the report", lambda path: write_report(report, path, path.suffix.lower()))
    if job.json is not None:
        put(job.json, "Writing the facts", lambda path: path.write_text(facts.as_json(), encoding="utf-8"))
    beside = job.workbook.with_suffix("")
    if job.writes_workbook and len(analysis.summary.customers) > MOST:
        listed = customer_list(analysis)
        put(Path(f"{beside}.customers.csv"), "Writing the customers", lambda path: write_customers(listed, path))
    if job.writes_workbook and analysis.orders.set_aside.num_rows > MOST_ROWS:
        rows = analysis.orders.set_aside
        put(Path(f"{beside}.set_aside.csv"), "Writing the rows set aside", lambda path: write_set_aside(rows, path))
    return Outcome(tuple(course.written), facts, tuple(course.notes), course.refused)


def _workbook(analysis: Analysis, facts: Facts, job: Job) -> WorkbookSpec:
    from regulars.story.sheets import workbook  # noqa: PLC0415

    return workbook(analysis, facts, job.made_from)


def _in_full(analysis: Analysis) -> Analysis:
    """Return the analysis as the full set of sheets sees it: a report tells of all, whichever sheets are written."""
    return replace(analysis, settings=replace(analysis.settings, sheets="full"))


def _report(analysis: Analysis, facts: Facts, job: Job) -> Report:
    from regulars.story.report import written_report  # noqa: PLC0415

    return written_report(read_outline(job.outline), _in_full(analysis), facts)


def _put_into(spec: WorkbookSpec, facts: Facts, job: Job, host: Host, course: _Course) -> None:
    try:
        report, kept = put_into(spec, host, facts.currency, _theme(job), backup=job.backup)
    except OutputError as refusal:
        course.refused = refusal
        return
    course.written += [host.path, *([kept] if kept else [])]
    if report.left:
        course.notes.append(
            f"sheets of an earlier result that this one does not have stand as they were: {listing(report.left)}"
            " (delete them, or run with --sheets full)"
        )
    if report.removed:
        course.notes.append(
            f"sheets of an earlier result that this one does not have were removed: {listing(report.removed, most=20)}"
            " (--sheets full makes them again)"
        )
    if report.recalculates:
        course.notes.append(f"Excel will calculate '{host.path.name}' anew when it opens it: formulas read our sheets")


def _theme(job: Job) -> Theme:
    return read_theme(Path(job.settings.theme)) if job.settings.theme else SHIPPED


def _write_workbook(spec: WorkbookSpec, facts: Facts, path: Path, own: Theme) -> None:
    from regulars.render.workbook import write_workbook  # noqa: PLC0415

    write_workbook(spec, path, facts.currency, own=own)


def _deck(analysis: Analysis, facts: Facts, path: Path, template: Path | None) -> tuple[str, ...]:
    from regulars.render.deck import write_deck  # noqa: PLC0415  a run without a deck does not pay for its library
    from regulars.story.slides import deck  # noqa: PLC0415

    spec = deck(analysis, facts)
    left_out = tuple(f"slide '{key}' is left out: these orders cannot carry it" for key in spec.left_out)
    return (*left_out, *write_deck(spec, path, facts.currency, template))


def _check_slides(job: Job) -> None:
    """Refuse a slide that nobody knows, before anything is computed."""
    from regulars.story.slides import chosen_slides  # noqa: PLC0415

    chosen_slides(job.settings)


def _deck_shows_clusters(job: Job) -> bool:
    from regulars.story.slides import shows_clusters  # noqa: PLC0415

    return job.deck is not None and shows_clusters(job.settings)


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
    if any(_same(path, one) for one in (*job.inputs, *job.read_besides)):
        raise OutputError(
            f"the output '{path}' is one of the inputs", remedy=f"choose another place with {_option(path, job)}"
        )
    if path.is_dir():
        raise OutputError(f"the output '{path}' is a folder", remedy="give the name of a file")
    if path.exists() and not job.force and not is_ours(path):
        raise OutputError(
            f"'{path}' exists and was not made by regulars",
            remedy=f"choose another place with {_option(path, job)}, or replace it with --force",
        )


def _option(path: Path, job: Job) -> str:
    """Return the option that says where an output goes."""
    if path in job.reports:
        return "--report"
    named: dict[Path | None, str] = {job.deck: "--deck", job.json: "--json"}
    return named.get(path, "--out")


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))
