"""The look of every result sheet: colours, font and formats from theme.toml, sizes and measures from here.

A theme of one's own replaces colours, font and formats when cells are written; what is measured stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from regulars.base.errors import SettingsError, listing, nearest

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_FONT = re.compile(r"\w[\w -]{0,30}")
_LISTING = re.compile(r"Table Style (Light|Medium|Dark) \d{1,2}")
_FORMAT = re.compile(r"[^;\x00-\x1f]{1,60}")
_PICTURES = ("PNG", "JPEG")
_LOGO_LEAST, _LOGO_MOST = 16, 120  # pixels


@dataclass(frozen=True)
class Theme:
    """Values by table and key, as theme.toml has them, and the logo's file if there is one."""

    values: Mapping[str, Mapping[str, Any]]
    logo: Path | None = None

    @property
    def font(self) -> str:
        """Return the name of the font."""
        return str(self.values["font"]["name"])

    @property
    def logo_height(self) -> int:
        """Return the height of the logo in pixels."""
        return int(self.values["logo"]["height"])

    def on(self, look: Any) -> Any:
        """Return a colour, font or format of the shipped theme as this one has it, or options with all of them.

        >>> own = Theme({**SHIPPED.values, "colours": {**SHIPPED.values["colours"], "navy": "#123456"}})
        >>> own.on({"font": {"color": NAVY, "size": 9}})
        {'font': {'color': '#123456', 'size': 9}}
        """
        if self is SHIPPED:
            return look
        if isinstance(look, dict):
            return {key: self.on(one) for key, one in look.items()}
        if isinstance(look, list | tuple):
            return type(look)(map(self.on, look))
        if not isinstance(look, str):
            return look
        shipped = SHIPPED.values
        for table, key in (*(("colours", key) for key in shipped["colours"]), ("font", "name"), *_WHOLE_FORMATS):
            if look == shipped[table][key]:
                return self.values[table][key]
        return look.replace(f";{shipped['formats']['negative']}", f";{self.values['formats']['negative']}")


_WHOLE_FORMATS = (("formats", "date"), ("formats", "listing"))
SHIPPED = Theme(tomllib.loads(files(__package__).joinpath("theme.toml").read_text(encoding="utf-8")))


def read_theme(path: Path) -> Theme:
    """Read a theme of one's own: what it does not say is as shipped.

    Raises SettingsError when the file is missing or no TOML, and for unknown keys and values that cannot be meant.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"there is no theme file '{path}'", remedy="check the path given to --theme, or leave it away"
        ) from None
    except OSError as problem:
        raise SettingsError(
            f"'{path}' cannot be read ({problem.strerror})", remedy="give the path of a TOML file"
        ) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise SettingsError(f"'{path}' is not valid TOML ({problem})", remedy="mend that line") from problem
    values = {table: dict(keys) for table, keys in SHIPPED.values.items()}
    for table, keys in document.items():
        if table not in values:
            raise _unknown(f"[{table}]", path, table, values)
        if not isinstance(keys, dict):
            raise SettingsError(f"'{table}' in {path} is no table", remedy=f"write [{table}] on a line of its own")
        for key, value in keys.items():
            if key not in values[table]:
                raise _unknown(f"'{key}' of [{table}]", path, key, values[table])
            values[table][key] = _checked(table, key, value, path)
    file = values["logo"]["file"]
    return Theme(values, _logo(path.parent / file, path) if file else None)


def _unknown(what: str, path: Path, name: str, known: Mapping[str, Any]) -> SettingsError:
    near = nearest(name, known)
    return SettingsError(
        f"{what} in {path} is nothing that a theme has",
        remedy=f"write '{near}'" if near else f"use one of {listing(known, most=30)}",
    )


def _checked(table: str, key: str, value: Any, path: Path) -> Any:
    """Return the value, or refuse it with an example of what can be meant."""
    if (table, key) == ("logo", "height"):
        if isinstance(value, bool) or not isinstance(value, int) or not _LOGO_LEAST <= value <= _LOGO_MOST:
            raise SettingsError(
                f"height = {value!r} in {path} is no height of a logo",
                remedy=f"give {_LOGO_LEAST} to {_LOGO_MOST} pixels",
            )
        return value
    rule = {"colours": _COLOUR, "font": _FONT, "formats": _LISTING if key == "listing" else _FORMAT}.get(table)
    broken = isinstance(value, str) and table == "formats" and key != "listing" and not _is_format(value)
    if broken or not isinstance(value, str) or (rule is not None and not rule.fullmatch(value)):
        raise SettingsError(
            f"{key} = {value!r} of [{table}] in {path} cannot be used",
            remedy=f'write it as in {key} = "{SHIPPED.values[table][key] or "logo.png"}"',
        )
    return value


def _is_format(code: str) -> bool:
    """Tell whether Excel can read a number format: a broken one makes it repair, that is spoil, the workbook.

    >>> _is_format("[Red]-"), _is_format('dd"."mm"."yyyy'), _is_format("[[bad"), _is_format('yyyy "year'), _is_format("qq")
    (True, True, False, False, False)
    """
    return bool(_TOKENS.fullmatch(code))


_TOKENS = re.compile(
    r"""(?:\[\s\S]|"[^"]*"                                      # one letter, or several, as they are
    |\[(?:black|blue|cyan|green|magenta|red|white|yellow|color\ ?\d{1,2})\]
    |\[\$[^\]\[]*\]|\[(?:h+|m+|s+)\]|\[[<>=]{1,2}-?[\d.]+\]   # currency or language, durations, conditions
    |[_*].|AM/PM|A/P|General|E[+-]                             # room, filling, half of the day
    |y{1,4}|m{1,5}|d{1,4}|h{1,2}|s{1,2}
    |[0#?.,%@;/\-+():$\s'!&~{}<>=^]|[^\x00-\x7f])+""",
    re.IGNORECASE | re.VERBOSE,
)


def _logo(picture: Path, path: Path) -> Path:
    from PIL import Image  # noqa: PLC0415  python-pptx brings it

    try:
        with Image.open(picture, formats=_PICTURES) as image:
            image.load()
    except FileNotFoundError:
        raise SettingsError(
            f"there is no logo '{picture}', which {path} names", remedy="put the picture beside the theme file"
        ) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise SettingsError(
            f"the logo '{picture}' of {path} is no PNG or JPEG that can be read", remedy="save it as PNG"
        ) from problem
    return picture


FONT = SHIPPED.font
BODY_SIZE = 11
SMALL_SIZE = 9
HEADING_SIZE = 13
TITLE_SIZE = 18
TILE_SIZE = 20
CHART_TITLE_SIZE = 12
CHART_SIZE = 9

_COLOURS: Mapping[str, str] = SHIPPED.values["colours"]
NAVY = _COLOURS["navy"]
INK = _COLOURS["ink"]
COBALT = _COLOURS["cobalt"]
TEAL = _COLOURS["teal"]
AMBER = _COLOURS["amber"]
BRICK = _COLOURS["brick"]
SLATE = _COLOURS["slate"]
MIST = _COLOURS["mist"]
WHITE = _COLOURS["white"]
HAIRLINE = _COLOURS["hairline"]
AMBER_TINT = _COLOURS["amber_tint"]
COBALT_TINT = _COLOURS["cobalt_tint"]
BRICK_TINT = _COLOURS["brick_tint"]
SLATE_TINT = _COLOURS["slate_tint"]
INPUT_FILL = _COLOURS["input_fill"]
INPUT_TEXT = _COLOURS["input_text"]
INPUT_LINE = _COLOURS["input_line"]

SERIES = (COBALT, TEAL, AMBER, SLATE, BRICK, COBALT_TINT, SLATE_TINT, NAVY)

LISTING_STYLE: str = SHIPPED.values["formats"]["listing"]

# Widths are Excel's column widths: digits of the body font.
MARGIN_WIDTH = 2.7
FILLER_WIDTH = 12.0
LABEL_MOST = 34.0
TEXT_MOST = 60.0
NUMBER_LEAST, NUMBER_MOST = 11.0, 16.0
PAGE_LANDSCAPE, PAGE_PORTRAIT = 126.0, 92.0
READABLE_MOST = 126.0  # longer lines of prose are hard to follow

ROW_POINTS = 15.0
CHART_ROWS = 15
