"""What stands where a result goes: whether it may be replaced, asked before anything is computed or written."""

from __future__ import annotations

from pathlib import Path

from regulars.base.errors import InputError, OutputError, listing
from regulars.base.units import counted
from regulars.job import Job
from regulars.orders.model import Orders
from regulars.render.graft import look_at_result
from regulars.render.graft.worked_in import said_of_additions
from regulars.render.marks import is_ours
from regulars.render.readback import read_result

FAR_FEWER = 0.5  # of the customers of a result: orders of fewer, and of later days only, are a part of its history
FAR_LATER = 0.25  # of the days of a result: what lacks more of them is a part of its history, whoever bought since


def refuse_one_place_for_two(outputs: tuple[Path, ...]) -> None:
    places = [path.resolve() for path in outputs]
    for path, place in zip(outputs, places, strict=True):
        if places.count(place) > 1:
            raise OutputError(f"two outputs would be written to '{path}'", remedy="give each output a name of its own")


def refuse_to_lose(job: Job) -> None:
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
    if worked_in.added:
        raise OutputError(
            said_of_additions(worked_in.added, str(place)),
            remedy=f"{elsewhere}, or replace it with --force",
        )
    if found.changed and job.earlier is None:
        raise OutputError(
            f"'{place}' holds assumptions that were changed by hand ({listing(found.changed)}), and would lose them",
            remedy=f"keep them with: regulars refresh {place}; or replace it with --force",
        )


def refuse_far_fewer(job: Job, orders: Orders) -> None:
    """Refuse to make a whole history anew from its last months: what the others tell of customers would be gone."""
    if job.earlier is None or not job.looks_back or job.force:
        return
    before = look_at_result(job.earlier.path).extent
    if before is None:
        return
    import pyarrow.compute as pc  # noqa: PLC0415  only here

    customers, first = pc.count_distinct(orders.lines["customer"]).as_py(), pc.min(orders.lines["day"]).as_py()
    missing = (first - before.first).days / ((before.last - before.first).days + 1)
    if missing > FAR_LATER or (missing > 0 and customers < FAR_FEWER * before.customers):
        names = " ".join(map(str, job.inputs))
        raise InputError(
            f"these orders are of {counted(customers, 'customer')} from {first} on; '{job.earlier.path.name}' was made from"
            f" {counted(before.customers, 'customer')} from {before.first} on, and would lose the time before",
            remedy=f"give the earlier orders too: regulars refresh {job.earlier.path} EARLIER.xlsx {names}; or use these"
            " alone with --force",
        )


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
    named: dict[Path | None, str] = {job.deck: "--deck" if job.writes_workbook else "--out", job.json: "--json"}
    return named.get(path, "--out")


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))
