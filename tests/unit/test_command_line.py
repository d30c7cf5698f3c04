"""The command line as its users meet it: outputs, exit codes, one-line reasons with a remedy."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from regulars import cli

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    return Path(shutil.copy(DATA / "messy_orders.xlsx", tmp_path / "orders.xlsx"))


def left(*arguments: str | Path) -> int:
    """Run the command line in this process and return its exit code."""
    with pytest.raises(SystemExit) as leaving:
        cli.main([str(argument) for argument in arguments])
    return int(leaving.value.code or 0)


def test_analyze_writes_a_workbook_beside_the_orders_and_says_where(
    orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = orders.read_bytes()
    assert left("analyze", orders) == 0
    assert capsys.readouterr().out.splitlines() == [str(orders.with_name("orders.regulars.xlsx"))]
    assert orders.read_bytes() == before


def test_deck_takes_a_value_only_when_it_ends_in_pptx(orders: Path) -> None:
    assert left("analyze", "--deck", orders) == 0
    assert orders.with_name("orders.regulars.pptx").exists()
    assert left("analyze", orders, "--deck", orders.with_name("board.pptx")) == 0
    assert orders.with_name("board.pptx").exists()


def test_another_kind_of_presentation_is_no_place_for_a_deck(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert left("analyze", orders, "--deck", "board.ppt") == 1
    said = capsys.readouterr().err
    assert "the deck 'board.ppt' does not end in .pptx" in said
    assert "give --deck a name such as board.pptx" in said


@pytest.mark.parametrize(("option", "name"), [("--deck", "x.pptx"), ("--json", "x.json"), ("--out", "x.xlsx")])
def test_the_remedy_for_a_file_of_others_names_the_option_it_was_given_with(
    orders: Path, capsys: pytest.CaptureFixture[str], option: str, name: str
) -> None:
    other = orders.with_name(name)
    other.write_text('{"of": "others"}', encoding="utf-8")
    assert left("analyze", orders, option, other) == 1
    assert f"choose another place with {option}, or replace it with --force" in capsys.readouterr().err


@pytest.mark.usefixtures("computed_afresh")
def test_the_same_run_twice_gives_the_same_bytes(orders: Path) -> None:
    written = [orders.with_name(name) for name in ("orders.regulars.xlsx", "orders.regulars.pptx", "facts.json")]
    call = ("analyze", orders, "--deck", "--json", written[2], "--sheets", "full")
    assert left(*call) == 0
    first = [path.read_bytes() for path in written]
    assert left(*call) == 0
    assert [path.read_bytes() for path in written] == first


def test_json_holds_schema_currency_and_facts(orders: Path) -> None:
    path = orders.with_name("facts.json")
    assert left("analyze", orders, "--json", path) == 0
    document = json.loads(path.read_text(encoding="utf-8"))
    assert (document["schema"], document["currency"]) == (1, "GBP")
    assert document["facts"]["customers.count"]["value"] == 150
    assert set(document["facts"]["customers.count"]) == {"value", "unit", "how"}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["missing.xlsx"], 1, "there is no file 'missing.xlsx'"),
        (["orders.xlsx", "--map", "customer=Klient"], 1, "no sheet has a column 'Klient'"),
        (["orders.xlsx", "--map", "customer"], 2, "is not FIELD=HEADER"),
        (["orders.xlsx", "--scheme", "rfm12"], 2, "there is no scheme 'rfm12'"),
        (["orders.xlsx", "--margin", "40"], 2, "is not a share of revenue"),
        (["orders.xlsx", "--since", "31.12.2010"], 2, "is not a date such as"),
        (["orders.xlsx", "--out", "orders.xlsx"], 1, "is one of the inputs"),
        (["orders.xlsx", "--out", "result.csv"], 1, "does not end in .xlsx"),
        (["orders.xlsx", "--template", "client.pptx"], 2, "a template needs --deck"),
        (["orders.xlsx", "--returns", "burn"], 2, "use one of 'net', 'drop', 'keep'"),
        (["orders.xlsx", "--settings", "none.toml"], 2, "there is no settings file"),
        (["orders.xlsx", "--since", "2020-01-01"], 1, "To do:"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_with_its_exit_code(
    arguments: list[str],
    code: int,
    says: str,
    orders: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(orders.parent)
    assert left("analyze", *arguments) == code
    said = capsys.readouterr()
    assert says in said.err
    assert "Traceback" not in said.err
    assert [path.name for path in orders.parent.iterdir()] == ["orders.xlsx"]


def test_a_file_that_is_not_ours_is_replaced_only_by_force(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = orders.with_name("orders.regulars.xlsx")
    result.write_text("my own notes", encoding="utf-8")
    assert left("analyze", orders) == 1
    assert "was not made by regulars" in capsys.readouterr().err
    assert result.read_text(encoding="utf-8") == "my own notes"
    assert left("analyze", orders, "--force") == 0
    assert left("analyze", orders) == 0


def test_an_option_beats_the_settings_file_which_beats_the_default(orders: Path) -> None:
    file = orders.with_name("shop.toml")
    file.write_text('margin = 0.25\nsheets = "full"\n', encoding="utf-8")
    path = orders.with_name("facts.json")
    assert left("analyze", orders, "--settings", file, "--json", path) == 0
    assert json.loads(path.read_text(encoding="utf-8"))["facts"]["impact.margin"]["value"] == 0.25
    assert left("analyze", orders, "--settings", file, "--margin", "0.5", "--json", path) == 0
    assert json.loads(path.read_text(encoding="utf-8"))["facts"]["impact.margin"]["value"] == 0.5


def test_an_unknown_setting_names_the_nearest(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = orders.with_name("shop.toml")
    file.write_text("margn = 0.25\n", encoding="utf-8")
    assert left("analyze", orders, "--settings", file) == 2
    assert "write 'margin'" in capsys.readouterr().err


def test_a_setting_that_is_written_twice_is_refused(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = orders.with_name("shop.toml")
    settings.write_text("horizon-months = 6\nhorizon_months = 9\n", encoding="utf-8")
    assert left("analyze", orders, "--settings", settings) == 2
    assert "'horizon-months', 'horizon_months' in" in capsys.readouterr().err


def test_a_defect_of_ours_leaves_a_log_and_no_traceback(
    orders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("regulars.result.analyse", broken)
    assert left("analyze", orders) == 3
    said = capsys.readouterr().err
    assert "Traceback" not in said
    log = Path(said.split("'")[1])
    assert "planted" in log.read_text(encoding="utf-8")
    log.unlink()


def test_sample_and_demo_work_in_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert left("sample", "orders.xlsx") == 0
    assert left("sample", "orders.xlsx") == 0
    (tmp_path / "mine.xlsx").write_text("mine", encoding="utf-8")
    assert left("sample", "mine.xlsx") == 1
    capsys.readouterr()
    assert left("demo", "--out", "results") == 0
    names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
    assert names[:3] == ["orders.regulars.xlsx", "orders.regulars.pptx", "orders.regulars.json"]


def test_version_and_help_import_nothing_heavy() -> None:
    heavy = {"pandas", "numpy", "duckdb", "scipy", "sklearn", "pptx", "openpyxl", "xlsxwriter", "lifetimes", "pyarrow"}
    program = (
        "import sys\nfrom regulars import cli\n"
        "try:\n    cli.main(['analyze', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"
