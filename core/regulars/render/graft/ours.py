"""Which sheets of a workbook are ours, asked of any file before it is read as orders."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from regulars.orders.gate import UNREADABLE
from regulars.render.graft.host import Host
from regulars.render.graft.markup import MarkupError
from regulars.render.graft.package import Package


def our_sheets(path: Path) -> Mapping[str, str]:
    """Return the sheets that we put into a workbook: the name each had in the result, to its name today.

    Other files, and those that cannot be read, have none: whoever reads them as orders says what is wrong with them.
    """
    try:
        if not zipfile.is_zipfile(path):
            return {}
        with Package(path) as package:
            return Host(package).ours
    except (MarkupError, ValueError, *UNREADABLE):
        return {}
