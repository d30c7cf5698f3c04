"""The verdict as blocks of a sheet: the sentence on the lead, and every scheme with its figures."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, SHARE
from regulars.segments.verdict import Result, Verdict
from regulars.story.sheet_spec import Block, Column, Row, Table, Text, Tone
from regulars.story.texts import text
from regulars.story.verdicts import (
    RESULTS,
    SUPPLIED,
    figures_sentence,
    together_sentence,
    verdict_on,
    verdict_sentence,
)


def verdict_blocks(analysis: Analysis, facts: Facts) -> tuple[Block, ...]:
    """Return the sentence on the lead scheme, and on supplied segments, above the table of all verdicts."""
    lead = analysis.segmentations.lead.scheme
    told = [verdict for verdict in analysis.verdicts if verdict.scheme in {lead, SUPPLIED}]
    sentences = [_said(analysis, facts, verdict) for verdict in told]
    sentences += [one for verdict in told if (one := together_sentence(analysis, facts, verdict)) is not None]
    doubtful = verdict_on(analysis, lead).result is Result.DO_NOT_DIFFER
    return (
        Text(tuple(sentences), text("verdict.title", facts), Tone.WARNING if doubtful else Tone.FINDING),
        _table(analysis, facts),
    )


def _said(analysis: Analysis, facts: Facts, verdict: Verdict) -> str:
    sentence = verdict_sentence(analysis, facts, verdict)
    parts = [f"{verdict.title}: {sentence[0].lower()}{sentence[1:]}", figures_sentence(facts, verdict)]
    return " ".join(part for part in parts if part)


def _table(analysis: Analysis, facts: Facts) -> Table:
    columns = (
        Column("scheme", "Scheme"),
        Column("verdict", "Its segments"),
        Column("effect", "Largest effect, later orders", SHARE),
        Column("low", "Low (90%)", SHARE),
        Column("high", "High (90%)", SHARE),
        Column("measure", "In"),
        Column("customers", "Customers", COUNT),
        Column("sentence", "In a sentence", width=70),
    )
    rows = []
    for verdict in analysis.verdicts:
        key, best = f"segments.{verdict.scheme}", verdict.strongest
        figures = (facts.value(f"{key}.{name}") for name in ("effect", "effect_low", "effect_high"))
        at = f"verdict.{verdict.scheme}.{best.measure}.{best.period}.customers" if best else None
        rows.append(
            Row(
                verdict.scheme,
                (
                    verdict.title, "not judged" if verdict.result is None else RESULTS[verdict.result], *figures,
                    best.measure.value.replace("_", " ") if best else None, facts.value(at) if at else None,
                    verdict_sentence(analysis, facts, verdict),
                ),
            )
        )  # fmt: skip
    return Table(
        "verdicts", columns, tuple(rows), text("verdict.table", facts), text("verdict.lead", facts),
        remark=text("verdict.rule", facts),
    )  # fmt: skip
