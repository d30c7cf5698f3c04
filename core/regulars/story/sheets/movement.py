"""The Movement sheet: who stands elsewhere than some time ago, with names and money, and churn by month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, DATE, MONEY, SHARE, WHOLE_SHARE, Unit
from regulars.segments.churn import FEWEST, Churn
from regulars.segments.movement import STEPS, Movement
from regulars.segments.past import Amounts, Counts
from regulars.story.moved import compared_with_chance
from regulars.story.sheet_spec import Block, Column, Heat, Row, SheetKind, SheetSpec, Table, Text, Tone
from regulars.story.texts import text

MOST_NAMED = 50  # customers a list


def movement_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return the movement of the followed scheme: in sentences, by step, as matrices, by name, and churn."""
    main, churn = analysis.movements.main, analysis.movements.churn
    lead = text("movement.lead", facts, scheme=analysis.movements.title)
    if analysis.movements.instead_of:
        lead = text(
            "movement.instead", facts, scheme=analysis.movements.title, lead=analysis.segmentations.lead.title,
            reason=analysis.movements.instead_of,
        ) + f" {lead}"  # fmt: skip
    blocks: list[Block] = []
    if main is None:
        blocks.append(Text((text("movement.none", facts, reason=facts.show("movement.reason")),), tone=Tone.WARNING))
    else:
        blocks += [
            Text(tuple(_sentences(main, facts)), text("movement.findings", facts), Tone.FINDING),
            _steps(analysis, facts),
            _matrix(main, facts, "customers", COUNT),
            _matrix(main, facts, "revenue", MONEY),
            _chance(main, facts),
            _named(analysis, main, facts, main.fallers(), "fallers"),
            _named(analysis, main, facts, main.risers(), "risers"),
        ]
    if churn is not None:
        blocks.append(_churn(analysis.movements.scheme, churn, facts))
    return SheetSpec("Movement", SheetKind.SEGMENTS, text("movement.title", facts), lead, tuple(blocks))


def _sentences(main: Movement, facts: Facts) -> Iterator[str]:
    yield text("movement.moved", facts, chance=compared_with_chance(facts, "movement.moved", main.known))
    if facts.number("movement.left_top"):
        yield text("movement.left", facts)
    if facts.number("movement.reached_top"):
        yield text("movement.reached", facts)
    yield f"{text('movement.chance_meant', facts)} {text('movement.names_meant', facts)}"


def _steps(analysis: Analysis, facts: Facts) -> Table:
    """Return a row for each step, and why a step is missing."""
    columns = (
        Column("step", "Compared with"), Column("known", "Customers then", COUNT), Column("came", "New since", COUNT),
        Column("moved", "Moved", SHARE), Column("chance", "Moved by chance", SHARE),
        Column("left", "Left the top", COUNT), Column("left_chance", "By chance", COUNT),
        Column("reached", "Reached the top", COUNT), Column("reached_chance", "By chance", COUNT),
    )  # fmt: skip
    names = (
        "known", "came", "moved_share", "moved_by_chance_share", "left_top", "left_top_by_chance", "reached_top",
        "reached_top_by_chance",
    )  # fmt: skip
    main, rows = analysis.movements.main, []
    for one in analysis.movements.steps:
        key = "movement" if one is main else f"movement.{one.step.key}"
        shown = f"{one.step.words.capitalize()} ago ({one.since})"
        rows.append(Row(one.step.key, (shown, *(facts.value(f"{key}.{name}") for name in names)), strong=one is main))
    missing = [
        text("movement.missing", facts, step=step.words, reason=analysis.movements.missing[step.key])
        for step in STEPS
        if step.key in analysis.movements.missing
    ]
    return Table(
        "steps", columns, tuple(rows), text("movement.steps", facts), text("movement.steps_lead", facts),
        remark=" ".join(missing),
    )  # fmt: skip


def _key(main: Movement, row: str, column: str, name: str) -> str:
    return f"movement.{main.scheme}.{row}.{column}.{name}"


def _matrix(main: Movement, facts: Facts, name: str, unit: Unit) -> Table:
    """Return the cells with customers: rows then, columns now."""
    rows = []
    for key, shown in zip(main.keys, main.names, strict=True):
        cells = [facts.value(_key(main, key, now.key, name)) for now in main.definitions]
        total = sum(cell for cell in cells if isinstance(cell, int | float))
        rows.append(Row(key, (shown, *(cell or None for cell in cells), total)))
    values = (main.customers if name == "customers" else main.money).sum(axis=0)
    sums = [value.item() for value in np.round(values, 4)]
    return Table(
        f"matrix_{name}", _columns(main, unit), tuple(rows),
        text("movement.customers" if name == "customers" else "movement.revenue", facts),
        text("movement.matrix_lead", facts),
        Row("now", (f"Now ({main.until})", *sums, round(sum(sums), 4)), strong=True),
    )  # fmt: skip


def _chance(main: Movement, facts: Facts) -> Table:
    rows = tuple(
        Row(key, (shown, *(value or None for value in whole(cells)), round(cells.sum())))
        for key, shown, cells in zip(main.keys, main.names, main.expected, strict=True)
    )
    return Table(
        "matrix_chance", _columns(main, COUNT), rows, text("movement.chance", facts),
        text("movement.chance_lead", facts),
    )  # fmt: skip


def whole(cells: Amounts) -> list[int]:
    """Round so that the sum stays what it is, rounded: what is left over goes to the largest remainders (Hamilton).

    >>> whole(np.array([1.4, 1.4, 1.2]))
    [2, 1, 1]
    """
    rounded = np.floor(cells).astype(np.int64)
    left = round(float(cells.sum())) - int(rounded.sum())
    rounded[np.argsort(rounded - cells, kind="stable")[:left]] += 1
    return [int(value) for value in rounded]


def _columns(main: Movement, unit: Unit) -> tuple[Column, ...]:
    return (
        Column("then", f"Then ({main.since})"),
        *(Column(now.key, now.name, unit, heat=Heat.SCALE) for now in main.definitions),
        Column("sum", "All", unit),
    )


def _named(analysis: Analysis, main: Movement, facts: Facts, places: Counts, key: str) -> Table:
    """Return the customers who fell or rose, those with the most money first."""
    columns = (
        Column("customer", "Customer"), Column("then", "Then"), Column("now", "Now"), Column("last", "Last order", DATE),
        Column("before", f"Spent in {main.step.words} before", MONEY), Column("since", "Spent since", MONEY),
        Column("revenue", "Revenue to date", MONEY),
    )  # fmt: skip
    frame = analysis.summary.customers.frame.iloc[places[:MOST_NAMED]]
    rows = tuple(
        Row(
            f"{key}{number}",
            (
                str(customer), main.definitions[main.before[place]].name, main.definitions[main.after[place]].name,
                last.date(), float(main.spent_before[place]), float(main.spent_since[place]), float(revenue),
            ),
        )
        for number, (place, customer, last, revenue) in enumerate(
            zip(places[:MOST_NAMED].tolist(), frame["customer"], frame["last_day"], frame["revenue"], strict=True)
        )
    )  # fmt: skip
    down = key == "fallers"
    shown = COUNT.show(len(rows))
    return Table(
        key, columns, rows, text("movement.fallers" if down else "movement.risers", facts),
        text("movement.fallers_lead" if down else "movement.risers_lead", facts, shown=shown),
    )  # fmt: skip


def _churn(scheme: str, churn: Churn, facts: Facts) -> Table:
    columns = (
        Column("segment", "Segment when the month began"),
        *(Column(f"m{month}", f"{month:%b %Y}", WHOLE_SHARE, heat=Heat.SCALE) for month in churn.months),
        Column("customers", f"Customers, {churn.months[-1]:%b %Y}", COUNT),
    )
    rows = []
    for row, segment in enumerate(churn.definitions):
        if churn.present[row].any():
            keys = [f"churn.{scheme}.{segment.key}.{month}" for month in churn.months]
            rates = (facts.value(f"{key}.churn") for key in keys)
            rows.append(Row(segment.key, (segment.name, *rates, facts.value(f"{keys[-1]}.customers"))))
    return Table(
        "churn", columns, tuple(rows), text("movement.churn", facts), text("movement.churn_lead", facts),
        remark=text("movement.churn_remark", facts, fewest=COUNT.show(FEWEST)),
    )  # fmt: skip
