"""One run that ends in customer lists: a folder of files that a mailing program or shop system imports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from regulars.analysis import Progress, analyse
from regulars.base.errors import OutputError
from regulars.base.facts import Facts
from regulars.base.files import moved_into_place
from regulars.base.settings import Settings
from regulars.findings.lists import list_facts
from regulars.findings.orders import order_facts
from regulars.job import Job
from regulars.orders.load import load_orders
from regulars.orders.model import Orders
from regulars.render.lists import write_contacts
from regulars.segments.segment import clusters_are_shown
from regulars.standing import refuse_unless_free
from regulars.story.alarms import alarms
from regulars.story.contacts import contacts, list_file, notes


@dataclass(frozen=True)
class Exported:
    """What was written, and what its user should know."""

    written: tuple[Path, ...]
    facts: Facts
    notes: tuple[str, ...]


def export_lists(job: Job, folder: Path, progress: Progress = lambda _: None) -> Exported:
    """Write the customer lists of a job's orders into a folder.

    Raises a RegularsError that says what to do, whenever the orders or the folder do not serve.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"'{folder}' is a file", remedy="give --out the name of a folder")
    progress(f"Reading {', '.join(path.name for path in job.inputs)}")
    orders = load_orders(job.inputs, job.settings, job.customers)
    return write_lists(orders, job.settings, folder, lambda path: refuse_unless_free(path, job), progress)


def write_lists(
    orders: Orders,
    settings: Settings,
    folder: Path,
    refuse: Callable[[Path], None],
    progress: Progress = lambda _: None,
) -> Exported:
    """Write a file for each list into a folder; a list without customers is a file with its header alone.

    Every file is written each time: one of last month that stays behind would be mistaken for one of today. `refuse`
    looks at the place of each before any is written.
    """
    analysis = analyse(orders, settings, progress, clusters=clusters_are_shown(settings))
    progress("Drawing up the lists")
    lists = contacts(analysis)
    paths = {key: folder / list_file(key) for key in lists}
    for path in paths.values():
        refuse(path)
    for key, path in paths.items():
        with moved_into_place(path) as temporary:
            write_contacts(lists[key], temporary)
    facts = Facts((*order_facts(analysis), *list_facts(analysis)), orders.currency)
    return Exported(tuple(paths.values()), facts, (*notes(lists, facts), *alarms(analysis, facts)))
