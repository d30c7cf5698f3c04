"""Rules for the file: whole, small, without links to outside, and without names of people or companies."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree  # type: ignore[import-untyped]

from regulars.render.deck_lint.finding import WHOLE_DECK, Severity, Spot, deck_rule
from regulars.render.deck_lint.links import PARSER, Link, links
from regulars.render.deck_lint.model import Deck

LARGEST = 5_000_000
CONTENT_TYPES = "[Content_Types].xml"
PERSONAL = {
    "docProps/core.xml": ("lastModifiedBy",),
    "docProps/app.xml": ("Company", "Manager"),
}
BOOK_PERSONAL = {"docProps/core.xml": ("creator", "lastModifiedBy"), "docProps/app.xml": ("Company", "Manager")}


@deck_rule(
    "PACKAGE-RELATIONSHIP",
    Severity.ERROR,
    "Every part that a part points to is in the file.",
    "save the deck anew from PowerPoint, or remove what points there",
)
def relationship(deck: Deck) -> Iterable[Spot]:
    """Find links to parts that are not there."""
    for link in links(deck.parts):
        if not link.outside and link.target not in deck.parts:
            what = f"'{link.source or 'the file'}' points to a {link.kind} '{link.target}' that is missing"
            yield Spot(_slide_of(deck, link), "", what)


@deck_rule(
    "PACKAGE-ORPHAN",
    Severity.WARNING,
    "Every part of the file is used.",
    "save the deck anew from PowerPoint: it drops what nothing uses",
)
def orphan(deck: Deck) -> Iterable[Spot]:
    """Find parts that nothing points to."""
    reached = {CONTENT_TYPES}
    targets: dict[str, set[str]] = {}
    for link in links(deck.parts):
        if not link.outside:
            targets.setdefault(link.source, set()).add(link.target)
    waiting = [""]
    while waiting:
        for target in targets.get(waiting.pop(), set()) - reached:
            reached.add(target)
            waiting.append(target)
    for name in deck.parts:
        if name not in reached and not name.endswith(".rels"):
            yield Spot(WHOLE_DECK, "", f"nothing uses the part '{name}'")


@deck_rule(
    "PACKAGE-CONTENT-TYPE",
    Severity.ERROR,
    "Every part says what it is.",
    "save the deck anew from PowerPoint",
)
def content_type(deck: Deck) -> Iterable[Spot]:
    """Find parts without a content type: PowerPoint offers to repair the file."""
    types = deck.parts.get(CONTENT_TYPES)
    if types is None:
        return
    root = _parsed(types)
    extensions = {str(one.get("Extension")).casefold() for one in root.iter("{*}Default")}
    named = {str(one.get("PartName")).lstrip("/") for one in root.iter("{*}Override")}
    for name in deck.parts:
        if name != CONTENT_TYPES and name not in named and name.rpartition(".")[2].casefold() not in extensions:
            yield Spot(WHOLE_DECK, "", f"the part '{name}' has no content type")
    for name in sorted(named - deck.parts.keys()):
        yield Spot(WHOLE_DECK, "", f"a content type names the part '{name}', which is missing")


@deck_rule(
    "EXTERNAL-LINK",
    Severity.ERROR,
    "Nothing is loaded from outside the file: no linked pictures, workbooks or media.",
    "embed it, or break the link",
)
def external_link(deck: Deck) -> Iterable[Spot]:
    """Find links that are followed when the deck is opened."""
    for link in links(deck.parts):
        if link.outside and link.kind != "hyperlink":
            yield Spot(_slide_of(deck, link), "", f"a {link.kind} is linked to '{link.target}'")


@deck_rule(
    "HYPERLINK",
    Severity.WARNING,
    "Links that a reader can click are meant.",
    "remove the link, or waive it with its reason",
)
def hyperlink(deck: Deck) -> Iterable[Spot]:
    """Find hyperlinks on slides."""
    for link in links(deck.parts):
        if link.outside and link.kind == "hyperlink" and link.source.startswith("ppt/slides/"):
            yield Spot(_slide_of(deck, link), "", f"a link leads to '{link.target}'")


@deck_rule(
    "METADATA",
    Severity.ERROR,
    "The properties of the deck and of its charts' workbooks name nobody but the deck's author: no editor, company or manager.",
    "use File, Info, Inspect Document, and remove properties and personal information",
)
def metadata(deck: Deck) -> Iterable[Spot]:
    """Find names of people and companies in properties."""
    for name, value in _properties(deck.parts, PERSONAL):
        yield Spot(WHOLE_DECK, "", f"the property {name} says '{value}'")
    if "docProps/custom.xml" in deck.parts:
        yield Spot(WHOLE_DECK, "", "there are properties of somebody's own")
    for part, blob in deck.parts.items():
        if part.startswith("ppt/embeddings/") and part.endswith(".xlsx"):
            for name, value in _properties(_unpacked(blob), BOOK_PERSONAL):
                yield Spot(WHOLE_DECK, "", f"the property {name} of the workbook '{part}' says '{value}'")


@deck_rule(
    "COMMENTS",
    Severity.ERROR,
    "No comments are left.",
    "resolve and delete them",
)
def comments(deck: Deck) -> Iterable[Spot]:
    """Find comments of reviewers."""
    for name in deck.parts:
        if re.match(r"ppt/(comments/|commentAuthors|authors)", name):
            yield Spot(WHOLE_DECK, "", f"comments are left in '{name}'")


@deck_rule("SIZE", Severity.WARNING, "A deck has less than 5 MB.", "compress its pictures")
def size(deck: Deck) -> Iterable[Spot]:
    """Find large files."""
    if deck.size > LARGEST:
        yield Spot(WHOLE_DECK, "", f"it has {deck.size / 1e6:.1f} MB")


def _slide_of(deck: Deck, link: Link) -> int:
    return next((slide.number for slide in deck.slides if slide.part == link.source), WHOLE_DECK)


def _properties(parts: Mapping[str, bytes], wanted: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for part, names in wanted.items():
        if part not in parts:
            continue
        for element in _parsed(parts[part]):
            name = str(element.tag).rpartition("}")[2]
            if name in names and (element.text or "").strip():
                yield name, str(element.text).strip()


def _unpacked(blob: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            return {name: package.read(name) for name in BOOK_PERSONAL if name in package.namelist()}
    except zipfile.BadZipFile:
        return {}  # CHART-NO-WORKBOOK says so


def _parsed(blob: bytes) -> etree._Element:
    return etree.fromstring(blob, PARSER)


RULES = (relationship, orphan, content_type, external_link, hyperlink, metadata, comments, size)
