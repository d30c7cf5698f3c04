"""The wheel: what it holds, what it says of itself, and that it runs away from the checkout."""

from __future__ import annotations

import email.parser
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOTS = ("core", "addin", "workbook_templates", "slide_templates")
PACKAGES = ("regulars", "regulars_addin", "regulars_workbooks", "regulars_slides")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILD = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"


def _builder(place: Path) -> list[str]:
    """Return the command that builds the wheel: the build backend itself, or a front end that fetches it."""
    if importlib.util.find_spec("hatchling"):
        return [sys.executable, "-c", BUILD, str(place)]
    if uv := shutil.which("uv"):
        return [uv, "build", "--quiet", "--wheel", "--out-dir", str(place), str(ROOT)]
    return [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(place), str(ROOT)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(_builder(place), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place


@pytest.fixture(scope="module")
def metadata(unpacked: Path) -> Message:
    (file,) = unpacked.glob("regulars-*.dist-info/METADATA")
    return email.parser.Parser().parsestr(file.read_text(encoding="utf-8"))


def _run(unpacked: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(unpacked: Path) -> None:
    expected = {
        path.relative_to(ROOT / root).as_posix()
        for root, package in zip(ROOTS, PACKAGES, strict=True)
        for path in (ROOT / root / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not path.name.startswith((".", "~$"))
    }
    held = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert {name for name in held if ".dist-info/" not in name} == expected


@pytest.mark.parametrize(
    "name",
    [
        *(f"{package}/py.typed" for package in PACKAGES),
        "regulars/story/texts/texts.en.toml",
        "regulars/story/texts/playbook.en.toml",
        "regulars/segments/schemes/rfm11.toml",
        "regulars/impact/defaults.toml",
        "regulars/orders/aliases.toml",
        "regulars/orders/words.toml",
        "regulars/orders/clean.sql",
        "regulars/orders/returns.sql",
        "regulars/summary/summary.sql",
        "regulars_workbooks/sample_orders.xlsx",
        "regulars_slides/executive.pptx",
        "regulars_slides/plain-4x3.pptx",
        "regulars_slides/widths.json",
    ],
)
def test_the_wheel_holds_what_the_program_reads_at_run_time(unpacked: Path, name: str) -> None:
    assert (unpacked / name).is_file()


def test_the_licences_travel_with_the_wheel(unpacked: Path, metadata: Message) -> None:
    (licences,) = unpacked.glob("regulars-*.dist-info/licenses")
    for name in ("LICENSE", "NOTICE"):
        assert (licences / name).read_bytes() == (ROOT / name).read_bytes()
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("License-File") == ["LICENSE", "NOTICE"]


def test_the_wheel_says_what_it_is(wheel: Path, metadata: Message) -> None:
    assert wheel.name == f"regulars-{PROJECT['version']}-py3-none-any.whl"
    assert metadata["Name"] == "regulars"
    assert metadata["Version"] == PROJECT["version"]
    assert metadata["Summary"] == PROJECT["description"]
    assert str(metadata.get_payload()).startswith("# regulars\n")


def test_the_name_of_the_wheel_stands_in_the_owners_page(wheel: Path) -> None:
    assert wheel.name in (ROOT / "docs/owner.md").read_text(encoding="utf-8")


def test_the_python_versions_agree_wherever_they_stand(metadata: Message) -> None:
    said = [one.rpartition(" :: ")[2] for one in metadata.get_all("Classifier") or [] if "Python :: 3." in one]
    first, last = said[0], said[-1]
    behind = f"3.{int(last.partition('.')[2]) + 1}"
    assert set(metadata["Requires-Python"].split(",")) == {f">={first}", f"<{behind}"}
    assert f"Python {first} to {last}" in (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"'>={first},<{behind}'" in makefile


def test_the_wheel_says_that_it_is_typed(metadata: Message) -> None:
    assert "Typing :: Typed" in (metadata.get_all("Classifier") or [])


def test_every_requirement_of_the_project_is_in_the_wheel(metadata: Message) -> None:
    def name(requirement: str) -> str:
        return re.split(r"[<>=!~ \[]", requirement)[0]

    required = [name(one) for one in metadata.get_all("Requires-Dist") or []]
    assert sorted(required) == sorted(name(one) for one in PROJECT["dependencies"])


def test_the_command_is_installed_with_the_wheel(unpacked: Path) -> None:
    (points,) = unpacked.glob("regulars-*.dist-info/entry_points.txt")
    assert "regulars = regulars.cli:entry" in points.read_text(encoding="utf-8")


def test_the_program_runs_from_the_wheel_in_a_folder_of_its_own(unpacked: Path, tmp_path: Path) -> None:
    imports = "\n".join(f"import {package}; print({package}.__file__)" for package in PACKAGES)
    where = _run(unpacked, tmp_path, "-c", imports)
    assert where.returncode == 0, where.stderr
    assert all(Path(line).is_relative_to(unpacked) for line in where.stdout.split())
    done = _run(unpacked, tmp_path, "-m", "regulars", "demo")
    assert done.returncode == 0, done.stderr
    made = {path.name for path in (tmp_path / "demo").iterdir()}
    assert made == {"orders.xlsx", "orders.regulars.xlsx", "orders.regulars.pptx", "orders.regulars.json"}


def test_the_version_is_the_same_everywhere(unpacked: Path, tmp_path: Path) -> None:
    said = _run(unpacked, tmp_path, "-m", "regulars", "--version")
    assert said.stdout == f"regulars {PROJECT['version']}\n"
