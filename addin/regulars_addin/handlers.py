"""What each button does: the same few steps for all, from the workbook in front to a message for its user."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import xlwings

from regulars.base.errors import InputError, OutputError, listing
from regulars.base.files import moved_into_place
from regulars.base.settings import Settings
from regulars.base.units import counted
from regulars.render.lists import write_customers, write_set_aside
from regulars.render.marks import is_ours
from regulars.render.readback import EarlierResult
from regulars.result import (
    Result,
    check_slides,
    result_of,
    slides_show_clusters,
    theme_of,
    write_slides,
)
from regulars.segments.segment import clusters_are_shown
from regulars.story.sheets.customers import MOST, customer_list
from regulars.story.sheets.quality import MOST_ROWS
from regulars.story.sheets.record import MadeFrom
from regulars_addin.buttons import BUTTONS
from regulars_addin.convert import to_plain_rows
from regulars_addin.delivery import Delivered, add_sheet, deliver, free_path, remove
from regulars_addin.marked import OurSheets, our_sheets
from regulars_addin.messages import ask, told_with_notes
from regulars_addin.reading import LiveOrders, read_orders
from regulars_addin.session import Session, begun, plain_failures, quiet
from regulars_workbooks.settings_template import SHEET as SETTINGS_SHEET

Handler = Callable[[Session], str]  # takes the workbook in front, returns what to tell its user; empty: nothing


def press(button_id: str, app: xlwings.App) -> str:
    """Do what a button does in the workbook in front, and return what its user should be told; empty: nothing.

    Raises a RegularsError that says what is wrong and what to do; DeclinedError when the user was asked and said no.
    """
    handler = HANDLERS[button_id]
    if handler is help_:
        return help_text()
    session = begun(app)
    with plain_failures(session.program), quiet(app):
        return handler(session)


def analyze(session: Session) -> str:
    """Analyze the orders in front, and put the result at the end of the workbook."""
    return _analyzed(session, again=False)


def refresh(session: Session) -> str:
    """Analyze again with the owner's assumptions, and compare what was expected with what came."""
    return _analyzed(session, again=True)


def deck(session: Session) -> str:
    """Write the deck beside the workbook, and open it."""
    ours = our_sheets(session)
    earlier = _earlier(ours)
    settings = _settings(session, earlier)
    check_slides(settings)
    orders = read_orders(session, ours, settings)
    settings = _kept(orders.settings, earlier)
    clusters = clusters_are_shown(settings) or slides_show_clusters(settings)
    result = result_of(orders.load, settings, session.progress, earlier=earlier, clusters=clusters)
    path = free_path(session.place, session.stem, ".pptx")
    session.progress("Writing the deck")
    with moved_into_place(path) as temporary:
        notes = write_slides(result, temporary)
    session.show(path)
    return told_with_notes(f"The deck is '{path}'.", (*_about_place(session), *orders.notes, *result.notes, *notes))


def lists(session: Session) -> str:
    """Write the customer lists into a folder beside the workbook, and open it."""
    from regulars.exports import write_lists  # noqa: PLC0415  only here

    ours = our_sheets(session)
    settings = _settings(session, _earlier(ours))
    orders = read_orders(session, ours, settings)
    folder = session.place / f"{session.stem} customer lists"
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"'{folder}' is a file", remedy="move it away, and click the button again")
    done = write_lists(
        orders.load(orders.settings), orders.settings, folder, _refuse_unless_ours, session.progress
    )  # fmt: skip
    session.show(folder)
    said = f"{counted(len(done.written), 'list')} in the folder '{folder}', one file each."
    return told_with_notes(said, (*_about_place(session), *orders.notes, *done.notes))


def settings_(session: Session) -> str:
    """Show the sheet with the settings; add it where there is none."""
    from regulars_addin.settings_sheet import render  # noqa: PLC0415  only here

    if SETTINGS_SHEET in session.book.sheet_names:
        session.book.sheets[SETTINGS_SHEET].activate()
        return ""
    earlier = _earlier(our_sheets(session))
    add_sheet(session, lambda path: render(path, earlier.settings if earlier else None), SETTINGS_SHEET)
    return f"Fill the yellow cells of '{SETTINGS_SHEET}' that you need; the next run of any button reads them."


def orders_sheet(session: Session) -> str:
    """Add an empty sheet for orders."""
    from regulars_workbooks.orders_template import SHEET, template_bytes  # noqa: PLC0415  only here

    name = add_sheet(session, lambda path: _put(path, template_bytes()), SHEET)
    return (
        f"The sheet '{name}' waits for orders: a row for each product of an order, from row 2 on. Dark headings are"
        " needed. Then click Analyze orders."
    )


def remove_(session: Session) -> str:
    """Remove our sheets, after asking."""
    ours = our_sheets(session)
    if not ours.names:
        raise InputError(
            f"'{session.book.name}' has no sheets of regulars", remedy="nothing: there is nothing to remove"
        )
    visible = [sheet.name for sheet in session.book.sheets if sheet.visible and sheet.name not in ours.names]
    if not visible:
        raise OutputError(
            "a workbook needs a sheet, and this one has no visible sheet but those of regulars",
            remedy="add an empty sheet first, or close the workbook and delete the file",
        )
    why_not = session.program.is_structure_protected(session.book)
    if why_not:
        raise OutputError(
            f"the structure of '{session.book.name}' is protected",
            remedy="choose Review > Protect Workbook to unprotect it",
        )
    ask(
        session.app,
        f"This deletes {counted(len(ours.names), 'sheet')} of regulars: {listing(ours.names, most=20)}."
        f" {_lost(ours)}It cannot be undone. Go on?",
    )
    remove(session, ours.names)
    return f"{counted(len(ours.names), 'sheet')} removed. All others stand as they were."


def help_(session: Session) -> str:  # noqa: ARG001  a handler like the others
    """Say what the buttons do."""
    return help_text()


def help_text() -> str:
    """Return what the buttons do, which version this is and where to read more."""
    buttons = "\n".join(f"{button.label}: {button.tip.partition('. ')[0].rstrip('.')}." for button in BUTTONS[:-1])
    return f"regulars {version('regulars')}\n\n{buttons}\n\nMore: the page 'For the owner of a shop' (docs/owner.md)."


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "analyze": analyze,
        "refresh": refresh,
        "deck": deck,
        "lists": lists,
        "settings": settings_,
        "orders_sheet": orders_sheet,
        "remove": remove_,
        "help": help_,
    }
)


def _analyzed(session: Session, *, again: bool) -> str:
    ours = our_sheets(session)
    if again and not ours.names:
        raise InputError(
            f"'{session.book.name}' has no result yet that could be refreshed",
            remedy="go to the sheet with the orders, and click Analyze orders",
        )
    earlier = _earlier(ours, needed=again)
    settings = _settings(session, earlier if again else None)
    theme_of(settings)  # what is wrong with it is said before anything is read
    orders = read_orders(session, ours, settings)
    if ours.names and session.why_not_here() is None:
        _ask_to_replace(session, ours)
    settings = _kept(orders.settings, earlier)
    result = result_of(
        orders.load, settings, session.progress,
        earlier=earlier, looks_back=again, clusters=clusters_are_shown(settings),
    )  # fmt: skip
    spec = result.sheets(MadeFrom((str(session.book.name),)))
    done = deliver(session, ours, spec, result.facts.currency, theme_of(settings))
    lost = ["the result here has no record, so nothing of it is kept"] if ours.names and earlier is None else []
    files = _long_lists(session, result)
    return told_with_notes(_done(session, orders, done), (*files, *lost, *orders.notes, *result.notes))


def _done(session: Session, orders: LiveOrders, done: Delivered) -> str:
    read = f"The orders of {listing(orders.names)} are analyzed."
    if done.own_file is not None:
        return f"{read} The result stands in a workbook of its own, '{done.own_file}': {done.reason}."
    locked = session.program.is_read_only(session.book)
    keep = (
        " It is read-only: save it under another name to keep them." if locked else " Save the workbook to keep them."
    )
    return f"{read} {counted(len(done.sheets), 'sheet')} after your own: {listing(done.sheets, most=20)}.{keep}"


def _ask_to_replace(session: Session, ours: OurSheets) -> None:
    ask(
        session.app,
        f"This replaces {counted(len(ours.names), 'sheet')} of the earlier result: {listing(ours.names, most=20)}. Your"
        f" assumptions in the yellow cells are kept. {_lost(ours)}Formulas of yours that read these sheets would lose"
        " them. Go on?",
    )


def _lost(ours: OurSheets) -> str:
    """Return a sentence about what the owner added to our sheets, or nothing."""
    added = ours.worked_in()
    return f"What was added by hand would be lost: {'; '.join(added)}. " if added else ""


def _earlier(ours: OurSheets, *, needed: bool = False) -> EarlierResult | None:
    """Return the result that the workbook holds. Raises InputError where its record was spoilt and it is needed."""
    if not ours.names:
        return None
    try:
        earlier = ours.result()
    except InputError:
        if needed:
            raise
        return None
    if earlier is None and needed:
        raise InputError(
            "the sheets of the earlier result hold no record of how they were made",
            remedy="go to the sheet with the orders, and click Analyze orders",
        )
    return earlier


def _settings(session: Session, earlier: EarlierResult | None) -> Settings:
    """Return the settings of a run: those on the sheet of settings, else those of the earlier result."""
    if SETTINGS_SHEET not in session.book.sheet_names:
        return earlier.settings if earlier is not None else Settings()
    from regulars_addin.settings_sheet import settings_on  # noqa: PLC0415  a workbook without the sheet needs none

    sheet = session.book.sheets[SETTINGS_SHEET]
    cells = sheet.range((1, 1), sheet.used_range.last_cell).options(ndim=2, err_to_str=True).value
    settings = settings_on(to_plain_rows(cells), session.folder)
    return settings.but(sheet=earlier.settings.sheet or None) if earlier and not settings.sheet else settings


def _kept(settings: Settings, earlier: EarlierResult | None) -> Settings:
    """Return settings with what the owner put into the yellow cells; a margin that was set anew since then beats those."""
    if earlier is None:
        return settings
    given = settings.margin is not None and settings.margin != earlier.settings.margin
    return earlier.kept(settings, margin_given=given)


def _long_lists(session: Session, result: Result) -> list[str]:
    """Write what is too long for the sheets into files beside the workbook, and say where."""
    base = session.place / f"{session.stem}.regulars"
    written = []
    if len(result.analysis.summary.customers) > MOST:
        path = Path(f"{base}.customers.csv")
        _refuse_unless_ours(path)
        with moved_into_place(path) as temporary:
            write_customers(customer_list(result.analysis), temporary)
        written.append(f"all customers are in '{path}'")
    if result.analysis.orders.set_aside.num_rows > MOST_ROWS:
        path = Path(f"{base}.set_aside.csv")
        _refuse_unless_ours(path)
        with moved_into_place(path) as temporary:
            write_set_aside(result.analysis.orders.set_aside, temporary)
        written.append(f"all rows set aside are in '{path}'")
    return written


def _refuse_unless_ours(path: Path) -> None:
    if path.exists() and not is_ours(path):
        raise OutputError(
            f"'{path}' exists and was not made by regulars", remedy="move it away, and click the button again"
        )


def _about_place(session: Session) -> list[str]:
    if session.folder is not None:
        return []
    return [
        f"the workbook lies in no folder of this computer that can be written to, so the files are in '{session.place}'"
    ]


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)
