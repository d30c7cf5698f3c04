"""Results move into place only when they are whole; a file that is not ours is not replaced."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.base.errors import OutputError

_BACKUP = ".backup"
MARK = "Made by regulars"  # stands in the document properties of every workbook and deck: it says that a file is ours


@contextmanager
def moved_into_place(target: Path) -> Iterator[Path]:
    """Give a temporary path beside the target, and move it there when the block ends well.

    A link stays a link: the file that it leads to is replaced. A file that is replaced hands on its permissions.
    Raises OutputError when the folder cannot be written to or the target is open in another program.
    """
    place = target.resolve() if target.is_symlink() else target
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{place.stem}-", suffix=place.suffix, dir=place.parent)
    except OSError as problem:
        raise OutputError(
            f"the folder '{place.parent}' cannot be written to ({problem.strerror})",
            remedy="choose another place with --out",
        ) from problem
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        try:
            temporary.chmod(_mode(place))  # mkstemp makes files that only their owner can read
            temporary.replace(place)
        except OSError as problem:
            raise OutputError(
                f"'{target}' cannot be replaced ({problem.strerror})",
                remedy="close it in the program that has it open, or choose another place with --out",
            ) from problem
    finally:
        temporary.unlink(missing_ok=True)


def _mode(place: Path) -> int:
    return stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def backed_up(path: Path) -> Path:
    """Copy a file beside itself under a name that nothing has yet, and return that place.

    Raises OutputError when the copy cannot be written.
    """
    number = 1
    copy = path.with_name(f"{path.stem}{_BACKUP}{path.suffix}")
    while copy.exists():
        number += 1
        copy = path.with_name(f"{path.stem}{_BACKUP}-{number}{path.suffix}")
    with moved_into_place(copy) as temporary:
        try:
            shutil.copyfile(path, temporary)
        except OSError as problem:
            raise OutputError(
                f"'{path}' could not be copied to '{copy}' ({problem.strerror})", remedy="make room on the disk"
            ) from problem
    shutil.copystat(path, copy)
    return copy


def backup_of(path: Path) -> Path | None:
    """Return the file that a copy was kept of, where it still lies beside; None for any other file."""
    stem, mark, number = path.stem.rpartition(_BACKUP)
    if not mark or not stem or (number and not (number[0] == "-" and number[1:].isdecimal())):
        return None
    original = path.with_name(f"{stem}{path.suffix}")
    return original if original.is_file() else None
