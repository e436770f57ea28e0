"""What goes wrong in a user's hands: said in both languages, with the place and the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """One sentence for a person, in Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The sentence in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


class Problem(Exception):
    """Base of every error a user is meant to read: what was wrong, where, what to do."""

    exit_code = 1

    def __init__(self, what: Message, remedy: Message, place: str = "") -> None:
        super().__init__(f"{place}: {what.en} {remedy.en}" if place else f"{what.en} {remedy.en}")
        self.what = what
        self.remedy = remedy
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        """Handed on by a process that works for another as it is, whatever its kind is made of."""
        return _as_it_was, (type(self), self.args, self.__dict__)


def _as_it_was(kind: type[Problem], args: tuple[Any, ...], facts: dict[str, Any]) -> Problem:
    problem = kind.__new__(kind, *args)
    problem.__dict__.update(facts)
    return problem


class BadInput(Problem):
    """The data handed in cannot be used as it is (exit code 1)."""


class WrongUse(Problem):
    """The command was called in a way that cannot work (exit code 2)."""

    exit_code = 2
