"""One simulated province turned into another in SQL: every key, court code, number and name.

A copy's two leading digits take the place of the 61 that begins the keys of a simulated 陕西, so
that no two copies share an id. Copies beyond the number of provinces are further halves of one:
their intermediate courts are numbered 20 higher, their high court is the province's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.records.catalogue import tables

PROVINCES = {
    "陕": "陕西",
    "浙": "浙江",
    "粤": "广东",
    "苏": "江苏",
    "鲁": "山东",
    "豫": "河南",
    "川": "四川",
    "冀": "河北",
    "湘": "湖南",
    "鄂": "湖北",
    "皖": "安徽",
    "闽": "福建",
    "赣": "江西",
    "辽": "辽宁",
    "吉": "吉林",
    "黑": "黑龙江",
    "晋": "山西",
    "内": "内蒙古",
    "桂": "广西",
    "琼": "海南",
    "黔": "贵州",
    "云": "云南",
    "藏": "西藏",
    "甘": "甘肃",
    "青": "青海",
    "宁": "宁夏",
    "京": "北京",
    "津": "天津",
    "沪": "上海",
    "渝": "重庆",
}
"""In their order. 新 is left out: digits 40 stand for a high court there."""

MOST_COPIES = 2 * len(PROVINCES)
OWN = 61
"""The leading digits of a simulated province's keys."""
_CASE_DIGITS, _CHILD_DIGITS = 10**13, 10**16
_SECOND_HALF = 20
_RIC, _RIC_WEIGHTS = "10X98765432", (7, 9)
_USCC, _USCC_WEIGHTS = "0123456789ABCDEFGHJKLMNPQRTUWXY", (9, 27)


@dataclass(frozen=True)
class Copy:
    """One copy. `digits` lead its keys, `serial` its case numbers, `letter` is its province's."""

    number: int
    digits: int
    serial: str = ""

    @property
    def letter(self) -> str:
        """The character of its province."""
        return list(PROVINCES)[self.number % len(PROVINCES)]

    @property
    def second(self) -> bool:
        """Whether it is the second half of a province."""
        return self.number >= len(PROVINCES)


def copy_of(number: int) -> Copy:
    """The nth copy: 61 for the first, up to 99, then from 11 on."""
    digits = OWN + number if OWN + number <= 99 else 11 + (OWN + number - 100)
    return Copy(number, digits, "50000" if number >= len(PROVINCES) else "")


def increment_of(number: int) -> Copy:
    """New cases at the courts of the nth copy: keys from 51 on are no copy's."""
    return Copy(number, 51, "60000")


def select(table: str, source: str, copy: Copy, where: str = "true") -> str:
    """The rows of a source (SQL of a relation) as the copy has them."""
    columns = ", ".join(f'{_value(table, name, copy)} AS "{name}"' for name in _columns(table))
    return f"SELECT {columns} FROM {source} WHERE {where}{_own_courts(table, copy)}"


def _columns(table: str) -> list[str]:
    return list(tables()[table].columns)


def _own_courts(table: str, copy: Copy) -> str:
    """The second half of a province does not list its high court again."""
    return " AND level <> 'high'" if table == "courts" and copy.second else ""


def _value(table: str, name: str, copy: Copy) -> str:
    column = tables()[table].columns[name]
    special = {
        ("cases", "case_number"): _case_number(copy),
        ("courts", "name"): _own_name(name, copy),
        ("courts", "aliases"): _own_name(name, copy),
        ("parties", "person"): _person(name, copy),
        ("documents", "digest"): f"replace(\"{name}\", '-{OWN}', '-{copy.digits}')",
        ("controls", "account"): f"replace(\"{name}\", '-{OWN}', '-{copy.digits}')",
        ("cases", "account"): _leading(name, copy),
        ("payments", "account"): _leading(name, copy),
    }
    if (table, name) in special:
        return special[table, name]
    named = table if column.kind == "id" else column.table
    if named == "courts":
        return _court(f'"{name}"', copy)
    if named == "officers":
        return _officer(name, copy)
    if column.kind in ("id", "ref", "subject"):
        size = _CASE_DIGITS if named == "cases" else _CHILD_DIGITS
        return f'"{name}" + {(copy.digits - OWN) * size}'
    if column.kind in ("text", "name"):
        return f"replace(\"{name}\"::VARCHAR, '陕西', '{PROVINCES[copy.letter]}')"
    return f'"{name}"'


def _court(text: str, copy: Copy) -> str:
    """A text with the copy's court code in place of the one it holds."""
    if not copy.second:
        return f"replace({text}, '陕', '{copy.letter}')"
    number = f"(substr({text}, strpos({text}, '陕') + 1, 2)::INTEGER + {_SECOND_HALF})"
    return (
        f"CASE WHEN regexp_matches({text}, '陕[0-9]') THEN regexp_replace({text}, "
        f"'陕[0-9][0-9]', '{copy.letter}' || {number}) "
        f"ELSE replace({text}, '陕', '{copy.letter}') END"
    )


def _case_number(copy: Copy) -> str:
    text = _court("case_number", copy)
    return rf"regexp_replace({text}, '([0-9]+号)', '{copy.serial}\1')" if copy.serial else text


def _own_name(name: str, copy: Copy) -> str:
    """Names of courts differ between copies: each begins with its province and its half."""
    if copy.number == 0:
        return f'"{name}"'
    province = PROVINCES[copy.letter]
    half = "第二" if copy.second else ""
    own = f"replace(\"{name}\"::VARCHAR, '陕西', '{province}')"
    return f"CASE WHEN level = 'high' THEN {own} ELSE '{province}{half}' || {own} END"


def _officer(name: str, copy: Copy) -> str:
    return f'"{name}"' if copy.number == 0 else f"'O{copy.number:02}' || substr(\"{name}\", 2)"


def _leading(name: str, copy: Copy) -> str:
    return f"CASE WHEN \"{name}\" LIKE '{OWN}%' THEN '{copy.digits}' || substr(\"{name}\", 3) END"


def _person(name: str, copy: Copy) -> str:
    """Identity numbers and credit codes of another division, their check digits set right."""
    return (
        f"CASE WHEN length({name}) = 18 AND {name} LIKE '{OWN}%' THEN "
        f"{_redone(name, 0, copy.digits, _RIC, _RIC_WEIGHTS, OWN, 1)} "
        f"WHEN length({name}) = 18 AND {name} LIKE '9_99%' THEN "
        f"{_redone(name, 2, copy.digits, _USCC, _USCC_WEIGHTS, 99, -1)} ELSE {name} END"
        if copy.number
        else name
    )


def _redone(
    name: str, at: int, digits: int, alphabet: str, weights: tuple[int, int], old: int, sign: int
) -> str:
    """A number with other digits at one place; `sign` says how its check digit follows the sum."""
    tens, ones = digits // 10 - old // 10, digits % 10 - old % 10
    shift = sign * (weights[0] * tens + weights[1] * ones) % len(alphabet)
    moved = f"(strpos('{alphabet}', substr({name}, 18, 1)) - 1 + {shift}) % {len(alphabet)}"
    body = f"substr({name}, 1, {at}) || '{digits}' || substr({name}, {at + 3}, {15 - at})"
    return f"{body} || substr('{alphabet}', {moved} + 1, 1)"
