"""The ledger and the bids in words for a person."""

from __future__ import annotations

from typing import Any

from zhiheng.listings.bidders import Bid
from zhiheng.listings.model import admission, bidding, publication
from zhiheng.listings.publication import Published
from zhiheng.records.catalogue import codes, tables

STATES = {
    "on_list": ("在名单上", "on the list"),
    "off_list": ("已删除或撤销", "deleted or withdrawn"),
    "not_entered": ("未列入", "not entered"),
    "candidate": ("未列入的被执行人", "debtor not on the list"),
}
VERDICTS = {
    "may": ("可列入", "may be listed"),
    "must_not": ("不得列入", "must not be listed"),
    "unknown": ("事实不足", "facts missing"),
}
TASKS = {
    "": ("", ""),
    "ahead": ("未到", "ahead"),
    "open": ("待办", "to be done"),
    "done": ("按期", "done"),
    "done_late": ("逾期完成", "done late"),
    "overdue": ("逾期未办", "overdue"),
    "fell_away": ("不再需要", "fell away"),
}
WITHHELD = {
    "minor": ("未成年人的信息不得公布", "nothing about a minor is published"),
    "not_listed": ("不在名单上，不再公布", "not on the list: nothing is shown"),
}
MISSING = ("应当公布而未记录", "must be shown and is not on record")
MASKED = (
    "数据仓内为掩码，由法院依本院卷宗填写",
    "masked in the store, filled in by the court from its file",
)
HEADINGS = {
    "zh": ("法院", "案号", "当事人", "状态", "结论", "情形、障碍或缺失", "届满", "删除期限", "删除",
           "纠正期限", "纠正", "公布缺项"),
    "en": ("court", "case", "party", "state", "answer", "grounds, bars or missing", "ends",
           "delete by", "deletion", "correct by", "correction", "not published"),
}  # fmt: skip
BID_HEADINGS = {
    "zh": ("投标", "成员数", "结论", "在名单上的行", "后果"),
    "en": ("bid", "members", "answer", "listed rows", "what follows"),
}


def sentences(counts: dict[str, Any], language: str) -> list[str]:
    """The counts of a ledger, one line each."""
    said = []
    for state, names in STATES.items():
        found = counts.get(state, {})
        parts = [
            f"{_pick(VERDICTS[name], language)} {found[name]:,}"
            for name in VERDICTS
            if name in found
        ]
        if parts:
            said.append(f"{_pick(names, language)}: {', '.join(parts)}")
    overdue = (counts["deletion_overdue"], counts["correction_overdue"])
    zh, en = "逾期未删除 {:,}，逾期未纠正 {:,}", "deletion overdue {:,}, correction overdue {:,}"
    return [*said, (zh if language == "zh" else en).format(*overdue)]


def cells(row: dict[str, str], language: str) -> tuple[str, ...]:
    """One row of the ledger for the screen: names stay masked."""
    why = row["bars"] or row["missing"] or row["grounds"]
    unmet = _pick(("情形不成立", "the ground is not met"), language)
    return (
        row["court"],
        row["case_number"],
        row["name"],
        _pick(STATES[row["state"]], language),
        _pick(VERDICTS[row["verdict"]], language),
        _pick(("、", ", "), language).join(_fact(name, language) for name in why.split()) or unmet,
        row["ends"],
        row["delete_by"],
        _pick(TASKS[row["deletion"]], language),
        row["correct_by"],
        _pick(TASKS[row["correction"]], language),
        row["not_published"],
    )


def bid_cells(one: Bid, language: str) -> tuple[str, ...]:
    """One bid for the screen; rows stand for persons, numbers are never shown."""
    listed = [member for member in one.members if member.listed]
    answer = {True: ("视为在名单上", "counts as listed"), False: ("不在名单上", "not listed")}
    unclear = ("有成员无证件号码，无法核查", "a member bears no number to look up")
    roles = dict.fromkeys("consortium" if one.consortium else member.role for member in listed)
    said = (getattr(bidding().roles[role].if_listed, language) for role in roles)
    return (
        one.bid,
        str(len(one.members)),
        _pick(
            answer.get(bool(one.listed), unclear) if one.listed is not None else unclear, language
        ),
        ", ".join(str(member.row) for member in listed),
        "; ".join(said),
    )


def published_lines(entry: Published, language: str) -> list[str]:
    """An entry as it may be published, one line a field; what is missing and what is masked."""
    fields = publication().fields
    if entry.withheld:
        return [_pick(WITHHELD[entry.withheld], language)]
    said = [
        f"{fields[name].in_language(language)}: {value}" for name, value in entry.values.items()
    ]
    for names, words in ((entry.missing, MISSING), (entry.masked, MASKED)):
        if names:
            listed = ", ".join(fields[name].in_language(language) for name in names)
            said.append(f"{_pick(words, language)}: {listed}")
    return said


def _fact(name: str, language: str) -> str:
    """A ground, a bar or a missing fact as people call it."""
    grounds, bars, columns = (
        codes()["listing_ground"],
        admission().bars,
        tables()["parties"].columns,
    )
    found = grounds.get(name) or bars.get(name) or columns[name]
    return found.zh if language == "zh" else found.en


def _pick(pair: tuple[str, str], language: str) -> str:
    return pair[0 if language == "zh" else 1]
