"""LibreOffice's bridge is looked for where it lies, and what is missing is said with what to do."""

from __future__ import annotations

import builtins
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from regulars_addin.libreoffice import bridge, soffice


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is the only place to look, with no `uno` loaded."""
    monkeypatch.setattr(bridge, "module_folders", lambda: (tmp_path,))
    monkeypatch.setattr(bridge, "program_folders", lambda: ())
    monkeypatch.delitem(sys.modules, "uno", raising=False)
    bridge.uno.cache_clear()
    yield tmp_path
    bridge.uno.cache_clear()
    sys.modules.pop("uno", None)


def test_a_module_is_taken_from_where_it_lies_and_nothing_else_of_that_folder(folder: Path) -> None:
    (folder / "uno.py").write_text("import builtins\nbuiltins.__import__ = len\nanswer = 42\n", encoding="utf-8")
    (folder / "numpy.py").write_text("raise ImportError('another numpy')\n", encoding="utf-8")
    before = builtins.__import__
    assert bridge.uno().answer == 42
    assert builtins.__import__ is before
    assert str(folder) not in sys.path


def test_without_it_the_message_names_the_package_to_install(folder: Path) -> None:  # noqa: ARG001
    with pytest.raises(bridge.BridgeMissingError, match="bridge for Python is not installed") as missing:
        bridge.uno()
    assert "python3-uno" in missing.value.remedy or "libreoffice.org" in missing.value.remedy


def test_one_that_was_made_for_another_python_is_not_loaded_and_said(folder: Path) -> None:
    (folder / "uno.py").write_text("raise AssertionError('loaded')\n", encoding="utf-8")
    (folder / "pyuno.so").write_bytes(b"\x7fELF..libpython3.5.so.1.0..")
    with pytest.raises(bridge.BridgeMissingError, match=r"it was made for Python 3\.5") as unfit:
        bridge.uno()
    assert "Python" in unfit.value.remedy


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("win32", {"PROGRAMFILES": "P"}, "P/LibreOffice/program"),
        ("darwin", {}, "/Applications/LibreOffice.app/Contents/Resources"),
        ("linux", {}, "/usr/lib/python3/dist-packages"),
    ],
)
def test_each_platform_has_its_places(platform: str, environment: dict[str, str], expected: str) -> None:
    assert expected in [path.as_posix() for path in bridge.module_folders(platform, environment)]


def test_a_missing_program_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(soffice, "program_folders", lambda: ())
    with pytest.raises(bridge.BridgeMissingError, match="LibreOffice is not installed") as missing:
        soffice.find_soffice()
    assert "libreoffice" in missing.value.remedy


def test_a_program_that_ends_at_once_is_said_and_its_profile_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(port: int) -> None:
        raise bridge.NobodyListensError(f"nobody on {port}", remedy="start it")

    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(soffice, "uno", lambda: None)
    monkeypatch.setattr(soffice, "connect", nobody)
    monkeypatch.setattr(soffice, "find_soffice", lambda: program)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(soffice.NotStartedError, match="ended with code 7"):
        soffice.start(seconds=20)
    assert [path.name for path in tmp_path.iterdir()] == ["soffice"]


def test_what_the_bridge_loads_is_light() -> None:
    code = (
        "import sys, regulars_addin.libreoffice.bridge; print(sorted({'uno', 'xlwings', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
