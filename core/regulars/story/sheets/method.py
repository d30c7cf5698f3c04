"""The Method sheet: definitions, the settings of the run, and every fact with how it came about."""

from __future__ import annotations

from dataclasses import fields

from regulars.analysis import Analysis
from regulars.base.facts import Facts
from regulars.story.sheet_spec import Column, Row, SheetKind, SheetSpec, Table
from regulars.story.sheets.tables import pairs_table
from regulars.story.texts import entries, text
from regulars.story.words import definition


def method_sheet(analysis: Analysis, facts: Facts) -> SheetSpec:
    """Return definitions, settings and facts."""
    definitions = entries("definition")
    how = analysis.segmentations.lead.how
    named = [(definitions[key], definition(key, facts, how)) for key in definitions if not key.endswith("_text")]
    unknown = entries("cannot")
    untold = [(unknown[key], unknown[f"{key}_text"]) for key in unknown if f"{key}_text" in unknown]
    chosen = [
        (one.name, f"{_shown(getattr(analysis.settings, one.name))}  ({one.metadata['explained']})")
        for one in fields(analysis.settings)
    ]
    listed = Table(
        "facts",
        (Column("key", "Key", width=34), Column("value", "Value", width=40), Column("how", "How", width=60)),
        tuple(Row(key, (key, facts.show(key), facts[key].how)) for key in sorted(facts) if _is_listed(key, analysis)),
        text("method.facts", facts),
        text("method.facts_lead", facts),
        listing=True,
        printed=0,
    )
    return SheetSpec(
        "Method", SheetKind.QUALITY, text("method.title", facts), text("method.lead", facts),
        (
            pairs_table("definitions", text("method.definitions", facts), named, ("Term", "Definition")),
            pairs_table("cannot", text("cannot.title", facts), untold, ("What", "Why, and what would tell")),
            pairs_table("settings", text("method.settings", facts), chosen, ("Setting", "Value")),
            listed,
        ),
    )  # fmt: skip


def _is_listed(key: str, analysis: Analysis) -> bool:
    """Tell whether a fact stands on the sheet: cells of large tables, and schemes that do not lead, would fill it.

    They have sheets of their own, and all facts stand in the file that --json writes.
    """
    if key.startswith(("cross.", "movement.")):
        return False
    part = key.split(".")
    others = {segments.scheme for segments in analysis.segmentations.schemes} - {analysis.segmentations.lead.scheme}
    return not (part[0] == "segments" and len(part) > 3 and part[1] in others)


def _shown(value: object) -> str:
    if value is None or value in ((), {}):
        return "default"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
