"""Outlines of the written report: which headings, sentences, tables and charts it has, and in which order."""

from __future__ import annotations

from regulars.story.outlines.names import Names, known_names
from regulars.story.outlines.outline import Block, Outline, read_outline, shipped_outline, shows_clusters

__all__ = ["Block", "Names", "Outline", "known_names", "read_outline", "shipped_outline", "shows_clusters"]
