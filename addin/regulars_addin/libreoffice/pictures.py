"""Pictures on a sheet, to be counted, named and removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regulars_addin.libreoffice.sheets import Sheet

PICTURE = "com.sun.star.drawing.GraphicObjectShape"


class Pictures:
    """The pictures on a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        """Look at one sheet."""
        self.sheet = sheet
        self.api = sheet.sheet.DrawPage

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return self.sheet

    def __iter__(self) -> Iterator[Picture]:
        """Go through them."""
        shapes = (self.api.getByIndex(number) for number in range(self.api.Count))
        return iter([Picture(self, shape) for shape in shapes if shape.supportsService(PICTURE)])

    def __len__(self) -> int:
        """Count them."""
        return len(list(iter(self)))

    def __contains__(self, key: str) -> bool:
        """Tell whether one has this name."""
        return any(picture.name == key for picture in self)

    def __call__(self, key: int | str) -> Picture:
        """Return one by its number from 1, or by its name. Raises KeyError."""
        for number, picture in enumerate(self, 1):
            if key in (number, picture.name):
                return picture
        raise KeyError(key)


class Picture:
    """One picture."""

    def __init__(self, pictures: Pictures, shape: Any) -> None:
        """Take one of the shapes on a sheet."""
        self._pictures = pictures
        self.api = shape

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return self._pictures.sheet

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.api.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value

    def delete(self) -> None:
        """Remove it."""
        self._pictures.api.remove(self.api)
