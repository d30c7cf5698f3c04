"""What each button does: the same few steps for all, from the workbook in front to a message for its user."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from regulars_addin.beside import Beside, beside
from regulars_addin.buttons import BUTTONS
from regulars_addin.convert import to_plain_rows
from regulars_addin.delivery import Delivered, add_sheet, deliver, free_path, remove
from regulars_addin.marked import OurSheets, our_sheets, result_alone
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
    ours = _ours(session, "Make deck", "deck")
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

    ours = _ours(session, "Customer lists")
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
    if result_alone(session, ours) is not None:
        raise InputError(
            f"'{session.book.name}' is a result of regulars as a whole", remedy="close it, and delete the file"
        )
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
    stays = f" '{SETTINGS_SHEET}' stays." if SETTINGS_SHEET in session.book.sheet_names else ""
    ask(
        session.app,
        f"This deletes {counted(len(ours.names), 'sheet')} of regulars: {listing(ours.names, most=20)}. What was put into"
        f" their yellow cells, and notes on them, go too. {_lost(ours.worked_in())}{stays.lstrip()} It cannot be undone."
        " Go on?",
    )
    remove(session, ours.names)
    how = f"{stays} To delete it too, right-click its tab and choose Delete." if stays else ""
    return f"{counted(len(ours.names), 'sheet')} removed. All others stand as they were.{how}"


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


def _ours(session: Session, button: str, command: str = "") -> OurSheets:
    """Return our sheets. Raises InputError where the workbook in front is nothing but a result: it holds no orders."""
    ours = our_sheets(session)
    alone = result_alone(session, ours)
    if alone is None:
        return ours
    orders = listing(Path(name).name for name in alone.orders)
    file = f'"{session.book.name}"' if " " in session.book.name else session.book.name
    typed = f", or run: regulars {command} {file}" if command else ""
    raise InputError(
        f"'{session.book.name}' is a result of regulars, made from {orders}: the orders are not in it",
        remedy=f"close it; then go to {orders} and click {button} there{typed}",
    )


def _analyzed(session: Session, *, again: bool) -> str:
    ours = _ours(session, "Analyze orders", "refresh")
    place = beside(session) if session.why_not_here() is not None else None
    if again and not ours.names:
        _refuse_to_refresh(session, place)
    earlier = place.earlier if place is not None else None
    earlier = earlier or _earlier(ours, needed=again)
    settings = _settings(session, earlier if again else None)
    if not again and earlier is not None and not settings.sheet and _is_ours_in_front(session, ours):
        settings = settings.but(sheet=_still_there(session, earlier) or None)
    theme_of(settings)  # what is wrong with it is said before anything is read
    orders = read_orders(session, ours, settings)

    def ask_first(_read: object) -> None:  # once the orders are known to serve
        if place is not None and place.replaces:
            _ask_to_replace_file(session, place, orders)
        elif place is None and ours.names:
            _ask_to_replace(session, ours, orders, earlier)

    settings = _kept(orders.settings, earlier)
    result = result_of(
        orders.load, settings, session.progress,
        earlier=earlier, looks_back=again, clusters=clusters_are_shown(settings), refuse=ask_first,
    )  # fmt: skip
    spec = result.sheets(MadeFrom((str(session.book.name),)))
    done = deliver(session, ours, spec, result.facts.currency, theme_of(settings), place.path if place else None)
    was_there = ours.names or (place is not None and place.replaces)
    lost = ["the result here has no record, so nothing of it is kept"] if was_there and earlier is None else []
    numbered = [place.numbered] if place is not None and place.numbered else []
    files = _long_lists(session, result)
    return told_with_notes(_done(session, orders, done), (*numbered, *files, *lost, *orders.notes, *result.notes))


def _refuse_to_refresh(session: Session, place: Beside | None) -> None:
    """Refuse to refresh where there is no result: neither in the workbook, nor beside one that cannot take it."""
    if place is not None and place.is_open:
        raise InputError(
            f"the earlier result, '{session.stem}.regulars.xlsx', is open, so it cannot be made anew",
            remedy="close it, and click Refresh again",
        )
    if place is not None and place.earlier is not None:
        return
    if place is not None and place.replaces:
        raise InputError(
            f"the earlier result, '{place.path}', holds no record of its run that can be read",
            remedy="click Analyze orders, which makes it anew",
        )
    raise InputError(
        f"'{session.book.name}' has no result yet that could be refreshed",
        remedy="go to the sheet with the orders, and click Analyze orders",
    )


def _is_ours_in_front(session: Session, ours: OurSheets) -> bool:
    front = session.sheet
    return front is not None and (front.name in ours.names or front.name == SETTINGS_SHEET)


def _still_there(session: Session, earlier: EarlierResult) -> tuple[str, ...]:
    """Return the sheets of the last run; none where one is gone."""
    there = {name.strip().casefold() for name in session.book.sheet_names}
    return earlier.settings.sheet if {name.strip().casefold() for name in earlier.settings.sheet} <= there else ()


def _done(session: Session, orders: LiveOrders, done: Delivered) -> str:
    read = f"The orders of {listing(orders.names)} are analyzed."
    if done.own_file is not None:
        return f"{read} The result stands in a workbook of its own, '{done.own_file}': {done.reason}."
    locked = session.program.is_read_only(session.book)
    keep = (
        " It is read-only: save it under another name to keep them." if locked else " Save the workbook to keep them."
    )
    return f"{read} {counted(len(done.sheets), 'sheet')} after your own: {listing(done.sheets, most=20)}.{keep}"


def _ask_to_replace(session: Session, ours: OurSheets, orders: LiveOrders, earlier: EarlierResult | None) -> None:
    ask(
        session.app,
        f"This replaces {counted(len(ours.names), 'sheet')} of the earlier result: {listing(ours.names, most=20)}."
        f"{_source(orders, earlier)} Your assumptions in the yellow cells are kept. {_lost(ours.worked_in())}Formulas of"
        " yours that read these sheets would lose them. Go on?",
    )


def _ask_to_replace_file(session: Session, place: Beside, orders: LiveOrders) -> None:
    kept = " Your assumptions in its yellow cells are kept." if place.earlier is not None else ""
    ask(
        session.app,
        f"This replaces the earlier result, the file '{place.path}'.{_source(orders, place.earlier)}{kept}"
        f" {_lost(place.added)}Go on?",
    )


def _source(orders: LiveOrders, earlier: EarlierResult | None) -> str:
    """Return from which rows the new result comes, and from which sheet the earlier one came where that was another."""
    rows = sum(raw.cells.num_rows for raw in orders.raws[: len(orders.names)])  # tables of customers come after
    before = earlier.settings.sheet if earlier is not None else ()
    is_other = before and {name.strip().casefold() for name in before} != {name.casefold() for name in orders.names}
    was = f"; the earlier one was made from {listing(before)}" if is_other else ""
    return f" The new one comes from {counted(rows, 'row')} of {listing(orders.names)}{was}."


def _lost(added: Sequence[str]) -> str:
    """Return a sentence about what the owner added to our sheets, or nothing."""
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
    if not session.program.is_saved(session.book):
        return [
            f"the workbook has never been saved, so the files are in '{session.place}': save it to have them beside it"
        ]
    return [
        f"the workbook lies in no folder of this computer that can be written to, so the files are in '{session.place}'"
    ]


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)
