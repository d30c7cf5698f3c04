"""`regulars live`: the way without a macro finds a program, opens a workbook in it, and presses a button."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from regulars.cli import BAD_INPUT, WRONG_USAGE, main
from regulars_addin import launch
from regulars_addin.libreoffice import engine, soffice
from regulars_addin.libreoffice.bridge import NobodyListensError


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["live", *arguments])
    shown = capsys.readouterr()
    return left.value.code, shown.out, shown.err


@pytest.mark.office
def test_a_workbook_is_opened_in_the_libreoffice_that_listens_and_the_button_pressed(
    office: soffice.Soffice, app: Any, small_orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shutil.copy(small_orders, tmp_path / "shop.xlsx")
    code, out, _ = _said(capsys, "--libreoffice", "--port", str(office.port), str(file), "--do", "orders-sheet")
    assert code == 0
    assert "waits for orders" in out
    assert len(app.books["shop.xlsx"].sheets) == 3


@pytest.mark.office
def test_what_is_wrong_is_said_in_the_terminal_too_with_an_exit_code(
    office: soffice.Soffice, app: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    app.books.add()
    code, out, err = _said(capsys, "--libreoffice", "--port", str(office.port), "--do", "refresh")
    assert code == BAD_INPUT
    assert out == ""
    assert "has no result yet" in err
    assert "To do:" in err


@pytest.mark.office
def test_without_a_listening_libreoffice_the_message_says_how_to_start_one(capsys: pytest.CaptureFixture[str]) -> None:
    port = soffice.free_port()
    code, _, err = _said(capsys, "--libreoffice", "--port", str(port))
    assert code == BAD_INPUT
    assert f"no LibreOffice listens on port {port}" in err
    assert f"'regulars live --libreoffice --port {port} ORDERS.xlsx'" in err
    assert f"port={port};urp;" in err


@pytest.mark.office
def test_a_file_starts_a_libreoffice_with_windows_and_the_users_profile(
    office: soffice.Soffice, app: Any, small_orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[dict[str, Any]] = []

    def start(**how: Any) -> None:
        # A machine of tests has no screen: the one that runs takes the place of the one that would be started.
        started.append(how)
        monkeypatch.setattr(engine, "attach", lambda _: app)

    def nobody(port: int) -> Any:
        raise NobodyListensError(f"no LibreOffice listens on port {port}", remedy="start it")

    monkeypatch.setattr(engine, "attach", nobody)
    monkeypatch.setattr(soffice, "start", start)
    found = launch.in_libreoffice(small_orders, office.port)
    assert started == [{"port": office.port, "headless": False, "own_profile": False}]
    assert found.books.active.name == small_orders.name


@pytest.mark.office
def test_a_running_libreoffice_opens_a_port_when_it_is_asked_again(office: soffice.Soffice) -> None:
    assert office.profile is not None
    port = soffice.free_port()
    arguments = ["--headless", "--norestore", "--nodefault", f"-env:UserInstallation={office.profile.as_uri()}"]
    subprocess.run(
        [str(soffice.find_soffice()), *arguments, f"--accept=socket,host=127.0.0.1,port={port};urp;"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    for _ in range(100):  # the port opens a moment after the question has ended
        with contextlib.suppress(launch.NoProgramError):
            assert launch.in_libreoffice(None, port).engine.name == "libreoffice"
            return
        time.sleep(0.2)
    pytest.fail("no port was opened")


@pytest.mark.office
def test_a_missing_file_is_named(tmp_path: Path, office: soffice.Soffice, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "nowhere.xlsx"
    code, _, err = _said(capsys, "--libreoffice", "--port", str(office.port), str(missing))
    assert code == BAD_INPUT
    assert f"there is no file '{missing}'" in err


@pytest.mark.skipif(sys.platform != "linux", reason="Excel may run here")
def test_on_linux_excel_is_not_looked_for(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _said(capsys)
    assert code == BAD_INPUT
    assert "Excel runs on Windows and macOS only" in err
    assert "regulars live --libreoffice" in err


def test_a_button_that_is_misspelt_is_answered_with_the_one_that_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _said(capsys, "--do", "analyse")
    assert code == WRONG_USAGE
    assert "did you mean 'analyze'?" in err


@pytest.mark.parametrize(
    ("platform", "running", "words"),
    [("win32", None, "Excel is not running"), ("darwin", None, "Excel is not running")],
)
def test_where_excel_may_run_and_does_not_the_message_says_what_to_do(
    platform: str, running: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import xlwings  # noqa: PLC0415

    class Apps:
        active = running

    monkeypatch.setattr(xlwings, "apps", Apps())
    with pytest.raises(launch.NoProgramError, match=words) as told:
        launch.in_excel(None, platform)
    assert "open the workbook with your orders in Excel" in told.value.remedy


def test_the_commands_of_the_addin_are_listed_by_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out
    assert "\n  live " in listed
    assert "\n  addin " in listed
