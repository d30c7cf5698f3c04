"""What stands between a click and its result, each as a line: fine, doubtful or broken, and what to do."""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from regulars.base.errors import RegularsError
from regulars_addin import build_config
from regulars_addin.build import ADDIN, FALLBACK, shipped
from regulars_addin.build_parts import configured
from regulars_addin.install import OTHER_PYTHON, comes_from_the_store, script_name
from regulars_addin.machine import PACKAGES, Machine
from regulars_addin.places import MACOS, WINDOWS, Places

INSTALL = "run 'regulars addin install'"
LIVE = "start Regulars from the Start menu or the Applications folder (regulars live), which needs no macro"
CHILD_PROCESS_RULE = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"
"""Microsoft's name of the rule "Block all Office applications from creating child processes"."""
RULE_KEYS = (
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules",
)
BLOCKS, WARNS = 1, 6
SECURITY_KEYS = (
    r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security",
    r"HKCU\Software\Microsoft\Office\16.0\Excel\Security",
)
SIGNED_ONLY, NO_MACROS = 3, 4


class Level(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """One line of the report; `remedy` is empty where nothing is to be done."""

    level: Level
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.level:<4}  {self.what}" + (f"\n      To do: {self.remedy}." if self.remedy else "")


def examine(machine: Machine, places: Places | None) -> tuple[Check, ...]:
    """Return every check that applies to this machine; `places` is None where there is no Excel for its system."""
    if places is None:
        return (*_python(machine, None), *_without_excel(machine))
    checks = [*_python(machine, places), *_addin(machine, places)]
    checks += _script(places) if places.platform == MACOS else _macro_rules(machine)
    return (*checks, *_shortcut(places), *_hints(places))


def has_failed(checks: tuple[Check, ...]) -> bool:
    """Tell whether a click cannot work."""
    return any(check.level is Level.FAIL for check in checks)


def _python(machine: Machine, places: Places | None) -> Iterator[Check]:
    version = ".".join(map(str, machine.python_version))
    yield Check(Level.OK, f"regulars {machine.versions['regulars']}, Python {version} at '{machine.python}'")
    here, needed = machine.versions["xlwings"], machine.required_xlwings
    if here == needed:
        yield Check(Level.OK, f"xlwings {here} is the version that the add-in was built with")
    else:
        said = f"xlwings {here}" if here else "no xlwings"
        yield Check(
            Level.FAIL,
            f"{said} is installed, and the add-in was built with {needed}",
            "install regulars again from the file that you were given",
        )
    for name in PACKAGES.get(machine.platform, ()):
        if machine.versions.get(name) is None:
            yield Check(
                Level.FAIL, f"the package {name} is missing: Python cannot speak to Excel", "install regulars again"
            )
    if comes_from_the_store(machine.platform, machine.python_home):
        yield Check(
            Level.FAIL,
            "this Python comes from the Microsoft Store, and Excel does not see what it writes",
            OTHER_PYTHON,
        )
    if not machine.compiled:
        yield Check(Level.WARN, "the libraries are not compiled yet: every click waits for it", INSTALL)
    if places and (cloud := _within(machine.python, places.cloud)):
        yield Check(
            Level.WARN,
            f"this Python lies in '{cloud}', which is synchronised: files may be missing when Excel starts it",
            "install regulars in a folder of this machine only",
        )
    if machine.platform == WINDOWS and not str(machine.python).isascii():
        yield Check(
            Level.WARN,
            f"the path '{machine.python}' has letters beyond A to Z, which Excel's macros find only where Windows is set to their language",
            f"if a click says 'Could not find Interpreter', {LIVE}",
        )


def _without_excel(machine: Machine) -> Iterator[Check]:
    yield Check(Level.WARN, "there is no Excel for this system: the button cannot be installed here")
    if isinstance(machine.libreoffice, RegularsError):
        yield Check(Level.WARN, machine.libreoffice.what, machine.libreoffice.remedy)
    else:
        yield Check(Level.OK, f"LibreOffice is at '{machine.libreoffice}': 'regulars live --libreoffice' works with it")


def _addin(machine: Machine, places: Places) -> Iterator[Check]:
    found = sorted(places.start_up.glob("regulars*.xlam")) if places.start_up.is_dir() else []
    here = [path for path in found if path.name in {ADDIN, FALLBACK}]
    if not here:
        yield Check(Level.FAIL, f"the add-in is not in Excel's start-up folder '{places.start_up}'", INSTALL)
    if len(found) > 1:
        names = " and ".join(f"'{path.name}'" for path in found)
        yield Check(Level.WARN, f"the start-up folder holds {names}: the tab shows twice", "remove all but one")
    for path in here:
        yield from _one_addin(machine, path)


def _one_addin(machine: Machine, path: Path) -> Iterator[Check]:
    data = path.read_bytes()
    try:
        config = build_config.read_config(data)
    except ValueError:
        yield Check(Level.FAIL, f"'{path}' is not an add-in of regulars", "move it away, then " + INSTALL)
        return
    if configured(shipped(path.name), config) != data:
        yield Check(Level.FAIL, f"'{path}' is not the add-in of this version, or was changed", INSTALL)
        return
    yield Check(Level.OK, f"the add-in is at '{path}', unchanged and of this version")
    if machine.downloaded(path):
        yield Check(
            Level.FAIL,
            "the add-in carries the mark of a downloaded file, and Excel blocks its macros",
            "remove it, then " + INSTALL + ", which writes it without the mark",
        )
    key = build_config.MACOS if machine.platform == MACOS else build_config.WINDOWS
    named = str(config.get(key) or "")
    layer = f"the sheet '{'regulars' if path.name == ADDIN else 'myaddin'}.conf' inside the add-in"
    if named == str(machine.python):
        others = "no other file or workbook can name another"
        if path.name == FALLBACK:
            others = "a workbook with a sheet of that name could name another, so click in workbooks of your own only"
        yield Check(Level.OK, f"{layer} names this Python; {others}")
    elif named and Path(named).exists():
        yield Check(Level.WARN, f"{layer} names another Python: '{named}'", INSTALL + " from the one that you want")
    else:
        yield Check(Level.FAIL, f"{layer} names a Python that is not there: '{named or 'none'}'", INSTALL)


def _script(places: Places) -> Iterator[Check]:
    if places.scripts is None:
        return
    path = places.scripts / script_name()
    wanted = importlib.resources.files("xlwings").joinpath(script_name()).read_bytes()
    if not path.is_file():
        yield Check(Level.FAIL, f"the script that starts Python is not at '{path}'", INSTALL)
    elif path.read_bytes() != wanted:
        yield Check(Level.FAIL, f"the script that starts Python was changed: '{path}'", "move it away, then " + INSTALL)
    else:
        yield Check(Level.OK, f"the script that starts Python is at '{path}'")


def _macro_rules(machine: Machine) -> Iterator[Check]:
    rule = next((value for key in RULE_KEYS if (value := machine.registry(key, CHILD_PROCESS_RULE)) is not None), None)
    if _number(rule) in {BLOCKS, WARNS}:
        yield Check(
            Level.FAIL, "a rule of Defender forbids Excel to start other programs: no button can start Python", LIVE
        )
    else:
        yield Check(Level.OK, "no rule of Defender that this user can read forbids Excel to start Python")
    for key in SECURITY_KEYS:
        by = "your company's policy" if "Policies" in key else "Excel's Trust Center"
        macros = _number(machine.registry(key, "VBAWarnings"))
        if macros in {SIGNED_ONLY, NO_MACROS} and "Policies" in key:
            kind = "macros that are not signed" if macros == SIGNED_ONLY else "macros"
            yield Check(
                Level.WARN,
                f"{by} forbids {kind}; files in the start-up folder are often exempt",
                f"if the tab stays away, {LIVE}",
            )
        if _number(machine.registry(key + r"\Trusted Locations", "AllLocationsDisabled")) == 1:
            yield Check(
                Level.FAIL if macros in {SIGNED_ONLY, NO_MACROS} else Level.WARN,
                f"{by} trusts no folder, not even the start-up folder",
                "allow trusted locations (File > Options > Trust Center > Trusted Locations), or " + LIVE,
            )
        if _number(machine.registry(key, "DisableAllAddins")) == 1:
            yield Check(
                Level.FAIL,
                f"{by} switches every add-in off",
                "allow add-ins (File > Options > Trust Center > Add-ins), or " + LIVE,
            )


def _shortcut(places: Places) -> Iterator[Check]:
    if places.shortcut.is_file():
        yield Check(Level.OK, f"the way without macros is at '{places.shortcut}'")
    else:
        yield Check(
            Level.WARN, f"the way without macros is missing: '{places.shortcut}'", INSTALL + ", or type 'regulars live'"
        )


def _hints(places: Places) -> Iterator[Check]:
    cloud = [str(folder) for folder in places.cloud if folder.is_dir()]
    if cloud:
        yield Check(
            Level.OK,
            f"workbooks in {' and '.join(map(repr, cloud))} may be opened by their web address: files beside them (deck, lists) go"
            " where the run says",
        )
    if places.platform == MACOS:
        yield Check(
            Level.OK,
            "macOS asks once whether Python may control Excel; the answer is kept in System Settings > Privacy & Security > Automation",
        )


def _within(path: Path, folders: tuple[Path, ...]) -> Path | None:
    return next((folder for folder in folders if path.is_relative_to(folder)), None)


def _number(value: int | str | None) -> int | None:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else None
