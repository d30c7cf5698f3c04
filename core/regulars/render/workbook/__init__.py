"""Result workbooks: a frozen specification becomes a finished .xlsx."""

from regulars.render.workbook.book import write_workbook

__all__ = ["write_workbook"]
