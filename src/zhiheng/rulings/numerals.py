"""Chinese numerals, everyday and financial, read and written; sums of money in whole 分."""

from __future__ import annotations

import re

DIGITS = "零一二三四五六七八九"
_FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟两〇○", "一二三四五六七八九十百千二零零")

NUMERAL = "[零〇○一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]"
"""Expression of one character of a Chinese numeral."""
LARGEST = 10**12 - 1
"""The largest number that is read and written."""

_PLACES = re.compile(f"[{DIGITS}]+")
_SECTION = re.compile(
    rf"零?(?:([{DIGITS}])千)?零?(?:([{DIGITS}])百)?零?(?:([{DIGITS}])?十)?零?([{DIGITS}])?"
)
_WHOLE = re.compile(r"(?:(?P<yi>[^亿]+)亿)?(?:(?P<wan>[^万亿]+)万)?(?P<rest>[^万亿]*)")


def parse_numeral(text: str) -> int | None:
    """The whole number a Chinese numeral or row of digits stands for; None for any other text.

    Digits in a row (二〇二一) are read place by place.
    """
    if re.fullmatch("[0-9]+", text):
        return int(text)
    plain = text.translate(_FINANCIAL)
    if not plain:
        return None
    if _PLACES.fullmatch(plain):
        return int("".join(str(DIGITS.index(char)) for char in plain))
    parts = _WHOLE.fullmatch(plain)
    if parts is None:
        return None
    total = 0
    for name, scale in (("yi", 10**8), ("wan", 10**4), ("rest", 1)):
        value = _section(parts[name]) if parts[name] else 0
        if value is None:
            return None
        total += value * scale
    return total


def write_numeral(value: int) -> str:
    """A whole number from 0 to `LARGEST` as an everyday Chinese numeral. Raises ValueError."""
    if not 0 <= value <= LARGEST:
        raise ValueError("only numbers from 0 to 999,999,999,999 are written")
    if value == 0:
        return "零"
    written, gap = "", False
    for scale, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section = value // scale % 10**4
        if section:
            written += "零" if written and (gap or section < 1000) else ""
            written += _written_section(section) + unit
        gap = not section
    return written.removeprefix("一") if written.startswith("一十") else written


def parse_yuan(number: str, unit: str) -> int | None:
    """A figure before 元 in 分: digits with thousands commas and a point, or a numeral.

    `unit` is 万, 亿 or empty. None where it is no number or is finer than a 分.
    """
    scale = {"": 100, "万": 100 * 10**4, "亿": 100 * 10**8}[unit]
    digits = re.fullmatch(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?", number)
    if digits is None:
        value = parse_numeral(number)
        return None if value is None else value * scale
    places = digits[2] or ""
    whole = int(digits[1].replace(",", "") + places) * scale
    fen, rest = divmod(whole, 10 ** len(places))
    return None if rest else fen


def _section(text: str) -> int | None:
    """A number below ten thousand; 千 down to ones, 十五 for 15."""
    found = _SECTION.fullmatch(text)
    if found is None or not text.strip("零"):
        return None if found is None else 0
    thousands, hundreds, tens, ones = (DIGITS.index(part) if part else 0 for part in found.groups())
    if "十" in text and found[3] is None:
        tens = 1
    return thousands * 1000 + hundreds * 100 + tens * 10 + ones


def _written_section(value: int) -> str:
    written, gap = "", False
    for scale, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // scale % 10
        if digit:
            written += ("零" if gap and written else "") + DIGITS[digit] + unit
        gap = not digit
    return written
