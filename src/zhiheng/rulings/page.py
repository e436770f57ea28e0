"""The text of a ruling prepared for reading: one width of character, no white space, and the way
back from there to the text as it stands in the file."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from zhiheng.rulings.model import Span

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(old): new
    for old, new in {"〈": "<", "〉": ">", "〔": "(", "〕": ")", "[": "(", "]": ")",
                     "【": "(", "】": ")", "○": "〇", "◯": "〇", "Ｏ": "〇"}.items()
}  # fmt: skip
# A PDF may give a character as the radical that is drawn alike (⾏ for 行).
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (*range(0x2F00, 0x2FE0), *range(0xF900, 0xFB00))
}
_SENTENCE = re.compile(r"[^。;]*[。;]?")
_CLAUSE_END = "。;,:"


@dataclass(frozen=True)
class Page:
    """`plain` is `raw` in narrow characters without white space; plain[i] is raw[origin[i]]."""

    raw: str
    plain: str
    origin: tuple[int, ...]
    sentence_starts: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The words of the file behind plain[start:end]."""
        first, last = self.origin[start], self.origin[end - 1] + 1
        return Span(first, last, self.raw[first:last])

    def sentence(self, at: int) -> tuple[int, int]:
        """Start and end in `plain` of the sentence that holds position `at`."""
        index = bisect_right(self.sentence_starts, at)
        last = index == len(self.sentence_starts)
        end = len(self.plain) if last else self.sentence_starts[index]
        return self.sentence_starts[index - 1], end

    def clauses(self, start: int, end: int) -> tuple[int, int]:
        """plain[start:end] widened to the whole clauses it lies in, without their end mark."""
        low, high = self.sentence(start)
        while start > low and not self._ends_clause(start - 1):
            start -= 1
        high = max(high, self.sentence(end - 1)[1])
        while end < high and not self._ends_clause(end):
            end += 1
        return start, end

    def _ends_clause(self, at: int) -> bool:
        """Whether a clause ends at this mark; the comma within 400,000 ends none."""
        if self.plain[at] not in _CLAUSE_END:
            return False
        around = self.plain[max(at - 1, 0) : at + 2]
        return not re.fullmatch("[0-9][,:][0-9]", around)


def _silent(char: str) -> bool:
    """White space, and characters that print nothing (zero-width spaces, byte order marks)."""
    return char.isspace() or unicodedata.category(char) in ("Cc", "Cf")


def page_of(raw: str) -> Page:
    """Prepare a text for reading."""
    kept = [(at, char) for at, char in enumerate(raw) if not _silent(char)]
    plain = "".join(char for _, char in kept).translate(_RADICALS).translate(_WIDTHS)
    starts = [found.start() for found in _SENTENCE.finditer(plain) if found.group()]
    return Page(raw, plain, tuple(at for at, _ in kept), tuple(starts or [0]))
