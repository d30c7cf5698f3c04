"""Names that are defined in a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regulars_addin.libreoffice.bridge import struct

if TYPE_CHECKING:
    from regulars_addin.libreoffice.books import Book


class Names:
    """The names of a workbook, or those of one sheet only."""

    def __init__(self, parent: Book, named: Any) -> None:
        """Take the named ranges of a document or of a sheet."""
        self.parent = parent
        self.api = named

    def __call__(self, key: int | str) -> Name:
        """Return a name by its number from 1, or as it is spelt. Raises KeyError."""
        spelt = self.api.ElementNames[key - 1] if isinstance(key, int) else key
        if not self.api.hasByName(spelt):
            raise KeyError(key)
        return Name(self, spelt)

    def snapshot(self) -> list[tuple[str, Name]]:
        """Return all names now."""
        return [(spelt, Name(self, spelt)) for spelt in self.api.ElementNames]

    def contains(self, key: int | str) -> bool:
        """Tell whether there is a name."""
        return 1 <= key <= len(self) if isinstance(key, int) else bool(self.api.hasByName(key))

    def __len__(self) -> int:
        """Count the names."""
        return len(self.api.ElementNames)

    def add(self, name: str, refers_to: str) -> Name:
        """Define a name for a range or formula, spelt as LibreOffice spells it."""
        origin = struct("com.sun.star.table.CellAddress")
        self.api.addNewByName(name, refers_to.removeprefix("="), origin, 0)
        return Name(self, name)


class Name:
    """One name."""

    def __init__(self, names: Names, spelt: str) -> None:
        """Take one of the names."""
        self._names = names
        self._spelt = spelt

    @property
    def api(self) -> Any:
        """The named range."""
        return self._names.api.getByName(self._spelt)

    @property
    def name(self) -> str:
        """How it is spelt."""
        return self._spelt

    @property
    def refers_to(self) -> str:
        """What it stands for, spelt as LibreOffice spells it."""
        return f"={self.api.Content}"

    def delete(self) -> None:
        """Remove it."""
        self._names.api.removeByName(self._spelt)
