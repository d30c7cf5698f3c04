"""Every scheme, side by side, and which of them leads."""

from __future__ import annotations

from regulars.base.errors import SettingsError, listing, nearest
from regulars.base.settings import Settings
from regulars.segments.clusters import Clusters, cluster_customers
from regulars.segments.model import Segmentations, Segments
from regulars.segments.scheme import SHIPPED, shipped_scheme
from regulars.segments.scores import rfm_scores
from regulars.segments.supplied import MOST, supplied_segments
from regulars.summary.model import Customers


def segment_customers(customers: Customers, settings: Settings) -> Segmentations:
    """Compute all schemes and pick the lead.

    Raises SettingsError when the lead scheme is unknown, or cannot be computed from these orders.
    """
    frame = customers.frame
    scores = rfm_scores(frame)
    schemes: list[Segments] = [shipped_scheme(name).segment(scores) for name in SHIPPED]
    clusters = cluster_customers(frame, settings.clusters, settings.seed)
    if isinstance(clusters, Clusters):
        schemes.append(clusters.segments)
    supplied = supplied_segments(frame)
    if supplied is not None:
        schemes.append(supplied)
    reason = None if isinstance(clusters, Clusters) else clusters
    return Segmentations(
        schemes=tuple(schemes),
        lead=_lead(schemes, settings.scheme, reason, kinds=int(frame["segment"].nunique())),
        scores=scores,
        clusters=clusters.evidence if isinstance(clusters, Clusters) else None,
        clusters_reason=reason,
    )


def _lead(schemes: list[Segments], wanted: str, clusters_reason: str | None, kinds: int) -> Segments:
    for segments in schemes:
        if segments.scheme == wanted:
            return segments
    computed = [segments.scheme for segments in schemes]
    if wanted == "supplied" and kinds > MOST:
        raise SettingsError(
            f"the segment column holds {kinds} different texts, and a scheme has {MOST} at most",
            remedy='point to another column with --map segment="…", or lead with another scheme',
        )
    if wanted == "supplied":
        raise SettingsError(
            "the scheme 'supplied' needs a segment column, and none was found",
            remedy='name it with --map segment="…", or lead with another scheme',
        )
    if wanted == "kmeans5":
        raise SettingsError(f"the scheme 'kmeans5' is not possible: {clusters_reason}", remedy="lead with rfm11")
    near = nearest(wanted, computed)
    raise SettingsError(
        f"there is no scheme '{wanted}'",
        remedy=f"use '{near}'" if near else f"use one of {listing(computed)}",
    )
