"""The verdict on a sheet: the sentence on the lead, and every scheme with its figures."""

from __future__ import annotations

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, SHARE
from regulars.segments.verdict import Result, Verdict
from regulars.story.sheet_spec import Column, Row, Table, Text, Tone
from regulars.story.texts import text
from regulars.story.verdicts import (
    RESULTS,
    SUPPLIED,
    figures_sentence,
    together_sentence,
    verdict_on,
    verdict_sentence,
)


def verdict_text(analysis: Analysis, facts: Facts) -> Text:
    """Return the sentence on the lead scheme, and on supplied segments."""
    lead = analysis.segmentations.lead.scheme
    told = [verdict for verdict in analysis.verdicts if verdict.scheme in {lead, SUPPLIED}]
    sentences = [_said(analysis, facts, verdict) for verdict in told]
    sentences += [one for verdict in told if (one := together_sentence(analysis, facts, verdict)) is not None]
    doubtful = verdict_on(analysis, lead).result is Result.DO_NOT_DIFFER
    return Text(tuple(sentences), text("verdict.title", facts), Tone.WARNING if doubtful else Tone.FINDING)


def _said(analysis: Analysis, facts: Facts, verdict: Verdict) -> str:
    sentence = verdict_sentence(analysis, facts, verdict)
    parts = [f"{verdict.title}: {sentence[0].lower()}{sentence[1:]}", figures_sentence(facts, verdict)]
    return " ".join(part for part in parts if part)


def verdict_table(analysis: Analysis, facts: Facts) -> Table:
    """Return every scheme with its verdict and figures."""
    columns = (
        Column("scheme", "Scheme"),
        Column("verdict", "Its segments"),
        Column("effect", "Largest effect, later orders", SHARE),
        Column("low", "Low (90%)", SHARE),
        Column("high", "High (90%)", SHARE),
        Column("measure", "In"),
        Column("customers", "Customers", COUNT),
    )
    rows = []
    for verdict in analysis.verdicts:
        if not analysis.shows(verdict.scheme):
            continue
        key, best = f"segments.{verdict.scheme}", verdict.strongest
        figures = (facts.value(f"{key}.{name}") for name in ("effect", "effect_low", "effect_high"))
        at = f"verdict.{verdict.scheme}.{best.measure}.{best.period}.customers" if best else None
        rows.append(
            Row(
                verdict.scheme,
                (
                    verdict.title, "not judged" if verdict.result is None else RESULTS[verdict.result], *figures,
                    best.measure.value.replace("_", " ") if best else None, facts.value(at) if at else None,
                ),
            )
        )  # fmt: skip
    return Table(
        "verdicts", columns, tuple(rows), text("verdict.table", facts), text("verdict.lead", facts),
        remark=text("verdict.rule", facts),
    )  # fmt: skip
