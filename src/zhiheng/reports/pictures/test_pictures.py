"""Where things lie in the pictures."""

from __future__ import annotations

from itertools import pairwise
from math import atan2, hypot, nan, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.indexes.editions import available_editions, load_edition
from zhiheng.reports.pictures import movers, rank_bars, scale, sunburst, whiskers
from zhiheng.reports.pictures.rank_bars import Ranked, letter_of, letters_of
from zhiheng.reports.pictures.sunburst import Part
from zhiheng.reports.pictures.whiskers import Marked

SETS = [
    pytest.param(found, id=f"{name}-{level}")
    for name in available_editions()
    for level, found in load_edition(name).sets.items()
]


def parts_of(index) -> tuple[Part, ...]:
    return tuple(
        Part(n.indicator.id, n.indicator.id, n.parent, n.depth, n.effective) for n in index.walk()
    )


@pytest.mark.parametrize("index", SETS)
def test_every_ring_of_parts_fills_what_lies_inside_it(index):
    arcs = sunburst.sunburst(parts_of(index))
    by_id = {arc.part.id: arc for arc in arcs}
    first = [arc for arc in arcs if arc.part.depth == 1]
    assert first[0].start == 0 and first[-1].end == pytest.approx(1)
    for arc in arcs:
        assert arc.end - arc.start == pytest.approx(arc.part.share)
        below = [one for one in arcs if one.part.parent == arc.part.id]
        if below:
            assert below[0].start == pytest.approx(arc.start)
            assert below[-1].end == pytest.approx(arc.end)
        inside = by_id.get(arc.part.parent)
        assert inside is None or arc.inner == pytest.approx(inside.outer)


@pytest.mark.parametrize("index", SETS)
def test_a_code_that_fits_lies_within_its_arc_and_stays_upright(index):
    for arc in sunburst.sunburst(parts_of(index)):
        x, y = arc.x - sunburst.SIZE / 2, arc.y - sunburst.SIZE / 2
        assert arc.inner < hypot(x, y) < arc.outer
        turn = (atan2(x, -y) / (2 * pi)) % 1
        assert arc.start - 1e-3 < turn < arc.end + 1e-3
        assert -90 <= arc.turn <= 90


def test_codes_that_are_written_do_not_run_into_one_another():
    index = load_edition("cass-2017").sets["basic"]
    parts = tuple(
        Part(p.id, p.id.partition(".")[2], p.parent, p.depth, p.share) for p in parts_of(index)
    )
    arcs = sunburst.sunburst(parts)
    written = [arc for arc in arcs if arc.fits]
    assert len(written) > 60
    for arc in written:
        width = scale.text_width(arc.part.code, 11.5)
        along = 2 * pi * (arc.inner + arc.outer) / 2 * (arc.end - arc.start)
        assert arc.outer - arc.inner > width or along > width
        assert along >= 13


def test_a_quarter_is_a_quarter_and_one_part_a_whole_ring():
    quarter, rest = sunburst.sunburst((Part("a", "a", "", 1, 0.25), Part("b", "b", "", 1, 0.75)))
    # From the top clockwise: out at the top, round to the right, in, and back.
    assert quarter.path == "M300 4A296 296 0 0 1 596 300L358 300A58 58 0 0 0 300 242Z"
    assert rest.path.count("0 1 1") == 1
    (ring,) = sunburst.sunburst((Part("a", "a", "", 1, 1.0),))
    assert ring.path.count("M") == 2
    assert sunburst.sunburst(()) == ()


def test_a_part_that_weighs_nothing_has_no_arc():
    arcs = sunburst.sunburst((Part("a", "a", "", 1, 0.0), Part("b", "b", "", 1, 1.0)))
    assert [arc.part.id for arc in arcs] == ["b"]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_a_scale_has_round_ends_around_all_values(values):
    found = scale.scale_of(values, (0.0, 100.0), 500, 1100)
    assert 0 <= found.low <= min(values) <= max(values) <= found.high <= 100
    assert found.high - found.low >= 5 - 1e-9
    places = [tick.x for tick in found.ticks]
    assert places[0] == 500 and places == sorted(places) and 2 <= len(places) <= 12
    # Labels of the grid do not touch.
    assert min(b - a for a, b in pairwise(places)) > 40


def test_scores_a_hair_apart_do_not_look_far_apart():
    found = scale.scale_of([65.3, 65.6], (0.0, 100.0), 500, 1100)
    assert (found.low, found.high) == (60.0, 72.0)
    assert found.place(65.6) - found.place(65.3) == pytest.approx(15)


@pytest.mark.parametrize("count", [1, 2, 8, 30, 31, 100, 3000])
def test_ranks_stand_on_a_grid_of_whole_ranks(count):
    found = scale.ranks_scale(count, 600, 1156)
    labels = [float(tick.label) for tick in found.ticks]
    assert found.low == 1 and found.high >= count
    assert all(label == int(label) for label in labels) and len(labels) <= 17


def test_a_name_too_long_for_its_column_is_squeezed_and_no_other():
    assert scale.label_of("西安市中级人民法院").squeezed is None
    assert scale.label_of("长" * 30).squeezed == scale.NAMES


def marked(name: str, value: float, half: float = 0.0, kind="sampled") -> Marked:
    return Marked(name, f"{value:.1f}", "", value, value - half, value + half, kind)


def test_courts_stand_by_score_and_their_whiskers_around_the_dot():
    rows = [marked("b", 70, 4), marked("a", 82, 2), marked("c", 64, kind="untold")]
    (figure,) = whiskers.whiskers(rows)
    assert [row.of.name for row in figure.rows] == ["a", "b", "c"]
    assert (figure.scale.low, figure.scale.high, figure.scale.step) == (62.5, 85.0, 2.5)
    a, b, c = figure.rows
    # 500 to 1156 for 62.5 to 85: 29.16 a point.
    assert (a.x, a.low, a.high) == (1068.5, 1010.2, 1126.8)
    assert b.low < b.x < b.high and c.low == c.x == c.high
    assert [row.y for row in figure.rows] == [37, 59, 81] and figure.height > 92


def test_many_courts_take_several_figures_on_one_scale():
    rows = [marked(str(at), at / 40, 0.5) for at in range(3000)]
    figures = whiskers.whiskers(rows)
    assert sum(len(figure.rows) for figure in figures) == 3000
    assert max(len(figure.rows) for figure in figures) == scale.MOST_ROWS
    assert {figure.scale for figure in figures} == {figures[0].scale}
    assert [(one.first, one.last) for one in figures[:2]] == [(1, 30), (31, 60)]
    assert whiskers.whiskers([]) == []


def ranked(rank: int, best: int, worst: int, *bands: int) -> Ranked:
    return Ranked(f"c{rank}", "", rank, best, worst, (bands[0], bands[-1]))


RANKED = [
    ranked(1, 1, 2, 0), ranked(2, 1, 3, 0, 1), ranked(3, 2, 4, 1, 2), ranked(4, 3, 4, 2),
    ranked(5, 5, 5, 3),
]  # fmt: skip


def test_a_bar_reaches_from_the_best_to_the_worst_rank_with_its_tick_between():
    (figure,) = rank_bars.rank_bars(RANKED)
    assert figure.scale.place(1) == 600 and figure.scale.place(5) == 1156
    assert [(row.best, row.x, row.worst) for row in figure.rows][:2] == [
        (600, 600, 739), (600, 739, 878)
    ]  # fmt: skip
    assert [row.letters for row in figure.rows] == ["A", "A–B", "B–C", "C", "D"]


def test_brackets_that_overlap_stand_beside_one_another_and_a_lone_court_has_none():
    (figure,) = rank_bars.rank_bars(RANKED)
    assert [one.letter for one in figure.brackets] == ["A", "B", "C"]
    first, second, third = figure.brackets
    assert first.x != second.x and first.x == third.x
    assert (first.top, first.foot) == (30, 66) and (third.top, third.foot) == (74, 110)
    assert first.path == "M486 30H492V66H486"


def test_a_bracket_goes_on_in_the_next_figure():
    rows = [ranked(rank, 1, 40, 0) for rank in range(1, 41)]
    one, other = rank_bars.rank_bars(rows)
    (upper,), (lower,) = one.brackets, other.brackets
    assert (upper.begins, upper.ends, lower.begins, lower.ends) == (True, False, False, True)
    assert lower.foot == 26 + 22 * 10 - 4


def test_where_brackets_are_too_many_the_letters_alone_are_left():
    rows = [ranked(rank, 1, 40, max(rank - 9, 0), rank) for rank in range(1, 31)]
    (figure,) = rank_bars.rank_bars(rows)
    assert figure.brackets == () and figure.rows[0].letters == "A–B"


def test_the_letters_of_bands_go_on_after_z():
    assert [letter_of(at) for at in (0, 25, 26, 27, 701, 702)] == [
        "A", "Z", "AA", "AB", "ZZ", "AAA"
    ]  # fmt: skip
    assert letters_of((3, 3)) == "D" and letters_of((25, 27)) == "Z–AB"


def test_what_moves_most_comes_first_and_its_own_part_is_filled():
    rows = [
        movers.Factor("weights", "", 0.1, 0.25), movers.Factor("data", "", 0.5, 0.75),
        movers.Factor("nothing", "", nan, nan), movers.Factor("noise", "", 0.3, -0.02),
    ]  # fmt: skip
    found = movers.movers(rows)
    assert [row.of.title for row in found.rows] == ["data", "weights", "nothing", "noise"]
    assert [(row.filled, row.wide) for row in found.rows] == [
        (328, 492), (65.6, 164), (0, 0), (0, 0)
    ]  # fmt: skip


def test_an_index_above_one_widens_the_scale():
    found = movers.movers([movers.Factor("data", "", 1.1, 1.15)])
    assert found.scale.high == pytest.approx(1.2)
    assert found.rows[0].filled <= found.rows[0].wide <= 656
