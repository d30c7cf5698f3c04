"""The file beside a workbook that cannot take our sheets: where its result goes, and what stands there already."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from regulars.base.errors import InputError, listing
from regulars.render.graft import look_at_result
from regulars.render.marks import is_ours
from regulars.render.readback import EarlierResult, read_result
from regulars_addin.delivery import free_path, open_names
from regulars_addin.session import Session


@dataclass(frozen=True)
class Beside:
    """Where a result of its own goes."""

    path: Path
    replaces: bool = False  # an earlier result stands there
    earlier: EarlierResult | None = None  # what it holds; None without a record that can be read
    added: tuple[str, ...] = ()  # what its owner added by hand, as sentences
    numbered: str = ""  # why it has a number in its name, as a sentence; nothing where it has none
    is_open: bool = False  # whether that is since the earlier result is open


def beside(session: Session) -> Beside:
    """Look at the place of a result of its own. What is there is replaced where it is ours and nobody has it open."""
    path = free_path(session.place, session.stem, ".xlsx", open_names(session))
    first = path.with_name(f"{session.stem}.regulars.xlsx")
    is_open = path != first and first.name.casefold() in open_names(session)
    numbered = _numbered(path, first, is_open=is_open)
    if not path.exists():
        return Beside(path, numbered=numbered, is_open=is_open)
    try:
        earlier = read_result(path)
    except InputError:
        earlier = None
    seen = look_at_result(path)
    added = [f"'{name}' holds {listing(things, most=6)}" for name, things in seen.added.items()]
    new = [name for name in earlier.added if name not in seen.renamed] if earlier is not None else []
    sheets = [f"the sheets {listing(new)}"] if new else []
    return Beside(path, replaces=True, earlier=earlier, added=(*sheets, *added), numbered=numbered, is_open=is_open)


def _numbered(path: Path, first: Path, *, is_open: bool) -> str:
    if path == first:
        return ""
    called = f"so the result is called '{path.name}'"
    if is_open:
        return (
            f"'{first.name}' is open, {called}, without what was put into the yellow cells of that one; close it before"
            " the next run, which then replaces it and keeps them"
        )
    if is_ours(first):
        return f"'{first.name}' may not be written to, {called}, without what was put into the yellow cells of that one"
    return f"'{first.name}' was not made by regulars, {called}"
