"""Many workbooks, each with its own fate: one that fails, or kills its process, stops no other."""

from __future__ import annotations

import csv
import glob
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, fields
from pathlib import Path

from regulars.base.errors import InputError, OutputError, RegularsError, listing
from regulars.base.files import backup_of, moved_into_place
from regulars.base.units import verb
from regulars.job import Job
from regulars.run import run

DONE, FAILED = "done", "failed"
SURE = 4  # columns of results.csv that tell it from others: input, status, reason, remedy
READABLE = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".parquet"}
Reached = Callable[["Fate"], None]
Work = Callable[[Job], "Fate"]


@dataclass(frozen=True)
class Fate:
    """What became of one input: a row of results.csv."""

    input: str
    status: str
    reason: str = ""
    remedy: str = ""
    customers: int | None = None
    orders: int | None = None
    revenue: float | None = None
    currency: str = ""
    window_start: str = ""
    window_end: str = ""
    workbook: str = ""
    deck: str = ""
    notes: str = ""  # what the run noticed, such as a date that looks like a slip


def find_inputs(patterns: Sequence[str], out: Path) -> tuple[tuple[Path, ...], Path]:
    """Return the files that match, and the folder that the results mirror.

    Our own results, copies that `--backup` kept, lock files and everything below `out` are left out. Raises InputError when nothing matches.
    """
    found: set[Path] = set()
    bases: list[Path] = []
    for pattern in patterns:
        bases.append(_base(pattern))
        for name in glob.glob(pattern, recursive=True):  # noqa: PTH207  patterns may be absolute
            path = Path(name)
            if path.is_file() and path.suffix.lower() in READABLE and not _not_an_input(path, out):
                found.add(path)
    found -= set(backups(tuple(found)))
    if not found:
        shown = " ".join(patterns)
        folders = [pattern for pattern in patterns if Path(pattern).is_dir()]
        if folders:
            inside = " ".join(f"'{Path(folder) / '*.xlsx'}'" for folder in folders)
            raise InputError(
                f"{listing(folders)} {verb(len(folders), 'is a folder', 'are folders')}, and a batch takes patterns of files",
                remedy=f"write {inside} for the workbooks in it, or {inside.replace('*.xlsx', '**/*.xlsx')} for those in"
                " its folders too, in quotes",
            )
        raise InputError(
            f"no workbook matches {shown}",
            remedy="check the pattern, and put it in quotes so that the shell leaves it alone",
        )
    base = Path(os.path.commonpath([base.resolve() for base in bases]))
    # One file may match two patterns, once by its name and once by its whole path.
    once = {path.resolve(): path for path in sorted(found, reverse=True)}
    return tuple(sorted(once.values())), base


def backups(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return those files that `--backup` kept as copies of others that lie beside them."""
    return tuple(sorted(path for path in paths if backup_of(path) is not None))


def matching(patterns: Sequence[str]) -> tuple[Path, ...]:
    """Return all files that match, whatever they are."""
    return tuple(Path(name) for pattern in patterns for name in glob.glob(pattern, recursive=True))  # noqa: PTH207


def _base(pattern: str) -> Path:
    """Return the folder before the first wildcard."""
    parts = Path(pattern).parts
    fixed = next((number for number, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    return Path(*parts[:fixed]) if fixed else Path()


def _not_an_input(path: Path, out: Path) -> bool:
    ours = ".regulars." in path.name or path.name.startswith(("~$", ".~lock"))
    return ours or out.resolve() in path.resolve().parents


def jobs_for(inputs: Sequence[Path], base: Path, out: Path, template: Job, *, deck: bool) -> tuple[Job, ...]:
    """Return one job an input, with outputs in folders that mirror the inputs', so that no two collide."""
    places = [out / path.resolve().parent.relative_to(base) / f"{path.stem}.regulars.xlsx" for path in inputs]
    taken = Counter(places)
    jobs = []
    for path, place in zip(inputs, places, strict=True):
        # orders.xlsx and orders.csv in one folder: the whole name tells them apart.
        workbook = place if taken[place] == 1 else place.with_name(f"{path.name}.regulars.xlsx")
        jobs.append(
            Job(
                inputs=(path,),
                workbook=workbook,
                settings=template.settings,
                deck=workbook.with_suffix(".pptx") if deck else None,
                template=template.template,
                force=template.force,
            )
        )
    return tuple(jobs)


def run_batch(
    jobs: Sequence[Job], workers: int, reached: Reached = lambda _: None, work: Work | None = None
) -> tuple[Fate, ...]:
    """Run all jobs in processes and return their fates in the order of the jobs. `work` is `fate_of` by default.

    When a process dies (out of memory, a damaged file that crashes a reader), the pool is lost with it. The jobs
    without a fate are then run again one by one, each in a process of its own, so that only the culprit fails.
    """
    fates: dict[int, Fate] = {}
    work = work or fate_of

    def keep(number: int, fate: Fate) -> None:
        fates[number] = fate
        reached(fate)

    with _pool(workers) as pool:
        futures = {pool.submit(work, job): number for number, job in enumerate(jobs)}
        for future in as_completed(futures):
            try:
                keep(futures[future], future.result())
            except BrokenProcessPool:
                continue
    for number, job in enumerate(jobs):
        if number not in fates:
            with _pool(1) as pool:
                try:
                    keep(number, pool.submit(work, job).result())
                except BrokenProcessPool:
                    keep(number, _died(job))
    return tuple(fates[number] for number in range(len(jobs)))


def _pool(workers: int) -> Executor:
    # Spawned processes start clean: forked ones inherit locks of libraries with threads of their own.
    return ProcessPoolExecutor(max_workers=workers, mp_context=multiprocessing.get_context("spawn"))


def _died(job: Job) -> Fate:
    return Fate(
        str(job.inputs[0]),
        FAILED,
        "the process that read it died, which a damaged file or too little memory can cause",
        "open it in a spreadsheet program and save it anew, or run it alone",
    )


def fate_of(job: Job) -> Fate:
    """Run one job and return its fate; an error of ours is a fate too, so that it stops no other."""
    name = str(job.inputs[0])
    try:
        outcome = run(job)
        facts = outcome.facts
    except RegularsError as error:
        return Fate(name, FAILED, error.what, error.remedy)
    except Exception as defect:  # noqa: BLE001  one workbook's defect is not another's
        return Fate(
            name, FAILED, f"a defect of ours: {type(defect).__name__}: {defect}", "run it alone and send us the log"
        )
    return Fate(
        input=name,
        status=DONE,
        customers=int(facts.number("customers.count")),
        orders=int(facts.number("orders.count")),
        revenue=round(facts.number("revenue.total"), 4),
        currency=facts.currency.code or "",
        window_start=facts.show("window.start"),
        window_end=facts.show("window.end"),
        workbook=str(job.workbook),
        deck=str(job.deck or ""),
        notes="; ".join(outcome.notes),
    )


def refuse_foreign_results(path: Path) -> None:
    """Refuse to write over a results.csv that no batch wrote."""
    # The first columns are those of every version; later ones may come.
    names = [one.name for one in fields(Fate)][:SURE]
    if path.exists() and not path.read_bytes().startswith(("\ufeff" + ",".join(names)).encode()):
        raise OutputError(
            f"'{path}' exists and was not made by regulars", remedy="choose another folder with --out, or use --force"
        )


def write_results(fates: Sequence[Fate], path: Path) -> None:
    """Write results.csv: one row an input."""
    names = [one.name for one in fields(Fate)]
    with moved_into_place(path) as temporary, temporary.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for fate in fates:
            writer.writerow(["" if (value := getattr(fate, name)) is None else value for name in names])
