"""Assumptions in force over an evaluation: those of the edition and those of the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zhiheng.errors import Message, WrongUse
from zhiheng.indexes.model import Edition
from zhiheng.law.model import Assumption, Law
from zhiheng.scoring.results import UsedAssumption


def choose(edition: Edition, law: Law, choices: Mapping[str, str]) -> tuple[Edition, Law]:
    """The edition and the law with the chosen settings in force.

    Raises WrongUse naming the assumptions or choices there are.
    """
    for name, choice in choices.items():
        known = {**edition.assumptions, **law.assumptions}
        if name not in known:
            raise _unknown(name, sorted(known))
        if choice not in known[name].choices:
            raise _unknown(f"{name}={choice}", sorted(known[name].choices))
    of_edition = {n: c for n, c in choices.items() if n in edition.assumptions}
    of_law = {n: c for n, c in choices.items() if n in law.assumptions}
    chosen = law.assuming(of_law).requiring(edition.also_required)
    return edition.assuming(**of_edition), chosen


def choose_for_law(law: Law, choices: Mapping[str, str]) -> Law:
    """The law with the chosen settings in force, where no edition is at hand. Raises WrongUse."""
    for name, choice in choices.items():
        if name not in law.assumptions:
            raise _unknown(name, sorted(law.assumptions))
        if choice not in law.assumptions[name].choices:
            raise _unknown(f"{name}={choice}", sorted(law.assumptions[name].choices))
    return law.assuming(dict(choices))


def parse_choices(given: list[str]) -> dict[str, str]:
    """`name=choice` words into a mapping. Raises WrongUse."""
    for word in given:
        if word.count("=") != 1:
            raise WrongUse(
                Message(f"“{word}”不是“假设=取值”的形式。", f"{word!r} is not assumption=choice."),
                Message(
                    "例如 --assume late_discharge=breach。", "For example late_discharge=breach."
                ),
                "--assume",
            )
    return dict(word.split("=") for word in given)


def used(edition: Edition, law: Law) -> tuple[UsedAssumption, ...]:
    """Every assumption with the choice in force, for the annex."""
    found = {**law.assumptions, **edition.assumptions}
    return (*_switched_on(edition, law), *_in_force(found))


def _switched_on(edition: Edition, law: Law) -> Iterator[UsedAssumption]:
    """The further checks an edition asks for, printed beside the assumptions."""
    for composite, duties in edition.also_required.items():
        title = law.duties[composite].title
        named = "、".join(law.duties[duty].title.zh for duty in duties)
        yield UsedAssumption(
            id=f"also_required.{composite}",
            zh=f"{title.zh}：本指标体系另加的核查项",
            en=f"{title.en}: further checks of this edition",
            value=f"{', '.join(duties)}：{named}",
            alternatives=(),
            reason_zh="由指标体系开启；不开启时只计有规定依据的要求。",
            reason_en="Switched on by the edition; otherwise only what a rule asks for counts.",
        )


def _in_force(found: Mapping[str, Assumption]) -> tuple[UsedAssumption, ...]:
    return tuple(
        UsedAssumption(
            id=name,
            zh=each.zh,
            en=each.en,
            value=f"{each.value}：{each.choices[each.value].zh} / {each.choices[each.value].en}",
            alternatives=tuple(f"{a}：{each.choices[a].zh}" for a in each.alternatives),
            reason_zh=each.reason.zh,
            reason_en=each.reason.en,
        )
        for name, each in found.items()
    )


def _unknown(what: str, known: list[str]) -> WrongUse:
    listed = ", ".join(known)
    return WrongUse(
        Message(f"没有这样的假设或取值：{what}。", f"No such assumption or choice: {what}."),
        Message(f"可用：{listed}。", f"There are: {listed}."),
        "--assume",
    )
