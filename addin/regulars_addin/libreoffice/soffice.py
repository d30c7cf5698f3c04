"""A LibreOffice of our own: found, started with a profile and a port of its own, waited for, and ended by its process id."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars.base.errors import RegularsError
from regulars_addin.libreoffice.bridge import BridgeMissingError, NobodyListensError, connect, program_folders, uno

NAMES = ("soffice", "libreoffice", "soffice.exe")
SECONDS_TO_START = 60.0
SECONDS_TO_END = 10.0
SECONDS_BETWEEN = 0.1


class NotStartedError(RegularsError):
    """LibreOffice was started and does not answer."""


@dataclass(frozen=True)
class Soffice:
    """A started LibreOffice. `profile` is None where it runs with the user's own."""

    process: subprocess.Popen[bytes]
    port: int
    profile: Path | None
    headless: bool

    @property
    def pid(self) -> int:
        """The id of the process that was started, which leads a group of its own."""
        return self.process.pid


def find_soffice() -> Path:
    """Return the program, from the path or from where installers put it.

    Raises BridgeMissingError with what to install.
    """
    places = [shutil.which(name) for name in NAMES]
    places += [str(folder / name) for folder in program_folders() for name in NAMES if (folder / name).is_file()]
    for place in places:
        if place:
            return Path(place)
    raise BridgeMissingError(
        "LibreOffice is not installed where its installers put it",
        remedy="install it, on Debian and Ubuntu by 'sudo apt install libreoffice-calc python3-uno', elsewhere from libreoffice.org",
    )


def free_port() -> int:
    """Return a port that nobody on this machine uses now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def start(
    *, port: int | None = None, headless: bool = True, own_profile: bool = True, seconds: float = SECONDS_TO_START
) -> Soffice:
    """Start LibreOffice, and return once it answers.

    Without a profile of its own it takes the user's. A LibreOffice that runs with that one already opens the port instead, and
    the process that we started ends.

    Raises BridgeMissingError, and NotStartedError where it does not answer in time.
    """
    uno()
    profile = Path(tempfile.mkdtemp(prefix="regulars-libreoffice-")) if own_profile else None
    port = free_port() if port is None else port
    command = [str(find_soffice()), "--norestore", "--nologo", "--nodefault"]
    command += ["--headless"] if headless else []
    command += [f"-env:UserInstallation={profile.as_uri()}"] if profile else []
    command += [f"--accept=socket,host=127.0.0.1,port={port},tcpNoDelay=1;urp;"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    started = Soffice(process, port, profile, headless)
    try:
        _wait(started, seconds)
    except BaseException:
        if own_profile:  # the user's own LibreOffice is never ended by us
            stop(started)
        raise
    return started


def _wait(started: Soffice, seconds: float) -> Any:
    until = time.monotonic() + seconds
    while True:
        try:
            return connect(started.port)
        except NobodyListensError:
            ended = started.process.poll() is not None and started.process.returncode != 0
            if ended or time.monotonic() > until:
                why = (
                    f"ended with code {started.process.returncode}"
                    if ended
                    else f"did not answer in {seconds:.0f} seconds"
                )
                raise NotStartedError(
                    f"LibreOffice was started and {why}",
                    remedy="start it by hand once, close its first questions, end it, and try again",
                ) from None
            time.sleep(SECONDS_BETWEEN)


def stop(started: Soffice) -> None:
    """End a LibreOffice that we started: by asking, then by its process id. Its profile is removed."""
    if started.process.poll() is None:
        with contextlib.suppress(Exception):  # it may be gone, busy or asking its user: what follows ends it anyway
            context = connect(started.port)
            context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context).terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            started.process.wait(SECONDS_TO_END)
    kill(started)
    if started.profile is not None:
        shutil.rmtree(started.profile, ignore_errors=True)


def kill(started: Soffice) -> None:
    """End it at once, with the processes that it started."""
    if sys.platform == "win32":
        started.process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
    started.process.wait(SECONDS_TO_END)


@contextlib.contextmanager
def running() -> Iterator[Soffice]:
    """Start a headless LibreOffice with a profile of its own, and end it afterwards whatever happens."""
    started = start()
    try:
        yield started
    finally:
        stop(started)
