"""What is wrong with an edition or a programme, at its place."""

from __future__ import annotations

from typing import NamedTuple

from zhiheng.errors import Message


class Flaw(NamedTuple):
    """One thing wrong: where (a node id, a set, a line, an assumption) and what."""

    place: str
    what: Message
