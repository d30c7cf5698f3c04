"""Where Excel looks for add-ins and scripts, and where the system shows programs, on Windows and macOS.

Platform, home and environment come from outside, so that both are tested anywhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from regulars.base.errors import InputError

WINDOWS, MACOS = "win32", "darwin"
_MAC_EXCEL = "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"


class NoExcelError(InputError):
    """This system has no Excel that an add-in could be installed in."""


@dataclass(frozen=True)
class Places:
    """The folders of one user. `scripts` is None where Excel needs no script to start Python."""

    platform: str
    start_up: Path
    scripts: Path | None
    shortcut: Path
    record: Path
    cloud: tuple[Path, ...] = ()


def places(platform: str, home: Path, environment: Mapping[str, str]) -> Places:
    """Return the folders of this user; nothing is looked up on the disk.

    Raises NoExcelError on a system for which there is no Excel.

    >>> places("darwin", Path("/Users/ada"), {}).shortcut.as_posix()
    '/Users/ada/Applications/Regulars.command'
    """
    if platform == WINDOWS:
        roaming = Path(environment.get("APPDATA") or home / "AppData" / "Roaming")
        local = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
        synced = dict.fromkeys(environment.get(name) for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"))
        return Places(
            platform,
            start_up=roaming / "Microsoft" / "Excel" / "XLSTART",
            scripts=None,
            shortcut=roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Regulars.cmd",
            record=local / "regulars" / "installed.json",
            cloud=tuple(Path(folder) for folder in synced if folder),
        )
    if platform == MACOS:
        return Places(
            platform,
            start_up=home / _MAC_EXCEL,
            scripts=home / "Library" / "Application Scripts" / "com.microsoft.Excel",
            shortcut=home / "Applications" / "Regulars.command",
            record=home / "Library" / "Application Support" / "regulars" / "installed.json",
            cloud=(home / "Library" / "CloudStorage", home / "Library" / "Mobile Documents", home / "OneDrive"),
        )
    raise NoExcelError(
        "there is no Excel for this system, so there is nothing to install the button in",
        remedy="work live in LibreOffice with 'regulars live --libreoffice ORDERS.xlsx',"
        " or on the file with 'regulars analyze ORDERS.xlsx'",
    )


def our_places() -> Places:
    """Return the folders of the user who runs this.

    Raises NoExcelError on a system for which there is no Excel.
    """
    return places(sys.platform, Path.home(), os.environ)
