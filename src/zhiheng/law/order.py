"""In which order duties are judged: members before the composites made of them."""

from __future__ import annotations

from collections.abc import Iterable

from zhiheng.law.model import Duty, Law, members


def in_order(law: Law, only: Iterable[str] | None = None) -> list[Duty]:
    """The chosen duties (all by default) with all their members, members first."""
    ordered: dict[str, Duty] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        duty = law.duties[name]
        for version in duty.versions:
            for member in members(version):
                visit(member.duty)
        ordered[name] = duty

    for name in law.duties if only is None else only:
        visit(name)
    return list(ordered.values())
