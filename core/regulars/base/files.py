"""Results move into place only when they are whole; a file that is not ours is not replaced."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regulars.base.errors import OutputError

MARK = "Made by regulars"  # stands in the document properties of every workbook and deck: it says that a file is ours


@contextmanager
def moved_into_place(target: Path) -> Iterator[Path]:
    """Give a temporary path beside the target, and move it there when the block ends well.

    Raises OutputError when the folder cannot be written to or the target is open in another program.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    except OSError as problem:
        raise OutputError(
            f"the folder '{target.parent}' cannot be written to ({problem.strerror})",
            remedy="choose another place with --out",
        ) from problem
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        try:
            temporary.chmod(0o666 & ~_umask())  # mkstemp makes files that only their owner can read
            temporary.replace(target)
        except OSError as problem:
            raise OutputError(
                f"'{target}' cannot be replaced ({problem.strerror})",
                remedy="close it in the program that has it open, or choose another place with --out",
            ) from problem
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
