"""The engine: LibreOffice Calc behind the interface of xlwings, so that one add-in drives Excel and LibreOffice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import xlwings

from regulars_addin.libreoffice import values
from regulars_addin.libreoffice.app import App
from regulars_addin.libreoffice.bridge import PORT, connect

NAME = "libreoffice"


class Engine:
    """What xlwings asks of an engine: its name, its running programs, and how values are read and written."""

    name = NAME
    type = "desktop"

    def __init__(self) -> None:
        """Begin with no program attached."""
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: Any) -> Any:
        """Return one value for writing."""
        return values.prepare(value)

    @staticmethod
    def clean_value_data(
        data: values.Block,
        datetime_builder: Callable[..., Any],
        empty_as: Any,
        number_builder: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> values.Block:
        """Return a read block as the options of a range ask."""
        return values.clean(data, datetime_builder, empty_as, number_builder, err_to_str)


class Apps:
    """The attached programs, known by the port that each listens on."""

    def __init__(self, engine: Engine) -> None:
        """Begin with none."""
        self._engine = engine
        self._by_port: dict[int, App] = {}

    def attach(self, port: int, *, headless: bool) -> App:
        """Connect to the program on a port; it counts as the active one.

        Raises BridgeMissingError and NobodyListensError.
        """
        self._by_port = {other: app for other, app in self._by_port.items() if other != port}
        app = App(self._engine, connect(port), port, headless=headless)
        self._by_port = {port: app, **self._by_port}
        return app

    def detach(self, port: int) -> None:
        """Forget a program, which goes on running."""
        self._by_port.pop(port, None)

    def keys(self) -> list[int]:
        """Return the ports."""
        return list(self._by_port)

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:  # noqa: ARG002
        """Connect to the program that listens on port `spec`, or on the usual one."""
        return self.attach(int(spec or PORT), headless=visible is False)

    @staticmethod
    def cleanup() -> None:
        """Do nothing: processes are ended by whoever started them."""

    def __iter__(self) -> Iterator[App]:
        """Go through the attached programs, the active one first."""
        return iter(list(self._by_port.values()))

    def __len__(self) -> int:
        """Count the attached programs."""
        return len(self._by_port)

    def __getitem__(self, port: int) -> App:
        """Return the program on a port."""
        return self._by_port[port]


def register() -> Engine:
    """Make the engine known to xlwings, once, and the active one; return it."""
    if NAME not in xlwings.engines.engines_by_name:
        xlwings.engines.add(xlwings.Engine(impl=Engine()))
    engine = xlwings.engines[NAME]
    engine.activate()
    found: Engine = engine.impl
    return found


def attach(port: int = PORT, *, headless: bool = False) -> xlwings.App:
    """Return the LibreOffice that listens on a port, as an app of xlwings.

    A headless one shows no messages: they are kept in `app.impl.alerts`, and questions get `app.impl.answers`.

    Raises BridgeMissingError and NobodyListensError.
    """
    return xlwings.App(impl=register().apps.attach(port, headless=headless))
