"""The ribbon, live Excel and live LibreOffice.

`ribbon` is what the macro behind every button calls; `import regulars_addin` alone loads nothing heavy.
"""

from __future__ import annotations


def ribbon(button_id: str) -> None:
    """Do what a button does in the running Excel. Whatever happens is said there, and the macro ends well."""
    from regulars_addin.click import answer  # noqa: PLC0415  nothing is loaded by the import alone

    answer(button_id)


def main() -> None:
    """Do what the first button does: the plain variant of the add-in has that one, and its macro calls this name."""
    from regulars_addin.buttons import BUTTONS  # noqa: PLC0415

    ribbon(BUTTONS[0].id)
