"""Charts on a sheet, to be counted, named and removed: the renderer draws them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regulars_addin.libreoffice.sheets import Sheet


class Charts:
    """The charts on a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        """Look at one sheet."""
        self.sheet = sheet
        self.api = sheet.sheet.Charts

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return self.sheet

    def __len__(self) -> int:
        """Count them."""
        return len(self.api.ElementNames)

    def __iter__(self) -> Iterator[Chart]:
        """Go through them."""
        return iter([Chart(self, name) for name in self.api.ElementNames])

    def __contains__(self, key: str) -> bool:
        """Tell whether one has this name."""
        return key in self.api.ElementNames

    def __call__(self, key: int | str) -> Chart:
        """Return one by its number from 1, or by its name. Raises KeyError."""
        names = self.api.ElementNames
        if isinstance(key, int) and 1 <= key <= len(names):
            return Chart(self, names[key - 1])
        if key in names:
            return Chart(self, str(key))
        raise KeyError(key)


class Chart:
    """One chart."""

    def __init__(self, charts: Charts, name: str) -> None:
        """Take one of the charts on a sheet."""
        self._charts = charts
        self._name = name

    @property
    def api(self) -> Any:
        """The chart on the sheet."""
        return self._charts.api.getByName(self._name)

    @property
    def parent(self) -> Sheet:
        """The sheet."""
        return self._charts.sheet

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def source_addresses(self) -> tuple[str, ...]:
        """The ranges that it draws, such as "$Segments.$A$5:$A$12"."""
        sequences = self.api.EmbeddedObject.getUsedRangeRepresentations()
        return tuple(dict.fromkeys(str(one) for one in sequences))

    def delete(self) -> None:
        """Remove it."""
        self._charts.api.removeByName(self._name)
