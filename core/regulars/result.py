"""One result in memory: from orders to facts, sheets and slides, whoever reads the orders and wherever the result goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from regulars.analysis import Analysis, Progress, analyse
from regulars.base.errors import InputError
from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.findings import find_facts
from regulars.hindsight import Hindsight, Promise, look_back, settings_of_then
from regulars.orders.fingerprint import fingerprint
from regulars.orders.model import Notice, Orders
from regulars.render.readback import EarlierResult
from regulars.story.alarms import alarms
from regulars.story.sheet_spec import WorkbookSpec
from regulars.story.sheets.record import MadeFrom
from regulars.story.sheets.since import verdict
from regulars_workbooks.theme import SHIPPED, Theme, read_theme

Load = Callable[[Settings], Orders]


@dataclass(frozen=True)
class Result:
    """What a run found, before anything of it is written."""

    analysis: Analysis
    facts: Facts
    notes: tuple[str, ...]  # what its user should know
    follows_other_orders: bool = False  # than those that the earlier result was made from

    def sheets(self, made_from: MadeFrom) -> WorkbookSpec:
        """Return the result sheets, with a record of the run."""
        from regulars.story.sheets import workbook  # noqa: PLC0415

        return workbook(self.analysis, self.facts, made_from)


def result_of(
    load: Load,
    settings: Settings,
    progress: Progress = lambda _: None,
    *,
    earlier: EarlierResult | None = None,
    looks_back: bool = False,
    clusters: bool = True,
    in_full: bool = False,
    refuse: Callable[[Orders], None] = lambda _: None,
) -> Result:
    """Read orders with `load`, analyse them and collect the facts.

    `settings` hold what is kept of an `earlier` result already; with `looks_back` its forecast is compared with what
    came. `in_full` collects the facts of all sheets, whichever are written. `refuse` looks at the orders before
    anything is computed. Raises a RegularsError that says what to do, whenever the orders do not serve.
    """
    orders = load(settings)
    if earlier is not None:
        told = (Notice("yellow_cells", note, 0) for note in earlier.notes)
        orders = replace(orders, notices=(*orders.notices, *told))
    refuse(orders)
    analysis = analyse(orders, settings, progress, clusters=clusters)
    is_same = earlier is not None and fingerprint(orders) == earlier.fingerprint
    notes: list[str] = []
    if earlier is not None:
        promise = earlier.before if is_same else earlier.promise
        if looks_back and promise is not None:
            progress("Comparing with what was expected")
            analysis = replace(analysis, hindsight=_hindsight(load, settings, analysis, promise))
        notes += _about_earlier(earlier, is_same=looks_back and is_same)
    progress("Collecting the facts")
    facts = find_facts(seen_in_full(analysis) if in_full else analysis)
    if analysis.hindsight is not None:
        notes.append(verdict(facts))
    notes += alarms(analysis, facts)
    return Result(analysis, facts, tuple(notes), earlier is not None and not is_same)


def seen_in_full(analysis: Analysis) -> Analysis:
    """Return the analysis as the full set of sheets sees it: a report tells of all, whichever sheets are written."""
    return replace(analysis, settings=replace(analysis.settings, sheets="full"))


def _hindsight(load: Load, settings: Settings, analysis: Analysis, promise: Promise) -> Hindsight:
    then_settings = settings_of_then(settings, promise)
    try:
        then = load(then_settings)
    except InputError as problem:
        return Hindsight(promise, None, f"the orders do not reach back before {promise.end} ({problem.what})")
    return look_back(then, analysis.summary, then_settings, promise)


def _about_earlier(earlier: EarlierResult, *, is_same: bool) -> list[str]:
    notes = list(earlier.notes)
    kept = [key for key, value in earlier.changed.items() if value is not None]
    if kept:
        notes.append(f"kept from the yellow cells of '{earlier.path.name}': {', '.join(kept)}")
    if is_same:
        notes.append(f"the orders are those that '{earlier.path.name}' was made from")
    return notes


def theme_of(settings: Settings) -> Theme:
    """Return the theme of the workbook. Raises SettingsError for a theme file that does not serve."""
    return read_theme(Path(settings.theme)) if settings.theme else SHIPPED


def write_sheets(spec: WorkbookSpec, facts: Facts, path: Path, own: Theme) -> None:
    """Write the result sheets as a workbook of their own."""
    from regulars.render.workbook import write_workbook  # noqa: PLC0415

    write_workbook(spec, path, facts.currency, own=own)


def write_slides(result: Result, path: Path, template: Path | None = None) -> tuple[str, ...]:
    """Write the deck, and return what its user should know of it."""
    from regulars.render.deck import write_deck  # noqa: PLC0415  a run without a deck does not pay for its library
    from regulars.story.slides import deck  # noqa: PLC0415

    spec = deck(result.analysis, result.facts)
    left_out = tuple(f"slide '{key}' is left out: these orders cannot carry it" for key in spec.left_out)
    return (*left_out, *write_deck(spec, path, result.facts.currency, template))


def check_slides(settings: Settings) -> None:
    """Refuse a slide that nobody knows, before anything is computed."""
    from regulars.story.slides import chosen_slides  # noqa: PLC0415

    chosen_slides(settings)


def slides_show_clusters(settings: Settings) -> bool:
    """Tell whether the chosen slides show clusters."""
    from regulars.story.slides import shows_clusters  # noqa: PLC0415

    return shows_clusters(settings)
