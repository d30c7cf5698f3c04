"""LibreOffice's Python bridge: the one module that imports `uno`, which has no types and hooks into every import.

`uno` comes with LibreOffice, not from a package index: it is looked for where LibreOffice puts it. Objects of the running program
are Any in our code, because their members are known to the program only.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from regulars.base.errors import RegularsError

MODULE = "uno.py"
LIBRARIES = {".so", ".dylib", ".pyd", ".dll"}
PORT = 2002
TRIES, PAUSE = 6, 0.2  # to connect, where an earlier connection is just ending; seconds between
CONTEXT = "uno:socket,host=127.0.0.1,port={port},tcpNoDelay=1;urp;StarOffice.ComponentContext"


class BridgeMissingError(RegularsError):
    """LibreOffice, or its bridge for this Python, is not installed."""


class NobodyListensError(RegularsError):
    """No LibreOffice listens on the port that was asked for."""


def program_folders(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the folders in which installers put the programs of LibreOffice, the usual one first.

    >>> [path.as_posix() for path in program_folders("darwin", {})]
    ['/Applications/LibreOffice.app/Contents/MacOS']
    """
    if platform == "darwin":
        return (Path("/Applications/LibreOffice.app/Contents/MacOS"),)
    if platform == "win32":
        roots = dict.fromkeys(
            environment.get(name, "") for name in ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)")
        )
        return tuple(Path(root) / "LibreOffice" / "program" for root in roots if root)
    newest = sorted(Path("/opt").glob("libreoffice*/program"), reverse=True)
    return (Path("/usr/lib/libreoffice/program"), Path("/usr/lib64/libreoffice/program"), *newest)


def module_folders(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return the folders in which `uno.py` may lie: a distribution's packages for Python, then LibreOffice's own.

    >>> [path.as_posix() for path in module_folders("darwin", {})]
    ['/Applications/LibreOffice.app/Contents/MacOS', '/Applications/LibreOffice.app/Contents/Resources']
    """
    programs = program_folders(platform, environment)
    if platform == "darwin":
        return (*programs, *(program.parent / "Resources" for program in programs))
    if platform == "win32":
        return programs
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = (
        "/usr/lib/python3/dist-packages",
        f"/usr/lib64/{version}/site-packages",
        f"/usr/lib/{version}/site-packages",
    )
    return (*map(Path, packages), *programs)


@functools.cache
def uno() -> Any:
    """Return the module `uno`, wherever it lies.

    Raises BridgeMissingError with what to install.
    """
    faults = []
    for folder in (None, *(folder for folder in module_folders() if (folder / MODULE).is_file())):
        try:
            return _imported(folder)
        except ImportError as error:
            if folder is not None:
                faults.append(f"{folder / MODULE}: {error}")
    found = (
        f"; what lies there does not fit Python {sys.version_info.major}.{sys.version_info.minor}: {faults[0]}"
        if faults
        else ""
    )
    raise BridgeMissingError(f"LibreOffice's bridge for Python is not installed{found}", remedy=_remedy(bool(faults)))


def _imported(folder: Path | None) -> Any:
    if folder is not None and (made_for := _versions(folder)) and sys.version_info.minor not in made_for:
        # Loading it all the same would bring a second Python into the process, and end it.
        raise ImportError(f"it was made for Python 3.{max(made_for)}")
    # Only this module is taken from the folder: whatever else lies there belongs to another Python. And `uno` puts a function
    # of its own in the place of `import`, which we do not need: structures are made by name.
    original = builtins.__import__
    if folder is not None:
        sys.path.append(str(folder))
    try:
        return importlib.import_module("uno")
    finally:
        builtins.__import__ = original
        if folder is not None:
            sys.path.remove(str(folder))


def _versions(folder: Path) -> set[int]:
    """Return the minor versions of Python 3 that the compiled part of the bridge names."""
    compiled = [
        file for place in (folder, *program_folders()) for file in place.glob("*pyuno*") if file.suffix in LIBRARIES
    ]
    named = b"".join(file.read_bytes() for file in compiled)
    return {int(one or other) for one, other in re.findall(rb"libpython3\.(\d+)|python3(\d\d)\.dll", named)}


def _remedy(unfit: bool, platform: str = sys.platform) -> str:
    if platform.startswith("linux"):
        if unfit:
            return "run regulars with the Python of your distribution, which the package python3-uno is made for"
        return "install it, on Debian and Ubuntu by 'sudo apt install libreoffice-calc python3-uno', and try again"
    return (
        "install LibreOffice from libreoffice.org, and run regulars with LibreOffice's own Python"
        " (the program 'python' in LibreOffice's program folder)"
    )


@functools.lru_cache(maxsize=1024)
def constant(name: str) -> Any:
    """Return a constant of LibreOffice, such as "com.sun.star.util.NumberFormat.DATE"."""
    return uno().getConstantByName(name)


def enum(kind: str, value: str) -> Any:
    """Return a value of an enumeration, such as ("com.sun.star.awt.MessageBoxType", "INFOBOX")."""
    return uno().Enum(kind, value)


def struct(name: str, *arguments: Any, **members: Any) -> Any:
    """Make a structure by its name, with its members set."""
    made = uno().createUnoStruct(name, *arguments)
    for member, value in members.items():
        setattr(made, member, value)
    return made


def properties(**values: Any) -> tuple[Any, ...]:
    """Return named values, as loading and storing take them."""
    return tuple(struct("com.sun.star.beans.PropertyValue", Name=name, Value=value) for name, value in values.items())


def connect(port: int = PORT) -> Any:
    """Return the component context of the LibreOffice that listens on a port of this machine.

    Raises NobodyListensError.
    """
    local = uno().getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    nobody = uno().getClass("com.sun.star.connection.NoConnectException")
    ending = uno().getClass("com.sun.star.lang.DisposedException")
    for _ in range(TRIES - 1):
        # While an earlier connection is just ending, a new one may be refused, or be handed the one that ends.
        with contextlib.suppress(nobody, ending):
            return resolver.resolve(CONTEXT.format(port=port))
        time.sleep(PAUSE)
    try:
        return resolver.resolve(CONTEXT.format(port=port))
    except (nobody, ending) as error:
        raise NobodyListensError(
            f"no LibreOffice listens on port {port}", remedy=f"start LibreOffice by: {start_line(port)}"
        ) from error


def start_line(port: int = PORT) -> str:
    """Return what to type to start a LibreOffice that can be attached to.

    >>> start_line()
    'soffice --calc --accept="socket,host=127.0.0.1,port=2002;urp;"'
    """
    return f'soffice --calc --accept="socket,host=127.0.0.1,port={port};urp;"'


class ClosedError(RuntimeError):
    """A workbook was closed while it was in use."""


def is_gone(error: BaseException) -> bool:
    """Tell whether an error says that the program, or the document in it, was closed meanwhile."""
    return any(isinstance(cause, ClosedError) or _says_gone(cause) for cause in _causes(error))


def _says_gone(error: BaseException) -> bool:
    kind = str(getattr(type(error), "__pyunointerface__", ""))  # errors of LibreOffice carry the name of their kind
    message = f" {getattr(error, 'Message', '')}".partition(" at ./")[0].strip()
    if kind == "com.sun.star.lang.DisposedException":
        return True
    if kind == "com.sun.star.uno.RuntimeException":  # what cells say, without a word, once their document is closed
        return not message or message.startswith("illegal object given")
    return kind == "com.sun.star.beans.UnknownPropertyException" and message.startswith("cannot get value")


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def to_url(path: str | os.PathLike[str]) -> str:
    """Return the address of a file.

    >>> to_url("/tmp/my orders.xlsx")
    'file:///tmp/my%20orders.xlsx'
    """
    return Path(path).absolute().as_uri()


def to_path(url: str) -> str:
    """Return the path of an address, or the address where it is not one of a file on this machine."""
    return str(uno().fileUrlToSystemPath(url)) if url.startswith("file:") else url
