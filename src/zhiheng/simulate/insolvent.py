"""Debtors found insolvent: what every part of a referral to bankruptcy works on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.simulate import calibration, truth
from zhiheng.simulate.making import Making
from zhiheng.simulate.world import FAR, Codes, Days, Ints, Mask, one_in, spread


@dataclass(frozen=True, eq=False)
class Found:
    """Debtor enterprises found insolvent: party is a row of the parties; `frees` is the day the
    case frees the court of what it had yet to do."""

    making: Making
    case: Ints
    party: Ints
    day: Days
    frees: Days

    def share(self, name: str) -> Mask:
        """A drawn share of them."""
        rng = self.making.world.rng(f"referral {name}")
        return one_in(rng, len(self.case), calibration.shares("referral_shares")[name])

    def known(self, name: str) -> Mask:
        """Where a fact is recorded."""
        rng = self.making.world.rng(f"referral {name} recorded")
        return ~one_in(rng, len(self.case), calibration.number("referral_unknown"))

    def days(self, name: str) -> Days:
        """For each how many days a step takes."""
        return days_of(self.making.world.rng(f"referral days {name}"), name, len(self.case))

    def plan(self, duty: str) -> Codes:
        """Kept, late or never."""
        return self.making.plan(duty, self.case)

    def follow(
        self,
        duty: str,
        start: Days,
        ended: Days | int = FAR,
        applies: Mask | None = None,
        unknown: Mask | None = None,
    ) -> Days:
        """Do what a duty with a limit asks from `start`, enter how that went, return the day.

        `applies` and `unknown`: where the duty concerns the debtor, and where a fact it hangs on
        is not recorded.
        """
        acts = self.making.acts(duty, self.case, start)
        state = truth.deadline(self.making.last, start, acts.due, acts.done, ended)
        if applies is not None and unknown is not None:
            state = np.where(applies | unknown, state, truth.NOT_APPLICABLE).astype(np.int8)
            state = truth.unknown_where(state, unknown)
        self.enter(duty, state)
        return acts.done

    def condition(
        self, duty: str, start: Days, good: Mask, unknown: Mask, breach: int = truth.OVERDUE
    ) -> None:
        """Enter a duty that is judged on the day it begins."""
        self.enter(duty, truth.condition(self.making.last, start, good, unknown, breach))

    def enter(self, duty: str, state: Codes) -> None:
        """Count the states of one duty."""
        self.making.ledger.enter(duty, self.case, state)


def only(where: Mask, day: Days) -> Days:
    """The days of some; FAR for the rest."""
    return np.where(where, day, FAR).astype(np.int32)


def days_of(rng: np.random.Generator, name: str, n: int) -> Days:
    """n numbers of days a step takes, drawn between its shortest and its longest."""
    shortest, longest = calibration.parameters()["referral_days"].value[name]
    return spread(rng, shortest, longest, n)
