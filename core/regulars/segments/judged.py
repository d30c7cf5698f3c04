"""Every scheme judged, and the lead followed over time: what the pipeline asks of this floor."""

from __future__ import annotations

from regulars.base.scheme_ids import CLUSTER_SCHEMES, RECIPES, SUPPLIED
from regulars.base.settings import Settings
from regulars.segments.form import former_of
from regulars.segments.model import Segmentations
from regulars.segments.movement import Movements, movements_of
from regulars.segments.past import Past, date
from regulars.segments.verdict import Later, Verdict, judge_computed, judge_supplied

FOLLOWED = "rfm11"  # where the lead cannot be formed again for an earlier day
NOT_FORMED = "it needs order lines, and is not formed again for an earlier day"


def judge(segmentations: Segmentations, past: Past, settings: Settings) -> tuple[Verdict, ...]:
    """Return the verdict on each scheme, in the order of the schemes."""
    later = Later.of(past)
    found = []
    for segments in segmentations.schemes:
        form = former_of(segments, settings)
        if segments.scheme == SUPPLIED:
            found.append(judge_supplied(segments, past, later, settings))
        elif form is not None:
            found.append(judge_computed(segments, form, later, settings))
        else:
            found.append(Verdict(segments.scheme, segments.title, None, date(later.day), reason=NOT_FORMED))
    return tuple(found)


def follow(segmentations: Segmentations, past: Past, settings: Settings) -> Movements:
    """Return the movement of the lead scheme, or of rfm11 with the reason why the lead cannot be followed."""
    lead, reason = segmentations.lead, None
    if lead.scheme in CLUSTER_SCHEMES:
        reason = "clusters are cut afresh each time, so a cluster of today has no counterpart at an earlier day"
    elif lead.scheme == SUPPLIED:
        reason = "the orders do not say whom your column put where at an earlier day"
    elif lead.scheme in RECIPES:
        reason = NOT_FORMED
    if reason is not None:
        lead = next(segments for segments in segmentations.schemes if segments.scheme == FOLLOWED)
    form = former_of(lead, settings)
    if form is None:
        raise AssertionError(f"{lead.scheme} cannot be formed again")
    return movements_of(lead, form, past, settings, reason)
