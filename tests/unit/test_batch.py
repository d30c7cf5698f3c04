"""Many workbooks, each with its own fate."""

from __future__ import annotations

import csv
import importlib
import shutil
from pathlib import Path

import pytest

from regulars import cli
from regulars.base.errors import InputError, OutputError
from regulars.base.settings import Settings
from regulars.batch import backups, find_inputs, jobs_for, matching, refuse_foreign_results, run_batch
from regulars.job import Job

DATA = Path(__file__).parents[1] / "data"

KILLER = """
import os
from regulars.batch import DONE, Fate

def work(job):
    if job.inputs[0].name == "killer.xlsx":
        os._exit(9)  # as a crash of a library would
    return Fate(str(job.inputs[0]), DONE)
"""


def shape() -> Job:
    return Job((), Path(), Settings())


def test_two_workbooks_of_one_name_do_not_collide(tmp_path: Path) -> None:
    for folder in ("north", "south"):
        (tmp_path / "inbox" / folder).mkdir(parents=True)
        (tmp_path / "inbox" / folder / "orders.xlsx").touch()
    (tmp_path / "inbox" / "south" / "orders.csv").touch()
    out = tmp_path / "out"
    inputs, base = find_inputs([str(tmp_path / "inbox" / "**" / "*")], out)
    jobs = jobs_for(inputs, base, out, shape(), deck=True)
    places = [job.workbook.relative_to(out).as_posix() for job in jobs]
    assert places == [
        "north/orders.regulars.xlsx",
        "south/orders.csv.regulars.xlsx",
        "south/orders.xlsx.regulars.xlsx",
    ]
    assert [job.deck for job in jobs] == [job.workbook.with_suffix(".pptx") for job in jobs]


def test_copies_that_were_kept_are_no_inputs_while_what_they_were_copied_from_lies_beside(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.backup.xlsx", "a.backup-2.xlsx", "b.backup.xlsx", "c.backups.xlsx", "c.xlsx"):
        (tmp_path / name).touch()
    inputs, _ = find_inputs([str(tmp_path / "*.xlsx")], tmp_path / "out")
    assert [path.name for path in inputs] == ["a.xlsx", "b.backup.xlsx", "c.backups.xlsx", "c.xlsx"]
    assert [path.name for path in backups(matching([str(tmp_path / "*.xlsx")]))] == ["a.backup-2.xlsx", "a.backup.xlsx"]


def test_our_own_results_and_lock_files_are_no_inputs(tmp_path: Path) -> None:
    for name in ("orders.xlsx", "orders.regulars.xlsx", "~$orders.xlsx", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old.xlsx").touch()
    inputs, _ = find_inputs([str(tmp_path / "**" / "*")], tmp_path / "out")
    assert [path.name for path in inputs] == ["orders.xlsx"]


def test_a_pattern_that_matches_nothing_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no workbook matches"):
        find_inputs([str(tmp_path / "*.xlsx")], tmp_path / "out")


def test_a_folder_is_answered_with_the_pattern_for_it(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    with pytest.raises(InputError, match=r"inbox' is a folder, and a batch takes patterns of files.*inbox/\*\.xlsx'"):
        find_inputs([str(tmp_path / "inbox")], tmp_path / "out")


def test_a_job_that_kills_its_process_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "killer_work.py").write_text(KILLER, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    work = importlib.import_module("killer_work").work
    names = ["a.xlsx", "killer.xlsx", "b.xlsx", "c.xlsx", "d.xlsx"]
    jobs = [Job((Path(name),), Path("out") / name, Settings()) for name in names]
    fates = run_batch(jobs, workers=2, work=work)
    assert [fate.input for fate in fates] == names
    assert [fate.status for fate in fates] == ["done", "failed", "done", "done", "done"]
    assert "died" in fates[1].reason


def test_one_bad_workbook_stops_no_other_and_the_exit_code_is_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copy(DATA / "messy_orders.xlsx", inbox / "good.xlsx")
    (inbox / "bad.csv").write_text("colour,shape\nred,round\n", encoding="utf-8")
    with pytest.raises(SystemExit) as leaving:
        cli.main(["batch", str(inbox / "*"), "--out", str(tmp_path / "out"), "--jobs", "2"])
    assert leaving.value.code == 4
    assert "1 of 2 workbooks done, 1 failed" in capsys.readouterr().out
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {Path(row["input"]).name: row for row in csv.DictReader(file)}
    assert rows["bad.csv"]["status"] == "failed"
    assert "no column for the customer" in rows["bad.csv"]["reason"]
    assert rows["bad.csv"]["remedy"]
    assert (rows["good.xlsx"]["status"], rows["good.xlsx"]["customers"]) == ("done", "150")
    assert Path(rows["good.xlsx"]["workbook"]).exists()


def test_a_stranger_learns_from_what_is_printed_and_from_results_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("north", "south"):
        Path("inbox", folder).mkdir(parents=True)
        shutil.copy(DATA / "messy_orders.xlsx", Path("inbox", folder, "orders.xlsx"))
    Path("inbox/letter.xlsx").write_text("Dear Ann,\nthe orders come tomorrow.\n", encoding="utf-8")
    Path("inbox/kinds.csv").write_text("colour,shape\nred,round\n", encoding="utf-8")
    lines = [f"C{n % 9},2010-{1 + n % 12:02}-11,{n}" for n in range(1, 40)]
    Path("inbox/slip.csv").write_text("\n".join(["client,date,total", *lines, "C1,2099-01-01,5"]), encoding="utf-8")
    with pytest.raises(SystemExit):
        cli.main(["batch", "inbox/**/*", "--out", "out", "--jobs", "2"])
    said = capsys.readouterr()
    assert "failed: inbox/letter.xlsx: 'letter.xlsx' is a text file with the name of a workbook" in said.err
    assert "note: inbox/slip.csv: the last order day, 2099-01-01" in said.err
    assert "A batch takes options such as --map from the file of --settings" in said.err
    with Path("out/results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["input"]: row for row in csv.DictReader(file)}
    assert rows["inbox/north/orders.xlsx"]["workbook"] == "out/north/orders.regulars.xlsx"
    assert rows["inbox/south/orders.xlsx"]["workbook"] == "out/south/orders.regulars.xlsx"
    assert "--until 2010-12-11" in rows["inbox/slip.csv"]["notes"]


def test_results_of_an_earlier_version_with_fewer_columns_are_ours(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text("input,status,reason,remedy,customers\n", encoding="utf-8-sig")
    refuse_foreign_results(path)
    path.write_text("input,colour\n", encoding="utf-8-sig")
    with pytest.raises(OutputError):
        refuse_foreign_results(path)
