"""XML with the place of every element in its bytes: what is known by place can be patched without being written anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

_START_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_ENCODING = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)["']""")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


class MarkupError(ValueError):
    """Bytes that are no XML, or XML of a kind that cannot be patched safely."""


@dataclass(slots=True)
class Element:
    """An element. Names in a namespace are `uri local`; places are offsets in the bytes."""

    tag: str
    attributes: Mapping[str, str]
    start: int
    start_end: int  # behind the start tag
    children: list[Element] = field(default_factory=list)
    text: str = ""
    close: int = 0  # where the end tag begins; the same as `end` for an element without one
    end: int = 0
    spaces: Mapping[str, str] = field(default_factory=dict)  # prefixes that this element declares

    @property
    def name(self) -> str:
        """Return the name without its namespace."""
        return self.tag.rpartition(" ")[2]

    @property
    def namespace(self) -> str:
        """Return the namespace, empty if there is none."""
        return self.tag.rpartition(" ")[0]

    @property
    def is_self_closed(self) -> bool:
        """Tell whether the element is written as one tag."""
        return self.close == self.end

    def child(self, name: str) -> Element | None:
        """Return the first child of that local name in the element's own namespace."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Element]:
        """Yield the children of that local name in the element's own namespace."""
        return (child for child in self.children if child.name == name and child.namespace == self.namespace)

    def walk(self) -> Iterator[Element]:
        """Yield the element and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Edit:
    """Bytes that take the place of others; an insertion when start and end are one."""

    start: int
    end: int
    content: bytes


def parse(content: bytes) -> Element:
    """Return the root element. Raises MarkupError for what is no XML, has a DTD, or is not in UTF-8."""
    encoding = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        encoding is not None and encoding[1].lower() not in (b"utf-8", b"us-ascii")
    ):
        raise MarkupError("the text is not in UTF-8")
    reader = _Reader(content)
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as problem:
        raise MarkupError(str(problem)) from problem
    return reader.root


class _Reader:
    """The callbacks of one pass."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.top = Element("", {}, 0, 0)
        self.open = [self.top]
        self.declared: dict[str, str] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartNamespaceDeclHandler = self._declare
        self.parser.StartDoctypeDeclHandler = self._refuse_dtd

    @property
    def root(self) -> Element:
        return self.top.children[0]

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        start = self.parser.CurrentByteIndex
        written = _START_TAG.match(self.content, start)
        if written is None:
            raise MarkupError(f"the tag at byte {start} cannot be found again")
        element = Element(tag, attributes, start, written.end(), spaces=self.declared)
        self.declared = {}
        self.open[-1].children.append(element)
        self.open.append(element)

    def _end(self, _: str) -> None:
        element = self.open.pop()
        if self.content[element.start_end - 2 : element.start_end] == b"/>":
            element.close = element.end = element.start_end
        else:
            element.close = self.parser.CurrentByteIndex
            element.end = self.content.index(b">", element.close) + 1

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        self.declared[prefix or ""] = uri or ""

    @staticmethod
    def _refuse_dtd(*_: object) -> None:
        raise MarkupError("it declares a document type")


def escaped(text: str) -> str:
    """Return text as it stands in an attribute or an element.

    >>> escaped("R&D <'A'>")
    'R&amp;D &lt;&apos;A&apos;&gt;'
    """
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def start_tag(name: str, attributes: Mapping[str, str], *, closed: bool = False) -> bytes:
    """Return a start tag, or a whole element without content.

    >>> start_tag("sheet", {"name": "R&D"}, closed=True)
    b'<sheet name="R&amp;D"/>'
    """
    written = "".join(f' {key}="{escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{written}{'/' if closed else ''}>".encode()


def apply(content: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the bytes with all edits made; insertions at one place keep their order.

    >>> apply(b"<a><b/></a>", [Edit(7, 7, b"<c/>"), Edit(7, 7, b"<d/>"), Edit(3, 7, b"")])
    b'<a><c/><d/></a>'
    """
    pieces, place = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < place:
            raise ValueError(f"two edits meet at byte {edit.start}")
        pieces += [content[place : edit.start], edit.content]
        place = edit.end
    return b"".join([*pieces, content[place:]])


def appended(content: bytes, element: Element, inner: bytes, attributes: Mapping[str, str] | None = None) -> list[Edit]:
    """Return the edits that put content at the end of an element and set attributes of it."""
    written = content[element.start : element.start_end]
    for key, value in (attributes or {}).items():
        written = with_attribute(written, key, value)
    if not inner:
        return [Edit(element.start, element.start_end, written)]
    if not element.is_self_closed:
        return [Edit(element.start, element.start_end, written), Edit(element.close, element.close, inner)]
    name = re.match(rb"<([^\s/>]+)", written)[1]  # type: ignore[index]  # every tag has a name
    opened = written[:-2].rstrip() + b">"
    return [Edit(element.start, element.end, opened + inner + b"</" + name + b">")]


def with_attribute(tag: bytes, key: str, value: str) -> bytes:
    """Return a start tag with an attribute set, or changed where it stands.

    >>> with_attribute(b'<fonts count="1" x:count="1"/>', "count", "2"), with_attribute(b"<calcPr/>", "calcId", "1")
    (b'<fonts count="2" x:count="1"/>', b'<calcPr calcId="1"/>')
    """
    setting = f' {key}="{escaped(value)}"'.encode()
    there = re.search(rb"\s" + re.escape(key.encode()) + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""", tag)
    if there is not None:
        return tag[: there.start()] + setting + tag[there.end() :]
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + setting + tag[end:]
