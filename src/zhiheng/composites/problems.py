"""What a table of an index says that cannot be used: one way to say so."""

from __future__ import annotations

from zhiheng.errors import BadInput, Message


def refused(place: str, what: tuple[str, str], remedy: tuple[str, str]) -> BadInput:
    """The problem at `place`; what is wrong and what to do, each in Chinese and English."""
    return BadInput(Message(*what), Message(*remedy), place)


def unknown_method(place: str, word: str, known: tuple[str, ...], column: str = "") -> BadInput:
    """A method, operator or effect that does not exist (in a column of a table); names those that
    do."""
    there = ", ".join(known)
    return refused(
        place,
        (
            f"{column} 一栏没有“{word}”这种取值。" if column else f"没有“{word}”这种取值。",
            f"There is no {word!r} in column {column!r}." if column else f"There is no {word!r}.",
        ),
        (f"可用：{there}。", f"There are: {there}."),
    )
