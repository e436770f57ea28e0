"""What a lawyer would hold against the law as data: problems, which fail, and remarks, which
are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhiheng.law.load import problems as law_problems
from zhiheng.law.model import Duty, Law
from zhiheng.law.rulebook import Rulebook
from zhiheng.law.rulebook import problems as rulebook_problems

BREACHED = frozenset({"late", "overdue"})


def problems(law: Law, rulebook: Rulebook, figures: Mapping[str, str]) -> list[str]:
    """Everything that makes the law indefensible, one sentence each; empty where it is sound.

    `figures`: figure → the rulebook row it bears.
    """
    found = list(law_problems(law, law.duties.values()))
    for duty in law.duties.values():
        found += [f"{duty.id}: {fault}" for fault in _unproved(duty)]
        if not duty.rulebook:
            found.append(f"{duty.id}: it names no row of the rulebook")
    return found + list(rulebook_problems(rulebook, law, figures))


def remarks(law: Law) -> list[str]:
    """What a reader should know without its being wrong: unverified duties and citations."""
    found = []
    for duty in law.duties.values():
        if duty.last_verified_on is None:
            found.append(f"{duty.id}: nobody has verified it against the text")
        found += [f"{duty.id}: {place} is from recollection" for place in _recollected(duty)]
    return found


def _unproved(duty: Duty) -> Iterator[str]:
    """The outcomes a duty can have that no case beside it shows."""
    shown = {case["expect"] for case in duty.cases}
    if not shown & BREACHED:
        yield "no case shows it breached"
    for state in _expected(duty):
        if state not in shown:
            yield f"no case shows it {state}"
    names = [case["name"] for case in duty.cases]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two cases are called “{name}”"


def _expected(duty: Duty) -> Iterator[str]:
    yield "met"
    yield "not_applicable"
    if _can_be_pending(duty):
        yield "not_due"
    if any(version.excused_by for version in duty.versions):
        yield "excused"
    if any(version.discharged_by for version in duty.versions):
        yield "discharged"


def _can_be_pending(duty: Duty) -> bool:
    """Whether there is a time when the duty runs and is not yet due. A condition holds or fails
    on its day; an act that may not come too early, or is a right, is judged when it comes."""
    return duty.kind != "recent" and any(
        (version.within and not version.only_if_done)
        or version.by
        or version.every
        or version.all_of
        for version in duty.versions
    )


def _recollected(duty: Duty) -> Iterator[str]:
    places = {
        f"{cite.document} {cite.place}": None
        for version in duty.versions
        for cite in version.cites
        if cite.grade == "recollection"
    }
    yield from places
