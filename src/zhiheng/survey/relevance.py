"""Whether a question was asked, from the form's condition and the answers before it.

Of XLSForm's expressions these are understood: ${question}, texts, numbers, = != < <= > >=,
selected(), not(), and, or, brackets. Of others nothing is guessed: they count as unknown.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping

Answers = Mapping[str, tuple[str, ...]]
"""Question → what was chosen or entered; a question without an answer is not there."""
Test = Callable[[Answers], bool]
_Value = Callable[[Answers], str]

_TOKEN = re.compile(
    r"""\s*(?:(\$\{[^}]+\})|('[^']*'|"[^"]*")|(-?[0-9]+(?:\.[0-9]+)?)"""
    r"""|(!=|<=|>=|=|<|>|\(|\)|,)|([A-Za-z][\w.-]*))"""
)
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class _Beyond(Exception):
    """The expression is not one of those understood."""


def condition(text: str, known: Mapping[str, object]) -> Test | None:
    """The condition as a test of answers; None where it is not understood or asks for a question
    whose answers are not read (not in `known`)."""
    try:
        parser = _Parser(_tokens(text), known)
        test = parser.either()
        parser.end()
    except _Beyond:
        return None
    return test


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise _Beyond
        found.append(match.group().strip())
        at = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens, from the loosest to the tightest binding."""

    def __init__(self, tokens: list[str], known: Mapping[str, object]) -> None:
        self.tokens = tokens
        self.known = known

    def end(self) -> None:
        if self.tokens:
            raise _Beyond

    def either(self) -> Test:
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return lambda answers: any(test(answers) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return lambda answers: all(test(answers) for test in tests)

    def _one(self) -> Test:
        if self._take("not"):
            inside = self._bracketed()
            return lambda answers: not inside(answers)
        if self._take("selected"):
            return self._selected()
        if self.tokens[:1] == ["("]:
            return self._bracketed()
        return self._comparison()

    def _bracketed(self) -> Test:
        self._need("(")
        test = self.either()
        self._need(")")
        return test

    def _selected(self) -> Test:
        self._need("(")
        name = self._name(self._next())
        self._need(",")
        choice = self._value()
        self._need(")")
        return lambda answers: choice(answers) in answers.get(name, ())

    def _comparison(self) -> Test:
        left, sign, right = self._value(), self._next(), self._value()
        if sign == "=":
            return lambda answers: left(answers) == right(answers)
        if sign == "!=":
            return lambda answers: left(answers) != right(answers)
        if sign not in _COMPARE:
            raise _Beyond
        compare = _COMPARE[sign]
        return lambda answers: compare(_number(left(answers)), _number(right(answers)))

    def _value(self) -> _Value:
        token = self._next()
        if token.startswith("$"):
            name = self._name(token)
            return lambda answers: " ".join(answers.get(name, ()))
        if token[0] in "'\"":
            return lambda _: token[1:-1]
        if token[0].isdigit() or token[0] == "-":
            return lambda _: token
        raise _Beyond

    def _name(self, token: str) -> str:
        name = token[2:-1].strip()
        if not token.startswith("${") or name not in self.known:
            raise _Beyond
        return name

    def _take(self, word: str) -> bool:
        if self.tokens[:1] != [word]:
            return False
        del self.tokens[0]
        return True

    def _need(self, word: str) -> None:
        if not self._take(word):
            raise _Beyond

    def _next(self) -> str:
        if not self.tokens:
            raise _Beyond
        return self.tokens.pop(0)


def _number(text: str) -> float:
    """As XPath: what is no number compares false with everything."""
    try:
        return float(text)
    except ValueError:
        return float("nan")
