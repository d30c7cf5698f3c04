"""Facts about clusters: the evidence for their number, who was set apart, and how they cross the RFM segments."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from regulars.analysis import Analysis
from regulars.base.facts import Fact
from regulars.base.units import COUNT, MONEY, NUMBER, SHARE, TEXT
from regulars.segments.evidence import RESAMPLES, TRIED, Evidence, Measure, weigh
from regulars.segments.model import Segments

CROSSED = ("rfm11", "kmeans5")
ONLY_FULL = "computed when sheets = full"


def cluster_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the number of clusters and the evidence for it. Gap and stability are computed for the full set of sheets."""
    made, reason = analysis.segmentations.clusters, analysis.segmentations.clusters_reason
    yield Fact("clusters.k", made.k if made else None, COUNT, made.chosen_by if made else reason or "")
    yield Fact("clusters.reason", reason, TEXT, "why there are no clusters")
    yield Fact(
        "clusters.wholesale", made.wholesale if made else None, COUNT, made.wholesale_rule if made else reason or ""
    )
    yield Fact(
        "clusters.wholesale_above",
        made.wholesale_above if made else None,
        MONEY,
        "average order above which a customer is wholesale",
    )
    full = analysis.settings.sheets == "full"
    yield from _evidence_facts(weigh(made.matrix, analysis.settings.seed, full=full) if made else None)
    yield from _cross_facts(analysis)
    yield from _recipe_facts(analysis)


def _evidence_facts(evidence: Evidence | None) -> Iterator[Fact]:
    found = {one.k: one for one in evidence.measures} if evidence else {}
    nothing = Measure(0, None)
    for k in (1, *TRIED):
        one = found.get(k, nothing)
        if k > 1:
            how = f"mean silhouette of {k} clusters, −1 to 1, on a sample"
            yield Fact(f"clusters.silhouette.{k}", one.silhouette, NUMBER, how)
            how = (
                f"mean adjusted Rand index of {RESAMPLES} clusterings of resampled customers, {k} clusters; {ONLY_FULL}"
            )
            yield Fact(f"clusters.stability.{k}", one.stability, NUMBER, how)
        how = f"gap statistic of {k} cluster{'s' if k > 1 else ''}: how much tighter than data without groups; {ONLY_FULL}"
        yield Fact(f"clusters.gap.{k}", one.gap, NUMBER, how)
        yield Fact(f"clusters.gap_error.{k}", one.gap_error, NUMBER, "its standard error")
    best = evidence.by_silhouette if evidence else None
    yield Fact("clusters.best_k", best, COUNT, "number of clusters with the highest silhouette among those tried")
    yield Fact(
        "clusters.best_silhouette",
        found[best].silhouette if best else None,
        NUMBER,
        "its silhouette; below 0.5 groups shade into each other",
    )
    yield Fact(
        "clusters.gap_k",
        evidence.by_gap if evidence else None,
        COUNT,
        f"smallest number whose gap reaches that of the next less its error; 1 means no groups; {ONLY_FULL}",
    )
    yield Fact(
        "clusters.stable_k",
        evidence.by_stability if evidence else None,
        COUNT,
        f"largest number that resampled customers give again (stability 0.75 or more); {ONLY_FULL}",
    )
    yield Fact(
        "clusters.recommended_k",
        evidence.recommended if evidence else None,
        COUNT,
        f"best silhouette, where groups stand apart (0.5 or more) and are found again; {ONLY_FULL}",
    )


def _cross_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield the customers of each RFM segment in each cluster."""
    rows, columns = (analysis.segmentations.scheme(name) for name in CROSSED)
    if rows is None or columns is None:
        return
    counts = pd.crosstab(rows.labels.to_numpy(), columns.labels.to_numpy()).to_dict()
    for row in rows.definitions:
        for column in columns.definitions:
            yield Fact(
                f"cross.{rows.scheme}.{columns.scheme}.{row.key}.{column.key}.customers",
                int(counts.get(column.key, {}).get(row.key, 0)),
                COUNT,
                f"customers who are {row.name} and {column.name}",
            )


def _recipe_facts(analysis: Analysis) -> Iterator[Fact]:
    """Yield what putting the recipe's order value right does to its bulk group; null unless the recipe was asked for."""
    published, corrected = (analysis.segmentations.scheme(name) for name in ("recipe004", "recipe004_corrected"))
    found = dissolved(published, corrected) if published is not None and corrected is not None else (None,) * 5
    for (name, unit, how), value in zip(RECIPE_FIGURES, found, strict=True):
        yield Fact(f"recipe004.{name}", value, unit, f"{how}; computed with --scheme recipe004")


RECIPE_FIGURES = (
    (
        "agreement",
        NUMBER,
        "adjusted Rand index of the published recipe and the corrected one; 1 would be the same groups",
    ),
    ("bulk", COUNT, "customers of the published recipe's Bulk / Wholesale group"),
    ("bulk_groups", COUNT, "groups of the corrected recipe that they fall into"),
    ("bulk_largest", SHARE, "share of them in the one group that holds most of them"),
    ("bulk_part", SHARE, "their share of that group's customers"),
)


def dissolved(published: Segments, corrected: Segments) -> tuple[float, int, int, float, float]:
    """Return agreement, bulk customers, groups they fall into, share in the largest, and their share of that group."""
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415  the recipe alone needs it

    bulk = corrected.labels[published.labels == "bulk_wholesale"].value_counts()
    most = int(bulk.iloc[0])
    home = int((corrected.labels == bulk.index[0]).sum())
    alike = float(adjusted_rand_score(published.labels, corrected.labels))
    return alike, int(bulk.sum()), len(bulk), most / int(bulk.sum()), most / home
