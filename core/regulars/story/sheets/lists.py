"""The sheet Customer lists: who to act on, who is left alone, what each list can show, and everyone's list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.base.units import COUNT, DATE, MONEY, MONEY_EXACT, SHARE, TEXT
from regulars.impact.lists import CustomerLists
from regulars.story.contacts import alerts, groups, list_file, list_name, next_steps, who
from regulars.story.sheet_spec import Column, Row, SheetKind, SheetSpec, Table
from regulars.story.sheets.customers import MOST
from regulars.story.texts import sentences, text
from regulars.story.words import joined

FIGURES = ("customers", "treat", "hold_out", "revenue", "base_rate", "smallest_lift")


def lists_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return the lists with what each can show, and one row a customer to filter by list."""
    return SheetSpec(
        "Customer lists",
        SheetKind.LISTS,
        text("lists.title", facts),
        text("lists.lead", facts),
        (_overview(analysis, facts), _everyone(analysis, facts)),
    )


def _overview(analysis: Analysis, facts: Facts) -> Table:
    words = sentences("lists")["words"]
    columns = (
        Column("list", "List"),
        Column("kind", "To"),
        Column("who", "Who is on it", width=40),
        Column("customers", "Customers", COUNT),
        Column("treat", "To treat", COUNT),
        Column("hold_out", "Left alone", COUNT),
        Column("revenue", "Revenue to date", MONEY),
        Column("base_rate", "Ordered in 90 days", SHARE),
        Column("smallest_lift", "Smallest lift shown", SHARE),
        Column("file", "File"),
    )
    rows = tuple(
        Row(
            one.key,
            (
                list_name(one.key),
                words[one.kind],
                who(one, analysis),
                *(facts.value(f"lists.{one.key}.{name}") for name in FIGURES),
                list_file(one.key),
            ),
        )
        for one in analysis.lists.lists
    )
    return Table(
        "lists", columns, rows, text("lists.overview", facts), text("lists.overview_lead", facts),
        remark=" ".join([text("lists.remark", facts), *_with_nobody_held_out(analysis, facts)]),
    )  # fmt: skip


def _with_nobody_held_out(analysis: Analysis, facts: Facts) -> Iterator[str]:
    """Say which lists have customers and leave nobody alone."""
    bare = [
        list_name(one.key)
        for one in analysis.lists.lists
        if facts.number(f"lists.{one.key}.customers") and not facts.number(f"lists.{one.key}.hold_out")
    ]
    if bare:
        yield text("lists.nobody_held_out", facts, lists=joined(bare))


def _everyone(analysis: Analysis, facts: Facts) -> Table:
    lists, frame, steps = analysis.lists, analysis.summary.customers.frame, next_steps(analysis)
    yes = sentences("lists")["words"]["yes"]
    mine = _actions(lists)
    places = {one.key: place for place, one in enumerate(lists.lists)}
    turn = np.array([places.get(key, len(places)) for key in mine])
    order = np.lexsort((frame["customer"].to_numpy(), -frame["revenue"].to_numpy(), turn))[:MOST]
    marks = [
        np.where(lists.named(key).members, yes, "")[order].tolist()
        for key in ("protect", "lookalike_seed", "high_frequency", "lapsed")
    ]
    columns = (
        Column("customer", "Customer"),
        Column("list", "List to act on"),
        Column("action", "Next action", TEXT),
        Column("date", "Act on", DATE),
        Column("group", "Group"),
        Column("alert", "Alert"),
        Column("revenue", "Revenue to date", MONEY_EXACT),
        Column("last", "Last order", DATE),
        Column("segment", "Segment"),
        Column("protect", list_name("protect")),
        Column("seed", list_name("lookalike_seed")),
        Column("frequent", list_name("high_frequency")),
        Column("lapsed", list_name("lapsed")),
    )
    cells = (
        frame["customer"].iloc[order].tolist(),
        [list_name(key) if key else "" for key in mine[order].tolist()],
        steps["action"].iloc[order].tolist(),
        steps["date"].iloc[order].tolist(),
        groups(lists)[order].tolist(),
        alerts(lists)[order].tolist(),
        frame["revenue"].round(2).iloc[order].tolist(),
        frame["last_day"].dt.date.iloc[order].tolist(),
        analysis.segmentations.lead.names().iloc[order].tolist(),
        *marks,
    )
    rows = tuple(Row(str(number), tuple(values)) for number, values in enumerate(zip(*cells, strict=True)))
    return Table("list_members", columns, rows, text("lists.everyone", facts), listing=True)


def _actions(lists: CustomerLists) -> npt.NDArray[np.object_]:
    """Return the key of the list to act on of each customer, empty for those in none."""
    mine = np.full(len(lists.held_out), "", dtype=object)
    for one in lists.lists:
        if one.kind == "action":
            mine[one.members] = one.key
    return mine
