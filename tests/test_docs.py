"""The documents are run: commands, pictures, links, options, keys, and every list that the code also has."""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import pandas as pd
import pytest
from PIL import Image
from pptx import Presentation
from typer.main import get_command

from regulars.base.facts import Facts
from regulars.base.settings import Settings
from regulars.base.units import Kind
from regulars.batch import Fate
from regulars.cli import BAD_INPUT, DEFECT, SOME_FAILED, WRITTEN_BESIDE, WRONG_USAGE, app, main
from regulars.clv import estimate
from regulars.orders.gate import Format
from regulars.orders.model import Reason
from regulars.segments.scheme import shipped_scheme
from regulars.story.texts import entries

ROOT = Path(__file__).parent.parent
RUN = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES = [*RUN, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
# What is not run: installing changes the machine, make is checked against the Makefile's targets.
# The button and the live run need Excel, or a LibreOffice that runs: docs/smoke-test.md has them tried by hand.
NOT_RUN = (
    "make ",
    "uv tool install ",
    "pipx install ",
    "winget install ",
    "brew install ",
    "powershell ",
    "sh install.sh",
    "regulars addin ",
    "regulars live",
)
EACH = 2
SALES = "Who,When,Worth\n" + "".join(f"A{n % 7},2025-{1 + n // 9:02}-{1 + n % 27:02},{n}.50\n" for n in range(1, 60))


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    kind: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for kind, text in re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        yield Block(page.name, kind, text)


def prose(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def commands(group: Any) -> Iterator[Any]:
    """Give every command of the program, those of its groups included."""
    for one in group.commands.values():
        yield from commands(one) if hasattr(one, "commands") else (one,)


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(  # noqa: S602  the commands are those of our own pages
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def program(command: str, folder: Path) -> tuple[int, str]:
    """Run a command of the program in this process, and return its exit code and what it printed."""
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main(shlex.split(command)[1:])
        except SystemExit as leaving:
            return int(leaving.code or 0), said.getvalue()
    raise AssertionError(f"{command}: the program did not leave")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory, few: Path) -> Callable[[str], Path]:
    """Return a folder with what the pages suppose: orders, a hand-kept list, a client's template, an inbox."""

    def furnish(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name)
        for place in ("orders.xlsx", "inbox/orders.xlsx", "inbox/north/orders.xlsx"):
            if place == "orders.xlsx" and name == "README":
                continue  # it writes the sample itself
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(few, folder / place)
        (folder / "sales.csv").write_text(SALES, encoding="utf-8")
        Presentation().save(str(folder / "client.pptx"))
        openpyxl.Workbook().save(folder / "brand.xlsx")
        return folder

    return furnish


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    done = shell("regulars sample orders.xlsx", folder)
    assert done.returncode == 0, done.stderr
    return folder / "orders.xlsx"


@pytest.fixture(scope="module")
def few(sample: Path) -> Path:
    """The sheets of the sample with every second customer: the pages run thirty commands on them."""
    place = sample.with_name("few.xlsx")
    read = fastexcel.read_excel(sample)
    with pd.ExcelWriter(place, engine="xlsxwriter") as book:
        for name in read.sheet_names:
            lines = read.load_sheet(name).to_pandas()
            lines[lines["Customer ID"] % EACH == 0].to_excel(book, sheet_name=name, index=False)
    return place


@pytest.fixture(scope="module")
def finished(furnished: Callable[[str], Path]) -> dict[str, Path]:
    """Run every page once, each in a folder of its own, and return the folders."""
    folders = {}
    for page in RUN:
        folders[page.name] = furnished(page.stem)
        for block in blocks(page):
            follow(block, folders[page.name])
    return folders


def follow(block: Block, folder: Path) -> None:
    if block.kind == "toml":
        name = block.text.splitlines()[0].removeprefix("# ")
        assert name.endswith(".toml"), f"{block.page}: the first line of a toml block names its file"
        (folder / name).write_text(block.text, encoding="utf-8")
    elif block.kind == "sh":
        for command in block.text.splitlines():
            if not command.startswith(NOT_RUN):
                assert command.startswith("regulars "), f"{block.page}: {command}"
                code, said = program(command, folder)
                assert code == 0, f"{block.page}: {command}\n{said}"
    elif block.kind == "console":
        command, _, shown = block.text.removeprefix("$ ").partition("\n")
        done = shell(command, folder)
        assert done.stdout + done.stderr == shown, f"{block.page}: {command}"


def test_every_command_of_the_pages_does_what_they_say(finished: dict[str, Path]) -> None:
    assert (finished["README.md"] / "facts.json").is_file()
    assert (finished["README.md"] / "orders.regulars.pptx").is_file()
    assert (finished["owner.md"] / "sales.regulars.xlsx").is_file()
    assert (finished["owner.md"] / "orders.backup.xlsx").is_file()
    consultant = finished["consultant.md"]
    assert "Financial impact" in openpyxl.load_workbook(consultant / "brand.xlsx", read_only=True).sheetnames
    assert (consultant / "brand.pptx").is_file()
    assert all((consultant / name).is_file() for name in ("orders.regulars.pptx", "report.xlsx", "story.pptx"))
    results = finished["batch.md"] / "results"
    assert (results / "north" / "orders.regulars.pptx").is_file()
    assert (results / "results.csv").read_text(encoding="utf-8-sig").count(",done,") == 2


def test_the_owner_finds_every_sheet_of_the_full_set_explained(finished: dict[str, Path]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl does not know every extension
        book = openpyxl.load_workbook(finished["consultant.md"] / "orders.regulars.xlsx", read_only=True)
    explained = re.findall(r"^\| ([A-Z][^|]+) \| ", prose(ROOT / "docs/owner.md"), re.MULTILINE)
    assert set(book.sheetnames) == set(explained) - {"Sheet"}
    book.close()


def test_the_python_program_of_the_methods_runs() -> None:
    (program,) = (block.text for block in blocks(ROOT / "docs/methods.md") if block.kind == "python")
    names: dict[str, Any] = {}
    exec(program, names)  # noqa: S102  our own page
    assert len(names["ahead"]) == len(names["customers"]) == 3
    assert (names["ahead"] > 0).all()


def test_the_consultant_finds_every_key_in_the_facts(finished: dict[str, Path]) -> None:
    facts = (finished["consultant.md"] / "facts.json").read_text(encoding="utf-8")
    families = {key.partition(".")[0] for key in re.findall(r'^  "([\w.]+)": \{', facts, re.MULTILINE)}
    assert "customers" in families
    for page in (ROOT / "docs/consultant.md", ROOT / "docs/methods.md"):
        named = re.findall(r"`(\w+(?:\.\w+)+)`", prose(page))
        keys = [key for key in named if key.partition(".")[0] in families and not key.endswith((".xlsx", ".pptx"))]
        assert keys
        for key in keys:
            assert f'"{key}": {{' in facts, f"{page.name}: {key}"


def test_the_json_example_has_the_shape_of_the_contract() -> None:
    (example,) = (block.text for block in blocks(ROOT / "docs/consultant.md") if block.kind == "json")
    shape = Facts([]).as_json()
    assert re.findall(r'"(schema|currency|facts)":', example) == re.findall(r'^ "(\w+)":', shape, re.MULTILINE)
    assert f'"unit": "{Kind.COUNT}"' in example


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_make_target_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", prose(page), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith("https://"):
            continue
        name, _, heading = target.partition("#")
        place = page.parent / name if name else page
        assert place.is_file(), f"{page.name}: {target}"
        if heading:
            slugs = {
                re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-")
                for line in re.findall(r"^#+ (.+)$", prose(place), re.MULTILINE)
            }
            assert heading in slugs, f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_an_option_that_a_page_names_exists(page: Path) -> None:
    whole: Any = get_command(app)
    known = {name for one in (whole, *commands(whole)) for part in one.params for name in part.opts}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", prose(page)))
    assert named <= known | {"--help", "--version"}


def test_every_option_is_named_on_some_page() -> None:
    known = {name for one in commands(get_command(app)) for part in one.params for name in part.opts if "--" in name}
    pages = "".join(prose(page) for page in RUN)
    assert {option for option in known if option not in pages} == set()


def test_a_picture_is_small_and_shown_with_words() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", prose(ROOT / "README.md"))
    pictures = {path for _, path in shown}
    assert pictures == {"docs/pictures/summary.png", "docs/pictures/slide.png"}
    for words, path in shown:
        assert len(words.split()) > 3
        assert (ROOT / path).stat().st_size < 250_000
        with Image.open(ROOT / path) as picture:
            assert picture.width > 700


def test_the_settings_page_is_what_the_code_says() -> None:
    written = runpy.run_path(str(ROOT / "docs/make_settings.py"))["page"]()
    assert prose(ROOT / "docs/settings.md") == written, "run: python docs/make_settings.py"


def test_every_reason_stands_with_its_meaning_and_in_its_order() -> None:
    meanings = entries("reason")
    rows = [f"| `{reason}` | {meanings[reason]} |" for reason in Reason]
    assert "\n".join(rows) in prose(ROOT / "docs/methods.md")


def test_every_segment_stands_with_its_role_and_rule() -> None:
    rows = [f"| {one.name} | {one.role} | {one.meaning} |" for one in shipped_scheme("rfm11").definitions]
    assert "\n".join(rows) in prose(ROOT / "docs/methods.md")


def test_the_thresholds_of_the_lifetime_model_are_those_of_the_code() -> None:
    withheld = prose(ROOT / "docs/methods.md").partition("**Withheld**")[2].partition("\n## ")[0]
    assert f"fewer than {estimate.FEWEST_REPEATERS} customers" in withheld
    assert f"below {estimate.INDICATIVE_BELOW} " in withheld
    assert f"fewer than {estimate.FEWEST_SPENDERS} repeat" in withheld
    assert f"more than {estimate.MISSED * 100:.0f} %" in withheld


def test_the_readme_names_the_engine_that_fits_the_lifetime_model() -> None:
    (engine,) = (one for one in fields(Settings) if one.name == "clv_engine")
    said = "Lifetime value runs on an engine of our own" in prose(ROOT / "README.md")
    assert said == (engine.default == "own"), "README.md, the second deviation, says which engine is the default"
    assert "`--clv-engine lifetimes`" in prose(ROOT / "README.md")
    assert "lifetimes" in engine.metadata["choices"]


def test_the_batch_page_lists_the_columns_of_the_results() -> None:
    listed = re.findall(r"^\| `(\w+)` \| ", prose(ROOT / "docs/batch.md"), re.MULTILINE)
    assert listed == [one.name for one in fields(Fate)]


def test_the_readme_lists_the_exit_codes() -> None:
    listed = re.findall(r"^\| (\d) \| ", prose(ROOT / "README.md"), re.MULTILINE)
    assert [int(code) for code in listed] == sorted([0, BAD_INPUT, WRONG_USAGE, DEFECT, SOME_FAILED, WRITTEN_BESIDE])


def test_the_owner_reads_which_files_can_be_read() -> None:
    page = prose(ROOT / "docs/owner.md")
    assert all(f"`.{form}`" in page for form in Format if form is not Format.TEXT)
    assert "`.csv`" in page


def test_the_attribution_of_the_sample_stands_where_it_is_shown() -> None:
    for name in ("README.md", "NOTICE"):
        said = prose(ROOT / name)
        assert "Chen, D. (2019)" in said
        assert "https://doi.org/10.24432/C5CG6D" in said
        assert "CC BY 4.0" in said


@pytest.mark.parametrize("name", ["cdnow_LICENSE.txt", "superstore_LICENSE.txt"])
def test_the_notice_keeps_the_licences_of_the_data(name: str) -> None:
    licence = " ".join((ROOT / "tests/data" / name).read_text(encoding="utf-8").split())
    assert licence in " ".join(prose(ROOT / "NOTICE").split())


@pytest.mark.parametrize("page", [*PAGES, ROOT / "NOTICE"], ids=lambda page: page.name)
def test_no_page_names_a_folder_of_somebodys_machine(page: Path) -> None:
    assert re.findall(r"(?<![\w.])/(?:home|work|tmp|root|Users)/", prose(page)) == []
