"""The add-in file: built again it is the same, it says what the program says, and nothing of the template's author is in it."""

from __future__ import annotations

import hashlib
import io
import re
import tomllib
import warnings
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from pathlib import Path

import olefile
import pytest
from pyopenvba import ExcelFile

import regulars_addin
from regulars.base.errors import OutputError
from regulars_addin.build import (
    ADDIN,
    CALLBACK,
    FALLBACK,
    MACROS,
    MODULE,
    RIBBON,
    Addin,
    build,
    callback_source,
    shipped,
    template_bytes,
    xlwings_version,
)
from regulars_addin.build_config import OFF, read_config
from regulars_addin.build_parts import configured, pack, unpack
from regulars_addin.build_ribbon import NAMESPACE
from regulars_addin.buttons import BUTTONS, Button

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools calls its parser by old names
    from oletools.olevba import VBA_Parser, decompress_stream

ROOT = Path(__file__).parents[2]
NAMES = (ADDIN, FALLBACK)
# A release is tried by hand with these very bytes: whoever changes them tries again (docs/smoke-test.md).
FROZEN = {
    "regulars.xlam": "c6d9dbd89f0bb47dcd033a0d4635270b980d93502afb5ba654448f121ec5a6a5",
    "regulars_addin.xlam": "a6a25599d0d4c259507b16c03281429c263e62ac40cf0fd04a27d3375eb2af5d",
}
# [MS-CUSTOMUI] 2.2: what may stand in what, and which attributes a control takes that calls no procedure but onAction.
CHILDREN = {
    "customUI": {"ribbon"},
    "ribbon": {"tabs"},
    "tabs": {"tab"},
    "tab": {"group"},
    "group": {"button"},
    "button": set(),
}
ATTRIBUTES = {
    "customUI": set(),
    "ribbon": set(),
    "tabs": set(),
    "tab": {"id", "label"},
    "group": {"id", "label"},
    "button": {"id", "label", "size", "imageMso", "onAction", "screentip", "supertip"},
}
LONGEST_TEXT, LONGEST_ID = 1024, 1024


@pytest.fixture(scope="module")
def built() -> dict[str, Addin]:
    return {one.name: one for one in build()}


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return _sources(shipped())


def _sources(addin: bytes) -> dict[str, str]:
    parser = VBA_Parser("addin.xlam", data=addin)
    found = {stream.rpartition("/")[2]: code for _, stream, _, code in parser.extract_macros()}
    parser.close()
    return found


def _body(source: str) -> str:
    lines = source.replace("\r\n", "\n").strip().splitlines()
    return "\n".join(line for line in lines if not line.startswith("Attribute "))


def _streams(addin: bytes) -> dict[str, bytes]:
    macros = olefile.OleFileIO(io.BytesIO(unpack(addin)[MACROS]))
    raw = {"/".join(name): macros.openstream(name).read() for name in macros.listdir()}
    return raw | {"VBA/dir": bytes(decompress_stream(bytearray(raw["VBA/dir"])))}


@pytest.mark.parametrize("name", NAMES)
def test_building_twice_and_building_elsewhere_give_the_shipped_bytes(built: Mapping[str, Addin], name: str) -> None:
    assert {one.name: one for one in build()}[name] == built[name]
    assert built[name].data == shipped(name), "run: regulars addin build --out addin/regulars_addin/files"


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_bytes_are_those_that_were_tried_by_hand(name: str) -> None:
    assert hashlib.sha256(shipped(name)).hexdigest() == FROZEN[name]


def test_the_macros_belong_to_the_xlwings_that_the_program_requires(sources: Mapping[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (pin,) = (one for one in project["dependencies"] if one.startswith("xlwings"))
    (inside,) = re.findall(r'XLWINGS_VERSION As String = "([\d.]+)"', sources["xlwings"])
    assert pin == f"xlwings=={inside}"
    assert inside == xlwings_version()


def test_olevba_reads_back_the_procedure_that_was_written(sources: Mapping[str, str]) -> None:
    assert set(sources) == {"ThisWorkbook", "Sheet2", "Dictionary", "xlwings", MODULE}
    assert _body(sources[MODULE]) == callback_source().strip()
    assert f"Public Sub {CALLBACK}(control As IRibbonControl)" in sources[MODULE]


def test_the_macros_of_xlwings_differ_from_the_templates_by_the_name_of_the_project_only(
    sources: Mapping[str, str],
) -> None:
    before = _body(_sources(template_bytes())["xlwings"]).splitlines()
    after = _body(sources["xlwings"]).splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [
        ('Public Const PROJECT_NAME As String = "myaddin"', 'Public Const PROJECT_NAME As String = "regulars"')
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_project_of_macros_is_sound_to_a_second_reader(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(shipped(name))
    with ExcelFile(tmp_path / name) as book:
        assert book.validate() == []


def test_a_template_of_another_shape_is_refused_and_not_guessed_at() -> None:
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "docProps/core.xml"):
        with pytest.raises(ValueError, match="template"):
            build(pack({**unpack(template_bytes()), part: b"<empty />"}))


def test_building_without_pyopenvba_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(OutputError, match="pyOpenVBA, which is not installed"):
        build()


def test_the_fallback_keeps_the_macros_of_the_template_byte_for_byte() -> None:
    assert unpack(shipped(FALLBACK))[MACROS] == unpack(template_bytes())[MACROS]


def test_no_workbook_and_a_company_that_forbids_child_processes_have_a_sentence(sources: Mapping[str, str]) -> None:
    source = sources[MODULE]
    assert source.index("If book Is Nothing Then") < source.index("book.Worksheets")
    assert source.index("On Error GoTo NotStarted") < source.index("RunPython ") < source.index("NotStarted:")


@pytest.mark.parametrize("name", NAMES)
def test_the_ribbon_is_markup_that_excel_takes(name: str) -> None:
    root = ET.fromstring(unpack(shipped(name))[RIBBON])  # noqa: S314  our own file
    for element in root.iter():
        assert element.tag.startswith(f"{{{NAMESPACE}}}")
        kind = element.tag.rpartition("}")[2]
        assert {child.tag.rpartition("}")[2] for child in element} <= CHILDREN[kind]
        assert set(element.attrib) == ATTRIBUTES[kind]
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for button in root.iter(f"{{{NAMESPACE}}}button"):
        assert re.fullmatch(r"[A-Za-z_][\w.-]*", button.attrib["id"])
        assert re.fullmatch(r"[A-Za-z]\w+", button.attrib["imageMso"])
        assert button.attrib["size"] in {"normal", "large"}
        assert all(0 < len(text) <= LONGEST_TEXT for text in button.attrib.values())


@pytest.mark.parametrize(("name", "buttons"), [(ADDIN, BUTTONS), (FALLBACK, BUTTONS[:1])])
def test_the_ribbon_shows_the_buttons_and_calls_a_procedure_that_exists(name: str, buttons: tuple[Button, ...]) -> None:
    root = ET.fromstring(unpack(shipped(name))[RIBBON])  # noqa: S314  our own file
    shown = list(root.iter(f"{{{NAMESPACE}}}button"))
    assert [(one.attrib["id"], one.attrib["label"], one.attrib["supertip"]) for one in shown] == [
        (one.id, one.label, one.tip) for one in buttons
    ]
    sources = _sources(shipped(name))
    for one in shown:
        module, _, procedure = one.attrib["onAction"].partition(".")
        assert re.search(rf"^(?:Public )?Sub {procedure}\(control As IRibbonControl\)", sources[module], re.MULTILINE)


def test_every_button_has_a_handler_and_every_handler_a_button() -> None:
    from regulars_addin.handlers import HANDLERS  # noqa: PLC0415

    assert set(HANDLERS) == {button.id for button in BUTTONS}


def test_python_has_the_functions_that_the_macros_call(monkeypatch: pytest.MonkeyPatch) -> None:
    (called,) = re.findall(r"regulars_addin\.(\w+)\('", callback_source())
    assert callable(getattr(regulars_addin, called))
    assert Path(FALLBACK).stem == regulars_addin.__name__
    pressed: list[str] = []
    monkeypatch.setattr(regulars_addin, "ribbon", pressed.append)
    regulars_addin.main()
    assert pressed == [BUTTONS[0].id]


def test_the_settings_sheet_names_whatever_the_macros_look_for(sources: Mapping[str, str]) -> None:
    asked = set(re.findall(r'GetConfig\("([^"]+)"', sources["xlwings"]))
    of_udfs = {"UDF MODULES", "DEBUG UDFS"}
    assert asked - of_udfs == set(OFF)
    assert read_config(shipped()) == read_config(shipped(FALLBACK)) == dict(OFF)


@pytest.mark.parametrize(("name", "project"), [(ADDIN, "regulars"), (FALLBACK, "myaddin")])
def test_the_sheet_has_the_name_under_which_the_macros_look_for_it(name: str, project: str) -> None:
    assert f'<sheet name="{project}.conf"' in unpack(shipped(name))["xl/workbook.xml"].decode()
    assert f'PROJECT_NAME As String = "{project}"' in _sources(shipped(name))["xlwings"]


def test_settings_written_into_the_add_in_are_read_back_and_change_nothing_else() -> None:
    values = {**OFF, "INTERPRETER_WIN": r"C:\Users\José & <Ana>\python.exe"}
    made = configured(shipped(), values)
    assert read_config(made) == values
    assert made == configured(shipped(), values)
    before, after = unpack(shipped()), unpack(made)
    assert {part for part in before if before[part] != after[part]} == {"xl/worksheets/sheet1.xml"}


def test_nothing_names_the_author_of_the_template_or_a_folder_of_theirs() -> None:
    parts = dict(unpack(shipped()))
    del parts[MACROS]
    # The copyright of xlwings and of Dictionary.cls stays: their licences ask for it.
    everything = b"\n".join([*parts.values(), *_streams(shipped()).values()])
    for trace in (b"felix", b"zumstein", b"\\users\\", b"/users/"):
        assert trace not in everything.lower()


@pytest.mark.parametrize("name", NAMES)
def test_the_package_says_what_each_part_is(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(shipped(name))) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        assert set(archive.namelist()) == set(unpack(template_bytes()))
        for part in archive.namelist():
            if not part.endswith(".bin"):
                ET.fromstring(archive.read(part))  # noqa: S314  our own file
    assert "addin.macroEnabled" in unpack(shipped(name))["[Content_Types].xml"].decode()
