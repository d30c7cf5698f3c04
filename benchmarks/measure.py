"""What a command or a function costs: CPU seconds, wall seconds and peak memory of a child process.

The child's figures come from the kernel when it ends (wait4), descendants included. Peak memory counts from the
resident size of the process that starts it, so a benchmark imports nothing heavy itself and leaves all work to children.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Cost:
    """What a child process took, and what it printed."""

    cpu: float  # seconds, user and system, descendants included
    wall: float  # seconds
    peak: int  # bytes resident, of the largest process
    output: str  # standard output

    @property
    def peak_megabytes(self) -> float:
        """Return the peak memory in millions of bytes."""
        return self.peak / MEGABYTE


def cost_of(command: Sequence[str | Path]) -> Cost:
    """Run a command to its end and return its cost; leave with its messages when it fails."""
    if not hasattr(os, "wait4"):
        sys.exit(
            "The benchmarks ask the kernel for the cost of a process (wait4). Windows has no such call: not supported."
        )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
        start = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], stdout=output, stderr=messages, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        messages.seek(0)
        if process.returncode:
            tail = (output.read() + messages.read()).decode(errors="replace")[-2000:]
            sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{tail}")
        unit = 1 if sys.platform == "darwin" else 1024
        return Cost(
            cpu=usage.ru_utime + usage.ru_stime,
            wall=wall,
            peak=usage.ru_maxrss * unit,
            output=output.read().decode(),
        )


def cost_of_call(function: Callable[..., object], *arguments: str | Path | int) -> Cost:
    """Call a function of a benchmark in a new interpreter, with its arguments as text, and return the cost of both."""
    module = Path(function.__code__.co_filename).stem
    return cost_of([sys.executable, __file__, module, function.__name__, *map(str, arguments)])


def least(measured: Callable[[], Cost], times: int) -> Cost:
    """Measure several times: least CPU and wall seconds (a busy machine only adds), largest memory, last output."""
    return least_in_turn([measured], times)[0]


def least_in_turn(measured: Sequence[Callable[[], Cost]], times: int) -> list[Cost]:
    """Do the same for several things that are compared: in turn, so that a busy minute falls on all of them."""
    rounds = [[one() for one in measured] for _ in range(times)]
    return [
        Cost(
            cpu=min(cost.cpu for cost in costs),
            wall=min(cost.wall for cost in costs),
            peak=max(cost.peak for cost in costs),
            output=costs[-1].output,
        )
        for costs in zip(*rounds, strict=True)
    ]


if __name__ == "__main__":
    getattr(importlib.import_module(sys.argv[1]), sys.argv[2])(*sys.argv[3:])
