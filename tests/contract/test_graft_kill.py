"""A save that is killed leaves the old workbook or the new one, and nothing that passes for a result."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from regulars.base.units import Currency
from regulars.render.graft import graft, taken_names
from regulars.render.workbook import write_workbook
from regulars.story.sheet_spec import WorkbookSpec

SAVE = """
import sys
from pathlib import Path
from regulars.base.files import moved_into_place
from regulars.render.graft import graft
import fastexcel, openpyxl
donor, host = map(Path, sys.argv[1:])
print("begins", flush=True)
with moved_into_place(host) as temporary:
    graft(donor, host, temporary)
print("ends", flush=True)
"""


def saving(donor: Path, host: Path) -> subprocess.Popen[str]:
    """Start a save in a process of its own, and return once it is under way."""
    process = subprocess.Popen([sys.executable, "-c", SAVE, str(donor), str(host)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begins\n"
    return process


def kill_saves(folder: Path, donor: Path, times: int) -> None:
    host = folder / "host.xlsx"
    book = xlsxwriter.Workbook(str(host))
    book.add_worksheet("Data").write_column("A1", range(20_000))
    book.close()
    old = host.read_bytes()
    graft(donor, host, folder / "new.xlsx")
    new = (folder / "new.xlsx").read_bytes()
    (folder / "new.xlsx").unlink()

    start = time.perf_counter()
    process = saving(donor, host)
    began = time.perf_counter()
    assert process.communicate(timeout=120)[0] == "ends\n"
    lasts = max(time.perf_counter() - began, 0.01)
    assert host.read_bytes() == new, f"a save in peace, {began - start:.1f} s after its start"

    dice = random.Random(7)  # noqa: S311  no secret
    cut_short = 0
    for _ in range(times):
        host.write_bytes(old)
        process = saving(donor, host)
        time.sleep(dice.uniform(0, lasts))
        process.kill()
        process.communicate(timeout=120)
        found = host.read_bytes()
        assert found in (old, new)
        cut_short += found == old
        beside = [path for path in folder.iterdir() if path not in (host, donor)]
        assert all(path.name.startswith(".host-") for path in beside), beside
        for path in beside:
            path.unlink()
    assert cut_short, "no save was killed before its end"
    with zipfile.ZipFile(host) as archive:
        assert archive.testzip() is None
    assert taken_names(host).sheets[0] == "Data"


@pytest.fixture
def donor(sample_workbook: WorkbookSpec, tmp_path: Path) -> Path:
    path = tmp_path / "donor.xlsx"
    write_workbook(sample_workbook, path, Currency())
    return path


def test_twenty_killed_saves_leave_the_old_workbook_or_the_new_one(donor: Path, tmp_path: Path) -> None:
    kill_saves(tmp_path, donor, 20)


@pytest.mark.slow
def test_five_hundred_killed_saves_leave_the_old_workbook_or_the_new_one(donor: Path, tmp_path: Path) -> None:
    kill_saves(tmp_path, donor, 500)
