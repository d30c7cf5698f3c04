"""`regulars refresh`: a result made anew in its place, with the owner's assumptions."""

from __future__ import annotations

from regulars.cli.options import Backup, Force, LaterOrders, Result
from regulars.cli.work import finish


def refresh(result: Result, orders: LaterOrders = None, backup: Backup = False, force: Force = False) -> None:
    """Analyze the orders of a result again, keep what its owner changed in it, and compare what was expected with what came."""
    from regulars.again import refresh_job  # noqa: PLC0415

    finish(refresh_job(result, orders or (), backup=backup, force=force))
