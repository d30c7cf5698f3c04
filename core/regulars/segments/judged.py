"""Every scheme judged, and the lead followed over time: what the pipeline asks of this floor."""

from __future__ import annotations

import pandas as pd

from regulars.base.scheme_ids import CLUSTER_SCHEMES, RECIPES, SUPPLIED
from regulars.base.settings import Settings
from regulars.orders.model import Orders
from regulars.segments.form import Former, former_of, is_of_days
from regulars.segments.model import Segmentations, Segments
from regulars.segments.movement import Crossing, Movements, crossings_of, movements_of
from regulars.segments.past import Past, date
from regulars.segments.recipe import recipe_former
from regulars.segments.scheme import shipped_clusters
from regulars.segments.verdict import Later, Result, Verdict, judge_computed, judge_supplied

FOLLOWED = "rfm11"  # where the lead cannot be formed again for an earlier day
NOT_FORMED = "it needs order lines, and was given none"


def judge(
    segmentations: Segmentations, past: Past, settings: Settings, orders: Orders | None = None
) -> tuple[Verdict, ...]:
    """Return the verdict on each scheme, in the order of the schemes. Recipes need the `orders`."""
    later = Later.of(past)
    found = []
    for segments in segmentations.schemes:
        form: Former | str | None = former_of(segments, settings)
        if segments.scheme in RECIPES and orders is not None and later.reason is None:
            recipe, ids = shipped_clusters(segments.scheme), past.customers["customer"].reset_index(drop=True)
            form = recipe_former(recipe, orders, ids, date(later.day), settings)
        if segments.scheme == SUPPLIED:
            found.append(judge_supplied(segments, past, later, settings))
        elif later.reason is not None or isinstance(form, str):
            reason = later.reason or str(form)
            found.append(Verdict(segments.scheme, segments.title, Result.TOO_FEW, date(later.day), reason=reason))
        elif form is not None:
            found.append(judge_computed(segments, form, later, settings))
        else:
            found.append(Verdict(segments.scheme, segments.title, None, date(later.day), reason=NOT_FORMED))
    return tuple(found)


def follow(segmentations: Segmentations, past: Past, settings: Settings) -> Movements:
    """Return the movement of the lead scheme, or of rfm11 with the reason why the lead cannot be followed."""
    lead = segmentations.lead
    form = former_of(lead, settings)
    reason = _not_followed(lead, form, past.as_of(past.end))
    if reason is not None:
        lead = next(segments for segments in segmentations.schemes if segments.scheme == FOLLOWED)
        form = former_of(lead, settings)
    if form is None:
        raise AssertionError(f"{lead.scheme} cannot be formed again")
    return movements_of(lead, form, past, settings, reason)


def follow_others(
    segmentations: Segmentations, followed: str, past: Past, settings: Settings
) -> tuple[tuple[Crossing, ...], dict[str, str]]:
    """Return who stood where in all schemes but the one that is followed, and why a scheme has no earlier day."""
    found, missing, today = [], {}, past.as_of(past.end)
    for segments in segmentations.schemes:
        if segments.scheme == followed:
            continue
        form = former_of(segments, settings)
        reason = _not_followed(segments, form, today)
        if reason is not None or form is None:
            missing[segments.scheme] = reason or NOT_FORMED
        else:
            found.append((segments, form))
    return crossings_of(found, past), missing


def _not_followed(segments: Segments, form: Former | None, today: pd.DataFrame) -> str | None:
    if segments.scheme in (*CLUSTER_SCHEMES, *RECIPES):
        return "clusters are cut afresh each time, so a cluster of today has no counterpart at an earlier day"
    if segments.scheme == SUPPLIED:
        return "your column is read as it stands at each customer's latest order, not as of an earlier day"
    if form is None:
        return NOT_FORMED
    if not is_of_days(segments, form, today):
        return "it goes by what purchase days do not say, such as products"
    return None
