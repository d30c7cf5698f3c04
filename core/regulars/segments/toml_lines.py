"""Where things stand in a TOML text: its parser gives values without their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEADER = re.compile(r"\s*\[")


@dataclass(frozen=True)
class TomlLines:
    """The lines of a text, numbered from 1."""

    lines: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> TomlLines:
        """Split a text."""
        return cls(tuple(text.splitlines()))

    def header(self, name: str, nth: int = 0) -> int:
        r"""Return the line of the nth `[name]` or `[[name]]`; 1 where the text has none.

        >>> TomlLines.of("id = 'a'\n[[segment]]\nkey = 'x'\n[[segment]]").header("segment", 1)
        4
        """
        wanted = re.compile(rf"\s*\[\[?\s*{re.escape(name)}\s*\]")
        found = [number for number, line in enumerate(self.lines, start=1) if wanted.match(line)]
        return found[nth] if nth < len(found) else 1

    def field(self, name: str, header: int = 0) -> int:
        """Return the line on which a field of a block begins; the block's own line where it is not found."""
        for number in range(header + 1, len(self.lines) + 1):
            line = self.lines[number - 1]
            if re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.]", line):
                return number
            if HEADER.match(line):
                break
        return max(header, 1)

    def box(self, nth: int, header: int) -> int:
        """Return the line of the nth `{` in the field `cells` of a block."""
        seen = -1
        for number in range(self.field("cells", header), len(self.lines) + 1):
            seen += self.lines[number - 1].count("{")
            if seen >= nth:
                return number
        return header
