"""The verdict on each scheme in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.segments.verdict import Comparison, Measure, Period, Result, Verdict, differs
from regulars.story.texts import text
from regulars.story.words import joined

MEASURES = {
    Measure.FREQUENCY: "how often customers order",
    Measure.SPEND: "how much they spend",
    Measure.ORDER_VALUE: "how large their orders are",
}
RESULTS = {
    Result.DIFFER: "differ",
    Result.DO_NOT_DIFFER: "do not differ",
    Result.INCONCLUSIVE: "inconclusive",
    Result.TOO_FEW: "too few",
}
SUPPLIED = "supplied"
FEW = 50  # customers; below that everybody may well have ordered
EFFECT = ("effect", "effect_low", "effect_high")


def verdict_on(analysis: Analysis, scheme: str) -> Verdict:
    """Return the verdict on a scheme."""
    return next(verdict for verdict in analysis.verdicts if verdict.scheme == scheme)


def verdict_sentence(analysis: Analysis, facts: Facts, verdict: Verdict) -> str:
    """Say in one sentence whether a scheme's segments differ, and what to use where they do not."""
    if verdict.result in {Result.TOO_FEW, None}:
        return text("verdict.few", facts, reason=verdict.reason or "")
    if verdict.result is Result.DIFFER:
        return text("verdict.differ", facts, measures=_measures(analysis, verdict, Period.LATER))
    if verdict.result is Result.INCONCLUSIVE:
        past = _measures(analysis, verdict, Period.TO_DATE)
        if past:
            return text("verdict.past_only", facts, measures=past)
        return text("verdict.inconclusive", facts)
    supplied, instead = verdict.scheme == SUPPLIED, better(analysis)
    if instead is None:
        return text("verdict.same_supplied_alone" if supplied else "verdict.same_computed_alone", facts)
    return text("verdict.same_supplied" if supplied else "verdict.same_computed", facts, instead=instead.title)


def figures_sentence(facts: Facts, verdict: Verdict) -> str | None:
    """Say how much the segments account for; None where nothing was compared."""
    if verdict.strongest is None:
        return None
    effect, low, high = (facts.show(f"segments.{verdict.scheme}.{name}") for name in EFFECT)
    return text("verdict.figures", facts, effect=effect, low=low, high=high)


def better(analysis: Analysis) -> Verdict | None:
    """Return the scheme whose segments differ most, if any do."""
    found = [one for one in analysis.verdicts if one.result is Result.DIFFER and analysis.shows(one.scheme)]
    return max(found, key=lambda one: one.strongest.test.effect if one.strongest else 0.0, default=None)


def together_sentence(analysis: Analysis, facts: Facts, verdict: Verdict) -> str | None:
    """Name the segments that move together month by month; None where fewer than two do."""
    if verdict.together is None or len(verdict.together.moving) < 2:
        return None
    segments = analysis.segmentations.scheme(verdict.scheme)
    if segments is None:
        return None
    names = [segments.named(key).name for key in verdict.together.moving]
    return text(
        "verdict.together", facts, names=joined(names), least=facts.show(f"segments.{verdict.scheme}.least_correlation")
    )


def _measures(analysis: Analysis, verdict: Verdict, period: Period) -> str:
    return joined([MEASURES[one.measure] for one in _apart(analysis, verdict.comparisons) if one.period is period])


def _apart(analysis: Analysis, comparisons: tuple[Comparison, ...]) -> list[Comparison]:
    return [one for one in comparisons if differs(one, analysis.settings)]


def doubts_of_segments(analysis: Analysis, facts: Facts) -> Iterator[str]:
    """Yield warnings: segments that do not differ, and data that somebody seems to have filtered before."""
    lead = analysis.segmentations.lead.scheme
    for verdict in analysis.verdicts:
        if verdict.scheme in {lead, SUPPLIED} and verdict.result is Result.DO_NOT_DIFFER:
            sentence = verdict_sentence(analysis, facts, verdict)
            yield text("warning.same_segments", facts, title=verdict.title, sentence=sentence[0].lower() + sentence[1:])
    if facts.value("data.no_churn") == "yes":
        yield text("warning.no_churn", facts)
    if facts.value("data.activation") == 1.0 and facts.number("customers.count") >= FEW:
        yield text("warning.all_active", facts)
