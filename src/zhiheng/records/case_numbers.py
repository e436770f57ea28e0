"""Case numbers (案号): read in every form seen in practice, printed in one.

From 2016 a case number is year of intake, court code, type characters and serial number, as in
（2017）陕0102执1号 (法〔2015〕137号, articles 2 and 3); 之一, 之二 … tell the documents of one case
apart. Before that every court chose its own characters, as in （2015）海执字第11933号. Such a
number is read as `old_form`; its court characters are no court code. Numbers of the supreme court
from that time may carry none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import msgspec

from zhiheng.errors import BadInput, Message
from zhiheng.parsed import parse
from zhiheng.records.courts import CODE_PATTERN

_ORDINALS = "一二三四五六七八九"
_HAN = "一-鿿"
_FIRST_YEAR, _LAST_YEAR = 1950, 2099
_BRACKETS = str.maketrans("〔【[{〈《<〕】]}〉》>", "(((((((" + ")))))))")
_DASHES = str.maketrans("－—–‐‑−﹣", "-" * 7)

_OUTER = re.compile(
    r"\(?(?P<year>[0-9]{4})(?:年\)?|\))?"
    rf"(?P<head>[{_HAN}A-Z]*?[0-9O]*[{_HAN}]*?)(?P<old>字?第?)"
    r"(?P<number>[0-9]+)(?P<inner>-[0-9]+)?号?"
    rf"(?P<outer>之[{_ORDINALS}十]+|之[0-9]+|-[0-9]+)?"
)
_NEW_HEAD = re.compile(rf"(?P<court>{CODE_PATTERN})(?P<type>[{_HAN}]{{1,4}})")


class UnreadableCaseNumber(BadInput):
    """A text that cannot be read as a case number; `what` says why."""


class CaseType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What type characters stand for. `kind` is a case_kind code for enforcement cases."""

    zh: str
    code: str | None = None
    kind: str | None = None
    old: bool = False


@dataclass(frozen=True)
class CaseNumber:
    """A case number taken apart. `str()` prints its canonical form.

    number_text keeps the leading zeros that numbers before 2016 carry; suffix is the number of
    the document within the case (之一 → 1, None without) and suffix_text what is printed for it.
    """

    year: int
    court_code: str
    type_char: str
    number: int
    number_text: str
    suffix: int | None = None
    suffix_text: str = ""
    old_form: bool = False

    def __str__(self) -> str:
        inner, outer = self.suffix_text, ""
        if not inner.startswith("-"):
            inner, outer = "", inner
        middle = "字第" if self.old_form else ""
        head = f"（{self.year}）{self.court_code}{self.type_char}{middle}"
        return f"{head}{self.number_text}{inner}号{outer}"

    @property
    def kind(self) -> str | None:
        """The case_kind code of an enforcement case, else None."""
        known = case_types().get(self.type_char)
        return known.kind if known else None

    @property
    def case(self) -> CaseNumber:
        """The number of the case itself, without 之一."""
        return replace(self, suffix=None, suffix_text="")


@cache
def case_types() -> dict[str, CaseType]:
    """Type characters → what they stand for."""
    path = resources.files("zhiheng.records").joinpath("data", "case_types.yaml")
    rows = parse(path.read_text(encoding="utf-8"))
    return msgspec.convert(rows, dict[str, CaseType])


canonical_pattern = (
    rf"^（(?:19[5-9][0-9]|20[0-9][0-9])）{CODE_PATTERN}"
    rf"(?:{'|'.join(name for name, one in case_types().items() if not one.old)})"
    rf"[1-9][0-9]{{0,8}}号(?:之(?:[{_ORDINALS}]|[{_ORDINALS}]?十[{_ORDINALS}]?))?$"
)
"""RE2 and Python expression of numbers since 2016, of a known type, exactly as they are printed.

A text it matches is its own canonical form: an SQL engine may take it as it is and hand only the
others to `parse_case_number`.
"""
_CANONICAL = re.compile(canonical_pattern)


def is_canonical(text: str) -> bool:
    """Whether `canonical_pattern` matches: the text prints as it stands."""
    return _CANONICAL.fullmatch(text) is not None


def parse_case_number(text: str) -> CaseNumber:
    """Read a case number in any form; raise `UnreadableCaseNumber` with the reason.

    Accepted beside the canonical form: full-width characters, any brackets or none, 年 after the
    year, spaces, a missing 号, 之1, 7-1号, 字第 after a court code, the letter O for the zero of a
    court code, and the forms before 2016.
    """
    plain = _plain(text)
    found = _OUTER.fullmatch(plain)
    if found is None:
        raise _unreadable(text, _why_not(plain))
    if not _FIRST_YEAR <= int(found["year"]) <= _LAST_YEAR:
        raise _unreadable(text, Message("收案年度不合理", "the year is not plausible"))
    if int(found["number"]) == 0:
        raise _unreadable(text, Message("案件编号为零", "the serial number is zero"))
    if found["inner"] and found["outer"]:
        raise _unreadable(text, Message("有两个分号", "it has two document numbers"))
    court, type_char, old = _head(text, found["head"], bool(found["old"]))
    suffix, suffix_text = _suffix(text, found["inner"] or found["outer"] or "")
    number = int(found["number"])
    digits = found["number"] if old else str(number)
    return CaseNumber(
        int(found["year"]), court, type_char, number, digits, suffix, suffix_text, old
    )


def _plain(text: str) -> str:
    """The text with one kind of bracket, dash and digit, capitals, and no white space."""
    narrow = unicodedata.normalize("NFKC", text).translate(_BRACKETS).translate(_DASHES)
    return re.sub(r"\s+", "", narrow).upper()


def _head(text: str, head: str, marked_old: bool) -> tuple[str, str, bool]:
    """Court, type characters, and whether the number is of the form before 2016."""
    # A court code holds digits only, so a letter O in one can be nothing but a zero.
    new = _NEW_HEAD.fullmatch(re.sub(r"(?<=[0-9O])O|O(?=[0-9O])", "0", head))
    if new and not (marked_old and not re.search("[0-9]", new["court"])):
        return new["court"], new["type"], False
    if not marked_old:
        raise _unreadable(text, Message("法院代字不合规", "the court code is not of a known form"))
    if re.search("[A-Z]", head):
        raise _unreadable(text, Message("法院代字已被隐去", "the court is masked"))
    if re.search("[0-9]", head):
        raise _unreadable(text, Message("法院代字不合规", "the court code is not of a known form"))
    for length in range(min(4, len(head)), 0, -1):
        if head[-length:] in case_types():
            return head[:-length], head[-length:], True
    raise _unreadable(text, Message("类型代字不认识", "the type characters are not known"))


def _suffix(text: str, printed: str) -> tuple[int | None, str]:
    """The document's number and how it is printed: 之一 → 1, 之1 → 1 (之一), -1 → 1."""
    if not printed:
        return None, ""
    body = printed[1:]
    value = int(body) if body.isdecimal() else _ordinal(body)
    if value is None or not 1 <= value <= 99:
        raise _unreadable(
            text, Message("“之”后的序号不合理", "the number after 之 is not plausible")
        )
    if printed[0] == "之" and body.isdecimal():
        return value, "之" + _printed_ordinal(value)
    return value, printed if printed[0] == "之" else f"-{value}"


def _ordinal(text: str) -> int | None:
    """一 → 1, 十 → 10, 二十一 → 21; 二一 is read place by place as 21."""
    tens, ten, ones = text.partition("十")
    if not ten:
        digits = [_ORDINALS.index(char) + 1 for char in text]
        return int("".join(map(str, digits)))
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return 10 * (_ORDINALS.find(tens) + 1 if tens else 1) + (
        _ORDINALS.find(ones) + 1 if ones else 0
    )


def _printed_ordinal(value: int) -> str:
    tens, ones = divmod(value, 10)
    left = "" if tens == 0 else "十" if tens == 1 else _ORDINALS[tens - 1] + "十"
    return left + (_ORDINALS[ones - 1] if ones else "")


def _why_not(plain: str) -> Message:
    """Why a text is no case number, in the order a reader would notice."""
    if not plain:
        return Message("案号为空", "it is empty")
    if not re.match(r"\(?[0-9]{4}(?![0-9])", plain):
        return Message("没有收案年度", "it does not begin with a year")
    strange = re.search(rf"[^{_HAN}A-Z0-9()\-]", plain)
    if strange:
        return Message(f"含有字符“{strange[0]}”", f"it holds the character {strange[0]!r}")
    if not re.search(r"[0-9](?:号|$)", plain[5:]):
        return Message("没有案件编号", "it has no serial number")
    if re.search(r"号(?!之|-|$)", plain):
        return Message("“号”后有多余文字", "there is text after 号")
    return Message("各部分不成案号", "its parts do not make a case number")


def _unreadable(text: str, why: Message) -> UnreadableCaseNumber:
    return UnreadableCaseNumber(
        Message(
            f"案号“{text}”无法识别：{why.zh}。",
            f"The case number {text!r} cannot be read: {why.en}.",
        ),
        Message(
            "请按“（2017）陕0102执1号”的样式填写。", "Write it in the form （2017）陕0102执1号."
        ),
    )
