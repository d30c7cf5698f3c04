"""The command line: a thin skin that turns options into a job and errors into a sentence and an exit code."""

from regulars.cli.commands import app
from regulars.cli.exits import BAD_INPUT, DEFECT, SOME_FAILED, WRITTEN_BESIDE, WRONG_USAGE
from regulars.cli.program import entry, main, spelled_out

__all__ = ["BAD_INPUT", "DEFECT", "SOME_FAILED", "WRITTEN_BESIDE", "WRONG_USAGE", "app", "entry", "main", "spelled_out"]
