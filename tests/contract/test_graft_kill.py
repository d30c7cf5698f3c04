"""A save that is killed leaves the old workbook or the new one, and nothing that passes for a result."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from regulars.render.graft import taken_names
from regulars.story.sheet_spec import WorkbookSpec

SAVE = """
import pickle, sys
from pathlib import Path
from regulars.base.units import Currency
from regulars.render.into import open_host, put_into
import fastexcel, openpyxl
spec, host, backup = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "backup"
spec = pickle.loads(spec.read_bytes())
print("begins", flush=True)
put_into(spec, open_host(host), Currency(), backup=backup)
print("ends", flush=True)
"""


def saving(spec: Path, host: Path, *, backup: bool) -> subprocess.Popen[str]:
    """Start to put a result into a workbook, in a process of its own, and return once it is under way."""
    command = [sys.executable, "-c", SAVE, str(spec), str(host), "backup" if backup else "plain"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    return process


def kill_saves(folder: Path, spec: Path, times: int) -> None:
    host = folder / "host.xlsx"
    book = xlsxwriter.Workbook(str(host))
    book.add_worksheet("Data").write_column("A1", range(20_000))
    book.close()
    old = host.read_bytes()
    began = time.perf_counter()
    process = saving(spec, host, backup=False)
    assert process.communicate(timeout=120)[0] == "ends\n"
    lasts = max(time.perf_counter() - began, 0.01)
    new = host.read_bytes()
    assert new != old

    dice = random.Random(7)  # noqa: S311  no secret
    cut_short = 0
    for number in range(times):
        host.write_bytes(old)
        process = saving(spec, host, backup=number % 2 == 0)
        time.sleep(dice.uniform(0, lasts / 2))
        process.kill()
        process.communicate(timeout=120)
        found = host.read_bytes()
        assert found in (old, new)
        cut_short += found == old
        for path in folder.iterdir():
            if path.name == "host.backup.xlsx":
                assert path.read_bytes() == old
            elif path not in (host, spec):
                assert path.name.startswith((".host-", ".host.backup-")), path
            if path not in (host, spec):
                path.unlink()
    assert cut_short, "no save was killed before its end"
    with zipfile.ZipFile(host) as archive:
        assert archive.testzip() is None
    assert taken_names(host).sheets[0] == "Data"


@pytest.fixture
def spec(sample_workbook: WorkbookSpec, tmp_path: Path) -> Path:
    path = tmp_path / "spec.pickle"
    path.write_bytes(pickle.dumps(sample_workbook))
    return path


def test_twenty_killed_saves_leave_the_old_workbook_or_the_new_one(spec: Path, tmp_path: Path) -> None:
    kill_saves(tmp_path, spec, 20)


@pytest.mark.slow
def test_five_hundred_killed_saves_leave_the_old_workbook_or_the_new_one(spec: Path, tmp_path: Path) -> None:
    kill_saves(tmp_path, spec, 500)
