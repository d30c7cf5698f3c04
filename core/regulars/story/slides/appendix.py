"""The appendix: data quality, method, definitions, and the full tables of the segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, DAYS, MONEY, NUMBER, SHARE, Unit, Value
from regulars.orders.model import Reason
from regulars.segments.model import Segment, Segments
from regulars.story.slide_spec import SlideColumn, SlideKind, SlideSpec, SlideTable, Statement, Statements
from regulars.story.slides.value import COLOURS
from regulars.story.texts import entries, text
from regulars.story.verdicts import verdict_on, verdict_sentence
from regulars.story.words import definition, fact_key, ranked, shares_are_known, sources

Figure = tuple[str, str, Unit, bool]  # heading, fact, unit, and whether the column may go


def quality_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Account for every row that was read, by reason."""
    reasons = [
        (reason, meaning) for reason, meaning in entries("reason").items() if facts.number(f"orders.set_aside.{reason}")
    ]
    columns = (
        SlideColumn("What became of the rows"), SlideColumn("Rows", COUNT), SlideColumn("% of rows", SHARE),
        SlideColumn("Revenue written in them", MONEY),
    )  # fmt: skip
    rows = (
        (text("slide.quality.kept", facts), facts.value("orders.rows_kept"), facts.value("orders.kept_share"), None),
        *(
            (meaning, *(facts.value(key.format(reason)) for key in (
                "orders.set_aside.{}", "orders.set_aside_share.{}", "revenue.set_aside.{}",
            )))
            for reason, meaning in reasons
        ),
    )  # fmt: skip
    most = max(
        (Reason(reason) for reason, _ in reasons), key=lambda one: facts.number(f"orders.set_aside.{one}"), default=None
    )
    title = (
        text("slide.quality.title_all", facts)
        if most is None
        else text(
            "slide.quality.title", facts, reason=entries("reason")[most].lower() if most else "",
            count=facts.show(f"orders.set_aside.{most}"),
        )
    )  # fmt: skip
    table = SlideTable(
        columns, rows, text("slide.quality.alt", facts),
        total=(text("slide.quality.read", facts), facts.value("orders.rows_read"), 1.0, None),
    )  # fmt: skip
    so_what = (
        text("slide.quality.so_what_money", facts),
        f"**{text('slide.quality.returns', facts)}:** {_returns(analysis, facts)}",
    )
    said = (
        ("rows", text("slide.quality.rows_text", facts)),
        ("returns", _returns(analysis, facts)),
        ("window", text("slide.risks.window_text", facts)),
    )
    statements = Statements(tuple(Statement(text(f"slide.quality.{name}", facts), words) for name, words in said))
    return SlideSpec(
        "quality", SlideKind.CONTENT, title, text("slide.quality.subtitle", facts), (table if reasons else statements,),
        so_what if reasons else (),
        text("deck.source", facts, sources=sources(analysis)), notes=text("slide.quality.notes", facts),
    )  # fmt: skip


def _returns(analysis: Analysis, facts: Facts) -> str:
    """Say what returns did, in this shop."""
    how = analysis.settings.returns
    if how == "net" and not facts.number("revenue.taken_off"):
        return text("slide.quality.returns_none", facts)
    return text(f"slide.quality.returns_{how}", facts)


def method_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Say in five steps how orders become money."""
    lead = analysis.segmentations.lead
    model = (
        text("slide.method.model_text", facts)
        if facts.known("clv.total")
        else text("slide.method.model_none", facts, reason=facts.show("clv.reason"))
    )
    rows = (
        Statement(text("slide.method.data", facts), text("slide.method.data_text", facts)),
        Statement(text("slide.method.segments", facts), f"{lead.title}. {lead.how.rstrip('.')}."),
        Statement(
            text("slide.method.verdict", facts), verdict_sentence(analysis, facts, verdict_on(analysis, lead.scheme))
        ),
        Statement(text("slide.method.model", facts), model),
        Statement(text("slide.method.money", facts), text("slide.method.money_text", facts)),
    )
    return SlideSpec(
        "method", SlideKind.CONTENT, text("slide.method.title", facts), text("slide.method.subtitle", facts),
        (Statements(rows),), source=text("deck.source", facts, sources=sources(analysis)),
        notes=" ".join(text(f"impact.how_{name}", facts, how=analysis.impact.outlook.how) for name in ("gain", "profit", "ratio")),
    )  # fmt: skip


def definitions_slide(analysis: Analysis, facts: Facts) -> SlideSpec:
    """Define each term that the deck uses."""
    named = entries("definition")
    keys = [key for key in named if not key.endswith("_text") and key != "segment"]  # the method's slide says it
    rows = tuple(Statement(named[key], definition(key, facts)) for key in keys)
    return SlideSpec(
        "definitions", SlideKind.CONTENT, text("slide.definitions.title", facts, count=COUNT.show(len(keys))),
        text("slide.definitions.subtitle", facts), (Statements(rows),),
        source=text("deck.source", facts, sources=sources(analysis)), notes=text("slide.definitions.notes", facts),
    )  # fmt: skip


def tables_slides(analysis: Analysis, facts: Facts) -> Iterator[SlideSpec]:
    """Yield the full tables of the lead scheme: how segments buy, and what they bring."""
    if not shares_are_known(facts):
        return
    lead = analysis.segmentations.lead
    segments = ranked(lead, facts, "revenue")
    often = ranked(lead, facts, "orders_per_customer")[0]
    yield _table(
        analysis, facts, segments, "table_behaviour",
        (
            ("Customers", "customers", COUNT, False), ("% of customers", "customer_share", SHARE, False),
            ("Orders", "orders", COUNT, False), ("Orders each", "orders_per_customer", NUMBER, False),
            ("Fewest orders", "orders_least", COUNT, True), ("Most orders", "orders_most", COUNT, True),
            ("Average order", "average_order", MONEY, False), ("Days since last order", "days_since", DAYS, False),
        ),
        text(
            "slide.tables.behaviour_alike" if _alike(lead, segments, facts) else "slide.tables.behaviour", facts,
            name=often.name, orders=facts.show(fact_key(lead, often, "orders_per_customer")),
        ),
        (
            "All customers", facts.value("customers.count"), 1.0, facts.value("orders.count"),
            facts.value("orders.per_customer"), None, None, facts.value("revenue.average_order"), None,
        ),
    )  # fmt: skip
    yield _money_table(analysis, facts, segments)


def _alike(lead: Segments, segments: Sequence[Segment], facts: Facts) -> bool:
    """Tell whether customers of every segment order as often as those of any other, as far as is shown."""
    return len({facts.show(fact_key(lead, one, "orders_per_customer")) for one in segments}) == 1


def _money_table(analysis: Analysis, facts: Facts, segments: Sequence[Segment]) -> SlideSpec:
    lead = analysis.segmentations.lead
    figures: list[Figure] = [
        ("Revenue", "revenue", MONEY, False), ("% of revenue", "revenue_share", SHARE, False),
        ("Last 365 days", "year_revenue", MONEY, True), ("Revenue each", "revenue_per_customer", MONEY, False),
    ]  # fmt: skip
    total: list[Value] = [
        facts.value("revenue.total"), 1.0, facts.value("impact.projection.last_revenue"), facts.value("revenue.per_customer"),
    ]  # fmt: skip
    so_what: tuple[str, ...] = ()
    if facts.known("clv.total"):
        figures += [
            ("Expected", "clv", MONEY, False), ("Low", "clv_low", MONEY, True), ("High", "clv_high", MONEY, True),
            ("Expected each", "clv_per_customer", MONEY, False),
        ]  # fmt: skip
        # The range of all is narrower than the sum of the segments' ranges: it stands in the sentence below.
        total += [facts.value("clv.total"), None, None, facts.value("clv.average")]
        so_what = (text("slide.tables.so_what", facts),)
    best = ranked(lead, facts, "revenue_per_customer")[0]
    expected = "" if facts.known("clv.total") else "_no_clv"
    title = text(
        f"slide.tables.money{expected}",
        facts,
        name=best.name,
        each=facts.show(fact_key(lead, best, "revenue_per_customer")),
    )
    return replace(
        _table(analysis, facts, segments, "table_money", tuple(figures), title, ("All customers", *total)),
        so_what=so_what,
    )


def _table(
    analysis: Analysis, facts: Facts, segments: Sequence[Segment], key: str, figures: Sequence[Figure], title: str,
    total: tuple[Value, ...],
) -> SlideSpec:  # fmt: skip
    lead = analysis.segmentations.lead
    columns = (SlideColumn("Segment"), *(SlideColumn(head, unit, optional) for head, _, unit, optional in figures))
    rows = tuple(
        (segment.name, *(facts.value(fact_key(lead, segment, name)) for _, name, _, _ in figures))
        for segment in segments
    )
    table = SlideTable(
        columns, rows, f"{text('slide.tables.alt', facts)} {title}", total=total,
        roles=tuple(COLOURS.get(segment.role) for segment in segments),
    )  # fmt: skip
    hows = [(head, facts[fact_key(lead, segments[0], name)].how.partition(": ")[2]) for head, name, _, _ in figures]
    notes = " ".join(f"{head}: {how}." for head, how in hows if how and how != head.lower())
    clv = "money" if facts.known("clv.total") else "money_no_clv"
    said = clv if key == "table_money" else "behaviour"
    return SlideSpec(
        key, SlideKind.CONTENT, title, text(f"slide.tables.subtitle_{said}", facts), (table,),
        source=text("deck.source", facts, sources=sources(analysis)), notes=f"{lead.how} {notes}",
    )  # fmt: skip
