"""Made-up rulings: one without fault, and for every flag one that shows only that fault."""

from __future__ import annotations

from datetime import date

import pytest

from zhiheng.errors import BadInput
from zhiheng.rulings import CheckedRuling, check_text
from zhiheng.rulings.patterns import conditions, documents, flag_kinds, readings, statement_kinds
from zhiheng.rulings.weigh import TESTS

GOOD = """某某县人民法院
执行裁定书
（2018）陕0102执77号之一
申请执行人：甲公司。
被执行人：丙某。
甲公司与丙某买卖合同纠纷一案，（2017）陕0102民初900号民事判决书已经生效。\
本院于2018年3月5日立案执行，执行标的为120,000元。
一、2018年3月6日，向被执行人发出执行通知书、报告财产令。
二、2018年3月8日，同年6月20日，通过网络查控系统查询银行存款、车辆、不动产、证券，未发现可供执行的财产。
三、2018年4月2日，前往被执行人住所地调查，未发现可供执行的财产。
四、2018年5月7日，本院决定对被执行人限制消费，并将其纳入失信被执行人名单。
五、2018年5月9日，扣划被执行人存款20,000元，已发还申请执行人，尚余100,000元未执行到位。
2018年7月2日，本院约谈申请执行人，告知申请执行人调查情况和终本的依据及后果，并听取其意见，申请执行人不能提供财产线索。
依照《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第五百一十九条的规定，裁定如下：
终结本次执行程序。
被执行人应当继续履行债务。申请执行人发现财产的，可以申请恢复执行。
当事人认为本裁定违法的，可以自收到裁定之日起六十日内提出执行异议。
审判长　赵某
审判员　钱某
审判员　孙某
二〇一八年七月五日
书记员　李某
"""


def flags(text: str) -> set[str]:
    return {one.id for one in check_text(text).flags}


def changed(*pairs: tuple[str, str]) -> str:
    text = GOOD
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def state(checked: CheckedRuling, condition: str) -> str:
    return next(one.state for one in checked.conditions if one.id == condition)


ONE_FAULT = [
    ("notice_issued", ("执行通知书、", "")),
    ("report_ordered", ("、报告财产令", "")),
    ("report_checked", ("报告财产令。", "报告财产令。被执行人如实申报了其财产。")),
    ("report_refusal_sanctioned", ("报告财产令。", "报告财产令。被执行人逾期未申报。")),
    ("spending_restricted", ("限制消费，并将其", "")),
    ("dishonest_listed", ("并将其纳入", "未将其纳入")),
    ("network_queried", ("通过网络查控系统查询", "查询")),
    ("query_kinds", ("银行存款、车辆、", "银行存款、")),
    ("inquired_on_site", ("前往被执行人住所地调查", "向邻居了解")),
    ("clues_checked", ("申请执行人不能提供财产线索", "申请执行人提供了财产线索")),
    ("searched", ("四、2018", "被执行人隐匿会计账簿。\n四、2018")),
    ("audit_settled", ("申请执行人不能", "申请执行人书面申请审计，不能")),
    ("reward_settled", ("申请执行人不能", "申请执行人书面申请悬赏，不能")),
    ("property_exhausted", ("五、2018", "2018年5月8日，查封房屋一套。\n五、2018")),
    ("three_months", ("2018年3月5日立案", "2018年4月5日立案"), ("2018年3月6日", "2018年4月6日"),
     ("2018年3月8日，同年6月20日", "2018年6月20日"), ("2018年4月2日", "2018年5月2日")),
    ("searched_for", ("未发现可供执行的财产。\n四", "未发现可供执行的财产。被执行人下落不明。\n四"),
     ("前往被执行人住所地调查", "前往登记中心调查")),
    ("obstruction_sanctioned", ("四、2018", "被执行人抗拒执行。\n四、2018")),
    ("applicant_heard", ("，并听取其意见", "")),
    ("panel_or_confirmation", ("审判长　赵某\n审判员　钱某\n", "")),
    ("claim_stated", ("，执行标的为120,000元", "")),
    ("outstanding_stated", ("，尚余100,000元未执行到位", "")),
    ("resumption_told", ("可以申请恢复执行", "可以向本院提出")),
    ("duty_continues", ("被执行人应当继续履行债务。", "")),
    ("objection_told", ("可以自收到裁定之日起六十日内提出执行异议", "可以来访")),
    ("query_recent", ("同年6月20日", "同年3月20日")),
    ("sums_do_not_add_up", ("尚余100,000元", "尚余99,999.99元")),
    ("figure_unlike_words", ("120,000元", "120,000元（壹拾贰万壹仟元）")),
    ("impossible_date", ("2018年4月2日", "2018年4月31日")),
    ("filing_day_missing", ("本院于2018年3月5日立案执行，", "")),
    ("before_filing", ("2018年3月6日", "2018年3月4日")),
    ("after_ruling", ("2018年5月9日", "2018年7月9日")),
    ("told_undated", ("2018年7月2日，本院", "本院")),
    ("over_time_limit", ("二〇一八年七月五日", "二〇一八年九月六日")),
    ("year_mismatch", ("（2018）陕0102执77号", "（2017）陕0102执77号")),
    ("objection_period", ("六十日内", "三十日内")),
]  # fmt: skip


def test_a_sound_ruling_raises_no_flag() -> None:
    assert flags(GOOD) == set()


@pytest.mark.parametrize("flag, pairs", [(row[0], row[1:]) for row in ONE_FAULT])
def test_one_fault_raises_its_flag_and_no_other(
    flag: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    assert flags(changed(*pairs)) == {flag}


TOLD = "2018年7月2日，本院约谈申请执行人，告知申请执行人调查情况和终本的依据及后果，并"
SEVERAL = [
    ({"ruling_day_missing"}, [("二〇一八年七月五日\n", "")]),
    ({"case_number_missing"}, [("（2018）陕0102执77号之一", "")]),
    ({"applicant_told"}, [(TOLD, "")]),
    ({"resumption_told", "worded_anew"}, [("可以申请恢复执行", "可以再次申请执行")]),
    ({"applicant_told", "told_after_ruling"}, [("2018年7月2日，本院", "2018年7月6日，本院")]),
    ({"legal_basis"}, [("第五百一十九条", "第二百五十七条")]),
    ({"legal_basis", "article_out_of_date"}, [("第五百一十九条", "第五百一十七条")]),
]  # fmt: skip


@pytest.mark.parametrize("expected, pairs", SEVERAL)
def test_faults_that_come_together(expected: set[str], pairs: list[tuple[str, str]]) -> None:
    assert flags(changed(*pairs)) == expected


def test_measures_named_in_a_word_are_not_measures() -> None:
    start, end = GOOD.index("二、2018"), GOOD.index("四、2018")
    text = GOOD[:start] + "经四查，未发现可供执行的财产。\n" + GOOD[end:]
    assert {"queries_in_a_word", "network_queried", "inquired_on_site"} <= flags(text)
    start, end = GOOD.index("一、2018"), GOOD.index("依照《")
    bare = check_text(GOOD[:start] + "经四查，无可供执行的财产。\n" + GOOD[end:])
    assert state(bare, "measures_stated") == "not_evidenced"


def test_every_condition_and_flag_has_a_ruling_that_shows_it() -> None:
    shown = {row[0] for row in ONE_FAULT} | {flag for row in SEVERAL for flag in row[0]}
    shown |= {"queries_in_a_word", "measures_stated"}
    judged = {one.id for one in conditions() if one.group != "afterwards"}
    assert shown == judged | set(flag_kinds())


def test_everything_the_data_names_exists_and_is_cited() -> None:
    cited = [one for row in conditions() for one in row.cites]
    cited += [one for row in (*flag_kinds().values(), *readings().articles) for one in row.cites]
    assert {one.document for one in cited} <= set(documents())
    assert all(one.cites for one in conditions())
    for one in conditions():
        weak = [row.statement for row in one.weak]
        assert {*one.evidence, *one.when, *one.unless, *weak} <= set(statement_kinds())
        assert not one.test or one.test in TESTS
    assert set(readings().needed_queries.objects) <= set(readings().objects)


@pytest.mark.parametrize(
    "ruled, expected",
    [("二〇一八年六月四日", "contradicted"), ("二〇一八年六月五日", "contradicted"),
     ("二〇一八年六月六日", "evidenced")],
)  # fmt: skip
def test_three_months_to_the_day_are_not_more_than_three_months(ruled: str, expected: str) -> None:
    assert state(check_text(changed(("二〇一八年七月五日", ruled))), "three_months") == expected


def test_an_application_far_enough_back_does_not_prove_the_filing() -> None:
    applied = changed(("本院于2018年3月5日立案执行", "甲公司于2018年3月5日向本院申请执行"))
    assert state(check_text(applied), "three_months") == "not_assessable"
    near = applied.replace("二〇一八年七月五日", "二〇一八年五月五日")
    assert state(check_text(near), "three_months") == "contradicted"


def test_an_applicant_who_asked_for_the_closure_need_not_be_heard() -> None:
    told = (
        "2018年7月2日，本院约谈申请执行人，告知申请执行人调查情况和终本的依据及后果，并听取其意见"
    )
    asked = check_text(changed((told, "2018年7月2日，申请执行人书面申请终结本次执行程序")))
    assert state(asked, "applicant_told") == state(asked, "applicant_heard") == "not_applicable"


def test_before_the_rule_was_in_force_its_conditions_are_not_asked() -> None:
    early = GOOD.replace("2018", "2016").replace("二〇一八年七", "二〇一六年十")
    assert state(check_text(early), "three_months") == "not_assessable"


@pytest.mark.parametrize(
    "article, ruled, expected",
    [("九", "二〇二二年四月九日", "evidenced"), ("九", "二〇二二年四月十日", "contradicted"),
     ("七", "二〇二二年四月九日", "contradicted"), ("七", "二〇二二年四月十日", "evidenced")],
)  # fmt: skip
def test_the_basis_was_renumbered_on_10_april_2022(article: str, ruled: str, expected: str) -> None:
    text = changed(("第五百一十九条", f"第五百一十{article}条"), ("二〇一八年七月五日", ruled))
    assert state(check_text(text), "legal_basis") == expected


def test_facts_are_read_with_the_words_they_come_from() -> None:
    facts = check_text(GOOD).facts
    assert facts.court and facts.court.text == "某某县人民法院"
    assert facts.case_number and facts.case_number.canonical == "（2018）陕0102执77号之一"
    assert [one.text for one in facts.basis] == ["（2017）陕0102民初900号民事判决书"]
    assert (facts.filing_day, facts.ruling_day) == (date(2018, 3, 5), date(2018, 7, 5))
    assert [(one.function, one.name) for one in facts.signatories] == [
        ("审判长", "赵某"), ("审判员", "钱某"), ("审判员", "孙某"), ("书记员", "李某"),
    ]  # fmt: skip
    assert {one.day for one in facts.dates if one.kind == "network_queried"} == {
        date(2018, 3, 8), date(2018, 6, 20),
    }  # fmt: skip


def test_every_span_quotes_the_text_at_its_offsets() -> None:
    checked = check_text(GOOD)
    facts = checked.facts
    rows = (facts.dates, facts.statements, facts.sums, facts.steps, facts.cited, facts.signatories)
    spans = [one.span for row in rows for one in row]  # type: ignore[attr-defined]
    spans += [span for one in checked.conditions for span in one.spans]
    assert len(spans) > 40
    assert all(GOOD[span.start : span.end] == span.text for span in spans)


def test_sums_are_whole_fen_and_add_up() -> None:
    sums = check_text(GOOD).arithmetic
    assert (sums.claim, sums.executed, sums.outstanding) == (12_000_000, 2_000_000, 10_000_000)
    assert sums.state == "agrees"
    wan = changed(("120,000元", "12万元"), ("20,000元，已发还", "人民币贰万元整，已发还"))
    assert check_text(wan).arithmetic.state == "agrees"
    about = changed(("120,000元", "约12万余元"), ("尚余100,000元", "尚余9万元"))
    assert check_text(about).arithmetic.state == "not_assessable"


def test_a_seizure_has_its_count_and_length() -> None:
    sealed = "2018年5月8日，查封被执行人名下房屋两套，期限为三年，因轮候查封不能处置。\n五、2018"
    checked = check_text(changed(("五、2018", sealed)))
    seal = next(one for one in checked.facts.steps if one.kind == "seal")
    assert (seal.count, seal.duration, seal.days) == ("两套", "三年", (date(2018, 5, 8),))
    assert state(checked, "property_exhausted") == "evidenced"


def test_what_the_ruling_says_was_not_done_contradicts_the_condition() -> None:
    text = changed(("发出执行通知书、报告财产令", "发出执行通知书，未发出报告财产令"))
    assert state(check_text(text), "report_ordered") == "contradicted"


def test_line_breaks_within_words_change_nothing() -> None:
    broken = "\n".join(GOOD[at : at + 17] for at in range(0, len(GOOD), 17))
    assert flags(broken) == set()


def test_another_text_is_refused() -> None:
    with pytest.raises(BadInput, match="终结本次执行"):
        check_text("某某法院民事判决书。")
