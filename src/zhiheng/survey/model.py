"""A questionnaire as the product sees it: its questions, their answers, when they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["one", "multiple", "number", "open"]
"""One choice, several, a number; "open" is everything else (text, names, places, pictures, what
the device adds), whose answers are never read."""

Labels = tuple[str, ...]
"""One text in every language a form has it in."""


_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def straight(text: str) -> str:
    """`text` with straight quotation marks: pyxform straightens a form's, exports may not."""
    return text.translate(_STRAIGHT)


@dataclass(frozen=True)
class Choice:
    """An answer to choose: its name in the data and its labels."""

    name: str
    labels: Labels = ()

    @property
    def spellings(self) -> Labels:
        """How an export may write it, quotation marks straight."""
        return (self.name, *map(straight, self.labels))


@dataclass(frozen=True)
class Group:
    """A group around questions: name, labels, and when it is asked ("" always)."""

    name: str
    labels: Labels = ()
    when: str = ""


@dataclass(frozen=True)
class Question:
    """One question; `groups` stand around it from the outside in."""

    name: str
    kind: Kind
    labels: Labels = ()
    choices: tuple[Choice, ...] = ()
    groups: tuple[Group, ...] = ()
    when: str = ""
    repeated: bool = False

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions that must all hold for it to be asked."""
        return tuple(one for one in (*(group.when for group in self.groups), self.when) if one)

    @property
    def closed(self) -> bool:
        """Its answers can be read without reading what somebody wrote."""
        return self.kind != "open"


@dataclass(frozen=True)
class Form:
    """A questionnaire; questions by name in the order they are asked."""

    id: str
    title: str
    languages: tuple[str, ...]
    questions: dict[str, Question] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
