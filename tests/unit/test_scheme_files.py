"""Scheme files: what is wrong is named by cell and by line; a good one of the user's own leads."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from regulars.base.errors import SettingsError
from regulars.base.scheme_ids import EVERY
from regulars.base.settings import Settings
from regulars.orders.model import Orders
from regulars.segments import segment_customers
from regulars.segments.axes import MEASURES
from regulars.segments.cells import CellScheme
from regulars.segments.model import slug
from regulars.segments.naming import ClusterScheme
from regulars.segments.scheme import parse_scheme, scheme_at, shipped, shipped_clusters
from regulars.summary import summarise

OrdersOf = Callable[..., Orders]
SCHEMES = files("regulars.segments").joinpath("schemes")
RFM11 = SCHEMES.joinpath("rfm11.toml").read_text(encoding="utf-8")
KMEANS5 = SCHEMES.joinpath("kmeans5.toml").read_text(encoding="utf-8")
OWN = """
id = "spend2"
title = "By spend"
how = "Orders above 119 are large."
axes = ["v"]

[axis.v]
measure = "average_order"
cuts = [119]

[[segment]]
key = "large"
name = "Large orders"
role = "best"
meaning = "Average order above 119 (V 2)"
cells = [{ v = "2" }]

[[segment]]
key = "small"
name = "Small orders"
role = "rising"
meaning = "Average order up to 119 (V 1)"
cells = [{ v = "1" }]
"""


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def refused(text: str) -> SettingsError:
    with pytest.raises(SettingsError) as found:
        parse_scheme(text, "my.toml")
    return found.value


@pytest.mark.parametrize("name", EVERY)
def test_every_shipped_scheme_loads_under_its_own_name(name: str) -> None:
    assert shipped(name).id == name


def test_there_is_a_file_for_every_scheme_and_no_other() -> None:
    assert sorted(path.name for path in SCHEMES.iterdir()) == sorted(f"{name}.toml" for name in EVERY)


def test_a_hole_is_named_by_its_cell_and_the_line_next_to_it() -> None:
    text = RFM11.replace('{ r = "1", f = "1", m = "1-5" }', '{ r = "1", f = "1", m = "1-4" }')
    line = line_of(text, '{ r = "1", f = "1", m = "1-4" }')
    assert refused(text).what == f"in my.toml 1 cell has no segment: 'R1 F1 M5' (next to line {line}, 'lost')"


def test_an_overlap_is_named_by_its_cells_and_both_lines() -> None:
    text = RFM11.replace('[{ r = "5", f = "1", m = "1-5" }]', '[{ r = "5", f = "1-2", m = "1-5" }]')
    new, other = line_of(text, '[{ r = "5", f = "1-2"'), line_of(text, '[{ r = "4-5", f = "2-3"')
    said = refused(text).what
    assert "5 cells have more than one: 'R5 F2 M1', 'R5 F2 M2'" in said
    assert f"line {other} ('potential_loyalist') and line {new} ('new')" in said


def test_boxes_over_several_lines_are_told_apart() -> None:
    text = RFM11.replace('  { r = "2", f = "2-3", m = "1-5" },', '  { r = "2-9", f = "2-3", m = "1-5" },')
    line = line_of(text, '{ r = "2-9"')
    assert f"line {line}: '2-9' is no range of scores from 1 to 5" in refused(text).what


@pytest.mark.parametrize(
    ("old", "new", "said", "remedy"),
    [
        ('role = "best"', 'rôle = "best"', "cannot be read", "rfm11.toml"),
        ('role = "best"', 'colour = "red"\nrole = "best"', "'colour' is no field of a segment", "use one of 'key'"),
        ('meaning = "Bought', 'meening = "Bought', "'meening' is no field of a segment", "write 'meaning'"),
        ('title = "RFM segments"', 'titel = "RFM segments"', "'titel' is no field of a scheme", "write 'title'"),
        (
            '{ r = "4-5", f = "4-5", m = "4-5" }',
            '{ r = "4-5", f = "4-5", v = "4-5" }',
            "'v' is no field of these",
            "'r'",
        ),
    ],
)
def test_an_unknown_field_is_named_with_its_line(old: str, new: str, said: str, remedy: str) -> None:
    problem = refused(RFM11.replace(old, new, 1))
    assert said in problem.what
    if "is no field" in said:
        assert f"line {line_of(RFM11, old)}" in problem.what
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('f = "4-5"', 'f = "4-6"', "'4-6' is no range of scores from 1 to 5"),
        ('f = "4-5"', 'f = "5-4"', "'5-4' is no range"),
        ('f = "4-5"', 'f = "many"', "'many' is no range"),
        ('role = "best"', 'role = "king"', "the role 'king' is none of"),
        ('id = "rfm11"', "", "the text 'id' is missing"),
        ('id = "rfm11"', 'id = "RFM 11"', "is not lower case with underscores"),
        ('id = "rfm11"', "id = ", "at line"),
        ('key = "loyal"', 'key = "champions"', "two segments have the key 'champions'"),
        ('name = "Loyal"', 'name = "Champions"', "two segments have the name 'Champions'"),
        ('id = "rfm11"', 'id = "rfm11"\nkind = "circles"', "the kind 'circles' is none of"),
        ('id = "rfm11"', 'id = "rfm11"\naxes = ["r", "x"]', "the axis 'x' has no [axis.x]"),
    ],
)
def test_a_scheme_that_cannot_be_read_names_its_place(old: str, new: str, said: str) -> None:
    problem = refused(RFM11.replace(old, new, 1))
    assert "my.toml cannot be read" in problem.what
    assert said in problem.what
    assert "rfm11.toml" in problem.remedy


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('measure = "average_order"', 'measure = "height"', "the measure 'height' is none of 'days_since'"),
        ("cuts = [119]", "cuts = [119, 50]", "are no rising numbers"),
        ("cuts = [119]", "", "'2' is no range"),
        ("cuts = [119]", 'cuts = [119]\nby = "tenths"', "by = 'tenths' is none of"),
        ("cuts = [119]", 'cuts = [119]\nhigh = "up"', "is neither 'more' nor 'less'"),
        ("cuts = [119]", "cuts = [119]\nlimits = 5", "limits are not like"),
        ('axes = ["v"]', "", "the axis 'v' is not among the scheme's axes"),
    ],
)
def test_an_axis_that_cannot_be_read_says_why(old: str, new: str, said: str) -> None:
    if said.startswith("'2'"):  # by fifths instead of one cut, the cells 3 to 5 are missing
        assert "3 cells have no segment: 'V3', 'V4', 'V5'" in refused(OWN.replace(old, new)).what
        return
    assert said in refused(OWN.replace(old, new)).what


def test_an_axis_and_what_stands_in_for_it_must_have_as_many_scores() -> None:
    text = OWN.replace("cuts = [119]", 'cuts = [119]\n\n[axis.v.otherwise]\nmeasure = "orders"\n')
    assert "the axis 'v' has 2 scores, and 5 otherwise" in refused(text).what


def test_a_part_must_be_a_part_of_a_segment() -> None:
    text = OWN.replace('key = "large"', 'key = "large"\npart_of = "huge"')
    assert f"line {line_of(text, 'part_of')}: there is no segment 'huge'" in refused(text).what


def test_a_scheme_of_clusters_must_name_whatever_is_left() -> None:
    text = KMEANS5 + "below = { orders = 1 }\n"
    assert "the last segment must take every cluster that is left" in refused(text).what
    assert "most = 'height' is none of" in refused(KMEANS5.replace('most = "revenue"', 'most = "height"', 1)).what
    assert "there is no segment 'nobody'" in refused(KMEANS5.replace('"bulk_wholesale" # set', '"nobody" # set')).what


def test_kinds_are_told_apart() -> None:
    assert isinstance(shipped("rfm9"), CellScheme)
    assert isinstance(shipped_clusters("kmeans5"), ClusterScheme)
    with pytest.raises(TypeError):
        shipped_clusters("rfm9")


def test_a_scheme_of_ones_own_leads_when_it_is_passed_by_path(orders_of: OrdersOf, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(OWN, encoding="utf-8")
    customers = summarise(
        orders_of([("A", "2025-01-01", 119), ("B", "2025-01-02", 119.01), ("C", "2025-01-03", 5)])
    ).customers
    found = segment_customers(customers, Settings(scheme=str(path)))
    assert found.lead.scheme == "spend2"
    assert found.lead.labels.tolist() == ["small", "large", "small"]
    assert found.lead_reason is None
    assert {one.scheme for one in found.schemes} >= {"rfm11", "rfm9", "lifecycle6", "behaviour4", "spend2"}
    assert scheme_at(path).in_money


def test_a_file_that_is_missing_or_takes_a_shipped_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        scheme_at(tmp_path / "none.toml")
    path = tmp_path / "mine.toml"
    path.write_text(OWN.replace("spend2", "rfm9"), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"line 2: a shipped scheme has the id 'rfm9'"):
        scheme_at(path)


@pytest.mark.parametrize("name", [one for one in EVERY if one != "supplied"])
def test_the_key_of_a_shipped_segment_is_its_name_in_lower_case_with_underscores(name: str) -> None:
    scheme = shipped(name)
    segments = [claim.segment for claim in scheme.claims] if isinstance(scheme, ClusterScheme) else scheme.definitions  # type: ignore[union-attr]
    assert [segment.key for segment in segments] == [slug(segment.name) for segment in segments]


def test_a_name_for_those_in_time_that_no_segment_has_is_refused_with_its_line() -> None:
    text = KMEANS5.replace('in_time = "low_value_one_time"', 'in_time = "nobody"', 1)
    assert f"line {line_of(text, 'wholesale =')}: there is no segment 'nobody'" in refused(text).what


def test_the_scheme_in_the_documents_loads() -> None:
    page = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")
    block = page.partition("```toml\n")[2].partition("```")[0]
    scheme = parse_scheme(block, "docs/methods.md")
    assert isinstance(scheme, CellScheme)
    assert scheme.cells == {(1,): "small", (2,): "large"}
    named = page.partition("Measures: ")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", named)) == set(MEASURES)


def test_omitted_axes_mean_all_their_scores() -> None:
    scheme = parse_scheme(RFM11.replace('{ r = "1", f = "1", m = "1-5" }', '{ r = "1", f = "1" }'), "my.toml")
    assert isinstance(scheme, CellScheme)
    assert set(scheme.cells) == set(itertools.product(range(1, 6), repeat=3))
