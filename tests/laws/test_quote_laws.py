"""Laws of text files: whatever quotes do, no line vanishes in the cell of another."""

import csv
import io
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.base.errors import InputError
from regulars.orders.quotes import Records, shape_of

HEADER = ["customer", "date", "total", "note"]
notes = st.lists(st.sampled_from(["mug", 'plate 12"', "a, b", "two\nlines", 'said "hi"', ""]), min_size=3, max_size=12)


def table(words: list[str]) -> Iterator[list[str]]:
    yield HEADER
    for number, word in enumerate(words):
        yield [f"C{number}", f"2024-01-{number % 28 + 1:02d}", f"{number}.50", word]


def written(words: list[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(table(words))
    return text.getvalue()


def read(text: str) -> tuple[list[list[str]], list[int]]:
    lines = text.splitlines(keepends=True)
    records = Records("orders.csv", ",", shape_of(lines, ","))
    return list(records.read(lines)), records.unclosed


@given(words=notes)
@settings(deadline=None, max_examples=60)
def test_a_well_formed_file_is_read_as_any_reader_of_csv_does(words: list[str]) -> None:
    assert read(written(words)) == (list(table(words)), [])


@given(words=notes, data=st.data())
@settings(deadline=None, max_examples=120)
def test_a_quote_too_many_costs_no_row_or_is_refused_by_its_line(words: list[str], data: st.DataObject) -> None:
    rows = written(words).splitlines(keepends=True)
    starts = [place for place, line in enumerate(rows) if line.startswith("C") and line.count('"') == 0]
    if not starts:
        return
    broken = data.draw(st.sampled_from(starts))
    rows[broken] = rows[broken].replace(",2024", ',"2024')
    try:
        found, _ = read("".join(rows))
    except InputError as error:
        refused = error.what
    else:
        assert {record[0] for record in found if record} >= {f"C{number}" for number in range(len(words))}
        return
    assert f"line {broken + 1:,} " in refused
