"""May this debtor be put on the dishonest list (法释〔2017〕7号 arts. 1, 3, 4)?

Three answers: may, must not, unknown. What is not recorded is not false: a missing fact that could
change the answer makes it unknown and is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from zhiheng.listings.model import Admission

Verdict = Literal["may", "must_not", "unknown"]
Facts = Mapping[str, bool | None]
"""What is recorded of a debtor by name of fact or bar; absent and None both mean not recorded."""


@dataclass(frozen=True)
class Answer:
    """Whether a debtor may be listed.

    `grounds`: those met and not barred (of an unknown answer, those that may be); `bars`: what
    forbids it, empty where simply no ground is met; `missing`: the facts an unknown answer hangs
    on; `places`: where the grounds and bars stand.
    """

    verdict: Verdict
    grounds: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def may_be_listed(facts: Facts, rules: Admission) -> Answer:
    """The answer over all grounds: one that is met and not barred suffices."""
    found = {ground: on_ground(ground, facts, rules) for ground in rules.grounds}
    for verdict in ("may", "unknown"):
        grounds = tuple(name for name, one in found.items() if one.verdict == verdict)
        if grounds:
            return _joined(verdict, grounds, [found[name] for name in grounds])
    met = [one for name, one in found.items() if facts.get(rules.grounds[name].fact)]
    return _joined("must_not", (), met or [one for one in found.values() if one.bars])


def on_ground(ground: str, facts: Facts, rules: Admission) -> Answer:
    """The answer for one ground. Raises KeyError for a ground there is not."""
    rule = rules.grounds[ground]
    bars = [name for name, bar in rules.bars.items() if not bar.on or ground in bar.on]
    holding = tuple(name for name in bars if facts.get(name))
    places = (rule.place, *(rules.bars[name].place for name in holding))
    if holding or facts.get(rule.fact) is False:
        return Answer("must_not", (), holding, (), places if holding else (rule.place,))
    missing = tuple(name for name in (rule.fact, *bars) if facts.get(name) is None)
    return Answer("unknown" if missing else "may", (ground,), (), missing, places)


def _joined(verdict: Verdict, grounds: tuple[str, ...], answers: list[Answer]) -> Answer:
    return Answer(
        verdict,
        grounds,
        _once(bar for one in answers for bar in one.bars),
        _once(fact for one in answers for fact in one.missing),
        _once(place for one in answers for place in one.places),
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
