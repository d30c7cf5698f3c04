"""The written report as a file: Markdown, or HTML that stands alone and prints."""

from __future__ import annotations

from pathlib import Path

from regulars.render.report.html import html
from regulars.render.report.markdown import markdown
from regulars.story.report_spec import Report

SUFFIXES = (".md", ".html")


def write_report(report: Report, path: Path, suffix: str) -> None:
    """Write a report as Markdown or HTML, by the suffix of the place that it is meant for."""
    written = html(report) if suffix == ".html" else markdown(report)
    path.write_text(written, encoding="utf-8", newline="\n")


__all__ = ["SUFFIXES", "html", "markdown", "write_report"]
