"""The tab as Excel reads it: `customUI.xml`, made of the buttons.

The markup is that of [MS-CUSTOMUI], in the namespace of 2006/01, which every Excel since 2007 and Excel for Mac read.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from regulars_addin.buttons import Button

NAMESPACE = "http://schemas.microsoft.com/office/2006/01/customui"
TAB, GROUP = "regularsTab", "regularsGroup"


def ribbon_xml(buttons: Iterable[Button], callback: str) -> bytes:
    """Return the tab with its one group of buttons, all of which call the same procedure.

    >>> b'onAction="Ribbon.Press"' in ribbon_xml([Button("go", "Go", "Goes.", "Help")], "Ribbon.Press")
    True
    """
    inside = "".join(f"<button {_attributes(_button(one, callback))}/>" for one in buttons)
    group = f"<group {_attributes({'id': GROUP, 'label': 'Know your customers'})}>{inside}</group>"
    tab = f"<tab {_attributes({'id': TAB, 'label': 'Regulars'})}>{group}</tab>"
    return f'<customUI xmlns="{NAMESPACE}"><ribbon><tabs>{tab}</tabs></ribbon></customUI>'.encode()


def _button(button: Button, callback: str) -> dict[str, str]:
    return {
        "id": button.id,
        "label": button.label,
        "size": "large" if button.large else "normal",
        "imageMso": button.image,
        "onAction": callback,
        "screentip": button.label,
        "supertip": button.tip,
    }


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())
