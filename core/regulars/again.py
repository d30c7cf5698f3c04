"""Jobs that start from a finished result: the same orders or later ones, and its owner's assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from regulars.base.errors import InputError, listing
from regulars.job import Job, result_path
from regulars.render.graft import our_sheets
from regulars.render.readback import EarlierResult, read_result


def refresh_job(result: Path, orders: Sequence[Path], *, backup: bool = False, force: bool = False) -> Job:
    """Return the job that makes a result anew in its place, with the owner's assumptions.

    Raises InputError when the file holds no result, or the orders it was made from are not found and none are given.
    """
    earlier = _opened(result)
    into = result if our_sheets(result) else None
    return Job(
        inputs=find_orders(earlier, orders, "regulars refresh"),
        workbook=result if into is None else result_path(result, None),
        settings=earlier.settings,
        customers=_customers(earlier),
        force=force,
        into=into,
        backup=backup,
        earlier=earlier,
        looks_back=True,
    )


def deck_job(
    result: Path, orders: Sequence[Path], out: Path | None = None, template: Path | None = None,
    *, slides: tuple[str, ...] | None = None, force: bool = False,
) -> Job:  # fmt: skip
    """Return the job that makes the deck of a result, with the owner's assumptions. Raises InputError as `refresh_job`.

    `slides` beat those that the result was made with.
    """
    earlier = _opened(result)
    workbook = result if result.stem.endswith(".regulars") else result_path(result, None)
    return Job(
        inputs=find_orders(earlier, orders, "regulars deck"),
        workbook=workbook,
        settings=earlier.settings.but(slides=slides),
        customers=_customers(earlier),
        deck=out or workbook.with_suffix(".pptx"),
        template=template,
        force=force,
        earlier=earlier,
        writes_workbook=False,
    )


def _opened(result: Path) -> EarlierResult:
    if not result.is_file():
        raise InputError(f"there is no file '{result}'", remedy="name a workbook that regulars made")
    earlier = read_result(result)
    if earlier is None:
        raise InputError(
            f"'{result}' holds no record of a run of regulars",
            remedy="name a workbook that regulars made, or analyze the orders anew with regulars analyze",
        )
    return earlier


def find_orders(earlier: EarlierResult, given: Sequence[Path], command: str) -> tuple[Path, ...]:
    """Return the files of orders: those given, or those that the result was made from.

    They are looked for beside the result and where the command runs. Raises InputError when one is not there.
    """
    if given:
        return tuple(given)
    places = [_place(name, earlier.path) for name in earlier.orders]
    missing = [name for name, place in zip(earlier.orders, places, strict=True) if place is None]
    if missing:
        raise InputError(
            f"the orders that '{earlier.path.name}' was made from are not found: {listing(missing)}",
            remedy=f"give them: {command} {earlier.path} ORDERS.xlsx",
        )
    return tuple(place for place in places if place is not None)


def _place(name: str, result: Path) -> Path | None:
    """Return where a file is that a run was given under a name."""
    beside = result.parent
    for place in (beside / name, Path(name), beside / Path(name).name):
        if place.is_file():
            return place
    return None


def _customers(earlier: EarlierResult) -> Path | None:
    if earlier.customers is None:
        return None
    place = _place(earlier.customers, earlier.path)
    if place is None:
        raise InputError(
            f"the table of customers that '{earlier.path.name}' was made from is not found: '{earlier.customers}'",
            remedy="put it beside the result, or analyze the orders anew with regulars analyze --customers",
        )
    return place
