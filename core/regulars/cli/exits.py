"""The codes that the program leaves with."""

BAD_INPUT, WRONG_USAGE, DEFECT, SOME_FAILED, WRITTEN_BESIDE = 1, 2, 3, 4, 5
