"""What the doctor asks a machine: its Python, packages, registry and marks on files. Made up in tests, real in `this_machine`."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from regulars.base.errors import RegularsError

Registry = Callable[[str, str], "int | str | None"]
"""From a key such as r"HKCU\\Software\\X" and the name of a value to the value, or None where there is none."""

PACKAGES = {"win32": ("pywin32",), "darwin": ("appscript", "psutil")}
"""What xlwings drives Excel with, which its requirements bring on that system."""


@dataclass(frozen=True)
class Machine:
    """One machine as the doctor sees it. `python_home` is where Python itself lies, not its environment.

    `libreoffice` is the program, or what is wrong with it; None where Excel is used instead.
    """

    platform: str
    home: Path
    python: Path
    python_home: Path
    python_version: tuple[int, int]
    versions: Mapping[str, str | None]
    required_xlwings: str
    registry: Registry
    downloaded: Callable[[Path], bool]
    compiled: bool
    libreoffice: Path | RegularsError | None


def this_machine() -> Machine:
    """Return the machine that this runs on."""
    names = ("regulars", "xlwings", *PACKAGES.get(sys.platform, ()))
    return Machine(
        platform=sys.platform,
        home=Path.home(),
        python=Path(sys.executable),
        python_home=Path(sys.base_prefix),
        python_version=sys.version_info[:2],
        versions={name: _version(name) for name in names},
        required_xlwings=_required("xlwings"),
        registry=_registry,
        downloaded=_downloaded,
        compiled=_compiled(),
        libreoffice=_libreoffice(),
    )


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _required(name: str) -> str:
    (line,) = (one for one in importlib.metadata.requires("regulars") or [] if one.startswith(f"{name}=="))
    return line.partition("==")[2].partition(";")[0].strip()


def _registry(key: str, name: str) -> int | str | None:
    if sys.platform != "win32":
        return None
    import winreg  # noqa: PLC0415

    roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    root, _, path = key.partition("\\")
    try:
        with winreg.OpenKey(roots[root], path) as opened:
            value = winreg.QueryValueEx(opened, name)[0]
    except OSError:
        return None  # not set, or not for this user to read
    return value if isinstance(value, int | str) else None


def _downloaded(path: Path) -> bool:
    if sys.platform == "win32":
        return Path(f"{path}:Zone.Identifier").exists()
    if sys.platform == "darwin":
        asked = subprocess.run(["/usr/bin/xattr", "-p", "com.apple.quarantine", path], capture_output=True, check=False)
        return asked.returncode == 0
    return False


def _compiled() -> bool:
    found = importlib.util.find_spec("xlwings")
    return bool(found and found.origin) and Path(importlib.util.cache_from_source(str(found.origin))).is_file()  # type: ignore[union-attr]


def _libreoffice() -> Path | RegularsError | None:
    if sys.platform in PACKAGES:
        return None
    from regulars_addin.libreoffice import bridge, soffice  # noqa: PLC0415

    try:
        program = soffice.find_soffice()
        bridge.uno()
    except bridge.BridgeMissingError as missing:
        return missing
    return program
