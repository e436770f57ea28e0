"""The summary on the screen."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from zhiheng.reports import test_evaluation as sample
from zhiheng.reports.terminal import SHOWN, WIDTH, bar, print_summary
from zhiheng.scoring.results import CourtScores


def printed(evaluation, language) -> str:
    console = Console(file=io.StringIO(), width=WIDTH)
    print_summary(console, evaluation, language)
    return console.file.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_summary_keeps_within_a_hundred_columns(language):
    for line in printed(sample.evaluation(), language).splitlines():
        assert cell_len(line.rstrip()) <= WIDTH


def test_the_summary_shows_levels_intermediate_courts_and_the_spread_below():
    text = printed(sample.evaluation(), "zh")
    line = next(line for line in text.splitlines() if "西安市中级" in line)
    numbers = [part for part in line.split() if part[0].isdigit()]
    assert numbers[2] == "2" and len(numbers) == 6
    assert "█" in line and "不是排名" in text and "2017-12-31" in text


def test_a_basic_court_without_its_intermediate_court_is_counted_too():
    whole = sample.evaluation((("陕0102", "新城法院", "basic", "陕01"),))
    assert "其他基层人民法院" in printed(whole, "zh")


def test_of_very_many_courts_the_first_stand_on_the_screen_and_the_others_are_counted():
    many = tuple((f"甲{n:02}", f"第{n}中院", "intermediate", None) for n in range(SHOWN + 9))
    text = printed(sample.evaluation(many), "zh")
    named = [line for line in text.splitlines() if "中院" in line]
    assert len(named) == SHOWN
    assert f"另有 {len(many) - SHOWN} 个" in text


def test_a_name_in_square_brackets_is_a_name():
    odd = sample.evaluation((("陕01", "[red]某中院", "intermediate", None),))
    assert "[red]某中院" in printed(odd, "zh")


def test_courts_without_scores_are_words_not_zeros():
    bare = sample.evaluation()
    courts = tuple(CourtScores(c.court, c.name, c.level, c.parent, {}) for c in bare.courts)
    text = printed(replace(bare, courts=courts), "zh")
    assert "无数据" in text and "0.0" not in text


@pytest.mark.parametrize(("value", "blocks"), [(0, 0), (50, 5), (100, 10)])
def test_a_bar_is_as_long_as_its_value(value, blocks):
    assert bar(value).count("█") == blocks
    assert cell_len(bar(value)) == 10


def test_there_is_no_bar_without_a_value():
    assert bar(None).strip() == ""
