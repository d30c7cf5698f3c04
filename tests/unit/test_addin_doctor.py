"""The doctor, on machines that are made up: each fault gives its line, and a sound machine gives none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from regulars.base.errors import InputError, OutputError
from regulars_addin.build import ADDIN, FALLBACK
from regulars_addin.doctor import CHILD_PROCESS_RULE, RULE_KEYS, SECURITY_KEYS, Check, Level, examine, has_failed
from regulars_addin.install import check_python, install, planned
from regulars_addin.machine import Machine, this_machine
from regulars_addin.places import Places, places

POLICY, TRUST = SECURITY_KEYS


def _machine(platform: str, home: Path, registry: dict[tuple[str, str], int | str] | None = None) -> Machine:
    python = home / "uv" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    names = {"win32": ("pywin32",), "darwin": ("appscript", "psutil")}.get(platform, ())
    return Machine(
        platform=platform,
        home=home,
        python=python,
        python_home=home,
        python_version=(3, 12),
        versions={"regulars": "0.1.0", "xlwings": this_machine().required_xlwings} | dict.fromkeys(names, "1.0"),
        required_xlwings=this_machine().required_xlwings,
        registry=lambda key, name: (registry or {}).get((key, name)),
        downloaded=lambda _: False,
        compiled=True,
        libreoffice=None,
    )


def _places(platform: str, home: Path) -> Places:
    environment = {"OneDrive": str(home / "OneDrive")} if platform == "win32" else {}
    return places(platform, home, environment)


@pytest.fixture(params=["win32", "darwin"])
def sound(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Machine, Places]:
    machine, where = _machine(request.param, tmp_path), _places(request.param, tmp_path)
    install(where, planned(where, machine.python))
    return machine, where


@pytest.fixture
def windows(tmp_path: Path) -> tuple[Machine, Places]:
    machine, where = _machine("win32", tmp_path), _places("win32", tmp_path)
    install(where, planned(where, machine.python))
    return machine, where


def _faults(machine: Machine, where: Places | None) -> list[Check]:
    return [check for check in examine(machine, where) if check.level is not Level.OK]


def _only(machine: Machine, where: Places | None, level: Level, words: str) -> Check:
    (fault,) = _faults(machine, where)
    assert fault.level is level
    assert words in fault.what
    return fault


def test_a_sound_machine_has_nothing_to_do(sound: tuple[Machine, Places]) -> None:
    checks = examine(*sound)
    assert _faults(*sound) == []
    assert not has_failed(checks)
    assert len(checks) >= 6
    assert all(str(check).startswith("ok    ") for check in checks)


def test_every_fault_says_what_to_do(sound: tuple[Machine, Places]) -> None:
    machine, where = sound
    for path in (*where.start_up.iterdir(), where.shortcut):
        path.unlink()
    bare = replace(machine, versions={"regulars": "0.1.0", "xlwings": None}, compiled=False)
    faults = _faults(bare, where)
    assert len(faults) >= 5
    assert all(fault.remedy and not fault.remedy.endswith(".") for fault in faults)
    assert all("To do: " in str(fault) for fault in faults)


def test_another_xlwings_than_the_add_ins_fails(sound: tuple[Machine, Places]) -> None:
    machine, where = sound
    other = replace(machine, versions={**machine.versions, "xlwings": "0.31.1"})
    _only(other, where, Level.FAIL, "xlwings 0.31.1 is installed")


def test_a_missing_library_that_drives_excel_fails(windows: tuple[Machine, Places]) -> None:
    machine, where = windows
    _only(replace(machine, versions={**machine.versions, "pywin32": None}), where, Level.FAIL, "pywin32 is missing")


def test_an_add_in_that_is_not_there_fails(sound: tuple[Machine, Places]) -> None:
    machine, where = sound
    (where.start_up / ADDIN).unlink()
    fault = _only(machine, where, Level.FAIL, "not in Excel's start-up folder")
    assert "regulars addin install" in fault.remedy


def test_an_add_in_that_was_changed_or_is_of_another_version_fails(sound: tuple[Machine, Places]) -> None:
    machine, where = sound
    path = where.start_up / ADDIN
    path.write_bytes(path.read_bytes().replace(b"Analyze orders", b"Analyse orders"))
    _only(machine, where, Level.FAIL, "not the add-in of this version, or was changed")


def test_something_else_under_the_name_of_the_add_in_fails(sound: tuple[Machine, Places]) -> None:
    machine, where = sound
    (where.start_up / ADDIN).write_bytes(b"not an add-in")
    _only(machine, where, Level.FAIL, "is not an add-in of regulars")


def test_a_second_copy_of_the_add_in_is_said(sound: tuple[Machine, Places]) -> None:
    machine, where = sound
    (where.start_up / "regulars (1).xlam").write_bytes((where.start_up / ADDIN).read_bytes())
    _only(machine, where, Level.WARN, "the tab shows twice")


def test_the_plain_variant_is_examined_too(sound: tuple[Machine, Places]) -> None:
    machine, where = sound
    install(where, planned(where, machine.python, one_button=True))
    assert _faults(machine, where) == []
    (config,) = (check for check in examine(machine, where) if "myaddin.conf" in check.what)
    assert "in workbooks of your own only" in config.what
    (where.start_up / FALLBACK).unlink()
    assert has_failed(examine(machine, where))


def test_another_python_in_the_add_in_is_said_and_one_that_is_gone_fails(sound: tuple[Machine, Places]) -> None:
    machine, where = sound
    other = machine.home / "other" / "python"
    other.parent.mkdir()
    other.touch()
    _only(replace(machine, python=other), where, Level.WARN, "names another Python")
    machine.python.unlink()
    _only(replace(machine, python=other), where, Level.FAIL, "names a Python that is not there")


def test_the_mark_of_a_downloaded_file_fails(sound: tuple[Machine, Places]) -> None:
    machine, where = sound
    marked = replace(machine, downloaded=lambda path: path == where.start_up / ADDIN)
    _only(marked, where, Level.FAIL, "mark of a downloaded file")


def test_a_missing_or_changed_script_fails_on_macos(tmp_path: Path) -> None:
    machine, where = _machine("darwin", tmp_path), _places("darwin", tmp_path)
    install(where, planned(where, machine.python))
    assert where.scripts is not None
    (script,) = where.scripts.iterdir()
    script.write_bytes(b"-- changed")
    _only(machine, where, Level.FAIL, "was changed")
    script.unlink()
    _only(machine, where, Level.FAIL, "is not at")


@pytest.mark.parametrize("key", RULE_KEYS)
@pytest.mark.parametrize("value", [1, "1", 6])
def test_the_rule_against_child_processes_fails_and_names_the_way_without_macros(
    windows: tuple[Machine, Places], key: str, value: int | str
) -> None:
    machine, where = windows
    ruled = replace(machine, registry=lambda one, name: value if (one, name) == (key, CHILD_PROCESS_RULE) else None)
    fault = _only(ruled, where, Level.FAIL, "a rule of Defender forbids")
    assert "regulars live" in fault.remedy


@pytest.mark.parametrize("value", [0, 2, "0"])
def test_a_rule_that_is_off_or_only_watches_is_no_fault(windows: tuple[Machine, Places], value: int | str) -> None:
    machine, where = windows
    assert _faults(replace(machine, registry=lambda key, _: value if key in RULE_KEYS else None), where) == []


@pytest.mark.parametrize(
    ("set_there", "level", "words"),
    [
        ({(POLICY, "VBAWarnings"): 4}, Level.WARN, "policy forbids macros"),
        ({(POLICY, "VBAWarnings"): 3}, Level.WARN, "policy forbids macros that are not signed"),
        ({(TRUST + r"\Trusted Locations", "AllLocationsDisabled"): 1}, Level.WARN, "trusts no folder"),
        (
            {(TRUST, "VBAWarnings"): 4, (TRUST + r"\Trusted Locations", "AllLocationsDisabled"): 1},
            Level.FAIL,
            "trusts no",
        ),
        ({(TRUST, "DisableAllAddins"): 1}, Level.FAIL, "switches every add-in off"),
    ],
)
def test_what_the_trust_center_forbids_is_said(
    windows: tuple[Machine, Places], set_there: dict[tuple[str, str], int], level: Level, words: str
) -> None:
    machine, where = windows
    _only(replace(machine, registry=lambda key, name: set_there.get((key, name))), where, level, words)


def test_what_excel_asks_about_by_default_is_no_fault(windows: tuple[Machine, Places]) -> None:
    machine, where = windows
    assert _faults(replace(machine, registry=lambda _, name: 2 if name == "VBAWarnings" else None), where) == []


def test_a_python_in_a_synchronised_folder_is_said(tmp_path: Path) -> None:
    machine, where = _machine("win32", tmp_path), _places("win32", tmp_path)
    python = tmp_path / "OneDrive" / "python"
    python.parent.mkdir()
    python.touch()
    install(where, planned(where, python))
    _only(replace(machine, python=python), where, Level.WARN, "is synchronised")
    assert any("may be opened by their web address" in check.what for check in examine(machine, where))


def test_a_name_in_another_alphabet_is_said_on_windows_only(tmp_path: Path) -> None:
    for platform, faults in (("win32", 1), ("darwin", 0)):
        home = tmp_path / platform / "Łukasz"
        machine, where = _machine(platform, home), _places(platform, home)
        install(where, planned(where, machine.python))
        assert len(_faults(machine, where)) == faults


def test_without_excel_the_other_ways_are_named_and_nothing_has_failed(tmp_path: Path) -> None:
    machine = replace(_machine("linux", tmp_path), libreoffice=InputError("no LibreOffice", remedy="install it"))
    assert not has_failed(examine(machine, None))
    assert [fault.remedy for fault in _faults(machine, None)] == ["", "install it"]
    found = replace(machine, libreoffice=tmp_path / "soffice")
    assert any("regulars live --libreoffice" in check.what for check in examine(found, None))


def test_the_python_of_the_store_fails_on_windows_and_is_not_installed_for(windows: tuple[Machine, Places]) -> None:
    machine, where = windows
    store = Path("C:/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0")
    _only(replace(machine, python_home=store), where, Level.FAIL, "comes from the Microsoft Store")
    with pytest.raises(OutputError, match="only-managed"):
        check_python(where, store)
    check_python(where, machine.python_home)


def test_this_machine_is_read_without_a_guess() -> None:
    machine = this_machine()
    assert machine.python.is_file()
    assert machine.versions["regulars"]
    assert machine.versions["xlwings"] == machine.required_xlwings
    assert machine.registry(r"HKCU\Software\Nobody\Has\This", "value") is None
    assert not machine.downloaded(machine.python)
