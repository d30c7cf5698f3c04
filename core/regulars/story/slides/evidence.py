"""The evidence in the appendix: how many clusters the orders bear out, and how the forecast did in its test."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, NUMBER, SHARE
from regulars.clv.model import Holdout
from regulars.segments.evidence import TRIED
from regulars.story.slide_spec import (
    Chart,
    ChartKind,
    Role,
    Series,
    SlideColumn,
    SlideKind,
    SlideSpec,
    SlideTable,
)
from regulars.story.texts import text
from regulars.story.words import sources

APART = 0.5  # silhouette from which groups stand apart


def clusters_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show the silhouette of each number of clusters; nothing where no clusters were looked for or none are possible."""
    if not facts.known("clusters.k") or not facts.known("clusters.best_k"):
        return None
    tried = [k for k in TRIED if facts.known(f"clusters.silhouette.{k}")]
    best = facts.show("clusters.best_k")
    kind = "apart" if facts.number("clusters.best_silhouette") >= APART else "none"
    values = tuple(facts.number(f"clusters.silhouette.{k}") for k in tried)
    chart = Chart(
        ChartKind.COLUMN,
        tuple(COUNT.show(k) for k in tried),
        (Series(text("slide.clusters.series", facts), values, NUMBER),),
        alt=text(
            "slide.clusters.alt", facts,
            parts="; ".join(f"{k} clusters {facts.show(f'clusters.silhouette.{k}')}" for k in tried),
        ),
        highlights=(best,),
    )  # fmt: skip
    return SlideSpec(
        "clusters", SlideKind.CONTENT, text(f"slide.clusters.title_{kind}", facts), text("slide.clusters.subtitle", facts),
        (chart,), tuple(_on_clusters(facts)), text("deck.source", facts, sources=sources(analysis)),
        notes=text(
            "slide.clusters.notes", facts, silhouette=facts["clusters.best_silhouette"].how, used=facts["clusters.k"].how
        ),
    )  # fmt: skip


def _on_clusters(facts: Facts) -> Iterator[str]:
    yield text("slide.clusters.so_what_scale", facts)
    yield text("slide.clusters.so_what", facts)
    if facts.known("clusters.gap_k") and facts.known("clusters.stable_k"):
        yield text("slide.clusters.so_what_more", facts)
    else:
        yield text("slide.clusters.so_what_use", facts)


def validation_slide(analysis: Analysis, facts: Facts) -> SlideSpec | None:
    """Show how each candidate did on orders that it had not seen; nothing where there was no test."""
    holdout = analysis.lifetime.holdout
    if holdout is None or not facts.known("clv.total"):
        return None
    inside = "inside" if holdout.inside else "outside"
    return SlideSpec(
        "validation", SlideKind.CONTENT, text(f"slide.validation.title_{inside}", facts),
        text("slide.validation.subtitle", facts), (_candidates(holdout, facts), _classes(holdout, facts)),
        (text("slide.validation.so_what", facts), text("slide.validation.so_what_why", facts)),
        text("deck.source", facts, sources=sources(analysis)),
        notes=f"{text('clv.candidates_remark', facts)} {facts.show('clv.verdict')} "
        f"{text('slide.validation.notes', facts)}",
    )  # fmt: skip


def _candidates(holdout: Holdout, facts: Facts) -> SlideTable:
    columns = (
        SlideColumn("Forecast"), SlideColumn("Missed by", SHARE), SlideColumn("Mean error", NUMBER),
        SlideColumn("Ranking (Gini)", NUMBER, optional=True),
    )  # fmt: skip
    rows = tuple(
        (one.name, *(facts.value(f"clv.candidates.{one.key}.{name}") for name in ("bias", "mae", "gini")))
        for one in holdout.scores
    )
    roles = tuple(Role.HIGHLIGHT if one.key == holdout.chosen.key else None for one in holdout.scores)
    return SlideTable(
        columns, rows, text("slide.validation.alt", facts), title=text("slide.validation.left", facts), roles=roles
    )


def _classes(holdout: Holdout, facts: Facts) -> Chart:
    keys = [f"clv.classes.{number}" for number in range(len(holdout.classes))]
    said = "; ".join(
        f"{one.label}: {facts.show(f'{key}.actual')} and {facts.show(f'{key}.expected')}"
        for key, one in zip(keys, holdout.classes, strict=True)
    )
    return Chart(
        ChartKind.LINE,
        tuple(one.label for one in holdout.classes),
        (
            Series("Actual", tuple(facts.number(f"{key}.actual") for key in keys), NUMBER, Role.BASE),
            Series("Expected", tuple(facts.number(f"{key}.expected") for key in keys), NUMBER, Role.LINE),
        ),
        alt=text("slide.validation.alt_classes", facts, parts=said),
        title=text("slide.validation.right", facts),
    )
