"""A report of HTML can be printed without losing a heading or a row of a table.

LibreOffice reads it as sheets here, since its Writer is not among the packages that the tests ask for: what is proven is
that nothing is lost, not how a browser breaks the pages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from regulars.render.report import html
from regulars.story.outlines import shipped_outline
from regulars.story.report import written_report

MOST_LETTERS = 14  # a sheet cuts sentences off at the cell's edge, and shows numbers in its own way


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", unescape(re.sub(r"<[^>]*>", " ", text))).casefold()


@pytest.mark.office
def test_a_printed_report_has_every_heading_and_every_name_in_its_tables(
    superstore: Any, office: Any, tmp_path: Path
) -> None:
    made = html(written_report(shipped_outline("executive"), superstore.analysis, superstore.facts))
    page = tmp_path / "report.html"
    page.write_text(made, encoding="utf-8")
    profile = f"-env:UserInstallation={office.profile.resolve().as_uri()}"
    reading = ("--infilter=calc_HTML_WebQuery", "--convert-to", "pdf", "--outdir", str(tmp_path), str(page))
    if shutil.which("soffice") is None or (pdftotext := shutil.which("pdftotext")) is None:
        pytest.skip("LibreOffice or poppler (pdftotext) is not installed")
    subprocess.run(["soffice", "--headless", profile, *reading], check=True, capture_output=True, timeout=300)
    command = [pdftotext, "-layout", str(page.with_suffix(".pdf")), "-"]
    seen = letters(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)
    headings = re.findall(r"<h[2-4][^>]*>(.*?)</h[2-4]>", made, re.DOTALL)
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", made, re.DOTALL)
    assert len(headings) > 5
    names = [one for one in cells if re.search("[A-Za-z]", letters(one)) and len(letters(one)) <= MOST_LETTERS]
    assert len(names) > 100
    assert [one for one in (*headings, *names) if letters(one) not in seen] == []


def test_a_report_says_how_it_is_to_be_printed(superstore: Any) -> None:
    made = html(written_report(shipped_outline("executive"), superstore.analysis, superstore.facts))
    style = made[made.index("<style") : made.index("</style>")]
    assert "@media print" in style
    assert "break-inside" in style
