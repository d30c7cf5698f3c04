"""The running program: its workbooks, selection, status bar, messages, and what is switched off while we write."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

from regulars_addin.libreoffice.books import Books
from regulars_addin.libreoffice.bridge import enum
from regulars_addin.libreoffice.ranges import Range
from regulars_addin.libreoffice.sheets import Sheet

if TYPE_CHECKING:
    from regulars_addin.libreoffice.engine import Engine

BUTTONS = {"ok": 1, "ok_cancel": 2, "yes_no": 3, "yes_no_cancel": 4}  # com.sun.star.awt.MessageBoxButtons
RESULTS = {0: "cancel", 1: "ok", 2: "yes", 3: "no"}  # com.sun.star.awt.MessageBoxResults
FIRST = {"ok": "ok", "ok_cancel": "ok", "yes_no": "yes", "yes_no_cancel": "yes"}
CALCULATIONS = {True: "automatic", False: "manual"}


class Alert(NamedTuple):
    """A message that was shown, or would have been where somebody looks."""

    title: str
    text: str
    buttons: str


class App:
    """A LibreOffice that somebody started with a port to talk to it."""

    def __init__(self, engine: Engine, context: Any, port: int, *, headless: bool) -> None:
        """Take the component context of a connection."""
        self.engine = engine
        self.context = context
        self.port = port
        self.headless = headless
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self.alerts: list[Alert] = []
        self.answers: list[str] = []
        self.statuses: list[str] = []
        self.made_active: Any = None
        self._status: str | bool = False
        self._indicator: Any = None
        self._locked: list[Any] = []
        self._display_alerts = True
        self._enable_events = True

    def service(self, name: str) -> Any:
        """Make a service of the program by its name."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    @property
    def api(self) -> Any:
        """The desktop of the program."""
        return self.desktop

    @property
    def xl(self) -> Any:
        """The same, by xlwings' other name."""
        return self.desktop

    @property
    def pid(self) -> int:
        """What tells programs apart: the port. The id of the process is not known to a connection."""
        return self.port

    @property
    def hwnd(self) -> int:
        """No handle: windows are reached through the desktop."""
        return 0

    @property
    def path(self) -> str:
        """Where the program lies."""
        from regulars_addin.libreoffice.bridge import to_path  # noqa: PLC0415

        return to_path(str(self.service("com.sun.star.util.PathSubstitution").substituteVariables("$(prog)", True)))

    @property
    def version(self) -> str:
        """The version of LibreOffice, such as "7.4.7.2"."""
        from regulars_addin.libreoffice.bridge import properties  # noqa: PLC0415

        provider = self.service("com.sun.star.configuration.ConfigurationProvider")
        where = properties(nodepath="/org.openoffice.Setup/Product")
        access = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", where)
        return str(access.ooSetupVersionAboutBox)

    @property
    def books(self) -> Books:
        """The open workbooks."""
        return Books(self)

    @property
    def visible(self) -> bool:
        """Whether somebody sees the program."""
        return not self.headless

    @visible.setter
    def visible(self, visible: bool) -> None:
        pass  # a LibreOffice is started with windows or without

    def activate(self, steal_focus: bool = False) -> None:
        """Do nothing: a book brings its own window to the front."""

    @property
    def display_alerts(self) -> bool:
        """Whether the program asks before it deletes; LibreOffice never asks a caller."""
        return self._display_alerts

    @display_alerts.setter
    def display_alerts(self, value: bool) -> None:
        self._display_alerts = value

    @property
    def enable_events(self) -> bool:
        """Whether macros of events run; kept for callers only."""
        return self._enable_events

    @enable_events.setter
    def enable_events(self, value: bool) -> None:
        self._enable_events = value

    @property
    def calculation(self) -> str:
        """How the active workbook calculates: "automatic" or "manual"; without one, "automatic"."""
        book = self.books.active_or_none
        return CALCULATIONS[book is None or bool(book.document.isAutomaticCalculationEnabled())]

    @calculation.setter
    def calculation(self, value: str) -> None:
        for book in self.books:
            book.document.enableAutomaticCalculation(value != "manual")

    def calculate(self) -> None:
        """Calculate what is due in every workbook."""
        for book in self.books:
            book.document.calculate()

    @property
    def screen_updating(self) -> bool:
        """Whether windows follow what we do."""
        return not self._locked

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if not value and not self._locked:
            for book in self.books:
                book.document.lockControllers()
                self._locked.append(book.document)
        elif value:
            locked, self._locked = self._locked, []
            for document in locked:
                with contextlib.suppress(Exception):  # closed meanwhile: nothing is left to unlock
                    document.unlockControllers()

    @property
    def status_bar(self) -> str | bool:
        """The text in the status bar; False where the program writes its own."""
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        self._status = value or False
        if isinstance(value, str) and value:
            self.statuses.append(value)
            if self._indicator is None and (frame := self._frame()) is not None:
                self._indicator = frame.createStatusIndicator()
                self._indicator.start(value, 100)
            elif self._indicator is not None:
                self._indicator.setText(value)
        elif self._indicator is not None:
            indicator, self._indicator = self._indicator, None
            indicator.end()

    def _frame(self) -> Any:
        book = self.books.active_or_none
        controller = book.document.CurrentController if book else None
        return controller.Frame if controller is not None else None

    def alert(self, prompt: str, title: str | None, buttons: str | None, mode: str | None, callback: Any) -> str:  # noqa: ARG002
        """Show a message and return the button that was pressed.

        A headless program shows none: it gives the next of `answers`, or the first button. What was to be said is kept.
        """
        buttons = buttons or "ok"
        title = title or "regulars"
        self.alerts.append(Alert(title, prompt, buttons))
        frame = None if self.headless else self._frame() or self.desktop.getCurrentFrame()
        if frame is None:
            return self.answers.pop(0) if self.answers else FIRST[buttons]
        kinds = {"critical": "ERRORBOX", "info": "INFOBOX"} if buttons == "ok" else {"critical": "WARNINGBOX"}
        kind = kinds.get(mode or "", "MESSAGEBOX" if buttons == "ok" else "QUERYBOX")
        toolkit = self.service("com.sun.star.awt.Toolkit")
        window, kind = frame.ContainerWindow, enum("com.sun.star.awt.MessageBoxType", kind)
        box = toolkit.createMessageBox(window, kind, BUTTONS[buttons], title, prompt)
        try:
            pressed = RESULTS[box.execute()]
        finally:
            box.dispose()
        return "ok" if buttons == "ok" else pressed

    @property
    def selection(self) -> Range | None:
        """The selected cells of the active workbook; the first block of several, None where a shape is selected."""
        book = self.books.active_or_none
        selected = book.document.CurrentSelection if book else None
        if book is None or selected is None:
            return None
        if selected.supportsService("com.sun.star.sheet.SheetCellRanges"):
            selected = selected.getByIndex(0) if selected.Count else None
        if selected is None or not selected.supportsService("com.sun.star.table.CellRange"):
            return None
        return Range(Sheet(book, selected.Spreadsheet), selected)

    def quit(self) -> None:
        """Ask the program to end."""
        self.desktop.terminate()

    def kill(self) -> None:
        """Do the same: who started the process ends it by its id, see `soffice`."""
        self.quit()
