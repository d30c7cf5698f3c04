"""Write docs/settings.md from the code, so that the page cannot say anything else: `python docs/make_settings.py`."""  # noqa: INP001  a script

from __future__ import annotations

import tomllib
import typing
from collections.abc import Iterable, Sequence
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from typer.main import get_command

from regulars.base.settings import Settings
from regulars.cli import app
from regulars.impact.assumptions import GENERAL, OF_AN_INITIATIVE, OF_THE_DIP, OF_THE_PRICE_TEST
from regulars.orders.raw import CUSTOMER_FIELDS, ORDER_FIELDS

PAGE: Final = Path(__file__).with_name("settings.md")
NEEDED: Final = {
    "customer": "needed",
    "date": "needed",
    "amount": "needed, or quantity and price",
    "quantity": "with price",
    "price": "with quantity",
}
EXAMPLES: Final = 4  # names of a field that are shown; the file has hundreds
WRITTEN: Final = {
    "sheet": '["January", "February"]',
    "map": '{ customer = "Client No" }',
    "since": "2025-01-01",
    "until": "2025-12-31",
    "as_of": "2025-12-31",
    "margin": "0.35",
    "currency": '"GBP"',
    "dayfirst": "true",
    "paid": '["shipped", "settled"]',
    "clusters": "4",
    "theme": '"shop_theme.toml"',
    "slides": '["title", "summary", "value"]',
    "analyst": '"A. Rivera"',
}


def page() -> str:
    """Return the page as it should be."""
    return "\n".join(
        [
            "# Settings",
            "",
            "<!-- Written by docs/make_settings.py from the code. Change the code, then run it again. -->",
            "",
            "Put what should hold for every run into a TOML file and name it with `--settings`. Every key may also be",
            "written with hyphens. An option on the command line beats the file, and the file beats the default. A key",
            "that does not exist is an error that names the nearest one.",
            "",
            *_settings(),
            "",
            "## Fields that `map` can name",
            "",
            "The program knows the usual names of each column in English, German, French, Spanish, Italian, Dutch and",
            'Portuguese. Only a column that it misses has to be named: `--map customer="Client No"`, or in the file',
            '`map = { customer = "Client No" }`.',
            "",
            "### In the orders",
            "",
            *_names("orders", ORDER_FIELDS),
            "",
            "### In a table of customers (`--customers`)",
            "",
            *_names("customers", CUSTOMER_FIELDS),
            "",
            f"Known as they are exported: {_exports()}.",
            "",
            "## Assumptions that ship with the product",
            "",
            "They stand in `core/regulars/impact/defaults.toml`. All of them are assumptions, none was measured in your",
            "shop. Change them in the yellow cells of the sheet Financial impact, or in the settings file; the margin",
            "also with `--margin`.",
            "",
            *_assumptions(),
            "",
        ]
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]


def _settings() -> list[str]:
    options = {name for parameter in get_command(app).commands["analyze"].params for name in parameter.opts}  # type: ignore[attr-defined]
    kinds = typing.get_type_hints(Settings)
    rows = []
    for one in fields(Settings):
        option = f"--{one.name.replace('_', '-')}"
        rows.append(
            (
                f"`{one.name}`",
                f"`{option}`" if option in options else "file only",
                _default(getattr(Settings(), one.name)),
                " or ".join(f'`"{choice}"`' for choice in one.metadata["choices"])
                or f"{_kind(kinds[one.name])}, such as `{WRITTEN.get(one.name, _toml(getattr(Settings(), one.name)))}`",
                one.metadata["explained"],
            )
        )
    return _table(("Key", "Option", "Default", "Write", "Meaning"), rows)


def _default(value: object) -> str:
    return "none" if value is None or value in ((), {}) else f"`{_toml(value)}`"


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _kind(hint: Any) -> str:
    named = str(hint)
    words = {"tuple": "list of texts", "Mapping": "table", "date": "date", "bool": "true or false", "float": "number"}
    found = next((said for kind, said in words.items() if kind in named), None)
    return found or ("whole number" if "int" in named else "text")


def _names(table: str, names: Sequence[str]) -> list[str]:
    aliases = tomllib.loads(files("regulars.orders").joinpath("aliases.toml").read_text(encoding="utf-8"))
    rows = []
    for field in names:
        entry = aliases[table][field]
        like = aliases["orders"][entry["like"]]["names"] if "like" in entry else []
        shown = [*like, *entry["names"]][:EXAMPLES]
        need = NEEDED.get(field, "") if table == "orders" else ("needed" if field == "customer" else "one of these")
        rows.append((f"`{field}`", need, ", ".join(shown)))
    return _table(("Field", "Needed?", "Some of the headers it is known by"), rows)


def _exports() -> str:
    aliases = tomllib.loads(files("regulars.orders").joinpath("aliases.toml").read_text(encoding="utf-8"))
    return ", ".join(entry["name"] for entry in aliases["export"])


def _assumptions() -> list[str]:
    shipped = tomllib.loads(files("regulars.impact").joinpath("defaults.toml").read_text(encoding="utf-8"))
    rows = [
        (
            entry["name"],
            ", ".join(entry["roles"]),
            f"{entry['reach']:.0%}",
            f"{entry['success_rate']:.0%}",
            f"{entry['contact_cost']:.2%}",
            f"{entry['fixed_cost']:.2%}",
            str(entry["start_month"]),
        )
        for entry in shipped["initiative"]
    ]
    cases = shipped["cases"]
    general = ", ".join(f"`{name}`" for name in GENERAL)
    of_each = ", ".join(f"`{name}`" for name in OF_AN_INITIATIVE)
    keys = ", ".join(f"`{entry['key']}`" for entry in shipped["initiative"])
    tests = ", ".join(f"`{name}`" for name in dict.fromkeys((*OF_THE_PRICE_TEST, *OF_THE_DIP)))
    return [
        "In the settings file they are a table:",
        "",
        "```toml",
        "# assumed.toml",
        "[assumptions]",
        "confirmed = true",
        'scenario = "careful"',
        "[assumptions.win_back]",
        "success_rate = 0.15",
        "```",
        "",
        f"General keys: {general}.",
        f"Initiatives: {keys}. Keys of each: {of_each}.",
        f"Tests on the whole shop: `price` and `dip`, with {tests}.",
        "",
        f"Margin {shipped['margin']['value']:.0%}, unless the orders have a profit or cost column or `--margin` says it.",
        f"The careful case takes {cases['low']:.0%} of every success rate, the bold case {cases['high']:.0%}.",
        "",
        *_table(
            (
                "Initiative",
                "Roles addressed",
                "Reached",
                "Success rate",
                "Cost a contact, of the average order",
                "Fixed cost, of a year's revenue",
                "Starts in month",
            ),
            rows,
        ),
    ]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
