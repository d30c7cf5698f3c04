"""Installing into a home that is made up: what is written, what is left alone, and what goes again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from regulars.base.errors import OutputError
from regulars_addin.build import ADDIN, FALLBACK, shipped
from regulars_addin.build_config import OFF, read_config
from regulars_addin.install import compile_libraries, install, personal, planned, recorded, script_name, uninstall
from regulars_addin.places import NoExcelError, Places, places

PYTHON = {
    "win32": Path(r"C:\Users\José\uv\tools\regulars\python.exe"),
    "darwin": Path("/Users/ada/uv/regulars/bin/python"),
}
SYSTEMS = tuple(PYTHON)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def _places(platform: str, home: Path) -> Places:
    environment = {"APPDATA": str(home / "AppData/Roaming"), "LOCALAPPDATA": str(home / "AppData/Local")}
    return places(platform, home, environment if platform == "win32" else {})


def _files(home: Path) -> dict[str, bytes]:
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def _installed(platform: str, home: Path, *, one_button: bool = False) -> Places:
    where = _places(platform, home)
    install(where, planned(where, PYTHON[platform], one_button=one_button))
    return where


def test_windows_gets_the_add_in_and_an_entry_in_the_start_menu(home: Path) -> None:
    _installed("win32", home)
    roaming = "AppData/Roaming/Microsoft"
    assert set(_files(home)) == {
        f"{roaming}/Excel/XLSTART/regulars.xlam",
        f"{roaming}/Windows/Start Menu/Programs/Regulars.cmd",
        "AppData/Local/regulars/installed.json",
    }


def test_macos_gets_the_add_in_the_script_and_a_program_to_double_click(home: Path) -> None:
    where = _installed("darwin", home)
    startup = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
    assert set(_files(home)) == {
        f"{startup}/regulars.xlam",
        f"Library/Application Scripts/com.microsoft.Excel/{script_name()}",
        "Applications/Regulars.command",
        "Library/Application Support/regulars/installed.json",
    }
    assert os.access(where.shortcut, os.X_OK)


@pytest.mark.parametrize("platform", ["linux", "freebsd14"])
def test_a_system_without_excel_says_what_to_do_instead(home: Path, platform: str) -> None:
    with pytest.raises(NoExcelError, match="regulars live --libreoffice"):
        places(platform, home, {})


@pytest.mark.parametrize("platform", SYSTEMS)
@pytest.mark.parametrize("name", [ADDIN, FALLBACK])
def test_the_installed_add_in_is_the_shipped_one_with_this_python_in_its_sheet(
    home: Path, platform: str, name: str
) -> None:
    where = _installed(platform, home, one_button=name == FALLBACK)
    data = (where.start_up / name).read_bytes()
    key = {"win32": "INTERPRETER_WIN", "darwin": "INTERPRETER_MAC"}[platform]
    assert read_config(data) == {**OFF, key: str(PYTHON[platform])}
    assert data == personal(where, PYTHON[platform], name)
    assert data != shipped(name)


@pytest.mark.parametrize("platform", SYSTEMS)
def test_what_is_installed_goes_again_and_nothing_else(home: Path, platform: str) -> None:
    where = _places(platform, home)
    for folder in (where.start_up, home / ".xlwings"):
        folder.mkdir(parents=True)
    (where.start_up / "PERSONAL.XLSB").write_bytes(b"macros of the user")
    (home / ".xlwings/xlwings.conf").write_text('"INTERPRETER_WIN","C:\\mine.exe"\n')
    before = _files(home)
    _installed(platform, home)
    assert {name: data for name, data in _files(home).items() if name in before} == before
    done = uninstall(where)
    assert _files(home) == before
    assert not done.left
    assert uninstall(where).removed == ()


@pytest.mark.parametrize("platform", SYSTEMS)
def test_installing_again_writes_nothing_that_is_there(home: Path, platform: str) -> None:
    where = _installed(platform, home)
    before = _files(home)
    done = install(where, planned(where, PYTHON[platform]))
    assert (done.written, done.removed, done.left) == ((), (), ())
    assert _files(home) == before


@pytest.mark.parametrize("platform", SYSTEMS)
def test_the_one_button_takes_the_place_of_all_buttons_and_back(home: Path, platform: str) -> None:
    where = _installed(platform, home)
    done = install(where, planned(where, PYTHON[platform], one_button=True))
    assert done.removed == (where.start_up / ADDIN,)
    assert [path.name for path in where.start_up.iterdir()] == [FALLBACK]
    _installed(platform, home)
    assert [path.name for path in where.start_up.iterdir()] == [ADDIN]


@pytest.mark.parametrize("platform", SYSTEMS)
def test_a_later_version_and_another_python_take_the_place_of_the_earlier(home: Path, platform: str) -> None:
    where = _installed(platform, home)
    other = PYTHON[platform].with_name("python3")
    done = install(where, planned(where, other))
    assert set(done.written) == {where.start_up / ADDIN, where.shortcut}
    assert str(other) in read_config((where.start_up / ADDIN).read_bytes()).values()
    uninstall(where)
    assert _files(home) == {}


def test_a_file_changed_since_is_left_and_named(home: Path) -> None:
    where = _installed("darwin", home)
    where.shortcut.write_text("#!/bin/sh\necho mine\n")
    done = uninstall(where)
    assert done.left == (where.shortcut,)
    assert where.shortcut.read_text() == "#!/bin/sh\necho mine\n"
    assert not (where.start_up / ADDIN).exists()


@pytest.mark.parametrize("name", ["start_up", "shortcut"])
def test_a_stranger_in_our_place_is_not_overwritten_and_nothing_is_written(home: Path, name: str) -> None:
    where = _places("win32", home)
    place = where.start_up / ADDIN if name == "start_up" else where.shortcut
    place.parent.mkdir(parents=True)
    place.write_bytes(b"somebody else's")
    with pytest.raises(OutputError, match="was not written by this program"):
        install(where, planned(where, PYTHON["win32"]))
    assert list(_files(home).values()) == [b"somebody else's"]


def test_an_add_in_of_ours_whose_record_is_gone_is_replaced(home: Path) -> None:
    where = _installed("win32", home)
    where.record.unlink()
    done = install(where, planned(where, Path(r"D:\other\python.exe"))[:1])
    assert done.written == (where.start_up / ADDIN,)


def test_a_script_that_xlwings_put_there_itself_stays_when_we_go(home: Path) -> None:
    where = _places("darwin", home)
    assert where.scripts is not None
    script = next(file for file in planned(where, PYTHON["darwin"]) if file.path.suffix == ".applescript")
    where.scripts.mkdir(parents=True)
    script.path.write_bytes(script.data)
    _installed("darwin", home)
    uninstall(where)
    assert script.path.read_bytes() == script.data


def test_a_file_in_use_is_said_and_what_was_written_is_known(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = _places("darwin", home)
    replace = Path.replace

    def held(path: Path, target: Path) -> Path:
        if target == where.shortcut:
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(OutputError, match="close Excel"):
        install(where, planned(where, PYTHON["darwin"]))
    assert set(recorded(where)) == {where.start_up / ADDIN, (where.scripts or home) / script_name()}
    uninstall(where)
    assert _files(home) == {}


def test_a_record_that_cannot_be_read_is_said(home: Path) -> None:
    where = _installed("win32", home)
    for text in ("", "[]", '{"files": 3}'):
        where.record.write_text(text)
        with pytest.raises(OutputError, match="cannot be read"):
            uninstall(where)


def test_the_record_names_each_file_with_its_hash(home: Path) -> None:
    where = _installed("win32", home)
    kept = json.loads(where.record.read_text(encoding="utf-8"))
    assert set(kept) == {"version", "files"}
    assert {Path(path) for path in kept["files"]} == {where.start_up / ADDIN, where.shortcut}


@pytest.mark.parametrize("sign", [" ", "'", "$", "&", '"', "`", "|"])
def test_macos_is_not_given_a_python_that_its_shell_would_not_find(home: Path, sign: str) -> None:
    with pytest.raises(OutputError, match="regulars live"):
        planned(_places("darwin", home), Path(f"/Users/ada/my{sign}tools/python"))


def test_the_program_of_macos_starts_the_named_python(home: Path) -> None:
    stub = home / "my python"
    stub.parent.mkdir(parents=True)
    stub.write_text('#!/bin/sh\necho "$@"\n')
    stub.chmod(0o755)
    where = _places("darwin", home)
    script = planned(where, PYTHON["darwin"])[-1]
    assert script.data.decode().endswith("python -m regulars live\n")
    place = home / "Regulars.command"
    place.write_bytes(script.data.replace(str(PYTHON["darwin"]).encode(), f"'{stub}'".encode()))
    done = subprocess.run(["sh", str(place)], capture_output=True, text=True, check=True)
    assert done.stdout == "-m regulars live\n"


def test_the_start_menu_entry_names_python_in_utf8_with_windows_line_ends(home: Path) -> None:
    script = planned(_places("win32", home), Path(r"C:\100%\José\python.exe"))[-1].data
    assert script.startswith(b"@echo off\r\nchcp 65001 >nul\r\n")
    assert '"C:\\100%%\\José\\python.exe" -m regulars live\r\n' in script.decode()
    assert b"\n" not in script.replace(b"\r\n", b"")


def test_the_byte_code_is_there_after_compiling(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("ONE = 1\n")
    (tmp_path / "old.py").write_text("print 'Python 2'\n")
    compile_libraries([tmp_path])
    assert [path.name for path in (tmp_path / "__pycache__").iterdir()] == [f"one.{sys.implementation.cache_tag}.pyc"]
