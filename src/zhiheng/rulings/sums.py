"""Sums of money in a ruling: how much, in 分, and whether claimed, executed or outstanding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from zhiheng.law.model import Text
from zhiheng.rulings.model import Arithmetic, Role, Sum
from zhiheng.rulings.numerals import NUMERAL, parse_numeral, parse_yuan
from zhiheng.rulings.page import Page
from zhiheng.rulings.patterns import readings

_SUM = re.compile(
    rf"(?P<about>约)?(?P<number>[0-9]{{1,15}}(?:,[0-9]{{3}}){{0,5}}(?:\.[0-9]{{1,6}})?"
    rf"|{NUMERAL}{{1,24}})"
    r"(?P<more>余|多)?(?P<unit>[万亿]?)(?P<more2>余|多)?元"
    rf"(?:(?P<jiao>{NUMERAL})角)?(?:零?(?P<fen>{NUMERAL})分)?(?!/|每)"
)
_SAME_AGAIN = re.compile(r"[(,](?:小写|大写|人民币|即|¥|￥|:)*")
_INTEREST = re.compile(r"利息|违约金|罚息|滞纳金")


def find_sums(page: Page) -> list[Sum]:
    """Every amount before 元. A figure in brackets behind a sum is the same sum said twice."""
    sums: list[Sum] = []
    end = 0
    for found in _SUM.finditer(page.plain):
        fen = _fen(found)
        if fen is None:
            continue
        again = sums and _SAME_AGAIN.fullmatch(page.plain[end : found.start()])
        if again and page.plain[end] == "(":
            sums[-1] = replace(sums[-1], unclear=sums[-1].unclear or sums[-1].fen != fen)
        else:
            sums.append(_sum(page, found, fen, end, sums[-1] if sums else None))
        end = found.end()
    return sums


def balance(sums: Iterable[Sum], text: str) -> Arithmetic:
    """Claimed − executed = outstanding, so far as the ruling gives the terms."""
    known = list(sums)
    claim, executed, outstanding = (
        _term(known, role) for role in ("claim", "executed", "outstanding")
    )
    if claim is None or outstanding is None:
        named = {"债权数额": claim, "未执行数额": outstanding}
        english = {"债权数额": "the claim", "未执行数额": "the outstanding sum"}
        missing = [name for name, term in named.items() if term is None]
        reason = Text(
            f"裁定未写明或写法不一：{'、'.join(missing)}。",
            f"Not stated, or not in one way: {', '.join(english[name] for name in missing)}.",
        )
        return Arithmetic(claim, executed, outstanding, "not_assessable", reason)
    expected = claim - (executed or 0)
    shown = f"{yuan(claim)} − {yuan(executed or 0)} = {yuan(expected)}"
    if expected == outstanding:
        return Arithmetic(claim, executed, outstanding, "agrees", Text(shown, shown))
    if not all(one.exact for one in known if one.role != "other"):
        reason = Text("金额为约数，不作核算。", "A sum is approximate; nothing is computed.")
        return Arithmetic(claim, executed, outstanding, "not_assessable", reason)
    interest = _INTEREST.search(text) is not None
    reason = Text(
        f"{shown}，裁定写 {yuan(outstanding)}"
        + ("（利息、违约金可能未计入）。" if interest else "。"),
        f"{shown}, the ruling says {yuan(outstanding)}"
        + (" (interest may be left out)." if interest else "."),
    )
    return Arithmetic(claim, executed, outstanding, "disagrees", reason)


def yuan(fen: int) -> str:
    """分 as yuan with thousands commas: 40000000 → 400,000.00."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02}"


def _fen(found: re.Match[str]) -> int | None:
    fen = parse_yuan(found["number"], found["unit"])
    small = [parse_numeral(found[name]) if found[name] else 0 for name in ("jiao", "fen")]
    if fen is None or None in small:
        return None
    return fen + 10 * (small[0] or 0) + (small[1] or 0)


def _sum(page: Page, found: re.Match[str], fen: int, after: int, before: Sum | None) -> Sum:
    """The sum with its role: the nearest telling word since the sum before it, in its sentence;
    without one, a sum in the same breath is what the sum before it is."""
    low = max(page.sentence(found.start())[0], after)
    ahead = page.plain[low : found.start()]
    role, words = _role(ahead)
    joined = not re.search(r"[。;]", page.plain[after : found.start()]) and after > 0
    if role is None:
        role = before.role if before is not None and joined else "other"
    total = bool(words) and re.search(readings().roles[role].total, ahead) is not None
    exact = not (found["about"] or found["more"] or found["more2"])
    return Sum(role, fen, page.span(*found.span()), total, exact)


def _role(ahead: str) -> tuple[Role | None, str]:
    """The role whose word ends nearest to the sum; the longer word where two end alike."""
    hits = [
        (found.end(), found.end() - found.start(), role, found.group())
        for role, rules in readings().roles.items()
        for found in re.finditer(rules.words, ahead)
    ]
    if not hits:
        return None, ""
    _, _, role, words = max(hits, key=lambda hit: hit[:2])
    return role, words


def _term(sums: list[Sum], role: Role) -> int | None:
    """One term: the stated whole, else the parts together; None where the wholes differ."""
    mine = [one for one in sums if one.role == role]
    whole = {one.fen for one in mine if one.stated_total}
    if whole:
        return whole.pop() if len(whole) == 1 else None
    return sum({one.span.text: one.fen for one in mine}.values()) if mine else None
