"""Outlines of the report: what they may name, what is said of a wrong one, and where reports may go."""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from regulars.base.errors import SettingsError
from regulars.base.outline_ids import DEFAULT_OUTLINE, OUTLINES
from regulars.cli import BAD_INPUT, WRONG_USAGE, main
from regulars.story.outlines import known_names, read_outline
from regulars.story.outlines.names import facts_in

ROOT = Path(__file__).parents[2]
HEAD = 'id = "own"\ntitle = "Our own report"\n\n'
# The errors of the published reports by number, as tests/data/report_outlines.toml numbers the reports.
ERRORS = {"growth": 29, "lifecycle": 8, "forecast": 12, "behaviour": 3, "clusters": 4}
SHOP = "Customer,Date,Order,Amount\n" + "".join(
    f"c{n % 17},2024-{1 + n % 12:02}-{1 + n % 28:02},o{n},{5 + n % 40}.25\n" for n in range(120)
)


@pytest.mark.parametrize("name", OUTLINES)
def test_every_shipped_outline_can_be_read(name: str) -> None:
    assert read_outline(name).id == name
    assert len(read_outline(name).blocks) > 5


@pytest.mark.parametrize("name", ERRORS)
def test_an_outline_says_which_error_of_the_published_report_is_put_right(name: str) -> None:
    report = tomllib.loads((ROOT / "tests/data/report_outlines.toml").read_text(encoding="utf-8"))[name]["report"]
    notes = [note for block in read_outline(name).blocks for note in block.put_right]
    assert all(re.fullmatch(r"S\d-\d+: [^.]+", note) for note in notes)
    assert {note.partition(":")[0] for note in notes} == {f"{report}-{n}" for n in range(1, ERRORS[name] + 1)}


@pytest.mark.parametrize(
    ("text", "line", "what", "remedy"),
    [
        ('[[block]]\ntable = "Segments/led"', 5, "no table 'Segments/led'", "write 'Segments/lead'"),
        ('[[block]]\ntext = "plan.totl"', 5, "no text 'plan.totl'", "write 'plan.total'"),
        ('[[block]]\nheading = "x"\nsay = "{revenue.totl}"', 6, "no fact 'revenue.totl'", "write 'revenue.total'"),
        ('[[block]]\nheading = "{customer.count}"', 5, "no fact 'customer.count'", "write 'customers.count'"),
        (
            '[[block]]\nheading = "x"\n[[block]]\ntable = "Segments/lead"\ncolumns = ["segment", "revenu"]', 8,
            "the table 'Segments/lead' has no column 'revenu'", "write 'revenue'",
        ),
        ('[[block]]\nchart = "Segments/rules"', 5, "no chart 'Segments/rules'", "Segments/lead"),
        ('[[block]]\ntold = "finding"', 5, "no finding 'finding'", "write 'findings'"),
        ('[[block]]\neach = "segment"\nparts = ["whys"]', 6, "no part of each segment 'whys'", "write 'why'"),
        ('[[block]]\nwords = "Trend"', 5, "no sheet 'Trend'", "write 'Trends'"),
        ('[[block]]\ncannot = ["chanel"]', 5, "no text of what orders cannot tell 'chanel'", "write 'channel'"),
        ('[[block]]\nheadin = "x"', 5, "'headin' is no field", "write 'heading'"),
        ('[[block]]\nheading = "x"\nlevel = 7', 6, "level = 7", "consultant.md"),
        ('[[block]]\ntext = "plan.total"\ntable = "Segments/lead"', 6, "may hold one", "consultant.md"),
        ('[[block]]\ntable = "Segments/lead"\nmost = 0', 6, "most = 0", "consultant.md"),
        ("[[block]]\nlevel = 3", 4, "neither a heading", "consultant.md"),
    ],
)  # fmt: skip
def test_what_an_outline_may_not_say_is_named_with_its_line(
    text: str, line: int, what: str, remedy: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read_outline(str(path))
    assert f"line {line}" in error.value.what
    assert what in error.value.what or "field" in error.value.what
    assert remedy in error.value.remedy


@pytest.mark.parametrize(
    ("name", "what", "remedy"),
    [
        ("exectuive", "no outline 'exectuive'", "write 'executive'"),
        ("zzz", "no outline 'zzz'", "executive"),
        ("nowhere.toml", "no outline 'nowhere.toml'", "check the path"),
    ],
)
def test_an_outline_that_is_not_there_names_the_nearest(name: str, what: str, remedy: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_outline(name)
    assert what in error.value.what
    assert remedy in error.value.remedy


def test_an_outline_may_name_whatever_a_full_run_has(superstore: Any, cdnow_followed: Any) -> None:
    names = runpy.run_path(str(ROOT / "docs/make_report_names.py"))["names"]
    runs = [(one.analysis, one.facts) for one in (superstore, cdnow_followed)]
    tables, charts, facts = names(runs)
    known, again = known_names(), "run: python docs/make_report_names.py"
    assert not {place: set(columns) - set(known.tables.get(place, ())) for place, columns in tables.items()
                if set(columns) - set(known.tables.get(place, ()))}, again  # fmt: skip
    assert charts <= known.charts, again
    assert not [key for key in facts if not known.fact_is_known(key)], again


@pytest.mark.slow
def test_the_file_of_names_is_what_full_runs_have() -> None:
    written = runpy.run_path(str(ROOT / "docs/make_report_names.py"))["page"]()
    page = (ROOT / "core/regulars/story/report_names.toml").read_text(encoding="utf-8")
    assert page == written, "run: python docs/make_report_names.py"


def test_every_text_of_the_report_is_used_and_its_facts_exist() -> None:
    story = ROOT / "core/regulars/story"
    used = "\n".join(path.read_text(encoding="utf-8") for path in (story / "outlines").glob("*.toml"))
    code = "\n".join((story / name).read_text(encoding="utf-8") for name in ("report.py", "report_told.py"))
    own = tomllib.loads((story / "texts/report.en.toml").read_text(encoding="utf-8"))
    keys = [f"{part}.{key}" for part in own if part not in ("each", "footer", "more_rows") for key in own[part]]
    assert [key for key in keys if f'"{key}"' not in used] == []
    assert [f"{one}.{key}" for one in own["each"] for key in own["each"][one] if f'"{key}"' not in code
            and f"{one}.{key}" not in code] == []  # fmt: skip
    names = known_names()
    for key in keys:
        unknown = [fact for fact in facts_in(names.texts[key]) if not names.fact_is_known(fact)]
        assert not unknown, (key, unknown)


def leave(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    return int(str(leaving.value.code))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(SHOP, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--report", "{}/report.pdf"), BAD_INPUT, "does not end in .md or .html"),
        (("--report", "{}/report"), BAD_INPUT, "give it a name such as report.html"),
        (("--report", "{}/a.md", "--outline", "excutive"), WRONG_USAGE, "write 'executive'"),
        (("--outline", "growth"), WRONG_USAGE, "an outline needs --report"),
        (("--report", "{}/a.md", "--report", "{}/a.md"), BAD_INPUT, "two outputs would be written"),
        (("--report", "{}/foreign.md"), BAD_INPUT, "choose another place with --report"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_is(
    options: tuple[str, ...], code: int, said: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = shop.with_name("foreign.md")
    foreign.write_text("# Ours\n", encoding="utf-8")
    assert leave("analyze", str(shop), *(one.format(shop.parent) for one in options)) == code
    assert said in " ".join(re.sub(r"[│╭╮╰╯─]", " ", capsys.readouterr().err).split())
    assert foreign.read_text(encoding="utf-8") == "# Ours\n"
    assert not shop.with_name("orders.regulars.xlsx").exists()


def test_the_command_line_writes_reports_by_an_outline_of_ones_own(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = shop.with_name("own.toml")
    own.write_text(
        f'{HEAD}[[block]]\nheading = "All"\nsay = "{{customers.count}} of them"\n[[block]]\nheading = "None"\n'
        'say = "{impact.dip.gap}"\n[[block]]\nheading = "Table"\ntable = "Segments/lead"\ncolumns = ["segment", "customers"]\n',
        encoding="utf-8",
    )
    place = shop.with_name("report.md")
    assert leave("analyze", str(shop), "--report", str(place), "--outline", str(own)) == 0
    text = place.read_text(encoding="utf-8")
    assert "## All\n\n17 of them" in text
    assert "## None" not in text, "a heading with nothing under it is left out"
    assert "| Segment | Customers |" in text
    assert str(place) in capsys.readouterr().out
    page = shop.with_name("again.html")
    assert leave("report", str(shop.with_name("orders.regulars.xlsx")), "--outline", str(own), "--out", str(page)) == 0
    assert "17 of them" in page.read_text(encoding="utf-8")


def test_the_default_outline_asks_for_no_scheme_and_others_do() -> None:
    asked: Callable[[str], str | None] = lambda name: read_outline(name).scheme  # noqa: E731
    assert asked(DEFAULT_OUTLINE) is None
    assert all(asked(name) for name in OUTLINES if name != DEFAULT_OUTLINE)
