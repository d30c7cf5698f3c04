"""Every scheme, side by side, and which of them leads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from regulars.base.errors import SettingsError, listing, nearest
from regulars.base.scheme_ids import CELL_SCHEMES, CHOSEN, CLUSTER_SCHEMES, COARSEST, RECIPES, SUPPLIED
from regulars.base.settings import Settings
from regulars.orders.model import Orders
from regulars.segments.axes import rfm_scores
from regulars.segments.cells import CellScheme, Scored
from regulars.segments.clusters import Clusters, cluster_customers
from regulars.segments.discounts import discounts_of
from regulars.segments.model import Clustering, Segmentations, Segments
from regulars.segments.recipe import recipe_segments
from regulars.segments.scheme import (
    ColumnScheme,
    is_path,
    scheme_at,
    shipped,
    shipped_clusters,
    shipped_scheme,
)
from regulars.segments.supplied import MOST, joined, supplied_reason, supplied_segments
from regulars.summary.model import Customers

NOT_ASKED = "nothing that was asked for shows them"


@dataclass(frozen=True)
class Labelled:
    """All schemes of a customers' frame, before one of them leads."""

    schemes: tuple[Segments, ...]
    clustering: Clustering | None
    clusters_reason: str | None


def clusters_are_shown(settings: Settings) -> bool:
    """Tell whether sheets show clusters: in the full set, where they lead, or where somebody set their number.

    The library that finds them takes longer to load than most shops take to analyse. Facts have clusters always.
    """
    return settings.sheets == "full" or settings.clusters is not None or settings.scheme in CLUSTER_SCHEMES


def segment_customers(
    customers: Customers, settings: Settings, orders: Orders | None = None, *, clusters: bool = True
) -> Segmentations:
    """Compute all schemes and pick the lead. `orders` add what the customers' frame does not say: discounts.

    Without `clusters`, the schemes of k-means are left out.

    Raises SettingsError when the lead scheme is unknown, cannot be read, or cannot be computed from these orders.
    """
    frame = customers.frame
    if orders is not None:
        discounts = discounts_of(orders, frame["customer"])
        frame = frame if discounts is None else frame.assign(discount_share=discounts.shares())
    own = scheme_at(Path(settings.scheme)) if is_path(settings.scheme) else None
    labelled = label_customers(frame, settings, own, clusters=clusters)
    schemes, recipe_reason = list(labelled.schemes), None
    if settings.scheme in RECIPES and orders is not None:
        recipes = [shipped_clusters(name) for name in RECIPES]
        found = recipe_segments(frame["customer"], orders, recipes, settings)
        schemes += [] if isinstance(found, str) else found
        recipe_reason = found if isinstance(found, str) else None
    header = None
    if orders is not None:
        header = next((source.columns["segment"] for source in orders.sources if "segment" in source.columns), None)
    wanted = own.id if own is not None else settings.scheme
    lead, reason = _lead(schemes, wanted, _Why(labelled.clusters_reason, recipe_reason, frame, header))
    coarser, reason = (None, reason) if reason else _coarser(lead, own, frame)
    if coarser is not None:
        lead = next((segments for segments in schemes if segments.scheme == coarser.id), coarser.segment(frame))
    schemes += [] if any(segments is lead for segments in schemes) else [lead]
    return Segmentations(
        schemes=tuple(schemes),
        lead=lead,
        scores=rfm_scores(frame),
        clusters=labelled.clustering,
        clusters_reason=labelled.clusters_reason,
        lead_reason=reason,
        supplied_reason=supplied_reason(frame, header),
    )


def label_customers(
    frame: pd.DataFrame, settings: Settings, own: CellScheme | None = None, *, clusters: bool = True
) -> Labelled:
    """Compute every scheme of cells and clusters, and the supplied one, from a customers' frame alone.

    The frame has the columns of CUSTOMER_COLUMNS and any index; it may be that of an earlier day. With a column
    `discount_share` (0 to 1), schemes that ask for discounts use it.
    """
    scored: Scored = {}
    cells = [*(shipped_scheme(name) for name in CELL_SCHEMES), *([own] if own is not None else [])]
    schemes = [scheme.segment(frame, scored) for scheme in cells]
    named = [shipped_clusters(name) for name in CLUSTER_SCHEMES]
    found = cluster_customers(frame, named, settings.clusters) if clusters else NOT_ASKED
    made = found if isinstance(found, Clusters) else None
    schemes += made.schemes if made else ()
    column = shipped(SUPPLIED)
    if isinstance(column, ColumnScheme):
        supplied = supplied_segments(frame, column.title, column.how)
        schemes += [supplied] if supplied is not None else []
    return Labelled(tuple(schemes), made.clustering if made else None, found if isinstance(found, str) else None)


def _coarser(lead: Segments, own: CellScheme | None, frame: pd.DataFrame) -> tuple[CellScheme, str] | tuple[None, None]:
    """Return a coarser scheme and why, where a lead scheme of cells has more segments than there are customers."""
    cells = {*CELL_SCHEMES, *([own.id] if own is not None else [])}
    if lead.scheme not in cells or len(frame) >= len(lead.definitions):
        return None, None
    chosen = _fitting(len(frame))
    count = f"{len(frame)} customer{'' if len(frame) == 1 else 's'}"
    reason = (
        f"{count} cannot fill the {len(lead.definitions)} segments of {lead.title} ({lead.scheme}): "
        f"{chosen.title} ({chosen.id}) with {len(chosen.definitions)} leads instead."
    )
    return chosen, reason


def _fitting(customers: int) -> CellScheme:
    """Return the finest shipped scheme that has no more segments than there are customers."""
    smaller = [shipped_scheme(name) for name in (*CELL_SCHEMES, COARSEST)]
    return next((scheme for scheme in smaller if len(scheme.definitions) <= customers), smaller[-1])


@dataclass(frozen=True, eq=False)
class _Why:
    """Why a scheme that was asked for may be missing."""

    clusters: str | None
    recipe: str | None
    frame: pd.DataFrame
    header: str | None  # of the segment column

    def not_possible(self, wanted: str) -> str | None:
        """Return why a shop like this has no such clusters; None where that is not the reason."""
        why = self.clusters if wanted in CLUSTER_SCHEMES else self.recipe if wanted in RECIPES else None
        return None if why == NOT_ASKED else why


def _lead(schemes: list[Segments], wanted: str, why: _Why) -> tuple[Segments, str | None]:
    """Return the scheme that leads, and why it is not the one that was asked for."""
    for segments in schemes:
        if segments.scheme == wanted:
            return segments, None
    reason = why.not_possible(wanted)
    if reason is not None:
        other = _fitting(len(why.frame))
        lead = next((one for one in schemes if one.scheme == other.id), None) or other.segment(why.frame)
        return lead, f"{wanted} is not possible ({reason}): {other.title} ({other.id}) leads instead."
    computed = [segments.scheme for segments in schemes]
    kinds = int(joined(why.frame["segment"]).nunique())
    if wanted == SUPPLIED and kinds > MOST:
        column = f"the segment column '{why.header}'" if why.header else "the segment column"
        raise SettingsError(
            f"{column} holds {kinds} different texts, and a scheme has {MOST} at most",
            remedy='point to another column with --map segment="…", or lead with another scheme',
        )
    if wanted == SUPPLIED:
        raise SettingsError(
            "the scheme 'supplied' needs a segment column, and none was found",
            remedy='name it with --map segment="…", or lead with another scheme',
        )
    if wanted in (*CLUSTER_SCHEMES, *RECIPES):
        what = why.clusters if wanted in CLUSTER_SCHEMES else "it needs the order lines"
        raise SettingsError(f"the scheme '{wanted}' is not possible: {what}", remedy="lead with rfm11")
    near = nearest(wanted, [*computed, *CHOSEN])
    raise SettingsError(
        f"there is no scheme '{wanted}'",
        remedy=f"use '{near}'" if near else f"use one of {listing(computed)}, or the path of a scheme file",
    )
