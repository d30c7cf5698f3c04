"""The relationships of a package: which part points to what, inside and outside of it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]

PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True)
class Link:
    """One relationship: the part that has it, kind, target, and the part and key that it is written under."""

    source: str
    kind: str
    target: str
    outside: bool
    home: str
    key: str


def links(parts: Mapping[str, bytes]) -> Iterator[Link]:
    """Return every relationship of a package; the source of its own ones is empty."""
    for name, blob in parts.items():
        if not name.endswith(".rels"):
            continue
        folder, _, file = f"/{name}".rpartition("/_rels/")
        source = posixpath.join(folder, file.removesuffix(".rels")).strip("/")
        for one in etree.fromstring(blob, PARSER):
            target, outside = str(one.get("Target")), one.get("TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
            yield Link(source, str(one.get("Type")).rpartition("/")[2], target, outside, name, str(one.get("Id")))


def without(blob: bytes, keys: set[str]) -> bytes:
    """Return a part of relationships without those under the given keys."""
    root = etree.fromstring(blob, PARSER)
    for one in list(root):
        if one.get("Id") in keys:
            root.remove(one)
    return bytes(etree.tostring(root))
