"""`regulars addin …` as it is typed: what it prints, writes, and leaves with."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from regulars.cli import BAD_INPUT, main
from regulars_addin import cli_addin, places
from regulars_addin.build import ADDIN, FALLBACK, shipped


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(["addin", *arguments])
    return int(leaving.value.code or 0)


@pytest.fixture
def mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> places.Places:
    """A Mac with an empty home."""
    where = places.places("darwin", tmp_path, {})
    monkeypatch.setattr(places, "our_places", lambda: where)
    return where


def test_installing_and_uninstalling_say_what_they_wrote_and_removed(
    mac: places.Places, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("install", "--no-compile") == 0
    said = capsys.readouterr().out
    assert f"wrote {mac.start_up / ADDIN}\n" in said
    assert "look for the tab Regulars" in said
    assert _run("uninstall") == 0
    assert f"removed {mac.start_up / ADDIN}\n" in capsys.readouterr().out
    assert _run("uninstall") == 0
    assert capsys.readouterr().out == "Nothing was installed.\n"


def test_a_file_that_was_changed_is_named_when_it_stays(mac: places.Places, capsys: pytest.CaptureFixture[str]) -> None:
    _run("install", "--no-compile")
    mac.shortcut.write_text("mine")
    assert _run("uninstall") == 0
    assert f"left {mac.shortcut}: it was changed" in capsys.readouterr().out


def test_the_plain_variant_is_one_word_more(mac: places.Places) -> None:
    assert _run("install", "--one-button", "--no-compile") == 0
    assert [path.name for path in mac.start_up.iterdir()] == [FALLBACK]


def test_a_stranger_in_the_start_up_folder_is_a_sentence_and_no_traceback(
    mac: places.Places, capsys: pytest.CaptureFixture[str]
) -> None:
    mac.start_up.mkdir(parents=True)
    (mac.start_up / ADDIN).write_bytes(b"somebody else's")
    assert _run("install") == BAD_INPUT
    said = capsys.readouterr().err
    assert said.startswith("regulars: ")
    assert "To do: move it away" in said


def test_a_system_without_excel_is_told_the_other_ways(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for command in ("install", "uninstall"):
        assert _run(command) == BAD_INPUT
        assert "regulars live --libreoffice" in capsys.readouterr().err
    assert _run("doctor") == 0
    assert "there is no Excel for this system" in capsys.readouterr().out


def test_the_doctor_leaves_with_one_where_something_fails(
    mac: places.Places, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("doctor") == 1
    said = capsys.readouterr().out
    assert f"fail  the add-in is not in Excel's start-up folder '{mac.start_up}'" in said
    assert "To do: run 'regulars addin install'." in said


def test_building_gives_the_shipped_files_and_their_hashes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("build", "--out", str(tmp_path / "built")) == 0
    said = capsys.readouterr().out
    for name in (ADDIN, FALLBACK):
        assert (tmp_path / "built" / name).read_bytes() == shipped(name)
        assert hashlib.sha256(shipped(name)).hexdigest() in said


def test_every_command_of_the_add_in_and_each_option_is_explained() -> None:
    import typer.main  # noqa: PLC0415

    group = typer.main.get_command(cli_addin.addin)
    commands = group.commands  # type: ignore[attr-defined]
    assert set(commands) == {"install", "uninstall", "doctor", "build"}
    for command in commands.values():
        assert command.help
        assert all(parameter.help for parameter in command.params if parameter.name != "help")
