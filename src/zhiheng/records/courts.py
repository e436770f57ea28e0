"""Court codes (法院代字), and a directory that finds a court by code, name or alias.

Grammar of a code (法〔2015〕137号, articles 4 and 5): 最高法 is the supreme court; one character,
for a province, the military (军) or the Xinjiang Corps (兵), is its high court; two digits more are
an intermediate court, four digits a basic court (陕, 陕01, 陕0102). The digits are those of the
administrative division; railway courts have 71 in their place, maritime courts 72.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from zhiheng.errors import BadInput, Message

Level = Literal["supreme", "high", "intermediate", "basic"]

PROVINCES = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新兵军"
CODE_PATTERN = rf"(?:最高法|[{PROVINCES}](?:[0-9]{{4}}|[0-9]{{2}})?)"
"""RE2 and Python expression of one court code."""

_CODE = re.compile(CODE_PATTERN)
_LEVELS: dict[int, Level] = {1: "high", 3: "intermediate", 5: "basic"}
_RANK = {"supreme": 0, "high": 1, "intermediate": 2, "basic": 3}
# The Ili branch of Xinjiang's high court stands above intermediate courts of its own.
_BRANCHES = {"新40"}
# Districts of a municipality share the digits 01 whichever intermediate court they belong to.
_MUNICIPALITIES = "京津沪渝"
_ABBREVIATIONS = (
    ("高级人民法院", "高院"),
    ("中级人民法院", "中院"),
    ("中级法院", "中院"),
    ("基层人民法院", "法院"),
    ("人民法院", "法院"),
)


class UnknownCourt(BadInput):
    """No court has this code, name or alias; the remedy names the nearest."""


class AmbiguousCourt(BadInput):
    """Several courts answer to this name; the remedy names them."""


@dataclass(frozen=True)
class Court:
    """One court as the directory knows it. `parent` is a code, empty for the top court."""

    code: str
    name: str
    level: str
    parent: str = ""
    aliases: tuple[str, ...] = ()


def is_court_code(text: str) -> bool:
    """Whether a text has the form of a court code."""
    return _CODE.fullmatch(text) is not None


def level_of_code(code: str) -> Level | None:
    """The level a court code stands for; None for a text that is no court code."""
    if not is_court_code(code):
        return None
    if code == "最高法":
        return "supreme"
    return "high" if code in _BRANCHES else _LEVELS[len(code)]


def parent_of_code(code: str) -> str | None:
    """The code of the court above, where the code alone tells it; else None.

    It does not for basic courts of a municipality, and for digits from 80 on (courts outside the
    administrative divisions).
    """
    if not is_court_code(code) or code == "最高法":
        return None
    if len(code) == 1:
        return "最高法"
    if len(code) == 3:
        return code[0]
    if code[1] in "89" or (code[0] in _MUNICIPALITIES and code[1:3] == "01"):
        return None
    return code[:3]


def normal_court_name(name: str) -> str:
    """A court's name without white space and with its usual abbreviation (中级人民法院 → 中院)."""
    short = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
    for long, abbreviated in _ABBREVIATIONS:
        if short.endswith(long):
            return short.removesuffix(long) + abbreviated
    return short


def _keys(court: Court) -> set[str]:
    """Every normal form a court answers to; a name may be written without its province."""
    names = {normal_court_name(name) for name in (court.name, *court.aliases) if name.strip()}
    without = {
        re.sub(r"^\w{2,3}?(?:省|维吾尔自治区|回族自治区|壮族自治区|自治区)(?=\w{3})", "", n)
        for n in names
    }
    return names | without


@dataclass(frozen=True)
class CourtDirectory:
    """Courts by code, name and alias; build it with `court_directory`."""

    courts: dict[str, Court]
    by_name: dict[str, tuple[str, ...]] = field(repr=False)

    def find(self, text: str) -> Court:
        """The court with this code, name or alias.

        Raises AmbiguousCourt naming the candidates, or UnknownCourt naming the nearest.
        """
        stripped = text.strip()
        if stripped in self.courts:
            return self.courts[stripped]
        exact = [c for c in self._named(stripped) if stripped in (c.name, *c.aliases)]
        candidates = exact or self._named(stripped)
        if len(candidates) == 1:
            return candidates[0]
        raise _ambiguous(text, candidates) if candidates else _unknown(text, self.nearest(text))

    def nearest(self, text: str) -> list[Court]:
        """Up to three courts whose names come closest to the text."""
        close = get_close_matches(normal_court_name(text), self.by_name, n=3, cutoff=0.6)
        codes = dict.fromkeys(code for name in close for code in self.by_name[name])
        return [self.courts[code] for code in list(codes)[:3]]

    def _named(self, text: str) -> list[Court]:
        return [self.courts[code] for code in self.by_name.get(normal_court_name(text), ())]


def court_directory(rows: Iterable[Court]) -> CourtDirectory:
    """A directory of courts; BadInput where two share a code or levels and parents disagree."""
    courts: dict[str, Court] = {}
    by_name: dict[str, list[str]] = {}
    for court in rows:
        if courts.setdefault(court.code, court) is not court:
            raise _unfit(court, Message("法院代字重复", "its code is used twice"))
        for key in _keys(court):
            by_name.setdefault(key, []).append(court.code)
    for court in courts.values():
        _check(court, courts)
    return CourtDirectory(courts, {name: tuple(codes) for name, codes in by_name.items()})


def _check(court: Court, courts: dict[str, Court]) -> None:
    expected = level_of_code(court.code)
    if expected is not None and expected != court.level:
        raise _unfit(court, Message("层级与法院代字不符", "its level does not fit its code"))
    above = courts.get(court.parent)
    if above is not None and _RANK[above.level] > _RANK[court.level]:
        raise _unfit(court, Message("上级法院层级更低", "the court above it is of a lower level"))
    if court.parent == court.code:
        raise _unfit(court, Message("上级法院是其自身", "it is its own parent"))


def _unfit(court: Court, why: Message) -> BadInput:
    return BadInput(
        Message(f"法院“{court.name}”：{why.zh}。", f"Court {court.name}: {why.en}."),
        Message("请改正法院表。", "Correct the table of courts."),
        place=court.code,
    )


def _ambiguous(text: str, candidates: list[Court]) -> AmbiguousCourt:
    listed = _listed(candidates)
    return AmbiguousCourt(
        Message(f"“{text}”对应多个法院。", f"Several courts are called {text!r}."),
        Message(f"请改用法院代字：{listed}。", f"Use the code of the one meant: {listed}."),
    )


def _unknown(text: str, nearest: list[Court]) -> UnknownCourt:
    listed = _listed(nearest)
    remedy = (
        Message(f"是否为：{listed}？", f"Did you mean {listed}?")
        if nearest
        else Message("请先将该法院录入法院表。", "Add it to the table of courts first.")
    )
    return UnknownCourt(
        Message(f"没有名为“{text}”的法院。", f"There is no court called {text!r}."), remedy
    )


def _listed(courts: list[Court]) -> str:
    return ", ".join(f"{court.code} {court.name}" for court in courts)
