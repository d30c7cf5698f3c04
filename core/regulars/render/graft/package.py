"""Office packages: parts, what they are, and which part leads to which."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from regulars.render.graft.markup import Element, parse

CONTENT_TYPES = "[Content_Types].xml"
ROOT = ""  # the source of the package's own relationships
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MOST_READ = 256 * 2**20  # bytes of one part that is read whole


@dataclass(frozen=True)
class Relationship:
    """A link from one part to another, or to something outside."""

    id: str
    kind: str  # the last word of its type
    target: str  # name of the part; the address as written when it lies outside
    is_outside: bool
    element: Element


class Package:
    """A package opened for reading; part names are found whatever their case, as the standard wants."""

    def __init__(self, path: Path) -> None:
        """Open the archive and read its directory."""
        self.path = path
        self._archive = zipfile.ZipFile(path)
        self.entries = self._archive.infolist()
        self._by_name = {entry.filename.casefold(): entry for entry in self.entries}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    @property
    def names(self) -> list[str]:
        """Return the names of all entries."""
        return [entry.filename for entry in self.entries]

    def __contains__(self, part: str) -> bool:
        return part.casefold() in self._by_name

    def entry(self, part: str) -> zipfile.ZipInfo | None:
        """Return the archive's entry of a part, None when there is none."""
        return self._by_name.get(part.casefold())

    def spelled(self, part: str) -> str:
        """Return a part's name as the archive spells it. Raises KeyError when there is none."""
        return self._by_name[part.casefold()].filename

    def read(self, part: str) -> bytes:
        """Return the content of a part. Raises KeyError when there is none."""
        entry = self._by_name[part.casefold()]
        if entry.file_size > _MOST_READ:
            raise zipfile.BadZipFile(f"the part '{part}' is {entry.file_size:,} bytes long")
        return self._archive.read(entry)

    def chunks(self, part: str, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the content of a part piece by piece."""
        with self._archive.open(self._by_name[part.casefold()]) as file:
            while chunk := file.read(size):
                yield chunk

    def relationships(self, source: str) -> tuple[Relationship, ...]:
        """Return where a part leads to; nothing when it leads nowhere."""
        name = relationships_of(source)
        if name not in self:
            return ()
        return tuple(self._relationship(source, element) for element in parse(self.read(name)).all("Relationship"))

    def _relationship(self, source: str, element: Element) -> Relationship:
        written = element.attributes["Target"]
        kind = element.attributes["Type"].rstrip("/").rpartition("/")[2]
        if element.attributes.get("TargetMode") == "External":
            return Relationship(element.attributes["Id"], kind, written, True, element)
        target = joined(source, written)
        if target not in self and unquote(target) in self:
            target = unquote(target)
        return Relationship(element.attributes["Id"], kind, target, False, element)

    @cached_property
    def workbook(self) -> str:
        """Return the name of the workbook part. Raises KeyError when there is none."""
        for link in self.relationships(ROOT):
            if link.kind == "officeDocument" and link.target in self:
                return self.spelled(link.target)
        raise KeyError("the package has no workbook")

    @cached_property
    def content_types(self) -> Mapping[str, str]:
        """Return the type of every part that has one of its own, by name in small letters."""
        return {
            override.attributes["PartName"].lstrip("/").casefold(): override.attributes["ContentType"]
            for override in parse(self.read(CONTENT_TYPES)).all("Override")
        }

    @cached_property
    def default_types(self) -> Mapping[str, str]:
        """Return the type of every file ending, in small letters."""
        return {
            default.attributes["Extension"].casefold(): default.attributes["ContentType"]
            for default in parse(self.read(CONTENT_TYPES)).all("Default")
        }

    def reached(self, sources: Iterable[str], without: Iterable[str] = ()) -> set[str]:
        """Return all parts that links lead to from some parts, these included; `without` are not walked through."""
        barred = {part.casefold() for part in without}
        found: dict[str, str] = {}
        waiting = list(sources)
        while waiting:
            part = waiting.pop()
            if part.casefold() in found or part.casefold() in barred:
                continue
            if part == ROOT or part in self:
                found[part.casefold()] = part if part == ROOT else self.spelled(part)
                waiting += [link.target for link in self.relationships(part) if not link.is_outside]
        return set(found.values()) - {ROOT}


def relationships_of(part: str) -> str:
    """Return the name of the part that holds a part's relationships.

    >>> relationships_of("xl/workbook.xml"), relationships_of("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def joined(source: str, target: str) -> str:
    """Return the part that a relative target names.

    >>> joined("xl/worksheets/sheet1.xml", "../drawings/drawing1.xml"), joined("xl/workbook.xml", "/xl/styles.xml")
    ('xl/drawings/drawing1.xml', 'xl/styles.xml')
    """
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def relative(source: str, part: str) -> str:
    """Return a part's name as a target of another part.

    >>> relative("xl/worksheets/sheet1.xml", "xl/drawings/drawing1.xml")
    '../drawings/drawing1.xml'
    """
    return posixpath.relpath(f"/{part}", f"/{posixpath.dirname(source)}")


class FreshNames:
    """Part names that no other part has."""

    def __init__(self, taken: Iterable[str]) -> None:
        """Start with the names that are taken."""
        self._taken = {name.casefold() for name in taken}

    def give(self, part: str) -> str:
        """Return a part's name with the lowest number that is free.

        >>> names = FreshNames(["xl/charts/chart1.xml"])
        >>> names.give("xl/charts/chart7.xml"), names.give("xl/charts/chart7.xml")
        ('xl/charts/chart2.xml', 'xl/charts/chart3.xml')
        """
        stem, ending = posixpath.splitext(part)
        stem = re.sub(r"\d+$", "", stem)
        number = 1
        while f"{stem}{number}{ending}".casefold() in self._taken:
            number += 1
        name = f"{stem}{number}{ending}"
        self._taken.add(name.casefold())
        return name
