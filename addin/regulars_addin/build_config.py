"""The sheet in the add-in that tells the macros of xlwings which Python to start, and how.

The macros look for each setting in four places: a sheet of the open workbook, this sheet, a file beside the workbook, a file of the
user. This sheet names every setting that they ask for, so that the last two never speak: a file that lies beside a stranger's
workbook cannot name a program to start. (The first place is guarded by RegularsRibbon.bas.) A sheet also holds names of folders in
any alphabet, which the file of the user, read in the code page of the machine, does not.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias
from xml.sax.saxutils import escape

SHEET_PART = "xl/worksheets/sheet1.xml"
WINDOWS, MACOS = "INTERPRETER_WIN", "INTERPRETER_MAC"
Value: TypeAlias = str | bool

OFF: Mapping[str, Value] = MappingProxyType(
    {
        WINDOWS: "",
        MACOS: "",
        "INTERPRETER": "python",
        "PYTHONPATH": "",
        # Otherwise a file 'numpy.py' beside the workbook would be run in the place of the library.
        "ADD_WORKBOOK_TO_PYTHONPATH": "false",
        "USE UDF SERVER": False,
        "SHOW CONSOLE": False,
        "SHOW_ERROR_POPUPS": "True",
        "TEMP DIR": "%TEMP%",
        "CONDA PATH": "",
        "CONDA ENV": "",
        "ONEDRIVE_CONSUMER_WIN": "",
        "ONEDRIVE_COMMERCIAL_WIN": "",
        "SHAREPOINT_WIN": "",
        "ONEDRIVE_CONSUMER_MAC": "",
        "ONEDRIVE_COMMERCIAL_MAC": "",
        "SHAREPOINT_MAC": "",
        "LICENSE_KEY": "",
    }
)
"""What the shipped add-in says: the Python that answers to `python`, and nothing else switched on."""


def with_config(sheet: bytes, values: Mapping[str, Value]) -> bytes:
    """Return the sheet's part with these settings, one a row, and nothing else in it."""
    rows = "".join(
        f'<row r="{row}">{_text(f"A{row}", key)}{_cell(f"B{row}", value)}</row>'
        for row, (key, value) in enumerate(values.items(), 1)
    )
    pieces = re.fullmatch(rb'(.*)<dimension ref="[^"]*" />(.*)<sheetData>.*</sheetData>(.*)', sheet, flags=re.DOTALL)
    if pieces is None:
        raise ValueError("the template's sheet of settings is not as it was in the xlwings that this was made for")
    head, middle, tail = pieces.groups()
    dimension = f'<dimension ref="A1:B{len(values)}" />'.encode()
    return head + dimension + middle + f"<sheetData>{rows}</sheetData>".encode() + tail


def read_config(addin: bytes) -> dict[str, Value]:
    """Return the settings in the sheet of an add-in of ours.

    Raises ValueError where it is none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(addin)) as archive:
            sheet = archive.read(SHEET_PART).decode()
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise ValueError("this is not an add-in of regulars") from error
    found = re.findall(
        r'<c r="A\d+" t="inlineStr"><is><t xml:space="preserve">([^<]*)</t></is></c>'
        r'<c r="B\d+" t="(inlineStr|b)">(?:<is><t xml:space="preserve">([^<]*)</t></is>|<v>([01])</v>)</c>',
        sheet,
    )
    return {_unescaped(key): flag == "1" if kind == "b" else _unescaped(text) for key, kind, text, flag in found}


def _cell(place: str, value: Value) -> str:
    return f'<c r="{place}" t="b"><v>{value:d}</v></c>' if isinstance(value, bool) else _text(place, value)


def _text(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
