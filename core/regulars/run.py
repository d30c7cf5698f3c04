"""One run: from files of orders to a workbook, and a deck and the facts if they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from regulars.analysis import Progress
from regulars.base.errors import OutputError, RegularsError, listing
from regulars.base.files import backed_up, moved_into_place
from regulars.job import Job, Outcome
from regulars.orders.load import load_orders
from regulars.render.graft import our_sheets
from regulars.render.into import Host, open_host, put_into
from regulars.render.lists import write_customers, write_set_aside
from regulars.render.readback import EarlierResult, read_result
from regulars.render.report import write_report
from regulars.result import (
    Result,
    check_slides,
    result_of,
    seen_in_full,
    slides_show_clusters,
    theme_of,
    write_sheets,
    write_slides,
)
from regulars.segments.segment import clusters_are_shown
from regulars.standing import refuse_far_fewer, refuse_one_place_for_two, refuse_to_lose, refuse_unless_free
from regulars.story.outlines import read_outline, shows_clusters
from regulars.story.report_spec import Report
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets.customers import MOST, customer_list
from regulars.story.sheets.quality import MOST_ROWS


@dataclass
class _Course:
    """What a run learns on its way."""

    host: Host | None = None
    refused: RegularsError | None = None
    earlier: EarlierResult | None = None
    written: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def run(job: Job, progress: Progress = lambda _: None) -> Outcome:
    """Do a job. Inputs are never changed; outputs are written to temporary files and moved into place.

    Only the workbook that a job names in `into` gets sheets; where it cannot take them, they are written beside it and
    the outcome says why. Raises a RegularsError that says what to do, whenever the inputs or the places of the outputs
    do not serve.
    """
    refuse_one_place_for_two(job.outputs)
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
    theme_of(job.settings)  # what is wrong with it is said before anything is computed
    check_slides(job.settings)
    if job.reports:
        read_outline(job.outline)
    progress(f"Reading {', '.join(path.name for path in job.inputs)}")
    left_out = _our_sheets(job, course)
    result = result_of(
        lambda settings: load_orders(job.inputs, settings, job.customers, left_out),
        job.settings,
        progress,
        earlier=earlier,
        looks_back=job.looks_back,
        clusters=job.json is not None
        or clusters_are_shown(job.settings)
        or (job.deck is not None and slides_show_clusters(job.settings))
        or (bool(job.reports) and shows_clusters(read_outline(job.outline))),
        in_full=bool(job.reports),
        refuse=lambda orders: refuse_far_fewer(job, orders),
    )
    course.notes += result.notes
    if earlier is not None and result.follows_other_orders and not job.writes_workbook:
        course.notes.append(
            f"the orders are not those that '{earlier.path.name}' was made from: the deck shows them as they are now"
            f" (the workbook follows with: regulars refresh {earlier.path})"
        )
    return _written(result, job, course, progress)


def _begun(job: Job) -> _Course:
    """Look at what stands where the result goes, before anything is computed."""
    course = _Course(earlier=job.earlier)
    if job.into is None:
        if job.writes_workbook:
            refuse_to_lose(job)
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


def _our_sheets(job: Job, course: _Course) -> Mapping[Path, tuple[str, ...]]:
    """Return the sheets of earlier results in the inputs: they are no orders."""
    found = {}
    for path in dict.fromkeys((*job.inputs, *((job.customers,) if job.customers else ()))):
        names = tuple(our_sheets(path).values())
        if names:
            found[path] = names
            course.notes.append(f"sheets of a result in '{path.name}' are not read as orders: {listing(names)}")
    return found


def _written(result: Result, job: Job, course: _Course, progress: Progress) -> Outcome:
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

    analysis, facts = result.analysis, result.facts
    if job.writes_workbook:
        spec = result.sheets(job.made_from)
        if course.host is not None:
            progress(f"Putting the sheets into {course.host.path.name}")
            _put_into(spec, result, job, course.host, course)
        if job.into is None or course.refused is not None:
            own = theme_of(job.settings)
            put(job.workbook, "Writing the workbook", lambda path: write_sheets(spec, facts, path, own))
    if job.deck is not None:
        put(job.deck, "Writing the deck", lambda path: course.notes.extend(write_slides(result, path, job.template)))
    if job.reports:
        report = _report(result, job)
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


def _report(result: Result, job: Job) -> Report:
    from regulars.story.report import written_report  # noqa: PLC0415

    return written_report(read_outline(job.outline), seen_in_full(result.analysis), result.facts)


def _put_into(spec: WorkbookSpec, result: Result, job: Job, host: Host, course: _Course) -> None:
    try:
        report, kept = put_into(spec, host, result.facts.currency, theme_of(job.settings), backup=job.backup)
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


def _check_template(template: Path) -> None:
    """Find a template that does not serve before anything is written."""
    from regulars.render.deck.template import open_template  # noqa: PLC0415

    open_template(template)
