"""The programmes against the published texts, and what makes one sound."""

import os
import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from zhiheng.calendar import to_day
from zhiheng.indexes.programmes import Due, Item, Routine, programmes, schedule, verify_programme
from zhiheng.law.load import load_law

replace = msgspec.structs.replace
SHAANXI, OUTLINE, WUHAN = (
    programmes()[name] for name in ("shaanxi-2017", "outline-2019", "wuhan-2016")
)


def published(name: str) -> str:
    shared = os.environ.get("ZHIHENG_SHARED", Path(__file__).parents[4] / "shared")
    file = Path(shared) / "sources" / name
    if not file.is_file():
        pytest.skip("the published texts are not at hand")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", programmes())
def test_every_programme_is_sound_and_cites_a_known_document(name: str):
    one = programmes()[name]
    assert verify_programme(one) == []
    assert {cite.document for cite in one.cites} <= load_law().documents.keys()


def test_the_shaanxi_tasks_have_the_units_and_dates_of_the_annex():
    text = published("shaanxi-2017-implementing-opinion.txt")
    annex = re.search(r"^附件1\s*$(.*?)^附件2\s*$", text, re.MULTILINE | re.DOTALL).group(1)
    stated = re.findall(r"责任部门和时间进度:(.*)[,、](2017年[^)]*)\)", annex)
    assert len(stated) == annex.count("责任部门和时间进度") == len(SHAANXI.items) == 43
    ours = [("、".join(item.units), item.dates[0].stated) for item in SHAANXI.items]
    assert ours == stated


@pytest.mark.parametrize(
    ("stated", "due"),
    [("2017年8月底前", "2017-08-31"), ("2017年全年", "2017-12-31"), ("2017年上半年", "2017-06-30")],
)
def test_a_month_a_half_year_or_a_year_means_its_last_day(stated: str, due: str):
    dates = {d.due for item in SHAANXI.items for d in item.dates if d.stated == stated}
    assert dates == {due}


def test_the_outline_has_its_53_tasks_and_every_date_stands_in_its_task():
    text = published("spc-2019-2023-enforcement-outline.txt")
    body = text.split("二、主要任务")[1].split("三、组织实施")[0]
    numbered = re.split(r"^\s*(\d+)\s*[.．]", body, flags=re.MULTILINE)[1:]
    tasks = dict(zip(numbered[::2], numbered[1::2], strict=True))
    assert len(tasks) == len(OUTLINE.items) == 53
    for item in OUTLINE.items:
        own = tasks[item.id.split(".")[1]]
        assert all(due.stated in own for due in item.dates)
        years = re.findall(r"(?<!〔)20\d\d年", own)
        assert len(years) == sum(due.stated.startswith("20") for due in item.dates), item.id


def test_wuhan_has_five_phases_and_three_milestones_with_two_values_each():
    text = published("wuhan-2016-action-plan.txt")
    phases = re.findall(r"^第[一二三四五]阶段：(.*)$", text, re.MULTILINE)
    ours = [item.zh.split("，")[0] for item in WUHAN.items if item.kind == "phase"]
    assert ours == phases and len(phases) == 5
    goals = re.findall(r"^\d、(20\d\d年\d+月)，.*?(\d+)%以上.*?(\d+)%以上", text, re.MULTILINE)
    milestones = [item for item in WUHAN.items if item.targets]
    assert [
        (item.dates[0].stated, *(f"{value:g}" for value in item.targets.values()))
        for item in milestones
    ] == goals
    assert [tuple(item.targets.values()) for item in milestones] == [(70, 60), (80, 70), (90, 80)]


def test_a_task_lies_ahead_up_to_and_on_its_day():
    day = to_day(date(2017, 8, 31))
    by_day = {
        as_of: {entry.item.id: entry.ahead for entry in schedule(as_of)}
        for as_of in (day - 1, day, day + 1)
    }
    assert [by_day[day + n]["shaanxi-2017.1"] for n in (-1, 0, 1)] == [True, True, False]


def test_the_schedule_has_every_item_once_a_date_and_those_without_a_day_last():
    entries = schedule(0)
    expected = sum(max(len(i.dates), 1) for one in programmes().values() for i in one.items)
    assert len(entries) == expected
    days = [entry.date.due if entry.date else None for entry in entries]
    known = [day for day in days if day]
    assert days[: len(known)] == sorted(known)
    assert all(entry.ahead is None for entry in entries[len(known) :])


SOUND = Item("x.1", "甲", "A", "一", dates=(Due("2017年全年", "2017-12-31"),))


@pytest.mark.parametrize(
    "item",
    [
        replace(SOUND, zh=""),
        replace(SOUND, place=""),
        replace(SOUND, dates=(Due("二月", "2017-02-29"),)),
        replace(SOUND, dates=(Due("", "2017-02-28"),)),
        replace(SOUND, begins="2018-01-01"),
        replace(SOUND, dates=(Due("年底", "2017-12-31"), Due("年初", "2018-01-31"))),
        replace(SOUND, targets={"recovery_pooled": 700}),
    ],
)
def test_an_item_that_is_not_sound_is_found(item: Item):
    assert verify_programme(replace(SHAANXI, items=(SOUND,))) == []
    assert [flaw.place for flaw in verify_programme(replace(SHAANXI, items=(item,)))] == ["x.1"]


def test_a_programme_without_items_or_with_an_id_twice_is_found():
    assert len(verify_programme(replace(SHAANXI, items=(), cites=()))) == 2
    assert verify_programme(replace(SHAANXI, items=(SOUND, SOUND)))[0].place == "x.1"


def test_what_goes_on_beside_the_tasks_stands_where_it_says():
    opinion = published("shaanxi-2017-implementing-opinion.txt")
    outline = published("spc-2019-2023-enforcement-outline.txt")
    assert "月通报制度" in opinion and "13个考核扣分项目" in opinion
    assert "月汇总、季度通报、年终扣分" in outline
    assert [one.every for one in SHAANXI.routines] == ["month", "year", "year", "year"]
    assert [one.every for one in OUTLINE.routines[:3]] == ["month", "quarter", "year"]


def test_a_routine_without_a_title_or_with_the_id_of_an_item_is_found():
    routine = Routine("x.r", "甲", "A", "一", "month")
    sound = replace(SHAANXI, items=(SOUND,), routines=(routine,))
    assert verify_programme(sound) == []
    for bad, place in ((replace(routine, place=""), "x.r"), (replace(routine, id="x.1"), "x.1")):
        assert [f.place for f in verify_programme(replace(sound, routines=(bad,)))] == [place]
