"""How sheets are printed: page styles, which belong to a document and not to a sheet, and print areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from regulars_addin.libreoffice.bridge import constant, struct, uno

if TYPE_CHECKING:
    from regulars_addin.libreoffice.books import Book
    from regulars_addin.libreoffice.sheets import Sheet

FAMILY = "PageStyles"
PREFIX = "PageStyle_"  # what LibreOffice calls the style of a sheet that it reads from an Excel file


class Parts(NamedTuple):
    """The three texts of a header or footer."""

    left: str
    centre: str
    right: str


def page_styles(book: Book) -> Any:
    """Return the page styles of a workbook."""
    return book.document.StyleFamilies.getByName(FAMILY)


def page_style(sheet: Sheet) -> Any:
    """Return the page style of a sheet."""
    return page_styles(sheet.book).getByName(sheet.sheet.PageStyle)


def copy_page_style(source: Sheet, target: Sheet) -> None:
    """Give a sheet a page style of its own that equals the one of a sheet in another workbook, header and footer included."""
    old, styles = page_style(source), page_styles(target.book)
    name = _free(styles, PREFIX + target.name)
    styles.insertByName(name, target.book.document.createInstance("com.sun.star.style.PageStyle"))
    new = styles.getByName(name)
    target.sheet.PageStyle = name
    read_only = constant("com.sun.star.beans.PropertyAttribute.READONLY")
    known = [one.Name for one in old.PropertySetInfo.Properties if not one.Attributes & read_only]
    # Switches come first: what belongs to a header is only taken where there is one. The scales exclude each other.
    switches = [name for name in known if name.endswith("IsOn")]
    scales = [name for name in known if name in {"PageScale", "ScaleToPages", "ScaleToPagesX", "ScaleToPagesY"}]
    rest = [name for name in known if name not in switches and name not in scales]
    for members in (switches, rest, scales):
        values = dict(zip(members, old.getPropertyValues(tuple(members)), strict=True))
        _set(new, {name: value for name, value in values.items() if value or name not in scales})


def _set(style: Any, members: dict[str, Any]) -> None:
    """Set members of a style together, or one by one where one of them is refused."""
    wanted = {name: members[name] for name in sorted(members) if members[name] is not None}
    refused = tuple(
        uno().getClass(f"com.sun.star.{name}")
        for name in ("lang.IllegalArgumentException", "beans.UnknownPropertyException", "beans.PropertyVetoException")
    )
    try:
        style.setPropertyValues(tuple(wanted), tuple(wanted.values()))
    except refused:
        if len(wanted) > 1:  # such as the name of a graphic that a header without one does not have
            for name, value in wanted.items():
                _set(style, {name: value})


def drop_page_style(book: Book, name: str) -> None:
    """Remove a page style that came with a sheet, unless another sheet has it too."""
    used = {sheet.sheet.PageStyle for sheet in book.sheets}
    styles = page_styles(book)
    if name.startswith(PREFIX) and name not in used and styles.hasByName(name):
        styles.removeByName(name)


def _free(styles: Any, wanted: str) -> str:
    name, number = wanted, 1
    while styles.hasByName(name):
        number += 1
        name = f"{wanted} {number}"
    return name


def copy_print_areas(source: Sheet, target: Sheet) -> None:
    """Print the same cells, and repeat the same rows and columns on each page."""
    number = target.index - 1
    old, new = source.sheet, target.sheet

    def here(area: Any) -> Any:
        return struct(
            "com.sun.star.table.CellRangeAddress", number, area.StartColumn, area.StartRow, area.EndColumn, area.EndRow
        )

    new.setPrintAreas(tuple(here(area) for area in old.getPrintAreas()))
    new.setPrintTitleRows(old.getPrintTitleRows())
    new.setPrintTitleColumns(old.getPrintTitleColumns())
    if old.getPrintTitleRows():
        new.setTitleRows(here(old.getTitleRows()))
    if old.getPrintTitleColumns():
        new.setTitleColumns(here(old.getTitleColumns()))


class PageSetup:
    """How a sheet is printed."""

    def __init__(self, sheet: Sheet) -> None:
        """Look at one sheet."""
        self._sheet = sheet

    @property
    def api(self) -> Any:
        """The page style, which other sheets may have too."""
        return page_style(self._sheet)

    @property
    def print_area(self) -> str | None:
        """The address of the cells that are printed; None for all."""
        areas = self._sheet.sheet.getPrintAreas()
        if not areas:
            return None
        first = areas[0]
        return self._sheet.range(
            (first.StartRow + 1, first.StartColumn + 1), (first.EndRow + 1, first.EndColumn + 1)
        ).address

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        self._sheet.sheet.setPrintAreas((self._sheet.range(value).cells.RangeAddress,) if value else ())

    @property
    def header(self) -> Parts:
        """The texts at the top of each page."""
        return _parts(self.api, "Header")

    @property
    def footer(self) -> Parts:
        """The texts at the bottom of each page; fields such as page numbers as the text that they show."""
        return _parts(self.api, "Footer")


def _parts(style: Any, place: str) -> Parts:
    if not getattr(style, f"{place}IsOn"):
        return Parts("", "", "")
    content = getattr(style, f"RightPage{place}Content")
    return Parts(*(str(text.String) for text in (content.LeftText, content.CenterText, content.RightText)))
