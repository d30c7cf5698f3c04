"""The macro behind the buttons, run by LibreOffice: which Python command each button gives, and what stops it.

LibreOffice runs no macro of a project that holds the macros of xlwings. So the project here has ours, word for word as shipped, and a
stub in the place of RunPython that keeps the command. What Excel makes of it is for the smoke test by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyopenvba import ExcelFile
from pyopenvba.vba import VBAModuleKind

from regulars_addin.build import ADDIN, MODULE, TEMPLATE_MODULE, callback_source, shipped, template_bytes
from regulars_addin.buttons import BUTTONS
from regulars_addin.libreoffice import bridge, soffice

pytestmark = pytest.mark.office

MACRO = "vnd.sun.star.script:MyAddin.{module}.{procedure}?language=Basic&location=document"
STUB = """Option Explicit
Private Told As String

Public Function RunPython(PythonCommand As String)
    Told = Told & PythonCommand
End Function

Public Function Press(id As String) As String
    Dim control As New PressedButton
    Told = ""
    control.ID = id
    RegularsButton control
    Press = Told
End Function
"""


class Project:
    """A hidden document with macros, and a way to call them."""

    def __init__(self, office: soffice.Soffice, path: Path) -> None:
        context = bridge.connect(office.port)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        how = bridge.properties(
            Hidden=True, ReadOnly=True, MacroExecutionMode=4, FilterName="Calc MS Excel 2007 VBA XML"
        )
        self.document: Any = desktop.loadComponentFromURL(bridge.to_url(path), "_blank", 0, how)

    def call(self, module: str, procedure: str, *arguments: str) -> Any:
        script = self.document.getScriptProvider().getScript(MACRO.format(module=module, procedure=procedure))
        return script.invoke(arguments, (), ())[0]

    def modules(self) -> set[str]:
        return set(self.document.BasicLibraries.getByName("MyAddin").ElementNames)


@pytest.fixture
def project(office: soffice.Soffice, tmp_path: Path) -> Iterator[Project]:
    """The shipped procedure with a stub in the place of xlwings."""
    before, after = tmp_path / "template.xlam", tmp_path / "stub.xlam"
    before.write_bytes(template_bytes())
    with ExcelFile(before) as book:
        macros = book.vba_project()
        macros.delete_module("Dictionary")
        macros.delete_module("xlwings")
        macros.rename_module(TEMPLATE_MODULE, MODULE)
        book.set_module(MODULE, callback_source().replace("\n", "\r\n"))
        macros.add_module("Stub", STUB.replace("\n", "\r\n"))
        macros.add_module("PressedButton", "Option Explicit\r\nPublic ID As String\r\n", kind=VBAModuleKind.other)
        book.save(after)
    opened = Project(office, after)
    yield opened
    opened.document.close(True)


def test_libreoffice_lists_the_modules_of_the_shipped_add_in(office: soffice.Soffice, tmp_path: Path) -> None:
    path = tmp_path / ADDIN
    path.write_bytes(shipped())
    opened = Project(office, path)
    assert opened.modules() == {"ThisWorkbook", "Sheet2", "Dictionary", "xlwings", MODULE}
    opened.document.close(True)


def test_a_button_gives_python_its_id_and_nothing_else(project: Project, app: Any) -> None:
    app.books.add()
    for button in BUTTONS:
        said = project.call("Stub", "Press", button.id)
        assert said == f"import regulars_addin; regulars_addin.ribbon('{button.id}')"


@pytest.mark.parametrize(
    ("name", "said"),
    [("notes.py", "The sheet 'notes.py' has a name that ends in .py"), ("Regulars.conf", "The sheet 'regulars.conf'")],
)
def test_a_sheet_that_xlwings_would_obey_stops_the_click_and_is_named(
    project: Project, app: Any, name: str, said: str
) -> None:
    book = app.books.add()
    assert project.call(MODULE, "RegularsObstacle") == ""
    book.sheets.add(name)
    assert project.call(MODULE, "RegularsObstacle").startswith(said)
    assert project.call("Stub", "Press", "analyze") == ""


@pytest.mark.parametrize("sign", ["$", "`", "|", '"', "\\"])
def test_a_name_that_a_shell_would_obey_stops_the_click_where_paths_have_slashes(
    project: Project, app: Any, tmp_path: Path, sign: str
) -> None:
    book = app.books.add()
    book.save(tmp_path / f"June{sign}(open -a Calculator).xlsx")
    assert "holds one of the characters" in project.call(MODULE, "RegularsObstacle")
    assert project.call("Stub", "Press", "analyze") == ""
