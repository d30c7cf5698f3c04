"""Files move into place whole, and stand in for what they replace."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from regulars.base.errors import OutputError
from regulars.base.files import backed_up, moved_into_place


def replace(path: Path, text: str) -> None:
    with moved_into_place(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def test_a_replaced_file_hands_on_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    for mode in (0o600, 0o664):
        path.write_text("old", encoding="utf-8")
        path.chmod(mode)
        replace(path, "new")
        assert path.read_text(encoding="utf-8") == "new"
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_can_be_read_as_other_new_files_can(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("", encoding="utf-8")
    replace(tmp_path / "book.xlsx", "new")
    assert stat.S_IMODE((tmp_path / "book.xlsx").stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


def test_a_link_stays_a_link_and_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "book.xlsx").write_text("old", encoding="utf-8")
    link = tmp_path / "book.xlsx"
    link.symlink_to(folder / "book.xlsx")
    replace(link, "new")
    assert link.is_symlink()
    assert (folder / "book.xlsx").read_text(encoding="utf-8") == "new"
    assert [path.name for path in folder.iterdir()] == ["book.xlsx"]


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_text("old", encoding="utf-8")

    def fail() -> None:
        with moved_into_place(path) as temporary:
            temporary.write_text("half", encoding="utf-8")
            raise OutputError("no", remedy="none")

    with pytest.raises(OutputError):
        fail()
    assert [(one.name, one.read_text(encoding="utf-8")) for one in tmp_path.iterdir()] == [("book.xlsx", "old")]


def test_a_backup_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    for text in ("one", "two", "three"):
        path.write_text(text, encoding="utf-8")
        path.chmod(0o640)
        copy = backed_up(path)
        assert copy.read_text(encoding="utf-8") == text
        assert stat.S_IMODE(copy.stat().st_mode) == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "book.backup-2.xlsx",
        "book.backup-3.xlsx",
        "book.backup.xlsx",
        "book.xlsx",
    ]
