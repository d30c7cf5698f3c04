"""How a file is known as ours: only such files are replaced without being asked to."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from regulars.base.files import MARK

LIST_HEADERS = (
    '"Customer",',
    '"source","row","reason",',
    '"Email","First Name","Last Name","Tags","Customer ID","Group",',
)


HEAD = 400  # letters of an HTML file within which the mark stands


def is_ours(path: Path) -> bool:
    """Tell whether a file was written by this product, judging by its content."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                return MARK.encode() in package.read("docProps/core.xml")
        text = path.read_text(encoding="utf-8-sig")
    except (KeyError, OSError, UnicodeDecodeError, zipfile.BadZipFile):
        return False
    if text.startswith("{"):
        try:
            return {"schema", "facts"} <= set(json.loads(text))
        except ValueError:
            return False
    return text.startswith(LIST_HEADERS) or _is_report(text)


def _is_report(text: str) -> bool:
    """Tell whether a text is a written report of ours: Markdown begins with the mark, HTML has it in its head."""
    head = text[:HEAD]
    return text.startswith(f"<!-- {MARK} -->") or (text.startswith("<!DOCTYPE html>") and f'content="{MARK}"' in head)
