"""Put the add-in where Excel starts it, and take away exactly what was put there.

A file is ours when the record of the installation names it with the hash that it still has. What was changed since, or was there
before with other content, is left alone and named.
"""

from __future__ import annotations

import compileall
import hashlib
import importlib.metadata
import importlib.resources
import json
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from regulars.base.errors import OutputError
from regulars_addin import build_config
from regulars_addin.build import ADDIN, FALLBACK, shipped
from regulars_addin.build_parts import configured
from regulars_addin.places import MACOS, WINDOWS, Places

OTHER_PYTHON = "install regulars again with uv's own Python: 'uv tool install --force --python-preference only-managed' and the file"
_SHELL_SIGNS = " '\"$`\\|;&()<>*?!#~[]{}\t"


@dataclass(frozen=True)
class File:
    """One file of the installation, with what it holds."""

    path: Path
    data: bytes
    executable: bool = False

    @property
    def sha256(self) -> str:
        """The hash that the record keeps."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Done:
    """What became of each file."""

    written: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()


def planned(places: Places, python: Path, *, one_button: bool = False) -> tuple[File, ...]:
    """Return the files of an installation for this Python; nothing is written.

    Raises OutputError where macOS could not start a Python of that name.
    """
    name = FALLBACK if one_button else ADDIN
    files = [File(places.start_up / name, personal(places, python, name))]
    if places.scripts is not None:
        files.append(File(places.scripts / script_name(), _script()))
    return (*files, _shortcut(places, python))


def personal(places: Places, python: Path, name: str = ADDIN) -> bytes:
    """Return the shipped add-in with this Python in its sheet of settings."""
    if places.platform == MACOS and (signs := sorted(set(str(python)) & set(_SHELL_SIGNS))):
        raise OutputError(
            f"Excel on macOS cannot start the Python at '{python}', because a shell reads {' '.join(map(repr, signs))} in its name"
            " as something else",
            remedy="install regulars in a folder without such signs, or start it with 'regulars live', which needs no macro",
        )
    key = build_config.MACOS if places.platform == MACOS else build_config.WINDOWS
    return configured(shipped(name), {**build_config.OFF, key: str(python)})


def comes_from_the_store(platform: str, python_home: Path) -> bool:
    """Tell whether this is the Python of the Microsoft Store: Windows keeps what it writes for Excel in a folder of its own.

    >>> comes_from_the_store("win32", Path("C:/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.12"))
    True
    """
    return platform == WINDOWS and "windowsapps" in python_home.as_posix().casefold().split("/")


def check_python(places: Places, python_home: Path) -> None:
    """Raise OutputError where Excel would not see what this Python writes."""
    if comes_from_the_store(places.platform, python_home):
        raise OutputError(
            f"the Python at '{python_home}' comes from the Microsoft Store, and Excel does not see what it writes",
            remedy=OTHER_PYTHON,
        )


def install(places: Places, files: Sequence[File]) -> Done:
    """Write the files, remove those that only an earlier installation had, and record what is ours now.

    Raises OutputError where a file of somebody else stands in a place, or a file is in use; the record then names what was written.
    """
    known = recorded(places)
    _refuse_strangers(files, known)
    wanted = {file.path for file in files}
    removed, left = _remove({path: sha for path, sha in known.items() if path not in wanted})
    ours = {path: known[path] for path in left}
    written = []
    try:
        for file in files:
            same = file.path.is_file() and _sha256(file.path) == file.sha256
            if same and file.path not in known:
                continue  # somebody else's, and what we need: it stays when we go
            if not same:
                _write(file)
                written.append(file.path)
            ours[file.path] = file.sha256
    finally:
        _keep_record(places, {**{path: sha for path, sha in known.items() if path in wanted}, **ours})
    return Done(tuple(written), removed, left)


def uninstall(places: Places) -> Done:
    """Remove what the record names, where it is unchanged, and the record."""
    removed, left = _remove(recorded(places))
    places.record.unlink(missing_ok=True)
    if places.record.parent.is_dir() and not any(places.record.parent.iterdir()):
        places.record.parent.rmdir()
    return Done(removed=removed, left=left)


def recorded(places: Places) -> dict[Path, str]:
    """Return the files that were installed, with the hash that they had.

    Raises OutputError where the record cannot be read.
    """
    if not places.record.is_file():
        return {}
    try:
        files = json.loads(places.record.read_text(encoding="utf-8"))["files"]
        return {Path(path): str(sha) for path, sha in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(
            f"the record of what was installed, '{places.record}', cannot be read",
            remedy="delete it, then run 'regulars addin install' again",
        ) from error


def script_name() -> str:
    """Return the name under which the macros ask for the script that starts Python on macOS."""
    return f"xlwings-{importlib.metadata.version('xlwings')}.applescript"


def compile_libraries(folders: Iterable[Path]) -> None:
    """Write the byte code of everything in these folders, once.

    The macros start Python without the permission to write any, and without it the first click costs seconds, every time.
    """
    for folder in folders:
        compileall.compile_dir(folder, quiet=2, workers=1)


def _refuse_strangers(files: Iterable[File], known: dict[Path, str]) -> None:
    for file in files:
        if not file.path.exists() or (
            file.path.is_file() and _sha256(file.path) in {file.sha256, known.get(file.path)}
        ):
            continue
        if file.path.suffix == ".xlam" and file.path.is_file() and _is_ours(file.path):
            continue  # an installation of ours whose record is gone
        raise OutputError(
            f"'{file.path}' is there already and was not written by this program, or was changed since",
            remedy="move it away if you do not need it, then try again",
        )


def _is_ours(path: Path) -> bool:
    try:
        return bool(build_config.read_config(path.read_bytes()))
    except ValueError:
        return False


def _remove(files: dict[Path, str]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    removed, left = [], []
    for path, sha in files.items():
        if not path.is_file():
            continue
        if _sha256(path) != sha:
            left.append(path)
            continue
        try:
            path.unlink()
        except OSError as error:
            raise _in_use(path, error) from error
        removed.append(path)
    return tuple(removed), tuple(left)


def _write(file: File) -> None:
    # Beside it first: Excel must never find half an add-in.
    half = file.path.with_name(file.path.name + ".part")
    try:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(file.data)
        if file.executable:
            half.chmod(0o755)
        half.replace(file.path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise _in_use(file.path, error) from error


def _in_use(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"'{path}' cannot be written or removed ({error.strerror or error})",
        remedy="close Excel, and on macOS let Terminal access the data of other apps if it asks, then try again",
    )


def _keep_record(places: Places, files: dict[Path, str]) -> None:
    kept = {"version": importlib.metadata.version("regulars"), "files": {str(path): sha for path, sha in files.items()}}
    _write(File(places.record, json.dumps(kept, indent=1, ensure_ascii=False).encode()))


def _script() -> bytes:
    return importlib.resources.files("xlwings").joinpath(script_name()).read_bytes()


def _shortcut(places: Places, python: Path) -> File:
    if places.platform == MACOS:
        text = f"#!/bin/sh\nexec {shlex.quote(str(python))} -m regulars live\n"
        return File(places.shortcut, text.encode(), executable=True)
    # Code page 65001 is UTF-8: the names of folders below are written in it. A percent sign stands for a variable unless doubled.
    name = str(python).replace("%", "%%")
    lines = (
        "@echo off",
        "chcp 65001 >nul",
        "title Regulars",
        f'"{name}" -m regulars live',
        "if errorlevel 1 pause",
        "",
    )
    return File(places.shortcut, "\r\n".join(lines).encode())


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
