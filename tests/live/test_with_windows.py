"""A LibreOffice with windows, drawn into memory: `regulars live` starts it, opens the workbook in it, and shows its messages there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from regulars_addin.libreoffice import engine, soffice
from regulars_addin.libreoffice.bridge import BridgeMissingError, NobodyListensError, connect, uno

pytestmark = [
    pytest.mark.office,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only LibreOffice on Linux draws windows without a screen"),
]
SECONDS = 60


@pytest.fixture
def port() -> Iterator[int]:
    """A port for a LibreOffice that is ended afterwards."""
    try:
        uno()
        soffice.find_soffice()
    except BridgeMissingError as missing:
        pytest.skip(f"the live tests drive LibreOffice: {missing}")
    free = soffice.free_port()
    yield free
    app = engine.attach(free, headless=True)
    for book in app.impl.books:
        book.close()
    app.quit()


def _press(port: int, button: str) -> str:
    """Wait for a message of ours, press a button in it as a screen reader would, and return what it says."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            context = connect(port)
        except NobodyListensError:
            time.sleep(0.5)
            continue
        toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
        windows = (toolkit.getTopWindow(number) for number in range(toolkit.getTopWindowCount()))
        for window in windows:
            if window is not None and window.getAccessibleContext().getAccessibleName() == "regulars":
                things = list(_things(window.getAccessibleContext()))
                said = " ".join(thing.getAccessibleName() for thing in things)
                pressed = [thing for thing in things if thing.getAccessibleName().strip("~_") == button]
                if pressed:
                    pressed[0].doAccessibleAction(0)
                    return said
        time.sleep(0.5)
    raise AssertionError(f"no message with {button} came up")


def _things(context: Any) -> Iterator[Any]:
    yield context
    for number in range(context.getAccessibleChildCount()):
        yield from _things(context.getAccessibleChild(number).getAccessibleContext())


def test_a_named_workbook_opens_in_a_window_and_the_outcome_is_shown_there(
    port: int, small_orders: Path, tmp_path: Path
) -> None:
    file = shutil.copy(small_orders, tmp_path / "shop.xlsx")
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "SAL_USE_VCLPLUGIN": "svp"}
    command = [sys.executable, "-m", "regulars", "live", "--libreoffice", "--port", str(port), str(file)]
    with subprocess.Popen(
        [*command, "--do", "orders-sheet"],
        env={**os.environ, **home}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            said = _press(port, "OK")
            out, err = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
    assert process.returncode == 0, err
    assert "waits for orders" in said
    assert "waits for orders" in out
    book = engine.attach(port).books["shop.xlsx"]
    assert len(book.sheets) == 3
    assert not book.impl.hidden
    assert book.impl.document.CurrentController.Frame.ContainerWindow.isVisible()
