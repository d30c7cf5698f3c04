"""Opening tags of cells, many at once: whether a piece of a sheet has a tag that was not met before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

_WORD = 8  # bytes that are compared at once
_LONGEST_TAG = 64
_DIGITS = range(1, 8)  # of a row number


def all_met(chunk: bytes, known: Mapping[str, Iterable[bytes]], last_row: int) -> bool:
    """Tell whether every cell of a chunk has a column and a tag that were met before; when in doubt, say no.

    `known` has the tags, from after the cell's reference to ">", by the letter of their column. A cell counts when it
    is written `<c r="A1"` and its row has as many digits as the last one, or one less.

    >>> known = {"A": [b""], "B": [b' t="s"', b""]}
    >>> row = b'<row r="7"><c r="A7"><v>1</v></c><c r="B7" t="s"><v>0</v></c></row>'
    >>> all_met(row, known, 7), all_met(row.replace(b't="s"', b't="e"'), known, 7), all_met(row, {"A": [b""]}, 7)
    (True, False, False)
    """
    data = np.frombuffer(chunk + bytes(_LONGEST_TAG), np.uint8)
    words = np.ndarray((len(data) - _WORD + 1,), "<u8", data, strides=(1,))  # the eight bytes from every place on
    opens = data[:-1] == ord("<")
    opens &= data[1:] == ord("c")
    places = np.flatnonzero(opens)
    blank = words[places + 2]
    fifth = np.uint64(_number(b' r="', 4))
    if not np.all((blank & np.uint64(2**32 - 1)) == fifth):
        return False
    letters = (blank >> np.uint64(32)).astype(np.uint8)
    for digits in (len(str(last_row)), len(str(last_row)) - 1):
        if digits not in _DIGITS:
            continue
        after = words[places + 7]
        like = b"\xf0" * digits + b"\xff"
        sized = (after & np.uint64(_number(like, _WORD))) == np.uint64(_number(b"0" * digits + b'"', _WORD))
        if sized.all():  # in nearly every chunk; choosing from an array takes longer than asking
            return _tags_met(words, places + 8 + digits, letters, known)
        if not _tags_met(words, places[sized] + 8 + digits, letters[sized], known):
            return False
        places, letters = places[~sized], letters[~sized]
        if not len(places):
            return True
    return not len(places)


def _tags_met(
    words: npt.NDArray[np.uint64],
    places: npt.NDArray[np.intp],
    letters: npt.NDArray[np.uint8],
    known: Mapping[str, Iterable[bytes]],
) -> bool:
    """Tell whether the text at each place is one of the tags known for its column."""
    columns: dict[bytes, list[str]] = {}
    for letter, tags in known.items():
        for tag in tags:
            columns.setdefault(tag + b">", []).append(letter)
    begins = words[places]
    met = np.zeros(len(places), bool)
    for tag, of in columns.items():
        if len(tag) > _LONGEST_TAG - 2 * _WORD:
            continue
        its = np.zeros(256, bool)
        its[[ord(letter) for letter in of if len(letter) == 1]] = True
        same = its[letters]
        for start in range(0, len(tag), _WORD):
            part = tag[start : start + _WORD]
            mask = np.uint64(_number(b"\xff" * len(part), _WORD))
            read = words[places + start] if start else begins
            same &= (read & mask) == np.uint64(_number(part, _WORD))
        met |= same
    return bool(met.all())


def _number(text: bytes, width: int) -> int:
    return int.from_bytes(text.ljust(width, b"\0"), "little")
