"""The sample of real orders that ships with the product.

Orders of customers outside the United Kingdom from Chen, D. (2019), Online Retail II, UCI Machine Learning
Repository, https://doi.org/10.24432/C5CG6D, CC BY 4.0: two sheets that overlap by nine days, as written by Excel.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from regulars.base.errors import OutputError
from regulars.base.files import moved_into_place


def sample_bytes() -> bytes:
    """Return the sample workbook."""
    return files("regulars_workbooks").joinpath("sample_orders.xlsx").read_bytes()


def write_sample(path: Path) -> None:
    """Write the sample workbook; an existing file stays unless it is the sample itself.

    Raises OutputError when another file stands there, or the name does not end in .xlsx.
    """
    if path.suffix.lower() != ".xlsx":
        raise OutputError(f"'{path}' does not end in .xlsx", remedy="give a name such as orders.xlsx")
    content = sample_bytes()
    if path.exists():
        if path.is_file() and _digest(path.read_bytes()) == _digest(content):
            return
        raise OutputError(f"'{path}' exists already", remedy="choose another name, or move that file away")
    with moved_into_place(path) as temporary:
        temporary.write_bytes(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
