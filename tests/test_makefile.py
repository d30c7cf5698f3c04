"""The Makefile keeps what the pages promise, and CI runs what a developer runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = ("help", "demo", "test", "test-full", "lint", "bench", "clean")
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def _make(*arguments: str) -> str:
    # A make that runs these tests hands its own flags down; they are not meant for this one.
    clean = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=clean, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip


@needs_make
@pytest.mark.parametrize("target", TARGETS)
def test_help_lists_a_target_with_a_sentence(target: str) -> None:
    assert re.search(rf"^{target} +[A-Z].{{10,}}$", _make("help"), re.MULTILINE)


@needs_make
def test_make_alone_shows_the_help() -> None:
    assert _make() == _make("help")


@needs_make
@pytest.mark.parametrize("target", TARGETS)
def test_a_target_can_be_made(target: str) -> None:
    # --dry-run prints what would be done, and fails when a step cannot be found.
    assert _make("--dry-run", target).strip()


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_made_also_when_a_file_has_its_name(target: str) -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert target in phony.split()


def test_the_markers_that_the_targets_choose_by_are_declared() -> None:
    declared = set(re.findall(r'^  "(\w+): ', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE))
    chosen = set(re.findall(r"not (\w+)", " ".join(re.findall(r'-m "([^"]+)"', MAKEFILE))))
    assert chosen
    assert chosen <= declared


def test_clean_removes_only_what_is_ignored() -> None:
    (removed,) = re.findall(r"^\trm -rf (.+)$", MAKEFILE, re.MULTILINE)
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()}
    assert {name.replace("$(VENV)", ".venv") for name in removed.split()} <= ignored


def test_ci_runs_the_tests_and_the_checks_by_make() -> None:
    script = ROOT / ".ci/run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "make test" in lines
    assert "make lint" in lines
    assert "set -euo pipefail" in lines
    assert os.access(script, os.X_OK)
